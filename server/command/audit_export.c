/* SPDX-License-Identifier: EUPL-1.2 */
/* What leaves the platform: roots to be kept elsewhere, and the proof of one entry. */
#include <stdio.h>

#include <pp/io/merkle.h>

#include "audit.h"
#include "queries.h"

static bool print_root(void *ctx, const struct pp_rows *rows)
{
	struct pp_slice key = pp_cell(rows, 0, PP_C_audit_seals_key);

	(void)ctx;
	printf("{\"at\":\"%.*s\",", PP_SHOW(pp_cell(rows, 0, PP_C_audit_seals_at)));
	if (key.at)
		printf("\"key\":\"%.*s\",", PP_SHOW(key));
	printf("\"no\":%.*s,\"root\":\"%.*s\",", PP_SHOW(pp_cell(rows, 0, PP_C_audit_seals_no)),
		PP_SHOW(pp_cell(rows, 0, PP_C_audit_seals_root)));
	if (key.at)
		printf("\"signature\":\"%.*s\",",
			PP_SHOW(pp_cell(rows, 0, PP_C_audit_seals_signature)));
	printf("\"size\":%.*s,\"type\":\"planungsplattform-root-1\"}\n",
		PP_SHOW(pp_cell(rows, 0, PP_C_audit_seals_size)));
	return true;
}

bool pp_audit_export(struct pp_audit *audit, struct pp_fault *fault)
{
	return pp_admin_each(
		audit->db, &pp_queries[PP_Q_audit_seals], NULL, print_root, NULL, fault);
}

struct proof {
	struct pp_audit *audit;
	struct pp_merkle tree;
	struct pp_merkle_path path;
	char hash[2 * PP_SHA256_SIZE + 1];
};

static void write_hex(const unsigned char *bytes, char out[2 * PP_SHA256_SIZE + 1])
{
	for (size_t i = 0; i < PP_SHA256_SIZE; i++)
		snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

static bool take(void *ctx, const struct pp_rows *rows)
{
	struct proof *proof = ctx;
	struct pp_slice hash = pp_cell(rows, 0, PP_C_audit_leaves_hash);
	uint64_t seq = 0;

	if (!hash.at)
		return true;
	if (pp_slice_is(pp_cell(rows, 0, PP_C_audit_leaves_chain), proof->audit->chain) &&
		pp_slice_u64(pp_cell(rows, 0, PP_C_audit_leaves_seq), &seq) &&
		seq == proof->audit->seq) {
		pp_merkle_path_begin(&proof->path, proof->tree.size);
		write_hex((const unsigned char *)hash.at, proof->hash);
	}
	pp_merkle_add(&proof->tree, hash, proof->hash[0] ? &proof->path : NULL);
	return true;
}

bool pp_audit_prove(struct pp_audit *audit, struct pp_fault *fault)
{
	struct proof proof = { .audit = audit };
	char hex[2 * PP_SHA256_SIZE + 1];
	unsigned char root[PP_SHA256_SIZE];

	pp_merkle_begin(&proof.tree);
	if (!pp_admin_each(audit->db, &pp_queries[PP_Q_audit_leaves], NULL, take, &proof, fault))
		return false;
	if (!proof.hash[0])
		return pp_fault(fault, PP_not_found, "there is no sealed entry %llu in chain %.*s",
			(unsigned long long)audit->seq, PP_SHOW(audit->chain));
	pp_merkle_root(&proof.tree, root, &proof.path);
	write_hex(root, hex);
	printf("{\"chain\":\"%.*s\",\"hash\":\"%s\",\"leaf\":%llu,\"path\":[",
		PP_SHOW(audit->chain), proof.hash, (unsigned long long)proof.path.leaf);
	for (size_t i = 0; i < proof.path.count; i++) {
		char sibling[2 * PP_SHA256_SIZE + 1];

		write_hex(proof.path.hashes[i], sibling);
		printf("%s\"%s\"", i ? "," : "", sibling);
	}
	printf("],\"root\":\"%s\",\"seq\":%llu,\"size\":%llu}\n", hex,
		(unsigned long long)audit->seq, (unsigned long long)proof.tree.size);
	return true;
}
