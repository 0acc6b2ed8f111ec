-- SPDX-License-Identifier: EUPL-1.2
-- How much a file takes that somebody has announced, so that what strangers announce together has a bound. Locks: pp.upload for a
-- moment; what waits there has been announced within a week.

alter table pp.upload add takes bigint not null default 262144 check (takes >= 262144);
alter table pp.upload no force row level security;
update pp.upload u set takes = greatest(f.size, 262144) from pp.file f where f.id = u.id;
alter table pp.upload force row level security;
comment on column pp.upload.takes is 'Bytes as they were announced; a chunk at least.';
-- Summed without looking at the table.
create index upload_strangers on pp.upload (round) include (takes) where basket is not null;
grant select (round, takes) on pp.upload to pp_sign_in;

-- Photographs of telephones, and plain text.
insert into pp.media_type (media_type, extensions, name) values
	('image/heic', '{heic,heif}', 'HEIC'),
	('text/plain', '{txt}', 'Text (UTF-8)');
