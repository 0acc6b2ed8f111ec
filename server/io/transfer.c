/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * libcurl's multi interface on our loop: curl says which descriptors and which time it waits for,
 * we tell it what has come, it tells which transfers are over.
 */
#include "transfer.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <pp/base/clock.h>
#include <pp/base/list.h>
#include <pp/base/log.h>

#include "reach.h"

#define REMOTE_MAGIC          0x52454d54u
#define TRANSFER_MAGIC        0x54524e53u
#define CONNECT_MS            5000L
#define CONNECTIONS           16L
#define CONNECTIONS_OF_A_HOST 4L

struct pp_remote {
	unsigned magic;
	struct pp_loop *loop;
	CURLM *multi;
	struct pp_timer *timer;
	struct pp_link transfers; /* under way */
	struct pp_link sockets;
	const char *agent;
};

struct pp_transfer {
	unsigned magic;
	struct pp_link link;
	struct pp_remote *remote;
	CURL *easy;
	bool loopback;      /* the URL itself says so */
	bool unreachable;   /* the name led to where we do not go */
	CURLcode unstarted; /* why it was never given to curl */
	struct pp_timer *refusal;
	char error[CURL_ERROR_SIZE];
	void (*done)(void *ctx, CURLcode code, const char *detail);
	void *ctx;
};

/* A descriptor that curl waits for. */
struct socket {
	struct pp_link link;
	struct pp_remote *remote;
	curl_socket_t fd;
	struct pp_watch *watch;
};

CURL *pp_transfer_easy(const char *agent)
{
	CURL *easy = curl_easy_init();

	PP_MUST(easy);
	PP_MUST(curl_easy_setopt(easy, CURLOPT_USERAGENT, agent) == CURLE_OK);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	return easy;
}

const char *pp_remote_agent(const struct pp_remote *remote)
{
	return remote->agent;
}

static void end(struct pp_transfer *transfer)
{
	pp_list_remove(&transfer->link);
	pp_timer_close(transfer->refusal);
	transfer->magic = 0;
	free(transfer);
}

static void finish(struct pp_transfer *transfer, CURLcode code)
{
	char detail[CURL_ERROR_SIZE];

	snprintf(detail, sizeof(detail), "%s",
		transfer->unreachable        ? "its name leads to an address that is not asked"
			: transfer->error[0] ? transfer->error
					     : curl_easy_strerror(code));
	void (*done)(void *, CURLcode, const char *) = transfer->done;
	void *ctx = transfer->ctx;

	end(transfer);
	done(ctx, code, code == CURLE_OK ? "" : detail);
}

static void finish_all(struct pp_remote *remote)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(remote->multi, &left))) {
		CURL *easy = message->easy_handle;
		CURLcode code = message->data.result;
		void *owner = NULL;

		PP_MUST(message->msg == CURLMSG_DONE);
		curl_easy_getinfo(easy, CURLINFO_PRIVATE, &owner);
		/* The message is gone with the handle. */
		PP_MUST(curl_multi_remove_handle(remote->multi, easy) == CURLM_OK);
		finish(PP_CAST(pp_transfer, owner, TRANSFER_MAGIC), code);
	}
}

static void act(struct pp_remote *remote, curl_socket_t fd, int what)
{
	int running;

	PP_MUST(curl_multi_socket_action(remote->multi, fd, what, &running) == CURLM_OK);
	finish_all(remote);
}

static void time_came(void *ctx)
{
	act(PP_CAST(pp_remote, ctx, REMOTE_MAGIC), CURL_SOCKET_TIMEOUT, 0);
}

static void socket_ready(void *ctx, unsigned what)
{
	struct socket *socket = ctx;

	/* curl may forget this descriptor meanwhile, and the watch with it. */
	act(socket->remote, socket->fd,
		(what & PP_READABLE ? CURL_CSELECT_IN : 0) |
			(what & PP_WRITABLE ? CURL_CSELECT_OUT : 0));
}

static void forget(struct socket *socket)
{
	pp_list_remove(&socket->link);
	pp_watch_close(socket->watch);
	free(socket);
}

static int wait_for_socket(CURL *easy, curl_socket_t fd, int what, void *ctx, void *known)
{
	struct pp_remote *remote = PP_CAST(pp_remote, ctx, REMOTE_MAGIC);
	struct socket *socket = known;

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (socket)
			forget(socket);
		curl_multi_assign(remote->multi, fd, NULL);
		return 0;
	}
	if (!socket) {
		socket = calloc(1, sizeof(*socket));
		PP_MUST(socket);
		socket->remote = remote;
		socket->fd = fd;
		socket->watch = pp_watch_open(remote->loop, fd, socket_ready, socket);
		pp_list_push(&remote->sockets, &socket->link);
		PP_MUST(curl_multi_assign(remote->multi, fd, socket) == CURLM_OK);
	}
	pp_watch_for(socket->watch,
		(what & CURL_POLL_IN ? PP_READABLE : 0u) |
			(what & CURL_POLL_OUT ? PP_WRITABLE : 0u));
	return 0;
}

static int wait_for_time(CURLM *multi, long ms, void *ctx)
{
	struct pp_remote *remote = PP_CAST(pp_remote, ctx, REMOTE_MAGIC);

	(void)multi;
	if (ms < 0)
		pp_timer_stop(remote->timer);
	else
		pp_timer_start(remote->timer, (int64_t)ms * 1000);
	return 0;
}

struct pp_remote *pp_remote_open(struct pp_loop *loop, const char *agent)
{
	struct pp_remote *remote = calloc(1, sizeof(*remote));

