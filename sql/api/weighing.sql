-- SPDX-License-Identifier: EUPL-1.2
-- Weighing (§ 1 (7) BauGB): what was said in time is examined concern by concern, and the result is
-- communicated (§ 3 (2) sentence 6 BauGB). Drafts are the planning body's alone; author, participant
-- and mailbox see what was communicated (pp.weighing_result).

-- For whoever weighs: the statement of the own procedure, locked.
create function pp_api.weighed_statement(statement uuid) returns pp.statement
language plpgsql volatile as $$
declare
	s pp.statement;
begin
	select * into s from pp.statement v where v.id = $1 for no key update;
	if not found then
		perform pp.refuse('statement_not_found', 'There is no such statement that you may see.');
	elsif s.planner_body is distinct from pp.current_body() then
		perform pp.refuse('forbidden', 'Only the planning body weighs statements.');
	end if;
	return s;
end
$$;

-- States, ids and numbers only; the parties hear that something happened, not what is proposed.
create function pp_api.weighing_emit(kind text, s pp.statement, at timestamptz) returns void
language sql volatile as $$
	select pp.emit($1, at, s.procedure, s.round, s.invitation, s.id,
		bodies => array[s.planner_body, s.participant, s.mailbox_body],
		data => json_build_object('number', s.number, 'state', s.state))
$$;

-- Moves statements by an event of their machine, and tells of each.
create function pp_api.weighing_move(statements uuid[], event text, kind text, at timestamptz) returns bigint
language sql volatile as $$
	with moved as (
		update pp.statement s set state = pp.step_state('statement', $2, s.state), version = s.version + 1
		 where s.id = any ($1) returning s.*)
	select count(pp_api.weighing_emit($3, m, $4)::text) from moved m
$$;

-- Makes concerns of statements that have none yet: one of each point, else one of the whole.
create function pp_api.weighing_begin(statements uuid[], at timestamptz) returns void
language sql volatile as $$
	with begun as (
		insert into pp.weighing (statement, procedure, planner_body, same_sha256, begun_at, begun_by)
			select s.id, s.procedure, s.planner_body, coalesce(s.alike,
				pp_keys.alike(s.procedure, pp.same_words(pp_api.words_of(s.id)))), $2, pp.current_account()
			  from pp.statement s where s.id = any ($1)
			on conflict do nothing returning statement, procedure, planner_body)
	insert into pp.concern (id, statement, procedure, planner_body, no, point, topic, geom)
		select pp.uuid7($2), b.statement, b.procedure, b.planner_body, coalesce(t.no, 1), t.no, t.topic, t.geom
		  from begun b left join pp.statement_point t on t.statement = b.statement
$$;

