-- SPDX-License-Identifier: EUPL-1.2
-- Forwarding for reading. What is forwarded is read by the forwarding alone: from forwarding_enter to the end of the transaction
-- the policies and views let its recipient see that, as long as it counts.

create function pp_api.forwarding_enter(forwarding uuid, at timestamptz) returns pp.forwarding language plpgsql volatile as $$
declare
	f pp.forwarding;
begin
	perform set_config('pp.instant', pp.rfc3339(at), true), set_config('pp.forwarding', $1::text, true);
	select * into f from pp.forwarding v where v.id = $1;
	if not found then
		perform pp.refuse('forwarding_not_found', 'Nothing of that kind was forwarded to your body or by it, or it has ended.');
	end if;
	return f;
end
$$;

create function pp_api.forwarding_state(f pp.forwarding, at timestamptz) returns text language sql immutable as $$
	select case when f.closed_at is null then case when at < f.until then 'AKTIV' else 'ABGELAUFEN' end
		when f.closed_by = f.member or f.closed_body = f.recipient and f.member is null then 'ZURUECKGEGEBEN' else 'ZURUECKGENOMMEN' end
$$;

-- Shown to both sides; who has done it to the forwarding body only.
create function pp_api.forwarding_json(f pp.forwarding, at timestamptz) returns jsonb language plpgsql volatile as $$
begin
	perform set_config('pp.forwarding', f.id::text, true);
	return (select jsonb_build_object('id', f.id, 'kind', f.kind, 'state', pp_api.forwarding_state(f, at), 'procedure', f.procedure,
			'procedure_number', p.number, 'procedure_title', p.title, 'planner_name', pp.body_name(p.planner_body),
			'invitation', f.invitation, 'statement', f.statement, 'number', f.number, 'participant', f.participant,
			'participant_name', pp.body_name(f.participant), 'deadline', pp.iso(i.deadline), 'deadline_days_left', i.deadline - pp.day(at),
			'body', f.body, 'body_name', pp.body_name(f.body), 'recipient', f.recipient, 'recipient_name', pp.body_name(f.recipient),
			'member', f.member, 'member_name', pp_api.colleague(f.member, pp.day(at)) -> 'name', 'reason', f.reason, 'note', f.note,
			'forwarded_at', pp.rfc3339(f.forwarded_at), 'forwarded_by', pp_api.colleague(f.forwarded_by, pp.day(at)) -> 'name',
			'last_on', pp.iso(f.last_on), 'days_left', f.last_on - pp.day(at), 'ended_at', pp.rfc3339(f.closed_at))
		  from pp.procedure p left join pp.invitation i on i.id = f.invitation where p.id = f.procedure);
end
$$;

-- What was forwarded to one's body (and to oneself, or whom one stands in for) and counts; or (sent) what one's body has forwarded,
-- ended or not. Newest first.
create function pp_api.forwarding_list(sent bool, procedure uuid, row_limit int, cursor text, at timestamptz) returns pp.reply
language plpgsql volatile set plan_cache_mode = force_custom_plan as $$
declare
	me text := pp.current_body();
	accounts uuid[] := pp_api.stands_in_for() || pp.current_account();
	before uuid := pp.cursor_uuid(cursor);
	size int := pp.page_size(row_limit);
	items jsonb;
	next text;
begin
	perform set_config('pp.instant', pp.rfc3339(at), true);
	with page as (
		select f, row_number() over (order by (f).id desc) as n from (
			(select f from pp.forwarding f
			  where sent is not true and f.recipient = me and f.closed_at is null and f.until > at
			    and (f.member is null or f.member = any (accounts))
			    and ($2 is null or f.procedure = $2) and (before is null or f.id < before) order by f.id desc limit size + 1)
			union all
			(select f from pp.forwarding f
			  where sent and (f.body = me or f.other_body = me)
			    and ($2 is null or f.procedure = $2) and (before is null or f.id < before) order by f.id desc limit size + 1)) u)
	select coalesce(jsonb_agg(pp_api.forwarding_json(f, at) order by n) filter (where n <= size), '[]'),
		case when count(*) > size then pp.cursor_make(max((f).id::text) filter (where n = size)) end
	  into items, next from page;
	return pp.ok(json_build_object('items', items), null, next);
