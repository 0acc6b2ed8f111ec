/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/core/ows.h>

int pp_ows_status(const struct pp_problem_row *row)
{
	/* HTTP's own, which clients of HTTP act upon. */
	static const int own[] = { 401, 403, 404, 405, 413, 414, 415, 429, 431 };

	for (size_t i = 0; i < PP_LENGTH(own); i++)
		if (row->status == own[i])
			return row->status;
	return row->status < 500 ? 400 : row->status;
}

void pp_ows_refusal(struct pp_buf *out, const struct pp_problem_row *row, struct pp_slice detail,
	struct pp_slice locator, bool english)
{
	pp_buf_format(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<ows:ExceptionReport xmlns:ows=\"http://www.opengis.net/ows/1.1\" "
		"xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation="
		"\"http://www.opengis.net/ows/1.1 "
		"http://schemas.opengis.net/ows/1.1.0/owsExceptionReport.xsd\" "
		"version=\"2.0.0\" xml:lang=\"%s\">\n<ows:Exception exceptionCode=\"%s\"",
		english ? "en" : "de", row->ows);
	if (locator.len) {
		pp_buf_text(out, " locator=\"");
		pp_buf_xml(out, locator);
		pp_buf_text(out, "\"");
	}
	pp_buf_text(out, "><ows:ExceptionText>");
	pp_buf_xml(out, pp_slice_of(english ? row->en : row->de));
	if (detail.len && row->status != 500) {
		pp_buf_text(out, ": ");
		pp_buf_xml(out, detail);
	}
	pp_buf_text(out,
		"</ows:ExceptionText></ows:Exception>\n"
		"</ows:ExceptionReport>\n");
}
