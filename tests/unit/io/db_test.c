/* SPDX-License-Identifier: EUPL-1.2 */
/* Batches on a healthy server: order, identity, isolation, refusals, retries, limits. */
#include "db_fixture.h"

#include <stdio.h>

static void is_text(struct pp_slice found, const char *expected)
{
	char text[256];

	snprintf(text, sizeof(text), "%.*s", PP_SHOW(found));
	assert_string_equal(text, expected);
}

static void values_come_back(void **state)
{
	static const char bytes[] = "\\x00\0\xff'\n";
	struct fixture *f = *state;
	struct outcome o;
	struct pp_slice params[] = { PP_S("Größe \\ 'x'"), pp_slice(bytes, sizeof(bytes)),
		PP_S("-7"), PP_S("{\"a b\",\"\"}"), PP_S("2026-11-23T10:15:30.123456Z"),
		pp_slice(NULL, 0) };
	struct pp_rows *rows = ask(f, PP_LANE_READ, Q_echo, params, &o);

	assert_true(o.good);
	assert_int_equal(rows->rows, 1);
	assert_int_equal(rows->columns, 6);
	is_text(pp_cell(rows, 0, 0), "Größe \\ 'x'");
	assert_true(pp_slice_is(pp_cell(rows, 0, 1), params[1]));
	is_text(pp_cell(rows, 0, 2), "-7");
	is_text(pp_cell(rows, 0, 3), "{\"a b\",\"\"}");
	is_text(pp_cell(rows, 0, 4), "2026-11-23 10:15:30.123456+00");
	assert_null(pp_cell(rows, 0, 5).at);
}

/* Bytes come as they are, and so do the columns beside them: nobody sees the difference. */
static void binary_results_read_like_text(void **state)
{
	struct fixture *f = *state;
	struct pp_slice count = PP_S("3");
	struct outcome o;
	struct pp_rows *rows = ask(f, PP_LANE_READ, Q_blobs, &count, &o);
	double quarters;

	assert_true(o.good);
	assert_int_equal(rows->rows, 3);
	is_text(pp_cell(rows, 2, 0), "3");
	assert_true(pp_slice_is(pp_cell(rows, 2, 1), pp_slice("\0\0\0\3", 4)));
	assert_null(pp_cell(rows, 2, 2).at);
	is_text(pp_cell(rows, 2, 4), "-25769803776");
	is_text(pp_cell(rows, 2, 5), "f");
	is_text(pp_cell(rows, 1, 5), "t");
	is_text(pp_cell(rows, 0, 6), "0190a0b1-c2d3-7e4f-8011-223344556677");
	is_text(pp_cell(rows, 0, 7), "2026-11-26");
	is_text(pp_cell(rows, 0, 8), "1999-12-31T23:59:59.000001Z");
	assert_int_equal(pp_cell(rows, 2, 9).len, sizeof(quarters));
	memcpy(&quarters, pp_cell(rows, 2, 9).at, sizeof(quarters));
	assert_true(quarters == 0.75);
}

static void empty_is_not_null(void **state)
{
	struct fixture *f = *state;
	struct outcome o;
	struct pp_slice params[6] = { PP_S(""), PP_S("") };
	struct pp_rows *rows = ask(f, PP_LANE_READ, Q_echo, params, &o);

	assert_non_null(pp_cell(rows, 0, 0).at);
	assert_int_equal(pp_cell(rows, 0, 0).len, 0);
	assert_non_null(pp_cell(rows, 0, 1).at);
	assert_int_equal(pp_cell(rows, 0, 1).len, 0);
	assert_null(pp_cell(rows, 0, 2).at);
}

static void a_text_with_nul_is_refused(void **state)
{
	struct fixture *f = *state;
	struct outcome o;
	struct pp_slice params[6] = { PP_S("a\0b") };

	assert_null(ask(f, PP_LANE_READ, Q_echo, params, &o));
	assert_int_equal(o.fault.problem, PP_invalid_parameter);
}

