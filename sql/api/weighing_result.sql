-- SPDX-License-Identifier: EUPL-1.2
-- What the council resolves on, what is communicated, what is missing before it can.

-- What is missing for one statement, null when nothing is; the codes are those of pp.weighing_gap. What
-- came late is decided on by itself first (pp_api.late_effect), and counts like the others unless it is
-- disregarded: that decision is the result of its weighing then.
create function pp_api.statement_gap(s pp.statement) returns text language sql stable as $$
	select case when s.state in ('ENTSCHIEDEN', 'MITGETEILT', 'ZURUECKGENOMMEN', 'VERWORFEN') then null
		when s.on_time then pp_api.timely_gap(s.state)
		else (select case e.effect when 'UNBERUECKSICHTIGT_VERSPAETET' then null when 'OFFEN' then 'VERSPAETET_UNENTSCHIEDEN'
			else pp_api.timely_gap(case when exists (select from pp.concern c join pp.weighing_decision d on d.code = c.decision
				where c.statement = s.id and c.dropped_at is null and d.late_only) then 'IN_BEARBEITUNG' else s.state end) end
			from (select pp_api.late_effect(s) as effect) e) end
$$;

create function pp_api.timely_gap(state text) returns text language sql immutable as $$
	select case state when 'EINGEGANGEN' then 'NICHT_ANGENOMMEN' when 'IN_BEARBEITUNG' then 'OHNE_VORSCHLAG'
		when 'VORGESCHLAGEN' then 'OHNE_BESCHLUSS' end
$$;

-- Why the weighing of a procedure is not complete: statements, and neighbours (§ 2 (2) BauGB) without a
-- status. That nobody answered is a status, which the clerk records when the deadline has passed. Empty
-- when it is complete; of many the first 500, the list of the weighing has them all.
create function pp_api.weighing_missing(procedure uuid) returns jsonb language sql stable as $$
	select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('statement', m.statement, 'invitation', m.invitation,
			'body', m.body, 'name', pp.body_name(m.body), 'number', m.number, 'why', m.why, 'de', g.de, 'en', g.en,
			'law', g.law)) order by m.number, m.body), '[]')
	  from (
		(select s.id as statement, null::uuid as invitation, s.participant as body, s.number, pp_api.statement_gap(s) as why
		  from pp.statement s
		 where s.procedure = $1 and s.state in ('EINGEGANGEN', 'IN_BEARBEITUNG', 'VORGESCHLAGEN')
		   and pp_api.statement_gap(s) is not null order by s.id limit 500)
		union all
		select null, i.id, i.participant, null, case i.state when 'UNZUSTELLBAR' then 'UNZUSTELLBAR' else 'OHNE_STATUS' end
		  from pp.invitation i
		 where i.procedure = $1 and not i.is_authority and i.cancelled_at is null
		   and i.state in ('ERSTELLT', 'VERSANDT', 'ZUGEGANGEN', 'UNZUSTELLBAR', 'GELESEN')) m
	  join pp.weighing_gap g on g.why = m.why
$$;

create function pp_api.weighing_missing_show(procedure uuid) returns pp.reply language plpgsql stable as $$
begin
	return pp.ok(json_build_object('items', pp_api.weighing_missing((pp_api.weighed_procedure(procedure)).id)));
end
$$;

