/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Whole requests against all our routes: addresses, cookies, tokens, languages, entity tags, query
 * strings, JSON against the tables of fields, geometries, and the steps of the rooms up to where
 * they would ask somebody. The database knows every credential, tells of an event and answers what
 * is a reply by itself; whatever else is asked, there or of a worker, is not to be had. Nothing is
 * left behind.
 */
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <pp/base/log.h>
#include <pp/core/req.h>
#include <pp/io/secret.h>

#include "../../../server/io/http_inner.h"
#include "../../../server/routes.h"
#include "queries.h"

#define LARGEST     (1u << 16)
#define LONG_BEFORE (INT64_C(3600) * 1000000)
#define TURNS_MOST  10000
#define ASKED_MOST  64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The linker hands these calls of the whole program to us (--wrap). */
void __wrap_pp_batch_add(struct pp_batch *batch, const struct pp_query *query,
	const struct pp_slice *params, struct pp_rows **rows);
void __wrap_pp_batch_send(struct pp_batch *batch, int64_t deadline_us,
	void (*done)(void *ctx, const struct pp_fault *fault), void *ctx);
void __wrap_pp_worker_ask(struct pp_worker *worker, const struct pp_frame *request,
	int64_t deadline_us, void (*answer)(void *ctx, const struct pp_frame *reply), void *ctx);
void __wrap_pp_db_listen(struct pp_db *db, const char *channel,
	void (*heard)(void *ctx, struct pp_slice payload), void *ctx);

/* What was asked and is answered on the next turn, as by the real ones: never at once. */
struct asked {
	struct pp_batch *batch;
	bool refused;
	void (*done)(void *ctx, const struct pp_fault *fault);
	void (*answer)(void *ctx, const struct pp_frame *reply);
	void *ctx;
};

static struct asked asked[ASKED_MOST];
static size_t asked_count;

static struct asked *entry(struct pp_batch *batch)
{
	for (size_t i = 0; i < asked_count; i++)
		if (batch && asked[i].batch == batch)
			return &asked[i];
	PP_MUST(asked_count < ASKED_MOST);
	asked[asked_count] = (struct asked){ .batch = batch };
	return &asked[asked_count++];
}

static struct pp_slice made_up(const struct pp_column *column, const struct pp_slice *params)
{
	size_t first = params && params[0].len ? (unsigned char)params[0].at[0] : 0;
	size_t role = first % (PP_MAY_ROLES + 1); /* the last one: nobody's member */

	if (strcmp(column->name, "roles") == 0)
		return role < PP_MAY_ROLES ? pp_slice_of(pp_may_roles[role].name) : PP_S("");
	if (strcmp(column->name, "body") == 0 && role == PP_MAY_ROLES)
		return PP_S("");
	switch (column->type) {
	case PP_TYPE_UUID:
		return PP_S("01890000-0000-7000-8000-000000000001");
	case PP_TYPE_INT:
	case PP_TYPE_BIGINT:
	case PP_TYPE_NUMERIC:
		return PP_S("1");
	case PP_TYPE_BOOL:
		return PP_S("t");
	case PP_TYPE_TEXT_ARRAY:
		return PP_S("{}");
	case PP_TYPE_TIMESTAMPTZ:
		return PP_S("2026-01-01T00:00:00Z");
	default:
		return PP_S("02000000");
	}
}

/* One row; it lives until so many others have been made up. */
#define ROWS 8
static struct pp_rows *rows_of(const struct pp_query *query, const struct pp_slice *params)
{
	static struct pp_slice cells[ROWS][PP_QUERY_COLUMNS];
	static struct pp_slice reply[] = { { "200", 3 }, { "/api/v1/x", 9 }, { "1", 1 },
		{ "next", 4 }, { "{\"items\":[]}", 12 } };
	static struct pp_rows rows[ROWS];
	static size_t count;
	size_t at = count++ % ROWS;

	rows[at] = (struct pp_rows){ 1, PP_LENGTH(reply), reply };
	if (query->is_reply)
		return &rows[at];
	for (size_t i = 0; i < query->column_count; i++)
		cells[at][i] = made_up(&query->columns[i], params);
	rows[at].columns = query->column_count;
	rows[at].cells = cells[at];
	return &rows[at];
}

void __wrap_pp_batch_add(struct pp_batch *batch, const struct pp_query *query,
	const struct pp_slice *params, struct pp_rows **rows)
{
	struct asked *mine = entry(batch);

	for (size_t i = 0; i < query->param_count; i++)
		PP_MUST(params[i].at || params[i].len == 0);
	if (query->is_reply || strncmp(query->name, "who_by_", 7) == 0 ||
		strncmp(query->name, "event_", 6) == 0)
		*rows = rows_of(query, params);
	else
		mine->refused = true;
}

void __wrap_pp_batch_send(struct pp_batch *batch, int64_t deadline_us,
	void (*done)(void *ctx, const struct pp_fault *fault), void *ctx)
{
	struct asked *mine = entry(batch);

	(void)deadline_us;
	mine->done = done;
	mine->ctx = ctx;
}

