-- SPDX-License-Identifier: EUPL-1.2
-- Stored queries of WFS (OGC 09-025r2 §14): questions that a body has written down under a name, for everybody to ask. Locks:
-- new objects only.

create table pp.stored_query (
	name text primary key collate "C" check (length(name) between 1 and 200),
	body text not null collate "C" references pp.body,
	definition text not null check (octet_length(definition) <= 65536),
	created_at timestamptz not null,
	created_by uuid not null
);
create index stored_query_body on pp.stored_query (body);
comment on table pp.stored_query is 'Seen and asked by everybody; its body alone takes it away. It shows nothing that its reader may not see.';
comment on column pp.stored_query.name is 'The id by which it is asked, a URI.';
comment on column pp.stored_query.definition is 'A CreateStoredQuery that has it alone: prefixes may be bound anywhere in it.';

-- What is published has no row-level security (docs/database.md): here a trigger asks whose it is.
create function pp.for_its_managers() returns trigger language plpgsql as $$
begin
	if current_user = 'pp_server' and (coalesce(new.body, old.body) is distinct from pp.current_body() or not pp.has_role('manager')) then
		perform pp.refuse('forbidden', 'A stored query is kept by whoever conducts procedures for its body.');
	end if;
	return coalesce(new, old);
end
$$;
create trigger stored_query_managers before insert or delete on pp.stored_query for each row execute function pp.for_its_managers();

grant select (name, definition) on pp.stored_query to pp_public;
grant select, insert, delete on pp.stored_query to pp_server;
