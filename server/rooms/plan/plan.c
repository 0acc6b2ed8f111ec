/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Versions of a procedure's plan. A plan comes as GeoJSON in the body, as a file, or is a draft
 * that was drawn before; a geometry worker judges it and says who is affected; one SQL function
 * stores plan and evidence together. Should the boundaries or rules have changed meanwhile, the
 * worker is asked once more.
 *
 * A geometry that is not valid is repaired in two requests, so that nothing is repaired silently:
 * with repair=true the answer is a proposal and its SHA-256, and with accept=SHA256 the same plan
 * is sent again. It is repaired again, and filed with what that changed if the outcome is the one
 * that was looked at.
 */
#include <pp/core/extent.h>
#include <pp/core/subjects.h>
#include <pp/fmt/geojson.h>

#include "../rooms.h"

#define MEDIA_TYPES                                                                                \
	"application/geo+json application/geopackage+sqlite3 application/zip application/gml+xml " \
	"application/gzip application/xml application/octet-stream"

enum { KIND, PLANNING, APPLICANT_LAND, SUBJECTS };

struct filing {
	struct pp_rows *procedure, *draft;
	struct pp_extent_file file;
	struct pp_job_geometry geometry;
	struct pp_frame repair, answer;
	struct pp_slice changes; /* JSON: what an accepted repair has changed */
	struct pp_slice query;   /* JSON: what the engine was asked */
	struct pp_job_result result;
	bool is_second;
};

static bool wants_repair(struct pp_req *req)
{
	return pp_slice_is(pp_param(req, "repair"), PP_S("true"));
}

static struct pp_slice draft_of(struct pp_req *req)
{
	return req->body ? pp_json_text(pp_json_member(req->body, PP_S("draft")))
			 : pp_slice(NULL, 0);
}

/* Who may file here, and what the engine has to know of the procedure. */
static enum pp_next prepare(struct pp_req *req)
{
	struct filing *f = pp_state(req, struct filing);

	if (draft_of(req).len && req->geometry.len) {
		pp_wrong(req, PP_S("/draft"), "cannot stand beside a geometry");
		return pp_refuse_wrong(req, PP_invalid_body);
	}
	pp_ask(req, "plan_prepare", &f->procedure);
	if (draft_of(req).len) {
		pp_bind(req, "draft", draft_of(req));
		pp_ask(req, "plan_draft_extent", &f->draft);
	}
	return PP_WAIT;
}

static struct pp_slice media_type(struct pp_req *req)
{
	struct pp_slice rest;

	return pp_slice_trim(
		pp_slice_cut(pp_http_field(req->exchange, PP_S("content-type")), ';', &rest));
}

static enum pp_next read_extent(struct pp_req *req)
{
	struct filing *f = pp_state(req, struct filing);

	if (f->procedure->rows != 1)
		return pp_refuse(req, PP_not_found, "no such procedure");
	if (req->has_file) {
		pp_ask_plan_file(req, media_type(req), pp_param(req, "layer"),
			pp_param(req, "plan"), &f->file);
		return PP_WAIT;
	}
	if (f->draft) {
		f->geometry = (struct pp_job_geometry){ PP_UTM32, PP_AXES_EAST_NORTH,
			pp_copy(req->arena, pp_cell(f->draft, 0, 0)) };
		return PP_NEXT;
	}
	return pp_extent_read(req, &f->geometry) ? PP_NEXT : PP_DONE;
}

/* PostgreSQL's text[] of keys, which need no quotes: {02000000,01056013}. */
static size_t read_keys(struct pp_req *req, struct pp_slice array, struct pp_slice **keys)
{
	struct pp_slice rest = array.len > 2 ? pp_slice(array.at + 1, array.len - 2)
					     : pp_slice("", 0);
	size_t count = 0;

	*keys = PP_NEW_ARRAY(req->arena, struct pp_slice, array.len / 2 + 1);
	while (rest.len)
		(*keys)[count++] = pp_slice_cut(rest, ',', &rest);
	return count;
}

/* Subjects of this plan, else those of the procedure. */
static bool read_subjects(struct pp_req *req, struct pp_affected_query *query)
{
	struct filing *f = pp_state(req, struct filing);
	struct pp_subject *subjects;
	struct pp_fault fault;

	if (req->body && pp_json_member(req->body, PP_S("subjects")))
		return pp_extent_subjects(req, query);
	if (!pp_subjects_read_text(req->arena, pp_cell(f->procedure, 0, SUBJECTS), &subjects,
		    &query->subject_count, &fault)) {
		pp_refuse_fault(req, &fault);
		return false;
	}
	query->subjects = subjects;
	return true;
}

