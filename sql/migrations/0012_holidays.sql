-- SPDX-License-Identifier: EUPL-1.2
-- Holidays that administrators add, and ends that move on from them (§ 193 BGB). Locks: pp.round and
-- pp.invitation for the moment of new triggers, columns and indexes.

create table pp.holiday (
	id uuid primary key,
	area text not null collate "C" check (area ~ '^([0-9]{2}|[0-9]{3}|[0-9]{5}|[0-9]{8,9})$'),
	falls_on text not null,
	kind text not null check (kind in ('fixed', 'easter', 'weekday')),
	month int not null check (month between 0 and 12),
	day int not null check (day between 0 and 31),
	shift int not null check (shift between -80 and 250),
	from_year int not null,
	until_year int not null,
	name_de text not null check (length(name_de) between 1 and 200),
	name_en text not null check (length(name_en) between 1 and 200),
	source text not null check (length(source) between 3 and 500),
	added_at timestamptz not null,
	added_by uuid not null references pp.account,
	withdrawn_at timestamptz,
	withdrawn_by uuid references pp.account,
	withdraw_reason text check (length(withdraw_reason) between 3 and 2000),
	version int not null default 1,
	check (until_year >= from_year),
	check ((kind = 'easter') = (month = 0) and (month = 0) = (day = 0)),
	check ((withdrawn_at is null) = (withdraw_reason is null)
		and (withdrawn_at is null) = (withdrawn_by is null)),
	constraint holiday_once exclude using gist (area with =, falls_on with =,
		int4range(from_year, until_year, '[]') with &&) where (withdrawn_at is null)
);
create index holiday_area on pp.holiday (area);
comment on table pp.holiday is
	'Holidays of a Land for one day, and of some municipalities only. None is ever deleted: one that is withdrawn counts for what was computed before.';
comment on column pp.holiday.area is 'Key of a Land, Regierungsbezirk, Kreis, municipality or Amt, by its length.';
comment on column pp.holiday.falls_on is 'As it was given; kind, month, day and shift are the same, understood (include/pp/law/addition.h).';
comment on column pp.holiday.shift is 'easter: days after Easter Sunday; weekday: which one (ISO 8601), the last before month and day.';
create trigger holiday_stays before update of id, area, falls_on, kind, month, day, shift, from_year,
	until_year, name_de, name_en, source, added_at, added_by or delete or truncate on pp.holiday
	for each statement execute function pp.forbid_change();
grant select on pp.holiday to pp_server, pp_public;
grant insert, update (withdrawn_at, withdrawn_by, withdraw_reason, version) on pp.holiday to pp_server;

