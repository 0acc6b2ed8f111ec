/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Invitation links: a body without an account reads, acknowledges and answers one invitation by a
 * secret. It stands behind the # of the link, which browsers keep to themselves, and comes here in
 * the field Invitation-Link, never in an address: addresses are written down by proxies and passed
 * on to others.
 */
#include <pp/core/passwords.h>
#include <pp/core/req.h>

#include "../rooms.h"

struct making {
	char secret[PP_NEW_TOKEN_SIZE];
	unsigned char hash[PP_NEW_TOKEN_HASH];
};

static enum pp_next make(struct pp_req *req)
{
	struct making *m = pp_state(req, struct making);

	pp_token_new(m->secret, m->hash);
	pp_bind(req, "secret", pp_slice_of(m->secret));
	pp_bind(req, "secret_sha256", pp_slice((const char *)m->hash, sizeof(m->hash)));
	pp_ask(req, "link_make", &req->rows);
	return PP_WAIT;
}

static pp_step *const make_steps[] = { make, pp_reply_route, NULL };

static const struct pp_field make_body[] = {
	{ "send", PP_BOOLEAN, .about = "Send the invitation by mail once more, with a new link" },
	{ 0 },
};

const struct pp_route link_routes[] = {
	{ PP_GET, "/invitations/by-link", PP_ANYONE, .by_link = true, .query = "link_show",
		.rate = PP_RATE_PUBLIC, .has_no_etag = true,
		.summary = "The invitation of a link, its documents and answers" },
	{ PP_POST, "/invitations/by-link/acknowledge", PP_ANYONE, .by_link = true,
		.query = "link_acknowledge", .signs = true, .body = pp_no_fields,
		.rate = PP_RATE_PUBLIC,
		.summary = "Acknowledge that the invitation of a link was read" },
	{ PP_POST, "/invitations/by-link/statements", PP_ANYONE, .by_link = true,
		.query = "link_submit", .signs = true, .deadline_ms = PP_SUBMITTING_MS,
		.body = pp_link_statement_fields, .rate = PP_RATE_PUBLIC, .creates = true,
		.summary = "Answer the invitation of a link; number and receipt at once" },
	{ PP_GET, "/invitations/{invitation}/links", PP_READER, .query = "link_list",
		.has_no_etag = true, .summary = "The links that an invitation was given" },
	{ PP_POST, "/invitations/{invitation}/links", PP_MANAGER, make_steps, .body = make_body,
		.creates = true,
		.summary = "A link for a letter, shown this once; or the mail once more" },
	{ PP_POST, "/invitations/{invitation}/links/revoke", PP_MANAGER, .query = "link_revoke",
		.body = pp_no_fields, .summary = "Revoke all links of an invitation" },
	{ 0 },
};
