/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* --additions FILE: holidays that the table lacks, as pp/law/addition.h reads them. */
#include <pp/law/addition.h>

enum { PP_ADDITIONS_PROBLEM = 512 };

struct pp_additions {
	struct pp_arena arena;
	const struct pp_holiday_addition *all;
	size_t count;
};

/* path NULL: there are none. False and a sentence that names file and line; then nothing is open.
 */
PP_CHECKED bool pp_additions_open(
	struct pp_additions *additions, const char *path, char problem[PP_ADDITIONS_PROBLEM]);
/* Makes the calendar know them; they must stay open as long as it is used. */
void pp_additions_use(const struct pp_additions *additions, struct pp_place_calendar *place);
void pp_additions_close(struct pp_additions *additions);
