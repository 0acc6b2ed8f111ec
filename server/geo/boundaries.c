/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/geo/boundaries.h>

#include <math.h>
#include <stdlib.h>

#include "inner.h"

#define ADJACENT    0.001 /* metres: contract, Affected */
#define LINE_AT     0.01
#define NOTE_OVERLAP 1.0  /* m² */

struct raw {
	struct pp_boundary_row row; /* texts copied */
	GEOSGeometry *geometry;
	uint32_t order;
};

struct pp_boundaries {
	struct pp_arena *arena;
	struct pp_geo *geo;
	enum pp_rows_are rows;
	struct pp_boundary_version version;
	struct raw *raw;
	size_t raw_count, raw_room;
	struct pp_area *areas;
	uint32_t count;
	GEOSSTRtree *tree;
	struct pp_boundary_note *notes;
	size_t note_count, note_room;
};

struct pp_area *pp_area_at(struct pp_boundaries *all, uint32_t i)
{
	PP_MUST(i < all->count);
	return &all->areas[i];
}

struct pp_geo *pp_boundaries_geo(struct pp_boundaries *all)
{
	return all->geo;
}

static void release(void *thing)
{
	struct pp_boundaries *all = thing;
	GEOSContextHandle_t geos = all->geo->geos;

	if (all->tree)
		GEOSSTRtree_destroy_r(geos, all->tree);
	for (uint32_t i = 0; i < all->count; i++) {
		struct pp_area *area = &all->areas[i];

		if (area->prepared)
			GEOSPreparedGeom_destroy_r(geos, area->prepared);
		if (area->prepared_border)
			GEOSPreparedGeom_destroy_r(geos, area->prepared_border);
		GEOSGeom_destroy_r(geos, area->border);
		GEOSGeom_destroy_r(geos, area->geometry);
		free(area->segments);
	}
	for (size_t i = 0; i < all->raw_count; i++)
		GEOSGeom_destroy_r(geos, all->raw[i].geometry);
	free(all->raw);
	free(all->notes);
}

struct pp_boundaries *pp_boundaries_begin(struct pp_arena *arena, struct pp_geo *geo,
	enum pp_rows_are rows, const struct pp_boundary_version *version)
{
	struct pp_boundaries *all = PP_NEW(arena, struct pp_boundaries);

	all->arena = arena;
	all->geo = geo;
	all->rows = rows;
	all->version = (struct pp_boundary_version){ pp_copy(arena, version->id),
		pp_copy(arena, version->dataset), pp_copy(arena, version->date),
		version->accuracy_m };
	pp_own(arena, release, all);
	return all;
}

static void add_note(struct pp_boundaries *all, struct pp_boundary_note note)
{
	if (all->note_count == all->note_room) {
		all->note_room = all->note_room ? 2 * all->note_room : 64;
		all->notes = realloc(all->notes, all->note_room * sizeof(*all->notes));
		PP_MUST(all->notes);
	}
	all->notes[all->note_count++] = note;
}

static double area_of(struct pp_geo *geo, const GEOSGeometry *g)
{
	double area = 0;

	GEOSArea_r(geo->geos, g, &area);
	return area;
}

/* Valid as it stands, or made so with a note; false when nothing would be left. */
static bool mend(struct pp_boundaries *all, const struct pp_boundary_row *row, GEOSGeometry **g,
	struct pp_fault *fault)
{
	GEOSContextHandle_t geos = all->geo->geos;
	GEOSMakeValidParams *params;
	GEOSGeometry *place = NULL, *mended;
	struct pp_boundary_note note = { .kind = PP_NOTE_REPAIRED, .ags = row->ags };
	char *reason = NULL;

	if (GEOSisValidDetail_r(geos, *g, 0, &reason, &place) == 1) {
		GEOSFree_r(geos, reason);
		GEOSGeom_destroy_r(geos, place);
		return true;
	}
	if (place) {
		GEOSGeomGetX_r(geos, place, &note.x);
		GEOSGeomGetY_r(geos, place, &note.y);
	}
	note.area_before_m2 = area_of(all->geo, *g);
	params = GEOSMakeValidParams_create_r(geos);
	GEOSMakeValidParams_setMethod_r(geos, params, GEOS_MAKE_VALID_STRUCTURE);
	mended = GEOSMakeValidWithParams_r(geos, *g, params);
	GEOSMakeValidParams_destroy_r(geos, params);
	note.text = pp_format(all->arena, "%s: repaired", reason ? reason : "invalid");
	GEOSFree_r(geos, reason);
	GEOSGeom_destroy_r(geos, place);
	GEOSGeom_destroy_r(geos, *g);
	*g = mended;
	if (!mended || area_of(all->geo, mended) <= 0)
		return pp_fault(fault, PP_geometry_invalid, "%.*s cannot be repaired at %.3f %.3f",
			PP_SHOW(row->ags), note.x, note.y);
	note.area_after_m2 = area_of(all->geo, mended);
	add_note(all, note);
	return true;
}

