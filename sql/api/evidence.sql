-- SPDX-License-Identifier: EUPL-1.2
-- What can be proved of one invitation: sent, received, read, reminded, extended, answered, each with its
-- instant, who did it and on what it rests. Made of the rows themselves; nothing is written for it.

create type pp_api.evidence_row as (at timestamptz, what text, body text, by text, legal_basis text, data jsonb);

-- Persons are named to their own side only: the planning body's to it, those of whom it asks to them.
create function pp_api.evidence_delivery(i pp.invitation) returns setof pp_api.evidence_row
language sql stable as $$
	select i.sent_at, 'EINGELADEN', i.planner_body, null::text, s.law,
		jsonb_build_object('channel', i.channel, 'mailbox_body', i.mailbox_body, 'reason', i.invite_reason)
	  from pp.round d join pp.procedure p on p.id = d.procedure join pp.procedure_kind k on k.kind = p.kind
	  left join pp.round_step s on s.family = k.family and s.step = d.step where d.id = i.round
	union all
	select i.received_at, 'ZUGEGANGEN', case i.received_how when 'NACHGEWIESEN' then i.planner_body
			else i.mailbox_body end, null,
		case i.received_how when 'VERMUTET' then '§ 41 Abs. 2 Satz 1, 2 VwVfG'
			when 'NACHGEWIESEN' then '§ 41 Abs. 2 Satz 3 VwVfG' else '§ 130 Abs. 1 BGB' end,
		jsonb_build_object('how', i.received_how)
	 where i.received_at is not null
	union all
	select i.acknowledged_at, 'GELESEN', coalesce(i.acknowledged_body, i.mailbox_body), null, '§ 130 Abs. 1 BGB',
		jsonb_build_object('account', case when pp.current_body() in (i.participant, i.mailbox_body)
			then i.acknowledged_by end)
	 where i.acknowledged_at is not null
	union all
	select e.at, case e.kind when 'invitation.bounced' then 'UNZUSTELLBAR' when 'invitation.expired'
			then 'ABGELAUFEN' else 'FRIST_VERSCHOBEN' end, case e.kind when 'invitation.bounced'
			then i.planner_body end, null,
		case e.kind when 'invitation.bounced' then '§ 41 Abs. 2 Satz 3 VwVfG'
			when 'invitation.expired' then '§ 188 BGB'
			else case e.data ->> 'cause' when 'MAIL_SPAETER' then '§ 41 Abs. 2 Satz 1, 2 VwVfG' else '§ 193 BGB' end end,
		e.data::jsonb - '{body,state,version}'::text[]
	  from pp.event e where e.invitation = i.id
	   and e.kind in ('invitation.bounced', 'invitation.expired', 'invitation.deadline_moved')
$$;

create function pp_api.evidence_time(i pp.invitation) returns setof pp_api.evidence_row
language sql stable as $$
	select q.requested_at, 'VERLAENGERUNG_BEANTRAGT', q.acting_body, null::text,
		pp_api.extension_law(i.round), jsonb_build_object('until', pp.iso(q.until_on), 'reason', q.reason)
	  from pp.extension_request q where q.invitation = i.id
	union all
	select q.decided_at, case q.decision when 'GEWAEHRT' then 'VERLAENGERUNG_GEWAEHRT' else 'VERLAENGERUNG_ABGELEHNT' end,
		q.planner_body, case when q.planner_body = pp.current_body() then q.decided_by_label end,
		pp_api.extension_law(i.round), jsonb_build_object('reason', q.decision_reason)
	  from pp.extension_request q where q.invitation = i.id and q.decision is not null
	union all
	select e.granted_at, 'FRIST_VERLAENGERT', e.planner_body,
		case when e.planner_body = pp.current_body() then e.granted_by_label end, e.legal_basis,
		jsonb_build_object('from', pp.iso(e.previous), 'to', pp.iso(e.deadline), 'cause', e.cause, 'reason', e.reason)
	  from pp.extension e where e.invitation = i.id
	union all
	select m.recorded_at, 'ERINNERUNG_FAELLIG', null, null, null,
		jsonb_build_object('rule', m.rule, 'due_on', pp.iso(m.due_on), 'deadline', pp.iso(m.deadline))
	  from pp.reminder m join pp.reminder_rule r on r.id = m.rule
	 where m.invitation = i.id and (r.recipient = 'BETEILIGTER' or i.planner_body = pp.current_body())
	union all
	select s.sent_at, 'ERINNERT', s.planner_body,
		case when s.planner_body = pp.current_body() then s.sent_by_label end, null,
		jsonb_build_object('channel', s.channel, 'recipient', s.recipient, 'proof', s.proof,
			'recorded_at', pp.rfc3339(s.recorded_at))
	  from pp.reminder_sent s where s.invitation = i.id
$$;

create function pp_api.evidence_answers(i pp.invitation) returns setof pp_api.evidence_row
language sql stable as $$
	select s.received_at, case when s.parent is null then 'STELLUNGNAHME' else 'ERGAENZUNG' end, s.acting_body,
		null::text, case when s.on_time then '§ 188 BGB'
			else ((pp_api.lateness_of(s)).regime).legal_basis end,
		jsonb_build_object('statement', s.id, 'number', s.number, 'stance', s.stance, 'on_time', s.on_time,
			'deadline_at', pp.rfc3339(s.deadline_at), 'sha256', encode(s.content_sha256, 'hex'))
	  from pp.statement s where s.invitation = i.id
	union all
	select s.withdrawn_at, 'ZURUECKGENOMMEN', s.acting_body, null, null,
		jsonb_build_object('statement', s.id, 'number', s.number)
	  from pp.statement s where s.invitation = i.id and s.withdrawn_at is not null
	union all
	select l.decided_at, l.outcome, l.planner_body,
		case when l.planner_body = pp.current_body() then l.decided_by_label end, r.legal_basis,
		jsonb_build_object('statement', s.id, 'number', s.number, 'reason', l.reason)
	  from pp.statement s join pp.lateness_decision l on l.statement = s.id
	  join pp.lateness_regime r on r.id = l.regime where s.invitation = i.id
$$;

-- Everything in its order, for participant, mailbox and planning body.
create function pp_api.invitation_evidence(invitation uuid, at timestamptz) returns pp.reply
language plpgsql stable as $$
declare
	i pp.invitation := pp_api.need_invitation(invitation);
begin
	return pp.ok(json_build_object('invitation', i.id, 'body', i.participant, 'mailbox_body', i.mailbox_body,
		'round', i.round, 'procedure', i.procedure,
		'state', pp.invitation_state(i.state, i.deadline_at, at),
		'deadline', pp.iso(i.deadline), 'deadline_at', pp.rfc3339(i.deadline_at), 'items', (
			select json_agg(json_build_object('at', pp.rfc3339(e.at), 'what', e.what, 'body', e.body,
				'name', pp.body_name(e.body), 'by', e.by, 'legal_basis', e.legal_basis, 'data', e.data)
				order by e.at, array_position(array['EINGELADEN', 'ZUGEGANGEN', 'GELESEN', 'ERINNERUNG_FAELLIG',
					'ABGELAUFEN'], e.what), e.what) from (
				select d.* from pp_api.evidence_delivery(i) d
				union all select t.* from pp_api.evidence_time(i) t
				union all select a.* from pp_api.evidence_answers(i) a) e)));
end
$$;

grant execute on function pp_api.evidence_delivery(pp.invitation), pp_api.evidence_time(pp.invitation),
	pp_api.evidence_answers(pp.invitation), pp_api.invitation_evidence(uuid, timestamptz) to pp_server;
