-- SPDX-License-Identifier: EUPL-1.2
-- Procedures: filed, searched, shown, changed, published, withdrawn; never deleted.

-- Planned once for a connection, not once for a call.
create function pp_api.procedure_item(p pp_api.procedure_visible) returns json
language plpgsql stable as $$
begin
	return json_build_object('id', p.id, 'number', p.number, 'kind', p.kind, 'title', p.title,
		'reference', p.reference, 'state', p.state, 'state_since', pp.rfc3339(p.state_since),
		'planning_municipalities', to_json(p.planning_municipalities),
		'places', (select coalesce(json_agg(json_build_object('ags', m.ags, 'name', m.name,
				'kreis', m.kreis_name, 'land', m.land) order by m.ags), '[]')
			  from pp.municipality m
			 where m.boundary_version = pp.current_boundaries()
			   and m.ags = any (p.planning_municipalities)),
		'applicant_body', p.applicant_body, 'applicant_name', pp.body_name(p.applicant_body),
		'planner_body', p.planner_body, 'planner_name', pp.body_name(p.planner_body),
		'vorhabenbezogen', p.vorhabenbezogen, 'subjects', pp_api.subjects_json(p.subjects), 'project', p.project,
		'section', p.section, 'law_on', pp.iso(p.law_on),
		'resolved_on', pp.iso(p.resolved_on), 'published_at', pp.rfc3339(p.published_at),
		'withdrawn_at', pp.rfc3339(p.withdrawn_at), 'withdraw_reason', p.withdraw_reason,
		'created_at', pp.rfc3339(p.created_at), 'changed_at', pp.rfc3339(p.changed_at));
end
$$;

create function pp_api.need_procedure(procedure uuid) returns pp_api.procedure_visible
language plpgsql stable as $$
declare
	p pp_api.procedure_visible;
begin
	select * into p from pp_api.procedure_visible v where v.id = $1;
	if not found then
		perform pp.refuse('procedure_not_found', 'There is no such procedure that you may see.');
	end if;
	return p;
end
$$;

-- For whoever changes it: locked, of the own body, not withdrawn.
create function pp_api.own_procedure(procedure uuid) returns pp.procedure
language plpgsql volatile as $$
declare
	p pp.procedure;
begin
	perform pp_api.need_procedure($1);
	select * into p from pp.procedure q
	 where q.id = $1 and q.planner_body = pp.current_body() for no key update;
	if not found then
		perform pp.refuse('forbidden', 'Only the planning body changes its procedure.');
	end if;
	if p.withdrawn_at is not null then
		perform pp.refuse('procedure_withdrawn', format('It was withdrawn on %s.', pp.iso(pp.day(p.withdrawn_at))));
	end if;
	return p;
end
$$;

-- Its representation names plans and rounds: when these change, so does its ETag.
create function pp_api.procedure_touch(procedure uuid, at timestamptz) returns void
language sql volatile as $$
	update pp.procedure q set changed_at = at, version = q.version + 1 where q.id = $1
$$;

create function pp_api.procedure_bodies(procedure uuid) returns text[] language sql stable as $$
	select array(select y.body from pp.procedure_party y where y.procedure = $1)
		|| array(select p.planner_body from pp.procedure p where p.id = $1)
$$;

create function pp_api.procedure_emit(kind text, procedure uuid, at timestamptz,
	data json default null) returns void language sql volatile as $$
	select pp.emit($1, $3, $2, bodies => pp_api.procedure_bodies($2),
		public => (select p.published_at is not null from pp.procedure p where p.id = $2),
		data => $4)
$$;

-- The parts of a body that decide who plans where, checked; refusals name the field.
create function pp_api.procedure_planners(body jsonb, kind text, pointer text default '',
	out municipalities text[], out applicant text, out lands text[]) language plpgsql stable as $$
declare
	version bigint := pp.need_boundaries();
	wrong int;