static void identity_ends_with_its_batch(void **state)
{
	struct fixture *f = *state;
	struct pp_identity who = { PP_S("0190-a"), PP_S("01056002"), PP_S("planner") };
	struct pp_batch *batch = pp_batch_make(f->db, &f->arena, PP_LANE_READ, who);
	struct outcome o = { .f = f };
	struct pp_rows *rows, *again;

	pp_batch_add(batch, &test_queries[Q_whoami], NULL, &rows);
	pp_batch_add(batch, &test_queries[Q_whoami], NULL, &again);
	assert_int_equal(pp_batch_size(batch), 2);
	pp_batch_send(batch, FOREVER, on_done, &o);
	wait_outcome(&o);
	is_text(pp_cell(rows, 0, 0), "0190-a");
	is_text(pp_cell(again, 0, 1), "01056002");
	is_text(pp_cell(again, 0, 2), "planner");
	is_text(pp_cell(again, 0, 3), "UTC");
	is_text(pp_cell(again, 0, 4), "30s");
	rows = ask(f, PP_LANE_READ, Q_whoami, NULL, &o);
	is_text(pp_cell(rows, 0, 0), "");
	is_text(pp_cell(rows, 0, 2), "");
}

/* There nobody is not said, so whoever was there before must have gone: also where both travel in
 * one pipeline, and where the one before has failed. */
static void nobody_is_nobody_on_public_lanes(void **state)
{
	struct fixture *f = *state;
	struct pp_identity who = { PP_S("0190-a"), PP_S("01056002"), PP_S("planner") };
	struct outcome o[24];
	struct pp_rows *rows[24] = { 0 }, *other;
	struct pp_slice zero = PP_S("0");

	for (size_t i = 0; i < PP_LENGTH(o); i++) {
		struct pp_batch *batch = pp_batch_make(
			f->db, &f->arena, PP_LANE_PUBLIC, i % 3 ? who : nobody());

		o[i] = (struct outcome){ .f = f };
		pp_batch_add(batch, &test_queries[Q_whoami], NULL, &rows[i]);
		if (i % 3 == 2)
			pp_batch_add(batch, &test_queries[Q_divide], &zero, &other);
		pp_batch_send(batch, FOREVER, on_done, &o[i]);
	}
	for (size_t i = 0; i < PP_LENGTH(o); i++) {
		wait_outcome(&o[i]);
		assert_int_equal(o[i].good, i % 3 != 2);
		for (size_t part = 0; part < 3 && o[i].good; part++)
			is_text(pp_cell(rows[i], 0, part),
				i % 3 == 0          ? ""
					: part == 0 ? "0190-a"
					: part == 1 ? "01056002"
						    : "planner");
	}
}

/* One connection, so that all of it travels in one pipeline. */
static void an_error_undoes_its_own_batch_only(void **state)
{
	struct fixture *f = *state;
	struct outcome o[12];
	struct pp_rows *rows[12], *other;
	struct pp_slice zero = PP_S("0"), n;

	for (size_t i = 0; i < PP_LENGTH(o); i++) {
		struct pp_batch *batch = pp_batch_make(f->db, &f->arena, PP_LANE_WRITE, nobody());

		o[i] = (struct outcome){ .f = f };
		n = pp_format(&f->arena, "%zu", i);
		pp_batch_add(batch, &test_queries[Q_add], &n, &rows[i]);
		if (i % 3 == 1)
			pp_batch_add(batch, &test_queries[Q_divide], &zero, &other);
		pp_batch_add(batch, &test_queries[Q_count], NULL, &other);
		pp_batch_send(batch, FOREVER, on_done, &o[i]);
	}
	for (size_t i = 0; i < PP_LENGTH(o); i++) {
		wait_outcome(&o[i]);
		assert_int_equal(o[i].good, i % 3 != 1);
		if (o[i].good)
			assert_true(pp_slice_is(
				pp_cell(rows[i], 0, 0), pp_format(&f->arena, "%zu", i)));
		else
			assert_int_equal(o[i].fault.problem, PP_bug);
	}
	is_text(admin_ask(f, "select string_agg(n::text, ',' order by n) from test.item"),
		"0,2,3,5,6,8,9,11");
}

