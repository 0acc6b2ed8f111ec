/* SPDX-License-Identifier: EUPL-1.2 */
#include "migrate.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <pp/base/clock.h>
#include <pp/io/admin.h>
#include <pp/io/secret.h>

#include "embedded.h"
#include "queries.h"

#define LOCK_TRIES      30
#define BOOTSTRAP_TRIES 5

/*
 * A migration never waits long for a lock: whoever comes after it would wait behind it. What it
 * changes is recorded at once, not at commit: a table with rows to be recorded cannot be altered.
 */
#define BEGIN                                                                                      \
	"begin; set local lock_timeout = '2s'; set constraints all immediate; "                    \
	"set local pp.roles = 'migration'"

static const struct timespec a_while = { .tv_nsec = 200000000 };

struct migrate {
	struct pp_admin *admin;
	struct pp_arena *arena;
	void (*progress)(void *ctx, const char *sentence);
	void *ctx;
	struct pp_fault *fault;
};

static int number_of(const struct pp_embedded *file)
{
	return atoi(file->name);
}

int pp_schema_version(void)
{
	return number_of(&pp_embedded_migrations[pp_embedded_migrations_count - 1]);
}

static struct pp_slice sha256(struct pp_arena *arena, struct pp_slice text)
{
	unsigned char *hash = pp_alloc(arena, PP_SHA256_SIZE);

	pp_sha256(text, hash);
	return pp_slice((const char *)hash, PP_SHA256_SIZE);
}

static bool ask(struct migrate *m, enum pp_query_id id, const struct pp_slice *params,
	struct pp_rows **rows)
{
	return pp_admin_query(m->admin, m->arena, &pp_queries[id], params, rows, m->fault);
}

static void tell(struct migrate *m, const char *format, ...) PP_PRINTF(2, 3);
static void tell(struct migrate *m, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	m->progress(m->ctx, pp_format_list(m->arena, format, list).at);
	va_end(list);
}

/* Puts the file's name before what the server said. */
static bool name_file(struct migrate *m, const char *name)
{
	struct pp_fault fault = *m->fault;

	return pp_fault(m->fault, fault.problem, "%.60s: %.180s", name, fault.detail);
}

/* The fault that matters is the first one; after a lost connection there is nothing to undo. */
static bool give_up(struct migrate *m)
{
	struct pp_fault ignored;
	bool undone = pp_admin_run(m->admin, "rollback", &ignored);

	(void)undone;
	return false;
}

static bool migration_row(struct migrate *m, const struct pp_embedded *file)
{
	struct pp_slice params[] = { pp_format(m->arena, "%d", number_of(file)),
		pp_slice_of(file->name), sha256(m->arena, file->text) };
	struct pp_rows *rows;

	return ask(m, PP_Q_migration_add, params, &rows);
}

static bool run_migration(struct migrate *m, const struct pp_embedded *file)
{
	if (pp_admin_run(m->admin, BEGIN, m->fault) &&
		pp_admin_run(m->admin, file->text.at, m->fault) && migration_row(m, file) &&
		pp_admin_run(m->admin, "commit", m->fault))
		return true;
	name_file(m, file->name);
	return give_up(m);
}

/* Somebody holds a table that it needs: it tries again for a minute, letting others pass between.
 */
static bool apply(struct migrate *m, const struct pp_embedded *file)
{
	for (int tries = 1; !run_migration(m, file); tries++) {
		if (m->fault->problem != PP_busy || tries == LOCK_TRIES)
			return false;
		tell(m, "%s waits for a lock", file->name);
		nanosleep(&a_while, NULL);
	}
	tell(m, "migration %s", file->name);
	return true;
}

