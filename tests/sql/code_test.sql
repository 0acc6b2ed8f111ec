-- SPDX-License-Identifier: EUPL-1.2
-- Codes of XPlanung and XBeteiligung: total in both directions, and what a procedure and a statement show.
set client_min_messages = warning;
select plan(41);

-- The states of each machine (domain: "State machine") and the kinds that it runs.
create temporary table machine (machine text, kinds text[], states text[]);
insert into machine values
	('BAULEITPLAN', '{FNP,FNP_AENDERUNG,BP_REGEL,BP_13,BP_13A}', '{ANGELEGT,AUFGESTELLT,FRUEH,ENTWURF,ENTWURF_BESCHL,BEKANNT,BETEILIGUNG,AUSWERTUNG,ABGEWOGEN,BESCHLOSSEN,GENEHMIGUNG,GENEHMIGT,VERSAGT,IN_KRAFT,TEILW_AUFGEHOBEN,AUFGEHOBEN,RUHT,EINGESTELLT}'),
	('RAUMORDNUNGSPLAN', '{ROP_LAND,ROP_REG}', '{ANGELEGT,UNTERRICHTET,ENTWURF,BEKANNT,BETEILIGUNG,AUSWERTUNG,BESCHLOSSEN,IN_KRAFT,AUFGEHOBEN,RUHT,EINGESTELLT}'),
	('RVP', '{RVP}', '{ANGELEGT,EINGEREICHT,UNVOLLSTAENDIG,VOLLSTAENDIG,BEKANNT,BETEILIGUNG,AUSWERTUNG,ABGESCHLOSSEN,FORTGEFUEHRT,RUHT,EINGESTELLT}'),
	('ZAV', '{ZAV}', '{ANGELEGT,EINGEREICHT,BEKANNT,BETEILIGUNG,AUSWERTUNG,ZUGELASSEN,ABGELEHNT,ZURUECKGENOMMEN,RUHT,EINGESTELLT}'),
	('PLANFESTSTELLUNG', '{PFV,PFV_ENWG,PFV_NABEG,PFV_FSTR}', '{ANGELEGT,EINGEREICHT,UNVOLLSTAENDIG,VOLLSTAENDIG,BEKANNT,AUSLEGUNG,EINWENDUNG,AUSWERTUNG,EROERTERUNG,VERZICHT,BERICHT,PLANAENDERUNG,PFB,BEKANNT_PFB,KLAGE,UNANFECHTBAR,VERFALLEN,ABGELEHNT,AUFGEHOBEN,ZURUECKGENOMMEN,RUHT,EINGESTELLT}'),
	('BFP', '{BFP}', '{ANGELEGT,EINGEREICHT,UNVOLLSTAENDIG,VOLLSTAENDIG,BEKANNT,AUSLEGUNG,EINWENDUNG,AUSWERTUNG,EROERTERUNG,VERZICHT,PLANAENDERUNG,ENTSCHIEDEN,ABGELEHNT,ZURUECKGENOMMEN,RUHT,EINGESTELLT}'),
	('PLANUNGSANZEIGE', '{FNP,FNP_AENDERUNG,BP_REGEL,BP_13,BP_13A}', '{OFFEN,ANGEZEIGT,PRUEFFAEHIG,GEHEMMT,BEANTWORTET,FRIST_ABGELAUFEN,ENTBEHRLICH}');
create temporary view situation as select m.machine, k as kind, s as state from machine m, unnest(m.kinds) k, unnest(m.states) s;
create temporary view code as
	select 'xplanung' as standard, c.* from pp.xplanung_code c union all select 'xbeteiligung', c.* from pp.xbeteiligung_code c;

-- Written: for each state of each machine and kind exactly one row where it does not matter who is asked
select is((select string_agg(concat_ws(' ', f.standard, x.machine, x.kind, x.state), ', ') from situation x, (values ('xplanung', 'rechtsstand'), ('xbeteiligung', 'verfahrensschritt')) f (standard, field)
	where 1 <> (select count(*) from code c where c.standard = f.standard and c.field = f.field and c.machine = x.machine and x.kind = any (c.kinds) and c.ours in (x.state, '*')
		and c.variant is null and c.direction <> 'LESEN')), null, 'every state has a code, or a reason why it has none');
