-- SPDX-License-Identifier: EUPL-1.2
-- Invitations: sent, received, read. Who is asked (participant) and whose office reads
-- (mailbox) stay apart; row-level security shows a row to these two and to the planning body.

create function pp_api.invitation_emit(i pp.invitation, kind text, at timestamptz) returns bool
language plpgsql volatile as $$
begin
	perform pp.emit(kind, at, i.procedure, i.round, i.id,
		bodies => array[i.planner_body, i.participant, i.mailbox_body],
		data => json_build_object('body', i.participant, 'state', i.state, 'version', i.version));
	return true;
end
$$;

create function pp_api.invite(d pp.round, body text, class text, cross_border bool,
	is_authority bool, other_channel text, reason text, own pp_api.own_period, at timestamptz)
returns uuid language plpgsql volatile as $$
declare
	i pp.invitation;
	mailbox text := case when is_authority then $2 else pp.mailbox($2, pp.day(at)) end;
	portal bool := pp_api.body_has_account(mailbox, at) or pp_api.body_has_account($2, at);
	own_at timestamptz := case when portal then own.portal_at else own.post_at end;
	ends_at timestamptz := greatest(d.closes_at, own_at);
	address text := coalesce(pp.body_mail_on(mailbox, pp.day(at)), pp.body_mail_on($2, pp.day(at)));
	way text := case when portal then 'PORTAL' else coalesce(other_channel, case when address is not null then 'EMAIL' end, 'POST') end;
begin
	-- § 4 (2) BauGB: a month from the body's own receipt; but never before the round has ended.
	insert into pp.invitation (id, round, procedure, plan, planner_body, participant, mailbox_body,
		is_authority, class, cross_border, channel, state, created_at, invite_reason, sent_at,
		presumed_on, received_at, received_how, deadline, deadline_at, deadline_reason, deadline_rule, awaits_mail)
		values (pp.uuid7(at), d.id, d.procedure, d.plan, d.planner_body, $2, mailbox, $5, $3, $4,
			way, case when portal then 'ZUGEGANGEN' else 'VERSANDT' end, at, reason, at,
			case when not portal then own.post_received end, case when portal then at end,
			case when portal then 'PORTAL' end,
			pp.last_day(ends_at), ends_at,
			case when own_at > d.closes_at then 'OWN_RECEIPT' else 'ROUND_END' end, own.rule,
			way = 'EMAIL' and address is not null)
		returning * into i;
	insert into pp.procedure_party (procedure, body)
		select d.procedure, b from unnest(array[i.participant, i.mailbox_body]) b
		on conflict do nothing;
	perform pp_api.invitation_emit(i, 'invitation.sent', at);
	-- Without an address the planning body sends by itself what goes by mail.
	if address is not null and way <> 'POST' then
		perform pp_api.mail_about(i, case when portal then 'invitation_portal' else 'invitation' end, '{}', at);
	end if;
	return i.id;
end
$$;

-- The draft that was changed last of those that one's own body has for it; null for every other body.
create function pp_api.invitation_draft(i pp.invitation) returns jsonb language sql stable as $$
	select jsonb_build_object('id', d.id, 'state', pp_api.draft_state(d), 'changed_at', pp.rfc3339(d.changed_at))
	  from pp.draft d where d.invitation = ($1).id and d.body = pp.current_body() and d.statement is null
	 order by d.changed_at desc, d.id desc limit 1
$$;

-- What it was answered with, for these who read all of it anyway.
create function pp_api.invitation_statements(i pp.invitation) returns jsonb language sql stable as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'number', s.number, 'supplement_to', s.parent, 'stance', s.stance,
			'received_at', pp.rfc3339(s.received_at), 'on_time', s.on_time, 'state', s.state,
			'awaits_resolution', s.reservation is not null and s.resolution is null and s.withdrawn_at is null) order by s.received_at, s.id), '[]')
	  from pp.statement s
	 where s.invitation = ($1).id and pp.current_body() in (($1).participant, ($1).mailbox_body, ($1).planner_body)
$$;

