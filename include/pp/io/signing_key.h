/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * The key that seals and receipts are signed with, and its file: mode 0600, refused where others
 * may read it. Three lines: what it is, the seed (RFC 8032 §5.1.5) in hexadecimal, and the id of
 * the key that it has replaced or "-". The id of a key is the first 8 bytes of the SHA-256 of its
 * public half.
 */
#include <pp/io/secret.h>

#define PP_KEY_ID_SIZE 17 /* 16 hexadecimal digits and a NUL */

struct pp_signing_key {
	unsigned char secret[PP_SIGN_SECRET_SIZE], public_key[PP_SIGN_PUBLIC_SIZE];
	char id[PP_KEY_ID_SIZE], previous[PP_KEY_ID_SIZE];
};

void pp_key_id(const unsigned char public_key[PP_SIGN_PUBLIC_SIZE], char id[PP_KEY_ID_SIZE]);

/* Reads it; makes it, with its folder, where there is none. False and a sentence otherwise. */
PP_CHECKED bool pp_signing_key_open(const char *path, struct pp_signing_key *key, char error[256]);
/* A new key in the place of the old one, whose private half is then nowhere any more. */
PP_CHECKED bool pp_signing_key_rotate(
	const char *path, struct pp_signing_key *key, char error[256]);