-- The council resolves on all proposals at once; body: resolved_on, reference, council. Timely ones are
-- examined without exception (§ 3 (2) sentence 6 BauGB); while a round is open others may still come.
create function pp_api.weighing_decide(procedure uuid, body jsonb, at timestamptz, idempotency_key text,
	request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	p pp.procedure;
	v pp.weighing_resolution;
begin
	if r.status is not null then
		return r;
	end if;
	p := pp_api.own_procedure(procedure);
	perform pp_api.need_second(pp.current_account());
	v := pp_api.weighing_store(p, body, at);
	return pp.remember(idempotency_key, pp.ok(pp_api.resolution_json(v)::json));
end
$$;

-- The statements that a resolution of now would be on, locked; refused where something is missing.
create function pp_api.weighing_decidable(p pp.procedure, body jsonb, at timestamptz) returns uuid[] language plpgsql volatile as $$
declare
	numbers text[];
	ids uuid[];
begin
	if (body ->> 'resolved_on')::date > pp.day(at) then
		perform pp.refuse('invalid_body', 'A resolution that lies ahead is none yet.', '/resolved_on');
	elsif exists (select from pp.round d where d.procedure = p.id and d.cancelled_at is null
		and d.opens_at <= at and at < d.closes_at) then
		perform pp.refuse('conflict', 'A round is open: statements that will have to be weighed can still come.');
	end if;
	perform from pp.statement s where s.procedure = p.id
		and s.state in ('EINGEGANGEN', 'IN_BEARBEITUNG', 'VORGESCHLAGEN') order by s.id for no key update;
	numbers := array(select s.number from pp.statement s
		 where s.procedure = p.id and s.state in ('EINGEGANGEN', 'IN_BEARBEITUNG', 'VORGESCHLAGEN')
		   and pp_api.statement_gap(s) in ('NICHT_ANGENOMMEN', 'OHNE_VORSCHLAG') order by s.id);
	if cardinality(numbers) > 0 then
		perform pp.refuse('weighing_incomplete', format('%s statements that have to be examined lack a proposal: %s.', cardinality(numbers),
			array_to_string(numbers[:20], ', ') || case when cardinality(numbers) > 20 then ' and others' else '' end));
	end if;
	ids := array(select s.id from pp.statement s where s.procedure = p.id and s.state = 'VORGESCHLAGEN');
	if cardinality(ids) = 0 then
		perform pp.refuse('conflict', 'There is no proposal to resolve on.');
	end if;
	return ids;
end
$$;

create function pp_api.weighing_store(p pp.procedure, body jsonb, at timestamptz) returns pp.weighing_resolution language plpgsql volatile as $$
declare
	ids uuid[] := pp_api.weighing_decidable(p, body, at);
	v pp.weighing_resolution;
begin
	insert into pp.weighing_resolution (id, procedure, planner_body, resolved_on, reference, council, recorded_at, recorded_by)
		values (pp.uuid7(at), p.id, p.planner_body, (body ->> 'resolved_on')::date, btrim(body ->> 'reference'),
			btrim(body ->> 'council'), at, pp.current_account()) returning * into v;
	-- What was examined of withdrawn ones is resolved on with the others.
	update pp.concern c set resolution = v.id, version = c.version + 1
	 where c.dropped_at is null and c.resolution is null and c.decision is not null and (c.statement = any (ids)
		or c.statement in (select s.id from pp.statement s where s.procedure = p.id and s.state = 'ZURUECKGENOMMEN'));
	update pp.weighing w set version = w.version + 1 where w.statement = any (ids);
	perform pp_api.weighing_move(ids, 'decide', 'statement.decided', at);
	return v;
end
$$;

create function pp_api.resolution_json(v pp.weighing_resolution) returns jsonb language sql stable as $$
	select jsonb_build_object('id', v.id, 'resolved_on', pp.iso(v.resolved_on), 'reference', v.reference,
		'council', v.council, 'recorded_at', pp.rfc3339(v.recorded_at), 'statements', (select count(distinct c.statement)
			from pp.concern c where c.procedure = v.procedure and c.resolution = v.id))
$$;

-- Whether one notice may stand for many communications: the rule of the procedure's family, with the
-- persons that it counts. A person is an account of the public; bodies are told one by one.
create function pp_api.mass_notices(p pp.procedure, statement_group uuid) returns jsonb language sql stable as $$
	select coalesce(jsonb_agg(jsonb_build_object('purpose', n.purpose, 'channel', n.channel, 'law', n.law,
		'counts', n.counts, 'more_than', n.more_than, 'persons', c.persons, 'allowed', c.persons > n.more_than)
		order by n.purpose), '[]')
	  from pp.procedure_kind k join pp.mass_notice n on n.family = k.family,
	  lateral (select count(distinct coalesce(s.author_account, s.person)) as persons from pp.statement s
		 where s.procedure = p.id and s.author_role = any (n.roles) and s.state not in ('ZURUECKGENOMMEN', 'VERWORFEN')
		   and (n.counts = 'VERFAHREN' or s.id in (select w.statement from pp.weighing w where w.statement_group = $2))) c
	 where k.kind = p.kind and (n.counts = 'VERFAHREN' or $2 is not null)
$$;

-- Writes down what each party is told, and that it was told.
create function pp_api.communicate(ids uuid[], told_on date, channel text, inspection jsonb, at timestamptz)
returns bigint language sql volatile as $$
	insert into pp.weighing_result (statement, no, planner_body, participant, mailbox_body, author_account, person,
		point, span_start, span_end, topic, text, decision, reason, resolved_on, reference, council, communicated_on, channel, inspection, recorded_at)
		select s.id, c.no, s.planner_body, s.participant, s.mailbox_body, s.author_account, s.person,
			c.point, c.span_start, c.span_end, c.topic, case when s.person is null then pp_api.concern_text(c) end, c.decision, c.reason, v.resolved_on, v.reference, v.council, $2, $3, $4, $5
		  from pp.statement s join pp.concern c on c.statement = s.id
		  join pp.weighing_resolution v on v.id = c.resolution
		 where s.id = any ($1);
	update pp.weighing w set communicated_on = $2, channel = $3, version = w.version + 1 where w.statement = any ($1);
	select pp_api.subscription_note('ERGEBNIS', s.procedure, $5, persons => array_agg(distinct s.person)) from pp.statement s
	 where s.id = any ($1) and s.person is not null group by s.procedure;
	select pp_api.weighing_move($1, 'communicate', 'statement.communicated', $5)
$$;

-- What a body is told by mail, concern by concern.
create function pp_api.result_text(statement uuid) returns text language sql stable as $$
	select string_agg(concat_ws(E'\n', r.no || '. ' || coalesce(r.topic, 'Ihre Stellungnahme'), d.name_de || '.', r.reason), E'\n\n' order by r.no)
	  from pp.weighing_result r join pp.weighing_decision d on d.code = r.decision where r.statement = $1
$$;

-- send: the platform writes to the bodies, today; all of them have an address, or none is told.
create function pp_api.mail_results(ids uuid[], body jsonb, at timestamptz) returns void language plpgsql volatile as $$
declare
	s pp.statement;
	i pp.invitation;
begin
	if (body ->> 'send')::bool is not true then
		return;
	elsif body ->> 'channel' <> 'EMAIL' or (body ->> 'on')::date <> pp.day(at) then
		perform pp.refuse('invalid_body', 'What the platform sends goes by mail, and today.', '/send');
	end if;
	for s in select v.* from pp.statement v where v.id = any (ids) order by v.id loop
		select * into i from pp.invitation v where v.id = s.invitation;
		if i.id is null or pp_api.mail_about(i, 'result', jsonb_build_object('statement', s.number, 'text', pp_api.result_text(s.id),
			'resolved_on', (select pp.iso(max(r.resolved_on)) from pp.weighing_result r where r.statement = s.id)), at) is null then
			perform pp.refuse('conflict', format('For statement %s no e-mail address is known; communicate it in another way.', s.number));
		end if;
	end loop;
end
$$;

-- body: on, channel, send.
create function pp_api.statement_communicate(statement uuid, body jsonb, at timestamptz, idempotency_key text,
	request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp_api.recall_sealed(idempotency_key, request_sha256);
	s pp.statement;
begin
	if r.status is not null then
		return r;
	end if;
	s := pp_api.weighed_statement(statement);
	perform pp.step_state('statement', 'communicate', s.state);
	perform pp_api.check_told_on(body, s.procedure, at);
	perform pp_api.communicate(array[s.id], (body ->> 'on')::date, body ->> 'channel', null, at);
	perform pp_api.mail_results(array[s.id], body, at);
	return pp_api.remember_sealed(idempotency_key, pp_api.weighing_show(s.id), s.person);
end
$$;

-- A result is told after the council has resolved, and not in advance.
create function pp_api.check_told_on(body jsonb, procedure uuid, at timestamptz) returns void
language plpgsql stable as $$
begin
	if (body ->> 'on')::date > pp.day(at) then
		perform pp.refuse('invalid_body', 'What will be communicated is not communicated yet.', '/on');
	elsif (body ->> 'on')::date < (select min(v.resolved_on) from pp.weighing_resolution v where v.procedure = $2) then
		perform pp.refuse('invalid_body', 'It was resolved on later than that.', '/on');
	end if;
end
$$;

-- All that are decided, or those of one group; body: on, channel, group, inspection. EINSICHT and
-- BEKANNTMACHUNG replace the communication to persons, where they are many enough (pp.mass_notice).
create function pp_api.weighing_communicate(procedure uuid, body jsonb, at timestamptz, idempotency_key text,
	request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	p pp.procedure;
	told text := body ->> 'channel';
	statement_group uuid := (body ->> 'group')::uuid;
	notice jsonb;
	ids uuid[];
begin
	if r.status is not null then
		return r;
	end if;
	p := pp_api.own_procedure(procedure);
	perform pp_api.check_told_on(body, p.id, at);
	if told in ('EINSICHT', 'BEKANNTMACHUNG') then
		select n into notice from jsonb_array_elements(pp_api.mass_notices(p, statement_group)) n
		 where n ->> 'purpose' = 'ERGEBNIS' and n ->> 'channel' = told and (n ->> 'allowed')::bool;
		if notice is null then
			perform pp.refuse('mass_notice_not_allowed', 'One notice replaces communications for more than 50 persons only '
				'(§ 3 (2) sentence 7 BauGB: with the same content, as a group; § 74 (5) VwVfG).', '/channel');
		elsif coalesce(btrim(body #>> '{inspection,place}'), '') = '' then
			perform pp.refuse('invalid_body', 'Say where the result can be inspected, and where that is announced.', '/inspection');
		end if;
	end if;
	ids := array(select s.id from pp.statement s
		 where s.procedure = p.id and s.state = 'ENTSCHIEDEN'
		   and (statement_group is null or s.id in (select w.statement from pp.weighing w where w.statement_group = (body ->> 'group')::uuid))
		   and (notice is null or s.author_role = any (array(select unnest(n.roles) from pp.mass_notice n
			join pp.procedure_kind k on k.family = n.family where k.kind = p.kind and n.purpose = 'ERGEBNIS')))
		 order by s.id for no key update);
	if cardinality(ids) = 0 then
		perform pp.refuse('conflict', 'There is no decided statement that is not communicated yet.');
	end if;
	perform pp_api.communicate(ids, (body ->> 'on')::date, told,
		case when notice is not null then (body -> 'inspection') || jsonb_build_object('law', notice -> 'law') end, at);
	perform pp_api.mail_results(ids, body, at);
	return pp.remember(idempotency_key, pp.ok(json_build_object('communicated', cardinality(ids), 'channel', told,
		'law', notice -> 'law')));
end
$$;

grant execute on function pp_api.statement_gap(pp.statement), pp_api.timely_gap(text), pp_api.weighing_missing(uuid),
	pp_api.weighing_missing_show(uuid), pp_api.weighing_decidable(pp.procedure, jsonb, timestamptz),
	pp_api.weighing_store(pp.procedure, jsonb, timestamptz), pp_api.weighing_decide(uuid, jsonb, timestamptz, text, bytea),
	pp_api.resolution_json(pp.weighing_resolution), pp_api.mass_notices(pp.procedure, uuid),
	pp_api.communicate(uuid[], date, text, jsonb, timestamptz), pp_api.result_text(uuid), pp_api.mail_results(uuid[], jsonb, timestamptz),
	pp_api.statement_communicate(uuid, jsonb, timestamptz, text, bytea),
	pp_api.check_told_on(jsonb, uuid, timestamptz),
	pp_api.weighing_communicate(uuid, jsonb, timestamptz, text, bytea) to pp_server;
