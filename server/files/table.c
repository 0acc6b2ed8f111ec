/* SPDX-License-Identifier: EUPL-1.2 */
/* Tables: CSV by our own reader (RFC 4180), layers by GDAL. */
#include <iconv.h>
#include <stdlib.h>

#include "ogr.h"

enum { COLUMNS_MAX = 64, ROWS_MAX = 1000000 };

struct csv {
	struct pp_slice rest;
	char separator;
	uint32_t line; /* on which the current record began */
	uint32_t next_line;
	struct pp_slice cells[COLUMNS_MAX];
	size_t count;
};

/* What Excel in Germany writes is Windows-1252. */
static bool as_utf8(const struct pp_files_job *job, struct pp_slice *text, struct pp_fault *fault)
{
	iconv_t conversion;
	char *in = (char *)(uintptr_t)text->at, *out;
	size_t in_left = text->len, out_left, size;
	struct pp_buf *buf = pp_buf_make(job->arena);

	if (pp_slice_starts(*text, PP_S("\xef\xbb\xbf")))
		*text = pp_slice(text->at + 3, text->len - 3);
	if (pp_slice_is_utf8(*text))
		return true;
	conversion = iconv_open("UTF-8", "CP1252");
	if (conversion == (iconv_t)-1)
		return pp_fault(fault, PP_table_unusable, "The table is not UTF-8.");
	size = out_left = text->len * 3;
	out = pp_buf_room(buf, size);
	if (iconv(conversion, &in, &in_left, &out, &out_left) == (size_t)-1) {
		iconv_close(conversion);
		return pp_fault(
			fault, PP_table_unusable, "The table is neither UTF-8 nor Windows-1252.");
	}
	iconv_close(conversion);
	*text = pp_slice(buf->at, size - out_left);
	if (!pp_slice_is_utf8(*text))
		return pp_fault(fault, PP_table_unusable, "The table holds a NUL: it is no text.");
	pp_files_warn(job, 0, "The table was read as Windows-1252.");
	return true;
}

/* The separator that the first line has most of. */
static char find_separator(struct pp_slice text)
{
	static const char separators[] = { ',', ';', '\t' };
	size_t most = 0;
	char found = ',';

	for (size_t i = 0; i < PP_LENGTH(separators); i++) {
		size_t count = 0;

		for (size_t j = 0; j < text.len && text.at[j] != '\n'; j++)
			count += text.at[j] == separators[i];
		if (count > most) {
			most = count;
			found = separators[i];
		}
	}
	return found;
}

/* A quoted cell: doubled quotes stand for one, line breaks belong to it. */
static bool read_quoted(struct csv *csv, struct pp_arena *arena, struct pp_slice *cell)
{
	struct pp_buf *buf = pp_buf_make(arena);
	size_t i = 1;

	for (; i < csv->rest.len; i++) {
		if (csv->rest.at[i] == '"') {
			if (i + 1 == csv->rest.len || csv->rest.at[i + 1] != '"')
				break;
			i++;
		}
		csv->next_line += csv->rest.at[i] == '\n';
		pp_buf_add(buf, &csv->rest.at[i], 1);
	}
	if (i >= csv->rest.len)
		return false;
	*cell = pp_buf_all(buf);
	csv->rest = pp_slice(csv->rest.at + i + 1, csv->rest.len - i - 1);
	return true;
}

static void read_plain(struct csv *csv, struct pp_slice *cell)
{
	size_t i = 0;

	while (i < csv->rest.len && csv->rest.at[i] != csv->separator && csv->rest.at[i] != '\n' &&
		csv->rest.at[i] != '\r')
		i++;
	*cell = pp_slice_trim(pp_slice(csv->rest.at, i));
	csv->rest = pp_slice(csv->rest.at + i, csv->rest.len - i);
}

/* One record into csv->cells; false at the end of the table or with a fault. */
static bool read_record(struct csv *csv, struct pp_arena *arena, struct pp_fault *fault)
{
	csv->line = csv->next_line;
	csv->count = 0;
	while (csv->rest.len) {
		struct pp_slice cell;

		if (csv->count == COLUMNS_MAX)
			return pp_fault(fault, PP_table_unusable,
				"Line %u has more than %d columns.", csv->line, COLUMNS_MAX);
		if (*csv->rest.at != '"')
			read_plain(csv, &cell);
		else if (!read_quoted(csv, arena, &cell))
			return pp_fault(fault, PP_table_unusable,
				"A quotation mark in line %u is never closed.", csv->line);
		csv->cells[csv->count++] = cell;
		if (csv->rest.len && *csv->rest.at == '\r')
			csv->rest = pp_slice(csv->rest.at + 1, csv->rest.len - 1);
		if (!csv->rest.len)
			return true;
		if (*csv->rest.at == '\n') {
			csv->next_line++;
			csv->rest = pp_slice(csv->rest.at + 1, csv->rest.len - 1);
			return true;
		}
		if (*csv->rest.at != csv->separator)
			return pp_fault(fault, PP_table_unusable,
				"Something follows a closing quotation mark in line %u.",
				csv->line);
		csv->rest = pp_slice(csv->rest.at + 1, csv->rest.len - 1);
	}
	return csv->count > 0;
}

static bool is_empty_record(const struct csv *csv)
{
	return csv->count == 1 && csv->cells[0].len == 0;
}

