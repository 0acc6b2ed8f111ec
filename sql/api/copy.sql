-- SPDX-License-Identifier: EUPL-1.2
-- Copies of documents on the disks of hosts, from which the kernel sends them (docs/decisions/0009-documents.md). Only of
-- what a round has shown to somebody: neither drafts nor what is sealed, withdrawn or refused. Who may read a document
-- is asked before each download all the same.

create view pp_api.shown_document as
	select d.id from pp.document d join pp.file f on f.id = d.id
	 where f.state = 'GEPRUEFT' and d.withdrawn_at is null and (d.published_at is not null
		or exists (select from pp.document_party y where y.document = d.id));

-- With size and hash of what others are handed (pp.file.clean).
create view pp_api.shown_file as
	select f.id, f.size, f.sha256, f.id as bytes_of from pp.file f join pp_api.shown_document d on d.id = f.id
	 where f.clean is null and f.state = 'GEPRUEFT'
	union all
	select f.id, g.size, g.sha256, g.id from pp.file g join pp.file f on f.clean = g.id join pp_api.shown_document d on d.id = f.id
	 where g.state = 'GEPRUEFT';

create view pp_api.shown_content as
	select f.id as file, c.from_byte, k.bytes from pp_api.shown_file f join pp.file_chunk c on c.file = f.bytes_of
	  join pp.chunk k on k.sha256 = c.chunk;

-- Of these names, the hashes of files in hexadecimal, the ones that are shown still.
create function pp_api.copies_shown(names text[]) returns setof text language sql stable as $$
	select u.name from unnest($1) u (name)
	 where exists (select from pp_api.shown_file f where f.sha256 = decode(u.name, 'hex'))
$$;

grant select on pp_api.shown_file, pp_api.shown_content to pp_clerk;
grant execute on function pp_api.copies_shown(text[]) to pp_clerk;
