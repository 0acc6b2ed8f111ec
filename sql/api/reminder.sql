-- SPDX-License-Identifier: EUPL-1.2
-- Reminders: the clerk records on the day itself that one is due, once; people send it and record how.
-- Days are looked at one after the other, so that a clerk that was down makes up for each in order.

-- When the clerk has something to record next: the first day that it has not looked at on which some
-- unanswered invitation is due. Null: nothing. A rule that is new begins with the present day.
create function pp_api.reminder_due() returns timestamptz language sql stable as $$
	select min((select i.deadline - r.days from pp.invitation i
		 where i.answered_at is null and i.cancelled_at is null and i.deadline > g.done_until + r.days
		 order by i.deadline limit 1))::timestamp at time zone 'Europe/Berlin'
	  from pp.reminder_rule r join pp.reminder_progress g on g.rule = r.id
$$;

create function pp_api.reminder_begin(at timestamptz) returns void language sql volatile as $$
	insert into pp.reminder_progress (rule, done_until)
		select r.id, pp.day($1) - 1 from pp.reminder_rule r on conflict do nothing
$$;

-- Whoever was invited on that day or later is not reminded at once, nor whom no letter reaches.
create function pp_api.reminder_tick(at timestamptz, recorded_at timestamptz) returns int
language plpgsql volatile as $$
declare
	r record;
	m pp.reminder;
	count int := 0;
begin
	for r in select u.*, g.done_until from pp.reminder_rule u join pp.reminder_progress g on g.rule = u.id
		 where g.done_until < pp.day(at) order by u.days desc, u.id
	loop
		for m in insert into pp.reminder (id, rule, invitation, round, procedure, planner_body, participant,
				mailbox_body, deadline, due_on, recorded_at)
			select pp.uuid7(recorded_at), r.id, i.id, i.round, i.procedure, i.planner_body, i.participant,
				i.mailbox_body, i.deadline, i.deadline - r.days, recorded_at
			  from pp.invitation i join pp.procedure p on p.id = i.procedure
			 where i.answered_at is null and i.cancelled_at is null
			   and i.deadline > r.done_until + r.days and i.deadline <= pp.day(at) + r.days
			   and i.deadline - r.days between r.valid_from and coalesce(r.valid_to, 'infinity')
			   and pp.day(i.sent_at) < i.deadline - r.days and i.state <> 'UNZUSTELLBAR'
			   and (r.condition <> 'UNGELESEN' or i.acknowledged_at is null)
			   and p.withdrawn_at is null
			 order by i.deadline, i.participant
			on conflict do nothing returning *
		loop
			count := count + 1;
			perform pp.emit('reminder.due', recorded_at, m.procedure, m.round, m.invitation,
				bodies => case r.recipient when 'PLANUNG' then array[m.planner_body]
					else array[m.planner_body, m.participant, m.mailbox_body] end,
				data => json_build_object('rule', m.rule, 'due_on', pp.iso(m.due_on), 'body', m.participant,
					'deadline', pp.iso(m.deadline), 'recipient', r.recipient));
		end loop;
		update pp.reminder_progress g set done_until = pp.day(at) where g.rule = r.id;
	end loop;
	return count;
end
$$;

create function pp_api.reminder_rules(lang text default 'de') returns pp.reply language sql stable as $$
	select pp.ok(json_build_object('items', json_agg(json_build_object('id', r.id, 'days', r.days,
		'condition', r.condition, 'recipient', r.recipient, 'valid_from', pp.iso(r.valid_from),
		'valid_to', pp.iso(r.valid_to), 'text', case lang when 'en' then r.text_en else r.text_de end)
		order by r.days desc, r.id))) from pp.reminder_rule r
$$;

-- sent: what went to this body since it was due.
create function pp_api.reminder_json(m pp.reminder, lang text) returns jsonb language sql stable as $$
	select jsonb_build_object('id', m.id, 'rule', m.rule, 'recipient', r.recipient,
		'text', case lang when 'en' then r.text_en else r.text_de end, 'invitation', m.invitation,
		'round', m.round, 'body', m.participant, 'name', pp.body_name(m.participant),
		'mailbox_body', m.mailbox_body, 'deadline', pp.iso(m.deadline), 'due_on', pp.iso(m.due_on),
		'recorded_at', pp.rfc3339(m.recorded_at),
		'sent', exists (select from pp.reminder_sent s
			where s.invitation = m.invitation and s.sent_at >= m.due_on::timestamp at time zone 'Europe/Berlin'))
	  from pp.reminder_rule r where r.id = m.rule
$$;

create function pp_api.reminder_sent_json(s pp.reminder_sent) returns jsonb language sql stable as $$
	select jsonb_build_object('id', s.id, 'invitation', s.invitation, 'body', s.participant,
		'mailbox_body', s.mailbox_body, 'channel', s.channel, 'recipient', s.recipient, 'proof', s.proof,
		'sent_at', pp.rfc3339(s.sent_at), 'recorded_at', pp.rfc3339(s.recorded_at),
		'by', case when s.planner_body = pp.current_body() then s.sent_by_label end)
$$;

-- For the planning body: what is due in a procedure, nobody has sent and is of use still: the answer has
-- not come, and the deadline has not moved on.
create function pp_api.reminders_due(procedure uuid, lang text default 'de') returns pp.reply
language plpgsql stable as $$
declare
	p pp_api.procedure_visible := pp_api.need_procedure(procedure);
