-- SPDX-License-Identifier: EUPL-1.2
-- What happened to a procedure, what may or must happen now, and the machines for whoever draws them.

create function pp_api.state_name(machine text, state text, english bool) returns text language sql stable as $$
	select case when english then s.name_en else s.name_de end from pp.machine_state s where s.machine = $1 and s.state = $2
$$;

create function pp_api.event_names(events text[], english bool) returns json language sql stable as $$
	select coalesce(json_agg(case when english then m.name_en else m.name_de end order by n), '[]')
	  from unnest(events) with ordinality x (event, n) join pp.machine_event m on m.event = x.event
$$;

-- What was said with an event, in the order of its fields and with their names.
create function pp_api.event_said(fields jsonb, data jsonb, english bool) returns json language sql immutable as $$
	select coalesce(json_agg(json_build_object('name', f -> 'name', 'about', case when english then f -> 'en' else f -> 'de' end,
		'value', data -> (f ->> 'name')) order by n), '[]')
	  from jsonb_array_elements(fields) with ordinality x (f, n) where jsonb_typeof(data -> (f ->> 'name')) <> 'null'
$$;

create function pp_api.event_json(e pp_api.procedure_event_visible, lang text) returns json language sql stable as $$
	select json_build_object('id', e.id, 'no', e.no, 'event', e.event, 'name', case lang when 'en' then m.name_en else m.name_de end,
		'machine', e.machine, 'from', e.from_state, 'to', e.to_state, 'to_name', pp_api.state_name(e.machine, e.to_state, lang = 'en'), 'on', pp.iso(e.happened_on), 'at', pp.rfc3339(e.at),
		'recorded_at', pp.rfc3339(e.recorded_at), 'who', e.who, 'by', e.recorded_by, 'reason', e.reason, 'data', e.data,
		'said', pp_api.event_said(m.fields, e.data, lang = 'en'),
		'round', e.round, 'plan', e.plan, 'plan_sha256', encode(e.plan_sha256, 'hex'), 'skipped', to_json(e.skipped),
		'skipped_names', pp_api.event_names(e.skipped, lang = 'en'),
		'legal_basis', e.legal_basis, 'law_on', pp.iso(e.law_on), 'public', e.is_public)
	  from pp.machine_event m where m.event = e.event
$$;

create function pp_api.due_json(u pp.procedure_due, at timestamptz) returns json language sql stable as $$
	select json_build_object('rule', u.rule, 'machine', u.machine, 'event', u.event, 'began_on', pp.iso(u.began_on),
		'due_on', pp.iso(u.due_on), 'due_at', pp.rfc3339(u.due_at), 'days_left', u.due_on - pp.day(at), 'state', u.state,
		'legal_basis', u.legal_basis)
$$;

-- In the order in which it happened; never long, so one page.
create function pp_api.procedure_timeline(procedure uuid, at timestamptz, lang text default 'de') returns pp.reply
language plpgsql stable as $$
declare
	p pp_api.procedure_visible := pp_api.need_procedure(procedure);
begin
	return pp.ok(json_build_object('procedure', p.id, 'state', p.state, 'law_on', pp.iso(p.law_on),
		'items', (select coalesce(json_agg(pp_api.event_json(e, lang) order by e.no), '[]')
			from pp_api.procedure_event_visible e where e.procedure = p.id)));
end
$$;

create function pp_api.procedure_event_show(procedure uuid, event uuid, lang text default 'de') returns pp.reply
language plpgsql stable as $$
declare
	p pp_api.procedure_visible := pp_api.need_procedure(procedure);
	e pp_api.procedure_event_visible;
begin
	select v.* into e from pp_api.procedure_event_visible v where v.procedure = p.id and v.id = $2;
	if e.id is null then
		perform pp.refuse('not_found', 'There is no such event that you may see.');
	end if;
	return pp.ok(pp_api.event_json(e, lang));
end
$$;

-- body: event, on, reason, data. due_on and due_at: the end of the period that it begins, or of the day it names, as
-- procedure_event_prepare asked for.
create function pp_api.procedure_event_create(procedure uuid, body jsonb, due_on date, due_at timestamptz, at timestamptz,
	idempotency_key text, request_sha256 bytea, lang text default 'de') returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	p pp.procedure;
	e pp.procedure_event;
	word text := body ->> 'event';
