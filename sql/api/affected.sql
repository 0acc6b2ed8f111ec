-- SPDX-License-Identifier: EUPL-1.2
-- Whom a plan affects: the engine's result kept and given back as it was, decided on, confirmed.

-- Planned once for a connection, not once for a call: the views behind it cost ten times as much to plan as to read.
create function pp_api.affected_is_confirmed(plan uuid) returns bool language plpgsql stable as $$
begin
	return exists (select from pp_api.affected_set_visible s where s.plan = $1);
end
$$;

-- Takes the engine's result apart: a row per municipality and authority, a row per fired rule.
create function pp_api.affected_store(plan uuid, result jsonb) returns void
language sql volatile as $$
	-- An authority that the engine names is a body; that it has no account yet is no fault.
	insert into pp.body (key, name, kind, land, source)
		select a ->> 'body', a ->> 'name', case when a ->> 'land' is null then 'STAAT' else 'LANDESPLANUNG' end,
			a ->> 'land', 'engine'
		  from jsonb_array_elements(result -> 'authorities') a
		on conflict (key) do nothing;
	insert into pp.affected_municipality (plan, ags, data)
		select $1, m ->> 'ags', m - 'rules' from jsonb_array_elements(result -> 'municipalities') m;
	insert into pp.affected_authority (plan, body, data)
		select $1, a ->> 'body', a - 'rules' from jsonb_array_elements(result -> 'authorities') a;
	insert into pp.affected_evidence (plan, body, no, data)
		select $1, coalesce(m ->> 'ags', m ->> 'body'), e.no, e.rule
		  from jsonb_array_elements((result -> 'municipalities') || coalesce(result -> 'authorities', '[]')) m,
			jsonb_array_elements(m -> 'rules') with ordinality e (rule, no)
$$;

-- The engine gives its reasons in German and English; evidence of before that is German only.
create function pp_api.affected_worded(rule jsonb, lang text) returns jsonb
language sql immutable parallel safe as $$
	select rule - 'reason_en' || case when lang = 'en' and rule ? 'reason_en'
		then jsonb_build_object('reason', rule -> 'reason_en') else '{}' end
$$;

-- What was added, in that language.
create function pp_api.affected_added(data jsonb, lang text) returns jsonb language sql immutable parallel safe as $$
	select data || jsonb_build_object('rules', (select jsonb_agg(pp_api.affected_worded(r, lang) order by n)
		from jsonb_array_elements(data -> 'rules') with ordinality x (r, n)))
$$;

-- Why a body is asked: the rules that fired, or why it was added.
create function pp_api.affected_rules(plan uuid, body text, lang text) returns jsonb
language sql stable as $$
	select coalesce(jsonb_agg(pp_api.affected_worded(e.data, $3) order by e.no),
			(select pp_api.affected_added(d.data, $3) -> 'rules' from pp_api.affected_decision_visible d
			  where d.plan = $1 and d.body = $2 and d.action = 'add' and d.state = 'effective'), '[]')
	  from pp_api.affected_evidence_visible e where e.plan = $1 and e.body = $2
$$;

create function pp_api.affected_decision_json(d pp_api.affected_decision_visible) returns jsonb
language sql stable as $$
	select jsonb_build_object('id', d.id, 'action', d.action, 'state', d.state, 'reason', d.reason,
		'by', d.decided_by, 'at', pp.rfc3339(d.decided_at), 'confirmed_by', d.confirmed_by,
		'confirmed_at', pp.rfc3339(d.confirmed_at))
$$;

