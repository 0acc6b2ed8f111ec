-- SPDX-License-Identifier: EUPL-1.2
-- Proof of publication: the manifest is the public's view, looks are kept once, failures and silences are measured.
set client_min_messages = warning;
select plan(34);

-- A round of the public from 2 February to 4 March, one of the neighbours beside it.
select t.make_procedure('planner', 'Am Rand', '2026-02-01 10:00+00') as p \gset
select t.make_plan('planner', :'p', t.result(), '2026-02-01 11:00+00') as l \gset
select t.reply('planner', format('pp_api.affected_confirm(%L, ''2026-02-01 12:00+00'', null, null)', :'l')) is not null;
select t.make_round(:'p', 'FOERM_TOEB', 'TOEB', '2026-02-02', '2026-03-04', '2026-03-03', '2026-02-01 13:00+00') as r \gset
select is(t.outcome(who, format('select pp_api.publication_manifest(%L, now())', :'p')), 'procedure_not_found', who || ' sees no manifest of what is not published') from unnest(array['planner', 'root', 'amt', 'anyone']) who;
select t.make_round(:'p', 'FOERM_OEFF', 'OEFF', '2026-02-02', '2026-03-04', null, '2026-02-01 13:00+00') as ro \gset

-- What everybody sees, whoever asks
select is(t.body('anyone', format('pp_api.publication_manifest(%L, ''2026-02-05'')', :'p'))::text, t.body(who, format('pp_api.publication_manifest(%L, ''2026-02-05'')', :'p'))::text, who || ' has the public''s manifest') from unnest(array['planner', 'root', 'amt', 'citizen']) who;
select is(jsonb_path_query_array(t.body('planner', format('pp_api.publication_manifest(%L, ''2026-02-05'')', :'p')), '$.entries[*].kind'), '["VERFAHREN", "PLAN", "RUNDE"]', 'the procedure, its plan, the public''s round and no other');
select is(e ->> 'sha256', encode(sha256(convert_to((t.reply('anyone', format('pp_api.round_show(%L, ''2026-02-05'')', :'ro'))).body::text, 'UTF8')), 'hex'), 'with the hash of what is served') from jsonb_path_query_first(t.body('root', format('pp_api.publication_manifest(%L, ''2026-02-05'')', :'p')), '$.entries[*] ? (@.kind == "RUNDE")') e;
select is(jsonb_array_length(t.body('anyone', format('pp_api.publication_list(null, null, %L)', at)) -> 'items'), n, 'who asks the public at ' || at) from (values ('2026-02-01 22:59:59.999999+00', 0), ('2026-02-01 23:00+00', 1), ('2026-03-04 22:59:59.999999+00', 1), ('2026-03-04 23:00+00', 0)) v (at, n);

-- Looks
create function t.look(at timestamptz, problems text[] default '{}', probe text default 'A') returns jsonb language sql as $$
	select jsonb_build_object('probe', probe, 'url', 'https://example.org', 'every_s', 300, 'procedure', p.id, 'at', pp.rfc3339(at), 'ended_at', pp.rfc3339(at), 'entries', 3,
		'failures', (select coalesce(jsonb_agg(jsonb_build_object('address', '/x', 'problem', x)), '[]') from unnest(problems) x)) from pp.procedure p where p.title = 'Am Rand'
$$;
create function t.report(looks jsonb, at timestamptz default '2026-02-20') returns text language sql as $$ select format('pp_api.probe_report(%L, %L, null, null)', jsonb_build_object('results', looks), at) $$;
create function t.gaps(round text, at timestamptz, kind text) returns jsonb language sql as $$
	select jsonb_path_query_array(t.body('anyone', format('pp_api.round_publication(%L, %L)', round, at)), '$.probes[*].gaps[*] ? (@.kind == $k)', jsonb_build_object('k', kind))
$$;
select is(t.outcome(who, 'select ' || t.report(jsonb_build_array(t.look('2026-02-10')))), outcome, who || ' reports: ' || outcome)
	from (values ('planner2', 'done'), ('root', 'done'), ('cremm', 'invalid_body /results/0/procedure'), ('amt', 'invalid_body /results/0/procedure')) v (who, outcome);
