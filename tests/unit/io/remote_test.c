/* SPDX-License-Identifier: EUPL-1.2 */
/* Asking other servers from the loop, against a server in the same loop that says what it is told.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include <pp/base/buf.h>
#include <pp/base/clock.h>
#include <pp/io/remote.h>

#include "../../../server/io/reach.h"

#define CLIENTS 8

struct server {
	struct pp_loop *loop;
	struct pp_remote *remote;
	int listener;
	unsigned short port;
	struct pp_watch *accepting;
	int clients[CLIENTS];
	struct pp_watch *reading[CLIENTS];
	int client_count;
	char heard[4096]; /* everything that clients have sent */
	size_t heard_len;
	const char *says; /* NULL: nothing */
	struct pp_remote_reply reply;
	char body[256];
	int answers;
};

static void hear(void *ctx, unsigned what)
{
	struct server *server = ctx;

	(void)what;
	for (int i = 0; i < server->client_count; i++) {
		ssize_t got = recv(server->clients[i], server->heard + server->heard_len,
			sizeof(server->heard) - 1 - server->heard_len, MSG_DONTWAIT);

		if (got == 0)
			pp_watch_for(server->reading[i], 0);
		if (got <= 0)
			continue;
		server->heard_len += (size_t)got;
		if (server->says && strstr(server->heard, "\r\n\r\n"))
			assert_true(send(server->clients[i], server->says, strlen(server->says),
					    MSG_NOSIGNAL) > 0);
	}
}

static void admit(void *ctx, unsigned what)
{
	struct server *server = ctx;
	int fd = accept(server->listener, NULL, NULL);

	(void)what;
	assert_true(fd >= 0 && server->client_count < CLIENTS);
	server->clients[server->client_count] = fd;
	server->reading[server->client_count] = pp_watch_open(server->loop, fd, hear, server);
	pp_watch_for(server->reading[server->client_count++], PP_READABLE);
}

static void begin(struct server *server, const char *says)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(address);

	*server = (struct server){ .loop = pp_loop_open(), .says = says };
	server->listener = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(server->listener, (struct sockaddr *)&address, len), 0);
	assert_int_equal(listen(server->listener, 4), 0);
	assert_int_equal(getsockname(server->listener, (struct sockaddr *)&address, &len), 0);
	server->port = ntohs(address.sin_port);
	server->accepting = pp_watch_open(server->loop, server->listener, admit, server);
	pp_watch_for(server->accepting, PP_READABLE);
	server->remote = pp_remote_open(server->loop, "test");
}

static void finish(struct server *server)
{
	pp_remote_close(server->remote);
	for (int i = 0; i < server->client_count; i++) {
		pp_watch_close(server->reading[i]);
		close(server->clients[i]);
	}
	pp_watch_close(server->accepting);
	close(server->listener);
	pp_loop_close(server->loop);
}

static void answered(void *ctx, const struct pp_remote_reply *reply)
{
	struct server *server = ctx;

	server->answers++;
	server->reply = *reply;
	snprintf(server->body, sizeof(server->body), "%.*s", PP_SHOW(reply->body));
	pp_loop_stop(server->loop);
}

static struct pp_remote_call *ask_for(
	struct server *server, struct pp_remote_request request, const char *format)
{
	char url[128];
	struct pp_remote_call *call;

	snprintf(url, sizeof(url), format, server->port);
	request.url = url;
	if (!request.most)
		request.most = 64;
	if (!request.within_us)
		request.within_us = 60 * PP_SECOND;
	call = pp_remote_ask(server->remote, &request, answered, server);
	assert_int_equal(server->answers, 0);
	return call;
}

static void asks(struct server *server, struct pp_remote_request request, const char *format)
{
	ask_for(server, request, format);
	pp_loop_run(server->loop);
	assert_int_equal(server->answers, 1);
}

static const struct pp_remote_request plain;

