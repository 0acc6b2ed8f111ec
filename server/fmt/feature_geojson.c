/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/fmt/feature.h>

#include <math.h>

#include <pp/fmt/geojson.h>

double pp_feature_number(struct pp_slice cell)
{
	double value;

	PP_MUST(cell.len == sizeof(value));
	memcpy(&value, cell.at, sizeof(value));
	return value;
}

static void add_key(struct pp_buf *out, const char *name, bool first)
{
	size_t len = strlen(name);
	char *begin = pp_buf_room(out, len + 4), *at = begin;

	if (!first)
		*at++ = ',';
	*at++ = '"';
	memcpy(at, name, len);
	at += len;
	*at++ = '"';
	*at++ = ':';
	out->len += (size_t)(at - begin);
}

static void add_value(
	struct pp_buf *out, const struct pp_feature_column *column, struct pp_slice cell)
{
	if (!cell.at) {
		pp_buf_add(out, "null", 4);
		return;
	}
	switch (column->kind) {
	case PP_FEATURE_INTEGER:
		pp_buf_slice(out, cell);
		return;
	case PP_FEATURE_NUMBER:
		pp_geojson_number(out, pp_feature_number(cell), column->decimals);
		return;
	case PP_FEATURE_BOOLEAN:
		pp_buf_text(out, cell.at[0] == 't' ? "true" : "false");
		return;
	case PP_FEATURE_TEXT:
		pp_buf_json(out, cell);
		return;
	default:
		/* Nothing in these needs an escape. */
		pp_buf_add(out, "\"", 1);
		pp_buf_slice(out, cell);
		pp_buf_add(out, "\"", 1);
	}
}

void pp_feature_geojson(
	struct pp_buf *out, const struct pp_feature_view *view, const struct pp_feature_row *row)
{
	bool first = true;

	pp_buf_text(out, "{\"type\":\"Feature\",\"id\":");
	pp_buf_json(out, row->id);
	if (view->geometry) {
		pp_buf_text(out, ",\"geometry\":");
		if (row->wkb.at)
			pp_geojson_write(out, row->wkb, view->decimals);
		else
			pp_buf_text(out, "null");
	} else {
		pp_buf_text(out, ",\"geometry\":null");
	}
	pp_buf_text(out, ",\"properties\":{");
	for (size_t i = 0; i < view->type->column_count; i++) {
		const struct pp_feature_column *column = &view->type->columns[i];

		if (!(view->columns & 1u << i))
			continue;
		add_key(out, column->name, first);
		add_value(out, column, row->cells[i]);
		first = false;
	}
	pp_buf_text(out, "}}");
}
