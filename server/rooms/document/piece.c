/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Bytes of a file go out in chunks: one is asked for when the client has room for it. While it
 * takes all that is there, two are asked for at a time, and the next ones while these are written:
 * more would hold more memory and be no faster. Once it falls behind, what it has not taken is
 * forgotten and asked for anew when it comes back. A file never changes, so that no transaction has
 * to last as long as a download does, and a client that reads slowly, or left, holds neither a
 * connection to the database nor chunks (docs/decisions/0009-documents.md).
 */
#include <pp/core/chunks.h>
#include <pp/core/copies.h>

#include "document.h"

#define MOST 2u
/* Of a copy nothing is asked; whether its reader may still see it is asked each time after so many
 * bytes. */
#define OLD (UINT64_C(16) << 20)

enum { FIRST_BYTE, BYTES };
enum { MAP_FIRST_BYTE, MAP_SHA256 };

static uint64_t first_of(const struct pp_rows *rows, size_t row)
{
	uint64_t first;

	PP_MUST(pp_slice_u64(pp_cell(rows, row, FIRST_BYTE), &first));
	return first;
}

/* The row of the map whose chunk holds that byte, if it is one of the map's. */
static size_t row_of(const struct pp_rows *map, uint64_t byte)
{
	size_t row = map->rows;

	while (row && first_of(map, row - 1) > byte)
		row--;
	return row - 1;
}

/* Of a chunk that begins there, what is to be sent now; nothing where it ends before. */
static struct pp_slice part(const struct pp_pieces *pieces, uint64_t first, struct pp_slice bytes)
{
	uint64_t skipped = pieces->bytes.first - first;

	if (skipped >= bytes.len)
		return pp_slice(NULL, 0);
	bytes = pp_slice(bytes.at + skipped, bytes.len - (size_t)skipped);
	if (bytes.len > pieces->bytes.end - pieces->bytes.first)
		bytes.len = (size_t)(pieces->bytes.end - pieces->bytes.first);
	return bytes;
}

/* What others have read before is there; it has a name that this reader was given. */
static struct pp_slice kept(struct pp_req *req, const struct pp_pieces *pieces)
{
	size_t row;

	if (!pieces->map || !pieces->map->rows)
		return pp_slice(NULL, 0);
	row = row_of(pieces->map, pieces->bytes.first);
	return part(pieces, first_of(pieces->map, row),
		pp_chunks_find(req->server->chunks, pp_cell(pieces->map, row, MAP_SHA256)));
}

bool pp_piece_kept(struct pp_req *req, struct pp_pieces *pieces)
{
	bool room = true;

	while (room && pieces->bytes.first < pieces->bytes.end) {
		struct pp_slice bytes = kept(req, pieces);

		if (!bytes.at)
			break;
		pieces->bytes.first += bytes.len;
		room = pp_put(req, bytes);
	}
	return room;
}

bool pp_piece_copy(struct pp_req *req, struct pp_pieces *pieces)
{
	size_t sent;

	if (!req->copy || pieces->bytes.first == pieces->bytes.end)
		return false;
	sent = pp_copy_put(req, pieces->bytes.first, pieces->bytes.end);
	pieces->bytes.first += sent;
	pieces->looked += sent;
	return sent;
}

bool pp_piece_is_old(const struct pp_pieces *pieces)
{
	return pieces->looked >= OLD && pieces->bytes.first < pieces->bytes.end;
}

enum pp_next pp_piece_look(struct pp_req *req, struct pp_pieces *pieces)
{
	pieces->looked = 0;
	pp_ask_anew(req);
	pp_bind(req, "document", pieces->document);
	pp_ask(req, pieces->find, &pieces->seen);
	return PP_WAIT;
}

static void keep(struct pp_req *req, const struct pp_pieces *pieces, size_t row)
{
	uint64_t first = first_of(pieces->rows, row);
	size_t at;

	if (!pieces->map || !pieces->map->rows)
		return;
	at = row_of(pieces->map, first);
	if (first_of(pieces->map, at) == first)
		pp_chunks_keep(req->server->chunks, pp_cell(pieces->map, at, MAP_SHA256),
			pp_cell(pieces->rows, row, BYTES));
}

static void ask(struct pp_req *req, struct pp_pieces *pieces, uint64_t from, struct pp_rows **rows)
{
	struct pp_arena *arena = pp_questions(req);

	pp_bind(req, "document", pieces->document);
	pp_bind(req, "from_byte", pp_format(arena, "%llu", (unsigned long long)from));
	pp_bind(req, "chunks", pp_format(arena, "%u", pieces->most));
	pp_ask(req, pieces->query, rows);
}

enum pp_next pp_piece_ask(struct pp_req *req, struct pp_pieces *pieces)
{
	if (!pieces->most)
		pieces->most = 1;
	pp_ask_anew(req);
	ask(req, pieces, pieces->bytes.first, &pieces->rows);
	return PP_WAIT;
}

/* One that does not keep up is asked for nothing ahead of its turn. */
static bool ask_ahead(struct pp_req *req, struct pp_pieces *pieces)
{
	size_t last = pieces->rows->rows - 1;
	uint64_t next = first_of(pieces->rows, last) + pp_cell(pieces->rows, last, BYTES).len;

	if (pieces->most == 1 || next >= pieces->bytes.end)
		return false;
	pp_ask_ahead(req);
	ask(req, pieces, next, &pieces->ahead);
	pp_ask_now(req);
	return true;
}

enum pp_next pp_piece_send(struct pp_req *req, struct pp_pieces *pieces)
{
	struct pp_rows *rows = pieces->rows;
	bool waits;

	/* It was taken back while it was read. */
	if (rows->rows == 0)
		return pp_refuse(req, PP_document_not_found, "it is not there any more");
	pieces->ahead = NULL;
	waits = ask_ahead(req, pieces);
	pieces->fell_behind = false;
	for (size_t i = 0;
		i < rows->rows && !pieces->fell_behind && pieces->bytes.first < pieces->bytes.end;
		i++) {
		struct pp_slice bytes = part(pieces, first_of(rows, i), pp_cell(rows, i, BYTES));

		PP_MUST(bytes.len);
		keep(req, pieces, i);
		pieces->bytes.first += bytes.len;
		pieces->fell_behind = !pp_put(req, bytes);
	}
	return waits ? PP_WAIT : PP_NEXT;
}

enum pp_next pp_piece_sent(struct pp_req *req, struct pp_pieces *pieces)
{
	pieces->rows = pieces->fell_behind ? NULL : pieces->ahead;
	if (pieces->fell_behind) {
		pieces->most = 1;
		pp_ask_anew(req);
	} else if (pieces->most < MOST) {
		pieces->most++;
	}
	return pp_room(req);
}

bool pp_piece_is_there(const struct pp_pieces *pieces)
{
	return pieces->rows;
}
