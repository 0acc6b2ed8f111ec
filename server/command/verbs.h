/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Commands that are a table of verbs: planungsplattform NAME VERB [WORD…] [--OPTION VALUE]…. One
 * frame reads settings, options and words, connects as the role that the command works as, to the
 * server's database or to the embedded one, runs the verb and ends with its exit code.
 */
#include <pp/io/admin.h>

#include "../config.h"

/* What a command is asked for: its own structure begins with this one. */
struct pp_wish {
	const char *words[4]; /* behind the verb */
	int word_count;
	const char *lang; /* --lang, of every command: de or en; de without */
};

/* What a verb works with. */
struct pp_verb_run {
	struct pp_admin *db;
	struct pp_arena *arena;
	const struct pp_config *config;
	struct pp_fault *fault;
	void *wish;
};

struct pp_verb_option {
	const char *name; /* "--state"; NULL ends the table */
	bool is_flag;     /* takes no value; the place is a bool, else a const char * */
	size_t place;     /* in the wish */
	/* Instead of a place, for what may come several times; false where it makes no sense. */
	bool (*take)(void *wish, const char *value);
};

struct pp_verb {
	const char *name;    /* NULL ends the table */
	const char *options; /* those that it takes, with blanks around each: " --state --limit " */
	int words_min, words_max;
	/* What is wrong with the wish; may be NULL. Exit code 2. */
	bool (*check)(struct pp_arena *arena, void *wish, char error[256]);
	/* What else has to be there before anything is opened; may be NULL. Exit code 1. */
	bool (*prepare)(void *wish, char error[256]);
	bool (*run)(const struct pp_verb_run *run);
};

enum pp_verbs_as {
	PP_VERBS_EACH,     /* every sentence by itself */
	PP_VERBS_OPERATOR, /* one transaction as an operator of the platform */
	PP_VERBS_SNAPSHOT, /* one that reads, of a schema that is this program's */
};

struct pp_verbs {
	const char *command, *about;
	const char *role; /* "pp_clerk" */
	enum pp_verbs_as as;
	const struct pp_verb *verbs;
	const struct pp_verb_option *options;
	/* Of a fault, or of a wish that was fulfilled (NULL): 1 and 0 without. */
	int (*code)(const struct pp_fault *fault, const void *wish);
};

/* Runs the command; the wish is zeroed but for what is there when nothing is said. */
int pp_verbs_run(const struct pp_verbs *verbs, void *wish, int argc, char **argv);

/* One query of a verb. */
PP_CHECKED bool pp_verb_ask(const struct pp_verb_run *run, const struct pp_query *query,
	const struct pp_slice *params, struct pp_rows **rows);
/* A parameter that may be missing. */
struct pp_slice pp_verb_text(const char *text);
bool pp_wish_is_english(const void *wish);

/* Rows as a table on standard output: heads above, columns as wide as their longest cell. */
void pp_rows_print(const struct pp_rows *rows, const char *const *heads, size_t columns);
