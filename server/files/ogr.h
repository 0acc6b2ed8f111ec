/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * GDAL's vector drivers, five of them, on files that lie in memory. GDAL is told to fetch nothing,
 * to write nothing and to keep its messages for us; the sandbox around the job makes sure of the
 * first two.
 */
#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

#include "files.h"
#include "shape.h"

/* Once per process, before anything of a stranger is read: drivers, options, encodings. */
void pp_ogr_open(void);
/* At the end of a process that has read nothing of a stranger. */
void pp_ogr_close(void);
/*
 * In a child, after its birth and before its sandbox, which would not let PROJ open its database:
 * it does so anew after a fork, at the first question that GDAL does not answer from what the
 * parent has asked already. So this asks for a CRS that the parent never does.
 */
void pp_ogr_wake(void);

struct pp_ogr_source {
	GDALDatasetH dataset;
	OGRLayerH layer; /* the chosen one */
	struct pp_slice layer_name;
	char message[200]; /* the first failure that GDAL told of */
	unsigned failures;
};

/* What a layer must have to be offered. */
enum pp_ogr_need { PP_OGR_ANY_LAYER, PP_OGR_GEOMETRY };

/*
 * Opens the job's parts as one data set of that format; it ends with the arena. Then chooses the
 * layer: the one named, or the only one with what is needed, or the only one whose name holds the
 * hint. Else the layers go to the sink and the fault is layer_ambiguous.
 */
PP_CHECKED bool pp_ogr_open_source(const struct pp_files_job *job, enum pp_files_format format,
	struct pp_ogr_source **source, struct pp_fault *fault);
PP_CHECKED bool pp_ogr_choose_layer(const struct pp_files_job *job, struct pp_ogr_source *source,
	struct pp_slice wanted, const char *hint, enum pp_ogr_need need, struct pp_fault *fault);

/*
 * The layer's CRS. Where it is one of pp/geo/crs.h, coordinates pass as they are; another one that
 * PROJ knows is transformed to EPSG:25832 here. No CRS, or a local one, is crs_unknown.
 */
struct pp_ogr_crs {
	uint32_t epsg; /* of the coordinates that leave */
	enum pp_shape_units units;
	OGRCoordinateTransformationH to_utm; /* NULL when coordinates pass */
	struct pp_slice name;
};
PP_CHECKED bool pp_ogr_find_crs(const struct pp_files_job *job, struct pp_ogr_source *source,
	struct pp_ogr_crs *crs, struct pp_fault *fault);
/* The WKB of a shape, transformed when the CRS asks for it. */
PP_CHECKED bool pp_ogr_write(struct pp_arena *arena, const struct pp_ogr_crs *crs,
	const struct pp_shape *shape, struct pp_slice *wkb, struct pp_fault *fault);

/* A geometry into a shape; *has_z is set where heights were left out. */
PP_CHECKED bool pp_ogr_add(struct pp_arena *arena, OGRGeometryH geometry, struct pp_shape *shape,
	bool *has_z, struct pp_fault *fault);

/* The index of the first field with one of the names "ags|key", in any case; -1 without. */
int pp_ogr_field(OGRLayerH layer, struct pp_slice names);
/* A field as text in the arena, trimmed; empty when the index is -1 or the field is null. */
struct pp_slice pp_ogr_text(struct pp_arena *arena, OGRFeatureH feature, int field);

/*
 * Patches of one surface become that surface: united when they are valid and only share borders,
 * with a warning; else they stay what they are, for the check of validity to find.
 */
void pp_ogr_unite(const struct pp_files_job *job, uint32_t place, struct pp_shape *shape);

/* The jobs on what GDAL reads. */
PP_CHECKED bool pp_ogr_read_plans(const struct pp_files_job *job, enum pp_files_format format,
	const struct pp_filejob_plans *ask, struct pp_fault *fault);
PP_CHECKED bool pp_ogr_write_geopackage(const struct pp_files_job *job,
	const struct pp_filejob_geopackage *ask, struct pp_fault *fault);
PP_CHECKED bool pp_ogr_read_table(const struct pp_files_job *job, enum pp_files_format format,
	const struct pp_filejob_table *ask, struct pp_fault *fault);
