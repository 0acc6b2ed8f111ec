/* SPDX-License-Identifier: EUPL-1.2 */
/* bodies, administration and accounts: small tables that people keep. */
#include <stdio.h>

#include "files_client.h"
#include "import.h"
#include "import_cell.h"
#include "queries.h"

static const struct column {
	struct pp_filejob_texts names;
	const enum pp_cell *checks;
	const char *copy;
	bool has_line; /* the number of the line follows its cells */
} tables[] = {
	[PP_IMPORT_BODIES] = {
		{ 13, (struct pp_slice[]){ { "key", 3 }, { "name", 4 }, { "kind", 4 },
			      { "?land", 5 }, { "?parent", 7 }, { "?mail", 5 }, { "?themes", 7 },
			      { "?areas", 6 }, { "?kinds", 6 }, { "?channel", 8 },
			      { "?valid_from", 11 }, { "?valid_to", 9 }, { "?area_wkt", 9 } } },
		/* What the register of agencies has words of its own for is looked at in the
		 * database (pp_api.agency_check), by the line. */
		(const enum pp_cell[]){ PP_CELL_KEY, PP_CELL_NEEDED, PP_CELL_NEEDED, PP_CELL_LAND, PP_CELL_TEXT,
			PP_CELL_MAIL, PP_CELL_TEXT, PP_CELL_TEXT, PP_CELL_TEXT, PP_CELL_TEXT, PP_CELL_DATE,
			PP_CELL_DATE, PP_CELL_TEXT },
		"copy import_body (key, name, kind, land, parent, mail, themes, areas, kinds, "
		"channel, valid_from, valid_to, area_wkt, line) from stdin",
		.has_line = true,
	},
	[PP_IMPORT_ADMINISTRATION] = {
		{ 6, (struct pp_slice[]){ { "ags", 3 }, { "body", 4 }, { "kind", 4 },
			     { "?valid_from", 11 }, { "?valid_to", 9 }, { "?source", 7 } } },
		(const enum pp_cell[]){ PP_CELL_AGS, PP_CELL_KEY, PP_CELL_NEEDED, PP_CELL_DATE, PP_CELL_DATE,
			PP_CELL_TEXT },
		"copy import_administration (ags, body, kind, valid_from, valid_to, source) from "
		"stdin",
	},
	[PP_IMPORT_ACCOUNTS] = {
		{ 7, (struct pp_slice[]){ { "body", 4 }, { "mail", 4 }, { "roles", 5 },
			     { "?valid_from", 11 }, { "?valid_to", 9 }, { "?issuer", 7 },
			     { "?subject", 8 } } },
		(const enum pp_cell[]){ PP_CELL_KEY, PP_CELL_ADDRESS, PP_CELL_NEEDED, PP_CELL_DATE,
			PP_CELL_DATE, PP_CELL_TEXT, PP_CELL_TEXT },
		"copy import_account (body, mail, roles, valid_from, valid_to, issuer, subject, "
		"line) from stdin",
		.has_line = true,
	},
};

struct reading {
	const struct column *table;
	struct pp_buf *lines;
	uint32_t rows;
	bool failed;
	struct pp_fault fault;
};

static void add_row(void *ctx, const struct pp_filejob_row *row)
{
	struct reading *reading = ctx;
	const struct column *table = reading->table;

	for (size_t i = 0; i < row->cells.count && !reading->failed; i++) {
		struct pp_slice cell = row->cells.at[i];
		const char *wrong = pp_import_wrong(table->checks[i], cell);
		struct pp_slice name = table->names.at[i];

		if (wrong)
			reading->failed = !pp_fault(&reading->fault, PP_table_unusable,
				"Line %u, column %s: \"%.*s\" %s.", row->row,
				name.at + (*name.at == '?'), (int)(cell.len < 60 ? cell.len : 60),
				cell.at, wrong);
		pp_admin_copy_field(
			reading->lines, cell, table->checks[i] == PP_CELL_DATE && !cell.len);
		pp_buf_text(reading->lines, i + 1 < row->cells.count ? "\t" : "");
	}
	if (table->has_line)
		pp_buf_format(reading->lines, "\t%u", row->row);
	pp_buf_text(reading->lines, "\n");
	reading->rows++;
}

static void say_warning(void *ctx, const struct pp_filejob_warning *warning)
{
	(void)ctx;
	pp_import_say(NULL, warning->text);
}

bool pp_import_read_table(enum pp_import_table table, const char *path, struct pp_buf *lines,
	uint32_t *rows, struct pp_fault *fault)
{
	struct reading reading = { .table = &tables[table], .lines = lines };
	const struct pp_files_answers answers = {
		.ctx = &reading, .warning = say_warning, .row = add_row
	};

	if (!pp_files_ask_table(path, &(struct pp_filejob_table){ .columns = tables[table].names },
		    &answers, fault))
		return false;
	if (reading.failed) {
		*fault = reading.fault;
		return false;
	}
	if (reading.rows == 0)
		return pp_fault(fault, PP_table_unusable, "The table has no rows.");
	*rows = reading.rows;
	return true;
}

/* Row by row what becomes another, before it does. */
static bool show_changes(const struct pp_import *import, struct pp_fault *fault)
{
	struct pp_rows *rows;

	if (!pp_admin_query(import->db, import->arena, &pp_queries[PP_Q_bodies_diff],
		    (struct pp_slice[]){ import->at }, &rows, fault))
		return false;
	for (size_t i = 0; i < rows->rows; i++) {
		struct pp_slice key = pp_cell(rows, i, 0), what = pp_cell(rows, i, 1);
		struct pp_slice before = pp_cell(rows, i, 2), after = pp_cell(rows, i, 3);

		if (pp_slice_is(what, PP_S("body")))
			printf("+ %.*s  %.*s\n", PP_SHOW(key), PP_SHOW(after));
		else
			printf("~ %.*s  %.*s: %.*s -> %.*s\n", PP_SHOW(key), PP_SHOW(what),
				PP_SHOW(before.len ? before : PP_S("-")),
				PP_SHOW(after.len ? after : PP_S("-")));
	}
	return true;
}

bool pp_import_stage(const struct pp_import *import, enum pp_import_table table,
	struct pp_slice lines, struct pp_fault *fault)
{
	return pp_admin_copy_begin(import->db, tables[table].copy, fault) &&
		pp_admin_copy_write(import->db, lines, fault) &&
		pp_admin_copy_end(import->db, fault);
}

bool pp_import_table(const struct pp_import *import, enum pp_import_table table,
	struct pp_slice lines, struct pp_fault *fault)
{
	struct pp_slice params[] = { import->at };
	struct pp_rows *rows;

	if (!pp_import_stage(import, table, lines, fault) ||
		(import->preview && !show_changes(import, fault)) ||
		!pp_admin_query(import->db, import->arena, &pp_queries[PP_Q_administration_import],
			params, &rows, fault))
		return false;
	printf("%.*s bodies, %.*s rows of administration\n", PP_SHOW(pp_cell(rows, 0, 0)),
		PP_SHOW(pp_cell(rows, 0, 1)));
	return true;
}
