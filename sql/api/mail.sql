-- SPDX-License-Identifier: EUPL-1.2
-- The outbox. Whatever causes a mail writes it in its own transaction; the clerk's mailer sends it.

-- kind: a row of pp_api.mail_kinds; data: what its text names. With an invitation its planning body sees what
-- becomes of the mail, else nobody does. account: to whose link it leads. subscription: whose address it goes to, without a
-- recipient. mailbox: by what more than so many to one mailbox are known. Call nothing else: no text of a caller's own is ever sent.
create function pp_api.mail_enqueue(kind text, recipient text, lang text, data jsonb, procedure uuid,
	invitation uuid, at timestamptz, account uuid default null, subscription uuid default null, mailbox bytea default null,
	is_bulk bool default false) returns uuid language plpgsql volatile as $$
declare
	id uuid := pp.uuid7(at);
	language text := case $3 when 'en' then 'en' else 'de' end;
	missing text;
	texts record;
	planner text;
begin
	select k.needs, t.subject, t.body into texts from pp_api.mail_kinds() k
	  join pp_api.mail_texts() t on t.kind = k.kind and t.lang = language where k.kind = $1;
	if texts is null then
		raise exception 'there is no kind of mail %', $1;
	end if;
	select n into missing from unnest(texts.needs) n where $4 ->> n is null limit 1;
	if missing is not null then
		raise exception 'a mail of the kind % needs %', $1, missing;
	elsif $9 is null and not coalesce(pp.is_mail_address($2), false) then
		perform pp.refuse('invalid_body', 'This is no e-mail address.');
	end if;
	if $6 is not null then
		select i.planner_body into strict planner from pp.invitation i where i.id = $6;
	end if;
	insert into pp.mail (id, kind, lang, recipient, subject, body, procedure, invitation, planner_body, created_at, due_at, account,
			subscription, mailbox, is_bulk)
		values (id, $1, language, $2, left(pp_api.mail_fill(texts.subject, $4, language), 250),
			pp_api.mail_fill(texts.body, $4, language) || pp_api.mail_footer(language), $5, $6, planner, at, at, $8, $9, $10, $11);
	return id;
end
$$;

-- What a mail about an invitation names in any case.
create function pp_api.mail_data(i pp.invitation) returns jsonb language sql stable as $$
	select jsonb_build_object('name', pp.body_name(i.participant), 'planner', pp.body_name(p.planner_body),
		'title', p.title, 'number', p.number, 'deadline', pp.iso(i.deadline), 'law', s.law)
	  from pp.procedure p join pp.round d on d.id = i.round join pp.procedure_kind k on k.kind = p.kind
	  left join pp.round_step s on s.step = d.step and s.family = k.family
	 where p.id = i.procedure
$$;

-- The office that reads for a body, else the body's own; null where neither has an address.
create function pp_api.mail_recipient(i pp.invitation, at timestamptz) returns text language sql stable as $$
	select coalesce(pp.body_mail_on(i.mailbox_body, pp.day(at)), pp.body_mail_on(i.participant, pp.day(at)))
$$;

-- A mail to whom an invitation went; null where no address is known, or the invitation went by post and will go on so.
create function pp_api.mail_about(i pp.invitation, kind text, data jsonb, at timestamptz) returns uuid
language plpgsql volatile as $$
declare
	address text := pp_api.mail_recipient(i, at);
begin
	if address is null or i.cancelled_at is not null then
		return null;
	end if;
	return pp_api.mail_enqueue($2, address, 'de', pp_api.mail_data(i) || $3, i.procedure, i.id, at);
end
$$;

-- The latest mail of an invitation in one word, for its planning body; null: there was none.
create function pp_api.mail_state(invitation uuid) returns text language plpgsql stable as $$
begin
	return (select m.state from pp.mail m where m.invitation = $1 order by m.created_at desc, m.id desc limit 1);
end
$$;

