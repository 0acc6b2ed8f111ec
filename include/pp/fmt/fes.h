/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Filter Encoding 2.0 (OGC 09-026r2, ISO 19143), with the spellings of 1.1 (04-095) and 1.0
 * (02-059) that clients send: read into the tree that CQL2 yields (pp/fmt/filter.h). Literals have
 * no kind in XML, so they come as PP_FILTER_UNTYPED, ids of features as PP_FILTER_RESOURCE;
 * pp_filter_settle gives both what the feature type makes of them.
 */
#include <pp/fmt/element.h>
#include <pp/fmt/filter.h>

struct pp_fes_how {
	struct pp_slice document; /* in which the element lies */
	struct pp_slice srs;      /* of geometries without srsName; may be empty */
	bool east_first;          /* WFS 1.0: EPSG:4326 means longitude first */
};

/*
 * A Filter element. NULL and a fault, whose sentence begins with line and column: filter_invalid,
 * or not_implemented for what the standard has and this server does not.
 */
struct pp_filter *pp_fes_read(struct pp_arena *arena, const struct pp_element *filter,
	const struct pp_fes_how *how, struct pp_fault *fault);
/* The same of a document that is a filter, as it stands in the parameter FILTER. */
struct pp_filter *pp_fes_read_document(struct pp_arena *arena, struct pp_slice document,
	struct pp_slice srs, bool east_first, struct pp_fault *fault);

/* Conditions that come as parameters: geometry meets the box (lower and upper corner). */
struct pp_filter *pp_fes_box(
	struct pp_arena *arena, const double box[4], struct pp_slice srs, bool east_first);
/* Features with any of these gml:ids (RESOURCEID, FEATUREID); one at least. */
struct pp_filter *pp_fes_ids(struct pp_arena *arena, const struct pp_slice *ids, size_t count);
/* Both hold; NULL is no condition. */
struct pp_filter *pp_fes_both(struct pp_arena *arena, struct pp_filter *a, struct pp_filter *b);
/* One of them at least does; NULL always does. */
struct pp_filter *pp_fes_either(struct pp_arena *arena, struct pp_filter *a, struct pp_filter *b);

/*
 * The property that an XPath of the minimum of 09-026r2 §7.4.4 means: its last name without prefix,
 * behind the name of the type where that is said, id for @gml:id. Empty for what is none of these.
 */
struct pp_slice pp_fes_property(struct pp_slice xpath);

struct pp_fes_order {
	struct pp_slice name;
	bool descending;
};

/* SortBy, of whatever version. */
PP_CHECKED bool pp_fes_read_order(struct pp_arena *arena, const struct pp_element *sort_by,
	struct pp_slice document, const struct pp_fes_order **order, size_t *count,
	struct pp_fault *fault);
