-- SPDX-License-Identifier: EUPL-1.2
-- Statements: checked, stored once and for good, shown, supplemented, withdrawn, published.

-- The points of a statement as they are stored: the ones given, or the one free text. Refusals
-- name the field. A body that is no planning authority states no goal of regional planning.
create function pp_api.statement_points(content jsonb, participant text) returns jsonb
language plpgsql stable as $$
declare
	stance text := content ->> 'stance';
	points jsonb := coalesce(content -> 'points', '[]');
	whole text := nullif(btrim(content ->> 'text'), '');
	wrong int;
begin
	if stance is null or stance not in ('KEINE_BETROFFENHEIT', 'KEINE_BEDENKEN', 'HINWEISE',
		'ANREGUNGEN', 'BEDENKEN', 'EINWENDUNG', 'ABLEHNUNG') then
		perform pp.refuse('invalid_body', 'A statement has a stance.', '/stance');
	end if;
	if jsonb_array_length(points) = 0 and whole is not null then
		points := jsonb_build_array(jsonb_build_object('text', whole, 'kind', case
			when stance = 'ANREGUNGEN' then 'ANREGUNG'
			when stance in ('BEDENKEN', 'EINWENDUNG', 'ABLEHNUNG') then 'EINWAND' else 'HINWEIS' end));
	elsif jsonb_array_length(points) = 0 and stance not like 'KEINE_%' then
		perform pp.refuse('invalid_body', 'Say in a text or in points what it is about.', '/text');
	end if;
	select n into wrong from jsonb_array_elements(points) with ordinality u (point, n)
	 where coalesce(btrim(point ->> 'text'), '') = '' order by n limit 1;
	if wrong is not null then
		perform pp.refuse('invalid_body', 'A point has a text.', format('/points/%s/text', wrong - 1));
	end if;
	select n into wrong from jsonb_array_elements(points) with ordinality u (point, n)
	 where point ->> 'kind' = 'ZIEL_DER_RAUMORDNUNG' and not exists (select from pp.body b
		where b.key = participant and b.kind in ('LANDESPLANUNG', 'LAND')) order by n limit 1;
	if wrong is not null then
		perform pp.refuse('point_kind_not_allowed', 'Only a planning authority states a goal of regional planning.',
			format('/points/%s/kind', wrong - 1));
	end if;
	-- Mostly axes that are swapped; what lies elsewhere could not even be transformed.
	select n into wrong from jsonb_array_elements(points) with ordinality u (point, n)
	 where not ST_GeomFromWKB(decode(point ->> 'geometry', 'hex'), 4326)
		@ ST_MakeEnvelope(3, 46, 18, 57, 4326) order by n limit 1;
	if wrong is not null then
		perform pp.refuse('geometry_out_of_area', 'The place of a point does not lie in Germany.',
			format('/points/%s/geometry', wrong - 1));
	end if;
	return points;
end
$$;

-- The next number of a procedure's statements; a supplement counts within its parent.
create function pp_api.take_statement_number(procedure uuid, parent uuid) returns text
language plpgsql volatile as $$
declare
	result int;
begin
	if parent is not null then
		return (select s.number || '-' || 1 + (select count(*) from pp.statement c where c.parent = s.id)
			from pp.statement s where s.id = $2);
	end if;
	insert into pp.statement_number as n (procedure, last) values ($1, 1)
		on conflict on constraint statement_number_pkey do update set last = n.last + 1
		returning n.last into result;
	return (select p.number || '-' || lpad(result::text, greatest(3, length(result::text)), '0')
		from pp_api.procedure_visible p where p.id = $1);
end
$$;

-- What a receipt is of: whoever keeps it can compute the SHA-256 of this text again.
create function pp_api.statement_content(procedure uuid, invitation uuid, participant text, parent uuid,
	content jsonb, points jsonb, received_at timestamptz) returns text
