-- SPDX-License-Identifier: EUPL-1.2
-- Forwarding for reading: by whom, to whom, what is read by it and what is not, who hears of it, and that it ends.
set client_min_messages = warning;
select plan(182);

select t.make_procedure('planner', 'Am Rand', '2026-02-01 10:00+00') as p \gset
select t.make_plan('planner', :'p', t.result(), '2026-02-01 11:00+00') as l \gset
select (t.reply('planner', format('pp_api.affected_confirm(%L, ''2026-02-01 12:00+00'', null, null)', :'l'))).status as confirmed \gset
create function t.file(name text, more jsonb default '{}') returns uuid language plpgsql as $$
declare
	d uuid := (t.body('planner', format('pp_api.document_create(%L, %L, ''2026-02-01 12:00+00'', null, null)', (select min(id::text) from pp.procedure),
		jsonb_build_object('kind', 'PLAN', 'name', name, 'media_type', 'application/pdf', 'size', length(name), 'sha256', encode(sha256(name::bytea), 'hex')) || more)) ->> 'id')::uuid;
begin
	perform t.value('planner', format('select pp_api.upload_append(%L, 0, %L, decode(repeat(''00'', 108), ''hex''), 0, null, ''2026-02-01 12:30+00'')', d, name::bytea));
	update pp.file set state = 'GEPRUEFT', metadata = 'KEINE' where id = d;
	return d;
end
$$;
-- One that every body that is asked is shown, one that Birken alone is, and one that comes later.
select t.file('Plan.pdf', '{"audiences": ["TOEB"]}') as d1, t.file('Nur Birken.pdf', '{"audiences": ["TOEB"], "bodies": ["01999002"]}') as d2 \gset
select t.make_round(:'p', 'FOERM_TOEB', 'TOEB', '2026-02-02', '2026-03-04', '2026-03-03', '2026-02-01 13:00+00') as r \gset
select t.file('Neu.pdf') as d3 \gset
-- In another one everybody is asked.
select t.make_procedure('planner', 'Für alle', '2026-02-01 10:00+00') as p3 \gset
select t.make_plan('planner', :'p3', t.result(), '2026-02-01 11:00+00') as l3 \gset
select (t.reply('planner', format('pp_api.affected_confirm(%L, ''2026-02-01 12:00+00'', null, null)', :'l3'))).status as confirmed \gset
select t.make_round(:'p3', 'FOERM_OEFF', 'OEFF', '2026-02-10', '2026-03-12', null, '2026-02-01 13:00+00') as o \gset
select t.invitation(:'r', '01999001') as i1, t.invitation(:'r', '01999002') as i2 \gset
create function t.make(email text, roles text, body text) returns uuid language sql as $$
	select t.value('root', format('select account from pp_api.account_create(%L, ''$argon2id$x'', %L, %L, ''2026-01-01'')', email, roles, body))::uuid
$$;
insert into t.person select v.name, 'pp_server', t.make(v.name || '@amt.example', v.roles, v.body), v.body, 'reader ' || v.roles
	from (values ('clara', 'clerk', '02000000'), ('rolf', 'releaser', '02000000'), ('lea', 'body_administrator', '019995001'), ('lea-d', 'body_administrator', '01998004'), ('bea', 'clerk', '019995001')) v (name, roles, body);
create function t.id(name text) returns uuid language sql as $$ select account from t.person p where p.name = $1 $$;
create function t.forward(what text, id text, more jsonb default '{}', at text default '2026-02-10 12:00+01') returns text language sql as $$
	select format('pp_api.%s_forward(%L, %L, %L, null, null)', what, id, '{"recipient": "01998004", "reason": "Bitte um Blick"}'::jsonb || more, at)
$$;
create function t.show(f text, at text default '2026-02-12 12:00+01') returns text language sql as $$ select format('pp_api.forwarding_show(%L, %L)', f, at) $$;
create function t.list(who text, sent bool default null, at text default '2026-02-12 12:00+01') returns text language sql as
$$ select string_agg(i ->> 'kind' || coalesce(' ' || (i ->> 'participant_name'), ''), ', ' order by i ->> 'kind', i ->> 'participant_name')
	from jsonb_array_elements(t.body(who, format('pp_api.forwarding_list(%L, null, null, null, %L)', sent, at)) -> 'items') i $$;

