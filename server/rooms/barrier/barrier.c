/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Barriers that people report. They become a mail to the address that the operator has named for
 * them (setting `site`); nothing says who reported one but the address that they may leave.
 */
#include <pp/core/req.h>

#include "../rooms.h"

static const struct pp_field report_body[] = {
	{ "page", PP_TEXT, .required = true, .min = 1, .max = 500,
		.about = "Address of the page; what follows # is left out" },
	{ "text", PP_TEXT, .required = true, .min = 1, .max = 5000, .about = "What does not work" },
	{ "tools", PP_TEXT, .nullable = true, .max = 200, .about = "Such as: NVDA with Firefox" },
	{ "email", PP_EMAIL, .nullable = true, .about = "Where to answer" },
	{ 0 },
};

static const struct pp_field list_params[] = { PP_LIST_PARAMS, { 0 } };

static enum pp_next report(struct pp_req *req)
{
	struct pp_slice contact = req->server->site.barrier_email;

	if (!contact.len)
		return pp_refuse(req, PP_barrier_contact_missing,
			"write to the address in the imprint instead");
	pp_bind(req, "contact", contact);
	pp_ask(req, "barrier_report", &req->rows);
	return PP_WAIT;
}

static pp_step *const report_steps[] = { report, pp_reply_route, NULL };

const struct pp_route barrier_routes[] = {
	{ PP_POST, "/barrier-reports", PP_ANYONE, report_steps, .body = report_body,
		.rate = PP_RATE_MAIL, .creates = true, .mails = true,
		.summary = "Report a barrier to whom the operator has named; a number at once" },
	{ PP_GET, "/barrier-reports", PP_OPERATOR, .query = "barrier_list", .params = list_params,
		.has_no_etag = true, .summary = "Barriers that were reported, newest first" },
	{ 0 },
};
