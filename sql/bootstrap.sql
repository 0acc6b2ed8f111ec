-- SPDX-License-Identifier: EUPL-1.2
-- What only a superuser can do, once per database: extensions, login roles, the three schemas.
-- Idempotent; run it again after an upgrade of PostgreSQL or PostGIS. Nothing here needs psql.
--
--   pp_owner     owns schemas pp and pp_api, runs migrations and imports; subject to row-level security
--   pp_server    the web workers; row-level security decides what a request sees
--   pp_public    requests without sign-in; sees published things only and has no identity
--   pp_geometry  geometry workers; boundaries, adjacency and rules only
--   pp_clerk     deadlines, events, house-keeping
--   pp_sign_in   nobody logs in as it; owns the few functions that look credentials up
--   pp_deadlines nobody logs in as it; owns the two functions that move ends on from added holidays
--   pp_keys      nobody logs in as it; owns schema pp_keys: keys of persons, and what seals with them
--   pp_chain     nobody logs in as it; owns the functions that write the audit chain
--   pp_features  nobody logs in as it; owns the functions that write down what GIS clients are shown
--   pp_audit     reads whatever the audit chain is of, to check it; writes nothing

do $$
declare
	login text;
begin
	-- Roles belong to the whole cluster: whoever sets up a database of it meanwhile waits here.
	lock table pg_authid in share row exclusive mode;
	foreach login in array array['pp_owner', 'pp_server', 'pp_public', 'pp_geometry', 'pp_clerk', 'pp_audit'] loop
		if not exists (select from pg_roles where rolname = login) then
			execute format('create role %I login', login);
		end if;
		execute format('alter role %I login nosuperuser nocreatedb nocreaterole noreplication nobypassrls',
			login);
		-- Short statements: compiling them costs more than running them.
		execute format('alter role %I set jit = off', login);
		execute format('alter role %I set default_transaction_isolation = %L', login, 'read committed');
		execute format('grant connect on database %I to %I', current_database(), login);
	end loop;
	-- pp_owner hands functions over to these but does not see what they see: no inheritance.
	alter role pp_owner noinherit;
	foreach login in array array['pp_sign_in', 'pp_deadlines', 'pp_keys', 'pp_chain', 'pp_features'] loop
		if not exists (select from pg_roles where rolname = login) then
			execute format('create role %I nologin', login);
		end if;
		execute format('alter role %I nologin nosuperuser nocreatedb nocreaterole noreplication nobypassrls',
			login);
		if not exists (select from pg_auth_members m
			where m.roleid = login::regrole and m.member = 'pp_owner'::regrole) then
			execute format('grant %I to pp_owner', login);
		end if;
	end loop;
	execute format('revoke connect, temporary on database %I from public', current_database());
	-- temporary: imports stage their rows; create: the schema pp_api is dropped and made anew.
	execute format('grant create, temporary on database %I to pp_owner', current_database());
	revoke create on schema public from public;
	create extension if not exists postgis;
	create extension if not exists btree_gist;
	create extension if not exists pg_trgm;
	create extension if not exists pgcrypto;
	create schema if not exists pp authorization pp_owner;
	create schema if not exists pp_api authorization pp_owner;
	create schema if not exists pp_keys authorization pp_keys;
end
$$;
