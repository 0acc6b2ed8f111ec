/* SPDX-License-Identifier: EUPL-1.2 */
/* Weighing: what was said is examined concern by concern, resolved on and communicated (§ 1 (7),
 * § 3 (2) BauGB). Proposals are the planning body's own until then.
 */
#include <pp/core/req.h>
#include <pp/fmt/geojson.h>

#include "../rooms.h"

#define PLACE_VERTICES_MAX 2000

#define DECISIONS                                                                                  \
	"GEFOLGT|TEILWEISE_GEFOLGT|BEREITS_GEFOLGT|NICHT_GEFOLGT|ZURUECKGESTELLT|KENNTNISNAHME|"   \
	"UNBERUECKSICHTIGT_VERSPAETET"
#define STATES                                                                                     \
	"EINGEGANGEN|IN_BEARBEITUNG|VORGESCHLAGEN|ENTSCHIEDEN|MITGETEILT|ZURUECKGENOMMEN|"         \
	"VERWORFEN"

static const struct pp_field id_list[] = { { .kind = PP_ID }, { 0 } };

static const struct pp_field list_params[] = {
	PP_LIST_PARAMS,
	{ "state", PP_CHOICE, .choices = STATES },
	{ "decision", PP_CHOICE, .choices = DECISIONS, .about = "Of one concern at least" },
	{ "stance", PP_CHOICE, .choices = PP_STANCES },
	{ "on_time", PP_BOOLEAN },
	{ "missing", PP_BOOLEAN, .about = "Whether something is missing to a complete weighing" },
	{ "group", PP_ID, .about = "Of a group of equal content" },
	{ "assigned", PP_TEXT, .min = 2, .max = 36,
		.about = "To me, to none, or to the account of that id" },
	{ "round", PP_ID, .about = "Of one round" },
	{ "author_role", PP_CHOICE, .choices = "OEFF|TOEB|NACHB|VERB|LAND|STAAT",
		.about = "In which role it was made" },
	{ "newest", PP_BOOLEAN, .about = "Whether the newest come first" },
	{ 0 },
};

#define PLACE_FIELDS                                                                               \
	{ "point", PP_INTEGER, .min = 1, .max = 200, .nullable = true,                             \
		.about = "Number of the statement's point; 1 without" },                           \
		{ "start", PP_INTEGER, .max = 200000, .nullable = true,                            \
			.about = "First character of the point's text, from 0" },                  \
		{ "end", PP_INTEGER, .max = 200000, .nullable = true, .about = "Exclusive" },      \
		{ "topic", PP_TEXT, .nullable = true, .max = 200 },                                \
	{                                                                                          \
		"geometry", PP_GEOMETRY, .about = "The place, CRS84"                               \
	}

static const struct pp_field concern_body[] = { PLACE_FIELDS, { 0 } };
static const struct pp_field concern_fields[] = {
	{ "id", PP_ID, .about = "Keeps that concern with its proposals; nothing else counts then" },
	PLACE_FIELDS,
	{ 0 },
};
static const struct pp_field concern_list[] = { { .kind = PP_OBJECT, .fields = concern_fields },
	{ 0 } };
static const struct pp_field divide_body[] = {
	{ "concerns", PP_LIST, .required = true, .min = 1, .max = 500, .fields = concern_list },
	{ 0 },
};

static const struct pp_field proposal_body[] = {
	{ "decision", PP_CHOICE, .required = true, .choices = DECISIONS },
	{ "reason", PP_TEXT, .required = true, .min = 3, .max = 20000 },
	{ 0 },
};
static const struct pp_field proposals_body[] = {
	{ "decision", PP_CHOICE, .required = true, .choices = DECISIONS },
	{ "reason", PP_TEXT, .required = true, .min = 3, .max = 20000 },
	{ "statements", PP_LIST, .min = 1, .max = 500, .fields = id_list },
	{ "group", PP_ID, .about = "All of a group" },
	{ "stance", PP_CHOICE, .choices = PP_STANCES, .about = "All of that stance" },
	{ 0 },
};

static const struct pp_field discard_body[] = {
	{ "kind", PP_CHOICE, .required = true, .choices = "IRRLAEUFER|DUBLETTE" },
	{ "reason", PP_TEXT, .required = true, .min = 3, .max = 4000 },
	{ "duplicate_of", PP_ID, .about = "Of a duplicate: the statement that stands" },
	{ 0 },
};

static const struct pp_field decide_body[] = {
	{ "resolved_on", PP_DATE, .required = true, .about = "Day of the resolution" },
	{ "reference", PP_TEXT, .required = true, .min = 1, .max = 200,
		.about = "Number of the resolution or of the paper" },
	{ "council", PP_TEXT, .required = true, .min = 1, .max = 200, .about = "Who resolved" },
	{ 0 },
};

#define SEND_FIELD                                                                                 \
	{                                                                                          \
		"send", PP_BOOLEAN,                                                                \
			.about = "With EMAIL and today: the platform writes to the bodies"         \
	}

static const struct pp_field communicate_body[] = {
	{ "on", PP_DATE, .required = true, .about = "Day of the communication" },
	{ "channel", PP_CHOICE, .required = true, .choices = "PORTAL|EMAIL|POST" },
	SEND_FIELD,
	{ 0 },
};
static const struct pp_field inspection_fields[] = {
	{ "place", PP_TEXT, .required = true, .min = 3, .max = 1000,
		.about = "Where the result can be inspected, and when" },
	{ "announced_on", PP_DATE, .required = true, .about = "Day of the announcement" },
	{ "url", PP_TEXT, .nullable = true, .max = 2000, .about = "The announcement itself" },
	{ 0 },
};
static const struct pp_field communicate_all_body[] = {
	{ "on", PP_DATE, .required = true, .about = "Day of the communication" },
	{ "channel", PP_CHOICE, .required = true,
		.choices = "PORTAL|EMAIL|POST|EINSICHT|BEKANNTMACHUNG" },
	{ "group", PP_ID, .about = "Those of one group only" },
	SEND_FIELD,
	{ "inspection", PP_OBJECT, .fields = inspection_fields,
		.about = "With EINSICHT and BEKANNTMACHUNG" },
	{ 0 },
};

