/* SPDX-License-Identifier: EUPL-1.2 */
#include "verbs.h"

#include <stdio.h>
#include <string.h>

#include <pp/base/clock.h>
#include <pp/io/secret.h>

#include "../database/migrate.h"
#include "call.h"
#include "queries.h"

#define COLUMNS_MOST 16

static const struct pp_verb *verb_named(const struct pp_verbs *verbs, const char *name)
{
	for (const struct pp_verb *verb = verbs->verbs; verb->name; verb++)
		if (strcmp(verb->name, name) == 0)
			return verb;
	return NULL;
}

/* "create, list or password" */
static bool refuse_verb(const struct pp_verbs *verbs, char error[256])
{
	size_t length = (size_t)snprintf(error, 256, "%s ", verbs->command);

	for (const struct pp_verb *verb = verbs->verbs; verb->name && length < 256; verb++)
		length += (size_t)snprintf(error + length, 256 - length, "%s%s",
			verb == verbs->verbs   ? ""
				: verb[1].name ? ", "
					       : " or ",
			verb->name);
	if (length < 256)
		snprintf(error + length, 256 - length, "; see --help");
	return false;
}

static bool takes(const struct pp_verb *verb, const char *option)
{
	char word[64];

	snprintf(word, sizeof(word), " %s ", option);
	return strcmp(option, "--lang") == 0 || (verb->options && strstr(verb->options, word));
}

static bool put(const struct pp_verb_option *option, void *wish, const char *value)
{
	char *place = (char *)wish + option->place;

	if (option->take)
		return option->take(wish, value);
	if (option->is_flag)
		*(bool *)(void *)place = true;
	else
		*(const char **)(void *)place = value;
	return true;
}

static bool is_lang(const char *value)
{
	return strcmp(value, "de") == 0 || strcmp(value, "en") == 0;
}

/* One option with its value; *i stays at its last word. */
static bool read_option(const struct pp_verbs *verbs, const struct pp_verb *verb,
	const struct pp_options *options, int *i, void *wish, char error[256])
{
	static const struct pp_verb_option lang = { "--lang", false, offsetof(struct pp_wish, lang),
		NULL };
	const char *name = options->rest[*i], *value = NULL;
	const struct pp_verb_option *option = verbs->options;

	while (option && option->name && strcmp(option->name, name) != 0)
		option++;
	if (!option || !option->name)
		option = strcmp(name, "--lang") == 0 ? &lang : NULL;
	if (option && takes(verb, name) && !option->is_flag && *i + 1 < options->rest_count)
		value = options->rest[++*i];
	if (option && takes(verb, name) && (option->is_flag || value) &&
		(option != &lang || is_lang(value)) && put(option, wish, value))
		return true;
	snprintf(error, 256, "'%.200s' is unknown to %s %s, or lacks its value", name,
		verbs->command, verb->name);
	return false;
}

static bool read_words(const struct pp_verbs *verbs, const struct pp_options *options,
	const struct pp_verb **found, void *wish, char error[256])
{
	struct pp_wish *words = wish;
	const struct pp_verb *verb = verb_named(verbs, options->rest_count ? options->rest[0] : "");

	if (!verb)
		return refuse_verb(verbs, error);
	for (int i = 1; i < options->rest_count; i++) {
		if (strncmp(options->rest[i], "--", 2) == 0) {
			if (!read_option(verbs, verb, options, &i, wish, error))
				return false;
		} else if (words->word_count == verb->words_max) {
			snprintf(error, 256, "'%.200s' is a word too many", options->rest[i]);
			return false;
		} else {
			words->words[words->word_count++] = options->rest[i];
		}
	}
	if (words->word_count < verb->words_min) {
		snprintf(error, 256, "%s %s lacks a word; see --help", verbs->command, verb->name);
		return false;
	}
	*found = verb;
	return true;
}

static bool begin(const struct pp_verbs *verbs, const struct pp_verb_run *run)
{
	struct pp_slice who[] = { PP_S(""), PP_S(""), PP_S("operator") };
	struct pp_rows *rows;

	switch (verbs->as) {
	case PP_VERBS_SNAPSHOT:
		/* What is written meanwhile does not look like a contradiction. */
		return pp_admin_run(run->db,
			"begin transaction isolation level repeatable read read only", run->fault);
	case PP_VERBS_OPERATOR:
		return pp_admin_run(run->db, "begin", run->fault) &&
			pp_verb_ask(run, &pp_queries[PP_Q_session_identity], who, &rows);
	default:
		return true;
	}
}

