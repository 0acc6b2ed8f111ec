-- SPDX-License-Identifier: EUPL-1.2
-- What both sides are asked: plans near the borders between the Länder, the same ones at every run;
-- and for PostGIS the municipalities of the version in force in tables of their own, with nothing in
-- them that a question about neighbours does not need. Who adjoins whom is known beforehand, as it
-- is in the geometry workers.
--   psql -v plans=N -f bench/tables.sql
drop schema if exists bench cascade;
create schema bench;

create table bench.municipality as
select m.ags, m.land, m.geom from pp.municipality m
  join pp.boundary_version v on v.id = m.boundary_version and v.level = 'municipality' and v.valid_to is null;
alter table bench.municipality add primary key (ags);
create index municipality_geom on bench.municipality using gist (geom);
cluster bench.municipality using municipality_geom;

create table bench.adjacency as
select a.ags, a.neighbour, a.shared_border_m::float8 from pp.adjacency a
  join pp.boundary_version v on v.id = a.boundary_version and v.level = 'municipality' and v.valid_to is null;
alter table bench.adjacency add primary key (ags, neighbour);

-- From 0 to 1, and the same for the same numbers.
create function bench.spread(plan int, what int) returns float8 language sql immutable as $$
	select (hashint8extended(plan * 1000003::bigint + what, 2016) & 2147483647) / 2147483647.0
$$;

-- Where municipalities of two Länder meet.
create table bench.place as
select row_number() over (order by ST_X(v.geom), ST_Y(v.geom)) - 1 as no, v.geom
  from bench.adjacency a join bench.municipality m on m.ags = a.ags join bench.municipality n on n.ags = a.neighbour
 cross join lateral ST_DumpPoints(ST_Intersection(ST_Boundary(m.geom), ST_Boundary(n.geom))) v
 where m.land < n.land;

-- Outlines of 10 to 200 corners, 48 on average, and 50 to 600 m around their middle, which lies at
-- most 3 km from such a place. A star never crosses itself. Whoever has the middle plans.
create table bench.plan (no int primary key, geom geometry, wkb bytea, planning text);
insert into bench.plan
with middle as (
	select i as no, 50 * 12 ^ bench.spread(i, 1) as radius, 10 + floor(190 * bench.spread(i, 2) ^ 4)::int as corners,
	       ST_Translate(p.geom, cos(turn) * far, sin(turn) * far) as geom
	  from generate_series(1, :plans) i
	 cross join lateral (select 2 * pi() * bench.spread(i, 3) as turn, 3000 * bench.spread(i, 4) ^ 2 as far) o
	  join bench.place p on p.no = floor(bench.spread(i, 5) * (select count(*) - 1 from bench.place))
), drawn as (
	select no, geom as middle, ST_MakePolygon(ST_AddPoint(line, ST_StartPoint(line))) as geom
	  from middle cross join lateral (
		select ST_MakeLine(array_agg(ST_SetSRID(ST_Point(round((ST_X(geom) + cos(turn) * far)::numeric, 3),
			round((ST_Y(geom) + sin(turn) * far)::numeric, 3)), 25832) order by c)) as line
		  from generate_series(1, corners) c
		 cross join lateral (select (c + 0.8 * bench.spread(no, 1000 + c)) / corners * 2 * pi() as turn,
			radius * (0.25 + 0.75 * bench.spread(no, 2000 + c)) as far) o) l
)
select no, geom, ST_AsBinary(geom, 'NDR'),
       (select m.ags from bench.municipality m order by m.geom <-> middle limit 1)
  from drawn;

create table bench.invitation (no int generated always as identity primary key, id uuid);

analyze bench.municipality, bench.adjacency, bench.plan;
grant usage on schema bench to pp_server;
grant select on all tables in schema bench to pp_server;
