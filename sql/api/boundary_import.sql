-- SPDX-License-Identifier: EUPL-1.2
-- Boundaries that an operator uploads: announced, sent piece by piece, checked by a process of the clerk's (server/command/import_job.c),
-- looked at, and put in force only when the operator says so.

-- How many may be under way, and how long one that nobody goes on with is kept.
create function pp_api.boundary_import_limit(out open int, out kept interval) language sql immutable as $$ select 5, interval '7 days' $$;

create function pp_api.boundary_import_json(i pp.boundary_import) returns json language sql stable as $$
	select json_build_object('id', i.id, 'file', i.file_name, 'dataset', i.dataset, 'date', pp.iso(i.date), 'accuracy_m', i.accuracy_m,
		'layer', i.layer, 'size', i.size, 'received', i.received, 'sha256', encode(i.sha256, 'hex'), 'state', i.state, 'stage', i.stage,
		'done', i.done, 'total', i.total, 'findings', i.findings, 'refusal', i.refusal, 'version', i.version, 'asked_by', i.asked_by_label,
		'asked_at', pp.rfc3339(i.asked_at), 'ended_at', pp.rfc3339(i.ended_at),
		'upload', case when i.state = 'LAEDT' then json_build_object('url', '/api/v1/boundary-imports/' || i.id, 'offset', i.received) end)
$$;

create function pp_api.need_boundary_import(id uuid) returns pp.boundary_import language plpgsql stable as $$
declare
	i pp.boundary_import;
begin
	select * into i from pp.boundary_import x where x.id = $1;
	if not found then
		perform pp.refuse('not_found', 'There is no such import of boundaries.');
	end if;
	return i;
end
$$;

create function pp_api.boundary_import_create(body jsonb, at timestamptz, idempotency_key text, request_sha256 bytea) returns pp.reply
language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	new_id uuid := pp.uuid7(at);
begin
	if r.status is not null then
		return r;
	end if;
	perform pg_advisory_xact_lock(hashtext('pp boundary import'), 1);
	if btrim(body ->> 'dataset') = '' then
		perform pp.refuse('invalid_body', 'Name the data.', '/dataset');
	elsif (select count(*) from pp.boundary_import i where i.ended_at is null) >= (pp_api.boundary_import_limit()).open then
		perform pp.refuse('boundary_import_state', 'Five are under way: put one in force, or throw one away.');
	end if;
	insert into pp.boundary_import (id, file_name, dataset, date, accuracy_m, layer, size, asked_by, asked_by_label, asked_at)
		values (new_id, body ->> 'file', btrim(body ->> 'dataset'), (body ->> 'date')::date, (body ->> 'accuracy_m')::numeric,
			nullif(btrim(body ->> 'layer'), ''), (body ->> 'size')::bigint, pp.current_account(), pp_api.my_label(), at);
	return pp.remember(idempotency_key, pp.created('/api/v1/boundary-imports/' || new_id,
		pp_api.boundary_import_json(pp_api.need_boundary_import(new_id))));
end
$$;

-- Newest first.
create function pp_api.boundary_import_list(row_limit int, cursor text) returns pp.reply language plpgsql stable as $$
declare
	before uuid := pp.cursor_uuid(cursor);
	most int := pp.page_size(row_limit);
	items json;
	next text;
begin
	with page as (
		select i.id, row_number() over (order by i.id desc) as n, pp_api.boundary_import_json(i) as item
		  from pp.boundary_import i where before is null or i.id < before
		 order by i.id desc limit most + 1)
	select coalesce(json_agg(item order by n) filter (where n <= most), '[]'),
		case when count(*) > most then pp.cursor_make((array_agg(id::text order by n))[most]) end
	  into items, next from page;
	return pp.ok(json_build_object('items', items), null, next);
end
$$;

create function pp_api.boundary_import_show(id uuid) returns pp.reply language sql stable as
$$ select pp.ok(pp_api.boundary_import_json(pp_api.need_boundary_import(id))) $$;

create function pp_api.boundary_import_upload(id uuid, out size bigint, out received bigint, out digest bytea, out state text) language plpgsql stable as $$
declare
	i pp.boundary_import := pp_api.need_boundary_import(id);
begin
	size := i.size;
	received := i.received;
	digest := i.digest;
	state := i.state;
end
$$;

-- sha256 comes with the last of them.
create function pp_api.boundary_import_append(id uuid, from_byte bigint, bytes bytea, digest bytea, sha256 bytea) returns void
language plpgsql volatile as $$
begin
	update pp.boundary_import i set received = i.received + length($3), digest = case when $5 is null then $4 end, sha256 = $5,
		state = case when $5 is null then i.state else 'WARTET' end
	 where i.id = $1 and i.state = 'LAEDT' and i.received = from_byte;
	if not found then
		perform pp.refuse('upload_over', 'It has come another way, or was broken off.');
	end if;
	insert into pp.boundary_import_piece (import, at, bytes) values ($1, from_byte, $3);
