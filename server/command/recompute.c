/* SPDX-License-Identifier: EUPL-1.2 */
/* recompute: whether stored results can be had again, and what other rules or boundaries would say.
 */
#include <getopt.h>
#include <stdio.h>
#include <unistd.h>

#include <pp/base/uuid.h>
#include <pp/io/secret.h>
#include <pp/law/date.h>

#include "../database/migrate.h"
#include "call.h"
#include "command.h"
#include "import.h"
#include "queries.h"
#include "../recompute/job.h"
#include "recompute_print.h"

static const char about[] =
	"planungsplattform recompute --verify (--procedure ID … | --plan ID | --all)\n"
	"planungsplattform recompute [--rules DATEI|FASSUNG] [--boundaries FASSUNG] [--date TAG]\n"
	"                            (--procedure ID … | --plan ID | --all)\n\n"
	"Rechnet gespeicherte Pläne neu und vergleicht; geändert wird nie etwas. Wer ein anderes\n"
	"Ergebnis übernehmen will, reicht eine neue Fassung des Plans ein.\n"
	"  --verify         mit den Fassungen, Regeln des Tages und Angaben von damals: das "
	"Ergebnis\n"
	"                   muss Byte für Byte dasselbe sein (sonst Rückgabewert 1)\n"
	"  --rules X        was wäre mit diesen Regeln: Nummer einer Fassung oder eine Datei\n"
	"  --boundaries N   was wäre mit dieser Fassung der Grenzen\n"
	"  --date TAG       was wäre nach den Regeln dieses Tages (ohne Angabe der des Plans)\n"
	"  --procedure ID   Verfahren, Kennung oder Nummer (2026-0001), mehrfach; --plan ID; "
	"--all\n"
	"  --workers N      Prozesse (ohne Angabe so viele wie Prozessorkerne, höchstens 16)\n"
	"  --format table|json, --lang de|en\n\n"
	"Recomputes stored plans and compares; nothing is ever changed. --verify: with the "
	"versions\n"
	"and the query of then, the result must be the same to the byte (else exit code 1). "
	"Without\n"
	"it: who would be affected besides, no longer, or otherwise under other rules or "
	"boundaries,\n"
	"by the newest plan of each procedure that was not withdrawn.\n\n"
	"Einstellungen / settings:\n";

enum { NAMED_MAX = 1000 };

struct asked {
	struct pp_recompute what;
	struct pp_recompute_print print;
	const char *rules, *job;
	struct pp_slice named[NAMED_MAX];
	size_t named_count;
	bool verify, all;
};

static bool read_workers(struct pp_slice value, unsigned *workers)
{
	uint64_t number;

	if (!pp_slice_u64(value, &number) || number < 1 || number > PP_RECOMPUTE_WORKERS_MOST)
		return false;
	*workers = (unsigned)number;
	return true;
}

static bool is_number(struct pp_slice value)
{
	uint64_t number;

	return pp_slice_u64(value, &number) && number <= INT64_MAX;
}

static bool read_option(int c, struct asked *asked)
{
	struct pp_slice value = pp_slice_of(optarg);
	int32_t day;

	switch (c) {
	case 'j':
		asked->job = optarg;
		return pp_uuid_is(value);
	case 'v':
		asked->verify = true;
		return true;
	case 'a':
		asked->all = true;
		return true;
	case 'r':
		asked->rules = optarg;
		return true;
	case 'b':
		asked->what.boundaries = value;
		return is_number(value);
	case 'd':
		asked->what.date = value;
		return pp_day_read(value, &day);
	case 'p':
		asked->what.plan = value;
		return pp_uuid_is(value);
	case 'c':
		if (asked->named_count == NAMED_MAX)
			return false;
		asked->named[asked->named_count++] = value;
		return true;
	case 'w':
		return read_workers(value, &asked->what.workers);
	case 'f':
		asked->print.json = pp_slice_is(value, PP_S("json"));
		return asked->print.json || pp_slice_is(value, PP_S("table"));
	case 'l':
		asked->print.english = pp_slice_is(value, PP_S("en"));
		return asked->print.english || pp_slice_is(value, PP_S("de"));
	default:
		return false;
	}
}

/* Exactly one of procedures, a plan, and all; versions are for a what-if. */
static bool check(struct asked *asked, char error[256])
{
	struct pp_recompute *what = &asked->what;
	int scopes = (asked->named_count > 0) + (what->plan.len > 0) + asked->all;
	bool other = asked->rules || what->boundaries.len || what->date.len;

	what->kind = asked->verify ? PP_RECOMPUTE_VERIFY : PP_RECOMPUTE_WHAT_IF;
	what->tells_all = asked->verify && !asked->all;
	asked->print.kind = what->kind;
	/* What the clerk begins says everything else itself. */
	if (asked->job)
		return true;
	if (scopes != 1)
		snprintf(error, 256, "one of --procedure, --plan and --all is needed; see --help");
	else if (asked->verify == other)
		snprintf(error, 256,
			"either --verify, or --rules, --boundaries or --date; see --help");
	else
		return true;
	return false;
}

