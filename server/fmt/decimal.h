/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* Numbers of geometries as text: with so many decimals at most, without trailing zeros. */
#include <pp/base/buf.h>

/* What a number takes at most: a sign, ten digits, a point, nine decimals, and room behind it that
 * may be written to. */
enum { PP_DECIMAL_SIZE = 32, PP_DECIMALS_MOST = 9 };

/* Writes it where there is room for PP_DECIMAL_SIZE bytes; answers where it ends. */
char *pp_decimal_put(char *to, double value, unsigned decimals);

/* What stands around positions: before one, between its ordinates, behind it, and between two; NUL
 * for nothing. */
struct pp_decimal_marks {
	char open, comma, close, between;
};

/* So many positions of a WKB. */
void pp_decimal_positions(struct pp_buf *out, const unsigned char *from, uint32_t count,
	unsigned decimals, struct pp_decimal_marks marks);