-- What became of the mails of an invitation, latest first: for its planning body.
create function pp_api.mail_status(invitation uuid) returns jsonb language sql stable as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'kind', m.kind, 'recipient', m.recipient, 'state', m.state,
		'created_at', pp.rfc3339(m.created_at), 'attempts', m.attempts, 'tried_at', pp.rfc3339(m.tried_at),
		'next_at', case when m.state = 'WARTET' then pp.rfc3339(m.due_at) end, 'reply_code', m.reply_code,
		'reply', m.reply, 'settled_at', pp.rfc3339(m.settled_at)) order by m.created_at desc, m.id desc), '[]')
	  from pp.mail m where m.invitation = $1
$$;

create function pp_api.invitation_mails(invitation uuid) returns pp.reply language plpgsql stable as $$
declare
	i pp.invitation := pp_api.need_invitation(invitation);
begin
	if i.planner_body is distinct from pp.current_body() then
		perform pp.refuse('forbidden', 'Only the planning body sees what became of its mail.');
	end if;
	return pp.ok(json_build_object('items', pp_api.mail_status(i.id)));
end
$$;

-- For operators: how much waits, since when, and what became of the mails of a week. Nothing of any single one.
create function pp_api.mail_counts(at timestamptz) returns pp.reply language plpgsql stable
security definer set search_path = pg_catalog, pg_temp as $$
declare
	first timestamptz := at - interval '7 days';
begin
	if not pp.has_role('operator') then
		perform pp.refuse('forbidden', 'Only an operator sees how much mail there is.');
	end if;
	return pp.ok((select json_build_object('waiting', count(*) filter (where m.state = 'WARTET'),
		'waiting_since', pp.rfc3339(min(m.created_at) filter (where m.state = 'WARTET')), 'since', pp.rfc3339(first),
		'sent', count(*) filter (where m.state = 'GESENDET'), 'failed', count(*) filter (where m.state = 'FEHLGESCHLAGEN'),
		'discarded', count(*) filter (where m.state = 'VERWORFEN'))
		from pp.mail m where m.created_at >= first or m.state = 'WARTET'));
end
$$;

-- The clerk's ---------------------------------------------------------------------------------------

-- So long after each failure the next attempt follows; after the last one the mail is given up. RFC 5321 §4.5.4.1 asks
-- for half an hour between attempts and for four days at least: towards the operator's own relay the first ones are
-- sooner, because a deadline runs.
create function pp_api.mail_pauses() returns interval[] language sql immutable parallel safe as
$$ select '{1 min,5 min,15 min,30 min,1 h,2 h,4 h,8 h,12 h,24 h,24 h,24 h}'::interval[] $$;

-- When the next mail may be sent; null: none waits.
create function pp_api.mail_due(only_released bool) returns timestamptz language sql stable as $$
	select m.due_at from pp.mail m where m.state = 'WARTET' and ($1 is not true or m.released_at is not null)
	 order by m.due_at, m.id limit 1
$$;

-- More than so many of a kind to one address, or mailbox, in a day come from somebody who types those of others.
create function pp_api.mail_is_too_much(m pp.mail, at_most int, at timestamptz) returns bool language sql stable as $$
	select at_most is not null and m.attempts = 0 and at_most <= case when m.mailbox is null
		then (select count(*) from pp.mail v where v.recipient = m.recipient and v.kind = m.kind and v.created_at > at - interval '1 day' and v.attempts > 0)
		else (select count(*) from pp.mail v where v.mailbox = m.mailbox and v.kind = m.kind and v.created_at > at - interval '1 day' and v.attempts > 0) end
$$;

-- The next mail that is due, claimed: should the mailer die with it, it is tried again after the pause. What is too
-- much for one address is set aside, and so is what a subscription was to be told that has ended. opens, ends: its secrets. No
-- row: nothing is due.
create function pp_api.mail_next(at timestamptz, only_released bool, out id uuid, out kind text, out recipient text,
	out subject text, out body text, out lang text, out invitation uuid, out opens text, out ends text) language plpgsql volatile as $$
declare
	m pp.mail;
	reader record;
	at_most int;
	unsent text;
