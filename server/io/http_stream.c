/* SPDX-License-Identifier: EUPL-1.2 */
/* Replies of unknown length, with the client's pace told to whoever makes them. */
#include "http_inner.h"

#include <event2/buffer.h>

#include "copies_inner.h"

/* Small parts are gathered into chunks of about this size. */
#define GATHER 16384u

static size_t waiting(const struct pp_turn *turn)
{
	return turn->conn ? evbuffer_get_length(turn->conn->out) : 0;
}

static void send_parts(struct pp_turn *turn, struct pp_slice body)
{
	struct pp_buf *head = turn->head;

	if (head->len + body.len)
		pp_client_send(turn->conn, pp_buf_all(head), body);
	pp_buf_clear(head);
	if (waiting(turn) >= PP_HTTP_OUT_HIGH)
		turn->full = true;
}

/*
 * Sends what was gathered: the head where that still waits, one chunk (RFC 9112 §7.1), and the last
 * chunk where nothing follows. A short stream is one packet.
 */
static void emit(struct pp_turn *turn, bool last)
{
	struct pp_buf *head = turn->head, *body = turn->staged;

	if (turn->chunked && !turn->bodyless) {
		if (body->len) {
			pp_buf_format(head, "%zx\r\n", body->len);
			pp_buf_add(body, "\r\n", 2);
		}
		if (last)
			pp_buf_add(body, "0\r\n\r\n", 5);
	}
	send_parts(turn, pp_buf_all(body));
	pp_buf_clear(body);
}

/*
 * A large part of a body that is not coded needs no copy. The line end behind a chunk goes out
 * before whatever comes next, so that the part stays in one piece.
 */
static void pass(struct pp_turn *turn, struct pp_slice part)
{
	if (turn->staged->len)
		emit(turn, false);
	if (turn->chunked)
		pp_buf_format(turn->head, "%zx\r\n", part.len);
	send_parts(turn, part);
	if (turn->chunked)
		pp_buf_add(turn->head, "\r\n", 2);
}

static void stage(struct pp_turn *turn, struct pp_slice part, enum pp_code how)
{
	if (turn->coder)
		pp_coder_write(turn->coder, part, how, turn->staged);
	else if (!turn->bodyless && part.len >= GATHER)
		pass(turn, part);
	else if (!turn->bodyless)
		pp_buf_slice(turn->staged, part);
	if (turn->staged->len >= GATHER || how != PP_CODE_MORE)
		emit(turn, how == PP_CODE_END);
}

static enum pp_coding choose(struct pp_turn *turn, bool compress)
{
	bool coded = pp_turn_was_added(turn, PP_S("content-encoding"));

	if (!compress && !coded)
		return PP_IDENTITY;
	turn->varies = true;
	return coded
		? PP_IDENTITY
		: pp_coding_choose(pp_http_field(&turn->seen, PP_S("accept-encoding")), PP_GZIP);
}

void pp_http_stream_begin(struct pp_http_exchange *exchange, int status, struct pp_slice media_type,
	uint64_t length, bool compress, void (*drained)(void *owner))
{
	struct pp_turn *turn = pp_turn_of(exchange);
	enum pp_coding coding;

	turn->streaming = true;
	if (turn->complete)
		return;
	PP_MUST(turn->conn && turn->conn->state == PP_CLIENT_OWNER && status >= 200 &&
		status <= 599 && status != 204 && status != 304);
	turn->drained = drained;
	turn->bodyless = exchange->method == PP_HEAD;
	turn->promised = length;
	turn->chunked = length == PP_HTTP_UNKNOWN && !exchange->http_1_0;
	/* RFC 9112 §6.3: to a client of 1.0 the end of the connection is the end of the body. */
	if (length == PP_HTTP_UNKNOWN && !turn->chunked)
		turn->keep_alive = false;
	coding = length == PP_HTTP_UNKNOWN ? choose(turn, compress) : PP_IDENTITY;
	if (coding && !turn->bodyless)
		turn->coder = pp_coder_open(&turn->http->coders, coding);
	turn->staged = pp_buf_make(&turn->arena);
	turn->head = pp_buf_make(&turn->arena);
	pp_reply_head(turn, turn->head, status, media_type, coding, length);
}

