/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * How a file is handed out: the first byte is its size, the rest a Range field and, once more, the
 * name that somebody has given the file.
 */
#include "../../../server/rooms/document/document.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A part lies within the file and has a byte at least; everything else is the whole file. */
static void range(struct pp_slice field, uint64_t size)
{
	struct pp_bytes bytes;

	switch (pp_range_read(field, size, &bytes)) {
	case PP_RANGE_PART:
		PP_MUST(bytes.first < bytes.end && bytes.end <= size);
		break;
	case PP_RANGE_ALL:
		PP_MUST(bytes.first == 0 && bytes.end == size);
		break;
	case PP_RANGE_NONE:
		break;
	}
}

/* One field value: no control characters, and nothing ends the quotes before their end. */
static void disposition(struct pp_slice name)
{
	struct pp_arena arena;
	struct pp_slice value;
	unsigned quotes = 0;

	pp_arena_begin(&arena);
	value = pp_disposition(&arena, name);
	for (size_t i = 0; i < value.len; i++) {
		PP_MUST(value.at[i] >= ' ' && value.at[i] <= '~' && value.at[i] != '\\');
		quotes += value.at[i] == '"';
	}
	PP_MUST(quotes == 2 && pp_slice_starts(value, PP_S("attachment; filename=\"")));
	pp_arena_end(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pp_slice text = { (const char *)data + 1, size ? size - 1 : 0 };

	if (size < 1 || size > 4096)
		return 0;
	range(text, data[0]);
	range(text, UINT64_MAX - data[0]);
	if (pp_slice_is_utf8(text))
		disposition(text);
	return 0;
}
