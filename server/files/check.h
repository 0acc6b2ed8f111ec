/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Whether a document is what it says that it is, and nothing else besides. A refusal is a fault
 * whose pointer is the reason (docs/api/document.md) and whose detail is a sentence.
 */
#include "files.h"

PP_CHECKED bool pp_check_document(
	const struct pp_files_job *job, const struct pp_filejob_check *ask, struct pp_fault *fault);

/* Fills in the fault and returns false. */
bool pp_check_refuse(struct pp_fault *fault, const char *reason, const char *format, ...)
	PP_PRINTF(3, 4);

/*
 * Unpacks all of a zip, without keeping it, and its zips in turn: bounded in entries, size and
 * depth; refuses names that lead out, links, secrets and macros. Where needed is not NULL, a member
 * of that name must be in it.
 */
PP_CHECKED bool pp_check_zip(
	struct pp_arena *arena, struct pp_slice bytes, const char *needed, struct pp_fault *fault);
