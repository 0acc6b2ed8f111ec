/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/fmt/xs.h>

#include <math.h>
#include <stdlib.h>

#include <pp/base/clock.h>

enum { DAY = 10, NUMBER_MOST = 64 };

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

struct pp_slice pp_xs_trim(struct pp_slice text)
{
	while (text.len && is_space(*text.at))
		text = pp_slice(text.at + 1, text.len - 1);
	while (text.len && is_space(text.at[text.len - 1]))
		text.len--;
	return text;
}

struct pp_slice pp_xs_word(struct pp_slice text, struct pp_slice *rest)
{
	size_t begun = 0, end;

	*rest = text;
	if (!text.len) /* it may be NULL, to which nothing is added */
		return text;
	while (begun < text.len && is_space(text.at[begun]))
		begun++;
	for (end = begun; end < text.len && !is_space(text.at[end]);)
		end++;
	*rest = pp_slice(text.at + end, text.len - end);
	return pp_slice(text.at + begun, end - begun);
}

struct pp_slice pp_xs_local(struct pp_slice qname)
{
	for (size_t i = qname.len; i > 0; i--)
		if (qname.at[i - 1] == ':')
			return pp_slice(qname.at + i, qname.len - i);
	return qname;
}

bool pp_xs_double(struct pp_slice text, double *number)
{
	char copy[NUMBER_MOST], *end;

	if (text.len == 0 || text.len >= sizeof(copy))
		return false;
	/* strtod reads more: hexadecimal numbers, infinity. */
	for (size_t i = 0; i < text.len; i++)
		if (!strchr("0123456789+-.eE", text.at[i]))
			return false;
	memcpy(copy, text.at, text.len);
	copy[text.len] = '\0';
	*number = strtod(copy, &end);
	return *end == '\0' && isfinite(*number);
}

bool pp_xs_boolean(struct pp_slice text, bool *truth)
{
	*truth = pp_slice_is(text, PP_S("true")) || pp_slice_is(text, PP_S("1"));
	return *truth || pp_slice_is(text, PP_S("false")) || pp_slice_is(text, PP_S("0"));
}

/* §3.3.7 timezoneFrag */
static bool has_zone(struct pp_slice text)
{
	char sign = text.len > 6 ? text.at[text.len - 6] : '\0';

	return pp_slice_ends(text, PP_S("Z")) || sign == '+' || sign == '-';
}

static bool is_instant(struct pp_arena *arena, struct pp_slice text, struct pp_slice *out)
{
	char written[PP_RFC3339_SIZE];
	int64_t utc;

	if (!pp_clock_read_rfc3339(text, &utc))
		return false;
	*out = text;
	if (text.at[text.len - 1] == 'Z')
		return true;
	pp_clock_rfc3339(utc, written);
	*out = pp_copy(arena, pp_slice_of(written));
	return true;
}

bool pp_xs_time(struct pp_arena *arena, struct pp_slice text, bool *is_day, struct pp_slice *out)
{
	struct pp_slice whole, zone;
	char *copy;

	text = pp_xs_trim(text);
	if (text.len < DAY || text.len > 40)
		return false;
	copy = pp_text(arena, text);
	if (copy[4] == '/' && copy[7] == '/')
		copy[4] = copy[7] = '-';
	zone = pp_slice(copy + DAY, text.len - DAY);
	*is_day = zone.len == 0 || strchr("Z+-", *zone.at);
	if (*is_day) {
		whole = pp_format(arena, "%.*sT00:00:00%.*s", DAY, copy, PP_SHOW(zone));
		*out = pp_slice(copy, DAY);
		return is_instant(arena,
			zone.len ? whole : pp_format(arena, "%.*sZ", PP_SHOW(whole)), &whole);
	}
	if (*zone.at != 'T' && *zone.at != ' ')
		return false;
	copy[DAY] = 'T';
	whole = pp_slice(copy, text.len);
	return is_instant(
		arena, has_zone(zone) ? whole : pp_format(arena, "%.*sZ", PP_SHOW(whole)), out);
}
