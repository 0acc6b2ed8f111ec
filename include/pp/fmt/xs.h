/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* Simple types of XML Schema (W3C XML Schema 1.1 part 2), as XML requests spell values. */
#include <pp/base/arena.h>

/* Without white space at both ends (§4.3.6 collapse). */
struct pp_slice pp_xs_trim(struct pp_slice text);
/* The next word of a list (§2.4.1.2), empty at its end. */
struct pp_slice pp_xs_word(struct pp_slice text, struct pp_slice *rest);
/* A local name: what stands behind the prefix of a:b. */
struct pp_slice pp_xs_local(struct pp_slice qname);

/* A finite xs:double (§3.3.5): +1, .5 and 1. are some, INF and NaN are none. */
PP_CHECKED bool pp_xs_double(struct pp_slice text, double *number);
/* xs:boolean (§3.3.2): true, false, 1, 0. */
PP_CHECKED bool pp_xs_boolean(struct pp_slice text, bool *truth);
/*
 * xs:date or xs:dateTime (§3.3.7, §3.3.9): *out is YYYY-MM-DD, or an instant in UTC as RFC 3339
 * writes it. Without an offset a time counts as UTC; the offset of a day says nothing. GDAL writes
 * 2027/01/31 10:00:00.
 */
PP_CHECKED bool pp_xs_time(
	struct pp_arena *arena, struct pp_slice text, bool *is_day, struct pp_slice *out);
