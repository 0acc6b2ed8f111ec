/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/io/fetch.h>

#include <stdio.h>
#include <stdlib.h>

#include <pp/base/buf.h>

#include "transfer.h"

#define CONNECT_MS 10000L
#define WHOLE_MS   60000L
#define SILENT_S   10L

struct pp_fetch {
	CURL *easy;
	char error[CURL_ERROR_SIZE];
};

/* Where the body of one reply goes. */
struct taking {
	struct pp_buf *kept;
	size_t keep;
	struct pp_sha256_run hash;
	uint64_t size;
};

static size_t take(char *bytes, size_t unit, size_t count, void *ctx)
{
	struct taking *taking = ctx;
	size_t len = unit * count, room = taking->keep - taking->kept->len;

	pp_sha256_feed(&taking->hash, pp_slice(bytes, len));
	pp_buf_add(taking->kept, bytes, len < room ? len : room);
	taking->size += len;
	return len;
}

struct pp_fetch *pp_fetch_open(const char *agent)
{
	struct pp_fetch *fetch = calloc(1, sizeof(*fetch));

	PP_MUST(fetch && curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
	fetch->easy = pp_transfer_easy(agent);
	PP_MUST(curl_easy_setopt(fetch->easy, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK);
	/* Probes stand anywhere, behind a proxy too: as the environment says. */
	curl_easy_setopt(fetch->easy, CURLOPT_PROXY, NULL);
	curl_easy_setopt(fetch->easy, CURLOPT_ERRORBUFFER, fetch->error);
	curl_easy_setopt(fetch->easy, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
	curl_easy_setopt(fetch->easy, CURLOPT_TIMEOUT_MS, WHOLE_MS);
	curl_easy_setopt(fetch->easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(fetch->easy, CURLOPT_LOW_SPEED_TIME, SILENT_S);
	curl_easy_setopt(fetch->easy, CURLOPT_WRITEFUNCTION, take);
	return fetch;
}

void pp_fetch_close(struct pp_fetch *fetch)
{
	curl_easy_cleanup(fetch->easy);
	curl_global_cleanup();
	free(fetch);
}

static bool run(struct pp_fetch *fetch, struct pp_arena *arena, const char *url, size_t keep,
	struct pp_fetched *out)
{
	struct taking taking = { .kept = pp_buf_make(arena), .keep = keep };
	CURLcode code;
	curl_off_t wait = 0;

	*out = (struct pp_fetched){ 0 };
	fetch->error[0] = '\0';
	pp_sha256_begin(&taking.hash);
	curl_easy_setopt(fetch->easy, CURLOPT_URL, url);
	curl_easy_setopt(fetch->easy, CURLOPT_WRITEDATA, &taking);
	code = curl_easy_perform(fetch->easy);
	pp_sha256_end(&taking.hash, out->sha256);
	out->size = taking.size;
	out->body = pp_buf_all(taking.kept);
	out->is_whole = taking.size == out->body.len;
	if (code != CURLE_OK) {
		snprintf(out->detail, sizeof(out->detail), "%s",
			fetch->error[0] ? fetch->error : curl_easy_strerror(code));
		return false;
	}
	curl_easy_getinfo(fetch->easy, CURLINFO_RESPONSE_CODE, &out->status);
	if (curl_easy_getinfo(fetch->easy, CURLINFO_RETRY_AFTER, &wait) == CURLE_OK)
		out->retry_after_s = wait;
	return true;
}

bool pp_fetch_get(struct pp_fetch *fetch, struct pp_arena *arena, const char *url, size_t keep,
	struct pp_fetched *out)
{
	curl_easy_setopt(fetch->easy, CURLOPT_HTTPGET, 1L);
	curl_easy_setopt(fetch->easy, CURLOPT_HTTPHEADER, NULL);
	return run(fetch, arena, url, keep, out);
}

bool pp_fetch_post(struct pp_fetch *fetch, struct pp_arena *arena, const char *url,
	const char *token, struct pp_slice json, size_t keep, struct pp_fetched *out)
{
	struct pp_slice bearer = pp_format(arena, "Authorization: Bearer %s", token);
	struct curl_slist *fields = curl_slist_append(NULL, "Content-Type: application/json");
	struct curl_slist *all = curl_slist_append(fields, bearer.at);
	bool came;

	PP_MUST(fields && all);
	curl_easy_setopt(fetch->easy, CURLOPT_HTTPHEADER, all);
	curl_easy_setopt(fetch->easy, CURLOPT_POST, 1L);
	curl_easy_setopt(fetch->easy, CURLOPT_POSTFIELDS, json.at);
	curl_easy_setopt(fetch->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)json.len);
	came = run(fetch, arena, url, keep, out);
	curl_easy_setopt(fetch->easy, CURLOPT_HTTPHEADER, NULL);
	curl_slist_free_all(all);
	return came;
}
