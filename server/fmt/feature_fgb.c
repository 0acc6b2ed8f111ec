/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * FlatGeobuf 3 as a stream: no index and no number of features, which nobody knows before the end.
 * Header and features are FlatBuffers (flatbuffers.dev, "FlatBuffer internals"), of which the few
 * tables here are written forwards: a table, then what it refers to, whose places are filled in.
 * Everything stands where its size wants it, counted from the size that is before each buffer.
 */
#include <pp/fmt/feature.h>

#include <math.h>

#include <pp/fmt/wkb.h>

#include "decimal.h"

/* header.fbs and feature.fbs of FlatGeobuf 3.0.1: the fields that are written, by their numbers. */
enum header_field {
	HEADER_NAME = 0,
	HEADER_GEOMETRY_TYPE = 2,
	HEADER_COLUMNS = 7,
	HEADER_INDEX_NODE_SIZE = 9,
	HEADER_CRS = 10,
	HEADER_TITLE = 11,
	HEADER_DESCRIPTION = 12
};
enum column_field { COLUMN_NAME, COLUMN_TYPE, COLUMN_TITLE, COLUMN_NULLABLE = 7, COLUMN_UNIQUE };
enum crs_field { CRS_ORG, CRS_CODE };
enum feature_field { FEATURE_GEOMETRY, FEATURE_PROPERTIES };
enum geometry_field { GEOMETRY_ENDS, GEOMETRY_XY, GEOMETRY_TYPE = 6, GEOMETRY_PARTS };
enum { FIELDS = 13 };

enum column_type {
	TYPE_BOOL = 2,
	TYPE_INT = 5,
	TYPE_DOUBLE = 10,
	TYPE_STRING,
	TYPE_DATE_TIME = 13
};

/* Of uuids too, and dates are instants as ISO 8601 writes them. */
static const enum column_type types[PP_FEATURE_KINDS] = {
	[PP_FEATURE_TEXT] = TYPE_STRING,
	[PP_FEATURE_UUID] = TYPE_STRING,
	[PP_FEATURE_INTEGER] = TYPE_INT,
	[PP_FEATURE_NUMBER] = TYPE_DOUBLE,
	[PP_FEATURE_BOOLEAN] = TYPE_BOOL,
	[PP_FEATURE_DATE] = TYPE_DATE_TIME,
	[PP_FEATURE_INSTANT] = TYPE_DATE_TIME,
};

/* Geometry types of the schema are those of WKB; unknown: each feature says its own. */
static const unsigned char shapes[] = {
	[PP_FEATURE_ANY] = 0,
	[PP_FEATURE_LINES] = PP_WKB_LINES,
	[PP_FEATURE_AREAS] = PP_WKB_POLYGONS,
};

/* ---- FlatBuffers ---- */

struct flat {
	struct pp_buf *out;
	size_t base; /* where the buffer's size stands in out */
};

static size_t here(const struct flat *f)
{
	return f->out->len - f->base;
}

static void put(const struct flat *f, size_t at, uint32_t value)
{
	for (size_t i = 0; i < sizeof(value); i++)
		f->out->at[f->base + at + i] = (char)(value >> 8 * i);
}

/* Zeros until what stands so many bytes further on is where its size wants it. */
static void align(struct flat *f, size_t size, size_t further)
{
	while ((here(f) + further) % size)
		pp_buf_u8(f->out, 0);
}

/* That field refers to what comes next. */
static void refer(struct flat *f, size_t field)
{
	put(f, field, (uint32_t)(here(f) - field));
}

/* Begins elements of so many bytes that the field refers to; answers where their number stands. */
static size_t begin_vector(struct flat *f, size_t field, uint32_t count, size_t size)
{
	align(f, sizeof(uint32_t), 0);
	align(f, size > sizeof(uint32_t) ? size : sizeof(uint32_t), sizeof(uint32_t));
	refer(f, field);
	pp_buf_u32(f->out, count);
	return here(f) - sizeof(uint32_t);
}

static void add_string(struct flat *f, size_t field, struct pp_slice text)
{
	begin_vector(f, field, (uint32_t)text.len, 1);
	pp_buf_slice(f->out, text);
	pp_buf_u8(f->out, 0);
}

