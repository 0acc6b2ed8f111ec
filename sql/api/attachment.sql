-- SPDX-License-Identifier: EUPL-1.2
-- Attachments of statements. They are announced and uploaded before (pp.upload); the statement that names them makes them
-- its own (pp.attachment), for good. A private person's lie sealed (pp.file.sealed).

-- The bytes, as they lie there, of what one may see. A view of pp_owner, for whom the same policies hold.
create view pp_api.attachment_content as
	select c.file, c.from_byte, c.chunk, k.bytes from pp.file_chunk c join pp.chunk k on k.sha256 = c.chunk
	 where exists (select from pp.attachment a where a.id = c.file) or exists (select from pp.upload u where u.id = c.file);

-- Submitted ----------------------------------------------------------------------------------------

create function pp_api.file_submittable(f pp.file, field text) returns void language plpgsql immutable as $$
begin
	if f.state = 'LAEDT' then
		perform pp.refuse('attachment_not_ready', format('%s of %s bytes have arrived.', f.received, f.size), field);
	elsif f.state not in ('UNGEPRUEFT', 'GEPRUEFT') then
		perform pp.refuse('attachment_refused', format('It was refused: %s.', coalesce(f.reason, f.state)), field);
	end if;
end
$$;

-- One answer to several invitations: what was announced for one of them goes with the others as a file of its own, made of the
-- same chunks and looked into by itself. Ids of what goes with the answer to i, in their order.
create function pp_api.attachments_for(i pp.invitation, attachments jsonb, invitations uuid[], at timestamptz) returns jsonb
language plpgsql volatile as $$
declare
	one record;
	u pp.upload;
	f pp.file;
	ids jsonb := '[]';
begin
	perform pg_advisory_xact_lock_shared(hashtext('pp.chunk'));
	for one in select value::uuid as id, format('/attachments/%s', n - 1) as field
		from jsonb_array_elements_text(coalesce(nullif(attachments, 'null'), '[]')) with ordinality x (value, n) order by n
	loop
		select * into u from pp.upload o where o.id = one.id and o.invitation = any (invitations) and o.draft is null;
		if not found then
			perform pp.refuse('attachment_not_found', 'It was announced for none of these invitations, or went with another statement.', one.field);
		end if;
		if u.invitation <> i.id then
			select * into strict f from pp.file v where v.id = u.id;
			perform pp_api.file_submittable(f, one.field);
			u.id := pp.uuid7(at);
			u.invitation := i.id;
			insert into pp.file (id, media_type, size, sha256, state, received, digest, crc32, created_at, expires_at, completed_at)
				values (u.id, f.media_type, f.size, f.sha256, 'UNGEPRUEFT', f.received, f.digest, f.crc32, at, f.expires_at, f.completed_at);
			insert into pp.file_chunk (file, from_byte, chunk) select u.id, c.from_byte, c.chunk from pp_api.attachment_content c where c.file = f.id;
			insert into pp.upload select u.*;
		end if;
		ids := ids || to_jsonb(u.id);
	end loop;
	return ids;
end
$$;

-- Names what the statement brings; all or none. The row of an upload that is deleted is locked: it goes with one statement.
create function pp_api.attachments_claim(s pp.statement, content jsonb) returns void language plpgsql volatile as $$
declare
	me text := coalesce(pp.current_person()::text, '');
	one record;
	u pp.upload;
	f pp.file;
	taken pp.upload[] := '{}';
begin
	if content ->> 'upload_token' is not null and content -> 'attachments' <> '[]' then
		perform pp_api.basket_enter(content ->> 'upload_token');
	end if;
	for one in select value::uuid as id, format('/attachments/%s', n - 1) as field
		from jsonb_array_elements_text(coalesce(nullif(content -> 'attachments', 'null'), '[]')) with ordinality x (value, n) order by n
	loop
		delete from pp.upload o where o.id = one.id and o.round = s.round and o.draft is not distinct from (content ->> 'draft')::uuid
			and (o.invitation is not distinct from s.invitation or s.entered_by is not null) returning * into u;
		if not found then
			perform pp.refuse('attachment_not_found', 'It was not announced for this statement, or went with another one.', one.field);
		end if;
		select * into strict f from pp.file v where v.id = one.id for no key update;
		perform pp_api.file_submittable(f, one.field);
		if f.sealed is distinct from (s.person is not null) then
			perform pp.refuse('attachment_not_found', 'It was not announced for this statement.', one.field);
		end if;
		if f.sealed then
			perform pp_keys.bind_file(f.id, s.person);
		end if;
		taken := taken || u;
	end loop;
	perform set_config('pp.person', me, true);
	insert into pp.attachment (id, procedure, statement, no, planner_body, participant, mailbox_body, author_account, person,
		entered_by, name, sealed, media_type, size, sha256, attached_at)
		select t.id, s.procedure, s.id, n, s.planner_body, s.participant, s.mailbox_body, s.author_account, s.person, s.entered_by,
			t.name, t.sealed, v.media_type, v.size, v.sha256, s.received_at
		  from unnest(taken) with ordinality t (id, procedure, round, invitation, draft, body, basket, token_sha256, name, sealed, announced_at, expires_at, takes, n)
		  join pp.file v on v.id = t.id;
