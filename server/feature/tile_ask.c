/* SPDX-License-Identifier: EUPL-1.2 */
#include "tile_ask.h"

#include <pp/feature/crs.h>

#include "sentence.h"

bool pp_tile_shows(const struct pp_collection *collection)
{
	return collection->tile_columns;
}

bool pp_tile_has(const struct pp_collection *collection, const struct pp_feature_column *column)
{
	struct pp_slice rest = pp_slice_of(collection->tile_columns);

	while (rest.len)
		if (pp_slice_is(pp_slice_cut(rest, '|', &rest), pp_slice_of(column->name)))
			return true;
	return false;
}

/* PostgreSQL's own form of an array; the names are ours and need no quotes. */
static struct pp_slice names_of(struct pp_arena *arena, const struct pp_tile_ask *ask)
{
	struct pp_buf *out = pp_buf_make(arena);

	for (size_t i = 0; i < ask->count; i++)
		if (pp_tile_shows(&ask->first[i]))
			pp_buf_format(out, "%s%s", out->len ? "," : "{", ask->first[i].type.name);
	pp_buf_text(out, "}");
	return pp_buf_all(out);
}

static void add_columns(struct pp_sentence *s)
{
	const struct pp_collection *collection = s->ask->collection;

	for (size_t i = 0; i < collection->type.column_count; i++)
		if (pp_tile_has(collection, &collection->type.columns[i]))
			pp_buf_format(s->text, "f.%s, ", collection->type.columns[i].name);
}

static void add_layers(struct pp_sentence *s)
{
	const char *before = "";

	for (size_t i = 0; i < s->tile->count; i++) {
		struct pp_feature_ask layer = { .collection = &s->tile->first[i] };

		if (!pp_tile_shows(layer.collection))
			continue;
		s->ask = &layer;
		pp_buf_text(s->text, before);
		pp_sentence_add(s, pp_sentence_texts[PP_SENTENCE_LAYER]);
		before = " || ";
	}
	s->ask = NULL;
}

bool pp_tile_fill(struct pp_sentence *s, struct pp_slice hole)
{
	if (pp_slice_is(hole, PP_S("layers")))
		add_layers(s);
	else if (pp_slice_is(hole, PP_S("tile_columns")))
		add_columns(s);
	else if (pp_slice_is(hole, PP_S("frame")))
		pp_sentence_add(s, pp_sentence_texts[PP_SENTENCE_FRAME]);
	else if (pp_slice_is(hole, PP_S("srid")))
		pp_buf_format(s->text, "%d", s->tile->srid);
	else
		return false;
	return true;
}

static void begin(struct pp_arena *arena, const struct pp_tile_key *key, struct pp_tile_ask *ask)
{
	bool is_all = key->collection == PP_TILE_ALL;

	*ask = (struct pp_tile_ask){ .first = &pp_collections[is_all ? 0 : key->collection],
		.count = is_all ? PP_COLLECTIONS : 1,
		.srid = pp_tile_grids[key->grid].crs };
	ask->names = names_of(arena, ask);
}

/* Prepared, for its text is long; its plan is made for its parameters (feature_own_plan). */
static void make(struct pp_sentence *s, struct pp_arena *arena, const struct pp_tile_key *key)
{
	pp_sentence_make(s, arena, PP_SENTENCE_TILE);
	s->query.lanes = 1u << PP_LANE_PUBLIC_SLOW;
	s->query.name = pp_format(arena, "tile_%s_%s",
		key->collection == PP_TILE_ALL ? "all" : pp_collections[key->collection].type.name,
		pp_tile_grids[key->grid].id)
				.at;
}

size_t pp_tile_queries(struct pp_arena *arena, struct pp_query *all)
{
	size_t count = 0;

	for (uint8_t c = 0; c <= PP_TILE_ALL; c++)
		for (uint8_t g = 0; g < PP_TILE_GRIDS; g++) {
			const struct pp_tile_key key = { .collection = c, .grid = g };
			struct pp_tile_ask ask;
			struct pp_sentence s = { .tile = &ask };

			if (c < PP_COLLECTIONS && !pp_tile_shows(&pp_collections[c]))
				continue;
			begin(arena, &key, &ask);
			make(&s, arena, &key);
			all[count++] = s.query;
		}
	return count;
}

void pp_tile_add(struct pp_batch *batch, struct pp_server *server, struct pp_arena *arena,
	const struct pp_tile_key *key, struct pp_rows **rows)
{
	const struct pp_tile_grid *grid = &pp_tile_grids[key->grid];
	bool is_full = key->matrix == grid->last;
	struct pp_tile_ask ask;
	struct pp_sentence *s = PP_NEW(arena, struct pp_sentence);
	double box[4];

	begin(arena, key, &ask);
	pp_tile_box(key, 0, box);
	for (size_t i = 0; i < 4; i++)
		ask.frame[i] = pp_format(arena, "%.17g", box[i]);
	pp_tile_box(key, PP_TILE_MARGIN, box);
	ask.reach = pp_box_area(server->geo, arena, grid->crs, PP_AXES_EAST_NORTH, box);
	ask.pixel = pp_format(arena, "%.17g", is_full ? 0 : pp_tile_pixel(key));
	s->tile = &ask;
	make(s, arena, key);
	pp_batch_add(batch, &s->query, s->values, rows);
}
