/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* The audit chain from outside (docs/audit.md): what of it does not hold, and where. */
#include <pp/io/admin.h>

struct pp_audit {
	struct pp_admin *db; /* as pp_audit */
	bool english;
	struct pp_slice chain; /* NULL: all of them */
	const char *roots;     /* file of exported roots, or NULL */
	uint64_t seq;          /* to prove, in that chain */
	uint64_t findings, entries, adopted, migrated, seals, roots_held;
	struct pp_buf *notices; /* what is no finding, but should be read */
};

struct pp_audit_words {
	const char *de, *en;
};
struct pp_audit_place {
	struct pp_slice chain, seq, relation, key;
};
/* One line on standard output: where (or NULL), what, and whatever detail there is. */
void pp_audit_tell(struct pp_audit *audit, const struct pp_audit_place *place,
	const struct pp_audit_words *what, struct pp_slice detail);

/* The entries: each bound to the one before it, none missing, none altered. */
PP_CHECKED bool pp_audit_chains(struct pp_audit *audit, struct pp_fault *fault);
/* The tables: each row as its last entry says. */
PP_CHECKED bool pp_audit_tables(struct pp_audit *audit, struct pp_fault *fault);
/* The seals: each the root of what it covers, signed; and the exported roots, where given. */
PP_CHECKED bool pp_audit_seals(struct pp_audit *audit, struct pp_fault *fault);
/* Every root as a line of JSON on standard output. */
PP_CHECKED bool pp_audit_export(struct pp_audit *audit, struct pp_fault *fault);
/* The way from one entry to the newest root, as JSON on standard output. */
PP_CHECKED bool pp_audit_prove(struct pp_audit *audit, struct pp_fault *fault);