/* Which cell is the column; a name that begins with "?" may be missing. */
static bool find_column(struct csv *csv, struct pp_slice names, int *column, struct pp_fault *fault)
{
	bool optional = pp_slice_starts(names, PP_S("?"));
	struct pp_slice all;

	if (optional)
		names = pp_slice(names.at + 1, names.len - 1);
	all = names;
	*column = -1;
	while (names.len && *column < 0) {
		struct pp_slice name = pp_slice_cut(names, '|', &names);

		for (size_t i = 0; i < csv->count && *column < 0; i++)
			if (pp_slice_is_nocase(csv->cells[i], name))
				*column = (int)i;
	}
	if (*column >= 0 || optional)
		return true;
	return pp_fault(fault, PP_table_unusable, "The table has no column \"%.*s\" in line 1.",
		(int)(all.len < 80 ? all.len : 80), all.at);
}

static bool read_csv(
	const struct pp_files_job *job, const struct pp_filejob_table *ask, struct pp_fault *fault)
{
	struct csv csv = { .rest = job->parts[0].bytes, .next_line = 1 };
	struct pp_slice cells[COLUMNS_MAX];
	int columns[COLUMNS_MAX];
	struct pp_arena arena;
	uint32_t rows = 0, lines = 0;

	if (!as_utf8(job, &csv.rest, fault))
		return false;
	csv.separator = find_separator(csv.rest);
	*fault = (struct pp_fault){ 0 };
	if (!read_record(&csv, job->arena, fault))
		return fault->problem ? false
				      : pp_fault(fault, PP_table_unusable, "The table is empty.");
	for (size_t i = 0; i < ask->columns.count; i++)
		if (!find_column(&csv, ask->columns.at[i], &columns[i], fault))
			return false;
	for (size_t i = 0; i < csv.rest.len; i++)
		lines += csv.rest.at[i] == '\n' || i + 1 == csv.rest.len;
	job->sink->count(job->sink->ctx, lines);
	pp_arena_begin(&arena);
	while (read_record(&csv, &arena, fault)) {
		struct pp_filejob_row row = { csv.line, { ask->columns.count, cells } };

		if (is_empty_record(&csv))
			continue;
		if (++rows > ROWS_MAX) {
			pp_fault(fault, PP_table_unusable, "The table has more than %d rows.",
				ROWS_MAX);
			break;
		}
		for (size_t i = 0; i < ask->columns.count; i++)
			cells[i] = columns[i] >= 0 && (size_t)columns[i] < csv.count
				? csv.cells[columns[i]]
				: PP_S("");
		job->sink->row(job->sink->ctx, &row);
		pp_arena_end(&arena);
	}
	pp_arena_end(&arena);
	return fault->problem == PP_no_problem;
}

bool pp_ogr_read_table(const struct pp_files_job *job, enum pp_files_format format,
	const struct pp_filejob_table *ask, struct pp_fault *fault)
{
	struct pp_slice cells[COLUMNS_MAX];
	struct pp_ogr_source *source;
	int fields[COLUMNS_MAX];
	OGRFeatureH feature;
	uint32_t number = 0;

	if (!pp_ogr_open_source(job, format, &source, fault) ||
		!pp_ogr_choose_layer(job, source, ask->layer, "krs", PP_OGR_ANY_LAYER, fault))
		return false;
	for (size_t i = 0; i < ask->columns.count; i++) {
		struct pp_slice names = ask->columns.at[i];
		bool optional = pp_slice_starts(names, PP_S("?"));

		if (optional)
			names = pp_slice(names.at + 1, names.len - 1);
		fields[i] = pp_ogr_field(source->layer, names);
		if (fields[i] < 0 && !optional)
			return pp_fault(fault, PP_table_unusable,
				"The layer has no field \"%.*s\".",
				(int)(names.len < 80 ? names.len : 80), names.at);
	}
	job->sink->count(job->sink->ctx, (uint32_t)OGR_L_GetFeatureCount(source->layer, TRUE));
	while ((feature = OGR_L_GetNextFeature(source->layer))) {
		struct pp_filejob_row row = { ++number, { ask->columns.count, cells } };
		struct pp_arena arena;

		pp_arena_begin(&arena);
		for (size_t i = 0; i < ask->columns.count; i++)
			cells[i] = pp_ogr_text(&arena, feature, fields[i]);
		job->sink->row(job->sink->ctx, &row);
		OGR_F_Destroy(feature);
		pp_arena_end(&arena);
	}
	if (source->failures)
		return pp_fault(fault, PP_file_unreadable,
			"The layer cannot be read to its end: %.150s.", source->message);
	return true;
}

bool pp_files_read_table(const struct pp_files_job *given, const struct pp_filejob_table *table,
	struct pp_fault *fault)
{
	struct pp_files_job job = *given;
	struct pp_filejob_table ask = *table;
	enum pp_files_format format;

	if (ask.columns.count > COLUMNS_MAX)
		return pp_fault(fault, PP_table_unusable, "More than %d columns.", COLUMNS_MAX);
	if (!pp_files_unpack(&job, &ask.layer, &format, fault))
		return false;
	if (format == PP_FILES_UNKNOWN)
		return read_csv(&job, &ask, fault);
	if (format == PP_FILES_XML && !pp_files_screen_xml(&job, fault))
		return false;
	return pp_ogr_read_table(&job, format, &ask, fault);
}
