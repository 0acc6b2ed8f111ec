/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * What the files of the database room share: db.c keeps the lanes and their queues, db_open.c makes
 * them, db_conn.c lives one connection's life, db_batch.c sends work on it and reads the answers,
 * db_listen.c hears notifications, db_result.c reads what the server said.
 *
 * A batch belongs to its asker's arena, so whoever is about to call done first forgets the batch
 * everywhere. Connections live as long as the database.
 */
#include <libpq-fe.h>

#include <pp/base/buf.h>
#include <pp/base/clock.h>
#include <pp/base/list.h>
#include <pp/io/db.h>

#define PP_DB_DEPTH        8   /* batches under way on one connection */
#define PP_DB_WAITING_MOST 256 /* batches that wait for a lane */
/* Writes that wait: as many as a worker has clients. What was received in time must not be sent
 * away for a crowd in the last minute; a repetition would come too late. */
#define PP_DB_WRITES_MOST 4096
#define PP_DB_WAITING_US  (2 * PP_SECOND)
#define PP_DB_TRIES       4 /* once, and three times again */
#define PP_DB_SWEEP_US    INT64_C(20000)
#define PP_DB_GRACE_US    (5 * PP_SECOND) /* what a server may be late beyond its own time limit */

#define PP_DB_MAGIC    0x70706462u
#define PP_CONN_MAGIC  0x7070636fu
#define PP_BATCH_MAGIC 0x70706261u

/* Listening is a lane of its own, behind the public ones, with one connection. */
#define PP_DB_LISTEN PP_LANES

/* The texts of pp.account, pp.body and pp.roles that every batch begins with. */
#define PP_DB_WHO 3

/* One query of a batch. */
struct pp_db_ask {
	struct pp_db_ask *next;
	const struct pp_query *query;
	struct pp_slice *params;
	struct pp_rows *answer; /* of this try */
	struct pp_rows **rows;  /* the asker's, set when the whole batch succeeds */
	bool is_new;            /* prepared for this try */
};

/* What a connection still has to answer; without a batch nobody waits for it any more. */
struct pp_db_slot {
	struct pp_batch *batch;
	bool says_who; /* its first answer is that of the identity */
	bool learns;   /* before it come the answers of what is prepared for it, and a sync */
};

struct pp_batch {
	unsigned magic;
	struct pp_link link; /* in its lane's queue, or among the refused */
	struct pp_link open; /* in db->open, from sending until done */
	struct pp_db *db;
	struct pp_arena *arena;
	enum pp_lane lane;
	struct pp_slice who[PP_DB_WHO];
	struct pp_db_ask *first, **last;
	size_t size;
	int64_t deadline, waits_until;
	unsigned tries;
	struct pp_db_slot *slot; /* while it is under way */
	bool queued, failed, again;
	struct pp_fault fault;
	void (*done)(void *ctx, const struct pp_fault *fault);
	void *ctx;
};

enum pp_conn_state {
	PP_CONN_CLOSED, /* waits for its time, or for the prober to get through */
	PP_CONN_CONNECTING,
	PP_CONN_GREETING,
	PP_CONN_READY,
};

struct pp_conn {
	unsigned magic;
	struct pp_db *db;
	int lane;
	enum pp_conn_state state;
	PGconn *pg;
	struct pp_watch *watch;
	unsigned watched;
	struct pp_timer *timer; /* closed: open now; opening: too long; ready: go on, or give up */
	unsigned failures;      /* openings in a row that failed */
	bool asleep;            /* closed until the others of its lane are busy */
	bool behind;            /* closed until the prober gets through */
	bool stale;             /* its plans are outdated: opens anew when it is empty */
	bool broken;            /* sending failed: to be lost on the next turn */
	int64_t progress;       /* when the server last said something, or was asked when idle */
	bool *known;            /* by db->queries: prepared here, or on the way to it */
	size_t greeted;         /* answers to the opening that are in */
	char reason[256];       /* what the opening found wrong first */
	struct pp_db_slot slots[PP_DB_DEPTH];
	unsigned first, count; /* the ring of slots */
	size_t learnt;         /* of what is prepared for the first slot: answers that are in */
	bool identified;       /* the first slot's identity was answered */
	struct pp_db_ask *ask; /* of the first slot's batch: whose answer comes next */
};

struct pp_db_listening {
	struct pp_db_listening *next;
	const char *channel;
	bool asked, told; /* of the present connection */
	void (*heard)(void *ctx, struct pp_slice payload);
	void *ctx;
};

struct pp_db_lane {
	struct pp_conn *conns;
	unsigned count;
	bool opened;                           /* a connection was ready once */
	const char *const *keywords, **values; /* for PQconnectStartParams */
	int64_t timeout;                       /* statement_timeout in µs, 0 for none */
	struct pp_link waiting;                /* batches */
	unsigned waiting_count, waiting_most;
};

struct pp_db {
	unsigned magic;
	struct pp_loop *loop;
	struct pp_arena arena;
	const struct pp_query **queries; /* by name */
	size_t query_count;
	const struct pp_query *identity, *version, *room; /* among them; room NULL: none */
	int schema_version;
	struct pp_db_lane lanes[PP_LANES + 1];
	struct pp_conn *probers[2]; /* of the server's role and of the public's */
	struct pp_link open;        /* batches whose done was not yet called */
	struct pp_link refused;     /* those of them that hear so on the next turn */
	struct pp_timer *turn, *sweep;
	bool sweeping, usable, closing;
	struct pp_db_listening *listening;
	char reason[256]; /* last told */
	void (*state)(void *ctx, bool usable, const char *reason);
	void *ctx;
};

