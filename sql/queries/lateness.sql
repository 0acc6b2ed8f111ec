-- SPDX-License-Identifier: EUPL-1.2

-- lateness_show(statement uuid, lang text) -> reply
-- lane: read
select (r).* from pp_api.lateness_show($1, $2) r;

-- lateness_regimes(lang text) -> reply
-- lane: read public
select (r).* from pp_api.lateness_regimes($1) r;

-- What the periods of § 32 VwVfG are computed from.

-- lateness_prepare(statement uuid) -> land text, deadline date
-- lane: write
select p.land, p.deadline from pp_api.lateness_prepare($1) p;

-- until_at is the earlier end of the two weeks and of the year of § 32 VwVfG, null without an obstacle.

-- lateness_decide(statement uuid, body jsonb, until_at timestamptz, at timestamptz,
--   idempotency_key text, request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.lateness_decide($1, $2, $3, $4, $5, $6) r;

-- reinstatement_request(statement uuid, body jsonb, until_at timestamptz, at timestamptz,
--   idempotency_key text, request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.reinstatement_request($1, $2, $3, $4, $5, $6) r;
