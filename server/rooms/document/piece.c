/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Bytes of a file go out chunk by chunk: one is asked for when the client has room for it. A file
 * never changes, so that no transaction has to last as long as a download does, and a client that
 * reads slowly, or left, holds no connection to the database (docs/decisions/0009-documents.md).
 */
#include "document.h"

enum { FIRST_BYTE, BYTES };

enum pp_next pp_piece_ask(struct pp_req *req, struct pp_pieces *pieces)
{
	pp_ask_anew(req);
	pp_bind(req, "document", pieces->document);
	pp_bind(req, "from_byte",
		pp_format(pp_questions(req), "%llu", (unsigned long long)pieces->bytes.first));
	pp_ask(req, pieces->query, &pieces->rows);
	return PP_WAIT;
}

enum pp_next pp_piece_send(struct pp_req *req, struct pp_pieces *pieces)
{
	struct pp_slice bytes;
	uint64_t first, skipped;

	/* It was taken back while it was read. */
	if (pieces->rows->rows != 1 || !pp_cell(pieces->rows, 0, FIRST_BYTE).at)
		return pp_refuse(req, PP_document_not_found, "it is not there any more");
	bytes = pp_cell(pieces->rows, 0, BYTES);
	PP_MUST(pp_slice_u64(pp_cell(pieces->rows, 0, FIRST_BYTE), &first));
	skipped = pieces->bytes.first - first;
	PP_MUST(skipped < bytes.len);
	bytes = pp_slice(bytes.at + skipped, bytes.len - (size_t)skipped);
	if (bytes.len > pieces->bytes.end - pieces->bytes.first)
		bytes.len = (size_t)(pieces->bytes.end - pieces->bytes.first);
	pieces->bytes.first += bytes.len;
	return pp_write(req, bytes);
}
