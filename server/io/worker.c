/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/io/worker.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <pp/base/list.h>
#include <pp/base/log.h>

#include "frame.h"

#define WORKER_MAGIC 0x574f524bu
/* Requests on the way at once: enough that the worker never waits for us, few that a loss costs
 * little. */
#define FLYING         4
#define FRAMES_A_TURN  16
#define READ_STEP      65536u
#define BACK_OFF_LEAST INT64_C(10000)
#define BACK_OFF_MOST  INT64_C(500000)

struct ask {
	struct pp_link link;
	struct pp_frame frame; /* payload copied, descriptor duplicated */
	unsigned char head[PP_FRAME_HEAD];
	size_t sent;
	int64_t asked_us, deadline_us;
	unsigned lost;   /* connections that died under it */
	bool begun;      /* a reply frame that is not the last one has come */
	bool abandoned;  /* its deadline passed behind another one: its reply is dropped */
	bool unsendable; /* its descriptor could not be duplicated: it only waits to be answered */
	void (*answer)(void *ctx, const struct pp_frame *reply);
	void *ctx;
};

struct pp_worker {
	unsigned magic;
	struct pp_loop *loop;
	struct sockaddr_un address;
	struct pp_link asks; /* in the order in which they are sent and answered */
	size_t load;
	uint32_t last_number;
	int fd;
	struct pp_watch *watch;
	struct pp_timer *timer;
	int64_t wake_us;  /* when the timer fires; INT64_MAX where it does not */
	int64_t retry_us; /* not connected before this instant */
	int64_t back_off_us;
	bool broken; /* sending failed; the connection is given up on the next turn */
	bool closing;
	unsigned depth; /* answers that are running; the last one frees a closed worker */
	/* The reply that is coming in. */
	unsigned char head[PP_FRAME_HEAD];
	size_t got, payload_len;
	struct pp_frame frame;
	struct pp_buf payload;
	int reply_fd;
};

static void pump(struct pp_worker *worker);

static void wake_at(struct pp_worker *worker, int64_t at_us)
{
	if (at_us >= worker->wake_us)
		return;
	worker->wake_us = at_us;
	pp_timer_start(worker->timer, at_us - pp_loop_now(worker->loop));
}

static void free_ask(struct ask *ask)
{
	if (ask->frame.fd >= 0)
		close(ask->frame.fd);
	free(ask);
}

static void free_if_closed(struct pp_worker *worker)
{
	if (!worker->closing || worker->depth)
		return;
	worker->magic = 0;
	free(worker);
}

/* Ends an ask that is off the list. The callback may ask again or close the worker. */
static void end_ask(struct pp_worker *worker, struct ask *ask, const struct pp_frame *reply)
{
	if (!ask->abandoned) {
		worker->load--;
		worker->depth++;
		ask->answer(ask->ctx, reply);
		worker->depth--;
	} else if (reply && reply->fd >= 0) {
		close(reply->fd);
	}
	free_ask(ask);
}

static struct ask *first_ask(struct pp_worker *worker)
{
	return pp_list_is_empty(&worker->asks) ? NULL
					       : PP_OUTER(worker->asks.next, struct ask, link);
}

static void disconnect(struct pp_worker *worker)
{
	if (worker->fd < 0)
		return;
	pp_watch_close(worker->watch);
	worker->watch = NULL;
	close(worker->fd);
	worker->fd = -1;
	worker->broken = false;
	worker->got = 0;
	pp_buf_end(&worker->payload);
	if (worker->reply_fd >= 0)
		close(worker->reply_fd);
	worker->reply_fd = -1;
}

static void back_off(struct pp_worker *worker)
{
	/* Full jitter, so that the web workers do not all come at the same moment. */
	int64_t wait = worker->back_off_us / 2 + random() % (worker->back_off_us / 2 + 1);

	worker->retry_us = pp_loop_now(worker->loop) + wait;
	worker->back_off_us *= 2;
	if (worker->back_off_us > BACK_OFF_MOST)
		worker->back_off_us = BACK_OFF_MOST;
	wake_at(worker, worker->retry_us);
}