language sql stable as $$
	select jsonb_build_object('procedure', $1, 'invitation', $2, 'participant', $3, 'parent', $4,
		'stance', content -> 'stance', 'text', content -> 'text',
		'reservation', content -> 'reservation', 'points', $6,
		'received_at', pp.rfc3339($7))::text
$$;

-- A point as it was sent, as a row; the place in EPSG:25832.
create function pp_api.point_row(statement uuid, no int, point jsonb) returns pp.statement_point
language plpgsql stable as $$
declare
	t pp.statement_point;
begin
	t.statement := statement;
	t.no := no;
	t.kind := coalesce(point ->> 'kind', 'HINWEIS');
	t.topic := point ->> 'topic';
	t.text := point ->> 'text';
	t.legal_basis := point ->> 'legal_basis';
	t.remedy := point ->> 'remedy';
	t.document := point ->> 'document';
	t.page := point ->> 'page';
	t.geom := ST_Transform(ST_GeomFromWKB(decode(point ->> 'geometry', 'hex'), 4326), 25832);
	return t;
end
$$;

-- Of the planning body those read what persons say who conduct its procedures or prepare that; its other members see
-- numbers. Authors read themselves.
create function pp_api.reads_persons(s pp.statement) returns bool language sql stable as $$
	select coalesce(s.planner_body <> pp.current_body(), true) or pp.has_role('manager') or pp.has_role('clerk')
$$;

-- The points of a statement in whole: a body's as they lie there, a person's opened for as long as there is a key.
create function pp_api.points_of(statement uuid) returns setof pp.statement_point
language plpgsql stable rows 3 as $$
declare
	s pp.statement;
	content jsonb;
begin
	select * into s from pp.statement v where v.id = $1;
	if s.person is null then
		return query select t.* from pp.statement_point t where t.statement = $1;
	else
		content := case when pp_api.reads_persons(s) then pp_api.opened(s.person, s.sealed)::jsonb end;
		return query select (pp_api.point_row($1, t.no, jsonb_build_object('kind', t.kind)
				|| coalesce(content -> 'points' -> (t.no - 1), '{}'))).*
			from pp.statement_point t where t.statement = $1;
	end if;
end
$$;

create function pp_api.points_write(s pp.statement, points jsonb) returns void language plpgsql volatile as $$
declare
	t pp.statement_point;
	square text;
begin
	for t in select (pp_api.point_row(s.id, u.no::int, u.point)).*
		from jsonb_array_elements(points) with ordinality u (point, no)
	loop
		if s.person is not null then
			square := pp.cell(t.geom);
			t := pp_api.point_row(s.id, t.no, jsonb_build_object('kind', t.kind));
			t.person := s.person;
			t.cell := square;
		end if;
		t.planner_body := s.planner_body;
		t.participant := s.participant;
		t.mailbox_body := s.mailbox_body;
		t.author_account := s.author_account;
		t.entered_by := s.entered_by;
		insert into pp.statement_point select t.*;
	end loop;
end
$$;

-- s brings where it belongs; this gives it its number, its text, its points, its attachments and its event. What a person
-- says is sealed whole, and the hash of its receipt is salted.
create function pp_api.statement_store(s pp.statement, content jsonb, at timestamptz)
returns pp.statement language plpgsql volatile as $$
declare
	points jsonb := pp_api.statement_points(content, s.participant);
	receipt text;
