-- SPDX-License-Identifier: EUPL-1.2
-- What every test file finds in its database: the tools of schema t, and an invented country.

create extension pgtap;
create extension dblink;
create schema t;

-- Who acts: the login role and what the server would set for the request.
create table t.person (name text primary key, login text not null, account uuid, body text, roles text);
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
		set_config('pp.roles', coalesce(found_person.roles, ''), true);
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

-- All pages of a list, one after the other: what a JSON path finds on each. %L in the call is the
-- cursor.
create function t.walk(who text, call text, path jsonpath) returns jsonb language plpgsql as $$
declare
	page pp.reply;
	result jsonb := '[]';
begin
	loop
		page := t.reply(who, format(call, page.next));
		result := result || jsonb_path_query_array(page.body::jsonb, path);
		exit when page.next is null;
	end loop;
	return result;
end
$$;

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

-- Whether a call uses that index, where nothing but an index will do: counted by PostgreSQL itself.
create function t.uses_index(who text, call text, index text) returns bool language plpgsql as $$
declare
	before bigint := pg_stat_get_xact_numscans(index::regclass);
begin
	perform t.become(who);
	perform set_config('enable_seqscan', 'off', true);
	execute call;
	perform set_config('enable_seqscan', 'on', true);
	perform set_config('session_authorization', 'postgres', true);
	return pg_stat_get_xact_numscans(index::regclass) > before;
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

-- Events wait for every transaction of the cluster that is older, also for those of other tests:
-- looks until none of them is left.
create function t.until_settled() returns bool language plpgsql volatile as $$
begin
	while exists (select from pp.event e where e.xid >= pg_snapshot_xmin(pg_current_snapshot())) loop
		null;
	end loop;
	return true;
end
$$;

-- What a login may do with the tables and views, as one text.
create function t.rights(login text) returns text language sql as $$
	select string_agg(right_on, ' ' order by right_on collate "C") from (
		select t.table_schema || '.' || t.table_name || ':' || t.privilege_type as right_on
		  from information_schema.table_privileges t
		 where t.grantee = login and t.table_schema in ('pp', 'pp_api', 'pp_keys')
		union
		select c.table_schema || '.' || c.table_name || '.' || c.column_name || ':' || c.privilege_type
		  from information_schema.column_privileges c
		 where c.grantee = login and c.table_schema in ('pp', 'pp_api', 'pp_keys')
		   and not exists (select from information_schema.table_privileges t
			where (t.grantee, t.table_schema, t.table_name, t.privilege_type)
				= (c.grantee, c.table_schema, c.table_name, c.privilege_type))) r
$$;

-- The country: Elbstadt is a Land of its own with an exclave; along its east lie Ahrens, Birken and
-- Cremm, Damm meets it in a point, the Forst behind them is unincorporated, Elm is far away. Cells of
-- 1 km from 560000, 5940000 on.
create function t.cell(x0 float8, y0 float8, x1 float8, y1 float8) returns geometry language sql
immutable as $$
	select ST_MakeEnvelope(560000 + 1000 * x0, 5940000 + 1000 * y0, 560000 + 1000 * x1,
		5940000 + 1000 * y1, 25832)
$$;
create table t.country as
	select * from (values
		('02000000', 'Elbstadt', 'Stadt', 'Elbstadt', false,
			ST_Collect(t.cell(0, 0, 3, 3), t.cell(50, 0, 51, 1))),
		('01999001', 'Ahrens', 'Gemeinde', 'Auental', false, t.cell(3, 0, 4, 1)),
		('01999002', 'Birken', 'Gemeinde', 'Auental', false, t.cell(3, 1, 4, 2)),
		('01999003', 'Cremm', 'Stadt', 'Auental', false, t.cell(3, 2, 4, 3)),
		('01998004', 'Damm', 'Gemeinde', 'Bruchland', false, t.cell(3, 3, 4, 4)),
		('01998005', 'Forst', 'Forstgutsbezirk', 'Bruchland', true, t.cell(4, 0, 5, 4)),
		('01998006', 'Elm', 'Gemeinde', 'Bruchland', false, t.cell(20, 0, 21, 1))
	) as c (ags, name, designation, kreis, unincorporated, geom);
grant usage on schema t to public;
grant select on t.country to public;

-- Imports it (again, under another name or date) as the program does.
create function t.import(dataset text, dataset_date date, at timestamptz) returns bigint
language plpgsql as $$
begin
	perform pp_api.import_begin();
	insert into import_municipality
		select ags, left(ags, 5) || '0000' || right(ags, 3), name, designation, kreis, unincorporated,
			ST_AsBinary(geom) from t.country;
	insert into import_adjacency
		select a.ags, b.ags, case when l > 0 then 'line' else 'point' end, l
		  from t.country a join t.country b on a.ags < b.ags and ST_Distance(a.geom, b.geom) <= 0.001,
			ST_Length(ST_Intersection(a.geom, b.geom)) l;
	return pp_api.boundaries_import('municipality', null, dataset, dataset_date, 100,
		sha256(dataset::bytea), '{"repaired":[]}', at);
