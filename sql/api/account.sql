-- SPDX-License-Identifier: EUPL-1.2
-- Accounts, sessions, tokens. What must work before anybody is known is SECURITY DEFINER and
-- belongs to pp_sign_in (last lines); passwords are compared by the server.

-- Who somebody is at this instant, and for whom else the account may act.
create function pp_api.account_json(account uuid, email text, body text, roles text, level text, at timestamptz)
returns json language sql stable as $$
	select json_build_object('account', account, 'name', (select i.name from pp.account_identity i where i.account = $1
			order by i.last_seen_at desc limit 1),
		'email', coalesce(email, (select i.email from pp.account_identity i where i.account = $1
			order by i.last_seen_at desc limit 1)), 'level', level, 'body', body, 'body_name', pp.body_name(body),
		'roles', array(select r from unnest(string_to_array(nullif(roles, ''), ' ')) r where r not like 'deputy:%'),
		'acting_for', case when roles ~ 'deputy:' then pp_api.acting_for(account, body, at) else '[]' end,
		'memberships', (select coalesce(json_agg(json_build_object('id', m.id, 'body', m.body,
				'body_name', pp.body_name(m.body), 'roles', m.roles, 'state', m.state, 'valid_to', pp.iso(m.valid_to))
				order by m.id), '[]')
			from pp.membership m where m.account = $1 and pp.is_live(m, pp.day(at))))
$$;

-- For signing in: the hash to compare with, no row where there is nothing to compare.
create function pp_api.account_sign_in(email text)
returns table (account uuid, password_hash text) language sql stable
security definer set search_path = pg_catalog, pg_temp as $$
	select a.id, a.password_hash from pp.account a
	 where a.email = lower(btrim($1)) and a.active and a.password_hash is not null
$$;

-- A new session, instead of the one that the browser had: no secret outlives a sign-in. It acts for the body that the
-- account has joined first, until it is told otherwise.
create function pp_api.session_begin(account uuid, sha256 bytea, old_sha256 bytea, idle_seconds int,
	expires_at timestamptz, level text, at timestamptz)
returns pp.session language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
	s pp.session;
begin
	update pp.session o set closed_at = at where o.sha256 = $3 and o.closed_at is null;
	insert into pp.session (id, sha256, account, membership, opened_at, last_seen_at, idle, expires_at, level, authenticated_at)
		values (pp.uuid7(at), $2, $1, (select v.id from pp.membership v where v.account = $1
			and pp.is_live(v, pp.day(at)) order by v.id limit 1), at, at, make_interval(secs => idle_seconds), $5, $6, at)
		returning * into s;
	return s;
end
$$;

-- After the password was right, and the second factor where level says so: idle is how long it lives without a request.
create function pp_api.session_open(account uuid, sha256 bytea, old_sha256 bytea, idle_seconds int,
	expires_at timestamptz, level text, at timestamptz)
returns pp.reply language plpgsql volatile
security definer set search_path = pg_catalog, pg_temp as $$
declare
	a pp.account;
	m pp.membership;
	s pp.session;
begin
	select * into strict a from pp.account u where u.id = $1 and u.active;
	s := pp_api.session_begin(a.id, $2, $3, $4, $5, $6, at);
	select * into m from pp.membership v where v.id = s.membership;
	return pp.created('/api/v1/session', pp_api.account_json(a.id, a.email, m.body,
		coalesce(pp.roles_on(m, pp.day(at)), array_to_string(a.platform, ' ')), s.level, at));
end
$$;

-- What the session of that secret may: its own roles, and those of whom it stands in for.
create function pp_api.session_roles(sha256 bytea, at timestamptz) returns text language sql stable
security definer set search_path = pg_catalog, pg_temp as $$
	select pp.roles_on(m, pp.day($2)) from pp.session s join pp.membership m on m.id = s.membership where s.sha256 = $1
$$;

-- Acting for another body, or for none, is another secret: what was seen of the old cookie is worth nothing.
create function pp_api.session_body(old_sha256 bytea, body jsonb, sha256 bytea, sealed_id_token bytea,
	at timestamptz)
returns pp.reply language plpgsql volatile as $$
declare
	m pp.membership;
	a record;
	assurance text;
