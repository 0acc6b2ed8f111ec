/* SPDX-License-Identifier: EUPL-1.2 */
/* What two results of the engine say differently. */
#include <stdlib.h>

#include <pp/fmt/json.h>

#include "inner.h"

struct entry {
	struct pp_slice key, name, class;
	const char *kind; /* "ags" or "body" */
	const struct pp_json *rules;
};

struct side {
	struct entry *list;
	size_t count;
};

static int by_key(const void *a, const void *b)
{
	return pp_slice_order(((const struct entry *)a)->key, ((const struct entry *)b)->key);
}

static void add_entries(struct side *side, const struct pp_json *list, const char *kind)
{
	for (size_t i = 0; list && i < pp_json_length(list); i++) {
		const struct pp_json *one = pp_json_element(list, i);

		side->list[side->count++] = (struct entry){
			.key = pp_json_text(pp_json_member(one, pp_slice_of(kind))),
			.name = pp_json_text(pp_json_member(one, PP_S("name"))),
			.class = pp_json_text(pp_json_member(one, PP_S("class"))),
			.kind = kind,
			.rules = pp_json_member(one, PP_S("rules")),
		};
	}
}

/* Municipalities and authorities of a result, sorted by their keys. */
static bool read_side(struct pp_arena *arena, struct pp_slice text, struct side *side)
{
	struct pp_fault fault;
	struct pp_json *result = pp_json_read(arena, text, &fault), *municipalities, *authorities;

	*side = (struct side){ 0 };
	if (!result)
		return false;
	municipalities = pp_json_member(result, PP_S("municipalities"));
	authorities = pp_json_member(result, PP_S("authorities"));
	side->list = PP_NEW_ARRAY(arena, struct entry,
		(municipalities ? pp_json_length(municipalities) : 0) +
			(authorities ? pp_json_length(authorities) : 0));
	add_entries(side, municipalities, "ags");
	add_entries(side, authorities, "body");
	if (side->count)
		qsort(side->list, side->count, sizeof(*side->list), by_key);
	return true;
}

static struct pp_slice rule_at(const struct entry *entry, size_t i)
{
	return pp_json_text(pp_json_member(pp_json_element(entry->rules, i), PP_S("rule")));
}

static size_t rule_count(const struct entry *entry)
{
	return entry->rules ? pp_json_length(entry->rules) : 0;
}

static bool has_same_rules(const struct entry *a, const struct entry *b)
{
	if (rule_count(a) != rule_count(b))
		return false;
	for (size_t i = 0; i < rule_count(a); i++)
		if (!pp_slice_is(rule_at(a, i), rule_at(b, i)))
			return false;
	return true;
}

static void write_rules(struct pp_buf *out, const char *name, const struct entry *entry)
{
	pp_buf_text(out, name);
	for (size_t i = 0; i < rule_count(entry); i++) {
		pp_buf_text(out, i ? "," : "");
		pp_buf_json(out, rule_at(entry, i));
	}
	pp_buf_text(out, "]");
}

static void write_entry(struct pp_buf *out, const struct entry *entry, const struct entry *before)
{
	pp_buf_format(out, "{\"%s\":", entry->kind);
	pp_buf_json(out, entry->key);
	pp_buf_text(out, ",\"name\":");
	pp_buf_json(out, entry->name);
	pp_buf_text(out, ",\"class\":");
	pp_buf_json(out, entry->class);
	if (before && !pp_slice_is(before->class, entry->class)) {
		pp_buf_text(out, ",\"was\":");
		pp_buf_json(out, before->class);
	}
	write_rules(out, ",\"rules\":[", entry);
	if (before)
		write_rules(out, ",\"rules_before\":[", before);
	pp_buf_text(out, "}");
}

enum list { ADDED, REMOVED, CHANGED, OTHER_RULES, LISTS };

