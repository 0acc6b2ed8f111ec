/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What identity providers say of themselves: three lines, a discovery document, a key set and the
 * claims of somebody. Whatever they say, no address of theirs is on another host, a provider is
 * known only with a key set, and of claims comes JSON that the database can read.
 */
#include <stdlib.h>

#include <pp/base/log.h>
#include <pp/core/provider.h>
#include <pp/io/remote.h>

#define ISSUER "https://konto.example/realms/land"
#define HOST   "https://konto.example"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The linker hands these calls of core to us (--wrap). */
struct pp_remote *__wrap_pp_remote_open(struct pp_loop *loop, const char *agent);
void __wrap_pp_remote_close(struct pp_remote *remote);
struct pp_remote_call *__wrap_pp_remote_ask(struct pp_remote *remote,
	const struct pp_remote_request *request,
	void (*done)(void *ctx, const struct pp_remote_reply *reply), void *ctx);
void __wrap_pp_req_answered(struct pp_req *req, const struct pp_fault *fault);

static struct asked {
	const char *url;
	void (*done)(void *ctx, const struct pp_remote_reply *reply);
	void *ctx;
} asked;

struct pp_remote *__wrap_pp_remote_open(struct pp_loop *loop, const char *agent)
{
	(void)loop;
	(void)agent;
	return NULL;
}

void __wrap_pp_remote_close(struct pp_remote *remote)
{
	PP_MUST(!remote);
}

struct pp_remote_call *__wrap_pp_remote_ask(struct pp_remote *remote,
	const struct pp_remote_request *request,
	void (*done)(void *ctx, const struct pp_remote_reply *reply), void *ctx)
{
	PP_MUST(!remote && !asked.done);
	PP_MUST(pp_slice_is_nocase(pp_slice(request->url, sizeof(HOST) - 1), PP_S(HOST)));
	asked = (struct asked){ request->url, done, ctx };
	return (struct pp_remote_call *)&asked;
}

void __wrap_pp_req_answered(struct pp_req *req, const struct pp_fault *fault)
{
	PP_MUST(!fault || (fault->problem == PP_issuer_unavailable && fault->detail[0]));
	req->outstanding--;
}

static void answer(struct pp_slice body)
{
	const struct pp_remote_reply reply = { .status = 200, .body = body, .max_age_s = -1 };
	struct asked now = asked;

	PP_MUST(now.done);
	asked = (struct asked){ 0 };
	now.done(now.ctx, &reply);
}

static void is_its_own(const char *url)
{
	size_t len = sizeof(HOST) - 1;

	if (!url)
		return;
	PP_MUST(strlen(url) <= 1000 && pp_slice_is_nocase(pp_slice(url, len), PP_S(HOST)));
	PP_MUST(!url[len] || strchr("/?", url[len]));
	for (const char *c = url; *c; c++)
		PP_MUST((unsigned char)*c > ' ' && *c != '"' && *c != '#' && *c != 0x7f);
}

static void discover(struct pp_req *req, const struct pp_issuer *issuer, struct pp_slice said,
	struct pp_slice keys)
{
	const struct pp_provider *known;

	PP_MUST(pp_ask_provider(req, issuer) == PP_WAIT);
	answer(said);
	if (asked.done)
		answer(keys);
	PP_MUST(req->outstanding == 0);
	known = pp_provider_known(req, issuer);
	PP_MUST(known || pp_provider_is_failing(req, issuer));
	if (!known)
		return;
	PP_MUST(known->authorization_endpoint && known->token_endpoint && known->keys);
	is_its_own(known->authorization_endpoint);
	is_its_own(known->token_endpoint);
	is_its_own(known->userinfo_endpoint);
	is_its_own(known->end_session_endpoint);
	PP_MUST(pp_json_length(pp_json_member(known->keys, PP_S("keys"))) > 0);
}

static void claims(struct pp_req *req, const struct pp_issuer *issuer, struct pp_slice text)
{
	struct pp_fault fault;
	struct pp_json *said = pp_json_read(req->arena, text, &fault), *mapped;

	if (!said || pp_json_kind(said) != PP_JSON_OBJECT)
		return;
	mapped = pp_json_read(req->arena, pp_claims_mapped(req, issuer, said, said), &fault);
	PP_MUST(mapped && pp_json_kind(mapped) == PP_JSON_OBJECT);
	PP_MUST(pp_json_kind(pp_json_member(mapped, PP_S("roles"))) == PP_JSON_LIST);
	PP_MUST(pp_claims_level(issuer, said).len);
	(void)pp_claims_lack(issuer, said);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct pp_server server;
	struct pp_slice rest, said = pp_slice_cut(pp_slice((const char *)data, size), '\n', &rest);
	struct pp_slice keys = pp_slice_cut(rest, '\n', &rest);
	struct pp_req *req = calloc(1, sizeof(*req));
	struct pp_issuer issuer = { .key = PP_S("land"), .url = PP_S(ISSUER) };
	struct pp_arena arena;
	struct pp_fault fault;

	PP_MUST(req);
	pp_log_open("fuzz", PP_ERROR);
	pp_arena_begin(&arena);
	req->magic = PP_REQ_MAGIC;
	req->arena = &arena;
	req->server = &server;
	server.providers = pp_providers_open(NULL);
	issuer.claims = pp_json_read(&arena,
		PP_S("{\"name\":\"name\",\"email\":\"email\",\"organisation\":\"org.ags\","
		     "\"roles\":"
		     "\"realm_access.roles\"}"),
		&fault);
	issuer.levels = pp_json_read(&arena, PP_S("{\"hoch\":\"HOCH\"}"), &fault);
	discover(req, &issuer, said, keys);
	claims(req, &issuer, rest);
	pp_providers_close(server.providers);
	pp_arena_end(&arena);
	free(req);
	return 0;
}
