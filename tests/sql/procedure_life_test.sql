-- SPDX-License-Identifier: EUPL-1.2
-- Procedures at work: periods that are stopped, resumed, moved on and outlive a rest; what others hear of it.
set client_min_messages = warning;
select plan(28);

create function t.tell(procedure text, body jsonb, at timestamptz, due_on date default null) returns text language sql as $$
	select format('pp_api.procedure_event_create(%L, %L, %L, %L, %L, null, null)', procedure, body, due_on,
		(due_on + 1)::timestamp at time zone 'Europe/Berlin', at)
$$;
create function t.tick(at timestamptz) returns text language sql as $$ select t.value('clerk', format('select pp_api.clock_tick(%L)', at)) $$;
-- A development plan whose approval was applied for on 2 February; the period ends on 2 March.
create function t.applied(title text) returns uuid language plpgsql as $$
declare
	p uuid := t.make_procedure('planner', title, '2026-02-01 10:00+00');
begin
	update pp.procedure set state = 'BESCHLOSSEN', lands = '{03}', kind = 'FNP' where id = p;
	perform t.body('planner', t.tell(p::text, '{"event": "GENEHMIGUNG_BEANTRAGEN", "on": "2026-02-02", "data": {"nicht_beruecksichtigte": true}}', '2026-02-02 10:00+00', '2026-03-02'));
	return p;
end
$$;

-- A rest stops no period of law
select t.applied('Ruht') as p \gset
select is(t.body('planner', t.tell(:'p', '{"event": "RUHEN", "reason": "Wahl"}', '2026-02-10')) ->> 'to', 'RUHT', 'a procedure is put to rest');
select t.tick('2026-03-10') is null as nothing \gset
select is((select state from pp.procedure where id = :'p') || (select state from pp.procedure_due where procedure = :'p'), 'RUHTABGELAUFEN', 'its period ends all the same');
select is(t.body('planner', t.tell(:'p', '{"event": "WIEDERAUFNEHMEN"}', '2026-03-12')) ->> 'to', 'GENEHMIGUNG', 'it is taken up again');
select is(t.tick('2026-03-12'), null, 'the clock goes on');
select is((select state || ' ' || state_since from pp.procedure where id = :'p'), 'GENEHMIGT 2026-03-02 23:00:00+00', 'and approval is deemed granted since its period ended (§ 6 (4) sentence 4 BauGB)');
select t.applied('Ruht kurz') as q \gset
select t.body('planner', t.tell(:'q', '{"event": "RUHEN", "reason": "Wahl"}', '2026-02-10')) -> 'to' as to, t.body('planner', t.tell(:'q', '{"event": "WIEDERAUFNEHMEN"}', '2026-02-12')) -> 'to' as back \gset
select t.tick('2026-03-10') is null as nothing \gset
select is((select state || (select count(*) from pp.procedure_event e where e.procedure = p.id and e.event = 'GENEHMIGUNG_FIKTION') from pp.procedure p where id = :'q'), 'GENEHMIGT1', 'a shorter rest changes nothing, and it happens once');

-- Two periods that end together: the first settles the second
select t.applied('Zwei') as z \gset
insert into pp.procedure_due (id, procedure, began_by, machine, rule, event, states, began_on, due_on, due_at, legal_basis)
	select pp.uuid7('2026-02-03'), procedure, began_by, machine, 'RUEGE', null, states, began_on, due_on, due_at, legal_basis from pp.procedure_due where procedure = :'z';
select t.tick('2026-03-10') is null as nothing \gset
select is((select string_agg(rule || ' ' || state, ', ' order by rule) from pp.procedure_due where procedure = :'z'), 'GENEHM ABGELAUFEN, RUEGE ERLEDIGT', 'what was settled at the same instant does not end once more');