end
$$;

create function pp_api.forwarding_show(forwarding uuid, at timestamptz, lang text default 'de') returns pp.reply language plpgsql volatile as $$
declare
	f pp.forwarding := pp_api.forwarding_enter(forwarding, at);
	shown jsonb := pp_api.forwarding_json(f, at);
	content jsonb := case when pp.forwarded('procedure') is not null then pp_api.forwarding_content(f, at, lang)
		when f.person is not null and f.body = pp.current_body() then jsonb_build_object('statement', pp_api.forwarding_statement(f)) end;
begin
	if f.person is not null and content #>> '{statement,text}' is not null then
		perform pp_api.forwarding_reading(f, pp.current_body(), 'INHALT', at);
	end if;
	return pp.ok((shown || jsonb_build_object('content', content))::json);
end
$$;

-- Everything that is forwarded. Whether and how the body has answered is no part of its invitation: the answer is forwarded, or not.
create function pp_api.forwarding_content(f pp.forwarding, at timestamptz, lang text) returns jsonb language plpgsql volatile as $$
begin
	return jsonb_build_object('procedure', pp_api.procedure_item(pp_api.need_procedure(f.procedure)),
		'plan', (select pp_api.plan_item(v.id, lang) || jsonb_build_object('geometry', ST_AsGeoJSON(ST_Transform(v.geom, 4326), 8)::jsonb)
			from pp_api.plan_visible v where v.id = pp.forwarded('plan')),
		'invitation', (select pp_api.invitation_json(i, at, lang) - '{assignment,extension_request,stance,late,answered_at,state,draft,statements}'::text[]
			from pp.invitation i where i.id = f.invitation),
		'statement', pp_api.forwarding_statement(f),
		'documents', (select coalesce(jsonb_agg(pp_api.document_item(v) || jsonb_build_object('content',
				format('/api/v1/forwardings/%s/documents/%s/content', f.id, v.id)) order by v.no), '[]')
			from pp_api.document_visible v where v.state = 'GEPRUEFT' and v.id = any ((select pp.forwarded_documents())::uuid[])));
end
$$;

-- A body's as it is, with its attachments. Of a person what was sealed for this, for those who work on it: whoever only reads for
-- the body sees the number (Art. 5 (1) (c) GDPR).
create function pp_api.forwarding_statement(f pp.forwarding) returns jsonb language plpgsql stable as $$
begin
	if f.person is not null then
		return (select jsonb_build_object('number', f.number, 'author_role', 'OEFF', 'text', null, 'erased', o.content is null) || coalesce(o.content, '{}')
			from (select case when pp.has_role('clerk') or pp.has_role('releaser') or pp.has_role('manager')
				or f.member = any (pp_api.stands_in_for() || pp.current_account()) then pp_api.opened(f.person, f.sealed)::jsonb else '{}' end as content) o);
	end if;
	return (select jsonb_build_object('id', s.id, 'number', s.number, 'participant', s.participant, 'participant_name', pp.body_name(s.participant),
			'author_role', s.author_role, 'stance', s.stance, 'text', s.text, 'reservation', s.reservation, 'resolution', s.resolution,
			'supplement_to', s.parent, 'received_at', pp.rfc3339(s.received_at), 'on_time', s.on_time, 'withdrawn_at', pp.rfc3339(s.withdrawn_at),
			'points', (select coalesce(jsonb_agg(jsonb_build_object('no', t.no, 'kind', t.kind, 'topic', t.topic, 'text', t.text,
					'legal_basis', t.legal_basis, 'remedy', t.remedy, 'document', t.document, 'page', t.page,
					'geometry', ST_AsGeoJSON(ST_Transform(t.geom, 4326), 8)::jsonb) order by t.no), '[]') from pp.statement_point t where t.statement = s.id),
			'attachments', (select coalesce(jsonb_agg(a || jsonb_build_object('content', case when a ->> 'content' is not null
					then format('/api/v1/forwardings/%s/attachments/%s/content', f.id, a ->> 'id') end) order by (a ->> 'no')::int), '[]')
				from jsonb_array_elements(pp_api.attachments_json(s.id, true)) a))
		  from pp.statement s where s.id = f.statement);
