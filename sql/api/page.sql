-- SPDX-License-Identifier: EUPL-1.2
-- What is published, for whoever follows it without looking at pages. It is the same for everybody, whoever asks.

-- At most what one site map may have besides the start page (sitemaps.org: 50,000), what changed last first.
create function pp_api.page_addresses() returns table (path text, changed text) language sql stable as $$
	select a.path, pp.rfc3339(a.changed) from (
		select '/v/' || p.id as path, greatest(p.changed_at, p.state_since) as changed
		  from pp_api.procedure_visible p where p.published_at is not null
		union all
		select format('/v/%s/fassung/%s', l.procedure, l.id), l.published_at
		  from pp_api.plan_visible l join pp_api.procedure_visible p on p.id = l.procedure
		 where l.published_at is not null and p.published_at is not null) a
	 order by a.changed desc, a.path limit 49999
$$;

-- The fifty that changed last, of an area: around a place, of a municipality (planned by it or affecting it), of a Land.
create function pp_api.page_feed(near text, km int, ags text, land text, at timestamptz, lang text default 'de') returns pp.reply
language plpgsql stable set plan_cache_mode = force_custom_plan as $$
declare
	place geometry := pp_api.near_read(near);
	metres float8 := coalesce(km, 5) * 1000;
begin
	return pp.ok((with page as (
		select p, greatest(p.changed_at, p.state_since) as changed
		  from pp_api.procedure_visible p
		 where p.published_at is not null
		   and (page_feed.land is null or p.lands @> array[page_feed.land])
		   and (page_feed.ags is null or p.planning_municipalities @> array[page_feed.ags]
			or p.id in (select v.procedure from pp_api.plan_newest v
				join pp_api.affected_municipality_visible a on a.plan = v.id where a.ags = page_feed.ags))
		   and (place is null or p.id in (select v.procedure from pp_api.plan_newest v where ST_DWithin(v.geom, place, metres)))
		 order by 2 desc, p.id desc limit 50)
	select json_build_object('items', coalesce(json_agg(pp_api.procedure_item(g.p)::jsonb || pp_api.procedure_look(g.p, at, lang)
			|| jsonb_build_object('updated', pp.rfc3339(g.changed)) order by g.changed desc, (g.p).id desc), '[]')) from page g));
end
$$;

grant execute on function pp_api.page_addresses(), pp_api.page_feed(text, int, text, text, timestamptz, text) to pp_server, pp_public;
