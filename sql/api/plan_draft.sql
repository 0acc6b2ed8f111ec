-- SPDX-License-Identifier: EUPL-1.2
-- Drafts of plans: what GIS clients write (OGC API Features Part 4, WFS Transaction). Every writer comes here.

-- A body has so many, of so many bytes altogether, as PostGIS holds them: what is drawn is filed, or removed.
create function pp_api.plan_draft_limit(out drafts int, out bytes bigint) language sql immutable as $$ select 1000, 64 << 20 $$;

-- The number of the version that is there now: it names what a client has read.
create function pp_api.plan_draft_version(draft uuid) returns bigint language sql stable as $$
	select f.born from pp.feature_drafts f where f.fid = $1::text and f.died is null
$$;

-- Refuses an action: what is wrong is named by its pointer and the member of it; for clients that speak no JSON by its handle, and
-- where it stands and which property it is by the sentence.
create function pp_api.plan_draft_wrong(action jsonb, problem text, sentence text, member text default '') returns void language plpgsql volatile as $$
begin
	if action ? 'handle' then
		perform pp.refuse(problem, concat_ws(': ', action ->> 'place', case when member = '' then sentence else format('property %s %s', regexp_replace(member, '^.*/', ''), sentence) end), action ->> 'handle');
	end if;
	perform pp.refuse(problem, sentence, (action ->> 'pointer') || member);
end
$$;

-- The draft that an action names, in the version that it expects: if_match has the versions of which one has to be there
-- (RFC 9110 §13.1.1), if_unmodified_since the second after which it must not have changed (§13.1.4).
create function pp_api.plan_draft_meant(action jsonb, lock uuid, at timestamptz) returns pp.plan_draft language plpgsql volatile as $$
declare
	d pp.plan_draft;
	v pp.feature_drafts;
	until timestamptz;
begin
	if action ->> 'id' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then
		select * into d from pp.plan_draft x where x.id = (action ->> 'id')::uuid;
	end if;
	if d.id is null then
		perform pp_api.plan_draft_wrong(action, 'draft_not_found', format('Your body has no draft %s.', action ->> 'id'));
	end if;
	until := pp_api.feature_lock_until(d.id, lock, at);
	if until is not null and lock is null then
		perform pp_api.plan_draft_wrong(action, 'feature_locked', format('Another editor has locked this draft until %s.', pp.rfc3339(until)));
	elsif until is not null then
		perform pp_api.plan_draft_wrong(action, 'lock_other', format('Another editor has locked this draft until %s.', pp.rfc3339(until)));
	end if;
	if action ?| '{if_match,if_unmodified_since}' then
		-- What an action before this one has made of it is a version.
		set constraints pp.plan_draft_feature immediate;
		set constraints pp.plan_draft_feature deferred;
		select * into strict v from pp.feature_drafts f where f.fid = d.id::text and f.died is null;
	end if;
	if (action ? 'if_match' and not (action -> 'if_match') ? v.born::text and action -> 'if_match' <> '"*"')
		or (not action ? 'if_match' and date_trunc('second', v.valid_from) > (action ->> 'if_unmodified_since')::timestamptz) then
		perform pp_api.plan_draft_wrong(action, 'precondition_failed', 'The draft is not what it was when you read it: read again, then repeat your change.');
	end if;
	return d;
end
$$;

-- A text of the properties, or null.
create function pp_api.plan_draft_text(action jsonb, name text, most int) returns text language plpgsql volatile as $$
declare
	value jsonb := action -> 'properties' -> name;
