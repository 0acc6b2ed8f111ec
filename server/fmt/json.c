/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/fmt/json.h>

#include <jansson.h>
#include <stdlib.h>

#define DEPTH_MAX 64

/* The handle is jansson's own; it never leaves this file under its own name. */
static json_t *own(const struct pp_json *value)
{
	return (json_t *)(uintptr_t)value;
}

static struct pp_json *ours(json_t *value)
{
	return (struct pp_json *)(void *)value;
}

static void release(void *value)
{
	json_decref(value);
}

/* jansson's own limit is 2,048 levels; nothing that we take is deeper than a handful. */
static bool is_deeper(const json_t *value, unsigned left)
{
	const char *name;
	json_t *child;
	size_t i;

	if (left == 0)
		return json_is_object(value) || json_is_array(value);
	json_object_foreach((json_t *)(uintptr_t)value, name,
		child) if (is_deeper(child, left - 1)) return true;
	json_array_foreach(value, i, child) if (is_deeper(child, left - 1)) return true;
	return false;
}

struct pp_json *pp_json_read(struct pp_arena *arena, struct pp_slice text, struct pp_fault *fault)
{
	json_error_t error;
	json_t *value = json_loadb(text.at, text.len, JSON_REJECT_DUPLICATES, &error);

	if (!value) {
		pp_fault(fault, PP_malformed_json, "line %d, column %d: %s", error.line,
			error.column, error.text);
		return NULL;
	}
	pp_own(arena, release, value);
	if (is_deeper(value, DEPTH_MAX)) {
		pp_fault(fault, PP_malformed_json, "nested deeper than %d levels", DEPTH_MAX);
		return NULL;
	}
	return ours(value);
}

enum pp_json_kind pp_json_kind(const struct pp_json *value)
{
	switch (json_typeof(own(value))) {
	case JSON_OBJECT:
		return PP_JSON_OBJECT;
	case JSON_ARRAY:
		return PP_JSON_LIST;
	case JSON_STRING:
		return PP_JSON_TEXT;
	case JSON_INTEGER:
		return PP_JSON_INTEGER;
	case JSON_REAL:
		return PP_JSON_NUMBER;
	case JSON_TRUE:
	case JSON_FALSE:
		return PP_JSON_BOOLEAN;
	case JSON_NULL:
		break;
	}
	return PP_JSON_NULL;
}

struct pp_json *pp_json_member(const struct pp_json *object, struct pp_slice name)
{
	return ours(json_object_getn(own(object), name.at, name.len));
}

bool pp_json_member_at(
	const struct pp_json *object, size_t i, struct pp_slice *name, struct pp_json **value)
{
	void *at = json_object_iter(own(object));

	for (; at && i; i--)
		at = json_object_iter_next(own(object), at);
	if (!at)
		return false;
	*name = pp_slice(json_object_iter_key(at), json_object_iter_key_len(at));
	*value = ours(json_object_iter_value(at));
	return true;
}

size_t pp_json_length(const struct pp_json *list)
{
	return json_array_size(own(list));
}

struct pp_json *pp_json_element(const struct pp_json *list, size_t i)
{
	return ours(json_array_get(own(list), i));
}

struct pp_slice pp_json_text(const struct pp_json *value)
{
	if (!json_is_string(own(value)))
		return PP_S("");
	return pp_slice(json_string_value(own(value)), json_string_length(own(value)));
}

bool pp_json_boolean(const struct pp_json *value)
{
	return json_is_true(own(value));
}

int64_t pp_json_integer(const struct pp_json *value)
{
	return json_integer_value(own(value));
}

double pp_json_number(const struct pp_json *value)
{
	return json_number_value(own(value));
}

void pp_json_put_text(struct pp_json *object, struct pp_slice name, struct pp_slice text)
{
	json_t *string = json_stringn(text.at, text.len);

	PP_MUST(string && json_object_setn_new(own(object), name.at, name.len, string) == 0);
}

static int add(const char *bytes, size_t size, void *out)
{
	pp_buf_add(out, bytes, size);
	return 0;
}

void pp_json_write(const struct pp_json *value, struct pp_buf *out)
{
	PP_MUST(json_dump_callback(own(value), add, out, JSON_COMPACT | JSON_ENCODE_ANY) == 0);
}
