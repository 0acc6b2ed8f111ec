-- SPDX-License-Identifier: EUPL-1.2

-- body_list(q text, kind text, land text, theme text, area text, at timestamptz, row_limit int, cursor text) -> reply
-- lane: read public
select (r).* from pp_api.body_list($1, $2, $3, $4, $5, $6, $7, $8) r;

-- body_show(body_key text, at timestamptz) -> reply
-- lane: read public
select (r).* from pp_api.body_show($1, $2) r;

-- body_change(body_key text, body jsonb, if_match text, at timestamptz) -> reply
-- lane: write
select (r).* from pp_api.body_change($1, $2, $3, $4) r;

-- membership_list(body_key text) -> reply
-- lane: read
select (r).* from pp_api.membership_list($1) r;

-- membership_create(body_key text, body jsonb, at timestamptz, idempotency_key text, request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.membership_create($1, $2, $3, $4, $5) r;

-- membership_show(membership uuid) -> reply
-- lane: read
select (r).* from pp_api.membership_show($1) r;

-- membership_change(membership uuid, body jsonb, if_match text, at timestamptz) -> reply
-- lane: write
select (r).* from pp_api.membership_change($1, $2, $3, $4) r;

-- membership_confirm(membership uuid, body jsonb, at timestamptz) -> reply
-- lane: write
select (r).* from pp_api.membership_confirm($1, $2, $3) r;

-- membership_end(membership uuid, at timestamptz) -> reply
-- lane: write
select (r).* from pp_api.membership_end($1, $2) r;
