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

void pp_html_refusal(
	struct pp_buf *out, enum pp_problem problem, struct pp_slice detail, bool english)
{
	const struct pp_problem_row *row = pp_problem_row(problem);

	pp_html_begin(out, english ? "en" : "de", english ? row->en : row->de,
		"body{font-family:system-ui,sans-serif;line-height:1.5;max-width:36rem;"
		"margin:2rem auto;padding:0 1rem;color:#171717;background:#fff}");
	pp_buf_format(out, "<main><h1>%s</h1>", english ? row->en : row->de);
	if (detail.len && row->status != 500) {
		pp_buf_text(out, "<p>");
		pp_html_add(out, detail);
		pp_buf_text(out, "</p>");
	}
	pp_buf_format(out, "<p><a href=\"/sign-in\">%s</a></p></main></body></html>",
		english ? "To the sign-in page" : "Zur Anmeldeseite");
}
