-- SPDX-License-Identifier: EUPL-1.2
-- Features: what GIS clients read (OGC API Features, WFS, tiles), one table per collection, in which every version of
-- a feature is a row (decision 16). What is published is written here in the transaction that publishes it; readers
-- need no look at tables with row-level security, which would switch GiST off. Locks: the tables whose changes are
-- followed, for the moment of a new trigger.

-- Whoever writes features holds this row until the end of the transaction, so that versions become visible in their
-- order: what a traversal has seen is one number.
create table pp.feature_clock (
	one bool primary key default true check (one),
	version bigint not null default 0
);
insert into pp.feature_clock default values;
create table pp.feature_collection (
	name text primary key,
	version bigint not null default 0,
	present bigint not null default 0,
	forgets bool not null default false
);
comment on column pp.feature_collection.version is 'Of the clock, when something in it last changed.';
comment on column pp.feature_collection.present is 'How many features it has now, so that nobody has to count them.';
comment on column pp.feature_collection.forgets is
	'What was taken back is not shown of earlier times either: no more than that it was there.';
insert into pp.feature_collection (name, forgets) values ('procedures', false), ('plans', false),
	('affected_municipalities', false), ('municipalities', false), ('adjacency', false), ('statements', true);

-- What every collection has.
create table pp.feature (
	fid text not null collate "C",
	key text not null collate "C",
	born bigint not null,
	died bigint,
	valid_from timestamptz not null,
	valid_to timestamptz,
	gone bool not null default false,
	digest bytea not null check (length(digest) = 32),
	bytes int not null generated always as (coalesce(ST_MemSize(geom), 0)) stored,
	geom geometry(Geometry, 25832),
	check (died > born),
	check (valid_to > valid_from),
	check ((died is null) = (valid_to is null)),
	check (valid_to is not null or not gone)
);
comment on table pp.feature is 'The form of the tables below; it has no rows.';
comment on column pp.feature.fid is 'Id of the feature: stays the same over its versions.';
comment on column pp.feature.key is 'Whose change it follows: a procedure, a statement; empty for all at once.';
comment on column pp.feature.born is 'Of the clock: a traversal sees a version with born <= seen < died.';
comment on column pp.feature.gone is 'With this version the feature ended; else a newer version followed.';
comment on column pp.feature.digest is 'SHA-256 of what it says: equal digests are the same version.';
comment on column pp.feature.bytes is 'What its geometry takes: a batch is bounded by it.';

create table pp.feature_procedures (
	like pp.feature including defaults including constraints including generated,
	number text not null,
	title text not null,
	kind text not null,
	kind_text text not null,
	state text not null,
	state_text text not null,
	state_since timestamptz not null,
	planner text not null,
	planner_name text,
	lands text not null,
	municipalities text not null,
	cross_border bool not null,
	rechtsstand text,
	rechtsstand_text text,
	plan_art text,
	plan_art_text text,
	plan uuid,
	plan_no int,
	participation_from date,
	participation_to date,
	resolved_on date,
	published_at timestamptz not null
);
create table pp.feature_plans (
	like pp.feature including defaults including constraints including generated,
	procedure uuid not null,
	number text not null,
	title text not null,
	kind text not null,
	kind_text text not null,
	plan_no int not null,
	is_newest bool not null,
	planner text not null,
	planner_name text,
	lands text not null,
	geometry_kind text not null,
	area_m2 float8 not null,
	xplan_object text,
	xplan_rechtsstand text,
	published_at timestamptz not null
);
create table pp.feature_affected_municipalities (
	like pp.feature including defaults including constraints including generated,
	procedure uuid not null,
	number text not null,
	title text not null,
	plan uuid not null,
	plan_no int not null,
	ags text not null,
	name text not null,
	kreis text,
	land text not null,
	class text not null,
	class_text text not null,
	cross_border bool not null,
	rule text,
	rules text,
	reason text,
	distance_m float8,
	inside_m2 float8,
	shared_border_m float8,
	decision text,
	boundary_version bigint not null
);
create table pp.feature_municipalities (
	like pp.feature including defaults including constraints including generated,
	ags text not null,
	name text not null,
	designation text,
	kreis text,
	kreis_key text not null,
	land text not null,
	ars text,
	unincorporated bool not null,
	area_m2 float8 not null,
	dataset text not null,
	dataset_date date not null
);
create table pp.feature_adjacency (
	like pp.feature including defaults including constraints including generated,
	ags text not null,
	name text not null,
	neighbour text not null,
	neighbour_name text not null,
	contact text not null,
	cross_border bool not null,
	shared_border_m float8 not null,
	dataset text not null,
	dataset_date date not null
);
create table pp.feature_statements (
	like pp.feature including defaults including constraints including generated,
	number text not null,
	procedure uuid not null,
	procedure_number text not null,
	round uuid not null,
	author_role text not null,
	author_role_text text not null,
	body text,
	body_name text,
	stance text not null,
	stance_text text not null,
	state text not null,
	received_on date not null,
	on_time bool not null,
	text text
);

