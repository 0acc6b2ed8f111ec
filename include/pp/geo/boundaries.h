/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * A version of the municipal boundaries in memory: flat coordinate arrays with a box over every
 * eight segments, a tree over all parts, and nothing else. It never changes once it stands; it
 * lives in the arena it was begun in (about 30 bytes a vertex; all of Germany: 1.9 million).
 *
 * Two sources. Rows that a database already holds are PP_ROWS_CHECKED and are only indexed. Rows of
 * a file are PP_ROWS_RAW: each is checked and repaired where needed, rows of one AGS are united
 * (VG250 keeps land, GF 4, apart from water, GF 2: without the union SH and NI lose half of their
 * border), and municipalities that lie on each other are found. Every change is one note.
 */
#include <pp/base/buf.h>
#include <pp/geo/geo.h>

#define PP_NOWHERE UINT32_MAX

struct pp_boundary_version {
	struct pp_slice id;      /* of the version, "" without a database */
	struct pp_slice dataset; /* "VG250" */
	struct pp_slice date;    /* YYYY-MM-DD */
	double accuracy_m;       /* the band around every threshold (contract.md, Affected) */
};

struct pp_boundary_row {
	struct pp_slice ags; /* 8 digits; other keys for districts */
	struct pp_slice ars; /* 12 digits or empty */
	struct pp_slice name, designation;
	struct pp_slice kreis; /* name of the Kreis, empty when not known */
	bool unincorporated;
	struct pp_slice wkb; /* polygon or multipolygon */
};

struct pp_municipality {
	struct pp_slice ags, ars, name, designation;
	struct pp_slice land;      /* first two digits of the AGS */
	struct pp_slice kreis_key; /* first five */
	struct pp_slice kreis;     /* empty when not known */
	bool unincorporated;
	double area_m2;
	double min_x, min_y, max_x, max_y;
};

enum pp_rows_are { PP_ROWS_CHECKED, PP_ROWS_RAW };

struct pp_boundaries;

struct pp_boundaries *pp_boundaries_begin(struct pp_arena *arena, struct pp_geo *geo,
	enum pp_rows_are rows, const struct pp_boundary_version *version);
/* Copies what it needs. False for an AGS twice (PP_ROWS_CHECKED) and for what is no area. */
PP_CHECKED bool pp_boundaries_add(
	struct pp_boundaries *all, const struct pp_boundary_row *row, struct pp_fault *fault);
/*
 * Unites, checks and indexes; sorted by AGS from here on. Raw rows are refused (geometry_invalid)
 * where one cannot be repaired and where two municipalities cannot both be right: their overlap is
 * on average wider than the accuracy of the data, 2 × area ÷ perimeter > max(accuracy_m, 1 m), or
 * covers half of one of them. A narrower overlap of more than 1 m² is a note.
 */
PP_CHECKED bool pp_boundaries_end(struct pp_boundaries *all, struct pp_fault *fault);

/*
 * A stretch of the border to another state, beside the municipalities, whose outline is coast and
 * border alike (VG250_LI: AGZ 1). Added before the end; all stretches of one state count together.
 */
struct pp_state_border {
	struct pp_slice state; /* "dk", empty when not known */
	struct pp_slice name;  /* "Königreich Dänemark" */
	struct pp_slice wkb;   /* lines, EPSG:25832 */
};

PP_CHECKED bool pp_boundaries_add_state_border(
	struct pp_boundaries *all, const struct pp_state_border *border, struct pp_fault *fault);
size_t pp_boundaries_state_border_count(const struct pp_boundaries *all);
const struct pp_state_border *pp_boundaries_state_border(const struct pp_boundaries *all, size_t i);

/*
 * Districts below one municipality (Hamburg's Bezirke), which have boundaries of their own; both
 * have ended, and live as long. False where there is no such municipality.
 */
PP_CHECKED bool pp_boundaries_add_districts(
	struct pp_boundaries *all, struct pp_slice parent, const struct pp_boundaries *districts);

enum pp_note { PP_NOTE_REPAIRED, PP_NOTE_OVERLAP };

struct pp_boundary_note {
	enum pp_note kind;
	struct pp_slice ags, other;           /* other: of an overlap */
	struct pp_slice text, text_de;        /* a sentence, English and German */
	double x, y;                          /* EPSG:25832 */
	double area_before_m2, area_after_m2; /* of an overlap: 0 and its area */
};

const struct pp_boundary_note *pp_boundaries_notes(const struct pp_boundaries *all, size_t *count);

const struct pp_boundary_version *pp_boundaries_version(const struct pp_boundaries *all);
uint32_t pp_boundaries_count(const struct pp_boundaries *all);
/* PP_NOWHERE when there is no such AGS. */
uint32_t pp_boundaries_find(const struct pp_boundaries *all, struct pp_slice ags);
const struct pp_municipality *pp_boundaries_at(const struct pp_boundaries *all, uint32_t i);
/* Its multipolygon as WKB: shells counter-clockwise, holes clockwise (RFC 7946 §3.1.6). */
void pp_boundaries_wkb(const struct pp_boundaries *all, uint32_t i, struct pp_buf *out);

/*
 * Neighbours: municipalities at most 1 mm apart (ST_Distance(a, b) <= 0.001). The shared border is
 *
 *     ( |{p in border(a): distance(p, border(b)) <= 1 mm}| + the same from b to a ) / 2
 *
 * in metres on the grid of EPSG:25832; in PostGIS: ST_Length(ST_Intersection(ST_Boundary(a),
 * ST_Buffer(ST_Boundary(b), 0.001))) from both sides. The contact is a line when it is more than
 * 1 cm, else a point of length 0. At both ends of a shared stretch the borders part, and stay
 * within 1 mm for 1 mm divided by the sine of their angle: the measure exceeds the common line by
 * about 2 mm a stretch, which is why a point contact does not pass for a line.
 */
struct pp_neighbour {
	uint32_t municipality;
	bool is_line;
	double shared_border_m; /* 0.0 for a point */
	bool cross_border;      /* another Land */
};

/*
 * The neighbours of one, by AGS; computed when first asked for and kept. Each pair is computed once
 * and is the same from both sides.
 */
const struct pp_neighbour *pp_boundaries_neighbours(
	struct pp_boundaries *all, uint32_t i, size_t *count);

/* VG250's "Gemeindefreies Gebiet", "Forstgutsbezirk" …, or an ARS whose Verband begins with 9. */
bool pp_boundary_is_unincorporated(struct pp_slice designation, struct pp_slice ars);
