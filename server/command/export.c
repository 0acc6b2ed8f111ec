/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * export: makes the GeoPackages that were asked for, one after the other. Features are read as the
 * role of the public, so that nothing can be in them that not everybody sees; what came of it is
 * stored in pieces, to be fetched from whatever host. The clerk has this run whenever one waits.
 */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <pp/base/clock.h>
#include <pp/base/log.h>
#include <pp/core/digest.h>
#include <pp/geo/geo.h>

#include "call.h"
#include "command.h"
#include "export_job.h"
#include "queries.h"

#define PIECE (UINT32_C(1) << 20)

static const char about[] = "planungsplattform export\n\n"
			    "Erstellt die GeoPackages, die über /ogc und /wfs bestellt sind. Der "
			    "Server tut das von selbst.\n\n"
			    "Makes the GeoPackages that were asked for. The server does it by "
			    "itself.\n\n"
			    "Einstellungen / settings:\n";

struct exporter {
	struct pp_admin *db;
	struct pp_arena *arena; /* of the file at hand */
	struct pp_slice id;
	bool is_lost; /* the database */
};

static bool ask(struct exporter *e, struct pp_arena *arena, enum pp_query_id id,
	const struct pp_slice *params, struct pp_rows **rows)
{
	struct pp_fault fault;

	if (pp_admin_query(e->db, arena, &pp_queries[id], params, rows, &fault))
		return true;
	pp_log(PP_WARNING, "exporter_disconnected", "%s: %s", pp_queries[id].name, fault.detail);
	e->is_lost = true;
	return false;
}

static struct pp_slice figures(struct pp_arena *arena, uint64_t number)
{
	return pp_format(arena, "%llu", (unsigned long long)number);
}

/* What a query says with its only cell. */
static bool goes_on(struct exporter *e, struct pp_arena *arena, enum pp_query_id id,
	const struct pp_slice *params)
{
	struct pp_rows *rows;

	return ask(e, arena, id, params, &rows) && pp_slice_is(pp_cell(rows, 0, 0), PP_S("t"));
}

static bool step(void *ctx, uint64_t features)
{
	struct exporter *e = ctx;
	struct pp_arena arena;
	bool more;

	pp_arena_begin(&arena);
	more = goes_on(e, &arena, PP_Q_feature_export_step,
		(struct pp_slice[]){ e->id, figures(&arena, features) });
	pp_arena_end(&arena);
	return more;
}

static bool store_piece(struct exporter *e, uint64_t at, struct pp_slice piece)
{
	struct pp_arena arena;
	bool more;

	pp_arena_begin(&arena);
	more = goes_on(e, &arena, PP_Q_feature_export_store,
		(struct pp_slice[]){ e->id, figures(&arena, at), piece });
	pp_arena_end(&arena);
	return more;
}

/* False where nobody wants it any more, or the disk or the database does not. */
static bool store(struct exporter *e, const struct pp_export_job *job)
{
	char *bytes = pp_alloc(e->arena, PIECE);
	struct pp_slice digest = PP_S("");
	uint64_t at = 0;
	struct pp_rows *rows;
	ssize_t got;

	while ((got = pread(job->result, bytes, PIECE, (off_t)at)) > 0) {
		struct pp_slice piece = pp_slice(bytes, (size_t)got);

		digest = pp_digest_feed(e->arena, digest, piece);
		if (!store_piece(e, at, piece))
			return false;
		at += piece.len;
	}
	return got == 0 &&
		ask(e, e->arena, PP_Q_feature_export_end,
			(struct pp_slice[]){ e->id, { NULL, 0 }, figures(e->arena, at),
				pp_digest_sha256(e->arena, digest),
				pp_clock_text(e->arena, pp_clock_utc()) },
			&rows);
}

static void give_up(struct exporter *e, const struct pp_export_job *job)
{
	struct pp_rows *rows;

	pp_log(PP_WARNING, "export_failed", "%.*s: %s: %s", PP_SHOW(e->id), job->reason,
		job->why.detail);
	if (!ask(e, e->arena, PP_Q_feature_export_end,
		    (struct pp_slice[]){ e->id, pp_slice_of(job->reason), { NULL, 0 }, { NULL, 0 },
			    pp_clock_text(e->arena, pp_clock_utc()) },
		    &rows))
		pp_log(PP_WARNING, "export_not_settled", "%.*s", PP_SHOW(e->id));
}

/* True as long as there was one. */
static bool make_next(struct exporter *e, struct pp_admin *reader, struct pp_geo *geo)
{
	struct pp_export_job job = { .reader = reader,
		.geo = geo,
		.arena = e->arena,
		.step = step,
		.ctx = e,
		.result = -1 };
	struct pp_rows *rows;

	if (!ask(e, e->arena, PP_Q_feature_export_begin,
		    (struct pp_slice[]){ pp_clock_text(e->arena, pp_clock_utc()) }, &rows) ||
		rows->rows == 0)
		return false;
	job.as = rows;
	e->id = pp_cell(rows, 0, PP_C_feature_export_begin_id);
	if (pp_export_make(&job) && store(e, &job))
		pp_log(PP_INFO, "export_made", "%.*s: %llu features", PP_SHOW(e->id),
			(unsigned long long)job.features);
	else if (job.reason)
		give_up(e, &job);
	if (job.result >= 0)
		close(job.result);
	return !e->is_lost;
}

static bool make_all(struct pp_call *call)
{
	struct exporter e = { 0 };
	struct pp_fault *fault = &call->fault;
	struct pp_admin *reader = NULL;
	struct pp_geo *geo = pp_geo_open(&call->arena, fault);
	bool more, well;

	e.db = geo ? pp_admin_open(pp_call_url(call, "pp_clerk"), fault) : NULL;
	if (e.db)
		reader = pp_admin_open(pp_call_url(call, "pp_public"), fault);
	more = well = reader && pp_admin_run(reader, "set statement_timeout = '5min'", fault);
	/* Of several hosts one makes them. */
	more = more && goes_on(&e, &call->arena, PP_Q_feature_export_lock, NULL);
	while (more) {
		struct pp_arena arena;

		pp_arena_begin(&arena);
		e.arena = &arena;
		more = make_next(&e, reader, geo);
		pp_arena_end(&arena);
	}
	pp_admin_close(reader);
	pp_admin_close(e.db);
	return well && !e.is_lost;
}

static int export(struct pp_call *call)
{
	pp_log_open("exporter", pp_log_level_named(call->config.log_level));
	PP_MUST(!call->config.clock_shift[0] || pp_clock_follow(call->config.clock_shift) == 0);
	return pp_call_connect(call, &call->fault) && make_all(call) ? 0 : 1;
}

int pp_command_export(int argc, char **argv)
{
	static const struct pp_call_kind kind = {
		.command = "export", .about = about, .run = export
	};

	return pp_call_run(&kind, NULL, argc, argv);
}
