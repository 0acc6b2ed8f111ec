/* SPDX-License-Identifier: EUPL-1.2 */
/* Web Feature Service 2.0: which operation is meant, and what all have in common. */
#include "wfs.h"

#include <stdio.h>

#include "../rooms.h"

bool pp_wfs_fault(struct pp_fault *fault, enum pp_problem problem, const char *locator,
	const char *format, ...)
{
	va_list list;

	*fault = (struct pp_fault){ .problem = problem };
	va_start(list, format);
	vsnprintf(fault->detail, sizeof(fault->detail), format, list);
	va_end(list);
	snprintf(fault->pointer, sizeof(fault->pointer), "%s", locator);
	return false;
}

bool pp_wfs_take_document(struct pp_req *req, struct pp_wfs *wfs, struct pp_fault *fault)
{
	if (pp_wfs_read(req->arena, wfs->document, wfs->request, fault))
		return true;
	/* The sentence has line and column. */
	if (!fault->pointer[0])
		snprintf(fault->pointer, sizeof(fault->pointer), "request");
	return false;
}

static enum pp_next not_there(struct pp_req *req, struct pp_wfs *wfs)
{
	(void)wfs;
	return pp_refuse(req, PP_not_implemented, "this operation is not in the capabilities");
}

static enum pp_next (*const operations[PP_WFS_OPERATIONS])(struct pp_req *, struct pp_wfs *) = {
	[PP_WFS_GET_CAPABILITIES] = pp_wfs_get_capabilities,
	[PP_WFS_DESCRIBE_FEATURE_TYPE] = pp_wfs_describe_feature_type,
	[PP_WFS_GET_FEATURE] = pp_wfs_get_feature,
	[PP_WFS_GET_PROPERTY_VALUE] = pp_wfs_get_feature,
	[PP_WFS_GET_FEATURE_WITH_LOCK] = pp_wfs_lock_feature,
	[PP_WFS_LOCK_FEATURE] = pp_wfs_lock_feature,
	[PP_WFS_LIST_STORED_QUERIES] = pp_wfs_list_stored_queries,
	[PP_WFS_DESCRIBE_STORED_QUERIES] = pp_wfs_describe_stored_queries,
	[PP_WFS_CREATE_STORED_QUERY] = pp_wfs_create_stored_query,
	[PP_WFS_DROP_STORED_QUERY] = pp_wfs_drop_stored_query,
	[PP_WFS_TRANSACTION] = pp_wfs_transact,
};

/* Table 5 and §6.2.5.2: the service and a version that is spoken here. */
static bool is_for_us(const struct pp_wfs_request *request, struct pp_fault *fault)
{
	static const char *const versions[] = { "2.0.0", "2.0.2", "2.0", "1.1.0", "1.1" };

	if (request->service.len && !pp_slice_is_nocase(request->service, PP_S("WFS")))
		return pp_wfs_fault(
			fault, PP_invalid_parameter, "service", "this service is a WFS");
	if (!request->service.len && request->operation == PP_WFS_GET_CAPABILITIES)
		return pp_wfs_fault(
			fault, PP_parameter_missing, "service", "send SERVICE=WFS with it");
	for (size_t i = 0; i < PP_LENGTH(versions); i++)
		if (!request->version.len ||
			pp_slice_is(request->version, pp_slice_of(versions[i])))
			return true;
	return request->operation == PP_WFS_GET_CAPABILITIES ||
		pp_wfs_fault(fault, PP_invalid_parameter, "version",
			"versions 1.1.0, 2.0.0 and 2.0.2 are spoken here");
}

/* 04-094 has neither values nor, in our sense, stored queries. */
static enum pp_next run(struct pp_req *req, struct pp_wfs *wfs)
{
	static const enum pp_wfs_operation newer[] = { PP_WFS_GET_PROPERTY_VALUE,
		PP_WFS_LIST_STORED_QUERIES, PP_WFS_DESCRIBE_STORED_QUERIES,
		PP_WFS_CREATE_STORED_QUERY, PP_WFS_DROP_STORED_QUERY };
	const struct pp_wfs_request *request = wfs->request;

	for (size_t i = 0; i < PP_LENGTH(newer); i++)
		if (request->dialect != PP_WFS_2_0 && request->operation == newer[i])
			return not_there(req, wfs);
	return operations[request->operation](req, wfs);
}

static bool changes(enum pp_wfs_operation operation)
{
	return operation == PP_WFS_TRANSACTION || pp_wfs_locks(operation);
}

