/* SPDX-License-Identifier: EUPL-1.2 */
#include "tile_ask.h"

#include <stdlib.h>

#include <pp/base/clock.h>
#include <pp/io/secret.h>

#include "sentence.h"

#define TILES_MAGIC 0x5050544cu
#define BUCKETS     4096u
#define FRESH_US    PP_SECOND
#define ASKING_US   (20 * PP_SECOND)

enum { BR, GZIP, CODINGS };
static const char *const codings[CODINGS] = { [BR] = "br", [GZIP] = "gzip" };

/* A tile with what only its keeper needs to know. */
struct kept {
	struct pp_tile tile;
	struct pp_tiles *tiles; /* NULL: it is not kept any more */
	struct pp_tile_key key;
	uint64_t state;
	size_t holders; /* whoever keeps it counts */
	struct pp_slice coded[CODINGS];
	struct kept *next;   /* in its bucket */
	struct pp_link link; /* by when it was wanted, the longest ago first */
};

/* A question under way, and whoever waits for its answer. */
struct question {
	struct pp_tiles *tiles;
	struct pp_tile_key key;
	struct pp_link link, wants;
	int64_t asked_at; /* monotonic */
	struct pp_batch *batch;
	struct pp_arena arena;
	struct pp_rows *planning, *rows; /* what was said of the plan has no answer */
};

struct pp_tiles {
	unsigned magic;
	struct pp_server *server;
	uint64_t most, used;
	struct kept *buckets[BUCKETS];
	struct pp_link kept, questions;
	struct question *of_states; /* NULL: nobody asks for them now */
	uint64_t states[PP_COLLECTIONS];
	int64_t states_at; /* monotonic; when those were asked for; 0: never */
};

static struct pp_counters *counters(struct pp_tiles *tiles)
{
	return &tiles->server->share->process[tiles->server->number];
}

static bool is_same(const struct pp_tile_key *a, const struct pp_tile_key *b)
{
	return a->collection == b->collection && a->grid == b->grid && a->matrix == b->matrix &&
		a->row == b->row && a->col == b->col;
}

static struct kept **place(struct pp_tiles *tiles, const struct pp_tile_key *key)
{
	uint64_t spread = ((uint64_t)key->collection << 40) + ((uint64_t)key->grid << 36) +
		((uint64_t)key->matrix << 48) + key->row;
	struct kept **at;

	spread = (spread * UINT64_C(0x9e3779b97f4a7c15) + key->col) * UINT64_C(0x9e3779b97f4a7c15);
	at = &tiles->buckets[(spread >> 32) % BUCKETS];
	while (*at && !is_same(&(*at)->key, key))
		at = &(*at)->next;
	return at;
}

static size_t size_of(const struct kept *kept)
{
	size_t size = sizeof(*kept) + kept->tile.bytes.len;

	for (int i = 0; i < CODINGS; i++)
		size += kept->coded[i].len;
	return size;
}

static void release(void *thing)
{
	struct kept *kept = thing;

	if (--kept->holders)
		return;
	free((void *)(uintptr_t)kept->tile.bytes.at);
	for (int i = 0; i < CODINGS; i++)
		free((void *)(uintptr_t)kept->coded[i].at);
	free(kept);
}

static void drop(struct pp_tiles *tiles, struct kept **at)
{
	struct kept *kept = *at;

	*at = kept->next;
	tiles->used -= size_of(kept);
	pp_list_remove(&kept->link);
	kept->tiles = NULL;
	release(kept);
}

/* What was wanted longest ago makes room. */
static void make_room(struct pp_tiles *tiles)
{
	while (tiles->used > tiles->most)
		drop(tiles, place(tiles, &PP_OUTER(tiles->kept.next, struct kept, link)->key));
}

static struct pp_slice keep_bytes(struct pp_slice bytes)
{
	char *at = malloc(bytes.len ? bytes.len : 1);

	PP_MUST(at);
	if (bytes.len)
		memcpy(at, bytes.at, bytes.len);
	return pp_slice(at, bytes.len);
}

static void write_etag(struct kept *kept)
{
	unsigned char hash[PP_SHA256_SIZE];
	struct pp_buf out;

	pp_sha256(kept->tile.bytes, hash);
	pp_buf_begin(&out);
	pp_buf_u8(&out, '"');
	/* So many bits that nobody finds two tiles that share them. */
	pp_base64url(&out, pp_slice((char *)hash, 20));
	pp_buf_u8(&out, '"');
	pp_buf_u8(&out, '\0');
	PP_MUST(out.len <= sizeof(kept->tile.etag));
	memcpy(kept->tile.etag, out.at, out.len);
	pp_buf_end(&out);
}

