-- SPDX-License-Identifier: EUPL-1.2
-- Late statements. They are stored like any other; whether one may stay out of the weighing is decided
-- one by one, with the test that the law names (§ 4a (5) BauGB, § 9 (2) ROG, § 73 VwVfG).

-- The row for a round: that of its kind before that of the family.
create function pp_api.lateness_regime(kind text, step text, audience text) returns pp.lateness_regime
language sql stable as $$
	select r from pp.lateness_regime r join pp.procedure_kind k on k.family = r.family
	 where k.kind = $1 and $2 = any (r.steps) and $3 = any (r.audiences)
	   and (r.kinds is null or $1 = any (r.kinds))
	 order by r.kinds is null, r.id limit 1
$$;

create function pp_api.lateness_of(s pp.statement, out regime pp.lateness_regime, out hint bool)
language sql stable as $$
	select pp_api.lateness_regime(p.kind, d.step, d.audience), d.late_effect_enabled
	  from pp_api.round_visible d join pp_api.procedure_visible p on p.id = d.procedure
	 where d.id = s.round
$$;

-- What becomes of a statement because of the time at which it came. VERLAENGERT: its body's deadline
-- was moved beyond its receipt afterwards, so that it is in time after all (§ 31 (7) sentence 2 VwVfG).
create function pp_api.late_effect(s pp.statement) returns text language sql stable as $$
	select case
		when s.on_time then 'RECHTZEITIG'
		when (select i.deadline_at > s.received_at from pp.invitation i where i.id = s.invitation)
			then 'VERLAENGERT'
		else coalesce((select d.outcome from pp.lateness_decision d where d.statement = s.id
				order by d.decided_at desc, d.id desc limit 1),
			case when (o.regime).effect = 'KEINE' or ((o.regime).needs_hint and not o.hint)
				then 'OHNE_WIRKUNG' else 'OFFEN' end)
		end
	  from pp_api.lateness_of(s) o
$$;

create function pp_api.lateness_decision_json(d pp.lateness_decision) returns jsonb
language sql stable as $$
	select jsonb_build_object('id', d.id, 'outcome', d.outcome, 'regime', d.regime, 'hint', d.hint,
		'known', d.known, 'should_have_known', d.should_have_known,
		'relevant_to_lawfulness', d.relevant_to_lawfulness, 'private_law_title', d.private_law_title,
		'request', d.request, 'reason', d.reason, 'at', pp.rfc3339(d.decided_at),
		'by', case when d.planner_body = pp.current_body() then d.decided_by_label end)
$$;

create function pp_api.reinstatement_json(q pp.reinstatement_request) returns jsonb
language sql stable as $$
	select jsonb_build_object('id', q.id, 'statement', q.statement,
		'obstacle', coalesce(q.obstacle, pp_api.opened(q.person, q.sealed)),
		'obstacle_ended_on', pp.iso(q.obstacle_ended_on), 'until_at', pp.rfc3339(q.until_at),
		'in_time', q.in_time, 'at', pp.rfc3339(q.requested_at))
$$;

create function pp_api.lateness_json(s pp.statement, lang text default 'de') returns jsonb
language sql stable as $$
	select jsonb_build_object('statement', s.id, 'number', s.number, 'on_time', s.on_time,
		'received_at', pp.rfc3339(s.received_at), 'deadline_at', pp.rfc3339(s.deadline_at),
		'late_effect', pp_api.late_effect(s),
		'regime', jsonb_build_object('id', (o.regime).id, 'effect', (o.regime).effect,
			'tests', (o.regime).tests, 'needs_hint', (o.regime).needs_hint,
			'restorable', (o.regime).restorable, 'legal_basis', (o.regime).legal_basis,
			'text', case lang when 'en' then (o.regime).text_en else (o.regime).text_de end),
		'hint', o.hint,
		'decisions', (select coalesce(jsonb_agg(pp_api.lateness_decision_json(d)
				order by d.decided_at, d.id), '[]')
			from pp.lateness_decision d where d.statement = s.id),
		'requests', (select coalesce(jsonb_agg(pp_api.reinstatement_json(q)
				order by q.requested_at, q.id), '[]')
			from pp.reinstatement_request q where q.statement = s.id))
	  from pp_api.lateness_of(s) o
$$;

-- In a statement: null for one in time.
create function pp_api.lateness_short(s pp.statement) returns jsonb language plpgsql stable as $$
begin
	return (select jsonb_build_object('late_effect', pp_api.late_effect(s),
			'legal_basis', ((pp_api.lateness_of(s)).regime).legal_basis,
			'decision', (select pp_api.lateness_decision_json(d) from pp.lateness_decision d
				where d.statement = s.id order by d.decided_at desc, d.id desc limit 1))
		 where not s.on_time);
end
$$;

-- A statement whose row one sees: a party, the planning body or its author.
create function pp_api.need_statement(statement uuid) returns pp.statement language plpgsql stable as $$
declare
	s pp.statement;
