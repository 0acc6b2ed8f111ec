-- SPDX-License-Identifier: EUPL-1.2
-- Features: what is published has its versions, in the transaction that changes it; nothing else is there; what was taken
-- back is forgotten; readers find it by an index.
set client_min_messages = warning;
select * from no_plan();

create function t.shown(collection text, what text default 'fid') returns text language plpgsql as $$
declare
	result text;
begin
	execute format('select string_agg(%s, '' '' order by fid, born) from pp.feature_%s f where died is null', what, collection) into result;
	return result;
end
$$;
-- Every collection holds exactly what its view shows, with a number for each; versions follow each other without a gap.
create function t.is_sound() returns text language plpgsql as $$
declare
	c pp.feature_collection;
	wrong bigint;
	result text := '';
begin
	for c in select * from pp.feature_collection order by name loop
		execute format('select count(*) from (select fid, geom::text from pp_api.feature_source_%1$s except select fid, geom::text from pp.feature_%1$s where died is null) x', c.name) into wrong;
		result := result || case when wrong > 0 then c.name || ' lacks ' || wrong || ' ' else '' end;
		execute format('select count(*) from pp.feature_%1$s f where died is null and not exists (select from pp_api.feature_source_%1$s s where s.fid = f.fid)', c.name) into wrong;
		result := result || case when wrong > 0 then c.name || ' has too many ' else '' end;
		execute format('select count(*) from pp.feature_%1$s f where died is null', c.name) into wrong;
		result := result || case when wrong <> c.present then c.name || ' is counted wrongly ' else '' end;
		execute format($q$select count(*) from (select f.valid_to, f.died, f.gone, lead(f.valid_from) over w as next_from, lead(f.born) over w as next_born
			from pp.feature_%1$s f window w as (partition by f.fid order by f.born)) v
			where (v.died is not null and not v.gone and (v.next_from is distinct from v.valid_to or v.next_born is distinct from v.died)) or v.next_born < v.died$q$, c.name) into wrong;
		result := result || case when wrong > 0 then c.name || ' has gaps ' else '' end;
	end loop;
	return result;
end
$$;

-- The cells of a feature are its columns, in the order that the comment of the column says.
create function t.cells(cells bytea) returns text[] language plpgsql as $$
declare
	result text[];
	at int := 0;
	size int;
begin
	while at < length(cells) loop
		size := get_byte(cells, at);
		at := at + 1;
		if size = 254 then
			size := ('x' || encode(substr(cells, at + 1, 4), 'hex'))::bit(32)::int;
			at := at + 4;
		elsif size = 255 then
			result := result || null::text;
			continue;
		end if;
		result := result || encode(substr(cells, at + 1, size), 'escape');
		at := at + size;
	end loop;
	return result;
end
$$;
select is(t.cells(pp.feature_cells('a', null, '', convert_to(repeat('b', 253), 'UTF8'), convert_to(repeat('c', 254), 'UTF8'), convert_to(repeat('d', 70000), 'UTF8'))),
	array['a', null, '', repeat('b', 253), repeat('c', 254), repeat('d', 70000)], 'cells of every length are put one behind the other');
select is(pp.feature_cells('a', null, convert_to(repeat('c', 254), 'UTF8')), '\x0161fffe000000fe' || convert_to(repeat('c', 254), 'UTF8'), 'behind their lengths');

-- The boundaries of the fixture are there since they are in force.
select is(t.shown('municipalities', 'ags'), (select string_agg(ags, ' ' order by ags) from pp.municipality where boundary_version = pp.current_boundaries()), 'every municipality is a feature');
select is((select count(*) from pp.feature_adjacency where died is null), (select count(*) / 2 from pp.adjacency where boundary_version = pp.current_boundaries()), 'every pair of neighbours once');
select is((select count(*) from pp.feature_adjacency where died is null and abs(ST_Length(geom) - shared_border_m) > 0.5 + shared_border_m / 1000), 0::bigint, 'its line is as long as the border');
select is(t.is_sound(), '', 'and all is sound');