end
$$;

create function pp_api.forwarding_reading(f pp.forwarding, body text, what text, at timestamptz) returns void language sql volatile as $$
	insert into pp.reading (id, at, account, body, procedure, person, person_account, statement, what)
		values (pp.uuid7($4), $4, pp.current_account(), $2, f.procedure, f.person, f.person_account, f.statement, $3)
$$;

-- Forwarded ----------------------------------------------------------------------------------------

-- f brings what; body: recipient, or member (of the own body); reason, note, last_on.
create function pp_api.forwarding_make(f pp.forwarding, body jsonb, at timestamptz) returns pp.reply language plpgsql volatile as $$
declare
	me text := pp.current_body();
	sees text[] := array[f.participant, f.other_body, (select p.planner_body from pp.procedure p where p.id = f.procedure)];
begin
	f.id := pp.uuid7(at);
	f.body := me;
	f.member := ($2 ->> 'member')::uuid;
	f.recipient := coalesce($2 ->> 'recipient', case when f.member is not null then me end);
	f.reason := btrim($2 ->> 'reason');
	f.note := nullif(btrim($2 ->> 'note'), '');
	f.last_on := ($2 ->> 'last_on')::date;
	f.until := coalesce((f.last_on + 1)::timestamp at time zone 'Europe/Berlin', 'infinity');
	f.forwarded_at := at;
	f.forwarded_by := pp.current_account();
	perform set_config('pp.instant', pp.rfc3339(at), true);
	if f.recipient is null or f.member is not null and $2 ->> 'recipient' is not null then
		perform pp.refuse('invalid_body', 'Name a body (recipient) or a colleague of your own (member).', '/recipient');
	elsif f.recipient = me and f.member is null then
		perform pp.refuse('invalid_body', 'Your own body sees it: name the colleague to whom you point it out (member).', '/recipient');
	elsif f.member = pp.current_account() or f.member is not null and pp_api.member_present(f.member, pp.day(at)) is null then
		perform pp.refuse('invalid_body', 'That is no colleague of yours: only confirmed members of your body are.', '/member');
	elsif not exists (select from pp.body b where b.key = f.recipient) then
		perform pp.refuse('body_not_found', 'There is no such body.', '/recipient');
	elsif f.member is null and f.recipient = any (sees) then
		perform pp.refuse('invalid_body', 'That body sees it anyway.', '/recipient');
	elsif f.member is null and not pp_api.body_has_account(f.recipient, at) then
		perform pp.refuse('invalid_body', 'Nobody works for that body on the platform: name its office, or send it another way.', '/recipient');
	elsif f.last_on < pp.day(at) then
		perform pp.refuse('invalid_body', 'That day is over.', '/last_on');
	elsif coalesce(f.reason, '') = '' then
		perform pp.refuse('invalid_body', 'Say why.', '/reason');
	end if;
	-- Two at once come one after the other.
	perform pg_advisory_xact_lock(hashtextextended(concat_ws('/', 'forwarding', me, coalesce(f.invitation, f.statement, f.procedure), f.recipient, f.member), 0));
	if exists (select from pp.forwarding o where o.body = me and o.kind = f.kind and o.procedure = f.procedure and o.recipient = f.recipient
		and (o.invitation, o.statement, o.member) is not distinct from (f.invitation, f.statement, f.member) and o.closed_at is null and o.until > at) then
		perform pp.refuse('conflict', 'It was forwarded there already: end that first.');
	end if;
	insert into pp.forwarding select f.*;
	select * into strict f from pp.forwarding v where v.id = f.id;
	if f.person is not null then
		perform pp_api.forwarding_reading(f, f.recipient, 'WEITERGABE', at);
	end if;
	perform pp_api.forwarding_mail(f, at);
	perform pp_api.forwarding_emit(f, 'forwarding.made', at);
	return pp.created('/api/v1/forwardings/' || f.id, pp_api.forwarding_json(f, at)::json);
