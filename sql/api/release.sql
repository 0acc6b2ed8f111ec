-- SPDX-License-Identifier: EUPL-1.2
-- Release by a second person: somebody hands in what they have written, somebody else of the body lets it go out or gives it
-- back. It is received when it is released, and by that instant it is judged whether it is in time (§ 4a (5) BauGB looks at
-- receipt): handing it in keeps no deadline.

create function pp_api.release_json(e pp.release, at timestamptz) returns jsonb language sql stable as $$
	select jsonb_build_object('id', e.id, 'kind', e.kind, 'state', e.state, 'procedure', e.procedure, 'procedure_number', p.number,
		'procedure_title', p.title, 'invitation', e.invitation, 'participant', i.participant, 'participant_name', pp.body_name(i.participant),
		'statement', e.statement, 'draft', e.draft,
		'content', case when jsonb_typeof(e.content -> 'points') = 'array'
			then e.content || jsonb_build_object('points', pp_api.draft_points(e.content -> 'points')) else e.content end,
		'handed_in_at', pp.rfc3339(e.handed_in_at), 'handed_in_by', pp_api.colleague(e.handed_in_by, pp.day(at)) -> 'name',
		'wrote', coalesce(pp.current_account() = any (e.writers), false),
		'deadline', pp.iso(i.deadline), 'deadline_at', pp.rfc3339(i.deadline_at),
		'late_if_released_now', case when e.state = 'WARTET' and e.kind in ('STELLUNGNAHME', 'ERGAENZUNG') then at >= i.deadline_at end,
		'note', case when e.state = 'WARTET' and i.id is not null
			then 'Fristwahrend ist erst die Freigabe: Die Vorlage zur Freigabe ist kein Eingang. / Only the release keeps the deadline: handing in is no receipt.' end,
		'settled_at', pp.rfc3339(e.settled_at), 'settled_by', pp_api.colleague(e.settled_by, pp.day(at)) -> 'name', 'reason', e.reason,
		'result', e.result)
	  from pp_api.procedure_visible p left join pp.invitation i on i.id = e.invitation
	 where p.id = e.procedure
$$;

create function pp_api.need_release(release uuid) returns pp.release language plpgsql volatile as $$
declare
	e pp.release;
begin
	select * into e from pp.release v where v.id = $1;
	if not found then
		perform pp.refuse('release_not_found', 'Nothing of that kind was handed in for release in your body.');
	end if;
	return e;
end
$$;

-- What waits in one's body, soonest deadline first; or (settled) what was released, given back or taken back, newest first.
create function pp_api.release_list(settled bool, row_limit int, at timestamptz) returns pp.reply language plpgsql stable as $$
begin
	return pp.ok((select json_build_object('items', coalesce(json_agg(pp_api.release_json(u.e, at) order by u.n), '[]'))
		from (select e, row_number() over (order by case when settled then null else i.deadline_at end nulls last,
				case when settled then e.id end desc, e.id) as n
			from pp.release e left join pp.invitation i on i.id = e.invitation
			where e.body = pp.current_body() and (e.state <> 'WARTET') = coalesce(settled, false)
			order by n limit pp.page_size(row_limit)) u));
end
$$;

create function pp_api.release_show(release uuid, at timestamptz) returns pp.reply language plpgsql volatile as $$
begin
	return pp.ok(pp_api.release_json(pp_api.need_release(release), at)::json);
end
$$;

