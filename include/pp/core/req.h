/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * A request on its way through the house: route, who, may, body, then the steps of the route, then
 * the reply. A step decides and asks; it never blocks and never calls another step. All that one
 * step asks goes out together: one round trip, one transaction. The runner in req.c is the only
 * place that resumes a request, and a request is released only when nothing is outstanding.
 */
#include <pp/core/caller.h>
#include <pp/core/server.h>
#include <pp/fmt/json.h>
#include <pp/io/packed.h>

#define PP_REQ_MAGIC      0x50505251u
#define PP_BINDINGS       24
#define PP_SESSION_COOKIE PP_S("__Host-pp_session")

struct pp_bearer;

struct pp_who {
	struct pp_slice account, body, email;
	struct pp_slice roles;      /* of the body or the account, separated by blanks */
	unsigned may;               /* bits of enum pp_may */
	struct pp_slice credential; /* SHA-256 of the token or cookie, raw; empty for nobody */
	bool is_session;
	struct pp_slice level;    /* of assurance, how it was proved: NORMAL, SUBSTANTIELL, HOCH */
	int64_t authenticated_s;  /* when, since 1970; 0: nobody says */
	struct pp_slice token;    /* an access token of an issuer, or empty */
	struct pp_bearer *bearer; /* what is being found out of it */
};

struct pp_binding {
	struct pp_slice name, value; /* value.at == NULL: SQL NULL */
};

struct pp_req {
	unsigned magic;
	struct pp_server *server;
	struct pp_link link;
	struct pp_http_exchange *exchange;
	struct pp_arena *arena;
	char id[37];
	struct pp_match match;
	const struct pp_route *route;
	struct pp_who who;
	struct pp_caller caller;
	bool english;              /* Accept-Language prefers it; German is the default */
	struct pp_json *body;      /* checked against the route's fields, or NULL */
	struct pp_slice body_text; /* the same as JSON text; geometries as hexadecimal WKB */
	struct pp_slice geometry;  /* the body's own geometry member, raw GeoJSON text */
	struct pp_binding params[PP_BINDINGS]; /* the query string, decoded */
	size_t param_count;
	struct pp_binding bindings[PP_BINDINGS];
	size_t binding_count;

	pp_step *const *step;       /* the next one */
	bool in_route;              /* past the prologue */
	void *state;                /* the room's, see pp_state */
	struct pp_batch *batch;     /* what the running step asks */
	struct pp_batch *under_way; /* what was asked and not answered yet */
	struct pp_arena *questions; /* where that lies; NULL: in arena (pp_ask_anew) */
	struct pp_flow *flow;       /* of a body that comes or goes piece by piece */
	struct pp_copy *copy;       /* from which a file is sent, see copies.h */
	/* Called once when the client leaves, where what it waits for is nobody's alone; takes back
	 * what that has counted as outstanding. NULL: nothing is to be done. */
	void (*leave)(struct pp_req *req, void *ctx);
	void *leave_ctx;
	struct pp_frame *signatures;      /* of receipts in the reply, see receipts.h */
	struct pp_rows *rows;             /* the answer to a plain route's query */
	enum pp_problem to_catch, caught; /* see pp_catch */
	unsigned outstanding;             /* batches and questions to workers that are under way */
	bool open;                        /* no reply yet */
	bool gone;                        /* the client left */
	bool streaming;
	bool flowing;     /* a reply goes out piece by piece */
	bool is_page;     /* the reply is the application, whatever was asked for */
	bool is_own_page; /* the reply is a page that the server has written, in its place */
	bool has_form;    /* the body is a form */
	bool has_file;    /* the body is a file of a media type of the route */
	bool has_fault;
	struct pp_fault fault;  /* the refusal, or the first failure of what was asked */
	struct pp_wrong *wrong; /* fields and parameters that are refused */
	int64_t deadline_at;    /* monotonic; for everything that is asked */

	int status;
	int64_t db_us, asked_at;
	uint64_t bytes;
};

/* Hooks of the HTTP server, for server/process/web.c. */
extern const struct pp_http_hooks pp_req_hooks;

/* The value of a cookie, or an empty slice. */
struct pp_slice pp_cookie(struct pp_req *req, struct pp_slice name);

/* The room's state in this request: zeroed when first asked for. */
#define pp_state(req, type) ((type *)pp_req_state((req), sizeof(type)))
void *pp_req_state(struct pp_req *req, size_t size);

