/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Brings a database to the schema that this program knows. Forward only: each migration once, in
 * one transaction, under its checksum; then, where any text of it has changed, the schema pp_api as
 * a whole; then the rules for affected municipalities. At last every query of this program is
 * prepared once: one that does not fit what somebody has altered by hand is named. It blocks: for
 * commands and for the start of the embedded database. Several at once wait for each other.
 */
#include <pp/base/problem.h>

/* The highest migration in this program. */
int pp_schema_version(void);

/*
 * owner_url is of the role pp_owner. With a superuser_url (of the same database) the bootstrap
 * comes first: extensions, roles, schemas; without one (NULL) somebody must have run
 * sql/bootstrap.sql. progress gets one English sentence per step done. False and a fault whose
 * detail names file and line; what was done before it stays, and calling again goes on from there.
 */
PP_CHECKED bool pp_migrate(const char *owner_url, const char *superuser_url,
	void (*progress)(void *ctx, const char *sentence), void *ctx, struct pp_fault *fault);

/* Whether the database (any role of ours) has just that schema; else the detail says what to do. */
PP_CHECKED bool pp_migrate_check(const char *url, struct pp_fault *fault);
