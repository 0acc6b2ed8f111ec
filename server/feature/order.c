/* SPDX-License-Identifier: EUPL-1.2 */
/* Features in an order, and where to go on in it. */
#include <pp/base/clock.h>
#include <pp/base/uuid.h>
#include <pp/fmt/json.h>
#include <pp/io/secret.h>

#include "sentence.h"

/* By what a column is sorted: as it is, or where it may be null, ascending and descending; and the
 * key of another feature. */
static const struct {
	const char *plain, *ascending, *descending, *value;
} keys[PP_FEATURE_KINDS] = {
#define PP_KEY(kind, ...) [PP_FEATURE_##kind] = { __VA_ARGS__ },
#include "../../sql/feature.def"
};

/* An id stands behind the keys, also where it is asked for: nothing is equal any more behind it. */
static size_t key_count(const struct pp_feature_ask *ask)
{
	size_t count = 0;

	while (count < ask->order_count && ask->order[count].column)
		count++;
	return count;
}

static bool is_id_descending(const struct pp_feature_ask *ask)
{
	size_t count = key_count(ask);

	if (count < ask->order_count)
		count++;
	return count > 0 && ask->order[count - 1].descending;
}

static bool is_descending(const struct pp_feature_ask *ask, size_t key)
{
	return key < key_count(ask) ? ask->order[key].descending : is_id_descending(ask);
}

void pp_order_key(struct pp_sentence *s)
{
	const struct pp_feature_column *column = s->key->column;

	pp_sentence_add(s,
		column->required             ? keys[column->kind].plain
			: s->key->descending ? keys[column->kind].descending
					     : keys[column->kind].ascending);
}

/* The key of that number; the last one is the id. */
static void add_key(struct pp_sentence *s, size_t number)
{
	s->key = &s->ask->order[number];
	s->key_number = number + 1;
	if (number < key_count(s->ask))
		pp_order_key(s);
	else
		pp_buf_text(s->text, "f.fid");
}

static void add_value(struct pp_sentence *s, size_t number)
{
	s->key_number = number + 1;
	pp_sentence_add(s,
		number < key_count(s->ask) ? keys[s->ask->order[number].column->kind].value
					   : pp_sentence_texts[PP_SENTENCE_LAST_KEY]);
}

void pp_order_by(struct pp_sentence *s)
{
	for (size_t i = 0; i <= key_count(s->ask); i++) {
		pp_buf_text(s->text, i ? ", " : "");
		add_key(s, i);
		pp_buf_text(s->text, is_descending(s->ask, i) ? " desc" : "");
	}
}

void pp_order_key_texts(struct pp_sentence *s)
{
	for (size_t i = 0; i < key_count(s->ask); i++) {
		s->key = &s->ask->order[i];
		pp_sentence_add(s, pp_sentence_texts[PP_SENTENCE_KEY_TEXT]);
	}
}

static void add_comparison(struct pp_sentence *s, size_t number, const char *with)
{
	add_key(s, number);
	pp_buf_text(s->text, with);
	add_value(s, number);
}

/*
 * From that key on up to the last one that has its direction, all of them at once: such rows are
 * compared along an index. What is equal in these is compared by those behind.
 */
static void add_behind(struct pp_sentence *s, size_t from)
{
	size_t last = key_count(s->ask), end = from;
	bool descending = is_descending(s->ask, from);

	while (end <= last && is_descending(s->ask, end) == descending)
		end++;
	pp_buf_text(s->text, "(");
	for (size_t i = from; i < end; i++) {
		pp_buf_text(s->text, i > from ? ", " : "(");
		add_key(s, i);
	}
	pp_buf_text(s->text, descending ? ") < (" : ") > (");
	for (size_t i = from; i < end; i++) {
		pp_buf_text(s->text, i > from ? ", " : "");
		add_value(s, i);
	}
	pp_buf_text(s->text, ")");
	if (end <= last) {
		pp_buf_text(s->text, " or (");
		for (size_t i = from; i < end; i++) {
			add_comparison(s, i, " = ");
			pp_buf_text(s->text, " and ");
		}
		add_behind(s, end);
		pp_buf_text(s->text, ")");
	}
	pp_buf_text(s->text, ")");
}

void pp_order_after(struct pp_sentence *s)
{
	/* Says nothing more, but is what an index is searched by where directions differ. */
	add_comparison(s, 0, is_descending(s->ask, 0) ? " <= " : " >= ");
	pp_buf_text(s->text, " and ");
	add_behind(s, 0);
}

struct pp_slice pp_order_values(struct pp_arena *arena, const struct pp_feature_ask *ask)
{
	struct pp_buf *out;
	struct pp_fault fault;
	const struct pp_json *place;

