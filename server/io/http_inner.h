/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * What the files of the HTTP server share. http.c has the server: sockets, limits, clock;
 * http_conn.c and http_steps.c a connection; http_body.c the bodies that come in; http_reply.c and
 * http_stream.c what goes out; http_head.h what bytes mean.
 */
#include <llhttp.h>

#include <pp/base/list.h>
#include <pp/base/clock.h>
#include <pp/io/http.h>
#include <pp/io/secret.h>

#include "copies_inner.h"
#include "http_coding.h"
#include "http_head.h"

struct bufferevent;
struct evbuffer;
struct pp_client;

#define PP_HTTP_MAGIC     0x48545450u
#define PP_CLIENT_MAGIC   0x434c4e54u
#define PP_EXCHANGE_MAGIC 0x45584348u

#define PP_HTTP_READ_HIGH PP_HTTP_PIECE
#define PP_HTTP_OUT_HIGH  262144u
#define PP_HTTP_OUT_LOW   65536u
/* An owner that writes on without asking whether there is room loses its client here. */
#define PP_HTTP_OUT_MOST (4 * PP_HTTP_OUT_HIGH)

/* ---- peers: connections per address (http_peer.c) ---- */

struct pp_peer {
	uint64_t address; /* IPv4, or the first 64 bits of IPv6 */
	unsigned family;  /* 0: not counted */
};
struct pp_peers;

struct pp_peers *pp_peers_open(unsigned connections);
void pp_peers_close(struct pp_peers *peers);
/* One more connection of that peer, unless it has so many already. */
bool pp_peers_join(struct pp_peers *peers, struct pp_peer peer, unsigned most);
void pp_peers_leave(struct pp_peers *peers, struct pp_peer peer);

struct sockaddr;
#define PP_PEER_TEXT 46
/* Who is at the other end: the key, and its text. */
struct pp_peer pp_peer_of(const struct sockaddr *address, char text[PP_PEER_TEXT]);

/* ---- the server (http.c) ---- */

struct pp_http {
	unsigned magic;
	struct pp_loop *loop;
	const struct pp_http_limits *limits;
	const struct pp_http_hooks *hooks;
	void *ctx;
	struct pp_link listeners, connections;
	struct pp_link again;     /* connections that go on in the next turn */
	struct pp_link *sweeping; /* the next one to look at; moved on when that one closes */
	size_t connection_count, exchange_count;
	struct pp_timer *tick, *soon;
	int64_t tick_us, give_back_at;
	bool ticking, paused, draining, closed;
	bool has_spare; /* large pieces were held, and some may be free again */
	struct pp_peers *peers;
	struct pp_coders coders;
	char date[PP_HTTP_DATE_SIZE]; /* RFC 9110 §6.6.1, of this second */
	int64_t date_second;
};

/* Takes over a connected, nonblocking socket; false (and closed) where the peer has too many. */
bool pp_http_adopt(struct pp_http *http, int fd, const struct sockaddr *address);
/* Looks at every deadline as of that instant. */
void pp_http_sweep(struct pp_http *http, int64_t now_us);
struct pp_slice pp_http_date(struct pp_http *http);
void pp_http_resume(struct pp_http *http);
void pp_http_free_if_over(struct pp_http *http);

/* ---- a connection (http_conn.c, http_steps.c) ---- */

enum pp_client_state {
	PP_CLIENT_IDLE,   /* no byte of a request yet */
	PP_CLIENT_HEAD,   /* the header block comes in */
	PP_CLIENT_BODY,   /* the body comes in */
	PP_CLIENT_TAKE,   /* the owner takes the body piece by piece */
	PP_CLIENT_OWNER,  /* the owner has the request, and perhaps streams */
	PP_CLIENT_FLUSH,  /* the reply is complete and goes out */
	PP_CLIENT_LINGER, /* all is said; what still comes is thrown away, so that it is heard */
	PP_CLIENT_STATES
};

struct pp_turn;

struct pp_client {
	unsigned magic;
	enum pp_client_state state;
	struct pp_link link, again;
	struct pp_http *http;
	struct bufferevent *bev;
	struct evbuffer *in, *out; /* of bev */
	struct pp_turn *turn;      /* the exchange from its header block to its complete reply */
	struct pp_peer peer;
	char peer_text[PP_PEER_TEXT];
	bool running;     /* in pp_client_run: whoever changes the state need not go on itself */
	bool reading;     /* EV_READ is on */
	bool half_closed; /* the client will send no more */
	bool close;       /* after this reply */
	bool linger;      /* with something of the client's still unread */
	bool skipped;     /* the one empty line of RFC 9112 §2.2 */
	bool aborting;    /* the reply cannot be completed: on the next turn the connection ends */
	unsigned requests;
	size_t scanned, line; /* of the header block, see pp_http_head_end */
	int64_t since_us;     /* when the state was entered */
	int64_t read_utc;     /* of the last read */
	uint64_t lingered;
	/* The reply's way out, for the minimum rate. */
	uint64_t queued; /* bytes handed to the kernel or to out, ever */
	uint64_t out_base;
	int64_t out_since_us;     /* since when something has been waiting; 0 when nothing is */
	struct pp_copy_name copy; /* the last one that was put in */
	/* The body's way in. */
	struct pp_http_framing framing;
	llhttp_t parser;
};

