/* SPDX-License-Identifier: EUPL-1.2 */
#include "http_head.h"

#define EXTENSION_MOST 256u
#define TRAILER_MOST   8192u

/* RFC 9112 §7.1, one state per place between two bytes. */
enum state {
	SIZE,      /* digits of a chunk's size */
	EXTENSION, /* ;name=value up to CR, not kept */
	SIZE_LF,
	DATA,
	DATA_CR,
	DATA_LF,
	TRAILER, /* the start of a line of the trailer section */
	TRAILER_TEXT,
	TRAILER_LF,
	LAST_LF,
	BROKEN,
	TOO_LARGE,
	DONE,
};

static enum state take_size(struct pp_http_framing *framing, unsigned char c)
{
	static const char digits[] = "0123456789abcdef";

	if (pp_http_is(c, PP_IS_HEX)) {
		const char *digit = strchr(digits, c >= 'A' && c <= 'F' ? c | 0x20 : c);

		/* Fifteen digits are 2^60 bytes: more is an attack on somebody's overflow. */
		if (++framing->digits > 15)
			return BROKEN;
		framing->left = framing->left * 16 + (uint64_t)(digit - digits);
		return SIZE;
	}
	if (framing->digits == 0)
		return BROKEN;
	framing->extension = 0;
	if (c == '\r')
		return SIZE_LF;
	/*
	 * RFC 9112 §7.1.1 bears blanks before the semicolon for old senders' sake; nobody sends
	 * them, and readers differ about them.
	 */
	return c == ';' ? EXTENSION : BROKEN;
}

static enum state take_extension(struct pp_http_framing *framing, unsigned char c)
{
	if (c == '\r')
		return SIZE_LF;
	if (!pp_http_is(c, PP_IN_VALUE))
		return BROKEN;
	return ++framing->extension > EXTENSION_MOST ? TOO_LARGE : EXTENSION;
}

static enum state after_size(struct pp_http_framing *framing)
{
	bool last = framing->left == 0;

	framing->digits = 0;
	framing->in_name = framing->empty = true;
	return last ? TRAILER : DATA;
}

/* RFC 9112 §7.1.2: trailers are checked like header fields and dropped (§6.5.1 allows that). */
static enum state take_trailer(struct pp_http_framing *framing, unsigned char c, enum state state)
{
	if (++framing->trailer > TRAILER_MOST)
		return TOO_LARGE;
	if (state == TRAILER && c == '\r')
		return LAST_LF;
	if (framing->in_name) {
		if (c == ':' && !framing->empty)
			framing->in_name = false;
		else if (!pp_http_is(c, PP_IN_TOKEN))
			return BROKEN;
		framing->empty = false;
		return TRAILER_TEXT;
	}
	if (c == '\r')
		return TRAILER_LF;
	return pp_http_is(c, PP_IN_VALUE) ? TRAILER_TEXT : BROKEN;
}

static enum state take_byte(struct pp_http_framing *framing, unsigned char c)
{
	switch ((enum state)framing->state) {
	case SIZE:
		return take_size(framing, c);
	case EXTENSION:
		return take_extension(framing, c);
	case SIZE_LF:
		return c == '\n' ? after_size(framing) : BROKEN;
	case DATA_CR:
		return c == '\r' ? DATA_LF : BROKEN;
	case DATA_LF:
		return c == '\n' ? SIZE : BROKEN;
	case TRAILER:
	case TRAILER_TEXT:
		return take_trailer(framing, c, (enum state)framing->state);
	case TRAILER_LF:
		framing->in_name = framing->empty = true;
		return c == '\n' ? TRAILER : BROKEN;
	case LAST_LF:
		return c == '\n' ? DONE : BROKEN;
	case DATA:
	case BROKEN:
	case TOO_LARGE:
	case DONE:
		break;
	}
	return BROKEN;
}

static size_t take_data(struct pp_http_framing *framing, size_t most)
{
	size_t data = framing->left < most ? (size_t)framing->left : most;

	framing->left -= data;
	return data;
}

static enum pp_http_framed take_chunked(
	struct pp_http_framing *framing, struct pp_slice bytes, size_t *taken)
{
	size_t at = 0;

	while (at < bytes.len && framing->state < BROKEN) {
		if (framing->state == DATA) {
			at += take_data(framing, bytes.len - at);
			if (framing->left == 0)
				framing->state = DATA_CR;
		} else {
			framing->state = take_byte(framing, (unsigned char)bytes.at[at++]);
		}
	}
	*taken = at;
	if (framing->state == DONE)
		return PP_FRAME_DONE;
	if (framing->state == TOO_LARGE)
		return PP_FRAME_TOO_LARGE;
	return framing->state == BROKEN ? PP_FRAME_BROKEN : PP_FRAME_MORE;
}

enum pp_http_framed pp_http_framing_take(
	struct pp_http_framing *framing, struct pp_slice bytes, size_t *taken)
{
	*taken = 0;
	if (framing->kind == PP_FRAMED_CHUNKED)
		return take_chunked(framing, bytes, taken);
	if (framing->kind == PP_FRAMED_LENGTH)
		*taken = take_data(framing, bytes.len);
	return framing->left ? PP_FRAME_MORE : PP_FRAME_DONE;
}
