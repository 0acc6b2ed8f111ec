-- SPDX-License-Identifier: EUPL-1.2
-- Weighing: accepted, divided into concerns, proposed, resolved on, communicated, thrown away; what is
-- missing; who sees what; many persons with the same letter.
set client_min_messages = warning;
select plan(142);

-- A round of the neighbours and one of the public, both from 2 February to 4 March.
select t.make_procedure('planner', 'Am Rand', '2026-02-01 10:00+00') as p \gset
select t.make_plan('planner', :'p', t.result(), '2026-02-01 11:00+00') as l \gset
select (t.reply('planner', format('pp_api.affected_confirm(%L, ''2026-02-01 12:00+00'', null, null)', :'l'))).status as confirmed \gset
select t.make_round(:'p', 'FOERM_TOEB', 'TOEB', '2026-02-02', '2026-03-04', '2026-03-03', '2026-02-01 13:00+00') as r \gset
select t.make_round(:'p', 'FOERM_OEFF', 'OEFF', '2026-02-02', '2026-03-04', null, '2026-02-01 13:00+00') as ro \gset
update pp.round set late_effect_enabled = true where id = :'ro';
create function t.submit(who text, invitation uuid, body jsonb, at timestamptz) returns uuid language sql as $$
	select (t.body(who, format('pp_api.statement_submit(%L, %L, %L, null, null)', invitation, body, at)) ->> 'id')::uuid
$$;
create function t.write(who text, procedure text, body jsonb, at timestamptz) returns uuid language sql as $$
	select (t.body(who, format('pp_api.statement_submit_public(%L, %L, %L, null, null)', procedure, body, at)) ->> 'id')::uuid
$$;
create function t.call(fn text, id text, body jsonb, at text) returns text language sql as $$
	select format('pp_api.%s(%L, %L, %L, null, null)', fn, id, body, at)
$$;
create function t.weighing(who text, statement text) returns jsonb language sql as $$
	select t.body(who, format('pp_api.weighing_show(%L)', statement))
$$;
create function t.missing(procedure text) returns text language sql as $$
	select t.value('planner', format($q$select string_agg(coalesce(right(m ->> 'number', 3), m ->> 'body') || ' ' || (m ->> 'why'), ', ' order by m ->> 'number', m ->> 'body')
		from jsonb_array_elements(pp_api.weighing_missing(%L)) m$q$, procedure))
$$;
select t.submit('amt', t.invitation(:'r', '01999001'), '{"stance": "BEDENKEN", "points": [{"kind": "EINWAND", "topic": "Verkehr", "text": "Zu laut und zu schnell."}, {"kind": "HINWEIS", "text": "Der Graben."}]}', '2026-02-10') as s1 \gset
select t.submit('kreis', t.invitation(:'r', '01998005'), '{"stance": "KEINE_BEDENKEN"}', '2026-02-11') as s2 \gset
select t.write('citizen', :'p', '{"stance": "EINWENDUNG", "text": "Gegen alles."}', '2026-02-12') as s3 \gset
select t.write('citizen2', :'p', '{"stance": "EINWENDUNG", "text": "gegen  Alles!"}', '2026-02-13') as s4 \gset
select t.submit('land', t.invitation(:'r', 'landesplanung-au'), '{"stance": "HINWEISE", "points": [{"kind": "ZIEL_DER_RAUMORDNUNG", "text": "Gruenzug"}]}', '2026-02-14') as s5 \gset
select t.write('citizen', :'p', '{"stance": "EINWENDUNG", "text": "Zu spaet."}', '2026-03-05') as s6 \gset

-- Who weighs
select is(t.outcome(who, 'select pp_api.statement_accept(' || quote_literal(:'s1') || ', ''2026-03-05'', null, null)'), outcome, who || ': ' || outcome) from (values
	('planner', 'done'), ('planner2', 'done'), ('amt', 'forbidden'), ('ahrens', 'forbidden'), ('damm', 'statement_not_found'), ('root', 'statement_not_found'), ('citizen', 'statement_not_found'), ('anyone', '42501')) v (who, outcome);
