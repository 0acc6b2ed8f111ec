/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/feature/page.h>

#include <pp/core/flow.h>

static struct pp_page_part *part_of(struct pp_page *page)
{
	return &page->parts[page->at];
}

static void end_places(void *places)
{
	pp_arena_end(places);
}

enum pp_next pp_page_ask(struct pp_req *req)
{
	struct pp_page *page = pp_state(req, struct pp_page);

	PP_MUST(page->part_count && page->limit < UINT64_MAX);
	for (size_t i = 0; i < page->part_count; i++)
		if (!pp_collection_opens(req, page->parts[i].reading.ask.collection))
			return PP_DONE;
	page->out = pp_buf_make(req->arena);
	pp_arena_begin(&page->places);
	pp_own(req->arena, end_places, &page->places);
	/* One more tells whether another page follows. */
	page->parts[0].reading.ask.limit = page->limit + 1;
	/* So that the first batch lasts no longer than the others. */
	pp_ask_ahead(req);
	pp_features_ask(req, &page->parts[0].reading);
	return PP_WAIT;
}

void pp_page_begin(struct pp_req *req, struct pp_page *page)
{
	pp_write_begin(req, 200, pp_slice_of(page->format->media_type), PP_HTTP_UNKNOWN);
}

void pp_page_add(struct pp_req *req, struct pp_page *page, struct pp_page_part *part,
	struct pp_buf *out, struct pp_feature_row *row)
{
	if (part->crs != PP_UTM32) {
		pp_arena_end(&page->places);
		pp_arena_begin(&page->places);
		row->wkb = pp_feature_place(
			req->server->geo, &page->places, part->crs, part->axes, row->wkb);
	}
	page->format->feature(out, &part->view, row);
}

/* ---- Looking ahead ---- */

/* What of a batch belongs to the page, and whether more follow; it is taken by value. */
static void look_at(struct pp_req *req, struct pp_page *page, struct pp_feature_reading batch)
{
	struct pp_page_part *part = part_of(page);
	struct pp_slice version;
	struct pp_feature_row row;

	while (!page->follows && pp_feature_next(&batch, &row, &version)) {
		page->follows = page->count == page->limit;
		if (page->follows)
			break;
		page->count++;
		part->last = batch.place;
	}
	part->count = page->count;
	part->last = pp_keep(req->arena, &part->kept, part->last);
}

/* What the document begins with says how many features it has and what follows, so how far they
 * reach is asked first, in the state that the first question has seen. */
static enum pp_next look_on(struct pp_req *req, struct pp_page *page)
{
	struct pp_feature_ask ask = part_of(page)->reading.ask;

	ask.seen = page->parts[0].reading.seen;
	if (page->behind.at)
		ask.after = page->behind;
	page->reach.wanted = page->skip ? page->skip : page->limit - page->count;
	pp_ask_ahead(req);
	pp_features_reach(req, &ask, &page->reach);
	pp_go_to(req, pp_page_look);
	return PP_WAIT;
}

static void take_reach(struct pp_req *req, struct pp_page *page)
{
	const struct pp_feature_reach *reach = &page->reach;
	struct pp_page_part *part = part_of(page);

	if (reach->found)
		page->behind = pp_copy(req->arena, reach->last);
	if (page->skip) {
		page->skip -= reach->found;
		if (reach->found)
			part->reading.ask.after = page->behind;
	} else if (reach->found) {
		page->count += reach->found;
		part->count += reach->found;
		part->last = page->behind;
		page->end = page->at;
	}
}

/* Whether the part goes on, another one is to be looked at, or all is known. */
static void look_further(struct pp_page *page, bool was_skipping)
{
	if (page->reach.more || (page->reach.follows && was_skipping))
		return;
	page->follows = page->reach.follows;
	page->behind = pp_slice(NULL, 0);
	page->at += !page->follows;
	page->looked = page->follows || page->at == page->part_count;
}

/* Of all that a collection has, the first question has told how many there are. */
static bool is_all(const struct pp_page *page)
{
	const struct pp_feature_reading *reading = &page->parts[0].reading;
	const struct pp_feature_ask *ask = &reading->ask;
	uint64_t present;

	return !ask->box.at && !ask->to.at && !ask->where && !ask->seen.at && !ask->after.at &&
		!ask->fid.at && !ask->skip && pp_slice_u64(reading->present, &present) &&
		present <= page->limit;
}

/* Whether the first batch has told all that must be known. */
static bool looks_far_enough(struct pp_req *req, struct pp_page *page)
{
	struct pp_page_part *part = &page->parts[0];

	if (page->part_count > 1 || page->skip)
		return false;
	if (part->reading.more && is_all(page)) {
		PP_MUST(pp_slice_u64(part->reading.present, &page->count));
		part->count = page->count;
	} else {
		look_at(req, page, part->reading);
		page->behind = part->last;
	}
	page->looked = !part->reading.more || is_all(page);
	page->holds = !page->looked;
	return page->looked;
}

/* Asks the part that is written next, from its beginning; false where there is none. */
static bool ask_next(struct pp_req *req, struct pp_page *page)
{
	struct pp_feature_reading *reading, *first = &page->parts[0].reading;

	while (page->looked && page->at < page->part_count && !part_of(page)->count)
		page->at++;
	if (page->at == page->part_count)
		return false;
	reading = &part_of(page)->reading;
	reading->count = 0;
	reading->last = pp_slice(NULL, 0);
	reading->ask.limit = page->looked ? part_of(page)->count : page->limit - page->written + 1;
	if (reading != first)
		reading->ask.seen = first->seen;
	pp_ask_anew(req);
	pp_features_ask(req, reading);
	return true;
}

