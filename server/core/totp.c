/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/core/totp.h>

#include <stdio.h>

#include <pp/base/clock.h>
#include <pp/io/hmac.h>
#include <pp/io/secret.h>

#define STEP_US (30 * PP_SECOND)

int64_t pp_totp_step(int64_t at_utc)
{
	return at_utc / STEP_US;
}

/* RFC 4226 §5.3. */
void pp_totp_code(struct pp_slice secret, int64_t step, char out[PP_TOTP_DIGITS + 1])
{
	unsigned char counter[8], hash[PP_HMAC_SHA1_SIZE];
	uint32_t number;
	size_t at;

	for (size_t i = 0; i < sizeof(counter); i++)
		counter[i] = (unsigned char)((uint64_t)step >> (56 - 8 * i));
	pp_hmac_sha1(secret, pp_slice((char *)counter, sizeof(counter)), hash);
	at = hash[PP_HMAC_SHA1_SIZE - 1] & 15;
	number = ((uint32_t)hash[at] << 24 | (uint32_t)hash[at + 1] << 16 |
			 (uint32_t)hash[at + 2] << 8 | hash[at + 3]) &
		0x7fffffff;
	snprintf(out, PP_TOTP_DIGITS + 1, "%06u", number % 1000000);
}

bool pp_totp_is(struct pp_slice secret, int64_t at_utc, struct pp_slice code, int64_t *step)
{
	bool found = false;

	for (int64_t near = -1; near <= 1; near++) {
		char expected[PP_TOTP_DIGITS + 1];

		pp_totp_code(secret, pp_totp_step(at_utc) + near, expected);
		if (pp_secret_is(code, pp_slice_of(expected))) {
			found = true;
			*step = pp_totp_step(at_utc) + near;
		}
	}
	return found;
}

void pp_totp_base32(struct pp_buf *out, struct pp_slice bytes)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	uint64_t held = 0;
	unsigned bits = 0;

	for (size_t i = 0; i < bytes.len; i++) {
		held = held << 8 | (unsigned char)bytes.at[i];
		for (bits += 8; bits >= 5; bits -= 5)
			pp_buf_u8(out, (uint8_t)letters[held >> (bits - 5) & 31]);
	}
	if (bits)
		pp_buf_u8(out, (uint8_t)letters[held << (5 - bits) & 31]);
}
