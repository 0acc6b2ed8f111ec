/* SPDX-License-Identifier: EUPL-1.2 */
/* The lanes: who gets which connection, who waits, and who has waited long enough. */
#include "db_inner.h"

#include <stdio.h>
#include <stdlib.h>

const char *const pp_db_lane_names[PP_LANES + 1] = {
	[PP_LANE_READ] = "read",
	[PP_LANE_WRITE] = "write",
	[PP_LANE_SLOW] = "slow",
	[PP_LANE_PUBLIC] = "public",
	[PP_LANE_PUBLIC_SLOW] = "public slow",
	[PP_DB_LISTEN] = "listen",
};

bool pp_db_is_ready(const struct pp_db_lane *lane)
{
	for (unsigned i = 0; i < lane->count; i++)
		if (lane->conns[i].state == PP_CONN_READY)
			return true;
	return false;
}

static bool is_usable(const struct pp_db *db)
{
	for (int i = 0; i < PP_LANES; i++) {
		const struct pp_db_lane *lane = &db->lanes[i];

		/* A slow batch is cancelled by closing, so that none may be open for a moment. */
		if (lane->count && (pp_db_is_slow(i) ? !lane->opened : !pp_db_is_ready(lane)))
			return false;
	}
	return true;
}

void pp_db_tell(struct pp_db *db, const char *reason)
{
	bool usable = is_usable(db);

	if (db->closing)
		return;
	if (usable) {
		if (db->usable)
			return;
		db->reason[0] = '\0';
	} else {
		if (!reason || (!db->usable && strcmp(reason, db->reason) == 0))
			return;
		snprintf(db->reason, sizeof(db->reason), "%s", reason);
	}
	db->usable = usable;
	db->state(db->ctx, usable, usable ? NULL : db->reason);
}

bool pp_db_queue(struct pp_db_lane *lane, struct pp_link *link)
{
	if (lane->waiting_count >= lane->waiting_most)
		return false;
	pp_list_push(&lane->waiting, link);
	lane->waiting_count++;
	return true;
}

void pp_db_unqueue(struct pp_db_lane *lane, struct pp_link *link)
{
	pp_list_remove(link);
	lane->waiting_count--;
}

void pp_db_not_taken(const struct pp_db *db, int lane, struct pp_fault *fault)
{
	if (pp_db_is_ready(&db->lanes[lane]))
		pp_fault(fault, PP_busy, "Too many requests wait for the database");
	else
		pp_fault(fault, PP_database_unavailable, "The database is not reachable right now");
}

static struct pp_conn *least_busy(struct pp_db_lane *lane)
{
	struct pp_conn *best = NULL;

	for (unsigned i = 0; i < lane->count; i++) {
		struct pp_conn *conn = &lane->conns[i];

		if (pp_conn_is_free(conn) && (!best || conn->count < best->count))
			best = conn;
	}
	return best;
}

/*
 * A connection takes a process of PostgreSQL and some MB there: a lane has one, and another one as
 * soon as somebody has to stand behind others.
 */
static void wake_one(struct pp_db_lane *lane)
{
	for (unsigned i = 0; i < lane->count; i++) {
		struct pp_conn *conn = &lane->conns[i];

		if (!conn->asleep)
			continue;
		conn->asleep = false;
		pp_conn_open(conn);
		return;
	}
}

void pp_db_dispatch(struct pp_db *db, int number)
{
	struct pp_db_lane *lane = &db->lanes[number];
	struct pp_conn *conn;

	while (!pp_list_is_empty(&lane->waiting)) {
		struct pp_link *link = lane->waiting.next;

		conn = least_busy(lane);
		if (!conn || conn->count > 0)
			wake_one(lane);
		if (!conn)
			return;
		pp_db_unqueue(lane, link);
		if (!pp_batch_start(conn, PP_OUTER(link, struct pp_batch, link))) {
			/* Nothing of it was done; it keeps its place. That connection is broken. */
			pp_list_push(lane->waiting.next, link);
			lane->waiting_count++;
		}
	}
}

void pp_db_next_turn(struct pp_db *db)
{
	pp_timer_start(db->turn, 0);
}

static void move_all(struct pp_link *from, struct pp_link *to)
{
	struct pp_link *link;

	pp_list_begin(to);
	while ((link = pp_list_take(from)))
		pp_list_push(to, link);
}

static void turn(void *ctx)
{
	struct pp_db *db = PP_CAST(pp_db, ctx, PP_DB_MAGIC);
	struct pp_link refused, *link;

	/* Whoever asks again at once and is refused again hears it on the turn after this one. */
	move_all(&db->refused, &refused);
	while ((link = pp_list_take(&refused))) {
		struct pp_batch *batch = PP_OUTER(link, struct pp_batch, link);

		pp_batch_finish(batch, &batch->fault);
	}
}

static void expire_batches(struct pp_db *db, int64_t now)
{
	struct pp_link over, *link, *next;

	/* Their done may send and finish others, so they are set apart first. */
	pp_list_begin(&over);
	for (link = db->open.next; link != &db->open; link = next) {
		next = link->next;
		if (!pp_batch_is_over(PP_OUTER(link, struct pp_batch, open), now))
			continue;
		pp_list_remove(link);
		pp_list_push(&over, link);
	}
	while (!pp_list_is_empty(&over))
		pp_batch_expire(PP_OUTER(over.next, struct pp_batch, open), now);
}

