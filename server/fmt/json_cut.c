/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/fmt/geojson.h>

#include "json_text.h"

#define CUTS_MAX 500

struct cutter {
	struct pp_json_text in;
	struct pp_arena *arena;
	struct pp_json_cuts *out;
	struct pp_buf *rest;
	const char *copied; /* all before it is in rest */
	struct pp_buf pointer;
};

static bool cut_value(struct cutter *c, struct pp_slice pattern);

static bool add(struct cutter *c, const char *from)
{
	struct pp_json_cuts *out = c->out;

	if (out->count == CUTS_MAX)
		return pp_json_text_broken(&c->in, "more than 500 geometries");
	if (!out->list)
		out->list = PP_NEW_ARRAY(c->arena, struct pp_json_cut, CUTS_MAX);
	out->list[out->count].pointer = pp_copy(c->arena, pp_buf_all(&c->pointer));
	out->list[out->count++].value = pp_slice(from, (size_t)(c->in.at - from));
	pp_buf_add(c->rest, c->copied, (size_t)(from - c->copied));
	pp_buf_text(c->rest, "null");
	c->copied = c->in.at;
	return true;
}

static bool cut_elements(struct cutter *c, struct pp_slice pattern)
{
	size_t before = c->pointer.len;
	unsigned i = 0;
	bool more;

	if (!pp_json_text_enter(&c->in, '[', ']', &more))
		return false;
	while (more) {
		pp_buf_format(&c->pointer, "/%u", i++);
		if (!cut_value(c, pattern) || !pp_json_text_next(&c->in, ']', &more))
			return false;
		c->pointer.len = before;
	}
	return true;
}

/* RFC 7493 §2.3: a name that stands twice could mean one thing here and another to the next reader.
 */
static bool cut_member(struct cutter *c, struct pp_slice step, struct pp_slice pattern)
{
	size_t before = c->pointer.len;
	bool more, found = false;
	struct pp_slice name;

	if (!pp_json_text_enter(&c->in, '{', '}', &more))
		return false;
	while (more) {
		if (!pp_json_text_name(&c->in, &name))
			return false;
		if (!pp_json_text_is(name, step)) {
			if (!pp_json_text_skip(&c->in))
				return false;
		} else {
			if (found)
				return pp_json_text_broken(
					&c->in, "an object has the same name twice");
			found = true;
			pp_buf_format(&c->pointer, "/%.*s", PP_SHOW(step));
			if (!cut_value(c, pattern))
				return false;
			c->pointer.len = before;
		}
		if (!pp_json_text_next(&c->in, '}', &more))
			return false;
	}
	return true;
}

/* Recurses once for each step of the pattern, which is ours. */
static bool cut_value(struct cutter *c, struct pp_slice pattern)
{
	char first = pp_json_text_peek(&c->in);
	struct pp_slice step, rest;
	const char *from = c->in.at;

	if (!pattern.len) {
		if (!pp_json_text_skip(&c->in))
			return false;
		return first == 'n' || add(c, from);
	}
	step = pp_slice_cut(pp_slice(pattern.at + 1, pattern.len - 1), '/', &rest);
	/* What is left of the pattern begins with its slash again. */
	pattern = pp_slice(step.at + step.len, pattern.len - 1 - step.len);
	if (first == '[' && pp_slice_is(step, PP_S("[*]")))
		return cut_elements(c, pattern);
	if (first == '{' && !pp_slice_is(step, PP_S("[*]")))
		return cut_member(c, step, pattern);
	return pp_json_text_skip(&c->in);
}

bool pp_json_cut(struct pp_arena *arena, struct pp_slice text, struct pp_slice pattern,
	struct pp_json_cuts *out, struct pp_fault *fault)
{
	struct cutter c = { .arena = arena, .out = out };
	bool done;

	PP_MUST(pattern.len && pattern.at[0] == '/');
	*out = (struct pp_json_cuts){ 0 };
	pp_json_text_begin(&c.in, text, fault);
	c.rest = pp_buf_make(arena);
	c.copied = c.in.at;
	pp_buf_begin(&c.pointer);
	done = cut_value(&c, pattern) && pp_json_text_is_over(&c.in);
	pp_buf_end(&c.pointer);
	pp_buf_add(c.rest, c.copied, (size_t)(c.in.end - c.copied));
	out->rest = pp_buf_all(c.rest);
	return done;
}
