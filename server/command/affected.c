/* SPDX-License-Identifier: EUPL-1.2 */
/* affected: whom a plan file affects, without a server. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <pp/fmt/wkb.h>
#include <pp/geo/crs.h>
#include <pp/geo/validate.h>
#include <pp/law/date.h>

#include "affected_print.h"
#include "boundary_file.h"
#include "command.h"
#include "../database/embedded.h"
#include "files_client.h"

static const char about[] =
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
	"  --subject GEGENST   Gegenstand des Plans (WIND, LEITUNG, …), mehrfach\n"
	"  --plan N|NAME|all   welcher Plan einer Datei mit mehreren\n"
	"  --layer EBENE       welche Ebene einer Datei mit mehreren\n"
	"  --date JJJJ-MM-TT   Regeln dieses Tages; ohne Angabe von heute\n"
	"  --boundaries DATEI  Gemeindegrenzen; ohne Angabe die mitgelieferten (VG250 2016, zur "
	"Probe)\n"
	"  --kreise DATEI      Namen der Kreise zu den ersten fünf Ziffern des AGS\n"
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

enum { SUBJECTS_MAX = 16 };

struct asked {
	const char *path;
	struct pp_filejob_plans plans;
	struct pp_boundary_file boundaries;
	struct pp_affected_query query;
	struct pp_slice planning[PP_PLANNING_MAX], subjects[SUBJECTS_MAX];
	enum pp_affected_format format;
	struct pp_slice language;
};

struct state {
	const struct asked *asked;
	struct pp_arena arena;
	struct pp_geo *geo;
	struct pp_boundaries *all;
	struct pp_rules rules;
	struct pp_filejob_plan *plans[PP_FILEJOB_PLANS_MAX];
	size_t plan_count;
};

static void note(const char *format, ...) PP_PRINTF(1, 2);
static void note(const char *format, ...)
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
	note("--format %s: table, json, geojson or csv", text);
	return false;
}

static bool add(struct pp_slice *list, size_t *count, size_t most, const char *option)
{
	if (*count == most) {
		note("--%s is given more than %zu times", option, most);
		return false;
	}
	list[(*count)++] = pp_slice_of(optarg);
	return true;
}

static bool read_option(int c, struct asked *asked)
{
	struct pp_slice value = pp_slice_of(optarg);
	int32_t day;

	switch (c) {
	case 'k':
		asked->query.kind = value;
		return true;
	case 'm':
		return add(asked->planning, &asked->query.planning_count, PP_PLANNING_MAX,
			"municipality");
	case 'a':
		asked->query.applicant_land = value;
		return true;
	case 's':
		return add(asked->subjects, &asked->query.subject_count, SUBJECTS_MAX, "subject");
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
		note("--date %s is no date (YYYY-MM-DD)", optarg);
		return false;
	case 'b':
		asked->boundaries.path = optarg;
		return true;
	case 'K':
		asked->boundaries.kreise = optarg;
		return true;
	case 'A':
		if (pp_slice_double(value, &asked->boundaries.version.accuracy_m) &&
			asked->boundaries.version.accuracy_m > 0)
			return true;
		note("--accuracy %s is no number of metres", optarg);
		return false;
	case 'f':
		return read_format(optarg, &asked->format);
	case 'g':
		asked->language = value;
		if (pp_slice_is(value, PP_S("de")) || pp_slice_is(value, PP_S("en")))
			return true;
		note("--lang %s: de or en", optarg);
		return false;
	default:
		return false;
	}
}

static bool read_options(int argc, char **argv, struct asked *asked)
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
		{ "accuracy", required_argument, NULL, 'A' },
		{ "format", required_argument, NULL, 'f' },
		{ "lang", required_argument, NULL, 'g' },
		{ 0 },
	};
	int c;

	optind = 0; /* glibc: begin anew */
	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1)
		if (!read_option(c, asked))
			return false;
	if (optind + 1 != argc) {
		note("one plan file is needed; --help");
		return false;
	}
	asked->path = argv[optind];
	asked->query.planning = asked->planning;
	asked->query.subjects = asked->subjects;
	return true;
}

/* A kind that neither the list nor a rule knows is a slip of the pen. */
static bool check_kind(const struct asked *asked, const struct pp_rules *rules)
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
	note("--kind %.*s is no kind of procedure; --help names them", PP_SHOW(kind));
	return false;
}

static void keep_plan(void *ctx, const struct pp_filejob_plan *plan)
{
	struct state *state = ctx;
	struct pp_filejob_plan *kept = PP_NEW(&state->arena, struct pp_filejob_plan);

	if (state->plan_count == PP_FILEJOB_PLANS_MAX)
		return;
	*kept = (struct pp_filejob_plan){
		.place = plan->place,
		.name = pp_copy(&state->arena, plan->name),
		.object = pp_copy(&state->arena, plan->object),
		.version = pp_copy(&state->arena, plan->version),
		.kind = pp_copy(&state->arena, plan->kind),
		.epsg = plan->epsg,
		.wkb = pp_copy(&state->arena, plan->wkb),
		.ags = { plan->ags.count,
			PP_NEW_ARRAY(&state->arena, struct pp_slice, plan->ags.count) },
	};
	for (size_t i = 0; i < plan->ags.count; i++)
		kept->ags.at[i] = pp_copy(&state->arena, plan->ags.at[i]);
	state->plans[state->plan_count++] = kept;
}

