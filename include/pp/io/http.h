/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * HTTP/1.1 (RFC 9110, RFC 9112) on a listening socket: reads requests, refuses what is invalid or
 * ambiguous, writes replies. It knows nothing of routes. One exchange is one request with its
 * reply; an exchange lives until its reply is complete or the client is gone, and a connection
 * carries one exchange at a time (input that was pipelined waits unread: back-pressure by TCP).
 *
 * Life of an exchange: hooks.head is called when the header block is complete and says how the
 * body shall be taken; hooks.ready when the last byte of the body was read (PP_BODY_STREAM: at
 * once, and the owner takes the body itself); then the owner replies, at once or later. hooks.gone
 * is called when the client left before the reply was complete, or the exchange failed while its
 * body came in: after it the exchange's memory stays valid until the owner calls pp_http_release.
 * Exactly one pp_http_release per exchange that reached hooks.head.
 *
 * Hooks are called from the loop only, never from within a function of this header (pp_http_close
 * excepted), so an owner may reply, stream and release wherever it stands. docs/api/http.md says
 * what clients see.
 */
#include <pp/base/buf.h>
#include <pp/base/problem.h>
#include <pp/io/copies.h>
#include <pp/io/loop.h>

#define PP_HTTP_FIELDS       64    /* header fields, more is 431 */
#define PP_HTTP_HEADER_BYTES 16384 /* header block, more is 431 */
#define PP_HTTP_LINE_BYTES   8192  /* request line, more is 414 */

enum pp_method { PP_GET, PP_HEAD, PP_POST, PP_PUT, PP_PATCH, PP_DELETE, PP_OPTIONS, PP_METHODS };
extern const char *const pp_method_names[PP_METHODS];

struct pp_http_field {
	struct pp_slice name, value; /* value trimmed (RFC 9110 §5.5) */
};

/* How the body of this request is taken; the limit is checked before and while it is read. */
enum pp_http_body { PP_BODY_NONE, PP_BODY_MEMORY, PP_BODY_FILE, PP_BODY_STREAM };
struct pp_http_intake {
	enum pp_http_body body;
	uint64_t limit; /* bytes; more is 413, before it is read where Content-Length says so */
};

struct pp_http_exchange {
	unsigned magic;
	enum pp_method method;
	struct pp_slice target; /* as sent, absolute form reduced to origin form */
	struct pp_slice path;   /* percent-decoded once, no dot segments, no %2F, no NUL */
	struct pp_slice query;  /* raw, without the question mark */
	struct pp_slice host;
	struct pp_http_field fields[PP_HTTP_FIELDS];
	size_t field_count;
	struct pp_slice peer; /* "127.0.0.1", "::1", or "unix" */
	bool http_1_0;
	struct pp_slice body; /* PP_BODY_MEMORY, complete at hooks.ready */
	int body_fd; /* PP_BODY_FILE: unlinked file, offset 0, owned by the exchange; else -1 */
	struct pp_slice body_sha256; /* PP_BODY_FILE: of its bytes, raw, at hooks.ready */
	uint64_t body_size;
	int64_t started_us;     /* monotonic: first byte of the request */
	int64_t received_utc;   /* UTC µs: the last byte of the request was read (legal receipt) */
	struct pp_arena *arena; /* the exchange's own; ends with pp_http_release */
	void *owner;            /* for the hooks' use */
};

struct pp_http_hooks {
	/* Returns false after it has itself replied (a refusal before the body is read). */
	bool (*head)(void *ctx, struct pp_http_exchange *exchange, struct pp_http_intake *intake);
	void (*ready)(void *ctx, struct pp_http_exchange *exchange);
	void (*gone)(void *ctx, struct pp_http_exchange *exchange);
	/* A request that could not even be parsed was refused: for the log and the counters. */
	void (*refused)(void *ctx, enum pp_problem problem, struct pp_slice peer);
	/* Writes the body of that refusal (problem+json); the media type is fixed. */
	void (*refusal)(void *ctx, enum pp_problem problem, const char *detail, struct pp_buf *out);
};

struct pp_http_limits {
	int64_t header_us;     /* first byte to end of header block; 10 s, then 408 */
	int64_t body_grace_us; /* 10 s, then body_rate counts */
	uint64_t body_rate;    /* bytes/s at least, averaged since the grace; 1,000 */
	int64_t body_total_us; /* 10 min */
	uint64_t drain_rate;   /* bytes/s of a reply at least, in each three graces; 1,000 */
	int64_t idle_us;       /* keep-alive between requests; 15 s */
	int64_t linger_us;     /* so long a refused client may still send; 5 s */
	unsigned connections;  /* of this process; accepting pauses above */
	unsigned connections_per_peer;    /* IPv4 address or IPv6 /64; Unix sockets are exempt */
	unsigned requests_per_connection; /* 1,000, then Connection: close */
};
extern const struct pp_http_limits pp_http_default_limits;

struct pp_http;

/*
 * Serves on sockets that already listen (inherited from the master; nonblocking) and never closes
 * them. Limits and hooks are kept, not copied.
 */
struct pp_http *pp_http_open(struct pp_loop *loop, const struct pp_http_limits *limits,
	const struct pp_http_hooks *hooks, void *ctx);
void pp_http_listen(struct pp_http *http, int fd);
/*
 * Stops accepting and answers what is under way with Connection: close. Idle connections may bring
 * a request for one second more, because it may have been sent already. All is said when
 * pp_http_connections is 0: an exchange may be released while its reply still goes out.
 */
