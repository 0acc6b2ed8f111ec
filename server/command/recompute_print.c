/* SPDX-License-Identifier: EUPL-1.2 */
#include "recompute_print.h"

#include <stdio.h>
#include <unistd.h>

#include <pp/base/clock.h>
#include <pp/fmt/json.h>

/* Outcomes as the summary counts them; a what-if has no bytes to compare. */
static const struct {
	const char *de, *en, *if_de, *if_en;
} words[PP_OUTCOMES] = {
	[PP_OUTCOME_SAME] = { "Byte für Byte gleich", "the same to the byte", "unverändert",
		"unchanged" },
	[PP_OUTCOME_ENGINE_NAME] = { "gleich bis auf den Namen der Rechenmaschine",
		"the same but for the name of the engine", NULL, NULL },
	[PP_OUTCOME_CONTENT] = { "inhaltlich gleich (vor der Aufbewahrung der Bytes gespeichert)",
		"the same field by field (stored before bytes were kept)", NULL, NULL },
	[PP_OUTCOME_DIFFERENT] = { "anders", "different", "anders", "different" },
	[PP_OUTCOME_REFUSED] = { "nicht berechenbar", "refused", "nicht berechenbar", "refused" },
};

static const char *word_of(const struct pp_recompute_print *print, int outcome)
{
	if (print->kind == PP_RECOMPUTE_VERIFY)
		return print->english ? words[outcome].en : words[outcome].de;
	return print->english ? words[outcome].if_en : words[outcome].if_de;
}

static void say_progress(const struct pp_recompute_print *print, uint64_t before)
{
	uint64_t done = pp_recompute_sum(&print->counts);
	uint64_t percent = print->plans ? done * 100 / print->plans : 100;
	uint64_t was = print->plans ? before * 100 / print->plans : 0;
	int64_t us = pp_clock_monotonic() - print->begun;
	bool is_terminal = isatty(STDERR_FILENO);

	if (percent == was || (!is_terminal && percent / 10 == was / 10))
		return;
	fprintf(stderr, "%splanungsplattform recompute: %llu %s %llu (%llu %%), %.0f/s%s",
		is_terminal ? "\r" : "", (unsigned long long)done, print->english ? "of" : "von",
		(unsigned long long)print->plans, (unsigned long long)percent,
		us > 0 ? (double)done * 1e6 / (double)us : 0.0,
		is_terminal && percent < 100 ? "" : "\n");
}

static bool begin(void *ctx, uint64_t plans, struct pp_fault *fault)
{
	struct pp_recompute_print *print = ctx;

	(void)fault;
	print->plans = plans;
	print->begun = pp_clock_monotonic();
	if (print->json)
		printf("{\"items\":[");
	return true;
}

static void print_text(const struct pp_json *item, const char *name)
{
	struct pp_slice text = pp_json_text(pp_json_member(item, pp_slice_of(name)));

	printf("%.*s", PP_SHOW(text));
}

static void print_rules(const struct pp_json *entry, const char *name)
{
	const struct pp_json *rules = pp_json_member(entry, pp_slice_of(name));

	for (size_t i = 0; rules && i < pp_json_length(rules); i++) {
		struct pp_slice rule = pp_json_text(pp_json_element(rules, i));

		printf(" %.*s", PP_SHOW(rule));
	}
}

static void print_entries(const struct pp_json *item, const char *list, char sign)
{
	const struct pp_json *entries = pp_json_member(item, pp_slice_of(list));

	for (size_t i = 0; entries && i < pp_json_length(entries); i++) {
		const struct pp_json *entry = pp_json_element(entries, i);
		bool is_authority = pp_json_member(entry, PP_S("body"));

		printf("  %c ", sign);
		print_text(entry, is_authority ? "body" : "ags");
		printf(" ");
		print_text(entry, "name");
		printf(": ");
		if (pp_json_member(entry, PP_S("was"))) {
			print_text(entry, "was");
			printf(" -> ");
		}
		print_text(entry, "class");
		printf(",");
		if (pp_json_member(entry, PP_S("rules_before"))) {
			print_rules(entry, "rules_before");
			printf(" ->");
		}
		print_rules(entry, "rules");
		printf("\n");
	}
}

