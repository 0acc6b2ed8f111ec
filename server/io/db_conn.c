/* SPDX-License-Identifier: EUPL-1.2 */
/* The life of one connection: connect, greet, work, be lost, open again. */
#include "db_inner.h"

#include <stdio.h>
#include <stdlib.h>

#include <pp/base/log.h>

#define OPENING_US           (10 * PP_SECOND) /* PQconnectPoll knows no connect_timeout */
#define LEAST_BACK_OFF_US    INT64_C(10000)
#define MOST_BACK_OFF_US     INT64_C(500000)
#define GREETING_BACK_OFF_US (5 * PP_SECOND)

static void ready(void *ctx, unsigned what);
static void on_timer(void *ctx);

void pp_conn_begin(struct pp_conn *conn, struct pp_db *db, int lane)
{
	conn->magic = PP_CONN_MAGIC;
	conn->db = db;
	conn->lane = lane;
	conn->timer = pp_timer_open(db->loop, on_timer, conn);
	conn->known = PP_NEW_ARRAY(&db->arena, bool, db->query_count);
}

static struct pp_db_lane *lane_of(const struct pp_conn *conn)
{
	return &conn->db->lanes[conn->lane];
}

static struct pp_conn **prober_of(const struct pp_conn *conn)
{
	return &conn->db->probers[pp_db_is_public(conn->lane)];
}

/* libpq may change its socket between two polls, even for one with the same number. */
static void unwatch(struct pp_conn *conn)
{
	if (conn->watch)
		pp_watch_close(conn->watch);
	conn->watch = NULL;
	conn->watched = 0;
}

static void watch_anew(struct pp_conn *conn, unsigned what)
{
	unwatch(conn);
	conn->watch = pp_watch_open(conn->db->loop, PQsocket(conn->pg), ready, conn);
	conn->watched = what;
	pp_watch_for(conn->watch, what);
}

static void connect_now(struct pp_conn *conn)
{
	const struct pp_db_lane *lane = lane_of(conn);

	conn->state = PP_CONN_CONNECTING;
	conn->behind = conn->stale = conn->broken = conn->identified = false;
	conn->greeted = conn->learnt = 0;
	conn->reason[0] = '\0';
	conn->pg = PQconnectStartParams(lane->keywords, (const char *const *)lane->values, 1);
	PP_MUST(conn->pg);
	PQsetNoticeReceiver(conn->pg, pp_db_ignore_notice, NULL);
	if (PQstatus(conn->pg) == CONNECTION_BAD) {
		pp_conn_lose(conn, PQerrorMessage(conn->pg));
		return;
	}
	pp_timer_start(conn->timer, OPENING_US);
	watch_anew(conn, PP_WRITABLE);
}

void pp_conn_open(struct pp_conn *conn)
{
	struct pp_conn **prober = prober_of(conn);

	if (*prober && *prober != conn) {
		conn->behind = true;
		return;
	}
	*prober = conn;
	pp_timer_start(conn->timer, 0);
}

/* The door is open: whoever waited behind this connection may try now. */
static void let_others(struct pp_conn *conn)
{
	struct pp_db *db = conn->db;

	if (*prober_of(conn) != conn)
		return;
	*prober_of(conn) = NULL;
	for (int i = 0; i <= PP_LANES; i++)
		for (unsigned c = 0; c < db->lanes[i].count; c++) {
			struct pp_conn *other = &db->lanes[i].conns[c];

			if (other->behind && prober_of(other) == prober_of(conn)) {
				other->behind = false;
				pp_timer_start(other->timer, 0);
			}
		}
}

/* Full jitter: a random time up to a limit that doubles (10 ms to 500 ms). */
static int64_t back_off(unsigned failures, int64_t most)
{
	int64_t limit = LEAST_BACK_OFF_US << (failures < 16 ? failures : 16);

	if (limit > most)
		limit = most;
	return LEAST_BACK_OFF_US + (int64_t)arc4random_uniform((uint32_t)limit);
}