-- A procedure is there when it is published, not before; each change is a version, each in its own transaction.
select t.make_procedure('planner', 'Am Rand', '2026-02-01 10:00+00') as p \gset
select t.make_plan('planner', :'p', t.result(), '2026-02-01 11:00+00') as l \gset
select t.reply('planner', format('pp_api.affected_confirm(%L, ''2026-02-01 12:00+00'', null, null)', :'l')) is not null;
select is(concat(t.shown('procedures'), t.shown('plans'), t.shown('affected_municipalities')), '', 'what is not published is no feature');
select version as v0 from pp.feature_clock \gset
select t.make_round(:'p', 'FOERM_OEFF', 'OEFF', '2026-02-02', '2026-03-04', null, '2026-02-01 13:00+00') as ro \gset
select is(t.shown('procedures'), :'p', 'what is published is one');
select is(t.shown('procedures', 'participation_from || '' '' || participation_to'), '2026-02-02 2026-03-04', 'with its dates');
select is(t.shown('plans'), :'l', 'its plan is one');
select is(t.shown('plans', 'geom::text'), (select geom::text from pp.plan where id = :'l'), 'with the geometry that was filed');
select is(t.shown('affected_municipalities', 'ags'), (select string_agg(ags, ' ' order by ags) from pp.affected_municipality where plan = :'l'), 'and so is everybody whom it affects');
select is(t.shown('affected_municipalities', 'geom::text'), (select string_agg(m.geom::text, ' ' order by a.ags) from pp.affected_municipality a join pp.municipality m on m.ags = a.ags and m.boundary_version = pp.current_boundaries() where a.plan = :'l'), 'with its area');
select is(t.is_sound(), '', 'and all is sound');
select cmp_ok((select version from pp.feature_clock), '>', :v0::bigint, 'the clock went on');
select t.reply('planner', format('pp_api.procedure_change(%L, ''{"title": "Am Rande"}'', ''*'', ''2026-02-02 10:00+00'')', :'p')) is not null;
select is((select string_agg(title || case when died is null then '' else ' (früher)' end, ', ' order by born) from pp.feature_plans), 'Am Rand (früher), Am Rande', 'a new title is a new version, also of its plan');
select is(t.is_sound(), '', 'without a gap between them');
select version as v1 from pp.feature_clock \gset
select t.reply('planner', format('pp_api.procedure_change(%L, ''{"reference": "AZ 1"}'', ''*'', ''2026-02-02 11:00+00'')', :'p')) is not null;
select is((select version from pp.feature_clock), :v1::bigint, 'what is not shown makes none');
begin;
select t.reply('planner', format('pp_api.procedure_change(%L, ''{"title": "Eins"}'', ''*'', ''2026-02-02 12:00+00'')', :'p')) is not null;
set constraints all immediate;
select t.reply('planner', format('pp_api.procedure_change(%L, ''{"title": "Zwei"}'', ''*'', ''2026-02-02 12:00+00'')', :'p')) is not null;
commit;
select is(t.is_sound(), '', 'two changes in one transaction follow each other too');
begin;
select t.reply('planner', format('pp_api.procedure_change(%L, ''{"title": "Drei"}'', ''*'', ''2026-02-02 12:00+00'')', :'p')) is not null;
set constraints all immediate;
rollback;
select is(t.shown('procedures', 'title'), 'Zwei', 'what is undone was never there');

-- What one traversal has seen stays so: the page is asked as of the number that the first one saw.
select version as v2 from pp.feature_clock \gset
select t.reply('planner', format('pp_api.procedure_change(%L, ''{"title": "Vier"}'', ''*'', ''2026-02-02 13:00+00'')', :'p')) is not null;
select is((select string_agg(title, ' ') from pp.feature_procedures where born <= :v2 and (died is null or died > :v2)), 'Zwei', 'as of what was seen before the change');
select is((select string_agg(title, ' ') from pp.feature_procedures where born <= n and (died is null or died > n)), 'Vier', 'and after it') from (select version as n from pp.feature_clock) c;

-- Who may what
select is(t.outcome('anyone', 'select from pp.feature_procedures'), 'done', 'everybody reads them');
select is(t.outcome(who, what), '42501', who || ' may not: ' || what) from unnest(array['anyone', 'planner', 'clerk']) who, unnest(array['delete from pp.feature_plans',
	'update pp.feature_plans set title = ''x''', 'update pp.feature_clock set version = 0', $$select pp.feature_sync('plans', '{}')$$]) what;

