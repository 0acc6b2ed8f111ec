/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The areas of a boundary dataset, row by row. Field names are those of VG250 (BKG, documentation
 * of the Verwaltungsgebiete 1:250 000), unless the caller maps others.
 */
#include <pp/geo/crs.h>
#include <stdio.h>
#include <stdlib.h>

#include "ogr.h"

#define KEY_NAMES         "AGS"
#define ARS_NAMES         "ARS|RS"
#define NAME_NAMES        "GEN|NAME"
#define DESIGNATION_NAMES "BEZ|BEZEICHNUNG"

/* The parts of the ARS, for datasets that have no whole one. */
static const char *const key_parts[] = { "SN_L", "SN_R", "SN_K", "SN_V1", "SN_V2", "SN_G" };

/* VG250 ADE: 6 is a municipality; other levels lie in the same file in some editions. */
enum { ADE_MUNICIPALITY = 6 };

/* A municipality of this size does not exist; Germany as a whole has 2 million at 1:250,000. */
#define VERTICES_MAX 5000000u

struct reading {
	const struct pp_files_job *job;
	const struct pp_filejob_areas *ask;
	struct pp_ogr_source *source;
	struct pp_ogr_crs crs;
	int key, ars, name, designation, remark, gf, ade, parts[PP_LENGTH(key_parts)];
	bool key_is_number;
	uint32_t row, padded, other_levels;
};

static int find_field(struct reading *reading, struct pp_slice mapped, const char *usual,
	const char *what, struct pp_fault *fault)
{
	int field = pp_ogr_field(reading->source->layer, mapped.len ? mapped : pp_slice_of(usual));

	/* A name that was given is there or is wrong. */
	if (field < 0 && mapped.len)
		pp_fault(fault, PP_boundaries_unusable,
			"The layer \"%.*s\" has no field \"%.*s\" for the %s.",
			(int)(reading->source->layer_name.len < 60 ? reading->source->layer_name.len
								   : 60),
			reading->source->layer_name.at, (int)(mapped.len < 40 ? mapped.len : 40),
			mapped.at, what);
	return field;
}

static bool find_fields(struct reading *reading, struct pp_fault *fault)
{
	const struct pp_filejob_areas *ask = reading->ask;
	OGRLayerH layer = reading->source->layer;
	OGRFieldDefnH definition;

	*fault = (struct pp_fault){ 0 };
	reading->key = find_field(reading, ask->key_field, KEY_NAMES, "key", fault);
	reading->ars = find_field(reading, ask->ars_field, ARS_NAMES, "ARS", fault);
	reading->name = find_field(reading, ask->name_field, NAME_NAMES, "name", fault);
	reading->designation = find_field(
		reading, ask->designation_field, DESIGNATION_NAMES, "designation", fault);
	reading->remark = pp_ogr_field(layer, PP_S("BEM"));
	reading->gf = pp_ogr_field(layer, PP_S("GF"));
	reading->ade = pp_ogr_field(layer, PP_S("ADE"));
	for (size_t i = 0; i < PP_LENGTH(key_parts); i++)
		reading->parts[i] = pp_ogr_field(layer, pp_slice_of(key_parts[i]));
	if (fault->problem != PP_no_problem)
		return false;
	if (reading->key < 0 && reading->ars < 0 && !ask->parent.len)
		return pp_fault(fault, PP_boundaries_unusable,
			"The layer \"%.*s\" has no field AGS (nor ARS or RS); say with --key which "
			"field holds the key.",
			(int)(reading->source->layer_name.len < 60 ? reading->source->layer_name.len
								   : 60),
			reading->source->layer_name.at);
	if (reading->key < 0 && ask->parent.len)
		return pp_fault(fault, PP_boundaries_unusable,
			"Say with --key which field holds the key of a district.");
	if (reading->key >= 0) {
		definition = OGR_FD_GetFieldDefn(OGR_L_GetLayerDefn(layer), reading->key);
		reading->key_is_number = OGR_Fld_GetType(definition) == OFTInteger ||
			OGR_Fld_GetType(definition) == OFTInteger64;
	}
	return true;
}

static bool refuse_row(
	struct reading *reading, struct pp_fault *fault, const char *what, struct pp_slice value)
{
	return pp_fault(fault, PP_boundaries_unusable, "Row %u: \"%.*s\" %s.", reading->row,
		(int)(value.len < 60 ? value.len : 60), value.at, what);
}

