/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * The log: one JSON object a line on standard error, begun with time, level, process and event.
 * Never personal data, never bodies. A line that cannot be written is dropped: logging never blocks
 * and never fails a request.
 */
#include <pp/base/buf.h>

enum pp_log_level { PP_DEBUG, PP_INFO, PP_WARNING, PP_ERROR };

/* The name of this process in every line, such as "web 1"; kept, not copied. */
void pp_log_open(const char *process, enum pp_log_level least);

struct pp_log_line {
	struct pp_buf buf;
	bool wanted;
};

void pp_log_begin(struct pp_log_line *line, enum pp_log_level level, const char *event);
void pp_log_text(struct pp_log_line *line, const char *name, struct pp_slice value);
void pp_log_number(struct pp_log_line *line, const char *name, int64_t value);
void pp_log_end(struct pp_log_line *line);

/* An event with one sentence, for what needs no fields. */
void pp_log(enum pp_log_level level, const char *event, const char *format, ...) PP_PRINTF(3, 4);

/* "debug", "info", "warning" or "error"; anything else is info. */
enum pp_log_level pp_log_level_named(const char *name);
