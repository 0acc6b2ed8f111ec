-- SPDX-License-Identifier: EUPL-1.2
-- Recomputation: stored plans, version by version, with all that the engine knew. It reads and reports;
-- nothing that was found, decided or confirmed is ever changed by it.

-- Which districts the engine knew; of a plan from before that was kept, those in force when it was filed.
create function pp_api.recompute_districts(l pp.plan) returns bigint[] language sql stable as $$
	select coalesce((select a.districts from pp.affected_answer a where a.plan = l.id),
		pp_api.districts_of(l.boundary_version, l.created_at))
$$;

-- Which plans: until is the instant after which filed plans are not looked at any more, so that a
-- recomputation has an end; procedures null is all; newest leaves out older versions of a plan, and
-- withdrawn procedures where none are named.
create function pp_api.recompute_scope(boundaries bigint, rules bigint, districts bigint[], after uuid, until timestamptz,
	procedures uuid[], plan uuid, newest bool) returns setof pp.plan language sql stable as $$
	select l.* from pp.plan l
	 where (boundaries is null or l.boundary_version = boundaries)
	   and (rules is null or l.rule_version = rules)
   and (districts is null or pp_api.recompute_districts(l) = districts)
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

-- Jobs --------------------------------------------------------------------------------------------

create function pp_api.recomputation_json(r pp.recomputation) returns jsonb language sql stable as $$
	select jsonb_build_object('id', r.id, 'kind', r.kind, 'rules', r.rules,
		'rules_sha256', encode(sha256(convert_to(r.rules_text, 'UTF8')), 'hex'),
		'boundaries', r.boundaries, 'date', pp.iso(r.date), 'procedures', to_jsonb(r.procedures),
		'state', r.state, 'reason', r.reason, 'plans', r.plans,
		'done', r.same + r.engine_name + r.content + r.different + r.refused,
		'counts', jsonb_build_object('same', r.same, 'engine_name', r.engine_name,
			'content', r.content, 'different', r.different, 'refused', r.refused),
		'items', r.items, 'asked_by', r.asked_by_label, 'asked_at', pp.rfc3339(r.asked_at),
		'started_at', pp.rfc3339(r.started_at), 'ended_at', pp.rfc3339(r.ended_at))
$$;

create function pp_api.need_recomputation(id uuid) returns pp.recomputation language plpgsql stable as $$
declare
	r pp.recomputation;
begin
	select * into r from pp.recomputation s where s.id = $1;
	if not found then
		perform pp.refuse('not_found', 'There is no such recomputation.');
	end if;
	return r;
end
$$;

-- What is asked for is there, before anybody waits for it.
create function pp_api.recomputation_check(body jsonb) returns void language plpgsql stable as $$
declare
	wrong int;
begin
	if body ? 'rules' and not exists (select from pp.rule_version v where v.id = (body ->> 'rules')::bigint) then
		perform pp.refuse('invalid_body', format('There is no version %s of the rules.', body ->> 'rules'), '/rules');
	elsif body ? 'boundaries' and not exists (select from pp.boundary_version v
		where v.id = (body ->> 'boundaries')::bigint and v.level = 'municipality') then
		perform pp.refuse('invalid_body', format('There is no version %s of the municipalities.', body ->> 'boundaries'), '/boundaries');
	end if;
	select i into wrong from jsonb_array_elements_text(body -> 'procedures') with ordinality u (id, i)
	 where not exists (select from pp.procedure p where p.id = u.id::uuid) order by i limit 1;
	if wrong is not null then
		perform pp.refuse('procedure_not_found', 'There is no such procedure.', '/procedures/' || wrong - 1);
	elsif (select count(*) from pp.recomputation r where r.state in ('QUEUED', 'RUNNING')) >= 10 then
		perform pp.refuse('recomputations_waiting', 'Ten are waiting or under way; wait for one of them or cancel it.');
	end if;
end
$$;

