/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* Passwords and tokens, as rooms see them. */
#include <pp/core/clerk.h>

/* Characters of one that is chosen. */
#define PP_CHOSEN_LEAST 12
#define PP_CHOSEN_MOST  200

/* A new token, to be shown once, and what is stored of it: its SHA-256. */
#define PP_NEW_TOKEN_SIZE 44
#define PP_NEW_TOKEN_HASH 32
void pp_token_new(char token[PP_NEW_TOKEN_SIZE], unsigned char hash[PP_NEW_TOKEN_HASH]);
