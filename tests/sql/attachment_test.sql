-- SPDX-License-Identifier: EUPL-1.2
-- Attachments: whose they are before and after they were submitted, that a person's lie sealed and go with the person, that
-- they stay, and what vanishes.
set client_min_messages = warning;
select plan(85);

select t.make_procedure('planner', 'Am Rand', '2026-02-01 10:00+00') as p \gset
select t.make_plan('planner', :'p', t.result(), '2026-02-01 11:00+00') as l \gset
select (t.reply('planner', format('pp_api.affected_confirm(%L, ''2026-02-01 12:00+00'', null, null)', :'l'))).status as confirmed \gset
select t.make_round(:'p', 'FOERM_TOEB', 'TOEB', '2026-02-02', '2026-03-04', '2026-03-03', '2026-02-01 13:00+00') as r \gset
select t.make_round(:'p', 'FOERM_OEFF', 'OEFF', '2026-02-02', '2026-03-04', null, '2026-02-01 13:00+00') as ro \gset
select t.invitation(:'r', '01999002') as i \gset
update pp.procedure set published_at = '2026-02-01 14:00+00' where id = :'p';

-- Bytes that are the same nowhere else in the file, and a word that no sealed piece has.
create function t.bytes(size int) returns bytea language sql immutable as $$
	select substring('Kanarienvogel' || string_agg(sha256(int4send(n)), '' order by n) from 1 for size) from generate_series(0, size / 32) n
$$;
create function t.file(bytes bytea, name text) returns jsonb language sql immutable as $$
	select jsonb_build_object('name', name, 'media_type', 'application/pdf', 'size', length(bytes), 'sha256', encode(sha256(bytes), 'hex'))
$$;
create function t.limits(of_round int default 0, of_all int default 0) returns jsonb language sql immutable as $$
	select jsonb_build_object('bytes', 1000000, 'files', 3, 'round_bytes', of_round, 'all_bytes', of_all)
$$;
create function t.announce(round uuid, token text, bytes bytea, key text default null, limits jsonb default t.limits()) returns text language sql as $$
	select format('pp_api.attachment_announce(%L, %L, %L, %L, ''2026-02-10 08:00+00'', %L, %L)', round, token, t.file(bytes, 'Einwand Muster.pdf'), limits, key, sha256(bytes))
$$;
create function t.append(file uuid, token text, at_byte bigint, bytes bytea) returns text language sql as $$
	select format('select pp_api.upload_append(%L, %s, %L, decode(repeat(''ab'', 108), ''hex''), 77, %L, ''2026-02-10 08:01+00'')', file, at_byte, bytes, token)
$$;
create function t.says(more jsonb) returns jsonb language sql immutable as $$ select '{"stance": "BEDENKEN", "text": "siehe Anlage"}'::jsonb || more $$;
create function t.submit(round uuid, more jsonb) returns text language sql as $$
	select format('pp_api.statement_submit_round(%L, %L, ''2026-02-10 09:00+00'', null, null)', round, t.says(more))
$$;

