/* SPDX-License-Identifier: EUPL-1.2 */
#include "master.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <pp/base/clock.h>
#include <pp/base/log.h>
#include <pp/core/share.h>
#include <pp/io/loop.h>

#include "child.h"
#include "keys.h"
#include "lanes.h"
#include "metrics.h"
#include "sockets.h"
#include "../database/fit.h"
#include "../database/migrate.h"
#include "../database/postgres.h"

#define SLOTS         64
#define BACKOFF_LEAST (PP_SECOND / 10)
#define BACKOFF_MOST  (10 * PP_SECOND)

/* One child and, while it is being replaced, the one that takes its place. */
struct slot {
	struct master *master;
	enum pp_role role;
	unsigned number;
	pid_t pid, older;
	int sockets[PP_CHILD_SOCKETS];
	size_t socket_count;
	int64_t born, backoff;
	struct pp_timer *again;
	struct pp_watch *ready_watch;
	int ready;
};

struct master {
	struct pp_loop *loop;
	struct pp_arena arena; /* of the configurations */
	struct pp_config config;
	pp_configure *configure;
	void *configure_ctx;
	const char *run_dir;
	int share_fd;
	struct pp_share *share;
	struct pp_postgres *postgres; /* NULL with a database of the operator's */
	struct pp_metrics *metrics;
	struct slot slots[SLOTS];
	size_t slot_count;
	struct pp_timer *kill_timer;
	bool ending, started, serving;
	int exit_code;
};

static void bear(struct slot *slot);
static void clerk_ready(struct master *master);

/* The new one answers: the one before it may finish what it has and go. */
static void child_ready(void *ctx, unsigned what)
{
	struct slot *slot = ctx;
	char byte;

	(void)what;
	if (read(slot->ready, &byte, 1) == 1) {
		slot->backoff = BACKOFF_LEAST;
		if (slot->older > 0)
			kill(slot->older, SIGTERM);
		if (slot->role == PP_ROLE_CLERK)
			clerk_ready(slot->master);
	}
	pp_watch_close(slot->ready_watch);
	close(slot->ready);
	slot->ready_watch = NULL;
}

static void bear(struct slot *slot)
{
	struct master *master = slot->master;
	struct pp_birth birth = { slot->role, slot->number, &master->config, master->run_dir,
		master->share_fd, { 0 }, slot->socket_count };

	memcpy(birth.sockets, slot->sockets, sizeof(birth.sockets));
	if (slot->ready_watch) {
		pp_watch_close(slot->ready_watch);
		close(slot->ready);
		slot->ready_watch = NULL;
	}
	slot->born = pp_clock_monotonic();
	slot->pid = pp_child_bear(&birth, &slot->ready);
	if (slot->pid < 0) {
		pp_log(PP_ERROR, "child_not_started", "%s: %s", pp_role_names[slot->role],
			strerror(errno));
		pp_timer_start(slot->again, slot->backoff);
		return;
	}
	slot->ready_watch = pp_watch_open(master->loop, slot->ready, child_ready, slot);
	pp_watch_for(slot->ready_watch, PP_READABLE);
	pp_log(PP_INFO, "child_started", "%s %u is process %d", pp_role_names[slot->role],
		slot->number, (int)slot->pid);
}

static void bear_again(void *ctx)
{
	struct slot *slot = ctx;

	if (!slot->master->ending && slot->pid <= 0)
		bear(slot);
}

static struct slot *add_slot(struct master *master, enum pp_role role, unsigned number)
{
	struct slot *slot = &master->slots[master->slot_count++];

	PP_MUST(master->slot_count <= SLOTS);
	*slot = (struct slot){
		.master = master, .role = role, .number = number, .backoff = BACKOFF_LEAST
	};
	slot->again = pp_timer_open(master->loop, bear_again, slot);
	return slot;
}

static bool add_unix(struct master *master, struct slot *slot, const char *name)
{
	char path[200], error[256];
	int fd;

	snprintf(path, sizeof(path), "%s/%s.sock", master->run_dir, name);
	fd = pp_listen_unix(path, 0600, error);
	if (fd < 0) {
		pp_log(PP_ERROR, "not_listening", "%s", error);
		return false;
	}
	slot->sockets[slot->socket_count++] = fd;
	return true;
}

