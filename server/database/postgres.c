/* SPDX-License-Identifier: EUPL-1.2 */
/* The life of the embedded PostgreSQL, as a machine that never blocks; borrowed by commands. */
#include "postgres_inner.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <pp/base/clock.h>
#include <pp/base/log.h>
#include <pp/io/admin.h>

#define DATABASE      "planungsplattform"
#define LOOK_US       INT64_C(20000)
#define LOCK_US       INT64_C(200000)
#define LEAST_WAIT_US INT64_C(50000)
#define MOST_WAIT_US  PP_SECOND
#define FIRST_US      (15 * PP_SECOND) /* for a first start that keeps failing */
#define FAST_US       (20 * PP_SECOND) /* for a fast shutdown with its checkpoint */

/* The first one is the superuser. */
static const char *const roles[PP_POSTGRES_ROLES] = { "postgres", "pp_owner", "pp_server",
	"pp_public", "pp_geometry", "pp_clerk" };

static void tell(struct pp_postgres *pg, enum pp_postgres_state state, const char *reason)
{
	pg->state(pg->ctx, state, reason);
}

static void fail(struct pp_postgres *pg, const char *reason)
{
	char copy[256];

	snprintf(copy, sizeof(copy), "%s", reason);
	pg->step = PP_STEP_FAILED;
	pp_timer_stop(pg->timer);
	tell(pg, PP_POSTGRES_FAILED, copy);
}

static void spawn(struct pp_postgres *pg, enum pp_postgres_step step, const char *const argv[],
	const char *log)
{
	pg->pid = pp_place_spawn(&pg->place, argv, log);
	if (pg->pid < 0) {
		fail(pg, strerror(errno));
		return;
	}
	pg->step = step;
	pp_timer_start(pg->timer, LOOK_US);
}

static const char *program(struct pp_postgres *pg, char out[4200], const char *name)
{
	snprintf(out, 4200, "%s/%s", pg->place.bin, name);
	return out;
}

/* C.UTF-8 sorts by code point and never changes; whoever sorts names for people says so in SQL. */
static void make_cluster(struct pp_postgres *pg)
{
	char path[4200];
	const char *const argv[] = { program(pg, path, "initdb"), "-D",
		pp_place_new_cluster(&pg->place), "--username=postgres", "--auth=trust",
		"--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums", "--no-instructions",
		NULL };

	pp_log(PP_INFO, "postgres", "makes the cluster %s", pg->place.cluster);
	spawn(pg, PP_STEP_INITDB, argv, "initdb.log");
}

static void start_cluster(struct pp_postgres *pg)
{
	char path[4200], error[256];
	const char *const argv[] = { program(pg, path, "postgres"), "-D", pg->place.cluster, NULL };

	if (!pp_place_write_settings(&pg->place, error)) {
		fail(pg, error);
		return;
	}
	pp_place_end_orphans(&pg->place);
	spawn(pg, PP_STEP_START, argv, "start.log");
}

static void adopted_ended(void *ctx, unsigned what)
{
	struct pp_postgres *pg = ctx;

	(void)what;
	pp_postgres_child_ended(pg, pg->pid, 0);
}

static void adopt(struct pp_postgres *pg, const struct pp_postmaster *found)
{
	pg->pid_fd = pidfd_open(found->pid, 0);
	if (pg->pid_fd < 0) {
		/* It has ended just now: look again. */
		pg->step = PP_STEP_AGAIN;
		pp_timer_start(pg->timer, LOOK_US);
		return;
	}
	pp_log(PP_INFO, "postgres", "adopts process %d", (int)found->pid);
	pg->pid = found->pid;
	pg->adopted = pp_watch_open(pg->loop, pg->pid_fd, adopted_ended, pg);
	pp_watch_for(pg->adopted, PP_READABLE);
	pg->step = PP_STEP_START;
	pp_timer_start(pg->timer, LOOK_US);
}

static void forget_process(struct pp_postgres *pg)
{
	if (pg->adopted)
		pp_watch_close(pg->adopted);
	if (pg->pid_fd >= 0)
		close(pg->pid_fd);
	pg->adopted = NULL;
	pg->pid_fd = -1;
	pg->pid = 0;
}

static void begin(struct pp_postgres *pg)
{
	struct pp_postmaster found;

	if (!pp_place_has_cluster(&pg->place))
		make_cluster(pg);
	else if (pp_place_postmaster(&pg->place, &found))
		adopt(pg, &found);
	else
		start_cluster(pg);
}