static void a_refusal_names_its_problem(void **state)
{
	struct fixture *f = *state;
	struct pp_slice id = PP_S("precondition_required"), unknown = PP_S("no_such_problem");
	struct outcome o;

	ask(f, PP_LANE_WRITE, Q_refuse, &id, &o);
	assert_int_equal(o.fault.problem, PP_precondition_required);
	assert_string_equal(o.fault.detail, "Ö is not open yet.");
	assert_string_equal(o.fault.pointer, "/points/0/kind");
	ask(f, PP_LANE_WRITE, Q_refuse, &unknown, &o);
	assert_int_equal(o.fault.problem, PP_bug);
	assert_string_equal(o.fault.detail, "");
}

static void server_errors_become_problems(void **state)
{
	struct fixture *f = *state;
	struct pp_slice thirteen = PP_S("13"), one = PP_S("1"), zero = PP_S("0"), x = PP_S("x");
	struct outcome o;

	ask(f, PP_LANE_WRITE, Q_add, &thirteen, &o);
	assert_int_equal(o.fault.problem, PP_busy); /* the constraint's name */
	ask(f, PP_LANE_WRITE, Q_add, &one, &o);
	assert_true(o.good);
	ask(f, PP_LANE_WRITE, Q_add, &one, &o);
	assert_int_equal(o.fault.problem, PP_conflict); /* unique, without a name of ours */
	ask(f, PP_LANE_READ, Q_read_uuid, &x, &o);
	assert_int_equal(o.fault.problem, PP_invalid_parameter);
	ask(f, PP_LANE_READ, Q_divide, &zero, &o);
	assert_int_equal(o.fault.problem, PP_bug);
}

/* The error comes with the commit, after every query of the batch has succeeded. */
static void a_deferred_constraint_fails_the_batch(void **state)
{
	struct fixture *f = *state;
	struct pp_slice one = PP_S("1");
	struct outcome o;

	ask(f, PP_LANE_WRITE, Q_defer, &one, &o);
	assert_true(o.good);
	ask(f, PP_LANE_WRITE, Q_defer, &one, &o);
	assert_false(o.good);
	assert_int_equal(o.fault.problem, PP_conflict);
	ask(f, PP_LANE_WRITE, Q_count, NULL, &o);
	assert_true(o.good);
}

static void serialisation_failures_are_asked_again(void **state)
{
	struct fixture *f = *state;
	struct pp_slice fourth = PP_S("4"), never = PP_S("1000000");
	struct outcome o;
	struct pp_rows *rows = ask(f, PP_LANE_WRITE, Q_flaky, &fourth, &o);

	assert_true(o.good);
	is_text(pp_cell(rows, 0, 0), "4");
	ask(f, PP_LANE_WRITE, Q_flaky, &never, &o);
	assert_int_equal(o.fault.problem, PP_busy);
	is_text(admin_ask(f, "select last_value from test.tries"), "8");
}

static void a_changed_result_type_is_prepared_anew(void **state)
{
	struct fixture *f = *state;
	struct outcome o;
	struct pp_rows *rows = ask(f, PP_LANE_READ, Q_star, NULL, &o);

	assert_int_equal(rows->columns, 1);
	admin_ask(f, "alter table test.star add column b int");
	rows = ask(f, PP_LANE_READ, Q_star, NULL, &o);
	assert_true(o.good);
	assert_int_equal(rows->columns, 2);
}

static void statement_timeout_is_deadline_exceeded(void **state)
{
	struct fixture *f = *state;
	struct pp_db_options options = fixture_options();
	struct pp_slice long_time = PP_S("100");
	struct outcome o;

	options.statement_timeout_us[PP_LANE_READ] = 100000;
	fixture_open(f, &options);
	wait_usable(f, true);
	ask(f, PP_LANE_READ, Q_sleep, &long_time, &o);
	assert_int_equal(o.fault.problem, PP_deadline_exceeded);
}

static void wake_sleepers(struct fixture *f)
{
	admin_ask(f,
		"select count(pg_cancel_backend(pid)) from pg_stat_activity"
		" where wait_event = 'PgSleep'");
}

static void forget(void *ctx, const struct pp_fault *fault)
{
	struct outcome *o = ctx;

	on_done(ctx, fault);
	/* Late answers must not find the batch: the sanitizer would see it. */
	pp_arena_end(&o->f->arena);
}