static bool open_http_sockets(struct master *master, int sockets[2], size_t *count)
{
	char error[256];

	*count = 0;
	if (master->config.listen[0]) {
		sockets[*count] = pp_listen_tcp(master->config.listen, error);
		if (sockets[(*count)++] < 0)
			goto failed;
	}
	if (master->config.socket[0]) {
		sockets[*count] = pp_listen_unix(master->config.socket, 0666, error);
		if (sockets[(*count)++] < 0)
			goto failed;
	}
	if (*count)
		return true;
	snprintf(error, sizeof(error), "neither listen nor socket is set");
failed:
	pp_log(PP_ERROR, "not_listening", "%s", error);
	return false;
}

/* Every slot with its sockets; nothing is born yet. */
static bool plan_children(struct master *master)
{
	int http[2];
	size_t http_count;
	char name[32];

	if (!open_http_sockets(master, http, &http_count) ||
		!add_unix(master, add_slot(master, PP_ROLE_CLERK, 1), "clerk") ||
		!add_unix(master, add_slot(master, PP_ROLE_FILES, 1), "files"))
		return false;
	for (unsigned i = 1; i <= master->config.geometry_workers; i++) {
		snprintf(name, sizeof(name), "geometry-%u", i);
		if (!add_unix(master, add_slot(master, PP_ROLE_GEOMETRY, i), name))
			return false;
	}
	for (unsigned i = 1; i <= master->config.web_workers; i++) {
		struct slot *slot = add_slot(master, PP_ROLE_WEB, i);

		memcpy(slot->sockets, http, sizeof(http));
		slot->socket_count = http_count;
	}
	return true;
}

static bool is_alive(const struct master *master, enum pp_role role)
{
	for (size_t i = 0; i < master->slot_count; i++)
		if (master->slots[i].role == role &&
			(master->slots[i].pid > 0 || master->slots[i].older > 0))
			return true;
	return false;
}

static void tell(struct master *master, enum pp_role role, int number)
{
	for (size_t i = 0; i < master->slot_count; i++) {
		struct slot *slot = &master->slots[i];

		if (slot->role != role)
			continue;
		if (slot->pid > 0)
			kill(slot->pid, number);
		if (slot->older > 0)
			kill(slot->older, number);
	}
}

/* In order: those who take requests, those who work for them, the database, ourselves. */
static void end_next(struct master *master)
{
	static const enum pp_role helpers[] = { PP_ROLE_GEOMETRY, PP_ROLE_FILES, PP_ROLE_CLERK };
	bool left = false;

	if (is_alive(master, PP_ROLE_WEB))
		return;
	for (size_t i = 0; i < PP_LENGTH(helpers); i++) {
		if (is_alive(master, helpers[i])) {
			tell(master, helpers[i], SIGTERM);
			left = true;
		}
	}
	if (left)
		return;
	if (master->postgres && pp_postgres_is_alive(master->postgres)) {
		pp_postgres_stop(master->postgres);
		return;
	}
	pp_loop_stop(master->loop);
}

static void end(void *ctx)
{
	struct master *master = ctx;

	if (master->ending)
		return;
	master->ending = true;
	pp_log(PP_INFO, "ending", "requests under way have %lld s",
		(long long)master->config.drain_seconds);
	tell(master, PP_ROLE_WEB, SIGTERM);
	/* A second more than a web worker takes: those who work for it end after it. */
	pp_timer_start(master->kill_timer, (master->config.drain_seconds + 1) * PP_SECOND);
	end_next(master);
}

static void kill_the_rest(void *ctx)
{
	struct master *master = ctx;

	for (int role = 0; role < PP_ROLES; role++)
		tell(master, (enum pp_role)role, SIGKILL);
	pp_timer_start(master->kill_timer, 2 * PP_SECOND);
}

