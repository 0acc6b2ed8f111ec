/* SPDX-License-Identifier: EUPL-1.2 */
/* import: boundaries, bodies and who administers whom, into the database at once. */
#include <getopt.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include <pp/base/clock.h>
#include <pp/base/uuid.h>
#include <pp/io/secret.h>
#include <pp/law/date.h>

#include "call.h"
#include "command.h"
#include "import.h"
#include "import_job.h"
#include "../database/migrate.h"
#include "queries.h"

static const char about[] =
	"planungsplattform import municipalities DATEI [--dataset NAME] [--date JJJJ-MM-TT]\n"
	"                         [--accuracy M] [--kreise DATEI] [--layer EBENE]\n"
	"planungsplattform import municipalities DATEI --level district --parent AGS --key FELD\n"
	"                         --name FELD\n"
	"planungsplattform import bodies DATEI.csv [--preview]\n"
	"planungsplattform import administration DATEI.csv\n"
	"planungsplattform import accounts DATEI.csv [--preview]\n"
	"planungsplattform import rules DATEI.tsv\n\n"
	"Liest Gemeindegrenzen aus jeder Vektordatei (GeoPackage, FlatGeobuf, Shape, GeoJSON, GML, "
	"auch\n"
	"als .zip oder .gz), prüft sie, berechnet die Nachbarschaften und setzt sie als neue "
	"Fassung in\n"
	"Kraft: ganz oder gar nicht. Jede Reparatur wird genannt. Die Felder von VG250 (AGS, ARS, "
	"GEN,\n"
	"BEZ, GF) werden erkannt; --key, --ars, --name und --designation nennen andere.\n"
	"  --dataset NAME   Name des Datensatzes (ohne Angabe der Name der Datei)\n"
	"  --date TAG       Stand der Daten (ohne Angabe heute)\n"
	"  --accuracy M     Genauigkeit der Grenzen in Metern: VG250 100 (voreingestellt), VG25 "
	"25,\n"
	"                   ALKIS 1\n"
	"  --kreise DATEI   Namen der Kreise zu den ersten fünf Ziffern des AGS (CSV oder Ebene)\n"
	"  --state-border DATEI  Staatsgrenze als Linien (VG250_LI, AGZ 1; Felder state und name)\n"
	"  --level district Bezirke unterhalb der Gemeinde --parent\n"
	"  --preview        bodies, accounts: nur zeigen, was sich ändern würde / only show what "
	"would "
	"change\n"
	"bodies: key,name,kind,land,parent,mail und für Träger öffentlicher Belange / and of "
	"public "
	"agencies\n"
	"themes,areas,kinds,channel,valid_from,valid_to,area_wkt; administration: "
	"ags,body,kind,valid_from,valid_to,source\n"
	"accounts: body,mail,roles (mit | getrennt / separated by |),valid_from,valid_to,issuer,"
	"subject\n"
	"rules: Regeln für betroffene Gemeinden, wie data/rules/affected.tsv; sie gelten sofort "
	"als\n"
	"neue Fassung, ältere Ergebnisse behalten ihre. / Rules for affected municipalities: a "
	"new\n"
	"version at once, older results keep theirs.\n\n"
	"Reads municipal boundaries, checks them, computes who adjoins whom and puts them in force "
	"as\n"
	"a new version, whole or not at all. A file without AGS, without polygons, with an "
	"unknown\n"
	"CRS or with overlaps that cannot be is refused: exit code 1, nothing is imported.\n\n"
	"Einstellungen / settings:\n";

/* Fewer rows are done before anybody has read a line about them. */
enum { LINES_FROM = 1000 };

enum what { WHAT_MUNICIPALITIES, WHAT_BODIES, WHAT_ADMINISTRATION, WHAT_ACCOUNTS, WHAT_RULES };

struct asked {
	enum what what;
	const char *path, *job;
	struct pp_boundary_file file;
	struct pp_import_level level;
	bool preview;
	char today[PP_DATE_SIZE];
};

