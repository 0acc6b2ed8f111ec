/* SPDX-License-Identifier: EUPL-1.2 */
/* deadline: when a period of planning law ends and why, without server and database. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include <pp/law/deadline.h>

#include "additions.h"
#include "call.h"
#include "command.h"
#include "deadline_print.h"

static const char about[] =
	"planungsplattform deadline --rule REGEL --start JJJJ-MM-TT --calendar LAND[,LAND]\n"
	"                           [--n N --unit d|w|m --mode E|D [--no-roll]]\n"
	"                           [--suspend VON..BIS[,VON..BIS]] [--repeat JJJJ-MM-TT]\n"
	"                           [--additions DATEI] [--format table|json] [--lang de|en]\n"
	"planungsplattform deadline --batch DATEI|- [--additions DATEI]\n"
	"planungsplattform deadline --rules\n\n"
	"Berechnet, wann eine Frist endet, und sagt, warum: §§ 187 bis 193 BGB, § 31 VwVfG und "
	"die\n"
	"Fristen des Planungsrechts. Braucht weder Server noch Datenbank.\n\n"
	"  --rule R       Regel, zum Beispiel AUSLEGUNG_BAUGB oder TOEB_BAUGB; FRIST ist eine "
	"freie "
	"Frist\n"
	"  --start T      erster Tag der Auslegung, oder Tag des Ereignisses (Zugang, "
	"Bekanntgabe)\n"
	"  --calendar L   Land des Ortes, an dem die Erklärung eingeht (SH, HH, NI, … oder 01 bis "
	"16, "
	"oder\n"
	"                 ein AGS); mehrere, durch Komma getrennt, sind die Vereinigung ihrer "
	"Feiertage\n"
	"  --n --unit     Länge einer freien Frist in Tagen, Wochen oder Monaten\n"
	"  --mode E|D     der erste Tag zählt nicht mit (§ 187 Abs. 1 BGB) oder zählt mit (Abs. "
	"2)\n"
	"  --no-roll      das Ende einer freien Frist bleibt auch am Wochenende und an Feiertagen\n"
	"  --suspend V..B von diesem bis zu jenem Tag lief die Frist nicht (§ 209 BGB "
	"entsprechend)\n"
	"  --repeat T     die Frist beginnt an diesem Tag neu; sie endet nie vor der ersten\n"
	"  --additions F  Feiertage, die nicht in der Tabelle der Länder stehen "
	"(docs/deadlines.md)\n"
	"  --format F     table (voreingestellt) oder json\n"
	"  --batch F      die Optionen eines Aufrufs je Zeile, ein JSON-Objekt je Zeile als "
	"Antwort\n"
	"  --rules        alle Regeln mit Dauer und Rechtsgrundlage\n\n"
	"Computes when a period ends, and says why: by a rule of the table or, with FRIST, by a "
	"length\n"
	"of one's own; E does not count the first day, D does. The end moves on from Saturdays, "
	"Sundays\n"
	"and the holidays of the Land where a declaration is received; --additions is a file of "
	"those\n"
	"that the table lacks. Days of --suspend are not counted; with --repeat the period runs "
	"anew\n"
	"and ends no earlier than the first. --batch reads the options "
	"of "
	"one\n"
	"call a line and prints one JSON object a line. Exit code 1 for an unknown rule, date or "
	"Land,\n"
	"2 for wrong use.\n";

struct call {
	struct pp_deadline_words words;
	const char *batch, *additions;
	bool rules, json, english;
};

enum { PROBLEM = PP_ADDITIONS_PROBLEM };

static bool read_one(int c, struct call *call)
{
	struct pp_slice value = pp_slice_of(optarg);

	switch (c) {
	case 'r':
		call->words.rule = value;
		return true;
	case 's':
		call->words.start = value;
		return true;
	case 'c':
		call->words.calendar = value;
		return true;
	case 'n':
		call->words.n = value;
		return true;
	case 'u':
		call->words.unit = value;
		return true;
	case 'm':
		call->words.mode = value;
		return true;
	case 'S':
		call->words.suspend = value;
		return true;
	case 'p':
		call->words.repeat = value;
		return true;
	case 'R':
		call->words.roll = PP_S("false");
		return true;
	case 'b':
		call->batch = optarg;
		return true;
	case 'A':
		call->additions = optarg;
		return true;
	case 'a':
		call->rules = true;
		return true;
	case 'f':
		call->json = pp_slice_is(value, PP_S("json"));
		return call->json || pp_slice_is(value, PP_S("table"));
	case 'l':
		call->english = pp_slice_is(value, PP_S("en"));
		return call->english || pp_slice_is(value, PP_S("de"));
	default:
		return false;
	}
}

static bool read_call(int argc, char **argv, struct call *call, char problem[PROBLEM])
{
	static const struct option known[] = {
		{ "rule", required_argument, NULL, 'r' },
		{ "start", required_argument, NULL, 's' },
		{ "calendar", required_argument, NULL, 'c' },
		{ "n", required_argument, NULL, 'n' },
		{ "unit", required_argument, NULL, 'u' },
		{ "mode", required_argument, NULL, 'm' },
		{ "no-roll", no_argument, NULL, 'R' },
		{ "suspend", required_argument, NULL, 'S' },
		{ "repeat", required_argument, NULL, 'p' },
		{ "batch", required_argument, NULL, 'b' },
		{ "additions", required_argument, NULL, 'A' },
		{ "rules", no_argument, NULL, 'a' },
		{ "format", required_argument, NULL, 'f' },
		{ "lang", required_argument, NULL, 'l' },
		{ 0 },
	};
	int c;

	*call = (struct call){ 0 };
	optind = 0; /* glibc: begin anew */
	opterr = 0;
	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1)
		if (!read_one(c, call)) {
			snprintf(problem, PROBLEM, "'%.100s' is unknown or lacks a value that fits",
				argv[optind - 1]);
			return false;
		}
	if (optind < argc)
		snprintf(problem, PROBLEM, "'%.100s' belongs to no option", argv[optind]);
	return optind == argc;
}