static bool work(const struct pp_verbs *verbs, const struct pp_verb *verb, const char *url,
	struct pp_verb_run *run)
{
	bool done;

	if (verbs->as == PP_VERBS_SNAPSHOT && !pp_migrate_check(url, run->fault))
		return false;
	run->db = pp_admin_open(url, run->fault);
	done = run->db && begin(verbs, run) && verb->run(run) &&
		(verbs->as == PP_VERBS_EACH || pp_admin_run(run->db, "commit", run->fault));
	pp_admin_close(run->db);
	return done;
}

/* What pp_verbs_run was asked for. */
struct asked {
	const struct pp_verbs *verbs;
	void *wish;
};

static int answer(const struct pp_verb *verb, const struct asked *asked, struct pp_call *call)
{
	const struct pp_verbs *verbs = asked->verbs;
	struct pp_fault *fault = &call->fault;
	struct pp_verb_run run = {
		.arena = &call->arena, .config = &call->config, .fault = fault, .wish = asked->wish
	};
	bool done;

	pp_secret_open();
	if (verb->check && !verb->check(&call->arena, asked->wish, fault->detail))
		return 2;
	if (verb->prepare && !verb->prepare(asked->wish, fault->detail))
		return 1;
	done = pp_call_connect(call, fault) &&
		work(verbs, verb, pp_call_url(call, verbs->role), &run);
	fflush(stdout);
	if (verbs->code)
		return verbs->code(done ? NULL : fault, asked->wish);
	return done ? 0 : 1;
}

static int run_verb(struct pp_call *call)
{
	const struct asked *asked = call->ctx;
	const struct pp_verb *verb = NULL;

	if (!read_words(asked->verbs, &call->options, &verb, asked->wish, call->fault.detail))
		return 2;
	return answer(verb, asked, call);
}

int pp_verbs_run(const struct pp_verbs *verbs, void *wish, int argc, char **argv)
{
	const struct pp_call_kind kind = { .command = verbs->command,
		.about = verbs->about,
		.takes_rest = true,
		.run = run_verb };
	struct asked asked = { verbs, wish };

	return pp_call_run(&kind, &asked, argc, argv);
}

bool pp_verb_ask(const struct pp_verb_run *run, const struct pp_query *query,
	const struct pp_slice *params, struct pp_rows **rows)
{
	return pp_admin_query(run->db, run->arena, query, params, rows, run->fault);
}

struct pp_slice pp_verb_text(const char *text)
{
	return text ? pp_slice_of(text) : pp_slice(NULL, 0);
}

bool pp_wish_is_english(const void *wish)
{
	const struct pp_wish *words = wish;

	return words->lang && strcmp(words->lang, "en") == 0;
}

static struct pp_slice shown(struct pp_slice cell)
{
	return cell.at ? cell : PP_S("-");
}

void pp_rows_print(const struct pp_rows *rows, const char *const *heads, size_t columns)
{
	size_t widths[COLUMNS_MOST];
	struct pp_buf out;

	PP_MUST(columns <= COLUMNS_MOST);
	pp_buf_begin(&out);
	for (size_t c = 0; c < columns; c++) {
		widths[c] = pp_slice_characters(pp_slice_of(heads[c]));
		for (size_t r = 0; r < rows->rows; r++) {
			size_t width = pp_slice_characters(shown(pp_cell(rows, r, c)));

			widths[c] = width > widths[c] ? width : widths[c];
		}
		widths[c] += 2;
	}
	for (size_t c = 0; c < columns; c++)
		pp_buf_padded(&out, pp_slice_of(heads[c]), c + 1 < columns ? widths[c] : 0);
	pp_buf_text(&out, "\n");
	for (size_t r = 0; r < rows->rows; r++) {
		for (size_t c = 0; c < columns; c++)
			pp_buf_padded(
				&out, shown(pp_cell(rows, r, c)), c + 1 < columns ? widths[c] : 0);
		pp_buf_text(&out, "\n");
	}
	fwrite(out.at, 1, out.len, stdout);
	pp_buf_end(&out);
}
