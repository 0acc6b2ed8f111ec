-- SPDX-License-Identifier: EUPL-1.2

-- extension_list(invitation uuid) -> reply
-- lane: read
select (r).* from pp_api.extension_list($1) r;

-- deadline_at is the end that was computed for the day that the body names, 24:00 Europe/Berlin.

-- invitation_extend(invitation uuid, body jsonb, deadline_at timestamptz, at timestamptz,
--   idempotency_key text, request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.invitation_extend($1, $2, $3, $4, $5, $6) r;

-- extension_request(invitation uuid, body jsonb, at timestamptz, idempotency_key text,
--   request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.extension_request($1, $2, $3, $4, $5) r;

-- What the new end is computed from; refuses whoever is not the planning body.

-- extension_prepare(request uuid) -> land text, deadline date, until_on date
-- lane: write
select p.land, p.deadline, p.until_on from pp_api.extension_prepare($1) p;

-- extension_decide(request uuid, body jsonb, deadline_at timestamptz, at timestamptz,
--   idempotency_key text, request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.extension_decide($1, $2, $3, $4, $5, $6) r;

-- last_day is the day on which closes_at ends; end_on may have been a day off before it.

-- round_extension_prepare(round uuid) -> land text, end_on date, last_day date, statement_rule text
-- lane: write
select p.land, p.end_on, p.last_day, p.statement_rule from pp_api.round_extension_prepare($1) p;

-- round_extend(round uuid, body jsonb, closes_at timestamptz, at timestamptz,
--   idempotency_key text, request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.round_extend($1, $2, $3, $4, $5, $6) r;
