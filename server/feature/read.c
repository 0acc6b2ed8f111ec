/* SPDX-License-Identifier: EUPL-1.2 */
#include <endian.h>

#include <pp/base/clock.h>
#include <pp/core/extent.h>
#include <pp/feature/crs.h>
#include <pp/fmt/wkb.h>
#include <pp/io/secret.h>

#include "sentence.h"
#include "tile_ask.h"

/*
 * A batch is large enough that asking for it costs little beside its features, and small enough
 * that the memory of a stream is a few of them: the answer, the one being asked for, what waits to
 * be sent.
 */
enum { BATCH_FEATURES = 250, BATCH_BYTES = 128 * 1024, BATCH_LEAST = 16 };

/* How far a reach is looked for at once, so that no question takes long. */
enum { REACH_MOST = 1000 };

/* What the geometries of a batch may take: those that are not asked for take nothing. */
static uint64_t room_of(const struct pp_feature_ask *what)
{
	return what->geometry ? BATCH_BYTES : INT64_MAX;
}

/* As many as will have room if they are like the ones before: what has none is read for nothing. */
static size_t batch(const struct pp_feature_reading *reading)
{
	uint64_t left = reading->ask.limit - reading->count;
	size_t most = BATCH_FEATURES;

	if (reading->each && reading->ask.geometry)
		most = BATCH_BYTES / reading->each;
	if (most < BATCH_LEAST)
		most = BATCH_LEAST;
	if (most > BATCH_FEATURES)
		most = BATCH_FEATURES;
	return left < most ? (size_t)left : most;
}

/* Those that need no plan of their own; the number is part of the name of what was prepared. */
enum { FIRST, NEXT, ONE, VERSION, REACH, BOX, BOX_NEXT, PREPARED };
static const struct {
	const char *name;
	enum pp_sentence_text text;
	bool fid, seen, after, box;
} prepared[] = {
	[FIRST] = { "first", PP_SENTENCE_PAGE, false, false, false, false },
	[NEXT] = { "next", PP_SENTENCE_PAGE, false, true, true, false },
	[ONE] = { "one", PP_SENTENCE_PAGE_ONE, true, false, false, false },
	[VERSION] = { "version", PP_SENTENCE_PAGE_ONE, true, true, false, false },
	[REACH] = { "reach", PP_SENTENCE_REACH, false, true, true, false },
	[BOX] = { "box", PP_SENTENCE_PAGE, false, false, false, true },
	[BOX_NEXT] = { "box_next", PP_SENTENCE_PAGE, false, true, true, true },
};

/*
 * In a box as large as a Kreis at most are so few features that finding them by their place is
 * right, whichever box it is: then its plan, which costs as much as reading fifty of them, can be
 * one for all.
 */
#define SMALL_BOX 25000.0

static bool is_small(struct pp_slice box)
{
	struct pp_wkb_facts facts;
	struct pp_fault fault;

	return pp_wkb_check(box, UINT32_MAX, &facts, &fault) &&
		facts.max_x - facts.min_x <= SMALL_BOX && facts.max_y - facts.min_y <= SMALL_BOX;
}

static int prepared_as(const struct pp_feature_ask *what, enum pp_sentence_text text)
{
	bool whole = what->geometry && what->columns == UINT32_MAX;
	int as = 0;

	if (!whole || what->to.at || what->where || what->held.at || what->order_count ||
		what->skip || (what->box.at && !is_small(what->box)))
		return PREPARED;
	while (as < PREPARED &&
		(prepared[as].text != text || prepared[as].fid != (what->fid.at != NULL) ||
			prepared[as].seen != (what->seen.at != NULL) ||
			prepared[as].after != (what->after.at != NULL) ||
			prepared[as].box != (what->box.at != NULL)))
		as++;
	return as;
}

