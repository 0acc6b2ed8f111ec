-- SPDX-License-Identifier: EUPL-1.2

-- statement_accept(statement uuid, at timestamptz, idempotency_key text, request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.statement_accept($1, $2, $3, $4) r;

-- weighing_accept(procedure uuid, at timestamptz, idempotency_key text, request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.weighing_accept($1, $2, $3, $4) r;

-- weighing_show(statement uuid) -> reply
-- lane: read
select (r).* from pp_api.weighing_show($1) r;

-- weighing_list(procedure uuid, state text, decision text, stance text, on_time bool, missing bool,
--   group uuid, row_limit int, cursor text, assigned text, at timestamptz, round uuid, author_role text, newest bool) -> reply
-- lane: read
select (r).* from pp_api.weighing_list($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) r;

-- weighing_missing_show(procedure uuid) -> reply
-- lane: read
select (r).* from pp_api.weighing_missing_show($1) r;

-- concern_show(concern uuid) -> reply
-- lane: read
select (r).* from pp_api.concern_show($1) r;

-- concern_create(statement uuid, body jsonb, at timestamptz, idempotency_key text,
--   request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.concern_create($1, $2, $3, $4, $5) r;

-- concerns_divide(statement uuid, body jsonb, if_match text, at timestamptz) -> reply
-- lane: write
select (r).* from pp_api.concerns_divide($1, $2, $3, $4) r;

-- concern_propose(concern uuid, body jsonb, if_match text, at timestamptz) -> reply
-- lane: write
select (r).* from pp_api.concern_propose($1, $2, $3, $4) r;

-- weighing_propose(procedure uuid, body jsonb, at timestamptz, idempotency_key text,
--   request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.weighing_propose($1, $2, $3, $4, $5) r;

-- statement_discard(statement uuid, body jsonb, at timestamptz, idempotency_key text,
--   request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.statement_discard($1, $2, $3, $4, $5) r;

-- weighing_decide(procedure uuid, body jsonb, at timestamptz, idempotency_key text,
--   request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.weighing_decide($1, $2, $3, $4, $5) r;

-- statement_communicate(statement uuid, body jsonb, at timestamptz, idempotency_key text,
--   request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.statement_communicate($1, $2, $3, $4, $5) r;

-- weighing_communicate(procedure uuid, body jsonb, at timestamptz, idempotency_key text,
--   request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.weighing_communicate($1, $2, $3, $4, $5) r;

-- group_list(procedure uuid) -> reply
-- lane: read
select (r).* from pp_api.group_list($1) r;

-- group_show(group uuid) -> reply
-- lane: read
select (r).* from pp_api.group_show($1) r;

-- group_create(procedure uuid, body jsonb, at timestamptz, idempotency_key text,
--   request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.group_create($1, $2, $3, $4, $5) r;

-- group_change(group uuid, body jsonb, at timestamptz, idempotency_key text,
--   request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.group_change($1, $2, $3, $4, $5) r;