-- Meeus, Jones and Butcher: Astronomical Algorithms (1991), chapter 8; as pp_easter in server/law.
create function pp.easter(year int) returns date language sql immutable parallel safe as $$
	select make_date($1, n / 31, n % 31 + 1)
	  from (select $1 % 19 as a, $1 / 100 as b, $1 % 100 as c) s,
		lateral (select (19 * a + b - b / 4 - ((8 * b + 13) / 25) + 15) % 30 as h) t,
		lateral (select (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7 as l) u,
		lateral (select h + l - 7 * ((a + 11 * h + 22 * l) / 451) + 114 as n) v
$$;

create function pp.holiday_falls(h pp.holiday, day date) returns bool
language sql immutable parallel safe as $$
	select extract(year from $2) between h.from_year and h.until_year and case h.kind
		when 'fixed' then extract(month from $2) = h.month and extract(day from $2) = h.day
		when 'easter' then $2 = pp.easter(extract(year from $2)::int) + h.shift
		else extract(isodow from $2) = h.shift
			and $2 < make_date(extract(year from $2)::int, h.month, h.day)
			and $2 >= make_date(extract(year from $2)::int, h.month, h.day) - 7 end
$$;

-- The areas that a place lies in, by its Land and the key of its municipality, Kreis or Amt. An AGS is
-- Land, Regierungsbezirk, Kreis, municipality; an ARS has the Amt before the municipality.
create function pp.areas_of(land text, key text) returns text[] language sql immutable parallel safe as $$
	select case when key !~ '^[0-9]+$' then array[land]
		when length(key) = 12 then array[land, left(key, 3), left(key, 5), left(key, 9), left(key, 5) || right(key, 3)]
		else array[land, left(key, 3), left(key, 5), key] end
$$;

-- Whoever gives an end holds the calendar; whoever changes the calendar waits for them, so that no
-- end is computed by the one and judged by the other.
create function pp.calendar_hold() returns void language sql volatile as
$$ select pg_advisory_xact_lock_shared(hashtext('pp calendar')) $$;
create function pp.calendar_change() returns void language sql volatile as
$$ select pg_advisory_xact_lock(hashtext('pp calendar')) $$;

-- The place where statements on a procedure are received, whose calendar counts.
create function pp.areas_of_procedure(procedure uuid) returns text[] language sql stable as $$
	select pp.areas_of(coalesce(b.land, p.lands[1]), p.planner_body)
	  from pp.procedure p left join pp.body b on b.key = p.planner_body where p.id = $1
$$;

create function pp.refuse_added_holiday() returns trigger language plpgsql as $$
declare
	ends_at timestamptz := to_jsonb(new) ->> tg_argv[0];
begin
	perform pp.calendar_hold();
	if exists (select from pp.holiday h
		where h.withdrawn_at is null and h.area = any (pp.areas_of_procedure(new.procedure))
		  and pp.holiday_falls(h, pp.last_day(ends_at))) then
		perform pp.refuse('dataset_not_current',
			'A holiday was added while the end was computed; send the request again.');
	end if;
	return new;
end
$$;
create trigger round_calendar before insert on pp.round
	for each row execute function pp.refuse_added_holiday('closes_at');
create trigger invitation_calendar before insert on pp.invitation
	for each row execute function pp.refuse_added_holiday('deadline_at');

-- A deadline that was told only ever moves on, as a round does (round_grows).
create function pp.forbid_earlier() returns trigger language plpgsql as $$
begin
	raise exception using errcode = 'restrict_violation',
		message = format('%I.%I does not end earlier than was told', tg_table_schema, tg_table_name);
end
$$;
create trigger invitation_only_later before update of deadline_at on pp.invitation for each row
	when (new.deadline_at < old.deadline_at) execute function pp.forbid_earlier();

alter table pp.round add column version int not null default 1, add column moved_at timestamptz;
comment on column pp.round.moved_at is 'When its end moved on from a holiday that was added.';
comment on column pp.round.closes_at is 'The end in time, exclusive: what is received before it is in time.';
create index round_end on pp.round (closes_at);
create index invitation_end on pp.invitation (deadline_at);

-- pp_deadlines moves ends on, whomever they belong to, and sees of invitations what that takes.
grant usage on schema pp to pp_deadlines;
grant select, update (closes_at, closed_at, version, moved_at) on pp.round to pp_deadlines;
grant select, update (state, deadline, deadline_at, version) on pp.invitation to pp_deadlines;
grant select on pp.procedure, pp.body, pp.transition to pp_deadlines;
create policy deadlines on pp.invitation to pp_deadlines using (true) with check (true);
grant execute on function pp.identity(text), pp.current_role(), pp.refuse(text, text, text),
	pp.day(timestamptz), pp.last_day(timestamptz), pp.step_state(text, text, text),
	pp.next_state(text, text, text), pp.areas_of(text, text), pp.holiday_falls(pp.holiday, date),
	pp.easter(int) to pp_deadlines;
grant execute on function pp.easter(int), pp.holiday_falls(pp.holiday, date), pp.areas_of(text, text),
	pp.areas_of_procedure(uuid) to pp_server, pp_public;
grant execute on function pp.calendar_hold(), pp.calendar_change() to pp_server;
