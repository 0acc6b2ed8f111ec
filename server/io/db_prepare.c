/* SPDX-License-Identifier: EUPL-1.2 */
/* A new connection's first work: is this our schema, and does it know every query of the lane? */
#include "db_inner.h"

#include <stdio.h>
#include <stdlib.h>

#include <pp/base/log.h>

static bool send_prepare(struct pp_conn *conn, const struct pp_query *query)
{
	unsigned types[PP_QUERY_PARAMS];

	for (size_t i = 0; i < query->param_count; i++)
		types[i] = pp_db_type(query->params[i].type);
	return PQsendPrepare(conn->pg, query->name, query->sql, (int)query->param_count, types) &&
		PQpipelineSync(conn->pg);
}

/*
 * libpq reads no more at once than it has room for, 16 kB, and its room grows with the largest row
 * that came (fe-misc.c, pqReadData and pqCheckInBufferSpace). So one large row is asked for at
 * first: what PostgreSQL has sent meanwhile then takes one turn of the loop and not eight.
 */
static const struct pp_query *room_of(const struct pp_db_lane *lane)
{
	for (size_t i = 0; i < lane->query_count; i++)
		if (strcmp(lane->queries[i]->name, "session_room") == 0)
			return lane->queries[i];
	return NULL;
}

static bool make_room(struct pp_conn *conn)
{
	const struct pp_query *room = room_of(&conn->db->lanes[conn->lane]);

	return !room || (pp_conn_send(conn, room, NULL) && PQpipelineSync(conn->pg));
}

/* Each with its own sync, so that one that fails does not hide the next one's fault. */
void pp_conn_prepare(struct pp_conn *conn)
{
	const struct pp_db_lane *lane = &conn->db->lanes[conn->lane];
	const char *version = conn->db->version->sql;
	bool sent;

	conn->state = PP_CONN_PREPARING;
	PQsetnonblocking(conn->pg, 1);
	if (conn->lane == PP_DB_LISTEN) {
		pp_listen_start(conn);
		return;
	}
	sent = PQenterPipelineMode(conn->pg) == 1;
	/* First of all, so that a wrong version is named and not the queries that fail for it. */
	sent = sent && PQsendQueryParams(conn->pg, version, 0, NULL, NULL, NULL, NULL, 0) &&
		PQpipelineSync(conn->pg);
	for (size_t i = 0; i < lane->query_count && sent; i++)
		sent = send_prepare(conn, lane->queries[i]);
	sent = sent && make_room(conn);
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

static void note_unprepared(struct pp_conn *conn, const PGresult *result)
{
	const struct pp_db_lane *lane = &conn->db->lanes[conn->lane];
	const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	bool version = conn->prepared == 0;
	const char *name;
	char text[200];

	if (conn->prepared > lane->query_count)
		return;
	name = version ? conn->db->version->name : lane->queries[conn->prepared - 1]->name;
	snprintf(text, sizeof(text), "%s", message ? message : "refused");
	if (version && (pp_db_has_state(result, "42P01") || pp_db_has_state(result, "3F000"))) {
		snprintf(conn->reason, sizeof(conn->reason),
			"the database has no tables yet: run planungsplattform migrate");
		return;
	}
	/* All of them are named once, however many connections fail over them. */
	if (conn->failures == 0 && conn == &lane->conns[0] && !version)
		pp_log(PP_ERROR, "query_not_prepared", "query %s: %s", name, text);
	if (!conn->reason[0])
		snprintf(conn->reason, sizeof(conn->reason), "query %.40s: %s", name, text);
}

void pp_conn_take_prepared(struct pp_conn *conn, PGresult *result)
{
	/* The version, the queries, the room. */
	const struct pp_db_lane *lane = &conn->db->lanes[conn->lane];
	/* The version, the queries, the room. */
	size_t expected = 1 + lane->query_count + (room_of(lane) != NULL);

	switch (PQresultStatus(result)) {
	case PGRES_FATAL_ERROR:
		if (PQresultErrorField(result, PG_DIAG_SQLSTATE))
			note_unprepared(conn, result);
		break;
	case PGRES_TUPLES_OK:
		if (conn->prepared == 0)
			check_version(conn, result);
		break;
	case PGRES_PIPELINE_SYNC:
		conn->prepared++;
		break;
	default:
		break;
	}
	PQclear(result);
	if (conn->prepared < expected)
		return;
	if (conn->reason[0])
		pp_conn_lose(conn, conn->reason);
	else
		pp_conn_ready(conn);
}
