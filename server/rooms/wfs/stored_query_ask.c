/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Asking stored queries (09-025r2 §7.9.3): what is kept is read, what it asks is filled in and then
 * asked like any other query, so it shows nothing that whoever asks may not see.
 */
#include "wfs.h"

#include <stdio.h>

const char *const pp_wfs_by_id[PP_WFS_BY_IDS] = {
	"http://www.opengis.net/def/query/OGC-WFS/0/GetFeatureById",
	"urn:ogc:def:query:OGC-WFS::GetFeatureById"
};

bool pp_wfs_is_by_id(struct pp_slice id)
{
	for (size_t i = 0; i < PP_WFS_BY_IDS; i++)
		if (pp_slice_is(id, pp_slice_of(pp_wfs_by_id[i])))
			return true;
	return false;
}

/* ---- What is kept ---- */

enum { READ_NAME, READ_DEFINITION };

void pp_wfs_kept_ask(struct pp_req *req, struct pp_wfs *wfs, struct pp_slice names)
{
	pp_bind(req, "names", names);
	pp_ask(req, "stored_query_read", &wfs->stored);
}

/* What was kept was read before, but not by this version of the server. */
const struct pp_wfs_request *pp_wfs_kept(struct pp_req *req, const struct pp_wfs *wfs, size_t row)
{
	struct pp_wfs_request *kept = PP_NEW(req->arena, struct pp_wfs_request);
	struct pp_slice document = pp_copy(req->arena, pp_cell(wfs->stored, row, READ_DEFINITION));
	struct pp_fault fault;

	return pp_wfs_read(req->arena, document, kept, &fault) && kept->definition_count == 1
		? kept
		: NULL;
}

const struct pp_wfs_request *pp_wfs_kept_named(
	struct pp_req *req, const struct pp_wfs *wfs, struct pp_slice name)
{
	for (size_t i = 0; i < wfs->stored->rows; i++)
		if (pp_slice_is(pp_cell(wfs->stored, i, READ_NAME), name))
			return pp_wfs_kept(req, wfs, i);
	return NULL;
}

void pp_wfs_add_name(struct pp_buf *list, struct pp_slice name)
{
	pp_buf_text(list, list->len ? "," : "[");
	pp_buf_json(list, name);
}

const char *pp_wfs_id_locator(const struct pp_wfs *wfs)
{
	return wfs->document.at ? "id" : "STOREDQUERY_ID";
}

/* ---- What they ask ---- */

bool pp_wfs_stored_ask(struct pp_req *req, struct pp_wfs *wfs)
{
	const struct pp_wfs_request *request = wfs->request;
	struct pp_buf *names = pp_buf_make(req->arena);

	for (size_t i = 0; i < request->query_count; i++)
		if (request->queries[i].stored.at && !pp_wfs_is_by_id(request->queries[i].stored))
			pp_wfs_add_name(names, request->queries[i].stored);
	if (!names->len)
		return false;
	pp_buf_text(names, "]");
	pp_wfs_kept_ask(req, wfs, pp_buf_all(names));
	return true;
}

struct expanding {
	struct pp_wfs *wfs;
	struct pp_wfs_query *queries;
	struct pp_wfs_origin *origins;
	size_t count;
};

static bool add_query(struct expanding *e, const struct pp_wfs_query *query,
	const struct pp_wfs_origin *origin, struct pp_fault *fault)
{
	if (e->count == PP_WFS_QUERIES)
		return pp_wfs_fault(fault, PP_invalid_parameter, pp_wfs_id_locator(e->wfs),
			"at most %d queries are taken", PP_WFS_QUERIES);
	e->queries[e->count] = *query;
	e->origins[e->count++] = *origin;
	return true;
}

static bool expand(struct pp_req *req, struct expanding *e, const struct pp_wfs_query *query,
	struct pp_fault *fault)
{
	const struct pp_wfs_request *kept = pp_wfs_kept_named(req, e->wfs, query->stored);
	struct pp_wfs_origin origin = { .locator = "QueryExpressionText" };
	const struct pp_wfs_query *list;
	size_t count;

	if (!kept)
		return pp_wfs_fault(fault, PP_invalid_parameter, pp_wfs_id_locator(e->wfs),
			"there is no stored query of this name");
	origin.text = kept->document;
	if (!pp_wfs_fill(req->arena, kept, &kept->definitions[0], query, &list, &count, fault)) {
		if (!fault->pointer[0])
			snprintf(fault->pointer, sizeof(fault->pointer), "%s", origin.locator);
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		struct pp_wfs_query one = list[i];

		if (!one.srs.len)
			one.srs = query->srs;
		if (!add_query(e, &one, &origin, fault))
			return false;
	}
	return true;
}

bool pp_wfs_stored_expand(struct pp_req *req, struct pp_wfs *wfs, struct pp_fault *fault)
{
	struct pp_wfs_request *request = wfs->request;
	const struct pp_wfs_origin whole = { .text = wfs->document };
	struct expanding e = { .wfs = wfs,
		.queries = PP_NEW_ARRAY(req->arena, struct pp_wfs_query, PP_WFS_QUERIES),
		.origins = PP_NEW_ARRAY(req->arena, struct pp_wfs_origin, PP_WFS_QUERIES) };

	for (size_t i = 0; i < request->query_count; i++) {
		const struct pp_wfs_query *query = &request->queries[i];
		bool is_kept = query->stored.at && !pp_wfs_is_by_id(query->stored);

		if (!(is_kept ? expand(req, &e, query, fault)
			      : add_query(&e, query, wfs->origins ? &wfs->origins[i] : &whole,
					fault)))
			return false;
	}
	request->queries = e.queries;
	request->query_count = e.count;
	wfs->origins = e.origins;
	return true;
}
