-- SPDX-License-Identifier: EUPL-1.2
-- Documents: announced, uploaded piece by piece into chunks, shown to whom they are for. Whoever uploads sends
-- what was announced, byte for byte; from then on nothing of it changes.

create function pp_api.need_document(document uuid) returns pp_api.document_visible language plpgsql stable as $$
declare
	v pp_api.document_visible;
begin
	select * into v from pp_api.document_visible w where w.id = $1;
	if not found then
		perform pp.refuse('document_not_found', 'There is no such document that you may see.');
	end if;
	return v;
end
$$;

create function pp_api.document_is_frozen(document uuid) returns bool language sql stable as $$
	select exists (select from pp_api.document_visible v where v.id = $1 and v.published_at is not null)
		or exists (select from pp.document_party y where y.document = $1)
$$;

-- Whom it is for and how far it is are the planning body's own matter.
-- What is its own planning body's matter is asked in a statement of its own: a stranger's plan must not name pp.file, not even where
-- it would not be read.
create function pp_api.document_item(v pp_api.document_visible) returns jsonb language plpgsql stable as $$
declare
	item jsonb := jsonb_build_object('id', v.id, 'procedure', v.procedure, 'number', v.no, 'version', v.version,
		'replaces', v.replaces, 'kind', v.kind, 'xplanung', (select jsonb_build_object('code', k.xplanung_code,
			'label', k.xplanung_label) from pp.document_kind k where k.kind = v.kind),
		'title', v.title, 'name', v.name, 'lang', v.lang, 'media_type', v.media_type, 'size', v.size,
		'sha256', encode(v.sha256, 'hex'), 'state', v.state, 'published_at', pp.rfc3339(v.published_at),
		'content', case when v.state in ('UNGEPRUEFT', 'GEPRUEFT') then format('/api/v1/documents/%s/content', v.id) end);
begin
	if v.is_own then
		item := item || jsonb_build_object('audiences', v.audiences, 'bodies', v.bodies, 'reason', v.reason,
			'metadata', v.metadata, 'metadata_accepted_at', pp.rfc3339(v.metadata_accepted_at), 'public', (select jsonb_build_object(
				'sha256', encode(c.sha256, 'hex'), 'size', c.size) from pp.file c where c.id = v.clean),
			'found', v.found, 'scanner', v.scanner, 'checked_at', pp.rfc3339(v.checked_at),
			'created_at', pp.rfc3339(v.created_at), 'completed_at', pp.rfc3339(v.completed_at),
			'withdrawn_at', pp.rfc3339(v.withdrawn_at), 'withdraw_reason', v.withdraw_reason,
			'upload', case when v.state = 'LAEDT' then jsonb_build_object('url', '/api/v1/uploads/' || v.id,
				'offset', v.received, 'expires_at', pp.rfc3339(v.expires_at)) end);
	end if;
	return item;
end
$$;

create function pp_api.document_show(document uuid) returns pp.reply language plpgsql stable as $$
declare
	v pp_api.document_visible := pp_api.need_document(document);
begin
	return pp.ok(pp_api.document_item(v)::json, v.change::text);
end
$$;

-- By number, the newest version first. What was withdrawn comes when asked for.
create function pp_api.document_list(procedure uuid, withdrawn bool, row_limit int, cursor text) returns pp.reply
language plpgsql stable as $$
declare
	p pp_api.procedure_visible := pp_api.need_procedure(procedure);
	after text[] := pp.cursor_read(cursor, 2);
	most int := pp.page_size(row_limit);
	items jsonb;
	next text;
begin
	select coalesce(jsonb_agg(pp_api.document_item(e.v) order by e.n) filter (where e.n <= most), '[]'),
		case when count(*) > most then (array_agg(pp.cursor_make((e.v).no::text, (e.v).version::text) order by e.n))[most] end
	  into items, next
	  from (select v, row_number() over (order by v.no, v.version desc) as n from pp_api.document_visible v
		 where v.procedure = p.id and (v.withdrawn_at is null or $2)
		   and (after is null or (v.no, -v.version) > (after[1]::int, -after[2]::int))
		 order by v.no, v.version desc limit most + 1) e;
	return pp.ok(json_build_object('items', items), null, next);
end
$$;

create function pp_api.document_kinds(lang text default 'de') returns pp.reply language sql stable as $$
	select pp.ok(json_build_object('items', (select json_agg(json_build_object('kind', k.kind,
			'title', case lang when 'en' then k.en else k.de end, 'xplanung',
			json_build_object('list', 'XP_ExterneReferenzTyp', 'code', k.xplanung_code, 'label', k.xplanung_label))
			order by k.no) from pp.document_kind k),
		'media_types', (select json_agg(json_build_object('media_type', m.media_type, 'extensions', m.extensions,
			'name', m.name) order by m.media_type) from pp.media_type m)))
