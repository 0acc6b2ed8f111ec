/* SPDX-License-Identifier: EUPL-1.2 */
/* Mail: what became of what was sent about an invitation, and of how much altogether. */
#include <pp/core/req.h>

#include "../rooms.h"

const struct pp_route mail_routes[] = {
	{ PP_GET, "/invitations/{invitation}/mails", PP_READER, .query = "invitation_mails",
		.has_no_etag = true, .summary = "What became of the mails about an invitation" },
	{ PP_GET, "/mail-counts", PP_OPERATOR, .query = "mail_counts", .has_no_etag = true,
		.summary = "How many mails wait, and what became of those of a week" },
	{ 0 },
};