static bool make_database(struct pp_admin *admin, struct pp_arena *arena, struct pp_fault *fault)
{
	struct pp_rows *rows;

	if (!pp_admin_ask(admin, arena, "select from pg_database where datname = '" DATABASE "'", 0,
		    NULL, &rows, fault))
		return false;
	return rows->rows || pp_admin_run(admin, "create database " DATABASE, fault);
}

static const char *make_url(struct pp_postgres *pg, const char *role, const char *database)
{
	struct pp_buf *out = pp_buf_make(&pg->arena);

	pp_buf_format(out, "postgresql://%s@/%s?host=", role, database);
	/* RFC 3986 §3.4; a folder may have any name. */
	pp_buf_percent(out, pp_slice_of(pg->place.sockets), "/");
	pp_buf_u8(out, '\0');
	return out->at;
}

/* The one thing that blocks, for some 100 ms, once in the life of a cluster. */
static bool has_database(struct pp_postgres *pg, char error[256])
{
	struct pp_fault fault = { 0 };
	struct pp_admin *admin = pp_admin_open(make_url(pg, roles[0], "postgres"), &fault);
	struct pp_arena arena;
	bool good;

	pp_arena_begin(&arena);
	good = admin && make_database(admin, &arena, &fault);
	pp_arena_end(&arena);
	pp_admin_close(admin);
	snprintf(error, 256, "%s", fault.detail);
	return good;
}

static void look_if_ready(struct pp_postgres *pg)
{
	struct pp_postmaster found;
	char error[256];

	if (!pp_place_postmaster(&pg->place, &found) || found.pid != pg->pid || !found.ready) {
		pp_timer_start(pg->timer, LOOK_US);
		return;
	}
	if (!pg->was_ready && !has_database(pg, error)) {
		fail(pg, error);
		return;
	}
	pg->step = PP_STEP_READY;
	pg->was_ready = true;
	pg->wait = LEAST_WAIT_US;
	pp_log(PP_INFO, "postgres", "process %d is ready", (int)pg->pid);
	tell(pg, PP_POSTGRES_READY, NULL);
}

static void take_lock(struct pp_postgres *pg)
{
	enum pp_keeper other;

	if (pp_place_lock(&pg->place, pg->as, &other)) {
		begin(pg);
		return;
	}
	pg->step = PP_STEP_LOCK;
	pp_timer_start(pg->timer, LOCK_US);
}

static void end(struct pp_postgres *pg)
{
	pg->step = PP_STEP_ENDED;
	pp_place_unlock(&pg->place);
	tell(pg, PP_POSTGRES_ENDED, NULL);
}

static void go_on(struct pp_postgres *pg)
{
	switch (pg->step) {
	case PP_STEP_LOCK:
		take_lock(pg);
		return;
	case PP_STEP_START:
		look_if_ready(pg);
		return;
	case PP_STEP_AGAIN:
		begin(pg);
		return;
	case PP_STEP_STOP:
		if (!pg->pid) {
			end(pg);
			return;
		}
		pp_log(PP_WARNING, "postgres", "does not end; told to quit at once");
		kill(pg->pid, SIGQUIT);
		return;
	case PP_STEP_INITDB:
	case PP_STEP_READY:
	case PP_STEP_ENDED:
	case PP_STEP_FAILED:
		return;
	}
}

static void on_timer(void *ctx)
{
	go_on(ctx);
}

static void initdb_ended(struct pp_postgres *pg, int status)
{
	char line[256], error[256];

	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		pp_place_last_line(&pg->place, "initdb.log", line);
		snprintf(error, sizeof(error), "initdb failed: %.230s", line);
		fail(pg, error);
	} else if (!pp_place_keep_new(&pg->place, error)) {
		fail(pg, error);
	} else {
		start_cluster(pg);
	}
}

static void describe_end(const struct pp_postgres *pg, char out[256])
{
	char line[256];

	pp_place_last_line(&pg->place, "start.log", line);
	if (pg->step == PP_STEP_READY)
		snprintf(out, 256, "PostgreSQL has ended; see %.200s", pg->place.log);
	else if (strstr(line, "FATAL") || !strstr(line, "LOG"))
		snprintf(out, 256, "PostgreSQL did not start: %.220s", line);
	else
		snprintf(out, 256, "PostgreSQL did not start; see %.200s", pg->place.log);
}

