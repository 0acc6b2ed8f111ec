/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The HTTP room alone, without database and routes, for the tests and for bench/http: it answers
 * with what it understood. Arguments are limits (`header_us=300000`), `unix=PATH` and `port=N`; the
 * first line of output is the address, the last one (after SIGTERM) what was left.
 *
 * /            what was understood, as JSON
 * /none        takes no body            /file      takes a body into a file, answers its size and
 * sum /refuse      403 before the body      /later     answers in the next turn /wait answers when
 * /go is asked, or never /whole?N     N bytes at once          /stream?N  N bytes as a stream, at
 * the client's pace /careless    streams without asking   /break     a stream that breaks off /live
 * one event, then silence  /sized?N  as /stream, with its length  /take?N  takes the body N bytes
 * at a time, answers size, sum and how often it asked  /take?0  never asks  /drain     answers,
 * then drains /stats       counters and the memory of this process
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <pp/base/clock.h>
#include <pp/io/http.h>

struct server {
	struct pp_loop *loop;
	struct pp_http *http;
	struct pp_http_limits limits;
	struct pp_timer *later;
	struct pp_http_exchange *late, *waiting;
	unsigned heads, readies, gone, refused, pauses;
	uint64_t body_limit, taken;
	bool drain;
};

/* What a stream has to write still; the exchange's owner. */
struct streaming {
	struct server *server;
	struct pp_http_exchange *exchange;
	uint64_t left, at;
};

static struct pp_slice json = { "application/json", 16 }, text = { "text/plain", 10 };

static bool is_at(const struct pp_http_exchange *exchange, const char *path)
{
	return pp_slice_is(exchange->path, pp_slice_of(path));
}

static uint64_t number(struct pp_slice s)
{
	uint64_t value;

	return pp_slice_u64(s, &value) ? value : 0;
}

static void reply(
	struct pp_http_exchange *exchange, int status, struct pp_slice type, struct pp_slice body)
{
	pp_http_reply(exchange, status, type, body, true);
	pp_http_release(exchange);
}

static void add_text(struct pp_buf *out, const char *name, struct pp_slice value)
{
	pp_buf_format(out, ",\"%s\":", name);
	pp_buf_json(out, value);
}

static void echo(struct pp_http_exchange *exchange)
{
	struct pp_buf *out = pp_buf_make(exchange->arena);

	pp_buf_format(out, "{\"method\":\"%s\"", pp_method_names[exchange->method]);
	add_text(out, "target", exchange->target);
	add_text(out, "path", exchange->path);
	add_text(out, "query", exchange->query);
	add_text(out, "host", exchange->host);
	add_text(out, "peer", exchange->peer);
	add_text(out, "body", exchange->body);
	add_text(out, "x", pp_http_field(exchange, PP_S("x")));
	add_text(out, "cookie", pp_http_field(exchange, PP_S("cookie")));
	pp_buf_format(out, ",\"http_1_0\":%s,\"size\":%llu,\"fields\":%zu",
		exchange->http_1_0 ? "true" : "false", (unsigned long long)exchange->body_size,
		exchange->field_count);
	pp_buf_format(out, ",\"received_utc\":%lld}\n", (long long)exchange->received_utc);
	reply(exchange, 200, json, pp_buf_all(out));
}

/* Adler's sum, so that a test can tell that every byte came, in order. */
struct sum {
	uint32_t a, b;
	uint64_t size;
};

static void add_bytes(struct sum *sum, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		sum->a = (sum->a + (unsigned char)bytes[i]) % 65521;
		sum->b = (sum->b + sum->a) % 65521;
	}
	sum->size += len;
}

/* A body that is taken piece by piece; the exchange's owner. */
struct taking {
	struct server *server;
	struct pp_http_exchange *exchange;
	struct sum sum;
	uint64_t each, got;
	unsigned turns;
};

static bool take_piece(void *owner, struct pp_slice piece)
{
	struct taking *taking = owner;

	add_bytes(&taking->sum, piece.at, piece.len);
	taking->got += piece.len;
	taking->server->taken = taking->sum.size;
	return taking->got < taking->each;
}

