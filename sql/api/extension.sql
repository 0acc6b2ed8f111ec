-- SPDX-License-Identifier: EUPL-1.2
-- Extensions (Fristverlängerung): a body asks, the planning body answers with a reason, and no
-- deadline that was told is ever shortened. § 4 (2) sentence 3 BauGB, § 31 (7) VwVfG; § 190 BGB.

-- Why the law allows it in this round.
create function pp_api.extension_law(round uuid) returns text language sql stable as $$
	select concat_ws('; ', (select s.extension_law from pp.round d
			join pp.procedure p on p.id = d.procedure join pp.procedure_kind k on k.kind = p.kind
			join pp.round_step s on s.family = k.family and s.step = d.step
		 where d.id = $1), '§ 190 BGB')
$$;

-- Persons are the planning body's own matter.
create function pp_api.extension_json(e pp.extension) returns jsonb language sql stable as $$
	select jsonb_build_object('id', e.id, 'cause', e.cause, 'from', pp.iso(e.previous),
		'to', pp.iso(e.deadline), 'deadline_at', pp.rfc3339(e.deadline_at), 'reason', e.reason,
		'legal_basis', e.legal_basis, 'request', e.request, 'round_extension', e.round_extension,
		'at', pp.rfc3339(e.granted_at),
		'by', case when e.planner_body = pp.current_body() then e.granted_by_label end)
$$;

create function pp_api.extension_request_json(q pp.extension_request) returns jsonb
language sql stable as $$
	select jsonb_build_object('id', q.id, 'invitation', q.invitation, 'body', q.participant,
		'acting_body', q.acting_body, 'until', pp.iso(q.until_on), 'reason', q.reason,
		'at', pp.rfc3339(q.requested_at), 'state', coalesce(q.decision, 'OFFEN'),
		'decision_reason', q.decision_reason, 'decided_at', pp.rfc3339(q.decided_at),
		'decided_by', case when q.planner_body = pp.current_body() then q.decided_by_label end)
$$;

-- The one that waits for an answer, else the latest; null where nobody has asked.
create function pp_api.extension_request_latest(invitation uuid) returns jsonb language sql stable as $$
	select pp_api.extension_request_json(q) from pp.extension_request q
	 where q.invitation = $1 order by q.requested_at desc, q.id desc limit 1
$$;

-- Everything about one invitation's deadline, oldest first.
create function pp_api.extension_list(invitation uuid) returns pp.reply language plpgsql stable as $$
declare
	i pp.invitation := pp_api.need_invitation(invitation);
begin
	return pp.ok(json_build_object('invitation', i.id, 'deadline', pp.iso(i.deadline),
		'deadline_at', pp.rfc3339(i.deadline_at),
		'extensions', (select coalesce(json_agg(pp_api.extension_json(e) order by e.granted_at, e.id), '[]')
			from pp.extension e where e.invitation = i.id),
		'requests', (select coalesce(json_agg(pp_api.extension_request_json(q)
				order by q.requested_at, q.id), '[]')
			from pp.extension_request q where q.invitation = i.id)));
end
$$;

-- The one place where an invitation gets a later deadline; i is locked and deadline_at is later.
create function pp_api.extension_apply(i pp.invitation, deadline_at timestamptz, cause text,
	reason text, request uuid, round_extension uuid, at timestamptz)
returns pp.invitation language plpgsql volatile as $$
declare
	before date := i.deadline;
