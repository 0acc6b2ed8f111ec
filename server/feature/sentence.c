/* SPDX-License-Identifier: EUPL-1.2 */
#include "sentence.h"

const char *const pp_sentence_texts[PP_SENTENCES] = {
#define PP_SENTENCE(id, text) [PP_SENTENCE_##id] = text,
#include "../../sql/feature.def"
};

static const struct {
	const char *name, *text;
} computed[] = {
#define PP_COMPUTED(name, text) { #name, text },
#include "../../sql/feature.def"
};

static const enum pp_type types[PP_FEATURE_KINDS] = {
	[PP_FEATURE_TEXT] = PP_TYPE_TEXT,
	[PP_FEATURE_UUID] = PP_TYPE_UUID,
	[PP_FEATURE_INTEGER] = PP_TYPE_INT,
	[PP_FEATURE_NUMBER] = PP_TYPE_DOUBLE,
	[PP_FEATURE_BOOLEAN] = PP_TYPE_BOOL,
	[PP_FEATURE_DATE] = PP_TYPE_DATE,
	[PP_FEATURE_INSTANT] = PP_TYPE_TIMESTAMPTZ,
};

/* However often it stands there, a value is bound once. */
static void bind(struct pp_sentence *s, size_t hole, enum pp_type type, struct pp_slice value)
{
	if (!s->numbers[hole]) {
		size_t number = s->query.param_count++;

		PP_MUST(number < PP_QUERY_PARAMS);
		s->query.params[number] = (struct pp_column){ "", type };
		s->values[number] = value;
		s->numbers[hole] = number + 1;
	}
	pp_buf_format(s->text, "$%zu", s->numbers[hole]);
}

const char *pp_sentence_computed(const struct pp_feature_column *column)
{
	for (size_t i = 0; column->computed && i < PP_LENGTH(computed); i++)
		if (strcmp(computed[i].name, column->name) == 0)
			return computed[i].text;
	PP_MUST(!column->computed);
	return NULL;
}

static void add_column(struct pp_sentence *s, const struct pp_feature_column *column)
{
	if (column->computed)
		pp_sentence_add(s, pp_sentence_computed(column));
	else
		pp_buf_format(s->text, "f.%s", column->name);
}

/* Of what changes while nothing is written, which is asked for beside all else; null where nobody
 * wants it. */
static void add_passing(struct pp_sentence *s)
{
	const struct pp_feature_type *type = &s->ask->collection->type;

	for (size_t i = 0; i < type->column_count; i++) {
		if (!type->columns[i].passing)
			continue;
		pp_buf_text(s->text, ", ");
		if (s->ask->columns & 1u << i)
			add_column(s, &type->columns[i]);
		else
			pp_buf_text(s->text, "null");
	}
}

static void add_columns(struct pp_sentence *s)
{
	pp_sentence_add(
		s, pp_sentence_texts[s->ask->columns ? PP_SENTENCE_CELLS : PP_SENTENCE_NO_CELLS]);
	add_passing(s);
	pp_buf_text(s->text, ", ");
	pp_sentence_add(s,
		pp_sentence_texts[s->ask->geometry ? PP_SENTENCE_GEOMETRY
						   : PP_SENTENCE_NO_GEOMETRY]);
}

static bool has_passing(const struct pp_feature_type *type)
{
	for (size_t i = 0; i < type->column_count; i++)
		if (type->columns[i].passing)
			return true;
	return false;
}

static void add_fields(struct pp_sentence *s)
{
	bool is_marked = s->ask->where && s->ask->where->again;
	bool needs_all = s->ask->order_count || is_marked || has_passing(&s->ask->collection->type);

	pp_sentence_add(
		s, pp_sentence_texts[needs_all ? PP_SENTENCE_ALL_FIELDS : PP_SENTENCE_FIELDS]);
}

static void add_nulls(struct pp_sentence *s)
{
	const struct pp_feature_type *type = &s->ask->collection->type;

	for (size_t i = 0; i < type->column_count; i++)
		if (type->columns[i].passing)
			pp_buf_text(s->text, "null, ");
	pp_buf_text(s->text, "null, null");
}

