/* SPDX-License-Identifier: EUPL-1.2 */
/* Words, numbers and signs of CQL2 text, as its grammar has them (OGC 21-065r2, annex B). */
#include "cql2.h"

#define REPLACEMENT 0xfffd

/* identifierStart, and what may follow besides. */
static const struct range {
	uint32_t first, last;
} starts[] = { { ':', ':' }, { '_', '_' }, { 'A', 'Z' }, { 'a', 'z' }, { 0xc0, 0xd6 },
	{ 0xd8, 0xf6 }, { 0xf8, 0x2ff }, { 0x370, 0x37d }, { 0x37f, 0x1ffe }, { 0x200c, 0x200d },
	{ 0x2070, 0x218f }, { 0x2c00, 0x2fef }, { 0x3001, 0xd7ff }, { 0xf900, 0xfdcf },
	{ 0xfdf0, 0xfffd }, { 0x10000, 0xeffff } },
  parts[] = { { '.', '.' }, { '0', '9' }, { 0x300, 0x36f }, { 0x203f, 0x2040 } },
  blanks[] = { { '\t', '\r' }, { ' ', ' ' }, { 0x85, 0x85 }, { 0xa0, 0xa0 }, { 0x1680, 0x1680 },
	  { 0x2000, 0x200a }, { 0x2028, 0x2029 }, { 0x202f, 0x202f }, { 0x205f, 0x205f },
	  { 0x3000, 0x3000 } };

static bool lies_in(const struct range *ranges, size_t count, uint32_t c)
{
	for (size_t i = 0; i < count; i++)
		if (c >= ranges[i].first && c <= ranges[i].last)
			return true;
	return false;
}

#define IS(ranges, c) lies_in(ranges, PP_LENGTH(ranges), c)

/* The character at a place of checked UTF-8, and its bytes. */
static uint32_t character(const char *at, const char *end, size_t *length)
{
	const unsigned char *byte = (const unsigned char *)at;
	uint32_t c = byte[0];

	*length = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
	if ((size_t)(end - at) < *length)
		return REPLACEMENT;
	if (*length > 1)
		c &= 0xffU >> (*length + 1);
	for (size_t i = 1; i < *length; i++)
		c = c << 6 | (byte[i] & 0x3f);
	return c;
}

bool pp_cql2_wrong_at(struct pp_cql2_reader *r, const char *at, const char *sentence)
{
	unsigned line, column;

	pp_filter_place(r->text, (size_t)(at - r->text.at), &line, &column);
	return pp_fault(
		r->fault, PP_filter_invalid, "line %u, column %u: %s", line, column, sentence);
}

bool pp_cql2_wrong(struct pp_cql2_reader *r, const char *sentence)
{
	return pp_cql2_wrong_at(r, r->token.raw.at, sentence);
}

static size_t identifier_length(const char *at, const char *end)
{
	const char *begun = at;
	size_t length;

	if (at == end || !IS(starts, character(at, end, &length)))
		return 0;
	while (at < end) {
		uint32_t c = character(at, end, &length);

		if (!IS(starts, c) && !IS(parts, c))
			break;
		at += length;
	}
	return (size_t)(at - begun);
}

static bool lex_quoted(struct pp_cql2_reader *r)
{
	const char *close = memchr(r->at + 1, '"', (size_t)(r->end - r->at) - 1);

	if (!close)
		return pp_cql2_wrong_at(r, r->at, "a quoted name has no end");
	r->token.kind = PP_CQL2_QUOTED;
	r->token.value = pp_slice(r->at + 1, (size_t)(close - r->at) - 1);
	if (r->token.value.len == 0)
		return pp_cql2_wrong_at(r, r->at, "a quoted name is empty");
	r->at = close + 1;
	return true;
}

/* escapeQuote: two quotation marks, or a backslash before one; else a backslash is a character. */
static bool lex_string(struct pp_cql2_reader *r)
{
	struct pp_buf *value = pp_buf_make(r->arena);
	const char *begun = r->at++;

	for (; r->at < r->end; r->at++) {
		bool escapes = r->end - r->at > 1 && r->at[1] == '\'' &&
			(*r->at == '\'' || *r->at == '\\');

		if (escapes)
			r->at++;
		else if (*r->at == '\'')
			break;
		pp_buf_add(value, r->at, 1);
	}
	if (r->at == r->end)
		return pp_cql2_wrong_at(r, begun, "a text has no end");
	r->at++;
	r->token.kind = PP_CQL2_STRING;
	r->token.value = pp_buf_all(value);
	return true;
}

static const char *digits_end(const char *at, const char *end)
{
	while (at < end && *at >= '0' && *at <= '9')
		at++;
	return at;
}

