-- SPDX-License-Identifier: EUPL-1.2
-- What is confidential, table by table and login by login: which rows everybody sees is computed from
-- whose they are, without the policies, and compared with what PostgreSQL shows to that login.
set client_min_messages = warning;
select plan(801);

-- Two bodies of neighbours and one member of the public have answered, one draft is unfinished.
select t.make_procedure('planner', 'Am Rand', '2026-02-01 10:00+00') as p \gset
select t.make_plan('planner', :'p', t.result(), '2026-02-01 11:00+00') as l \gset
select (t.reply('planner', format('pp_api.affected_confirm(%L, ''2026-02-01 12:00+00'', null, null)', :'l'))).status as confirmed \gset
select t.make_round(:'p', 'FOERM_TOEB', 'TOEB', '2026-02-02', '2026-03-04', '2026-03-03', '2026-02-01 13:00+00') as r \gset
select t.make_round(:'p', 'FOERM_OEFF', 'OEFF', '2026-02-02', '2026-03-04', null, '2026-02-01 13:00+00') as ro \gset
create function t.submit(invitation uuid, text text) returns text language sql as $$
	select format('pp_api.statement_submit(%L, %L, ''2026-02-10'', %L, ''\x01'')', invitation,
		jsonb_build_object('stance', 'BEDENKEN', 'text', text), text)
$$;
select t.body('amt', t.submit(t.invitation(:'r', '01999001'), 'vom Amt')) ->> 'id' as s1 \gset
select t.body('kreis', t.submit(t.invitation(:'r', '01998005'), 'vom Kreis')) ->> 'id' as s2 \gset
select t.body('citizen', format('pp_api.statement_submit_public(%L, %L, ''2026-02-10'', ''von mir'', ''\x01'')', :'p',
	'{"stance": "EINWENDUNG", "text": "von mir", "person": {"family_name": "Muster"}, "consents": {"notices": true, "text_version": "1"}}'::jsonb)) ->> 'id' as s3 \gset
select t.body('planner', format('pp_api.statement_show(%L)', :'s3')) is not null;
select t.reply('citizen', format('pp_api.person_erase_own(%L, ''2026-02-12'')', n.id)) is not null from pp.person n;
select t.reply('planner', format('pp_api.hold_create(%L, ''{"reason": "Klage"}'', ''2026-02-12'', null, null)', :'p')) is not null;
select t.body('amt', format('pp_api.draft_create(%L, %L, ''2026-02-10'', null, null)', t.invitation(:'r', '01999002'),
	'{"text": "vielleicht"}'::jsonb)) ->> 'id' as d \gset
select t.body('amt', format('pp_api.extension_request(%L, ''{"until": "2026-03-20", "reason": "Sitzung"}'', ''2026-02-10'', null, null)', t.invitation(:'r', '01999001'))) ->> 'id' as q \gset
select t.reply('planner', format('pp_api.extension_decide(%L, ''{"decision": "GEWAEHRT", "reason": "Sitzung"}'', ''2026-03-20 23:00+00'', ''2026-02-11'', null, null)', :'q')) is not null;
-- Of late ones the last word is confidential as well: here of the citizen's, and what it asks for.
insert into pp.reinstatement_request (id, statement, planner_body, author_account, person, sealed, obstacle_ended_on, until_at, in_time, requested_at, requested_by)
	select pp.uuid7('2026-03-10'), s.id, s.planner_body, s.author_account, s.person, pp_keys.seal(s.person, 'krank'), '2026-03-09', '2026-03-23', true, '2026-03-10', s.author_account from pp.statement s where s.id = :'s3';
insert into pp.lateness_decision (id, statement, planner_body, author_account, person, regime, hint, outcome, reason, decided_at, decided_by, decided_by_label)
	select pp.uuid7('2026-03-10'), s.id, s.planner_body, s.author_account, s.person, 'BAUGB_OEFF', true, 'BERUECKSICHTIGT', 'wichtig', '2026-03-10', s.author_account, 'x' from pp.statement s where s.id = :'s3';