/* May this ask be sent again after its connection is gone? Only the oldest one can be what killed
 * the worker. */
static bool is_repeatable(struct ask *ask, bool oldest, bool expired)
{
	if (ask->begun || ask->abandoned || ask->frame.fd >= 0)
		return false;
	if (!oldest)
		return true;
	return !expired && ++ask->lost < 2;
}

/* The connection is gone, or is given up because the oldest ask expired. */
static void lose(struct pp_worker *worker, bool expired)
{
	struct pp_link failed;
	struct pp_link *link, *next;
	bool oldest = true;

	disconnect(worker);
	back_off(worker);
	pp_list_begin(&failed);
	for (link = worker->asks.next; link != &worker->asks; link = next) {
		struct ask *ask = PP_OUTER(link, struct ask, link);

		next = link->next;
		if (ask->sent == 0)
			break;
		ask->sent = 0;
		if (!is_repeatable(ask, oldest, expired)) {
			pp_list_remove(link);
			pp_list_push(&failed, link);
		}
		oldest = false;
	}
	worker->depth++;
	while ((link = pp_list_take(&failed)))
		end_ask(worker, PP_OUTER(link, struct ask, link), NULL);
	worker->depth--;
	if (worker->closing)
		free_if_closed(worker);
	else
		pump(worker);
}

static bool deliver(struct pp_worker *worker)
{
	struct ask *ask = first_ask(worker);
	struct pp_frame frame = worker->frame;
	struct pp_buf payload = worker->payload;

	/* In order per connection: anything else is a worker that cannot be trusted any more. */
	if (!ask || ask->sent < PP_FRAME_HEAD + ask->frame.payload.len ||
		frame.number != ask->frame.number)
		return false;
	frame.payload = pp_slice(payload.at, worker->payload_len);
	frame.fd = worker->reply_fd;
	worker->reply_fd = -1;
	worker->got = 0;
	pp_buf_begin(&worker->payload);
	worker->back_off_us = BACK_OFF_LEAST;
	if (pp_frame_is_last(&frame)) {
		pp_list_remove(&ask->link);
		end_ask(worker, ask, &frame);
	} else if (ask->abandoned) {
		if (frame.fd >= 0)
			close(frame.fd);
	} else {
		ask->begun = true;
		worker->depth++;
		ask->answer(ask->ctx, &frame);
		worker->depth--;
	}
	pp_buf_end(&payload);
	return true;
}

enum progress { READ_MORE, READ_LATER, READ_FAILED };

/* Reads once, never beyond the end of a frame, so that a descriptor is that of its own frame. */
static enum progress read_some(struct pp_worker *worker)
{
	struct pp_buf *payload = &worker->payload;
	bool in_head = worker->got < PP_FRAME_HEAD;
	size_t want = in_head ? PP_FRAME_HEAD - worker->got : worker->payload_len - payload->len;
	ssize_t got;

	if (!in_head && want > READ_STEP)
		want = READ_STEP;
	got = pp_frame_receive(worker->fd,
		in_head ? (char *)worker->head + worker->got : pp_buf_room(payload, want), want,
		&worker->reply_fd);
	if (got < 0)
		return errno == EAGAIN || errno == EWOULDBLOCK ? READ_LATER : READ_FAILED;
	if (got == 0)
		return READ_FAILED;
	if (!in_head) {
		payload->len += (size_t)got;
	} else {
		worker->got += (size_t)got;
		if (worker->got == PP_FRAME_HEAD &&
			!pp_frame_read_head(worker->head, &worker->frame, &worker->payload_len))
			return READ_FAILED;
	}
	return READ_MORE;
}

static bool has_frame(const struct pp_worker *worker)
{
	return worker->got == PP_FRAME_HEAD && worker->payload.len == worker->payload_len;
}