/* An exchange as its owner sees it, and what this room keeps behind it. */
struct pp_turn {
	struct pp_http_exchange seen; /* first: its address is the turn's */
	struct pp_arena arena;
	struct pp_http *http;
	struct pp_client *conn; /* NULL after the reply is complete or the client is gone */
	struct pp_http_intake intake;
	struct pp_buf *body;
	struct pp_sha256_run hash; /* of a body that goes to a file */
	bool known;                /* hooks.head has been called */
	bool complete;             /* the reply is, or never will be */
	bool varies;               /* by Accept-Encoding */
	bool keep_alive;
	bool expects_continue;
	bool message_complete; /* llhttp's word */
	enum pp_problem body_problem;
	/* Of a body that its owner takes. */
	bool (*piece)(void *owner, struct pp_slice piece);
	void (*stopped)(void *owner, bool last);
	bool has_enough; /* until the owner asks again */
	bool is_read;    /* to its last byte */
	uint64_t taken_before;
	/* The reply. */
	struct pp_added *added, **added_end;
	bool replied, streaming, live, chunked, bodyless, full;
	uint64_t promised; /* Content-Length of a stream, less what was written of it */
	struct pp_coder *coder;
	struct pp_buf *head, *staged; /* of a stream: what has not been sent yet */
	void (*drained)(void *owner);
};

struct pp_added {
	struct pp_added *next;
	struct pp_slice name, value;
};

struct pp_client *pp_client_open(
	struct pp_http *http, int fd, struct pp_peer peer, const char *text);
/* Ends the connection at once; hooks.gone is called where an exchange is open. */
void pp_client_close(struct pp_client *conn);
/* As pp_client_close, but throws away what the kernel still holds (RST). */
void pp_client_abort(struct pp_client *conn);
void pp_client_run(struct pp_client *conn);
/* Runs on the next turn of the loop. */
void pp_client_run_soon(struct pp_client *conn);
void pp_client_enter(struct pp_client *conn, enum pp_client_state state);
/* A body that will not be read any more: the connection cannot go on after the reply. */
bool pp_client_has_unread(const struct pp_client *conn);
/* After the last byte of a reply was handed over: the exchange is the owner's alone. */
void pp_client_complete(struct pp_turn *turn);
/* Answers a request that cannot be, and closes; hooks.gone where the owner knows of it. */
void pp_client_refuse(struct pp_client *conn, enum pp_problem problem, const char *why);
/* Checks the deadline of the connection's state. May close it. */
void pp_client_sweep(struct pp_client *conn, int64_t now_us);

void pp_turn_free(struct pp_turn *turn);

/* ---- bodies (http_body.c) ---- */

/* Lets llhttp read the header block too; false when it sees another message than we do. */
PP_CHECKED bool pp_body_agrees(
	struct pp_client *conn, struct pp_slice block, const struct pp_http_head *head);
/* Prepares for the body; the problem where Content-Length says more than the limit. */
enum pp_problem pp_body_begin(struct pp_client *conn, const char **why);
/* Takes what is there. PP_FRAME_BROKEN and PP_FRAME_TOO_LARGE come with the problem. */
enum pp_http_framed pp_body_take(
	struct pp_client *conn, enum pp_problem *problem, const char **why);
/* The last byte was read: body and body_fd are what the owner shall see. */
void pp_body_end(struct pp_turn *turn);
/* Closes the file where there is one. */
void pp_body_close(struct pp_turn *turn);

/* ---- replies (http_reply.c, http_stream.c) ---- */

/* Puts bytes on their way: to the kernel where that takes them, else behind what waits. */
void pp_client_send(struct pp_client *conn, struct pp_slice head, struct pp_slice body);
/* Status line and fields; length is UINT64_MAX where it is not known. */
void pp_reply_head(struct pp_turn *turn, struct pp_buf *out, int status, struct pp_slice media_type,
	enum pp_coding coding, uint64_t length);
void pp_refusal_write(struct pp_http *http, struct pp_buf *out, enum pp_problem problem,
	const char *why, bool bodyless);
bool pp_turn_was_added(const struct pp_turn *turn, struct pp_slice name);
/* Something went out: tells a stream that there is room again. */
void pp_stream_drained(struct pp_turn *turn);

static inline struct pp_turn *pp_turn_of(struct pp_http_exchange *exchange)
{
	return PP_CAST(pp_turn, exchange, PP_EXCHANGE_MAGIC);
}