bool pp_boundaries_add(struct pp_boundaries *all, const struct pp_boundary_row *row,
	struct pp_fault *fault)
{
	struct raw *raw;

	if (all->raw_count == all->raw_room) {
		all->raw_room = all->raw_room ? 2 * all->raw_room : 1024;
		all->raw = realloc(all->raw, all->raw_room * sizeof(*all->raw));
		PP_MUST(all->raw);
	}
	raw = &all->raw[all->raw_count];
	*raw = (struct raw){ .order = (uint32_t)all->raw_count,
		.row = { pp_copy(all->arena, row->ags), pp_copy(all->arena, row->ars),
			pp_copy(all->arena, row->name), pp_copy(all->arena, row->designation),
			pp_copy(all->arena, row->kreis), row->unincorporated, { 0 } },
		.geometry = pp_geos_read(all->geo, row->wkb) };
	all->raw_count++;
	if (GEOSGeom_getDimensions_r(all->geo->geos, raw->geometry) != 2)
		return pp_fault(fault, PP_geometry_invalid, "%.*s is no area", PP_SHOW(row->ags));
	return all->rows == PP_ROWS_CHECKED || mend(all, &raw->row, &raw->geometry, fault);
}

static int by_ags(const void *a, const void *b)
{
	const struct raw *x = a, *y = b;
	int order = pp_slice_order(x->row.ags, y->row.ags);

	return order ? order : (x->order > y->order) - (x->order < y->order);
}

/* One geometry of the rows of an AGS; takes them over. */
static GEOSGeometry *unite(struct pp_geo *geo, struct raw *raw, size_t count)
{
	GEOSGeometry **parts, *together, *united;

	if (count == 1) {
		united = raw->geometry;
		raw->geometry = NULL;
		return united;
	}
	parts = malloc(count * sizeof(GEOSGeometry *));
	PP_MUST(parts);
	for (size_t i = 0; i < count; i++) {
		parts[i] = raw[i].geometry;
		raw[i].geometry = NULL;
	}
	together = GEOSGeom_createCollection_r(geo->geos, GEOS_GEOMETRYCOLLECTION, parts,
		(unsigned)count);
	free(parts);
	united = GEOSUnaryUnion_r(geo->geos, together);
	GEOSGeom_destroy_r(geo->geos, together);
	PP_MUST(united);
	return united;
}

static void describe(struct pp_boundaries *all, struct pp_area *area, const struct raw *raw)
{
	struct pp_municipality *m = &area->about;
	const struct pp_boundary_row *row = &raw->row;

	*m = (struct pp_municipality){ .ags = row->ags, .ars = row->ars, .name = row->name,
		.designation = row->designation, .kreis = row->kreis,
		.land = pp_slice(row->ags.at, row->ags.len < 2 ? row->ags.len : 2),
		.kreis_key = pp_slice(row->ags.at, row->ags.len < 5 ? row->ags.len : 5),
		.unincorporated = row->unincorporated };
	m->area_m2 = area_of(all->geo, area->geometry);
	GEOSGeom_getExtent_r(all->geo->geos, area->geometry, &m->min_x, &m->min_y, &m->max_x,
		&m->max_y);
}

static void index_areas(struct pp_boundaries *all)
{
	GEOSContextHandle_t geos = all->geo->geos;

	all->tree = GEOSSTRtree_create_r(geos, 10);
	for (uint32_t i = 0; i < all->count; i++)
		GEOSSTRtree_insert_r(geos, all->tree, all->areas[i].geometry,
			(void *)(uintptr_t)(i + 1));
}

struct visit {
	void (*visit)(uint32_t i, void *ctx);
	void *ctx;
};

static void visit_item(void *item, void *ctx)
{
	struct visit *visit = ctx;

	visit->visit((uint32_t)((uintptr_t)item - 1), visit->ctx);
}

void pp_boundaries_within(struct pp_boundaries *all, double min_x, double min_y, double max_x,
	double max_y, void (*visit)(uint32_t i, void *ctx), void *ctx)
{
	GEOSContextHandle_t geos = all->geo->geos;
	GEOSGeometry *box = GEOSGeom_createRectangle_r(geos, min_x, min_y, max_x, max_y);
	struct visit how = { visit, ctx };

	PP_MUST(box);
	GEOSSTRtree_query_r(geos, all->tree, box, visit_item, &how);
	GEOSGeom_destroy_r(geos, box);
}

struct overlaps {
	struct pp_boundaries *all;
	uint32_t i;
	struct pp_fault *fault;
	bool failed;
};

