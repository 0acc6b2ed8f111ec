-- SPDX-License-Identifier: EUPL-1.2
-- Plans: versions of a procedure's plan, each stored together with whom it affects.

create function pp_api.need_plan(plan uuid) returns pp_api.plan_visible language plpgsql stable as $$
declare
	v pp_api.plan_visible;
begin
	select * into v from pp_api.plan_visible w where w.id = $1;
	if not found then
		perform pp.refuse('plan_not_found', 'There is no such plan that you may see.');
	end if;
	return v;
end
$$;

-- Subjects as they were sent: a catchment is kept as hexadecimal WKB (CRS84) and shown as GeoJSON.
create function pp_api.subjects_json(subjects jsonb) returns jsonb
language sql immutable parallel safe as $$
	select coalesce(jsonb_agg(case when s ->> 'catchment' is null then s else s || jsonb_build_object(
			'catchment', ST_AsGeoJSON(ST_GeomFromWKB(decode(s ->> 'catchment', 'hex')), 9)::jsonb) end
		order by n), '[]')
	  from jsonb_array_elements(subjects) with ordinality e (s, n)
$$;

-- What the XPlanGML file of a plan says, read for a procedure of that kind; null for other sources. A code that is
-- not understood stays as it came, without a state and with a warning (domain.md §5), and none moves the procedure.
create function pp_api.plan_xplanung(xplanung jsonb, kind text, lang text) returns jsonb language sql stable as $$
	select jsonb_build_object('object', x.object, 'version', x.version,
			'rechtsstand', case when x.code is not null then jsonb_build_object('code', x.code, 'state', s.state) end,
			'warnings', case when x.code is null or s.state is not null then '[]'
				when not exists (select from pp.xplanung_code c where c.list = x.list and $2 = any (c.kinds))
				then jsonb_build_array(format(case when lang = 'en'
					then '%1$s is no plan of a procedure of the kind %2$s; its Rechtsstand "%3$s" says nothing about this one.'
					else '%1$s ist kein Plan eines Verfahrens der Art %2$s; sein Rechtsstand „%3$s“ sagt über dieses nichts.' end,
					x.object, $2, x.code))
				else jsonb_build_array(format(case when lang = 'en'
					then 'The Rechtsstand "%s" is not in the list %s; it is kept, and no state is read from it.'
					else 'Der Rechtsstand „%s“ steht nicht in der Liste %s; er bleibt vermerkt, ein Stand folgt daraus nicht.' end,
					x.code, x.list)) end)
	  from (select $1 ->> 'object' as object, $1 ->> 'version' as version, $1 ->> 'rechtsstand' as code,
			replace($1 ->> 'object', '_Plan', '_Rechtsstand') as list) x,
		lateral (select pp_api.xplanung_state(x.list, $2, x.code) as state) s
	 where $1 is not null
$$;

-- All but the geometry; a list shows this. changes are stored in both languages, lang chooses.
create function pp_api.plan_item(id uuid, lang text) returns jsonb language sql stable as $$
	select jsonb_build_object('id', v.id, 'procedure', v.procedure, 'number', v.no,
		'geometry_kind', v.geometry_kind, 'subjects', pp_api.subjects_json(v.subjects),
		'sha256', encode(v.geom_sha256, 'hex'),
		'source', jsonb_build_object('name', v.source_name, 'type', v.source_type,
			'sha256', encode(v.source_sha256, 'hex')),
		'changes', v.changes -> lang,
		'xplanung', pp_api.plan_xplanung(v.xplanung, (select p.kind from pp_api.procedure_visible p
			where p.id = v.procedure), lang),
		'dataset', pp_api.dataset_json(v.boundary_version), 'engine', v.engine,
		'confirmed', pp_api.affected_is_confirmed(v.id),
		'created_at', pp.rfc3339(v.created_at), 'announced_at', pp.rfc3339(v.announced_at),
		'published_at', pp.rfc3339(v.published_at))
	  from pp_api.plan_visible v where v.id = $1
$$;

create function pp_api.plan_show(plan uuid, lang text default 'de') returns pp.reply
language plpgsql stable as $$
declare
	v pp_api.plan_visible := pp_api.need_plan(plan);
begin
	return pp.ok((pp_api.plan_item(v.id, lang) || jsonb_build_object('geometry',
		ST_AsGeoJSON(ST_Transform(v.geom, 4326), 8)::jsonb))::json);
