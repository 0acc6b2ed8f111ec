-- SPDX-License-Identifier: EUPL-1.2

-- procedure_create(body jsonb, at timestamptz, idempotency_key text, request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.procedure_create($1, $2, $3, $4) r;

-- procedure_search(q text, ags text, land text, kind text, state text, bbox text, row_limit int,
--   cursor text) -> reply
-- lane: read public
select (r).* from pp_api.procedure_search($1, $2, $3, $4, $5, $6, $7, $8) r;

-- procedure_show(procedure uuid, at timestamptz) -> reply
-- lane: read public
select (r).* from pp_api.procedure_show($1, $2) r;

-- procedure_change(procedure uuid, body jsonb, if_match text, at timestamptz) -> reply
-- lane: write
select (r).* from pp_api.procedure_change($1, $2, $3, $4) r;

-- procedure_resolve(procedure uuid, body jsonb, at timestamptz, idempotency_key text,
--   request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.procedure_resolve($1, $2, $3, $4, $5) r;

-- procedure_publish(procedure uuid, at timestamptz, idempotency_key text, request_sha256 bytea)
--   -> reply
-- lane: write
select (r).* from pp_api.procedure_publish($1, $2, $3, $4) r;

-- procedure_withdraw(procedure uuid, body jsonb, at timestamptz, idempotency_key text,
--   request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.procedure_withdraw($1, $2, $3, $4, $5) r;
