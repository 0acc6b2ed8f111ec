/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * LockFeature and GetFeatureWithLock (09-025r2 §12 and §13, 04-094 §10 and §12). What is found and
 * that it is locked is one statement; what GetFeatureWithLock then shows is what the lock has, and
 * nobody else changes that meanwhile.
 */
#include <pp/feature/edit.h>

#include "wfs.h"

/* What SQL takes is less; more is no number of seconds. */
enum { SECONDS_MOST = 1000000 };

bool pp_wfs_locks(enum pp_wfs_operation operation)
{
	return operation == PP_WFS_LOCK_FEATURE || operation == PP_WFS_GET_FEATURE_WITH_LOCK;
}

/* ---- What is asked ---- */

/* §12.2.4.3: seconds; 04-094 §12.3 counts minutes. */
static bool read_expiry(struct pp_req *req, const struct pp_wfs_request *request,
	struct pp_slice *seconds, struct pp_fault *fault)
{
	uint64_t number;

	*seconds = pp_slice(NULL, 0);
	if (!request->expiry.at)
		return true;
	if (!pp_slice_u64(request->expiry, &number) || number > SECONDS_MOST)
		return pp_wfs_fault(fault, PP_invalid_parameter, "expiry",
			"A lock lasts from 1 to 86400 seconds.");
	if (request->dialect != PP_WFS_2_0)
		number *= 60;
	*seconds = pp_format(req->arena, "%llu", (unsigned long long)number);
	return true;
}

/* §12.2.4.4 */
static bool read_every(const struct pp_wfs_request *request, bool *every, struct pp_fault *fault)
{
	*every = !pp_slice_is(request->lock_action, PP_S("SOME"));
	return !request->lock_action.len || !*every ||
		pp_slice_is(request->lock_action, PP_S("ALL")) ||
		pp_wfs_fault(fault, PP_invalid_parameter, "lockAction", "must be ALL or SOME");
}

/* §13.2.4.3: what is counted only is not locked; and only a document of WFS says of which lock it
 * is. */
static bool is_answerable(const struct pp_wfs *wfs, struct pp_fault *fault)
{
	if (wfs->is_hits)
		return pp_wfs_fault(fault, PP_invalid_parameter, "resultType",
			"features are locked with their results");
	return pp_wfs_is_gml(wfs->page.format) ||
		pp_wfs_fault(fault, PP_invalid_parameter, "outputFormat",
			"features that are locked come as GML");
}

/* The condition of several queries is that of any. */
static bool read_where(struct pp_req *req, const struct pp_wfs *wfs, struct pp_feature_edit *edit,
	struct pp_fault *fault)
{
	const struct pp_feature_ask *ask = &wfs->page.parts[0].reading.ask;
	struct pp_where *where;

	edit->where = ask->where;
	edit->order = ask->order;
	edit->order_count = ask->order_count;
	if (wfs->page.part_count == 1)
		return true;
	edit->where = NULL;
	edit->order_count = 0;
	if (!wfs->wanted)
		return true;
	where = pp_where_make(req->arena, req->server->geo, edit->collection);
	edit->where = where;
	return pp_where_add(where, wfs->wanted, wfs->request->document, fault);
}

enum pp_next pp_wfs_lock_take(struct pp_req *req, struct pp_wfs *wfs)
{
	struct pp_feature_edit *edit = PP_NEW(req->arena, struct pp_feature_edit);
	struct pp_fault fault = { 0 };

	for (size_t i = 0; i < wfs->page.part_count; i++) {
		edit->collection = wfs->page.parts[i].reading.ask.collection;
		if (!edit->collection->edit) {
			pp_wfs_fault(&fault, PP_collection_read_only, "typeNames",
				"features of type %s are only read", edit->collection->type.name);
			return pp_refuse_fault(req, &fault);
		}
	}
	if (!pp_wfs_may_edit(req))
		return PP_DONE;
	edit->finds = true;
	edit->limit = wfs->start + wfs->page.limit;
	if (!is_answerable(wfs, &fault) || !read_where(req, wfs, edit, &fault) ||
		!read_expiry(req, wfs->request, &edit->seconds, &fault) ||
		!read_every(wfs->request, &edit->every, &fault))
		return pp_refuse_fault(req, &fault);
	pp_feature_turn(req);
	pp_feature_lock_ask(req, edit, &wfs->locked);
	pp_go_to(req, pp_wfs_locked);
	return PP_WAIT;
}

/* §12.2.4.2: a lock that is named begins anew, and is for no other features then. */
static enum pp_next renew(struct pp_req *req, struct pp_wfs *wfs)
{
	struct pp_fault fault = { 0 };
	struct pp_slice seconds;

