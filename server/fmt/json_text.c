/* SPDX-License-Identifier: EUPL-1.2 */
#include "json_text.h"

#include <math.h>
#include <stdlib.h>

#define NUMBER_MAX 63

void pp_json_text_begin(struct pp_json_text *in, struct pp_slice text, struct pp_fault *fault)
{
	if (pp_slice_starts(text, PP_S("\xef\xbb\xbf")))
		text = pp_slice(text.at + 3, text.len - 3);
	if (!text.len)
		text.at = "";
	*in = (struct pp_json_text){ text.at, text.at, text.at + text.len, fault };
}

bool pp_json_text_broken(struct pp_json_text *in, const char *what)
{
	unsigned line = 1, column = 1;

	for (const char *c = in->begin; c < in->at; c++) {
		column++;
		if (*c == '\n') {
			line++;
			column = 1;
		}
	}
	return pp_fault(in->fault, PP_malformed_json, "line %u, column %u: %s", line, column, what);
}

char pp_json_text_peek(struct pp_json_text *in)
{
	while (in->at < in->end &&
		(*in->at == ' ' || *in->at == '\n' || *in->at == '\r' || *in->at == '\t'))
		in->at++;
	return in->at < in->end ? *in->at : '\0';
}

/* Skips blanks and that byte; false when another one stands there. */
static bool take(struct pp_json_text *in, char c)
{
	char what[] = "expected ' '";

	if (pp_json_text_peek(in) == c) {
		in->at++;
		return true;
	}
	what[10] = c;
	return pp_json_text_broken(in, in->at == in->end ? "the text ends too early" : what);
}

bool pp_json_text_is_over(struct pp_json_text *in)
{
	pp_json_text_peek(in);
	return in->at == in->end || pp_json_text_broken(in, "something follows the value");
}

bool pp_json_text_enter(struct pp_json_text *in, char open, char close, bool *more)
{
	*more = true;
	if (!take(in, open))
		return false;
	if (pp_json_text_peek(in) == close) {
		in->at++;
		*more = false;
	}
	return true;
}

bool pp_json_text_next(struct pp_json_text *in, char close, bool *more)
{
	char c = pp_json_text_peek(in);

	*more = c == ',';
	if (c != ',' && c != close)
		return pp_json_text_broken(in,
			in->at == in->end ? "the text ends too early"
					  : "expected a comma or the end of the list");
	in->at++;
	return true;
}

/* The unit of a \uXXXX whose digits begin here, or -1. */
static int32_t unit_at(const char *at, const char *end)
{
	int32_t unit = 0;

	if (end - at < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		int digit = pp_hex_digit(at[i]);

		if (digit < 0)
			return -1;
		unit = unit << 4 | digit;
	}
	return unit;
}

/* The code point of the \u at `at` (behind its u); *length gets the bytes behind the u, 0 if
 * broken. */
static uint32_t point_at(const char *at, const char *end, size_t *length)
{
	int32_t first = unit_at(at, end), second;

	*length = 0;
	if (first < 0 || (first >= 0xdc00 && first <= 0xdfff))
		return 0;
	*length = 4;
	if (first < 0xd800 || first > 0xdbff)
		return (uint32_t)first;
	second = end - at >= 10 && at[4] == '\\' && at[5] == 'u' ? unit_at(at + 6, end) : -1;
	*length = second >= 0xdc00 && second <= 0xdfff ? 10 : 0;
	return 0x10000u + ((uint32_t)(first & 0x3ff) << 10) + (uint32_t)(second & 0x3ff);
}

static bool skip_escape(struct pp_json_text *in)
{
	size_t length;

	if (in->end - in->at < 2)
		return pp_json_text_broken(in, "a string has no end");
	if (in->at[1] == 'u') {
		point_at(in->at + 2, in->end, &length);
		if (!length)
			return pp_json_text_broken(in, "a broken \\u escape");
		in->at += 2 + length;
		return true;
	}
	if (!memchr("\"\\/bfnrt", in->at[1], 8))
		return pp_json_text_broken(in, "an unknown escape");
	in->at += 2;
	return true;
}

