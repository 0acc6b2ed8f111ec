/* SPDX-License-Identifier: EUPL-1.2 */
/* Every recorded table, row by row, against the last entry of each row; the database compares. */
#include "audit.h"
#include "queries.h"

static const struct pp_audit_words changed = { "geändert, ohne dass es verzeichnet wurde:",
	"changed without being recorded:" },
				   gone = { "gelöscht", "deleted" },
				   unrecorded = { "eingefügt, ohne dass es verzeichnet wurde",
					   "inserted without being recorded" };

struct look {
	struct pp_audit *audit;
	struct pp_slice relation;
};

static bool take(void *ctx, const struct pp_rows *rows)
{
	struct look *look = ctx;
	struct pp_audit_place place = { pp_cell(rows, 0, PP_C_audit_rows_chain),
		pp_cell(rows, 0, PP_C_audit_rows_seq), look->relation,
		pp_cell(rows, 0, PP_C_audit_rows_key) };
	struct pp_slice what = pp_cell(rows, 0, PP_C_audit_rows_what);

	pp_audit_tell(look->audit, &place,
		pp_slice_is(what, PP_S("changed"))        ? &changed
			: pp_slice_is(what, PP_S("gone")) ? &gone
							  : &unrecorded,
		pp_cell(rows, 0, PP_C_audit_rows_columns));
	return true;
}

bool pp_audit_tables(struct pp_audit *audit, struct pp_fault *fault)
{
	struct pp_arena arena;
	struct pp_rows *rows;
	bool good;

	pp_arena_begin(&arena);
	good = pp_admin_query(
		audit->db, &arena, &pp_queries[PP_Q_audit_relations], NULL, &rows, fault);
	for (size_t i = 0; good && i < rows->rows; i++) {
		struct look look = { audit, pp_cell(rows, i, 0) };
		struct pp_slice params[] = { audit->chain, look.relation };

		good = pp_admin_each(
			audit->db, &pp_queries[PP_Q_audit_rows], params, take, &look, fault);
	}
	pp_arena_end(&arena);
	return good;
}
