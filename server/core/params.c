/* SPDX-License-Identifier: EUPL-1.2 */
/* Parameters of the path and of the query string, against the rows of the route. */
#include <pp/base/uuid.h>

#include "field.h"

#define KEY_MOST 255

bool pp_form_read(struct pp_arena *arena, struct pp_slice raw, struct pp_slice *out)
{
	char *text = pp_alloc(arena, raw.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < raw.len; i++) {
		if (raw.at[i] == '%') {
			if (i + 2 >= raw.len || pp_hex_digit(raw.at[i + 1]) < 0 ||
				pp_hex_digit(raw.at[i + 2]) < 0)
				return false;
			text[len++] = (char)(pp_hex_digit(raw.at[i + 1]) << 4 |
				pp_hex_digit(raw.at[i + 2]));
			i += 2;
		} else {
			text[len++] = raw.at[i] == '+' ? ' ' : raw.at[i];
		}
	}
	*out = pp_slice(text, len);
	return pp_slice_is_utf8(*out);
}

void pp_form_add(struct pp_buf *form, const char *name, struct pp_slice value)
{
	pp_buf_format(form, "%s%s=", form->len ? "&" : "", name);
	pp_buf_percent(form, value, "");
}

static const struct pp_field *known(const struct pp_route *route, struct pp_slice name)
{
	for (const struct pp_field *field = route->params; field && field->name; field++)
		if (pp_slice_is(name, pp_slice_of(field->name)))
			return field;
	return NULL;
}

static void take(struct pp_req *req, struct pp_slice pair)
{
	const struct pp_field *field;
	struct pp_slice raw, name, value;
	const char *expected;

	if (!pp_form_read(req->arena, pp_slice_cut(pair, '=', &raw), &name) ||
		!pp_form_read(req->arena, raw, &value)) {
		pp_wrong(req, pair, "is no percent-encoded UTF-8");
		return;
	}
	field = known(req->route, name);
	if (!field && req->route->has_other_params)
		return;
	if (!field) {
		pp_wrong(req, name, "is not a parameter here");
	} else if (pp_param(req, field->name).at) {
		pp_wrong(req, name, "is given twice");
	} else if ((expected = pp_field_expects(req->arena, field, value))) {
		pp_wrong(req, name, "%s", expected);
	} else {
		PP_MUST(req->param_count < PP_BINDINGS);
		req->params[req->param_count++] = (struct pp_binding){ pp_slice_of(field->name),
			value };
	}
}

/* Versions of boundaries and rules are counted, and places in a chain. */
static bool is_number(struct pp_slice value)
{
	uint64_t number;

	return pp_slice_u64(value, &number) && number <= INT64_MAX;
}

/*
 * Identifiers are UUIDs but for an AGS, the key of a body, a version, a place in a chain and those
 * that are names, of whatever form; another form names nothing.
 */
static bool has_form(struct pp_slice name, struct pp_slice value, struct pp_arena *arena)
{
	static const struct pp_field ags = { .kind = PP_AGS }, body = { .kind = PP_BODY_KEY };
	/* Of a tile as OGC 20-057 calls them. */
	static const char *const names[] = { "problem", "collection", "feature", "tileMatrixSetId",
		"tileMatrix", "tileRow", "tileCol", "file" };

	for (size_t i = 0; i < PP_LENGTH(names); i++)
		if (pp_slice_is(name, pp_slice_of(names[i])))
			return true;
	if (pp_slice_is(name, PP_S("ags")))
		return !pp_field_expects(arena, &ags, value);
	if (pp_slice_is(name, PP_S("body_key")))
		return !pp_field_expects(arena, &body, value);
	if (pp_slice_is(name, PP_S("version")) || pp_slice_is(name, PP_S("seq")))
		return is_number(value);
	return pp_uuid_is(value);
}

/* Printable ASCII, and not so long that it cannot be kept (pp.idempotency_key). */
static void check_key(struct pp_req *req)
{
	struct pp_slice key = pp_http_field(req->exchange, PP_S("idempotency-key"));

	if (key.len > KEY_MOST)
		pp_wrong(req, PP_S("Idempotency-Key"), "must have %d characters at most", KEY_MOST);
	for (size_t i = 0; i < key.len; i++) {
		if (key.at[i] >= ' ' && key.at[i] <= '~')
			continue;
		pp_wrong(req, PP_S("Idempotency-Key"), "must be printable ASCII");
		return;
	}
}

enum pp_next pp_params_check(struct pp_req *req)
{
	struct pp_slice rest = req->exchange->query;

	for (size_t i = 0; i < req->match.param_count; i++)
		if (!has_form(req->match.names[i], req->match.values[i], req->arena))
			return pp_refuse(req, PP_not_found, "%.*s names nothing here",
				PP_SHOW(req->match.values[i]));
	while (rest.len) {
		struct pp_slice pair = pp_slice_cut(rest, '&', &rest);

		if (pair.len)
			take(req, pair);
	}
	for (const struct pp_field *field = req->route->params; field && field->name; field++)
		if (field->required && !pp_param(req, field->name).at &&
			!pp_is_wrong(req, pp_slice_of(field->name)))
			pp_wrong(req, pp_slice_of(field->name), "is required");
	check_key(req);
	if (req->wrong)
		return pp_refuse_wrong(req, PP_invalid_parameter);
	return PP_NEXT;
}
