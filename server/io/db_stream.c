/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Row by row, as fast as the client takes them: when it is slow nothing is read, TCP fills up, and
 * PostgreSQL waits. A stream has its connection to itself for as long.
 */
#include "db_inner.h"

#include <stdlib.h>

struct pp_stream *pp_stream_open(struct pp_db *db, enum pp_lane lane, struct pp_identity who,
	const struct pp_query *query, const struct pp_slice *params,
	bool (*row)(void *ctx, const struct pp_rows *row),
	void (*done)(void *ctx, const struct pp_fault *fault), void *ctx)
{
	struct pp_stream *stream = calloc(1, sizeof(*stream));

	PP_MUST(stream && lane < PP_LANES && pp_db_is_stream((int)lane));
	PP_MUST(query->lanes & 1u << lane);
	stream->magic = PP_STREAM_MAGIC;
	stream->db = db;
	stream->lane = lane;
	stream->query = query;
	stream->take = row;
	stream->done = done;
	stream->ctx = ctx;
	stream->waits_until = pp_loop_now(db->loop) + PP_DB_WAITING_US;
	pp_arena_begin(&stream->arena);
	pp_buf_begin(&stream->bytes);
	pp_db_identify(&stream->arena, who, stream->who);
	stream->params = pp_db_copy_params(&stream->arena, query, params);
	pp_db_sweep(db);
	if (!db->closing && pp_db_queue(&db->lanes[lane], &stream->link)) {
		stream->queued = true;
		pp_db_dispatch(db, (int)lane);
		return stream;
	}
	pp_db_not_taken(db, (int)lane, &stream->fault);
	pp_list_push(&db->ended, &stream->link);
	pp_db_next_turn(db);
	return stream;
}

bool pp_stream_start(struct pp_conn *conn, struct pp_stream *stream)
{
	if (!pp_conn_send(conn, conn->db->identity, stream->who) ||
		!pp_conn_send(conn, stream->query, stream->params) || !PQpipelineSync(conn->pg)) {
		pp_conn_break(conn);
		return false;
	}
	stream->queued = false;
	stream->conn = conn;
	conn->stream = stream;
	conn->progress = pp_loop_now(conn->db->loop);
	pp_conn_watch(conn);
	return true;
}

static void end(struct pp_stream *stream)
{
	if (stream->queued)
		pp_db_unqueue(&stream->db->lanes[stream->lane], &stream->link);
	pp_list_remove(&stream->link);
	pp_buf_end(&stream->bytes);
	pp_arena_end(&stream->arena);
	stream->magic = 0;
	free(stream);
}

void pp_stream_finish(struct pp_stream *stream, const struct pp_fault *fault)
{
	void (*done)(void *, const struct pp_fault *) = stream->done;
	struct pp_fault copy = { 0 };
	void *ctx = stream->ctx;

	PP_MUST(stream->magic == PP_STREAM_MAGIC);
	if (fault)
		copy = *fault;
	end(stream);
	done(ctx, fault ? &copy : NULL);
}

/*
 * NULL was read: the query behind the identity comes next, and libpq must be told before it is
 * read.
 */
void pp_stream_next(struct pp_conn *conn)
{
	struct pp_stream *stream = conn->stream;

	if (!stream->identified || stream->failed || stream->row.cells)
		return;
	if (!PQsetSingleRowMode(conn->pg)) {
		pp_conn_lose(conn, "single-row mode was refused");
		return;
	}
	stream->row.rows = 1;
	stream->row.columns = stream->query->column_count;
	stream->row.cells = PP_NEW_ARRAY(&stream->arena, struct pp_slice, PP_QUERY_COLUMNS);
}

/* What the owner cancelled from within its row ends once the row has returned. */
static void take_row(struct pp_conn *conn, const PGresult *result)
{
	struct pp_stream *stream = conn->stream;
	int columns = PQnfields(result);
	bool more;

	PP_MUST(stream->row.cells && columns <= PP_QUERY_COLUMNS);
	stream->row.columns = (size_t)columns;
	pp_db_read_row(result, &stream->row, &stream->bytes);
	stream->inside = true;
	more = stream->take(stream->ctx, &stream->row);
	stream->inside = false;
	if (stream->cancelled) {
		conn->stream = NULL;
		end(stream);
		pp_conn_lose(conn, NULL);
	} else if (!more) {
		stream->paused = true;
	}
}

void pp_stream_take(struct pp_conn *conn, PGresult *result)
{
	struct pp_stream *stream = conn->stream;

	switch (PQresultStatus(result)) {
	case PGRES_SINGLE_TUPLE:
		take_row(conn, result);
		break;
	case PGRES_TUPLES_OK:
	case PGRES_COMMAND_OK:
		stream->identified = true;
		break;
	case PGRES_PIPELINE_ABORTED:
		break;
	case PGRES_PIPELINE_SYNC:
		conn->stream = NULL;
		PQclear(result);
		pp_stream_finish(stream, stream->failed ? &stream->fault : NULL);
		pp_db_dispatch(conn->db, conn->lane);
		return;
	default:
		if (pp_db_is_outdated(result))
			pp_conn_renew_all(conn->db);
		if (!stream->failed)
			pp_db_read_fault(result, stream->query->name, &stream->fault);
		stream->failed = true;
	}
	PQclear(result);
}

void pp_stream_resume(struct pp_stream *stream)
{
	PP_MUST(stream->magic == PP_STREAM_MAGIC);
	if (!stream->paused)
		return;
	stream->paused = false;
	/* libpq may hold rows that no event will tell of; they come on the next turn. */
	stream->conn->progress = pp_loop_now(stream->db->loop);
	pp_timer_start(stream->conn->timer, 0);
}

void pp_stream_cancel(struct pp_stream *stream)
{
	struct pp_conn *conn = stream->conn;

	PP_MUST(stream->magic == PP_STREAM_MAGIC && !stream->cancelled);
	if (stream->inside) {
		stream->cancelled = true;
		return;
	}
	if (conn)
		conn->stream = NULL;
	end(stream);
	/* PQcancel would block; a closed connection is noticed by the server within a second. */
	if (conn)
		pp_conn_lose(conn, NULL);
}
