/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * The Merkle tree of RFC 9162 §2.1 over SHA-256, leaf by leaf: a leaf's hash is of 0x00 and its
 * data, a node's of 0x01 and its two children. Only the roots of the whole subtrees are kept (one
 * per bit of the size), so that a tree of any size needs 2 kB; a proof for one leaf can be picked
 * up on the way.
 */
#include <pp/io/secret.h>

#define PP_MERKLE_DEPTH 64

struct pp_merkle {
	uint64_t size;
	size_t peak_count;
	unsigned char peaks[PP_MERKLE_DEPTH][PP_SHA256_SIZE]; /* the largest first */
};

/* The way from a leaf to the root (RFC 9162 §2.1.3): hashes of siblings, the lowest first. */
struct pp_merkle_path {
	uint64_t leaf;
	size_t count;
	unsigned char hashes[PP_MERKLE_DEPTH][PP_SHA256_SIZE];
	size_t peak; /* which peak the leaf is under; PP_MERKLE_DEPTH before it came */
};
void pp_merkle_path_begin(struct pp_merkle_path *path, uint64_t leaf);

void pp_merkle_begin(struct pp_merkle *tree);
/* From what was kept of one; false when the peaks do not belong to such a size. */
PP_CHECKED bool pp_merkle_resume(struct pp_merkle *tree, uint64_t size, struct pp_slice peaks);
/* path may be NULL. */
void pp_merkle_add(struct pp_merkle *tree, struct pp_slice leaf, struct pp_merkle_path *path);
/* The root; with a path, its rest up to the root is added: the last thing done with it. */
void pp_merkle_root(const struct pp_merkle *tree, unsigned char root[PP_SHA256_SIZE],
	struct pp_merkle_path *path);
/* RFC 9162 §2.1.3.2: whether that leaf is in the tree of that size and root. */
bool pp_merkle_includes(struct pp_slice leaf, const struct pp_merkle_path *path, uint64_t size,
	const unsigned char root[PP_SHA256_SIZE]);
