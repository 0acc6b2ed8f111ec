-- SPDX-License-Identifier: EUPL-1.2
-- The machines: every event in every state of every kind, in Hamburg and in Schleswig-Holstein, by request; the tables
-- are whole; what was recorded stays.
set client_min_messages = warning;
select plan(13);

-- The tables
select is((select string_agg(t.machine || ' ' || t.event || ' ' || t.to_state, ', ') from pp.machine_transition t
	where t.to_state not in ('=', '<') and not exists (select from pp.machine_state s where (s.machine, s.state) = (t.machine, t.to_state))), null,
	'every transition leads to a state of its machine');
select is((select string_agg(distinct g, ' ') from pp.machine_transition t, unnest(t.guards) g
	where to_regproc('pp_api.guard_' || g) is null), null, 'every guard is a function');
select is((select string_agg(p.proname, ' ') from pg_proc p where p.pronamespace = 'pp_api'::regnamespace and p.proname like 'guard\_%'
	and not exists (select from pp.machine_transition t where substr(p.proname, 7) = any (t.guards))), null, 'and every function is somebody''s guard');
select is((select string_agg(distinct t.effect, ' ') from pp.machine_transition t where to_regproc('pp_api.effect_' || t.effect) is null), null, 'every effect is a function');
select is((select string_agg(distinct s, ' ') from pp.machine_transition t, unnest(t.due_states) s
	where not exists (select from pp.machine_state m where (m.machine, m.state) = (t.machine, s))), null, 'periods run in states of the machine');
select is((select string_agg(t.event || ' ' || t.due_event, ' ') from pp.machine_transition t where t.due_event is not null
	and not exists (select from pp.machine_transition u where (u.machine, u.event, u.who) = (t.machine, t.due_event, 'UHR') and u.from_state = any (t.due_states))), null,
	'what a period ends in can happen while it runs');
select is((select string_agg(e.event, ' ') from pp.machine_event e where not exists (select from pp.machine_transition t where t.event = e.event)), null, 'no event is nobody''s');
select is((select string_agg(k.kind, ' ') from pp.procedure_kind k where not exists (select from pp.round_step s where k.machine = any (s.machines))), null, 'every kind asks somebody');

-- Every pair. What is said with an event is what its fields want, so that only states, kinds and conditions decide.
create function t.said(event text) returns jsonb language sql as $$
	select coalesce(jsonb_object_agg(f ->> 'name', case f ->> 'type' when 'date' then '"2026-02-01"'::jsonb when 'bool' then 'true'
		when 'choice' then f -> 'choices' -> 0 when 'list' then coalesce(f -> 'choices', '["02000000"]') else '"etwas"' end), '{}')
	  from pp.machine_event m, jsonb_array_elements(m.fields) f where m.event = $1
$$;
create table t.pair (kind text, land text, machine text, state text, event text, outcome text, became text);
create function t.try_all() returns void language plpgsql as $$
declare
	c record;
	state_after text;
	result text;
begin
	for c in select k.kind, x.land, k.machine, k.tracks, s.state, s.is_initial from pp.procedure_kind k
		join pp.machine_state s on s.machine = k.machine, unnest(array['02', '01']) x (land)
	loop
		declare
			new_id uuid := pp.uuid7(now());
			e text;
		begin
			insert into pp.procedure (id, number, kind, title, planning_municipalities, planner_body, lands, state, state_since, search_text,
				created_at, changed_at, law_on, rested_state, withdrawn_at, withdraw_reason)
				values (new_id, 'M' || c.kind || c.land || c.state, c.kind, 'x', array[case c.land when '02' then '02000000' else '01999001' end], '02000000', array[c.land],
					c.state, '2026-01-01', 'x', '2026-01-01', '2026-01-01', '2026-01-01', case when c.state = 'RUHT' then 'ANGELEGT' end,
					case when c.state = 'EINGESTELLT' then '2026-01-02'::timestamptz end, case when c.state = 'EINGESTELLT' then 'x' end);
			-- Events of other machines are tried in the first state.
			for e in select m.event from pp.machine_event m where c.is_initial or exists (select from pp.machine_transition t
				where t.event = m.event and t.machine = any (c.machine || c.tracks))
			loop
				begin
					perform t.become('planner');
					select r.body ->> 'to' into state_after from pp_api.procedure_event_create(new_id, jsonb_build_object('event', e, 'on', '2026-02-01', 'reason', 'Grund', 'data', t.said(e)),
						'2026-03-02', '2026-03-02 23:00+00', '2026-02-02 10:00+00', null, null) r;
					perform set_config('session_authorization', 'postgres', true);
					raise exception using errcode = 'XX999', message = coalesce(state_after, '?');
				exception
					when sqlstate 'XX999' then
						insert into t.pair values (c.kind, c.land, c.machine, c.state, e, 'done', sqlerrm);
					when sqlstate 'PP001' then
						get stacked diagnostics result = pg_exception_hint;
						perform set_config('session_authorization', 'postgres', true);
						insert into t.pair values (c.kind, c.land, c.machine, c.state, e, result);
				end;
			end loop;
		end;
	end loop;
end
$$;
select t.try_all();
select ok((select count(*) > 15000 from t.pair), 'every event was tried in every state of every kind, in two Länder');
-- The oracle reads the rows and nothing else.
select is((select string_agg(format('%s %s %s %s: %s', p.kind, p.land, p.state, p.event, p.outcome), E'\n' order by p.kind, p.state, p.event) from t.pair p
	join pp.procedure_kind k on k.kind = p.kind
	left join lateral (select t.* from pp.machine_transition t
		where t.event = p.event and (t.machine = p.machine and t.from_state = p.state
			or t.machine = any (k.tracks) and t.from_state = 'OFFEN')
		  and (t.kinds is null or p.kind = any (t.kinds)) and (t.lands is null or p.land = any (t.lands)) and not p.land = any (t.not_lands)
		  and '2026-01-01' between t.valid_from and coalesce(t.valid_to, 'infinity') order by t.id limit 1) r on true
	where case when p.state = 'EINGESTELLT' then p.outcome <> 'procedure_withdrawn'
		when r.id is null or r.who <> 'PLANUNG' then p.outcome <> 'event_not_allowed'
		when p.outcome = 'done' then p.became <> case r.to_state when '=' then r.from_state when '<' then 'ANGELEGT' else r.to_state end
		else p.outcome not in ('requirement_missing', 'invalid_body') end), null, 'allowed as the table says, or refused with the right problem');
select ok((select count(distinct (machine, event, state)) from t.pair where outcome = 'done') > 300, 'most of what is allowed needs nothing more than to be said');

-- The record
select t.make_procedure('planner', 'Bleibt', '2026-02-01 10:00+00') as p \gset
select t.reply('planner', format($$pp_api.procedure_event_create(%L, '{"event": "AUFSTELLUNGSBESCHLUSS", "on": "2026-02-01"}', null, null, '2026-02-02', null, null)$$, :'p')) is not null;
select is(t.outcome('planner', 'update pp.procedure_event set reason = null') || t.outcome('owner', 'update pp.procedure_event set reason = null')
	|| t.outcome('owner', 'delete from pp.procedure_event') || t.outcome('owner', 'truncate pp.procedure_event cascade'), '42501230012300123001', 'nobody rewrites what happened');
select is(t.outcome('planner', format($$select pp_api.procedure_event_create(%L, '{"event": "AUFSTELLUNGSBESCHLUSS"}', null, null, '2026-02-02', null, null)$$, :'p')),
	'event_not_allowed /event', 'nor does it happen twice');

select * from finish();