begin
	if body ->> 'body' is not null then
		select * into m from pp.membership v
		 where v.account = pp.current_account() and v.body = $2 ->> 'body' and pp.is_live(v, pp.day(at));
		if not found then
			perform pp.refuse('forbidden', 'Your account is no member of that body.', '/body');
		end if;
	end if;
	update pp.session s set sha256 = $3, membership = m.id, sealed_id_token = $4
	 where s.sha256 = $1 and s.closed_at is null returning s.level into assurance;
	if not found then
		perform pp.refuse('unauthenticated', 'This session has ended: sign in again.');
	end if;
	select u.id, u.email, u.platform into a from pp.account u where u.id = pp.current_account();
	return pp.ok(pp_api.account_json(a.id, a.email, m.body,
		coalesce(pp_api.session_roles($3, at), array_to_string(a.platform, ' ')), assurance, at));
end
$$;

-- Who holds a session at that instant; its last use is noted once a minute at most. One that acts for a membership
-- ends with it.
create function pp_api.who_by_session(sha256 bytea, at timestamptz,
	out account uuid, out body text, out roles text, out email text, out level text, out authenticated_s bigint)
returns setof record language plpgsql volatile
security definer set search_path = pg_catalog, pg_temp as $$
declare
	seen timestamptz;
begin
	for account, body, roles, email, level, authenticated_s, seen in
		select a.id, m.body, coalesce(pp.roles_on(m, pp.day(at)), array_to_string(a.platform, ' ')), a.email, s.level,
			floor(extract(epoch from s.authenticated_at))::bigint, s.last_seen_at
		  from pp.session s join pp.account a on a.id = s.account
		  left join pp.membership m on m.id = s.membership
		 where s.sha256 = $1 and s.closed_at is null and at < s.expires_at
		   and at < s.last_seen_at + s.idle and a.active
		   and (s.membership is null or pp.is_live(m, pp.day(at)))
	loop
		if seen < at - interval '1 minute' then
			update pp.session s set last_seen_at = at where s.sha256 = $1 and s.last_seen_at < at;
		end if;
		return next;
	end loop;
end
$$;

create function pp_api.who_by_token(sha256 bytea, at timestamptz,
	out account uuid, out body text, out roles text, out email text, out level text)
returns setof record language plpgsql volatile
security definer set search_path = pg_catalog, pg_temp as $$
declare
	used timestamptz;
begin
	for account, body, roles, email, level, used in
		select a.id, m.body, coalesce(pp.roles_of(m), array_to_string(a.platform, ' ')), a.email, 'NORMAL',
			coalesce(t.last_used_at, '-infinity')
		  from pp.token t join pp.account a on a.id = t.account
		  left join pp.membership m on m.id = t.membership
		 where t.sha256 = $1 and (t.revoked_at is null or at < t.revoked_at)
		   and (t.expires_at is null or at < t.expires_at) and a.active
		   and (t.membership is null or pp.is_live(m, pp.day(at)))
	loop
		if used < at - interval '1 hour' then
			update pp.token t set last_used_at = at where t.sha256 = $1;
		end if;
		return next;
	end loop;
end
$$;

-- Whether anybody can read what is put into a body's mailbox here.
create function pp_api.body_has_account(body text, at timestamptz) returns bool language sql stable
security definer set search_path = pg_catalog, pg_temp as $$
	select exists (select from pp.membership m join pp.account a on a.id = m.account
		where m.body = $1 and m.state = 'confirmed' and pp.is_live(m, pp.day(at)) and a.active)
$$;

-- By which issuer it was opened, and what is needed to sign out there.
create function pp_api.session_close(sha256 bytea, at timestamptz)
returns table (issuer text, sealed_id_token bytea) language sql volatile as $$
	update pp.session s set closed_at = $2 where s.sha256 = $1 and s.closed_at is null
		returning s.issuer, s.sealed_id_token
$$;

create function pp_api.account_show(level text, at timestamptz) returns pp.reply language plpgsql stable as $$
declare
	a record;
begin
	select u.id, u.email, u.version into a from pp.account u
	 where u.id = pp.current_account();
	if not found then
		perform pp.refuse('unauthenticated', 'Sign in first.');
	end if;
	return pp.ok(pp_api.account_json(a.id, a.email, pp.current_body(), pp.current_role(), level, at),
		a.version::text);
end
$$;

