/* SPDX-License-Identifier: EUPL-1.2 */
/* issuer add, list, remove: whom the platform trusts to say who somebody is. */
#include <stdio.h>
#include <string.h>

#include <pp/base/clock.h>
#include <pp/core/jwt.h>

#include "command.h"
#include "queries.h"
#include "verbs.h"

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
	struct pp_wish words;
	const char *key, *url, *title, *logo, *land, *client_id, *client_auth, *scopes, *name,
		*email, *organisation, *roles, *algorithms, *audience, *scope;
	struct pairs {
		const char *list[PAIRS]; /* NAME=VALUE */
		size_t count;
	} levels, role_pairs;
	struct pp_slice json; /* what is added */
};

static bool take_pair(struct pairs *pairs, const char *value)
{
	if (pairs->count == PAIRS || !strchr(value, '='))
		return false;
	pairs->list[pairs->count++] = value;
	return true;
}

static bool take_level(void *wish, const char *value)
{
	return take_pair(&((struct wish *)wish)->levels, value);
}

static bool take_role(void *wish, const char *value)
{
	return take_pair(&((struct wish *)wish)->role_pairs, value);
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

static bool check_add(struct pp_arena *arena, void *asked, char error[256])
{
	struct pp_buf *json = pp_buf_make(arena);
	struct wish *wish = asked;

	if (!as_json(wish, json, error))
		return false;
	wish->json = pp_buf_all(json);
	return true;
}

static bool check_key(struct pp_arena *arena, void *asked, char error[256])
{
	const struct wish *wish = asked;

	(void)arena;
	if (wish->key)
		return true;
	snprintf(error, 256, "issuer remove takes --key");
	return false;
}

static bool print(
	const struct pp_verb_run *run, enum pp_query_id query, const struct pp_slice *params)
{
	struct pp_rows *rows;

	if (!pp_verb_ask(run, &pp_queries[query], params, &rows))
		return false;
	for (size_t i = 0; i < rows->rows; i++)
		printf("%.*s\n", PP_SHOW(pp_cell(rows, i, 0)));
	return true;
}

static bool add(const struct pp_verb_run *run)
{
	const struct wish *wish = run->wish;

	return print(run, PP_Q_issuer_add,
		(struct pp_slice[]){ wish->json, pp_clock_text(run->arena, pp_clock_utc()) });
}

static bool list(const struct pp_verb_run *run)
{
	return print(run, PP_Q_issuer_lines, NULL);
}

static bool take_away(const struct pp_verb_run *run)
{
	const struct wish *wish = run->wish;

	return print(run, PP_Q_issuer_remove,
		(struct pp_slice[]){
			pp_slice_of(wish->key), pp_clock_text(run->arena, pp_clock_utc()) });
}

static const struct pp_verb verbs[] = {
	{ "add",
		" --key --url --title --logo --land --client-id --client-auth --scopes --name "
		"--email --organisation --roles --role --level --algorithms --audience --scope ",
		0, 0, check_add, NULL, add },
	{ "list", NULL, 0, 0, NULL, NULL, list },
	{ "remove", " --key ", 0, 0, check_key, NULL, take_away },
	{ 0 },
};
static const struct pp_verb_option options[] = {
	{ "--key", false, offsetof(struct wish, key), NULL },
	{ "--url", false, offsetof(struct wish, url), NULL },
	{ "--title", false, offsetof(struct wish, title), NULL },
	{ "--logo", false, offsetof(struct wish, logo), NULL },
	{ "--land", false, offsetof(struct wish, land), NULL },
	{ "--client-id", false, offsetof(struct wish, client_id), NULL },
	{ "--client-auth", false, offsetof(struct wish, client_auth), NULL },
	{ "--scopes", false, offsetof(struct wish, scopes), NULL },
	{ "--name", false, offsetof(struct wish, name), NULL },
	{ "--email", false, offsetof(struct wish, email), NULL },
	{ "--organisation", false, offsetof(struct wish, organisation), NULL },
	{ "--roles", false, offsetof(struct wish, roles), NULL },
	{ "--role", false, 0, take_role },
	{ "--level", false, 0, take_level },
	{ "--algorithms", false, offsetof(struct wish, algorithms), NULL },
	{ "--audience", false, offsetof(struct wish, audience), NULL },
	{ "--scope", false, offsetof(struct wish, scope), NULL },
	{ 0 },
};

int pp_command_issuer(int argc, char **argv)
{
	static const struct pp_verbs issuer = {
		.command = "issuer",
		.about = about,
		.role = "pp_server",
		.as = PP_VERBS_OPERATOR,
		.verbs = verbs,
		.options = options,
	};
	struct wish wish = { .client_auth = "client_secret_basic",
		.scopes = "openid profile email",
		.name = "name",
		.email = "email",
		.organisation = "organisation",
		.algorithms = "RS256,PS256,ES256" };

	return pp_verbs_run(&issuer, &wish, argc, argv);
}
