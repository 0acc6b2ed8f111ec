/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A whole connection, from its first byte to its end, fed in arbitrary pieces by a client that may
 * leave at any time, with an owner that answers at once, later, in streams or not at all, and a
 * clock that jumps. Nothing may be left behind, and the differential oracle holds: what we take for
 * a request, llhttp alone takes for the same request with the same body.
 *
 * The first four bytes choose pieces and answers; the rest is what the client says.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <pp/base/log.h>

#include "../../server/io/http_inner.h"

#define MESSAGES    32
#define LARGEST     (1u << 16)
#define BODY_LIMIT  4096u
#define LONG_BEFORE (INT64_C(3600) * 1000000)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A request as one of the two saw it. */
struct message {
	char method[8];
	uint64_t target_sum, body_sum, body_size;
	bool ready; /* ours: the body came to its end */
};

struct fuzz {
	struct pp_loop *loop;
	struct pp_http *http;
	uint32_t random;
	/* One more than is compared, for all that come after. */
	struct message ours[MESSAGES + 1], theirs[MESSAGES + 1];
	size_t our_count, their_count;
	struct pp_http_exchange *open[MESSAGES]; /* ready and not yet answered */
	size_t open_count;
	struct pp_buf target; /* of llhttp's current message */
};

static uint32_t next(struct fuzz *fuzz)
{
	/* xorshift32 (Marsaglia 2003): the same input is the same run. */
	fuzz->random ^= fuzz->random << 13;
	fuzz->random ^= fuzz->random >> 17;
	fuzz->random ^= fuzz->random << 5;
	return fuzz->random;
}

/* FNV-1a, to compare bytes that need not be kept. */
static uint64_t add_to_sum(uint64_t sum, const char *at, size_t len)
{
	for (size_t i = 0; i < len; i++)
		sum = (sum ^ (unsigned char)at[i]) * UINT64_C(0x100000001b3);
	return sum;
}

static struct message *slot(struct message *messages, size_t number)
{
	return &messages[number < MESSAGES ? number : MESSAGES];
}

/* ---- the owner ---- */

static void stream(struct fuzz *fuzz, struct pp_http_exchange *exchange)
{
	static const char text[3000] = "a part of a stream";
	uint32_t parts = next(fuzz) % 8;

	pp_http_stream_begin(
		exchange, 200, PP_S("text/plain"), PP_HTTP_UNKNOWN, next(fuzz) % 2, NULL);
	for (uint32_t i = 0; i < parts; i++) {
		if (pp_http_stream_ready(exchange))
			pp_http_stream_write(exchange, pp_slice(text, next(fuzz) % sizeof(text)));
		if (next(fuzz) % 4 == 0)
			pp_http_stream_flush(exchange);
	}
	if (next(fuzz) % 4)
		pp_http_stream_end(exchange);
	else
		pp_http_stream_break(exchange);
}

static void answer(struct fuzz *fuzz, struct pp_http_exchange *exchange)
{
	static const char body[2000] = "a body";

	pp_http_add(exchange, "X-Seen", exchange->path.len < 64 ? PP_S("short") : PP_S("long"));
	if (exchange->path.len > 1 && exchange->path.at[1] == 's')
		stream(fuzz, exchange);
	else
		pp_http_reply(exchange, 200, PP_S("text/plain"),
			pp_slice(body, next(fuzz) % sizeof(body)), next(fuzz) % 2);
	pp_http_release(exchange);
}

static void answer_open(struct fuzz *fuzz)
{
	/* Answering one may let the next one in. */
	while (fuzz->open_count)
		answer(fuzz, fuzz->open[--fuzz->open_count]);
}

static bool head(void *ctx, struct pp_http_exchange *exchange, struct pp_http_intake *intake)
{
	struct fuzz *fuzz = ctx;
	char kind = exchange->path.len > 1 ? exchange->path.at[1] : 0;
	struct message *ours = slot(fuzz->ours, fuzz->our_count);

	*ours = (struct message){ .target_sum = add_to_sum(
					  0, exchange->target.at, exchange->target.len) };
	snprintf(ours->method, sizeof(ours->method), "%s", pp_method_names[exchange->method]);
	fuzz->our_count++;
	exchange->owner = ours;
	PP_MUST(pp_slice_is_utf8(exchange->path) && exchange->path.len);
	PP_MUST(exchange->path.at[0] == '/' || pp_slice_is(exchange->path, PP_S("*")));
	for (size_t i = 0; i + 1 < exchange->path.len; i++)
		PP_MUST(!(exchange->path.at[i] == '/' && exchange->path.at[i + 1] == '.') ||
			!(pp_slice_is(pp_slice(exchange->path.at + i, exchange->path.len - i),
				  PP_S("/.")) ||
				pp_slice_starts(
					pp_slice(exchange->path.at + i, exchange->path.len - i),
					PP_S("/../"))));
	if (kind == 'r') {
		pp_http_reply(exchange, 403, PP_S("text/plain"), PP_S("no"), false);
		pp_http_release(exchange);
		return false;
	}
	*intake = (struct pp_http_intake){ PP_BODY_MEMORY, BODY_LIMIT };
	if (kind == 'n')
		intake->body = PP_BODY_NONE;
	else if (kind == 'f')
		intake->body = PP_BODY_FILE;
	return true;
}

