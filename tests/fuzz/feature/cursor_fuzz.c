/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Cursors of pages of features: a line with a collection's number and names to sort by, then the
 * cursor; behind a '~' alone, what stands in it before it is base64url. What is taken becomes a
 * sentence with its keys bound, and is written as the same cursor again.
 */
#include <pp/feature/read.h>
#include <pp/io/secret.h>

#include "../../../server/feature/sentence.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_order(struct pp_feature_ask *ask, struct pp_slice names)
{
	while (names.len && ask->order_count < PP_FEATURE_ORDERS) {
		struct pp_slice name = pp_slice_cut(names, ',', &names);
		struct pp_feature_order *order = &ask->order[ask->order_count++];

		order->descending = pp_slice_starts(name, PP_S("-"));
		if (order->descending)
			name = pp_slice(name.at + 1, name.len - 1);
		order->column = pp_column_named(&ask->collection->type, name);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pp_arena arena;
	struct pp_slice cursor,
		names = pp_slice_cut(pp_slice((const char *)data, size), '\n', &cursor);
	struct pp_feature_reading reading = { 0 };
	struct pp_feature_ask *ask = &reading.ask;
	struct pp_sentence sentence = { .ask = ask };

	if (names.len == 0)
		return 0;
	pp_arena_begin(&arena);
	ask->collection = &pp_collections[(unsigned char)names.at[0] % PP_COLLECTIONS];
	read_order(ask, pp_slice(names.at + 1, names.len - 1));
	if (pp_slice_starts(cursor, PP_S("~"))) {
		struct pp_buf *out = pp_buf_make(&arena);

		pp_buf_text(out, "7~");
		pp_base64url(out, pp_slice(cursor.at + 1, cursor.len - 1));
		cursor = pp_buf_all(out);
	}
	if (pp_feature_cursor_read(&arena, cursor, ask)) {
		pp_sentence_make(&sentence, &arena, PP_SENTENCE_PAGE);
		PP_MUST(sentence.query.param_count > 0);
		reading.seen = ask->seen;
		PP_MUST(pp_slice_is(pp_feature_cursor(&arena, &reading, ask->after), cursor));
	}
	pp_arena_end(&arena);
	return 0;
}
