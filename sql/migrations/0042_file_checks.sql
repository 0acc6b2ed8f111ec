-- SPDX-License-Identifier: EUPL-1.2
-- What became of looking into a file. Locks: pp.file for a moment.

alter table pp.file
	add column check_at timestamptz,
	add column attempts int not null default 0 check (attempts >= 0),
	add column checked_at timestamptz,
	add column scanner text check (length(scanner) between 1 and 300),
	add column found text check (length(found) between 1 and 300);
comment on column pp.file.check_at is 'When it is looked into again, because something was not there; null: at once.';
comment on column pp.file.scanner is 'Who has looked for viruses; null: nobody was configured to.';
comment on column pp.file.found is 'What was found, in words.';
drop index pp.file_to_check;
create index file_to_check on pp.file (check_at nulls first, completed_at) where state = 'UNGEPRUEFT';
grant update (reason, check_at, attempts, checked_at, scanner, found) on pp.file to pp_clerk;
grant update (change) on pp.document to pp_clerk;
