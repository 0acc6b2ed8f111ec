/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The floor that bench/http measures against: one epoll loop that reads whatever comes and answers
 * each read with the same bytes. No server of HTTP can be quicker on the same kernel.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <pp/base/check.h>

static const char answer[] = "HTTP/1.1 200 OK\r\nDate: Mon, 23 Nov 2026 10:15:30 GMT\r\n"
			     "Content-Type: text/plain\r\nContent-Length: 27\r\n\r\n"
			     "ABCDEFGHIJKLMNOPQRSTUVWXYZa";

static void watch(int epoll, int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

	PP_MUST(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == 0);
}

static int open_listener(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	PP_MUST(fd >= 0 && bind(fd, (struct sockaddr *)&address, len) == 0 &&
		listen(fd, 1024) == 0);
	PP_MUST(getsockname(fd, (struct sockaddr *)&address, &len) == 0);
	printf("127.0.0.1:%u\n", ntohs(address.sin_port));
	fflush(stdout);
	return fd;
}

int main(void)
{
	int listener = open_listener(), epoll = epoll_create1(EPOLL_CLOEXEC), on = 1;
	struct epoll_event ready[64];
	char bytes[4096];

	PP_MUST(epoll >= 0);
	watch(epoll, listener);
	for (;;) {
		int count = epoll_wait(epoll, ready, 64, -1);

		for (int i = 0; i < count; i++) {
			int fd = ready[i].data.fd;

			if (fd == listener) {
				fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
				PP_MUST(fd >= 0);
				setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
				watch(epoll, fd);
			} else if (read(fd, bytes, sizeof(bytes)) <= 0 ||
				send(fd, answer, sizeof(answer) - 1, MSG_NOSIGNAL) < 0) {
				close(fd);
			}
		}
	}
}
