-- SPDX-License-Identifier: EUPL-1.2
-- Stored plans for a recomputation, as the command line (owner) and the runner (clerk) read them.

-- Versions that plans were computed with, in their order, and how many plans each; from a pass on.

-- recompute_passes(until timestamptz, procedures text[], plan uuid, newest bool,
--   from_boundaries bigint, from_rules bigint, from_districts text[]) -> boundaries bigint,
--   rules bigint, districts text[], plans bigint
-- lane: owner clerk
select p.boundaries, p.rules, p.districts::text[] as districts, p.plans
  from (select l.boundary_version as boundaries, l.rule_version as rules,
		pp_api.recompute_districts(l) as districts, count(*) as plans
	  from pp_api.recompute_scope(null, null, null, null, $1, $2::text[]::uuid[], $3, $4) l
	 group by 1, 2, 3) p
 where $5::bigint is null or (p.boundaries, p.rules, p.districts) >= ($5, $6, $7::text[]::bigint[])
 order by p.boundaries, p.rules, p.districts;

-- How far a batch of so many plans reaches; no row when none is left.

-- recompute_batch(boundaries bigint, rules bigint, districts text[], after uuid, until timestamptz,
--   procedures text[], plan uuid, newest bool, row_limit int) -> upto uuid
-- lane: owner clerk
select (array_agg(l.id order by l.id desc))[1] as upto
  from (select s.id
	  from pp_api.recompute_scope($1, $2, $3::text[]::bigint[], $4, $5, $6::text[]::uuid[], $7, $8) s
	 order by s.id limit $9) l
having count(*) > 0;

-- recompute_plans(boundaries bigint, rules bigint, districts text[], after uuid, upto uuid,
--   until timestamptz, procedures text[], plan uuid, newest bool) -> plan uuid, no int, procedure uuid,
--   number text, title text, confirmed bool, engine text, wkb bytea, query json, answer text,
--   content jsonb
-- lane: owner clerk
select l.id as plan, l.no, p.id as procedure, p.number, p.title,
	exists (select from pp.affected_set s where s.plan = l.id) as confirmed, l.engine,
	ST_AsBinary(l.geom, 'NDR') as wkb, pp_api.recompute_query(l) as query, a.answer,
	case when a.plan is null then pp_api.recompute_content(l) end as content
  from pp_api.recompute_scope($1, $2, $3::text[]::bigint[], $4, $6, $7::text[]::uuid[], $8, $9) l
  join pp.procedure p on p.id = l.procedure
  left join pp.affected_answer a on a.plan = l.id
 where l.id <= $5
 order by l.id;

-- Procedures by id or number; id null where there is no such one.

-- recompute_named(names text[]) -> id uuid, name text
-- lane: owner
select coalesce((select p.id from pp.procedure p where p.number = n.name),
		(select p.id from pp.procedure p
		  where p.id = case when n.name ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then n.name::uuid end)) as id, n.name
  from unnest($1::text[]) n (name);

-- recomputation_create(body jsonb, at timestamptz, idempotency_key text, request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.recomputation_create($1, $2, $3, $4) r;

-- recomputation_list(row_limit int, cursor text) -> reply
-- lane: read
select (r).* from pp_api.recomputation_list($1, $2) r;

-- recomputation_show(recomputation uuid) -> reply
-- lane: read
select (r).* from pp_api.recomputation_show($1) r;

-- recomputation_changes(recomputation uuid, row_limit int, cursor text) -> reply
-- lane: read
select (r).* from pp_api.recomputation_changes($1, $2, $3) r;

-- recomputation_cancel(recomputation uuid, at timestamptz, idempotency_key text,
--   request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.recomputation_cancel($1, $2, $3, $4) r;

-- What the clerk looks for, and what its runner does: one runner at a time in the whole cluster.

-- recomputation_next() -> id uuid
-- lane: clerk
select pp_api.recomputation_next() as id;

-- recomputation_lock() -> has bool
-- lane: clerk
select pg_try_advisory_lock(hashtext('pp recomputation')) as has;

-- recomputation_begin(id uuid, at timestamptz) -> kind text, rules bigint, rules_text text,
--   boundaries bigint, date date, procedures text[], asked_at timestamptz, after_boundaries bigint,
--   after_rules bigint, after_districts text[], after_plan uuid
-- lane: clerk
select r.kind, r.rules, r.rules_text, r.boundaries, r.date, r.procedures::text[] as procedures, r.asked_at,
	r.after_boundaries, r.after_rules, r.after_districts::text[] as after_districts, r.after_plan
  from pp_api.recomputation_begin($1, $2) r;

-- recomputation_size(id uuid, plans bigint) -> nothing
-- lane: clerk
select pp_api.recomputation_size($1, $2);

-- recomputation_step(id uuid, counts text[], items json, boundaries bigint, rules bigint,
--   districts text[], plan uuid) -> more bool
-- lane: clerk
select pp_api.recomputation_step($1, $2::text[]::bigint[], $3, $4, $5, $6::text[]::bigint[], $7) as more;

-- recomputation_end(id uuid, reason text, at timestamptz) -> nothing
-- lane: clerk
select pp_api.recomputation_end($1, $2, $3);

-- recomputation_sweep(at timestamptz) -> gone bigint
-- lane: clerk
select pp_api.recomputation_sweep($1) as gone;
