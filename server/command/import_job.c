/* SPDX-License-Identifier: EUPL-1.2 */
#include "import_job.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include <pp/base/clock.h>
#include <pp/base/file.h>
#include <pp/base/log.h>
#include <pp/core/german.h>
#include <pp/io/secret.h>

#include "../process/child.h"
#include "import.h"
#include "queries.h"

#define PIECE      (UINT64_C(1) << 20)
#define TELL_US    (PP_SECOND / 2)
#define HINTS_MOST 20

struct job {
	const struct pp_config *config;
	struct pp_slice id;
	struct pp_arena arena;
	struct pp_admin *db; /* as the clerk: how far it is, at once */
	struct pp_rows *as;
	int file;
	char path[40];
	struct pp_buf *hints; /* JSON */
	unsigned hint_count;
	const char *stage;
	int64_t told_at; /* monotonic */
	bool is_unwanted;
};

static struct pp_slice cell(const struct job *job, size_t column)
{
	return pp_cell(job->as, 0, column);
}

static struct pp_slice figures(struct pp_arena *arena, uint64_t number)
{
	return pp_format(arena, "%llu", (unsigned long long)number);
}

static bool applies(const struct job *job)
{
	return pp_slice_is(cell(job, PP_C_boundary_import_begin_state), PP_S("WIRD_UEBERNOMMEN"));
}

static bool ask(struct job *job, struct pp_arena *arena, enum pp_query_id id,
	const struct pp_slice *params, struct pp_rows **rows, struct pp_fault *fault)
{
	return pp_admin_query(job->db, arena, &pp_queries[id], params, rows, fault);
}

/* ---- Told meanwhile ---- */

/* Twice a second at most, and whenever another stage begins. */
static void tell(void *ctx, const char *stage, uint32_t done, uint32_t total)
{
	struct job *job = ctx;
	struct pp_fault fault;
	struct pp_arena arena;
	struct pp_rows *rows;

	if (job->stage && strcmp(job->stage, stage) == 0 &&
		pp_clock_monotonic() < job->told_at + TELL_US)
		return;
	job->stage = stage;
	job->told_at = pp_clock_monotonic();
	pp_arena_begin(&arena);
	if (!ask(job, &arena, PP_Q_boundary_import_step,
		    (struct pp_slice[]){ job->id, pp_slice_of(stage), figures(&arena, done),
			    figures(&arena, total) },
		    &rows, &fault))
		pp_log(PP_WARNING, "import_not_told", "%s", fault.detail);
	else
		job->is_unwanted = !pp_slice_is(pp_cell(rows, 0, 0), PP_S("t"));
	pp_arena_end(&arena);
}

/* Such as the layers of a file that has several. */
static void hint(void *ctx, struct pp_slice sentence)
{
	struct job *job = ctx;

	if (job->hint_count == HINTS_MOST)
		return;
	pp_buf_text(job->hints, job->hint_count++ ? "," : "");
	pp_buf_json(job->hints, sentence);
}

/* ---- The file ---- */

static bool fetch(struct job *job, struct pp_fault *fault)
{
	uint64_t size = 0, at = 0;

	PP_MUST(pp_slice_u64(cell(job, PP_C_boundary_import_begin_size), &size));
	job->file = pp_open_nameless();
	if (job->file < 0)
		return pp_fault(fault, PP_storage_full, "%s", strerror(errno));
	snprintf(job->path, sizeof(job->path), "/proc/self/fd/%d", job->file);
	while (at < size) {
		struct pp_arena arena;
		struct pp_rows *rows;
		bool done;

		pp_arena_begin(&arena);
		done = ask(job, &arena, PP_Q_boundary_import_bytes,
			(struct pp_slice[]){ job->id, figures(&arena, at) }, &rows, fault);
		if (done && !pp_cell(rows, 0, 0).len)
			done = pp_fault(fault, PP_file_unreadable,
				"A piece of the file is missing: upload it again.");
		if (done && !pp_write_all(job->file, pp_cell(rows, 0, 0)))
			done = pp_fault(fault, PP_storage_full, "%s", strerror(errno));
		at += done ? pp_cell(rows, 0, 0).len : 0;
		pp_arena_end(&arena);
		if (!done)
			return false;
	}
	return true;
}

