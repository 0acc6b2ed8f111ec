/* SPDX-License-Identifier: EUPL-1.2 */
/* deadline: when a period of planning law ends and why, without server and database. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include <pp/base/clock.h>
#include <pp/law/deadline.h>

#include "command.h"

static const char about[] =
	"planungsplattform deadline --rule REGEL --start JJJJ-MM-TT --calendar LAND[,LAND]\n"
	"                           [--n N --unit d|w|m --mode E|D [--no-roll]]\n"
	"                           [--format table|json] [--lang de|en]\n"
	"planungsplattform deadline --batch DATEI|-\n"
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
	"  --format F     table (voreingestellt) oder json\n"
	"  --batch F      die Optionen eines Aufrufs je Zeile, ein JSON-Objekt je Zeile als "
	"Antwort\n"
	"  --rules        alle Regeln mit Dauer und Rechtsgrundlage\n\n"
	"Computes when a period ends, and says why: by a rule of the table or, with FRIST, by a "
	"length\n"
	"of one's own; E does not count the first day, D does. The end moves on from Saturdays, "
	"Sundays\n"
	"and the holidays of the Land where a declaration is received. --batch reads the options "
	"of "
	"one\n"
	"call a line and prints one JSON object a line. Exit code 1 for an unknown rule, date or "
	"Land,\n"
	"2 for wrong use.\n";

struct call {
	struct pp_deadline_words words;
	const char *batch;
	bool rules, json, english;
};

enum { PROBLEM = 256, LABEL_WIDTH = 30 };

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
	case 'R':
		call->words.roll = PP_S("false");
		return true;
	case 'b':
		call->batch = optarg;
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
		{ "batch", required_argument, NULL, 'b' },
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

static void write_day(struct pp_buf *out, int32_t day, bool english)
{
	static const char *const names[][2] = { { "Mo", "Mon" }, { "Di", "Tue" }, { "Mi", "Wed" },
		{ "Do", "Thu" }, { "Fr", "Fri" }, { "Sa", "Sat" }, { "So", "Sun" } };
	char text[PP_DATE_SIZE];

	pp_day_write(day, text);
	pp_buf_format(out, "%s %s", names[pp_weekday_of(day) - PP_MONDAY][english], text);
}

static void write_line(
	struct pp_buf *out, const char *label, int32_t day, bool english, const char *note)
{
	pp_buf_padded(out, pp_slice_of(label), LABEL_WIDTH);
	write_day(out, day, english);
	if (*note)
		pp_buf_format(out, "   %s", note);
	pp_buf_text(out, "\n");
}

/* The parts, and every day that moved the end. */
static void write_sum(struct pp_buf *out, const struct pp_deadline_asked *asked,
	const struct pp_deadline *found, bool english)
{
	struct pp_buf label;

	pp_buf_begin(&label);
	for (size_t i = 0; i < asked->rule.part_count; i++) {
		pp_buf_clear(&label);
		pp_period_write(&label, asked->rule.parts[i], english);
		pp_buf_u8(&label, 0);
		write_line(out, label.at, found->part_end[i], english, "");
	}
	pp_buf_end(&label);
	write_line(out, english ? "End as counted" : "Rechnerisches Ende", found->raw_end, english,
		found->end > found->raw_end ? ""
			: asked->rule.roll == PP_ROLL_WORKDAY
			? (english ? "a working day" : "ein Werktag")
			: (english ? "does not move" : "bleibt, wie es ist"));
	for (int32_t day = found->raw_end; day < found->end; day++) {
		char note[128];

		snprintf(note, sizeof(note), "%.*s",
			PP_SHOW(pp_day_off_name(day, &asked->calendar, english)));
		write_line(out, english ? "  not on" : "  nicht am", day, english, note);
	}
}

