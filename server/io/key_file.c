/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/io/key_file.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool write_whole(int fd, const char *text)
{
	size_t len = strlen(text);

	return fd >= 0 && write(fd, text, len) == (ssize_t)len && fsync(fd) == 0;
}

static void make_folder(const char *path)
{
	char folder[4096];

	for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/'))
		if (snprintf(folder, sizeof(folder), "%.*s", (int)(slash - path), path) <
			(int)sizeof(folder))
			mkdir(folder, 0700);
}

bool pp_key_file_write(const char *path, const char *text, bool replace, char error[256])
{
	char beside[4096];
	bool good;
	int fd;

	snprintf(beside, sizeof(beside), "%s.%d", path, (int)getpid());
	make_folder(path);
	fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	good = write_whole(fd, text) &&
		(replace ? rename(beside, path) == 0 : link(beside, path) == 0 || errno == EEXIST);
	if (!good)
		snprintf(error, 256, "%.180s cannot be written: %s", path, strerror(errno));
	if (fd >= 0) {
		close(fd);
		unlink(beside);
	}
	return good;
}