/* Two municipalities that lie on each other: narrow slivers are a note, anything wider a refusal. */
static void judge_overlap(uint32_t j, void *ctx)
{
	struct overlaps *o = ctx;
	struct pp_boundaries *all = o->all;
	GEOSContextHandle_t geos = all->geo->geos;
	struct pp_area *a = pp_area_at(all, o->i), *b = pp_area_at(all, j);
	double min_x = fmax(a->about.min_x, b->about.min_x), min_y = fmax(a->about.min_y, b->about.min_y);
	double max_x = fmin(a->about.max_x, b->about.max_x), max_y = fmin(a->about.max_y, b->about.max_y);
	double area, around = 0, allowed = fmax(all->version.accuracy_m, 1.0);
	GEOSGeometry *ca, *cb, *both;

	if (j <= o->i || o->failed || max_x - min_x <= 0 || max_y - min_y <= 0)
		return;
	ca = GEOSClipByRect_r(geos, a->geometry, min_x - 1, min_y - 1, max_x + 1, max_y + 1);
	cb = GEOSClipByRect_r(geos, b->geometry, min_x - 1, min_y - 1, max_x + 1, max_y + 1);
	both = ca && cb ? GEOSIntersection_r(geos, ca, cb)
			: GEOSIntersection_r(geos, a->geometry, b->geometry);
	GEOSGeom_destroy_r(geos, ca);
	GEOSGeom_destroy_r(geos, cb);
	if (!both)
		return;
	area = area_of(all->geo, both);
	GEOSLength_r(geos, both, &around);
	GEOSGeom_destroy_r(geos, both);
	if (area <= NOTE_OVERLAP)
		return;
	if (2 * area / around > allowed ||
		area > fmin(a->about.area_m2, b->about.area_m2) / 2) {
		o->failed = true;
		pp_fault(o->fault, PP_geometry_invalid,
			"%.*s and %.*s overlap by %.0f m²: both cannot be right",
			PP_SHOW(a->about.ags), PP_SHOW(b->about.ags), area);
		return;
	}
	add_note(all, (struct pp_boundary_note){ .kind = PP_NOTE_OVERLAP, .ags = a->about.ags,
		.other = b->about.ags, .x = (min_x + max_x) / 2, .y = (min_y + max_y) / 2,
		.area_after_m2 = area,
		.text = pp_format(all->arena, "overlaps %.*s by %.1f m²", PP_SHOW(b->about.ags),
			area) });
}

static bool judge_overlaps(struct pp_boundaries *all, struct pp_fault *fault)
{
	for (uint32_t i = 0; i < all->count; i++) {
		const struct pp_municipality *m = &all->areas[i].about;
		struct overlaps o = { all, i, fault, false };

		pp_boundaries_within(all, m->min_x, m->min_y, m->max_x, m->max_y, judge_overlap, &o);
		if (o.failed)
			return false;
	}
	return true;
}

bool pp_boundaries_end(struct pp_boundaries *all, struct pp_fault *fault)
{
	size_t last;

	qsort(all->raw, all->raw_count, sizeof(*all->raw), by_ags);
	all->areas = PP_NEW_ARRAY(all->arena, struct pp_area, all->raw_count);
	for (size_t i = 0; i < all->raw_count; i = last) {
		struct pp_area *area = &all->areas[all->count];

		for (last = i + 1; last < all->raw_count &&
				   pp_slice_is(all->raw[last].row.ags, all->raw[i].row.ags);
			last++)
			if (all->rows == PP_ROWS_CHECKED)
				return pp_fault(fault, PP_invalid_parameter, "%.*s is there twice",
					PP_SHOW(all->raw[i].row.ags));
		area->geometry = unite(all->geo, &all->raw[i], last - i);
		all->count++;
		describe(all, area, &all->raw[i]);
	}
	index_areas(all);
	return all->rows == PP_ROWS_CHECKED || judge_overlaps(all, fault);
}

const struct pp_boundary_note *pp_boundaries_notes(const struct pp_boundaries *all, size_t *count)
{
	*count = all->note_count;
	return all->notes;
}

const struct pp_boundary_version *pp_boundaries_version(const struct pp_boundaries *all)
{
	return &all->version;
}

uint32_t pp_boundaries_count(const struct pp_boundaries *all)
{
	return all->count;
}

uint32_t pp_boundaries_find(const struct pp_boundaries *all, struct pp_slice ags)
{
	uint32_t low = 0, high = all->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int order = pp_slice_order(all->areas[middle].about.ags, ags);

		if (order == 0)
			return middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return PP_NOWHERE;
}

const struct pp_municipality *pp_boundaries_at(const struct pp_boundaries *all, uint32_t i)
{
	PP_MUST(i < all->count);
	return &all->areas[i].about;
}

