/* SPDX-License-Identifier: EUPL-1.2 */
#include <math.h>

#include <pp/geo/validate.h>

#include "inner.h"

static uint32_t vertices(struct pp_slice wkb)
{
	struct pp_runs runs;
	uint32_t count = 0;

	pp_runs_begin(&runs, wkb);
	while (pp_runs_next(&runs))
		count += runs.count;
	return count;
}

static void add_change(struct pp_repair *out, struct pp_slice de, struct pp_slice en)
{
	out->changes_de[out->change_count] = de;
	out->changes[out->change_count++] = en;
}

static void measure(struct pp_geo *geo, const GEOSGeometry *g, double *area, double *length)
{
	*area = *length = 0;
	GEOSArea_r(geo->geos, g, area);
	GEOSLength_r(geo->geos, g, length);
	/* The length of an area is its outline, which is not what is meant. */
	if (*area > 0)
		*length = 0;
}

static void tell_losses(
	struct pp_arena *arena, struct pp_repair *out, int parts_before, int parts_after)
{
	if (parts_before != parts_after)
		add_change(out,
			pp_format(arena, "Aus %d Teilen werden %d", parts_before, parts_after),
			pp_format(arena, "%d parts become %d", parts_before, parts_after));
	if (fabs(out->area_before - out->area_after) > 0.05)
		add_change(out,
			pp_format(arena, "Die Fläche ändert sich von %.1f m² auf %.1f m²",
				out->area_before, out->area_after),
			pp_format(arena, "the area changes from %.1f m² to %.1f m²",
				out->area_before, out->area_after));
}

bool pp_repair(struct pp_geo *geo, struct pp_arena *arena, struct pp_slice wkb,
	struct pp_repair *out, struct pp_fault *fault)
{
	GEOSMakeValidParams *params;
	GEOSGeometry *before, *after;
	struct pp_buf *bytes;
	enum pp_flaw flaw;

	*out = (struct pp_repair){ .wkb = wkb,
		.changes = PP_NEW_ARRAY(arena, struct pp_slice, 4),
		.changes_de = PP_NEW_ARRAY(arena, struct pp_slice, 4) };
	if (pp_validate(geo, wkb, &flaw, fault))
		return true;
	if (vertices(wkb) > PP_REPAIR_VERTICES_MAX)
		return pp_fault(fault, PP_geometry_too_large,
			"a repair is proposed for at most %d vertices; mend it in your GIS",
			PP_REPAIR_VERTICES_MAX);
	add_change(out,
		pp_format(arena, "%s bei %.3f %.3f", pp_flaw_row(flaw)->de, fault->x, fault->y),
		pp_format(arena, "%s at %.3f %.3f", pp_flaw_row(flaw)->en, fault->x, fault->y));
	before = pp_geos_read(geo, wkb);
	params = GEOSMakeValidParams_create_r(geo->geos);
	GEOSMakeValidParams_setMethod_r(geo->geos, params, GEOS_MAKE_VALID_STRUCTURE);
	GEOSMakeValidParams_setKeepCollapsed_r(geo->geos, params, 0);
	after = GEOSMakeValidWithParams_r(geo->geos, before, params);
	GEOSMakeValidParams_destroy_r(geo->geos, params);
	measure(geo, before, &out->area_before, &out->length_before);
	if (!after || GEOSisEmpty_r(geo->geos, after)) {
		GEOSGeom_destroy_r(geo->geos, after);
		GEOSGeom_destroy_r(geo->geos, before);
		return pp_fault(fault, PP_geometry_invalid, "a repair would leave nothing of it");
	}
	measure(geo, after, &out->area_after, &out->length_after);
	tell_losses(arena, out, GEOSGetNumGeometries_r(geo->geos, before),
		GEOSGetNumGeometries_r(geo->geos, after));
	bytes = pp_buf_make(arena);
	pp_geos_write(geo, after, bytes);
	out->wkb = pp_buf_all(bytes);
	GEOSGeom_destroy_r(geo->geos, after);
	GEOSGeom_destroy_r(geo->geos, before);
	/* A spike is valid to GEOS; what is left of it would only be refused again. */
	if (!pp_validate(geo, out->wkb, &flaw, fault))
		return false;
	return true;
}
