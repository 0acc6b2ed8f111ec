-- SPDX-License-Identifier: EUPL-1.2

-- What the engine has to know; refuses whoever may not file a plan for this procedure.

-- plan_prepare(procedure uuid) -> kind text, planning_municipalities text[], applicant_land text,
--   subjects jsonb
-- lane: write
select p.kind, p.planning_municipalities, p.applicant_land, p.subjects from pp_api.plan_prepare($1) p;

-- plan_create(procedure uuid, geometry geometry, affected json, query json, dataset bigint,
--   districts text[], rules bigint, engine text, subjects jsonb, source_name text, source_type text, source_sha256 bytea,
--   changes json, xplanung jsonb, at timestamptz, idempotency_key text, request_sha256 bytea, lang text) -> reply
-- lane: write
select (r).* from pp_api.plan_create($1, $2, $3, $4, $5, $6::text[]::bigint[], $7, $8, $9, $10, $11, $12, $13, $14,
	$15, $16, $17, $18) r;

-- plan_list(procedure uuid, lang text) -> reply
-- lane: read public
select (r).* from pp_api.plan_list($1, $2) r;

-- plan_show(plan uuid, lang text) -> reply
-- lane: read public
select (r).* from pp_api.plan_show($1, $2) r;
