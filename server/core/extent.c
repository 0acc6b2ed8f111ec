/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/core/extent.h>
#include <pp/core/subjects.h>

#include <stdio.h>

#include <pp/fmt/geojson.h>
#include <pp/io/filejob.h>
#include <pp/io/secret.h>
#include <pp/law/date.h>

const struct pp_field pp_ags_list[] = { { .kind = PP_AGS }, { 0 } };

static const struct pp_field study_fields[] = {
	{ "ags", PP_AGS, .required = true },
	{ "percent", PP_NUMBER, .max = 1000, .about = "Loss of turnover, or additional traffic" },
	{ 0 },
};
static const struct pp_field study_list[] = { { .kind = PP_OBJECT, .fields = study_fields },
	{ 0 } };

/* Contract: subjects of a plan and their parameters (pp/geo/param.def). */
#define FIELD_NUMBER(id, subjects, low, high, text)                                                \
	{ #id, PP_NUMBER, .min = low, .max = high, .only = subjects, .about = text },
#define FIELD_FLAG(id, subjects, low, high, text)                                                  \
	{ #id, PP_BOOLEAN, .only = subjects, .about = text },
#define FIELD_DERIVED(id, subjects, low, high, text)
static const struct pp_field subject_fields[] = {
	{ "subject", PP_CHOICE, .required = true, .choices = PP_SUBJECTS,
		.about = "What is planned" },
#define PP_PARAM(id, kind, subjects, low, high, text) FIELD_##kind(id, subjects, low, high, text)
#include <pp/geo/param.def>
#undef PP_PARAM
	{ "catchment", PP_GEOMETRY, .only = "EINZELHANDEL",
		.about = "EINZELHANDEL: the catchment by a study, a polygon in CRS84" },
	{ "study", PP_LIST, .max = PP_STUDY_MAX, .fields = study_list,
		.only = "EINZELHANDEL|STRASSE",
		.about = "Municipalities that a study names, with their per cent" },
	{ 0 },
};
const struct pp_field pp_subject_list[] = { { .kind = PP_OBJECT, .fields = subject_fields },
	{ 0 } };

static bool refuse(struct pp_req *req, struct pp_fault *fault, const char *prefix)
{
	char pointer[sizeof(fault->pointer)];

	snprintf(pointer, sizeof(pointer), "%.16s%.110s", prefix, fault->pointer);
	memcpy(fault->pointer, pointer, sizeof(pointer));
	pp_refuse_fault(req, fault);
	return false;
}

/* The body's own word wins over an old "crs" member within the geometry; both must not differ. */
static bool find_crs(struct pp_req *req, struct pp_slice inner, int *code)
{
	struct pp_json *member = pp_json_member(req->body, PP_S("crs"));
	struct pp_slice name = member ? pp_json_text(member) : inner;
	struct pp_fault fault;

	*code = name.len ? pp_crs_named(name) : PP_CRS84;
	if (*code && (!member || !inner.len || pp_crs_named(inner) == *code))
		return true;
	if (*code)
		pp_fault(&fault, PP_crs_unknown, "the geometry says %.*s, the body %.*s",
			PP_SHOW(inner), PP_SHOW(name));
	else
		pp_fault(&fault, PP_crs_unknown,
			"'%.*s' is not known here; EPSG:25832 and CRS84 always are", PP_SHOW(name));
	return refuse(req, &fault, member ? "/crs" : "/geometry/crs");
}

bool pp_extent_read(struct pp_req *req, struct pp_job_geometry *out)
{
	struct pp_geojson read = { 0 };
	struct pp_fault fault;
	int code = PP_CRS84;

	if (!req->geometry.len) {
		pp_wrong(req, PP_S("/geometry"), "must be a GeoJSON geometry");
		pp_refuse_wrong(req, PP_invalid_body);
		return false;
	}
	if (!pp_geojson_read(req->arena, req->geometry, PP_WKB_VERTICES_MAX, &read, &fault)) {
		struct pp_json *member = pp_json_member(req->body, PP_S("crs"));

		if (member && pp_crs_named(pp_json_text(member)))
			code = pp_crs_named(pp_json_text(member));
		if (read.has_position)
			pp_crs_place(&fault, code, PP_AXES_EAST_NORTH, read.x, read.y);
		return refuse(req, &fault, "/geometry");
	}
	if (!find_crs(req, read.crs, &code))
		return false;
	/* GeoJSON says east first in every CRS (RFC 7946 §4, GeoJSON 2008 §2.1.1). */
	*out = (struct pp_job_geometry){ code, PP_AXES_EAST_NORTH, read.wkb };
	return true;
}

bool pp_extent_take(struct pp_req *req, struct pp_slice text, int code, enum pp_axes axes,
	struct pp_job_geometry *out)
{
	struct pp_geojson read = { 0 };
	struct pp_fault fault;

	if (!pp_geojson_read(req->arena, text, PP_WKB_VERTICES_MAX, &read, &fault)) {
		if (read.has_position)
			pp_crs_place(&fault, code, axes, read.x, read.y);
		return refuse(req, &fault, "/geometry");
	}
	if (read.crs.len && pp_crs_named(read.crs) != code) {
		pp_fault(&fault, PP_crs_unknown,
			"the geometry says %.*s, the field Content-Crs another CRS",
			PP_SHOW(read.crs));
		return refuse(req, &fault, "/geometry/crs");
	}
	*out = (struct pp_job_geometry){ code, axes, read.wkb };
	return true;
}

struct pp_slice pp_extent_date(struct pp_req *req)
{
	char *text = pp_alloc(req->arena, PP_DATE_SIZE);

	pp_day_write(pp_day_at(req->exchange->received_utc), text);
	return pp_slice_of(text);
}

void pp_ask_affected(struct pp_req *req, const struct pp_job_geometry *geometry,
	const struct pp_affected_query *query, struct pp_frame *reply)
{
	pp_ask_affected_in(req, geometry, query, req->english ? PP_S("en") : PP_S("de"), reply);
}

void pp_ask_affected_in(struct pp_req *req, const struct pp_job_geometry *geometry,
	const struct pp_affected_query *query, struct pp_slice language, struct pp_frame *reply)
{
	struct pp_job_affected job = {
		.geometry = *geometry, .query = *query, .language = language
	};
	struct pp_buf *payload = pp_buf_make(req->arena);

	pp_job_affected_write(payload, &job);
	pp_ask_geometry(req, PP_JOB_AFFECTED, pp_buf_all(payload), reply);
}

void pp_ask_repair(
	struct pp_req *req, const struct pp_job_geometry *geometry, struct pp_frame *reply)
{
	struct pp_buf *payload = pp_buf_make(req->arena);

	pp_job_geometry_write(payload, geometry);
	pp_ask_geometry(req, PP_JOB_REPAIR, pp_buf_all(payload), reply);
}

void pp_ask_alive(struct pp_req *req, struct pp_frame *reply)
{
	/* POINT (565000 5934000), EPSG:25832: byte order 1, type 1, x, y. */
	static const char point[] = "\1\1\0\0\0"
				    "\0\0\0\0\x10\x3e\x21\x41"
				    "\0\0\0\0\xec\xa2\x56\x41";
	const struct pp_job_geometry geometry = { 25832, PP_AXES_EAST_NORTH,
		pp_slice(point, sizeof(point) - 1) };

	pp_ask_check(req, &geometry, reply);
}

void pp_ask_check(
	struct pp_req *req, const struct pp_job_geometry *geometry, struct pp_frame *reply)
{
	struct pp_buf *payload = pp_buf_make(req->arena);

	pp_job_geometry_write(payload, geometry);
	pp_ask_geometry(req, PP_JOB_CHECK, pp_buf_all(payload), reply);
}

/* True when the work was done; else the fault is what the worker says, in the client's language. */
static bool is_done(struct pp_req *req, const struct pp_frame *reply, struct pp_fault *fault)
{
	struct pp_job_refusal refusal;

	if (reply->kind == PP_JOB_DONE)
		return true;
	PP_MUST(reply->kind == PP_JOB_REFUSED && pp_job_refusal_read(reply->payload, &refusal));
	*fault = refusal.fault;
	if (refusal.flaw_de.len && !req->english)
		snprintf(fault->detail, sizeof(fault->detail), "%.*s", PP_SHOW(refusal.flaw_de));
	return false;
}

static bool refuse_geometry(struct pp_req *req, struct pp_fault *fault)
{
	return refuse(req, fault,
		fault->pointer[0] || fault->problem == PP_dataset_missing ? "" : "/geometry");
}

bool pp_extent_judged(struct pp_req *req, const struct pp_frame *reply,
	struct pp_job_result *result, struct pp_fault *fault)
{
	if (!is_done(req, reply, fault))
		return false;
	PP_MUST(pp_job_result_read(reply->payload, result));
	return true;
}

bool pp_extent_result(
	struct pp_req *req, const struct pp_frame *reply, struct pp_job_result *result)
{
	struct pp_fault fault;

	return pp_extent_judged(req, reply, result, &fault) || refuse_geometry(req, &fault);
}

bool pp_extent_proposal(
	struct pp_req *req, const struct pp_frame *reply, struct pp_job_proposal *proposal)
{
	struct pp_fault fault;

	if (!is_done(req, reply, &fault))
		return refuse_geometry(req, &fault);
	PP_MUST(pp_job_proposal_read(req->arena, reply->payload, proposal));
	return true;
}

struct pp_slice pp_extent_sha256(struct pp_req *req, struct pp_slice wkb)
{
	struct pp_buf *hex = pp_buf_make(req->arena);
	unsigned char hash[PP_SHA256_SIZE];

	pp_sha256(wkb, hash);
	pp_buf_hex(hex, pp_slice((char *)hash, sizeof(hash)));
	return pp_buf_all(hex);
}

size_t pp_extent_texts(struct pp_req *req, const char *member, struct pp_slice **texts)
{
	struct pp_json *list = pp_json_member(req->body, pp_slice_of(member));
	size_t count = list ? pp_json_length(list) : 0;

	*texts = PP_NEW_ARRAY(req->arena, struct pp_slice, count);
	for (size_t i = 0; i < count; i++)
		(*texts)[i] = pp_json_text(pp_json_element(list, i));
	return count;
}

bool pp_extent_subjects(struct pp_req *req, struct pp_affected_query *query)
{
	struct pp_subject *subjects;
	struct pp_fault fault;

	if (!pp_subjects_read(req->arena, pp_json_member(req->body, PP_S("subjects")), &subjects,
		    &query->subject_count, &fault))
		return refuse(req, &fault, "");
	query->subjects = subjects;
	return true;
}

/* A code is kept as it came: what it means here is the database's to say. */
static struct pp_slice xplanung_of(struct pp_req *req, const struct pp_filejob_plan *plan)
{
	struct pp_buf *out = pp_buf_make(req->arena);

	if (!plan->version.len)
		return pp_slice(NULL, 0);
	pp_buf_text(out, "{\"object\":");
	pp_buf_json(out, plan->object);
	pp_buf_text(out, ",\"version\":");
	pp_buf_json(out, plan->version);
	pp_buf_text(out, ",\"rechtsstand\":");
	if (plan->rechtsstand.len)
		pp_buf_json(out, plan->rechtsstand);
	else
		pp_buf_text(out, "null");
	pp_buf_text(out, "}");
	return pp_buf_all(out);
}

/* The frames of the job, one after the other; only the first plan's geometry is kept. */
static void take_frame(struct pp_req *req, void *ctx, const struct pp_frame *frame)
{
	struct pp_extent_file *file = ctx;
	struct pp_filejob_plan plan;

	if (frame->kind == PP_FILEJOB_FAULT) {
		file->refused = true;
		if (!pp_filejob_read_fault(frame->payload, &file->fault))
			pp_fault(&file->fault, PP_file_unreadable, "the file cannot be read");
	} else if (frame->kind == PP_FILEJOB_A_PLAN && file->count++ == 0) {
		PP_MUST(pp_filejob_read_plan(
			pp_copy(req->arena, frame->payload), req->arena, &plan));
		file->name = plan.name;
		file->xplanung = xplanung_of(req, &plan);
		file->geometry = (struct pp_job_geometry){ (int)plan.epsg, PP_AXES_EAST_NORTH,
			plan.wkb };
	}
}

void pp_ask_plan_file(struct pp_req *req, struct pp_slice media_type, struct pp_slice layer,
	struct pp_slice plan, struct pp_extent_file *file)
{
	struct pp_filejob_plans job = {
		.name = PP_S("plan"), .media_type = media_type, .layer = layer, .plan = plan
	};
	struct pp_buf *payload = pp_buf_make(req->arena);

	pp_filejob_write_plans(payload, &job);
	pp_ask_file(req, PP_FILEJOB_PLANS, pp_buf_all(payload), take_frame, file);
}

bool pp_extent_file_is_read(struct pp_req *req, const struct pp_extent_file *file)
{
	if (file->refused) {
		pp_refuse_fault(req, &file->fault);
		return false;
	}
	if (file->count == 1)
		return true;
	if (file->count)
		pp_refuse(req, PP_plan_ambiguous,
			"the file holds %zu plans; name one with ?plan=", file->count);
	else
		pp_refuse(req, PP_file_without_plan, "the file holds no plan");
	return false;
}
