-- SPDX-License-Identifier: EUPL-1.2
-- Reminders: due on their day, once, in order also when nobody was there; sent, and what can be proved.
set client_min_messages = warning;
select plan(48);

select t.make_procedure('planner', 'Am Rand', '2026-02-01 10:00+00') as p \gset
select t.make_plan('planner', :'p', t.result(), '2026-02-01 11:00+00') as l \gset
select t.reply('planner', format('pp_api.affected_confirm(%L, ''2026-02-01 12:00+00'', null, null)', :'l')) is not null;
create function t.tick(at timestamptz) returns text language sql as $$ select t.value('clerk', format('select pp_api.clock_tick(%L)', at)) $$;
create function t.due() returns text language sql as $$
	select coalesce(string_agg(data ->> 'rule' || ' ' || (data ->> 'body') || ' ' || (data ->> 'due_on'), ', ' order by id), '') from pp.event where kind = 'reminder.due'
$$;
select t.tick('2026-02-01 12:30+00') is not null;
select t.make_round(:'p', 'FOERM_TOEB', 'TOEB', '2026-02-02', '2026-03-04', '2026-03-03', '2026-02-01 13:00+00') as r \gset
select t.invitation(:'r', '01999001') as ahrens, t.invitation(:'r', '01999002') as birken, t.invitation(:'r', '01998005') as forst \gset

-- On the day itself, and not a moment before
select is(t.tick('2026-02-02'), '2026-02-24 23:00:00+00', 'the clock knows when the first one is due');
select is(t.tick('2026-02-24 22:59:59.999999+00') || t.due(), '2026-02-24 23:00:00+00', 'nothing before its day');
select t.body('kreis', format('pp_api.statement_submit(%L, ''{"stance": "KEINE_BEDENKEN"}'', ''2026-02-20'', null, null)', :'forst')) is not null;
select t.body('ahrens', format('pp_api.invitation_acknowledge(%L, ''2026-02-20'', null, null)', :'ahrens')) is not null;
select t.tick('2026-02-24 23:00+00') is not null;
select is(t.due(), 'FRIST_7 01999001 2026-02-25, FRIST_7 01999002 2026-02-25, FRIST_7 landesplanung-au 2026-02-25', 'seven days before, whoever has not answered');
select t.tick('2026-02-24 23:00:01+00'), t.tick('2026-02-25 12:00+00') is not null;
select is((select count(*) from pp.reminder), 3::bigint, 'once');
select is((select array_agg(distinct bodies::text order by bodies::text) from pp.event where kind = 'reminder.due'), array['{01999001,019995001,02000000}', '{01999002,019995001,02000000}', '{02000000,landesplanung-au}'], 'told to whom it concerns');
select is(t.value(who, 'select count(*) from pp.reminder'), n, who || ' sees ' || n) from (values ('planner2', '3'), ('amt', '2'), ('ahrens', '1'), ('kreis', '0'), ('root', '0'), ('cremm', '0')) v (who, n);

-- Whoever was not there makes up for each, in order: read only by Ahrens; nobody else answers
select t.tick('2026-03-07') is not null;
select is(substr(t.due(), strpos(t.due(), 'UNGELESEN')), 'UNGELESEN_3 01999002 2026-03-01, UNGELESEN_3 landesplanung-au 2026-03-01, ABGELAUFEN 01999001 2026-03-05, ABGELAUFEN 01999002 2026-03-05, ABGELAUFEN landesplanung-au 2026-03-05', 'in order, once each');
select is((select string_agg(distinct bodies::text, ' ') from pp.event where kind = 'reminder.due' and data ->> 'rule' = 'ABGELAUFEN'), '{02000000}', 'that a period is over is the planners'' reminder');
select ok((select min(e.id) from pp.event e where e.kind = 'reminder.due' and e.data ->> 'rule' = 'UNGELESEN_3') < (select min(e.id) from pp.event e where e.kind = 'invitation.expired')
	and (select max(e.id) from pp.event e where e.kind = 'reminder.due' and e.data ->> 'rule' = 'UNGELESEN_3') < (select min(e.id) from pp.event e where e.kind = 'round.closed'), 'and before what came after it');
