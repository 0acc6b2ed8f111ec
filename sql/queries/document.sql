-- SPDX-License-Identifier: EUPL-1.2

-- document_list(procedure uuid, withdrawn bool, row_limit int, cursor text) -> reply
-- lane: read public
select (r).* from pp_api.document_list($1, $2, $3, $4) r;

-- document_show(document uuid) -> reply
-- lane: read public
select (r).* from pp_api.document_show($1) r;

-- document_kinds(lang text) -> reply
-- lane: read public
select (r).* from pp_api.document_kinds($1) r;

-- document_create(procedure uuid, body jsonb, at timestamptz, idempotency_key text, request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.document_create($1, $2, $3, $4, $5) r;

-- document_change(document uuid, body jsonb, if_match text, at timestamptz) -> reply
-- lane: write
select (r).* from pp_api.document_change($1, $2, $3, $4) r;

-- document_withdraw(document uuid, body jsonb, at timestamptz, idempotency_key text, request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.document_withdraw($1, $2, $3, $4, $5) r;

-- An upload is locked while it is looked at: two that send to it at once are told apart by what they find.

-- upload_show(upload uuid, upload_token text) -> reply
-- lane: write
select (r).* from pp_api.upload_show($1, $2) r;

-- upload_find(upload uuid, upload_token text) -> state text, size bigint, received bigint, digest bytea, sha256 bytea, media_type text
-- lane: write
select u.state, u.size, u.received, u.digest, u.sha256, u.media_type from pp_api.upload_find($1, $2) u;

-- upload_append(upload uuid, from_byte bigint, bytes bytea, digest bytea, crc32 bigint, upload_token text, at timestamptz) -> received bigint,
--   state text
-- lane: write
select u.received, u.state from pp_api.upload_append($1, $2, $3, $4, $5, $6, $7) u;

-- upload_refuse(upload uuid, reason text, upload_token text, at timestamptz) -> done bool
-- lane: write
select pp_api.upload_refuse($1, $2, $3, $4) as done;

-- content_find(document uuid) -> name text, media_type text, size bigint, sha256 text, is_shown bool
-- lane: read public
select c.name, c.media_type, c.size, c.sha256, c.is_shown from pp_api.content_find($1) c;

-- content_map(document uuid) -> first_byte bigint, sha256 bytea
-- lane: read public
select c.first_byte, c.sha256 from pp_api.content_map($1) c;

-- content_piece(document uuid, from_byte bigint, chunks int) -> first_byte bigint, bytes bytea
-- lane: read public
select c.first_byte, c.bytes from pp_api.content_piece($1, $2, $3) c;

-- file_sweep(at timestamptz, most int) -> gone int
-- lane: clerk
select pp_api.file_sweep($1, $2) as gone;

-- round_documents(round uuid) -> reply
-- lane: read public
select (r).* from pp_api.round_documents($1) r;

-- round_files(round uuid) -> document uuid, name text, size bigint, crc32 bigint, dos_date int, sha256 text,
--   is_shown bool
-- lane: read public
select f.document, f.name, f.size, f.crc32, (((extract(year from d.day)::int - 1980) << 9)
		| (extract(month from d.day)::int << 5) | extract(day from d.day)::int) as dos_date, f.sha256, f.is_shown
  from pp_api.round_files($1) f, lateral (select pp.day(f.completed_at) as day) d;