-- And it was weighed, resolved on and communicated.
select t.reply('planner', format('pp_api.weighing_accept(%L, ''2026-03-05'', null, null)', :'p')) is not null;
select t.reply('planner', format('pp_api.group_create(%L, %L, ''2026-03-05'', null, null)', :'p', jsonb_build_object('title', 'gleich', 'like', :'s1'))) is not null;
select t.reply('planner', format('pp_api.weighing_propose(%L, %L, ''2026-03-05'', null, null)', :'p', jsonb_build_object('decision', 'GEFOLGT', 'reason', 'weil', 'statements', jsonb_build_array(:'s1', :'s2', :'s3')))) is not null;
select t.reply('planner', format('pp_api.weighing_decide(%L, ''{"resolved_on": "2026-03-05", "reference": "1", "council": "Rat"}'', ''2026-03-05'', null, null)', :'p')) is not null;
select t.reply('planner', format('pp_api.weighing_communicate(%L, ''{"on": "2026-03-05", "channel": "POST"}'', ''2026-03-05'', null, null)', :'p')) is not null;
select t.value('clerk', $$select pp_api.reminder_begin('2026-02-20')$$) is not null;
select t.value('clerk', $$select pp_api.reminder_tick('2026-02-25', '2026-02-25')$$) is not null;
select t.reply('planner', format('pp_api.reminder_send(%L, ''{"channel": "POST"}'', ''2026-02-25'', null, null)', t.invitation(:'r', '01999002'))) is not null;
insert into pp.invitation_link (id, invitation, planner_body, participant, sha256, made_at) select pp.uuid7('2026-02-02'), i.id, i.planner_body, i.participant, sha256('x'), '2026-02-02' from pp.invitation i where i.id = t.invitation(:'r', '01998005');
select t.value('planner', format('select pp_api.mail_enqueue(''reminder'', ''kreis@auen.example'', ''de'', pp_api.mail_data(i), i.procedure, i.id, ''2026-02-25'') from pp.invitation i where i.id = %L', t.invitation(:'r', '01998005'))) is not null;
select t.body('amt', format('pp_api.note_create(%L, ''{"text": "intern"}'', ''2026-02-10'', null, null)', :'p')) is not null as noted \gset
select t.body('amt', format('pp_api.invitation_assign(%L, jsonb_build_object(''account'', pp.current_account()), ''*'', ''2026-02-10'')', t.invitation(:'r', '01999002'))) is not null as assigned \gset
-- An operator has asked what would be.
select t.body('root', $$pp_api.recomputation_create('{"verify": true}', '2026-03-05', null, null)$$) ->> 'id' as rc \gset
select t.value('clerk', format('select count(*) from pp_api.recomputation_begin(%L, ''2026-03-05'')', :'rc'));
select t.value('clerk', format($$select pp_api.recomputation_step(%L, '{0,0,0,1,0}', '[{"outcome":"different"}]', 1, 1, '{}', %L)$$, :'rc', :'l'));
insert into pp.boundary_import (id, file_name, dataset, date, accuracy_m, size, asked_by, asked_by_label, asked_at)
	select '00000000-0000-7000-8000-0000000000b3', 'a.fgb', 'VG250', '2026-01-01', 100, 1, a.id, 'root', '2026-02-01' from pp.account a limit 1;
insert into pp.boundary_import_piece (import, at, bytes) values ('00000000-0000-7000-8000-0000000000b3', 0, 'x');
insert into pp.session (id, sha256, account, opened_at, last_seen_at, idle, expires_at, level)
	select gen_random_uuid(), sha256(email::bytea), id, '2026-02-01', '2026-02-01', '30 minutes', '2026-02-02', 'NORMAL' from pp.account;
insert into pp.token (id, sha256, account, label, created_at)
	select gen_random_uuid(), sha256(email::bytea), id, 'GIS', '2026-02-01' from pp.account where email not like 'citizen%';

insert into pp.issuer (key, url, title, logo_text, client_id, client_auth, scopes, claims, levels, algorithms, created_at)
	values ('land', 'https://konto.example', 'Konto', 'K', 'x', 'none', 'openid', '{}', '{}', '{RS256}', '2026-02-01');
insert into pp.account_identity select 'land', email, id, 'Somebody', email, null, '2026-02-01', '2026-02-01' from pp.account where email is not null;

insert into pp.mail (id, kind, lang, recipient, subject, body, created_at, due_at)
	values ('00000000-0000-7000-8000-0000000000b1', 'barrier_report', 'de', 'zugang@example.org', 'Barriere', 'Die Karte ist leer.', '2026-02-01', '2026-02-01');
insert into pp.barrier_report (id, number, mail, page, words, received_at)
	values ('00000000-0000-7000-8000-0000000000b2', 'B-2026-1', '00000000-0000-7000-8000-0000000000b1', '/', 'Die Karte ist leer.', '2026-02-01');

insert into pp.handover (id, round, sealed, size, made_at, expires_at) select gen_random_uuid(), d.id, decode(repeat('ab', 40), 'hex'), 40, '2026-02-01', '2026-02-08' from pp.round d limit 1;