begin
	municipalities := array(select jsonb_array_elements_text(
		case jsonb_typeof(body -> 'planning_municipalities') when 'array'
			then body -> 'planning_municipalities' else '[]' end));
	applicant := body ->> 'applicant_body';
	select i into wrong from unnest(municipalities) with ordinality u (ags, i)
	 where not exists (select from pp.municipality m
		where m.boundary_version = version and m.ags = u.ags) order by i limit 1;
	if wrong is not null then
		perform pp.refuse('municipality_not_found', format('There is no municipality %s in the boundaries in force.',
			municipalities[wrong]), pointer || '/planning_municipalities/' || wrong - 1);
	end if;
	if cardinality(municipalities) <> (select count(distinct u) from unnest(municipalities) u) then
		perform pp.refuse('invalid_body', 'A municipality is named twice.', pointer || '/planning_municipalities');
	end if;
	if cardinality(municipalities) = 0 and (select k.family = 'BAULEITPLANUNG'
		from pp.procedure_kind k where k.kind = $2) then
		perform pp.refuse('invalid_body', 'A plan under the BauGB has a planning municipality.',
			pointer || '/planning_municipalities');
	elsif cardinality(municipalities) = 0 and applicant is null then
		perform pp.refuse('invalid_body', 'Name the planning municipalities or the applicant body.',
			pointer || '/applicant_body');
	end if;
	select array_agg(distinct b.land) filter (where b.land is not null) into lands
	  from pp.body b where b.key = applicant and cardinality(municipalities) = 0;
	if applicant is not null and not exists (select from pp.body b where b.key = applicant) then
		perform pp.refuse('body_not_found', format('There is no body %s.', applicant), pointer || '/applicant_body');
	end if;
	if cardinality(municipalities) > 0 then
		lands := array(select distinct left(u, 2) from unnest(municipalities) u order by 1);
	end if;
	lands := coalesce(lands, '{}');
end
$$;

-- A body plans for itself and for whom it may; whose territory has become another's is asked by the law, not here.
create function pp_api.need_may_plan(planner text, municipalities text[], kind text, day date) returns void
language plpgsql stable as $$
declare
	wrong int;
begin
	select u.i into wrong from unnest(municipalities) with ordinality u (ags, i), pp.procedure_kind k
	 where k.kind = $3 and not pp.may_plan_for(planner, u.ags, k.family, day) order by u.i limit 1;
	if wrong is not null then
		perform pp.refuse('municipality_not_yours', format('%s is not %s, does not administer it and does not plan for it.',
			planner, municipalities[wrong]), '/planning_municipalities/' || wrong - 1);
	end if;
end
$$;

-- Whoever plans for others acts on their behalf: both stand in the procedure, and both see it.
create function pp_api.procedure_principals(procedure uuid) returns void language sql volatile as $$
	insert into pp.procedure_party (procedure, body)
		select p.id, u.ags from pp.procedure p, unnest(p.planning_municipalities) u (ags)
		 where p.id = $1 and u.ags <> p.planner_body on conflict do nothing
$$;

-- What a search by words looks through.
create function pp_api.procedure_words(number text, title text, reference text,
	municipalities text[]) returns text language sql stable as $$
	select concat_ws(' ', $1, $2, $3, (select string_agg(m.name, ' ' order by m.ags)
		from pp.municipality m
		where m.boundary_version = pp.current_boundaries() and m.ags = any ($4)))
$$;