/* A field of a table: 1, 2 or 4 bytes; a reference is 4 bytes that are filled in. 0: not there. */
struct field {
	unsigned size;
	uint32_t value;
};
#define REFERENCE                                                                                  \
	{                                                                                          \
		4, 0                                                                               \
	}

/* A table that the field refers to, with its vtable before it; at[] gets where its fields stand. */
static void add_table(
	struct flat *f, size_t field, const struct field *fields, size_t count, size_t *at)
{
	size_t head = 4 + 2 * count, size = 4, offsets[FIELDS] = { 0 };
	size_t start;

	PP_MUST(count <= FIELDS);
	for (unsigned width = 4; width; width /= 2)
		for (size_t i = 0; i < count; i++)
			if (fields[i].size == width) {
				offsets[i] = size;
				size += width;
			}
	align(f, 4, head);
	pp_buf_u16(f->out, (uint16_t)head);
	pp_buf_u16(f->out, (uint16_t)size);
	for (size_t i = 0; i < count; i++)
		pp_buf_u16(f->out, (uint16_t)offsets[i]);
	refer(f, field);
	start = here(f);
	pp_buf_u32(f->out, (uint32_t)head);
	for (unsigned width = 4; width; width /= 2)
		for (size_t i = 0; i < count; i++)
			for (unsigned byte = 0; fields[i].size == width && byte < width; byte++)
				pp_buf_u8(f->out, (uint8_t)(fields[i].value >> 8 * byte));
	for (size_t i = 0; i < count; i++)
		at[i] = start + offsets[i];
}

/* Its size, and where its table is: the field that a buffer begins with. */
static struct flat begin_buffer(struct pp_buf *out)
{
	struct flat f = { out, out->len };

	pp_buf_u32(out, 0);
	pp_buf_u32(out, 0);
	return f;
}
enum { ROOT = sizeof(uint32_t) };

static void end_buffer(struct flat *f)
{
	align(f, 8, 0);
	put(f, 0, (uint32_t)(here(f) - sizeof(uint32_t)));
}

/* ---- The header ---- */

static void add_column(struct flat *f, size_t field, const char *name, const char *title,
	enum column_type type, bool required, bool unique)
{
	const struct field fields[] = {
		[COLUMN_NAME] = REFERENCE,
		[COLUMN_TYPE] = { 1, type },
		[COLUMN_TITLE] = REFERENCE,
		[COLUMN_NULLABLE] = { 1, !required },
		[COLUMN_UNIQUE] = { 1, unique },
	};
	size_t at[FIELDS];

	add_table(f, field, fields, PP_LENGTH(fields), at);
	add_string(f, at[COLUMN_NAME], pp_slice_of(name));
	add_string(f, at[COLUMN_TITLE], pp_slice_of(title));
}

static void add_columns(struct flat *f, size_t field, const struct pp_feature_view *view)
{
	const struct pp_feature_type *type = view->type;
	uint32_t count = 1;
	size_t at;

	for (size_t i = 0; i < type->column_count; i++)
		count += view->columns >> i & 1;
	begin_vector(f, field, count, sizeof(uint32_t));
	at = here(f);
	for (uint32_t i = 0; i < count; i++)
		pp_buf_u32(f->out, 0);
	add_column(f, at, "id", view->english ? "Id" : "Kennung", TYPE_STRING, true, true);
	for (size_t i = 0; i < type->column_count; i++) {
		const struct pp_feature_column *column = &type->columns[i];

		if (!(view->columns >> i & 1))
			continue;
		at += sizeof(uint32_t);
		add_column(f, at, column->name, view->english ? column->en : column->de,
			types[column->kind], column->required, false);
	}
}

static void add_crs(struct flat *f, size_t field, const struct pp_feature_view *view)
{
	const struct field fields[] = {
		[CRS_ORG] = REFERENCE,
		[CRS_CODE] = { 4, (uint32_t)view->epsg },
	};
	size_t at[FIELDS];

	add_table(f, field, fields, PP_LENGTH(fields), at);
	add_string(f, at[CRS_ORG], PP_S("EPSG"));
}

