/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* One-time passwords by time (RFC 6238): HMAC-SHA-1, six digits, steps of 30 s, because that is
 * what every authenticator app speaks. Pure: the instant is an argument. */
#include <pp/base/buf.h>

#define PP_TOTP_DIGITS 6
#define PP_TOTP_SECRET 20 /* bytes (RFC 4226 §4 R6: 160 bits) */

/* The step of an instant, in µs UTC. */
int64_t pp_totp_step(int64_t at_utc);
/* The code of a step, with a NUL. */
void pp_totp_code(struct pp_slice secret, int64_t step, char out[PP_TOTP_DIGITS + 1]);
/*
 * Whether it is the code of the instant's step or of the one before or behind it (RFC 6238 §5.2);
 * *step is whose. Every step is computed and compared whole, whatever the code.
 */
PP_CHECKED bool pp_totp_is(
	struct pp_slice secret, int64_t at_utc, struct pp_slice code, int64_t *step);
/* RFC 4648 §6, without padding. */
void pp_totp_base32(struct pp_buf *out, struct pp_slice bytes);
