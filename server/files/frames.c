/* SPDX-License-Identifier: EUPL-1.2 */
#include "check.h"
#include "clean.h"
#include "frames.h"
#include "ogr.h"
#include "sheet.h"

#include <pp/io/worker.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* A Shapefile has five files; nobody has more. */
enum { PARTS_MAX = 16 };

struct serving {
	const struct pp_files_host *host;
	struct pp_arena *arena;
	struct pp_buf payload;
	uint32_t number; /* of the request */
	bool is_lost;    /* the peer went away: the rest is done for nobody */
};

static void send_frame(struct serving *serving, uint16_t kind)
{
	struct pp_frame frame = { .number = serving->number,
		.kind = kind,
		.payload = pp_buf_all(&serving->payload),
		.fd = -1 };

	serving->is_lost = serving->is_lost || !pp_frame_write(serving->host->socket, &frame);
	pp_buf_clear(&serving->payload);
	/* There is nothing to undo, and nobody to tell. */
	if (serving->is_lost)
		_exit(1);
}

static void send_plan(void *ctx, const struct pp_filejob_plan *plan)
{
	struct serving *serving = ctx;

	pp_filejob_write_plan(&serving->payload, plan);
	send_frame(serving, PP_FILEJOB_A_PLAN);
}

static void send_choice(void *ctx, const struct pp_filejob_choice *choice)
{
	struct serving *serving = ctx;

	pp_filejob_write_choice(&serving->payload, choice);
	send_frame(serving, PP_FILEJOB_A_CHOICE);
}

static void send_warning(void *ctx, const struct pp_filejob_warning *warning)
{
	struct serving *serving = ctx;

	pp_filejob_write_warning(&serving->payload, warning);
	send_frame(serving, PP_FILEJOB_A_WARNING);
}

static void send_count(void *ctx, uint32_t rows)
{
	struct serving *serving = ctx;

	pp_buf_u32(&serving->payload, rows);
	send_frame(serving, PP_FILEJOB_A_COUNT);
}

static void send_municipality(void *ctx, const struct pp_filejob_municipality *municipality)
{
	struct serving *serving = ctx;

	pp_filejob_write_municipality(&serving->payload, municipality);
	send_frame(serving, PP_FILEJOB_A_MUNICIPALITY);
}

static void send_row(void *ctx, const struct pp_filejob_row *row)
{
	struct serving *serving = ctx;

	pp_filejob_write_row(&serving->payload, row);
	send_frame(serving, PP_FILEJOB_A_ROW);
}

static void send_bytes(void *ctx, struct pp_slice bytes)
{
	struct serving *serving = ctx;

	pp_buf_slice(&serving->payload, bytes);
	send_frame(serving, PP_FILEJOB_A_BYTES);
}

