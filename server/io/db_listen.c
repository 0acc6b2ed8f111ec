/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One connection that listens, and asks nothing while it does. A notification is a hint: whoever
 * hears looks for himself, also once after each opening, because nobody keeps what was said
 * meanwhile.
 */
#include "db_inner.h"

static struct pp_conn *listener(struct pp_db *db)
{
	return &db->lanes[PP_DB_LISTEN].conns[0];
}

/*
 * conn->identified: no answer to a LISTEN is due. A channel is a name of ours, so that it needs no
 * quoting.
 */
static bool is_name(const char *channel)
{
	return channel[0] && strspn(channel, "abcdefghijklmnopqrstuvwxyz_") == strlen(channel);
}

static void ask(struct pp_conn *conn)
{
	struct pp_buf text;
	bool sent = true;

	pp_buf_begin(&text);
	for (struct pp_db_listening *l = conn->db->listening; l; l = l->next)
		if (!l->asked) {
			l->asked = true;
			pp_buf_format(&text, "listen %s;", l->channel);
		}
	if (text.len) {
		pp_buf_u8(&text, '\0');
		conn->identified = false;
		sent = PQsendQuery(conn->pg, text.at) == 1;
	}
	pp_buf_end(&text);
	if (sent)
		pp_conn_watch(conn);
	else
		pp_conn_break(conn);
}

void pp_listen_start(struct pp_conn *conn)
{
	for (struct pp_db_listening *l = conn->db->listening; l; l = l->next)
		l->asked = l->told = false;
	ask(conn);
}

static void tell(struct pp_conn *conn)
{
	conn->identified = true;
	if (conn->state != PP_CONN_READY)
		pp_conn_ready(conn);
	for (struct pp_db_listening *l = conn->db->listening; l; l = l->next)
		if (l->asked && !l->told) {
			l->told = true;
			l->heard(l->ctx, pp_slice("", 0));
		}
	/* Others may have come while this was under way. */
	ask(conn);
}

static void hear(struct pp_db *db, const PGnotify *notice)
{
	for (struct pp_db_listening *l = db->listening; l; l = l->next)
		if (l->told && strcmp(l->channel, notice->relname) == 0)
			l->heard(l->ctx, pp_slice_of(notice->extra));
}

void pp_listen_read(struct pp_conn *conn)
{
	PGresult *result;
	PGnotify *notice;

	while (!conn->identified && !PQisBusy(conn->pg)) {
		result = PQgetResult(conn->pg);
		if (!result)
			tell(conn);
		else if (PQresultStatus(result) == PGRES_FATAL_ERROR)
			pp_conn_break(conn); /* a standby takes no listeners */
		PQclear(result);
		if (conn->broken)
			return;
	}
	while ((notice = PQnotifies(conn->pg))) {
		hear(conn->db, notice);
		PQfreemem(notice);
	}
}

void pp_db_listen(struct pp_db *db, const char *channel,
	void (*heard)(void *ctx, struct pp_slice payload), void *ctx)
{
	struct pp_db_listening *l = PP_NEW(&db->arena, struct pp_db_listening);
	struct pp_conn *conn = listener(db);

	PP_MUST(is_name(channel));
	l->channel = pp_text(&db->arena, pp_slice_of(channel));
	l->heard = heard;
	l->ctx = ctx;
	l->next = db->listening;
	db->listening = l;
	if (!l->next)
		pp_conn_open(conn);
	else if (conn->state == PP_CONN_READY && conn->identified)
		ask(conn);
}