void pp_import_say(void *ctx, struct pp_slice sentence)
{
	(void)ctx;
	fprintf(stderr, "planungsplattform import: %.*s\n", PP_SHOW(sentence));
}

static const struct {
	const char *stage, *shown;
} stages[] = {
	{ "read", "lesen / read" },
	{ "check", "prüfen / check" },
	{ "neighbours", "Nachbarn / neighbours" },
	{ "store", "speichern / store" },
	{ "enforce", "in Kraft setzen / enforce" },
};

static const char *name_of_stage(const char *stage)
{
	for (size_t i = 0; i < PP_LENGTH(stages); i++)
		if (strcmp(stages[i].stage, stage) == 0)
			return stages[i].shown;
	return stage;
}

void pp_import_progress(void *ctx, const char *stage, uint32_t done, uint32_t total)
{
	static const char bar[] = "########################################";
	uint64_t percent = total ? (uint64_t)done * 100 / total : 0;
	uint64_t before = total && done ? (uint64_t)(done - 1) * 100 / total : 0;
	int width = (int)(sizeof(bar) - 1);

	(void)ctx;
	if (done > 1 && percent == before && done != total)
		return;
	if (isatty(STDERR_FILENO)) {
		fprintf(stderr, "\r%-22s [%-*.*s] %3d %%%s", name_of_stage(stage), width,
			(int)(percent * (uint64_t)width / 100), bar, (int)percent,
			total && done == total ? "\n" : "");
		/* A stage without steps says its name and goes on. */
		if (total == 0)
			fputc('\n', stderr);
		return;
	}
	if (total == 0)
		fprintf(stderr, "planungsplattform import: %s\n", name_of_stage(stage));
	else if (total >= LINES_FROM && percent / 25 != before / 25)
		fprintf(stderr, "planungsplattform import: %s, %u of %u\n", name_of_stage(stage),
			done, total);
}

static bool read_word(const char *word, enum what *what)
{
	static const char *const words[] = { "municipalities", "bodies", "administration",
		"accounts", "rules" };

	for (size_t i = 0; i < PP_LENGTH(words); i++)
		if (strcmp(words[i], word) == 0) {
			*what = (enum what)i;
			return true;
		}
	return false;
}

static bool read_option(int c, struct asked *asked, char error[256])
{
	struct pp_filejob_areas *areas = &asked->file.areas;
	struct pp_slice value = pp_slice_of(optarg),
			*texts[] = {
				['l'] = &areas->layer,
				['k'] = &areas->key_field,
				['a'] = &areas->ars_field,
				['n'] = &areas->name_field,
				['e'] = &areas->designation_field,
				['p'] = &areas->parent,
				['d'] = &asked->file.version.dataset,
				['t'] = &asked->file.version.date,
				['L'] = &asked->level.level,
			};
	int32_t day;

	if (c == 'P') {
		asked->preview = true;
	} else if (c == 'j') {
		asked->job = optarg;
	} else if (c == 'r') {
		asked->file.kreise = optarg;
	} else if (c == 's') {
		asked->file.state_border = optarg;
	} else if (c == 'A') {
		if (!pp_slice_double(value, &asked->file.version.accuracy_m) ||
			asked->file.version.accuracy_m <= 0) {
			snprintf(error, 256, "--accuracy %s is no number of metres", optarg);
			return false;
		}
	} else if (c > 0 && (size_t)c < PP_LENGTH(texts) && texts[c]) {
		*texts[c] = value;
	} else {
		snprintf(error, 256, "an option is unknown or lacks its value; see --help");
		return false;
	}
	if (c == 't' && !pp_day_read(value, &day)) {
		snprintf(error, 256, "--date %s is no date (YYYY-MM-DD)", optarg);
		return false;
	}
	/* What the clerk begins names a row, which says everything else. */
	if (c == 'j' && !pp_uuid_is(value)) {
		snprintf(error, 256, "--job %s is no id", optarg);
		return false;
	}
	return true;
}