/* What was applied must be the beginning of what is here, word by word. */
static bool check_applied(struct migrate *m, const struct pp_rows *rows)
{
	for (size_t i = 0; i < rows->rows; i++) {
		const struct pp_embedded *file = &pp_embedded_migrations[i];
		struct pp_slice name = pp_cell(rows, i, PP_C_migration_list_name);

		if (i >= pp_embedded_migrations_count)
			return pp_fault(m->fault, PP_conflict,
				"the database has %.*s, which this program does not know: install"
				" the newer program",
				PP_SHOW(name));
		if (!pp_slice_is(name, pp_slice_of(file->name)))
			return pp_fault(m->fault, PP_conflict,
				"the database has %.*s where this program has %s", PP_SHOW(name),
				file->name);
		if (!pp_slice_is(sha256(m->arena, file->text),
			    pp_cell(rows, i, PP_C_migration_list_sha256)))
			return pp_fault(m->fault, PP_conflict,
				"%s has been changed after it was applied; write a new migration",
				file->name);
	}
	return true;
}

/* In *rows what was applied so far; NULL in a database that has nothing yet. */
static bool read_applied(struct migrate *m, struct pp_rows **rows)
{
	if (!ask(m, PP_Q_migrate_begun, NULL, rows))
		return false;
	if (!pp_slice_is(pp_cell(*rows, 0, PP_C_migrate_begun_begun), PP_S("t"))) {
		*rows = NULL;
		return true;
	}
	return ask(m, PP_Q_migration_list, NULL, rows) && check_applied(m, *rows);
}

static bool migrate_forward(struct migrate *m, bool *changed)
{
	struct pp_rows *rows;
	size_t applied;

	if (!read_applied(m, &rows))
		return false;
	applied = rows ? rows->rows : 0;
	*changed = applied < pp_embedded_migrations_count;
	for (; applied < pp_embedded_migrations_count; applied++)
		if (!apply(m, &pp_embedded_migrations[applied]))
			return false;
	return true;
}

static bool is_api_current(struct migrate *m, const struct pp_rows *rows)
{
	if (rows->rows != pp_embedded_api_count)
		return false;
	for (size_t i = 0; i < rows->rows; i++) {
		const struct pp_embedded *file = &pp_embedded_api[i];

		if (!pp_slice_is(
			    pp_cell(rows, i, PP_C_repeatable_list_name), pp_slice_of(file->name)) ||
			!pp_slice_is(pp_cell(rows, i, PP_C_repeatable_list_sha256),
				sha256(m->arena, file->text)))
			return false;
	}
	return true;
}

static bool run_api_file(struct migrate *m, const struct pp_embedded *file)
{
	struct pp_slice params[] = { pp_slice_of(file->name), sha256(m->arena, file->text) };
	struct pp_rows *rows;

	if (pp_admin_run(m->admin, file->text.at, m->fault) &&
		ask(m, PP_Q_repeatable_add, params, &rows))
		return true;
	return name_file(m, file->name);
}

/* The first file drops the schema; whoever calls it meanwhile waits for the commit. */
static bool make_api(struct migrate *m)
{
	struct pp_rows *rows;

	if (!pp_admin_run(m->admin, "begin", m->fault) ||
		!ask(m, PP_Q_repeatable_clear, NULL, &rows))
		return give_up(m);
	for (size_t i = 0; i < pp_embedded_api_count; i++)
		if (!run_api_file(m, &pp_embedded_api[i]))
			return give_up(m);
	if (!pp_admin_run(m->admin, "commit", m->fault))
		return give_up(m);
	tell(m, "schema pp_api made anew from %zu files", pp_embedded_api_count);
	return true;
}

static bool renew_api(struct migrate *m, bool migrated)
{
	struct pp_rows *rows;

	if (!ask(m, PP_Q_repeatable_list, NULL, &rows))
		return false;
	return (!migrated && is_api_current(m, rows)) || make_api(m);
}

/*
 * The program's own rules come into force where no others are but an older program's; what a person
 * has imported stays, and whoever migrates is told so.
 */
static bool load_rules(struct migrate *m)
{
	const struct pp_embedded *file = &pp_embedded_rules[0];
	char now[PP_RFC3339_SIZE];
	struct pp_rows *rows;

	pp_clock_rfc3339(pp_clock_utc(), now);
	if (!ask(m, PP_Q_rule_seed,
		    (struct pp_slice[]){ file->text, pp_slice_of(file->name), pp_slice_of(now) },
		    &rows))
		return name_file(m, file->name);
	if (pp_slice_is(pp_cell(rows, 0, PP_C_rule_seed_is_new), PP_S("t")))
		tell(m, "the rules of %s are in force", file->name);
	else if (!pp_slice_is(pp_cell(rows, 0, PP_C_rule_seed_origin), PP_S("program")))
		tell(m,
			"rule version %.*s, which was imported, stays in force, not the %s of this "
			"program",
			PP_SHOW(pp_cell(rows, 0, PP_C_rule_seed_version)), file->name);
	return true;
}

