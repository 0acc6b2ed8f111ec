/* SPDX-License-Identifier: EUPL-1.2 */
/* Streams row by row, and notifications. */
#include "db_fixture.h"

#include <stdio.h>
#include <stdlib.h>

/* Freed rows must not pile up in the sanitizer's quarantine where memory is measured. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "quarantine_size_mb=1";
}

struct reader {
	struct outcome o; /* first: done gets it as ctx */
	struct pp_stream *stream;
	size_t rows, bytes;
	size_t pause_each, cancel_at;
	bool paused;
	long rss_before, rss_most;
	char last[64];
};

static long rss_kb(void)
{
	FILE *file = fopen("/proc/self/statm", "r");
	long pages = 0, resident = 0;

	assert_non_null(file);
	assert_int_equal(fscanf(file, "%ld %ld", &pages, &resident), 2);
	fclose(file);
	return resident * 4;
}

static bool take(void *ctx, const struct pp_rows *row)
{
	struct reader *r = ctx;

	r->rows++;
	for (size_t i = 0; i < row->columns; i++)
		r->bytes += pp_cell(row, 0, i).len;
	snprintf(r->last, sizeof(r->last), "%.*s", PP_SHOW(pp_cell(row, 0, 0)));
	if (r->cancel_at == r->rows) {
		pp_stream_cancel(r->stream);
		return true;
	}
	r->paused = r->pause_each && r->rows % r->pause_each == 0;
	return !r->paused;
}

static void open_reader(
	struct reader *r, struct fixture *f, enum test_query query, const struct pp_slice *params)
{
	r->o.f = f;
	r->stream = pp_stream_open(
		f->db, PP_LANE_STREAM, nobody(), &test_queries[query], params, take, on_done, r);
	assert_int_equal(r->rows, 0);
	assert_int_equal(r->o.calls, 0);
}

static bool is_paused_or_done(void *ctx)
{
	struct reader *r = ctx;

	return r->paused || r->o.calls;
}

static void every_row_comes_once(void **state)
{
	struct pp_slice params[] = { PP_S("20000"), PP_S("100") };
	struct fixture *f = *state;
	struct reader r = { .rows = 0 };

	open_reader(&r, f, Q_rows, params);
	wait_outcome(&r.o);
	assert_true(r.o.good);
	assert_int_equal(r.rows, 20000);
	assert_string_equal(r.last, "20000");
	/* The connection serves the next one, which has no rows at all. */
	r = (struct reader){ .rows = 0 };
	params[0] = PP_S("0");
	open_reader(&r, f, Q_rows, params);
	wait_outcome(&r.o);
	assert_true(r.o.good);
	assert_int_equal(r.rows, 0);
}

struct blobs {
	struct outcome o;
	unsigned rows;
};

static bool take_blob(void *ctx, const struct pp_rows *row)
{
	struct blobs *b = ctx;
	struct pp_slice bytes = pp_cell(row, 0, 1);
	char number[32];

	b->rows++;
	assert_int_equal(bytes.len, 4);
	assert_int_equal((unsigned char)bytes.at[3], b->rows & 255);
	assert_int_equal((unsigned char)bytes.at[2], b->rows >> 8);
	assert_null(pp_cell(row, 0, 2).at);
	assert_true(pp_slice_is(pp_cell(row, 0, 3), PP_S("02")));
	snprintf(number, sizeof(number), "%u", b->rows);
	assert_true(pp_slice_is(pp_cell(row, 0, 0), pp_slice_of(number)));
	snprintf(number, sizeof(number), "-%llu", (unsigned long long)b->rows << 33);
	assert_true(pp_slice_is(pp_cell(row, 0, 4), pp_slice_of(number)));
	assert_true(pp_slice_is(pp_cell(row, 0, 5), b->rows % 2 ? PP_S("f") : PP_S("t")));
	assert_true(pp_slice_is(pp_cell(row, 0, 6), PP_S("0190a0b1-c2d3-7e4f-8011-223344556677")));
	return true;
}

static void bytes_are_decoded_and_the_stream_knows_who_asks(void **state)
{
	struct fixture *f = *state;
	struct pp_identity who = { PP_S(""), PP_S("02"), PP_S("planner") };
	struct pp_slice count = PP_S("300");
	struct blobs b = { .o = { .f = f } };

	pp_stream_open(f->db, PP_LANE_PUBLIC_STREAM, who, &test_queries[Q_blobs], &count, take_blob,
		on_done, &b);
	wait_outcome(&b.o);
	assert_true(b.o.good);
	assert_int_equal(b.rows, 300);
}