enum { MOST_WORDS = 32 };

/* One line of a batch; what is wrong with it stands in its place. */
static bool answer_line(
	char *line, size_t number, const struct pp_additions *added, struct pp_buf *out)
{
	static char name[] = "deadline";
	static struct pp_deadline_asked asked;
	char *words[MOST_WORDS + 1] = { name }, *rest = NULL, problem[PROBLEM] = "";
	struct call call;
	struct pp_fault fault;
	int count = 1;

	for (char *word = strtok_r(line, " \t\r\n", &rest); word && count < MOST_WORDS;
		word = strtok_r(NULL, " \t\r\n", &rest))
		words[count++] = word;
	if (read_call(count, words, &call, problem)) {
		if (!call.batch && !call.additions &&
			pp_deadline_read(&call.words, &asked, &fault)) {
			pp_additions_use(added, &asked.calendar);
			pp_deadline_write(out, &asked, call.english);
			pp_buf_text(out, "\n");
			return true;
		}
		snprintf(problem, sizeof(problem), "%s",
			call.batch               ? "a batch does not hold another one"
				: call.additions ? "the additions are those of the batch"
						 : fault.detail);
	}
	pp_buf_format(out, "{\"line\":%zu,\"error\":", number);
	pp_buf_json(out, pp_slice_of(problem));
	pp_buf_text(out, "}\n");
	return false;
}

static int answer_batch(const char *path, const struct pp_additions *added)
{
	bool is_input = strcmp(path, "-") == 0, good = true;
	FILE *file = is_input ? stdin : fopen(path, "r");
	char *line = NULL;
	size_t room = 0, number = 0;
	struct pp_buf out;

	if (!file) {
		perror(path);
		return 1;
	}
	pp_buf_begin(&out);
	while (getline(&line, &room, file) >= 0) {
		good &= answer_line(line, ++number, added, &out);
		fwrite(out.at, 1, out.len, stdout);
		pp_buf_clear(&out);
	}
	good &= !ferror(file);
	pp_buf_end(&out);
	free(line);
	if (!is_input)
		fclose(file);
	return good ? 0 : 1;
}

static int answer(const struct call *call, const struct pp_additions *added)
{
	static struct pp_deadline_asked asked;
	struct pp_fault fault;
	struct pp_buf out;

	if (!call->rules && !pp_deadline_read(&call->words, &asked, &fault)) {
		fprintf(stderr, "planungsplattform deadline: %s --rules, --help\n", fault.detail);
		return 1;
	}
	pp_additions_use(added, &asked.calendar);
	pp_buf_begin(&out);
	if (call->rules) {
		pp_deadline_print_rules(&out, call->english);
	} else if (call->json) {
		pp_deadline_write(&out, &asked, call->english);
		pp_buf_text(&out, "\n");
	} else {
		pp_deadline_print(&out, &asked, call->english);
	}
	fwrite(out.at, 1, out.len, stdout);
	pp_buf_end(&out);
	return 0;
}

int pp_command_deadline(int argc, char **argv)
{
	struct call call;
	struct pp_additions added;
	char problem[PP_ADDITIONS_PROBLEM] = "";
	int code;

	if (pp_call_helps(argc, argv, about))
		return 0;
	if (!read_call(argc, argv, &call, problem)) {
		fprintf(stderr, "planungsplattform deadline: %s; --help\n", problem);
		return 2;
	}
	if (!pp_additions_open(&added, call.additions, problem)) {
		fprintf(stderr, "planungsplattform deadline: %s\n", problem);
		return 1;
	}
	code = call.batch ? answer_batch(call.batch, &added) : answer(&call, &added);
	pp_additions_close(&added);
	return pp_call_end("deadline", code);
}
