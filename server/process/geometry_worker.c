/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The process around a geometry worker: it reads boundaries and rules as a role that sees nothing
 * else, closes that connection, locks itself in, and answers frames until it is told to go.
 */
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <pp/base/log.h>
#include <pp/io/admin.h>
#include <pp/io/worker.h>

#include "child.h"
#include "geometry_load.h"
#include "queries.h"
#include "sandbox.h"

#define CLIENTS_MAX 64
#define MEMORY_MAX  (UINT64_C(2) << 30)
#define JOB_SECONDS 10u

static volatile sig_atomic_t told_to_go;

static void go(int number)
{
	(void)number;
	told_to_go = 1;
}

static bool ask(struct pp_admin *db, struct pp_arena *arena, enum pp_query_id id,
	struct pp_rows **rows, struct pp_fault *fault)
{
	return pp_admin_query(db, arena, &pp_queries[id], NULL, rows, fault);
}

/* One snapshot, so that boundaries and rules belong together. */
static bool load(struct pp_geometry_state *state, struct pp_admin *db, struct pp_arena *arena,
	struct pp_fault *fault)
{
	struct pp_rows *boundaries, *rules;

	if (!pp_admin_run(db, "begin isolation level repeatable read read only", fault) ||
		!ask(db, arena, PP_Q_boundaries_current, &boundaries, fault) ||
		!ask(db, arena, PP_Q_rules_current, &rules, fault))
		return false;
	if (boundaries->rows == 0 || rules->rows == 0)
		return true; /* nothing imported yet: answers dataset_missing */
	return pp_geometry_load(state, db, pp_cell(boundaries, 0, 0), pp_slice(NULL, 0),
		pp_cell(rules, 0, 0), fault);
}

static bool load_from_database(
	struct pp_geometry_state *state, struct pp_child *child, struct pp_fault *fault)
{
	const struct pp_config *config = &child->config;
	struct pp_admin *db;
	struct pp_arena arena;
	bool loaded;

	pp_arena_begin(&arena);
	db = pp_admin_open(pp_child_database(&arena, config, "pp_geometry"), fault);
	loaded = db && load(state, db, &arena, fault);
	if (db)
		pp_admin_close(db);
	pp_arena_end(&arena);
	return loaded;
}

/* False when the client is gone. A job that never ends is ended by the alarm, with the process. */
static bool serve_one(struct pp_geometry_state *state, int client)
{
	struct pp_arena arena;
	struct pp_buf *payload;
	struct pp_frame request, reply = { .fd = -1 };
	bool served = false;

	pp_arena_begin(&arena);
	if (pp_frame_read(client, &arena, &request)) {
		if (request.fd >= 0)
			close(request.fd);
		payload = pp_buf_make(&arena);
		alarm(JOB_SECONDS);
		reply.number = request.number;
		reply.kind = pp_geometry_answer(state, request.kind, request.payload, payload);
		alarm(0);
		reply.payload = pp_buf_all(payload);
		if (!reply.kind) {
			reply.kind = PP_FRAME_FAILED;
			reply.payload = PP_S("the request frame is broken");
		}
		served = pp_frame_write(client, &reply);
	}
	pp_arena_end(&arena);
	return served;
}

struct clients {
	struct pollfd at[CLIENTS_MAX + 1];
	nfds_t count;
};

static void accept_client(struct clients *clients)
{
	int fd = accept4(clients->at[0].fd, NULL, NULL, SOCK_CLOEXEC);

	if (fd < 0)
		return;
	if (clients->count > CLIENTS_MAX) {
		close(fd);
		return;
	}
	clients->at[clients->count++] = (struct pollfd){ .fd = fd, .events = POLLIN };
}

/* One request of each client in turn, so that none waits behind another's long row. */
static void serve_round(struct pp_geometry_state *state, struct clients *clients)
{
	for (nfds_t i = clients->count - 1; i >= 1; i--) {
		if (!clients->at[i].revents || serve_one(state, clients->at[i].fd))
			continue;
		close(clients->at[i].fd);
		clients->at[i] = clients->at[--clients->count];
	}
	if (clients->at[0].revents & POLLIN)
		accept_client(clients);
}

/* Until told to go; then what has already arrived is still answered. */
static void serve(struct pp_geometry_state *state, int listening, const sigset_t *waiting)
{
	static const struct timespec now = { 0 };
	struct clients clients = { .at = { { .fd = listening, .events = POLLIN } }, .count = 1 };

	while (!told_to_go)
		if (ppoll(clients.at, clients.count, NULL, waiting) > 0)
			serve_round(state, &clients);
	clients.at[0].events = 0;
	while (clients.count > 1 && ppoll(clients.at, clients.count, &now, NULL) > 0)
		serve_round(state, &clients);
	for (nfds_t i = 1; i < clients.count; i++)
		close(clients.at[i].fd);
}

/* From here on it can open nothing, and a geometry that eats memory ends this process alone. */
static void confine(void)
{
	const struct rlimit memory = { MEMORY_MAX, MEMORY_MAX }, nothing = { 0, 0 };

	/* Drafts of plans shall not lie in a core file, and nothing is ever written. */
	PP_MUST(setrlimit(RLIMIT_CORE, &nothing) == 0);
	/* AddressSanitizer reserves terabytes of addresses. */
	if (!PP_SANITIZED)
		PP_MUST(setrlimit(RLIMIT_AS, &memory) == 0);
	PP_MUST(pp_sandbox_enter(PP_SANDBOX_GEOMETRY_WORKER));
}

int pp_geometry_main(struct pp_child *child)
{
	struct sigaction action = { .sa_handler = go };
	struct pp_geometry_state state;
	struct pp_fault fault;
	sigset_t term, waiting;
	int code = 0;

	/* SIGTERM comes through only while waiting: a job is never interrupted by it. */
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, &waiting);
	sigdelset(&waiting, SIGTERM);
	sigaction(SIGTERM, &action, NULL);
	signal(SIGINT, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	if (!pp_geometry_begin(&state, &fault) || !load_from_database(&state, child, &fault)) {
		pp_log(PP_ERROR, "not_loaded", "%s", fault.detail);
		code = 1;
	} else {
		pp_log(PP_INFO, "loaded", "%u municipalities",
			state.boundaries ? pp_boundaries_count(state.boundaries) : 0);
		confine();
		pp_child_ready(child);
		serve(&state, child->sockets[0], &waiting);
	}
	pp_geometry_end(&state);
	pp_arena_end(&child->arena);
	return code;
}
