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

/* An element of SortBy. */
struct pp_fes_order {
	struct pp_slice name;
	bool descending;
};
