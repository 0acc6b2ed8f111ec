/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The body of a request against the field table of its route: every field that is wrong is named,
 * with its JSON pointer (RFC 6901), in one answer. Geometry text is cut out before the JSON library
 * sees the rest (design D8): the body's own geometry is handed on as text, the geometries of a
 * statement's points and the catchments of subjects go into the JSON as hexadecimal WKB.
 */
#include <pp/fmt/geojson.h>
#include <pp/fmt/multipart.h>
#include <pp/geo/crs.h>

#include "field.h"

#define FREE_OBJECT_MAX    16384
#define POINT_VERTICES_MAX 2000

static void check_value(struct pp_req *req, struct pp_slice pointer, const struct pp_field *field,
	struct pp_json *value);

static bool is_text_kind(enum pp_field_kind kind)
{
	return kind != PP_INTEGER && kind != PP_NUMBER && kind != PP_BOOLEAN && kind < PP_GEOMETRY;
}

static void check_scalar(struct pp_req *req, struct pp_slice pointer, const struct pp_field *field,
	struct pp_json *value)
{
	enum pp_json_kind kind = pp_json_kind(value);
	struct pp_buf *text = pp_buf_make(req->arena);
	const char *expected = NULL;

	if (is_text_kind(field->kind) && kind != PP_JSON_TEXT)
		expected = "must be a string";
	else if (field->kind == PP_BOOLEAN && kind != PP_JSON_BOOLEAN)
		expected = "must be true or false";
	else if (field->kind == PP_INTEGER && kind != PP_JSON_INTEGER)
		expected = "must be an integer";
	else if (field->kind == PP_NUMBER && kind != PP_JSON_INTEGER && kind != PP_JSON_NUMBER)
		expected = "must be a number";
	if (!expected && kind != PP_JSON_TEXT)
		pp_json_write(value, text);
	if (!expected)
		expected = pp_field_expects(req->arena, field,
			kind == PP_JSON_TEXT ? pp_json_text(value) : pp_buf_all(text));
	if (expected)
		pp_wrong(req, pointer, "%s", expected);
}

/* The pointer to a member; RFC 6901 §3: ~ and / in its name are written ~0 and ~1. */
static struct pp_slice member_at(
	struct pp_arena *arena, struct pp_slice pointer, struct pp_slice name)
{
	struct pp_buf *out = pp_buf_make(arena);

	pp_buf_slice(out, pointer);
	pp_buf_text(out, "/");
	for (size_t i = 0; i < name.len; i++) {
		if (name.at[i] == '~')
			pp_buf_text(out, "~0");
		else if (name.at[i] == '/')
			pp_buf_text(out, "~1");
		else
			pp_buf_add(out, name.at + i, 1);
	}
	return pp_buf_all(out);
}

/* A parameter of one subject beside another: the first field of the table says which it is. */
static bool belongs(
	const struct pp_field *fields, const struct pp_field *field, const struct pp_json *object)
{
	const struct pp_json *first = pp_json_member(object, pp_slice_of(fields->name));
	struct pp_slice rest = pp_slice_of(field->only);

	while (first && rest.len)
		if (pp_slice_is(pp_slice_cut(rest, '|', &rest), pp_json_text(first)))
			return true;
	return !first || !field->only;
}

static void check_object(struct pp_req *req, struct pp_slice pointer, const struct pp_field *fields,
	struct pp_json *object)
{
	struct pp_slice name;
	struct pp_json *value;

