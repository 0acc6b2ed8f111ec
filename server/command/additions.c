/* SPDX-License-Identifier: EUPL-1.2 */
#include "additions.h"

#include <errno.h>
#include <stdio.h>

#include <pp/base/buf.h>

/* Far more than PP_ADDITIONS_MOST rows of names and sources. */
enum { MOST_BYTES = 8 << 20, BLOCK = 65536 };

static bool read_file(struct pp_buf *text, const char *path, char problem[PP_ADDITIONS_PROBLEM])
{
	FILE *file = fopen(path, "r");
	size_t got = 1;
	bool failed;

	if (!file) {
		snprintf(problem, PP_ADDITIONS_PROBLEM, "%.200s: %s", path, strerror(errno));
		return false;
	}
	while (got > 0 && text->len <= MOST_BYTES) {
		got = fread(pp_buf_room(text, BLOCK), 1, BLOCK, file);
		text->len += got;
	}
	failed = ferror(file);
	fclose(file);
	if (!failed && text->len <= MOST_BYTES)
		return true;
	snprintf(problem, PP_ADDITIONS_PROBLEM, "%.200s: %s", path,
		failed ? "it cannot be read" : "it has more than 8 MB");
	return false;
}

bool pp_additions_open(
	struct pp_additions *additions, const char *path, char problem[PP_ADDITIONS_PROBLEM])
{
	struct pp_fault fault;
	struct pp_buf *text;

	*additions = (struct pp_additions){ 0 };
	pp_arena_begin(&additions->arena);
	if (!path)
		return true;
	text = pp_buf_make(&additions->arena);
	if (read_file(text, path, problem)) {
		additions->all = pp_additions_read(
			&additions->arena, pp_buf_all(text), &additions->count, &fault);
		if (additions->all)
			return true;
		snprintf(problem, PP_ADDITIONS_PROBLEM, "%.200s: %s", path, fault.detail);
	}
	pp_additions_close(additions);
	return false;
}

void pp_additions_use(const struct pp_additions *additions, struct pp_place_calendar *place)
{
	place->additions = additions->all;
	place->addition_count = additions->count;
}

void pp_additions_close(struct pp_additions *additions)
{
	pp_arena_end(&additions->arena);
}