-- Writes down that it waits, and tells those who may release it.
create function pp_api.release_begin(e pp.release, role text, at timestamptz) returns jsonb language plpgsql volatile as $$
begin
	e.id := pp.uuid7(at);
	e.body := pp.current_body();
	e.content_sha256 := sha256(convert_to(e.content::text, 'UTF8'));
	e.handed_in_at := at;
	e.handed_in_by := pp.current_account();
	e.writers := array(select distinct w from unnest(e.writers || e.handed_in_by) w where w is not null order by w);
	e.state := 'WARTET';
	begin
		insert into pp.release select e.*;
	exception when unique_violation then
		perform pp.refuse('conflict', 'It was handed in already and waits for release.');
	end;
	perform pp_api.release_mail('release_waiting', e.body, role, e.writers, pp_api.release_about(e.kind, e.procedure, e.invitation, e.body), at);
	perform pp.emit('release.handed_in', at, e.procedure, null, e.invitation, null, bodies => array[e.body],
		data => json_build_object('release', e.id, 'kind', e.kind));
	return pp_api.release_json(e, at);
end
$$;

create function pp_api.release_reply(json jsonb) returns pp.reply language sql stable as
$$ select pp.created('/api/v1/releases/' || (json ->> 'id'), json::json) $$;

-- What the mails about it name.
create function pp_api.release_about(kind text, procedure uuid, invitation uuid, body text) returns jsonb language sql stable as $$
	select jsonb_build_object('title', p.title, 'number', p.number, 'body', pp.body_name($4),
		'deadline', (select pp.iso(i.deadline) from pp.invitation i where i.id = $3),
		'what', w.de, 'what_en', w.en)
	  from pp.procedure p, (values ('STELLUNGNAHME', 'eine Stellungnahme', 'a statement'),
		('ERGAENZUNG', 'die Ergänzung einer Stellungnahme', 'a supplement to a statement'),
		('RUECKNAHME', 'die Rücknahme einer Stellungnahme', 'the withdrawal of a statement'),
		('BESCHLUSS', 'der Beschluss zu einer Stellungnahme', 'the resolution on a statement'),
		('ABWAEGUNG', 'der Beschluss über die Abwägung', 'the resolution on the weighing')) w (kind, de, en)
	 where p.id = $2 and w.kind = $1
$$;

-- To every confirmed member of the body who may release it and has not written it.
create function pp_api.release_mail(mail text, body text, role text, writers uuid[], about jsonb, at timestamptz)
returns void language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
	address text;
begin
	for address in select distinct coalesce(a.email, (select k.email from pp.account_identity k where k.account = a.id order by k.last_seen_at desc limit 1))
		from pp.membership m join pp.account a on a.id = m.account and a.active
		where m.body = $2 and m.state = 'confirmed' and pp.is_live(m, pp.day(at)) and m.account <> all (writers) and role = any (m.roles)
	loop
		continue when not coalesce(pp.is_mail_address(address), false);
		perform pp_api.mail_enqueue(mail, address, 'de', about, null, null, at);
	end loop;
end
$$;

-- A draft is frozen while it waits.
create function pp_api.draft_hand_in(draft uuid, at timestamptz, idempotency_key text, request_sha256 bytea) returns pp.reply
language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	d pp.draft;
	i pp.invitation;
	e pp.release;
begin
	if r.status is not null then
		return r;
	end if;
	d := pp_api.my_draft(draft);
	i := pp_api.my_invitation(d.invitation);
	perform pp_api.statement_points(d.content, i.participant);
	e.kind := 'STELLUNGNAHME';
	e.procedure := d.procedure;
	e.invitation := i.id;
	e.draft := d.id;
	e.content := d.content;
	e.writers := array[d.account, d.changed_by];
	return pp.remember(idempotency_key, pp_api.release_reply(pp_api.release_begin(e, 'releaser', at)));
end
$$;

-- body: kind, and what belongs to it: supplement (a statement), reason (of a withdrawal), resolution.
create function pp_api.statement_hand_in(statement uuid, body jsonb, at timestamptz, idempotency_key text, request_sha256 bytea) returns pp.reply
language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	s pp.statement;
	e pp.release;
