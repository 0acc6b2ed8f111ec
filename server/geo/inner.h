/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* What the files of this room share and nobody else sees: the libraries' contexts, and WKB by runs.
 */
#include <geos_c.h>
#include <proj.h>

#include <pp/base/buf.h>
#include <pp/geo/crs.h>
#include <pp/geo/validate.h>

enum { PP_CRS_ROWS = 22 };

struct pp_geo {
	GEOSContextHandle_t geos;
	PJ_CONTEXT *proj;
	PJ *to_utm32[PP_CRS_ROWS];  /* east first on both sides, whatever the CRS defines */
	struct pp_patches *patches; /* what stands for PROJ on the way out */
	char message[256];          /* the last that GEOS said */
	char engine[96];
};

/*
 * The positions of a checked WKB, run by run: a point, a line or a ring each. What is between them,
 * the nesting, is only told as far as polygons need it.
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
/* Whether it has positions, and only those of polygons. */
bool pp_runs_are_rings(struct pp_slice wkb);
double pp_runs_x(const struct pp_runs *runs, uint32_t i);
double pp_runs_y(const struct pp_runs *runs, uint32_t i);

/*
 * Positions of EPSG:25832 in another CRS, within 20 µm of PROJ and ten times as fast: so many from
 * a WKB into another one, with the axes of that CRS swapped where that is asked for.
 */
struct pp_patches *pp_patches_open(void);
void pp_patches_close(struct pp_patches *patches);
void pp_patches_write(struct pp_patches *patches, PJ *pj, const struct pp_crs_row *row,
	bool swapped, const unsigned char *from, char *to, uint32_t count);

/* What a reason of GEOS means here (TopologyValidationError); NULL is allowed. */
enum pp_flaw pp_flaw_of(const char *reason);

/* A GEOS geometry of a checked WKB; aborts when GEOS cannot read what pp_wkb_check has passed. */
GEOSGeometry *pp_geos_read(struct pp_geo *geo, struct pp_slice wkb);
/* Little-endian, two dimensions. */
void pp_geos_write(struct pp_geo *geo, const GEOSGeometry *geometry, struct pp_buf *out);