/* What is in a box stays among what may take long. */
static void make(struct pp_sentence *s, struct pp_arena *arena, enum pp_sentence_text text, int as)
{
	bool slow = as == PREPARED || prepared[as].box;

	s->is_small_box = as == BOX || as == BOX_NEXT;
	pp_sentence_make(s, arena, text);
	s->query.made = as == PREPARED;
	s->query.lanes = 1u << (slow ? PP_LANE_SLOW : PP_LANE_READ);
	if (!s->ask->collection->is_private)
		s->query.lanes |= 1u << (slow ? PP_LANE_PUBLIC_SLOW : PP_LANE_PUBLIC);
	s->query.name = s->query.made ? "feature"
				      : pp_format(arena, "feature_%s_%s",
						s->ask->collection->type.name, prepared[as].name)
						.at;
}

const struct pp_query *pp_feature_queries(
	struct pp_arena *arena, const struct pp_query *queries, size_t *count)
{
	struct pp_query *all = PP_NEW_ARRAY(arena, struct pp_query,
		*count + (size_t)PP_COLLECTIONS * PREPARED + PP_TILE_QUERIES);
	const struct pp_slice some = PP_S(""), none = { NULL, 0 };

	memcpy(all, queries, *count * sizeof(*all));
	for (size_t c = 0; c < PP_COLLECTIONS; c++)
		for (int as = 0; as < PREPARED; as++) {
			struct pp_feature_ask what = { .collection = &pp_collections[c],
				.columns = UINT32_MAX,
				.geometry = true,
				.fid = prepared[as].fid ? some : none,
				.seen = prepared[as].seen ? some : none,
				.after = prepared[as].after ? some : none,
				.box = prepared[as].box ? some : none };
			struct pp_sentence s = { .ask = &what };

			make(&s, arena, prepared[as].text, as);
			all[(*count)++] = s.query;
		}
	*count += pp_tile_queries(arena, all + *count);
	return all;
}

static struct pp_sentence *question(struct pp_arena *arena, const struct pp_feature_ask *what,
	enum pp_sentence_text text, size_t limit, uint64_t wanted, struct pp_slice now)
{
	struct pp_sentence *s = PP_NEW(arena, struct pp_sentence);

	s->ask = what;
	s->now = now;
	if (what->box.at)
		s->inside = pp_box_inside(arena, what->box);
	s->limit = pp_format(arena, "%zu", limit);
	s->bytes = pp_format(arena, "%llu", (unsigned long long)room_of(what));
	s->skip = pp_format(arena, "%llu", (unsigned long long)what->skip);
	s->wanted = pp_format(arena, "%llu", (unsigned long long)wanted);
	make(s, arena, text, prepared_as(what, text));
	return s;
}

static void ask(struct pp_req *req, const struct pp_feature_ask *what, enum pp_sentence_text text,
	size_t limit, uint64_t wanted, struct pp_rows **rows)
{
	struct pp_arena *arena = req->questions ? req->questions : req->arena;
	char *now = pp_alloc(arena, PP_RFC3339_SIZE);
	struct pp_sentence *s;

	pp_clock_rfc3339(req->exchange->received_utc, now);
	s = question(arena, what, text, limit, wanted, pp_slice_of(now));
	pp_ask_query(req, &s->query, s->values, rows);
}

void pp_changes_ask(struct pp_req *req, const struct pp_feature_ask *what, struct pp_rows **rows)
{
	ask(req, what, PP_SENTENCE_CHANGES, what->limit, 0, rows);
}

/* No more than one version of it is there at once. */
static bool is_one(const struct pp_feature_ask *what)
{
	return what->fid.at && !what->after.at && !what->skip && !what->order_count;
}

/* What is wanted of the next batch, which is noted. */
static struct pp_feature_ask next_batch(struct pp_feature_reading *reading)
{
	struct pp_feature_ask next = reading->ask;

	if (reading->seen.at)
		next.seen = reading->seen;
	if (reading->last.at)
		next.after = reading->last;
	reading->asked = batch(reading);
	return next;
}

void pp_features_ask(struct pp_req *req, struct pp_feature_reading *reading)
{
	struct pp_feature_ask next = next_batch(reading);

	ask(req, &next, is_one(&next) ? PP_SENTENCE_PAGE_ONE : PP_SENTENCE_PAGE, reading->asked, 0,
		&reading->rows);
}