-- What the engine found, in its order: class, then distance, then AGS; then what was added.
create function pp_api.affected_found(plan uuid, with_decisions bool, lang text) returns jsonb
language sql stable as $$
	with standing as (
		select d.body, d.action, d.data, pp_api.affected_decision_json(d) as decision
		  from pp_api.affected_decision_visible d
		 where d.plan = $1 and d.state in ('proposed', 'effective') and $2),
	listed as (
		select a.ags, a.data || jsonb_build_object('rules', pp_api.affected_rules($1, a.ags, $3)) as row
		  from pp_api.affected_municipality_visible a where a.plan = $1
		union all
		select s.body, pp_api.affected_added(s.data, $3) from standing s where s.action = 'add' and s.data ? 'ags')
	select coalesce(jsonb_agg(l.row || case when s.body is null then '{}'
			else jsonb_build_object('decision', s.decision) end
		order by pp.class_rank(l.row ->> 'class'), (l.row ->> 'distance_m')::numeric, l.ags), '[]')
	  from listed l left join standing s on s.body = l.ags
$$;

create function pp_api.affected_authorities(plan uuid, with_decisions bool, lang text) returns jsonb
language sql stable as $$
	with standing as (
		select d.body, d.action, d.data, pp_api.affected_decision_json(d) as decision
		  from pp_api.affected_decision_visible d
		 where d.plan = $1 and d.state in ('proposed', 'effective') and $2),
	listed as (
		select a.body, a.data || jsonb_build_object('rules', pp_api.affected_rules($1, a.body, $3)) as row
		  from pp_api.affected_authority_visible a where a.plan = $1
		union all
		select s.body, pp_api.affected_added(s.data, $3) from standing s where s.action = 'add' and s.data ? 'body')
	select coalesce(jsonb_agg(l.row || case when s.body is null then '{}'
			else jsonb_build_object('decision', s.decision) end
		order by l.row ->> 'land', l.body), '[]')
	  from listed l left join standing s on s.body = l.body
$$;

-- Field by field what the engine answered when the plan was stored.
create function pp_api.affected_result(plan uuid, lang text) returns jsonb language sql stable as $$
	select v.result || jsonb_build_object('municipalities', pp_api.affected_found($1, false, $2),
		'authorities', pp_api.affected_authorities($1, false, $2))
	  from pp_api.plan_visible v where v.id = $1
$$;

-- Against the version before, as far as the requester may see it; null for a first plan.
create function pp_api.affected_diff(plan uuid) returns jsonb language sql stable as $$
	with versions as (
		select v.id, (select w.id from pp_api.plan_visible w
			where w.procedure = v.procedure and w.no < v.no order by w.no desc limit 1) as before
		  from pp_api.plan_visible v where v.id = $1),
	both_sides as (
		select coalesce(n.ags, o.ags) as ags, coalesce(n.data, o.data) ->> 'name' as name,
			n.class as class, o.class as was
		  from (select a.* from pp_api.affected_municipality_visible a, versions where a.plan = id) n
		  full join (select a.* from pp_api.affected_municipality_visible a, versions where a.plan = before) o
			on o.ags = n.ags)
	select case when before is not null then jsonb_build_object('plan', before,
		'added', (select coalesce(jsonb_agg(jsonb_build_object('ags', ags, 'name', name,
			'class', class) order by ags), '[]') from both_sides where was is null),
		'removed', (select coalesce(jsonb_agg(jsonb_build_object('ags', ags, 'name', name,
			'class', was) order by ags), '[]') from both_sides where class is null),
		'changed', (select coalesce(jsonb_agg(jsonb_build_object('ags', ags, 'name', name,
			'class', class, 'was', was) order by ags), '[]') from both_sides where class <> was)) end
	  from versions
$$;

-- What a confirmation freezes, and what its SHA-256 is of. The record speaks German.
create function pp_api.affected_content(plan uuid) returns text language sql stable as $$
	select jsonb_build_object('plan', $1, 'geometry_sha256', encode(v.geom_sha256, 'hex'),
		'result', pp_api.affected_result($1, 'de'),
		'decisions', (select coalesce(jsonb_agg(jsonb_build_object('body', d.body,
			'action', d.action, 'data', d.data) order by d.body), '[]')
			from pp_api.affected_decision_visible d
			where d.plan = $1 and d.state = 'effective'))::text
	  from pp_api.plan_visible v where v.id = $1
