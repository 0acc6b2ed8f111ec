/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * A page of features on its way to the client, whatever protocol has asked for it: batch by batch,
 * the next one asked for while this one is written, at the client's pace, in memory of a few
 * batches. A page has parts where one request has several questions; they follow each other, and
 * all of them see the state that the first has seen.
 *
 * A room's state (pp_state) begins with a struct pp_page, its first step fills it in and ends by
 * `return pp_page_ask(req)`; in the route's table pp_page_take, pp_page_room and pp_page_look
 * follow.
 */
#include <pp/feature/read.h>

struct pp_page;

/* What a protocol says around the features. */
struct pp_page_kind {
	/* Fields of the reply and the beginning of the document; calls pp_page_begin in between. */
	void (*begin)(struct pp_req *req, struct pp_page *page);
	/* The end of the document. */
	void (*end)(struct pp_req *req, struct pp_page *page);
	/* Around the features of each part that has some or is alone; NULL: nothing. */
	void (*part_begin)(struct pp_req *req, struct pp_page *page);
	void (*part_end)(struct pp_req *req, struct pp_page *page);
};

struct pp_page_part {
	struct pp_feature_reading reading; /* its ask is the room's, but for the limit */
	struct pp_feature_view view;
	int crs;
	enum pp_axes axes;
	/* Of the page's features; before they are written where the page looks ahead. */
	uint64_t count;
	struct pp_slice last; /* place of the last one of the page */
	struct pp_buf *kept;  /* its bytes */
	bool begun;           /* part_begin was called */
};

struct pp_page {
	/* The room's. */
	const struct pp_page_kind *kind;
	const struct pp_feature_format *format;
	struct pp_page_part *parts;
	size_t part_count;
	uint64_t limit; /* of all parts together */
	uint64_t skip;  /* so many before the first, for several parts; one part has ask.skip */
	bool ahead;     /* what comes first says what follows: count, follows and last are known in
			   kind->begin */
	bool is_once;   /* what it says is said to nobody again: it has no tag */
	bool is_weak;   /* the same state has not the same bytes each time: the tag is a weak one */
	/* What is known once features were looked at or written. */
	uint64_t count;
	bool follows; /* there are more than the page has */
	size_t at;    /* number of the part that is looked at or written */
	size_t end;   /* number of the part in which the page ends */
	/* The page's own. */
	struct pp_buf *out;
	struct pp_arena places; /* of geometries in another CRS, feature by feature */
	uint64_t written;
	bool begun, looked;
	/* While it looks ahead: how far it has come, behind which feature of the part, and whether
	 * the first batch waits to be written. */
	struct pp_feature_reach reach;
	struct pp_slice behind;
	bool holds;
};

/* Asks for the first batch. */
enum pp_next pp_page_ask(struct pp_req *req);
/* Begins the reply: status 200 and the format's media type. */
void pp_page_begin(struct pp_req *req, struct pp_page *page);
/* Puts a feature of that part into a document, in the part's CRS. */
void pp_page_add(struct pp_req *req, struct pp_page *page, struct pp_page_part *part,
	struct pp_buf *out, struct pp_feature_row *row);

pp_step pp_page_take, pp_page_room, pp_page_look;
