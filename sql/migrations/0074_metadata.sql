-- SPDX-License-Identifier: EUPL-1.2
-- Documents without what they say about their making: whoever is shown one gets a copy without EXIF, XMP, authors, and the
-- planning body keeps what it has uploaded. What was checked and shown to nobody yet is looked into anew.
-- Locks: pp.file and pp.document, for a moment.

alter table pp.file
	add metadata text check (metadata in ('KEINE', 'ENTFERNT', 'VERBLEIBT')),
	add clean uuid references pp.file,
	add constraint file_clean_check check ((metadata is not distinct from 'ENTFERNT') = (clean is not null)),
	add constraint file_clean_once check (clean <> id);
create unique index file_clean on pp.file (clean) where clean is not null;
comment on column pp.file.metadata is
	'What it says about its making: nothing; taken out in the file clean; or it cannot be taken out. Null: nobody has looked.';
comment on column pp.file.clean is 'What others than its planning body are handed in its place; a file without document.';

alter table pp.document
	add metadata_accepted_at timestamptz,
	add metadata_accepted_by uuid,
	add check ((metadata_accepted_at is null) = (metadata_accepted_by is null));
comment on column pp.document.metadata_accepted_at is 'When its planning body has said that it is published with what cannot be taken out of it.';
grant update (metadata_accepted_at, metadata_accepted_by) on pp.document to pp_server;

grant insert on pp.file, pp.chunk, pp.file_chunk to pp_clerk;
grant update (received, crc32, completed_at, metadata, clean) on pp.file to pp_clerk;

update pp.file f set state = 'UNGEPRUEFT', check_at = null, checked_at = null
  from pp.document d where d.id = f.id and f.state = 'GEPRUEFT' and d.published_at is null
   and not exists (select from pp.document_party y where y.document = d.id);
