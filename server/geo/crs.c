/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/geo/crs.h>

#include <math.h>
#include <stdlib.h>

#include "inner.h"

/*
 * What proj.db says of each CRS, written out: PROJ takes 20 to 50 ms to look one up and to weigh
 * its ways against each other, and a tenth of one to make this. A unit test holds the two equal.
 * WGS 84 counts as ETRS89, as there. DHDN goes by BETA2007, the way of the Länder (EPSG:15948,
 * within 0.9 m), and ends where its grid does, around Germany.
 */
#define DEGREES      "+step +proj=unitconvert +xy_in=deg +xy_out=rad "
#define UTM(zone)    "+step +inv +proj=utm +zone=" #zone " +ellps=GRS80 "
#define LCC          "+step +inv +proj=lcc +ellps=GRS80 "
#define LCC_GERMANY  LCC "+lat_0=51 +lon_0=10.5 +lat_1=48.6666666666667 +lat_2=53.6666666666667 "
#define BETA2007     "+step +proj=hgridshift +grids=BETA2007.gsb "
#define GAUSS_KRUGER "+step +inv +proj=tmerc +ellps=bessel "

static const struct pp_crs_row rows[PP_CRS_ROWS] = {
	{ PP_CRS84, "WGS 84 (CRS84)", false, true, DEGREES },
	{ 4326, "WGS 84", true, true, DEGREES },
	{ 4258, "ETRS89", true, true, DEGREES },
	{ 4314, "DHDN", true, true, DEGREES BETA2007 },
	{ 25831, "ETRS89 / UTM zone 31N", false, false, UTM(31) },
	{ PP_UTM32, "ETRS89 / UTM zone 32N", false, false, UTM(32) },
	{ 25833, "ETRS89 / UTM zone 33N", false, false, UTM(33) },
	{ 3044, "ETRS89 / UTM zone 32N (N-E)", true, false, UTM(32) },
	{ 3045, "ETRS89 / UTM zone 33N (N-E)", true, false, UTM(33) },
	{ 4647, "ETRS89 / UTM zone 32N (zE-N)", false, false,
		"+step +inv +proj=tmerc +ellps=GRS80 +k=0.9996 +lon_0=9 +x_0=32500000 " },
	{ 5650, "ETRS89 / UTM zone 33N (zE-N)", false, false,
		"+step +inv +proj=tmerc +ellps=GRS80 +k=0.9996 +lon_0=15 +x_0=33500000 " },
	{ 31466, "DHDN / 3-degree Gauss-Kruger zone 2", true, false,
		GAUSS_KRUGER "+lon_0=6 +x_0=2500000 " BETA2007 },
	{ 31467, "DHDN / 3-degree Gauss-Kruger zone 3", true, false,
		GAUSS_KRUGER "+lon_0=9 +x_0=3500000 " BETA2007 },
	{ 31468, "DHDN / 3-degree Gauss-Kruger zone 4", true, false,
		GAUSS_KRUGER "+lon_0=12 +x_0=4500000 " BETA2007 },
	{ 31469, "DHDN / 3-degree Gauss-Kruger zone 5", true, false,
		GAUSS_KRUGER "+lon_0=15 +x_0=5500000 " BETA2007 },
	{ 3857, "WGS 84 / Pseudo-Mercator", false, false,
		"+step +inv +proj=webmerc +ellps=WGS84 " },
	{ 32632, "WGS 84 / UTM zone 32N", false, false,
		"+step +inv +proj=utm +zone=32 +ellps=WGS84 " },
	{ 32633, "WGS 84 / UTM zone 33N", false, false,
		"+step +inv +proj=utm +zone=33 +ellps=WGS84 " },
	{ 3034, "ETRS89-extended / LCC Europe", true, false,
		LCC "+lat_0=52 +lon_0=10 +lat_1=35 +lat_2=65 +x_0=4000000 +y_0=2800000 " },
	{ 3035, "ETRS89-extended / LAEA Europe", true, false,
		"+step +inv +proj=laea +ellps=GRS80 +lat_0=52 +lon_0=10 "
		"+x_0=4321000 +y_0=3210000 " },
	{ 4839, "ETRS89 / LCC Germany (N-E)", true, false, LCC_GERMANY },
	{ 5243, "ETRS89 / LCC Germany (E-N)", false, false, LCC_GERMANY },
};

/* Germany with its waters, and about 200 km around it. */
static const struct {
	double west, south, east, north;
} area = { 2.0, 44.0, 18.5, 58.5 };

const struct pp_crs_row *pp_crs_rows(size_t *count)
{
	*count = PP_LENGTH(rows);
	return rows;
}

const struct pp_crs_row *pp_crs_row(int code)
{
	for (size_t i = 0; i < PP_LENGTH(rows); i++)
		if (rows[i].code == code)
			return &rows[i];
	return NULL;
}

/* AdV's names in XPlanGML and ALKIS (GeoInfoDok, "urn:adv:crs:"), without axis order of their own.
 */
