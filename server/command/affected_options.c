/* SPDX-License-Identifier: EUPL-1.2 */
#include "affected_options.h"

#include <getopt.h>
#include <stdio.h>

#include <pp/law/date.h>

#include "subject_option.h"

const char pp_affected_about[] =
	"planungsplattform affected PLAN [--kind ART] [--municipality AGS]… [--boundaries DATEI]\n"
	"                           [--format table|json|geojson|csv]\n\n"
	"Berechnet, welche Gemeinden ein Plan betrifft, warum, wie stark und nach welcher Regel, "
	"auch\n"
	"jenseits der Landesgrenze. PLAN ist XPlanGML (4.1 bis 6.0), GML, GeoJSON, GeoPackage,\n"
	"FlatGeobuf oder Shape, auch als .zip oder .gz. Braucht weder Server noch Datenbank.\n\n"
	"  --kind ART          Art des Verfahrens (BP_REGEL, BP_13, BP_13A, FNP, FNP_AENDERUNG, "
	"…);\n"
	"                      ohne Angabe aus der XPlanGML-Datei\n"
	"  --municipality AGS  planende Gemeinde, mehrfach; ohne Angabe aus der XPlanGML-Datei\n"
	"  --applicant-land LL Land des Vorhabenträgers, wo keine Gemeinde plant\n"
	"  --subject GEGENST   Gegenstand des Plans mit Angaben, mehrfach:\n"
	"                      WIND:hub_height_m=160,rotor_diameter_m=150\n"
	"                      EINZELHANDEL:floor_area_m2=6000,catchment=DATEI.geojson\n"
	"                      STRASSE:study=AGS:PROZENT+AGS:PROZENT\n"
	"  --plan N|NAME|all   welcher Plan einer Datei mit mehreren\n"
	"  --layer EBENE       welche Ebene einer Datei mit mehreren\n"
	"  --date JJJJ-MM-TT   Regeln dieses Tages; ohne Angabe von heute\n"
	"  --boundaries DATEI  Gemeindegrenzen; ohne Angabe die mitgelieferten (VG250 2016, zur "
	"Probe)\n"
	"  --kreise DATEI      Namen der Kreise zu den ersten fünf Ziffern des AGS\n"
	"  --state-border DATEI  Staatsgrenze als Linien, zu --boundaries\n"
	"  --accuracy M        Genauigkeit der Grenzen in Metern (100)\n"
	"  --format F          table (voreingestellt), json, geojson oder csv\n"
	"  --lang de|en        Sprache der Begründungen (de)\n\n"
	"Computes which municipalities a plan affects, why, by how much and under which rule, "
	"across\n"
	"the border too. Kind and planning municipalities are taken from an XPlanGML file where "
	"it\n"
	"has valid ones. A file with several plans lists them; --plan chooses. Only the plan's "
	"extent\n"
	"is judged: warnings and notes go to standard error.\n"
	"Exit code 0 with the result; 1 when the file or its geometry is refused, with the fault "
	"and\n"
	"its place in EPSG:25832 and in degrees; 2 for wrong use.\n";

/* contract.md, kind: procedures that are known whether a rule names them or not. */
static const char *const kinds[] = { "FNP", "FNP_AENDERUNG", "BP_REGEL", "BP_13", "BP_13A",
	"ROP_LAND", "ROP_REG", "RVP", "ZAV", "PFV", "PFV_ENWG", "PFV_NABEG", "BFP", "PFV_FSTR" };

void pp_affected_note(const char *format, ...)
{
	va_list list;

	fputs("planungsplattform affected: ", stderr);
	va_start(list, format);
	vfprintf(stderr, format, list);
	va_end(list);
	fputc('\n', stderr);
}

static bool read_format(const char *text, enum pp_affected_format *format)
{
	for (size_t i = 0; i < PP_AFFECTED_FORMATS; i++)
		if (strcmp(pp_affected_formats[i], text) == 0) {
			*format = (enum pp_affected_format)i;
			return true;
		}
	pp_affected_note("--format %s: table, json, geojson or csv", text);
	return false;
}

static bool add_planning(struct pp_affected_asked *asked)
{
	if (asked->query.planning_count == PP_PLANNING_MAX) {
		pp_affected_note("--municipality is given more than %d times", PP_PLANNING_MAX);
		return false;
	}
	asked->planning[asked->query.planning_count++] = pp_slice_of(optarg);
	return true;
}

