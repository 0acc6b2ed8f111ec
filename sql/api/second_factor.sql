-- SPDX-License-Identifier: EUPL-1.2
-- Second factors of local accounts. Codes are checked by the server, which alone can open the secret; here it is seen to
-- that none counts twice.

-- For signing in: the sealed secret, no row where there is none to ask for.
create function pp_api.second_factor_of(account uuid) returns table (sealed_secret bytea) language sql stable
security definer set search_path = pg_catalog, pg_temp as $$
	select f.sealed_secret from pp.second_factor f where f.account = $1 and f.confirmed_at is not null
$$;

-- RFC 6238 §5.2: a code that was taken is never taken again, nor is an older one.
create function pp_api.second_factor_take(account uuid, step bigint) returns bool language plpgsql volatile
security definer set search_path = pg_catalog, pg_temp as $$
begin
	update pp.second_factor f set last_step = $2 where f.account = $1 and f.last_step < $2;
	return found;
end
$$;

create function pp_api.recovery_code_take(account uuid, sha256 bytea, at timestamptz) returns bool language plpgsql volatile
security definer set search_path = pg_catalog, pg_temp as $$
begin
	update pp.recovery_code r set used_at = at where r.sha256 = $2 and r.account = $1 and r.used_at is null;
	return found;
end
$$;

create function pp_api.second_factor_show() returns pp.reply language sql stable as $$
	select pp.ok(json_build_object(
		'state', coalesce((select case when f.confirmed_at is null then 'pending' else 'confirmed' end
			from pp.second_factor f where f.account = pp.current_account()), 'none'),
		'recovery_codes', (select count(*) from pp.recovery_code r
			where r.account = pp.current_account() and r.used_at is null)))
$$;

-- Only who has a password needs a second factor here: an issuer has its own.
create function pp_api.second_factor_begin(sealed_secret bytea, at timestamptz) returns text language plpgsql volatile as $$
declare
	address text := (select a.email from pp.account a where a.id = pp.current_account());
begin
	if address is null then
		perform pp.refuse('conflict', 'This account signs in by its issuer.');
	end if;
	delete from pp.second_factor f where f.account = pp.current_account() and f.confirmed_at is null;
	insert into pp.second_factor (account, sealed_secret, created_at) values (pp.current_account(), $1, at)
		on conflict do nothing;
	if not found then
		perform pp.refuse('conflict', 'There is a second factor already; remove it first.');
	end if;
	return address;
end
$$;

create function pp_api.second_factor_own() returns table (sealed_secret bytea) language sql stable as $$
	select f.sealed_secret from pp.second_factor f where f.account = pp.current_account()
$$;

-- From now on it is asked for; the codes for the day when the device is lost are new.
create function pp_api.second_factor_confirm(step bigint, codes text[], at timestamptz) returns bool
language plpgsql volatile as $$
begin
	update pp.second_factor f set confirmed_at = at, last_step = $1
	 where f.account = pp.current_account() and f.confirmed_at is null and f.last_step < $1;
	if not found then
		return false;
	end if;
	delete from pp.recovery_code r where r.account = pp.current_account();
	insert into pp.recovery_code (sha256, account) select decode(c, 'hex'), pp.current_account() from unnest(codes) c;
	return true;
end
$$;

create function pp_api.second_factor_remove() returns pp.reply language plpgsql volatile as $$
begin
	delete from pp.recovery_code r where r.account = pp.current_account();
	delete from pp.second_factor f where f.account = pp.current_account();
	return row(204, null, null, null, null)::pp.reply;
end
$$;

grant execute on function pp_api.second_factor_of(uuid), pp_api.second_factor_take(uuid, bigint),
	pp_api.recovery_code_take(uuid, bytea, timestamptz), pp_api.second_factor_show(),
	pp_api.second_factor_begin(bytea, timestamptz), pp_api.second_factor_own(),
	pp_api.second_factor_confirm(bigint, text[], timestamptz), pp_api.second_factor_remove() to pp_server;

grant create on schema pp_api to pp_sign_in;
alter function pp_api.second_factor_of(uuid) owner to pp_sign_in;
alter function pp_api.second_factor_take(uuid, bigint) owner to pp_sign_in;
alter function pp_api.recovery_code_take(uuid, bytea, timestamptz) owner to pp_sign_in;
revoke create on schema pp_api from pp_sign_in;
