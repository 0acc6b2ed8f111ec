/* SPDX-License-Identifier: EUPL-1.2 */
#include "field.h"

#include <pp/base/clock.h>
#include <pp/base/uuid.h>

#define TEXT_MAX 1000

static const char *phrase(struct pp_arena *arena, const char *format, ...) PP_PRINTF(2, 3);
static const char *phrase(struct pp_arena *arena, const char *format, ...)
{
	struct pp_slice s;
	va_list list;

	va_start(list, format);
	s = pp_format_list(arena, format, list);
	va_end(list);
	return s.at;
}

/* Whether the choices hold the word; on false *list is "A, B, C". */
static bool has_choice(struct pp_arena *arena, const struct pp_field *field, struct pp_slice word,
	const char **list)
{
	struct pp_slice rest = pp_slice_of(field->choices);
	struct pp_buf *text = pp_buf_make(arena);

	while (rest.len) {
		struct pp_slice choice = pp_slice_cut(rest, '|', &rest);

		if (pp_slice_is(choice, word))
			return true;
		pp_buf_format(text, "%s%.*s", text->len ? ", " : "", PP_SHOW(choice));
	}
	pp_buf_u8(text, 0);
	*list = text->at;
	return false;
}

static const char *expects_text(
	struct pp_arena *arena, const struct pp_field *field, struct pp_slice text)
{
	int64_t max = field->max ? field->max : TEXT_MAX;
	size_t length = pp_slice_characters(text);

	if (!pp_slice_is_utf8(text))
		return "must be UTF-8 without NUL";
	/* Blanks say nothing. */
	if ((int64_t)pp_slice_characters(pp_slice_trim(text)) < field->min)
		return field->min == 1 ? "must not be empty"
				       : phrase(arena, "must have %lld characters at least",
						 (long long)field->min);
	if ((int64_t)length > max)
		return phrase(arena, "must have %lld characters at most, has %zu", (long long)max,
			length);
	return NULL;
}

static const char *expects_choice(
	struct pp_arena *arena, const struct pp_field *field, struct pp_slice text)
{
	const char *list;

	if (has_choice(arena, field, text, &list))
		return NULL;
	return phrase(arena, "must be one of %s", list);
}

static const char *expects_id(
	struct pp_arena *arena, const struct pp_field *field, struct pp_slice text)
{
	(void)arena;
	(void)field;
	return pp_uuid_is(text) ? NULL : "must be a UUID";
}

static bool are_digits(struct pp_slice s)
{
	uint64_t number;

	return pp_slice_u64(s, &number);
}

/* The Land is 01 to 16 (domain: keys). */
static bool has_land(struct pp_slice s)
{
	return s.len >= 2 && pp_slice_order(pp_slice(s.at, 2), PP_S("01")) >= 0 &&
		pp_slice_order(pp_slice(s.at, 2), PP_S("16")) <= 0;
}

static const char *expects_ags(
	struct pp_arena *arena, const struct pp_field *field, struct pp_slice text)
{
	(void)arena;
	(void)field;
	if (text.len == 8 && are_digits(text) && has_land(text))
		return NULL;
	return "must be an AGS of 8 digits, such as 01056013";
}

static bool is_slug(struct pp_slice s)
{
	if (s.len < 3 || s.len > 40)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (!(s.at[i] == '-' || (s.at[i] >= '0' && s.at[i] <= '9') ||
			    (s.at[i] >= 'a' && s.at[i] <= 'z')))
			return false;
	return true;
}

static const char *expects_body_key(
	struct pp_arena *arena, const struct pp_field *field, struct pp_slice text)
{
	(void)arena;
	(void)field;
	if (are_digits(text) && has_land(text) &&
		(text.len == 2 || text.len == 5 || text.len == 8 || text.len == 9))
		return NULL;
	if (!are_digits(text) && is_slug(text))
		return NULL;
	return "must be the key of a body: AGS, Kreis, Land, Amt of 9 digits, or its short name";
}

