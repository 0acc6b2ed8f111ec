/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/geo/affected.h>

#include <math.h>

#include "areas.h"

static void add_text(struct pp_buf *buf, const char *name, struct pp_slice value)
{
	pp_buf_text(buf, name);
	if (value.len)
		pp_buf_json(buf, value);
	else
		pp_buf_text(buf, "null");
}

static void add_number(struct pp_buf *buf, const char *name, double value, unsigned decimals)
{
	pp_buf_text(buf, name);
	pp_buf_fixed(buf, value, decimals);
}

static void add_flag(struct pp_buf *buf, const char *name, bool value)
{
	pp_buf_text(buf, name);
	pp_buf_text(buf, value ? "true" : "false");
}

enum wording { GERMAN, ENGLISH, BOTH };

/* To the millimetre, with the comma of German. */
static void say_metres(struct pp_buf *out, double value, bool german)
{
	size_t from = out->len;

	pp_buf_fixed(out, value, 3);
	for (size_t i = from; german && i < out->len; i++)
		if (out->at[i] == '.')
			out->at[i] = ',';
}

static void say_default(struct pp_buf *out, const struct pp_evidence *evidence, bool german)
{
	const char *param = pp_param_row(evidence->rule->threshold.param)->name;

	pp_buf_format(out,
		german ? " %s ist nicht angegeben: es gilt die Voreinstellung "
		       : " %s was not given: the default of ",
		param);
	say_metres(out, evidence->threshold, german);
	pp_buf_text(out, german ? " m." : " m applies.");
}

static void say_scale(struct pp_buf *out, const struct pp_evidence *evidence, bool german)
{
	pp_buf_text(out, german ? " Auf dem Boden sind es " : " On the ground it is ");
	say_metres(out, evidence->ground_m, german);
	pp_buf_text(out,
		german ? " m, auf dem Gitter von EPSG:25832 " : " m, on the grid of EPSG:25832 ");
	say_metres(out, evidence->value, german);
	pp_buf_text(out,
		german ? " m: der Abstand auf dem Boden entscheidet."
		       : " m: the distance on the ground decides.");
}

static const char *say_unit(const char *unit)
{
	return strcmp(unit, "m2") == 0 ? "m²" : unit;
}

/* {value} and {threshold} in whole metres, square metres or per cent, {name} as it is. */
static void add_reason(struct pp_buf *buf, const char *member, struct pp_slice text,
	const struct pp_evidence *evidence, struct pp_slice name)
{
	bool german = text.at == evidence->rule->reason_de.at;
	struct pp_buf out;

	pp_buf_begin(&out);
	while (text.len) {
		struct pp_slice rest, plain = pp_slice_cut(text, '{', &rest), word;

		pp_buf_slice(&out, plain);
		if (plain.len == text.len)
			break;
		word = pp_slice_cut(rest, '}', &text);
		if (pp_slice_is(word, PP_S("value")))
			pp_buf_fixed(&out, round(evidence->value), 0);
		else if (pp_slice_is(word, PP_S("threshold")))
			pp_buf_fixed(&out, round(evidence->threshold), 0);
		else if (pp_slice_is(word, PP_S("unit")))
			pp_buf_text(&out, say_unit(evidence->unit));
		else if (pp_slice_is(word, PP_S("name")))
			pp_buf_slice(&out, name);
	}
	if (evidence->is_default)
		say_default(&out, evidence, german);
	if (evidence->scale_decides)
		say_scale(&out, evidence, german);
	pp_buf_text(buf, member);
	pp_buf_json(buf, pp_buf_all(&out));
	pp_buf_end(&out);
}

static void add_evidence(struct pp_buf *buf, const struct pp_evidence *evidence,
	struct pp_slice name, enum wording wording)
{
	const struct pp_rule *rule = evidence->rule;

	add_text(buf, "{\"rule\":", rule->id);
	add_text(buf, ",\"class\":", pp_slice_of(pp_class_name(evidence->class)));
	add_text(buf, ",\"metric\":", pp_slice_of(pp_metric_name(rule->metric)));
	if (evidence->has_value)
		add_number(buf, ",\"value\":", evidence->value, 3);
	else
		pp_buf_text(buf, ",\"value\":null");
	if (evidence->has_threshold)
		add_number(buf, ",\"threshold\":", evidence->threshold, 3);
	else
		pp_buf_text(buf, ",\"threshold\":null");
	add_text(buf, ",\"unit\":", pp_slice_of(evidence->unit));
	if (evidence->has_ground) {
		add_number(buf, ",\"ground_m\":", evidence->ground_m, 3);
		add_flag(buf, ",\"scale_decides\":", evidence->scale_decides);
	}
	if (rule->threshold.has_param) {
		add_text(buf, ",\"threshold_from\":", rule->threshold.text);
		add_flag(buf, ",\"default\":", evidence->is_default);
	}
	add_reason(buf, ",\"reason\":", wording == ENGLISH ? rule->reason_en : rule->reason_de,
		evidence, name);
	if (wording == BOTH)
		add_reason(buf, ",\"reason_en\":", rule->reason_en, evidence, name);
	add_text(buf, ",\"source\":", rule->source);
	add_flag(buf, ",\"borderline\":", evidence->borderline);
	pp_buf_text(buf, "}");
}

static void add_rules(struct pp_buf *buf, const struct pp_evidence *list, size_t count,
	struct pp_slice name, enum wording wording)
{
	pp_buf_text(buf, ",\"rules\":[");
	for (size_t i = 0; i < count; i++) {
		if (i)
			pp_buf_text(buf, ",");
		add_evidence(buf, &list[i], name, wording);
	}
	pp_buf_text(buf, "]}");
}