begin
	s.id := pp.uuid7(at);
	s.number := pp_api.take_statement_number(s.procedure, s.parent);
	s.author_account := case when s.entered_by is null then pp.current_account() end;
	s.channel := coalesce(s.channel, 'PORTAL');
	s.received_at := coalesce(s.received_at, at);
	s.text := nullif(btrim(content ->> 'text'), '');
	s.reservation := nullif(btrim(content ->> 'reservation'), '');
	receipt := pp_api.statement_content(s.procedure, s.invitation, s.participant, s.parent, content, points, s.received_at);
	s.content_sha256 := sha256(convert_to(receipt, 'UTF8'));
	s.alike := pp.same_words(coalesce((select string_agg(p ->> 'text', ' ' order by n)
		from jsonb_array_elements(points) with ordinality x (p, n)), s.text, content ->> 'stance'));
	s.alike := pp_keys.alike(s.procedure, s.alike);
	if s.person is not null then
		s.content_sha256 := pp_keys.salted_sha256(s.person, receipt);
		s.sealed := pp_keys.seal(s.person, jsonb_build_object('text', s.text, 'reservation', s.reservation,
			'points', points)::text);
		s.text := null;
		s.reservation := null;
		s.cells := (select array_agg(distinct c order by c) from jsonb_array_elements(points) p,
			pp.cell((pp_api.point_row(s.id, 1, p)).geom) c where c is not null);
	end if;
	insert into pp.statement (id, number, procedure, round, plan, invitation, parent, planner_body,
		participant, mailbox_body, acting_body, author_account, person, author_role, channel, stance, text,
		reservation, sealed, received_at, deadline_at, content_sha256, alike, received_on, evidence, signatures, cells,
		entered_at, entered_by, entered_by_label, invitation_link, signed_by, state)
		values (s.id, s.number, s.procedure, s.round, s.plan, s.invitation, s.parent, s.planner_body,
			s.participant, s.mailbox_body, s.acting_body, s.author_account, s.person, s.author_role, s.channel,
			content ->> 'stance', s.text, s.reservation, s.sealed, s.received_at, s.deadline_at, s.content_sha256,
			s.alike, s.received_on, s.evidence, s.signatures, s.cells, s.entered_at, s.entered_by, s.entered_by_label,
			s.invitation_link, s.signed_by, 'EINGEGANGEN')
		returning * into s;
	perform pp_api.points_write(s, points);
	perform pp_api.attachments_claim(s, content);
	perform pp.emit('statement.submitted', at, s.procedure, s.round, s.invitation, s.id,
		bodies => array[s.planner_body, s.participant, s.mailbox_body],
		data => json_build_object('number', s.number, 'body', s.participant, 'stance', s.stance,
			'on_time', s.on_time));
	perform pp_api.receipt_statement('EINGANG', s, at);
	return s;
end
$$;

-- After an answer came: the latest stance, the first receipt, late only if none was in time. Looks at
-- the new statement alone, because there may be many.
create function pp_api.invitation_answered(invitation uuid, s pp.statement, at timestamptz)
returns void language plpgsql volatile as $$
declare
	i pp.invitation;
begin
	update pp.invitation v
	   set state = pp.step_state('invitation', case when s.stance like 'KEINE_%' then 'answer_none'
			else 'answer' end, v.state),
		stance = s.stance, answered_at = coalesce(v.answered_at, s.received_at),
		answered_late = not s.on_time and (v.answered_at is null or v.answered_late),
		received_at = coalesce(v.received_at, s.received_at),
		received_how = coalesce(v.received_how, 'ANTWORT'), version = v.version + 1
	 where v.id = $1 returning * into strict i;
	perform pp_api.invitation_emit(i, 'invitation.answered', at);
end
$$;

-- After one was taken back or went astray: what the invitation shows of all that still stand.
create function pp_api.invitation_follow(invitation uuid, at timestamptz) returns void
language plpgsql volatile as $$
declare
	i pp.invitation;
	answer record;
	event text;
