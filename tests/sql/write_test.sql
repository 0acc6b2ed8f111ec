-- SPDX-License-Identifier: EUPL-1.2
-- Who writes: every table that a body writes, by every role, in its planning body, in the invited one and in a stranger,
-- by sentences of SQL that no function of ours has looked at.
set client_min_messages = warning;
select plan(60);

-- One row of each: invited, asked for more time, answered late, weighed, resolved on, communicated, reminded.
select t.make_procedure('planner', 'Am Rand', '2026-02-01 10:00+00') as p \gset
select t.make_plan('planner', :'p', t.result(), '2026-02-01 11:00+00') as l \gset
select (t.reply('planner', format('pp_api.affected_decide(%L, ''{"body": "01998004", "action": "add", "reason": "nah"}'', ''2026-02-01 11:30+00'', null, null)', :'l'))).status is not null;
select (t.reply('planner', format('pp_api.affected_confirm(%L, ''2026-02-01 12:00+00'', null, null)', :'l'))).status is not null;
select t.make_round(:'p', 'FOERM_TOEB', 'TOEB', '2026-02-02', '2026-03-04', '2026-03-03', '2026-02-01 13:00+00') as r \gset
select t.invitation(:'r', '01999002') as i \gset
select t.body('amt', format('pp_api.draft_create(%L, ''{"text": "vielleicht"}'', ''2026-02-10'', null, null)', :'i')) is not null;
select t.body('amt', format('pp_api.note_create(%L, ''{"text": "intern"}'', ''2026-02-10'', null, null)', :'p')) is not null;
select t.body('amt', format('pp_api.extension_request(%L, ''{"until": "2026-03-20", "reason": "Sitzung"}'', ''2026-02-10'', null, null)', :'i')) ->> 'id' as q \gset
select t.reply('planner', format('pp_api.extension_decide(%L, ''{"decision": "GEWAEHRT", "reason": "Sitzung"}'', ''2026-03-20 23:00+00'', ''2026-02-11'', null, null)', :'q')) is not null;
select t.body('amt', format('pp_api.invitation_assign(%L, jsonb_build_object(''account'', pp.current_account()), ''*'', ''2026-02-10'')', :'i')) is not null;
select t.reply('planner', format('pp_api.reminder_send(%L, ''{"channel": "POST"}'', ''2026-02-25'', null, null)', :'i')) is not null;
select t.body('amt', format('pp_api.statement_submit(%L, ''{"stance": "BEDENKEN", "text": "nein", "points": [{"text": "hier"}]}'', ''2026-02-26'', null, null)', :'i')) ->> 'id' as s \gset
select t.reply('planner', format('pp_api.weighing_accept(%L, ''2026-03-05'', null, null)', :'p')) is not null;
select t.reply('planner', format('pp_api.group_create(%L, %L, ''2026-03-05'', null, null)', :'p', jsonb_build_object('title', 'gleich', 'like', :'s'))) is not null;
select t.reply('planner', format('pp_api.weighing_propose(%L, %L, ''2026-03-05'', null, null)', :'p', jsonb_build_object('decision', 'GEFOLGT', 'reason', 'weil', 'statements', jsonb_build_array(:'s')))) is not null;
select t.reply('planner', format('pp_api.weighing_decide(%L, ''{"resolved_on": "2026-03-05", "reference": "1", "council": "Rat"}'', ''2026-03-05'', null, null)', :'p')) is not null;
select t.reply('planner', format('pp_api.weighing_communicate(%L, ''{"on": "2026-03-05", "channel": "POST"}'', ''2026-03-05'', null, null)', :'p')) is not null;
select t.reply('planner', format('pp_api.hold_create(%L, ''{"reason": "Klage"}'', ''2026-03-05'', null, null)', :'p')) is not null;
insert into pp.lateness_decision (id, statement, planner_body, participant, mailbox_body, author_account, regime, hint, outcome, reason, decided_at, decided_by, decided_by_label)
	select pp.uuid7('2026-03-10'), s.id, s.planner_body, s.participant, s.mailbox_body, s.author_account, 'BAUGB_TOEB', true, 'BERUECKSICHTIGT', 'wichtig', '2026-03-10', s.author_account, 'x' from pp.statement s;
insert into pp.release (id, body, kind, procedure, content, content_sha256, writers, handed_in_at, handed_in_by) select pp.uuid7('2026-02-10'), '019995001', 'ABWAEGUNG', :'p', '{}', sha256('x'), array[account], '2026-02-10', account from t.person where name = 'amt';
insert into pp.acted (id, body, procedure, what, account, in_place_of, at) select pp.uuid7('2026-02-10'), '019995001', :'p', 'ABGABE', a.account, b.account, '2026-02-10' from t.person a, t.person b where a.name = 'amt' and b.name = 'ahrens';
insert into pp.invitation_link (id, invitation, planner_body, participant, sha256, made_at)
	select pp.uuid7('2026-02-02'), i.id, i.planner_body, i.participant, sha256('x'), '2026-02-02' from pp.invitation i where i.id = :'i';
insert into pp.distribution_list (id, body, name, bodies, created_at, changed_at) values (pp.uuid7('2026-02-01'), '01999002', 'Nachbarn', '{}', '2026-02-01', '2026-02-01');

insert into pp.file (id, media_type, size, sha256, created_at, expires_at) select gen_random_uuid(), 'application/pdf', n, sha256('x'), '2026-02-10', '2026-02-11' from generate_series(1, 2) n;
insert into pp.attachment (id, procedure, statement, no, planner_body, participant, mailbox_body, author_account, name, media_type, size, sha256, attached_at)
	select f.id, s.procedure, s.id, 1, s.planner_body, s.participant, s.mailbox_body, s.author_account, 'Karte.pdf', f.media_type, f.size, f.sha256, s.received_at from pp.statement s, pp.file f where f.size = 1;
