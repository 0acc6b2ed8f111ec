-- SPDX-License-Identifier: EUPL-1.2
-- Deputies: named by whom, on which days, with which rights, and on record in whose place something was done.
set client_min_messages = warning;
select plan(60);

select t.make_procedure('planner', 'Am Rand', '2026-02-01 10:00+00') as p \gset
select t.make_plan('planner', :'p', t.result(), '2026-02-01 11:00+00') as l \gset
select (t.reply('planner', format('pp_api.affected_confirm(%L, ''2026-02-01 12:00+00'', null, null)', :'l'))).status as confirmed \gset
select t.make_round(:'p', 'FOERM_TOEB', 'TOEB', '2026-02-02', '2026-03-04', '2026-03-03', '2026-02-01 13:00+00') as r \gset
select t.invitation(:'r', '01999001') as i1, t.invitation(:'r', '01999002') as i2 \gset
create function t.make(email text, roles text, body text) returns uuid language sql as $$
	select t.value('root', format('select account from pp_api.account_create(%L, ''$argon2id$x'', %L, %L, ''2026-01-01'')', email, roles, body))::uuid
$$;
insert into t.person select v.name, 'pp_server', t.make(v.name || '@amt.example', v.roles, v.body), v.body, 'reader ' || v.roles
	from (values ('chief', 'body_administrator clerk', '019995001'), ('away', 'releaser clerk body_administrator', '019995001'), ('dora', 'clerk', '019995001'),
		('fritz', 'clerk', '019995001'), ('other', 'manager', '02000000')) v (name, roles, body);
create function t.id(name text) returns uuid language sql as $$ select account from t.person p where p.name = $1 $$;
create function t.name_deputy(deputy text, more jsonb default '{}', at text default '2026-02-10 12:00+01') returns text language sql as $$
	select format('pp_api.deputy_create(%L, %L, null, null)', jsonb_build_object('deputy', coalesce(t.id(deputy), gen_random_uuid()),
		'first_on', '2026-02-12', 'last_on', '2026-02-20') || more, at)
$$;

-- Named
select is(t.outcome(who, 'select ' || t.name_deputy(deputy, more)), outcome, format('%s has %s stand in %s: %s', who, deputy, more, outcome)) from (values
	('away', 'dora', '{}'::jsonb, 'done'), ('away', 'away', '{}', 'invalid_body /deputy'), ('away', 'other', '{}', 'invalid_body /deputy'),
	('away', 'nobody-there', '{}', 'invalid_body /deputy'), ('away', 'dora', '{"first_on": "2026-02-09"}', 'invalid_body /first_on'),
	('away', 'dora', '{"last_on": "2026-02-11"}', 'invalid_body /last_on'), ('away', 'dora', '{"first_on": "2026-02-10", "last_on": "2026-02-10"}', 'done'),
	('away', 'dora', '{"administers": true}', 'done'), ('fritz', 'dora', '{"administers": true}', 'forbidden /administers'),
	('dora', 'fritz', jsonb_build_object('account', t.id('away')), 'forbidden /account'), ('chief', 'dora', jsonb_build_object('account', t.id('away')), 'done'),
	('chief', 'dora', jsonb_build_object('account', t.id('other')), 'invalid_body /account'), ('nobody', 'dora', '{}', 'invalid_body /account')) v (who, deputy, more, outcome);
select is(t.outcome('citizen', 'select ' || t.name_deputy('dora')), 'invalid_body /account', 'a person has no body and nobody in it');
select t.body('chief', t.name_deputy('dora', jsonb_build_object('account', t.id('away')))) as d \gset
select is(:'d'::jsonb - '{id,named_at,account,deputy}'::text[], '{"body": "019995001", "name": "away@amt.example", "deputy_name": "dora@amt.example", "first_on": "2026-02-12", "last_on": "2026-02-20", "administers": false, "state": "GEPLANT", "named_by": "chief@amt.example", "ended_at": null}', 'it is shown');
select is(t.outcome('away', 'select ' || t.name_deputy('dora', '{"first_on": "2026-02-20", "last_on": "2026-02-28"}')), 'conflict /first_on', 'a day is given once');
select is(t.outcome('away', 'select ' || t.name_deputy('dora', '{"first_on": "2026-02-21", "last_on": "2026-02-28"}')), 'done', 'the next one is another');
select is((select array_agg(recipient || ' ' || kind) from pp.mail), '{dora@amt.example deputy_named}', 'the deputy is told');
select ok(body like E'%vom 12. Februar 2026\n  bis einschließlich 20. Februar 2026%', 'from when to when') from pp.mail;
select is((select array_to_string(bodies, ',') from pp.event where kind = 'deputy.named'), '019995001', 'and the body''s members hear of it');
select is(jsonb_array_length(t.body(who, $$pp_api.deputy_list('2026-02-10')$$) -> 'items') || t.value(who, 'select count(*) from pp.deputy'), n, who || ' sees ' || n)
	from (values ('fritz', '11'), ('amt', '11'), ('planner', '00'), ('root', '00'), ('nobody', '00')) v (who, n);
