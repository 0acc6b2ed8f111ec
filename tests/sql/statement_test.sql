-- SPDX-License-Identifier: EUPL-1.2
-- Drafts and statements: submitted once and for good, late or in time, supplemented, withdrawn,
-- resolved on, published; who sees them; the same key, a hundred times at once.
set client_min_messages = warning;
select plan(167);

-- A round of the neighbours and one of the public, both from 2 February to 4 March.
select t.make_procedure('planner', 'Am Rand', '2026-02-01 10:00+00') as p \gset
select t.make_plan('planner', :'p', t.result(), '2026-02-01 11:00+00') as l \gset
select (t.reply('planner', format('pp_api.affected_confirm(%L, ''2026-02-01 12:00+00'', null, null)', :'l'))).status as confirmed \gset
select t.make_round(:'p', 'FOERM_TOEB', 'TOEB', '2026-02-02', '2026-03-04', '2026-03-03', '2026-02-01 13:00+00') as r \gset
select t.invitation(:'r', '01999001') as ahrens, t.invitation(:'r', '01999002') as birken, t.invitation(:'r', '01998005') as forst, t.invitation(:'r', 'landesplanung-au') as land \gset
create function t.submit(invitation text, body jsonb, at timestamptz, key text default null) returns text language sql as $$
	select format('pp_api.statement_submit(%L, %L, %L, %L, %L)', invitation, body, at, key, sha256(convert_to(body::text, 'UTF8')))
$$;
create function t.board(round text, ags text, at timestamptz) returns jsonb language sql as $$
	select jsonb_path_query_first(t.body('planner', format('pp_api.round_board(%L, %L)', round, at)) -> 'municipalities', '$[*] ? (@.ags == $a)', jsonb_build_object('a', ags))
$$;

-- What is refused
select is(t.outcome('amt', 'select ' || t.submit(:'ahrens', body::jsonb, '2026-02-10')), outcome, body) from (values
	('{}', 'invalid_body /stance'), ('{"stance": "NEIN", "text": "x"}', 'invalid_body /stance'), ('{"stance": "BEDENKEN"}', 'invalid_body /text'),
	('{"stance": "BEDENKEN", "text": " "}', 'invalid_body /text'), ('{"stance": "BEDENKEN", "points": [{"kind": "EINWAND", "text": "x"}, {"kind": "EINWAND"}]}', 'invalid_body /points/1/text'),
	('{"stance": "BEDENKEN", "points": [{"kind": "ZIEL_DER_RAUMORDNUNG", "text": "x"}]}', 'point_kind_not_allowed /points/0/kind')) v (body, outcome);
select is(t.outcome(who, 'select ' || t.submit(:'ahrens', '{"stance": "KEINE_BEDENKEN"}', '2026-02-10')), outcome, who || ': ' || outcome) from (values ('planner', 'forbidden'),
	('damm', 'invitation_not_found'), ('citizen', 'invitation_not_found'), ('nobody', 'invitation_not_found'), ('root', 'invitation_not_found'), ('ahrens', 'done')) v (who, outcome);
select is(t.outcome('anyone', 'select ' || t.submit(:'ahrens', '{"stance": "KEINE_BEDENKEN"}', '2026-02-10')), '42501', 'the public''s login writes nothing');

-- Submitted
select t.body('amt', t.submit(:'ahrens', '{"stance": "BEDENKEN", "text": "  Zu laut. "}', '2026-02-10 09:00:00.000001+00', 'k1')) as s \gset
select :'s'::jsonb ->> 'id' as s1 \gset
select is(s - '{id,procedure,round,plan,invitation,sha256,receipt}'::text[], '{"number": "2026-0001-001", "stance": "BEDENKEN", "text": "Zu laut.", "received_at": "2026-02-10T09:00:00.000001Z", "on_time": true, "lateness": null,
	"deadline_at": "2026-03-04T23:00:00.000000Z", "state": "EINGEGANGEN", "participant": "01999001", "participant_name": "Ahrens", "acting_body": "019995001", "acting_name": "Amt Auental", "author_role": "NACHB",
	"channel": "PORTAL", "entered": null, "person": null, "points": [{"no": 1, "kind": "EINWAND", "text": "Zu laut.", "topic": null, "legal_basis": null, "remedy": null, "document": null, "page": null, "geometry": null}],
	"attachments": [], "reservation": null, "resolution": null, "supplements": [], "supplement_to": null, "withdrawn_at": null, "withdraw_reason": null, "published": false, "published_text": null, "redactions": null,
	"procedure_number": "2026-0001", "procedure_title": "Am Rand"}'::jsonb, 'one free text is one point; who wrote it and whose it is stay apart') from (select :'s'::jsonb) x (s);