-- The roles of a membership in one order; null for none. Every member reads.
create function pp_api.member_roles(roles text[]) returns text[] language plpgsql immutable as $$
declare
	known constant text[] := '{reader,clerk,releaser,manager,body_administrator,oversight}';
begin
	if not roles <@ known or array_position(roles, null) is not null then
		perform pp.refuse('invalid_body', format('roles: %s.', array_to_string(known, ', ')), '/roles');
	end if;
	return case when roles <> '{}' then array(select r from unnest(known) r where r = 'reader' or r = any (roles)) end;
end
$$;

-- For the command line and operators. roles are separated by blanks: of the platform, of a membership in that body, or
-- "public" alone. What is made by hand is confirmed.
create function pp_api.account_create(email text, password_hash text, roles text, body text, at timestamptz,
	out account uuid, out membership uuid) language plpgsql volatile as $$
declare
	wanted text[] := array_remove(string_to_array(roles, ' '), 'public');
	platform text[] := array(select r from unnest(array['operator', 'auditor']) r where r = any (wanted));
	member text[] := pp_api.member_roles(array(select r from unnest(wanted) r where r <> all (platform)));
begin
	if member is not null and body is null or member is null and body is not null then
		perform pp.refuse('invalid_body', 'Whoever acts for a body has roles there, and nobody else has any.', '/body');
	end if;
	if body is not null and not exists (select from pp.body b where b.key = body) then
		perform pp.refuse('body_not_found', format('There is no body %s; import boundaries or bodies first.', body), '/body');
	end if;
	account := pp.uuid7(at);
	insert into pp.account (id, email, password_hash, platform, created_at)
		values (account, lower(btrim(email)), password_hash, platform, at)
		on conflict on constraint account_email_once do nothing;
	if not found then
		perform pp.refuse('account_exists', 'There is an account with this e-mail address.', '/email');
	end if;
	if member is not null then
		membership := pp.uuid7(at);
		insert into pp.membership (id, account, body, roles, state, created_at, confirmed_at, confirmed_by)
			values (membership, account, body, member, 'confirmed', at, at, pp.current_account());
	end if;
	perform pp.emit('account.created', at, data => json_build_object('account', account, 'roles', platform || member));
end
$$;

-- For the command line: who has an account here, as what.
create function pp_api.account_lines() returns table (line text) language sql stable as $$
	select concat_ws(E'\t', coalesce(a.email, '-'), case when a.active then 'active' else 'closed' end,
		coalesce(nullif(array_to_string(a.platform, ','), ''), '-'),
		coalesce((select string_agg(m.body || ':' || array_to_string(m.roles, ',') || ':' || m.state, ' ' order by m.id)
			from pp.membership m where m.account = a.id and m.state <> 'ended'), '-'), a.id)
	  from pp.account a order by a.email nulls last, a.id
$$;

-- The account of an address whose way in an operator changes. Whoever was in by the old way is out.
create function pp_api.account_help(email text, at timestamptz) returns uuid language plpgsql volatile
security definer set search_path = pg_catalog, pg_temp as $$
declare
	who uuid;
begin
	if not pp.has_role('operator') then
		perform pp.refuse('forbidden', 'Only operators do that.');
	end if;
	select a.id into who from pp.account a where a.email = lower(btrim($1));
	if not found then
		perform pp.refuse('not_found', format('No account has the address %s.', $1));
	end if;
	update pp.session s set closed_at = at where s.account = who and s.closed_at is null;
	return who;
end
$$;

create function pp_api.account_password(email text, password_hash text, at timestamptz) returns uuid language plpgsql volatile
security definer set search_path = pg_catalog, pg_temp as $$
declare
	who uuid := pp_api.account_help(email, at);
begin
	update pp.account a set password_hash = $2 where a.id = who;
	perform pp.emit('account.password_set', at, data => json_build_object('account', who));
	return who;
end
$$;

create function pp_api.account_reset_second_factor(email text, at timestamptz) returns uuid language plpgsql volatile
security definer set search_path = pg_catalog, pg_temp as $$
declare
	who uuid := pp_api.account_help(email, at);
begin
	delete from pp.recovery_code r where r.account = who;
	delete from pp.second_factor f where f.account = who;
	perform pp.emit('account.second_factor_reset', at, data => json_build_object('account', who));
	return who;
