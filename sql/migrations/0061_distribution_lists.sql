-- SPDX-License-Identifier: EUPL-1.2
-- Distribution lists: named choices of bodies, kept by one body. Locks: new objects only.

create table pp.distribution_list (
	id uuid primary key,
	body text not null collate "C" references pp.body,
	name text not null check (btrim(name) <> '' and length(name) <= 200),
	about text,
	bodies text[] not null collate "C",
	shared bool not null default false,
	version int not null default 1,
	created_at timestamptz not null,
	changed_at timestamptz not null,
	ended_at timestamptz,
	check (not (shared and ended_at is not null))
);
create unique index distribution_list_name on pp.distribution_list (body, lower(name)) where ended_at is null;
create index distribution_list_shared on pp.distribution_list (id) where shared;
comment on table pp.distribution_list is 'A named choice of bodies (Verteiler), kept by one body.';
comment on column pp.distribution_list.bodies is 'Bodies are never removed: the keys stay good.';
comment on column pp.distribution_list.shared is 'Other bodies may read and use it; only its own changes it. Never of one that has ended.';
alter table pp.distribution_list enable row level security;
alter table pp.distribution_list force row level security;
create policy maintained on pp.distribution_list to pp_server
	using (body = (select pp.current_body())) with check (body = (select pp.current_body()));
create policy shared on pp.distribution_list for select to pp_server
	using (shared and (select pp.current_body()) is not null);

do $$ begin perform pp.audit_watch('distribution_list', 'none'); end $$;

grant select, insert, update (name, about, bodies, shared, version, changed_at, ended_at) on pp.distribution_list to pp_server;