create function pp_api.invitation_json(i pp.invitation, at timestamptz, lang text default 'de')
returns jsonb language sql stable as $$
	select jsonb_build_object('id', i.id, 'ags', case when not i.is_authority then i.participant end,
		'body', i.participant, 'name', b.name, 'land', b.land, 'kreis', m.kreis_name,
		'mailbox_body', i.mailbox_body, 'mailbox_name', pp.body_name(i.mailbox_body),
		'round', i.round, 'step', d.step, 'audience', d.audience, 'start', pp.iso(d.start_on),
		'end', pp.iso(d.end_on), 'procedure', i.procedure, 'procedure_number', p.number,
		'procedure_title', p.title, 'kind', p.kind, 'planner_body', p.planner_body,
		'planner_name', pp.body_name(p.planner_body), 'plan', i.plan, 'class', i.class,
		'cross_border', i.cross_border, 'channel', i.channel,
		'state', pp.invitation_state(i.state, i.deadline_at, at), 'reason', i.invite_reason,
		'sent_at', pp.rfc3339(i.sent_at), 'received_at', pp.rfc3339(i.received_at),
		'received_how', i.received_how, 'acknowledged_at', pp.rfc3339(i.acknowledged_at),
		'deadline', pp.iso(i.deadline), 'deadline_at', pp.rfc3339(i.deadline_at),
		'deadline_reason', i.deadline_reason, 'deadline_rule', i.deadline_rule,
		'extension', case when i.extended_at is not null then jsonb_build_object(
			'from', pp.iso(i.extended_from), 'to', pp.iso(i.deadline), 'reason', i.extension_reason,
			'at', pp.rfc3339(i.extended_at)) end,
		'extension_request', pp_api.extension_request_latest(i.id),
		'days_left', i.deadline - pp.day(at), 'stance', i.stance,
		'answered_at', pp.rfc3339(i.answered_at), 'late', i.answered_late,
		'assignment', pp_api.assignment_of(i.id, null, at),
		'evidence', pp_api.affected_rules(i.plan, i.participant, lang),
		'draft', pp_api.invitation_draft(i), 'statements', pp_api.invitation_statements(i))
	  from pp.round d join pp.procedure p on p.id = d.procedure
	  join pp.body b on b.key = i.participant
	  left join pp.municipality m on m.boundary_version = pp.current_boundaries()
		and m.ags = i.participant
	 where d.id = i.round
$$;

create function pp_api.board_row(i pp.invitation, at timestamptz) returns jsonb
language sql stable as $$
	select jsonb_strip_nulls(jsonb_build_object('ags', case when not i.is_authority then i.participant end))
		|| jsonb_build_object('body', i.participant, 'name', b.name, 'kreis', m.kreis_name,
		'land', b.land, 'class', i.class, 'cross_border', i.cross_border, 'invitation', i.id,
		'mailbox_body', i.mailbox_body, 'mailbox_name', pp.body_name(i.mailbox_body), 'channel', i.channel, 'mail', pp_api.mail_state(i.id),
		'state', pp.invitation_state(i.state, i.deadline_at, at), 'stance', i.stance,
		'sent_at', pp.rfc3339(i.sent_at), 'received_at', pp.rfc3339(i.received_at),
		'acknowledged_at', pp.rfc3339(i.acknowledged_at), 'deadline', pp.iso(i.deadline),
		'days_left', i.deadline - pp.day(at), 'days_late', case when i.answered_late then pp.day(i.answered_at) - i.deadline end,
		'deadline_reason', i.deadline_reason, 'extended', i.extended_at is not null,
		'extension_request', pp_api.extension_request_latest(i.id), 'answered_at', pp.rfc3339(i.answered_at), 'late', i.answered_late,
		'statements', (select coalesce(jsonb_agg(s.id order by s.received_at, s.id), '[]')
			from pp.statement s where s.invitation = i.id))
	  from pp.body b left join pp.municipality m on m.boundary_version = pp.current_boundaries()
		and m.ags = b.key
	 where b.key = i.participant
$$;

create function pp_api.need_invitation(invitation uuid) returns pp.invitation
language plpgsql stable as $$
declare
	i pp.invitation;
begin
	select * into i from pp.invitation v where v.id = $1;
	if not found then
		perform pp.refuse('invitation_not_found', 'There is no such invitation that you may see.');
	end if;
	return i;
end
$$;

create function pp_api.invitation_show(invitation uuid, at timestamptz, lang text default 'de')
returns pp.reply language plpgsql stable as $$
begin
	return pp.ok(pp_api.invitation_json(pp_api.need_invitation(invitation), at, lang)::json);
end
$$;

-- For whoever answers: participant or mailbox, locked against other answers.
create function pp_api.my_invitation(invitation uuid) returns pp.invitation
language plpgsql volatile as $$
declare
	i pp.invitation;
begin
	select * into i from pp.invitation v where v.id = $1 for no key update;
	if not found then
		perform pp.refuse('invitation_not_found', 'There is no such invitation that you may see.');
	elsif pp.current_body() not in (i.participant, i.mailbox_body) then
		perform pp.refuse('forbidden', 'The invited body or its office answers.');
	end if;
	return i;
end
$$;

-- For the planning body's own records of an invitation.
create function pp_api.own_invitation(invitation uuid) returns pp.invitation
language plpgsql volatile as $$
declare
	i pp.invitation;
