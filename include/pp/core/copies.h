/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Copies of documents on this machine's disk (pp/io/copies.h), as a request uses them. Whether its
 * caller may read the document was asked before, and is asked again while it is sent.
 */
#include <pp/core/req.h>

/* Smaller files are kept in memory (pp/core/chunks.h) or cost little anyway. */
#define PP_COPY_LEAST (UINT64_C(1) << 20)

/*
 * Takes the copy of a document that was shown to somebody (is_shown of content_find), sha256 in
 * hexadecimal, in the place of the one that the request had. False where there is none: then the
 * clerk is told, who has one made for the next reader.
 */
bool pp_copy_find(
	struct pp_req *req, struct pp_slice document, struct pp_slice sha256, uint64_t size);
/*
 * Writes of these bytes as many as may be written at once; the next step is taken when there is
 * room. Answers how many; 0: the copy is none any more, and the rest has to come from elsewhere.
 */
size_t pp_copy_put(struct pp_req *req, uint64_t first, uint64_t end);
/* The request needs it no more; it may have none. */
void pp_copy_drop(struct pp_req *req);