static void ready(void *ctx, struct pp_http_exchange *exchange)
{
	struct fuzz *fuzz = ctx;
	struct message *ours = exchange->owner;

	ours->ready = true;
	ours->body_size = exchange->body_size;
	ours->body_sum = add_to_sum(0, exchange->body.at, exchange->body.len);
	if (exchange->body_fd >= 0) {
		char bytes[512];
		ssize_t got;

		while ((got = read(exchange->body_fd, bytes, sizeof(bytes))) > 0)
			ours->body_sum = add_to_sum(ours->body_sum, bytes, (size_t)got);
	} else {
		PP_MUST(exchange->body.len == exchange->body_size);
	}
	if (next(fuzz) % 2)
		answer(fuzz, exchange);
	else
		fuzz->open[fuzz->open_count++] = exchange;
	PP_MUST(fuzz->open_count <= 1);
}

static void gone(void *ctx, struct pp_http_exchange *exchange)
{
	struct fuzz *fuzz = ctx;

	if (fuzz->open_count && fuzz->open[0] == exchange)
		fuzz->open_count = 0;
	pp_http_release(exchange);
}

static void refused(void *ctx, enum pp_problem problem, struct pp_slice peer)
{
	(void)ctx;
	PP_MUST(problem != PP_no_problem && pp_slice_is(peer, PP_S("unix")));
}

static void refusal(void *ctx, enum pp_problem problem, const char *detail, struct pp_buf *out)
{
	(void)ctx;
	PP_MUST(pp_problem_row(problem)->status >= 400);
	pp_buf_text(out, detail);
}

static const struct pp_http_hooks hooks = { head, ready, gone, refused, refusal };

/* ---- llhttp alone ---- */

static struct message *theirs(llhttp_t *parser)
{
	struct fuzz *fuzz = parser->data;

	return slot(fuzz->theirs, fuzz->their_count - 1);
}

static int their_begin(llhttp_t *parser)
{
	struct fuzz *fuzz = parser->data;

	fuzz->their_count++;
	*theirs(parser) = (struct message){ 0 };
	pp_buf_clear(&fuzz->target);
	return 0;
}

static int their_target(llhttp_t *parser, const char *at, size_t len)
{
	pp_buf_add(&((struct fuzz *)parser->data)->target, at, len);
	return 0;
}

/* The origin form of an absolute target: what ours makes of it too. */
static uint64_t target_sum(struct pp_slice target)
{
	size_t scheme = pp_slice_is_nocase(
				pp_slice(target.at, target.len < 7 ? 0 : 7), PP_S("http://"))
		? 7
		: pp_slice_is_nocase(pp_slice(target.at, target.len < 8 ? 0 : 8), PP_S("https://"))
		? 8
		: 0;
	uint64_t sum = 0;

	if (scheme == 0)
		return add_to_sum(0, target.at, target.len);
	while (scheme < target.len && target.at[scheme] != '/' && target.at[scheme] != '?')
		scheme++;
	if (scheme == target.len || target.at[scheme] == '?')
		sum = add_to_sum(0, "/", 1);
	return add_to_sum(sum, target.at + scheme, target.len - scheme);
}

static int their_headers(llhttp_t *parser)
{
	struct fuzz *fuzz = parser->data;
	struct message *message = theirs(parser);

	parser->upgrade = 0; /* an offer that we never take */
	message->target_sum = target_sum(pp_buf_all(&fuzz->target));
	snprintf(message->method, sizeof(message->method), "%s",
		llhttp_method_name((llhttp_method_t)parser->method));
	return 0;
}

static int their_body(llhttp_t *parser, const char *at, size_t len)
{
	struct message *message = theirs(parser);

	message->body_sum = add_to_sum(message->body_sum, at, len);
	message->body_size += len;
	return 0;
}

