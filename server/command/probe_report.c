/* SPDX-License-Identifier: EUPL-1.2 */
/* What a probe saw on its way to the platform: it waits in memory until it was taken. */
#include <stdio.h>

#include "probe.h"

#define SPOOL_MOST ((size_t)32 << 20)
#define PART_MOST  ((size_t)512 << 10) /* JSON bodies end at 1 MB */
#define PART_LINES 100

void pp_probe_spool_add(struct pp_probe_spool *spool, struct pp_slice line)
{
	if (spool->lines.len + line.len > SPOOL_MOST)
		spool->dropped++;
	else
		pp_buf_slice(&spool->lines, line);
}

/* The first lines as one body; returns how many bytes of the spool they are. */
static size_t make_part(struct pp_slice lines, struct pp_buf *body)
{
	size_t used = 0;

	pp_buf_text(body, "{\"results\":[");
	for (unsigned count = 0; count < PART_LINES && used < lines.len; count++) {
		struct pp_slice rest = pp_slice(lines.at + used, lines.len - used);
		const char *end = memchr(rest.at, '\n', rest.len);
		size_t len = end ? (size_t)(end - rest.at) : rest.len;

		if (count && body->len + len > PART_MOST)
			break;
		pp_buf_text(body, count ? "," : "");
		pp_buf_slice(body, pp_slice(rest.at, len));
		used += len + (end ? 1 : 0);
	}
	pp_buf_text(body, "]}");
	return used;
}

bool pp_probe_report(const struct pp_probe *probe, struct pp_probe_spool *spool)
{
	struct pp_slice lines = pp_buf_all(&spool->lines);
	size_t sent = 0;
	bool taken = true;

	while (taken && sent < lines.len) {
		struct pp_arena arena;
		struct pp_fetched answer;
		struct pp_buf *body;
		struct pp_slice url;
		size_t used;

		pp_arena_begin(&arena);
		body = pp_buf_make(&arena);
		url = pp_format(&arena, "%s/api/v1/probe-results", probe->report);
		used = make_part(pp_slice(lines.at + sent, lines.len - sent), body);
		taken = pp_fetch_post(probe->fetch, &arena, url.at, probe->token, pp_buf_all(body),
				4096, &answer) &&
			answer.status == 200;
		if (taken)
			sent += used;
		else
			fprintf(stderr, "planungsplattform probe: %s: %s%.*s\n", url.at,
				answer.detail, PP_SHOW(answer.body));
		pp_arena_end(&arena);
	}
	if (sent) {
		memmove(spool->lines.at, spool->lines.at + sent, lines.len - sent);
		spool->lines.len -= sent;
	}
	return taken;
}