static void say_choice(void *ctx, const struct pp_filejob_choice *choice)
{
	(void)ctx;
	note("  %u  %.*s%s%.*s%s%.*s", choice->place, PP_SHOW(choice->name),
		choice->number.len ? ", " : "", PP_SHOW(choice->number),
		choice->object.len ? ", " : "", PP_SHOW(choice->object));
}

static void say_warning(void *ctx, const struct pp_filejob_warning *warning)
{
	(void)ctx;
	if (warning->place)
		note("plan %u: %.*s", warning->place, PP_SHOW(warning->text));
	else
		note("%.*s", PP_SHOW(warning->text));
}

static void say_sentence(void *ctx, struct pp_slice sentence)
{
	(void)ctx;
	note("%.*s", PP_SHOW(sentence));
}

/* The file's own municipalities count where the boundaries know them. */
static void take_planning(struct state *state, const struct pp_filejob_plan *plan,
	struct pp_affected_query *query, struct pp_slice *list)
{
	query->planning = list;
	for (size_t i = 0; i < plan->ags.count && i < PP_PLANNING_MAX; i++) {
		if (pp_boundaries_find(state->all, plan->ags.at[i]) == PP_NOWHERE)
			note("the planning municipality %.*s of the file is not in the boundaries "
			     "and is left out",
				PP_SHOW(plan->ags.at[i]));
		else
			list[query->planning_count++] = plan->ags.at[i];
	}
}

static void complete_query(struct state *state, const struct pp_filejob_plan *plan,
	struct pp_affected_query *query, struct pp_slice *list)
{
	*query = state->asked->query;
	if (!query->kind.len)
		query->kind = plan->kind;
	if (!query->planning_count)
		take_planning(state, plan, query, list);
	if (!query->kind.len)
		note("no kind of procedure is known: only the rules for every kind apply; --kind "
		     "says it");
	if (!query->planning_count)
		note("no planning municipality is known; --municipality says it");
}

static bool answer_plan(struct state *state, const struct pp_filejob_plan *plan, struct pp_buf *out,
	bool is_first, struct pp_fault *fault)
{
	const struct asked *asked = state->asked;
	struct pp_slice planning[PP_PLANNING_MAX];
	struct pp_affected_query query;
	struct pp_wkb_facts facts;
	struct pp_affected result;
	enum pp_flaw flaw;

	complete_query(state, plan, &query, planning);
	if (!pp_wkb_check(plan->wkb, PP_WKB_VERTICES_MAX, &facts, fault) ||
		!pp_crs_read(state->geo, &state->arena, (int)plan->epsg, PP_AXES_EAST_NORTH,
			plan->wkb, &query.wkb, fault) ||
		!pp_validate(state->geo, query.wkb, &flaw, fault) ||
		!pp_affected_ask(state->all, &state->rules, &query, &state->arena, &result, fault))
		return false;
	pp_affected_print_plan(out,
		&(struct pp_affected_print){ .format = asked->format,
			.several = state->plan_count > 1,
			.language = asked->language,
			.place = plan->place,
			.name = plan->name,
			.kind = query.kind,
			.wkb = query.wkb,
			.geo = state->geo,
			.all = state->all,
			.result = &result },
		is_first);
	return true;
}

/* Output is written when all of it is there: a refusal leaves standard output empty. */
static bool answer(struct state *state, struct asked *asked, struct pp_fault *fault)
{
	const struct pp_files_answers answers = {
		.ctx = state, .plan = keep_plan, .choice = say_choice, .warning = say_warning
	};
	struct pp_affected_print frame = { .format = asked->format };
	struct pp_buf *out = pp_buf_make(&state->arena);

	if (!pp_files_ask_plans(asked->path, &asked->plans, &answers, fault))
		return false;
	frame.several = state->plan_count > 1;
	state->geo = pp_geo_open(&state->arena, fault);
	if (!state->geo)
		return false;
	state->all = pp_boundary_file_read(&asked->boundaries, state->geo, &state->arena, fault);
	if (!state->all)
		return false;
	pp_affected_print_begin(out, &frame);
	for (size_t i = 0; i < state->plan_count; i++)
		if (!answer_plan(state, state->plans[i], out, i == 0, fault))
			return false;
	pp_affected_print_end(out, &frame);
	fwrite(out->at, 1, out->len, stdout);
	return true;
}

static int run(struct asked *asked)
{
	struct state *state = calloc(1, sizeof(*state));
	struct pp_fault fault;
	int code = 0;

	PP_MUST(state);
	state->asked = asked;
	pp_arena_begin(&state->arena);
	if (!pp_rules_read(&state->arena, pp_embedded_rules[0].text, &state->rules, &fault)) {
		pp_fault_print("affected", pp_embedded_rules[0].name, &fault);
		code = 1;
	} else if (!check_kind(asked, &state->rules)) {
		code = 2;
	} else if (!answer(state, asked, &fault)) {
		pp_fault_print("affected", asked->path, &fault);
		code = 1;
	}
	pp_arena_end(&state->arena);
	free(state);
	return code;
}

int pp_command_affected(int argc, char **argv)
{
	struct asked asked = { .boundaries = { .warn = say_sentence }, .language = PP_S("de") };
	char today[PP_DATE_SIZE];
	time_t now = time(NULL);
	struct tm local;
	int code;

	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
			fputs(about, stdout);
			return 0;
		}
	localtime_r(&now, &local);
	strftime(today, sizeof(today), "%Y-%m-%d", &local);
	asked.query.date = pp_slice_of(today);
	if (!read_options(argc, argv, &asked))
		return 2;
	code = run(&asked);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		perror("planungsplattform affected");
		code = 1;
	}
	return code;
}
