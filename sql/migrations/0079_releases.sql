-- SPDX-License-Identifier: EUPL-1.2
-- Handed in for release: what one person of a body has written and another one lets go out. Locks: new objects only.

create table pp.release (
	id uuid primary key,
	body text not null collate "C" references pp.body,
	kind text not null check (kind in ('STELLUNGNAHME', 'ERGAENZUNG', 'RUECKNAHME', 'BESCHLUSS', 'ABWAEGUNG')),
	procedure uuid not null references pp.procedure,
	invitation uuid references pp.invitation,
	statement uuid references pp.statement,
	draft uuid,
	content jsonb not null check (jsonb_typeof(content) = 'object'),
	content_sha256 bytea not null check (length(content_sha256) = 32),
	writers uuid[] not null check (cardinality(writers) > 0),
	handed_in_at timestamptz not null,
	handed_in_by uuid not null references pp.account,
	state text not null default 'WARTET' check (state in ('WARTET', 'FREIGEGEBEN', 'ZURUECKGEGEBEN', 'ZURUECKGENOMMEN')),
	reminded_until timestamptz,
	settled_at timestamptz check (settled_at >= handed_in_at),
	settled_by uuid references pp.account,
	reason text check (length(reason) between 1 and 4000),
	result uuid,
	check ((kind = 'STELLUNGNAHME') = (draft is not null)),
	check ((kind = 'ABWAEGUNG') = (invitation is null)),
	check ((kind in ('ERGAENZUNG', 'RUECKNAHME', 'BESCHLUSS')) = (statement is not null)),
	check ((state = 'WARTET') = (settled_at is null) and (settled_at is null) = (settled_by is null)),
	check ((state = 'ZURUECKGEGEBEN') = (reason is not null)),
	check (state <> 'FREIGEGEBEN' or settled_by <> all (writers) and result is not null)
);
create unique index release_of_draft on pp.release (draft) where state = 'WARTET' and draft is not null;
create unique index release_of_statement on pp.release (statement, kind) where state = 'WARTET' and statement is not null;
create unique index release_of_weighing on pp.release (procedure) where state = 'WARTET' and kind = 'ABWAEGUNG';
create index release_waiting on pp.release (body, id) where state = 'WARTET';
create index release_body on pp.release (body, id);
create index release_procedure on pp.release (procedure, id);
comment on table pp.release is 'What waits for a second person of the body, or has. Nobody else sees it: it is a draft until it goes out.';
comment on column pp.release.writers is 'Who wrote, changed or handed it in; none of them releases it.';
comment on column pp.release.content_sha256 is 'Of what was handed in; what has changed since is not released.';
comment on column pp.release.reminded_until is 'Up to which instant the clerk has looked whether somebody is to be reminded.';
create trigger release_stays before update of id, body, kind, procedure, invitation, statement, draft, content, content_sha256, writers,
	handed_in_at, handed_in_by or delete or truncate on pp.release for each statement execute function pp.forbid_change();

alter table pp.release enable row level security;
alter table pp.release force row level security;
create policy own on pp.release for select to pp_server
	using (body = (select pp.current_body()) and ((select pp.has_role('clerk')) or (select pp.has_role('releaser')) or (select pp.has_role('manager'))));
create policy writes on pp.release for insert to pp_server
	with check (body = (select pp.current_body()) and handed_in_by = (select pp.current_account())
		and ((select pp.has_role('clerk')) or (select pp.has_role('releaser')) or (select pp.has_role('manager'))));
create policy settles on pp.release for update to pp_server
	using (body = (select pp.current_body()))
	with check (body = (select pp.current_body()) and settled_by = (select pp.current_account())
		and ((select pp.has_role('clerk')) or (select pp.has_role('releaser')) or (select pp.has_role('manager'))));
create policy clerk on pp.release to pp_clerk using (true) with check (true);
grant select, insert, update (state, settled_at, settled_by, reason, result) on pp.release to pp_server;
grant select (id, body, kind, procedure, invitation, handed_in_at, handed_in_by, writers, state, reminded_until), update (reminded_until) on pp.release to pp_clerk;
do $$ begin perform pp.audit_watch('release', 'procedure'); end $$;
