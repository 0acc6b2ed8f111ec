-- SPDX-License-Identifier: EUPL-1.2
-- Every receipt asks for a place. Locks: none.

-- As before, but always from the end of the chain, where it is found at once: with a sort the planner would read all
-- entries there are for every receipt.
grant create on schema pp to pp_chain;
set local role pp_chain;
create or replace function pp.audit_place(chain uuid, relation text, key text, out seq bigint, out hash text, out content text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
set enable_sort = off set enable_seqscan = off set enable_bitmapscan = off as $$
begin
	select e.seq, encode(e.hash, 'hex'), encode(e.content_sha256, 'hex') into seq, hash, content
	  from pp.audit_entry e where e.chain = $1 and e.relation = $2 and e.key = $3 order by e.seq desc limit 1;
end
$$;
reset role;
revoke create on schema pp from pp_chain;
