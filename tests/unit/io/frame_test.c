/* SPDX-License-Identifier: EUPL-1.2 */
/* Frames and descriptors over a socket pair, with the blocking functions. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <pp/io/worker.h>

enum { ECHO = 1 };

static void frames_go_through_a_socket_pair(void **state)
{
	struct pp_frame out = { .number = 7, .kind = 9, .payload = PP_S("pay\0load"), .fd = -1 },
			in;
	struct pp_arena arena;
	int pair[2];

	(void)state;
	pp_arena_begin(&arena);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	assert_true(pp_frame_write(pair[0], &out));
	out.payload = PP_S("");
	out.fd = 0;
	assert_true(pp_frame_write(pair[0], &out));
	assert_true(pp_frame_read(pair[1], &arena, &in));
	assert_int_equal(in.number, 7);
	assert_int_equal(in.kind, 9);
	assert_int_equal(in.fd, -1);
	assert_memory_equal(in.payload.at, "pay\0load", 8);
	assert_true(pp_frame_read(pair[1], &arena, &in));
	assert_int_equal(in.payload.len, 0);
	assert_true(in.fd > 2);
	close(in.fd);
	close(pair[0]);
	assert_false(pp_frame_read(pair[1], &arena, &in));
	close(pair[1]);
	pp_arena_end(&arena);
}

static bool reads(const unsigned char *bytes, size_t len)
{
	struct pp_arena arena;
	struct pp_frame frame;
	int pair[2];
	bool read;

	pp_arena_begin(&arena);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	assert_int_equal(write(pair[0], bytes, len), (ssize_t)len);
	close(pair[0]);
	read = pp_frame_read(pair[1], &arena, &frame);
	close(pair[1]);
	pp_arena_end(&arena);
	return read;
}

static void broken_frames_are_refused(void **state)
{
	static const unsigned char fine[] = { 9, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 'x' };
	static const unsigned char too_short[] = { 7, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0 };
	static const unsigned char too_long[] = { 9, 0, 0, 0x10, 1, 0, 0, 0, 1, 0, 0, 0 };
	static const unsigned char not_zero[] = { 8, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0 };
	static const unsigned char kind_0[] = { 8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0 };

	(void)state;
	assert_true(reads(fine, sizeof(fine)));
	for (size_t len = 0; len < sizeof(fine); len++)
		assert_false(reads(fine, len));
	assert_false(reads(too_short, sizeof(too_short)));
	assert_false(reads(too_long, sizeof(too_long)));
	assert_false(reads(not_zero, sizeof(not_zero)));
	assert_false(reads(kind_0, sizeof(kind_0)));
}

static void two_descriptors_are_refused_and_closed(void **state)
{
	unsigned char head[] = { 8, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0 };
	struct iovec part = { head, sizeof(head) };
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(2 * sizeof(int))];
	} control = { 0 };
	struct msghdr message = { .msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control.room,
		.msg_controllen = sizeof(control.room) };
	struct pp_arena arena;
	struct pp_frame frame;
	int pair[2], pipes[2];
	char byte;

	(void)state;
	pp_arena_begin(&arena);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	assert_int_equal(pipe(pipes), 0);
	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	control.header.cmsg_len = CMSG_LEN(2 * sizeof(int));
	memcpy(CMSG_DATA(&control.header), (int[]){ pipes[1], pipes[1] }, 2 * sizeof(int));
	assert_int_equal(sendmsg(pair[0], &message, 0), sizeof(head));
	assert_false(pp_frame_read(pair[1], &arena, &frame));
	/* No copy of the writing end is left, so the reading end is at its end. */
	close(pipes[1]);
	assert_int_equal(read(pipes[0], &byte, 1), 0);
	close(pipes[0]);
	close(pair[0]);
	close(pair[1]);
	pp_arena_end(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_go_through_a_socket_pair),
		cmocka_unit_test(broken_frames_are_refused),
		cmocka_unit_test(two_descriptors_are_refused_and_closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
