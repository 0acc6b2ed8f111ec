/* SPDX-License-Identifier: EUPL-1.2 */
#include "frame.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

/* Room for a few descriptors more than one, so that too many are seen and closed, not cut off. */
#define DESCRIPTORS 4

static void put(unsigned char *at, uint32_t value, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		at[i] = (unsigned char)(value >> (8 * i));
}

static uint32_t take(const unsigned char *at, size_t bytes)
{
	uint32_t value = 0;

	for (size_t i = 0; i < bytes; i++)
		value |= (uint32_t)at[i] << (8 * i);
	return value;
}

void pp_frame_head(const struct pp_frame *frame, unsigned char head[PP_FRAME_HEAD])
{
	PP_MUST(frame->kind != 0 && frame->payload.len <= PP_FRAME_MAX);
	put(head, (uint32_t)frame->payload.len + 8, 4);
	put(head + 4, frame->number, 4);
	put(head + 8, frame->kind, 2);
	put(head + 10, 0, 2);
}

bool pp_frame_read_head(
	const unsigned char head[PP_FRAME_HEAD], struct pp_frame *frame, size_t *payload)
{
	uint32_t length = take(head, 4);

	if (length < 8 || length - 8 > PP_FRAME_MAX || take(head + 10, 2) != 0)
		return false;
	*frame = (struct pp_frame){
		.number = take(head + 4, 4), .kind = (uint16_t)take(head + 8, 2), .fd = -1
	};
	*payload = length - 8;
	return frame->kind != 0;
}

bool pp_frame_is_last(const struct pp_frame *frame)
{
	return frame->kind < 0x8000 || frame->kind == PP_FRAME_FAILED;
}

union control {
	struct cmsghdr header; /* for its alignment, as cmsg(3) asks for */
	char room[CMSG_SPACE(DESCRIPTORS * sizeof(int))];
};

static struct iovec part(struct pp_slice s)
{
	/* struct iovec serves reading too and knows no const; sendmsg does not write. */
	return (struct iovec){ .iov_base = (void *)(uintptr_t)s.at, .iov_len = s.len };
}

ssize_t pp_frame_send(int socket, struct pp_slice first, struct pp_slice second, int fd)
{
	struct iovec parts[] = { part(first), part(second) };
	union control control = { 0 };
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = PP_LENGTH(parts) };
	ssize_t sent;

	if (fd >= 0) {
		message.msg_control = control.room;
		message.msg_controllen = CMSG_SPACE(sizeof(int));
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	}
	do
		sent = sendmsg(socket, &message, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent;
}

/* Keeps one descriptor where there was none; closes everything else. False when something was
 * closed. */
static bool keep_one(struct msghdr *message, int *fd)
{
	bool fine = !(message->msg_flags & MSG_CTRUNC);
	int one;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t at = 0; at + sizeof(one) <= c->cmsg_len - CMSG_LEN(0);
			at += sizeof(one)) {
			memcpy(&one, CMSG_DATA(c) + at, sizeof(one));
			if (*fd < 0) {
				*fd = one;
			} else {
				close(one);
				fine = false;
			}
		}
	}
	return fine;
}

ssize_t pp_frame_receive(int socket, void *at, size_t len, int *fd)
{
	struct iovec into = { .iov_base = at, .iov_len = len };
	union control control = { 0 };
	struct msghdr message = { .msg_iov = &into,
		.msg_iovlen = 1,
		.msg_control = control.room,
		.msg_controllen = sizeof(control.room) };
	ssize_t got;

	do
		got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
	while (got < 0 && errno == EINTR);
	if (got >= 0 && !keep_one(&message, fd)) {
		if (*fd >= 0)
			close(*fd);
		*fd = -1;
		errno = EPROTO;
		return -1;
	}
	return got;
}

bool pp_frame_write(int socket, const struct pp_frame *frame)
{
	unsigned char head[PP_FRAME_HEAD];
	struct pp_slice first = { (const char *)head, sizeof(head) }, second = frame->payload;
	int fd = frame->fd;

	pp_frame_head(frame, head);
	while (first.len + second.len) {
		ssize_t sent = pp_frame_send(socket, first, second, fd);
		size_t done;

		if (sent < 0)
			return false;
		fd = -1;
		done = (size_t)sent < first.len ? (size_t)sent : first.len;
		first = pp_slice(first.at + done, first.len - done);
		done = (size_t)sent - done;
		second = pp_slice(second.at + done, second.len - done);
	}
	return true;
}

/* Reads exactly so many bytes. */
static bool fill(int socket, void *at, size_t len, int *fd)
{
	for (size_t done = 0; done < len;) {
		ssize_t got = pp_frame_receive(socket, (char *)at + done, len - done, fd);

		if (got <= 0)
			return false;
		done += (size_t)got;
	}
	return true;
}

bool pp_frame_read(int socket, struct pp_arena *arena, struct pp_frame *frame)
{
	unsigned char head[PP_FRAME_HEAD];
	int fd = -1;
	size_t payload;
	struct pp_buf *buf;

	*frame = (struct pp_frame){ .fd = -1 };
	if (fill(socket, head, sizeof(head), &fd) && pp_frame_read_head(head, frame, &payload)) {
		/* A buffer and not pp_alloc, which would touch all of a large payload in advance.
		 */
		buf = pp_buf_make(arena);
		if (fill(socket, pp_buf_room(buf, payload + 1), payload, &fd)) {
			frame->payload = pp_slice(buf->at, payload);
			frame->fd = fd;
			return true;
		}
	}
	if (fd >= 0)
		close(fd);
	return false;
}