-- A stop
select t.make_procedure('planner', 'Anzeige', '2026-02-01 10:00+00') as a \gset
update pp.procedure set lands = '{01}', planning_municipalities = '{01999001}' where id = :'a';
select t.body('planner', t.tell(:'a', '{"event": "ANZEIGE_ABSENDEN", "on": "2026-02-01", "data": {"empfaenger": ["LANDESPLANUNG", "REFERAT_BAULEITPLANUNG", "KREIS"]}}', '2026-02-01 12:00+00')) ->> 'to' as sent,
	t.body('planner', t.tell(:'a', '{"event": "ANZEIGE_PRUEFFAEHIG", "on": "2026-02-02"}', '2026-02-02 12:00+00', '2026-04-02')) ->> 'to' as begun \gset
select is(t.outcome('planner', 'select ' || t.tell(:'a', '{"event": "ANZEIGE_HEMMUNG", "on": "2026-02-01", "reason": "fehlt"}', '2026-02-20')), 'invalid_body /on', 'no period is stopped before it began');
select is(t.body('planner', t.tell(:'a', '{"event": "ANZEIGE_HEMMUNG", "on": "2026-02-10", "reason": "fehlt"}', '2026-02-20')) ->> 'to', 'GEHEMMT', 'it is stopped');
select is(t.value('planner', format('select begins from pp_api.procedure_event_prepare(%L, ''ANZEIGE_FORTSETZUNG'', ''{}'', %L, ''2026-02-25'')', :'a', day)), ends, 'from ' || day || ': ' || ends) from (values ('2026-02-24', '2026-04-16'), ('2026-02-03', '2026-03-26')) v (day, ends);
select is(t.outcome('planner', 'select ' || t.tell(:'a', '{"event": "ANZEIGE_FORTSETZUNG", "on": "2026-02-03"}', '2026-02-25', '2026-03-26')), 'invalid_body /on', 'and does not go on before that, which would shorten it');
select is(t.body('planner', t.tell(:'a', '{"event": "ANZEIGE_FORTSETZUNG", "on": "2026-02-24"}', '2026-02-25', '2026-04-16')) ->> 'to', 'PRUEFFAEHIG', 'but after it');

-- A holiday that is added
select t.applied('Feiertag') as f \gset
create function t.add(moves jsonb) returns text language sql as $$
	select format('pp_api.holiday_create(%L, %L, pp_api.calendar_version(), ''2026-02-20'', null, null)', '{"area": "02", "falls_on": "2026-03-02", "kind": "fixed", "month": 3, "day": 2, "shift": 0, "from_year": 2026, "until_year": 2026, "name_de": "Fest", "name_en": "Feast", "source": "§ 1 FTG"}', moves)
$$;
select is(t.value('root', $$select string_agg(e.what || ' ' || e.last_day, ',') from pp_api.holiday_ends(pp_api.holiday_row('{"area": "02", "falls_on": "2026-03-02", "kind": "fixed", "month": 3, "day": 2, "shift": 0, "from_year": 2026, "until_year": 2026}'), '2026-02-20') e$$), 'period 2026-03-02', 'a period of a procedure ends on it');
select is(t.body('root', t.add('[{"planner": "02000000", "day": "2026-03-02", "end_at": "2026-03-03T23:00:00Z"}]')) -> 'affects', jsonb_build_array(jsonb_build_object('period', u.id, 'end', '2026-03-02', 'would_be', '2026-03-03')), 'it moves on') from pp.procedure_due u where u.procedure = :'f';
select is((select due_on || ' ' || due_at from pp.procedure_due where procedure = :'f'), '2026-03-03 2026-03-03 23:00:00+00', 'with its end');
select t.tick('2026-03-02 23:00+00') is null as nothing \gset
select is((select state from pp.procedure where id = :'f'), 'GENEHMIGUNG', 'so that nothing is deemed granted on the day before');
select throws_ok($$select t.applied('Zu spaet')$$, 'PP001', null, 'an end that was computed without it is refused');