begin
	if p.planner_body is distinct from pp.current_body() then
		perform pp.refuse('forbidden', 'Only the planning body sees what it is to remind of.');
	end if;
	return pp.ok((select json_build_object('items', coalesce(json_agg(j order by m.due_on, m.id), '[]'))
		from pp.reminder m join pp.invitation i on i.id = m.invitation, pp_api.reminder_json(m, lang) j
		where m.procedure = p.id and i.answered_at is null and i.cancelled_at is null and i.deadline = m.deadline
		  and not (j ->> 'sent')::bool));
end
$$;

create function pp_api.reminder_list(round uuid, lang text default 'de') returns pp.reply
language plpgsql stable as $$
declare
	d pp_api.round_visible := pp_api.need_round(round);
begin
	if d.planner_body is distinct from pp.current_body() then
		perform pp.refuse('forbidden', 'Only the planning body sees whom it has reminded.');
	end if;
	return pp.ok(json_build_object('round', d.id,
		'due', (select coalesce(json_agg(pp_api.reminder_json(m, lang) order by m.due_on, m.id), '[]')
			from pp.reminder m where m.round = d.id),
		'sent', (select coalesce(json_agg(pp_api.reminder_sent_json(s) order by s.sent_at, s.id), '[]')
			from pp.reminder_sent s where s.round = d.id)));
end
$$;

-- body: channel, recipient, proof, sent_at (without: now). send: the platform writes the mail, and its id is the proof.
create function pp_api.reminder_store(i pp.invitation, body jsonb, at timestamptz) returns pp.reminder_sent
language plpgsql volatile as $$
declare
	s pp.reminder_sent;
	sent timestamptz := coalesce((body ->> 'sent_at')::timestamptz, at);
	mail uuid;
begin
	if (body ->> 'send')::bool then
		mail := pp_api.mail_about(i, case i.channel when 'PORTAL' then 'reminder' else 'reminder_link' end, '{}', at);
		if mail is null then
			perform pp.refuse('conflict', format('No e-mail address of %s is known; remind it in another way.', pp.body_name(i.mailbox_body)));
		end if;
		body := body || jsonb_build_object('recipient', pp_api.mail_recipient(i, at), 'proof', 'E-Mail ' || mail);
	end if;
	if sent > at or sent < i.sent_at then
		perform pp.refuse('invalid_body', 'A reminder follows the invitation, and lies not ahead.', '/sent_at');
	end if;
	insert into pp.reminder_sent (id, invitation, round, planner_body, participant, mailbox_body, channel,
		recipient, proof, sent_at, recorded_at, sent_by, sent_by_label)
		values (pp.uuid7(at), i.id, i.round, i.planner_body, i.participant, i.mailbox_body,
			body ->> 'channel', nullif(btrim(body ->> 'recipient'), ''), nullif(btrim(body ->> 'proof'), ''),
			sent, at, pp.current_account(), pp_api.my_label())
		returning * into s;
	perform pp_api.invitation_emit(i, 'invitation.reminded', at);
	return s;
end
$$;

create function pp_api.reminder_send(invitation uuid, body jsonb, at timestamptz, idempotency_key text,
	request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	i pp.invitation;
begin
	if r.status is not null then
		return r;
	end if;
	i := pp_api.own_invitation(invitation);
	if i.cancelled_at is not null then
		perform pp.refuse('round_cancelled', 'Its notice was withdrawn before it began; nobody is asked any more.');
	elsif i.answered_at is not null then
		perform pp.refuse('conflict', 'This body has answered; nobody needs to be reminded.');
	end if;
	return pp.remember(idempotency_key, pp.created(format('/api/v1/invitations/%s/evidence', i.id),
		pp_api.reminder_sent_json(pp_api.reminder_store(i, body, at))::json));
end
$$;

-- All of a round who have not answered, in one call: all or none.
create function pp_api.reminder_send_all(round uuid, body jsonb, at timestamptz, idempotency_key text,
	request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	d pp.round;
	i pp.invitation;
	items jsonb := '[]';
begin
	if r.status is not null then
		return r;
	end if;
	d := pp_api.own_round(round);
	for i in select v.* from pp.invitation v
		where v.round = d.id and v.answered_at is null and v.cancelled_at is null order by v.id for no key update
	loop
		items := items || pp_api.reminder_sent_json(pp_api.reminder_store(i, body, at));
	end loop;
	return pp.remember(idempotency_key, pp.created(format('/api/v1/rounds/%s/reminders', d.id),
		json_build_object('round', d.id, 'count', jsonb_array_length(items), 'items', items)));
end
$$;

grant execute on function pp_api.reminder_rules(text) to pp_server, pp_public;
grant execute on function pp_api.reminder_json(pp.reminder, text),
	pp_api.reminder_sent_json(pp.reminder_sent), pp_api.reminders_due(uuid, text),
	pp_api.reminder_list(uuid, text), pp_api.reminder_store(pp.invitation, jsonb, timestamptz),
	pp_api.reminder_send(uuid, jsonb, timestamptz, text, bytea),
	pp_api.reminder_send_all(uuid, jsonb, timestamptz, text, bytea) to pp_server;
grant execute on function pp_api.reminder_due(), pp_api.reminder_begin(timestamptz),
	pp_api.reminder_tick(timestamptz, timestamptz) to pp_clerk;