end
$$;

-- As they stand in a receipt: no names. Members in the order of their bytes, no blanks: RFC 8785.
-- In PL/pgSQL, as what else every submission calls: planned once for a connection, not at each call.
create function pp_api.attachments_receipt(statement uuid) returns text language plpgsql stable as $$
begin
	return (select '[' || coalesce(string_agg('{"id":"' || a.id || '","sha256":"' || encode(a.sha256, 'hex') || '","size":' || a.size || '}',
		',' order by a.no), '') || ']' from pp.attachment a where a.statement = $1);
end
$$;

-- Shown --------------------------------------------------------------------------------------------

-- Where whoever asks gets it: signed in, by the secret of the receipt, by the invitation's link.
create function pp_api.attachment_address(id uuid) returns text language sql stable as $$
	select format('/api/v1/%sattachments/%s/content', case when pp.current_account() is not null then ''
		when pp.current_person() is not null then 'statements/by-token/' when pp.current_body() is not null then 'invitations/by-link/'
		else '' end, $1)
$$;

create function pp_api.upload_item(u pp.upload) returns jsonb language plpgsql stable as $$
declare
	f pp.file;
begin
	select * into strict f from pp.file v where v.id = u.id;
	return jsonb_build_object('id', u.id, 'name', coalesce(u.name, convert_from(pp_keys.open_piece(u.id, 'name', u.sealed), 'UTF8')),
		'media_type', f.media_type, 'size', f.size, 'sha256', encode(f.sha256, 'hex'), 'state', f.state, 'reason', f.reason,
		'statement', null, 'content', case when f.state in ('UNGEPRUEFT', 'GEPRUEFT') and u.basket is null
			then pp_api.attachment_address(u.id) end,
		'upload', case when f.state = 'LAEDT' then jsonb_build_object('url', format('/api/v1/attachments/%s/upload', u.id),
			'offset', f.received, 'expires_at', pp.rfc3339(least(u.expires_at, f.expires_at))) end);
end
$$;

-- Who has made it reads it at once; the planning body what was looked into, and of persons whoever may read them.
create function pp_api.attachment_readable(a pp.attachment, state text) returns bool language sql stable as $$
	select coalesce($2 = 'GEPRUEFT' or $2 = 'UNGEPRUEFT' and (a.author_account = pp.current_account() or a.person = pp.current_person()
		or pp.current_body() in (a.participant, a.mailbox_body)), false)
$$;

-- named: whoever asks may read what the person says; its name is a part of that. salted: for the person itself.
create function pp_api.attachments_json(statement uuid, named bool, salted bool default false) returns jsonb
language plpgsql stable as $$
begin
	return (select coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'no', a.no, 'name',
			coalesce(a.name, case when named then convert_from(pp_keys.open_piece(a.id, 'name', a.sealed), 'UTF8') end),
			'media_type', a.media_type, 'size', a.size, 'sha256', encode(a.sha256, 'hex'), 'state', f.state, 'reason', f.reason,
			'content', case when named and pp_api.attachment_readable(a, f.state) then pp_api.attachment_address(a.id) end)
			|| case when salted then jsonb_build_object('salt', encode(pp_keys.file_salt(a.id), 'hex')) else '{}' end order by a.no), '[]')
		from pp.attachment a join pp.file f on f.id = a.id where a.statement = $1);
end
$$;

create function pp_api.attachment_show(attachment uuid, upload_token text) returns pp.reply language plpgsql volatile as $$
declare
	u pp.upload := pp_api.my_upload(attachment, upload_token);
	s pp.statement;
	item jsonb;
begin
	if u.id is not null then
		return pp.ok(pp_api.upload_item(u)::json);
	end if;
	select v.* into s from pp.attachment a join pp.statement v on v.id = a.statement where a.id = $1;
	select e || jsonb_build_object('statement', s.id, 'upload', null, 'release', pp_api.attachment_release_json($1)) into item
	  from jsonb_array_elements(pp_api.attachments_json(s.id, s.person is null)) e where e ->> 'id' = $1::text;
	if item is null then
		perform pp.refuse('attachment_not_found', 'There is no such attachment that you may see.');
	end if;
	return pp.ok(item::json);
