/* SPDX-License-Identifier: EUPL-1.2 */
/* The house itself: is it well, what does it offer, what happens in it. */
#include <pp/base/clock.h>
#include <pp/core/extent.h>

#include "../rooms.h"

static enum pp_next live(struct pp_req *req)
{
	return pp_reply(req, 200, "application/json", PP_S("{\"status\":\"live\"}"));
}

struct health {
	struct pp_rows *version;
	struct pp_frame checked;
};

/* Ready means: PostgreSQL and a geometry worker answer, now; a question to each. */
static enum pp_next ready_ask(struct pp_req *req)
{
	struct health *health = pp_state(req, struct health);

	pp_ask(req, "schema_version", &health->version);
	pp_ask_alive(req, &health->checked);
	return PP_WAIT;
}

static enum pp_next ready(struct pp_req *req)
{
	struct pp_buf *out = pp_buf_make(req->arena);

	if (req->server->draining)
		return pp_refuse(req, PP_busy, "this worker is ending");
	pp_buf_format(out, "{\"status\":\"ready\",\"schema\":%.*s,\"version\":\"" PP_VERSION "\"",
		PP_SHOW(pp_cell(pp_state(req, struct health)->version, 0, 0)));
	/* Nobody shall take a drill for the platform. */
	if (pp_clock_shift())
		pp_buf_format(out, ",\"clock_shift_s\":%.3f",
			(double)pp_clock_shift() / (double)PP_SECOND);
	pp_buf_text(out, "}");
	return pp_reply(req, 200, "application/json", pp_buf_all(out));
}

static enum pp_next openapi(struct pp_req *req)
{
	struct pp_buf *out = pp_buf_make(req->arena);

	pp_openapi_write(out, req->server->rooms, &pp_answers);
	return pp_reply(req, 200, "application/vnd.oai.openapi+json;version=3.0", pp_buf_all(out));
}

/* What a problem's type (RFC 9457 §3.1.1) stands for. */
static enum pp_next problem(struct pp_req *req)
{
	enum pp_problem id = pp_problem_named(pp_path(req, "problem"));
	struct pp_buf *out = pp_buf_make(req->arena);
	const struct pp_problem_row *row = pp_problem_row(id);

	if (id == PP_no_problem)
		return pp_refuse(req, PP_not_found, "no such problem");
	pp_buf_format(out, "{\"type\":\"/problems/%s\",\"status\":%d,\"title_de\":", row->id,
		row->status);
	pp_buf_json(out, pp_slice_of(row->de));
	pp_buf_text(out, ",\"title_en\":");
	pp_buf_json(out, pp_slice_of(row->en));
	pp_buf_text(out, "}");
	return pp_reply(req, 200, "application/json", pp_buf_all(out));
}

static enum pp_next site(struct pp_req *req)
{
	return pp_reply_tagged(req, "application/json", req->server->site.json);
}

static pp_step *const live_steps[] = { live, NULL };
static pp_step *const ready_steps[] = { ready_ask, ready, NULL };
static pp_step *const site_steps[] = { site, NULL };
static pp_step *const openapi_steps[] = { openapi, NULL };
static pp_step *const problem_steps[] = { problem, NULL };
static pp_step *const event_steps[] = { pp_events_join, NULL };

const struct pp_route house_routes[] = {
	{ PP_GET, "//health", PP_ANYONE, ready_steps, .deadline_ms = 2000,
		.summary = "Ready to serve: database and geometry worker answer" },
	{ PP_GET, "//health/ready", PP_ANYONE, ready_steps, .deadline_ms = 2000,
		.summary = "Ready to serve: database and geometry worker answer" },
	{ PP_GET, "//health/live", PP_ANYONE, live_steps, .summary = "The process lives" },
	{ PP_GET, "//problems/{problem}", PP_ANYONE, problem_steps, .rate = PP_RATE_PUBLIC,
		.summary = "What a problem means" },
	{ PP_GET, "/site", PP_ANYONE, site_steps, .rate = PP_RATE_PUBLIC,
		.summary = "Who runs this platform, whom to write to, which base maps there are" },
	{ PP_GET, "/openapi.json", PP_ANYONE, openapi_steps, .rate = PP_RATE_PUBLIC,
		.summary = "This document" },
	{ PP_GET, "/events", PP_ANYONE, event_steps, .rate = PP_RATE_PUBLIC,
		.summary = "What changes, as server-sent events" },
	{ 0 },
};
