/* SPDX-License-Identifier: EUPL-1.2 */
#include "sealer.h"

#include <pp/base/clock.h>
#include <pp/base/log.h>

#include "../database/postgres.h"
#include "queries.h"

#define LEAVES_AT_ONCE "5000"

const char *pp_signing_key_path(struct pp_arena *arena, const struct pp_config *config)
{
	if (config->signing_key[0])
		return config->signing_key;
	return pp_format(arena, "%s/signing.key", pp_postgres_data_dir(arena, config->data)).at;
}

void pp_sealer_open(struct pp_sealer *sealer, const struct pp_config *config)
{
	struct pp_arena arena;
	char error[256];

	pp_arena_begin(&arena);
	sealer->signs = pp_signing_key_open(
		pp_signing_key_path(&arena, config), &sealer->key, error);
	if (!sealer->signs)
		pp_log(PP_ERROR, "signing_key_missing", "%s; neither seals nor receipts are signed",
			error);
	pp_arena_end(&arena);
}

void pp_sealer_forget(struct pp_sealer *sealer)
{
	sealer->resumed = sealer->registered = false;
}

static struct pp_slice bytes_of(const unsigned char *at, size_t size)
{
	return pp_slice((const char *)at, size);
}

static bool register_key(struct pp_sealer *sealer, struct pp_admin *db, struct pp_arena *arena,
	struct pp_fault *fault)
{
	char at[PP_RFC3339_SIZE];
	struct pp_rows *rows;

	if (!sealer->signs || sealer->registered)
		return true;
	pp_clock_rfc3339(pp_clock_utc(), at);
	struct pp_slice params[] = { pp_slice_of(sealer->key.id),
		bytes_of(sealer->key.public_key, sizeof(sealer->key.public_key)),
		sealer->key.previous[0] ? pp_slice_of(sealer->key.previous) : pp_slice(NULL, 0),
		pp_slice_of(at) };

	sealer->registered = pp_admin_query(
		db, arena, &pp_queries[PP_Q_signing_key_register], params, &rows, fault);
	return sealer->registered;
}

static bool resume(struct pp_sealer *sealer, struct pp_admin *db, struct pp_arena *arena,
	struct pp_fault *fault)
{
	struct pp_rows *rows;
	uint64_t size = 0;

	if (sealer->resumed)
		return true;
	if (!pp_admin_query(db, arena, &pp_queries[PP_Q_audit_last_seal], NULL, &rows, fault))
		return false;
	pp_merkle_begin(&sealer->tree);
	sealer->no = 0;
	if (rows->rows == 1 &&
		(!pp_slice_u64(pp_cell(rows, 0, PP_C_audit_last_seal_no), &sealer->no) ||
			!pp_slice_u64(pp_cell(rows, 0, PP_C_audit_last_seal_size), &size) ||
			!pp_merkle_resume(
				&sealer->tree, size, pp_cell(rows, 0, PP_C_audit_last_seal_peaks))))
		return pp_fault(fault, PP_conflict,
			"the last seal of the audit chain makes no sense; planungsplattform audit "
			"verify");
	sealer->resumed = true;
	return true;
}

/* Neighbours in a chain are one range; an entry that is missing between them makes two. */
static void add_leaves(struct pp_sealer *sealer, const struct pp_rows *rows, struct pp_buf *ranges)
{
	struct pp_slice chain = { 0 };
	uint64_t seq = 0, before = 0;

	pp_buf_text(ranges, "[");
	for (size_t i = 0; i < rows->rows; i++) {
		PP_MUST(pp_slice_u64(pp_cell(rows, i, PP_C_audit_unsealed_seq), &seq));
		if (!pp_slice_is(pp_cell(rows, i, PP_C_audit_unsealed_chain), chain) ||
			seq != before + 1) {
			if (i)
				pp_buf_format(
					ranges, ",\"to_seq\":%llu},", (unsigned long long)before);
			chain = pp_cell(rows, i, PP_C_audit_unsealed_chain);
			pp_buf_format(ranges,
				"{\"chain\":\"%.*s\",\"from_seq\":%llu,\"first_leaf\":%llu",
				PP_SHOW(chain), (unsigned long long)seq,
				(unsigned long long)sealer->tree.size);
		}
		pp_merkle_add(&sealer->tree, pp_cell(rows, i, PP_C_audit_unsealed_hash), NULL);
		before = seq;
	}
	pp_buf_format(ranges, ",\"to_seq\":%llu}]", (unsigned long long)before);
}

struct pp_slice pp_seal_words(struct pp_arena *arena, struct pp_slice at, struct pp_slice no,
	struct pp_slice root, struct pp_slice size)
{
	return pp_format(arena,
		"{\"at\":\"%.*s\",\"no\":%.*s,\"root\":\"%.*s\",\"size\":%.*s,"
		"\"type\":\"planungsplattform-root-1\"}",
		PP_SHOW(at), PP_SHOW(no), PP_SHOW(root), PP_SHOW(size));
}

static bool seal(struct pp_sealer *sealer, struct pp_admin *db, struct pp_arena *arena,
	struct pp_slice ranges, struct pp_fault *fault)
{
	unsigned char root[PP_SHA256_SIZE], signature[PP_SIGNATURE_SIZE];
	struct pp_slice no = pp_format(arena, "%llu", (unsigned long long)sealer->no + 1);
	struct pp_slice size = pp_format(arena, "%llu", (unsigned long long)sealer->tree.size);
	struct pp_slice none = { 0 }, words;
	struct pp_buf *hex = pp_buf_make(arena);
	char at[PP_RFC3339_SIZE];
	struct pp_rows *rows;

	pp_clock_rfc3339(pp_clock_utc(), at);
	pp_merkle_root(&sealer->tree, root, NULL);
	pp_buf_hex(hex, bytes_of(root, sizeof(root)));
	words = pp_seal_words(arena, pp_slice_of(at), no, pp_buf_all(hex), size);
	if (sealer->signs)
		pp_sign(sealer->key.secret, words, signature);
	struct pp_slice params[] = { no, size, bytes_of(root, sizeof(root)),
		bytes_of(sealer->tree.peaks[0], sealer->tree.peak_count * PP_SHA256_SIZE),
		pp_slice_of(at), sealer->signs ? pp_slice_of(sealer->key.id) : none,
		sealer->signs ? bytes_of(signature, sizeof(signature)) : none, ranges };

	if (!pp_admin_query(db, arena, &pp_queries[PP_Q_audit_seal_add], params, &rows, fault))
		return false;
	sealer->no++;
	/* The journal is a place that nobody rewrites by rewriting the database. */
	pp_log(PP_INFO, "audit_sealed", "no %.*s size %.*s root %.*s", PP_SHOW(no), PP_SHOW(size),
		PP_SHOW(pp_buf_all(hex)));
	return true;
}

bool pp_sealer_round(struct pp_sealer *sealer, struct pp_admin *db, struct pp_arena *arena,
	struct pp_fault *fault)
{
	struct pp_slice limit = PP_S(LEAVES_AT_ONCE);
	struct pp_buf *ranges = pp_buf_make(arena);
	struct pp_rows *rows;

	if (!register_key(sealer, db, arena, fault) || !resume(sealer, db, arena, fault) ||
		!pp_admin_query(db, arena, &pp_queries[PP_Q_audit_unsealed], &limit, &rows, fault))
		return false;
	if (!rows->rows)
		return true;
	add_leaves(sealer, rows, ranges);
	if (seal(sealer, db, arena, pp_buf_all(ranges), fault))
		return true;
	sealer->resumed = false;
	return false;
}
