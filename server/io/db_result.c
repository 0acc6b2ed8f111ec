/* SPDX-License-Identifier: EUPL-1.2 */
#include "db_inner.h"

#include <stdio.h>

#include <pp/base/log.h>
#include <pp/base/uuid.h>

#define DAY_SIZE      10
#define DAY_US        (INT64_C(86400) * PP_SECOND)
#define SINCE_2000_US (INT64_C(946684800) * PP_SECOND)

/* pg_type.dat: the object ids of built-in types are part of PostgreSQL's protocol. */
static const unsigned type_oids[PP_TYPES] = {
	[PP_TYPE_TEXT] = 25,
	[PP_TYPE_UUID] = 2950,
	[PP_TYPE_INT] = 23,
	[PP_TYPE_BIGINT] = 20,
	[PP_TYPE_BOOL] = 16,
	[PP_TYPE_DATE] = 1082,
	[PP_TYPE_TIMESTAMPTZ] = 1184,
	[PP_TYPE_JSON] = 114,
	[PP_TYPE_JSONB] = 3802,
	[PP_TYPE_BYTEA] = 17,
	[PP_TYPE_NUMERIC] = 1700,
	[PP_TYPE_DOUBLE] = 701,
	[PP_TYPE_TEXT_ARRAY] = 1009,
};

void pp_db_types(const struct pp_query *query, unsigned out[PP_QUERY_PARAMS])
{
	for (size_t i = 0; i < query->param_count; i++) {
		PP_MUST(query->params[i].type < PP_TYPES);
		out[i] = type_oids[query->params[i].type];
	}
}

void pp_db_write_params(
	struct pp_db_params *out, const struct pp_query *query, const struct pp_slice *params)
{
	PP_MUST(query->param_count <= PP_QUERY_PARAMS);
	for (size_t i = 0; i < query->param_count; i++) {
		PP_MUST(params[i].len <= INT32_MAX);
		out->values[i] = params[i].at;
		out->lengths[i] = (int)params[i].len;
		out->formats[i] = query->params[i].type == PP_TYPE_BYTEA;
	}
}

static unsigned digit(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	return (unsigned)(c - 'a' + 10);
}

/* bytea_output = hex: \x and two digits in lower case per byte. */
static size_t decode(const char *text, size_t length, char *out)
{
	size_t bytes = length / 2 - 1;

	PP_MUST(length >= 2 && length % 2 == 0 && text[0] == '\\' && text[1] == 'x');
	for (size_t i = 0; i < bytes; i++)
		out[i] = (char)(digit(text[2 * i + 2]) << 4 | digit(text[2 * i + 3]));
	return bytes;
}

/*
 * Types whose binary form is as good as their text: the same bytes, or a few that are quickly
 * written.
 */
static const struct {
	enum pp_type type;
	int size; /* of the binary form; 0: it is the text */
	size_t room;
} plain_types[] = {
	{ PP_TYPE_TEXT, 0, 0 },
	{ PP_TYPE_JSON, 0, 0 },
	{ PP_TYPE_BYTEA, 0, 0 },
	{ PP_TYPE_UUID, 16, PP_UUID_SIZE },
	{ PP_TYPE_INT, 4, 12 },
	{ PP_TYPE_BIGINT, 8, 21 },
	{ PP_TYPE_BOOL, 1, 2 },
	{ PP_TYPE_DATE, 4, PP_RFC3339_SIZE },
	{ PP_TYPE_TIMESTAMPTZ, 8, PP_RFC3339_SIZE },
	{ PP_TYPE_DOUBLE, 8, 8 },
};

bool pp_db_is_binary(const struct pp_query *query)
{
	bool bytea = false;

	for (size_t c = 0; c < query->column_count; c++) {
		size_t i = 0;

		while (i < PP_LENGTH(plain_types) && plain_types[i].type != query->columns[c].type)
			i++;
		if (i == PP_LENGTH(plain_types))
			return false;
		bytea |= query->columns[c].type == PP_TYPE_BYTEA;
	}
	return bytea;
}

static int64_t big_endian(const char *at, int size)
{
	uint64_t value = at[0] & 0x80 ? UINT64_MAX : 0;

	for (int i = 0; i < size; i++)
		value = value << 8 | (unsigned char)at[i];
	return (int64_t)value;
}

static size_t write_uuid(const char *at, char *out)
{
	static const char hex[] = "0123456789abcdef";
	char *begin = out;

	for (int i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*out++ = '-';
		*out++ = hex[(unsigned char)at[i] >> 4];
		*out++ = hex[(unsigned char)at[i] & 15];
	}
	return (size_t)(out - begin);
}

static size_t write_double(const char *at, char *out)
{
	int64_t bits = big_endian(at, 8);

	memcpy(out, &bits, sizeof(bits));
	return sizeof(bits);
}

/* Days or microseconds since 2000 (PostgreSQL, datatype/timestamp.h); infinity is no instant of
 * ours. */
static struct pp_slice write_time(const char *at, int size, char *room)
{
	int64_t value = big_endian(at, size);

