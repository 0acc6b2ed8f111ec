/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* What the files of this room share: steps of its routes, and how a file is handed out. */
#include <pp/core/tus.h>

/* Uploads: tus 1.0.0 (core protocol), and whole files. */
extern pp_step *const pp_upload_look[], *const pp_upload_go_on[], *const pp_upload_whole[];
/* Contents, whole or in part. */
extern pp_step *const pp_content_send[], *const pp_attachment_send[], *const pp_archive_send[];
/* The same of what was forwarded. */
extern pp_step *const pp_forwarded_content_send[], *const pp_forwarded_attachment_send[];
#define PP_UPLOAD_MOST (UINT64_C(10) << 30)
/* What is stored of an upload is stored, however long others keep the disk; and a chunk is sent. */
#define PP_STORING_MS 60000
#define PP_SENDING_MS 10000

/* The bytes that a Range asks for (RFC 9110 §14). */
enum pp_range { PP_RANGE_ALL, PP_RANGE_PART, PP_RANGE_NONE };
struct pp_bytes {
	uint64_t first, end; /* end is exclusive */
};
/* Several ranges, other units and what cannot be read are all of it, as RFC 9110 §14.2 allows. */
enum pp_range pp_range_read(struct pp_slice field, uint64_t size, struct pp_bytes *out);

/* Some bytes of a document on their way out: of a copy on disk, or some chunks of them are found
 * kept, or asked for, sent and followed, by four steps. */
struct pp_pieces {
	const char *query; /* by which the reader may see it */
	const char *find;  /* the same, without bytes */
	struct pp_slice document;
	struct pp_bytes bytes; /* what is to be sent still */
	unsigned most;         /* how many chunks are asked for at a time */
	struct pp_rows *rows, *ahead;
	struct pp_rows
		*map; /* where chunks of which name begin, or NULL; by it kept ones are found */
	bool fell_behind;
	struct pp_rows *seen;
	uint64_t looked; /* bytes since it was asked whether the reader may see it */
};
/* Bytes of the request's copy. False: it has none (any more), or nothing is left to be sent. */
bool pp_piece_copy(struct pp_req *req, struct pp_pieces *pieces);
/* Whether it is time to ask anew; then `return pp_piece_look(…)`, whose answer nobody needs. */
bool pp_piece_is_old(const struct pp_pieces *pieces);
enum pp_next pp_piece_look(struct pp_req *req, struct pp_pieces *pieces);
/* False: it has to wait for room, and may then go on. */
bool pp_piece_kept(struct pp_req *req, struct pp_pieces *pieces);
enum pp_next pp_piece_ask(struct pp_req *req, struct pp_pieces *pieces);
enum pp_next pp_piece_send(struct pp_req *req, struct pp_pieces *pieces);
enum pp_next pp_piece_sent(struct pp_req *req, struct pp_pieces *pieces);
/* The next of them are there already: to be sent, not asked for. */
bool pp_piece_is_there(const struct pp_pieces *pieces);

/* RFC 6266: an ASCII name, and the whole one as RFC 8187 spells it. */
struct pp_slice pp_disposition(struct pp_arena *arena, struct pp_slice name);
