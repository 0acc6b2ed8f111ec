/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* HMAC-SHA-1 (RFC 2104, by OpenSSL's libcrypto), for one-time passwords alone: libsodium has no
 * SHA-1, and authenticator apps have nothing else. */
#include <pp/base/slice.h>

#define PP_HMAC_SHA1_SIZE 20

void pp_hmac_sha1(
	struct pp_slice key, struct pp_slice message, unsigned char out[PP_HMAC_SHA1_SIZE]);
