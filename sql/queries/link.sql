-- SPDX-License-Identifier: EUPL-1.2
-- Invitation links: by the secret, for whoever has it; and the planning body's.

-- link_show(invitation_link text, at timestamptz, lang text) -> reply
-- lane: read
select (r).* from pp_api.link_show($1, $2, $3) r;

-- link_acknowledge(invitation_link text, at timestamptz, lang text) -> reply
-- lane: write
select (r).* from pp_api.link_acknowledge($1, $2, $3) r;

-- link_submit(invitation_link text, body jsonb, at timestamptz, idempotency_key text, request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.link_submit($1, $2, $3, $4, $5) r;

-- link_content_find(document uuid, invitation_link text, at timestamptz) -> name text, media_type text,
--   size bigint, sha256 text, is_shown bool
-- lane: read
select c.name, c.media_type, c.size, c.sha256, c.is_shown from pp_api.link_content_find($1, $2, $3) c;

-- link_content_piece(document uuid, from_byte bigint, chunks int, invitation_link text, at timestamptz) -> first_byte bigint,
--   bytes bytea
-- lane: read
select c.first_byte, c.bytes from pp_api.link_content_piece($1, $2, $3, $4, $5) c;

-- link_list(invitation uuid) -> reply
-- lane: read
select (r).* from pp_api.link_list($1) r;

-- link_make(invitation uuid, body jsonb, secret text, secret_sha256 bytea, at timestamptz) -> reply
-- lane: write
select (r).* from pp_api.link_make($1, $2, $3, $4, $5) r;

-- link_revoke(invitation uuid, at timestamptz) -> reply
-- lane: write
select (r).* from pp_api.link_revoke($1, $2) r;

-- The mailer's.

-- mail_link(mail uuid, sha256 bytea, invited_s int, forgotten_s int, at timestamptz) -> page text
-- lane: clerk
select pp_api.mail_link($1, $2, $3, $4, $5) as page;