/* Each query that does not fit is told; connections prepare one only when it is first asked. */
static bool check_queries(struct migrate *m)
{
	unsigned wrong = 0;

	for (size_t i = 0; i < PP_Q_COUNT; i++)
		if (!pp_admin_accepts(m->admin, &pp_queries[i], m->fault)) {
			tell(m, "query %s: %s", pp_queries[i].name, m->fault->detail);
			wrong++;
		}
	return !wrong ||
		pp_fault(m->fault, PP_conflict,
			"%u of the %d queries of this program do not fit the schema", wrong,
			PP_Q_COUNT);
}

/* Roles belong to all databases of a cluster: somebody else may be making the same ones. */
static bool bootstrap(struct migrate *m, const char *superuser_url)
{
	const struct pp_embedded *file = &pp_embedded_bootstrap[0];
	struct pp_admin *admin = pp_admin_open(superuser_url, m->fault);
	bool good = false;

	for (int tries = 0; admin && !good && tries < BOOTSTRAP_TRIES; tries++) {
		if (tries)
			nanosleep(&a_while, NULL);
		good = pp_admin_run(admin, file->text.at, m->fault);
	}
	if (admin && !good)
		name_file(m, file->name);
	pp_admin_close(admin);
	return good;
}

static bool migrate_all(struct migrate *m, const char *owner_url, const char *superuser_url)
{
	struct pp_rows *rows;
	bool migrated, good;

	if (superuser_url && !bootstrap(m, superuser_url))
		return false;
	m->admin = pp_admin_open(owner_url, m->fault);
	if (!m->admin)
		return false;
	good = ask(m, PP_Q_migrate_lock, NULL, &rows) && migrate_forward(m, &migrated) &&
		renew_api(m, migrated) && load_rules(m) && check_queries(m);
	/* The lock ends with the connection. */
	pp_admin_close(m->admin);
	return good;
}

bool pp_migrate(const char *owner_url, const char *superuser_url,
	void (*progress)(void *ctx, const char *sentence), void *ctx, struct pp_fault *fault)
{
	struct pp_arena arena;
	struct migrate m = { .arena = &arena, .progress = progress, .ctx = ctx, .fault = fault };
	bool good;

	pp_secret_open();
	pp_arena_begin(&arena);
	good = migrate_all(&m, owner_url, superuser_url);
	pp_arena_end(&arena);
	return good;
}

static bool is_version(struct pp_admin *admin, struct pp_arena *arena, struct pp_fault *fault)
{
	struct migrate m = { .admin = admin, .arena = arena, .fault = fault };
	struct pp_slice found = PP_S("0");
	struct pp_rows *rows;

	if (ask(&m, PP_Q_schema_version, NULL, &rows))
		found = pp_cell(rows, 0, PP_C_schema_version_no);
	if (pp_slice_is(found, pp_format(arena, "%d", pp_schema_version())))
		return ask(&m, PP_Q_migration_list, NULL, &rows) && check_applied(&m, rows);
	return pp_fault(fault, PP_conflict,
		"the database has schema version %.*s, this program needs %d: %s", PP_SHOW(found),
		pp_schema_version(),
		atoi(found.at) < pp_schema_version() ? "run planungsplattform migrate"
						     : "install the newer program");
}

bool pp_migrate_check(const char *url, struct pp_fault *fault)
{
	struct pp_admin *admin = pp_admin_open(url, fault);
	struct pp_arena arena;
	bool good;

	if (!admin)
		return false;
	pp_arena_begin(&arena);
	good = is_version(admin, &arena, fault);
	pp_arena_end(&arena);
	pp_admin_close(admin);
	return good;
}