begin
	if r.status is not null then
		return r;
	end if;
	perform pp_api.speak(lang);
	p := pp_api.own_procedure(procedure);
	if not exists (select from pp.machine_event m where m.event = word) then
		perform pp.refuse('invalid_body', 'There is no such event; GET /procedures/{procedure}/next-steps names those that are possible.', '/event');
	end if;
	-- Whether the state has it is asked before what is said with it.
	if exists (select from pp_api.machine_rows(p) t where t.event = word and t.who = 'PLANUNG') then
		perform pp_api.event_data(word, coalesce(body -> 'data', '{}'));
	end if;
	e := pp_api.procedure_happen(p, word, 'PLANUNG', at, (body ->> 'on')::date, coalesce(body -> 'data', '{}'),
		body ->> 'reason', null, due_on, due_at);
	perform pp_api.procedure_follow(p.id, at);
	perform pp_api.procedure_touch(p.id, at);
	return pp.remember(idempotency_key, pp.created(format('/api/v1/procedures/%s/events/%s', p.id, e.id),
		(select pp_api.event_json(v, lang) from pp_api.procedure_event_visible v where v.id = e.id)));
end
$$;

-- For the planning body: every event that the state knows, with what is missing for it; what the clock will do; which
-- periods run; how the tracks beside it stand.
create function pp_api.procedure_next_steps(procedure uuid, at timestamptz, lang text default 'de') returns pp.reply
language plpgsql stable as $$
declare
	p pp.procedure;
	english bool := lang = 'en';
	v pp_api.procedure_visible := pp_api.need_procedure(procedure);
begin
	if v.planner_body is distinct from pp.current_body() then
		perform pp.refuse('forbidden', 'Only the planning body sees what is to be done.');
	end if;
	select q.* into p from pp.procedure q where q.id = v.id;
	return pp.ok(json_build_object('procedure', p.id, 'state', p.state,
		'state_name', (select case when english then s.name_en else s.name_de end from pp.machine_state s, pp.procedure_kind k
			where k.kind = p.kind and s.machine = k.machine and s.state = p.state), 'law_on', pp.iso(p.law_on),
		'steps', (select coalesce(json_agg(pp_api.step_json(p, t, at, english) order by t.id), '[]')
			from pp_api.machine_rows(p) t where t.who <> 'UHR'),
		'clock', (select coalesce(json_agg(json_build_object('event', t.event, 'machine', t.machine,
				'name', case when english then m.name_en else m.name_de end, 'to', t.to_state, 'legal_basis', t.legal_basis,
				'at', pp.rfc3339(pp_api.clock_instant(p, t, at))) order by t.id), '[]')
			from pp_api.machine_rows(p) t join pp.machine_event m on m.event = t.event where t.who = 'UHR'),
		'duties', pp_api.duties_json(p, english),
		'dues', (select coalesce(json_agg(pp_api.due_json(u, at) order by u.due_at), '[]')
			from pp.procedure_due u where u.procedure = p.id and u.state in ('OFFEN', 'GEHEMMT')),
		'tracks', (select coalesce(json_agg(json_build_object('machine', s.machine, 'state', s.state,
				'state_name', case when english then s.name_en else s.name_de end) order by s.machine), '[]')
			from pp.procedure_kind k, unnest(k.tracks) r (machine), pp.machine_state s
			where k.kind = p.kind and s.machine = r.machine and s.state = pp_api.machine_state_of(p, r.machine)
			  and exists (select from pp.machine_transition t where t.machine = r.machine and (t.lands is null or t.lands && p.lands)))));
end
$$;

-- How much waits of each duty of pp.duty; of reminders those that the clerk has found due.
create function pp_api.duty_counts(p pp.procedure) returns table (duty text, waiting bigint) language sql stable as $$
	select 'BETROFFENE', count(*) from pp_api.newest_plan(p.id) n where n.id is not null and not pp_api.affected_is_confirmed(n.id)
	union all
	select 'FRISTANTRAEGE', count(*) from pp.extension_request r join pp.invitation i on i.id = r.invitation
	 where i.procedure = p.id and r.decision is null
	union all
	select 'ERINNERUNGEN', json_array_length((pp_api.reminders_due(p.id)).body -> 'items') where p.planner_body = pp.current_body()
	union all
	select 'UNTERBRECHUNGEN', count(*) from pp_api.round_visible d, pp_api.round_interruption(d) o
	 where d.procedure = p.id and (o.rule).meaning <> 'GEDULDET' and not coalesce(pp_api.outage_is_decided(d.id, o.outages), false)
	union all
	select 'ABWAEGUNG', count(*) from pp.statement s where s.procedure = p.id and s.state in ('EINGEGANGEN', 'IN_BEARBEITUNG', 'VORGESCHLAGEN')
	union all
	select 'MITTEILUNG', count(*) from pp.statement s where s.procedure = p.id and s.state = 'ENTSCHIEDEN'
