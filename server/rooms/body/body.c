/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Bodies, and who acts for them. A body's administrator names and confirms its members; an operator
 * names the administrator and nobody else, so that running the platform gives no access to
 * contents.
 */
#include <pp/core/req.h>

#include "../rooms.h"

static const struct pp_field list_params[] = {
	PP_LIST_PARAMS,
	{ "q", PP_TEXT, .min = 1, .max = 100, .about = "Part of the name, or the key" },
	{ "kind", PP_TEXT, .min = 2, .max = 40, .about = "GEMEINDE, AMT, KREIS, LANDESPLANUNG, …" },
	{ "land", PP_TEXT, .min = 2, .max = 2, .about = "Two digits" },
	{ "theme", PP_TEXT, .min = 2, .max = 30,
		.about = "Public agencies that look after it; GET /body-themes lists them" },
	{ "area", PP_AGS, .about = "Public agencies that are competent in this municipality" },
	{ 0 },
};

static const struct pp_field change_body[] = {
	{ "release_by_second", PP_BOOLEAN,
		.about = "What goes out is released by another account than wrote it; said by the "
			 "body's administrator alone" },
	{ "mail", PP_EMAIL, .nullable = true,
		.about = "The office's own address, where invitations go from today on; null: "
			 "none" },
	{ 0 },
};

static const struct pp_field role[] = {
	{ "role", PP_CHOICE,
		.choices = "reader|clerk|releaser|manager|body_administrator|oversight" },
	{ 0 },
};

static const struct pp_field create_body[] = {
	{ "email", PP_EMAIL, .required = true },
	{ "roles", PP_LIST, .required = true, .fields = role, .min = 1, .max = 6 },
	{ "valid_from", PP_DATE, .about = "The first day" },
	{ "valid_to", PP_DATE, .about = "The last day, inclusive" },
	{ 0 },
};

static const struct pp_field membership_body[] = {
	{ "roles", PP_LIST, .fields = role, .min = 1, .max = 6 },
	{ "valid_to", PP_DATE, .nullable = true, .about = "The last day, inclusive" },
	{ 0 },
};

static const struct pp_field confirm_body[] = {
	{ "roles", PP_LIST, .fields = role, .min = 1, .max = 6 },
	{ 0 },
};

static const struct pp_field note_body[] = {
	{ "text", PP_TEXT, .required = true, .min = 1, .max = 10000 },
	{ 0 },
};

const struct pp_route body_routes[] = {
	{ PP_GET, "/bodies", PP_ANYONE, .query = "body_list", .params = list_params,
		.rate = PP_RATE_PUBLIC, .has_no_etag = true,
		.summary = "Bodies: municipalities, Ämter, Kreise, authorities and others" },
	{ PP_GET, "/bodies/{body_key}", PP_ANYONE, .query = "body_show", .rate = PP_RATE_PUBLIC,
		.summary = "One body, for whom it acts and who acts for it" },
	{ PP_PATCH, "/bodies/{body_key}", PP_BODY_ADMIN | PP_OPERATOR, .query = "body_change",
		.body = change_body,
		.summary = "Say how a body works, and where it is written to" },
	{ PP_GET, "/bodies/{body_key}/memberships", PP_BODY_ADMIN | PP_OPERATOR,
		.query = "membership_list", .has_no_etag = true,
		.summary = "Who acts for a body, and who has" },
	{ PP_POST, "/bodies/{body_key}/memberships", PP_BODY_ADMIN | PP_OPERATOR,
		.query = "membership_create", .body = create_body, .creates = true,
		.summary = "Let an account act for a body" },
	{ PP_GET, "/memberships/{membership}", PP_BODY_ADMIN | PP_OPERATOR,
		.query = "membership_show", .summary = "One membership" },
	{ PP_PATCH, "/memberships/{membership}", PP_BODY_ADMIN | PP_OPERATOR,
		.query = "membership_change", .body = membership_body,
		.summary = "Change the roles of a membership, or its last day" },
	{ PP_POST, "/memberships/{membership}/confirm", PP_BODY_ADMIN | PP_OPERATOR,
		.query = "membership_confirm", .body = confirm_body,
		.summary = "Confirm somebody who joined by signing in" },
	{ PP_POST, "/memberships/{membership}/end", PP_BODY_ADMIN | PP_OPERATOR,
		.query = "membership_end", .body = pp_no_fields,
		.summary = "End a membership at once; it stays on record" },
	{ PP_GET, "/procedures/{procedure}/notes", PP_CLERK | PP_RELEASER | PP_MANAGER,
		.query = "note_list", .has_no_etag = true,
		.summary = "Notes of one's own body about a procedure; nobody else sees them" },
	{ PP_POST, "/procedures/{procedure}/notes", PP_CLERK | PP_RELEASER | PP_MANAGER,
		.query = "note_create", .body = note_body, .creates = true,
		.summary = "Note something for one's own body" },
	{ 0 },
};
