-- SPDX-License-Identifier: EUPL-1.2
-- What staff enter: judged by the day of receipt, not of entering; whose it is; what is alike; confirmed addresses.
set client_min_messages = warning;
select plan(46);

select t.make_procedure('planner', 'Am Rand', '2026-02-01 10:00+00') as p \gset
select t.make_plan('planner', :'p', t.result(), '2026-02-01 11:00+00') as l \gset
select (t.reply('planner', format('pp_api.affected_confirm(%L, ''2026-02-01 12:00+00'', null, null)', :'l'))).status as confirmed \gset
select t.make_round(:'p', 'FOERM_TOEB', 'TOEB', '2026-02-02', '2026-03-04', '2026-03-03', '2026-02-01 13:00+00') as r \gset
select t.make_round(:'p', 'FOERM_OEFF', 'OEFF', '2026-02-10', '2026-03-12', null, '2026-02-01 13:00+00') as o \gset
select t.invitation(:'r', '01999001') as ahrens, t.invitation(:'r', '01998005') as forst \gset
create function t.enter(round text, body jsonb, at timestamptz, key text default null) returns text language sql as $$
	select format('pp_api.statement_enter(%L, %L, %L, %L, ''\x01'')', round, '{"channel": "POST", "evidence": "Stempel", "stance": "BEDENKEN", "text": "Der Kanarienweg ist zu schmal für Lastwagen und Busse."}'::jsonb || body, at, key)
$$;

-- Refused
select is(t.outcome(who, 'select ' || t.enter(round, body::jsonb, '2026-03-20')), outcome, who || ': ' || outcome) from (values
	('amt', :'o', '{"received_on": "2026-03-01"}', 'forbidden'), ('cremm', :'o', '{"received_on": "2026-03-01"}', 'forbidden'), ('cremm', :'r', '{"received_on": "2026-03-01"}', 'round_not_found'), ('anyone', :'o', '{"received_on": "2026-03-01"}', '42501'),
	('planner', :'o', '{"received_on": "2026-03-21"}', 'invalid_body /received_on'), ('planner', :'o', '{"received_on": "2026-02-09"}', 'invalid_body /received_on'),
	('planner', :'o', '{"received_on": "2026-03-01", "received_at": "2026-03-02T10:00:00Z"}', 'invalid_body /received_at'), ('planner', :'o', '{"received_on": "2026-03-01", "received_at": "2026-03-01T23:00:00Z"}', 'invalid_body /received_at'),
	('planner', :'r', '{"received_on": "2026-03-01"}', 'invalid_body /invitation'), ('planner', :'o', format('{"received_on": "2026-03-01", "invitation": "%s"}', :'ahrens'), 'invitation_not_found /invitation'),
	('planner', :'r', format('{"received_on": "2026-03-01", "invitation": "%s", "person": {"family_name": "x"}}', :'ahrens'), 'invalid_body /person'),
	('planner', :'o', format('{"received_on": "2026-03-01", "supplement_to": "%s"}', :'ahrens'), 'statement_not_found /supplement_to'),
	('planner', :'o', '{"received_on": "2026-03-12"}', 'done'), ('planner2', :'o', '{"received_on": "2026-02-10"}', 'done')) v (who, round, body, outcome);

