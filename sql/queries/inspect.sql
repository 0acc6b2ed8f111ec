-- SPDX-License-Identifier: EUPL-1.2

-- file_to_check(at timestamptz) -> id uuid, media_type text, size bigint, attempts int, is_shown bool,
--   is_checked bool, is_copied bool, is_accepted bool
-- lane: clerk
select f.id, f.media_type, f.size, f.attempts, f.is_shown, f.is_checked, f.is_copied, f.is_accepted from pp_api.file_to_check($1) f;

-- file_bytes(file uuid) -> bytes bytea
-- lane: clerk
select case when c.sealed then pp_keys.open_piece(c.file, c.from_byte::text, c.bytes) else c.bytes end as bytes
  from pp_api.unchecked_content c where c.file = $1 order by c.from_byte;

-- clean_begin(file uuid, size bigint, sha256 bytea, at timestamptz) -> clean uuid
-- lane: clerk
select pp_api.clean_begin($1, $2, $3, $4) as clean;

-- clean_append(clean uuid, from_byte bigint, bytes bytea) -> done bool
-- lane: clerk
select pp_api.clean_append($1, $2, $3) as done;

-- file_checked(file uuid, reason text, found text, scanner text, metadata text, clean uuid, crc32 bigint, at timestamptz) -> done bool
-- lane: clerk
select pp_api.file_checked($1, $2, $3, $4, $5, $6, $7, $8) as done;

-- file_check_later(file uuid, reason text, at timestamptz) -> done bool
-- lane: clerk
select pp_api.file_check_later($1, $2, $3) as done;