$$;

create function pp_api.duties_json(p pp.procedure, english bool) returns json language sql stable as $$
	select coalesce(json_agg(json_build_object('duty', d.duty, 'waiting', c.waiting, 'text', case when english then d.text_en else d.text_de end,
		'legal_basis', d.legal_basis, 'href', '/api/v1' || replace(replace(d.path, '{procedure}', p.id::text), '{plan}',
			coalesce((select n.id::text from pp_api.newest_plan(p.id) n), ''))) order by d.no), '[]')
	  from pp_api.duty_counts(p) c join pp.duty d on d.duty = c.duty where c.waiting > 0
$$;

create function pp_api.step_json(p pp.procedure, t pp.machine_transition, at timestamptz, english bool) returns json
language sql stable as $$
	select json_build_object('event', t.event, 'machine', t.machine, 'name', case when english then m.name_en else m.name_de end,
		'by', case t.who when 'RUNDE' then 'round' else 'event' end, 'from', t.from_state, 'to', t.to_state,
		'to_name', pp_api.state_name(t.machine, case t.to_state when '<' then p.rested_state else t.to_state end, english),
		'legal_basis', t.legal_basis, 'needs_reason', t.needs_reason, 'skips', to_json(t.skips),
		'skips_names', pp_api.event_names(t.skips, english),
		'fields', (select coalesce(json_agg(json_build_object('name', f -> 'name', 'type', f -> 'type', 'required', f -> 'required',
				'choices', f -> 'choices', 'about', case when english then f -> 'en' else f -> 'de' end) order by n), '[]')
			from jsonb_array_elements(m.fields) with ordinality x (f, n)),
		'period', t.due_rule, 'period_event', t.due_event,
		'rounds', (select coalesce(json_agg(json_build_object('step', s.step, 'audiences', to_json(s.audiences), 'legal_basis', s.law) order by s.step), '[]')
			from pp.round_step s where s.event = t.event and t.machine = any (s.machines)
			  and not exists (select from pp_api.machine_missing(p, t, jsonb_build_object('step', s.step), pp.day(at), at) g where g.pointer = '/step')),
		'missing', (select coalesce(json_agg(json_build_object('code', g.code, 'pointer', g.pointer,
				'text', case when english then g.en else g.de end)), '[]')
			from pp_api.machine_missing(p, t, '{}', pp.day(at), at) g))
	  from pp.machine_event m where m.event = t.event
$$;

-- When the clock will, as things stand: of an event tied to a period its end, else the next beginning or end of a round.
create function pp_api.clock_instant(p pp.procedure, t pp.machine_transition, at timestamptz) returns timestamptz
language sql stable as $$
	select case when t.guards = '{}' then
		(select min(u.due_at) from pp.procedure_due u where u.procedure = p.id and u.event = t.event and u.state = 'OFFEN')
	when t.guards && '{formal_begun,display_begun}' then
		(select min(d.opens_at) from pp.round d where d.procedure = p.id and d.phase = 'formal' and d.cancelled_at is null and d.opens_at > at)
	when t.guards && '{display_over}' then
		(select max(pp_api.display_ends_at(d)) from pp.round d where d.procedure = p.id and d.step = 'PFV_AUSL' and d.cancelled_at is null)
	else (select max(d.closes_at) from pp.round d where d.procedure = p.id and d.cancelled_at is null and d.closes_at > at
		and d.phase = case when t.guards && '{early_over}' then 'early' else 'formal' end) end
$$;

-- Links between procedures -------------------------------------------------------------------------

create function pp_api.procedure_links(procedure uuid) returns pp.reply language plpgsql stable as $$
declare
	p pp_api.procedure_visible := pp_api.need_procedure(procedure);
