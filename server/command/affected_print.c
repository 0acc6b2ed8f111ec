/* SPDX-License-Identifier: EUPL-1.2 */
#include "affected_print.h"

#include <pp/fmt/geojson.h>
#include <pp/geo/crs.h>

const char *const pp_affected_formats[PP_AFFECTED_FORMATS] = { "table", "json", "geojson", "csv" };

static void add_text(struct pp_buf *out, const char *name, struct pp_slice value)
{
	pp_buf_format(out, ",\"%s\":", name);
	pp_buf_json(out, value);
}

static void add_number(struct pp_buf *out, const char *name, double value, unsigned decimals)
{
	pp_buf_format(out, ",\"%s\":", name);
	pp_buf_fixed(out, value, decimals);
}

/* R01 R05: each rule once, in the order in which they fired. */
static void write_rules(struct pp_buf *out, const struct pp_affected_row *row, const char *quote)
{
	for (size_t i = 0; i < row->evidence_count; i++) {
		bool seen = false;

		for (size_t j = 0; j < i; j++)
			seen |= pp_slice_is(row->evidence[j].rule->id, row->evidence[i].rule->id);
		if (!seen)
			pp_buf_format(out, "%s%s%.*s%s",
				i == 0           ? ""
					: *quote ? ","
						 : " ",
				quote, PP_SHOW(row->evidence[i].rule->id), quote);
	}
}

static void write_degrees(
	struct pp_buf *out, const struct pp_affected_print *print, struct pp_slice wkb)
{
	struct pp_arena arena;
	struct pp_fault fault;
	struct pp_slice degrees;

	pp_arena_begin(&arena);
	PP_MUST(pp_crs_write(
		print->geo, &arena, PP_CRS84, PP_AXES_EAST_NORTH, wkb, &degrees, &fault));
	pp_geojson_write(out, degrees, 8);
	pp_arena_end(&arena);
}

static void write_feature(struct pp_buf *out, const struct pp_affected_print *print,
	const struct pp_affected_row *row)
{
	const struct pp_municipality *m = pp_boundaries_at(print->all, row->municipality);
	struct pp_buf wkb;

	pp_buf_text(out, ",\n{\"type\":\"Feature\",\"properties\":{\"role\":\"municipality\"");
	if (print->several)
		pp_buf_format(out, ",\"plan\":%u", print->place);
	add_text(out, "ags", m->ags);
	add_text(out, "name", m->name);
	add_text(out, "kreis", m->kreis);
	add_text(out, "land", m->land);
	add_text(out, "class", pp_slice_of(pp_class_name(row->class)));
	pp_buf_format(out, ",\"cross_border\":%s", row->cross_border ? "true" : "false");
	add_number(out, "distance_m", row->distance_m, 3);
	if (row->has_area)
		add_number(out, "overlap_m2", row->overlap_m2, 1);
	if (row->has_line)
		add_number(out, "overlap_m", row->overlap_m, 3);
	if (row->has_shared_border)
		add_number(out, "shared_border_m", row->shared_border_m, 3);
	pp_buf_text(out, ",\"rules\":[");
	write_rules(out, row, "\"");
	pp_buf_text(out, "]},\"geometry\":");
	pp_buf_begin(&wkb);
	pp_boundaries_wkb(print->all, row->municipality, &wkb);
	write_degrees(out, print, pp_buf_all(&wkb));
	pp_buf_end(&wkb);
	pp_buf_text(out, "}");
}

static void print_geojson(struct pp_buf *out, const struct pp_affected_print *print, bool is_first)
{
	pp_buf_format(out, "%s{\"type\":\"Feature\",\"properties\":{\"role\":\"plan\",\"plan\":%u",
		is_first ? "" : ",\n", print->place);
	add_text(out, "name", print->name);
	add_text(out, "kind", print->kind);
	pp_buf_text(out, "},\"geometry\":");
	write_degrees(out, print, print->wkb);
	pp_buf_text(out, "}");
	for (size_t i = 0; i < print->result->count; i++)
		write_feature(out, print, &print->result->rows[i]);
}

static void print_json(struct pp_buf *out, const struct pp_affected_print *print, bool is_first)
{
	if (print->several) {
		pp_buf_format(out, "%s{\"plan\":%u", is_first ? "" : ",\n", print->place);
		add_text(out, "name", print->name);
		add_text(out, "kind", print->kind);
		pp_buf_text(out, ",\"result\":");
	}
	pp_affected_write(
		out, print->all, pp_geo_engine(print->geo), print->result, print->language);
	pp_buf_text(out, print->several ? "}" : "\n");
}

