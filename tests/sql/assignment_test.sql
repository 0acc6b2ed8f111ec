-- SPDX-License-Identifier: EUPL-1.2
-- Who of a body looks after what: assigned by its members, seen by them alone, and over with the membership.
set client_min_messages = warning;
select plan(51);

select t.make_procedure('planner', 'Am Rand', '2026-02-01 10:00+00') as p \gset
select t.make_plan('planner', :'p', t.result(), '2026-02-01 11:00+00') as l \gset
select (t.reply('planner', format('pp_api.affected_confirm(%L, ''2026-02-01 12:00+00'', null, null)', :'l'))).status as confirmed \gset
select t.make_round(:'p', 'FOERM_TOEB', 'TOEB', '2026-02-02', '2026-03-04', '2026-03-03', '2026-02-01 13:00+00') as r \gset
select t.invitation(:'r', '01999001') as i1, t.invitation(:'r', '01999002') as i2 \gset
create function t.make(email text, roles text, body text) returns uuid language sql as $$
	select t.value('root', format('select account from pp_api.account_create(%L, null, %L, %L, ''2026-01-01'')', email, roles, body))::uuid
$$;
-- Three of Amt Auental, and one who only reads there; one of the planning body.
select '019995001'::text as office, (select body from t.person where name = 'planner') as planners \gset
insert into t.person select v.name, 'pp_server', t.make(v.name || '@amt.example', v.roles, v.body), v.body, 'reader ' || v.roles
	from (values ('chief', 'body_administrator', :'office'), ('paul', 'clerk', :'office'), ('rita', 'reader', :'office'), ('weigher', 'clerk', :'planners')) v (name, roles, body);
select account as paul from t.person where name = 'paul' \gset
select account as rita from t.person where name = 'rita' \gset
select account as weigher from t.person where name = 'weigher' \gset
create function t.assign(invitation text, account text, at text default '2026-02-10', if_match text default '*') returns text language sql as
$$ select format('pp_api.invitation_assign(%L, jsonb_build_object(''account'', %L::text), %L, %L)', invitation, account, if_match, at) $$;
create function t.inbox(who text, assigned text, at text default '2026-02-11') returns jsonb language sql as
$$ select jsonb_path_query_array(t.body(who, format('pp_api.inbox(null, null, null, %L, ''de'', %L)', at, assigned)), '$.invitations[*].body') $$;

select is(jsonb_path_query_array(t.body('paul', $$pp_api.colleague_list('2026-02-10')$$), '$.items[*].name') - (select a.email from pp.account a join t.person p on p.account = a.id where p.name = 'amt'), '["chief@amt.example", "paul@amt.example", "rita@amt.example"]', 'members know one another');
select is(t.value('nobody', $$select pp_api.colleague_list('2026-02-10')::text$$) || t.value('citizen', $$select pp_api.colleague_list('2026-02-10')::text$$), '(200,,,,"{""items"" : []}")(200,,,,"{""items"" : []}")', 'and nobody else knows any');
select is(t.body('amt', t.assign(:'i2', :'paul')) -> 'assignment', jsonb_build_object('account', :'paul', 'name', 'paul@amt.example', 'at', '2026-02-10T00:00:00.000000Z', 'by', pp_api_name))
	from (select t.value('amt', $$select pp_api.colleague(pp.current_account(), '2026-02-10') ->> 'name'$$) as pp_api_name) n;
select is(t.outcome('amt', 'select ' || t.assign(:'i2', :'weigher')), 'invalid_body /account', 'nobody of another body is assigned anything');
select is(t.outcome('amt', 'select ' || t.assign(:'i2', gen_random_uuid()::text)), 'invalid_body /account', 'nor who is not');
select is(t.outcome(who, 'select ' || t.assign(:'i2', :'rita')), outcome, who || ' assigns: ' || outcome) from (values
	('chief', 'done'), ('paul', 'done'), ('rita', '42501'), ('planner', 'forbidden'), ('ahrens', 'invitation_not_found'), ('nobody', 'invitation_not_found')) v (who, outcome);