static void gets(void **state)
{
	struct server server;

	(void)state;
	begin(&server,
		"HTTP/1.1 200 OK\r\nCache-Control: public, max-age=300\r\n"
		"Content-Length: 5\r\n\r\nhello");
	asks(&server, plain, "http://127.0.0.1:%d/.well-known/openid-configuration");
	assert_int_equal(server.reply.status, 200);
	assert_string_equal(server.body, "hello");
	assert_int_equal(server.reply.max_age_s, 300);
	assert_non_null(strstr(server.heard, "GET /.well-known/openid-configuration HTTP/1.1\r\n"));
	finish(&server);
}

static void posts_a_form(void **state)
{
	struct server server;

	(void)state;
	begin(&server, "HTTP/1.1 401 No\r\nCache-Control: no-store\r\nContent-Length: 2\r\n\r\n{}");
	asks(&server,
		(struct pp_remote_request){
			.authorization = "Basic YTpi", .form = PP_S("code=a%26b") },
		"http://127.0.0.1:%d/token");
	assert_int_equal(server.reply.status, 401);
	assert_string_equal(server.body, "{}");
	assert_int_equal(server.reply.max_age_s, 0);
	assert_non_null(strstr(server.heard, "POST /token HTTP/1.1\r\n"));
	assert_non_null(strstr(server.heard, "Authorization: Basic YTpi\r\n"));
	assert_non_null(
		strstr(server.heard, "Content-Type: application/x-www-form-urlencoded\r\n"));
	assert_non_null(strstr(server.heard, "\r\n\r\ncode=a%26b"));
	finish(&server);
}

static void follows_no_redirect(void **state)
{
	struct server server;

	(void)state;
	begin(&server, "HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n");
	asks(&server, plain, "http://127.0.0.1:%d/one");
	assert_int_equal(server.reply.status, 302);
	assert_null(strstr(server.heard, "/other"));
	finish(&server);
}