-- A deadline that was moved reminds again, of the new one
select t.reply('planner', format('pp_api.invitation_extend(%L, ''{"deadline": "2026-03-20", "reason": "Sitzung"}'', ''2026-03-20 23:00+00'', ''2026-03-08'', null, null)', :'birken')) is not null;
select is(t.tick('2026-03-09'), '2026-03-12 23:00:00+00', 'an extension reminds anew');
select t.tick('2026-03-13') is not null;
select is((select string_agg(rule || deadline, ' ' order by deadline) from pp.reminder where invitation = :'birken' and rule = 'FRIST_7'), 'FRIST_72026-03-04 FRIST_72026-03-20', 'of each deadline once');
-- Invited on the very day, or after it: no reminder at once
select t.make_round(:'p', 'FOERM_TOEB', 'NACHB', '2026-03-20', '2026-03-27', null, '2026-03-20 09:00+00') as r2 \gset
select t.tick('2026-03-21') is not null;
select is((select count(*) from pp.reminder where round = :'r2'), 0::bigint, 'who was invited seven days before is not reminded at once');

-- What is to be done
select is(jsonb_path_query_array(t.body('planner', format('pp_api.reminders_due(%L)', :'p')), '$.items[*].body') @> '["01999001", "landesplanung-au"]', true, 'planners see whom to remind');
select is(jsonb_path_query_array(t.body('planner', format('pp_api.reminders_due(%L)', :'p')), '$.items[*] ? (@.body == "01999002").deadline'), '["2026-03-20", "2026-03-20", "2026-03-20"]', 'not of a deadline that has moved on');
select is(t.outcome(who, format('select pp_api.reminders_due(%L)', :'p')) || ' ' || t.outcome(who, format('select pp_api.reminder_list(%L)', :'r')), outcome, who || ' sees: ' || outcome)
	from (values ('planner2', 'done done'), ('amt', 'forbidden forbidden'), ('cremm', 'procedure_not_found round_not_found'), ('root', 'procedure_not_found round_not_found')) v (who, outcome);

-- Sent
create function t.send(invitation text, body jsonb, at timestamptz) returns text language sql as $$ select format('pp_api.reminder_send(%L, %L, %L, null, null)', invitation, body, at) $$;
select is(t.outcome('planner', 'select ' || t.send(:'ahrens', body::jsonb, '2026-03-21')), outcome, body) from (values ('{"channel": "EMAIL", "sent_at": "2026-03-21T00:00:01Z"}', 'invalid_body /sent_at'),
	('{"channel": "EMAIL", "sent_at": "2026-01-31T00:00:00Z"}', 'invalid_body /sent_at'), ('{"channel": "EMAIL"}', 'done')) v (body, outcome);
select is(t.outcome('planner', 'select ' || t.send(:'forst', '{"channel": "EMAIL"}', '2026-03-21')), 'conflict', 'who has answered needs none');
select is(t.outcome(who, 'select ' || t.send(:'ahrens', '{"channel": "EMAIL"}', '2026-03-21')), outcome, who || ' sends: ' || outcome) from (values ('amt', 'forbidden'), ('cremm', 'invitation_not_found'), ('root', 'invitation_not_found')) v (who, outcome);
select t.reply('planner', t.send(:'ahrens', '{"channel": "EMAIL", "sent_at": "2026-02-24T22:59:59Z"}', '2026-03-21')) is not null;
select is(jsonb_path_query_array(t.body('planner', format('pp_api.reminders_due(%L)', :'p')), '$.items[*] ? (@.body == "01999001").rule'), '["FRIST_7", "ABGELAUFEN"]', 'what went out before it was due does not count');
select is(s ->> 'by' || ' ' || (s ->> 'proof') || ' ' || (s ->> 'sent_at'), 'planner@example.org <7@example.org> 2026-03-20T10:00:00.000000Z', 'by whom and with what proof')
	from t.body('planner', t.send(:'ahrens', '{"channel": "EMAIL", "recipient": "amt@example.org", "proof": "<7@example.org>", "sent_at": "2026-03-20T10:00:00Z"}', '2026-03-21')) s;