end
$$;

-- To be handed out. That the planning body reads what a person has sent is written down.
create function pp_api.attachment_open(attachment uuid, at timestamptz, out name text, out media_type text, out size bigint,
	out sha256 text) language plpgsql volatile as $$
declare
	a pp.attachment;
	s pp.statement;
	u pp.upload;
	state text;
begin
	if coalesce(pp.current_account()::text, pp.current_body(), pp.current_person()::text) is null then
		select p.name, p.media_type, p.size, p.sha256 into name, media_type, size, sha256 from pp_api.attachment_published_open($1) p;
		return;
	end if;
	state := (select f.state from pp.file f where f.id = $1);
	select * into a from pp.attachment v where v.id = $1;
	select * into s from pp.statement v where v.id = a.statement;
	if s.id is not null and (s.person is null or pp_api.reads_persons(s)) then
		perform pp_api.need_key(s);
		if state = 'ABGELEHNT' then
			perform pp.refuse('attachment_refused', 'It was looked into and refused; nobody is handed it.');
		elsif not pp_api.attachment_readable(a, state) then
			perform pp.refuse('attachment_not_ready', 'It is not looked into yet.');
		elsif s.person is not null and s.planner_body = pp.current_body() then
			perform pp_api.reading_write(s.person, s.id, 'ANLAGE', null, at);
		end if;
		select coalesce(a.name, convert_from(pp_keys.open_piece(a.id, 'name', a.sealed), 'UTF8')), a.media_type, a.size, encode(a.sha256, 'hex')
		  into name, media_type, size, sha256;
		return;
	end if;
	u := pp_api.my_upload(attachment, null);
	if u.id is null then
		select p.name, p.media_type, p.size, p.sha256 into name, media_type, size, sha256 from pp_api.attachment_published_open($1) p;
		return;
	elsif state not in ('UNGEPRUEFT', 'GEPRUEFT') then
		perform pp.refuse('attachment_not_ready', format('It is in state %s.', state));
	end if;
	select coalesce(u.name, convert_from(pp_keys.open_piece(u.id, 'name', u.sealed), 'UTF8')), f.media_type, f.size, encode(f.sha256, 'hex')
	  into name, media_type, size, sha256 from pp.file f where f.id = u.id;
end
$$;

-- As pp_api.content_piece; opened where it is sealed.
create function pp_api.attachment_piece(document uuid, from_byte bigint, chunks int) returns table (first_byte bigint, bytes bytea)
language plpgsql volatile rows 1 as $$
declare
	mine bool := false;
begin
	if coalesce(pp.current_account()::text, pp.current_body(), pp.current_person()::text) is not null then
		mine := exists (select from pp.attachment a join pp.statement s on s.id = a.statement
				where a.id = $1 and (s.person is null or pp_api.reads_persons(s))) or exists (select from pp.upload u where u.id = $1);
	end if;
	if not mine then
		return query select c.from_byte, c.bytes from pp_api.attachment_published_content c
		 where c.attachment = $1 and c.from_byte >= (select e.from_byte from pp_api.attachment_published_content e
			where e.attachment = $1 and e.from_byte <= $2 order by e.from_byte desc limit 1)
		 order by c.from_byte limit $3;
		return;
	end if;
	return query select c.from_byte, case when f.sealed then pp_keys.open_piece(c.file, c.from_byte::text, c.bytes) else c.bytes end
	  from pp_api.attachment_content c join pp.file f on f.id = c.file
	 where c.file = $1 and f.state in ('UNGEPRUEFT', 'GEPRUEFT')
	   and c.from_byte >= (select e.from_byte from pp_api.attachment_content e
		where e.file = $1 and e.from_byte <= $2 order by e.from_byte desc limit 1)
	 order by c.from_byte limit $3;
end
$$;

create function pp_api.token_attachment_open(status_token text, attachment uuid, at timestamptz, out name text, out media_type text,
	out size bigint, out sha256 text) language plpgsql volatile as $$
begin
	perform pp_api.person_enter(status_token);
	select o.* into name, media_type, size, sha256 from pp_api.attachment_open($2, $3) o;
end
$$;

create function pp_api.token_attachment_piece(status_token text, document uuid, from_byte bigint, chunks int)
returns table (first_byte bigint, bytes bytea) language plpgsql volatile rows 1 as $$
begin
	perform pp_api.person_enter(status_token);
	return query select c.* from pp_api.attachment_piece($2, $3, $4) c;