bool pp_json_text_string(struct pp_json_text *in, struct pp_slice *raw)
{
	const char *from;
	bool ascii = true;

	if (!take(in, '"'))
		return false;
	for (from = in->at; in->at < in->end && *in->at != '"';) {
		unsigned char c = (unsigned char)*in->at;

		if (c < 0x20)
			return pp_json_text_broken(in, "a control character in a string");
		if (c == '\\') {
			if (!skip_escape(in))
				return false;
			continue;
		}
		ascii = ascii && c < 0x80;
		in->at++;
	}
	if (in->at == in->end)
		return pp_json_text_broken(in, "a string has no end");
	*raw = pp_slice(from, (size_t)(in->at - from));
	if (!ascii && !pp_slice_is_utf8(*raw))
		return pp_json_text_broken(in, "a string is not UTF-8");
	in->at++;
	return true;
}

bool pp_json_text_name(struct pp_json_text *in, struct pp_slice *raw)
{
	return pp_json_text_string(in, raw) && take(in, ':');
}

static const char *skip_digits(const char *at, const char *end)
{
	while (at < end && *at >= '0' && *at <= '9')
		at++;
	return at;
}

/* RFC 8259 §6: the end of the number that begins at `at`, or NULL. */
static const char *number_end(const char *at, const char *end)
{
	const char *from;

	if (at < end && *at == '-')
		at++;
	from = at;
	at = skip_digits(at, end);
	if (at == from || (*from == '0' && at - from > 1))
		return NULL;
	if (at < end && *at == '.') {
		from = ++at;
		at = skip_digits(at, end);
		if (at == from)
			return NULL;
	}
	if (at < end && (*at == 'e' || *at == 'E')) {
		at++;
		if (at < end && (*at == '+' || *at == '-'))
			at++;
		from = at;
		at = skip_digits(at, end);
		if (at == from)
			return NULL;
	}
	return at;
}

/*
 * Up to 15 digits and a power of ten up to 22 are exact as doubles, so that one division rounds
 * correctly (Clinger 1990). Nearly every coordinate is of this kind; others go through strtod.
 */
static bool read_short(const char *at, const char *end, double *value)
{
	static const double tens[] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
		1e12, 1e13, 1e14, 1e15 };
	bool negative = *at == '-';
	unsigned digits = 0, decimals = 0;
	uint64_t mantissa = 0;
	bool behind = false;

	for (at += negative; at < end; at++) {
		if (*at == '.') {
			behind = true;
			continue;
		}
		if (*at == 'e' || *at == 'E')
			return false;
		mantissa = mantissa * 10 + (uint64_t)(*at - '0');
		digits += mantissa != 0;
		decimals += behind;
		if (digits > 15 || decimals > 15)
			return false;
	}
	*value = (double)mantissa / tens[decimals];
	if (negative)
		*value = -*value;
	return true;
}

bool pp_json_text_number(struct pp_json_text *in, double *value)
{
	char first = pp_json_text_peek(in);
	char text[NUMBER_MAX + 1];
	const char *end = number_end(in->at, in->end);
	size_t length;

	if (!end) {
		bool minus = first == '-' && in->end - in->at > 1;
		char word = minus ? in->at[1] : first;

		if (in->at == in->end)
			return pp_json_text_broken(in, "the text ends too early");
		return pp_json_text_broken(in,
			word == 'N' || word == 'I' ? "NaN and Infinity are no JSON numbers"
						   : "expected a number");
	}
	if (!read_short(in->at, end, value)) {
		length = (size_t)(end - in->at);
		if (length > NUMBER_MAX)
			return pp_json_text_broken(in, "a number of more than 63 characters");
		memcpy(text, in->at, length);
		text[length] = '\0';
		*value = strtod(text, NULL);
		if (!isfinite(*value))
			return pp_json_text_broken(in, "a number too large");
	}
	in->at = end;
	return true;
}

static bool skip_word(struct pp_json_text *in, struct pp_slice word)
{
	if (!pp_slice_starts(pp_slice(in->at, (size_t)(in->end - in->at)), word))
		return pp_json_text_broken(in, "expected a value");
	in->at += word.len;
	return true;
}

static bool skip_scalar(struct pp_json_text *in, char first)
{
	struct pp_slice raw;
	double number;

	switch (first) {
	case '"':
		return pp_json_text_string(in, &raw);
	case 't':
		return skip_word(in, PP_S("true"));
	case 'f':
		return skip_word(in, PP_S("false"));
	case 'n':
		return skip_word(in, PP_S("null"));
	default:
		return pp_json_text_number(in, &number);
	}
}

