/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A batch on the wire is the identity (says_who), the queries and one sync: one round trip, and,
 * because the server opens a transaction by itself and ends it at the sync, one transaction
 * (PostgreSQL, 55.2.4). What the connection does not know yet is prepared before it, behind a sync
 * of its own: whatever becomes of the batch, the query is prepared.
 */
#include "db_inner.h"

struct pp_batch *pp_batch_make(
	struct pp_db *db, struct pp_arena *arena, enum pp_lane lane, struct pp_identity who)
{
	struct pp_batch *batch = PP_NEW(arena, struct pp_batch);

	PP_MUST(lane < PP_LANES);
	batch->magic = PP_BATCH_MAGIC;
	batch->db = db;
	batch->arena = arena;
	batch->lane = lane;
	batch->last = &batch->first;
	pp_db_identify(arena, who, batch->who);
	return batch;
}

/*
 * Text ends at its first NUL on the way to PostgreSQL, which would store the rest's absence
 * silently.
 */
static bool has_nul(const struct pp_query *query, const struct pp_slice *params)
{
	for (size_t i = 0; i < query->param_count; i++)
		if (query->params[i].type != PP_TYPE_BYTEA && params[i].len &&
			memchr(params[i].at, '\0', params[i].len))
			return true;
	return false;
}

void pp_batch_add(struct pp_batch *batch, const struct pp_query *query,
	const struct pp_slice *params, struct pp_rows **rows)
{
	struct pp_db_ask *ask = PP_NEW(batch->arena, struct pp_db_ask);

	PP_MUST(batch->magic == PP_BATCH_MAGIC && !batch->done);
	PP_MUST(query->lanes & 1u << batch->lane);
	ask->query = query;
	ask->params = pp_db_copy_params(batch->arena, query, params);
	ask->rows = rows;
	*rows = NULL;
	*batch->last = ask;
	batch->last = &ask->next;
	batch->size++;
	if (has_nul(query, params)) {
		batch->failed = true;
		pp_fault(&batch->fault, PP_invalid_parameter,
			"A text holds a character that cannot be stored");
	}
}

size_t pp_batch_size(const struct pp_batch *batch)
{
	return batch->size;
}

bool pp_batch_is_slow(const struct pp_batch *batch)
{
	return pp_db_is_slow((int)batch->lane);
}

static void refuse(struct pp_batch *batch)
{
	pp_list_push(&batch->db->refused, &batch->link);
	pp_db_next_turn(batch->db);
}

void pp_batch_send(struct pp_batch *batch, int64_t deadline_us,
	void (*done)(void *ctx, const struct pp_fault *fault), void *ctx)
{
	struct pp_db *db = batch->db;
	struct pp_db_lane *lane = &db->lanes[batch->lane];

	PP_MUST(batch->magic == PP_BATCH_MAGIC && !batch->done && done);
	batch->done = done;
	batch->ctx = ctx;
	batch->deadline = deadline_us;
	batch->waits_until = pp_loop_now(db->loop) + PP_DB_WAITING_US;
	pp_list_push(&db->open, &batch->open);
	pp_db_sweep(db);
	if (batch->failed) {
		refuse(batch);
	} else if (db->closing || !pp_db_queue(lane, &batch->link)) {
		pp_db_not_taken(db, (int)batch->lane, &batch->fault);
		refuse(batch);
	} else {
		batch->queued = true;
		pp_db_dispatch(db, (int)batch->lane);
	}
}

/* A connection is nobody's between two batches, and one of the public stays so: there nobody does
 * not have to be said, which would take as long as reading a feature. */
static bool says_who(const struct pp_batch *batch)
{
	bool somebody = false;

	for (size_t i = 0; i < PP_DB_WHO; i++)
		somebody |= batch->who[i].len > 0;
	return somebody || !pp_db_is_public((int)batch->lane);
}

static bool learn(struct pp_conn *conn, struct pp_db_slot *slot, struct pp_batch *batch)
{
	bool sent = true;

	slot->learns = false;
	for (struct pp_db_ask *ask = batch->first; ask && sent; ask = ask->next) {
		sent = pp_conn_learn(conn, ask->query, &ask->is_new);
		slot->learns |= ask->is_new;
	}
	return sent && (!slot->learns || PQpipelineSync(conn->pg));
}