select is(t.outcome(who, format('select pp_api.weighing_list(%L, null, null, null, null, null, null, null, null)', :'p')), outcome, who || ' lists: ' || outcome) from (values
	('planner', 'done'), ('amt', 'forbidden'), ('damm', 'forbidden'), ('anyone', '42501')) v (who, outcome);
select is(t.missing(:'p'), '001 NICHT_ANGENOMMEN, 002 NICHT_ANGENOMMEN, 003 NICHT_ANGENOMMEN, 004 NICHT_ANGENOMMEN, 005 NICHT_ANGENOMMEN, 006 VERSPAETET_UNENTSCHIEDEN, 01999002 OHNE_STATUS', 'all is missing at first, a neighbour''s answer too');

-- Accepted: one concern of each point, one of a statement without words
select is(t.weighing('planner', :'s1') -> 'concerns', '[]', 'before, there are none');
select is(t.body('planner', format('pp_api.statement_accept(%L, ''2026-03-05'', null, null)', :'s1')) ->> 'state', 'IN_BEARBEITUNG', 'accepted');
select is(t.outcome('planner', format('select pp_api.statement_accept(%L, ''2026-03-05'', null, null)', :'s1')), 'conflict', 'once');
select is((select jsonb_agg(c - '{id,history,version,decided,geometry}'::text[]) from jsonb_array_elements(t.weighing('planner', :'s1') -> 'concerns') c),
	'[{"no": 1, "end": null, "text": "Zu laut und zu schnell.", "point": 1, "start": null, "topic": "Verkehr", "binding": false, "decision": null, "reason": null},
	{"no": 2, "end": null, "text": "Der Graben.", "point": 2, "start": null, "topic": null, "binding": false, "decision": null, "reason": null}]', 'each point is a concern');
