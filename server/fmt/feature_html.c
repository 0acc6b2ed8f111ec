/* SPDX-License-Identifier: EUPL-1.2 */
/* HTML for whoever has no script (OGC 17-069r4 §8.2): all that the other formats say, as a table.
 */
#include <pp/fmt/feature.h>

#include <pp/fmt/geojson.h>

static void add_title(struct pp_buf *out, const struct pp_feature_view *view,
	const struct pp_feature_column *column)
{
	pp_buf_xml(out, pp_slice_of(view->english ? column->en : column->de));
}

static void add_value(
	struct pp_buf *out, const struct pp_feature_column *column, struct pp_slice cell)
{
	if (!cell.at)
		return;
	if (column->kind == PP_FEATURE_NUMBER)
		pp_geojson_number(out, pp_feature_number(cell), column->decimals);
	else if (column->kind == PP_FEATURE_BOOLEAN)
		pp_buf_text(out, cell.at[0] == 't' ? "true" : "false");
	else
		pp_buf_xml(out, cell);
}

static const char *word(const struct pp_feature_view *view, const char *de, const char *en)
{
	return view->english ? en : de;
}

void pp_feature_html_begin(struct pp_buf *out, const struct pp_feature_view *view)
{
	if (view->alone)
		return;
	pp_buf_format(
		out, "<table><thead><tr><th scope=\"col\">%s</th>", word(view, "Kennung", "Id"));
	for (size_t i = 0; i < view->type->column_count; i++)
		if (view->columns & 1u << i) {
			pp_buf_text(out, "<th scope=\"col\">");
			add_title(out, view, &view->type->columns[i]);
			pp_buf_text(out, "</th>");
		}
	if (view->geometry)
		pp_buf_format(
			out, "<th scope=\"col\">%s</th>", word(view, "Geometrie", "Geometry"));
	pp_buf_text(out, "</tr></thead><tbody>");
}

static void add_row(
	struct pp_buf *out, const struct pp_feature_view *view, const struct pp_feature_row *row)
{
	pp_buf_format(out, "<tr><th scope=\"row\"><a href=\"/ogc/collections/%s/items/",
		view->type->name);
	pp_buf_percent(out, row->id, "");
	pp_buf_text(out, "\">");
	pp_buf_xml(out, row->id);
	pp_buf_text(out, "</a></th>");
	for (size_t i = 0; i < view->type->column_count; i++)
		if (view->columns & 1u << i) {
			pp_buf_text(out, "<td>");
			add_value(out, &view->type->columns[i], row->cells[i]);
			pp_buf_text(out, "</td>");
		}
	if (view->geometry) {
		pp_buf_text(out, "<td>");
		if (row->wkb.at)
			pp_feature_wkt(out, row->wkb, view->decimals);
		pp_buf_text(out, "</td>");
	}
	pp_buf_text(out, "</tr>");
}

static void add_alone(
	struct pp_buf *out, const struct pp_feature_view *view, const struct pp_feature_row *row)
{
	pp_buf_format(out, "<dl><dt>%s</dt><dd>", word(view, "Kennung", "Id"));
	pp_buf_xml(out, row->id);
	for (size_t i = 0; i < view->type->column_count; i++)
		if (view->columns & 1u << i) {
			pp_buf_text(out, "</dd><dt>");
			add_title(out, view, &view->type->columns[i]);
			pp_buf_text(out, "</dt><dd>");
			add_value(out, &view->type->columns[i], row->cells[i]);
		}
	if (view->geometry && row->wkb.at) {
		pp_buf_format(out, "</dd><dt>%s</dt><dd>", word(view, "Geometrie", "Geometry"));
		pp_feature_wkt(out, row->wkb, view->decimals);
	}
	pp_buf_text(out, "</dd></dl>");
}

void pp_feature_html(
	struct pp_buf *out, const struct pp_feature_view *view, const struct pp_feature_row *row)
{
	(view->alone ? add_alone : add_row)(out, view, row);
}

void pp_feature_html_end(struct pp_buf *out, const struct pp_feature_view *view)
{
	pp_buf_text(out, view->alone ? "" : "</tbody></table>");
}