-- Rounds are told of to whoever may see them
select t.make_procedure('planner', 'Runden', '2026-02-01 10:00+00') as r \gset
select t.make_plan('planner', :'r', t.result(), '2026-02-01 11:00+00') as l \gset
select t.reply('planner', format('pp_api.affected_confirm(%L, ''2026-02-01 12:00+00'', null, null)', :'l')) is not null;
select t.make_round(:'r', 'FOERM_TOEB', 'TOEB', '2026-05-04', '2026-06-04', '2026-06-03', '2026-04-01 13:00+00') as rt,
	t.make_round(:'r', 'FOERM_OEFF', 'OEFF', '2026-05-04', '2026-06-04', null, '2026-04-01 14:00+00') as ro \gset
create function t.seen(who text, procedure text) returns jsonb language sql as $$
	select jsonb_path_query_array(t.body(who, format('pp_api.procedure_timeline(%L, ''2026-04-02'')', procedure)), '$.items[*].data.audience')
$$;
select is(t.seen(who, :'r'), audiences::jsonb, who || ' reads of rounds: ' || audiences) from (values ('planner', '["TOEB", "OEFF"]'), ('amt', '["TOEB", "OEFF"]'), ('anyone', '["OEFF"]'), ('citizen', '["OEFF"]')) v (who, audiences);

-- What was withdrawn before it began
select t.body('planner', t.tell(:'r', '{"event": "BEKANNTMACHUNG_ZURUECK", "reason": "Fehler"}', '2026-04-02')) ->> 'to' as back \gset
select is(t.outcome('planner', format('select pp_api.round_invite(%L, %L, null, ''2026-05-05'', null, null)', :'rt', '{"ags": "01999003", "reason": "x"}')), 'round_cancelled', 'nobody is invited to it any more');
create function t.detail(who text, query text) returns text language plpgsql as $$
declare
	detail text;
begin
	perform t.become(who);
	execute query;
	return 'done';
exception when sqlstate 'PP001' then
	get stacked diagnostics detail = pg_exception_detail;
	return detail;
end
$$;
select is(t.detail('planner', format('select pp_api.weighing_decide(%L, ''{"resolved_on": "2026-05-05", "reference": "1", "council": "Rat"}'', ''2026-05-06'', null, null)', :'r')), 'There is no proposal to resolve on.', 'and a resolution does not wait for it');

-- Links
select t.make_procedure('planner', 'Bebauungsplan', '2026-02-01 10:00+00') as b \gset
select t.make_procedure('planner', 'Aenderung', '2026-02-01 10:00+00') as u, t.make_procedure('planner', 'Fremd', '2026-02-01 10:00+00') as v \gset
update pp.procedure set kind = 'FNP_AENDERUNG', state = 'IN_KRAFT' where id in (:'u', :'v');
update pp.procedure set planner_body = '01999001' where id = :'v';
insert into pp.procedure_link select :'v', :'b', 'PARALLEL', now(), account from t.person where name = 'planner';
select is(pp_api.parallel_in_force(:'b'), null, 'what another body links to a procedure decides nothing there');
insert into pp.procedure_link select :'u', :'b', 'PARALLEL', now(), account from t.person where name = 'planner';
select is(pp_api.parallel_in_force(:'b'), true, 'what its own body links does, from either side');
delete from pp.procedure_link where procedure = :'u';
insert into pp.procedure_link select :'b', :'v', 'PARALLEL', now(), account from t.person where name = 'planner';
select is(pp_api.parallel_in_force(:'b'), true, 'also to a plan of another body');

-- Fields
select is(t.outcome('planner', 'select ' || t.tell(:'q', '{"event": "GEBIETSAENDERUNG", "reason": "Fusion", "data": {"planning_municipalities": ["02000000", "99999999"]}}', '2026-03-11')), 'municipality_not_found /data/planning_municipalities/1', 'a refusal names the field where it is');

select * from finish();
