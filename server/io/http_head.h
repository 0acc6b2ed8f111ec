/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * What the bytes of a request mean, without any input or output: the header block, the target and
 * the framing of the body, each read as strictly as RFC 9110 and RFC 9112 allow. Every function
 * that can refuse returns PP_no_problem or the reason, with an English sentence in *why.
 */
#include <pp/io/http.h>

/* What a byte may be part of; see the table in http_target.c. */
enum pp_http_class {
	PP_IN_TOKEN = 1, /* RFC 9110 §5.6.2 */
	PP_IN_VALUE = 2, /* RFC 9110 §5.5, with blank and tab */
	PP_IN_PATH = 4,  /* RFC 3986 §3.3, with / and % */
	PP_IN_QUERY = 8, /* RFC 3986 §3.4, and what browsers leave as it is */
	PP_IN_HOST = 16, /* RFC 3986 §3.2.2 reg-name, with % */
	PP_IS_HEX = 32,
};
bool pp_http_is(unsigned char c, enum pp_http_class what);
/* All bytes are of that class, and there is at least one. */
bool pp_http_all(struct pp_slice s, enum pp_http_class what);

enum pp_http_framing_kind { PP_FRAMED_EMPTY, PP_FRAMED_LENGTH, PP_FRAMED_CHUNKED };

/* Where the body ends; moves on as the body is read. */
struct pp_http_framing {
	enum pp_http_framing_kind kind;
	uint64_t left;    /* of the body, or of the chunk's data */
	unsigned state;   /* of a chunked body, see http_framing.c */
	unsigned digits;  /* of the chunk size */
	size_t extension; /* bytes of this chunk's extension */
	size_t trailer;   /* bytes of the trailer section */
	bool in_name, empty;
};

struct pp_http_head {
	enum pp_method method;
	bool http_1_0;
	struct pp_slice target; /* as it stands in the request line */
	struct pp_http_framing framing;
	bool keep_alive; /* RFC 9112 §9.3 */
	bool expects_continue;
};

/* The request line alone, without CRLF. */
enum pp_problem pp_http_line_read(
	struct pp_slice line, struct pp_http_head *head, const char **why);

/*
 * The whole header block with the empty line that ends it: fills in the head, and in the exchange
 * all that the block says. The exchange's slices point into the block; its arena is used where they
 * cannot.
 */
enum pp_problem pp_http_head_read(struct pp_slice block, struct pp_http_exchange *exchange,
	struct pp_http_head *head, const char **why);

/*
 * Looks for the end of the header block in what has come so far, from *scanned on (which it moves).
 * Returns its size, or 0 while it is not complete. *broken is set when a line does not end as
 * RFC 9112 §2.2 asks; *line is the size of the request line with its CRLF as soon as that is known.
 */
size_t pp_http_head_end(struct pp_slice so_far, size_t *scanned, size_t *line, bool *broken);

/* RFC 9110 §7.2: uri-host [":" port], not empty. */
bool pp_http_is_host(struct pp_slice host);
/* Sets target, path and query; method and host are set before. RFC 9112 §3.2. */
enum pp_problem pp_http_target_read(
	struct pp_http_exchange *exchange, struct pp_slice target, const char **why);

enum pp_http_framed { PP_FRAME_MORE, PP_FRAME_DONE, PP_FRAME_BROKEN, PP_FRAME_TOO_LARGE };
/*
 * Takes bytes of the body's framing and data: *taken gets how many of them belong to this message.
 * PP_FRAME_TOO_LARGE is an extension over 256 bytes or a trailer section over 8 kB.
 */
enum pp_http_framed pp_http_framing_take(
	struct pp_http_framing *framing, struct pp_slice bytes, size_t *taken);
