/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/io/admin.h>

#include <stdio.h>
#include <stdlib.h>

#include "db_inner.h"

#define ADMIN_MAGIC 0x7070616du
#define COPY_PART   (1u << 20) /* libpq buffers what it is given */

struct pp_admin {
	unsigned magic;
	PGconn *pg;
};

struct pp_admin *pp_admin_open(const char *url, struct pp_fault *fault)
{
	/*
	 * The operator's own words in the URL win over what stands before it, ours behind it over
	 * his.
	 */
	static const char *const keywords[] = { "connect_timeout", "gssencmode", "dbname",
		"client_encoding", "application_name", "options", NULL };
	const char *const values[] = { "10", "disable", url, "UTF8", "planungsplattform",
		"-c TimeZone=UTC -c DateStyle=ISO -c bytea_output=hex -c "
		"client_min_messages=warning",
		NULL };
	struct pp_admin *admin = calloc(1, sizeof(*admin));
	char why[256];

	PP_MUST(admin);
	admin->magic = ADMIN_MAGIC;
	admin->pg = PQconnectdbParams(keywords, values, 1);
	PP_MUST(admin->pg);
	if (PQstatus(admin->pg) == CONNECTION_OK) {
		PQsetNoticeReceiver(admin->pg, pp_db_ignore_notice, NULL);
		return admin;
	}
	pp_db_message(why, PQerrorMessage(admin->pg));
	pp_fault(fault, PP_database_unavailable, "%.240s", why);
	pp_admin_close(admin);
	return NULL;
}

void pp_admin_close(struct pp_admin *admin)
{
	if (!admin)
		return;
	PP_MUST(admin->magic == ADMIN_MAGIC);
	PQfinish(admin->pg);
	admin->magic = 0;
	free(admin);
}

/*
 * The line of a script that the server points at, or 0. Its position counts characters, not bytes.
 */
static unsigned line_of(const PGresult *result, const char *sql)
{
	const char *position = PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION);
	long left = position ? strtol(position, NULL, 10) : 0;
	unsigned line = 1;

	if (left < 1 || !sql)
		return 0;
	for (; *sql && left > 1; sql++) {
		line += *sql == '\n';
		left -= ((unsigned char)sql[1] & 0xc0) != 0x80;
	}
	return line;
}

/* Whoever runs a command may read what PostgreSQL says; a client of the server may not. */
static bool fail(
	struct pp_admin *admin, const PGresult *result, const char *sql, struct pp_fault *fault)
{
	const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	unsigned line = line_of(result, sql);
	char why[256];

	pp_db_read_fault(result, NULL, fault);
	if (pp_db_has_state(result, "PP001"))
		return false;
	pp_db_message(why, message ? message : PQerrorMessage(admin->pg));
	if (line)
		return pp_fault(fault, fault->problem, "line %u: %.230s", line, why);
	return pp_fault(fault, fault->problem, "%.250s", why);
}

static bool is_good(const PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);

	return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK ||
		status == PGRES_EMPTY_QUERY;
}

bool pp_admin_run(struct pp_admin *admin, const char *sql, struct pp_fault *fault)
{
	PGresult *result = PQexec(admin->pg, sql);
	bool good = is_good(result) || fail(admin, result, sql, fault);

	PQclear(result);
	return good;
}

static bool ask(struct pp_admin *admin, struct pp_arena *arena, const struct pp_query *query,
	const struct pp_slice *params, struct pp_rows **rows, struct pp_fault *fault)
{
	struct pp_db_params as;
	unsigned types[PP_QUERY_PARAMS];
	PGresult *result;

	pp_db_write_params(&as, query, pp_db_copy_params(arena, query, params));
	pp_db_types(query, types);
	result = PQexecParams(admin->pg, query->sql, (int)query->param_count, types, as.values,
		as.lengths, as.formats, pp_db_is_binary(query));
	if (is_good(result)) {
		*rows = pp_db_read_rows(arena, result);
		return true;
	}
	*rows = NULL;
	fail(admin, result, query->sql, fault);
	PQclear(result);
	return false;
}

bool pp_admin_ask(struct pp_admin *admin, struct pp_arena *arena, const char *sql,
	size_t param_count, const struct pp_slice *params, struct pp_rows **rows,
	struct pp_fault *fault)
{
	struct pp_query query = { .name = "command", .sql = sql, .param_count = param_count };

	PP_MUST(param_count <= PP_QUERY_PARAMS);
	for (size_t i = 0; i < param_count; i++)
		query.params[i].type = PP_TYPE_TEXT;
	return ask(admin, arena, &query, params, rows, fault);
}

bool pp_admin_query(struct pp_admin *admin, struct pp_arena *arena, const struct pp_query *query,
	const struct pp_slice *params, struct pp_rows **rows, struct pp_fault *fault)
{
	return ask(admin, arena, query, params, rows, fault);
}

