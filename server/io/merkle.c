/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/io/merkle.h>

typedef unsigned char hash[PP_SHA256_SIZE];

static void hash_leaf(struct pp_slice leaf, hash out)
{
	struct pp_slice parts[] = { pp_slice("\0", 1), leaf };

	pp_sha256_of(2, parts, out);
}

static void hash_node(const hash left, const hash right, hash out)
{
	struct pp_slice parts[] = { PP_S("\1"), pp_slice((const char *)left, PP_SHA256_SIZE),
		pp_slice((const char *)right, PP_SHA256_SIZE) };

	pp_sha256_of(3, parts, out);
}

void pp_merkle_path_begin(struct pp_merkle_path *path, uint64_t leaf)
{
	*path = (struct pp_merkle_path){ .leaf = leaf, .peak = PP_MERKLE_DEPTH };
}

static void keep(struct pp_merkle_path *path, const hash sibling)
{
	PP_MUST(path->count < PP_MERKLE_DEPTH);
	memcpy(path->hashes[path->count++], sibling, PP_SHA256_SIZE);
}

void pp_merkle_begin(struct pp_merkle *tree)
{
	*tree = (struct pp_merkle){ 0 };
}

bool pp_merkle_resume(struct pp_merkle *tree, uint64_t size, struct pp_slice peaks)
{
	*tree = (struct pp_merkle){ .size = size,
		.peak_count = (size_t)__builtin_popcountll(size) };
	if (peaks.len != tree->peak_count * PP_SHA256_SIZE)
		return false;
	memcpy(tree->peaks, peaks.at, peaks.len);
	return true;
}

void pp_merkle_add(struct pp_merkle *tree, struct pp_slice leaf, struct pp_merkle_path *path)
{
	hash node;

	hash_leaf(leaf, node);
	PP_MUST(tree->peak_count < PP_MERKLE_DEPTH);
	if (path && path->leaf == tree->size)
		path->peak = tree->peak_count;
	/* Each trailing one of the size is a peak of the same height: the two become one. */
	for (uint64_t bits = tree->size; bits & 1; bits >>= 1) {
		size_t left = --tree->peak_count;

		if (path && path->peak == left + 1) {
			keep(path, tree->peaks[left]);
			path->peak = left;
		} else if (path && path->peak == left) {
			keep(path, node);
		}
		hash_node(tree->peaks[left], node, node);
	}
	memcpy(tree->peaks[tree->peak_count++], node, sizeof(node));
	tree->size++;
}

void pp_merkle_root(const struct pp_merkle *tree, unsigned char root[PP_SHA256_SIZE],
	struct pp_merkle_path *path)
{
	hash node;

	if (!tree->size) {
		pp_sha256(PP_S(""), root);
		return;
	}
	memcpy(node, tree->peaks[tree->peak_count - 1], sizeof(node));
	for (size_t i = tree->peak_count - 1; i-- > 0;) {
		if (path && path->peak == i)
			keep(path, node);
		else if (path && path->peak == i + 1) {
			keep(path, tree->peaks[i]);
			path->peak = i;
		}
		hash_node(tree->peaks[i], node, node);
	}
	memcpy(root, node, sizeof(node));
}

bool pp_merkle_includes(struct pp_slice leaf, const struct pp_merkle_path *path, uint64_t size,
	const unsigned char root[PP_SHA256_SIZE])
{
	uint64_t at = path->leaf, last = size - 1;
	hash node;

	if (size == 0 || at > last)
		return false;
	hash_leaf(leaf, node);
	for (size_t i = 0; i < path->count; i++) {
		if (last == 0)
			return false;
		if ((at & 1) || at == last) {
			hash_node(path->hashes[i], node, node);
			while (!(at & 1) && at != 0) {
				at >>= 1;
				last >>= 1;
			}
		} else {
			hash_node(node, path->hashes[i], node);
		}
		at >>= 1;
		last >>= 1;
	}
	return last == 0 && memcmp(node, root, sizeof(node)) == 0;
}
