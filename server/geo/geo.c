/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/geo/geo.h>

#include <stdio.h>

#include "inner.h"

/*
 * Raise it whenever the bytes of an answer can change: another measure, order, word or member. Of
 * results that differ from today's it says whether another engine is the reason
 * (docs/recompute.md). 1 was the engine before the rules reckoned with parameters of subjects.
 * Names without a number are older than the numbering.
 */
enum { ENGINE_REVISION = 2 };

static void keep_message(const char *message, void *geo)
{
	struct pp_geo *self = geo;

	snprintf(self->message, sizeof(self->message), "%s", message);
}

static void be_silent(void *ctx, int level, const char *message)
{
	(void)ctx;
	(void)level;
	(void)message;
}

static void release(void *thing)
{
	struct pp_geo *geo = thing;

	for (size_t i = 0; i < PP_CRS_ROWS; i++)
		proj_destroy(geo->to_utm32[i]);
	proj_context_destroy(geo->proj);
	pp_patches_close(geo->patches);
	GEOS_finish_r(geo->geos);
}

/* Always east first; NULL where PROJ cannot make it or finds no grid. */
static PJ *open_to_utm32(PJ_CONTEXT *proj, const struct pp_crs_row *row)
{
	char steps[256];
	int length = snprintf(steps, sizeof(steps),
		"+proj=pipeline %s+step +proj=utm +zone=32 +ellps=GRS80", row->steps);
	PJ *made;

	PP_MUST(length > 0 && (size_t)length < sizeof(steps));
	made = proj_create(proj, steps);
	if (made) {
		/* The first transformation opens grids: later there may be no file system. */
		PJ_COORD hamburg = proj_coord(565000, 5930000, 0, 0);

		proj_trans(made, PJ_FWD, proj_trans(made, PJ_INV, hamburg));
		proj_errno_reset(made);
	}
	return made;
}

struct pp_geo *pp_geo_open(struct pp_arena *arena, struct pp_fault *fault)
{
	struct pp_geo *geo = PP_NEW(arena, struct pp_geo);
	const struct pp_crs_row *rows;
	size_t count;

	geo->geos = GEOS_init_r();
	geo->proj = proj_context_create();
	geo->patches = pp_patches_open();
	PP_MUST(geo->geos && geo->proj);
	pp_own(arena, release, geo);
	GEOSContext_setErrorMessageHandler_r(geo->geos, keep_message, geo);
	GEOSContext_setNoticeMessageHandler_r(geo->geos, keep_message, geo);
	proj_log_func(geo->proj, NULL, be_silent);
	proj_context_set_enable_network(geo->proj, 0);
	rows = pp_crs_rows(&count);
	PP_MUST(count == PP_CRS_ROWS);
	for (size_t i = 0; i < count; i++) {
		geo->to_utm32[i] = open_to_utm32(geo->proj, &rows[i]);
		if (!geo->to_utm32[i]) {
			pp_fault(fault, PP_bug,
				"PROJ finds no way from EPSG:%d: is proj-data installed?",
				rows[i].code);
			return NULL;
		}
	}
	snprintf(geo->engine, sizeof(geo->engine),
		"planungsplattform %s engine %d; GEOS %s PROJ %s", PP_VERSION, ENGINE_REVISION,
		GEOS_VERSION, proj_info().version);
	return geo;
}

struct pp_slice pp_geo_engine(const struct pp_geo *geo)
{
	return pp_slice_of(geo->engine);
}

static uint32_t u32_at(const unsigned char *at)
{
	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
		(uint32_t)at[3] << 24;
}

void pp_runs_begin(struct pp_runs *runs, struct pp_slice wkb)
{
	*runs = (struct pp_runs){ .at = (const unsigned char *)wkb.at };
	runs->end = wkb.len ? runs->at + wkb.len : runs->at;
}

static uint32_t take_u32(struct pp_runs *runs)
{
	PP_MUST(runs->end - runs->at >= 4);
	runs->at += 4;
	return u32_at(runs->at - 4);
}

static bool take_positions(struct pp_runs *runs, uint32_t count)
{
	size_t size = (size_t)count * 16;

	PP_MUST((size_t)(runs->end - runs->at) >= size);
	runs->count = count;
	runs->positions = runs->at;
	runs->at += size;
	return true;
}

/* Parts follow their whole without a gap, so that headers of multi-geometries are just stepped
 * over. */
bool pp_runs_next(struct pp_runs *runs)
{
	while (!runs->rings) {
		uint32_t type;

		if (runs->at == runs->end)
			return false;
		runs->at++;
		type = take_u32(runs);
		switch (type) {
		case 1:
			runs->kind = PP_RUN_POINT;
			return take_positions(runs, 1);
		case 2:
			runs->kind = PP_RUN_LINE;
			return take_positions(runs, take_u32(runs));
		case 3:
			runs->kind = PP_RUN_RING;
			runs->rings = take_u32(runs);
			runs->is_hole = false;
			if (!runs->rings)
				break;
			runs->rings--;
			return take_positions(runs, take_u32(runs));
		default:
			PP_MUST(type >= 4 && type <= 7);
			take_u32(runs);
		}
	}
	runs->rings--;
	runs->is_hole = true;
	return take_positions(runs, take_u32(runs));
}

bool pp_runs_are_rings(struct pp_slice wkb)
{
	struct pp_runs runs;
	bool any = false;

	for (pp_runs_begin(&runs, wkb); pp_runs_next(&runs); any = true)
		if (runs.kind != PP_RUN_RING)
			return false;
	return any;
}

static double f64_at(const unsigned char *at)
{
	uint64_t bits = (uint64_t)u32_at(at) | (uint64_t)u32_at(at + 4) << 32;
	double value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

double pp_runs_x(const struct pp_runs *runs, uint32_t i)
{
	return f64_at(runs->positions + (size_t)i * 16);
}

double pp_runs_y(const struct pp_runs *runs, uint32_t i)
{
	return f64_at(runs->positions + (size_t)i * 16 + 8);
}

GEOSGeometry *pp_geos_read(struct pp_geo *geo, struct pp_slice wkb)
{
	GEOSWKBReader *reader = GEOSWKBReader_create_r(geo->geos);
	GEOSGeometry *geometry = GEOSWKBReader_read_r(
		geo->geos, reader, (const unsigned char *)wkb.at, wkb.len);

	GEOSWKBReader_destroy_r(geo->geos, reader);
	PP_MUST(geometry);
	return geometry;
}

void pp_geos_write(struct pp_geo *geo, const GEOSGeometry *geometry, struct pp_buf *out)
{
	GEOSWKBWriter *writer = GEOSWKBWriter_create_r(geo->geos);
	unsigned char *bytes;
	size_t size;

	GEOSWKBWriter_setOutputDimension_r(geo->geos, writer, 2);
	GEOSWKBWriter_setByteOrder_r(geo->geos, writer, GEOS_WKB_NDR);
	bytes = GEOSWKBWriter_write_r(geo->geos, writer, geometry, &size);
	PP_MUST(bytes);
	pp_buf_add(out, bytes, size);
	GEOSFree_r(geo->geos, bytes);
	GEOSWKBWriter_destroy_r(geo->geos, writer);
}
