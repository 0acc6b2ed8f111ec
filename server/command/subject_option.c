/* SPDX-License-Identifier: EUPL-1.2 */
#include "subject_option.h"

#include <stdio.h>

#include <pp/fmt/geojson.h>

/* A catchment is a few thousand numbers; a file of more than this is another. */
#define FILE_MAX (1u << 20)

static bool read_file(
	struct pp_arena *arena, struct pp_slice path, struct pp_slice *text, struct pp_fault *fault)
{
	struct pp_buf *buf = pp_buf_make(arena);
	FILE *file = fopen(pp_text(arena, path), "rb");

	if (!file)
		return pp_fault(fault, PP_file_unreadable, "%.*s cannot be opened", PP_SHOW(path));
	buf->len = fread(pp_buf_room(buf, FILE_MAX + 1), 1, FILE_MAX + 1, file);
	fclose(file);
	*text = pp_buf_all(buf);
	return buf->len <= FILE_MAX ||
		pp_fault(fault, PP_file_unreadable, "%.*s has more than 1 MB", PP_SHOW(path));
}

static bool read_catchment(struct pp_arena *arena, struct pp_slice path, struct pp_subject *subject,
	struct pp_fault *fault)
{
	struct pp_geojson read = { 0 };
	struct pp_slice text;

	if (!read_file(arena, path, &text, fault) ||
		!pp_geojson_read(arena, text, PP_CATCHMENT_VERTICES_MAX, &read, fault))
		return false;
	subject->catchment = read.wkb;
	subject->catchment_crs = read.crs.len ? pp_crs_named(read.crs) : PP_CRS84;
	return subject->catchment_crs ||
		pp_fault(fault, PP_crs_unknown, "'%.*s' is not known here", PP_SHOW(read.crs));
}

static bool read_study(struct pp_arena *arena, struct pp_slice text, struct pp_subject *subject,
	struct pp_fault *fault)
{
	size_t room = 1;

	for (size_t i = 0; i < text.len; i++)
		room += text.at[i] == '+';
	if (room > PP_STUDY_MAX)
		return pp_fault(
			fault, PP_invalid_parameter, "a study names at most %d", PP_STUDY_MAX);
	subject->study = PP_NEW_ARRAY(arena, struct pp_study_row, room);
	while (text.len) {
		struct pp_study_row *row = &subject->study[subject->study_count++];
		struct pp_slice percent, one = pp_slice_cut(text, '+', &text);

		row->ags = pp_slice_cut(one, ':', &percent);
		if (percent.len && !pp_slice_double(percent, &row->percent))
			return pp_fault(fault, PP_invalid_parameter,
				"study is AGS:PERCENT+AGS:PERCENT, not %.*s", PP_SHOW(one));
	}
	return true;
}

static bool read_param(struct pp_arena *arena, struct pp_slice text, struct pp_subject *subject,
	struct pp_fault *fault)
{
	struct pp_slice value, name = pp_slice_cut(text, '=', &value);

	if (pp_slice_is(name, PP_S("catchment")))
		return pp_subject_may(subject, name, fault) &&
			read_catchment(arena, value, subject, fault);
	if (pp_slice_is(name, PP_S("study")))
		return pp_subject_may(subject, name, fault) &&
			read_study(arena, value, subject, fault);
	return pp_subject_set(subject, name, value, fault);
}

bool pp_subject_option(struct pp_arena *arena, struct pp_slice text, struct pp_subject *subject,
	struct pp_fault *fault)
{
	struct pp_slice rest, name = pp_slice_cut(text, ':', &rest);

	if (!pp_subject_begin(subject, name, fault))
		return false;
	while (rest.len)
		if (!read_param(arena, pp_slice_cut(rest, ',', &rest), subject, fault))
			return false;
	return true;
}
