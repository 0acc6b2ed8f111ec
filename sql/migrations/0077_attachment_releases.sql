-- SPDX-License-Identifier: EUPL-1.2
-- Attachments that the planning body shows to everybody: a copy without what they say about their making, under a name that it
-- has chosen. Locks: pp.file while its check is looked at.

create table pp.attachment_release (
	attachment uuid primary key references pp.attachment,
	procedure uuid not null references pp.procedure,
	statement uuid not null references pp.statement,
	no int not null,
	planner_body text not null collate "C",
	name text not null check (length(name) between 1 and 200),
	media_type text not null,
	metadata_accepted bool not null default false,
	released bool not null,
	waits bool not null,
	changed_at timestamptz not null,
	changed_by uuid not null,
	check (released or not waits)
);
create index attachment_release_statement on pp.attachment_release (statement);
create index attachment_release_waits on pp.attachment_release (attachment) where waits;
comment on table pp.attachment_release is 'Shown with its statement, as long as that is; what is here is for everybody to read.';
comment on column pp.attachment_release.waits is 'The copy that is shown is still to be made.';

alter table pp.attachment_release enable row level security;
alter table pp.attachment_release force row level security;
create policy planner on pp.attachment_release to pp_server
	using (planner_body = (select pp.current_body())) with check (planner_body = (select pp.current_body()));
create policy writes on pp.attachment_release as restrictive to pp_server using (true)
	with check (planner_body = (select pp.current_body()) and (select pp.has_role('manager')));
create policy published on pp.attachment_release for select to pp_owner using (released);
create policy clerk on pp.attachment_release to pp_clerk using (true);
grant select, insert, update (name, metadata_accepted, released, waits, changed_at, changed_by) on pp.attachment_release to pp_server;
grant select (attachment, metadata_accepted, waits), update (waits) on pp.attachment_release to pp_clerk;
do $$ begin perform pp.audit_watch('attachment_release', 'procedure', 'attachment'); end $$;

-- What is sealed has a copy that is not, also where there was nothing to take out.
alter table pp.file drop constraint file_clean_check, add constraint file_clean_check check (
	case when sealed then clean is null or metadata is not null else (metadata is not distinct from 'ENTFERNT') = (clean is not null) end);
grant update (metadata, clean) on pp.file to pp_server;
