-- SPDX-License-Identifier: EUPL-1.2

-- who_by_session(sha256 bytea, at timestamptz)
--   -> account uuid, body text, roles text, email text, level text, authenticated_s bigint
-- lane: read write
select w.account, w.body, w.roles, w.email, w.level, w.authenticated_s from pp_api.who_by_session($1, $2) w;

-- who_by_token(sha256 bytea, at timestamptz)
--   -> account uuid, body text, roles text, email text, level text, authenticated_s bigint
-- lane: read write
select w.account, w.body, w.roles, w.email, w.level, null::bigint as authenticated_s
  from pp_api.who_by_token($1, $2) w;

-- account_sign_in(email text) -> account uuid, password_hash text
-- lane: read
select a.account, a.password_hash from pp_api.account_sign_in($1) a;

-- session_open(account uuid, sha256 bytea, old_sha256 bytea, idle_seconds int, expires_at timestamptz,
--   level text, at timestamptz) -> reply
-- lane: write
select (r).* from pp_api.session_open($1, $2, $3, $4, $5, $6, $7) r;

-- session_close(sha256 bytea, at timestamptz) -> issuer text, sealed_id_token bytea
-- lane: write
select s.issuer, s.sealed_id_token from pp_api.session_close($1, $2) s;

-- session_body(credential bytea, body jsonb, sha256 bytea, sealed_id_token bytea, at timestamptz) -> reply
-- lane: write
select (r).* from pp_api.session_body($1, $2, $3, $4, $5) r;

-- account_show(level text, at timestamptz) -> reply
-- lane: read
select (r).* from pp_api.account_show($1, $2) r;

-- account_create(email text, password_hash text, roles text, body_key text, at timestamptz)
--   -> account uuid, membership uuid
-- lane: write
select a.account, a.membership from pp_api.account_create($1, $2, $3, $4, $5) a;

-- account_lines() -> line text
-- lane: read
select l.line from pp_api.account_lines() l;

-- account_password(email text, password_hash text, at timestamptz) -> account uuid
-- lane: write
select pp_api.account_password($1, $2, $3) as account;

-- account_reset_second_factor(email text, at timestamptz) -> account uuid
-- lane: write
select pp_api.account_reset_second_factor($1, $2) as account;

-- token_create(account uuid, sha256 bytea, label text, expires_at timestamptz, at timestamptz,
--   membership uuid) -> token uuid
-- lane: write
select pp_api.token_create($1, $2, $3, $4, $5, $6) as token;

-- token_list() -> reply
-- lane: read
select (r).* from pp_api.token_list() r;

-- token_revoke(token uuid, at timestamptz) -> reply
-- lane: write
select (r).* from pp_api.token_revoke($1, $2) r;

-- session_sweep(at timestamptz) -> gone bigint
-- lane: clerk
select pp_api.session_sweep($1) as gone;

-- Links by which people set their password.

-- account_invite(account uuid, at timestamptz, lang text) -> reply
-- lane: write
select (r).* from pp_api.account_invite($1, $2, $3) r;

-- account_invite_all(email text, lang text, at timestamptz) -> invited int
-- lane: write
select pp_api.account_invite_all($1, $2, $3) as invited;

-- account_link_make(email text, sha256 bytea, valid_s int, at timestamptz) -> account uuid
-- lane: write
select pp_api.account_link_make($1, $2, $3, $4) as account;

-- password_forgotten(body jsonb, at timestamptz, lang text) -> reply
-- lane: write
select (r).* from pp_api.password_forgotten($1, $2, $3) r;

-- account_link_show(body jsonb, at timestamptz) -> reply
-- lane: read
select (r).* from pp_api.account_link_show($1, $2) r;

-- account_link_email(sha256 bytea, at timestamptz) -> email text
-- lane: read
select pp_api.account_link_email($1, $2) as email;

-- password_set(sha256 bytea, password_hash text, at timestamptz) -> reply
-- lane: write
select (r).* from pp_api.password_set($1, $2, $3) r;
