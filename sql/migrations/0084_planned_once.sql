-- SPDX-License-Identifier: EUPL-1.2
-- Which boundaries are in force is asked by nearly every answer: planned once for a connection, as those of 0075 are. Locks: none.

create or replace function pp.current_boundaries() returns bigint language plpgsql stable parallel safe as $$
begin
	return (select id from pp.boundary_version where level = 'municipality' and parent = '' and valid_to is null);
end
$$;
