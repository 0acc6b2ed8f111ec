/* SPDX-License-Identifier: EUPL-1.2 */
/* bodies, administration and accounts: small tables that people keep. */
#include <stdio.h>

#include <pp/law/date.h>

#include "files_client.h"
#include "import.h"
#include "queries.h"

/* What a cell may hold. */
enum check {
	CHECK_TEXT,
	CHECK_NEEDED,
	CHECK_AGS,
	CHECK_KEY,
	CHECK_DATE,
	CHECK_LAND,
	CHECK_MAIL,
	CHECK_ADDRESS
};

static const struct column {
	struct pp_filejob_texts names;
	const enum check *checks;
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
		(const enum check[]){ CHECK_KEY, CHECK_NEEDED, CHECK_NEEDED, CHECK_LAND, CHECK_TEXT,
			CHECK_MAIL, CHECK_TEXT, CHECK_TEXT, CHECK_TEXT, CHECK_TEXT, CHECK_DATE,
			CHECK_DATE, CHECK_TEXT },
		"copy import_body (key, name, kind, land, parent, mail, themes, areas, kinds, "
		"channel, valid_from, valid_to, area_wkt, line) from stdin",
		.has_line = true,
	},
	[PP_IMPORT_ADMINISTRATION] = {
		{ 6, (struct pp_slice[]){ { "ags", 3 }, { "body", 4 }, { "kind", 4 },
			     { "?valid_from", 11 }, { "?valid_to", 9 }, { "?source", 7 } } },
		(const enum check[]){ CHECK_AGS, CHECK_KEY, CHECK_NEEDED, CHECK_DATE, CHECK_DATE,
			CHECK_TEXT },
		"copy import_administration (ags, body, kind, valid_from, valid_to, source) from "
		"stdin",
	},
	[PP_IMPORT_ACCOUNTS] = {
		{ 7, (struct pp_slice[]){ { "body", 4 }, { "mail", 4 }, { "roles", 5 },
			     { "?valid_from", 11 }, { "?valid_to", 9 }, { "?issuer", 7 },
			     { "?subject", 8 } } },
		(const enum check[]){ CHECK_KEY, CHECK_ADDRESS, CHECK_NEEDED, CHECK_DATE,
			CHECK_DATE, CHECK_TEXT, CHECK_TEXT },
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

static bool is_digits(struct pp_slice value, size_t count)
{
	uint64_t number;

	return value.len == count && pp_slice_u64(value, &number);
}

/* contract.md, body keys: digits as AGS, Kreis, Land or Amt have them, a Bezirk, or a slug. */
static bool is_body_key(struct pp_slice key)
{
	if (key.len < 2 || key.len > 40)
		return false;
	for (size_t i = 0; i < key.len; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-", key.at[i]) || !key.at[i])
			return false;
	return true;
}

/* What pp.is_mail_address looks at again, to the letter. */
static bool is_mail(struct pp_slice value)
{
	struct pp_slice domain, left = pp_slice_cut(value, '@', &domain);

	for (size_t i = 0; i < value.len; i++)
		if ((unsigned char)value.at[i] <= 0x20 ||
			memchr("<>()[]\\,;:\"\x7f", value.at[i], 12))
			return false;
	return left.len && left.len <= 64 && domain.len && value.len <= 254 &&
		!memchr(domain.at, '@', domain.len);
}

/* NULL when the cell is right, else what it should be. */
static const char *judge(enum check check, struct pp_slice value)
{
	int32_t day;

	switch (check) {
	case CHECK_TEXT:
		return NULL;
	case CHECK_NEEDED:
		return value.len ? NULL : "is empty";
	case CHECK_AGS:
		return is_digits(value, 8) ? NULL : "is no AGS of eight digits";
	case CHECK_KEY:
		return is_body_key(value) ? NULL : "is no key of a body";
	case CHECK_DATE:
		return !value.len || pp_day_read(value, &day) ? NULL : "is no date (YYYY-MM-DD)";
	case CHECK_MAIL:
		return !value.len || pp_slice_is(value, PP_S("-")) || is_mail(value)
			? NULL
			: "is no e-mail address";
	case CHECK_ADDRESS:
		return is_mail(value) ? NULL : "is no e-mail address";
	case CHECK_LAND:
		return !value.len || is_digits(value, 2) ? NULL : "is no Land of two digits";
	}
	return NULL;
}

static void add_row(void *ctx, const struct pp_filejob_row *row)
{
	struct reading *reading = ctx;
	const struct column *table = reading->table;

	for (size_t i = 0; i < row->cells.count && !reading->failed; i++) {
		struct pp_slice cell = row->cells.at[i];
		const char *wrong = judge(table->checks[i], cell);
		struct pp_slice name = table->names.at[i];

		if (wrong)
			reading->failed = !pp_fault(&reading->fault, PP_table_unusable,
				"Line %u, column %s: \"%.*s\" %s.", row->row,
				name.at + (*name.at == '?'), (int)(cell.len < 60 ? cell.len : 60),
				cell.at, wrong);
		pp_admin_copy_field(
			reading->lines, cell, table->checks[i] == CHECK_DATE && !cell.len);
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
