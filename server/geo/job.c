/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/geo/job.h>

#include <stdio.h>

#define LIST_MAX 1000

static void write_texts(struct pp_buf *buf, const struct pp_slice *texts, size_t count)
{
	pp_buf_u32(buf, (uint32_t)count);
	for (size_t i = 0; i < count; i++)
		pp_buf_bytes(buf, texts[i]);
}

static size_t read_texts(struct pp_scan *scan, struct pp_arena *arena, struct pp_slice **texts)
{
	size_t count = pp_scan_u32(scan);

	if (scan->failed || count > LIST_MAX) {
		scan->failed = true;
		return 0;
	}
	*texts = PP_NEW_ARRAY(arena, struct pp_slice, count);
	for (size_t i = 0; i < count; i++)
		(*texts)[i] = pp_scan_bytes(scan);
	return count;
}

/* Everything was there, and nothing more. */
static bool is_whole(const struct pp_scan *scan)
{
	return !scan->failed && scan->at == scan->end;
}

void pp_job_geometry_write(struct pp_buf *buf, const struct pp_job_geometry *job)
{
	pp_buf_u32(buf, (uint32_t)job->crs);
	pp_buf_u8(buf, (uint8_t)job->axes);
	pp_buf_bytes(buf, job->wkb);
}

static void read_geometry(struct pp_scan *scan, struct pp_job_geometry *job)
{
	job->crs = (int)pp_scan_u32(scan);
	job->axes = (enum pp_axes)pp_scan_u8(scan);
	job->wkb = pp_scan_bytes(scan);
	if (job->axes > PP_AXES_AUTHORITY)
		scan->failed = true;
}

bool pp_job_geometry_read(struct pp_slice payload, struct pp_job_geometry *job)
{
	struct pp_scan scan;

	pp_scan_begin(&scan, payload);
	read_geometry(&scan, job);
	return is_whole(&scan);
}

static void write_subject(struct pp_buf *buf, const struct pp_subject *subject)
{
	pp_buf_bytes(buf, subject->name);
	pp_buf_u32(buf, subject->given);
	for (int i = 0; i < PP_PARAM_COUNT; i++)
		if (pp_subject_has(subject, (enum pp_param)i))
			pp_buf_f64(buf, subject->value[i]);
	pp_buf_u32(buf, (uint32_t)subject->catchment_crs);
	pp_buf_bytes(buf, subject->catchment);
	pp_buf_u32(buf, (uint32_t)subject->study_count);
	for (size_t i = 0; i < subject->study_count; i++) {
		pp_buf_bytes(buf, subject->study[i].ags);
		pp_buf_f64(buf, subject->study[i].percent);
	}
}

static void read_subject(struct pp_scan *scan, struct pp_arena *arena, struct pp_subject *subject)
{
	subject->name = pp_scan_bytes(scan);
	subject->given = pp_scan_u32(scan);
	for (int i = 0; i < PP_PARAM_COUNT; i++)
		if (pp_subject_has(subject, (enum pp_param)i))
			subject->value[i] = pp_scan_f64(scan);
	subject->catchment_crs = (int)pp_scan_u32(scan);
	subject->catchment = pp_scan_bytes(scan);
	subject->study_count = pp_scan_u32(scan);
	if (subject->given >> PP_PARAM_COUNT || subject->study_count > PP_STUDY_MAX) {
		scan->failed = true;
		subject->study_count = 0;
	}
	subject->study = PP_NEW_ARRAY(arena, struct pp_study_row, subject->study_count);
	for (size_t i = 0; i < subject->study_count; i++) {
		subject->study[i].ags = pp_scan_bytes(scan);
		subject->study[i].percent = pp_scan_f64(scan);
	}
}

static void read_subjects(struct pp_scan *scan, struct pp_arena *arena, struct pp_job_affected *job)
{
	size_t count = pp_scan_u32(scan);

	if (scan->failed || count > PP_SUBJECTS_MAX) {
		scan->failed = true;
		return;
	}
	job->subjects = PP_NEW_ARRAY(arena, struct pp_subject, count);
	for (size_t i = 0; i < count; i++)
		read_subject(scan, arena, &job->subjects[i]);
	job->query.subjects = job->subjects;
	job->query.subject_count = count;
}

void pp_job_affected_write(struct pp_buf *buf, const struct pp_job_affected *job)
{
	pp_job_geometry_write(buf, &job->geometry);
	pp_buf_bytes(buf, job->query.kind);
	pp_buf_bytes(buf, job->query.date);
	write_texts(buf, job->query.planning, job->query.planning_count);
	pp_buf_bytes(buf, job->query.applicant_land);
	pp_buf_u32(buf, (uint32_t)job->query.subject_count);
	for (size_t i = 0; i < job->query.subject_count; i++)
		write_subject(buf, &job->query.subjects[i]);
	pp_buf_bytes(buf, job->language);
}

bool pp_job_affected_read(
	struct pp_arena *arena, struct pp_slice payload, struct pp_job_affected *job)
{
	struct pp_slice *planning = NULL;
	struct pp_scan scan;

