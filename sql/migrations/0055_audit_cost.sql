-- SPDX-License-Identifier: EUPL-1.2
-- What a submission pays for its place in the chain. Locks: entries, for the moment of two dropped constraints.

-- Two rows that everybody locked for each entry. pp_chain alone appends, and an entry without its shape does not verify.
alter table pp.audit_entry drop constraint audit_entry_relation_fkey, drop constraint audit_entry_shape_fkey;

-- As before, but planned once for a connection: every receipt asks it.
grant create on schema pp to pp_chain;
set local role pp_chain;
create or replace function pp.audit_place(chain uuid, relation text, key text, out seq bigint, out hash text, out content text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
	select e.seq, encode(e.hash, 'hex'), encode(e.content_sha256, 'hex') into seq, hash, content
	  from pp.audit_entry e where e.chain = $1 and e.relation = $2 and e.key = $3 order by e.seq desc limit 1;
end
$$;
reset role;
revoke create on schema pp from pp_chain;
