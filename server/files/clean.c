/* SPDX-License-Identifier: EUPL-1.2 */
#include "clean.h"

#include "check.h"

#define PIECE (UINT32_C(1) << 18)

void pp_rope_add(struct pp_rope *rope, struct pp_slice bytes)
{
	if (bytes.len == 0)
		return;
	rope->len += bytes.len;
	if (rope->count &&
		rope->at[rope->count - 1].at + rope->at[rope->count - 1].len == bytes.at) {
		rope->at[rope->count - 1].len += bytes.len;
		return;
	}
	if (rope->count == rope->room) {
		size_t room = rope->room ? rope->room * 2 : 64;
		struct pp_slice *at = PP_NEW_ARRAY(rope->arena, struct pp_slice, room);

		if (rope->count)
			memcpy(at, rope->at, rope->count * sizeof(*at));
		rope->at = at;
		rope->room = room;
	}
	rope->at[rope->count++] = bytes;
}

static bool rope_is(const struct pp_rope *rope, struct pp_slice bytes)
{
	if (rope->len != bytes.len)
		return false;
	for (size_t i = 0; i < rope->count; i++) {
		if (memcmp(rope->at[i].at, bytes.at, rope->at[i].len) != 0)
			return false;
		bytes = pp_slice(bytes.at + rope->at[i].len, bytes.len - rope->at[i].len);
	}
	return true;
}

struct pp_slice pp_rope_whole(const struct pp_rope *rope)
{
	char *whole = pp_alloc(rope->arena, rope->len + 1), *at = whole;

	for (size_t i = 0; i < rope->count; i++) {
		memcpy(at, rope->at[i].at, rope->at[i].len);
		at += rope->at[i].len;
	}
	return pp_slice(whole, rope->len);
}

pp_cleaner *pp_clean_picture(struct pp_slice bytes)
{
	static const struct {
		struct pp_slice begins;
		pp_cleaner *clean;
	} kinds[] = {
		{ { "\xff\xd8\xff", 3 }, pp_clean_jpeg },
		{ { "\x89PNG\r\n\x1a\n", 8 }, pp_clean_png },
		{ { "II*\0", 4 }, pp_clean_tiff },
		{ { "MM\0*", 4 }, pp_clean_tiff },
	};

	for (size_t i = 0; i < PP_LENGTH(kinds); i++)
		if (pp_slice_starts(bytes, kinds[i].begins))
			return kinds[i].clean;
	return NULL;
}

enum pp_cleaned pp_clean(pp_cleaner *clean, struct pp_slice bytes, struct pp_rope *out)
{
	enum pp_cleaned done = clean(bytes, out);

	/* One that writes into what it was given says itself whether it did. */
	if (done == PP_CLEAN_DONE && clean != pp_clean_tiff && rope_is(out, bytes))
		return PP_CLEAN_NOTHING;
	return done;
}

/* By media type: what has nothing of the kind, what is cleaned, and the rest, which is left. */
static const struct row {
	const char *media_type;
	pp_cleaner *clean; /* NULL: there is nothing to clean */
} rows[] = {
	{ "image/jpeg", pp_clean_jpeg },
	{ "image/png", pp_clean_png },
	{ "image/tiff", pp_clean_tiff },
	{ "application/pdf", pp_clean_pdf },
	{ "application/vnd.oasis.opendocument.text", pp_clean_office },
	{ "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		pp_clean_office },
	{ "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", pp_clean_office },
	{ "application/gml+xml", NULL },
	{ "application/xml", NULL },
	{ "application/geo+json", NULL },
	{ "text/plain", NULL },
};

static void send(const struct pp_files_job *job, const struct pp_rope *rope)
{
	for (size_t i = 0; i < rope->count; i++) {
		struct pp_slice rest = rope->at[i];

		while (rest.len) {
			size_t len = rest.len < PIECE ? rest.len : PIECE;

			job->sink->bytes(job->sink->ctx, pp_slice(rest.at, len));
			rest = pp_slice(rest.at + len, rest.len - len);
		}
	}
}

static bool refuse(
	const struct pp_files_job *job, struct pp_slice media_type, struct pp_fault *fault)
{
	return pp_check_refuse(fault, "VERBLEIBT",
		"What it says about its making cannot be taken out of a %.100s like this one.",
		pp_text(job->arena, media_type));
}

bool pp_clean_document(
	const struct pp_files_job *job, const struct pp_filejob_clean *ask, struct pp_fault *fault)
{
	struct pp_slice bytes = job->parts[0].bytes;
	struct pp_rope rope = { .arena = job->arena };

	for (const struct row *row = rows; row < rows + PP_LENGTH(rows); row++) {
		if (!pp_slice_is(ask->media_type, pp_slice_of(row->media_type)))
			continue;
		if (!row->clean)
			return true;
		switch (pp_clean(row->clean, bytes, &rope)) {
		case PP_CLEAN_DONE:
			send(job, &rope);
			return true;
		case PP_CLEAN_NOTHING:
			return true;
		case PP_CLEAN_LEFT:
			return refuse(job, ask->media_type, fault);
		}
	}
	return refuse(job, ask->media_type, fault);
}