-- Who forwards what to whom
select is(t.outcome(who, 'select ' || t.forward('invitation', invitation, more)), outcome, format('%s forwards an invitation, %s: %s', who, more, outcome)) from (values
	('amt', :'i1', '{}'::jsonb, 'done'), ('ahrens', :'i1', '{}', 'done'), ('planner', :'i1', '{}', 'forbidden'), ('cremm', :'i1', '{}', 'invitation_not_found'),
	('lea', :'i1', '{}', '42501'), ('amt', :'i1', '{"recipient": "019995001"}', 'invalid_body /recipient'), ('amt', :'i1', '{"recipient": "02000000"}', 'invalid_body /recipient'),
	('amt', :'i1', '{"recipient": "01999001"}', 'invalid_body /recipient'), ('amt', :'i1', '{"recipient": "01998006"}', 'invalid_body /recipient'),
	('amt', :'i1', '{"recipient": "nirgends"}', 'body_not_found /recipient'), ('amt', :'i1', '{"recipient": null}', 'invalid_body /recipient'),
	('amt', :'i1', jsonb_build_object('member', t.id('bea')), 'invalid_body /recipient'), ('amt', :'i1', jsonb_build_object('recipient', null, 'member', t.id('bea')), 'done'),
	('amt', :'i1', jsonb_build_object('recipient', null, 'member', t.id('clara')), 'invalid_body /member'), ('bea', :'i1', jsonb_build_object('recipient', null, 'member', t.id('bea')), 'invalid_body /member'),
	('amt', :'i1', '{"last_on": "2026-02-09"}', 'invalid_body /last_on'), ('amt', :'i1', '{"last_on": "2026-02-10"}', 'done'), ('amt', :'i1', '{"reason": "  "}', 'invalid_body /reason')) v (who, invitation, more, outcome);
select is(t.outcome(who, 'select ' || t.forward('procedure', :'p')), outcome, format('%s forwards the procedure: %s', who, outcome)) from (values
	('planner', 'done'), ('clara', 'done'), ('rolf', 'done'), ('amt', 'forbidden'), ('damm', 'procedure_not_found'), ('citizen', 'procedure_not_found')) v (who, outcome);

-- An invitation
select is(t.outcome('damm', format('select pp_api.need_invitation(%L)', :'i1')) || ' ' || t.outcome('damm', format('select pp_api.need_procedure(%L)', :'p'))
	|| ' ' || t.outcome('damm', format('select pp_api.need_document(%L)', :'d1')), 'invitation_not_found procedure_not_found document_not_found', 'before, there is nothing to be seen');
select t.body('amt', t.forward('invitation', :'i1', '{"note": "eilt", "last_on": "2026-02-20"}')) as f \gset
select :'f'::jsonb ->> 'id' as f1 \gset
select is(:'f'::jsonb - '{id,procedure,procedure_number,invitation}'::text[], '{"kind": "EINLADUNG", "state": "AKTIV", "body": "019995001", "body_name": "Amt Auental", "recipient": "01998004", "recipient_name": "Damm", "member": null, "member_name": null,
	"participant": "01999001", "participant_name": "Ahrens", "planner_name": "Elbstadt", "procedure_title": "Am Rand", "statement": null, "number": null, "reason": "Bitte um Blick", "note": "eilt", "deadline": "2026-03-04", "deadline_days_left": 22,
	"forwarded_at": "2026-02-10T11:00:00.000000Z", "forwarded_by": "amt@example.org", "last_on": "2026-02-20", "days_left": 10, "ended_at": null}', 'it is shown');