/* decimalNumericLiteral allows "1." and ".5", which JSON does not. */
static bool lex_number(struct pp_cql2_reader *r)
{
	const char *whole = digits_end(r->at, r->end), *at = whole, *fraction = whole;
	struct pp_buf *text = pp_buf_make(r->arena);

	if (at < r->end && *at == '.') {
		fraction = at + 1;
		at = digits_end(fraction, r->end);
	}
	pp_buf_text(text, whole == r->at ? "0" : "");
	for (const char *zero = r->at; zero + 1 < whole && *zero == '0'; zero++)
		r->at++;
	pp_buf_slice(text, pp_slice(r->at, (size_t)(whole - r->at)));
	if (at > fraction) {
		pp_buf_text(text, ".");
		pp_buf_slice(text, pp_slice(fraction, (size_t)(at - fraction)));
	}
	if (at < r->end && (*at == 'E' || *at == 'e')) {
		const char *power = at + 1;

		power += power < r->end && (*power == '+' || *power == '-');
		if (digits_end(power, r->end) > power) {
			pp_buf_slice(text, pp_slice(at, (size_t)(digits_end(power, r->end) - at)));
			at = digits_end(power, r->end);
		}
	}
	if (!pp_slice_double(pp_buf_all(text), &r->token.number))
		return pp_cql2_wrong_at(r, r->token.raw.at, "this number is too large");
	r->at = at;
	r->token.kind = PP_CQL2_NUMBER;
	return true;
}

static bool lex_sign(struct pp_cql2_reader *r)
{
	static const char *const signs[] = { "<>", "<=", ">=", "(", ")", ",", "=", "<", ">", "+",
		"-", "*", "/", "%", "^" };

	for (size_t i = 0; i < PP_LENGTH(signs); i++)
		if (pp_slice_starts(
			    pp_slice(r->at, (size_t)(r->end - r->at)), pp_slice_of(signs[i]))) {
			r->at += strlen(signs[i]);
			r->token.kind = PP_CQL2_SIGN;
			return true;
		}
	return pp_cql2_wrong_at(r, r->at, "this character has no meaning here");
}

static bool lex(struct pp_cql2_reader *r)
{
	size_t name = identifier_length(r->at, r->end);
	bool is_digit = *r->at >= '0' && *r->at <= '9';

	if (name) {
		r->token.kind = PP_CQL2_NAME;
		r->token.value = pp_slice(r->at, name);
		r->at += name;
		return true;
	}
	if (*r->at == '"')
		return lex_quoted(r);
	if (*r->at == '\'')
		return lex_string(r);
	if (is_digit || (*r->at == '.' && r->end - r->at > 1 && r->at[1] >= '0' && r->at[1] <= '9'))
		return lex_number(r);
	return lex_sign(r);
}

bool pp_cql2_next(struct pp_cql2_reader *r)
{
	const char *before = r->at;
	size_t length;

	while (r->at < r->end && IS(blanks, character(r->at, r->end, &length)))
		r->at += length;
	r->token = (struct pp_cql2_token){ .kind = PP_CQL2_END, .raw = pp_slice(r->at, 0) };
	/* What is missing at the end is missing after the last word, not after blanks. */
	if (r->at == r->end) {
		r->token.raw.at = before;
		return true;
	}
	if (!lex(r))
		return false;
	r->token.raw.len = (size_t)(r->at - r->token.raw.at);
	return true;
}

bool pp_cql2_is_word(const struct pp_cql2_reader *r, const char *word)
{
	return r->token.kind == PP_CQL2_NAME &&
		pp_slice_is_nocase(r->token.value, pp_slice_of(word));
}

bool pp_cql2_is_sign(const struct pp_cql2_reader *r, const char *sign)
{
	return r->token.kind == PP_CQL2_SIGN && pp_slice_is(r->token.raw, pp_slice_of(sign));
}

bool pp_cql2_take(struct pp_cql2_reader *r, const char *sign)
{
	if (pp_cql2_is_sign(r, sign))
		return pp_cql2_next(r);
	if (sign[0] == '(')
		return pp_cql2_wrong(r, "a parenthesis ( is missing here");
	if (sign[0] == ')')
		return pp_cql2_wrong(r, "a parenthesis ) is missing here");
	PP_MUST(sign[0] == ',');
	return pp_cql2_wrong(r, "a comma is missing here");
}

bool pp_cql2_is_identifier(struct pp_slice name)
{
	return name.len > 0 && identifier_length(name.at, name.at + name.len) == name.len;
}

bool pp_cql2_take_number(struct pp_cql2_reader *r, double *number)
{
	double sign = 1;

	if (pp_cql2_is_sign(r, "-") || pp_cql2_is_sign(r, "+")) {
		sign = r->token.raw.at[0] == '-' ? -1 : 1;
		if (!pp_cql2_next(r))
			return false;
	}
	if (r->token.kind != PP_CQL2_NUMBER)
		return pp_cql2_wrong(r, "a number is missing here");
	*number = sign * r->token.number;
	return pp_cql2_next(r);
}
