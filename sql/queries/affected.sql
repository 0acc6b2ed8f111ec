-- SPDX-License-Identifier: EUPL-1.2

-- affected_show(plan uuid, lang text, include text, at timestamptz) -> reply
-- lane: read public
select (r).* from pp_api.affected_show($1, $2, $3, $4) r;

-- What the engine has said, and what the register of agencies says beside it.

-- agency_preview(affected json, geometry bytea, dataset bigint, body jsonb, at timestamptz, lang text) -> reply
-- lane: read public
select (r).* from pp_api.agency_preview($1, $2, $3, $4, $5, $6) r;

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
