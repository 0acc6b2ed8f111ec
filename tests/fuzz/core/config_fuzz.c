/* SPDX-License-Identifier: EUPL-1.2 */
/* A file of settings: taken as a whole and written as one that reads as the same, or refused with
 * its line. */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../../server/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool read_text(
	struct pp_config *config, struct pp_arena *arena, struct pp_slice text, char error[256])
{
	int fd = memfd_create("settings", MFD_CLOEXEC);
	char path[64];
	bool done;

	PP_MUST(fd >= 0 && write(fd, text.at, text.len) == (ssize_t)text.len);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	pp_config_begin(config, arena);
	done = pp_config_read_file(config, arena, path, error);
	close(fd);
	return done;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pp_config config, again;
	struct pp_arena arena;
	char error[256] = "";

	pp_arena_begin(&arena);
	if (read_text(&config, &arena, pp_slice((const char *)data, size), error)) {
		struct pp_buf *text = pp_buf_make(&arena), *twice = pp_buf_make(&arena);

		pp_config_write(&config, text);
		PP_MUST(read_text(&again, &arena, pp_buf_all(text), error));
		pp_config_write(&again, twice);
		PP_MUST(pp_slice_is(pp_buf_all(text), pp_buf_all(twice)));
	} else {
		PP_MUST(strstr(error, "line ") || strstr(error, "cannot read"));
	}
	pp_arena_end(&arena);
	return 0;
}