begin
	select * into i from pp.invitation v where v.id = $1 for no key update;
	if not found then
		perform pp.refuse('invitation_not_found', 'There is no such invitation that you may see.');
	elsif i.planner_body is distinct from pp.current_body() then
		perform pp.refuse('forbidden', 'Only the planning body records that.');
	end if;
	return i;
end
$$;

-- What reached one's body, latest deadline first. open: only what has no answer yet. assigned: to me, to none, to an account.
create function pp_api.inbox(open bool, row_limit int, cursor text, at timestamptz,
	lang text default 'de', assigned text default null) returns pp.reply
language plpgsql stable set plan_cache_mode = force_custom_plan as $$
declare
	accounts uuid[] := case when assigned is not null then pp_api.assigned_read(assigned) end;
	me text := pp.current_body();
	size int := pp.page_size(row_limit);
	key text[] := pp.cursor_read(cursor, 2);
	before timestamptz;
	before_id uuid;
	items jsonb;
	next text;
begin
	before := key[1]::timestamptz;
	before_id := key[2]::uuid;
	with page as (
		select i, row_number() over (order by (i).deadline_at desc, (i).id desc) as n from (
			(select i from pp.invitation i
			  where i.participant = me
			    and (open is not true or i.answered_at is null)
			    and (accounts is null or pp_api.is_assigned(i.id, null, accounts, at))
			    and (before is null or (i.deadline_at, i.id) < (before, before_id))
			  order by i.participant desc, i.deadline_at desc, i.id desc limit size + 1)
			union all
			(select i from pp.invitation i
			  where i.mailbox_body = me and i.participant <> me
			    and (open is not true or i.answered_at is null)
			    and (accounts is null or pp_api.is_assigned(i.id, null, accounts, at))
			    and (before is null or (i.deadline_at, i.id) < (before, before_id))
			  order by i.mailbox_body desc, i.deadline_at desc, i.id desc limit size + 1)) u
		 limit size + 1)
	select coalesce(jsonb_agg(pp_api.invitation_json(i, at, lang) order by n) filter (where n <= size), '[]'),
		case when count(*) > size then (array_agg(pp.cursor_make(pp.rfc3339((i).deadline_at), (i).id::text)
			order by n))[size] end
	  into items, next from page;
	return pp.ok(json_build_object('invitations', items), null, next);
exception when invalid_text_representation or invalid_datetime_format or datetime_field_overflow then
	perform pp.refuse('invalid_parameter', 'cursor: take it from the "next" of the page before.');
end
$$;