select is(t.body('amt', t.submit(:'ahrens', '{"stance": "BEDENKEN", "text": "  Zu laut. "}', '2026-02-10 10:00+00', 'k1')) ->> 'id', :'s1', 'the same key, the same statement');
select is(t.outcome('amt', 'select ' || t.submit(:'ahrens', '{"stance": "KEINE_BEDENKEN"}', '2026-02-10', 'k1')), 'idempotency_key_reused', 'another request needs another');
select is((t.board(:'r', '01999001', '2026-02-11')) - '{invitation,statements,sent_at,deadline,deadline_reason,channel,mailbox_body,body,class,cross_border,land,extended,extension_request}'::text[],
	'{"ags": "01999001", "name": "Ahrens", "kreis": "Auental", "mailbox_name": "Amt Auental", "days_left": 21, "days_late": null, "state": "BEANTWORTET", "stance": "BEDENKEN", "late": false, "answered_at": "2026-02-10T09:00:00.000001Z", "received_at": "2026-02-01T13:00:00.000000Z", "acknowledged_at": null, "mail": null}', 'the board shows it');
select is((select bodies::text || public || (data ->> 'number') from pp.event where kind = 'statement.submitted'), '{01999001,019995001,02000000}false2026-0001-001', 'an event tells whom it concerns, without its words');
select t.body('land', t.submit(:'land', jsonb_build_object('stance', 'HINWEISE', 'reservation', 'Kabinett', 'points', jsonb_build_array(jsonb_build_object('kind', 'ZIEL_DER_RAUMORDNUNG', 'topic', 'Achsen', 'text', 'Gruenzug',
	'legal_basis', '§ 4 ROG', 'remedy', 'abruecken', 'document', 'Begruendung', 'page', '12', 'geometry', encode(st_asbinary(st_setsrid(st_point(9.9, 53.6), 4326)), 'hex')))), '2026-03-04 22:59:59.999999+00')) as g \gset
select is(:'g'::jsonb #- '{points,0,geometry,coordinates}' -> 'points', '[{"no": 1, "kind": "ZIEL_DER_RAUMORDNUNG", "topic": "Achsen", "text": "Gruenzug", "legal_basis": "§ 4 ROG", "remedy": "abruecken", "document": "Begruendung", "page": "12", "geometry": {"type": "Point"}}]',
	'a planning authority states goals, with a place');
