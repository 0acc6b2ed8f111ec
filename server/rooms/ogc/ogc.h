/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* What the files of this room share: OGC API Features, Parts 1 to 5 (docs/gis.md). */
#include <pp/core/req.h>
#include <pp/feature/export.h>

/* At most so many features in one reply; clients that ask for more get so many and a next link. */
#define PP_OGC_LIMIT_MOST    1000000
#define PP_OGC_LIMIT_DEFAULT 100

/* The collection that the path names; NULL after the refusal. */
const struct pp_collection *pp_ogc_collection(struct pp_req *req);

/* Features on their way out, of a collection or one alone. */
struct pp_ogc_items {
	struct pp_page page; /* first: its steps find it there */
	struct pp_page_part part;
	int status; /* of the reply with one; 0: 200 */
};
/* What all replies with features have: the collection, its columns, format and CRS; false after the
 * refusal. */
PP_CHECKED bool pp_ogc_begin(struct pp_req *req, struct pp_ogc_items *items);

/* A link object (OGC 17-069r4 §5.2, RFC 8288); href below /ogc, or absolute. */
void pp_ogc_link(struct pp_req *req, struct pp_buf *out, const char *rel, const char *type,
	const char *title, struct pp_slice href);

/* The format that f or Accept asks for (RFC 9110 §12.5.1), and Vary; NULL after the refusal. */
const struct pp_feature_format *pp_ogc_format(struct pp_req *req);
/* This address with that value of a parameter instead of what it has; name NULL: as it is. */
struct pp_slice pp_ogc_address(struct pp_req *req, const char *name, struct pp_slice value);

/* How much Accept wants that media type (RFC 9110 §12.5.1), in thousandths; all the same without
 * it. */
int pp_ogc_weight(struct pp_req *req, struct pp_slice media_type);

/* html.c: whether f or Accept asks for a page; and Vary. */
#define PP_OGC_HTML "text/html;charset=utf-8"
bool pp_ogc_wants_page(struct pp_req *req);
/* The page that shows a document of JSON. */
enum pp_next pp_ogc_show(struct pp_req *req, struct pp_slice json);
/* The same for features, which are written between this and pp_web_page_end. */
void pp_ogc_page_begin(struct pp_req *req, struct pp_slice title, struct pp_buf *out);

/* One more link of a document of features: to the next page, to the collection; rel NULL is none.
 */
struct pp_ogc_next {
	const char *rel, *type, *de, *en;
	struct pp_slice href;
};
/* Links to the document itself, to it in the other formats, and that one: as a member of JSON, or
 * as the field Link. */
void pp_ogc_links(struct pp_req *req, struct pp_buf *out, const struct pp_feature_format *format,
	const struct pp_ogc_next *next);
void pp_ogc_link_fields(
	struct pp_req *req, const struct pp_feature_format *format, const struct pp_ogc_next *next);

/* Members of a JSON Schema that say of what kind a property is: "type":"string". */
const char *pp_ogc_schema_type(enum pp_feature_kind kind);
/* The absolute address of the schema of a collection's GML. */
struct pp_slice pp_ogc_xsd_address(struct pp_req *req, const struct pp_feature_type *type);

/*
 * The parameters that say which features are wanted: filter, filter-lang, filter-crs, NAME=value
 * for every property, sortby and cursor. What is wrong with parameters is collected (pp_wrong);
 * false after the refusal of the filter itself.
 */
PP_CHECKED bool pp_ogc_wanted(struct pp_req *req, struct pp_feature_ask *ask);
/* The code of the CRS in a parameter, CRS84 without it; 0 after pp_wrong. */
int pp_ogc_crs(struct pp_req *req, const char *name);
/* RFC 3339 §5.6; a date alone is its first instant as a beginning, its last as an end, in UTC. */
PP_CHECKED bool pp_ogc_instant(
	struct pp_req *req, struct pp_slice text, bool end, struct pp_slice *out);

pp_step pp_ogc_landing, pp_ogc_conformance, pp_ogc_collections, pp_ogc_one, pp_ogc_items,
	pp_ogc_item, pp_ogc_item_reply, pp_ogc_schema, pp_ogc_queryables, pp_ogc_sortables,
	pp_ogc_api, pp_ogc_changes, pp_ogc_changes_reply, pp_ogc_edit, pp_ogc_edit_store,
	pp_ogc_edit_show, pp_ogc_functions;
extern pp_step *const pp_ogc_export_content[];
extern const struct pp_field pp_ogc_core_params[], pp_ogc_items_params[], pp_ogc_item_params[],
	pp_ogc_schema_params[], pp_ogc_changes_params[];
