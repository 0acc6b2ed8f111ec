-- SPDX-License-Identifier: EUPL-1.2
-- Rounds: opened for a confirmed set, watched on the board, recorded by the clerk.

create function pp_api.round_item(d pp_api.round_visible) returns jsonb language sql stable as $$
	select jsonb_build_object('id', d.id, 'procedure', d.procedure, 'plan', d.plan, 'number', d.no,
		'step', d.step, 'audience', d.audience, 'start', pp.iso(d.start_on), 'end', pp.iso(d.end_on),
		'opens_at', pp.rfc3339(d.opens_at), 'closes_at', pp.rfc3339(d.closes_at),
		'minimum_end', pp.iso(d.minimum_end), 'minimum_rule', d.minimum_rule,
		'display_end', case when d.audience = 'OEFF' then pp.iso(d.end_on) end,
		'statement_deadline', pp.iso(pp.last_day(d.closes_at)), 'statement_rule', d.statement_rule,
		'announced_at', pp.rfc3339(d.announced_at), 'set_sha256', encode(d.set_sha256, 'hex'),
		'notice', d.notice, 'notice_on', pp.iso(d.notice_on), 'late_effect_enabled', d.late_effect_enabled,
		'limited_to_changes', d.limited_to_changes, 'cancelled_at', pp.rfc3339(d.cancelled_at), 'cancel_reason', d.cancel_reason,
		'extensions', pp_api.round_extension_list(d.id))
$$;

create function pp_api.need_round(round uuid) returns pp_api.round_visible
language plpgsql stable as $$
declare
	d pp_api.round_visible;
begin
	select * into d from pp_api.round_visible v where v.id = $1;
	if not found then
		perform pp.refuse('round_not_found', 'There is no such round that you may see.');
	end if;
	return d;
end
$$;

create function pp_api.round_show(round uuid, at timestamptz) returns pp.reply
language plpgsql stable as $$
declare
	d pp_api.round_visible := pp_api.need_round(round);
begin
	return pp.ok((pp_api.round_item(d)
		|| jsonb_build_object('open', at >= d.opens_at and at < d.closes_at and d.cancelled_at is null,
			'interruption', pp_api.round_interruption_short(d)))::json);
end
$$;

create function pp_api.round_list(procedure uuid, at timestamptz) returns pp.reply
language plpgsql stable as $$
declare
	p pp_api.procedure_visible := pp_api.need_procedure(procedure);
begin
	return pp.ok((select json_build_object('items', coalesce(json_agg(pp_api.round_item(d)
			|| jsonb_build_object('open', at >= d.opens_at and at < d.closes_at and d.cancelled_at is null) order by d.no), '[]'))
		from pp_api.round_visible d where d.procedure = p.id));
end
$$;

-- What the server has to know to compute dates: the kind, and the Land of the body where
-- statements are received, whose calendar counts (§ 193 BGB).
create function pp_api.round_prepare(procedure uuid, out kind text, out land text, out plan uuid,
	out confirmed bool) language plpgsql volatile as $$
declare
	p pp.procedure := pp_api.own_procedure(procedure);
begin
	kind := (select coalesce(k.like_kind, k.kind) from pp.procedure_kind k where k.kind = p.kind);
	land := coalesce((select b.land from pp.body b where b.key = p.planner_body), p.lands[1]);
	plan := (select l.id from pp.plan l where l.procedure = p.id order by l.no desc limit 1);
	confirmed := coalesce(pp_api.affected_is_confirmed(plan), false);
end
$$;

create function pp_api.round_check(p pp.procedure, body jsonb, minimum_end date, minimum_rule text,
	out step pp.round_step, out plan pp.plan) language plpgsql stable as $$
declare
	begins date := (body ->> 'start')::date;
	ends date := (body ->> 'end')::date;
begin
	select s.* into step from pp.round_step s, pp.procedure_kind k
	 where k.kind = p.kind and s.family = k.family and k.machine = any (s.machines) and s.step = body ->> 'step';
	if step.step is null then
		perform pp.refuse('step_not_allowed', format('A procedure of the kind %s has no such step.', p.kind), '/step');
	elsif not coalesce(body ->> 'audience' = any (step.audiences), false) then
		perform pp.refuse('step_not_allowed', format('%s asks %s.', step.step, array_to_string(step.audiences, ', ')), '/audience');
	end if;
	select l.* into plan from pp.plan l where l.procedure = p.id order by l.no desc limit 1;
	if plan.id is null then
		perform pp.refuse('plan_missing', 'File a plan first.');
	elsif body ? 'plan' and body ->> 'plan' <> plan.id::text then
		perform pp.refuse('plan_superseded', 'There is a newer version of the plan.', '/plan');
	elsif not pp_api.affected_is_confirmed(plan.id) then
		perform pp.refuse('affected_not_confirmed', 'Confirm the set of those affected by the newest plan first.');
	end if;
	if ends < begins then
		perform pp.refuse('invalid_body', 'A round ends on its first day or later.', '/end');
	elsif ends < minimum_end then
		perform pp.refuse('period_too_short', format('The earliest legal end is %s (%s).',
			pp.iso(minimum_end), minimum_rule), '/end');
	end if;
	if exists (select from pp.round d where d.procedure = p.id and d.step = body ->> 'step'
		and d.audience = body ->> 'audience' and d.cancelled_at is null
		and daterange(d.start_on, d.end_on, '[]') && daterange(begins, ends, '[]')) then
		perform pp.refuse('round_overlaps', 'There is a round of this step and audience in that time.', '/start');
	end if;