static const struct {
	const char *name;
	int code;
} adv_names[] = {
	{ "ETRS89_UTM31", 25831 },
	{ "ETRS89_UTM32", PP_UTM32 },
	{ "ETRS89_UTM33", 25833 },
	{ "ETRS89_Lat-Lon", 4258 },
	{ "DE_DHDN_3GK2", 31466 },
	{ "DE_DHDN_3GK3", 31467 },
	{ "DE_DHDN_3GK4", 31468 },
	{ "DE_DHDN_3GK5", 31469 },
};

/* What stands before the code, and perhaps a version with its separator, in each spelling. */
static const struct {
	const char *prefix;
	char version_end; /* 0: no version before the code */
} spellings[] = {
	{ "urn:ogc:def:crs:EPSG:", ':' },
	{ "urn:x-ogc:def:crs:EPSG:", ':' },
	{ "http://www.opengis.net/def/crs/EPSG/", '/' },
	{ "https://www.opengis.net/def/crs/EPSG/", '/' },
	{ "http://www.opengis.net/gml/srs/epsg.xml#", 0 },
	{ "EPSG:", 0 },
	{ "", 0 },
};

static int code_of(struct pp_slice digits)
{
	uint64_t code;

	if (!pp_slice_u64(digits, &code) || code > 100000 || code == PP_CRS84)
		return 0;
	return pp_crs_row((int)code) ? (int)code : 0;
}

static bool cut_prefix(struct pp_slice *s, const char *prefix)
{
	size_t length = strlen(prefix);

	if (s->len < length ||
		!pp_slice_is_nocase(pp_slice(s->at, length), pp_slice(prefix, length)))
		return false;
	*s = pp_slice(s->at + length, s->len - length);
	return true;
}

int pp_crs_named(struct pp_slice name)
{
	struct pp_slice rest;

	name = pp_slice_trim(name);
	if (name.len > 2 && name.at[0] == '[' && name.at[name.len - 1] == ']')
		name = pp_slice(name.at + 1, name.len - 2);
	/* CRS84 is nobody's code, so its name is the last word of every spelling. */
	if (name.len >= 5 &&
		pp_slice_is_nocase(pp_slice(name.at + name.len - 5, 5), PP_S("CRS84")) &&
		(name.len == 5 || strchr(":/", name.at[name.len - 6])))
		return PP_CRS84;
	rest = name;
	cut_prefix(&rest, "urn:adv:crs:");
	for (size_t i = 0; i < PP_LENGTH(adv_names); i++)
		if (pp_slice_is_nocase(rest, pp_slice_of(adv_names[i].name)))
			return adv_names[i].code;
	for (size_t i = 0; i < PP_LENGTH(spellings); i++) {
		rest = name;
		if (!cut_prefix(&rest, spellings[i].prefix))
			continue;
		if (spellings[i].version_end)
			pp_slice_cut(rest, spellings[i].version_end, &rest);
		return code_of(rest);
	}
	return 0;
}

static bool is_near(double lon, double lat)
{
	return lon >= area.west && lon <= area.east && lat >= area.south && lat <= area.north;
}

static bool is_near_utm32(double x, double y)
{
	double lon, lat;

	if (!(fabs(x) < 3e6) || !(y > 0 && y < 1e7))
		return false;
	pp_utm32_write(x, y, &lon, &lat);
	return is_near(lon, lat);
}

/* The positions of a WKB as two arrays, and back into a copy of it. */
struct positions {
	double *x, *y;
	size_t count;
};

static struct positions read_positions(struct pp_arena *arena, struct pp_slice wkb, bool swapped)
{
	struct positions all = { 0 };
	struct pp_runs runs;
	size_t at = 0;

	for (pp_runs_begin(&runs, wkb); pp_runs_next(&runs);)
		all.count += runs.count;
	all.x = PP_NEW_ARRAY(arena, double, all.count);
	all.y = PP_NEW_ARRAY(arena, double, all.count);
	for (pp_runs_begin(&runs, wkb); pp_runs_next(&runs);)
		for (uint32_t i = 0; i < runs.count; i++, at++) {
			all.x[at] = swapped ? pp_runs_y(&runs, i) : pp_runs_x(&runs, i);
			all.y[at] = swapped ? pp_runs_x(&runs, i) : pp_runs_y(&runs, i);
		}
	return all;
}

static void put_f64(char *at, double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	for (unsigned i = 0; i < 8; i++)
		at[i] = (char)(bits >> (8 * i));
}

static struct pp_slice write_positions(
	struct pp_arena *arena, struct pp_slice wkb, const struct positions *all)
{
	char *copy = pp_text(arena, wkb);
	struct pp_runs runs;
	size_t at = 0;

	for (pp_runs_begin(&runs, wkb); pp_runs_next(&runs);) {
		char *to = copy + ((const char *)runs.positions - wkb.at);

		for (uint32_t i = 0; i < runs.count; i++, at++, to += 16) {
			put_f64(to, all->x[at]);
			put_f64(to + 8, all->y[at]);
		}
	}
	return pp_slice(copy, wkb.len);
}

static PJ *pj_of(const struct pp_geo *geo, const struct pp_crs_row *row)
{
	return geo->to_utm32[row - rows];
}

