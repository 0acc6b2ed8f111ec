-- SPDX-License-Identifier: EUPL-1.2
-- Recomputation: stored plans, version by version, with all that the engine knew. It reads and reports;
-- nothing that was found, decided or confirmed is ever changed by it.

-- Which plans: until is the instant after which filed plans are not looked at any more, so that a
-- recomputation has an end; procedures null is all; newest leaves out older versions of a plan, and
-- withdrawn procedures where none are named.
create function pp_api.recompute_scope(boundaries bigint, rules bigint, after uuid, until timestamptz,
	procedures uuid[], plan uuid, newest bool) returns setof pp.plan language sql stable as $$
	select l.* from pp.plan l
	 where (boundaries is null or l.boundary_version = boundaries)
	   and (rules is null or l.rule_version = rules)
	   and (after is null or l.id > after)
	   and (until is null or l.created_at <= until)
	   and (procedures is null or l.procedure = any (procedures))
	   and (recompute_scope.plan is null or l.id = recompute_scope.plan)
	   and (not newest or not exists (select from pp.plan w where w.procedure = l.procedure and w.no > l.no))
	   and (not newest or procedures is not null or not exists (select from pp.procedure p
		where p.id = l.procedure and p.withdrawn_at is not null))
$$;

-- What the engine was asked. For a plan from before that was kept, what can be told from procedure and
-- plan as they are: the procedure may have been changed since.
create function pp_api.recompute_query(l pp.plan) returns json language sql stable as $$
	select coalesce((select a.query from pp.affected_answer a where a.plan = l.id),
		(select json_build_object('kind', p.kind, 'date', pp.iso(pp.day(l.created_at)),
				'planning_municipalities', to_json(p.planning_municipalities),
				'applicant_land', coalesce((select b.land from pp.body b where b.key = p.applicant_body), ''),
				'subjects', l.subjects, 'language', 'both')
		   from pp.procedure p where p.id = l.procedure))
$$;

-- The stored result, put together from its rows: equal in content to what the engine said, not in
-- bytes.
create function pp_api.recompute_content(l pp.plan) returns jsonb language sql stable as $$
	select l.result || jsonb_build_object(
		'municipalities', (select coalesce(jsonb_agg(m.data || jsonb_build_object('rules',
				(select coalesce(jsonb_agg(e.data order by e.no), '[]') from pp.affected_evidence e
				  where e.plan = l.id and e.body = m.ags))
			order by pp.class_rank(m.class), m.distance_m, m.ags), '[]')
			from pp.affected_municipality m where m.plan = l.id),
		'authorities', (select coalesce(jsonb_agg(u.data || jsonb_build_object('rules',
				(select coalesce(jsonb_agg(e.data order by e.no), '[]') from pp.affected_evidence e
				  where e.plan = l.id and e.body = u.body))
			order by u.data ->> 'land', u.body), '[]')
			from pp.affected_authority u where u.plan = l.id))
$$;