/* In the place of what there was of an earlier state; the caller holds it as well. */
static struct kept *keep(struct pp_tiles *tiles, const struct pp_tile_key *key, uint64_t state,
	struct pp_slice bytes)
{
	struct kept **at = place(tiles, key), *kept = calloc(1, sizeof(*kept));

	PP_MUST(kept);
	if (*at)
		drop(tiles, at);
	kept->tiles = tiles;
	kept->key = *key;
	kept->state = state;
	kept->holders = 2;
	kept->tile.bytes = keep_bytes(bytes);
	write_etag(kept);
	at = place(tiles, key);
	kept->next = *at;
	*at = kept;
	pp_list_push(&tiles->kept, &kept->link);
	tiles->used += size_of(kept);
	make_room(tiles);
	return kept;
}

static void hold(struct pp_tile_want *want, struct kept *kept)
{
	kept->holders++;
	want->tile = &kept->tile;
	pp_own(want->req->arena, release, kept);
}

/* Whoever waits goes on, some with what they want. */
static void wake(struct question *question, struct kept *kept, const struct pp_fault *fault)
{
	for (struct pp_link *link; (link = pp_list_take(&question->wants));) {
		struct pp_tile_want *want = PP_OUTER(link, struct pp_tile_want, link);

		want->req->leave = NULL;
		if (kept)
			hold(want, kept);
		pp_req_answered(want->req, fault);
	}
}

static void end(struct question *question)
{
	pp_arena_end(&question->arena);
	free(question);
}

static uint64_t number_in(const struct pp_rows *rows, size_t row, size_t column)
{
	uint64_t number = 0;

	PP_MUST(pp_slice_u64(pp_cell(rows, row, column), &number));
	return number;
}

static void tile_came(void *ctx, const struct pp_fault *fault)
{
	struct question *question = ctx;
	struct pp_tiles *tiles = PP_CAST(pp_tiles, question->tiles, TILES_MAGIC);
	struct kept *kept = NULL;

	pp_list_remove(&question->link);
	if (!fault)
		kept = keep(tiles, &question->key, number_in(question->rows, 0, PP_TILE_STATE),
			pp_cell(question->rows, 0, PP_TILE_BYTES));
	wake(question, kept, fault);
	if (kept)
		release(kept);
	end(question);
}

static void states_came(void *ctx, const struct pp_fault *fault)
{
	struct question *question = ctx;
	struct pp_tiles *tiles = PP_CAST(pp_tiles, question->tiles, TILES_MAGIC);

	tiles->of_states = NULL;
	if (!fault)
		tiles->states_at = question->asked_at;
	for (size_t row = 0; !fault && row < question->rows->rows; row++) {
		const struct pp_collection *found = pp_collection_named(
			pp_cell(question->rows, row, 0));

		if (found)
			tiles->states[found - pp_collections] = number_in(question->rows, row, 1);
	}
	wake(question, NULL, fault);
	end(question);
}

static const struct pp_query *query_named(const struct pp_server *server, const char *name)
{
	for (size_t i = 0; i < server->query_count; i++)
		if (strcmp(server->queries[i].name, name) == 0)
			return &server->queries[i];
	PP_NEVER("the query exists");
	return NULL;
}

/* Of a tile, or of the states: nobody in particular asks, and everybody gets the same. */
static struct question *ask(struct pp_tiles *tiles, const struct pp_tile_key *key)
{
	struct pp_server *server = tiles->server;
	struct question *question = calloc(1, sizeof(*question));

	PP_MUST(question);
	question->tiles = tiles;
	question->asked_at = pp_clock_monotonic();
	pp_list_begin(&question->wants);
	pp_arena_begin(&question->arena);
	question->batch = pp_batch_make(server->db, &question->arena,
		key ? PP_LANE_PUBLIC_SLOW : PP_LANE_PUBLIC, (struct pp_identity){ 0 });
	if (key) {
		question->key = *key;
		pp_list_push(&tiles->questions, &question->link);
		pp_batch_add(question->batch, query_named(server, "feature_own_plan"), NULL,
			&question->planning);
		pp_tile_add(question->batch, server, &question->arena, key, &question->rows);
		atomic_fetch_add_explicit(&counters(tiles)->tiles_made, 1, memory_order_relaxed);
	} else {
		pp_batch_add(question->batch, query_named(server, "feature_states"), NULL,
			&question->rows);
	}
	pp_batch_send(question->batch, question->asked_at + ASKING_US,
		key ? tile_came : states_came, question);
	return question;
}

/* Whether an answer to what was asked then is new enough, however long it has taken to come. */
static bool is_fresh(const struct pp_tile_want *want, int64_t asked_at)
{
	return asked_at && (asked_at >= want->since || pp_clock_monotonic() - asked_at <= FRESH_US);
}

