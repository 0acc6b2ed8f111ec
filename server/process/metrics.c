/* SPDX-License-Identifier: EUPL-1.2 */
#include "metrics.h"

#include <stdlib.h>
#include <unistd.h>

#include <pp/base/log.h>
#include <pp/io/http.h>

#include "sockets.h"

struct pp_metrics {
	struct pp_http *http;
	const struct pp_share *share;
	int fd;
};

static bool head(void *ctx, struct pp_http_exchange *exchange, struct pp_http_intake *intake)
{
	(void)ctx;
	(void)exchange;
	*intake = (struct pp_http_intake){ PP_BODY_NONE, 0 };
	return true;
}

static void ready(void *ctx, struct pp_http_exchange *exchange)
{
	struct pp_metrics *metrics = ctx;
	struct pp_buf *text = pp_buf_make(exchange->arena);

	if (exchange->method > PP_HEAD || !pp_slice_is(exchange->path, PP_S("/metrics"))) {
		pp_http_reply(exchange, 404, PP_S("text/plain"), PP_S("see /metrics\n"), false);
	} else {
		pp_share_metrics(metrics->share, text);
		pp_http_reply(
			exchange, 200, PP_S("text/plain; version=0.0.4"), pp_buf_all(text), true);
	}
	pp_http_release(exchange);
}

static void gone(void *ctx, struct pp_http_exchange *exchange)
{
	(void)ctx;
	pp_http_release(exchange);
}

static void refused(void *ctx, enum pp_problem problem, struct pp_slice peer)
{
	(void)ctx;
	(void)problem;
	(void)peer;
}

static void refusal(void *ctx, enum pp_problem problem, const char *detail, struct pp_buf *out)
{
	(void)ctx;
	pp_buf_format(out, "{\"title\":\"%s\",\"detail\":", pp_problem_row(problem)->en);
	pp_buf_json(out, pp_slice_of(detail));
	pp_buf_text(out, "}");
}

static const struct pp_http_hooks hooks = { head, ready, gone, refused, refusal };

bool pp_metrics_open(struct pp_metrics **out, struct pp_loop *loop, const char *address,
	const struct pp_share *share)
{
	struct pp_metrics *metrics;
	char error[256];

	*out = NULL;
	if (!address[0])
		return true;
	metrics = calloc(1, sizeof(*metrics));
	PP_MUST(metrics);
	metrics->share = share;
	metrics->fd = pp_listen_tcp(address, error);
	if (metrics->fd < 0) {
		pp_log(PP_ERROR, "not_listening", "metrics: %s", error);
		free(metrics);
		return false;
	}
	metrics->http = pp_http_open(loop, &pp_http_default_limits, &hooks, metrics);
	pp_http_listen(metrics->http, metrics->fd);
	*out = metrics;
	return true;
}

void pp_metrics_close(struct pp_metrics *metrics)
{
	pp_http_close(metrics->http);
	close(metrics->fd);
	free(metrics);
}
