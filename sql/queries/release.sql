-- SPDX-License-Identifier: EUPL-1.2

-- release_list(settled bool, row_limit int, at timestamptz) -> reply
-- lane: read
select (r).* from pp_api.release_list($1, $2, $3) r;

-- release_show(release uuid, at timestamptz) -> reply
-- lane: read
select (r).* from pp_api.release_show($1, $2) r;

-- draft_hand_in(draft uuid, at timestamptz, idempotency_key text, request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.draft_hand_in($1, $2, $3, $4) r;

-- statement_hand_in(statement uuid, body jsonb, at timestamptz, idempotency_key text, request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.statement_hand_in($1, $2, $3, $4, $5) r;

-- weighing_hand_in(procedure uuid, body jsonb, at timestamptz, idempotency_key text, request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.weighing_hand_in($1, $2, $3, $4, $5) r;

-- release_release(release uuid, at timestamptz, idempotency_key text, request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.release_release($1, $2, $3, $4) r;

-- release_give_back(release uuid, body jsonb, at timestamptz) -> reply
-- lane: write
select (r).* from pp_api.release_give_back($1, $2, $3) r;

-- release_take_back(release uuid, at timestamptz) -> reply
-- lane: write
select (r).* from pp_api.release_take_back($1, $2) r;
