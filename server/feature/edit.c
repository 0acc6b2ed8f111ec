/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/feature/edit.h>

#include <pp/base/clock.h>
#include <pp/io/secret.h>

static void add_member(struct pp_buf *out, const char *name, struct pp_slice json)
{
	if (json.at)
		pp_buf_format(out, ",\"%s\":%.*s", name, PP_SHOW(json));
}

static void add_text(struct pp_buf *out, const char *name, struct pp_slice text)
{
	if (!text.at)
		return;
	pp_buf_format(out, ",\"%s\":", name);
	pp_buf_json(out, text);
}

void pp_feature_change_add(struct pp_buf *list, const struct pp_feature_change *change)
{
	pp_buf_format(list, "%s{\"action\":\"%s\",\"no\":%zu", list->len ? "," : "[",
		change->action, change->number);
	add_text(list, "id", change->id);
	add_member(list, "ids", change->ids);
	add_text(list, "handle", change->handle);
	add_text(list, "place", change->place);
	add_text(list, "pointer", change->pointer);
	add_text(list, "if_unmodified_since", change->if_unmodified_since);
	add_member(list, "if_match", change->if_match);
	add_member(list, "properties", change->properties);
	if (change->says_geometry && change->wkb.at) {
		pp_buf_text(list, ",\"geometry\":\"");
		pp_buf_hex(list, change->wkb);
		pp_buf_text(list, "\"");
	} else if (change->says_geometry) {
		pp_buf_text(list, ",\"geometry\":null");
	}
	pp_buf_text(list, "}");
}

/* RFC 9110 §13.1.1: a list of tags of which one has to match strongly, or *. */
static struct pp_slice versions_of(struct pp_req *req, struct pp_slice field)
{
	struct pp_buf *out = pp_buf_make(req->arena);
	const char *before = "";

	if (!field.len)
		return pp_slice(NULL, 0);
	if (pp_slice_is(pp_slice_trim(field), PP_S("*")))
		return PP_S("\"*\"");
	pp_buf_text(out, "[");
	while (field.len) {
		struct pp_slice tag = pp_slice_trim(pp_slice_cut(field, ',', &field)), rest;

		/* A weak one matches nothing. */
		if (tag.len < 2 || tag.at[0] != '"')
			continue;
		pp_buf_text(out, before);
		tag = pp_http_plain_tag(pp_slice(tag.at + 1, tag.len - 2));
		pp_buf_json(out, pp_slice_cut(tag, '.', &rest));
		before = ",";
	}
	pp_buf_text(out, "]");
	return pp_buf_all(out);
}

bool pp_feature_conditions(struct pp_req *req, struct pp_feature_change *change)
{
	struct pp_slice since = pp_http_field(req->exchange, PP_S("if-unmodified-since"));
	char *at = pp_alloc(req->arena, PP_RFC3339_SIZE);
	int64_t utc;

	change->if_match = versions_of(req, pp_http_field(req->exchange, PP_S("if-match")));
	/* §13.1.4: where there are tags, they decide. */
	if (change->if_match.at || !since.len)
		return true;
	if (pp_clock_read_http_date(pp_slice_trim(since), &utc)) {
		pp_clock_rfc3339(utc, at);
		change->if_unmodified_since = pp_slice_of(at);
		return true;
	}
	pp_refuse(req, PP_malformed_request,
		"If-Unmodified-Since must be a date such as Mon, 23 Nov 2026 10:15:30 GMT");
	return false;
}

struct pp_slice pp_feature_tag(
	struct pp_req *req, struct pp_slice version, struct pp_slice representation)
{
	unsigned char hash[PP_SHA256_SIZE];
	struct pp_buf *out = pp_buf_make(req->arena);

	pp_sha256(representation, hash);
	pp_buf_format(out, "\"%.*s.", PP_SHOW(version));
	pp_base64url(out, pp_slice((char *)hash, sizeof(hash)));
	pp_buf_text(out, "\"");
	return pp_buf_all(out);
}

static const struct {
	unsigned json; /* bits 1 << enum pp_json_kind */
	const char *expected;
} kinds[PP_FEATURE_KINDS] = {
	[PP_FEATURE_TEXT] = { 1u << PP_JSON_TEXT, "must be a string" },
	[PP_FEATURE_UUID] = { 1u << PP_JSON_TEXT, "must be a string" },
	[PP_FEATURE_INTEGER] = { 1u << PP_JSON_INTEGER, "must be an integer" },
	[PP_FEATURE_NUMBER] = { 1u << PP_JSON_INTEGER | 1u << PP_JSON_NUMBER, "must be a number" },
	[PP_FEATURE_BOOLEAN] = { 1u << PP_JSON_BOOLEAN, "must be true or false" },
	[PP_FEATURE_DATE] = { 1u << PP_JSON_TEXT, "must be a string" },
	[PP_FEATURE_INSTANT] = { 1u << PP_JSON_TEXT, "must be a string" },
};

void pp_feature_property_add(struct pp_req *req, struct pp_buf *object,
	const struct pp_feature_type *type, struct pp_slice name, const struct pp_json *value,
	struct pp_slice pointer)
{
	const struct pp_feature_column *column = pp_column_named(type, name);

	if (!column && !pp_slice_is(name, PP_S("id"))) {
		pp_wrong(req, pointer, "is no property of this collection");
	} else if (column && column->receivable) {
		enum pp_json_kind kind = pp_json_kind(value);

		if (kind != PP_JSON_NULL && !(kinds[column->kind].json & 1u << kind))
			pp_wrong(req, pointer, "%s", kinds[column->kind].expected);
		pp_buf_text(object, object->len ? "," : "{");
		pp_buf_json(object, name);
		pp_buf_text(object, ":");
		pp_json_write(value, object);
	}
}