bool pp_batch_start(struct pp_conn *conn, struct pp_batch *batch)
{
	struct pp_db_slot *slot = &conn->slots[(conn->first + conn->count) % PP_DB_DEPTH];
	bool sent;

	slot->says_who = says_who(batch);
	sent = learn(conn, slot, batch);
	if (sent && slot->says_who)
		sent = pp_conn_send(conn, conn->db->identity, batch->who);
	for (struct pp_db_ask *ask = batch->first; ask && sent; ask = ask->next)
		sent = pp_conn_send(conn, ask->query, ask->params);
	if (!sent) {
		/* Without its sync the server undoes it: it may go to another connection. */
		pp_conn_break(conn);
		return false;
	}
	if (conn->count == 0)
		conn->progress = pp_loop_now(conn->db->loop);
	slot->batch = batch;
	conn->count++;
	batch->slot = slot;
	batch->queued = false;
	batch->tries++;
	/* From here on it may have been done, even where this call says that it failed. */
	if (PQpipelineSync(conn->pg))
		pp_conn_watch(conn);
	else
		pp_conn_break(conn);
	return true;
}

void pp_batch_finish(struct pp_batch *batch, const struct pp_fault *fault)
{
	struct pp_db_lane *lane = &batch->db->lanes[batch->lane];

	PP_MUST(batch->magic == PP_BATCH_MAGIC);
	if (batch->queued)
		pp_db_unqueue(lane, &batch->link);
	if (batch->slot)
		batch->slot->batch = NULL;
	pp_list_remove(&batch->link);
	pp_list_remove(&batch->open);
	batch->magic = 0;
	if (!fault)
		for (struct pp_db_ask *ask = batch->first; ask; ask = ask->next)
			*ask->rows = ask->answer;
	batch->done(batch->ctx, fault);
}

/* The connection whose answer it waits for. */
static struct pp_conn *conn_of(const struct pp_batch *batch)
{
	const struct pp_db_lane *lane = &batch->db->lanes[batch->lane];
	struct pp_conn *conn = lane->conns;

	while (batch->slot < conn->slots || batch->slot >= conn->slots + PP_DB_DEPTH)
		PP_MUST(++conn < lane->conns + lane->count);
	return conn;
}

void pp_batch_cancel(struct pp_batch *batch)
{
	PP_MUST(batch->magic == PP_BATCH_MAGIC && pp_db_is_slow((int)batch->lane));
	if (batch->slot) {
		pp_conn_break(conn_of(batch));
	} else if (batch->queued) {
		pp_db_unqueue(&batch->db->lanes[batch->lane], &batch->link);
		batch->queued = false;
		pp_db_unavailable(&batch->fault);
		refuse(batch);
	}
}

bool pp_batch_is_over(const struct pp_batch *batch, int64_t now)
{
	/* A write that has a connection to wait for waits until its own deadline. */
	bool is_patient = batch->lane == PP_LANE_WRITE &&
		pp_db_is_ready(&batch->db->lanes[PP_LANE_WRITE]);

	return now >= batch->deadline ||
		(batch->queued && !is_patient && now >= batch->waits_until);
}

void pp_batch_expire(struct pp_batch *batch, int64_t now)
{
	struct pp_db *db = batch->db;

	if (!pp_batch_is_over(batch, now)) {
		/* Another one's done has made room for it meanwhile. */
		pp_list_remove(&batch->open);
		pp_list_push(&db->open, &batch->open);
		return;
	}
	if (now >= batch->deadline)
		pp_fault(&batch->fault, PP_deadline_exceeded, "The database took too long");
	else
		pp_db_not_taken(db, (int)batch->lane, &batch->fault);
	pp_batch_finish(batch, &batch->fault);
}

/* Serialisation failures and outdated plans: the server undid it all, and asking again may help. */
static bool is_passing(const PGresult *result)
{
	return pp_db_has_state(result, "40001") || pp_db_has_state(result, "40P01") ||
		pp_db_is_outdated(result);
}