struct pp_slice pp_keep(struct pp_arena *arena, struct pp_buf **kept, struct pp_slice bytes)
{
	if (!bytes.at || (*kept && bytes.at == (*kept)->at))
		return bytes;
	if (!*kept)
		*kept = pp_buf_make(arena);
	pp_buf_clear(*kept);
	pp_buf_slice(*kept, bytes);
	return pp_buf_all(*kept);
}

void pp_features_reach(
	struct pp_req *req, const struct pp_feature_ask *what, struct pp_feature_reach *reach)
{
	reach->asked = reach->wanted < REACH_MOST ? (size_t)reach->wanted + 1 : REACH_MOST;
	ask(req, what, PP_SENTENCE_REACH, reach->asked, reach->wanted, &reach->rows);
}

void pp_features_reached(struct pp_feature_reach *reach)
{
	PP_MUST(pp_slice_u64(pp_cell(reach->rows, 0, PP_REACH_FOUND), &reach->found));
	reach->follows = reach->found > reach->wanted;
	reach->more = !reach->follows && reach->found == reach->asked;
	reach->found -= reach->follows;
	reach->last = pp_cell(reach->rows, 0, PP_REACH_LAST);
}

const struct pp_query *pp_features_question(struct pp_arena *arena,
	struct pp_feature_reading *reading, struct pp_slice now, const struct pp_slice **values)
{
	struct pp_feature_ask next = next_batch(reading);
	const struct pp_sentence *s = question(
		arena, &next, PP_SENTENCE_PAGE, reading->asked, 0, now);

	*values = s->values;
	return &s->query;
}

/* Of the feature in that row. */
static struct pp_slice place(const struct pp_feature_reading *reading, size_t row)
{
	return pp_cell(reading->rows, row, reading->ask.order_count ? PP_PAGE_PLACE : PP_PAGE_FID);
}

void pp_features_take(struct pp_arena *arena, struct pp_feature_reading *reading)
{
	const struct pp_rows *rows = reading->rows;
	bool has_one = pp_cell(rows, 0, PP_PAGE_FID).at != NULL;
	size_t features = rows->rows - 1;
	uint64_t bytes = 0;

	if (!reading->state.at) {
		reading->state = pp_copy(arena, pp_cell(rows, 0, PP_PAGE_STATE));
		reading->present = pp_copy(arena, pp_cell(rows, 0, PP_PAGE_PRESENT));
		reading->seen = reading->ask.seen.at
			? reading->ask.seen
			: pp_copy(arena, pp_cell(rows, 0, PP_PAGE_SEEN));
	}
	reading->at = !has_one;
	reading->more = false;
	reading->count += has_one ? 1 : features;
	if (has_one)
		reading->last = pp_keep(arena, &reading->kept, place(reading, 0));
	if (!features)
		return;
	PP_MUST(pp_slice_u64(pp_cell(rows, features, PP_PAGE_TOTAL), &bytes));
	reading->last = pp_keep(arena, &reading->kept, place(reading, features));
	reading->each = (size_t)bytes / features;
	/* Fewer than asked for, for want of room or because there are no more. */
	reading->more = reading->count < reading->ask.limit &&
		(features == reading->asked || bytes >= room_of(&reading->ask));
}

void pp_features_answered(struct pp_req *req, struct pp_feature_reading *reading)
{
	pp_features_take(req->arena, reading);
}

/* As pp.feature_cells has put them together: behind a length, or null. */
static struct pp_slice next_cell(struct pp_slice *rest)
{
	enum { LONG = 254, UNKNOWN = 255 };
	size_t length, head = 1;
	struct pp_slice cell;
	uint32_t whole;

	PP_MUST(rest->len);
	length = (unsigned char)rest->at[0];
	if (length == UNKNOWN) {
		*rest = pp_slice(rest->at + 1, rest->len - 1);
		return pp_slice(NULL, 0);
	}
	if (length == LONG) {
		PP_MUST(rest->len > sizeof(whole));
		memcpy(&whole, rest->at + 1, sizeof(whole));
		length = be32toh(whole);
		head += sizeof(whole);
	}
	PP_MUST(length <= rest->len - head);
	cell = pp_slice(rest->at + head, length);
	*rest = pp_slice(cell.at + length, rest->len - head - length);
	return cell;
}