-- A person's letter
select t.body('planner', t.enter(:'o', '{"received_on": "2026-03-12", "signatures": 63, "person": {"given_name": "Kanaria", "family_name": "Vogelsang", "town": "Zwitscherau", "email": "K@vogel.example"}}', '2026-03-20 08:00+00', 'k')) as e \gset
select :'e'::jsonb ->> 'id' as e1 \gset
select is((:'e'::jsonb ->> 'on_time') || (:'e'::jsonb ->> 'received_at'), 'true2026-03-12T22:59:59.999999Z', 'in time by its day, though entered after the end');
select is(:'e'::jsonb -> 'entered', '{"at": "2026-03-20T08:00:00.000000Z", "by": "planner@example.org", "received_on": "2026-03-12", "evidence": "Stempel", "signatures": 63}', 'who entered it, when, and on what ground');
select is((:'e'::jsonb ->> 'channel') || (:'e'::jsonb #>> '{person,name}') || coalesce(:'e'::jsonb ->> 'status_token', '-'), 'POSTPerson 001-', 'the officer gets no secret of the person''s');
select is(t.body('planner', t.enter(:'o', '{"received_on": "2026-03-12", "signatures": 63, "person": {"given_name": "Kanaria", "family_name": "Vogelsang", "town": "Zwitscherau", "email": "K@vogel.example"}}', '2026-03-20 08:00+00', 'k')) ->> 'id', :'e1', 'once under one key');
select is((select concat_ws(' ', author_account, entered_by, withdrawn_by) from pp.statement where id = :'e1'), '00000000-0000-7000-8000-000000000011', 'the officer is no author');
select is(t.outcome('planner', format('select pp_api.statement_withdraw(%L, ''{}'', ''2026-03-21'', null, null)', :'e1')), 'forbidden', 'and withdraws nothing');
select is((select count(*) from pp.mail), 0::bigint, 'no mail confirms what came by post');
select throws_ok(format('update pp.statement set %s where id = %L', change, :'e1'), '23001', null, change) from unnest(array['received_on = ''2026-03-01''', 'evidence = ''x''', 'entered_by = null']) change;
select is(t.body('planner', t.enter(:'o', '{"received_on": "2026-03-13"}', '2026-03-20')) ->> 'on_time', 'false', 'the day after is late');
select is(t.body('planner', t.enter(:'o', '{"received_on": "2026-03-20"}', '2026-03-20 08:00+00')) ->> 'received_at', '2026-03-20T08:00:00.000000Z', 'today''s was received before it was entered');
select is(t.body('planner', t.enter(:'o', '{"received_on": "2026-03-12", "received_at": "2026-03-12T09:30:00Z", "channel": "FAX"}', '2026-03-20')) ->> 'received_at', '2026-03-12T09:30:00.000000Z', 'an instant that is known stays');
select is(t.body('planner', t.enter(:'o', format('{"received_on": "2026-03-14", "supplement_to": "%s", "text": "Nachtrag"}', :'e1')::jsonb, '2026-03-20')) - '{receipt,id,procedure,round,plan,sha256,points,text,stance,state,deadline_at,lateness,entered,duplicates,procedure_title,procedure_number}'::text[] #- '{person,id}',
	format('{"number": "2026-0001-001-1", "on_time": false, "received_at": "2026-03-14T22:59:59.999999Z", "channel": "POST", "person": {"name": "Person 001", "anonymous": false, "erased": false}, "author_role": "OEFF", "supplement_to": "%s",
	"published": false, "published_text": null, "redactions": null, "invitation": null, "participant": null, "participant_name": null, "acting_body": null, "acting_name": null, "attachments": [], "reservation": null, "resolution": null, "supplements": [], "withdrawn_at": null, "withdraw_reason": null}', :'e1')::jsonb, 'a second letter is a supplement of the first');

-- A body's letter: its invitation is answered, in time
select t.body('planner', t.enter(:'r', format('{"received_on": "2026-03-04", "invitation": "%s"}', :'forst')::jsonb, '2026-03-20')) as b \gset
select is((:'b'::jsonb ->> 'on_time') || (:'b'::jsonb ->> 'participant') || (:'b'::jsonb ->> 'acting_body') || (:'b'::jsonb ->> 'author_role'), 'true0199800501998005NACHB', 'the body''s own answer');
select is((select state || answered_late || stance from pp.invitation where id = :'forst'), 'BEANTWORTETfalseBEDENKEN', 'the invitation is answered, and not late');
select t.body('amt', format('pp_api.statement_submit(%L, ''{"stance": "KEINE_BEDENKEN"}'', ''2026-03-03'', null, null)', :'ahrens')) ->> 'id' as s \gset
select t.body('planner', t.enter(:'r', format('{"received_on": "2026-02-20", "invitation": "%s"}', :'ahrens')::jsonb, '2026-03-20')) as b2 \gset
select is((select state || stance from pp.invitation where id = :'ahrens'), 'FEHLANZEIGEKEINE_BEDENKEN', 'an older letter that is entered later does not undo the latest answer');
select is(t.body('amt', format('pp_api.statement_show(%L)', :'b2'::jsonb ->> 'id')) -> 'entered', '{"at": "2026-03-20T00:00:00.000000Z", "by": null, "received_on": "2026-02-20", "evidence": null, "signatures": null}', 'the body sees its letter, and not which officer entered it');

-- What is alike
create function t.hints(answer jsonb) returns jsonb language sql as
$$ select jsonb_object_agg(d ->> 'number', d -> 'why') from jsonb_array_elements(answer -> 'duplicates') d $$;
select is(t.hints(:'b2'::jsonb) ->> '2026-0001-006', '["GLEICHE_STELLE"]', 'a body''s two answers');
select is(t.hints(:'b2'::jsonb) ->> '2026-0001-001', '["GLEICHER_TEXT"]', 'and equal words, whoever''s they are');
select t.body('nobody', format('pp_api.statement_submit_round(%L, %L, ''2026-03-01'', null, null)', :'o', '{"stance": "BEDENKEN", "text": "Die Mitte", "person": {"family_name": "Anders", "email": "k@VOGEL.example"}}'::jsonb)) is not null;
select is(t.hints(t.body('planner', t.enter(:'o', '{"received_on": "2026-03-12", "text": "der KANARIENWEG ist viel zu schmal fuer Lastwagen und Busse", "person": {"given_name": "kanaria", "family_name": "VOGELSANG", "town": "Zwitscherau"}}', '2026-03-20')))
	@> '{"2026-0001-001": ["AEHNLICHER_TEXT", "GLEICHE_PERSON"], "2026-0001-002": ["AEHNLICHER_TEXT"]}', true, 'similar words, the same name in the same place');
select is(jsonb_path_query_array(t.body('planner', format('pp_api.duplicate_list(%L, null)', :'p')), '$.items[*] ? (@.why == "GLEICHE_PERSON").statements[*].number'), '["2026-0001-001", "2026-0001-008", "2026-0001-001", "2026-0001-009"]', 'persons by mail address and by name');
select is(jsonb_path_query_array(t.body('planner', format('pp_api.duplicate_list(%L, %L)', :'p', :'e1')), '$.items[*] ? (@.why[*] == "GLEICHE_PERSON").number'), '["2026-0001-008", "2026-0001-009"]', 'and of one statement');
select is(t.outcome(who, format('select pp_api.duplicate_list(%L, null)', :'p')), outcome, who) from (values ('amt', 'forbidden'), ('cremm', 'forbidden'), ('nobody', 'forbidden')) v (who, outcome);
select ok((select bool_and(octet_length(m) = 32) from pp.person, unnest(marks) m) and (select count(*) from pp.person where sha256('kanaria') = any (marks)) = 0, 'what they are told by is hashed with a key');

-- The address is confirmed by its link, and the statement does not wait for it
select body from pp.mail where kind = 'address_confirmation' \gset
select regexp_replace(:'body', '^.*adresse#([A-Za-z0-9_-]{43}).*$', '\1') as link \gset
select is((select (regexp_match(:'body', '2026-0001-008'))[1]), '2026-0001-008', 'the link is sent with the number');
select is(t.outcome('nobody', format('select pp_api.address_confirm(%L, ''2026-03-02'')', jsonb_build_object('secret', wrong))), 'confirmation_unknown /secret', 'no other opens') from unnest(array['x', null]) wrong;
select is((t.reply('nobody', format('pp_api.address_confirm(%L, ''2026-03-02'')', jsonb_build_object('secret', :'link')))).status, 204, 'it confirms');
select is((select string_agg(no || ' ' || confirmed_at::text, ',') from pp.person where confirmed_at is not null), '5 2026-03-02 00:00:00+00', 'that address');
select * from finish();