static void note_fault(struct pp_conn *conn, struct pp_batch *batch, const struct pp_db_ask *ask,
	const PGresult *result)
{
	/* It could not be prepared, which was told; that it is not there now is no news. */
	if (batch && batch->failed)
		return;
	if (pp_db_is_outdated(result))
		pp_conn_renew_all(conn->db);
	/* Of a batch that was given up the asks are gone too. */
	if (!batch)
		return;
	batch->failed = true;
	batch->again = is_passing(result) && batch->tries < PP_DB_TRIES;
	if (!batch->again)
		pp_db_read_fault(
			result, ask ? ask->query->name : conn->db->identity->name, &batch->fault);
}

static void ask_again(struct pp_batch *batch)
{
	struct pp_db *db = batch->db;
	struct pp_db_lane *lane = &db->lanes[batch->lane];

	batch->failed = batch->again = false;
	for (struct pp_db_ask *ask = batch->first; ask; ask = ask->next)
		ask->answer = NULL;
	batch->waits_until = pp_loop_now(db->loop) + PP_DB_WAITING_US;
	/* At the front: it has waited once. The queue may be one longer for it. */
	pp_list_push(lane->waiting.next, &batch->link);
	lane->waiting_count++;
	batch->queued = true;
}

static void end_slot(struct pp_conn *conn)
{
	struct pp_batch *batch = conn->slots[conn->first].batch;

	conn->slots[conn->first].batch = NULL;
	conn->first = (conn->first + 1) % PP_DB_DEPTH;
	conn->count--;
	conn->identified = false;
	conn->ask = NULL;
	if (batch) {
		batch->slot = NULL;
		if (batch->again)
			ask_again(batch);
		else
			pp_batch_finish(batch, batch->failed ? &batch->fault : NULL);
	}
	pp_db_dispatch(conn->db, conn->lane);
}

static struct pp_db_ask *next_new(struct pp_db_ask *ask)
{
	while (ask && !ask->is_new)
		ask = ask->next;
	return ask;
}

/* PostgreSQL leaves out what stands between a fault and the sync: all from there on is unknown. */
static void not_learnt(struct pp_conn *conn, struct pp_batch *batch, const PGresult *result)
{
	struct pp_db_ask *ask = batch ? next_new(batch->first) : NULL;

	for (size_t i = 0; ask && i < conn->learnt; i++)
		ask = next_new(ask->next);
	note_fault(conn, batch, ask, result);
	if (!ask)
		conn->stale = true;
	for (; ask; ask = next_new(ask->next))
		pp_conn_forget(conn, ask->query);
}

static void take_learnt(struct pp_conn *conn, PGresult *result)
{
	struct pp_db_slot *slot = &conn->slots[conn->first];

	switch (PQresultStatus(result)) {
	case PGRES_COMMAND_OK:
		conn->learnt++;
		break;
	case PGRES_PIPELINE_SYNC:
		slot->learns = false;
		conn->learnt = 0;
		break;
	case PGRES_PIPELINE_ABORTED:
		break;
	default:
		not_learnt(conn, slot->batch, result);
	}
	PQclear(result);
}

void pp_batch_take(struct pp_conn *conn, PGresult *result)
{
	const struct pp_db_slot *slot = &conn->slots[conn->first];
	struct pp_batch *batch = slot->batch;
	struct pp_db_ask *ask;

	if (slot->learns) {
		take_learnt(conn, result);
		return;
	}
	if (!conn->identified && !slot->says_who) {
		conn->identified = true;
		conn->ask = batch ? batch->first : NULL;
	}
	ask = batch ? conn->ask : NULL;
	switch (PQresultStatus(result)) {
	case PGRES_PIPELINE_SYNC:
		PQclear(result);
		end_slot(conn);
		return;
	case PGRES_TUPLES_OK:
	case PGRES_COMMAND_OK:
		if (ask) {
			ask->answer = pp_db_read_rows(batch->arena, result);
			conn->ask = ask->next;
			return;
		}
		if (!conn->identified && batch)
			conn->ask = batch->first;
		conn->identified = true;
		break;
	case PGRES_PIPELINE_ABORTED:
		break;
	default:
		note_fault(conn, batch, conn->ask, result);
	}
	PQclear(result);
}