static void take_on(void *owner, bool last)
{
	struct taking *taking = owner;
	struct pp_buf *out;

	taking->turns++;
	taking->got = 0;
	if (!last) {
		pp_http_take(taking->exchange, take_piece, take_on);
		return;
	}
	out = pp_buf_make(taking->exchange->arena);
	pp_buf_format(out, "{\"size\":%llu,\"sum\":%lu,\"turns\":%u,\"received_utc\":%lld}\n",
		(unsigned long long)taking->sum.size,
		(unsigned long)taking->sum.b << 16 | taking->sum.a, taking->turns,
		(long long)taking->exchange->received_utc);
	reply(taking->exchange, 200, json, pp_buf_all(out));
}

static void begin_taking(struct server *server, struct pp_http_exchange *exchange)
{
	struct taking *taking = PP_NEW(exchange->arena, struct taking);

	*taking = (struct taking){
		.server = server, .exchange = exchange, .sum.a = 1, .each = number(exchange->query)
	};
	exchange->owner = taking;
	if (taking->each)
		pp_http_take(exchange, take_piece, take_on);
	else
		server->waiting = exchange;
}

static void sum_file(struct pp_http_exchange *exchange)
{
	struct pp_buf *out = pp_buf_make(exchange->arena);
	char bytes[4096];
	struct sum sum = { .a = 1 };
	ssize_t got;

	while ((got = read(exchange->body_fd, bytes, sizeof(bytes))) > 0)
		add_bytes(&sum, bytes, (size_t)got);
	pp_buf_format(out, "{\"size\":%llu,\"sum\":%lu}\n", (unsigned long long)sum.size,
		(unsigned long)sum.b << 16 | sum.a);
	reply(exchange, 200, json, pp_buf_all(out));
}

static long long anonymous_kb(void)
{
	FILE *status = fopen("/proc/self/status", "r");
	long long kb = -1;
	char line[128];

	while (status && fgets(line, sizeof(line), status))
		if (strncmp(line, "RssAnon:", 8) == 0)
			kb = atoll(line + 8);
	if (status)
		fclose(status);
	return kb;
}

static void stats(struct server *server, struct pp_http_exchange *exchange)
{
	struct pp_buf *out = pp_buf_make(exchange->arena);

	pp_buf_format(out,
		"{\"heads\":%u,\"readies\":%u,\"gone\":%u,\"refused\":%u,\"pauses\":%u,"
		"\"connections\":%zu,\"exchanges\":%zu,\"taken\":%llu,\"rss_anon_kb\":%lld}\n",
		server->heads, server->readies, server->gone, server->refused, server->pauses,
		pp_http_connections(server->http), pp_http_exchanges(server->http),
		(unsigned long long)server->taken, anonymous_kb());
	reply(exchange, 200, json, pp_buf_all(out));
}

/* ---- streams: 64 letters a line, so that a test knows every byte ---- */

static struct pp_slice part(struct streaming *streaming)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+\n";
	size_t at = (size_t)(streaming->at % 64), len = 64 - at;

	if (len > streaming->left)
		len = (size_t)streaming->left;
	streaming->at += len;
	streaming->left -= len;
	return pp_slice(letters + at, len);
}

static void stream_on(void *owner)
{
	struct streaming *streaming = owner;
	struct pp_http_exchange *exchange = streaming->exchange;
	bool careless = is_at(exchange, "/careless");

	while (streaming->left && (careless || pp_http_stream_ready(exchange)))
		pp_http_stream_write(exchange, part(streaming));
	if (careless) /* until the client is gone */
		return;
	if (streaming->left) {
		streaming->server->pauses++;
		return;
	}
	if (is_at(exchange, "/break"))
		pp_http_stream_break(exchange);
	else
		pp_http_stream_end(exchange);
	pp_http_release(exchange);
}

static struct streaming *begin_stream(struct server *server, struct pp_http_exchange *exchange)
{
	struct streaming *streaming = PP_NEW(exchange->arena, struct streaming);

