-- SPDX-License-Identifier: EUPL-1.2
-- Links by which people set the password of their account: the first one, or another. Locks: pp.mail for the moment
-- of a new column.

alter table pp.mail add account uuid references pp.account;
create index mail_account on pp.mail (account, created_at) where account is not null;
comment on column pp.mail.account is 'To whose link it leads. Nothing else is read from it.';
create trigger mail_account_stays before update of account on pp.mail for each statement execute function pp.forbid_change();

create table pp.account_link (
	id uuid primary key,
	account uuid not null references pp.account,
	sha256 bytea not null check (length(sha256) = 32),
	mail uuid references pp.mail,
	made_at timestamptz not null,
	expires_at timestamptz not null check (expires_at > made_at),
	used_at timestamptz,
	constraint account_link_once unique (sha256)
);
create index account_link_account on pp.account_link (account, made_at);
create index account_link_expired on pp.account_link (expires_at);
comment on table pp.account_link is
	'Secrets that one account''s password can be set by, once. Each mail has its own; one that is used ends the others.';
comment on column pp.account_link.mail is 'By which it was sent; null: handed over by an operator.';
create trigger account_link_stays before update of id, account, sha256, mail, made_at, expires_at or truncate on pp.account_link
	for each statement execute function pp.forbid_change();

alter table pp.account_link enable row level security;
alter table pp.account_link force row level security;
create policy sign_in on pp.account_link to pp_sign_in using (true) with check (true);
create policy own on pp.account_link for select to pp_server using (account = (select pp.current_account()));
create policy clerk on pp.account_link to pp_clerk using (true) with check (true);
grant select, insert, update (used_at) on pp.account_link to pp_sign_in;
grant select (id, account, mail, made_at, expires_at, used_at) on pp.account_link to pp_server;
grant insert, select (expires_at), delete on pp.account_link to pp_clerk;
-- What became of the mail of an invitation is its administrator's to know.
create policy account on pp.mail for select to pp_sign_in using (true);
grant select (id, kind, account, state, created_at) on pp.mail to pp_sign_in;
grant update (version) on pp.account to pp_sign_in;
