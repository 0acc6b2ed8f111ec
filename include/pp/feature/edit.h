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
	const char *action;         /* "create", "replace", "update" or "delete" */
	struct pp_slice id;         /* of the feature; of all but create */
	struct pp_slice pointer;    /* of what is refused, before /properties or /geometry; at ==
				       NULL: a slash and the change's number */
	struct pp_slice properties; /* a JSON object; at == NULL: nothing is said of them */
	bool says_geometry;
	struct pp_slice wkb; /* EPSG:25832, as a geometry worker has passed it; at == NULL: none */
	/* Preconditions (RFC 9110 §13.1): JSON, a list of the version numbers as texts, or "*"; an
	 * instant of RFC 3339. at == NULL: whatever is there. */
	struct pp_slice if_match, if_unmodified_since;
};

/* Puts it behind the others of a list, which begins as an empty buffer and still wants its ]. */
void pp_feature_change_add(struct pp_buf *list, const struct pp_feature_change *change);

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
