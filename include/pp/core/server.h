/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * One web worker: the loop, the connections to clients, to the database and to the workers, and the
 * routes. It is made once by server/process/web.c and handed down; nothing in it is global.
 */
#include <pp/base/list.h>
#include <pp/core/caller.h>
#include <pp/core/route.h>
#include <pp/core/share.h>
#include <pp/core/site.h>
#include <pp/io/db.h>
#include <pp/io/http.h>
#include <pp/io/worker.h>

#define PP_SERVER_MAGIC     0x50505356u
#define PP_GEOMETRY_WORKERS 16

struct pp_who_cache;
struct pp_events;
struct pp_providers;
struct pp_chunks;
struct pp_geo;
struct pp_tiles;
struct pp_web;

struct pp_server {
	unsigned magic;
	struct pp_loop *loop;
	struct pp_http *http;
	struct pp_db *db;
	const struct pp_query *queries;
	size_t query_count;
	const struct pp_route *const *rooms; /* the rooms' route tables, NULL at the end */
	struct pp_worker *geometry[PP_GEOMETRY_WORKERS];
	size_t geometry_count;
	const char *files_socket; /* one connection per file job */
	struct pp_worker *clerk;  /* argon2id is computed there, not in the loop */
	struct pp_share *share;   /* counters and rate limits of all processes */
	unsigned number;          /* of this worker, from 0 */
	struct pp_who_cache *who_cache;
	struct pp_events *events;
	struct pp_providers *providers;
	struct pp_geo *geo;       /* for features in other CRSs than that of storage */
	struct pp_tiles *tiles;   /* of collections, see feature/tile.h */
	struct pp_web *web;       /* the web application; NULL: served without */
	struct pp_site site;      /* what the operator says, see site.h */
	struct pp_chunks *chunks; /* of files that many want */
	struct pp_copies *copies; /* of larger ones, on disk; NULL: none are kept */
	const char *secrets;      /* folder, see core/secrets.h */
	struct pp_link requests;  /* every open request */
	size_t request_count;
	const char *base_url; /* as configured, or NULL: from Host */
	struct pp_proxies proxies;
	enum pp_address_detail log_detail; /* of clients' addresses */
	int64_t hsts_seconds;              /* 0: not said */
	const char *assurance;             /* what binding routes demand, see assurance.h */
	int64_t assurance_seconds;         /* 0: however long ago */
	unsigned rates[PP_RATES];          /* per minute; 0: no limit */
	uint64_t attachment_bytes;         /* of one, at most */
	unsigned attachment_count;         /* with one statement, at most */
	/* What strangers have announced and not submitted, of a round and of all; 0: no limit. */
	uint64_t waiting_round_bytes, waiting_bytes;
	bool sends_no_mail;
	bool edits_need_match; /* of features: 428 without a precondition */
	bool draining;
};
