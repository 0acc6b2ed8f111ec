/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/io/loop.h>

#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>

#include <event2/event.h>

#include <pp/base/clock.h>
#include <pp/base/log.h>

#define LOOP_MAGIC  0x4c4f4f50u
#define TIMER_MAGIC 0x54494d45u
#define WATCH_MAGIC 0x57415443u

struct pp_loop {
	unsigned magic;
	struct event_base *base;
	bool stopped;
};

/* A timer and a signal are the same thing here: an event that calls one function. */
struct pp_timer {
	unsigned magic;
	struct event *event;
	void (*fire)(void *ctx);
	void *ctx;
};

struct pp_watch {
	unsigned magic;
	struct pp_loop *loop;
	struct event *event;
	int fd;
	unsigned what;
	void (*ready)(void *ctx, unsigned what);
	void *ctx;
};

static void log_event(int severity, const char *message)
{
	enum pp_log_level level = severity >= EVENT_LOG_ERR ? PP_ERROR
		: severity >= EVENT_LOG_WARN                ? PP_WARNING
							    : PP_DEBUG;

	pp_log(level, "libevent", "%s", message);
}

struct pp_loop *pp_loop_open(void)
{
	struct pp_loop *loop = calloc(1, sizeof(*loop));
	struct event_config *config = event_config_new();

	PP_MUST(loop && config);
	event_set_log_callback(log_event);
	/* A peer that is gone is told by EPIPE, where it can be handled, never by a signal. */
	PP_MUST(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
	/* One thread per process: no locks (design D3). */
	PP_MUST(event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK) == 0);
	loop->magic = LOOP_MAGIC;
	loop->base = event_base_new_with_config(config);
	PP_MUST(loop->base);
	event_config_free(config);
	return loop;
}

void pp_loop_close(struct pp_loop *loop)
{
	if (!loop)
		return;
	PP_MUST(loop->magic == LOOP_MAGIC);
	event_base_free(loop->base);
	loop->magic = 0;
	free(loop);
}

void pp_loop_run(struct pp_loop *loop)
{
	while (!loop->stopped)
		PP_MUST(event_base_loop(loop->base, EVLOOP_NO_EXIT_ON_EMPTY) >= 0);
	loop->stopped = false;
}

void pp_loop_turn(struct pp_loop *loop)
{
	PP_MUST(event_base_loop(loop->base, EVLOOP_ONCE | EVLOOP_NONBLOCK) >= 0);
}

void pp_loop_stop(struct pp_loop *loop)
{
	loop->stopped = true;
	event_base_loopbreak(loop->base);
}

struct event_base *pp_loop_base(struct pp_loop *loop)
{
	return loop->base;
}

int64_t pp_loop_now(struct pp_loop *loop)
{
	(void)loop;
	return pp_clock_monotonic();
}

static void timer_fired(evutil_socket_t fd, short what, void *ctx)
{
	struct pp_timer *timer = PP_CAST(pp_timer, ctx, TIMER_MAGIC);

	(void)fd;
	(void)what;
	/* Nothing after this call may touch the timer: it may have closed itself. */
	timer->fire(timer->ctx);
}

static struct pp_timer *make_timer(
	struct pp_loop *loop, int fd, short what, void (*fire)(void *ctx), void *ctx)
{
	struct pp_timer *timer = calloc(1, sizeof(*timer));

	PP_MUST(timer && fire);
	timer->magic = TIMER_MAGIC;
	timer->fire = fire;
	timer->ctx = ctx;
	timer->event = event_new(loop->base, fd, what, timer_fired, timer);
	PP_MUST(timer->event);
	return timer;
}

struct pp_timer *pp_timer_open(struct pp_loop *loop, void (*fire)(void *ctx), void *ctx)
{
	return make_timer(loop, -1, 0, fire, ctx);
}

void pp_timer_start(struct pp_timer *timer, int64_t after_us)
{
	struct timeval after = { 0 };

	PP_MUST(timer->magic == TIMER_MAGIC);
	if (after_us > 0) {
		after.tv_sec = (time_t)(after_us / PP_SECOND);
		after.tv_usec = (suseconds_t)(after_us % PP_SECOND);
	}
	PP_MUST(event_add(timer->event, &after) == 0);
}

void pp_timer_stop(struct pp_timer *timer)
{
	PP_MUST(timer->magic == TIMER_MAGIC);
	event_del(timer->event);
}

void pp_timer_close(struct pp_timer *timer)
{
	if (!timer)
		return;
	PP_MUST(timer->magic == TIMER_MAGIC);
	timer->magic = 0;
	event_free(timer->event);
	free(timer);
}

struct pp_timer *pp_signal_open(
	struct pp_loop *loop, int number, void (*fire)(void *ctx), void *ctx)
{
	struct pp_timer *timer = make_timer(loop, number, EV_SIGNAL | EV_PERSIST, fire, ctx);

	PP_MUST(event_add(timer->event, NULL) == 0);
	return timer;
}

static void watch_ready(evutil_socket_t fd, short what, void *ctx)
{
	struct pp_watch *watch = PP_CAST(pp_watch, ctx, WATCH_MAGIC);
	unsigned ready = 0;

	(void)fd;
	if (what & EV_READ)
		ready |= PP_READABLE;
	if (what & EV_WRITE)
		ready |= PP_WRITABLE;
	watch->ready(watch->ctx, ready);
}

struct pp_watch *pp_watch_open(
	struct pp_loop *loop, int fd, void (*ready)(void *ctx, unsigned what), void *ctx)
{
	struct pp_watch *watch = calloc(1, sizeof(*watch));

	PP_MUST(watch && ready && fd >= 0);
	watch->magic = WATCH_MAGIC;
	watch->loop = loop;
	watch->fd = fd;
	watch->ready = ready;
	watch->ctx = ctx;
	watch->event = event_new(loop->base, fd, EV_PERSIST, watch_ready, watch);
	PP_MUST(watch->event);
	return watch;
}

void pp_watch_for(struct pp_watch *watch, unsigned what)
{
	short events = EV_PERSIST;

	PP_MUST(watch->magic == WATCH_MAGIC);
	if (what == watch->what)
		return;
	/* What an event waits for can only change while it waits for nothing. */
	event_del(watch->event);
	watch->what = what;
	if (what == 0)
		return;
	if (what & PP_READABLE)
		events |= EV_READ;
	if (what & PP_WRITABLE)
		events |= EV_WRITE;
	PP_MUST(event_assign(watch->event, watch->loop->base, watch->fd, events, watch_ready,
			watch) == 0);
	PP_MUST(event_add(watch->event, NULL) == 0);
}

void pp_watch_close(struct pp_watch *watch)
{
	if (!watch)
		return;
	PP_MUST(watch->magic == WATCH_MAGIC);
	watch->magic = 0;
	event_free(watch->event);
	free(watch);
}
