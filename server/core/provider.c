/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/core/provider.h>

#include <stdio.h>
#include <stdlib.h>

#include <pp/base/clock.h>
#include <pp/base/log.h>
#include <pp/io/remote.h>

#define AGENT         "planungsplattform/" PP_VERSION
#define DISCOVERY     "/.well-known/openid-configuration"
#define ANSWER_MOST   262144
#define ASK_US        (4 * PP_SECOND)
#define HOLDS_LEAST_S 60
#define HOLDS_MOST_S  86400
#define HOLDS_S       3600            /* where nothing is said */
#define FAILED_US     (5 * PP_SECOND) /* so long nobody is asked again */
#define NEWER_US      (60 * PP_SECOND)

/* A request that waits for a provider. */
struct waiting {
	struct pp_link link;
	struct pp_req *req;
};

struct provider {
	struct pp_link link;
	struct pp_providers *all;
	char *url;
	struct pp_arena said, keys; /* what pp_provider points to */
	struct pp_provider is;
	const char *keys_url;
	int64_t said_until, keys_until, failed_until, newer_at; /* monotonic */
	char failure[200];
	struct pp_remote_call *call; /* under way, or NULL */
	struct pp_link waiting;
};

struct pp_providers {
	struct pp_remote *remote;
	struct pp_link list;
};

struct pp_remote *pp_providers_remote(struct pp_providers *all)
{
	return all->remote;
}

struct pp_providers *pp_providers_open(struct pp_loop *loop)
{
	struct pp_providers *all = calloc(1, sizeof(*all));

	PP_MUST(all);
	all->remote = pp_remote_open(loop, AGENT);
	pp_list_begin(&all->list);
	return all;
}

void pp_providers_close(struct pp_providers *all)
{
	struct pp_link *link;

	pp_remote_close(all->remote);
	while ((link = pp_list_take(&all->list))) {
		struct provider *provider = PP_OUTER(link, struct provider, link);

		PP_MUST(pp_list_is_empty(&provider->waiting));
		pp_arena_end(&provider->said);
		pp_arena_end(&provider->keys);
		free(provider->url);
		free(provider);
	}
	free(all);
}

static struct provider *provider_at(struct pp_providers *all, struct pp_slice url)
{
	struct provider *provider;

	for (struct pp_link *link = all->list.next; link != &all->list; link = link->next) {
		provider = PP_OUTER(link, struct provider, link);
		if (pp_slice_is(pp_slice_of(provider->url), url))
			return provider;
	}
	provider = calloc(1, sizeof(*provider));
	PP_MUST(provider);
	provider->all = all;
	provider->url = strndup(url.at, url.len);
	PP_MUST(provider->url);
	pp_arena_begin(&provider->said);
	pp_arena_begin(&provider->keys);
	pp_list_begin(&provider->waiting);
	pp_list_push(&all->list, &provider->link);
	return provider;
}

static void answer_all(struct provider *provider, const struct pp_fault *fault)
{
	struct pp_link *link;

	while ((link = pp_list_take(&provider->waiting)))
		pp_req_answered(PP_OUTER(link, struct waiting, link)->req, fault);
}

static void failed(struct provider *provider, const char *why)
{
	struct pp_fault fault;

	snprintf(provider->failure, sizeof(provider->failure), "%s", why);
	provider->failed_until = pp_clock_monotonic() + FAILED_US;
	pp_log(PP_WARNING, "issuer_unavailable", "%s: %s", provider->url, why);
	pp_fault(&fault, PP_issuer_unavailable, "%.180s: try again in a moment", provider->failure);
	answer_all(provider, &fault);
}

static int64_t holds_until(const struct pp_remote_reply *reply)
{
	int64_t seconds = reply->max_age_s < 0 ? HOLDS_S : reply->max_age_s;

	if (seconds < HOLDS_LEAST_S)
		seconds = HOLDS_LEAST_S;
	if (seconds > HOLDS_MOST_S)
		seconds = HOLDS_MOST_S;
	return pp_clock_monotonic() + seconds * PP_SECOND;
}

static struct pp_json *object_of(struct pp_arena *arena, const struct pp_remote_reply *reply)
{
	struct pp_fault fault;
	struct pp_json *json;

	if (reply->status != 200)
		return NULL;
	json = pp_json_read(arena, reply->body, &fault);
	return json && pp_json_kind(json) == PP_JSON_OBJECT ? json : NULL;
}

static void keys_came(void *ctx, const struct pp_remote_reply *reply)
{
	struct provider *provider = ctx;
	struct pp_arena arena;
	struct pp_json *keys;

	provider->call = NULL;
	pp_arena_begin(&arena);
	keys = object_of(&arena, reply);
	if (!keys || pp_json_length(pp_json_member(keys, PP_S("keys"))) == 0) {
		pp_arena_end(&arena);
		failed(provider, reply->status ? "its keys are no JWK Set" : reply->detail);
		return;
	}
	pp_arena_end(&provider->keys);
	provider->keys = arena;
	provider->is.keys = keys;
	provider->keys_until = holds_until(reply);
	answer_all(provider, NULL);
}

static void ask(struct provider *provider, const char *url,
	void (*came)(void *ctx, const struct pp_remote_reply *reply))
{
	struct pp_remote_request request = { .url = url, .most = ANSWER_MOST, .within_us = ASK_US };

	provider->call = pp_remote_ask(provider->all->remote, &request, came, provider);
}