static struct question *asked_already(struct pp_tiles *tiles, const struct pp_tile_want *want)
{
	for (struct pp_link *at = tiles->questions.next; at != &tiles->questions; at = at->next) {
		struct question *question = PP_OUTER(at, struct question, link);

		if (is_same(&question->key, &want->key) && is_fresh(want, question->asked_at))
			return question;
	}
	return ask(tiles, &want->key);
}

static uint64_t state_of(const struct pp_tiles *tiles, const struct pp_tile_key *key)
{
	uint64_t newest = 0;

	if (key->collection != PP_TILE_ALL)
		return tiles->states[key->collection];
	for (size_t i = 0; i < PP_COLLECTIONS; i++)
		if (pp_tile_shows(&pp_collections[i]) && tiles->states[i] > newest)
			newest = tiles->states[i];
	return newest;
}

/* The client has left. Where nobody else waits for the tile it is not made to its end, which may
 * take the database seconds; whoever wants it next asks anew. */
static void leave(struct pp_req *req, void *ctx)
{
	struct pp_tile_want *want = ctx;
	struct pp_link *other = want->link.next;
	bool is_last = other == want->link.prev;
	struct question *question;

	pp_list_remove(&want->link);
	req->outstanding--;
	if (!is_last)
		return;
	/* Then it is the head of the list. */
	question = PP_OUTER(other, struct question, wants);
	if (question == question->tiles->of_states)
		return;
	pp_list_remove(&question->link);
	pp_batch_cancel(question->batch);
}

static bool wait_for(struct pp_tile_want *want, struct question *question)
{
	want->req->leave = leave;
	want->req->leave_ctx = want;
	pp_list_push(&question->wants, &want->link);
	want->req->outstanding++;
	return false;
}

bool pp_tile_find(struct pp_req *req, struct pp_tile_want *want)
{
	struct pp_tiles *tiles = PP_CAST(pp_tiles, req->server->tiles, TILES_MAGIC);
	struct kept *kept;

	if (want->tile)
		return true;
	if (!want->req)
		want->since = pp_clock_monotonic();
	want->req = req;
	kept = *place(tiles, &want->key);
	if (!kept)
		return wait_for(want, asked_already(tiles, want));
	if (!is_fresh(want, tiles->states_at)) {
		if (!tiles->of_states)
			tiles->of_states = ask(tiles, NULL);
		return wait_for(want, tiles->of_states);
	}
	/* One that was made after the states were asked for is newer than they are. */
	if (kept->state < state_of(tiles, &want->key))
		return wait_for(want, asked_already(tiles, want));
	pp_list_remove(&kept->link);
	pp_list_push(&tiles->kept, &kept->link);
	hold(want, kept);
	atomic_fetch_add_explicit(&counters(tiles)->tiles_kept, 1, memory_order_relaxed);
	return true;
}

static bool is_worth_coding(const struct kept *kept)
{
	enum { LEAST = 1024 };

	return kept->tile.bytes.len >= LEAST;
}

struct pp_slice pp_tile_body(struct pp_req *req, struct pp_tile *tile)
{
	struct kept *kept = PP_OUTER(tile, struct kept, tile);
	const char *best = pp_http_coding(req->exchange);
	struct pp_slice *coded;
	struct pp_buf out;

	if (!best || !is_worth_coding(kept))
		return tile->bytes;
	coded = &kept->coded[strcmp(best, codings[GZIP]) == 0 ? GZIP : BR];
	if (!coded->at) {
		pp_buf_begin(&out);
		pp_http_code(best, tile->bytes, &out);
		*coded = keep_bytes(pp_buf_all(&out));
		pp_buf_end(&out);
		if (kept->tiles) {
			struct pp_tiles *tiles = kept->tiles;

			tiles->used += coded->len;
			make_room(tiles);
		}
	}
	pp_reply_field(req, "Content-Encoding", pp_slice_of(best));
	return *coded;
}

struct pp_tiles *pp_tiles_open(struct pp_server *server, uint64_t most)
{
	struct pp_tiles *tiles = calloc(1, sizeof(*tiles));

	PP_MUST(tiles);
	tiles->magic = TILES_MAGIC;
	tiles->server = server;
	tiles->most = most;
	pp_list_begin(&tiles->kept);
	pp_list_begin(&tiles->questions);
	return tiles;
}

void pp_tiles_close(struct pp_tiles *tiles)
{
	PP_MUST(pp_list_is_empty(&tiles->questions) && !tiles->of_states);
	tiles->most = 0;
	make_room(tiles);
	free(tiles);
}
