-- SPDX-License-Identifier: EUPL-1.2
-- The house: events and house-keeping.

-- An event's place: events follow their transactions, and within one the ids. Gives away no more
-- than that an event exists, so every listener may look up the place of the last one it has seen.
create view pp_api.event_place as select id, xid from pp.event;

-- What one listener may see: what is public, and what concerns the body that asks. A view of
-- pp_owner: it is all that the public's login gets of the table.
create view pp_api.event_visible as
	select e.id, e.xid, e.at, e.kind, e.procedure, e.round, e.invitation, e.statement, e.bodies,
		e.public, e.data
	  from pp.event e
	 where e.public or (select pp.current_body()) = any (e.bodies);

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

grant select on pp_api.event_place, pp_api.event_visible to pp_server, pp_public, pp_clerk;
grant execute on function pp_api.event_since(bigint, int), pp_api.event_last()
	to pp_server, pp_public, pp_clerk;
grant execute on function pp_api.event_tail(bigint, int) to pp_server, pp_clerk;
grant execute on function pp_api.idempotency_sweep(timestamptz) to pp_clerk;
