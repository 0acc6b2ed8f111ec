-- SPDX-License-Identifier: EUPL-1.2
-- Erasure: when, by whom, what stops it, and what is left of a person everywhere. What people are told.
set client_min_messages = warning;
select plan(77);

select t.make_procedure('planner', 'Am Rand', '2026-02-01 10:00+00') as p \gset
select t.make_plan('planner', :'p', t.result(), '2026-02-01 11:00+00') as l \gset
select (t.reply('planner', format('pp_api.affected_confirm(%L, ''2026-02-01 12:00+00'', null, null)', :'l'))).status as confirmed \gset
select t.make_round(:'p', 'FOERM_OEFF', 'OEFF', '2026-02-10', '2026-03-12', null, '2026-02-01 13:00+00') as o \gset
create function t.say(round text, text text, who text) returns text language sql as $$
	select format('pp_api.statement_submit_round(%L, %L, ''2026-02-11'', ''k'', %L)', round, jsonb_build_object('stance', 'EINWENDUNG', 'text', text,
		'person', jsonb_build_object('given_name', 'Kanaria', 'family_name', who, 'email', who || '@vogel.example'), 'consents', '{"notices": true, "text_version": "1"}'::jsonb), sha256(convert_to(text, 'UTF8')))
$$;
select t.body('nobody', t.say(:'o', 'Kanarientext eins', 'Amsel')) as a \gset
select t.body('nobody', t.say(:'o', 'Kanarientext zwei', 'Buchfink')) as b \gset
select t.body('citizen', t.say(:'o', 'Kanarientext drei', 'Citronengirlitz')) as c \gset
select (:'a'::jsonb #>> '{person,id}')::uuid as pa, (:'b'::jsonb #>> '{person,id}')::uuid as pb, (:'c'::jsonb #>> '{person,id}')::uuid as pc, :'a'::jsonb ->> 'status_token' as sa, :'b'::jsonb ->> 'status_token' as sb, :'a'::jsonb ->> 'id' as a1 \gset
select t.reply('planner', format('pp_api.statement_accept(%L, ''2026-03-15'', ''w'', ''\x01'')', :'a1')) is not null;
create function t.erase(person text, body jsonb, at timestamptz) returns text language sql as $$ select format('pp_api.person_erase(%L, %L, %L, null, null)', person, body, at) $$;

-- While the procedure needs what was said
select is(t.outcome(who, 'select ' || t.erase(:'pa', body::jsonb, '2026-03-20')), outcome, who || ': ' || outcome) from (values ('planner', '{"ground": "FRIST"}', 'erasure_not_due /ground'), ('planner', '{"ground": "WIDERSPRUCH"}', 'invalid_body /note'),
	('amt', '{"ground": "FRIST"}', 'person_not_found'), ('cremm', '{"ground": "FRIST"}', 'person_not_found'), ('citizen', '{"ground": "FRIST"}', 'person_not_found'), ('anyone', '{"ground": "FRIST"}', '42501')) v (who, body, outcome);
select is(t.body('nobody', format('pp_api.token_erase(%L, ''2026-03-20'')', :'sa')) - 'person', '{"due_on": null, "legal_basis": "Art. 17 Abs. 3 Buchst. b, e DSGVO"}', 'who asks is told why not yet');
select is(t.outcome('citizen', format('select pp_api.person_erase_own(%L, ''2026-03-20'')', who)), outcome, outcome) from (values (:'pc', 'done'), (:'pa', 'person_not_found')) v (who, outcome);
select is(t.body('planner', 'pp_api.retention_due(''2026-03-20'')') #> '{items,0,requests,0,name}', '"Person 001"', 'and the planning body sees it');
select is(t.outcome('planner', format('select pp_api.procedure_erase(%L, ''2026-03-20'', null, null)', :'p')), 'erasure_not_due', 'nobody goes before the state says so');
select is(t.body('planner', t.erase(:'pb', '{"ground": "WIDERSPRUCH", "note": "stattgegeben"}', '2026-03-21')) - '{id,procedure,created_at,consents}'::text[],
	'{"name": "Person 002", "anonymous": false, "erased": true, "erased_at": "2026-03-21T00:00:00.000000Z", "erase_reason": "WIDERSPRUCH: stattgegeben", "address_confirmed_at": null, "details": null}', 'but the law may');
select is((select count(*) from pp_keys.person_key where person = :'pb'), 0::bigint, 'the key is gone with the mark');
select is((select coalesce(marks::text, '-') || coalesce(confirm_sha256::text, '-') from pp.person where id = :'pb'), '--', 'and what the person could be recognised by');
select is((select pp_keys.unseal(person, sealed) from pp.statement where person = :'pb'), null, 'what was sealed stays and says nothing');
select is(t.outcome('planner', 'select ' || t.erase(:'pb', '{"ground": "WIDERSPRUCH", "note": "x"}', '2026-03-22')), 'person_erased', 'once');
select throws_ok(format('update pp.person set erased_at = null, erase_reason = null where id = %L', :'pb'), '23001', null, 'and for good');
select is(t.body('planner', format('pp_api.statement_show(%L)', :'b'::jsonb ->> 'id')) -> 'text', 'null', 'the statement is a number with a stance');
select is(t.body('planner', format('pp_api.statement_show(%L)', :'b'::jsonb ->> 'id')) #>> '{points,0,text}', null, 'without words');
select is(t.outcome('nobody', 'select ' || t.say(:'o', 'Kanarientext zwei', 'Buchfink')), 'person_erased', 'an answer that was remembered is gone too');
select is(t.body('nobody', format('pp_api.token_show(%L)', :'sb')) #>> '{person,erased}', 'true', 'the holder of the secret sees that it was done');
select is(t.outcome('nobody', format('select pp_api.token_%s(%L, ''{"text": "x"}'', ''2026-03-22'', null, null)', what, :'sb')), 'person_erased', 'and can ' || what || ' nothing') from unnest(array['supplement', 'withdraw']) what;
select is(t.outcome('planner', format('select pp_api.statement_accept(%L, ''2026-03-22'', ''e'', ''\x01'')', :'b'::jsonb ->> 'id')), 'done', 'it is weighed all the same');

-- A hold
select is(t.outcome(who, format('select pp_api.hold_create(%L, ''{"reason": "Klage"}'', ''2026-03-22'', null, null)', :'p')), outcome, who) from (values ('amt', 'forbidden'), ('cremm', 'forbidden'), ('citizen', 'forbidden')) v (who, outcome);
select t.body('planner', format('pp_api.hold_create(%L, %L, ''2026-03-22'', null, null)', :'p', jsonb_build_object('reason', 'Klage 1 K 2/26', 'person', :'pa'))) ->> 'id' as hold \gset
select is(t.outcome('planner', 'select ' || t.erase(:'pa', '{"ground": "WIDERSPRUCH", "note": "x"}', '2026-03-23')), 'legal_hold', 'nobody is erased past it');
select throws_ok(format('update pp.person set erased_at = now(), erase_reason = ''x'' where id = %L', :'pa'), 'PP001', null, 'not even by a superuser');
select is(t.value('citizen', 'select count(*) from pp.legal_hold'), '0', 'and sees none of its reasons');

-- The procedure is over
select t.reply('planner', format($$pp_api.procedure_withdraw(%L, '{"reason": "aufgegeben"}', '2026-04-01', null, null)$$, :'p')) is not null;
select is(t.body('planner', format('pp_api.retention_show(%L, ''2026-07-01'')', :'p')) - '{procedure,requests,holds}'::text[], '{"number": "2026-0001", "state": "EINGESTELLT", "state_since": "2026-04-01T00:00:00.000000Z", "rule": "BAULEITPLAN_BEENDET", "legal_basis": "Art. 5 Abs. 1 Buchst. e DSGVO",
	"due_on": "2026-07-02", "act": "PROPOSE", "act_on": null, "due": false, "persons": {"known": 2, "erased": 1}}', 'three months from the day of that state');
select is(t.outcome('planner', format('select pp_api.procedure_erase(%L, %L, null, null)', :'p', at)), outcome, at) from (values ('2026-07-01 21:59:59+00', 'erasure_not_due'), ('2026-07-01 22:00:00+00', 'done')) v (at, outcome);
select is((t.body('planner', 'pp_api.retention_due(''2026-07-02'')') #>> '{items,0,due}') || (t.body('cremm', 'pp_api.retention_due(''2026-07-02'')') ->> 'items'), 'true[]', 'it is proposed to whose procedure it is');
select is(t.body('planner', format('pp_api.procedure_erase(%L, ''2026-07-02'', null, null)', :'p')) ->> 'erased_now', '1', 'whom a hold is about stays');
select is((select string_agg(no::text, ',' order by no) from pp.person where erased_at is null), '1', 'that one');
select is(t.body('planner', format('pp_api.hold_lift(%L, ''2026-07-03'', null, null)', :'hold')) ->> 'lifted_by', 'planner@example.org', 'the hold is lifted');
select is(t.outcome('planner', format('select pp_api.hold_lift(%L, ''2026-07-03'', null, null)', :'hold')), 'conflict', 'once');
select is(t.body('nobody', format('pp_api.token_erase(%L, ''2026-07-03'')', :'sa')) -> 'legal_basis', 'null', 'now the person itself is erased at once');
select is((select count(*) from pp_keys.person_key), 0::bigint, 'no key is left');
select is((select erase_reason from pp.person where id = :'pa'), 'ANTRAG', 'and why');
select is((select string_agg(data ->> 'reason', ', ' order by id) from pp.event where kind = 'person.erased'), 'WIDERSPRUCH, FRIST, ANTRAG', 'events tell of it, with the ground and no words of anybody');
select is((select count(*) from pp.retention_rule r, unnest(r.states) s where not exists (select from pp.machine_state m where (m.machine, m.state) = (r.machine, s))), 0::bigint, 'rules name states that there are');
select is((select string_agg(m.machine || ' ' || m.state, ', ') from pp.machine_state m where m.is_final and m.machine <> 'PLANUNGSANZEIGE' and m.state <> 'FORTGEFUEHRT'
	and not exists (select from pp.retention_rule r where r.machine = m.machine and m.state = any (r.states))), null, 'no end of a procedure is without one, but what is carried on elsewhere');

-- What people are told
select t.make_procedure('planner', 'Zweiter', '2026-02-01 10:00+00') as q \gset
select is(t.outcome('anyone', format('select pp_api.privacy_show(%L)', :'q')), 'procedure_not_found', 'what is not published tells nobody');
select is(t.body('anyone', format('pp_api.privacy_show(%L)', :'p')) - '{procedure,rights,retention,purpose}'::text[], '{"version": "ohne", "controller": {"name": "Elbstadt"}, "officer": null, "authority": null, "text": null,
	"legal_basis": "Art. 6 Abs. 1 Buchst. e, Abs. 3 DSGVO i. V. m. § 3 Abs. 1, 2, § 1 Abs. 7 BauGB"}', 'the facts are there without any text');
create function t.tell(body jsonb) returns text language sql as $$ select format('pp_api.privacy_notice_create(%L, ''2026-02-02'', null, null)', '{"version": "1", "controller": {"name": "Stadt Elbstadt"}, "text": "Wir"}'::jsonb || body) $$;
select is((t.reply('planner', t.tell('{"text_en": "We"}'))).status, 201, 'the planning body tells');
select is(t.outcome('planner', 'select ' || t.tell('{"text": "Wir anders"}')), 'conflict /version', 'a version is one text');
select is(t.outcome('planner', 'select ' || t.tell(jsonb_build_object('procedure', :'p'))), 'procedure_withdrawn', 'not of what is over');
select is((t.reply('planner', t.tell(jsonb_build_object('procedure', :'q', 'text', 'Nur hier')))).status, 201, 'of one procedure');
select is((t.body('anyone', format('pp_api.privacy_show(%L, ''en'')', :'p')) ->> 'text') || (t.body('planner', format('pp_api.privacy_show(%L)', :'q')) ->> 'text'), 'WeNur hier', 'the nearer one is shown');
select throws_ok(change, '23001', null, change) from unnest(array['update pp.privacy_notice set text_de = ''x''', 'delete from pp.privacy_notice']) change;
select is(t.outcome('anyone', format('select pp_api.privacy_notice_show(%L)', id)), outcome, outcome) from (select id, case when procedure is null then 'done' else 'not_found' end as outcome from pp.privacy_notice) n order by outcome;

-- What the clerk does by itself: proposes, or erases after days of grace.
create function t.acts(at timestamptz) returns text language sql as $$ select t.value('clerk', format('select string_agg(concat_ws('' '', rule, act, number, due_on, act_on, concerned, held), ''; '' order by number, rule) from pp_api.retention_acts(%L)', at)) $$;
select t.make_plan('planner', :'q', t.result(), '2026-02-01 11:00+00') as l2 \gset
select t.reply('planner', format('pp_api.affected_confirm(%L, ''2026-02-01 12:00+00'', null, null)', :'l2')) is not null;
select t.make_round(:'q', 'FOERM_OEFF', 'OEFF', '2026-02-10', '2026-03-12', null, '2026-02-01 13:00+00') as o2 \gset
select t.body('nobody', t.say(:'o2', 'Kanarientext vier', 'Dohle')) is not null;
select t.body('nobody', t.say(:'o2', 'Kanarientext fünf', 'Elster')) #>> '{person,id}' as last_person \gset
select t.reply('planner', format('pp_api.hold_create(%L, %L, ''2026-02-12'', null, null)', :'q', jsonb_build_object('reason', 'Klage', 'person', :'last_person'))) is not null;
select is(t.acts('2026-03-11 22:59+00'), null, 'nothing is over');
select is(t.acts('2026-03-12 23:00+00'), 'ADRESSE_UNBESTAETIGT ERASE 2026-0002 2026-03-12 2026-03-12 1 1', 'a month after the statement nobody confirms its address any more; whom a hold is about stays');
select is(t.value('clerk', 'select pp_api.retention_run(''2026-03-12 23:00+00'', 20)') || t.value('clerk', 'select pp_api.retention_run(''2026-03-12 23:00+00'', 20)'), '10', 'the clerk erases what it may, once');
select is((select count(confirm_sha256) from pp.person where procedure = :'q'), 1::bigint, 'the secret is gone');
select is((select count(*) from pp_keys.person_key k join pp.person n on n.id = k.person where n.procedure = :'q'), 2::bigint, 'and the person is not');
select t.reply('planner', format($$pp_api.procedure_withdraw(%L, '{"reason": "aufgegeben"}', '2026-04-01', null, null)$$, :'q')) is not null;
select is(t.acts('2026-07-01 21:59:59+00'), 'ADRESSE_UNBESTAETIGT ERASE 2026-0002 2026-03-12 2026-03-12 0 1', 'until the last day of the period');
select is(t.acts('2026-07-01 22:00+00'), 'ADRESSE_UNBESTAETIGT ERASE 2026-0002 2026-03-12 2026-03-12 0 1; BAULEITPLAN_BEENDET PROPOSE 2026-0002 2026-07-02 2026-07-02 1 1', 'then it is proposed');
select is(t.value('clerk', 'select pp_api.retention_run(''2026-07-02'', 20)') || t.value('clerk', 'select pp_api.retention_run(''2026-07-03'', 20)'), '10', 'once');
select is((select count(*) from pp.person where procedure = :'q' and erased_at is null), 2::bigint, 'and nobody is erased');
select is((select array_agg(kind || ' ' || (data ->> 'concerned') || ' ' || bodies::text order by id) from pp.event where kind like 'retention.%'), '{"retention.erased 1 {02000000}","retention.due 1 {02000000}"}', 'the planning body is told');
create function t.choose(who text, body jsonb) returns text language sql as $$ select t.outcome(who, format('select pp_api.retention_choose(%L, ''2026-07-03'', null, null)', body)) $$;
select is(t.choose(who, body::jsonb), outcome, who || ' ' || body) from (values ('planner', '{"rule": "LINK_ABGELAUFEN", "act": "PROPOSE"}', 'invalid_body /rule'), ('planner', '{"rule": "x", "act": "ERASE"}', 'invalid_body /rule'), ('citizen', '{"rule": "BAULEITPLAN_BEENDET", "act": "ERASE"}', '42501')) v (who, body, outcome);
select is(t.body('planner', $$pp_api.retention_choose('{"rule": "BAULEITPLAN_BEENDET", "act": "ERASE", "grace_days": 7}', '2026-07-03', null, null)$$) - '{id,at}'::text[], '{"rule": "BAULEITPLAN_BEENDET", "act": "ERASE", "grace_days": 7, "by": "planner@example.org"}', 'its manager has the clerk erase from now on');
select is(t.body('planner', format('pp_api.retention_show(%L, ''2026-07-03'')', :'q')) ->> 'act_on', '2026-07-09', 'after a week of grace');
select is(t.value('clerk', 'select pp_api.retention_run(''2026-07-08 21:59+00'', 20)') || t.value('clerk', 'select pp_api.retention_run(''2026-07-08 22:00+00'', 20)'), '01', 'not a day sooner');
select is((select string_agg(no || coalesce(erase_reason, '-'), ' ' order by no) from pp.person where procedure = :'q'), '1FRIST: BAULEITPLAN_BEENDET 2-', 'whom a hold is about stays');
select is((select count(*) from pp.audit_entry e where e.relation = 'retention_report' and e.chain = :'q'), 3::bigint, 'each act has its line in the chain');
select is(t.value(who, 'select count(*) from pp.retention_report'), seen, who || ' reads the report') from (values ('planner', '3'), ('cremm', '0'), ('amt', '0')) v (who, seen);
select is((select string_agg((x ->> 'rule') || (x ->> 'act') || (x ->> 'concerned') || (x ->> 'held'), ', ') from jsonb_array_elements(t.walk('planner', 'pp_api.retention_report_list(1, %L)', '$.items[*]')) x),
	'BAULEITPLAN_BEENDETERASE11, BAULEITPLAN_BEENDETPROPOSE11, ADRESSE_UNBESTAETIGTERASE11', 'page by page');
select * from finish();
