-- SPDX-License-Identifier: EUPL-1.2
-- The outbox: written with what causes it, read by the clerk alone, tried until it is taken or given up, then forgotten.
set client_min_messages = warning;
select plan(100);

-- Addresses: what can stand in a header without quoting, and nothing that would begin another header.
select ok(pp.is_mail_address(a), a) from unnest(array['bauamt@kreis-auen.example', 'a.b+c@x.de', 'jörg@müller.example', 'a@b', 'o''neill@x-y.example']) a;
select ok(not pp.is_mail_address(a), coalesce(regexp_replace(a, '[[:cntrl:]]', '?', 'g'), 'null') || ' is none')
	from unnest(array[E'a@b.de\r\nBcc: c@d.de', E'a@b.de\n', 'a b@c.de', 'a@b.de, c@d.de', 'a@@b.de', '<a@b.de>', 'a@b.de>', '"a"@b.de', '@b.de',
		'a@', 'a..b@c.de', '.a@b.de', 'a.@b.de', 'a@b..de', 'a@-b.de', 'a@b-.de', 'a@[127.0.0.1]', U&'a\2028@b.de', U&'a\00A0b@c.de', repeat('a', 65) || '@b.de', 'a@' || repeat('b.', 130) || 'de']) a;

-- Kinds: each in both languages, naming only what it needs or what may be absent
select is((select string_agg(k.kind || l.lang, ' ') from pp_api.mail_kinds() k cross join (values ('de'), ('en')) l (lang)
	where not exists (select from pp_api.mail_texts() t where t.kind = k.kind and t.lang = l.lang)), null, 'every kind has a text in both languages');
select is((select string_agg(t.kind, ' ') from pp_api.mail_texts() t where t.kind not in (select k.kind from pp_api.mail_kinds() k)), null, 'and every text a kind');
select is((select string_agg(t.kind || ' ' || t.lang || ' ' || n, ', ') from pp_api.mail_kinds() k join pp_api.mail_texts() t on t.kind = k.kind, unnest(k.needs) n
	where strpos(t.subject || t.body, '{' || n || '}') = 0), null, 'what is needed is said');
select is((select string_agg(distinct t.kind || ' ' || m[1], ', ') from pp_api.mail_texts() t join pp_api.mail_kinds() k on k.kind = t.kind, regexp_matches(t.subject, '\{(\w+)\}', 'g') m
	where m[1] <> all (k.needs)), null, 'a subject names nothing that may be absent');

-- Enqueued by whoever acts, seen by nobody of them
create function t.enqueue(kind text, recipient text, lang text, data jsonb, at timestamptz default '2026-02-02') returns text language sql as $$
	select format('select pp_api.mail_enqueue(%L, %L, %L, %L, null, null, %L)', kind, recipient, lang, data, at)
$$;
select is(t.outcome('planner', t.enqueue('nonsense', 'a@b.de', 'de', '{}')), 'P0001', 'an unknown kind is a bug');
select is(t.outcome('planner', t.enqueue('membership_pending', 'a@b.de', 'de', '{"body": "x"}')), 'P0001', 'so is data that lacks');
select is(t.outcome('planner', t.enqueue('test', E'a@b.de\nBcc: x@y.de', 'de', '{}')), 'invalid_body', 'a wrong address is refused');
select is(t.outcome('anyone', t.enqueue('test', 'a@b.de', 'de', '{}')), '42501', 'the public''s login writes no mail');
select t.value('nobody', t.enqueue('membership_pending', 'admin@auen.example', 'fr', jsonb_build_object('body', E'Amt\r\nBcc: x@y.de {link}', 'who', U&'Anna\2028B\202Eb'))) as m \gset
select is(subject || '|' || lang, 'Bitte prüfen: Anna B b möchte für Amt Bcc: x@y.de (link) arbeiten|de', 'no word of a caller ends a line or is filled in; other languages are German')
	from pp.mail where id = :'m';
select is(t.value(who, 'select count(*) from pp.mail'), n, who || ' sees ' || n) from (values ('planner', '0'), ('nobody', '0'), ('root', '0'), ('clerk', '1'), ('owner', '0')) v (who, n);
select is(t.outcome('planner', 'select body from pp.mail') || t.outcome('planner', $$update pp.mail set state = 'GESENDET', settled_at = now()$$), '4250142501', 'texts are read and changed by nobody who writes them');
select is(t.outcome('clerk', format($$update pp.mail set body = 'other' where id = %L$$, :'m')) || t.outcome('clerk', format($$update pp.mail set recipient = 'x@y.de' where id = %L$$, :'m')),
	'2300123001', 'nor changed by the clerk');
