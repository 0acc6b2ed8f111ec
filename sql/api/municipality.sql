-- SPDX-License-Identifier: EUPL-1.2
-- Municipalities: what is asked of the boundaries in force.

create function pp_api.municipality_json(m pp.municipality) returns json language sql stable as $$
	select json_build_object('ags', m.ags, 'name', m.name, 'designation', m.designation,
		'kreis', m.kreis_name, 'kreis_key', m.kreis_key, 'land', m.land,
		'unincorporated', m.unincorporated)
$$;

create function pp_api.dataset_json(version bigint) returns json language sql stable as $$
	select json_build_object('name', v.dataset, 'date', pp.iso(v.dataset_date))
	  from pp.boundary_version v where v.id = version
$$;

-- q: part of the name, or the beginning of the AGS where it is digits.
create function pp_api.municipality_list(q text, land text, bbox text, row_limit int, cursor text)
returns pp.reply language plpgsql stable set plan_cache_mode = force_custom_plan as $$
declare
	version bigint := pp.need_boundaries();
	area geometry := pp.bbox_read(bbox);
	after text := (pp.cursor_read(cursor, 1))[1];
	size int := pp.page_size(row_limit);
	key text := case when q ~ '^[0-9]+$' then q || '%' end;
	part text := case when key is null then pp.anywhere(q) end;
	items json;
	next text;
begin
	with page as (
		select m.ags, row_number() over (order by m.ags) as n, pp_api.municipality_json(m) as item
		  from pp.municipality m
		 where m.boundary_version = version
		   and (key is null or m.ags like key)
		   and (part is null or m.name ilike part)
		   and (municipality_list.land is null or m.land = municipality_list.land)
		   and (area is null or (m.geom && area and ST_Intersects(m.geom, area)))
		   and (after is null or m.ags > after)
		 order by m.ags
		 limit size + 1)
	select coalesce(json_agg(item order by n) filter (where n <= size), '[]'),
		case when count(*) > size then pp.cursor_make(max(ags) filter (where n <= size)) end
	  into items, next from page;
	return pp.ok(json_build_object('municipalities', items,
		'dataset', pp_api.dataset_json(version)), null, next);
end
$$;

create function pp_api.need_municipality(version bigint, ags text) returns void
language plpgsql stable as $$
begin
	if not exists (select from pp.municipality m where m.boundary_version = version and m.ags = $2) then
		perform pp.refuse('municipality_not_found',
			format('There is no municipality %s in the boundaries in force.', ags));
	end if;
end
$$;

create function pp_api.municipality_show(ags text, at timestamptz) returns pp.reply
language plpgsql stable as $$
declare
	version bigint := pp.need_boundaries();
	m record;
	mailbox pp.body;
begin
	perform pp_api.need_municipality(version, ags);
	select u.*, ST_Transform(ST_Envelope(u.geom), 4326)::box3d as box into m
	  from pp.municipality u where u.boundary_version = version and u.ags = $1;
	select * into mailbox from pp.body b where b.key = pp.mailbox(m.ags, pp.day(at));
	return pp.ok(json_build_object('ags', m.ags, 'ars', m.ars, 'name', m.name,
		'designation', m.designation, 'kreis', m.kreis_name, 'kreis_key', m.kreis_key,
		'land', m.land, 'unincorporated', m.unincorporated, 'area_m2', m.area_m2,
		'bbox', json_build_array(round(ST_XMin(m.box)::numeric, 8), round(ST_YMin(m.box)::numeric, 8),
			round(ST_XMax(m.box)::numeric, 8), round(ST_YMax(m.box)::numeric, 8)),
		'mailbox', case when mailbox.key is not null then json_build_object('body', mailbox.key,
			'name', mailbox.name, 'kind', mailbox.kind) end,
		'dataset', pp_api.dataset_json(version)));
end
$$;

create function pp_api.municipality_neighbours(ags text, cross_border bool) returns pp.reply
language plpgsql stable as $$
declare
	version bigint := pp.need_boundaries();
	items json;
begin
	perform pp_api.need_municipality(version, ags);
	select coalesce(json_agg(json_build_object('ags', m.ags, 'name', m.name, 'kreis', m.kreis_name,
			'land', m.land, 'contact', a.contact, 'shared_border_m', a.shared_border_m,
			'cross_border', a.cross_border) order by m.ags), '[]')
	  into items
	  from pp.adjacency a
	  join pp.municipality m on m.boundary_version = version and m.ags = a.neighbour
	 where a.boundary_version = version and a.ags = $1
	   and (municipality_neighbours.cross_border is null
		or a.cross_border = municipality_neighbours.cross_border);
	return pp.ok(json_build_object('ags', ags, 'neighbours', items,
		'dataset', pp_api.dataset_json(version)));
end
$$;

grant execute on function pp_api.municipality_json(pp.municipality), pp_api.dataset_json(bigint),
	pp_api.municipality_list(text, text, text, int, text),
	pp_api.need_municipality(bigint, text), pp_api.municipality_show(text, timestamptz),
	pp_api.municipality_neighbours(text, bool) to pp_server, pp_public;