static void child_ended(struct slot *slot, pid_t pid, int status)
{
	struct master *master = slot->master;
	bool was_current = slot->pid == pid, was_told;

	if (slot->older == pid)
		slot->older = 0;
	if (was_current)
		slot->pid = 0;
	if (slot->role == PP_ROLE_WEB && slot->pid <= 0 && slot->older <= 0)
		pp_share_close(master->share, slot->number);
	/* One that has not come as far as its own handler ends by SIGTERM when it is told to go. */
	was_told = master->ending || !was_current;
	if (was_told && WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM)
		return;
	if (WIFSIGNALED(status) || WEXITSTATUS(status) != 0)
		pp_log(PP_WARNING, "child_ended", "%s %u (process %d) ended by %s %d",
			pp_role_names[slot->role], slot->number, (int)pid,
			WIFSIGNALED(status) ? "signal" : "status",
			WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	if (was_told)
		return;
	atomic_fetch_add_explicit(&master->share->restarts, 1, memory_order_relaxed);
	/* One that lived for a while starts at once; one that keeps dying waits ever longer. */
	if (pp_clock_monotonic() - slot->born > BACKOFF_MOST)
		slot->backoff = BACKOFF_LEAST;
	pp_timer_start(slot->again, slot->backoff);
	slot->backoff = slot->backoff * 2 > BACKOFF_MOST ? BACKOFF_MOST : slot->backoff * 2;
}

static void reap(void *ctx)
{
	struct master *master = ctx;
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (size_t i = 0; i < master->slot_count; i++)
			if (master->slots[i].pid == pid || master->slots[i].older == pid)
				child_ended(&master->slots[i], pid, status);
		if (master->postgres)
			pp_postgres_child_ended(master->postgres, pid, status);
	}
	if (master->ending)
		end_next(master);
}

/* Bears a successor; the present one is told to go when that one is ready. */
static void replace(struct slot *slot)
{
	/* A successor that is not ready yet is replaced itself; the one in service stays. */
	if (slot->older > 0 && slot->pid > 0)
		kill(slot->pid, SIGKILL);
	else
		slot->older = slot->pid;
	bear(slot);
}

static void replace_role(struct master *master, enum pp_role role)
{
	for (size_t i = 0; i < master->slot_count; i++)
		if (master->slots[i].role == role)
			replace(&master->slots[i]);
}

static void renew_geometry(void *ctx)
{
	struct master *master = ctx;

	if (master->ending || !master->serving)
		return;
	pp_log(PP_INFO, "boundaries_renewed", "new geometry workers take over");
	replace_role(master, PP_ROLE_GEOMETRY);
}

static void reload(void *ctx)
{
	struct master *master = ctx;
	struct pp_config old = master->config;
	char error[256];

	if (master->ending || !master->serving)
		return;
	/* The old texts stay until the end: some of them are still in use. */
	if (!master->configure(master->configure_ctx, &master->config, &master->arena, error)) {
		master->config = old;
		pp_log(PP_ERROR, "not_reloaded", "%s; the old configuration stays in force", error);
		return;
	}
	/* Sockets, processes and the database are fixed at the start. */
	master->config.listen = old.listen;
	master->config.socket = old.socket;
	master->config.metrics = old.metrics;
	master->config.web_workers = old.web_workers;
	master->config.geometry_workers = old.geometry_workers;
	if (master->postgres) {
		master->config.database_url = old.database_url;
		pp_keys_make(&master->config, &master->arena);
	}
	pp_log(PP_INFO, "reloaded", "new workers take over");
	replace_role(master, PP_ROLE_WEB);
	replace_role(master, PP_ROLE_CLERK);
	replace_role(master, PP_ROLE_FILES);
}

/* The clerk first: it must be watching for new boundaries before anybody reads the present ones. */
static void start_children(struct master *master)
{
	if (master->started || master->ending)
		return;
	master->started = true;
	for (size_t i = 0; i < master->slot_count; i++)
		if (master->slots[i].role == PP_ROLE_CLERK)
			bear(&master->slots[i]);
}

static void clerk_ready(struct master *master)
{
	if (master->ending)
		return;
	/* A clerk that was away may have missed an import. */
	if (master->serving) {
		renew_geometry(master);
		return;
	}
	master->serving = true;
	for (size_t i = 0; i < master->slot_count; i++)
		if (master->slots[i].role != PP_ROLE_CLERK)
			bear(&master->slots[i]);
	pp_log(PP_INFO, "serving", "http://%s", master->config.listen);
}

