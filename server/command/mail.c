/* SPDX-License-Identifier: EUPL-1.2 */
/* mail: looks at the outbox, releases what is held, and tries whether mail can be sent. */
#include <stdio.h>

#include <pp/base/clock.h>
#include <pp/base/uuid.h>

#include "../process/mailer.h"
#include "call.h"
#include "command.h"
#include "queries.h"
#include "verbs.h"

static const char about[] =
	"planungsplattform mail list [--state ZUSTAND] [--limit N]\n"
	"planungsplattform mail show ID\n"
	"planungsplattform mail release ID|all\n"
	"planungsplattform mail test ADRESSE [--lang de|en]\n\n"
	"Zeigt den Postausgang und gibt frei, was die Einstellung mail = hold zurückhält.\n"
	"  list      neueste zuerst; Zustände WARTET, GESENDET, FEHLGESCHLAGEN, VERWORFEN\n"
	"  show      eine Nachricht mit Text; {base} und {link} entstehen erst beim Versand\n"
	"  release   lässt eine los, oder alle, die warten\n"
	"  test      legt eine Probe in den Postausgang und gibt sie frei\n\n"
	"Lists the outbox and releases what mail = hold keeps back; test puts a sample into it.\n"
	"Exit code 1 where there is no such mail.\n\n"
	"Einstellungen / settings:\n";

struct wish {
	struct pp_wish words;
	const char *state, *limit;
};

static struct pp_slice shown(struct pp_slice cell)
{
	return cell.at ? cell : PP_S("-");
}

static bool list(const struct pp_verb_run *run)
{
	const struct wish *wish = run->wish;
	struct pp_slice params[] = { pp_verb_text(wish->state),
		pp_slice_of(wish->limit ? wish->limit : "50") };
	struct pp_rows *rows;

	if (!pp_verb_ask(run, &pp_queries[PP_Q_mail_list], params, &rows))
		return false;
	for (size_t i = 0; i < rows->rows; i++) {
		struct pp_slice state = pp_cell(rows, i, PP_C_mail_list_state);
		bool released = pp_slice_is(state, PP_S("WARTET")) &&
			pp_slice_is(pp_cell(rows, i, PP_C_mail_list_released), PP_S("t"));

		printf("%.*s  %.19s  %-14.*s %-20.*s %.*s%s%.*s\n",
			PP_SHOW(pp_cell(rows, i, PP_C_mail_list_id)),
			pp_cell(rows, i, PP_C_mail_list_created_at).at, PP_SHOW(state),
			PP_SHOW(pp_cell(rows, i, PP_C_mail_list_kind)),
			PP_SHOW(shown(pp_cell(rows, i, PP_C_mail_list_recipient))),
			released ? "  freigegeben / released  " : "  ",
			PP_SHOW(pp_cell(rows, i, PP_C_mail_list_reply)));
	}
	return true;
}

static bool show(const struct pp_verb_run *run)
{
	const struct wish *wish = run->wish;
	static const struct {
		const char *name;
		size_t column;
	} lines[] = { { "Id", PP_C_mail_show_id }, { "Created", PP_C_mail_show_created_at },
		{ "Kind", PP_C_mail_show_kind }, { "State", PP_C_mail_show_state },
		{ "Attempts", PP_C_mail_show_attempts }, { "Tried", PP_C_mail_show_tried_at },
		{ "Reply", PP_C_mail_show_reply }, { "To", PP_C_mail_show_recipient },
		{ "Subject", PP_C_mail_show_subject } };
	struct pp_rows *rows;

	if (!pp_verb_ask(run, &pp_queries[PP_Q_mail_show],
		    (struct pp_slice[]){ pp_slice_of(wish->words.words[0]) }, &rows))
		return false;
	if (rows->rows == 0)
		return pp_fault(
			run->fault, PP_not_found, "there is no mail %s", wish->words.words[0]);
	for (size_t i = 0; i < PP_LENGTH(lines); i++)
		printf("%s: %.*s\n", lines[i].name,
			PP_SHOW(shown(pp_cell(rows, 0, lines[i].column))));
	printf("\n%.*s", PP_SHOW(pp_cell(rows, 0, PP_C_mail_show_body)));
	return true;
}