/* Walks into the value and out again; the closing brackets still owed are the only state. */
bool pp_json_text_skip(struct pp_json_text *in)
{
	char owed[PP_JSON_TEXT_DEPTH];
	unsigned depth = 0;
	struct pp_slice name;
	bool more;

	for (;;) {
		char first = pp_json_text_peek(in);

		if (first == '{' || first == '[') {
			if (depth == PP_JSON_TEXT_DEPTH)
				return pp_json_text_broken(in, "nested too deep");
			owed[depth] = first == '{' ? '}' : ']';
			if (!pp_json_text_enter(in, first, owed[depth], &more))
				return false;
			depth += more;
		} else {
			if (!skip_scalar(in, first))
				return false;
			more = false;
		}
		while (!more && depth) {
			if (!pp_json_text_next(in, owed[depth - 1], &more))
				return false;
			depth -= !more;
		}
		if (!depth)
			return true;
		if (owed[depth - 1] == '}' && !pp_json_text_name(in, &name))
			return false;
	}
}

static void add_point(struct pp_buf *out, uint32_t point)
{
	if (point < 0x80) {
		pp_buf_u8(out, (uint8_t)point);
		return;
	}
	if (point < 0x800) {
		pp_buf_u8(out, (uint8_t)(0xc0 | point >> 6));
	} else {
		if (point < 0x10000) {
			pp_buf_u8(out, (uint8_t)(0xe0 | point >> 12));
		} else {
			pp_buf_u8(out, (uint8_t)(0xf0 | point >> 18));
			pp_buf_u8(out, (uint8_t)(0x80 | (point >> 12 & 0x3f)));
		}
		pp_buf_u8(out, (uint8_t)(0x80 | (point >> 6 & 0x3f)));
	}
	pp_buf_u8(out, (uint8_t)(0x80 | (point & 0x3f)));
}

void pp_json_text_decode(struct pp_slice raw, struct pp_buf *out)
{
	static const char names[] = "bfnrt", means[] = "\b\f\n\r\t";
	const char *at = raw.at, *end = raw.at + raw.len;
	const char *found;
	size_t length;

	while (at < end) {
		if (*at != '\\') {
			pp_buf_u8(out, (uint8_t)*at++);
		} else if (at[1] == 'u') {
			add_point(out, point_at(at + 2, end, &length));
			at += 2 + length;
		} else {
			found = strchr(names, at[1]);
			pp_buf_u8(out, (uint8_t)(found ? means[found - names] : at[1]));
			at += 2;
		}
	}
}

bool pp_json_text_is(struct pp_slice raw, struct pp_slice name)
{
	struct pp_buf text;
	bool is;

	if (!raw.len || !memchr(raw.at, '\\', raw.len))
		return pp_slice_is(raw, name);
	pp_buf_begin(&text);
	pp_json_text_decode(raw, &text);
	is = pp_slice_is(pp_buf_all(&text), name);
	pp_buf_end(&text);
	return is;
}

static uint64_t hash(struct pp_slice s)
{
	uint64_t value = UINT64_C(14695981039346656037);

	/* FNV-1a. Two names of one hash would be refused as duplicates: nobody is harmed but who
	 * tries. */
	for (size_t i = 0; i < s.len; i++)
		value = (value ^ (unsigned char)s.at[i]) * UINT64_C(1099511628211);
	return value;
}

bool pp_json_names_add(struct pp_json_names *names, struct pp_json_text *in, struct pp_slice raw)
{
	struct pp_buf text;
	uint64_t value;

	if (raw.len && memchr(raw.at, '\\', raw.len)) {
		pp_buf_begin(&text);
		pp_json_text_decode(raw, &text);
		value = hash(pp_buf_all(&text));
		pp_buf_end(&text);
	} else {
		value = hash(raw);
	}
	for (unsigned i = 0; i < names->count; i++)
		if (names->hash[i] == value)
			return pp_json_text_broken(in, "an object has the same name twice");
	if (names->count == PP_LENGTH(names->hash))
		return pp_json_text_broken(in, "an object has more than 64 members");
	names->hash[names->count++] = value;
	return true;
}
