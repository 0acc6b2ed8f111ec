-- SPDX-License-Identifier: EUPL-1.2
-- What the planning authority of a Land watches: the Planungsanzeigen that it has to answer, with their periods, and all procedures
-- that it may see, with their distance to another Land.

create function pp_api.my_land() returns text language sql stable as $$
	select a.land from pp_api.planning_authority a where a.body = pp.current_body()
$$;

-- Planungsanzeigen -------------------------------------------------------------------------------------------------------------------

create function pp_api.notification_json(p pp_api.procedure_visible, state text, since timestamptz, at timestamptz, lang text) returns json
language plpgsql stable as $$
declare
	told record;
	item jsonb := pp_api.procedure_item(p)::jsonb;
begin
	select max(e.happened_on) filter (where e.event = 'ANZEIGE_ABSENDEN') as sent, max(e.happened_on) filter (where e.event = 'ANZEIGE_PRUEFFAEHIG') as assessable,
		max(e.happened_on) filter (where e.event = 'ANZEIGE_HEMMUNG') as stopped, max(e.happened_on) filter (where e.event = 'ANZEIGE_ANTWORT') as answered,
		(array_agg(e.data -> 'empfaenger' order by e.no desc) filter (where e.event = 'ANZEIGE_ABSENDEN'))[1] as recipients,
		(array_agg(e.data order by e.no desc) filter (where e.event = 'ANZEIGE_ANTWORT'))[1] as answer
	  into told from pp_api.procedure_event_visible e where e.procedure = p.id and e.machine = 'PLANUNGSANZEIGE';
	return (select json_build_object('procedure', p.id, 'number', p.number, 'title', p.title, 'reference', p.reference, 'kind', p.kind,
		'kind_name', (select case lang when 'en' then k.name_en else k.name_de end from pp.procedure_kind k where k.kind = p.kind),
		'places', item -> 'places', 'planner_body', p.planner_body, 'planner_name', item -> 'planner_name',
		'state', s.state, 'state_since', pp.rfc3339(since), 'state_name', case lang when 'en' then s.name_en else s.name_de end,
		'sent_on', pp.iso(told.sent), 'recipients', coalesce(told.recipients, '[]'), 'assessable_on', pp.iso(told.assessable),
		'stopped_on', case when s.state = 'GEHEMMT' then pp.iso(told.stopped) end,
		'period', (select pp_api.due_json(u, at) from pp.procedure_due u
			 where u.procedure = p.id and u.machine = s.machine order by u.id desc limit 1),
		'answered_on', pp.iso(told.answered), 'result', told.answer -> 'ergebnis', 'result_text', told.answer -> 'text')
	  from pp.machine_state s where s.machine = 'PLANUNGSANZEIGE' and s.state = notification_json.state);
end
$$;

-- Those whose period runs, the soonest end first; then those that stand still, those without assessable documents, and last what is over,
-- the newest first. open: waits for an answer.
create function pp_api.oversight_notifications(procedure uuid, open bool, row_limit int, cursor text, at timestamptz, lang text default 'de')
returns pp.reply language plpgsql stable as $$
declare
	after text[] := pp.cursor_read(cursor, 3);
	size int := pp.page_size(row_limit);
	items json;
	next text;
begin
	with known as (
		select t.procedure as id, t.state, t.state_since, case t.state when 'PRUEFFAEHIG' then 0 when 'GEHEMMT' then 1 when 'ANGEZEIGT' then 2 else 3 end as rank,
			case when t.state = 'PRUEFFAEHIG' then extract(epoch from (select max(u.due_at) from pp.procedure_due u
					where u.procedure = t.procedure and u.machine = t.machine))
				when t.state in ('GEHEMMT', 'ANGEZEIGT') then extract(epoch from t.state_since) else -extract(epoch from t.state_since) end as place
		  from pp.procedure_track t join pp_api.notified o on o.id = t.procedure
		 where t.machine = 'PLANUNGSANZEIGE' and (oversight_notifications.procedure is null or t.procedure = oversight_notifications.procedure)
	), page as (
		select k.*, row_number() over (order by k.rank, k.place, k.id) as n,
			pp_api.notification_json(v, k.state, k.state_since, at, lang) as item
		  from known k join pp_api.procedure_visible v on v.id = k.id
		 where (open is null or open = (k.rank < 3))
		   and (after is null or (k.rank, k.place, k.id) > (after[1]::int, after[2]::numeric, after[3]::uuid))
		 order by k.rank, k.place, k.id limit size + 1)
	select coalesce(json_agg(item order by n) filter (where n <= size), '[]'), case when count(*) > size then
			(array_agg(pp.cursor_make(rank::text, page.place::text, id::text) order by n))[size] end
	  into items, next from page;
	return pp.ok(json_build_object('items', items), null, next);
end
$$;

-- Procedures -------------------------------------------------------------------------------------------------------------------------

