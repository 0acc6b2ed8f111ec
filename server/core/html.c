/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/core/html.h>

void pp_html_add(struct pp_buf *out, struct pp_slice text)
{
	static const struct {
		char byte;
		const char *reference;
	} references[] = { { '<', "&lt;" }, { '&', "&amp;" }, { '"', "&quot;" } };

	for (size_t i = 0; i < text.len; i++) {
		const char *found = NULL;

		for (size_t r = 0; r < PP_LENGTH(references); r++)
			if (text.at[i] == references[r].byte)
				found = references[r].reference;
		if (found)
			pp_buf_text(out, found);
		else
			pp_buf_add(out, &text.at[i], 1);
	}
}

void pp_html_begin(struct pp_buf *out, const char *lang, const char *title, const char *style)
{
	pp_buf_format(out,
		"<!doctype html><html lang=\"%s\"><head><meta charset=\"utf-8\">"
		"<meta name=\"viewport\" content=\"width=device-width\">"
		"<title>%s – Planungsplattform</title><style>",
		lang, title);
	pp_buf_text(out, style);
	pp_buf_text(out, "</style></head><body>");
}

void pp_html_page(struct pp_buf *out, bool english, struct pp_slice title, struct pp_slice content)
{
	pp_buf_format(out,
		"<!doctype html><html lang=\"%s\"><head><meta charset=\"utf-8\">"
		"<meta name=\"viewport\" content=\"width=device-width\"><title>%.*s – "
		"Planungsplattform</title><style>:root{color-scheme:light dark}"
		"body{font-family:system-ui,sans-serif;line-height:1.5;max-width:36rem;"
		"margin:2rem auto;padding:0 1rem}</style></head><body><main><h1>%.*s</h1>",
		english ? "en" : "de", PP_SHOW(title), PP_SHOW(title));
	pp_buf_slice(out, content);
	pp_buf_text(out, "</main></body></html>");
}

void pp_html_refusal(struct pp_buf *out, enum pp_problem problem, struct pp_slice detail,
	const char *sign_in, bool english)
{
	const struct pp_problem_row *row = pp_problem_row(problem);
	struct pp_arena arena;
	struct pp_buf *content;

	pp_arena_begin(&arena);
	content = pp_buf_make(&arena);
	if (detail.len && row->status != 500) {
		pp_buf_text(content, "<p>");
		pp_html_add(content, detail);
		pp_buf_text(content, "</p>");
	}
	pp_buf_format(content, "<p><a href=\"%s\">%s</a></p>", sign_in,
		english ? "To the sign-in page" : "Zur Anmeldeseite");
	pp_html_page(out, english, pp_slice_of(english ? row->en : row->de), pp_buf_all(content));
	pp_arena_end(&arena);
}