end
$$;

-- Of no procedure: what is in that one's chain its planning body reads.
create function pp_api.forwarding_emit(f pp.forwarding, kind text, at timestamptz) returns void language sql volatile as $$
	select pp.emit($2, $3, bodies => array[f.body, f.other_body, f.recipient],
		data => json_build_object('forwarding', f.id, 'kind', f.kind, 'recipient', f.recipient))
$$;

-- To the colleague; or to the body at its address, or else to those who work for it. Why and what is said to it is read on the platform.
create function pp_api.forwarding_mail(f pp.forwarding, at timestamptz) returns void language plpgsql volatile as $$
declare
	address text := case when f.member is not null then pp_api.colleague_mail(f.member) else pp.body_mail_on(f.recipient, pp.day(at)) end;
	about jsonb := (select jsonb_strip_nulls(jsonb_build_object('by', case when f.member is not null then pp_api.colleague(f.forwarded_by, pp.day(at)) ->> 'name'
			else pp.body_name(f.body) end, 'title', p.title, 'procedure', p.number, 'participant', pp.body_name(f.participant), 'statement', f.number,
			'last_on', pp.iso(f.last_on))) from pp.procedure p where p.id = f.procedure);
begin
	if address is not null then
		perform pp_api.mail_enqueue('forwarded', address, 'de', about, null, null, at);
	elsif f.member is null then
		perform pp_api.forwarding_mail_members(f.recipient, about, at);
	end if;
end
$$;

create function pp_api.forwarding_mail_members(body text, about jsonb, at timestamptz) returns void language plpgsql volatile
security definer set search_path = pg_catalog, pg_temp as $$
declare
	address text;
begin
	for address in select distinct coalesce(a.email, (select k.email from pp.account_identity k where k.account = a.id order by k.last_seen_at desc limit 1))
		from pp.membership m join pp.account a on a.id = m.account and a.active
		where m.body = $1 and m.state = 'confirmed' and pp.is_live(m, pp.day(at)) and m.roles && '{clerk,releaser,manager}'
	loop
		continue when not coalesce(pp.is_mail_address(address), false);
		perform pp_api.mail_enqueue('forwarded', address, 'de', about, null, null, at);
	end loop;
end
$$;

create function pp_api.invitation_forward(invitation uuid, body jsonb, at timestamptz, idempotency_key text, request_sha256 bytea)
returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	i pp.invitation;
	f pp.forwarding;
begin
	if r.status is not null then
		return r;
	end if;
	i := pp_api.need_invitation(invitation);
	if pp.current_body() not in (i.participant, i.mailbox_body) then
		perform pp.refuse('forbidden', 'The invited body or its office forwards its invitation.');
	end if;
	f.kind := 'EINLADUNG';
	f.procedure := i.procedure;
	f.invitation := i.id;
	f.participant := i.participant;
	f.other_body := i.mailbox_body;
	return pp.remember(idempotency_key, pp_api.forwarding_make(f, body, at));
end
$$;

-- body besides: text or redactions of what a private person says; without either, what was published of it. Neither that nor the
-- words that go with it name the person: a body that is asked for its view needs what was said, and not by whom (Art. 5 (1) (c) GDPR).
create function pp_api.statement_forward(statement uuid, body jsonb, at timestamptz, idempotency_key text, request_sha256 bytea)
returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	s pp.statement;
	f pp.forwarding;
