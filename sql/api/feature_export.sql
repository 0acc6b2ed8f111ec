-- SPDX-License-Identifier: EUPL-1.2
-- GeoPackages of published features: asked for by whoever reads them, made one after the other by a process of the clerk's
-- (server/command/export.c), fetched when ready, gone a day later.

-- How many may wait, what all files together may take, one of them, and how long one is kept.
create function pp_api.feature_export_limit(out waiting int, out bytes bigint, out each_mb int, out kept interval)
language sql immutable as $$ select 20, 4::bigint << 30, 1024, interval '1 day' $$;

create function pp_api.feature_export_json(e pp.feature_export) returns json language sql stable as $$
	select json_build_object('id', e.id, 'self', '/ogc/exports/' || e.id, 'collection', e.collection, 'state', e.state, 'reason', e.reason, 'features', e.features,
		'size', e.size, 'sha256', encode(e.sha256, 'hex'), 'asked_at', pp.rfc3339(e.asked_at), 'started_at', pp.rfc3339(e.started_at),
		'ended_at', pp.rfc3339(e.ended_at), 'expires_at', pp.rfc3339(e.ended_at + (pp_api.feature_export_limit()).kept),
		'content', case when e.state = 'DONE' then '/ogc/exports/' || e.id || '/content' end)
$$;

-- What was taken back of a collection that forgets is not handed out of an older file either.
create function pp_api.feature_export_is_kept(e pp.feature_export, at timestamptz) returns bool language sql stable as $$
	select (e.ended_at is null or e.ended_at + (pp_api.feature_export_limit()).kept > at)
	   and not exists (select from pp.feature_collection c where c.name = e.collection and c.forgets and c.version > e.seen)
$$;

create function pp_api.need_feature_export(id uuid, at timestamptz) returns pp.feature_export language plpgsql stable as $$
declare
	e pp.feature_export;
begin
	select * into e from pp.feature_export x where x.id = $1;
	if not found or not pp_api.feature_export_is_kept(e, at) then
		perform pp.refuse('not_found', 'There is no such file of features, or not any more: ask for it anew.');
	end if;
	return e;
end
$$;

-- The same of the same state is made once.
create function pp_api.feature_export_create(type text, ask jsonb, at timestamptz, out location text, out body json)
language plpgsql volatile as $$
declare
	most record := pp_api.feature_export_limit();
	e pp.feature_export;
begin
	perform pg_advisory_xact_lock(hashtext('pp feature export'), 1);
	update pp.feature_export x set askers = x.askers + 1
	 where x.id = (select y.id from pp.feature_export y join pp.feature_collection c on c.name = y.collection
		where y.collection = type and y.ask = feature_export_create.ask and y.seen >= c.version and y.state in ('QUEUED', 'RUNNING', 'DONE')
		  and (y.ended_at is null or y.ended_at + most.kept / 2 > at) order by y.id desc limit 1)
	returning * into e;
	if not found then
		if (select count(*) from pp.feature_export x where x.state in ('QUEUED', 'RUNNING')) >= most.waiting
			or (select coalesce(sum(x.size), 0) from pp.feature_export x) > most.bytes then
			perform pp.refuse('busy', 'Too many files of features are waiting or kept; ask again later, or page by page.');
		end if;
		insert into pp.feature_export (id, collection, ask, seen, asked_at)
			values (pp.uuid7(at), type, ask, coalesce((ask ->> 'seen')::bigint, (select k.version from pp.feature_clock k)), at)
			returning * into e;
	end if;
	location := '/ogc/exports/' || e.id;
	body := pp_api.feature_export_json(e);
end
$$;

create function pp_api.feature_export_show(id uuid, at timestamptz) returns pp.reply language sql stable as
$$ select pp.ok(pp_api.feature_export_json(pp_api.need_feature_export(id, at))) $$;

-- As often as it was asked for: then whoever makes it stops after the features at hand, and a file that is there goes.
create function pp_api.feature_export_cancel(id uuid, at timestamptz) returns pp.reply language plpgsql volatile as $$
declare
	e pp.feature_export := pp_api.need_feature_export(id, at);
begin
	update pp.feature_export x set askers = x.askers - 1 where x.id = $1 and x.askers > 0 returning * into e;
	if e.askers = 0 and e.state in ('QUEUED', 'RUNNING') then
		update pp.feature_export x set state = 'CANCELLED', ended_at = at where x.id = $1;
	end if;
	return row(204, null, null, null, null)::pp.reply;
end
$$;