begin
	if jsonb_typeof(value) not in ('string', 'null') then
		perform pp_api.plan_draft_wrong(action, 'invalid_body', 'must be a string', '/properties/' || name);
	elsif length(value #>> '{}') > most then
		perform pp_api.plan_draft_wrong(action, 'invalid_body', format('must have %s characters at most', most), '/properties/' || name);
	end if;
	return value #>> '{}';
end
$$;

-- For which procedure it is drawn: one for which the body may file a plan.
create function pp_api.plan_draft_procedure(action jsonb) returns uuid language plpgsql volatile as $$
declare
	named text := pp_api.plan_draft_text(action, 'procedure', 36);
	result uuid;
begin
	if named ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then
		select p.id into result from pp.procedure p
		 where p.id = named::uuid and p.planner_body = pp.current_body() and p.withdrawn_at is null;
	end if;
	if named is not null and result is null then
		perform pp_api.plan_draft_wrong(action, 'invalid_body', 'must be the id of a procedure of your body that was not withdrawn', '/properties/procedure');
	end if;
	return result;
end
$$;

-- What the action says, put into the draft; what replaces it says everything. The geometry is hexadecimal WKB, valid, in
-- EPSG:25832: whoever calls has had it judged.
create function pp_api.plan_draft_put(d pp.plan_draft, action jsonb) returns pp.plan_draft language plpgsql stable as $$
declare
	whole bool := action ->> 'action' <> 'update';
	says jsonb := coalesce(action -> 'properties', '{}');
	unknown text := (select min(name) from jsonb_object_keys(says) name where name not in ('title', 'note', 'procedure'));
begin
	if unknown is not null then
		perform pp_api.plan_draft_wrong(action, 'invalid_body', 'cannot be written', '/properties/' || unknown);
	end if;
	if whole or says ? 'title' then
		d.title := pp_api.plan_draft_text(action, 'title', 500);
	end if;
	if whole or says ? 'note' then
		d.note := pp_api.plan_draft_text(action, 'note', 10000);
	end if;
	-- One that was named before may stay, whatever has become of the procedure.
	if (whole or says ? 'procedure') and says ->> 'procedure' is distinct from d.procedure::text then
		d.procedure := pp_api.plan_draft_procedure(action);
	end if;
	if whole or action ? 'geometry' then
		d.geom := ST_GeomFromWKB(decode(action ->> 'geometry', 'hex'), 25832);
	end if;
	return d;
end
$$;

create function pp_api.plan_draft_do(action jsonb, lock uuid, at timestamptz) returns uuid language plpgsql volatile as $$
declare
	was pp.plan_draft;
	d pp.plan_draft;
begin
	if action ->> 'action' = 'create' then
		was.body := pp.current_body();
		d := pp_api.plan_draft_put(was, action);
		insert into pp.plan_draft (id, body, procedure, title, note, geom, created_at, created_by, changed_at, changed_by)
			values (pp.uuid7(at), d.body, d.procedure, d.title, d.note, d.geom, at, pp.current_account(), at, pp.current_account())
			returning id into d.id;
		return d.id;
	end if;
	was := pp_api.plan_draft_meant(action, lock, at);
	if action ->> 'action' = 'delete' then
		delete from pp.plan_draft x where x.id = was.id;
		return was.id;
	end if;
	d := pp_api.plan_draft_put(was, action);
	-- What says the same as before is no change.
	update pp.plan_draft x set procedure = d.procedure, title = d.title, note = d.note, geom = d.geom, changed_at = at,
			changed_by = pp.current_account(), revision = was.revision + 1
	 where x.id = was.id and (was.procedure, was.title, was.note, ST_AsBinary(was.geom)) is distinct from (d.procedure, d.title, d.note, ST_AsBinary(d.geom));
	return was.id;
end
$$;

-- Of these drafts those that are there.
create function pp_api.plan_draft_there(ids text[]) returns text[] language sql stable as $$
	select array(select d.id::text from pp.plan_draft d where d.id::text = any (ids) order by d.id)
$$;

-- All of these or none: [{"action": "create" | "replace" | "update" | "delete", "id" or "ids", "properties", "geometry", "if_match",
-- "if_unmodified_since", "no", "pointer" or "handle" and "place"}], one after the other; each answers, for each of its drafts, with
-- its number, the draft, and the version that is there then, null where it was removed. What is refused is named by the action's
-- pointer, /0, /1 and so on where it has none, and the member of it, or by its handle. lock: a lock of features, without which
-- nothing is done to what it has; releases: it is given back altogether at the end, else those features that were changed are.
-- The same key once more gets the same answer, and nothing is done. fids: found by a condition, for actions that name no draft; they
-- are true where the turn was taken before they were looked for. follows: the transaction goes on with the same lock.
create function pp_api.plan_draft_edit(actions jsonb, at timestamptz, lock text, releases bool, idempotency_key text, request_sha256 bytea,
	fids text[] default null, follows bool default false, out no int, out action text, out id uuid, out version bigint)
returns setof record language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	a jsonb;
	l record := pp_api.plan_draft_limit();
	held pp.feature_lock;
	targets text[];
	target text;
	done jsonb[] := '{}';
begin
	if r.status is not null then
		return query select x.no, x.action, x.id, x.version from json_to_recordset(r.body) x (no int, action text, id uuid, version bigint);
		return;
	end if;
	perform pp_api.plan_draft_turn();
	if lock is not null then
		held := pp_api.feature_lock_named(lock, at);
	end if;
	for no, a in select coalesce((e ->> 'no')::int, n::int - 1), e || jsonb_build_object('pointer', coalesce(e ->> 'pointer', '/' || n - 1))
			from jsonb_array_elements(actions) with ordinality x (e, n) order by n loop
		action := a ->> 'action';
		targets := case when fids is not null then pp_api.plan_draft_there(fids)
			when a ? 'ids' then pp_api.plan_draft_there(array(select jsonb_array_elements_text(a -> 'ids'))) else array[a ->> 'id'] end;
		foreach target in array targets loop
			done := done || jsonb_build_object('no', no, 'action', action, 'id', pp_api.plan_draft_do(a || jsonb_build_object('id', target), held.id, at));
		end loop;
		if action <> 'delete' and (select count(*) > l.drafts or sum(d.bytes) > l.bytes from pp.plan_draft d where d.body = pp.current_body()) then
			perform pp_api.plan_draft_wrong(a, 'plan_draft_limit', format('Your body may have %s drafts of %s MiB altogether: file or remove some.', l.drafts, l.bytes >> 20));
		end if;
	end loop;
	-- All of them have their versions at once.
	set constraints pp.plan_draft_feature immediate;
	set constraints pp.plan_draft_feature deferred;
	if held.id is not null and not (follows and releases) then
		perform pp_api.feature_lock_release(lock, case when not releases then array(select x ->> 'id' from unnest(done) x) end, at, follows);
	end if;
	r := pp.remember(idempotency_key, pp.ok((select coalesce(json_agg(x || jsonb_build_object('version', pp_api.plan_draft_version((x ->> 'id')::uuid)) order by n), '[]')
		from unnest(done) with ordinality u (x, n))));
	return query select x.no, x.action, x.id, x.version from json_to_recordset(r.body) x (no int, action text, id uuid, version bigint);
end
$$;

-- What is filed of one: its geometry as WKB.
create function pp_api.plan_draft_extent(draft uuid) returns bytea language plpgsql stable as $$
declare
	d pp.plan_draft;
begin
	select * into d from pp.plan_draft x where x.id = $1;
	if not found then
		perform pp.refuse('draft_not_found', format('Your body has no draft %s.', draft), '/draft');
	elsif d.geom is null then
		perform pp.refuse('geometry_empty', 'Nothing is drawn in this draft yet.', '/draft');
	end if;
	return ST_AsBinary(d.geom, 'NDR');
end
$$;

-- The past of drafts is of use for as long as somebody pages through it or wants something back, and then it is gone; locks
-- that have ended a day later.
create function pp_api.plan_draft_sweep(at timestamptz) returns bigint language plpgsql volatile as $$
declare
	gone bigint;
begin
	with swept as (
		delete from pp.feature_drafts f where f.died is not null and f.valid_to < at - interval '30 days' returning f.died, f.valid_to),
	last as (
		select count(*) as rows, max(s.died) as died, max(s.valid_to) as ended from swept s),
	remembered as (
		update pp.feature_collection c set forgotten = greatest(c.forgotten, l.died), forgotten_at = greatest(c.forgotten_at, l.ended)
		  from last l where c.name = 'drafts' and l.rows > 0)
	select l.rows into gone from last l;
	delete from pp.feature_lock l where l.expires_at < at - interval '1 day';
	return gone;
end
$$;

grant execute on function pp_api.plan_draft_limit(), pp_api.plan_draft_version(uuid), pp_api.plan_draft_wrong(jsonb, text, text, text), pp_api.plan_draft_there(text[]), pp_api.plan_draft_meant(jsonb, uuid, timestamptz), pp_api.plan_draft_text(jsonb, text, int),
	pp_api.plan_draft_procedure(jsonb), pp_api.plan_draft_put(pp.plan_draft, jsonb), pp_api.plan_draft_do(jsonb, uuid, timestamptz),
	pp_api.plan_draft_edit(jsonb, timestamptz, text, bool, text, bytea, text[], bool), pp_api.plan_draft_extent(uuid) to pp_server;
grant execute on function pp_api.plan_draft_sweep(timestamptz) to pp_clerk;
