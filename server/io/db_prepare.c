/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A new connection's first work, is this our schema; and the queries, each prepared on a connection
 * when it is first asked there: most connections never see most of them.
 */
#include "db_inner.h"

#include <stdio.h>
#include <stdlib.h>

#define GREETINGS 2 /* the version; what every session has: identity and room */

static int by_name(const void *a, const void *b)
{
	const struct pp_query *const *one = a, *const *other = b;

	return strcmp((*one)->name, (*other)->name);
}

void pp_db_list_queries(struct pp_db *db, const struct pp_query *queries, size_t count)
{
	db->queries = PP_NEW_ARRAY(&db->arena, const struct pp_query *, count);
	db->query_count = count;
	for (size_t i = 0; i < count; i++)
		db->queries[i] = &queries[i];
	qsort(db->queries, count, sizeof(const struct pp_query *), by_name);
}

/* Where it stands among the queries, SIZE_MAX: nowhere. */
static size_t place_of(const struct pp_db *db, const struct pp_query *query)
{
	const struct pp_query *const *found = bsearch(
		&query, db->queries, db->query_count, sizeof(const struct pp_query *), by_name);

	return found ? (size_t)(found - db->queries) : SIZE_MAX;
}

const struct pp_query *pp_db_query(const struct pp_db *db, const char *name)
{
	struct pp_query wanted = { .name = name };
	size_t place = place_of(db, &wanted);

	return place == SIZE_MAX ? NULL : db->queries[place];
}

static bool *known(struct pp_conn *conn, const struct pp_query *query)
{
	size_t place = place_of(conn->db, query);

	PP_MUST(place != SIZE_MAX);
	return &conn->known[place];
}

bool pp_conn_learn(struct pp_conn *conn, const struct pp_query *query, bool *is_new)
{
	unsigned types[PP_QUERY_PARAMS];

	*is_new = !query->made && !*known(conn, query);
	if (!*is_new)
		return true;
	*known(conn, query) = true;
	pp_db_types(query, types);
	return PQsendPrepare(conn->pg, query->name, query->sql, (int)query->param_count, types) ==
		1;
}

void pp_conn_forget(struct pp_conn *conn, const struct pp_query *query)
{
	*known(conn, query) = false;
}

/*
 * libpq reads no more at once than it has room for, 16 kB, and its room grows with the largest row
 * that came (fe-misc.c, pqReadData and pqCheckInBufferSpace). So one large row is asked for at
 * first: what PostgreSQL has sent meanwhile then takes one turn of the loop and not eight.
 */
static bool make_room(struct pp_conn *conn)
{
	const struct pp_query *room = conn->db->room;
	bool is_new;

	return !room || (pp_conn_learn(conn, room, &is_new) && pp_conn_send(conn, room, NULL));
}

void pp_conn_greet(struct pp_conn *conn)
{
	const struct pp_db *db = conn->db;
	bool sent, is_new;

	conn->state = PP_CONN_GREETING;
	PQsetnonblocking(conn->pg, 1);
	if (conn->lane == PP_DB_LISTEN) {
		pp_listen_start(conn);
		return;
	}
	memset(conn->known, 0, db->query_count * sizeof(*conn->known));
	/* The version by itself, so that a wrong one is named and not the query that fails for it.
	 */
	sent = PQenterPipelineMode(conn->pg) == 1 &&
		PQsendQueryParams(conn->pg, db->version->sql, 0, NULL, NULL, NULL, NULL, 0) &&
		PQpipelineSync(conn->pg) && pp_conn_learn(conn, db->identity, &is_new) &&
		make_room(conn) && PQpipelineSync(conn->pg);
	if (sent)
		pp_conn_watch(conn);
	else
		pp_conn_lose(conn, PQerrorMessage(conn->pg));
}

static void check_version(struct pp_conn *conn, const PGresult *result)
{
	int wanted = conn->db->schema_version, found;

	found = PQgetisnull(result, 0, 0) ? 0 : atoi(PQgetvalue(result, 0, 0));
	if (found != wanted)
		snprintf(conn->reason, sizeof(conn->reason),
			"the database has schema version %d, this program needs %d: %s", found,
			wanted,
			found < wanted ? "run planungsplattform migrate"
				       : "install the newer program");
}

static void note_refusal(struct pp_conn *conn, const PGresult *result)
{
	const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

	if (!conn->greeted &&
		(pp_db_has_state(result, "42P01") || pp_db_has_state(result, "3F000")))
		snprintf(conn->reason, sizeof(conn->reason),
			"the database has no tables yet: run planungsplattform migrate");
	else if (!conn->reason[0])
		snprintf(conn->reason, sizeof(conn->reason), "%s: %.200s",
			conn->greeted ? "a session's own queries" : "the schema's version",
			message ? message : "refused");
}

void pp_conn_take_greeting(struct pp_conn *conn, PGresult *result)
{
	switch (PQresultStatus(result)) {
	case PGRES_FATAL_ERROR:
		if (PQresultErrorField(result, PG_DIAG_SQLSTATE))
			note_refusal(conn, result);
		break;
	case PGRES_TUPLES_OK:
		if (conn->greeted == 0)
			check_version(conn, result);
		break;
	case PGRES_PIPELINE_SYNC:
		conn->greeted++;
		break;
	default:
		break;
	}
	PQclear(result);
	if (conn->greeted < GREETINGS)
		return;
	if (conn->reason[0])
		pp_conn_lose(conn, conn->reason);
	else
		pp_conn_ready(conn);
}
