/* SPDX-License-Identifier: EUPL-1.2 */
/* issuer add, list, remove: whom the platform trusts to say who somebody is. */
#include <stdio.h>
#include <string.h>

#include <pp/base/clock.h>
#include <pp/core/jwt.h>
#include <pp/io/admin.h>

#include "../database/postgres.h"
#include "../process/child.h"
#include "command.h"
#include "options.h"
#include "queries.h"

static const char about[] =
	"planungsplattform issuer add --key SCHLÜSSEL --url URL --title TEXT --client-id ID\n"
	"                             [--logo TEXT] [--land 01] [--client-auth ART] [--scopes "
	"LISTE]\n"
	"                             [--name CLAIM] [--email CLAIM] [--organisation CLAIM]\n"
	"                             [--roles CLAIM] [--role WERT=ROLLE,ROLLE]…\n"
	"                             [--level ACR=STUFE]… [--algorithms LISTE]\n"
	"                             [--audience TEXT] [--scope TEXT]\n"
	"planungsplattform issuer list\n"
	"planungsplattform issuer remove --key SCHLÜSSEL\n\n"
	"Anmeldedienste (OpenID Connect), mit denen sich Menschen und Programme anmelden. --title\n"
	"steht auf der Anmeldeseite, --logo sind bis zu acht Zeichen davor. --client-auth ist\n"
	"client_secret_basic (ohne Angabe), client_secret_post oder none; das Geheimnis liegt als\n"
	"Datei issuer-SCHLÜSSEL im Ordner der Einstellung secrets. --organisation nennt den Claim "
	"mit\n"
	"AGS oder ARS, --roles den mit Funktionen; --role sagt, welche Rollen ein Wert davon für "
	"die\n"
	"Stelle vorschlägt: bis deren Verwaltung sie bestätigt, wird nur gelesen. Stufen sind "
	"NORMAL, SUBSTANTIELL, HOCH. Mit --audience gelten auch\n"
	"Zugangstoken von Programmen, die für diesen Namen ausgestellt sind.\n\n"
	"Identity providers. --level maps a value of acr to a level of assurance; --audience "
	"takes\n"
	"access tokens (RFC 9068) that are made for that name, --scope only those that allow it;\n"
	"--role maps a value of the claim --roles to roles that it proposes for the body.\n"
	"Defaults: --scopes \"openid profile email\", --algorithms RS256,PS256,ES256.\n\n"
	"Einstellungen / settings:\n";

#define PAIRS 32

struct wish {
	const char *key, *url, *title, *logo, *land, *client_id, *client_auth, *scopes, *name,
		*email, *organisation, *roles, *algorithms, *audience, *scope;
	struct pairs {
		const char *list[PAIRS]; /* NAME=VALUE */
		size_t count;
	} levels, role_pairs;
};

static bool take_pair(struct pairs *pairs, const char *value)
{
	if (pairs->count == PAIRS || !strchr(value, '='))
		return false;
	pairs->list[pairs->count++] = value;
	return true;
}

static bool take(struct wish *wish, const char *name, const char *value)
{
	const struct {
		const char *name, **value;
	} takes[] = { { "--key", &wish->key }, { "--url", &wish->url }, { "--title", &wish->title },
		{ "--logo", &wish->logo }, { "--land", &wish->land },
		{ "--client-id", &wish->client_id }, { "--client-auth", &wish->client_auth },
		{ "--scopes", &wish->scopes }, { "--name", &wish->name },
		{ "--email", &wish->email }, { "--organisation", &wish->organisation },
		{ "--roles", &wish->roles }, { "--algorithms", &wish->algorithms },
		{ "--audience", &wish->audience }, { "--scope", &wish->scope } };

	if (strcmp(name, "--level") == 0)
		return take_pair(&wish->levels, value);
	if (strcmp(name, "--role") == 0)
		return take_pair(&wish->role_pairs, value);
	for (size_t i = 0; i < PP_LENGTH(takes); i++) {
		if (strcmp(name, takes[i].name) != 0)
			continue;
		*takes[i].value = value;
		return true;
	}
	return false;
}