	streaming->server = server;
	streaming->exchange = exchange;
	streaming->left = number(exchange->query);
	exchange->owner = streaming;
	pp_http_stream_begin(exchange, 200, text,
		is_at(exchange, "/sized") ? streaming->left : PP_HTTP_UNKNOWN,
		!is_at(exchange, "/careless"), stream_on);
	return streaming;
}

static void live(struct server *server, struct pp_http_exchange *exchange)
{
	begin_stream(server, exchange);
	pp_http_stream_write(exchange, PP_S("data: one\n\n"));
	pp_http_stream_flush(exchange);
}

static void whole(struct server *server, struct pp_http_exchange *exchange)
{
	struct streaming streaming = { .server = server, .left = number(exchange->query) };
	struct pp_buf *out = pp_buf_make(exchange->arena);

	while (streaming.left)
		pp_buf_slice(out, part(&streaming));
	reply(exchange, 200, text, pp_buf_all(out));
}

/* ---- hooks ---- */

static bool head(void *ctx, struct pp_http_exchange *exchange, struct pp_http_intake *intake)
{
	struct server *server = ctx;

	server->heads++;
	*intake = (struct pp_http_intake){ PP_BODY_MEMORY, server->body_limit };
	if (is_at(exchange, "/none"))
		*intake = (struct pp_http_intake){ PP_BODY_NONE, 0 };
	if (is_at(exchange, "/file"))
		*intake = (struct pp_http_intake){ PP_BODY_FILE, UINT64_C(1) << 30 };
	if (is_at(exchange, "/take"))
		*intake = (struct pp_http_intake){ PP_BODY_STREAM, UINT64_C(1) << 33 };
	if (!is_at(exchange, "/refuse"))
		return true;
	reply(exchange, 403, json, PP_S("{\"refused\":true}\n"));
	return false;
}

static void answer_waiting(struct server *server)
{
	if (server->waiting)
		reply(server->waiting, 200, text, PP_S("gone on\n"));
	server->waiting = NULL;
}

static void ready(void *ctx, struct pp_http_exchange *exchange)
{
	struct server *server = ctx;

	server->readies++;
	if (is_at(exchange, "/file")) {
		sum_file(exchange);
	} else if (is_at(exchange, "/take")) {
		begin_taking(server, exchange);
	} else if (is_at(exchange, "/whole")) {
		whole(server, exchange);
	} else if (is_at(exchange, "/stream") || is_at(exchange, "/careless") ||
		is_at(exchange, "/break") || is_at(exchange, "/sized")) {
		stream_on(begin_stream(server, exchange));
	} else if (is_at(exchange, "/live")) {
		live(server, exchange);
	} else if (is_at(exchange, "/stats")) {
		stats(server, exchange);
	} else if (is_at(exchange, "/later") && !server->late) {
		server->late = exchange;
		pp_timer_start(server->later, 0);
	} else if (is_at(exchange, "/wait") && !server->waiting) {
		server->waiting = exchange;
	} else {
		if (is_at(exchange, "/go"))
			answer_waiting(server);
		server->drain = is_at(exchange, "/drain");
		echo(exchange);
		if (server->drain)
			pp_http_drain(server->http);
	}
}

static void fire_later(void *ctx)
{
	struct server *server = ctx;
	struct pp_http_exchange *exchange = server->late;

	server->late = NULL;
	if (exchange)
		echo(exchange);
}

static void gone(void *ctx, struct pp_http_exchange *exchange)
{
	struct server *server = ctx;

	server->gone++;
	if (server->waiting == exchange)
		server->waiting = NULL;
	if (server->late == exchange)
		server->late = NULL;
	pp_http_release(exchange);
}

static void refused(void *ctx, enum pp_problem problem, struct pp_slice peer)
{
	(void)problem;
	(void)peer;
	((struct server *)ctx)->refused++;
}

