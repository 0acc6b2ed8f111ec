/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* What the benchmarks of the engine are given: municipalities of a database, rules of a file. */
#include <libpq-fe.h>

#include <pp/geo/affected.h>

struct given {
	PGconn *pg;
	struct pp_arena arena;
	struct pp_geo *geo;
	struct pp_boundaries *boundaries;
	struct pp_rules rules;
};

/* Says the program's name, what and why, and ends with 1. */
_Noreturn void given_fail(const char *what, const char *why);
/* The whole of a file, in the arena. */
struct pp_slice given_file(struct pp_arena *arena, const char *path);
/* The result, or the end with PostgreSQL's own words; what names the question. */
PGresult *given_must(struct given *given, const char *what, PGresult *result);
/* Rows in binary. */
PGresult *given_ask(struct given *given, const char *sql);
struct pp_slice given_cell(const PGresult *result, int row, int column);
/* bench.municipality and the rules, as a geometry worker has them before its first job. */
void given_load(struct given *given, const char *rules);
