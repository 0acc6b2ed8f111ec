-- SPDX-License-Identifier: EUPL-1.2
-- Accounts, sessions, tokens: who is who, and who sees whom.
set client_min_messages = warning;
select plan(55);

create function t.make(email text, roles text, body text) returns uuid language sql as $$
	select t.value('root', format('select account from pp_api.account_create(%L, %L, %L, %L, %L)', email,
		'$argon2id$v=19$x', roles, body, '2026-01-01'))::uuid
$$;
create temporary table made as select t.make(' Ada@Ahrens.Example ', 'releaser clerk', '01999001') as ada,
	t.make('bob@elbstadt.example', 'manager', '02000000') as bob;
insert into t.person select 'ada', 'pp_server', ada, '01999001', 'reader clerk releaser' from made
	union all select 'bob', 'pp_server', bob, '02000000', 'reader manager' from made;

select is(t.outcome('root', $$select pp_api.account_create('ada@ahrens.example', null, 'manager', '01999001', '2026-01-01')$$),
	'account_exists /email', 'an address has one account, however it is written');
select is(t.outcome('root', $$select pp_api.account_create('x@y', null, 'manager', '99', '2026-01-01')$$), 'body_not_found /body', 'a body must exist');
select is(t.outcome('root', $$select pp_api.account_create('x@y', null, 'manager', null, '2026-01-01')$$), 'invalid_body /body', 'a manager has one');
select is(t.outcome('root', $$select pp_api.account_create('x@y', null, 'public', '02', '2026-01-01')$$), 'invalid_body /body', 'the public has none');
select is(t.outcome('root', $$select pp_api.account_create('x@y', null, 'king', null, '2026-01-01')$$), 'invalid_body /roles', 'roles are known');
select is(t.outcome('root', $$select pp_api.account_create('x@y', 'plain', 'public', null, '2026-01-01')$$), '23514', 'a password is argon2id');
select is(t.outcome('bob', $$select pp_api.account_create('x@y', null, 'public', null, '2026-01-01')$$), '42501', 'managers make no accounts');
select is(t.outcome('nobody', $$select pp_api.account_create('x@y', null, 'public', null, '2026-01-01')$$), '42501', 'nor does nobody');
select is(t.outcome('anyone', $$select pp_api.account_create('x@y', null, 'public', null, '2026-01-01')$$), '42501', 'nor the public');

-- Signing in
select is(t.value('nobody', $$select account || password_hash from pp_api.account_sign_in('ADA@ahrens.example')$$),
	(select ada || '$argon2id$v=19$x' from made), 'the server gets the hash to compare');
select is(t.value('nobody', $$select count(*) from pp_api.account_sign_in('eve@ahrens.example')$$), '0', 'of whom there is');
select is(t.outcome('anyone', $$select pp_api.account_sign_in('ada@ahrens.example')$$), '42501', 'the public does not');
select is(t.outcome('geometry', $$select pp_api.account_sign_in('ada@ahrens.example')$$), '42501', 'nor do geometry workers');
select is(t.outcome('nobody', 'select password_hash from pp.account'), '42501', 'the hash itself is read by none');
select is((t.reply('nobody', format('pp_api.session_open(%L, sha256(''s''), sha256(''old''), 1800, ''2026-01-01 10:00+00'', ''NORMAL'', ''2026-01-01 00:00+00'')', ada))).body::jsonb,
	jsonb_build_object('account', ada, 'name', null, 'level', 'NORMAL', 'email', 'ada@ahrens.example', 'body', '01999001', 'body_name', 'Ahrens', 'roles', '["reader", "clerk", "releaser"]'::jsonb, 'acting_for', '[]'::jsonb,
		'memberships', jsonb_build_array(jsonb_build_object('id', m.id, 'body', '01999001', 'body_name', 'Ahrens', 'roles', m.roles, 'state', 'confirmed', 'valid_to', null))),
	'a session opens') from made join pp.membership m on m.account = ada;
select is(t.value('nobody', $$select w.email || w.roles || w.body from pp_api.who_by_session(sha256('s'), '2026-01-01 00:29:59+00') w$$),
	'ada@ahrens.examplereader clerk releaser01999001', 'and says who it is');
select is(t.value('nobody', 'select count(*) from pp.session'), '0', 'nobody lists sessions');
select is((select last_seen_at from pp.session), '2026-01-01 00:29:59+00'::timestamptz, 'its use is noted');
select is(t.value('nobody', $$select count(*) from pp_api.who_by_session(sha256('s'), '2026-01-01 01:00+00')$$), '0', 'it ends when idle');
select is(t.value('nobody', $$select count(*) from pp_api.who_by_session(sha256('s'), '2026-01-01 00:59:58+00')$$), '1', 'not before');
select is(t.value('nobody', $$select count(*) from pp_api.who_by_session(sha256('x'), '2026-01-01 00:30+00')$$), '0', 'another is none');
update pp.session set last_seen_at = '2026-01-01 09:59+00';
select is(t.value('nobody', $$select count(*) from pp_api.who_by_session(sha256('s'), '2026-01-01 10:00+00')$$), '0', 'it ends in any case');
select is(t.value('bob', 'select count(*) from pp.session') || t.value('ada', 'select count(*) from pp.session'), '01', 'sessions are their account''s');
select is(t.value('bob', $$select count(*) from pp_api.session_close(sha256('s'), '2026-01-01 09:59+00')$$), '0', 'another closes nothing');
select is(t.value('nobody', $$select count(*) from pp_api.who_by_session(sha256('s'), '2026-01-01 09:59+00')$$), '1', 'so it lives');
select is(t.value('ada', $$select count(*) from pp_api.session_close(sha256('s'), '2026-01-01 09:59+00')$$), '1', 'its owner closes it');
select is(t.value('nobody', $$select count(*) from pp_api.who_by_session(sha256('s'), '2026-01-01 09:59+00')$$), '0', 'then it is gone');
select is(t.value('clerk', $$select pp_api.session_sweep('2026-01-03')$$), '1', 'the clerk sweeps what has ended');

