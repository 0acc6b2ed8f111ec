/* SPDX-License-Identifier: EUPL-1.2 */
/* One stored plan against what the engine says today: the outcome, and the item that tells it. */
#include <pp/io/secret.h>

#include "inner.h"

#define CONTEXT 60

const char *const pp_outcome_names[PP_OUTCOMES] = { "same", "engine_name", "content", "different",
	"refused" };

static void add(struct pp_buf *out, const char *before, struct pp_slice value)
{
	pp_buf_text(out, before);
	if (value.len)
		pp_buf_json(out, value);
	else
		pp_buf_text(out, "null");
}

/* Numbers of versions: they come from the database as digits. */
static void add_number(struct pp_buf *out, const char *before, struct pp_slice value)
{
	pp_buf_text(out, before);
	pp_buf_slice(out, value.len ? value : PP_S("null"));
}

static void write_head(struct pp_buf *out, const struct pp_recomputed *c, enum pp_outcome outcome)
{
	add(out, "{\"procedure\":", c->procedure);
	add(out, ",\"number\":", c->number);
	add(out, ",\"title\":", c->title);
	add(out, ",\"plan\":", c->plan);
	add_number(out, ",\"plan_number\":", c->no);
	pp_buf_text(out,
		pp_slice_is(c->confirmed, PP_S("t")) ? ",\"confirmed\":true"
						     : ",\"confirmed\":false");
	add(out, ",\"outcome\":", pp_slice_of(pp_outcome_names[outcome]));
	add_number(out, ",\"boundaries\":", c->pass->boundaries);
	add_number(out, ",\"rules\":", c->pass->rules);
}

static void write_refusal(struct pp_buf *out, const struct pp_fault *fault)
{
	add(out, ",\"problem\":", pp_slice_of(pp_problem_row(fault->problem)->id));
	add(out, ",\"detail\":", pp_slice_of(fault->detail));
}

static const char engine_mark[] = "\"engine\":\"";

/* The bytes before the engine's name and those behind it. */
static bool cut_engine(struct pp_slice text, struct pp_slice *head, struct pp_slice *tail)
{
	size_t length = sizeof(engine_mark) - 1;
	const char *found = text.len ? memmem(text.at, text.len, engine_mark, length) : NULL;
	const char *end = found
		? memchr(found + length, '"', (size_t)(text.at + text.len - found) - length)
		: NULL;

	if (!end)
		return false;
	*head = pp_slice(text.at, (size_t)(found - text.at));
	*tail = pp_slice(end, (size_t)(text.at + text.len - end));
	return true;
}

static bool is_same_but_engine(struct pp_slice a, struct pp_slice b)
{
	struct pp_slice heads[2], tails[2];

	return cut_engine(a, &heads[0], &tails[0]) && cut_engine(b, &heads[1], &tails[1]) &&
		pp_slice_is(heads[0], heads[1]) && pp_slice_is(tails[0], tails[1]);
}

static void write_sha256(struct pp_buf *out, const char *before, struct pp_slice text)
{
	unsigned char hash[PP_SHA256_SIZE];

	pp_sha256(text, hash);
	pp_buf_text(out, before);
	pp_buf_text(out, "\"");
	pp_buf_hex(out, pp_slice((const char *)hash, sizeof(hash)));
	pp_buf_text(out, "\"");
}

/* From the first byte that differs on, with a little of what stands before it. */
static void write_place(struct pp_buf *out, const char *name, struct pp_slice text, size_t at)
{
	size_t from = at > CONTEXT ? at - CONTEXT : 0;
	size_t end = at + CONTEXT < text.len ? at + CONTEXT : text.len;

	add(out, name, pp_slice(text.at + from, end > from ? end - from : 0));
}

static void write_difference(struct pp_buf *out, struct pp_slice stored, struct pp_slice computed)
{
	size_t at = 0;

	while (at < stored.len && at < computed.len && stored.at[at] == computed.at[at])
		at++;
	pp_buf_format(out, ",\"differs_at\":%zu", at);
	write_place(out, ",\"stored_there\":", stored, at);
	write_place(out, ",\"computed_there\":", computed, at);
}

static enum pp_outcome verify(struct pp_arena *arena, const struct pp_recomputed *c)
{
	if (c->is_content)
		return pp_recompute_says_same(arena, c->stored, c->computed) ? PP_OUTCOME_CONTENT
									     : PP_OUTCOME_DIFFERENT;
	if (pp_slice_is(c->stored, c->computed))
		return PP_OUTCOME_SAME;
	return is_same_but_engine(c->stored, c->computed) ? PP_OUTCOME_ENGINE_NAME
							  : PP_OUTCOME_DIFFERENT;
}

static enum pp_outcome tell_verified(
	struct pp_arena *arena, const struct pp_recomputed *c, struct pp_buf *items)
{
	enum pp_outcome outcome = c->computed.len ? verify(arena, c) : PP_OUTCOME_REFUSED;

	if (outcome == PP_OUTCOME_SAME && !c->what->tells_all)
		return outcome;
	write_head(items, c, outcome);
	add(items, ",\"engine\":", c->engine);
	add(items, ",\"engine_today\":", c->engine_today);
	if (!c->is_content)
		write_sha256(items, ",\"sha256\":", c->stored);
	if (c->computed.len)
		write_sha256(items, ",\"sha256_today\":", c->computed);
	else
		write_refusal(items, &c->refusal);
	if (outcome == PP_OUTCOME_DIFFERENT && !c->is_content)
		write_difference(items, c->stored, c->computed);
	pp_buf_text(items, "}\n");
	return outcome;
}

/* Everything up to what names the boundaries: equal there, nobody is affected otherwise. */
static struct pp_slice before_dataset(struct pp_slice text)
{
	static const char mark[] = "],\"dataset\":";
	const char *found = memmem(text.at, text.len, mark, sizeof(mark) - 1);

	return found ? pp_slice(text.at, (size_t)(found - text.at)) : text;
}

static enum pp_outcome tell_what_if(
	struct pp_arena *arena, const struct pp_recomputed *c, struct pp_buf *items)
{
	enum pp_outcome outcome = PP_OUTCOME_DIFFERENT;
	struct pp_buf *diff = pp_buf_make(arena);

	if (!c->computed.len)
		outcome = PP_OUTCOME_REFUSED;
	else if ((!c->is_content &&
			 pp_slice_is(before_dataset(c->stored), before_dataset(c->computed))) ||
		!pp_recompute_diff(arena, c->stored, c->computed, diff))
		outcome = PP_OUTCOME_SAME;
	if (outcome == PP_OUTCOME_SAME)
		return outcome;
	write_head(items, c, outcome);
	if (outcome == PP_OUTCOME_REFUSED)
		write_refusal(items, &c->refusal);
	else
		pp_buf_slice(items, pp_buf_all(diff));
	pp_buf_text(items, "}\n");
	return outcome;
}

enum pp_outcome pp_recompute_compare(
	struct pp_arena *arena, const struct pp_recomputed *c, struct pp_buf *items)
{
	return c->what->kind == PP_RECOMPUTE_VERIFY ? tell_verified(arena, c, items)
						    : tell_what_if(arena, c, items);
}
