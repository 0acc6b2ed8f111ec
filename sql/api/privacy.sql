-- SPDX-License-Identifier: EUPL-1.2
-- Data protection of a procedure: controller and notice, retention, holds, erasure.

-- What people are told, for everybody who sees the procedure. Without a text of the planning body's own the facts are there
-- all the same: who it is, on what law it rests, how long it lasts.
create function pp_api.privacy_notice_of(p pp_api.procedure_visible) returns pp.privacy_notice language sql stable as $$
	select n.* from pp.privacy_notice n
	 where n.procedure = p.id or n.procedure is null and n.planner_body = p.planner_body
	 order by n.procedure is null, n.made_at desc, n.id desc limit 1
$$;

create function pp_api.privacy_show(procedure uuid, lang text default 'de') returns pp.reply
language plpgsql stable as $$
declare
	p pp_api.procedure_visible := pp_api.need_procedure(procedure);
	n pp.privacy_notice := pp_api.privacy_notice_of(p);
begin
	return pp.ok((select json_build_object('procedure', p.id, 'version', coalesce(n.version, 'ohne'),
		'controller', coalesce(n.controller, jsonb_build_object('name', pp.body_name(p.planner_body))), 'officer', n.officer,
		'authority', n.authority, 'text', case when lang = 'en' then coalesce(n.text_en, n.text_de) else n.text_de end,
		'legal_basis', b.law, 'purpose', case lang when 'en' then b.purpose_en else b.purpose_de end,
		'rights', json_build_array('Art. 15 DSGVO', 'Art. 16 DSGVO', 'Art. 17 DSGVO', 'Art. 18 DSGVO', 'Art. 21 DSGVO', 'Art. 77 DSGVO'),
		'retention', (select coalesce(json_agg(json_build_object('id', r.id, 'states', r.states, 'keep_months', r.keep_months,
				'legal_basis', r.legal_basis, 'reason', case lang when 'en' then r.reason_en else r.reason_de end) order by r.id), '[]')
			from pp.retention_rule r where r.machine = k.machine or r.subject <> 'PERSON'))
	  from pp.procedure_kind k join pp.privacy_basis b on b.family = k.family where k.kind = p.kind));
end
$$;

