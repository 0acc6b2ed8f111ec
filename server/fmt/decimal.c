/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Most of what a reply of features costs is the text of its coordinates. So digits are made eight
 * at a time, in the bytes of one integer and without a division or a branch for each of them, and
 * decimals that everybody asks for are constants where a number is taken apart.
 */
#include "decimal.h"

#include <endian.h>
#include <math.h>

#include <pp/fmt/geojson.h>

#include "little.h"

#define DIGITS_AT_ONCE 8
#define ZEROS          UINT64_C(0x3030303030303030)

static const uint64_t scales[] = { 1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000,
	1000000000 };

_Static_assert(PP_LENGTH(scales) == PP_DECIMALS_MOST + 1, "as many as there may be decimals");

/*
 * The eight digits of a number below 10^8, the first one in the lowest byte. Halves, then pairs,
 * then digits are parted in all lanes at once; a multiplication and a shift divide by 100 and by
 * 10, which is exact for numbers so small.
 */
static uint64_t digits_of(uint32_t number)
{
	uint64_t halves = (uint64_t)(number / 10000) | (uint64_t)(number % 10000) << 32;
	uint64_t hundreds = ((halves * 10486) >> 20) & UINT64_C(0x0000007f0000007f);
	uint64_t pairs = hundreds | (halves - 100 * hundreds) << 16;
	uint64_t tens = ((pairs * 103) >> 10) & UINT64_C(0x000f000f000f000f);

	return tens | (pairs - 10 * tens) << 8;
}

static void put_eight(char *to, uint64_t digits)
{
	digits = htole64(digits);
	memcpy(to, &digits, sizeof(digits));
}

/* Below 10^8, as coordinates are. */
static inline char *put_small(char *to, uint64_t whole)
{
	uint64_t digits;
	int zeros;

	if (whole < 10) {
		*to = (char)('0' + whole);
		return to + 1;
	}
	digits = digits_of((uint32_t)whole);
	zeros = __builtin_ctzll(digits) / 8;
	put_eight(to, (digits | ZEROS) >> (8 * zeros));
	return to + DIGITS_AT_ONCE - zeros;
}

static __attribute__((noinline)) char *put_large(char *to, uint64_t whole)
{
	uint64_t first = whole / scales[DIGITS_AT_ONCE];

	to = first < scales[DIGITS_AT_ONCE] ? put_small(to, first) : put_large(to, first);
	put_eight(to, digits_of((uint32_t)(whole % scales[DIGITS_AT_ONCE])) | ZEROS);
	return to + DIGITS_AT_ONCE;
}

#define ONES(h, t)                                                                                 \
	{ '.', h, t, '0' }, { '.', h, t, '1' }, { '.', h, t, '2' }, { '.', h, t, '3' },            \
		{ '.', h, t, '4' }, { '.', h, t, '5' }, { '.', h, t, '6' }, { '.', h, t, '7' },    \
		{ '.', h, t, '8' },                                                                \
	{                                                                                          \
		'.', h, t, '9'                                                                     \
	}
#define TENS(h)                                                                                    \
	ONES(h, '0'), ONES(h, '1'), ONES(h, '2'), ONES(h, '3'), ONES(h, '4'), ONES(h, '5'),        \
		ONES(h, '6'), ONES(h, '7'), ONES(h, '8'), ONES(h, '9')

/* Millimetres, which is what most numbers end with, are looked up. */
static const char thousandths[1000][4] = { TENS('0'), TENS('1'), TENS('2'), TENS('3'), TENS('4'),
	TENS('5'), TENS('6'), TENS('7'), TENS('8'), TENS('9') };

static inline char *put_thousandths(char *to, uint64_t part)
{
	uint32_t digits;

	memcpy(to, thousandths[part], sizeof(digits));
	memcpy(&digits, thousandths[part], sizeof(digits));
	/* The point, and what is no zero behind it: '0' has none of these bits. */
	digits = le32toh(digits) & UINT32_C(0x0f0f0fff);
	return to + sizeof(digits) - __builtin_clz(digits) / 8;
}