void pp_http_drain(struct pp_http *http);
size_t pp_http_connections(const struct pp_http *http);
size_t pp_http_exchanges(const struct pp_http *http);
/*
 * Closes whatever is left; hooks.gone is called for every open exchange. What the owner has not
 * released then may be released later. Not from within a hook. NULL is allowed.
 */
void pp_http_close(struct pp_http *http);

/* Whether the request announces a body, of whatever length. */
bool pp_http_has_body(const struct pp_http_exchange *exchange);

/*
 * The value of the field of that name (lower or upper case), or an empty slice. Several lines of a
 * list are joined as RFC 9110 §5.3 says; a field that may come once came once, or was refused.
 */
struct pp_slice pp_http_field(const struct pp_http_exchange *exchange, struct pp_slice name);
/* The weight q among the parameters of a member of Accept and its like, in thousandths (RFC 9110
 * §12.4.2): 1000 where there is none, -1 where it is no weight. */
int pp_http_weight(struct pp_slice parameters);

/*
 * PP_BODY_STREAM, from hooks.ready on: piece is called on the loop with bytes of the body as they
 * come, until it returns false or the last byte was read; then stopped is called, once. After false
 * up to PP_HTTP_PIECE bytes may still come. Who wants more calls this again. Nothing is read while
 * nobody takes, so that the client waits; 100-continue is said when the first byte is asked for.
 * From piece nothing of this header may be called; from stopped one may reply, and received_utc is
 * set when it was the last byte. A reply before that closes the connection. Too slow a client is
 * refused, and hooks.gone called, with what came until then.
 */
#define PP_HTTP_PIECE 65536
void pp_http_take(struct pp_http_exchange *exchange,
	bool (*piece)(void *owner, struct pp_slice piece), void (*stopped)(void *owner, bool last));

/*
 * Replies. Fields are added before the reply begins, value copied, name kept; Date, Connection,
 * Content-Type, Content-Length or Transfer-Encoding and "Vary: Accept-Encoding" are the server's
 * own. A strong ETag is that of the plain bytes: of coded ones the server makes another of it, by
 * "-br" or "-gzip" at its end (RFC 9110 §8.8.3.3). For HEAD the body is counted and not sent. Field
 * values with CR, LF or NUL abort (they are ours). After hooks.gone replies and streams are allowed
 * and do nothing.
 */
void pp_http_add(struct pp_http_exchange *exchange, const char *name, struct pp_slice value);
/*
 * Which coding the client accepts best of those that we make: "br", "gzip" or NULL (RFC 9110
 * §12.5.3). An owner that has coded bodies ready asks this and adds Content-Encoding itself.
 */
const char *pp_http_coding(struct pp_http_exchange *exchange);
/* The opaque part of an entity tag that a client names, without what the server has put at its end.
 */
struct pp_slice pp_http_plain_tag(struct pp_slice opaque);
/* The body in a coding that pp_http_coding has named, for owners that keep it. */
void pp_http_code(const char *coding, struct pp_slice body, struct pp_buf *out);
/*
 * One whole reply. The body is copied or sent before this returns; compressed where that pays
 * (compress true, at least 1 kB, accepted by the client, no Content-Encoding added). A reply from
 * hooks.head or before hooks.ready closes the connection where the request has a body.
 */
void pp_http_reply(struct pp_http_exchange *exchange, int status, struct pp_slice media_type,
	struct pp_slice body, bool compress);

/*
 * A reply piece by piece; length is its Content-Length, or PP_HTTP_UNKNOWN: then it is chunked in
 * 1.1 and goes until close in 1.0. From hooks.ready on. One of known length is never compressed,
 * and ends after exactly so many bytes (of HEAD after none). Write what you have while
 * pp_http_stream_ready is true; drained (or NULL) is called when there is room again (256 kB high,
 * 64 kB low). Small parts are gathered to 16 kB. An owner that does not ask loses the client
 * (hooks.gone) when more than 1 MB waits.
 */
#define PP_HTTP_UNKNOWN UINT64_MAX
void pp_http_stream_begin(struct pp_http_exchange *exchange, int status, struct pp_slice media_type,
	uint64_t length, bool compress, void (*drained)(void *owner));
void pp_http_stream_write(struct pp_http_exchange *exchange, struct pp_slice part);
bool pp_http_stream_ready(const struct pp_http_exchange *exchange);
/*
 * The same for bytes of a copy, PP_HTTP_COPY at a time, of a reply of known length: the kernel
 * sends them, so they take no memory, and the copy may be released before they are sent. Not for
 * HEAD. Where the file turns out to be shorter the connection ends.
 */
#define PP_HTTP_COPY (UINT32_C(2) << 20)
void pp_http_stream_copy(
	struct pp_http_exchange *exchange, const struct pp_copy *copy, uint64_t first, size_t len);
/*
 * For events: sends what was gathered and what a coder holds. A stream that was flushed once is
 * live: a client that closes its side has left it, whereas one that asked for a download may do so.
 */
void pp_http_stream_flush(struct pp_http_exchange *exchange);
void pp_http_stream_end(struct pp_http_exchange *exchange);
/* Ends without the last chunk, so that the client notices that the reply is not complete. */
void pp_http_stream_break(struct pp_http_exchange *exchange);

/* The owner needs the exchange no more. After a complete reply, or after hooks.gone. */
void pp_http_release(struct pp_http_exchange *exchange);
