/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The engine alone, WKB in and rows out, against one prepared statement of PostGIS each
 * (affected_near.sql, affected_row.sql) on the same plans (tables.sql): first every answer is
 * compared, then both are timed in turns. Processor time counts: ours, and that of the one backend;
 * what libpq needs here does not.
 *
 *   bench_engine URL RULES NEAR ROW [SECONDS]     prints NAME, µs a plan of ours, of theirs, ratio
 *
 * Exits 1 when answers differ.
 */
#include <arpa/inet.h>
#include <endian.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "given.h"

enum { TURNS = 5, COLUMNS = 4, FIRST_TURNS = 10, BYTEA = 17, TEXT = 25 };

struct plan {
	struct pp_slice wkb, planning;
};

struct row {
	struct pp_slice ags;
	double distance_m, measure, shared_border_m;
};

struct bench {
	struct given given;
	struct plan *plans;
	size_t count;
	double seconds; /* of each turn */
};

typedef bool ask_engine(struct pp_boundaries *, const struct pp_rules *,
	const struct pp_affected_query *, struct pp_arena *, struct pp_affected *,
	struct pp_fault *);

static const struct side {
	const char *name;
	ask_engine *ask;
	bool measures_overlap; /* the third column; else whether it adjoins */
} sides[] = {
	{ "near", pp_affected_near, false },
	{ "row", pp_affected_ask, true },
};

static void load(struct bench *bench, const char *rules)
{
	PGresult *rows;

	given_load(&bench->given, rules);
	rows = given_ask(&bench->given, "select wkb, planning from bench.plan order by no");
	bench->count = (size_t)PQntuples(rows);
	bench->plans = PP_NEW_ARRAY(&bench->given.arena, struct plan, bench->count);
	for (size_t i = 0; i < bench->count; i++)
		bench->plans[i] = (struct plan){ pp_copy(&bench->given.arena,
							 given_cell(rows, (int)i, 0)),
			pp_copy(&bench->given.arena, given_cell(rows, (int)i, 1)) };
	PQclear(rows);
}

static void ask_ours(struct bench *bench, const struct side *side, const struct plan *plan,
	struct pp_arena *arena, struct pp_affected *out)
{
	struct pp_affected_query query = { .kind = PP_S("BP_REGEL"),
		.date = PP_S("2026-11-24"),
		.planning = &plan->planning,
		.planning_count = 1,
		.wkb = plan->wkb };
	struct pp_fault fault;

	if (!side->ask(bench->given.boundaries, &bench->given.rules, &query, arena, out, &fault))
		given_fail("the engine refuses a plan", fault.detail);
}

static PGresult *ask_theirs(struct bench *bench, const struct side *side, const struct plan *plan)
{
	const char *values[] = { plan->wkb.at, plan->planning.at };
	int lengths[] = { (int)plan->wkb.len, (int)plan->planning.len }, formats[] = { 1, 1 };

	return given_must(&bench->given, side->name,
		PQexecPrepared(bench->given.pg, side->name, 2, values, lengths, formats, 1));
}

static double number(const PGresult *result, int row, int column)
{
	uint64_t bits;
	double value;

	memcpy(&bits, PQgetvalue(result, row, column), sizeof(bits));
	bits = be64toh(bits);
	memcpy(&value, &bits, sizeof(value));
	return value;
}

static int by_ags(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	return strncmp(x->ags.at, y->ags.at, x->ags.len < y->ags.len ? x->ags.len : y->ags.len);
}

static struct row *our_rows(struct bench *bench, const struct side *side,
	const struct pp_affected *from, struct pp_arena *arena)
{
	struct row *rows = PP_NEW_ARRAY(arena, struct row, from->count + 1);

	for (size_t i = 0; i < from->count; i++) {
		const struct pp_affected_row *row = &from->rows[i];

		rows[i] = (struct row){
			pp_boundaries_at(bench->given.boundaries, row->municipality)->ags,
			row->distance_m, side->measures_overlap ? row->overlap_m2 : row->adjoins,
			row->shared_border_m
		};
	}
	qsort(rows, from->count, sizeof(*rows), by_ags);
	return rows;
}

/* Distance 1 mm, overlap 0.1 m², shared border 1 cm; who adjoins exactly. */
static bool is_equal(const struct side *side, const struct row *ours, const PGresult *theirs, int i)
{
	double measure = side->measures_overlap ? number(theirs, i, 2) : *PQgetvalue(theirs, i, 2);
	double tolerance = side->measures_overlap ? 0.1 : 0;

	return pp_slice_is(ours->ags, given_cell(theirs, i, 0)) &&
		fabs(ours->distance_m - number(theirs, i, 1)) <= 0.001 + 1e-9 &&
		fabs(ours->measure - measure) <= tolerance &&
		fabs(ours->shared_border_m - number(theirs, i, 3)) <= 0.01;
}

