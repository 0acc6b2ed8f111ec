/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Identity providers: who they are is a row of pp.issuer, what they say of themselves (OpenID
 * Connect Discovery 1.0) and their keys are asked from the loop and held by each worker. Both are
 * asked again after their Cache-Control, the keys also when a token names one that is not among
 * them, once a minute at most.
 */
#include <pp/core/jwt.h>
#include <pp/core/req.h>

/* A row of the queries issuer_find and issuer_of. */
struct pp_issuer {
	struct pp_slice key, url, client_id, client_auth, scopes;
	struct pp_slice algorithms; /* separated by blanks */
	struct pp_slice audience;   /* of access tokens; empty: none are taken */
	struct pp_slice scope;      /* that an access token must have; empty: none */
	struct pp_json *claims; /* what is called how: {"name":"name","organisation":"ags",…} */
	struct pp_json *levels; /* {"acr value":"NORMAL|SUBSTANTIELL|HOCH"} */
};
void pp_issuer_read(struct pp_req *req, const struct pp_rows *rows, struct pp_issuer *out);

/* What a provider says of itself; valid until the step returns. */
struct pp_provider {
	const char *authorization_endpoint, *token_endpoint;
	const char *end_session_endpoint; /* or NULL */
	const char *userinfo_endpoint;    /* or NULL */
	bool names_itself;                /* its answers carry iss (RFC 9207 §3) */
	const struct pp_json *keys;       /* a JWK Set */
};

struct pp_providers;
struct pp_remote;
struct pp_providers *pp_providers_open(struct pp_loop *loop);
/* Refuses what waits for an answer; before the HTTP room is closed. */
void pp_providers_close(struct pp_providers *providers);
/* For the rest of core. */
struct pp_remote *pp_providers_remote(struct pp_providers *providers);

/* What is known of that provider and still holds, or NULL: then it has to be asked. */
const struct pp_provider *pp_provider_known(struct pp_req *req, const struct pp_issuer *issuer);
/* Whether it was asked a moment ago in vain. */
bool pp_provider_is_failing(struct pp_req *req, const struct pp_issuer *issuer);
/* Asks it: the next step knows it, or the request is refused with PP_issuer_unavailable. */
enum pp_next pp_ask_provider(struct pp_req *req, const struct pp_issuer *issuer);
/* Asks for newer keys, there in the next step; false when that was done within the last minute. */
bool pp_ask_newer_keys(struct pp_req *req, const struct pp_issuer *issuer);

struct pp_provider_reply {
	long status;          /* 0: no answer */
	struct pp_json *body; /* an object, or NULL */
};
/*
 * Exchanges a code (RFC 6749 §4.1.3): form lacks what says which client we are. The reply is there
 * in the next step. The client's secret is the file issuer-KEY in the folder of the setting
 * `secrets`; without it the request is refused with PP_issuer_unavailable.
 */
enum pp_next pp_ask_tokens(struct pp_req *req, const struct pp_issuer *issuer,
	const struct pp_provider *provider, struct pp_buf *form, struct pp_provider_reply *reply);

/*
 * Asks for what else the issuer says of whom that access token is about (OpenID Connect Core §5.3).
 * The reply is there in the next step; its status is 0 where there is none.
 */
enum pp_next pp_ask_userinfo(struct pp_req *req, const struct pp_provider *provider,
	struct pp_slice access_token, struct pp_provider_reply *reply);

/*
 * The claims that the platform knows of, by the issuer's mapping, as JSON for the database:
 * {"name","email","organisation","roles"}; what is not there is null, or no list. more is looked
 * into for what claims lack; it may be NULL.
 */
struct pp_slice pp_claims_mapped(struct pp_req *req, const struct pp_issuer *issuer,
	const struct pp_json *claims, const struct pp_json *more);
/* Whether claims lack one that the mapping knows. */
bool pp_claims_lack(const struct pp_issuer *issuer, const struct pp_json *claims);
/* The values of acr by which it vouches for that level or a higher one, separated by blanks, the
 * lowest first; empty where there are none. */
struct pp_slice pp_claims_acr_values(
	struct pp_req *req, const struct pp_issuer *issuer, struct pp_slice level);
/* The level of assurance by the issuer's table; NORMAL where acr says nothing that is known. */
struct pp_slice pp_claims_level(const struct pp_issuer *issuer, const struct pp_json *claims);
