-- SPDX-License-Identifier: EUPL-1.2

-- issuer_list() -> reply
-- lane: read public
select (r).* from pp_api.issuer_list() r;

-- identity_provider_list() -> reply
-- lane: read
select (r).* from pp_api.identity_provider_list() r;

-- issuer_find(issuer text) -> key text, url text, client_id text, client_auth text, scopes text, algorithms text,
--   audience text, scope text, claims json, levels json
-- lane: read
select i.key, i.url, i.client_id, i.client_auth, i.scopes, i.algorithms, i.audience, i.scope, i.claims, i.levels
  from pp_api.issuer_find($1) i;

-- issuer_of(issuer_url text) -> key text, url text, client_id text, client_auth text, scopes text, algorithms text,
--   audience text, scope text, claims json, levels json
-- lane: read
select i.key, i.url, i.client_id, i.client_auth, i.scopes, i.algorithms, i.audience, i.scope, i.claims, i.levels
  from pp_api.issuer_of($1) i;

-- issuer_add(issuer json, at timestamptz) -> key text
-- lane: write
select pp_api.issuer_add($1, $2) as key;

-- issuer_remove(issuer text, at timestamptz) -> key text
-- lane: write
select pp_api.issuer_remove($1, $2) as key;

-- issuer_lines() -> line text
-- lane: read
select l.line from pp_api.issuer_lines() l;

-- sign_in_begin(state_sha256 bytea, browser_sha256 bytea, nonce_sha256 bytea, issuer_key text, to_path text,
--   max_age int, at timestamptz) -> nothing
-- lane: write
select pp_api.sign_in_begin($1, $2, $3, $4, $5, $6, $7);

-- sign_in_take(state_sha256 bytea, browser_sha256 bytea, at timestamptz)
--   -> issuer text, nonce_sha256 bytea, to_path text, max_age int
-- lane: write
select s.issuer, s.nonce_sha256, s.return_to as to_path, s.max_age from pp_api.sign_in_take($1, $2, $3) s;

-- session_of_identity(issuer_key text, subject text, claims jsonb, level text, provider_session text,
--   sealed_id_token bytea, sha256 bytea, old_sha256 bytea, idle_seconds int, expires_at timestamptz,
--   authenticated_at timestamptz, at timestamptz) -> is_open bool
-- lane: write
select pp_api.session_of_identity($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) as is_open;

-- who_by_identity(issuer_key text, subject text, at timestamptz)
--   -> account uuid, body text, roles text, email text, level text, authenticated_s bigint
-- lane: read
select w.account, w.body, w.roles, w.email, w.level, null::bigint as authenticated_s
  from pp_api.who_by_identity($1, $2, $3) w;

-- assurance_issuer(credential bytea, issuer_url text, level text) -> issuer text, acr_values text
-- lane: read
select i.issuer, i.acr_values from pp_api.assurance_issuer($1, $2, $3) i;

-- identity_account(issuer_key text, subject text, claims jsonb, at timestamptz) -> account uuid
-- lane: write
select pp_api.identity_account($1, $2, $3, $4) as account;

-- session_list(credential bytea, at timestamptz) -> reply
-- lane: read
select (r).* from pp_api.session_list($1, $2) r;

-- session_end(session uuid, at timestamptz) -> reply
-- lane: write
select (r).* from pp_api.session_end($1, $2) r;

-- session_logout(issuer_key text, subject text, provider_session text, token_sha256 bytea, at timestamptz)
--   -> ended bigint
-- lane: write
select pp_api.session_logout($1, $2, $3, $4, $5) as ended;

-- session_sealed(credential bytea) -> sealed_id_token bytea
-- lane: write
select s.sealed_id_token from pp.session s where s.sha256 = $1;

-- issuer_cards() -> key text, title text, logo_text text
-- lane: read public
select i.key, i.title, i.logo_text from pp.issuer i where i.active order by i.title;