begin
	select * into s from pp.statement v where v.id = $1;
	if not found then
		perform pp.refuse('statement_not_found', 'There is no such statement that you may see.');
	end if;
	return s;
end
$$;

create function pp_api.lateness_show(statement uuid, lang text default 'de') returns pp.reply
language plpgsql stable as $$
begin
	return pp.ok(pp_api.lateness_json(pp_api.need_statement(statement), lang)::json);
end
$$;

-- What the periods of § 32 VwVfG are computed from.
create function pp_api.lateness_prepare(statement uuid, out land text, out deadline date)
language plpgsql stable as $$
declare
	s pp.statement := pp_api.need_statement(statement);
begin
	deadline := pp.last_day(s.deadline_at);
	select coalesce(b.land, p.lands[1]) into land from pp_api.procedure_visible p
	  left join pp.body b on b.key = p.planner_body where p.id = s.procedure;
end
$$;

-- Refuses what the law does not let pass: each test is answered, and none with yes.
create function pp_api.lateness_check(s pp.statement, body jsonb) returns void
language plpgsql stable as $$
declare
	o record := pp_api.lateness_of(s);
	r pp.lateness_regime := o.regime;
	test text;
begin
	if r.effect = 'KEINE' then
		perform pp.refuse('late_counts', format('Lateness has no effect here (%s).', r.legal_basis), '/outcome');
	elsif r.needs_hint and not o.hint then
		perform pp.refuse('late_counts', format('The notice has not said that late statements stay out (%s).', r.legal_basis), '/outcome');
	elsif pp_api.late_effect(s) = 'RESTORED' then
		perform pp.refuse('conflict', 'The former status was restored: the statement counts as one in time.');
	end if;
	foreach test in array r.tests loop
		if jsonb_typeof(body -> test) is distinct from 'boolean' then
			perform pp.refuse('invalid_body', format('Say whether: %s asks for it.', r.legal_basis), '/' || test);
		elsif (body ->> test)::bool then
			perform pp.refuse('late_counts', format('Then it has to be considered (%s).', r.legal_basis), '/' || test);
		end if;
	end loop;
end
$$;

-- Restoration on a request that was made in time, or without one where all that matters happened
-- within the two weeks (§ 32 (2) sentence 4 VwVfG). Gives the request.
create function pp_api.lateness_restore_check(s pp.statement, body jsonb, until_at timestamptz,
	at timestamptz) returns uuid language plpgsql stable as $$
declare
	r pp.lateness_regime := (pp_api.lateness_of(s)).regime;
	q pp.reinstatement_request;
begin
	if not r.restorable then
		perform pp.refuse('late_counts', 'There is no restoration in this procedure; a late statement is considered or not.', '/outcome');
	end if;
	select * into q from pp.reinstatement_request v
	 where v.statement = s.id order by v.in_time desc, v.requested_at limit 1;
	if q.in_time then
		return q.id;
	elsif until_at is null then
		perform pp.refuse('invalid_body', 'Nobody has asked for it in time: name the day on which the obstacle ended.', '/obstacle_ended_on');
	elsif (body ->> 'obstacle_ended_on')::date > pp.day(at) or s.received_at >= until_at then
		perform pp.refuse('conflict', format('The statement would have had to come before %s (§ 32 (2), (3) VwVfG).', pp.rfc3339(until_at)));
	end if;
	return null;
end
$$;

-- The planning body's decision; body: outcome, known, should_have_known, relevant_to_lawfulness,
-- private_law_title, obstacle_ended_on, reason. until_at is the end of the periods of § 32 VwVfG.
create function pp_api.lateness_decide(statement uuid, body jsonb, until_at timestamptz,
	at timestamptz, idempotency_key text, request_sha256 bytea)
returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp_api.recall_sealed(idempotency_key, request_sha256);
	s pp.statement;
	o record;
	request uuid;
