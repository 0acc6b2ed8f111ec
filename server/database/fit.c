/* SPDX-License-Identifier: EUPL-1.2 */
#include "fit.h"

#include <pp/base/log.h>
#include <pp/io/admin.h>

#include "migrate.h"
#include "queries.h"

static bool look(struct pp_admin *admin, struct pp_arena *arena, unsigned connections,
	struct pp_fault *fault)
{
	struct pp_rows *rows;
	uint64_t room;

	if (!pp_admin_query(admin, arena, &pp_queries[PP_Q_server_facts], NULL, &rows, fault))
		return false;
	if (!pp_slice_is(pp_cell(rows, 0, PP_C_server_facts_knows_umlauts), PP_S("t")))
		pp_log(PP_WARNING, "locale_without_umlauts",
			"lc_ctype of the database is %.*s: a search for 'über' does not find "
			"'Überseeallee'; "
			"C.UTF-8 or de_DE.UTF-8 would",
			PP_SHOW(pp_cell(rows, 0, PP_C_server_facts_lc_ctype)));
	PP_MUST(pp_slice_u64(pp_cell(rows, 0, PP_C_server_facts_room), &room));
	if (room < connections)
		return pp_fault(fault, PP_conflict,
			"the database takes %llu connections, this server opens %u: raise "
			"max_connections, or set fewer web_workers",
			(unsigned long long)room, connections);
	if (room < 2 * connections)
		pp_log(PP_WARNING, "few_connections",
			"the database takes %llu connections; while a reload replaces the workers "
			"this "
			"server opens %u",
			(unsigned long long)room, 2 * connections);
	return true;
}

bool pp_database_fits(const char *url, unsigned connections, struct pp_fault *fault)
{
	struct pp_admin *admin;
	struct pp_arena arena;
	bool fits;

	if (!pp_migrate_check(url, fault))
		return false;
	admin = pp_admin_open(url, fault);
	if (!admin)
		return false;
	pp_arena_begin(&arena);
	fits = look(admin, &arena, connections, fault);
	pp_arena_end(&arena);
	pp_admin_close(admin);
	return fits;
}