/* Scheme, host and port. */
static struct pp_slice origin_of(struct pp_slice url)
{
	struct pp_slice rest = url, host;

	for (int slashes = 0; slashes < 2; slashes++)
		pp_slice_cut(rest, '/', &rest);
	host = pp_slice_cut(rest, '/', &rest);
	return pp_slice(url.at, host.at ? (size_t)(host.at + host.len - url.at) : 0);
}

/*
 * An address of the provider's: on the issuer's own host, so that a discovery document can make us
 * speak to nobody else. NULL where it is none.
 */
static const char *endpoint(struct provider *provider, struct pp_arena *arena,
	const struct pp_json *said, const char *name)
{
	const struct pp_json *member = pp_json_member(said, pp_slice_of(name));
	struct pp_slice url = member ? pp_json_text(member) : PP_S("");

	if (url.len == 0 || url.len > 1000 ||
		!pp_slice_is_nocase(origin_of(url), origin_of(pp_slice_of(provider->url))) ||
		memchr(url.at, '#', url.len))
		return NULL;
	for (size_t i = 0; i < url.len; i++)
		if (url.at[i] <= ' ' || url.at[i] == '"' || url.at[i] == 127)
			return NULL;
	return pp_text(arena, url);
}

static void said(void *ctx, const struct pp_remote_reply *reply)
{
	struct provider *provider = ctx;
	struct pp_arena arena;
	struct pp_json *said, *issuer, *names_itself;
	struct pp_provider is;
	const char *keys_url;

	provider->call = NULL;
	pp_arena_begin(&arena);
	said = object_of(&arena, reply);
	issuer = said ? pp_json_member(said, PP_S("issuer")) : NULL;
	/* Discovery §4.3: exactly the address that was asked. */
	if (!issuer || !pp_slice_is(pp_json_text(issuer), pp_slice_of(provider->url))) {
		pp_arena_end(&arena);
		failed(provider,
			reply->status ? "it does not describe that issuer" : reply->detail);
		return;
	}
	names_itself = pp_json_member(said, PP_S("authorization_response_iss_parameter_supported"));
	is = (struct pp_provider){
		.authorization_endpoint = endpoint(
			provider, &arena, said, "authorization_endpoint"),
		.token_endpoint = endpoint(provider, &arena, said, "token_endpoint"),
		.userinfo_endpoint = endpoint(provider, &arena, said, "userinfo_endpoint"),
		.end_session_endpoint = endpoint(provider, &arena, said, "end_session_endpoint"),
		.names_itself = names_itself && pp_json_boolean(names_itself),
	};
	keys_url = endpoint(provider, &arena, said, "jwks_uri");
	if (!is.authorization_endpoint || !is.token_endpoint || !keys_url) {
		pp_arena_end(&arena);
		failed(provider, "its endpoints are missing or on another host");
		return;
	}
	is.keys = provider->is.keys;
	pp_arena_end(&provider->said);
	provider->said = arena;
	provider->is = is;
	provider->keys_url = keys_url;
	provider->said_until = holds_until(reply);
	ask(provider, keys_url, keys_came);
}

const struct pp_provider *pp_provider_known(struct pp_req *req, const struct pp_issuer *issuer)
{
	struct provider *provider = provider_at(req->server->providers, issuer->url);
	int64_t now = pp_clock_monotonic();

	return provider->is.keys && now < provider->said_until && now < provider->keys_until
		? &provider->is
		: NULL;
}

static void wait_for(struct pp_req *req, struct provider *provider)
{
	struct waiting *waiting = PP_NEW(req->arena, struct waiting);

	waiting->req = req;
	req->outstanding++;
	pp_list_push(&provider->waiting, &waiting->link);
}

bool pp_provider_is_failing(struct pp_req *req, const struct pp_issuer *issuer)
{
	struct provider *provider = provider_at(req->server->providers, issuer->url);

	return pp_clock_monotonic() < provider->failed_until;
}

enum pp_next pp_ask_provider(struct pp_req *req, const struct pp_issuer *issuer)
{
	struct provider *provider = provider_at(req->server->providers, issuer->url);
	int64_t now = pp_clock_monotonic();

	if (now < provider->failed_until)
		return pp_refuse(
			req, PP_issuer_unavailable, "%s: try again in a moment", provider->failure);
	wait_for(req, provider);
	if (provider->call)
		return PP_WAIT;
	if (now >= provider->said_until)
		ask(provider,
			pp_format(req->arena, "%.*s" DISCOVERY,
				(int)(issuer->url.len -
					(pp_slice_ends(issuer->url, PP_S("/")) ? 1 : 0)),
				issuer->url.at)
				.at,
			said);
	else
		ask(provider, provider->keys_url, keys_came);
	return PP_WAIT;
}

bool pp_ask_newer_keys(struct pp_req *req, const struct pp_issuer *issuer)
{
	struct provider *provider = provider_at(req->server->providers, issuer->url);
	int64_t now = pp_clock_monotonic();

	if (!provider->keys_url || (provider->newer_at && now < provider->newer_at + NEWER_US))
		return false;
	provider->newer_at = now;
	wait_for(req, provider);
	if (!provider->call)
		ask(provider, provider->keys_url, keys_came);
	return true;
}
