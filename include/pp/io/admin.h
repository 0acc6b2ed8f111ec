/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Blocking PostgreSQL for commands and the clerk's one-off work (migrate, import, account create):
 * never in a web worker. One connection, one transaction at a time.
 */
#include <pp/base/buf.h>
#include <pp/base/problem.h>
#include <pp/io/db.h>

struct pp_admin;

/*
 * NULL and a fault when the database cannot be reached. Here and below the fault's detail is what
 * PostgreSQL said, with the line of a script where it named one: for whoever runs the command,
 * never for a client of the server.
 */
struct pp_admin *pp_admin_open(const char *url, struct pp_fault *fault);
void pp_admin_close(struct pp_admin *admin);

/*
 * A script of several statements, without parameters (a migration, BEGIN, COMMIT, ROLLBACK).
 * Outside of a transaction it is one by itself: all of it or nothing.
 */
PP_CHECKED bool pp_admin_run(struct pp_admin *admin, const char *sql, struct pp_fault *fault);
/* One statement with text parameters; *rows in the arena, NULL on failure. */
PP_CHECKED bool pp_admin_ask(struct pp_admin *admin, struct pp_arena *arena, const char *sql,
	size_t param_count, const struct pp_slice *params, struct pp_rows **rows,
	struct pp_fault *fault);
/* A named query with its own parameter types. */
PP_CHECKED bool pp_admin_query(struct pp_admin *admin, struct pp_arena *arena,
	const struct pp_query *query, const struct pp_slice *params, struct pp_rows **rows,
	struct pp_fault *fault);
/* Whether the database takes it: prepared and forgotten. What this role must not see is not judged:
 * the keys are not the owner's. */
PP_CHECKED bool pp_admin_accepts(
	struct pp_admin *admin, const struct pp_query *query, struct pp_fault *fault);

/*
 * A named query whose rows are taken one by one as they come (libpq's single-row mode): a result of
 * any size needs the memory of a row. Cells live until row returns; it must not use the connection,
 * and returns false to be spared the rest, which is no failure.
 */
PP_CHECKED bool pp_admin_each(struct pp_admin *admin, const struct pp_query *query,
	const struct pp_slice *params, bool (*row)(void *ctx, const struct pp_rows *row), void *ctx,
	struct pp_fault *fault);

/*
 * COPY … FROM STDIN (FORMAT text): begin, rows as already escaped text lines in parts of any size,
 * end. What was wrong with a line is told by the end.
 */
PP_CHECKED bool pp_admin_copy_begin(
	struct pp_admin *admin, const char *copy_sql, struct pp_fault *fault);
PP_CHECKED bool pp_admin_copy_write(
	struct pp_admin *admin, struct pp_slice lines, struct pp_fault *fault);
PP_CHECKED bool pp_admin_copy_end(struct pp_admin *admin, struct pp_fault *fault);

/*
 * Writes a value as a field of COPY's text format (escapes \ tab newline; NULL is \N); the tabs
 * between fields and the newline behind the last are the caller's.
 */
void pp_admin_copy_field(struct pp_buf *out, struct pp_slice value, bool is_null);
