-- SPDX-License-Identifier: EUPL-1.2
-- Signing in by identity providers. What must work before anybody is known is SECURITY DEFINER and belongs to pp_sign_in
-- (last lines); tokens are checked by the server before they come here.

-- For the page where one signs in.
create function pp_api.issuer_list() returns pp.reply language sql stable as $$
	select pp.ok(json_build_object('items', coalesce(json_agg(json_build_object('key', i.key, 'title', i.title,
		'logo_text', i.logo_text, 'land', i.land) order by i.title), '[]')))
	  from pp.issuer i where i.active
$$;

create type pp_api.issuer as (key text, url text, client_id text, client_auth text, scopes text, algorithms text,
	audience text, scope text, claims json, levels json);

create function pp_api.issuer_row(i pp.issuer) returns pp_api.issuer language sql immutable as $$
	select row(i.key, i.url, i.client_id, i.client_auth, i.scopes, array_to_string(i.algorithms, ' '), i.audience,
		i.scope, i.claims, i.levels)::pp_api.issuer
$$;

create function pp_api.issuer_find(key text) returns setof pp_api.issuer language sql stable
security definer set search_path = pg_catalog, pg_temp as $$
	select (pp_api.issuer_row(i)).* from pp.issuer i where i.key = $1 and i.active
$$;

-- By the name that its tokens give.
create function pp_api.issuer_of(url text) returns setof pp_api.issuer language sql stable
security definer set search_path = pg_catalog, pg_temp as $$
	select (pp_api.issuer_row(i)).* from pp.issuer i where i.url = $1 and i.active
$$;

-- For the command line: operators say whom the platform trusts.
create function pp_api.issuer_add(issuer json, at timestamptz) returns text language plpgsql volatile as $$
declare
	i pp.issuer := json_populate_record(null::pp.issuer, issuer);
begin
	i.active := true;
	i.roles := coalesce(i.roles, '{}');
	i.created_at := at;
	i.removed_at := null;
	insert into pp.issuer select i.*;
	perform pp.emit('issuer.added', at, data => json_build_object('issuer', i.key));
	return i.key;
exception when unique_violation then
	perform pp.refuse('issuer_exists', 'An issuer of that key or address is there already; a key is never used twice.');
end
$$;

create function pp_api.issuer_remove(key text, at timestamptz) returns text language plpgsql volatile as $$
begin
	update pp.issuer i set active = false, removed_at = at where i.key = $1 and i.active;
	if not found then
		perform pp.refuse('issuer_not_found', format('There is no issuer %s.', key));
	end if;
	perform pp.emit('issuer.removed', at, data => json_build_object('issuer', key));
	return key;
end
$$;

-- For operators: everything that was configured of each, and who has come by it. The client's secret is a file, not here.
create function pp_api.identity_provider_list() returns pp.reply language plpgsql stable
security definer set search_path = pg_catalog, pg_temp as $$
begin
	if not pp.has_role('operator') then
		perform pp.refuse('forbidden', 'Only an operator sees how identity providers are configured.');
	end if;
	return pp.ok((select json_build_object('items', coalesce(json_agg(json_build_object('key', i.key, 'title', i.title,
		'url', i.url, 'land', i.land, 'client_id', i.client_id, 'client_auth', i.client_auth,
		'scopes', string_to_array(i.scopes, ' '), 'algorithms', i.algorithms, 'audience', i.audience, 'scope', i.scope,
		'claims', i.claims, 'roles', i.roles, 'levels', i.levels, 'active', i.active, 'created_at', pp.rfc3339(i.created_at),
		'removed_at', pp.rfc3339(i.removed_at), 'accounts', coalesce(a.n, 0), 'last_seen_at', pp.rfc3339(a.last))
		order by i.active desc, i.title, i.key), '[]'))
		from pp.issuer i left join (select d.issuer, count(*) as n, max(d.last_seen_at) as last from pp.account_identity d
			group by d.issuer) a on a.issuer = i.key));
end
$$;

create function pp_api.issuer_lines() returns table (line text) language sql stable as $$
	select concat_ws(E'\t', i.key, i.url, i.title, coalesce(i.land, '-'), i.client_id,
		case when i.active then 'active' else 'removed' end)
	  from pp.issuer i order by i.key
$$;

create function pp_api.sign_in_begin(state_sha256 bytea, browser_sha256 bytea, nonce_sha256 bytea, issuer text,
	return_to text, max_age int, at timestamptz)
returns void language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
	insert into pp.sign_in (state_sha256, browser_sha256, nonce_sha256, issuer, return_to, expires_at, max_age)
		values ($1, $2, $3, $4, $5, $7 + interval '10 minutes', $6)
$$;

