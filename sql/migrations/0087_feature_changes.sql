-- SPDX-License-Identifier: EUPL-1.2
-- What has changed since: by the number of the change and, within one that changed many, by the id, so that pages of it are found
-- however many features one change has written. Locks: each collection, while its indexes are built; they are read meanwhile.

do $$
declare
	collection text;
begin
	for collection in select name from pp.feature_collection loop
		execute format('drop index pp.feature_%1$s_born, pp.feature_%1$s_died', collection);
		execute format('create index feature_%1$s_born on pp.feature_%1$s (born, fid)', collection);
		execute format('create index feature_%1$s_died on pp.feature_%1$s (died, fid) where died is not null', collection);
	end loop;
end
$$;