	if (!ask->order_count || !ask->after.at)
		return pp_slice(NULL, 0);
	place = pp_json_read(arena, ask->after, &fault);
	PP_MUST(place && pp_json_length(place) == key_count(ask) + 1);
	out = pp_buf_make(arena);
	pp_buf_text(out, "{");
	for (size_t i = 0; i <= key_count(ask); i++)
		pp_array_add(out, i == 0, pp_json_text(pp_json_element(place, i)));
	pp_buf_text(out, "}");
	return pp_buf_all(out);
}

/* ---- Cursors ---- */

/* So that a cursor is of one order only. */
static void add_name(struct pp_buf *out, const struct pp_feature_ask *ask)
{
	for (size_t i = 0; i < ask->order_count; i++)
		pp_buf_format(out, "%s%s%s", i ? "," : "", ask->order[i].descending ? "-" : "",
			ask->order[i].column ? ask->order[i].column->name : "");
}

struct pp_slice pp_feature_cursor(
	struct pp_arena *arena, const struct pp_feature_reading *reading, struct pp_slice place)
{
	struct pp_buf *out = pp_buf_make(arena), *inside = pp_buf_make(arena);

	pp_buf_format(out, "%.*s~", PP_SHOW(reading->seen));
	if (!reading->ask.order_count) {
		pp_buf_slice(out, place);
		return pp_buf_all(out);
	}
	add_name(inside, &reading->ask);
	pp_buf_text(inside, "\n");
	pp_buf_slice(inside, place);
	pp_base64url(out, pp_buf_all(inside));
	return pp_buf_all(out);
}

/* As PostgreSQL writes a double: nothing so small that it reads it as out of its range. */
static bool is_number(struct pp_slice text)
{
	double number;

	return pp_slice_double(text, &number) &&
		(number != 0 || pp_slice_is(text, PP_S("0")) || pp_slice_is(text, PP_S("-0")));
}

/* Whether PostgreSQL reads it as the key of such a column. */
static bool is_key(struct pp_arena *arena, struct pp_slice text, enum pp_feature_kind kind)
{
	bool negative = pp_slice_starts(text, PP_S("-"));
	struct pp_slice plain = pp_slice(text.at + negative, text.len - negative);
	int64_t whole;

	switch (kind) {
	case PP_FEATURE_INTEGER:
	case PP_FEATURE_BOOLEAN:
		return pp_slice_i64(text, &whole) && whole >= INT32_MIN && whole <= INT32_MAX;
	case PP_FEATURE_NUMBER:
		return pp_slice_is(plain, PP_S("Infinity")) || is_number(text);
	case PP_FEATURE_DATE:
		if (text.len == 10)
			text = pp_format(arena, "%.*sT00:00:00+00:00", PP_SHOW(text));
		break;
	case PP_FEATURE_INSTANT:
		break;
	case PP_FEATURE_UUID:
		return pp_uuid_is(text);
	default:
		return true; /* UTF-8 without NUL, as the JSON was */
	}
	return pp_slice_is(plain, PP_S("infinity")) ||
		(pp_slice_ends(text, PP_S("+00:00")) && pp_clock_read_rfc3339(text, &whole));
}

static bool read_place(struct pp_arena *arena, struct pp_slice text, struct pp_feature_ask *ask)
{
	struct pp_fault fault = { 0 };
	const struct pp_json *place = pp_json_read(arena, text, &fault);
	size_t count = key_count(ask);

	if (pp_json_length(place) != count + 1)
		return false;
	for (size_t i = 0; i <= count; i++) {
		const struct pp_json *key = pp_json_element(place, i);

		if (pp_json_kind(key) != PP_JSON_TEXT ||
			(i < count &&
				!is_key(arena, pp_json_text(key), ask->order[i].column->kind)))
			return false;
	}
	ask->after = text;
	return true;
}

bool pp_feature_cursor_read(
	struct pp_arena *arena, struct pp_slice cursor, struct pp_feature_ask *ask)
{
	struct pp_slice after, inside, place, name;
	struct pp_buf *expected = pp_buf_make(arena);
	uint64_t seen;

	ask->seen = pp_slice_cut(cursor, '~', &after);
	if (!pp_slice_u64(ask->seen, &seen) || seen > INT64_MAX || after.len == 0)
		return false;
	if (!ask->order_count) {
		ask->after = after;
		return true;
	}
	if (!pp_base64url_read(arena, after, &inside))
		return false;
	add_name(expected, ask);
	name = pp_slice_cut(inside, '\n', &place);
	return pp_slice_is(name, pp_buf_all(expected)) && read_place(arena, place, ask);
}