$$;

create function pp_api.document_check(body jsonb) returns void language plpgsql stable as $$
declare
	wrong int;
begin
	if body ? 'kind' and not exists (select from pp.document_kind k where k.kind = body ->> 'kind') then
		perform pp.refuse('invalid_body', 'GET /document-kinds lists the kinds of documents.', '/kind');
	end if;
	select n - 1 into wrong from jsonb_array_elements_text(body -> 'bodies') with ordinality u (key, n)
	 where not exists (select from pp.body b where b.key = u.key) order by n limit 1;
	if wrong is not null then
		perform pp.refuse('body_not_found', 'There is no such body.', '/bodies/' || wrong);
	end if;
end
$$;

create function pp_api.file_name_check(media_type text, name text) returns void language plpgsql stable as $$
begin
	if name ~ '[/\\[:cntrl:]]' or name ~ '^[.\s]|[.\s]$' then
		perform pp.refuse('invalid_body', 'A file name, without a folder.', '/name');
	elsif not exists (select from pp.media_type m where m.media_type = $1
		and lower(substring($2 from '\.([^.]+)$')) = any (m.extensions)) then
		perform pp.refuse('invalid_body', 'The name does not end as that media type does.', '/name');
	end if;
end
$$;

-- is_sealed: what is in it is a private person's. Then its hash is kept with its key, and a salted one here. waits: for its first byte.
create function pp_api.file_announce(id uuid, body jsonb, at timestamptz, is_sealed bool default false, waits interval default '7 days') returns void
language plpgsql volatile as $$
declare
	hash bytea;
begin
	if body ->> 'sha256' !~ '^[0-9a-f]{64}$' then
		perform pp.refuse('invalid_body', '64 hexadecimal digits in lower case.', '/sha256');
	elsif not exists (select from pp.media_type m where m.media_type = body ->> 'media_type') then
		perform pp.refuse('invalid_body', 'GET /document-kinds lists what a file may be.', '/media_type');
	end if;
	perform pp_api.file_name_check(body ->> 'media_type', body ->> 'name');
	hash := decode(body ->> 'sha256', 'hex');
	if is_sealed then
		hash := pp_keys.make_file_key($1, hash);
	end if;
	insert into pp.file (id, media_type, size, sha256, sealed, created_at, expires_at)
		values ($1, body ->> 'media_type', (body ->> 'size')::bigint, hash, is_sealed, $3, $3 + waits);
end
$$;

-- The version that a new one takes the place of: the newest one of its document.
create function pp_api.document_replaced(p pp.procedure, replaces uuid) returns pp.document language plpgsql stable as $$
declare
	d pp.document;
begin
	select * into d from pp.document o where o.id = $2 and o.procedure = p.id and o.withdrawn_at is null;
	if not found then
		perform pp.refuse('invalid_body', 'No document of this procedure.', '/replaces');
	elsif exists (select from pp.document n where n.replaces = d.id and n.withdrawn_at is null) then
		perform pp.refuse('conflict', 'There is a newer version already.', '/replaces');
	end if;
	return d;
end
$$;