	*job = (struct pp_job_affected){ 0 };
	pp_scan_begin(&scan, payload);
	read_geometry(&scan, &job->geometry);
	job->query.kind = pp_scan_bytes(&scan);
	job->query.date = pp_scan_bytes(&scan);
	job->query.planning_count = read_texts(&scan, arena, &planning);
	job->query.planning = planning;
	job->query.applicant_land = pp_scan_bytes(&scan);
	read_subjects(&scan, arena, job);
	job->language = pp_scan_bytes(&scan);
	return is_whole(&scan);
}

void pp_job_result_write(struct pp_buf *buf, const struct pp_job_result *result)
{
	pp_buf_bytes(buf, result->boundaries);
	pp_buf_bytes(buf, result->districts);
	pp_buf_bytes(buf, result->rules);
	pp_buf_bytes(buf, result->wkb);
	pp_buf_u32(buf, result->vertices);
	pp_buf_u32(buf, result->parts);
	pp_buf_u8(buf, (uint8_t)result->dimension);
	pp_buf_f64(buf, result->min_x);
	pp_buf_f64(buf, result->min_y);
	pp_buf_f64(buf, result->max_x);
	pp_buf_f64(buf, result->max_y);
	pp_buf_f64(buf, result->area_m2);
	pp_buf_f64(buf, result->length_m);
	pp_buf_bytes(buf, result->json);
}

bool pp_job_result_read(struct pp_slice payload, struct pp_job_result *result)
{
	struct pp_scan scan;

	pp_scan_begin(&scan, payload);
	result->boundaries = pp_scan_bytes(&scan);
	result->districts = pp_scan_bytes(&scan);
	result->rules = pp_scan_bytes(&scan);
	result->wkb = pp_scan_bytes(&scan);
	result->vertices = pp_scan_u32(&scan);
	result->parts = pp_scan_u32(&scan);
	result->dimension = pp_scan_u8(&scan);
	result->min_x = pp_scan_f64(&scan);
	result->min_y = pp_scan_f64(&scan);
	result->max_x = pp_scan_f64(&scan);
	result->max_y = pp_scan_f64(&scan);
	result->area_m2 = pp_scan_f64(&scan);
	result->length_m = pp_scan_f64(&scan);
	result->json = pp_scan_bytes(&scan);
	return is_whole(&scan);
}

void pp_job_proposal_write(struct pp_buf *buf, const struct pp_job_proposal *proposal)
{
	pp_buf_bytes(buf, proposal->wkb);
	write_texts(buf, proposal->changes, proposal->change_count);
	write_texts(buf, proposal->changes_de, proposal->change_count);
	pp_buf_f64(buf, proposal->area_before);
	pp_buf_f64(buf, proposal->area_after);
	pp_buf_f64(buf, proposal->length_before);
	pp_buf_f64(buf, proposal->length_after);
}

bool pp_job_proposal_read(
	struct pp_arena *arena, struct pp_slice payload, struct pp_job_proposal *proposal)
{
	struct pp_scan scan;

	pp_scan_begin(&scan, payload);
	proposal->wkb = pp_scan_bytes(&scan);
	proposal->change_count = read_texts(&scan, arena, &proposal->changes);
	if (read_texts(&scan, arena, &proposal->changes_de) != proposal->change_count)
		return false;
	proposal->area_before = pp_scan_f64(&scan);
	proposal->area_after = pp_scan_f64(&scan);
	proposal->length_before = pp_scan_f64(&scan);
	proposal->length_after = pp_scan_f64(&scan);
	return is_whole(&scan);
}

void pp_job_refusal_write(struct pp_buf *buf, const struct pp_fault *fault, enum pp_flaw flaw)
{
	pp_buf_bytes(buf, pp_slice_of(pp_problem_row(fault->problem)->id));
	pp_buf_bytes(buf, pp_slice_of(fault->detail));
	pp_buf_bytes(buf, pp_slice_of(fault->pointer));
	pp_buf_u8(buf, fault->has_place);
	pp_buf_f64(buf, fault->x);
	pp_buf_f64(buf, fault->y);
	pp_buf_f64(buf, fault->lon);
	pp_buf_f64(buf, fault->lat);
	pp_buf_bytes(buf, pp_slice_of(pp_flaw_row(flaw)->id));
	pp_buf_bytes(buf, pp_slice_of(pp_flaw_row(flaw)->de));
}

bool pp_job_refusal_read(struct pp_slice payload, struct pp_job_refusal *refusal)
{
	struct pp_fault *fault = &refusal->fault;
	struct pp_slice text;
	struct pp_scan scan;

	pp_scan_begin(&scan, payload);
	*fault = (struct pp_fault){ .problem = pp_problem_named(pp_scan_bytes(&scan)) };
	text = pp_scan_bytes(&scan);
	snprintf(fault->detail, sizeof(fault->detail), "%.*s", PP_SHOW(text));
	text = pp_scan_bytes(&scan);
	snprintf(fault->pointer, sizeof(fault->pointer), "%.*s", PP_SHOW(text));
	fault->has_place = pp_scan_u8(&scan);
	fault->x = pp_scan_f64(&scan);
	fault->y = pp_scan_f64(&scan);
	fault->lon = pp_scan_f64(&scan);
	fault->lat = pp_scan_f64(&scan);
	refusal->flaw = pp_scan_bytes(&scan);
	refusal->flaw_de = pp_scan_bytes(&scan);
	return is_whole(&scan) && fault->problem != PP_no_problem;
}
