-- SPDX-License-Identifier: EUPL-1.2
-- What every test file finds in its database: the tools of schema t, and an invented country.

create extension pgtap;
create extension dblink;
create schema t;

-- Who acts: the login role and what the server would set for the request.
create table t.person (name text primary key, login text not null, account uuid, body text, role text);
insert into t.person values ('anyone', 'pp_public', null, null, null),
	('nobody', 'pp_server', null, null, null), ('clerk', 'pp_clerk', null, null, null),
	('geometry', 'pp_geometry', null, null, null), ('owner', 'pp_owner', null, null, null);

create function t.become(who text) returns void language plpgsql as $$
declare
	found_person t.person;
begin
	select p.* into strict found_person from t.person p where p.name = who;
	perform set_config('pp.account', coalesce(found_person.account::text, ''), true),
		set_config('pp.body', coalesce(found_person.body, ''), true),
		set_config('pp.role', coalesce(found_person.role, ''), true);
	perform set_config('session_authorization', found_person.login, true);
end
$$;

-- The one value that a query gives under somebody's login and identity. The inner block is undone,
-- so that nothing of the identity stays; what it wrote stays.
create function t.value(who text, query text) returns text language plpgsql as $$
declare
	result text;
begin
	perform t.become(who);
	execute query into result;
	perform set_config('session_authorization', 'postgres', true);
	return result;
end
$$;

create function t.reply(who text, call text) returns pp.reply language plpgsql as $$
declare
	result pp.reply;
begin
	perform t.become(who);
	execute 'select (r).* from ' || call || ' r' into result;
	perform set_config('session_authorization', 'postgres', true);
	return result;
end
$$;

create function t.body(who text, call text) returns jsonb language sql as
$$ select (t.reply(who, call)).body::jsonb $$;

-- What comes of it: 'done', the problem of a refusal with its field, or the SQLSTATE. Whatever
-- was done is undone.
create function t.outcome(who text, query text) returns text language plpgsql as $$
declare
	result text := 'done';
	field text;
begin
	begin
		perform t.become(who);
		execute query;
		raise exception using errcode = 'PPEND';
	exception
		when sqlstate 'PPEND' then
			null;
		when sqlstate 'PP001' then
			get stacked diagnostics result = pg_exception_hint, field = column_name;
			result := result || coalesce(nullif(' ' || field, ' '), '');
		when others then
			result := sqlstate;
	end;
	return result;
end
$$;

-- The plan of a query where nothing but an index will do: true if it names that index.
create function t.uses_index(who text, query text, index text) returns bool language plpgsql as $$
declare
	line text;
	result bool := false;
begin
	perform t.become(who);
	perform set_config('enable_seqscan', 'off', true);
	for line in execute 'explain (costs off) ' || query loop
		result := result or line like '%' || index || '%';
	end loop;
	perform set_config('enable_seqscan', 'on', true);
	perform set_config('session_authorization', 'postgres', true);
	return result;
end
$$;

-- For a second session (dblink): how this server is reached, and waiting until one session waits
-- for another, by looking and never by sleeping.
create function t.connection(login text) returns text language sql as $$
	select format('host=%s dbname=%s user=%s', current_setting('unix_socket_directories'),
		current_database(), login)
$$;

create function t.until_blocked(session text, pid int, by int) returns bool language plpgsql as $$
begin
	while not pg_isolation_test_session_is_blocked(pid, array[by]) loop
		if dblink_is_busy(session) = 0 then
			return false;
		end if;
	end loop;
	return true;
end
$$;