-- What is handed out; refused as long as it is not there.
create function pp_api.feature_export_find(id uuid, at timestamptz, out name text, out size bigint, out sha256 text)
language plpgsql stable as $$
declare
	e pp.feature_export := pp_api.need_feature_export(id, at);
begin
	if e.state in ('QUEUED', 'RUNNING') then
		perform pp.refuse('export_not_ready', 'It is being made: look at its address without /content.');
	elsif e.state <> 'DONE' then
		perform pp.refuse('not_found', format('Nothing came of it: %s.', coalesce(e.reason, e.state)));
	end if;
	name := e.collection || '.gpkg';
	size := e.size;
	sha256 := encode(e.sha256, 'hex');
end
$$;

create function pp_api.feature_export_piece(id uuid, from_byte bigint, at timestamptz) returns bytea language sql stable as $$
	select p.bytes from pp.feature_export e join pp.feature_export_piece p on p.export = e.id
	 where e.id = $1 and p.at = from_byte and e.state = 'DONE' and pp_api.feature_export_is_kept(e, $3)
$$;

-- The runner's side -------------------------------------------------------------------------------

create function pp_api.feature_export_is_due() returns bool language sql stable as
$$ select exists (select from pp.feature_export e where e.state in ('QUEUED', 'RUNNING')) $$;

-- The oldest, or the one that a process has left behind; which has felled three of them would fell a fourth. No row: none.
create function pp_api.feature_export_begin(at timestamptz) returns setof pp.feature_export language plpgsql volatile as $$
declare
	next uuid;
begin
	update pp.feature_export e set state = 'FAILED', reason = 'GESCHEITERT', ended_at = at where e.state in ('QUEUED', 'RUNNING') and e.attempts >= 3;
	select e.id into next from pp.feature_export e where e.state in ('QUEUED', 'RUNNING') order by e.id limit 1;
	delete from pp.feature_export_piece p where p.export = next;
	return query update pp.feature_export e set state = 'RUNNING', started_at = at, attempts = e.attempts + 1, features = 0
		where e.id = next returning e.*;
end
$$;

-- False where nobody wants it any more.
create function pp_api.feature_export_step(id uuid, features bigint) returns bool language sql volatile as $$
	with done as (update pp.feature_export e set features = $2 where e.id = $1 and e.state = 'RUNNING' returning 1)
	select exists (select from done)
$$;
create function pp_api.feature_export_store(id uuid, from_byte bigint, bytes bytea) returns bool language plpgsql volatile as $$
begin
	perform from pp.feature_export e where e.id = $1 and e.state = 'RUNNING';
	if not found then
		return false;
	end if;
	insert into pp.feature_export_piece (export, at, bytes) values (id, from_byte, feature_export_store.bytes);
	return true;
end
$$;

-- reason null: it is done.
create function pp_api.feature_export_end(id uuid, reason text, size bigint, sha256 bytea, at timestamptz) returns void
language sql volatile as $$
	update pp.feature_export e set state = case when $2 is null then 'DONE' else 'FAILED' end, reason = $2, size = $3, sha256 = $4, ended_at = $5
	 where e.id = $1 and e.state = 'RUNNING'
$$;

create function pp_api.feature_export_sweep(at timestamptz) returns bigint language plpgsql volatile as $$
declare
	gone bigint;
begin
	delete from pp.feature_export e where e.ended_at is not null
	   and (e.askers = 0 or e.state = 'CANCELLED' or not pp_api.feature_export_is_kept(e, feature_export_sweep.at));
	get diagnostics gone = row_count;
	return gone;
end
$$;

grant execute on function pp_api.feature_export_limit(), pp_api.feature_export_is_kept(pp.feature_export, timestamptz) to pp_server, pp_clerk;
grant execute on function pp_api.feature_export_json(pp.feature_export), pp_api.need_feature_export(uuid, timestamptz),
	pp_api.feature_export_create(text, jsonb, timestamptz), pp_api.feature_export_show(uuid, timestamptz),
	pp_api.feature_export_cancel(uuid, timestamptz), pp_api.feature_export_find(uuid, timestamptz),
	pp_api.feature_export_piece(uuid, bigint, timestamptz) to pp_server;
grant execute on function pp_api.feature_export_is_due(), pp_api.feature_export_begin(timestamptz),
	pp_api.feature_export_step(uuid, bigint), pp_api.feature_export_store(uuid, bigint, bytea),
	pp_api.feature_export_end(uuid, text, bigint, bytea, timestamptz), pp_api.feature_export_sweep(timestamptz) to pp_clerk;
