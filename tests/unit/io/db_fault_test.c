/* SPDX-License-Identifier: EUPL-1.2 */
/* What is not as it should be: a server that dies, restarts, is away, or is not ours. */
#include "db_fixture.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * It is the batch's fault alone, whose other queries leave nothing behind; its neighbours on the
 * connection are served, and once it is mended so is the query.
 */
static void a_query_that_does_not_fit_fails_its_batch_alone(void **state)
{
	struct fixture *f = *state;
	struct pp_batch *batch = pp_batch_make(f->db, &f->arena, PP_LANE_WRITE, nobody());
	struct pp_slice one = PP_S("1"), two = PP_S("2");
	struct pp_rows *rows[4];
	struct outcome o = { .f = f }, again, beside;

	pp_batch_add(batch, &test_queries[Q_add], &one, &rows[0]);
	pp_batch_add(batch, &test_queries[Q_typo], NULL, &rows[1]);
	pp_batch_add(batch, &test_queries[Q_typo], NULL, &rows[2]);
	pp_batch_add(batch, &test_queries[Q_count], NULL, &rows[3]);
	pp_batch_send(batch, FOREVER, on_done, &o);
	ask_later(f, PP_LANE_WRITE, Q_typo, NULL, &again);
	ask_later(f, PP_LANE_WRITE, Q_count, NULL, &beside);
	wait_outcome(&o);
	assert_int_equal(o.fault.problem, PP_bug);
	assert_null(rows[0]);
	wait_outcome(&again);
	assert_int_equal(again.fault.problem, PP_bug);
	wait_outcome(&beside);
	assert_true(beside.good);
	ask(f, PP_LANE_WRITE, Q_add, &two, &o);
	assert_true(o.good);
	assert_true(pp_slice_is(admin_ask(f, "select array_agg(n) from test.item"), PP_S("{2}")));
	admin_ask(f, "alter table test.item add column colum int");
	assert_int_equal(ask(f, PP_LANE_WRITE, Q_typo, NULL, &o)->rows, 1);
}

/* Of a batch that nobody waits for any more, whose fault nobody can name. */
static void a_query_that_does_not_fit_outlives_its_batch(void **state)
{
	struct fixture *f = *state;
	struct pp_batch *batch = pp_batch_make(f->db, &f->arena, PP_LANE_WRITE, nobody());
	struct pp_rows *rows;
	struct outcome slow, o = { .f = f };
	struct pp_slice seconds = PP_S("0.3");

	ask_later(f, PP_LANE_WRITE, Q_sleep, &seconds, &slow);
	pp_batch_add(batch, &test_queries[Q_typo], NULL, &rows);
	pp_batch_send(batch, 1, on_done, &o);
	wait_outcome(&o);
	assert_int_equal(o.fault.problem, PP_deadline_exceeded);
	wait_outcome(&slow);
	assert_true(slow.good);
	admin_ask(f, "alter table test.item add column colum int");
	ask(f, PP_LANE_WRITE, Q_typo, NULL, &o);
	assert_true(o.good);
}

/* What is asked first is prepared, and nothing else; what is made never is. */
static void a_query_is_prepared_when_it_is_first_asked(void **state)
{
	struct fixture *f = *state;
	struct pp_rows *names;
	struct outcome o;

	for (int i = 0; i < 2; i++) {
		ask(f, PP_LANE_READ, Q_pid, NULL, &o);
		names = ask(f, PP_LANE_READ, Q_prepared, NULL, &o);
		assert_int_equal(names->rows, 1);
		assert_true(
			pp_slice_is(pp_cell(names, 0, 0), PP_S("pid prepared session_identity")));
	}
}

static void another_schema_version_is_refused(void **state)
{
	struct fixture *f = *state;
	struct pp_db_options options = fixture_options();

	options.schema_version = TEST_VERSION + 1;
	fixture_open(f, &options);
	wait_until(f, was_told, f);
	assert_string_equal(f->reason,
		"the database has schema version 7, this program needs 8:"
		" run planungsplattform migrate");
	options.schema_version = TEST_VERSION - 1;
	fixture_open(f, &options);
	wait_until(f, was_told, f);
	assert_string_equal(f->reason,
		"the database has schema version 7, this program needs 6:"
		" install the newer program");
	admin_ask(f, "drop table test.migration");
	fixture_open(f, &options);
	wait_until(f, was_told, f);
	assert_string_equal(
		f->reason, "the database has no tables yet: run planungsplattform migrate");
	assert_false(f->usable);
}

static void an_unreachable_server_is_told_and_nobody_waits_long(void **state)
{
	struct fixture *f = *state;
	struct pp_db_options options = fixture_options();
	struct outcome o;

	options.url = options.public_url = "postgresql:///x?host=/nowhere/at/all";
	fixture_open(f, &options);
	wait_until(f, was_told, f);
	assert_false(f->usable);
	assert_non_null(strstr(f->reason, "No such file or directory"));
	ask(f, PP_LANE_READ, Q_pid, NULL, &o);
	assert_int_equal(o.fault.problem, PP_database_unavailable);
	options.url = options.public_url = "host=";
	fixture_open(f, &options);
	options.url = options.public_url = "postgresql://[";
	fixture_open(f, &options);
	wait_until(f, was_told, f);
	assert_false(f->usable);
}

