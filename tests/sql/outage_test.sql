-- SPDX-License-Identifier: EUPL-1.2
-- Interruptions: recorded, read on every round that they fall into, measured, judged, decided about.
set client_min_messages = warning;
select plan(53);

-- Rounds of the public and of the neighbours, both from 2 February to 4 March: 31 days.
select t.make_procedure('planner', 'Am Rand', '2026-02-01 10:00+00') as p \gset
select t.make_plan('planner', :'p', t.result(), '2026-02-01 11:00+00') as l \gset
select t.reply('planner', format('pp_api.affected_confirm(%L, ''2026-02-01 12:00+00'', null, null)', :'l')) is not null;
select t.make_round(:'p', 'FOERM_TOEB', 'TOEB', '2026-02-02', '2026-03-04', '2026-03-03', '2026-02-01 13:00+00') as r \gset
select t.make_round(:'p', 'FOERM_OEFF', 'OEFF', '2026-02-02', '2026-03-04', null, '2026-02-01 13:00+00') as ro \gset
select t.make_procedure('cremm', 'Anderswo', '2026-02-01 10:00+00') as other \gset
create function t.record(from_at text, to_at text, procedure text default null) returns text language sql as $$
	select format('pp_api.outage_create(%L, ''2026-04-01'', null, null)', jsonb_build_object('from', from_at, 'to', to_at, 'what', 'Internetseite', 'reason', 'Stromausfall', 'source', 'BETRIEB')
		|| case when procedure is null then '{}' else jsonb_build_object('procedure', procedure) end)
$$;
create function t.of(who text, round text) returns jsonb language sql as $$ select t.body(who, format('pp_api.outage_round(%L, null)', round)) $$;
create function t.decide(round text, decision text, at timestamptz) returns text language sql as $$
	select format('pp_api.outage_decide(%L, %L, ''2026-03-06'', %L, null, null)', round, jsonb_build_object('decision', decision, 'reason', 'abgewogen'), at)
$$;

-- Recorded by an operator, when it is over
select is(t.outcome('root', 'select ' || t.record(a, b)), outcome, a || ' to ' || b) from (values ('2026-02-10T10:00:00Z', '2026-02-10T10:00:00Z', 'invalid_body /to'),
	('2026-03-31T10:00:00Z', '2026-04-01T00:00:01Z', 'invalid_body /to'), ('2026-02-10T10:00:00Z', '2026-02-10T10:00:01Z', 'done')) v (a, b, outcome);
select is(t.outcome('root', 'select ' || t.record('2026-02-10T10:00:00Z', '2026-02-10T11:00:00Z', pp.uuid7(now())::text)), 'invalid_body /procedure', 'of a procedure that exists');
select is(t.of('anyone', :'ro') ->> 'length_s' || coalesce(t.of('anyone', :'ro') ->> 'rule', ' -'), '0 -', 'nothing was interrupted yet');
select is(t.body('anyone', format('pp_api.round_show(%L, now())', :'ro')) -> 'interruption', 'null', 'nor does the round say so');
select is(t.outcome('planner', 'select ' || t.decide(:'r', 'KEINE', '2026-04-01')), 'conflict', 'and nothing is decided');
select t.body('root', t.record('2026-02-10T10:00:00Z', '2026-02-10T11:00:00Z')) as o1 \gset
select is(jsonb_array_length(:'o1'::jsonb -> 'rounds') || ' ' || (:'o1'::jsonb ->> 'length_s') || ' ' || (:'o1'::jsonb ->> 'scope'), '2 3600 PLATTFORM', 'every round that it falls into is named');
select is((select string_agg((data ->> 'length_s') || array_to_string(bodies, ','), ' ') from pp.event where kind = 'round.interrupted'), '360002000000 360002000000', 'and its planners are told');