/* Below one, as so many decimals; not nothing. */
static char *put_part(char *to, uint64_t part, unsigned decimals)
{
	uint64_t digits;

	*to++ = '.';
	if (decimals > DIGITS_AT_ONCE) {
		if (part % 10 == 0)
			return put_part(to - 1, part / 10, decimals - 1);
		*to++ = (char)('0' + part / scales[DIGITS_AT_ONCE]);
		part %= scales[DIGITS_AT_ONCE];
		decimals = DIGITS_AT_ONCE;
	}
	digits = digits_of((uint32_t)(part * scales[DIGITS_AT_ONCE - decimals]));
	put_eight(to, digits | ZEROS);
	return to + DIGITS_AT_ONCE - __builtin_clzll(digits) / 8;
}

/*
 * To the nearest integer, the even one of two, as llrint has it: what is added leaves no bits for
 * parts of one, and llrint costs a call.
 */
static int64_t rounded(double value)
{
	const double without_parts = 0x1.8p52;

	return fabs(value) < 0x1p51 ? (int64_t)(value + without_parts - without_parts)
				    : llrint(value);
}

/*
 * Scaled to an integer, below 2^63 for the coordinates that pp_wkb_check lets through. At an exact
 * tie of the decimal value this may round the other way than printf, half a unit of the last
 * decimal off either way.
 */
static inline __attribute__((always_inline)) char *put(char *to, double value, unsigned decimals)
{
	int64_t scaled = rounded(value * (double)scales[decimals]);
	uint64_t size = scaled < 0 ? 0 - (uint64_t)scaled : (uint64_t)scaled;
	uint64_t whole = size / scales[decimals], part = size % scales[decimals];

	*to = '-';
	to += scaled < 0;
	to = whole < scales[DIGITS_AT_ONCE] ? put_small(to, whole) : put_large(to, whole);
	if (!part)
		return to;
	return decimals == 3 ? put_thousandths(to, part) : put_part(to, part, decimals);
}

static inline __attribute__((always_inline)) char *put_mark(char *to, char mark)
{
	*to = mark;
	return to + (mark != '\0');
}

static inline __attribute__((always_inline)) char *put_positions(char *to,
	const unsigned char *from, uint32_t count, unsigned decimals, struct pp_decimal_marks marks)
{
	for (uint32_t i = 0; i < count; i++, from += 16) {
		if (i)
			to = put_mark(to, marks.between);
		to = put_mark(to, marks.open);
		to = put(to, pp_f64_at(from), decimals);
		to = put_mark(to, marks.comma);
		to = put(to, pp_f64_at(from + 8), decimals);
		to = put_mark(to, marks.close);
	}
	return to;
}

char *pp_decimal_put(char *to, double value, unsigned decimals)
{
	PP_MUST(decimals <= PP_DECIMALS_MOST && fabs(value) <= 1e9);
	return put(to, value, decimals);
}

void pp_decimal_positions(struct pp_buf *out, const unsigned char *from, uint32_t count,
	unsigned decimals, struct pp_decimal_marks marks)
{
	char *begin = pp_buf_room(out, pp_add_size((size_t)count * 2 * PP_DECIMAL_SIZE, 8));
	char *end;

	PP_MUST(decimals <= PP_DECIMALS_MOST);
	if (decimals == 3)
		end = put_positions(begin, from, count, 3, marks);
	else if (decimals == 8)
		end = put_positions(begin, from, count, 8, marks);
	else
		end = put_positions(begin, from, count, decimals, marks);
	out->len += (size_t)(end - begin);
}

void pp_geojson_number(struct pp_buf *buf, double value, unsigned decimals)
{
	char *at = pp_buf_room(buf, PP_DECIMAL_SIZE);

	buf->len += (size_t)(pp_decimal_put(at, value, decimals) - at);
}
