-- SPDX-License-Identifier: EUPL-1.2
-- Issuers, sign-ins under way, identities and their sessions.
set client_min_messages = warning;
select plan(60);

create function t.adding(key text, more text) returns text language sql as $$
	select format('select pp_api.issuer_add(%L, ''2026-01-01'')', json_build_object('key', key,
		'url', 'https://' || key || '.example', 'title', 'Konto ' || key, 'logo_text', key, 'client_id', 'planung',
		'client_auth', 'none', 'scopes', 'openid', 'claims', '{"organisation": "ags"}'::json, 'levels', '{}'::json,
		'algorithms', '["RS256"]'::json)::jsonb || more::jsonb)
$$;
create function t.added(key text, more text default '{}') returns text language sql as
$$ select t.value('root', t.adding(key, more)) $$;
create function t.issuer(key text, more text default '{}') returns text language sql as
$$ select t.outcome('root', t.adding(key, more)) $$;

-- Who may say who somebody is
select is(t.added('hh'), 'hh', 'operators add issuers');
select is(t.added('sh', '{"levels": {"urn:hoch": "HOCH"}, "land": "01", "audience": "https://planung.example"}'), 'sh', 'several');
select is(t.issuer('hh'), 'issuer_exists', 'a key is one issuer''s');
select is(t.issuer('h2', '{"url": "https://hh.example"}'), 'issuer_exists', 'and so is an address');
select is(t.issuer('Bad Key'), '23514', 'keys stand in addresses');
select is(t.issuer('x', '{"url": "http://hh.example"}'), '23514', 'issuers speak TLS');
select is(t.added('x', '{"url": "http://127.0.0.1:1/a"}'), 'x', 'but on this machine');
select is(t.issuer('y', '{"url": "https://a.example/?b"}'), '23514', 'an issuer has no query');
select is(t.issuer('y', '{"algorithms": ["HS256"]}'), '23514', 'a shared secret proves nothing');
select is(t.issuer('y', '{"algorithms": ["none"]}'), '23514', 'nor does no signature');
select is(t.issuer('y', '{"algorithms": []}'), '23514', 'nor no algorithm');
select is(t.issuer('y', '{"levels": {"a": "best"}}'), '23514', 'levels are three');
select is(t.issuer('y', '{"scopes": "profile"}'), '23514', 'OpenID Connect is asked for');
select is(t.outcome('nobody', $$insert into pp.issuer (key) values ('z')$$), 'forbidden', 'nobody else adds any');
select is(jsonb_path_query_array(t.body('anyone', 'pp_api.issuer_list()'), '$.items[*].key'), '["hh", "sh", "x"]', 'everybody sees them');
select is(t.outcome('anyone', 'select client_id from pp.issuer'), '42501', 'but not how they know us');
select is(t.outcome('anyone', $$select pp_api.issuer_find('hh')$$), '42501', 'nor does the public''s login look one up');
select is(t.value('nobody', $$select i.url || i.algorithms from pp_api.issuer_find('hh') i$$), 'https://hh.exampleRS256', 'the server does');
select is(t.value('nobody', $$select i.key || i.audience from pp_api.issuer_of('https://sh.example') i$$), 'shhttps://planung.example',
	'also by the name in a token');
select is(t.value('nobody', $$select count(*) from pp_api.issuer_of('https://sh.example/')$$), '0', 'exactly that name');
select is(t.value('root', $$select pp_api.issuer_remove('x', '2026-01-02')$$), 'x', 'one is removed');
select is(t.value('nobody', $$select count(*) from pp_api.issuer_find('x')$$), '0', 'and trusted no more');
select is(t.outcome('root', $$select pp_api.issuer_remove('x', '2026-01-02')$$), 'issuer_not_found', 'once');

-- Sign-ins under way
create function t.beginning(state text, to_path text default '/a') returns text language sql as $$
	select format('select pp_api.sign_in_begin(sha256(%L), sha256(''b''), sha256(''n''), ''hh'', %L, null, ''2026-01-01 10:00+00'')',
		state, to_path)
$$;
create function t.begin(state text) returns text language sql as $$ select t.value('nobody', t.beginning(state)) $$;
create function t.take(state text, browser text, at text default '2026-01-01 10:09:59+00') returns text language sql as $$
	select t.value('nobody', format('select string_agg(s.issuer || s.return_to, '','') from pp_api.sign_in_take(sha256(%L), sha256(%L), %L) s',
		state, browser, at))
$$;
select is(t.begin('s1'), null, 'one begins');
select is(t.outcome('nobody', t.beginning('s1')), '23505', 'a state is one sign-in''s');
select is(t.outcome('nobody', t.beginning('s2', '//evil.example')), '23514', 'and leads back to us');
select is(t.outcome('nobody', t.beginning('s2', 'https://evil.example')), '23514', 'nowhere else');
select is(t.take('s1', 'b'), 'hh/a', 'its browser takes it');
select is(t.take('s1', 'b'), null, 'once');
select t.begin('s3');
select is(t.take('s3', 'other'), null, 'another browser does not');
select is(t.take('s3', 'b'), null, 'and has spoilt it');
select t.begin('s4');
select is(t.take('s4', 'b', '2026-01-01 10:10+00'), null, 'nor does anybody after ten minutes');
select is(t.outcome('nobody', 'select * from pp.sign_in'), '42501', 'nobody reads them');
select t.begin('s5');
select t.value('clerk', $$select pp_api.session_sweep('2026-01-01 10:10:01+00')$$);
select is((select count(*) from pp.sign_in), 0::bigint, 'what nobody finished is swept');