static bool read_wish(const struct pp_options *options, struct wish *wish, char error[256])
{
	*wish = (struct wish){ .client_auth = "client_secret_basic",
		.scopes = "openid profile email",
		.name = "name",
		.email = "email",
		.organisation = "organisation",
		.algorithms = "RS256,PS256,ES256" };
	for (int i = 1; i < options->rest_count; i += 2) {
		if (i + 1 < options->rest_count &&
			take(wish, options->rest[i], options->rest[i + 1]))
			continue;
		snprintf(error, 256, "'%s' is unknown or lacks its value", options->rest[i]);
		return false;
	}
	return true;
}

static void add_text(struct pp_buf *out, const char *name, const char *value)
{
	pp_buf_format(out, "%s\"%s\":", out->len > 1 ? "," : "", name);
	if (value)
		pp_buf_json(out, pp_slice_of(value));
	else
		pp_buf_text(out, "null");
}

/* {"acr value":"LEVEL",…}; what stands before may have an equals sign, what follows has none. */
static struct pp_slice cut_pair(const char *pair, struct pp_slice *name)
{
	const char *value = strrchr(pair, '=');

	*name = pp_slice(pair, (size_t)(value - pair));
	return pp_slice_of(value + 1);
}

static void add_levels(struct pp_buf *out, const struct wish *wish)
{
	struct pp_slice acr, level;

	pp_buf_text(out, ",\"levels\":{");
	for (size_t i = 0; i < wish->levels.count; i++) {
		level = cut_pair(wish->levels.list[i], &acr);
		pp_buf_text(out, i ? "," : "");
		pp_buf_json(out, acr);
		pp_buf_text(out, ":");
		pp_buf_json(out, level);
	}
	pp_buf_text(out, "}");
}

static void add_list(struct pp_buf *out, struct pp_slice list)
{
	pp_buf_text(out, "[");
	for (const char *before = ""; list.len; before = ",") {
		pp_buf_text(out, before);
		pp_buf_json(out, pp_slice_cut(list, ',', &list));
	}
	pp_buf_text(out, "]");
}

/* {"value of the claim":["clerk",…],…} */
static void add_roles(struct pp_buf *out, const struct wish *wish)
{
	struct pp_slice value, roles;

	pp_buf_text(out, ",\"roles\":{");
	for (size_t i = 0; i < wish->role_pairs.count; i++) {
		roles = cut_pair(wish->role_pairs.list[i], &value);
		pp_buf_text(out, i ? "," : "");
		pp_buf_json(out, value);
		pp_buf_text(out, ":");
		add_list(out, roles);
	}
	pp_buf_text(out, "}");
}

static bool add_algorithms(struct pp_buf *out, const char *list, char error[256])
{
	struct pp_slice rest = pp_slice_of(list);

	pp_buf_text(out, ",\"algorithms\":[");
	for (const char *before = ""; rest.len; before = ",") {
		struct pp_slice one = pp_slice_cut(rest, ',', &rest);

		if (!pp_jwt_is_algorithm(one)) {
			snprintf(error, 256, "%.*s is none of RS, PS and ES with 256, 384 or 512",
				PP_SHOW(one));
			return false;
		}
		pp_buf_text(out, before);
		pp_buf_json(out, one);
	}
	pp_buf_text(out, "]");
	return true;
}

