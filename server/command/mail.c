/* SPDX-License-Identifier: EUPL-1.2 */
/* mail: looks at the outbox, releases what is held, and tries whether mail can be sent. */
#include <stdio.h>

#include <pp/base/clock.h>
#include <pp/base/uuid.h>
#include <pp/io/admin.h>

#include "../database/postgres.h"
#include "../process/child.h"
#include "../process/mailer.h"
#include "command.h"
#include "options.h"
#include "queries.h"

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

struct asked {
	const char *verb, *what, *state, *limit, *lang;
	bool job;
};

struct outbox {
	struct pp_admin *db;
	struct pp_arena *arena;
	struct pp_fault *fault;
};

static bool ask(struct outbox *box, enum pp_query_id id, const struct pp_slice *params,
	struct pp_rows **rows)
{
	return pp_admin_query(box->db, box->arena, &pp_queries[id], params, rows, box->fault);
}

static struct pp_slice or_null(const char *text)
{
	return text ? pp_slice_of(text) : pp_slice(NULL, 0);
}

static struct pp_slice now(struct pp_arena *arena)
{
	char *at = pp_alloc(arena, PP_RFC3339_SIZE);

	pp_clock_rfc3339(pp_clock_utc(), at);
	return pp_slice_of(at);
}

static struct pp_slice shown(struct pp_slice cell)
{
	return cell.at ? cell : PP_S("-");
}

