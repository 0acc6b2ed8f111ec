/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/io/remote.h>

#include <stdio.h>
#include <stdlib.h>

#include <pp/base/buf.h>

#include "transfer.h"

#define CALL_MAGIC 0x43414c4cu
#define FORM_TYPE  "Content-Type: application/x-www-form-urlencoded"

struct pp_remote_call {
	unsigned magic;
	struct pp_transfer *transfer;
	CURL *easy;
	struct curl_slist *fields;
	struct pp_buf body;
	size_t most;
	bool is_too_much;
	void (*done)(void *ctx, const struct pp_remote_reply *reply);
	void *ctx;
};

static void end(struct pp_remote_call *call)
{
	curl_easy_cleanup(call->easy);
	curl_slist_free_all(call->fields);
	pp_buf_end(&call->body);
	call->magic = 0;
	free(call);
}

/* RFC 9111 §5.2.2.1 and §5.2.2.4 f.: what may not be kept is as old as it may become at once. */
static int64_t max_age(struct pp_slice directives)
{
	uint64_t seconds;
	int64_t found = -1;

	while (directives.len) {
		struct pp_slice value;
		struct pp_slice name = pp_slice_cut(
			pp_slice_trim(pp_slice_cut(directives, ',', &directives)), '=', &value);

		if (pp_slice_is_nocase(name, PP_S("no-store")) ||
			pp_slice_is_nocase(name, PP_S("no-cache")))
			return 0;
		if (pp_slice_is_nocase(name, PP_S("max-age")) && pp_slice_u64(value, &seconds))
			found = seconds > INT32_MAX ? INT32_MAX : (int64_t)seconds;
	}
	return found;
}

static void over(void *ctx, CURLcode code, const char *detail)
{
	struct pp_remote_call *call = PP_CAST(pp_remote_call, ctx, CALL_MAGIC);
	struct pp_remote_reply reply = { .max_age_s = -1 };
	struct curl_header *field;

	if (code == CURLE_OK) {
		curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &reply.status);
		reply.body = pp_buf_all(&call->body);
		if (curl_easy_header(call->easy, "Cache-Control", 0, CURLH_HEADER, -1, &field) ==
			CURLHE_OK)
			reply.max_age_s = max_age(pp_slice_of(field->value));
	} else {
		snprintf(reply.detail, sizeof(reply.detail), "%s",
			call->is_too_much ? "its answer is too long" : detail);
	}
	call->done(call->ctx, &reply);
	end(call);
}

static size_t take(char *bytes, size_t unit, size_t count, void *ctx)
{
	struct pp_remote_call *call = PP_CAST(pp_remote_call, ctx, CALL_MAGIC);
	size_t len = unit * count;

	if (len > call->most - call->body.len) {
		call->is_too_much = true;
		return 0;
	}
	pp_buf_add(&call->body, bytes, len);
	return len;
}

static void add_field(struct pp_remote_call *call, const char *line)
{
	struct curl_slist *all = curl_slist_append(call->fields, line);

	PP_MUST(all);
	call->fields = all;
}

static void set(struct pp_remote_call *call, const struct pp_remote_request *request)
{
	struct pp_buf line;

	add_field(call, "Accept: application/json");
	if (request->authorization) {
		pp_buf_begin(&line);
		pp_buf_format(&line, "Authorization: %s", request->authorization);
		pp_buf_u8(&line, 0);
		add_field(call, line.at);
		pp_buf_end(&line);
	}
	if (request->form.at) {
		add_field(call, FORM_TYPE);
		curl_easy_setopt(
			call->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->form.len);
		PP_MUST(curl_easy_setopt(call->easy, CURLOPT_COPYPOSTFIELDS, request->form.at) ==
			CURLE_OK);
	}
	curl_easy_setopt(call->easy, CURLOPT_HTTPHEADER, call->fields);
	curl_easy_setopt(call->easy, CURLOPT_TIMEOUT_MS, (long)(request->within_us / 1000));
	curl_easy_setopt(call->easy, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(call->easy, CURLOPT_WRITEDATA, call);
}

struct pp_remote_call *pp_remote_ask(struct pp_remote *remote,
	const struct pp_remote_request *request,
	void (*done)(void *ctx, const struct pp_remote_reply *reply), void *ctx)
{
	struct pp_remote_call *call = calloc(1, sizeof(*call));

	PP_MUST(call && done && request->within_us > 0);
	call->magic = CALL_MAGIC;
	call->easy = pp_transfer_easy(pp_remote_agent(remote));
	call->most = request->most;
	call->done = done;
	call->ctx = ctx;
	pp_buf_begin(&call->body);
	set(call, request);
	call->transfer = pp_transfer_start(remote, call->easy, request->url, "https", over, call);
	return call;
}

void pp_remote_cancel(struct pp_remote_call *call)
{
	PP_MUST(call->magic == CALL_MAGIC);
	pp_transfer_cancel(call->transfer);
	end(call);
}
