/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* One question about features: its text, made of sql/feature.def, and its bound parameters. */
#include <pp/feature/read.h>

enum pp_sentence_text {
#define PP_SENTENCE(id, text) PP_SENTENCE_##id,
#include "../../sql/feature.def"
	PP_SENTENCES
};

struct pp_sentence {
	struct pp_query query;
	struct pp_slice values[PP_QUERY_PARAMS];
	/* What its holes are filled from. */
	const struct pp_feature_ask *ask;
	struct pp_slice now, limit, bytes; /* an instant, two numbers */
	struct pp_buf *text;
	size_t numbers[PP_QUERY_PARAMS]; /* of the values that are bound, by the number of their
					    hole */
};

/*
 * The first row of a page is about all of it (SEEN, STATE, PRESENT), the others are features:
 * TOTAL, FID and DIGEST, then the collection's columns, then the geometry.
 */
enum {
	PP_PAGE_SEEN,
	PP_PAGE_TOTAL = PP_PAGE_SEEN,
	PP_PAGE_STATE,
	PP_PAGE_PRESENT,
	PP_PAGE_FID,
	PP_PAGE_DIGEST,
	PP_PAGE_COLUMNS
};

/* What computes a column, with holes for pp_sentence_make; NULL for one of the table. */
const char *pp_sentence_computed(const struct pp_feature_column *column);

/* Fills query and values from ask, now, limit and bytes; all else is empty before. */
void pp_sentence_make(struct pp_sentence *s, struct pp_arena *arena, enum pp_sentence_text text);