/* Digits of that length whose first two are a Land (01 to 16). */
static bool is_key(struct pp_slice key, size_t digits)
{
	uint64_t land, rest;

	return key.len == digits && pp_slice_u64(pp_slice(key.at, 2), &land) &&
		pp_slice_u64(pp_slice(key.at + 2, key.len - 2), &rest) && land >= 1 && land <= 16;
}

static struct pp_slice read_ars(
	struct reading *reading, struct pp_arena *arena, OGRFeatureH feature)
{
	struct pp_slice ars = pp_ogr_text(arena, feature, reading->ars);

	if (ars.len)
		return ars;
	for (size_t i = 0; i < PP_LENGTH(key_parts); i++) {
		struct pp_slice part = pp_ogr_text(arena, feature, reading->parts[i]);

		if (!part.len)
			return PP_S("");
		ars = pp_format(arena, "%.*s%.*s", PP_SHOW(ars), PP_SHOW(part));
	}
	return ars;
}

/* A district's key hangs below its parent: 02000000-1. */
static bool find_district(struct reading *reading, struct pp_arena *arena, struct pp_slice key,
	struct pp_filejob_municipality *row, struct pp_fault *fault)
{
	struct pp_slice parent = reading->ask->parent;

	for (size_t i = 0; i < key.len; i++)
		if (!strchr("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-",
			    key.at[i]))
			return refuse_row(reading, fault, "is no key of a district", key);
	if (key.len == 0 || key.len > 30)
		return refuse_row(reading, fault, "is no key of a district", key);
	/* Hamburg counts its Bezirke 01 to 07; the key of a body is 02000000-1. */
	while (key.len > 1 && *key.at == '0' && !pp_slice_starts(key, parent))
		key = pp_slice(key.at + 1, key.len - 1);
	row->key = pp_slice_starts(key, parent)
		? key
		: pp_format(arena, "%.*s-%.*s", PP_SHOW(parent), PP_SHOW(key));
	return true;
}

static bool find_key(struct reading *reading, struct pp_arena *arena, OGRFeatureH feature,
	struct pp_filejob_municipality *row, struct pp_fault *fault)
{
	struct pp_slice key = pp_ogr_text(arena, feature, reading->key);

	row->ars = read_ars(reading, arena, feature);
	if (reading->ask->parent.len)
		return find_district(reading, arena, key, row, fault);
	if (row->ars.len && !is_key(row->ars, 12))
		return refuse_row(reading, fault, "is no ARS of twelve digits", row->ars);
	/* A number has lost the leading zero of SH, HH and seven other Länder. */
	if (reading->key_is_number && key.len == 7) {
		key = pp_format(arena, "0%.*s", PP_SHOW(key));
		reading->padded++;
	}
	if (!key.len && row->ars.len) /* AGS = ARS without the four digits of the Verband */
		key = pp_format(arena, "%.5s%.3s", row->ars.at, row->ars.at + 9);
	if (!is_key(key, 8))
		return refuse_row(reading, fault, "is no AGS of eight digits", key);
	row->key = key;
	return true;
}

static bool write_area(struct reading *reading, struct pp_arena *arena, OGRFeatureH feature,
	struct pp_filejob_municipality *row, struct pp_fault *fault)
{
	OGRGeometryH geometry = OGR_F_GetGeometryRef(feature);
	struct pp_shape shape;
	bool has_z = false;
	struct pp_slice wkb;

	if (!geometry || OGR_G_IsEmpty(geometry))
		return refuse_row(reading, fault, "has no geometry", row->key);
	pp_shape_begin(&shape, arena, VERTICES_MAX);
	pp_shape_measure(&shape, reading->crs.units);
	if (!pp_ogr_add(arena, geometry, &shape, &has_z, fault)) {
		char detail[sizeof(fault->detail)];

		snprintf(detail, sizeof(detail), "%s", fault->detail);
		if (shape.has_place && !reading->crs.to_utm)
			pp_files_place(reading->job, fault, reading->crs.epsg, shape.x, shape.y);
		return pp_fault(fault, fault->problem, "Row %u, %.*s: %.200s", reading->row,
			PP_SHOW(row->key), detail);
	}
	if (shape.polygons == 0 || shape.points || shape.lines)
		return refuse_row(reading, fault, "is no area but points or lines", row->key);
	if (!pp_ogr_write(arena, &reading->crs, &shape, &wkb, fault))
		return false;
	if (reading->crs.epsg == PP_UTM32) {
		row->wkb = wkb;
		return true;
	}
	return pp_crs_read(reading->job->geo, arena, (int)reading->crs.epsg, PP_AXES_EAST_NORTH,
		wkb, &row->wkb, fault);
}

