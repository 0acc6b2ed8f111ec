/* SPDX-License-Identifier: EUPL-1.2 */
/* OGC API Features: its routes, and what all have in common. */
#include "ogc.h"

#include "../rooms.h"

const struct pp_collection *pp_ogc_collection(struct pp_req *req)
{
	struct pp_slice rest = req->exchange->path, name;
	const struct pp_collection *found;

	/* /ogc/collections/NAME: routes that one collection alone has say its name themselves. */
	for (int i = 0; i < 3; i++)
		pp_slice_cut(rest, '/', &rest);
	name = pp_slice_cut(rest, '/', &rest);
	found = pp_collection_named(name);
	if (!found)
		pp_refuse(req, PP_not_found, "there is no collection %.*s", PP_SHOW(name));
	return found && pp_collection_opens(req, found) ? found : NULL;
}

void pp_ogc_link(struct pp_req *req, struct pp_buf *out, const char *rel, const char *type,
	const char *title, struct pp_slice href)
{
	pp_buf_text(out, "{\"href\":");
	pp_buf_json(out, pp_slice_starts(href, PP_S("/")) ? pp_url(req, href) : href);
	pp_buf_format(out, ",\"rel\":\"%s\",\"type\":", rel);
	pp_buf_json(out, pp_slice_of(type));
	pp_buf_text(out, ",\"title\":");
	pp_buf_json(out, pp_slice_of(title));
	pp_buf_text(out, "}");
}

static pp_step *const landing_steps[] = { pp_ogc_landing, NULL };
static pp_step *const conform_steps[] = { pp_ogc_conformance, NULL };
static pp_step *const collections_steps[] = { pp_ogc_collections, NULL };
static pp_step *const collection_steps[] = { pp_ogc_one, NULL };
static pp_step *const items_steps[] = { pp_ogc_items, pp_page_take, pp_page_room, pp_page_look,
	pp_export_reply, NULL };
static pp_step *const schema_steps[] = { pp_ogc_schema, NULL };
static pp_step *const queryables_steps[] = { pp_ogc_queryables, NULL };
static pp_step *const sortables_steps[] = { pp_ogc_sortables, NULL };
static pp_step *const functions_steps[] = { pp_ogc_functions, NULL };
static pp_step *const changes_steps[] = { pp_ogc_changes, pp_ogc_changes_reply, NULL };
static pp_step *const api_steps[] = { pp_ogc_api, NULL };
static pp_step *const item_steps[] = { pp_ogc_item, pp_ogc_item_reply, NULL };
static pp_step *const edit_steps[] = { pp_ogc_edit, pp_ogc_edit_store, pp_ogc_edit_show,
	pp_ogc_item_reply, NULL };

#define FEATURE_TYPES "application/geo+json application/json"
#define FEATURE_LIMIT (UINT64_C(16) << 20)