/* A first start that cannot succeed must be told; one that did is worth trying for ever. */
static void postmaster_ended(struct pp_postgres *pg)
{
	char reason[256];

	describe_end(pg, reason);
	if (!pg->was_ready && pp_loop_now(pg->loop) - pg->began > FIRST_US) {
		fail(pg, reason);
		return;
	}
	pp_log(PP_WARNING, "postgres", "%s; starts again", reason);
	pg->step = PP_STEP_AGAIN;
	pp_timer_start(pg->timer, pg->wait);
	pg->wait = pg->wait * 2 > MOST_WAIT_US ? MOST_WAIT_US : pg->wait * 2;
	tell(pg, PP_POSTGRES_STARTING, reason);
}

void pp_postgres_child_ended(struct pp_postgres *pg, pid_t pid, int status)
{
	if (pid <= 0 || pid != pg->pid)
		return;
	forget_process(pg);
	if (pg->step == PP_STEP_STOP)
		end(pg);
	else if (pg->step == PP_STEP_INITDB)
		initdb_ended(pg, status);
	else if (pg->step == PP_STEP_START || pg->step == PP_STEP_READY)
		postmaster_ended(pg);
}

bool pp_postgres_is_alive(const struct pp_postgres *pg)
{
	return pg->pid > 0 || (pg->step != PP_STEP_ENDED && pg->step != PP_STEP_FAILED);
}

void pp_postgres_stop(struct pp_postgres *pg)
{
	bool making = pg->step == PP_STEP_INITDB;

	if (pg->step == PP_STEP_STOP || pg->step == PP_STEP_ENDED)
		return;
	pg->step = PP_STEP_STOP;
	if (pg->pid > 0)
		kill(pg->pid, making ? SIGTERM : SIGINT);
	pp_timer_start(pg->timer, pg->pid > 0 ? FAST_US : 0);
}

/* A cluster that runs already keeps the folder that it was started with. */
void pp_postgres_find_urls(struct pp_postgres *pg)
{
	struct pp_postmaster found;

	if (pp_place_postmaster(&pg->place, &found) && found.sockets[0])
		pg->place.sockets = pp_text(&pg->arena, pp_slice_of(found.sockets));
	for (size_t i = 0; i < PP_LENGTH(roles); i++)
		pg->urls[i] = make_url(pg, roles[i], DATABASE);
}

struct pp_postgres *pp_postgres_make(enum pp_keeper as, const char *data, char error[256])
{
	struct pp_postgres *pg = calloc(1, sizeof(*pg));

	PP_MUST(pg);
	pg->as = as;
	pg->pid_fd = -1;
	pg->wait = LEAST_WAIT_US;
	pg->step = PP_STEP_LOCK;
	pp_arena_begin(&pg->arena);
	if (!pp_place_open(&pg->place, &pg->arena, data, error)) {
		pp_postgres_close(pg);
		return NULL;
	}
	pp_postgres_find_urls(pg);
	return pg;
}

void pp_postgres_start(struct pp_postgres *pg, struct pp_loop *loop,
	void (*state)(void *ctx, enum pp_postgres_state state, const char *reason), void *ctx)
{
	pg->loop = loop;
	pg->state = state;
	pg->ctx = ctx;
	pg->began = pp_loop_now(loop);
	pg->timer = pp_timer_open(loop, on_timer, pg);
	pp_timer_start(pg->timer, 0);
}

struct pp_postgres *pp_postgres_open(struct pp_loop *loop, const char *data,
	void (*state)(void *ctx, enum pp_postgres_state state, const char *reason), void *ctx,
	char error[256])
{
	struct pp_postgres *pg = pp_postgres_make(PP_KEEPER_SERVER, data, error);
	enum pp_keeper other;

	if (!pg)
		return NULL;
	if (!pp_place_lock(&pg->place, PP_KEEPER_SERVER, &other)) {
		if (other == PP_KEEPER_SERVER) {
			snprintf(error, 256, "another server uses %.200s", pg->place.data);
			pp_postgres_close(pg);
			return NULL;
		}
		pp_log(PP_INFO, "postgres", "waits for a command that uses %s", pg->place.data);
	}
	pp_postgres_start(pg, loop, state, ctx);
	return pg;
}

void pp_postgres_close(struct pp_postgres *pg)
{
	if (!pg)
		return;
	forget_process(pg);
	pp_timer_close(pg->timer);
	pp_place_close(&pg->place);
	pp_arena_end(&pg->arena);
	free(pg);
}

const char *pp_postgres_url(const struct pp_postgres *pg, const char *role)
{
	for (size_t i = 0; i < PP_LENGTH(roles); i++)
		if (strcmp(role ? role : roles[0], roles[i]) == 0)
			return pg->urls[i];
	pp_must_failed("the role is one of ours", __FILE__, __LINE__);
}