/* The server has had every chance to send more, and this side to read it. */
static void let_the_server_go_on(struct fixture *f)
{
	for (int i = 0; i < 50; i++) {
		admin_ask(f, "select count(*) from pg_stat_activity");
		for (int turn = 0; turn < 100; turn++)
			pp_loop_turn(f->loop);
	}
}

/* 200 MB to a client that stops every 500 rows: what it has not taken stays in PostgreSQL. */
static void a_slow_client_costs_no_memory(void **state)
{
	struct pp_slice params[] = { PP_S("20000"), PP_S("10000") };
	struct fixture *f = *state;
	struct reader r = { .pause_each = 500 };

	r.rss_before = rss_kb();
	open_reader(&r, f, Q_rows, params);
	while (!r.o.calls) {
		size_t before;

		wait_until(f, is_paused_or_done, &r);
		if (r.o.calls)
			break;
		/* While it pauses nothing comes, however often the loop turns. */
		before = r.rows;
		for (int i = 0; i < 20; i++)
			pp_loop_turn(f->loop);
		if (before == 500)
			let_the_server_go_on(f);
		assert_int_equal(r.rows, before);
		if (rss_kb() > r.rss_most)
			r.rss_most = rss_kb();
		r.paused = false;
		pp_stream_resume(r.stream);
	}
	assert_true(r.o.good);
	assert_int_equal(r.rows, 20000);
	assert_true(r.rss_most - r.rss_before < 16 * 1024);
}

static void an_error_may_come_after_rows(void **state)
{
	struct pp_slice at = PP_S("600");
	struct fixture *f = *state;
	struct reader r = { .rows = 0 };

	open_reader(&r, f, Q_rows_then_fail, &at);
	wait_outcome(&r.o);
	assert_int_equal(r.rows, 599);
	assert_int_equal(r.o.fault.problem, PP_bug);
}

static bool no_export_runs(void *ctx)
{
	return pp_slice_is(admin_ask(ctx,
				   "select count(*) from pg_stat_activity"
				   " where query like '%generate_series%'"
				   " and pid <> pg_backend_pid() and state = 'active'"),
		PP_S("0"));
}

static void cancelling_closes_the_connection(void **state)
{
	struct pp_slice params[] = { PP_S("400000"), PP_S("100") };
	struct fixture *f = *state;
	struct reader inside = { .cancel_at = 1500 }, outside = { .pause_each = 10 },
		      next = { .rows = 0 };

	open_reader(&inside, f, Q_rows, params);
	/* Waits for the lane's only connection; cancelled while it waits. */
	open_reader(&next, f, Q_rows, params);
	pp_stream_cancel(next.stream);
	open_reader(&outside, f, Q_rows, params);
	wait_until(f, is_paused_or_done, &outside);
	assert_int_equal(inside.rows, 1500);
	assert_int_equal(outside.rows, 10);
	pp_stream_cancel(outside.stream);
	params[0] = PP_S("3");
	open_reader(&next, f, Q_rows, params);
	wait_outcome(&next.o);
	assert_true(next.o.good);
	assert_int_equal(inside.o.calls + outside.o.calls, 0);
	assert_true(f->usable);
	wait_until(f, no_export_runs, f);
}

static void streams_that_find_no_connection_are_refused(void **state)
{
	struct pp_slice params[] = { PP_S("400000"), PP_S("100") };
	struct fixture *f = *state;
	struct reader first = { .pause_each = 10 }, second = { .rows = 0 };

	open_reader(&first, f, Q_rows, params);
	open_reader(&second, f, Q_rows, params);
	wait_outcome(&second.o);
	assert_int_equal(second.o.fault.problem, PP_busy);
	/* Closing tells the one that is still open. */
	fixture_close(f);
	assert_int_equal(first.o.calls, 1);
	assert_int_equal(first.o.fault.problem, PP_database_unavailable);
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
		T(every_row_comes_once),
		T(bytes_are_decoded_and_the_stream_knows_who_asks),
		T(a_slow_client_costs_no_memory),
		T(an_error_may_come_after_rows),
		T(cancelling_closes_the_connection),
		T(streams_that_find_no_connection_are_refused),
		T(listeners_hear_and_are_told_of_gaps),
	};

	return cmocka_run_group_tests(tests, cluster_begin, cluster_end);
}
