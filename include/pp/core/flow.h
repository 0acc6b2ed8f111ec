/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Bodies that come in and go out piece by piece, at the pace of the slower side, for steps that
 * take turns: one reads a piece, the next one stores it, then pp_go_to leads back. Memory is that
 * of one piece, however large the whole.
 */
#include <pp/core/req.h>

/* What is read and stored at a time. */
#define PP_PIECE_IN (UINT32_C(1) << 20)

struct pp_piece {
	struct pp_slice bytes; /* until the next pp_read */
	bool last;             /* with them the body is complete */
	bool broken; /* the client left or was refused: no more will come, and no reply be heard */
};

/*
 * Of a route whose file streams: *piece is there in the next step, with `most` bytes (PP_PIECE_IN
 * at most), less only at the end. The steps go on after the client has left, so that what came is
 * kept; `return pp_read(…)`.
 */
enum pp_next pp_read(struct pp_req *req, size_t most, struct pp_piece *piece);

/*
 * A reply of that length in pieces, or of PP_HTTP_UNKNOWN, coded as the client likes it; for HEAD
 * it is complete with pp_write_end. Whatever fails from then on breaks the reply off. `return
 * pp_write(…)`: the next step is taken when there is room.
 */
void pp_write_begin(struct pp_req *req, int status, struct pp_slice media_type, uint64_t length);
enum pp_next pp_write(struct pp_req *req, struct pp_slice bytes);
enum pp_next pp_write_end(struct pp_req *req);
/*
 * The two halves of pp_write. pp_put is false when no more should be put before the client has
 * taken some of it; `return pp_room(…)`.
 */
bool pp_put(struct pp_req *req, struct pp_slice bytes);
enum pp_next pp_room(struct pp_req *req);
/* pp_put of bytes of a copy (copies.h), PP_HTTP_COPY at most; there is no room behind them. */
void pp_put_copy(struct pp_req *req, const struct pp_copy *copy, uint64_t first, size_t len);

/*
 * What is asked from here on, and its answers, lie in memory that the next call releases, and the
 * route's deadline begins anew. Nothing may be outstanding.
 */
void pp_ask_anew(struct pp_req *req);
/* The same, but what was asked before stays until the next call of either. */
void pp_ask_ahead(struct pp_req *req);
/* Releases what was asked last; what was asked before that is the last then. Nothing may be
 * outstanding. */
void pp_ask_back(struct pp_req *req);
/* Releases what was asked before the last. */
void pp_ask_over(struct pp_req *req);
/* Sends what the step has asked so far: the database works while the step goes on, which must end
 * by `return PP_WAIT`. */
void pp_ask_now(struct pp_req *req);
/* That memory. */
struct pp_arena *pp_questions(struct pp_req *req);

/* For core: the client has left. */
void pp_flow_left(struct pp_req *req);