	if (wfs->request->query_count) {
		pp_wfs_fault(&fault, PP_malformed_request, "lockId",
			"send a lockId, or queries for a new lock");
		return pp_refuse_fault(req, &fault);
	}
	if (!read_expiry(req, wfs->request, &seconds, &fault))
		return pp_refuse_fault(req, &fault);
	if (!pp_wfs_may_edit(req))
		return PP_DONE;
	pp_bind(req, "fids", PP_S("{}"));
	pp_bind(req, "seconds", seconds);
	pp_bind(req, "every", PP_S("t"));
	pp_bind(req, "lock", wfs->request->lock_id);
	pp_ask(req, "feature_lock_take", &wfs->locked);
	pp_go_to(req, pp_wfs_locked);
	return PP_WAIT;
}

enum pp_next pp_wfs_lock_feature(struct pp_req *req, struct pp_wfs *wfs)
{
	if (wfs->request->operation == PP_WFS_LOCK_FEATURE && wfs->request->lock_id.len)
		return renew(req, wfs);
	return pp_wfs_get_feature(req, wfs);
}

/* ---- What is told ---- */

/* The ids of an array of PostgreSQL, each as an element. */
static void add_ids(struct pp_buf *out, const char *around, const char *element,
	const struct pp_feature_type *type, struct pp_slice array)
{
	struct pp_slice rest = pp_slice(array.at + 1, array.len - 2);

	PP_MUST(array.len >= 2);
	if (!rest.len)
		return;
	pp_buf_format(out, "<wfs:%s>", around);
	while (rest.len) {
		pp_buf_format(out, "<%s=\"", element);
		pp_feature_gml_id(out, type, pp_slice_cut(rest, ',', &rest));
		pp_buf_text(out, "\"/>");
	}
	pp_buf_format(out, "</wfs:%s>\n", around);
}

static void begin_response(struct pp_buf *out, bool is_2_0)
{
	pp_buf_text(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<wfs:LockFeatureResponse "
		"xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" ");
	if (is_2_0)
		pp_buf_text(out,
			"xmlns:wfs=\"" PP_WFS_NAMESPACE
			"\" xmlns:fes=\"http://www.opengis.net/fes/2.0\" xsi:schemaLocation="
			"\"" PP_WFS_NAMESPACE
			" http://schemas.opengis.net/wfs/2.0/wfs.xsd\" lockId=\"");
	else
		pp_buf_text(out,
			"xmlns:wfs=\"http://www.opengis.net/wfs\" "
			"xmlns:ogc=\"http://www.opengis.net/ogc\" xsi:schemaLocation="
			"\"http://www.opengis.net/wfs "
			"http://schemas.opengis.net/wfs/1.1.0/wfs.xsd\">\n<wfs:LockId>");
}

static enum pp_next tell(struct pp_req *req, const struct pp_wfs *wfs)
{
	const struct pp_feature_type *type = &pp_collection_named(PP_S("drafts"))->type;
	bool is_2_0 = wfs->request->dialect == PP_WFS_2_0;
	const char *id = is_2_0 ? "fes:ResourceId rid" : "ogc:FeatureId fid";
	struct pp_buf *out = pp_buf_make(req->arena);

	begin_response(out, is_2_0);
	pp_buf_xml(out, pp_cell(wfs->locked, 0, PP_LOCK_ID));
	pp_buf_text(out, is_2_0 ? "\">\n" : "</wfs:LockId>\n");
	add_ids(out, "FeaturesLocked", id, type, pp_cell(wfs->locked, 0, PP_LOCK_TAKEN));
	add_ids(out, "FeaturesNotLocked", id, type, pp_cell(wfs->locked, 0, PP_LOCK_MISSED));
	pp_buf_text(out, "</wfs:LockFeatureResponse>\n");
	return pp_reply(req, 200, PP_WFS_XML, pp_buf_all(out));
}

enum pp_next pp_wfs_locked(struct pp_req *req)
{
	struct pp_wfs *wfs = pp_state(req, struct pp_wfs);

	PP_MUST(wfs->locked->rows == 1);
	if (wfs->request->operation == PP_WFS_LOCK_FEATURE)
		return tell(req, wfs);
	wfs->lock = pp_copy(req->arena, pp_cell(wfs->locked, 0, PP_LOCK_ID));
	for (size_t i = 0; i < wfs->page.part_count; i++)
		wfs->page.parts[i].reading.ask.held = wfs->lock;
	pp_go_to(req, pp_page_take);
	return pp_wfs_page(req, wfs);
}
