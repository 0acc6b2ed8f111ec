-- SPDX-License-Identifier: EUPL-1.2

-- person_show(person uuid, purpose text, at timestamptz) -> reply
-- lane: write
select (r).* from pp_api.person_show($1, $2, $3) r;

-- address_confirm(body jsonb, at timestamptz) -> reply
-- lane: write
select (r).* from pp_api.address_confirm($1, $2) r;

-- account_export() -> reply
-- lane: read
select (r).* from pp_api.account_export() r;

-- token_show(status_token text) -> reply
-- lane: read
select (r).* from pp_api.token_show($1) r;

-- token_supplement(status_token text, body jsonb, at timestamptz, idempotency_key text,
--   request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.token_supplement($1, $2, $3, $4, $5) r;

-- token_withdraw(status_token text, body jsonb, at timestamptz, idempotency_key text,
--   request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.token_withdraw($1, $2, $3, $4, $5) r;