-- How far an extent is from another Land, at most 20 km: from the authority's own where the procedure is not of it. The borders between
-- neighbours say how far to look; across water municipalities are no neighbours, and may be nearer.
create function pp_api.land_distance(area geometry, lands text[], own text) returns table (land text, distance_m float8)
language sql stable as $$
	with version as (select pp.current_boundaries() as id),
	reach as (select least(20000, min(ST_Distance(a.border, area))) as m
		  from version v join pp.adjacency a on a.boundary_version = v.id
		 where a.border is not null and left(a.ags, 2) <> left(a.neighbour, 2) and a.border && ST_Expand(area, 20000)
		   and exists (select from unnest(array[left(a.ags, 2), left(a.neighbour, 2)]) l
			where case when own = any (lands) then l <> all (lands) else l = own end))
	select n.land, n.d from reach r, version v, lateral (select m.land, ST_Distance(m.geom, area) as d from pp.municipality m
		 where m.boundary_version = v.id and m.geom && ST_Expand(area, r.m)
		   and case when own = any (lands) then m.land <> all (lands) else m.land = own end order by d, m.land limit 1) n
	 where n.d <= 20000
$$;

-- Why the authority sees it.
create function pp_api.oversight_relation(p pp_api.procedure_visible, own text) returns text language sql stable as $$
	select case when own = any (p.lands) then 'EIGENES_LAND'
		when exists (select from pp_api.plan_visible l join pp_api.affected_authority_visible a on a.plan = l.id
			where l.procedure = p.id and a.body = pp.current_body()) then 'BENANNT'
		when exists (select from pp.procedure_party y where y.procedure = p.id and y.body = pp.current_body()) then 'BETEILIGT'
		else 'VEROEFFENTLICHT' end
$$;

-- border_km: at most so far from the other Land; outlines are simplified to 10 m.
create function pp_api.oversight_procedures(q text, land text, kind text, state text, running bool, border_km int, row_limit int, cursor text,
	at timestamptz, lang text default 'de') returns pp.reply language plpgsql stable set plan_cache_mode = force_custom_plan as $$
declare
	before uuid := pp.cursor_uuid(cursor);
	size int := pp.page_size(row_limit);
	part text := pp.anywhere(nullif(btrim(q), ''));
	own text := pp_api.my_land();
	items json;
	next text;
begin
	with found as (
		select p, l.id as plan, l.geom, b.land, b.distance_m
		  from pp_api.procedure_visible p left join pp_api.plan_newest l on l.procedure = p.id
		  left join lateral pp_api.land_distance(l.geom, p.lands, own) b on l.id is not null
		 where (part is null or p.search_text ilike part)
		   and (oversight_procedures.land is null or p.lands @> array[oversight_procedures.land])
		   and (oversight_procedures.kind is null or p.kind = oversight_procedures.kind)
		   and (oversight_procedures.state is null or p.state = oversight_procedures.state)
		   and (oversight_procedures.running is null or oversight_procedures.running <> pp_api.procedure_has_ended(p))
		   and (border_km is null or b.distance_m <= border_km * 1000)
		   and (before is null or p.id < before)
		 order by p.id desc limit size + 1
	), page as (
		select (f.p).id, row_number() over (order by (f.p).id desc) as n, jsonb_build_object(
			'procedure', pp_api.procedure_item(f.p)::jsonb || pp_api.procedure_look(f.p, at, oversight_procedures.lang),
			'lands', to_jsonb((f.p).lands), 'relation', pp_api.oversight_relation(f.p, own),
			'plan', (select jsonb_build_object('id', v.id, 'number', v.no, 'geometry_kind', v.geometry_kind,
				'created_at', pp.rfc3339(v.created_at), 'published_at', pp.rfc3339(v.published_at)) from pp_api.plan_visible v where v.id = f.plan),
			'border', case when f.distance_m is not null then jsonb_build_object('land', f.land, 'distance_m', round(f.distance_m::numeric, 1)) end,
			'geometry', ST_AsGeoJSON(ST_Transform(ST_SimplifyPreserveTopology(f.geom, 10), 4326), 6)::jsonb) as item
		  from found f)
	select coalesce(json_agg(item order by n) filter (where n <= size), '[]'),
		case when count(*) > size then pp.cursor_make((array_agg(id::text order by n))[size]) end
	  into items, next from page;
	return pp.ok(json_build_object('items', items), null, next);
end
$$;

grant execute on function pp_api.my_land(), pp_api.notification_json(pp_api.procedure_visible, text, timestamptz, timestamptz, text),
	pp_api.oversight_notifications(uuid, bool, int, text, timestamptz, text), pp_api.land_distance(geometry, text[], text),
	pp_api.oversight_relation(pp_api.procedure_visible, text),
	pp_api.oversight_procedures(text, text, text, text, bool, int, int, text, timestamptz, text) to pp_server;
