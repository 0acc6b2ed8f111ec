-- SPDX-License-Identifier: EUPL-1.2
-- Calendars: the days of a procedure's rounds and of a body's invitations, as rows for the encoder.
-- Visible is what the lists show. The days are those that are stored; `after` is the day after the
-- last one, because DTEND is exclusive (RFC 5545 §3.6.1). At most 2,000, newest first.

-- The instant that a row knows of its last change, and how often it has changed: procedures, rounds and
-- invitations count their versions, and no count ever falls.
create type pp_api.calendar_event as (id uuid, first text, after text, changed text, sequence int,
	cancelled bool, procedure uuid, number text, title text, planner text, step text, audience text,
	law text, participant text, mailbox text, answered bool, extended_from text, display_end text);

create function pp_api.calendar_procedure(procedure uuid, out number text, out title text)
language plpgsql stable as $$
declare
	p pp_api.procedure_visible := pp_api.need_procedure(procedure);
begin
	number := p.number;
	title := p.title;
end
$$;

-- A display ends before the objections to it (display_end). The end of a round is the law's: closes_at may end a later day than was planned (§ 193 BGB).
create function pp_api.calendar_rounds(procedure uuid) returns setof pp_api.calendar_event
language sql stable as $$
	select d.id, pp.iso(d.start_on), pp.iso(pp.day(d.closes_at - interval '1 microsecond') + 1),
		pp.rfc3339(greatest(d.announced_at, d.moved_at, p.changed_at, p.state_since)),
		p.version - 1 + d.version - 1,
		p.withdrawn_at is not null, p.id, p.number, p.title, pp.body_name(p.planner_body),
		d.step, d.audience, s.law, null, null, false, null,
		case when d.statement_rule is not null then pp.iso(d.end_on) end
	  from pp_api.round_visible d join pp_api.procedure_visible p on p.id = d.procedure
	  join pp.procedure_kind k on k.kind = p.kind
	  left join pp.round_step s on s.family = k.family and s.step = d.step
	 where d.procedure = $1 order by d.closes_at desc, d.id desc limit 2000
$$;

-- What has no answer, and what was answered within a year; an invitation changes with its procedure.
create function pp_api.calendar_inbox(at timestamptz) returns setof pp_api.calendar_event
language plpgsql stable set plan_cache_mode = force_custom_plan as $$
declare
	me text := pp.current_body();
	since timestamptz := at - interval '1 year';
begin
	return query with mine as (
		(select i.* from pp.invitation i
		  where i.participant = me and (i.answered_at is null or i.answered_at > since)
		  order by i.participant desc, i.deadline_at desc, i.id desc limit 2000)
		union all
		(select i.* from pp.invitation i
		  where i.mailbox_body = me and i.participant <> me
		    and (i.answered_at is null or i.answered_at > since)
		  order by i.mailbox_body desc, i.deadline_at desc, i.id desc limit 2000))
	select i.id, pp.iso(i.deadline), pp.iso(i.deadline + 1), pp.rfc3339(greatest(i.created_at,
			i.sent_at, i.received_at, i.acknowledged_at, i.extended_at, i.answered_at,
			p.changed_at, p.state_since)),
		i.version - 1 + p.version - 1, p.withdrawn_at is not null, p.id, p.number, p.title,
		pp.body_name(i.planner_body), d.step, d.audience, s.law, pp.body_name(i.participant),
		pp.body_name(i.mailbox_body), i.answered_at is not null, pp.iso(i.extended_from), null::text
	  from mine i join pp.procedure p on p.id = i.procedure join pp.round d on d.id = i.round
	  join pp.procedure_kind k on k.kind = p.kind
	  left join pp.round_step s on s.family = k.family and s.step = d.step
	 order by i.deadline_at desc, i.id desc limit 2000;
end
$$;

grant execute on function pp_api.calendar_procedure(uuid), pp_api.calendar_rounds(uuid)
	to pp_server, pp_public;
grant execute on function pp_api.calendar_inbox(timestamptz) to pp_server;