insert into pp.second_factor (account, sealed_secret, created_at) select id, '\x01', '2026-02-01' from pp.account;
insert into pp.recovery_code (sha256, account) select sha256(id::text::bytea), id from pp.account;

insert into pp.account_link (id, account, sha256, made_at, expires_at) select pp.uuid7('2026-02-01'), id, sha256(id::text::bytea), '2026-02-01', '2026-02-08' from pp.account;

insert into pp.deputy (id, body, account, membership, deputy, deputy_membership, first_on, last_on, administers, named_at, named_by)
	select pp.uuid7('2026-02-01'), m.body, m.account, m.id, o.account, m.id, '2026-02-01', '2026-02-02', false, '2026-02-01', m.account
	  from pp.membership m cross join lateral (select x.account from pp.membership x where x.account <> m.account limit 1) o where m.body = '02000000';
insert into pp.release (id, body, kind, procedure, content, content_sha256, writers, handed_in_at, handed_in_by)
	select pp.uuid7('2026-02-01'), d.body, 'ABWAEGUNG', :'p', '{}', sha256('x'), array[d.account], '2026-02-01', d.account from pp.deputy d limit 1;
insert into pp.acted (id, body, procedure, what, account, in_place_of, at)
	select pp.uuid7('2026-02-01'), d.body, :'p', 'ABGABE', d.deputy, d.account, '2026-02-01' from pp.deputy d;
-- By the office, to the invited body's neighbour: seen by its two sides while nobody says what time it is.
insert into pp.forwarding (id, body, kind, procedure, invitation, recipient, reason, forwarded_at, forwarded_by)
	select pp.uuid7('2026-02-10'), '019995001', 'EINLADUNG', :'p', i.id, '01999003', 'x', '2026-02-10', a.account from pp.invitation i, t.person a where i.id = t.invitation(:'r', '01999002') and a.name = 'amt';

insert into pp.distribution_list (id, body, name, bodies, shared, created_at, changed_at)
	select pp.uuid7('2026-02-01'), b, 'Liste ' || s, '{}', s, '2026-02-01', '2026-02-01' from unnest('{02000000,01999003}'::text[]) b, unnest('{true,false}'::bool[]) s;

insert into pp.retention_choice (id, planner_body, rule, act, grace_days, at, by_label) select pp.uuid7('2026-03-05'), b, 'BAULEITPLAN_BEENDET', 'ERASE', 7, '2026-03-05', 'x' from unnest('{02000000,01999003}'::text[]) b;
insert into pp.retention_report (id, at, rule, procedure, planner_body, act, due_on, concerned, held) select pp.uuid7('2026-03-05'), '2026-03-05', 'BAULEITPLAN_BEENDET', :'p', b, 'ERASE', '2026-03-05', 1, 0 from unnest('{02000000,01999003}'::text[]) b;

-- The citizen and somebody without an account have subscribed.
select t.reply('citizen', format('pp_api.subscription_to_procedure(%L, ''{"email": "anna@x.example", "text_version": "1"}'', ''2026-03-05'')', :'p')) is not null;
insert into pp.subscription (id, holder, person, account, procedure, lang, sealed, open_sha256, end_sha256, text_version, requested_at, confirmed_at)
	select pp.uuid7('2026-03-05'), n.id, n.id, n.account, n.procedure, 'de', '\x01', sha256('x'), sha256('y'), '1', '2026-03-05', '2026-03-05' from pp.person n;

-- A file with a body's answer and one with the citizen's, and one that is on its way.
insert into pp.file (id, media_type, size, sha256, created_at, expires_at) select gen_random_uuid(), 'application/pdf', n, sha256('x'), '2026-02-10', '2026-02-11' from generate_series(1, 3) n;
insert into pp.attachment (id, procedure, statement, no, planner_body, participant, mailbox_body, author_account, person, name, sealed, media_type, size, sha256, attached_at)
	select f.id, s.procedure, s.id, 1, s.planner_body, s.participant, s.mailbox_body, s.author_account, s.person, case when s.person is null then 'Karte.pdf' end, case when s.person is not null then '\x01'::bytea end,
		f.media_type, f.size, f.sha256, s.received_at from (values (:'s1'::uuid, 1), (:'s3', 2)) v (id, n) join pp.statement s using (id) join pp.file f on f.size = v.n;
insert into pp.attachment_release (attachment, procedure, statement, no, planner_body, name, media_type, released, waits, changed_at, changed_by)
	select a.id, a.procedure, a.statement, a.no, a.planner_body, 'Karte.pdf', a.media_type, false, false, '2026-02-12', gen_random_uuid() from pp.attachment a;
