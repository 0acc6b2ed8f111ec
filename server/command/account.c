/* SPDX-License-Identifier: EUPL-1.2 */
/* Local accounts of the embedded start, while the server runs or not: create, list, and help for
 * whoever is locked out. */
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <pp/base/clock.h>
#include <pp/io/admin.h>
#include <pp/io/password.h>
#include <pp/io/secret.h>

#include "../process/child.h"
#include "command.h"
#include "options.h"
#include "../database/postgres.h"
#include "queries.h"

static const char about[] =
	"planungsplattform account create --email ADRESSE [--body AGS|SCHLÜSSEL] --role ROLLE …\n"
	"                                 [--token] [--label TEXT] [--data ORDNER | --database "
	"URL]\n\n"
	"planungsplattform account list\n"
	"planungsplattform account password --email ADRESSE\n"
	"planungsplattform account reset-second-factor --email ADRESSE\n"
	"planungsplattform account invite (--email ADRESSE [--link] | --all) [--lang de|en]\n\n"
	"account create legt ein Konto an. Rollen, auch mehrere, jede mit --role: in einer Stelle "
	"reader, "
	"clerk\n"
	"(Entwürfe), releaser (reicht ein), manager (führt Verfahren), body_administrator,\n"
	"oversight; auf der Plattform operator, auditor; für eine Privatperson public.\n"
	"Das Kennwort wird gefragt oder als erste Zeile der Standardeingabe gelesen; mit --token\n"
	"entsteht stattdessen ein Schlüssel für Programme: das letzte Wort der letzten Zeile. Er "
	"wird\n"
	"nur dieses eine Mal gezeigt.\n\n"
	"list nennt je Zeile Adresse, Zustand, Rollen auf der Plattform, Mitgliedschaften, "
	"Kennung.\n"
	"password setzt ein neues Kennwort, reset-second-factor nimmt den zweiten Faktor weg; "
	"beide\n"
	"beenden die Sitzungen des Kontos. invite sendet per E-Mail den Link zum ersten Kennwort, "
	"mit "
	"--all\n"
	"allen, die noch keinen Zugang und keinen gültigen Link haben; --link zeigt ihn "
	"stattdessen.\n\n"
	"account create makes an account, with the roles named by --role, which may come several "
	"times: "
	"clerk\n"
	"drafts, releaser submits, manager runs procedures. The password is asked for, or read as\n"
	"first line of standard input; with --token a token for programs is made instead, the "
	"last\n"
	"word of the last line, shown this once. invite sends the link to the first password by "
	"mail,\n"
	"with --all to everybody who has neither a way in nor a link that holds; --link prints "
	"it.\n\n"
	"Endet mit 3, wenn die Adresse schon ein Konto hat. / Exit code 3: the address has one.\n\n"
	"Einstellungen / settings:\n";

enum { EXIT_EXISTS = 3 };

struct action;

struct wish {
	const struct action *action;
	const char *email, *body, *label, *lang;
	char roles[128]; /* separated by blanks */
	bool token, all, link;
	const struct pp_config *config;
};

/* One transaction each; hash is NULL where no password was asked for. */
typedef bool work(struct pp_admin *db, struct pp_arena *arena, const struct wish *wish,
	const char *hash, struct pp_fault *fault);
static work create, list, set_password, reset_second_factor, invite;

static const struct action {
	const char *name;
	work *work;
	bool takes_email, takes_roles, takes_password, invites;
} actions[] = {
	{ "create", create, true, true, true },
	{ "list", list, false, false, false },
	{ "password", set_password, true, false, true },
	{ "reset-second-factor", reset_second_factor, true, false, false },
	{ "invite", invite, true, false, false, true },
};

static const struct action *action_named(const char *name)
{
	for (size_t i = 0; i < PP_LENGTH(actions); i++)
		if (strcmp(name, actions[i].name) == 0)
			return &actions[i];
	return NULL;
}

static bool add_role(struct wish *wish, const char *role)
{
	size_t length = strlen(wish->roles);
	int more = snprintf(wish->roles + length, sizeof(wish->roles) - length, "%s%s",
		length ? " " : "", role);

	return more > 0 && length + (size_t)more < sizeof(wish->roles);
}

/* False where the word is none. */
static bool set_flag(struct wish *wish, const char *word)
{
	const struct {
		const char *name;
		bool *value;
	} flags[] = { { "--token", &wish->token }, { "--all", &wish->all },
		{ "--link", &wish->link } };

	for (size_t i = 0; i < PP_LENGTH(flags); i++)
		if (strcmp(word, flags[i].name) == 0)
			return *flags[i].value = true;
	return false;
}

static bool is_whole(const struct wish *wish)
{
	const struct action *action = wish->action;

	if (action->invites)
		return wish->all != (wish->email != NULL) && !(wish->all && wish->link) &&
			!wish->roles[0] && !wish->body && !wish->token &&
			(strcmp(wish->lang, "de") == 0 || strcmp(wish->lang, "en") == 0);
	return action->takes_email == (wish->email != NULL) &&
		action->takes_roles == (wish->roles[0] != '\0') && !wish->all && !wish->link &&
		(action->takes_roles || (!wish->body && !wish->token));
}

