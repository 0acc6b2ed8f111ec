/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/base/file.h>

#include <errno.h>
#include <unistd.h>

bool pp_write_all(int fd, struct pp_slice bytes)
{
	while (bytes.len) {
		ssize_t written = write(fd, bytes.at, bytes.len);

		if (written < 0 && errno == EINTR)
			continue;
		if (written == 0)
			errno = EIO;
		if (written <= 0)
			return false;
		bytes = pp_slice(bytes.at + written, bytes.len - (size_t)written);
	}
	return true;
}
