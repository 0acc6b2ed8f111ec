/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/io/secret.h>

#include <sodium.h>

_Static_assert(PP_SHA256_SIZE == crypto_hash_sha256_BYTES, "SHA-256 has 32 bytes");
_Static_assert(sizeof(struct pp_sha256_run) == sizeof(crypto_hash_sha256_state) &&
		_Alignof(struct pp_sha256_run) >= _Alignof(crypto_hash_sha256_state),
	"a run is the library's state");
_Static_assert(PP_PASSWORD_SIZE == crypto_pwhash_STRBYTES, "an argon2id string fits");

void pp_secret_open(void)
{
	PP_MUST(sodium_init() >= 0);
}

void pp_sha256(struct pp_slice data, unsigned char out[PP_SHA256_SIZE])
{
	pp_sha256_of(1, &data, out);
}

void pp_sha512(struct pp_slice data, unsigned char out[PP_SHA512_SIZE])
{
	crypto_hash_sha512(out, (const unsigned char *)data.at, data.len);
}

void pp_sha256_of(size_t count, const struct pp_slice *parts, unsigned char out[PP_SHA256_SIZE])
{
	struct pp_sha256_run run;

	pp_sha256_begin(&run);
	for (size_t i = 0; i < count; i++)
		pp_sha256_feed(&run, parts[i]);
	pp_sha256_end(&run, out);
}

static crypto_hash_sha256_state *state_of(struct pp_sha256_run *run)
{
	return (crypto_hash_sha256_state *)(void *)run->state;
}

void pp_sha256_begin(struct pp_sha256_run *run)
{
	crypto_hash_sha256_init(state_of(run));
}

void pp_sha256_feed(struct pp_sha256_run *run, struct pp_slice piece)
{
	crypto_hash_sha256_update(state_of(run), (const unsigned char *)piece.at, piece.len);
}

void pp_sha256_end(struct pp_sha256_run *run, unsigned char out[PP_SHA256_SIZE])
{
	crypto_hash_sha256_final(state_of(run), out);
}

void pp_sha256_save(const struct pp_sha256_run *run, struct pp_buf *out)
{
	crypto_hash_sha256_state state;

	memcpy(&state, run->state, sizeof(state));
	for (size_t i = 0; i < PP_LENGTH(state.state); i++)
		pp_buf_u32(out, state.state[i]);
	pp_buf_u64(out, state.count);
	pp_buf_add(out, state.buf, sizeof(state.buf));
}

void pp_sha256_load(struct pp_sha256_run *run, struct pp_slice saved)
{
	crypto_hash_sha256_state state;
	struct pp_scan scan;

	PP_MUST(saved.len == PP_SHA256_SAVED);
	pp_scan_begin(&scan, saved);
	for (size_t i = 0; i < PP_LENGTH(state.state); i++)
		state.state[i] = pp_scan_u32(&scan);
	state.count = pp_scan_u64(&scan);
	memcpy(state.buf, scan.at, sizeof(state.buf));
	memcpy(run->state, &state, sizeof(state));
}