select is((select string_agg(concat_ws(' ', c.standard, c.machine, c.ours, c.variant, k), ', ') from (select standard, field, machine, ours, variant, unnest(kinds) as k, count(*) from code
	where direction in ('BEIDE', 'SCHREIBEN') and kinds <> '{}' group by 1, 2, 3, 4, 5, 6 having count(*) > 1) c), null, 'never two');
select is((select string_agg(concat_ws(' ', c.standard, c.machine, c.ours), ', ') from code c where c.machine is not null and c.ours <> '*'
	and not exists (select from situation x where x.machine = c.machine and x.state = c.ours)), null, 'no row names a state that does not exist');
select is((select string_agg(concat_ws(' ', k.kind, f.standard, f.field), ', ') from pp.procedure_kind k, (values ('xplanung', 'verfahren'), ('xplanung', 'plan_art'), ('xbeteiligung', 'verfahrensart')) f (standard, field)
	where 1 <> (select count(*) from code c where c.standard = f.standard and c.field = f.field and k.kind = any (c.kinds) and c.ours = k.kind and c.variant is null and c.direction <> 'LESEN'
		and (c.standard, c.field) = (f.standard, f.field) and c.direction in ('BEIDE', 'SCHREIBEN', 'KEINE'))), null, 'every kind has a code, or a reason');
select is((select string_agg(k.kind, ', ') from pp.procedure_kind k where not exists (select from situation x where x.kind = k.kind)
	and not exists (select from code c where k.kind = any (c.kinds) and c.ours = '*')), null, 'every kind has a machine here');
-- The database's own machines, where it has them, say the same.
select to_regclass('pp.machine_state') is not null as has_machines \gset
\if :has_machines
select is((select string_agg(concat_ws(' ', f.standard, s.machine, s.state, k.kind), ', ') from pp.machine_state s join pp.procedure_kind k on k.machine = s.machine or s.machine = any (k.tracks),
	(values ('xplanung', 'rechtsstand'), ('xbeteiligung', 'verfahrensschritt')) f (standard, field)
	where 1 <> (select count(*) from code c where c.standard = f.standard and c.field = f.field and c.machine = s.machine and k.kind = any (c.kinds) and c.ours in (s.state, '*')
		and c.variant is null and c.direction <> 'LESEN')), null, 'the machines of the database have no other states');
\else
select skip('the database has no machines of its own yet', 1);
\endif

-- Read: every code of a list is one thing, or none with a reason
select is((select string_agg(concat_ws(' ', standard, list, code), ', ') from (select standard, list, code, machine from code where code is not null and (direction <> 'SCHREIBEN')
	group by 1, 2, 3, 4 having count(*) <> 1) c), null, 'every code is read as one thing');
select is((select string_agg(concat_ws(' ', c.standard, c.list, c.code), ', ') from code c where c.direction = 'SCHREIBEN'
	and not exists (select from code r where r.standard = c.standard and r.list = c.list and r.code = c.code and r.direction <> 'SCHREIBEN')), null, 'what is written can be read');
select is((select string_agg(concat_ws(' ', c.standard, c.list, c.code, c.ours), ', ') from code c where c.direction = 'BEIDE' and c.kinds <> '{}'
	and c.code <> case c.standard when 'xplanung' then pp_api.xplanung_code(c.field, case when c.machine is null then c.ours else c.kinds[1] end, c.ours, array_remove(array[c.variant], null)) ->> 'code'
		else pp_api.xbeteiligung_code(c.field, case when c.machine is null then c.ours else c.kinds[1] end, c.ours, array_remove(array[c.variant], null)) ->> 'code' end), null, 'there and back is where it began');