/* A path parameter of the route; aborts when the route has none of that name. */
struct pp_slice pp_path(const struct pp_req *req, const char *name);
/* A decoded parameter of the query string; at == NULL where it was not sent. */
struct pp_slice pp_param(const struct pp_req *req, const char *name);

/* application/x-www-form-urlencoded (URL standard §5.1): + is a blank, %XX a byte. False where the
 * result is no UTF-8. */
PP_CHECKED bool pp_form_read(struct pp_arena *arena, struct pp_slice raw, struct pp_slice *out);
/* "name=value", with an & before it where something stands there already. */
void pp_form_add(struct pp_buf *form, const char *name, struct pp_slice value);

/* Names a value that a query may take as parameter; path and query-string parameters and the
 * reserved names (body, idempotency_key, request_sha256, if_match, at, row_limit, cursor, lang,
 * status_token, invitation_link, upload_token) are bound by themselves. The value must live as long
 * as the request. */
void pp_bind(struct pp_req *req, const char *name, struct pp_slice value);
void pp_bind_null(struct pp_req *req, const char *name);

/* What a parameter of that name is bound to. */
struct pp_slice pp_value(const struct pp_req *req, const char *name);

/* Adds a named query to what this step asks; *rows is there in the next step. */
void pp_ask(struct pp_req *req, const char *query, struct pp_rows **rows);
/* The same of a query that may have been made at run time, with its parameters in their order. A
 * batch of such ones runs on a slow lane, and is cancelled when the client leaves. */
void pp_ask_query(struct pp_req *req, const struct pp_query *query, const struct pp_slice *values,
	struct pp_rows **rows);
/* The next refusal of this problem by the database does not end the request: req->caught names it.
 */
void pp_catch(struct pp_req *req, enum pp_problem problem);
/* Asks the least busy geometry worker; *reply is there in the next step (frames in
 * server/process/geometry.h). */
void pp_ask_geometry(
	struct pp_req *req, uint16_t kind, struct pp_slice payload, struct pp_frame *reply);
/* Hands the exchange's file to a fresh file job; its frames come to take() until the last. */
void pp_ask_file(struct pp_req *req, uint16_t kind, struct pp_slice payload,
	void (*take)(struct pp_req *req, void *ctx, const struct pp_frame *frame), void *ctx);
/* Asks the clerk process (password hashes). */
void pp_ask_clerk(
	struct pp_req *req, uint16_t kind, struct pp_slice payload, struct pp_frame *reply);
/* The same, where the request goes on without an answer: then reply->kind is PP_FRAME_FAILED. */
void pp_try_clerk(
	struct pp_req *req, uint16_t kind, struct pp_slice payload, struct pp_frame *reply);
/* Goes on with this step of the route's table instead of the following one. */
void pp_go_to(struct pp_req *req, pp_step *step);

/* Refusals and replies end the steps: `return pp_refuse(…)`. */
enum pp_next pp_refuse(struct pp_req *req, enum pp_problem problem, const char *format, ...)
	PP_PRINTF(3, 4);
enum pp_next pp_refuse_fault(struct pp_req *req, const struct pp_fault *fault);
/* A field of the body or a parameter is wrong: all are collected, then refused together. */
void pp_wrong(struct pp_req *req, struct pp_slice pointer, const char *format, ...) PP_PRINTF(3, 4);
/* Whether that is among them. */
bool pp_is_wrong(const struct pp_req *req, struct pp_slice pointer);
enum pp_next pp_refuse_wrong(struct pp_req *req, enum pp_problem problem);
enum pp_next pp_reply(struct pp_req *req, int status, const char *media_type, struct pp_slice body);
/* 200 with an ETag of these bytes, or 304 to whoever has them: for what has no version of its own.
 */
enum pp_next pp_reply_tagged(struct pp_req *req, const char *media_type, struct pp_slice body);
/* Bytes of ours that are kept coded (RFC 9110 §8.4; NULL: plain), with their tag, quotes included:
 * 200, or 304 to whoever has them. For ever: under this address nothing else will ever stand. */
enum pp_next pp_reply_kept(struct pp_req *req, const char *media_type, const char *coding,
	struct pp_slice etag, struct pp_slice body, bool for_ever);
