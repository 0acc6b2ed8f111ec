/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Private persons, apart from what they say: what the holder of a receipt's secret reads and adds
 * without an account, who a person is for whoever may know, and everything that is kept of oneself.
 * The secret comes in the field Status-Token, never in an address: addresses are written down by
 * proxies and browsers.
 */
#include <pp/core/req.h>

#include "../rooms.h"

static const struct pp_field show_params[] = {
	{ "purpose", PP_CHOICE,
		.choices = "MITTEILUNG|RUECKFRAGE|DUBLETTE|EROERTERUNG|AKTE|AUSKUNFT",
		.about = "What the name is needed for; it is written down" },
	{ 0 },
};

static const struct pp_field confirm_body[] = {
	{ "secret", PP_TEXT, .required = true, .min = 1, .max = 100, .about = "Of the link" },
	{ 0 },
};

const struct pp_route person_routes[] = {
	{ PP_GET, "/persons/{person}", PP_PUBLIC | PP_MANAGER, .query = "person_show",
		.params = show_params, .has_no_etag = true,
		.summary = "Who a private person is, for a purpose that is written down" },
	{ PP_POST, "/address-confirmations", PP_ANYONE, .query = "address_confirm",
		.body = confirm_body, .rate = PP_RATE_PUBLIC, .ends = true,
		.summary = "Confirm that a mail address is one's own" },
	{ PP_GET, "/account/export", PP_SIGNED_IN, .query = "account_export", .has_no_etag = true,
		.summary = "Everything that is kept of oneself (Art. 15, 20 GDPR)" },
	{ PP_GET, "/statements/by-token", PP_ANYONE, .by_token = true, .query = "token_show",
		.rate = PP_RATE_PUBLIC, .has_no_etag = true,
		.summary = "Everything about one's statement, by the secret of its receipt" },
	{ PP_POST, "/statements/by-token/supplements", PP_ANYONE, .by_token = true,
		.query = "token_supplement", .signs = true, .deadline_ms = PP_SUBMITTING_MS,
		.body = pp_statement_fields, .rate = PP_RATE_PUBLIC, .creates = true,
		.summary = "Add to one's statement, by the secret of its receipt" },
	{ PP_POST, "/statements/by-token/withdraw", PP_ANYONE, .by_token = true,
		.query = "token_withdraw", .signs = true, .body = pp_withdraw_fields,
		.rate = PP_RATE_PUBLIC,
		.summary = "Withdraw one's statement, by the secret of its receipt" },
	{ 0 },
};
