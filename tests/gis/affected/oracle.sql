-- SPDX-License-Identifier: EUPL-1.2
-- The referee: whom a plan affects, by plain PostGIS and the words of contract.md ("Affected: exact
-- meaning"). Nothing here calls the program. Input:
--   m(ags, name, kreis, unincorporated, geom)   municipalities, rows of one AGS united, EPSG:25832
--   plan(no, kind, day, planning text[], applicant_land, geom)
--   applicable(no, rule_no, subject_no, id, metric, given, threshold, class, land, origin, is_default)
--                                                the rules of the plan's kind, day and subjects, with
--                                                what their thresholds come to (rules.mjs)
--   catchment(no, subject_no, geom), study(no, subject_no, ags, percent)
--   state_border(name, geom)                     lines
--   :accuracy                                    of the boundaries, metres
-- Output: one JSON object for each plan, in the order of plan.no. Distances decide by their geodesic
-- length on GRS80 (geography), which knows nothing of our scale factor.
--
-- Tolerances of whoever compares: lengths and distances 2 mm or 1e-6 of the value, areas 0.1 m² or
-- 1e-6; shared borders 1 cm for each planning municipality (boundaries.h sums over them, here the border
-- of their union is measured; both overrun each end of a stretch by about 1 mm). Classes are compared
-- where no measure is nearer than that to what decides it.

create temp table part as
select no, nullif(ST_CollectionExtract(geom, 3), ST_GeomFromText('POLYGON EMPTY', 25832)) as areas,
       ST_CollectionExtract(geom, 2) as lines, ST_CollectionExtract(geom, 1) as points, geom,
       ST_Area(ST_CollectionExtract(geom, 3)) > 0 as has_area,
       ST_Length(ST_CollectionExtract(geom, 2)) > 0 as has_line,
       not ST_IsEmpty(ST_CollectionExtract(geom, 1)) as has_point
  from plan;

create function pg_temp.ground(a geometry, b geometry) returns float8 language sql as $$
	select round(ST_Length(ST_Transform(ST_ShortestLine(a, b), 4258)::geography)::numeric, 3)::float8
$$;

-- Who adjoins the union of the planning municipalities, once for each set of them.
create temp table planning as
select distinct planning as ags from plan where planning <> '{}';
create temp table united as
select p.ags as planning, ST_Union(m.geom) as geom from planning p join m on m.ags = any (p.ags) group by p.ags;
create temp table united_border as
select planning, ST_Boundary(geom) as line, ST_Buffer(ST_Boundary(geom), 0.001) as within from united;
-- Within a millimetre of the border: they do not overlap, and what is prepared answers for one neighbour after the other.
create temp table met as
select u.planning, m.ags from united_border u join m on m.geom && u.within and ST_Intersects(u.within, m.geom)
 where not m.ags = any (u.planning);
create temp table border as
select ags, ST_Boundary(geom) as line, ST_Buffer(ST_Boundary(geom), 0.001) as within from m where ags in (select ags from met);
create temp table adjoining as
select planning, ags, (ST_Length(ST_Intersection(b.line, u.within)) + ST_Length(ST_Intersection(u.line, b.within))) / 2 as shared
  from met join united_border u using (planning) join border b using (ags);

-- Every municipality that a rule could look at, with its distance.
create temp table pair as
with reach as (
	-- On the grid a metre is at most 1.006 m.
	select p.no, (coalesce(max(a.threshold) filter (where a.metric <> 'state_border'), 0) + :accuracy) * 1.006 + 1 as far
	  from plan p left join applicable a using (no) group by p.no
), looked_at as (
	select t.no, m.ags from part t join reach using (no) join m on m.geom && ST_Expand(t.geom, far) and ST_DWithin(t.geom, m.geom, far)
	union
	select p.no, j.ags from plan p join adjoining j using (planning)
	union
	select no, unnest(planning) from plan
	union
	select no, ags from study
	union
	select c.no, m.ags from catchment c join m on m.geom && ST_Expand(c.geom, :accuracy)
		and ST_DWithin(m.geom, c.geom, :accuracy)
), measured as (
	select no, ags, ST_Distance(t.geom, m.geom) as exact, t.geom as plan, m.geom as municipality from looked_at join part t using (no) join m using (ags)
)
select no, ags, exact, round(exact::numeric, 3)::float8 as distance,
       case when exact > 0.0005 then pg_temp.ground(plan, municipality) else 0 end as ground, ags = any (p.planning) as own, left(ags, 2) as land
  from measured join plan p using (no);
create index on pair (no);

create temp table overlap as
with met as (
	select pair.ags, m.geom as municipality, t.*
	  from pair join part t using (no) join m using (ags) where pair.distance = 0
), cut as (
	select met.*, case when has_area then ST_CollectionExtract(ST_Intersection(areas, municipality), 3) end as area_in,
	       case when has_line then ST_CollectionExtract(ST_Intersection(lines, municipality), 2) end as line_in,
	       case when has_point then ST_CollectionExtract(ST_Intersection(points, municipality), 1) end as point_in
	  from met
)
select cut.ags, cut.no, coalesce(ST_Area(area_in), 0) as area, coalesce(ST_Length(line_in), 0) as length,
       coalesce(not ST_IsEmpty(point_in), false) as inside,
       (select coalesce(max(ST_Distance(v.geom, ST_Boundary(municipality))), 0)
          from (select (ST_DumpPoints(area_in)).geom union all select (ST_DumpPoints(point_in)).geom union all
                -- Not of line_in: it has a vertex wherever the plan's lines cross each other.
                select l.geom from ST_DumpPoints(lines) l where ST_Intersects(l.geom, municipality)) v) as depth
  from cut;

-- Home: the Länder of the planning municipalities, else of the applicant, else of the largest share.
create temp table home as
select p.no, h.land
  from plan p cross join lateral (
	select distinct left(a, 2) as land from unnest(p.planning) a
	union all
	select p.applicant_land where p.planning = '{}' and p.applicant_land is not null
	union all
	(select left(o.ags, 2) from overlap o join part t using (no) where o.no = p.no and p.planning = '{}' and p.applicant_land is null
	  group by 1 having sum(case when t.has_area then o.area when t.has_line then o.length else o.inside::int end) > 0
	  order by sum(case when t.has_area then o.area when t.has_line then o.length else o.inside::int end) desc, 1 limit 1)
  ) h;
insert into home
select distinct on (no) no, land from pair where not exists (select from home h where h.no = pair.no)
 order by no, distance, ags;

create temp table answer as
select x.no, x.ags, m.name, m.kreis, x.land, x.own, x.exact, x.distance, x.ground, m.unincorporated, t.has_area, t.has_line, t.has_point,
       coalesce(o.area, 0) as area, coalesce(o.length, 0) as length, coalesce(o.inside, false) as inside,
       coalesce(o.depth, 0) as depth, j.ags is not null as adjoins,
       case when p.planning = '{}' or x.own then null when j.shared > 0.01 then j.shared else 0 end as shared,
       not exists (select from home h where h.no = x.no and h.land = x.land) as cross_border,
       p.planning = '{}' as without_planning
  from pair x join plan p using (no) join part t using (no) join m using (ags)
  left join overlap o on o.no = x.no and o.ags = x.ags
  left join adjoining j on j.planning = p.planning and j.ags = x.ags;

-- What a catchment has of a municipality.
create temp table reached as
select c.no, c.subject_no, m.ags, ST_Distance(c.geom, m.geom) as distance, coalesce(ST_Area(o.geom), 0) as area,
       (select coalesce(max(ST_Distance(v.geom, ST_Boundary(m.geom))), 0) from ST_DumpPoints(o.geom) v) as depth
  from catchment c join m on m.geom && ST_Expand(c.geom, :accuracy) and ST_DWithin(m.geom, c.geom, :accuracy)
  cross join lateral (select ST_CollectionExtract(ST_Intersection(c.geom, m.geom), 3) as geom) o;

-- One row for each rule that fired; rows of one rule that say the same count once.
create temp table fired as
select distinct on (a.no, a.ags, r.id, r.metric, r.class, r.threshold, v.value)
       a.no, a.ags, r.rule_no, r.subject_no, r.id, r.metric, r.given as threshold, r.origin, r.is_default, v.*
  from answer a join applicable r using (no) cross join lateral (
	select case when a.depth > :accuracy or a.without_planning then r.class else 'PRUEFEN' end as class,
	       a.depth <= :accuracy as borderline,
	       case when a.area > 0.05 or (a.length < 0.0005 and not a.inside) then round(a.area::numeric, 1)
	            when a.length >= 0.0005 then round(a.length::numeric, 3) else 1 end as value,
	       case when a.area > 0.05 or (a.length < 0.0005 and not a.inside) then 'm2'
	            when a.length >= 0.0005 then 'm' end as unit, null::float8 as ground, null::bool as scale_decides, false as edge
	 where r.metric = 'overlap' and (a.area > 0.0001 or a.length > 0.001 or a.inside)
	union all
	select r.class, false, round(a.shared::numeric, 3), 'm', null, null, false where r.metric = 'adjacent' and a.adjoins
	union all
	select case when a.ground <= r.threshold then r.class else 'PRUEFEN' end,
	       abs(a.ground - r.threshold) <= :accuracy, a.distance::numeric, 'm', a.ground,
	       (a.distance <= r.threshold) <> (a.ground <= r.threshold) and r.class <> 'PRUEFEN'
	         or (a.distance <= r.threshold + :accuracy) <> (a.ground <= r.threshold + :accuracy)
	         or (abs(a.distance - r.threshold) <= :accuracy) <> (abs(a.ground - r.threshold) <= :accuracy), false
	 where a.ground <= r.threshold + :accuracy
	   and (r.metric in ('distance', 'circle') or (r.metric = 'adjacent_distance' and a.adjoins))
	union all
	select case when c.depth > :accuracy then r.class else 'PRUEFEN' end, c.depth <= :accuracy,
	       case when c.area > 0.0001 then round(c.area::numeric, 1) else round(c.distance::numeric, 3) end,
	       case when c.area > 0.0001 then 'm2' else 'm' end, null, null,
	       abs(c.depth - :accuracy) < 0.002 or abs(c.distance - :accuracy) < 0.002 or (c.area > 0 and c.area < 0.001)
	  from reached c where r.metric = 'catchment' and c.no = a.no and c.subject_no = r.subject_no and c.ags = a.ags
	union all
	select r.class, false, max(y.percent), '%', null, null, false
	  from study y where r.metric = 'listed' and y.no = a.no and y.subject_no = r.subject_no and y.ags = a.ags
	having max(y.percent) >= r.threshold
  ) v
 where not a.own and (r.land is null or exists (select from home h where h.no = a.no and h.land = r.land))
 order by a.no, a.ags, r.id, r.metric, r.class, r.threshold, v.value, r.rule_no, r.subject_no;

create index on fired (no, ags);
create temp table classed as
select a.*, (select min(array_position(array['MUSS', 'SOLL', 'PRUEFEN'], f.class)) from fired f where f.no = a.no and f.ags = a.ags) as rank
  from answer a;

insert into fired (no, ags, rule_no, subject_no, id, metric, threshold, class, borderline)
select c.no, c.ags, r.rule_no, r.subject_no, r.id, r.metric, r.given,
       coalesce(r.class, (array['MUSS', 'SOLL', 'PRUEFEN'])[c.rank]), false
  from classed c join applicable r using (no)
 where r.metric = 'unincorporated' and c.unincorporated and c.rank is not null
   and (r.land is null or exists (select from home h where h.no = c.no and h.land = r.land));

create index on classed (no);
-- Another Land is asked when a rule hit it, or when it is near.
create temp table authority as
select l.no, l.land, r.rule_no, r.id, r.metric, r.given, r.threshold, d.distance, d.ground,
       case when l.hit or d.ground <= r.threshold then r.class else 'PRUEFEN' end as class, l.hit
  from (select c.no, c.land, (array_agg(c.ags order by c.distance, c.ags))[1] as ags, min(c.distance) as distance,
               bool_or(c.rank is not null) as hit
          from classed c where c.cross_border group by 1, 2) l
  join applicable r using (no) join plan p using (no)
  cross join lateral (
	-- Who only adjoins may be far away, and another of that Land nearer than any that was looked at.
	select ST_Distance(m.geom, p.geom) as distance, pg_temp.ground(p.geom, m.geom) as ground from m
	 where m.geom && ST_Expand(p.geom, l.distance + 0.001)
	   and case when l.distance <= r.threshold * 1.006 + :accuracy then m.ags = l.ags else left(m.ags, 2) = l.land end
	 order by 1, m.ags limit 1) d
 where r.metric = 'land_border' and (l.hit or d.ground <= r.threshold + :accuracy)
   and (r.land is null or exists (select from home h where h.no = l.no and h.land = r.land));

-- And another state when its border is near.
insert into authority
select p.no, b.name, r.rule_no, r.id, r.metric, r.given, r.threshold, d.distance, d.ground,
       case when d.ground <= r.threshold then r.class else 'PRUEFEN' end, false
  from plan p join applicable r using (no) cross join state_border b
  cross join lateral (select ST_Distance(b.geom, p.geom) as distance, pg_temp.ground(p.geom, b.geom) as ground) d
 where r.metric = 'state_border' and d.ground <= r.threshold + :accuracy
   and (r.land is null or exists (select from home h where h.no = p.no and h.land = r.land));

-- The circles around the points of wind turbines: a polygon of 8,000 corners each.
create temp table circle as
select p.no, d.path[1] as point, d.geom, k.scale, r.radius, ST_Buffer(d.geom, r.radius * k.scale, 2000) as area
  from plan p
  cross join lateral (select max(a.threshold) as radius from applicable a where a.no = p.no and a.metric = 'circle') r
  cross join lateral (select array[row_number() over ()] as path, geom from ST_DumpPoints(ST_CollectionExtract(p.geom, 1))) d
  cross join lateral (select 1000 / ST_Length(ST_Transform(ST_MakeLine(ST_Translate(d.geom, -500, 0), ST_Translate(d.geom, 500, 0)), 4258)::geography) as scale) k
 where r.radius is not null;
create temp table share as
select c.no, c.point, m.ags, ST_Area(i.geom) / c.scale ^ 2 as area,
       100 * ST_Area(i.geom) / sum(ST_Area(i.geom)) over (partition by c.no, c.point) as percent
  from circle c join m on m.geom && c.area cross join lateral (select ST_Intersection(m.geom, c.area) as geom) i
 where ST_Area(i.geom) >= 0.05;
create index on share (no, ags);

analyze;
select json_build_object(
	'municipalities', coalesce((select json_agg(json_build_object('ags', c.ags, 'name', c.name, 'kreis', c.kreis, 'land', c.land,
		'has_line', c.has_line, 'has_point', c.has_point, 'overlaps', c.area > 0.0001 or c.length > 0.001 or c.inside,
		'class', case when c.own then 'EIGEN' else (array['MUSS', 'SOLL', 'PRUEFEN'])[c.rank] end,
		'cross_border', c.cross_border, 'distance_m', c.exact, 'ground_m', c.ground, 'overlap_m2', c.area, 'overlap_m', c.length,
		'inside', c.inside, 'depth_m', c.depth, 'shared_border_m', c.shared,
		'circle_shares', (select json_agg(json_build_object('point', h.point, 'area_m2', h.area, 'percent', h.percent) order by h.point)
			from share h where h.no = c.no and h.ags = c.ags),
		'rules', coalesce((select json_agg(json_build_object('rule', f.id, 'rule_no', f.rule_no, 'class', f.class,
			'metric', f.metric, 'threshold', f.threshold, 'borderline', f.borderline, 'value', f.value, 'unit', f.unit,
			'ground_m', f.ground, 'scale_decides', f.scale_decides, 'from', f.origin, 'default', f.is_default, 'edge', f.edge)
			order by f.metric = 'unincorporated', f.rule_no, f.subject_no)
			from fired f where f.no = c.no and f.ags = c.ags), '[]'))
		order by case when c.own then 4 else c.rank end, c.distance, c.ags)
		from classed c where c.no = p.no and (c.own or c.rank is not null)), '[]'),
	'authorities', coalesce((select json_agg(json_build_object('land', a.land, 'rule', a.id, 'rule_no', a.rule_no, 'class', a.class,
		'metric', a.metric, 'threshold', a.given, 'borderline', abs(a.ground - a.threshold) <= :accuracy,
		'value', a.distance, 'ground_m', a.ground, 'unit', 'm',
		'scale_decides', (a.distance <= a.threshold) <> (a.ground <= a.threshold) and not a.hit
			or (a.distance <= a.threshold + :accuracy) <> (a.ground <= a.threshold + :accuracy) and not a.hit
			or (abs(a.distance - a.threshold) <= :accuracy) <> (abs(a.ground - a.threshold) <= :accuracy))
		order by a.land, a.rule_no) from authority a where a.no = p.no), '[]'))
  from plan p order by p.no;
