/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What a virus scanner answers, or somebody in its place: over a real socket, whole and cut off.
 * Nothing but the one sentence of clamd is a clean file.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <pp/io/scan.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What an accepted connection does in the time of one answer fits into the buffers of the socket,
 * so that one thread plays both parts. */
#define ANSWER_MOST 4096

static struct sockaddr_un address = { .sun_family = AF_UNIX };

static void take_away(void)
{
	unlink(address.sun_path);
}

static int listener(void)
{
	static int fd = -1;

	if (fd >= 0)
		return fd;
	snprintf(address.sun_path, sizeof(address.sun_path), "/tmp/pp-scan-fuzz-%d", (int)getpid());
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	PP_MUST(fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0);
	PP_MUST(listen(fd, 1) == 0 && atexit(take_away) == 0);
	return fd;
}

/* Up to its first NUL, as clamd ends what it says to a command that begins with z. */
static struct pp_slice sentence(const uint8_t *data, size_t size)
{
	return pp_slice((const char *)data, strnlen((const char *)data, size));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pp_scanner *scanner;
	struct pp_fault fault;
	enum pp_scan_result result;
	char name[128];
	int fd, server = listener();

	if (size > ANSWER_MOST)
		return 0;
	scanner = pp_scanner_open(address.sun_path, &fault);
	PP_MUST(scanner);
	fd = accept(server, NULL, NULL);
	PP_MUST(fd >= 0 && pp_scanner_write(scanner, PP_S("some bytes")));
	PP_MUST(size == 0 || send(fd, data, size, MSG_NOSIGNAL) == (ssize_t)size);
	shutdown(fd, SHUT_WR);
	result = pp_scanner_end(scanner, name);
	close(fd);
	PP_MUST((result == PP_SCAN_CLEAN) == pp_slice_is(sentence(data, size), PP_S("stream: OK")));
	PP_MUST(result == PP_SCAN_FOUND || !name[0]);
	PP_MUST(strlen(name) < sizeof(name) && pp_slice_is_utf8(pp_slice_of(name)));
	for (const char *c = name; *c; c++)
		PP_MUST((unsigned char)*c >= ' ' && *c != 0x7f);
	return 0;
}
