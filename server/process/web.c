/* SPDX-License-Identifier: EUPL-1.2 */
/* A web worker: one loop with its clients, its lanes to PostgreSQL and its lines to the workers. */
#include <signal.h>
#include <sys/resource.h>

#include <pp/base/clock.h>
#include <pp/base/log.h>
#include <pp/core/chunks.h>
#include <pp/core/provider.h>
#include <pp/core/req.h>
#include <pp/core/web.h>
#include <pp/feature/read.h>
#include <pp/feature/tile.h>
#include <pp/geo/geo.h>
#include <pp/io/secret.h>

#include "child.h"
#include "copier.h"
#include "lanes.h"
#include "../database/migrate.h"
#include "queries.h"
#include "../paths.h"
#include "../routes.h"

#define OTHER_FILES  64
#define FEWEST_FILES 256
/* 16 MB, of documents that many read at the same time. */
#define CHUNKS 64

struct web {
	struct pp_server server;
	struct pp_child *child;
	struct pp_http_limits limits;
	struct pp_timer *drain_check;
	int64_t drain_until;
};

static void database_state(void *ctx, bool usable, const char *reason)
{
	struct web *web = ctx;

	if (usable)
		pp_child_ready(web->child);
	pp_log(usable ? PP_INFO : PP_WARNING, usable ? "database_usable" : "database_lost", "%s",
		reason ? reason : "");
}

static void check_drained(void *ctx)
{
	struct web *web = ctx;

	if ((pp_http_connections(web->server.http) == 0 && web->server.request_count == 0) ||
		pp_clock_monotonic() > web->drain_until) {
		pp_loop_stop(web->server.loop);
		return;
	}
	pp_timer_start(web->drain_check, PP_SECOND / 20);
}

/* No new connections; what is under way is answered. Event streams end: their clients come back. */
static void drain(void *ctx)
{
	struct web *web = ctx;

	if (web->server.draining)
		return;
	web->server.draining = true;
	web->drain_until = pp_clock_monotonic() + web->child->config.drain_seconds * PP_SECOND;
	pp_log(PP_INFO, "draining", "%zu requests under way", web->server.request_count);
	pp_http_drain(web->server.http);
	pp_events_end(web->server.events);
	check_drained(web);
}

static void open_workers(struct web *web)
{
	struct pp_server *server = &web->server;
	struct pp_arena *arena = &web->child->arena;

	server->geometry_count = (size_t)web->child->config.geometry_workers;
	for (size_t i = 0; i < server->geometry_count; i++)
		server->geometry[i] = pp_worker_open(server->loop,
			pp_format(arena, "%s/geometry-%zu.sock", web->child->run_dir, i + 1).at);
	server->files_socket = pp_format(arena, "%s/files.sock", web->child->run_dir).at;
	server->clerk = pp_worker_open(
		server->loop, pp_format(arena, "%s/clerk.sock", web->child->run_dir).at);
}

/* Design D6: lanes keep slow questions from quick ones. */
static void open_database(struct web *web)
{
	static struct pp_db_options options;
	const struct pp_config *config = &web->child->config;
	size_t count = PP_Q_COUNT;
	const struct pp_query *queries = pp_feature_queries(&web->child->arena, pp_queries, &count);

	options = (struct pp_db_options){
		.url = config->database_url,
		.public_url = pp_child_database(&web->child->arena, config, "pp_public"),
		.statement_timeout_us = { [PP_LANE_READ] = 2 * PP_SECOND,
			[PP_LANE_WRITE] = 5 * PP_SECOND,
			[PP_LANE_SLOW] = 30 * PP_SECOND,
			[PP_LANE_PUBLIC] = 2 * PP_SECOND,
			[PP_LANE_PUBLIC_SLOW] = 30 * PP_SECOND },
		.queries = queries,
		.query_count = count,
		.schema_version = pp_schema_version(),
	};
	pp_lanes_of_worker(config->web_workers, options.connections);
	web->server.db = pp_db_open(web->server.loop, &options, database_state, web);
}

/*
 * As many as configured, as far as there are descriptors: a quarter and some more stay free for
 * bodies that come in as files, the database and the workers.
 */
static unsigned most_connections(const struct pp_config *config)
{
	struct rlimit files;
	rlim_t most;

	PP_MUST(getrlimit(RLIMIT_NOFILE, &files) == 0);
	files.rlim_cur = files.rlim_max;
	PP_MUST(setrlimit(RLIMIT_NOFILE, &files) == 0);
	most = files.rlim_cur < FEWEST_FILES ? FEWEST_FILES : files.rlim_cur;
	most = most - most / 4 - OTHER_FILES;
	if (most >= (rlim_t)config->connections)
		return (unsigned)config->connections;
	pp_log(PP_WARNING, "few_descriptors", "%llu open files allow %llu connections, not %lld",
		(unsigned long long)files.rlim_cur, (unsigned long long)most,
		(long long)config->connections);
	return (unsigned)most;
}