-- Identities
create function t.open(issuer text, subject text, cookie text, claims text default '{}', old text default 'none') returns text language sql as $$
	select t.value('nobody', format('select pp_api.session_of_identity(%L, %L, %L, ''HOCH'', ''sid-1'', ''\x01'', sha256(%L), sha256(%L), 1800, '
		|| '''2026-01-01 20:00+00'', ''2026-01-01 09:50+00'', ''2026-01-01 10:00+00'')', issuer, subject, claims, cookie, old))
$$;
create function t.who(cookie text) returns text language sql as $$
	select t.value('nobody', format('select concat_ws('','', w.body, w.roles, w.level) from pp_api.who_by_session(sha256(%L), ''2026-01-01 10:01+00'') w', cookie))
$$;
select is(t.open('hh', 'ada', 'c1', '{"name": "Ada", "email": "ada@hh.example", "organisation": "01999001"}'), 'true', 'somebody new signs in');
select is(t.who('c1'), '01999001,reader,HOCH', 'and reads for the body that the issuer names, until they are confirmed');
select is((select state from pp.membership m join pp.account_identity i using (account) where i.subject = 'ada'), 'pending', 'as long as that is pending');
select is(t.open('sh', 'ada', 'c2', '{"email": "ada@hh.example"}'), 'true', 'the same name at another issuer');
select is((select count(distinct account) from pp.account_identity), 2::bigint, 'is another person, whatever the address says');
select is(t.open('hh', 'ada', 'c3', '{"organisation": "nowhere"}', 'c1'), 'true', 'the first comes again');
select is(concat(t.who('c1'), '|', t.who('c3')), '|01999001,reader,HOCH', 'with another secret, and the old one is worth nothing');
select is((select count(*) from pp.membership m join pp.account_identity i using (account) where i.subject = 'ada'), 1::bigint, 'nothing is joined twice');
select is(t.value('nobody', $$select w.authenticated_s from pp_api.who_by_session(sha256('c3'), '2026-01-01 10:01+00') w$$),
	extract(epoch from '2026-01-01 09:50+00'::timestamptz)::bigint::text, 'since when, the issuer says');
select t.added('le', '{"levels": {"urn:hoch": "HOCH", "urn:sub": "SUBSTANTIELL", "urn:b": "NORMAL", "with blank": "HOCH"}}');
select t.open('le', 'bea', 'c4');
create function t.vouches(cookie text, url text, level text) returns text language sql as $$
	select t.value('nobody', format('select string_agg(concat_ws('': '', i.issuer, i.acr_values), '';'') from pp_api.assurance_issuer(sha256(%L), %L, %L) i', cookie, url, level))
$$;
select is(t.vouches('c4', null, 'SUBSTANTIELL'), 'le: urn:sub urn:hoch', 'a session''s issuer vouches for a level, the lowest value first');
select is(t.vouches('x', 'https://le.example', 'HOCH'), 'le: urn:hoch', 'so does a token''s');
select is(t.vouches('x', '', 'HOCH'), null, 'nobody for a session of this platform');

-- Roles that it proposes
select t.added('ro', '{"claims": {"organisation": "ags", "roles": "f"}, "roles": {"Freigabe": ["releaser", "clerk"], "Leitung": ["manager"], "Gast": []}}');
create function t.proposed(subject text, roles text) returns text language sql as $$
	select t.open('ro', subject, 'c-' || subject, format('{"organisation": "01999001", "roles": %s}', roles));
	select array_to_string(m.roles, ' ') || ' ' || m.state from pp.membership m join pp.account_identity i using (account) where i.subject = $1
$$;
select is(t.proposed('p1', '["Freigabe", "Chefin"]'), 'reader clerk releaser pending', 'claims propose what the mapping says');
select is(t.who('c-p1'), '01999001,reader,HOCH', 'and let one read and no more until that is confirmed');
select is(t.proposed('p2', '["manager", "Gast"]'), 'reader pending', 'what is no value of it proposes nothing');
select is(t.proposed('p3', '"Leitung"'), 'reader pending', 'nor does what is no list');
select is(t.issuer('y', '{"roles": {"a": ["oversight"]}}'), '23514', 'oversight is no body''s to give');
select is(t.issuer('y', '{"roles": {"a": "clerk"}}'), '23514', 'a value proposes a list');

-- What the issuer ends
create function t.logout(issuer text, subject text, sid text, jti text) returns text language sql as $$
	select t.value('nobody', format('select pp_api.session_logout(%L, %L, %L, sha256(%L), ''2026-01-01 10:02+00'')', issuer, subject, sid, jti))
$$;
select is(t.logout('sh', 'bob', null, 'j0'), '0', 'an issuer ends nothing of whom it does not name');
select is(t.logout('hh', 'ada', null, 'j1'), '1', 'it ends what is open');
select is(t.logout('hh', 'ada', null, 'j1'), null, 'by each token once');
select t.open('hh', 'ada', 'c5');
select is(t.logout('sh', null, 'sid-1', 'j1'), '1', 'a session by its name there, with the same token''s name at another issuer');
select is(t.logout('hh', 'bea', 'sid-1', 'j2'), '0', 'of that person only');
select is(t.logout('hh', null, 'sid-2', 'j3'), '0', 'no other session');
select is(t.logout('hh', 'ada', 'sid-1', 'j4'), '1', 'and that one');
select t.value('clerk', $$select pp_api.session_sweep('2026-01-01 10:17:01+00')$$);
select is((select count(*) from pp.logout_token), 0::bigint, 'what is too old anyway is swept');

select * from finish();
