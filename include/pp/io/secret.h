/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Hashes, random tokens and passwords (libsodium). Password functions take some 100 ms and 64 MiB
 * on purpose (argon2id, RFC 9106): they run in the clerk process, never in a web worker's loop.
 */
#include <pp/base/buf.h>

#define PP_SHA256_SIZE   32
#define PP_SHA512_SIZE   64
#define PP_TOKEN_SIZE    44 /* 32 random bytes as base64url without padding, and a NUL */
#define PP_PASSWORD_SIZE 128

/* To be called once per process before anything else here; aborts when there is no randomness. */
void pp_secret_open(void);

void pp_sha256(struct pp_slice data, unsigned char out[PP_SHA256_SIZE]);
void pp_sha512(struct pp_slice data, unsigned char out[PP_SHA512_SIZE]);
/* Of several slices as if they stood one behind the other. */
void pp_sha256_of(size_t count, const struct pp_slice *parts, unsigned char out[PP_SHA256_SIZE]);

/* Of what comes piece by piece: begun, fed and ended once. */
struct pp_sha256_run {
	uint64_t state[13];
};
void pp_sha256_begin(struct pp_sha256_run *run);
void pp_sha256_feed(struct pp_sha256_run *run, struct pp_slice piece);
void pp_sha256_end(struct pp_sha256_run *run, unsigned char out[PP_SHA256_SIZE]);
/* A run as bytes that mean the same on every machine, to go on with another day. */
#define PP_SHA256_SAVED 104
void pp_sha256_save(const struct pp_sha256_run *run, struct pp_buf *out);
void pp_sha256_load(struct pp_sha256_run *run, struct pp_slice saved);

/* 256 bits nobody can guess, to be shown once and stored as their SHA-256. */
void pp_token_make(char out[PP_TOKEN_SIZE]);
/* Bytes as base64url without padding (RFC 4648 §5). */
void pp_base64url(struct pp_buf *out, struct pp_slice bytes);
/* The other way; false for anything else, also for padding and for bits behind the end. */
PP_CHECKED bool pp_base64url_read(
	struct pp_arena *arena, struct pp_slice text, struct pp_slice *bytes);

/*
 * Ed25519 (RFC 8032): the same message and key give the same signature. The secret is the
 * library's: seed and public key.
 */
#define PP_SIGN_SEED_SIZE   32
#define PP_SIGN_PUBLIC_SIZE 32
#define PP_SIGN_SECRET_SIZE 64
#define PP_SIGNATURE_SIZE   64
void pp_sign_seed(unsigned char seed[PP_SIGN_SEED_SIZE]);
void pp_sign_pair(const unsigned char seed[PP_SIGN_SEED_SIZE],
	unsigned char public_key[PP_SIGN_PUBLIC_SIZE], unsigned char secret[PP_SIGN_SECRET_SIZE]);
void pp_sign(const unsigned char secret[PP_SIGN_SECRET_SIZE], struct pp_slice message,
	unsigned char signature[PP_SIGNATURE_SIZE]);
bool pp_sign_is(const unsigned char public_key[PP_SIGN_PUBLIC_SIZE], struct pp_slice message,
	const unsigned char signature[PP_SIGNATURE_SIZE]);

/* Exactly so many bytes of hexadecimal in lower case: there is one way to write them. */
PP_CHECKED bool pp_unhex(struct pp_slice hex, unsigned char *out, size_t size);
/* Overwrites what was secret, whatever the compiler thinks of it. */
void pp_wipe(void *secret, size_t size);

/* Bytes as base64 with padding (RFC 4648 §4), as HTTP's Basic has them. */
void pp_base64(struct pp_buf *out, struct pp_slice bytes);
/* Bytes of such a text in the arena; false where it is none, or one that pp_base64 writes
 * otherwise. */
PP_CHECKED bool pp_base64_read(
	struct pp_arena *arena, struct pp_slice text, struct pp_slice *bytes);

#define PP_SEAL_KEY_SIZE 32
/*
 * Encrypts with XSalsa20-Poly1305 under a random nonce; who changes a bit makes it unreadable. The
 * key may be any 32 bytes that nobody can guess, such as a SHA-256 of a secret and a purpose.
 */
void pp_seal(struct pp_buf *out, struct pp_slice plain, const unsigned char key[PP_SEAL_KEY_SIZE]);
/* False where it was not sealed with that key. */
PP_CHECKED bool pp_unseal(struct pp_arena *arena, struct pp_slice sealed,
	const unsigned char key[PP_SEAL_KEY_SIZE], struct pp_slice *plain);
/* In constant time over equal lengths. */
bool pp_secret_is(struct pp_slice a, struct pp_slice b);

/* The argon2id string of a password (RFC 9106: 64 MiB, 2 passes). False when memory is short. */
PP_CHECKED bool pp_password_hash(struct pp_slice password, char out[PP_PASSWORD_SIZE]);
/* In constant time over the password; false for a hash that is none. */
bool pp_password_is(struct pp_slice password, const char *hash);