void pp_boundaries_wkb(const struct pp_boundaries *all, uint32_t i, struct pp_buf *out)
{
	GEOSContextHandle_t geos = all->geo->geos;
	GEOSGeometry *normal = GEOSGeom_clone_r(geos, all->areas[i].geometry), *copy, *multi;

	/* GEOS' normal form has its shells clockwise; RFC 7946 §3.1.6 wants the other way round. */
	PP_MUST(normal && GEOSNormalize_r(geos, normal) == 0);
	copy = multi = GEOSReverse_r(geos, normal);
	GEOSGeom_destroy_r(geos, normal);
	PP_MUST(copy);
	if (GEOSGeomTypeId_r(geos, copy) == GEOS_POLYGON)
		multi = GEOSGeom_createCollection_r(geos, GEOS_MULTIPOLYGON, &copy, 1);
	pp_geos_write(all->geo, multi, out);
	GEOSGeom_destroy_r(geos, multi);
}

const GEOSPreparedGeometry *pp_area_prepared(struct pp_boundaries *all, uint32_t i)
{
	struct pp_area *area = pp_area_at(all, i);

	if (!area->prepared)
		area->prepared = GEOSPrepare_r(all->geo->geos, area->geometry);
	PP_MUST(area->prepared);
	return area->prepared;
}

const GEOSPreparedGeometry *pp_area_border(struct pp_boundaries *all, uint32_t i)
{
	struct pp_area *area = pp_area_at(all, i);

	if (!area->border) {
		area->border = GEOSBoundary_r(all->geo->geos, area->geometry);
		PP_MUST(area->border);
		area->prepared_border = GEOSPrepare_r(all->geo->geos, area->border);
	}
	return area->prepared_border;
}

struct meeting {
	struct pp_boundaries *all;
	uint32_t i;
	struct pp_neighbour *list;
	size_t count, room;
};

static void meet(uint32_t j, void *ctx)
{
	struct meeting *meeting = ctx;
	struct pp_boundaries *all = meeting->all;
	struct pp_area *a = pp_area_at(all, meeting->i), *b = pp_area_at(all, j);
	/* Each pair is computed in the same order, so that both sides say the same. */
	uint32_t first = meeting->i < j ? meeting->i : j, second = meeting->i < j ? j : meeting->i;
	double distance = INFINITY, shared;

	if (j == meeting->i)
		return;
	if (!GEOSPreparedDistance_r(all->geo->geos, pp_area_prepared(all, first),
		    pp_area_at(all, second)->geometry, &distance) ||
		distance > ADJACENT)
		return;
	if (meeting->count == meeting->room) {
		meeting->room = meeting->room ? 2 * meeting->room : 16;
		meeting->list = realloc(meeting->list, meeting->room * sizeof(*meeting->list));
		PP_MUST(meeting->list);
	}
	shared = (pp_border_within(all, first, second) + pp_border_within(all, second, first)) / 2;
	meeting->list[meeting->count++] = (struct pp_neighbour){ j, shared > LINE_AT,
		shared > LINE_AT ? shared : 0.0, !pp_slice_is(a->about.land, b->about.land) };
}

static int by_municipality(const void *a, const void *b)
{
	uint32_t x = ((const struct pp_neighbour *)a)->municipality;
	uint32_t y = ((const struct pp_neighbour *)b)->municipality;

	return (x > y) - (x < y);
}

const struct pp_neighbour *pp_boundaries_neighbours(struct pp_boundaries *all, uint32_t i,
	size_t *count)
{
	struct pp_area *area = pp_area_at(all, i);
	struct meeting meeting = { .all = all, .i = i };

	if (!area->has_neighbours) {
		pp_boundaries_within(all, area->about.min_x - ADJACENT, area->about.min_y - ADJACENT,
			area->about.max_x + ADJACENT, area->about.max_y + ADJACENT, meet, &meeting);
		area->neighbours = PP_NEW_ARRAY(all->arena, struct pp_neighbour, meeting.count);
		if (meeting.count)
			memcpy(area->neighbours, meeting.list,
				meeting.count * sizeof(*meeting.list));
		free(meeting.list);
		area->neighbour_count = meeting.count;
		qsort(area->neighbours, area->neighbour_count, sizeof(*area->neighbours),
			by_municipality);
		area->has_neighbours = true;
	}
	*count = area->neighbour_count;
	return area->neighbours;
}

/* VG250: BEZ of areas without municipality; ARS digits 6 to 9 are the Verband (domain: keys). */
bool pp_boundary_is_unincorporated(struct pp_slice designation, struct pp_slice ars)
{
	return pp_slice_starts(designation, PP_S("Gemeindefreie")) ||
	       pp_slice_is(designation, PP_S("Forstgutsbezirk")) ||
	       (ars.len == 12 && ars.at[5] == '9');
}
