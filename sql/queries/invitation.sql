-- SPDX-License-Identifier: EUPL-1.2

-- inbox(open bool, row_limit int, cursor text, at timestamptz, lang text, assigned text) -> reply
-- lane: read
select (r).* from pp_api.inbox($1, $2, $3, $4, $5, $6) r;

-- inbox_answer(body jsonb, at timestamptz, idempotency_key text, request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.inbox_answer($1, $2, $3, $4) r;

-- What dates are computed from when a receipt is recorded or a deadline extended; refuses whoever
-- is not the planning body.

-- invitation_prepare(invitation uuid) -> kind text, step text, land text, deadline date
-- lane: write
select p.kind, p.step, p.land, p.deadline from pp_api.invitation_prepare($1) p;

-- invitation_show(invitation uuid, at timestamptz, lang text) -> reply
-- lane: read
select (r).* from pp_api.invitation_show($1, $2, $3) r;

-- invitation_acknowledge(invitation uuid, at timestamptz, idempotency_key text,
--   request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.invitation_acknowledge($1, $2, $3, $4) r;

-- received_at is the beginning of the day of receipt; own_on, own_at the period that runs from it.

-- invitation_receipt(invitation uuid, body jsonb, received_at timestamptz, own_on date,
--   own_at timestamptz, own_rule text, at timestamptz, idempotency_key text, request_sha256 bytea)
--   -> reply
-- lane: write
select (r).* from pp_api.invitation_receipt($1, $2, $3,
	row($4, $5, null, null, null, $6)::pp_api.own_period, $7, $8, $9) r;
