/* SPDX-License-Identifier: EUPL-1.2 */
/* Actions of a transaction (09-025r2 §15.2.4 to §15.2.8): which features, and what of them. */
#include <stdarg.h>
#include <stdio.h>

#include "transaction.h"

struct reading {
	struct pp_req *req;
	const struct pp_wfs_request *request;
	const struct pp_wfs_action *action;
	struct pp_wfs_change *out;
	struct pp_fault *fault;
};

struct pp_slice pp_wfs_handle(const struct pp_wfs_action *action)
{
	static const char *const names[] = { [PP_WFS_INSERT] = "Insert",
		[PP_WFS_UPDATE] = "Update",
		[PP_WFS_REPLACE] = "Replace",
		[PP_WFS_DELETE] = "Delete",
		[PP_WFS_NATIVE] = "Native" };

	return action->handle.len ? action->handle : pp_slice_of(names[action->kind]);
}

static bool refuse_at(struct reading *r, enum pp_problem problem, size_t at, const char *format,
	...) PP_PRINTF(4, 5);

/* §15.4: the locator of what fails is the handle of its action. */
static bool refuse_at(
	struct reading *r, enum pp_problem problem, size_t at, const char *format, ...)
{
	char sentence[200];
	va_list list;

	va_start(list, format);
	vsnprintf(sentence, sizeof(sentence), format, list);
	va_end(list);
	pp_element_wrong(r->fault, problem, r->request->document, at, "%s", sentence);
	snprintf(r->fault->pointer, sizeof(r->fault->pointer), "%.*s",
		PP_SHOW(pp_wfs_handle(r->action)));
	return false;
}

/* ---- What of them ---- */

static bool read_geometry(struct reading *r, const struct pp_wfs_value *value)
{
	struct pp_wfs_change *out = r->out;
	struct pp_job_geometry *geometry = &out->geometry;

	if (out->change.says_geometry)
		return refuse_at(r, PP_invalid_body, value->at, "a property is named twice");
	out->change.says_geometry = true;
	out->geometry_at = value->at;
	if (!value->is_geometry && pp_xs_trim(value->text).len)
		return refuse_at(
			r, PP_invalid_body, value->at, "geometry has a geometry of GML in it");
	if (!value->wkb.at)
		return true;
	if (!pp_wfs_crs(r->request->dialect, value->srs, &geometry->crs, &geometry->axes, r->fault))
		return false;
	if (value->east_first)
		geometry->axes = PP_AXES_EAST_NORTH;
	geometry->wkb = value->wkb;
	return true;
}

/* XML has no null but xsi:nil and what is left out; an id that is empty is none either. */
static void add_text(
	struct pp_buf *object, const struct pp_feature_column *column, struct pp_slice text)
{
	bool is_id = column->kind == PP_FEATURE_UUID;

	PP_MUST(is_id || column->kind == PP_FEATURE_TEXT);
	if (is_id)
		text = pp_xs_trim(text);
	pp_buf_format(object, "%s\"%s\":", object->len ? "," : "{", column->name);
	if (!text.at || (is_id && !text.len))
		pp_buf_text(object, "null");
	else
		pp_buf_json(object, text);
}

/* A feature that was read has its name twice: then the property that its type calls so decides. */
static bool is_said_again(const struct reading *r, const struct pp_wfs_value *value,
	const struct pp_feature_column *column)
{
	const struct pp_wfs_action *action = r->action;

	if (action->kind == PP_WFS_UPDATE || !pp_slice_is(value->name, PP_S("gml:name")))
		return false;
	for (size_t i = 0; i < action->value_count; i++)
		if (pp_slice_is(action->values[i].name, pp_slice_of(column->name)))
			return true;
	return false;
}

/* What cannot be written is left as it is: GDAL sends all that it has read. */
static bool read_value(
	struct reading *r, const struct pp_wfs_value *value, struct pp_buf *object, uint32_t *said)
{
	const struct pp_feature_type *type = &r->out->collection->type;
	const struct pp_feature_column *column = pp_column_named(type, value->name);
	uint32_t bit;

	if (pp_slice_is(value->name, PP_S("geometry")))
		return read_geometry(r, value);
	if (!column)
		return refuse_at(r, PP_invalid_body, value->at, "no property of %s is called %.*s",
			type->name, (int)(value->name.len < 60 ? value->name.len : 60),
			value->name.at);
	if (is_said_again(r, value, column))
		return true;
	if (value->is_geometry)
		return refuse_at(r, PP_invalid_body, value->at, "no geometry is the value of %s",
			column->name);
	bit = UINT32_C(1) << (column - type->columns);
	if (*said & bit)
		return refuse_at(r, PP_invalid_body, value->at, "a property is named twice");
	*said |= bit;
	if (column->receivable)
		add_text(object, column, value->text);
	return true;
}

