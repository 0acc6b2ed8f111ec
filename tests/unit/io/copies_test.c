/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What becomes of a copy that the disk does not give back. sendfile(2) fails with EIO for real in
 * this process, because a filter of the kernel (seccomp(2)) says so: a test has no broken disk.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#include <pp/base/check.h>
#include <pp/base/clock.h>
#include <pp/io/http.h>

#define SIZE  (UINT32_C(1) << 20)
#define STAMP (INT64_C(1767225600) * PP_SECOND)

static const char name[] = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

struct sent {
	struct pp_loop *loop;
	struct pp_copies *copies;
	char folder[32], path[128];
	int client;
	size_t came; /* head and body */
	char first[16];
};

static bool takes_it(void *ctx, struct pp_http_exchange *exchange, struct pp_http_intake *intake)
{
	(void)ctx;
	(void)exchange;
	intake->body = PP_BODY_NONE;
	return true;
}

static void sends_it(void *ctx, struct pp_http_exchange *exchange)
{
	struct sent *sent = ctx;
	struct pp_copy *copy = pp_copies_take(sent->copies, pp_slice_of(name), SIZE);

	assert_non_null(copy);
	pp_http_stream_begin(exchange, 200, PP_S("application/octet-stream"), SIZE, false, NULL);
	pp_http_stream_copy(exchange, copy, 0, SIZE);
	pp_http_stream_end(exchange);
	pp_copy_release(copy);
	pp_http_release(exchange);
}

/* The reply is complete before it is sent, and its request is one. */
static void never_gone(void *ctx, struct pp_http_exchange *exchange)
{
	(void)ctx;
	(void)exchange;
	fail();
}

static void never_refused(void *ctx, enum pp_problem problem, struct pp_slice peer)
{
	(void)ctx;
	(void)problem;
	(void)peer;
	fail();
}

static void no_words(void *ctx, enum pp_problem problem, const char *detail, struct pp_buf *out)
{
	(void)ctx;
	(void)problem;
	(void)detail;
	(void)out;
}

static const struct pp_http_hooks hooks = { .head = takes_it,
	.ready = sends_it,
	.gone = never_gone,
	.refused = never_refused,
	.refusal = no_words };

/* Until the server has closed. */
static void comes(void *ctx, unsigned what)
{
	struct sent *sent = ctx;
	char part[65536];
	ssize_t got = recv(sent->client, part, sizeof(part), 0);

	(void)what;
	if (got <= 0) {
		pp_loop_stop(sent->loop);
		return;
	}
	if (sent->came == 0)
		snprintf(sent->first, sizeof(sent->first), "%.*s", (int)got, part);
	sent->came += (size_t)got;
}

static void make_copy(struct sent *sent)
{
	struct timespec times[] = { pp_copy_time(STAMP), pp_copy_time(STAMP) };
	int fd;

	snprintf(sent->folder, sizeof(sent->folder), "/tmp/pp-copies-XXXXXX");
	assert_non_null(mkdtemp(sent->folder));
	snprintf(sent->path, sizeof(sent->path), "%s/%s", sent->folder, name);
	fd = open(sent->path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	assert_true(fd >= 0 && ftruncate(fd, SIZE) == 0 && futimens(fd, times) == 0);
	close(fd);
	sent->copies = pp_copies_open(sent->folder, STAMP);
}

/* One request for the copy, to its end. */
static void ask_for_it(struct sent *sent)
{
	static const char request[] = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	struct pp_http *http;
	struct pp_watch *watch;

	sent->loop = pp_loop_open();
	http = pp_http_open(sent->loop, &pp_http_default_limits, &hooks, sent);
	assert_int_equal(bind(listener, (struct sockaddr *)&address, len), 0);
	assert_int_equal(listen(listener, 1), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &len), 0);
	pp_http_listen(http, listener);
	sent->client = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(connect(sent->client, (struct sockaddr *)&address, len), 0);
	assert_int_equal(send(sent->client, request, sizeof(request) - 1, 0), sizeof(request) - 1);
	watch = pp_watch_open(sent->loop, sent->client, comes, sent);
	pp_watch_for(watch, PP_READABLE);
	pp_loop_run(sent->loop);
	pp_watch_close(watch);
	close(sent->client);
	pp_http_close(http);
	close(listener);
	pp_loop_close(sent->loop);
}

static void end(struct sent *sent)
{
	pp_copies_close(sent->copies);
	unlink(sent->path);
	assert_int_equal(rmdir(sent->folder), 0);
}

static void is_sent_whole_and_stays(void **state)
{
	struct sent sent = { 0 };

	(void)state;
	make_copy(&sent);
	ask_for_it(&sent);
	assert_string_equal(sent.first, "HTTP/1.1 200 OK");
	assert_true(sent.came > SIZE);
	assert_int_equal(access(sent.path, F_OK), 0);
	end(&sent);
}

/* From here on, for the rest of this process. */
static void break_the_disk(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_sendfile, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EIO),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { .len = PP_LENGTH(filter), .filter = filter };

	assert_int_equal(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	assert_int_equal(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
}

/* Its reader notices, and whoever comes next is served from elsewhere. */
static void is_none_any_more_when_it_cannot_be_read(void **state)
{
	struct sent sent = { 0 };

	(void)state;
	make_copy(&sent);
	break_the_disk();
	ask_for_it(&sent);
	assert_true(sent.came < SIZE);
	assert_int_not_equal(access(sent.path, F_OK), 0);
	assert_null(pp_copies_take(sent.copies, pp_slice_of(name), SIZE));
	end(&sent);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_sent_whole_and_stays),
		cmocka_unit_test(is_none_any_more_when_it_cannot_be_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
