/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * The collections of the GIS endpoints. One row says what a collection is; OGC API Features, WFS
 * and tiles make schema, queryables, XSD, OpenAPI and layers of it. A collection is the table
 * pp.feature_NAME, which has a row for every version of every feature (decision 16); collections
 * and feature types bear the same names.
 */
#include <pp/fmt/feature.h>

/* A queryable that is no property (OGC 23-058r2 §12): the keys that a column of texts has with
 * commas between them, as a list of texts for A_CONTAINS and the like. */
struct pp_feature_list {
	const char *name, *column;
	const char *de, *en;
};

struct pp_collection {
	struct pp_feature_type type;
	bool moves; /* says something else on another day, though no row has changed */
	/* What its features say in tiles, "a|b|c": columns of its table, of use on a map at any
	 * scale; NULL: there are no tiles of it. */
	const char *tile_columns;
	const struct pp_feature_list *lists;
	size_t list_count;
	bool is_private; /* for the members of a body, who see what is theirs */
	/* The query that changes it (pp/feature/edit.h); NULL: nobody writes it. */
	const char *edit;
};

#define PP_COLLECTIONS 7
extern const struct pp_collection pp_collections[PP_COLLECTIONS];

/* NULL where there is none of that name. */
const struct pp_collection *pp_collection_named(struct pp_slice name);

/* Its list of that name; or NULL. */
const struct pp_feature_list *pp_list_named(
	const struct pp_collection *collection, struct pp_slice name);

/* Its column of that name, or of the name that GML has for it; or NULL. */
const struct pp_feature_column *pp_column_named(
	const struct pp_feature_type *type, struct pp_slice name);