static const struct pp_field group_body[] = {
	{ "title", PP_TEXT, .required = true, .min = 3, .max = 200 },
	{ "statements", PP_LIST, .min = 1, .max = 500, .fields = id_list },
	{ "like", PP_ID, .about = "All with the words of that statement" },
	{ 0 },
};
static const struct pp_field members_body[] = {
	{ "add", PP_LIST, .max = 500, .fields = id_list },
	{ "remove", PP_LIST, .max = 500, .fields = id_list },
	{ 0 },
};

/* The place of a concern travels as those of points do: hexadecimal WKB in the body (CRS84). */
static enum pp_next create_concern(struct pp_req *req)
{
	struct pp_buf *hex = pp_buf_make(req->arena), *out = pp_buf_make(req->arena);
	struct pp_geojson read;
	struct pp_fault fault;

	if (req->geometry.len && !pp_slice_is(req->geometry, PP_S("null"))) {
		if (!pp_geojson_read(
			    req->arena, req->geometry, PLACE_VERTICES_MAX, &read, &fault)) {
			pp_wrong(req, pp_format(req->arena, "/geometry%s", fault.pointer), "%s",
				fault.detail);
			return pp_refuse_wrong(req, PP_invalid_body);
		}
		pp_buf_hex(hex, read.wkb);
		pp_json_put_text(req->body, PP_S("geometry"), pp_buf_all(hex));
		pp_json_write(req->body, out);
		req->body_text = pp_buf_all(out);
	}
	return pp_ask_route(req);
}

static pp_step *const create_steps[] = { create_concern, pp_reply_route, NULL };

const struct pp_route weighing_routes[] = {
	{ PP_GET, "/procedures/{procedure}/weighing", PP_READER, .query = "weighing_list",
		.params = list_params, .has_no_etag = true,
		.summary = "The weighing of a procedure: counts, statements, what is missing" },
	{ PP_GET, "/procedures/{procedure}/weighing/missing", PP_READER,
		.query = "weighing_missing_show", .has_no_etag = true,
		.summary = "Why the weighing is not complete yet" },
	{ PP_POST, "/procedures/{procedure}/weighing/accept", PP_MANAGER,
		.query = "weighing_accept", .body = pp_no_fields,
		.summary = "Accept all statements that have come" },
	{ PP_POST, "/procedures/{procedure}/weighing/proposals", PP_MANAGER,
		.query = "weighing_propose", .body = proposals_body,
		.summary = "Propose the same for all concerns of several statements" },
	{ PP_POST, "/procedures/{procedure}/weighing/decide", PP_MANAGER, .binds = true,
		.query = "weighing_decide", .body = decide_body,
		.summary = "Record that the council has resolved on all proposals" },
	{ PP_POST, "/procedures/{procedure}/weighing/communicate", PP_MANAGER,
		.query = "weighing_communicate", .body = communicate_all_body,
		.summary = "Communicate all decided results, or those of a group" },
	{ PP_GET, "/procedures/{procedure}/weighing/groups", PP_READER, .query = "group_list",
		.has_no_etag = true, .summary = "Statements of equal content" },
	{ PP_POST, "/procedures/{procedure}/weighing/groups", PP_MANAGER, .query = "group_create",
		.body = group_body, .creates = true,
		.summary = "Group statements of equal content" },
	{ PP_GET, "/weighing-groups/{group}", PP_READER, .query = "group_show", .has_no_etag = true,
		.summary = "One group of statements" },
	{ PP_POST, "/weighing-groups/{group}/members", PP_MANAGER, .query = "group_change",
		.body = members_body, .summary = "Add statements to a group, or take them out" },
	{ PP_POST, "/statements/{statement}/accept", PP_MANAGER, .query = "statement_accept",
		.body = pp_no_fields, .summary = "Accept a statement to be weighed" },
	{ PP_POST, "/statements/{statement}/discard", PP_MANAGER, .query = "statement_discard",
		.body = discard_body,
		.summary = "Set a stray or duplicate statement aside; it stays on record" },
	{ PP_GET, "/statements/{statement}/weighing", PP_SIGNED_IN, .query = "weighing_show",
		.summary = "What became of a statement; its concerns for the planning body" },
	{ PP_PUT, "/statements/{statement}/concerns", PP_MANAGER, .query = "concerns_divide",
		.body = divide_body, .summary = "Divide a statement into concerns" },
	{ PP_POST, "/statements/{statement}/concerns", PP_MANAGER, create_steps,
		.query = "concern_create", .body = concern_body, .creates = true,
		.summary = "Mark a concern more" },
	{ PP_POST, "/statements/{statement}/communicate", PP_MANAGER,
		.query = "statement_communicate", .body = communicate_body,
		.summary = "Record that the result was communicated" },
	{ PP_GET, "/concerns/{concern}", PP_READER, .query = "concern_show",
		.summary = "One concern with every proposal that it has had" },
	{ PP_PATCH, "/concerns/{concern}", PP_MANAGER, .query = "concern_propose",
		.body = proposal_body,
		.summary = "Propose a decision on a concern, with its reason" },
	{ 0 },
};
