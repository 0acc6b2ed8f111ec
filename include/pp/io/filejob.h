/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * File jobs: what is asked of the helper `planungsplattform-files` and what it answers. It alone
 * links GDAL and reads files from outside; every job runs in a process of its own that ends with
 * the job, without database and network (docs/decisions/0003-file-jobs.md).
 *
 * One connection serves one job (pp_worker_open on the helper's socket, ask, close). Its request is
 * any number of PP_FILEJOB_PART frames and then one frame that names the job; each carries an open
 * descriptor of a regular file, positioned anywhere, which the helper maps and never writes. The
 * answer is any number of frames from 0x8000 on and then PP_FILEJOB_END or PP_FILEJOB_FAULT, all
 * with the number of the job's frame. A job that runs out of time or memory, or that crashes, ends
 * the connection without either.
 *
 * The functions below write a structure as a payload and read one back; what is read points into
 * the payload, lists lie in the arena. Reading is false for a payload that is too short or too
 * long. Text is UTF-8. Geometries leave as little-endian WKB of types 1 to 7, X and Y only, X
 * pointing east and Y north whatever the file's own axis order; arcs are already chords that keep
 * within PP_FILEJOB_CHORD of them. Nothing is repaired and nothing but the structure (closed
 * rings, finite numbers) is judged: whether the geometry is valid is for pp/geo/validate.h.
 */
#include <pp/base/buf.h>
#include <pp/base/problem.h>

/* A plan file may have so many bytes, a compressed one also when unpacked; boundaries more. */
#define PP_FILEJOB_FILE_MAX       (200u << 20)
#define PP_FILEJOB_BOUNDARIES_MAX (1u << 30)
#define PP_FILEJOB_CHECKED_MAX    (UINT64_C(10) << 30)
#define PP_FILEJOB_FEATURES_MAX   (UINT64_C(2) << 30)
#define PP_FILEJOB_VERTICES_MAX   200000u /* of one plan, arcs counted as chords */
#define PP_FILEJOB_PLANS_MAX      1000u   /* in one file */
#define PP_FILEJOB_CHORD          0.01    /* metres between an arc and its chords at most */

/* Requests, each with a descriptor but for the last. */
enum {
	PP_FILEJOB_PART = 1, /* payload: the part's file name (places.dbf beside places.shp) */
	PP_FILEJOB_PLANS,    /* struct pp_filejob_plans -> A_PLAN…, A_WARNING…, A_CHOICE… */
	PP_FILEJOB_MUNICIPALITIES, /* struct pp_filejob_areas -> A_COUNT, A_MUNICIPALITY… */
	PP_FILEJOB_TABLE,          /* struct pp_filejob_table -> A_COUNT, A_ROW… */
	PP_FILEJOB_CLEAN, /* struct pp_filejob_clean -> A_BYTES…, or a fault with VERBLEIBT as
			     pointer */
	PP_FILEJOB_CHECK, /* struct pp_filejob_check -> nothing, or a fault with a reason as pointer
			   */
	PP_FILEJOB_SHEET, /* struct pp_filejob_sheet, the one without a descriptor -> A_BYTES */
	PP_FILEJOB_GEOPACKAGE, /* struct pp_filejob_geopackage -> A_COUNT; see there */
};

/* Answers. */
enum {
	PP_FILEJOB_END = 1,   /* no payload: everything was sent */
	PP_FILEJOB_FAULT = 2, /* struct pp_fault: nothing sent before counts */

	PP_FILEJOB_A_PLAN = 0x8001,    /* struct pp_filejob_plan */
	PP_FILEJOB_A_CHOICE = 0x8002,  /* struct pp_filejob_choice, before ..._ambiguous */
	PP_FILEJOB_A_WARNING = 0x8003, /* struct pp_filejob_warning */
	PP_FILEJOB_A_COUNT = 0x8004,   /* u32: how many rows will follow at most, for progress */
	PP_FILEJOB_A_MUNICIPALITY = 0x8005, /* struct pp_filejob_municipality */
	PP_FILEJOB_A_ROW = 0x8006,          /* struct pp_filejob_row */
	PP_FILEJOB_A_BYTES = 0x8007,        /* a file that was made, whole or in pieces */
};

struct pp_filejob_texts {
	size_t count;
	struct pp_slice *at;
};

/* PP_FILEJOB_PLANS: the plans of a file. Empty slices are "not said". */
struct pp_filejob_plans {
	struct pp_slice name;       /* file name without folders; a hint for titles and messages */
	struct pp_slice media_type; /* as sent; a contradiction to the content is unsupported */
	struct pp_slice layer;      /* of a GeoPackage, a zip…: its name */
	/*
	 * Which plan of several: "all", a number from 1, or a name; without, the only one. In a
	 * layer of a GIS file it picks features; without, all features are one plan.
	 */
	struct pp_slice plan;
};

struct pp_filejob_plan {
	uint32_t place;         /* in the file, from 1; 0 for a whole layer */
	struct pp_slice name;   /* of the plan, else of the layer */
	struct pp_slice number; /* XPlanGML nummer */
	struct pp_slice
		object; /* "BP_Plan", "FP_Plan", "RP_Plan", "LP_Plan", "SO_Plan", or the layer */
	struct pp_slice version; /* of XPlanGML, such as "5.1"; empty for other formats */
	struct pp_slice kind;    /* the procedure kind that follows from the file, or empty */
	struct pp_slice plan_art, verfahren, rechtsstand; /* XPlanGML codes as the file has them */
	uint32_t vorhabenbezogen;                         /* 1: § 12 BauGB */
	struct pp_filejob_texts ags; /* valid keys of the planning municipalities */
	uint32_t epsg;               /* of the geometry */
	uint32_t vertices;
	struct pp_slice wkb;
};

struct pp_filejob_choice {
	uint32_t place; /* from 1: what pp_filejob_plans.plan would take */
	struct pp_slice name, number, object;
};

struct pp_filejob_warning {
	uint32_t place; /* of the plan, 0 for the file */
	struct pp_slice text;
};

/*
 * PP_FILEJOB_MUNICIPALITIES: the areas of a boundary dataset. Fields are found by the names of
 * VG250 (AGS, ARS or RS, GEN, BEZ, BEM, GF, ADE) in any case; a name given here wins.
 */
struct pp_filejob_areas {
	struct pp_slice name, layer;
	struct pp_slice key_field, ars_field, name_field, designation_field;
	/*
	 * The AGS under which districts lie. With it a key need not be an AGS: it becomes
	 * "parent-key" without leading zeros, and a key that begins with the parent stays.
	 */
	struct pp_slice parent;
};

struct pp_filejob_municipality {
	uint32_t row; /* in the file, from 1 */
	struct pp_slice key, ars, name, designation;
	struct pp_slice remark; /* VG250 BEM, such as "kreisfrei" */
	uint32_t gf;            /* VG250 GF: 1 or 2 water, 3 or 4 land; 0 where the file has none */
	struct pp_slice wkb;    /* Polygon or MultiPolygon, EPSG:25832 */
};

/*
 * PP_FILEJOB_TABLE: columns of a table, from a CSV file (UTF-8 or Windows-1252, comma, semicolon or
 * tab) or from any layer, whose geometry is not looked at. A column is asked for by its possible
 * names, "key|ags|ars", in any case; one that begins with "?" may be missing and is then empty.
 */
struct pp_filejob_table {
	struct pp_slice name, layer;
	struct pp_filejob_texts columns;
};

struct pp_filejob_row {
	uint32_t row; /* the line of a CSV file, the feature of a layer, from 1 */
	struct pp_filejob_texts cells;
};

/*
 * PP_FILEJOB_CHECK: whether a document of any size is what it was announced as. A fault whose
 * pointer is not empty judges the file (the pointer is the reason), any other one says that it was
 * not judged.
 */
struct pp_filejob_check {
	struct pp_slice name, media_type;
};

/*
 * PP_FILEJOB_SHEET: a document of our own as PDF, A4, set from blocks. The same sheet gives the
 * same bytes with the same libraries and fonts. A block is three texts, style, label and text:
 *
 *     title, lead, text, aside, heading   a paragraph; no label
 *     fact                                a label and beside it a text
 *     mono                                the same, in fixed pitch: hashes, commands
 *     code                                a QR code of the label's bytes with the text beside it;
 *                                         the text alone where they are too many for one
 */
struct pp_filejob_sheet {
	struct pp_slice title, author; /* of the document */
	struct pp_slice lang;          /* RFC 5646 */
	struct pp_slice made_at;       /* RFC 3339, UTC: when it says that it was made */
	struct pp_slice foot;          /* on every page */
	struct pp_slice attached_name; /* ASCII, without brackets; empty: nothing is attached */
	struct pp_slice attached_type; /* media type */
	struct pp_slice attached;
	struct pp_filejob_texts blocks;
};

/*
 * PP_FILEJOB_GEOPACKAGE: the features of a FlatGeobuf file as a GeoPackage. The one part before the
 * job is an empty file, open for reading and writing, into which that is written; the count is how
 * many features it has got. body_too_large where it would have more than so many MiB.
 */
struct pp_filejob_geopackage {
	struct pp_slice name;         /* of the FlatGeobuf file */
	struct pp_slice layer;        /* what the table is called */
	struct pp_slice title, about; /* identifier and description in gpkg_contents */
	struct pp_slice made_at; /* RFC 3339 with milliseconds, UTC: last_change in gpkg_contents */
	struct pp_filejob_texts days; /* columns that have days, which are instants in FlatGeobuf */
	uint32_t has_geometry;
	uint32_t most_mb;
};
void pp_filejob_write_geopackage(
	struct pp_buf *out, const struct pp_filejob_geopackage *geopackage);
PP_CHECKED bool pp_filejob_read_geopackage(
	struct pp_slice payload, struct pp_arena *arena, struct pp_filejob_geopackage *geopackage);

void pp_filejob_write_sheet(struct pp_buf *out, const struct pp_filejob_sheet *sheet);
/*
 * PP_FILEJOB_CLEAN: a document without what it says about its making; without A_BYTES: there is
 * nothing to take out. A fault whose pointer is VERBLEIBT: it cannot be taken out.
 */
struct pp_filejob_clean {
	struct pp_slice name, media_type;
};

void pp_filejob_write_clean(struct pp_buf *out, const struct pp_filejob_clean *clean);
void pp_filejob_write_check(struct pp_buf *out, const struct pp_filejob_check *check);
void pp_filejob_write_plans(struct pp_buf *out, const struct pp_filejob_plans *plans);
void pp_filejob_write_areas(struct pp_buf *out, const struct pp_filejob_areas *areas);
void pp_filejob_write_table(struct pp_buf *out, const struct pp_filejob_table *table);
void pp_filejob_write_plan(struct pp_buf *out, const struct pp_filejob_plan *plan);
void pp_filejob_write_choice(struct pp_buf *out, const struct pp_filejob_choice *choice);
void pp_filejob_write_warning(struct pp_buf *out, const struct pp_filejob_warning *warning);
void pp_filejob_write_municipality(
	struct pp_buf *out, const struct pp_filejob_municipality *municipality);
void pp_filejob_write_row(struct pp_buf *out, const struct pp_filejob_row *row);
void pp_filejob_write_fault(struct pp_buf *out, const struct pp_fault *fault);

PP_CHECKED bool pp_filejob_read_sheet(
	struct pp_slice payload, struct pp_arena *arena, struct pp_filejob_sheet *sheet);
PP_CHECKED bool pp_filejob_read_clean(
	struct pp_slice payload, struct pp_arena *arena, struct pp_filejob_clean *clean);
PP_CHECKED bool pp_filejob_read_check(
	struct pp_slice payload, struct pp_arena *arena, struct pp_filejob_check *check);
PP_CHECKED bool pp_filejob_read_plans(
	struct pp_slice payload, struct pp_arena *arena, struct pp_filejob_plans *plans);
PP_CHECKED bool pp_filejob_read_areas(
	struct pp_slice payload, struct pp_arena *arena, struct pp_filejob_areas *areas);
PP_CHECKED bool pp_filejob_read_table(
	struct pp_slice payload, struct pp_arena *arena, struct pp_filejob_table *table);
PP_CHECKED bool pp_filejob_read_plan(
	struct pp_slice payload, struct pp_arena *arena, struct pp_filejob_plan *plan);
PP_CHECKED bool pp_filejob_read_choice(
	struct pp_slice payload, struct pp_arena *arena, struct pp_filejob_choice *choice);
PP_CHECKED bool pp_filejob_read_warning(
	struct pp_slice payload, struct pp_arena *arena, struct pp_filejob_warning *warning);
PP_CHECKED bool pp_filejob_read_municipality(struct pp_slice payload, struct pp_arena *arena,
	struct pp_filejob_municipality *municipality);
PP_CHECKED bool pp_filejob_read_row(
	struct pp_slice payload, struct pp_arena *arena, struct pp_filejob_row *row);
PP_CHECKED bool pp_filejob_read_fault(struct pp_slice payload, struct pp_fault *fault);
