/* SPDX-License-Identifier: EUPL-1.2 */
/* CQL2 JSON (OGC 21-065r2, annex C), compact. */
#include "cql2.h"

static void write_list(struct pp_buf *out, const struct pp_filter *filter)
{
	pp_buf_text(out, "[");
	for (size_t i = 0; i < filter->count; i++) {
		pp_buf_text(out, i ? "," : "");
		pp_cql2_write_json(out, filter->operands[i]);
	}
	pp_buf_text(out, "]");
}

static void write_coordinates(struct pp_buf *out, const struct pp_filter_shape *shape)
{
	bool is_point = shape->type == PP_CQL2_POINT;

	pp_buf_text(out, is_point ? "" : "[");
	for (size_t i = 0; i < shape->count; i++) {
		pp_buf_text(out, i ? "," : "");
		if (!shape->numbers) {
			write_coordinates(out, &shape->parts[i]);
			continue;
		}
		for (unsigned d = 0; d < shape->dims; d++) {
			pp_buf_text(out, d ? "," : "[");
			pp_cql2_write_number(out, shape->numbers[i * shape->dims + d]);
		}
		pp_buf_text(out, "]");
	}
	pp_buf_text(out, is_point ? "" : "]");
}

static void write_shape(struct pp_buf *out, const struct pp_filter_shape *shape)
{
	pp_buf_format(out, "{\"type\":\"%s\",", pp_cql2_type_of(shape->type)->geojson);
	if (shape->type == PP_CQL2_COLLECTION) {
		pp_buf_text(out, "\"geometries\":[");
		for (size_t i = 0; i < shape->count; i++) {
			pp_buf_text(out, i ? "," : "");
			write_shape(out, &shape->parts[i]);
		}
		pp_buf_text(out, "]}");
		return;
	}
	pp_buf_text(out, "\"coordinates\":");
	write_coordinates(out, shape);
	pp_buf_text(out, "}");
}

static void write_named(struct pp_buf *out, const char *name, struct pp_slice text)
{
	pp_buf_format(out, "{\"%s\":", name);
	pp_buf_json(out, text);
	pp_buf_text(out, "}");
}

static void write_interval(struct pp_buf *out, const struct pp_filter *interval)
{
	pp_buf_text(out, "{\"interval\":[");
	for (size_t i = 0; i < interval->count; i++) {
		const struct pp_filter *end = interval->operands[i];

		pp_buf_text(out, i ? "," : "");
		if (end->kind == PP_FILTER_PROPERTY || end->kind == PP_FILTER_FUNCTION)
			pp_cql2_write_json(out, end);
		else
			pp_buf_json(out, end->text);
	}
	pp_buf_text(out, "]}");
}

static void write_operation(
	struct pp_buf *out, struct pp_slice name, const struct pp_filter *filter)
{
	pp_buf_text(out, "{\"op\":");
	pp_buf_json(out, name);
	pp_buf_text(out, ",\"args\":");
	write_list(out, filter);
	pp_buf_text(out, "}");
}

void pp_cql2_write_json(struct pp_buf *out, const struct pp_filter *filter)
{
	switch (filter->kind) {
	case PP_FILTER_OPERATION:
		write_operation(out, pp_slice_of(pp_filter_op_row(filter->op)->json), filter);
		break;
	case PP_FILTER_FUNCTION:
		write_operation(out, filter->text, filter);
		break;
	case PP_FILTER_PROPERTY:
		write_named(out, "property", filter->text);
		break;
	case PP_FILTER_TEXT:
	case PP_FILTER_UNTYPED:
	case PP_FILTER_RESOURCE:
	case PP_FILTER_OPEN:
		pp_buf_json(out, filter->text);
		break;
	case PP_FILTER_NUMBER:
		pp_cql2_write_number(out, filter->number);
		break;
	case PP_FILTER_BOOLEAN:
		pp_buf_text(out, filter->truth ? "true" : "false");
		break;
	case PP_FILTER_DATE:
		write_named(out, "date", filter->text);
		break;
	case PP_FILTER_TIMESTAMP:
		write_named(out, "timestamp", filter->text);
		break;
	case PP_FILTER_INTERVAL:
		write_interval(out, filter);
		break;
	case PP_FILTER_SHAPE:
		write_shape(out, filter->shape);
		break;
	case PP_FILTER_BOX:
		pp_buf_text(out, "{\"bbox\":");
		write_list(out, filter);
		pp_buf_text(out, "}");
		break;
	case PP_FILTER_LIST_OF:
		write_list(out, filter);
		break;
	}
}