static void write_table(struct pp_buf *out, const struct pp_deadline_asked *asked, bool english)
{
	struct pp_deadline found = pp_deadline_of(
		&asked->rule, asked->start, &asked->calendar.calendar);
	bool counts = asked->rule.parts[0].begin == PP_BEGIN_DAYSTART;
	char instant[PP_RFC3339_SIZE];

	pp_clock_rfc3339(found.end_instant, instant);
	pp_buf_padded(out, pp_slice_of(english ? "Rule" : "Regel"), LABEL_WIDTH);
	pp_buf_format(out, "%s\n", asked->rule.id);
	pp_buf_padded(out, pp_slice_of(english ? "Legal basis" : "Rechtsgrundlage"), LABEL_WIDTH);
	pp_buf_format(out, "%s\n", asked->rule.legal_basis);
	pp_buf_padded(out, pp_slice_of(english ? "Holidays of" : "Feiertage von"), LABEL_WIDTH);
	for (size_t i = 0; i < asked->place_count; i++)
		pp_buf_format(out, "%s%.*s", i ? ", " : "", PP_SHOW(asked->places[i]));
	pp_buf_text(out, "\n\n");
	write_line(out, english ? "Start" : "Beginn", asked->start, english,
		counts ? (english ? "is counted" : "zählt mit")
		       : (english ? "is not counted" : "zählt nicht mit"));
	write_sum(out, asked, &found, english);
	pp_buf_text(out, "--------------------------------------------\n");
	write_line(out, english ? "Last day" : "Letzter Tag", found.end, english,
		english ? "until 24:00 in Berlin" : "bis 24:00 Uhr");
	pp_buf_padded(out,
		pp_slice_of(english ? "The same instant in UTC" : "Derselbe Zeitpunkt in UTC"),
		LABEL_WIDTH);
	pp_buf_format(out, "%s\n", instant);
}

static void write_rules(struct pp_buf *out, bool english)
{
	size_t count;
	const struct pp_period_rule *rules = pp_period_rules(&count);

	for (size_t i = 0; i < count; i++) {
		pp_buf_padded(out, pp_slice_of(rules[i].id), LABEL_WIDTH);
		for (size_t p = 0; p < rules[i].part_count; p++) {
			pp_buf_text(out, p ? (english ? ", at least " : ", mindestens ") : "");
			pp_period_write(out, rules[i].parts[p], english);
		}
		pp_buf_format(out, "; %s\n", rules[i].legal_basis);
	}
}

static void say_of_years(const struct pp_deadline_asked *asked)
{
	struct pp_deadline found = pp_deadline_of(
		&asked->rule, asked->start, &asked->calendar.calendar);

	if (pp_date_of(found.raw_end).year < PP_HOLIDAY_YEAR_FIRST ||
		pp_date_of(found.end).year > PP_HOLIDAY_YEAR_LAST)
		fprintf(stderr,
			"planungsplattform deadline: Feiertage sind von %d bis %d gepflegt / "
			"holidays are kept for these years\n",
			PP_HOLIDAY_YEAR_FIRST, PP_HOLIDAY_YEAR_LAST);
}

enum { MOST_WORDS = 32 };

/* One line of a batch; what is wrong with it stands in its place. */
static bool answer_line(char *line, size_t number, struct pp_buf *out)
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
		if (!call.batch && pp_deadline_read(&call.words, &asked, &fault)) {
			pp_deadline_write(out, &asked, call.english);
			pp_buf_text(out, "\n");
			return true;
		}
		snprintf(problem, sizeof(problem), "%s",
			call.batch ? "a batch does not hold another one" : fault.detail);
	}
	pp_buf_format(out, "{\"line\":%zu,\"error\":", number);
	pp_buf_json(out, pp_slice_of(problem));
	pp_buf_text(out, "}\n");
	return false;
}

static int answer_batch(const char *path)
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
		good &= answer_line(line, ++number, &out);
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

static int answer(const struct call *call)
{
	static struct pp_deadline_asked asked;
	struct pp_fault fault;
	struct pp_buf out;

	if (!call->rules && !pp_deadline_read(&call->words, &asked, &fault)) {
		fprintf(stderr, "planungsplattform deadline: %s --rules, --help\n", fault.detail);
		return 1;
	}
	pp_buf_begin(&out);
	if (call->rules) {
		write_rules(&out, call->english);
	} else if (call->json) {
		pp_deadline_write(&out, &asked, call->english);
		pp_buf_text(&out, "\n");
	} else {
		write_table(&out, &asked, call->english);
	}
	fwrite(out.at, 1, out.len, stdout);
	pp_buf_end(&out);
	if (!call->rules)
		say_of_years(&asked);
	return 0;
}

int pp_command_deadline(int argc, char **argv)
{
	struct call call;
	char problem[PROBLEM] = "";
	int code;

	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
			fputs(about, stdout);
			return 0;
		}
	if (!read_call(argc, argv, &call, problem)) {
		fprintf(stderr, "planungsplattform deadline: %s; --help\n", problem);
		return 2;
	}
	code = call.batch ? answer_batch(call.batch) : answer(&call);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		perror("planungsplattform deadline");
		code = 1;
	}
	return code;
}
