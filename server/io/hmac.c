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

void pp_sha384(struct pp_slice data, unsigned char out[PP_SHA384_SIZE])
{
	unsigned len = 0;

	PP_MUST(EVP_Digest(data.at, data.len, out, &len, EVP_sha384(), NULL) &&
		len == PP_SHA384_SIZE);
}
