-- SPDX-License-Identifier: EUPL-1.2
-- Periods of a procedure end by the calendar as rounds do: they move on from a holiday that is added, and are not
-- stored with an end that was computed without it (§ 193 BGB). Locks: pp.procedure_due while a trigger is made.

create trigger due_calendar before insert or update of due_at on pp.procedure_due for each row
	when (new.due_at is not null and new.state = 'OFFEN') execute function pp.refuse_added_holiday('due_at');

grant select, update (due_on, due_at) on pp.procedure_due to pp_deadlines;
grant select on pp.holiday to pp_deadlines;
grant execute on function pp.calendar_hold(), pp.areas_of_procedure(uuid) to pp_deadlines;
grant execute on function pp.calendar_hold(), pp.holiday_falls(pp.holiday, date), pp.easter(int) to pp_clerk;
