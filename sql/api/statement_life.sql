-- SPDX-License-Identifier: EUPL-1.2
-- What becomes of a statement once it is there: shown, withdrawn, resolved on, published.

-- For whoever sees its row: parties, planning body, author. brief leaves out what a person has said: lists
-- of the planning body show numbers; reading one is a request of its own, which is written down.
create function pp_api.statement_json(statement uuid, brief bool default false) returns jsonb language plpgsql stable as $$
begin
	return (select jsonb_build_object('id', s.id, 'number', s.number, 'procedure', s.procedure,
			'procedure_number', p.number, 'procedure_title', p.title, 'round', s.round, 'plan', s.plan,
			'invitation', s.invitation, 'supplement_to', s.parent, 'participant', s.participant,
			'participant_name', pp.body_name(s.participant), 'acting_body', s.acting_body,
			'acting_name', pp.body_name(s.acting_body), 'author_role', s.author_role,
			'channel', s.channel, 'entered', case when s.entered_at is not null then jsonb_build_object(
				'at', pp.rfc3339(s.entered_at), 'received_on', pp.iso(s.received_on),
				'by', case when s.planner_body = pp.current_body() then s.entered_by_label end,
				'evidence', case when s.planner_body = pp.current_body() then s.evidence end, 'signatures', s.signatures) end,
			'person', pp_api.person_short(s.person), 'stance', s.stance,
			'text', coalesce(s.text, o.content ->> 'text'),
			'points', (select coalesce(jsonb_agg(jsonb_build_object('no', t.no, 'kind', t.kind,
					'topic', t.topic, 'text', t.text, 'legal_basis', t.legal_basis, 'remedy', t.remedy,
					'document', t.document, 'page', t.page,
					'geometry', ST_AsGeoJSON(ST_Transform(t.geom, 4326), 8)::jsonb) order by t.no), '[]')
				from pp_api.points_of(s.id) t where s.person is null or o.content is not null),
			'attachments', pp_api.attachments_json(s.id, s.person is null or o.content is not null),
			'reservation', coalesce(s.reservation, o.content ->> 'reservation'), 'resolution', s.resolution,
			'received_at', pp.rfc3339(s.received_at), 'deadline_at', pp.rfc3339(s.deadline_at),
			'on_time', s.on_time, 'lateness', pp_api.lateness_short(s), 'state', s.state,
			'withdrawn_at', pp.rfc3339(s.withdrawn_at),
			'withdraw_reason', coalesce(s.withdraw_reason, o.content ->> 'withdraw_reason'), 'sha256', encode(s.content_sha256, 'hex'),
			'supplements', (select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'number', c.number,
					'received_at', pp.rfc3339(c.received_at), 'on_time', c.on_time) order by c.id), '[]')
				from pp.statement c where c.parent = s.id),
			'published', s.published, 'published_text', s.published_text,
			'redactions', case when s.planner_body = pp.current_body() then s.redactions end)
			|| case when s.signed_by is not null then jsonb_build_object('signed_by', s.signed_by) else '{}' end
			|| coalesce((select jsonb_build_object('acting', a) from pp_api.acting_json(s.id) a where a is not null), '{}')
		  from pp.statement s join pp_api.procedure_visible p on p.id = s.procedure
		  left join lateral (select pp_api.opened(s.person, s.sealed)::jsonb || jsonb_build_object('withdraw_reason',
				pp_api.opened(s.person, s.withdraw_sealed)) as content
			where not $2 and pp_api.reads_persons(s)) o on true
		 where s.id = $1);
end
$$;