create function pp_api.document_create(procedure uuid, body jsonb, at timestamptz, idempotency_key text,
	request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	p pp.procedure;
	old pp.document;
	new_id uuid := pp.uuid7(at);
begin
	if r.status is not null then
		return r;
	end if;
	p := pp_api.own_procedure(procedure);
	perform pp_api.document_check(body);
	if body ? 'replaces' then
		old := pp_api.document_replaced(p, (body ->> 'replaces')::uuid);
	end if;
	perform pp_api.file_announce(new_id, body, at);
	insert into pp.document (id, procedure, planner_body, no, version, replaces, kind, title, name, lang, audiences,
		bodies, created_at, created_by)
		values (new_id, p.id, p.planner_body,
			coalesce(old.no, (select coalesce(max(o.no), 0) + 1 from pp.document o where o.procedure = p.id)),
			case when old.id is null then 1 else (select max(o.version) + 1 from pp.document o
				where o.procedure = p.id and o.no = old.no) end, old.id,
			coalesce(body ->> 'kind', old.kind), coalesce(body ->> 'title', old.title, body ->> 'name'), body ->> 'name',
			coalesce(body ->> 'lang', old.lang, 'de'),
			case when body ? 'audiences' then array(select jsonb_array_elements_text(body -> 'audiences'))
				else coalesce(old.audiences, '{OEFF,TOEB,NACHB,STAAT,VERB}') end,
			case when body ? 'bodies' then array(select jsonb_array_elements_text(body -> 'bodies'))
				else coalesce(old.bodies, '{}') end, at, pp.current_account());
	perform pp.emit('document.announced', at, p.id, bodies => array[p.planner_body],
		data => json_build_object('document', new_id, 'size', body -> 'size', 'sha256', body -> 'sha256'));
	return pp.remember(idempotency_key, pp.created('/api/v1/documents/' || new_id,
		(pp_api.document_show(new_id)).body, '1'));
end
$$;

-- Locked, of the own body, shown to nobody yet.
create function pp_api.own_document(document uuid) returns pp.document language plpgsql volatile as $$
declare
	v pp_api.document_visible := pp_api.need_document(document);
	p pp.procedure := pp_api.own_procedure(v.procedure);
	d pp.document;
begin
	select * into strict d from pp.document o where o.id = v.id;
	if pp_api.document_is_frozen(d.id) then
		perform pp.refuse('document_frozen', 'It was shown; a new version may replace it.');
	elsif d.withdrawn_at is not null then
		perform pp.refuse('conflict', 'It was withdrawn.');
	end if;
	return d;
end
$$;

create function pp_api.document_change(document uuid, body jsonb, if_match text, at timestamptz) returns pp.reply
language plpgsql volatile as $$
declare
	d pp.document := pp_api.own_document(document);
begin
	perform pp.match(if_match, d.change);
	perform pp_api.document_check(body);
	update pp.document o set kind = coalesce(body ->> 'kind', d.kind), title = coalesce(body ->> 'title', d.title),
		audiences = case when body ? 'audiences' then array(select jsonb_array_elements_text(body -> 'audiences')) else d.audiences end,
		bodies = case when body ? 'bodies' then array(select jsonb_array_elements_text(body -> 'bodies')) else d.bodies end,
		metadata_accepted_at = case when body ? 'metadata_accepted' then case when (body ->> 'metadata_accepted')::bool
			then coalesce(d.metadata_accepted_at, at) end else d.metadata_accepted_at end,
		metadata_accepted_by = case when body ? 'metadata_accepted' then case when (body ->> 'metadata_accepted')::bool
			then coalesce(d.metadata_accepted_by, pp.current_account()) end else d.metadata_accepted_by end,
		change = d.change + 1
	 where o.id = d.id;
	perform pp.emit('document.changed', at, d.procedure, bodies => array[d.planner_body],
		data => json_build_object('document', d.id));
	return pp_api.document_show(d.id);
end
$$;

create function pp_api.document_withdraw(document uuid, body jsonb, at timestamptz, idempotency_key text,
	request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	d pp.document;
begin
	if r.status is not null then
		return r;
	end if;
	d := pp_api.own_document(document);
	update pp.document o set withdrawn_at = at, withdraw_reason = body ->> 'reason', change = d.change + 1 where o.id = d.id;
	perform pp.emit('document.withdrawn', at, d.procedure, bodies => array[d.planner_body],
		data => json_build_object('document', d.id));
	return pp.remember(idempotency_key, pp_api.document_show(d.id));
end
$$;

-- Uploads ---------------------------------------------------------------------------------------

-- Whose upload it is may send to it; an upload of others does not exist. Of a document, or of an attachment (my_upload).
create function pp_api.need_upload(upload uuid, upload_token text) returns pp.file language plpgsql volatile as $$
declare
	mine uuid := (pp_api.my_upload(upload, upload_token)).id;
	f pp.file;
begin
	select u.* into f from pp.file u
	 where u.id = $1 and (u.id = mine or exists (select from pp.document d where d.id = u.id and d.planner_body = pp.current_body()
		and d.withdrawn_at is null and pp.has_role('manager'))) for no key update of u;
	if not found then
		perform pp.refuse('upload_not_found', 'There is no such upload that you may see.');
	end if;
	return f;
end
$$;

create function pp_api.upload_find(upload uuid, upload_token text, out state text, out size bigint, out received bigint, out digest bytea,
	out sha256 bytea, out media_type text, out expires_at timestamptz) language plpgsql volatile as $$
declare
	f pp.file := pp_api.need_upload(upload, upload_token);
begin
	select f.state, f.size, f.received, f.digest, f.sha256, f.media_type, f.expires_at
	  into state, size, received, digest, sha256, media_type, expires_at;
	if f.sealed then
		select p.sha256, p.digest into sha256, digest from pp_keys.file_progress(f.id) p;
	end if;
end
$$;

create function pp_api.upload_show(upload uuid, upload_token text) returns pp.reply language plpgsql volatile as $$
declare
	f pp.file := pp_api.need_upload(upload, upload_token);
begin
	return pp.ok(json_build_object('id', f.id, 'state', f.state, 'offset', f.received, 'size', f.size,
		'media_type', f.media_type, 'sha256', encode(f.sha256, 'hex'), 'expires_at', pp.rfc3339(f.expires_at)));
end
$$;

-- Cut where 256 kB of the file end, so that equal files have equal chunks however they came.
create function pp_api.chunk_cut(first_byte bigint, bytes bytea) returns table (from_byte bigint, part bytea)
language sql immutable as $$
	select greatest(n * 262144, $1), substring($2 from (greatest(n * 262144, $1) - $1 + 1)::int
			for ((n + 1) * 262144 - greatest(n * 262144, $1))::int)
	  from generate_series($1 / 262144, ($1 + length($2) - 1) / 262144) n
$$;

-- Whoever sweeps chunks holds the lock alone (file_sweep): what is found here is still there at the commit. In the
-- order of their names: two uploads of the same bytes wait for each other and do not deadlock. What is sealed is named by the
-- hash of what lies there, and equals nothing else.
create function pp_api.chunk_store(file uuid, from_byte bigint, bytes bytea, is_sealed bool default false) returns void
language plpgsql volatile as $$
begin
	perform pg_advisory_xact_lock_shared(hashtext('pp.chunk'));
	with piece as materialized (select c.from_byte, case when is_sealed then pp_keys.seal_piece($1, c.from_byte::text, c.part) else c.part end as part
		from pp_api.chunk_cut($2, $3) c),
	cut as materialized (select p.from_byte, p.part, sha256(p.part) as name from piece p),
	new as (insert into pp.chunk (sha256, bytes)
		select distinct on (name) name, part from cut order by name on conflict do nothing)
	insert into pp.file_chunk (file, from_byte, chunk) select $1, cut.from_byte, cut.name from cut;
end
$$;

-- from_byte is where the sender believes that it stands; crc32 comes with the last piece, whose hash is right.
create function pp_api.upload_append(upload uuid, from_byte bigint, bytes bytea, digest bytea, crc32 bigint,
	upload_token text, at timestamptz, out received bigint, out state text) language plpgsql volatile as $$
declare
	f pp.file := pp_api.need_upload(upload, upload_token);
begin
	if f.state <> 'LAEDT' then
		perform pp.refuse('upload_over', format('It is in state %s.', f.state));
	elsif f.received <> from_byte then
		perform pp.refuse('upload_offset', format('It stands at %s.', f.received));
	end if;
	perform pp_api.chunk_store(f.id, from_byte, bytes, f.sealed);
	if f.sealed then
		perform pp_keys.file_proceed(f.id, digest);
		digest := '';
		crc32 := 0;
	end if;
	received := f.received + length(bytes);
	state := case when received = f.size then 'UNGEPRUEFT' else 'LAEDT' end;
	update pp.file u set received = upload_append.received, state = upload_append.state, digest = upload_append.digest,
		crc32 = case when upload_append.received = f.size then upload_append.crc32 end, expires_at = at + interval '7 days', completed_at = case when upload_append.received = f.size then at end
	 where u.id = f.id;
	if received = f.size then
		perform pp_api.upload_tell(f.id, 'document.uploaded', at);
	end if;
end
$$;

-- The bytes are others than were announced: none of them is kept (file_sweep).
create function pp_api.upload_refuse(upload uuid, reason text, upload_token text, at timestamptz) returns bool
language plpgsql volatile as $$
declare
	f pp.file := pp_api.need_upload(upload, upload_token);
begin
	update pp.file u set state = 'ABGELEHNT', reason = $2, completed_at = at where u.id = f.id and u.state = 'LAEDT';
	perform pp_api.upload_tell(f.id, 'document.refused', at);
	return true;
end
$$;

-- Of an attachment nobody is told before it is submitted.
create function pp_api.upload_tell(file uuid, kind text, at timestamptz) returns void language plpgsql volatile as $$
declare
	d pp.document;
begin
	if not exists (select from pp.document o where o.id = $1) then
		return;
	end if;
	update pp.document o set change = o.change + 1 where o.id = $1 returning * into d;
	perform pp.emit(kind, at, d.procedure, bodies => array[d.planner_body], data => (select json_build_object('document', f.id,
		'state', f.state, 'sha256', encode(f.sha256, 'hex')) from pp.file f where f.id = d.id));
end
$$;

-- Contents --------------------------------------------------------------------------------------

-- is_shown: copies of it may lie outside of the database (copy.sql).
create function pp_api.content_find(document uuid, out name text, out media_type text, out size bigint, out sha256 text,
	out is_shown bool) language plpgsql stable as $$
declare
	v pp_api.document_visible := pp_api.need_document(document);
begin
	if v.state not in ('UNGEPRUEFT', 'GEPRUEFT') then
		perform pp.refuse('document_not_ready', format('Its file is in state %s.', v.state));
	end if;
	select v.name, v.media_type, v.size, encode(v.sha256, 'hex'), v.is_shown into name, media_type, size, sha256, is_shown;
end
$$;

-- Where chunks of which name begin, of files that workers keep (include/pp/core/chunks.h): up to 8 MB, half of what they have room for. One that came in very
-- small pieces has no map.
create function pp_api.content_map(document uuid) returns table (first_byte bigint, sha256 bytea)
language plpgsql stable rows 10 as $$
declare
	shown uuid := (select v.bytes_of from pp_api.document_visible v where v.id = $1 and v.size <= 8388608);
begin
	return query select c.from_byte, c.sha256 from pp_api.content_visible c where c.file = shown order by c.from_byte limit 256;
end
$$;

-- The chunk that holds that byte, and those behind it.
create function pp_api.content_piece(document uuid, from_byte bigint, chunks int) returns table (first_byte bigint, bytes bytea)
language plpgsql stable rows 1 as $$
declare
	shown uuid := (select v.bytes_of from pp_api.document_visible v where v.id = $1);
begin
	return query select c.from_byte, c.bytes from pp_api.content_visible c
	 where c.file = shown and c.from_byte >= (select e.from_byte from pp_api.content_visible e
		where e.file = shown and e.from_byte <= $2 order by e.from_byte desc limit 1)
	 order by c.from_byte limit $3;
end
$$;

-- House-keeping ---------------------------------------------------------------------------------

-- What nobody has gone on with for a week is given up. What was given up or refused loses its chunks, and those that
-- no file has any more go with them: so many at a time, and the clerk comes again where there were as many.
create function pp_api.file_sweep(at timestamptz, most int, out gone int) language plpgsql volatile as $$
declare
	chunks bytea[];
begin
	gone := 0;
	if not pg_try_advisory_xact_lock(hashtext('pp.chunk')) then
		return;
	end if;
	perform pp_api.upload_sweep(at);
	update pp.file f set state = 'VERFALLEN' where f.state = 'LAEDT' and f.expires_at <= at;
	with dead as (select c.file, c.from_byte from pp.file f join pp.file_chunk c on c.file = f.id
			where f.state in ('ABGELEHNT', 'VERFALLEN') and f.swept_at is null limit most),
	cut as (delete from pp.file_chunk c using dead where c.file = dead.file and c.from_byte = dead.from_byte returning c.chunk)
	select count(*), array_agg(distinct cut.chunk) into gone, chunks from cut;
	delete from pp.chunk k where k.sha256 = any (chunks) and not exists (select from pp.file_chunk c where c.chunk = k.sha256);
	update pp.file f set swept_at = at where f.state in ('ABGELEHNT', 'VERFALLEN') and f.swept_at is null
		and not exists (select from pp.file_chunk c where c.file = f.id);
end
$$;

grant execute on function pp_api.need_document(uuid), pp_api.document_item(pp_api.document_visible), pp_api.document_show(uuid),
	pp_api.document_list(uuid, bool, int, text), pp_api.document_kinds(text), pp_api.content_find(uuid),
	pp_api.content_map(uuid), pp_api.content_piece(uuid, bigint, int) to pp_server, pp_public;
grant execute on function pp_api.document_is_frozen(uuid), pp_api.document_check(jsonb),
	pp_api.file_name_check(text, text), pp_api.file_announce(uuid, jsonb, timestamptz, bool, interval), pp_api.document_replaced(pp.procedure, uuid),
	pp_api.document_create(uuid, jsonb, timestamptz, text, bytea), pp_api.own_document(uuid),
	pp_api.document_change(uuid, jsonb, text, timestamptz), pp_api.document_withdraw(uuid, jsonb, timestamptz, text, bytea),
	pp_api.need_upload(uuid, text), pp_api.upload_find(uuid, text), pp_api.upload_show(uuid, text), pp_api.chunk_cut(bigint, bytea),
	pp_api.chunk_store(uuid, bigint, bytea, bool), pp_api.upload_append(uuid, bigint, bytea, bytea, bigint, text, timestamptz),
	pp_api.upload_refuse(uuid, text, text, timestamptz),
	pp_api.upload_tell(uuid, text, timestamptz) to pp_server;
grant execute on function pp_api.file_sweep(timestamptz, int) to pp_clerk;