end
$$;

-- Newest first; there are never many versions, so the list is one page.
create function pp_api.plan_list(procedure uuid, lang text default 'de') returns pp.reply
language plpgsql stable as $$
declare
	p pp_api.procedure_visible := pp_api.need_procedure(procedure);
begin
	return pp.ok((select json_build_object('items',
			coalesce(json_agg(pp_api.plan_item(v.id, lang) order by v.no desc), '[]'))
		from pp_api.plan_visible v where v.procedure = p.id));
end
$$;

-- What the engine has to know before a plan is stored; refuses whoever may not store one.
create function pp_api.plan_prepare(procedure uuid, out kind text,
	out planning_municipalities text[], out applicant_land text, out subjects jsonb)
language plpgsql volatile as $$
declare
	p pp.procedure := pp_api.own_procedure(procedure);
begin
	kind := p.kind;
	planning_municipalities := p.planning_municipalities;
	applicant_land := (select b.land from pp.body b where b.key = p.applicant_body);
	subjects := p.subjects;
end
$$;

-- geometry: valid WKB in EPSG:25832. affected: the engine's result on it, computed with these
-- versions of boundaries and rules and with that query; it is kept byte for byte. Where another version is in force meanwhile the caller has to
-- compute again. subjects null: those of the procedure. changes: what a repair that was accepted has
-- changed, {"de": […], "en": […]}. xplanung: object, version and rechtsstand of an XPlanGML file, of which the first
-- hundred characters are kept each; no code of any list has more than five.
create function pp_api.plan_create(procedure uuid, geometry bytea, affected json, query json, dataset bigint,
	districts bigint[], rules bigint, engine text, subjects jsonb, source_name text, source_type text,
	source_sha256 bytea, changes json, xplanung jsonb, at timestamptz, idempotency_key text, request_sha256 bytea,
	lang text default 'de') returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	p pp.procedure;
	new_id uuid := pp.uuid7(at);
	result jsonb := affected;
begin
	if r.status is not null then
		return r;
	end if;
	p := pp_api.own_procedure(procedure);
	if dataset is distinct from pp.current_boundaries() or rules is distinct from pp.current_rules()
		or districts is distinct from pp_api.districts_of(dataset, null) then
		perform pp.refuse('dataset_not_current', 'Boundaries or rules have changed meanwhile; compute once more.');
	end if;
	insert into pp.plan (id, procedure, planner_body, no, geom, geom_sha256, subjects, source_name,
		source_type, source_sha256, changes, xplanung, boundary_version, rule_version, engine, result,
		created_at, created_by)
		select new_id, p.id, p.planner_body, (select coalesce(max(l.no), 0) + 1 from pp.plan l
				where l.procedure = p.id), g, sha256(ST_AsBinary(g)),
			coalesce(plan_create.subjects, p.subjects), plan_create.source_name,
			coalesce(plan_create.source_type, 'application/json'), plan_create.source_sha256,
			plan_create.changes, (select jsonb_object_agg(e.key, left(e.value, 100))
				from jsonb_each_text(plan_create.xplanung) e), dataset, rules, plan_create.engine,
			result - 'municipalities' - 'authorities', at, pp.current_account()
		  from ST_GeomFromWKB(geometry, 25832) g;
	perform pp_api.affected_store(new_id, result);
	insert into pp.affected_answer (plan, districts, query, answer, sha256)
		values (new_id, districts, query, affected::text, sha256(convert_to(affected::text, 'UTF8')));
	perform pp_api.procedure_touch(p.id, at);
	perform pp.emit('plan.created', at, p.id, bodies => array[p.planner_body],
		data => json_build_object('plan', new_id));
	return pp.remember(idempotency_key, pp.created('/api/v1/plans/' || new_id,
		(pp_api.plan_show(new_id, lang)).body));
end
$$;

grant execute on function pp_api.need_plan(uuid), pp_api.subjects_json(jsonb), pp_api.plan_xplanung(jsonb, text, text),
	pp_api.plan_item(uuid, text), pp_api.plan_show(uuid, text),
	pp_api.plan_list(uuid, text) to pp_server, pp_public;
grant execute on function pp_api.plan_prepare(uuid),
	pp_api.plan_create(uuid, bytea, json, json, bigint, bigint[], bigint, text, jsonb, text, text, bytea, json,
		jsonb, timestamptz, text, bytea, text) to pp_server;
