/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What changes while people watch (server-sent events, HTML standard §9.2). The clerk notifies once
 * per batch of events; this worker then asks once for what is new, as one reader that may see all,
 * and hands each event to the listeners it concerns. However many listen, an idle platform costs
 * no statement.
 */
#include <pp/core/req.h>

#include <stdlib.h>

#include <pp/base/clock.h>
#include <pp/base/log.h>

#define BATCH         500
#define BEAT_US       (20 * PP_SECOND)
#define RETRY_US      PP_SECOND
#define LISTENERS_MAX 2000

struct listener {
	struct pp_link link;
	struct pp_req *req;
	/* Until it has caught up after Last-Event-ID it hears nothing live: an event that overtook
	 * an older one would hide it from a client that comes back once more. */
	bool is_catching_up;
	struct pp_rows *missed;
	struct pp_slice after; /* the last event that it was told so */
	unsigned round;        /* of handing out, when it last asked */
	size_t told;           /* rows of what is handed out that it has heard already */
};

struct pp_events {
	struct pp_server *server;
	struct pp_link listeners;
	size_t count;
	struct pp_timer *beat, *retry;
	struct pp_arena arena; /* of the question under way */
	struct pp_rows *rows;
	unsigned round; /* of handing out */
	int64_t last;   /* event that was handed out */
	int64_t heard;  /* event that the clerk told of; 0 while nobody knows */
	bool asking, again, begun, ended;
};

static void ask(struct pp_events *events);

static struct pp_counters *counters(struct pp_events *events)
{
	return &events->server->share->process[events->server->number];
}

enum { ID, KIND, AT, PROCEDURE, ROUND, INVITATION, STATEMENT, BODIES, PUBLIC, DATA };

/* PostgreSQL's text form of text[]: {a,b}; keys of bodies hold nothing that needs quotes. */
static bool holds(struct pp_slice array, struct pp_slice key)
{
	struct pp_slice rest;

	if (array.len < 2 || key.len == 0)
		return false;
	rest = pp_slice(array.at + 1, array.len - 2);
	while (rest.len)
		if (pp_slice_is(pp_slice_cut(rest, ',', &rest), key))
			return true;
	return false;
}

static bool concerns(const struct listener *listener, const struct pp_rows *rows, size_t row)
{
	return pp_slice_is(pp_cell(rows, row, PUBLIC), PP_S("t")) ||
		holds(pp_cell(rows, row, BODIES), listener->req->who.body);
}

static void write_event(struct pp_buf *out, const struct pp_rows *rows, size_t row)
{
	static const struct {
		const char *name;
		size_t column;
	} members[] = { { "at", AT }, { "procedure", PROCEDURE }, { "round", ROUND },
		{ "invitation", INVITATION }, { "statement", STATEMENT } };
	const char *before = "{";

	pp_buf_format(out, "id: %.*s\nevent: %.*s\ndata: ", PP_SHOW(pp_cell(rows, row, ID)),
		PP_SHOW(pp_cell(rows, row, KIND)));
	for (size_t i = 0; i < PP_LENGTH(members); i++) {
		struct pp_slice value = pp_cell(rows, row, members[i].column);

		if (!value.at)
			continue;
		pp_buf_format(out, "%s\"%s\":", before, members[i].name);
		pp_buf_json(out, value);
		before = ",";
	}
	if (pp_cell(rows, row, DATA).at)
		pp_buf_format(out, "%s\"data\":%.*s", before, PP_SHOW(pp_cell(rows, row, DATA)));
	pp_buf_text(out, "}\n\n");
}

/* Who has caught up knows what the clerk had not told of yet: that is the beginning of these rows.
 */
static void skip_told(struct listener *listener, const struct pp_rows *rows)
{
	listener->told = 0;
	if (listener->is_catching_up || !listener->after.len)
		return;
	for (size_t row = 0; row < rows->rows; row++)
		if (pp_slice_is(pp_cell(rows, row, ID), listener->after))
			listener->told = row + 1;
	listener->after = PP_S("");
}

static void hand_out(struct pp_events *events)
{
	const struct pp_rows *rows = events->rows;
	struct pp_buf text;

	events->round += rows->rows > 0;
	for (struct pp_link *at = events->listeners.next; at != &events->listeners; at = at->next)
		skip_told(PP_OUTER(at, struct listener, link), rows);
	pp_buf_begin(&text);
	for (size_t row = 0; row < rows->rows; row++) {
		int64_t id;

		PP_MUST(pp_slice_i64(pp_cell(rows, row, ID), &id));
		pp_buf_clear(&text);
		write_event(&text, rows, row);
		for (struct pp_link *at = events->listeners.next; at != &events->listeners;
			at = at->next) {
			struct listener *listener = PP_OUTER(at, struct listener, link);

			if (listener->is_catching_up || row < listener->told ||
				!concerns(listener, rows, row))
				continue;
			pp_http_stream_write(listener->req->exchange, pp_buf_all(&text));
			listener->req->bytes += text.len;
		}
		/* The order is that of the commits, not of the numbers. */
		events->last = id;
	}
	pp_buf_end(&text);
	for (struct pp_link *at = events->listeners.next; at != &events->listeners; at = at->next)
		pp_http_stream_flush(PP_OUTER(at, struct listener, link)->req->exchange);
}

