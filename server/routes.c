/* SPDX-License-Identifier: EUPL-1.2 */
#include "routes.h"

#include "rooms/rooms.h"

const struct pp_route *const pp_routes[] = {
	house_routes,
	page_routes,
	municipality_routes,
	body_routes,
	agency_routes,
	assignment_routes,
	deputy_routes,
	affected_routes,
	rule_routes,
	receipt_routes,
	recomputation_routes,
	procedure_routes,
	procedure_life_routes,
	person_routes,
	privacy_routes,
	plan_routes,
	round_routes,
	/* Before the others: of two paths that fit, the first is taken. */
	link_routes,
	attachment_routes,
	invitation_routes,
	extension_routes,
	reminder_routes,
	mail_routes,
	calendar_routes,
	deadline_routes,
	holiday_routes,
	outage_routes,
	publication_routes,
	document_routes,
	statement_routes,
	lateness_routes,
	weighing_routes,
	code_routes,
	account_routes,
	audit_routes,
	NULL,
};
