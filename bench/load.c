/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A client of HTTP that measures: connections on a Unix socket, where no rate limit of single
 * addresses stands in the way, one request under way on each, through a list of requests again and
 * again. Every answer must have the expected status; the first body can be kept to be looked at.
 *
 *   bench_load SOCKET REQUESTS STATUS CONNECTIONS SECONDS [BODY]
 *
 * REQUESTS holds each request's length, a line end, and its bytes. Sixteen K in a row become
 * another word with every request, for idempotency keys. Prints: answers, answers per second, and
 * the 50th and 99th percentile of the time from the first byte sent to the last received, in µs.
 * SECONDS 0: each request once.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <pp/base/buf.h>

#define KEY "KKKKKKKKKKKKKKKK"

enum { KEY_LENGTH = sizeof(KEY) - 1, READ_AT_ONCE = 65536 };

struct request {
	char *bytes;
	size_t length;
	char *key; /* within the bytes; NULL for none */
};

struct conn {
	int fd;
	struct pp_buf asking, answer;
	size_t sent;
	size_t body;   /* where the answer's body begins; 0 until its head is complete */
	size_t wanted; /* bytes of the answer; 0 until they are known */
	bool closes;
	int64_t begun;
};

struct load {
	struct request *requests;
	size_t request_count, next, asked;
	struct conn *conns;
	unsigned conn_count, under_way;
	const char *status, *body;
	int64_t begun, until;
	uint32_t *times; /* µs */
	size_t answers, room;
	struct sockaddr_un address;
	int epoll;
	uint64_t key;
};

static _Noreturn void fail(const char *what, const char *why)
{
	fprintf(stderr, "bench_load: %s: %s\n", what, why);
	exit(1);
}

static int64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void read_requests(struct load *load, const char *path)
{
	FILE *file = fopen(path, "rb");
	size_t length;

	if (!file)
		fail(path, "cannot be read");
	while (fscanf(file, "%zu", &length) == 1 && fgetc(file) == '\n') {
		struct request *request;

		load->requests = realloc(
			load->requests, (load->request_count + 1) * sizeof(*load->requests));
		PP_MUST(load->requests);
		request = &load->requests[load->request_count++];
		request->bytes = malloc(length + 1);
		PP_MUST(request->bytes);
		if (fread(request->bytes, 1, length, file) != length)
			fail(path, "ends within a request");
		request->bytes[length] = '\0';
		request->length = length;
		request->key = strstr(request->bytes, KEY);
	}
	if (!load->request_count || !feof(file))
		fail(path, "holds something else than requests");
	fclose(file);
}

static void watch(struct load *load, struct conn *conn, int how, uint32_t what)
{
	struct epoll_event event = { .events = what, .data.ptr = conn };

	PP_MUST(epoll_ctl(load->epoll, how, conn->fd, &event) == 0);
}

static void open_conn(struct load *load, struct conn *conn)
{
	const struct sockaddr *address = (const struct sockaddr *)&load->address;

	conn->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (conn->fd < 0 || connect(conn->fd, address, sizeof(load->address)) != 0)
		fail(load->address.sun_path, "cannot be reached");
	watch(load, conn, EPOLL_CTL_ADD, EPOLLIN);
}