/* float8send's byte order is the network's. */
static struct pp_slice number_of(struct pp_slice cell, double *number)
{
	uint64_t bits;

	if (!cell.at)
		return cell;
	PP_MUST(cell.len == sizeof(bits));
	memcpy(&bits, cell.at, sizeof(bits));
	bits = be64toh(bits);
	memcpy(number, &bits, sizeof(bits));
	return pp_slice((const char *)number, sizeof(*number));
}

static void read_cells(struct pp_feature_reading *reading, const struct pp_slice *row)
{
	const struct pp_feature_type *type = &reading->ask.collection->type;
	const struct pp_slice *passing = row + PP_PAGE_PASSING;
	struct pp_slice rest = row[PP_PAGE_CELLS];

	for (size_t i = 0; i < type->column_count; i++) {
		struct pp_slice *cell = &reading->cells[i];

		if (type->columns[i].passing)
			*cell = *passing++;
		else if (!row[PP_PAGE_CELLS].at)
			*cell = pp_slice(NULL, 0);
		else if (type->columns[i].kind == PP_FEATURE_NUMBER)
			*cell = number_of(next_cell(&rest), &reading->numbers[i]);
		else
			*cell = next_cell(&rest);
	}
	PP_MUST(!rest.len);
}

bool pp_feature_next(
	struct pp_feature_reading *reading, struct pp_feature_row *row, struct pp_slice *version)
{
	const struct pp_rows *rows = reading->rows;
	const struct pp_slice *cells;

	if (reading->at == rows->rows)
		return false;
	reading->place = place(reading, reading->at);
	cells = &rows->cells[reading->at++ * rows->columns];
	row->id = cells[PP_PAGE_FID];
	read_cells(reading, cells);
	row->cells = reading->cells;
	row->wkb = cells[rows->columns - 1];
	*version = cells[PP_PAGE_VERSION];
	row->again = pp_slice_starts(*version, PP_S("-"));
	return true;
}

bool pp_collection_shows(const struct pp_req *req, const struct pp_collection *collection)
{
	return !collection->is_private || req->who.may & PP_READER;
}

bool pp_collection_opens(struct pp_req *req, const struct pp_collection *collection)
{
	if (pp_collection_shows(req, collection))
		return true;
	if (req->who.credential.len)
		pp_refuse(req, PP_forbidden, "%s are for the members of a body",
			collection->type.name);
	else
		pp_refuse(req, PP_unauthenticated, "%s are for the members of a body: sign in",
			collection->type.name);
	return false;
}

bool pp_ask_moves(const struct pp_feature_ask *ask)
{
	return ask->collection->moves || (ask->where && ask->where->moves);
}

/* Who asks the same of the same state gets the same bytes; some say something else every day. */
struct pp_slice pp_features_tag(
	struct pp_req *req, const struct pp_feature_reading *reading, const char *format)
{
	struct pp_slice parts[] = { reading->state, PP_S(" "),
		pp_ask_moves(&reading->ask) ? pp_extent_date(req) : PP_S(""), PP_S(" "),
		req->english ? PP_S("en") : PP_S("de"), PP_S(" "),
		reading->ask.collection->is_private ? req->who.body : PP_S(""), PP_S(" "),
		req->exchange->host, PP_S(" "), req->exchange->target, PP_S(" "),
		pp_slice_of(format) };
	unsigned char hash[PP_SHA256_SIZE];
	struct pp_buf *out = pp_buf_make(req->arena);

	pp_sha256_of(PP_LENGTH(parts), parts, hash);
	pp_buf_u8(out, '"');
	pp_base64url(out, pp_slice((char *)hash, sizeof(hash)));
	pp_buf_u8(out, '"');
	return pp_buf_all(out);
}

void pp_features_count(struct pp_req *req, const struct pp_feature_ask *what, struct pp_rows **rows)
{
	ask(req, what, PP_SENTENCE_COUNT, 0, 0, rows);
}

struct pp_slice pp_features_counted(const struct pp_rows *rows, struct pp_slice *seen)
{
	*seen = pp_cell(rows, 0, PP_PAGE_SEEN);
	return pp_cell(rows, 0, PP_PAGE_PRESENT);
}
