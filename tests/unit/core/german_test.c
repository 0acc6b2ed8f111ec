/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include <pp/base/buf.h>
#include <pp/core/german.h>

static const struct {
	const char *english, *german;
} rows[] = {
#define PP_GERMAN(english, german) { english, german },
#include <pp/core/german.def>
#undef PP_GERMAN
};

/* The pattern with its gaps filled by 1x, 2x and so on, which no sentence of ours has. */
static struct pp_slice filled(struct pp_arena *arena, const char *pattern)
{
	struct pp_buf *out = pp_buf_make(arena);
	int count = 0;

	for (; *pattern; pattern++) {
		if (*pattern != '%') {
			pp_buf_add(out, pattern, 1);
			continue;
		}
		pattern++;
		count++;
		pp_buf_format(
			out, "%dx", *pattern >= '1' && *pattern <= '9' ? *pattern - '0' : count);
	}
	return pp_buf_all(out);
}

static void every_sentence_finds_its_row(void **state)
{
	struct pp_arena arena;

	(void)state;
	pp_arena_begin(&arena);
	for (size_t i = 0; i < PP_LENGTH(rows); i++) {
		struct pp_slice told = pp_german(&arena, filled(&arena, rows[i].english));
		struct pp_slice wanted = filled(&arena, rows[i].german);

		if (!pp_slice_is(told, wanted))
			fail_msg("%s: %.*s", rows[i].english, PP_SHOW(told));
	}
	pp_arena_end(&arena);
}

static void says(const char *english, const char *german)
{
	struct pp_arena arena;
	struct pp_slice told;

	pp_arena_begin(&arena);
	told = pp_german(&arena, pp_slice_of(english));
	if (!pp_slice_is(told, pp_slice_of(german)))
		fail_msg("%s: %.*s", english, PP_SHOW(told));
	pp_arena_end(&arena);
}

static void gaps_keep_what_was_filled_in(void **state)
{
	(void)state;
	says("Entwurf: wait. Or not.pdf is in state LAEDT: wait, or withdraw it.",
		"Entwurf: wait. Or not.pdf ist im Zustand LAEDT: warten Sie, oder nehmen Sie es "
		"zurück.");
	says("must be one of A, B and must be C", "muss eines von A, B and must be C sein");
	says("A surface has a patch \"x\" in line 7, which is not read here.",
		"Eine Fläche hat in Zeile 7 ein Stück „x“, das hier nicht gelesen wird.");
	/* Nothing may stand in a gap, too. */
	says("Lateness has no effect here ().", "Verspätung hat hier keine Folge ().");
}

static void sentences_stand_in_sentences(void **state)
{
	(void)state;
	says("line 3, column 9: expected a value",
		"Zeile 3, Spalte 9: hier wurde ein Wert erwartet");
	says("line 3, column 9: whatever", "Zeile 3, Spalte 9: whatever");
	says("line 4: column kinds is empty; * stands for all",
		"Zeile 4: Spalte kinds ist leer; * steht für alle");
	says("A ring does not end where it began in line 12.",
		"Ein Ring endet nicht, wo er begann in Zeile 12.");
}

static void what_is_not_known_stays(void **state)
{
	static const char *const words[] = { "", "x", "must be one of", " must not be empty",
		"must not be empty ", "must not be empt", "Ja: %s", "%" };

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(words); i++)
		says(words[i], words[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_sentence_finds_its_row),
		cmocka_unit_test(gaps_keep_what_was_filled_in),
		cmocka_unit_test(sentences_stand_in_sentences),
		cmocka_unit_test(what_is_not_known_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