-- Tokens
select t.value('root', format('select pp_api.token_create(%L, sha256(''t''), ''desk'', ''2026-02-01'', ''2026-01-01'', %L)', ada, m.id)) from made join pp.membership m on m.account = ada;
select is(t.value('nobody', $$select w.email from pp_api.who_by_token(sha256('t'), '2026-01-31') w$$), 'ada@ahrens.example', 'a token says who it is');
select is(t.value('nobody', $$select count(*) from pp_api.who_by_token(sha256('t'), '2026-02-01')$$), '0', 'until it expires');
select is(jsonb_path_query_array(t.body('ada', 'pp_api.token_list()'), '$.items[*].label'), '["desk"]', 'its owner lists it');
select is(t.body('bob', 'pp_api.token_list()'), '{"items": []}', 'another does not');
select is(t.outcome('bob', format('select pp_api.token_revoke(%L, ''2026-01-02'')', id)), 'not_found', 'nor revokes it') from pp.token;
select is((t.reply('ada', format('pp_api.token_revoke(%L, ''2026-01-02'')', id))).status, 204, 'its owner does') from pp.token;
select is(t.value('nobody', $$select count(*) from pp_api.who_by_token(sha256('t'), '2026-01-03')$$), '0', 'then it is no more');
select is(t.outcome('bob', format('select pp_api.token_create(%L, sha256(''u''), ''x'', null, ''2026-01-01'', null)', ada)), '42501', 'nobody makes tokens for others') from made;

-- Rows
select is(t.value('ada', 'select string_agg(email, '','') from pp.account'), 'ada@ahrens.example', 'an account sees itself');
select is(t.value('root', 'select count(*) from pp.account'), (select count(*)::text from pp.account), 'an operator sees all');
select is(t.value('nobody', 'select count(*) from pp.account') || t.value('owner', 'select count(*) from pp.account'), '00', 'nobody and the owner see none');
select is(string_agg(t.outcome(who, 'select count(*) from ' || what), '' order by who, what), repeat('42501', 6), 'the other logins read nothing')
	from unnest(array['anyone', 'geometry']) who, unnest(array['pp.account', 'pp.session', 'pp.token']) what;
select is(t.body('ada', $$pp_api.account_show('NORMAL', '2026-01-02')$$) ->> 'email', 'ada@ahrens.example', 'who am I');
select is(t.outcome('nobody', $$select pp_api.account_show('NORMAL', '2026-01-02')$$), 'unauthenticated', 'nobody');
-- Whoever is locked out
insert into pp.second_factor (account, sealed_secret, confirmed_at, created_at) select ada, '\x01', '2026-01-01', '2026-01-01' from made;
insert into pp.recovery_code (sha256, account) select sha256('r'), ada from made;
select t.reply('nobody', format('pp_api.session_open(%L, sha256(''s9''), sha256(''old''), 1800, ''2026-02-01'', ''NORMAL'', ''2026-01-20'')', ada)) from made;
select is(t.outcome('ada', $$select pp_api.account_reset_second_factor('ada@ahrens.example', '2026-01-20')$$), 'forbidden', 'nobody resets a factor but operators');
select is(t.outcome('nobody', $$select pp_api.account_password('ada@ahrens.example', 'x', '2026-01-20')$$), 'forbidden', 'or sets a password');
select is(t.outcome('ada', $$select pp_api.account_help('ada@ahrens.example', '2026-01-20')$$), '42501', 'what both share is called by neither');
select is((select count(*) from pp.second_factor), 1::bigint, 'it is still there');
select is(t.outcome('root', $$select pp_api.account_reset_second_factor('eve@ahrens.example', '2026-01-20')$$), 'not_found', 'of whom there is');
select is(t.value('root', $$select pp_api.account_reset_second_factor('ADA@ahrens.example', '2026-01-20 00:01+00')$$), (select ada::text from made), 'an operator does');
select is((select count(*) from pp.second_factor) + (select count(*) from pp.recovery_code), 0::bigint, 'the factor and its codes are gone');
select is(t.value('nobody', $$select count(*) from pp_api.who_by_session(sha256('s9'), '2026-01-20 00:02+00')$$), '0', 'and so is whoever was in');
select t.value('root', $$select pp_api.account_password('ada@ahrens.example', '$argon2id$new', '2026-01-20')$$);
select is(t.value('nobody', $$select password_hash from pp_api.account_sign_in('ada@ahrens.example')$$), '$argon2id$new', 'a new password counts');
select is(t.value('ada', $$select count(*) from pp_api.account_lines() l where l.line not like 'ada@%'$$), '0', 'one lists oneself');
select ok(t.value('root', $$select string_agg(l.line, E'\n') from pp_api.account_lines() l$$) ~ 'ada@ahrens.example\tactive\t-\t01999001:reader,clerk,releaser:confirmed\t', 'operators list everybody');

update pp.account set active = false where email like 'ada%';
select is(t.value('nobody', $$select count(*) from pp_api.account_sign_in('ada@ahrens.example')$$), '0', 'who was switched off signs in no more');
select is((select pp.roles_on(m, '2026-02-01') from (select 1) x left join pp.membership m on false), null, 'of no membership there are no roles to be said: the platform''s count');
select * from finish();