select is((select string_agg(state, ' ') from (select unnest('{EINGEGANGEN,IN_BEARBEITUNG,VORGESCHLAGEN,ENTSCHIEDEN,MITGETEILT,ZURUECKGENOMMEN,VERWORFEN}'::text[]) as state) s
	where 1 <> (select count(*) from pp.xbeteiligung_code c where c.field = 'status' and c.ours = s.state)), null, 'every state of a statement');
select is((select string_agg(d.code, ' ') from pp.weighing_decision d where 1 <> (select count(*) from pp.xbeteiligung_code c where c.field = 'abwaegung' and c.ours = d.code)), null, 'every decision');

-- domain: "State <-> XPlan <-> XBeteiligung"
select is((pp_api.xplanung_code('rechtsstand', 'BP_REGEL', state, variants) ->> 'code') || '/' || coalesce(pp_api.xbeteiligung_code('verfahrensschritt', 'BP_REGEL', state, variants) ->> 'code', '-'), codes, concat_ws(' ', state, variants[1]))
	from (values ('AUFGESTELLT', '{}'::text[], '1000/3000'), ('FRUEH', '{TOEB}', '2100/2000'), ('FRUEH', '{OEFF}', '2200/4000'), ('ENTWURF', '{}', '2000/9998'), ('ENTWURF_BESCHL', '{}', '2250/9998'), ('BETEILIGUNG', '{TOEB}', '2300/5000'),
	('BETEILIGUNG', '{OEFF}', '2400/6000'), ('BETEILIGUNG', '{BEIDE}', '2400/5010'), ('BETEILIGUNG', '{BEIDE_ERNEUT,BEIDE}', '2400/5010'), ('ABGEWOGEN', '{}', '2000/7000'), ('BESCHLOSSEN', '{}', '3000/7000'), ('IN_KRAFT', '{}', '4000/8000'),
	('TEILW_AUFGEHOBEN', '{}', '4500/8000'), ('AUFGEHOBEN', '{}', '5000/8000')) v (state, variants, codes);
select is(pp_api.xbeteiligung_code('verfahrensschritt', 'ROP_REG', 'BETEILIGUNG', variants) ->> 'code', code, 'ROP ' || variants::text) from (values ('{OEFF}'::text[], '5200'), ('{OEFF_ERNEUT,OEFF}', '5500'), ('{TOEB}', '4200')) v (variants, code);

