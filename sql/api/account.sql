-- SPDX-License-Identifier: EUPL-1.2
-- Accounts, sessions, tokens. What must work before anybody is known is SECURITY DEFINER and
-- belongs to pp_sign_in (last lines); passwords are compared by the server.

create function pp_api.account_json(account uuid, email text, role text, body text) returns json
language sql stable as $$
	select json_build_object('account', account, 'email', email, 'role', role, 'body', body,
		'body_name', pp.body_name(body))
$$;

-- For signing in: the hash to compare with, no row where there is nothing to compare.
create function pp_api.account_sign_in(email text)
returns table (account uuid, password_hash text) language sql stable
security definer set search_path = pg_catalog, pg_temp as $$
	select a.id, a.password_hash from pp.account a
	 where a.email = lower(btrim($1)) and a.active and a.password_hash is not null
$$;

-- After the password was right: idle is how long it lives without a request.
create function pp_api.session_open(account uuid, sha256 bytea, idle_seconds int,
	expires_at timestamptz, at timestamptz)
returns pp.reply language plpgsql volatile
security definer set search_path = pg_catalog, pg_temp as $$
declare
	a pp.account;
begin
	select * into strict a from pp.account u where u.id = $1 and u.active;
	insert into pp.session (sha256, account, opened_at, last_seen_at, idle, expires_at)
		values ($2, a.id, at, at, make_interval(secs => idle_seconds), $4);
	return pp.created('/api/v1/session', pp_api.account_json(a.id, a.email, a.role, a.body));
end
$$;

-- Who holds a session at that instant; its last use is noted once a minute at most.
create function pp_api.who_by_session(sha256 bytea, at timestamptz,
	out account uuid, out body text, out role text, out email text)
returns setof record language plpgsql volatile
security definer set search_path = pg_catalog, pg_temp as $$
declare
	seen timestamptz;
begin
	for account, body, role, email, seen in
		select a.id, a.body, a.role, a.email, s.last_seen_at
		  from pp.session s join pp.account a on a.id = s.account
		 where s.sha256 = $1 and s.closed_at is null and at < s.expires_at
		   and at < s.last_seen_at + s.idle and a.active
	loop
		if seen < at - interval '1 minute' then
			update pp.session s set last_seen_at = at where s.sha256 = $1 and s.last_seen_at < at;
		end if;
		return next;
	end loop;
end
$$;

create function pp_api.who_by_token(sha256 bytea, at timestamptz,
	out account uuid, out body text, out role text, out email text)
returns setof record language plpgsql volatile
security definer set search_path = pg_catalog, pg_temp as $$
declare
	used timestamptz;
begin
	for account, body, role, email, used in
		select a.id, a.body, a.role, a.email, coalesce(t.last_used_at, '-infinity')
		  from pp.token t join pp.account a on a.id = t.account
		 where t.sha256 = $1 and (t.revoked_at is null or at < t.revoked_at)
		   and (t.expires_at is null or at < t.expires_at) and a.active
	loop
		if used < at - interval '1 hour' then
			update pp.token t set last_used_at = at where t.sha256 = $1;
		end if;
		return next;
	end loop;
end
$$;

-- Whether anybody can read what is put into a body's mailbox here.
create function pp_api.body_has_account(body text) returns bool language sql stable
security definer set search_path = pg_catalog, pg_temp as $$
	select exists (select from pp.account a where a.body = $1 and a.active)
$$;

create function pp_api.session_close(sha256 bytea, at timestamptz) returns pp.reply
language plpgsql volatile as $$
begin
	update pp.session s set closed_at = at where s.sha256 = $1 and s.closed_at is null;
	return row(204, null, null, null, null)::pp.reply;
end
$$;

create function pp_api.account_show() returns pp.reply language plpgsql stable as $$
declare
	a record;
begin
	select u.id, u.email, u.role, u.body, u.version into a from pp.account u
	 where u.id = pp.current_account();
	if not found then
		perform pp.refuse('unauthenticated', 'Sign in first.');
	end if;
	return pp.ok(pp_api.account_json(a.id, a.email, a.role, a.body), a.version::text);
end
$$;

-- For the command line and administrators.
create function pp_api.account_create(email text, password_hash text, role text, body text,
	at timestamptz)
returns uuid language plpgsql volatile as $$
declare
	account uuid := pp.uuid7(at);
begin
	if role not in ('administrator', 'planner', 'municipality', 'public') then
		perform pp.refuse('invalid_body', 'role: administrator, planner, municipality or public.', '/role');
	end if;
	if (role in ('planner', 'municipality')) and body is null or role = 'public' and body is not null then
		perform pp.refuse('invalid_body', 'A planner or municipality acts for a body, the public for none.', '/body');
	end if;
	if body is not null and not exists (select from pp.body b where b.key = body) then
		perform pp.refuse('body_not_found', format('There is no body %s; import boundaries or bodies first.', body), '/body');
	end if;
	insert into pp.account (id, email, password_hash, role, body, created_at)
		values (account, lower(btrim(email)), password_hash, role, body, at)
		on conflict on constraint account_email_once do nothing;
	if not found then
		perform pp.refuse('account_exists', 'There is an account with this e-mail address.', '/email');
	end if;
	perform pp.emit('account.created', at, data => json_build_object('account', account, 'role', role));
	return account;
end
$$;

create function pp_api.token_create(account uuid, sha256 bytea, label text, expires_at timestamptz,
	at timestamptz)
returns uuid language plpgsql volatile as $$
declare
	token uuid := pp.uuid7(at);
begin
	insert into pp.token (id, sha256, account, label, created_at, expires_at)
		values (token, $2, $1, $3, at, $4);
	return token;
end
$$;

create function pp_api.token_list() returns pp.reply language sql stable as $$
	select pp.ok(json_build_object('items', coalesce(json_agg(json_build_object('id', t.id,
		'label', t.label, 'created_at', pp.rfc3339(t.created_at),
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

-- Sessions that ended more than a day ago.
create function pp_api.session_sweep(at timestamptz) returns bigint language plpgsql volatile as $$
declare
	gone bigint;
begin
	delete from pp.session where expires_at < at - interval '1 day';
	get diagnostics gone = row_count;
	return gone;
end
$$;

grant execute on function pp_api.account_json(uuid, text, text, text) to pp_server, pp_sign_in;
grant execute on function pp_api.account_sign_in(text),
	pp_api.session_open(uuid, bytea, int, timestamptz, timestamptz),
	pp_api.who_by_session(bytea, timestamptz), pp_api.who_by_token(bytea, timestamptz),
	pp_api.body_has_account(text), pp_api.session_close(bytea, timestamptz), pp_api.account_show(),
	pp_api.account_create(text, text, text, text, timestamptz),
	pp_api.token_create(uuid, bytea, text, timestamptz, timestamptz), pp_api.token_list(),
	pp_api.token_revoke(uuid, timestamptz) to pp_server;
grant execute on function pp_api.session_sweep(timestamptz) to pp_clerk;

-- A function can only be handed to a role that may create in the schema.
grant create on schema pp_api to pp_sign_in;
alter function pp_api.account_sign_in(text) owner to pp_sign_in;
alter function pp_api.session_open(uuid, bytea, int, timestamptz, timestamptz) owner to pp_sign_in;
alter function pp_api.who_by_session(bytea, timestamptz) owner to pp_sign_in;
alter function pp_api.who_by_token(bytea, timestamptz) owner to pp_sign_in;
alter function pp_api.body_has_account(text) owner to pp_sign_in;
revoke create on schema pp_api from pp_sign_in;
