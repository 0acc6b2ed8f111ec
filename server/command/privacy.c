/* SPDX-License-Identifier: EUPL-1.2 */
/* What is kept no longer: what the clerk is to do about it, before it does, and what it did. */
#include <stdio.h>

#include <pp/base/clock.h>

#include "command.h"
#include "queries.h"
#include "verbs.h"

static const char about[] =
	"planungsplattform privacy due [--at ZEITPUNKT] [--lang de|en]\n"
	"planungsplattform privacy report [--limit N] [--lang de|en]\n\n"
	"due nennt, was nach den Regeln nicht mehr aufbewahrt wird, und ändert nichts: ERASE "
	"löscht der\n"
	"Server von selbst am angegebenen Tag, PROPOSE schlägt er der planenden Stelle vor; mit "
	"--at zu\n"
	"einem anderen Zeitpunkt (RFC 3339). report nennt, was gelöscht und was vorgeschlagen "
	"wurde,\n"
	"Neuestes zuerst.\n\n"
	"due names what is kept no longer by rule, and changes nothing: ERASE is done by the "
	"server "
	"itself\n"
	"on that day, PROPOSE is told to the planning body. report names what was done.\n\n"
	"Einstellungen / settings:\n";

struct wish {
	struct pp_wish words;
	const char *at, *limit;
};

static bool print(const struct pp_verb_run *run, const struct pp_rows *rows,
	const char *const heads[2][9], size_t columns)
{
	bool english = pp_wish_is_english(run->wish);

	if (rows->rows)
		pp_rows_print(rows, heads[english], columns);
	else
		puts(english ? "nothing" : "nichts");
	return true;
}

static bool due(const struct pp_verb_run *run)
{
	static const char *const heads[2][9] = {
		{ "Regel", "was", "Folge", "Verfahren", "Stelle", "fällig", "wird", "betrifft",
			"gesperrt" },
		{ "rule", "what", "act", "procedure", "body", "due", "done", "concerns", "held" },
	};
	const struct wish *wish = run->wish;
	struct pp_slice params[] = { wish->at ? pp_slice_of(wish->at)
					      : pp_clock_text(run->arena, pp_clock_utc()) };
	struct pp_rows *rows;

	return pp_verb_ask(run, &pp_queries[PP_Q_retention_acts], params, &rows) &&
		print(run, rows, heads, 9);
}

static bool report(const struct pp_verb_run *run)
{
	static const char *const heads[2][9] = {
		{ "am", "Regel", "Folge", "Verfahren", "Stelle", "fällig", "betraf", "gesperrt" },
		{ "at", "rule", "act", "procedure", "body", "due", "concerned", "held" },
	};
	const struct wish *wish = run->wish;
	struct pp_slice params[] = { pp_slice_of(wish->limit ? wish->limit : "50") };
	struct pp_rows *rows;

	return pp_verb_ask(run, &pp_queries[PP_Q_retention_reports], params, &rows) &&
		print(run, rows, heads, 8);
}

static bool check(struct pp_arena *arena, void *asked, char error[256])
{
	const struct wish *wish = asked;
	uint64_t number;
	int64_t at;

	(void)arena;
	if (wish->limit && (!pp_slice_u64(pp_slice_of(wish->limit), &number) || number > 100000)) {
		snprintf(error, 256, "--limit takes a number up to 100000");
		return false;
	}
	if (wish->at && !pp_clock_read_rfc3339(pp_slice_of(wish->at), &at)) {
		snprintf(error, 256, "--at takes an instant like 2027-01-31T00:00:00Z");
		return false;
	}
	return true;
}

static const struct pp_verb verbs[] = {
	{ "due", " --at ", 0, 0, check, NULL, due },
	{ "report", " --limit ", 0, 0, check, NULL, report },
	{ 0 },
};
static const struct pp_verb_option options[] = {
	{ "--at", false, offsetof(struct wish, at), NULL },
	{ "--limit", false, offsetof(struct wish, limit), NULL },
	{ 0 },
};

int pp_command_privacy(int argc, char **argv)
{
	static const struct pp_verbs privacy = {
		.command = "privacy",
		.about = about,
		.role = "pp_clerk",
		.verbs = verbs,
		.options = options,
	};
	struct wish wish = { 0 };

	return pp_verbs_run(&privacy, &wish, argc, argv);
}
