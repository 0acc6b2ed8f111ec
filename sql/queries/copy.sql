-- SPDX-License-Identifier: EUPL-1.2
-- What the process asks that makes copies of documents (server/command/copies.c).

-- copy_find(document uuid) -> size bigint, sha256 text
-- lane: clerk
select f.size, encode(f.sha256, 'hex') as sha256 from pp_api.shown_file f where f.id = $1;

-- copy_bytes(document uuid) -> bytes bytea
-- lane: clerk
select c.bytes from pp_api.shown_content c where c.file = $1 order by c.from_byte;

-- copies_shown(names text[]) -> name text
-- lane: clerk
select s.name from pp_api.copies_shown($1) s (name);

-- copies_wanted(smallest bigint, room bigint) -> document uuid, size bigint, sha256 text, shown_at bigint
-- lane: clerk
select w.document, w.size, w.sha256, floor(extract(epoch from w.shown_at))::bigint as shown_at from pp_api.copies_wanted($1, $2) w;
