/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * The clerk's seal on the audit chain (docs/audit.md): whatever was chained since the last time
 * goes into the Merkle tree, whose root is signed, stored and logged. One clerk of all hosts does
 * it.
 */
#include <pp/io/admin.h>
#include <pp/io/merkle.h>
#include <pp/io/signing_key.h>

#include "../config.h"

struct pp_sealer {
	struct pp_signing_key key;
	bool signs;      /* there is a key */
	bool registered; /* and the database knows its public half */
	bool resumed;    /* the tree is that of the last seal */
	bool signed_all; /* receipts older than what is looked at each time */
	uint64_t no;
	struct pp_merkle tree;
};

/* Opens the key; without one it seals unsigned, and says so once. */
void pp_sealer_open(struct pp_sealer *sealer, const struct pp_config *config);
/* After the connection was lost, or another clerk may have sealed. */
void pp_sealer_forget(struct pp_sealer *sealer);
/* One seal, where anything is new. False and a fault: the connection is to be given up. */
PP_CHECKED bool pp_sealer_round(struct pp_sealer *sealer, struct pp_admin *db,
	struct pp_arena *arena, struct pp_fault *fault);

/*
 * Receipts (docs/api/receipt.md), process/signer.c: for a web worker's reply at once, and for good
 * in the database afterwards, also where a reply was never signed.
 */
PP_CHECKED bool pp_signer_answer(
	const struct pp_sealer *sealer, struct pp_slice documents, struct pp_buf *out);
PP_CHECKED bool pp_signer_round(struct pp_sealer *sealer, struct pp_admin *db,
	struct pp_arena *arena, struct pp_fault *fault);

/* The file of the signing key: as configured, else in the data folder. */
const char *pp_signing_key_path(struct pp_arena *arena, const struct pp_config *config);
/* What is signed of a root, canonical JSON; at is RFC 3339, root 64 digits. */
struct pp_slice pp_seal_words(struct pp_arena *arena, struct pp_slice at, struct pp_slice no,
	struct pp_slice root, struct pp_slice size);