static void open_again(struct pp_conn *conn, enum pp_conn_state was)
{
	struct pp_conn **prober = prober_of(conn);

	if (was == PP_CONN_GREETING) {
		/* The server is there, what it has does not fit: others need not wait for this. */
		let_others(conn);
		pp_timer_start(conn->timer, back_off(conn->failures, GREETING_BACK_OFF_US));
		return;
	}
	if (*prober && *prober != conn) {
		conn->behind = true;
		return;
	}
	*prober = conn;
	pp_timer_start(conn->timer, back_off(conn->failures, MOST_BACK_OFF_US));
}

/* A server that is away for minutes is worth one line, not one per try. */
static void log_loss(const struct pp_conn *conn, enum pp_conn_state was, const char *reason)
{
	if (was != PP_CONN_READY && conn->failures > 1)
		return;
	pp_log(PP_WARNING,
		was == PP_CONN_READY ? "database_connection_lost" : "database_not_opened", "%s: %s",
		pp_db_lane_names[conn->lane], reason);
}

static void fail_work(struct pp_conn *conn)
{
	struct pp_batch *lost[PP_DB_DEPTH];
	unsigned count = conn->count;

	for (unsigned i = 0; i < count; i++) {
		lost[i] = conn->slots[(conn->first + i) % PP_DB_DEPTH].batch;
		if (lost[i])
			lost[i]->slot = NULL;
	}
	conn->count = 0;
	conn->ask = NULL;
	for (unsigned i = 0; i < count; i++)
		if (lost[i]) {
			pp_db_unavailable(&lost[i]->fault);
			pp_batch_finish(lost[i], &lost[i]->fault);
		}
}

void pp_conn_lose(struct pp_conn *conn, const char *reason)
{
	enum pp_conn_state was = conn->state;
	char why[256];

	pp_db_message(why, reason);
	unwatch(conn);
	PQfinish(conn->pg);
	conn->pg = NULL;
	conn->state = PP_CONN_CLOSED;
	conn->failures = was == PP_CONN_READY ? 0 : conn->failures + 1;
	if (!conn->db->closing)
		open_again(conn, was);
	if (reason) {
		log_loss(conn, was, why);
		pp_db_tell(conn->db, why);
	}
	fail_work(conn);
}

void pp_conn_break(struct pp_conn *conn)
{
	conn->broken = true;
	pp_timer_start(conn->timer, 0);
}

void pp_conn_end(struct pp_conn *conn)
{
	if (conn->pg)
		pp_conn_lose(conn, NULL);
	pp_timer_close(conn->timer);
	conn->timer = NULL;
}

bool pp_conn_is_free(const struct pp_conn *conn)
{
	unsigned most = pp_db_is_slow(conn->lane) ? 1 : PP_DB_DEPTH;

	return conn->state == PP_CONN_READY && !conn->stale && !conn->broken && conn->count < most;
}

void pp_conn_watch(struct pp_conn *conn)
{
	unsigned what = PP_READABLE;
	int left = PQflush(conn->pg);

	if (left < 0) {
		pp_conn_break(conn);
		return;
	}
	if (left)
		what |= PP_WRITABLE;
	if (what != conn->watched)
		pp_watch_for(conn->watch, what);
	conn->watched = what;
}

bool pp_conn_send(struct pp_conn *conn, const struct pp_query *query, const struct pp_slice *params)
{
	struct pp_db_params as;
	unsigned types[PP_QUERY_PARAMS];

	pp_db_write_params(&as, query, params);
	if (query->made) {
		pp_db_types(query, types);
		return PQsendQueryParams(conn->pg, query->sql, (int)query->param_count, types,
			       as.values, as.lengths, as.formats, pp_db_is_binary(query)) == 1;
	}
	return PQsendQueryPrepared(conn->pg, query->name, (int)query->param_count, as.values,
		       as.lengths, as.formats, pp_db_is_binary(query)) == 1;
}