static bool read_boundaries(struct job *job, struct pp_boundaries **all, struct pp_fault *fault)
{
	struct pp_boundary_file file = { .path = job->path,
		.areas.layer = cell(job, PP_C_boundary_import_begin_layer),
		.version = { .dataset = cell(job, PP_C_boundary_import_begin_dataset),
			.date = cell(job, PP_C_boundary_import_begin_date) },
		.progress = tell,
		.warn = hint,
		.ctx = job };

	PP_MUST(pp_slice_double(
		cell(job, PP_C_boundary_import_begin_accuracy_m), &file.version.accuracy_m));
	return fetch(job, fault) && pp_import_read_boundaries(&file, &job->arena, all, fault);
}

/* ---- The transaction ---- */

struct outcome {
	struct pp_slice since, findings;
};

/* What a version would change is asked of it while it is there. */
static bool settle(struct job *job, const struct pp_import *import, const struct pp_imported *done,
	struct outcome *outcome, struct pp_fault *fault)
{
	struct pp_rows *rows;

	if (applies(job))
		return pp_admin_query(import->db, &job->arena,
			       &pp_queries[PP_Q_boundary_import_applied],
			       (struct pp_slice[]){ job->id,
				       cell(job, PP_C_boundary_import_begin_since), done->version },
			       &rows, fault) &&
			pp_admin_run(import->db, "commit", fault);
	if (!pp_admin_query(import->db, &job->arena, &pp_queries[PP_Q_boundary_import_findings],
		    (struct pp_slice[]){ done->version, done->kreise, done->borders }, &rows,
		    fault))
		return false;
	outcome->since = pp_cell(rows, 0, PP_C_boundary_import_findings_since);
	outcome->findings = pp_cell(rows, 0, PP_C_boundary_import_findings_findings);
	return pp_admin_run(import->db, "rollback", fault);
}

static bool store(
	struct job *job, struct pp_boundaries *all, struct outcome *outcome, struct pp_fault *fault)
{
	const struct pp_import_level level = { .level = PP_S("municipality") };
	struct pp_import import = { .arena = &job->arena,
		.at = pp_clock_text(&job->arena, pp_clock_utc()),
		.progress = tell,
		.ctx = job,
		.keeps = true };
	struct pp_imported imported;
	struct pp_rows *rows;
	bool done;

	import.db = pp_admin_open(pp_child_database(&job->arena, job->config, "pp_owner"), fault);
	if (!import.db) {
		pp_log(PP_WARNING, "import_not_connected", "%s", fault->detail);
		return pp_fault(fault, PP_boundary_import_state,
			"The server may not sign in to the database as pp_owner (setting "
			"database_owner_url); import the file by the command.");
	}
	done = pp_admin_run(import.db, "begin", fault) &&
		pp_admin_query(import.db, &job->arena, &pp_queries[PP_Q_import_begin], NULL, &rows,
			fault) &&
		pp_import_boundaries(&import, &level, job->path,
			cell(job, PP_C_boundary_import_begin_file), all, &imported, fault) &&
		settle(job, &import, &imported, outcome, fault);
	pp_admin_close(import.db);
	return done;
}

/* ---- What came of it ---- */

static void add_both(
	struct pp_buf *out, const char *name, struct pp_slice german, struct pp_slice english)
{
	pp_buf_format(out, ",\"%s\":{\"de\":", name);
	pp_buf_json(out, german);
	pp_buf_text(out, ",\"en\":");
	pp_buf_json(out, english);
	pp_buf_text(out, "}");
}

static struct pp_slice refusal_of(struct job *job, const struct pp_fault *fault)
{
	const struct pp_problem_row *row = pp_problem_row(fault->problem);
	struct pp_slice english = pp_slice_of(fault->detail);
	struct pp_buf *out = pp_buf_make(&job->arena);

