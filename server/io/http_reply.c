/* SPDX-License-Identifier: EUPL-1.2 */
#include "http_inner.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>

/* Below this a coding costs more bytes of header and time than it saves. */
#define WORTH_CODING 1024u
/* From this size on what is held for a slow client takes its own size, not the next larger one. */
#define HOLD_EXACTLY 32768u

/* RFC 9110 §15: those that this platform says. */
static const struct {
	int status;
	const char *phrase;
} phrases[] = {
	{ 200, "OK" },
	{ 201, "Created" },
	{ 202, "Accepted" },
	{ 204, "No Content" },
	{ 206, "Partial Content" },
	{ 301, "Moved Permanently" },
	{ 302, "Found" },
	{ 303, "See Other" },
	{ 304, "Not Modified" },
	{ 307, "Temporary Redirect" },
	{ 308, "Permanent Redirect" },
	{ 400, "Bad Request" },
	{ 401, "Unauthorized" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 406, "Not Acceptable" },
	{ 408, "Request Timeout" },
	{ 409, "Conflict" },
	{ 410, "Gone" },
	{ 412, "Precondition Failed" },
	{ 413, "Content Too Large" },
	{ 414, "URI Too Long" },
	{ 415, "Unsupported Media Type" },
	{ 416, "Range Not Satisfiable" },
	{ 417, "Expectation Failed" },
	{ 422, "Unprocessable Content" },
	{ 428, "Precondition Required" },
	{ 429, "Too Many Requests" },
	{ 431, "Request Header Fields Too Large" },
	{ 500, "Internal Server Error" },
	{ 501, "Not Implemented" },
	{ 503, "Service Unavailable" },
	{ 504, "Gateway Timeout" },
	{ 505, "HTTP Version Not Supported" },
	{ 507, "Insufficient Storage" },
};

static void add_status(struct pp_buf *out, int status)
{
	const char *phrase = "";

	for (size_t i = 0; i < PP_LENGTH(phrases); i++)
		if (phrases[i].status == status)
			phrase = phrases[i].phrase;
	pp_buf_format(out, "HTTP/1.1 %d %s\r\n", status, phrase);
}

static void add_field(struct pp_buf *out, const char *name, struct pp_slice value)
{
	pp_buf_text(out, name);
	pp_buf_add(out, ": ", 2);
	pp_buf_slice(out, value);
	pp_buf_add(out, "\r\n", 2);
}

struct pp_slice pp_http_field(const struct pp_http_exchange *exchange, struct pp_slice name)
{
	struct pp_slice joined = { "", 0 };
	bool cookie = pp_slice_is_nocase(name, PP_S("cookie"));

	for (size_t i = 0; i < exchange->field_count; i++) {
		const struct pp_http_field *field = &exchange->fields[i];

		if (!pp_slice_is_nocase(field->name, name))
			continue;
		/* RFC 9110 §5.3; cookies are no list of that kind (RFC 6265 §5.4). */
		joined = joined.len ? pp_format(exchange->arena, "%.*s%s%.*s", PP_SHOW(joined),
					      cookie ? "; " : ", ", PP_SHOW(field->value))
				    : field->value;
	}
	return joined;
}

/* RFC 9112 §6.3 */
bool pp_http_has_body(const struct pp_http_exchange *exchange)
{
	struct pp_slice length = pp_http_field(exchange, PP_S("content-length"));

	return (length.len && !pp_slice_is(length, PP_S("0"))) ||
		pp_http_field(exchange, PP_S("transfer-encoding")).len;
}

void pp_http_add(struct pp_http_exchange *exchange, const char *name, struct pp_slice value)
{
	struct pp_turn *turn = pp_turn_of(exchange);
	struct pp_added *added = PP_NEW(&turn->arena, struct pp_added);

	added->name = pp_slice_of(name);
	added->value = pp_copy(&turn->arena, value);
	PP_MUST(pp_http_all(added->name, PP_IN_TOKEN));
	PP_MUST(value.len == 0 || pp_http_all(value, PP_IN_VALUE));
	*turn->added_end = added;
	turn->added_end = &added->next;
}

bool pp_turn_was_added(const struct pp_turn *turn, struct pp_slice name)
{
	for (const struct pp_added *added = turn->added; added; added = added->next)
		if (pp_slice_is_nocase(added->name, name))
			return true;
	return false;
}

const char *pp_http_coding(struct pp_http_exchange *exchange)
{
	pp_turn_of(exchange)->varies = true;
	return pp_coding_names[pp_coding_choose(
		pp_http_field(exchange, PP_S("accept-encoding")), PP_BROTLI)];
}