end
$$;

-- § 4a (3) sentence 4 BauGB, § 9 (3) sentence 3 ROG, § 73 (8) VwVfG: where a change does not touch the main features of a
-- plan, only those are asked again whom it touches. Null: everybody of the set.
create function pp_api.round_only(p pp.procedure, body jsonb, step text, plan uuid) returns text[] language plpgsql stable as $$
declare
	chosen text[] := array(select jsonb_array_elements_text(body -> 'only'));
	wrong int;
begin
	if not body ? 'only' then
		return null;
	elsif body ->> 'audience' = 'OEFF' then
		perform pp.refuse('invalid_body', 'A round that asks the public asks everybody.', '/only');
	elsif not coalesce((select e.event in ('AENDERUNG_BEGRENZT', 'PLAN_GEAENDERT', 'PLAN_AENDERN') from pp.procedure_event e
		where e.procedure = p.id and e.event in ('AENDERUNG_BEGRENZT', 'AENDERUNG_GRUNDZUEGE', 'PLAN_GEAENDERT', 'PLAN_AENDERN')
		order by e.no desc limit 1) and step in ('ERNEUT', 'ROP_ERNEUT', 'PFV_AEND'), false) then
		perform pp.refuse('requirement_missing', 'Only a repeat after a change that leaves the main features alone is limited to whom it touches.', '/only');
	end if;
	select n into wrong from unnest(chosen) with ordinality c (body, n)
	 where not exists (select from pp_api.affected_members(plan) m where m.body = c.body) order by n limit 1;
	if wrong is not null then
		perform pp.refuse('body_not_found', format('%s is not in the confirmed set.', chosen[wrong]), '/only/' || wrong - 1);
	end if;
	return chosen;
end
$$;

-- statement_rule: of a display, by which closes_at follows its end. only: in a repeat, whom the change touches.
-- bodies, lists: whom it asks beside the set. body: step, audience, start, end, notice where the public is asked (sql/api/notice.sql), channel for bodies
-- without an account (POST or EMAIL).
create function pp_api.round_open(procedure uuid, body jsonb, opens_at timestamptz,
	closes_at timestamptz, minimum_end date, minimum_rule text, own pp_api.own_period,
	at timestamptz, idempotency_key text, request_sha256 bytea, statement_rule text default null, lang text default 'de')
returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	p pp.procedure;
	fit record;
	told record;
	chosen text[];
	new_id uuid := pp.uuid7(at);
	d pp.round;
