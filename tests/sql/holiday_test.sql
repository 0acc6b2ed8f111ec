-- SPDX-License-Identifier: EUPL-1.2
-- Added holidays: when they fall, where they count, what they move, and that nothing ends earlier.
set client_min_messages = warning;
select plan(51);

-- Days
select is((select string_agg(pp.iso(pp.easter(y)), ' ') from unnest(array[1954, 2000, 2008, 2024, 2038, 2285]) y),
	'1954-04-18 2000-04-23 2008-03-23 2024-03-31 2038-04-25 2285-03-22', 'Easter is where the church has it');
select ok(bool_and(extract(isodow from pp.easter(y)) = 7 and pp.easter(y) between make_date(y, 3, 22) and make_date(y, 4, 25)),
	'a Sunday in spring') from generate_series(1950, 2999) y;
create function t.row(area text, falls_on text, kind text, month int, day int, shift int, from_year int, until_year int)
returns jsonb language sql as $$
	select jsonb_build_object('area', area, 'falls_on', falls_on, 'kind', kind, 'month', month, 'day', day, 'shift', shift,
		'from_year', from_year, 'until_year', until_year, 'name_de', 'Fest', 'name_en', 'Feast', 'source', '§ 1 FTG')
$$;
create function t.falls(h jsonb, first date, last date) returns text language sql as $$
	select string_agg(pp.iso(d::date), ' ' order by d) from generate_series(first, last, interval '1 day') d
	 where pp.holiday_falls(pp_api.holiday_row(h), d::date)
$$;
select is(t.falls(t.row('01', '08-08', 'fixed', 8, 8, 0, 2025, 2026), '2024-01-01', '2028-12-31'), '2025-08-08 2026-08-08', 'a day of the year, in its years');
select is(t.falls(t.row('01', '02-29', 'fixed', 2, 29, 0, 1, 9999), '2024-01-01', '2028-12-31'), '2024-02-29 2028-02-29', 'where the year has it');
select is(t.falls(t.row('01', 'easter+60', 'easter', 0, 0, 60, 1, 9999), '2024-01-01', '2026-12-31'), '2024-05-30 2025-06-19 2026-06-04', 'Corpus Christi');
select is(t.falls(t.row('01', 'wednesday before 11-23', 'weekday', 11, 23, 3, 1, 9999), '2021-01-01', '2023-12-31'), '2021-11-17 2022-11-16 2023-11-22', 'the Day of Repentance and Prayer');

-- Places
select is(pp.areas_of('09', '09761000'), '{09,097,09761,09761000}', 'a municipality lies in Land, Regierungsbezirk and Kreis');
select is(pp.areas_of('01', '010565687'), '{01,010,01056,010565687}', 'an Amt in Land and Kreis, and is no municipality');
select is(pp.areas_of('01', '010565687013'), '{01,010,01056,010565687,01056013}', 'an ARS names both');
select is(pp.areas_of('01', 'landesplanung-au'), '{01}', 'an authority lies in its Land');

-- Who may
create function t.add(h jsonb, moves jsonb, at timestamptz) returns text language sql as
$$ select format('pp_api.holiday_create(%L, %L, pp_api.calendar_version(), %L, null, null)', h, moves, at) $$;
create function t.one(area text, day date) returns jsonb language sql as $$
	select t.row(area, pp.iso(day), 'fixed', extract(month from day)::int, extract(day from day)::int, 0, extract(year from day)::int, extract(year from day)::int)
$$;
select is(t.outcome(who, 'select ' || t.add(t.one('02', '2026-03-04'), '[]', '2026-02-10')), outcome, who || ' adds: ' || outcome)
	from (values ('root', 'done'), ('planner', 'forbidden'), ('amt', 'forbidden'), ('citizen', 'forbidden'), ('anyone', '42501')) v (who, outcome);
select is(t.outcome(who, format('select * from pp_api.holiday_ends(pp_api.holiday_row(%L), ''2026-02-10'')', t.one('02', '2026-03-04'))), outcome, who || ' looks: ' || outcome)
	from (values ('root', 'done'), ('planner', 'forbidden'), ('nobody', 'forbidden')) v (who, outcome);
