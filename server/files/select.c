/* SPDX-License-Identifier: EUPL-1.2 */
#include "select.h"

static void offer(
	const struct pp_files_job *job, const struct pp_files_candidate *all, size_t count)
{
	for (size_t i = 0; i < count; i++)
		job->sink->choice(job->sink->ctx, &all[i].choice);
}

/* How many have that name or number; with mark, they are chosen. */
static size_t match(struct pp_slice wanted, struct pp_files_candidate *all, size_t count, bool mark)
{
	size_t found = 0;

	for (size_t i = 0; i < count; i++) {
		const struct pp_filejob_choice *choice = &all[i].choice;

		if (!pp_slice_is_nocase(choice->name, wanted) &&
			!pp_slice_is_nocase(choice->number, wanted))
			continue;
		found++;
		all[i].is_chosen |= mark;
	}
	return found;
}

bool pp_files_select(const struct pp_files_job *job, struct pp_slice wanted,
	struct pp_files_candidate *all, size_t count, struct pp_fault *fault)
{
	size_t found = wanted.len ? match(wanted, all, count, false) : 0;
	uint64_t number;

	if (pp_slice_is_nocase(wanted, PP_S("all")) || (!wanted.len && count == 1)) {
		for (size_t i = 0; i < count; i++)
			all[i].is_chosen = true;
		return true;
	}
	if (found == 0 && pp_slice_u64(wanted, &number) && number >= 1 && number <= count) {
		all[number - 1].is_chosen = true;
		return true;
	}
	if (found == 1) {
		match(wanted, all, count, true);
		return true;
	}
	offer(job, all, count);
	if (!wanted.len)
		return pp_fault(fault, PP_plan_ambiguous,
			"The file holds %zu plans; choose one by its number or name, or all.",
			count);
	if (found > 1)
		return pp_fault(fault, PP_plan_ambiguous,
			"%zu plans of the file are named \"%.*s\"; choose one by its number.",
			found, (int)(wanted.len < 80 ? wanted.len : 80), wanted.at);
	return pp_fault(fault, PP_file_without_plan,
		"The file holds no plan \"%.*s\"; it holds %zu others.",
		(int)(wanted.len < 80 ? wanted.len : 80), wanted.at, count);
}