void __wrap_pp_worker_ask(struct pp_worker *worker, const struct pp_frame *request,
	int64_t deadline_us, void (*answer)(void *ctx, const struct pp_frame *reply), void *ctx)
{
	struct asked *mine = entry(NULL);

	(void)worker;
	(void)deadline_us;
	PP_MUST(request->kind);
	mine->answer = answer;
	mine->ctx = ctx;
}

void __wrap_pp_db_listen(struct pp_db *db, const char *channel,
	void (*heard)(void *ctx, struct pp_slice payload), void *ctx)
{
	(void)db;
	(void)channel;
	(void)heard;
	(void)ctx;
}

/* Answers what has been asked; false where nothing was. */
static bool answer_asked(void)
{
	struct asked first;
	struct pp_fault fault;

	if (!asked_count)
		return false;
	first = asked[0];
	memmove(asked, asked + 1, --asked_count * sizeof(*asked));
	pp_fault(&fault, PP_database_unavailable, "not to be had");
	if (first.done)
		first.done(first.ctx, first.refused ? &fault : NULL);
	else if (first.answer)
		first.answer(first.ctx, NULL);
	return true;
}

static void no_state(void *ctx, bool usable, const char *reason)
{
	(void)ctx;
	(void)usable;
	(void)reason;
}

static struct pp_server *open_server(void)
{
	static struct pp_server server;
	static const struct pp_db_options options = {
		.url = "", .public_url = "", .queries = pp_queries, .query_count = PP_Q_COUNT
	};
	char error[256];

	if (server.loop)
		return &server;
	pp_log_open("fuzz", PP_ERROR);
	pp_secret_open();
	server = (struct pp_server){ .magic = PP_SERVER_MAGIC,
		.loop = pp_loop_open(),
		.queries = pp_queries,
		.query_count = PP_Q_COUNT,
		.rooms = pp_routes,
		.share = calloc(1, sizeof(struct pp_share)),
		.who_cache = pp_who_cache_open(),
		.files_socket = "/nowhere",
		.hsts_seconds = 1,
		.log_detail = PP_ADDRESS_PREFIX };
	PP_MUST(server.share && pp_proxies_read(&server.proxies, PP_S("unix,10.0.0.0/8"), error));
	for (size_t i = 0; i < PP_RATES; i++)
		server.rates[i] = 10000000;
	pp_list_begin(&server.requests);
	server.db = pp_db_open(server.loop, &options, no_state, NULL);
	server.geometry[0] = pp_worker_open(server.loop, "/nowhere");
	server.geometry_count = 1;
	server.clerk = pp_worker_open(server.loop, "/nowhere");
	server.events = pp_events_open(&server);
	server.http = pp_http_open(server.loop, &pp_http_default_limits, &pp_req_hooks, &server);
	return &server;
}

/* Turns until nothing happens. */
static void settle(struct pp_server *server, int client)
{
	char bytes[8192];
	int turns = 0;

	for (int idle = 0; idle < 2; idle++) {
		PP_MUST(++turns < TURNS_MOST);
		pp_loop_turn(server->loop);
		while (answer_asked())
			idle = 0;
		while (client >= 0 && recv(client, bytes, sizeof(bytes), MSG_DONTWAIT) > 0)
			idle = 0;
	}
}

/* Who has closed its side has left a live stream, also where it did so before that began. */
static void nobody_listens_half(struct pp_server *server)
{
	for (struct pp_link *at = server->requests.next; at != &server->requests; at = at->next) {
		struct pp_turn *turn = pp_turn_of(PP_OUTER(at, struct pp_req, link)->exchange);

		PP_MUST(!turn->conn || !turn->live || !turn->conn->half_closed);
	}
}

/* What every stream hears now and then: whoever left with something unread is found by it. */
static void beat(struct pp_server *server)
{
	for (struct pp_link *at = server->requests.next; at != &server->requests; at = at->next) {
		struct pp_req *req = PP_OUTER(at, struct pp_req, link);

		PP_MUST(req->streaming);
		pp_http_stream_write(req->exchange, PP_S(":\n\n"));
		pp_http_stream_flush(req->exchange);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pp_server *server = open_server();
	const struct sockaddr local = { .sa_family = AF_UNIX };
	ssize_t sent;
	int pair[2];

	if (size > LARGEST)
		return 0;
	PP_MUST(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair) == 0);
	PP_MUST(pp_http_adopt(server->http, pair[0], &local));
	for (size_t at = 0; at < size; at += (size_t)sent) {
		sent = send(pair[1], data + at, size - at, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (sent < 0)
			break;
		settle(server, pair[1]);
	}
	shutdown(pair[1], SHUT_WR);
	settle(server, pair[1]);
	nobody_listens_half(server);
	close(pair[1]);
	settle(server, -1);
	beat(server);
	settle(server, -1);
	/* Whoever is answered is let go, and an open stream has lost its client. */
	PP_MUST(server->request_count == 0);
	for (int i = 1; i < 8 && pp_http_connections(server->http); i++) {
		pp_http_sweep(server->http, pp_loop_now(server->loop) + LONG_BEFORE * i);
		settle(server, -1);
	}
	PP_MUST(pp_http_connections(server->http) == 0 && pp_http_exchanges(server->http) == 0);
	PP_MUST(server->request_count == 0 && asked_count == 0);
	return 0;
}
