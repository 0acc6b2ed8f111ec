-- SPDX-License-Identifier: EUPL-1.2
-- ST_AsMVT alone: a tile of the municipalities around Hamburg, with the properties that the server's tiles have.
--   pgbench -M prepared -f bench/tile.sql
\set col random(538, 541)
\set row random(328, 331)
select ST_AsMVT(t, 'municipalities', 4096, 'geom') from (
	select f.fid as id, f.ags, f.name, f.designation, f.kreis, f.land, ST_AsMVTGeom(ST_Transform(f.geom, 3857), ST_TileEnvelope(10, :col, :row), 4096, 64) as geom
	  from pp.feature_municipalities f
	 where f.died is null and f.geom && ST_Transform(ST_TileEnvelope(10, :col, :row, margin => 64.0 / 4096), 25832)) t;
