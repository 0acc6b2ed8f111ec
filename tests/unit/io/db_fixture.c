/* SPDX-License-Identifier: EUPL-1.2 */
#include "db_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <pp/base/log.h>

#define READ  (1u << PP_LANE_READ | 1u << PP_LANE_PUBLIC)
#define WRITE (1u << PP_LANE_WRITE)
#define SLOW  (1u << PP_LANE_SLOW | 1u << PP_LANE_PUBLIC_SLOW)

const struct pp_query test_queries[Q_COUNT] = {
	[Q_identity] = { .name = "session_identity",
		.sql = "select set_config('pp.account', $1, true), set_config('pp.body', $2, true),"
		       " set_config('pp.roles', $3, true)",
		.lanes = READ | WRITE | SLOW,
		.param_count = 3,
		.params = { { "account", PP_TYPE_TEXT }, { "body", PP_TYPE_TEXT },
			{ "roles", PP_TYPE_TEXT } },
		.column_count = 3 },
	[Q_version] = { .name = "schema_version",
		.sql = "select max(no) as no from test.migration",
		.lanes = READ,
		.column_count = 1,
		.columns = { { "no", PP_TYPE_INT } } },
	[Q_whoami] = { .name = "whoami",
		.sql = "select current_setting('pp.account', true), current_setting('pp.body', "
		       "true),"
		       " current_setting('pp.roles', true), current_setting('TimeZone'),"
		       " current_setting('statement_timeout')",
		.lanes = READ | WRITE,
		.column_count = 5 },
	[Q_echo] = { .name = "echo",
		.sql = "select $1, $2, $3, $4, $5, $6",
		.lanes = READ | WRITE,
		.param_count = 6,
		.params = { { "text", PP_TYPE_TEXT }, { "bytes", PP_TYPE_BYTEA },
			{ "number", PP_TYPE_INT }, { "list", PP_TYPE_TEXT_ARRAY },
			{ "at", PP_TYPE_TIMESTAMPTZ }, { "body", PP_TYPE_JSONB } },
		.column_count = 6 },
	[Q_add] = { .name = "add",
		.sql = "insert into test.item (n) values ($1) returning n",
		.lanes = WRITE,
		.param_count = 1,
		.params = { { "n", PP_TYPE_INT } },
		.column_count = 1 },
	[Q_count] = { .name = "count",
		.sql = "select count(*) from test.item",
		.lanes = READ | WRITE,
		.column_count = 1 },
	[Q_sleep] = { .name = "sleep",
		.sql = "select pg_sleep($1)",
		.lanes = READ | WRITE | SLOW,
		.param_count = 1,
		.params = { { "seconds", PP_TYPE_NUMERIC } },
		.column_count = 1 },
	[Q_refuse] = { .name = "refuse",
		.sql = "select test.refuse($1)",
		.lanes = READ | WRITE,
		.param_count = 1,
		.params = { { "problem", PP_TYPE_TEXT } },
		.column_count = 1 },
	[Q_divide] = { .name = "divide",
		.sql = "select 1 / $1",
		.lanes = READ | WRITE,
		.param_count = 1,
		.params = { { "by", PP_TYPE_INT } },
		.column_count = 1 },
	[Q_read_uuid] = { .name = "read_uuid",
		.sql = "select $1",
		.lanes = READ,
		.param_count = 1,
		.params = { { "id", PP_TYPE_UUID } },
		.column_count = 1 },
	[Q_flaky] = { .name = "flaky",
		.sql = "select test.flaky($1)",
		.lanes = WRITE,
		.param_count = 1,
		.params = { { "good_from", PP_TYPE_INT } },
		.column_count = 1 },
	[Q_defer] = { .name = "defer",
		.sql = "insert into test.deferred (n) values ($1)",
		.lanes = WRITE,
		.param_count = 1,
		.params = { { "n", PP_TYPE_INT } } },
	[Q_star] = { .name = "star", .sql = "select * from test.star", .lanes = READ | SLOW },
	[Q_pid] = { .name = "pid",
		.sql = "select pg_backend_pid()",
		.lanes = READ | WRITE,
		.column_count = 1 },
	[Q_take_lock] = { .name = "take_lock",
		.sql = "select pg_advisory_xact_lock(42)",
		.lanes = WRITE,
		.column_count = 1 },
	[Q_rows] = { .name = "rows",
		.sql = "select i, repeat('x', $2) as text from generate_series(1, $1) i",
		.lanes = SLOW,
		.param_count = 2,
		.params = { { "count", PP_TYPE_INT }, { "width", PP_TYPE_INT } },
		.column_count = 2 },
	[Q_made] = { .name = "made",
		.sql = "select count(*) from test.item where n > $1",
		.made = true,
		.lanes = SLOW,
		.param_count = 1,
		.params = { { "n", PP_TYPE_INT } },
		.column_count = 1 },
	[Q_blobs] = { .name = "blobs",
		.sql = "select i, decode(lpad(to_hex(i), 8, '0'), 'hex'), null::bytea,"
		       " current_setting('pp.body', true), -i::bigint << 33, i % 2 = 0,"
		       " '0190a0b1-c2d3-7e4f-8011-223344556677'::uuid, '2026-11-26'::date,"
		       " '1999-12-31 23:59:59.000001+00'::timestamptz, i / 4.0::float8"
		       " from generate_series(1, $1) i",
		.lanes = READ | SLOW,
		.param_count = 1,
		.params = { { "count", PP_TYPE_INT } },
		.column_count = 10,
		.columns = { { "i", PP_TYPE_INT }, { "bytes", PP_TYPE_BYTEA },
			{ "none", PP_TYPE_BYTEA }, { "body", PP_TYPE_TEXT },
			{ "large", PP_TYPE_BIGINT }, { "even", PP_TYPE_BOOL },
			{ "id", PP_TYPE_UUID }, { "day", PP_TYPE_DATE },
			{ "at", PP_TYPE_TIMESTAMPTZ }, { "quarter", PP_TYPE_DOUBLE } } },
	[Q_prepared] = { .name = "prepared",
		.sql = "select string_agg(name, ' ' order by name) from pg_prepared_statements",
		.lanes = READ,
		.column_count = 1 },
	[Q_typo] = { .name = "typo",
		.sql = "select colum from test.item",
		.lanes = READ | WRITE,
		.column_count = 1 },
};

