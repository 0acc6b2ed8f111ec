-- SPDX-License-Identifier: EUPL-1.2
-- Copies of documents on the disks of hosts, from which the kernel sends them (docs/decisions/0009-documents.md). Only of
-- what a round has shown to somebody: neither drafts nor what is sealed, withdrawn or refused. Who may read a document
-- is asked before each download all the same.

create view pp_api.shown_file as
	select f.id, f.size, f.sha256 from pp.file f join pp.document d on d.id = f.id
	 where f.state = 'GEPRUEFT' and d.withdrawn_at is null and (d.published_at is not null
		or exists (select from pp.document_party y where y.document = d.id));

create view pp_api.shown_content as
	select c.file, c.from_byte, k.bytes from pp_api.shown_file f join pp.file_chunk c on c.file = f.id
	  join pp.chunk k on k.sha256 = c.chunk;

-- Of these names, the hashes of files in hexadecimal, the ones that are shown still.
create function pp_api.copies_shown(names text[]) returns setof text language sql stable as $$
	select u.name from unnest($1) u (name)
	 where exists (select from pp_api.shown_file f where f.sha256 = decode(u.name, 'hex'))
$$;

grant select on pp_api.shown_file, pp_api.shown_content to pp_clerk;
grant execute on function pp_api.copies_shown(text[]) to pp_clerk;
