/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* A deadline and the rules of the table as people read them. */
#include <pp/law/deadline.h>

/* Like an invoice: what was asked, the parts, every day that moved the end, the end. */
void pp_deadline_print(struct pp_buf *out, const struct pp_deadline_asked *asked, bool english);
/* A rule a line: id, length, legal basis. */
void pp_deadline_print_rules(struct pp_buf *out, bool english);
