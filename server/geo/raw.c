/* SPDX-License-Identifier: EUPL-1.2 */
/* Boundaries as files bring them: mended where needed, united by AGS, and looked through for
 * overlaps. */
#include <math.h>
#include <stdlib.h>

#include "areas.h"

#define NOTE_OVERLAP 1.0  /* m² */
#define DEEP         0.01 /* m: an overlap narrower than that is none */

void pp_raw_end(struct pp_boundaries *all)
{
	for (uint32_t i = 0; i < all->raw_count; i++)
		pp_buf_end(&all->raw[i].wkb);
	free(all->raw);
	all->raw = NULL;
	all->raw_count = all->raw_room = 0;
}

static void add_note(struct pp_boundaries *all, const struct pp_boundary_note *note)
{
	if (all->note_count == all->note_room) {
		all->note_room = all->note_room ? 2 * all->note_room : 64;
		all->notes = realloc(all->notes, all->note_room * sizeof(*all->notes));
		PP_MUST(all->notes);
	}
	all->notes[all->note_count++] = *note;
}

static double area_of(struct pp_geo *geo, const GEOSGeometry *g)
{
	double area = 0;

	GEOSArea_r(geo->geos, g, &area);
	return area;
}

static GEOSGeometry *make_valid(struct pp_geo *geo, const GEOSGeometry *g)
{
	GEOSMakeValidParams *params = GEOSMakeValidParams_create_r(geo->geos);
	GEOSGeometry *mended;

	GEOSMakeValidParams_setMethod_r(geo->geos, params, GEOS_MAKE_VALID_STRUCTURE);
	mended = GEOSMakeValidWithParams_r(geo->geos, g, params);
	GEOSMakeValidParams_destroy_r(geo->geos, params);
	return mended;
}

static bool mend(struct pp_boundaries *all, struct pp_raw *raw, const GEOSGeometry *g,
	struct pp_boundary_note *note, struct pp_fault *fault)
{
	struct pp_geo *geo = all->geo;
	GEOSGeometry *mended = make_valid(geo, g);
	bool done = mended && area_of(geo, mended) > 0;

	note->area_before_m2 = area_of(geo, g);
	if (done) {
		note->area_after_m2 = area_of(geo, mended);
		pp_buf_clear(&raw->wkb);
		pp_geos_write(geo, mended, &raw->wkb);
		add_note(all, note);
	} else {
		pp_fault(fault, PP_geometry_invalid, "%.*s cannot be repaired: %.*s",
			PP_SHOW(raw->row.ags), PP_SHOW(note->text));
		pp_crs_place(fault, PP_UTM32, PP_AXES_EAST_NORTH, note->x, note->y);
	}
	GEOSGeom_destroy_r(geo->geos, mended);
	return done;
}

/* Valid as it stands, or made so with a note; false when nothing would be left. */
static bool judge(struct pp_boundaries *all, struct pp_raw *raw, struct pp_fault *fault)
{
	struct pp_boundary_note note = { .kind = PP_NOTE_REPAIRED, .ags = raw->row.ags };
	GEOSContextHandle_t geos = all->geo->geos;
	GEOSGeometry *place = NULL, *g = pp_geos_read(all->geo, pp_buf_all(&raw->wkb));
	const struct pp_flaw_row *flaw;
	char *reason = NULL;
	bool valid = GEOSisValidDetail_r(geos, g, 0, &reason, &place) == 1;

	if (!valid) {
		if (place) {
			GEOSGeomGetX_r(geos, place, &note.x);
			GEOSGeomGetY_r(geos, place, &note.y);
		}
		flaw = pp_flaw_row(pp_flaw_of(reason));
		note.text = pp_slice_of(flaw->en);
		note.text_de = pp_slice_of(flaw->de);
		valid = mend(all, raw, g, &note, fault);
	}
	GEOSFree_r(geos, reason);
	GEOSGeom_destroy_r(geos, place);
	GEOSGeom_destroy_r(geos, g);
	return valid;
}

bool pp_raw_add(
	struct pp_boundaries *all, const struct pp_boundary_row *row, struct pp_fault *fault)
{
	struct pp_raw *raw;