static bool read_row(struct reading *reading, OGRFeatureH feature, struct pp_fault *fault)
{
	struct pp_filejob_municipality row = { .row = ++reading->row };
	struct pp_slice gf, ade;
	struct pp_arena arena;
	uint64_t number = 0;
	bool done;

	pp_arena_begin(&arena);
	ade = pp_ogr_text(&arena, feature, reading->ade);
	if (!reading->ask->parent.len && ade.len && pp_slice_u64(ade, &number) &&
		number != ADE_MUNICIPALITY) {
		reading->other_levels++;
		pp_arena_end(&arena);
		return true;
	}
	row.name = pp_ogr_text(&arena, feature, reading->name);
	row.designation = pp_ogr_text(&arena, feature, reading->designation);
	row.remark = pp_ogr_text(&arena, feature, reading->remark);
	gf = pp_ogr_text(&arena, feature, reading->gf);
	row.gf = pp_slice_u64(gf, &number) && number <= 4 ? (uint32_t)number : 0;
	done = find_key(reading, &arena, feature, &row, fault) &&
		write_area(reading, &arena, feature, &row, fault);
	if (done)
		reading->job->sink->municipality(reading->job->sink->ctx, &row);
	pp_arena_end(&arena);
	return done;
}

static bool read_rows(struct reading *reading, struct pp_fault *fault)
{
	OGRLayerH layer = reading->source->layer;
	OGRFeatureH feature;
	bool done = true;

	OGR_L_ResetReading(layer);
	while (done && (feature = OGR_L_GetNextFeature(layer))) {
		done = read_row(reading, feature, fault);
		OGR_F_Destroy(feature);
	}
	if (!done)
		return false;
	if (reading->source->failures)
		return pp_fault(fault, PP_file_unreadable,
			"The layer cannot be read beyond row %u: %.150s.", reading->row,
			reading->source->message);
	if (reading->row == reading->other_levels)
		return pp_fault(fault, PP_boundaries_unusable,
			"The layer holds no municipality (no row with ADE 6).");
	if (reading->padded)
		pp_files_warn(reading->job, 0,
			"The key is a number in this file; %u keys got their leading zero back.",
			reading->padded);
	if (reading->other_levels)
		pp_files_warn(reading->job, 0, "%u rows of other levels (ADE) were left out.",
			reading->other_levels);
	return true;
}

bool pp_files_read_areas(const struct pp_files_job *given, const struct pp_filejob_areas *areas,
	struct pp_fault *fault)
{
	struct pp_files_job job = *given;
	struct pp_filejob_areas ask = *areas;
	struct reading reading = { .job = &job, .ask = &ask };
	enum pp_files_format format;
	GIntBig count;

	if (!pp_files_unpack(&job, &ask.layer, &format, fault))
		return false;
	if (format == PP_FILES_UNKNOWN)
		return pp_fault(fault, PP_unsupported_media_type,
			"This is none of the formats that are read: GeoPackage, FlatGeobuf, "
			"Shapefile, GeoJSON, GML.");
	if (format == PP_FILES_XML && !pp_files_screen_xml(&job, fault))
		return false;
	if (!pp_ogr_open_source(&job, format, &reading.source, fault) ||
		!pp_ogr_choose_layer(
			&job, reading.source, ask.layer, "gem", PP_OGR_GEOMETRY, fault) ||
		!find_fields(&reading, fault) ||
		!pp_ogr_find_crs(&job, reading.source, &reading.crs, fault))
		return false;
	count = OGR_L_GetFeatureCount(reading.source->layer, TRUE);
	job.sink->count(job.sink->ctx, count > 0 && count < UINT32_MAX ? (uint32_t)count : 0);
	return read_rows(&reading, fault);
}
