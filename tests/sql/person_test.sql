-- SPDX-License-Identifier: EUPL-1.2
-- Private persons: what they send without an account, what of it lies where in the clear, who opens it, what
-- is left when the key is gone.
set client_min_messages = warning;
select plan(99);

select t.make_procedure('planner', 'Am Rand', '2026-02-01 10:00+00') as p \gset
select t.make_plan('planner', :'p', t.result(), '2026-02-01 11:00+00') as l \gset
select (t.reply('planner', format('pp_api.affected_confirm(%L, ''2026-02-01 12:00+00'', null, null)', :'l'))).status as confirmed \gset
select t.make_round(:'p', 'FOERM_TOEB', 'TOEB', '2026-02-02', '2026-03-04', '2026-03-03', '2026-02-01 13:00+00') as r \gset
select t.make_round(:'p', 'FOERM_OEFF', 'OEFF', '2026-02-10', '2026-03-12', null, '2026-02-01 13:00+00') as o \gset
select t.reply('planner', format('pp_api.procedure_publish(%L, ''2026-02-01 13:00+00'', null, null)', :'p')) is not null;

create function t.say(round text, body jsonb, at timestamptz, key text default null, sha bytea default '\x01') returns text language sql as
$$ select format('pp_api.statement_submit_round(%L, %L, %L, %L, %L)', round, body, at, key, sha) $$;
-- Words that are nowhere else: whatever they are found in has them from here.
select '{"stance": "EINWENDUNG", "text": "Kanarientext eins", "person": {"given_name": "Kanaria", "family_name": "Vogelsang", "street": "Piepgasse 7",
	"postcode": "22457", "town": "Zwitscherau", "email": "kanaria@vogel.example", "inform": "EMAIL"},
	"consents": {"notices": true, "publish_name": false, "text_version": "2026-1"}}'::jsonb as full,
	jsonb_build_object('stance', 'BEDENKEN', 'text', null, 'points', jsonb_build_array(jsonb_build_object('kind', 'EINWAND', 'topic', 'Kanarienthema', 'text', 'Kanarientext zwei',
	'remedy', 'Kanarienausweg', 'document', 'Kanariendokument', 'geometry', encode(st_asbinary(st_setsrid(st_point(9.912345, 53.651234), 4326)), 'hex')))) as point \gset

-- Taken in
select is(t.outcome(who, 'select ' || t.say(round, body::jsonb, at::timestamptz)), outcome, who || ': ' || outcome) from (values
	('nobody', :'o', :'full', '2026-02-09 22:59+00', 'round_not_open'), ('nobody', :'r', :'full', '2026-02-11', 'round_not_found'),
	('planner', :'r', :'full', '2026-02-11', 'round_not_public'), ('anyone', :'o', :'full', '2026-02-11', '42501'),
	('nobody', :'o', '{"stance": "BEDENKEN"}', '2026-02-11', 'invalid_body /text'),
	('nobody', :'o', '{"stance": "BEDENKEN", "text": "x", "person": {"inform": "EMAIL"}}', '2026-02-11', 'invalid_body /person/email'),
	('nobody', :'o', '{"stance": "BEDENKEN", "text": "x", "person": {"inform": "POST"}}', '2026-02-11', 'invalid_body /person/street'),
	('nobody', :'o', '{"stance": "BEDENKEN", "text": "x", "person": {"given_name": " "}, "consents": {"notices": true, "text_version": "1"}}', '2026-02-11', 'invalid_body /consents'),
	('nobody', :'o', :'full', '2026-02-11', 'done')) v (who, round, body, at, outcome);
