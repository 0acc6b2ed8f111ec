/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A receipt that somebody brings as a file: the first line is text with keys in it, the rest the
 * file. What counts as valid does so no more once any of its bytes is another, and never with
 * another key.
 */
#include <pp/core/receipts.h>
#include <pp/io/secret.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void forge(struct pp_arena *arena, struct pp_slice file, struct pp_slice keys)
{
	struct pp_slice copy = pp_copy(arena, file), document, key;
	char *at = (char *)(uintptr_t)copy.at;
	size_t whole = file.len - (file.at[file.len - 1] == '\n');

	for (size_t i = 0; i < whole; i += 1 + whole / 64) {
		at[i] ^= 1;
		PP_MUST(pp_receipt_check(copy, keys, &document, &key) != PP_RECEIPT_VALID);
		at[i] ^= 1;
	}
	PP_MUST(pp_receipt_check(copy, PP_S(""), &document, &key) == PP_RECEIPT_OTHER_KEY);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pp_slice file, keys = pp_slice_cut(pp_slice((const char *)data, size), '\n', &file);
	struct pp_slice document, key;
	struct pp_arena arena;

	if (size > 16384)
		return 0;
	pp_secret_open();
	pp_arena_begin(&arena);
	if (pp_receipt_check(file, keys, &document, &key) == PP_RECEIPT_VALID) {
		PP_MUST(document.at > file.at && document.at + document.len < file.at + file.len);
		forge(&arena, file, keys);
	}
	pp_arena_end(&arena);
	return 0;
}
