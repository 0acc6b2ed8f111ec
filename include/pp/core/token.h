/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* What is made of secrets that only a browser has: hashes, derived secrets, sealed things. */
#include <pp/base/arena.h>

#define PP_DIGEST_TEXT 44 /* SHA-256 as base64url without padding, and a NUL */

/* SHA-256 of the parts, one behind the other: 32 raw bytes in the arena. */
struct pp_slice pp_token_hash(struct pp_arena *arena, size_t count, const struct pp_slice *parts);
/* The same as text. */
void pp_token_digest(char out[PP_DIGEST_TEXT], size_t count, const struct pp_slice *parts);

/* Seals with a key that is made of the secret and the purpose, a word. */
struct pp_slice pp_token_seal(
	struct pp_arena *arena, const char *purpose, struct pp_slice secret, struct pp_slice plain);
/* False where it was sealed otherwise. */
PP_CHECKED bool pp_token_unseal(struct pp_arena *arena, const char *purpose, struct pp_slice secret,
	struct pp_slice sealed, struct pp_slice *plain);
