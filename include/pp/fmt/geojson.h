/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * GeoJSON in and out without a JSON library (design D8): RFC 7946 within the limits of RFC 7493
 * (UTF-8, no duplicate member names). Reading is one pass, needs memory in proportion to the
 * vertices, and recurses no deeper than geometries may nest. Coordinates are passed on as they
 * stand: their CRS is the caller's affair, RFC 7946 says lon lat of WGS 84, the older "crs" member
 * (GeoJSON 2008 §3) is reported.
 */
#include <pp/base/buf.h>
#include <pp/fmt/wkb.h>

struct pp_geojson {
	struct pp_slice wkb; /* in the arena */
	struct pp_wkb_facts facts;
	struct pp_slice
		crs;    /* the name of the "crs" member ("EPSG:25832"), empty when there is none */
	bool dropped_z; /* heights were given and left out */
	/* The coordinate of a fault, in the text's own CRS, when has_position is set. */
	bool has_position;
	double x, y;
};

/*
 * Reads a geometry, a Feature or a FeatureCollection of exactly one feature. On refusal the fault
 * carries a JSON pointer into this text, to which the caller prefixes its own, and out may hold the
 * coordinate. Problems: malformed_json (no JSON), geometry_malformed (JSON, but no GeoJSON; a
 * number beyond 1e9; a fourth ordinate), geometry_empty, geometry_invalid (a ring that is not
 * closed or has fewer than four positions, a line of one), geometry_too_large, plan_ambiguous
 * (several features), crs_unknown (a "crs" that names none).
 */
PP_CHECKED bool pp_geojson_read(struct pp_arena *arena, struct pp_slice text, uint32_t vertices_max,
	struct pp_geojson *out, struct pp_fault *fault);

/*
 * Writes a checked WKB as a GeoJSON geometry. Coordinates are those of the WKB, with at most so
 * many decimals (0 to 9), without trailing zeros; 3 is right for metres, 8 for degrees (1 mm).
 */
void pp_geojson_write(struct pp_buf *buf, struct pp_slice wkb, unsigned decimals);

/* A finite number below 1e9 as pp_buf_fixed writes it, many times faster; decimals at most 9. */
void pp_geojson_number(struct pp_buf *buf, double value, unsigned decimals);

/* One value cut out of a JSON text. */
struct pp_json_cut {
	struct pp_slice pointer; /* where it stood (RFC 6901) */
	struct pp_slice value;   /* its text, within the text given */
};

struct pp_json_cuts {
	struct pp_json_cut *list;
	size_t count;
	struct pp_slice rest; /* the text with each of them replaced by null, in the arena */
};

/*
 * Finds the values at a pattern such as "/geometry" or "/points/[*]/geometry", where [*] stands for
 * every element of an array, so that geometry text need not pass through a JSON library. A value
 * that is null, or a pattern that is not there, is no fault and no cut. The text is only read as
 * far as its structure goes; both halves are still to be parsed. Refuses with malformed_json:
 * broken structure, depth beyond 64, a name twice on the path, more than 500 values.
 */
PP_CHECKED bool pp_json_cut(struct pp_arena *arena, struct pp_slice text, struct pp_slice pattern,
	struct pp_json_cuts *out, struct pp_fault *fault);