begin
	loop
		select * into m from pp.mail v where v.state = 'WARTET' and v.due_at <= at
			and ($2 is not true or v.released_at is not null)
			order by v.is_bulk, v.due_at, v.id limit 1 for no key update;
		if m.id is null then
			return;
		end if;
		select coalesce(m.recipient, s.address) as address, s.opens, s.ends into reader from pp_keys.subscriber(m.subscription) s;
		at_most := (select s.at_most from pp_api.mail_kinds() s where s.kind = m.kind);
		unsent := case when reader.address is null then 'The subscription has ended.'
			when pp_api.mail_is_too_much(m, at_most, at) then format('More than %s of this kind to one address in a day.', at_most) end;
		exit when unsent is null;
		update pp.mail v set state = 'VERWORFEN', settled_at = at, reply = unsent, subject = case when v.subscription is null then v.subject end,
			body = case when v.subscription is null then v.body end where v.id = m.id;
	end loop;
	update pp.mail v set attempts = v.attempts + 1, tried_at = at,
		due_at = at + (pp_api.mail_pauses())[least(v.attempts + 1, cardinality(pp_api.mail_pauses()))]
	 where v.id = m.id;
	select m.id, m.kind, reader.address, m.subject, m.body, m.lang, m.invitation, reader.opens, reader.ends
	  into id, kind, recipient, subject, body, lang, invitation, opens, ends;
end
$$;

-- What came of an attempt: accepted; refused for good (permanent); else it is tried again while there is another pause.
-- An invitation that nobody took is undeliverable.
create function pp_api.mail_settle(id uuid, accepted bool, permanent bool, reply_code int, reply text, at timestamptz,
	own_at timestamptz default null, own_rule text default null)
returns text language plpgsql volatile as $$
declare
	m pp.mail;
	result text;
begin
	select * into strict m from pp.mail v where v.id = $1 for no key update;
	if m.state <> 'WARTET' then
		return m.state;
	end if;
	result := case when accepted then 'GESENDET'
		when permanent or m.attempts >= cardinality(pp_api.mail_pauses()) then 'FEHLGESCHLAGEN' else 'WARTET' end;
	update pp.mail v set state = result, reply_code = $4, reply = left($5, 1000),
		settled_at = case when result <> 'WARTET' then at end
	 where v.id = m.id;
	if result = 'GESENDET' and (select k.secret from pp_api.mail_kinds() k where k.kind = m.kind)
		or result <> 'WARTET' and m.subscription is not null then
		update pp.mail v set recipient = v.recipient, subject = null, body = null where v.id = m.id;
	end if;
	-- Nobody reads at an address that is refused for good.
	if permanent and m.subscription is not null then
		delete from pp.subscription s where s.id = m.subscription;
	end if;
	if m.kind = 'invitation' and result <> 'WARTET' then
		perform pp_api.mail_of_invitation(m.invitation, result = 'GESENDET', at, own_at, own_rule);
	end if;
	return result;
end
$$;

-- What the end of the period is computed from that runs from an invitation's receipt, where its mail is sent on another day
-- than it was written; else no row.
create function pp_api.mail_access(mail uuid, at timestamptz) returns table (kind text, step text, audience text, land text)
language sql stable as $$
	select p.kind, d.step, d.audience, coalesce(b.land, p.lands[1])
	  from pp.mail m join pp.invitation i on i.id = m.invitation join pp.round d on d.id = i.round
	  join pp.procedure p on p.id = i.procedure join pp.body b on b.key = p.planner_body
	 where m.id = $1 and m.kind = 'invitation' and i.awaits_mail and pp.day(at) > pp.day(i.sent_at)
$$;

-- Sent: what is presumed of its receipt is reckoned from that day on, should it be another than was thought, and so is the
-- month from the receipt (§ 4 (2) BauGB; own_at, by own_rule): a deadline is never shortened. Not sent: nobody was reached.
create function pp_api.mail_of_invitation(invitation uuid, sent bool, at timestamptz, own_at timestamptz default null,
	own_rule text default null) returns void language plpgsql volatile as $$
declare
	old pp.invitation;
	i pp.invitation;
