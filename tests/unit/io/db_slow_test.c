/* SPDX-License-Identifier: EUPL-1.2 */
/* What may take long or is made at run time; and notifications. */
#include "db_fixture.h"

#include <stdio.h>

static void what_is_made_at_run_time_is_asked_like_the_others(void **state)
{
	struct fixture *f = *state;
	struct pp_slice least = PP_S("5");
	struct outcome o;

	admin_ask(f, "insert into test.item select generate_series(1, 7) returning n");
	assert_true(
		pp_slice_is(pp_cell(ask(f, PP_LANE_SLOW, Q_made, &least, &o), 0, 0), PP_S("2")));
	assert_true(pp_slice_is(admin_ask(f,
					"select count(*) from pg_stat_activity where query like "
					"'%test.item where%' and pid <> "
					"pg_backend_pid()"),
		PP_S("1")));
	least = PP_S("x");
	ask(f, PP_LANE_SLOW, Q_made, &least, &o);
	assert_int_equal(o.fault.problem, PP_invalid_parameter);
}

static bool sleeps(void *ctx)
{
	return pp_slice_is(
		admin_ask(ctx,
			"select count(*) from pg_stat_activity where query like '%pg_sleep%' and "
			"pid <> pg_backend_pid() and state = 'active'"),
		PP_S("1"));
}

static bool sleeps_no_more(void *ctx)
{
	return !sleeps(ctx);
}

/* The one under way and the one that waits end as lost; the server stops, and the next one is
 * served. */
static void cancelling_closes_the_connection(void **state)
{
	struct fixture *f = *state;
	struct pp_slice params[] = { PP_S("3"), PP_S("10") }, minute = PP_S("60");
	struct outcome first, second, third;
	struct pp_batch *running = ask_later(f, PP_LANE_SLOW, Q_sleep, &minute, &first);
	struct pp_batch *waiting = ask_later(f, PP_LANE_SLOW, Q_rows, params, &second);

	wait_until(f, sleeps, f);
	pp_batch_cancel(waiting);
	assert_int_equal(second.calls, 0);
	wait_outcome(&second);
	assert_int_equal(second.fault.problem, PP_database_unavailable);
	assert_int_equal(first.calls, 0);
	pp_batch_cancel(running);
	assert_int_equal(first.calls, 0);
	wait_outcome(&first);
	assert_int_equal(first.fault.problem, PP_database_unavailable);
	assert_int_equal(ask(f, PP_LANE_SLOW, Q_rows, params, &third)->rows, 3);
	assert_true(f->usable);
	wait_until(f, sleeps_no_more, f);
}

/* One at a time on a connection: what finds none for two seconds is refused, not held. */
static void what_finds_no_connection_is_refused(void **state)
{
	struct fixture *f = *state;
	struct pp_slice params[] = { PP_S("3"), PP_S("10") }, minute = PP_S("60");
	struct outcome first, second;

	ask_later(f, PP_LANE_SLOW, Q_sleep, &minute, &first);
	ask_later(f, PP_LANE_SLOW, Q_rows, params, &second);
	wait_outcome(&second);
	assert_int_equal(second.fault.problem, PP_busy);
	assert_int_equal(first.calls, 0);
	fixture_close(f);
	assert_int_equal(first.calls, 1);
	assert_int_equal(first.fault.problem, PP_database_unavailable);
}

struct ear {
	unsigned anew, heard;
	char last[64];
};

static void hear(void *ctx, struct pp_slice payload)
{
	struct ear *ear = ctx;

	if (payload.len == 0)
		ear->anew++;
	else
		ear->heard++;
	snprintf(ear->last, sizeof(ear->last), "%.*s", PP_SHOW(payload));
}

static bool is_anew(void *ctx)
{
	return ((struct ear *)ctx)->anew > 0;
}

static bool has_heard(void *ctx)
{
	return ((struct ear *)ctx)->heard > 0;
}

static void listeners_hear_and_are_told_of_gaps(void **state)
{
	struct fixture *f = *state;
	struct ear one = { 0 }, two = { 0 };

	pp_db_listen(f->db, "pp_one", hear, &one);
	wait_until(f, is_anew, &one);
	pp_db_listen(f->db, "pp_two", hear, &two);
	wait_until(f, is_anew, &two);
	admin_ask(f, "select pg_notify('pp_two', '17')");
	wait_until(f, has_heard, &two);
	assert_string_equal(two.last, "17");
	assert_int_equal(one.heard, 0);
	assert_int_equal(one.anew, 1);
	one.anew = two.anew = two.heard = 0;
	admin_ask(f,
		"select pg_terminate_backend(pid) from pg_stat_activity"
		" where application_name = 'planungsplattform listen'");
	wait_until(f, is_anew, &one);
	wait_until(f, is_anew, &two);
	admin_ask(f, "select pg_notify('pp_one', '18')");
	wait_until(f, has_heard, &one);
	assert_string_equal(one.last, "18");
	assert_true(f->usable);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, fixture_begin, fixture_end)
	const struct CMUnitTest tests[] = {
		T(what_is_made_at_run_time_is_asked_like_the_others),
		T(cancelling_closes_the_connection),
		T(what_finds_no_connection_is_refused),
		T(listeners_hear_and_are_told_of_gaps),
	};

	return cmocka_run_group_tests(tests, cluster_begin, cluster_end);
}
