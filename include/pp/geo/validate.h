/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Is a plan's geometry valid (ISO 19125-1 §6.1), and if not: what is wrong, and where. A valid one
 * is never changed; an invalid one is never repaired silently. Collections are judged by what they
 * hold: all areas together as one multipolygon (areas that overlap are refused), lines and
 * points on their own; mixing them is allowed.
 *
 * Beyond ISO 19125: a polygon of less than 1 cm² or a line shorter than 1 mm is nothing; and a
 * spike is refused, that is a vertex where the ring turns back on itself: the shorter of its two
 * sides is at least 1 cm long, ends within 1 mm of the other one, and the angle between them is
 * below 0.01°.
 */
#include <pp/geo/geo.h>

enum pp_flaw {
	PP_FLAW_NONE,
#define PP_FLAW(id, de, en) PP_FLAW_##id,
#include <pp/geo/flaw.def>
#undef PP_FLAW
	PP_FLAW_COUNT
};

struct pp_flaw_row {
	const char *id;
	const char *de, *en; /* a sentence each */
};

const struct pp_flaw_row *pp_flaw_row(enum pp_flaw flaw);

/*
 * True when valid. Else the fault is geometry_invalid with the English sentence and the place in
 * both CRSs, and *flaw says what it is. Any number of vertices that pp_wkb_check lets through is
 * judged within a second.
 */
PP_CHECKED bool pp_validate(
	struct pp_geo *geo, struct pp_slice wkb, enum pp_flaw *flaw, struct pp_fault *fault);

enum { PP_REPAIR_VERTICES_MAX = 3000 };

struct pp_repair {
	struct pp_slice wkb;      /* the proposal, in the arena */
	struct pp_slice *changes; /* English sentences, one for each flaw and each loss */
	struct pp_slice *changes_de;
	size_t change_count;
	double area_before, area_after;     /* m² */
	double length_before, length_after; /* m, lines only */
};

/*
 * Proposes a valid geometry of the same dimension by GEOS' structure method (every ring is made
 * valid, shells are united, holes are taken out). Refuses with geometry_too_large above
 * PP_REPAIR_VERTICES_MAX vertices, because the time grows with the square of the self-crossings,
 * and with geometry_invalid when nothing would be left. A geometry that is valid comes back as it
 * is, with no change listed.
 */
PP_CHECKED bool pp_repair(struct pp_geo *geo, struct pp_arena *arena, struct pp_slice wkb,
	struct pp_repair *out, struct pp_fault *fault);