/* Whether there is somebody to write to, who is no owner that never asks for room. */
static bool may_write(struct pp_turn *turn)
{
	PP_MUST(turn->streaming);
	if (turn->complete || turn->conn->aborting)
		return false;
	if (waiting(turn) <= PP_HTTP_OUT_MOST)
		return true;
	turn->conn->aborting = true;
	pp_client_run_soon(turn->conn);
	return false;
}

void pp_http_stream_write(struct pp_http_exchange *exchange, struct pp_slice part)
{
	struct pp_turn *turn = pp_turn_of(exchange);

	if (!may_write(turn))
		return;
	if (turn->promised != PP_HTTP_UNKNOWN) {
		PP_MUST(part.len <= turn->promised);
		turn->promised -= part.len;
	}
	stage(turn, part, PP_CODE_MORE);
}

void pp_http_stream_copy(
	struct pp_http_exchange *exchange, const struct pp_copy *copy, uint64_t first, size_t len)
{
	struct pp_turn *turn = pp_turn_of(exchange);

	if (!may_write(turn))
		return;
	PP_MUST(!turn->coder && !turn->chunked && !turn->bodyless);
	PP_MUST(len <= PP_HTTP_COPY && len <= turn->promised);
	turn->promised -= len;
	emit(turn, false);
	turn->conn->queued += len;
	turn->conn->copy = pp_copy_name(copy);
	PP_MUST(evbuffer_add_file_segment(turn->conn->out, pp_copy_segment(copy), (ev_off_t)first,
			(ev_off_t)len) == 0);
	turn->full = true;
}

bool pp_http_stream_ready(const struct pp_http_exchange *exchange)
{
	const struct pp_turn *turn = (const struct pp_turn *)(const void *)exchange;

	PP_MUST(exchange->magic == PP_EXCHANGE_MAGIC && turn->streaming);
	return !turn->complete && !turn->full && !turn->conn->aborting;
}

void pp_http_stream_flush(struct pp_http_exchange *exchange)
{
	struct pp_turn *turn = pp_turn_of(exchange);

	PP_MUST(turn->streaming);
	turn->live = true;
	if (turn->complete || turn->conn->aborting)
		return;
	stage(turn, PP_S(""), PP_CODE_FLUSH);
	/* It had closed its side before anybody could know that this stream is live. */
	if (turn->conn->half_closed) {
		turn->conn->aborting = true;
		pp_client_run_soon(turn->conn);
	}
}

void pp_http_stream_end(struct pp_http_exchange *exchange)
{
	struct pp_turn *turn = pp_turn_of(exchange);

	PP_MUST(turn->streaming);
	if (turn->complete)
		return;
	PP_MUST(turn->promised == 0 || turn->promised == PP_HTTP_UNKNOWN || turn->bodyless ||
		turn->conn->aborting);
	stage(turn, PP_S(""), PP_CODE_END);
	pp_client_complete(turn);
}

void pp_http_stream_break(struct pp_http_exchange *exchange)
{
	struct pp_turn *turn = pp_turn_of(exchange);

	PP_MUST(turn->streaming);
	if (turn->complete)
		return;
	/*
	 * Without a last chunk the client sees that something is missing. One of 1.0 would take the
	 * end of the connection for the end of the body: it gets a reset.
	 */
	turn->keep_alive = false;
	if (!turn->chunked) {
		turn->conn->aborting = true;
		pp_client_run_soon(turn->conn);
	}
	pp_client_complete(turn);
}

void pp_stream_drained(struct pp_turn *turn)
{
	turn->full = false;
	if (turn->drained)
		turn->drained(turn->seen.owner);
}
