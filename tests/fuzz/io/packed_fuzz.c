/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What clients send back packed: any text is unpacked or refused, never to more than what was
 * allowed, and whatever was packed comes out again.
 */
#include <pp/io/packed.h>
#include <pp/io/secret.h>

#define MOST 65536

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void comes_back(struct pp_arena *arena, struct pp_slice bytes)
{
	struct pp_slice text = pp_packed(arena, bytes), again;

	PP_MUST(pp_unpack(arena, text, bytes.len, &again) && pp_slice_is(again, bytes));
	PP_MUST(!bytes.len || !pp_unpack(arena, text, bytes.len - 1, &again));
}

static void is_bounded(struct pp_arena *arena, struct pp_slice text)
{
	struct pp_slice bytes;

	if (!pp_unpack(arena, text, MOST, &bytes))
		return;
	PP_MUST(bytes.len <= MOST);
	comes_back(arena, bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pp_slice input = { (const char *)data, size };
	struct pp_buf *text;
	struct pp_arena arena;

	if (size > MOST)
		return 0;
	pp_arena_begin(&arena);
	comes_back(&arena, input);
	is_bounded(&arena, input);
	/* Any bytes as if they were compressed, so that not only base64url is tried. */
	text = pp_buf_make(&arena);
	pp_base64url(text, input);
	is_bounded(&arena, pp_buf_all(text));
	pp_arena_end(&arena);
	return 0;
}
