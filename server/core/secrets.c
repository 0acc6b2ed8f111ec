/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/core/secrets.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <pp/base/log.h>

#define SIZE_MOST 4096

static bool read_it(int fd, struct pp_arena *arena, struct pp_slice *secret, const char **why)
{
	struct stat about;
	char *text = pp_alloc(arena, SIZE_MOST);
	ssize_t got;

	if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode) || (about.st_mode & S_IROTH)) {
		*why = "it is no file, or everybody may read it";
		return false;
	}
	got = read(fd, text, SIZE_MOST);
	while (got > 0 && strchr(" \t\r\n", text[got - 1]))
		got--;
	*why = "it is empty or too long";
	*secret = pp_slice(text, got > 0 ? (size_t)got : 0);
	return got > 0 && got < SIZE_MOST;
}

bool pp_secret_named(
	const char *folder, struct pp_arena *arena, const char *name, struct pp_slice *secret)
{
	const char *why = "the setting secrets names no folder";
	bool good = false;
	int fd = -1;

	if (folder && folder[0]) {
		fd = open(pp_format(arena, "%s/%s", folder, name).at, O_RDONLY | O_CLOEXEC);
		why = strerror(errno);
	}
	if (fd >= 0) {
		good = read_it(fd, arena, secret, &why);
		close(fd);
	}
	if (!good)
		pp_log(PP_WARNING, "secret_missing", "%s: %s", name, why);
	return good;
}
