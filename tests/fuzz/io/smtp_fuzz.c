/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What a mail server says to one message, or somebody in its place: over a real connection, all of
 * it at once and then the end. A message counts as taken only when the last reply was a 2yz, and as
 * refused only for a 5yz; whatever is kept of the words is one line of text.
 */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include <pp/io/mail.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct script {
	int listener;
	struct pp_slice words;
};

/* Says its lines to one client and hears that one out. */
static void *serve(void *ctx)
{
	const struct script *script = ctx;
	char heard[4096];
	int fd = accept(script->listener, NULL, NULL);

	PP_MUST(fd >= 0);
	if (script->words.len)
		(void)!send(fd, script->words.at, script->words.len, MSG_NOSIGNAL);
	shutdown(fd, SHUT_WR);
	while (recv(fd, heard, sizeof(heard), 0) > 0)
		;
	close(fd);
	return NULL;
}

static int listener(char url[64])
{
	static int fd = -1;
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t len = sizeof(address);

	if (fd < 0) {
		address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		PP_MUST(fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0);
		PP_MUST(listen(fd, 1) == 0);
	}
	PP_MUST(getsockname(fd, (struct sockaddr *)&address, &len) == 0);
	snprintf(url, 64, "smtp://127.0.0.1:%d", ntohs(address.sin_port));
	return fd;
}

static void one_line(const char *text)
{
	PP_MUST(pp_slice_is_utf8(pp_slice_of(text)));
	for (const char *c = text; *c; c++)
		PP_MUST((unsigned char)*c >= ' ' && *c != 0x7f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char url[64];
	struct script script = { listener(url), pp_slice((const char *)data, size) };
	const struct pp_mail_server server = {
		.url = url, .user = "", .password = "", .ca_file = "", .without_tls = true
	};
	struct pp_mail_reply reply;
	struct pp_mailer *mailer;
	pthread_t thread;

	if (size > 16384)
		return 0;
	PP_MUST(pthread_create(&thread, NULL, serve, &script) == 0);
	mailer = pp_mailer_open(&server);
	pp_mailer_send(mailer, "a@platform.example", "b@body.example",
		PP_S("Subject: x\r\n\r\nText\r\n"), &reply);
	pp_mailer_close(mailer);
	pthread_join(thread, NULL);
	PP_MUST(reply.outcome != PP_MAIL_TAKEN || (reply.code >= 200 && reply.code < 300));
	PP_MUST(reply.outcome != PP_MAIL_TAKEN || !reply.server_is_away);
	PP_MUST(reply.outcome != PP_MAIL_REFUSED || reply.code >= 500);
	one_line(reply.text);
	return 0;
}
