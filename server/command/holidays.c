/* SPDX-License-Identifier: EUPL-1.2 */
/* holidays: the public holidays of a Land in a year. */
#include <getopt.h>
#include <stdio.h>

#include <pp/base/buf.h>
#include <pp/law/holiday.h>

#include "command.h"

static const char about[] =
	"planungsplattform holidays JAHR --land LAND [--format table|json]\n\n"
	"Nennt die gesetzlichen Feiertage eines Landes (SH, HH, NI, … oder 01 bis 16) in einem "
	"Jahr "
	"von\n"
	"1995 bis 2100, mit ihrer Rechtsquelle. Feiertage einzelner Gemeinden sind nicht dabei.\n\n"
	"Lists the public holidays of a Land in a year from 1995 to 2100, with their source. "
	"Holidays\n"
	"of some municipalities only are not among them. Exit code 1 for an unknown Land or year, "
	"2 for\n"
	"wrong use.\n";

struct asked {
	const char *year, *land;
	bool json;
};

static bool read_options(int argc, char **argv, struct asked *asked)
{
	static const struct option known[] = {
		{ "land", required_argument, NULL, 'l' },
		{ "format", required_argument, NULL, 'f' },
		{ 0 },
	};
	int c;

	optind = 0; /* glibc: begin anew */
	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (c == 'l') {
			asked->land = optarg;
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

static void write_year(struct pp_buf *out, int year, enum pp_land land, bool json)
{
	const struct pp_land_row *row = pp_land_row(land);
	struct pp_place_calendar place = pp_place_calendar(PP_LAND_BIT(land));
	bool is_first = true;

	pp_buf_format(out, json ? "{\"year\":%d,\"land\":\"%s\",\"holidays\":[" : "%d %s\n", year,
		json ? row->abbreviation : row->name);
	for (int32_t day = pp_day_make(year, 1, 1); day <= pp_day_make(year, 12, 31); day++) {
		const struct pp_holiday_rule *rule = pp_place_holiday(&place, day);

		if (!rule)
			continue;
		write_holiday(out, day, rule, json, is_first);
		is_first = false;
	}
	pp_buf_text(out, json ? "]}\n" : "");
}

int pp_command_holidays(int argc, char **argv)
{
	struct asked asked = { 0 };
	enum pp_land land;
	uint64_t year;
	struct pp_buf out;

	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
			fputs(about, stdout);
			return 0;
		}
	if (!read_options(argc, argv, &asked))
		return 2;
	land = pp_land_named(pp_slice_of(asked.land));
	if (land == PP_LAND_NONE || strlen(asked.land) != 2) {
		fprintf(stderr,
			"planungsplattform holidays: das Land '%.40s' gibt es nicht / no such "
			"Land: SH, "
			"HH, NI and so on, or 01 to 16\n",
			asked.land);
		return 1;
	}
	if (!pp_slice_u64(pp_slice_of(asked.year), &year) || year < PP_HOLIDAY_YEAR_FIRST ||
		year > PP_HOLIDAY_YEAR_LAST) {
		fprintf(stderr,
			"planungsplattform holidays: das Jahr '%.40s' liegt nicht zwischen %d und "
			"%d / "
			"the year does not lie between them\n",
			asked.year, PP_HOLIDAY_YEAR_FIRST, PP_HOLIDAY_YEAR_LAST);
		return 1;
	}
	pp_buf_begin(&out);
	write_year(&out, (int)year, land, asked.json);
	fwrite(out.at, 1, out.len, stdout);
	pp_buf_end(&out);
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 0;
	perror("planungsplattform holidays");
	return 1;
}