-- It is gone from now on, also where another browser brings its state.
create function pp_api.sign_in_take(state_sha256 bytea, browser_sha256 bytea, at timestamptz)
returns table (issuer text, nonce_sha256 bytea, return_to text, max_age int) language sql volatile
security definer set search_path = pg_catalog, pg_temp as $$
	with taken as (delete from pp.sign_in s where s.state_sha256 = $1 returning s.*)
	select t.issuer, t.nonce_sha256, t.return_to, t.max_age from taken t where t.browser_sha256 = $2 and $3 < t.expires_at
$$;

-- What the issuer's mapping makes of the values of its claim; nothing where it knows none of them.
create function pp_api.claimed_roles(issuer text, claimed jsonb) returns text[] language sql stable as $$
	select coalesce(pp_api.member_roles(array(
		select distinct r.role from pp.issuer i
		  cross join jsonb_array_elements_text(case jsonb_typeof(claimed) when 'array' then claimed else '[]' end) c (value)
		  cross join jsonb_array_elements_text(coalesce(i.roles -> c.value, '[]')) r (role)
		 where i.key = $1)), '{reader}')
$$;

-- Who that is here: an account of their own from the first time on. Whoever an issuer places in a body that is known
-- joins it, with the roles that its mapping proposes, and reads and no more until the body's administrator confirms.
create function pp_api.identity_account(issuer text, subject text, claims jsonb, at timestamptz) returns uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
	who uuid;
	place text := claims ->> 'organisation';
begin
	-- Two first sign-ins at once make one account.
	perform pg_advisory_xact_lock(hashtextextended(issuer || ' ' || subject, 0));
	update pp.account_identity i
	   set name = claims ->> 'name', email = claims ->> 'email', organisation = place, last_seen_at = at
	 where i.issuer = $1 and i.subject = $2 returning i.account into who;
	if not found then
		who := pp.uuid7(at);
		insert into pp.account (id, email, created_at) values (who, null, at);
		insert into pp.account_identity
			values ($1, $2, who, claims ->> 'name', claims ->> 'email', place, at, at);
		perform pp.emit('account.created', at, data => json_build_object('account', who, 'issuer', issuer));
	end if;
	-- An ARS of twelve digits names Land, Kreis, Verband and municipality: without the last it is the Verband's, and an AGS
	-- has no Verband.
	if place ~ '^[0-9]{12}$' then
		place := case when place ~ '000$' and substr(place, 6, 4) <> '0000' then left(place, 9)
			else left(place, 5) || right(place, 3) end;
	end if;
	if exists (select from pp.body b where b.key = place)
		and not exists (select from pp.membership m where m.account = who and m.body = place) then
		insert into pp.membership (id, account, body, roles, state, created_at)
			values (pp.uuid7(at), who, place, pp_api.claimed_roles(issuer, claims -> 'roles'), 'pending', at);
	end if;
	return who;
end
$$;

-- After the provider's token was checked. A session that the browser had ends: no secret outlives a sign-in.
create function pp_api.session_of_identity(issuer text, subject text, claims jsonb, level text, provider_session text,
	sealed_id_token bytea, sha256 bytea, old_sha256 bytea, idle_seconds int, expires_at timestamptz,
	authenticated_at timestamptz, at timestamptz)
returns bool language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
	who uuid := pp_api.identity_account(issuer, subject, claims, at);
begin
	if not exists (select from pp.account a where a.id = who and a.active) then
		return false;
	end if;
	perform pp_api.session_begin(who, sha256, old_sha256, idle_seconds, expires_at, level, at);
	update pp.session s set issuer = $1, subject = $2, provider_session = $5, sealed_id_token = $6, authenticated_at = $11
	 where s.sha256 = $7;
	return true;
end
$$;

-- Who an access token speaks for; nobody where the identity has never been seen.
create function pp_api.who_by_identity(issuer text, subject text, at timestamptz,
	out account uuid, out body text, out roles text, out email text, out level text)
returns setof record language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select a.id, m.body, coalesce(pp.roles_of(m), array_to_string(a.platform, ' ')), coalesce(a.email, i.email), null
	  from pp.account_identity i join pp.account a on a.id = i.account and a.active
	  left join lateral (select v.* from pp.membership v where v.account = a.id and pp.is_live(v, pp.day($3))
		order by v.id limit 1) m on true
	 where i.issuer = $1 and i.subject = $2
$$;

-- By which issuer a session or an access token came, and by which values of acr it vouches for that level or a higher one.
create function pp_api.assurance_issuer(credential bytea, issuer_url text, level text)
returns table (issuer text, acr_values text) language sql stable
security definer set search_path = pg_catalog, pg_temp as $$
	select i.key, (select string_agg(l.key, ' ' order by o.rank, l.key)
			from jsonb_each_text(i.levels) l
			join unnest('{NORMAL,SUBSTANTIELL,HOCH}'::text[]) with ordinality o (level, rank) on o.level = l.value
		 where o.rank >= array_position('{NORMAL,SUBSTANTIELL,HOCH}', $3) and l.key ~ '^[!#-\[\]-~]+$')
	  from pp.issuer i
	 where i.active and (i.url = $2 or i.key = (select s.issuer from pp.session s where s.sha256 = $1))
