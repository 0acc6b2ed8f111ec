-- SPDX-License-Identifier: EUPL-1.2
-- Attachments of statements. Without an account they are found by a secret, but for what the planning body has released; no copy
-- of them lies outside of the database (is_shown).

-- attachment_announce(round uuid, upload_token text, body jsonb, limits jsonb, at timestamptz, idempotency_key text,
--   request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.attachment_announce($1, $2, $3, $4, $5, $6, $7) r;

-- attachment_announce_answer(invitation uuid, body jsonb, limits jsonb, at timestamptz, idempotency_key text,
--   request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.attachment_announce_answer($1, $2, $3, $4, $5, $6) r;

-- attachment_announce_draft(draft uuid, body jsonb, limits jsonb, at timestamptz, idempotency_key text,
--   request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.attachment_announce_draft($1, $2, $3, $4, $5, $6) r;

-- link_attachment_announce(invitation_link text, upload_token text, body jsonb, limits jsonb, at timestamptz,
--   idempotency_key text, request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.link_attachment_announce($1, $2, $3, $4, $5, $6, $7) r;

-- attachment_show(attachment uuid, upload_token text) -> reply
-- lane: read
select (r).* from pp_api.attachment_show($1, $2) r;

-- attachment_drop(attachment uuid, upload_token text, at timestamptz) -> reply
-- lane: write
select (r).* from pp_api.attachment_drop($1, $2, $3) r;

-- attachment_release(attachment uuid, body jsonb, at timestamptz) -> reply
-- lane: write
select (r).* from pp_api.attachment_release($1, $2, $3) r;

-- attachment_conceal(attachment uuid, at timestamptz) -> reply
-- lane: write
select (r).* from pp_api.attachment_conceal($1, $2) r;

-- attachment_open(attachment uuid, at timestamptz) -> name text, media_type text, size bigint, sha256 text, is_shown bool
-- lane: read public
select c.name, c.media_type, c.size, c.sha256, false as is_shown from pp_api.attachment_open($1, $2) c;

-- attachment_piece(document uuid, from_byte bigint, chunks int) -> first_byte bigint, bytes bytea
-- lane: read public
select c.first_byte, c.bytes from pp_api.attachment_piece($1, $2, $3) c;

-- token_attachment_open(status_token text, attachment uuid, at timestamptz) -> name text, media_type text, size bigint,
--   sha256 text, is_shown bool
-- lane: read
select c.name, c.media_type, c.size, c.sha256, false as is_shown from pp_api.token_attachment_open($1, $2, $3) c;

-- token_attachment_piece(status_token text, document uuid, from_byte bigint, chunks int) -> first_byte bigint, bytes bytea
-- lane: read
select c.first_byte, c.bytes from pp_api.token_attachment_piece($1, $2, $3, $4) c;

-- link_attachment_open(invitation_link text, attachment uuid, at timestamptz) -> name text, media_type text, size bigint,
--   sha256 text, is_shown bool
-- lane: read
select c.name, c.media_type, c.size, c.sha256, false as is_shown from pp_api.link_attachment_open($1, $2, $3) c;

-- link_attachment_piece(invitation_link text, document uuid, from_byte bigint, chunks int, at timestamptz) -> first_byte bigint,
--   bytes bytea
-- lane: read
select c.first_byte, c.bytes from pp_api.link_attachment_piece($1, $2, $3, $4, $5) c;