-- body: version, controller, officer, authority, text, text_en, procedure.
create function pp_api.privacy_notice_create(body jsonb, at timestamptz, idempotency_key text,
	request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	n pp.privacy_notice;
	p uuid := (body ->> 'procedure')::uuid;
begin
	if r.status is not null then
		return r;
	end if;
	if p is not null then
		p := (pp_api.own_procedure(p)).id;
	end if;
	if exists (select from pp.privacy_notice o where o.planner_body = pp.current_body()
		and o.procedure is not distinct from p and o.version = btrim(body ->> 'version')) then
		perform pp.refuse('conflict', 'There is that version already; a text that was shown is not changed.', '/version');
	end if;
	insert into pp.privacy_notice (id, planner_body, procedure, version, controller, officer, authority, text_de, text_en,
		made_at, made_by)
		values (pp.uuid7(at), pp.current_body(), p, btrim(body ->> 'version'), body -> 'controller', nullif(body -> 'officer', 'null'),
			body ->> 'authority', body ->> 'text', body ->> 'text_en', at, pp.current_account())
		returning * into n;
	return pp.remember(idempotency_key, pp.created('/api/v1/privacy-notices/' || n.id, pp_api.privacy_notice_json(n)));
end
$$;

create function pp_api.privacy_notice_json(n pp.privacy_notice) returns json language sql stable as $$
	select json_build_object('id', n.id, 'planner_body', n.planner_body, 'procedure', n.procedure, 'version', n.version,
		'controller', n.controller, 'officer', n.officer, 'authority', n.authority, 'text', n.text_de, 'text_en', n.text_en,
		'made_at', pp.rfc3339(n.made_at))
$$;

create function pp_api.privacy_notice_show(notice uuid) returns pp.reply language plpgsql stable as $$
declare
	n pp.privacy_notice;
begin
	select * into n from pp.privacy_notice v where v.id = notice
	   and (v.procedure is null or exists (select from pp_api.procedure_visible p where p.id = v.procedure));
	if not found then
		perform pp.refuse('not_found', 'There is no such privacy notice.');
	end if;
	return pp.ok(pp_api.privacy_notice_json(n), n.version);
end
$$;

-- How long -----------------------------------------------------------------------------------------

-- The rule for the state in which a procedure is, and the first day on which its persons are needed no more; both null as
-- long as none fits.
create function pp_api.retention_of(procedure uuid, out rule pp.retention_rule, out due_on date) language sql stable as $$
	select r, (pp.day(p.state_since) + make_interval(months => r.keep_months))::date + 1
	  from pp_api.procedure_visible p join pp.procedure_kind k on k.kind = p.kind
	  join pp.retention_rule r on r.machine = k.machine and p.state = any (r.states)
	 where p.id = $1 order by r.keep_months desc limit 1
$$;

-- How a rule is carried out in a body's procedures: as it has chosen, else as the rule says.
create function pp_api.retention_act(rule pp.retention_rule, planner_body text, out act text, out grace_days int)
language sql stable as $$
	select coalesce(c.act, rule.act), coalesce(c.grace_days, rule.grace_days)
	  from (values (1)) v left join lateral (select o.act, o.grace_days from pp.retention_choice o
		where o.planner_body = $2 and o.rule = ($1).id order by o.id desc limit 1) c on true
$$;

create function pp_api.hold_json(h pp.legal_hold) returns jsonb language sql stable as $$
	select jsonb_build_object('id', h.id, 'procedure', h.procedure, 'person', h.person, 'reason', h.reason, 'at', pp.rfc3339(h.at),
		'by', h.by_label, 'lifted_at', pp.rfc3339(h.lifted_at), 'lifted_by', h.lifted_by_label)
$$;

-- For the planning body, of one procedure: what rule applies, who is still known, what was asked for, what stands against it.
create function pp_api.retention_json(procedure uuid, at timestamptz) returns jsonb language sql stable as $$
	select jsonb_build_object('procedure', p.id, 'number', p.number, 'state', p.state, 'state_since', pp.rfc3339(p.state_since),
		'rule', (o.rule).id, 'legal_basis', (o.rule).legal_basis, 'due_on', pp.iso(o.due_on),
		'act', case when (o.rule).id is not null then a.act end, 'act_on', pp.iso(case when a.act = 'ERASE' then o.due_on + a.grace_days end),
		'due', coalesce(o.due_on <= pp.day($2), false),
		'persons', (select jsonb_build_object('known', count(*) filter (where n.erased_at is null),
			'erased', count(n.erased_at)) from pp.person n where n.procedure = p.id),
		'requests', (select coalesce(jsonb_agg(pp_api.person_short(q.person) || jsonb_build_object('at', pp.rfc3339(q.at)) order by q.at), '[]')
			from pp.erasure_request q join pp.person n on n.id = q.person where n.procedure = p.id and n.erased_at is null),
		'holds', (select coalesce(jsonb_agg(pp_api.hold_json(h) order by h.at), '[]') from pp.legal_hold h where h.procedure = p.id))
	  from pp_api.procedure_visible p, pp_api.retention_of(p.id) o, pp_api.retention_act(o.rule, p.planner_body) a where p.id = $1
$$;

create function pp_api.retention_show(procedure uuid, at timestamptz) returns pp.reply language plpgsql stable as $$
declare
	p pp_api.procedure_visible := pp_api.weighed_procedure(procedure);
begin
	return pp.ok(pp_api.retention_json(p.id, at)::json);
end
$$;

-- Of all its procedures those whose persons are needed no more, or whose persons have asked: what is to be done.
create function pp_api.retention_due(at timestamptz) returns pp.reply language sql stable as $$
	select pp.ok(json_build_object('items', coalesce(json_agg(x.item order by x.number), '[]')))
	  from (select p.number, pp_api.retention_json(p.id, $1) as item from pp_api.procedure_visible p
		 where p.planner_body = pp.current_body()
		   and exists (select from pp.person n where n.procedure = p.id and n.erased_at is null)) x
	 where (x.item ->> 'due')::bool or x.item -> 'requests' <> '[]'
$$;

-- Holds ----------------------------------------------------------------------------------------------

-- body: reason, person.
create function pp_api.hold_create(procedure uuid, body jsonb, at timestamptz, idempotency_key text,
	request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	p pp_api.procedure_visible;
	h pp.legal_hold;
begin
	if r.status is not null then
		return r;
	end if;
	p := pp_api.weighed_procedure(procedure);
	if body ->> 'person' is not null and (pp_api.need_person((body ->> 'person')::uuid)).procedure is distinct from p.id then
		perform pp.refuse('person_not_found', 'There is no such person in this procedure.', '/person');
	end if;
	insert into pp.legal_hold (id, procedure, planner_body, person, reason, at, by_label)
		values (pp.uuid7(at), p.id, p.planner_body, (body ->> 'person')::uuid, btrim(body ->> 'reason'), at, pp_api.my_label())
		returning * into h;
	return pp.remember(idempotency_key, pp.created(format('/api/v1/procedures/%s/retention', p.id), pp_api.hold_json(h)::json));
end
$$;

create function pp_api.hold_lift(hold uuid, at timestamptz, idempotency_key text, request_sha256 bytea)
returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	h pp.legal_hold;
begin
	if r.status is not null then
		return r;
	end if;
	select * into h from pp.legal_hold v where v.id = hold for no key update;
	if not found then
		perform pp.refuse('not_found', 'There is no such hold.');
	elsif h.lifted_at is not null then
		perform pp.refuse('conflict', 'It was lifted already.');
	end if;
	update pp.legal_hold v set lifted_at = $2, lifted_by_label = pp_api.my_label() where v.id = h.id returning * into h;
	return pp.remember(idempotency_key, pp.ok(pp_api.hold_json(h)::json));
end
$$;

-- Erasure ----------------------------------------------------------------------------------------------

-- The key goes with the mark (trigger person_forgotten); a hold stops it (trigger person_held).
create function pp_api.person_forget(person uuid, reason text, at timestamptz) returns void
language plpgsql volatile as $$
declare
	procedure uuid;
	planner text;
begin
	update pp.person v set erased_at = at, erased_by = pp.current_account(), erase_reason = reason
	 where v.id = $1 and v.erased_at is null returning v.procedure, v.planner_body into procedure, planner;
	-- The ground, not what somebody has noted beside it: events are for good.
	perform pp.emit('person.erased', at, procedure, bodies => array[planner],
		data => json_build_object('person', person, 'reason', split_part(reason, ':', 1)));
end
$$;

-- The planning body erases one person; body: ground, note. FRIST when the procedure needs them no more; before that
-- because the law says so (Art. 17 (1) (c), (d), 21 GDPR).
create function pp_api.person_erase(person uuid, body jsonb, at timestamptz, idempotency_key text,
	request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	p pp.person;
	due date;
begin
	if r.status is not null then
		return r;
	end if;
	p := pp_api.need_person(person);
	due := (pp_api.retention_of(p.procedure)).due_on;
	if p.planner_body is distinct from pp.current_body() then
		perform pp.refuse('forbidden', 'Only the planning body erases persons.');
	elsif p.erased_at is not null then
		perform pp.refuse('person_erased', format('That was done on %s.', pp.iso(pp.day(p.erased_at))));
	elsif body ->> 'ground' = 'FRIST' and coalesce(due > pp.day(at), true) then
		perform pp.refuse('erasure_not_due', case when due is null then 'The procedure still needs what was said.'
			else format('The procedure needs it until %s.', pp.iso(due)) end, '/ground');
	elsif body ->> 'ground' <> 'FRIST' and coalesce(btrim(body ->> 'note'), '') = '' then
		perform pp.refuse('invalid_body', 'Say why, without naming the person.', '/note');
	end if;
	perform pp_api.person_forget(p.id, concat_ws(': ', body ->> 'ground', nullif(btrim(body ->> 'note'), '')), at);
	return pp.remember(idempotency_key, pp.ok(pp_api.person_json(p.id)::json));
end
$$;

-- Everybody of a procedure that needs them no more; whom a hold is about stays.
create function pp_api.procedure_erase(procedure uuid, at timestamptz, idempotency_key text,
	request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	p pp_api.procedure_visible;
	law text;
	due date;
	one uuid;
	erased int := 0;
begin
	if r.status is not null then
		return r;
	end if;
	p := pp_api.weighed_procedure(procedure);
	select (o.rule).id, o.due_on into law, due from pp_api.retention_of(p.id) o;
	if coalesce(due > pp.day(at), true) then
		perform pp.refuse('erasure_not_due', case when due is null then 'The procedure still needs what was said.'
			else format('The procedure needs it until %s.', pp.iso(due)) end);
	end if;
	for one in select n.id from pp.person n where n.procedure = p.id and n.erased_at is null
		and not exists (select from pp.legal_hold h where h.procedure = p.id and h.lifted_at is null
			and coalesce(h.person, n.id) = n.id) order by n.no for no key update
	loop
		perform pp_api.person_forget(one, 'FRIST: ' || law, at);
		erased := erased + 1;
	end loop;
	return pp.remember(idempotency_key, pp.ok((pp_api.retention_json(p.id, at) || jsonb_build_object('erased_now', erased))::json));
end
$$;

-- The person itself: at once where the procedure needs it no more, else written down for the planning body. What was said in
-- a procedure that is under way is needed to decide on it (Art. 17 (3) (b), (e) GDPR).
create function pp_api.person_ask_erasure(p pp.person, at timestamptz) returns pp.reply language plpgsql volatile as $$
declare
	due date := (pp_api.retention_of(p.procedure)).due_on;
begin
	if p.erased_at is null and due <= pp.day(at) then
		perform pp_api.person_forget(p.id, 'ANTRAG', at);
	elsif p.erased_at is null then
		insert into pp.erasure_request (person, planner_body, account, at) values (p.id, p.planner_body, p.account, at)
			on conflict do nothing;
		perform pp.emit('person.erasure_requested', at, p.procedure, bodies => array[p.planner_body],
			data => json_build_object('person', p.id));
	end if;
	return pp.ok(json_build_object('person', pp_api.person_short(p.id), 'due_on', pp.iso(due),
		'legal_basis', case when p.erased_at is null and coalesce(due > pp.day(at), true) then 'Art. 17 Abs. 3 Buchst. b, e DSGVO' end));
end
$$;

create function pp_api.token_erase(status_token text, at timestamptz) returns pp.reply language plpgsql volatile as $$
begin
	return pp_api.person_ask_erasure(pp_api.need_person(pp_api.person_enter(status_token)), at);
end
$$;

-- Of every person that the account has been, one by one.
create function pp_api.person_erase_own(person uuid, at timestamptz) returns pp.reply language plpgsql volatile as $$
declare
	p pp.person := pp_api.need_person(person);
begin
	if p.account is distinct from pp.current_account() then
		perform pp.refuse('person_not_found', 'There is no such person that you may see.');
	end if;
	return pp_api.person_ask_erasure(p, at);
end
$$;

-- By the clerk ------------------------------------------------------------------------------------------

create function pp_api.is_held(procedure uuid, person uuid) returns bool language sql stable as $$
	select exists (select from pp.legal_hold h where h.procedure = $1 and h.lifted_at is null and coalesce(h.person, $2) is not distinct from $2)
$$;

-- Everything that is over: by which rule, since when (due_on), what is to be done with it and from which day on (act_on), how many
-- persons or secrets, and how many a hold keeps. Nothing of it is done here.
create function pp_api.retention_acts(at timestamptz) returns table (rule text, subject text, legal_basis text, act text, procedure uuid,
	number text, planner_body text, due_on date, act_on date, concerned int, held int) language sql stable as $$
	with over as (
		select r.rule, p.id, (pp.day(p.state_since) + make_interval(months => (r.rule).keep_months))::date + 1 as due_on,
			n.id as thing, pp_api.is_held(p.id, n.id) as held
		  from pp.procedure p join pp.procedure_kind k on k.kind = p.kind
		  join lateral (select u as rule from pp.retention_rule u where u.machine = k.machine and p.state = any (u.states)
			order by u.keep_months desc limit 1) r on true
		  join pp.person n on n.procedure = p.id and n.erased_at is null
		union all
		select u, n.procedure, (pp.day(n.created_at) + make_interval(months => u.keep_months))::date + 1, n.id, pp_api.is_held(n.procedure, n.id)
		  from pp.retention_rule u join pp.person n on n.awaits_confirmation and n.erased_at is null
			and n.created_at < $1 - make_interval(months => u.keep_months)
		 where u.subject = 'BESTAETIGUNG'
		union all
		select u, i.procedure, (pp.day(pp_api.link_ends_at(i)) + make_interval(months => u.keep_months))::date + 1, l.id, pp_api.is_held(i.procedure, null)
		  from pp.retention_rule u, pp.invitation_link l join pp.invitation i on i.id = l.invitation
		 where u.subject = 'LINK' and l.ended_at is null and pp_api.link_ends_at(i) < $1)
	select (o.rule).id, (o.rule).subject, (o.rule).legal_basis, a.act, p.id, p.number, p.planner_body, min(o.due_on),
		min(o.due_on + a.grace_days), count(*) filter (where not o.held)::int, count(*) filter (where o.held)::int
	  from over o join pp.procedure p on p.id = o.id cross join lateral pp_api.retention_act(o.rule, p.planner_body) a
	 where o.due_on <= pp.day($1)
	 group by o.rule, a.act, p.id order by min(o.due_on), p.number, (o.rule).id
$$;

create function pp_api.retention_erase(subject text, rule text, procedure uuid, at timestamptz, keep_months int) returns void
language plpgsql volatile as $$
begin
	if subject = 'PERSON' then
		perform pp_api.person_forget(n.id, 'FRIST: ' || rule, at) from pp.person n
		 where n.procedure = $3 and n.erased_at is null and not pp_api.is_held(n.procedure, n.id);
	elsif subject = 'BESTAETIGUNG' then
		update pp.person n set confirm_sha256 = null
		 where n.procedure = $3 and n.awaits_confirmation and n.erased_at is null
		   and n.created_at < at - make_interval(months => keep_months) and not pp_api.is_held(n.procedure, n.id);
	else
		update pp.invitation_link l set sha256 = null, ended_at = at from pp.invitation i
		 where i.id = l.invitation and i.procedure = $3 and l.ended_at is null and pp_api.link_ends_at(i) < at;
	end if;
end
$$;

-- The clerk's: erases where the rule says so and its grace is over, and tells the planning body once where it only proposes.
-- So many procedures at a time; returns how many there were.
create function pp_api.retention_run(at timestamptz, most int) returns int language plpgsql volatile as $$
declare
	x record;
	done int := 0;
begin
	perform pp.audit_several();
	for x in select a.*, r.keep_months from pp_api.retention_acts(at) a join pp.retention_rule r on r.id = a.rule
		where a.concerned > 0 and (a.act = 'ERASE' and a.act_on <= pp.day(at) or a.act = 'PROPOSE' and not exists (select from pp.retention_report o
			where o.procedure = a.procedure and o.rule = a.rule and o.due_on = a.due_on)) limit most
	loop
		if x.act = 'ERASE' then
			perform pp_api.retention_erase(x.subject, x.rule, x.procedure, at, x.keep_months);
		end if;
		insert into pp.retention_report (id, at, rule, procedure, planner_body, act, due_on, concerned, held)
			values (pp.uuid7(at), at, x.rule, x.procedure, x.planner_body, x.act, x.due_on, x.concerned, x.held);
		perform pp.emit(case x.act when 'ERASE' then 'retention.erased' else 'retention.due' end, at, x.procedure, bodies => array[x.planner_body],
			data => json_build_object('rule', x.rule, 'due_on', pp.iso(x.due_on), 'concerned', x.concerned, 'held', x.held));
		done := done + 1;
	end loop;
	return done;
end
$$;

-- What the clerk did and proposed, newest first: for the planning body, and of all for auditors.
create function pp_api.retention_report_list(row_limit int, cursor text) returns pp.reply language plpgsql stable as $$
declare
	most int := pp.page_size(row_limit);
	before uuid := pp.cursor_uuid(cursor);
	items json;
	next text;
begin
	with page as (select o, row_number() over (order by o.id desc) as n from pp.retention_report o
		 where (pp.has_role('auditor') or o.planner_body = pp.current_body()) and (before is null or o.id < before) order by o.id desc limit most + 1)
	select coalesce(json_agg(json_build_object('id', (p.o).id, 'at', pp.rfc3339((p.o).at), 'rule', (p.o).rule, 'legal_basis', r.legal_basis,
			'subject', r.subject, 'procedure', (p.o).procedure, 'planner_body', (p.o).planner_body, 'act', (p.o).act, 'due_on', pp.iso((p.o).due_on),
			'concerned', (p.o).concerned, 'held', (p.o).held) order by p.n) filter (where p.n <= most), '[]'),
		case when count(*) > most then (select pp.cursor_make((l.o).id::text) from page l where l.n = most) end
	  into items, next from page p join pp.retention_rule r on r.id = (p.o).rule;
	return pp.ok(json_build_object('items', items), null, next);
end
$$;

create function pp_api.retention_rule_list(lang text default 'de') returns pp.reply language sql stable as $$
	select pp.ok(json_build_object('items', (select json_agg(json_build_object('id', r.id, 'subject', r.subject, 'machine', r.machine, 'states', r.states,
			'keep_months', r.keep_months, 'act', a.act, 'grace_days', a.grace_days, 'legal_basis', r.legal_basis,
			'reason', case $1 when 'en' then r.reason_en else r.reason_de end) order by r.machine nulls last, r.id)
		from pp.retention_rule r, pp_api.retention_act(r, pp.current_body()) a), 'next', null))
$$;

-- The controller's decision, which counts from now on; body: rule, act, grace_days.
create function pp_api.retention_choose(body jsonb, at timestamptz, idempotency_key text, request_sha256 bytea) returns pp.reply
language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	u pp.retention_rule;
	c pp.retention_choice;
begin
	if r.status is not null then
		return r;
	end if;
	select * into u from pp.retention_rule v where v.id = body ->> 'rule';
	if not found then
		perform pp.refuse('invalid_body', 'GET /retention-rules names the rules that there are.', '/rule');
	elsif u.subject <> 'PERSON' then
		perform pp.refuse('invalid_body', 'Secrets that lead nowhere are nobody''s to keep.', '/rule');
	end if;
	insert into pp.retention_choice (id, planner_body, rule, act, grace_days, at, by_label)
		values (pp.uuid7(at), pp.current_body(), u.id, body ->> 'act', coalesce((body ->> 'grace_days')::int, 0), at, pp_api.my_label())
		returning * into c;
	return pp.remember(idempotency_key, pp.created('/api/v1/retention-rules', json_build_object('id', c.id, 'rule', c.rule, 'act', c.act,
		'grace_days', c.grace_days, 'at', pp.rfc3339(c.at), 'by', c.by_label)));
end
$$;

grant execute on function pp_api.privacy_notice_of(pp_api.procedure_visible), pp_api.privacy_show(uuid, text),
	pp_api.privacy_notice_json(pp.privacy_notice), pp_api.privacy_notice_show(uuid) to pp_server, pp_public;
grant execute on function pp_api.privacy_notice_create(jsonb, timestamptz, text, bytea), pp_api.retention_of(uuid),
	pp_api.hold_json(pp.legal_hold), pp_api.retention_json(uuid, timestamptz), pp_api.retention_show(uuid, timestamptz),
	pp_api.retention_due(timestamptz), pp_api.hold_create(uuid, jsonb, timestamptz, text, bytea),
	pp_api.hold_lift(uuid, timestamptz, text, bytea), pp_api.person_forget(uuid, text, timestamptz),
	pp_api.person_erase(uuid, jsonb, timestamptz, text, bytea), pp_api.procedure_erase(uuid, timestamptz, text, bytea),
	pp_api.person_ask_erasure(pp.person, timestamptz), pp_api.token_erase(text, timestamptz),
	pp_api.person_erase_own(uuid, timestamptz) to pp_server;
grant execute on function pp_api.retention_act(pp.retention_rule, text) to pp_server, pp_clerk;
grant execute on function pp_api.retention_report_list(int, text), pp_api.retention_rule_list(text),
	pp_api.retention_choose(jsonb, timestamptz, text, bytea) to pp_server;
grant execute on function pp_api.is_held(uuid, uuid), pp_api.person_forget(uuid, text, timestamptz), pp_api.link_ends_at(pp.invitation),
	pp_api.retention_acts(timestamptz), pp_api.retention_erase(text, text, uuid, timestamptz, int),
	pp_api.retention_run(timestamptz, int) to pp_clerk;
