-- SPDX-License-Identifier: EUPL-1.2
-- Release by a second person, notes of a body's own, and what somebody wrote for a body stays the body's.
-- Locks: new objects, and the tables of statements for a moment.

alter table pp.draft add changed_by uuid references pp.account;
grant update (changed_by) on pp.draft to pp_server;
comment on column pp.draft.changed_by is 'Who has changed it last; null: who began it.';

-- Never transmitted: no view, no export and no other body's policy knows this table.
create table pp.note (
	id uuid primary key,
	procedure uuid not null references pp.procedure,
	body text not null collate "C" references pp.body,
	author uuid not null references pp.account,
	content text not null check (length(content) between 1 and 10000),
	created_at timestamptz not null
);
create index note_body on pp.note (body, procedure, id);
comment on table pp.note is 'What members of a body note for one another about a procedure.';
alter table pp.note enable row level security;
alter table pp.note force row level security;
create policy own on pp.note to pp_server
	using (body = (select pp.current_body()) and ((select pp.has_role('clerk')) or (select pp.has_role('releaser'))
		or (select pp.has_role('manager'))))
	with check (body = (select pp.current_body()) and author = (select pp.current_account()));
grant select, insert on pp.note to pp_server;
create trigger note_stays before update or delete or truncate on pp.note
	for each statement execute function pp.forbid_change();

-- A statement of a body is the body's. Whoever wrote it for the body and left sees it no more.
do $$
declare
	p record;
begin
	for p in select tablename, policyname, qual from pg_policies
		where schemaname = 'pp' and roles = '{pp_server}' and qual like '%author_account = %'
	loop
		execute format('alter policy %I on pp.%I using (%s)', p.policyname, p.tablename, replace(p.qual,
			'(author_account = ( SELECT pp.current_account() AS current_account))',
			'(participant is null and author_account = (select pp.current_account()))'));
	end loop;
end
$$;
