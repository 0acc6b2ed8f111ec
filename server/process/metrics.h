/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* GET /metrics for Prometheus, served by the master on an address of its own, never to the public.
 */
#include <pp/core/share.h>
#include <pp/io/loop.h>

struct pp_metrics;

/* True with *metrics NULL where no address is configured; false when it cannot listen there. */
PP_CHECKED bool pp_metrics_open(struct pp_metrics **metrics, struct pp_loop *loop,
	const char *address, const struct pp_share *share);
void pp_metrics_close(struct pp_metrics *metrics);