-- For everybody else: what was published. Private persons have no name here.
create function pp_api.statement_published_json(statement uuid) returns jsonb language sql stable as $$
	select jsonb_build_object('id', s.id, 'number', s.number, 'procedure', s.procedure,
		'round', s.round, 'participant', s.participant,
		'participant_name', pp.body_name(s.participant), 'author_role', s.author_role,
		'stance', s.stance, 'text', s.published_text, 'received_at', pp.rfc3339(s.received_at),
		'on_time', s.on_time, 'state', s.state, 'published', true, 'cells', s.cells,
		'attachments', (select coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'no', a.no, 'name', a.name, 'media_type', a.media_type,
				'size', a.size, 'sha256', encode(a.sha256, 'hex'), 'content', format('/api/v1/attachments/%s/content', a.id)) order by a.no), '[]')
			from pp_api.attachment_published a where a.statement = s.id))
	  from pp_api.statement_published s where s.id = $1
$$;

-- Whatever is there to be read of a person; the planning body's reading is written down.
create function pp_api.statement_show(statement uuid, at timestamptz default now()) returns pp.reply
language plpgsql volatile as $$
declare
	shown jsonb;
	etag text;
begin
	if coalesce(pp.current_account(), pp.current_person()) is not null then
		perform pp_api.reading_note(array[statement], at);
		shown := pp_api.statement_json(statement);
		etag := (select s.version || '-' || (select count(*) from pp.statement c where c.parent = s.id) || coalesce('-' || nullif((
				select count(*) from pp.attachment a join pp.file f on f.id = a.id
				 where a.statement = s.id and f.state <> 'UNGEPRUEFT'), 0), '')
			from pp.statement s where s.id = $1);
	end if;
	if shown is null then
		shown := pp_api.statement_published_json(statement);
		etag := (select 'p' || s.version from pp_api.statement_published s where s.id = $1);
	end if;
	if shown is null then
		perform pp.refuse('statement_not_found', 'There is no such statement that you may see.');
	end if;
	return pp.ok(shown::json, etag);
end
$$;

-- Of one procedure, in the order of their receipt: what the requester is party to, and what is published.
create function pp_api.statement_list(procedure uuid, row_limit int, cursor text) returns pp.reply
language plpgsql stable as $$
declare
	p pp_api.procedure_visible := pp_api.need_procedure(procedure);
	after uuid := pp.cursor_uuid(cursor);
	size int := pp.page_size(row_limit);
	mine uuid[] := '{}';
	items jsonb;
	next text;
begin
	if pp.current_account() is not null then
		mine := array(select s.id from pp.statement s
			 where s.procedure = p.id and (after is null or s.id > after) order by s.id limit size + 1);
	end if;
	with published as (
		select s.id from pp_api.statement_published s
		 where s.procedure = p.id and (after is null or s.id > after) order by s.id limit size + 1),
	page as (
		select u.id, row_number() over (order by u.id) as n
		  from (select unnest(mine) as id union select f.id from published f) u order by u.id limit size + 1)
	select coalesce(jsonb_agg(case when id = any (mine) then pp_api.statement_json(id, p.planner_body = pp.current_body())
			else pp_api.statement_published_json(id) end order by n) filter (where n <= size), '[]'),
		case when count(*) > size then pp.cursor_make(max(id::text) filter (where n = size)) end
	  into items, next from page;
	return pp.ok(json_build_object('items', items), null, next);
end
$$;

-- For its author: the public's own account, or the participant and its office. Locked.
create function pp_api.my_statement(statement uuid) returns pp.statement
language plpgsql volatile as $$
declare
	s pp.statement;
begin
	select * into s from pp.statement v where v.id = $1 for no key update;
	if not found then
		perform pp.refuse('statement_not_found', 'There is no such statement that you may see.');
	elsif coalesce(s.author_account <> pp.current_account(), true) and coalesce(s.person <> pp.current_person(), true)
		and coalesce(pp.current_body() not in (s.participant, s.mailbox_body), true) then
		perform pp.refuse('forbidden', 'Only whoever has made a statement adds to it or withdraws it.');
	elsif s.participant is null then
		perform pp_api.need_self();
	end if;
	return s;
end
$$;