select is(t.inbox('paul', 'me'), '["01999002"]', 'it is in one''s own inbox');
select is(t.inbox('amt', :'paul'), '["01999002"]', 'and found under one''s id');
select is(t.inbox('amt', 'me'), '[]', 'not in another''s');
select ok(t.inbox('amt', 'none') @> '["01999001"]' and not t.inbox('amt', 'none') @> '["01999002"]', 'what is nobody''s is found as well');
select is(t.outcome('amt', $$select pp_api.inbox(null, null, null, '2026-02-11', 'de', 'you')$$), 'invalid_parameter', 'and nothing else');
select is(t.body(who, format('pp_api.invitation_show(%L, ''2026-02-11'')', :'i2')) #>> '{assignment,account}', seen, who || ' sees ' || coalesce(seen, 'nothing'))
	from (values ('amt', :'paul'), ('rita', :'paul'), ('planner', null), ('damm', null)) v (who, seen) where t.outcome(who, format('select pp_api.invitation_show(%L, ''2026-02-11'')', :'i2')) = 'done';
select is(t.value(who, 'select count(*) from pp.assignment'), n, who || ' reads ' || n) from (values ('amt', '1'), ('rita', '1'), ('planner', '0'), ('ahrens', '0'), ('nobody', '0'), ('root', '0')) v (who, n);
select is((select array_agg(recipient || ' ' || kind) from pp.mail where kind like 'assigned%'), '{paul@amt.example assigned_invitation}', 'they are told by mail');
select ok(body like '%hat Ihnen diese Beteiligung zugewiesen%' and subject like 'Ihnen zugewiesen: Am Rand – Frist %' and planner_body is null, 'which the planning body does not see') from pp.mail where kind like 'assigned%';
select is((select string_agg(array_to_string(bodies, ','), ' ') from pp.event where kind = 'invitation.assigned'), :'office', 'the event is the body''s alone');
-- By the link of the invitation it is the body that asks, but none of its members.
create function t.by_link(invitation uuid) returns jsonb language plpgsql as $$
declare
	r jsonb;
begin
	perform t.become('nobody');
	perform pp.become('', '019995001', '');
	r := pp_api.invitation_json(pp_api.need_invitation(invitation), '2026-02-11') -> 'assignment';
	perform set_config('session_authorization', 'postgres', true);
	return r;
end
$$;

-- Changed, and taken away
-- How often it has changed is its ETag: who does not know the last change is told.
create function t.etag(who text) returns text language sql as
$$ select t.value(who, format('select (pp_api.invitation_assignment(%L, ''2026-02-11'')).etag', current_setting('t.i2'))) $$;
select set_config('t.i2', :'i2', false) is not null;
select is(t.etag('amt'), '1', 'an assignment has been changed once');
select is(t.outcome('amt', 'select ' || t.assign(:'i2', :'rita', '2026-02-11', if_match)), outcome, coalesce(if_match, 'no If-Match') || ': ' || outcome)
	from (values (null, 'precondition_required'), ('0', 'precondition_failed'), ('2', 'precondition_failed'), ('', 'precondition_failed')) v (if_match, outcome);
select is(t.body('amt', t.assign(:'i2', :'paul', '2026-02-11', '1')) #>> '{assignment,account}', :'paul', 'whoever knows it changes it');
select is(t.outcome('planner', format('select pp_api.invitation_assignment(%L, ''2026-02-11'')', :'i2')), 'forbidden', 'who has asked hears nothing of it');

select is(t.body('paul', t.assign(:'i2', :'paul', '2026-02-12')) #>> '{assignment,at}', '2026-02-10T00:00:00.000000Z', 'the same again changes nothing');
select is(t.body('paul', t.assign(:'i2', :'rita', '2026-02-12')) #>> '{assignment,account}', :'rita', 'another follows');
select is((select count(*) from pp.assignment where ended_at = '2026-02-12' and account = :'paul'), 1::bigint, 'the first stays on record');
select is((select string_agg(recipient, ' ' order by id) from pp.mail where kind = 'assigned_invitation'), 'paul@amt.example rita@amt.example', 'who is told');
select is(t.outcome('amt', format('update pp.assignment set account = %L', :'paul')), '42501', 'nothing of it is changed');
select is(t.outcome('amt', 'delete from pp.assignment'), '42501', 'or deleted');
select is(t.body('chief', format('pp_api.invitation_assign(%L, ''{"account": null}'', ''*'', ''2026-02-13'')', :'i2')) -> 'assignment', 'null', 'nobody looks after it now');
select t.body('chief', t.assign(:'i2', :'paul', '2026-02-14')) is not null;

-- It ends with the membership
update pp.membership set valid_to = '2026-02-20' where account = :'paul' and state = 'confirmed';
select is(t.inbox('amt', :'paul', '2026-02-20 12:00+01') || t.inbox('amt', :'paul', '2026-02-21 12:00+01'), '["01999002"]', 'an assignment ends with the membership');
select ok(t.inbox('amt', 'none', '2026-02-21 12:00+01') @> '["01999002"]', 'and what was theirs is nobody''s');
select is(t.outcome('amt', 'select ' || t.assign(:'i2', :'paul', '2026-02-21 12:00+01')), 'invalid_body /account', 'who has left is assigned nothing');

-- At the planning body
select t.body('amt', format('pp_api.statement_submit(%L, ''{"stance": "BEDENKEN", "text": "nein"}'', ''2026-02-15'', null, null)', :'i2')) ->> 'id' as s \gset
create function t.assign_statement(statement text, account text) returns text language sql as
$$ select format('pp_api.statement_assign(%L, jsonb_build_object(''account'', %L::text), ''*'', ''2026-03-10'')', statement, account) $$;
select is(t.outcome('amt', 'select ' || t.assign_statement(:'s', :'rita')), 'forbidden', 'the author says nothing about who weighs');
select is(t.body('planner', t.assign_statement(:'s', :'weigher')) #>> '{assignment,account}', :'weigher', 'the planning body does');
create function t.weighed(who text, assigned text) returns jsonb language sql as
$$ select jsonb_path_query_array(t.body(who, format('pp_api.weighing_list(%L, null, null, null, null, null, null, null, null, %L, ''2026-03-11'')', p.id, assigned)), '$.items[*].assignment.name') from pp.procedure p limit 1 $$;
select is(t.weighed('weigher', 'me') || t.weighed('weigher', 'none'), '["weigher@amt.example"]', 'and finds it in its list');
select is(t.weighed('planner', 'me'), '[]', 'where others do not have it');
select is((select recipient from pp.mail where kind = 'assigned_statement'), 'weigher@amt.example', 'they are told as well');
select is(t.by_link(:'i2'), 'null', 'a link shows nothing of it');
select * from finish();
