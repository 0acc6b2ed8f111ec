/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Recomputation over REST: what stored plans would say under other rules or boundaries, or whether
 * their results can be had again. A job that a process of the clerk's works off; nothing that is on
 * record is changed by it.
 */
#include <pp/core/req.h>
#include <pp/geo/rules.h>

#include "../rooms.h"

static bool has(struct pp_req *req, const char *member)
{
	return pp_json_member(req->body, pp_slice_of(member));
}

/* A text is read by the engine's own reader before anybody waits for it. */
static void check_rules(struct pp_req *req)
{
	struct pp_json *text = pp_json_member(req->body, PP_S("rules_text"));
	struct pp_fault fault;

	if (text && has(req, "rules"))
		pp_wrong(req, PP_S("/rules_text"), "either a version or a text");
	else if (text && !pp_rules_check(pp_json_text(text), &fault))
		pp_wrong(req, PP_S("/rules_text"), "%s", fault.detail);
}

static enum pp_next create_ask(struct pp_req *req)
{
	bool verify = pp_json_boolean(pp_json_member(req->body, PP_S("verify")));
	bool other = has(req, "rules") || has(req, "rules_text") || has(req, "boundaries") ||
		has(req, "date");

	check_rules(req);
	if (verify && other)
		pp_wrong(req, PP_S("/verify"),
			"is with the versions and the day of then; leave the others out");
	if (!verify && !other)
		pp_wrong(req, PP_S("/rules"),
			"name rules, boundaries or a date for what would be, or verify");
	if (req->wrong)
		return pp_refuse_wrong(req, PP_invalid_body);
	pp_ask(req, "recomputation_create", &req->rows);
	return PP_WAIT;
}

static pp_step *const create_steps[] = { create_ask, pp_reply_route, NULL };

static const struct pp_field list_params[] = { PP_LIST_PARAMS, { 0 } };

static const struct pp_field procedure_list[] = { { .kind = PP_ID }, { 0 } };

static const struct pp_field create_body[] = {
	{ "rules", PP_INTEGER, .min = 1, .max = INT64_MAX, .about = "A version of the rules" },
	{ "rules_text", PP_TEXT, .min = 1, .max = 900000,
		.about = "Or rules that are not in force, tab separated" },
	{ "boundaries", PP_INTEGER, .min = 1, .max = INT64_MAX,
		.about = "A version of the boundaries" },
	{ "date", PP_DATE, .about = "Whose rules; without, those of each plan's own day" },
	{ "procedures", PP_LIST, .min = 1, .max = 1000, .fields = procedure_list,
		.about = "Only these; without, all that were not withdrawn" },
	{ "verify", PP_BOOLEAN, .about = "Instead: whether results can be had again to the byte" },
	{ 0 },
};

const struct pp_route recomputation_routes[] = {
	{ PP_POST, "/recomputations", PP_OPERATOR, create_steps, .body = create_body,
		.rate = PP_RATE_COSTLY, .creates = true,
		.summary = "Recompute stored plans with other rules or boundaries; only reports" },
	{ PP_GET, "/recomputations", PP_OPERATOR, .query = "recomputation_list",
		.params = list_params, .has_no_etag = true,
		.summary = "Recomputations, newest first" },
	{ PP_GET, "/recomputations/{recomputation}", PP_OPERATOR, .query = "recomputation_show",
		.has_no_etag = true,
		.summary = "How far a recomputation is, and how plans came out" },
	{ PP_GET, "/recomputations/{recomputation}/changes", PP_OPERATOR,
		.query = "recomputation_changes", .params = list_params, .has_no_etag = true,
		.summary = "Who would be affected otherwise, procedure by procedure" },
	{ PP_POST, "/recomputations/{recomputation}/cancel", PP_OPERATOR,
		.query = "recomputation_cancel", .body = pp_no_fields,
		.summary = "End a recomputation; what it has found so far stays" },
	{ 0 },
};