void pp_conn_ready(struct pp_conn *conn)
{
	pp_timer_stop(conn->timer);
	conn->state = PP_CONN_READY;
	conn->failures = 0;
	conn->progress = pp_loop_now(conn->db->loop);
	lane_of(conn)->opened = true;
	let_others(conn);
	pp_db_tell(conn->db, NULL);
	if (conn->lane != PP_DB_LISTEN)
		pp_db_dispatch(conn->db, conn->lane);
}

void pp_conn_renew_all(struct pp_db *db)
{
	for (int i = 0; i < PP_LANES; i++)
		for (unsigned c = 0; c < db->lanes[i].count; c++) {
			struct pp_conn *conn = &db->lanes[i].conns[c];

			if (conn->state != PP_CONN_READY)
				continue;
			conn->stale = true;
			/* Not from within what may be that connection's own reading. */
			pp_timer_start(conn->timer, 0);
		}
}

static bool is_expecting(const struct pp_conn *conn)
{
	if (!conn->pg || conn->broken)
		return false;
	return conn->state == PP_CONN_GREETING || conn->count;
}

/*
 * NULL ends a query's answers; a sync has none behind it. Two in a row mean that libpq and we
 * disagree.
 */
static void read_answers(struct pp_conn *conn)
{
	unsigned nothing = 0;

	while (is_expecting(conn) && nothing < 2 && !PQisBusy(conn->pg)) {
		PGresult *result = PQgetResult(conn->pg);

		if (!result) {
			nothing++;
			continue;
		}
		nothing = 0;
		if (conn->state == PP_CONN_GREETING)
			pp_conn_take_greeting(conn, result);
		else
			pp_batch_take(conn, result);
		if (conn->pg && PQstatus(conn->pg) == CONNECTION_BAD)
			return;
	}
	if (nothing == 2)
		pp_conn_lose(conn, "the server's answers do not fit what was asked");
}

/* One read may bring many answers, and no further event tells of those that libpq holds already. */
static void pump(struct pp_conn *conn)
{
	bool alive = PQconsumeInput(conn->pg) == 1;

	conn->progress = pp_loop_now(conn->db->loop);
	if (conn->lane == PP_DB_LISTEN)
		pp_listen_read(conn);
	else
		read_answers(conn);
	if (!conn->pg)
		return;
	if (!alive || PQstatus(conn->pg) == CONNECTION_BAD)
		pp_conn_lose(conn, PQerrorMessage(conn->pg));
	else if (conn->stale && conn->count == 0)
		pp_conn_lose(conn, NULL);
	else
		pp_conn_watch(conn);
}

static void poll(struct pp_conn *conn)
{
	PostgresPollingStatusType next;

	unwatch(conn);
	next = PQconnectPoll(conn->pg);
	if (next == PGRES_POLLING_OK) {
		watch_anew(conn, PP_READABLE);
		pp_conn_greet(conn);
	} else if (next == PGRES_POLLING_FAILED)
		pp_conn_lose(conn, PQerrorMessage(conn->pg));
	else
		watch_anew(conn, next == PGRES_POLLING_READING ? PP_READABLE : PP_WRITABLE);
}

static void ready(void *ctx, unsigned what)
{
	struct pp_conn *conn = PP_CAST(pp_conn, ctx, PP_CONN_MAGIC);

	(void)what;
	if (conn->state == PP_CONN_CONNECTING)
		poll(conn);
	else
		pump(conn);
}

static void on_timer(void *ctx)
{
	struct pp_conn *conn = PP_CAST(pp_conn, ctx, PP_CONN_MAGIC);

	if (conn->state == PP_CONN_CLOSED)
		connect_now(conn);
	else if (conn->broken)
		pp_conn_lose(conn, PQerrorMessage(conn->pg));
	else if (conn->state != PP_CONN_READY)
		pp_conn_lose(conn, "the server does not answer while connecting");
	else
		pump(conn);
}