void pp_feature_fgb_begin(struct pp_buf *out, const struct pp_feature_view *view)
{
	static const unsigned char magic[] = { 'f', 'g', 'b', 3, 'f', 'g', 'b', 1 };
	const struct pp_feature_type *type = view->type;
	const struct field fields[] = {
		[HEADER_NAME] = REFERENCE,
		[HEADER_GEOMETRY_TYPE] = { 1, shapes[type->shape] },
		[HEADER_COLUMNS] = REFERENCE,
		[HEADER_INDEX_NODE_SIZE] = { 2, 0 },
		[HEADER_CRS] = REFERENCE,
		[HEADER_TITLE] = REFERENCE,
		[HEADER_DESCRIPTION] = REFERENCE,
	};
	size_t at[FIELDS];
	struct flat f;

	pp_buf_add(out, magic, sizeof(magic));
	f = begin_buffer(out);
	add_table(&f, ROOT, fields, PP_LENGTH(fields), at);
	add_string(&f, at[HEADER_NAME], pp_slice_of(type->name));
	add_columns(&f, at[HEADER_COLUMNS], view);
	add_crs(&f, at[HEADER_CRS], view);
	add_string(
		&f, at[HEADER_TITLE], pp_slice_of(view->english ? type->title_en : type->title_de));
	add_string(&f, at[HEADER_DESCRIPTION],
		pp_slice_of(view->english ? type->about_en : type->about_de));
	end_buffer(&f);
}

/* ---- Numbers ---- */

static const double scales[PP_DECIMALS_MOST + 1] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8,
	1e9 };

/* As exact as the other formats say it: the double that their decimals are read as, which have no
 * zero below zero. */
static double rounded(double value, unsigned decimals)
{
	PP_MUST(decimals <= PP_DECIMALS_MOST);
	return nearbyint(value * scales[decimals]) / scales[decimals] + 0.0;
}

/* ---- Geometries ---- */

static void add_positions(struct flat *f, const struct pp_wkb_walk *walk, unsigned decimals)
{
	for (uint32_t i = 0; i < walk->count; i++) {
		double x, y;

		pp_wkb_position(walk, i, &x, &y);
		pp_buf_f64(f->out, rounded(x, decimals));
		pp_buf_f64(f->out, rounded(y, decimals));
	}
}

/* Rings, or the lines or points of many, are one row of positions; ends say where each is over. */
static void add_row(struct flat *f, const size_t *at, struct pp_wkb_walk *walk, unsigned decimals)
{
	enum pp_wkb_type type = walk->type;
	bool has_ends = type == PP_WKB_POLYGON || type == PP_WKB_LINES;
	size_t end = 0, number;
	uint32_t positions = 0;
	enum pp_wkb_event event;

	if (has_ends) {
		begin_vector(f, at[GEOMETRY_ENDS], walk->count, sizeof(uint32_t));
		end = here(f);
		for (uint32_t i = walk->count; i; i--)
			pp_buf_u32(f->out, 0);
	}
	number = begin_vector(f, at[GEOMETRY_XY], 0, sizeof(double));
	while ((event = pp_wkb_walk_next(walk)) != PP_WKB_CLOSE || walk->type != type) {
		PP_MUST(event != PP_WKB_END);
		if (event != PP_WKB_POSITIONS)
			continue;
		add_positions(f, walk, decimals);
		positions += walk->count;
		if (has_ends) {
			put(f, end, positions);
			end += sizeof(uint32_t);
		}
	}
	put(f, number, 2 * positions);
}

static void add_geometry(struct flat *f, size_t field, struct pp_wkb_walk *walk, unsigned decimals);

/* The walk stands behind the OPEN of what has these parts. */
static void add_parts(
	struct flat *f, size_t field, struct pp_wkb_walk *walk, uint32_t count, unsigned decimals)
{
	size_t at;

	begin_vector(f, field, count, sizeof(uint32_t));
	at = here(f);
	for (uint32_t i = 0; i < count; i++)
		pp_buf_u32(f->out, 0);
	for (uint32_t i = 0; i < count; i++) {
		PP_MUST(pp_wkb_walk_next(walk) == PP_WKB_OPEN);
		add_geometry(f, at + i * sizeof(uint32_t), walk, decimals);
	}
	PP_MUST(pp_wkb_walk_next(walk) == PP_WKB_CLOSE);
}

