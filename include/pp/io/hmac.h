/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * What libsodium does not have, by OpenSSL's libcrypto: HMAC-SHA-1 (RFC 2104), for one-time
 * passwords alone, because authenticator apps have nothing else; and SHA-384 (FIPS 180-4), for ID
 * tokens whose issuer signs with it.
 */
#include <pp/base/slice.h>

#define PP_HMAC_SHA1_SIZE 20
#define PP_SHA384_SIZE    48

void pp_hmac_sha1(
	struct pp_slice key, struct pp_slice message, unsigned char out[PP_HMAC_SHA1_SIZE]);
void pp_sha384(struct pp_slice data, unsigned char out[PP_SHA384_SIZE]);
