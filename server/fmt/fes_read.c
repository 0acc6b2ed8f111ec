/* SPDX-License-Identifier: EUPL-1.2 */
/* Operators of Filter Encoding: one table of what each element is in the tree of filters. */
#include "fes.h"

struct row;
typedef struct pp_filter *reader(
	struct pp_fes_reader *r, const struct row *row, const struct pp_element *element);

static reader read_comparison, read_like, read_null, read_between, read_logical, read_spatial,
	read_box, read_distance, read_temporal, read_id;

struct row {
	const char *name;
	reader *read;
	enum pp_filter_op op;
	bool negated; /* it is what the operator is not */
};

static const struct row rows[] = {
	{ "And", read_logical, PP_FILTER_and },
	{ "Or", read_logical, PP_FILTER_or },
	{ "Not", read_logical, PP_FILTER_not },
	{ "PropertyIsEqualTo", read_comparison, PP_FILTER_equal },
	{ "PropertyIsNotEqualTo", read_comparison, PP_FILTER_not_equal },
	{ "PropertyIsLessThan", read_comparison, PP_FILTER_less },
	{ "PropertyIsGreaterThan", read_comparison, PP_FILTER_greater },
	{ "PropertyIsLessThanOrEqualTo", read_comparison, PP_FILTER_less_equal },
	{ "PropertyIsGreaterThanOrEqualTo", read_comparison, PP_FILTER_greater_equal },
	{ "PropertyIsLike", read_like, PP_FILTER_like },
	{ "PropertyIsNull", read_null, PP_FILTER_is_null },
	{ "PropertyIsNil", read_null, PP_FILTER_is_null },
	{ "PropertyIsBetween", read_between, PP_FILTER_between },
	{ "BBOX", read_box, PP_FILTER_s_intersects },
	{ "Equals", read_spatial, PP_FILTER_s_equals },
	{ "Disjoint", read_spatial, PP_FILTER_s_disjoint },
	{ "Intersects", read_spatial, PP_FILTER_s_intersects },
	{ "Touches", read_spatial, PP_FILTER_s_touches },
	{ "Crosses", read_spatial, PP_FILTER_s_crosses },
	{ "Within", read_spatial, PP_FILTER_s_within },
	{ "Contains", read_spatial, PP_FILTER_s_contains },
	{ "Overlaps", read_spatial, PP_FILTER_s_overlaps },
	{ "DWithin", read_distance, PP_FILTER_s_dwithin },
	{ "Beyond", read_distance, PP_FILTER_s_dwithin, true },
	{ "After", read_temporal, PP_FILTER_t_after },
	{ "Before", read_temporal, PP_FILTER_t_before },
	{ "Begins", read_temporal, PP_FILTER_t_starts },
	{ "BegunBy", read_temporal, PP_FILTER_t_started_by },
	{ "TContains", read_temporal, PP_FILTER_t_contains },
	{ "During", read_temporal, PP_FILTER_t_during },
	{ "EndedBy", read_temporal, PP_FILTER_t_finished_by },
	{ "Ends", read_temporal, PP_FILTER_t_finishes },
	{ "TEquals", read_temporal, PP_FILTER_t_equals },
	{ "Meets", read_temporal, PP_FILTER_t_meets },
	{ "MetBy", read_temporal, PP_FILTER_t_met_by },
	{ "TOverlaps", read_temporal, PP_FILTER_t_overlaps },
	{ "OverlappedBy", read_temporal, PP_FILTER_t_overlapped_by },
	{ "AnyInteracts", read_temporal, PP_FILTER_t_intersects },
	{ "ResourceId", read_id, PP_FILTER_in },
	{ "FeatureId", read_id, PP_FILTER_in },
	{ "GmlObjectId", read_id, PP_FILTER_in },
};

struct children {
	const struct pp_element *at[3];
	size_t count;
};

