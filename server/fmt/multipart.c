/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/fmt/multipart.h>

/* RFC 2046 §5.1.1 */
#define BOUNDARY_MOST 70u

static struct pp_slice after(struct pp_slice s, size_t len)
{
	return pp_slice(s.at + len, s.len - len);
}

/* The value of a parameter of a header field, without the quotes that it may stand in. */
static bool parameter(struct pp_slice field, struct pp_slice name, struct pp_slice *value)
{
	struct pp_slice rest;

	pp_slice_cut(field, ';', &rest);
	while (rest.len) {
		struct pp_slice pair = pp_slice_trim(pp_slice_cut(rest, ';', &rest));

		if (!pp_slice_is_nocase(pp_slice_trim(pp_slice_cut(pair, '=', value)), name))
			continue;
		*value = pp_slice_trim(*value);
		if (value->len >= 2 && value->at[0] == '"' && value->at[value->len - 1] == '"')
			*value = pp_slice(value->at + 1, value->len - 2);
		return value->len && !memchr(value->at, '"', value->len);
	}
	return false;
}

/* §5.1.1: a delimiter stands at the beginning of a line, and the end of the line before is its own.
 * *before is what comes before it, *rest what follows it. */
static bool cut_delimiter(struct pp_slice body, struct pp_slice boundary, bool is_first,
	struct pp_slice *before, struct pp_slice *rest)
{
	size_t len = 4 + boundary.len;

	if (is_first && body.len >= len - 2 && memcmp(body.at, "--", 2) == 0 &&
		memcmp(body.at + 2, boundary.at, boundary.len) == 0) {
		*before = pp_slice(body.at, 0);
		*rest = after(body, len - 2);
		return true;
	}
	for (size_t i = 0; i + len <= body.len; i++) {
		if (memcmp(body.at + i, "\r\n--", 4) != 0 ||
			memcmp(body.at + i + 4, boundary.at, boundary.len) != 0)
			continue;
		*before = pp_slice(body.at, i);
		*rest = after(body, i + len);
		return true;
	}
	return false;
}

static bool cut_line(struct pp_slice *rest, struct pp_slice *line)
{
	const char *end = memmem(rest->at, rest->len, "\r\n", 2);

	if (!end)
		return false;
	*line = pp_slice(rest->at, (size_t)(end - rest->at));
	*rest = after(*rest, line->len + 2);
	return true;
}

/* RFC 7578 §4.2: Content-Disposition: form-data; name="…". The other fields say nothing here. */
static bool read_part(struct pp_slice part, struct pp_slice *name, struct pp_slice *value)
{
	struct pp_slice line, field, file;
	bool is_named = false;

	while (cut_line(&part, &line) && line.len) {
		if (!pp_slice_is_nocase(pp_slice_trim(pp_slice_cut(line, ':', &field)),
			    PP_S("Content-Disposition")))
			continue;
		if (is_named || parameter(field, PP_S("filename"), &file) ||
			!parameter(field, PP_S("name"), name))
			return false;
		is_named = true;
	}
	*value = part;
	return is_named && line.len == 0 && pp_slice_is_utf8(*name) && pp_slice_is_utf8(*value);
}

bool pp_multipart_read(
	struct pp_slice content_type, struct pp_slice body, struct pp_multipart *parts)
{
	struct pp_slice boundary, part, padding;

	parts->count = 0;
	if (!parameter(content_type, PP_S("boundary"), &boundary) || boundary.len > BOUNDARY_MOST ||
		!cut_delimiter(body, boundary, true, &part, &body))
		return false;
	while (!pp_slice_starts(body, PP_S("--"))) {
		if (!cut_line(&body, &padding) || pp_slice_trim(padding).len ||
			parts->count == PP_MULTIPART_PARTS ||
			!cut_delimiter(body, boundary, false, &part, &body) ||
			!read_part(part, &parts->list[parts->count].name,
				&parts->list[parts->count].value))
			return false;
		parts->count++;
	}
	return true;
}