end
$$;

-- Of the link's own invitation: the body may have answered others.
create function pp_api.link_attachment_enter(invitation_link text, attachment uuid, at timestamptz) returns void
language plpgsql volatile as $$
declare
	i pp.invitation := (pp_api.link_enter(invitation_link, at)).i;
begin
	if not exists (select from pp.attachment a join pp.statement s on s.id = a.statement where a.id = $2 and s.invitation = i.id) then
		perform pp.refuse('attachment_not_found', 'There is no such attachment that you may see.');
	end if;
end
$$;

create function pp_api.link_attachment_open(invitation_link text, attachment uuid, at timestamptz, out name text, out media_type text,
	out size bigint, out sha256 text) language plpgsql volatile as $$
begin
	perform pp_api.link_attachment_enter($1, $2, $3);
	select o.* into name, media_type, size, sha256 from pp_api.attachment_open($2, $3) o;
end
$$;

create function pp_api.link_attachment_piece(invitation_link text, document uuid, from_byte bigint, chunks int, at timestamptz)
returns table (first_byte bigint, bytes bytea) language plpgsql volatile rows 1 as $$
begin
	perform pp_api.link_attachment_enter($1, $2, $5);
	return query select c.* from pp_api.attachment_piece($2, $3, $4) c;
end
$$;

-- House-keeping ---------------------------------------------------------------------------------

-- Looked into after it was submitted: whoever may see the statement is told. What was refused stays where it is and is handed
-- to nobody; the statement counts.
create function pp_api.attachment_checked(f pp.file, at timestamptz) returns void language plpgsql volatile as $$
declare
	a record;
begin
	select v.id, v.procedure, v.statement, v.planner_body, v.participant, v.mailbox_body into a from pp.attachment v where v.id = f.id;
	if a.id is null then
		return;
	end if;
	if f.state = 'ABGELEHNT' then
		update pp.file u set swept_at = at where u.id = f.id;
	end if;
	perform pp.emit(case when f.state = 'GEPRUEFT' then 'attachment.checked' else 'attachment.refused' end, at, a.procedure,
		statement => a.statement, bodies => array[a.planner_body, a.participant, a.mailbox_body],
		data => json_build_object('attachment', a.id, 'state', f.state, 'reason', f.reason));
end
$$;

-- What nobody has named in its time, and what nobody has gone on to send; a draft's stays as long as the draft does.
create function pp_api.upload_sweep(at timestamptz) returns void language plpgsql volatile as $$
declare
	gone uuid[];
begin
	with old as (delete from pp.upload u where u.expires_at <= at or u.expires_at is not null and u.id in (select f.id from pp.file f
			where f.state = 'LAEDT' and f.expires_at <= at) returning u.id)
		select array_agg(id) into gone from old;
	update pp.file f set state = case when f.state = 'LAEDT' then 'VERFALLEN' else 'ABGELEHNT' end, reason = 'NICHT_EINGEREICHT'
	 where f.id = any (gone) and f.state in ('LAEDT', 'UNGEPRUEFT', 'GEPRUEFT');
	perform pp_keys.forget_file(id) from unnest(gone) id;
end
$$;

grant select on pp_api.attachment_content to pp_server;
grant execute on function pp_api.attachments_claim(pp.statement, jsonb), pp_api.file_submittable(pp.file, text),
	pp_api.attachments_for(pp.invitation, jsonb, uuid[], timestamptz), pp_api.attachments_receipt(uuid),
	pp_api.attachment_address(uuid), pp_api.upload_item(pp.upload), pp_api.attachment_readable(pp.attachment, text),
	pp_api.attachments_json(uuid, bool, bool), pp_api.attachment_show(uuid, text), pp_api.attachment_open(uuid, timestamptz),
	pp_api.attachment_piece(uuid, bigint, int), pp_api.token_attachment_open(text, uuid, timestamptz),
	pp_api.token_attachment_piece(text, uuid, bigint, int), pp_api.link_attachment_enter(text, uuid, timestamptz),
	pp_api.link_attachment_open(text, uuid, timestamptz), pp_api.link_attachment_piece(text, uuid, bigint, int, timestamptz) to pp_server;
grant execute on function pp_api.attachment_open(uuid, timestamptz), pp_api.attachment_piece(uuid, bigint, int) to pp_public;
grant execute on function pp_api.attachment_checked(pp.file, timestamptz), pp_api.upload_sweep(timestamptz) to pp_clerk;
