-- SPDX-License-Identifier: EUPL-1.2
-- Whom the register proposes for a plan: whoever looks after a theme that the plan touches, where the plan lies.

-- The areas of the register that a plan lies in, or no farther from than the boundaries are accurate to; keys by the
-- municipalities of that version, so that they agree with what the engine says of them.
create function pp_api.agency_areas_at(plan geometry, version bigint)
returns table (body text, no int, distance_m numeric, area_m2 numeric, length_m numeric, inside bool)
language plpgsql stable set plan_cache_mode = force_custom_plan as $$
declare
	areas geometry := ST_CollectionExtract(plan, 3);
	lines geometry := ST_CollectionExtract(plan, 2);
	points geometry := ST_CollectionExtract(plan, 1);
	near float8 := (select v.accuracy_m from pp.boundary_version v where v.id = version);
begin
	return query
	with hit as materialized (
		select array['00', m.land, m.kreis_key, m.ags] as keys, null::text as body, m.geom
		  from pp.municipality m where m.boundary_version = version and ST_DWithin(m.geom, plan, near)
		union all
		select null, r.body, r.geom from pp.agency_area r where r.geom is not null and ST_DWithin(r.geom, plan, near)),
	-- What a plan covers as a whole needs no intersection: of a Land's plan that is nearly every municipality.
	measured as materialized (
		select h.keys, h.body, ST_Distance(h.geom, plan) as distance,
			case when ST_IsEmpty(areas) then 0 when ST_Covers(areas, h.geom) then ST_Area(h.geom)
				else ST_Area(ST_Intersection(h.geom, areas)) end as area,
			case when ST_IsEmpty(lines) then 0 else ST_Length(ST_Intersection(h.geom, lines)) end as length,
			not ST_IsEmpty(points) and ST_Intersects(h.geom, points) as inside
		  from hit h),
	found as (
		select r.body, r.no, m.distance, m.area, m.length, m.inside
		  from (select k.key, min(n.distance) as distance, sum(n.area) as area, sum(n.length) as length, bool_or(n.inside) as inside
			  from measured n, unnest(n.keys) k (key) group by k.key) m
		  join pp.agency_area r on r.key = m.key
		union all
		select n.body, 0, n.distance, n.area, n.length, n.inside from measured n where n.body is not null)
	select f.body, f.no, round(f.distance::numeric, 3), round(f.area::numeric, 3), round(f.length::numeric, 3), f.inside from found f;
end
$$;

-- Evidence in the words of the reader: one row per theme and area.
create function pp_api.agency_evidence(theme pp.agency_theme, source text, area jsonb, distance_m numeric, area_m2 numeric,
	length_m numeric, inside bool, plan_area float8, plan_length float8, lang text) returns jsonb language sql stable as $$
	select jsonb_build_object('theme', theme.id, 'label', pp_api.agency_label(theme, lang), 'area', area, 'distance_m', distance_m,
		'overlap_m2', area_m2, 'borderline', v.borderline, 'source', source,
		'share_percent', case when plan_area > 0 then round((100 * area_m2 / plan_area)::numeric, 1)
			when plan_length > 0 then round((100 * length_m / plan_length)::numeric, 1) end,
		'reason', case when lang = 'en' then format(case when v.borderline
				then '%s: competent for %s, on whose border the plan lies (within the accuracy of the boundaries).'
				else '%s: competent for %s, where the plan lies.' end, theme.label_en,
				coalesce(area ->> 'name', 'an area of its own'))
			else format(case when v.borderline then '%s: zuständig für %s, an dessen Grenze der Plan liegt (innerhalb der Genauigkeit der Grenzen).'
				else '%s: zuständig für %s, worin der Plan liegt.' end, theme.label_de,
				coalesce(area ->> 'name', 'ein eigenes Gebiet')) end)
		|| case when plan_length > 0 then jsonb_build_object('overlap_m', length_m) else '{}' end
		|| case when inside then jsonb_build_object('inside', true) else '{}' end
	  from (select area_m2 = 0 and length_m = 0 and not inside) v (borderline)