static void show_difference(const struct side *side, size_t plan, const struct row *ours,
	size_t count, const PGresult *theirs)
{
	fprintf(stderr, "bench_engine: %s: plan %zu is answered differently\n", side->name,
		plan + 1);
	for (size_t i = 0; i < count; i++)
		fprintf(stderr, "  ours    %.*s %.3f %.3f %.3f\n", PP_SHOW(ours[i].ags),
			ours[i].distance_m, ours[i].measure, ours[i].shared_border_m);
	for (int i = 0; i < PQntuples(theirs); i++)
		fprintf(stderr, "  theirs  %s %.3f %.3f %.3f\n", PQgetvalue(theirs, i, 0),
			number(theirs, i, 1),
			side->measures_overlap ? number(theirs, i, 2) : *PQgetvalue(theirs, i, 2),
			number(theirs, i, 3));
	exit(1);
}

static void compare(struct bench *bench, const struct side *side)
{
	size_t total = 0;

	for (size_t p = 0; p < bench->count; p++) {
		PGresult *theirs = ask_theirs(bench, side, &bench->plans[p]);
		struct pp_affected found;
		struct pp_arena arena;
		struct row *ours;
		bool equal;

		pp_arena_begin(&arena);
		ask_ours(bench, side, &bench->plans[p], &arena, &found);
		ours = our_rows(bench, side, &found, &arena);
		equal = found.count == (size_t)PQntuples(theirs);
		for (size_t i = 0; i < found.count && equal; i++)
			equal = is_equal(side, &ours[i], theirs, (int)i);
		if (!equal)
			show_difference(side, p, ours, found.count, theirs);
		total += found.count;
		pp_arena_end(&arena);
		PQclear(theirs);
	}
	fprintf(stderr, "bench_engine: %s: %zu plans, %zu rows, all equal\n", side->name,
		bench->count, total);
}

static double own_seconds(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
		(double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* proc(5): utime and stime are the 14th and 15th field, the second one may hold anything. */
static double backend_seconds(int pid)
{
	char path[64], text[1024], *end;
	unsigned long user, system;
	FILE *file;
	size_t got;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "r");
	if (!file)
		given_fail(path, "is the server on this machine?");
	got = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	text[got] = '\0';
	end = strrchr(text, ')');
	if (!end ||
		sscanf(end + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
			&system) != 2)
		given_fail(path, "is not as proc(5) says");
	return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

static double time_ours(struct bench *bench, const struct side *side)
{
	double begun = own_seconds(), now;
	size_t done = 0;

	do {
		for (size_t p = 0; p < bench->count; p++) {
			struct pp_affected found;
			struct pp_arena arena;

			pp_arena_begin(&arena);
			ask_ours(bench, side, &bench->plans[p], &arena, &found);
			pp_arena_end(&arena);
		}
		done += bench->count;
		now = own_seconds();
	} while (now - begun < bench->seconds);
	return (now - begun) * 1e6 / (double)done;
}

static double time_theirs(struct bench *bench, const struct side *side)
{
	int pid = PQbackendPID(bench->given.pg);
	double begun = backend_seconds(pid), now;
	size_t done = 0;

	do {
		for (size_t p = 0; p < bench->count; p++)
			PQclear(ask_theirs(bench, side, &bench->plans[p]));
		done += bench->count;
		now = backend_seconds(pid);
	} while (now - begun < bench->seconds);
	return (now - begun) * 1e6 / (double)done;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void measure(struct bench *bench, const struct side *side)
{
	double ours[TURNS], theirs[TURNS];

	for (int i = 0; i < TURNS; i++) {
		ours[i] = time_ours(bench, side);
		theirs[i] = time_theirs(bench, side);
	}
	qsort(ours, TURNS, sizeof(*ours), by_size);
	qsort(theirs, TURNS, sizeof(*theirs), by_size);
	printf("%s %.2f %.2f %.2f\n", side->name, ours[TURNS / 2], theirs[TURNS / 2],
		theirs[TURNS / 2] / ours[TURNS / 2]);
	fflush(stdout);
}

static void prepare(struct bench *bench, const struct side *side, const char *path)
{
	const char *sql = pp_text(&bench->given.arena, given_file(&bench->given.arena, path));

	PQclear(given_must(&bench->given, path,
		PQprepare(bench->given.pg, side->name, sql, 2, (const Oid[]){ BYTEA, TEXT })));
	/* PostgreSQL looks at the first five sets of parameters before it settles for a plan. */
	for (size_t p = 0; p < FIRST_TURNS && p < bench->count; p++)
		PQclear(ask_theirs(bench, side, &bench->plans[p]));
}

int main(int argc, char **argv)
{
	struct bench bench = { .seconds = argc > 5 ? strtod(argv[5], NULL) : 2 };

	if (argc < 5 || !(bench.seconds > 0)) {
		fprintf(stderr, "usage: bench_engine URL RULES NEAR ROW [SECONDS]\n");
		return 2;
	}
	pp_arena_begin(&bench.given.arena);
	bench.given.pg = PQconnectdb(argv[1]);
	if (PQstatus(bench.given.pg) != CONNECTION_OK)
		given_fail(argv[1], PQerrorMessage(bench.given.pg));
	load(&bench, argv[2]);
	for (size_t i = 0; i < sizeof(sides) / sizeof(*sides); i++) {
		prepare(&bench, &sides[i], argv[3 + i]);
		compare(&bench, &sides[i]);
		measure(&bench, &sides[i]);
	}
	PQfinish(bench.given.pg);
	pp_arena_end(&bench.given.arena);
	return 0;
}
