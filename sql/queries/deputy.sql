-- SPDX-License-Identifier: EUPL-1.2

-- deputy_list(at timestamptz) -> reply
-- lane: read
select (r).* from pp_api.deputy_list($1) r;

-- deputy_create(body jsonb, at timestamptz, idempotency_key text, request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.deputy_create($1, $2, $3, $4) r;

-- deputy_end(deputy uuid, at timestamptz) -> reply
-- lane: write
select (r).* from pp_api.deputy_end($1, $2) r;