end
$$;

create function pp_api.boundary_import_apply(id uuid, at timestamptz, idempotency_key text, request_sha256 bytea) returns pp.reply
language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	i pp.boundary_import;
begin
	if r.status is not null then
		return r;
	end if;
	perform pp_api.need_boundary_import(id);
	update pp.boundary_import x set state = 'WIRD_UEBERNOMMEN', attempts = 0 where x.id = $1 and x.state = 'GEPRUEFT';
	i := pp_api.need_boundary_import(id);
	if not found then
		perform pp.refuse('boundary_import_state', format('Only what was checked is put in force; it is in state %s.', i.state));
	end if;
	return pp.remember(idempotency_key, pp.ok(pp_api.boundary_import_json(i)));
end
$$;

-- Until it is being put in force; whoever checks it stops at the next step.
create function pp_api.boundary_import_cancel(id uuid, at timestamptz, idempotency_key text, request_sha256 bytea) returns pp.reply
language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	i pp.boundary_import;
begin
	if r.status is not null then
		return r;
	end if;
	perform pp_api.need_boundary_import(id);
	update pp.boundary_import x set state = 'ABGEBROCHEN', ended_at = at
	 where x.id = $1 and x.state in ('LAEDT', 'WARTET', 'PRUEFT', 'GEPRUEFT');
	i := pp_api.need_boundary_import(id);
	if not found then
		perform pp.refuse('boundary_import_state', format('It cannot be thrown away any more; it is in state %s.', i.state));
	end if;
	return pp.remember(idempotency_key, pp.ok(pp_api.boundary_import_json(i)));
end
$$;

-- The runner's side -------------------------------------------------------------------------------

-- The oldest that somebody waits for, null where there is none.
create function pp_api.boundary_import_next() returns uuid language sql stable as $$
	select i.id from pp.boundary_import i where i.state in ('WARTET', 'PRUEFT', 'WIRD_UEBERNOMMEN') and i.ended_at is null order by i.id limit 1
$$;

-- What is written down of a refusal: the sentences in German and English, and where.
create function pp_api.boundary_import_refuse(id uuid, refusal json, at timestamptz) returns void language sql volatile as $$
	update pp.boundary_import i set state = 'ABGELEHNT', refusal = $2, ended_at = $3, stage = null
	 where i.id = $1 and i.state in ('WARTET', 'PRUEFT', 'WIRD_UEBERNOMMEN')
$$;

-- It is in force, as who has put it there says.
create function pp_api.boundary_import_settle(id uuid, at timestamptz) returns void language sql volatile as $$
	update pp.boundary_import i set state = 'UEBERNOMMEN', version = v.version, ended_at = $2, stage = null
	  from pp.boundary_import_version v where i.id = $1 and v.import = i.id and i.state = 'WIRD_UEBERNOMMEN'
$$;

-- One that has felled three processes would fell a fourth. No row: it is over.
create function pp_api.boundary_import_begin(id uuid, at timestamptz) returns setof pp.boundary_import language plpgsql volatile as $$
begin
	perform pp_api.boundary_import_settle($1, $2);
	perform pp_api.boundary_import_refuse(i.id, json_build_object('problem', 'bug',
			'title', json_build_object('de', 'Fehler der Plattform', 'en', 'Fault of the platform'),
			'detail', json_build_object('de', 'Die Prüfung ist dreimal abgebrochen; das Protokoll des Servers sagt, warum.',
				'en', 'Its process has ended three times; the server''s log says why.'),
			'hints', '[]'::json, 'lon', null, 'lat', null), $2)
	  from pp.boundary_import i where i.id = $1 and i.attempts >= 3;
	return query update pp.boundary_import i
	   set state = case when i.state = 'WIRD_UEBERNOMMEN' then i.state else 'PRUEFT' end, stage = null, done = 0, total = 0,
		attempts = i.attempts + 1
	 where i.id = $1 and i.state in ('WARTET', 'PRUEFT', 'WIRD_UEBERNOMMEN') returning i.*;
end
$$;

create function pp_api.boundary_import_bytes(id uuid, from_byte bigint) returns bytea language sql stable as
$$ select p.bytes from pp.boundary_import_piece p where p.import = $1 and p.at = from_byte $$;

-- False where nobody wants it any more.
create function pp_api.boundary_import_step(id uuid, stage text, done bigint, total bigint) returns bool language sql volatile as $$
	with told as (update pp.boundary_import i set stage = $2, done = $3, total = $4
		where i.id = $1 and i.state in ('PRUEFT', 'WIRD_UEBERNOMMEN') returning 1)
	select exists (select from told)
