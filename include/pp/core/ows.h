/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* Refusals of OGC's older services: a report of exceptions instead of a problem document. */
#include <pp/base/buf.h>
#include <pp/base/problem.h>

/* In the words of which version: ExceptionReport of OWS 1.1 (OGC 06-121r3 §8), for WFS 2.0, and of
 * OWS 1.0 (OGC 05-008 §8), for WFS 1.1; ServiceExceptionReport of WFS 1.0 (OGC 02-058 §13.2). */
enum pp_ows { PP_OWS_1_1, PP_OWS_1_0, PP_OWS_SERVICE };

/* The status that goes with it: of what a client has done wrong 400, 403 or 404 (09-025r2, table
 * D.2), of everything else its own. */
int pp_ows_status(const struct pp_problem_row *row);

/* locator names the parameter or the element that is wrong; empty: none. */
void pp_ows_refusal(struct pp_buf *out, enum pp_ows version, const struct pp_problem_row *row,
	struct pp_slice detail, struct pp_slice locator, bool english);
