-- SPDX-License-Identifier: EUPL-1.2
-- Subscriptions: asked for and confirmed by the address itself, sealed, told in batches and once each, ended by anything that says so,
-- and then gone. Consents that came with a statement go the same way, and their withdrawal is written down.
set client_min_messages = warning;
select plan(113);

select t.make_procedure('planner', 'Am Rand', '2026-02-01 10:00+00') as p \gset
create function t.ask(procedure text, email text, at timestamptz, lang text default 'de') returns text language sql as $$
	select format('pp_api.subscription_to_procedure(%L, %L, %L, %L)', procedure, jsonb_build_object('email', email, 'text_version', '2026-1'), at, lang)
$$;
create function t.near(body jsonb, at timestamptz) returns text language sql as $$
	select format('pp_api.subscription_to_place(%L, %L)', '{"email": "anna@vogel.example", "text_version": "2026-1"}'::jsonb || body, at)
$$;
select is(t.outcome(who, 'select ' || t.ask(:'p', 'a@b.de', '2026-02-01 10:30+00')), outcome, who || ' before it is published: ' || outcome)
	from (values ('nobody', 'procedure_not_found'), ('planner', 'procedure_not_found'), ('anyone', '42501')) v (who, outcome);
select is((select count(*) from pp.subscription_event), 0::bigint, 'nobody was told yet');
select t.reply('planner', format('pp_api.procedure_publish(%L, ''2026-02-01 11:00+00'', null, null)', :'p')) is not null;
select is((select string_agg(kind, ' ') from pp.subscription_event), 'VEROEFFENTLICHT', 'what is published is news');

-- Asked for: one row, sealed, one mail without an address
select is(t.reply('nobody', t.ask(:'p', 'anna@vogel.example', '2026-02-02'))::text, '(202,,,,)', 'accepted, and no more is said');
select is(t.reply('nobody', t.ask(:'p', 'Anna@Vogel.example', '2026-02-02 01:00+00'))::text, '(202,,,,)', 'the same for who has asked before');
select is((select count(*) from pp.subscription), 1::bigint, 'who is asked about once');
select is(t.outcome('nobody', 'select ' || t.ask(:'p', wrong, '2026-02-02')), 'invalid_body /email', coalesce(wrong, 'null') || ' is no address') from unnest(array['a@', '<a@b.de>', null]) wrong;
create function t.find(pattern text) returns text language plpgsql as $$
declare
	result text := '';
	place regclass;
	hits bigint;
begin
	for place in select c.oid from pg_class c where c.relnamespace in ('pp'::regnamespace, 'pp_keys'::regnamespace) and c.relkind in ('r', 'p') order by c.relname loop
		execute format('select count(*) from %s x where x::text ~* $1', place) into hits using pattern;
		result := result || case when hits > 0 then format(' %s:%s', place, hits) else '' end;
	end loop;
	return result;
end
$$;
select is(t.find('vogel'), '', 'its address is nowhere in the clear, not even where mail waits');
select is(string_agg(kind || ' ' || coalesce(recipient, '-') || (mailbox is not null)::text, ', ' order by id), 'subscription_confirm -true, subscription_confirm -true', 'two mails ask') from pp.mail;
create function t.next(at timestamptz, out id text, out kind text, out recipient text, out subject text, out body text, out opens text, out ends text) language plpgsql as $$
begin
	perform t.become('clerk');
	select m.id, m.kind, m.recipient, m.subject, m.body, m.opens, m.ends into id, kind, recipient, subject, body, opens, ends from pp_api.mail_next(at, false) m;
	perform set_config('session_authorization', 'postgres', true);
end
$$;
create function t.settle(id text, accepted bool, permanent bool, at timestamptz) returns text language sql as $$
	select t.value('clerk', format('select pp_api.mail_settle(%L, %L, %L, 250, ''said'', %L)', id, accepted, permanent, at))
