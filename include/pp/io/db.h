/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * PostgreSQL, asynchronous, in pipeline mode. The sentences are named queries (sql/queries), each
 * prepared on a connection when it is first asked there; parameters are bound, never spliced. A
 * batch is the queries that one step asks: sent together with one sync = one round trip = one
 * transaction, with the identity as its first statement, but for nobody on a public lane. A failed
 * query undoes the whole batch.
 *
 * Lanes keep slow from quick (design D6): on a slow lane one batch at a time runs on a connection.
 * A connection that is lost fails its batches with PP_database_unavailable (whether a write was
 * done is then unknown: Idempotency-Key tells) and is opened again with back-off; reads that were
 * not yet sent wait for at most two seconds.
 */
#include <pp/base/arena.h>
#include <pp/base/problem.h>
#include <pp/io/loop.h>

enum pp_lane {
	PP_LANE_READ,
	PP_LANE_WRITE,
	PP_LANE_SLOW,
	PP_LANE_PUBLIC,
	PP_LANE_PUBLIC_SLOW,
	PP_LANES
};

enum pp_type {
	PP_TYPE_TEXT,
	PP_TYPE_UUID,
	PP_TYPE_INT,
	PP_TYPE_BIGINT,
	PP_TYPE_BOOL,
	PP_TYPE_DATE,
	PP_TYPE_TIMESTAMPTZ,
	PP_TYPE_JSON,
	PP_TYPE_JSONB,
	PP_TYPE_BYTEA,
	PP_TYPE_NUMERIC,
	PP_TYPE_DOUBLE,
	PP_TYPE_TEXT_ARRAY,
	PP_TYPES
};

struct pp_column {
	const char *name;
	enum pp_type type;
};

#define PP_QUERY_PARAMS  24
#define PP_QUERY_COLUMNS 40

/*
 * One named query: generated from sql/queries by sql/sqlgen.py, or made at run time: then it is not
 * prepared but planned for its parameters whenever it is asked. Two of them are the connections'
 * own and must be among those given to pp_db_open: session_identity(account, body, role), the first
 * statement of every batch, and schema_version() -> no, asked once when a connection opens;
 * session_room() is asked then as well where there is one.
 */
struct pp_query {
	const char *name, *sql;
	unsigned lanes; /* bits 1 << enum pp_lane: where it may run */
	bool made;      /* at run time */
	bool is_reply;  /* returns the columns of pp.reply: status, location, etag, next, body */
	size_t param_count, column_count;
	struct pp_column params[PP_QUERY_PARAMS];
	struct pp_column columns[PP_QUERY_COLUMNS];
};

/*
 * A parameter is text in PostgreSQL's own input form (uuid, int, date, timestamptz in RFC 3339,
 * json, text[] as '{"a","b"}'), but the raw bytes where its type is bytea. `at` NULL is SQL NULL.
 */
struct pp_rows {
	size_t rows, columns;
	struct pp_slice *cells; /* row by row; at == NULL is SQL NULL; bytea as raw bytes, a double
			       as its eight in this machine's order, timestamptz as RFC 3339 where
			       there is a bytea column */
};

static inline struct pp_slice pp_cell(const struct pp_rows *rows, size_t row, size_t column)
{
	PP_MUST(row < rows->rows && column < rows->columns);
	return rows->cells[row * rows->columns + column];
}

/* Who asks; empty slices are nobody. Becomes pp.account, pp.body and pp.roles for the batch. */
struct pp_identity {
	struct pp_slice account, body, roles;
};

struct pp_db_options {
	const char *url;        /* libpq connection string for the signed-in role (pp_server) */
	const char *public_url; /* for the public's role (pp_public) */
	unsigned connections[PP_LANES];
	int64_t statement_timeout_us[PP_LANES];
	const struct pp_query *queries;
	size_t query_count;
	int schema_version; /* highest migration this program knows; another one fails the opening
			     */
};

struct pp_db;

/* Opens every connection in the background. state is called when the database becomes usable or
 * not. */
struct pp_db *pp_db_open(struct pp_loop *loop, const struct pp_db_options *options,
	void (*state)(void *ctx, bool usable, const char *reason), void *ctx);
/* Calls done of whatever is still open with PP_database_unavailable. Not from within a callback. */
void pp_db_close(struct pp_db *db);

struct pp_batch;

/*
 * A batch lives in the arena of whoever asks, which must live until done was called; from then on
 * nothing here touches it again, however late the server answers.
 */
struct pp_batch *pp_batch_make(
	struct pp_db *db, struct pp_arena *arena, enum pp_lane lane, struct pp_identity who);
/* *rows is set when the batch succeeds; cells lie in the arena. params has query->param_count
 * entries, copied. */
void pp_batch_add(struct pp_batch *batch, const struct pp_query *query,
	const struct pp_slice *params, struct pp_rows **rows);
size_t pp_batch_size(const struct pp_batch *batch);
bool pp_batch_is_slow(const struct pp_batch *batch);

/*
 * Sends the batch; done is called exactly once, on the loop, never before this returns. fault is
 * NULL on success and lives until done returns. At deadline_us (an instant of pp_loop_now, kept to
 * 20 ms) done hears PP_deadline_exceeded; what the server made of the batch is then unknown.
 *
 * A refusal of an SQL function (SQLSTATE PP001) carries the problem of its HINT, DETAIL as detail
 * and COLUMN as pointer. A constraint that is named like a problem is that problem; another unique
 * or exclusion constraint is PP_conflict. Serialisation failures and deadlocks (40001, 40P01) are
 * sent again up to three times, then PP_busy, as is a lock that was not had within 2 s.
 * statement_timeout is PP_deadline_exceeded. A value that PostgreSQL cannot read is
 * PP_invalid_parameter. More than 256 waiting in the lane, or 2 s of waiting, is PP_busy, or
 * PP_database_unavailable while no connection is open. Anything else is PP_bug, without detail, and
 * logged with the query's name.
 */
void pp_batch_send(struct pp_batch *batch, int64_t deadline_us,
	void (*done)(void *ctx, const struct pp_fault *fault), void *ctx);

/*
 * Of a slow lane: nobody waits for the batch any more. It is not asked, or its connection is
 * closed, which the server notices within a second (PQcancel would block); done is called as for a
 * lost one.
 */
void pp_batch_cancel(struct pp_batch *batch);

/* One connection that LISTENs on a channel (role pp_server); heard is called per notification, and
 * once with an empty payload after every (re)connection, because notifications may have been
 * missed. */
void pp_db_listen(struct pp_db *db, const char *channel,
	void (*heard)(void *ctx, struct pp_slice payload), void *ctx);
