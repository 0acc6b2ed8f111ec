/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Frames between our own processes on Unix stream sockets: 32-bit length of what follows, 32-bit
 * request number, 16-bit kind, 16-bit zero (all little-endian), then the payload. A descriptor may
 * ride on a frame (SCM_RIGHTS). Kinds belong to whoever serves; a reply carries its request's
 * number.
 *
 * Two sides. A caller in an event loop opens a pp_worker on a socket path and asks; answers come
 * back on the loop, in order per connection. A server (geometry worker, file job) and the command
 * line use the blocking functions. No frame is larger than PP_FRAME_MAX.
 *
 * Workers compute and store nothing, so a request whose worker vanished is asked once more; the
 * second loss is told to the caller, because a request that fells two workers would fell a third. A
 * request with a descriptor is never repeated.
 */
#include <pp/base/buf.h>
#include <pp/io/loop.h>

#define PP_FRAME_MAX (256u << 20)

/* 0 is never used as a kind. PP_FRAME_FAILED ends a reply; its payload is an English sentence. */
enum { PP_FRAME_FAILED = 0xffff };

struct pp_frame {
	uint32_t number;
	uint16_t kind;
	struct pp_slice
		payload; /* where it lives is said by the function that reads or writes it */
	int fd;          /* -1 where none; the reader owns what it got */
};

/*
 * Blocking, whole frames only. False when the peer is gone, a time limit set on the socket passed,
 * or the frame is too large or broken; then the socket is of no use any more. What is read lies in
 * the arena.
 */
PP_CHECKED bool pp_frame_write(int socket, const struct pp_frame *frame);
PP_CHECKED bool pp_frame_read(int socket, struct pp_arena *arena, struct pp_frame *frame);

struct pp_worker;

/* Connects when first asked, again (with back-off) whenever the connection was lost. The path is
 * copied. */
struct pp_worker *pp_worker_open(struct pp_loop *loop, const char *socket_path);
/* Answers NULL to whatever is still open. May be called from an answer. NULL is allowed. */
void pp_worker_close(struct pp_worker *worker);
/* Requests asked and not yet answered: choose the least busy. */
size_t pp_worker_load(const struct pp_worker *worker);

/* A request that could not be handed to the worker within this time is answered NULL. */
#define PP_WORKER_TAKE_US (2 * INT64_C(1000000))

/*
 * Sends a request and calls answer once per reply frame, the last of which ends the request: with
 * the reply, or with NULL when the worker went away, did not take the request in time or the
 * deadline passed (an instant of pp_loop_now; the worker's connection is then closed and opened
 * anew). Never before this returns. A frame kind below 0x8000 or PP_FRAME_FAILED is the last one of
 * its reply, another from 0x8000 on announces more. Payload and descriptor of the request are
 * copied and duplicated before this returns; number is chosen here. A reply's payload lives until
 * answer returns.
 */
void pp_worker_ask(struct pp_worker *worker, const struct pp_frame *request, int64_t deadline_us,
	void (*answer)(void *ctx, const struct pp_frame *reply), void *ctx);
