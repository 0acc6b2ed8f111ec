/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Files that come piece by piece: the core protocol of tus 1.0.0
 * (https://tus.io/protocols/resumable-upload), as rooms have it that take some. A room finds the
 * file, asks what PATCH may go on with, reads pieces, stores each by a query of its own, and ends:
 *
 *   find, check (pp_tus_check), pp_tus_read, store (pp_tus_take), stored (pp_tus_stored)
 *
 * The query that finds it gives the columns below first; the state of the request begins with
 * struct pp_tus.
 */
#include <pp/core/digest.h>
#include <pp/core/flow.h>

enum { PP_TUS_STATE, PP_TUS_SIZE, PP_TUS_RECEIVED, PP_TUS_DIGEST, PP_TUS_COLUMNS };

struct pp_tus {
	struct pp_rows *file;
	struct pp_piece piece;
	uint64_t size, received;
	char digest[PP_DIGEST_SIZE]; /* of what was received (pp/core/digest.h) */
	size_t digest_len;
	bool whole; /* it comes in one request, and not by PATCH */
};

/* 412 where a client speaks another version; false after the refusal. */
PP_CHECKED bool pp_tus_spoken(struct pp_req *req);
/* What the row says of it, once it is there. */
void pp_tus_recall(struct pp_tus *tus);

/* How far it is, with a representation of it: HEAD of tus. */
enum pp_next pp_tus_show(struct pp_req *req, const struct pp_tus *tus, const struct pp_rows *rows);

/* Whether bytes may come still: 409 upload_over where its state is another than LAEDT; 413 where
 * the length of the body is said, and more than is missing. False after the refusal. */
PP_CHECKED bool pp_tus_is_open(struct pp_req *req, const struct pp_tus *tus);
PP_CHECKED bool pp_tus_fits(struct pp_req *req, const struct pp_tus *tus);
/* The same of a PATCH, and whether it goes on where the file ends: 409 upload_offset. A repetition
 * of the last piece, to which no answer was heard, is answered. */
enum pp_next pp_tus_check(struct pp_req *req, const struct pp_tus *tus);

/* Pieces end where chunks do, so that equal files have equal chunks. */
pp_step pp_tus_read;
/* The piece that was read, bound as from_byte, bytes and digest: PP_WAIT, ask the query that stores
 * it. PP_NEXT: there is none. PP_DONE: there are more bytes than were announced, 413. */
enum pp_next pp_tus_take(struct pp_req *req, struct pp_tus *tus);
static inline bool pp_tus_is_complete(const struct pp_tus *tus)
{
	return tus->received == tus->size;
}
/* SHA-256 and CRC-32 of it go on from this. */
static inline struct pp_slice pp_tus_digest(const struct pp_tus *tus)
{
	return pp_slice(tus->digest, tus->digest_len);
}
/* The next piece, or the answer. */
enum pp_next pp_tus_stored(struct pp_req *req, const struct pp_tus *tus);
