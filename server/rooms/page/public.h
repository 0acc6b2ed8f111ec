/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* What the pages that the public sees have in common: they are written from what the API answers.
 */
#include <pp/core/web.h>

/* A member that is text; empty where it is missing or null. */
struct pp_slice pp_public_text(const struct pp_json *object, const char *name);
/* The answer of a query of the API, read. */
struct pp_json *pp_public_answer(struct pp_req *req, const struct pp_rows *rows);
/* A legal day as people write it. */
struct pp_slice pp_public_day(struct pp_req *req, struct pp_slice iso);
/* Text between two pieces of HTML, escaped. */
void pp_public_html(
	struct pp_buf *out, const char *before, struct pp_slice text, const char *after);
/* "name":"value", with a comma before it; nothing where the value is empty. */
void pp_public_member(struct pp_buf *out, const char *name, struct pp_slice value);
/* Until when the public may comment, or since when it may not, as a sentence. */
struct pp_slice pp_public_period(struct pp_req *req, const struct pp_json *participation);
struct pp_slice pp_public_path(struct pp_req *req, const struct pp_json *procedure);