static const struct pp_query *named(struct pp_events *events, const char *name)
{
	for (size_t i = 0; i < events->server->query_count; i++)
		if (strcmp(events->server->queries[i].name, name) == 0)
			return &events->server->queries[i];
	PP_NEVER("the query exists");
	return NULL;
}

static void drained(void *owner)
{
	(void)owner;
}

static void ask_missed(struct pp_req *req);

/*
 * Whether nothing was left out: the answer was not full, and nobody was handed anything since it
 * was asked for.
 */
static bool has_caught_up(const struct listener *listener)
{
	return listener->missed->rows < BATCH &&
		listener->round == listener->req->server->events->round;
}

static void missed(void *ctx, const struct pp_fault *fault)
{
	struct pp_req *req = PP_CAST(pp_req, ctx, PP_REQ_MAGIC);
	struct listener *listener = pp_state(req, struct listener);
	struct pp_buf text;

	if (fault && req->streaming) {
		/* It comes back, and asks for the same again. */
		pp_events_leave(req);
		pp_http_stream_end(req->exchange);
		req->streaming = false;
	}
	if (req->streaming) {
		pp_buf_begin(&text);
		for (size_t row = 0; row < listener->missed->rows; row++) {
			write_event(&text, listener->missed, row);
			listener->after = pp_cell(listener->missed, row, ID);
		}
		pp_http_stream_write(req->exchange, pp_buf_all(&text));
		pp_http_stream_flush(req->exchange);
		pp_buf_end(&text);
		listener->is_catching_up = !has_caught_up(listener);
		if (listener->is_catching_up)
			ask_missed(req);
	}
	pp_req_answered(req, NULL);
}

/* What happened while the listener was away, as far as the listener itself may see it. */
static void ask_missed(struct pp_req *req)
{
	struct listener *listener = pp_state(req, struct listener);
	struct pp_slice params[] = { listener->after, pp_format(req->arena, "%d", BATCH) };
	struct pp_batch *batch = pp_batch_make(req->server->db, req->arena,
		req->who.account.len ? PP_LANE_READ : PP_LANE_PUBLIC,
		(struct pp_identity){ req->who.account, req->who.body, req->who.roles });

	req->outstanding++;
	listener->round = req->server->events->round;
	pp_batch_add(batch, named(req->server->events, "event_since"), params, &listener->missed);
	pp_batch_send(batch, pp_clock_monotonic() + 5 * PP_SECOND, missed, req);
}

static void open_stream(struct listener *listener)
{
	struct pp_http_exchange *exchange = listener->req->exchange;

	pp_http_stream_begin(
		exchange, 200, PP_S("text/event-stream"), PP_HTTP_UNKNOWN, false, drained);
	pp_http_stream_write(exchange, PP_S("retry: 2000\n:\n\n"));
	pp_http_stream_flush(exchange);
}

static void begin(struct listener *listener)
{
	struct pp_slice last = pp_http_field(listener->req->exchange, PP_S("last-event-id"));
	uint64_t id;

	open_stream(listener);
	listener->is_catching_up = pp_slice_u64(last, &id);
	if (!listener->is_catching_up)
		return;
	listener->after = last;
	ask_missed(listener->req);
}

/* What happens from now on is known: those who came before it was hear that they are heard. */
static void begin_all(struct pp_events *events)
{
	for (struct pp_link *at = events->listeners.next; at != &events->listeners; at = at->next)
		begin(PP_OUTER(at, struct listener, link));
}

static void came(void *ctx, const struct pp_fault *fault)
{
	struct pp_events *events = ctx;
	bool more = false;

	events->asking = false;
	if (fault) {
		pp_log(PP_WARNING, "events_not_read", "%s", fault->detail);
		pp_timer_start(events->retry, RETRY_US);
	} else if (!events->begun) {
		events->begun = true;
		PP_MUST(pp_slice_i64(pp_cell(events->rows, 0, 0), &events->last));
		begin_all(events);
	} else {
		hand_out(events);
		more = events->rows->rows == BATCH;
	}
	pp_arena_end(&events->arena);
	if (events->again || more)
		ask(events);
}

