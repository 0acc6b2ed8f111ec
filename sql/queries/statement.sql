-- SPDX-License-Identifier: EUPL-1.2

-- statement_submit(invitation uuid, body jsonb, at timestamptz, idempotency_key text,
--   request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.statement_submit($1, $2, $3, $4, $5) r;

-- statement_submit_public(procedure uuid, body jsonb, at timestamptz, idempotency_key text,
--   request_sha256 bytea, lang text) -> reply
-- lane: write
select (r).* from pp_api.statement_submit_public($1, $2, $3, $4, $5, $6) r;

-- statement_list(procedure uuid, row_limit int, cursor text) -> reply
-- lane: read public
select (r).* from pp_api.statement_list($1, $2, $3) r;

-- statement_submit_round(round uuid, body jsonb, at timestamptz, idempotency_key text,
--   request_sha256 bytea, lang text) -> reply
-- lane: write
select (r).* from pp_api.statement_submit_round($1, $2, $3, $4, $5, $6) r;

-- statement_enter(round uuid, body jsonb, at timestamptz, idempotency_key text, request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.statement_enter($1, $2, $3, $4, $5) r;

-- statement_entry_preview(round uuid, body jsonb, at timestamptz, lang text) -> reply
-- lane: write
select (r).* from pp_api.statement_entry_preview($1, $2, $3, $4) r;

-- duplicate_list(procedure uuid, statement uuid) -> reply
-- lane: read
select (r).* from pp_api.duplicate_list($1, $2) r;

-- statement_show(statement uuid, at timestamptz) -> reply
-- lane: read public
select (r).* from pp_api.statement_show($1, $2) r;

-- statement_supplement(statement uuid, body jsonb, at timestamptz, idempotency_key text,
--   request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.statement_supplement($1, $2, $3, $4, $5) r;

-- statement_withdraw(statement uuid, body jsonb, at timestamptz, idempotency_key text,
--   request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.statement_withdraw($1, $2, $3, $4, $5) r;

-- statement_resolve(statement uuid, body jsonb, at timestamptz, idempotency_key text,
--   request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.statement_resolve($1, $2, $3, $4, $5) r;

-- statement_publish(statement uuid, body jsonb, if_match text, at timestamptz) -> reply
-- lane: write
select (r).* from pp_api.statement_publish($1, $2, $3, $4) r;

-- draft_create(invitation uuid, body jsonb, at timestamptz, idempotency_key text,
--   request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.draft_create($1, $2, $3, $4, $5) r;

-- draft_list(invitation uuid) -> reply
-- lane: read
select (r).* from pp_api.draft_list($1) r;

-- draft_show(draft uuid) -> reply
-- lane: read
select (r).* from pp_api.draft_show($1) r;

-- draft_change(draft uuid, body jsonb, if_match text, at timestamptz) -> reply
-- lane: write
select (r).* from pp_api.draft_change($1, $2, $3, $4) r;

-- draft_delete(draft uuid, if_match text) -> reply
-- lane: write
select (r).* from pp_api.draft_delete($1, $2) r;

-- draft_submit(draft uuid, at timestamptz, idempotency_key text, request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.draft_submit($1, $2, $3, $4) r;
