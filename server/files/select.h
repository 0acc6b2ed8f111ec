/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* Which plans of a file were asked for: "all", a number from 1, a name, or nothing at all. */
#include "files.h"

struct pp_files_candidate {
	struct pp_filejob_choice choice;
	bool is_chosen; /* out */
};

/*
 * Marks what is chosen. A number beats a name of digits only when no plan has that name or number.
 * Without an answer (several plans and none named, a name twice, a name unknown) the candidates
 * go to the sink and the fault is plan_ambiguous or, for an unknown one, file_without_plan.
 */
PP_CHECKED bool pp_files_select(const struct pp_files_job *job, struct pp_slice wanted,
	struct pp_files_candidate *all, size_t count, struct pp_fault *fault);