$$;
select * from t.next('2026-02-02 02:00+00') \gset m_
select is(:'m_recipient' || ' ' || (:'m_body' ~ 'Verfahren 2026-0001: Am Rand')::text || (:'m_body' ~ 'bis zum 9. Februar 2026')::text || (:'m_body' ~ '\{link\}')::text, 'anna@vogel.example truetruetrue', 'while it is sent the address is known, and what it is about');
select is(length(:'m_opens') || ' ' || length(:'m_ends') || ' ' || (:'m_opens' <> :'m_ends')::text, '43 43 true', 'with a secret to open and one to end it');
select is(t.settle(:'m_id', true, false, '2026-02-02 02:00+00'), 'GESENDET', 'sent');
select is((select coalesce(subject, '-') || coalesce(body, '-') from pp.mail where id = :'m_id'), '--', 'and forgotten');
select is(t.find(s), '', 'no secret lies anywhere') from unnest(array[:'m_opens', :'m_ends']) s;

-- Nobody is flooded, whatever stands behind the plus
select count(t.reply('nobody', t.ask(:'p', 'opfer+' || n || '@x.example', '2026-02-03'))) from generate_series(1, 8) n;
select is((select count(*) from generate_series(1, 12) g, lateral t.next('2026-02-03 00:00:10+00'::timestamptz + g * interval '0') n where recipient ~ 'opfer'), 5::bigint, 'five a day to one mailbox');
select is((select count(*) from pp.mail where state = 'VERWORFEN' and reply ~ 'in a day' and body is null), 3::bigint, 'the others are set aside, and forgotten');

-- By the secret
create function t.by(call text, secret text, at timestamptz, more jsonb default '{}') returns text language sql as $$
	select format('pp_api.subscription_%s(%L, %L)', call, jsonb_build_object('secret', secret) || more, at)
$$;
select is(t.outcome(who, 'select ' || t.by('open', wrong, '2026-02-03')), 'subscription_unknown /secret', who || ' opens nothing with ' || coalesce(left(wrong, 4), 'null'))
	from unnest(array['nobody', 'planner']) who, unnest(array['x', '', null, :'m_ends']) wrong;
select t.body('nobody', t.by('open', :'m_opens', '2026-02-03')) as seen \gset
select is(:'seen'::jsonb #- '{items,0,id}', jsonb_build_object('items', jsonb_build_array(jsonb_build_object('kind', 'VERFAHREN', 'procedure', :'p', 'procedure_number', '2026-0001', 'procedure_title', 'Am Rand',
	'ags', null, 'name', null, 'cell', null, 'radius_km', null, 'text_version', '2026-1', 'requested_at', '2026-02-02T01:00:00.000000Z', 'confirmed_at', null, 'ends_at', '2026-02-09T01:00:00.000000Z'))), 'its reader sees what was asked for');
