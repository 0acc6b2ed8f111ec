-- SPDX-License-Identifier: EUPL-1.2
-- The collection of plans with so many in it, as if each had been published: the outlines of bench.plan over and over, each
-- copy some way off, all over the two Länder and around them; every fiftieth has an earlier version as well.
--   psql -v features=N -f bench/features.sql
begin;
truncate pp.feature_plans;
update pp.feature_clock set version = version + 2;
update pp.feature_collection set version = (select version from pp.feature_clock), present = :features where name = 'plans';
create temporary table drawn on commit drop as
select n, p.planning, pp.uuid7('2026-01-01'::timestamptz + n * interval '1 ms')::text as fid,
       ST_SnapToGrid(ST_Translate(p.geom, o.x - ST_X(ST_StartPoint(ST_ExteriorRing(p.geom))), o.y - ST_Y(ST_StartPoint(ST_ExteriorRing(p.geom)))), 0.001) as geom
  from generate_series(1, :features) n
  join bench.plan p on p.no = 1 + n % (select count(*) from bench.plan)
 cross join lateral (select 420000 + 260000 * bench.spread(n, 11) as x, 5890000 + 190000 * bench.spread(n, 12) as y) o;
insert into pp.feature_plans (fid, key, born, died, valid_from, valid_to, digest, geom, procedure, number, title, kind, kind_text, plan_no,
	is_newest, planner, planner_name, lands, geometry_kind, area_m2, xplan_object, published_at)
select d.fid, d.fid, (select version from pp.feature_clock) - v.before, case when v.before = 1 then (select version from pp.feature_clock) end,
       '2026-02-01'::timestamptz + (d.n - v.before) * interval '1 second', case when v.before = 1 then '2026-02-01'::timestamptz + d.n * interval '1 second' end,
       sha256(convert_to(d.fid || v.before, 'UTF8')), d.geom, d.fid::uuid, '02-2026-' || to_char(d.n, 'FM0000000'),
       'Bebauungsplan ' || d.n || ' „' || (array['Am Rethwischfeld', 'Südlich der Bahn', 'Gewerbepark Nord', 'Ortsmitte', 'Auenweg & Umgebung'])[1 + d.n % 5] || '“',
       'BP_REGEL', 'Bebauungsplan, Regelverfahren', 1, true, d.planning, 'Gemeinde ' || d.planning, left(d.planning, 2), 'area', ST_Area(d.geom),
       case when d.n % 3 = 0 then 'BP_Plan' end, '2026-02-01'::timestamptz + d.n * interval '1 second'
  from drawn d cross join lateral (select 0 as before union all select 1 where d.n % 50 = 0) v
 order by d.n;
commit;
vacuum analyze pp.feature_plans;