static bool add_subject(struct pp_arena *arena, struct pp_affected_asked *asked)
{
	struct pp_fault fault;

	if (asked->query.subject_count == PP_SUBJECTS_MAX) {
		pp_affected_note("--subject is given more than %d times", PP_SUBJECTS_MAX);
		return false;
	}
	if (pp_subject_option(arena, pp_slice_of(optarg),
		    &asked->subjects[asked->query.subject_count++], &fault))
		return true;
	pp_affected_note("--subject %s: %s", optarg, fault.detail);
	return false;
}

static bool read_option(int c, struct pp_arena *arena, struct pp_affected_asked *asked)
{
	struct pp_slice value = pp_slice_of(optarg);
	int32_t day;

	switch (c) {
	case 'k':
		asked->query.kind = value;
		return true;
	case 'm':
		return add_planning(asked);
	case 'a':
		asked->query.applicant_land = value;
		return true;
	case 's':
		return add_subject(arena, asked);
	case 'p':
		asked->plans.plan = value;
		return true;
	case 'l':
		asked->plans.layer = value;
		return true;
	case 'd':
		asked->query.date = value;
		if (pp_day_read(value, &day))
			return true;
		pp_affected_note("--date %s is no date (YYYY-MM-DD)", optarg);
		return false;
	case 'b':
		asked->boundaries.path = optarg;
		return true;
	case 'K':
		asked->boundaries.kreise = optarg;
		return true;
	case 'S':
		asked->boundaries.state_border = optarg;
		return true;
	case 'A':
		if (pp_slice_double(value, &asked->boundaries.version.accuracy_m) &&
			asked->boundaries.version.accuracy_m > 0)
			return true;
		pp_affected_note("--accuracy %s is no number of metres", optarg);
		return false;
	case 'f':
		return read_format(optarg, &asked->format);
	case 'g':
		asked->language = value;
		if (pp_slice_is(value, PP_S("de")) || pp_slice_is(value, PP_S("en")))
			return true;
		pp_affected_note("--lang %s: de or en", optarg);
		return false;
	default:
		return false;
	}
}

bool pp_affected_options(
	int argc, char **argv, struct pp_arena *arena, struct pp_affected_asked *asked)
{
	static const struct option known[] = {
		{ "kind", required_argument, NULL, 'k' },
		{ "municipality", required_argument, NULL, 'm' },
		{ "applicant-land", required_argument, NULL, 'a' },
		{ "subject", required_argument, NULL, 's' },
		{ "plan", required_argument, NULL, 'p' },
		{ "layer", required_argument, NULL, 'l' },
		{ "date", required_argument, NULL, 'd' },
		{ "boundaries", required_argument, NULL, 'b' },
		{ "kreise", required_argument, NULL, 'K' },
		{ "state-border", required_argument, NULL, 'S' },
		{ "accuracy", required_argument, NULL, 'A' },
		{ "format", required_argument, NULL, 'f' },
		{ "lang", required_argument, NULL, 'g' },
		{ 0 },
	};
	int c;

	optind = 0; /* glibc: begin anew */
	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1)
		if (!read_option(c, arena, asked))
			return false;
	if (optind + 1 != argc) {
		pp_affected_note("one plan file is needed; --help");
		return false;
	}
	asked->path = argv[optind];
	asked->query.planning = asked->planning;
	asked->query.subjects = asked->subjects;
	return true;
}

bool pp_affected_kind_is_known(const struct pp_affected_asked *asked, const struct pp_rules *rules)
{
	struct pp_slice kind = asked->query.kind;

	if (!kind.len)
		return true;
	for (size_t i = 0; i < PP_LENGTH(kinds); i++)
		if (pp_slice_is(kind, pp_slice_of(kinds[i])))
			return true;
	for (size_t i = 0; i < rules->count; i++) {
		struct pp_slice rest = rules->list[i].kinds;

		while (rest.len)
			if (pp_slice_is(pp_slice_cut(rest, ',', &rest), kind))
				return true;
	}
	pp_affected_note("--kind %.*s is no kind of procedure; --help names them", PP_SHOW(kind));
	return false;
}
