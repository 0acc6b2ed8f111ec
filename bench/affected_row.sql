-- SPDX-License-Identifier: EUPL-1.2
-- pp_affected_ask in PostGIS, for a BP_REGEL with one planning municipality, the rules of
-- data/rules/affected.tsv and an accuracy of 100 m: who meets the plan (R01, R05), is within 600 m of
-- it (R04), or adjoins and is within 2100 m (R03); and whoever plans. Each with distance, overlap and
-- border shared with the planning municipality. Ours also says why (rules, classes, depths, the
-- authorities of other Länder); this does not.
-- $1 is the plan as WKB, $2 the AGS of the planning municipality.
-- The index is asked once; boxes are compared before any distance is computed, and each is once; a plan
-- that lies within a municipality is not cut.
with plan as materialized (
	-- scale: metres on the grid for one on the ground, where the plan lies
	select geom, 0.9996 * (1 + (ST_X(ST_Centroid(geom)) - 500000) ^ 2 / (2 * 6381966.0 ^ 2)) as scale
	  from ST_GeomFromWKB($1, 25832) geom
), box as materialized (
	select geom, ST_Expand(geom, 601) as near, ST_Expand(geom, 2101) as far from plan
), measured as materialized (
	select m.ags, m.geom, a.shared_border_m, a.neighbour is not null as adjoins,
	       round(ST_Distance(box.geom, m.geom)::numeric, 3) as distance_m
	  from box join bench.municipality m on m.geom && box.far
	  left join bench.adjacency a on a.ags = $2 and a.neighbour = m.ags
	 where a.neighbour is not null or m.geom && box.near
	union all
	select m.ags, m.geom, null, false, round(ST_Distance(plan.geom, m.geom)::numeric, 3)
	  from plan join bench.municipality m on m.ags = $2
	   and not exists (select from box where m.geom && box.near)
)
select ags, distance_m::float8,
       case when distance_m > 0 then 0
            when ST_CoveredBy(plan.geom, measured.geom) then ST_Area(plan.geom)
            else ST_Area(ST_Intersection(plan.geom, measured.geom)) end as overlap_m2,
       coalesce(shared_border_m, 0) as shared_border_m
  from measured cross join plan
 where distance_m <= 600 * scale or ags = $2 or (adjoins and distance_m <= 2100 * scale)
 order by ags
