-- SPDX-License-Identifier: EUPL-1.2
-- Accounts, sessions, tokens. Locks: new objects only.

create table pp.account (
	id uuid primary key,
	email text not null check (email = lower(btrim(email)) and email ~ '^[^@[:space:]]+@[^@[:space:]]+$'
		and length(email) <= 254),
	password_hash text check (password_hash like '$argon2id$%'),
	role text not null check (role in ('administrator', 'planner', 'municipality', 'public')),
	body text collate "C" references pp.body,
	active bool not null default true,
	created_at timestamptz not null,
	version int not null default 1,
	constraint account_email_once unique (email),
	check (role not in ('planner', 'municipality') or body is not null),
	check (role <> 'public' or body is null)
);
create index account_body on pp.account (body);
comment on table pp.account is 'Who may sign in. An account acts for one body; the public''s for none.';
comment on column pp.account.password_hash is
	'argon2id in the form of libsodium, compared by the server only; null: tokens only.';

create table pp.session (
	sha256 bytea primary key check (length(sha256) = 32),
	account uuid not null references pp.account,
	opened_at timestamptz not null,
	last_seen_at timestamptz not null,
	idle interval not null check (idle > '0'),
	expires_at timestamptz not null,
	closed_at timestamptz
);
create index session_account on pp.session (account);
create index session_end on pp.session (expires_at);
comment on column pp.session.sha256 is 'Of the opaque cookie; the cookie itself is nowhere.';

create table pp.token (
	id uuid primary key,
	sha256 bytea not null check (length(sha256) = 32),
	account uuid not null references pp.account,
	label text not null check (length(label) between 1 and 200),
	created_at timestamptz not null,
	last_used_at timestamptz,
	expires_at timestamptz,
	revoked_at timestamptz,
	constraint token_once unique (sha256)
);
create index token_account on pp.token (account, id);

alter table pp.account enable row level security;
alter table pp.account force row level security;
alter table pp.session enable row level security;
alter table pp.session force row level security;
alter table pp.token enable row level security;
alter table pp.token force row level security;

-- An account sees itself; an administrator sees and makes all. Whoever signs in is looked up by
-- functions of pp_sign_in, which nobody can log in as.
create policy own on pp.account for select to pp_server
	using (id = (select pp.current_account()));
create policy administer on pp.account to pp_server
	using ((select pp.current_role()) = 'administrator')
	with check ((select pp.current_role()) = 'administrator');
create policy sign_in on pp.account to pp_sign_in using (true);

create policy own on pp.session to pp_server using (account = (select pp.current_account()));
create policy sign_in on pp.session to pp_sign_in using (true);
create policy sweep on pp.session to pp_clerk using (true);

create policy own on pp.token to pp_server using (account = (select pp.current_account()));
create policy administer on pp.token to pp_server
	using ((select pp.current_role()) = 'administrator')
	with check ((select pp.current_role()) = 'administrator');
create policy sign_in on pp.token to pp_sign_in using (true);

grant select (id, email, role, body, active, created_at, version) on pp.account to pp_server;
grant insert, update (password_hash, role, body, active, version) on pp.account to pp_server;
grant select, update (closed_at) on pp.session to pp_server;
grant select (expires_at), delete on pp.session to pp_clerk;
grant insert, select, update (revoked_at) on pp.token to pp_server;
grant select on pp.account to pp_sign_in;
grant select, insert, update (last_seen_at, closed_at) on pp.session to pp_sign_in;
grant select, update (last_used_at) on pp.token to pp_sign_in;
grant select on pp.body to pp_sign_in;
grant execute on function pp.ok(json, text, text), pp.created(text, json, text),
	pp.rfc3339(timestamptz), pp.body_name(text) to pp_sign_in;
