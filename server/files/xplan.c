/* SPDX-License-Identifier: EUPL-1.2 */
#include "xplan.h"

#include "ogr.h"
#include "select.h"

/* A chain of references (a surface of curves of curves) is followed so far. */
enum { ROUNDS_MAX = 4 };

struct bereich {
	struct pp_slice plan, verfahren;
};

struct reading {
	const struct pp_files_job *job;
	struct pp_slice document;
	struct pp_gml_refs refs;
	struct pp_xplan **plans;
	uint32_t count;
	struct bereich *areas;
	uint32_t area_count;
	struct pp_slice default_srs;
	bool is_xplan;
};

/*
 * XPlanGML 6.0 has the verfahren on BP_Bereich, with an xlink to the plan; what else a Bereich
 * holds is passed over.
 */
static void read_bereich(struct reading *reading, struct pp_xml *xml)
{
	struct bereich *area = &reading->areas[reading->area_count];
	int depth = xml->depth;

	if (reading->area_count == PP_FILEJOB_PLANS_MAX)
		return;
	*area = (struct bereich){ 0 };
	while (pp_xml_child(xml, depth)) {
		if (pp_xml_is(xml, "verfahren"))
			area->verfahren = pp_xml_text(xml);
		else if (pp_xml_is(xml, "gehoertZuPlan"))
			area->plan = pp_copy(
				xml->arena, pp_xml_attribute_in(xml, PP_GML_XLINK, "href"));
	}
	if (area->verfahren.len && area->plan.len > 1)
		reading->area_count++;
}

static bool too_many_plans(struct pp_fault *fault)
{
	return pp_fault(fault, PP_file_unreadable, "The file holds more than %u plans.",
		PP_FILEJOB_PLANS_MAX);
}

/* One walk over the document; false only for what no plan can outweigh. */
static bool read_document(struct reading *reading, struct pp_fault *fault)
{
	struct pp_xml xml;
	bool more;

	reading->count = reading->area_count = 0;
	reading->default_srs = PP_S("");
	if (!pp_xml_open(&xml, reading->job->arena, reading->document, fault))
		return false;
	reading->is_xplan = pp_xml_is(&xml, "XPlanAuszug") ||
		pp_xplan_version(xml.arena, xml.space).len > 0;
	for (more = true; more; more = pp_xml_next(&xml)) {
		if (pp_xplan_is_plan(&xml)) {
			struct pp_xplan *plan = PP_NEW(xml.arena, struct pp_xplan);

			if (reading->count == PP_FILEJOB_PLANS_MAX)
				return too_many_plans(fault);
			pp_xplan_read_plan(&xml, &reading->refs, reading->default_srs, plan);
			if (plan->is_complete)
				reading->plans[reading->count++] = plan;
		} else if (pp_xml_is(&xml, "BP_Bereich")) {
			read_bereich(reading, &xml);
		} else if (pp_xml_is(&xml, "Envelope") && !reading->default_srs.len) {
			reading->default_srs = pp_copy(
				xml.arena, pp_xml_attribute(&xml, "srsName"));
		}
	}
	if (xml.failed && !(xml.is_broken && reading->count > 0))
		return false;
	if (xml.failed)
		pp_files_warn(reading->job, 0, "%s What follows was not read.", fault->detail);
	reading->is_xplan |= reading->count > 0;
	return true;
}

/* Keeps the object on which the reader stands; unfinished where it refers to others in turn. */
static void keep_object(struct reading *reading, struct pp_xml *xml, struct pp_gml_kept *kept)
{
	struct pp_fault fault;
	struct pp_gml gml = { .xml = xml,
		.refs = &reading->refs,
		.fault = &fault,
		.shape = &kept->surface,
		.default_srs = reading->default_srs };
	bool done;

	kept->is_surface = pp_gml_is_surface(xml);
	kept->curve = pp_path_make(reading->job->arena);
	pp_shape_begin(&kept->surface, reading->job->arena, PP_FILEJOB_VERTICES_MAX);
	done = kept->is_surface ? pp_gml_surface(&gml) : pp_gml_curve(&gml, &kept->curve);
	if (!done || gml.is_pending)
		return;
	kept->epsg = gml.epsg;
	kept->is_composite = gml.is_composite;
	kept->is_found = true;
	reading->refs.found++;
}

/* One walk that looks for the objects referred to. */
static bool keep_objects(struct reading *reading, struct pp_fault *fault)
{
	struct pp_xml xml;
	bool more;

	if (!pp_xml_open(&xml, reading->job->arena, reading->document, fault))
		return false;
	for (more = true; more; more = pp_xml_next(&xml)) {
		struct pp_slice id = pp_xml_attribute(&xml, "id");
		struct pp_gml_kept *kept = id.len ? pp_gml_refs_find(&reading->refs, id) : NULL;

		if (kept && !kept->is_found && (pp_gml_is_surface(&xml) || pp_gml_is_curve(&xml)))
			keep_object(reading, &xml, kept);
	}
	return true;
}