-- What it means: short, long, a quarter
select is(o ->> 'length_s' || ' ' || (o ->> 'share') || ' ' || (o #>> '{rule,meaning}') || ' ' || (o ->> 'period_s'), '3600 0.001344 GEDULDET 2678400', 'an hour of 31 days is tolerated') from t.of('anyone', :'ro') o;
select is(x.last_day || ' ' || coalesce(x.days, 0) || x.land, '2026-03-04 002', 'and nothing is proposed') from (select split_part(v, '|', 1) as last_day, nullif(split_part(v, '|', 2), '')::int as days, split_part(v, '|', 3) as land
	from t.value('anyone', format('select concat_ws(''|'', p.last_day, p.days, p.land) from pp_api.outage_prepare(%L) p', :'ro')) v) x;
select is((pp_api.outage_rule(s, share)).meaning, meaning, s || ' s, ' || share) from (values (14399, 0.9, 'GEDULDET'), (14400, 0, 'VERLAENGERN'), (14400, 0.249999, 'VERLAENGERN'), (14400, 0.25, 'WIEDERHOLEN'), (0, 0, 'GEDULDET')) v (s, share, meaning);
select t.reply('root', t.record('2026-02-10T10:30:00Z', '2026-02-10T14:00:00Z')) is not null;
select is(o ->> 'length_s' || ' ' || (o #>> '{rule,id}') || jsonb_array_length(o -> 'items'), '14400 LANG2', 'what overlaps counts once; four hours are long') from t.of('anyone', :'ro') o;
select is(t.value('anyone', format('select p.days from pp_api.outage_prepare(%L) p', :'ro')), '1', 'one day was not whole');
-- From 23:30 to 0:30 in Berlin, and one that began before the round, in a procedure.
select t.reply('root', t.record('2026-02-12T22:30:00Z', '2026-02-12T23:30:00Z')) is not null;
select t.reply('root', t.record('2026-01-31T12:00:00Z', '2026-02-02T12:00:00Z', :'p')) is not null;
select is(t.value('anyone', format('select p.days from pp_api.outage_prepare(%L) p', :'ro')), '4', 'a night touches two days');
select is(i ->> 'length_s' || ' ' || (i ->> 'within_s') || ' ' || (i ->> 'share'), '172800 46800 0.017473', 'what began before the round counts from its beginning') from t.of('anyone', :'ro') o, jsonb_path_query_first(o -> 'items', '$[*] ? (@.scope == "VERFAHREN")') i;
select is(d -> 'interruption', '{"count": 4, "share": 0.024194, "decided": null, "length_s": 64800, "meaning": "VERLAENGERN"}', 'the round says so to everybody, not what is decided') from t.body('anyone', format('pp_api.round_show(%L, now())', :'ro')) d;
select is(b #>> '{interruption,count}', '4', 'the board as well') from t.body('planner', format('pp_api.round_board(%L, now())', :'r')) b;
select is(p -> 'proposal', '{"days": 4, "end": "2026-03-09", "legal_basis": "§ 190, § 193 BGB"}', 'and a proposal') from t.body('amt', format('pp_api.outage_round(%L, ''2026-03-09'')', :'r')) p;

-- Who sees what
select is(t.outcome(who, format('select pp_api.outage_round(%L, null)', :'r')), outcome, who || ' sees the neighbours'' round: ' || outcome)
	from (values ('amt', 'done'), ('root', 'round_not_found'), ('anyone', 'round_not_found'), ('cremm', 'round_not_found')) v (who, outcome);
select is(jsonb_array_length(t.body(who, 'pp_api.outage_list(null, null)') -> 'items'), n, who || ' sees ' || n) from (values ('root', 4), ('planner', 4), ('amt', 4)) v (who, n);
select t.reply('root', t.record('2026-02-20T10:00:00Z', '2026-02-20T11:00:00Z', :'other')) is not null;
select is(jsonb_array_length(t.body('amt', 'pp_api.outage_list(null, null)') -> 'items'), 4, 'not that of a procedure that one does not see');
select is(t.of('root', :'ro') ->> 'length_s', '64800', 'nor does it count for another, even for whoever has recorded both');
select is(jsonb_array_length(t.walk('root', 'pp_api.outage_list(1, %L)', '$.items[*].id')), 5, 'page by page');
select is(t.outcome('anyone', 'select from pp.outage') || t.outcome('clerk', 'select from pp.outage') || t.outcome('anyone', 'select pp_api.outage_create(null, null, null, null)'), '425014250142501', 'the other logins record and read none');

-- Decided
select is(t.outcome(who, 'select ' || t.decide(:'r', 'VERLAENGERN', '2026-03-01')), outcome, who || ' decides: ' || outcome)
	from (values ('planner2', 'done'), ('amt', 'forbidden'), ('cremm', 'round_not_found'), ('root', 'round_not_found')) v (who, outcome);
select is(e ->> 'decision' || ' ' || (e ->> 'length_s') || ' ' || (e ->> 'rule') || ' ' || (e ->> 'proposed_end'), 'VERLAENGERN 64800 LANG 2026-03-06', 'with what was known then') from t.body('planner', t.decide(:'r', 'VERLAENGERN', '2026-03-01')) e;
select is(t.of('planner', :'r') ->> 'decided', 'true', 'decided');
select is(t.of('amt', :'r') -> 'decisions', '[]', 'the planners'' own matter');
select t.reply('root', t.record('2026-02-16T10:00:00Z', '2026-02-26T10:00:00Z')) is not null;
select is(o ->> 'decided' || ' ' || (o #>> '{rule,meaning}'), 'false WIEDERHOLEN', 'what comes to light later is open again; ten days of 31 are a quarter') from t.of('planner', :'r') o;
select t.reply('planner', t.decide(:'r', 'WIEDERHOLEN', '2026-03-02')) is not null;
select is(t.of('planner', :'r') ->> 'decided' || jsonb_array_length(t.of('planner', :'r') -> 'decisions'), 'true2', 'and decided again; both stay');

-- Taken back
select id as wrong from pp.outage where to_at = '2026-02-26 10:00+00' \gset
select is(t.outcome('root', format('select pp_api.outage_withdraw(%L, ''{"reason": "falsch"}'', ''2026-03-03'', null, null)', pp.uuid7(now()))), 'outage_not_found', 'what does not exist is not taken back');
select is(t.body('root', format('pp_api.outage_withdraw(%L, ''{"reason": "falsch abgelesen"}'', ''2026-03-03'', null, null)', :'wrong')) ->> 'withdraw_reason', 'falsch abgelesen', 'what was recorded by mistake is');
select is(t.outcome('root', format('select pp_api.outage_withdraw(%L, ''{"reason": "nochmal"}'', ''2026-03-03'', null, null)', :'wrong')), 'conflict', 'once');
select is(t.of('anyone', :'ro') ->> 'length_s', '64800', 'and counts no more');
select is(t.outcome('owner', 'delete from pp.outage') || t.outcome('owner', 'update pp.outage set to_at = now()') || t.outcome('owner', 'delete from pp.outage_decision'), '230012300123001', 'what was recorded stays');
select throws_ok(format('update pp.outage set withdraw_reason = ''anders'' where id = %L', :'wrong'), '23001', null, 'so does a withdrawal');
select is(t.uses_index('root', 'select pp_api.outage_create(''{"from": "2026-02-10T10:00:00Z", "to": "2026-02-10T11:00:00Z", "what": "xxx", "reason": "xxx", "source": "BETRIEB"}'', ''2026-04-01'', null, null)', 'pp.round_period'), true, 'rounds are found by their period');
-- Of a display only its own time counts, not that in which objections may still come.
update pp.round set statement_rule = 'PFV_EINW', closes_at = '2026-03-18 23:00+00' where id = :'ro';
select is(t.of('anyone', :'ro') ->> 'period_s' || ' ' || (t.of('anyone', :'ro') ->> 'to'), '2678400 2026-03-04T23:00:00.000000Z', 'a display ends before the deadline for objections');
select is(jsonb_array_length(t.body('root', t.record('2026-03-10T10:00:00Z', '2026-03-10T18:00:00Z')) -> 'rounds') || ' ' || (t.of('anyone', :'ro') ->> 'length_s'), '0 64800', 'what was away after it was no matter of it');
-- Nor what was withdrawn before it began.
update pp.round set cancelled_at = '2026-02-01 20:00+00', cancel_reason = 'Fehler' where id = :'ro';
select is(jsonb_array_length(t.body('root', t.record('2026-02-11T10:00:00Z', '2026-02-11T18:00:00Z')) -> 'rounds') || ' ' || (t.of('anyone', :'ro') ->> 'length_s'), '1 0', 'a round that was withdrawn is not interrupted');
select * from finish();