do $$
declare
	name text;
begin
	foreach name in array array['procedures', 'plans', 'affected_municipalities', 'municipalities', 'adjacency', 'statements'] loop
		execute format('create unique index feature_%1$s_current on pp.feature_%1$s (fid) where died is null', name);
		execute format('create index feature_%1$s_fid on pp.feature_%1$s (fid, valid_from)', name);
		execute format('create index feature_%1$s_key on pp.feature_%1$s (key) where died is null', name);
		execute format('create index feature_%1$s_geom on pp.feature_%1$s using gist (geom)', name);
		execute format('create index feature_%1$s_born on pp.feature_%1$s (born)', name);
		execute format('create index feature_%1$s_died on pp.feature_%1$s (died) where died is not null', name);
		execute format('grant select on pp.feature_%1$s to pp_server, pp_public', name);
		execute format('grant select, insert, update on pp.feature_%1$s to pp_features', name);
	end loop;
end
$$;

grant select on pp.feature_clock, pp.feature_collection to pp_server, pp_public;
grant usage on schema pp to pp_features;
grant select, update on pp.feature_clock, pp.feature_collection to pp_features;
grant select on pp.procedure, pp.plan, pp.body, pp.boundary_version, pp.xplanung_code to pp_features;
grant execute on function pp.current_boundaries(), pp.body_name(text), pp.day(timestamptz) to pp_features;

-- Brings a collection up to what its source view shows of those keys: what is equal stays, what differs gets a
-- version more, what is shown no more ends. Instants are the database's clock, in the order of the versions.
create function pp.feature_sync(collection text, keys text[]) returns void language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
	c pp.feature_collection;
	names text;
	next bigint;
	is_bulk bool;
	ended bigint;
	begun bigint;
begin
	if keys = '{}' then
		return;
	end if;
	select k.version + 1 into next from pp.feature_clock k for update;
	-- Of many the planner knows no number: what it takes for a few would be compared each with each.
	is_bulk := keys[1] = '' or cardinality(keys) > 100;
	if is_bulk then
		perform set_config('enable_nestloop', 'off', true);
	end if;
	select * into c from pp.feature_collection f where f.name = collection;
	select string_agg(quote_ident(a.attname), ', ' order by a.attnum) into names from pg_attribute a
	 where a.attrelid = format('pp.feature_%s', collection)::regclass and a.attnum > 0 and not a.attisdropped
	   and a.attname not in ('born', 'died', 'valid_from', 'valid_to', 'gone', 'digest', 'bytes');
	execute format($q$
		with shown as materialized (
			select s.*, sha256(convert_to(s::text, 'UTF8')) as digest from (
				select %2$s from pp_api.feature_source_%1$s where key = any ($1)) s),
		ended as (
			update pp.feature_%1$s f set died = $2, valid_to = greatest($3, f.valid_from + interval '1 microsecond'),
				gone = not exists (select from shown s where s.fid = f.fid) %3$s
			 where f.key = any ($1) and f.died is null
			   and not exists (select from shown s where s.fid = f.fid and s.digest = f.digest)
			returning f.fid, f.valid_to),
		begun as (
			insert into pp.feature_%1$s (%2$s, digest, born, valid_from)
				select %2$s, s.digest, $2, greatest($3, (select e.valid_to from ended e where e.fid = s.fid))
				  from (select count(*) from ended) first, shown s
				 where not exists (select from pp.feature_%1$s f
					where f.fid = s.fid and f.died is null and f.digest = s.digest)
			returning 1)
		select (select count(*) from ended), (select count(*) from begun)
		$q$, collection, names, case when c.forgets then ', text = null, geom = null' end)
		into ended, begun using keys, next, clock_timestamp();
	if is_bulk then
		perform set_config('enable_nestloop', 'on', true);
	end if;
	if ended + begun > 0 then
		update pp.feature_clock k set version = next;
		update pp.feature_collection f set version = next, present = present + begun - ended where f.name = collection;
	end if;