-- On their way: of whoever has the secret
select t.body('nobody', t.announce(:'ro', null, t.bytes(300000))) as a \gset
select :'a'::jsonb ->> 'id' as id, :'a'::jsonb ->> 'upload_token' as token \gset
select is(:'a'::jsonb - '{id,upload_token,sha256,upload}'::text[], '{"name": "Einwand Muster.pdf", "media_type": "application/pdf", "size": 300000, "state": "LAEDT", "reason": null, "statement": null, "content": null}'::jsonb, 'what was announced');
select is(:'a'::jsonb -> 'upload' ->> 'expires_at', '2026-02-10T09:00:00.000000Z', 'for an hour, until its first byte has come');
select is((select row_to_json(u)::text || row_to_json(f)::text ~ (encode(sha256(t.bytes(300000)), 'hex') || '|Muster|' || :'token') from pp.upload u join pp.file f using (id)), false, 'and neither name nor hash nor secret lies there in the clear');
select is(t.outcome(who, t.append(:'id', token, 0, '\x00')), 'upload_not_found', format('%s with %s sends nothing to it', who, token)) from unnest(array['nobody', 'planner', 'amt', 'citizen']) who, unnest(array[null]::text[]) token;
select is(t.outcome('nobody', t.append(:'id', 'x', 0, '\x00')), 'upload_token_unknown', 'nor does another secret');
select is(t.value('nobody', t.append(:'id', :'token', 0, substring(t.bytes(300000) from 1 for 1000))), '(1000,LAEDT)', 'its own does');
select is(t.value('nobody', format('select (sha256 = %L) || '' '' || length(digest) from pp_api.upload_find(%L, %L)', sha256(t.bytes(300000)), :'id', :'token')), 'true 108', 'where it is to end and how far it is are known');
select is((select f.digest from pp.file f where f.id = :'id'), '', 'and kept with its key alone');
select is(t.outcome('nobody', format('select %s', t.submit(:'ro', jsonb_build_object('attachments', jsonb_build_array(:'id'), 'upload_token', :'token')))), 'attachment_not_ready /attachments/0', 'what is not complete is not submitted');
select is(t.value('nobody', t.append(:'id', :'token', 1000, substring(t.bytes(300000) from 1001))), '(300000,UNGEPRUEFT)', 'the last byte makes it complete');
select is((select bool_or(position('Kanarienvogel'::bytea in k.bytes) > 0) from pp.file_chunk c join pp.chunk k on k.sha256 = c.chunk where c.file = :'id'), false, 'no piece lies there in the clear');
select is((select count(*) from pp.chunk k where k.sha256 <> sha256(k.bytes)), 0::bigint, 'each under the hash of what lies there');
select is(t.value('clerk', format('select string_agg(case when c.sealed then pp_keys.open_piece(c.file, c.from_byte::text, c.bytes) end, '''' order by c.from_byte) = %L from pp_api.unchecked_content c where c.file = %L', t.bytes(300000), :'id')), 'true', 'who looks into it opens it');
select is(t.outcome('clerk', format('select pp_keys.open_piece(c.file, ''1'', c.bytes) from pp_api.unchecked_content c where c.file = %L', :'id')), '39000', 'a piece opens at its own place alone');

-- Limits
select is(t.outcome('nobody', 'select ' || t.announce(:'ro', null, t.bytes(1000001))), 'attachment_limit /size', 'one is not too large');
select t.body('nobody', t.announce(:'ro', :'token', t.bytes(10))) ->> 'id' as second \gset
select t.body('nobody', t.announce(:'ro', :'token', t.bytes(20))) ->> 'id' as third \gset
select is(t.outcome('nobody', 'select ' || t.announce(:'ro', :'token', t.bytes(30))), 'attachment_limit', 'and there are not too many');
select is(t.outcome('nobody', 'select ' || t.announce(:'ro', 'invented', t.bytes(30))), 'upload_token_unknown', 'an invented secret begins nothing');
select is(t.outcome('nobody', 'select ' || t.announce(:'r', null, t.bytes(30))), 'round_not_found', 'nor does a stranger in a round of bodies');
select is(t.outcome('citizen', format('select pp_api.attachment_drop(%L, null, now())', :'third')), 'attachment_not_found', 'another one''s is not taken back');
select is((t.reply('nobody', format('pp_api.attachment_drop(%L, %L, ''2026-02-10'')', :'third', :'token'))).status, 204, 'one''s own is');
select is((select f.state || ' ' || f.reason || ' ' || (select count(*) from pp_keys.file_key k where k.file = f.id) from pp.file f where f.id = :'third'), 'VERFALLEN ENTFERNT 0', 'and its key is gone');

-- Submitted
select is(t.outcome('nobody', 'select ' || t.submit(:'ro', jsonb_build_object('attachments', jsonb_build_array(:'id')))), 'attachment_not_found /attachments/0', 'nobody names what is not theirs');
select is(t.outcome('nobody', 'select ' || t.submit(:'ro', jsonb_build_object('attachments', jsonb_build_array(:'id', :'id'), 'upload_token', :'token'))), 'attachment_not_found /attachments/1', 'or twice');
update pp.file set state = 'ABGELEHNT', reason = 'VIRUS' where id = :'id';
select is(t.outcome('nobody', 'select ' || t.submit(:'ro', jsonb_build_object('attachments', jsonb_build_array(:'id'), 'upload_token', :'token'))), 'attachment_refused /attachments/0', 'or what was refused');
update pp.file set state = 'UNGEPRUEFT', reason = null where id = :'id';
select t.body('nobody', t.submit(:'ro', jsonb_build_object('attachments', jsonb_build_array(:'id'), 'upload_token', :'token', 'person', '{"family_name":"Muster"}'::jsonb))) as s \gset
select :'s'::jsonb ->> 'id' as sid, :'s'::jsonb ->> 'status_token' as status, :'s'::jsonb -> 'person' ->> 'id' as person \gset
select is((:'s'::jsonb -> 'attachments' -> 0) - '{sha256,id}'::text[], format('{"no": 1, "name": "Einwand Muster.pdf", "media_type": "application/pdf", "size": 300000, "state": "UNGEPRUEFT", "reason": null, "content": "/api/v1/statements/by-token/attachments/%s/content"}', :'id')::jsonb, 'the statement has it');
select is(:'s'::jsonb -> 'receipt' -> 'receipt' -> 'attachments', jsonb_build_array(jsonb_build_object('id', :'id', 'size', 300000, 'sha256', :'s'::jsonb -> 'attachments' -> 0 -> 'sha256')), 'so has its receipt, without a name');
select is((select s -> 'attachments' -> 0 ->> 'sha256' = encode(sha256(decode(s -> 'attachments' -> 0 ->> 'salt', 'hex') || sha256(t.bytes(300000))), 'hex')
	from jsonb_array_elements(t.body('nobody', format('pp_api.token_show(%L)', :'status')) -> 'statements') s), true, 'its hash is salted, and whoever has made it can compute it');
select is(t.outcome('nobody', 'select ' || t.submit(:'ro', jsonb_build_object('attachments', jsonb_build_array(:'id'), 'upload_token', :'token'))), 'attachment_not_found /attachments/0', 'it goes with one statement');
select is((select count(*) from pp.audit_entry e where e.relation = 'attachment' and e.key = :'id' and e.chain = :'p'), 1::bigint, 'and stands in the chain');
select is(t.outcome('owner', 'update pp.attachment set size = 1') || t.outcome('owner', 'delete from pp.attachment') || t.outcome('owner', 'truncate pp.attachment cascade'), repeat('23001', 3), 'for good');

-- Read: by the person at once, by the planning body when it was looked into, and that is written down
create function t.piece(who text, id uuid) returns text language sql as $$
	select t.outcome(who, format('select pp_api.attachment_open(%L, ''2026-02-11'')', id))
$$;
select is(t.value('nobody', format('select string_agg(c.bytes, '''' order by c.first_byte) = %L from pp_api.token_attachment_piece(%L, %L, 0, 9) c', t.bytes(300000), :'status', :'id')), 'true', 'the person reads what was sent');
select is(t.piece('planner', :'id'), 'attachment_not_ready', 'the planning body waits');
select t.value('clerk', format('select pp_api.file_checked(%L, null, null, null, null, null, null, ''2026-02-10 10:00+00'')', :'id')) as checked \gset
select is((select e.kind || ' ' || array_to_string(e.bodies, ',') || ' ' || (e.statement = :'sid') from pp.event e order by e.id desc limit 1), 'attachment.checked 02000000 true', 'and is told');
select is(t.piece(who, :'id'), outcome, format('%s: %s', who, outcome)) from (values ('planner', 'done'), ('amt', 'attachment_not_found'), ('citizen', 'attachment_not_found'), ('root', 'attachment_not_found'), ('nobody', 'attachment_not_found')) v (who, outcome);
select is(t.value('planner', format('select name from pp_api.attachment_open(%L, ''2026-02-11'')', :'id')), 'Einwand Muster.pdf', 'with its name');
select is((select count(*) from pp.reading n where n.statement = :'sid' and n.what = 'ANLAGE'), 1::bigint, 'the reading is written down');
select is(t.value(who, format('select count(*) from pp_api.attachment_content where file = %L', :'id')), n, format('%s and the bytes as they lie there', who)) from (values ('planner', '3'), ('amt', '0'), ('nobody', '0'), ('root', '0')) v (who, n);
select is(t.outcome('anyone', 'select from pp_api.attachment_content'), '42501', 'which the public''s login has no way to');

