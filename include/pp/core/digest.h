/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * What is known of bytes that come in pieces, over requests, workers and restarts: SHA-256 and
 * CRC-32 so far, as bytes that are stored and gone on with, the same on every machine.
 */
#include <pp/base/buf.h>

#define PP_DIGEST_SIZE 108

/* What is known after that piece; `before` empty: it is the first. */
struct pp_slice pp_digest_feed(
	struct pp_arena *arena, struct pp_slice before, struct pp_slice piece);
/* Of all of them: 32 bytes, and the CRC-32 that ZIP and gzip have (ISO 3309). */
struct pp_slice pp_digest_sha256(struct pp_arena *arena, struct pp_slice digest);
uint32_t pp_digest_crc32(struct pp_slice digest);
