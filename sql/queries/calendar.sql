-- SPDX-License-Identifier: EUPL-1.2

-- Refuses whoever may not see the procedure; its rounds go with it in one round trip.

-- calendar_procedure(procedure uuid) -> number text, title text
-- lane: read public
select p.number, p.title from pp_api.calendar_procedure($1) p;

-- calendar_rounds(procedure uuid) -> id uuid, first text, after text, changed text, sequence int,
--   cancelled bool, procedure uuid, number text, title text, planner text, step text,
--   audience text, law text, participant text, mailbox text, answered bool, extended_from text,
--   display_end text
-- lane: read public
select e.id, e.first, e.after, e.changed, e.sequence, e.cancelled, e.procedure, e.number, e.title,
	e.planner, e.step, e.audience, e.law, e.participant, e.mailbox, e.answered, e.extended_from,
	e.display_end
  from pp_api.calendar_rounds($1) e;

-- calendar_inbox(at timestamptz) -> id uuid, first text, after text, changed text, sequence int,
--   cancelled bool, procedure uuid, number text, title text, planner text, step text,
--   audience text, law text, participant text, mailbox text, answered bool, extended_from text,
--   display_end text
-- lane: read
select e.id, e.first, e.after, e.changed, e.sequence, e.cancelled, e.procedure, e.number, e.title,
	e.planner, e.step, e.audience, e.law, e.participant, e.mailbox, e.answered, e.extended_from,
	e.display_end
  from pp_api.calendar_inbox($1) e;

-- calendar_owner() -> name text
-- lane: read
select pp.body_name(pp.current_body()) as name;