end
$$;

-- A text with these three rules, put in force.
create function t.import_rules(near text, at timestamptz) returns bigint language plpgsql as $$
begin
	return (pp_api.rule_import(
		concat_ws(E'\t', 'id', 'name', 'kinds', 'metric', 'threshold', 'class', 'subject', 'land',
			'reason_de', 'reason_en', 'source', 'valid_from', 'valid_to')
		|| (select string_agg(concat_ws(E'\t', E'\n' || id, name, kinds, metric, threshold, class, '', '',
				'Grund', 'reason', 'source', '2023-07-07', ''), '' order by id)
			from (values ('R01', 'GEBIET', '*', 'overlap', '', 'MUSS'),
				('R04', 'NAH', 'BP_REGEL', 'distance', $1, 'SOLL'),
				('R90', 'MANUELL', '*', 'manual', '', 'SOLL')) r (id, name, kinds, metric, threshold, class))
		|| E'\n', 'test ' || $1, at)).version;
end
$$;

create function t.import_administration() returns void language plpgsql as $$
begin
	perform pp_api.import_begin();
	insert into import_body values ('01', 'Land Auen', 'LAND', '01', ''),
		('02', 'Land Elbstadt', 'LAND', '02', ''), ('019995001', 'Amt Auental', 'AMT', '01', '01999'),
		('landesplanung-au', 'Landesplanung Auen', 'LANDESPLANUNG', '01', '01'),
		('netz-gmbh', 'Netz GmbH', 'VORHABENTRAEGER', '02', ''),
		('02000000-1', 'Bezirk Elbstadt-Ost', 'BEZIRK', '02', '02000000');
	insert into import_administration values
		('01999001', '019995001', 'AMT', '2016-01-01', null, 'test'),
		('01999002', '019995001', 'AMT', '2016-01-01', '2026-06-30', 'test'),
		('01998005', '01998', 'KREIS', '2016-01-01', null, 'test'),
		('01999001', '02000000', 'PLANUNG', '2016-01-01', null, 'test');
	perform pp_api.administration_import('2026-01-01');
end
$$;

set session authorization pp_owner;
begin;
select t.import('VG', '2016-01-01', '2026-01-01');
commit;
begin;
select t.import_administration();
commit;
begin;
select t.import_rules('500', '2026-01-01');
commit;
reset session authorization;

-- Who acts in it. The two planners share a body; amt administers Ahrens and, until June, Birken.
insert into t.person select name, 'pp_server', ('00000000-0000-7000-8000-0000000000' || n)::uuid, body, roles
	from (values ('10', 'root', 'operator', null), ('11', 'planner', 'reader manager', '02000000'),
		('12', 'planner2', 'reader manager', '02000000'), ('13', 'ahrens', 'reader clerk releaser', '01999001'),
		('14', 'amt', 'reader clerk releaser', '019995001'), ('15', 'cremm', 'reader clerk releaser manager', '01999003'),
		('16', 'damm', 'reader clerk releaser', '01998004'), ('17', 'kreis', 'reader clerk releaser', '01998'),
		('18', 'land', 'reader clerk releaser', 'landesplanung-au'), ('19', 'citizen', null, null),
		('20', 'citizen2', null, null)) a (n, name, roles, body);
-- The accounts of these persons, and their memberships.
create function t.enrol(who text[]) returns void language sql as $$
	insert into pp.account (id, email, platform, created_at)
		select p.account, p.name || '@example.org', case p.roles when 'operator' then '{operator}' else '{}' end::text[],
			'2026-01-01' from t.person p where p.name = any (who);
	insert into pp.membership (id, account, body, roles, state, created_at, confirmed_at)
		select pp.uuid7('2026-01-01'), p.account, p.body, string_to_array(p.roles, ' '), 'confirmed', '2026-01-01', '2026-01-01'
		  from t.person p where p.name = any (who) and p.body is not null
$$;
select t.enrol(array(select name from t.person where account is not null));