-- Gone with the person
select t.reply('planner', format('pp_api.person_erase(%L, ''{"ground": "WIDERSPRUCH", "note": "x"}'', ''2026-02-12'', null, null)', :'person')) is not null;
select is((select count(*) from pp_keys.file_key k where k.file = :'id'), 0::bigint, 'the key goes with the person''s');
select is(t.outcome('planner', format('select pp_api.attachment_open(%L, ''2026-02-13'')', :'id')), 'person_erased', 'and nobody is handed anything');
select is((select a ->> 'name' from jsonb_array_elements(t.body('planner', format('pp_api.statement_show(%L)', :'sid')) -> 'attachments') a), null, 'not even its name');

-- A body's: with its draft, without a secret, and not sealed
select t.body('amt', format('pp_api.draft_create(%L, ''{"stance": "BEDENKEN", "text": "nein"}'', ''2026-02-10'', null, null)', :'i')) ->> 'id' as d \gset
select t.body('amt', format('pp_api.attachment_announce_draft(%L, %L, %L, ''2026-02-10'', null, null)', :'d', t.file(t.bytes(40), 'Karte.pdf'), t.limits())) ->> 'id' as card \gset
select is(t.outcome('planner', t.append(:'card', null, 0, '\x00')), 'upload_not_found', 'a draft''s are its body''s alone');
select t.value('amt', t.append(:'card', null, 0, t.bytes(40))) as stored \gset
select is(t.body('amt', format('pp_api.draft_show(%L)', :'d')) #>> '{attachments,0,name}', 'Karte.pdf', 'the draft has it');
select is(t.outcome('amt', format('select pp_api.statement_submit(%L, %L, ''2026-02-10'', null, null)', :'i', t.says(jsonb_build_object('attachments', jsonb_build_array(:'card'))))), 'attachment_not_found /attachments/0', 'and nothing else takes it');
select t.body('amt', format('pp_api.draft_submit(%L, ''2026-02-11'', null, null)', :'d')) as b \gset
select is(:'b'::jsonb #>> '{attachments,0,sha256}', encode(sha256(t.bytes(40)), 'hex'), 'it is submitted with it, and its hash is that of its bytes');
select t.value('clerk', format('select pp_api.file_checked(%L, ''VIRUS'', ''Test'', ''clamd'', null, null, null, ''2026-02-11'')', :'card')) as checked \gset
select is((select e.kind || ' ' || array_to_string(e.bodies, ',') from pp.event e order by e.id desc limit 1), 'attachment.refused 01999002,019995001,02000000', 'what is infected is told to all of its parties');
select is(t.piece(who, :'card'), 'attachment_refused', format('and handed to nobody, not to %s', who)) from unnest('{amt,planner}'::text[]) who;

-- The same key again: the same attachment and secret, as far as it is; nobody else learns of it, and no secret lies there
select t.body('nobody', t.announce(:'ro', null, t.bytes(50), 'k1')) as k \gset
select :'k'::jsonb ->> 'id' as kid, :'k'::jsonb ->> 'upload_token' as ktoken \gset
select t.value('nobody', t.append(:'kid', :'ktoken', 0, substring(t.bytes(50) from 1 for 20))) as stored \gset
select is(t.body('nobody', t.announce(:'ro', null, t.bytes(50), 'k1')), jsonb_set(:'k', '{upload}', (:'k'::jsonb -> 'upload') || '{"offset": 20, "expires_at": "2026-02-11T08:00:00.000000Z"}'), 'the same again goes on with it, for the day that it has now');
select isnt(t.body('nobody', t.announce(:'ro', null, t.bytes(50), 'k2')) ->> 'upload_token', :'ktoken', 'another key has another secret');
select isnt(t.body('nobody', t.announce(:'ro', null, t.bytes(51), 'k1')) ->> 'upload_token', :'ktoken', 'so has another file');
select isnt(t.body('citizen', t.announce(:'ro', null, t.bytes(50), 'k1')) ->> 'id', :'kid', 'and an account one of its own');
select is(t.outcome('citizen', 'select ' || t.announce(:'ro', null, t.bytes(52), 'k1')), 'idempotency_key_reused', 'whose key is for one request');
select is((select count(*) from pp.idempotency_key k where k::text ~ (:'ktoken' || '|Muster')), 0::bigint, 'neither secret nor name is kept with the key');
select is(t.body('nobody', t.announce(:'ro', :'ktoken', t.bytes(53), 'k3')) ->> 'id', t.body('nobody', t.announce(:'ro', :'ktoken', t.bytes(53), 'k3')) ->> 'id', 'a second file as well');
select is((t.reply('nobody', format('pp_api.attachment_drop(%L, %L, ''2026-02-10'')', :'kid', :'ktoken'))).status, 204, 'taken back');
select is(t.outcome('nobody', 'select ' || t.announce(:'ro', null, t.bytes(50), 'k1')), 'attachment_not_found', 'it is not there again');
select is(t.body('amt', format('pp_api.attachment_announce_answer(%L, %L, %L, ''2026-02-10'', ''k4'', ''x'')', :'i', t.file(t.bytes(60), 'a.pdf'), t.limits())),
	t.body('amt', format('pp_api.attachment_announce_answer(%L, %L, %L, ''2026-02-10'', ''k4'', ''x'')', :'i', t.file(t.bytes(60), 'a.pdf'), t.limits())), 'a body has its own again');

-- What strangers announce together has a bound, in a round and in all; bodies are not counted
select sum(u.takes) as waits from pp.upload u where u.basket is not null \gset
select is(t.outcome('nobody', 'select ' || t.announce(:'ro', null, t.bytes(70), null, t.limits(:waits + 262143))), 'attachments_full', 'a file takes a chunk at least');
select is(t.outcome('nobody', 'select ' || t.announce(:'ro', null, t.bytes(70), null, t.limits(0, :waits + 262143))), 'attachments_full', 'also of what waits in all rounds');
select is(t.outcome('nobody', 'select ' || t.announce(:'ro', null, t.bytes(70), null, t.limits(:waits + 262144, :waits + 262144))), 'done', 'where there is room it is taken');
select is(t.outcome('nobody', 'select ' || t.announce(:'ro', null, t.bytes(300000), null, t.limits(:waits + 299999))), 'attachments_full', 'a larger one takes what it is');
select is(t.outcome('planner', 'select ' || t.announce(:'ro', null, t.bytes(70), null, t.limits(1, 1))), 'done', 'the planning body enters what was sent to it');
select is(t.outcome('nobody', 'select ' || t.submit(:'ro', '{}')), 'done', 'and a statement is taken without it');

-- One answer to several invitations: each statement has a file of its own, of the same chunks
select t.invitation(:'r', '01999001') as i3 \gset
select t.body('amt', format('pp_api.attachment_announce_answer(%L, %L, %L, ''2026-02-10'', null, null)', :'i', t.file(t.bytes(300001), 'b.pdf'), t.limits())) ->> 'id' as several \gset
create function t.answers(attachments text, variadic invitations text[]) returns text language sql as $$
	select format('pp_api.inbox_answer(%L, ''2026-02-12'', null, null)', jsonb_build_object('invitations', invitations, 'stance', 'BEDENKEN', 'text', 'siehe Anlage', 'attachments', jsonb_build_array(attachments)))
$$;
select is(t.outcome('amt', 'select ' || t.answers(:'several', :'i', :'i3')), 'attachment_not_ready /attachments/0', 'what is not complete goes nowhere');
select t.value('amt', t.append(:'several', null, 0, t.bytes(300001))) as stored \gset
select is(t.outcome('amt', 'select ' || t.answers(:'several', :'i3')), 'attachment_not_found /attachments/0', 'it was announced for one of those that are answered');
select count(*) as chunks from pp.chunk \gset
select t.body('amt', t.answers(:'several', :'i', :'i3')) -> 'statements' as both \gset
select is((select array_agg(distinct s #>> '{attachments,0,sha256}') from jsonb_array_elements(:'both'::jsonb) s), array[encode(sha256(t.bytes(300001)), 'hex')], 'both have it');
select is((select count(distinct s #>> '{attachments,0,id}') || ' ' || (select count(*) from pp.chunk) - :chunks || ' ' || (select count(*) from pp.upload where body is not null and id = :'several')
	from jsonb_array_elements(:'both'::jsonb) s), '2 0 0', 'each as its own, and no byte twice');

-- What nobody names vanishes, what was submitted stays even when it was refused
select t.body('nobody', t.announce(:'ro', null, t.bytes(54))) ->> 'id' as silent \gset
select t.body('nobody', t.announce(:'ro', null, t.bytes(300004))) as begun \gset
select t.value('nobody', t.append((:'begun'::jsonb ->> 'id')::uuid, :'begun'::jsonb ->> 'upload_token', 0, substr(t.bytes(300004), 1, 262144))) is not null;
select is((select u.of_round from pp_api.uploads_waiting(:'ro') u) > 0, true, 'what strangers have announced takes their room');
select t.value('clerk', format('select pp_api.file_sweep(%L, 100)', '2026-02-10 08:59:59+00')) as swept \gset
select is((select count(*) from pp.upload u where u.id in (:'silent', :'second')), 2::bigint, 'for an hour it waits for its first byte');
select (select u.of_round from pp_api.uploads_waiting(:'ro') u) as took \gset
select t.value('clerk', format('select pp_api.file_sweep(%L, 100)', '2026-02-10 09:00+00')) as swept \gset
select is((select f.state || ' ' || f.reason || ' ' || (select count(*) from pp.upload u where u.id = f.id) || (select count(*) from pp_keys.file_key k where k.file = f.id) from pp.file f where f.id = :'silent'), 'VERFALLEN NICHT_EINGEREICHT 00', 'then it goes, with its key');
select is(:took - (select u.of_round from pp_api.uploads_waiting(:'ro') u) >= 2 * 262144, true, 'and makes room for others');
select t.value('clerk', format('select pp_api.file_sweep(%L, 100)', '2026-02-10 23:00+00')) as swept \gset
select is((select count(*) from pp.upload u where u.id = (:'begun'::jsonb ->> 'id')::uuid), 1::bigint, 'what was begun waits for a day');
select t.value('clerk', format('select pp_api.file_sweep(%L, 100)', '2026-02-11 08:00+00')) as swept \gset
select is((select count(*) from pp.upload u where u.id = (:'begun'::jsonb ->> 'id')::uuid), 0::bigint, 'and goes then');
select is((select count(*) from pp.file_chunk c where c.file in (:'id', :'card')), 4::bigint, 'what was submitted stays');
select * from finish();
