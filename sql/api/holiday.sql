-- SPDX-License-Identifier: EUPL-1.2
-- Holidays that operators add. A change never shortens what was told: ends that fall on an added
-- holiday move on with it, in the same transaction (§ 193 BGB); those that moved before stay when it
-- is withdrawn.

create function pp_api.holiday_item(h pp.holiday) returns jsonb language sql stable as $$
	select jsonb_build_object('id', h.id, 'area', h.area, 'when', h.falls_on,
		'from', nullif(h.from_year, 1), 'until', nullif(h.until_year, 9999), 'name', h.name_de,
		'name_en', h.name_en, 'source', h.source, 'added', pp.rfc3339(h.added_at),
		'withdrawn', pp.rfc3339(h.withdrawn_at), 'withdraw_reason', h.withdraw_reason)
$$;

create function pp_api.holiday_show(holiday uuid) returns pp.reply language plpgsql stable as $$
declare
	h pp.holiday;
begin
	select * into h from pp.holiday o where o.id = $1;
	if not found then
		perform pp.refuse('holiday_not_found', 'There is no added holiday of that id.');
	end if;
	return pp.ok(pp_api.holiday_item(h)::json, h.version::text);
end
$$;

-- What the server computes with: the words of a row (include/pp/law/addition.h) and the key of the
-- place that it was asked for.
create type pp_api.added_holiday as (area text, falls_on text, from_year text, until_year text,
	name_de text, name_en text, source text, id text, added text, place text);

create function pp_api.holiday_words(h pp.holiday, place text) returns pp_api.added_holiday
language sql stable as $$
	select row(h.area, h.falls_on,
		case when h.falls_on !~ '^[0-9]{4}-' and h.from_year > 1 then h.from_year::text else '' end,
		case when h.falls_on !~ '^[0-9]{4}-' and h.until_year < 9999 then h.until_year::text else '' end,
		h.name_de, h.name_en, h.source, h.id::text, pp.rfc3339(h.added_at), $2)::pp_api.added_holiday
$$;

-- Those that counted at an instant (as_of, else now), for places by their keys, or all of them.
create function pp_api.holiday_at(places text[], as_of timestamptz, at timestamptz)
returns setof pp_api.added_holiday language plpgsql stable set plan_cache_mode = force_custom_plan as $$
begin
	return query select (pp_api.holiday_words(h, null)).* from pp.holiday h
	 where h.added_at <= coalesce(as_of, at)
	   and (h.withdrawn_at is null or h.withdrawn_at > coalesce(as_of, at))
	   and (places is null or h.area = any (
		array(select a from unnest(places) p, unnest(pp.areas_of(left(p, 2), p)) a)))
	 order by h.added_at, h.id;
end
$$;

-- Those of the place where statements on a procedure are received.
create function pp_api.holiday_of(procedure uuid, at timestamptz)
returns setof pp_api.added_holiday language plpgsql stable set plan_cache_mode = force_custom_plan as $$
declare
	areas text[] := pp.areas_of_procedure(procedure);
begin
	return query select (pp_api.holiday_words(h, p.planner_body)).* from pp.holiday h, pp.procedure p
	 where p.id = $1 and h.area = any (areas) and h.added_at <= at and h.withdrawn_at is null
	 order by h.added_at, h.id;
end
$$;

-- How often the calendar has changed: whoever computed by another number computes anew.
create function pp_api.calendar_version() returns bigint language sql stable as
$$ select count(*) + count(h.withdrawn_at) from pp.holiday h $$;

create function pp_api.holiday_row(holiday jsonb) returns pp.holiday language sql stable as
$$ select jsonb_populate_record(null::pp.holiday, $1) $$;

-- Ends on that day which are not long over: the longest run of days off is below 90 (server/law).
create function pp_api.holiday_ends(h pp.holiday, at timestamptz)
returns table (what text, id uuid, procedure uuid, planner text, land text, last_day date)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
	if not pp.has_role('operator') then
		perform pp.refuse('forbidden', 'Operators change the calendar.');
	end if;
	-- Few instants end much: those are judged, and what ends then is found by its index.
	return query with ends as materialized (
			select distinct d.closes_at as e from pp.round d where d.closes_at > $2 - interval '90 days'
			union select distinct i.deadline_at from pp.invitation i where i.deadline_at > $2 - interval '90 days'
			union select distinct u.due_at from pp.procedure_due u where u.state = 'OFFEN' and u.due_at > $2 - interval '90 days'),
		hit as materialized (select e from ends where pp.holiday_falls(h, pp.last_day(e)))
	select e.what, e.id, p.id, p.planner_body, coalesce(b.land, p.lands[1]), pp.last_day(e.ends_at)
	  from (select 'round' as what, d.id, d.procedure, d.closes_at as ends_at
		  from hit join pp.round d on d.closes_at = hit.e and d.cancelled_at is null
		union all
		select 'invitation', i.id, i.procedure, i.deadline_at
		  from hit join pp.invitation i on i.deadline_at = hit.e and i.cancelled_at is null
		union all
		select 'period', u.id, u.procedure, u.due_at
		  from hit join pp.procedure_due u on u.due_at = hit.e and u.state = 'OFFEN') e
	  join pp.procedure p on p.id = e.procedure left join pp.body b on b.key = p.planner_body
	 where p.withdrawn_at is null
	   and h.area = any (pp.areas_of(coalesce(b.land, p.lands[1]), p.planner_body));