static void add_where(struct pp_sentence *s)
{
	const struct pp_feature_ask *ask = s->ask;
	const struct {
		bool holds;
		enum pp_sentence_text text;
	} terms[] = {
		{ !ask->to.at && !ask->seen.at, PP_SENTENCE_PRESENT },
		{ !ask->to.at && ask->seen.at, PP_SENTENCE_SEEN },
		{ ask->to.at && pp_slice_is(ask->from, ask->to), PP_SENTENCE_INSTANT },
		{ ask->to.at && !pp_slice_is(ask->from, ask->to), PP_SENTENCE_INTERVAL },
		{ ask->to.at && ask->seen.at, PP_SENTENCE_KNOWN },
		{ ask->fid.at, PP_SENTENCE_ONE },
		{ ask->held.at, PP_SENTENCE_HELD },
		{ ask->after.at && !ask->order_count, PP_SENTENCE_AFTER },
		{ ask->box.at && !s->is_small_box, PP_SENTENCE_BOX },
		{ ask->box.at && s->is_small_box, PP_SENTENCE_SMALL_BOX },
	};
	const char *before = "";

	for (size_t i = 0; i < PP_LENGTH(terms); i++) {
		if (!terms[i].holds)
			continue;
		pp_buf_text(s->text, before);
		pp_sentence_add(s, pp_sentence_texts[terms[i].text]);
		before = " and ";
	}
	if (ask->after.at && ask->order_count) {
		pp_buf_text(s->text, before);
		pp_order_after(s);
		before = " and ";
	}
	if (ask->where && ask->where->sql) {
		pp_buf_text(s->text, before);
		pp_sentence_add(s, ask->where->sql->at);
	}
}

/* Holes that are names of columns and texts of feature.def. */
static bool fill_text(struct pp_sentence *s, struct pp_slice hole)
{
	const struct pp_feature_ask *ask = s->ask;
	bool skips = ask->skip && !ask->after.at;

	if (pp_slice_is(hole, PP_S("columns")))
		add_columns(s);
	else if (pp_slice_is(hole, PP_S("fields")))
		add_fields(s);
	else if (pp_slice_is(hole, PP_S("nulls")))
		add_nulls(s);
	else if (pp_slice_is(hole, PP_S("from")))
		pp_sentence_add(
			s, pp_sentence_texts[skips ? PP_SENTENCE_FROM_SKIPPED : PP_SENTENCE_FROM]);
	else if (pp_slice_is(hole, PP_S("where")))
		add_where(s);
	else if (pp_slice_is(hole, PP_S("present")))
		pp_sentence_add(s,
			pp_sentence_texts[ask->collection->is_private ? PP_SENTENCE_OWN_COUNTED
								      : PP_SENTENCE_COUNTED]);
	else if (pp_slice_is(hole, PP_S("version")))
		pp_sentence_add(s,
			pp_sentence_texts[ask->where && ask->where->again
					? PP_SENTENCE_VERSION_AGAIN
					: PP_SENTENCE_VERSION]);
	else if (pp_slice_is(hole, PP_S("again")))
		pp_sentence_add(s, ask->where->again->at);
	else if (pp_slice_is(hole, PP_S("edit")))
		pp_buf_text(s->text, ask->collection->edit);
	else if (pp_slice_is(hole, PP_S("fids")))
		pp_sentence_add(s,
			pp_sentence_texts[s->edit->finds ? PP_SENTENCE_FOUND : PP_SENTENCE_NAMED]);
	else if (pp_slice_is(hole, PP_S("table")))
		pp_buf_text(s->text, ask->collection->type.name);
	else if (pp_slice_is(hole, PP_S("order")))
		pp_order_by(s);
	else if (pp_slice_is(hole, PP_S("place")))
		pp_sentence_add(s,
			pp_sentence_texts[ask->order_count ? PP_SENTENCE_PLACE
							   : PP_SENTENCE_NO_PLACE]);
	else if (pp_slice_is(hole, PP_S("mark")))
		pp_sentence_add(
			s, ask->order_count ? pp_sentence_texts[PP_SENTENCE_PLACE] : "f.fid");
	else if (pp_slice_is(hole, PP_S("key_texts")))
		pp_order_key_texts(s);
	else if (pp_slice_is(hole, PP_S("key")))
		pp_order_key(s);
	else if (pp_slice_is(hole, PP_S("column")))
		add_column(s, s->key->column);
	else if (pp_slice_is(hole, PP_S("n")))
		pp_buf_format(s->text, "%zu", s->key_number);
	else
		return false;
	return true;
}

static struct pp_slice truth(bool holds)
{
	return holds ? PP_S("t") : PP_S("f");
}