-- Read by the body: GELESEN. The first time counts; a letter that is read here has been received.
create function pp_api.invitation_acknowledge(invitation uuid, at timestamptz, idempotency_key text,
	request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	i pp.invitation;
begin
	if r.status is not null then
		return r;
	end if;
	i := pp_api.my_invitation(invitation);
	if i.acknowledged_at is null then
		update pp.invitation v
		   set state = pp.step_state('invitation', 'acknowledge', pp.invitation_state(i.state, i.deadline_at, at)),
			received_at = coalesce(i.received_at, at),
			received_how = coalesce(i.received_how, 'BESTAETIGT'),
			acknowledged_at = at, acknowledged_by = pp.current_account(),
			acknowledged_body = pp.current_body(), version = i.version + 1
		 where v.id = i.id returning * into i;
		perform pp_api.invitation_emit(i, 'invitation.acknowledged', at);
		perform pp_api.receipt_invitation('KENNTNISNAHME', i, at), pp_api.acted('ZURKENNTNIS', '{clerk,releaser}', i, null, at);
	end if;
	return pp.remember(idempotency_key, pp.ok(pp_api.with_receipt(pp_api.invitation_json(i, at), 'KENNTNISNAHME', i.id)));
end
$$;

-- What dates are computed from: kind and step, and the Land whose calendar counts.
create function pp_api.invitation_prepare(invitation uuid, out kind text, out step text, out land text,
	out deadline date) language plpgsql volatile as $$
declare
	i pp.invitation := pp_api.own_invitation(invitation);
begin
	select p.kind, d.step, coalesce(b.land, p.lands[1]), i.deadline into kind, step, land, deadline
	  from pp.procedure p join pp.round d on d.id = i.round join pp.body b on b.key = p.planner_body
	 where p.id = i.procedure;
end
$$;

-- What the planning body knows of a letter: received on a day (received_at is its beginning, own the
-- period that runs from it), or undeliverable. A deadline that was told is never shortened.
create function pp_api.invitation_receipt(invitation uuid, body jsonb, received_at timestamptz,
	own pp_api.own_period, at timestamptz, idempotency_key text, request_sha256 bytea)
returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	i pp.invitation;
	lost bool := coalesce((body ->> 'undeliverable')::bool, false);
begin
	if r.status is not null then
		return r;
	end if;
	i := pp_api.own_invitation(invitation);
	i.state := pp.step_state('invitation', case when lost then 'bounce' else 'deliver' end, i.state);
	if not lost and (pp.day(received_at) not between pp.day(i.sent_at) and pp.day(at)) is not false then
		perform pp.refuse('invalid_body', 'A letter is received after it was sent, and not in the future.', '/received_on');
	end if;
	if i.state = 'OHNE_ANTWORT' and own.portal_at > at then
		i.state := pp.step_state('invitation', 'reopen_received', i.state);
	end if;
	update pp.invitation v
	   set state = i.state, version = i.version + 1,
		presumed_on = case when not lost then v.presumed_on end,
		received_at = case when lost then v.received_at else $3 end,
		received_how = case when lost then v.received_how else 'NACHGEWIESEN' end,
		deadline = pp.last_day(greatest(v.deadline_at, own.portal_at)),
		deadline_at = greatest(v.deadline_at, own.portal_at),
		deadline_reason = case when own.portal_at > v.deadline_at then 'OWN_RECEIPT' else v.deadline_reason end,
		deadline_rule = case when own.portal_at > v.deadline_at then own.rule else v.deadline_rule end
	 where v.id = i.id returning * into i;
	perform pp_api.invitation_emit(i, case when lost then 'invitation.bounced' else 'invitation.received' end, at);
	return pp.remember(idempotency_key, pp.ok(pp_api.invitation_json(i, at)::json));
end
$$;

-- A body that is asked later gets its full period; body: ags or body, reason, channel.
create function pp_api.round_invite(round uuid, body jsonb, own pp_api.own_period, at timestamptz,
	idempotency_key text, request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	p pp.procedure;
	d pp.round;
	target text := coalesce(body ->> 'ags', body ->> 'body');
	m pp.municipality;
	new_id uuid;
begin
	if r.status is not null then
		return r;
	end if;
	p := pp_api.own_procedure((pp_api.need_round(round)).procedure);
	-- Its end must not move on meanwhile: no deadline is earlier.
	select * into d from pp.round o where o.id = $1 for share;
	if d.audience = 'OEFF' then
		perform pp.refuse('conflict', 'This round asks the public; it has no invitations.');
	elsif d.cancelled_at is not null then
		perform pp.refuse('round_cancelled', 'Its notice was withdrawn before it began; nobody is asked in it.');
	elsif not exists (select from pp.body b where b.key = target) then
		perform pp.refuse('body_not_found', format('There is no municipality or body %s.', target), '/ags');
	elsif target = p.planner_body or target = any (p.planning_municipalities) then
		perform pp.refuse('conflict', format('%s plans itself and is not asked.', target));
	elsif exists (select from pp.invitation i where i.round = d.id and i.participant = target) then
		perform pp.refuse('conflict', format('%s is invited already.', target));
	end if;
	select * into m from pp.municipality u
	 where u.boundary_version = pp.current_boundaries() and u.ags = target;
	new_id := pp_api.invite(d, target,
		(select a.class from pp.affected_municipality a where a.plan = d.plan and a.ags = target),
		-- A body of no Land, as one of the federation, is on no other side of a border.
		(select coalesce(b.land <> all (p.lands), false) from pp.body b where b.key = target), m.ags is null, body ->> 'channel',
		coalesce(body ->> 'reason', 'nachträglich beteiligt'), own, at);
	perform pp_api.round_show_documents(d.id, at);
	return pp.remember(idempotency_key, pp.created('/api/v1/invitations/' || new_id,
		pp_api.invitation_json(pp_api.need_invitation(new_id), at)::json));
end
$$;

grant execute on function pp_api.invitation_emit(pp.invitation, text, timestamptz) to pp_server, pp_clerk;
grant execute on function pp_api.invitation_draft(pp.invitation), pp_api.invitation_statements(pp.invitation), pp_api.invite(pp.round, text, text, bool, bool, text, text,
		pp_api.own_period, timestamptz),
	pp_api.invitation_json(pp.invitation, timestamptz, text), pp_api.board_row(pp.invitation, timestamptz),
	pp_api.need_invitation(uuid), pp_api.my_invitation(uuid), pp_api.own_invitation(uuid),
	pp_api.invitation_prepare(uuid), pp_api.invitation_show(uuid, timestamptz, text),
	pp_api.inbox(bool, int, text, timestamptz, text, text),
	pp_api.invitation_acknowledge(uuid, timestamptz, text, bytea),
	pp_api.invitation_receipt(uuid, jsonb, timestamptz, pp_api.own_period, timestamptz, text, bytea),
	pp_api.round_invite(uuid, jsonb, pp_api.own_period, timestamptz, text, bytea) to pp_server;