create function pp_api.procedure_create(body jsonb, at timestamptz, idempotency_key text,
	request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	who record;
	new_id uuid := pp.uuid7(at);
	new_number text;
	planner text := pp.current_body();
begin
	if r.status is not null then
		return r;
	end if;
	if planner is null or not pp.has_role('manager') then
		perform pp.refuse('forbidden', 'You act for no body that could plan.');
	elsif body ->> 'planner_body' <> planner then
		perform pp.refuse('forbidden', 'You act for another body.', '/planner_body');
	end if;
	if not exists (select from pp.procedure_kind k where k.kind = body ->> 'kind') then
		perform pp.refuse('invalid_body', 'This kind of procedure is not known here.', '/kind');
	end if;
	if (body ->> 'law_on')::date > pp.day(at) then
		perform pp.refuse('invalid_body', 'No procedure begins under the law of a day to come.', '/law_on');
	elsif nullif(btrim(body ->> 'section'), '') is not null and nullif(btrim(body ->> 'project'), '') is null then
		perform pp.refuse('invalid_body', 'A section belongs to a project: name it.', '/project');
	end if;
	select * into who from pp_api.procedure_planners(body, body ->> 'kind');
	perform pp_api.need_may_plan(planner, who.municipalities, body ->> 'kind', pp.day(at));
	new_number := pp.take_procedure_number(at);
	insert into pp.procedure (id, number, kind, title, reference, planning_municipalities,
		applicant_body, planner_body, lands, vorhabenbezogen, subjects, state, state_since,
		search_text, created_at, created_by, changed_at, project, section, law_on)
		values (new_id, new_number, body ->> 'kind', btrim(body ->> 'title'), body ->> 'reference',
			who.municipalities, who.applicant, planner, who.lands,
			coalesce((body ->> 'vorhabenbezogen')::bool, false), coalesce(body -> 'subjects', '[]'),
			(select m.state from pp.procedure_kind k join pp.machine_state m on m.machine = k.machine and m.is_initial
				where k.kind = body ->> 'kind'), at, pp_api.procedure_words(new_number, body ->> 'title',
				body ->> 'reference', who.municipalities),
			at, pp.current_account(), at, nullif(btrim(body ->> 'project'), ''), nullif(btrim(body ->> 'section'), ''),
			coalesce((body ->> 'law_on')::date, pp.day(at)));
	perform pp_api.procedure_principals(new_id);
	perform pp_api.procedure_emit('procedure.created', new_id, at);
	return pp.remember(idempotency_key, pp.created('/api/v1/procedures/' || new_id,
		(pp_api.procedure_show(new_id, at)).body, '1'));
end
$$;

-- The procedure, its newest plan and its rounds, as far as the requester may see them.
create function pp_api.procedure_show(procedure uuid, at timestamptz) returns pp.reply
language plpgsql stable as $$
declare
	p pp_api.procedure_visible := pp_api.need_procedure(procedure);
begin
	return pp.ok((pp_api.procedure_item(p)::jsonb || jsonb_build_object(
		'plan', (select jsonb_build_object('id', v.id, 'number', v.no,
				'geometry_kind', v.geometry_kind, 'created_at', pp.rfc3339(v.created_at),
				'confirmed', pp_api.affected_is_confirmed(v.id))
			  from pp_api.plan_visible v where v.procedure = p.id order by v.no desc limit 1),
		'rounds', (select coalesce(jsonb_agg(pp_api.round_item(d) order by d.no), '[]')
			  from pp_api.round_visible d where d.procedure = p.id)) || pp_api.procedure_codes(p))::json, p.version::text);
end
$$;

-- q: part of number, title, reference or a planning municipality's name. ags: planned by it, or
-- the newest visible plan affects it. bbox: the newest visible plan meets it; near: lies within km of that place. running: has
-- not ended. Newest first.
create function pp_api.procedure_search(q text, ags text, land text, kind text, state text,
	bbox text, row_limit int, cursor text, project text default null, running bool default null, cross_border bool default null,
	near text default null, km int default null, phase text default null, at timestamptz default clock_timestamp(), lang text default 'de') returns pp.reply
language plpgsql stable set plan_cache_mode = force_custom_plan as $$
declare
	area geometry := pp.bbox_read(bbox);
	place geometry := pp_api.near_read(near);
	metres float8 := coalesce(km, 5) * 1000;
	before uuid := pp.cursor_uuid(cursor);
	size int := pp.page_size(row_limit);
	part text := pp.anywhere(nullif(btrim(q), ''));
	items json;
	next text;
begin
	with page as (
		select p.id, row_number() over (order by p.id desc) as n,
			(pp_api.procedure_item(p)::jsonb || pp_api.procedure_look(p, at, lang))::json as item
		  from pp_api.procedure_visible p
		 where (part is null or p.search_text ilike part)
		   and (procedure_search.land is null or p.lands @> array[procedure_search.land])
		   and (procedure_search.kind is null or p.kind = procedure_search.kind)
		   and (procedure_search.state is null or p.state = procedure_search.state)
		   and (procedure_search.project is null or p.project = procedure_search.project)
		   and (procedure_search.ags is null
			or p.planning_municipalities @> array[procedure_search.ags]
			or p.id in (select v.procedure from pp_api.plan_newest v
				join pp_api.affected_municipality_visible a on a.plan = v.id
				where a.ags = procedure_search.ags))
		   and (area is null or p.id in (select v.procedure from pp_api.plan_newest v
			where v.geom && area and ST_Intersects(v.geom, area)))
		   and (place is null or p.id in (select v.procedure from pp_api.plan_newest v where ST_DWithin(v.geom, place, metres)))
		   and (procedure_search.running is null or procedure_search.running <> pp_api.procedure_has_ended(p))
		   and (procedure_search.cross_border is null or procedure_search.cross_border = pp_api.procedure_crosses(p.id))
		   and (procedure_search.phase is null or procedure_search.phase =
			(select pp_api.round_phase(d, at) from pp_api.procedure_participation(p.id, at) d))
		   and (before is null or p.id < before)
		 order by p.id desc
		 limit size + 1)
	select coalesce(json_agg(item order by n) filter (where n <= size), '[]'),
		case when count(*) > size then pp.cursor_make((max(id::text) filter (where n = size))) end
	  into items, next from page;
	return pp.ok(json_build_object('items', items), null, next);
end
$$;

create function pp_api.procedure_change(procedure uuid, body jsonb, if_match text, at timestamptz)
returns pp.reply language plpgsql volatile as $$
declare
	p pp.procedure := pp_api.own_procedure(procedure);
	who record;
	moves bool := body ?| array['kind', 'planning_municipalities', 'applicant_body'];
begin
	perform pp.match(if_match, p.version);
	if moves and exists (select from pp.plan l where l.procedure = p.id) then
		perform pp.refuse('conflict', 'A plan was filed: kind and planning bodies stay as they are.');
	end if;
	if body ? 'kind' and not exists (select from pp.procedure_kind k where k.kind = body ->> 'kind') then
		perform pp.refuse('invalid_body', 'This kind of procedure is not known here.', '/kind');
	elsif body ->> 'kind' <> p.kind and exists (select from pp.procedure_event e where e.procedure = p.id) then
		perform pp.refuse('conflict', 'The procedure has begun: its kind stays as it is.');
	end if;
	if moves then
		select * into who from pp_api.procedure_planners(jsonb_build_object(
			'planning_municipalities', p.planning_municipalities,
			'applicant_body', p.applicant_body) || body, coalesce(body ->> 'kind', p.kind));
		perform pp_api.need_may_plan(p.planner_body, who.municipalities, coalesce(body ->> 'kind', p.kind), pp.day(at));
	else
		select p.planning_municipalities as municipalities, p.applicant_body as applicant, p.lands into who;
	end if;
	p.title := coalesce(btrim(body ->> 'title'), p.title);
	p.reference := case when body ? 'reference' then body ->> 'reference' else p.reference end;
	update pp.procedure q
	   set kind = coalesce(body ->> 'kind', p.kind), title = p.title, reference = p.reference,
		planning_municipalities = who.municipalities, applicant_body = who.applicant,
		lands = who.lands, subjects = coalesce(body -> 'subjects', p.subjects),
		vorhabenbezogen = coalesce((body ->> 'vorhabenbezogen')::bool, p.vorhabenbezogen),
		project = case when body ? 'project' then nullif(btrim(body ->> 'project'), '') else p.project end,
		section = case when body ? 'section' then nullif(btrim(body ->> 'section'), '') else p.section end,
		search_text = pp_api.procedure_words(p.number, p.title, p.reference, who.municipalities),
		changed_at = at, version = p.version + 1
	 where q.id = p.id;
	perform pp_api.procedure_principals(p.id);
	perform pp_api.procedure_emit('procedure.changed', p.id, at);
	return pp_api.procedure_show(p.id, at);
end
$$;

-- The resolution to draw up the plan, § 2 (1) BauGB.
create function pp_api.procedure_resolve(procedure uuid, body jsonb, at timestamptz,
	idempotency_key text, request_sha256 bytea, lang text default 'de') returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	p pp.procedure;
begin
	if r.status is not null then
		return r;
	end if;
	perform pp_api.speak(lang);
	p := pp_api.own_procedure(procedure);
	if (body ->> 'resolved_on')::date > pp.day(at) then
		perform pp.refuse('invalid_body', 'A resolution that lies ahead is none yet.', '/resolved_on');
	end if;
	perform pp_api.procedure_happen(p, 'AUFSTELLUNGSBESCHLUSS', 'PLANUNG', at, (body ->> 'resolved_on')::date,
		coalesce(body - 'resolved_on', '{}'));
	update pp.procedure q set changed_at = at where q.id = p.id;
	return pp.remember(idempotency_key, pp_api.procedure_show(p.id, at));
end
$$;

-- Shows the procedure and its newest plan to everybody, for good.
create function pp_api.procedure_publish(procedure uuid, at timestamptz, idempotency_key text,
	request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	p pp.procedure;
begin
	if r.status is not null then
		return r;
	end if;
	p := pp_api.own_procedure(procedure);
	perform pp_api.publish(p.id, (select l.id from pp.plan l where l.procedure = p.id
		order by l.no desc limit 1), at);
	return pp.remember(idempotency_key, pp_api.procedure_show(p.id, at));
end
$$;

create function pp_api.publish(procedure uuid, plan uuid, at timestamptz) returns void
language plpgsql volatile as $$
begin
	update pp.plan l set published_at = at where l.id = $2 and l.published_at is null;
	update pp.procedure q set published_at = at, changed_at = at, version = q.version + 1
	 where q.id = $1 and q.published_at is null;
	if found then
		perform pp_api.procedure_emit('procedure.published', $1, at);
		perform pp_api.subscription_note('VEROEFFENTLICHT', $1, at);
	end if;
end
$$;

-- Ends it with a reason; everything stays readable for whoever could read it.
create function pp_api.procedure_withdraw(procedure uuid, body jsonb, at timestamptz,
	idempotency_key text, request_sha256 bytea, lang text default 'de') returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	p pp.procedure;
begin
	if r.status is not null then
		return r;
	end if;
	perform pp_api.speak(lang);
	p := pp_api.own_procedure(procedure);
	if coalesce(btrim(body ->> 'reason'), '') = '' then
		perform pp.refuse('invalid_body', 'Say why the procedure ends.', '/reason');
	end if;
	perform pp_api.procedure_happen(p, 'EINSTELLEN', 'PLANUNG', at, reason => body ->> 'reason');
	update pp.procedure q set changed_at = at where q.id = p.id;
	return pp.remember(idempotency_key, pp_api.procedure_show(p.id, at));
end
$$;

grant execute on function pp_api.procedure_item(pp_api.procedure_visible),
	pp_api.need_procedure(uuid), pp_api.procedure_show(uuid, timestamptz),
	pp_api.procedure_search(text, text, text, text, text, text, int, text, text, bool, bool, text, int, text, timestamptz, text) to pp_server, pp_public;
grant execute on function pp_api.own_procedure(uuid), pp_api.procedure_touch(uuid, timestamptz),
	pp_api.procedure_planners(jsonb, text, text), pp_api.need_may_plan(text, text[], text, date),
	pp_api.procedure_principals(uuid),
	pp_api.procedure_words(text, text, text, text[]),
	pp_api.procedure_create(jsonb, timestamptz, text, bytea),
	pp_api.procedure_change(uuid, jsonb, text, timestamptz),
	pp_api.procedure_resolve(uuid, jsonb, timestamptz, text, bytea, text),
	pp_api.procedure_publish(uuid, timestamptz, text, bytea), pp_api.publish(uuid, uuid, timestamptz),
	pp_api.procedure_withdraw(uuid, jsonb, timestamptz, text, bytea, text) to pp_server;
grant execute on function pp_api.procedure_bodies(uuid),
	pp_api.procedure_emit(text, uuid, timestamptz, json) to pp_server, pp_clerk;