static const char tables[] =
	"drop schema if exists test cascade; create schema test;"
	"create table test.migration (no int); insert into test.migration values (3), (7);"
	"create table test.item (n int constraint busy check (n <> 13), unique (n));"
	"create table test.deferred (n int, constraint conflict unique (n) deferrable initially "
	"deferred);"
	"create table test.star (a int); insert into test.star values (1);"
	"create sequence test.tries;"
	"create function test.flaky(good_from int) returns bigint language plpgsql as $$"
	" declare n bigint := nextval('test.tries'); begin"
	" if n < good_from then raise exception using errcode = '40001'; end if; return n; end $$;"
	"create function test.refuse(problem text) returns void language plpgsql as $$ begin"
	" raise exception using errcode = 'PP001', hint = problem, detail = 'Ö is not open yet.',"
	" column = '/points/0/kind'; end $$;";

/* One cluster per program. */
static struct {
	char folder[64], url[256];
} cluster;

static void harness(const char *verb, char *out, int size)
{
	char command[512];
	FILE *pipe;

	snprintf(command, sizeof(command), "%s/tests/harness/cluster %s %s", PP_SOURCE_ROOT, verb,
		cluster.folder);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	if (fgets(out, size, pipe))
		out[strcspn(out, "\n")] = '\0';
	assert_int_equal(pclose(pipe), 0);
}

void cluster_start(void)
{
	harness("start", cluster.url, sizeof(cluster.url));
}

void cluster_stop(void)
{
	char nothing[64];

	harness("stop", nothing, sizeof(nothing));
}

const char *cluster_url(void)
{
	return cluster.url;
}

int cluster_begin(void **state)
{
	(void)state;
	pp_log_open("test", PP_ERROR);
	snprintf(cluster.folder, sizeof(cluster.folder), "/tmp/pp-unit-XXXXXX");
	assert_non_null(mkdtemp(cluster.folder));
	cluster_start();
	return 0;
}

int cluster_end(void **state)
{
	char command[128];

	(void)state;
	cluster_stop();
	snprintf(command, sizeof(command), "rm -r -- '%s'", cluster.folder);
	return system(command) == 0 ? 0 : -1;
}

static void on_state(void *ctx, bool usable, const char *reason)
{
	struct fixture *f = ctx;

	f->usable = usable;
	f->told++;
	snprintf(f->reason, sizeof(f->reason), "%s", reason ? reason : "");
}

