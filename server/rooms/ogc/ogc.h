/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* What the files of this room share: OGC API Features, Parts 1 to 5 (docs/gis.md). */
#include <pp/core/req.h>
#include <pp/feature/crs.h>

/* At most so many features in one reply; clients that ask for more get so many and a next link. */
#define PP_OGC_LIMIT_MOST    1000000
#define PP_OGC_LIMIT_DEFAULT 100

/* The collection that the path names; NULL after the refusal. */
const struct pp_collection *pp_ogc_collection(struct pp_req *req);

/* A link object (OGC 17-069r4 §5.2, RFC 8288); href below /ogc, or absolute. */
void pp_ogc_link(struct pp_req *req, struct pp_buf *out, const char *rel, const char *type,
	const char *title, struct pp_slice href);

/* The document of one collection. */
void pp_ogc_describe(
	struct pp_req *req, struct pp_buf *out, const struct pp_collection *collection);

pp_step pp_ogc_items, pp_ogc_items_take, pp_ogc_items_room, pp_ogc_item, pp_ogc_item_reply,
	pp_ogc_schema, pp_ogc_api;
extern const struct pp_field pp_ogc_items_params[], pp_ogc_item_params[];