create function pp_api.recomputation_create(body jsonb, at timestamptz, idempotency_key text,
	request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	new_id uuid := pp.uuid7(at);
begin
	if r.status is not null then
		return r;
	end if;
	perform pp_api.recomputation_check(body);
	insert into pp.recomputation (id, kind, rules, rules_text, boundaries, date, procedures, asked_by,
		asked_by_label, asked_at)
		values (new_id, case when (body ->> 'verify')::bool then 'verify' else 'what_if' end,
			(body ->> 'rules')::bigint, body ->> 'rules_text', (body ->> 'boundaries')::bigint,
			(body ->> 'date')::date, case when body ? 'procedures' then
				array(select jsonb_array_elements_text(body -> 'procedures')::uuid) end,
			pp.current_account(), pp_api.my_label(), at);
	return pp.remember(idempotency_key, pp.created('/api/v1/recomputations/' || new_id,
		pp_api.recomputation_json(pp_api.need_recomputation(new_id))::json));
end
$$;

create function pp_api.recomputation_show(id uuid) returns pp.reply language plpgsql stable as $$
begin
	return pp.ok(pp_api.recomputation_json(pp_api.need_recomputation(id))::json);
end
$$;

-- Newest first.
create function pp_api.recomputation_list(row_limit int, cursor text) returns pp.reply
language plpgsql stable as $$
declare
	before uuid := pp.cursor_uuid(cursor);
	size int := pp.page_size(row_limit);
	items json;
	next text;
begin
	with page as (
		select r.id, row_number() over (order by r.id desc) as n, pp_api.recomputation_json(r) as item
		  from pp.recomputation r where before is null or r.id < before
		 order by r.id desc limit size + 1)
	select coalesce(json_agg(item order by n) filter (where n <= size), '[]'),
		case when count(*) > size then pp.cursor_make((array_agg(id order by n desc)
			filter (where n <= size))[1]::text) end
	  into items, next from page;
	return pp.ok(json_build_object('items', items), null, next);
end
$$;

-- In the order of the plans; there are more as long as it runs.
create function pp_api.recomputation_changes(id uuid, row_limit int, cursor text) returns pp.reply
language plpgsql stable as $$
declare
	r pp.recomputation := pp_api.need_recomputation(id);
	after bigint := pp.cursor_bigint(cursor);
	size int := pp.page_size(row_limit);
	items json;
	next text;
begin
	with page as (
		select i.no, i.data, row_number() over (order by i.no) as n from pp.recomputation_item i
		 where i.recomputation = r.id and (after is null or i.no > after) order by i.no limit size + 1)
	select coalesce(json_agg(data order by n) filter (where n <= size), '[]'),
		case when count(*) > size then pp.cursor_make((max(no) filter (where n <= size))::text) end
	  into items, next from page;
	return pp.ok(json_build_object('items', items), null, next);
end
$$;

-- Ends it for whoever runs it at its next batch.
create function pp_api.recomputation_cancel(id uuid, at timestamptz, idempotency_key text,
	request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	q pp.reply := pp.recall(idempotency_key, request_sha256);
	r pp.recomputation;
begin
	if q.status is not null then
		return q;
	end if;
	perform pp_api.need_recomputation(id);
	update pp.recomputation s set state = 'CANCELLED', ended_at = at
	 where s.id = $1 and s.state in ('QUEUED', 'RUNNING');
	r := pp_api.need_recomputation(id);
	if not found then
		perform pp.refuse('recomputation_ended', format('It has ended already: %s.', r.state));
	end if;
	return pp.remember(idempotency_key, pp.ok(pp_api.recomputation_json(r)::json));
end
$$;

-- The runner's side -------------------------------------------------------------------------------

-- The oldest that is not done, null when there is none.
create function pp_api.recomputation_next() returns uuid language sql stable as $$
	select r.id from pp.recomputation r where r.state in ('QUEUED', 'RUNNING') order by r.id limit 1
$$;

-- Takes it up, or goes on with it. One that has felled three runners without a batch done in between
-- would fell a fourth. No row: it is over.
create function pp_api.recomputation_begin(id uuid, at timestamptz) returns setof pp.recomputation
language plpgsql volatile as $$
begin
	update pp.recomputation r
	   set state = 'FAILED', ended_at = at,
		reason = 'Its process has died three times at the same place.'
	 where r.id = $1 and r.state in ('QUEUED', 'RUNNING') and r.attempts >= 3;
	return query update pp.recomputation r
	   set state = 'RUNNING', started_at = coalesce(r.started_at, at), attempts = r.attempts + 1
	 where r.id = $1 and r.state in ('QUEUED', 'RUNNING') returning r.*;
end
$$;

create function pp_api.recomputation_size(id uuid, plans bigint) returns void
language sql volatile as $$
	update pp.recomputation r set plans = $2 where r.id = $1 and r.plans is null
$$;

-- A batch that is done: counts in the order of the columns, items as a JSON list. False where nobody
-- wants more.
create function pp_api.recomputation_step(id uuid, counts bigint[], items json, boundaries bigint,
	rules bigint, districts bigint[], plan uuid) returns bool language plpgsql volatile as $$
declare
	before bigint;
begin
	update pp.recomputation r
	   set same = r.same + counts[1], engine_name = r.engine_name + counts[2],
		content = r.content + counts[3], different = r.different + counts[4],
		refused = r.refused + counts[5], items = r.items + json_array_length(recomputation_step.items),
		after_boundaries = recomputation_step.boundaries, after_rules = recomputation_step.rules,
		after_districts = districts, after_plan = plan, attempts = 0
	 where r.id = $1 and r.state = 'RUNNING'
	returning r.items - json_array_length(recomputation_step.items) into before;
	if not found then
		return false;
	end if;
	insert into pp.recomputation_item (recomputation, no, data)
		select $1, before + i.n, i.data
		  from json_array_elements(recomputation_step.items) with ordinality i (data, n);
	return true;
end
$$;

-- reason null: it is done.
create function pp_api.recomputation_end(id uuid, reason text, at timestamptz) returns void
language sql volatile as $$
	update pp.recomputation r
	   set state = case when $2 is null then 'DONE' else 'FAILED' end, reason = $2, ended_at = $3
	 where r.id = $1 and r.state = 'RUNNING'
$$;

-- Three months after its end a recomputation is of no more use; it can be asked for again.
create function pp_api.recomputation_sweep(at timestamptz) returns bigint
language plpgsql volatile as $$
declare
	gone bigint;
begin
	delete from pp.recomputation r where r.ended_at < at - interval '90 days';
	get diagnostics gone = row_count;
	return gone;
end
$$;

grant execute on function pp_api.recomputation_json(pp.recomputation), pp_api.need_recomputation(uuid),
	pp_api.recomputation_check(jsonb),
	pp_api.recomputation_create(jsonb, timestamptz, text, bytea), pp_api.recomputation_show(uuid),
	pp_api.recomputation_list(int, text), pp_api.recomputation_changes(uuid, int, text),
	pp_api.recomputation_cancel(uuid, timestamptz, text, bytea) to pp_server;
grant execute on function pp_api.recompute_districts(pp.plan),
	pp_api.recompute_scope(bigint, bigint, bigint[], uuid, timestamptz, uuid[], uuid, bool),
	pp_api.recompute_query(pp.plan), pp_api.recompute_content(pp.plan), pp_api.recomputation_next(),
	pp_api.recomputation_begin(uuid, timestamptz), pp_api.recomputation_size(uuid, bigint),
	pp_api.recomputation_step(uuid, bigint[], json, bigint, bigint, bigint[], uuid),
	pp_api.recomputation_end(uuid, text, timestamptz), pp_api.recomputation_sweep(timestamptz)
	to pp_clerk;