static void a_deadline_answers_at_once_and_late_results_are_dropped(void **state)
{
	struct fixture *f = *state;
	struct pp_batch *batch = pp_batch_make(f->db, &f->arena, PP_LANE_WRITE, nobody());
	struct outcome o = { .f = f };
	struct pp_slice minute = PP_S("60"), n = PP_S("77");
	struct pp_rows *rows, *more, *none;

	pp_batch_add(batch, &test_queries[Q_add], &n, &rows);
	pp_batch_add(batch, &test_queries[Q_sleep], &minute, &more);
	pp_batch_add(batch, &test_queries[Q_count], NULL, &none);
	pp_batch_send(batch, pp_loop_now(f->loop) + 50000, forget, &o);
	wait_outcome(&o);
	assert_int_equal(o.fault.problem, PP_deadline_exceeded);
	/*
	 * The next one on the same connection gets its own answers, not what is left of that one.
	 */
	n = PP_S("78");
	batch = pp_batch_make(f->db, &f->arena, PP_LANE_WRITE, nobody());
	o = (struct outcome){ .f = f };
	pp_batch_add(batch, &test_queries[Q_add], &n, &rows);
	pp_batch_send(batch, FOREVER, on_done, &o);
	wake_sleepers(f);
	wait_outcome(&o);
	assert_true(o.good);
	is_text(pp_cell(rows, 0, 0), "78");
	is_text(admin_ask(f, "select string_agg(n::text, ',') from test.item"), "78");
}

static void the_queue_is_bounded(void **state)
{
	struct fixture *f = *state;
	struct pp_slice while_we_ask = PP_S("60");
	struct outcome o[8 + 256 + 5];

	for (size_t i = 0; i < PP_LENGTH(o); i++) {
		struct pp_batch *batch = pp_batch_make(f->db, &f->arena, PP_LANE_READ, nobody());
		struct pp_rows **rows = PP_NEW(&f->arena, struct pp_rows *);

		o[i] = (struct outcome){ .f = f };
		if (i == 0)
			pp_batch_add(batch, &test_queries[Q_sleep], &while_we_ask, rows);
		else
			pp_batch_add(batch, &test_queries[Q_pid], NULL, rows);
		pp_batch_send(batch, FOREVER, on_done, &o[i]);
	}
	for (size_t i = 8 + 256; i < PP_LENGTH(o); i++) {
		wait_outcome(&o[i]);
		assert_int_equal(o[i].fault.problem, PP_busy);
	}
	assert_int_equal(o[8 + 255].calls, 0);
	wake_sleepers(f);
	for (size_t i = 0; i < 8 + 256; i++) {
		wait_outcome(&o[i]);
		assert_int_equal(o[i].good, i > 0);
	}
}

/* As many writes as reads fill the queue with; they outlast a read that came with them. */
static void writes_wait_where_reads_are_sent_away(void **state)
{
	struct fixture *f = *state;
	struct pp_slice longer = PP_S("60");
	struct outcome o[2 + 8 + 256 + 50], *reads = o, *writes = o + 10;

	for (size_t i = 0; i < PP_LENGTH(o); i++) {
		bool is_read = i < 10;
		struct pp_batch *batch = pp_batch_make(
			f->db, &f->arena, is_read ? PP_LANE_READ : PP_LANE_WRITE, nobody());
		struct pp_rows **rows = PP_NEW(&f->arena, struct pp_rows *);

		o[i] = (struct outcome){ .f = f };
		pp_batch_add(
			batch, &test_queries[i == 0 || i == 10 ? Q_sleep : Q_pid], &longer, rows);
		pp_batch_send(batch, FOREVER, on_done, &o[i]);
	}
	wait_outcome(&reads[9]);
	assert_int_equal(reads[9].fault.problem, PP_busy);
	for (size_t i = 0; i < PP_LENGTH(o) - 10; i++)
		assert_int_equal(writes[i].calls, 0);
	wake_sleepers(f);
	for (size_t i = 0; i < PP_LENGTH(o) - 10; i++) {
		wait_outcome(&writes[i]);
		assert_int_equal(writes[i].good, i > 0);
	}
}

