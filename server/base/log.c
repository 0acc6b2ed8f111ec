/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/base/log.h>

#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include <pp/base/clock.h>

static const char *const level_names[] = { "debug", "info", "warning", "error" };

/* The one sink of a process, set once at its start. */
static struct {
	const char *process;
	enum pp_log_level least;
} sink = { "planungsplattform", PP_INFO };

void pp_log_open(const char *process, enum pp_log_level least)
{
	sink.process = process;
	sink.least = least;
}

void pp_log_begin(struct pp_log_line *line, enum pp_log_level level, const char *event)
{
	char at[PP_RFC3339_SIZE];

	pp_buf_begin(&line->buf);
	line->wanted = level >= sink.least;
	if (!line->wanted)
		return;
	pp_clock_rfc3339(pp_clock_utc(), at);
	pp_buf_format(&line->buf, "{\"time\":\"%s\",\"level\":\"%s\"", at, level_names[level]);
	pp_log_text(line, "process", pp_slice_of(sink.process));
	/* Two of the same name run while one takes over from the other. */
	pp_log_number(line, "pid", getpid());
	pp_log_text(line, "event", pp_slice_of(event));
}

void pp_log_text(struct pp_log_line *line, const char *name, struct pp_slice value)
{
	if (!line->wanted)
		return;
	pp_buf_format(&line->buf, ",\"%s\":", name);
	pp_buf_json(&line->buf, value);
}

void pp_log_number(struct pp_log_line *line, const char *name, int64_t value)
{
	if (line->wanted)
		pp_buf_format(&line->buf, ",\"%s\":%lld", name, (long long)value);
}

void pp_log_end(struct pp_log_line *line)
{
	if (line->wanted) {
		struct pollfd sink_ready = { .fd = STDERR_FILENO, .events = POLLOUT };

		pp_buf_text(&line->buf, "}\n");
		/*
		 * One write, so that lines of several processes do not mix (POSIX, PIPE_BUF), and
		 * only into a pipe that has room: whoever does not read our log must not stop us.
		 */
		if (poll(&sink_ready, 1, 0) != 1 || !(sink_ready.revents & POLLOUT) ||
			write(STDERR_FILENO, line->buf.at, line->buf.len) < 0)
			line->wanted = false;
	}
	pp_buf_end(&line->buf);
}

void pp_log(enum pp_log_level level, const char *event, const char *format, ...)
{
	struct pp_log_line line;
	char message[512];
	va_list list;

	pp_log_begin(&line, level, event);
	if (line.wanted) {
		va_start(list, format);
		vsnprintf(message, sizeof(message), format, list);
		va_end(list);
		pp_log_text(&line, "message", pp_slice_of(message));
	}
	pp_log_end(&line);
}

enum pp_log_level pp_log_level_named(const char *name)
{
	for (size_t i = 0; i < PP_LENGTH(level_names); i++)
		if (strcmp(name, level_names[i]) == 0)
			return (enum pp_log_level)i;
	return PP_INFO;
}
