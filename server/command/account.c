/* SPDX-License-Identifier: EUPL-1.2 */
/* Local accounts of the embedded start, while the server runs or not: create, list, and help for
 * whoever is locked out. */
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <pp/base/clock.h>
#include <pp/io/password.h>
#include <pp/io/secret.h>

#include "command.h"
#include "queries.h"
#include "verbs.h"

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

struct wish {
	struct pp_wish words;
	const char *email, *body, *label;
	char roles[128]; /* separated by blanks */
	bool token, all, link;
	char hash[PP_PASSWORD_SIZE]; /* of a password that was asked for */
};

static bool take_role(void *asked, const char *role)
{
	struct wish *wish = asked;
	size_t length = strlen(wish->roles);
	int more = snprintf(wish->roles + length, sizeof(wish->roles) - length, "%s%s",
		length ? " " : "", role);

	return more > 0 && length + (size_t)more < sizeof(wish->roles);
}

static bool check_create(struct pp_arena *arena, void *asked, char error[256])
{
	const struct wish *wish = asked;

	(void)arena;
	if (wish->email && wish->roles[0])
		return true;
	snprintf(error, 256,
		"account create takes --email and --role, and --body where one acts for a body");
	return false;
}

static bool check_email(struct pp_arena *arena, void *asked, char error[256])
{
	const struct wish *wish = asked;

	(void)arena;
	if (wish->email)
		return true;
	snprintf(error, 256, "whose account it is says --email");
	return false;
}

