/* SPDX-License-Identifier: EUPL-1.2 */
/* What the claims of an issuer mean here: its mapping is data, a row of pp.issuer. */
#include <pp/core/provider.h>

#include <pp/core/assurance.h>

/* Of a claim that is a list. */
#define VALUES_MOST 64
#define VALUE_SIZE  200

enum { KEY, URL, CLIENT_ID, CLIENT_AUTH, SCOPES, ALGORITHMS, AUDIENCE, SCOPE, CLAIMS, LEVELS };

static struct pp_json *mapping(struct pp_req *req, struct pp_slice text)
{
	struct pp_fault fault;
	struct pp_json *json = pp_json_read(req->arena, text, &fault);

	/* The database holds objects only. */
	PP_MUST(json && pp_json_kind(json) == PP_JSON_OBJECT);
	return json;
}

void pp_issuer_read(struct pp_req *req, const struct pp_rows *rows, struct pp_issuer *out)
{
	*out = (struct pp_issuer){
		.key = pp_cell(rows, 0, KEY),
		.url = pp_cell(rows, 0, URL),
		.client_id = pp_cell(rows, 0, CLIENT_ID),
		.client_auth = pp_cell(rows, 0, CLIENT_AUTH),
		.scopes = pp_cell(rows, 0, SCOPES),
		.algorithms = pp_cell(rows, 0, ALGORITHMS),
		.audience = pp_cell(rows, 0, AUDIENCE),
		.scope = pp_cell(rows, 0, SCOPE),
		.claims = mapping(req, pp_cell(rows, 0, CLAIMS)),
		.levels = mapping(req, pp_cell(rows, 0, LEVELS)),
	};
}

/* "realm_access.roles" is a member of a member; a whole name goes first, because there are claims
 * with dots and slashes in their names. */
static const struct pp_json *find(const struct pp_json *claims, struct pp_slice path)
{
	const struct pp_json *found = pp_json_member(claims, path);
	struct pp_slice rest = path;

	if (found)
		return found;
	for (found = claims; found && rest.len;)
		found = pp_json_member(found, pp_slice_cut(rest, '.', &rest));
	return found == claims ? NULL : found;
}

static const struct pp_json *claim(const struct pp_issuer *issuer, const struct pp_json *claims,
	const struct pp_json *more, const char *what)
{
	const struct pp_json *path = pp_json_member(issuer->claims, pp_slice_of(what));
	const struct pp_json *found = path ? find(claims, pp_json_text(path)) : NULL;

	return found || !path || !more ? found : find(more, pp_json_text(path));
}

static void add_text(struct pp_buf *out, const char *name, const struct pp_json *value, size_t most)
{
	struct pp_slice text = value ? pp_json_text(value) : PP_S("");

	pp_buf_format(out, "\"%s\":", name);
	if (text.len == 0 || pp_slice_characters(text) > most)
		pp_buf_text(out, "null");
	else
		pp_buf_json(out, text);
}

/* One value, or a list of them; more than anybody has are not looked at. */
static void add_list(struct pp_buf *out, const char *name, const struct pp_json *value)
{
	bool is_text = value && pp_json_kind(value) == PP_JSON_TEXT;
	size_t count = is_text ? 1 : pp_json_length(value);
	const char *before = "";

	pp_buf_format(out, "\"%s\":[", name);
	for (size_t i = 0; i < count && i < VALUES_MOST; i++) {
		struct pp_slice text = pp_json_text(is_text ? value : pp_json_element(value, i));

		if (text.len == 0 || text.len > VALUE_SIZE)
			continue;
		pp_buf_text(out, before);
		pp_buf_json(out, text);
		before = ",";
	}
	pp_buf_text(out, "]");
}

bool pp_claims_lack(const struct pp_issuer *issuer, const struct pp_json *claims)
{
	struct pp_slice what;
	struct pp_json *path;

	for (size_t i = 0; pp_json_member_at(issuer->claims, i, &what, &path); i++)
		if (!find(claims, pp_json_text(path)))
			return true;
	return false;
}

struct pp_slice pp_claims_mapped(struct pp_req *req, const struct pp_issuer *issuer,
	const struct pp_json *claims, const struct pp_json *more)
{
	static const struct {
		const char *name;
		size_t most;
	} texts[] = { { "name", 200 }, { "email", 254 }, { "organisation", 40 } };
	struct pp_buf *out = pp_buf_make(req->arena);

	pp_buf_text(out, "{");
	for (size_t i = 0; i < PP_LENGTH(texts); i++) {
		add_text(out, texts[i].name, claim(issuer, claims, more, texts[i].name),
			texts[i].most);
		pp_buf_text(out, ",");
	}
	add_list(out, "roles", claim(issuer, claims, more, "roles"));
	pp_buf_text(out, "}");
	return pp_buf_all(out);
}

struct pp_slice pp_claims_level(const struct pp_issuer *issuer, const struct pp_json *claims)
{
	const struct pp_json *acr = pp_json_member(claims, PP_S("acr"));
	const struct pp_json *level = acr ? pp_json_member(issuer->levels, pp_json_text(acr))
					  : NULL;

	return level ? pp_json_text(level) : PP_S("NORMAL");
}

struct pp_slice pp_claims_acr_values(
	struct pp_req *req, const struct pp_issuer *issuer, struct pp_slice level)
{
	struct pp_buf *out = pp_buf_make(req->arena);
	struct pp_slice acr;
	struct pp_json *means;

	for (int rank = pp_level_rank(level); rank <= PP_LEVEL_HIGHEST; rank++)
		for (size_t i = 0; pp_json_member_at(issuer->levels, i, &acr, &means); i++)
			if (pp_level_rank(pp_json_text(means)) == rank)
				pp_buf_format(out, "%s%.*s", out->len ? " " : "", PP_SHOW(acr));
	return pp_buf_all(out);
}