end
$$;

-- What a new holiday would move: places with a last day that it falls on.
create function pp_api.holiday_prepare(holiday jsonb, at timestamptz)
returns table (planner text, land text, last_day date) language sql stable as $$
	select distinct e.planner, e.land, e.last_day
	  from pp_api.holiday_ends(pp_api.holiday_row($1), $2) e order by 1, 3
$$;

-- Moves what is still to end by law: moves says for planner and last day the new one and its end.
create function pp_api.holiday_move(h pp.holiday, moves jsonb, at timestamptz)
returns table (what text, id uuid, procedure uuid, planner text, participant text, mailbox text,
	old_day date, new_day date, is_public bool, state text, version int)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
	e record;
	to_at timestamptz;
begin
	for e in select * from pp_api.holiday_ends(h, $3) f order by f.id loop
		select m.end_at into to_at from jsonb_to_recordset($2) m (planner text, day date, end_at timestamptz)
		 where m.planner = e.planner and m.day = e.last_day;
		if to_at is null then
			perform pp.refuse('dataset_not_current', 'Rounds have changed meanwhile; send the request again.');
		end if;
		continue when to_at <= $3;
		if e.what = 'round' then
			return query update pp.round d set closes_at = to_at, closed_at = null, moved_at = $3,
				version = d.version + 1 where d.id = e.id
				returning e.what, d.id, d.procedure, d.planner_body, null, null, e.last_day,
					pp.last_day(to_at), d.audience = 'OEFF', null, d.version;
		elsif e.what = 'period' then
			return query update pp.procedure_due u set due_at = to_at, due_on = pp.last_day(to_at)
				where u.id = e.id and u.state = 'OFFEN'
				returning e.what, u.id, u.procedure, e.planner, null, null, e.last_day, pp.last_day(to_at),
					false, u.rule, null::int;
		else
			return query update pp.invitation i set deadline_at = to_at, deadline = pp.last_day(to_at),
				version = i.version + 1, state = case when i.state <> 'OHNE_ANTWORT' then i.state
					else pp.step_state('invitation', case when i.acknowledged_at is not null then 'reopen_read'
						when i.received_at is not null then 'reopen_received' else 'reopen_sent' end, i.state) end
				where i.id = e.id
				returning e.what, i.id, i.procedure, i.planner_body, i.participant, i.mailbox_body, e.last_day,
					pp.last_day(to_at), false, i.state, i.version;
		end if;
	end loop;
end
$$;

-- Tells of one end that moved on; the operator learns its id and its days.
create function pp_api.holiday_tell(m record, holiday uuid, at timestamptz) returns jsonb
language plpgsql volatile as $$
begin
	if m.what = 'round' then
		perform pp.emit('round.end_moved', at, m.procedure, m.id, bodies => pp_api.procedure_bodies(m.procedure),
			public => m.is_public, data => json_build_object('from', pp.iso(m.old_day),
				'to', pp.iso(m.new_day), 'holiday', holiday));
	elsif m.what = 'period' then
		perform pp.emit('procedure.due_moved', at, m.procedure, bodies => array[m.planner], data => json_build_object(
			'rule', m.state, 'from', pp.iso(m.old_day), 'to', pp.iso(m.new_day), 'holiday', holiday));
	else
		perform pp.emit('invitation.deadline_moved', at, m.procedure, invitation => m.id,
			bodies => array[m.planner, m.participant, m.mailbox],
			data => json_build_object('from', pp.iso(m.old_day), 'to', pp.iso(m.new_day),
				'holiday', holiday, 'body', m.participant, 'state', m.state, 'version', m.version));
	end if;
	return jsonb_build_object(m.what, m.id, 'end', pp.iso(m.old_day), 'would_be', pp.iso(m.new_day));
end
$$;

create function pp_api.holiday_is_new(h pp.holiday) returns void language plpgsql stable as $$
begin
	if exists (select from pp.holiday o where o.area = h.area and o.falls_on = h.falls_on
		and o.withdrawn_at is null
		and int4range(o.from_year, o.until_year, '[]') && int4range(h.from_year, h.until_year, '[]')) then
		perform pp.refuse('holiday_exists', format('%s is a holiday in %s already.', h.falls_on, h.area), '/when');
	end if;
