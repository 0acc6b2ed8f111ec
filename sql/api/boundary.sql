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
