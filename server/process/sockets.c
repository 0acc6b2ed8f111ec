/* SPDX-License-Identifier: EUPL-1.2 */
#include "sockets.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 1024
#define TYPE    (SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC)

static int listen_on(const struct addrinfo *info)
{
	int fd = socket(info->ai_family, TYPE, info->ai_protocol), on = 1, saved;

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (info->ai_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	/* Inherited by accepted connections: small answers leave at once. */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (bind(fd, info->ai_addr, info->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

int pp_listen_tcp(const char *where, char error[256])
{
	const struct addrinfo hints = { .ai_family = AF_UNSPEC,
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV };
	const char *colon = strrchr(where, ':');
	struct addrinfo *found;
	char host[256];
	int fd, why;

	if (!colon || (size_t)(colon - where) >= sizeof(host)) {
		snprintf(error, 256, "'%s' is no address:port", where);
		return -1;
	}
	snprintf(host, sizeof(host), "%.*s", (int)(colon - where), where);
	if (host[0] == '[' && host[strlen(host) - 1] == ']') {
		memmove(host, host + 1, strlen(host));
		host[strlen(host) - 1] = '\0';
	}
	if (strcmp(host, "localhost") == 0)
		snprintf(host, sizeof(host), "127.0.0.1");
	why = getaddrinfo(host[0] ? host : NULL, colon + 1, &hints, &found);
	if (why != 0) {
		snprintf(error, 256, "'%s': %s", where, gai_strerror(why));
		return -1;
	}
	fd = listen_on(found);
	if (fd < 0)
		snprintf(error, 256, "cannot listen on %s: %s", where, strerror(errno));
	freeaddrinfo(found);
	return fd;
}

/* Whether somebody answers there. */
static bool is_alive(const struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool alive = fd >= 0 &&
		connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0;

	if (fd >= 0)
		close(fd);
	return alive;
}

int pp_listen_unix(const char *path, unsigned mode, char error[256])
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(address.sun_path)) {
		snprintf(error, 256, "the path of a Unix socket has 107 bytes at most: %s", path);
		return -1;
	}
	memcpy(address.sun_path, path, strlen(path) + 1);
	if (is_alive(&address)) {
		snprintf(error, 256, "another server listens on %s", path);
		return -1;
	}
	unlink(path);
	fd = socket(AF_UNIX, TYPE, 0);
	if (fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
		chmod(path, mode) == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	snprintf(error, 256, "cannot listen on %s: %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}
