-- SPDX-License-Identifier: EUPL-1.2
-- Release by a second person: handed in, frozen, released by another one, given back; judged by when it goes out.
set client_min_messages = warning;
select plan(65);

select t.make_procedure('planner', 'Am Rand', '2026-02-01 10:00+00') as p \gset
select t.make_plan('planner', :'p', t.result(), '2026-02-01 11:00+00') as l \gset
select (t.reply('planner', format('pp_api.affected_confirm(%L, ''2026-02-01 12:00+00'', null, null)', :'l'))).status as confirmed \gset
select t.make_round(:'p', 'FOERM_TOEB', 'TOEB', '2026-02-02', '2026-03-04', '2026-03-03', '2026-02-01 13:00+00') as r \gset
select t.invitation(:'r', '01999001') as i1, t.invitation(:'r', '01999002') as i2 \gset
create function t.make(email text, roles text, body text) returns uuid language sql as $$
	select t.value('root', format('select account from pp_api.account_create(%L, null, %L, %L, ''2026-01-01'')', email, roles, body))::uuid
$$;
insert into t.person select v.name, 'pp_server', t.make(v.name || '@amt.example', v.roles, v.body), v.body, 'reader ' || v.roles
	from (values ('clara', 'clerk', '019995001'), ('rolf', 'releaser clerk', '019995001'), ('rosa', 'releaser', '019995001'), ('rita', 'manager', '019995001'),
		('mia', 'manager clerk', '02000000'), ('max', 'manager', '02000000')) v (name, roles, body);
create function t.id(name text) returns uuid language sql as $$ select account from t.person p where p.name = $1 $$;
create function t.draft(who text, invitation text, content jsonb default '{"stance": "BEDENKEN", "text": "Zu laut"}') returns text language sql as
$$ select t.body(who, format('pp_api.draft_create(%L, %L, ''2026-02-10'', null, null)', invitation, content)) ->> 'id' $$;
create function t.hand_in(draft text, at text default '2026-02-11') returns text language sql as $$ select format('pp_api.draft_hand_in(%L, %L, null, null)', draft, at) $$;
create function t.release(id text, at text default '2026-02-12') returns text language sql as $$ select format('pp_api.release_release(%L, %L, null, null)', id, at) $$;
create function t.back(id text) returns text language sql as $$ select format('pp_api.release_give_back(%L, ''{"reason": "Bitte kürzer"}'', ''2026-02-12'')', id) $$;

