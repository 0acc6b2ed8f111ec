-- SPDX-License-Identifier: EUPL-1.2
-- The house: events and house-keeping.

-- Events up to the oldest transaction that is still running: nothing that commits later can sort
-- before what was read. `after` is the id of the last event read, 0 at first. Should it be gone,
-- the reading goes on after the one before it.
create function pp_api.event_tail(after bigint, row_limit int)
returns setof pp.event language sql stable as $$
	select e.* from pp.event e
	 where (e.xid, e.id) > (
		coalesce((select p.xid from pp_api.event_place p where p.id <= after
			order by p.id desc limit 1), '0'::xid8),
		coalesce((select max(p.id) from pp_api.event_place p where p.id <= after), 0))
	   and e.xid < pg_snapshot_xmin(pg_current_snapshot())
	 order by e.xid, e.id
	 limit row_limit
$$;

create function pp_api.event_since(after bigint, row_limit int)
returns setof pp_api.event_visible language sql stable as $$
	select e.* from pp_api.event_visible e
	 where (e.xid, e.id) > (
		coalesce((select p.xid from pp_api.event_place p where p.id <= after
			order by p.id desc limit 1), '0'::xid8),
		coalesce((select max(p.id) from pp_api.event_place p where p.id <= after), 0))
	   and e.xid < pg_snapshot_xmin(pg_current_snapshot())
	 order by e.xid, e.id
	 limit pp.page_size(row_limit)
$$;

-- Where a new listener begins: after everything that it could have seen.
create function pp_api.event_last() returns bigint language sql stable as $$
	select coalesce((select e.id from pp_api.event_place e
		where e.xid < pg_snapshot_xmin(pg_current_snapshot())
		order by e.xid desc, e.id desc limit 1), 0)
$$;

-- Forgets the answers to writes that are older than 30 days; `at` is the clerk's clock.
create function pp_api.idempotency_sweep(at timestamptz) returns bigint
language plpgsql volatile as $$
declare
	gone bigint;
begin
	delete from pp.idempotency_key where created_at < at - interval '30 days';
	get diagnostics gone = row_count;
	return gone;
end
$$;

grant execute on function pp_api.event_since(bigint, int), pp_api.event_last()
	to pp_server, pp_public, pp_clerk;
grant execute on function pp_api.event_tail(bigint, int) to pp_server, pp_clerk;
grant execute on function pp_api.idempotency_sweep(timestamptz) to pp_clerk;
