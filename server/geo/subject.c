/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/geo/subject.h>

#include <stdio.h>

#include <pp/geo/validate.h>

#include "inner.h"

static const struct pp_param_row rows[PP_PARAM_COUNT] = {
#define PP_PARAM(id, kind, subjects, min, max, about)                                              \
	[PP_PARAM_##id] = { #id, PP_PARAM_KIND_##kind, subjects, min, max, about },
#include <pp/geo/param.def>
#undef PP_PARAM
};

/* Those that are no numbers. */
static const struct {
	const char *name, *subjects;
} others[] = {
	{ "catchment", "EINZELHANDEL" },
	{ "study", "EINZELHANDEL|STRASSE" },
};

const struct pp_param_row *pp_param_row(enum pp_param param)
{
	return &rows[param];
}

bool pp_param_named(struct pp_slice name, enum pp_param *param)
{
	for (int i = 0; i < PP_PARAM_COUNT; i++)
		if (pp_slice_is(name, pp_slice_of(rows[i].name))) {
			*param = (enum pp_param)i;
			return true;
		}
	return false;
}

static bool has_choice(const char *choices, struct pp_slice word)
{
	struct pp_slice rest = pp_slice_of(choices);

	while (rest.len)
		if (pp_slice_is(pp_slice_cut(rest, '|', &rest), word))
			return true;
	return false;
}

static bool wrong(struct pp_fault *fault, struct pp_slice name)
{
	snprintf(fault->pointer, sizeof(fault->pointer), "/%.*s",
		(int)(name.len < 60 ? name.len : 60), name.at);
	return false;
}

bool pp_subject_begin(struct pp_subject *subject, struct pp_slice name, struct pp_fault *fault)
{
	*subject = (struct pp_subject){ .name = name };
	if (has_choice(PP_SUBJECTS, name))
		return true;
	pp_fault(fault, PP_invalid_parameter, "there is no subject %.*s, only %s",
		(int)(name.len < 40 ? name.len : 40), name.at, PP_SUBJECTS);
	return wrong(fault, PP_S("subject"));
}

/* The parameters of a subject, for a sentence. */
static void list_params(struct pp_slice subject, char text[160])
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < PP_PARAM_COUNT + PP_LENGTH(others); i++) {
		bool is_other = i >= PP_PARAM_COUNT;
		const char *name = is_other ? others[i - PP_PARAM_COUNT].name : rows[i].name;

		if (!has_choice(is_other ? others[i - PP_PARAM_COUNT].subjects : rows[i].subjects,
			    subject))
			continue;
		used += (size_t)snprintf(text + used, 160 - used, "%s%s", used ? ", " : "", name);
		PP_MUST(used < 160);
	}
}

static bool refuse_name(
	const struct pp_subject *subject, struct pp_slice name, struct pp_fault *fault)
{
	char known[160];

	list_params(subject->name, known);
	pp_fault(fault, PP_invalid_parameter, "%.*s has no parameter %.*s; %s%s",
		PP_SHOW(subject->name), (int)(name.len < 40 ? name.len : 40), name.at,
		known[0] ? "it has " : "it has none", known);
	return wrong(fault, name);
}

bool pp_subject_may(const struct pp_subject *subject, struct pp_slice name, struct pp_fault *fault)
{
	for (size_t i = 0; i < PP_LENGTH(others); i++)
		if (pp_slice_is(name, pp_slice_of(others[i].name)) &&
			has_choice(others[i].subjects, subject->name))
			return true;
	return refuse_name(subject, name, fault);
}

static bool read_value(const struct pp_param_row *row, struct pp_slice text, double *value)
{
	if (row->kind != PP_PARAM_KIND_FLAG)
		return pp_slice_double(text, value) && *value >= row->min && *value <= row->max;
	*value = pp_slice_is(text, PP_S("true"));
	return *value > 0 || pp_slice_is(text, PP_S("false"));
}

bool pp_subject_set(struct pp_subject *subject, struct pp_slice name, struct pp_slice value,
	struct pp_fault *fault)
{
	const struct pp_param_row *row;
	enum pp_param param;

	if (!pp_param_named(name, &param) || !has_choice(rows[param].subjects, subject->name))
		return refuse_name(subject, name, fault);
	row = &rows[param];
	if (read_value(row, value, &subject->value[param])) {
		subject->given |= 1u << param;
		return true;
	}
	if (row->kind == PP_PARAM_KIND_FLAG)
		pp_fault(fault, PP_invalid_parameter, "%s is true or false", row->name);
	else
		pp_fault(fault, PP_invalid_parameter,
			"%s is a number from %g to %g, in the unit at the end of its name",
			row->name, row->min, row->max);
	return wrong(fault, name);
}

bool pp_subject_has(const struct pp_subject *subject, enum pp_param param)
{
	return subject->given & (1u << param);
}

void pp_subject_complete(struct pp_subject *subject)
{
	if (pp_subject_has(subject, PP_PARAM_total_height_m) ||
		!pp_subject_has(subject, PP_PARAM_hub_height_m) ||
		!pp_subject_has(subject, PP_PARAM_rotor_diameter_m))
		return;
	subject->value[PP_PARAM_total_height_m] = subject->value[PP_PARAM_hub_height_m] +
		subject->value[PP_PARAM_rotor_diameter_m] / 2;
	subject->given |= 1u << PP_PARAM_total_height_m;
}

static bool place(struct pp_geo *geo, struct pp_arena *arena, struct pp_subject *subject,
	struct pp_fault *fault)
{
	enum pp_flaw flaw;

	if (!pp_runs_are_rings(subject->catchment))
		return pp_fault(fault, PP_geometry_invalid, "a catchment is a polygon");
	if (!pp_crs_read(geo, arena, subject->catchment_crs, PP_AXES_EAST_NORTH, subject->catchment,
		    &subject->catchment, fault) ||
		!pp_validate(geo, subject->catchment, &flaw, fault))
		return false;
	subject->catchment_crs = PP_UTM32;
	return true;
}

bool pp_subjects_place(struct pp_geo *geo, struct pp_arena *arena, struct pp_subject *subjects,
	size_t count, struct pp_fault *fault)
{
	for (size_t i = 0; i < count; i++) {
		if (!subjects[i].catchment.len || place(geo, arena, &subjects[i], fault))
			continue;
		snprintf(fault->pointer, sizeof(fault->pointer), "/subjects/%zu/catchment", i);
		return false;
	}
	return true;
}