static void waiting_ends_as_busy(void **state)
{
	struct fixture *f = *state;
	struct pp_slice longer = PP_S("60");
	struct outcome o[10];

	for (size_t i = 0; i < PP_LENGTH(o); i++) {
		struct pp_batch *batch = pp_batch_make(f->db, &f->arena, PP_LANE_READ, nobody());
		struct pp_rows **rows = PP_NEW(&f->arena, struct pp_rows *);

		o[i] = (struct outcome){ .f = f };
		pp_batch_add(batch, &test_queries[i ? Q_pid : Q_sleep], &longer, rows);
		pp_batch_send(batch, FOREVER, on_done, &o[i]);
	}
	wait_outcome(&o[9]); /* the ninth and tenth are beyond what one connection takes */
	assert_int_equal(o[9].fault.problem, PP_busy);
	assert_int_equal(o[7].calls, 0);
	wake_sleepers(f);
	wait_outcome(&o[7]);
	assert_true(o[7].good);
}

/* More than any socket buffer in both directions: who only writes would never end. */
static void large_parameters_flow_both_ways(void **state)
{
	struct fixture *f = *state;
	struct pp_slice params[6] = { { 0 } };
	struct outcome o[8];
	struct pp_rows *rows[8];
	size_t size = 3u << 20;
	char *bytes = pp_alloc(&f->arena, size);

	memset(bytes, 'y', size);
	params[1] = pp_slice(bytes, size);
	for (size_t i = 0; i < PP_LENGTH(o); i++) {
		struct pp_batch *batch = pp_batch_make(f->db, &f->arena, PP_LANE_READ, nobody());

		o[i] = (struct outcome){ .f = f };
		pp_batch_add(batch, &test_queries[Q_echo], params, &rows[i]);
		pp_batch_send(batch, FOREVER, on_done, &o[i]);
	}
	for (size_t i = 0; i < PP_LENGTH(o); i++) {
		wait_outcome(&o[i]);
		assert_true(o[i].good);
		assert_true(pp_slice_is(pp_cell(rows[i], 0, 1), params[1]));
	}
}

static void closing_answers_what_is_open(void **state)
{
	struct fixture *f = *state;
	struct pp_slice minute = PP_S("60");
	struct outcome o[10];

	for (size_t i = 0; i < PP_LENGTH(o); i++) {
		struct pp_batch *batch = pp_batch_make(f->db, &f->arena, PP_LANE_READ, nobody());
		struct pp_rows **rows = PP_NEW(&f->arena, struct pp_rows *);

		o[i] = (struct outcome){ .f = f };
		pp_batch_add(batch, &test_queries[Q_sleep], &minute, rows);
		pp_batch_send(batch, FOREVER, on_done, &o[i]);
	}
	fixture_close(f);
	for (size_t i = 0; i < PP_LENGTH(o); i++) {
		assert_int_equal(o[i].calls, 1);
		assert_int_equal(o[i].fault.problem, PP_database_unavailable);
	}
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, fixture_begin, fixture_end)
	const struct CMUnitTest tests[] = {
		T(values_come_back),
		T(binary_results_read_like_text),
		T(empty_is_not_null),
		T(a_text_with_nul_is_refused),
		T(identity_ends_with_its_batch),
		T(nobody_is_nobody_on_public_lanes),
		T(an_error_undoes_its_own_batch_only),
		T(a_refusal_names_its_problem),
		T(server_errors_become_problems),
		T(a_deferred_constraint_fails_the_batch),
		T(serialisation_failures_are_asked_again),
		T(a_changed_result_type_is_prepared_anew),
		T(statement_timeout_is_deadline_exceeded),
		T(a_deadline_answers_at_once_and_late_results_are_dropped),
		T(the_queue_is_bounded),
		T(waiting_ends_as_busy),
		T(writes_wait_where_reads_are_sent_away),
		T(large_parameters_flow_both_ways),
		T(closing_answers_what_is_open),
	};

	return cmocka_run_group_tests(tests, cluster_begin, cluster_end);
}