	if (all->raw_count == all->raw_room) {
		all->raw_room = all->raw_room ? 2 * all->raw_room : 1024;
		all->raw = realloc(all->raw, all->raw_room * sizeof(*all->raw));
		PP_MUST(all->raw);
	}
	raw = &all->raw[all->raw_count];
	*raw = (struct pp_raw){ .row = *row, .order = all->raw_count };
	all->raw_count++;
	pp_buf_slice(&raw->wkb, row->wkb);
	return judge(all, raw, fault);
}

/* By AGS, and as they came within one: the first row of an AGS gives the names. */
static int by_ags(const void *a, const void *b)
{
	const struct pp_raw *x = a, *y = b;
	int order = pp_slice_order(x->row.ags, y->row.ags);

	return order ? order : (x->order > y->order) - (x->order < y->order);
}

static bool unite(
	struct pp_boundaries *all, const struct pp_raw *raw, uint32_t count, struct pp_fault *fault)
{
	GEOSContextHandle_t geos = all->geo->geos;
	GEOSGeometry **parts = malloc(count * sizeof(GEOSGeometry *)), *together, *united;
	struct pp_buf wkb;

	PP_MUST(parts);
	for (uint32_t i = 0; i < count; i++)
		parts[i] = pp_geos_read(all->geo, pp_buf_all(&raw[i].wkb));
	together = GEOSGeom_createCollection_r(geos, GEOS_GEOMETRYCOLLECTION, parts, count);
	free(parts);
	united = GEOSUnaryUnion_r(geos, together);
	GEOSGeom_destroy_r(geos, together);
	if (!united)
		return pp_fault(fault, PP_geometry_invalid, "the rows of %.*s cannot be united: %s",
			PP_SHOW(raw->row.ags), all->geo->message);
	pp_buf_begin(&wkb);
	pp_geos_write(all->geo, united, &wkb);
	GEOSGeom_destroy_r(geos, united);
	pp_boundaries_keep(all, &raw->row, pp_buf_all(&wkb));
	pp_buf_end(&wkb);
	return true;
}

bool pp_raw_unite(struct pp_boundaries *all, struct pp_fault *fault)
{
	uint32_t next;

	qsort(all->raw, all->raw_count, sizeof(*all->raw), by_ags);
	for (uint32_t i = 0; i < all->raw_count; i = next) {
		struct pp_slice ags = all->raw[i].row.ags;

		next = i + 1;
		while (next < all->raw_count && pp_slice_is(all->raw[next].row.ags, ags))
			next++;
		if (next == i + 1)
			pp_boundaries_keep(all, &all->raw[i].row, pp_buf_all(&all->raw[i].wkb));
		else if (!unite(all, &all->raw[i], next - i, fault))
			return false;
	}
	pp_raw_end(all);
	return true;
}

/* A vertex or the middle of an edge of a that lies deeper than DEEP within b. */
struct deep {
	const struct pp_shape *b;
	bool found;
};

static bool is_deep(const struct pp_shape *b, double x, double y)
{
	return pp_shape_contains(b, x, y) && pp_shape_point_gap(b, x, y, DEEP, 2 * DEEP) > DEEP;
}

static bool look_deep(const struct pp_xy *from, const struct pp_xy *to, void *ctx)
{
	struct deep *deep = ctx;

	deep->found = is_deep(deep->b, from->x, from->y) ||
		is_deep(deep->b, (from->x + to->x) / 2, (from->y + to->y) / 2);
	return !deep->found;
}

/*
 * Whether the two may overlap by more than a sliver. An overlap has corners: a vertex of one within
 * the other, or a crossing of edges; or the two are the same, then each has a point of its own
 * within.
 */
static bool may_overlap(const struct pp_shape *a, const struct pp_shape *b)
{
	struct deep in_b = { b, false }, in_a = { a, false };
	struct pp_xy of_a, of_b;

	pp_shape_segments(a, &b->box, look_deep, &in_b);
	if (!in_b.found)
		pp_shape_segments(b, &a->box, look_deep, &in_a);
	if (in_a.found || in_b.found || pp_shape_crosses(a, b, DEEP))
		return true;
	of_a = pp_shape_inner_point(a);
	of_b = pp_shape_inner_point(b);
	return pp_shape_contains(b, of_a.x, of_a.y) || pp_shape_contains(a, of_b.x, of_b.y);
}