-- Whoever was erased has nothing more to seal with.
create function pp_api.need_key(s pp.statement) returns void language plpgsql stable as $$
begin
	if s.person is not null and exists (select from pp.person p where p.id = s.person and p.erased_at is not null) then
		perform pp.refuse('person_erased', 'Whoever made this statement was erased.');
	end if;
end
$$;

-- It is kept: what it says may have to be looked at all the same.
create function pp_api.statement_withdraw(statement uuid, body jsonb, at timestamptz,
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
	perform pp_api.withdrawal_store(s, body, at);
	r := pp_api.statement_show(s.id);
	r.body := pp_api.with_receipt(r.body::jsonb, 'RUECKNAHME', s.id);
	return pp_api.remember_sealed(idempotency_key, r, s.person);
end
$$;

create function pp_api.withdrawal_store(s pp.statement, body jsonb, at timestamptz) returns uuid language plpgsql volatile as $$
declare
	reason text := nullif(btrim(body ->> 'reason'), '');
begin
	perform pp_api.need_key(s);
	update pp.statement v
	   set state = pp.step_state('statement', 'withdraw', s.state), withdrawn_at = at,
		withdrawn_by = pp.current_account(), withdraw_reason = case when s.person is null then reason end,
		withdraw_sealed = case when s.person is not null and reason is not null then pp_keys.seal(s.person, reason) end,
		version = s.version + 1
	 where v.id = s.id;
	if s.invitation is not null then
		perform pp_api.invitation_follow(s.invitation, at);
	end if;
	perform pp.emit('statement.withdrawn', at, s.procedure, s.round, s.invitation, s.id,
		bodies => array[s.planner_body, s.participant, s.mailbox_body],
		data => json_build_object('number', s.number, 'body', s.participant));
	perform pp_api.receipt_statement('RUECKNAHME', s, at), pp_api.acted('RUECKNAHME', '{releaser}', null, s, at);
	return s.id;
end
$$;

-- What the council has decided on a statement that was made subject to it; the receipt stays the
-- first one's. body: decided_on, outcome (BESTAETIGT, GEAENDERT, ABGELEHNT), reference, text.
create function pp_api.statement_resolve(statement uuid, body jsonb, at timestamptz,
	idempotency_key text, request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	s pp.statement;
begin
	if r.status is not null then
		return r;
	end if;
	s := pp_api.my_statement(statement);
	perform pp_api.need_second(pp.current_account());
	perform pp_api.resolution_store(s, body, at);
	return pp.remember(idempotency_key, pp_api.statement_show(s.id));
end
$$;

create function pp_api.resolution_check(s pp.statement, body jsonb, at timestamptz) returns void language plpgsql stable as $$
begin
	if s.reservation is null or s.resolution is not null or s.withdrawn_at is not null then
		perform pp.refuse('conflict', case when s.withdrawn_at is not null then 'The statement was withdrawn.'
			when s.reservation is null then 'The statement was made without reservation.'
			else 'The resolution was recorded already.' end);
	elsif (body ->> 'decided_on')::date > pp.day(at) then
		perform pp.refuse('invalid_body', 'A resolution that lies ahead is none yet.', '/decided_on');
	elsif coalesce(body ->> 'outcome', '') not in ('BESTAETIGT', 'GEAENDERT', 'ABGELEHNT') then
		perform pp.refuse('invalid_body', 'The outcome is BESTAETIGT, GEAENDERT or ABGELEHNT.', '/outcome');
	end if;
end
$$;

create function pp_api.resolution_store(s pp.statement, body jsonb, at timestamptz) returns uuid language plpgsql volatile as $$
begin
	perform pp_api.resolution_check(s, body, at);
	update pp.statement v
	   set resolution = jsonb_build_object('decided_on', body -> 'decided_on', 'outcome', body -> 'outcome',
			'reference', body -> 'reference', 'text', body -> 'text', 'recorded_at', pp.rfc3339(at)),
		resolved_at = at, version = s.version + 1
	 where v.id = s.id;
	perform pp.emit('statement.resolved', at, s.procedure, s.round, s.invitation, s.id,
		bodies => array[s.planner_body, s.participant, s.mailbox_body],
		data => json_build_object('number', s.number, 'outcome', body ->> 'outcome'));
	perform pp_api.acted('BESCHLUSS', '{releaser}', null, s, at);
	return s.id;
end
$$;

-- What redactions count in: the text, else the texts of the points with an empty line between them.
create function pp_api.publication_source(s pp.statement) returns text language sql stable as $$
	select coalesce(s.text, pp_api.opened(s.person, s.sealed)::jsonb ->> 'text',
		(select string_agg(t.text, E'\n\n' order by t.no) from pp_api.points_of(s.id) t))
$$;

-- The original with marks in place of what is taken out: [{start, end, why}], in any order, none over another.
create function pp_api.redacted(original text, redactions jsonb) returns text language plpgsql stable as $$
declare
	result text := '';
	at int := 0;
	cut record;
begin
	for cut in select (r ->> 'start')::int as first, (r ->> 'end')::int as last, r ->> 'why' as why, n - 1 as n
		from jsonb_array_elements(redactions) with ordinality x (r, n) order by 1
	loop
		if cut.first < at or cut.first >= cut.last or cut.last > length(original) then
			perform pp.refuse('invalid_body', format('start lies before end, after the one before, and end at most at %s.',
				length(original)), format('/redactions/%s/start', cut.n));
		end if;
		result := result || substring(original from at + 1 for cut.first - at) || '[' || lower(cut.why) || ']';
		at := cut.last;
	end loop;
	return result || substring(original from at + 1);
end
$$;

-- Names of private persons are not published (VGH Baden-Württemberg, 24.05.2022, 3 S 1813/19): a text that has the person's
-- own is refused. Consent lets the name stand, never address and mail.
create function pp_api.check_nameless(s pp.statement, shown text, field text default '/text') returns void language plpgsql stable as $$
declare
	details jsonb := pp_api.opened(s.person, (select p.sealed from pp.person p where p.id = s.person))::jsonb;
	named text;
begin
	select k into named from jsonb_each_text(details) d (k, v)
	 where k in ('given_name', 'family_name', 'organisation', 'street', 'email') and length(v) > 1
	   and strpos(' ' || regexp_replace(lower(shown), '[^[:alnum:]@.]+', ' ', 'g'),
		case when k = 'email' then '' else ' ' end || btrim(regexp_replace(lower(v), '[^[:alnum:]@.]+', ' ', 'g'))) > 0
	   and not (k in ('given_name', 'family_name', 'organisation') and coalesce((select c.given from pp.consent c
		where c.person = s.person and c.kind = 'NAME' order by c.at desc limit 1), false))
	 order by k limit 1;
	if named is not null then
		perform pp.refuse('invalid_body', format('The text has the person''s %s; take it out.', named), field);
	end if;
end
$$;

-- Shows it to everybody, or no more; body: published, and text or redactions. A private person's words are shown
-- only in a text of its own, without names (§ 3 (2) BauGB); the original stays sealed.
create function pp_api.statement_publish(statement uuid, body jsonb, if_match text, at timestamptz)
returns pp.reply language plpgsql volatile as $$
declare
	s pp.statement;
	shown text := nullif(btrim(body ->> 'text'), '');
begin
	select * into s from pp.statement v where v.id = $1 for no key update;
	if not found then
		perform pp.refuse('statement_not_found', 'There is no such statement that you may see.');
	elsif s.planner_body is distinct from pp.current_body() then
		perform pp.refuse('forbidden', 'Only the planning body publishes statements.');
	end if;
	if if_match is null or if_match <> '*' then
		perform pp.match(split_part(if_match, '-', 1), s.version);
	end if;
	if body -> 'redactions' <> 'null' then
		if shown is not null then
			perform pp.refuse('invalid_body', 'Give a text, or what is to be taken out.', '/redactions');
		end if;
		perform pp_api.need_key(s);
		shown := pp_api.redacted(coalesce(pp_api.publication_source(s), ''), body -> 'redactions');
	end if;
	if s.person is not null and shown is not null then
		perform pp_api.check_nameless(s, shown);
	end if;
	if s.author_role = 'OEFF' and shown is null and (body ->> 'published')::bool then
		perform pp.refuse('invalid_body', 'Give the text without names and addresses.', '/text');
	end if;
	update pp.statement v
	   set published = (body ->> 'published')::bool, published_text = coalesce(shown, s.published_text, s.text),
		redactions = case when shown is not null then nullif(body -> 'redactions', 'null') else s.redactions end,
		version = s.version + 1
	 where v.id = s.id;
	perform pp.emit('statement.published', at, s.procedure, s.round, s.invitation, s.id,
		bodies => array[s.planner_body, s.participant, s.mailbox_body],
		public => (body ->> 'published')::bool and exists (select from pp.procedure p
			where p.id = s.procedure and p.published_at is not null),
		data => json_build_object('number', s.number, 'published', (body ->> 'published')::bool));
	return pp_api.statement_show(s.id);
end
$$;

-- The public's login is allowed the whole row's function because a list names it; it cannot read
-- the table that this looks into.
grant execute on function pp_api.statement_published_json(uuid), pp_api.statement_json(uuid, bool),
	pp_api.statement_show(uuid, timestamptz), pp_api.publication_source(pp.statement), pp_api.redacted(text, jsonb),
	pp_api.check_nameless(pp.statement, text, text), pp_api.reads_persons(pp.statement), pp_api.points_of(uuid), pp_api.point_row(uuid, int, jsonb),
	pp_api.statement_list(uuid, int, text) to pp_server, pp_public;
grant execute on function pp_api.withdrawal_store(pp.statement, jsonb, timestamptz), pp_api.resolution_check(pp.statement, jsonb, timestamptz),
	pp_api.resolution_store(pp.statement, jsonb, timestamptz), pp_api.statement_points(jsonb, text),
	pp_api.take_statement_number(uuid, uuid),
	pp_api.statement_content(uuid, uuid, text, uuid, jsonb, jsonb, timestamptz),
	pp_api.statement_store(pp.statement, jsonb, timestamptz),
	pp_api.invitation_answered(uuid, pp.statement, timestamptz),
	pp_api.invitation_follow(uuid, timestamptz),
	pp_api.statement_of_invitation(pp.invitation), pp_api.supplement_of(pp.statement),
	pp_api.statement_submit_for(pp.invitation, jsonb, timestamptz),
	pp_api.statement_submit(uuid, jsonb, timestamptz, text, bytea),
	pp_api.inbox_answer(jsonb, timestamptz, text, bytea),
	pp_api.points_write(pp.statement, jsonb), pp_api.need_self(), pp_api.public_round(uuid, timestamptz), pp_api.need_key(pp.statement),
	pp_api.statement_submit_round(uuid, jsonb, timestamptz, text, bytea, text),
	pp_api.statement_submit_public(uuid, jsonb, timestamptz, text, bytea, text),
	pp_api.supplement_check(pp.statement), pp_api.supplement_store(pp.statement, jsonb, timestamptz),
	pp_api.statement_supplement(uuid, jsonb, timestamptz, text, bytea),
	pp_api.my_statement(uuid),
	pp_api.statement_withdraw(uuid, jsonb, timestamptz, text, bytea),
	pp_api.statement_resolve(uuid, jsonb, timestamptz, text, bytea),
	pp_api.statement_publish(uuid, jsonb, text, timestamptz) to pp_server;
