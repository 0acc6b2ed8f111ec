/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The whole table of rules against all municipalities of a database: processor time of each plan
 * from WKB to the JSON of the answer.
 *
 *   bench_table URL RULES     prints NAME, plans, median, p99 and greatest in µs, municipalities
 *
 * `kind` asks of every plan of bench.plan what a development plan is asked; `table` with every
 * subject at once, so that every row of the table is tried and the search reaches 25 km; `vertices`
 * a plan of 100,000 vertices and `line` a line of 200 km, each with every subject.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "given.h"

enum { VERTICES = 100000, STATIONS = 2000, TIMES = 25 };

static const char *const subjects[][4] = {
	{ "WIND", "hub_height_m=160", "rotor_diameter_m=150", NULL },
	{ "EINZELHANDEL", "floor_area_m2=15000", "sales_area_m2=12000", NULL },
	{ "LEITUNG", "voltage_kv=380", "pylon_height_m=60", NULL },
	{ "STRASSE", NULL },
	{ "BIMSCHG", "stack_height_m=40", NULL },
	{ "STOERFALL", "kas18_class=4", NULL },
	{ "FLUGHAFEN", NULL },
	{ "HAFEN", NULL },
	{ "TURM", "total_height_m=100", NULL },
};

struct bench {
	struct given given;
	struct pp_subject all[PP_LENGTH(subjects)];
};

struct plan {
	struct pp_slice wkb, planning;
};

static void load_subjects(struct bench *bench)
{
	struct pp_fault fault;

	for (size_t i = 0; i < PP_LENGTH(subjects); i++) {
		if (!pp_subject_begin(&bench->all[i], pp_slice_of(subjects[i][0]), &fault))
			given_fail(subjects[i][0], fault.detail);
		for (size_t p = 1; subjects[i][p]; p++) {
			struct pp_slice value,
				name = pp_slice_cut(pp_slice_of(subjects[i][p]), '=', &value);

			if (!pp_subject_set(&bench->all[i], name, value, &fault))
				given_fail(subjects[i][p], fault.detail);
		}
	}
}

static void load(struct bench *bench, const char *rules)
{
	given_load(&bench->given, rules);
	load_subjects(bench);
}

static double now(void)
{
	struct timespec at;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
	return (double)at.tv_sec * 1e6 + (double)at.tv_nsec / 1e3;
}

/* µs for one plan; how many municipalities it concerns is added up. */
static double answer(struct bench *bench, const struct plan *plan, const char *kind,
	size_t subject_count, size_t *found)
{
	struct pp_affected_query query = { .kind = pp_slice_of(kind),
		.date = PP_S("2026-11-24"),
		.planning = &plan->planning,
		.planning_count = plan->planning.len ? 1 : 0,
		.applicant_land = plan->planning.len ? PP_S("") : PP_S("01"),
		.subjects = bench->all,
		.subject_count = subject_count,
		.wkb = plan->wkb };
	double begun = now(), used;
	struct pp_affected result;
	struct pp_arena arena;
	struct pp_fault fault;
	struct pp_buf *json;

	pp_arena_begin(&arena);
	json = pp_buf_make(&arena);
	if (!pp_affected_ask(
		    bench->given.boundaries, &bench->given.rules, &query, &arena, &result, &fault))
		given_fail("the engine refuses a plan", fault.detail);
	pp_affected_write(json, bench->given.boundaries, pp_geo_engine(bench->given.geo), &result,
		PP_S("both"));
	*found += result.count;
	pp_arena_end(&arena);
	used = now() - begun;
	return used;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void print(const char *name, double *times, size_t count, size_t found)
{
	qsort(times, count, sizeof(*times), by_size);
	printf("%s %zu %.1f %.1f %.1f %zu\n", name, count, times[count / 2],
		times[(count * 99 + 99) / 100 - 1], times[count - 1], found);
	fflush(stdout);
}

static void measure_plans(
	struct bench *bench, const char *name, const char *kind, size_t subject_count)
{
	PGresult *rows = given_ask(
		&bench->given, "select wkb, planning from bench.plan order by no");
	size_t count = (size_t)PQntuples(rows), found = 0;
	double *times = PP_NEW_ARRAY(&bench->given.arena, double, count);

	for (size_t i = 0; i < count; i++) {
		const struct plan plan = { given_cell(rows, (int)i, 0),
			given_cell(rows, (int)i, 1) };

		times[i] = answer(bench, &plan, kind, subject_count, &found);
	}
	PQclear(rows);
	print(name, times, count, found);
}

static void measure_one(
	struct bench *bench, const char *name, const char *kind, struct pp_slice wkb)
{
	const struct plan plan = { wkb, PP_S("") };
	double times[TIMES];
	size_t found = 0;

	for (size_t i = 0; i < TIMES; i++)
		times[i] = answer(bench, &plan, kind, PP_LENGTH(subjects), &found);
	print(name, times, TIMES, found / TIMES);
}

/* A star around the border of Hamburg never crosses itself. */
static struct pp_slice make_star(struct pp_arena *arena)
{
	struct pp_buf *out = pp_buf_make(arena);

	pp_buf_u8(out, 1);
	pp_buf_u32(out, 3);
	pp_buf_u32(out, 1);
	pp_buf_u32(out, VERTICES);
	for (uint32_t i = 0; i < VERTICES; i++) {
		double turn = 2 * M_PI * (i % (VERTICES - 1)) / (VERTICES - 1);
		double radius = 5000 + 800 * sin(37 * turn) + 40 * sin(9973 * turn);

		pp_buf_f64(out, 558000 + radius * cos(turn));
		pp_buf_f64(out, 5945000 + radius * sin(turn));
	}
	return pp_buf_all(out);
}

/* From Hamburg to the south, as a power line goes. */
static struct pp_slice make_line(struct pp_arena *arena)
{
	struct pp_buf *out = pp_buf_make(arena);

	pp_buf_u8(out, 1);
	pp_buf_u32(out, 2);
	pp_buf_u32(out, STATIONS);
	for (uint32_t i = 0; i < STATIONS; i++) {
		pp_buf_f64(out, 565000 + 900 * sin(i / 40.0));
		pp_buf_f64(out, 5930000 - 200000.0 * i / (STATIONS - 1));
	}
	return pp_buf_all(out);
}

int main(int argc, char **argv)
{
	struct bench bench = { 0 };

	if (argc != 3) {
		fprintf(stderr, "usage: bench_table URL RULES\n");
		return 2;
	}
	pp_arena_begin(&bench.given.arena);
	bench.given.pg = PQconnectdb(argv[1]);
	if (PQstatus(bench.given.pg) != CONNECTION_OK)
		given_fail(argv[1], PQerrorMessage(bench.given.pg));
	load(&bench, argv[2]);
	measure_plans(&bench, "kind", "BP_REGEL", 0);
	measure_plans(&bench, "table", "ROP_REG", PP_LENGTH(subjects));
	measure_one(&bench, "vertices", "ROP_REG", make_star(&bench.given.arena));
	measure_one(&bench, "line", "PFV_NABEG", make_line(&bench.given.arena));
	PQfinish(bench.given.pg);
	pp_arena_end(&bench.given.arena);
	return 0;
}