begin
	insert into pp.extension (id, invitation, planner_body, participant, mailbox_body, cause, request,
		round_extension, previous, previous_at, deadline, deadline_at, reason, legal_basis,
		granted_at, granted_by, granted_by_label)
		values (pp.uuid7(at), i.id, i.planner_body, i.participant, i.mailbox_body, $3, $5, $6,
			i.deadline, i.deadline_at, pp.last_day($2), $2, $4, pp_api.extension_law(i.round), at,
			pp.current_account(), pp_api.my_label());
	if i.state = 'OHNE_ANTWORT' and $2 > at then
		i.state := pp.step_state('invitation', case when i.acknowledged_at is not null then 'reopen_read'
			when i.received_at is not null then 'reopen_received' else 'reopen_sent' end, i.state);
	end if;
	update pp.invitation v
	   set state = i.state, deadline = pp.last_day($2), deadline_at = $2, version = v.version + 1,
		deadline_reason = case $3 when 'RUNDE' then 'ROUND_END' else 'EXTENSION' end,
		extended_from = case when $3 = 'RUNDE' then v.extended_from else coalesce(v.extended_from, v.deadline) end,
		extension_reason = case when $3 = 'RUNDE' then v.extension_reason else $4 end,
		extended_at = case when $3 = 'RUNDE' then v.extended_at else $7 end
	 where v.id = i.id returning * into i;
	perform pp_api.invitation_emit(i, 'invitation.extended', at);
	perform pp_api.receipt_invitation('FRISTVERLAENGERUNG', i, at);
	perform pp_api.mail_about(i, 'deadline_extended', jsonb_build_object('text', $4, 'law', pp_api.extension_law(i.round),
		'previous', pp.iso(before)), at);
	return i;
end
$$;

-- A later deadline for one body, for an important reason; body: deadline, reason.
create function pp_api.invitation_extend(invitation uuid, body jsonb, deadline_at timestamptz,
	at timestamptz, idempotency_key text, request_sha256 bytea)
returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	i pp.invitation;
begin
	if r.status is not null then
		return r;
	end if;
	i := pp_api.own_invitation(invitation);
	if i.cancelled_at is not null then
		perform pp.refuse('round_cancelled', 'Its notice was withdrawn before it began; there is no deadline any more.');
	elsif $3 <= i.deadline_at then
		perform pp.refuse('invalid_body', format('The deadline is %s already.', pp.iso(i.deadline)), '/deadline');
	elsif coalesce(btrim(body ->> 'reason'), '') = '' then
		perform pp.refuse('invalid_body', 'An extension has a reason.', '/reason');
	end if;
	i := pp_api.extension_apply(i, $3, 'EINZELN', btrim(body ->> 'reason'), null, null, at);
	return pp.remember(idempotency_key, pp.ok(pp_api.with_receipt(pp_api.invitation_json(i, at), 'FRISTVERLAENGERUNG', i.id)));
end
$$;