/* Private and writable: a library that scribbles into its input harms nobody. */
static bool map_file(int fd, size_t file_max, struct pp_slice *bytes, struct pp_fault *fault)
{
	struct stat about;
	void *at;

	if (fd < 0 || fstat(fd, &about) != 0 || !S_ISREG(about.st_mode))
		return pp_fault(fault, PP_file_unreadable, "There is no file to read.");
	if ((size_t)about.st_size > file_max)
		return pp_fault(fault, PP_body_too_large, "The file is larger than %zu MB.",
			file_max >> 20);
	if (about.st_size == 0) {
		*bytes = PP_S("");
		return true;
	}
	at = mmap(NULL, (size_t)about.st_size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	if (at == MAP_FAILED)
		return pp_fault(fault, PP_file_unreadable, "The file cannot be mapped.");
	*bytes = pp_slice(at, (size_t)about.st_size);
	return true;
}

static bool do_plans(
	const struct pp_files_job *job, struct pp_slice payload, struct pp_fault *fault)
{
	struct pp_filejob_plans ask;

	PP_MUST(pp_filejob_read_plans(payload, job->arena, &ask));
	job->parts[0].name = ask.name;
	return pp_files_read_plans(job, &ask, fault);
}

static bool do_areas(
	const struct pp_files_job *job, struct pp_slice payload, struct pp_fault *fault)
{
	struct pp_filejob_areas ask;

	PP_MUST(pp_filejob_read_areas(payload, job->arena, &ask));
	job->parts[0].name = ask.name;
	return pp_files_read_areas(job, &ask, fault);
}

static bool do_table(
	const struct pp_files_job *job, struct pp_slice payload, struct pp_fault *fault)
{
	struct pp_filejob_table ask;

	PP_MUST(pp_filejob_read_table(payload, job->arena, &ask));
	job->parts[0].name = ask.name;
	return pp_files_read_table(job, &ask, fault);
}

static bool do_check(
	const struct pp_files_job *job, struct pp_slice payload, struct pp_fault *fault)
{
	struct pp_filejob_check ask;

	PP_MUST(pp_filejob_read_check(payload, job->arena, &ask));
	if (!job->kind)
		return pp_fault(fault, PP_worker_unavailable, "Kinds of files are not known here.");
	return pp_check_document(job, &ask, fault);
}

static bool do_sheet(
	const struct pp_files_job *job, struct pp_slice payload, struct pp_fault *fault)
{
	struct pp_filejob_sheet ask;

	PP_MUST(pp_filejob_read_sheet(payload, job->arena, &ask));
	return pp_sheet_make(job, &ask, fault);
}

static bool do_clean(
	const struct pp_files_job *job, struct pp_slice payload, struct pp_fault *fault)
{
	struct pp_filejob_clean ask;

	PP_MUST(pp_filejob_read_clean(payload, job->arena, &ask));
	return pp_clean_document(job, &ask, fault);
}

static bool do_geopackage(
	const struct pp_files_job *job, struct pp_slice payload, struct pp_fault *fault)
{
	struct pp_filejob_geopackage ask;

	PP_MUST(pp_filejob_read_geopackage(payload, job->arena, &ask));
	job->parts[0].name = ask.name;
	if (job->result < 0)
		return pp_fault(fault, PP_file_unreadable, "There is no file to write.");
	return pp_ogr_write_geopackage(job, &ask, fault);
}

static const struct job_row {
	uint16_t kind;
	bool (*run)(
		const struct pp_files_job *job, struct pp_slice payload, struct pp_fault *fault);
	struct pp_files_limits limits;
	bool writes;     /* makes a file: it has none to read, and needs fonts */
	bool has_result; /* its one part is no file to read, but the one that is written */
} jobs[] = {
	{ PP_FILEJOB_PLANS, do_plans, { 60, PP_FILEJOB_FILE_MAX } },
	{ PP_FILEJOB_MUNICIPALITIES, do_areas, { 600, PP_FILEJOB_BOUNDARIES_MAX } },
	{ PP_FILEJOB_TABLE, do_table, { 60, PP_FILEJOB_BOUNDARIES_MAX } },
	{ PP_FILEJOB_CHECK, do_check, { 600, PP_FILEJOB_CHECKED_MAX } },
	{ PP_FILEJOB_SHEET, do_sheet, { 30, .has_threads = true }, .writes = true },
	{ PP_FILEJOB_CLEAN, do_clean, { 600, PP_FILEJOB_CHECKED_MAX } },
	{ PP_FILEJOB_GEOPACKAGE, do_geopackage, { 600, PP_FILEJOB_FEATURES_MAX },
		.has_result = true },
};

static const struct job_row *find_job(uint16_t kind)
{
	for (size_t i = 0; i < PP_LENGTH(jobs); i++)
		if (jobs[i].kind == kind)
			return &jobs[i];
	return NULL;
}

/* The frames up to the one that names the job; parts that come with it are 1, 2 and so on. */
static const struct job_row *read_request(struct serving *serving, int fds[PARTS_MAX],
	struct pp_files_part *parts, size_t *count, struct pp_slice *payload)
{
	struct pp_frame frame;

	*count = 1;
	while (pp_frame_read(serving->host->socket, serving->arena, &frame)) {
		if (frame.kind != PP_FILEJOB_PART) {
			fds[0] = frame.fd;
			serving->number = frame.number;
			*payload = frame.payload;
			return find_job(frame.kind);
		}
		if (*count == PARTS_MAX)
			return NULL;
		fds[*count] = frame.fd;
		parts[(*count)++].name = frame.payload;
	}
	return NULL;
}

static bool run(struct serving *serving, const struct job_row *row, int fds[PARTS_MAX],
	struct pp_files_job *job, struct pp_slice payload, struct pp_fault *fault)
{
	struct pp_files_limits limits = row->limits;

	if (row->writes) {
		job->part_count = 0;
		if (!pp_sheet_wake(job))
			return pp_fault(
				fault, PP_worker_unavailable, "There are no fonts to write with.");
	}
	if (row->has_result && job->part_count == 2)
		job->result = fds[--job->part_count];
	for (size_t i = 0; i < job->part_count; i++) {
		if (!map_file(fds[i], row->limits.file_max, &job->parts[i].bytes, fault))
			return false;
		limits.mapped += job->parts[i].bytes.len;
		close(fds[i]);
	}
	if (!serving->host->confine(serving->host->ctx, &limits))
		return pp_fault(fault, PP_worker_unavailable, "The file job cannot be confined.");
	if (!row->writes && job->parts[0].bytes.len == 0)
		return pp_fault(fault, PP_file_unreadable, "The file is empty.");
	return row->run(job, payload, fault);
}

bool pp_files_serve(const struct pp_files_host *host)
{
	struct pp_arena arena;
	struct serving serving = { .host = host, .arena = &arena };
	const struct pp_files_sink sink = { &serving, send_plan, send_choice, send_warning,
		send_count, send_municipality, send_row, send_bytes };
	struct pp_files_part parts[PARTS_MAX] = { 0 };
	struct pp_files_job job = { .arena = &arena,
		.geo = host->geo,
		.kind = host->kind,
		.sink = &sink,
		.parts = parts,
		.result = -1 };
	struct pp_fault fault = { 0 };
	const struct job_row *row;
	struct pp_slice payload;
	int fds[PARTS_MAX];

	pp_arena_begin(&arena);
	pp_buf_begin(&serving.payload);
	row = read_request(&serving, fds, parts, &job.part_count, &payload);
	if (!row) {
		pp_arena_end(&arena);
		return false;
	}
	job.unpacked_max = row->limits.file_max;
	if (run(&serving, row, fds, &job, payload, &fault)) {
		send_frame(&serving, PP_FILEJOB_END);
	} else {
		pp_filejob_write_fault(&serving.payload, &fault);
		send_frame(&serving, PP_FILEJOB_FAULT);
	}
	pp_buf_end(&serving.payload);
	pp_arena_end(&arena);
	return true;
}
