-- SPDX-License-Identifier: EUPL-1.2
-- Boundaries that an operator uploads: checked beside the request, looked at, then put in force or thrown away. Locks: new objects only.

create table pp.boundary_import (
	id uuid primary key,
	file_name text not null check (length(file_name) between 1 and 200),
	dataset text not null check (length(dataset) between 1 and 200),
	date date not null,
	accuracy_m numeric(9, 3) not null check (accuracy_m > 0),
	layer text check (length(layer) between 1 and 200),
	size bigint not null check (size > 0),
	received bigint not null default 0 check (received <= size),
	digest bytea,
	sha256 bytea check (length(sha256) = 32),
	state text not null default 'LAEDT' check (state in ('LAEDT', 'WARTET', 'PRUEFT', 'GEPRUEFT', 'WIRD_UEBERNOMMEN', 'UEBERNOMMEN',
		'ABGELEHNT', 'ABGEBROCHEN')),
	stage text check (stage in ('read', 'check', 'neighbours', 'store', 'enforce')),
	done bigint not null default 0,
	total bigint not null default 0,
	findings json,
	refusal json,
	since bigint references pp.boundary_version,
	version bigint references pp.boundary_version,
	attempts int not null default 0,
	asked_by uuid not null,
	asked_by_label text not null,
	asked_at timestamptz not null,
	ended_at timestamptz,
	check ((state in ('UEBERNOMMEN', 'ABGELEHNT', 'ABGEBROCHEN')) = (ended_at is not null)),
	check ((state = 'UEBERNOMMEN') = (version is not null)),
	check ((state = 'ABGELEHNT') = (refusal is not null)),
	check (state not in ('GEPRUEFT', 'WIRD_UEBERNOMMEN', 'UEBERNOMMEN') or findings is not null),
	check (state = 'LAEDT' or state = 'ABGEBROCHEN' or sha256 is not null)
);
create index boundary_import_open on pp.boundary_import (id) where ended_at is null;
comment on table pp.boundary_import is
	'A file of boundaries, what was found in it and what came of it. Not a record, which is the version: swept some months after its end.';
comment on column pp.boundary_import.digest is 'What is known of the bytes so far; gone once they are all there.';
comment on column pp.boundary_import.total is 'Of the stage; 0: nobody knows.';
comment on column pp.boundary_import.since is 'The version in force that the findings compare with; null: none was.';
comment on column pp.boundary_import.attempts is 'Processes that have begun it since anybody last asked for it: at the fourth it is refused.';

create table pp.boundary_import_piece (
	import uuid not null references pp.boundary_import on delete cascade,
	at bigint not null,
	bytes bytea not null check (length(bytes) between 1 and 1048576),
	primary key (import, at)
);
comment on table pp.boundary_import_piece is 'The file, a mebibyte at a time, until the import has ended.';
-- Files of boundaries are mostly compressed already.
alter table pp.boundary_import_piece alter bytes set storage external;

-- Written with the version itself by whoever puts it in force, who sees nothing of the import: a process that dies right afterwards
-- leaves no doubt.
create table pp.boundary_import_version (
	import uuid primary key,
	version bigint not null unique references pp.boundary_version
);
comment on table pp.boundary_import_version is 'Which version came of an import. Kept: the import itself is swept.';

create function pp.boundary_import_ends() returns trigger language plpgsql as $$
begin
	delete from pp.boundary_import_piece p where p.import = new.id;
	return null;
end
$$;
create trigger boundary_import_ends after update of ended_at on pp.boundary_import for each row
	when (new.ended_at is not null) execute function pp.boundary_import_ends();

alter table pp.boundary_import enable row level security;
alter table pp.boundary_import force row level security;
alter table pp.boundary_import_piece enable row level security;
alter table pp.boundary_import_piece force row level security;
create policy operator on pp.boundary_import for select to pp_server using ((select pp.has_role('operator')));
create policy operator_asks on pp.boundary_import for insert to pp_server with check ((select pp.has_role('operator')));
create policy operator_says on pp.boundary_import for update to pp_server
	using ((select pp.has_role('operator'))) with check ((select pp.has_role('operator')));
create policy operator on pp.boundary_import_piece for select to pp_server using ((select pp.has_role('operator')));
create policy operator_sends on pp.boundary_import_piece for insert to pp_server with check ((select pp.has_role('operator')));
create policy operator_drops on pp.boundary_import_piece for delete to pp_server using ((select pp.has_role('operator')));
create policy runner on pp.boundary_import to pp_clerk using (true) with check (true);
create policy runner on pp.boundary_import_piece for select to pp_clerk using (true);
create policy runner_drops on pp.boundary_import_piece for delete to pp_clerk using (true);
grant select, insert, update (received, digest, sha256, state, attempts, ended_at) on pp.boundary_import to pp_server;
grant select (import, at), insert, delete on pp.boundary_import_piece to pp_server;
grant select, delete, update (state, stage, done, total, findings, refusal, since, version, attempts, ended_at) on pp.boundary_import to pp_clerk;
grant select on pp.boundary_import_version to pp_clerk;
grant select, delete on pp.boundary_import_piece to pp_clerk;
