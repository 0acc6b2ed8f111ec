/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Imports: the table reader on arbitrary bytes. Every row has the columns that were asked for, in
 * UTF-8, on lines that grow. (Files that GDAL would read are left to GDAL's own fuzzers.)
 */
#include "../../../server/files/files.h"

struct seen {
	uint32_t rows, line;
	bool is_csv;
};

static void on_row(void *ctx, const struct pp_filejob_row *row)
{
	struct seen *seen = ctx;

	PP_MUST(row->cells.count == 3 && row->row > seen->line);
	seen->line = row->row;
	seen->rows++;
	for (size_t i = 0; i < row->cells.count; i++)
		PP_MUST(row->cells.at[i].len == 0 || pp_slice_is_utf8(row->cells.at[i]));
}

static void on_count(void *ctx, uint32_t rows)
{
	(void)ctx;
	(void)rows;
}

static void on_warning(void *ctx, const struct pp_filejob_warning *warning)
{
	(void)ctx;
	PP_MUST(warning->text.len > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pp_slice bytes = { (const char *)data, size };
	struct pp_slice names[] = { PP_S("key"), PP_S("name"), PP_S("?land") };
	const struct pp_filejob_table ask = { .name = PP_S("fuzz.csv"),
		.columns = { PP_LENGTH(names), names } };
	struct seen seen = { 0 };
	const struct pp_files_sink sink = {
		.ctx = &seen, .row = on_row, .count = on_count, .warning = on_warning
	};
	struct pp_files_part part = { ask.name, bytes };
	struct pp_fault fault = { 0 };
	struct pp_arena arena;
	struct pp_files_job job = { .arena = &arena,
		.sink = &sink,
		.parts = &part,
		.part_count = 1,
		.unpacked_max = 1 << 20 };

	if (pp_files_sniff(bytes) != PP_FILES_UNKNOWN)
		return 0;
	pp_arena_begin(&arena);
	if (!pp_files_read_table(&job, &ask, &fault))
		PP_MUST(fault.problem != PP_no_problem && fault.detail[0]);
	pp_arena_end(&arena);
	return 0;
}