begin
	return pp.ok(json_build_object('items', (select coalesce(json_agg(json_build_object('kind', l.kind,
			'direction', case when l.procedure = p.id then 'out' else 'in' end, 'procedure', o.id, 'number', o.number,
			'title', o.title, 'procedure_kind', o.kind, 'planner_body', o.planner_body, 'state', o.state, 'at', pp.rfc3339(l.at)) order by l.at, o.number), '[]')
		from pp.procedure_link l join pp_api.procedure_visible o
			on o.id = case when l.procedure = p.id then l.other else l.procedure end
		where p.id in (l.procedure, l.other))));
end
$$;

create function pp_api.procedure_link_create(procedure uuid, body jsonb, at timestamptz, idempotency_key text,
	request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	p pp.procedure;
	o pp_api.procedure_visible;
begin
	if r.status is not null then
		return r;
	end if;
	p := pp_api.own_procedure(procedure);
	select v.* into o from pp_api.procedure_visible v where v.id = (body ->> 'procedure')::uuid;
	if o.id is null then
		perform pp.refuse('procedure_not_found', 'There is no such procedure that you may see.', '/procedure');
	elsif o.id = p.id then
		perform pp.refuse('invalid_body', 'A procedure is not linked to itself.', '/procedure');
	elsif body ->> 'kind' = 'PARALLEL' and (p.kind like 'BP%') = (o.kind like 'BP%') then
		-- § 8 (3) BauGB.
		perform pp.refuse('invalid_body', 'Parallel are a development plan and a land-use plan.', '/kind');
	end if;
	insert into pp.procedure_link (procedure, other, kind, at, created_by)
		values (p.id, o.id, body ->> 'kind', at, pp.current_account()) on conflict do nothing;
	perform pp_api.procedure_touch(p.id, at);
	return pp.remember(idempotency_key, pp_api.procedure_links(p.id));
end
$$;

-- The machines, for pages and programs that draw them ---------------------------------------------------

create function pp_api.procedure_kinds(lang text default 'de') returns pp.reply language sql stable as $$
	select pp.ok(json_build_object('items', (select json_agg(json_build_object('kind', k.kind, 'family', k.family,
			'name', case lang when 'en' then k.name_en else k.name_de end, 'law', k.law, 'machine', k.machine, 'tracks', to_json(k.tracks))
			order by k.family, k.kind) from pp.procedure_kind k),
		'machines', (select json_object_agg(m.machine, json_build_object(
			'states', (select json_agg(json_build_object('state', s.state, 'name', case lang when 'en' then s.name_en else s.name_de end,
				'initial', s.is_initial, 'final', s.is_final) order by s.no) from pp.machine_state s where s.machine = m.machine),
			'transitions', (select json_agg(json_build_object('event', t.event, 'name', case lang when 'en' then e.name_en else e.name_de end,
				'from', t.from_state, 'to', t.to_state, 'who', t.who, 'guards', to_json(t.guards), 'kinds', to_json(t.kinds),
				'lands', to_json(t.lands), 'not_lands', to_json(t.not_lands), 'period', t.due_rule, 'period_event', t.due_event,
				'legal_basis', t.legal_basis, 'valid_from', pp.iso(t.valid_from), 'valid_to', pp.iso(t.valid_to)) order by t.id)
				from pp.machine_transition t join pp.machine_event e on e.event = t.event where t.machine = m.machine)))
		from (select distinct s.machine from pp.machine_state s) m)))
$$;

grant execute on function pp_api.state_name(text, text, bool), pp_api.event_names(text[], bool), pp_api.event_said(jsonb, jsonb, bool),
	pp_api.event_json(pp_api.procedure_event_visible, text),
	pp_api.procedure_timeline(uuid, timestamptz, text), pp_api.procedure_event_show(uuid, uuid, text),
	pp_api.procedure_kinds(text) to pp_server, pp_public;
grant execute on function pp_api.due_json(pp.procedure_due, timestamptz),
	pp_api.procedure_event_create(uuid, jsonb, date, timestamptz, timestamptz, text, bytea, text),
	pp_api.procedure_next_steps(uuid, timestamptz, text), pp_api.step_json(pp.procedure, pp.machine_transition, timestamptz, bool),
	pp_api.duty_counts(pp.procedure), pp_api.duties_json(pp.procedure, bool),
	pp_api.clock_instant(pp.procedure, pp.machine_transition, timestamptz), pp_api.procedure_links(uuid),
	pp_api.procedure_link_create(uuid, jsonb, timestamptz, text, bytea) to pp_server;
