-- SPDX-License-Identifier: EUPL-1.2
-- Second factors of local accounts. Locks: new objects only.

create table pp.second_factor (
	account uuid primary key references pp.account,
	sealed_secret bytea not null,
	confirmed_at timestamptz,
	last_step bigint not null default 0,
	created_at timestamptz not null
);
comment on table pp.second_factor is 'Secrets of RFC 6238, sealed with a key that is not in the database.';
comment on column pp.second_factor.last_step is 'The time step of the last code; no code counts twice.';

create table pp.recovery_code (
	sha256 bytea primary key check (length(sha256) = 32),
	account uuid not null references pp.account,
	used_at timestamptz
);
create index recovery_code_account on pp.recovery_code (account);

alter table pp.second_factor enable row level security;
alter table pp.second_factor force row level security;
alter table pp.recovery_code enable row level security;
alter table pp.recovery_code force row level security;
create policy own on pp.second_factor to pp_server using (account = (select pp.current_account()));
create policy sign_in on pp.second_factor to pp_sign_in using (true);
create policy own on pp.recovery_code to pp_server using (account = (select pp.current_account()));
create policy sign_in on pp.recovery_code to pp_sign_in using (true);
grant select, insert, update (confirmed_at, last_step), delete on pp.second_factor to pp_server;
grant select, update (last_step) on pp.second_factor to pp_sign_in;
grant select, insert, delete on pp.recovery_code to pp_server;
grant select, update (used_at) on pp.recovery_code to pp_sign_in;