end
$$;

create function pp_api.token_create(account uuid, sha256 bytea, label text, expires_at timestamptz,
	at timestamptz, membership uuid)
returns uuid language plpgsql volatile as $$
declare
	token uuid := pp.uuid7(at);
begin
	insert into pp.token (id, sha256, account, label, created_at, expires_at, membership)
		values (token, $2, $1, $3, at, $4, $6);
	return token;
end
$$;

create function pp_api.token_list() returns pp.reply language sql stable as $$
	select pp.ok(json_build_object('items', coalesce(json_agg(json_build_object('id', t.id,
		'label', t.label, 'body', (select m.body from pp.membership m where m.id = t.membership), 'created_at', pp.rfc3339(t.created_at),
		'last_used_at', pp.rfc3339(t.last_used_at), 'expires_at', pp.rfc3339(t.expires_at),
		'revoked_at', pp.rfc3339(t.revoked_at)) order by t.id), '[]')))
	  from pp.token t where t.account = pp.current_account()
$$;

create function pp_api.token_revoke(token uuid, at timestamptz) returns pp.reply
language plpgsql volatile as $$
begin
	update pp.token t set revoked_at = coalesce(t.revoked_at, at)
	 where t.id = token and t.account = pp.current_account();
	if not found then
		perform pp.refuse('not_found', 'You have no such token.');
	end if;
	return row(204, null, null, null, null)::pp.reply;
end
$$;

-- Sessions that ended more than a day ago, sign-ins that nobody has finished, logout tokens that are too old by now, and links
-- of which whoever has one need no longer hear that it has expired.
create function pp_api.session_sweep(at timestamptz) returns bigint language plpgsql volatile as $$
declare
	gone bigint;
begin
	delete from pp.session where expires_at < at - interval '1 day';
	get diagnostics gone = row_count;
	delete from pp.sign_in where expires_at < at;
	delete from pp.logout_token where expires_at < at;
	delete from pp.account_link where expires_at < at - interval '90 days';
	return gone;
end
$$;

grant execute on function pp_api.account_json(uuid, text, text, text, text, timestamptz) to pp_server, pp_sign_in;
grant execute on function pp_api.account_sign_in(text),
	pp_api.session_open(uuid, bytea, bytea, int, timestamptz, text, timestamptz),
	pp_api.who_by_session(bytea, timestamptz), pp_api.who_by_token(bytea, timestamptz),
	pp_api.body_has_account(text, timestamptz), pp_api.session_close(bytea, timestamptz), pp_api.account_show(text, timestamptz),
	pp_api.session_body(bytea, jsonb, bytea, bytea, timestamptz), pp_api.session_roles(bytea, timestamptz), pp_api.member_roles(text[]),
	pp_api.account_create(text, text, text, text, timestamptz), pp_api.account_lines(),
	pp_api.account_password(text, text, timestamptz), pp_api.account_reset_second_factor(text, timestamptz),
	pp_api.token_create(uuid, bytea, text, timestamptz, timestamptz, uuid), pp_api.token_list(),
	pp_api.token_revoke(uuid, timestamptz) to pp_server;
grant execute on function pp_api.session_sweep(timestamptz) to pp_clerk;

-- A function can only be handed to a role that may create in the schema.
grant create on schema pp_api to pp_sign_in;
alter function pp_api.account_sign_in(text) owner to pp_sign_in;
alter function pp_api.account_help(text, timestamptz) owner to pp_sign_in;
alter function pp_api.account_password(text, text, timestamptz) owner to pp_sign_in;
alter function pp_api.account_reset_second_factor(text, timestamptz) owner to pp_sign_in;
alter function pp_api.session_begin(uuid, bytea, bytea, int, timestamptz, text, timestamptz) owner to pp_sign_in;
alter function pp_api.session_open(uuid, bytea, bytea, int, timestamptz, text, timestamptz) owner to pp_sign_in;
alter function pp_api.session_roles(bytea, timestamptz) owner to pp_sign_in;
alter function pp_api.who_by_session(bytea, timestamptz) owner to pp_sign_in;
alter function pp_api.who_by_token(bytea, timestamptz) owner to pp_sign_in;
alter function pp_api.body_has_account(text, timestamptz) owner to pp_sign_in;
revoke create on schema pp_api from pp_sign_in;