static bool read_values(struct reading *r)
{
	struct pp_buf *object = pp_buf_make(r->req->arena);
	uint32_t said = 0;

	for (size_t i = 0; i < r->action->value_count; i++)
		if (!read_value(r, &r->action->values[i], object, &said))
			return false;
	pp_buf_text(object, object->len ? "}" : "{}");
	r->out->change.properties = pp_buf_all(object);
	return true;
}

/* ---- Which ones ---- */

/* Whether it says nothing but ids, as the filters of editors do. */
static bool is_of_ids(const struct pp_filter *filter)
{
	if (filter->kind != PP_FILTER_OPERATION || filter->op != PP_FILTER_in ||
		filter->count != 2 || filter->operands[1]->kind != PP_FILTER_LIST_OF)
		return false;
	for (size_t i = 0; i < filter->operands[1]->count; i++)
		if (filter->operands[1]->operands[i]->kind != PP_FILTER_RESOURCE)
			return false;
	return true;
}

static void read_ids(struct reading *r, const struct pp_filter *filter)
{
	const struct pp_filter *list = filter->operands[1];
	struct pp_buf *ids = pp_buf_make(r->req->arena);
	struct pp_slice id;

	for (size_t i = 0; i < list->count; i++) {
		/* Of another type's there are none of this one. */
		if (!pp_feature_id_of(
			    r->req->arena, &r->out->collection->type, list->operands[i]->text, &id))
			continue;
		pp_buf_text(ids, ids->len ? "," : "[");
		pp_buf_json(ids, id);
	}
	pp_buf_text(ids, ids->len ? "]" : "[]");
	r->out->change.ids = pp_buf_all(ids);
}

static bool read_condition(struct reading *r)
{
	struct pp_filter *filter = r->action->filter;
	struct pp_where *where;

	if (filter && is_of_ids(filter)) {
		read_ids(r, filter);
		return true;
	}
	r->out->finds = true;
	if (!filter)
		return true;
	where = pp_where_make(r->req->arena, r->req->server->geo, r->out->collection);
	r->out->where = where;
	if (pp_where_add(where, filter, r->request->document, r->fault))
		return true;
	snprintf(r->fault->pointer, sizeof(r->fault->pointer), "%.*s",
		PP_SHOW(pp_wfs_handle(r->action)));
	return false;
}

/* ---- All of it ---- */

static bool read_collection(struct reading *r)
{
	const struct pp_wfs_action *action = r->action;
	const struct pp_collection *found = pp_collection_named(action->type);

	r->out->collection = found;
	if (!found)
		return refuse_at(r, PP_invalid_body, action->at, "there is no feature type %.*s",
			(int)(action->type.len < 60 ? action->type.len : 60), action->type.at);
	return found->edit ||
		refuse_at(r, PP_collection_read_only, action->at,
			"features of type %s are only read", found->type.name);
}

/* §15.2.4.2 and 04-094 §11.2.5: ids are given here, and GML of whatever version is read. */
static bool read_options(struct reading *r)
{
	static const char *const formats[] = { "text/xml", "application/xml", "application/gml+xml",
		"x-application/gml" };
	const struct pp_wfs_action *action = r->action;

	if (action->idgen.len && !pp_slice_is(action->idgen, PP_S("GenerateNew")))
		return refuse_at(r, PP_option_not_supported, action->at,
			"features get their ids here: idgen is GenerateNew");
	for (size_t i = 0; i < PP_LENGTH(formats); i++)
		if (!action->input_format.len ||
			pp_slice_starts(action->input_format, pp_slice_of(formats[i])))
			return true;
	return refuse_at(r, PP_invalid_parameter, action->at,
		"features are taken as GML: leave inputFormat out");
}

bool pp_wfs_change_of(struct pp_req *req, const struct pp_wfs_request *request,
	const struct pp_wfs_action *action, struct pp_wfs_change *out, struct pp_fault *fault)
{
	static const char *const kinds[] = { [PP_WFS_INSERT] = "create",
		[PP_WFS_UPDATE] = "update",
		[PP_WFS_REPLACE] = "replace",
		[PP_WFS_DELETE] = "delete" };
	struct reading r = { req, request, action, out, fault };
	unsigned line, column;

	out->action = action;
	if (action->kind == PP_WFS_NATIVE)
		return action->safe_to_ignore ||
			refuse_at(&r, PP_option_not_supported, action->at,
				"nothing native is done here");
	if (!read_collection(&r) || !read_options(&r))
		return false;
	pp_filter_place(request->document, action->at, &line, &column);
	out->change.action = kinds[action->kind];
	out->change.number = (size_t)(action - request->actions);
	out->change.handle = pp_wfs_handle(action);
	out->change.place = pp_format(req->arena, "line %u, column %u", line, column);
	return (action->kind == PP_WFS_DELETE || read_values(&r)) &&
		(action->kind == PP_WFS_INSERT || read_condition(&r));
}
