/* SPDX-License-Identifier: EUPL-1.2 */
/* The Merkle tree, leaf by leaf, against every stored root and every root that was exported. */
#include <stdio.h>
#include <stdlib.h>

#include <pp/io/merkle.h>

#include "../process/sealer.h"
#include "audit.h"
#include "audit_root.h"
#include "queries.h"

static const struct pp_audit_words
	other_root = { "Siegel passt nicht zu den Einträgen, die es umfasst:",
		"seal does not fit the entries that it covers:" },
	bad_signature = { "Siegel ist nicht mit seinem Schlüssel unterschrieben:",
		"seal is not signed with its key:" },
	missing_seal = { "davor fehlen Siegel:", "seals before it are missing:" },
	missing_range = { "Siegel schließt nicht an das davor an:",
		"seal does not follow the one before it:" },
	exported_differs = { "die exportierte Wurzel ist eine andere:",
		"the exported root is another:" },
	exported_ahead = { "es fehlen Einträge, die es beim Export gab (älterer Stand oder "
			   "abgeschnitten):",
		"entries are missing that were there when it was exported (an older backup, or "
		"cut off):" };

struct seals {
	struct pp_audit *audit;
	struct pp_merkle tree;
	struct pp_fault *fault;
	bool bad, failed;
	/* The seal whose leaves are being read. */
	uint64_t no, size;
	char root[2 * PP_SHA256_SIZE + 1], at[40], covers[120];
	/* The exported roots, in the order of their sizes. */
	FILE *roots;
	char *line;
	size_t line_size;
	struct pp_audit_root next; /* size 0: none any more */
	bool roots_bad;
};