static bool tell_overlap(struct pp_boundaries *all, const struct pp_area *a,
	const struct pp_area *b, const GEOSGeometry *both, struct pp_fault *fault)
{
	GEOSContextHandle_t geos = all->geo->geos;
	double area = area_of(all->geo, both), around = 0;
	double allowed = fmax(all->version.accuracy_m, 1.0);
	struct pp_boundary_note note = { .kind = PP_NOTE_OVERLAP,
		.ags = a->about.ags,
		.other = b->about.ags,
		.area_after_m2 = area };
	GEOSGeometry *place;

	if (area <= NOTE_OVERLAP)
		return true;
	GEOSLength_r(geos, both, &around);
	place = GEOSPointOnSurface_r(geos, both);
	if (place) {
		GEOSGeomGetX_r(geos, place, &note.x);
		GEOSGeomGetY_r(geos, place, &note.y);
	}
	GEOSGeom_destroy_r(geos, place);
	if (2 * area / around > allowed || area > fmin(a->about.area_m2, b->about.area_m2) / 2) {
		pp_fault(fault, PP_geometry_invalid,
			"%.*s %.*s and %.*s %.*s lie on each other by %.0f m²: both cannot be "
			"right",
			PP_SHOW(a->about.ags), PP_SHOW(a->about.name), PP_SHOW(b->about.ags),
			PP_SHOW(b->about.name), area);
		pp_crs_place(fault, PP_UTM32, PP_AXES_EAST_NORTH, note.x, note.y);
		return false;
	}
	note.text = pp_format(all->arena, "overlaps %.*s by %.0f m²", PP_SHOW(b->about.ags), area);
	note.text_de = pp_format(
		all->arena, "überlappt %.*s um %.0f m²", PP_SHOW(b->about.ags), area);
	add_note(all, &note);
	return true;
}

static bool judge_pair(struct pp_boundaries *all, const struct pp_area *a, const struct pp_area *b,
	struct pp_fault *fault)
{
	GEOSContextHandle_t geos = all->geo->geos;
	GEOSGeometry *of_a, *of_b, *both;
	bool fits;

	if (!may_overlap(&a->shape, &b->shape))
		return true;
	of_a = pp_shape_geos(all->geo, &a->shape);
	of_b = pp_shape_geos(all->geo, &b->shape);
	both = GEOSIntersection_r(geos, of_a, of_b);
	GEOSGeom_destroy_r(geos, of_a);
	GEOSGeom_destroy_r(geos, of_b);
	if (!both)
		return pp_fault(fault, PP_geometry_invalid, "%.*s and %.*s cannot be compared: %s",
			PP_SHOW(a->about.ags), PP_SHOW(b->about.ags), all->geo->message);
	fits = tell_overlap(all, a, b, both, fault);
	GEOSGeom_destroy_r(geos, both);
	return fits;
}

struct pairs {
	struct pp_boundaries *all;
	uint32_t i;
	uint32_t *seen; /* by municipality: the last i that met it */
	struct pp_fault *fault;
	bool failed;
};

static void judge_item(const struct pp_tree_item *item, void *ctx)
{
	struct pairs *p = ctx;
	uint32_t j = p->all->parts[item->id].municipality;

	if (j <= p->i || p->failed || p->seen[j] == p->i + 1)
		return;
	p->seen[j] = p->i + 1;
	p->failed = !judge_pair(p->all, &p->all->areas[p->i], &p->all->areas[j], p->fault);
}

bool pp_raw_judge_overlaps(struct pp_boundaries *all, struct pp_fault *fault)
{
	struct pairs p = {
		.all = all, .fault = fault, .seen = calloc(all->count + 1, sizeof(*p.seen))
	};

	PP_MUST(p.seen);
	for (; p.i < all->count && !p.failed; p.i++)
		pp_tree_visit(&all->tree, &all->areas[p.i].shape.box, judge_item, &p);
	free(p.seen);
	return !p.failed;
}
