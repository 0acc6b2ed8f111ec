-- SPDX-License-Identifier: EUPL-1.2

-- distribution_list_list(row_limit int, cursor text) -> reply
-- lane: read
select (r).* from pp_api.distribution_list_list($1, $2) r;

-- distribution_list_create(body jsonb, at timestamptz, idempotency_key text, request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.distribution_list_create($1, $2, $3, $4) r;

-- distribution_list_show(list uuid) -> reply
-- lane: read
select (r).* from pp_api.distribution_list_show($1) r;

-- distribution_list_change(list uuid, body jsonb, if_match text, at timestamptz) -> reply
-- lane: write
select (r).* from pp_api.distribution_list_change($1, $2, $3, $4) r;

-- distribution_list_end(list uuid, if_match text, at timestamptz) -> reply
-- lane: write
select (r).* from pp_api.distribution_list_end($1, $2, $3) r;
