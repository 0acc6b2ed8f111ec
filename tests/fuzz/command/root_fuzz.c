/* SPDX-License-Identifier: EUPL-1.2 */
/* A file of exported roots, line by line: each a root of a tree that is not smaller than the one
 * before it, or refused. */
#include "../../../server/command/audit_root.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pp_slice rest = { (const char *)data, size };
	uint64_t before = 0;

	while (rest.len) {
		struct pp_slice line = pp_slice_cut(rest, '\n', &rest);
		struct pp_audit_root root;
		struct pp_arena arena;
		bool good;

		pp_arena_begin(&arena);
		good = pp_audit_root_read(&arena, line, before, &root);
		pp_arena_end(&arena);
		if (!good)
			break;
		PP_MUST(root.size >= 1 && root.size >= before && root.size <= INT64_MAX);
		PP_MUST(strlen(root.hex) == 2 * PP_SHA256_SIZE &&
			strlen(root.at) < sizeof(root.at));
		for (const char *c = root.at; *c; c++)
			PP_MUST((unsigned char)*c >= ' ' && *c != 0x7f);
		before = root.size;
	}
	return 0;
}