$$;

-- By name; who plans itself is not proposed. day: whose entry holds then.
create function pp_api.agencies_proposed(plan geometry, version bigint, kind text, subjects jsonb, planners text[], day date, lang text)
returns jsonb language sql stable as $$
	with touched as (
		select u.theme, string_agg(distinct u.source, '; ' order by u.source) as source from pp.agency_touch u
		 where pp_api.kind_is_of($3, u.kinds)
		   and (u.subject = '' or u.subject in (select s ->> 'subject' from jsonb_array_elements(coalesce($4, '[]')) s))
		 group by u.theme),
	found as (
		select g.body, jsonb_agg(pp_api.agency_evidence(t, u.source, pp_api.agency_area_json(r), g.distance_m, g.area_m2, g.length_m,
				g.inside, ST_Area($1), ST_Length(ST_CollectionExtract($1, 2)), $7)
			order by c.theme, g.area_m2 desc, g.distance_m, r.key) as rules,
			bool_and(g.area_m2 = 0 and g.length_m = 0 and not g.inside) as borderline
		  from pp_api.agency_areas_at($1, $2) g
		  join pp.agency_area r on r.body = g.body and r.no = g.no
		  join pp.agency_competence c on c.body = g.body
		  join touched u on u.theme = c.theme
		  join pp.agency_theme t on t.id = c.theme
		 group by g.body)
	select coalesce(jsonb_agg(jsonb_build_object('body', b.key, 'name', b.name, 'kind', b.kind, 'land', b.land, 'channel', a.channel,
		'kinds', a.kinds, 'valid_from', pp.iso(a.valid_from), 'valid_to', pp.iso(a.valid_to), 'borderline', f.borderline,
		'rules', f.rules) order by f.borderline, b.name, b.key), '[]')
	  from found f join pp.agency a on a.body = f.body join pp.body b on b.key = f.body
	 where $6 between a.valid_from and coalesce(a.valid_to, 'infinity')
	   and (a.kinds = '{}' or pp_api.kind_is_of($3, a.kinds)) and f.body <> all ($5)
$$;

-- A preview: what the engine has said stays as it is, and the register's proposal stands behind it.
create function pp_api.agency_preview(affected json, geometry bytea, dataset bigint, body jsonb, at timestamptz, lang text)
returns pp.reply language sql stable as $$
	select pp.ok(concat(left(rtrim($1::text, E' \n'), -1), ',"agencies":', pp_api.agencies_proposed(ST_GeomFromWKB($2, 25832), $3,
		$4 ->> 'kind', $4 -> 'subjects', array(select jsonb_array_elements_text(coalesce($4 -> 'planning_municipalities', '[]')))
			|| coalesce($4 ->> 'applicant_body', ''), pp.day($5), $6), '}')::json)
$$;

-- Of a stored plan, by the boundaries that it was computed with and by the register of today.
create function pp_api.agencies_of_plan(plan uuid, day date, lang text) returns jsonb language sql stable as $$
	select pp_api.agencies_proposed(v.geom, v.boundary_version, p.kind, coalesce(v.subjects, p.subjects),
		p.planning_municipalities || v.planner_body, $2, $3)
	  from pp_api.plan_visible v join pp_api.procedure_visible p on p.id = v.procedure where v.id = $1
$$;

grant execute on function pp_api.agency_areas_at(geometry, bigint), pp_api.agency_evidence(pp.agency_theme, text, jsonb, numeric, numeric,
		numeric, bool, float8, float8, text),
	pp_api.agencies_proposed(geometry, bigint, text, jsonb, text[], date, text),
	pp_api.agency_preview(json, bytea, bigint, jsonb, timestamptz, text), pp_api.agencies_of_plan(uuid, date, text) to pp_server, pp_public;