/* QGIS 3.22 edits what it has read by 2.0 in 1.0, GDAL 3.6 in 1.1. */
static bool is_older(const struct pp_wfs_request *request)
{
	return changes(request->operation) && request->dialect != PP_WFS_2_0 &&
		pp_slice_starts(request->version, PP_S("1."));
}

/*
 * Table 18 has parameters for locks, so that they are taken by GET, which is not what GET is for
 * (RFC 9110 §9.2.1): a link that a browser follows has the cookie, and a HEAD is sent by whoever
 * wants to know what is there.
 */
static bool may_lock(struct pp_req *req)
{
	if (req->exchange->method == PP_HEAD)
		pp_refuse(req, PP_not_implemented, "HEAD locks nothing; send GET or POST");
	else if (req->who.is_session)
		pp_refuse(req, PP_forbidden,
			"An address locks nothing for a session: send a token, or XML by POST.");
	else
		return true;
	return false;
}

static enum pp_next get(struct pp_req *req)
{
	struct pp_wfs *wfs = pp_state(req, struct pp_wfs);
	struct pp_fault fault = { 0 };

	if (!pp_wfs_kvp(req, wfs, &fault) || !is_for_us(wfs->request, &fault))
		return pp_refuse_fault(req, &fault);
	if (wfs->request->operation == PP_WFS_TRANSACTION)
		return pp_refuse(req, PP_not_implemented, "send this operation as XML, by POST");
	if (pp_wfs_locks(wfs->request->operation) && !may_lock(req))
		return PP_DONE;
	return run(req, wfs);
}

/* A document; what it says stands by itself, and the address has nothing to add. */
static enum pp_next post(struct pp_req *req)
{
	struct pp_wfs *wfs = pp_state(req, struct pp_wfs);
	struct pp_fault fault = { 0 };

	wfs->request = PP_NEW(req->arena, struct pp_wfs_request);
	wfs->document = req->exchange->body;
	if (!pp_wfs_take_document(req, wfs, &fault) ||
		(!is_older(wfs->request) && !is_for_us(wfs->request, &fault)))
		return pp_refuse_fault(req, &fault);
	return run(req, wfs);
}

/* What an address says goes before what has been read: it may be what cannot be read. */
static enum pp_ows words(const struct pp_req *req)
{
	static const enum pp_ows of[] = {
		[PP_WFS_1_0] = PP_OWS_SERVICE, [PP_WFS_1_1] = PP_OWS_1_0, [PP_WFS_2_0] = PP_OWS_1_1
	};
	const struct pp_wfs *wfs = req->state;
	struct pp_slice rest = req->exchange->query;

	while (req->exchange->method != PP_POST && rest.len) {
		struct pp_slice version, pair = pp_slice_cut(rest, '&', &rest);

		if (pp_slice_is_nocase(pp_slice_cut(pair, '=', &version), PP_S("VERSION")))
			return of[pp_wfs_dialect(version)];
	}
	return wfs && wfs->request ? of[wfs->request->dialect] : PP_OWS_1_1;
}

static pp_step *const get_steps[] = { get, pp_page_take, pp_page_room, pp_page_look, pp_wfs_counted,
	pp_wfs_one, pp_wfs_expanded, pp_wfs_listed, pp_wfs_described, pp_export_reply,
	pp_wfs_locked, NULL };
static pp_step *const post_steps[] = { post, pp_page_take, pp_page_room, pp_page_look,
	pp_wfs_counted, pp_wfs_one, pp_wfs_expanded, pp_wfs_listed, pp_wfs_described, pp_wfs_stored,
	pp_export_reply, pp_wfs_judged, pp_wfs_transacted, pp_wfs_locked, NULL };

const struct pp_route wfs_routes[] = {
	/* Names of parameters count without case: the room takes them all. */
	{ PP_GET, "//wfs", PP_ANYONE, get_steps, .rate = PP_RATE_PUBLIC, .deadline_ms = 30000,
		.has_other_params = true, .ows = words,
		.summary = "WFS 2.0: capabilities, schemas and features" },
	{ PP_POST, "//wfs", PP_ANYONE, post_steps, .rate = PP_RATE_PUBLIC, .deadline_ms = 30000,
		.text_types = "text/xml application/xml application/gml+xml application/wfs+xml",
		.body_limit = PP_WFS_DOCUMENT_MOST, .has_other_params = true, .asks = true,
		.ows = words,
		.summary =
			"WFS 2.0: the same asked in XML, transactions, locks and stored queries" },
	{ 0 },
};