begin
	if r.status is not null then
		return r;
	end if;
	perform pp_api.need_statement(statement);
	select * into s from pp.statement v where v.id = $1 for no key update;
	if s.planner_body is distinct from pp.current_body() then
		perform pp.refuse('forbidden', 'Only the planning body decides about a late statement.');
	elsif s.on_time then
		perform pp.refuse('conflict', 'The statement came in time.');
	elsif pp_api.late_effect(s) = 'VERLAENGERT' then
		perform pp.refuse('conflict', 'Its deadline was extended: the statement is in time now.');
	elsif coalesce(btrim(body ->> 'reason'), '') = '' then
		perform pp.refuse('invalid_body', 'A decision has a reason.', '/reason');
	end if;
	o := pp_api.lateness_of(s);
	if body ->> 'outcome' = 'UNBERUECKSICHTIGT_VERSPAETET' then
		perform pp_api.lateness_check(s, body);
	elsif body ->> 'outcome' = 'RESTORED' then
		request := pp_api.lateness_restore_check(s, body, until_at, at);
	end if;
	insert into pp.lateness_decision (id, statement, planner_body, participant, mailbox_body,
		author_account, person, regime, hint, outcome, known, should_have_known, relevant_to_lawfulness,
		private_law_title, request, reason, decided_at, decided_by, decided_by_label)
		values (pp.uuid7(at), s.id, s.planner_body, s.participant, s.mailbox_body, s.author_account,
			s.person, (o.regime).id, o.hint, body ->> 'outcome', (body ->> 'known')::bool,
			(body ->> 'should_have_known')::bool, (body ->> 'relevant_to_lawfulness')::bool,
			(body ->> 'private_law_title')::bool, request, btrim(body ->> 'reason'), at,
			pp.current_account(), pp_api.my_label());
	update pp.statement v set version = v.version + 1 where v.id = s.id;
	perform pp.emit('statement.lateness_decided', at, s.procedure, s.round, s.invitation, s.id,
		bodies => array[s.planner_body, s.participant, s.mailbox_body],
		data => json_build_object('number', s.number, 'outcome', body ->> 'outcome'));
	return pp_api.remember_sealed(idempotency_key, pp.ok(pp_api.lateness_json(s)::json), s.person);
end
$$;

-- Asked for by whoever made the statement; body: obstacle, obstacle_ended_on.
create function pp_api.reinstatement_request(statement uuid, body jsonb, until_at timestamptz,
	at timestamptz, idempotency_key text, request_sha256 bytea)
returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp_api.recall_sealed(idempotency_key, request_sha256);
	s pp.statement;
	q pp.reinstatement_request;
	obstacle text := btrim(body ->> 'obstacle');
begin
	if r.status is not null then
		return r;
	end if;
	s := pp_api.my_statement(statement);
	perform pp_api.need_key(s);
	if s.on_time then
		perform pp.refuse('conflict', 'The statement came in time.');
	elsif not ((pp_api.lateness_of(s)).regime).restorable then
		perform pp.refuse('conflict', 'There is no restoration in this procedure; a late statement may be considered all the same.');
	elsif (body ->> 'obstacle_ended_on')::date > pp.day(at) then
		perform pp.refuse('invalid_body', 'Ask when the obstacle is gone.', '/obstacle_ended_on');
	end if;
	insert into pp.reinstatement_request (id, statement, planner_body, participant, mailbox_body,
		author_account, person, obstacle, sealed, obstacle_ended_on, until_at, in_time, requested_at, requested_by)
		values (pp.uuid7(at), s.id, s.planner_body, s.participant, s.mailbox_body, s.author_account, s.person,
			case when s.person is null then obstacle end,
			case when s.person is not null then pp_keys.seal(s.person, obstacle) end, (body ->> 'obstacle_ended_on')::date, $3,
			at < $3 and s.received_at < $3, at, pp.current_account())
		returning * into q;
	perform pp.emit('statement.reinstatement_requested', at, s.procedure, s.round, s.invitation, s.id,
		bodies => array[s.planner_body, s.participant, s.mailbox_body],
		data => json_build_object('number', s.number, 'in_time', q.in_time));
	return pp_api.remember_sealed(idempotency_key, pp.created(format('/api/v1/statements/%s/lateness', s.id),
		pp_api.reinstatement_json(q)::json), s.person);
end
$$;

-- The rows, for everybody: what lateness means where is law.
create function pp_api.lateness_regimes(lang text default 'de') returns pp.reply language sql stable as $$
	select pp.ok(json_build_object('items', json_agg(json_build_object('id', r.id, 'family', r.family,
		'kinds', r.kinds, 'steps', r.steps, 'audiences', r.audiences, 'effect', r.effect,
		'tests', r.tests, 'needs_hint', r.needs_hint, 'restorable', r.restorable,
		'legal_basis', r.legal_basis, 'text', case lang when 'en' then r.text_en else r.text_de end)
		order by r.id))) from pp.lateness_regime r
$$;

-- A list of statements names what only rows can tell to the public's login as well; it cannot read them.
grant execute on function pp_api.lateness_regimes(text), pp_api.lateness_short(pp.statement),
	pp_api.lateness_of(pp.statement), pp_api.late_effect(pp.statement),
	pp_api.lateness_regime(text, text, text),
	pp_api.lateness_decision_json(pp.lateness_decision) to pp_server, pp_public;
grant execute on function pp_api.reinstatement_json(pp.reinstatement_request),
	pp_api.lateness_json(pp.statement, text), pp_api.need_statement(uuid),
	pp_api.lateness_show(uuid, text), pp_api.lateness_prepare(uuid),
	pp_api.lateness_check(pp.statement, jsonb),
	pp_api.lateness_restore_check(pp.statement, jsonb, timestamptz, timestamptz),
	pp_api.lateness_decide(uuid, jsonb, timestamptz, timestamptz, text, bytea),
	pp_api.reinstatement_request(uuid, jsonb, timestamptz, timestamptz, text, bytea) to pp_server;