	PP_MUST(remote && curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
	/* Threads or c-ares: without either, a name server that is silent would stop the loop. */
	PP_MUST(curl_version_info(CURLVERSION_NOW)->features & CURL_VERSION_ASYNCHDNS);
	remote->magic = REMOTE_MAGIC;
	remote->loop = loop;
	remote->agent = agent;
	pp_list_begin(&remote->transfers);
	pp_list_begin(&remote->sockets);
	remote->timer = pp_timer_open(loop, time_came, remote);
	remote->multi = curl_multi_init();
	PP_MUST(remote->multi);
	curl_multi_setopt(remote->multi, CURLMOPT_SOCKETFUNCTION, wait_for_socket);
	curl_multi_setopt(remote->multi, CURLMOPT_SOCKETDATA, remote);
	curl_multi_setopt(remote->multi, CURLMOPT_TIMERFUNCTION, wait_for_time);
	curl_multi_setopt(remote->multi, CURLMOPT_TIMERDATA, remote);
	curl_multi_setopt(remote->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, CONNECTIONS);
	curl_multi_setopt(remote->multi, CURLMOPT_MAX_HOST_CONNECTIONS, CONNECTIONS_OF_A_HOST);
	return remote;
}

/* curl knows nothing of it any more. */
static void stop(struct pp_transfer *transfer)
{
	if (!transfer->refusal)
		PP_MUST(curl_multi_remove_handle(transfer->remote->multi, transfer->easy) ==
			CURLM_OK);
}

void pp_remote_close(struct pp_remote *remote)
{
	if (!remote)
		return;
	PP_MUST(remote->magic == REMOTE_MAGIC);
	while (!pp_list_is_empty(&remote->transfers)) {
		struct pp_transfer *transfer = PP_OUTER(
			remote->transfers.next, struct pp_transfer, link);

		stop(transfer);
		finish(transfer, CURLE_ABORTED_BY_CALLBACK);
	}
	PP_MUST(curl_multi_cleanup(remote->multi) == CURLM_OK);
	while (!pp_list_is_empty(&remote->sockets))
		forget(PP_OUTER(remote->sockets.next, struct socket, link));
	pp_timer_close(remote->timer);
	curl_global_cleanup();
	remote->magic = 0;
	free(remote);
}

/* Every address that a name resolved to comes through here before it is connected to. */
static curl_socket_t connect_to(void *ctx, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct pp_transfer *transfer = PP_CAST(pp_transfer, ctx, TRANSFER_MAGIC);

	if (purpose != CURLSOCKTYPE_IPCXN || !pp_reach_may(&address->addr, transfer->loopback)) {
		transfer->unreachable = true;
		return CURL_SOCKET_BAD;
	}
	transfer->unreachable = false;
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* The URL's scheme where it is one of the list: plain http only to a loopback that it names. */
static bool scheme_of(
	struct pp_transfer *transfer, const char *url, const char *schemes, char scheme[16])
{
	CURLU *parts = curl_url();
	char *name = NULL, *host = NULL;
	struct pp_slice rest = pp_slice_of(schemes);
	bool found = false;

	PP_MUST(parts);
	if (curl_url_set(parts, CURLUPART_URL, url, CURLU_DISALLOW_USER) == CURLUE_OK &&
		curl_url_get(parts, CURLUPART_SCHEME, &name, 0) == CURLUE_OK &&
		curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK) {
		transfer->loopback = pp_reach_is_loopback(pp_slice_of(host));
		snprintf(scheme, 16, "%s", name);
		while (rest.len && !found)
			found = pp_slice_is(pp_slice_cut(rest, ' ', &rest), pp_slice_of(scheme));
		found = found || (strcmp(scheme, "http") == 0 && transfer->loopback);
	}
	curl_free(name);
	curl_free(host);
	curl_url_cleanup(parts);
	return found;
}

static void refuse(void *ctx)
{
	struct pp_transfer *transfer = PP_CAST(pp_transfer, ctx, TRANSFER_MAGIC);

	finish(transfer, transfer->unstarted);
}

static void refuse_later(struct pp_transfer *transfer, CURLcode code)
{
	transfer->unstarted = code;
	transfer->refusal = pp_timer_open(transfer->remote->loop, refuse, transfer);
	pp_timer_start(transfer->refusal, 0);
}

struct pp_transfer *pp_transfer_start(struct pp_remote *remote, CURL *easy, const char *url,
	const char *schemes, void (*done)(void *ctx, CURLcode code, const char *detail), void *ctx)
{
	struct pp_transfer *transfer = calloc(1, sizeof(*transfer));
	char scheme[16];

	PP_MUST(transfer && remote->magic == REMOTE_MAGIC);
	transfer->magic = TRANSFER_MAGIC;
	transfer->remote = remote;
	transfer->easy = easy;
	transfer->done = done;
	transfer->ctx = ctx;
	pp_list_push(&remote->transfers, &transfer->link);
	if (!scheme_of(transfer, url, schemes, scheme)) {
		refuse_later(transfer, CURLE_UNSUPPORTED_PROTOCOL);
		return transfer;
	}
	curl_easy_setopt(easy, CURLOPT_URL, url);
	PP_MUST(curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, scheme) == CURLE_OK);
	curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->error);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
	/* A thread that still resolves a name is not waited for. */
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, connect_to);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, transfer);
	PP_MUST(curl_multi_add_handle(remote->multi, easy) == CURLM_OK);
	return transfer;
}

void pp_transfer_cancel(struct pp_transfer *transfer)
{
	PP_MUST(transfer->magic == TRANSFER_MAGIC);
	stop(transfer);
	end(transfer);
}