insert into pp.upload (id, procedure, round, invitation, body, name, announced_at, expires_at)
	select f.id, i.procedure, i.round, i.id, '019995001', 'Karte.pdf', '2026-02-10', '2026-02-17' from pp.file f, pp.invitation i where f.size = 3 and i.id = t.invitation(:'r', '01999002');

-- Two planning bodies draw.
select count(t.value(who, $$select pp_api.plan_draft_edit('[{"action": "create", "properties": {"title": "neu"}}]', '2026-02-10', null, null, null, null)$$)) from unnest('{planner,cremm}'::text[]) who;
select count(t.value(p.name, format('select id from pp_api.feature_lock_take(array[%L], null, true, null, ''2026-02-10'')', d.id))) from pp.plan_draft d join t.person p on p.body = d.body and p.name in ('planner', 'cremm');

-- Whose a row is, by the columns that say so.
create temporary table confidential (name text primary key, whose text not null);
insert into confidential values
	('account', 'id = my_account or is_operator'), ('session', 'account = my_account'), ('account_identity', 'account = my_account'), ('account_link', 'account = my_account'), ('assignment', 'x.body = my_body'), ('deputy', 'x.body = my_body'), ('acted', 'x.body = my_body'), ('forwarding', 'my_body in (x.body, x.other_body)'), ('release', 'x.body = my_body and works'),
	('handover', 'false'), ('barrier_report', 'is_operator'), ('second_factor', 'account = my_account'), ('recovery_code', 'account = my_account'),
	('token', 'account = my_account or is_operator'), ('idempotency_key', 'account = my_account'),
	('draft', 'x.body = my_body and writes'), ('note', 'x.body = my_body and works'), ('membership', 'account = my_account or is_operator'), ('extension', 'my_body in (participant, mailbox_body, planner_body)'),
	('extension_request', 'my_body in (participant, mailbox_body, planner_body)'),
	('distribution_list', 'x.body = my_body or shared and my_body is not null'), ('invitation', 'my_body in (participant, mailbox_body, planner_body)'),
	('lateness_decision', 'my_body in (participant, mailbox_body, planner_body) or participant is null and author_account = my_account'),
	('reinstatement_request', 'my_body in (participant, mailbox_body, planner_body) or participant is null and author_account = my_account'),
	('mail', 'planner_body = my_body'), ('invitation_link', 'my_body in (participant, planner_body)'),
	('person', 'planner_body = my_body or account = my_account'), ('consent', 'planner_body = my_body or account = my_account'),
	('reading', 'account = my_account or person_account = my_account or x.body = my_body and conducts or is_auditor'),
	('legal_hold', 'planner_body = my_body'), ('erasure_request', 'planner_body = my_body or account = my_account'),
	('receipt', 'my_body in (participant, mailbox_body, planner_body) or author_account = my_account'),
	('retention_choice', 'planner_body = my_body'), ('retention_report', 'planner_body = my_body or is_auditor'),
	('subscription', 'account = my_account'),
	('reminder', 'my_body in (participant, mailbox_body, planner_body)'),
	('reminder_sent', 'my_body in (participant, mailbox_body, planner_body)'),
	('statement', 'my_body in (participant, mailbox_body, planner_body) or participant is null and author_account = my_account'),
	('attachment', 'my_body in (participant, mailbox_body, planner_body) or participant is null and author_account = my_account'), ('attachment_release', 'planner_body = my_body'), ('upload', 'x.body = my_body'),
	('statement_point', 'my_body in (participant, mailbox_body, planner_body) or participant is null and author_account = my_account'),
	('recomputation', 'is_operator'), ('boundary_import', 'is_operator'), ('boundary_import_piece', 'is_operator'), ('recomputation_item', 'is_operator'),
	('statement_group', 'planner_body = my_body'), ('weighing', 'planner_body = my_body'),
	('weighing_resolution', 'planner_body = my_body'), ('concern', 'planner_body = my_body'),
	('concern_proposal', 'planner_body = my_body'),
	('plan_draft', 'x.body = my_body'), ('feature_drafts', 'x.body = my_body'), ('feature_lock', 'x.body = my_body and conducts'), ('feature_lock_item', 'x.body = my_body and conducts'),
	('weighing_result', 'my_body in (participant, mailbox_body, planner_body) or participant is null and author_account = my_account');

-- None is forgotten: neither here, nor where a table names an account, a participant or an address.
select is((select array_agg(name order by name) from confidential), (select array_agg(relname::text order by relname)
	from pg_class where relnamespace = 'pp'::regnamespace and relkind in ('r', 'p') and relforcerowsecurity and relrowsecurity),
	'every table with row-level security, forced, is looked at here');