bool pp_admin_accepts(struct pp_admin *admin, const struct pp_query *query, struct pp_fault *fault)
{
	unsigned types[PP_QUERY_PARAMS];
	PGresult *result;
	bool good;

	pp_db_types(query, types);
	result = PQprepare(admin->pg, "", query->sql, (int)query->param_count, types);
	good = is_good(result) || pp_db_has_state(result, "42501") ||
		fail(admin, result, query->sql, fault);
	PQclear(result);
	return good;
}

/* Takes one result; *go_on is what row said last. */
static bool take(struct pp_admin *admin, const struct pp_query *query, PGresult *result,
	bool (*row)(void *ctx, const struct pp_rows *row), void *ctx, bool *go_on,
	struct pp_fault *fault)
{
	struct pp_arena arena;

	if (PQresultStatus(result) != PGRES_SINGLE_TUPLE) {
		bool good = is_good(result) || fail(admin, result, query->sql, fault);

		PQclear(result);
		return good;
	}
	pp_arena_begin(&arena);
	/* The arena owns the result from here on. */
	if (*go_on)
		*go_on = row(ctx, pp_db_read_rows(&arena, result));
	else
		PQclear(result);
	pp_arena_end(&arena);
	return true;
}

static bool send(struct pp_admin *admin, const struct pp_query *query,
	const struct pp_slice *params, struct pp_arena *arena)
{
	struct pp_db_params as;
	unsigned types[PP_QUERY_PARAMS];

	pp_db_write_params(&as, query, pp_db_copy_params(arena, query, params));
	pp_db_types(query, types);
	return PQsendQueryParams(admin->pg, query->sql, (int)query->param_count, types, as.values,
		       as.lengths, as.formats, pp_db_is_binary(query)) == 1 &&
		PQsetSingleRowMode(admin->pg) == 1;
}

bool pp_admin_each(struct pp_admin *admin, const struct pp_query *query,
	const struct pp_slice *params, bool (*row)(void *ctx, const struct pp_rows *row), void *ctx,
	struct pp_fault *fault)
{
	bool good = true, go_on = true;
	struct pp_arena arena;
	PGresult *result;
	char why[256];

	pp_arena_begin(&arena);
	if (!send(admin, query, params, &arena)) {
		pp_db_message(why, PQerrorMessage(admin->pg));
		good = pp_fault(fault, PP_database_unavailable, "%.250s", why);
	}
	pp_arena_end(&arena);
	/* To the end, whatever came before: only then the connection is free again. */
	while ((result = PQgetResult(admin->pg)))
		if (!take(admin, query, result, row, ctx, &go_on, fault))
			good = go_on = false;
	return good;
}

bool pp_admin_copy_begin(struct pp_admin *admin, const char *copy_sql, struct pp_fault *fault)
{
	PGresult *result = PQexec(admin->pg, copy_sql);
	bool good = PQresultStatus(result) == PGRES_COPY_IN || fail(admin, result, copy_sql, fault);

	PQclear(result);
	return good;
}

bool pp_admin_copy_write(struct pp_admin *admin, struct pp_slice lines, struct pp_fault *fault)
{
	for (size_t at = 0; at < lines.len; at += COPY_PART) {
		size_t part = lines.len - at < COPY_PART ? lines.len - at : COPY_PART;
		char why[256];

		if (PQputCopyData(admin->pg, lines.at + at, (int)part) == 1)
			continue;
		pp_db_message(why, PQerrorMessage(admin->pg));
		return pp_fault(fault, PP_database_unavailable, "%.250s", why);
	}
	return true;
}

/* What was wrong with any line is only told here (libpq, PQputCopyEnd). */
bool pp_admin_copy_end(struct pp_admin *admin, struct pp_fault *fault)
{
	bool good = true;
	PGresult *result;
	char why[256];

	if (PQputCopyEnd(admin->pg, NULL) != 1) {
		pp_db_message(why, PQerrorMessage(admin->pg));
		return pp_fault(fault, PP_database_unavailable, "%.250s", why);
	}
	while ((result = PQgetResult(admin->pg))) {
		if (!is_good(result) && good)
			good = fail(admin, result, NULL, fault);
		PQclear(result);
	}
	return good;
}

void pp_admin_copy_field(struct pp_buf *out, struct pp_slice value, bool is_null)
{
	if (is_null) {
		pp_buf_text(out, "\\N");
		return;
	}
	for (size_t i = 0; i < value.len; i++) {
		static const char special[] = "\\\t\n\r", name[] = "\\tnr";
		const char *found = value.at[i] ? strchr(special, value.at[i]) : NULL;

		if (found) {
			pp_buf_u8(out, '\\');
			pp_buf_u8(out, (uint8_t)name[found - special]);
		} else {
			pp_buf_u8(out, (uint8_t)value.at[i]);
		}
	}
}