/* Of a page and of a tile; who asks for the one has nothing of the other. */
static void fill(struct pp_sentence *s, struct pp_slice hole)
{
	static const struct pp_feature_ask no_page = { 0 };
	static const struct pp_tile_ask no_tile = { 0 };
	static const struct pp_feature_edit no_edit = { 0 };
	const struct pp_feature_ask *ask = s->tile ? &no_page : s->ask;
	const struct pp_tile_ask *tile = s->tile ? s->tile : &no_tile;
	const struct pp_feature_edit *edit = s->edit ? s->edit : &no_edit;
	const struct {
		const char *hole;
		enum pp_type type;
		struct pp_slice value;
	} values[] = {
		{ "name", PP_TYPE_TEXT,
			ask->collection ? pp_slice_of(ask->collection->type.name)
					: pp_slice(NULL, 0) },
		{ "limit", PP_TYPE_BIGINT, s->limit },
		{ "bytes", PP_TYPE_BIGINT, s->bytes },
		{ "skip", PP_TYPE_BIGINT, s->skip },
		{ "wanted", PP_TYPE_BIGINT, s->wanted },
		{ "now", PP_TYPE_TIMESTAMPTZ, s->now },
		{ "seen", PP_TYPE_BIGINT, ask->seen },
		{ "since", PP_TYPE_TIMESTAMPTZ, ask->from },
		{ "to", PP_TYPE_TIMESTAMPTZ, ask->to },
		{ "fid", PP_TYPE_TEXT, ask->fid },
		{ "held", PP_TYPE_UUID, ask->held },
		{ "after", PP_TYPE_TEXT, ask->after },
		{ "keys", PP_TYPE_TEXT_ARRAY, s->keys },
		{ "box", PP_TYPE_BYTEA, ask->box },
		{ "inside", PP_TYPE_BYTEA, s->inside },
		{ "values", PP_TYPE_TEXT_ARRAY,
			ask->where ? ask->where->values : pp_slice(NULL, 0) },
		{ "west", PP_TYPE_DOUBLE, tile->frame[0] },
		{ "south", PP_TYPE_DOUBLE, tile->frame[1] },
		{ "east", PP_TYPE_DOUBLE, tile->frame[2] },
		{ "north", PP_TYPE_DOUBLE, tile->frame[3] },
		{ "reach", PP_TYPE_BYTEA, tile->reach },
		{ "pixel", PP_TYPE_DOUBLE, tile->pixel },
		{ "names", PP_TYPE_TEXT_ARRAY, tile->names },
		{ "actions", PP_TYPE_JSONB, edit->actions },
		{ "lock", PP_TYPE_TEXT, edit->lock },
		{ "releases", PP_TYPE_BOOL, truth(edit->releases) },
		{ "follows", PP_TYPE_BOOL, truth(edit->follows) },
		{ "once", PP_TYPE_TEXT, s->once },
		{ "sha256", PP_TYPE_BYTEA, s->sha256 },
		{ "seconds", PP_TYPE_INT, edit->seconds },
		{ "every", PP_TYPE_BOOL, truth(edit->every) },
	};
	size_t i = 0;

	PP_MUST(PP_LENGTH(values) <= PP_SENTENCE_HOLES);

	if ((s->tile && pp_tile_fill(s, hole)) || (s->ask && fill_text(s, hole)))
		return;
	while (!pp_slice_is(hole, pp_slice_of(values[i].hole)))
		PP_MUST(++i < PP_LENGTH(values));
	bind(s, i, values[i].type, values[i].value);
}

void pp_sentence_add(struct pp_sentence *s, const char *text)
{
	struct pp_slice rest = pp_slice_of(text);

	while (rest.len) {
		pp_buf_slice(s->text, pp_slice_cut(rest, '{', &rest));
		if (rest.len)
			fill(s, pp_slice_cut(rest, '}', &rest));
	}
}

void pp_array_add(struct pp_buf *out, bool first, struct pp_slice value)
{
	pp_buf_text(out, first ? "\"" : ",\"");
	for (size_t i = 0; i < value.len; i++) {
		if (value.at[i] == '"' || value.at[i] == '\\')
			pp_buf_u8(out, '\\');
		pp_buf_add(out, value.at + i, 1);
	}
	pp_buf_u8(out, '"');
}

static void expect(struct pp_sentence *s, enum pp_type type)
{
	s->query.columns[s->query.column_count++] = (struct pp_column){ "", type };
}

void pp_sentence_make(struct pp_sentence *s, struct pp_arena *arena, enum pp_sentence_text text)
{
	const struct pp_feature_type *type = s->ask ? &s->ask->collection->type : NULL;
	bool is_page = text == PP_SENTENCE_PAGE || text == PP_SENTENCE_PAGE_ONE;

	s->text = pp_buf_make(arena);
	if (s->ask)
		s->keys = pp_order_values(arena, s->ask);
	pp_sentence_add(s, pp_sentence_texts[text]);
	pp_buf_u8(s->text, '\0');
	s->query.sql = s->text->at;
	if (s->edit)
		return;
	/* What makes the answer binary (pp_db_is_binary). */
	expect(s, PP_TYPE_BIGINT);
	for (size_t i = 0; is_page && i < type->column_count; i++)
		if (type->columns[i].passing)
			expect(s, types[type->columns[i].kind]);
	expect(s, PP_TYPE_BYTEA);
}
