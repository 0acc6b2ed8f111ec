/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Frames between our own processes on Unix stream sockets: 32-bit length of what follows, 32-bit
 * request number, 16-bit kind, 16-bit zero, then the payload. A descriptor may ride on a frame
 * (SCM_RIGHTS). Kinds belong to whoever serves; a reply carries its request's number.
 *
 * Two sides. A caller in an event loop opens a pp_worker on a socket path and asks; answers come
 * back on the loop, in order per connection. A server (geometry worker, file job) and the command
 * line use the blocking functions. No frame is larger than PP_FRAME_MAX.
 */
#include <pp/base/buf.h>
#include <pp/io/loop.h>

#define PP_FRAME_MAX (256u << 20)

/* 0 is never used as a kind. PP_FRAME_FAILED: the payload is an English sentence. */
enum { PP_FRAME_FAILED = 0xffff };

struct pp_frame {
	uint32_t number;
	uint16_t kind;
	struct pp_slice
		payload; /* in the arena given to pp_frame_read, or whatever is to be written */
	int fd;          /* -1 where none; the reader owns what it got */
};

/* Blocking, whole frames only. False when the peer is gone, the frame is too large or broken. */
PP_CHECKED bool pp_frame_write(int socket, const struct pp_frame *frame);
PP_CHECKED bool pp_frame_read(int socket, struct pp_arena *arena, struct pp_frame *frame);

struct pp_worker;

/* Connects when first asked, again (with back-off) whenever the connection was lost. */
struct pp_worker *pp_worker_open(struct pp_loop *loop, const char *socket_path);
void pp_worker_close(struct pp_worker *worker);
/* Requests sent and not yet answered: choose the least busy. */
size_t pp_worker_load(const struct pp_worker *worker);

/*
 * Sends a request and calls answer exactly once per reply frame until `last` of it is true: with
 * the reply, or with NULL when the worker went away, did not take the request in time or the
 * deadline passed (the connection is then closed, so that no late answer is taken for another's). A
 * frame kind below 0x8000 is the last one of its reply, one from 0x8000 on announces more. The
 * payload and a descriptor given are copied or duplicated before this returns.
 */
void pp_worker_ask(struct pp_worker *worker, const struct pp_frame *request, int64_t deadline_us,
	void (*answer)(void *ctx, const struct pp_frame *reply), void *ctx);