select is(t.outcome('amt', 'select ' || t.forward('invitation', :'i1')), 'conflict', 'once at a time');
select is(t.outcome('amt', 'select ' || t.forward('invitation', :'i1', '{"recipient": "01998"}')), 'done', 'to another body as well');
select is(t.list(who), list, format('%s has for reading: %s', who, list)) from (values ('damm', 'EINLADUNG Ahrens'), ('amt', null), ('planner', null), ('kreis', null), ('citizen', null)) v (who, list);
select is(t.list(who, true), list, format('%s has forwarded: %s', who, list)) from (values ('damm', null), ('amt', 'EINLADUNG Ahrens'), ('ahrens', 'EINLADUNG Ahrens'), ('bea', 'EINLADUNG Ahrens'), ('planner', null)) v (who, list);
select t.body('damm', t.show(:'f1')) as s \gset
select is((:'s'::jsonb #>> '{content,procedure,title}') || '|' || (:'s'::jsonb #>> '{content,plan,id}') || '|' || (:'s'::jsonb #>> '{content,plan,geometry,type}') || '|' || (:'s'::jsonb #>> '{content,invitation,id}'), 'Am Rand|' || :'l' || '|Polygon|' || :'i1', 'the recipient reads procedure, plan and invitation');
select is(:'s'::jsonb ->> 'forwarded_by', null, 'from which body, and not from whom of it');
select is((select string_agg(k, ' ') from jsonb_object_keys(:'s'::jsonb #> '{content,invitation}') k where k in ('assignment', 'extension_request', 'stance', 'late', 'answered_at', 'state')), null, 'not how it answers, and nothing of its own');
select is(jsonb_path_query_array(:'s'::jsonb, '$.content.documents[*].content'), jsonb_build_array(format('/api/v1/forwardings/%s/documents/%s/content', :'f1', :'d1')), 'the documents that Ahrens was shown, and no others');
select is(t.value('damm', format('select name || size from pp_api.forwarding_document_find(%L, %L, ''2026-02-12'')', :'f1', :'d1')), 'Plan.pdf8', 'they are handed out');
select is(t.value('damm', format('select convert_from(bytes, ''UTF8'') from pp_api.forwarding_document_piece(%L, %L, 0, 4, ''2026-02-12'')', :'f1', :'d1')), 'Plan.pdf', 'byte for byte');
select is(t.outcome('damm', format('select pp_api.forwarding_document_find(%L, %L, ''2026-02-12'')', :'f1', d)), 'document_not_found', 'and no other') from unnest(array[:'d2', :'d3']) d;
select is(t.outcome('damm', format('select pp_api.%s', call)), outcome, call || ' is as it was') from (values (format('need_invitation(%L)', :'i1'), 'invitation_not_found'), (format('need_procedure(%L)', :'p'), 'procedure_not_found'),
	(format('need_document(%L)', :'d1'), 'document_not_found'), (format('need_plan(%L)', :'l'), 'plan_not_found'), (format('my_invitation(%L)', :'i1'), 'invitation_not_found')) v (call, outcome);
-- Even entered, nothing is written and nothing else is seen.
create function t.entered(who text, f text, query text, at text default '2026-02-12') returns text language sql as
$$ select t.outcome(who, format('select pp_api.forwarding_enter(%L, %L); ', f, at) || query) $$;
create function t.along(who text, f text, query text, at text default '2026-02-12 12:00+01') returns text language plpgsql as $$
declare
	result text;
begin
	perform set_config('pp.forwarding', f, true), set_config('pp.instant', at, true);
	result := t.value(who, query);
	perform set_config('pp.forwarding', '', true), set_config('pp.instant', '', true);
	return result;
end
$$;
select is(t.entered('damm', :'f1', format('select pp_api.statement_submit(%L, ''{"stance": "BEDENKEN", "text": "x"}'', ''2026-02-12'', null, null)', :'i1')), 'invitation_not_found', 'the recipient answers nothing');
select is(t.entered('damm', :'f1', format('select pp_api.draft_create(%L, ''{}'', ''2026-02-12'', null, null)', :'i1')), 'invitation_not_found', 'drafts nothing');
select is(t.entered('damm', :'f1', 'select 1 / count(*) from pp.invitation'), 'done', 'sees an invitation');
select is(t.entered('damm', :'f1', 'update pp.invitation set version = version') || t.along('damm', :'f1', 'select count(*) from pp.invitation'), 'done1', 'and one only, which it does not change');
select is(t.entered('damm', :'f1', 'insert into pp.forwarding (id, body, kind, procedure, invitation, recipient, reason, forwarded_at, forwarded_by) select gen_random_uuid(), ''01998004'', ''EINLADUNG'', procedure, invitation, ''01998'', ''x'', now(), pp.current_account() from pp.forwarding'), 'forbidden', 'and forwards nothing on');
select is(t.along(who, :'f1', 'select count(*) from pp.invitation'), n, format('%s, who is not its recipient, sees %s by it', who, n)) from (values ('kreis', '1'), ('cremm', '0'), ('citizen', '0'), ('planner', '4'), ('nobody', '0')) v (who, n);
select is(t.outcome(who, 'select ' || t.show(:'f1')), 'forwarding_not_found', who || ' knows nothing of it') from unnest(array['planner', 'kreis', 'cremm', 'citizen', 'root', 'nobody', 'land']) who;
select is(t.body(who, t.show(:'f1')) -> 'content', 'null', who || ' sees that it was forwarded') from unnest(array['amt', 'ahrens', 'bea']) who;

-- Who hears of it
select is((select array_agg(recipient || ' ' || kind) from pp.mail where kind = 'forwarded'), (select array_agg(v || ' forwarded') from (values ('damm@example.org')) x (v)), 'whoever works for the recipient is told');
select ok(subject = 'Zur Kenntnis: Am Rand' and body like '%Amt Auental hat Ihnen%' and body like '%Beteiligte Stelle: Ahrens%' and body like '%bis einschließlich 20. Februar 2026%' and body not like '%Stellungnahme {%' and body not like '%Blick%' and planner_body is null, 'of what, not why')
	from pp.mail where kind = 'forwarded';
select is((select array_to_string(bodies, ',') from pp.event where kind = 'forwarding.made'), '01998004,01999001,019995001', 'both sides hear of it');
select is((select string_agg(distinct e.chain::text, ' ') from pp.audit_entry e where e.relation = 'forwarding'), '00000000-0000-0000-0000-000000000000', 'it is in the chain of the platform');
select is((select count(*) from pp.audit_entry e where e.chain = :'p' and e.actor = t.id('amt') and e.at > '2026-01-01'), 0::bigint, 'and in that of the procedure, which its planning body reads, nothing is');
-- With an address, that one is written to; the number of a supplement is no secret.
insert into pp.body_mail (body, mail, valid_from, source) values ('01998', 'post@kreis.example', '2026-01-01', 'table');
select t.body('ahrens', t.forward('invitation', :'i1', '{"recipient": "01998"}')) ->> 'id' as f2 \gset
select is((select array_agg(recipient) from pp.mail where kind = 'forwarded' and recipient ~ 'kreis'), '{post@kreis.example}', 'where the register has an address, that is written to');
select t.body('amt', t.forward('invitation', :'i1', jsonb_build_object('recipient', null, 'member', t.id('bea')))) ->> 'id' as f3 \gset
select is((select array_agg(recipient) from pp.mail where kind = 'forwarded' and recipient ~ 'bea'), '{bea@amt.example}', 'a colleague is told');
select is(t.list('bea'), 'EINLADUNG Ahrens', 'and finds it');
select is(t.list('amt') || '', null, 'no other of the body does');
insert into t.person select 'deputy', 'pp_server', t.id('lea'), '019995001', 'reader clerk deputy:' || t.id('bea');
select is(t.list('deputy'), 'EINLADUNG Ahrens', 'but whoever stands in for them');
select is(t.body('bea', t.show(:'f3')) #>> '{content,invitation,id}', :'i1', 'with what it is about');

-- It ends: with its day, or at once
select is(t.list('damm', null, at) || '|' || t.outcome('damm', 'select ' || t.show(:'f1', at)), list, at || ': ' || coalesce(list, 'over')) from (values ('2026-02-20 23:59:59+01', 'EINLADUNG Ahrens|done'), ('2026-02-21 00:00+01', null)) v (at, list);
select is(t.outcome('damm', 'select ' || t.show(:'f1', '2026-02-21 00:00+01')), 'forwarding_not_found', 'at midnight in Berlin it is gone');
select is(t.along('damm', :'f1', query, '2026-02-20 23:59:59+01') || t.along('damm', :'f1', query, '2026-02-21 00:00+01'), '10', query) from unnest(array['select count(*) from pp.invitation', 'select count(*) from pp.forwarding',
	'select count(*) from pp_api.procedure_visible where published_at is null', 'select count(*) from pp_api.plan_visible where published_at is null', 'select count(*) from pp_api.document_visible', 'select count(distinct file) from pp_api.content_visible']) query;
select is(t.body('amt', t.show(:'f1', '2026-02-21 00:00+01')) ->> 'state', 'ABGELAUFEN', 'who has forwarded it sees that it was');
select is(t.outcome('amt', 'select ' || t.forward('invitation', :'i1', '{}', '2026-02-21 12:00+01')), 'done', 'and may do so again');
select is(t.outcome(who, format('select pp_api.forwarding_end(%L, %L)', f, at)), outcome, format('%s ends it: %s', who, outcome)) from (values ('amt', :'f1', '2026-02-12', 'done'), ('ahrens', :'f1', '2026-02-12', 'done'), ('damm', :'f1', '2026-02-12', 'done'),
	('lea', :'f1', '2026-02-12', '42501'), ('lea-d', :'f1', '2026-02-12', '42501'), ('planner', :'f1', '2026-02-12', 'forwarding_not_found'), ('kreis', :'f1', '2026-02-12', 'forwarding_not_found'), ('amt', :'f1', '2026-02-22', 'conflict'), ('bea', :'f3', '2026-02-12', 'done')) v (who, f, at, outcome);
select is(t.body('kreis', format('pp_api.forwarding_end(%L, ''2026-02-12'')', :'f2')) ->> 'state', 'ZURUECKGEGEBEN', 'a recipient gives it back');
select is(t.list('kreis'), null, 'and has it no more');
select is(t.along('kreis', :'f2', format('select count(*) from pp.invitation where id = %L', :'i1')) || t.along('kreis', :'f2', 'select count(*) from unnest(pp.forwarded_documents())') || (t.body('kreis', t.show(:'f2')) -> 'content')::text, '00null', 'nor reads anything by it');
select is(t.body('ahrens', t.show(:'f2')) ->> 'state', 'ZURUECKGEGEBEN', 'which the other side sees');
select is(t.body('bea', format('pp_api.forwarding_end(%L, ''2026-02-12'')', :'f3')) ->> 'state', 'ZURUECKGEGEBEN', 'as a colleague does');
select t.along('damm', :'f1', 'select count(*) from pp.invitation') as before \gset
select t.body('ahrens', format('pp_api.forwarding_end(%L, ''2026-02-12 12:00+01'')', :'f1')) as x \gset
select is(:'x'::jsonb ->> 'state' || ' ' || (:'x'::jsonb ->> 'ended_at'), 'ZURUECKGENOMMEN 2026-02-12T11:00:00.000000Z', 'the invited body ends what its office has forwarded');
select is(:'before' || t.along('damm', :'f1', 'select count(*) from pp.invitation') || t.along('damm', :'f1', 'select count(*) from pp.forwarding') || t.outcome('damm', 'select ' || t.show(:'f1')), '100forwarding_not_found', 'and at once nothing is read by it');
select is(t.outcome('amt', format('select pp_api.forwarding_end(%L, ''2026-02-13'')', :'f1')), 'conflict', 'it ends once');
select is((select array_agg(distinct kind order by kind) from pp.event where kind like 'forwarding.%'), '{forwarding.ended,forwarding.made}', 'that is told too');

-- A statement of a body: by its planning body, or by whoever has made it
insert into pp.file (id, media_type, size, sha256, created_at, expires_at, state, received, completed_at, crc32) values ('00000000-0000-7000-8000-000000000071', 'application/pdf', 3, sha256('x'), '2026-02-10', '2026-02-11', 'GEPRUEFT', 3, '2026-02-10', 0);
select t.body('amt', format('pp_api.statement_submit(%L, ''{"stance": "BEDENKEN", "points": [{"text": "Zu laut"}]}'', ''2026-02-11'', null, null)', :'i2')) ->> 'id' as s1 \gset
insert into pp.attachment (id, procedure, statement, no, planner_body, participant, mailbox_body, author_account, name, media_type, size, sha256, attached_at)
	select '00000000-0000-7000-8000-000000000071', s.procedure, s.id, 1, s.planner_body, s.participant, s.mailbox_body, s.author_account, 'Karte.pdf', 'application/pdf', 3, sha256('x'), s.received_at from pp.statement s where s.id = :'s1';
select is(t.outcome(who, 'select ' || t.forward('statement', :'s1', more)), outcome, format('%s forwards a statement %s: %s', who, more, outcome)) from (values ('planner', '{}'::jsonb, 'done'), ('rolf', '{}', 'done'), ('amt', '{}', 'done'), ('ahrens', '{}', 'statement_not_found'), ('damm', '{}', 'statement_not_found'),
	('planner', '{"text": "anders"}', 'invalid_body /text'), ('planner', '{"redactions": []}', 'invalid_body /redactions'), ('planner', '{"recipient": "01999002"}', 'invalid_body /recipient'), ('amt', '{"recipient": "02000000"}', 'invalid_body /recipient')) v (who, more, outcome);
select t.body('planner', t.forward('statement', :'s1', '{}', '2026-02-12 08:00+01')) ->> 'id' as f4 \gset
select t.body('damm', t.show(:'f4')) -> 'content' as c \gset
select is(:'c'::jsonb #>> '{statement,points,0,text}' || '|' || (:'c'::jsonb #>> '{statement,stance}') || '|' || (:'c'::jsonb #>> '{statement,participant_name}') || '|' || coalesce(:'c'::jsonb ->> 'invitation', '-'), 'Zu laut|BEDENKEN|Birken|-', 'it is read as it is');
select is(:'c'::jsonb #>> '{statement,attachments,0,content}', format('/api/v1/forwardings/%s/attachments/00000000-0000-7000-8000-000000000071/content', :'f4'), 'with its attachments');
select is(t.value('damm', format('select name from pp_api.forwarding_attachment_open(%L, ''00000000-0000-7000-8000-000000000071'', ''2026-02-12'')', :'f4')), 'Karte.pdf', 'which are handed out');
select is(t.outcome('damm', format('select pp_api.forwarding_attachment_open(%L, ''00000000-0000-7000-8000-000000000071'', ''2026-02-12'')', :'f1')), 'forwarding_not_found', 'by this one alone');
select is(jsonb_path_query_array(:'c'::jsonb, '$.documents[*].name'), '["Plan.pdf", "Nur Birken.pdf"]', 'and the documents that its author was shown');
select is(t.along('damm', :'f4', 'select count(*) from ' || v), n, v || ': ' || n) from (values ('pp.statement', '1'), ('pp.statement_point', '1'), ('pp.attachment', '1'), ('pp.invitation', '0'), ('pp.receipt', '0'), ('pp.weighing', '0'), ('pp.draft', '0'), ('pp.note', '0')) v (v, n);
select is(t.list('amt', true), 'EINLADUNG Ahrens, EINLADUNG Ahrens, EINLADUNG Ahrens', 'who has made it does not hear that it was forwarded');
select is((select array_agg(array_to_string(bodies, ',')) from pp.event where kind = 'forwarding.made' and data ->> 'forwarding' = :'f4'), '{"01998004,02000000"}', 'nor by an event');

-- A statement of a private person: what was said, not by whom
select t.body('nobody', format('pp_api.statement_submit_round(%L, %L, ''2026-02-11 09:00+00'', null, null)', :'o', '{"stance": "EINWENDUNG", "text": "Ich, Kanaria Vogelsang, finde es zu laut", "person": {"given_name": "Kanaria", "family_name": "Vogelsang", "street": "Piepgasse 7"}}')) as e \gset
select :'e'::jsonb ->> 'id' as s2, :'e'::jsonb #>> '{person,id}' as person, :'e'::jsonb ->> 'status_token' as secret \gset
select is(t.outcome(who, 'select ' || t.forward('statement', :'s2', more)), outcome, format('%s forwards what a person says %s: %s', who, more, outcome)) from (values ('planner', '{}'::jsonb, 'invalid_body /text'), ('planner', '{"text": "Es ist zu laut"}', 'done'), ('clara', '{"text": "Es ist zu laut"}', 'done'),
	('rolf', '{"text": "Es ist zu laut"}', 'forbidden'), ('amt', '{"text": "x"}', 'statement_not_found'), ('planner', '{"text": "Frau Vogelsang findet es zu laut"}', 'invalid_body /text'), ('planner', '{"text": "Zu laut", "reason": "wegen Kanaria"}', 'invalid_body /reason'),
	('planner', '{"text": "Zu laut", "note": "wohnt Piepgasse 7"}', 'invalid_body /note'), ('planner', '{"redactions": [{"start": 5, "end": 22, "why": "NAME"}]}', 'done'), ('planner', '{"text": "x", "redactions": []}', 'invalid_body /redactions')) v (who, more, outcome);
select t.body('planner', t.forward('statement', :'s2', '{"redactions": [{"start": 5, "end": 22, "why": "NAME"}]}', '2026-02-12 08:00+01')) ->> 'id' as f5 \gset
select is((select count(*) from pp.forwarding where to_jsonb(forwarding)::text ~ 'laut'), 0::bigint, 'what is forwarded lies sealed');
select t.body('damm', t.show(:'f5')) -> 'content' -> 'statement' as c \gset
select is(:'c'::jsonb - 'number', '{"text": "Ich, [name], finde es zu laut", "cells": null, "stance": "EINWENDUNG", "author_role": "OEFF", "erased": false, "on_time": true, "received_at": "2026-02-11T09:00:00.000000Z"}', 'the recipient reads that');
select is(t.along('damm', :'f5', 'select count(*) from ' || v), '0', 'and nothing of ' || v) from unnest('{pp.statement,pp.statement_point,pp.person,pp.attachment}'::text[]) v;
select is((select array_agg(what || ' ' || body order by what) from pp.reading where statement = :'s2'), '{"INHALT 01998004","WEITERGABE 01998004"}', 'forwarding and reading are written down');
select is(jsonb_path_query_array(t.body('nobody', format('pp_api.token_show(%L)', :'secret')), '$.readings[*].body_name'), '["Damm", "Damm"]', 'for the person');
select is(t.body('lea-d', t.show(:'f5')) #> '{content,statement}', jsonb_build_object('number', :'c'::jsonb ->> 'number', 'author_role', 'OEFF', 'text', null, 'erased', false), 'whoever only reads for the recipient sees a number');
select is((select count(*) from pp.reading where statement = :'s2'), 2::bigint, 'and that is no reading');
select is(t.body(who, t.show(:'f5')) #>> '{content,statement,text}', said, format('%s of the planning body: %s', who, said)) from (values ('clara', 'Ich, [name], finde es zu laut'), ('planner', 'Ich, [name], finde es zu laut')) v (who, said);
select is((select count(*) from pp.reading where statement = :'s2' and body = '02000000'), 2::bigint, 'their reading is written down too');
select t.reply('planner', format('pp_api.statement_publish(%L, ''{"published": true, "text": "Zu laut, sagt jemand"}'', ''*'', ''2026-02-12'')', :'s2')) is not null;
select t.body('planner', t.forward('statement', :'s2', '{"recipient": "01998"}', '2026-02-12 09:00+01')) ->> 'id' as f6 \gset
select is(t.body('kreis', t.show(:'f6')) #>> '{content,statement,text}', 'Zu laut, sagt jemand', 'without words of its own what was published is forwarded');
select t.reply('planner', format('pp_api.person_erase(%L, ''{"ground": "UNRECHTMAESSIG", "note": "x"}'', ''2026-02-13'', null, null)', :'person')) is not null;
select is(t.body('damm', t.show(:'f5', '2026-02-14')) #> '{content,statement}', jsonb_build_object('number', :'c'::jsonb ->> 'number', 'author_role', 'OEFF', 'text', null, 'erased', true), 'with the person it is gone');
select is(t.outcome('planner', 'select ' || t.forward('statement', :'s2', '{"recipient": "01999003", "text": "x"}')), 'person_erased', 'and cannot be forwarded any more');

-- A whole procedure, by whoever conducts it
select t.body('clara', t.forward('procedure', :'p', '{}', '2026-02-12 08:00+01')) ->> 'id' as f7 \gset
select t.body('damm', t.show(:'f7')) -> 'content' as c \gset
select is(:'c'::jsonb #>> '{procedure,title}' || '|' || (:'c'::jsonb #>> '{plan,id}') || '|' || coalesce(:'c'::jsonb ->> 'invitation', '-') || coalesce(:'c'::jsonb ->> 'statement', '-'), 'Am Rand|' || :'l' || '|--', 'procedure and plan');
select is(jsonb_path_query_array(:'c'::jsonb, '$.documents[*].name'), '["Plan.pdf", "Nur Birken.pdf", "Neu.pdf"]', 'with all its documents');
select is(t.along('damm', :'f7', 'select count(*) from ' || v), '0', 'and nothing of ' || v) from unnest('{pp.statement,pp.statement_point,pp.person,pp.attachment,pp.invitation}'::text[]) v;
select t.make_plan('planner', :'p', t.result(), '2026-02-12 11:00+00') as l2 \gset
select is(t.body('damm', t.show(:'f7')) #>> '{content,plan,id}', :'l2', 'the newest plan');

-- What a body does not have it does not forward, by whatever sentence; and what was forwarded stays
create function t.insert(body text, more jsonb) returns text language sql as $$
	select format('insert into pp.forwarding select (jsonb_populate_record(null::pp.forwarding, %L || jsonb_build_object(''forwarded_by'', pp.current_account()))).*',
		'{"id": "00000000-0000-7000-8000-000000000072", "reason": "x", "forwarded_at": "2026-02-12", "until": "infinity"}'::jsonb || jsonb_build_object('body', body, 'recipient', body) || more)
$$;
select is(t.outcome('cremm', t.insert('01999003', jsonb_build_object('member', t.id('cremm'), 'procedure', :'p') || more)), 'forbidden', format('cremm forwards to itself: %s', more)) from (values (jsonb_build_object('kind', 'EINLADUNG', 'invitation', :'i1')),
	(jsonb_build_object('kind', 'STELLUNGNAHME', 'statement', :'s1')), (jsonb_build_object('kind', 'VERFAHREN', 'plan', :'l'))) v (more);
select t.make_procedure('cremm', 'Anderswo', '2026-02-01 10:00+00') as p2 \gset
select is(t.outcome('cremm', t.insert('01999003', jsonb_build_object('member', t.id('cremm'), 'procedure', :'p2', 'kind', 'VERFAHREN', 'plan', :'l', 'round', :'r', 'participant', '01999002')) || '; select 1 / (num_nonnulls(plan, round, participant) = 0)::int from pp.forwarding'), 'done', 'what belongs to it is not believed');
select is(t.outcome('amt', 'delete from pp.forwarding') || t.outcome('amt', $$update pp.forwarding set reason = 'y'$$) || t.outcome('owner', 'delete from pp.forwarding') || t.outcome('owner', $$update pp.forwarding set reason = 'y'$$), '42501425012300123001', 'it stays as it was');
select is(t.outcome('lea-d', format('update pp.forwarding set closed_at = ''2026-03-01'', closed_by = %L, closed_body = ''01998004''', t.id('lea-d'))), '42501', 'who only reads ends nothing');

-- Found by indexes, with the policies of those who read along in every plan
select ok(t.uses_index(who, call, 'pp.' || index), index || ' for ' || who) from (values
	('damm', $$select pp_api.forwarding_list(null, null, null, null, '2026-02-12')$$, 'forwarding_recipient'), ('amt', $$select pp_api.forwarding_list(true, null, null, null, '2026-02-12')$$, 'forwarding_body'),
	('ahrens', $$select pp_api.forwarding_list(true, null, null, null, '2026-02-12')$$, 'forwarding_other'), ('damm', 'select ' || t.show(:'f4'), 'forwarding_pkey'), ('damm', 'select ' || t.show(:'f4'), 'statement_pkey'),
	('amt', $$select pp_api.inbox(null, null, null, '2026-02-15')$$, 'invitation_mailbox'), ('planner', format($$select pp_api.statement_list(%L, 10, null)$$, :'p'), 'statement_procedure')) v (who, call, index);
select * from finish();