static void takes_no_more_than_agreed(void **state)
{
	struct server server;

	(void)state;
	begin(&server, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n123456789");
	asks(&server, (struct pp_remote_request){ .most = 8 }, "http://127.0.0.1:%d/");
	assert_int_equal(server.reply.status, 0);
	assert_string_equal(server.reply.detail, "its answer is too long");
	finish(&server);
}

static void gives_up_on_silence(void **state)
{
	struct server server;

	(void)state;
	begin(&server, NULL);
	asks(&server, (struct pp_remote_request){ .within_us = 20000 }, "http://127.0.0.1:%d/");
	assert_int_equal(server.reply.status, 0);
	assert_true(server.reply.detail[0]);
	finish(&server);
}

static void notices_a_cut_body(void **state)
{
	struct server server;

	(void)state;
	begin(&server, "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\nhel");
	ask_for(&server, plain, "http://127.0.0.1:%d/");
	while (server.heard_len == 0)
		pp_loop_turn(server.loop);
	shutdown(server.clients[0], SHUT_RDWR);
	pp_loop_run(server.loop);
	assert_int_equal(server.reply.status, 0);
	finish(&server);
}

/* Neither is anything sent, nor is anybody connected to. */
static void goes_nowhere_else(void **state)
{
	static const char *const urls[] = { "ftp://127.0.0.1:%d/", "file:///etc/passwd?%d",
		"http://example.org:%d/", "http://127.0.0.1.example.org:%d/",
		"http://user:word@127.0.0.1:%d/", "https://[::ffff:127.0.0.1]:%d/",
		"https://169.254.169.254:%d/", "https://[fe80::1]:%d/", "https://0.0.0.0:%d/",
		"smtp://127.0.0.1:%d/", "gopher://127.0.0.1:%d/_x", "no address %d" };

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(urls); i++) {
		struct server server;

		begin(&server, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
		asks(&server, plain, urls[i]);
		if (server.reply.status || server.client_count || !server.reply.detail[0])
			fail_msg("%s was asked", urls[i]);
		finish(&server);
	}
}

static void ends_what_is_under_way(void **state)
{
	struct server server;

	(void)state;
	begin(&server, NULL);
	ask_for(&server, plain, "http://127.0.0.1:%d/");
	while (server.heard_len == 0)
		pp_loop_turn(server.loop);
	finish(&server);
	assert_int_equal(server.answers, 1);
	assert_int_equal(server.reply.status, 0);
}

static void tells_nothing_of_what_was_cancelled(void **state)
{
	struct server server;

	(void)state;
	begin(&server, NULL);
	pp_remote_cancel(ask_for(&server, plain, "http://127.0.0.1:%d/"));
	pp_remote_cancel(ask_for(&server, plain, "ftp://127.0.0.1:%d/"));
	finish(&server);
	assert_int_equal(server.answers, 0);
}

static void keeps_its_connection(void **state)
{
	struct server server;

	(void)state;
	begin(&server, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
	asks(&server, plain, "http://127.0.0.1:%d/one");
	server.answers = 0;
	asks(&server, plain, "http://127.0.0.1:%d/two");
	assert_int_equal(server.reply.status, 200);
	assert_int_equal(server.client_count, 1);
	finish(&server);
}

static void knows_addresses(void **state)
{
	/* 0: never, 1: where the name says loopback, 2: always */
	static const struct {
		const char *address;
		int may;
	} table[] = { { "127.0.0.1", 1 }, { "127.255.0.3", 1 }, { "0.0.0.0", 0 }, { "0.1.2.3", 0 },
		{ "10.1.2.3", 2 }, { "172.16.0.1", 2 }, { "192.168.1.1", 2 }, { "8.8.8.8", 2 },
		{ "169.254.169.254", 0 }, { "169.253.0.1", 2 }, { "224.0.0.1", 0 },
		{ "255.255.255.255", 0 }, { "::1", 1 }, { "::", 0 }, { "::ffff:127.0.0.1", 1 },
		{ "::ffff:169.254.1.1", 0 }, { "::ffff:8.8.8.8", 2 }, { "64:ff9b::7f00:1", 1 },
		{ "64:ff9b::808:808", 2 }, { "::8.8.8.8", 0 }, { "fe80::1", 0 }, { "fec0::1", 0 },
		{ "ff02::1", 0 }, { "fd00::1", 2 }, { "2001:db8::1", 2 } };

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(table); i++) {
		struct sockaddr_in four = { .sin_family = AF_INET };
		struct sockaddr_in6 six = { .sin6_family = AF_INET6 };
		const struct sockaddr *address = (const struct sockaddr *)&four;

		if (inet_pton(AF_INET, table[i].address, &four.sin_addr) != 1) {
			assert_int_equal(inet_pton(AF_INET6, table[i].address, &six.sin6_addr), 1);
			address = (const struct sockaddr *)&six;
		}
		if (pp_reach_may(address, true) != (table[i].may >= 1) ||
			pp_reach_may(address, false) != (table[i].may == 2))
			fail_msg("%s", table[i].address);
	}
	assert_false(pp_reach_may(&(struct sockaddr){ .sa_family = AF_UNIX }, true));
}

static void knows_names_of_the_loopback(void **state)
{
	(void)state;
	assert_true(pp_reach_is_loopback(PP_S("localhost")));
	assert_true(pp_reach_is_loopback(PP_S("LOCALHOST")));
	assert_true(pp_reach_is_loopback(PP_S("127.0.0.1")));
	assert_true(pp_reach_is_loopback(PP_S("[::1]")));
	assert_false(pp_reach_is_loopback(PP_S("localhost.example.org")));
	assert_false(pp_reach_is_loopback(PP_S("128.0.0.1")));
	assert_false(pp_reach_is_loopback(PP_S("[::2]")));
	assert_false(pp_reach_is_loopback(PP_S("")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gets),
		cmocka_unit_test(posts_a_form),
		cmocka_unit_test(follows_no_redirect),
		cmocka_unit_test(takes_no_more_than_agreed),
		cmocka_unit_test(gives_up_on_silence),
		cmocka_unit_test(notices_a_cut_body),
		cmocka_unit_test(goes_nowhere_else),
		cmocka_unit_test(ends_what_is_under_way),
		cmocka_unit_test(tells_nothing_of_what_was_cancelled),
		cmocka_unit_test(keeps_its_connection),
		cmocka_unit_test(knows_addresses),
		cmocka_unit_test(knows_names_of_the_loopback),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