$$;

-- One's own sessions that are open.
create function pp_api.session_list(credential bytea, at timestamptz) returns pp.reply language sql stable as $$
	select pp.ok(json_build_object('items', coalesce(json_agg(json_build_object('id', s.id,
		'opened_at', pp.rfc3339(s.opened_at), 'last_seen_at', pp.rfc3339(s.last_seen_at),
		'expires_at', pp.rfc3339(least(s.expires_at, s.last_seen_at + s.idle)), 'issuer', s.issuer, 'level', s.level,
		'is_this', s.sha256 = $1) order by s.id desc), '[]')))
	  from pp.session s
	 where s.account = pp.current_account() and s.closed_at is null and $2 < s.expires_at
	   and $2 < s.last_seen_at + s.idle
$$;

create function pp_api.session_end(session uuid, at timestamptz) returns pp.reply language plpgsql volatile as $$
begin
	update pp.session s set closed_at = coalesce(s.closed_at, at)
	 where s.id = session and s.account = pp.current_account();
	if not found then
		perform pp.refuse('not_found', 'You have no such session.');
	end if;
	return row(204, null, null, null, null)::pp.reply;
end
$$;

-- What a provider that has ended somebody's session says by its logout token: how many ended here, null where the token
-- was taken before. None holds for more than eleven minutes after it was made, so it need not be known for longer.
create function pp_api.session_logout(issuer text, subject text, provider_session text, token_sha256 bytea, at timestamptz)
returns bigint language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
	ended bigint;
begin
	insert into pp.logout_token values ($1, $4, at + interval '15 minutes') on conflict do nothing;
	if not found then
		return null;
	end if;
	if provider_session is null then
		update pp.session s set closed_at = at where s.issuer = $1 and s.subject = $2 and s.closed_at is null;
	else
		update pp.session s set closed_at = at
		 where s.issuer = $1 and s.provider_session = $3 and s.closed_at is null and ($2 is null or s.subject = $2);
	end if;
	get diagnostics ended = row_count;
	return ended;
end
$$;

grant execute on function pp_api.issuer_list() to pp_server, pp_public;
grant execute on function pp_api.identity_provider_list() to pp_server;
grant execute on function pp_api.issuer_row(pp.issuer), pp_api.claimed_roles(text, jsonb), pp_api.member_roles(text[])
	to pp_sign_in;
grant execute on function pp_api.issuer_find(text), pp_api.issuer_of(text), pp_api.issuer_add(json, timestamptz),
	pp_api.issuer_remove(text, timestamptz), pp_api.issuer_lines(),
	pp_api.sign_in_begin(bytea, bytea, bytea, text, text, int, timestamptz),
	pp_api.sign_in_take(bytea, bytea, timestamptz), pp_api.identity_account(text, text, jsonb, timestamptz),
	pp_api.session_of_identity(text, text, jsonb, text, text, bytea, bytea, bytea, int, timestamptz, timestamptz,
		timestamptz),
	pp_api.who_by_identity(text, text, timestamptz), pp_api.assurance_issuer(bytea, text, text),
	pp_api.session_list(bytea, timestamptz),
	pp_api.session_end(uuid, timestamptz), pp_api.session_logout(text, text, text, bytea, timestamptz) to pp_server;

grant create on schema pp_api to pp_sign_in;
alter function pp_api.identity_provider_list() owner to pp_sign_in;
alter function pp_api.issuer_find(text) owner to pp_sign_in;
alter function pp_api.issuer_of(text) owner to pp_sign_in;
alter function pp_api.sign_in_begin(bytea, bytea, bytea, text, text, int, timestamptz) owner to pp_sign_in;
alter function pp_api.sign_in_take(bytea, bytea, timestamptz) owner to pp_sign_in;
alter function pp_api.identity_account(text, text, jsonb, timestamptz) owner to pp_sign_in;
alter function pp_api.session_of_identity(text, text, jsonb, text, text, bytea, bytea, bytea, int, timestamptz, timestamptz,
	timestamptz) owner to pp_sign_in;
alter function pp_api.who_by_identity(text, text, timestamptz) owner to pp_sign_in;
alter function pp_api.assurance_issuer(bytea, text, text) owner to pp_sign_in;
alter function pp_api.session_logout(text, text, text, bytea, timestamptz) owner to pp_sign_in;
revoke create on schema pp_api from pp_sign_in;
