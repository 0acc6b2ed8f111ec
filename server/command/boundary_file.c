/* SPDX-License-Identifier: EUPL-1.2 */
#include "boundary_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "files_client.h"
#include "state_border.h"
#include "../paths.h"

/* docs/data.md: what the fixtures are. */
#define FIXTURE_DATASET "VG250"
#define FIXTURE_DATE    "2016-01-01"

/* VG250 is generalised to 1:250,000: its lines are right within 100 m. */
#define VG250_ACCURACY 100.0

struct kreis {
	struct pp_slice key, name;
};

enum { KREISE_MAX = 2000 };

struct reading {
	struct pp_boundary_file *file;
	struct pp_arena *arena;
	struct pp_boundaries *all;
	struct kreis *kreise;
	size_t kreis_count;
	uint32_t done, total, told;
	bool failed;
	struct pp_fault fault;
};

/* The fixtures' folder: PP_FIXTURES, installed beside the program, or in the source tree. */
static const char *fixtures_path(void)
{
	static char found[4400];
	static const char *const beside[] = { "../share/planungsplattform/fixtures",
		"../data/fixtures", "../../data/fixtures", "../../../data/fixtures" };
	const char *named = getenv("PP_FIXTURES");
	const char *slash = strrchr(pp_program_path(), '/');

	if (named && named[0])
		return named;
	for (size_t i = 0; i < PP_LENGTH(beside); i++) {
		snprintf(found, sizeof(found), "%.*s/%s/municipalities.fgb",
			(int)(slash - pp_program_path()), pp_program_path(), beside[i]);
		if (access(found, R_OK) == 0) {
			*strrchr(found, '/') = '\0';
			return found;
		}
	}
#ifdef PP_FIXTURES_DIR
	return PP_FIXTURES_DIR;
#else
	return "data/fixtures";
#endif
}

static void tell(struct reading *reading, const char *stage)
{
	const struct pp_boundary_file *file = reading->file;
	uint32_t percent = reading->total
		? (uint32_t)((uint64_t)reading->done * 100 / reading->total)
		: 0;

	if (!file->progress || (reading->done > 0 && percent == reading->told))
		return;
	reading->told = percent;
	file->progress(file->ctx, stage, reading->done, reading->total);
}

static void warn(void *ctx, const struct pp_filejob_warning *warning)
{
	struct reading *reading = ctx;

	if (reading->file->warn)
		reading->file->warn(reading->file->ctx, warning->text);
}

static void offer(void *ctx, const struct pp_filejob_choice *choice)
{
	struct reading *reading = ctx;

	if (reading->file->warn)
		reading->file->warn(reading->file->ctx,
			pp_format(reading->arena, "layer %u: %.*s", choice->place,
				PP_SHOW(choice->name)));
}

static void add_kreis(void *ctx, const struct pp_filejob_row *row)
{
	struct reading *reading = ctx;
	struct kreis *kreis = &reading->kreise[reading->kreis_count];

	/* A layer of Kreise has a row per part: of land, of water. The first names it. */
	if (row->cells.at[0].len != 5 || reading->kreis_count == KREISE_MAX)
		return;
	for (size_t i = 0; i < reading->kreis_count; i++)
		if (pp_slice_is(reading->kreise[i].key, row->cells.at[0]))
			return;
	kreis->key = pp_copy(reading->arena, row->cells.at[0]);
	kreis->name = pp_copy(reading->arena, row->cells.at[1]);
	reading->kreis_count++;
}

static bool read_kreise(struct reading *reading, const char *path, struct pp_fault *fault)
{
	const struct pp_files_answers answers = {
		.ctx = reading, .warning = warn, .choice = offer, .row = add_kreis
	};
	struct pp_slice columns[] = { PP_S("key|ags|ars|rs|kreis|schluessel|schlüssel"),
		PP_S("gen|name|kreis_name") };

	reading->kreise = PP_NEW_ARRAY(reading->arena, struct kreis, KREISE_MAX);
	if (!pp_files_ask_table(path,
		    &(struct pp_filejob_table){ .columns = { PP_LENGTH(columns), columns } },
		    &answers, fault))
		return false;
	if (reading->kreis_count == 0)
		return pp_fault(fault, PP_table_unusable,
			"The table of Kreise has no key of five digits in its column AGS, RS or "
			"key.");
	return true;
}

