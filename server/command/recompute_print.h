/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* A recomputation on a terminal: items on standard output as they come, progress on standard error.
 */
#include "../recompute/recompute.h"

struct pp_recompute_print {
	enum pp_recompute_kind kind;
	bool json, english;
	struct pp_recompute_counts counts; /* so far */
	uint64_t plans, items;
	int64_t begun; /* monotonic */
};

struct pp_recompute_sink pp_recompute_printer(struct pp_recompute_print *print);
/* The summary; in JSON the end of the object. */
void pp_recompute_print_end(struct pp_recompute_print *print);