begin
	select * into strict i from pp.invitation v where v.id = $1;
	select min(s.received_at) as first, not bool_or(s.on_time) as late,
		(array_agg(s.stance order by s.received_at desc, s.id desc))[1] as stance
	  into answer from pp.statement s
	 where s.invitation = i.id and s.withdrawn_at is null
	   and s.discard_kind is distinct from 'IRRLAEUFER';
	event := case when answer.first is null then 'take_answer_back'
		when answer.stance like 'KEINE_%' then 'answer_none' else 'answer' end;
	update pp.invitation v
	   set state = pp.step_state('invitation', event, i.state), stance = answer.stance,
		answered_at = answer.first, answered_late = coalesce(answer.late, false),
		received_at = coalesce(i.received_at, answer.first),
		received_how = coalesce(i.received_how, case when answer.first is not null then 'ANTWORT' end),
		version = i.version + 1
	 where v.id = i.id returning * into i;
	perform pp_api.invitation_emit(i, 'invitation.answered', at);
end
$$;

-- Where an answer to an invitation belongs.
create function pp_api.statement_of_invitation(i pp.invitation) returns pp.statement
language plpgsql stable as $$
declare
	s pp.statement;
	kind text := (select b.kind from pp.body b where b.key = i.participant);
begin
	if exists (select from pp.procedure p where p.id = i.procedure and p.withdrawn_at is not null) then
		perform pp.refuse('procedure_withdrawn', 'The procedure was withdrawn; nobody is asked any more.');
	elsif i.cancelled_at is not null then
		perform pp.refuse('round_cancelled', 'The notice was withdrawn before the round began; you will be asked anew.');
	end if;
	s.procedure := i.procedure;
	s.round := i.round;
	s.plan := i.plan;
	s.invitation := i.id;
	s.planner_body := i.planner_body;
	s.participant := i.participant;
	s.mailbox_body := i.mailbox_body;
	s.acting_body := pp.current_body();
	s.author_role := case when not i.is_authority then 'NACHB'
		when kind in ('LANDESPLANUNG', 'LAND') then 'LAND' else 'TOEB' end;
	s.deadline_at := i.deadline_at;
	return s;
end
$$;

create function pp_api.statement_submit_for(i pp.invitation, content jsonb, at timestamptz)
returns uuid language plpgsql volatile as $$
declare
	s pp.statement := pp_api.statement_of_invitation(i);
begin
	s := pp_api.statement_store(s, content, at);
	perform pp_api.invitation_answered(i.id, s, at), pp_api.acted('ABGABE', '{releaser}', i, s, at);
	return s.id;
end
$$;