static void progress(void *ctx, const char *sentence)
{
	(void)ctx;
	pp_log(PP_INFO, "migrate", "%s", sentence);
}

/* The embedded cluster answers: bring its schema up to this program, then serve. */
static void postgres_state(void *ctx, enum pp_postgres_state state, const char *reason)
{
	struct master *master = ctx;
	struct pp_fault fault;

	if (state == PP_POSTGRES_FAILED) {
		pp_log(PP_ERROR, "postgres_failed", "%s", reason);
		if (!master->started) {
			master->exit_code = 1;
			end(master);
		}
		return;
	}
	if (state == PP_POSTGRES_ENDED && master->ending) {
		end_next(master);
		return;
	}
	if (state != PP_POSTGRES_READY || master->started || master->ending)
		return;
	if (!pp_migrate(pp_postgres_url(master->postgres, "pp_owner"),
		    pp_postgres_url(master->postgres, NULL), progress, master, &fault)) {
		pp_log(PP_ERROR, "not_migrated", "%s", fault.detail);
		master->exit_code = 1;
		end(master);
		return;
	}
	start_children(master);
}

static bool start_database(struct master *master)
{
	char error[256];

	if (master->config.database_url[0]) {
		struct pp_fault fault;

		if (!pp_database_fits(master->config.database_url,
			    pp_lanes_of_server(
				    master->config.web_workers, master->config.geometry_workers),
			    &fault)) {
			pp_log(PP_ERROR, "database_unfit", "%s", fault.detail);
			return false;
		}
		start_children(master);
		return true;
	}
	master->postgres = pp_postgres_open(
		master->loop, master->config.data, postgres_state, master, error);
	if (!master->postgres) {
		pp_log(PP_ERROR, "postgres_failed", "%s", error);
		return false;
	}
	master->config.database_url = pp_postgres_url(master->postgres, "pp_server");
	pp_keys_make(&master->config, &master->arena);
	return true;
}

int pp_master_main(const struct pp_config *config, pp_configure *configure, void *ctx)
{
	static struct master master;
	struct pp_timer *signals[5];
	char error[256];

	master = (struct master){ .config = *config, .configure = configure, .configure_ctx = ctx };
	pp_arena_begin(&master.arena);
	pp_config_complete(&master.config);
	master.loop = pp_loop_open();
	master.share_fd = pp_share_make();
	master.share = pp_share_map(master.share_fd);
	master.kill_timer = pp_timer_open(master.loop, kill_the_rest, &master);
	master.run_dir = pp_postgres_run_dir(&master.arena, config->data, error);
	if (!master.run_dir) {
		pp_log(PP_ERROR, "no_run_dir", "%s", error);
		return 1;
	}
	signal(SIGPIPE, SIG_IGN);
	signals[0] = pp_signal_open(master.loop, SIGCHLD, reap, &master);
	signals[1] = pp_signal_open(master.loop, SIGTERM, end, &master);
	signals[2] = pp_signal_open(master.loop, SIGINT, end, &master);
	signals[3] = pp_signal_open(master.loop, SIGHUP, reload, &master);
	signals[4] = pp_signal_open(master.loop, SIGUSR1, renew_geometry, &master);
	if (!plan_children(&master) ||
		!pp_metrics_open(&master.metrics, master.loop, config->metrics, master.share) ||
		!start_database(&master))
		master.exit_code = 1;
	else
		pp_loop_run(master.loop);
	if (master.metrics)
		pp_metrics_close(master.metrics);
	if (master.postgres)
		pp_postgres_close(master.postgres);
	for (size_t i = 0; i < PP_LENGTH(signals); i++)
		pp_timer_close(signals[i]);
	for (size_t i = 0; i < master.slot_count; i++)
		pp_timer_close(master.slots[i].again);
	pp_timer_close(master.kill_timer);
	pp_loop_close(master.loop);
	pp_arena_end(&master.arena);
	pp_log(PP_INFO, "ended", "exit code %d", master.exit_code);
	return master.exit_code;
}