select is(t.body('planner', format('pp_api.weighing_accept(%L, ''2026-03-05'', null, null)', :'p')) ->> 'accepted', '5', 'the others at once');
select is(t.weighing('planner', :'s2') #>> '{concerns,0,point}' is null and jsonb_array_length(t.weighing('planner', :'s2') -> 'concerns') = 1, true, 'no objection is one concern as a whole');
select is(t.weighing('planner', :'s5') #>> '{concerns,0,binding}', 'true', 'a goal of regional planning binds');
select is((select count(*) from pp.event where kind = 'statement.accepted'), 6::bigint, 'each of them is an event');
select ok((select bool_and(data::text !~ 'laut|alles') from pp.event where kind like 'statement.%'), 'without its words');

-- Divided
select t.weighing('planner', :'s1') #>> '{concerns,0,id}' as c1, t.weighing('planner', :'s1') #>> '{concerns,1,id}' as c2,
	t.weighing('planner', :'s3') #>> '{concerns,0,id}' as c3, t.weighing('planner', :'s4') #>> '{concerns,0,id}' as c4,
	t.weighing('planner', :'s6') #>> '{concerns,0,id}' as c6 \gset
create function t.divide(statement text, concerns text, if_match text default '*') returns text language sql as $$
	select format('pp_api.concerns_divide(%L, %L, %L, ''2026-03-06'')', statement, format('{"concerns": %s}', concerns), if_match)
$$;
select is(t.outcome('planner', 'select ' || t.divide(:'s1', replace(replace(body, 'C1', :'c1'), 'C2', :'c2'))), outcome, body) from (values
	('[{"id": "C1"}, {"id": "C2"}]', 'done'), ('[{"id": "C1"}]', 'invalid_body /concerns'), ('[{"point": 3}, {"id": "C1"}, {"id": "C2"}]', 'invalid_body /concerns/0/point'),
	('[{"id": "C1"}, {"point": 2, "start": 4, "end": 10}]', 'done'), ('[{"id": "C1"}, {"point": 2, "start": 4, "end": 12}]', 'invalid_body /concerns/1/end'), ('[{"id": "C1"}, {"point": 2, "start": 4, "end": 4}]', 'invalid_body /concerns/1/end'),
	('[{"id": "C1"}, {"point": 2, "start": 4}]', 'invalid_body /concerns/1/start'), ('[{"id": "00000000-0000-7000-8000-000000000000"}, {"id": "C1"}, {"id": "C2"}]', 'concern_not_found /concerns/0/id')) v (body, outcome);
select is(t.outcome('planner', 'select ' || t.divide(:'s1', format('[{"id": "%s"}, {"id": "%s"}]', :'c1', :'c2'), tag)), outcome, coalesce(tag, 'no tag') || ': ' || outcome) from (values (null, 'precondition_required'), ('1', 'precondition_failed'),
	((t.reply('planner', format('pp_api.weighing_show(%L)', :'s1'))).etag, 'done')) v (tag, outcome);
select is((select jsonb_agg(c -> 'text' order by (c ->> 'no')::int) from jsonb_array_elements(t.body('planner', t.divide(:'s1', format('[{"point": 1, "start": 0, "end": 7}, {"point": 1, "start": 12, "end": 22, "topic": "Tempo"}, {"id": "%s"}]', :'c2'))) -> 'concerns') c),
	'["Der Graben.", "Zu laut", "zu schnell"]', 'segments of a point');
select is((select count(*) from pp.concern where id = :'c1' and dropped_at is not null), 1::bigint, 'what was replaced is kept');
select is(t.outcome('planner', format('select pp_api.concern_show(%L)', :'c1')), 'concern_not_found', 'and is no concern any more');
select is(t.body('planner', t.call('concern_create', :'s3', '{"start": 0, "end": 5, "topic": "a"}', '2026-03-06')) ->> 'text', 'Gegen', 'one more');

-- Proposed
create function t.propose(concern text, decision text, reason text default 'weil es so ist', if_match text default '*') returns text language sql as $$
	select format('pp_api.concern_propose(%L, %L, %L, ''2026-03-07'')', concern, jsonb_build_object('decision', decision, 'reason', reason), if_match)
$$;
select is(t.outcome(who, 'select ' || t.propose(:'c4', decision, reason, tag)), outcome, concat_ws(' ', who, decision, reason, tag, outcome)) from (values ('planner', 'GEFOLGT', 'weil', '1', 'done'), ('planner', 'GEFOLGT', ' ', '1', 'invalid_body /reason'),
	('planner', 'GEFOLGT', 'weil', null, 'precondition_required'), ('planner', 'GEFOLGT', 'weil', '7', 'precondition_failed'), ('planner', 'UNBERUECKSICHTIGT_VERSPAETET', 'weil', '*', 'late_counts /decision'),
	('citizen2', 'GEFOLGT', 'weil', '1', 'concern_not_found'), ('amt', 'GEFOLGT', 'weil', '1', 'concern_not_found'), ('cremm', 'GEFOLGT', 'weil', '1', 'concern_not_found')) v (who, decision, reason, tag, outcome);
select t.body('planner', t.propose(:'c4', 'NICHT_GEFOLGT', 'nein')) is not null as proposed \gset
select is(t.weighing('planner', :'s4') ->> 'state', 'VORGESCHLAGEN', 'its only concern has one');
select is((select jsonb_agg((h ->> 'decision') || ' ' || (h ->> 'reason') || ' ' || (h ->> 'by')) from jsonb_array_elements(t.body('planner2', t.propose(:'c4', 'GEFOLGT', 'doch')) -> 'history') h),
	'["NICHT_GEFOLGT nein planner@example.org", "GEFOLGT doch planner2@example.org"]', 'proposals change, and every one is kept');
select is(t.outcome(who, what), outcome, who || ': ' || what) from (values ('planner', 'update pp.concern_proposal set reason = ''x''', '42501'), ('planner', 'delete from pp.concern', '42501'), ('owner', 'update pp.concern_proposal set reason = ''x''', '23001'),
	('owner', 'delete from pp.concern', '23001'), ('owner', 'truncate pp.weighing_result', '23001')) v (who, what, outcome);
select is(t.weighing('planner', :'s1') ->> 'state', 'IN_BEARBEITUNG', 'two segments and a point have none');
select is(t.body('planner', t.call('weighing_propose', :'p', jsonb_build_object('decision', 'KENNTNISNAHME', 'reason', 'ohne Einwand', 'stance', 'KEINE_BEDENKEN'), '2026-03-07')), '{"statements": 1, "concerns": 1}', 'by stance');
select is(t.outcome('planner', 'select ' || t.call('weighing_propose', :'p', body || '{"decision": "GEFOLGT", "reason": "weil"}', '2026-03-07')), outcome, body::text) from (values ('{}'::jsonb, 'invalid_body /statements'),
	('{"stance": "ABLEHNUNG"}', 'conflict'), ('{"stance": "ABLEHNUNG", "statements": []}', 'invalid_body /statements'), (jsonb_build_object('statements', jsonb_build_array(:'s3')), 'done')) v (body, outcome);
select is(t.outcome('amt', 'select ' || t.call('weighing_propose', :'p', '{"decision": "GEFOLGT", "reason": "weil", "stance": "BEDENKEN"}', '2026-03-07')), 'forbidden', 'by nobody else');
select is(t.weighing('amt', :'s1') ? 'concerns', false, 'the author sees no draft');
select is(t.weighing('amt', :'s1') -> 'results', '[]', 'and no result yet');

-- Resolved on
create function t.decide(procedure text, at text default '2026-03-08', resolved_on text default '2026-03-08') returns text language sql as $$
	select t.call('weighing_decide', procedure, jsonb_build_object('resolved_on', resolved_on, 'reference', 'GV 7', 'council', 'Gemeindevertretung'), at)
$$;
select is(t.outcome('planner', 'select ' || t.decide(:'p')), 'weighing_incomplete', 'timely ones lack a proposal');
do $$
declare
	detail text;
begin
	perform t.become('planner');
	begin
		perform pp_api.weighing_decide((select id from pp.procedure limit 1), '{"resolved_on": "2026-03-08", "reference": "1", "council": "x"}', '2026-03-08', null, null);
	exception when sqlstate 'PP001' then
		get stacked diagnostics detail = pg_exception_detail;
	end;
	perform set_config('session_authorization', 'postgres', true);
	perform set_config('t.detail', detail, false);
end
$$;
select is(current_setting('t.detail'), '3 statements that have to be examined lack a proposal: 2026-0001-001, 2026-0001-003, 2026-0001-005.', 'and are named');
select t.body('planner', t.call('weighing_propose', :'p', jsonb_build_object('decision', 'TEILWEISE_GEFOLGT', 'reason', 'soweit', 'statements', jsonb_build_array(:'s1', :'s3', :'s5')), '2026-03-07')) is not null as proposed \gset
select is(t.missing(:'p'), '001 OHNE_BESCHLUSS, 002 OHNE_BESCHLUSS, 003 OHNE_BESCHLUSS, 004 OHNE_BESCHLUSS, 005 OHNE_BESCHLUSS, 006 VERSPAETET_UNENTSCHIEDEN, 01999002 OHNE_STATUS', 'the resolution is missing');
select is(t.outcome('planner', 'select ' || t.decide(:'p', '2026-03-08', '2026-03-09')), 'invalid_body /resolved_on', 'not in advance');
select is(t.outcome('planner', 'select ' || t.decide(:'p', '2026-03-04', '2026-03-04')), 'conflict', 'nor while a round is open');
select is(t.outcome('amt', 'select ' || t.decide(:'p')), 'forbidden', 'by nobody else');
-- One who withdraws keeps nobody from resolving.
select (t.reply('citizen2', format('pp_api.statement_withdraw(%L, ''{}'', ''2026-03-07'', null, null)', :'s4'))).status as withdrawn \gset
select is(t.body('planner', t.decide(:'p')) - '{id}'::text[], '{"resolved_on": "2026-03-08", "reference": "GV 7", "council": "Gemeindevertretung", "recorded_at": "2026-03-08T00:00:00.000000Z", "statements": 5}', 'resolved on, the withdrawn one with them');
select is((select string_agg(right(number, 3) || ' ' || state, ', ' order by number) from pp.statement), '001 ENTSCHIEDEN, 002 ENTSCHIEDEN, 003 ENTSCHIEDEN, 004 ZURUECKGENOMMEN, 005 ENTSCHIEDEN, 006 IN_BEARBEITUNG', 'timely ones are decided');
select is(t.outcome('planner', 'select ' || call), 'weighing_decided', 'frozen: ' || left(call, 30)) from unnest(array[t.propose(:'c2', 'GEFOLGT'), t.propose(:'c4', 'GEFOLGT'), t.divide(:'s1', '[{"point": 1}, {"point": 2}]'),
	t.call('concern_create', :'s1', '{"point": 1}', '2026-03-09')]) call;
select throws_ok(format('update pp.concern set reason = ''x'' where id = %L', id), '23001', null, 'not even a superuser changes what is ' || what) from (values (:'c2', 'decided'), (:'c1', 'replaced')) v (id, what);
select is(t.outcome('planner', 'select ' || t.decide(:'p', '2026-03-10')), 'conflict', 'there is nothing more to resolve on');
select is(t.missing(:'p'), '006 VERSPAETET_UNENTSCHIEDEN, 01999002 OHNE_STATUS', 'a neighbour and a late one are left');
select is(t.value('clerk', $$select count(*) from pp_api.clock_tick('2026-03-10') x$$), '1', 'the clock ticks');
select is(t.missing(:'p'), '006 VERSPAETET_UNENTSCHIEDEN', 'no answer is a status');
-- A late one: decided about by itself first.
create function t.late(statement text, outcome text, at text) returns text language sql as $$
	select format('pp_api.lateness_decide(%L, %L, null, %L, null, null)', statement, jsonb_build_object('outcome', outcome, 'reason', 'weil',
		'known', false, 'should_have_known', false, 'relevant_to_lawfulness', false), at)
$$;
select is(t.outcome('planner', 'select ' || t.propose(:'c6', 'UNBERUECKSICHTIGT_VERSPAETET')), 'late_counts /decision', 'nothing is disregarded before that was decided');
select is(t.outcome('planner', 'select ' || t.propose(:'c6', 'GEFOLGT')), 'done', 'though it may be followed');
select t.reply('planner', t.late(:'s6', 'UNBERUECKSICHTIGT_VERSPAETET', '2026-03-10 00:00+00')) is not null as late \gset
select is(t.missing(:'p'), null, 'disregarded: nothing is missing any more');
select is(t.outcome('planner', 'select ' || t.propose(:'c6', 'GEFOLGT')), 'conflict /decision', 'what is disregarded is not followed');
select t.body('planner', t.propose(:'c6', 'UNBERUECKSICHTIGT_VERSPAETET', '§ 4a (5) BauGB')) is not null as proposed \gset
select t.reply('planner', t.late(:'s6', 'BERUECKSICHTIGT', '2026-03-10 01:00+00')) is not null as late \gset
select is(t.missing(:'p'), '006 OHNE_VORSCHLAG', 'taken into account after all, it lacks a proposal that fits');
select is(t.outcome('planner', 'select ' || t.decide(:'p', '2026-03-11', '2026-03-10')), 'weighing_incomplete', 'and keeps the council waiting');
select t.reply('planner', t.late(:'s6', 'UNBERUECKSICHTIGT_VERSPAETET', '2026-03-10 02:00+00')) is not null as late \gset
select t.body('planner', t.decide(:'p', '2026-03-11', '2026-03-10')) is not null as decided \gset
select is(t.missing(:'p'), null, 'then nothing is missing');

-- Communicated
create function t.tell(id text, body jsonb, fn text default 'statement_communicate') returns text language sql as $$ select t.call(fn, id, body, '2026-03-12') $$;
select is(t.outcome('planner', 'select ' || t.tell(:'s1', body)), outcome, body::text) from (values ('{"on": "2026-03-13", "channel": "POST"}'::jsonb, 'invalid_body /on'), ('{"on": "2026-03-01", "channel": "POST"}', 'invalid_body /on'), ('{"on": "2026-03-12", "channel": "POST"}', 'done')) v (body, outcome);
select is(t.outcome('planner', 'select ' || t.tell(:'s4', '{"on": "2026-03-12", "channel": "POST"}')), 'conflict', 'a withdrawn one is told nothing');
select is(t.body('planner', t.tell(:'s1', '{"on": "2026-03-12", "channel": "POST"}')) ->> 'state', 'MITGETEILT', 'told');
select is(t.weighing(who, :'s1') -> 'results', '[{"no": 2, "text": "Der Graben.", "point": 2, "topic": null, "reason": "soweit", "decision": "TEILWEISE_GEFOLGT"}, {"no": 3, "text": "Zu laut", "point": 1, "topic": null, "reason": "soweit", "decision": "TEILWEISE_GEFOLGT"},
	{"no": 4, "text": "zu schnell", "point": 1, "topic": "Tempo", "reason": "soweit", "decision": "TEILWEISE_GEFOLGT"}]', who || ' sees the result') from unnest(array['amt', 'ahrens', 'planner']) who;
select is(t.weighing('amt', :'s1') -> 'resolution', '{"council": "Gemeindevertretung", "reference": "GV 7", "resolved_on": "2026-03-08"}', 'and who has resolved');
select is(t.outcome(who, format('select pp_api.weighing_show(%L)', :'s1')), 'statement_not_found', who || ' sees nothing') from unnest(array['damm', 'kreis', 'citizen']) who;
select is(t.body('planner', t.tell(:'p', '{"on": "2026-03-12", "channel": "PORTAL"}', 'weighing_communicate')), '{"communicated": 4, "channel": "PORTAL", "law": null}', 'the others at once');
select is(t.weighing('citizen', :'s3') #>> '{results,0,decision}', 'TEILWEISE_GEFOLGT', 'a person sees the result');
select is(t.outcome('planner', 'select ' || t.tell(:'p', '{"on": "2026-03-12", "channel": "PORTAL"}', 'weighing_communicate')), 'conflict', 'once');

-- Thrown away
select t.submit('amt', t.invitation(:'r', '01999002'), '{"stance": "BEDENKEN", "text": "falsch"}', '2026-02-20') as s7 \gset
select t.submit('amt', t.invitation(:'r', '01999002'), '{"stance": "BEDENKEN", "text": "doppelt"}', '2026-02-21') as s8 \gset
create function t.discard(statement text, body text) returns text language sql as $$ select t.call('statement_discard', statement, body::jsonb, '2026-03-12') $$;
select is(t.outcome(who, 'select ' || t.discard(:'s7', replace(replace(body, 'S8', :'s8'), 'S1', :'s1'))), outcome, who || ' ' || body) from (values ('planner', '{"kind": "IRRLAEUFER", "reason": " "}', 'invalid_body /reason'), ('planner', '{"kind": "DUBLETTE", "reason": "x"}', 'invalid_body /duplicate_of'),
	('planner', '{"kind": "IRRLAEUFER", "reason": "x", "duplicate_of": "S8"}', 'invalid_body /duplicate_of'), ('planner', '{"kind": "DUBLETTE", "reason": "x", "duplicate_of": "S1"}', 'invalid_body /duplicate_of'),
	('planner', '{"kind": "DUBLETTE", "reason": "x", "duplicate_of": "S8"}', 'done'), ('amt', '{"kind": "IRRLAEUFER", "reason": "x"}', 'forbidden')) v (who, body, outcome);
select is(t.outcome('planner', 'select ' || t.discard(:'s1', '{"kind": "IRRLAEUFER", "reason": "x"}')), 'conflict', 'not what is decided');
select is(t.body('planner', t.discard(:'s8', '{"kind": "IRRLAEUFER", "reason": "gehört zu einem anderen Plan"}')) ->> 'state', 'VERWORFEN', 'a stray one');
select is(t.weighing('amt', :'s8') -> 'discarded' ->> 'reason', 'gehört zu einem anderen Plan', 'its author sees why');
select is((select state || answered_at::timestamptz from pp.invitation where id = t.invitation(:'r', '01999002')), 'BEANTWORTET2026-02-20 00:00:00+00', 'the other still answers');
select t.body('planner', t.discard(:'s7', '{"kind": "IRRLAEUFER", "reason": "auch"}')) is not null as discarded \gset
select is((select state || (answered_at is null) from pp.invitation where id = t.invitation(:'r', '01999002')), 'GELESENtrue', 'stray ones answer nothing');
select is(t.missing(:'p'), '01999002 OHNE_STATUS', 'so the neighbour has no status');

-- The same letter of many: 60 persons in another procedure
select t.make_procedure('planner', 'Viele', '2026-02-01 10:00+00') as q \gset
select t.make_plan('planner', :'q', t.result(), '2026-02-01 11:00+00') as ql \gset
select (t.reply('planner', format('pp_api.affected_confirm(%L, ''2026-02-01 12:00+00'', null, null)', :'ql'))).status as confirmed \gset
select t.make_round(:'q', 'FOERM_OEFF', 'OEFF', '2026-02-02', '2026-03-04', null, '2026-02-01 13:00+00') as qo \gset
insert into t.person select 'p' || n, 'pp_server', ('00000000-0000-7000-9000-0000000000' || n)::uuid, null, null from generate_series(10, 69) n;
select t.enrol(array(select 'p' || n from generate_series(10, 69) n));
select count(t.write('p' || n, :'q', jsonb_build_object('stance', 'EINWENDUNG', 'text', 'Der Wald' || repeat(' ', n % 3 + 1) || 'bleibt!'), '2026-02-10')) as written from generate_series(10, 59) n \gset
select t.write('p60', :'q', '{"stance": "EINWENDUNG", "text": "Laßt den Wald stehen."}', '2026-02-10') as other \gset
select t.body('planner', format('pp_api.weighing_accept(%L, ''2026-03-05'', null, null)', :'q')) is not null as accepted \gset
select is((t.body('planner', format('pp_api.group_list(%L)', :'q')) -> 'equal') #- '{0,like}' #- '{0,number}' #- '{0,text}', '[{"statements": 50}]', 'letters that differ in blanks are one');
select t.body('planner', format('pp_api.group_list(%L)', :'q')) #>> '{equal,0,like}' as like \gset
select t.body('planner', t.call('group_create', :'q', jsonb_build_object('title', 'Wald', 'like', :'like'), '2026-03-05')) as g \gset
select :'g'::jsonb ->> 'id' as g \gset
select is(t.body('planner', format('pp_api.group_show(%L)', :'g')) - '{id,procedure,created_at}'::text[], '{"title": "Wald", "persons": 50, "statements": 50, "states": {"IN_BEARBEITUNG": 50},
	"mass_notices": [{"law": "§ 3 (2) Satz 7 BauGB", "counts": "GRUPPE", "allowed": false, "channel": "EINSICHT", "persons": 50, "purpose": "ERGEBNIS", "more_than": 50}]}', 'fifty persons are not more than fifty');
select is(t.outcome(who, format('select pp_api.group_show(%L)', :'g')), 'statement_group_not_found', who || ' sees no group') from unnest(array['cremm', 'p10', 'root']) who;
select is(t.body('planner', t.call('weighing_propose', :'q', jsonb_build_object('decision', 'NICHT_GEFOLGT', 'reason', 'Ausgleich', 'group', :'g'), '2026-03-06')), '{"concerns": 50, "statements": 50}', 'a group is weighed once');
select t.body('planner', t.call('weighing_propose', :'q', jsonb_build_object('decision', 'NICHT_GEFOLGT', 'reason', 'Ausgleich', 'statements', jsonb_build_array(:'other')), '2026-03-06')) is not null as proposed \gset
select t.body('planner', t.decide(:'q')) is not null as decided \gset
create function t.inspect(procedure text, more jsonb) returns text language sql as $$
	select t.tell(procedure, '{"on": "2026-03-12", "channel": "EINSICHT", "inspection": {"place": "Rathaus, Zimmer 7", "announced_on": "2026-03-11"}}'::jsonb || more, 'weighing_communicate')
$$;
select is(t.outcome('planner', 'select ' || t.inspect(:'q', jsonb_build_object('group', :'g'))), 'mass_notice_not_allowed /channel', 'fifty are told one by one');
select is(t.body('planner', t.call('group_change', :'g', jsonb_build_object('add', jsonb_build_array(:'other')), '2026-03-09')) ->> 'persons', '51', 'one more, by hand');
select is(t.outcome('planner', 'select ' || t.inspect(:'q', body)), outcome, body::text) from (values ('{}'::jsonb, 'mass_notice_not_allowed /channel'), (jsonb_build_object('group', :'g', 'inspection', null), 'invalid_body /inspection'),
	(jsonb_build_object('group', :'g', 'channel', 'BEKANNTMACHUNG'), 'mass_notice_not_allowed /channel'), (jsonb_build_object('group', :'g'), 'done')) v (body, outcome);
select is(t.body('planner', t.inspect(:'q', jsonb_build_object('group', :'g'))), '{"law": "§ 3 (2) Satz 7 BauGB", "channel": "EINSICHT", "communicated": 51}', 'more than fifty may inspect the result');
select is(t.weighing((select p.name from t.person p join pp.statement s on s.author_account = p.account where s.id = :'like'), :'like') #>> '{communicated,inspection,place}', 'Rathaus, Zimmer 7', 'and learn where');
select is(t.outcome('planner', 'select ' || t.call('group_create', :'q', body::jsonb, '2026-03-09')), outcome, body) from (values ('{"title": "x"}', 'invalid_body /statements'), ('{"title": "x", "statements": ["00000000-0000-7000-8000-000000000000"]}', 'invalid_body /statements'),
	('{"title": "x", "like": "00000000-0000-7000-8000-000000000000"}', 'invalid_body /like')) v (body, outcome);

-- The list
select is(t.walk('planner', format('pp_api.weighing_list(%L, null, null, null, null, null, null, 2, ', :'p') || '%L)', '$.items[*].state'), '["MITGETEILT", "MITGETEILT", "MITGETEILT", "ZURUECKGENOMMEN", "MITGETEILT", "VERWORFEN", "VERWORFEN", "MITGETEILT"]', 'page by page');
select is(t.body('planner', format('pp_api.weighing_list(%L, null, null, null, null, null, null, null, null)', :'p')) -> 'counts', '{"states": {"VERWORFEN": 2, "MITGETEILT": 5, "ZURUECKGENOMMEN": 1}, "statements": 8, "late": 1, "missing": 0, "concerns_without_decision": 0,
	"decisions": {"GEFOLGT": 1, "KENNTNISNAHME": 1, "TEILWEISE_GEFOLGT": 6, "UNBERUECKSICHTIGT_VERSPAETET": 1}}', 'counted by state and by decision');
select is((select count(*) from jsonb_array_elements(t.body('planner', format('pp_api.weighing_list(%L, %s, null, null)', :'p', filter)) -> 'items'))::int, n, filter) from (values ('''MITGETEILT'', null, null, null, null, null', 5), ('null, ''GEFOLGT'', null, null, null, null', 1),
	('null, null, ''KEINE_BEDENKEN'', null, null, null', 1), ('null, null, null, false, null, null', 1), ('null, null, null, null, true, null', 0)) v (filter, n);
select is((select count(*) from jsonb_array_elements(t.body('planner', format('pp_api.weighing_list(%L, null, null, null, null, null, %L, 500, null)', :'q', :'g')) -> 'items')), 51::bigint, 'by group');
select ok(t.uses_index('planner', format('select pp_api.weighing_list(%L, null, ''GEFOLGT'', null, null, null, null, null, null)', :'p'), 'pp.concern_decision'), 'decisions have an index');
-- Of few rows the planner may choose either of two; without the other it has to take this one.
begin;
drop index pp.statement_procedure;
select ok(t.uses_index('planner', format('select pp_api.weighing_accept(%L, ''2026-03-12'', null, null)', :'p'), 'pp.statement_weighing'), 'states have one');
rollback;
select ok(t.uses_index('planner', format('select pp_api.group_show(%L)', :'g'), 'pp.weighing_group'), 'groups have one');
select ok(t.uses_index('planner', format('select pp_api.group_create(%L, %L, ''2026-03-12'', null, null)', :'q', jsonb_build_object('title', 'noch eine', 'like', :'like')), 'pp.weighing_same'), 'equal words have one');
select * from finish();
