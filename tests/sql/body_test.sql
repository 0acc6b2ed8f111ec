-- SPDX-License-Identifier: EUPL-1.2
-- Bodies: who plans for whom, and who says who acts for a body.
set client_min_messages = warning;
select plan(77);

-- Who plans for whom: Elbstadt also for Ahrens, the Amt for its municipalities as long as it administers them.
select is(pp.may_plan_for(planner, ags, family, day::date), may, planner || ' for ' || ags || ', ' || family || ' on ' || day)
	from (values ('02000000', '02000000', 'BAULEITPLANUNG', '2026-02-01', true), ('02000000', '01999001', 'BAULEITPLANUNG', '2026-02-01', true),
		('02000000', '01999001', 'BAULEITPLANUNG', '2015-02-01', false), ('02000000', '01999002', 'BAULEITPLANUNG', '2026-02-01', false),
		('019995001', '01999002', 'BAULEITPLANUNG', '2026-06-30', true), ('019995001', '01999002', 'BAULEITPLANUNG', '2026-07-01', false),
		('019995001', '01999003', 'BAULEITPLANUNG', '2026-02-01', false), ('02000000-1', '02000000', 'BAULEITPLANUNG', '2026-02-01', true),
		('01998', '01998005', 'BAULEITPLANUNG', '2026-02-01', false), ('landesplanung-au', '01999001', 'BAULEITPLANUNG', '2026-02-01', false),
		('landesplanung-au', '01999001', 'RAUMORDNUNG', '2026-02-01', true), ('landesplanung-au', '02000000', 'RAUMORDNUNG', '2026-02-01', false),
		('netz-gmbh', '02000000', 'RAUMORDNUNG', '2026-02-01', false)) v (planner, ags, family, day, may);
select is(pp.mailbox('01999001', '2026-02-01'), '019995001', 'whoever only plans for a municipality is no mailbox of it');
insert into t.person values ('amtplan', 'pp_server', '00000000-0000-7000-8000-000000000031', '019995001', 'reader manager'),
	('chief', 'pp_server', '00000000-0000-7000-8000-000000000032', '019995001', 'reader body_administrator'),
	('chief2', 'pp_server', '00000000-0000-7000-8000-000000000033', '01998004', 'reader body_administrator'),
	('lpb', 'pp_server', '00000000-0000-7000-8000-000000000034', 'landesplanung-au', 'reader body_administrator');
select t.enrol('{amtplan,chief,chief2,lpb}');
create function t.file(who text, ags text[]) returns text language sql as $$
	select format('pp_api.procedure_create(%L, ''2026-02-01'', null, null)', jsonb_build_object('kind', 'BP_REGEL', 'title', 'x', 'planning_municipalities', ags))
$$;
select is(t.outcome('cremm', 'select ' || t.file('cremm', '{01999003,02000000}')), 'municipality_not_yours /planning_municipalities/1', 'nobody names a neighbour as planning');
select t.body('amtplan', t.file('amtplan', '{01999001,01999002}')) ->> 'id' as p \gset
select is((select string_agg(body, ' ' order by body) from pp.procedure_party where procedure = :'p'), '01999001 01999002', 'both stand in it: who acts, and for whom');
select is(t.outcome(who, format('select pp_api.need_procedure(%L)', :'p')), outcome, who || ' sees it: ' || outcome)
	from (values ('amtplan', 'done'), ('ahrens', 'done'), ('cremm', 'procedure_not_found'), ('root', 'procedure_not_found')) v (who, outcome);
select is(t.outcome('amtplan', format('select pp_api.procedure_change(%L, ''{"planning_municipalities": ["01999003"]}'', ''*'', ''2026-02-02'')', :'p')),
	'municipality_not_yours /planning_municipalities/0', 'nor later');

-- Members
create function t.join(body text, email text, roles text, more jsonb default '{}') returns text language sql as $$
	select format('pp_api.membership_create(%L, %L, ''2026-02-01'', null, null)', body, jsonb_build_object('email', email, 'roles', string_to_array(roles, ' ')) || more)
