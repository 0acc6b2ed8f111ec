/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/core/german.h>

#include <string.h>

#include <pp/base/buf.h>

#define GAPS_MOST  9
#define DEPTH_MOST 3

static const struct row {
	const char *english, *german;
} rows[] = {
#define PP_GERMAN(english, german) { english, german },
#include <pp/core/german.def>
#undef PP_GERMAN
};

struct gap {
	struct pp_slice words;
	bool is_sentence;
};

static bool is_gap(const char *at)
{
	return at[0] == '%' && (at[1] == 's' || at[1] == 't');
}

static size_t words_before_gap(const char *pattern)
{
	size_t length = 0;

	while (pattern[length] && !is_gap(pattern + length))
		length++;
	return length;
}

/* Where the words stand next; the last ones of a sentence stand at its end. */
static const char *find(struct pp_slice in, struct pp_slice words, bool is_last)
{
	if (words.len > in.len)
		return NULL;
	if (is_last)
		return pp_slice_ends(in, words) ? in.at + in.len - words.len : NULL;
	return memmem(in.at, in.len, words.at, words.len);
}

/* How many words of its own the row has in common with the sentence, in bytes; 0: it does not fit.
 */
static size_t fit(const char *pattern, struct pp_slice sentence, struct gap gaps[GAPS_MOST])
{
	size_t length = words_before_gap(pattern), own = length;
	struct pp_slice rest;

	if (!pp_slice_starts(sentence, pp_slice(pattern, length)))
		return 0;
	rest = pp_slice(sentence.at + length, sentence.len - length);
	pattern += length;
	for (int count = 0; *pattern; count++) {
		struct pp_slice words = pp_slice(pattern + 2, words_before_gap(pattern + 2));
		bool is_last = !words.at[words.len];
		const char *found = find(rest, words, is_last);

		PP_MUST(count < GAPS_MOST);
		if (!found)
			return 0;
		gaps[count] = (struct gap){ pp_slice(rest.at, (size_t)(found - rest.at)),
			pattern[1] == 't' };
		rest = pp_slice(
			found + words.len, (size_t)(rest.at + rest.len - found) - words.len);
		own += words.len;
		pattern = words.at + words.len;
	}
	return rest.len ? 0 : own;
}

static struct pp_slice german(struct pp_arena *arena, struct pp_slice english, int depth);

static void fill(struct pp_arena *arena, struct pp_buf *out, const char *pattern,
	const struct gap gaps[GAPS_MOST], int depth)
{
	int next = 0;

	for (; *pattern; pattern++) {
		const struct gap *gap;

		if (*pattern != '%') {
			pp_buf_add(out, pattern, 1);
			continue;
		}
		pattern++;
		gap = &gaps[*pattern >= '1' && *pattern <= '9' ? *pattern - '1' : next++];
		pp_buf_slice(
			out, gap->is_sentence ? german(arena, gap->words, depth + 1) : gap->words);
	}
}

static struct pp_slice german(struct pp_arena *arena, struct pp_slice english, int depth)
{
	struct gap gaps[GAPS_MOST], best_gaps[GAPS_MOST];
	const struct row *best = NULL;
	struct pp_buf *out;
	size_t most = 0;

	for (size_t i = 0; i < PP_LENGTH(rows) && depth < DEPTH_MOST; i++) {
		size_t own = fit(rows[i].english, english, gaps);

		if (own <= most)
			continue;
		most = own;
		best = &rows[i];
		memcpy(best_gaps, gaps, sizeof(gaps));
	}
	if (!best)
		return english;
	out = pp_buf_make(arena);
	fill(arena, out, best->german, best_gaps, depth);
	return pp_buf_all(out);
}

struct pp_slice pp_german(struct pp_arena *arena, struct pp_slice english)
{
	return german(arena, english, 0);
}