static bool list(struct outbox *box, const struct asked *asked)
{
	struct pp_slice params[] = { or_null(asked->state),
		pp_slice_of(asked->limit ? asked->limit : "50") };
	struct pp_rows *rows;

	if (!ask(box, PP_Q_mail_list, params, &rows))
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

static bool show(struct outbox *box, const struct asked *asked)
{
	static const struct {
		const char *name;
		size_t column;
	} lines[] = { { "Id", PP_C_mail_show_id }, { "Created", PP_C_mail_show_created_at },
		{ "Kind", PP_C_mail_show_kind }, { "State", PP_C_mail_show_state },
		{ "Attempts", PP_C_mail_show_attempts }, { "Tried", PP_C_mail_show_tried_at },
		{ "Reply", PP_C_mail_show_reply }, { "To", PP_C_mail_show_recipient },
		{ "Subject", PP_C_mail_show_subject } };
	struct pp_rows *rows;

	if (!ask(box, PP_Q_mail_show, (struct pp_slice[]){ pp_slice_of(asked->what) }, &rows))
		return false;
	if (rows->rows == 0)
		return pp_fault(box->fault, PP_not_found, "there is no mail %s", asked->what);
	for (size_t i = 0; i < PP_LENGTH(lines); i++)
		printf("%s: %.*s\n", lines[i].name,
			PP_SHOW(shown(pp_cell(rows, 0, lines[i].column))));
	printf("\n%.*s", PP_SHOW(pp_cell(rows, 0, PP_C_mail_show_body)));
	return true;
}

static bool release(struct outbox *box, const char *id)
{
	struct pp_rows *rows;

	if (!ask(box, PP_Q_mail_release, (struct pp_slice[]){ or_null(id), now(box->arena) },
		    &rows))
		return false;
	if (id && pp_slice_is(pp_cell(rows, 0, 0), PP_S("0")))
		return pp_fault(box->fault, PP_not_found, "no mail %s waits", id);
	printf("%.*s freigegeben / released\n", PP_SHOW(pp_cell(rows, 0, 0)));
	return true;
}

static bool test(struct outbox *box, const struct asked *asked)
{
	struct pp_slice params[] = { PP_S("test"), pp_slice_of(asked->what),
		pp_slice_of(asked->lang ? asked->lang : "de"), PP_S("{}"), now(box->arena) };
	struct pp_rows *rows;

	if (!ask(box, PP_Q_mail_enqueue, params, &rows))
		return false;
	printf("%.*s\n", PP_SHOW(pp_cell(rows, 0, 0)));
	return release(box, pp_text(box->arena, pp_cell(rows, 0, 0)));
}

static bool do_it(
	const char *url, const struct asked *asked, struct pp_arena *arena, struct pp_fault *fault)
{
	struct outbox box = { pp_admin_open(url, fault), arena, fault };
	bool done = false;

	if (!box.db)
		return false;
	if (strcmp(asked->verb, "list") == 0)
		done = list(&box, asked);
	else if (strcmp(asked->verb, "show") == 0)
		done = show(&box, asked);
	else if (strcmp(asked->verb, "release") == 0)
		done = release(&box, strcmp(asked->what, "all") == 0 ? NULL : asked->what);
	else
		done = test(&box, asked);
	pp_admin_close(box.db);
	return done;
}

static bool read_asked(const struct pp_options *options, struct asked *asked)
{
	const struct {
		const char *name, **value;
	} takes[] = { { "--state", &asked->state }, { "--limit", &asked->limit },
		{ "--lang", &asked->lang } };
	uint64_t number;

	for (int i = 0; i < options->rest_count; i++) {
		const char *word = options->rest[i];
		size_t t = 0;

		while (t < PP_LENGTH(takes) && strcmp(word, takes[t].name) != 0)
			t++;
		if (strcmp(word, "--job") == 0)
			asked->job = true;
		else if (t < PP_LENGTH(takes) && i + 1 < options->rest_count)
			*takes[t].value = options->rest[++i];
		else if (word[0] == '-' || asked->what)
			return false;
		else if (asked->verb)
			asked->what = word;
		else
			asked->verb = word;
	}
	if (asked->job)
		return !asked->verb;
	if (!asked->verb || (asked->limit && !pp_slice_u64(pp_slice_of(asked->limit), &number)))
		return false;
	if (strcmp(asked->verb, "list") == 0)
		return !asked->what;
	if (!asked->what)
		return false;
	return strcmp(asked->verb, "test") == 0 ||
		(strcmp(asked->verb, "release") == 0 && strcmp(asked->what, "all") == 0) ||
		((strcmp(asked->verb, "show") == 0 || strcmp(asked->verb, "release") == 0) &&
			pp_uuid_is(pp_slice_of(asked->what)));
}

static int answer(const struct asked *asked, const struct pp_config *config, struct pp_arena *arena)
{
	char error[256] = "";
	struct pp_postgres *postgres;
	struct pp_fault fault;
	bool done;

	if (config->database_url[0]) {
		done = do_it(
			pp_child_database(arena, config, config->database_clerk_url, "pp_clerk"),
			asked, arena, &fault);
	} else {
		postgres = pp_postgres_borrow(config->data, error);
		if (!postgres) {
			fprintf(stderr, "planungsplattform mail: %s\n", error);
			return 1;
		}
		done = do_it(pp_postgres_url(postgres, "pp_clerk"), asked, arena, &fault);
		pp_postgres_return(postgres);
	}
	if (!done)
		fprintf(stderr, "planungsplattform mail: %s\n", fault.detail);
	return !done;
}

int pp_command_mail(int argc, char **argv)
{
	struct pp_options options = {
		.argc = argc, .argv = argv, .about = about, .takes_rest = true
	};
	struct asked asked = { 0 };
	struct pp_config config;
	struct pp_arena arena;
	char error[256] = "";
	int code = 2;

	if (pp_options_wants_help(&options)) {
		pp_options_help(&options);
		return 0;
	}
	pp_arena_begin(&arena);
	if (!pp_options_apply(&options, &config, &arena, error))
		fprintf(stderr, "planungsplattform mail: %s\n", error);
	else if (!read_asked(&options, &asked))
		fprintf(stderr, "planungsplattform mail: that is none of its uses; see --help\n");
	else
		code = asked.job ? pp_mailer_job(&config) : answer(&asked, &config, &arena);
	pp_arena_end(&arena);
	return code;
}
