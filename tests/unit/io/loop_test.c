/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include <pp/io/loop.h>

struct seen {
	struct pp_loop *loop;
	struct pp_timer *timer, *other;
	struct pp_watch *watch;
	int fired, ready;
	unsigned what;
	char order[8];
};

static void fire_and_stop(void *ctx)
{
	struct seen *seen = ctx;

	seen->fired++;
	pp_loop_stop(seen->loop);
}

static void timer_fires_once(void **state)
{
	struct seen seen = { .loop = pp_loop_open() };

	(void)state;
	seen.timer = pp_timer_open(seen.loop, fire_and_stop, &seen);
	pp_timer_start(seen.timer, 1000);
	assert_int_equal(seen.fired, 0);
	pp_loop_run(seen.loop);
	assert_int_equal(seen.fired, 1);
	pp_loop_turn(seen.loop);
	assert_int_equal(seen.fired, 1);
	pp_timer_start(seen.timer, 0);
	pp_timer_stop(seen.timer);
	pp_loop_turn(seen.loop);
	assert_int_equal(seen.fired, 1);
	pp_timer_close(seen.timer);
	pp_loop_close(seen.loop);
}

static void note_a(void *ctx)
{
	struct seen *seen = ctx;

	seen->order[seen->fired++] = 'a';
}

static void note_b_and_stop(void *ctx)
{
	struct seen *seen = ctx;

	seen->order[seen->fired] = 'b';
	fire_and_stop(seen);
}

static void starting_again_moves_the_time(void **state)
{
	struct seen seen = { .loop = pp_loop_open() };

	(void)state;
	seen.timer = pp_timer_open(seen.loop, note_a, &seen);
	seen.other = pp_timer_open(seen.loop, note_b_and_stop, &seen);
	pp_timer_start(seen.timer, 3600 * INT64_C(1000000));
	pp_timer_start(seen.other, 2000);
	pp_timer_start(seen.timer, 1000);
	pp_loop_run(seen.loop);
	assert_string_equal(seen.order, "ab");
	pp_timer_close(seen.timer);
	pp_timer_close(seen.other);
	pp_loop_close(seen.loop);
}

static void close_itself_and_other(void *ctx)
{
	struct seen *seen = ctx;

	seen->fired++;
	pp_timer_close(seen->timer);
	pp_timer_close(seen->other);
	pp_loop_stop(seen->loop);
}

static void a_callback_may_close_any_timer(void **state)
{
	struct seen seen = { .loop = pp_loop_open() };

	(void)state;
	/* Both are due in the same turn; whichever runs first closes the other one too. */
	seen.timer = pp_timer_open(seen.loop, close_itself_and_other, &seen);
	seen.other = pp_timer_open(seen.loop, close_itself_and_other, &seen);
	pp_timer_start(seen.timer, 0);
	pp_timer_start(seen.other, 0);
	pp_loop_run(seen.loop);
	pp_loop_turn(seen.loop);
	assert_int_equal(seen.fired, 1);
	pp_loop_close(seen.loop);
}

static void stop_before_run_is_kept(void **state)
{
	struct pp_loop *loop = pp_loop_open();

	(void)state;
	pp_loop_stop(loop);
	pp_loop_run(loop);
	pp_loop_close(loop);
}

static void watch_ready(void *ctx, unsigned what)
{
	struct seen *seen = ctx;

	seen->ready++;
	seen->what = what;
}

static void a_watch_tells_what_it_waits_for(void **state)
{
	struct seen seen = { .loop = pp_loop_open() };
	int pair[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
	seen.watch = pp_watch_open(seen.loop, pair[0], watch_ready, &seen);
	assert_int_equal(write(pair[1], "x", 1), 1);
	pp_loop_turn(seen.loop);
	assert_int_equal(seen.ready, 0);
	pp_watch_for(seen.watch, PP_READABLE);
	pp_loop_turn(seen.loop);
	assert_int_equal(seen.what, PP_READABLE);
	pp_watch_for(seen.watch, PP_READABLE | PP_WRITABLE);
	pp_loop_turn(seen.loop);
	assert_int_equal(seen.what, PP_READABLE | PP_WRITABLE);
	pp_watch_for(seen.watch, PP_WRITABLE);
	pp_loop_turn(seen.loop);
	assert_int_equal(seen.what, PP_WRITABLE);
	seen.ready = 0;
	pp_watch_for(seen.watch, 0);
	pp_loop_turn(seen.loop);
	assert_int_equal(seen.ready, 0);
	/* A hang-up comes as what is waited for. */
	pp_watch_for(seen.watch, PP_READABLE);
	close(pair[1]);
	pp_loop_turn(seen.loop);
	assert_int_equal(seen.what, PP_READABLE);
	pp_watch_close(seen.watch);
	close(pair[0]);
	pp_loop_close(seen.loop);
}

static void signals_come_on_the_loop(void **state)
{
	struct seen seen = { .loop = pp_loop_open() };

	(void)state;
	seen.timer = pp_signal_open(seen.loop, SIGUSR1, fire_and_stop, &seen);
	assert_int_equal(raise(SIGUSR1), 0);
	assert_int_equal(seen.fired, 0);
	pp_loop_run(seen.loop);
	assert_int_equal(seen.fired, 1);
	assert_int_equal(raise(SIGUSR1), 0);
	pp_loop_run(seen.loop);
	assert_int_equal(seen.fired, 2);
	pp_timer_close(seen.timer);
	pp_loop_close(seen.loop);
}

static void writing_to_a_closed_peer_is_an_error_and_no_signal(void **state)
{
	struct pp_loop *loop = pp_loop_open();
	int pair[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	close(pair[1]);
	assert_int_equal(write(pair[0], "x", 1), -1);
	close(pair[0]);
	pp_loop_close(loop);
}

static void now_does_not_go_back(void **state)
{
	struct pp_loop *loop = pp_loop_open();
	int64_t before = pp_loop_now(loop);

	(void)state;
	assert_true(before > 0);
	assert_true(pp_loop_now(loop) >= before);
	pp_loop_close(loop);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(timer_fires_once),
		cmocka_unit_test(starting_again_moves_the_time),
		cmocka_unit_test(a_callback_may_close_any_timer),
		cmocka_unit_test(stop_before_run_is_kept),
		cmocka_unit_test(a_watch_tells_what_it_waits_for),
		cmocka_unit_test(signals_come_on_the_loop),
		cmocka_unit_test(writing_to_a_closed_peer_is_an_error_and_no_signal),
		cmocka_unit_test(now_does_not_go_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
