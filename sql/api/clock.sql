-- SPDX-License-Identifier: EUPL-1.2
-- What happens by the clock: whatever law fixes to an instant is recorded by the clerk at that
-- instant, or, when it was down, afterwards, in the same order and once each.

-- The earliest instant at which something is still to be recorded, past or future; null: nothing is.
create function pp_api.clock_due() returns timestamptz language sql stable as $$
	select least(
		(select d.opens_at from pp.round d where d.opened_at is null order by d.opens_at limit 1),
		(select d.closes_at from pp.round d where d.closed_at is null order by d.closes_at limit 1),
		(select i.deadline_at from pp.invitation i where i.state in ('VERSANDT', 'ZUGEGANGEN', 'GELESEN')
			order by i.deadline_at limit 1),
		(select i.presumed_on from pp.invitation i where i.state = 'VERSANDT' and i.presumed_on is not null
			order by i.presumed_on limit 1)::timestamp at time zone 'Europe/Berlin',
		pp_api.reminder_due())
$$;

-- Records what is due at that instant, one legal instant after the other, and gives the next one.
create function pp_api.clock_tick(at timestamptz) returns timestamptz language plpgsql volatile as $$
declare
	due timestamptz;
	before timestamptz;
begin
	perform pp_api.reminder_begin(at);
	due := pp_api.clock_due();
	while due <= at loop
		if due = before then
			raise exception 'the clock stands still at %', due;
		end if;
		-- First what looks at an invitation as it was before it expires.
		perform pp_api.reminder_tick(due, at);
		perform pp_api.round_tick(due, at);
		before := due;
		due := pp_api.clock_due();
	end loop;
	-- What a tick before left half done, should there be such a thing, is done now.
	perform pp_api.round_follow(at);
	return due;
end
$$;

grant execute on function pp_api.clock_due(), pp_api.clock_tick(timestamptz) to pp_clerk;
