/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* Instants are int64_t microseconds: UTC since 1970 for law and logs, monotonic for deadlines. */
#include <pp/base/arena.h>

#define PP_SECOND         INT64_C(1000000)
#define PP_RFC3339_SIZE   28
#define PP_HTTP_DATE_SIZE 30

/* The one clock that law is judged by: of the server, the clerk and every command. */
int64_t pp_clock_utc(void);
/*
 * For drills: from now on pp_clock_utc of this process is shifted by so many microseconds as the
 * first eight bytes of that file say (a little-endian int64_t), read anew at each call, so that
 * whoever writes the file moves the time of all processes that follow it. 0, or an errno: EINVAL
 * where the file is shorter.
 */
int pp_clock_follow(const char *path);
/* How far that is now, 0 without a file. */
int64_t pp_clock_shift(void);
int64_t pp_clock_monotonic(void);
/* "2026-11-23T10:15:30.123456Z" (RFC 3339 §5.6), NUL-terminated. Years 0001 to 9999. */
void pp_clock_rfc3339(int64_t utc, char out[PP_RFC3339_SIZE]);
struct pp_slice pp_clock_text(struct pp_arena *arena, int64_t utc);
/* Reads the same form, with 0 to 6 decimals and Z or an offset; false where the instant could not
 * be written again. */
PP_CHECKED bool pp_clock_read_rfc3339(struct pp_slice s, int64_t *utc);

/* "Mon, 23 Nov 2026 10:15:30 GMT" (RFC 9110 §5.6.7, IMF-fixdate), NUL-terminated: without the part
 * of a second. Years 0001 to 9999. */
void pp_clock_http_date(int64_t utc, char out[PP_HTTP_DATE_SIZE]);
/* Reads that form, the one that anybody still writes of the three. */
PP_CHECKED bool pp_clock_read_http_date(struct pp_slice date, int64_t *utc);