insert into pp.attachment_release (attachment, procedure, statement, no, planner_body, name, media_type, released, waits, changed_at, changed_by)
	select a.id, a.procedure, a.statement, a.no, a.planner_body, 'Karte.pdf', a.media_type, true, false, '2026-02-26', gen_random_uuid() from pp.attachment a;
insert into pp.upload (id, procedure, round, invitation, body, name, announced_at, expires_at)
	select f.id, i.procedure, i.round, i.id, i.participant, 'Karte.pdf', '2026-02-10', '2026-02-17' from pp.file f, pp.invitation i where f.size = 2 and i.id = :'i';

-- The tables whose policies ask for roles, each with a row as text: whoever writes it again need not be able to read it.
create temporary table kept (name text primary key, line text not null, planner text, participant text);
grant select on kept to public;
create function t.keep(name text) returns void language plpgsql as $$
begin
	execute format('insert into kept select %L, x::text, to_jsonb(x) ->> ''planner_body'', coalesce(to_jsonb(x) ->> ''participant'', to_jsonb(x) ->> ''body'') from pp.%I x
		order by to_jsonb(x) ->> ''participant'' = ''01999002'' desc nulls last limit 1', name, name);
end
$$;
create temporary table tables as select distinct c.relname::text as name from pg_policy p join pg_class c on c.oid = p.polrelid where p.polname = 'writes' or c.relname in ('draft', 'assignment');
select t.keep(name) is null as kept from tables;
select is((select array_agg(name order by name) from kept), (select array_agg(name order by name) from tables where name not in ('person', 'consent', 'reinstatement_request')),
	'there is a row of each that bodies write');

-- By whom each is written: as planning body, as the invited one.
create temporary table writers (name text, as_planner text[], as_participant text[]);
insert into writers select name, '{manager}', '{}' from unnest('{statement_group,weighing,weighing_resolution,concern,concern_proposal,weighing_result,lateness_decision,extension,reminder_sent,legal_hold,invitation_link,attachment_release}'::text[]) name;
insert into writers values ('invitation', '{manager}', '{clerk,releaser}'), ('extension_request', '{manager}', '{clerk,releaser}'), ('receipt', '{manager}', '{clerk,releaser}'),
	('statement', '{manager}', '{releaser}'), ('attachment', '{manager}', '{releaser}'), ('upload', '{}', '{clerk,releaser,manager}'), ('statement_point', '{manager}', '{releaser}'), ('distribution_list', '{}', '{manager}'), ('assignment', '{}', '{clerk,releaser,manager,body_administrator}'), ('acted', '{}', '{clerk,releaser}'), ('release', '{}', '{clerk,releaser,manager}'), ('note', '{clerk,releaser,manager}', '{clerk,releaser,manager}'), ('draft', '{}', '{clerk,releaser}');

-- What PostgreSQL says to somebody of a body with one role besides reading: policies are asked before anything that is unique.
create function t.writes(role text, body text, name text, line text) returns bool language plpgsql as $$
begin
	delete from t.person where person.name = 'writer';
	insert into t.person select 'writer', 'pp_server', account, $2, 'reader ' || $1 from t.person where person.name = 'amt';
	return t.outcome('writer', (select format('insert into pp.%I (%s) select %s from (select %L::pp.%I as r) x', $3, string_agg(quote_ident(attname), ','),
			string_agg('(x.r).' || quote_ident(attname), ','), line, $3)
		from pg_attribute where attrelid = ('pp.' || $3)::regclass and attnum > 0 and not attisdropped and attgenerated = '')) <> '42501';
end
$$;
select is((select string_agg(r || ' of ' || b, ', ' order by b, r) from unnest(array['reader', 'clerk', 'releaser', 'manager', 'body_administrator', 'oversight']) r,
		unnest(array[k.planner, k.participant, '01998004']) b where t.writes(r, b, k.name, k.line)),
	(select string_agg(r || ' of ' || b, ', ' order by b, r) from (select unnest(w.as_planner) as r, k.planner as b union select unnest(w.as_participant), k.participant) x where b is not null),
	format('%s is written by those whose it is', k.name))
	from kept k join writers w using (name) order by k.name;

-- Changing is writing: of what its body sees, whoever only reads changes nothing.
create function t.changes(role text, body text, name text) returns text language plpgsql as $$
begin
	delete from t.person where person.name = 'writer';
	insert into t.person select 'writer', 'pp_server', account, $2, 'reader ' || $1 from t.person where person.name = 'amt';
	return t.outcome('writer', (select format('update pp.%I set %I = %I', $3, attname, attname) from pg_attribute
		where attrelid = ('pp.' || $3)::regclass and attnum > 0 and has_column_privilege('pp_server', attrelid, attnum, 'update') order by attnum limit 1));
end
$$;
create temporary table changed as select name, planner from kept where name in ('statement', 'invitation', 'weighing', 'invitation_link', 'legal_hold');
select is(t.changes('reader', planner, name), '42501', format('who only reads changes no %s', name)) from changed order by name;
select is(t.changes('manager', planner, name), 'done', format('a manager changes a %s', name)) from changed order by name;

-- What is published has no policies: there triggers ask.
select is(t.changes(role, '02000000', name), case role when 'manager' then 'done' else 'forbidden' end, format('a %s and the table %s', role, name))
	from unnest('{procedure,plan,round,document}'::text[]) name, unnest('{reader,clerk,releaser,manager,body_administrator,oversight}'::text[]) role;
select * from finish();
