/* SPDX-License-Identifier: EUPL-1.2 */
/* Canonical JSON (RFC 8785) of what our own documents consist of. */
#include <stdlib.h>

#include <pp/fmt/json.h>

struct member {
	struct pp_slice name;
	struct pp_json *value;
};

static int by_name(const void *a, const void *b)
{
	const struct pp_slice *x = &((const struct member *)a)->name,
			      *y = &((const struct member *)b)->name;
	int order = memcmp(x->at, y->at, x->len < y->len ? x->len : y->len);

	return order ? order : (x->len > y->len) - (x->len < y->len);
}

/* In the order of UTF-16 units (section 3.2.3), which is that of bytes for ASCII. */
static bool is_ascii(struct pp_slice name)
{
	for (size_t i = 0; i < name.len; i++)
		if ((unsigned char)name.at[i] > 126)
			return false;
	return true;
}

static bool write_object(struct pp_arena *arena, const struct pp_json *object, struct pp_buf *out)
{
	struct pp_slice name;
	struct pp_json *value;
	struct member *members;
	size_t count = 0;

	while (pp_json_member_at(object, count, &name, &value))
		count++;
	members = PP_NEW_ARRAY(arena, struct member, count + 1);
	for (size_t i = 0; i < count; i++)
		if (!pp_json_member_at(object, i, &members[i].name, &members[i].value) ||
			!is_ascii(members[i].name))
			return false;
	qsort(members, count, sizeof(*members), by_name);
	pp_buf_text(out, "{");
	for (size_t i = 0; i < count; i++) {
		pp_buf_text(out, i ? "," : "");
		pp_buf_json(out, members[i].name);
		pp_buf_text(out, ":");
		if (!pp_json_canonical(arena, members[i].value, out))
			return false;
	}
	pp_buf_text(out, "}");
	return true;
}

static bool write_list(struct pp_arena *arena, const struct pp_json *list, struct pp_buf *out)
{
	pp_buf_text(out, "[");
	for (size_t i = 0; i < pp_json_length(list); i++) {
		pp_buf_text(out, i ? "," : "");
		if (!pp_json_canonical(arena, pp_json_element(list, i), out))
			return false;
	}
	pp_buf_text(out, "]");
	return true;
}

bool pp_json_canonical(struct pp_arena *arena, const struct pp_json *value, struct pp_buf *out)
{
	switch (pp_json_kind(value)) {
	case PP_JSON_NULL:
		pp_buf_text(out, "null");
		return true;
	case PP_JSON_BOOLEAN:
		pp_buf_text(out, pp_json_boolean(value) ? "true" : "false");
		return true;
	case PP_JSON_INTEGER:
		pp_buf_format(out, "%lld", (long long)pp_json_integer(value));
		return true;
	case PP_JSON_TEXT:
		pp_buf_json(out, pp_json_text(value));
		return true;
	case PP_JSON_LIST:
		return write_list(arena, value, out);
	case PP_JSON_OBJECT:
		return write_object(arena, value, out);
	case PP_JSON_NUMBER:
		break;
	}
	return false;
}