end
$$;

-- What a new holiday would move, day by day, before anybody adds it: what was told is not taken back by withdrawing it.
create function pp_api.holiday_preview(holiday jsonb, moves jsonb, at timestamptz) returns pp.reply language plpgsql stable as $$
declare
	h pp.holiday := pp_api.holiday_row(holiday);
begin
	perform pp_api.holiday_is_new(h);
	return pp.ok((select json_build_object('items', coalesce(json_agg(json_build_object('what', g.what, 'count', g.n,
			'end', pp.iso(g.last_day), 'would_be', pp.iso(g.would_be)) order by g.last_day, g.would_be, g.what), '[]'))
		from (select e.what, e.last_day, pp.last_day(m.end_at) as would_be, count(*) as n
			from pp_api.holiday_ends(h, $3) e join jsonb_to_recordset($2) m (planner text, day date, end_at timestamptz)
				on m.planner = e.planner and m.day = e.last_day and m.end_at > $3
			group by 1, 2, 3) g));
end
$$;

create function pp_api.holiday_create(holiday jsonb, moves jsonb, calendar bigint, at timestamptz,
	idempotency_key text, request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	h pp.holiday := pp_api.holiday_row(holiday);
	m record;
	affects jsonb := '[]';
begin
	if r.status is not null then
		return r;
	end if;
	perform pp.calendar_change();
	perform pp.audit_several();
	if pp_api.calendar_version() <> calendar then
		perform pp.refuse('dataset_not_current', 'Another holiday was added or withdrawn meanwhile; send the request again.');
	end if;
	perform pp_api.holiday_is_new(h);
	h.id := pp.uuid7(at);
	h.added_at := at;
	h.added_by := pp.current_account();
	h.version := 1;
	insert into pp.holiday select h.*;
	for m in select * from pp_api.holiday_move(h, moves, at) loop
		affects := affects || pp_api.holiday_tell(m, h.id, at);
	end loop;
	perform pp.emit('holiday.added', at, public => true, data => json_build_object('holiday', h.id,
		'area', h.area, 'when', h.falls_on, 'name', h.name_de));
	return pp.remember(idempotency_key, pp.created('/api/v1/holidays/' || h.id,
		(pp_api.holiday_item(h) || jsonb_build_object('affects', affects))::json, '1'));
end
$$;

create function pp_api.holiday_withdraw(holiday uuid, reason text, if_match text, at timestamptz)
returns pp.reply language plpgsql volatile as $$
declare
	h pp.holiday;
begin
	perform pp.calendar_change();
	perform pp.audit_several();
	select * into h from pp.holiday o where o.id = $1 for no key update;
	if not found then
		perform pp.refuse('holiday_not_found', 'There is no added holiday of that id.');
	end if;
	perform pp.match(if_match, h.version);
	if h.withdrawn_at is null then
		update pp.holiday o set withdrawn_at = at, withdrawn_by = pp.current_account(),
			withdraw_reason = btrim(reason), version = h.version + 1 where o.id = h.id;
		perform pp.emit('holiday.withdrawn', at, public => true, data => json_build_object('holiday', h.id,
			'area', h.area, 'when', h.falls_on, 'name', h.name_de));
	end if;
	return row(204, null, null, null, null)::pp.reply;
end
$$;

grant execute on function pp_api.holiday_item(pp.holiday), pp_api.holiday_show(uuid),
	pp_api.holiday_words(pp.holiday, text), pp_api.holiday_at(text[], timestamptz, timestamptz) to pp_server, pp_public;
grant execute on function pp_api.holiday_of(uuid, timestamptz), pp_api.calendar_version(),
	pp_api.holiday_row(jsonb), pp_api.holiday_ends(pp.holiday, timestamptz),
	pp_api.holiday_prepare(jsonb, timestamptz), pp_api.holiday_move(pp.holiday, jsonb, timestamptz),
	pp_api.holiday_tell(record, uuid, timestamptz), pp_api.holiday_is_new(pp.holiday),
	pp_api.holiday_preview(jsonb, jsonb, timestamptz),
	pp_api.holiday_create(jsonb, jsonb, bigint, timestamptz, text, bytea),
	pp_api.holiday_withdraw(uuid, text, text, timestamptz) to pp_server;
grant execute on function pp_api.holiday_ends(pp.holiday, timestamptz) to pp_deadlines;

grant create on schema pp_api to pp_deadlines;
alter function pp_api.holiday_ends(pp.holiday, timestamptz) owner to pp_deadlines;
alter function pp_api.holiday_move(pp.holiday, jsonb, timestamptz) owner to pp_deadlines;
revoke create on schema pp_api from pp_deadlines;