static void refusal(void *ctx, enum pp_problem problem, const char *detail, struct pp_buf *out)
{
	(void)ctx;
	pp_buf_format(out, "{\"type\":\"/problems/%s\",\"detail\":", pp_problem_row(problem)->id);
	pp_buf_json(out, pp_slice_of(detail));
	pp_buf_text(out, "}");
}

static const struct pp_http_hooks hooks = { head, ready, gone, refused, refusal };

/* ---- the program ---- */

static bool take_limit(struct server *server, const char *name, uint64_t value)
{
	const struct {
		const char *name;
		int64_t *time;
		uint64_t *rate;
		unsigned *count;
	} all[] = {
		{ .name = "header_us", .time = &server->limits.header_us },
		{ .name = "body_grace_us", .time = &server->limits.body_grace_us },
		{ .name = "body_total_us", .time = &server->limits.body_total_us },
		{ .name = "idle_us", .time = &server->limits.idle_us },
		{ .name = "linger_us", .time = &server->limits.linger_us },
		{ .name = "body_rate", .rate = &server->limits.body_rate },
		{ .name = "drain_rate", .rate = &server->limits.drain_rate },
		{ .name = "body_limit", .rate = &server->body_limit },
		{ .name = "connections", .count = &server->limits.connections },
		{ .name = "connections_per_peer", .count = &server->limits.connections_per_peer },
		{ .name = "requests_per_connection",
			.count = &server->limits.requests_per_connection },
	};

	for (size_t i = 0; i < PP_LENGTH(all); i++) {
		if (strcmp(all[i].name, name) != 0)
			continue;
		if (all[i].time)
			*all[i].time = (int64_t)value;
		else if (all[i].rate)
			*all[i].rate = value;
		else
			*all[i].count = (unsigned)value;
		return true;
	}
	return false;
}

static int listen_on_port(uint16_t port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;

	PP_MUST(fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0);
	PP_MUST(bind(fd, (struct sockaddr *)&address, len) == 0 && listen(fd, 4096) == 0);
	PP_MUST(getsockname(fd, (struct sockaddr *)&address, &len) == 0);
	printf("127.0.0.1:%u\n", ntohs(address.sin_port));
	fflush(stdout);
	return fd;
}

static int listen_on_path(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	PP_MUST(fd >= 0 && strlen(path) < sizeof(address.sun_path));
	strcpy(address.sun_path, path);
	PP_MUST(bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 && listen(fd, 64) == 0);
	return fd;
}

static void stop(void *ctx)
{
	pp_loop_stop(ctx);
}

int main(int count, char **arguments)
{
	static struct server server;
	struct pp_timer *terminate;
	const char *path = NULL;
	uint64_t port = 0;

	/* A test that was cut short leaves no server behind. */
	PP_MUST(prctl(PR_SET_PDEATHSIG, SIGTERM) == 0);
	server.limits = pp_http_default_limits;
	server.limits.connections_per_peer = 4096;
	server.body_limit = 1u << 20;
	for (int i = 1; i < count; i++) {
		struct pp_slice value, name = pp_slice_cut(pp_slice_of(arguments[i]), '=', &value);

		if (pp_slice_is(name, PP_S("unix")))
			path = value.at;
		else if (pp_slice_is(name, PP_S("port")))
			port = number(value);
		else if (arguments[i][name.len] = '\0',
			!take_limit(&server, arguments[i], number(value)))
			return fprintf(stderr, "no such limit: %s\n", arguments[i]), 2;
	}
	server.loop = pp_loop_open();
	server.later = pp_timer_open(server.loop, fire_later, &server);
	server.http = pp_http_open(server.loop, &server.limits, &hooks, &server);
	terminate = pp_signal_open(server.loop, SIGTERM, stop, server.loop);
	if (path)
		pp_http_listen(server.http, listen_on_path(path));
	pp_http_listen(server.http, listen_on_port((uint16_t)port));
	pp_loop_run(server.loop);
	pp_http_close(server.http);
	printf("heads %u, gone %u\n", server.heads, server.gone);
	pp_timer_close(terminate);
	pp_timer_close(server.later);
	pp_loop_close(server.loop);
	return 0;
}
