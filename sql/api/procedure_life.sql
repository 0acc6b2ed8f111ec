-- SPDX-License-Identifier: EUPL-1.2
-- The machines at work: an event is looked up, its conditions are asked, the state moves, the record is written,
-- periods begin and are settled. Nothing else changes the state of a procedure.

create function pp_api.machine_state_of(p pp.procedure, machine text) returns text language sql stable as $$
	select case when k.machine = $2 then p.state else coalesce(
		(select t.state from pp.procedure_track t where t.procedure = p.id and t.machine = $2),
		(select s.state from pp.machine_state s where s.machine = $2 and s.is_initial)) end
	  from pp.procedure_kind k where k.kind = p.kind
$$;

-- Every row that fits the procedure where it stands: its kind, its Länder, its law version, its states.
create function pp_api.machine_rows(p pp.procedure) returns setof pp.machine_transition language sql stable as $$
	select distinct on (t.machine, t.event) t.*
	  from pp.procedure_kind k, unnest(k.machine || k.tracks) m (machine), pp.machine_transition t
	 where k.kind = p.kind and t.machine = m.machine and t.from_state = pp_api.machine_state_of(p, m.machine)
	   and (t.kinds is null or p.kind = any (t.kinds)) and (t.lands is null or t.lands && p.lands)
	   and (t.not_lands = '{}' or not p.lands <@ t.not_lands)
	   and p.law_on between t.valid_from and coalesce(t.valid_to, 'infinity')
	 order by t.machine, t.event, t.id
$$;

create function pp_api.machine_missing(p pp.procedure, t pp.machine_transition, data jsonb, on_day date, at timestamptz)
returns setof pp_api.missing language plpgsql stable as $$
declare
	guard text;
begin
	foreach guard in array t.guards loop
		return query execute format('select * from pp_api.%I($1, $2, $3, $4)', 'guard_' || guard) using p, data, on_day, at;
	end loop;
end
$$;

-- What is said with an event, against the table of its fields.
create function pp_api.event_data(event text, data jsonb) returns void language plpgsql stable as $$
declare
	field jsonb;
	known jsonb := (select e.fields from pp.machine_event e where e.event = $1);
	word text;
	value jsonb;
	good bool;