begin
	if r.status is not null then
		return r;
	end if;
	perform pp_api.speak(lang);
	p := pp_api.own_procedure(procedure);
	select * into fit from pp_api.round_check(p, body, minimum_end, minimum_rule);
	select * into told from pp_api.notice_check(p, body, fit.step);
	chosen := pp_api.round_only(p, body, (fit.step).step, (fit.plan).id);
	perform pp_api.round_guests(p, body);
	perform pp_api.procedure_happen(p, (fit.step).event, 'RUNDE', at, told.notice_on, jsonb_build_object('step', (fit.step).step,
		'audience', body -> 'audience', 'start', body -> 'start', 'end', body -> 'end'), round => new_id);
	insert into pp.round (id, procedure, plan, planner_body, no, step, phase, audience, start_on, end_on,
		opens_at, closes_at, minimum_end, minimum_rule, set_sha256, announced_at, created_by, notice, notice_on,
		late_effect_enabled, limited_to_changes, statement_rule)
		select new_id, p.id, (fit.plan).id, p.planner_body,
			(select coalesce(max(o.no), 0) + 1 from pp.round o where o.procedure = p.id),
			(fit.step).step, (fit.step).phase, body ->> 'audience', (body ->> 'start')::date,
			(body ->> 'end')::date, $3, $4, $5, $6, s.sha256, at, pp.current_account(), body -> 'notice',
			told.notice_on, told.late_effect_enabled, (fit.step).step in ('ERNEUT', 'ROP_ERNEUT'), $11
		  from pp.affected_set s where s.plan = (fit.plan).id
		returning * into d;
	update pp.plan l set announced_at = at where l.id = d.plan and l.announced_at is null;
	perform pp_api.round_freeze(d, at);
	if d.audience = 'OEFF' then
		perform pp_api.publish(p.id, d.plan, at);
		perform pp_api.subscription_note('RUNDE', p.id, at, round => d.id);
	else
		perform pp_api.invite(d, m.body, m.class, m.cross_border, m.is_authority,
			$2 ->> 'channel', null, own, at)
		  from pp_api.affected_members(d.plan) m where chosen is null or m.body = any (chosen) order by m.body;
		perform pp_api.round_invite_guests(d, p, $2, own, at), pp_api.round_show_documents(d.id, at);
	end if;
	perform pp_api.procedure_follow(p.id, at);
	perform pp_api.procedure_touch(p.id, at);
	perform pp.emit('round.announced', at, p.id, d.id, bodies => pp_api.procedure_bodies(p.id),
		public => d.audience = 'OEFF', data => json_build_object('step', d.step,
			'audience', d.audience, 'start', pp.iso(d.start_on), 'end', pp.iso(d.end_on)));
	return pp.remember(idempotency_key, pp.created('/api/v1/rounds/' || d.id,
		(select (pp_api.round_item(v) || jsonb_build_object('open', at >= v.opens_at and at < v.closes_at,
			'warnings', told.warnings, 'invitations', (select count(*) from pp.invitation i where i.round = v.id)))::json
		  from pp_api.round_visible v where v.id = d.id)));
end
$$;

-- Who would get what: the round is opened and undone, so that nothing is worked out twice.
create function pp_api.round_preview(procedure uuid, body jsonb, opens_at timestamptz, closes_at timestamptz, minimum_end date,
	minimum_rule text, own pp_api.own_period, at timestamptz, statement_rule text, last_day date, lang text default 'de') returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply;
	result jsonb;
begin
	begin
		r := pp_api.round_open($1, jsonb_build_object('end', last_day) || $2, $3, $4, $5, $6, $7, $8, null, null, $9, lang);
		select jsonb_build_object('round', r.body::jsonb - 'id', 'invitations', coalesce(jsonb_agg(
				(pp_api.board_row(i, at) - '{invitation,statements,days_left,days_late}'::text[]) || jsonb_build_object('reason', i.invite_reason,
					'address', case when i.channel <> 'POST' then pp_api.mail_recipient(i, at) end)
				order by i.is_authority, i.participant), '[]'))
		  into result from pp.invitation i where i.round = (r.body ->> 'id')::uuid;
		raise exception using errcode = 'PPEND';
	exception when sqlstate 'PPEND' then
		null;
	end;
	return pp.ok(result::json);
end
$$;

-- The contract's counts over some rows of a board.
create function pp_api.board_counts(items jsonb) returns json language sql immutable as $$
	select json_build_object('invited', count(*),
		'delivered', count(*) filter (where i ->> 'state' in ('ZUGEGANGEN', 'GELESEN', 'BEANTWORTET',
			'FEHLANZEIGE') or i ->> 'state' = 'OHNE_ANTWORT' and i ->> 'received_at' is not null),
		'opened', count(*) filter (where i ->> 'state' in ('GELESEN', 'BEANTWORTET', 'FEHLANZEIGE')
			or i ->> 'state' = 'OHNE_ANTWORT' and i ->> 'acknowledged_at' is not null),
		'answered', count(*) filter (where i ->> 'state' in ('BEANTWORTET', 'FEHLANZEIGE')),
		'late', count(*) filter (where i ->> 'state' in ('BEANTWORTET', 'FEHLANZEIGE') and (i ->> 'late')::bool),
		'missing', count(*) filter (where i ->> 'state' = 'OHNE_ANTWORT'))
	  from jsonb_array_elements(items) i
$$;

-- For the planning body: how each invitation stands at this instant. counts are those of the
-- municipalities, authority_counts those of the authorities beside them.
create function pp_api.round_board(round uuid, at timestamptz) returns pp.reply
language plpgsql stable as $$
declare
	d pp_api.round_visible := pp_api.need_round(round);
	municipalities jsonb;
	authorities jsonb;