select is(t.outcome('fritz', format('insert into pp.deputy select gen_random_uuid(), d.body, d.account, d.membership, %L, d.deputy_membership, ''2027-01-01'', ''2027-01-02'', false, now(), %L from pp.deputy d', t.id('fritz'), t.id('fritz'))), 'forbidden /account', 'nobody names themselves somebody''s deputy, by whatever sentence');
select is(t.outcome('away', format('insert into pp.deputy select gen_random_uuid(), d.body, d.account, d.membership, d.deputy, d.deputy_membership, ''2027-01-01'', ''2027-01-02'', true, now(), %L from pp.deputy d', t.id('away'))), 'done', 'who administers the body hands that on');
select is(t.outcome('fritz', format('update pp.deputy set ended_at = ''2026-03-01'', ended_by = %L', t.id('fritz')) || '; select 1/count(*) from pp.deputy where ended_at is not null'), 'forbidden', 'and who is neither of the two ends nothing');

-- What a session may, day by day
create function t.session(name text, secret text, at text) returns void language sql as $$
	select t.reply('nobody', format('pp_api.session_open(%L, sha256(%L), sha256(''old''), 864000, %L::timestamptz + interval ''30 days'', ''NORMAL'', %L)', t.id(name), secret, at, at))
$$;
select t.session('dora', 's', '2026-02-11 12:00+01');
create function t.roles(secret text, at text) returns text language sql as
$$ select t.value('nobody', format('select replace(w.roles, %L, ''AWAY'') from pp_api.who_by_session(sha256(%L), %L) w', t.id('away'), secret, at)) $$;
select is(t.roles('s', at), roles, at || ': ' || roles) from (values ('2026-02-11 23:59:59+01', 'reader clerk'), ('2026-02-12 00:00+01', 'reader clerk releaser deputy:AWAY'),
	('2026-02-20 23:59:59.999+01', 'reader clerk releaser deputy:AWAY'), ('2026-02-21 00:00+01', 'reader clerk')) v (at, roles);
select is(t.body('nobody', format('pp_api.session_open(%L, sha256(''s2''), sha256(''old''), 1800, ''2026-03-01'', ''NORMAL'', ''2026-02-15'')', t.id('dora'))) - '{account,memberships,email,name,level,body_name}'::text[],
	jsonb_build_object('body', '019995001', 'roles', '["reader", "clerk", "releaser"]'::jsonb, 'acting_for', jsonb_build_array(jsonb_build_object('account', t.id('away'), 'name', 'away@amt.example', 'last_on', '2026-02-20'))),
	'who signs in hears for whom they stand in');
select t.value('root', format($$select pp_api.token_create(%L, sha256('tok'), 'x', null, '2026-01-01', m.id) from pp.membership m where m.account = %L$$, t.id('dora'), t.id('dora')));
select is(t.value('nobody', $$select roles from pp_api.who_by_token(sha256('tok'), '2026-02-15')$$), 'reader clerk', 'a token is for its own membership alone');
select t.session('away', 'a', '2026-02-11 12:00+01');
select is(t.roles('a', '2026-02-15'), 'reader clerk releaser body_administrator', 'who is away keeps what they have');
update pp.membership set roles = '{reader}' where account = t.id('away');
select is(t.roles('s', '2026-02-15'), 'reader clerk deputy:AWAY', 'and a deputy never has more');
update pp.membership set roles = '{reader,clerk,releaser,body_administrator}', valid_to = '2026-02-14' where account = t.id('away');
select is(t.roles('s', '2026-02-15'), 'reader clerk', 'nor longer than the membership lasts');
update pp.membership set valid_to = null where account = t.id('away');
-- One does not stand in for a deputy
select t.body('dora', t.name_deputy('fritz')) is not null;
select t.session('fritz', 'f', '2026-02-11 12:00+01');
select is(t.value('nobody', $$select roles !~ 'releaser' from pp_api.who_by_session(sha256('f'), '2026-02-15')$$), 'true', 'what a deputy has by another''s right goes to nobody');

