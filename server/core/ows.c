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

/* What stands around language, code, locator and sentence. */
static const struct report {
	const char *begin;
	bool has_language;
	const char *exception, *text, *end;
} reports[] = {
	[PP_OWS_1_1] = { "<ows:ExceptionReport xmlns:ows=\"http://www.opengis.net/ows/1.1\" "
			 "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
			 "xsi:schemaLocation=\"http://www.opengis.net/ows/1.1 "
			 "http://schemas.opengis.net/ows/1.1.0/owsExceptionReport.xsd\" "
			 "version=\"2.0.0\" xml:lang=\"",
		true, "\">\n<ows:Exception exceptionCode=\"", "><ows:ExceptionText>",
		"</ows:ExceptionText></ows:Exception>\n</ows:ExceptionReport>\n" },
	[PP_OWS_1_0] = { "<ows:ExceptionReport xmlns:ows=\"http://www.opengis.net/ows\" "
			 "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
			 "xsi:schemaLocation=\"http://www.opengis.net/ows "
			 "http://schemas.opengis.net/ows/1.0.0/owsExceptionReport.xsd\" "
			 "version=\"1.1.0\" language=\"",
		true, "\">\n<ows:Exception exceptionCode=\"", "><ows:ExceptionText>",
		"</ows:ExceptionText></ows:Exception>\n</ows:ExceptionReport>\n" },
	[PP_OWS_SERVICE] = { "<ServiceExceptionReport xmlns=\"http://www.opengis.net/ogc\" "
			     "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
			     "xsi:schemaLocation=\"http://www.opengis.net/ogc "
			     "http://schemas.opengis.net/wfs/1.0.0/OGC-exception.xsd\" "
			     "version=\"1.2.0",
		false, "\">\n<ServiceException code=\"", ">",
		"</ServiceException>\n</ServiceExceptionReport>\n" },
};

void pp_ows_refusal(struct pp_buf *out, enum pp_ows version, const struct pp_problem_row *row,
	struct pp_slice detail, struct pp_slice locator, bool english)
{
	const struct report *report = &reports[version];

	pp_buf_format(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n%s%s%s%s\"", report->begin,
		!report->has_language ? ""
			: english     ? "en"
				      : "de",
		report->exception, row->ows);
	if (locator.len) {
		pp_buf_text(out, " locator=\"");
		pp_buf_xml(out, locator);
		pp_buf_text(out, "\"");
	}
	pp_buf_text(out, report->text);
	pp_buf_xml(out, pp_slice_of(english ? row->en : row->de));
	if (detail.len && row->status != 500) {
		pp_buf_text(out, ": ");
		pp_buf_xml(out, detail);
	}
	pp_buf_text(out, report->end);
}