-- The invited body asks for more time, also after its deadline (§ 31 (7) sentence 2 VwVfG); body:
-- until, reason. One request at a time.
create function pp_api.extension_request(invitation uuid, body jsonb, at timestamptz,
	idempotency_key text, request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	i pp.invitation;
	q pp.extension_request;
begin
	if r.status is not null then
		return r;
	end if;
	i := pp_api.my_invitation(invitation);
	if i.cancelled_at is not null then
		perform pp.refuse('round_cancelled', 'Its notice was withdrawn before it began; there is no deadline any more.');
	elsif (body ->> 'until')::date <= i.deadline then
		perform pp.refuse('invalid_body', format('The deadline is %s already.', pp.iso(i.deadline)), '/until');
	elsif (body ->> 'until')::date < pp.day(at) then
		perform pp.refuse('invalid_body', 'Ask for a day that lies ahead.', '/until');
	elsif (body ->> 'until')::date > '2999-12-31' then
		perform pp.refuse('invalid_body', 'Ask for a day before the year 3000.', '/until');
	elsif coalesce(btrim(body ->> 'reason'), '') = '' then
		perform pp.refuse('invalid_body', 'A request has a reason.', '/reason');
	elsif exists (select from pp.procedure p where p.id = i.procedure and p.withdrawn_at is not null) then
		perform pp.refuse('procedure_withdrawn', 'The procedure was withdrawn; nobody is asked any more.');
	elsif exists (select from pp.extension_request o where o.invitation = i.id and o.decision is null) then
		perform pp.refuse('conflict', 'A request of this body waits for its answer already.');
	end if;
	insert into pp.extension_request (id, invitation, planner_body, participant, mailbox_body, acting_body,
		until_on, reason, requested_at, requested_by)
		values (pp.uuid7(at), i.id, i.planner_body, i.participant, i.mailbox_body, pp.current_body(),
			(body ->> 'until')::date, btrim(body ->> 'reason'), at, pp.current_account())
		returning * into q;
	perform pp_api.invitation_emit(i, 'invitation.extension_requested', at);
	perform pp_api.receipt_request('FRISTANTRAG', q, i, at);
	return pp.remember(idempotency_key, pp.created(format('/api/v1/invitations/%s/extensions', i.id),
		pp_api.with_receipt(pp_api.extension_request_json(q), 'FRISTANTRAG', q.id)));
end
$$;

-- For the planning body: the request and its invitation, both locked.
create function pp_api.own_extension_request(request uuid, out q pp.extension_request,
	out i pp.invitation) language plpgsql volatile as $$
begin
	select * into q from pp.extension_request v where v.id = $1;
	if q.id is null then
		perform pp.refuse('request_not_found', 'There is no such request that you may see.');
	end if;
	i := pp_api.own_invitation(q.invitation);
	select * into q from pp.extension_request v where v.id = $1 for no key update;
end
$$;

-- What the new end is computed from: the day that was asked for, and the Land whose calendar counts.
create function pp_api.extension_prepare(request uuid, out land text, out deadline date,
	out until_on date) language plpgsql volatile as $$
declare
	o record := pp_api.own_extension_request(request);
begin
	deadline := (o.i).deadline;
	until_on := (o.q).until_on;
	select coalesce(b.land, p.lands[1]) into land from pp.procedure p
	  join pp.body b on b.key = p.planner_body where p.id = (o.i).procedure;
end
$$;

-- The one answer; body: decision (GEWAEHRT, ABGELEHNT), deadline where it is another day, reason.
-- deadline_at is the end that was computed. Where the deadline is as late already, it stays.
create function pp_api.extension_decide(request uuid, body jsonb, deadline_at timestamptz,
	at timestamptz, idempotency_key text, request_sha256 bytea)
returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	o record;
	i pp.invitation;
	q pp.extension_request;
	receipt text := case body ->> 'decision' when 'ABGELEHNT' then 'FRISTABLEHNUNG' else 'FRISTVERLAENGERUNG' end;
begin
	if r.status is not null then
		return r;
	end if;
	o := pp_api.own_extension_request(request);
	i := o.i;
	if (o.q).decision is not null then
		perform pp.refuse('conflict', format('This request is %s already.', (o.q).decision));
	elsif coalesce(btrim(body ->> 'reason'), '') = '' then
		perform pp.refuse('invalid_body', 'A decision has a reason.', '/reason');
	elsif body ->> 'decision' = 'ABGELEHNT' and body ? 'deadline' then
		perform pp.refuse('invalid_body', 'Who declines names no new deadline.', '/deadline');
	end if;
	update pp.extension_request v
	   set decision = body ->> 'decision', decision_reason = btrim(body ->> 'reason'), decided_at = at,
		decided_by = pp.current_account(), decided_by_label = pp_api.my_label()
	 where v.id = $1 returning * into q;
	if body ->> 'decision' = 'ABGELEHNT' then
		perform pp_api.invitation_emit(i, 'invitation.extension_declined', at);
		perform pp_api.mail_about(i, 'extension_declined', jsonb_build_object('text', btrim(body ->> 'reason')), at);
	elsif $3 > i.deadline_at then
		i := pp_api.extension_apply(i, $3, 'ANTRAG', btrim(body ->> 'reason'), $1, null, at);
		return pp.remember(idempotency_key, pp.ok(pp_api.with_receipt(pp_api.invitation_json(i, at), 'FRISTVERLAENGERUNG', i.id)));
	else
		perform pp_api.invitation_emit(i, 'invitation.extension_granted', at);
	end if;
	perform pp_api.receipt_request(receipt, q, i, at);
	return pp.remember(idempotency_key, pp.ok(pp_api.with_receipt(pp_api.invitation_json(i, at), receipt, q.id)));
end
$$;

-- Rounds ------------------------------------------------------------------------------------------

-- A part of every round that is read: planned once for a connection.
create function pp_api.round_extension_list(round uuid) returns jsonb language plpgsql stable as $$
begin
	return (select coalesce(jsonb_agg(jsonb_build_object('id', e.id, 'from', pp.iso(e.previous_end),
			'to', pp.iso(e.end_on), 'closes_at', pp.rfc3339(e.closes_at), 'reason', e.reason,
			'notice_on', pp.iso(e.notice_on), 'legal_basis', e.legal_basis,
			'at', pp.rfc3339(e.extended_at)) order by e.extended_at, e.id), '[]')
	  from pp_api.round_extension_visible e where e.round = $1);
end
$$;

-- For the planning body: the round, locked against whoever invites or extends at the same time.
create function pp_api.own_round(round uuid) returns pp.round language plpgsql volatile as $$
declare
	d pp.round;
begin
	if (pp_api.need_round(round)).planner_body is distinct from pp.current_body() then
		perform pp.refuse('forbidden', 'Only the planning body changes its rounds.');
	end if;
	select * into d from pp.round o where o.id = $1 for no key update;
	return d;
end
$$;

create function pp_api.round_extension_prepare(round uuid, out land text, out end_on date,
	out last_day date, out statement_rule text) language plpgsql volatile as $$
declare
	d pp.round := pp_api.own_round(round);
begin
	end_on := d.end_on;
	statement_rule := d.statement_rule;
	last_day := pp.last_day(d.closes_at);
	select coalesce(b.land, p.lands[1]) into land from pp.procedure p
	  join pp.body b on b.key = p.planner_body where p.id = d.procedure;
end
$$;

create function pp_api.round_extension_check(d pp.round, body jsonb, closes_at timestamptz,
	at timestamptz) returns void language plpgsql stable as $$
declare
	ends date := (body ->> 'end')::date;
	notice date := (body ->> 'notice_on')::date;
begin
	if d.cancelled_at is not null then
		perform pp.refuse('round_cancelled', 'Its notice was withdrawn before it began.');
	elsif at >= d.closes_at or d.closed_at is not null then
		-- Also where the clerk was faster: what it has recorded and told stays so.
		perform pp.refuse('conflict', format('The round ended on %s; open another one instead.', pp.iso(pp.last_day(d.closes_at))));
	elsif d.statement_rule is not null and at >= pp_api.display_ends_at(d) then
		perform pp.refuse('conflict', format('The display ended on %s; it cannot go on after a gap.', pp.iso(d.end_on)));
	elsif ends <= d.end_on or $3 <= d.closes_at then
		perform pp.refuse('invalid_body', format('The round ends on %s already.', pp.iso(pp.last_day(d.closes_at))), '/end');
	elsif coalesce(btrim(body ->> 'reason'), '') = '' then
		perform pp.refuse('invalid_body', 'An extension has an important reason.', '/reason');
	elsif d.audience = 'OEFF' and notice is null then
		perform pp.refuse('invalid_body', 'The public is told by a new notice: name its day.', '/notice_on');
	elsif notice > d.end_on then
		perform pp.refuse('invalid_body', 'The notice comes before the round ends.', '/notice_on');
	elsif exists (select from pp.procedure p where p.id = d.procedure and p.withdrawn_at is not null) then
		perform pp.refuse('procedure_withdrawn', 'The procedure was withdrawn; nobody is asked any more.');
	elsif exists (select from pp.round o where o.procedure = d.procedure and o.step = d.step
		and o.audience = d.audience and o.id <> d.id and o.cancelled_at is null
		and daterange(o.start_on, o.end_on, '[]') && daterange(d.start_on, ends, '[]')) then
		perform pp.refuse('round_overlaps', 'There is a round of this step and audience in that time.', '/end');
	end if;
end
$$;

-- A whole round ends later, and nobody in it earlier than the round; body: end, reason, notice_on.
create function pp_api.round_extend(round uuid, body jsonb, closes_at timestamptz, at timestamptz,
	idempotency_key text, request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	d pp.round;
	p pp.procedure;
	i pp.invitation;
	extension uuid := pp.uuid7(at);
	moved int := 0;
begin
	if r.status is not null then
		return r;
	end if;
	d := pp_api.own_round(round);
	perform pp_api.round_extension_check(d, body, closes_at, at);
	insert into pp.round_extension (id, round, procedure, previous_end, previous_closes_at, end_on,
		closes_at, reason, notice_on, legal_basis, extended_at, extended_by, extended_by_label)
		values (extension, d.id, d.procedure, d.end_on, d.closes_at, (body ->> 'end')::date, $3,
			btrim(body ->> 'reason'), (body ->> 'notice_on')::date, pp_api.extension_law(d.id), at,
			pp.current_account(), pp_api.my_label());
	update pp.round o set end_on = (body ->> 'end')::date, closes_at = $3 where o.id = d.id;
	select q.* into p from pp.procedure q where q.id = d.procedure for no key update;
	perform pp_api.procedure_happen(p, 'FRIST_VERLAENGERT', 'RUNDE', at, (body ->> 'notice_on')::date,
		jsonb_build_object('step', d.step, 'audience', d.audience, 'from', pp.iso(d.end_on), 'to', body -> 'end'),
		body ->> 'reason', d.id);
	for i in select v.* from pp.invitation v where v.round = d.id and v.deadline_at < $3
		order by v.id for no key update
	loop
		perform pp_api.extension_apply(i, $3, 'RUNDE', btrim(body ->> 'reason'), null, extension, at);
		moved := moved + 1;
	end loop;
	perform pp_api.procedure_touch(d.procedure, at);
	perform pp.emit('round.extended', at, d.procedure, d.id, bodies => pp_api.procedure_bodies(d.procedure),
		public => d.audience = 'OEFF', data => json_build_object('from', pp.iso(d.end_on),
			'to', body ->> 'end', 'invitations', moved));
	perform pp_api.receipt_round((select o from pp.round o where o.id = d.id), pp.last_day(d.closes_at), moved, at);
	return pp.remember(idempotency_key, pp.ok(pp_api.with_receipt(pp_api.round_item(pp_api.need_round(d.id))
		|| jsonb_build_object('open', at >= d.opens_at and at < $3, 'moved_invitations', moved), 'FRISTVERLAENGERUNG', d.id)));
end
$$;

grant execute on function pp_api.round_extension_list(uuid) to pp_server, pp_public;
grant execute on function pp_api.extension_law(uuid), pp_api.extension_json(pp.extension),
	pp_api.extension_request_json(pp.extension_request), pp_api.extension_request_latest(uuid),
	pp_api.extension_list(uuid),
	pp_api.extension_apply(pp.invitation, timestamptz, text, text, uuid, uuid, timestamptz),
	pp_api.invitation_extend(uuid, jsonb, timestamptz, timestamptz, text, bytea),
	pp_api.extension_request(uuid, jsonb, timestamptz, text, bytea),
	pp_api.own_extension_request(uuid), pp_api.extension_prepare(uuid),
	pp_api.extension_decide(uuid, jsonb, timestamptz, timestamptz, text, bytea),
	pp_api.own_round(uuid), pp_api.round_extension_prepare(uuid),
	pp_api.round_extension_check(pp.round, jsonb, timestamptz, timestamptz),
	pp_api.round_extend(uuid, jsonb, timestamptz, timestamptz, text, bytea) to pp_server;
