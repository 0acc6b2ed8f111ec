-- SPDX-License-Identifier: EUPL-1.2
-- Copies of documents on the disks of hosts, from which the kernel sends them (docs/decisions/0009-documents.md). Only of
-- what a round has shown to somebody: neither drafts nor what is sealed, withdrawn or refused. Who may read a document
-- is asked before each download all the same.

create view pp_api.shown_document as
	select d.id, y.shown_at from pp.document d join pp.file f on f.id = d.id,
		lateral (select least(d.published_at, min(p.shown_at)) as shown_at from pp.document_party p where p.document = d.id) y
	 where f.state = 'GEPRUEFT' and d.withdrawn_at is null and y.shown_at is not null;

-- With size and hash of what others are handed (pp.file.clean).
create view pp_api.shown_file as
	select f.id, f.size, f.sha256, f.id as bytes_of, d.shown_at from pp.file f join pp_api.shown_document d on d.id = f.id
	 where f.clean is null and f.state = 'GEPRUEFT'
	union all
	select f.id, g.size, g.sha256, g.id, d.shown_at from pp.file g join pp.file f on f.clean = g.id join pp_api.shown_document d on d.id = f.id
	 where g.state = 'GEPRUEFT';

create view pp_api.shown_content as
	select f.id as file, c.from_byte, k.bytes from pp_api.shown_file f join pp.file_chunk c on c.file = f.bytes_of
	  join pp.chunk k on k.sha256 = c.chunk;

-- Of these names, the hashes of files in hexadecimal, the ones that are shown still.
create function pp_api.copies_shown(names text[]) returns setof text language sql stable as $$
	select u.name from unnest($1) u (name)
	 where exists (select from pp_api.shown_file f where f.sha256 = decode(u.name, 'hex'))
$$;

-- Of at least that size the ones that were shown last and have room together, the newest first.
create function pp_api.copies_wanted(smallest bigint, room bigint) returns table (document uuid, size bigint, sha256 text, shown_at timestamptz)
language sql stable as $$
	select w.id, w.size, encode(w.sha256, 'hex'), w.shown_at
	  from (select f.*, sum(f.size) over (order by f.shown_at desc, f.id) as total from pp_api.shown_file f where f.size between $1 and $2) w
	 where w.total <= $2 order by w.shown_at desc, w.id
$$;

grant select on pp_api.shown_file, pp_api.shown_content to pp_clerk;
grant execute on function pp_api.copies_shown(text[]), pp_api.copies_wanted(bigint, bigint) to pp_clerk;
