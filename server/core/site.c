/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/core/site.h>

#include <errno.h>
#include <stdio.h>

#include <pp/base/buf.h>
#include <pp/fmt/json.h>

#include "field.h"

#define FILE_MAX  (UINT64_C(256) << 10)
#define TEXT_MAX  20000
#define SHORT_MAX 500

static const struct pp_field operator_fields[] = {
	{ "name", PP_TEXT, .required = true, .min = 1, .max = SHORT_MAX },
	{ "address", PP_TEXT, .required = true, .min = 1, .max = SHORT_MAX },
	{ "email", PP_EMAIL, .required = true },
	{ "phone", PP_TEXT, .min = 1, .max = SHORT_MAX },
	{ "represented_by", PP_TEXT, .min = 1, .max = SHORT_MAX },
	{ 0 },
};

static const struct pp_field privacy_fields[] = {
	{ "officer", PP_TEXT, .required = true, .min = 1, .max = SHORT_MAX },
	{ "email", PP_EMAIL, .required = true },
	{ "text", PP_TEXT, .min = 1, .max = TEXT_MAX },
	{ 0 },
};

static const struct pp_field accessibility_fields[] = {
	{ "email", PP_EMAIL, .required = true },
	{ "phone", PP_TEXT, .min = 1, .max = SHORT_MAX },
	{ "checked_on", PP_DATE },
	{ "text", PP_TEXT, .min = 1, .max = TEXT_MAX },
	{ 0 },
};

static const struct pp_field map_fields[] = {
	{ "id", PP_TEXT, .required = true, .min = 1, .max = 40 },
	{ "title", PP_TEXT, .required = true, .min = 1, .max = SHORT_MAX },
	{ "type", PP_CHOICE, .required = true, .choices = "wms|wmts|xyz" },
	{ "url", PP_TEXT, .required = true, .min = 1, .max = SHORT_MAX },
	{ "layers", PP_TEXT, .min = 1, .max = SHORT_MAX },
	{ "attribution", PP_TEXT, .required = true, .min = 1, .max = SHORT_MAX },
	{ 0 },
};

static const struct pp_field site_fields[] = {
	{ "operator", PP_OBJECT, .fields = operator_fields },
	{ "kopfzeile", PP_TEXT, .min = 1, .max = 120 },
	{ "imprint", PP_TEXT, .min = 1, .max = TEXT_MAX },
	{ "privacy", PP_OBJECT, .fields = privacy_fields },
	{ "accessibility", PP_OBJECT, .fields = accessibility_fields },
	{ "base_maps", PP_LIST, .max = 10, .fields = map_fields },
	{ 0 },
};

struct reading {
	struct pp_arena *arena;
	const char *path;
	char *error; /* 256 bytes */
};

static bool broken(struct reading *reading, struct pp_slice place, const char *what)
{
	snprintf(reading->error, 256, "%.100s: %.*s %.80s", reading->path,
		place.len > 60 ? 60 : (int)place.len, place.at, what);
	return false;
}

static bool check_object(struct reading *reading, struct pp_slice place,
	const struct pp_field *fields, const struct pp_json *object);

static bool check_value(struct reading *reading, struct pp_slice place,
	const struct pp_field *field, const struct pp_json *value)
{
	enum pp_json_kind kind = pp_json_kind(value);
	const char *expected;

	if (field->kind == PP_OBJECT)
		return check_object(reading, place, field->fields, value);
	if (field->kind == PP_BOOLEAN)
		return kind == PP_JSON_BOOLEAN || broken(reading, place, "must be true or false");
	if (field->kind == PP_LIST) {
		if (kind != PP_JSON_LIST || (int64_t)pp_json_length(value) > field->max)
			return broken(reading, place, "must be a list of at most 10 elements");
		for (size_t i = 0; i < pp_json_length(value); i++)
			if (!check_object(reading,
				    pp_format(reading->arena, "%.*s[%zu]", PP_SHOW(place), i),
				    field->fields, pp_json_element(value, i)))
				return false;
		return true;
	}
	if (kind != PP_JSON_TEXT)
		return broken(reading, place, "must be a string");
	expected = pp_field_expects(reading->arena, field, pp_json_text(value));
	return !expected || broken(reading, place, expected);
}

static const struct pp_field *field_named(const struct pp_field *fields, struct pp_slice name)
{
	for (; fields->name; fields++)
		if (pp_slice_is(name, pp_slice_of(fields->name)))
			return fields;
	return NULL;
}

static struct pp_slice below(struct reading *reading, struct pp_slice place, struct pp_slice name)
{
	return pp_format(
		reading->arena, "%.*s%s%.*s", PP_SHOW(place), place.len ? "." : "", PP_SHOW(name));
}

static bool check_object(struct reading *reading, struct pp_slice place,
	const struct pp_field *fields, const struct pp_json *object)
{
	struct pp_slice name;
	struct pp_json *value;

	if (pp_json_kind(object) != PP_JSON_OBJECT)
		return broken(reading, place.len ? place : PP_S("the file"), "must be an object");
	for (size_t i = 0; pp_json_member_at(object, i, &name, &value); i++) {
		const struct pp_field *field = field_named(fields, name);

		if (!field)
			return broken(reading, below(reading, place, name), "is not known here");
		if (!check_value(reading, below(reading, place, name), field, value))
			return false;
	}
	for (; fields->name; fields++)
		if (fields->required && !pp_json_member(object, pp_slice_of(fields->name)))
			return broken(reading, below(reading, place, pp_slice_of(fields->name)),
				"is missing");
	return true;
}

