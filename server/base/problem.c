/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/base/problem.h>

#include <stdarg.h>
#include <stdio.h>

static const struct pp_problem_row rows[] = {
	{ "no_problem", 200, "", "", "" },
#define PP_PROBLEM(id, status, ows, de, en) { #id, status, ows, de, en },
#include <pp/base/problem.def>
#undef PP_PROBLEM
};

const struct pp_problem_row *pp_problem_row(enum pp_problem problem)
{
	PP_MUST((size_t)problem < PP_LENGTH(rows));
	return &rows[problem];
}

enum pp_problem pp_problem_named(struct pp_slice id)
{
	for (size_t i = 1; i < PP_LENGTH(rows); i++)
		if (pp_slice_is(id, pp_slice_of(rows[i].id)))
			return (enum pp_problem)i;
	return PP_no_problem;
}

bool pp_fault(struct pp_fault *fault, enum pp_problem problem, const char *format, ...)
{
	va_list list;

	*fault = (struct pp_fault){ .problem = problem };
	va_start(list, format);
	vsnprintf(fault->detail, sizeof(fault->detail), format, list);
	va_end(list);
	return false;
}