/* Districts have a parent, municipalities have none. */
static bool check_level(struct asked *asked, char error[256])
{
	bool district = pp_slice_is(asked->level.level, PP_S("district"));

	asked->level.parent = asked->file.areas.parent;
	if (!district && !pp_slice_is(asked->level.level, PP_S("municipality")))
		snprintf(error, 256, "--level is municipality or district");
	else if (district != (asked->level.parent.len > 0))
		snprintf(error, 256, "--level district and --parent AGS belong together");
	else
		return true;
	return false;
}

static bool read_asked(struct pp_options *options, struct asked *asked, char error[256])
{
	static const struct option known[] = {
		{ "dataset", required_argument, NULL, 'd' },
		{ "date", required_argument, NULL, 't' },
		{ "accuracy", required_argument, NULL, 'A' },
		{ "kreise", required_argument, NULL, 'r' },
		{ "state-border", required_argument, NULL, 's' },
		{ "layer", required_argument, NULL, 'l' },
		{ "level", required_argument, NULL, 'L' },
		{ "parent", required_argument, NULL, 'p' },
		{ "key", required_argument, NULL, 'k' },
		{ "ars", required_argument, NULL, 'a' },
		{ "name", required_argument, NULL, 'n' },
		{ "designation", required_argument, NULL, 'e' },
		{ "preview", no_argument, NULL, 'P' },
		{ "job", required_argument, NULL, 'j' },
		{ 0 },
	};
	char *words[PP_OPTIONS_REST + 1] = { options->argv[0] };
	int count = 1, c;

	for (int i = 0; i < options->rest_count && count < PP_OPTIONS_REST; i++)
		words[count++] = options->rest[i];
	optind = 0; /* glibc: begin anew */
	opterr = 0;
	while ((c = getopt_long(count, words, "", known, NULL)) != -1)
		if (!read_option(c, asked, error))
			return false;
	if (asked->job)
		return true;
	if (optind + 2 != count || !read_word(words[optind], &asked->what)) {
		snprintf(error, 256,
			"import municipalities|bodies|administration|accounts|rules FILE is what "
			"there is; see --help");
		return false;
	}
	if (asked->preview && asked->what != WHAT_BODIES && asked->what != WHAT_ACCOUNTS) {
		snprintf(error, 256, "--preview belongs to import bodies and import accounts");
		return false;
	}
	asked->path = words[optind + 1];
	asked->file.path = asked->path;
	return check_level(asked, error);
}

struct work {
	struct asked *asked;
	struct pp_arena *arena;
	struct pp_boundaries *all;
	struct pp_buf *lines;
};

static const enum pp_import_table tables[] = {
	[WHAT_BODIES] = PP_IMPORT_BODIES,
	[WHAT_ADMINISTRATION] = PP_IMPORT_ADMINISTRATION,
	[WHAT_ACCOUNTS] = PP_IMPORT_ACCOUNTS,
};

/* Without a database: what is refused here touches nothing. */
static bool read_file(struct work *work, struct pp_fault *fault)
{
	uint32_t rows;

	if (work->asked->what == WHAT_MUNICIPALITIES)
		return pp_import_read_boundaries(
			&work->asked->file, work->arena, &work->all, fault);
	work->lines = pp_buf_make(work->arena);
	if (work->asked->what == WHAT_RULES)
		return pp_import_read_rules(work->asked->path, work->lines, fault);
	return pp_import_read_table(
		tables[work->asked->what], work->asked->path, work->lines, &rows, fault);
}

static bool store_boundaries(
	struct work *work, const struct pp_import *import, struct pp_fault *fault)
{
	const struct asked *asked = work->asked;
	const char *slash = strrchr(asked->path, '/');
	struct pp_imported done;