begin
	select * into old from pp.invitation v where v.id = $1 for no key update;
	update pp.invitation v set awaits_mail = false, version = v.version + 1,
		presumed_on = v.presumed_on + greatest(0, pp.day(at) - pp.day(v.sent_at)) * sent::int,
		deadline_at = greatest(v.deadline_at, own_at), deadline = pp.last_day(greatest(v.deadline_at, own_at)),
		deadline_reason = case when own_at > v.deadline_at then 'OWN_RECEIPT' else v.deadline_reason end,
		deadline_rule = case when own_at > v.deadline_at then own_rule else v.deadline_rule end,
		state = case when sent then v.state else coalesce(pp.next_state('invitation', 'bounce', v.state), v.state) end
	 where v.id = $1 and v.awaits_mail returning * into i;
	if not sent and i.state = 'UNZUSTELLBAR' then
		perform pp_api.invitation_emit(i, 'invitation.bounced', at);
	elsif i.deadline_at > old.deadline_at then
		perform pp.emit('invitation.deadline_moved', at, i.procedure, i.round, i.id,
			bodies => array[i.planner_body, i.participant, i.mailbox_body],
			data => json_build_object('from', pp.iso(old.deadline), 'to', pp.iso(i.deadline), 'cause', 'MAIL_SPAETER',
				'body', i.participant, 'state', i.state, 'version', i.version));
	end if;
end
$$;

-- While mail is off nothing waits for the day when it is switched on: it would come too late to be true.
create function pp_api.mail_discard(at timestamptz) returns int language plpgsql volatile as $$
declare
	m pp.mail;
	gone int := 0;
begin
	for m in update pp.mail v set state = 'VERWORFEN', settled_at = at, reply = 'Sending mail is switched off.',
			subject = case when v.subscription is null then v.subject end, body = case when v.subscription is null then v.body end
		where v.state = 'WARTET' returning *
	loop
		gone := gone + 1;
		if m.kind = 'invitation' then
			perform pp_api.mail_of_invitation(m.invitation, false, at);
		end if;
	end loop;
	return gone;
end
$$;

-- Addresses and texts are forgotten a month after the mail was settled; that it went out, when, and under which
-- Message-ID stays.
create function pp_api.mail_sweep(at timestamptz) returns bigint language plpgsql volatile as $$
declare
	gone bigint;
begin
	update pp.mail v set recipient = null, subject = null, body = null
	 where v.recipient is not null and v.settled_at < at - interval '30 days';
	get diagnostics gone = row_count;
	update pp.mail v set mailbox = null where v.mailbox is not null and v.settled_at < at - interval '1 day';
	return gone;
end
$$;

-- Held mail is let go: one, or (null) all that wait.
create function pp_api.mail_release(id uuid, at timestamptz) returns int language plpgsql volatile as $$
declare
	count int;
begin
	update pp.mail v set released_at = at, due_at = at
	 where v.state = 'WARTET' and ($1 is null or v.id = $1);
	get diagnostics count = row_count;
	return count;
end
$$;

grant execute on function pp_api.mail_enqueue(text, text, text, jsonb, uuid, uuid, timestamptz, uuid, uuid, bytea, bool)
	to pp_server, pp_sign_in, pp_clerk;
grant execute on function pp_api.mail_data(pp.invitation), pp_api.mail_recipient(pp.invitation, timestamptz),
	pp_api.mail_about(pp.invitation, text, jsonb, timestamptz) to pp_server, pp_clerk;
grant execute on function pp_api.mail_state(uuid), pp_api.mail_status(uuid), pp_api.invitation_mails(uuid) to pp_server;
grant execute on function pp_api.mail_pauses(), pp_api.mail_due(bool), pp_api.mail_is_too_much(pp.mail, int, timestamptz), pp_api.mail_next(timestamptz, bool),
	pp_api.mail_settle(uuid, bool, bool, int, text, timestamptz, timestamptz, text), pp_api.mail_access(uuid, timestamptz),
	pp_api.mail_of_invitation(uuid, bool, timestamptz, timestamptz, text), pp_api.mail_discard(timestamptz),
	pp_api.mail_sweep(timestamptz), pp_api.mail_release(uuid, timestamptz) to pp_clerk;
grant execute on function pp_api.mail_counts(timestamptz) to pp_server;

grant create on schema pp_api to pp_sign_in;
alter function pp_api.mail_counts(timestamptz) owner to pp_sign_in;
revoke create on schema pp_api from pp_sign_in;
