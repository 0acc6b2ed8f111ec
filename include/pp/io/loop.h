/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * The event loop of a process: one per process, no threads. Timers, readiness of descriptors and
 * signals come back through functions that never block. Whoever opens one of these closes it; a
 * callback may close its own timer or watch.
 */
#include <pp/base/check.h>

struct pp_loop;
struct pp_timer;
struct pp_watch;
struct event_base;

struct pp_loop *pp_loop_open(void);
void pp_loop_close(struct pp_loop *loop);
/* Returns after pp_loop_stop. */
void pp_loop_run(struct pp_loop *loop);
void pp_loop_stop(struct pp_loop *loop);
/* For the other rooms of io only. */
struct event_base *pp_loop_base(struct pp_loop *loop);

/* Monotonic microseconds, as of the start of this turn of the loop (no system call). */
int64_t pp_loop_now(struct pp_loop *loop);

struct pp_timer *pp_timer_open(struct pp_loop *loop, void (*fire)(void *ctx), void *ctx);
/* Fires once after so many microseconds; starting again moves the time. */
void pp_timer_start(struct pp_timer *timer, int64_t after_us);
void pp_timer_stop(struct pp_timer *timer);
void pp_timer_close(struct pp_timer *timer);

enum pp_ready { PP_READABLE = 1, PP_WRITABLE = 2 };

/* Watches a descriptor level-triggered; it stays the caller's. */
struct pp_watch *pp_watch_open(
	struct pp_loop *loop, int fd, void (*ready)(void *ctx, unsigned what), void *ctx);
/* What to wait for: PP_READABLE, PP_WRITABLE, both or 0. */
void pp_watch_for(struct pp_watch *watch, unsigned what);
void pp_watch_close(struct pp_watch *watch);

/* Calls fire on the loop (never in signal context) whenever the signal arrives. */
struct pp_timer *pp_signal_open(
	struct pp_loop *loop, int number, void (*fire)(void *ctx), void *ctx);
