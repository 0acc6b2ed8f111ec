-- SPDX-License-Identifier: EUPL-1.2
-- The shared border itself is kept with each pair of neighbours: it was computed when an import ended, while whoever publishes
-- had to wait for the clock of the features (21 s of all of Germany). Locks: pp.adjacency, while the borders of every version
-- are computed.
alter table pp.adjacency add border geometry(Geometry, 25832);
comment on column pp.adjacency.border is
	'What both boundaries have in common: a line, or the point where they touch. Of the row whose ags is the smaller one.';
create function pp.shared_border(contact text, one geometry, other geometry) returns geometry language sql immutable parallel safe as $$
	select case contact when 'line' then ST_LineMerge(ST_CollectionExtract(meet, 2)) else ST_CollectionExtract(meet, 1) end
	  from ST_Intersection(ST_Boundary(one), ST_Boundary(other), 0.01) meet
$$;
comment on function pp.shared_border(text, geometry, geometry) is
	'Both in EPSG:25832 and at most 1 mm apart; precision 1 cm (ST_Intersection with gridSize, PostGIS 3.1).';
alter table pp.adjacency disable trigger user;
update pp.adjacency a set border = pp.shared_border(a.contact, m.geom, n.geom) from pp.municipality m, pp.municipality n
 where a.ags < a.neighbour and m.boundary_version = a.boundary_version and m.ags = a.ags
   and n.boundary_version = a.boundary_version and n.ags = a.neighbour;
alter table pp.adjacency enable trigger user;
alter table pp.adjacency add check ((border is not null) = (ags < neighbour));
