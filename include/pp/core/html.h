/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* The few pages that the server writes itself: no script, nothing from outside. */
#include <pp/base/buf.h>
#include <pp/base/problem.h>

/* Text into HTML (HTML standard §13.1.2.3); good in attributes with double quotes too. */
void pp_html_add(struct pp_buf *out, struct pp_slice text);
/* Up to and including <body>; title and style are ours. */
void pp_html_begin(struct pp_buf *out, const char *lang, const char *title, const char *style);
/* A whole page of a few sentences; title and content are HTML of ours. */
void pp_html_page(struct pp_buf *out, bool english, struct pp_slice title, struct pp_slice content);
/* A refusal for whoever looks at it: what it is, what to do, and the way to the page where one
 * signs in. */
void pp_html_refusal(struct pp_buf *out, enum pp_problem problem, struct pp_slice detail,
	const char *sign_in, bool english);
