-- SPDX-License-Identifier: EUPL-1.2
-- Statements that staff enter: letters, faxes, mails, what was said for the record. And what is alike.

-- The instant that lateness is judged by: the one that is known, else the end of the day that is known (until its end
-- a letter box is emptied in time), but not later than it was entered.
create function pp_api.entered_instant(body jsonb, begins_on date, at timestamptz) returns timestamptz
language plpgsql stable as $$
declare
	day date := (body ->> 'received_on')::date;
	instant timestamptz := (body ->> 'received_at')::timestamptz;
begin
	if day > pp.day(at) then
		perform pp.refuse('invalid_body', 'What will be received is not received yet.', '/received_on');
	elsif day < begins_on then
		perform pp.refuse('invalid_body', format('Nobody was asked before %s.', pp.iso(begins_on)), '/received_on');
	elsif instant is not null and (pp.day(instant) <> day or instant > at) then
		perform pp.refuse('invalid_body', 'The instant lies on that day and not ahead.', '/received_at');
	end if;
	return coalesce(instant, least((day + 1)::timestamp at time zone 'Europe/Berlin' - interval '1 microsecond', at));
end
$$;

-- Where it belongs: to the statement that it adds to, to a body's invitation, or to a person in a round that asks the public.
create function pp_api.entry_place(d pp_api.round_visible, body jsonb) returns pp.statement
language plpgsql volatile as $$
declare
	s pp.statement;
	o pp.statement;
	i pp.invitation;
begin
	if body ->> 'supplement_to' is not null then
		select * into o from pp.statement v
		 where v.id = (body ->> 'supplement_to')::uuid and v.round = d.id and v.parent is null for no key update;
		if not found then
			perform pp.refuse('statement_not_found', 'There is no such statement in this round.', '/supplement_to');
		end if;
		perform pp.step_state('statement', 'supplement', o.state);
		perform pp_api.need_key(o);
		s := pp_api.supplement_of(o);
	elsif body ->> 'invitation' is not null then
		select * into i from pp.invitation v where v.id = (body ->> 'invitation')::uuid and v.round = d.id for no key update;
		if not found then
			perform pp.refuse('invitation_not_found', 'There is no such invitation in this round.', '/invitation');
		end if;
		s := pp_api.statement_of_invitation(i);
		s.acting_body := i.participant;
	elsif d.audience <> 'OEFF' then
		perform pp.refuse('invalid_body', 'Name the invitation that this answers.', '/invitation');
	else
		s.procedure := d.procedure;
		s.round := d.id;
		s.plan := d.plan;
		s.planner_body := d.planner_body;
		s.author_role := 'OEFF';
		s.deadline_at := d.closes_at;
	end if;
	return s;
end
$$;

-- Of a round of one's own: what the entry belongs to, and the instant that it is judged by.
create function pp_api.entry_begin(round uuid, body jsonb, at timestamptz) returns pp.statement
language plpgsql volatile as $$
declare
	d pp_api.round_visible;
	s pp.statement;
begin
	select * into d from pp_api.round_visible v where v.id = $1;
	if not found then
		perform pp.refuse('round_not_found', 'There is no such round that you may see.');
	elsif d.planner_body is distinct from pp.current_body() then
		perform pp.refuse('forbidden', 'Only the planning body enters what was sent to it.');
	elsif d.cancelled_at is not null then
		perform pp.refuse('round_cancelled', 'The notice was withdrawn before the round began.');
	end if;
	s := pp_api.entry_place(d, body);
	s.received_on := (body ->> 'received_on')::date;
	s.received_at := pp_api.entered_instant(body, least(pp.day(d.opens_at),
		(select pp.day(i.sent_at) from pp.invitation i where i.id = s.invitation)), at);
	return s;
end
$$;