struct pp_slice pp_http_plain_tag(struct pp_slice opaque)
{
	for (size_t i = 0; i < PP_CODINGS; i++) {
		struct pp_slice name = pp_slice_of(pp_coding_names[i] ? pp_coding_names[i] : "");
		size_t plain = opaque.len - name.len - 1;

		if (name.len && opaque.len > name.len && opaque.at[plain] == '-' &&
			pp_slice_is(pp_slice(opaque.at + plain + 1, name.len), name))
			return pp_slice(opaque.at, plain);
	}
	return opaque;
}

/* RFC 9110 §8.8.3.3: of other bytes a strong tag is another one. */
static void add_tag(struct pp_buf *out, struct pp_slice tag, struct pp_slice coding)
{
	if (coding.len == 0 || pp_slice_starts(tag, PP_S("W/")))
		add_field(out, "ETag", tag);
	else
		pp_buf_format(
			out, "ETag: %.*s-%.*s\"\r\n", (int)tag.len - 1, tag.at, PP_SHOW(coding));
}

static struct pp_slice coding_of(const struct pp_turn *turn, enum pp_coding coding)
{
	for (const struct pp_added *added = turn->added; added; added = added->next)
		if (pp_slice_is_nocase(added->name, PP_S("content-encoding")))
			return added->value;
	return coding ? pp_slice_of(pp_coding_names[coding]) : PP_S("");
}

/* RFC 9112 §9.3 and §9.6. After this the connection's way is settled. */
static void add_connection(struct pp_turn *turn, struct pp_buf *out)
{
	const struct pp_client *conn = turn->conn;
	const struct pp_http *http = turn->http;

	if (http->draining || !conn || conn->half_closed || pp_client_has_unread(conn) ||
		conn->requests >= http->limits->requests_per_connection)
		turn->keep_alive = false;
	if (!turn->keep_alive)
		add_field(out, "Connection", PP_S("close"));
	else if (turn->seen.http_1_0)
		add_field(out, "Connection", PP_S("keep-alive"));
}

void pp_reply_head(struct pp_turn *turn, struct pp_buf *out, int status, struct pp_slice media_type,
	enum pp_coding coding, uint64_t length)
{
	/* RFC 9110 §8.6: no Content-Length where there never is content. */
	bool contentless = status == 204 || status == 304 || status < 200;

	add_status(out, status);
	add_field(out, "Date", pp_http_date(turn->http));
	for (const struct pp_added *added = turn->added; added; added = added->next) {
		if (pp_slice_is_nocase(added->name, PP_S("etag")))
			add_tag(out, added->value, coding_of(turn, coding));
		else
			add_field(out, added->name.at, added->value);
	}
	if (media_type.len)
		add_field(out, "Content-Type", media_type);
	if (coding)
		add_field(out, "Content-Encoding", pp_slice_of(pp_coding_names[coding]));
	if (turn->varies)
		add_field(out, "Vary", PP_S("Accept-Encoding"));
	add_connection(turn, out);
	if (turn->chunked)
		add_field(out, "Transfer-Encoding", PP_S("chunked"));
	else if (!contentless && length != UINT64_MAX)
		pp_buf_format(out, "Content-Length: %llu\r\n", (unsigned long long)length);
	pp_buf_add(out, "\r\n", 2);
}

void pp_refusal_write(struct pp_http *http, struct pp_buf *out, enum pp_problem problem,
	const char *why, bool bodyless)
{
	const struct pp_problem_row *row = pp_problem_row(problem);
	struct pp_buf body;

	pp_buf_begin(&body);
	http->hooks->refusal(http->ctx, problem, why, &body);
	add_status(out, row->status);
	add_field(out, "Date", pp_http_date(http));
	add_field(out, "Content-Type", PP_S("application/problem+json"));
	add_field(out, "Cache-Control", PP_S("no-store"));
	add_field(out, "X-Content-Type-Options", PP_S("nosniff"));
	add_field(
		out, "Content-Security-Policy", PP_S("default-src 'none'; frame-ancestors 'none'"));
	/* RFC 9110 §10.2.3; §12.5.3: what would have been taken. */
	if (row->status == 503 || row->status == 507 || row->status == 429)
		add_field(out, "Retry-After", PP_S("2"));
	if (row->status == 415)
		add_field(out, "Accept-Encoding", PP_S("identity"));
	add_field(out, "Connection", PP_S("close"));
	pp_buf_format(out, "Content-Length: %zu\r\n\r\n", body.len);
	if (!bodyless)
		pp_buf_slice(out, pp_buf_all(&body));
	pp_buf_end(&body);
}

