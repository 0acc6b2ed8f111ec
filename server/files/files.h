/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * The helper's room: files of strangers become plans, municipalities and rows of tables. Everything
 * here runs in a process that serves one job and then ends (server/process/files_main.c): memory
 * lies in the job's arena or in a library, and nobody tidies up after a crash. A reader takes bytes
 * and hands results to a sink; it knows neither sockets nor frames. GDAL is met in ogr*.c only,
 * libxml2 in xml.c, libarchive and zlib in unpack.c, check_zip.c and
 * clean_office.c, qpdf in clean_pdf.c, libmagic in kind.c; cairo, Pango and libqrencode, which make
 * a file instead of reading one, in sheet.c and fonts.c.
 */
#include <pp/base/problem.h>
#include <pp/geo/geo.h>
#include <pp/io/filejob.h>

/* Where results go, in their order. What is pointed to lives until the function returns. */
struct pp_files_sink {
	void *ctx;
	void (*plan)(void *ctx, const struct pp_filejob_plan *plan);
	void (*choice)(void *ctx, const struct pp_filejob_choice *choice);
	void (*warning)(void *ctx, const struct pp_filejob_warning *warning);
	void (*count)(void *ctx, uint32_t rows);
	void (*municipality)(void *ctx, const struct pp_filejob_municipality *municipality);
	void (*row)(void *ctx, const struct pp_filejob_row *row);
	void (*bytes)(void *ctx, struct pp_slice bytes);
};

struct pp_kind;
struct pp_fonts;

struct pp_files_part {
	struct pp_slice name; /* without folders */
	struct pp_slice bytes;
};

/* What a job has to read and where its results go. The first part is the file. */
struct pp_files_job {
	struct pp_arena *arena;
	struct pp_geo *geo;     /* opened before the sandbox; NULL where places need not be told */
	struct pp_kind *kind;   /* likewise; of checks */
	struct pp_fonts *fonts; /* likewise; of what is written */
	const struct pp_files_sink *sink;
	struct pp_files_part *parts;
	size_t part_count;
	size_t unpacked_max; /* bytes that a compressed file may become */
	int result;          /* the file that is written; -1: none is */
};

void pp_files_warn(const struct pp_files_job *job, uint32_t place, const char *format, ...)
	PP_PRINTF(3, 4);

/* Says where a fault is, from a coordinate (east, north) of that CRS. */
void pp_files_place(
	const struct pp_files_job *job, struct pp_fault *fault, uint32_t epsg, double x, double y);

/* The three jobs. False with a fault; then nothing handed to the sink counts. */
PP_CHECKED bool pp_files_read_plans(
	const struct pp_files_job *job, const struct pp_filejob_plans *ask, struct pp_fault *fault);
PP_CHECKED bool pp_files_read_areas(
	const struct pp_files_job *job, const struct pp_filejob_areas *ask, struct pp_fault *fault);
PP_CHECKED bool pp_files_read_table(
	const struct pp_files_job *job, const struct pp_filejob_table *ask, struct pp_fault *fault);

/* Walks over an XML document that GDAL is to read, with the bounds of xml.h. */
PP_CHECKED bool pp_files_screen_xml(const struct pp_files_job *job, struct pp_fault *fault);

/* What the first bytes of a file say that it is; names and media types only ever contradict it. */
enum pp_files_format {
	PP_FILES_UNKNOWN,
	PP_FILES_XML,
	PP_FILES_GEOJSON,
	PP_FILES_GEOPACKAGE,
	PP_FILES_FLATGEOBUF,
	PP_FILES_SHAPE,
	PP_FILES_ZIP,
	PP_FILES_GZIP,
	PP_FILES_TEXT, /* of a table */
};

enum pp_files_format pp_files_sniff(struct pp_slice bytes);
/* English, for sentences: "GeoPackage". */
const char *pp_files_format_name(enum pp_files_format format);
/* Whether a media type, possibly with parameters, may stand for that format. Unknown ones may. */
bool pp_files_media_type_fits(struct pp_slice media_type, enum pp_files_format format);

/*
 * Takes gzip and zip away: on return the job's parts are those of one data set (places.shp with its
 * companions) and *format says of which kind. Several data sets in one zip are layer_ambiguous,
 * unless layer names one by the name of its file without ending; *layer is then emptied, because it
 * is used up.
 */
PP_CHECKED bool pp_files_unpack(struct pp_files_job *job, struct pp_slice *layer,
	enum pp_files_format *format, struct pp_fault *fault);
/* One gzip file or the members of a zip, for pp_files_unpack. */
PP_CHECKED bool pp_files_gunzip(struct pp_arena *arena, struct pp_slice packed, size_t unpacked_max,
	struct pp_slice *bytes, struct pp_fault *fault);
PP_CHECKED bool pp_files_unzip(struct pp_arena *arena, struct pp_slice packed, size_t unpacked_max,
	struct pp_files_part **parts, size_t *count, struct pp_fault *fault);

/* The file's name without folders and without its last ending (".gml", and ".gml.gz" in turn). */
struct pp_slice pp_files_stem(struct pp_slice name);
