/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* One question about features: its text, made of sql/feature.def, and its bound parameters. */
#include <pp/feature/edit.h>

enum pp_sentence_text {
#define PP_SENTENCE(id, text) PP_SENTENCE_##id,
#include "../../sql/feature.def"
	PP_SENTENCES
};

/* What a tile is made of. */
struct pp_tile_ask {
	const struct pp_collection *first; /* the collections in it, one behind the other */
	size_t count;
	int srid;
	struct pp_slice frame[4]; /* west, south, east, north in that CRS */
	struct pp_slice reach;    /* WKB in EPSG:25832: where features may be in it */
	struct pp_slice pixel;    /* metres, 0 for full detail */
	struct pp_slice names;    /* of the collections, as an array */
};

/* Holes whose values are bound. */
enum { PP_SENTENCE_HOLES = 40 };

struct pp_sentence {
	struct pp_query query;
	struct pp_slice values[PP_QUERY_PARAMS];
	/* What its holes are filled from. */
	const struct pp_feature_ask *ask;   /* of a tile what its layer is made of */
	const struct pp_tile_ask *tile;     /* NULL: no tile */
	const struct pp_feature_edit *edit; /* NULL: nothing is changed or locked */
	struct pp_slice inside;             /* of ask->box (pp_box_inside) */
	bool is_small_box;                  /* ask->box is, so one plan is for all of them */
	struct pp_slice now, limit, bytes, skip, wanted; /* an instant, numbers */
	struct pp_slice once, sha256; /* what an edit is known by when it comes again; at == NULL:
					 it does not */
	struct pp_slice keys; /* of the feature that ask->after is the place of, as text[] */
	/* The key of an order whose text is being added, and its number from 1. */
	const struct pp_feature_order *key;
	size_t key_number;
	struct pp_buf *text;
	size_t numbers[PP_SENTENCE_HOLES]; /* of the values that are bound, by the number of their
					    hole */
};

/*
 * The first row of a page is about all of it (SEEN, STATE, PRESENT), the others are features:
 * TOTAL, FID, VERSION and, in an order, PLACE, then the cells of the collection's columns in one
 * value (pp.feature_cells), then columns that pass with time, then the geometry.
 * Of one feature both are one row.
 * A tile is one row: the state of its collections, and its bytes. What an edit and a lock answer
 * say pp/feature/edit.h.
 */
enum {
	PP_PAGE_SEEN,
	PP_PAGE_TOTAL = PP_PAGE_SEEN,
	PP_PAGE_STATE,
	PP_PAGE_PRESENT,
	PP_PAGE_FID,
	PP_PAGE_VERSION,
	PP_PAGE_PLACE,
	PP_PAGE_CELLS,
	PP_PAGE_PASSING
};
enum { PP_TILE_STATE, PP_TILE_BYTES };
enum { PP_REACH_FOUND, PP_REACH_LAST };

/* What computes a column, with holes for pp_sentence_make; NULL for one of the table. */
const char *pp_sentence_computed(const struct pp_feature_column *column);

/* Adds a text, with its holes filled. */
void pp_sentence_add(struct pp_sentence *s, const char *text);
extern const char *const pp_sentence_texts[PP_SENTENCES];

/* Fills a hole that only tiles have; false where it is none. */
bool pp_tile_fill(struct pp_sentence *s, struct pp_slice hole);

/* What an order makes of a sentence: what stands behind "order by"; the place of a feature; what
 * follows the feature that ask->after is the place of, whose keys are one parameter. */
void pp_order_by(struct pp_sentence *s);
void pp_order_place(struct pp_sentence *s);
void pp_order_after(struct pp_sentence *s);
/* Keys and value of the key whose text is being added. */
void pp_order_key(struct pp_sentence *s);
void pp_order_key_texts(struct pp_sentence *s);
/* The keys of ask->after as text[]; at == NULL without. */
struct pp_slice pp_order_values(struct pp_arena *arena, const struct pp_feature_ask *ask);

/* One more element of a text[] as PostgreSQL §8.15.2 writes it, in quotes. */
void pp_array_add(struct pp_buf *out, bool first, struct pp_slice value);

/* Fills query and values from ask, now, limit, bytes, skip and wanted, or from tile; all else is
 * empty before. */
void pp_sentence_make(struct pp_sentence *s, struct pp_arena *arena, enum pp_sentence_text text);