create function pp_api.statement_accept(statement uuid, at timestamptz, idempotency_key text,
	request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp_api.recall_sealed(idempotency_key, request_sha256);
	s pp.statement;
begin
	if r.status is not null then
		return r;
	end if;
	s := pp_api.weighed_statement(statement);
	perform pp_api.weighing_begin(array[s.id], at);
	perform pp_api.weighing_move(array[s.id], 'accept', 'statement.accepted', at);
	return pp_api.remember_sealed(idempotency_key, pp_api.weighing_show(s.id), s.person);
end
$$;

-- All that have come so far.
create function pp_api.weighing_accept(procedure uuid, at timestamptz, idempotency_key text,
	request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	p pp.procedure;
	ids uuid[];
begin
	if r.status is not null then
		return r;
	end if;
	p := pp_api.own_procedure(procedure);
	ids := array(select s.id from pp.statement s
		where s.procedure = p.id and s.state = 'EINGEGANGEN' order by s.id for no key update);
	perform pp_api.weighing_begin(ids, at);
	perform pp_api.weighing_move(ids, 'accept', 'statement.accepted', at);
	return pp.remember(idempotency_key, pp.ok(json_build_object('accepted', cardinality(ids))));
end
$$;

-- The concern of an own statement, both locked, in a state in which its proposal may change.
create function pp_api.open_concern(concern uuid) returns pp.concern language plpgsql volatile as $$
declare
	c pp.concern;
begin
	select * into c from pp.concern v where v.id = $1;
	if found then
		perform pp_api.open_weighing(pp_api.weighed_statement(c.statement));
		select * into c from pp.concern v where v.id = $1 for no key update;
	end if;
	if c.id is null or c.dropped_at is not null then
		perform pp.refuse('concern_not_found', 'There is no such concern that you may see.');
	end if;
	return c;
end
$$;

-- Of a withdrawn statement too: what it says may have to be examined all the same.
create function pp_api.open_weighing(s pp.statement) returns void language plpgsql stable as $$
begin
	if s.state = 'EINGEGANGEN' then
		perform pp.refuse('conflict', format('Statement %s is not accepted yet.', s.number));
	elsif s.state in ('ENTSCHIEDEN', 'MITGETEILT')
		or exists (select from pp.concern c where c.statement = s.id and c.resolution is not null) then
		perform pp.refuse('weighing_decided', format('The weighing of statement %s is resolved on.', s.number));
	elsif s.state = 'VERWORFEN' then
		perform pp.refuse('conflict', format('Statement %s was discarded.', s.number));
	end if;
end
$$;

-- Moves statements between IN_BEARBEITUNG and VORGESCHLAGEN, as their concerns are complete or not.
create function pp_api.weighing_follow(statements uuid[], at timestamptz) returns void
language plpgsql volatile as $$
declare
	s pp.statement;
begin
	update pp.weighing w set version = w.version + 1 where w.statement = any ($1);
	for s in
		with u as (
			select v.id, v.state as before, case when exists (select from pp.concern c where c.statement = v.id
				and c.dropped_at is null and c.decision is null) then 'reopen' else 'propose' end as event
			  from pp.statement v where v.id = any ($1))
		update pp.statement v
		   set state = pp.step_state('statement', u.event, v.state), version = v.version + 1
		  from u where v.id = u.id and (u.before, u.event) in (('IN_BEARBEITUNG', 'propose'), ('VORGESCHLAGEN', 'reopen'))
		returning v.*
	loop
		perform pp_api.weighing_emit('statement.weighed', s, at);
	end loop;
end
$$;

-- § 4a (5) BauGB lets late statements be disregarded, never timely ones (§ 3 (2) sentence 6); whether it
-- does in this case is decided first (sql/api/lateness.sql), and the proposal follows that.
create function pp_api.check_proposal(decision text, reason text, s pp.statement) returns void
language plpgsql stable as $$
declare
	late_only bool := (select d.late_only from pp.weighing_decision d where d.code = $1);
	effect text := case when s.on_time then 'RECHTZEITIG' else pp_api.late_effect(s) end;
begin
	if coalesce(btrim(reason), '') = '' then
		perform pp.refuse('invalid_body', 'Say why.', '/reason');
	elsif late_only and effect <> 'UNBERUECKSICHTIGT_VERSPAETET' then
		perform pp.refuse('late_counts', case effect when 'OFFEN'
			then format('Decide about the lateness of statement %s first (POST /statements/%s/lateness).', s.number, s.id)
			else format('Statement %s counts and is examined (§ 3 (2) BauGB).', s.number) end, '/decision');
	elsif not late_only and effect = 'UNBERUECKSICHTIGT_VERSPAETET' then
		perform pp.refuse('conflict', format('Statement %s is disregarded as late; decide about its lateness anew to weigh it.', s.number), '/decision');
	end if;
end
$$;

create function pp_api.write_proposals(concerns uuid[], decision text, reason text, at timestamptz)
returns void language sql volatile as $$
	with changed as (
		update pp.concern c set decision = $2, reason = btrim($3), version = c.version + 1
		 where c.id = any ($1) returning c.id, c.planner_body)
	insert into pp.concern_proposal (concern, no, planner_body, decision, reason, proposed_at, proposed_by, proposed_by_label)
		select c.id, 1 + (select count(*) from pp.concern_proposal h where h.concern = c.id), c.planner_body, $2,
			btrim($3), $4, pp.current_account(), l.label
		  from changed c, (select pp_api.my_label() as label) l
$$;

-- body: decision, reason. May change until the council has resolved; every proposal is kept.
create function pp_api.concern_propose(concern uuid, body jsonb, if_match text, at timestamptz)
returns pp.reply language plpgsql volatile as $$
declare
	c pp.concern := pp_api.open_concern(concern);
begin
	perform pp.match(if_match, c.version);
	perform pp_api.check_proposal(body ->> 'decision', body ->> 'reason', s)
		from pp.statement s where s.id = c.statement;
	perform pp_api.write_proposals(array[c.id], body ->> 'decision', body ->> 'reason', at);
	perform pp_api.weighing_follow(array[c.statement], at);
	return pp_api.concern_show(c.id);
end
$$;

-- One proposal for every concern that has none, of the statements named, of a group, or of a stance.
create function pp_api.weighing_propose(procedure uuid, body jsonb, at timestamptz, idempotency_key text,
	request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	p pp.procedure;
	ids uuid[];
	concerns uuid[];
begin
	if r.status is not null then
		return r;
	end if;
	p := pp_api.own_procedure(procedure);
	if num_nonnulls(body ->> 'statements', body ->> 'group', body ->> 'stance') <> 1 then
		perform pp.refuse('invalid_body', 'Name statements, a group or a stance.', '/statements');
	end if;
	ids := array(select s.id from pp.statement s
		 where s.procedure = p.id and s.state = 'IN_BEARBEITUNG'
		   and (body ->> 'stance' is null or s.stance = body ->> 'stance')
		   and (body -> 'statements' is null or s.id in (select value::uuid from jsonb_array_elements_text(body -> 'statements')))
		   and (body ->> 'group' is null or s.id in (select w.statement from pp.weighing w
			where w.statement_group = (body ->> 'group')::uuid))
		 order by s.id for no key update);
	perform pp_api.check_proposal(body ->> 'decision', body ->> 'reason', s) from pp.statement s where s.id = any (ids);
	concerns := array(select c.id from pp.concern c
		 where c.statement = any (ids) and c.dropped_at is null and c.decision is null);
	if cardinality(concerns) = 0 then
		perform pp.refuse('conflict', 'None of these statements has a concern without a proposal.');
	end if;
	perform pp_api.write_proposals(concerns, body ->> 'decision', body ->> 'reason', at);
	perform pp_api.weighing_follow(ids, at);
	return pp.remember(idempotency_key, pp.ok(json_build_object('statements', cardinality(ids),
		'concerns', cardinality(concerns))));
end
$$;

-- The place of a concern that is given: {point, start, end, topic, geometry}, checked; refusals name it.
create function pp_api.concern_place(statement uuid, item jsonb, pointer text) returns pp.concern
language plpgsql stable as $$
declare
	c pp.concern;
	characters int;
begin
	c.point := coalesce((item ->> 'point')::int, 1);
	select length(t.text) into characters from pp_api.points_of($1) t where t.no = c.point;
	if characters is null and item ->> 'point' is null and item ->> 'start' is null then
		c.point := null;
	elsif characters is null then
		perform pp.refuse('invalid_body', 'The statement has no such point.', pointer || '/point');
	end if;
	c.span_start := (item ->> 'start')::int;
	c.span_end := (item ->> 'end')::int;
	if num_nulls(c.span_start, c.span_end) = 1 then
		perform pp.refuse('invalid_body', 'Give start and end, or neither.', pointer || '/start');
	elsif c.span_start >= c.span_end or c.span_end > characters then
		perform pp.refuse('invalid_body', format('start lies before end, end at most at %s.', characters), pointer || '/end');
	end if;
	c.topic := nullif(btrim(item ->> 'topic'), '');
	if not coalesce(ST_GeomFromWKB(decode(item ->> 'geometry', 'hex'), 4326) @ ST_MakeEnvelope(3, 46, 18, 57, 4326), true) then
		perform pp.refuse('geometry_out_of_area', 'The place of a concern does not lie in Germany.', pointer || '/geometry');
	end if;
	c.geom := ST_Transform(ST_GeomFromWKB(decode(item ->> 'geometry', 'hex'), 4326), 25832);
	return c;
end
$$;

create function pp_api.concern_add(s pp.statement, c pp.concern, at timestamptz) returns uuid
language sql volatile as $$
	insert into pp.concern (id, statement, procedure, planner_body, no, point, span_start, span_end, topic, geom)
		select pp.uuid7($3), s.id, s.procedure, s.planner_body, 1 + coalesce(max(o.no), 0), c.point, c.span_start,
			c.span_end, c.topic, c.geom
		  from pp.concern o where o.statement = s.id
		returning id
$$;

create function pp_api.concern_create(statement uuid, body jsonb, at timestamptz, idempotency_key text,
	request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp_api.recall_sealed(idempotency_key, request_sha256);
	s pp.statement;
	new_id uuid;
begin
	if r.status is not null then
		return r;
	end if;
	s := pp_api.weighed_statement(statement);
	perform pp_api.open_weighing(s);
	perform pp_api.weighing_begin(array[s.id], at);
	new_id := pp_api.concern_add(s, pp_api.concern_place(s.id, body, ''), at);
	perform pp_api.weighing_follow(array[s.id], at);
	return pp_api.remember_sealed(idempotency_key,
		pp.created('/api/v1/concerns/' || new_id, (pp_api.concern_show(new_id)).body, '1'), s.person);
end
$$;

-- All concerns at once: an id keeps one with its proposals, what has none is new, what is not named is
-- dropped (and kept on record). Nothing that was said may be left without a concern.
create function pp_api.concerns_divide(statement uuid, body jsonb, if_match text, at timestamptz)
returns pp.reply language plpgsql volatile as $$
declare
	s pp.statement := pp_api.weighed_statement(statement);
	item jsonb;
	i int;
	kept uuid[] := '{}';
	left_out int;
begin
	perform pp_api.open_weighing(s);
	perform pp_api.weighing_begin(array[s.id], at);
	perform pp.match(if_match, s.version + (select w.version from pp.weighing w where w.statement = s.id));
	for item, i in select value, ordinality - 1 from jsonb_array_elements(body -> 'concerns') with ordinality loop
		if item ->> 'id' is null then
			kept := kept || pp_api.concern_add(s, pp_api.concern_place(s.id, item, '/concerns/' || i), at);
		elsif exists (select from pp.concern c where c.id = (item ->> 'id')::uuid and c.statement = s.id
			and c.dropped_at is null) then
			kept := kept || (item ->> 'id')::uuid;
		else
			perform pp.refuse('concern_not_found', 'The statement has no such concern.', format('/concerns/%s/id', i));
		end if;
	end loop;
	update pp.concern c set dropped_at = at, version = c.version + 1
	 where c.statement = s.id and c.dropped_at is null and c.id <> all (kept);
	select t.no into left_out from pp.statement_point t
	 where t.statement = s.id and not exists (select from pp.concern c
		where c.statement = s.id and c.point = t.no and c.dropped_at is null) order by t.no limit 1;
	if left_out is not null or cardinality(kept) = 0 then
		perform pp.refuse('invalid_body', case when left_out is null then 'A statement has at least one concern.'
			else format('Point %s would be left unexamined (§ 3 (2) BauGB).', left_out) end, '/concerns');
	end if;
	perform pp_api.weighing_follow(array[s.id], at);
	return pp_api.weighing_show(s.id);
end
$$;

-- Throws away what does not belong here, with a reason; it is kept. body: kind, reason, duplicate_of.
-- Equal letters of several persons are a group, not duplicates: each of them is to be told the result.
create function pp_api.statement_discard(statement uuid, body jsonb, at timestamptz, idempotency_key text,
	request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp_api.recall_sealed(idempotency_key, request_sha256);
	s pp.statement;
	twin uuid := (body ->> 'duplicate_of')::uuid;
begin
	if r.status is not null then
		return r;
	end if;
	s := pp_api.weighed_statement(statement);
	if coalesce(btrim(body ->> 'reason'), '') = '' then
		perform pp.refuse('invalid_body', 'Say why.', '/reason');
	elsif (body ->> 'kind' = 'DUBLETTE') <> (twin is not null) then
		perform pp.refuse('invalid_body', 'A duplicate names the statement that stands, nothing else does.', '/duplicate_of');
	elsif twin is not null and not exists (select from pp.statement o where o.id = twin and o.id <> s.id
		and o.procedure = s.procedure and o.state <> 'VERWORFEN'
		and (coalesce(o.participant, o.author_account::text) = coalesce(s.participant, s.author_account::text) or o.person = s.person
			or exists (select from pp.person p join pp.person q on q.marks && p.marks where p.id = s.person and q.id = o.person))) then
		perform pp.refuse('invalid_body', 'A duplicate has the same author and procedure as the one that stands.', '/duplicate_of');
	end if;
	update pp.statement v
	   set state = pp.step_state('statement', 'discard', s.state), discarded_at = at,
		discarded_by = pp.current_account(), discard_kind = body ->> 'kind',
		discard_reason = btrim(body ->> 'reason'), duplicate_of = twin, version = s.version + 1
	 where v.id = s.id returning * into s;
	-- What was meant for somebody else is no answer to this invitation.
	if s.invitation is not null and s.discard_kind = 'IRRLAEUFER' then
		perform pp_api.invitation_follow(s.invitation, at);
	end if;
	perform pp_api.weighing_emit('statement.discarded', s, at);
	return pp_api.remember_sealed(idempotency_key, pp_api.weighing_show(s.id), s.person);
end
$$;

grant execute on function pp_api.weighed_statement(uuid), pp_api.weighing_emit(text, pp.statement, timestamptz),
	pp_api.weighing_move(uuid[], text, text, timestamptz), pp_api.weighing_begin(uuid[], timestamptz), pp_api.statement_accept(uuid, timestamptz, text, bytea),
	pp_api.weighing_accept(uuid, timestamptz, text, bytea), pp_api.open_concern(uuid),
	pp_api.open_weighing(pp.statement), pp_api.weighing_follow(uuid[], timestamptz),
	pp_api.check_proposal(text, text, pp.statement),
	pp_api.write_proposals(uuid[], text, text, timestamptz),
	pp_api.concern_propose(uuid, jsonb, text, timestamptz),
	pp_api.weighing_propose(uuid, jsonb, timestamptz, text, bytea),
	pp_api.concern_place(uuid, jsonb, text), pp_api.concern_add(pp.statement, pp.concern, timestamptz),
	pp_api.concern_create(uuid, jsonb, timestamptz, text, bytea),
	pp_api.concerns_divide(uuid, jsonb, text, timestamptz),
	pp_api.statement_discard(uuid, jsonb, timestamptz, text, bytea) to pp_server;