-- For the planning body; body: channel, received_on, received_at, evidence, signatures, invitation or person or
-- supplement_to, and what was said. The answer has hints at what it may be a duplicate of.
create function pp_api.statement_enter(round uuid, body jsonb, at timestamptz, idempotency_key text,
	request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp_api.recall_sealed(idempotency_key, request_sha256);
	content jsonb := pp_api.person_content(body -> 'person');
	s pp.statement;
begin
	if r.status is not null then
		return r;
	end if;
	s := pp_api.entry_begin(round, body, at);
	perform pp_api.person_check(content, body -> 'consents');
	if content is not null and (s.invitation is not null or s.parent is not null) then
		perform pp.refuse('invalid_body', 'Whose it is follows from what it belongs to.', '/person');
	end if;
	s.channel := body ->> 'channel';
	s.evidence := btrim(body ->> 'evidence');
	s.signatures := (body ->> 'signatures')::int;
	s.entered_at := at;
	s.entered_by := pp.current_account();
	s.entered_by_label := pp_api.my_label();
	if s.author_role = 'OEFF' and s.person is null then
		s.person := (pp_api.person_make(s.procedure, s.planner_body, content, true, at)).person;
		perform pp_api.consent_write(s.person, body -> 'consents', at);
		perform pp_api.subscription_of_person(s.person, body -> 'consents', content ->> 'email', 'de', true, at);
	end if;
	s := pp_api.statement_store(s, jsonb_build_object('stance', (select o.stance from pp.statement o where o.id = s.parent))
		|| body - '{person,consents,channel,received_on,received_at,evidence,signatures,invitation,supplement_to}'::text[], at);
	if s.invitation is not null then
		perform pp_api.invitation_follow(s.invitation, at);
	end if;
	return pp_api.remember_sealed(idempotency_key, pp.created('/api/v1/statements/' || s.id, pp_api.with_receipt(pp_api.statement_json(s.id)
		|| jsonb_build_object('duplicates', pp_api.duplicates_of(s.id)), 'EINGANG', s.id)), s.person);
end
$$;

-- Alike -----------------------------------------------------------------------------------------------

-- The words as they are compared: of the points, else the text, else the stance.
create function pp_api.words_of(statement uuid) returns text language sql stable as $$
	select coalesce((select string_agg(t.text, ' ' order by t.no) from pp_api.points_of($1) t), s.text, s.stance)
	  from pp.statement s where s.id = $1
$$;

-- One statement, which may not be filed yet, against the others of its procedure. Equal words, persons and bodies are
-- found by index; words that are only similar (trigrams, pg_trgm) among the thousand that came before it, opened one by
-- one and shown to nobody.
create function pp_api.duplicate_hints(me pp.statement, words text, marks bytea[]) returns jsonb language sql stable as $$
	with others as (
		select o.id, 'GLEICHER_TEXT' as why, null::numeric as similarity from pp.statement o
		 where o.procedure = me.procedure and o.alike = me.alike and o.stance not like 'KEINE_%'
		union all
		select o.id, 'GLEICHE_PERSON', null from pp.person q join pp.statement o on o.person = q.id
		 where q.marks && $3 and q.procedure = me.procedure
		union all
		select o.id, 'GLEICHE_STELLE', null from pp.statement o where o.participant = me.participant and o.round = me.round
		union all
		select n.id, 'AEHNLICHER_TEXT', round(n.similarity::numeric, 2)
		  from (select o.id, similarity(pp_api.words_of(o.id), $2) as similarity from (
				select v.id from pp.statement v where v.procedure = me.procedure and v.id is distinct from me.id
				   and v.alike is distinct from me.alike and length($2) >= 40
				 order by v.id desc limit 1000) o) n
		 where n.similarity >= 0.6)
	select coalesce(jsonb_agg(x.hint order by x.number), '[]') from (
		select s.number, jsonb_build_object('statement', s.id, 'number', s.number, 'participant', s.participant,
			'person', pp_api.person_short(s.person) -> 'name', 'received_at', pp.rfc3339(s.received_at), 'state', s.state,
			'why', jsonb_agg(distinct o.why), 'similarity', max(o.similarity)) as hint
		  from others o join pp.statement s on s.id = o.id
		 where s.id is distinct from me.id and (me.id is null or s.parent is distinct from me.id) and me.parent is distinct from s.id
		 group by s.id, s.number, s.participant, s.person, s.received_at, s.state) x
$$;

create function pp_api.duplicates_of(statement uuid) returns jsonb language sql stable as $$
	select pp_api.duplicate_hints(s, pp_api.words_of(s.id), (select p.marks from pp.person p where p.id = s.person))
	  from pp.statement s where s.id = $1
$$;

-- Before it is filed: in time or late, what the law makes of that, and what it may be a duplicate of. body: as of
-- statement_enter, of which only received_on is needed. Keeps nothing.
create function pp_api.statement_entry_preview(round uuid, body jsonb, at timestamptz, lang text) returns pp.reply
language plpgsql volatile as $$
declare
	s pp.statement := pp_api.entry_begin(round, body, at);
	words text := coalesce((select string_agg(p ->> 'text', ' ' order by n) from jsonb_array_elements(
		case jsonb_typeof(body -> 'points') when 'array' then body -> 'points' end) with ordinality x (p, n)),
		nullif(btrim(body ->> 'text'), ''));
	regime pp.lateness_regime;
begin
	s.on_time := s.received_at < s.deadline_at;
	s.alike := pp_keys.alike(s.procedure, pp.same_words(words));
	regime := (pp_api.lateness_of(s)).regime;
	return pp.ok(jsonb_build_object('received_at', pp.rfc3339(s.received_at), 'deadline_at', pp.rfc3339(s.deadline_at),
		'deadline', pp.iso(pp.last_day(s.deadline_at)), 'on_time', s.on_time,
		'days_late', case when not s.on_time then pp.day(s.received_at) - pp.last_day(s.deadline_at) end,
		'lateness', case when not s.on_time then jsonb_build_object('late_effect', pp_api.late_effect(s),
			'legal_basis', regime.legal_basis, 'text', case lang when 'en' then regime.text_en else regime.text_de end) end,
		'duplicates', pp_api.duplicate_hints(s, words,
			pp_api.person_marks(s.procedure, pp_api.person_content(body -> 'person'))))::json);
end
$$;

-- Of a whole procedure what is equal, in groups; of one statement everything.
create function pp_api.duplicate_list(procedure uuid, statement uuid) returns pp.reply language plpgsql stable as $$
declare
	p pp_api.procedure_visible := pp_api.weighed_procedure(procedure);
begin
	if statement is not null then
		perform from pp.statement s where s.id = statement and s.procedure = p.id;
		if not found then
			perform pp.refuse('statement_not_found', 'There is no such statement in this procedure.');
		end if;
		return pp.ok(json_build_object('items', pp_api.duplicates_of(statement)));
	end if;
	return pp.ok(json_build_object('items', (
		select coalesce(json_agg(json_build_object('why', g.why, 'statements', g.statements) order by g.first, g.statements::text), '[]') from (
			select 'GLEICHER_TEXT' as why, min(s.number) as first, json_agg(json_build_object('statement', s.id, 'number', s.number) order by s.number) as statements
			  from pp.statement s where s.procedure = p.id and s.stance not like 'KEINE_%' and s.alike is not null group by s.alike having count(*) > 1
			union all
			select 'GLEICHE_PERSON', min(s.number), json_agg(json_build_object('statement', s.id, 'number', s.number) order by s.number)
			  from pp.person q, unnest(q.marks) mark, pp.statement s
			 where q.procedure = p.id and s.person = q.id and s.parent is null group by mark having count(distinct q.id) > 1
			union all
			select 'GLEICHE_STELLE', min(s.number), json_agg(json_build_object('statement', s.id, 'number', s.number) order by s.number)
			  from pp.statement s where s.procedure = p.id and s.participant is not null and s.parent is null
			 group by s.round, s.participant having count(*) > 1) g)));
end
$$;

-- Confirmed addresses -----------------------------------------------------------------------------------

create function pp_api.person_by_confirmation(sha256 bytea) returns uuid
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select p.id from pp.person p where p.confirm_sha256 = $1 and p.erased_at is null
$$;

-- body: secret, of the link. Says that the address is the person's own, and nothing about what was sent.
create function pp_api.address_confirm(body jsonb, at timestamptz) returns pp.reply language plpgsql volatile as $$
declare
	person uuid := pp_api.person_by_confirmation(sha256(convert_to(body ->> 'secret', 'UTF8')));
begin
	if person is null then
		perform pp.refuse('confirmation_unknown', 'The link is wrong, or its address was erased.', '/secret');
	end if;
	perform pp_api.person_act(person);
	update pp.person p set confirmed_at = at where p.id = person and p.confirmed_at is null;
	update pp.subscription s set confirmed_at = at, ends_at = null where s.person = pp.current_person() and s.confirmed_at is null;
	return row(204, null, null, null, null)::pp.reply;
end
$$;

grant execute on function pp_api.entered_instant(jsonb, date, timestamptz),
	pp_api.entry_place(pp_api.round_visible, jsonb),
	pp_api.entry_begin(uuid, jsonb, timestamptz), pp_api.statement_enter(uuid, jsonb, timestamptz, text, bytea),
	pp_api.words_of(uuid), pp_api.duplicate_hints(pp.statement, text, bytea[]), pp_api.duplicates_of(uuid),
	pp_api.statement_entry_preview(uuid, jsonb, timestamptz, text),
	pp_api.duplicate_list(uuid, uuid), pp_api.person_by_confirmation(bytea),
	pp_api.address_confirm(jsonb, timestamptz) to pp_server;

grant create on schema pp_api to pp_sign_in;
alter function pp_api.person_by_confirmation(bytea) owner to pp_sign_in;
revoke create on schema pp_api from pp_sign_in;
