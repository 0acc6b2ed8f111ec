/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* The OpenAPI 3.0.3 document of the REST API, made from the route tables alone. */
#include <pp/core/route.h>

void pp_openapi_write(struct pp_buf *out, const struct pp_route *const *rooms);
/* The matrix of rights as Markdown, docs/api/rights.md: a row per route, a column per role. */
void pp_rights_write(struct pp_buf *out, const struct pp_route *const *rooms);