static void connection_ready(void *ctx, unsigned what)
{
	struct pp_worker *worker = PP_CAST(pp_worker, ctx, WORKER_MAGIC);
	enum progress progress = READ_MORE;

	worker->depth++;
	for (int frames = 0; what & PP_READABLE && frames < FRAMES_A_TURN;) {
		progress = read_some(worker);
		if (progress != READ_MORE)
			break;
		if (!has_frame(worker))
			continue;
		frames++;
		if (!deliver(worker))
			progress = READ_FAILED;
		/* The answer may have closed the worker or the connection. */
		if (progress == READ_FAILED || worker->closing || worker->fd < 0)
			break;
	}
	worker->depth--;
	if (worker->closing)
		free_if_closed(worker);
	else if (progress == READ_FAILED)
		lose(worker, false);
	else
		pump(worker);
}

static void connect_now(struct pp_worker *worker)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, (struct sockaddr *)&worker->address, sizeof(worker->address))) {
		pp_log(PP_DEBUG, "worker_unreachable", "%s: %s", worker->address.sun_path,
			strerror(errno));
		if (fd >= 0)
			close(fd);
		back_off(worker);
		return;
	}
	worker->fd = fd;
	worker->watch = pp_watch_open(worker->loop, fd, connection_ready, worker);
}

/* Hands on what the socket takes of one ask. */
static void send_some(struct pp_worker *worker, struct ask *ask)
{
	struct pp_slice head = { (const char *)ask->head, PP_FRAME_HEAD };
	struct pp_slice body = ask->frame.payload;
	ssize_t sent;

	if (ask->sent < PP_FRAME_HEAD) {
		head = pp_slice(head.at + ask->sent, PP_FRAME_HEAD - ask->sent);
	} else {
		size_t done = ask->sent - PP_FRAME_HEAD;

		head.len = 0;
		body = pp_slice(body.at + done, body.len - done);
	}
	sent = pp_frame_send(worker->fd, head, body, ask->sent == 0 ? ask->frame.fd : -1);
	if (sent > 0)
		ask->sent += (size_t)sent;
	else if (errno != EAGAIN && errno != EWOULDBLOCK)
		worker->broken = true;
}

/* Connects if need be and sends as much as may fly. Calls no answer. */
static void pump(struct pp_worker *worker)
{
	unsigned flying = 0;
	bool full = false;

	if (worker->closing || worker->broken || pp_list_is_empty(&worker->asks))
		return;
	if (worker->fd < 0 && pp_loop_now(worker->loop) < worker->retry_us) {
		wake_at(worker, worker->retry_us);
		return;
	}
	if (worker->fd < 0)
		connect_now(worker);
	if (worker->fd < 0)
		return;
	for (struct pp_link *link = worker->asks.next;
		link != &worker->asks && !full && !worker->broken && flying < FLYING;
		link = link->next) {
		struct ask *ask = PP_OUTER(link, struct ask, link);
		size_t size = PP_FRAME_HEAD + ask->frame.payload.len;

		flying++;
		if (ask->unsendable)
			break;
		if (ask->sent < size)
			send_some(worker, ask);
		full = ask->sent < size;
	}
	if (worker->broken)
		wake_at(worker, 0);
	else
		pp_watch_for(worker->watch, PP_READABLE | (full ? PP_WRITABLE : 0));
}

static int64_t expiry(const struct ask *ask)
{
	int64_t taken_by = ask->asked_us + PP_WORKER_TAKE_US;

	if (ask->abandoned)
		return INT64_MAX;
	if (ask->unsendable)
		return 0;
	return ask->sent || ask->deadline_us < taken_by ? ask->deadline_us : taken_by;
}

