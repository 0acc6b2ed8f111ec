-- SPDX-License-Identifier: EUPL-1.2

-- privacy_show(procedure uuid, lang text) -> reply
-- lane: read public
select (r).* from pp_api.privacy_show($1, $2) r;

-- privacy_notice_create(body jsonb, at timestamptz, idempotency_key text, request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.privacy_notice_create($1, $2, $3, $4) r;

-- privacy_notice_show(notice uuid) -> reply
-- lane: read public
select (r).* from pp_api.privacy_notice_show($1) r;

-- retention_show(procedure uuid, at timestamptz) -> reply
-- lane: read
select (r).* from pp_api.retention_show($1, $2) r;

-- retention_due(at timestamptz) -> reply
-- lane: read
select (r).* from pp_api.retention_due($1) r;

-- hold_create(procedure uuid, body jsonb, at timestamptz, idempotency_key text, request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.hold_create($1, $2, $3, $4, $5) r;

-- hold_lift(hold uuid, at timestamptz, idempotency_key text, request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.hold_lift($1, $2, $3, $4) r;

-- person_erase(person uuid, body jsonb, at timestamptz, idempotency_key text, request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.person_erase($1, $2, $3, $4, $5) r;

-- procedure_erase(procedure uuid, at timestamptz, idempotency_key text, request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.procedure_erase($1, $2, $3, $4) r;

-- person_erase_own(person uuid, at timestamptz) -> reply
-- lane: write
select (r).* from pp_api.person_erase_own($1, $2) r;

-- token_erase(status_token text, at timestamptz) -> reply
-- lane: write
select (r).* from pp_api.token_erase($1, $2) r;