select is(pp_api.mail_fill('{a} of {day} at {at}' || E'\n{absent} gone\n{base}', '{"a": "x", "day": "2026-03-01", "at": "2026-07-01T10:00:00.123456Z"}', 'de'),
	E'x of 1. März 2026 at 1. Juli 2026, 12:00:00 Uhr\n{base}', 'days and instants as people write them; a line without its data is left out');
select is(pp_api.mail_fill('{day}', '{"day": "2026-12-24"}', 'en'), '24 December 2026', 'in their language');

-- Sent: claimed, tried again after pauses, given up
create function t.next(at timestamptz, held bool default false) returns text language sql as $$
	select t.value('clerk', format('select m.id from pp_api.mail_next(%L, %L) m where m.id is not null', at, held))
$$;
create function t.settle(id text, accepted bool, permanent bool, code int, at timestamptz) returns text language sql as $$
	select t.value('clerk', format('select pp_api.mail_settle(%L, %L, %L, %L, %L, %L)', id, accepted, permanent, code, 'said', at))
$$;
select is(t.value('clerk', 'select pp_api.mail_due(false)'), '2026-02-02 00:00:00+00', 'due at once');
select is(t.next('2026-02-01 23:59+00'), null, 'not before');
select is(t.next('2026-02-02', true), null, 'nothing while it is held');
select is(t.next('2026-02-02'), :'m', 'then it is claimed');
select is(t.next('2026-02-02'), null, 'once');
select is(t.next('2026-02-02 00:01+00'), :'m', 'whoever died with it has it tried again');
select is(t.settle(:'m', false, false, 451, '2026-02-02 00:01+00'), 'WARTET', 'not now: later');
select is((select due_at::text || ' ' || attempts || ' ' || reply_code from pp.mail where id = :'m'), '2026-02-02 00:06:00+00 2 451', 'after a longer pause');
select is((select string_agg(t.next(x.due_at) || t.settle(:'m', false, false, 451, x.due_at), ' ') from (select '2027-01-01'::timestamptz + n * interval '2 days' as due_at from generate_series(1, 10) n) x),
	rtrim(repeat(:'m' || 'WARTET ', 9) || :'m' || 'FEHLGESCHLAGEN'), 'until it is given up');
select is(t.settle(:'m', true, false, 250, '2027-02-01'), 'FEHLGESCHLAGEN', 'what is settled stays');
select is(t.outcome('clerk', $$update pp.mail set state = 'GESENDET'$$), '23001', 'for everybody');

-- Secrets are forgotten at once, everything after a month
select t.value('nobody', t.enqueue('address_confirmation', 'anna@x.example', 'en', '{"path": "/confirm#geheim"}', '2027-03-01')) as c \gset
select is((select body ~ '\{base\}/confirm#geheim' and body !~ 'Your statement' from pp.mail where id = :'c'), true, 'without a statement no word of one');
select is(t.next('2027-03-01') || t.settle(:'c', true, false, 250, '2027-03-01'), :'c' || 'GESENDET', 'taken');
select is((select recipient || coalesce(body, '-') from pp.mail where id = :'c'), 'anna@x.example-', 'its secret is gone');
select is(t.value('clerk', $$select pp_api.mail_sweep('2027-03-25')$$), '1', 'after a month the older is forgotten');
select is((select string_agg(coalesce(recipient, '-') || coalesce(subject, '-') || state, ' ' order by id) from pp.mail), '--FEHLGESCHLAGEN anna@x.example-GESENDET', 'but that it was sent stays');

-- Nobody is flooded by somebody who types the address of another
select t.value('nobody', t.enqueue('address_confirmation', 'opfer@x.example', 'de', '{"path": "/x"}', '2027-04-01')) from generate_series(1, 7);
select is((select count(t.next('2027-04-01')) from generate_series(1, 9)), 5::bigint, 'five a day');
select is((select count(*) from pp.mail where state = 'VERWORFEN' and reply ~ 'in a day'), 2::bigint, 'the others are set aside');

