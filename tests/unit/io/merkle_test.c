/* SPDX-License-Identifier: EUPL-1.2 */
/* The tree against the recursive words of RFC 9162 §2.1.1 and §2.1.3.1, for every size up to 70. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pp/io/merkle.h>

enum { MOST = 70 };

static struct pp_slice leaf_of(unsigned char bytes[2], uint64_t i)
{
	bytes[0] = (unsigned char)i;
	bytes[1] = (unsigned char)(i * 7);
	return pp_slice((const char *)bytes, 2);
}

/* MTH of leaves from..to-1. */
static void tree_hash(uint64_t from, uint64_t to, unsigned char out[PP_SHA256_SIZE])
{
	unsigned char bytes[3] = { 0 }, pair[1 + 2 * PP_SHA256_SIZE] = { 1 };
	uint64_t half = 1;

	if (to - from == 1) {
		leaf_of(bytes + 1, from);
		pp_sha256(pp_slice((const char *)bytes, 3), out);
		return;
	}
	while (half * 2 < to - from)
		half *= 2;
	tree_hash(from, from + half, pair + 1);
	tree_hash(from + half, to, pair + 1 + PP_SHA256_SIZE);
	pp_sha256(pp_slice((const char *)pair, sizeof(pair)), out);
}

/* PATH of leaf m in from..to-1. */
static void tree_path(uint64_t m, uint64_t from, uint64_t to, struct pp_merkle_path *path)
{
	uint64_t half = 1;

	if (to - from == 1)
		return;
	while (half * 2 < to - from)
		half *= 2;
	if (m < from + half) {
		tree_path(m, from, from + half, path);
		tree_hash(from + half, to, path->hashes[path->count++]);
	} else {
		tree_path(m, from + half, to, path);
		tree_hash(from, from + half, path->hashes[path->count++]);
	}
}

static void the_root_is_that_of_the_standard(void **state)
{
	unsigned char bytes[2], root[PP_SHA256_SIZE], want[PP_SHA256_SIZE];
	struct pp_merkle tree, resumed;

	(void)state;
	pp_merkle_begin(&tree);
	pp_merkle_root(&tree, root, NULL);
	pp_sha256(PP_S(""), want);
	assert_memory_equal(root, want, sizeof(root));
	for (uint64_t i = 0; i < MOST; i++) {
		pp_merkle_add(&tree, leaf_of(bytes, i), NULL);
		pp_merkle_root(&tree, root, NULL);
		tree_hash(0, i + 1, want);
		assert_memory_equal(root, want, sizeof(root));
		assert_true(pp_merkle_resume(&resumed, tree.size,
			pp_slice((const char *)tree.peaks, tree.peak_count * PP_SHA256_SIZE)));
		pp_merkle_root(&resumed, root, NULL);
		assert_memory_equal(root, want, sizeof(root));
		assert_false(pp_merkle_resume(&resumed, tree.size,
			pp_slice((const char *)tree.peaks, tree.peak_count * PP_SHA256_SIZE - 1)));
	}
}

static void every_leaf_is_proved_and_no_other(void **state)
{
	(void)state;
	for (uint64_t size = 1; size <= MOST; size++)
		for (uint64_t m = 0; m < size; m++) {
			struct pp_merkle_path path, want = { 0 };
			unsigned char bytes[2], root[PP_SHA256_SIZE];
			struct pp_merkle tree;

			pp_merkle_begin(&tree);
			pp_merkle_path_begin(&path, m);
			for (uint64_t i = 0; i < size; i++)
				pp_merkle_add(&tree, leaf_of(bytes, i), &path);
			pp_merkle_root(&tree, root, &path);
			tree_path(m, 0, size, &want);
			assert_int_equal(path.count, want.count);
			assert_memory_equal(path.hashes, want.hashes, want.count * PP_SHA256_SIZE);
			assert_true(pp_merkle_includes(leaf_of(bytes, m), &path, size, root));
			assert_false(pp_merkle_includes(leaf_of(bytes, m + 1), &path, size, root));
			assert_false(
				pp_merkle_includes(leaf_of(bytes, m), &path, 2 * size + 1, root));
			path.leaf = m + 1;
			assert_false(pp_merkle_includes(leaf_of(bytes, m), &path, size, root));
			path.leaf = m;
			if (path.count) {
				path.hashes[path.count / 2][5] ^= 1;
				assert_false(
					pp_merkle_includes(leaf_of(bytes, m), &path, size, root));
			}
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_root_is_that_of_the_standard),
		cmocka_unit_test(every_leaf_is_proved_and_no_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