begin
	if r.status is not null then
		return r;
	end if;
	s := pp_api.need_statement(statement);
	if coalesce(pp.current_body() not in (s.participant, s.mailbox_body), true) and s.planner_body is distinct from pp.current_body() then
		perform pp.refuse('forbidden', 'Whoever has made a statement or weighs it forwards it.');
	end if;
	f.kind := 'STELLUNGNAHME';
	f.procedure := s.procedure;
	f.statement := s.id;
	f.participant := s.participant;
	f.other_body := s.mailbox_body;
	if s.person is not null then
		f.person := s.person;
		f.sealed := pp_keys.seal(s.person, jsonb_build_object('text', pp_api.forwarding_text(s, body), 'stance', s.stance,
			'received_at', pp.rfc3339(s.received_at), 'on_time', s.on_time, 'cells', s.cells)::text);
	elsif coalesce(nullif(body -> 'text', 'null'), nullif(body -> 'redactions', 'null')) is not null then
		perform pp.refuse('invalid_body', 'What a body has said goes on as it is.', case when body ->> 'text' is not null then '/text' else '/redactions' end);
	end if;
	return pp.remember(idempotency_key, pp_api.forwarding_make(f, body, at));
end
$$;

create function pp_api.forwarding_text(s pp.statement, body jsonb) returns text language plpgsql volatile as $$
declare
	shown text := nullif(btrim(body ->> 'text'), '');
begin
	if not pp_api.reads_persons(s) then
		perform pp.refuse('forbidden', 'What a person says is forwarded by whoever reads it: manager or clerk.');
	end if;
	perform pp_api.need_key(s);
	if body -> 'redactions' <> 'null' then
		if shown is not null then
			perform pp.refuse('invalid_body', 'Give a text, or what is to be taken out.', '/redactions');
		end if;
		shown := pp_api.redacted(coalesce(pp_api.publication_source(s), ''), body -> 'redactions');
	end if;
	shown := coalesce(shown, s.published_text);
	if shown is null then
		perform pp.refuse('invalid_body', 'Give the text without names and addresses.', '/text');
	end if;
	perform pp_api.check_nameless(s, shown), pp_api.check_nameless(s, body ->> 'reason', '/reason'), pp_api.check_nameless(s, coalesce(body ->> 'note', ''), '/note');
	return shown;
end
$$;

create function pp_api.procedure_forward(procedure uuid, body jsonb, at timestamptz, idempotency_key text, request_sha256 bytea)
returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	p pp_api.procedure_visible;
	f pp.forwarding;
begin
	if r.status is not null then
		return r;
	end if;
	p := pp_api.need_procedure(procedure);
	if p.planner_body is distinct from pp.current_body() then
		perform pp.refuse('forbidden', 'Only its planning body forwards a procedure; others forward their invitation.');
	end if;
	f.kind := 'VERFAHREN';
	f.procedure := p.id;
	return pp.remember(idempotency_key, pp_api.forwarding_make(f, body, at));
end
$$;

-- At once, by the body that has forwarded it (its office, or for whom the office acts), or by the recipient, who gives it back.
create function pp_api.forwarding_end(forwarding uuid, at timestamptz) returns pp.reply language plpgsql volatile as $$
declare
	f pp.forwarding := pp_api.forwarding_enter(forwarding, at);
begin
	-- Two at once come one after the other, and the second finds that it is over.
	update pp.forwarding v set closed_at = at, closed_by = pp.current_account(), closed_body = pp.current_body()
	 where v.id = f.id and v.closed_at is null and v.until > at returning * into f;
	if not found then
		perform pp.refuse('conflict', 'That has ended.');
	end if;
	perform pp_api.forwarding_emit(f, 'forwarding.ended', at);
	return pp.ok(pp_api.forwarding_json(f, at)::json);
end
$$;

-- Files --------------------------------------------------------------------------------------------

create function pp_api.forwarding_document(forwarding uuid, document uuid, at timestamptz) returns void language plpgsql volatile as $$
declare
	f pp.forwarding := pp_api.forwarding_enter(forwarding, at);
begin
	if $2 <> all (pp.forwarding_documents(f)) then
		perform pp.refuse('document_not_found', 'There is no such document that you may see.');
	end if;