static void send_more(struct load *load, struct conn *conn)
{
	while (conn->sent < conn->asking.len) {
		ssize_t sent = send(conn->fd, conn->asking.at + conn->sent,
			conn->asking.len - conn->sent, MSG_NOSIGNAL);

		if (sent <= 0) {
			watch(load, conn, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
			return;
		}
		conn->sent += (size_t)sent;
	}
}

static void begin(struct load *load, struct conn *conn)
{
	const struct request *request = &load->requests[load->next];
	char key[KEY_LENGTH + 1];

	load->next = (load->next + 1) % load->request_count;
	load->asked++;
	load->under_way++;
	conn->sent = conn->body = conn->wanted = 0;
	conn->answer.len = conn->asking.len = 0;
	pp_buf_add(&conn->asking, request->bytes, request->length);
	if (request->key) {
		snprintf(key, sizeof(key), "%016llx", (unsigned long long)load->key++);
		memcpy(conn->asking.at + (request->key - request->bytes), key, KEY_LENGTH);
	}
	conn->begun = now_us();
	send_more(load, conn);
}

static bool is_over(const struct load *load)
{
	return load->until > load->begun ? now_us() >= load->until
					 : load->asked >= load->request_count;
}

static void keep_body(const struct load *load, const struct conn *conn)
{
	FILE *file = fopen(load->body, "wb");
	size_t length = conn->wanted - conn->body;

	if (!file || fwrite(conn->answer.at + conn->body, 1, length, file) != length ||
		fclose(file) != 0)
		fail(load->body, "cannot be written");
}

/* "HTTP/1.1 200 OK": the status begins behind the first blank. */
static void check(const struct load *load, const struct conn *conn)
{
	if (conn->answer.len != conn->wanted)
		fail("an answer", "is longer than it says");
	if (strncmp(conn->answer.at, "HTTP/1.1 ", 9) != 0 ||
		strncmp(conn->answer.at + 9, load->status, strlen(load->status)) != 0)
		fail("an answer is not as expected", conn->answer.at);
	if (load->body && load->answers == 0)
		keep_body(load, conn);
}

static void note_time(struct load *load, int64_t time)
{
	if (load->answers == load->room) {
		load->room = load->room ? 2 * load->room : 1 << 16;
		load->times = realloc(load->times, load->room * sizeof(*load->times));
		PP_MUST(load->times);
	}
	load->times[load->answers++] = (uint32_t)time;
}

/* RFC 9112 §7.1: the last chunk is empty, and no trailers follow it here. */
static bool ends_in_pieces(const struct conn *conn)
{
	static const char last[] = "\r\n0\r\n\r\n";
	size_t length = sizeof(last) - 1;

	return conn->answer.len > length &&
		memcmp(conn->answer.at + conn->answer.len - length, last, length) == 0;
}

/*
 * What the head says, once for each answer: to look for it again in all that has come so far, with
 * every piece of a large one, would cost more than the answer. RFC 9112 §9.6: the server serves so
 * many requests on one connection, and says which is the last.
 */
static void read_head(struct conn *conn)
{
	char *end = strstr(conn->answer.at, "\r\n\r\n");
	const char *length;

	if (!end)
		return;
	conn->body = (size_t)(end + 4 - conn->answer.at);
	end[2] = '\0';
	length = strcasestr(conn->answer.at, "\r\ncontent-length:");
	if (length)
		conn->wanted = conn->body +
			strtoul(length + strlen("\r\ncontent-length:"), NULL, 10);
	else if (!strcasestr(conn->answer.at, "\r\ntransfer-encoding: chunked"))
		fail("an answer that does not say where it ends", conn->answer.at);
	conn->closes = strcasestr(conn->answer.at, "\r\nconnection: close\r\n") != NULL;
	end[2] = '\r';
}

static void renew(struct load *load, struct conn *conn)
{
	if (!conn->closes)
		return;
	close(conn->fd);
	open_conn(load, conn);
}

static void receive(struct load *load, struct conn *conn)
{
	char *room = pp_buf_room(&conn->answer, READ_AT_ONCE + 1);
	ssize_t got = recv(conn->fd, room, READ_AT_ONCE, MSG_DONTWAIT);

	if (got <= 0)
		fail("a connection", "was closed");
	conn->answer.len += (size_t)got;
	room[got] = '\0';
	if (!conn->body)
		read_head(conn);
	if (conn->body && !conn->wanted && ends_in_pieces(conn))
		conn->wanted = conn->answer.len;
	if (!conn->wanted || conn->answer.len < conn->wanted)
		return;
	check(load, conn);
	note_time(load, now_us() - conn->begun);
	load->under_way--;
	renew(load, conn);
	if (!is_over(load))
		begin(load, conn);
}

static void open_all(struct load *load, const char *path)
{
	load->address.sun_family = AF_UNIX;
	if (strlen(path) >= sizeof(load->address.sun_path))
		fail(path, "is too long for a socket");
	strcpy(load->address.sun_path, path);
	load->epoll = epoll_create1(EPOLL_CLOEXEC);
	load->conns = calloc(load->conn_count, sizeof(*load->conns));
	PP_MUST(load->epoll >= 0 && load->conns);
	for (unsigned i = 0; i < load->conn_count; i++) {
		pp_buf_begin(&load->conns[i].asking);
		pp_buf_begin(&load->conns[i].answer);
		open_conn(load, &load->conns[i]);
	}
}

static void run(struct load *load, double seconds)
{
	struct epoll_event ready[64];

	load->begun = now_us();
	load->until = load->begun + (int64_t)(seconds * 1e6);
	for (unsigned i = 0; i < load->conn_count && !is_over(load); i++)
		begin(load, &load->conns[i]);
	while (load->under_way) {
		int count = epoll_wait(load->epoll, ready, 64, -1);

		for (int i = 0; i < count; i++) {
			struct conn *conn = ready[i].data.ptr;

			if (ready[i].events & EPOLLOUT) {
				watch(load, conn, EPOLL_CTL_MOD, EPOLLIN);
				send_more(load, conn);
			}
			if (ready[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))
				receive(load, conn);
		}
	}
}

static int by_size(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	struct load load = { .key = (uint64_t)time(NULL) << 28 };
	double elapsed;

	if (argc < 6 || atoi(argv[4]) < 1) {
		fprintf(stderr,
			"usage: bench_load SOCKET REQUESTS STATUS CONNECTIONS SECONDS [BODY]\n");
		return 2;
	}
	load.status = argv[3];
	load.conn_count = (unsigned)atoi(argv[4]);
	load.body = argc > 6 ? argv[6] : NULL;
	read_requests(&load, argv[2]);
	open_all(&load, argv[1]);
	run(&load, strtod(argv[5], NULL));
	elapsed = (double)(now_us() - load.begun) / 1e6;
	qsort(load.times, load.answers, sizeof(*load.times), by_size);
	printf("%zu %.1f %u %u\n", load.answers, (double)load.answers / elapsed,
		load.times[load.answers / 2], load.times[load.answers * 99 / 100]);
	return 0;
}