/* Scheme and host of an address, or empty where it is none that a browser may be sent to: what is
 * said in a policy has neither blanks nor punctuation of its own. */
static struct pp_slice origin_of(struct pp_slice url)
{
	size_t at = pp_slice_starts(url, PP_S("https://")) ? 8
		: pp_slice_starts(url, PP_S("http://127.0.0.1:")) ||
			pp_slice_starts(url, PP_S("http://localhost:"))
		? 7
		: url.len;
	size_t begin = at;

	while (at < url.len && url.at[at] != '/' && url.at[at] != '?') {
		char c = url.at[at++];

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
			    c == ':'))
			return PP_S("");
	}
	return at > begin ? pp_slice(url.at, at) : PP_S("");
}

static bool has_all(struct pp_slice text, const char *const *words)
{
	for (; *words; words++)
		if (!memmem(text.at, text.len, *words, strlen(*words)))
			return false;
	return true;
}

/* What the address of a tile has in it, by the type of the map. */
static bool check_template(
	struct reading *reading, struct pp_slice type, struct pp_slice url, struct pp_slice at_url)
{
	static const char *const xyz[] = { "{z}", "{x}", "{y}", NULL };
	static const char *const wmts[] = { "{TileMatrix}", "{TileRow}", "{TileCol}", NULL };

	if (pp_slice_is(type, PP_S("xyz")) && !has_all(url, xyz))
		return broken(reading, at_url, "must have {z}, {x} and {y} in it");
	if (pp_slice_is(type, PP_S("wmts")) && !has_all(url, wmts))
		return broken(
			reading, at_url, "must have {TileMatrix}, {TileRow} and {TileCol} in it");
	return true;
}

static bool check_maps(struct reading *reading, const struct pp_json *maps, struct pp_buf *hosts)
{
	for (size_t i = 0; i < pp_json_length(maps); i++) {
		const struct pp_json *map = pp_json_element(maps, i);
		struct pp_slice url = pp_json_text(pp_json_member(map, PP_S("url")));
		struct pp_slice type = pp_json_text(pp_json_member(map, PP_S("type")));
		struct pp_slice place = pp_format(reading->arena, "base_maps[%zu].", i);
		struct pp_slice at_url = pp_format(reading->arena, "%.*surl", PP_SHOW(place));

		if (!origin_of(url).len)
			return broken(reading, at_url, "must begin with https:// and a host");
		if (!check_template(reading, type, url, at_url))
			return false;
		if (pp_slice_is(type, PP_S("wms")) && !pp_json_member(map, PP_S("layers")))
			return broken(reading,
				pp_format(reading->arena, "%.*slayers", PP_SHOW(place)),
				"is missing: a WMS has names of layers");
		pp_buf_format(hosts, " %.*s", PP_SHOW(origin_of(url)));
	}
	return true;
}

/* The text, or at == NULL with errno. */
static struct pp_slice read_text(struct pp_arena *arena, const char *path)
{
	struct pp_buf *text = pp_buf_make(arena);
	FILE *file = fopen(path, "re");
	char part[4096];
	size_t len;
	bool good = file;

	while (file && (len = fread(part, 1, sizeof(part), file)) > 0 && text->len <= FILE_MAX)
		pp_buf_add(text, part, len);
	if (text->len > FILE_MAX) {
		errno = EFBIG;
		good = false;
	}
	if (file && ferror(file))
		good = false;
	if (file)
		fclose(file);
	return good ? pp_buf_all(text) : pp_slice(NULL, 0);
}

bool pp_site_read(struct pp_arena *arena, const char *path, struct pp_site *site, char error[256])
{
	struct reading reading = { arena, path, error };
	struct pp_buf *hosts = pp_buf_make(arena), *json = pp_buf_make(arena);
	struct pp_slice text;
	struct pp_fault fault = { 0 };
	struct pp_json *read;

	*site = (struct pp_site){ .json = PP_S("{}") };
	if (!path[0])
		return true;
	text = read_text(arena, path);
	if (!text.at)
		return broken(&reading, PP_S("site"), strerror(errno));
	read = pp_json_read(arena, text, &fault);
	if (!read) {
		snprintf(error, 256, "%.100s: %.140s", path, fault.detail);
		return false;
	}
	if (!check_object(&reading, PP_S(""), site_fields, read) ||
		!check_maps(&reading, pp_json_member(read, PP_S("base_maps")), hosts))
		return false;
	pp_json_write(read, json);
	site->json = pp_buf_all(json);
	site->barrier_email = pp_json_text(
		pp_json_member(pp_json_member(read, PP_S("accessibility")), PP_S("email")));
	site->kopfzeile = pp_json_text(pp_json_member(read, PP_S("kopfzeile")));
	site->image_hosts = pp_buf_all(hosts);
	return true;
}