$$;

-- include: toeb, with whom the register of agencies proposes at that instant.
create function pp_api.affected_show(plan uuid, lang text default 'de', include text default null, at timestamptz default null)
returns pp.reply language plpgsql stable as $$
declare
	v pp_api.plan_visible := pp_api.need_plan(plan);
	s pp_api.affected_set_visible;
begin
	select * into s from pp_api.affected_set_visible w where w.plan = v.id;
	return pp.ok((pp_api.affected_result(v.id, lang) || jsonb_build_object(
		'municipalities', pp_api.affected_found(v.id, true, lang),
		'authorities', pp_api.affected_authorities(v.id, true, lang),
		'plan', v.id, 'confirmed_at', pp.rfc3339(s.confirmed_at), 'sha256', encode(s.sha256, 'hex'),
		'diff', pp_api.affected_diff(v.id))
		|| case include when 'toeb' then jsonb_build_object('agencies', pp_api.agencies_of_plan(v.id, pp.day(at), lang))
			else '{}' end)::json);
end
$$;

-- The engine's own words, byte for byte; the ETag is their SHA-256.
create function pp_api.affected_answer(plan uuid) returns pp.reply language plpgsql stable as $$
declare
	v pp_api.plan_visible := pp_api.need_plan(plan);
	a pp_api.affected_answer_visible;
begin
	select * into a from pp_api.affected_answer_visible w where w.plan = v.id;
	if a.plan is null then
		perform pp.refuse('not_found', 'This plan was stored before the engine''s words were kept.');
	end if;
	return pp.ok(a.answer::json, encode(a.sha256, 'hex'));
end
$$;

-- For whoever decides: the plan of the own body, its procedure locked, not yet confirmed.
create function pp_api.open_affected(plan uuid) returns pp_api.plan_visible
language plpgsql volatile as $$
declare
	v pp_api.plan_visible := pp_api.need_plan(plan);
begin
	perform pp_api.own_procedure(v.procedure);
	if pp_api.affected_is_confirmed(v.id) then
		perform pp.refuse('affected_confirmed', 'The set of this plan was confirmed; file a new version of the plan to change it.');
	end if;
	return v;
end
$$;

-- An account sees its own row only, so its name is written down where it acts.
create function pp_api.my_label() returns text language sql stable as $$
	select coalesce((select a.email from pp.account a where a.id = pp.current_account()), '')
$$;

-- The row of a body that is added by hand, in the words of the engine (rule R90).
create function pp_api.affected_row(v pp_api.plan_visible, key text, reason text) returns jsonb
language sql stable as $$
	with rule as (
		select jsonb_build_array(jsonb_build_object('rule', coalesce(r.id, 'R90'), 'class', coalesce(r.class, 'SOLL'),
			'metric', 'manual', 'value', null, 'threshold', null, 'unit', null, 'reason', $3,
			'source', r.source)) as rules, coalesce(r.class, 'SOLL') as class
		  from (select 1) one left join pp.affected_rule r
			on r.rule_version = v.rule_version and r.metric = 'manual'
		 limit 1)
	select jsonb_build_object('ags', m.ags, 'name', m.name, 'kreis', m.kreis_name, 'land', m.land,
		'class', class, 'cross_border', m.land <> all (p.lands),
		'distance_m', round(ST_Distance(m.geom, v.geom)::numeric, 3), 'rules', rules)
	  from rule, pp.procedure p, pp.municipality m
	 where p.id = v.procedure and m.boundary_version = v.boundary_version and m.ags = key
	union all
	select jsonb_build_object('body', b.key, 'name', b.name, 'land', b.land, 'class', class,
		'rules', rules)
	  from rule, pp.body b
	 where b.key = $2 and not exists (select from pp.municipality m
		where m.boundary_version = v.boundary_version and m.ags = $2)
$$;