-- What a procedure shows
select t.make_procedure('planner', 'Am Rand', '2026-02-01 10:00+00') as p \gset
create function t.codes(who text, procedure text, at timestamptz) returns text language sql as $$
	select concat_ws(' ', b #>> '{xplanung,rechtsstand,code}', b #>> '{xplanung,verfahren,code}', b #>> '{xplanung,plan_art,code}', b #>> '{xbeteiligung,verfahrensschritt,code}', b #>> '{xbeteiligung,durchgang}', b #>> '{xbeteiligung,verfahrensart,code}')
	  from t.body(who, format('pp_api.procedure_show(%L, %L)', procedure, at)) b
$$;
select is(t.codes('planner', :'p', '2026-02-01 11:00+00'), '1000 1000 1000 1 1000', 'filed: no Rechtsstand, introduction');
select t.make_plan('planner', :'p', t.result(), '2026-02-01 11:00+00') as l \gset
select (t.reply('planner', format('pp_api.affected_confirm(%L, ''2026-02-01 12:00+00'', null, null)', :'l'))).status as confirmed \gset
select t.make_round(:'p', 'FOERM_TOEB', 'TOEB', '2026-02-02', '2026-03-04', '2026-03-03', '2026-02-01 13:00+00') as r \gset
select t.make_round(:'p', 'FOERM_OEFF', 'OEFF', '2026-02-02', '2026-03-04', null, '2026-02-01 13:00+00') as ro \gset
select is(t.codes('planner', :'p', '2026-02-01 14:00+00'), '2250 1000 1000 9998 1 1000', 'announced');
select t.value('clerk', $$select pp_api.clock_tick('2026-02-03')$$) is not null as ticked \gset
select is(t.codes('planner', :'p', '2026-02-03'), '2400 1000 1000 5010 1 1000', 'both rounds run');
select is(t.body('anyone', format('pp_api.procedure_show(%L, ''2026-02-03'')', :'p')) #>> '{xbeteiligung,verfahrensschritt,code}', '6000', 'the public sees that of its own');
select t.body('planner', format('pp_api.procedure_create(%L, ''2026-02-01'', null, null)', '{"kind": "BP_13A", "vorhabenbezogen": true, "title": "Haus", "planning_municipalities": ["02000000"]}')) as q \gset
select is((:'q'::jsonb #>> '{xplanung,verfahren,code}') || (:'q'::jsonb #>> '{xplanung,plan_art,code}') || (:'q'::jsonb #>> '{xbeteiligung,verfahrensart,code}'), '300030001200', '§ 12 and § 13a BauGB');
select t.body('planner', format('pp_api.procedure_create(%L, ''2026-02-01'', null, null)', '{"kind": "PFV_ENWG", "title": "Leitung", "applicant_body": "netz-gmbh", "planner_body": "02000000"}')) as q \gset
select is((:'q'::jsonb -> 'xplanung')::text || (:'q'::jsonb #>> '{xbeteiligung,verfahrensschritt,code}'), '{"plan_art": null, "verfahren": null, "rechtsstand": null}9998', 'a power line has no XPlanung codes');

-- What a statement shows: the whole where it is decided alike, else its segments
select (t.body('amt', format('pp_api.statement_submit(%L, %L, ''2026-02-10'', null, null)', t.invitation(:'r', '01999001'), '{"stance": "BEDENKEN", "points": [{"text": "a"}, {"text": "b"}]}'::jsonb)) ->> 'id') as s \gset
select t.body('planner', format('pp_api.statement_accept(%L, ''2026-03-05'', null, null)', :'s')) as w \gset
create function t.weigh(w jsonb, first text, second text) returns text language plpgsql as $$
declare
	x jsonb;
begin
	perform t.body('planner', format('pp_api.concern_propose(%L, %L, ''*'', ''2026-03-06'')', w #>> '{concerns,0,id}', jsonb_build_object('decision', first, 'reason', 'weil')));
	perform t.body('planner', format('pp_api.concern_propose(%L, %L, ''*'', ''2026-03-06'')', w #>> '{concerns,1,id}', jsonb_build_object('decision', second, 'reason', 'weil')));
	x := t.body('planner', format('pp_api.weighing_show(%L)', w ->> 'statement')) -> 'xbeteiligung';
	return concat_ws('/', x #>> '{status,code}', coalesce(x #>> '{abwaegungsvorschlag,code}', '-'), coalesce(x #>> '{segments,0,abwaegungsvorschlag,code}', '-'), coalesce(x #>> '{segments,1,abwaegungsvorschlag,code}', '-'));
end
$$;
select is(:'w'::jsonb #>> '{xbeteiligung,status,code}', '2000', 'in work');
select is(t.weigh(:'w', first, second), codes, first || ' ' || second) from (values ('GEFOLGT', 'GEFOLGT', '2000/1000/1000/1000'), ('NICHT_GEFOLGT', 'NICHT_GEFOLGT', '2000/3000/3000/3000'),
	('GEFOLGT', 'NICHT_GEFOLGT', '2000/-/1000/3000'), ('TEILWEISE_GEFOLGT', 'KENNTNISNAHME', '2000/-/-/5000')) v (first, second, codes);
select is((select count(*) from json_array_elements((t.reply('anyone', 'pp_api.xplanung_list(''en'')')).body -> 'items'))::int, (select count(*) from pp.xplanung_code)::int, 'the table is everybody''s');
select is((select count(*) from json_array_elements((t.reply('anyone', 'pp_api.xbeteiligung_list()')).body -> 'items'))::int, (select count(*) from pp.xbeteiligung_code)::int, 'and so is the other');
select * from finish();