/* Ends what is over its time. True when the oldest one, now in the worker's hands, is. */
static bool expire(struct pp_worker *worker, int64_t now)
{
	struct pp_link over;
	struct pp_link *link, *next;
	bool oldest = false;

	pp_list_begin(&over);
	for (link = worker->asks.next; link != &worker->asks; link = next) {
		struct ask *ask = PP_OUTER(link, struct ask, link);

		next = link->next;
		if (expiry(ask) > now)
			continue;
		if (ask->sent == 0) {
			pp_list_remove(link);
			pp_list_push(&over, link);
		} else if (link == worker->asks.next) {
			oldest = true;
		} else {
			ask->abandoned = true;
			worker->load--;
			ask->answer(ask->ctx, NULL);
			/* Closing the worker has ended all that was still on the list. */
			if (worker->closing)
				break;
		}
	}
	while ((link = pp_list_take(&over)))
		end_ask(worker, PP_OUTER(link, struct ask, link), NULL);
	return oldest;
}

static void timer_fired(void *ctx)
{
	struct pp_worker *worker = PP_CAST(pp_worker, ctx, WORKER_MAGIC);
	bool oldest_expired;

	worker->wake_us = INT64_MAX;
	worker->depth++;
	oldest_expired = expire(worker, pp_loop_now(worker->loop));
	worker->depth--;
	if (worker->closing) {
		free_if_closed(worker);
		return;
	}
	for (struct pp_link *link = worker->asks.next; link != &worker->asks; link = link->next)
		wake_at(worker, expiry(PP_OUTER(link, struct ask, link)));
	if (oldest_expired || worker->broken)
		lose(worker, oldest_expired);
	else
		pump(worker);
}

struct pp_worker *pp_worker_open(struct pp_loop *loop, const char *socket_path)
{
	struct pp_worker *worker = calloc(1, sizeof(*worker));

	PP_MUST(worker && strlen(socket_path) < sizeof(worker->address.sun_path));
	worker->magic = WORKER_MAGIC;
	worker->loop = loop;
	worker->address.sun_family = AF_UNIX;
	strcpy(worker->address.sun_path, socket_path);
	pp_list_begin(&worker->asks);
	worker->fd = worker->reply_fd = -1;
	worker->wake_us = INT64_MAX;
	worker->back_off_us = BACK_OFF_LEAST;
	worker->timer = pp_timer_open(loop, timer_fired, worker);
	return worker;
}

void pp_worker_close(struct pp_worker *worker)
{
	struct pp_link *link;

	if (!worker || worker->closing)
		return;
	PP_MUST(worker->magic == WORKER_MAGIC);
	worker->closing = true;
	disconnect(worker);
	pp_timer_close(worker->timer);
	worker->depth++;
	while ((link = pp_list_take(&worker->asks)))
		end_ask(worker, PP_OUTER(link, struct ask, link), NULL);
	worker->depth--;
	free_if_closed(worker);
}

size_t pp_worker_load(const struct pp_worker *worker)
{
	return worker->load;
}

void pp_worker_ask(struct pp_worker *worker, const struct pp_frame *request, int64_t deadline_us,
	void (*answer)(void *ctx, const struct pp_frame *reply), void *ctx)
{
	struct ask *ask = malloc(pp_add_size(sizeof(*ask), request->payload.len));
	char *copy = (char *)(ask + 1);

	PP_MUST(ask && worker->magic == WORKER_MAGIC && !worker->closing && answer);
	*ask = (struct ask){
		.frame = *request, .deadline_us = deadline_us, .answer = answer, .ctx = ctx
	};
	if (request->payload.len)
		memcpy(copy, request->payload.at, request->payload.len);
	ask->frame.payload.at = copy;
	ask->frame.number = ++worker->last_number;
	if (request->fd >= 0) {
		ask->frame.fd = fcntl(request->fd, F_DUPFD_CLOEXEC, 0);
		ask->unsendable = ask->frame.fd < 0;
	}
	ask->asked_us = pp_loop_now(worker->loop);
	pp_frame_head(&ask->frame, ask->head);
	pp_list_push(&worker->asks, &ask->link);
	worker->load++;
	wake_at(worker, expiry(ask));
	pump(worker);
}
