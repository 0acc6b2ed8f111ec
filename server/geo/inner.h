/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* What the files of this room share and nobody else sees: the libraries' contexts, and WKB by runs. */
#include <geos_c.h>
#include <proj.h>

#include <pp/base/buf.h>
#include <pp/geo/boundaries.h>
#include <pp/geo/crs.h>

enum { PP_CRS_ROWS = 22 };

struct pp_geo {
	GEOSContextHandle_t geos;
	PJ_CONTEXT *proj;
	PJ *to_utm32[PP_CRS_ROWS]; /* east first on both sides, whatever the CRS defines */
	char message[256];         /* the last that GEOS said */
	char engine[96];
};

/*
 * The positions of a checked WKB, run by run: a point, a line or a ring each. What is between them, the
 * nesting, is only told as far as polygons need it.
 */
struct pp_runs {
	enum { PP_RUN_POINT = 1, PP_RUN_LINE, PP_RUN_RING } kind;
	bool is_hole; /* not the first ring of its polygon */
	uint32_t count;
	const unsigned char *positions;
	/* private */
	const unsigned char *at, *end;
	uint32_t rings;
};

void pp_runs_begin(struct pp_runs *runs, struct pp_slice wkb);
bool pp_runs_next(struct pp_runs *runs);
double pp_runs_x(const struct pp_runs *runs, uint32_t i);
double pp_runs_y(const struct pp_runs *runs, uint32_t i);

/* A GEOS geometry of a checked WKB; aborts when GEOS cannot read what pp_wkb_check has passed. */
GEOSGeometry *pp_geos_read(struct pp_geo *geo, struct pp_slice wkb);
/* Little-endian, two dimensions. */
void pp_geos_write(struct pp_geo *geo, const GEOSGeometry *geometry, struct pp_buf *out);

/* One municipality with its geometry; the prepared forms are made when first needed. */
struct pp_area {
	struct pp_municipality about;
	GEOSGeometry *geometry;                    /* multipolygon, EPSG:25832 */
	const GEOSPreparedGeometry *prepared;      /* of the geometry */
	GEOSGeometry *border;                      /* its boundary, lines */
	const GEOSPreparedGeometry *prepared_border;
	double *segments;                          /* x1 y1 x2 y2 by least x; of the border */
	size_t segment_count;
	double longest;                            /* extent of a segment in x at most */
	struct pp_neighbour *neighbours;
	size_t neighbour_count;
	bool has_neighbours;
};

struct pp_area *pp_area_at(struct pp_boundaries *all, uint32_t i);
struct pp_geo *pp_boundaries_geo(struct pp_boundaries *all);
const GEOSPreparedGeometry *pp_area_prepared(struct pp_boundaries *all, uint32_t i);
const GEOSPreparedGeometry *pp_area_border(struct pp_boundaries *all, uint32_t i);
/* Calls visit for each municipality whose box meets that box. */
void pp_boundaries_within(struct pp_boundaries *all, double min_x, double min_y, double max_x,
	double max_y, void (*visit)(uint32_t i, void *ctx), void *ctx);
/* The length of a's border that is within 1 mm of b's border, metres. */
double pp_border_within(struct pp_boundaries *all, uint32_t a, uint32_t b);