static int their_end(llhttp_t *parser)
{
	theirs(parser)->ready = true;
	return 0;
}

static const llhttp_settings_t settings = { .on_message_begin = their_begin,
	.on_url = their_target,
	.on_headers_complete = their_headers,
	.on_body = their_body,
	.on_message_complete = their_end };

static void compare(struct fuzz *fuzz, const char *said, size_t size)
{
	llhttp_t parser;

	llhttp_init(&parser, HTTP_REQUEST, &settings);
	parser.data = fuzz;
	llhttp_execute(&parser, said, size);
	PP_MUST(fuzz->their_count >= fuzz->our_count);
	for (size_t i = 0; i < fuzz->our_count && i < MESSAGES; i++) {
		const struct message *a = &fuzz->ours[i], *b = &fuzz->theirs[i];

		PP_MUST(strcmp(a->method, b->method) == 0 && a->target_sum == b->target_sum);
		if (!a->ready)
			continue;
		PP_MUST(b->ready && a->body_size == b->body_size && a->body_sum == b->body_sum);
	}
}

/* ---- the client ---- */

/* Turns the loop until nothing happens, reading what the server says. */
static void settle(struct fuzz *fuzz, int client)
{
	char bytes[4096];

	for (int idle = 0; idle < 2;) {
		pp_loop_turn(fuzz->loop);
		idle++;
		while (client >= 0 && recv(client, bytes, sizeof(bytes), MSG_DONTWAIT) > 0)
			idle = 0;
	}
}

/* Says everything in pieces; returns how much was said before the server stopped listening. */
static size_t say(struct fuzz *fuzz, int client, const char *said, size_t size)
{
	size_t at = 0;

	while (at < size) {
		size_t piece = 1 + next(fuzz) % (next(fuzz) % 4 ? size - at : 8);
		ssize_t sent;

		if (piece > size - at)
			piece = size - at;
		sent = send(client, said + at, piece, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (sent < 0)
			break;
		at += (size_t)sent;
		settle(fuzz, client);
		if (next(fuzz) % 4 == 0)
			answer_open(fuzz);
		if (next(fuzz) % 64 == 0)
			pp_http_sweep(fuzz->http, pp_loop_now(fuzz->loop) + LONG_BEFORE);
	}
	return at;
}

static void leave(struct fuzz *fuzz, int client)
{
	uint32_t how = next(fuzz) % 4;

	if (how == 0)
		answer_open(fuzz);
	if (how <= 1) {
		shutdown(client, SHUT_WR);
		settle(fuzz, client);
	}
	for (int i = 0; i < MESSAGES && how <= 2 && fuzz->open_count; i++) {
		answer_open(fuzz);
		settle(fuzz, client);
	}
	close(client);
	settle(fuzz, -1);
	/* Whatever the client did, every deadline passes. */
	for (int i = 0; i < 4 * MESSAGES && pp_http_connections(fuzz->http); i++) {
		answer_open(fuzz);
		pp_http_sweep(fuzz->http, pp_loop_now(fuzz->loop) + LONG_BEFORE * (i + 1));
		settle(fuzz, -1);
	}
	answer_open(fuzz);
	PP_MUST(pp_http_connections(fuzz->http) == 0 && pp_http_exchanges(fuzz->http) == 0);
}

static struct fuzz *open_fuzz(void)
{
	static struct fuzz fuzz;

	if (fuzz.loop)
		return &fuzz;
	/* What a server would log is the input's own noise here. */
	pp_log_open("fuzz", PP_ERROR);
	fuzz.loop = pp_loop_open();
	fuzz.http = pp_http_open(fuzz.loop, &pp_http_default_limits, &hooks, &fuzz);
	pp_buf_begin(&fuzz.target);
	return &fuzz;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz *fuzz = open_fuzz();
	const struct sockaddr local = { .sa_family = AF_UNIX };
	int pair[2];

	if (size < 4 || size > LARGEST)
		return 0;
	memcpy(&fuzz->random, data, 4);
	fuzz->random |= 1;
	fuzz->our_count = fuzz->their_count = fuzz->open_count = 0;
	PP_MUST(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair) == 0);
	PP_MUST(pp_http_adopt(fuzz->http, pair[0], &local));
	size = say(fuzz, pair[1], (const char *)data + 4, size - 4);
	leave(fuzz, pair[1]);
	compare(fuzz, (const char *)data + 4, size);
	return 0;
}