select is(t.outcome('planner', 'select ' || t.report(jsonb_build_array(t.look('2026-02-10'), t.look('2026-02-20 00:05:00.000001+00')))), 'invalid_body /results/1/at', 'what lies ahead was not seen');
select is(t.outcome('planner', 'select ' || t.report(jsonb_build_array(t.look('2026-02-20 00:05+00')))), 'done', 'a clock may go a little fast');
select is(t.body('planner', t.report(jsonb_build_array(t.look('2026-02-10 10:00+00'), t.look('2026-02-10 10:05+00', '{STATUS}'), t.look('2026-02-10 10:05+00')))), '{"stored": 2, "known": 1, "outages": []}', 'each look once; what is not over is no interruption yet');
select is(g, '{"to": "2026-02-10T10:07:00.000000Z", "from": "2026-02-10T10:05:00.000000Z", "kind": "AUSFALL", "over": false, "looks": 1, "share": 0.000045, "length_s": 120, "meaning": "GEDULDET", "problems": ["STATUS"], "at_most_s": 420}', 'but a gap up to now')
	from (select t.gaps(:'ro', '2026-02-10 10:07+00', 'AUSFALL') -> 0 as g) x;
-- Reported in any order: first the end, then what lay between.
select is(jsonb_array_length(t.body('planner', t.report(jsonb_build_array(t.look('2026-02-10 10:30+00')))) -> 'outages'), 1, 'when it is over it is one');
select is((select string_agg(from_at || ' ' || to_at || ' ' || source, ',') from pp.outage), '2026-02-10 10:05:00+00 2026-02-10 10:30:00+00 SONDE', 'from the first failure to the look that was well');
select is(jsonb_array_length(t.body('planner', t.report(jsonb_build_array(t.look('2026-02-10 10:10+00', '{VERAENDERT,STATUS}'), t.look('2026-02-10 10:15+00', '{UNERREICHBAR}')))) -> 'outages'), 0, 'what comes later of the same is no other');
select is(g -> 'problems' || (g -> 'looks'), '["STATUS", "UNERREICHBAR", "VERAENDERT", 3]', 'the gap has all of them') from (select t.gaps(:'ro', '2026-02-10 11:00+00', 'AUSFALL') -> 0 as g) x;
select is(jsonb_array_length(t.body('planner', t.report(jsonb_build_array(t.look('2026-02-10 10:35+00', '{VERAENDERT}'), t.look('2026-02-10 10:40+00', '{VERAENDERT}'), t.look('2026-02-10 10:45+00')))) -> 'outages'), 1, 'other bytes are an interruption too');
select is(jsonb_path_query_array(t.gaps(:'ro', '2026-02-10 11:00+00', 'VERAENDERT'), '$[*].length_s'), '[600]', 'of a kind of its own');
-- Silences: more than twice as long as the probe looks apart
select is(jsonb_path_query_array(t.gaps(:'ro', '2026-02-10 10:55+00', 'UNBEOBACHTET'), '$[*].to'), '["2026-02-10T10:00:00.000000Z", "2026-02-10T10:30:00.000000Z"]', 'before the first look, and where nobody looked for a quarter of an hour');
select is(jsonb_path_query_array(t.gaps(:'ro', '2026-02-10 10:55:01+00', 'UNBEOBACHTET'), '$[*].to') -> 2, '"2026-02-10T10:55:01.000000Z"', 'and since the last one, when that was too long ago');
select t.body('planner', t.report(jsonb_build_array(t.look('2026-02-10 10:00+00', '{}', 'B')))) is not null;
select is(jsonb_path_query_array(t.body('anyone', format('pp_api.round_publication(%L, ''2026-02-10 11:00+00'')', :'ro')), '$.probes[*].looks'), '[8, 1]', 'probe by probe');
select is(t.outcome('planner', format('select pp_api.round_publication(%L, now())', :'r')), 'conflict', 'a round of bodies has nothing to prove');
select is(t.outcome('owner', 'delete from pp.probe_result') || t.outcome('anyone', 'select from pp.probe_result'), '2300142501', 'what was seen stays');
select is(t.uses_index('anyone', format('select pp_api.round_publication(%L, ''2026-02-10 11:00+00'')', :'ro'), 'pp.probe_result_once'), true, 'and is found by its procedure');
select * from finish();
