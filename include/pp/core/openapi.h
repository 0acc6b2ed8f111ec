/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * The OpenAPI 3.0.3 document of the REST API: what is asked comes from the route tables alone, what
 * is answered from the answers.json of the rooms, since bodies are built by PostgreSQL.
 */
#include <pp/core/route.h>

struct pp_answer {
	const char *operation;   /* its id in the document */
	struct pp_slice content; /* of its success, by media type; or nothing */
	struct pp_slice also;    /* responses beside it, by status; or nothing */
};

struct pp_answers {
	const struct pp_answer *list; /* in the order of strcmp */
	size_t count;
	struct pp_slice schemas; /* members of components.schemas */
};

void pp_openapi_write(
	struct pp_buf *out, const struct pp_route *const *rooms, const struct pp_answers *answers);
/* The matrix of rights as Markdown, docs/api/rights.md: a row per route, a column per role. */
void pp_rights_write(struct pp_buf *out, const struct pp_route *const *rooms);
