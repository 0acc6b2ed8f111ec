/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/core/token.h>

#include <pp/io/secret.h>

struct pp_slice pp_token_hash(struct pp_arena *arena, size_t count, const struct pp_slice *parts)
{
	unsigned char *hash = pp_alloc(arena, PP_SHA256_SIZE);

	pp_sha256_of(count, parts, hash);
	return pp_slice((char *)hash, PP_SHA256_SIZE);
}

void pp_token_digest(char out[PP_DIGEST_TEXT], size_t count, const struct pp_slice *parts)
{
	unsigned char hash[PP_SHA256_SIZE];
	struct pp_buf text;

	pp_sha256_of(count, parts, hash);
	pp_buf_begin(&text);
	pp_base64url(&text, pp_slice((char *)hash, sizeof(hash)));
	PP_MUST(text.len == PP_DIGEST_TEXT - 1);
	memcpy(out, text.at, text.len);
	out[text.len] = '\0';
	pp_buf_end(&text);
}

_Static_assert(PP_SEAL_KEY_SIZE == PP_SHA256_SIZE, "a hash is a key");

static void key_of(const char *purpose, struct pp_slice secret, unsigned char key[PP_SEAL_KEY_SIZE])
{
	struct pp_slice parts[] = { pp_slice_of(purpose), PP_S(" "), secret };

	pp_sha256_of(PP_LENGTH(parts), parts, key);
}

struct pp_slice pp_token_seal(
	struct pp_arena *arena, const char *purpose, struct pp_slice secret, struct pp_slice plain)
{
	unsigned char key[PP_SEAL_KEY_SIZE];
	struct pp_buf *out = pp_buf_make(arena);

	key_of(purpose, secret, key);
	pp_seal(out, plain, key);
	return pp_buf_all(out);
}

bool pp_token_unseal(struct pp_arena *arena, const char *purpose, struct pp_slice secret,
	struct pp_slice sealed, struct pp_slice *plain)
{
	unsigned char key[PP_SEAL_KEY_SIZE];

	key_of(purpose, secret, key);
	return pp_unseal(arena, sealed, key, plain);
}