-- Statements: what the planning body has published, places as squares; what it takes back is forgotten.
select t.reply('nobody', format('pp_api.statement_submit_round(%L, %L, ''2026-02-11'', null, null)', :'ro', jsonb_build_object('stance', 'BEDENKEN', 'text', null, 'points', jsonb_build_array(jsonb_build_object(
	'kind', 'EINWAND', 'text', 'Kanarientext', 'geometry', encode(st_asbinary(st_setsrid(st_point(9.912345, 53.651234), 4326)), 'hex')))))) is not null;
select id as s from pp.statement \gset
select is(t.shown('statements'), null, 'what is not published is not there');
update pp.statement set published = true, published_text = 'Zu laut' where id = :'s';
select is(t.shown('statements', 'stance || '' '' || text || '' '' || ST_AsText(geom)'), 'BEDENKEN Zu laut POLYGON((560000 5945000,560000 5946000,561000 5946000,561000 5945000,560000 5945000))', 'what is published is, with its square');
select is(t.is_sound(), '', 'and all is sound');
update pp.statement set published_text = 'Zu laut hier' where id = :'s';
select is((select string_agg(coalesce(text, '-') || ' ' || (geom is null), ', ' order by born) from pp.feature_statements), '- true, Zu laut hier false', 'an earlier wording is forgotten');
update pp.statement set published = false where id = :'s';
select is((select string_agg(coalesce(text, '-') || ' ' || (geom is null), ', ' order by born) from pp.feature_statements), '- true, - true', 'and all of it, when it is taken back');
select is(t.is_sound(), '', 'and all is sound');

-- New boundaries: what is equal stays the same version, what is gone ends.
create temporary table before_import as select fid, born, geom from pp.feature_municipalities where died is null;
begin;
set local track_functions = 'all';
select t.import('TEST', '2026-06-01', '2026-06-02') is not null;
set constraints all immediate;
select is((select calls from pg_stat_xact_user_functions where funcname = 'feature_sync'), 2::bigint, 'each of the two collections is compared once, though two versions of the boundaries change');
commit;
select is(t.is_sound(), '', 'after an import all is sound');
select is((select count(*) from pp.feature_municipalities f join before_import b using (fid) where f.died is null and f.born <> b.born and f.geom = b.geom and f.dataset_date = (select dataset_date from pp.feature_municipalities v where v.fid = f.fid and v.born = b.born)), 0::bigint, 'what says the same stays the version it was');

-- By an index
insert into pp.feature_plans (fid, key, born, valid_from, digest, geom, procedure, number, title, kind, kind_text, plan_no, is_newest, planner, lands, geometry_kind, area_m2, published_at)
	select 'x' || i, 'x', 1, now(), sha256(i::text::bytea), ST_Buffer(ST_Point(500000 + 100 * (i % 100), 5900000 + 100 * (i / 100), 25832), 20), gen_random_uuid(), 'n' || i, 't', 'BP_REGEL', 'b', 1, true, '02000000', '02', 'area', 1, now()
	  from generate_series(1, 20000) i;
analyze pp.feature_plans;
select is(t.uses_index('anyone', 'select * from pp.feature_plans f where f.born <= 9 and (f.died is null or f.died > 9) and f.fid > ''x500'' order by f.fid limit 500', 'pp.feature_plans_fid'), true, 'the next page is found by its key');
select is(t.uses_index('anyone', 'select * from pp.feature_plans f where f.died is null and ST_Intersects(f.geom, ST_MakeEnvelope(500000, 5900000, 500200, 5900200, 25832))', 'pp.feature_plans_geom'), true, 'a box by its place');
select is(t.uses_index('anyone', 'select * from pp.feature_plans f where f.died is null and (f.geom is null or f.geom && ST_MakeEnvelope(500000, 5900000, 500200, 5900200, 25832))'
	' and (f.geom is null or f.geom @ ST_MakeEnvelope(500002, 5900002, 500198, 5900198, 25832) or ST_Intersects(f.geom, ST_MakeEnvelope(500000, 5900000, 500200, 5900200, 25832)))', 'pp.feature_plans_' || i), true, 'a box with what lies nowhere by both: ' || i) from unnest(array['geom', 'nowhere']) i;
select * from finish();