static bool read_wish(const struct pp_options *options, struct wish *wish, char error[256])
{
	*wish = (struct wish){ .label = "account create", .lang = "de" };
	wish->action = action_named(options->rest_count ? options->rest[0] : "");
	if (!wish->action) {
		snprintf(error, 256,
			"account create, list, password, reset-second-factor or invite; see "
			"--help");
		return false;
	}
	for (int i = 1; i < options->rest_count; i++) {
		const char *role = NULL;
		const struct {
			const char *name, **value;
		} takes[] = { { "--email", &wish->email }, { "--body", &wish->body },
			{ "--role", &role }, { "--label", &wish->label },
			{ "--lang", &wish->lang } };
		const char *word = options->rest[i];
		bool known = false;

		if (set_flag(wish, word))
			continue;
		for (size_t t = 0; t < PP_LENGTH(takes); t++) {
			if (strcmp(word, takes[t].name) != 0)
				continue;
			known = i + 1 < options->rest_count;
			if (known)
				*takes[t].value = options->rest[++i];
			break;
		}
		if (!known || (role && !add_role(wish, role))) {
			snprintf(error, 256, "'%s' is unknown or lacks its value", word);
			return false;
		}
	}
	if (!is_whole(wish)) {
		snprintf(error, 256,
			"account create takes --email and --role, --body where one acts for a "
			"body; "
			"list takes nothing, invite --email or --all, the others --email");
		return false;
	}
	return true;
}

/* Without showing it where somebody types. */
static bool read_password(const char *email, char password[256], char error[256])
{
	enum pp_password_fault fault;
	struct termios shown, hidden;
	bool terminal = tcgetattr(STDIN_FILENO, &shown) == 0, got;

	if (terminal) {
		fprintf(stderr, "Kennwort (mindestens 12 Zeichen): ");
		hidden = shown;
		hidden.c_lflag &= ~(tcflag_t)ECHO;
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
	}
	got = fgets(password, 256, stdin);
	if (terminal) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
		fprintf(stderr, "\n");
	}
	if (got)
		password[strcspn(password, "\r\n")] = '\0';
	if (!got) {
		snprintf(error, 256, "no password came");
		return false;
	}
	fault = pp_password_judge(pp_slice_of(password), pp_slice_of(email));
	if (fault != PP_PASSWORD_FITS)
		snprintf(error, 256, "the password %s", pp_password_fault_text(fault));
	return fault == PP_PASSWORD_FITS;
}

static bool create(struct pp_admin *db, struct pp_arena *arena, const struct wish *wish,
	const char *hash, struct pp_fault *fault)
{
	char at[PP_RFC3339_SIZE], token[PP_TOKEN_SIZE];
	unsigned char digest[PP_SHA256_SIZE];
	struct pp_rows *rows;

	pp_clock_rfc3339(pp_clock_utc(), at);
	struct pp_slice account[] = { pp_slice_of(wish->email),
		hash ? pp_slice_of(hash) : pp_slice(NULL, 0), pp_slice_of(wish->roles),
		wish->body ? pp_slice_of(wish->body) : pp_slice(NULL, 0), pp_slice_of(at) };

	if (!pp_admin_query(db, arena, &pp_queries[PP_Q_account_create], account, &rows, fault))
		return false;
	if (!wish->token) {
		printf("%s %s %s\n", wish->roles, wish->email, wish->body ? wish->body : "-");
		return true;
	}
	pp_token_make(token);
	pp_sha256(pp_slice_of(token), digest);
	struct pp_slice made[] = { pp_cell(rows, 0, 0),
		pp_slice((const char *)digest, PP_SHA256_SIZE), pp_slice_of(wish->label),
		pp_slice(NULL, 0), pp_slice_of(at), pp_cell(rows, 0, 1) };

	if (!pp_admin_query(db, arena, &pp_queries[PP_Q_token_create], made, &rows, fault))
		return false;
	printf("%s %s %s token %s\n", wish->roles, wish->email, wish->body ? wish->body : "-",
		token);
	return true;
}

static bool list(struct pp_admin *db, struct pp_arena *arena, const struct wish *wish,
	const char *hash, struct pp_fault *fault)
{
	struct pp_rows *rows;

	(void)wish;
	(void)hash;
	if (!pp_admin_query(db, arena, &pp_queries[PP_Q_account_lines], NULL, &rows, fault))
		return false;
	for (size_t i = 0; i < rows->rows; i++)
		printf("%.*s\n", PP_SHOW(pp_cell(rows, i, 0)));
	return true;
}

static bool set_password(struct pp_admin *db, struct pp_arena *arena, const struct wish *wish,
	const char *hash, struct pp_fault *fault)
{
	char at[PP_RFC3339_SIZE];
	struct pp_rows *rows;

	pp_clock_rfc3339(pp_clock_utc(), at);
	struct pp_slice params[] = { pp_slice_of(wish->email), pp_slice_of(hash), pp_slice_of(at) };

	return pp_admin_query(db, arena, &pp_queries[PP_Q_account_password], params, &rows, fault);
}