void pp_token_make(char out[PP_TOKEN_SIZE])
{
	unsigned char bytes[32];

	randombytes_buf(bytes, sizeof(bytes));
	sodium_bin2base64(
		out, PP_TOKEN_SIZE, bytes, sizeof(bytes), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

void pp_base64url(struct pp_buf *out, struct pp_slice bytes)
{
	size_t size = sodium_base64_encoded_len(
		bytes.len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);

	sodium_bin2base64(pp_buf_room(out, size), size, (const unsigned char *)bytes.at, bytes.len,
		sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	out->len += size - 1;
}

static bool read_base64(
	struct pp_arena *arena, struct pp_slice text, int variant, struct pp_slice *bytes)
{
	char *out = pp_alloc(arena, text.len + 1);
	size_t len = 0;

	/* libsodium 1.0.18 takes bytes beyond ASCII for '_', where char has a sign. */
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.at[i] > 127)
			return false;
	/* Without an end to be told, libsodium takes the whole text or nothing. */
	if (sodium_base642bin((unsigned char *)out, text.len, text.at ? text.at : "", text.len,
		    NULL, &len, NULL, variant) != 0)
		return false;
	*bytes = pp_slice(out, len);
	return true;
}

bool pp_base64url_read(struct pp_arena *arena, struct pp_slice text, struct pp_slice *bytes)
{
	return read_base64(arena, text, sodium_base64_VARIANT_URLSAFE_NO_PADDING, bytes);
}

void pp_base64(struct pp_buf *out, struct pp_slice bytes)
{
	size_t size = sodium_base64_encoded_len(bytes.len, sodium_base64_VARIANT_ORIGINAL);

	sodium_bin2base64(pp_buf_room(out, size), size, (const unsigned char *)bytes.at, bytes.len,
		sodium_base64_VARIANT_ORIGINAL);
	out->len += size - 1;
}

bool pp_base64_read(struct pp_arena *arena, struct pp_slice text, struct pp_slice *bytes)
{
	return read_base64(arena, text, sodium_base64_VARIANT_ORIGINAL, bytes);
}

_Static_assert(PP_SEAL_KEY_SIZE == crypto_secretbox_KEYBYTES, "keys have one size");

void pp_seal(struct pp_buf *out, struct pp_slice plain, const unsigned char key[PP_SEAL_KEY_SIZE])
{
	size_t size = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + plain.len;
	unsigned char *to = (unsigned char *)pp_buf_room(out, size);

	randombytes_buf(to, crypto_secretbox_NONCEBYTES);
	PP_MUST(crypto_secretbox_easy(to + crypto_secretbox_NONCEBYTES,
			(const unsigned char *)plain.at, plain.len, to, key) == 0);
	out->len += size;
}

bool pp_unseal(struct pp_arena *arena, struct pp_slice sealed,
	const unsigned char key[PP_SEAL_KEY_SIZE], struct pp_slice *plain)
{
	const unsigned char *from = (const unsigned char *)sealed.at;
	size_t around = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
	unsigned char *to;

	if (sealed.len < around)
		return false;
	to = pp_alloc(arena, sealed.len - around + 1);
	*plain = pp_slice((char *)to, sealed.len - around);
	return crypto_secretbox_open_easy(to, from + crypto_secretbox_NONCEBYTES,
		       sealed.len - crypto_secretbox_NONCEBYTES, from, key) == 0;
}

bool pp_secret_is(struct pp_slice a, struct pp_slice b)
{
	return a.len == b.len && (a.len == 0 || sodium_memcmp(a.at, b.at, a.len) == 0);
}

bool pp_password_hash(struct pp_slice password, char out[PP_PASSWORD_SIZE])
{
	return crypto_pwhash_str_alg(out, password.at, password.len,
		       crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE,
		       crypto_pwhash_ALG_ARGON2ID13) == 0;
}

bool pp_password_is(struct pp_slice password, const char *hash)
{
	return crypto_pwhash_str_verify(hash, password.at, password.len) == 0;
}

_Static_assert(PP_SIGN_SEED_SIZE == crypto_sign_SEEDBYTES &&
		PP_SIGN_PUBLIC_SIZE == crypto_sign_PUBLICKEYBYTES &&
		PP_SIGN_SECRET_SIZE == crypto_sign_SECRETKEYBYTES &&
		PP_SIGNATURE_SIZE == crypto_sign_BYTES,
	"Ed25519 has these sizes");

void pp_sign_seed(unsigned char seed[PP_SIGN_SEED_SIZE])
{
	randombytes_buf(seed, PP_SIGN_SEED_SIZE);
}

void pp_sign_pair(const unsigned char seed[PP_SIGN_SEED_SIZE],
	unsigned char public_key[PP_SIGN_PUBLIC_SIZE], unsigned char secret[PP_SIGN_SECRET_SIZE])
{
	PP_MUST(crypto_sign_seed_keypair(public_key, secret, seed) == 0);
}

void pp_sign(const unsigned char secret[PP_SIGN_SECRET_SIZE], struct pp_slice message,
	unsigned char signature[PP_SIGNATURE_SIZE])
{
	PP_MUST(crypto_sign_detached(signature, NULL, (const unsigned char *)message.at,
			message.len, secret) == 0);
}

bool pp_sign_is(const unsigned char public_key[PP_SIGN_PUBLIC_SIZE], struct pp_slice message,
	const unsigned char signature[PP_SIGNATURE_SIZE])
{
	return crypto_sign_verify_detached(
		       signature, (const unsigned char *)message.at, message.len, public_key) == 0;
}

bool pp_unhex(struct pp_slice hex, unsigned char *out, size_t size)
{
	if (hex.len != 2 * size)
		return false;
	for (size_t i = 0; i < hex.len; i++) {
		static const char digits[] = "0123456789abcdef";
		const char *digit = hex.at[i] ? strchr(digits, hex.at[i]) : NULL;

		if (!digit)
			return false;
		out[i / 2] = (unsigned char)(i % 2 ? out[i / 2] | (digit - digits)
						   : (digit - digits) << 4);
	}
	return true;
}

void pp_wipe(void *secret, size_t size)
{
	sodium_memzero(secret, size);
}