/* The walk stands behind its OPEN. */
static void add_geometry(struct flat *f, size_t field, struct pp_wkb_walk *walk, unsigned decimals)
{
	enum pp_wkb_type type = walk->type;
	bool has_parts = type == PP_WKB_POLYGONS || type == PP_WKB_COLLECTION;
	bool has_ends = type == PP_WKB_POLYGON || type == PP_WKB_LINES;
	const struct field fields[] = {
		[GEOMETRY_ENDS] = { has_ends ? 4 : 0, 0 },
		[GEOMETRY_XY] = { has_parts ? 0 : 4, 0 },
		[GEOMETRY_TYPE] = { 1, type },
		[GEOMETRY_PARTS] = { has_parts ? 4 : 0, 0 },
	};
	size_t at[FIELDS];

	add_table(f, field, fields, PP_LENGTH(fields), at);
	if (has_parts)
		add_parts(f, at[GEOMETRY_PARTS], walk, walk->count, decimals);
	else
		add_row(f, at, walk, decimals);
}

/* One area where all are said to be many is many of one. */
static void add_alone(struct flat *f, size_t field, struct pp_wkb_walk *walk, unsigned decimals)
{
	const struct field fields[] = {
		[GEOMETRY_TYPE] = { 1, PP_WKB_POLYGONS },
		[GEOMETRY_PARTS] = REFERENCE,
	};
	size_t at[FIELDS];

	add_table(f, field, fields, PP_LENGTH(fields), at);
	begin_vector(f, at[GEOMETRY_PARTS], 1, sizeof(uint32_t));
	pp_buf_u32(f->out, 0);
	add_geometry(f, here(f) - sizeof(uint32_t), walk, decimals);
}

/* ---- Features ---- */

static void add_property(
	struct pp_buf *out, const struct pp_feature_column *column, struct pp_slice cell)
{
	int64_t whole;

	switch (column->kind) {
	case PP_FEATURE_INTEGER:
		PP_MUST(pp_slice_i64(cell, &whole));
		pp_buf_u32(out, (uint32_t)whole);
		return;
	case PP_FEATURE_NUMBER:
		pp_buf_f64(out, rounded(pp_feature_number(cell), column->decimals));
		return;
	case PP_FEATURE_BOOLEAN:
		pp_buf_u8(out, cell.at[0] == 't');
		return;
	default:
		pp_buf_bytes(out, cell);
	}
}

/* Number and value of each that is not null; the id is number 0. */
static void add_properties(struct flat *f, size_t field, const struct pp_feature_view *view,
	const struct pp_feature_row *row)
{
	size_t number = begin_vector(f, field, 0, 1), start = here(f);
	uint16_t column = 0;

	pp_buf_u16(f->out, column);
	pp_buf_bytes(f->out, row->id);
	for (size_t i = 0; i < view->type->column_count; i++) {
		if (!(view->columns >> i & 1))
			continue;
		column++;
		if (!row->cells[i].at)
			continue;
		pp_buf_u16(f->out, column);
		add_property(f->out, &view->type->columns[i], row->cells[i]);
	}
	put(f, number, (uint32_t)(here(f) - start));
}

void pp_feature_fgb(
	struct pp_buf *out, const struct pp_feature_view *view, const struct pp_feature_row *row)
{
	bool has_place = view->geometry && row->wkb.at;
	const struct field fields[] = {
		[FEATURE_GEOMETRY] = { has_place ? 4 : 0, 0 },
		[FEATURE_PROPERTIES] = REFERENCE,
	};
	unsigned decimals = view->decimals;
	struct flat f = begin_buffer(out);
	struct pp_wkb_walk walk;
	size_t at[FIELDS];

	add_table(&f, ROOT, fields, PP_LENGTH(fields), at);
	if (has_place) {
		pp_wkb_walk_begin(&walk, row->wkb);
		PP_MUST(pp_wkb_walk_next(&walk) == PP_WKB_OPEN);
		if (walk.type == PP_WKB_POLYGON && view->type->shape == PP_FEATURE_AREAS)
			add_alone(&f, at[FEATURE_GEOMETRY], &walk, decimals);
		else
			add_geometry(&f, at[FEATURE_GEOMETRY], &walk, decimals);
	}
	add_properties(&f, at[FEATURE_PROPERTIES], view, row);
	end_buffer(&f);
}