static bool reset_second_factor(struct pp_admin *db, struct pp_arena *arena,
	const struct wish *wish, const char *hash, struct pp_fault *fault)
{
	char at[PP_RFC3339_SIZE];
	struct pp_rows *rows;

	(void)hash;
	pp_clock_rfc3339(pp_clock_utc(), at);
	struct pp_slice params[] = { pp_slice_of(wish->email), pp_slice_of(at) };

	return pp_admin_query(
		db, arena, &pp_queries[PP_Q_account_reset_second_factor], params, &rows, fault);
}

/* A link that the operator hands over: printed once, stored as a hash. */
static bool print_link(struct pp_admin *db, struct pp_arena *arena, const struct wish *wish,
	struct pp_fault *fault)
{
	char at[PP_RFC3339_SIZE], secret[PP_TOKEN_SIZE];
	unsigned char hash[PP_SHA256_SIZE];
	struct pp_rows *rows;

	pp_clock_rfc3339(pp_clock_utc(), at);
	pp_token_make(secret);
	pp_sha256(pp_slice_of(secret), hash);
	struct pp_slice params[] = { pp_slice_of(wish->email),
		pp_slice((const char *)hash, sizeof(hash)),
		pp_format(arena, "%lld", (long long)wish->config->invitation_days * 86400),
		pp_slice_of(at) };

	if (!pp_admin_query(db, arena, &pp_queries[PP_Q_account_link_make], params, &rows, fault))
		return false;
	printf("%s/konto#%s\n", wish->config->base_url, secret);
	return true;
}

static bool invite(struct pp_admin *db, struct pp_arena *arena, const struct wish *wish,
	const char *hash, struct pp_fault *fault)
{
	char at[PP_RFC3339_SIZE];
	struct pp_rows *rows;

	(void)hash;
	if (wish->link)
		return print_link(db, arena, wish, fault);
	pp_clock_rfc3339(pp_clock_utc(), at);
	struct pp_slice params[] = { wish->email ? pp_slice_of(wish->email) : pp_slice(NULL, 0),
		pp_slice_of(wish->lang), pp_slice_of(at) };

	if (!pp_admin_query(db, arena, &pp_queries[PP_Q_account_invite_all], params, &rows, fault))
		return false;
	printf("%.*s invited\n", PP_SHOW(pp_cell(rows, 0, 0)));
	return true;
}

/* One transaction as the platform's own operator; all is done or nothing. */
static bool do_whole(const char *url, struct pp_arena *arena, const struct wish *wish,
	const char *hash, struct pp_fault *fault)
{
	struct pp_admin *db = pp_admin_open(url, fault);
	struct pp_slice who[] = { PP_S(""), PP_S(""), PP_S("operator") };
	struct pp_rows *rows;
	bool done;

	if (!db)
		return false;
	done = pp_admin_run(db, "begin", fault) &&
		pp_admin_query(db, arena, &pp_queries[PP_Q_session_identity], who, &rows, fault) &&
		wish->action->work(db, arena, wish, hash, fault) &&
		pp_admin_run(db, "commit", fault);
	pp_admin_close(db);
	return done;
}

static int run(struct pp_options *options, struct pp_config *config, struct pp_arena *arena,
	char error[256])
{
	char password[256], hash[PP_PASSWORD_SIZE];
	bool has_password;
	struct pp_postgres *postgres = NULL;
	struct pp_fault fault;
	struct wish wish;
	const char *url = config->database_url;
	bool done;

	if (!read_wish(options, &wish, error))
		return 2;
	wish.config = config;
	pp_secret_open();
	has_password = wish.action->takes_password && !wish.token;
	if (has_password) {
		if (!read_password(wish.email, password, error))
			return 1;
		PP_MUST(pp_password_hash(pp_slice_of(password), hash));
	}
	if (!url[0]) {
		postgres = pp_postgres_borrow(config->data, error);
		if (!postgres)
			return 1;
		url = pp_postgres_url(postgres, "pp_server");
	}
	done = do_whole(url, arena, &wish, has_password ? hash : NULL, &fault);
	pp_postgres_return(postgres);
	if (done)
		return 0;
	snprintf(error, 256, "%.250s", fault.detail);
	return fault.problem == PP_account_exists ? EXIT_EXISTS : 1;
}

int pp_command_account(int argc, char **argv)
{
	struct pp_options options = {
		.argc = argc, .argv = argv, .about = about, .takes_rest = true
	};
	struct pp_config config;
	struct pp_arena arena;
	char error[256] = "";
	int code = 2;

	if (pp_options_wants_help(&options)) {
		pp_options_help(&options);
		return 0;
	}
	pp_arena_begin(&arena);
	if (pp_options_apply(&options, &config, &arena, error))
		code = run(&options, &config, &arena, error);
	if (code)
		fprintf(stderr, "planungsplattform account: %s\n", error);
	pp_arena_end(&arena);
	return code;
}
