/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/base/slice.h>

#include <math.h>
#include <stdlib.h>

static unsigned char lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

bool pp_slice_is_nocase(struct pp_slice a, struct pp_slice b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (lower(a.at[i]) != lower(b.at[i]))
			return false;
	return true;
}

bool pp_slice_starts(struct pp_slice s, struct pp_slice prefix)
{
	return s.len >= prefix.len && pp_slice_is(pp_slice(s.at, prefix.len), prefix);
}

bool pp_slice_ends(struct pp_slice s, struct pp_slice suffix)
{
	return s.len >= suffix.len &&
		pp_slice_is(pp_slice(s.at + s.len - suffix.len, suffix.len), suffix);
}

int pp_slice_order(struct pp_slice a, struct pp_slice b)
{
	size_t common = a.len < b.len ? a.len : b.len;
	int order = common ? memcmp(a.at, b.at, common) : 0;

	if (order)
		return order;
	return a.len < b.len ? -1 : a.len > b.len;
}

struct pp_slice pp_slice_trim(struct pp_slice s)
{
	while (s.len && (s.at[0] == ' ' || s.at[0] == '\t'))
		s = pp_slice(s.at + 1, s.len - 1);
	while (s.len && (s.at[s.len - 1] == ' ' || s.at[s.len - 1] == '\t'))
		s.len--;
	return s;
}

struct pp_slice pp_slice_cut(struct pp_slice s, char separator, struct pp_slice *rest)
{
	const char *found = s.len ? memchr(s.at, separator, s.len) : NULL;
	struct pp_slice first = s;

	/* Nothing that is not there either stays so: arithmetic on NULL is undefined. */
	*rest = pp_slice(s.len ? s.at + s.len : s.at, 0);
	if (found) {
		first.len = (size_t)(found - s.at);
		*rest = pp_slice(found + 1, s.len - first.len - 1);
	}
	return first;
}

bool pp_slice_u64(struct pp_slice s, uint64_t *out)
{
	uint64_t value = 0;

	if (s.len == 0)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] < '0' || s.at[i] > '9')
			return false;
		if (__builtin_mul_overflow(value, UINT64_C(10), &value) ||
			__builtin_add_overflow(value, (uint64_t)(s.at[i] - '0'), &value))
			return false;
	}
	*out = value;
	return true;
}

bool pp_slice_i64(struct pp_slice s, int64_t *out)
{
	bool negative = s.len && s.at[0] == '-';
	uint64_t size;

	if (negative)
		s = pp_slice(s.at + 1, s.len - 1);
	if (!pp_slice_u64(s, &size) || size > (uint64_t)INT64_MAX)
		return false;
	*out = negative ? -(int64_t)size : (int64_t)size;
	return true;
}

static size_t digits(struct pp_slice s, size_t at)
{
	size_t from = at;

	while (at < s.len && s.at[at] >= '0' && s.at[at] <= '9')
		at++;
	return at - from;
}

/* RFC 8259 §6: -? (0 | [1-9][0-9]*) (.[0-9]+)? ([eE][+-]?[0-9]+)? */
static bool is_number(struct pp_slice s)
{
	size_t at = 0, count;

	if (at < s.len && s.at[at] == '-')
		at++;
	count = digits(s, at);
	if (count == 0 || (count > 1 && s.at[at] == '0'))
		return false;
	at += count;
	if (at < s.len && s.at[at] == '.') {
		count = digits(s, ++at);
		if (count == 0)
			return false;
		at += count;
	}
	if (at < s.len && (s.at[at] == 'e' || s.at[at] == 'E')) {
		at++;
		if (at < s.len && (s.at[at] == '+' || s.at[at] == '-'))
			at++;
		count = digits(s, at);
		if (count == 0)
			return false;
		at += count;
	}
	return at == s.len;
}

bool pp_slice_double(struct pp_slice s, double *out)
{
	char text[64];
	double value;

	/* 60 characters hold every double that is not padded; longer ones are nobody's coordinate.
	 */
	if (s.len >= sizeof(text) || !is_number(s))
		return false;
	memcpy(text, s.at, s.len);
	text[s.len] = '\0';
	value = strtod(text, NULL);
	if (!isfinite(value))
		return false;
	*out = value;
	return true;
}

/* RFC 3629 §4: no overlong forms, no surrogates, nothing above U+10FFFF. */
static size_t utf8_length(const unsigned char *at, size_t left)
{
	unsigned char first = at[0];
	unsigned char low = 0x80, high = 0xbf;
	size_t length;

	if (first < 0x80)
		return first != 0;
	if (first >= 0xc2 && first <= 0xdf)
		length = 2;
	else if (first >= 0xe0 && first <= 0xef)
		length = 3;
	else if (first >= 0xf0 && first <= 0xf4)
		length = 4;
	else
		return 0;
	if (first == 0xe0)
		low = 0xa0;
	else if (first == 0xed)
		high = 0x9f;
	else if (first == 0xf0)
		low = 0x90;
	else if (first == 0xf4)
		high = 0x8f;
	if (left < length || at[1] < low || at[1] > high)
		return 0;
	for (size_t i = 2; i < length; i++)
		if (at[i] < 0x80 || at[i] > 0xbf)
			return 0;
	return length;
}

size_t pp_slice_characters(struct pp_slice s)
{
	size_t count = 0;

	for (size_t i = 0; i < s.len; i++)
		count += ((unsigned char)s.at[i] & 0xc0) != 0x80;
	return count;
}

bool pp_slice_is_utf8(struct pp_slice s)
{
	for (size_t at = 0, length; at < s.len; at += length) {
		length = utf8_length((const unsigned char *)s.at + at, s.len - at);
		if (length == 0)
			return false;
	}
	return true;
}