begin
	if r.status is not null then
		return r;
	end if;
	s := pp_api.need_statement(statement);
	if s.invitation is null or coalesce(pp.current_body() not in (s.participant, s.mailbox_body), true) then
		perform pp.refuse('forbidden', 'Only whoever has made a statement adds to it or withdraws it.');
	end if;
	e.kind := body ->> 'kind';
	e.procedure := s.procedure;
	e.invitation := s.invitation;
	e.statement := s.id;
	if e.kind = 'ERGAENZUNG' and body -> 'supplement' is null or e.kind = 'BESCHLUSS' and body -> 'resolution' is null then
		perform pp.refuse('invalid_body', 'What is handed in is missing.', case e.kind when 'BESCHLUSS' then '/resolution' else '/supplement' end);
	end if;
	if e.kind = 'ERGAENZUNG' then
		e.content := coalesce(jsonb_strip_nulls(body -> 'supplement'), '{}');
		perform pp_api.supplement_check(s), pp_api.statement_points(jsonb_build_object('stance', s.stance) || e.content, s.participant);
	elsif e.kind = 'RUECKNAHME' then
		e.content := jsonb_strip_nulls(jsonb_build_object('reason', body -> 'reason'));
		perform pp.step_state('statement', 'withdraw', s.state);
	else
		e.content := coalesce(jsonb_strip_nulls(body -> 'resolution'), '{}');
		perform pp_api.resolution_check(s, e.content, at);
	end if;
	return pp.remember(idempotency_key, pp_api.release_reply(pp_api.release_begin(e, 'releaser', at)));
end
$$;

-- What the resolution would be about, so that it is released as it was handed in.
create function pp_api.weighing_fingerprint(procedure uuid) returns text language sql stable as $$
	select encode(sha256(convert_to(coalesce(string_agg(c.id || ' ' || c.version || ' ' || s.state, ',' order by c.id), ''), 'UTF8')), 'hex')
	  from pp.concern c join pp.statement s on s.id = c.statement
	 where c.procedure = $1 and c.dropped_at is null and s.state in ('EINGEGANGEN', 'IN_BEARBEITUNG', 'VORGESCHLAGEN', 'ZURUECKGENOMMEN')
$$;

create function pp_api.weighing_hand_in(procedure uuid, body jsonb, at timestamptz, idempotency_key text, request_sha256 bytea) returns pp.reply
language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	p pp.procedure;
	e pp.release;
begin
	if r.status is not null then
		return r;
	end if;
	p := pp_api.own_procedure(procedure);
	perform pp_api.weighing_decidable(p, body, at);
	e.kind := 'ABWAEGUNG';
	e.procedure := p.id;
	e.content := body || jsonb_build_object('proposals_sha256', pp_api.weighing_fingerprint(p.id));
	return pp.remember(idempotency_key, pp_api.release_reply(pp_api.release_begin(e, 'manager', at)));
end
$$;

-- Locked, and waiting.
create function pp_api.waiting_release(release uuid) returns pp.release language plpgsql volatile as $$
declare
	e pp.release := pp_api.need_release(release);
begin
	select * into e from pp.release v where v.id = e.id for no key update;
	if e.id is null or e.state <> 'WARTET' then
		perform pp.refuse('conflict', 'This does not wait for release any more.');
	elsif not pp.has_role(case e.kind when 'ABWAEGUNG' then 'manager' else 'releaser' end) and pp.current_account() <> all (e.writers) then
		perform pp.refuse('forbidden', 'Whoever may send it out releases it or gives it back.');
	end if;
	return e;
end
$$;

create function pp_api.release_settle(e pp.release, state text, reason text, result uuid, at timestamptz) returns pp.release
language plpgsql volatile as $$
declare
	v pp.release;
begin
	update pp.release o set state = $2, settled_at = at, settled_by = pp.current_account(), reason = $3, result = $4 where o.id = e.id
		returning * into v;
	perform pp.emit('release.' || case $2 when 'FREIGEGEBEN' then 'released' when 'ZURUECKGEGEBEN' then 'given_back' else 'taken_back' end, at,
		v.procedure, null, v.invitation, null, bodies => array[v.body], data => json_build_object('release', v.id, 'kind', v.kind));
	return v;
