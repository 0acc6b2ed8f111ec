/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One feature made, replaced, changed or removed (OGC 20-002): the body is read against the
 * collection's columns, a geometry worker judges the geometry, one query does it, and the answer is
 * the feature in the version that this has made, whatever has become of it meanwhile.
 */
#include <pp/core/extent.h>
#include <pp/feature/edit.h>
#include <pp/fmt/geojson.h>

#include "ogc.h"

struct editing {
	struct pp_ogc_items items; /* first: the reply finds it there */
	struct pp_feature_change change;
	struct pp_job_geometry geometry; /* wkb.at == NULL: there is nothing to judge */
	struct pp_frame judged;
	struct pp_rows *done;
};

enum { DONE_NO, DONE_ACTION, DONE_ID, DONE_VERSION };

static const char *action_of(enum pp_method method)
{
	return method == PP_POST     ? "create"
		: method == PP_PUT   ? "replace"
		: method == PP_PATCH ? "update"
				     : "delete";
}

/* OGC 20-002: coordinates of the body are in the CRS of the field Content-Crs, in the order of its
 * axes, and else in CRS84; 0 after the refusal. */
static int body_crs(struct pp_req *req)
{
	struct pp_slice name = pp_slice_trim(pp_http_field(req->exchange, PP_S("content-crs")));
	int code = PP_CRS84;

	if (name.len > 2 && name.at[0] == '<' && name.at[name.len - 1] == '>')
		name = pp_slice(name.at + 1, name.len - 2);
	if (name.len)
		code = pp_crs_offered(name);
	if (!code)
		pp_refuse(
			req, PP_crs_unknown, "'%.*s' is no CRS of this collection", PP_SHOW(name));
	return code;
}

/* RFC 7396: a patch without properties says nothing of them, and null takes all of them away. */
static void read_properties(struct pp_req *req, struct editing *e, const struct pp_json *feature)
{
	const struct pp_feature_type *type = e->items.part.view.type;
	struct pp_json *properties = pp_json_member(feature, PP_S("properties")), *value;
	struct pp_buf *object = pp_buf_make(req->arena);
	struct pp_slice name;

	if (!properties)
		return;
	if (pp_json_kind(properties) == PP_JSON_NULL)
		for (size_t i = 0; i < type->column_count; i++)
			pp_feature_property_add(req, object, type,
				pp_slice_of(type->columns[i].name), properties, PP_S(""));
	else if (pp_json_kind(properties) != PP_JSON_OBJECT)
		pp_wrong(req, PP_S("/properties"), "must be an object");
	for (size_t i = 0; pp_json_member_at(properties, i, &name, &value); i++)
		pp_feature_property_add(req, object, type, name, value,
			pp_format(req->arena, "/properties/%.*s", PP_SHOW(name)));
	pp_buf_text(object, object->len ? "}" : "{}");
	e->change.properties = pp_buf_all(object);
}

/* Whatever else GeoJSON may have (bbox, links) is of no account; false after the refusal. */
static bool read_feature(struct pp_req *req, struct editing *e)
{
	struct pp_json_cuts cuts = { 0 };
	struct pp_json *feature;
	struct pp_fault fault;
	int code = body_crs(req);

	if (!code)
		return false;
	if (!pp_json_cut(req->arena, req->exchange->body, PP_S("/geometry"), &cuts, &fault) ||
		!(feature = pp_json_read(req->arena, cuts.rest, &fault))) {
		pp_refuse_fault(req, &fault);
		return false;
	}
	if (pp_json_kind(feature) != PP_JSON_OBJECT)
		pp_wrong(req, PP_S(""), "must be an object");
	else if (req->exchange->method != PP_PATCH &&
		!pp_slice_is(pp_json_text(pp_json_member(feature, PP_S("type"))), PP_S("Feature")))
		pp_wrong(req, PP_S("/type"), "must be Feature");
	read_properties(req, e, feature);
	if (req->wrong) {
		pp_refuse_wrong(req, PP_invalid_body);
		return false;
	}
	e->change.says_geometry = pp_json_member(feature, PP_S("geometry")) != NULL;
	return !cuts.count ||
		pp_extent_take(req, cuts.list[0].value, code, PP_AXES_AUTHORITY, &e->geometry);
}

enum pp_next pp_ogc_edit(struct pp_req *req)
{
	struct editing *e = pp_state(req, struct editing);
	struct pp_feature_change *change = &e->change;
	bool removes = req->exchange->method == PP_DELETE;

	if (!pp_ogc_begin(req, &e->items))
		return PP_DONE;
	if (req->wrong)
		return pp_refuse_wrong(req, PP_invalid_parameter);
	change->action = action_of(req->exchange->method);
	change->pointer = PP_S("");
	if (req->exchange->method != PP_POST) {
		change->id = pp_path(req, "feature");
		if (!pp_feature_conditions(req, change))
			return PP_DONE;
		if (req->server->edits_need_match && !change->if_match.at &&
			!change->if_unmodified_since.at)
			return pp_refuse(req, PP_precondition_required,
				"send If-Match with the ETag of what you have read");
	}
	if (removes || (read_feature(req, e) && !e->geometry.wkb.at))
		return PP_NEXT;
	if (!req->open)
		return PP_DONE;
	pp_ask_check(req, &e->geometry, &e->judged);
	return PP_WAIT;
}

enum pp_next pp_ogc_edit_store(struct pp_req *req)
{
	struct editing *e = pp_state(req, struct editing);
	struct pp_buf *changes = pp_buf_make(req->arena);
	struct pp_job_result result;

	if (e->geometry.wkb.at) {
		if (!pp_extent_result(req, &e->judged, &result))
			return PP_DONE;
		e->change.wkb = result.wkb;
	}
	pp_feature_change_add(changes, &e->change);
	pp_buf_text(changes, "]");
	pp_bind(req, "actions", pp_buf_all(changes));
	/* Part 4 knows no locks but respects those of WFS. */
	pp_bind_null(req, "lock");
	pp_bind_null(req, "releases");
	pp_ask(req, e->items.part.reading.ask.collection->edit, &e->done);
	return PP_WAIT;
}

/* RFC 9110 §8.7: what comes is what is there now, under its own address. */
enum pp_next pp_ogc_edit_show(struct pp_req *req)
{
	struct editing *e = pp_state(req, struct editing);
	struct pp_feature_ask *ask = &e->items.part.reading.ask;
	struct pp_slice address;

	if (req->exchange->method == PP_DELETE)
		return pp_reply(req, 204, NULL, PP_S(""));
	PP_MUST(e->done->rows == 1);
	ask->fid = pp_copy(req->arena, pp_cell(e->done, 0, DONE_ID));
	ask->seen = pp_copy(req->arena, pp_cell(e->done, 0, DONE_VERSION));
	/* From here on the request is about the feature that it has made: its links say so. */
	req->exchange->path = pp_format(req->arena, "/ogc/collections/%s/items/%.*s",
		ask->collection->type.name, PP_SHOW(ask->fid));
	address = pp_url(req, req->exchange->path);
	if (req->exchange->method == PP_POST) {
		e->items.status = 201;
		pp_reply_field(req, "Location", address);
	} else {
		pp_reply_field(req, "Content-Location", address);
	}
	e->items.part.view.alone = true;
	return pp_page_ask(req);
}