static bool take_children(struct pp_fes_reader *r, const struct pp_element *of, size_t least,
	size_t most, struct children *children)
{
	children->count = 0;
	for (const struct pp_element *child = of->first; child; child = child->next) {
		if (children->count == most) {
			pp_fes_wrong(r, child, "this operator has no further operands");
			return false;
		}
		children->at[children->count++] = child;
	}
	if (children->count < least)
		pp_fes_wrong(r, of, "an operand is missing here");
	return children->count >= least;
}

static struct pp_filter *refuse_operator(struct pp_fes_reader *r, const struct pp_element *element)
{
	pp_element_wrong(r->fault, PP_filter_invalid, r->how->document, element->at,
		"%.*s is no operator that is known here",
		(int)(element->name.len < 60 ? element->name.len : 60), element->name.at);
	return NULL;
}

static struct pp_filter *read_operator(struct pp_fes_reader *r, const struct pp_element *element)
{
	for (size_t i = 0; i < PP_LENGTH(rows); i++)
		if (pp_fes_is(element, rows[i].name))
			return rows[i].read(r, &rows[i], element);
	return refuse_operator(r, element);
}

/* 09-026r2 §7.10 has two conditions at least; one alone is what it says. */
static struct pp_filter *read_logical(
	struct pp_fes_reader *r, const struct row *row, const struct pp_element *element)
{
	struct pp_cql2_list operands;

	pp_cql2_list_begin(&operands, r->arena, sizeof(struct pp_filter *));
	for (const struct pp_element *child = element->first; child; child = child->next)
		if (!pp_cql2_add(&operands, read_operator(r, child)))
			return NULL;
	if (operands.count == 0)
		return pp_fes_wrong(r, element, "an operand is missing here");
	if (operands.count == 1 && row->op != PP_FILTER_not)
		return *(struct pp_filter **)operands.at;
	return pp_fes_operation(r, row->op, element, operands.at, operands.count);
}

static struct pp_filter *without_case(struct pp_fes_reader *r, const struct pp_element *element,
	struct pp_filter *operand, bool matters)
{
	return matters || !operand ? operand
				   : pp_fes_operation(r, PP_FILTER_casei, element, &operand, 1);
}

/* matchCase is true where it is not said; 1 and 0 are xs:boolean too. */
static bool read_match_case(
	struct pp_fes_reader *r, const struct pp_element *element, bool *matters)
{
	struct pp_slice said = pp_element_attribute(element, "matchCase");

	*matters = true;
	if (!said.at || pp_xs_boolean(pp_xs_trim(said), matters))
		return true;
	pp_fes_wrong(r, element, "matchCase is true or false");
	return false;
}

/* 09-026r2 §7.7.3.4: of a property that has one value, any, all and one of them are the same. */
static bool read_match_action(struct pp_fes_reader *r, const struct pp_element *element)
{
	struct pp_slice said = pp_xs_trim(pp_element_attribute(element, "matchAction"));

	if (!said.len || pp_slice_is_nocase(said, PP_S("any")) ||
		pp_slice_is_nocase(said, PP_S("all")) || pp_slice_is_nocase(said, PP_S("one")))
		return true;
	pp_fes_wrong(r, element, "matchAction is Any, All or One");
	return false;
}

static struct pp_filter *read_comparison(
	struct pp_fes_reader *r, const struct row *row, const struct pp_element *element)
{
	struct pp_filter *operands[2];
	struct children children;
	bool case_matters;

	if (!take_children(r, element, 2, 2, &children) || !read_match_action(r, element) ||
		!read_match_case(r, element, &case_matters))
		return NULL;
	for (size_t i = 0; i < 2; i++) {
		operands[i] = pp_fes_expression(r, children.at[i]);
		operands[i] = without_case(r, children.at[i], operands[i], case_matters);
		if (!operands[i])
			return NULL;
	}
	return pp_fes_operation(r, row->op, element, operands, 2);
}

/* A sign of a pattern as the client chose it: one character, of UTF-8. */
static bool read_sign(struct pp_fes_reader *r, const struct pp_element *element, const char *name,
	const char *old_name, const char *otherwise, struct pp_slice *sign)
{
	*sign = pp_element_attribute(element, name);
	if (!sign->at && old_name)
		*sign = pp_element_attribute(element, old_name);
	if (!sign->at)
		*sign = pp_slice_of(otherwise);
	if (pp_slice_characters(*sign) == 1)
		return true;
	pp_element_wrong(r->fault, PP_filter_invalid, r->how->document, element->at,
		"%s is one character", name);
	return false;
}