/* NULL: all that wait. */
static bool let_go(const struct pp_verb_run *run, const char *id)
{
	struct pp_slice params[] = { pp_verb_text(id), pp_clock_text(run->arena, pp_clock_utc()) };
	struct pp_rows *rows;

	if (!pp_verb_ask(run, &pp_queries[PP_Q_mail_release], params, &rows))
		return false;
	if (id && pp_slice_is(pp_cell(rows, 0, 0), PP_S("0")))
		return pp_fault(run->fault, PP_not_found, "no mail %s waits", id);
	printf("%.*s freigegeben / released\n", PP_SHOW(pp_cell(rows, 0, 0)));
	return true;
}

static bool release(const struct pp_verb_run *run)
{
	const char *id = ((const struct wish *)run->wish)->words.words[0];

	return let_go(run, strcmp(id, "all") == 0 ? NULL : id);
}

static bool test(const struct pp_verb_run *run)
{
	const struct wish *wish = run->wish;
	struct pp_slice params[] = { PP_S("test"), pp_slice_of(wish->words.words[0]),
		pp_wish_is_english(wish) ? PP_S("en") : PP_S("de"), PP_S("{}"),
		pp_clock_text(run->arena, pp_clock_utc()) };
	struct pp_rows *rows;

	if (!pp_verb_ask(run, &pp_queries[PP_Q_mail_enqueue], params, &rows))
		return false;
	printf("%.*s\n", PP_SHOW(pp_cell(rows, 0, 0)));
	return let_go(run, pp_text(run->arena, pp_cell(rows, 0, 0)));
}

static bool check_limit(struct pp_arena *arena, void *asked, char error[256])
{
	const struct wish *wish = asked;
	uint64_t number;

	(void)arena;
	if (!wish->limit || pp_slice_u64(pp_slice_of(wish->limit), &number))
		return true;
	snprintf(error, 256, "--limit takes a number");
	return false;
}

static bool check_id(struct pp_arena *arena, void *asked, char error[256])
{
	const char *id = ((const struct wish *)asked)->words.words[0];

	(void)arena;
	if (pp_uuid_is(pp_slice_of(id)))
		return true;
	snprintf(error, 256, "'%.200s' is no id of a mail", id);
	return false;
}

static bool check_id_or_all(struct pp_arena *arena, void *asked, char error[256])
{
	return strcmp(((const struct wish *)asked)->words.words[0], "all") == 0 ||
		check_id(arena, asked, error);
}

static const struct pp_verb verbs[] = {
	{ "list", " --state --limit ", 0, 0, check_limit, NULL, list },
	{ "show", NULL, 1, 1, check_id, NULL, show },
	{ "release", NULL, 1, 1, check_id_or_all, NULL, release },
	{ "test", NULL, 1, 1, NULL, NULL, test },
	{ 0 },
};
static const struct pp_verb_option options[] = {
	{ "--state", false, offsetof(struct wish, state), NULL },
	{ "--limit", false, offsetof(struct wish, limit), NULL },
	{ 0 },
};

/* Sends whatever is due, as the clerk has it done: no verb, and a connection of its own. */
static int run_job(struct pp_call *call)
{
	if (call->options.rest_count == 1)
		return pp_mailer_job(&call->config);
	pp_fault(&call->fault, PP_invalid_parameter, "--job goes with nothing else");
	return 2;
}

int pp_command_mail(int argc, char **argv)
{
	static const struct pp_verbs mail = {
		.command = "mail",
		.about = about,
		.role = "pp_clerk",
		.verbs = verbs,
		.options = options,
	};
	static const struct pp_call_kind job = {
		.command = "mail", .about = about, .takes_rest = true, .run = run_job
	};
	struct wish wish = { 0 };

	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "--job") == 0)
			return pp_call_run(&job, NULL, argc, argv);
	return pp_verbs_run(&mail, &wish, argc, argv);
}
