/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* The audit chain from outside (docs/audit.md): what of it does not hold, and where. */
#include <pp/io/admin.h>

struct pp_audit {
	struct pp_admin *db; /* as pp_audit */
	bool english;
	struct pp_slice chain; /* NULL: all of them */
	uint64_t findings, entries, adopted, migrated;
};

/* One line on standard output. what is German and English; detail is NULL or stands behind it. */
struct pp_audit_words {
	const char *de, *en;
};
struct pp_audit_place {
	struct pp_slice chain, seq, relation, key;
};
void pp_audit_tell(struct pp_audit *audit, const struct pp_audit_place *place,
	const struct pp_audit_words *what, struct pp_slice detail);

/* The entries: each bound to the one before it, none missing, none altered. */
PP_CHECKED bool pp_audit_chains(struct pp_audit *audit, struct pp_fault *fault);
/* The tables: each row as its last entry says. */
PP_CHECKED bool pp_audit_tables(struct pp_audit *audit, struct pp_fault *fault);
