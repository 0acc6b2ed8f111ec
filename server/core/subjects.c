/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/core/subjects.h>

#include <stdio.h>

#include <pp/fmt/wkb.h>

static int nibble(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool unhex(struct pp_arena *arena, struct pp_slice hex, struct pp_slice *out)
{
	char *bytes = pp_alloc(arena, hex.len / 2);

	for (size_t i = 0; i + 1 < hex.len; i += 2) {
		int high = nibble(hex.at[i]), low = nibble(hex.at[i + 1]);

		if (high < 0 || low < 0)
			return false;
		bytes[i / 2] = (char)(high * 16 + low);
	}
	*out = pp_slice(bytes, hex.len / 2);
	return hex.len % 2 == 0;
}

static bool read_catchment(struct pp_arena *arena, const struct pp_json *value,
	struct pp_subject *subject, struct pp_fault *fault)
{
	struct pp_wkb_facts facts;

	subject->catchment_crs = PP_CRS84;
	return (unhex(arena, pp_json_text(value), &subject->catchment) && subject->catchment.len &&
		       pp_wkb_check(
			       subject->catchment, PP_CATCHMENT_VERTICES_MAX, &facts, fault)) ||
		pp_fault(fault, PP_invalid_body, "is no polygon in hexadecimal WKB");
}

static bool read_study(struct pp_arena *arena, const struct pp_json *list,
	struct pp_subject *subject, struct pp_fault *fault)
{
	subject->study_count = pp_json_length(list);
	if (subject->study_count > PP_STUDY_MAX)
		return pp_fault(fault, PP_invalid_body, "a study names at most %d", PP_STUDY_MAX);
	subject->study = PP_NEW_ARRAY(arena, struct pp_study_row, subject->study_count);
	for (size_t i = 0; i < subject->study_count; i++) {
		const struct pp_json *row = pp_json_element(list, i),
				     *percent = pp_json_member(row, PP_S("percent"));

		subject->study[i].ags = pp_json_text(pp_json_member(row, PP_S("ags")));
		subject->study[i].percent = percent ? pp_json_number(percent) : 0;
	}
	return true;
}

static bool read_member(struct pp_arena *arena, struct pp_slice name, const struct pp_json *value,
	struct pp_subject *subject, struct pp_fault *fault)
{
	struct pp_buf *text;
	bool good;

	if (pp_json_kind(value) == PP_JSON_NULL || pp_slice_is(name, PP_S("subject")))
		return true;
	if (pp_slice_is(name, PP_S("catchment")) || pp_slice_is(name, PP_S("study"))) {
		good = pp_subject_may(subject, name, fault) &&
			(name.at[0] == 'c' ? read_catchment(arena, value, subject, fault)
					   : read_study(arena, value, subject, fault));
	} else {
		text = pp_buf_make(arena);
		pp_json_write(value, text);
		good = pp_subject_set(subject, name, pp_buf_all(text), fault);
	}
	return good;
}

/* The pointer into the list before the one into its element. */
static bool at_subject(struct pp_fault *fault, size_t i, struct pp_slice name)
{
	fault->problem = PP_invalid_body;
	snprintf(fault->pointer, sizeof(fault->pointer), "/subjects/%zu/%.*s", i,
		(int)(name.len < 60 ? name.len : 60), name.at);
	return false;
}

bool pp_subjects_read(struct pp_arena *arena, const struct pp_json *list,
	struct pp_subject **subjects, size_t *count, struct pp_fault *fault)
{
	*count = list ? pp_json_length(list) : 0;
	if (*count > PP_SUBJECTS_MAX)
		return pp_fault(
			fault, PP_invalid_body, "a plan has at most %d subjects", PP_SUBJECTS_MAX);
	*subjects = PP_NEW_ARRAY(arena, struct pp_subject, *count);
	for (size_t i = 0; i < *count; i++) {
		struct pp_json *object = pp_json_element(list, i), *value;
		struct pp_subject *subject = &(*subjects)[i];
		struct pp_slice name;

		if (!pp_subject_begin(
			    subject, pp_json_text(pp_json_member(object, PP_S("subject"))), fault))
			return at_subject(fault, i, PP_S("subject"));
		for (size_t m = 0; pp_json_member_at(object, m, &name, &value); m++)
			if (!read_member(arena, name, value, subject, fault))
				return at_subject(fault, i, name);
	}
	return true;
}

bool pp_subjects_read_text(struct pp_arena *arena, struct pp_slice text,
	struct pp_subject **subjects, size_t *count, struct pp_fault *fault)
{
	struct pp_json *list = NULL;

	if (text.len) {
		list = pp_json_read(arena, text, fault);
		if (!list)
			return false;
	}
	return pp_subjects_read(arena, list, subjects, count, fault);
}