static int order_kreise(const void *a, const void *b)
{
	return pp_slice_order(((const struct kreis *)a)->key, ((const struct kreis *)b)->key);
}

static struct pp_slice name_of_kreis(const struct reading *reading, struct pp_slice ags)
{
	const struct kreis wanted = { .key = pp_slice(ags.at, ags.len < 5 ? ags.len : 5) };
	const struct kreis *kreis = reading->kreis_count
		? bsearch(&wanted, reading->kreise, reading->kreis_count, sizeof(wanted),
			  order_kreise)
		: NULL;

	return kreis ? kreis->name : PP_S("");
}

static void count_rows(void *ctx, uint32_t rows)
{
	struct reading *reading = ctx;

	reading->total = rows;
	tell(reading, "read");
}

static void add_municipality(void *ctx, const struct pp_filejob_municipality *row)
{
	struct reading *reading = ctx;
	const struct pp_boundary_row one = {
		.ags = row->key,
		.ars = row->ars,
		.name = row->name.len ? row->name : row->key,
		.designation = row->designation,
		.kreis = name_of_kreis(reading, row->key),
		.unincorporated = pp_boundary_is_unincorporated(row->designation, row->ars),
		.wkb = row->wkb,
	};

	reading->done++;
	tell(reading, "read");
	if (!reading->failed)
		reading->failed = !pp_boundaries_add(reading->all, &one, &reading->fault);
}

/* What the caller did not say of the fixtures is known. */
static void fill_in(struct pp_boundary_file *file, struct pp_arena *arena)
{
	if (!file->path) {
		file->path = pp_format(arena, "%s/municipalities.fgb", fixtures_path()).at;
		if (!file->kreise)
			file->kreise = pp_format(arena, "%s/kreise.csv", fixtures_path()).at;
		if (!file->state_border && file->wants_state_border)
			file->state_border =
				pp_format(arena, "%s/state-border.geojson", fixtures_path()).at;
		if (!file->version.dataset.len)
			file->version.dataset = PP_S(FIXTURE_DATASET);
		if (!file->version.date.len)
			file->version.date = PP_S(FIXTURE_DATE);
	}
	if (!file->version.dataset.len) {
		const char *slash = strrchr(file->path, '/');

		file->version.dataset = pp_slice_of(slash ? slash + 1 : file->path);
	}
	if (file->version.accuracy_m <= 0)
		file->version.accuracy_m = VG250_ACCURACY;
}

struct pp_boundaries *pp_boundary_file_read(struct pp_boundary_file *file, struct pp_geo *geo,
	struct pp_arena *arena, struct pp_fault *fault)
{
	struct reading reading = { .file = file, .arena = arena };
	const struct pp_files_answers answers = { .ctx = &reading,
		.warning = warn,
		.choice = offer,
		.count = count_rows,
		.municipality = add_municipality };

	fill_in(file, arena);
	if (file->kreise && !read_kreise(&reading, file->kreise, fault))
		return NULL;
	if (reading.kreis_count)
		qsort(reading.kreise, reading.kreis_count, sizeof(struct kreis), order_kreise);
	reading.all = pp_boundaries_begin(arena, geo, PP_ROWS_RAW, &file->version);
	if (!pp_files_ask_areas(file->path, &file->areas, &answers, fault))
		return NULL;
	if (reading.failed) {
		*fault = reading.fault;
		return NULL;
	}
	if (file->state_border &&
		!pp_state_border_read(file->state_border, geo, arena, reading.all, fault))
		return NULL;
	reading.done = reading.total = 0;
	tell(&reading, "check");
	return pp_boundaries_end(reading.all, fault) ? reading.all : NULL;
}