static inline bool pp_db_is_public(int lane)
{
	return lane == PP_LANE_PUBLIC || lane == PP_LANE_PUBLIC_SLOW;
}

static inline bool pp_db_is_slow(int lane)
{
	return lane == PP_LANE_SLOW || lane == PP_LANE_PUBLIC_SLOW;
}

extern const char *const pp_db_lane_names[PP_LANES + 1];

/* db.c */

/* Tells the owner when the database became usable or not, or why it still is not. */
void pp_db_tell(struct pp_db *db, const char *reason);
/* Hands waiting work to the lane's connections that have room. */
void pp_db_dispatch(struct pp_db *db, int lane);
void pp_db_sweep(struct pp_db *db);
/* Whether a connection of the lane takes work, now or as soon as it has room. */
bool pp_db_is_ready(const struct pp_db_lane *lane);
/* Puts work at the end of its lane's queue; false when that is full. */
bool pp_db_queue(struct pp_db_lane *lane, struct pp_link *link);
void pp_db_unqueue(struct pp_db_lane *lane, struct pp_link *link);
/* Why nobody took the work in time: too much of it, or no connection. */
void pp_db_not_taken(const struct pp_db *db, int lane, struct pp_fault *fault);
/* Calls the refused back on the next turn of the loop. */
void pp_db_next_turn(struct pp_db *db);
void pp_db_identify(struct pp_arena *arena, struct pp_identity who, struct pp_slice out[PP_DB_WHO]);
struct pp_slice *pp_db_copy_params(
	struct pp_arena *arena, const struct pp_query *query, const struct pp_slice *params);

/* db_open.c */
void pp_db_lane_options(struct pp_db *db, int lane, const char *url);

/* db_conn.c */

void pp_conn_begin(struct pp_conn *conn, struct pp_db *db, int lane);
void pp_conn_end(struct pp_conn *conn);
/* Opens the connection on the next turn, behind the prober if there is one. */
void pp_conn_open(struct pp_conn *conn);
/*
 * Gives the connection up: its work fails, and it opens again after a while. reason NULL: we did
 * it.
 */
void pp_conn_lose(struct pp_conn *conn, const char *reason);
/*
 * Sending failed: lost on the next turn, so that nobody is called back from within a call of ours.
 */
void pp_conn_break(struct pp_conn *conn);
/* Called for what has been read and for whatever was sent: waits for what libpq needs next. */
void pp_conn_watch(struct pp_conn *conn);
void pp_conn_ready(struct pp_conn *conn);
bool pp_conn_is_free(const struct pp_conn *conn);
/* Every connection's plans are outdated: they open anew as they become empty. */
void pp_conn_renew_all(struct pp_db *db);
PP_CHECKED bool pp_conn_send(
	struct pp_conn *conn, const struct pp_query *query, const struct pp_slice *params);

/* db_prepare.c */

void pp_db_list_queries(struct pp_db *db, const struct pp_query *queries, size_t count);
/* NULL: there is none of that name. */
const struct pp_query *pp_db_query(const struct pp_db *db, const char *name);
/* Asks whether this is our schema; then the connection is ready, or lost with the reason. */
void pp_conn_greet(struct pp_conn *conn);
void pp_conn_take_greeting(struct pp_conn *conn, PGresult *result);
/* Has the query prepared where it is not yet, which *is_new tells; false when sending failed. */
PP_CHECKED bool pp_conn_learn(struct pp_conn *conn, const struct pp_query *query, bool *is_new);
/* It could not be prepared: the next who asks it has it tried again. */
void pp_conn_forget(struct pp_conn *conn, const struct pp_query *query);

/* db_batch.c */
void pp_batch_take(struct pp_conn *conn, PGresult *result);
PP_CHECKED bool pp_batch_start(struct pp_conn *conn, struct pp_batch *batch);
void pp_batch_finish(struct pp_batch *batch, const struct pp_fault *fault);
bool pp_batch_is_over(const struct pp_batch *batch, int64_t now);
void pp_batch_expire(struct pp_batch *batch, int64_t now);

/* db_listen.c */
void pp_listen_start(struct pp_conn *conn);
void pp_listen_read(struct pp_conn *conn);

/* db_result.c, for admin.c too */

/* The types of its parameters, as PostgreSQL numbers them. */
void pp_db_types(const struct pp_query *query, unsigned out[PP_QUERY_PARAMS]);
struct pp_db_params {
	const char *values[PP_QUERY_PARAMS];
	int lengths[PP_QUERY_PARAMS], formats[PP_QUERY_PARAMS];
};
/* Parameters as libpq wants them; text ones must have a NUL behind them. */
void pp_db_write_params(
	struct pp_db_params *out, const struct pp_query *query, const struct pp_slice *params);
/* Bytes shall come as they are, where no other column's binary form is in the way. */
bool pp_db_is_binary(const struct pp_query *query);
/* Takes the result over: the arena clears it. */
struct pp_rows *pp_db_read_rows(struct pp_arena *arena, PGresult *result);
/* What went wrong as a reply may say it; a bug is logged here under the query's name, if it has
 * one.
 */
void pp_db_read_fault(const PGresult *result, const char *query, struct pp_fault *fault);
bool pp_db_has_state(const PGresult *result, const char *sqlstate);
/* The server no longer means what was prepared, or no longer takes writes: open anew, ask again. */
bool pp_db_is_outdated(const PGresult *result);
void pp_db_unavailable(struct pp_fault *fault);
void pp_db_ignore_notice(void *ctx, const PGresult *result);
/* The first line of a message of libpq, which ends all of them with a newline. */
void pp_db_message(char out[256], const char *message);