static void to_utm32(PJ *pj, struct positions *all)
{
	/* What cannot be transformed becomes infinite, which the caller looks for. */
	proj_trans_generic(pj, PJ_FWD, all->x, sizeof(double), all->count, all->y, sizeof(double),
		all->count, NULL, 0, 0, NULL, 0, 0);
	proj_errno_reset(pj);
}

static bool is_swapped(PJ *pj, double x, double y)
{
	PJ_COORD place = proj_trans(pj, PJ_FWD, proj_coord(y, x, 0, 0));

	proj_errno_reset(pj);
	return is_near_utm32(place.xy.x, place.xy.y);
}

static bool refuse_place(struct pp_geo *geo, const struct pp_crs_row *row, enum pp_axes axes,
	double x, double y, struct pp_fault *fault)
{
	bool reversed = axes == PP_AXES_AUTHORITY && row->north_first;
	bool swapped = is_swapped(pj_of(geo, row), x, y);

	return pp_fault(fault, PP_geometry_out_of_area,
		"%.10g %.10g in %s does not lie in or near Germany%s", reversed ? y : x,
		reversed ? x : y, row->name,
		swapped ? "; its axes look swapped: with the two numbers exchanged it would" : "");
}

/*
 * The outermost positions are judged; what lies between them is near when they are. Returns the
 * place of one that is not, or the count.
 */
static size_t find_far(const struct positions *all)
{
	size_t extreme[4] = { 0 };

	for (size_t i = 0; i < all->count; i++) {
		if (!isfinite(all->x[i]) || !isfinite(all->y[i]))
			return i;
		extreme[0] = all->x[i] < all->x[extreme[0]] ? i : extreme[0];
		extreme[1] = all->x[i] > all->x[extreme[1]] ? i : extreme[1];
		extreme[2] = all->y[i] < all->y[extreme[2]] ? i : extreme[2];
		extreme[3] = all->y[i] > all->y[extreme[3]] ? i : extreme[3];
	}
	for (size_t i = 0; i < PP_LENGTH(extreme); i++)
		if (!is_near_utm32(all->x[extreme[i]], all->y[extreme[i]]))
			return extreme[i];
	return all->count;
}

bool pp_crs_read(struct pp_geo *geo, struct pp_arena *arena, int code, enum pp_axes axes,
	struct pp_slice wkb, struct pp_slice *out, struct pp_fault *fault)
{
	const struct pp_crs_row *row = pp_crs_row(code);
	struct positions before, after;
	bool swapped;
	size_t far;

	if (!row)
		return pp_fault(fault, PP_crs_unknown, "EPSG:%d is not read here", code);
	swapped = axes == PP_AXES_AUTHORITY && row->north_first;
	before = read_positions(arena, wkb, swapped);
	after = before;
	if (row->code != PP_UTM32) {
		after.x = PP_NEW_ARRAY(arena, double, before.count);
		after.y = PP_NEW_ARRAY(arena, double, before.count);
		memcpy(after.x, before.x, before.count * sizeof(double));
		memcpy(after.y, before.y, before.count * sizeof(double));
		to_utm32(pj_of(geo, row), &after);
	}
	far = find_far(&after);
	if (far < after.count)
		return refuse_place(geo, row, axes, before.x[far], before.y[far], fault);
	*out = row->code == PP_UTM32 ? wkb : write_positions(arena, wkb, &after);
	return true;
}

bool pp_crs_write(struct pp_geo *geo, struct pp_arena *arena, int code, enum pp_axes axes,
	struct pp_slice wkb, struct pp_slice *out, struct pp_fault *fault)
{
	const struct pp_crs_row *row = pp_crs_row(code);
	struct pp_runs runs;
	char *copy;

	if (!row)
		return pp_fault(fault, PP_crs_unknown, "EPSG:%d is not written here", code);
	if (row->code == PP_UTM32) {
		*out = wkb;
		return true;
	}
	copy = pp_text(arena, wkb);
	for (pp_runs_begin(&runs, wkb); pp_runs_next(&runs);)
		pp_patches_write(geo->patches, pj_of(geo, row), row,
			axes == PP_AXES_AUTHORITY && row->north_first, runs.positions,
			copy + ((const char *)runs.positions - wkb.at), runs.count);
	*out = pp_slice(copy, wkb.len);
	return true;
}

void pp_crs_place(struct pp_fault *fault, int code, enum pp_axes axes, double x, double y)
{
	const struct pp_crs_row *row = pp_crs_row(code);
	bool swapped = row && row->north_first && axes == PP_AXES_AUTHORITY;

	if (code == PP_UTM32) {
		fault->x = x;
		fault->y = y;
		pp_utm32_write(x, y, &fault->lon, &fault->lat);
	} else if (code == PP_CRS84 || code == 4326 || code == 4258) {
		fault->lon = swapped ? y : x;
		fault->lat = swapped ? x : y;
		pp_utm32_read(fault->lon, fault->lat, &fault->x, &fault->y);
	} else {
		return;
	}
	fault->has_place = isfinite(fault->x) && isfinite(fault->y) && isfinite(fault->lon) &&
		isfinite(fault->lat);
}