$$;
select is(t.outcome(who, 'select ' || t.join(body, email, roles)), outcome, format('%s names %s in %s: %s', who, roles, body, outcome))
	from (values ('chief', '019995001', 'a@x.example', 'clerk', 'done'), ('chief', '01998004', 'a@x.example', 'clerk', 'forbidden'),
		('chief', '019995001', 'a@x.example', 'oversight', 'invalid_body /roles'), ('lpb', 'landesplanung-au', 'a@x.example', 'oversight', 'done'),
		('chief', '019995001', 'a@x.example', 'operator', 'invalid_body /roles'), ('chief', '019995001', 'amtplan@example.org', 'clerk', 'membership_exists /email'),
		('amtplan', '019995001', 'a@x.example', 'clerk', 'forbidden'), ('root', '01998004', 'a@x.example', 'body_administrator', 'done'),
		('root', '01998004', 'a@x.example', 'clerk body_administrator', 'forbidden /roles'), ('root', '01998004', 'root@example.org', 'body_administrator', 'forbidden /email'),
		('root', 'nowhere', 'a@x.example', 'body_administrator', 'not_found'), ('citizen', '019995001', 'a@x.example', 'clerk', 'forbidden'),
		('anyone', '019995001', 'a@x.example', 'clerk', '42501')) v (who, body, email, roles, outcome);
select t.body('chief', t.join('019995001', ' Neu@Amt.Example ', 'releaser', '{"valid_to": "2026-03-31"}')) as m \gset
select is(:'m'::jsonb - '{id,created_at,confirmed_at,account}'::text[], '{"access": {"mail": null, "issuer": false, "password": false, "invited_at": null}, "body": "019995001", "email": "neu@amt.example", "roles": ["reader", "releaser"], "state": "confirmed", "ended_at": null,
	"valid_to": "2026-03-31", "body_name": "Amt Auental", "valid_from": null}', 'a member is there, with an account');
select is(jsonb_array_length(t.body('chief', $$pp_api.membership_list('019995001')$$) -> 'items'), 4, 'and listed');
select is(t.outcome('chief2', $$select pp_api.membership_list('019995001')$$), 'forbidden', 'to nobody else''s administrator');
select is(t.value('chief2', format('select pp_api.member_email(%L)', account)), null, 'nor is the address') from pp.membership where id = (:'m'::jsonb ->> 'id')::uuid;
select is(t.value('chief', 'select count(*) from pp.account'), '1', 'addresses come from the list alone');
select is(t.outcome('chief2', format('select pp_api.membership_change(%L, ''{"roles": ["reader"]}'', ''1'', ''2026-02-02'')', :'m'::jsonb ->> 'id')), 'membership_not_found', 'nor changed');
select is(t.body('chief', format('pp_api.membership_change(%L, ''{"roles": ["manager"], "valid_to": null}'', ''1'', ''2026-02-02'')', :'m'::jsonb ->> 'id')) - '{id,created_at,confirmed_at,account,access,body,body_name,email,state,ended_at,valid_from}'::text[],
	'{"roles": ["reader", "manager"], "valid_to": null}', 'its administrator does');
select is(t.body('chief', format('pp_api.membership_end(%L, ''2026-02-03'')', :'m'::jsonb ->> 'id')) ->> 'state', 'ended', 'and ends it');
select is(t.outcome('chief', format('select pp_api.membership_end(%L, ''2026-02-03'')', :'m'::jsonb ->> 'id')), 'conflict', 'once');
select is(t.outcome('chief', format('select pp_api.membership_end(%L, ''2026-02-03'')', id)), 'forbidden', 'nobody ends their own') from pp.membership where account = '00000000-0000-7000-8000-000000000032';

