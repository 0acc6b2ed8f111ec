-- SPDX-License-Identifier: EUPL-1.2
-- What there is to tell whoever has subscribed: written down, as one row, with what causes it, and told by the clerk to some
-- readers at a time, so that thousands of them hold nothing up.

create function pp_api.subscription_note(kind text, procedure uuid, at timestamptz, round uuid default null, state text default null,
	persons uuid[] default null) returns void language sql volatile as $$
	insert into pp.subscription_event (id, kind, procedure, round, state, persons, at) values (pp.uuid7($3), $1, $2, $4, $5, $6, $3)
$$;

-- Into force, discontinued, final: states that pp.machine_state calls news, of the procedure itself.
create function pp_api.subscription_note_state(p pp.procedure, e pp.procedure_event) returns void language sql volatile as $$
	select pp_api.subscription_note('STAND', p.id, e.recorded_at, state => e.to_state)
	  from pp.procedure_kind k join pp.machine_state m on m.machine = k.machine and m.state = e.to_state and m.news is not null
	 where k.kind = p.kind and k.machine = e.machine and e.to_state <> e.from_state
$$;

-- Whether a procedure concerns a place: its municipality plans, or is affected; the plan lies within the radius of the square.
create function pp_api.subscription_meets(ags text, cell text, radius_km int, p pp.procedure, plan uuid, geom geometry) returns bool
language sql stable as $$
	select coalesce(case when ags is not null then ags = any (p.planning_municipalities)
			or exists (select from pp.affected_municipality a where a.plan = $5 and a.ags = $1)
		else ST_DWithin(geom, ST_MakeEnvelope(e, n, e + 1000, n + 1000, 25832), radius_km * 1000) end, false)
	  from (select substring(cell from 10 for 3)::int * 1000 as e, substring(cell from 5 for 4)::int * 1000 as n) c
$$;

-- A round that was withdrawn before it began is no news any more, nor a procedure whose first round was told at once.
create function pp_api.subscription_is_moot(e pp.subscription_event) returns bool language sql stable as $$
	select exists (select from pp.round d where d.id = e.round and d.cancelled_at is not null)
		or e.kind = 'VEROEFFENTLICHT' and exists (select from pp.subscription_event o where o.procedure = e.procedure and o.kind = 'RUNDE' and o.at = e.at)
$$;

-- What its mail names, in the language of its reader.
create function pp_api.subscription_data(e pp.subscription_event, p pp.procedure, lang text) returns jsonb language sql stable as $$
	select jsonb_build_object('title', p.title, 'number', p.number, 'planner', pp.body_name(p.planner_body),
		'start', pp.iso(d.start_on), 'end', pp.iso(pp.last_day(d.closes_at)), 'state', case lang when 'en' then m.name_en else m.name_de end,
		'since', pp.iso(pp.day(e.at)), 'over', case when m.news = 'ENDE' then '' end)
	  from pp.procedure_kind k left join pp.round d on d.id = e.round left join pp.machine_state m on m.machine = k.machine and m.state = e.state
	 where k.kind = p.kind
$$;

-- The clerk's: at most so many readers of the oldest event that is not told yet. How many it has looked at; null: nothing waits.
create function pp_api.subscription_tell(at timestamptz, most int) returns int language plpgsql volatile as $$
declare
	e pp.subscription_event;
	p pp.procedure;
	s record;
	plan record;
	mail text;
	looked int := 0;
	sent int := 0;
	over bool;
begin
	select * into e from pp.subscription_event v where v.done_at is null order by v.id limit 1 for no key update;
	if e.id is null then
		return null;
	end if;
	select * into strict p from pp.procedure v where v.id = e.procedure;
	select l.id, l.geom into plan from pp.plan l where l.procedure = p.id and l.published_at is not null order by l.no desc limit 1;
	mail := case e.kind when 'VEROEFFENTLICHT' then 'subscription_published' when 'RUNDE' then 'subscription_round'
		when 'STAND' then 'subscription_state' else 'subscription_result' end;
	over := (select m.news = 'ENDE' from pp.procedure_kind k join pp.machine_state m on m.machine = k.machine and m.state = e.state where k.kind = p.kind);
	if p.published_at is not null and not pp_api.subscription_is_moot(e) then
		for s in select u.* from (
			(select v.id, v.holder, v.person, v.procedure, v.ags, v.cell, v.radius_km, v.lang from pp.subscription v
			  where v.procedure = e.procedure and e.kind <> 'VEROEFFENTLICHT' and v.confirmed_at is not null and coalesce(v.ends_at > at, true) and (e.after is null or v.id > e.after)
			    and (e.persons is null or v.person = any (e.persons)) order by v.id limit most)
			union all
			(select v.id, v.holder, v.person, v.procedure, v.ags, v.cell, v.radius_km, v.lang from pp.subscription v
			  where v.procedure is null and e.kind in ('VEROEFFENTLICHT', 'RUNDE') and v.confirmed_at is not null and v.ends_at > at
			    and (e.after is null or v.id > e.after) order by v.id limit most)) u order by u.id limit most
		loop
			looked := looked + 1;
			e.after := s.id;
			-- One mail to one reader, however many places and procedures of theirs it is about.
			continue when s.procedure is null and not pp_api.subscription_meets(s.ags, s.cell, s.radius_km, p, plan.id, plan.geom)
				or exists (select from pp.subscription o where o.holder = s.holder and o.id < s.id and o.confirmed_at is not null
					and coalesce(o.ends_at > at, true) and (e.kind <> 'VEROEFFENTLICHT' and o.procedure = p.id or o.procedure is null and e.kind in ('VEROEFFENTLICHT', 'RUNDE')
					and pp_api.subscription_meets(o.ags, o.cell, o.radius_km, p, plan.id, plan.geom)));
			perform pp_api.mail_enqueue(mail, null, s.lang, pp_api.subscription_data(e, p, s.lang)
				|| jsonb_build_object('what', pp_api.subscription_what(s.procedure, s.ags, s.radius_km, s.lang)), p.id, null, at,
				subscription => s.id, is_bulk => true);
			sent := sent + 1;
			-- The address is needed until the mail is sent or given up. Whoever made a statement is still told of its result.
			if over and s.person is null then
				update pp.subscription v set ends_at = at + interval '14 days' where v.id = s.id;
			end if;
		end loop;
	end if;
	update pp.subscription_event v set after = e.after, told = v.told + sent, done_at = case when looked < most then subscription_tell.at end where v.id = e.id;
	return looked;
end
$$;

-- Whatever has ended, and what was told a month ago.
create function pp_api.subscription_sweep(at timestamptz) returns bigint language plpgsql volatile as $$
declare
	gone bigint;
begin
	delete from pp.subscription s where s.ends_at <= at;
	get diagnostics gone = row_count;
	delete from pp.subscription_event e where e.done_at < $1 - interval '30 days';
	return gone;
end
$$;

grant execute on function pp_api.subscription_note(text, uuid, timestamptz, uuid, text, uuid[]),
	pp_api.subscription_note_state(pp.procedure, pp.procedure_event) to pp_server, pp_clerk;
grant execute on function pp_api.subscription_meets(text, text, int, pp.procedure, uuid, geometry),
	pp_api.subscription_is_moot(pp.subscription_event), pp_api.subscription_data(pp.subscription_event, pp.procedure, text),
	pp_api.subscription_tell(timestamptz, int), pp_api.subscription_sweep(timestamptz) to pp_clerk;
