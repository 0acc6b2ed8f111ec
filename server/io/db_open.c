/* SPDX-License-Identifier: EUPL-1.2 */
/* What a lane's connections are opened with: the settings of their session. */
#include "db_inner.h"

#include <stdio.h>

#define LOCK_MS                2000
#define IDLE_IN_TRANSACTION_MS 10000

/* libpq's own settings (libpq-connect): a peer that is gone is noticed within seconds. */
static const char *const fixed[][2] = {
	{ "client_encoding", "UTF8" },
	{ "keepalives", "1" },
	{ "keepalives_idle", "10" },
	{ "keepalives_interval", "5" },
	{ "keepalives_count", "3" },
	{ "tcp_user_timeout", "3000" },
};

/*
 * Session settings travel with the start of the connection, so that they cost no round trip and
 * hold from the first statement on. client_connection_check_interval ends the work of a server of
 * ours that died, which would otherwise hold locks and shared memory until it is done.
 */
static const char *session_settings(struct pp_db *db, int number, const char *before)
{
	struct pp_db_lane *lane = &db->lanes[number];
	struct pp_slice text = pp_format(&db->arena,
		"%s -c statement_timeout=%lld -c lock_timeout=%d"
		" -c idle_in_transaction_session_timeout=%d"
		" -c client_connection_check_interval=1000 -c client_min_messages=warning"
		" -c TimeZone=UTC -c DateStyle=ISO -c bytea_output=hex"
		/* Nobody, until a batch says otherwise: on public lanes none has to (db_batch.c).
		 */
		" -c pp.account= -c pp.body= -c pp.roles="
		"%s",
		before, (long long)(lane->timeout / 1000), LOCK_MS, IDLE_IN_TRANSACTION_MS,
		/* A box finds its pages in memory: to announce each beforehand is to look it up
		 * twice. */
		pp_db_is_slow(number) ? " -c effective_io_concurrency=0" : "");

	return text.at;
}

/* The operator's own options come first, ours win. */
static const char *options_of(struct pp_db *db, const char *url)
{
	PQconninfoOption *all = PQconninfoParse(url, NULL);
	const char *found = "";

	for (PQconninfoOption *option = all; option && option->keyword; option++)
		if (option->val && strcmp(option->keyword, "options") == 0)
			found = pp_text(&db->arena, pp_slice_of(option->val));
	PQconninfoFree(all);
	return found;
}

void pp_db_lane_options(struct pp_db *db, int number, const char *url)
{
	struct pp_db_lane *lane = &db->lanes[number];
	const char **keywords = PP_NEW_ARRAY(&db->arena, const char *, PP_LENGTH(fixed) + 5);
	const char **values = PP_NEW_ARRAY(&db->arena, const char *, PP_LENGTH(fixed) + 5);
	size_t n = 0;

	if (!url)
		url = "";
	/*
	 * Later words win; the operator may ask for Kerberos, but nobody waits for it by default.
	 */
	keywords[n] = "gssencmode";
	values[n++] = "disable";
	keywords[n] = "dbname";
	values[n++] = pp_text(&db->arena, pp_slice_of(url));
	for (size_t i = 0; i < PP_LENGTH(fixed); i++) {
		keywords[n] = fixed[i][0];
		values[n++] = fixed[i][1];
	}
	keywords[n] = "application_name";
	values[n++] = pp_format(&db->arena, "planungsplattform %s", pp_db_lane_names[number]).at;
	keywords[n] = "options";
	values[n++] = session_settings(db, number, options_of(db, url));
	lane->keywords = keywords;
	lane->values = values;
}