end
$$;

create function pp_api.forwarding_document_find(forwarding uuid, document uuid, at timestamptz, out name text, out media_type text,
	out size bigint, out sha256 text, out is_shown bool) language plpgsql volatile as $$
begin
	perform pp_api.forwarding_document($1, $2, $3);
	select c.* into name, media_type, size, sha256, is_shown from pp_api.content_find($2) c;
end
$$;

create function pp_api.forwarding_document_piece(forwarding uuid, document uuid, from_byte bigint, chunks int, at timestamptz)
returns table (first_byte bigint, bytes bytea) language plpgsql volatile rows 1 as $$
begin
	perform pp_api.forwarding_document($1, $2, $5);
	return query select c.* from pp_api.content_piece($2, $3, $4) c;
end
$$;

create function pp_api.forwarding_attachment(forwarding uuid, attachment uuid, at timestamptz) returns void language plpgsql volatile as $$
declare
	f pp.forwarding := pp_api.forwarding_enter(forwarding, at);
begin
	if f.person is not null or not exists (select from pp.attachment a where a.id = $2 and a.statement = f.statement) then
		perform pp.refuse('attachment_not_found', 'There is no such attachment that you may see.');
	end if;
end
$$;

create function pp_api.forwarding_attachment_open(forwarding uuid, attachment uuid, at timestamptz, out name text, out media_type text,
	out size bigint, out sha256 text) language plpgsql volatile as $$
begin
	perform pp_api.forwarding_attachment($1, $2, $3);
	select o.* into name, media_type, size, sha256 from pp_api.attachment_open($2, $3) o;
end
$$;

create function pp_api.forwarding_attachment_piece(forwarding uuid, document uuid, from_byte bigint, chunks int, at timestamptz)
returns table (first_byte bigint, bytes bytea) language plpgsql volatile rows 1 as $$
begin
	perform pp_api.forwarding_attachment($1, $2, $5);
	return query select c.* from pp_api.attachment_piece($2, $3, $4) c;
end
$$;

grant execute on function pp_api.forwarding_enter(uuid, timestamptz), pp_api.forwarding_state(pp.forwarding, timestamptz),
	pp_api.forwarding_json(pp.forwarding, timestamptz), pp_api.forwarding_list(bool, uuid, int, text, timestamptz),
	pp_api.forwarding_show(uuid, timestamptz, text), pp_api.forwarding_content(pp.forwarding, timestamptz, text),
	pp_api.forwarding_statement(pp.forwarding), pp_api.forwarding_reading(pp.forwarding, text, text, timestamptz),
	pp_api.forwarding_make(pp.forwarding, jsonb, timestamptz), pp_api.forwarding_emit(pp.forwarding, text, timestamptz),
	pp_api.forwarding_mail(pp.forwarding, timestamptz), pp_api.forwarding_mail_members(text, jsonb, timestamptz),
	pp_api.invitation_forward(uuid, jsonb, timestamptz, text, bytea), pp_api.statement_forward(uuid, jsonb, timestamptz, text, bytea),
	pp_api.forwarding_text(pp.statement, jsonb), pp_api.procedure_forward(uuid, jsonb, timestamptz, text, bytea),
	pp_api.forwarding_end(uuid, timestamptz), pp_api.forwarding_document(uuid, uuid, timestamptz),
	pp_api.forwarding_document_find(uuid, uuid, timestamptz), pp_api.forwarding_document_piece(uuid, uuid, bigint, int, timestamptz),
	pp_api.forwarding_attachment(uuid, uuid, timestamptz), pp_api.forwarding_attachment_open(uuid, uuid, timestamptz),
	pp_api.forwarding_attachment_piece(uuid, uuid, bigint, int, timestamptz) to pp_server;

grant create on schema pp_api to pp_sign_in;
alter function pp_api.forwarding_mail_members(text, jsonb, timestamptz) owner to pp_sign_in;
revoke create on schema pp_api from pp_sign_in;