-- Adds a body or drops one, with a reason. Adding what was dropped takes the dropping back, and the
-- other way round; a MUSS is dropped by two.
create function pp_api.affected_decide(plan uuid, body jsonb, at timestamptz, idempotency_key text,
	request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	v pp_api.plan_visible;
	target text := coalesce(body ->> 'ags', body ->> 'body');
	found_class text;
	standing pp.affected_decision;
	new_id uuid := pp.uuid7(at);
	action text := body ->> 'action';
	verdict text := 'effective';
begin
	if r.status is not null then
		return r;
	end if;
	v := pp_api.open_affected(plan);
	if target is null then
		perform pp.refuse('invalid_body', 'Name a municipality (ags) or an authority (body).', '/ags');
	end if;
	if not exists (select from pp.body b where b.key = target) then
		perform pp.refuse('body_not_found', format('There is no municipality or body %s.', target), '/ags');
	end if;
	select a.class into found_class from (
		select m.class from pp.affected_municipality m where m.plan = v.id and m.ags = target
		union all select u.class from pp.affected_authority u where u.plan = v.id and u.body = target) a;
	select * into standing from pp.affected_decision d
	 where d.plan = v.id and d.body = target and d.state in ('proposed', 'effective') for update;
	if standing.action = action or standing.id is null and (action = 'add') = (found_class is not null) then
		perform pp.refuse('conflict', case action when 'add' then format('%s is in the set already.', target)
			else format('%s is not in the set of those who are asked.', target) end);
	elsif found_class = 'EIGEN' then
		perform pp.refuse('conflict', format('%s plans itself and is not asked.', target));
	elsif standing.id is not null then
		update pp.affected_decision d set state = 'taken_back' where d.id = standing.id;
		verdict := 'takes_back';
	elsif found_class = 'MUSS' then
		verdict := 'proposed';
	end if;
	insert into pp.affected_decision (id, plan, body, action, data, reason, state, decided_by,
		decided_by_label, decided_at)
		values (new_id, v.id, target, action, case when action = 'add' and verdict = 'effective'
			then pp_api.affected_row(v, target, body ->> 'reason') end, body ->> 'reason', verdict,
			pp.current_account(), pp_api.my_label(), at);
	perform pp.emit('affected.decided', at, v.procedure, bodies => array[v.planner_body],
		data => json_build_object('plan', v.id, 'body', target, 'action', action, 'state', verdict));
	return pp.remember(idempotency_key, pp.created(
		format('/api/v1/plans/%s/affected/decisions/%s', v.id, new_id),
		(select (pp_api.affected_decision_json(d) || jsonb_build_object('plan', d.plan, 'body', d.body))::json
		  from pp_api.affected_decision_visible d where d.id = new_id)));
end
$$;

-- The second person: another account of the planning body.
create function pp_api.affected_decision_confirm(plan uuid, decision uuid, at timestamptz,
	idempotency_key text, request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	v pp_api.plan_visible;
	d pp.affected_decision;
begin
	if r.status is not null then
		return r;
	end if;
	v := pp_api.open_affected(plan);
	select * into d from pp.affected_decision e where e.id = decision and e.plan = v.id for update;
	if not found then
		perform pp.refuse('decision_not_found', 'There is no such decision on this plan.');
	elsif d.state <> 'proposed' then
		perform pp.refuse('conflict', format('The decision is %s already.', d.state));
	elsif d.decided_by = pp.current_account() then
		perform pp.refuse('second_person_required', 'Whoever proposed to drop a MUSS cannot confirm it.');
	end if;
	update pp.affected_decision e
	   set state = 'effective', confirmed_by = pp.current_account(),
		confirmed_by_label = pp_api.my_label(), confirmed_at = at
	 where e.id = d.id;
	perform pp.emit('affected.decided', at, v.procedure, bodies => array[v.planner_body],
		data => json_build_object('plan', v.id, 'body', d.body, 'action', d.action, 'state', 'effective'));
	return pp.remember(idempotency_key, pp.ok((select (pp_api.affected_decision_json(e)
		|| jsonb_build_object('plan', e.plan, 'body', e.body))::json
		from pp_api.affected_decision_visible e where e.id = d.id)));
end
$$;

create function pp_api.affected_confirm(plan uuid, at timestamptz, idempotency_key text,
	request_sha256 bytea, lang text default 'de') returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	v pp_api.plan_visible;
begin
	if r.status is not null then
		return r;
	end if;
	v := pp_api.open_affected(plan);
	if exists (select from pp.affected_decision d where d.plan = v.id and d.state = 'proposed') then
		perform pp.refuse('decision_pending', 'A second person has to confirm that a MUSS is dropped, or it is added again.');
	end if;
	insert into pp.affected_set (plan, confirmed_at, confirmed_by, confirmed_by_label, sha256)
		values (v.id, at, pp.current_account(), pp_api.my_label(),
			sha256(convert_to(pp_api.affected_content(v.id), 'UTF8')));
	perform pp_api.procedure_touch(v.procedure, at);
	perform pp.emit('affected.confirmed', at, v.procedure, bodies => array[v.planner_body],
		data => json_build_object('plan', v.id));
	return pp.remember(idempotency_key, pp_api.affected_show(v.id, lang));
end
$$;

-- Whether its Land is none of those that plan. A body of no Land, as one of the federation, is on no other side of a border.
create function pp_api.body_is_across(body text, plan uuid) returns bool language sql stable as $$
	select coalesce(b.land <> all (p.lands), false)
	  from pp.body b, pp_api.plan_visible l join pp_api.procedure_visible p on p.id = l.procedure
	 where b.key = $1 and l.id = $2
$$;

-- Who is asked: found or added, not dropped, not planning itself.
create function pp_api.affected_members(plan uuid)
returns table (body text, class text, cross_border bool, is_authority bool) language sql stable as $$
	select m.* from (
		select a.ags, a.class, a.cross_border, false from pp_api.affected_municipality_visible a
		 where a.plan = $1 and a.class <> 'EIGEN'
		union all
		select a.body, a.class, pp_api.body_is_across(a.body, $1), true from pp_api.affected_authority_visible a where a.plan = $1
		union all
		select d.body, d.data ->> 'class', coalesce((d.data ->> 'cross_border')::bool, pp_api.body_is_across(d.body, $1)),
			not d.data ? 'ags'
		  from pp_api.affected_decision_visible d
		 where d.plan = $1 and d.action = 'add' and d.state = 'effective') m (body, class, cross_border, is_authority)
	 where not exists (select from pp_api.affected_decision_visible d
		where d.plan = $1 and d.body = m.body and d.action = 'drop' and d.state = 'effective')
$$;

grant execute on function pp_api.affected_is_confirmed(uuid), pp_api.affected_worded(jsonb, text), pp_api.affected_added(jsonb, text),
	pp_api.affected_rules(uuid, text, text),
	pp_api.affected_decision_json(pp_api.affected_decision_visible),
	pp_api.affected_found(uuid, bool, text), pp_api.affected_authorities(uuid, bool, text),
	pp_api.affected_result(uuid, text), pp_api.affected_diff(uuid), pp_api.affected_show(uuid, text, text, timestamptz),
	pp_api.affected_answer(uuid) to pp_server, pp_public;
grant execute on function pp_api.affected_store(uuid, jsonb), pp_api.affected_content(uuid),
	pp_api.open_affected(uuid), pp_api.my_label(),
	pp_api.affected_row(pp_api.plan_visible, text, text),
	pp_api.affected_decide(uuid, jsonb, timestamptz, text, bytea),
	pp_api.affected_decision_confirm(uuid, uuid, timestamptz, text, bytea),
	pp_api.affected_confirm(uuid, timestamptz, text, bytea, text), pp_api.affected_members(uuid),
	pp_api.body_is_across(text, uuid)
	to pp_server;
