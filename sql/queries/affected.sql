-- SPDX-License-Identifier: EUPL-1.2

-- affected_show(plan uuid, lang text) -> reply
-- lane: read public
select (r).* from pp_api.affected_show($1, $2) r;

-- affected_answer(plan uuid) -> reply
-- lane: read public
select (r).* from pp_api.affected_answer($1) r;

-- affected_decide(plan uuid, body jsonb, at timestamptz, idempotency_key text,
--   request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.affected_decide($1, $2, $3, $4, $5) r;

-- affected_decision_confirm(plan uuid, decision uuid, at timestamptz, idempotency_key text,
--   request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.affected_decision_confirm($1, $2, $3, $4, $5) r;

-- affected_confirm(plan uuid, at timestamptz, idempotency_key text, request_sha256 bytea,
--   lang text) -> reply
-- lane: write
select (r).* from pp_api.affected_confirm($1, $2, $3, $4, $5) r;
