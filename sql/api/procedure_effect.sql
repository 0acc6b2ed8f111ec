-- SPDX-License-Identifier: EUPL-1.2
-- What an event does to a procedure beside its state; a row of pp.machine_transition names the effect. p is the
-- procedure before it, e the event as recorded; roll_on and roll_at are the last day that data names, moved on
-- from a day off (§ 193 BGB), and its end.

create function pp_api.effect_resolved(p pp.procedure, e pp.procedure_event, roll_on date, roll_at timestamptz)
returns void language sql volatile as
$$ update pp.procedure q set resolved_on = e.happened_on where q.id = p.id $$;

create function pp_api.effect_publish(p pp.procedure, e pp.procedure_event, roll_on date, roll_at timestamptz)
returns void language sql volatile as
$$ select pp_api.publish(p.id, e.plan, e.recorded_at) $$;

-- Of rounds that were announced and have not begun nothing is left but the record.
create function pp_api.effect_cancel_rounds(p pp.procedure, e pp.procedure_event, roll_on date, roll_at timestamptz)
returns void language plpgsql volatile as $$
declare
	d pp.round;
begin
	for d in update pp.round r set cancelled_at = e.recorded_at, cancel_reason = e.reason
		where r.procedure = p.id and r.phase = 'formal' and r.cancelled_at is null and r.opens_at > e.recorded_at
		returning r.*
	loop
		update pp.invitation i set cancelled_at = e.recorded_at, version = i.version + 1 where i.round = d.id;
		perform pp_api.round_emit(d, 'round.cancelled', e.recorded_at);
	end loop;
end
$$;

-- § 204 (2), (3) BauGB: carried on as it stands by those whose territory it is now.
create function pp_api.effect_territory(p pp.procedure, e pp.procedure_event, roll_on date, roll_at timestamptz)
returns void language plpgsql volatile as $$
declare
	who record;
begin
	select * into who from pp_api.procedure_planners(jsonb_build_object('planning_municipalities',
		e.data -> 'planning_municipalities', 'applicant_body', p.applicant_body), p.kind, '/data');
	update pp.procedure q
	   set planning_municipalities = who.municipalities, lands = who.lands,
		search_text = pp_api.procedure_words(q.number, q.title, q.reference, who.municipalities)
	 where q.id = p.id;
end
$$;

create function pp_api.effect_change_law(p pp.procedure, e pp.procedure_event, roll_on date, roll_at timestamptz)
returns void language sql volatile as
$$ update pp.procedure q set law_on = (e.data ->> 'recht_vom')::date where q.id = p.id $$;

-- The new end is never before the old one.
create function pp_api.effect_extend_due(p pp.procedure, e pp.procedure_event, roll_on date, roll_at timestamptz)
returns void language plpgsql volatile as $$
begin
	update pp.procedure_due u set due_on = roll_on, due_at = roll_at
	 where u.procedure = p.id and u.machine = e.machine and u.state = 'OFFEN' and u.due_at < roll_at;
	if not found then
		perform pp.refuse('invalid_body', 'The period ends on that day already, or later.', '/data/bis');
	end if;
end
$$;

create function pp_api.effect_stop_due(p pp.procedure, e pp.procedure_event, roll_on date, roll_at timestamptz)
returns void language plpgsql volatile as $$
begin
	if exists (select from pp.procedure_due u where u.procedure = p.id and u.machine = e.machine and u.state = 'OFFEN'
		and u.began_on > e.happened_on) then
		perform pp.refuse('invalid_body', 'A period is stopped after it began.', '/on');
	end if;
	update pp.procedure_due u set state = 'GEHEMMT' where u.procedure = p.id and u.machine = e.machine and u.state = 'OFFEN';
end
$$;

-- roll_on is the old end and the days of the stop after it (procedure_event_prepare); never before the old end.
create function pp_api.effect_resume_due(p pp.procedure, e pp.procedure_event, roll_on date, roll_at timestamptz)
returns void language plpgsql volatile as $$
begin
	if exists (select from pp.procedure_due u where u.procedure = p.id and u.machine = e.machine and u.state = 'GEHEMMT'
		and u.due_on > roll_on) then
		perform pp.refuse('invalid_body', 'A period goes on after it was stopped.', '/on');
	end if;
	update pp.procedure_due u set state = 'OFFEN', due_on = roll_on, due_at = roll_at
	 where u.procedure = p.id and u.machine = e.machine and u.state = 'GEHEMMT';
end
$$;

create function pp_api.effect_settle_dues(p pp.procedure, e pp.procedure_event, roll_on date, roll_at timestamptz)
returns void language sql volatile as $$
	update pp.procedure_due u set state = 'ERLEDIGT', settled_at = e.recorded_at
	 where u.procedure = p.id and u.machine = e.machine and u.state in ('OFFEN', 'GEHEMMT')
$$;

do $$
declare
	effect regprocedure;
begin
	for effect in select f.oid::regprocedure from pg_proc f
		where f.pronamespace = 'pp_api'::regnamespace and f.proname like 'effect\_%'
	loop
		execute format('grant execute on function %s to pp_server', effect);
	end loop;
end
$$;