/*
 * A server that is late beyond its own time limit is not coming back (a cut network, a hung host).
 */
static bool lose_silent(struct pp_db_lane *lane, int64_t now)
{
	bool busy = lane->waiting_count > 0;

	for (unsigned i = 0; i < lane->count; i++) {
		struct pp_conn *conn = &lane->conns[i];

		if (conn->state != PP_CONN_READY || conn->count == 0)
			continue;
		busy = true;
		if (lane->timeout && now - conn->progress > lane->timeout + PP_DB_GRACE_US)
			pp_conn_lose(conn, "the server does not answer");
	}
	return busy;
}

static void sweep(void *ctx)
{
	struct pp_db *db = PP_CAST(pp_db, ctx, PP_DB_MAGIC);
	int64_t now = pp_loop_now(db->loop);
	bool busy = false;

	db->sweeping = false;
	expire_batches(db, now);
	for (int i = 0; i < PP_LANES; i++)
		busy |= lose_silent(&db->lanes[i], now);
	if (busy || !pp_list_is_empty(&db->open))
		pp_db_sweep(db);
}

void pp_db_sweep(struct pp_db *db)
{
	if (db->sweeping)
		return;
	db->sweeping = true;
	pp_timer_start(db->sweep, PP_DB_SWEEP_US);
}

void pp_db_identify(struct pp_arena *arena, struct pp_identity who, struct pp_slice out[PP_DB_WHO])
{
	const struct pp_slice parts[PP_DB_WHO] = { who.account, who.body, who.roles };

	/* Nobody is the empty text, not NULL: set_config(…, NULL, true) would change nothing. */
	for (size_t i = 0; i < PP_DB_WHO; i++)
		out[i] = pp_copy(arena, parts[i]);
}

struct pp_slice *pp_db_copy_params(
	struct pp_arena *arena, const struct pp_query *query, const struct pp_slice *params)
{
	struct pp_slice *copy = PP_NEW_ARRAY(arena, struct pp_slice, query->param_count);

	for (size_t i = 0; i < query->param_count; i++)
		if (params[i].at)
			copy[i] = pp_copy(arena, params[i]);
	return copy;
}

struct pp_db *pp_db_open(struct pp_loop *loop, const struct pp_db_options *options,
	void (*state)(void *ctx, bool usable, const char *reason), void *ctx)
{
	struct pp_db *db = calloc(1, sizeof(*db));

	PP_MUST(db);
	db->magic = PP_DB_MAGIC;
	db->loop = loop;
	db->state = state;
	db->ctx = ctx;
	db->schema_version = options->schema_version;
	pp_arena_begin(&db->arena);
	pp_list_begin(&db->open);
	pp_list_begin(&db->refused);
	pp_db_list_queries(db, options->queries, options->query_count);
	db->identity = pp_db_query(db, "session_identity");
	db->version = pp_db_query(db, "schema_version");
	db->room = pp_db_query(db, "session_room");
	PP_MUST(db->identity && db->identity->param_count == PP_DB_WHO);
	PP_MUST(db->version && db->version->param_count == 0);
	db->turn = pp_timer_open(loop, turn, db);
	db->sweep = pp_timer_open(loop, sweep, db);
	for (int i = 0; i <= PP_LANES; i++) {
		struct pp_db_lane *lane = &db->lanes[i];

		lane->count = i < PP_LANES ? options->connections[i] : 1;
		lane->timeout = i < PP_LANES ? options->statement_timeout_us[i] : PP_DB_GRACE_US;
		pp_list_begin(&lane->waiting);
		lane->waiting_most = i == PP_LANE_WRITE ? PP_DB_WRITES_MOST : PP_DB_WAITING_MOST;
		pp_db_lane_options(db, i, pp_db_is_public(i) ? options->public_url : options->url);
		lane->conns = PP_NEW_ARRAY(&db->arena, struct pp_conn, lane->count);
		for (unsigned c = 0; c < lane->count; c++) {
			pp_conn_begin(&lane->conns[c], db, i);
			lane->conns[c].asleep = c > 0;
			if (i < PP_LANES && c == 0)
				pp_conn_open(&lane->conns[c]);
		}
	}
	return db;
}

void pp_db_close(struct pp_db *db)
{
	if (!db)
		return;
	db->closing = true;
	for (int i = 0; i <= PP_LANES; i++)
		for (unsigned c = 0; c < db->lanes[i].count; c++)
			pp_conn_end(&db->lanes[i].conns[c]);
	turn(db);
	while (!pp_list_is_empty(&db->open)) {
		struct pp_batch *batch = PP_OUTER(db->open.next, struct pp_batch, open);

		pp_db_unavailable(&batch->fault);
		pp_batch_finish(batch, &batch->fault);
	}
	pp_timer_close(db->turn);
	pp_timer_close(db->sweep);
	pp_arena_end(&db->arena);
	db->magic = 0;
	free(db);
}