-- A first answer
select t.draft('clara', :'i1') as d \gset
select is(t.outcome('clara', 'select ' || t.hand_in(t.draft('clara', :'i2', '{"stance": "BEDENKEN"}'))), 'invalid_body /text', 'what could not be submitted is not handed in');
select is(t.outcome('planner', 'select ' || t.hand_in(:'d')), 'draft_not_found', 'another body hands in nothing');
select t.body('clara', t.hand_in(:'d')) as e \gset
select is(:'e'::jsonb ->> 'kind' || ' ' || (:'e'::jsonb ->> 'state') || ' ' || (:'e'::jsonb ->> 'late_if_released_now'), 'STELLUNGNAHME WARTET false', 'a draft waits for release');
select ok(:'e'::jsonb ->> 'note' like 'Fristwahrend ist erst die Freigabe%', 'and it is said that this keeps no deadline');
select is(:'e'::jsonb #>> '{content,text}', 'Zu laut', 'with what it says');
select is((select array_agg(recipient || ' ' || kind order by recipient) from pp.mail), (select array_agg(e || ' release_waiting' order by e) from (
	select a.email || '' as e from pp.account a join pp.membership m on m.account = a.id where m.body = '019995001' and 'releaser' = any (m.roles)) x), 'those who may release are told');
select ok(bool_and(body like '%Fristwahrend ist erst die Freigabe%' and planner_body is null), 'the same') from pp.mail;
select is((select string_agg(array_to_string(bodies, ','), ' ') from pp.event where kind = 'release.handed_in'), '019995001', 'the event is the body''s alone');
select is(t.body('rolf', format('pp_api.draft_show(%L)', :'d')) ->> 'state', 'ZUR_FREIGABE', 'the draft says so');
select is(t.outcome('clara', format('select pp_api.draft_change(%L, ''{"text": "leise"}'', ''*'', ''2026-02-11'')', :'d')), 'conflict', 'it is frozen');
select is(t.outcome('rolf', format('select pp_api.draft_submit(%L, ''2026-02-11'', null, null)', :'d')) || t.outcome('clara', format('select pp_api.draft_delete(%L, ''*'')', :'d')), 'conflictconflict', 'neither submitted past the release nor thrown away');
select is(t.outcome('clara', 'select ' || t.hand_in(:'d')), 'conflict', 'nor handed in twice');
select is(jsonb_path_query_array(t.body(who, $$pp_api.release_list(null, null, '2026-02-11')$$), '$.items[*].kind'), seen, who || ' sees ' || seen)
	from (values ('rolf', '["STELLUNGNAHME"]'::jsonb), ('clara', '["STELLUNGNAHME"]'), ('planner', '[]'), ('ahrens', '[]'), ('nobody', '[]')) v (who, seen);
select is(t.outcome('planner', format('select pp_api.release_show(%L, ''2026-02-11'')', :'e'::jsonb ->> 'id')), 'release_not_found', 'nor is it shown by its id');
select is(t.outcome('clara', 'select ' || t.release(:'e'::jsonb ->> 'id')), 'second_person_required', 'who wrote it does not release it');
select is(t.outcome('rita', 'select ' || t.release(:'e'::jsonb ->> 'id')), 'forbidden', 'nor who may not submit');
select is(t.outcome('clara', 'select ' || t.back(:'e'::jsonb ->> 'id')), 'forbidden', 'nor gives it back to themselves');

-- Given back, changed, handed in by the one who changed it
select is(t.body('rolf', t.back(:'e'::jsonb ->> 'id')) ->> 'state', 'ZURUECKGEGEBEN', 'it is given back');
select is((select subject || ' ' || recipient from pp.mail where kind = 'release_given_back'), 'Zurückgegeben: Am Rand clara@amt.example', 'with word to whoever handed it in');
select ok(body like E'%Grund:\n\nBitte kürzer\n%', 'and why') from pp.mail where kind = 'release_given_back';
select is(t.outcome('rolf', 'select ' || t.release(:'e'::jsonb ->> 'id')), 'conflict', 'what was given back waits no more');
select t.body('rolf', format('pp_api.draft_change(%L, ''{"text": "Viel zu laut"}'', ''*'', ''2026-02-12'')', :'d')) is not null;
select t.body('clara', t.hand_in(:'d', '2026-02-13')) as e \gset
select is(t.outcome('rolf', 'select ' || t.release(:'e'::jsonb ->> 'id')), 'second_person_required', 'who changed it last does not release it either');
select is(t.body('clara', format('pp_api.release_take_back(%L, ''2026-02-13'')', :'e'::jsonb ->> 'id')) ->> 'state', 'ZURUECKGENOMMEN', 'its writer takes it back');
select t.body('clara', t.hand_in(:'d', '2026-02-13')) as e \gset
select is(t.outcome('rosa', format('select pp_api.release_take_back(%L, ''2026-02-13'')', :'e'::jsonb ->> 'id')), 'forbidden', 'others do not');
select t.body('rosa', t.release(:'e'::jsonb ->> 'id', '2026-02-14 09:00+01')) as sent \gset
select is(:'sent'::jsonb #>> '{release,state}' || ' ' || (:'sent'::jsonb #>> '{submitted,text}'), 'FREIGEGEBEN Viel zu laut', 'a third person releases it, and it goes out as it was handed in');
select is(:'sent'::jsonb #>> '{submitted,received_at}', '2026-02-14T08:00:00.000000Z', 'received when it was released');
select is((select author_account from pp.statement), t.id('rosa'), 'by whoever released it');
select ok(:'sent'::jsonb -> 'submitted' ? 'receipt', 'with its receipt');
select is(t.body('clara', format('pp_api.draft_show(%L)', :'d')) ->> 'state', 'EINGEGANGEN', 'the draft was submitted');
select is(t.outcome('rosa', 'select ' || t.release(:'e'::jsonb ->> 'id')), 'conflict', 'once');

-- The deadline passes while it waits
select t.body('clara', t.hand_in(t.draft('clara', :'i2'), '2026-03-01 10:00+01')) as w \gset
select is(t.value('clerk', 'select pp_api.release_due()'), (select ((deadline_at at time zone 'Europe/Berlin' - interval '64 h') at time zone 'Europe/Berlin')::text from pp.invitation where id = :'i2'), 'two days before, somebody is to be reminded');
select t.value('clerk', 'select pp_api.release_tick(pp_api.release_due(), ''2026-03-02 08:00+01'')') as ticked \gset
select is((select count(*) from pp.mail where kind = 'release_due'), (select count(distinct m.account) from pp.membership m where m.body = '019995001' and 'releaser' = any (m.roles)), 'all who may release are');
select is(t.value('clerk', 'select pp_api.release_due()'), (select ((deadline_at at time zone 'Europe/Berlin' - interval '16 h') at time zone 'Europe/Berlin')::text from pp.invitation where id = :'i2'), 'and on the last day once more');
select t.value('clerk', 'select pp_api.release_tick(pp_api.release_due(), ''2026-03-04 08:00+01'')') is not null;
select is(t.value('clerk', 'select pp_api.release_due()'), null, 'then no more');
select is(t.body('rolf', format('pp_api.release_show(%L, %L)', :'w'::jsonb ->> 'id', deadline_at)) ->> 'late_if_released_now', 'true', 'after the deadline it says what a release would mean') from pp.invitation where id = :'i2';
select t.body('rosa', t.release(:'w'::jsonb ->> 'id', (select deadline_at::text from pp.invitation where id = :'i2'))) as late \gset
select is(:'late'::jsonb #>> '{submitted,on_time}', 'false', 'it is late by the instant of its release, although it was handed in before');

-- A body that wants a second person: nothing of it goes out by one
update pp.body set release_by_second = true where key in ('019995001', '02000000');
select :'sent'::jsonb #>> '{submitted,id}' as s \gset
select is(t.outcome('rolf', format('select pp_api.statement_supplement(%L, ''{"text": "mehr"}'', ''2026-02-20'', null, null)', :'s')), 'second_person_required', 'no supplement');
select is(t.outcome('rolf', format('select pp_api.statement_withdraw(%L, ''{}'', ''2026-02-20'', null, null)', :'s')), 'second_person_required', 'no withdrawal');
select is(t.outcome('rolf', format('select pp_api.statement_resolve(%L, ''{}'', ''2026-02-20'', null, null)', :'s')), 'second_person_required', 'no resolution');
create function t.hand(who text, statement text, body jsonb) returns jsonb language sql as $$ select t.body(who, format('pp_api.statement_hand_in(%L, %L, ''2026-02-20'', null, null)', statement, body)) $$;
select is(t.outcome('planner', format('select pp_api.statement_hand_in(%L, ''{"kind": "RUECKNAHME"}'', ''2026-02-20'', null, null)', :'s')), 'forbidden', 'the planning body withdraws no answer');
select is(t.outcome('clara', format('select pp_api.statement_hand_in(%L, ''{"kind": "ERGAENZUNG", "supplement": {"stance": "BEDENKEN"}}'', ''2026-02-20'', null, null)', :'s')), 'invalid_body /text', 'an empty supplement is refused at once');
select is(t.outcome('clara', format('select pp_api.statement_hand_in(%L, ''{"kind": "BESCHLUSS", "resolution": {"decided_on": "2026-02-19", "outcome": "BESTAETIGT"}}'', ''2026-02-20'', null, null)', :'s')), 'conflict', 'as is a resolution on nothing reserved');
select t.hand('clara', :'s', '{"kind": "ERGAENZUNG", "supplement": {"stance": "BEDENKEN", "text": "und zu hell"}}') ->> 'id' as e2 \gset
select is(t.outcome('clara', 'select ' || t.release(:'e2')), 'second_person_required', 'a supplement is released by another person');
select is(t.body('rolf', t.release(:'e2', '2026-02-21')) #>> '{submitted,supplement_to}', :'s', 'and goes out');
select t.hand('rolf', :'s', '{"kind": "RUECKNAHME", "reason": "erledigt"}') ->> 'id' as e3 \gset
select is(t.outcome('rolf', 'select ' || t.release(:'e3')), 'second_person_required', 'a releaser''s own as well');
select is(t.body('rosa', t.release(:'e3', '2026-02-22')) #>> '{submitted,withdraw_reason}', 'erledigt', 'a withdrawal goes out with its reason');
select is((select withdrawn_by from pp.statement where id = :'s'), t.id('rosa'), 'by whoever released it');

-- The planning body's resolution
select t.reply('mia', format('pp_api.weighing_accept(%L, ''2026-03-05'', null, null)', :'p')) is not null;
select t.reply('mia', format('pp_api.weighing_propose(%L, %L, ''2026-03-05'', null, null)', :'p', jsonb_build_object('decision', 'GEFOLGT', 'reason', 'weil', 'statements', (select jsonb_agg(id) from pp.statement where withdrawn_at is null)))) is not null;
create function t.resolve(call text, at text default '2026-03-06') returns text language sql as $$ select format('pp_api.%s(%L, ''{"resolved_on": "2026-03-05", "reference": "1", "council": "Rat"}'', %L, null, null)', call, p.id, at) from pp.procedure p limit 1 $$;
select is(t.outcome('mia', 'select ' || t.resolve('weighing_decide')), 'second_person_required', 'a resolution is recorded by two');
select t.body('mia', t.resolve('weighing_hand_in')) as z \gset
select is(:'z'::jsonb ->> 'kind', 'ABWAEGUNG', 'one hands it in');
select is(t.outcome('mia', 'select ' || t.release(:'z'::jsonb ->> 'id', '2026-03-06')), 'second_person_required', 'and does not release it');
update pp.concern set version = version + 1;
select is(t.outcome('max', 'select ' || t.release(:'z'::jsonb ->> 'id', '2026-03-06')), 'conflict', 'what has changed since is not resolved on');
select t.body('max', replace(t.back(:'z'::jsonb ->> 'id'), '2026-02-12', '2026-03-06')) is not null;
select t.body('mia', t.resolve('weighing_hand_in')) as z \gset
select is(t.body('max', t.release(:'z'::jsonb ->> 'id', '2026-03-06')) #>> '{resolution,reference}', '1', 'another one releases it');
select is((select count(*) from pp.statement where state = 'ENTSCHIEDEN'), (select count(*) from pp.statement where withdrawn_at is null), 'and it is resolved on');

-- What waits is named in the language of the mail
select set_config('t.p', :'p', false) is not null;
create function t.waiting(what text, language text) returns text language plpgsql as $$
declare
	mail uuid := pp_api.mail_enqueue('release_waiting', 'rita@amt.example', language,
		pp_api.release_about(what, current_setting('t.p')::uuid, null, '019995001'), null, null, '2026-03-07');
begin
	return (select m.body from pp.mail m where m.id = mail);
end
$$;
select ok(t.waiting(what, 'en') ~ format('at Amt Auental something waits for your release \(%s\):', en) and t.waiting(what, 'de') ~ format('bei Amt Auental wartet %s auf Ihre Freigabe', de), what)
	from (values ('STELLUNGNAHME', 'eine Stellungnahme', 'a statement'), ('ERGAENZUNG', 'die Ergänzung einer Stellungnahme', 'a supplement to a statement'),
		('RUECKNAHME', 'die Rücknahme einer Stellungnahme', 'the withdrawal of a statement'), ('BESCHLUSS', 'der Beschluss zu einer Stellungnahme', 'the resolution on a statement'),
		('ABWAEGUNG', 'der Beschluss über die Abwägung', 'the resolution on the weighing')) v (what, de, en);

-- Rows
select is(t.outcome('rosa', format('update pp.release set state = ''FREIGEGEBEN'', settled_at = now(), settled_by = %L, result = gen_random_uuid() where state = ''WARTET''', t.id('rosa'))), 'done', 'nothing waits now');
select is(t.outcome('clara', 'update pp.release set content = ''{}''') || t.outcome('clara', 'delete from pp.release'), '4250142501', 'what was handed in stays');
select is((select count(*) from pp.release where state = 'FREIGEGEBEN' and settled_by = any (writers)), 0::bigint, 'nothing went out by who wrote it');
select * from finish();
