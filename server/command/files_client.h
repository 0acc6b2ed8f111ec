/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * File jobs for the command line: starts `planungsplattform-files --job` for one file, hands it the
 * descriptor and gives its answers back through functions. Blocking; needs neither server nor
 * database. Everything an answer points to lives until the function returns.
 */
#include <pp/io/filejob.h>

/* What is not wanted may be NULL. */
struct pp_files_answers {
	void *ctx;
	void (*plan)(void *ctx, const struct pp_filejob_plan *plan);
	void (*choice)(void *ctx, const struct pp_filejob_choice *choice);
	void (*warning)(void *ctx, const struct pp_filejob_warning *warning);
	void (*count)(void *ctx, uint32_t rows);
	void (*municipality)(void *ctx, const struct pp_filejob_municipality *municipality);
	void (*row)(void *ctx, const struct pp_filejob_row *row);
	void (*bytes)(void *ctx, struct pp_slice bytes);
};

/*
 * One job on the file at that path; beside a .shp its .dbf, .shx, .prj and .cpg are taken along.
 * The name in the request is set from the path. False with a fault: of the file, or file_unreadable
 * when it cannot be opened or the helper ran out of time or memory.
 */
PP_CHECKED bool pp_files_ask_check(const char *path, const struct pp_filejob_check *ask,
	const struct pp_files_answers *answers, struct pp_fault *fault);
PP_CHECKED bool pp_files_ask_clean(const char *path, const struct pp_filejob_clean *ask,
	const struct pp_files_answers *answers, struct pp_fault *fault);
/* The same with an empty file, open for reading and writing, for what is made of it. */
PP_CHECKED bool pp_files_ask_geopackage(const char *path, int result,
	const struct pp_filejob_geopackage *ask, const struct pp_files_answers *answers,
	struct pp_fault *fault);
PP_CHECKED bool pp_files_ask_plans(const char *path, const struct pp_filejob_plans *ask,
	const struct pp_files_answers *answers, struct pp_fault *fault);
PP_CHECKED bool pp_files_ask_areas(const char *path, const struct pp_filejob_areas *ask,
	const struct pp_files_answers *answers, struct pp_fault *fault);
PP_CHECKED bool pp_files_ask_table(const char *path, const struct pp_filejob_table *ask,
	const struct pp_files_answers *answers, struct pp_fault *fault);