static void send(struct fixture *f, enum pp_lane lane, enum test_query query, const char *param,
	struct outcome *o)
{
	struct pp_batch *batch = pp_batch_make(f->db, &f->arena, lane, nobody());
	struct pp_rows **rows = PP_NEW(&f->arena, struct pp_rows *);
	struct pp_slice one = pp_slice_of(param);

	*o = (struct outcome){ .f = f };
	pp_batch_add(batch, &test_queries[query], &one, rows);
	pp_batch_send(batch, FOREVER, on_done, o);
}

static bool somebody_sleeps(void *ctx)
{
	return pp_slice_is(admin_ask(ctx,
				   "select count(*) from pg_stat_activity"
				   " where wait_event = 'PgSleep'"),
		PP_S("1"));
}

static pid_t sleeping_backend(struct fixture *f)
{
	uint64_t pid = 0;

	assert_true(pp_slice_u64(admin_ask(f,
					 "select pid from pg_stat_activity"
					 " where wait_event = 'PgSleep'"),
		&pid));
	return (pid_t)pid;
}

static void kill_nine_of_a_backend_fails_what_was_under_way_and_heals(void **state)
{
	struct fixture *f = *state;
	struct outcome under_way[4], later;

	send(f, PP_LANE_WRITE, Q_sleep, "60", &under_way[0]);
	for (size_t i = 1; i < PP_LENGTH(under_way); i++)
		send(f, PP_LANE_WRITE, Q_add, "5", &under_way[i]);
	wait_until(f, somebody_sleeps, f);
	assert_int_equal(kill(sleeping_backend(f), SIGKILL), 0);
	for (size_t i = 0; i < PP_LENGTH(under_way); i++) {
		wait_outcome(&under_way[i]);
		assert_int_equal(under_way[i].fault.problem, PP_database_unavailable);
	}
	wait_usable(f, false);
	wait_usable(f, true);
	ask(f, PP_LANE_WRITE, Q_count, NULL, &later);
	assert_true(later.good);
}

static void a_terminated_backend_is_replaced_before_anyone_notices(void **state)
{
	struct fixture *f = *state;
	struct outcome o;

	admin_ask(f,
		"select count(pg_terminate_backend(pid)) from pg_stat_activity"
		" where application_name = 'planungsplattform read'");
	wait_usable(f, false);
	/* Not yet sent, so it waits for the new connection. */
	ask(f, PP_LANE_READ, Q_pid, NULL, &o);
	assert_true(o.good);
	assert_true(f->usable);
}

static void a_restart_of_the_server_is_survived(void **state)
{
	struct fixture *f = *state;
	struct outcome under_way, waiting, later;

	send(f, PP_LANE_READ, Q_sleep, "60", &under_way);
	wait_until(f, somebody_sleeps, f);
	cluster_stop();
	wait_outcome(&under_way);
	assert_int_equal(under_way.fault.problem, PP_database_unavailable);
	wait_usable(f, false);
	send(f, PP_LANE_READ, Q_pid, NULL, &waiting);
	wait_outcome(&waiting);
	assert_int_equal(waiting.fault.problem, PP_database_unavailable);
	cluster_start();
	wait_usable(f, true);
	ask(f, PP_LANE_PUBLIC, Q_pid, NULL, &later);
	assert_true(later.good);
}

/* Whatever the moment of the loss: each batch is answered once, and a good one is stored once. */
static void random_kills_lose_no_acknowledged_write(void **state)
{
	struct fixture *f = *state;
	unsigned next = 100, good = 0;
	unsigned char *acknowledged = pp_alloc(&f->arena, 5000);
	struct outcome o[20];

	for (int round = 0; round < 25; round++) {
		unsigned first = next;

		for (size_t i = 0; i < PP_LENGTH(o); i++)
			send(f, PP_LANE_WRITE, Q_add, pp_format(&f->arena, "%u", next++).at, &o[i]);
		for (int turns = rand() % 6; turns > 0; turns--)
			pp_loop_turn(f->loop);
		admin_ask(f,
			"select count(pg_terminate_backend(pid)) from pg_stat_activity"
			" where application_name = 'planungsplattform write'");
		for (size_t i = 0; i < PP_LENGTH(o); i++) {
			wait_outcome(&o[i]);
			acknowledged[first + i] = o[i].good;
			good += o[i].good;
			if (!o[i].good)
				assert_int_equal(o[i].fault.problem, PP_database_unavailable);
		}
		wait_usable(f, true);
	}
	for (unsigned n = 100; n < next; n++) {
		char sql[80];

		if (!acknowledged[n])
			continue;
		snprintf(sql, sizeof(sql), "select count(*) from test.item where n = %u", n);
		assert_true(pp_slice_is(admin_ask(f, sql), PP_S("1")));
	}
	assert_true(good > 0);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, fixture_begin, fixture_end)
	const struct CMUnitTest tests[] = {
		T(a_query_that_does_not_fit_fails_its_batch_alone),
		T(a_query_that_does_not_fit_outlives_its_batch),
		T(a_query_is_prepared_when_it_is_first_asked),
		T(another_schema_version_is_refused),
		T(an_unreachable_server_is_told_and_nobody_waits_long),
		T(kill_nine_of_a_backend_fails_what_was_under_way_and_heals),
		T(a_terminated_backend_is_replaced_before_anyone_notices),
		T(a_restart_of_the_server_is_survived),
		T(random_kills_lose_no_acknowledged_write),
	};

	return cmocka_run_group_tests(tests, cluster_begin, cluster_end);
}
