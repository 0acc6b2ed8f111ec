/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Bodies as they come in. Our own reading of the framing says where the body ends; llhttp reads the
 * same bytes and hands out the data. A request is taken only where both see the same message.
 */
#include "http_inner.h"

#include <errno.h>
#include <unistd.h>

#include <event2/buffer.h>

#include <pp/base/file.h>
#include <pp/base/log.h>

#define FIRST_ROOM 65536u

static struct pp_turn *turn_of(llhttp_t *parser)
{
	struct pp_client *conn = PP_CAST(pp_client, parser->data, PP_CLIENT_MAGIC);

	return conn->turn;
}

static int headers_complete(llhttp_t *parser)
{
	/* RFC 9110 §7.8: Upgrade is an offer, which we never take; the message ends where it ends.
	 */
	parser->upgrade = 0;
	return 0;
}

static int body_data(llhttp_t *parser, const char *at, size_t len)
{
	struct pp_turn *turn = turn_of(parser);

	turn->seen.body_size += len;
	if (turn->seen.body_size > turn->intake.limit || turn->intake.body == PP_BODY_NONE) {
		turn->body_problem = PP_body_too_large;
	} else if (turn->intake.body == PP_BODY_MEMORY) {
		pp_buf_add(turn->body, at, len);
	} else if (turn->intake.body == PP_BODY_STREAM) {
		turn->has_enough |= !turn->piece(turn->seen.owner, pp_slice(at, len));
	} else if (!pp_write_all(turn->seen.body_fd, pp_slice(at, len))) {
		pp_log(PP_ERROR, "body_not_stored", "%s", strerror(errno));
		turn->body_problem = PP_storage_full;
	} else {
		/* While the piece is in the cache; a file of 200 MB costs no pause in the end. */
		pp_sha256_feed(&turn->hash, pp_slice(at, len));
	}
	return 0;
}

static int message_complete(llhttp_t *parser)
{
	turn_of(parser)->message_complete = true;
	return 0;
}

static const llhttp_settings_t settings = {
	.on_headers_complete = headers_complete,
	.on_body = body_data,
	.on_message_complete = message_complete,
};

bool pp_body_agrees(struct pp_client *conn, struct pp_slice block, const struct pp_http_head *head)
{
	static const unsigned char methods[PP_METHODS] = { [PP_GET] = HTTP_GET,
		[PP_HEAD] = HTTP_HEAD,
		[PP_POST] = HTTP_POST,
		[PP_PUT] = HTTP_PUT,
		[PP_PATCH] = HTTP_PATCH,
		[PP_DELETE] = HTTP_DELETE,
		[PP_OPTIONS] = HTTP_OPTIONS };
	llhttp_t *parser = &conn->parser;
	bool empty = head->framing.kind == PP_FRAMED_EMPTY;
	bool chunked = head->framing.kind == PP_FRAMED_CHUNKED;

	llhttp_init(parser, HTTP_REQUEST, &settings);
	parser->data = conn;
	if (llhttp_execute(parser, block.at, block.len) != HPE_OK ||
		parser->method != methods[head->method] || parser->http_major != 1 ||
		parser->http_minor != (head->http_1_0 ? 0 : 1) ||
		conn->turn->message_complete != empty)
		return false;
	/* After a complete message llhttp has forgotten its flags. */
	return empty ||
		(!!(parser->flags & F_CHUNKED) == chunked &&
			(chunked || parser->content_length == head->framing.left));
}

enum pp_problem pp_body_begin(struct pp_client *conn, const char **why)
{
	struct pp_turn *turn = conn->turn;
	uint64_t limit = turn->intake.body == PP_BODY_NONE ? 0 : turn->intake.limit;
	uint64_t left = conn->framing.kind == PP_FRAMED_LENGTH ? conn->framing.left : 0;

	*why = "the body is larger than is taken here";
	if (left > limit)
		return PP_body_too_large;
	if (turn->intake.body == PP_BODY_MEMORY) {
		turn->body = pp_buf_make(&turn->arena);
		/* What was announced may never come: the buffer grows with what does. */
		if (left)
			pp_buf_room(turn->body, left < FIRST_ROOM ? (size_t)left : FIRST_ROOM);
	} else if (turn->intake.body == PP_BODY_FILE) {
		*why = "the body cannot be stored right now";
		turn->seen.body_fd = pp_open_nameless();
		if (turn->seen.body_fd < 0) {
			pp_log(PP_ERROR, "body_not_stored", "%s", strerror(errno));
			return PP_storage_full;
		}
		pp_sha256_begin(&turn->hash);
	}
	return PP_no_problem;
}

static const char *reason(enum pp_problem problem)
{
	switch (problem) {
	case PP_body_too_large:
		return "the body is larger than is taken here";
	case PP_storage_full:
		return "the body cannot be stored right now";
	case PP_header_too_large:
		return "a chunk extension or the trailer section is too large";
	default:
		return "the chunks of the body are not what RFC 9112 says";
	}
}

/* One contiguous piece. */
static enum pp_http_framed take_piece(
	struct pp_client *conn, struct pp_slice piece, enum pp_problem *problem)
{
	struct pp_turn *turn = conn->turn;
	size_t taken;
	enum pp_http_framed framed = pp_http_framing_take(&conn->framing, piece, &taken);
	bool agrees;

	*problem = framed == PP_FRAME_TOO_LARGE ? PP_header_too_large : PP_malformed_request;
	if (framed == PP_FRAME_BROKEN || framed == PP_FRAME_TOO_LARGE)
		return framed;
	agrees = llhttp_execute(&conn->parser, piece.at, taken) == HPE_OK &&
		turn->message_complete == (framed == PP_FRAME_DONE);
	evbuffer_drain(conn->in, taken);
	if (agrees && !turn->body_problem)
		return framed;
	if (turn->body_problem)
		*problem = turn->body_problem;
	return PP_FRAME_BROKEN;
}

static struct pp_slice first_piece(struct evbuffer *in)
{
	size_t len = evbuffer_get_contiguous_space(in);

	/* Pulling up what is contiguous moves nothing. */
	if (len == 0)
		len = evbuffer_get_length(in);
	return pp_slice((const char *)evbuffer_pullup(in, (ev_ssize_t)len), len);
}

enum pp_http_framed pp_body_take(struct pp_client *conn, enum pp_problem *problem, const char **why)
{
	enum pp_http_framed framed = conn->framing.kind == PP_FRAMED_EMPTY ? PP_FRAME_DONE
									   : PP_FRAME_MORE;

	*problem = PP_no_problem;
	/* Asked for its length: an empty buffer may still show a piece without a byte. */
	while (framed == PP_FRAME_MORE && evbuffer_get_length(conn->in) && !conn->turn->has_enough)
		framed = take_piece(conn, first_piece(conn->in), problem);
	*why = reason(*problem);
	return framed;
}

void pp_body_end(struct pp_turn *turn)
{
	unsigned char *hash;

	if (turn->body)
		turn->seen.body = pp_buf_all(turn->body);
	if (turn->seen.body_fd < 0)
		return;
	PP_MUST(lseek(turn->seen.body_fd, 0, SEEK_SET) == 0);
	hash = pp_alloc(&turn->arena, PP_SHA256_SIZE);
	pp_sha256_end(&turn->hash, hash);
	turn->seen.body_sha256 = pp_slice((char *)hash, PP_SHA256_SIZE);
}

void pp_body_close(struct pp_turn *turn)
{
	if (turn->seen.body_fd >= 0)
		close(turn->seen.body_fd);
	turn->seen.body_fd = -1;
}
