/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* The imports of the command line: a file into staging tables, and from there into force at once.
 */
#include <pp/geo/boundaries.h>
#include <pp/io/admin.h>

#include "boundary_file.h"

struct pp_import {
	struct pp_arena *arena;
	struct pp_admin *db; /* inside a transaction, staging tables made */
	struct pp_slice at;  /* the instant of the import, RFC 3339 */
	bool preview; /* of bodies and accounts: what would change is shown, and nothing is kept */
	/* Of boundaries: as in struct pp_boundary_file. */
	void (*progress)(void *ctx, const char *stage, uint32_t done, uint32_t total);
	void *ctx;
	bool keeps; /* names of Kreise and the state border, where the file brings none */
};

/* Work as it goes on: a bar where standard error is a terminal, else a line per quarter. */
void pp_import_progress(void *ctx, const char *stage, uint32_t done, uint32_t total);
/* One line on standard error. */
void pp_import_say(void *ctx, struct pp_slice sentence);

/* "municipality" or "district", and what the districts belong to. */
struct pp_import_level {
	struct pp_slice level, parent;
};

/*
 * Reading comes first and needs no database: a file that is refused touches nothing. The file's
 * version must name dataset, date and accuracy.
 */
PP_CHECKED bool pp_import_read_boundaries(struct pp_boundary_file *file, struct pp_arena *arena,
	struct pp_boundaries **all, struct pp_fault *fault);
/* What came of it, and of the version before it what is kept: so many names, so many lines. */
struct pp_imported {
	uint32_t pairs, lines, cross_border;
	struct pp_slice version, kreise, borders;
};

/* Stages municipalities and adjacency and puts them in force; the report calls the file by name. */
PP_CHECKED bool pp_import_boundaries(const struct pp_import *import,
	const struct pp_import_level *level, const char *path, struct pp_slice name,
	struct pp_boundaries *all, struct pp_imported *done, struct pp_fault *fault);
/* Every repair, and what was imported, on standard output. */
void pp_import_boundaries_print(const struct pp_import_level *level,
	const struct pp_boundaries *all, const struct pp_imported *done);

/* A text of rules, which the engine's own reader has read: a bad row is named. */
PP_CHECKED bool pp_import_read_rules(const char *path, struct pp_buf *text, struct pp_fault *fault);
/* Puts it in force; the text in force is refused. The source is the name of the file. */
PP_CHECKED bool pp_import_rules(const struct pp_import *import, const char *path,
	struct pp_slice text, struct pp_fault *fault);

enum pp_import_table { PP_IMPORT_BODIES, PP_IMPORT_ADMINISTRATION, PP_IMPORT_ACCOUNTS };

/* Lines of COPY's text format from a table file; every row is checked and a bad one named. */
PP_CHECKED bool pp_import_read_table(enum pp_import_table table, const char *path,
	struct pp_buf *lines, uint32_t *rows, struct pp_fault *fault);
/* Into the staging table, where it counts for nothing yet. */
PP_CHECKED bool pp_import_stage(const struct pp_import *import, enum pp_import_table table,
	struct pp_slice lines, struct pp_fault *fault);
PP_CHECKED bool pp_import_table(const struct pp_import *import, enum pp_import_table table,
	struct pp_slice lines, struct pp_fault *fault);
/* Who acts for whom: what only the database can judge is refused with line and column, as well. */
PP_CHECKED bool pp_import_accounts(
	const struct pp_import *import, struct pp_slice lines, struct pp_fault *fault);