end
$$;

-- It goes out now: the statement or resolution as it was handed in, received now. The answer has it with its receipt.
create function pp_api.release_release(release uuid, at timestamptz, idempotency_key text, request_sha256 bytea) returns pp.reply
language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	e pp.release;
	result uuid;
begin
	if r.status is not null then
		return r;
	end if;
	e := pp_api.waiting_release(release);
	if pp.current_account() = any (e.writers) then
		perform pp.refuse('second_person_required', 'Somebody else releases it than who has written it or handed it in.');
	end if;
	if e.kind = 'STELLUNGNAHME' then
		result := pp_api.draft_release(e.draft, e.content, at);
	elsif e.kind = 'ERGAENZUNG' then
		result := (pp_api.supplement_store(pp_api.my_statement(e.statement), e.content, at)).id;
	elsif e.kind = 'RUECKNAHME' then
		result := pp_api.withdrawal_store(pp_api.my_statement(e.statement), e.content, at);
	elsif e.kind = 'BESCHLUSS' then
		result := pp_api.resolution_store(pp_api.my_statement(e.statement), e.content, at);
	elsif e.content ->> 'proposals_sha256' <> pp_api.weighing_fingerprint(e.procedure) then
		perform pp.refuse('conflict', 'The proposals have changed since this was handed in: give it back, and it is handed in anew.');
	else
		result := (pp_api.weighing_store(pp_api.own_procedure(e.procedure), e.content, at)).id;
	end if;
	e := pp_api.release_settle(e, 'FREIGEGEBEN', null, result, at);
	return pp.remember(idempotency_key, pp.ok(pp_api.release_result(e, at)));
end
$$;

-- As JSON, not JSONB: what a receipt says is signed to the letter.
create function pp_api.release_result(e pp.release, at timestamptz) returns json language sql stable as $$
	select case when e.kind = 'ABWAEGUNG' then json_build_object('release', pp_api.release_json(e, at), 'submitted', null,
			'resolution', (select pp_api.resolution_json(v) from pp.weighing_resolution v where v.id = e.result))
		else json_build_object('release', pp_api.release_json(e, at), 'submitted', case when e.kind = 'BESCHLUSS' then pp_api.statement_json(e.result)::json
			else pp_api.with_receipt(pp_api.statement_json(e.result), case e.kind when 'RUECKNAHME' then 'RUECKNAHME' else 'EINGANG' end, e.result) end,
			'resolution', null) end
$$;

-- With a reason, to whoever wrote it: then it can be changed and handed in once more.
create function pp_api.release_give_back(release uuid, body jsonb, at timestamptz) returns pp.reply language plpgsql volatile as $$
declare
	e pp.release := pp_api.waiting_release(release);
	address text;
begin
	if not pp.has_role(case e.kind when 'ABWAEGUNG' then 'manager' else 'releaser' end) then
		perform pp.refuse('forbidden', 'Whoever may send it out releases it or gives it back.');
	end if;
	e := pp_api.release_settle(e, 'ZURUECKGEGEBEN', btrim(body ->> 'reason'), null, at);
	address := pp_api.colleague_mail(e.handed_in_by);
	if address is not null and e.handed_in_by <> pp.current_account() then
		perform pp_api.mail_enqueue('release_given_back', address, 'de', (select jsonb_build_object('title', p.title, 'number', p.number,
			'who', pp_api.colleague(pp.current_account(), pp.day(at)) ->> 'name', 'text', e.reason, 'deadline', (select pp.iso(i.deadline) from pp.invitation i where i.id = e.invitation))
			from pp_api.procedure_visible p where p.id = e.procedure), null, null, at);
	end if;
	return pp.ok(pp_api.release_json(e, at)::json);
end
$$;