-- Whoever joined by signing in.
update pp.membership set state = 'pending', confirmed_at = null where account = '00000000-0000-7000-8000-000000000031';
select is(t.body('chief', format('pp_api.membership_confirm(%L, ''{"roles": ["clerk"]}'', ''2026-02-02'')', id)) #>> '{roles,1}', 'clerk', 'is confirmed, as what the administrator says') from pp.membership where account = '00000000-0000-7000-8000-000000000031';
select is(t.outcome('chief', format('select pp_api.membership_confirm(%L, ''{}'', ''2026-02-02'')', id)), 'conflict', 'once') from pp.membership where account = '00000000-0000-7000-8000-000000000031';

insert into t.person values ('overseer', 'pp_server', '00000000-0000-7000-8000-000000000041', 'landesplanung-au', 'reader oversight'),
	('lander', 'pp_server', '00000000-0000-7000-8000-000000000042', 'landesplanung-au', 'reader clerk releaser manager'),
	('impostor', 'pp_server', '00000000-0000-7000-8000-000000000043', '02000000', 'reader oversight'),
	('elbman', 'pp_server', '00000000-0000-7000-8000-000000000044', '02000000', 'reader manager');
select t.enrol('{overseer,lander,impostor,elbman}');

-- A second person releases; notes stay in the body.
select t.make_procedure('elbman', 'Am Rand', '2026-02-01 10:00+00') as e \gset
select t.make_plan('elbman', :'e', t.result(), '2026-02-01 11:00+00') as el \gset
select (t.reply('elbman', format('pp_api.affected_confirm(%L, ''2026-02-01 12:00+00'', null, null)', :'el'))).status as confirmed \gset
select (t.body('elbman', t.round_call(:'e', 'FOERM_TOEB', 'TOEB', '2026-02-02', '2026-03-04', '2026-03-03', '2026-02-01 13:00+00')) ->> 'id') as r \gset
select t.invitation(:'r', '01999001') as i \gset
insert into t.person values ('drafter', 'pp_server', '00000000-0000-7000-8000-000000000051', '019995001', 'reader clerk');
select t.enrol('{drafter}');
select t.body('drafter', format('pp_api.draft_create(%L, ''{"stance": "HINWEISE", "text": "erst"}'', ''2026-02-10'', null, null)', :'i')) ->> 'id' as d \gset
create function t.release(who text, draft text) returns text language sql as $$ select t.outcome(who, format('select pp_api.draft_submit(%L, ''2026-02-11'', null, null)', draft)) $$;
select is(t.release('amt', :'d') || t.outcome('amt', format('select pp_api.statement_submit(%L, ''{"stance": "KEINE_BEDENKEN"}'', ''2026-02-11'', null, null)', :'i')), 'donedone', 'one person may do both');
select is(t.body('chief', $$pp_api.body_change('019995001', '{"release_by_second": true}', '*', '2026-02-10')$$) ->> 'release_by_second', 'true', 'unless the body says no');
select is(t.outcome('amt', format('select pp_api.statement_submit(%L, ''{"stance": "KEINE_BEDENKEN"}'', ''2026-02-11'', null, null)', :'i')), 'second_person_required', 'then nothing goes out without a draft');
select is(t.outcome('amt', format('select pp_api.inbox_answer(%L, ''2026-02-11'', null, null)', jsonb_build_object('invitations', jsonb_build_array(:'i'), 'stance', 'KEINE_BEDENKEN'))), 'second_person_required', 'nor for several at once');
select is(t.release('amt', :'d'), 'done', 'another releases it');
select is(t.body('amt', format('pp_api.draft_change(%L, ''{"text": "anders"}'', ''*'', ''2026-02-10'')', :'d')) ->> 'text', 'anders', 'but whoever has changed it');
select is(t.release('amt', :'d'), 'second_person_required', 'does not');
select is(t.body('amt', format('pp_api.note_create(%L, ''{"text": " Bürgermeisterin fragen "}'', ''2026-02-10'', null, null)', :'e')) ->> 'text', 'Bürgermeisterin fragen', 'a note');
select is(t.outcome(who, format('select pp_api.note_list(%L)', :'e')) || coalesce(jsonb_array_length(t.body(who, format('pp_api.note_list(%L)', :'e')) -> 'items')::text, ''), sees, who || ' sees ' || sees)
	from (values ('drafter', 'done1'), ('ahrens', 'done0'), ('elbman', 'done0'), ('chief', 'done0'), ('overseer', 'done0')) v (who, sees);
select is(t.outcome('owner', 'select content from pp.note') || t.value('owner', 'select count(*) from pp.note') || t.outcome('clerk', 'select from pp.note') || t.outcome('anyone', 'select from pp.note'), 'done04250142501', 'nor do other logins');

-- Oversight: a planning authority reads every procedure of its Land, and another's once R80 has named it.
create function t.sees(who text, procedure text) returns text language sql as $$ select t.outcome(who, format('select pp_api.need_procedure(%L)', procedure)) $$;
select is(t.sees('overseer', :'p') || t.sees('lander', :'p') || t.sees('impostor', :'p'), 'doneprocedure_not_foundprocedure_not_found', 'of its Land, by the role, in a planning authority alone');
select t.make_procedure('elbman', 'Drüben', '2026-02-01 10:00+00') as q \gset
select is(t.sees('overseer', :'q'), 'procedure_not_found', 'not of another Land');
select t.make_plan('elbman', :'q', t.result() - 'authorities', '2026-02-02') as l1 \gset
select is(t.sees('overseer', :'q'), 'procedure_not_found', 'as long as no rule has named it');
select t.make_plan('elbman', :'q', t.result(), '2026-02-03') as l2 \gset
select is(t.sees('overseer', :'q') || t.sees('lander', :'q'), 'doneprocedure_not_found', 'then it does');
select is(t.value('overseer', format('select count(*) from pp_api.plan_visible where procedure = %L', :'q')), '2', 'with its plans');
select is(t.value('overseer', format('select count(*) from pp_api.affected_municipality_visible where plan = %L', :'l2')), '4', 'and who is affected');
select is(t.outcome('overseer', format('select pp_api.procedure_change(%L, ''{"title": "y"}'', ''*'', ''2026-02-02'')', :'q')), 'forbidden', 'and changes nothing');
select is(string_agg(t.value('overseer', 'select count(*) from pp.' || relation), ''), '0000', 'nor does it read drafts, statements, concerns or notes')
	from unnest(array['draft', 'statement', 'concern', 'note']) relation;

-- Where an office is written to: a day has one address, whatever was to come.
select t.body('chief', $$pp_api.body_change('019995001', '{"mail": "eins@amt.example"}', '*', '2026-03-01 12:00+00')$$) ->> 'mail' as m \gset
select is(:'m'::text, 'eins@amt.example', 'its administrator says where a body is written to');
update pp.body_mail set valid_to = '2026-03-31' where body = '019995001';
insert into pp.body_mail values ('019995001', 'spaeter@amt.example', '2026-04-01', null, 'test');
select is(t.body('chief', $$pp_api.body_change('019995001', '{"mail": "zwei@amt.example"}', '*', '2026-03-05 12:00+00')$$) ->> 'mail', 'zwei@amt.example', 'and says so anew');
select results_eq($$select m.mail, m.valid_from, m.valid_to from pp.body_mail m where m.body = '019995001' order by m.valid_from$$,
	$$values ('eins@amt.example', date '2026-03-01', date '2026-03-04'), ('zwei@amt.example', '2026-03-05', null)$$, 'what was is kept, what was to come is not');
select is(t.body('chief', $$pp_api.body_change('019995001', '{"mail": "drei@amt.example"}', '*', '2026-03-05 18:00+00')$$) ->> 'mail', 'drei@amt.example', 'twice on a day');
select is(string_agg(m.mail, ',' order by m.valid_from), 'eins@amt.example,drei@amt.example', 'the last counts') from pp.body_mail m where m.body = '019995001';
select is(string_agg(m.recipient, ',' order by m.id), 'eins@amt.example,zwei@amt.example', 'whoever read before is told') from pp.mail m where m.kind = 'mailbox_left';
select is(t.outcome('amt', $$select pp_api.body_mail_change('019995001', 'x@y.example', '2026-03-06')$$)
	|| t.outcome('chief', $$select pp_api.body_mail_change('01999001', 'x@y.example', '2026-03-06')$$), 'forbidden /mailforbidden /mail', 'nobody else does');
select is(t.value('amt', $$select (r).body ->> 'mail' from pp_api.body_show('019995001', '2026-03-06') r$$), 'drei@amt.example', 'its members see it');
select is(t.value('anyone', $$select (r).body ->> 'mail' from pp_api.body_show('019995001', '2026-03-06') r$$), null, 'and nobody else');
select * from finish();