/* 09-026r2 §7.7.3.5: the client's signs become %, _ and \ of LIKE. */
static struct pp_slice pattern_of(struct pp_arena *arena, struct pp_slice text,
	struct pp_slice wild, struct pp_slice single, struct pp_slice escape)
{
	struct pp_buf *out = pp_buf_make(arena);

	while (text.len) {
		struct pp_slice each = pp_slice(text.at, 1);
		bool is_sign = true;

		if (pp_slice_starts(text, escape) && text.len > escape.len) {
			text = pp_slice(text.at + escape.len, text.len - escape.len);
			each.at = text.at;
			is_sign = false;
		}
		if (is_sign && pp_slice_starts(text, wild)) {
			pp_buf_text(out, "%");
			each = wild;
		} else if (is_sign && pp_slice_starts(text, single)) {
			pp_buf_text(out, "_");
			each = single;
		} else {
			if (strchr("%_\\", *each.at))
				pp_buf_text(out, "\\");
			pp_buf_slice(out, each);
		}
		text = pp_slice(text.at + each.len, text.len - each.len);
	}
	return pp_buf_all(out);
}

static struct pp_filter *read_like(
	struct pp_fes_reader *r, const struct row *row, const struct pp_element *element)
{
	struct pp_slice wild, single, escape;
	struct pp_filter *operands[2];
	struct children children;
	bool case_matters;

	if (!take_children(r, element, 2, 2, &children) ||
		!read_match_case(r, element, &case_matters) ||
		!read_sign(r, element, "wildCard", NULL, "*", &wild) ||
		!read_sign(r, element, "singleChar", NULL, "?", &single) ||
		!read_sign(r, element, "escapeChar", "escape", "\\", &escape))
		return NULL;
	operands[0] = pp_fes_expression(r, children.at[0]);
	operands[1] = operands[0] ? pp_fes_expression(r, children.at[1]) : NULL;
	if (!operands[1])
		return NULL;
	if (operands[1]->kind != PP_FILTER_UNTYPED)
		return pp_fes_wrong(r, children.at[1], "the pattern is a literal");
	operands[1]->kind = PP_FILTER_TEXT;
	operands[1]->text = pattern_of(r->arena, operands[1]->text, wild, single, escape);
	for (size_t i = 0; i < 2; i++)
		operands[i] = without_case(r, children.at[i], operands[i], case_matters);
	return operands[0] && operands[1] ? pp_fes_operation(r, row->op, element, operands, 2)
					  : NULL;
}

/* What has no value is left out of a feature, so there is no nil with a reason. */
static struct pp_filter *read_null(
	struct pp_fes_reader *r, const struct row *row, const struct pp_element *element)
{
	struct pp_filter *operand;
	struct children children;

	if (pp_element_attribute(element, "nilReason").len)
		return pp_fes_wrong(r, element, "no property here has a reason for being nil");
	if (!take_children(r, element, 1, 1, &children))
		return NULL;
	operand = pp_fes_expression(r, children.at[0]);
	return operand ? pp_fes_operation(r, row->op, element, &operand, 1) : NULL;
}

static struct pp_filter *read_between(
	struct pp_fes_reader *r, const struct row *row, const struct pp_element *element)
{
	static const char *const names[3] = { NULL, "LowerBoundary", "UpperBoundary" };
	struct pp_filter *operands[3];
	struct children children;

	if (!take_children(r, element, 3, 3, &children))
		return NULL;
	for (size_t i = 0; i < 3; i++) {
		const struct pp_element *at = children.at[i];

		if (names[i] && (!pp_fes_is(at, names[i]) || !at->first))
			return pp_fes_wrong(r, at,
				"PropertyIsBetween has a value, a LowerBoundary and an "
				"UpperBoundary");
		operands[i] = pp_fes_expression(r, names[i] ? at->first : at);
		if (!operands[i])
			return NULL;
	}
	return pp_fes_operation(r, row->op, element, operands, 3);
}