static bool as_json(const struct wish *wish, struct pp_buf *out, char error[256])
{
	struct pp_slice logo = pp_slice_of(wish->logo ? wish->logo : wish->key);

	if (!wish->key || !wish->url || !wish->title || !wish->client_id) {
		snprintf(error, 256, "--key, --url, --title and --client-id are needed");
		return false;
	}
	pp_buf_text(out, "{");
	add_text(out, "key", wish->key);
	add_text(out, "url", wish->url);
	add_text(out, "title", wish->title);
	pp_buf_text(out, ",\"logo_text\":");
	pp_buf_json(out, wish->logo || logo.len <= 8 ? logo : pp_slice(logo.at, 8));
	add_text(out, "land", wish->land);
	add_text(out, "client_id", wish->client_id);
	add_text(out, "client_auth", wish->client_auth);
	add_text(out, "scopes", wish->scopes);
	add_text(out, "audience", wish->audience);
	add_text(out, "scope", wish->scope);
	pp_buf_text(out, ",\"claims\":{\"name\":");
	pp_buf_json(out, pp_slice_of(wish->name));
	pp_buf_text(out, ",\"email\":");
	pp_buf_json(out, pp_slice_of(wish->email));
	pp_buf_text(out, ",\"organisation\":");
	pp_buf_json(out, pp_slice_of(wish->organisation));
	if (wish->roles) {
		pp_buf_text(out, ",\"roles\":");
		pp_buf_json(out, pp_slice_of(wish->roles));
	}
	pp_buf_text(out, "}");
	add_levels(out, wish);
	add_roles(out, wish);
	if (!add_algorithms(out, wish->algorithms, error))
		return false;
	pp_buf_text(out, "}");
	return true;
}

struct question {
	enum pp_query_id query;
	struct pp_slice params[2];
};

static bool read_question(const struct pp_options *options, struct pp_arena *arena,
	struct question *question, char error[256])
{
	const char *action = options->rest_count ? options->rest[0] : "";
	struct pp_buf *json = pp_buf_make(arena);
	char *at = pp_alloc(arena, PP_RFC3339_SIZE);
	struct wish wish;

	pp_clock_rfc3339(pp_clock_utc(), at);
	if (!read_wish(options, &wish, error))
		return false;
	if (strcmp(action, "list") == 0) {
		*question = (struct question){ .query = PP_Q_issuer_lines };
		return true;
	}
	if (strcmp(action, "remove") == 0 && wish.key) {
		*question = (struct question){ PP_Q_issuer_remove,
			{ pp_slice_of(wish.key), pp_slice_of(at) } };
		return true;
	}
	if (strcmp(action, "add") != 0) {
		snprintf(error, 256, "issuer add, list or remove --key; see --help");
		return false;
	}
	if (!as_json(&wish, json, error))
		return false;
	*question = (struct question){ PP_Q_issuer_add, { pp_buf_all(json), pp_slice_of(at) } };
	return true;
}

/* As the platform's own operator, in one transaction. */
static bool ask(const char *url, struct pp_arena *arena, const struct question *question,
	struct pp_fault *fault)
{
	struct pp_admin *db = pp_admin_open(url, fault);
	struct pp_slice who[] = { PP_S(""), PP_S(""), PP_S("operator") };
	struct pp_rows *rows;
	bool done;

	if (!db)
		return false;
	done = pp_admin_run(db, "begin", fault) &&
		pp_admin_query(db, arena, &pp_queries[PP_Q_session_identity], who, &rows, fault) &&
		pp_admin_query(
			db, arena, &pp_queries[question->query], question->params, &rows, fault) &&
		pp_admin_run(db, "commit", fault);
	for (size_t i = 0; done && i < rows->rows; i++)
		printf("%.*s\n", PP_SHOW(pp_cell(rows, i, 0)));
	pp_admin_close(db);
	return done;
}

static int run(struct pp_options *options, struct pp_config *config, struct pp_arena *arena,
	char error[256])
{
	struct pp_postgres *postgres = NULL;
	struct question question;
	struct pp_fault fault;
	const char *url = config->database_url;
	bool done;

	if (!read_question(options, arena, &question, error))
		return 2;
	if (!url[0]) {
		postgres = pp_postgres_borrow(config->data, error);
		if (!postgres)
			return 1;
		url = pp_postgres_url(postgres, "pp_server");
	}
	done = ask(url, arena, &question, &fault);
	pp_postgres_return(postgres);
	if (!done)
		snprintf(error, 256, "%.250s", fault.detail);
	return done ? 0 : 1;
}

int pp_command_issuer(int argc, char **argv)
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
		fprintf(stderr, "planungsplattform issuer: %s\n", error);
	pp_arena_end(&arena);
	return code;
}