-- Held, released, switched off
select t.value('nobody', t.enqueue('test', 'a@b.de', 'de', '{}', '2027-05-01')) as h \gset
select is(t.value('clerk', format('select pp_api.mail_release(%L, ''2027-05-01'')', :'h')) || t.next('2027-05-01', true), '1' || :'h', 'what is let go is sent');
select t.settle(:'h', true, false, 250, '2027-05-01'), t.value('nobody', t.enqueue('test', 'a@b.de', 'de', '{}', '2027-05-02')) is not null;
select is(t.value('clerk', $$select pp_api.mail_discard('2027-05-02')$$), '6', 'and while mail is off nothing waits');

-- About an invitation: its planning body sees what became of it, and one that nobody takes is undeliverable
select t.make_procedure('planner', 'Am Rand', '2026-02-01 10:00+00') as p \gset
select t.make_plan('planner', :'p', t.result(), '2026-02-01 11:00+00') as l \gset
select t.reply('planner', format('pp_api.affected_confirm(%L, ''2026-02-01 12:00+00'', null, null)', :'l')) is not null;
update pp.account a set active = false from pp.membership m where m.account = a.id and m.body = '01998';
select t.make_round(:'p', 'FOERM_TOEB', 'TOEB', '2026-02-02', '2026-03-04', '2026-03-03', '2026-02-01 13:00+00') as r \gset
select t.invitation(:'r', '01998005') as forst \gset
select is((select count(*) from pp.mail where invitation is not null), 0::bigint, 'where no address is known nothing is written');
insert into pp.body_mail values ('01998', 'kreis@bruchland.example', '2026-01-01', '2026-06-30', 'test'), ('01998', 'neu@bruchland.example', '2026-07-01', null, 'test'),
	('019995001', 'amt@auental.example', '2026-01-01', null, 'test'), ('01998004', 'damm@x.example', '2020-01-01', '2025-12-31', 'test');
select is(pp.body_mail_on('01998', d::date), mail, 'the address of the day') from (values ('2026-06-30', 'kreis@bruchland.example'), ('2026-07-01', 'neu@bruchland.example'), ('2025-12-31', null)) v (d, mail);
select t.value('clerk', $$select pp_api.clock_tick('2026-03-09')$$) is not null;

-- By a round: who has an account is told of the portal, others are invited by mail, or by letter where there is no address
select t.make_round(:'p', 'FOERM_TOEB', 'NACHB', '2026-03-10', '2026-04-10', '2026-04-09', '2026-03-09 13:00+00') as r2 \gset
select t.invitation(:'r2', '01998005') as forst, t.invitation(:'r2', '01999001') as ahrens \gset
select is((select string_agg(i.participant || ' ' || i.channel || ' ' || coalesce(m.kind || ' ' || m.recipient, '-') || ' ' || i.awaits_mail, ', ' order by i.participant)
	from pp.invitation i left join pp.mail m on m.invitation = i.id where i.round = :'r2'),
	'01998005 EMAIL invitation kreis@bruchland.example true, 01999001 PORTAL invitation_portal amt@auental.example false, 01999002 PORTAL invitation_portal amt@auental.example false, landesplanung-au PORTAL - false', 'each in its way');
select id as i from pp.mail where invitation = :'forst' \gset
select ok(body ~ 'beteiligt Sie \(Forst\)' and body ~ 'bis einschließlich \d+\. April 2026, 24:00 Uhr' and body ~ 'Rechtsgrundlage: § 4 \(2\), § 2 \(2\) BauGB' and body ~ '\n  \{link\}\n' and body ~ '\{base\}\n$',
	'who is asked, until when, by what law, and a link that is nowhere yet') from pp.mail where id = :'i';