static int outcome_of(const struct pp_json *item)
{
	struct pp_slice name = pp_json_text(pp_json_member(item, PP_S("outcome")));
	int outcome = 0;

	while (!pp_slice_is(name, pp_slice_of(pp_outcome_names[outcome])))
		outcome++;
	return outcome;
}

/* What a result names as its engine, where that is not this program's. */
static void print_engine(const struct pp_recompute_print *print, const struct pp_json *item)
{
	const struct pp_json *engine = pp_json_member(item, PP_S("engine"));
	const struct pp_json *today = pp_json_member(item, PP_S("engine_today"));

	if (!engine || pp_slice_is(pp_json_text(engine), pp_json_text(today)))
		return;
	printf("  %s: ", print->english ? "another engine" : "andere Rechenmaschine");
	print_text(item, "engine");
	printf(" -> ");
	print_text(item, "engine_today");
	printf("\n");
}

static void print_item(const struct pp_recompute_print *print, const struct pp_json *item)
{
	print_text(item, "number");
	printf(" ");
	print_text(item, "title");
	printf(", Plan %lld",
		(long long)pp_json_integer(pp_json_member(item, PP_S("plan_number"))));
	if (pp_json_boolean(pp_json_member(item, PP_S("confirmed"))))
		printf(print->english ? ", confirmed" : ", bestätigt");
	printf(": %s\n", word_of(print, outcome_of(item)));
	if (pp_json_member(item, PP_S("detail"))) {
		printf("  ");
		print_text(item, "detail");
		printf("\n");
	}
	print_engine(print, item);
	if (pp_json_member(item, PP_S("differs_at"))) {
		printf("  Byte %lld: ",
			(long long)pp_json_integer(pp_json_member(item, PP_S("differs_at"))));
		print_text(item, "stored_there");
		printf("\n  -> ");
		print_text(item, "computed_there");
		printf("\n");
	}
	print_entries(item, "added", '+');
	print_entries(item, "removed", '-');
	print_entries(item, "changed", '~');
	print_entries(item, "other_rules", '=');
}

static void print_line(struct pp_recompute_print *print, struct pp_slice line)
{
	struct pp_arena arena;
	struct pp_fault fault;
	struct pp_json *item;

	if (print->json) {
		printf("%s\n%.*s", print->items ? "," : "", PP_SHOW(line));
		print->items++;
		return;
	}
	pp_arena_begin(&arena);
	item = pp_json_read(&arena, line, &fault);
	PP_MUST(item);
	print_item(print, item);
	pp_arena_end(&arena);
	print->items++;
}

static bool step(void *ctx, const struct pp_recompute_step *done, struct pp_fault *fault)
{
	struct pp_recompute_print *print = ctx;
	uint64_t before = pp_recompute_sum(&print->counts);
	struct pp_slice rest = done->items;

	(void)fault;
	for (int i = 0; i < PP_OUTCOMES; i++)
		print->counts.of[i] += done->counts.of[i];
	while (rest.len)
		print_line(print, pp_slice_cut(rest, '\n', &rest));
	say_progress(print, before);
	return true;
}

struct pp_recompute_sink pp_recompute_printer(struct pp_recompute_print *print)
{
	return (struct pp_recompute_sink){ .ctx = print, .begin = begin, .step = step };
}

void pp_recompute_print_end(struct pp_recompute_print *print)
{
	unsigned long long plans = pp_recompute_sum(&print->counts);
	const char *before = ": ";

	if (print->json) {
		printf("%s],\"plans\":%llu,\"counts\":{", print->items ? "\n" : "", plans);
		for (int i = 0; i < PP_OUTCOMES; i++)
			printf("%s\"%s\":%llu", i ? "," : "", pp_outcome_names[i],
				(unsigned long long)print->counts.of[i]);
		printf("}}\n");
		return;
	}
	printf(print->english ? "%llu plans" : "%llu Pläne", plans);
	for (int i = 0; i < PP_OUTCOMES; i++) {
		if (!print->counts.of[i])
			continue;
		printf("%s%llu %s", before, (unsigned long long)print->counts.of[i],
			word_of(print, i));
		before = ", ";
	}
	printf(".\n");
	if (print->kind == PP_RECOMPUTE_WHAT_IF && print->items)
		printf(print->english
				? "Nothing was changed; file a new version of a plan to apply it.\n"
				: "Geändert wurde nichts; wer es übernehmen will, reicht eine neue "
				  "Fassung des Plans ein.\n");
}