static struct iovec part(struct pp_slice s)
{
	return (struct iovec){ .iov_base = (void *)(uintptr_t)s.at, .iov_len = s.len };
}

/* What the kernel takes at once needs no buffer, no event and no copy. */
static size_t send_now(struct pp_client *conn, struct pp_slice head, struct pp_slice body)
{
	struct iovec parts[] = { part(head), part(body) };
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = body.len ? 2 : 1 };
	ssize_t sent;

	do
		sent = sendmsg(bufferevent_getfd(conn->bev), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
	while (sent < 0 && errno == EINTR);
	/* An error is found again, and handled, when the buffer is written. */
	return sent > 0 ? (size_t)sent : 0;
}

static struct pp_slice without(struct pp_slice s, size_t len)
{
	return len < s.len ? pp_slice(s.at + len, s.len - len) : pp_slice(s.at, 0);
}

static void let_go(const void *bytes, size_t len, void *ctx)
{
	struct pp_http *http = PP_CAST(pp_http, ctx, PP_HTTP_MAGIC);

	(void)len;
	http->has_spare = true;
	free((void *)(uintptr_t)bytes);
}

/*
 * evbuffer_add rounds up to a power of two beyond what it holds: a piece of 256 kB of whoever does
 * not read would take 512 kB.
 */
static void hold(struct pp_client *conn, struct pp_slice bytes)
{
	void *copy;

	if (bytes.len < HOLD_EXACTLY) {
		PP_MUST(evbuffer_add(conn->out, bytes.at, bytes.len) == 0);
		return;
	}
	copy = malloc(bytes.len);
	PP_MUST(copy);
	memcpy(copy, bytes.at, bytes.len);
	conn->http->has_spare = true;
	PP_MUST(evbuffer_add_reference(conn->out, copy, bytes.len, let_go, conn->http) == 0);
}

void pp_client_send(struct pp_client *conn, struct pp_slice head, struct pp_slice body)
{
	size_t sent = 0, all = pp_add_size(head.len, body.len);

	conn->queued += all;
	if (evbuffer_get_length(conn->out) == 0)
		sent = send_now(conn, head, body);
	if (sent == all)
		return;
	body = without(body, sent > head.len ? sent - head.len : 0);
	head = without(head, sent);
	hold(conn, head);
	hold(conn, body);
}

/* Codes the body where that pays; the coded body lies in the arena. */
static enum pp_coding code(struct pp_turn *turn, struct pp_slice *body)
{
	enum pp_coding coding;
	struct pp_coder *coder;
	struct pp_buf *coded;

	if (body->len < WORTH_CODING || pp_turn_was_added(turn, PP_S("content-encoding")))
		return PP_IDENTITY;
	turn->varies = true;
	coding = pp_coding_choose(pp_http_field(&turn->seen, PP_S("accept-encoding")), PP_BROTLI);
	if (coding == PP_IDENTITY)
		return PP_IDENTITY;
	coded = pp_buf_make(&turn->arena);
	coder = pp_coder_open(&turn->http->coders, coding);
	pp_coder_write(coder, *body, PP_CODE_END, coded);
	pp_coder_close(&turn->http->coders, coder);
	if (coded->len >= body->len)
		return PP_IDENTITY;
	*body = pp_buf_all(coded);
	return coding;
}

void pp_http_reply(struct pp_http_exchange *exchange, int status, struct pp_slice media_type,
	struct pp_slice body, bool compress)
{
	struct pp_turn *turn = pp_turn_of(exchange);
	enum pp_coding coding = PP_IDENTITY;
	struct pp_buf *head;

	PP_MUST(!turn->replied && !turn->streaming && status >= 200 && status <= 599);
	turn->replied = true;
	if (turn->complete)
		return;
	if (status == 204 || status == 304)
		body = PP_S("");
	if (pp_turn_was_added(turn, PP_S("content-encoding")))
		turn->varies = true;
	if (compress)
		coding = code(turn, &body);
	head = pp_buf_make(&turn->arena);
	pp_reply_head(turn, head, status, media_type, coding, body.len);
	if (exchange->method == PP_HEAD)
		body.len = 0;
	pp_client_send(turn->conn, pp_buf_all(head), body);
	pp_client_complete(turn);
}

void pp_http_release(struct pp_http_exchange *exchange)
{
	struct pp_turn *turn = pp_turn_of(exchange);
	struct pp_http *http = turn->http;

	PP_MUST(turn->known && turn->complete);
	pp_turn_free(turn);
	http->exchange_count--;
	pp_http_free_if_over(http);
}
