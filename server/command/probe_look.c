/* SPDX-License-Identifier: EUPL-1.2 */
/* One look: the manifest, every address in it, and what is wrong with them, as a line of JSON. */
#include <poll.h>
#include <stdio.h>

#include <pp/base/clock.h>
#include <pp/fmt/json.h>

#include "probe.h"

#define MANIFEST_MOST ((size_t)16 << 20)
#define PAGES_MOST    200
#define FAILURES_MOST 100
#define PATIENCE      5
#define WAIT_MOST_S   60

struct look {
	const struct pp_probe *probe;
	struct pp_arena arena;
	struct pp_buf *failures; /* JSON objects, separated by commas */
	size_t failure_count;
	size_t entries;
};

/*
 * Somebody who looks at very much is asked to wait (429): that is no interruption for the public,
 * so the probe waits as it was told, a few times.
 */
static bool get(const struct pp_probe *probe, struct pp_arena *arena, const char *url, size_t keep,
	struct pp_fetched *out)
{
	for (unsigned tries = 0;; tries++) {
		int64_t wait;

		if (!pp_fetch_get(probe->fetch, arena, url, keep, out))
			return false;
		if (out->status != 429 || tries == PATIENCE)
			return true;
		wait = out->retry_after_s < 1 ? 1 : out->retry_after_s;
		poll(NULL, 0, (int)(wait < WAIT_MOST_S ? wait : WAIT_MOST_S) * 1000);
	}
}

/* A document of the public address; NULL, and out says why. */
static struct pp_json *get_json(const struct pp_probe *probe, struct pp_arena *arena,
	const char *url, struct pp_fetched *out)
{
	struct pp_fault fault;
	struct pp_json *json;

	if (!get(probe, arena, url, MANIFEST_MOST, out) || out->status != 200)
		return NULL;
	json = out->is_whole ? pp_json_read(arena, out->body, &fault) : NULL;
	if (!json)
		snprintf(out->detail, sizeof(out->detail), "%s",
			out->is_whole ? "not a JSON document" : "too long");
	return json;
}

static void add_text(struct pp_buf *out, const char *name, struct pp_slice value)
{
	pp_buf_format(out, ",\"%s\":", name);
	pp_buf_json(out, value);
}

static void fail(struct look *look, struct pp_slice address, const char *problem,
	struct pp_slice expected, const struct pp_fetched *found)
{
	struct pp_buf *out = look->failures;

	if (look->failure_count++ >= FAILURES_MOST)
		return;
	pp_buf_text(out, out->len ? ",{\"address\":" : "{\"address\":");
	pp_buf_json(out, pp_slice(address.at, address.len < 500 ? address.len : 500));
	pp_buf_format(out, ",\"problem\":\"%s\",\"status\":%ld", problem, found->status);
	if (expected.len) {
		add_text(out, "expected", expected);
		pp_buf_text(out, ",\"found\":\"");
		pp_buf_hex(out, pp_slice((const char *)found->sha256, sizeof(found->sha256)));
		pp_buf_text(out, "\"");
	}
	if (found->detail[0])
		add_text(out, "detail", pp_slice_of(found->detail));
	pp_buf_text(out, "}");
}

static struct pp_json *manifest(struct look *look, const char *procedure, struct pp_fetched *out)
{
	struct pp_slice url = pp_format(&look->arena,
		"%s/api/v1/procedures/%s/publication-manifest", look->probe->url, procedure);
	struct pp_json *json = get_json(look->probe, &look->arena, url.at, out);

	return pp_json_member(json, PP_S("entries"));
}

static bool is_hash(const struct pp_fetched *found, struct pp_slice expected)
{
	struct pp_arena arena;
	struct pp_buf *hex;
	bool same;

	pp_arena_begin(&arena);
	hex = pp_buf_make(&arena);
	pp_buf_hex(hex, pp_slice((const char *)found->sha256, sizeof(found->sha256)));
	same = pp_slice_is(pp_buf_all(hex), expected);
	pp_arena_end(&arena);
	return same;
}

/* What the manifest says of an address now, empty when it is no longer there. */
static struct pp_slice expected_of(const struct pp_json *entries, struct pp_slice address)
{
	for (size_t i = 0; i < pp_json_length(entries); i++) {
		struct pp_json *entry = pp_json_element(entries, i);

		if (pp_slice_is(pp_json_text(pp_json_member(entry, PP_S("address"))), address))
			return pp_json_text(pp_json_member(entry, PP_S("sha256")));
	}
	return PP_S("");
}

/*
 * An address whose bytes are others than was said a moment ago: something may have been published
 * in between, so the manifest is asked once more before it counts as changed.
 */
