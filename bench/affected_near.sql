-- SPDX-License-Identifier: EUPL-1.2
-- pp_affected_near in PostGIS, for a BP_REGEL with one planning municipality, the rules of
-- data/rules/affected.tsv and an accuracy of 100 m: who is within 600 m of the plan (R04), adjoins
-- and is within 2100 m (R03), or is the nearest of another Land within 1100 m (R80); and whoever
-- plans. $1 is the plan as WKB, $2 the AGS of the planning municipality.
-- The index is asked once; boxes are compared before any distance is computed, and each is once.
with plan as materialized (
	-- scale: metres on the grid for one on the ground, where the plan lies
	select geom, 0.9996 * (1 + (ST_X(ST_Centroid(geom)) - 500000) ^ 2 / (2 * 6381966.0 ^ 2)) as scale
	  from ST_GeomFromWKB($1, 25832) geom
), box as materialized (
	select geom, ST_Expand(geom, 601) as near, ST_Expand(geom, 1101) as far, ST_Expand(geom, 2101) as farthest from plan
), measured as materialized (
	select m.ags, m.land, a.shared_border_m, a.neighbour is not null as adjoins,
	       round(ST_Distance(box.geom, m.geom)::numeric, 3) as distance_m
	  from box join bench.municipality m on m.geom && box.farthest
	  left join bench.adjacency a on a.ags = $2 and a.neighbour = m.ags
	 where a.neighbour is not null or m.geom && box.near or (m.geom && box.far and m.land <> left($2, 2))
	union all
	select m.ags, m.land, null, false, round(ST_Distance(plan.geom, m.geom)::numeric, 3)
	  from plan join bench.municipality m on m.ags = $2
	   and not exists (select from box where m.geom && box.near)
), ranked as (
	select *, min(distance_m) over (partition by land) as nearest from measured
)
select ags, distance_m::float8, adjoins, coalesce(shared_border_m, 0) as shared_border_m
  from ranked cross join plan
 where distance_m <= 600 * scale or ags = $2 or (adjoins and distance_m <= 2100 * scale)
    or (land <> left($2, 2) and distance_m <= 1100 * scale and distance_m = nearest)
 order by ags
