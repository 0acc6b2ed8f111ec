/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* Refusals of OGC's older services: an ows:ExceptionReport (OGC 06-121r3 §8) instead of a problem
 * document. */
#include <pp/base/buf.h>
#include <pp/base/problem.h>

/* The status that goes with it: of what a client has done wrong 400, 403 or 404 (09-025r2, table
 * D.2), of everything else its own. */
int pp_ows_status(const struct pp_problem_row *row);

/* locator names the parameter or the element that is wrong; empty: none. */
void pp_ows_refusal(struct pp_buf *out, const struct pp_problem_row *row, struct pp_slice detail,
	struct pp_slice locator, bool english);