static bool is_published_anew(struct look *look, const char *procedure, struct pp_slice address,
	const char *url, struct pp_fetched *found)
{
	struct pp_fetched fresh;
	struct pp_json *entries = manifest(look, procedure, &fresh);
	struct pp_slice expected = expected_of(entries, address);

	if (!entries)
		return false;
	if (!expected.len)
		return true;
	return get(look->probe, &look->arena, url, 0, found) && found->status == 200 &&
		is_hash(found, expected);
}

static void check(struct look *look, const char *procedure, const struct pp_json *entry)
{
	struct pp_slice address = pp_json_text(pp_json_member(entry, PP_S("address")));
	struct pp_slice expected = pp_json_text(pp_json_member(entry, PP_S("sha256")));
	struct pp_slice url = pp_format(&look->arena, "%s%.*s", look->probe->url, PP_SHOW(address));
	struct pp_fetched found;

	look->entries++;
	if (!address.len || address.at[0] != '/') {
		found = (struct pp_fetched){ .detail = "no address of this server" };
		fail(look, address.len ? address : PP_S("-"), "VERZEICHNIS", PP_S(""), &found);
	} else if (!get(look->probe, &look->arena, url.at, 0, &found)) {
		fail(look, address, "UNERREICHBAR", PP_S(""), &found);
	} else if (found.status != 200) {
		fail(look, address, "STATUS", PP_S(""), &found);
	} else if (!is_hash(&found, expected) &&
		!is_published_anew(look, procedure, address, url.at, &found)) {
		fail(look, address, "VERAENDERT", expected, &found);
	}
}

bool pp_probe_look(const struct pp_probe *probe, const char *procedure, struct pp_buf *line)
{
	struct look look = { .probe = probe };
	char began[PP_RFC3339_SIZE], ended[PP_RFC3339_SIZE];
	struct pp_fetched found;
	struct pp_json *entries;

	pp_arena_begin(&look.arena);
	look.failures = pp_buf_make(&look.arena);
	pp_clock_rfc3339(pp_clock_utc(), began);
	entries = manifest(&look, procedure, &found);
	if (!entries)
		fail(&look,
			pp_format(&look.arena, "/api/v1/procedures/%s/publication-manifest",
				procedure),
			found.status ? "VERZEICHNIS" : "UNERREICHBAR", PP_S(""), &found);
	for (size_t i = 0; i < pp_json_length(entries); i++)
		check(&look, procedure, pp_json_element(entries, i));
	pp_clock_rfc3339(pp_clock_utc(), ended);
	pp_buf_text(line, "{\"probe\":");
	pp_buf_json(line, pp_slice_of(probe->name));
	add_text(line, "url", pp_slice_of(probe->url));
	pp_buf_format(line,
		",\"every_s\":%llu,\"procedure\":\"%s\",\"at\":\"%s\",\"ended_at\":\"%s\","
		"\"entries\":%zu,\"failures\":[",
		(unsigned long long)probe->every_s, procedure, began, ended, look.entries);
	pp_buf_slice(line, pp_buf_all(look.failures));
	pp_buf_text(line, "]}\n");
	pp_arena_end(&look.arena);
	return look.failure_count == 0;
}

static void keep(struct pp_probe_list *list, struct pp_slice id)
{
	if (id.len != PP_PROBE_ID - 1)
		return;
	for (size_t i = 0; i < list->count; i++)
		if (pp_slice_is(pp_slice_of(list->ids[i].id), id))
			return;
	if (list->count < PP_PROBE_MOST)
		snprintf(list->ids[list->count++].id, PP_PROBE_ID, "%.*s", PP_SHOW(id));
}

bool pp_probe_find(const struct pp_probe *probe, struct pp_probe_list *list)
{
	struct pp_arena arena;
	struct pp_fetched found = { 0 };
	struct pp_slice url;
	struct pp_json *page = NULL;

	pp_arena_begin(&arena);
	url = pp_format(&arena, "%s/api/v1/publications?limit=500", probe->url);
	for (unsigned pages = 0; url.len && pages < PAGES_MOST; pages++) {
		struct pp_json *items;

		page = get_json(probe, &arena, url.at, &found);
		items = pp_json_member(page, PP_S("items"));
		if (pages == 0 && items)
			list->count = 0;
		for (size_t i = 0; i < pp_json_length(items); i++)
			keep(list,
				pp_json_text(pp_json_member(
					pp_json_element(items, i), PP_S("procedure"))));
		url = pp_copy(&arena, pp_json_text(pp_json_member(page, PP_S("next"))));
	}
	if (!page)
		fprintf(stderr,
			"planungsplattform probe: %s/api/v1/publications: %s (status %ld)\n",
			probe->url, found.detail[0] ? found.detail : "no list", found.status);
	pp_arena_end(&arena);
	return page != NULL;
}
