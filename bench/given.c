/* SPDX-License-Identifier: EUPL-1.2 */
#include "given.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

_Noreturn void given_fail(const char *what, const char *why)
{
	fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name, what, why);
	exit(1);
}

struct pp_slice given_file(struct pp_arena *arena, const char *path)
{
	struct pp_buf *buf = pp_buf_make(arena);
	FILE *file = fopen(path, "rb");
	size_t got;

	if (!file)
		given_fail(path, "cannot be read");
	do {
		got = fread(pp_buf_room(buf, 1 << 16), 1, 1 << 16, file);
		buf->len += got;
	} while (got);
	fclose(file);
	return pp_buf_all(buf);
}

PGresult *given_must(struct given *given, const char *what, PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);

	if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
		given_fail(what, PQerrorMessage(given->pg));
	return result;
}

PGresult *given_ask(struct given *given, const char *sql)
{
	return given_must(given, sql, PQexecParams(given->pg, sql, 0, NULL, NULL, NULL, NULL, 1));
}

struct pp_slice given_cell(const PGresult *result, int row, int column)
{
	return pp_slice(PQgetvalue(result, row, column), (size_t)PQgetlength(result, row, column));
}

void given_load(struct given *given, const char *rules)
{
	const struct pp_boundary_version version = { PP_S(""), PP_S("VG250"), PP_S("2016-01-01"),
		100 };
	PGresult *rows = given_ask(
		given, "select ags, ST_AsBinary(geom, 'NDR') from bench.municipality order by ags");
	struct pp_fault fault;
	size_t count;

	given->geo = pp_geo_open(&given->arena, &fault);
	if (!given->geo)
		given_fail("GEOS and PROJ", fault.detail);
	given->boundaries = pp_boundaries_begin(
		&given->arena, given->geo, PP_ROWS_CHECKED, &version);
	for (int i = 0; i < PQntuples(rows); i++) {
		struct pp_boundary_row row = { .ags = given_cell(rows, i, 0),
			.name = given_cell(rows, i, 0),
			.wkb = given_cell(rows, i, 1) };

		if (!pp_boundaries_add(given->boundaries, &row, &fault))
			given_fail("boundaries", fault.detail);
	}
	PQclear(rows);
	if (!pp_boundaries_end(given->boundaries, &fault) ||
		!pp_rules_read(
			&given->arena, given_file(&given->arena, rules), &given->rules, &fault))
		given_fail("boundaries or rules", fault.detail);
	for (uint32_t i = 0; i < pp_boundaries_count(given->boundaries); i++)
		pp_boundaries_neighbours(given->boundaries, i, &count);
}
