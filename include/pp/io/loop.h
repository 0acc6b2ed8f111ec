/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * The event loop of a process: one per process, no threads. Timers, readiness of descriptors and
 * signals come back through functions that never block. Whoever opens one of these closes it,
 * before the loop; a callback may close its own timer, watch or signal, or any other one: what is
 * closed is never called again. A process that forks opens its loop after the fork, never before.
 */
#include <pp/base/check.h>

struct pp_loop;
struct pp_timer;
struct pp_watch;
struct event_base;

/* Also makes the process ignore SIGPIPE (a peer that left is told by EPIPE) and logs libevent's
 * warnings. */
struct pp_loop *pp_loop_open(void);
/* NULL is allowed in every close of this header and does nothing. */
void pp_loop_close(struct pp_loop *loop);
/* Returns after pp_loop_stop; at once when that was called before. */
void pp_loop_run(struct pp_loop *loop);
/* Does what is ready now and returns: for tests and for a program that waits for something else. */
void pp_loop_turn(struct pp_loop *loop);
void pp_loop_stop(struct pp_loop *loop);
/* For the other rooms of io only. */
struct event_base *pp_loop_base(struct pp_loop *loop);

/* Monotonic microseconds, the clock of every deadline (CLOCK_MONOTONIC from the vDSO: no system
 * call). */
int64_t pp_loop_now(struct pp_loop *loop);

struct pp_timer *pp_timer_open(struct pp_loop *loop, void (*fire)(void *ctx), void *ctx);
/* Fires once after so many microseconds, never before this returns; starting again moves the time.
 */
void pp_timer_start(struct pp_timer *timer, int64_t after_us);
void pp_timer_stop(struct pp_timer *timer);
void pp_timer_close(struct pp_timer *timer);

enum pp_ready { PP_READABLE = 1, PP_WRITABLE = 2 };

/*
 * Watches a descriptor level-triggered, at first for nothing; it stays the caller's, who closes the
 * watch before the descriptor. An error or a hang-up is told as what was waited for.
 */
struct pp_watch *pp_watch_open(
	struct pp_loop *loop, int fd, void (*ready)(void *ctx, unsigned what), void *ctx);
/* What to wait for: PP_READABLE, PP_WRITABLE, both or 0. */
void pp_watch_for(struct pp_watch *watch, unsigned what);
void pp_watch_close(struct pp_watch *watch);

/*
 * Calls fire on the loop (never in signal context) when the signal arrived, at least once for
 * several that came at the same time, until it is closed with pp_timer_close.
 */
struct pp_timer *pp_signal_open(
	struct pp_loop *loop, int number, void (*fire)(void *ctx), void *ctx);
