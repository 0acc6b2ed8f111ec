-- SPDX-License-Identifier: EUPL-1.2
-- Features in an order: an index for every column that clients may sort by, of all versions, so that the pages of a traversal
-- go along it too. Where a column may be null there are two, since what is unknown comes last either way. The expressions are
-- those of sql/feature.def. Locks: each collection, while its indexes are built; they are read meanwhile.

do $$
declare
	sorted record;
begin
	for sorted in select * from (values
		('procedures', 'number', 'text', true), ('procedures', 'title', 'text', true), ('procedures', 'published_at', '', true),
		('procedures', 'participation_from', 'date', false), ('procedures', 'participation_to', 'date', false),
		('plans', 'number', 'text', true), ('plans', 'title', 'text', true), ('plans', 'area_m2', '', true), ('plans', 'published_at', '', true),
		('affected_municipalities', 'number', 'text', true), ('affected_municipalities', 'title', 'text', true),
		('affected_municipalities', 'ags', 'text', true), ('affected_municipalities', 'name', 'text', true),
		('affected_municipalities', 'distance_m', 'float8', false),
		('municipalities', 'ags', 'text', true), ('municipalities', 'name', 'text', true), ('municipalities', 'area_m2', '', true),
		('adjacency', 'ags', 'text', true), ('adjacency', 'name', 'text', true),
		('statements', 'number', 'text', true), ('statements', 'received_on', '', true)) v (collection, name, type, required)
		union all select c.name, 'valid_from', '', true from pp.feature_collection c
	loop
		if sorted.required then
			execute format('create index feature_%1$s_by_%2$s on pp.feature_%1$s (%2$s%3$s, fid)', sorted.collection, sorted.name,
				case sorted.type when 'text' then ' collate "de-x-icu"' end);
		else
			execute format('create index feature_%1$s_by_%2$s on pp.feature_%1$s (coalesce(%2$s, ''infinity''::%3$s), fid)',
				sorted.collection, sorted.name, sorted.type);
			execute format('create index feature_%1$s_by_%2$s_down on pp.feature_%1$s (coalesce(%2$s, ''-infinity''::%3$s), fid)',
				sorted.collection, sorted.name, sorted.type);
		end if;
	end loop;
end
$$;
