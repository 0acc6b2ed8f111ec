-- SPDX-License-Identifier: EUPL-1.2
-- Who of a body looks after an invitation or a statement. Locks: new objects only.

create table pp.assignment (
	id uuid primary key,
	body text not null collate "C" references pp.body,
	invitation uuid references pp.invitation,
	statement uuid references pp.statement,
	procedure uuid not null references pp.procedure,
	account uuid not null references pp.account,
	membership uuid not null references pp.membership,
	assigned_at timestamptz not null,
	assigned_by uuid not null references pp.account,
	ended_at timestamptz check (ended_at >= assigned_at),
	ended_by uuid references pp.account,
	check (num_nonnulls(invitation, statement) = 1),
	check ((ended_at is null) = (ended_by is null))
);
create unique index assignment_of_invitation on pp.assignment (invitation, body) where ended_at is null and invitation is not null;
create unique index assignment_of_statement on pp.assignment (statement, body) where ended_at is null and statement is not null;
create index assignment_account on pp.assignment (body, account) where ended_at is null;
create index assignment_procedure on pp.assignment (procedure, id);
comment on table pp.assignment is
	'Who of a body looks after what. It counts while the membership does; no other body''s policy, view or message knows this table.';
create trigger assignment_stays before update of id, body, invitation, statement, procedure, account, membership, assigned_at, assigned_by
	or delete or truncate on pp.assignment for each statement execute function pp.forbid_change();

-- Whoever answers by a link acts for the invited body without any role: a body's own matter is its members'.
alter table pp.assignment enable row level security;
alter table pp.assignment force row level security;
create policy own on pp.assignment for select to pp_server
	using (body = (select pp.current_body()) and (select pp.has_role('reader')));
create policy assign on pp.assignment for insert to pp_server
	with check (body = (select pp.current_body()) and assigned_by = (select pp.current_account())
		and ((select pp.has_role('clerk')) or (select pp.has_role('releaser')) or (select pp.has_role('manager'))
			or (select pp.has_role('body_administrator'))));
create policy end_it on pp.assignment for update to pp_server
	using (body = (select pp.current_body()))
	with check (body = (select pp.current_body()) and ended_by = (select pp.current_account())
		and ((select pp.has_role('clerk')) or (select pp.has_role('releaser')) or (select pp.has_role('manager'))
			or (select pp.has_role('body_administrator'))));
grant select, insert, update (ended_at, ended_by) on pp.assignment to pp_server;
do $$ begin perform pp.audit_watch('assignment', 'procedure'); end $$;
