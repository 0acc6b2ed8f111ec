/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Who is affected by a plan: previewed while it is drawn, without storing anything and without a
 * word to the database unless it is asked for public agencies, and shown, decided and confirmed for
 * a plan that was filed.
 */
#include <pp/core/extent.h>

#include "../rooms.h"

struct preview {
	struct pp_frame answer;
};

/* A key of digits begins with its Land; a short name says nothing about it. */
static struct pp_slice land_of(struct pp_slice key)
{
	uint64_t digits;

	return key.len >= 2 && pp_slice_u64(key, &digits) ? pp_slice(key.at, 2) : PP_S("");
}

static enum pp_next preview_ask(struct pp_req *req)
{
	struct preview *preview = pp_state(req, struct preview);
	struct pp_json *applicant = pp_json_member(req->body, PP_S("applicant_body"));
	struct pp_slice *planning;
	struct pp_job_geometry geometry;
	struct pp_affected_query query = {
		.kind = pp_json_text(pp_json_member(req->body, PP_S("kind"))),
		.date = pp_extent_date(req),
	};

	if (!pp_extent_read(req, &geometry) || !pp_extent_subjects(req, &query))
		return PP_DONE;
	query.planning_count = pp_extent_texts(req, "planning_municipalities", &planning);
	query.planning = planning;
	query.applicant_land = applicant ? land_of(pp_json_text(applicant)) : PP_S("");
	pp_ask_affected(req, &geometry, &query, &preview->answer);
	return PP_WAIT;
}

static enum pp_next preview_reply(struct pp_req *req)
{
	struct preview *preview = pp_state(req, struct preview);
	struct pp_job_result result;

	if (!pp_extent_result(req, &preview->answer, &result))
		return PP_DONE;
	if (!pp_slice_is(pp_param(req, "include"), PP_S("toeb")))
		return pp_reply(req, 200, "application/json", result.json);
	/* The register is data, and PostGIS looks into it, with the boundaries that have answered.
	 */
	pp_bind(req, "affected", result.json);
	pp_bind(req, "geometry", result.wkb);
	pp_bind(req, "dataset", result.boundaries);
	pp_ask(req, "agency_preview", &req->rows);
	return PP_WAIT;
}

static pp_step *const preview_steps[] = { preview_ask, preview_reply, pp_reply_route, NULL };

static const struct pp_field include_params[] = {
	{ "include", PP_CHOICE, .choices = "toeb",
		.about = "Also whom the register of public agencies proposes" },
	{ 0 },
};

static const struct pp_field preview_body[] = {
	{ "kind", PP_CHOICE, .required = true, .choices = PP_KINDS, .about = "Kind of procedure" },
	{ "planning_municipalities", PP_LIST, .max = 200, .fields = pp_ags_list,
		.about = "AGS of the planning municipalities; none for regional plans and lines" },
	{ "applicant_body", PP_BODY_KEY, .nullable = true,
		.about = "Who plans, where no municipality does" },
	{ "geometry", PP_GEOMETRY, .required = true, .about = "Extent of the plan" },
	{ "crs", PP_TEXT, .min = 1, .max = 100, .about = "CRS of the geometry; without: CRS84" },
	{ "subjects", PP_LIST, .max = 20, .fields = pp_subject_list, .about = "What is planned" },
	{ 0 },
};

static const struct pp_field decision_body[] = {
	{ "action", PP_CHOICE, .required = true, .choices = "add|drop" },
	{ "ags", PP_AGS, .about = "A municipality" },
	{ "body", PP_BODY_KEY, .about = "Instead of it: an authority, by its key" },
	{ "reason", PP_TEXT, .required = true, .min = 5, .max = 2000,
		.about = "Why the set differs from the rules; part of the record" },
	{ 0 },
};

const struct pp_field pp_no_fields[] = { { 0 } };

const struct pp_route affected_routes[] = {
	{ PP_POST, "/affected-preview", PP_ANYONE, preview_steps, .body = preview_body,
		.params = include_params, .body_limit = PP_GEOJSON_LIMIT, .rate = PP_RATE_COSTLY,
		.deadline_ms = 15000,
		.summary = "Who would be affected by a plan, without storing it" },
	{ PP_GET, "/plans/{plan}/affected", PP_ANYONE, .query = "affected_show",
		.params = include_params, .rate = PP_RATE_PUBLIC,
		.summary = "Who is affected by a plan, why, and what was decided" },
	{ PP_GET, "/plans/{plan}/affected/answer", PP_ANYONE, .query = "affected_answer",
		.rate = PP_RATE_PUBLIC,
		.summary = "What the engine said when the plan was filed, byte for byte" },
	{ PP_POST, "/plans/{plan}/affected/decisions", PP_MANAGER, .query = "affected_decide",
		.body = decision_body, .creates = true,
		.summary = "Add or drop a municipality, with a reason" },
	{ PP_POST, "/plans/{plan}/affected/decisions/{decision}/confirm", PP_MANAGER,
		.query = "affected_decision_confirm", .body = pp_no_fields,
		.summary = "Agree, as a second person, to dropping a MUSS" },
	{ PP_POST, "/plans/{plan}/affected/confirm", PP_MANAGER, .query = "affected_confirm",
		.body = pp_no_fields,
		.summary = "Confirm the set; rounds are opened for a confirmed set" },
	{ 0 },
};