static const char *expects_date(
	struct pp_arena *arena, const struct pp_field *field, struct pp_slice text)
{
	int64_t utc;

	(void)field;
	if (text.len == 10 &&
		pp_clock_read_rfc3339(pp_format(arena, "%.*sT00:00:00Z", PP_SHOW(text)), &utc))
		return NULL;
	return "must be a date such as 2027-01-31";
}

static const char *expects_instant(
	struct pp_arena *arena, const struct pp_field *field, struct pp_slice text)
{
	int64_t utc;

	(void)arena;
	(void)field;
	return pp_clock_read_rfc3339(text, &utc)
		? NULL
		: "must be an instant such as 2027-01-31T10:00:00Z";
}

static const char *expects_integer(
	struct pp_arena *arena, const struct pp_field *field, struct pp_slice text)
{
	int64_t number;

	if (!pp_slice_i64(text, &number))
		return "must be an integer";
	if (number < field->min || (field->max && number > field->max))
		return phrase(arena, "must lie between %lld and %lld", (long long)field->min,
			(long long)field->max);
	return NULL;
}

static const char *expects_number(
	struct pp_arena *arena, const struct pp_field *field, struct pp_slice text)
{
	double number;

	if (!pp_slice_double(text, &number))
		return "must be a number";
	if (number < (double)field->min || (field->max && number > (double)field->max))
		return phrase(arena, "must lie between %lld and %lld", (long long)field->min,
			(long long)field->max);
	return NULL;
}

static const char *expects_boolean(
	struct pp_arena *arena, const struct pp_field *field, struct pp_slice text)
{
	(void)arena;
	(void)field;
	return pp_slice_is(text, PP_S("true")) || pp_slice_is(text, PP_S("false"))
		? NULL
		: "must be true or false";
}

static const char *expects_bbox(
	struct pp_arena *arena, const struct pp_field *field, struct pp_slice text)
{
	struct pp_slice rest = text;
	double corner[4];

	(void)arena;
	(void)field;
	for (size_t i = 0; i < 4; i++)
		if (!pp_slice_double(pp_slice_cut(rest, ',', &rest), &corner[i]))
			return "must be minx,miny,maxx,maxy";
	if (rest.len || corner[0] > corner[2] || corner[1] > corner[3])
		return "must be minx,miny,maxx,maxy with min below max";
	return NULL;
}

/* A form that finds typing mistakes; whether mail arrives only mail can tell. */
static const char *expects_email(
	struct pp_arena *arena, const struct pp_field *field, struct pp_slice text)
{
	struct pp_slice domain, local = pp_slice_cut(text, '@', &domain);

	(void)arena;
	(void)field;
	if (text.len > 254 || !local.len || domain.len < 3 || !pp_slice_is_utf8(text) ||
		!memchr(domain.at, '.', domain.len) || memchr(domain.at, '@', domain.len) ||
		memchr(text.at, ' ', text.len) || memchr(text.at, '\n', text.len))
		return "must be an e-mail address";
	return NULL;
}

static const char *(*const expectations[])(
	struct pp_arena *, const struct pp_field *, struct pp_slice) = {
	[PP_TEXT] = expects_text,
	[PP_CHOICE] = expects_choice,
	[PP_ID] = expects_id,
	[PP_AGS] = expects_ags,
	[PP_BODY_KEY] = expects_body_key,
	[PP_DATE] = expects_date,
	[PP_INSTANT] = expects_instant,
	[PP_INTEGER] = expects_integer,
	[PP_NUMBER] = expects_number,
	[PP_BOOLEAN] = expects_boolean,
	[PP_BBOX] = expects_bbox,
	[PP_EMAIL] = expects_email,
};

const char *pp_field_expects(
	struct pp_arena *arena, const struct pp_field *field, struct pp_slice text)
{
	PP_MUST((size_t)field->kind < PP_LENGTH(expectations));
	return expectations[field->kind](arena, field, text);
}