/* A plan that came as a file is there by now. */
static enum pp_next ask_repair(struct pp_req *req)
{
	struct filing *f = pp_state(req, struct filing);

	if (req->has_file) {
		if (!pp_extent_file_is_read(req, &f->file))
			return PP_DONE;
		f->geometry = f->file.geometry;
	}
	if (!wants_repair(req) && !pp_param(req, "accept").len)
		return PP_NEXT;
	pp_ask_repair(req, &f->geometry, &f->repair);
	return PP_WAIT;
}

static void add_texts(struct pp_buf *out, const struct pp_slice *texts, size_t count)
{
	pp_buf_text(out, "[");
	for (size_t i = 0; i < count; i++) {
		pp_buf_text(out, i ? "," : "");
		pp_buf_json(out, texts[i]);
	}
	pp_buf_text(out, "]");
}

/* A proposal in EPSG:25832, to be looked at; nothing is stored. */
static enum pp_next propose(
	struct pp_req *req, const struct pp_job_proposal *proposal, struct pp_slice sha256)
{
	struct pp_buf *out = pp_buf_make(req->arena);

	pp_buf_text(out, "{\"proposal\":{\"crs\":\"EPSG:25832\",\"geometry\":");
	pp_geojson_write(out, proposal->wkb, 6);
	pp_buf_text(out, ",\"changes\":");
	add_texts(out, req->english ? proposal->changes : proposal->changes_de,
		proposal->change_count);
	pp_buf_format(out, ",\"sha256\":\"%.*s\"}}", PP_SHOW(sha256));
	return pp_reply(req, 200, "application/json", pp_buf_all(out));
}

/* From here on an accepted proposal is the plan's geometry. */
static enum pp_next settle_repair(struct pp_req *req)
{
	struct filing *f = pp_state(req, struct filing);
	struct pp_slice accepted = pp_param(req, "accept"), sha256;
	struct pp_job_proposal proposal;
	struct pp_buf *changes;

	if (!wants_repair(req) && !accepted.len)
		return PP_NEXT;
	if (!pp_extent_proposal(req, &f->repair, &proposal))
		return PP_DONE;
	sha256 = pp_extent_sha256(req, proposal.wkb);
	if (wants_repair(req))
		return propose(req, &proposal, sha256);
	if (!pp_slice_is(sha256, accepted))
		return pp_refuse(req, PP_proposal_not_current,
			"the repair of this plan gives %.*s; look at the proposal again",
			PP_SHOW(sha256));
	changes = pp_buf_make(req->arena);
	pp_buf_text(changes, "{\"de\":");
	add_texts(changes, proposal.changes_de, proposal.change_count);
	pp_buf_text(changes, ",\"en\":");
	add_texts(changes, proposal.changes, proposal.change_count);
	pp_buf_text(changes, "}");
	f->changes = pp_buf_all(changes);
	f->geometry = (struct pp_job_geometry){ PP_UTM32, PP_AXES_EAST_NORTH, proposal.wkb };
	return PP_NEXT;
}

static struct pp_slice own_subjects(struct pp_req *req)
{
	struct filing *f = pp_state(req, struct filing);
	struct pp_json *list = req->body ? pp_json_member(req->body, PP_S("subjects")) : NULL;
	struct pp_buf *out = pp_buf_make(req->arena);

	if (!list)
		return pp_cell(f->procedure, 0, SUBJECTS);
	pp_json_write(list, out);
	return pp_buf_all(out);
}

/* What the engine is asked, kept with its answer, so that it can be asked the same again. */
static struct pp_slice query_of(
	struct pp_req *req, const struct pp_affected_query *query, struct pp_slice language)
{
	struct pp_slice subjects = own_subjects(req);
	struct pp_buf *out = pp_buf_make(req->arena);

	pp_buf_text(out, "{\"kind\":");
	pp_buf_json(out, query->kind);
	pp_buf_text(out, ",\"date\":");
	pp_buf_json(out, query->date);
	pp_buf_text(out, ",\"planning_municipalities\":");
	add_texts(out, query->planning, query->planning_count);
	pp_buf_text(out, ",\"applicant_land\":");
	pp_buf_json(out, query->applicant_land);
	pp_buf_text(out, ",\"subjects\":");
	pp_buf_slice(out, subjects.len ? subjects : PP_S("[]"));
	pp_buf_text(out, ",\"language\":");
	pp_buf_json(out, language);
	pp_buf_text(out, "}");
	return pp_buf_all(out);
}

static enum pp_next ask_engine(struct pp_req *req)
{
	struct filing *f = pp_state(req, struct filing);
	struct pp_affected_query query = {
		.kind = pp_cell(f->procedure, 0, KIND),
		.date = pp_extent_date(req),
		.applicant_land = pp_cell(f->procedure, 0, APPLICANT_LAND),
	};
	/* The record speaks German and English, whoever files. */
	struct pp_slice *planning, language = PP_S("both");

