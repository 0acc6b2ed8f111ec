-- SPDX-License-Identifier: EUPL-1.2

-- Added holidays that counted at an instant: those of places by their keys, or all.

-- holiday_at(places text[], as_of timestamptz, at timestamptz) -> area text, falls_on text, from_year text,
--   until_year text, name_de text, name_en text, source text, id text, added text, place text
-- lane: read write public
select h.area, h.falls_on, h.from_year, h.until_year, h.name_de, h.name_en, h.source, h.id, h.added, h.place
  from pp_api.holiday_at($1, $2, $3) h;

-- Those of the place where statements are received, beside what else an end is computed from.

-- holiday_of_procedure(procedure uuid, at timestamptz) -> area text, falls_on text, from_year text,
--   until_year text, name_de text, name_en text, source text, id text, added text, place text
-- lane: write
select h.area, h.falls_on, h.from_year, h.until_year, h.name_de, h.name_en, h.source, h.id, h.added, h.place
  from pp_api.holiday_of($1, $2) h;

-- holiday_of_round(round uuid, at timestamptz) -> area text, falls_on text, from_year text,
--   until_year text, name_de text, name_en text, source text, id text, added text, place text
-- lane: write
select h.area, h.falls_on, h.from_year, h.until_year, h.name_de, h.name_en, h.source, h.id, h.added, h.place
  from pp_api.round_visible d, pp_api.holiday_of(d.procedure, $2) h where d.id = $1;

-- holiday_of_invitation(invitation uuid, at timestamptz) -> area text, falls_on text, from_year text,
--   until_year text, name_de text, name_en text, source text, id text, added text, place text
-- lane: write
select h.area, h.falls_on, h.from_year, h.until_year, h.name_de, h.name_en, h.source, h.id, h.added, h.place
  from pp.invitation i, pp_api.holiday_of(i.procedure, $2) h where i.id = $1;

-- holiday_of_request(request uuid, at timestamptz) -> area text, falls_on text, from_year text,
--   until_year text, name_de text, name_en text, source text, id text, added text, place text
-- lane: write
select h.area, h.falls_on, h.from_year, h.until_year, h.name_de, h.name_en, h.source, h.id, h.added, h.place
  from pp.extension_request q join pp.invitation i on i.id = q.invitation,
	pp_api.holiday_of(i.procedure, $2) h where q.id = $1;

-- holiday_of_statement(statement uuid, at timestamptz) -> area text, falls_on text, from_year text,
--   until_year text, name_de text, name_en text, source text, id text, added text, place text
-- lane: write
select h.area, h.falls_on, h.from_year, h.until_year, h.name_de, h.name_en, h.source, h.id, h.added, h.place
  from pp.statement s, pp_api.holiday_of(s.procedure, $2) h where s.id = $1;

-- holiday_show(holiday uuid) -> reply
-- lane: read public
select (r).* from pp_api.holiday_show($1) r;

-- What a new holiday falls on: last days of what is not over, each with the place that receives.

-- holiday_prepare(holiday_row jsonb, at timestamptz) -> planner text, land text, last_day date
-- lane: write
select p.planner, p.land, p.last_day from pp_api.holiday_prepare($1, $2) p;

-- calendar_version() -> calendar bigint
-- lane: write
select pp_api.calendar_version() as calendar;

-- moves: [{planner, day, end_at}] for every row of holiday_prepare; calendar is the number that was
-- computed by.

-- holiday_preview(holiday_row jsonb, moves jsonb, at timestamptz) -> reply
-- lane: write
select (r).* from pp_api.holiday_preview($1, $2, $3) r;

-- holiday_create(holiday_row jsonb, moves jsonb, calendar bigint, at timestamptz,
--   idempotency_key text, request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.holiday_create($1, $2, $3, $4, $5, $6) r;

-- holiday_withdraw(holiday uuid, reason text, if_match text, at timestamptz) -> reply
-- lane: write
select (r).* from pp_api.holiday_withdraw($1, $2, $3, $4) r;