	pp_buf_format(out, "{\"problem\":\"%s\"", row->id);
	add_both(out, "title", pp_slice_of(row->de), pp_slice_of(row->en));
	add_both(out, "detail", pp_german(&job->arena, english), english);
	pp_buf_format(out, ",\"hints\":[%.*s],\"lon\":", PP_SHOW(pp_buf_all(job->hints)));
	if (fault->has_place) {
		pp_buf_fixed(out, fault->lon, 8);
		pp_buf_text(out, ",\"lat\":");
		pp_buf_fixed(out, fault->lat, 8);
	} else {
		pp_buf_text(out, "null,\"lat\":null");
	}
	pp_buf_text(out, "}");
	return pp_buf_all(out);
}

/* A database that is gone, or a fault of our own, is no fault of the file: the next tries anew. */
static bool refuse(struct job *job, struct pp_fault *fault)
{
	struct pp_rows *rows;
	struct pp_fault why;

	pp_log(PP_WARNING, "import_refused", "%.*s: %s", PP_SHOW(job->id), fault->detail);
	if (fault->problem == PP_database_unavailable || fault->problem == PP_bug)
		return false;
	if (ask(job, &job->arena, PP_Q_boundary_import_refuse,
		    (struct pp_slice[]){ job->id, refusal_of(job, fault),
			    pp_clock_text(&job->arena, pp_clock_utc()) },
		    &rows, &why))
		return true;
	*fault = why;
	return false;
}

static bool work(struct job *job, struct pp_fault *fault)
{
	struct pp_boundaries *all;
	struct outcome outcome;
	struct pp_rows *rows;

	if (!read_boundaries(job, &all, fault))
		return job->is_unwanted || refuse(job, fault);
	if (job->is_unwanted)
		return true;
	if (!store(job, all, &outcome, fault))
		return refuse(job, fault);
	if (applies(job))
		return ask(job, &job->arena, PP_Q_boundary_import_settle,
			(struct pp_slice[]){ job->id, pp_clock_text(&job->arena, pp_clock_utc()) },
			&rows, fault);
	return ask(job, &job->arena, PP_Q_boundary_import_checked,
		(struct pp_slice[]){ job->id, outcome.since, outcome.findings }, &rows, fault);
}

static bool run(struct job *job, struct pp_fault *fault)
{
	struct pp_rows *rows;

	job->db = pp_admin_open(pp_child_database(&job->arena, job->config, "pp_clerk"), fault);
	if (!job->db || !ask(job, &job->arena, PP_Q_boundary_import_lock, NULL, &rows, fault))
		return false;
	/* The lock ends with the connection; who has it is at work on this one. */
	if (!pp_slice_is(pp_cell(rows, 0, 0), PP_S("t")))
		return true;
	if (!ask(job, &job->arena, PP_Q_boundary_import_begin,
		    (struct pp_slice[]){ job->id, pp_clock_text(&job->arena, pp_clock_utc()) },
		    &job->as, fault))
		return false;
	return job->as->rows == 0 || work(job, fault);
}

int pp_import_job(const struct pp_config *config, const char *id)
{
	struct job job = { .config = config, .id = pp_slice_of(id), .file = -1 };
	struct pp_fault fault = { 0 };
	bool good;

	pp_log_open("importer", pp_log_level_named(config->log_level));
	PP_MUST(!config->clock_shift[0] || pp_clock_follow(config->clock_shift) == 0);
	pp_secret_open();
	pp_arena_begin(&job.arena);
	job.hints = pp_buf_make(&job.arena);
	good = run(&job, &fault);
	if (!good)
		pp_log(PP_WARNING, "import_cut_off", "%s: %s", id, fault.detail);
	if (job.db)
		pp_admin_close(job.db);
	if (job.file >= 0)
		close(job.file);
	pp_arena_end(&job.arena);
	return good ? 0 : 1;
}