static void print_csv(struct pp_buf *out, const struct pp_affected_print *print, bool is_first)
{
	(void)is_first;
	for (size_t i = 0; i < print->result->count; i++) {
		const struct pp_affected_row *row = &print->result->rows[i];
		const struct pp_municipality *m = pp_boundaries_at(print->all, row->municipality);
		const struct pp_slice cells[] = { print->name,
			pp_slice_of(pp_class_name(row->class)), m->ags, m->name, m->kreis,
			m->land };

		for (size_t c = 0; c < PP_LENGTH(cells); c++) {
			pp_buf_csv(out, cells[c]);
			pp_buf_text(out, ",");
		}
		pp_buf_format(out, "%s,", row->cross_border ? "true" : "false");
		pp_buf_fixed(out, row->distance_m, 3);
		pp_buf_text(out, ",");
		if (row->has_area)
			pp_buf_fixed(out, row->overlap_m2, 1);
		pp_buf_text(out, ",");
		if (row->has_line)
			pp_buf_fixed(out, row->overlap_m, 3);
		pp_buf_text(out, ",");
		if (row->has_shared_border)
			pp_buf_fixed(out, row->shared_border_m, 3);
		pp_buf_text(out, ",");
		write_rules(out, row, "");
		pp_buf_text(out, "\r\n");
	}
}

static void write_padded(struct pp_buf *out, struct pp_slice text, size_t width)
{
	pp_buf_padded(out, text, width);
	pp_buf_text(out, " ");
}

static void print_row(struct pp_buf *out, const struct pp_affected_print *print,
	const struct pp_affected_row *row)
{
	const struct pp_municipality *m = pp_boundaries_at(print->all, row->municipality);

	write_padded(out, pp_slice_of(pp_class_name(row->class)), 8);
	write_padded(out, m->ags, 8);
	write_padded(out, m->name, 28);
	write_padded(out, m->kreis, 22);
	pp_buf_format(out, "%.*s%s ", PP_SHOW(m->land), row->cross_border ? " *" : "  ");
	pp_buf_format(out, "%10.1f ", row->distance_m);
	if (row->has_area)
		pp_buf_format(out, "%11.1f m²", row->overlap_m2);
	else if (row->has_line)
		pp_buf_format(out, "%11.1f m ", row->overlap_m);
	else
		pp_buf_format(out, "%14s", row->inside ? "x" : "");
	pp_buf_text(out, "  ");
	write_rules(out, row, "");
	pp_buf_text(out, "\n");
}

static void print_table(struct pp_buf *out, const struct pp_affected_print *print, bool is_first)
{
	const struct pp_boundary_version *version = pp_boundaries_version(print->all);
	bool german = pp_slice_is(print->language, PP_S("de"));

	pp_buf_format(out, "%s%.*s%s%.*s – %.*s %.*s\n", is_first ? "" : "\n", PP_SHOW(print->name),
		print->kind.len ? ", " : "", PP_SHOW(print->kind), PP_SHOW(version->dataset),
		PP_SHOW(version->date));
	pp_buf_text(out,
		german ? "Klasse   AGS      Name                         Kreis             "
			 "     Land Abstand m   Überlappung  Regeln\n"
		       : "Class    AGS      Name                         Kreis             "
			 "     Land Distance m      Overlap  Rules\n");
	for (size_t i = 0; i < print->result->count; i++)
		print_row(out, print, &print->result->rows[i]);
	for (size_t i = 0; i < print->result->authority_count; i++) {
		const struct pp_affected_authority *authority = &print->result->authorities[i];

		write_padded(out, pp_slice_of(pp_class_name(authority->class)), 8);
		pp_buf_format(
			out, "%.*s (%.*s)\n", PP_SHOW(authority->name), PP_SHOW(authority->body));
	}
	if (!print->result->count && !print->result->authority_count)
		pp_buf_text(out,
			german ? "Keine Gemeinde ist betroffen.\n"
			       : "No municipality is affected.\n");
}

static const struct format_row {
	const char *begin, *end;
	void (*plan)(struct pp_buf *out, const struct pp_affected_print *print, bool is_first);
} formats[PP_AFFECTED_FORMATS] = {
	[PP_AFFECTED_TABLE] = { "", "", print_table },
	[PP_AFFECTED_JSON] = { "{\"plans\":[\n", "\n]}\n", print_json },
	[PP_AFFECTED_GEOJSON] = { "{\"type\":\"FeatureCollection\",\"features\":[\n", "\n]}\n",
		print_geojson },
	[PP_AFFECTED_CSV] = { "plan,class,ags,name,kreis,land,cross_border,distance_m,overlap_m2,"
			      "overlap_m,shared_border_m,rules\r\n",
		"", print_csv },
};

/* One plan as JSON is the bare result, as the preview answers it. */
static bool is_bare(const struct pp_affected_print *print)
{
	return print->format == PP_AFFECTED_JSON && !print->several;
}

void pp_affected_print_begin(struct pp_buf *out, const struct pp_affected_print *print)
{
	pp_buf_text(out, is_bare(print) ? "" : formats[print->format].begin);
}

void pp_affected_print_plan(
	struct pp_buf *out, const struct pp_affected_print *print, bool is_first)
{
	formats[print->format].plan(out, print, is_first);
}

void pp_affected_print_end(struct pp_buf *out, const struct pp_affected_print *print)
{
	pp_buf_text(out, is_bare(print) ? "" : formats[print->format].end);
}
