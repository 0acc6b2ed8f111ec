-- SPDX-License-Identifier: EUPL-1.2
-- Boxes of GIS clients. What lies nowhere is in every box, and GiST looks for it in all of its pages: an index of its own finds
-- it at once. And rows stay in one piece up to a page, because whoever reads features reads their geometries: what was set
-- aside costs several look-ups more each. Rows that are there already stay as they are until they are written anew.
-- Locks: each table of features, for as long as its features without geometry are looked for.
do $$
declare
	name text;
begin
	foreach name in array array['procedures', 'plans', 'affected_municipalities', 'municipalities', 'adjacency', 'statements'] loop
		execute format('create index feature_%1$s_nowhere on pp.feature_%1$s (fid) where geom is null', name);
		execute format('alter table pp.feature_%1$s set (toast_tuple_target = 8160)', name);
	end loop;
end
$$;