select is(t.value(who, 'select count(*) from pp.mail'), n, who || ' sees ' || n) from (values ('planner2', '3'), ('cremm', '0'), ('kreis', '0'), ('amt', '0')) v (who, n);
select is(t.body('planner', format('pp_api.round_board(%L, ''2026-03-09 14:00+00'')', :'r2')) #>> '{municipalities,2,mail}', 'WARTET', 'the board says how the mail stands');

-- Nothing is presumed of a mail that waits; then from the day when it was sent
select t.value('clerk', $$select pp_api.clock_tick('2026-03-20')$$) is not null;
select is((select state from pp.invitation where id = :'forst'), 'VERSANDT', 'a mail that waits was received by nobody');
create function t.send(id text, at timestamptz, code int) returns text language plpgsql as $$
begin
	loop
		if t.next(at) = id then
			return t.settle(id, code = 250, code >= 500, code, at);
		end if;
	end loop;
end
$$;
-- The day of the round's end is the body's own no more: its month begins when it can have read of it.
select is(t.value('clerk', format('select concat_ws('' '', a.kind, a.step, a.audience, a.land) from pp_api.mail_access(%L, %L) a', :'i', at)), outcome, 'sent at ' || at)
	from (values ('2026-03-20 10:00+00', 'BP_REGEL FOERM_TOEB NACHB 02'), ((select created_at::text from pp.mail where id = :'i'), null)) v (at, outcome);
select deadline as told from pp.invitation where id = :'forst' \gset
create function t.send_late(id text, at timestamptz, own_at timestamptz) returns text language plpgsql as $$
begin
	loop
		if t.next(at) = id then
			return t.value('clerk', format('select pp_api.mail_settle(%L, true, false, 250, ''said'', %L, %L, ''TOEB_BAUGB'')', id, at, own_at));
		end if;
	end loop;
end
$$;
select is(t.send_late(:'i', '2026-03-20 10:00+00', '2026-04-24 22:00+00'), 'GESENDET', 'sent at last');
select is((select deadline || ' ' || deadline_at || ' ' || deadline_reason || ' ' || deadline_rule from pp.invitation where id = :'forst'), '2026-04-24 2026-04-24 22:00:00+00 OWN_RECEIPT TOEB_BAUGB', 'its month runs from there');
select is((select data ->> 'from' || ' ' || (data ->> 'to') || ' ' || array_to_string(bodies, ',') from pp.event where kind = 'invitation.deadline_moved' and invitation = :'forst'), :'told' || ' 2026-04-24 01998,01998005,02000000', 'and those whom it concerns are told');
select is(e ->> 'legal_basis', '§ 41 Abs. 2 Satz 1, 2 VwVfG', 'with its law') from jsonb_path_query_first(t.body('planner', format('pp_api.invitation_evidence(%L, ''2026-03-22'')', :'forst')), '$.items[*] ? (@.what == "FRIST_VERSCHOBEN")') e;
select is((select state || ' ' || (presumed_on - '2026-03-20')::text || ' ' || awaits_mail from pp.invitation where id = :'forst'), 'VERSANDT 4 false', 'from then on the days are counted');
select t.value('clerk', $$select pp_api.clock_tick('2026-03-24 12:00+00')$$) is not null;
select is((select state || ' ' || received_how || ' ' || pp.day(received_at) from pp.invitation where id = :'forst'), 'ZUGEGANGEN VERMUTET 2026-03-24', 'received is presumed');

-- Refused for good, given up, or never sent: it has reached nobody
select t.make_round(:'p', 'FOERM_TOEB', 'STAAT', '2026-03-25', '2026-04-27', '2026-04-26', '2026-03-24 13:00+00') as r3 \gset
select t.invitation(:'r3', '01998005') as bounced \gset
select id as m3 from pp.mail where invitation = :'bounced' \gset
select is(t.send(:'m3', '2026-03-24 13:00+00', 550), 'FEHLGESCHLAGEN', 'refused for good');
select is((select state from pp.invitation where id = :'bounced'), 'UNZUSTELLBAR', 'so the invitation has reached nobody');
select is((select count(*) from pp.event where kind = 'invitation.bounced' and invitation = :'bounced'), 1::bigint, 'which is told');
select is(j ->> 'state' || (j ->> 'recipient') || (j ->> 'reply_code') || (j ->> 'reply'), 'FEHLGESCHLAGENkreis@bruchland.example550said', 'with the words of the mail server')
	from t.body('planner', format('pp_api.invitation_mails(%L)', :'bounced')) b, jsonb_array_elements(b -> 'items') j;
select is(t.outcome(who, format('select pp_api.invitation_mails(%L)', :'bounced')), outcome, who || ': ' || outcome)
	from (values ('amt', 'invitation_not_found'), ('cremm', 'invitation_not_found')) v (who, outcome);
select t.make_round(:'p', 'FOERM_TOEB', 'NACHB', '2026-05-10', '2026-06-15', '2026-06-14', '2026-03-24 14:00+00') as r4 \gset
select t.value('clerk', $$select pp_api.mail_discard('2026-03-24 14:01+00')$$) is not null;
select is((select state from pp.invitation where id = t.invitation(:'r4', '01998005')), 'UNZUSTELLBAR', 'nor does what was never sent');

-- Reminders, extensions, results
select is(t.body('planner', format('pp_api.reminder_send(%L, ''{"channel": "EMAIL", "send": true}'', ''2026-04-01'', null, null)', :'ahrens')) ->> 'recipient', 'amt@auental.example', 'a reminder is sent');
select is((select 'E-Mail ' || m.id || m.kind from pp.mail m where m.kind like 'reminder%'), (select proof || 'reminder' from pp.reminder_sent), 'its id is the proof');
select is(t.outcome('planner', format('select pp_api.reminder_send(%L, ''{"channel": "EMAIL", "send": true}'', ''2026-04-01'', null, null)', t.invitation(:'r2', 'landesplanung-au'))), 'conflict', 'not without an address');
select t.reply('planner', format('pp_api.invitation_extend(%L, ''{"deadline": "2026-04-30", "reason": "Sitzung am 29."}'', ''2026-04-30 22:00+00'', ''2026-04-01'', null, null)', :'ahrens')) is not null;
select ok(body ~ 'bisher: bis einschließlich \d+\. April 2026\n  neu:    bis einschließlich 30\. April 2026' and body ~ 'Begründung: Sitzung am 29\.', 'an extension is told') from pp.mail where kind = 'deadline_extended';
select t.body('amt', format('pp_api.extension_request(%L, ''{"until": "2026-05-20", "reason": "Urlaub"}'', ''2026-04-02'', null, null)', :'ahrens')) ->> 'id' as q \gset
select t.reply('planner', format('pp_api.extension_decide(%L, ''{"decision": "ABGELEHNT", "reason": "Zu spät."}'', null, ''2026-04-03'', null, null)', :'q')) is not null;
select ok(body ~ 'abgelehnt' and body ~ 'Begründung: Zu spät\.' and body ~ 'bis einschließlich 30\. April 2026', 'and one that is declined') from pp.mail where kind = 'extension_declined';
select t.body('amt', format('pp_api.statement_submit(%L, ''{"stance": "BEDENKEN", "text": "Zu laut."}'', ''2026-04-05'', null, null)', :'ahrens')) ->> 'id' as s \gset
select t.value('clerk', $$select pp_api.clock_tick('2026-07-20')$$) is null;
select t.reply('planner', format('pp_api.weighing_accept(%L, ''2026-07-20'', null, null)', :'p')) is not null;
select t.reply('planner', format('pp_api.weighing_propose(%L, %L, ''2026-07-20'', null, null)', :'p', jsonb_build_object('decision', 'NICHT_GEFOLGT', 'reason', 'Die Werte sind eingehalten.', 'statements', jsonb_build_array(:'s')))) is not null;
select t.reply('planner', format('pp_api.weighing_decide(%L, ''{"resolved_on": "2026-07-20", "reference": "1", "council": "Rat"}'', ''2026-07-20'', null, null)', :'p')) is not null;
select is(t.outcome('planner', format('select pp_api.weighing_communicate(%L, %L, ''2026-07-21 12:00+00'', null, null)', :'p', body)), outcome, body) from (values
	('{"on": "2026-07-21", "channel": "POST", "send": true}', 'invalid_body /send'), ('{"on": "2026-07-20", "channel": "EMAIL", "send": true}', 'invalid_body /send')) v (body, outcome);
select t.reply('planner', format('pp_api.weighing_communicate(%L, ''{"on": "2026-07-21", "channel": "EMAIL", "send": true}'', ''2026-07-21 12:00+00'', null, null)', :'p')) is not null;
select ok(recipient = 'amt@auental.example' and body ~ E'Beschluss vom 20\\. Juli 2026\n\n1\\. .*\nDer Stellungnahme wird nicht gefolgt\\.\nDie Werte sind eingehalten\\.', 'a result is told with its reason') from pp.mail where kind = 'result';
select ok(t.uses_index('clerk', $$select pp_api.mail_due(false)$$, 'pp.mail_waiting'), 'the clerk looks by an index');
select * from finish();