static void open_edge(struct web *web)
{
	const struct pp_config *config = &web->child->config;
	struct pp_server *server = &web->server;
	char error[256];

	PP_MUST(pp_proxies_read(&server->proxies, pp_slice_of(config->trusted_proxies), error));
	PP_MUST(pp_address_detail_named(pp_slice_of(config->log_address), &server->log_detail));
	server->sends_no_mail = strcmp(config->mail, "off") == 0;
	server->hsts_seconds = config->hsts_seconds;
	server->edits_need_match = config->edits_need_match;
	server->assurance = config->assurance;
	server->assurance_seconds = config->assurance_seconds;
	server->attachment_bytes = (uint64_t)config->attachment_mb << 20;
	server->attachment_count = (unsigned)config->attachments;
	server->waiting_round_bytes = (uint64_t)config->waiting_round_mb << 20;
	server->waiting_bytes = (uint64_t)config->waiting_mb << 20;
	server->rates[PP_RATE_PUBLIC] = (unsigned)config->rate_public;
	server->rates[PP_RATE_COSTLY] = (unsigned)config->rate_costly;
	server->rates[PP_RATE_SIGN_IN] = (unsigned)config->rate_sign_in;
	server->rates[PP_RATE_MAIL] = (unsigned)config->rate_mail;
	server->rates[PP_RATE_ACCOUNT] = (unsigned)config->rate_account;
	server->rates[PP_RATE_PROCEDURE] = (unsigned)config->rate_procedure;
}

static void open_http(struct web *web)
{
	const struct pp_config *config = &web->child->config;

	web->limits = pp_http_default_limits;
	web->limits.header_us = config->header_seconds * PP_SECOND;
	web->limits.idle_us = config->idle_seconds * PP_SECOND;
	web->limits.connections = most_connections(config);
	web->limits.connections_per_peer = (unsigned)config->connections_per_address;
	web->server.http = pp_http_open(
		web->server.loop, &web->limits, &pp_req_hooks, &web->server);
	for (size_t i = 0; i < web->child->socket_count; i++)
		pp_http_listen(web->server.http, web->child->sockets[i]);
}

/* Before anything is served: PROJ reads its database once. */
static void open_geo(struct web *web)
{
	struct pp_fault fault;

	web->server.geo = pp_geo_open(&web->child->arena, &fault);
	if (!web->server.geo)
		pp_log(PP_ERROR, "no_projections", "%s", fault.detail);
	PP_MUST(web->server.geo);
}

static void open_application(struct web *web)
{
	const char *named = web->child->config.web, *folder = named[0] ? named : pp_web_path();
	char error[256];

	web->server.web = pp_web_open(folder, error);
	if (!web->server.web)
		pp_log(PP_WARNING, "no_web_application", "%s", error);
}

/* The start has read it already; who has broken the file since is told, and serves without. */
static void open_site(struct web *web)
{
	char error[256];

	if (!pp_site_read(&web->child->arena, web->child->config.site, &web->server.site, error))
		pp_log(PP_WARNING, "no_site", "%s", error);
}

static void open_copies(struct web *web)
{
	struct pp_child *child = web->child;

	if (child->config.document_cache_mb)
		web->server.copies = pp_copies_open(
			pp_copies_folder(&child->arena, &child->config), child->share->made_at);
}

static void close_all(struct web *web)
{
	struct pp_server *server = &web->server;

	/* Whoever waits for a provider is told while there still is a connection to do so. */
	pp_providers_close(server->providers);
	pp_http_close(server->http);
	/* The drills and the tests look for this line: nothing may be left behind. */
	pp_log(PP_INFO, "ended", "live requests at exit: %zu", server->request_count);
	for (size_t i = 0; i < server->geometry_count; i++)
		pp_worker_close(server->geometry[i]);
	pp_worker_close(server->clerk);
	pp_db_close(server->db);
	/* Not before: until then the database may still tell it something. */
	pp_events_close(server->events);
	pp_tiles_close(server->tiles);
	pp_who_cache_close(server->who_cache);
	pp_chunks_close(server->chunks);
	pp_copies_close(server->copies);
	pp_web_close(server->web);
}

int pp_web_main(struct pp_child *child)
{
	static struct web web;
	struct pp_server *server = &web.server;
	struct pp_timer *terminate;

	web.child = child;
	*server = (struct pp_server){
		.magic = PP_SERVER_MAGIC,
		.loop = pp_loop_open(),
		.queries = pp_queries,
		.query_count = PP_Q_COUNT,
		.rooms = pp_routes,
		.share = child->share,
		.number = child->number,
		.who_cache = pp_who_cache_open(),
		.chunks = pp_chunks_open(CHUNKS),
		.secrets = child->config.secrets,
		.base_url = child->config.base_url[0] ? child->config.base_url : NULL,
	};
	PP_MUST(server->number < PP_SHARE_PROCESSES);
	pp_list_begin(&server->requests);
	pp_secret_open();
	pp_route_check(pp_routes, pp_queries, PP_Q_COUNT);
	open_geo(&web);
	open_database(&web);
	open_workers(&web);
	server->events = pp_events_open(server);
	server->tiles = pp_tiles_open(server, (uint64_t)child->config.tile_cache_mb << 20);
	server->providers = pp_providers_open(server->loop);
	open_edge(&web);
	open_copies(&web);
	open_application(&web);
	open_site(&web);
	open_http(&web);
	web.drain_check = pp_timer_open(server->loop, check_drained, &web);
	terminate = pp_signal_open(server->loop, SIGTERM, drain, &web);
	/* Ctrl-C reaches the whole group; the master says when to end. */
	signal(SIGINT, SIG_IGN);
	pp_loop_run(server->loop);
	close_all(&web);
	pp_timer_close(terminate);
	pp_timer_close(web.drain_check);
	pp_loop_close(server->loop);
	pp_arena_end(&child->arena);
	return 0;
}
