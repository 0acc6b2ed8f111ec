-- SPDX-License-Identifier: EUPL-1.2
-- Invitation links: a body without an account reads and answers one invitation by a secret that only a hash is kept of.
-- Locks: pp.statement for the moment of new columns and while a check is looked at.

create table pp.invitation_link (
	id uuid primary key,
	invitation uuid not null references pp.invitation,
	planner_body text not null collate "C" references pp.body,
	participant text not null collate "C" references pp.body,
	sha256 bytea not null check (length(sha256) = 32),
	mail uuid references pp.mail,
	made_at timestamptz not null,
	made_by uuid,
	used_at timestamptz,
	revoked_at timestamptz,
	revoked_by uuid,
	constraint invitation_link_once unique (sha256),
	check (mail is null or made_by is null)
);
create index invitation_link_invitation on pp.invitation_link (invitation, made_at);
comment on table pp.invitation_link is
	'Secrets that one invitation can be answered by. Several may be out: each mail has its own, a letter may have one.';
comment on column pp.invitation_link.used_at is 'When somebody first acknowledged or answered by it.';
create trigger invitation_link_stays before update of id, invitation, planner_body, participant, sha256, mail, made_at, made_by
	or delete or truncate on pp.invitation_link for each statement execute function pp.forbid_change();

alter table pp.invitation_link enable row level security;
alter table pp.invitation_link force row level security;
create policy parties on pp.invitation_link to pp_server
	using (planner_body = (select pp.current_body()) or participant = (select pp.current_body()))
	with check (planner_body = (select pp.current_body()) or participant = (select pp.current_body()));
create policy sign_in on pp.invitation_link for select to pp_sign_in using (true);
create policy clerk on pp.invitation_link for insert to pp_clerk with check (true);
grant select (id, invitation, planner_body, participant, mail, made_at, made_by, used_at, revoked_at), insert,
	update (used_at, revoked_at, revoked_by) on pp.invitation_link to pp_server;
grant select (id, invitation, participant, sha256, revoked_at) on pp.invitation_link to pp_sign_in;
grant insert on pp.invitation_link to pp_clerk;

alter table pp.statement
	add invitation_link uuid references pp.invitation_link,
	add signed_by text check (length(signed_by) between 3 and 300),
	add check ((invitation_link is null) = (signed_by is null)),
	drop constraint statement_channel_check,
	add constraint statement_channel_check check (channel in ('PORTAL', 'LINK', 'EMAIL', 'POST', 'FAX', 'NIEDERSCHRIFT'));
comment on column pp.statement.signed_by is 'Who answered for the body by its link, with function: nobody has signed in.';
do $$
declare
	name text := (select conname from pg_constraint where conrelid = 'pp.statement'::regclass and contype = 'c'
		and pg_get_constraintdef(oid) = 'CHECK (((author_account IS NOT NULL) OR (person IS NOT NULL) OR (entered_by IS NOT NULL)))');
begin
	execute format('alter table pp.statement drop constraint %I', name);
end
$$;
alter table pp.statement add check (num_nonnulls(author_account, person, entered_by, invitation_link) > 0);
create trigger statement_link_stays before update of invitation_link, signed_by on pp.statement
	for each statement execute function pp.forbid_change();

drop policy parties on pp.statement_point;
create policy parties on pp.statement_point to pp_server
	using (participant = (select pp.current_body()) or mailbox_body = (select pp.current_body())
		or planner_body = (select pp.current_body())
		or author_account = (select pp.current_account()) or person = (select pp.current_person()))
	with check (author_account = (select pp.current_account()) or person = (select pp.current_person())
		or entered_by = (select pp.current_account()) or participant = (select pp.current_body()));

do $$ begin perform pp.audit_watch('invitation_link', 'invitation'); end $$;
