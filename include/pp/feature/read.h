/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Reading a collection. What is wanted is a struct pp_feature_ask; it becomes one sentence with
 * bound parameters, which is asked for again from the last feature on until all are there: a batch
 * is bounded in features and bytes, and between two of them nothing is held in the database,
 * however slow the client. That the batches fit together is the table's doing: every page reads
 * what its first one has seen (decision 16).
 */
#include <pp/core/req.h>
#include <pp/feature/where.h>

/* Sorted by that column; NULL: by the id, behind which no other order matters. */
struct pp_feature_order {
	const struct pp_feature_column *column;
	bool descending;
};

enum { PP_FEATURE_ORDERS = 4 };

struct pp_feature_ask {
	const struct pp_collection *collection;
	uint32_t columns; /* bits 1 << number; what passes and is not asked for comes as null */
	bool geometry;
	struct pp_slice fid;          /* this one only; at == NULL: all */
	struct pp_slice held;         /* what this lock has; at == NULL: whoever has it */
	struct pp_slice box;          /* WKB in EPSG:25832 that they meet; at == NULL: wherever */
	const struct pp_where *where; /* NULL: whatever they are */
	struct pp_slice from, to;     /* RFC 3339; both or neither; from empty: since ever */
	struct pp_slice seen; /* of the traversal's first page; at == NULL: what is there now */
	/* The first decides, the others among equals, last the id, in the direction of the last
	 * one; what is null comes last. None: by the id. */
	struct pp_feature_order order[PP_FEATURE_ORDERS];
	size_t order_count;
	struct pp_slice after; /* place of the last feature of the page before (pp_feature_cursor);
				  at == NULL: from the beginning */
	uint64_t skip;         /* from the beginning: without so many; costs as much as reading
				  them, so cursors are better */
	uint64_t limit;
};

/* Whether the answer is another on another day, though nothing has changed. */
bool pp_ask_moves(const struct pp_feature_ask *ask);

struct pp_feature_reading {
	struct pp_feature_ask ask;
	struct pp_rows *rows;        /* the answer */
	struct pp_slice seen, state; /* from the first answer on */
	struct pp_slice present; /* how many features the collection has, without any condition */
	struct pp_slice last;    /* place of the last feature of the answer */
	struct pp_buf *kept;     /* its bytes */
	struct pp_slice place;   /* of the one that pp_feature_next has given; in rows */
	uint64_t count;          /* read so far */
	size_t at, asked;        /* in rows; how many were asked for */
	size_t each;             /* bytes of a feature, as the last ones had */
	bool more;               /* another batch is or will be asked for */
	/* Of the one that pp_feature_next has given, and the numbers among them. */
	struct pp_slice cells[PP_FEATURE_COLUMNS];
	double numbers[PP_FEATURE_COLUMNS];
};

/* A copy in a buffer that is made once, however often something else takes its place. */
struct pp_slice pp_keep(struct pp_arena *arena, struct pp_buf **kept, struct pp_slice bytes);

/* Whether a list of the collections has that one for whoever asks. */
bool pp_collection_shows(const struct pp_req *req, const struct pp_collection *collection);
/* Whether whoever asks may read it at all; false after the refusal. */
PP_CHECKED bool pp_collection_opens(struct pp_req *req, const struct pp_collection *collection);

/*
 * Asks the next batch; `return PP_WAIT`. Then the next step calls pp_feature_next for each of its
 * features, until it is false, and asks again where reading->more says so.
 */
void pp_features_ask(struct pp_req *req, struct pp_feature_reading *reading);
/* Looks at the answer: sets seen, state and more. Once, before its features are read. */
void pp_features_answered(struct pp_req *req, struct pp_feature_reading *reading);
/* The two for whoever has a connection and no request: what is to be asked next at that instant
 * (RFC 3339), and a look at reading->rows; what is kept lies in the arena. */
const struct pp_query *pp_features_question(struct pp_arena *arena,
	struct pp_feature_reading *reading, struct pp_slice now, const struct pp_slice **values);
void pp_features_take(struct pp_arena *arena, struct pp_feature_reading *reading);
/*
 * How far so many features reach, without reading them: for what has to say at its beginning where
 * it will end. A long way takes several answers.
 */
struct pp_feature_reach {
	struct pp_rows *rows;
	uint64_t wanted;
	size_t asked;
	uint64_t found;       /* of those wanted, by this answer */
	struct pp_slice last; /* place of the last of these; in rows */
	bool follows;         /* there are more than are wanted */
	bool more;            /* neither the wanted nor the end were reached: ask on from last */
};
void pp_features_reach(
	struct pp_req *req, const struct pp_feature_ask *what, struct pp_feature_reach *reach);
void pp_features_reached(struct pp_feature_reach *reach);
/* How many features it has; pp_features_counted reads the number, and what was seen, of the answer.
 */
void pp_features_count(
	struct pp_req *req, const struct pp_feature_ask *what, struct pp_rows **rows);
struct pp_slice pp_features_counted(const struct pp_rows *rows, struct pp_slice *seen);
/* The entity tag of a reply to this address in that format; once the first answer was looked at. */
struct pp_slice pp_features_tag(
	struct pp_req *req, const struct pp_feature_reading *reading, const char *format);
/*
 * A cursor: what was seen, and a place behind which it goes on, as text for an address. Reading one
 * sets seen and after; false for what is none, or is one of another order.
 */
struct pp_slice pp_feature_cursor(
	struct pp_arena *arena, const struct pp_feature_reading *reading, struct pp_slice place);
PP_CHECKED bool pp_feature_cursor_read(
	struct pp_arena *arena, struct pp_slice cursor, struct pp_feature_ask *ask);

/* The next feature of the answer, and the number of its version. */
bool pp_feature_next(
	struct pp_feature_reading *reading, struct pp_feature_row *row, struct pp_slice *version);

/*
 * What has changed in a collection behind a place in the row of all changes: the number `seen` and,
 * among what that changed, the id `after`; and later than the instant `from`. Each feature that was
 * written since or has ended, in that order, at most `limit`, once, and as it is now: whoever goes
 * on from the last one misses nothing, whatever changes meanwhile. The first row is no feature: its
 * PP_CHANGE_AT is the number that the clock stands at, PP_CHANGE_STATE the one of the collection's
 * last change, its flag that the collection forgets, so that nothing but ids may be shown; it has a
 * moment where some of what has ended since is not kept any more.
 */
enum {
	PP_CHANGE_AT,
	PP_CHANGE_STATE,
	PP_CHANGE_FID,
	PP_CHANGE_MOMENT, /* since when, or until when, the platform shows it */
	PP_CHANGE_FLAG    /* it has ended */
};
void pp_changes_ask(struct pp_req *req, const struct pp_feature_ask *what, struct pp_rows **rows);

/*
 * The queries that are asked all the time, without a filter, and those of tiles, beside those that
 * are given: named, hence prepared like those.
 */
const struct pp_query *pp_feature_queries(
	struct pp_arena *arena, const struct pp_query *queries, size_t *count);
