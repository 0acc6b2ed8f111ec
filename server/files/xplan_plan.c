/* SPDX-License-Identifier: EUPL-1.2 */
/* One plan of an XPlanGML file. */
#include "xplan.h"

#define NAMESPACE "http://www.xplanung.de/xplangml"

struct pp_slice pp_xplan_version(struct pp_arena *arena, struct pp_slice space)
{
	struct pp_slice version;
	char *text;

	if (!pp_slice_starts(space, PP_S(NAMESPACE)))
		return PP_S("");
	version = pp_slice(space.at + sizeof(NAMESPACE) - 1, space.len - sizeof(NAMESPACE) + 1);
	while (version.len && *version.at == '/')
		version = pp_slice(version.at + 1, version.len - 1);
	text = pp_text(arena, version);
	for (char *c = text; *c; c++)
		if (*c == '/')
			*c = '.';
	return pp_slice(text, version.len);
}

bool pp_xplan_is_plan(const struct pp_xml *xml)
{
	static const char *const classes[] = { "BP_Plan", "FP_Plan", "RP_Plan", "LP_Plan",
		"SO_Plan" };

	for (size_t i = 0; i < PP_LENGTH(classes); i++)
		if (pp_xml_is(xml, classes[i]))
			return pp_slice_starts(xml->space, PP_S(NAMESPACE));
	return false;
}

/* The text elements that are kept: the first of each counts. */
static const struct text_row {
	const char *element;
	size_t at;
} texts[] = {
	{ "name", offsetof(struct pp_xplan, plan.name) },
	{ "nummer", offsetof(struct pp_xplan, plan.number) },
	{ "planArt", offsetof(struct pp_xplan, plan.plan_art) },
	{ "verfahren", offsetof(struct pp_xplan, plan.verfahren) },
	{ "rechtsstand", offsetof(struct pp_xplan, plan.rechtsstand) },
};

/* Several XP_Gemeinde may stand in one property or in one each. */
static void read_municipality(struct pp_xml *xml, struct pp_xplan_municipalities *list)
{
	int depth = xml->depth;

	while (pp_xml_child(xml, depth)) {
		struct pp_xplan_municipality one = { 0 };
		int inner = xml->depth;

		while (pp_xml_child(xml, inner)) {
			if (pp_xml_is(xml, "ags"))
				one.ags = pp_xml_text(xml);
			else if (pp_xml_is(xml, "rs"))
				one.rs = pp_xml_text(xml);
		}
		if (list->count < PP_XPLAN_MUNICIPALITIES_MAX)
			list->at[list->count++] = one;
	}
}

static struct pp_slice read_envelope(struct pp_xml *xml)
{
	struct pp_slice srs = PP_S("");
	int depth = xml->depth;

	while (pp_xml_child(xml, depth))
		if (pp_xml_is(xml, "Envelope"))
			srs = pp_copy(xml->arena, pp_xml_attribute(xml, "srsName"));
	return srs;
}

static void read_extent(struct pp_gml *gml, struct pp_xplan *plan)
{
	if (plan->has_extent)
		return;
	plan->has_extent = true;
	plan->has_fault = !pp_gml_surface_property(gml);
	plan->is_pending = gml->is_pending;
	plan->is_composite = gml->is_composite;
	plan->dropped_z = gml->dropped_z;
	plan->plan.epsg = gml->epsg;
	if (plan->has_fault || plan->is_pending)
		return;
	if (pp_shape_is_empty(&plan->shape))
		plan->has_fault = !pp_fault(&plan->fault, PP_geometry_empty,
			"The extent of the plan (raeumlicherGeltungsbereich) in line %d is empty.",
			pp_xml_line(gml->xml));
}

static void read_member(struct pp_xml *xml, struct pp_gml *gml, struct pp_xplan *plan)
{
	for (const struct text_row *row = texts; row < texts + PP_LENGTH(texts); row++) {
		struct pp_slice *value = (struct pp_slice *)(void *)((char *)plan + row->at);

		if (!pp_xml_is(xml, row->element))
			continue;
		if (!value->len)
			*value = pp_xml_text(xml);
		return;
	}
	if (pp_xml_is(xml, "gemeinde"))
		read_municipality(xml, &plan->lying);
	else if (pp_xml_is(xml, "planaufstellendeGemeinde"))
		read_municipality(xml, &plan->planning);
	else if (pp_xml_is(xml, "aendertPlan"))
		plan->changes_another = true;
	else if (pp_xml_is(xml, "boundedBy"))
		gml->default_srs = read_envelope(xml);
	else if (pp_xml_is(xml, "raeumlicherGeltungsbereich"))
		read_extent(gml, plan);
}

void pp_xplan_read_plan(struct pp_xml *xml, struct pp_gml_refs *refs, struct pp_slice default_srs,
	struct pp_xplan *plan)
{
	struct pp_gml gml = { .xml = xml,
		.refs = refs,
		.fault = &plan->fault,
		.shape = &plan->shape,
		.default_srs = default_srs };
	int depth = xml->depth;

	pp_shape_begin(&plan->shape, xml->arena, PP_FILEJOB_VERTICES_MAX);
	plan->line = pp_xml_line(xml);
	plan->id = pp_copy(xml->arena, pp_xml_attribute(xml, "id"));
	plan->plan.object = pp_copy(xml->arena, xml->name);
	plan->plan.version = pp_xplan_version(xml->arena, xml->space);
	while (pp_xml_child(xml, depth))
		read_member(xml, &gml, plan);
	plan->is_complete = !xml->failed;
	if (!plan->has_extent)
		plan->has_fault = !pp_fault(&plan->fault, PP_geometry_empty,
			"The plan in line %d has no extent (raeumlicherGeltungsbereich).",
			plan->line);
}
