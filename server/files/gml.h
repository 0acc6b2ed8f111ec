/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Geometry of GML 2 to 3.2 (ISO 19136) from an XML reader: surfaces into a shape, curves into a
 * path. srsName and srsDimension hold for whatever lies inside the element that has them. A
 * property may name its object by xlink:href within the same file; since that object may come
 * later, it is looked up among objects that an earlier pass has kept, and noted where it is
 * missing.
 */
#include "shape.h"
#include "xml.h"

/* A curve or a surface that somebody refers to. */
struct pp_gml_kept {
	struct pp_slice id;
	bool is_found, is_surface;
	uint32_t epsg;
	bool is_composite;
	struct pp_path curve;
	struct pp_shape surface;
};

enum { PP_GML_KEPT_MAX = 16384 };

#define PP_GML_XLINK "http://www.w3.org/1999/xlink"

/* The objects referred to, by gml:id. */
struct pp_gml_refs {
	struct pp_arena *arena;
	struct pp_gml_kept **table; /* 2 × PP_GML_KEPT_MAX places, open addressing */
	size_t count, found;
};

void pp_gml_refs_begin(struct pp_gml_refs *refs, struct pp_arena *arena);
/* The object of that id or NULL. */
struct pp_gml_kept *pp_gml_refs_find(const struct pp_gml_refs *refs, struct pp_slice id);

struct pp_gml {
	struct pp_xml *xml;
	struct pp_gml_refs *refs;
	struct pp_fault *fault;      /* of the geometry; the reader's own is xml->fault */
	struct pp_shape *shape;      /* where surfaces go, and the limits for curves */
	struct pp_slice default_srs; /* of an Envelope, where the geometry itself names none */
	/* What was found. */
	uint32_t epsg;     /* 0 until the first coordinate */
	bool is_pending;   /* an object referred to is not kept yet: the geometry is incomplete */
	bool is_composite; /* patches of one surface, which share borders */
	bool dropped_z;
	/* private */
	struct pp_slice srs;
	bool north_first;
};

/* The element the reader stands on; false with gml->fault, or with the reader failed. */
bool pp_gml_is_curve(const struct pp_xml *xml);
bool pp_gml_is_surface(const struct pp_xml *xml);
PP_CHECKED bool pp_gml_curve(struct pp_gml *gml, struct pp_path *path);
PP_CHECKED bool pp_gml_surface(struct pp_gml *gml);
/* A property of surfaces: one inside it or one that it refers to. */
PP_CHECKED bool pp_gml_surface_property(struct pp_gml *gml);
/*
 * The object that an xlink:href names. True with *kept NULL and is_pending set when it is not kept
 * yet; the fault then says that it is missing, for the case that it is never found.
 */
PP_CHECKED bool pp_gml_find_kept(
	struct pp_gml *gml, struct pp_slice href, bool is_surface, const struct pp_gml_kept **kept);
/* All positions inside the element: its posList, pos, coordinates or points. */
PP_CHECKED bool pp_gml_positions(struct pp_gml *gml, struct pp_path *path);
/* Those of one such child, on which the reader stands; any other child is passed over. */
PP_CHECKED bool pp_gml_position(struct pp_gml *gml, struct pp_path *path);

/* Says the CRS of the geometry, and with it the units of its shape. */
void pp_gml_measure(struct pp_gml *gml, uint32_t epsg);