begin
	for word in select jsonb_object_keys(data) loop
		if not exists (select from jsonb_array_elements(known) f where f ->> 'name' = word) then
			perform pp.refuse('invalid_body', format('%s does not say that.', event), '/data/' || word);
		end if;
	end loop;
	for field in select f from jsonb_array_elements(known) f loop
		word := field ->> 'name';
		value := nullif(data -> word, 'null');
		if value is null then
			if (field ->> 'required')::bool then
				perform pp.refuse('invalid_body', format('%s is needed: %s.', word, field ->> 'en'), '/data/' || word);
			end if;
			continue;
		end if;
		good := case field ->> 'type'
			when 'date' then jsonb_typeof(value) = 'string' and pp_api.is_date(value #>> '{}')
			when 'bool' then jsonb_typeof(value) = 'boolean'
			when 'text' then jsonb_typeof(value) = 'string' and length(btrim(value #>> '{}')) between 1 and 20000
			when 'choice' then jsonb_typeof(value) = 'string' and field -> 'choices' ? (value #>> '{}')
			when 'list' then jsonb_typeof(value) = 'array' and not exists (select from jsonb_array_elements(value) v
				where jsonb_typeof(v) <> 'string' or (field ? 'choices' and not field -> 'choices' ? (v #>> '{}')))
			end;
		if not good then
			perform pp.refuse('invalid_body', format('%s must be a %s%s.', word, field ->> 'type',
				coalesce(' of ' || (field -> 'choices')::text, '')), '/data/' || word);
		end if;
	end loop;
end
$$;

create function pp_api.is_date(word text) returns bool language plpgsql immutable as $$
begin
	return word ~ '^\d{4}-\d\d-\d\d$' and word::date is not null;
exception when datetime_field_overflow or invalid_datetime_format then
	return false;
end
$$;

-- § 193 BGB and the periods are computed in C; which one, from when, is said here. A rule with its first day; no rule
-- but a day: that day, moved on from a day off; neither: the event begins no period.
create function pp_api.procedure_event_prepare(procedure uuid, event text, data jsonb, happened_on date, at timestamptz,
	out rule text, out begins date, out land text) language plpgsql stable as $$
declare
	p pp.procedure;
	t pp.machine_transition;
	day date := coalesce(happened_on, pp.day(at));
begin
	-- Of a withdrawn one too: the request may be the repetition of the one that has withdrawn it.
	select q.* into p from pp.procedure q where q.id = (pp_api.need_procedure($1)).id and q.planner_body = pp.current_body();
	if not found then
		perform pp.refuse('forbidden', 'Only the planning body changes its procedure.');
	end if;
	select r.* into t from pp_api.machine_rows(p) r where r.event = $2;
	land := coalesce((select b.land from pp.body b where b.key = p.planner_body), p.lands[1]);
	rule := case when day < t.due_newer_from then t.due_older_rule else t.due_rule end;
	begins := case when rule is not null then day
		when t.effect = 'extend_due' and pp_api.is_date(data ->> 'bis') then (data ->> 'bis')::date
		when t.effect = 'resume_due' then (select max(u.due_on) + (day - max(e.happened_on))
			from pp.procedure_due u join pp.procedure_event e on e.procedure = u.procedure and e.event = 'ANZEIGE_HEMMUNG'
			where u.procedure = p.id and u.machine = t.machine and u.state = 'GEHEMMT'
			  and e.no = (select max(f.no) from pp.procedure_event f where f.procedure = p.id and f.event = 'ANZEIGE_HEMMUNG'))
		end;
end
$$;

-- One event. who is PLANUNG, RUNDE or UHR, and must be the row's. Refuses with event_not_allowed where the state has no
-- such row, with requirement_missing and all that is missing where its conditions are not met.
create function pp_api.procedure_happen(p pp.procedure, event text, who text, at timestamptz,
	happened_on date default null, data jsonb default '{}', reason text default null, round uuid default null,
	due_on date default null, due_at timestamptz default null, recorded_at timestamptz default null)
returns pp.procedure_event language plpgsql volatile as $$
declare
	t pp.machine_transition;
	e pp.procedure_event;
	day date := coalesce(happened_on, pp.day(at));
	wrong text;
	falsch text;
	place text;
	before text;
	label text;
	plan record;
begin
	select r.* into t from pp_api.machine_rows(p) r where r.event = $2;
	if t.id is null then
		perform pp.refuse('event_not_allowed', format('%s does not belong to the state %s of a procedure of the kind %s. Possible now: %s.',
			event, p.state, p.kind, coalesce((select string_agg(r.event, ', ' order by r.id) from pp_api.machine_rows(p) r
				where r.who = 'PLANUNG'), 'nothing')), case who when 'PLANUNG' then '/event' end);
	elsif t.who <> who then
		perform pp.refuse('event_not_allowed', case t.who when 'UHR' then 'That happens by the clock, not by request.'
			else 'That happens when a round is opened: POST /procedures/{procedure}/rounds.' end, '/event');
	elsif t.needs_reason and coalesce(btrim(reason), '') = '' then
		perform pp.refuse('invalid_body', format('%s needs a reason.', event), '/reason');
	end if;
	select string_agg(m.en, ' '), string_agg(m.de, ' '), min(m.pointer) into wrong, falsch, place from pp_api.machine_missing(p, t, data, day, at) m;
	if wrong is not null then
		perform pp.refuse('requirement_missing', pp_api.in_two(wrong, falsch), place);
	end if;
	before := pp_api.machine_state_of(p, t.machine);
	select n.* into plan from pp_api.newest_plan(p.id) n;
	if who <> 'UHR' then
		label := pp_api.my_label();
	end if;
	e := row(pp.uuid7(at), p.id, (select coalesce(max(f.no), 0) + 1 from pp.procedure_event f where f.procedure = p.id),
		t.machine, event, before, case t.to_state when '=' then before when '<' then p.rested_state else t.to_state end,
		day, at, coalesce(recorded_at, at), who, case when who <> 'UHR' then pp.current_account() end,
		label, nullif(btrim(reason), ''), data, round, plan.id, plan.geom_sha256,
		array(select s from unnest(t.skips) s where not exists (select from pp.procedure_event f where f.procedure = p.id and f.event = s)),
		t.legal_basis, p.law_on);
	insert into pp.procedure_event select e.*;
	perform pp_api.procedure_move(p, t, e);
	perform pp_api.procedure_periods(p, t, e, due_on, due_at);
	if t.effect is not null then
		execute format('select pp_api.%I($1, $2, $3, $4)', 'effect_' || t.effect) using p, e, due_on, due_at;
	end if;
	perform pp_api.procedure_tell(p, e);
	perform pp_api.subscription_note_state(p, e);
	return e;
end
$$;

-- Who hears of it: whoever may read it in the timeline.
create function pp_api.procedure_tell(p pp.procedure, e pp.procedure_event) returns void language plpgsql volatile as $$
declare
	kind text := case e.event when 'AUFSTELLUNGSBESCHLUSS' then 'procedure.resolved' when 'EINSTELLEN' then 'procedure.withdrawn'
		else 'procedure.moved' end;
	said json := json_build_object('event', e.event, 'machine', e.machine, 'from', e.from_state, 'to', e.to_state);
begin
	if (select m.is_public from pp.machine_event m where m.event = e.event) then
		perform pp_api.procedure_emit(kind, p.id, e.recorded_at, said);
	else
		perform pp.emit(kind, e.recorded_at, p.id, data => said, bodies => array[p.planner_body] || array(select b.key from pp.body b
			where e.machine = 'PLANUNGSANZEIGE' and b.kind = 'LANDESPLANUNG' and b.land = any (p.lands)));
	end if;
end
$$;

create function pp_api.procedure_move(p pp.procedure, t pp.machine_transition, e pp.procedure_event) returns void
language plpgsql volatile as $$
begin
	if (select k.machine from pp.procedure_kind k where k.kind = p.kind) <> t.machine then
		insert into pp.procedure_track as r (procedure, machine, state, state_since) values (p.id, t.machine, e.to_state, e.at)
			on conflict on constraint procedure_track_pkey do update set state = e.to_state, state_since = e.at
			where r.state <> e.to_state;
	elsif e.to_state = 'EINGESTELLT' then
		update pp.procedure q set state = e.to_state, state_since = e.at, version = q.version + 1,
			withdrawn_at = e.recorded_at, withdraw_reason = e.reason
		 where q.id = p.id;
	elsif e.to_state <> e.from_state then
		update pp.procedure q set state = e.to_state, state_since = e.at, version = q.version + 1,
			rested_state = case when e.to_state = 'RUHT' then e.from_state end
		 where q.id = p.id;
	end if;
end
$$;

-- What ran in states that were left is settled; what the event begins runs from the day that counts.
create function pp_api.procedure_periods(p pp.procedure, t pp.machine_transition, e pp.procedure_event, due_on date,
	due_at timestamptz) returns void language plpgsql volatile as $$
begin
	update pp.procedure_due u set state = 'ERLEDIGT', settled_at = e.recorded_at
	 where u.procedure = p.id and u.machine = t.machine and u.state in ('OFFEN', 'GEHEMMT')
	   and (not e.to_state = any (u.states) or u.rule = t.due_rule) and e.to_state <> 'RUHT';
	-- The rest of a procedure stops no period of law: what has run out meanwhile has its consequence now.
	if t.to_state = '<' then
		update pp.procedure_due u set state = 'OFFEN', settled_at = null
		 where u.procedure = p.id and u.machine = t.machine and u.state = 'ABGELAUFEN' and u.due_at > p.state_since
		   and u.event is not null and e.to_state = any (u.states);
	end if;
	if t.due_rule is not null then
		insert into pp.procedure_due (id, procedure, began_by, machine, rule, event, states, began_on, due_on, due_at, legal_basis)
			values (pp.uuid7(e.recorded_at), p.id, e.id, t.machine,
				case when e.happened_on < t.due_newer_from then t.due_older_rule else t.due_rule end,
				t.due_event, t.due_states, e.happened_on, due_on, due_at, t.legal_basis);
	end if;
end
$$;

-- What the clock alone decides, for one procedure, until nothing more follows.
create function pp_api.procedure_follow(procedure uuid, at timestamptz, recorded_at timestamptz default null) returns void
language plpgsql volatile as $$
declare
	p pp.procedure;
	next text;
begin
	loop
		select q.* into p from pp.procedure q where q.id = $1 for no key update;
		select r.event into next from pp_api.machine_rows(p) r
		 where r.who = 'UHR' and r.guards <> '{}'
		   and not exists (select from pp_api.machine_missing(p, r, '{}', pp.day(at), at))
		 order by r.id limit 1;
		exit when next is null;
		perform pp_api.procedure_happen(p, next, 'UHR', at, recorded_at => recorded_at);
	end loop;
end
$$;

-- Periods whose end has come: the event that law ties to it, where the procedure still waits for it.
create function pp_api.procedure_dues(at timestamptz, recorded_at timestamptz) returns void language plpgsql volatile as $$
declare
	u pp.procedure_due;
	p pp.procedure;
begin
	for u in select v.* from pp.procedure_due v where v.state = 'OFFEN' and v.due_at <= at order by v.due_at for update loop
		update pp.procedure_due v set state = 'ABGELAUFEN', settled_at = recorded_at where v.id = u.id and v.state = 'OFFEN';
		-- Another period that ended at the same instant may have settled it.
		continue when not found;
		select q.* into p from pp.procedure q where q.id = u.procedure for no key update;
		if exists (select from pp_api.machine_rows(p) r where r.event = u.event and r.who = 'UHR') then
			perform pp_api.procedure_happen(p, u.event, 'UHR', u.due_at, pp.last_day(u.due_at), recorded_at => recorded_at);
			perform pp_api.procedure_follow(u.procedure, u.due_at, recorded_at);
		else
			perform pp.emit('procedure.due', recorded_at, u.procedure, bodies => array[p.planner_body],
				data => json_build_object('rule', u.rule, 'due_on', pp.iso(u.due_on)));
		end if;
	end loop;
end
$$;

-- Periods that an event of the clock has begun: the clerk computes their ends, as server/law has them.
create function pp_api.due_dateless() returns table (due uuid, rule text, begins date, land text) language sql stable as $$
	select u.id, u.rule, u.began_on, coalesce(b.land, p.lands[1])
	  from pp.procedure_due u join pp.procedure p on p.id = u.procedure left join pp.body b on b.key = p.planner_body
	 where u.due_at is null and u.state = 'OFFEN' order by u.id limit 100
$$;

create function pp_api.due_date(due uuid, due_on date, due_at timestamptz) returns void language sql volatile as $$
	update pp.procedure_due u set due_on = $2, due_at = $3 where u.id = $1 and u.due_at is null
$$;

grant execute on function pp_api.machine_state_of(pp.procedure, text), pp_api.machine_rows(pp.procedure),
	pp_api.machine_missing(pp.procedure, pp.machine_transition, jsonb, date, timestamptz),
	pp_api.procedure_happen(pp.procedure, text, text, timestamptz, date, jsonb, text, uuid, date, timestamptz, timestamptz),
	pp_api.procedure_tell(pp.procedure, pp.procedure_event),
	pp_api.procedure_move(pp.procedure, pp.machine_transition, pp.procedure_event),
	pp_api.procedure_periods(pp.procedure, pp.machine_transition, pp.procedure_event, date, timestamptz),
	pp_api.procedure_follow(uuid, timestamptz, timestamptz) to pp_server, pp_clerk;
grant execute on function pp_api.event_data(text, jsonb), pp_api.is_date(text),
	pp_api.procedure_event_prepare(uuid, text, jsonb, date, timestamptz) to pp_server;
grant execute on function pp_api.procedure_dues(timestamptz, timestamptz), pp_api.due_dateless(),
	pp_api.due_date(uuid, date, timestamptz), pp_api.holiday_of(uuid, timestamptz),
	pp_api.holiday_words(pp.holiday, text) to pp_clerk;