create function pp_api.release_take_back(release uuid, at timestamptz) returns pp.reply language plpgsql volatile as $$
declare
	e pp.release := pp_api.waiting_release(release);
begin
	if pp.current_account() <> all (e.writers) then
		perform pp.refuse('forbidden', 'Only who has written it or handed it in takes it back.');
	end if;
	return pp.ok(pp_api.release_json(pp_api.release_settle(e, 'ZURUECKGENOMMEN', null, null, at), at)::json);
end
$$;

-- The clerk's: two days before the last one and on that day, at eight in the morning, those who may release are reminded.
create function pp_api.release_marks(deadline_at timestamptz) returns setof timestamptz language sql immutable as $$
	select (($1 at time zone 'Europe/Berlin') - h) at time zone 'Europe/Berlin' from unnest('{64 h,16 h}'::interval[]) h
$$;

create function pp_api.release_due() returns timestamptz language sql stable as $$
	select min(m) from pp.release e join pp.invitation i on i.id = e.invitation cross join lateral pp_api.release_marks(i.deadline_at) m
	 where e.state = 'WARTET' and e.kind in ('STELLUNGNAHME', 'ERGAENZUNG') and m > coalesce(e.reminded_until, e.handed_in_at)
$$;

create function pp_api.release_tick(at timestamptz, recorded_at timestamptz) returns int language plpgsql volatile as $$
declare
	e record;
	count int := 0;
begin
	for e in select r.id, r.body, r.kind, r.procedure, r.invitation, r.writers from pp.release r join pp.invitation i on i.id = r.invitation
		 where r.state = 'WARTET' and r.kind in ('STELLUNGNAHME', 'ERGAENZUNG')
		   and exists (select from pp_api.release_marks(i.deadline_at) m where m > coalesce(r.reminded_until, r.handed_in_at) and m <= at)
		 order by r.id
	loop
		count := count + 1;
		update pp.release r set reminded_until = at where r.id = e.id;
		perform pp_api.release_mail('release_due', e.body, 'releaser', e.writers, pp_api.release_about(e.kind, e.procedure, e.invitation, e.body),
			recorded_at);
		perform pp.emit('release.due', recorded_at, e.procedure, null, e.invitation, null, bodies => array[e.body],
			data => json_build_object('release', e.id, 'kind', e.kind));
	end loop;
	return count;
end
$$;

grant execute on function pp_api.release_json(pp.release, timestamptz), pp_api.need_release(uuid), pp_api.release_list(bool, int, timestamptz),
	pp_api.release_show(uuid, timestamptz), pp_api.release_begin(pp.release, text, timestamptz), pp_api.release_reply(jsonb),
	pp_api.release_about(text, uuid, uuid, text), pp_api.release_mail(text, text, text, uuid[], jsonb, timestamptz),
	pp_api.draft_hand_in(uuid, timestamptz, text, bytea), pp_api.statement_hand_in(uuid, jsonb, timestamptz, text, bytea),
	pp_api.weighing_fingerprint(uuid), pp_api.weighing_hand_in(uuid, jsonb, timestamptz, text, bytea), pp_api.waiting_release(uuid),
	pp_api.release_settle(pp.release, text, text, uuid, timestamptz), pp_api.release_release(uuid, timestamptz, text, bytea),
	pp_api.release_result(pp.release, timestamptz), pp_api.release_give_back(uuid, jsonb, timestamptz), pp_api.release_take_back(uuid, timestamptz) to pp_server;
grant execute on function pp_api.release_marks(timestamptz), pp_api.release_due(), pp_api.release_tick(timestamptz, timestamptz),
	pp_api.release_about(text, uuid, uuid, text), pp_api.release_mail(text, text, text, uuid[], jsonb, timestamptz) to pp_clerk;

grant create on schema pp_api to pp_sign_in;
alter function pp_api.release_mail(text, text, text, uuid[], jsonb, timestamptz) owner to pp_sign_in;
revoke create on schema pp_api from pp_sign_in;
