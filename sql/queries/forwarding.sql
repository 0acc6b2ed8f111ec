-- SPDX-License-Identifier: EUPL-1.2
-- Forwarding for reading. No copy of a file lies outside of the database because it was forwarded (is_shown).

-- invitation_forward(invitation uuid, body jsonb, at timestamptz, idempotency_key text, request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.invitation_forward($1, $2, $3, $4, $5) r;

-- statement_forward(statement uuid, body jsonb, at timestamptz, idempotency_key text, request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.statement_forward($1, $2, $3, $4, $5) r;

-- procedure_forward(procedure uuid, body jsonb, at timestamptz, idempotency_key text, request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.procedure_forward($1, $2, $3, $4, $5) r;

-- forwarding_list(sent bool, procedure uuid, row_limit int, cursor text, at timestamptz) -> reply
-- lane: read
select (r).* from pp_api.forwarding_list($1, $2, $3, $4, $5) r;

-- forwarding_show(forwarding uuid, at timestamptz, lang text) -> reply
-- lane: read
select (r).* from pp_api.forwarding_show($1, $2, $3) r;

-- forwarding_end(forwarding uuid, at timestamptz) -> reply
-- lane: write
select (r).* from pp_api.forwarding_end($1, $2) r;

-- forwarding_document_find(forwarding uuid, document uuid, at timestamptz) -> name text, media_type text, size bigint, sha256 text,
--   is_shown bool
-- lane: read
select c.name, c.media_type, c.size, c.sha256, c.is_shown from pp_api.forwarding_document_find($1, $2, $3) c;

-- forwarding_document_piece(forwarding uuid, document uuid, from_byte bigint, chunks int, at timestamptz) -> first_byte bigint, bytes bytea
-- lane: read
select c.first_byte, c.bytes from pp_api.forwarding_document_piece($1, $2, $3, $4, $5) c;

-- forwarding_attachment_open(forwarding uuid, attachment uuid, at timestamptz) -> name text, media_type text, size bigint, sha256 text,
--   is_shown bool
-- lane: read
select c.name, c.media_type, c.size, c.sha256, false as is_shown from pp_api.forwarding_attachment_open($1, $2, $3) c;

-- forwarding_attachment_piece(forwarding uuid, document uuid, from_byte bigint, chunks int, at timestamptz) -> first_byte bigint, bytes bytea
-- lane: read
select c.first_byte, c.bytes from pp_api.forwarding_attachment_piece($1, $2, $3, $4, $5) c;