select ok(abs((:'g'::jsonb #>> '{points,0,geometry,coordinates,0}')::numeric - 9.9) < 0.0000001 and abs((:'g'::jsonb #>> '{points,0,geometry,coordinates,1}')::numeric - 53.6) < 0.0000001, 'the place comes back');
select is((:'g'::jsonb ->> 'on_time') || (:'g'::jsonb ->> 'author_role'), 'trueLAND', 'the last microsecond is in time');
select is(t.body('kreis', t.submit(:'forst', '{"stance": "KEINE_BETROFFENHEIT"}', '2026-03-04 23:00+00')) ->> 'on_time', 'false', 'the next is late, and stored');
select is((t.board(:'r', '01998005', '2026-03-05') ->> 'state') || (t.board(:'r', '01998005', '2026-03-05') ->> 'late'), 'FEHLANZEIGEtrue', 'and marked');
select is(t.body('planner', format('pp_api.round_board(%L, ''2026-03-05'')', :'r')) -> 'counts', '{"late": 1, "opened": 2, "invited": 3, "missing": 1, "answered": 2, "delivered": 3}', 'the board counts it');
select t.value('clerk', $$select x from pp_api.round_tick('2026-03-05') x$$) is not null as ticked \gset
select is(t.body('amt', t.submit(:'birken', '{"stance": "ANREGUNGEN", "text": "spaet"}', '2026-03-06')) ->> 'on_time', 'false', 'an answer is possible after OHNE_ANTWORT');
select is((t.board(:'r', '01999002', '2026-03-07') ->> 'state'), 'BEANTWORTET', 'and is one');
select is(t.body('ahrens', t.submit(:'ahrens', '{"stance": "KEINE_BEDENKEN"}', '2026-03-08')) ->> 'number', '2026-0001-005', 'a second statement is one too');
select is((t.board(:'r', '01999001', '2026-03-09') ->> 'state') || (t.board(:'r', '01999001', '2026-03-09') ->> 'stance') || (t.board(:'r', '01999001', '2026-03-09') ->> 'late'), 'FEHLANZEIGEKEINE_BEDENKENfalse', 'the latest stance counts, the first receipt stays');
select is((select string_agg(number, ' ' order by received_at) from pp.statement), '2026-0001-001 2026-0001-002 2026-0001-003 2026-0001-004 2026-0001-005', 'numbers without gaps');
select is((select encode(content_sha256, 'hex') from pp.statement where id = :'s1'),
	encode(sha256(convert_to(pp_api.statement_content(:'p', :'ahrens', '01999001', null, '{"stance": "BEDENKEN", "text": "  Zu laut. "}', '[{"kind": "EINWAND", "text": "Zu laut."}]', '2026-02-10 09:00:00.000001+00'), 'UTF8')), 'hex'), 'its receipt can be computed again');

-- Who sees it
select is(t.outcome(who, format('select pp_api.statement_show(%L)', :'s1')), outcome, who || ' sees it: ' || outcome) from (values ('amt', 'done'), ('ahrens', 'done'), ('planner', 'done'), ('planner2', 'done'),
	('damm', 'statement_not_found'), ('kreis', 'statement_not_found'), ('land', 'statement_not_found'), ('cremm', 'statement_not_found'), ('root', 'statement_not_found'), ('citizen', 'statement_not_found'),
	('nobody', 'statement_not_found'), ('anyone', 'statement_not_found')) v (who, outcome);
select is(t.walk(who, format('pp_api.statement_list(%L, 2, ', :'p') || '%L)', '$.items[*].number'), numbers::jsonb, who || ' lists ' || numbers) from (values
	('planner', '["2026-0001-001", "2026-0001-002", "2026-0001-003", "2026-0001-004", "2026-0001-005"]'), ('amt', '["2026-0001-001", "2026-0001-004", "2026-0001-005"]'), ('ahrens', '["2026-0001-001", "2026-0001-005"]'),
	('kreis', '["2026-0001-003"]')) v (who, numbers);
select is(t.outcome('damm', format('select pp_api.statement_list(%L, null, null)', :'p')), 'procedure_not_found', 'who is no party lists none');
select is(t.value(who, 'select count(*) from pp.statement') || t.value(who, 'select count(*) from pp.statement_point'), '00', who || ' sees no row') from unnest(array['nobody', 'citizen', 'damm', 'cremm', 'root', 'owner']) who;
select is(t.outcome(who, 'select count(*) from pp.' || what), '42501', who || ' may not even look at ' || what) from unnest(array['anyone', 'geometry', 'clerk']) who, unnest(array['statement', 'statement_point', 'draft']) what;

-- Not one word changes
select is(t.outcome(who, change), outcome, who || ': ' || change) from (values ('planner', '42501'), ('amt', '42501'), ('owner', '23001')) w (who, outcome),
	unnest(array['update pp.statement set text = ''x''', 'update pp.statement set received_at = now()', 'update pp.statement set stance = ''HINWEISE''', 'delete from pp.statement', 'truncate pp.statement cascade',
	'update pp.statement_point set text = ''x''', 'delete from pp.statement_point']) change;
select throws_ok(change, '23001', null, 'not even a superuser: ' || change) from unnest(array['update pp.statement set text = ''x''', 'delete from pp.statement', 'update pp.statement_point set kind = ''HINWEIS''', 'truncate pp.statement_point cascade']) change;
select is(t.outcome('amt', format($$insert into pp.statement_point (statement, no, planner_body, author_account, kind, text) values (%L, 9, '02000000', '00000000-0000-7000-8000-000000000013', 'EINWAND', 'x')$$, :'s1')), '42501', 'nobody adds a point in another''s name');

-- Several at once
select t.make_round(:'p', 'FOERM_TOEB', 'NACHB', '2026-02-02', '2026-03-04', '2026-03-03', '2026-02-01 13:00+00') as r2 \gset
create function t.answer(who text, invitations uuid[], key text) returns text language sql as $$
	select format('pp_api.inbox_answer(%L, ''2026-02-12'', %L, ''\x01'')', jsonb_build_object('invitations', invitations, 'stance', 'KEINE_BEDENKEN'), key)
$$;
select is(t.outcome('amt', 'select ' || t.answer('', array[t.invitation(:'r2', '01999001'), t.invitation(:'r2', '01998005')], null)), 'invitation_not_found', 'all or none');
select is(t.outcome('amt', 'select ' || t.answer('', '{}', null)), 'invalid_body /invitations', 'not nothing');
select is(jsonb_path_query_array(t.body('amt', t.answer('', array[t.invitation(:'r2', '01999001'), t.invitation(:'r2', '01999002'), t.invitation(:'r2', '01999002')], 'many')), '$.statements[*].number'),
	'["2026-0001-006", "2026-0001-007"]', 'one statement each, with its own number');
select is(jsonb_path_query_array(t.body('amt', t.answer('', array[t.invitation(:'r2', '01999001'), t.invitation(:'r2', '01999002'), t.invitation(:'r2', '01999002')], 'many')), '$.statements[*].number'),
	'["2026-0001-006", "2026-0001-007"]', 'once');
select t.make_procedure('planner', 'Anderer', '2026-02-01 10:00+00') as q \gset
select t.make_plan('planner', :'q', t.result(), '2026-02-01 11:00+00') as m \gset
select (t.reply('planner', format('pp_api.affected_confirm(%L, ''2026-02-01 12:00+00'', null, null)', :'m'))).status as confirmed \gset
select t.make_round(:'q', 'FOERM_TOEB', 'TOEB', '2026-02-02', '2026-03-04', '2026-03-03', '2026-02-01 13:00+00') as r3 \gset
select is(t.outcome('amt', 'select ' || t.answer('', array[t.invitation(:'r2', '01999001'), t.invitation(:'r3', '01999001')], null)), 'several_procedures /invitations', 'one procedure at a time');

-- Drafts
create function t.draft(who text, invitation text, body jsonb) returns text language sql as
$$ select format('pp_api.draft_create(%L, %L, ''2026-02-05'', null, null)', invitation, body) $$;
select is(t.outcome('damm', 'select ' || t.draft('', :'ahrens', '{}')), 'invitation_not_found', 'who is not asked drafts nothing');
select is(t.outcome('planner', 'select ' || t.draft('', :'ahrens', '{}')), 'forbidden', 'nor who asks');
select t.body('amt', t.draft('', t.invitation(:'r3', '01999001')::text, '{"stance": "BEDENKEN", "text": "vielleicht"}')) ->> 'id' as d \gset
select is(t.body('amt', format('pp_api.draft_show(%L)', :'d')) - '{id,invitation,procedure,changed_by}'::text[], '{"stance": "BEDENKEN", "text": "vielleicht", "points": null, "attachments": [], "reservation": null, "state": "ENTWURF", "statement": null,
	"created_at": "2026-02-05T00:00:00.000000Z", "changed_at": "2026-02-05T00:00:00.000000Z"}', 'a draft');
select is(t.outcome(who, format(call, :'d')), 'draft_not_found', who || ': ' || call) from unnest(array['ahrens', 'planner', 'damm', 'root', 'nobody']) who,
	unnest(array['select pp_api.draft_show(%L)', 'select pp_api.draft_delete(%L, ''*'')', 'select pp_api.draft_change(%L, ''{}'', ''*'', now())', 'select pp_api.draft_submit(%L, now(), null, null)']) call where who in ('ahrens', 'planner') or call like '%show%';
select is(t.value('owner', 'select count(*) from pp.draft') || t.value('planner', 'select count(*) from pp.draft'), '00', 'nobody else sees the row');
select is(t.outcome('amt', format('select pp_api.draft_change(%L, ''{}'', null, now())', :'d')), 'precondition_required', 'a change needs the tag');
select is(t.outcome('amt', format('select pp_api.draft_change(%L, ''{}'', ''7'', now())', :'d')), 'precondition_failed', 'the present one');
select is((r.body ->> 'text') || coalesce(r.body ->> 'stance', '-') || r.etag, 'doch-2', 'then it is changed, null takes away') from t.reply('amt', format('pp_api.draft_change(%L, ''{"text": "doch", "stance": null}'', ''1'', now())', :'d')) r;
select is(t.outcome('amt', format('select pp_api.draft_submit(%L, now(), null, null)', :'d')), 'invalid_body /stance', 'an unfinished one is not submitted');
select t.body('amt', format('pp_api.draft_change(%L, ''{"stance": "HINWEISE"}'', ''2'', now())', :'d')) is not null as changed \gset
select t.body('amt', format('pp_api.draft_submit(%L, ''2026-02-06'', null, null)', :'d')) as ds \gset
select is((:'ds'::jsonb ->> 'number') || (:'ds'::jsonb ->> 'text'), '2026-0002-001doch', 'it becomes a statement');
select is(t.outcome('amt', format('select pp_api.draft_submit(%L, ''2026-02-06'', null, null)', :'d')), 'conflict', 'once');
select is(t.outcome('amt', format('select pp_api.draft_delete(%L, ''*'')', :'d')), 'conflict', 'and stays');
select t.body('amt', t.draft('', t.invitation(:'r3', '01999002')::text, '{}')) ->> 'id' as d2 \gset
select is(jsonb_array_length(t.body('amt', format('pp_api.draft_list(%L)', t.invitation(:'r3', '01999002'))) -> 'items'), 1, 'it is in the list');
select is((t.reply('amt', format('pp_api.draft_delete(%L, ''1'')', :'d2'))).status, 204, 'one that was not submitted goes');
select is(jsonb_array_length(t.body('amt', format('pp_api.draft_list(%L)', t.invitation(:'r3', '01999002'))) -> 'items'), 0, 'for good');

-- Supplements
create function t.supplement(statement text, body jsonb, at timestamptz) returns text language sql as $$ select format('pp_api.statement_supplement(%L, %L, %L, null, null)', statement, body, at) $$;
select is(t.outcome('planner', 'select ' || t.supplement(:'s1', '{"text": "x"}', '2026-02-15')), 'forbidden', 'only the author supplements');
select t.body('ahrens', t.supplement(:'s1', '{"text": "und zu hell"}', '2026-03-10')) as c \gset
select is((:'c'::jsonb ->> 'number') || (:'c'::jsonb ->> 'stance') || (:'c'::jsonb ->> 'on_time') || ((:'c'::jsonb ->> 'supplement_to') = :'s1'), '2026-0001-001-1BEDENKENfalsetrue', 'with a number and a receipt of its own');
select is(t.body('ahrens', t.supplement(:'s1', '{"text": "noch eins"}', '2026-03-11')) ->> 'number', '2026-0001-001-2', 'as often as needed');
select is(t.outcome('ahrens', 'select ' || t.supplement(:'c'::jsonb ->> 'id', '{"text": "x"}', '2026-03-11')), 'conflict', 'not to a supplement');
select is(jsonb_array_length(t.body('amt', format('pp_api.statement_show(%L)', :'s1')) -> 'supplements') || (t.body('amt', format('pp_api.statement_show(%L)', :'s1')) ->> 'received_at'), '22026-02-10T09:00:00.000001Z', 'the first receipt stays');

-- Withdrawal
create function t.withdraw(statement text) returns text language sql as $$ select format('pp_api.statement_withdraw(%L, ''{"reason": "erledigt"}'', ''2026-03-12'', null, null)', statement) $$;
select is(t.outcome('planner', 'select ' || t.withdraw(:'ds'::jsonb ->> 'id')), 'forbidden', 'only the author withdraws');
select is(s ->> 'state' || (s ->> 'withdraw_reason') || (s ->> 'text'), 'ZURUECKGENOMMENerledigtdoch', 'it is kept') from t.body('amt', t.withdraw(:'ds'::jsonb ->> 'id')) s;
select is(t.board(:'r3', '01999001', '2026-02-20') ->> 'state' || coalesce(t.board(:'r3', '01999001', '2026-02-20') ->> 'stance', '-'), 'GELESEN-', 'but is no answer any more');
select is(t.outcome('amt', 'select ' || t.withdraw(:'ds'::jsonb ->> 'id')), 'conflict', 'once');
select throws_ok(format($$update pp.statement set state = 'EINGEGANGEN', withdrawn_at = null where id = %L$$, :'ds'::jsonb ->> 'id'), '23001', null, 'and for good');
select is(t.outcome('amt', 'select ' || t.supplement(:'ds'::jsonb ->> 'id', '{"text": "x"}', '2026-03-13')), 'conflict', 'what was withdrawn is not supplemented');

-- Resolution
create function t.resolve(statement text, body jsonb) returns text language sql as $$ select format('pp_api.statement_resolve(%L, %L, ''2026-04-01 12:00+00'', null, null)', statement, body) $$;
select is(t.outcome('amt', 'select ' || t.resolve(:'s1', '{"decided_on": "2026-03-20", "outcome": "BESTAETIGT"}')), 'conflict', 'only what was reserved is resolved on');
select is(t.outcome('land', 'select ' || t.resolve(:'g'::jsonb ->> 'id', '{"decided_on": "2026-04-02", "outcome": "BESTAETIGT"}')), 'invalid_body /decided_on', 'after it was resolved');
select is(t.outcome('land', 'select ' || t.resolve(:'g'::jsonb ->> 'id', '{"decided_on": "2026-03-20", "outcome": "JA"}')), 'invalid_body /outcome', 'in words that are known');
select is(s -> 'resolution' || jsonb_build_object('first', s -> 'received_at'), '{"decided_on": "2026-03-20", "outcome": "BESTAETIGT", "reference": "TOP 4", "text": null, "recorded_at": "2026-04-01T12:00:00.000000Z", "first": "2026-03-04T22:59:59.999999Z"}', 'the receipt stays the first one''s')
	from t.body('land', t.resolve(:'g'::jsonb ->> 'id', '{"decided_on": "2026-03-20", "outcome": "BESTAETIGT", "reference": "TOP 4"}')) s;
select is(t.outcome('land', 'select ' || t.resolve(:'g'::jsonb ->> 'id', '{"decided_on": "2026-03-20", "outcome": "BESTAETIGT"}')), 'conflict', 'once');

-- The public
create function t.say(procedure text, body jsonb, at timestamptz) returns text language sql as $$ select format('pp_api.statement_submit_public(%L, %L, %L, null, null)', procedure, body, at) $$;
select is(t.outcome('citizen', 'select ' || t.say(:'p', '{"stance": "BEDENKEN", "text": "x"}', '2026-02-10')), 'procedure_not_found', 'what is not published asks nobody');
select t.make_round(:'p', 'FOERM_OEFF', 'OEFF', '2026-02-10', '2026-03-12', null, '2026-02-01 13:00+00') as o \gset
select is(t.outcome('citizen', 'select ' || t.say(:'p', '{"stance": "BEDENKEN", "text": "x"}', '2026-02-09 22:59+00')), 'round_not_open', 'not before it has begun');
select t.body('citizen', t.say(:'p', '{"stance": "BEDENKEN", "text": "Ich, Erika Muster, bin dagegen"}', '2026-02-11')) as e \gset
select is(:'e'::jsonb - '{receipt,id,procedure,round,plan,sha256,points,received_at,procedure_title,procedure_number,status_token}'::text[] #- '{person,id}', '{"number": "2026-0001-008", "person": {"name": "Person 001", "anonymous": true, "erased": false}, "notice_of_result": true, "stance": "BEDENKEN", "text": "Ich, Erika Muster, bin dagegen", "on_time": true, "lateness": null, "author_role": "OEFF", "published": false, "published_text": null, "redactions": null,
	"deadline_at": "2026-03-12T23:00:00.000000Z", "state": "EINGEGANGEN", "channel": "PORTAL", "entered": null, "invitation": null, "participant": null, "participant_name": null, "acting_body": null, "acting_name": null, "attachments": [], "reservation": null, "resolution": null, "supplements": [], "supplement_to": null, "withdrawn_at": null, "withdraw_reason": null}', 'a citizen''s statement');
select is(t.body('citizen2', t.say(:'p', '{"stance": "HINWEISE", "text": "x"}', '2026-03-12 23:00+00')) ->> 'on_time', 'false', 'late is late');
select is(t.outcome(who, format('select pp_api.statement_show(%L)', :'e'::jsonb ->> 'id')), outcome, who || ': ' || outcome) from (values ('citizen', 'done'), ('planner', 'done'), ('citizen2', 'statement_not_found'), ('amt', 'statement_not_found'), ('anyone', 'statement_not_found')) v (who, outcome);
select is(t.outcome('citizen2', 'select ' || t.withdraw(:'e'::jsonb ->> 'id')) || t.outcome('amt', 'select ' || t.supplement(:'e'::jsonb ->> 'id', '{"text": "x"}', '2026-02-12')), 'statement_not_foundstatement_not_found', 'another''s is not touched');
select is(t.body('citizen', t.supplement(:'e'::jsonb ->> 'id', '{"text": "noch etwas"}', '2026-02-12')) ->> 'number', '2026-0001-008-1', 'one''s own is supplemented');

-- Publication
create function t.publish(who text, statement text, body jsonb, tag text) returns text language sql as $$ select format('pp_api.statement_publish(%L, %L, %L, ''2026-04-02'')', statement, body, tag) $$;
select is(t.outcome('citizen', 'select ' || t.publish('', :'e'::jsonb ->> 'id', '{"published": true}', '*')), 'forbidden', 'the planning body publishes');
select is(t.outcome('planner', 'select ' || t.publish('', :'e'::jsonb ->> 'id', '{"published": true}', '*')), 'invalid_body /text', 'a private person''s words without the name');
select is(t.outcome('planner', 'select ' || t.publish('', :'e'::jsonb ->> 'id', '{"published": true, "text": "dagegen"}', null)), 'precondition_required', 'with the tag');
select is(t.outcome('planner', 'select ' || t.publish('', :'e'::jsonb ->> 'id', '{"published": true, "text": "dagegen"}', '7-0')), 'precondition_failed', 'the present one');
select is((t.reply('planner', t.publish('', :'e'::jsonb ->> 'id', '{"published": true, "text": "dagegen"}', (t.reply('planner', format('pp_api.statement_show(%L)', :'e'::jsonb ->> 'id'))).etag))).status, 200, 'then it is public');
select is(t.body('anyone', format('pp_api.statement_show(%L)', :'e'::jsonb ->> 'id')) - '{id,procedure,round,received_at}'::text[], '{"number": "2026-0001-008", "participant": null, "participant_name": null, "author_role": "OEFF", "stance": "BEDENKEN", "text": "dagegen", "on_time": true, "state": "EINGEGANGEN", "published": true, "cells": null, "attachments": []}', 'in the text that was published');
select is(jsonb_path_query_array(t.body(who, format('pp_api.statement_list(%L, null, null)', :'p')), '$.items[*].text'), '["dagegen"]', who || ' reads that and no more') from unnest(array['anyone', 'cremm']) who;
select is(t.outcome('anyone', format('select pp_api.statement_json(%L)', :'e'::jsonb ->> 'id')), '42501', 'not even by the function for those who may');
select ok(not t.body('anyone', format('pp_api.statement_list(%L, null, null)', :'p'))::text ~ 'Erika', 'no name gets out');
select is(t.value('owner', 'select count(*) from pp.statement'), '1', 'the owner''s view rests on published rows only');
select is((t.reply('planner', t.publish('', :'e'::jsonb ->> 'id', '{"published": false}', '*'))).status, 200, 'it can be taken down');
select is(t.outcome('anyone', format('select pp_api.statement_show(%L)', :'e'::jsonb ->> 'id')), 'statement_not_found', 'then it is gone');

-- A withdrawn procedure asks nobody
select (t.reply('planner', format($$pp_api.procedure_withdraw(%L, '{"reason": "x"}', '2026-04-01', null, null)$$, :'q'))).status as ended \gset
select is(t.outcome('amt', 'select ' || t.submit(t.invitation(:'r3', '01999002')::text, '{"stance": "KEINE_BEDENKEN"}', '2026-04-02')), 'procedure_withdrawn', 'nobody answers what has ended');
select is(t.outcome('amt', 'select ' || t.answer('', array[t.invitation(:'r3', '01999002')], null)), 'procedure_withdrawn', 'in no way');

-- The same key, a hundred times at once
create function t.storm(invitation text, key text, sessions int) returns table (answers bigint, rows bigint) language plpgsql as $$
declare
	call text := format($q$select (pp_api.statement_submit(%L, '{"stance": "HINWEISE", "text": "Sturm"}', '2026-02-20', %L, '\x02')).location$q$,
		invitation, key);
	said text[] := '{}';
begin
	for n in 1..sessions loop
		perform dblink_connect('s' || n, t.connection('pp_server'));
		perform dblink_exec('s' || n, $q$set pp.account = '00000000-0000-7000-8000-000000000014'; set pp.body = '019995001'; set pp.roles = 'reader clerk releaser'$q$);
	end loop;
	for n in 1..sessions loop
		perform dblink_send_query('s' || n, call);
	end loop;
	for n in 1..sessions loop
		said := said || (select l from dblink_get_result('s' || n) as (l text));
		perform dblink_disconnect('s' || n);
	end loop;
	return query select count(distinct a), (select count(*) from pp.statement s where s.id::text in (select right(b, 36) from unnest(said) b)) from unnest(said) a;
end
$$;
select is(s::text, '(1,1)', 'a hundred sessions with one key: one answer, one statement') from t.storm(:'ahrens', 'storm', 100) s;
alter table pp.idempotency_key drop constraint idempotency_key_once;
select cmp_ok((select rows from t.storm(:'ahrens', 'storm without key', 20)), '>', 1::bigint, 'without the unique key there would be more');

-- Indexes
insert into pp.body (key, name, kind, source) select 'k-' || n, 'K', 'TOEB', 'table' from generate_series(1, 4000) n;
insert into pp.invitation (id, round, procedure, plan, planner_body, participant, mailbox_body, is_authority, cross_border, channel, state, created_at, deadline, deadline_at, deadline_reason)
	select pp.uuid7('2020-01-01'::timestamptz + n * interval '1 second'), d.id, d.procedure, d.plan, d.planner_body, 'k-' || n, 'k-' || (n / 2 + 1), true, true, 'PORTAL', 'ERSTELLT', now(), '2020-01-01', '2020-01-01'::timestamptz + n * interval '1 hour', 'ROUND_END'
	  from generate_series(1, 4000) n, lateral (select * from pp.round r where r.id = :'r3') d;
analyze pp.invitation, pp.statement;
select ok(t.uses_index('ahrens', 'select pp_api.inbox(null, null, null, ''2026-03-01'')', 'pp.invitation_participant'), 'the inbox has an index by participant');
select ok(t.uses_index('amt', 'select pp_api.inbox(null, null, null, ''2026-03-01'')', 'pp.invitation_mailbox'), 'and by mailbox');
select ok(t.uses_index('planner', format('select pp_api.round_board(%L, now())', :'r'), 'pp.invitation_once'), 'the board has one');
select ok(t.uses_index('planner', format('select pp_api.statement_list(%L, null, null)', :'p'), 'pp.statement_procedure'), 'statements have one');
select ok(t.uses_index('clerk', $$select pp_api.round_tick('2026-03-01')$$, 'pp.invitation_unanswered'), 'deadlines have one');
select * from finish();
