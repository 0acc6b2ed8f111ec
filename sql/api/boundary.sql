-- SPDX-License-Identifier: EUPL-1.2
-- Versions of the boundaries: which were in force when, and what the importer said about them.

create function pp_api.boundary_version_json(v pp.boundary_version) returns jsonb
language sql stable as $$
	select jsonb_build_object('id', v.id, 'level', v.level, 'parent', nullif(v.parent, ''),
		'dataset', v.dataset, 'date', pp.iso(v.dataset_date), 'accuracy_m', v.accuracy_m,
		'valid_from', pp.rfc3339(v.valid_from), 'valid_to', pp.rfc3339(v.valid_to),
		'successor', v.successor, 'imported_at', pp.rfc3339(v.imported_at),
		'source_sha256', encode(v.source_sha256, 'hex'),
		'areas', (select count(*) from pp.municipality m where m.boundary_version = v.id))
$$;

-- The districts below municipalities of that version at an instant, now where it is null, in the order of
-- their parents.
create function pp_api.districts_of(version bigint, at timestamptz) returns bigint[]
language sql stable as $$
	select array(select d.id from pp.boundary_version d
		 where d.level = 'district'
		   and case when at is null then d.valid_to is null
			else d.valid_from <= at and (d.valid_to is null or d.valid_to > at) end
		   and exists (select from pp.municipality m where m.boundary_version = version and m.ags = d.parent)
		 order by d.parent)
$$;

-- Newest first.
create function pp_api.boundary_version_list(row_limit int, cursor text) returns pp.reply
language plpgsql stable as $$
declare
	before bigint := pp.cursor_bigint(cursor);
	size int := pp.page_size(row_limit);
	items json;
	next text;
begin
	with page as (
		select v.id, row_number() over (order by v.id desc) as n, pp_api.boundary_version_json(v) as item
		  from pp.boundary_version v where before is null or v.id < before
		 order by v.id desc limit size + 1)
	select coalesce(json_agg(item order by n) filter (where n <= size), '[]'),
		case when count(*) > size then pp.cursor_make((min(id) filter (where n <= size))::text) end
	  into items, next from page;
	return pp.ok(json_build_object('items', items), null, next);
end
$$;

create function pp_api.boundary_version_show(version bigint) returns pp.reply
language plpgsql stable as $$
declare
	v pp.boundary_version;
begin
	select * into v from pp.boundary_version w where w.id = version;
	if not found then
		perform pp.refuse('not_found', format('There is no version %s of the boundaries.', version));
	end if;
	return pp.ok((pp_api.boundary_version_json(v) || jsonb_build_object('report', v.report))::json);
end
$$;

grant execute on function pp_api.districts_of(bigint, timestamptz) to pp_server, pp_clerk;
grant execute on function pp_api.boundary_version_json(pp.boundary_version),
	pp_api.boundary_version_list(int, text), pp_api.boundary_version_show(bigint)
	to pp_server, pp_public;

-- What a version changed --------------------------------------------------------------------------

-- The version that one took the place of: of the same level and parent, in force just before it.
create function pp_api.boundary_version_before(v pp.boundary_version) returns bigint language sql stable as $$
	select w.id from pp.boundary_version w where w.level = v.level and w.parent is not distinct from v.parent and w.id < v.id
	 order by w.id desc limit 1
$$;

-- Areas that are in one of two versions only, are called otherwise, or lie otherwise, in the order of their keys. How much
-- lies elsewhere is computed for the rows of the page only.
create function pp_api.boundary_version_changes(version bigint, since bigint, row_limit int, cursor text) returns pp.reply
language plpgsql stable as $$
declare
	v pp.boundary_version;
	w pp.boundary_version;
	size int := pp.page_size(row_limit);
	after text := (pp.cursor_read(cursor, 1))[1];
	counts json;
	items json;
	next text;
begin
	select * into v from pp.boundary_version t where t.id = version;
	if not found then
		perform pp.refuse('not_found', format('There is no version %s of the boundaries.', version));
	end if;
	select * into w from pp.boundary_version t where t.id = coalesce(since, pp_api.boundary_version_before(v));
	if since is not null and w.id is null then
		perform pp.refuse('not_found', format('There is no version %s of the boundaries.', since));
	end if;
	select json_build_object('added', count(*) filter (where a.ags is null), 'removed', count(*) filter (where b.ags is null),
		'renamed', count(*) filter (where a.name <> b.name), 'moved', count(*) filter (where not a.geom = b.geom),
		'same', count(*) filter (where a.name = b.name and a.geom = b.geom)) into counts
	  from (select m.* from pp.municipality m where m.boundary_version = w.id) a
	  full join (select m.* from pp.municipality m where m.boundary_version = v.id) b on b.ags = a.ags;
	with page as materialized (
		select coalesce(a.ags, b.ags) as ags, a.name as name_before, b.name, coalesce(b.kreis_name, a.kreis_name) as kreis,
			a.area_m2 as area_before_m2, b.area_m2 as area_after_m2, a.geom as geom_before, b.geom,
			row_number() over (order by coalesce(a.ags, b.ags)) as n
		  from (select m.* from pp.municipality m where m.boundary_version = w.id) a
		  full join (select m.* from pp.municipality m where m.boundary_version = v.id) b on b.ags = a.ags
		 where (after is null or coalesce(a.ags, b.ags) > after collate "C")
		   and (a.ags is null or b.ags is null or a.name <> b.name or not a.geom = b.geom)
		 order by coalesce(a.ags, b.ags) limit size + 1),
	measured as (
		select p.*, case when p.geom_before is null or p.geom is null then null when p.geom_before = p.geom then 0
			else round(st_area(st_symdifference(p.geom_before, p.geom))::numeric, 1) end as moved_m2
		  from page p where p.n <= size)
	select coalesce(json_agg(json_build_object('ags', m.ags, 'name', m.name, 'name_before', m.name_before, 'kreis', m.kreis,
			'area_before_m2', m.area_before_m2, 'area_after_m2', m.area_after_m2, 'moved_m2', m.moved_m2,
			'share', round(m.moved_m2 / nullif(m.area_before_m2, 0), 6)) order by m.n), '[]'),
		(select case when count(*) > size then pp.cursor_make((array_agg(p.ags order by p.n))[size]) end from page p)
	  into items, next from measured m;
	return pp.ok(json_build_object('version', v.id, 'since', w.id, 'counts', counts, 'items', items), null, next);
end
$$;

grant execute on function pp_api.boundary_version_before(pp.boundary_version),
	pp_api.boundary_version_changes(bigint, bigint, int, text) to pp_server;
