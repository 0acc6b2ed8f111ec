/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Frames to the clerk process, which computes argon2id for the web workers (pp_ask_clerk): some
 * 100 ms each, which no event loop may spend.
 */
#include <pp/base/slice.h>

enum {
	/* bytes password, bytes argon2id string -> u8, 1 when it is that password */
	PP_PASSWORD_CHECK = 1,
	/* bytes password -> bytes argon2id string */
	PP_PASSWORD_MAKE = 2,
	/* (3 is PP_RECEIPT_SIGN, 4 PP_COPY_WANTED) bytes password, bytes e-mail address of the
	   account -> u8 whether it may be chosen, bytes argon2id string, or what is wrong with it
	 */
	PP_PASSWORD_CHOOSE = 10,
};

/* Characters of one that is chosen. */
#define PP_CHOSEN_LEAST 12
#define PP_CHOSEN_MOST  200

/* A new token, to be shown once, and what is stored of it: its SHA-256. */
#define PP_NEW_TOKEN_SIZE 44
#define PP_NEW_TOKEN_HASH 32
void pp_token_new(char token[PP_NEW_TOKEN_SIZE], unsigned char hash[PP_NEW_TOKEN_HASH]);