select is(jsonb_path_query_array(t.body('planner', format('pp_api.reminders_due(%L)', :'p')), '$.items[*] ? (@.body == "01999001")'), '[]', 'then it is no more to be done');
select is(s ->> 'count', '3', 'all who have not answered in one call') from t.body('planner', format('pp_api.reminder_send_all(%L, ''{"channel": "POST"}'', ''2026-03-22'', null, null)', :'r')) s;
select is(jsonb_array_length(x -> 'sent') || ' ' || jsonb_array_length(x -> 'due'), '5 11', 'the round lists both') from t.body('planner', format('pp_api.reminder_list(%L)', :'r')) x;

-- What can be proved
select is((select string_agg(e ->> 'what', ' ') from jsonb_array_elements(t.body('planner', format('pp_api.invitation_evidence(%L, ''2026-03-22'')', :'ahrens')) -> 'items') e),
	'EINGELADEN ZUGEGANGEN GELESEN ERINNERT ERINNERUNG_FAELLIG ERINNERUNG_FAELLIG ABGELAUFEN ERINNERT ERINNERT', 'in its order');
select is((select string_agg(e ->> 'what', ' ') from jsonb_array_elements(t.body('ahrens', format('pp_api.invitation_evidence(%L, ''2026-03-22'')', :'ahrens')) -> 'items') e),
	'EINGELADEN ZUGEGANGEN GELESEN ERINNERT ERINNERUNG_FAELLIG ABGELAUFEN ERINNERT ERINNERT', 'without what is the planners'' own');
select is(e ->> 'body' || ' ' || (e ->> 'legal_basis'), '01999001 § 130 Abs. 1 BGB', 'who has read it, and why that counts') from jsonb_path_query_first(t.body('planner', format('pp_api.invitation_evidence(%L, ''2026-03-22'')', :'ahrens')), '$.items[*] ? (@.what == "GELESEN")') e;
select is((select string_agg(e ->> 'what', ' ') from jsonb_array_elements(t.body('kreis', format('pp_api.invitation_evidence(%L, ''2026-03-22'')', :'forst')) -> 'items') e), 'EINGELADEN ZUGEGANGEN STELLUNGNAHME', 'an answer is evidence');
select is(e #>> '{data,to}' || ' ' || (e ->> 'legal_basis') || coalesce(e ->> 'by', ' -'), '2026-03-20 § 4 Abs. 2 Satz 3 BauGB; § 190 BGB -', 'and an extension') from jsonb_path_query_first(t.body('amt', format('pp_api.invitation_evidence(%L, ''2026-03-22'')', :'birken')), '$.items[*] ? (@.what == "FRIST_VERLAENGERT")') e;
select is(t.outcome(who, format('select pp_api.invitation_evidence(%L, now())', :'ahrens')), 'invitation_not_found', who || ' proves nothing') from unnest(array['kreis', 'cremm', 'root']) who;
select is(t.outcome('owner', 'delete from pp.reminder') || t.outcome('owner', 'delete from pp.reminder_sent') || t.outcome('clerk', 'delete from pp.reminder'), '230012300142501', 'what was recorded stays');
-- A round that was withdrawn before it began reminds nobody.
select t.make_round(:'p', 'FOERM_TOEB', 'NACHB', '2026-05-01', '2026-06-10', null, '2026-04-01 09:00+00') as r3 \gset
update pp.invitation set cancelled_at = '2026-04-02' where round = :'r3';
select is(t.tick('2026-06-20') || (select count(*) from pp.reminder where round = :'r3'), null, 'nothing is due of what was withdrawn');
select is((select count(*) from pp.reminder where round = :'r3'), 0::bigint, 'nor recorded');
select is(t.body('planner', format('pp_api.reminder_send_all(%L, ''{"channel": "POST"}'', ''2026-06-20'', null, null)', :'r3')) ->> 'count', '0', 'nor sent to all');
select is(t.outcome('planner', 'select ' || t.send(t.invitation(:'r3', '01999001')::text, '{"channel": "POST"}', '2026-06-20')), 'round_cancelled', 'or to one');
select * from finish();