/* The columns of pp.reply: status, Location, ETag (304 on If-None-Match), next, body. */
enum pp_next pp_reply_rows(struct pp_req *req, const struct pp_rows *rows);
void pp_reply_field(struct pp_req *req, const char *name, struct pp_slice value);
/* Adds that ETag, quotes included; true when the client has the same already: then reply 304. */
bool pp_has_tag(struct pp_req *req, struct pp_slice etag);

/* The two steps of a plain route. */
pp_step pp_ask_route, pp_reply_route;

/* Whether the client names that media type (RFC 9110 §12.5.1; weights and wildcards do not count).
 */
bool pp_accepts(const struct pp_req *req, struct pp_slice media_type);

/* An address of ours, absolute. */
struct pp_slice pp_url(struct pp_req *req, struct pp_slice path);

/* For the rest of core. */
void pp_req_run(struct pp_req *req);
void pp_req_answered(struct pp_req *req, const struct pp_fault *fault);
void pp_req_end(struct pp_req *req);
/* Ends it where nothing is outstanding any more; else its last answer will. */
void pp_req_finish(struct pp_req *req);
/* What is asked from now on has the route's whole time. */
void pp_req_renew(struct pp_req *req);
void pp_req_log(struct pp_req *req);
/* The problem document (RFC 9457); wrong may be NULL. */
void pp_problem_write(
	struct pp_buf *out, const struct pp_fault *fault, bool english, const struct pp_req *req);
/* Reads Authorization or Cookie; refuses when the route wants a sign-in and there is none. */
bool pp_who_begin(struct pp_req *req);

/* The token of the field Authorization, empty where there is none; NULL, or what is wrong with it.
 */
const char *pp_authorization(struct pp_req *req, struct pp_slice *token);
/* WWW-Authenticate of a refusal with 401: how to say who one is. */
void pp_challenge(struct pp_req *req, enum pp_problem problem);

/* What is wrong with a request that came with a cookie, or NULL: see origin.c. */
const char *pp_origin_wrong(struct pp_req *req);
/* Whether it reads what anybody may read, without credentials. */
bool pp_origin_is_public(struct pp_req *req);
/* Cross-origin resource sharing (Fetch standard §3.2): for a reply, and for an OPTIONS. */
void pp_origin_answer(struct pp_req *req);
void pp_origin_preflight(struct pp_req *req);

/* Fields for browsers, by the route's content: on every reply, also on a stream's before it begins.
 */
void pp_guard_add(struct pp_req *req, bool is_problem);
/* Who may keep the reply. */
void pp_guard_cache(struct pp_req *req);

/*
 * Guesses at one secret: false, after it has refused, when ten were wrong; then one more a minute.
 * The key says whose, in whatever form; it is hashed.
 */
bool pp_guess_may(struct pp_req *req, struct pp_slice key);
void pp_guess_wrong(struct pp_req *req, struct pp_slice key);

/* Takes a token of the address's; false after it has refused. */
bool pp_rate_address(struct pp_req *req);
/* The same by another policy, of a request that turns out to cost more than its route does. */
bool pp_rate_also(struct pp_req *req, enum pp_rate rate);

/* The prologue's rooms in core: each returns PP_NEXT, PP_WAIT or PP_DONE like a step. */
pp_step pp_who_ask, pp_who_check, pp_assurance_check, pp_assurance_refuse, pp_rate_check,
	pp_params_check, pp_body_check;

/* An access token of an issuer: read by pp_who_ask, then proved; see bearer.c. */
enum pp_next pp_bearer_read(struct pp_req *req, struct pp_slice token);
void pp_bearer_says(struct pp_req *req);
pp_step pp_bearer_meet, pp_bearer_keys, pp_bearer_prove, pp_bearer_join, pp_bearer_joined;

struct pp_who_cache *pp_who_cache_open(void);
void pp_who_cache_close(struct pp_who_cache *cache);
void pp_who_forget(struct pp_server *server, struct pp_slice credential);
/* The roles of whoever asks in words: "anyone", "public", "reader clerk". */
struct pp_slice pp_who_is(const struct pp_req *req);

/* Event streams, see events.c. */
struct pp_events *pp_events_open(struct pp_server *server);
/* Ends every stream, and whoever joins later is sent away to come back to another worker. */
void pp_events_end(struct pp_events *events);
/* After pp_db_close, which still tells what was asked. */
void pp_events_close(struct pp_events *events);
enum pp_next pp_events_join(struct pp_req *req);
void pp_events_leave(struct pp_req *req);