static void write_hex(const unsigned char *bytes, char out[2 * PP_SHA256_SIZE + 1])
{
	for (size_t i = 0; i < PP_SHA256_SIZE; i++)
		snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

static void tell(struct seals *seals, const struct pp_audit_words *what)
{
	char detail[256];

	/* One bad seal makes every later one bad. */
	if (seals->bad)
		return;
	seals->bad = true;
	snprintf(detail, sizeof(detail), "%llu, %s%s", (unsigned long long)seals->no, seals->at,
		seals->covers);
	pp_audit_tell(seals->audit, NULL, what, pp_slice_of(detail));
}

static bool is_root(const struct seals *seals, const char *root)
{
	unsigned char found[PP_SHA256_SIZE];
	char hex[2 * PP_SHA256_SIZE + 1];

	pp_merkle_root(&seals->tree, found, NULL);
	write_hex(found, hex);
	return strcmp(hex, root) == 0;
}

/* ---- exported roots ---- */

/* The next one; its size is 0 where there is none any more. */
static bool next_root(struct seals *seals, struct pp_fault *fault)
{
	uint64_t before = seals->next.size;
	struct pp_arena arena;
	bool good;

	seals->next = (struct pp_audit_root){ 0 };
	if (!seals->roots || getline(&seals->line, &seals->line_size, seals->roots) < 0)
		return true;
	pp_arena_begin(&arena);
	good = pp_audit_root_read(&arena, pp_slice_of(seals->line), before, &seals->next);
	pp_arena_end(&arena);
	return good ||
		pp_fault(fault, PP_invalid_body,
			"%.100s: a line is no exported root, or not in the order of the export",
			seals->audit->roots);
}

static void tell_root(struct seals *seals, const struct pp_audit_words *what)
{
	char detail[160];

	if (seals->roots_bad)
		return;
	seals->roots_bad = true;
	snprintf(detail, sizeof(detail), "%llu/%llu, %s", (unsigned long long)seals->tree.size,
		(unsigned long long)seals->next.size, seals->next.at);
	pp_audit_tell(seals->audit, NULL, what, pp_slice_of(detail));
}

static bool compare_roots(struct seals *seals, struct pp_fault *fault)
{
	while (seals->next.size && seals->next.size == seals->tree.size) {
		if (is_root(seals, seals->next.hex))
			seals->audit->roots_held++;
		else
			tell_root(seals, &exported_differs);
		if (!next_root(seals, fault))
			return false;
	}
	return true;
}

/* ---- stored seals ---- */

static void end_seal(struct seals *seals)
{
	if (seals->no && (seals->tree.size != seals->size || !is_root(seals, seals->root)))
		tell(seals, &other_root);
}

static void check_signature(struct seals *seals, struct pp_arena *arena, const struct pp_rows *rows)
{
	struct pp_slice key = pp_cell(rows, 0, PP_C_audit_leaves_key);
	struct pp_slice public_key = pp_cell(rows, 0, PP_C_audit_leaves_public_key);
	struct pp_slice signature = pp_cell(rows, 0, PP_C_audit_leaves_signature);
	struct pp_slice words = pp_seal_words(arena, pp_cell(rows, 0, PP_C_audit_leaves_at),
		pp_cell(rows, 0, PP_C_audit_leaves_no), pp_cell(rows, 0, PP_C_audit_leaves_root),
		pp_cell(rows, 0, PP_C_audit_leaves_size));
	char id[PP_KEY_ID_SIZE];

	if (!key.at)
		return;
	if (public_key.len == PP_SIGN_PUBLIC_SIZE && signature.len == PP_SIGNATURE_SIZE) {
		pp_key_id((const unsigned char *)public_key.at, id);
		if (pp_slice_is(key, pp_slice_of(id)) &&
			pp_sign_is((const unsigned char *)public_key.at, words,
				(const unsigned char *)signature.at))
			return;
	}
	tell(seals, &bad_signature);
}

static void begin_seal(struct seals *seals, struct pp_arena *arena, const struct pp_rows *rows)
{
	uint64_t before = seals->no;

	PP_MUST(pp_slice_u64(pp_cell(rows, 0, PP_C_audit_leaves_no), &seals->no) &&
		pp_slice_u64(pp_cell(rows, 0, PP_C_audit_leaves_size), &seals->size));
	snprintf(seals->root, sizeof(seals->root), "%.*s",
		PP_SHOW(pp_cell(rows, 0, PP_C_audit_leaves_root)));
	snprintf(seals->at, sizeof(seals->at), "%.*s",
		PP_SHOW(pp_cell(rows, 0, PP_C_audit_leaves_at)));
	snprintf(seals->covers, sizeof(seals->covers),
		seals->audit->english ? ", from chain %.*s, entry %.*s on"
				      : ", ab Kette %.*s, Eintrag %.*s",
		PP_SHOW(pp_cell(rows, 0, PP_C_audit_leaves_chain)),
		PP_SHOW(pp_cell(rows, 0, PP_C_audit_leaves_from_seq)));
	seals->audit->seals++;
	if (seals->no != before + 1)
		tell(seals, &missing_seal);
	check_signature(seals, arena, rows);
}

static bool take(void *ctx, const struct pp_rows *rows)
{
	struct seals *seals = ctx;
	uint64_t no = 0, from = 0, before = 0;
	struct pp_arena arena;

	PP_MUST(pp_slice_u64(pp_cell(rows, 0, PP_C_audit_leaves_no), &no));
	if (no != seals->no) {
		end_seal(seals);
		pp_arena_begin(&arena);
		begin_seal(seals, &arena, rows);
		pp_arena_end(&arena);
	}
	if (pp_slice_u64(pp_cell(rows, 0, PP_C_audit_leaves_from_seq), &from) &&
		pp_slice_u64(pp_cell(rows, 0, PP_C_audit_leaves_before), &before) &&
		from != before + 1)
		tell(seals, &missing_range);
	if (pp_cell(rows, 0, PP_C_audit_leaves_hash).at)
		pp_merkle_add(&seals->tree, pp_cell(rows, 0, PP_C_audit_leaves_hash), NULL);
	seals->failed = !compare_roots(seals, seals->fault);
	return !seals->failed;
}

static bool walk(struct seals *seals, struct pp_fault *fault)
{
	if (!next_root(seals, fault) ||
		!pp_admin_each(seals->audit->db, &pp_queries[PP_Q_audit_leaves], NULL, take, seals,
			fault) ||
		seals->failed)
		return false;
	end_seal(seals);
	if (seals->next.size > seals->tree.size)
		tell_root(seals, &exported_ahead);
	else if (seals->next.size)
		tell_root(seals, &exported_differs);
	return true;
}

bool pp_audit_seals(struct pp_audit *audit, struct pp_fault *fault)
{
	struct seals seals = { .audit = audit, .fault = fault };
	bool good;

	/* A chain alone is not what a tree of all of them is of. */
	if (audit->chain.at)
		return true;
	if (audit->roots) {
		seals.roots = fopen(audit->roots, "re");
		if (!seals.roots)
			return pp_fault(fault, PP_not_found, "%.200s cannot be read", audit->roots);
	}
	pp_merkle_begin(&seals.tree);
	good = walk(&seals, fault);
	if (seals.roots)
		fclose(seals.roots);
	free(seals.line);
	return good;
}