static bool has_pending(const struct reading *reading)
{
	for (uint32_t i = 0; i < reading->count; i++)
		if (reading->plans[i]->is_pending)
			return true;
	return false;
}

/* The whole file, again as often as references ask for it and something new is found. */
static bool read_plans(struct reading *reading, struct pp_fault *fault)
{
	if (!read_document(reading, fault))
		return false;
	for (int round = 0; round < ROUNDS_MAX && has_pending(reading); round++) {
		size_t found = reading->refs.found, count = reading->refs.count;

		if (!keep_objects(reading, fault))
			return false;
		if (reading->refs.found == found && reading->refs.count == count)
			break;
		if (reading->refs.found == reading->refs.count || round + 1 == ROUNDS_MAX) {
			if (!read_document(reading, fault))
				return false;
		}
	}
	return true;
}

static void find_procedure(const struct reading *reading, struct pp_xplan *plan)
{
	for (uint32_t i = 0; i < reading->area_count && !plan->plan.verfahren.len; i++) {
		struct pp_slice href = reading->areas[i].plan;

		if (pp_slice_is(pp_slice(href.at + 1, href.len - 1), plan->id))
			plan->plan.verfahren = reading->areas[i].verfahren;
	}
}

static void warn_of_plan(
	const struct pp_files_job *job, const struct pp_xplan *plan, const char *assumed)
{
	uint32_t place = plan->plan.place;

	if (assumed)
		pp_files_warn(job, place, "The kind of procedure: %s.", assumed);
	if (plan->dropped_z)
		pp_files_warn(job, place, "Heights were left out.");
	if (plan->shape.joints)
		pp_files_warn(job, place,
			"%u ends of curves meet only within %.6f units of the CRS; they were "
			"joined.",
			plan->shape.joints, plan->shape.widest);
}

/* A chosen plan to the sink. */
static bool tell_plan(const struct reading *reading, struct pp_xplan *plan, struct pp_fault *fault)
{
	const struct pp_files_job *job = reading->job;
	struct pp_filejob_plan *told = &plan->plan;
	struct pp_buf *wkb = pp_buf_make(job->arena);
	const char *assumed;

	if (plan->has_fault || plan->is_pending) {
		*fault = plan->fault;
		if (plan->shape.has_place)
			pp_files_place(job, fault, told->epsg, plan->shape.x, plan->shape.y);
		return false;
	}
	find_procedure(reading, plan);
	pp_xplan_keys(job, plan);
	told->kind = pp_slice_of(pp_xplan_kind(plan, &assumed));
	told->vorhabenbezogen = pp_xplan_is_vorhabenbezogen(plan);
	if (plan->is_composite && plan->shape.polygons > 1)
		pp_ogr_unite(job, told->place, &plan->shape);
	told->vertices = plan->shape.vertices;
	pp_shape_write(&plan->shape, wkb);
	told->wkb = pp_buf_all(wkb);
	warn_of_plan(job, plan, assumed);
	job->sink->plan(job->sink->ctx, told);
	return true;
}

bool pp_xplan_read(const struct pp_files_job *job, struct pp_slice document,
	const struct pp_filejob_plans *ask, bool *is_xplan, struct pp_fault *fault)
{
	struct reading reading = { .job = job, .document = document };
	struct pp_files_candidate *all;

	reading.plans = PP_NEW_ARRAY(job->arena, struct pp_xplan *, PP_FILEJOB_PLANS_MAX);
	reading.areas = PP_NEW_ARRAY(job->arena, struct bereich, PP_FILEJOB_PLANS_MAX + 1);
	pp_gml_refs_begin(&reading.refs, job->arena);
	if (!read_plans(&reading, fault))
		return false;
	*is_xplan = reading.is_xplan;
	if (!reading.is_xplan)
		return true;
	if (reading.count == 0)
		return pp_fault(fault, PP_file_without_plan,
			"The XPlanGML file holds no BP_Plan, FP_Plan, RP_Plan, LP_Plan or "
			"SO_Plan.");
	all = PP_NEW_ARRAY(job->arena, struct pp_files_candidate, reading.count);
	for (uint32_t i = 0; i < reading.count; i++) {
		struct pp_filejob_plan *plan = &reading.plans[i]->plan;

		plan->place = i + 1;
		all[i].choice = (struct pp_filejob_choice){ i + 1, plan->name, plan->number,
			plan->object };
	}
	if (!pp_files_select(job, ask->plan, all, reading.count, fault))
		return false;
	for (uint32_t i = 0; i < reading.count; i++)
		if (all[i].is_chosen && !tell_plan(&reading, reading.plans[i], fault))
			return false;
	return true;
}