$$;

create function pp_api.boundary_import_checked(id uuid, since bigint, findings json) returns void language sql volatile as $$
	update pp.boundary_import i set state = 'GEPRUEFT', since = $2, findings = $3, stage = null, done = 0, total = 0
	 where i.id = $1 and i.state = 'PRUEFT'
$$;

-- In the transaction of the import, as pp_owner: what the file does not say is taken from the version in force.
create function pp_api.boundary_import_keep(out kreise bigint, out borders bigint) language plpgsql volatile as $$
declare
	current bigint := pp.current_boundaries();
begin
	update import_municipality i set kreis_name = k.name
	  from (select m.kreis_key, min(m.kreis_name) as name from pp.municipality m
		 where m.boundary_version = current and m.kreis_name is not null group by m.kreis_key) k
	 where k.kreis_key = left(i.ags, 5) and coalesce(i.kreis_name, '') = '';
	get diagnostics kreise = row_count;
	insert into import_state_border (state, name, wkb)
		select b.state, b.name, st_asbinary(b.geom) from pp.state_border b
		 where b.boundary_version = current and not exists (select from import_state_border) order by b.no;
	get diagnostics borders = row_count;
end
$$;

-- What a version that was just put in place means, before anybody has seen it.
create function pp_api.boundary_import_findings(version bigint, kreise bigint, borders bigint, out since bigint, out findings json)
language plpgsql stable as $$
declare
	v pp.boundary_version;
	changes json := (pp_api.boundary_version_changes(version, null, 200, null)).body;
begin
	select * into v from pp.boundary_version w where w.id = version;
	since := (changes ->> 'since')::bigint;
	findings := json_build_object('since', since, 'areas', v.report -> 'municipalities', 'pairs', v.report -> 'pairs',
		'cross_border', v.report -> 'cross_border', 'kreise_kept', kreise > 0, 'state_borders_kept', borders > 0,
		'notes', (select coalesce(json_agg(n.note order by n.no), '[]')
			from json_array_elements(v.report -> 'notes') with ordinality n (note, no) where n.no <= 200),
		'note_count', json_array_length(v.report -> 'notes'), 'counts', changes -> 'counts', 'changes', changes -> 'items');
end
$$;

-- In force is what was looked at, and nothing else; said in the same transaction.
create function pp_api.boundary_import_applied(id uuid, since bigint, version bigint) returns void language plpgsql volatile as $$
begin
	if (select pp_api.boundary_version_before(v) from pp.boundary_version v where v.id = $3) is distinct from $2 then
		perform pp.refuse('boundary_import_state', 'Since it was checked, other boundaries have come into force: upload the file again and look at what it changes now.');
	end if;
	insert into pp.boundary_import_version (import, version) values ($1, $3);
end
$$;

-- What nobody goes on with is broken off; three months after its end one is of no more use.
create function pp_api.boundary_import_sweep(at timestamptz) returns bigint language plpgsql volatile as $$
declare
	gone bigint;
begin
	update pp.boundary_import i set state = 'ABGEBROCHEN', ended_at = at
	 where i.state in ('LAEDT', 'GEPRUEFT') and i.asked_at < at - (pp_api.boundary_import_limit()).kept;
	delete from pp.boundary_import i where i.ended_at < at - interval '90 days';
	get diagnostics gone = row_count;
	return gone;
end
$$;

grant execute on function pp_api.boundary_import_limit() to pp_server, pp_clerk;
grant execute on function pp_api.boundary_import_json(pp.boundary_import), pp_api.need_boundary_import(uuid),
	pp_api.boundary_import_create(jsonb, timestamptz, text, bytea), pp_api.boundary_import_list(int, text),
	pp_api.boundary_import_show(uuid), pp_api.boundary_import_upload(uuid),
	pp_api.boundary_import_append(uuid, bigint, bytea, bytea, bytea), pp_api.boundary_import_apply(uuid, timestamptz, text, bytea),
	pp_api.boundary_import_cancel(uuid, timestamptz, text, bytea) to pp_server;
grant execute on function pp_api.boundary_import_next(), pp_api.boundary_import_refuse(uuid, json, timestamptz),
	pp_api.boundary_import_settle(uuid, timestamptz), pp_api.boundary_import_begin(uuid, timestamptz), pp_api.boundary_import_bytes(uuid, bigint),
	pp_api.boundary_import_step(uuid, text, bigint, bigint), pp_api.boundary_import_checked(uuid, bigint, json),
	pp_api.boundary_import_sweep(timestamptz) to pp_clerk;
