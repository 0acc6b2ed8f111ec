-- SPDX-License-Identifier: EUPL-1.2
-- How far a plan is from another Land is asked by its planning authority; the borders between Länder are a few hundred of all the
-- pairs of neighbours. Locks: pp.adjacency, while the index is made.
create index adjacency_land_border on pp.adjacency using gist (border)
	where border is not null and left(ags, 2) <> left(neighbour, 2);
