/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/io/hmac.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

void pp_hmac_sha1(
	struct pp_slice key, struct pp_slice message, unsigned char out[PP_HMAC_SHA1_SIZE])
{
	unsigned len = 0;

	PP_MUST(HMAC(EVP_sha1(), key.at, (int)key.len, (const unsigned char *)message.at,
			message.len, out, &len) &&
		len == PP_HMAC_SHA1_SIZE);
}