	if (pp_json_kind(object) != PP_JSON_OBJECT) {
		pp_wrong(req, pointer, "must be an object");
		return;
	}
	for (size_t i = 0; pp_json_member_at(object, i, &name, &value); i++) {
		const struct pp_field *field = fields;
		struct pp_slice at = member_at(req->arena, pointer, name);

		while (field->name && !pp_slice_is(name, pp_slice_of(field->name)))
			field++;
		if (!field->name && !req->route->from_servers)
			pp_wrong(req, at, "is not a field here");
		else if (!field->name)
			continue;
		else if (!belongs(fields, field, object))
			pp_wrong(req, at, "belongs to the %s %s", fields->name, field->only);
		else if (pp_json_kind(value) != PP_JSON_NULL)
			check_value(req, at, field, value);
		else if (!field->nullable && field->kind != PP_GEOMETRY)
			pp_wrong(req, at, "must not be null");
	}
	for (const struct pp_field *field = fields; field->name; field++)
		if (field->required && !pp_json_member(object, pp_slice_of(field->name)))
			pp_wrong(req, member_at(req->arena, pointer, pp_slice_of(field->name)),
				"is required");
}

static void check_list(struct pp_req *req, struct pp_slice pointer, const struct pp_field *field,
	struct pp_json *list)
{
	size_t length = pp_json_length(list);

	if (pp_json_kind(list) != PP_JSON_LIST) {
		pp_wrong(req, pointer, "must be a list");
		return;
	}
	if ((int64_t)length < field->min || (int64_t)length > field->max) {
		pp_wrong(req, pointer, "must have %lld to %lld elements, has %zu",
			(long long)field->min, (long long)field->max, length);
		return;
	}
	for (size_t i = 0; i < length; i++)
		check_value(req, pp_format(req->arena, "%.*s/%zu", PP_SHOW(pointer), i),
			field->fields, pp_json_element(list, i));
}

static void check_value(struct pp_req *req, struct pp_slice pointer, const struct pp_field *field,
	struct pp_json *value)
{
	struct pp_buf *text;

	switch (field->kind) {
	case PP_OBJECT:
		if (field->fields) {
			check_object(req, pointer, field->fields, value);
			return;
		}
		text = pp_buf_make(req->arena);
		pp_json_write(value, text);
		if (pp_json_kind(value) != PP_JSON_OBJECT)
			pp_wrong(req, pointer, "must be an object");
		else if (text->len > FREE_OBJECT_MAX)
			pp_wrong(req, pointer, "must have %d bytes at most", FREE_OBJECT_MAX);
		return;
	case PP_LIST:
		check_list(req, pointer, field, value);
		return;
	case PP_GEOMETRY:
		/* What was cut out is null by now; anything else was no GeoJSON object. */
		if (pp_json_kind(value) != PP_JSON_NULL)
			pp_wrong(req, pointer, "must be a GeoJSON geometry");
		return;
	default:
		check_scalar(req, pointer, field, value);
	}
}

/* The pattern of a list of objects with a geometry each, or NULL. */
static const char *inner_pattern(struct pp_req *req, const struct pp_field *fields)
{
	for (const struct pp_field *list = fields; list->name; list++) {
		if (list->kind != PP_LIST || list->fields->kind != PP_OBJECT ||
			!list->fields->fields)
			continue;
		for (const struct pp_field *field = list->fields->fields; field->name; field++)
			if (field->kind == PP_GEOMETRY)
				return pp_format(req->arena, "/%s/[*]/%s", list->name, field->name)
					.at;
	}
	return NULL;
}

static bool has_own_geometry(const struct pp_field *fields)
{
	for (; fields->name; fields++)
		if (fields->kind == PP_GEOMETRY && strcmp(fields->name, "geometry") == 0)
			return true;
	return false;
}

