-- SPDX-License-Identifier: EUPL-1.2

-- note_create(procedure uuid, body jsonb, at timestamptz, idempotency_key text, request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.note_create($1, $2, $3, $4, $5) r;

-- note_list(procedure uuid) -> reply
-- lane: read
select (r).* from pp_api.note_list($1) r;