/* Until the first answer nobody knows where to begin; later what came after the last one seen. */
static void ask(struct pp_events *events)
{
	struct pp_slice params[2];
	struct pp_batch *batch;

	events->again = events->asking;
	if (events->asking || events->ended || (events->begun && !events->count))
		return;
	events->asking = true;
	pp_arena_begin(&events->arena);
	/* The platform itself reads here; who sees what is decided per listener, above. */
	batch = pp_batch_make(events->server->db, &events->arena, PP_LANE_READ,
		(struct pp_identity){ PP_S(""), PP_S(""), PP_S("platform") });
	if (events->begun) {
		params[0] = pp_format(&events->arena, "%lld", (long long)events->last);
		params[1] = pp_format(&events->arena, "%d", BATCH);
		pp_batch_add(batch, named(events, "event_all_since"), params, &events->rows);
	} else {
		pp_batch_add(batch, named(events, "event_last"), NULL, &events->rows);
	}
	pp_batch_send(batch, pp_clock_monotonic() + 5 * PP_SECOND, came, events);
}

static void ask_again(void *ctx)
{
	ask(ctx);
}

/*
 * The clerk says which event is the last one. Without a word the connection is new, and others may
 * have come meanwhile: whoever listens is caught up, and where nobody does we begin anew.
 */
static void heard(void *ctx, struct pp_slice payload)
{
	struct pp_events *events = ctx;

	if (!pp_slice_i64(payload, &events->heard)) {
		events->heard = 0;
		events->begun = events->begun && events->count > 0;
	}
	ask(events);
}

/* A comment line keeps proxies from closing an idle stream and finds clients that are gone. */
static void beat(void *ctx)
{
	struct pp_events *events = ctx;

	for (struct pp_link *at = events->listeners.next; at != &events->listeners && events->begun;
		at = at->next) {
		struct pp_http_exchange *exchange = PP_OUTER(at, struct listener, link)
							    ->req->exchange;

		pp_http_stream_write(exchange, PP_S(":\n\n"));
		pp_http_stream_flush(exchange);
	}
	pp_timer_start(events->beat, BEAT_US);
}

struct pp_events *pp_events_open(struct pp_server *server)
{
	struct pp_events *events = calloc(1, sizeof(*events));

	PP_MUST(events);
	events->server = server;
	pp_list_begin(&events->listeners);
	events->beat = pp_timer_open(server->loop, beat, events);
	pp_timer_start(events->beat, BEAT_US);
	events->retry = pp_timer_open(server->loop, ask_again, events);
	pp_db_listen(server->db, "pp_event", heard, events);
	return events;
}

/* The requests end with their streams. */
void pp_events_end(struct pp_events *events)
{
	events->ended = true;
	pp_timer_stop(events->beat);
	pp_timer_stop(events->retry);
	while (!pp_list_is_empty(&events->listeners)) {
		struct listener *listener = PP_OUTER(events->listeners.next, struct listener, link);
		struct pp_req *req = listener->req;

		if (!events->begun)
			open_stream(listener);
		pp_events_leave(req);
		pp_http_stream_end(req->exchange);
		req->streaming = false;
		/* One that still asks for what it has missed ends with the answer. */
		if (!req->outstanding)
			pp_req_end(req);
	}
}

void pp_events_close(struct pp_events *events)
{
	PP_MUST(events->ended && !events->asking);
	pp_timer_close(events->beat);
	pp_timer_close(events->retry);
	free(events);
}

enum pp_next pp_events_join(struct pp_req *req)
{
	struct pp_events *events = req->server->events;
	struct listener *listener = pp_state(req, struct listener);

	/* An EventSource comes back after a stream that ends, not after a refusal. */
	if (events->ended)
		return pp_reply(req, 200, "text/event-stream", PP_S("retry: 2000\n\n"));
	if (events->count >= LISTENERS_MAX)
		return pp_refuse(req, PP_busy, "too many are listening on this worker");
	/* Nobody read while nobody listened: begin after what happened meanwhile. */
	if (!events->count && !events->asking && events->heard)
		events->last = events->heard;
	listener->req = req;
	pp_list_push(&events->listeners, &listener->link);
	events->count++;
	atomic_fetch_add_explicit(&counters(events)->event_listeners, 1, memory_order_relaxed);
	req->open = false;
	req->streaming = true;
	req->status = 200;
	pp_http_add(req->exchange, "Cache-Control", PP_S("no-store"));
	pp_guard_add(req, false);
	/* Tells nginx, which stands in front, not to hold events back. */
	pp_http_add(req->exchange, "X-Accel-Buffering", PP_S("no"));
	if (events->begun)
		begin(listener);
	else
		ask(events);
	return PP_DONE;
}

void pp_events_leave(struct pp_req *req)
{
	struct pp_events *events = req->server->events;
	struct listener *listener = pp_state(req, struct listener);

	pp_list_remove(&listener->link);
	events->count--;
	atomic_fetch_sub_explicit(&counters(events)->event_listeners, 1, memory_order_relaxed);
}
