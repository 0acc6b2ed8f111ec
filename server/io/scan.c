/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/io/scan.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

/* A scan of gigabytes takes its time, between two bytes it does not. */
#define PATIENCE_S 300

struct pp_scanner {
	int fd;
};

static int open_path(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(address.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(address.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static int open_host(const char *text)
{
	const struct addrinfo wanted = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *found = NULL;
	const char *colon = strrchr(text, ':');
	char host[256];
	int fd = -1;

	if (!colon || (size_t)(colon - text) >= sizeof(host)) {
		errno = EINVAL;
		return -1;
	}
	snprintf(host, sizeof(host), "%.*s", (int)(colon - text), text);
	if (getaddrinfo(host, colon + 1, &wanted, &found) != 0) {
		errno = EHOSTUNREACH;
		return -1;
	}
	for (struct addrinfo *at = found; at && fd < 0; at = at->ai_next) {
		fd = socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC, at->ai_protocol);
		if (fd >= 0 && connect(fd, at->ai_addr, at->ai_addrlen) != 0) {
			close(fd);
			fd = -1;
		}
	}
	freeaddrinfo(found);
	return fd;
}

static bool send_all(int fd, const void *bytes, size_t len)
{
	const char *at = bytes;

	while (len) {
		ssize_t sent = send(fd, at, len, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			return false;
		at += sent;
		len -= (size_t)sent;
	}
	return true;
}

struct pp_scanner *pp_scanner_open(const char *address, struct pp_fault *fault)
{
	static const char command[] = "zINSTREAM"; /* with its NUL */
	const struct timeval patience = { .tv_sec = PATIENCE_S };
	int fd = address[0] == '/' ? open_path(address) : open_host(address);
	struct pp_scanner *scanner;

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) != 0 ||
		setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)) != 0 ||
		!send_all(fd, command, sizeof(command))) {
		pp_fault(fault, PP_worker_unavailable, "clamd at %.100s: %s", address,
			strerror(errno));
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	scanner = calloc(1, sizeof(*scanner));
	PP_MUST(scanner);
	scanner->fd = fd;
	return scanner;
}

bool pp_scanner_write(struct pp_scanner *scanner, struct pp_slice piece)
{
	uint32_t size = htonl((uint32_t)piece.len);

	PP_MUST(piece.len && piece.len <= INT32_MAX);
	return send_all(scanner->fd, &size, sizeof(size)) &&
		send_all(scanner->fd, piece.at, piece.len);
}

/* Signatures have names of ASCII without blanks; of anything else each octet is a question mark, so
 * that what was found can be recorded whatever it is called. */
static void copy_name(struct pp_slice found, char name[128])
{
	size_t len = found.len < 127 ? found.len : 127;

	for (size_t i = 0; i < len; i++)
		name[i] = found.at[i] > ' ' && found.at[i] < 0x7f ? found.at[i] : '?';
	name[len] = '\0';
}

/* "stream: OK", "stream: NAME FOUND", or a sentence that ends in ERROR. */
static enum pp_scan_result read_reply(struct pp_slice reply, char name[128])
{
	const struct pp_slice before = PP_S("stream: "), after = PP_S(" FOUND");

	if (pp_slice_is(reply, PP_S("stream: OK")))
		return PP_SCAN_CLEAN;
	if (pp_slice_starts(reply, PP_S("INSTREAM size limit exceeded")))
		return PP_SCAN_TOO_LARGE;
	if (reply.len <= before.len + after.len || !pp_slice_starts(reply, before) ||
		!pp_slice_ends(reply, after))
		return PP_SCAN_FAILED;
	copy_name(pp_slice(reply.at + before.len, reply.len - before.len - after.len), name);
	return PP_SCAN_FOUND;
}

enum pp_scan_result pp_scanner_end(struct pp_scanner *scanner, char name[128])
{
	const uint32_t end = 0;
	char reply[512];
	size_t len = 0;
	ssize_t got = 1;

	name[0] = '\0';
	/* One that has said its reply already takes no end: the reply is read all the same. */
	(void)!send_all(scanner->fd, &end, sizeof(end));
	while (len < sizeof(reply) && got > 0) {
		got = recv(scanner->fd, reply + len, sizeof(reply) - len, 0);
		if (got < 0 && errno == EINTR)
			got = 1;
		else if (got > 0)
			len += (size_t)got;
		if (len && reply[len - 1] == '\0')
			break;
	}
	close(scanner->fd);
	free(scanner);
	return read_reply(pp_slice(reply, strnlen(reply, len)), name);
}