static enum pp_next finish(struct pp_req *req, struct pp_page *page)
{
	if (req->exchange->method != PP_HEAD) {
		page->kind->end(req, page);
		pp_put(req, pp_buf_all(page->out));
	}
	return pp_write_end(req);
}

static enum pp_next begin_written(struct pp_req *req, struct pp_page *page)
{
	page->at = 0;
	if (ask_next(req, page)) {
		pp_go_to(req, pp_page_take);
		return PP_WAIT;
	}
	page->begun = true;
	page->kind->begin(req, page);
	return finish(req, page);
}

/* ---- Writing ---- */

enum pp_next pp_page_room(struct pp_req *req)
{
	pp_go_to(req, pp_page_take);
	return pp_room(req);
}

/* Whether the client has this already. Several collections have no state in common. */
static bool is_known(struct pp_req *req, struct pp_page *page)
{
	struct pp_slice tag;

	if (page->is_once || page->part_count > 1 || page->looked)
		return false;
	tag = pp_features_tag(req, &page->parts[0].reading, page->format->name);
	if (page->is_weak)
		tag = pp_format(req->arena, "W/%.*s", PP_SHOW(tag));
	return pp_has_tag(req, tag);
}

/* False where nothing follows the head. */
static bool begin(struct pp_req *req, struct pp_page *page)
{
	page->begun = true;
	page->kind->begin(req, page);
	return req->exchange->method != PP_HEAD;
}

/* What the properties of a feature take; its coordinates are one and a half times as long as they
 * are in WKB. */
enum { FEATURE_BYTES = 1024 };

/* The features of a batch that belong to the page; it is taken by value. */
static void write_batch(struct pp_req *req, struct pp_page *page, struct pp_feature_reading batch)
{
	struct pp_page_part *part = part_of(page);
	struct pp_feature_row row;
	struct pp_slice version;

	/* What grows by and by is moved as often. */
	pp_buf_room(page->out,
		(batch.rows->rows - batch.at) *
			(FEATURE_BYTES + (batch.ask.geometry ? 2 * batch.each : 0)));
	while (pp_feature_next(&batch, &row, &version)) {
		if (page->written == page->limit) {
			page->follows = true;
			break;
		}
		if (page->written++)
			pp_buf_text(page->out, page->format->between);
		pp_page_add(req, page, part, page->out, &row);
		part->last = batch.place;
		page->end = page->at;
		if (!page->looked) {
			part->count++;
			page->count++;
		}
	}
	part->last = pp_keep(req->arena, &part->kept, part->last);
}

/* What is written goes out; who does not read it needs no room for more. */
static void hand_out(struct pp_req *req, struct pp_page *page)
{
	if (pp_put(req, pp_buf_all(page->out)))
		pp_buf_clear(page->out);
	else
		pp_buf_end(page->out);
	pp_go_to(req, pp_page_room);
}

static enum pp_next write_on(struct pp_req *req, struct pp_page *page)
{
	struct pp_page_part *part = part_of(page);
	struct pp_feature_reading now = part->reading;

	if (!part->begun && page->kind->part_begin)
		page->kind->part_begin(req, page);
	part->begun = true;
	if (now.more) {
		/* The database works while this is written. */
		pp_ask_ahead(req);
		pp_features_ask(req, &part->reading);
		pp_ask_now(req);
	}
	write_batch(req, page, now);
	if (now.more) {
		pp_ask_over(req);
	} else {
		if (page->kind->part_end)
			page->kind->part_end(req, page);
		page->at++;
		if ((page->follows && !page->looked) || !ask_next(req, page))
			return finish(req, page);
	}
	hand_out(req, page);
	return PP_WAIT;
}

enum pp_next pp_page_take(struct pp_req *req)
{
	struct pp_page *page = pp_state(req, struct pp_page);

	pp_features_answered(req, &part_of(page)->reading);
	if (!page->begun) {
		if (is_known(req, page))
			return pp_reply(req, 304, NULL, PP_S(""));
		if (page->ahead && !page->looked && !looks_far_enough(req, page))
			return look_on(req, page);
		if (!begin(req, page))
			return pp_write_end(req);
	}
	return write_on(req, page);
}

/* The first batch of the only part, which is there still. */
static enum pp_next write_held(struct pp_req *req, struct pp_page *page)
{
	struct pp_feature_reading *reading = &page->parts[0].reading;

	reading->ask.limit = page->count;
	reading->more = reading->count < page->count;
	return begin(req, page) ? write_on(req, page) : pp_write_end(req);
}

enum pp_next pp_page_look(struct pp_req *req)
{
	struct pp_page *page = pp_state(req, struct pp_page);
	bool was_skipping = page->skip > 0;

	pp_features_reached(&page->reach);
	take_reach(req, page);
	pp_ask_back(req);
	look_further(page, was_skipping);
	if (!page->looked)
		return look_on(req, page);
	page->at = 0;
	return page->holds ? write_held(req, page) : begin_written(req, page);
}
