/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * The extent of a plan on its way through a request: GeoJSON text of the body to checked WKB here,
 * then to a geometry worker, which transforms, judges and says who is affected. For the rooms that
 * deal with plans; they themselves hold neither GEOS nor a parser.
 */
#include <pp/core/req.h>
#include <pp/geo/job.h>

/*
 * Reads the body's member `geometry` in the CRS that its member `crs` names (without: CRS84, RFC
 * 7946 §4). False after a refusal with a pointer below /geometry or /crs, and the place where
 * known.
 */
bool pp_extent_read(struct pp_req *req, struct pp_job_geometry *out);

/*
 * Reads a GeoJSON geometry in that CRS and order of axes. False after a refusal with a pointer
 * below /geometry, and the place where known; an old member crs within it that says otherwise is
 * refused.
 */
PP_CHECKED bool pp_extent_take(struct pp_req *req, struct pp_slice text, int code,
	enum pp_axes axes, struct pp_job_geometry *out);

/* Today in Berlin as YYYY-MM-DD: the day whose rules apply to this request. */
struct pp_slice pp_extent_date(struct pp_req *req);

/* Asks who is affected; the answer is for pp_extent_result in the next step. */
void pp_ask_affected(struct pp_req *req, const struct pp_job_geometry *geometry,
	const struct pp_affected_query *query, struct pp_frame *reply);
void pp_ask_repair(
	struct pp_req *req, const struct pp_job_geometry *geometry, struct pp_frame *reply);
/* Has it transformed to EPSG:25832 and judged, no more; the answer is for pp_extent_result. */
void pp_ask_check(
	struct pp_req *req, const struct pp_job_geometry *geometry, struct pp_frame *reply);
/* Has a geometry worker check one point: any answer says that one is at work. */
void pp_ask_alive(struct pp_req *req, struct pp_frame *reply);
/* False and the fault that the worker tells, in the client's language. */
PP_CHECKED bool pp_extent_judged(struct pp_req *req, const struct pp_frame *reply,
	struct pp_job_result *result, struct pp_fault *fault);
/* False after the refusal that the worker asks for. */
bool pp_extent_result(
	struct pp_req *req, const struct pp_frame *reply, struct pp_job_result *result);
bool pp_extent_proposal(
	struct pp_req *req, const struct pp_frame *reply, struct pp_job_proposal *proposal);

/* The SHA-256 of a geometry's WKB in hexadecimal, as a plan shows it. */
struct pp_slice pp_extent_sha256(struct pp_req *req, struct pp_slice wkb);

/* The texts of a list of strings in the body; count 0 where it is absent. */
size_t pp_extent_texts(struct pp_req *req, const char *member, struct pp_slice **texts);
/* The body's `subjects` into the query; false after the refusal. */
bool pp_extent_subjects(struct pp_req *req, struct pp_affected_query *query);

/* Rows of field tables that several rooms share. */
#define PP_KINDS                                                                                   \
	"FNP|FNP_AENDERUNG|BP_REGEL|BP_13|BP_13A|ROP_LAND|ROP_REG|RVP|ZAV|PFV|PFV_ENWG|PFV_NABEG|" \
	"BFP|PFV_FSTR|PFV_AEG|PFV_PBEFG|PFV_WASTRG|PFV_LSTR"
extern const struct pp_field pp_subject_list[];
extern const struct pp_field pp_ags_list[];

/* The one plan of an uploaded file, as the file job reads it (pp/io/filejob.h). */
struct pp_extent_file {
	struct pp_job_geometry geometry; /* file CRS, east first */
	struct pp_slice name;            /* of the plan in the file */
	struct pp_slice xplanung;        /* JSON: what XPlanGML says of it; null of other files */
	size_t count;                    /* plans that came; more than one is refused */
	bool refused;
	struct pp_fault fault;
};

/* Sends the request's file to a file job; layer and plan select within it, empty: the only one. */
void pp_ask_plan_file(struct pp_req *req, struct pp_slice media_type, struct pp_slice layer,
	struct pp_slice plan, struct pp_extent_file *file);
/* False after the refusal of a file that holds no plan, several, or none that can be read. */
bool pp_extent_file_is_read(struct pp_req *req, const struct pp_extent_file *file);

/* The same question, with the reasons in that language whatever the client prefers: for the record.
 */
void pp_ask_affected_in(struct pp_req *req, const struct pp_job_geometry *geometry,
	const struct pp_affected_query *query, struct pp_slice language, struct pp_frame *reply);
