-- SPDX-License-Identifier: EUPL-1.2

-- What dates are computed from; refuses whoever may not open a round.

-- round_prepare(procedure uuid) -> kind text, land text, plan uuid, confirmed bool
-- lane: write
select p.kind, p.land, p.plan, p.confirmed from pp_api.round_prepare($1) p;

-- The period of a body's own: own_on, own_at where it is told by the portal today, post_on, post_at where
-- a letter of today counts as received on post_received; all null where there is none.

-- round_open(procedure uuid, body jsonb, opens_at timestamptz, closes_at timestamptz,
--   minimum_end date, minimum_rule text, own_on date, own_at timestamptz, post_on date,
--   post_at timestamptz, post_received date, own_rule text, at timestamptz, idempotency_key text,
--   request_sha256 bytea, statement_rule text, lang text) -> reply
-- lane: write
select (r).* from pp_api.round_open($1, $2, $3, $4, $5, $6,
	row($7, $8, $9, $10, $11, $12)::pp_api.own_period, $13, $14, $15, $16, $17) r;

-- round_preview(procedure uuid, body jsonb, opens_at timestamptz, closes_at timestamptz,
--   minimum_end date, minimum_rule text, own_on date, own_at timestamptz, post_on date,
--   post_at timestamptz, post_received date, own_rule text, at timestamptz, statement_rule text, last_day date,
--   lang text) -> reply
-- lane: write
select (r).* from pp_api.round_preview($1, $2, $3, $4, $5, $6,
	row($7, $8, $9, $10, $11, $12)::pp_api.own_period, $13, $14, $15, $16) r;

-- What the period of a body that is added late is computed from, and the Land whose calendar counts.

-- round_periods(round uuid) -> kind text, step text, audience text, land text
-- lane: write
select p.kind, d.step, d.audience, coalesce(b.land, p.lands[1]) as land from pp_api.round_visible d
  join pp_api.procedure_visible p on p.id = d.procedure
  left join pp.body b on b.key = p.planner_body where d.id = $1;

-- round_invite(round uuid, body jsonb, own_on date, own_at timestamptz, post_on date,
--   post_at timestamptz, post_received date, own_rule text, at timestamptz, idempotency_key text,
--   request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.round_invite($1, $2, row($3, $4, $5, $6, $7, $8)::pp_api.own_period,
	$9, $10, $11) r;

-- round_list(procedure uuid, at timestamptz) -> reply
-- lane: read public
select (r).* from pp_api.round_list($1, $2) r;

-- round_show(round uuid, at timestamptz) -> reply
-- lane: read public
select (r).* from pp_api.round_show($1, $2) r;

-- round_board(round uuid, at timestamptz) -> reply
-- lane: read
select (r).* from pp_api.round_board($1, $2) r;