	query.planning_count = read_keys(req, pp_cell(f->procedure, 0, PLANNING), &planning);
	query.planning = planning;
	if (!read_subjects(req, &query))
		return PP_DONE;
	f->query = query_of(req, &query, language);
	pp_ask_affected_in(req, &f->geometry, &query, language, &f->answer);
	return PP_WAIT;
}

/* The engine's name stands at the end of what it wrote. */
static struct pp_slice engine_of(struct pp_slice json)
{
	static const char mark[] = "\"engine\":\"";
	const char *found = memmem(json.at, json.len, mark, sizeof(mark) - 1), *end;

	PP_MUST(found);
	found += sizeof(mark) - 1;
	end = memchr(found, '"', (size_t)(json.at + json.len - found));
	PP_MUST(end);
	return pp_slice(found, (size_t)(end - found));
}

static enum pp_next store(struct pp_req *req)
{
	struct filing *f = pp_state(req, struct filing);

	if (!pp_extent_result(req, &f->answer, &f->result))
		return PP_DONE;
	pp_bind(req, "geometry", f->result.wkb);
	pp_bind(req, "affected", f->result.json);
	pp_bind(req, "query", f->query);
	pp_bind(req, "dataset", f->result.boundaries);
	pp_bind(req, "districts", f->result.districts);
	pp_bind(req, "rules", f->result.rules);
	pp_bind(req, "engine", engine_of(f->result.json));
	pp_bind(req, "subjects", own_subjects(req));
	pp_bind(req, "source_name", f->file.name.len ? f->file.name : pp_slice(NULL, 0));
	pp_bind(req, "source_type", req->has_file ? media_type(req) : PP_S("application/json"));
	pp_bind(req, "source_sha256", req->exchange->body_sha256);
	pp_bind(req, "changes", f->changes);
	pp_bind(req, "xplanung", f->file.xplanung);
	pp_catch(req, PP_dataset_not_current);
	pp_ask(req, "plan_create", &req->rows);
	return PP_WAIT;
}

static enum pp_next reply(struct pp_req *req)
{
	struct filing *f = pp_state(req, struct filing);

	if (req->caught == PP_no_problem)
		return pp_reply_rows(req, req->rows);
	if (f->is_second)
		return pp_refuse(req, PP_dataset_not_current,
			"boundaries or rules are being replaced; try again");
	f->is_second = true;
	pp_catch(req, PP_no_problem);
	pp_go_to(req, ask_engine);
	return PP_NEXT;
}

static pp_step *const create_steps[] = { prepare, read_extent, ask_repair, settle_repair,
	ask_engine, store, reply, NULL };

static const struct pp_field create_params[] = {
	{ "layer", PP_TEXT, .min = 1, .max = 200, .about = "Of a file with several layers" },
	{ "plan", PP_TEXT, .min = 1, .max = 500,
		.about = "Of a file with several plans: number or name" },
	{ "repair", PP_BOOLEAN, .about = "Answer with a repaired geometry, and store nothing" },
	{ "accept", PP_TEXT, .min = 64, .max = 64,
		.about = "SHA-256 of the proposal that was looked at: repair and file" },
	{ 0 },
};

static const struct pp_field create_body[] = {
	{ "geometry", PP_GEOMETRY, .about = "Extent of the plan" },
	{ "draft", PP_ID, .about = "Instead: a draft of the body's own, whose extent it is" },
	{ "crs", PP_TEXT, .min = 1, .max = 100, .about = "CRS of the geometry; without: CRS84" },
	{ "subjects", PP_LIST, .max = 20, .fields = pp_subject_list,
		.about = "What is planned; without, as the procedure says" },
	{ 0 },
};

const struct pp_route plan_routes[] = {
	{ PP_GET, "/procedures/{procedure}/plans", PP_ANYONE, .query = "plan_list",
		.rate = PP_RATE_PUBLIC, .summary = "Versions of a procedure's plan, newest first" },
	{ PP_POST, "/procedures/{procedure}/plans", PP_MANAGER, create_steps,
		.params = create_params, .body = create_body, .body_limit = PP_GEOJSON_LIMIT,
		.media_types = MEDIA_TYPES, .file_limit = PP_FILE_LIMIT, .deadline_ms = 60000,
		.rate = PP_RATE_COSTLY, .creates = true,
		.summary = "File a version of the plan, as GeoJSON or as a file" },
	{ PP_GET, "/plans/{plan}", PP_ANYONE, .query = "plan_show", .rate = PP_RATE_PUBLIC,
		.summary = "One version of a plan with its geometry" },
	{ 0 },
};