	if (!pp_import_boundaries(import, &asked->level, asked->path,
		    pp_slice_of(slash ? slash + 1 : asked->path), work->all, &done, fault))
		return false;
	pp_import_boundaries_print(&asked->level, work->all, &done);
	return true;
}

static bool store(struct work *work, const struct pp_import *import, struct pp_fault *fault)
{
	if (work->asked->what == WHAT_MUNICIPALITIES)
		return store_boundaries(work, import, fault);
	if (work->asked->what == WHAT_RULES)
		return pp_import_rules(import, work->asked->path, pp_buf_all(work->lines), fault);
	if (work->asked->what == WHAT_ACCOUNTS)
		return pp_import_accounts(import, pp_buf_all(work->lines), fault);
	return pp_import_table(import, tables[work->asked->what], pp_buf_all(work->lines), fault);
}

/* One transaction: a version is in force as a whole or not at all. */
static bool store_whole(struct work *work, const char *owner_url, struct pp_fault *fault)
{
	char at[PP_RFC3339_SIZE];
	struct pp_import import = { .arena = work->arena,
		.preview = work->asked->preview,
		.progress = pp_import_progress };
	struct pp_rows *rows;
	bool done;

	import.db = pp_admin_open(owner_url, fault);
	if (!import.db)
		return false;
	pp_clock_rfc3339(pp_clock_utc(), at);
	import.at = pp_slice_of(at);
	done = pp_admin_run(import.db, "begin", fault) &&
		pp_admin_query(import.db, work->arena, &pp_queries[PP_Q_import_begin], NULL, &rows,
			fault) &&
		store(work, &import, fault) &&
		pp_admin_run(import.db, work->asked->preview ? "rollback" : "commit", fault);
	pp_admin_close(import.db);
	return done;
}

static void say_progress(void *ctx, const char *sentence)
{
	(void)ctx;
	pp_import_say(NULL, pp_slice_of(sentence));
}

/* The embedded cluster gets our schema where it has another. */
static bool store_embedded(struct work *work, struct pp_call *call, struct pp_fault *fault)
{
	const char *owner;

	if (!pp_call_connect(call, fault))
		return false;
	owner = pp_call_url(call, "pp_owner");
	return pp_migrate(owner, pp_call_url(call, NULL), say_progress, NULL, fault) &&
		store_whole(work, owner, fault);
}

/* A database that is configured must have our schema before minutes are spent on the file. */
static int run(struct work *work, struct pp_call *call)
{
	struct pp_fault fault;
	const char *owner = NULL;
	bool done = true;

	pp_secret_open();
	if (call->config.database_url[0]) {
		owner = pp_call_url(call, "pp_owner");
		done = pp_migrate_check(owner, &fault);
	}
	done = done && read_file(work, &fault) &&
		(owner ? store_whole(work, owner, &fault) : store_embedded(work, call, &fault));
	if (!done)
		pp_fault_print("import", work->asked->path, &fault);
	return done ? 0 : 1;
}

static void say_today(char today[PP_DATE_SIZE])
{
	time_t now = time(NULL);
	struct tm local;

	localtime_r(&now, &local);
	strftime(today, PP_DATE_SIZE, "%Y-%m-%d", &local);
}

static int import(struct pp_call *call)
{
	struct asked asked = { .level.level = PP_S("municipality"),
		.file = { .progress = pp_import_progress, .warn = pp_import_say } };
	struct work work = { .asked = &asked, .arena = &call->arena };

	say_today(asked.today);
	asked.file.version.date = pp_slice_of(asked.today);
	if (!read_asked(&call->options, &asked, call->fault.detail))
		return 2;
	return asked.job ? pp_import_job(&call->config, asked.job) : run(&work, call);
}

int pp_command_import(int argc, char **argv)
{
	static const struct pp_call_kind kind = {
		.command = "import", .about = about, .takes_rest = true, .run = import
	};

	return pp_call_run(&kind, NULL, argc, argv);
}