create function pp_api.statement_submit(invitation uuid, body jsonb, at timestamptz,
	idempotency_key text, request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	new_id uuid;
begin
	if r.status is not null then
		return r;
	end if;
	perform pp_api.need_second(pp.current_account());
	new_id := pp_api.statement_submit_for(pp_api.my_invitation(invitation), body, at);
	return pp.remember(idempotency_key,
		pp.created('/api/v1/statements/' || new_id,
			pp_api.with_receipt(pp_api.statement_json(new_id), 'EINGANG', new_id)));
end
$$;

-- One answer for several invitations of one procedure: one statement each, all or none. Attachments were announced for any of
-- them, and go with each.
create function pp_api.inbox_answer(body jsonb, at timestamptz, idempotency_key text,
	request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	i pp.invitation;
	asked pp.invitation[] := '{}';
	files jsonb := '[]';
	ids uuid[] := '{}';
begin
	if r.status is not null then
		return r;
	end if;
	perform pp_api.need_second(pp.current_account());
	-- In one order, whatever the request's: two that overlap wait for each other, not forever.
	for i in select (pp_api.my_invitation(u.id)).* from (select distinct value::uuid as id
		from jsonb_array_elements_text(body -> 'invitations') order by 1) u
	loop
		asked := array_append(asked, i);
		if i.procedure <> (asked[1]).procedure then
			perform pp.refuse('several_procedures', 'Answer the invitations of one procedure at a time.', '/invitations');
		end if;
	end loop;
	if cardinality(asked) = 0 then
		perform pp.refuse('invalid_body', 'Name the invitations.', '/invitations');
	end if;
	foreach i in array asked loop
		files := files || jsonb_build_array(pp_api.attachments_for(i, body -> 'attachments', array(select v.id from unnest(asked) v), at));
	end loop;
	for n in 1 .. cardinality(asked) loop
		ids := ids || pp_api.statement_submit_for(asked[n], body - 'invitations' || jsonb_build_object('attachments', files -> n - 1), at);
	end loop;
	return pp.remember(idempotency_key, pp.created('/api/v1/inbox', json_build_object('statements',
		(select json_agg(pp_api.with_receipt(pp_api.statement_json(u), 'EINGANG', u) order by n) from unnest(ids) with ordinality x (u, n)))));
end
$$;

-- Somebody who acts for a body speaks for it: what they say for themselves they say as a person.
create function pp_api.need_self() returns void language plpgsql stable as $$
begin
	if pp.current_account() is not null and pp.current_body() is not null then
		perform pp.refuse('forbidden', 'You act for a body: answer its invitation. To speak for yourself, sign in and act as a person (POST /session/body with null).');
	end if;
end
$$;

-- A round that asks the public, for whoever answers. Before it opens there is nothing to answer to;
-- after it has closed a statement is late, not refused (§ 4a (5) BauGB).
create function pp_api.public_round(round uuid, at timestamptz) returns pp_api.round_visible
language plpgsql stable as $$
declare
	d pp_api.round_visible;
begin
	select * into d from pp_api.round_visible v where v.id = $1;
	if not found then
		perform pp.refuse('round_not_found', 'There is no such round that you may see.');
	elsif (pp_api.need_procedure(d.procedure)).withdrawn_at is not null then
		perform pp.refuse('procedure_withdrawn', 'The procedure was withdrawn; nobody is asked any more.');
	elsif d.cancelled_at is not null then
		perform pp.refuse('round_cancelled', 'The notice was withdrawn before the round began.');
	elsif d.audience <> 'OEFF' then
		perform pp.refuse('round_not_public', 'This round asks bodies; they answer by their invitation.');
	elsif d.opens_at > at then
		perform pp.refuse('round_not_open', 'This round has not begun yet.');
	end if;
	perform pp_api.need_self();
	return d;
end
$$;

-- Anybody, with an account or without. What counts is the text: who it is from may be left out (the duty
-- to examine what was stated in time, § 3 (2) sentence 6 BauGB, asks for no name). Received when its last
-- byte was read; no link that is sent afterwards decides anything.
create function pp_api.statement_submit_round(round uuid, body jsonb, at timestamptz,
	idempotency_key text, request_sha256 bytea, lang text default 'de') returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply;
	owner uuid;
	d pp_api.round_visible;
	content jsonb := pp_api.person_content(body -> 'person');
	m record;
	s pp.statement;
begin
	perform pp_api.key_owner(round, idempotency_key, request_sha256);
	owner := pp.current_person();
	r := pp_api.recall_sealed(idempotency_key, request_sha256);
	if r.status is not null then
		return r;
	end if;
	d := pp_api.public_round(round, at);
	perform pp_api.person_check(content, body -> 'consents');
	s.procedure := d.procedure;
	s.round := d.id;
	s.plan := d.plan;
	s.planner_body := d.planner_body;
	s.author_role := 'OEFF';
	s.deadline_at := d.closes_at;
	m := pp_api.person_make(s.procedure, s.planner_body, content, false, at);
	s.person := m.person;
	s := pp_api.statement_store(s, body - '{person,consents}'::text[], at);
	perform pp_api.consent_write(s.person, body -> 'consents', at);
	if m.confirmation is not null then
		perform pp_api.mail_enqueue('address_confirmation', content ->> 'email', lang,
			jsonb_build_object('path', '/adresse#' || m.confirmation, 'statement', s.number), s.procedure, null, at,
			mailbox => pp_api.mailbox_mark(content ->> 'email'));
		perform pp_api.subscription_of_person(s.person, body -> 'consents', content ->> 'email', lang, false, at);
	end if;
	r := pp.created('/api/v1/statements/' || s.id, pp_api.with_receipt(pp_api.statement_json(s.id)
		|| jsonb_build_object('status_token', m.secret, 'notice_of_result', content is not null or pp.current_account() is not null),
		'EINGANG', s.id));
	if owner is not null then
		perform pp_api.person_act(owner);
	end if;
	return pp_api.remember_sealed(idempotency_key, r, s.person);
end
$$;

-- The same for whoever knows only the procedure: in the round that asks the public now, or asked it last.
create function pp_api.statement_submit_public(procedure uuid, body jsonb, at timestamptz,
	idempotency_key text, request_sha256 bytea, lang text default 'de') returns pp.reply language plpgsql volatile as $$
declare
	p pp_api.procedure_visible := pp_api.need_procedure(procedure);
	round uuid := (select v.id from pp_api.round_visible v
		 where v.procedure = p.id and v.audience = 'OEFF' and v.opens_at <= at and v.cancelled_at is null
		 order by v.opens_at desc, v.no desc limit 1);
begin
	if p.withdrawn_at is not null then
		perform pp.refuse('procedure_withdrawn', 'The procedure was withdrawn; nobody is asked any more.');
	elsif round is null then
		perform pp.refuse('round_not_open', 'No round of this procedure asks the public yet.');
	end if;
	return pp_api.statement_submit_round(round, body, at, idempotency_key, request_sha256, lang);
end
$$;

-- What goes from a statement to its supplement: where it belongs and whose it is, not how and when it came.
create function pp_api.supplement_of(parent pp.statement) returns pp.statement language plpgsql stable as $$
declare
	s pp.statement := parent;
begin
	s.parent := parent.id;
	s.channel := null;
	s.received_at := null;
	s.received_on := null;
	s.evidence := null;
	s.signatures := null;
	s.entered_at := null;
	s.entered_by := null;
	s.entered_by_label := null;
	return s;
end
$$;

-- Appends to what was submitted; it has its own receipt and the first one stays.
create function pp_api.statement_supplement(statement uuid, body jsonb, at timestamptz,
	idempotency_key text, request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp_api.recall_sealed(idempotency_key, request_sha256);
	s pp.statement;
begin
	if r.status is not null then
		return r;
	end if;
	s := pp_api.my_statement(statement);
	if s.invitation is not null then
		perform pp_api.need_second(pp.current_account());
	end if;
	s := pp_api.supplement_store(s, body, at);
	return pp_api.remember_sealed(idempotency_key,
		pp.created('/api/v1/statements/' || s.id, pp_api.with_receipt(pp_api.statement_json(s.id), 'EINGANG', s.id)), s.person);
end
$$;

create function pp_api.supplement_check(parent pp.statement) returns void language plpgsql stable as $$
begin
	if parent.parent is not null then
		perform pp.refuse('conflict', 'Supplement the statement itself, not its supplement.');
	end if;
	perform pp.step_state('statement', 'supplement', parent.state);
end
$$;

create function pp_api.supplement_store(parent pp.statement, body jsonb, at timestamptz) returns pp.statement language plpgsql volatile as $$
declare
	s pp.statement;
begin
	perform pp_api.supplement_check(parent), pp_api.need_key(parent);
	s := pp_api.supplement_of(parent);
	s.acting_body := case when parent.invitation is not null then pp.current_body() end;
	s.deadline_at := coalesce((select i.deadline_at from pp.invitation i where i.id = parent.invitation), parent.deadline_at);
	s := pp_api.statement_store(s, jsonb_build_object('stance', parent.stance) || body, at);
	if parent.invitation is not null then
		perform pp_api.invitation_answered(parent.invitation, s, at), pp_api.acted('ERGAENZUNG', '{releaser}', null, s, at);
	end if;
	return s;
end
$$;