begin
	if d.planner_body is distinct from pp.current_body() then
		perform pp.refuse('forbidden', 'Only the planning body sees the board.');
	end if;
	select coalesce(jsonb_agg(row order by pp.class_rank(row ->> 'class'), distance_m, row ->> 'ags')
			filter (where not is_authority), '[]'),
		coalesce(jsonb_agg(row order by row ->> 'body') filter (where is_authority), '[]')
	  into municipalities, authorities
	  from (select i.is_authority, a.distance_m, pp_api.board_row(i, at) as row
		  from pp.invitation i
		  left join pp.affected_municipality a on a.plan = i.plan and a.ags = i.participant
		 where i.round = d.id) b;
	return pp.ok(json_build_object('round', d.id, 'procedure', d.procedure, 'step', d.step,
		'audience', d.audience, 'start', pp.iso(d.start_on), 'end', pp.iso(d.end_on),
		'open', at >= d.opens_at and at < d.closes_at and d.cancelled_at is null,
		'interruption', pp_api.round_interruption_short(d),
		'municipalities', municipalities, 'counts', pp_api.board_counts(municipalities),
		'authorities', authorities, 'authority_counts', pp_api.board_counts(authorities)));
end
$$;

-- The clerk's: writes down what the clock has decided by that instant, once each, and tells; procedures whose rounds
-- have begun or ended move on. recorded_at is when it does so, where that is later.
create function pp_api.round_tick(at timestamptz, recorded_at timestamptz default null, out opened int,
	out closed int, out received int, out expired int) language plpgsql volatile as $$
declare
	recorded timestamptz := coalesce(recorded_at, at);
	touched uuid[] := '{}';
	hit uuid[];
	one uuid;
begin
	with done as (update pp.invitation i
		   set state = 'ZUGEGANGEN', received_how = 'VERMUTET', version = i.version + 1,
			received_at = i.presumed_on::timestamp at time zone 'Europe/Berlin'
		 where i.state = 'VERSANDT' and not i.awaits_mail and i.presumed_on <= pp.day(at) and i.cancelled_at is null returning i)
	select count(pp_api.invitation_emit(done.i, 'invitation.received', recorded)) into received from done;
	with done as (update pp.invitation i set state = 'OHNE_ANTWORT', version = i.version + 1
		 where i.state in ('VERSANDT', 'ZUGEGANGEN', 'GELESEN') and i.deadline_at <= at and i.cancelled_at is null
		returning i)
	select count(pp_api.invitation_emit(done.i, 'invitation.expired', recorded)) into expired from done;
	with done as (update pp.round d set opened_at = recorded
		 where d.opened_at is null and d.opens_at <= at and d.cancelled_at is null returning d)
	select count(pp_api.round_emit(done.d, 'round.opened', recorded)), array_agg((done.d).procedure) into opened, hit from done;
	touched := touched || hit;
	with done as (update pp.round d set display_ended_at = recorded
		 where d.step = 'PFV_AUSL' and d.display_ended_at is null and d.cancelled_at is null
		   and d.end_on < pp.day(at) and pp_api.display_ends_at(d) <= at returning d)
	select array_agg((done.d).procedure) into hit from done;
	touched := touched || hit;
	with done as (update pp.round d set closed_at = recorded
		 where d.closed_at is null and d.closes_at <= at and d.cancelled_at is null returning d)
	select count(pp_api.round_emit(done.d, 'round.closed', recorded)), array_agg((done.d).procedure) into closed, hit from done;
	touched := touched || hit;
	for one in select distinct t from unnest(touched) t order by t loop
		perform pp_api.procedure_follow(one, at, recorded);
	end loop;
end
$$;

create function pp_api.round_emit(d pp.round, kind text, at timestamptz) returns bool
language plpgsql volatile as $$
begin
	perform pp.emit(kind, at, d.procedure, d.id, bodies => pp_api.procedure_bodies(d.procedure),
		public => d.audience = 'OEFF');
	return true;
end
$$;

grant execute on function pp_api.round_item(pp_api.round_visible), pp_api.need_round(uuid),
	pp_api.round_show(uuid, timestamptz), pp_api.round_list(uuid, timestamptz) to pp_server, pp_public;
grant execute on function pp_api.round_preview(uuid, jsonb, timestamptz, timestamptz, date, text, pp_api.own_period, timestamptz, text, date, text),
	pp_api.round_only(pp.procedure, jsonb, text, uuid), pp_api.round_prepare(uuid),
	pp_api.round_check(pp.procedure, jsonb, date, text),
	pp_api.round_open(uuid, jsonb, timestamptz, timestamptz, date, text, pp_api.own_period,
		timestamptz, text, bytea, text, text),
	pp_api.board_counts(jsonb), pp_api.round_board(uuid, timestamptz) to pp_server;
grant execute on function pp_api.round_tick(timestamptz, timestamptz) to pp_clerk;
grant execute on function pp_api.round_emit(pp.round, text, timestamptz) to pp_server, pp_clerk;