/* Both sides in the order of their keys, as in a merge. */
static enum list next(const struct side sides[2], size_t at[2], const struct entry **now,
	const struct entry **before)
{
	const struct entry *old = at[0] < sides[0].count ? &sides[0].list[at[0]] : NULL;
	const struct entry *new = at[1] < sides[1].count ? &sides[1].list[at[1]] : NULL;
	int order = !old ? 1 : !new ? -1 : pp_slice_order(old->key, new->key);

	*now = order < 0 ? old : new;
	*before = order == 0 ? old : NULL;
	at[0] += order <= 0;
	at[1] += order >= 0;
	if (order)
		return order < 0 ? REMOVED : ADDED;
	if (!pp_slice_is(old->class, new->class))
		return CHANGED;
	return has_same_rules(old, new) ? LISTS : OTHER_RULES;
}

bool pp_recompute_diff(struct pp_arena *arena, struct pp_slice stored, struct pp_slice computed,
	struct pp_buf *out)
{
	static const char *const names[LISTS] = { "added", "removed", "changed", "other_rules" };
	struct pp_buf *lists[LISTS];
	struct side sides[2];
	size_t at[2] = { 0 };
	bool differs = false;

	if (!read_side(arena, stored, &sides[0]) || !read_side(arena, computed, &sides[1]))
		return false;
	for (int i = 0; i < LISTS; i++)
		lists[i] = pp_buf_make(arena);
	while (at[0] < sides[0].count || at[1] < sides[1].count) {
		const struct entry *now, *before;
		enum list list = next(sides, at, &now, &before);

		if (list == LISTS)
			continue;
		pp_buf_text(lists[list], lists[list]->len ? "," : "");
		write_entry(lists[list], now, before);
		differs = true;
	}
	for (int i = 0; i < LISTS; i++) {
		pp_buf_format(out, ",\"%s\":[", names[i]);
		pp_buf_slice(out, pp_buf_all(lists[i]));
		pp_buf_text(out, "]");
	}
	return differs;
}

static bool is_equal(const struct pp_json *a, const struct pp_json *b);

static bool is_equal_list(const struct pp_json *a, const struct pp_json *b)
{
	if (pp_json_length(a) != pp_json_length(b))
		return false;
	for (size_t i = 0; i < pp_json_length(a); i++)
		if (!is_equal(pp_json_element(a, i), pp_json_element(b, i)))
			return false;
	return true;
}

static size_t members(const struct pp_json *object)
{
	struct pp_json *value;
	struct pp_slice name;
	size_t count = 0;

	while (pp_json_member_at(object, count, &name, &value))
		count++;
	return count;
}

static bool is_equal_object(const struct pp_json *a, const struct pp_json *b)
{
	struct pp_json *value, *other;
	struct pp_slice name;

	if (members(a) != members(b))
		return false;
	for (size_t i = 0; pp_json_member_at(a, i, &name, &value); i++) {
		other = pp_json_member(b, name);
		if (!other || (!pp_slice_is(name, PP_S("engine")) && !is_equal(value, other)))
			return false;
	}
	return true;
}

static bool is_number(enum pp_json_kind kind)
{
	return kind == PP_JSON_INTEGER || kind == PP_JSON_NUMBER;
}

static bool is_equal(const struct pp_json *a, const struct pp_json *b)
{
	enum pp_json_kind kind = pp_json_kind(a);

	if (is_number(kind) && is_number(pp_json_kind(b)))
		return pp_json_number(a) == pp_json_number(b);
	if (kind != pp_json_kind(b))
		return false;
	switch (kind) {
	case PP_JSON_OBJECT:
		return is_equal_object(a, b);
	case PP_JSON_LIST:
		return is_equal_list(a, b);
	case PP_JSON_TEXT:
		return pp_slice_is(pp_json_text(a), pp_json_text(b));
	case PP_JSON_BOOLEAN:
		return pp_json_boolean(a) == pp_json_boolean(b);
	case PP_JSON_NULL:
	case PP_JSON_INTEGER:
	case PP_JSON_NUMBER:
		break;
	}
	return true;
}

bool pp_recompute_says_same(
	struct pp_arena *arena, struct pp_slice stored, struct pp_slice computed)
{
	struct pp_fault fault;
	struct pp_json *a = pp_json_read(arena, stored, &fault);
	struct pp_json *b = pp_json_read(arena, computed, &fault);

	return a && b && is_equal(a, b);
}