-- What an engine might answer for a plan at Elbstadt's eastern border.
create function t.result() returns jsonb language sql immutable as $$
	select '{"municipalities": [
		{"ags": "01999001", "name": "Ahrens", "kreis": "Auental", "land": "01", "class": "MUSS", "cross_border": true,
		 "distance_m": 0.0, "overlap_m2": 0.0, "shared_border_m": 1000.000, "rules": [
			{"rule": "R05", "class": "MUSS", "metric": "distance", "value": 0.0, "threshold": 0, "unit": "m", "borderline": true, "reason": "grenzt an", "source": "x"},
			{"rule": "R04", "class": "SOLL", "metric": "distance", "value": 0.0, "threshold": 500, "unit": "m", "borderline": false, "reason": "nahe", "source": "y"}]},
		{"ags": "01999002", "name": "Birken", "kreis": "Auental", "land": "01", "class": "SOLL", "cross_border": true,
		 "distance_m": 200.125, "overlap_m2": 0.0, "shared_border_m": 1000.000, "rules": [
			{"rule": "R04", "class": "SOLL", "metric": "distance", "value": 200.125, "threshold": 500, "unit": "m", "borderline": false, "reason": "nahe", "source": "y"}]},
		{"ags": "01998005", "name": "Forst", "kreis": "Bruchland", "land": "01", "class": "PRUEFEN", "cross_border": true,
		 "distance_m": 550.000, "overlap_m2": 0.0, "shared_border_m": 0.000, "rules": [
			{"rule": "R04", "class": "PRUEFEN", "metric": "distance", "value": 550.000, "threshold": 500, "unit": "m", "borderline": true, "reason": "im Band", "source": "y"}]},
		{"ags": "02000000", "name": "Elbstadt", "kreis": "Elbstadt", "land": "02", "class": "EIGEN", "cross_border": false,
		 "distance_m": 0.0, "overlap_m2": 250000.0, "shared_border_m": null, "rules": []}],
	"authorities": [{"body": "landesplanung-au", "name": "Landesplanung Auen", "land": "01", "class": "SOLL", "rules": [
			{"rule": "R80", "class": "SOLL", "metric": "land_border", "value": 0.0, "threshold": 1000, "unit": "m", "borderline": false, "reason": "Landesgrenze", "source": "z"}]}],
	"dataset": {"name": "VG", "date": "2016-01-01"}, "engine": "test 1"}'::jsonb
$$;

create function t.geometry() returns bytea language sql immutable as
$$ select ST_AsBinary(t.cell(2.5, 0.25, 3, 0.75)) $$;

-- The ways of a planner, in one call each.
create function t.make_procedure(who text, title text, at timestamptz) returns uuid language sql as $$
	select (t.body(who, format('pp_api.procedure_create(%L, %L, null, null)', jsonb_build_object('kind', 'BP_REGEL',
		'title', title, 'planning_municipalities', jsonb_build_array((select p.body from t.person p where p.name = who))), at)) ->> 'id')::uuid
$$;
create function t.make_plan(who text, procedure uuid, result jsonb, at timestamptz) returns uuid language sql as $$
	select (t.body(who, format('pp_api.plan_create(%L, %L, %L, ''{"kind":"BP_REGEL"}'', pp.current_boundaries(), ''{}'', pp.current_rules(), %L, null, null, null, null, null, null, %L, null, null)',
		procedure, t.geometry(), result, 'test 1', at)) ->> 'id')::uuid
$$;
-- A notice that says everything that any law wants of one.
create function t.notice(step text, start_on date) returns jsonb language sql as $$
	select jsonb_build_object('published_on', start_on - 8, 'contains',
		(select coalesce(jsonb_agg(distinct r.item), '[]') from pp.notice_requirement r where $1 = any (r.steps)))
$$;
create function t.round_call(procedure uuid, step text, audience text, start_on date, end_on date,
	own_on date, at timestamptz) returns text language sql as $$
	select format('pp_api.round_open(%L, %L, %L, %L, null, null, %L::pp_api.own_period, %L, null, null)', procedure,
		jsonb_build_object('step', step, 'audience', audience, 'start', start_on, 'end', end_on)
			|| case audience when 'OEFF' then jsonb_build_object('notice', t.notice(step, start_on)) else '{}' end,
		start_on::timestamp at time zone 'Europe/Berlin', (end_on + 1)::timestamp at time zone 'Europe/Berlin',
		case when own_on is null then '(,,,,,)' else format('(%s,"%s",%s,"%s",%s,TOEB_BAUGB)', own_on,
			(own_on + 1)::timestamp at time zone 'Europe/Berlin', own_on + 4,
			(own_on + 5)::timestamp at time zone 'Europe/Berlin', pp.day(at) + 4) end, at)
$$;
create function t.make_round(procedure uuid, step text, audience text, start_on date, end_on date,
	own_on date, at timestamptz) returns uuid language sql as $$
	select (t.body('planner', t.round_call(procedure, step, audience, start_on, end_on, own_on, at)) ->> 'id')::uuid
$$;
create function t.invitation(round uuid, participant text) returns uuid language sql as $$
	select i.id from pp.invitation i where i.round = $1 and i.participant = $2
$$;