select t.body('nobody', t.say(:'o', :'full', '2026-02-11 09:00+00', 'schluessel', '\x0a')) as e \gset
select :'e'::jsonb ->> 'id' as e1, :'e'::jsonb ->> 'status_token' as secret, (:'e'::jsonb #>> '{person,id}')::uuid as person \gset
select is(:'e'::jsonb - '{receipt,id,procedure,round,plan,sha256,points,status_token,procedure_title,procedure_number}'::text[] #- '{person,id}', '{"number": "2026-0001-001", "stance": "EINWENDUNG", "text": "Kanarientext eins", "on_time": true, "lateness": null,
	"author_role": "OEFF", "published": false, "published_text": null, "redactions": null, "received_at": "2026-02-11T09:00:00.000000Z", "deadline_at": "2026-03-12T23:00:00.000000Z", "state": "EINGEGANGEN", "channel": "PORTAL", "entered": null, "invitation": null, "participant": null,
	"participant_name": null, "acting_body": null, "acting_name": null, "attachments": [], "reservation": null, "resolution": null, "supplements": [], "supplement_to": null, "withdrawn_at": null, "withdraw_reason": null, "notice_of_result": true,
	"person": {"name": "Person 001", "anonymous": false, "erased": false}}', 'number, receipt and secret at once, without an account');
select ok(length(:'secret') = 43, 'the secret has 256 bits');
select t.body('nobody', t.say(:'o', :'point', '2026-03-12 23:00+00')) as a \gset
select is((:'a'::jsonb ->> 'on_time') || (:'a'::jsonb ->> 'notice_of_result') || (:'a'::jsonb #>> '{person,name}') || (:'a'::jsonb #>> '{person,anonymous}'), 'falsefalsePerson 002true', 'late and anonymous is taken all the same, and no notice follows');
select ok(abs((:'a'::jsonb #>> '{points,0,geometry,coordinates,0}')::numeric - 9.912345) < 0.0000001, 'its place comes back to whoever sent it');

-- The same request once more
select is(t.body('nobody', t.say(:'o', :'full', '2026-02-11 10:00+00', 'schluessel', '\x0a')), :'e'::jsonb, 'the same key and request: the same answer, with its secret');
select is(t.body('nobody', t.say(:'o', :'full', '2026-02-11 10:00+00', 'schluessel', '\x0b')) ->> 'number', '2026-0001-003', 'who knows the key but not the request learns nothing: it is another statement');
select is((select count(*) from pp.statement where person = :'person'), 1::bigint, 'one statement');
select is((select count(*) from pp.idempotency_key where body::text ~ 'Kanari|Vogelsang'), 0::bigint, 'what is remembered is sealed');
select is((select count(*) from pp.idempotency_key where (account, get_byte(uuid_send(account), 6) >> 4) <> (account, 8) and key = 'schluessel'), 0::bigint, 'nobody''s keys are of no account: UUID version 8');
select is(t.outcome('citizen', 'select ' || t.say(:'o', :'full', '2026-02-12', 'eigen', '\x0c')), 'done', 'an account may send as well');
select is(t.body('citizen', t.say(:'o', '{"stance": "HINWEISE", "text": "Kanarientext drei"}', '2026-02-12', 'eigen', '\x0c')) ->> 'notice_of_result', 'true', 'whoever has an account is told by it');
select is(t.outcome('citizen', 'select ' || t.say(:'o', :'full', '2026-02-12', 'eigen', '\x0d')), 'idempotency_key_reused', 'an account''s keys stay its own');

-- Nothing lies there in the clear: every column of every table, but the mail that is on its way
create function t.find(pattern text) returns text language plpgsql as $$
declare
	result text := '';
	place regclass;
	hits bigint;
begin
	for place in select c.oid from pg_class c where c.relnamespace in ('pp'::regnamespace, 'pp_keys'::regnamespace)
		and c.relkind in ('r', 'p') and c.relname <> 'mail' order by c.relname
	loop
		execute format('select count(*) from %s x where x::text ~* $1', place) into hits using pattern;
		result := result || case when hits > 0 then format(' %s:%s', place, hits) else '' end;
	end loop;
	return result;
end
$$;
select is(t.find('kanari|vogelsang|piepgasse|zwitscherau'), '', 'no table has name, address, mail or words');
select is(t.find(:'secret'), '', 'none the secret');
select is((select string_agg(coalesce(geom::text, '') || coalesce(cell, ''), ' ' order by cell nulls last) from pp.statement_point where person is not null), '1kmN5945E560   ', 'of a place its square of 1 km');
select ok(ST_Contains(ST_MakeEnvelope(560000, 5945000, 561000, 5946000, 25832), ST_Transform(ST_SetSRID(ST_Point(9.912345, 53.651234), 4326), 25832)), 'that it lies in');
select throws_ok(format('insert into pp.statement_point (statement, no, planner_body, person, kind, text) values (%L, 9, ''02000000'', %L, ''HINWEIS'', ''x'')', :'e1', :'person'), '23514', null, 'the table takes no private word');
select isnt((select content_sha256 from pp.statement where id = :'e1'), sha256(convert_to(pp_api.statement_content(:'p', null, null, null, :'full'::jsonb - '{person,consents}'::text[], '[{"text": "Kanarientext eins", "kind": "EINWAND"}]', '2026-02-11 09:00+00'), 'UTF8')), 'a guess at the text meets no hash');
select is((select content_sha256 from pp.statement where id = :'e1'), sha256((select salt from pp_keys.person_key where person = :'person') || convert_to(pp_api.statement_content(:'p', null, null, null, :'full'::jsonb - '{person,consents}'::text[], '[{"text": "Kanarientext eins", "kind": "EINWAND"}]', '2026-02-11 09:00+00'), 'UTF8')), 'with the salt it does');
select isnt(pp_keys.seal(:'person', 'x'), pp_keys.seal(:'person', 'x'), 'what is sealed twice looks different');
select throws_ok(format('select pp_keys.unseal(%L, set_byte(s, 150, get_byte(s, 150) # 1)) from pp_keys.seal(%L, repeat(''x'', 200)) s', :'person', :'person'), '39000', null, 'a changed byte is found');
select is(t.outcome(who, 'select * from pp_keys.' || what), '42501', who || ' sees no key in ' || what) from unnest(array['nobody', 'anyone', 'planner', 'root', 'clerk', 'geometry', 'owner']) who, unnest(array['person_key', 'procedure_key']) what;

-- Who opens it
select is(t.outcome(who, format('select pp_api.statement_show(%L)', :'e1')), outcome, who || ': ' || outcome) from (values ('planner', 'done'), ('citizen', 'statement_not_found'), ('amt', 'statement_not_found'), ('cremm', 'statement_not_found'),
	('root', 'statement_not_found'), ('nobody', 'statement_not_found'), ('anyone', 'statement_not_found')) v (who, outcome);
select is(t.body('planner', format('pp_api.statement_show(%L, ''2026-03-01'')', :'e1')) ->> 'text', 'Kanarientext eins', 'the planning body reads it');
select is((select string_agg(concat_ws(' ', at, account, body, what), ',') from pp.reading where person = :'person'), '2026-03-01 00:00:00+00 00000000-0000-7000-8000-000000000011 02000000 INHALT', 'and that is written down');
select is(jsonb_path_query_array(t.body('planner', format('pp_api.statement_list(%L, null, null)', :'p')), '$.items[*] ? (@.author_role == "OEFF").text'), '[null, null, null, null]', 'lists show numbers');
select ok(t.body('planner', format('pp_api.statement_list(%L, null, null)', :'p'))::text !~* 'kanari|vogelsang', 'and nothing else');
insert into t.person values ('leser', 'pp_server', '00000000-0000-7000-8000-000000000012', '02000000', 'reader');
select is(t.body('leser', format('pp_api.statement_show(%L)', :'e1')) - '{text,points}'::text[] ->> 'number', '2026-0001-001', 'who only reads for the planning body sees the number');
select ok(t.body('leser', format('pp_api.statement_show(%L)', :'e1'))::text !~* 'kanari' and t.body('leser', format('pp_api.weighing_show(%L)', :'e1'))::text !~* 'kanari', 'and not the words');
select is((select count(*) from pp.reading where person = :'person'), 1::bigint, 'which is no reading');
select is(t.outcome('planner', format('select pp_api.person_show(%L, null, ''2026-03-02'')', :'person')), 'invalid_parameter', 'a name is asked for with a purpose');
select is(t.body('planner', format('pp_api.person_show(%L, ''MITTEILUNG'', ''2026-03-02'')', :'person')) - '{id,procedure}'::text[], '{"name": "Person 001", "anonymous": false, "erased": false, "created_at": "2026-02-11T09:00:00.000000Z", "erased_at": null, "erase_reason": null, "address_confirmed_at": null,
	"details": {"given_name": "Kanaria", "family_name": "Vogelsang", "street": "Piepgasse 7", "postcode": "22457", "town": "Zwitscherau", "email": "kanaria@vogel.example", "inform": "EMAIL"},
	"consents": [{"kind": "MITTEILUNGEN", "given": true, "text_version": "2026-1", "at": "2026-02-11T09:00:00.000000Z"}, {"kind": "NAME", "given": false, "text_version": "2026-1", "at": "2026-02-11T09:00:00.000000Z"}]}', 'then it is there');
select is((select what || purpose from pp.reading where person = :'person' and purpose is not null), 'PERSONMITTEILUNG', 'and written down');
select is(t.outcome(who, format('select pp_api.person_show(%L, ''MITTEILUNG'', ''2026-03-02'')', :'person')), 'person_not_found', who || ' knows no such person') from unnest(array['citizen', 'amt', 'cremm', 'root', 'nobody']) who;

-- Published: a text of its own, without the person's name, and squares
create function t.show(body jsonb) returns text language sql as $$ select format('pp_api.statement_publish(%L, %L, ''*'', ''2026-03-03'')', (select id from pp.statement where number = '2026-0001-001'), '{"published": true}'::jsonb || body) $$;
select is(t.outcome('planner', 'select ' || t.show(body::jsonb)), outcome, body) from (values ('{"text": "Frau VOGELSANG ist dagegen"}', 'invalid_body /text'), ('{"text": "aus der Piepgasse 7."}', 'invalid_body /text'), ('{"text": "an Kanaria@vogel.example"}', 'invalid_body /text'),
	('{"redactions": []}', 'done'), ('{"redactions": [{"start": 5, "end": 5, "why": "NAME"}]}', 'invalid_body /redactions/0/start'), ('{"redactions": [{"start": 0, "end": 9, "why": "NAME"}, {"start": 8, "end": 10, "why": "NAME"}]}', 'invalid_body /redactions/1/start'),
	('{"redactions": [{"start": 0, "end": 18, "why": "NAME"}]}', 'invalid_body /redactions/0/start'), ('{"text": "x", "redactions": [{"start": 0, "end": 1, "why": "NAME"}]}', 'invalid_body /redactions'), ('{"text": "Die Piepgassen sind eng"}', 'done')) v (body, outcome);
select is((t.reply('planner', t.show('{"redactions": [{"start": 0, "end": 13, "why": "NAME"}]}'))).status, 200, 'spans are taken out of the original');
select is(t.body('anyone', format('pp_api.statement_show(%L)', :'e1')) - '{id,procedure,round,received_at,number}'::text[], '{"participant": null, "participant_name": null, "author_role": "OEFF", "stance": "EINWENDUNG", "text": "[name]eins", "on_time": true, "state": "EINGEGANGEN", "published": true, "cells": null, "attachments": []}', 'with marks, and nothing of the person');
select is(t.body('planner', format('pp_api.statement_show(%L)', :'e1')) -> 'redactions', '[{"start": 0, "end": 13, "why": "NAME"}]', 'the planning body knows what was taken out');
select is((t.reply('planner', format('pp_api.statement_publish(%L, ''{"published": true, "text": "eng"}'', ''*'', ''2026-03-03'')', :'a'::jsonb ->> 'id'))).status, 200, 'another');
select is(t.body('anyone', format('pp_api.statement_show(%L)', :'a'::jsonb ->> 'id')) -> 'cells', '["1kmN5945E560"]', 'a private place is a square for everybody');
select t.value('planner', format($$insert into pp.consent values (%L, '02000000', null, 'NAME', true, '2', '2026-03-04') returning kind$$, :'person')) as consented \gset
select is(t.outcome('planner', 'select ' || t.show(body::jsonb)), outcome, 'with consent: ' || body) from (values ('{"text": "Frau Vogelsang ist dagegen"}', 'done'), ('{"text": "Frau Vogelsang aus der Piepgasse 7"}', 'invalid_body /text')) v (body, outcome);

-- The secret of the receipt
create function t.enter(call text, secret text, rest text default '') returns text language sql as $$ select format('pp_api.token_%s(%L%s)', call, secret, rest) $$;
select is(t.outcome('nobody', 'select ' || t.enter('show', wrong)), 'status_token_unknown', 'a wrong one opens nothing') from unnest(array['x', '', null, :'e1']) wrong;
select is(t.outcome('anyone', 'select ' || t.enter('show', :'secret')), '42501', 'the public''s login has no use for it');
select is(jsonb_path_query_array(t.body('nobody', t.enter('show', :'secret')), '$.statements[*].text'), '["Kanarientext eins"]', 'its holder reads');
select is(t.body('nobody', t.enter('show', :'secret')) #> '{person,details,family_name}', '"Vogelsang"', 'everything that is kept');
select is(jsonb_path_query_array(t.body('nobody', t.enter('show', :'secret')), '$.readings[*].what'), '["INHALT", "PERSON", "INHALT", "INHALT"]', 'and who has read it');
select is(t.body('nobody', t.enter('supplement', :'secret', ', ''{"text": "Kanarientext vier"}'', ''2026-02-13'', ''s1'', ''\x01''')) ->> 'number', '2026-0001-001-1', 'supplements');
select is(t.body('nobody', t.enter('supplement', :'secret', ', ''{"text": "Kanarientext vier"}'', ''2026-02-14'', ''s1'', ''\x01''')) ->> 'number', '2026-0001-001-1', 'once under one key');
select is(t.body('nobody', t.enter('withdraw', :'secret', ', ''{"reason": "Kanariengrund"}'', ''2026-02-15'', null, null')) ->> 'withdraw_reason', 'Kanariengrund', 'withdraws');
select is(t.find('kanari'), '', 'and nothing of it lies in the clear');
select is(t.value('nobody', 'select coalesce(pp.current_person()::text, ''-'')'), '-', 'the next request is nobody''s again');

-- By account
select is(jsonb_array_length(t.body('citizen', 'pp_api.account_export()') -> 'persons'), 1, 'an account has its own export');
select is(t.body('citizen2', 'pp_api.account_export()') -> 'persons', '[]', 'and nobody else''s');

-- In the weighing as well
select t.reply('planner', format('pp_api.statement_accept(%L, ''2026-03-20'', null, null)', :'a'::jsonb ->> 'id')) is not null;
select is(t.body(who, format('pp_api.weighing_show(%L)', :'a'::jsonb ->> 'id')) #>> '{concerns,0,text}', words, who || ' reads of its concerns: ' || coalesce(words, 'nothing')) from (values ('planner', 'Kanarientext zwei'), ('leser', null)) v (who, words);
select * from finish();
