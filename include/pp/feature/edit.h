/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Changes of an editable collection on their way to the database, whatever protocol they came by.
 * The collection's query (pp_collection.edit) takes a list of them, does all or none, and answers
 * each with the id of its feature and the number of the version that is there then
 * (sql/api/plan_draft.sql).
 */
#include <pp/feature/read.h>
#include <pp/fmt/json.h>
#include <pp/geo/job.h>

struct pp_feature_change {
	const char *action;            /* "create", "replace", "update" or "delete" */
	size_t number;                 /* with which it answers */
	struct pp_slice id;            /* of the feature; of all but create */
	struct pp_slice ids;           /* or of several, of which those that are there count: a JSON
					  list */
	struct pp_slice pointer;       /* of what is refused, before /properties or /geometry */
	struct pp_slice handle, place; /* for clients that speak no JSON: what is refused, and where
					  it stands; at == NULL: the pointer says it */
	struct pp_slice properties;    /* a JSON object; at == NULL: nothing is said of them */
	bool says_geometry;
	struct pp_slice wkb; /* EPSG:25832, as a geometry worker has passed it; at == NULL: none */
	/* Preconditions (RFC 9110 §13.1): JSON, a list of the version numbers as texts, or "*"; an
	 * instant of RFC 3339. at == NULL: whatever is there. */
	struct pp_slice if_match, if_unmodified_since;
};

/* Puts it behind the others of a list, which begins as an empty buffer and still wants its ]. */
void pp_feature_change_add(struct pp_buf *list, const struct pp_feature_change *change);

/*
 * A list of changes, or a lock, on its way to the database. Everything that one step asks is one
 * transaction; pp_feature_turn has to be asked before all that finds features by a condition.
 */
struct pp_feature_edit {
	const struct pp_collection *collection;
	/* What is changed or locked: what a condition finds, NULL being none, so all of them. */
	bool finds; /* false: the actions name it themselves */
	const struct pp_where *where;
	/* Changes: */
	struct pp_slice actions; /* a list of pp_feature_change_add */
	bool releases;           /* all that the lock has at the end, else what was changed */
	bool follows;            /* another one with the same lock, in the same transaction */
	size_t nth;              /* of the lists of a request: repeated, each has been done */
	/* Locks: */
	const struct pp_feature_order *order; /* with the limit: which ones */
	size_t order_count;
	uint64_t limit;
	struct pp_slice seconds; /* a number; at == NULL: as the database has it */
	bool every;              /* all or none, else those that are free */
	/* Of either: one's own lock; at == NULL: none. */
	struct pp_slice lock;
};

/* For each feature that was changed a row: the number of its action, what was done, its id, and the
 * number of the version that is there then. */
enum { PP_EDIT_NO, PP_EDIT_ACTION, PP_EDIT_ID, PP_EDIT_VERSION };
/* One row: the lock, when it ends, and the ids that it got and did not get, as arrays. */
enum { PP_LOCK_ID, PP_LOCK_EXPIRES, PP_LOCK_TAKEN, PP_LOCK_MISSED };

/* The body's editors come one after the other: whoever has the turn sees what the others did. */
void pp_feature_turn(struct pp_req *req);
void pp_feature_edit_ask(
	struct pp_req *req, const struct pp_feature_edit *edit, struct pp_rows **rows);
void pp_feature_lock_ask(
	struct pp_req *req, const struct pp_feature_edit *edit, struct pp_rows **rows);

/*
 * The preconditions of a request: its entity tags name a version before their first point, and a
 * representation of it behind. False after the refusal of a time that cannot be read.
 */
PP_CHECKED bool pp_feature_conditions(struct pp_req *req, struct pp_feature_change *change);
/* The entity tag of one representation of a version. */
struct pp_slice pp_feature_tag(
	struct pp_req *req, struct pp_slice version, struct pp_slice representation);

/*
 * Puts a member of a feature's properties behind the others of a JSON object that begins as an
 * empty buffer and still wants its brace. What cannot be written is left out, because clients send
 * back what they have read; what the type does not have, or has as something else, is wrong
 * (pp_wrong, at that pointer).
 */
void pp_feature_property_add(struct pp_req *req, struct pp_buf *object,
	const struct pp_feature_type *type, struct pp_slice name, const struct pp_json *value,
	struct pp_slice pointer);