static bool check_invite(struct pp_arena *arena, void *asked, char error[256])
{
	const struct wish *wish = asked;

	(void)arena;
	if (wish->all != (wish->email != NULL) && !(wish->all && wish->link))
		return true;
	snprintf(error, 256, "account invite takes --email or --all, and --link with --email");
	return false;
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

static bool ask_password(void *asked, char error[256])
{
	struct wish *wish = asked;
	char password[256];

	if (wish->token)
		return true;
	if (!read_password(wish->email, password, error))
		return false;
	PP_MUST(pp_password_hash(pp_slice_of(password), wish->hash));
	return true;
}

static struct pp_slice hash_of(const struct wish *wish)
{
	return pp_verb_text(wish->hash[0] ? wish->hash : NULL);
}

static bool create(const struct pp_verb_run *run)
{
	const struct wish *wish = run->wish;
	char token[PP_TOKEN_SIZE];
	unsigned char digest[PP_SHA256_SIZE];
	struct pp_slice at = pp_clock_text(run->arena, pp_clock_utc());
	struct pp_slice account[] = { pp_slice_of(wish->email), hash_of(wish),
		pp_slice_of(wish->roles), pp_verb_text(wish->body), at };
	struct pp_rows *rows;

	if (!pp_verb_ask(run, &pp_queries[PP_Q_account_create], account, &rows))
		return false;
	if (!wish->token) {
		printf("%s %s %s\n", wish->roles, wish->email, wish->body ? wish->body : "-");
		return true;
	}
	pp_token_make(token);
	pp_sha256(pp_slice_of(token), digest);
	struct pp_slice made[] = { pp_cell(rows, 0, 0),
		pp_slice((const char *)digest, PP_SHA256_SIZE), pp_slice_of(wish->label),
		pp_slice(NULL, 0), at, pp_cell(rows, 0, 1) };

	if (!pp_verb_ask(run, &pp_queries[PP_Q_token_create], made, &rows))
		return false;
	printf("%s %s %s token %s\n", wish->roles, wish->email, wish->body ? wish->body : "-",
		token);
	return true;
}

static bool list(const struct pp_verb_run *run)
{
	struct pp_rows *rows;

	if (!pp_verb_ask(run, &pp_queries[PP_Q_account_lines], NULL, &rows))
		return false;
	for (size_t i = 0; i < rows->rows; i++)
		printf("%.*s\n", PP_SHOW(pp_cell(rows, i, 0)));
	return true;
}

static bool set_password(const struct pp_verb_run *run)
{
	const struct wish *wish = run->wish;
	struct pp_slice params[] = { pp_slice_of(wish->email), hash_of(wish),
		pp_clock_text(run->arena, pp_clock_utc()) };
	struct pp_rows *rows;

	return pp_verb_ask(run, &pp_queries[PP_Q_account_password], params, &rows);
}

static bool reset_second_factor(const struct pp_verb_run *run)
{
	const struct wish *wish = run->wish;
	struct pp_slice params[] = { pp_slice_of(wish->email),
		pp_clock_text(run->arena, pp_clock_utc()) };
	struct pp_rows *rows;

	return pp_verb_ask(run, &pp_queries[PP_Q_account_reset_second_factor], params, &rows);
}

/* A link that the operator hands over: printed once, stored as a hash. */
static bool print_link(const struct pp_verb_run *run)
{
	const struct wish *wish = run->wish;
	char secret[PP_TOKEN_SIZE];
	unsigned char hash[PP_SHA256_SIZE];
	struct pp_rows *rows;

	pp_token_make(secret);
	pp_sha256(pp_slice_of(secret), hash);
	struct pp_slice params[] = { pp_slice_of(wish->email),
		pp_slice((const char *)hash, sizeof(hash)),
		pp_format(run->arena, "%lld", (long long)run->config->invitation_days * 86400),
		pp_clock_text(run->arena, pp_clock_utc()) };

	if (!pp_verb_ask(run, &pp_queries[PP_Q_account_link_make], params, &rows))
		return false;
	printf("%s/konto#%s\n", run->config->base_url, secret);
	return true;
}

static bool invite(const struct pp_verb_run *run)
{
	const struct wish *wish = run->wish;
	struct pp_slice params[] = { pp_verb_text(wish->email),
		pp_wish_is_english(wish) ? PP_S("en") : PP_S("de"),
		pp_clock_text(run->arena, pp_clock_utc()) };
	struct pp_rows *rows;

	if (wish->link)
		return print_link(run);
	if (!pp_verb_ask(run, &pp_queries[PP_Q_account_invite_all], params, &rows))
		return false;
	printf("%.*s invited\n", PP_SHOW(pp_cell(rows, 0, 0)));
	return true;
}

static const struct pp_verb verbs[] = {
	{ "create", " --email --body --role --label --token ", 0, 0, check_create, ask_password,
		create },
	{ "list", NULL, 0, 0, NULL, NULL, list },
	{ "password", " --email ", 0, 0, check_email, ask_password, set_password },
	{ "reset-second-factor", " --email ", 0, 0, check_email, NULL, reset_second_factor },
	{ "invite", " --email --all --link ", 0, 0, check_invite, NULL, invite },
	{ 0 },
};
static const struct pp_verb_option options[] = {
	{ "--email", false, offsetof(struct wish, email), NULL },
	{ "--body", false, offsetof(struct wish, body), NULL },
	{ "--role", false, 0, take_role },
	{ "--label", false, offsetof(struct wish, label), NULL },
	{ "--token", true, offsetof(struct wish, token), NULL },
	{ "--all", true, offsetof(struct wish, all), NULL },
	{ "--link", true, offsetof(struct wish, link), NULL },
	{ 0 },
};

static int code(const struct pp_fault *fault, const void *wish)
{
	(void)wish;
	return !fault ? 0 : fault->problem == PP_account_exists ? EXIT_EXISTS : 1;
}

int pp_command_account(int argc, char **argv)
{
	static const struct pp_verbs account = {
		.command = "account",
		.about = about,
		.role = "pp_server",
		.as = PP_VERBS_OPERATOR,
		.verbs = verbs,
		.options = options,
		.code = code,
	};
	struct wish wish = { .label = "account create" };

	return pp_verbs_run(&account, &wish, argc, argv);
}