static struct pp_filter *own_geometry(struct pp_fes_reader *r, const struct pp_element *at)
{
	struct pp_filter *property = pp_fes_node(r, PP_FILTER_PROPERTY, at);

	if (property)
		property->text = PP_S("geometry");
	return property;
}

/* The box around a feature, which OWSLib and others name: its geometry says it better. */
static bool is_bounds(const struct pp_element *element)
{
	struct pp_slice name = pp_fes_property(element->text);

	return !element->first &&
		(pp_slice_is(name, PP_S("boundedBy")) || pp_slice_is(name, PP_S("BoundingBox")));
}

/* 09-026r2 §7.8.3.2: without a property it is about all geometries, of which there is one. */
static struct pp_filter *read_box(
	struct pp_fes_reader *r, const struct row *row, const struct pp_element *element)
{
	struct pp_filter *operands[2];
	struct children children;

	if (!take_children(r, element, 1, 2, &children))
		return NULL;
	operands[0] = children.count == 1 || is_bounds(children.at[0])
		? own_geometry(r, element)
		: pp_fes_geometry(r, children.at[0]);
	operands[1] = operands[0] ? pp_fes_geometry(r, children.at[children.count - 1]) : NULL;
	return operands[1] ? pp_fes_operation(r, row->op, element, operands, 2) : NULL;
}

/* What takes two operands of one kind. */
static struct pp_filter *read_two(struct pp_fes_reader *r, const struct row *row,
	const struct pp_element *element,
	struct pp_filter *(*read)(struct pp_fes_reader *, const struct pp_element *))
{
	struct pp_filter *operands[2];
	struct children children;

	if (!take_children(r, element, 2, 2, &children))
		return NULL;
	for (size_t i = 0; i < 2; i++) {
		operands[i] = read(r, children.at[i]);
		if (!operands[i])
			return NULL;
	}
	return pp_fes_operation(r, row->op, element, operands, 2);
}

static struct pp_filter *read_spatial(
	struct pp_fes_reader *r, const struct row *row, const struct pp_element *element)
{
	return read_two(r, row, element, pp_fes_geometry);
}

/* Lengths as clients name them, in metres. */
static const struct {
	const char *name;
	double metres;
} units[] = {
	{ "m", 1 },
	{ "metre", 1 },
	{ "metres", 1 },
	{ "meter", 1 },
	{ "meters", 1 },
	{ "urn:ogc:def:uom:EPSG::9001", 1 },
	{ "urn:ogc:def:uom:UCUM::m", 1 },
	{ "http://www.opengis.net/def/uom/EPSG/0/9001", 1 },
	{ "http://www.opengis.net/def/uom/UCUM/0/m", 1 },
	{ "http://www.uomdict.com/uom.html#meters", 1 },
	{ "#m", 1 },
	{ "km", 1000 },
	{ "kilometre", 1000 },
	{ "kilometer", 1000 },
	{ "kilometers", 1000 },
};

static struct pp_filter *read_metres(struct pp_fes_reader *r, const struct pp_element *element)
{
	struct pp_filter *number = pp_fes_node(r, PP_FILTER_NUMBER, element);
	struct pp_slice unit = pp_element_attribute(element, "uom");

	if (!number)
		return NULL;
	if (!unit.at)
		unit = pp_element_attribute(element, "units");
	unit = pp_xs_trim(unit.at ? unit : PP_S("m"));
	if (!pp_fes_is(element, "Distance") ||
		!pp_xs_double(pp_element_text(element), &number->number) || number->number < 0)
		return pp_fes_wrong(r, element, "a Distance is missing here, of 0 or more");
	for (size_t i = 0; i < PP_LENGTH(units); i++)
		if (pp_slice_is_nocase(unit, pp_slice_of(units[i].name))) {
			number->number *= units[i].metres;
			return number;
		}
	return pp_fes_wrong(r, element, "a Distance is in metres or kilometres: uom=\"m\"");
}

