-- SPDX-License-Identifier: EUPL-1.2
-- A statement that somebody writes, on its way from one device to another: sealed there with a key that is in the link alone.
-- Locks: new objects.

create table pp.handover (
	id uuid primary key,
	round uuid not null references pp.round,
	sealed bytea not null,
	size int not null,
	made_at timestamptz not null,
	expires_at timestamptz not null check (expires_at > made_at),
	check (size = octet_length(sealed) and size between 29 and 393216)
);
create index handover_round on pp.handover (round) include (size);
create index handover_expires on pp.handover (expires_at);
-- What is sealed does not become smaller.
alter table pp.handover alter sealed set storage external;
comment on table pp.handover is 'A draft of somebody of the public on its way to another device, for a week. Nobody here can read it: the key is behind the # of the link.';
comment on column pp.handover.id is 'Random, and not by time as other ids: whoever has it takes the draft over.';
create trigger handover_stays before update or truncate on pp.handover for each statement execute function pp.forbid_change();

alter table pp.handover enable row level security;
alter table pp.handover force row level security;
create policy taken on pp.handover to pp_server using (id = (select pp.current_person())) with check (id = (select pp.current_person()));
create policy clerk on pp.handover to pp_clerk using (true);
create policy counted on pp.handover for select to pp_sign_in using (true);
grant select, insert, delete on pp.handover to pp_server;
grant select (expires_at), delete on pp.handover to pp_clerk;
grant select (round, size) on pp.handover to pp_sign_in;
