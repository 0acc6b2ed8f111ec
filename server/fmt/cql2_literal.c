/* SPDX-License-Identifier: EUPL-1.2 */
/* Instants, intervals, boxes and geometries in CQL2 text. */
#include "cql2.h"

/* The text between the parentheses of DATE and TIMESTAMP. */
static struct pp_filter *read_instant(
	struct pp_cql2_reader *r, enum pp_filter_kind kind, const char *at)
{
	struct pp_filter *instant = pp_cql2_node(r, kind, at);
	bool is_date = kind == PP_FILTER_DATE;

	if (!instant || !pp_cql2_take(r, "("))
		return NULL;
	instant->text = r->token.value;
	if (r->token.kind != PP_CQL2_STRING ||
		!(is_date ? pp_cql2_is_date(instant->text) : pp_cql2_is_timestamp(instant->text))) {
		pp_cql2_wrong(r,
			is_date ? "a day is missing here, such as '2027-01-31'"
				: "an instant in UTC is missing here, such as "
				  "'2027-01-31T10:00:00Z'");
		return NULL;
	}
	return pp_cql2_next(r) && pp_cql2_take(r, ")") ? instant : NULL;
}

static struct pp_filter *read_end(struct pp_cql2_reader *r)
{
	struct pp_filter *end;
	struct pp_slice text = r->token.value;
	const char *at = r->token.raw.at;

	if (r->token.kind != PP_CQL2_STRING) {
		end = pp_cql2_read_or(r);
		if (end && (end->kind == PP_FILTER_PROPERTY || end->kind == PP_FILTER_FUNCTION))
			return end;
		if (end)
			pp_cql2_wrong_at(r, at,
				"an interval ends with a day, an instant, '..', a property or a "
				"function");
		return NULL;
	}
	end = pp_cql2_node(r, PP_FILTER_OPEN, at);
	if (!end)
		return NULL;
	end->text = text;
	if (pp_cql2_is_date(text))
		end->kind = PP_FILTER_DATE;
	else if (pp_cql2_is_timestamp(text))
		end->kind = PP_FILTER_TIMESTAMP;
	else if (!pp_slice_is(text, PP_S(".."))) {
		pp_cql2_wrong(r,
			"an interval ends with a day, an instant, '..', a property or a function");
		return NULL;
	}
	return pp_cql2_next(r) ? end : NULL;
}

static struct pp_filter *read_interval(struct pp_cql2_reader *r, const char *at)
{
	struct pp_filter *interval = pp_cql2_node(r, PP_FILTER_INTERVAL, at);
	struct pp_cql2_list ends;

	if (!interval)
		return NULL;
	pp_cql2_list_begin(&ends, r->arena, sizeof(struct pp_filter *));
	if (!pp_cql2_take(r, "(") || !pp_cql2_add(&ends, read_end(r)) || !pp_cql2_take(r, ",") ||
		!pp_cql2_add(&ends, read_end(r)) || !pp_cql2_take(r, ")"))
		return NULL;
	return pp_cql2_finish(r, interval, &ends);
}

static struct pp_filter *read_box(struct pp_cql2_reader *r, const char *at)
{
	struct pp_filter *box = pp_cql2_node(r, PP_FILTER_BOX, at);
	struct pp_cql2_list numbers;

	if (!box || !pp_cql2_take(r, "("))
		return NULL;
	pp_cql2_list_begin(&numbers, r->arena, sizeof(struct pp_filter *));
	for (;;) {
		struct pp_filter *number = pp_cql2_node(r, PP_FILTER_NUMBER, r->token.raw.at);

		if (!pp_cql2_add(&numbers, number) || !pp_cql2_take_number(r, &number->number))
			return NULL;
		if (!pp_cql2_is_sign(r, ",") || numbers.count == 6)
			break;
		if (!pp_cql2_next(r))
			return NULL;
	}
	if (numbers.count != 4 && numbers.count != 6) {
		pp_cql2_wrong_at(r, at, "BBOX takes four numbers, or six with heights");
		return NULL;
	}
	return pp_cql2_take(r, ")") ? pp_cql2_finish(r, box, &numbers) : NULL;
}

struct pp_filter *pp_cql2_read_geometry(
	struct pp_cql2_reader *r, const struct pp_cql2_type *type, const char *at)
{
	struct pp_filter *geometry = pp_cql2_node(r, PP_FILTER_SHAPE, at);
	struct pp_filter_shape *shape = PP_NEW(r->arena, struct pp_filter_shape);
	bool has_z = pp_cql2_is_word(r, "Z");

	if (!geometry || (has_z && !pp_cql2_next(r)) || !pp_cql2_read_shape(r, type, has_z, shape))
		return NULL;
	geometry->shape = shape;
	return geometry;
}

static struct pp_filter *read_date(struct pp_cql2_reader *r, const char *at)
{
	return read_instant(r, PP_FILTER_DATE, at);
}

static struct pp_filter *read_timestamp(struct pp_cql2_reader *r, const char *at)
{
	return read_instant(r, PP_FILTER_TIMESTAMP, at);
}

static const struct {
	const char *name;
	struct pp_filter *(*read)(struct pp_cql2_reader *r, const char *at);
} literals[] = { { "DATE", read_date }, { "TIMESTAMP", read_timestamp },
	{ "INTERVAL", read_interval }, { "BBOX", read_box } };

bool pp_cql2_is_literal(struct pp_slice name)
{
	for (size_t i = 0; i < PP_LENGTH(literals); i++)
		if (pp_slice_is_nocase(name, pp_slice_of(literals[i].name)))
			return true;
	return false;
}

struct pp_filter *pp_cql2_read_literal(struct pp_cql2_reader *r, struct pp_slice name)
{
	for (size_t i = 0; i < PP_LENGTH(literals); i++)
		if (pp_slice_is_nocase(name, pp_slice_of(literals[i].name)))
			return literals[i].read(r, name.at);
	PP_NEVER("it was asked before");
	return NULL;
}