select is((select string_agg(distinct a.attrelid::regclass || '.' || a.attname, ' ') from pg_attribute a join pg_class c on c.oid = a.attrelid
	where c.relnamespace = 'pp'::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0 and not (c.relrowsecurity and c.relforcerowsecurity)
	  and a.attname in ('account', 'author_account', 'participant', 'mailbox_body', 'acting_body', 'email', 'password_hash', 'content', 'stance')
	  -- It has what was published of statements, and nothing else.
	  and c.relname <> 'feature_statements'),
	null, 'no other table names a person, a participant or what they said');
select is((select string_agg(polname || ' on ' || polrelid::regclass, ', ') from pg_policy p
	where 0 = any (polroles)), null, 'no policy is everybody''s');

-- As each login with each identity: how many rows, or the SQLSTATE of what may not even be asked.
create function t.sees(who text, name text) returns text language plpgsql as $$
declare
	result text;
begin
	perform t.become(who);
	begin
		execute format('select count(*) from pp.%I', name) into result;
	exception when insufficient_privilege then
		result := sqlstate;
	end;
	perform set_config('session_authorization', 'postgres', true);
	return result;
end
$$;

create function t.owns(who text, name text, whose text) returns text language plpgsql as $$
declare
	result text;
begin
	execute format('select count(*) from pp.%I x, (select account as my_account, body as my_body,
		coalesce(roles, '''') ~ ''operator'' as is_operator, coalesce(roles, '''') ~ ''clerk|releaser'' as writes, coalesce(roles, '''') ~ ''clerk|releaser|manager'' as works,
		coalesce(roles, '''') ~ ''manager'' as conducts, coalesce(roles, '''') ~ ''auditor'' as is_auditor from t.person where name = $1) me
		where %s', name, whose) into result using who;
	return result;
end
$$;

insert into t.person values ('auditor', 'pp_server', '00000000-0000-7000-8000-000000000051', null, 'auditor');

-- The server's login sees what is the requester's, and nothing as nobody.
select is(t.sees(p.name, c.name), t.owns(p.name, c.name, c.whose), format('%s sees of %s what is theirs', p.name, c.name))
	from t.person p, confidential c where p.login = 'pp_server';
-- Whose a handover is says its id, which none of these has (handover_test.sql).
select ok(bool_or(t.sees(p.name, c.name) > '0') = (c.name <> 'handover') and bool_or(t.sees(p.name, c.name) = '0'), format('%s has rows, for some and not for all', c.name))
	from t.person p, confidential c where p.login = 'pp_server' group by c.name order by c.name;
select is(string_agg(t.sees('nobody', name), ''), repeat('0', (select count(*) from confidential)::int), 'as nobody it sees none') from confidential;

-- The other logins: the clerk has the columns that it works on, the owner of the tables sees none of the rows.
select is(string_agg(name || ' ' || t.sees('anyone', name), ', ' order by name), string_agg(name || ' 42501', ', ' order by name),
	'the public''s login asks none of them') from confidential;
select is(string_agg(name || ' ' || t.sees('geometry', name), ', ' order by name), string_agg(name || ' 42501', ', ' order by name),
	'nor does that of geometry workers') from confidential;
select is(string_agg(name, ' ' order by name), 'account_link attachment attachment_release barrier_report boundary_import boundary_import_piece feature_drafts feature_lock handover idempotency_key invitation invitation_link legal_hold mail person receipt recomputation recomputation_item release reminder retention_choice retention_report session subscription upload', 'the clerk moves, reminds, sends, signs, recomputes, imports and sweeps')
	from confidential where t.sees('clerk', name) <> '42501';
select is(t.outcome('clerk', what), '42501', what) from unnest(array['select account from pp.session', 'select sha256 from pp.session',
	'select body from pp.idempotency_key', 'select stance from pp.statement', 'select email from pp.account']) what;
select is(string_agg(name || ' ' || t.sees('owner', name), ', ' order by name), string_agg(name || ' 0', ', ' order by name),
	'and pp_owner, whose tables they are, sees nothing either') from confidential;

-- What was published is seen by all, through the view alone, and nothing else of it.
update pp.statement set published = true, published_text = 'anonym' where id = :'s3';
select is(t.value('anyone', 'select string_agg(x::text, '''') from pp_api.statement_published x') like '%anonym%', true, 'the public reads what was published');
select is(t.value('anyone', 'select count(*) from pp_api.statement_published'), '1', 'and no more');
select is(t.sees('anyone', 'statement'), '42501', 'not from the table');
select is(t.sees('citizen2', 'statement'), '0', 'nor does another member of the public');
select * from finish();
