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

#include "crew.h"
#include "keys.h"
#include "lanes.h"
#include "metrics.h"
#include "sockets.h"
#include "../database/fit.h"
#include "../database/migrate.h"
#include "../database/postgres.h"

struct master {
	struct pp_loop *loop;
	struct pp_arena arena; /* of the configurations */
	struct pp_config config;
	pp_configure *configure;
	void *configure_ctx;
	struct pp_postgres *postgres; /* NULL with a database of the operator's */
	struct pp_metrics *metrics;
	struct pp_crew crew;
	struct pp_timer *kill_timer;
	bool started, serving;
	int exit_code;
};

static bool add_unix(struct master *master, struct pp_slot *slot, const char *name)
{
	char path[200], error[256];
	int fd;

	snprintf(path, sizeof(path), "%s/%s.sock", master->crew.run_dir, name);
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
		!add_unix(master, pp_crew_add(&master->crew, PP_ROLE_CLERK, 1), "clerk") ||
		!add_unix(master, pp_crew_add(&master->crew, PP_ROLE_FILES, 1), "files"))
		return false;
	for (unsigned i = 1; i <= master->config.geometry_workers; i++) {
		snprintf(name, sizeof(name), "geometry-%u", i);
		if (!add_unix(master, pp_crew_add(&master->crew, PP_ROLE_GEOMETRY, i), name))
			return false;
	}
	for (unsigned i = 1; i <= master->config.web_workers; i++) {
		struct pp_slot *slot = pp_crew_add(&master->crew, PP_ROLE_WEB, i);

		memcpy(slot->sockets, http, sizeof(http));
		slot->socket_count = http_count;
	}
	return true;
}

/* In order: those who take requests, those who work for them, the database, ourselves. */
static void end_next(struct master *master)
{
	static const enum pp_role helpers[] = { PP_ROLE_GEOMETRY, PP_ROLE_FILES, PP_ROLE_CLERK };
	bool left = false;

	if (pp_crew_is_alive(&master->crew, PP_ROLE_WEB))
		return;
	for (size_t i = 0; i < PP_LENGTH(helpers); i++) {
		if (pp_crew_is_alive(&master->crew, helpers[i])) {
			pp_crew_tell(&master->crew, helpers[i], SIGTERM);
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

	if (master->crew.ending)
		return;
	master->crew.ending = true;
	pp_log(PP_INFO, "ending", "requests under way have %lld s",
		(long long)master->config.drain_seconds);
	pp_crew_tell(&master->crew, PP_ROLE_WEB, SIGTERM);
	/* A second more than a web worker takes: those who work for it end after it. */
	pp_timer_start(master->kill_timer, (master->config.drain_seconds + 1) * PP_SECOND);
	end_next(master);
}

static void kill_the_rest(void *ctx)
{
	struct master *master = ctx;

	for (int role = 0; role < PP_ROLES; role++)
		pp_crew_tell(&master->crew, (enum pp_role)role, SIGKILL);
	pp_timer_start(master->kill_timer, 2 * PP_SECOND);
}

static void reap(void *ctx)
{
	struct master *master = ctx;
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		pp_crew_ended(&master->crew, pid, status);
		if (master->postgres)
			pp_postgres_child_ended(master->postgres, pid, status);
	}
	if (master->crew.ending)
		end_next(master);
}

static void renew_geometry(void *ctx)
{
	struct master *master = ctx;

	if (master->crew.ending || !master->serving)
		return;
	pp_log(PP_INFO, "boundaries_renewed", "new geometry workers take over");
	pp_crew_replace(&master->crew, PP_ROLE_GEOMETRY);
}

static void reload(void *ctx)
{
	struct master *master = ctx;
	struct pp_config old = master->config;
	char error[256];

	if (master->crew.ending || !master->serving)
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
	pp_crew_replace(&master->crew, PP_ROLE_WEB);
	pp_crew_replace(&master->crew, PP_ROLE_CLERK);
	pp_crew_replace(&master->crew, PP_ROLE_FILES);
}

/* The clerk first: it must be watching for new boundaries before anybody reads the present ones. */
static void start_children(struct master *master)
{
	if (master->started || master->crew.ending)
		return;
	master->started = true;
	pp_crew_bear(&master->crew, PP_ROLE_CLERK);
}

static void child_ready(void *ctx, enum pp_role role)
{
	struct master *master = ctx;

	if (role != PP_ROLE_CLERK || master->crew.ending)
		return;
	/* A clerk that was away may have missed an import. */
	if (master->serving) {
		renew_geometry(master);
		return;
	}
	master->serving = true;
	for (int other = 0; other < PP_ROLES; other++)
		if (other != PP_ROLE_CLERK)
			pp_crew_bear(&master->crew, (enum pp_role)other);
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
	if (state == PP_POSTGRES_ENDED && master->crew.ending) {
		end_next(master);
		return;
	}
	if (state != PP_POSTGRES_READY || master->started || master->crew.ending)
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
	master.crew = (struct pp_crew){ .loop = master.loop,
		.config = &master.config,
		.share_fd = pp_share_make(),
		.ready = child_ready,
		.ctx = &master };
	master.crew.share = pp_share_map(master.crew.share_fd);
	master.kill_timer = pp_timer_open(master.loop, kill_the_rest, &master);
	master.crew.run_dir = pp_postgres_run_dir(&master.arena, config->data, error);
	if (!master.crew.run_dir) {
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
		!pp_metrics_open(
			&master.metrics, master.loop, config->metrics, master.crew.share) ||
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
	pp_crew_close(&master.crew);
	pp_timer_close(master.kill_timer);
	pp_loop_close(master.loop);
	pp_arena_end(&master.arena);
	pp_log(PP_INFO, "ended", "exit code %d", master.exit_code);
	return master.exit_code;
}