end
$$;

-- What a change of a row means for the collections, at the end of its transaction. What is not published is not there
-- for the source views, so nothing is asked here about that but to spare the work.
create function pp.feature_follow() returns trigger language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
	keys text[];
begin
	if tg_table_name = 'procedure' then
		keys := array[new.id::text];
		perform pp.feature_sync('procedures', keys);
		if tg_op = 'INSERT' or (new.title, new.kind, new.lands, new.published_at) is distinct from (old.title, old.kind, old.lands, old.published_at) then
			perform pp.feature_sync(c, keys) from unnest(array['plans', 'affected_municipalities']) c;
		end if;
	elsif tg_table_name = 'plan' then
		keys := array[new.procedure::text];
		perform pp.feature_sync(c, keys) from unnest(array['procedures', 'plans', 'affected_municipalities']) c;
	elsif tg_table_name = 'round' then
		perform pp.feature_sync('procedures', array[new.procedure::text]);
	elsif tg_table_name = 'affected_decision' then
		keys := array(select l.procedure::text from pp.plan l where l.id = new.plan and l.published_at is not null);
		perform pp.feature_sync('affected_municipalities', keys);
	elsif tg_table_name = 'statement' then
		perform pp.feature_sync('statements', array[new.id::text]);
	elsif tg_table_name = 'boundary_version' then
		perform pp.feature_sync(c, array['']) from unnest(array['municipalities', 'adjacency']) c;
	elsif tg_table_name = 'body' then
		keys := array(select p.id::text from pp.procedure p where p.planner_body = new.key and p.published_at is not null);
		perform pp.feature_sync(c, keys) from unnest(array['procedures', 'plans']) c;
		keys := array(select s.id::text from pp_api.statement_published s where s.participant = new.key);
		perform pp.feature_sync('statements', keys);
	end if;
	return null;
end
$$;

create constraint trigger feature after insert or update on pp.procedure deferrable initially deferred
	for each row when (new.published_at is not null) execute function pp.feature_follow();
create constraint trigger feature after insert or update on pp.plan deferrable initially deferred
	for each row when (new.published_at is not null) execute function pp.feature_follow();
create constraint trigger feature after insert or update on pp.round deferrable initially deferred
	for each row when (new.audience = 'OEFF') execute function pp.feature_follow();
create constraint trigger feature after insert or update on pp.affected_decision deferrable initially deferred
	for each row execute function pp.feature_follow();
create constraint trigger feature_published after update on pp.statement deferrable initially deferred
	for each row when (new.published or old.published) execute function pp.feature_follow();
create constraint trigger feature after insert or update on pp.boundary_version deferrable initially deferred
	for each row when (new.level = 'municipality' and new.parent = '') execute function pp.feature_follow();
create constraint trigger feature after update on pp.body deferrable initially deferred
	for each row when (new.name <> old.name) execute function pp.feature_follow();

grant create on schema pp to pp_features;
alter function pp.feature_sync(text, text[]) owner to pp_features;
alter function pp.feature_follow() owner to pp_features;
revoke create on schema pp from pp_features;
set local role pp_features;
grant execute on function pp.feature_sync(text, text[]), pp.feature_follow() to pp_owner;
reset role;