const struct pp_route ogc_routes[] = {
	{ PP_GET, "//ogc", PP_ANYONE, landing_steps, .params = pp_ogc_core_params,
		.rate = PP_RATE_PUBLIC, .is_page_too = true,
		.summary = "OGC API: where everything is" },
	/* {root}/ in 17-069r4 §7.2, and the path "/" of OpenAPI below that server. */
	{ PP_GET, "//ogc/", PP_ANYONE, landing_steps, .params = pp_ogc_core_params,
		.rate = PP_RATE_PUBLIC, .is_page_too = true,
		.summary = "OGC API: where everything is" },
	{ PP_GET, "//ogc/conformance", PP_ANYONE, conform_steps, .params = pp_ogc_core_params,
		.rate = PP_RATE_PUBLIC, .is_page_too = true,
		.summary = "OGC API: the standards that hold here" },
	{ PP_GET, "//ogc/api", PP_ANYONE, api_steps, .rate = PP_RATE_PUBLIC,
		.summary = "OGC API: as OpenAPI 3.0" },
	{ PP_GET, "//ogc/functions", PP_ANYONE, functions_steps, .rate = PP_RATE_PUBLIC,
		.summary = "OGC API: the functions that filters may call" },
	{ PP_GET, "//ogc/collections", PP_ANYONE, collections_steps, .params = pp_ogc_core_params,
		.rate = PP_RATE_PUBLIC, .is_page_too = true,
		.summary = "OGC API: the collections" },
	{ PP_GET, "//ogc/collections/{collection}", PP_ANYONE, collection_steps,
		.params = pp_ogc_core_params, .rate = PP_RATE_PUBLIC, .is_page_too = true,
		.summary = "OGC API: one collection" },
	{ PP_GET, "//ogc/collections/{collection}/schema", PP_ANYONE, schema_steps,
		.params = pp_ogc_schema_params, .rate = PP_RATE_PUBLIC,
		.summary = "OGC API: what the features of a collection have" },
	{ PP_GET, "//ogc/collections/{collection}/queryables", PP_ANYONE, queryables_steps,
		.rate = PP_RATE_PUBLIC,
		.summary = "OGC API: what the features of a collection can be filtered by" },
	{ PP_GET, "//ogc/collections/{collection}/sortables", PP_ANYONE, sortables_steps,
		.rate = PP_RATE_PUBLIC,
		.summary = "OGC API: what the features of a collection can be sorted by" },
	{ PP_GET, "//ogc/collections/{collection}/changes", PP_ANYONE, changes_steps,
		.params = pp_ogc_changes_params, .rate = PP_RATE_PUBLIC,
		.summary = "OGC API: which features of a collection have changed since" },
	/* Properties are parameters as well: the room takes them and refuses all others. */
	{ PP_GET, "//ogc/collections/{collection}/items", PP_ANYONE, items_steps,
		.params = pp_ogc_items_params, .rate = PP_RATE_PUBLIC, .deadline_ms = 30000,
		.has_other_params = true, .is_page_too = true,
		.summary = "OGC API: features of a collection" },
	{ PP_GET, "//ogc/collections/{collection}/items/{feature}", PP_ANYONE, item_steps,
		.params = pp_ogc_item_params, .rate = PP_RATE_PUBLIC, .is_page_too = true,
		.summary = "OGC API: one feature" },
	{ PP_GET, "//ogc/exports/{export}", PP_ANYONE, .query = "feature_export_show",
		.rate = PP_RATE_PUBLIC, .has_no_etag = true,
		.summary = "OGC API: how far a file of features is" },
	{ PP_GET, "//ogc/exports/{export}/content", PP_ANYONE, pp_ogc_export_content,
		.rate = PP_RATE_PUBLIC, .deadline_ms = 30000,
		.summary = "OGC API: a file of features" },
	{ PP_DELETE, "//ogc/exports/{export}", PP_ANYONE, .query = "feature_export_cancel",
		.rate = PP_RATE_PUBLIC, .ends = true,
		.summary = "OGC API: do without a file of features" },
	/* By their whole address, so that OPTIONS and 405 say of each collection what it lets do.
	 */
	{ PP_POST, "//ogc/collections/drafts/items", PP_MANAGER, edit_steps,
		.params = pp_ogc_item_params, .text_types = FEATURE_TYPES,
		.body_limit = FEATURE_LIMIT, .creates = true,
		.summary = "OGC API: draw a draft of the body's own" },
	{ PP_PUT, "//ogc/collections/drafts/items/{feature}", PP_MANAGER, edit_steps,
		.params = pp_ogc_item_params, .text_types = FEATURE_TYPES,
		.body_limit = FEATURE_LIMIT, .summary = "OGC API: replace a draft" },
	{ PP_PATCH, "//ogc/collections/drafts/items/{feature}", PP_MANAGER, edit_steps,
		.params = pp_ogc_item_params,
		.text_types = "application/merge-patch+json application/json",
		.body_limit = FEATURE_LIMIT, .summary = "OGC API: change a draft" },
	{ PP_DELETE, "//ogc/collections/drafts/items/{feature}", PP_MANAGER, edit_steps,
		.params = pp_ogc_item_params, .ends = true, .summary = "OGC API: remove a draft" },
	{ 0 },
};
