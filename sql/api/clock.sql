-- SPDX-License-Identifier: EUPL-1.2
-- What happens by the clock: whatever law fixes to an instant is recorded by the clerk at that
-- instant, or, when it was down, afterwards, in the same order and once each.

-- The earliest instant at which something is still to be recorded, past or future; null: nothing is.
create function pp_api.clock_due() returns timestamptz language sql stable as $$
	select least(
		(select d.opens_at from pp.round d where d.opened_at is null and d.cancelled_at is null order by d.opens_at limit 1),
		(select d.closes_at from pp.round d where d.closed_at is null and d.cancelled_at is null order by d.closes_at limit 1),
		(select pp_api.display_ends_at(d) from pp.round d where d.step = 'PFV_AUSL' and d.display_ended_at is null
			and d.cancelled_at is null order by d.end_on limit 1),
		(select u.due_at from pp.procedure_due u where u.state = 'OFFEN' and u.due_at is not null order by u.due_at limit 1),
		(select i.deadline_at from pp.invitation i where i.state in ('VERSANDT', 'ZUGEGANGEN', 'GELESEN') and i.cancelled_at is null
			order by i.deadline_at limit 1),
		(select i.presumed_on from pp.invitation i where i.state = 'VERSANDT' and not i.awaits_mail and i.presumed_on is not null and i.cancelled_at is null
			order by i.presumed_on limit 1)::timestamp at time zone 'Europe/Berlin',
		pp_api.reminder_due(), pp_api.release_due())
$$;

-- Records what is due at that instant, one legal instant after the other, and gives the next one. Where an event has
-- begun a period whose end is still to be computed, it stops there: what follows may depend on it.
create function pp_api.clock_tick(at timestamptz) returns timestamptz language plpgsql volatile as $$
declare
	due timestamptz;
	before timestamptz;
begin
	perform pp.audit_several();
	perform pp_api.reminder_begin(at);
	due := pp_api.clock_due();
	while due <= at and not exists (select from pp.procedure_due u where u.due_at is null and u.state = 'OFFEN') loop
		if due = before then
			raise exception 'the clock stands still at %', due;
		end if;
		-- First what looks at an invitation as it was before it expires.
		perform pp_api.reminder_tick(due, at);
		perform pp_api.release_tick(due, at);
		perform pp_api.round_tick(due, at);
		perform pp_api.procedure_dues(due, at);
		before := due;
		due := pp_api.clock_due();
	end loop;
	return due;
end
$$;

grant execute on function pp_api.clock_due(), pp_api.clock_tick(timestamptz) to pp_clerk;