select is(t.outcome('root', 'delete from pp.holiday') || t.outcome('root', $$update pp.holiday set area = '03'$$), '4250142501', 'nobody rewrites one');
select is(t.outcome('owner', 'delete from pp.holiday') || t.outcome('owner', $$update pp.holiday set falls_on = 'x'$$), '2300123001', 'not even the owner');

-- Ends move on
select t.make_procedure('planner', 'Am Rand', '2026-02-01 10:00+00') as p \gset
select t.make_plan('planner', :'p', t.result(), '2026-02-01 11:00+00') as l \gset
select t.reply('planner', format('pp_api.affected_confirm(%L, ''2026-02-01 12:00+00'', null, null)', :'l')) is not null;
select t.make_round(:'p', 'FOERM_TOEB', 'TOEB', '2026-02-02', '2026-03-04', null, '2026-02-01 13:00+00') as r \gset
select is(t.value('root', format('select string_agg(concat_ws('' '', planner, land, last_day), '','') from pp_api.holiday_prepare(%L, ''2026-02-10'')', t.one('02', '2026-03-04'))), '02000000 02 2026-03-04', 'places and days that a new holiday falls on');
select is(t.value('root', format('select count(*) from pp_api.holiday_prepare(%L, %L)', t.one(area, day::date), at)), '0', 'none ' || what)
	from (values ('01', '2026-03-04', '2026-02-10', 'of another Land'), ('02', '2026-03-03', '2026-02-10', 'on another day'), ('02', '2026-03-04', '2026-09-10', 'of what is long over')) v (area, day, at, what);
select is(t.outcome('root', 'select ' || t.add(t.one('02', '2026-03-04'), '[]', '2026-02-10')), 'dataset_not_current', 'an end that was not computed is computed anew');
select is(t.outcome('root', format('select pp_api.holiday_create(%L, ''[]'', 7, ''2026-02-10'', null, null)', t.one('03', '2026-03-04'))), 'dataset_not_current', 'so is one of another calendar');
select t.body('root', t.add(t.one('02', '2026-03-04'), '[{"planner": "02000000", "day": "2026-03-04", "end_at": "2026-03-05T23:00:00Z"}]', '2026-02-10')) as added \gset
select is(jsonb_array_length(:'added'::jsonb -> 'affects'), 5, 'the round and its four invitations move');
select is(d.closes_at || ' ' || d.end_on, '2026-03-05 23:00:00+00 2026-03-04', 'to the end of the working day; what was printed stays') from pp.round d where d.id = :'r';
select is(string_agg(distinct i.deadline || ' ' || i.version, ','), '2026-03-05 2', 'every invitation counts it') from pp.invitation i where i.round = :'r';
select is(string_agg(kind || ' ' || n, ',' order by kind), 'holiday.added 1,invitation.deadline_moved 4,round.end_moved 1', 'an event each')
	from (select kind, count(*) as n from pp.event where kind like 'holiday.%' or kind like '%moved' and kind <> 'procedure.moved' group by kind) e;
select is(t.value('planner', format('select first || after || sequence - (p.version - 1) from pp_api.calendar_rounds(%1$L), pp_api.procedure_visible p where p.id = %1$L', :'p')), '2026-02-022026-03-061', 'a calendar that was subscribed to learns it');
select is(t.outcome('planner', 'select ' || t.round_call(:'p', 'FOERM_TOEB', 'NACHB', '2026-02-02', '2026-03-04', null, '2026-02-11')), 'dataset_not_current', 'a round that was computed without it is refused');
select is(t.outcome('root', 'select ' || t.add(t.one('02', '2026-03-04'), '[]', '2026-02-11')), 'holiday_exists /when', 'a holiday is added once');
select is(t.outcome('clerk', format('update pp.invitation set state = state where round = %L', :'r')), 'done', 'the clerk goes on as before');
select throws_ok(format('update pp.round set closes_at = closes_at - interval ''1 second'' where id = %L', :'r'), '23001', null, 'a round ends no earlier');
select throws_ok(format('update pp.invitation set deadline_at = deadline_at - interval ''1 second'' where round = %L', :'r'), '23001', null, 'nor does a deadline, for nobody');