select :'seen'::jsonb #>> '{items,0,id}' as s \gset
select is(t.outcome('nobody', 'select ' || t.by('confirm', :'m_opens', '2026-02-09 01:00+00', jsonb_build_object('subscription', :'s'))), 'subscription_unknown /subscription', 'after a week it is too late');
select is(t.outcome('nobody', 'select ' || t.by('confirm', :'m_opens', '2026-02-04', jsonb_build_object('subscription', (select id from pp.subscription where id <> :'s' limit 1)))), 'subscription_unknown /subscription', 'another''s is not for this reader');
select is(t.body('planner', t.by('confirm', :'m_opens', '2026-02-04', jsonb_build_object('subscription', :'s'))) #> '{items,0}' ->> 'confirmed_at', '2026-02-04T00:00:00.000000Z', 'confirmed, also by who is signed in');
select is(t.value(who, 'select count(*) from pp.subscription'), '0', who || ' sees none') from unnest(array['planner', 'nobody', 'citizen', 'root', 'cremm']) who;
select t.reply('nobody', t.ask(:'p', 'anna@vogel.example', '2026-02-04')) is not null;
select is((select kind from pp.mail order by created_at desc, id desc limit 1), 'subscription_known', 'whoever asks again is told by mail, and by nothing else');
select is((select count(*) from pp.subscription where confirmed_at is not null), 1::bigint, 'and stays subscribed');

-- Places: squares, never points
select is(t.outcome('nobody', 'select ' || t.near(body::jsonb, '2026-02-04')), outcome, body || ': ' || outcome) from (values ('{}', 'invalid_body /ags'), ('{"ags": "01999001", "longitude": 10, "latitude": 53, "radius_km": 1}', 'invalid_body /ags'),
	('{"longitude": 10, "latitude": 53}', 'invalid_body /ags'), ('{"ags": "99999999"}', 'municipality_not_found'), ('{"longitude": 53, "latitude": 10, "radius_km": 5}', 'geometry_out_of_area /longitude'), ('{"ags": "01999001", "radius_km": 3}', 'invalid_body /ags')) v (body, outcome);
select ST_X(g) as lon, ST_Y(g) as lat from (select ST_Transform(ST_Centroid(ST_Translate(ST_SetSRID(ST_GeomFromWKB(t.geometry()), 25832), 1300, 0)), 4326) g) x \gset
select count(t.reply('nobody', t.near(b, '2026-02-04'))) from unnest(array[jsonb_build_object('longitude', :lon, 'latitude', :lat, 'radius_km', 1), jsonb_build_object('longitude', :lon + 0.2, 'latitude', :lat, 'radius_km', 2), '{"ags": "01999001"}', '{"ags": "01999003"}']) b;
select is((select string_agg(coalesce(ags, cell ~ '^1kmN\d{4}E\d{3}$' || ' ' || radius_km), ', ' order by ags nulls first, radius_km) from pp.subscription where procedure is null), 'true 1, true 2, 01999001, 01999003', 'of places a square and a radius');
select is((select count(distinct holder) from pp.subscription where mark = (select mark from pp.subscription where id = :'s')), 1::bigint, 'all of one address are one reader''s');
select is(jsonb_array_length(t.body('nobody', t.by('open', :'m_opens', '2026-02-04 01:00+00')) -> 'items'), 5, 'who sees them together');
select count(t.reply('nobody', t.by('confirm', :'m_opens', '2026-02-05', jsonb_build_object('subscription', id)))) from pp.subscription where procedure is null;
select is((select count(*) from pp.subscription where ends_at = '2028-02-05'), 4::bigint, 'a place is kept for two years');
select is(t.body('nobody', t.by('confirm', :'m_opens', '2027-02-05', jsonb_build_object('subscription', (select id from pp.subscription where ags = '01999003')))) @@ '$.items[*].ends_at == "2029-02-05T00:00:00.000000Z"', true, 'longer when it is renewed');

-- Told: in batches, each reader once
select t.reply('nobody', t.ask(:'p', name || '@leser.example', '2026-02-05', 'en')) is not null from unnest('{b,c,d}'::text[]) name;
update pp.subscription set confirmed_at = '2026-02-05', ends_at = null where confirmed_at is null and requested_at = '2026-02-05';
update pp.mail set state = 'VERWORFEN', settled_at = '2026-02-05' where state = 'WARTET';
create function t.tell(at timestamptz, most int default 200) returns text language sql as $$ select t.value('clerk', format('select pp_api.subscription_tell(%L, %s)', at, most)) $$;
select is(t.tell('2026-02-05'), '4', 'the publication was before the plan: places alone are looked at');
select is(t.tell('2026-02-05'), null, 'then nothing waits');
select is((select count(*) from pp.mail where state = 'WARTET'), 0::bigint, 'and without a plan nothing is near');
select t.make_plan('planner', :'p', t.result(), '2026-02-05 11:00+00') as l \gset
select t.reply('planner', format('pp_api.affected_confirm(%L, ''2026-02-05 12:00+00'', null, null)', :'l')) is not null;
select t.make_round(:'p', 'FOERM_TOEB', 'TOEB', '2026-02-06', '2026-03-08', '2026-03-07', '2026-02-05 13:00+00') as r \gset
select is(t.tell('2026-02-05 13:00+00'), null, 'a round of bodies is nobody''s news');
select t.make_round(:'p', 'FOERM_OEFF', 'OEFF', '2026-02-14', '2026-03-16', null, '2026-02-05 13:00+00') as o \gset
select is(t.value('clerk', 'select string_agg(coalesce(pp_api.subscription_tell(''2026-02-05 14:00+00'', 3)::text, ''-''), '' '') from generate_series(1, 4)'), '3 3 2 -', 'three at a time');
select is((select string_agg(m.kind || ' ' || m.lang || ' ' || coalesce(s.ags, s.cell, 'V') || m.is_bulk, ', ' order by s.id) from pp.mail m join pp.subscription s on s.id = m.subscription where m.state = 'WARTET'),
	'subscription_round de Vtrue, subscription_round en Vtrue, subscription_round en Vtrue, subscription_round en Vtrue', 'one mail to one reader, who has a place near as well');
select is(told || ' ' || (done_at is not null)::text, '4 true', 'as it is written down') from pp.subscription_event where kind = 'RUNDE';
select t.value('planner', $$select pp_api.mail_enqueue('test', 'eilig@amt.example', 'de', '{}', null, null, '2026-02-05 15:00+00')$$) is not null;
select * from t.next('2026-02-05 15:00+00') \gset u_
select is(:'u_recipient'::text, 'eilig@amt.example', 'many wait for the one that is urgent');
select t.settle(:'u_id', true, false, '2026-02-05 15:00+00');
select n.* from generate_series(1, 4) g, lateral t.next('2026-02-05 15:00+00'::timestamptz + g * interval '0') n where recipient ~ 'anna' \gset n_
select is(:'n_recipient' || (:'n_body' ~ 'Unterlagen veröffentlicht ab 14. Februar 2026')::text || (:'n_body' ~ 'bis einschließlich 16. März 2026')::text || (:'n_body' ~ 'weil Sie benachrichtigt werden wollten über: Verfahren 2026-0001: Am Rand')::text || (:'n_body' ~ 'endet')::text,
	'anna@vogel.exampletruetruetruefalse', 'what, when, and why it came');
select is(:'n_opens'::text, :'m_opens'::text, 'with the secret of before');
-- Places meet what is theirs alone
select is(t.value('clerk', format($$select string_agg(coalesce(s.ags, s.radius_km::text) || ' ' || pp_api.subscription_meets(s.ags, s.cell, s.radius_km, p, l.id, l.geom), ', ' order by s.ags nulls first, s.radius_km)
	from pp.subscription s, pp.procedure p join pp.plan l on l.procedure = p.id where s.procedure is null and p.id = %L$$, :'p')), '1 true, 2 false, 01999001 true, 01999003 false', 'by distance from the square, and by who is affected');

-- Ended: by its mail program, by refusal, by itself
select is(t.value('nobody', format('select pp_api.subscription_ending(%L, %L)', x, lang)), what, 'would end: ' || coalesce(what, 'nothing'))
	from (values (:'n_ends', 'de', (select pp_api.subscription_what(s.procedure, s.ags, s.radius_km, 'de') from pp.subscription s where s.id = :'s')),
		(:'n_ends', 'en', (select pp_api.subscription_what(s.procedure, s.ags, s.radius_km, 'en') from pp.subscription s where s.id = :'s')), (:'m_opens', 'de', null), ('x', 'de', null)) v (x, lang, what);
select is((select count(*) from pp.subscription where id = :'s'), 1::bigint, 'asking ends nothing');
select is(t.value('nobody', format('select pp_api.subscription_unsubscribe(%L, ''2026-02-06'')', x)), outcome, 'unsubscribed: ' || outcome) from (values (:'n_ends', 'true'), (:'n_ends', 'false'), (:'m_opens', 'false'), ('x', 'false')) v (x, outcome);
select is((select count(*) from pp.subscription where id = :'s'), 0::bigint, 'one request ends the one');
select is(jsonb_array_length(t.body('nobody', t.by('end', :'m_opens', '2026-02-06', jsonb_build_object('subscription', (select id from pp.subscription where ags = '01999001')))) -> 'items'), 3, 'its reader another');
select holder as h from pp.subscription where ags = '01999003' \gset
select is(t.body('nobody', t.by('end', :'m_opens', '2026-02-06', '{"all": true}')), '{"items": []}', 'and all');
select is((select count(*) from pp_keys.person_key where person = :'h'), 0::bigint, 'the key of the address went with the last');
select is(t.outcome('nobody', 'select ' || t.by('open', :'m_opens', '2026-02-06')), 'subscription_unknown /secret', 'so its secret opens nothing');
select * from t.next('2026-02-06') \gset b_
select t.settle(:'b_id', false, true, '2026-02-06');
select is((select state from pp.mail where id = :'b_id') || ' ' || (select count(*) from pp.subscription where id = (select subscription from pp.mail where id = :'b_id')), 'FEHLGESCHLAGEN 0', 'refused for good: it ends');
select is((select (subscription is not null)::text || coalesce(body, '-') from pp.mail where id = :'b_id'), 'true-', 'and what it would have said is forgotten');
select * from t.next('2026-02-06') \gset d_
select t.settle(:'d_id', false, false, '2026-02-06');
select is((select state from pp.mail where id = :'d_id') || ' ' || (select count(*) from pp.subscription where id = (select subscription from pp.mail where id = :'d_id')), 'WARTET 1', 'not now: it stays');
delete from pp.subscription s where s.id = (select m.subscription from pp.mail m where m.id = :'d_id');
select is((select count(*) from generate_series(1, 5) g, lateral t.next('2026-02-06 01:00+00'::timestamptz + g * interval '0') n where id = :'d_id'), 0::bigint, 'a mail to nobody is passed over');
select is((select state || ' ' || reply from pp.mail where id = :'d_id'), 'VERWORFEN The subscription has ended.', 'and set aside');

-- Of a statement: given with it, confirmed by its own link
create function t.say(body jsonb, at timestamptz) returns text language sql as $$
	select format('pp_api.statement_submit_round(%L, %L, %L, null, null)', (select id from pp.round where audience = 'OEFF'), '{"stance": "EINWENDUNG", "text": "Zu laut"}'::jsonb || body, at)
$$;
select t.body('nobody', t.say('{"person": {"family_name": "Muster", "email": "erika@muster.example"}, "consents": {"notices": true, "text_version": "2026-1"}}', '2026-02-15')) as st \gset
select :'st'::jsonb ->> 'status_token' as token, :'st'::jsonb #>> '{person,id}' as person \gset
select is((select (person = :'person')::text || (mark is null)::text || (confirmed_at is null)::text from pp.subscription where person is not null), 'truetruetrue', 'sealed by the person''s own key, linked to nobody');
select is((select count(*) from pp.mail where kind = 'subscription_confirm' and created_at = '2026-02-15'), 0::bigint, 'the link that confirms the address is enough');
select substring(body from '#([\w-]{43})') as secret from pp.mail where kind = 'address_confirmation' \gset
select t.reply('nobody', format('pp_api.address_confirm(%L, ''2026-02-16'')', jsonb_build_object('secret', :'secret'))) is not null;
select is((select confirmed_at || coalesce(ends_at::text, '-') from pp.subscription where person is not null), '2026-02-16 00:00:00+00-', 'confirmed with it');
create function t.consent(token text, body jsonb, at timestamptz) returns text language sql as $$ select format('pp_api.token_consent(%L, %L, %L)', token, '{"text_version": "2026-2"}'::jsonb || body, at) $$;
select is(jsonb_path_query_array(t.body('nobody', t.consent(:'token', '{"notices": false}', '2026-02-17')), '$.consents[*] ? (@.kind == "MITTEILUNGEN").given'), '[true, false]', 'taken back by the secret of the receipt');
select is((select count(*) from pp.subscription where person is not null), 0::bigint, 'which ends it');
select t.reply('nobody', t.consent(:'token', '{"notices": true}', '2026-02-18')) is not null;
select is((select text_version || ' ' || (confirmed_at is not null)::text from pp.subscription where person is not null), '2026-2 true', 'given again: the address is known already');
select is(t.outcome('nobody', 'select ' || t.consent('x', '{"notices": true}', '2026-02-18')), 'status_token_unknown', 'nobody else gives it');
select t.body('nobody', t.say('{"person": {"family_name": "Ohne"}}', '2026-02-15')) ->> 'status_token' as without \gset
select is(t.outcome('nobody', 'select ' || t.consent(:'without', '{"notices": true}', '2026-02-18')), 'conflict /notices', 'without an address there is nothing to send to');
select t.body('nobody', t.say('{}', '2026-02-15')) ->> 'status_token' as anonymous \gset
select is(t.outcome('nobody', 'select ' || t.consent(:'anonymous', '{"publish_name": true}', '2026-02-18')), 'conflict', 'anonymous people consent to nothing');
select is(jsonb_path_query_array(t.body('nobody', format('pp_api.token_show(%L)', :'token')), '$.subscriptions[*].kind'), '["EIGENE"]', 'it is part of what is kept of somebody');
-- Later, where nobody has confirmed the address yet: asked about by mail
select t.body('nobody', t.say('{"person": {"family_name": "Spaet", "email": "spaet@muster.example"}}', '2026-02-15')) ->> 'status_token' as late \gset
select t.reply('nobody', t.consent(:'late', '{"notices": true}', '2026-02-19')) is not null;
select is((select kind from pp.mail where created_at = '2026-02-19'), 'subscription_confirm', 'an address that nobody has confirmed is asked about');
update pp.mail set state = 'VERWORFEN', settled_at = '2026-02-19' where state = 'WARTET' and created_at < '2026-02-19';
select * from t.next('2026-02-19') \gset l_
select is(t.body('nobody', t.by('confirm', :'l_opens', '2026-02-19', jsonb_build_object('subscription', (select subscription from pp.mail where id = :'l_id')))) #>> '{items,0,kind}', 'EIGENE', 'confirmed by that mail');
select is((select count(*) from pp.person where confirmed_at = '2026-02-19'), 1::bigint, 'and so is the address');

-- The result, to whom it was communicated
select t.reply('planner', format('pp_api.weighing_accept(%L, ''2026-03-20'', null, null)', :'p')) is not null;
select t.reply('planner', format('pp_api.weighing_propose(%L, %L, ''2026-03-20'', null, null)', :'p', jsonb_build_object('decision', 'GEFOLGT', 'reason', 'weil', 'statements', (select jsonb_agg(id) from pp.statement where person is not null)))) is not null;
select t.reply('planner', format('pp_api.weighing_decide(%L, ''{"resolved_on": "2026-03-20", "reference": "1", "council": "Rat"}'', ''2026-03-20'', null, null)', :'p')) is not null;
select t.reply('planner', format('pp_api.statement_communicate(%L, ''{"on": "2026-03-21", "channel": "POST"}'', ''2026-03-21'', null, null)', :'st'::jsonb ->> 'id')) is not null;
update pp.mail set state = 'VERWORFEN', settled_at = '2026-03-21' where state = 'WARTET';
select is(t.tell('2026-03-21'), '1', 'one person is told of theirs');
select * from t.next('2026-03-21') \gset e_
select is(:'e_recipient' || ' ' || :'e_subject' || (:'e_body' ~ 'Zu laut|Muster|weil[.]')::text, 'erika@muster.example Über Ihre Stellungnahme ist entschieden: Am Randfalse', 'that there is a result, and no word of it');
select is(t.value('nobody', format('select pp_api.subscription_unsubscribe(%L, ''2026-03-22'')', :'e_ends')), 'true', 'ended by its mail program');
select is((select given || ' ' || text_version from pp.consent where person = :'person' and kind = 'MITTEILUNGEN' order by at desc limit 1), 'false 2026-2', 'the consent is taken back, as it is written down');

select t.reply('nobody', t.consent(:'token', '{"notices": true}', '2026-03-23')) is not null;
select is(t.body('amt', t.by('end', :'e_opens', '2026-03-24', '{"all": true}')) -> 'items', '[]', 'as well by its page, whoever is signed in');
select is((select given from pp.consent where person = :'person' and kind = 'MITTEILUNGEN' order by at desc limit 1), false, 'and it is written down');

-- Erased with the person
select is((select count(*) from pp.subscription where person is not null), 1::bigint, 'another is still subscribed');
update pp.procedure set state = 'IN_KRAFT', state_since = '2020-01-01';
select t.reply('nobody', format('pp_api.token_erase(%L, ''2026-04-01'')', :'late')) is not null;
select is((select count(*) from pp.subscription where person is not null), 0::bigint, 'whoever is erased is told nothing any more');
update pp.procedure set state = 'AUSWERTUNG', state_since = '2026-03-20';

-- The end of the procedure: told, and over
select t.reply('nobody', t.ask(:'p', 'ende@leser.example', '2026-04-02')) is not null;
update pp.subscription set confirmed_at = '2026-04-02', ends_at = null where requested_at = '2026-04-02';
update pp.mail set state = 'VERWORFEN', settled_at = '2026-04-02' where state = 'WARTET';
select t.reply('planner', format('pp_api.procedure_withdraw(%L, ''{"reason": "Ohne Bedarf"}'', ''2026-04-03'', null, null)', :'p')) is not null;
select is((select state from pp.subscription_event where kind = 'STAND'), 'EINGESTELLT', 'its end is news');
select t.tell('2026-04-03') is not null;
select n.* from generate_series(1, 4) g, lateral t.next('2026-04-03'::timestamptz + g * interval '0') n where recipient ~ 'ende' \gset z_
select is(:'z_subject' || (:'z_body' ~ 'Mit dieser Nachricht endet Ihre Benachrichtigung')::text || (:'z_body' ~ 'Ohne Bedarf')::text, 'Eingestellt: Am Randtruefalse', 'and the last');
select is(t.outcome('nobody', 'select ' || t.ask(:'p', 'neu@leser.example', '2026-04-03')), 'conflict', 'nobody subscribes to what is over');
select is(t.value('clerk', $$select pp_api.subscription_sweep('2026-04-04')$$)::int, 8, 'requests that nobody has confirmed go');
select is(t.value('clerk', $$select pp_api.subscription_sweep('2026-04-16')$$)::int, 0, 'kept until the mail is sent or given up');
select is((select count(*) from pp.subscription where procedure is not null), 2::bigint, 'still there');
select is(t.value('clerk', $$select pp_api.subscription_sweep('2026-04-17')$$)::int, 2, 'then they go');
select is((select count(*) from pp_keys.person_key k where not exists (select from pp.person n where n.id = k.person)), (select count(distinct holder) from pp.subscription), 'and its key with it');
select is(t.outcome(who, 'select * from pp.subscription_event'), '42501', who || ' reads no news that wait') from unnest(array['nobody', 'planner', 'anyone', 'owner']) who where who <> 'owner';
select * from finish();
