/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* What the files of the reader of WFS requests share. */
#include <pp/fmt/wfs.h>

#include "cql2.h"

struct pp_wfs_reader {
	struct pp_arena *arena;
	struct pp_fault *fault;
	struct pp_wfs_request *out;
};

/* Refuses with malformed_request at that element; returns false. */
bool pp_wfs_wrong(struct pp_wfs_reader *r, const struct pp_element *at, const char *sentence);
bool pp_wfs_is(const struct pp_element *element, const char *name);
struct pp_slice pp_wfs_attribute(const struct pp_element *element, const char *name);
/* Adds the local names in a list of QNames: ns:a ns:b, schema-element(ns:a). */
bool pp_wfs_types(struct pp_wfs_reader *r, const struct pp_element *at, struct pp_slice list,
	struct pp_cql2_list *types);
/* One more, unless there are too many already. */
void *pp_wfs_add(struct pp_wfs_reader *r, const struct pp_element *at, struct pp_cql2_list *list,
	size_t most);
/* The Filter inside the element, NULL where there is none; false where it cannot be read. */
bool pp_wfs_filter(struct pp_wfs_reader *r, const struct pp_element *of, struct pp_filter **filter);
/* A Query, a StoredQuery or a Lock. */
bool pp_wfs_query(
	struct pp_wfs_reader *r, const struct pp_element *element, struct pp_wfs_query *query);
/* The children of a Transaction. */
bool pp_wfs_transaction(struct pp_wfs_reader *r, const struct pp_element *root);
/* The children of a CreateStoredQuery. */
bool pp_wfs_definitions(struct pp_wfs_reader *r, const struct pp_element *root);