-- Acting: as themselves, in whose place
insert into t.person select 'deputy', 'pp_server', t.id('dora'), '019995001', 'reader clerk releaser deputy:' || t.id('away');
select t.body('chief', format('pp_api.invitation_assign(%L, jsonb_build_object(''account'', %L::text), ''*'', ''2026-02-11'')', :'i2', t.id('away'))) is not null;
create function t.inbox(who text) returns jsonb language sql as
$$ select jsonb_path_query_array(t.body(who, 'pp_api.inbox(null, null, null, ''2026-02-15'', ''de'', ''me'')'), '$.invitations[*].body') $$;
select is(t.inbox('deputy') || t.inbox('dora'), '["01999002"]', 'what is assigned to who is away is the deputy''s too, and without that right not');
select t.body('deputy', format('pp_api.statement_submit(%L, ''{"stance": "BEDENKEN", "text": "nein"}'', ''2026-02-15'', null, null)', :'i2')) as s \gset
select is(:'s'::jsonb -> 'acting', '{"name": "dora@amt.example", "in_place_of": "away@amt.example"}', 'the answer says in whose place');
select is((select author_account from pp.statement), t.id('dora'), 'it is the deputy who has done it');
select is(t.body('planner', format('pp_api.statement_show(%L, ''2026-02-16'')', :'s'::jsonb ->> 'id')) -> 'acting', null, 'the planning body does not hear of it');
select t.body('deputy', format('pp_api.statement_submit(%L, ''{"stance": "BEDENKEN", "text": "auch"}'', ''2026-02-15'', null, null)', :'i1')) as s2 \gset
select is(:'s2'::jsonb #>> '{acting,in_place_of}', 'away@amt.example', 'also where only their right allows it');
select t.body('amt', format('pp_api.statement_submit(%L, ''{"stance": "BEDENKEN", "text": "selbst"}'', ''2026-02-16'', null, null)', :'i2')) as s3 \gset
select is(:'s3'::jsonb -> 'acting', null, 'who acts for themselves acts for nobody else');
select is((select string_agg(what || ' ' || (account = t.id('dora')) || ' ' || (in_place_of = t.id('away')), ', ') from pp.acted), 'ABGABE true true, ABGABE true true', 'it is on record');
select is(t.value(who, 'select count(*) from pp.acted'), n, who || ' reads ' || n) from (values ('amt', '2'), ('planner', '0'), ('nobody', '0')) v (who, n);
select is((select string_agg(distinct e.role, ' | ') from pp.audit_entry e where e.actor = t.id('dora') and e.relation in ('statement', 'acted')),
	'reader clerk releaser deputy:' || t.id('away'), 'and in the audit chain with whose rights');
select is(t.outcome('amt', 'update pp.acted set what = what') || t.outcome('amt', 'delete from pp.acted'), '4250142501', 'for good');

-- Who could do it without being a deputy acts in another's place where it is assigned to the other one, and only there
insert into t.person select 'rosa', 'pp_server', t.make('rosa@amt.example', 'clerk releaser', '019995001'), '019995001', 'reader clerk releaser';
insert into t.person select 'rosa for away', 'pp_server', t.id('rosa'), '019995001', 'reader clerk releaser deputy:' || t.id('away');
create function t.submitted(invitation text) returns text language sql as $$
	select t.body('rosa for away', format('pp_api.statement_submit(%L, ''{"stance": "BEDENKEN", "text": "auch ich"}'', ''2026-02-15'', null, null)', invitation)) #>> '{acting,in_place_of}'
$$;
select is(t.submitted(:'i2'), 'away@amt.example', 'what they do counts for whoever it is assigned to');
select is(t.submitted(:'i1'), null, 'and else for themselves');

-- Ended
select is(t.outcome(who, format('select pp_api.deputy_end(%L, ''2026-02-16'')', :'d'::jsonb ->> 'id')), outcome, who || ' ends it: ' || outcome)
	from (values ('away', 'done'), ('dora', 'done'), ('chief', 'done'), ('fritz', 'forbidden'), ('planner', 'deputy_not_found')) v (who, outcome);
select is(t.body('away', format('pp_api.deputy_end(%L, ''2026-02-16 12:00+01'')', :'d'::jsonb ->> 'id')) ->> 'state', 'BEENDET', 'it ends at once');
select is(t.roles('s', '2026-02-16 12:00+01'), 'reader clerk', 'with its rights');
select is(t.outcome('away', format('select pp_api.deputy_end(%L, ''2026-02-17'')', :'d'::jsonb ->> 'id')), 'conflict', 'and once');
select * from finish();