	pp_clock_rfc3339((size == 4 ? value * DAY_US : value) + SINCE_2000_US, room);
	return pp_slice(room, size == 4 ? DAY_SIZE : PP_RFC3339_SIZE - 1);
}

static size_t write_integer(int64_t value, char *out)
{
	uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
	char digits[20];
	size_t n = 0, len = 0;

	do
		digits[n++] = (char)('0' + size % 10);
	while (size /= 10);
	if (value < 0)
		out[len++] = '-';
	while (n)
		out[len++] = digits[--n];
	return len;
}

/* How the cells of a column are read: found out once for all of them. */
struct reading {
	enum { AS_IT_IS, HEXADECIMAL, BINARY } how;
	enum pp_type type;
	int size;
	size_t room;
};

static struct reading reading_of(const PGresult *result, int column)
{
	unsigned type = PQftype(result, column);

	if (!PQfformat(result, column))
		return (struct reading){ .how = type == type_oids[PP_TYPE_BYTEA] ? HEXADECIMAL
										 : AS_IT_IS };
	for (size_t i = 0; i < PP_LENGTH(plain_types); i++)
		if (type_oids[plain_types[i].type] == type && plain_types[i].size)
			return (struct reading){ BINARY, plain_types[i].type, plain_types[i].size,
				plain_types[i].room };
	return (struct reading){ .how = AS_IT_IS };
}

static struct pp_slice read_binary(const struct reading *as, const char *at, char *room)
{
	switch (as->type) {
	case PP_TYPE_UUID:
		return pp_slice(room, write_uuid(at, room));
	case PP_TYPE_BOOL:
		return pp_slice(at[0] ? "t" : "f", 1);
	case PP_TYPE_DOUBLE:
		return pp_slice(room, write_double(at, room));
	case PP_TYPE_DATE:
	case PP_TYPE_TIMESTAMPTZ:
		return write_time(at, as->size, room);
	default:
		return pp_slice(room, write_integer(big_endian(at, as->size), room));
	}
}

static struct pp_slice read_cell(struct pp_arena *arena, const struct reading *as,
	const PGresult *result, int row, int column)
{
	const char *at = PQgetvalue(result, row, column);
	size_t size = (size_t)PQgetlength(result, row, column);
	char *room;

	if (size == 0 && PQgetisnull(result, row, column))
		return pp_slice(NULL, 0);
	switch (as->how) {
	case AS_IT_IS:
		return pp_slice(at, size);
	case HEXADECIMAL:
		room = pp_alloc(arena, size / 2);
		return pp_slice(room, decode(at, size, room));
	default:
		PP_MUST(size == (size_t)as->size);
		return read_binary(as, at, pp_alloc(arena, as->room));
	}
}

static void clear(void *result)
{
	PQclear(result);
}

struct pp_rows *pp_db_read_rows(struct pp_arena *arena, PGresult *result)
{
	struct pp_rows *rows = PP_NEW(arena, struct pp_rows);
	int columns = PQnfields(result), count = PQntuples(result);
	struct reading as[PP_QUERY_COLUMNS];
	struct pp_slice *cell;

	/* Cells of text stay where libpq has put them. */
	pp_own(arena, clear, result);
	PP_MUST(columns <= PP_QUERY_COLUMNS);
	for (int column = 0; column < columns; column++)
		as[column] = reading_of(result, column);
	rows->rows = (size_t)count;
	rows->columns = (size_t)columns;
	rows->cells = cell = PP_NEW_ARRAY(arena, struct pp_slice, rows->rows * rows->columns);
	for (int row = 0; row < count; row++)
		for (int column = 0; column < columns; column++)
			*cell++ = read_cell(arena, &as[column], result, row, column);
	return rows;
}

/* Notices and warnings are for the server's own log; libpq would print them on standard error. */
void pp_db_ignore_notice(void *ctx, const PGresult *result)
{
	(void)ctx;
	(void)result;
}

void pp_db_message(char out[256], const char *message)
{
	size_t length = strcspn(message ? message : "", "\n");

	snprintf(out, 256, "%.*s", (int)(length < 255 ? length : 255), message ? message : "");
}

bool pp_db_has_state(const PGresult *result, const char *sqlstate)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	return state && strncmp(state, sqlstate, strlen(sqlstate)) == 0;
}

bool pp_db_is_outdated(const PGresult *result)
{
	const char *where = PQresultErrorField(result, PG_DIAG_SOURCE_FUNCTION);

	/* 0A000 has other uses; "cached plan must not change result type" comes from one place. */
	if (pp_db_has_state(result, "0A000"))
		return where && strcmp(where, "RevalidateCachedQuery") == 0;
	return pp_db_has_state(result, "26000") || pp_db_has_state(result, "25006");
}

void pp_db_unavailable(struct pp_fault *fault)
{
	pp_fault(fault, PP_database_unavailable,
		"The connection to the database was lost; send the request again");
}