static void add_circles(struct pp_buf *buf, const struct pp_affected_row *row)
{
	pp_buf_text(buf, ",\"circle_shares\":[");
	for (size_t i = 0; i < row->circle_count; i++) {
		pp_buf_format(
			buf, "%s{\"point\":%u", i ? "," : "", (unsigned)row->circles[i].point);
		add_number(buf, ",\"area_m2\":", row->circles[i].area_m2, 1);
		add_number(buf, ",\"percent\":", row->circles[i].percent, 3);
		pp_buf_text(buf, "}");
	}
	pp_buf_text(buf, "]");
}

static void add_districts(struct pp_buf *buf, const struct pp_affected_row *row)
{
	pp_buf_text(buf, ",\"districts\":[");
	for (size_t i = 0; i < row->district_count; i++) {
		const struct pp_district *district = &row->districts[i];

		add_text(buf, i ? ",{\"body\":" : "{\"body\":", district->body);
		add_text(buf, ",\"name\":", district->name);
		add_number(buf, ",\"distance_m\":", district->distance_m, 3);
		if (district->has_shared_border)
			add_number(buf, ",\"shared_border_m\":", district->shared_border_m, 3);
		else
			pp_buf_text(buf, ",\"shared_border_m\":null");
		pp_buf_text(buf, "}");
	}
	pp_buf_text(buf, "]");
}

static void add_municipality(struct pp_buf *buf, const struct pp_municipality *m,
	const struct pp_affected_row *row, enum wording wording)
{
	add_text(buf, "{\"ags\":", m->ags);
	add_text(buf, ",\"name\":", m->name);
	add_text(buf, ",\"kreis\":", m->kreis);
	add_text(buf, ",\"land\":", m->land);
	add_text(buf, ",\"class\":", pp_slice_of(pp_class_name(row->class)));
	add_flag(buf, ",\"cross_border\":", row->cross_border);
	add_number(buf, ",\"distance_m\":", row->distance_m, 3);
	add_number(buf, ",\"overlap_m2\":", row->overlap_m2, 1);
	if (row->has_line)
		add_number(buf, ",\"overlap_m\":", row->overlap_m, 3);
	if (row->has_point)
		add_flag(buf, ",\"inside\":", row->inside);
	/* How deep a plan lies in its own municipality is of no concern, and not measured. */
	if (row->overlaps && row->class != PP_EIGEN)
		add_number(buf, ",\"depth_m\":", row->depth_m, 3);
	if (row->has_shared_border)
		add_number(buf, ",\"shared_border_m\":", row->shared_border_m, 3);
	else
		pp_buf_text(buf, ",\"shared_border_m\":null");
	if (row->circle_count)
		add_circles(buf, row);
	if (row->district_count)
		add_districts(buf, row);
	add_rules(buf, row->evidence, row->evidence_count, m->name, wording);
}

static void add_authority(
	struct pp_buf *buf, const struct pp_affected_authority *authority, enum wording wording)
{
	add_text(buf, "{\"body\":", authority->body);
	add_text(buf, ",\"name\":", authority->name);
	add_text(buf, ",\"land\":", authority->land);
	add_text(buf, ",\"class\":", pp_slice_of(pp_class_name(authority->class)));
	add_rules(buf, authority->evidence, authority->evidence_count, authority->name, wording);
}

/* Which districts were looked at, where there are any. */
static void add_below(struct pp_buf *buf, const struct pp_boundaries *all)
{
	const char *before = ",\"districts\":[{\"parent\":";

	for (const struct pp_below *b = all->below; b; b = b->next) {
		add_text(buf, before, all->areas[b->parent].about.ags);
		add_text(buf, ",\"name\":", b->districts->version.dataset);
		add_text(buf, ",\"date\":", b->districts->version.date);
		pp_buf_text(buf, "}");
		before = ",{\"parent\":";
	}
	if (all->below)
		pp_buf_text(buf, "]");
}

void pp_affected_write(struct pp_buf *buf, const struct pp_boundaries *all, struct pp_slice engine,
	const struct pp_affected *result, struct pp_slice language)
{
	const struct pp_boundary_version *version = pp_boundaries_version(all);
	enum wording wording = pp_slice_is(language, PP_S("de")) ? GERMAN
		: pp_slice_is(language, PP_S("both"))            ? BOTH
								 : ENGLISH;

	pp_buf_text(buf, "{\"municipalities\":[");
	for (size_t i = 0; i < result->count; i++) {
		if (i)
			pp_buf_text(buf, ",");
		add_municipality(buf, pp_boundaries_at(all, result->rows[i].municipality),
			&result->rows[i], wording);
	}
	pp_buf_text(buf, "],\"authorities\":[");
	for (size_t i = 0; i < result->authority_count; i++) {
		if (i)
			pp_buf_text(buf, ",");
		add_authority(buf, &result->authorities[i], wording);
	}
	pp_buf_text(buf, "],\"missing\":[");
	for (size_t i = 0; i < result->missing_count; i++) {
		add_text(buf, i ? ",{\"rule\":" : "{\"rule\":", result->missing[i].rule->id);
		add_text(buf, ",\"parameter\":",
			pp_slice_of(pp_param_row(result->missing[i].param)->name));
		pp_buf_text(buf, "}");
	}
	add_text(buf, "],\"dataset\":{\"name\":", version->dataset);
	add_text(buf, ",\"date\":", version->date);
	pp_buf_text(buf, "}");
	add_below(buf, all);
	add_text(buf, ",\"engine\":", engine);
	pp_buf_text(buf, "}");
}