static struct pp_filter *read_distance(
	struct pp_fes_reader *r, const struct row *row, const struct pp_element *element)
{
	struct pp_filter *operands[3], *within;
	struct children children;

	if (!take_children(r, element, 3, 3, &children))
		return NULL;
	for (size_t i = 0; i < 3; i++) {
		operands[i] = i == 2 ? read_metres(r, children.at[i])
				     : pp_fes_geometry(r, children.at[i]);
		if (!operands[i])
			return NULL;
	}
	within = pp_fes_operation(r, row->op, element, operands, 3);
	return row->negated && within ? pp_fes_operation(r, PP_FILTER_not, element, &within, 1)
				      : within;
}

static struct pp_filter *read_temporal(
	struct pp_fes_reader *r, const struct row *row, const struct pp_element *element)
{
	return read_two(r, row, element, pp_fes_time);
}

static bool is_id(const struct pp_element *element)
{
	return pp_fes_is(element, "ResourceId") || pp_fes_is(element, "FeatureId") ||
		pp_fes_is(element, "GmlObjectId");
}

/* 09-026r2 §7.11.2: versions of a feature are not asked for like this. */
static struct pp_filter *read_resource(struct pp_fes_reader *r, const struct pp_element *element)
{
	static const char *const unread[] = { "previousRid", "version", "startDate", "endDate" };
	struct pp_filter *resource = pp_fes_node(r, PP_FILTER_RESOURCE, element);

	if (!resource)
		return NULL;
	for (size_t i = 0; i < PP_LENGTH(unread); i++)
		if (pp_element_attribute(element, unread[i]).at) {
			pp_element_wrong(r->fault, PP_not_implemented, r->how->document,
				element->at, "versions of features are not asked for with %s",
				unread[i]);
			return NULL;
		}
	resource->text = pp_xs_trim(pp_element_attribute(element,
		pp_fes_is(element, "ResourceId")          ? "rid"
			: pp_fes_is(element, "FeatureId") ? "fid"
							  : "id"));
	return resource->text.len ? resource
				  : pp_fes_wrong(r, element, "the id of a feature is missing here");
}

/* As many of them as stand beside each other, which is any of them (09-026r2 §7.11). */
static struct pp_filter *read_ids(
	struct pp_fes_reader *r, const struct pp_element *first, const struct pp_element *end)
{
	struct pp_filter *operands[2] = { pp_fes_node(r, PP_FILTER_PROPERTY, first),
		pp_fes_node(r, PP_FILTER_LIST_OF, first) };
	struct pp_cql2_list ids;

	if (!operands[0] || !operands[1])
		return NULL;
	operands[0]->text = PP_S("id");
	pp_cql2_list_begin(&ids, r->arena, sizeof(struct pp_filter *));
	for (const struct pp_element *at = first; at != end; at = at->next) {
		if (!is_id(at))
			return pp_fes_wrong(
				r, at, "a Filter has ids alone, or one condition; And joins them");
		if (!pp_cql2_add(&ids, read_resource(r, at)))
			return NULL;
	}
	operands[1]->operands = ids.at;
	operands[1]->count = ids.count;
	return pp_fes_operation(r, PP_FILTER_in, first, operands, 2);
}

static struct pp_filter *read_id(
	struct pp_fes_reader *r, const struct row *row, const struct pp_element *element)
{
	(void)row;
	return read_ids(r, element, element->next);
}

struct pp_filter *pp_fes_read(struct pp_arena *arena, const struct pp_element *filter,
	const struct pp_fes_how *how, struct pp_fault *fault)
{
	struct pp_fes_reader r = { .arena = arena, .how = how, .fault = fault };

	if (!pp_fes_is(filter, "Filter"))
		return pp_fes_wrong(&r, filter, "a Filter is missing here");
	if (!filter->first)
		return pp_fes_wrong(&r, filter, "the Filter has no condition");
	if (is_id(filter->first))
		return read_ids(&r, filter->first, NULL);
	if (filter->first->next)
		return pp_fes_wrong(
			&r, filter->first->next, "a Filter has one condition; And joins several");
	return read_operator(&r, filter->first);
}
