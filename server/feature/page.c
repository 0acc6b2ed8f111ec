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

/* In the state that the first question has seen, which it remembers itself. */
static void ask_part(struct pp_req *req, struct pp_page *page, struct pp_feature_reading *reading)
{
	const struct pp_feature_reading *first = &page->parts[0].reading;

	if (reading != first)
		reading->ask.seen = first->seen;
	pp_features_ask(req, reading);
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
	struct pp_slice version, skipped = { NULL, 0 };
	struct pp_feature_row row;

	while (!page->follows && pp_feature_next(&batch, &row, &version)) {
		if (page->skip) {
			page->skip--;
			skipped = batch.place;
			continue;
		}
		page->follows = page->count == page->limit;
		if (page->follows)
			break;
		page->count++;
		part->count++;
		part->last = batch.place;
		page->end = page->at;
	}
	part->last = pp_copy(req->arena, part->last);
	if (skipped.at)
		part->reading.ask.after = pp_copy(req->arena, skipped);
	if (batch.more && !page->follows)
		return;
	page->at++;
	page->looked = page->follows || page->at == page->part_count;
}

/* What the document begins with says how many features it has and what follows, so they are walked
 * along by their ids first, in the same state. */
static enum pp_next look_on(struct pp_req *req, struct pp_page *page)
{
	struct pp_page_part *part = part_of(page);

	if (!part->ids.ask.collection) {
		part->ids.ask = part->reading.ask;
		part->ids.ask.limit = page->skip + page->limit - page->count + 1;
		part->ids.ask.columns = 0;
		part->ids.ask.geometry = false;
	}
	pp_ask_anew(req);
	ask_part(req, page, &part->ids);
	pp_go_to(req, pp_page_look);
	return PP_WAIT;
}

/* Asks the part that is written next, from its beginning; false where there is none. */
static bool ask_next(struct pp_req *req, struct pp_page *page)
{
	struct pp_feature_reading *reading;

	while (page->looked && page->at < page->part_count && !part_of(page)->count)
		page->at++;
	if (page->at == page->part_count)
		return false;
	reading = &part_of(page)->reading;
	reading->count = 0;
	reading->last = pp_slice(NULL, 0);
	reading->ask.limit = page->looked ? part_of(page)->count : page->limit - page->written + 1;
	pp_ask_anew(req);
	ask_part(req, page, reading);
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

enum pp_next pp_page_look(struct pp_req *req)
{
	struct pp_page *page = pp_state(req, struct pp_page);
	struct pp_feature_reading *ids = &part_of(page)->ids;

	pp_features_answered(req, ids);
	look_at(req, page, *ids);
	return page->looked ? begin_written(req, page) : look_on(req, page);
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

	if (page->part_count > 1 || page->looked)
		return false;
	tag = pp_features_tag(req, &page->parts[0].reading, page->format->name);
	if (page->is_weak)
		tag = pp_format(req->arena, "W/%.*s", PP_SHOW(tag));
	return pp_has_tag(req, tag);
}

/* Before the first byte: true where the page is on its way another way. */
static bool begins(struct pp_req *req, struct pp_page *page, enum pp_next *next)
{
	if (is_known(req, page)) {
		*next = pp_reply(req, 304, NULL, PP_S(""));
		return true;
	}
	if (page->ahead && !page->looked) {
		if (page->parts[0].reading.more || page->part_count > 1 || page->skip) {
			*next = look_on(req, page);
			return true;
		}
		look_at(req, page, page->parts[0].reading);
		page->at = 0;
	}
	page->begun = true;
	page->kind->begin(req, page);
	if (req->exchange->method != PP_HEAD)
		return false;
	*next = pp_write_end(req);
	return true;
}

/* The features of a batch that belong to the page; it is taken by value. */
static void write_batch(struct pp_req *req, struct pp_page *page, struct pp_feature_reading batch)
{
	struct pp_page_part *part = part_of(page);
	struct pp_feature_row row;
	struct pp_slice version;

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
	part->last = pp_copy(req->arena, part->last);
}

enum pp_next pp_page_take(struct pp_req *req)
{
	struct pp_page *page = pp_state(req, struct pp_page);
	struct pp_feature_reading *reading = &part_of(page)->reading;
	struct pp_feature_reading now;
	enum pp_next next;
	bool is_first = !reading->count;

	pp_features_answered(req, reading);
	if (!page->begun && begins(req, page, &next))
		return next;
	if (is_first && page->kind->part_begin)
		page->kind->part_begin(req, page);
	now = *reading;
	if (now.more) {
		/* The database works while this is written. */
		pp_ask_ahead(req);
		pp_features_ask(req, reading);
		pp_ask_now(req);
	}
	write_batch(req, page, now);
	if (!now.more) {
		if (page->kind->part_end)
			page->kind->part_end(req, page);
		page->at++;
		if ((page->follows && !page->looked) || !ask_next(req, page))
			return finish(req, page);
	}
	pp_put(req, pp_buf_all(page->out));
	pp_buf_clear(page->out);
	pp_go_to(req, pp_page_room);
	return PP_WAIT;
}