static bool read_asked(struct pp_options *options, struct asked *asked, char error[256])
{
	static const struct option known[] = {
		{ "verify", no_argument, NULL, 'v' },
		{ "all", no_argument, NULL, 'a' },
		{ "rules", required_argument, NULL, 'r' },
		{ "boundaries", required_argument, NULL, 'b' },
		{ "date", required_argument, NULL, 'd' },
		{ "plan", required_argument, NULL, 'p' },
		{ "procedure", required_argument, NULL, 'c' },
		{ "workers", required_argument, NULL, 'w' },
		{ "format", required_argument, NULL, 'f' },
		{ "lang", required_argument, NULL, 'l' },
		{ "job", required_argument, NULL, 'j' },
		{ 0 },
	};
	char *words[PP_OPTIONS_REST + 1] = { options->argv[0] };
	int count = 1, c, before = 1;

	for (int i = 0; i < options->rest_count && count < PP_OPTIONS_REST; i++)
		words[count++] = options->rest[i];
	optind = 0; /* glibc: begin anew */
	opterr = 0;
	while ((c = getopt_long(count, words, "", known, NULL)) != -1) {
		if (!read_option(c, asked)) {
			snprintf(error, 256, "%.200s: no such option, or no value for it; --help",
				words[before < count ? before : count - 1]);
			return false;
		}
		before = optind;
	}
	if (optind != count) {
		snprintf(error, 256, "'%.200s' is no option; see --help", words[optind]);
		return false;
	}
	return check(asked, error);
}

/* A version that is there, or a file. */
static bool find_rules(struct asked *asked, struct pp_arena *arena, struct pp_fault *fault)
{
	struct pp_buf *text;

	if (!asked->rules)
		return true;
	if (is_number(pp_slice_of(asked->rules))) {
		asked->what.rules = pp_slice_of(asked->rules);
		return true;
	}
	text = pp_buf_make(arena);
	if (!pp_import_read_rules(asked->rules, text, fault))
		return false;
	asked->what.rules_text = pp_buf_all(text);
	return true;
}

static struct pp_slice array_of(struct pp_arena *arena, const struct pp_slice *texts, size_t count)
{
	struct pp_buf *out = pp_buf_make(arena);

	pp_buf_text(out, "{");
	for (size_t i = 0; i < count; i++) {
		pp_buf_text(out, i ? "," : "");
		pp_buf_json(out, texts[i]);
	}
	pp_buf_text(out, "}");
	return pp_buf_all(out);
}

/* Ids of the procedures that were named, by id or number. */
static bool find_procedures(struct asked *asked, struct pp_arena *arena, struct pp_fault *fault)
{
	struct pp_slice params[] = { array_of(arena, asked->named, asked->named_count) };
	struct pp_admin *db;
	struct pp_rows *rows;
	bool good;

	if (!asked->named_count)
		return true;
	db = pp_admin_open(asked->what.url, fault);
	if (!db)
		return false;
	good = pp_admin_query(db, arena, &pp_queries[PP_Q_recompute_named], params, &rows, fault);
	pp_admin_close(db);
	if (!good)
		return false;
	for (size_t i = 0; i < rows->rows; i++)
		if (!pp_cell(rows, i, PP_C_recompute_named_id).len)
			return pp_fault(fault, PP_procedure_not_found, "there is no procedure %.*s",
				PP_SHOW(pp_cell(rows, i, PP_C_recompute_named_name)));
	for (size_t i = 0; i < rows->rows; i++)
		asked->named[i] = pp_cell(rows, i, PP_C_recompute_named_id);
	asked->what.procedures = array_of(arena, asked->named, rows->rows);
	return true;
}

static bool run(struct asked *asked, struct pp_arena *arena, struct pp_fault *fault)
{
	struct pp_recompute_sink sink = pp_recompute_printer(&asked->print);

	if (!find_rules(asked, arena, fault) || !find_procedures(asked, arena, fault) ||
		!pp_recompute_run(&asked->what, &sink, fault))
		return false;
	if (asked->what.plan.len && pp_recompute_sum(&asked->print.counts) == 0)
		return pp_fault(fault, PP_plan_not_found, "there is no plan %.*s",
			PP_SHOW(asked->what.plan));
	pp_recompute_print_end(&asked->print);
	return true;
}

static int answer(struct pp_call *call)
{
	struct asked *asked = call->ctx;
	struct pp_fault fault;

	pp_secret_open();
	if (pp_call_connect(call, &fault)) {
		asked->what.url = pp_call_url(call, "pp_owner");
		if (pp_migrate_check(asked->what.url, &fault) && run(asked, &call->arena, &fault))
			return asked->verify &&
				(asked->print.counts.of[PP_OUTCOME_DIFFERENT] ||
					asked->print.counts.of[PP_OUTCOME_REFUSED]);
	}
	pp_fault_print("recompute", asked->rules, &fault);
	return 1;
}

static unsigned cores(void)
{
	long count = sysconf(_SC_NPROCESSORS_ONLN);

	return count < 1                            ? 1
		: count > PP_RECOMPUTE_WORKERS_MOST ? PP_RECOMPUTE_WORKERS_MOST
						    : (unsigned)count;
}

static int recompute(struct pp_call *call)
{
	struct asked *asked = call->ctx;

	if (!read_asked(&call->options, asked, call->fault.detail))
		return 2;
	return asked->job ? pp_recompute_job(&call->config, asked->job) : answer(call);
}

int pp_command_recompute(int argc, char **argv)
{
	static const struct pp_call_kind kind = {
		.command = "recompute", .about = about, .takes_rest = true, .run = recompute
	};
	static struct asked asked;

	asked = (struct asked){ .what.workers = cores() };
	return pp_call_run(&kind, &asked, argc, argv);
}
