-- SPDX-License-Identifier: EUPL-1.2

-- procedure_create(body jsonb, at timestamptz, idempotency_key text, request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.procedure_create($1, $2, $3, $4) r;

-- procedure_search(q text, ags text, land text, kind text, state text, bbox text, row_limit int,
--   cursor text, project text, running bool, cross_border bool, near text, km int, phase text,
--   at timestamptz, lang text) -> reply
-- lane: read public
select (r).* from pp_api.procedure_search($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) r;

-- procedure_overview(procedure uuid, at timestamptz, lang text) -> reply
-- lane: read public
select (r).* from pp_api.procedure_overview($1, $2, $3) r;

-- procedure_show(procedure uuid, at timestamptz) -> reply
-- lane: read public
select (r).* from pp_api.procedure_show($1, $2) r;

-- procedure_change(procedure uuid, body jsonb, if_match text, at timestamptz) -> reply
-- lane: write
select (r).* from pp_api.procedure_change($1, $2, $3, $4) r;

-- procedure_resolve(procedure uuid, body jsonb, at timestamptz, idempotency_key text,
--   request_sha256 bytea, lang text) -> reply
-- lane: write
select (r).* from pp_api.procedure_resolve($1, $2, $3, $4, $5, $6) r;

-- procedure_publish(procedure uuid, at timestamptz, idempotency_key text, request_sha256 bytea)
--   -> reply
-- lane: write
select (r).* from pp_api.procedure_publish($1, $2, $3, $4) r;

-- procedure_withdraw(procedure uuid, body jsonb, at timestamptz, idempotency_key text,
--   request_sha256 bytea, lang text) -> reply
-- lane: write
select (r).* from pp_api.procedure_withdraw($1, $2, $3, $4, $5, $6) r;

-- What happened, what may happen, and the machines.

-- procedure_kinds(lang text) -> reply
-- lane: read public
select (r).* from pp_api.procedure_kinds($1) r;

-- procedure_timeline(procedure uuid, at timestamptz, lang text) -> reply
-- lane: read public
select (r).* from pp_api.procedure_timeline($1, $2, $3) r;

-- procedure_event_show(procedure uuid, event uuid, lang text) -> reply
-- lane: read public
select (r).* from pp_api.procedure_event_show($1, $2, $3) r;

-- procedure_next_steps(procedure uuid, at timestamptz, lang text) -> reply
-- lane: read
select (r).* from pp_api.procedure_next_steps($1, $2, $3) r;

-- Which period begins with the event, and when; refuses whoever may not record one.

-- procedure_event_prepare(procedure uuid, event text, data jsonb, happened_on date, at timestamptz)
--   -> rule text, begins date, land text
-- lane: write
select p.rule, p.begins, p.land from pp_api.procedure_event_prepare($1, $2, $3, $4, $5) p;

-- procedure_event_create(procedure uuid, body jsonb, due_on date, due_at timestamptz, at timestamptz,
--   idempotency_key text, request_sha256 bytea, lang text) -> reply
-- lane: write
select (r).* from pp_api.procedure_event_create($1, $2, $3, $4, $5, $6, $7, $8) r;

-- procedure_links(procedure uuid) -> reply
-- lane: read
select (r).* from pp_api.procedure_links($1) r;

-- procedure_link_create(procedure uuid, body jsonb, at timestamptz, idempotency_key text,
--   request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.procedure_link_create($1, $2, $3, $4, $5) r;

-- notice_show(procedure uuid, step text, lang text) -> reply
-- lane: read
select (r).* from pp_api.notice_show($1, $2, $3) r;

-- Periods that the clock's own events have begun: the clerk computes their ends.

-- due_dateless() -> due uuid, rule text, begins date, land text
-- lane: clerk
select d.due, d.rule, d.begins, d.land from pp_api.due_dateless() d;

-- due_holidays(due uuid, at timestamptz) -> place text, area text, falls_on text, from_year text,
--   until_year text, name_de text, name_en text, source text
-- lane: clerk
select h.place, h.area, h.falls_on, h.from_year, h.until_year, h.name_de, h.name_en, h.source
  from pp.procedure_due u, pp_api.holiday_of(u.procedure, $2) h where u.id = $1;

-- due_date(due uuid, due_on date, due_at timestamptz) -> nothing
-- lane: clerk
select pp_api.due_date($1, $2, $3);
