/* SPDX-License-Identifier: EUPL-1.2 */
/* holidays: the public holidays of a Land in a year. */
#include <getopt.h>
#include <stdio.h>

#include <pp/base/buf.h>
#include <pp/law/holiday.h>

#include "additions.h"
#include "call.h"
#include "command.h"

static const char about[] =
	"planungsplattform holidays JAHR --land LAND [--ags AGS] [--additions DATEI]\n"
	"                           [--format table|json]\n\n"
	"Nennt die gesetzlichen Feiertage eines Landes (SH, HH, NI, … oder 01 bis 16) in einem "
	"Jahr "
	"von\n"
	"1995 bis 2100, mit ihrer Rechtsquelle. Feiertage einzelner Gemeinden und einmalige nennt\n"
	"eine Datei (--additions, docs/deadlines.md); --ags wählt die Gemeinde.\n\n"
	"Lists the public holidays of a Land in a year from 1995 to 2100, with their source. "
	"Those of\n"
	"some municipalities only come from a file (--additions), for the municipality of --ags. "
	"Exit\n"
	"code 1 for an unknown Land, year or file, 2 for wrong use.\n";

struct asked {
	const char *year, *land, *ags, *additions;
	bool json;
};

static bool read_options(int argc, char **argv, struct asked *asked)
{
	static const struct option known[] = {
		{ "land", required_argument, NULL, 'l' },
		{ "ags", required_argument, NULL, 'g' },
		{ "additions", required_argument, NULL, 'A' },
		{ "format", required_argument, NULL, 'f' },
		{ 0 },
	};
	int c;

	optind = 0; /* glibc: begin anew */
	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (c == 'l') {
			asked->land = optarg;
		} else if (c == 'g') {
			asked->ags = optarg;
		} else if (c == 'A') {
			asked->additions = optarg;
		} else if (c == 'f' &&
			(strcmp(optarg, "json") == 0 || strcmp(optarg, "table") == 0)) {
			asked->json = strcmp(optarg, "json") == 0;
		} else {
			if (c == 'f')
				fprintf(stderr,
					"planungsplattform holidays: --format %s: table or json\n",
					optarg);
			return false;
		}
	}
	if (optind + 1 != argc || !asked->land) {
		fprintf(stderr,
			"planungsplattform holidays: a year and --land are needed; --help\n");
		return false;
	}
	asked->year = argv[optind];
	return true;
}

static void write_holiday(struct pp_buf *out, int32_t day, const struct pp_holiday_rule *rule,
	bool json, bool is_first)
{
	static const char *const names[] = { "Mo", "Di", "Mi", "Do", "Fr", "Sa", "So" };
	char text[PP_DATE_SIZE];

	pp_day_write(day, text);
	if (!json) {
		pp_buf_format(out, "%s %s  %s (%s)\n", names[pp_weekday_of(day) - PP_MONDAY], text,
			rule->de, rule->source);
		return;
	}
	pp_buf_format(out, "%s\n{\"date\":\"%s\",\"name\":", is_first ? "" : ",", text);
	pp_buf_json(out, pp_slice_of(rule->de));
	pp_buf_text(out, ",\"name_en\":");
	pp_buf_json(out, pp_slice_of(rule->en));
	pp_buf_text(out, ",\"source\":");
	pp_buf_json(out, pp_slice_of(rule->source));
	pp_buf_text(out, "}");
}

static void write_year(struct pp_buf *out, int year, enum pp_land land,
	const struct pp_place_calendar *place, bool json)
{
	const struct pp_land_row *row = pp_land_row(land);
	bool is_first = true;

	pp_buf_format(out, json ? "{\"year\":%d,\"land\":\"%s\",\"holidays\":[" : "%d %s\n", year,
		json ? row->abbreviation : row->name);
	for (int32_t day = pp_day_make(year, 1, 1); day <= pp_day_make(year, 12, 31); day++) {
		const struct pp_holiday_rule *rule = pp_place_holiday(place, day);

		if (!rule)
			continue;
		write_holiday(out, day, rule, json, is_first);
		is_first = false;
	}
	pp_buf_text(out, json ? "]}\n" : "");
}

/* The Land, the municipality in it and the year; false when one of them is none. */
static bool check(const struct asked *asked, enum pp_land *land, uint64_t *year)
{
	*land = pp_land_named(pp_slice_of(asked->land));
	if (*land == PP_LAND_NONE || strlen(asked->land) != 2) {
		fprintf(stderr,
			"planungsplattform holidays: das Land '%.40s' gibt es nicht / no such "
			"Land: SH, HH, NI and so on, or 01 to 16\n",
			asked->land);
		return false;
	}
	if (asked->ags &&
		(strlen(asked->ags) != 8 || pp_land_named(pp_slice_of(asked->ags)) != *land)) {
		fprintf(stderr,
			"planungsplattform holidays: '%.40s' ist kein AGS in diesem Land / no AGS "
			"of "
			"that Land: eight digits\n",
			asked->ags);
		return false;
	}
	if (!pp_slice_u64(pp_slice_of(asked->year), year) || *year < PP_HOLIDAY_YEAR_FIRST ||
		*year > PP_HOLIDAY_YEAR_LAST) {
		fprintf(stderr,
			"planungsplattform holidays: das Jahr '%.40s' liegt nicht zwischen %d und "
			"%d / the year does not lie between them\n",
			asked->year, PP_HOLIDAY_YEAR_FIRST, PP_HOLIDAY_YEAR_LAST);
		return false;
	}
	return true;
}

static int answer(const struct asked *asked, enum pp_land land, int year)
{
	struct pp_place_calendar place = pp_place_calendar(PP_LAND_BIT(land));
	struct pp_slice ags = pp_slice_of(asked->ags);
	char problem[PP_ADDITIONS_PROBLEM];
	struct pp_additions added;
	struct pp_buf out;

	if (!pp_additions_open(&added, asked->additions, problem)) {
		fprintf(stderr, "planungsplattform holidays: %s\n", problem);
		return 1;
	}
	place.municipalities = &ags;
	place.municipality_count = asked->ags != NULL;
	pp_additions_use(&added, &place);
	pp_buf_begin(&out);
	write_year(&out, year, land, &place, asked->json);
	fwrite(out.at, 1, out.len, stdout);
	pp_buf_end(&out);
	pp_additions_close(&added);
	return pp_call_end("holidays", 0);
}

int pp_command_holidays(int argc, char **argv)
{
	struct asked asked = { 0 };
	enum pp_land land;
	uint64_t year;

	if (pp_call_helps(argc, argv, about))
		return 0;
	if (!read_options(argc, argv, &asked))
		return 2;
	return check(&asked, &land, &year) ? answer(&asked, land, (int)year) : 1;
}
