-- SPDX-License-Identifier: EUPL-1.2

-- outage_list(row_limit int, cursor text) -> reply
-- lane: read
select (r).* from pp_api.outage_list($1, $2) r;

-- outage_show(outage uuid) -> reply
-- lane: read
select (r).* from pp_api.outage_show($1) r;

-- outage_rules(lang text) -> reply
-- lane: read public
select (r).* from pp_api.outage_rules($1) r;

-- outage_create(body jsonb, at timestamptz, idempotency_key text, request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.outage_create($1, $2, $3, $4) r;

-- outage_withdraw(outage uuid, body jsonb, at timestamptz, idempotency_key text,
--   request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.outage_withdraw($1, $2, $3, $4, $5) r;

-- What an extension is computed from; days is 0 where none is proposed.

-- outage_prepare(round uuid) -> land text, last_day date, days int
-- lane: read public
select p.land, p.last_day, coalesce(p.days, 0) as days from pp_api.outage_prepare($1) p;

-- What was added to the calendar of the place, for whoever may see the round.

-- outage_holidays(round uuid, at timestamptz) -> area text, falls_on text, from_year text,
--   until_year text, name_de text, name_en text, source text, id text, added text, place text
-- lane: read public
select h.area, h.falls_on, h.from_year, h.until_year, h.name_de, h.name_en, h.source, h.id, h.added,
	p.planner_body as place
  from pp_api.round_visible d join pp_api.procedure_visible p on p.id = d.procedure
  left join pp.body b on b.key = p.planner_body,
  pp_api.holiday_at(array[coalesce(b.land, p.lands[1]), p.planner_body], null, $2) h where d.id = $1;

-- outage_prepare_own(round uuid) -> land text, last_day date, days int
-- lane: write
select p.land, p.last_day, coalesce(p.days, 0) as days from pp_api.outage_prepare($1) p;

-- outage_round(round uuid, proposed_on date, lang text) -> reply
-- lane: read public
select (r).* from pp_api.outage_round($1, $2, $3) r;

-- outage_decide(round uuid, body jsonb, proposed_on date, at timestamptz, idempotency_key text,
--   request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.outage_decide($1, $2, $3, $4, $5, $6) r;
