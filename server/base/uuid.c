/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/base/uuid.h>

#include <stdio.h>
#include <sys/random.h>

#include <pp/base/clock.h>

/* RFC 9562 §6.2 method 1: a 12-bit counter behind the millisecond, begun anew each millisecond. */
static struct {
	uint64_t millisecond;
	unsigned counter;
} last;

void pp_uuid7(char out[PP_UUID_SIZE])
{
	uint64_t now = (uint64_t)(pp_clock_utc() / 1000);
	unsigned char r[8];

	PP_MUST(getrandom(r, sizeof(r), 0) == (ssize_t)sizeof(r));
	if (now > last.millisecond) {
		last.millisecond = now;
		last.counter = 0;
	} else if (++last.counter > 0xfff) {
		/* More than 4,096 in a millisecond, or a clock that went back: borrow the next one.
		 */
		last.millisecond++;
		last.counter = 0;
	}
	snprintf(out, PP_UUID_SIZE, "%08x-%04x-7%03x-%02x%02x-%02x%02x%02x%02x%02x%02x",
		(unsigned)(last.millisecond >> 16), (unsigned)(last.millisecond & 0xffff),
		last.counter, (r[0] & 0x3fu) | 0x80u, r[1], r[2], r[3], r[4], r[5], r[6], r[7]);
}

bool pp_uuid_is(struct pp_slice s)
{
	if (s.len != PP_UUID_SIZE - 1)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];

		if (i == 8 || i == 13 || i == 18 || i == 23) {
			if (c != '-')
				return false;
		} else if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
				   (c >= 'A' && c <= 'F'))) {
			return false;
		}
	}
	return true;
}