/* PostgreSQL, appendix A: what an error means to the client; the first row that fits. */
static const struct {
	const char *state;
	enum pp_problem problem;
	const char *detail;
} outcomes[] = {
	{ "40001", PP_busy, "Others changed the same things at the same time; send it again" },
	{ "40P01", PP_busy, "Others changed the same things at the same time; send it again" },
	{ "55P03", PP_busy, "Another request still holds what this one needs; send it again" },
	{ "57014", PP_deadline_exceeded, "The database took too long" },
	{ "57P", PP_database_unavailable, "The database is being restarted; send it again" },
	{ "08", PP_database_unavailable, "The connection to the database was lost; send it again" },
	{ "53100", PP_storage_full, "There is no room to store this; send it again later" },
	{ "53", PP_database_unavailable, "The database lacks memory, storage or connections" },
	{ "58", PP_database_unavailable, "The database's storage failed" },
	{ "25006", PP_database_unavailable, "The database takes no writes right now" },
	{ "26000", PP_database_unavailable, "The database has changed; send it again" },
	{ "22P02", PP_invalid_parameter, "A value is not of the kind that belongs here" },
	{ "22P05", PP_invalid_parameter, "A text holds a character that cannot be stored" },
	{ "22021", PP_invalid_parameter, "A text holds a character that cannot be stored" },
	{ "22003", PP_invalid_parameter, "A number is too large" },
	{ "2201F", PP_invalid_parameter, "A power has no value that is a number" },
	{ "22007", PP_invalid_parameter, "A date or time cannot be read" },
	{ "22008", PP_invalid_parameter, "A date or time is out of range" },
};

static void log_bug(const PGresult *result, const char *query)
{
	static const struct {
		int field;
		const char *name;
	} fields[] = {
		{ PG_DIAG_SQLSTATE, "sqlstate" },
		{ PG_DIAG_MESSAGE_PRIMARY, "message" },
		{ PG_DIAG_MESSAGE_HINT, "hint" },
		{ PG_DIAG_CONSTRAINT_NAME, "constraint" },
		{ PG_DIAG_TABLE_NAME, "table" },
		{ PG_DIAG_CONTEXT, "context" },
	};
	struct pp_log_line line;

	pp_log_begin(&line, PP_ERROR, "query_failed");
	pp_log_text(&line, "query", pp_slice_of(query));
	for (size_t i = 0; i < PP_LENGTH(fields); i++) {
		const char *value = PQresultErrorField(result, fields[i].field);

		/* Messages of class 22 (data exception) quote the value, which may be personal. */
		if (fields[i].field == PG_DIAG_MESSAGE_PRIMARY && pp_db_has_state(result, "22"))
			continue;
		if (value)
			pp_log_text(&line, fields[i].name, pp_slice(value, strnlen(value, 1000)));
	}
	pp_log_end(&line);
}

/* A refusal of ours: pp.refuse() raises PP001 with the problem's id as hint. */
static bool read_refusal(const PGresult *result, struct pp_fault *fault)
{
	const char *detail = PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);
	const char *pointer = PQresultErrorField(result, PG_DIAG_COLUMN_NAME);

	if (!pp_db_has_state(result, "PP001"))
		return false;
	fault->problem = pp_problem_named(
		pp_slice_of(PQresultErrorField(result, PG_DIAG_MESSAGE_HINT)));
	snprintf(fault->detail, sizeof(fault->detail), "%s", detail ? detail : "");
	snprintf(fault->pointer, sizeof(fault->pointer), "%s", pointer ? pointer : "");
	return fault->problem != PP_no_problem;
}

/* Class 23, integrity: a constraint is named after the problem that it guards against. */
static bool read_violation(const PGresult *result, struct pp_fault *fault)
{
	const char *constraint = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);

	if (!pp_db_has_state(result, "23"))
		return false;
	fault->problem = pp_problem_named(pp_slice_of(constraint ? constraint : ""));
	/* Two at once: the loser of a race for a unique key or a period may ask again. */
	if (fault->problem == PP_no_problem &&
		(pp_db_has_state(result, "23505") || pp_db_has_state(result, "23P01")))
		pp_fault(fault, PP_conflict, "Somebody else has entered the same just now");
	return fault->problem != PP_no_problem;
}

void pp_db_read_fault(const PGresult *result, const char *query, struct pp_fault *fault)
{
	*fault = (struct pp_fault){ 0 };
	if (!PQresultErrorField(result, PG_DIAG_SQLSTATE)) {
		/* libpq itself speaks: the connection is gone. */
		pp_db_unavailable(fault);
		return;
	}
	if (read_refusal(result, fault) || read_violation(result, fault))
		return;
	for (size_t i = 0; i < PP_LENGTH(outcomes); i++)
		if (pp_db_has_state(result, outcomes[i].state)) {
			pp_fault(fault, outcomes[i].problem, "%s", outcomes[i].detail);
			return;
		}
	if (query)
		log_bug(result, query);
	*fault = (struct pp_fault){ .problem = PP_bug };
}