/* Puts the WKB of a point's geometry (CRS84) where its text stood: "/points/3/geometry". */
static void put_inner(struct pp_req *req, const struct pp_json_cut *cut)
{
	struct pp_slice rest, list, index, name;
	struct pp_buf *hex = pp_buf_make(req->arena);
	struct pp_geojson read;
	struct pp_fault fault;
	uint64_t i;

	if (!pp_geojson_read(req->arena, cut->value, POINT_VERTICES_MAX, &read, &fault)) {
		pp_wrong(req, pp_format(req->arena, "%.*s%s", PP_SHOW(cut->pointer), fault.pointer),
			"%s", fault.detail);
		return;
	}
	/* RFC 7946 §4: longitude and latitude; an old member that says otherwise is not overheard.
	 */
	if (read.crs.len && pp_crs_named(read.crs) != PP_CRS84) {
		pp_wrong(req, pp_format(req->arena, "%.*s/crs", PP_SHOW(cut->pointer)),
			"must be CRS84, longitude first (RFC 7946)");
		return;
	}
	pp_slice_cut(cut->pointer, '/', &rest);
	list = pp_slice_cut(rest, '/', &rest);
	index = pp_slice_cut(rest, '/', &name);
	PP_MUST(pp_slice_u64(index, &i));
	pp_buf_hex(hex, read.wkb);
	pp_json_put_text(
		pp_json_element(pp_json_member(req->body, list), (size_t)i), name, pp_buf_all(hex));
}

/* What was left empty was not said. */
static void add_said(struct pp_buf *out, struct pp_slice name, struct pp_slice value)
{
	if (value.len == 0)
		return;
	if (out->len > 1)
		pp_buf_text(out, ",");
	pp_buf_json(out, name);
	pp_buf_text(out, ":");
	pp_buf_json(out, value);
}

/* A form as the JSON that a program would send. */
static bool form_text(struct pp_req *req, struct pp_slice form, struct pp_slice *text)
{
	struct pp_slice type = pp_http_field(req->exchange, PP_S("content-type"));
	struct pp_buf *out = pp_buf_make(req->arena);
	struct pp_multipart parts = { 0 };

	pp_buf_text(out, "{");
	if (pp_slice_starts(type, PP_S("application/"))) {
		while (form.len) {
			struct pp_slice raw, name, value;
			struct pp_slice pair = pp_slice_cut(form, '&', &form);

			if (!pp_form_read(req->arena, pp_slice_cut(pair, '=', &raw), &name) ||
				!pp_form_read(req->arena, raw, &value))
				return false;
			add_said(out, name, value);
		}
	} else if (!pp_multipart_read(type, form, &parts)) {
		return false;
	}
	for (size_t i = 0; i < parts.count; i++)
		add_said(out, parts.list[i].name, parts.list[i].value);
	pp_buf_text(out, "}");
	*text = pp_buf_all(out);
	return true;
}

enum pp_next pp_body_check(struct pp_req *req)
{
	const struct pp_field *fields = req->route->body;
	struct pp_json_cuts own = { 0 }, inner = { 0 };
	struct pp_slice text = req->exchange->body;
	struct pp_buf *out;
	const char *pattern;
	struct pp_fault fault;

	if (!fields || req->has_file)
		return PP_NEXT;
	if (req->has_form && !form_text(req, text, &text))
		return pp_refuse(req, PP_malformed_request, "this is no form");
	/* An empty body is an empty object: actions without values need none. */
	if (text.len == 0)
		text = PP_S("{}");
	if (has_own_geometry(fields)) {
		if (!pp_json_cut(req->arena, text, PP_S("/geometry"), &own, &fault))
			return pp_refuse_fault(req, &fault);
		text = own.rest;
		req->geometry = own.count ? own.list[0].value : PP_S("");
	}
	pattern = inner_pattern(req, fields);
	if (pattern) {
		if (!pp_json_cut(req->arena, text, pp_slice_of(pattern), &inner, &fault))
			return pp_refuse_fault(req, &fault);
		text = inner.rest;
	}
	req->body = pp_json_read(req->arena, text, &fault);
	if (!req->body)
		return pp_refuse_fault(req, &fault);
	check_object(req, PP_S(""), fields, req->body);
	for (size_t i = 0; i < inner.count; i++)
		put_inner(req, &inner.list[i]);
	if (req->wrong)
		return pp_refuse_wrong(req, PP_invalid_body);
	out = pp_buf_make(req->arena);
	pp_json_write(req->body, out);
	req->body_text = pp_buf_all(out);
	return PP_NEXT;
}