-- Withdrawn
select :'added'::jsonb ->> 'id' as h \gset
select is(t.outcome('root', format('select pp_api.holiday_withdraw(%L, ''Irrtum'', %L, ''2026-02-12'')', :'h', seen)), outcome, 'with If-Match ' || coalesce(seen, 'missing') || ': ' || outcome)
	from (values (null, 'precondition_required'), ('2', 'precondition_failed'), ('1', 'done')) v (seen, outcome);
select is((t.reply('root', format('pp_api.holiday_withdraw(%L, ''Irrtum'', ''1'', ''2026-02-12'')', :'h'))).status, 204, 'it is withdrawn');
select is(t.value('anyone', format('select count(*) from pp_api.holiday_at(''{02}'', %L, ''2026-03-01'')', as_of)), n, 'as of ' || coalesce(as_of, 'now') || ': ' || n)
	from (values ('2026-02-09', '0'), ('2026-02-11', '1'), (null, '0')) v (as_of, n);
select is(t.outcome('planner', 'select ' || t.round_call(:'p', 'FOERM_TOEB', 'NACHB', '2026-02-02', '2026-03-04', null, '2026-02-13')), 'done', 'and moves nothing any more');

-- Two sessions: who changes the calendar waits for whoever gives an end, and the other way round
create function t.session(name text, who text) returns int language plpgsql as $$
declare
	p t.person;
begin
	select * into strict p from t.person o where o.name = who;
	perform dblink_connect($1, t.connection(p.login));
	perform dblink_exec($1, format('set pp.account = %L; set pp.body = %L; set pp.roles = %L', p.account, coalesce(p.body, ''), p.roles));
	return (select pid from dblink($1, 'select pg_backend_pid()') as (pid int));
end
$$;
create temporary table pids as select t.session('opener', 'planner') as opener, t.session('adder', 'root') as adder;
select dblink_exec('opener', 'begin');
select is((select s from dblink('opener', 'select (r).status from ' || t.round_call(:'p', 'FOERM_TOEB', 'STAAT', '2026-04-01', '2026-06-10', null, '2026-03-10 12:00+00') || ' r') as (s int)), 201, 'a round is being opened');
select is((select count(*) from dblink('adder', format('select planner from pp_api.holiday_prepare(%L, ''2026-03-10 12:00+00'')', t.one('02', '2026-06-10'))) as (planner text)), 0::bigint, 'and is not to be seen yet');
select dblink_send_query('adder', 'select (r).status from ' || t.add(t.one('02', '2026-06-10'), '[]', '2026-03-10 12:00+00') || ' r');
select ok(t.until_blocked('adder', adder, opener), 'a holiday on its last day waits for it') from pids;
select dblink_exec('opener', 'commit');
select throws_ok($$select s from dblink_get_result('adder') as (s int)$$, 'PP001', null, 'and is computed anew, because it knows no move for it');
select s from dblink_get_result('adder', false) as (s int);
select dblink_exec('adder', 'begin');
select is((select s from dblink('adder', 'select (r).status from ' || t.add(t.one('02', '2026-06-11'), '[]', '2026-03-10 12:00+00') || ' r') as (s int)), 201, 'a holiday is being added');
select dblink_send_query('opener', 'select (r).status from ' || t.round_call(:'p', 'FOERM_TOEB', 'STAAT', '2026-06-11', '2026-06-11', null, '2026-03-10 12:00+00') || ' r');
select ok(t.until_blocked('opener', opener, adder), 'a round that ends on it waits') from pids;
select dblink_exec('adder', 'commit');
select throws_ok($$select s from dblink_get_result('opener') as (s int)$$, 'PP001', null, 'and is refused, so that its end is computed anew');
select s from dblink_get_result('opener', false) as (s int);
select dblink_disconnect('opener'), dblink_disconnect('adder');
select * from finish();
