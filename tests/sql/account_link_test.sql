-- SPDX-License-Identifier: EUPL-1.2
-- Links to passwords: who sends them to whom, how long and how often they hold, and what they do not say.
set client_min_messages = warning;
select plan(47);

create function t.make(email text, roles text, body text, hash text) returns uuid language sql as $$
	select t.value('root', format('select account from pp_api.account_create(%L, %L, %L, %L, %L)', email, hash, roles, body, '2026-01-01'))::uuid
$$;
create temporary table made as select t.make('chef@ahrens.example', 'body_administrator', '01999001', '$argon2id$v=19$x') as chef,
	t.make('neu@ahrens.example', 'clerk', '01999001', null) as neu, t.make('fremd@elbstadt.example', 'manager', '02000000', null) as fremd,
	t.make('konto@ahrens.example', 'clerk', '01999001', null) as konto;
insert into t.person select 'chef', 'pp_server', chef, '01999001', 'reader body_administrator' from made
	union all select 'command', 'pp_server', null, null, 'operator'
	union all select 'neu', 'pp_server', neu, '01999001', 'reader clerk' from made;
insert into pp.issuer (key, url, title, logo_text, client_id, client_auth, scopes, claims, levels, algorithms, created_at)
	values ('land', 'https://konto.example', 'Servicekonto', 'K', 'x', 'none', 'openid', '{}', '{}', '{RS256}', '2026-01-01');
insert into pp.account_identity select 'land', 's', konto, 'Name', null, null, '2026-01-01', '2026-01-01' from made;
create function t.invites(who text, account uuid) returns text language sql as
$$ select t.outcome(who, format('select pp_api.account_invite(%L, ''2026-01-02'', ''de'')', account)) $$;

-- Who invites whom
select is(t.invites('chef', neu), 'done', 'a body''s administrator invites a member') from made;
select is(t.invites('root', fremd), 'done', 'an operator anybody') from made;
select is(t.invites('chef', fremd), 'account_not_found', 'an administrator no member of another body') from made;
select is(t.invites('neu', neu), 'account_not_found', 'a clerk nobody') from made;
select is(t.invites('nobody', neu), 'account_not_found', 'nobody nobody') from made;
select is(t.invites('anyone', neu), '42501', 'and the public does not ask') from made;
select is(t.invites('root', chef), 'conflict', 'who has a password is not invited') from made;
select is(t.invites('chef', konto), 'conflict', 'nor who signs in by an issuer') from made;
select is(t.invites('root', gen_random_uuid()), 'account_not_found', 'nor who is not');
select is((select count(*) from pp.mail), 0::bigint, 'nothing of all this is left');

-- What is sent
select is(t.body('chef', format('pp_api.account_invite(%L, ''2026-01-02'', ''de'')', neu)) - 'mail', jsonb_build_object('account', neu, 'email', 'neu@ahrens.example'), 'it says to whom') from made;
select is((select array[kind, recipient, state] || account::text from pp.mail), array['account_invitation', 'neu@ahrens.example', 'WARTET', neu::text], 'a mail waits') from made;
select ok(m.body like '%chef@ahrens.example, Ahrens lädt Sie%' and m.body like '%für: Ahrens%' and m.body not like '%Betrieb der Planungsplattform lädt%', 'and says who invites, and to what') from pp.mail m;
select ok(m.body like E'%  {link}\n%' and m.body ~ '\{holds\}' and not exists (select from pp.account_link), 'there is no link yet') from pp.mail m;
select is(t.body('chef', format('pp_api.membership_show(%L)', m.id)) -> 'access', '{"password": false, "issuer": false, "invited_at": "2026-01-02T00:00:00.000000Z", "mail": "WARTET"}', 'the administrator sees what became of it')
	from pp.membership m, made where m.account = neu;
select is(t.value('neu', format('select pp_api.account_access(%L)', neu)), null, 'nobody else does') from made;
select is(t.value('command', $$select pp_api.account_invite_all('fremd@elbstadt.example', 'en', '2026-01-02')$$), '1', 'the command invites one');
select ok(m.body like '%The operator of the planning platform invites you.%' and m.body not like '%- invites%', 'in the operator''s name') from pp.mail m where m.recipient like 'fremd%';
select is(t.outcome('chef', $$select pp_api.account_invite_all(null, 'de', '2026-01-02')$$), 'forbidden', 'operators alone invite all');
select is(t.outcome('chef', $$select pp_api.account_link_make('neu@ahrens.example', sha256('x'), 60, '2026-01-02')$$), 'forbidden', 'and make links');
select is(t.outcome('root', format('select pp_api.account_invite_by_mail(%L, ''de'', ''2026-01-02'')', neu)), '42501', 'what both share is called by none') from made;