struct pp_db_options fixture_options(void)
{
	struct pp_db_options options = {
		.url = cluster.url,
		.public_url = cluster.url,
		.connections = { 1, 1, 1, 1, 1 },
		.statement_timeout_us = { 30 * PP_SECOND, 30 * PP_SECOND, 60 * PP_SECOND,
			30 * PP_SECOND, 60 * PP_SECOND },
		.queries = test_queries,
		.query_count = Q_COUNT,
		.schema_version = TEST_VERSION,
	};

	return options;
}

void fixture_open(struct fixture *f, const struct pp_db_options *options)
{
	fixture_close(f);
	f->told = 0;
	f->usable = false;
	f->db = pp_db_open(f->loop, options, on_state, f);
}

void fixture_close(struct fixture *f)
{
	pp_db_close(f->db);
	f->db = NULL;
}

int fixture_begin(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct pp_db_options options = fixture_options();
	struct pp_fault fault;
	struct pp_admin *admin = pp_admin_open(cluster.url, &fault);

	assert_non_null(admin);
	if (!pp_admin_run(admin, tables, &fault))
		fail_msg("%s", fault.detail);
	pp_admin_close(admin);
	pp_arena_begin(&f->arena);
	f->loop = pp_loop_open();
	fixture_open(f, &options);
	wait_usable(f, true);
	*state = f;
	return 0;
}

int fixture_end(void **state)
{
	struct fixture *f = *state;

	fixture_close(f);
	pp_loop_close(f->loop);
	pp_arena_end(&f->arena);
	free(f);
	return 0;
}

static void stop_loop(void *ctx)
{
	pp_loop_stop(ctx);
}

void wait_until(struct fixture *f, bool (*holds)(void *ctx), void *ctx)
{
	int64_t given_up = pp_clock_monotonic() + 60 * PP_SECOND;
	struct pp_timer *look = pp_timer_open(f->loop, stop_loop, f->loop);

	while (!holds(ctx)) {
		assert_true(pp_clock_monotonic() < given_up);
		pp_timer_start(look, 1000);
		pp_loop_run(f->loop);
	}
	pp_timer_close(look);
}

static bool is_usable(void *ctx)
{
	return ((struct fixture *)ctx)->usable;
}

static bool is_not_usable(void *ctx)
{
	return !((struct fixture *)ctx)->usable;
}

bool was_told(void *f)
{
	return ((struct fixture *)f)->told > 0;
}

void wait_usable(struct fixture *f, bool usable)
{
	wait_until(f, usable ? is_usable : is_not_usable, f);
}

static bool is_done(void *ctx)
{
	return ((struct outcome *)ctx)->calls > 0;
}

void wait_outcome(struct outcome *o)
{
	wait_until(o->f, is_done, o);
	assert_int_equal(o->calls, 1);
}

void on_done(void *ctx, const struct pp_fault *fault)
{
	struct outcome *o = ctx;

	o->calls++;
	o->good = !fault;
	if (fault)
		o->fault = *fault;
}

struct pp_identity nobody(void)
{
	return (struct pp_identity){ { NULL, 0 }, { NULL, 0 }, { NULL, 0 } };
}

static struct pp_batch *send_batch(struct fixture *f, enum pp_lane lane, enum test_query query,
	const struct pp_slice *params, struct outcome *o, struct pp_rows **rows)
{
	struct pp_batch *batch = pp_batch_make(f->db, &f->arena, lane, nobody());

	*o = (struct outcome){ .f = f };
	pp_batch_add(batch, &test_queries[query], params, rows);
	pp_batch_send(batch, FOREVER, on_done, o);
	assert_int_equal(o->calls, 0);
	return batch;
}

struct pp_batch *ask_later(struct fixture *f, enum pp_lane lane, enum test_query query,
	const struct pp_slice *params, struct outcome *o)
{
	return send_batch(f, lane, query, params, o, PP_NEW(&f->arena, struct pp_rows *));
}

struct pp_rows *ask(struct fixture *f, enum pp_lane lane, enum test_query query,
	const struct pp_slice *params, struct outcome *o)
{
	struct pp_rows *rows;

	send_batch(f, lane, query, params, o, &rows);
	wait_outcome(o);
	assert_true(o->good == (rows != NULL));
	return rows;
}

struct pp_slice admin_ask(struct fixture *f, const char *sql)
{
	struct pp_fault fault;
	struct pp_admin *admin = pp_admin_open(cluster.url, &fault);
	struct pp_rows *rows = NULL;

	if (!admin || !pp_admin_ask(admin, &f->arena, sql, 0, NULL, &rows, &fault))
		fail_msg("%s", fault.detail);
	pp_admin_close(admin);
	return rows->rows ? pp_cell(rows, 0, 0) : PP_S("");
}