-- The link, made while it is sent
select t.value('clerk', format('select pp_api.mail_link(%L, sha256(''one''), 604800, 3600, ''2026-01-03'')', m.id)) as page from pp.mail m where m.recipient like 'neu%' \gset
select is(:'page'::text, 'konto', 'it leads to the page of accounts');
select is((select expires_at from pp.account_link), '2026-01-10'::timestamptz, 'and holds as long as invitations do');
select is(t.outcome('neu', 'select sha256 from pp.account_link') || t.value('neu', 'select count(id) from pp.account_link') || t.value('chef', 'select count(id) from pp.account_link') || t.value('root', 'select count(id) from pp.account_link'), '42501100', 'nobody reads links, and one''s own is all one hears of');
select is(t.value('root', $$select pp_api.account_invite_all(null, 'de', '2026-01-04') = count(*) from pp.account$$), 'false', 'of all, some are let be');
select is((select count(*) from pp.mail where created_at = '2026-01-04' and account in (neu, fremd, chef, konto)), 0::bigint, 'who have a link or a mail on its way, and who have a way in') from made;
select is(t.value('root', $$select pp_api.account_invite_all(null, 'de', '2026-01-04')$$), '0', 'then there is nobody left');
select is(t.body('nobody', $$pp_api.account_link_show('{"secret": "one"}', '2026-01-04')$$),
	'{"email": "neu@ahrens.example", "bodies": ["Ahrens"], "is_first": true, "expires_at": "2026-01-10T00:00:00.000000Z"}', 'whoever has it sees whose it is');
create function t.link(secret text, at text) returns text language sql as
$$ select t.outcome('nobody', format('select pp_api.account_link_show(jsonb_build_object(''secret'', %L::text), %L)', secret, at)) $$;
select is(t.link('two', '2026-01-04'), 'account_link_unknown /secret', 'another is none');
select is(t.link('one', '2026-01-09 23:59:59.999999'), 'done', 'it holds to its end');
select is(t.link('one', '2026-01-10'), 'account_link_expired /secret', 'and not beyond it');
select is(t.outcome('nobody', $$select pp_api.password_set(sha256('one'), '$argon2id$x', '2026-01-10')$$), 'account_link_expired /secret', 'nor sets anything');
select is(t.outcome('nobody', $$select pp_api.account_link_email(sha256('two'), '2026-01-04')$$), 'account_link_unknown /secret', 'nor is a password looked at');
select t.value('root', $$select pp_api.account_link_make('neu@ahrens.example', sha256('hand'), 600, '2026-01-04')$$);
select t.reply('nobody', format('pp_api.session_open(%L, sha256(''s''), sha256(''old''), 1800, ''2026-02-01'', ''NORMAL'', ''2026-01-04'')', neu)) from made;
select is((t.reply('nobody', $$pp_api.password_set(sha256('one'), '$argon2id$first', '2026-01-04')$$)).status, 204, 'it sets the password');
select is(t.value('nobody', $$select password_hash from pp_api.account_sign_in('neu@ahrens.example')$$), '$argon2id$first', 'which counts');
select is(t.link('one', '2026-01-04') || t.link('hand', '2026-01-04'), repeat('account_link_used /secret', 2), 'once; the others end with it');
select is(t.outcome('nobody', $$select pp_api.password_set(sha256('hand'), '$argon2id$second', '2026-01-04')$$), 'account_link_used /secret', 'and set nothing');
select is((select closed_at from pp.session), '2026-01-04'::timestamptz, 'sessions end');
select is((select string_agg(kind, ' ' order by id) from pp.event where kind like 'account.%' and data ->> 'account' = neu::text), 'account.created account.invited account.invited account.password_set', 'and all of it is on record') from made;

-- Forgotten
create function t.forgets(email text) returns pp.reply language sql as
$$ select t.reply('nobody', format('pp_api.password_forgotten(jsonb_build_object(''email'', %L::text), ''2026-01-05'', ''en'')', email)) $$;
select is(array[t.forgets(' NEU@ahrens.example'), t.forgets('eve@ahrens.example'), t.forgets('konto@ahrens.example')]::text[], array_fill('(202,,,,)'::text, array[3]), 'the answer is the same, whoever there is');
select is((select array_agg(recipient || ' ' || kind || coalesce(' ' || (account is not null), '') order by recipient) from pp.mail where created_at = '2026-01-05'),
	'{"konto@ahrens.example password_by_issuer false","neu@ahrens.example password_reset true"}', 'a link goes to whom there is, and to whoever signs in elsewhere where that is');
select ok(body like '%sign in with Servicekonto.%', 'by name') from pp.mail where kind = 'password_by_issuer';
select t.value('clerk', format('select pp_api.mail_link(%L, sha256(''forgot''), 604800, 3600, ''2026-01-05'')', m.id)) from pp.mail m where m.kind = 'password_reset';
select is((select expires_at from pp.account_link where sha256 = sha256('forgot')), '2026-01-05 01:00'::timestamptz, 'such a link is for an hour');
select is(t.body('nobody', $$pp_api.account_link_show('{"secret": "forgot"}', '2026-01-05')$$) ->> 'is_first', 'false', 'and not the first');
update pp.account set active = false where email like 'neu%';
select is(t.link('forgot', '2026-01-05'), 'account_link_unknown /secret', 'a closed account has none');
select t.forgets('neu@ahrens.example');
select is((select count(*) from pp.mail where kind = 'password_reset'), 1::bigint, 'and gets none');
select t.value('clerk', $$select pp_api.session_sweep('2026-04-10')$$);
select is((select count(*) from pp.account_link), 1::bigint, 'the clerk sweeps what nobody asks about any more');
select * from finish();
