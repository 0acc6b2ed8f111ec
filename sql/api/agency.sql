-- SPDX-License-Identifier: EUPL-1.2
-- The register of public agencies (Träger öffentlicher Belange): imported with the table of bodies, found by theme and
-- place, and proposed for a plan.

create function pp_api.agency_words(list text) returns text[] language sql immutable parallel safe as $$
	select coalesce(array_agg(distinct btrim(w) order by btrim(w)) filter (where btrim(w) <> ''), '{}')
	  from unnest(string_to_array($1, '|')) w
$$;

-- * stands for any characters.
create function pp_api.kind_is_of(kind text, patterns text[]) returns bool language sql immutable parallel safe as $$
	select exists (select from unnest(patterns) p where kind like replace(replace(p, '_', '\_'), '*', '%'))
$$;

-- Import --------------------------------------------------------------------------------------------

create function pp_api.agency_wrong(line int, named text, cell text, wrong text) returns void language plpgsql as $$
begin
	perform pp.refuse('invalid_body', format('Line %s, column %s: "%s" %s.', line, named, left(cell, 60), wrong));
end
$$;

-- An area of its own: WKT, EPSG:25832, a polygon that is valid and lies where that grid is meant for.
create function pp_api.agency_area_read(line int, wkt text) returns geometry language plpgsql stable as $$
declare
	g geometry;
begin
	begin
		g := ST_Multi(ST_Force2D(ST_GeomFromText(wkt, 25832)));
	exception when others then
		perform pp_api.agency_wrong(line, 'area_wkt', wkt, 'is no WKT');
	end;
	if geometrytype(g) is distinct from 'MULTIPOLYGON' or ST_IsEmpty(g) then
		perform pp_api.agency_wrong(line, 'area_wkt', wkt, 'is no polygon');
	elsif not ST_IsValid(g) then
		perform pp_api.agency_wrong(line, 'area_wkt', wkt, 'is not valid: ' || ST_IsValidReason(g));
	elsif not g @ ST_MakeEnvelope(0, 5200000, 1000000, 6200000, 25832) then
		perform pp_api.agency_wrong(line, 'area_wkt', wkt, 'does not lie in Germany (EPSG:25832, metres)');
	end if;
	return g;
end
$$;

-- Whether a key is one of the boundaries in force, where these reach its Land at all.
create function pp_api.agency_key_is_known(key text) returns bool language sql stable as $$
	select key = '00' or key ~ '^(0[1-9]|1[0-6])([0-9]{3}|[0-9]{6})?$' and (
		not exists (select from pp.municipality m where m.boundary_version = pp.current_boundaries() and m.land = left($1, 2))
		or exists (select from pp.municipality m where m.boundary_version = pp.current_boundaries()
			and m.ags between $1 and $1 || '~'))
$$;

create function pp_api.agency_check() returns void language plpgsql volatile as $$
declare
	i record;
	word text;
begin
	for i in select * from import_body b where b.themes is not null order by b.line loop
		if i.themes in ('', '-') then
			if concat(i.areas, i.kinds, i.channel, i.valid_from, i.valid_to, i.area_wkt) <> '' then
				perform pp_api.agency_wrong(i.line, 'themes', i.themes, 'names no theme, but the line goes on with an area or days');
			end if;
			continue;
		end if;
		foreach word in array pp_api.agency_words(i.themes) loop
			if not exists (select from pp.agency_theme t where t.id = word) then
				perform pp_api.agency_wrong(i.line, 'themes', word, 'is no theme');
			end if;
		end loop;
		foreach word in array pp_api.agency_words(i.areas) loop
			if not pp_api.agency_key_is_known(word) then
				perform pp_api.agency_wrong(i.line, 'areas', word, 'is no Land, Kreis or municipality');
			end if;
		end loop;
		foreach word in array pp_api.agency_words(i.kinds) loop
			if not exists (select from pp.procedure_kind k where pp_api.kind_is_of(k.kind, array[word])) then
				perform pp_api.agency_wrong(i.line, 'kinds', word, 'is no kind of procedure');
			end if;
		end loop;
		if i.channel not in ('', 'PORTAL', 'EMAIL', 'POST') then
			perform pp_api.agency_wrong(i.line, 'channel', i.channel, 'is neither PORTAL nor EMAIL nor POST');
		elsif i.valid_to < i.valid_from then
			perform pp_api.agency_wrong(i.line, 'valid_to', i.valid_to::text, 'is before valid_from');
		elsif i.area_wkt <> '' then
			perform pp_api.agency_area_read(i.line, i.area_wkt);
		elsif cardinality(pp_api.agency_words(i.areas)) = 0 then
			perform pp_api.agency_wrong(i.line, 'areas', '', 'names no place, and there is no area_wkt');
		end if;
	end loop;
end
$$;

create function pp_api.agency_area_words(g geometry) returns text language sql immutable as $$
	select format('%s km² (%s)', round((ST_Area(g) / 1e6)::numeric, 3), left(md5(ST_AsBinary(ST_Normalize(g), 'NDR')), 8))
$$;

-- An entry in the columns of the table, for whoever compares; null where there is none.
create function pp_api.agency_columns(body text) returns jsonb language sql stable as $$
	select jsonb_build_object(
		'themes', (select string_agg(c.theme, '|' order by c.theme) from pp.agency_competence c where c.body = a.body),
		'areas', coalesce((select string_agg(r.key, '|' order by r.key) from pp.agency_area r where r.body = a.body), ''),
		'kinds', array_to_string(a.kinds, '|'), 'channel', coalesce(a.channel, ''), 'valid_from', pp.iso(a.valid_from),
		'valid_to', coalesce(pp.iso(a.valid_to), ''),
		'area_wkt', coalesce((select pp_api.agency_area_words(r.geom) from pp.agency_area r where r.body = a.body and r.geom is not null), ''))
	  from pp.agency a where a.body = $1
$$;

-- What the staged lines would change in the register.
create function pp_api.agency_diff(day date) returns table (key text, what text, before text, after text)
language plpgsql volatile as $$
begin
	return query select i.key, c.what, b.entry ->> c.what, a.entry ->> c.what
	  from import_body i, pp_api.agency_columns(i.key) b (entry),
		lateral (select case when i.themes = '-' then b.entry || jsonb_build_object('valid_to', pp.iso(day - 1))
			else jsonb_build_object('themes', array_to_string(pp_api.agency_words(i.themes), '|'),
				'areas', array_to_string(pp_api.agency_words(i.areas), '|'),
				'kinds', array_to_string(pp_api.agency_words(i.kinds), '|'), 'channel', coalesce(i.channel, ''),
				'valid_from', coalesce(pp.iso(i.valid_from), b.entry ->> 'valid_from', pp.iso(day)),
				'valid_to', coalesce(pp.iso(i.valid_to), ''), 'area_wkt', case when i.area_wkt <> ''
					then pp_api.agency_area_words(pp_api.agency_area_read(i.line, i.area_wkt)) else '' end) end) a (entry),
		unnest('{themes,areas,kinds,channel,valid_from,valid_to,area_wkt}'::text[]) with ordinality c (what, no)
	 where i.themes <> '' and coalesce(b.entry ->> c.what, '') <> coalesce(a.entry ->> c.what, '')
	 order by i.key, c.no;
end
$$;

-- A line that names themes is the whole entry; "-" ends it yesterday, an empty cell leaves it.
create function pp_api.agency_import(day date) returns void language plpgsql volatile as $$
begin
	delete from pp.agency a using import_body i where a.body = i.key and i.themes = '-' and a.valid_from >= day;
	update pp.agency a set valid_to = least(a.valid_to, day - 1) from import_body i where a.body = i.key and i.themes = '-';
	insert into pp.agency (body, kinds, channel, valid_from, valid_to)
		select i.key, pp_api.agency_words(i.kinds), nullif(i.channel, ''), coalesce(i.valid_from, a.valid_from, day), i.valid_to
		  from import_body i left join pp.agency a on a.body = i.key where i.themes not in ('', '-')
		on conflict (body) do update set kinds = excluded.kinds, channel = excluded.channel,
			valid_from = excluded.valid_from, valid_to = excluded.valid_to;
	delete from pp.agency_competence c using import_body i where c.body = i.key and i.themes not in ('', '-');
	delete from pp.agency_area r using import_body i where r.body = i.key and i.themes not in ('', '-');
	insert into pp.agency_competence (body, theme)
		select i.key, t from import_body i, unnest(pp_api.agency_words(i.themes)) t where i.themes not in ('', '-');
	insert into pp.agency_area (body, no, kind, key)
		select i.key, k.no, case when k.key = '00' then 'BUND' else
			case length(k.key) when 2 then 'LAND' when 5 then 'KREIS' else 'GEMEINDE' end end, k.key
		  from import_body i, unnest(pp_api.agency_words(i.areas)) with ordinality k (key, no) where i.themes not in ('', '-');
	insert into pp.agency_area (body, no, kind, geom)
		select i.key, 0, 'POLYGON', pp_api.agency_area_read(i.line, i.area_wkt)
		  from import_body i where i.themes not in ('', '-') and i.area_wkt <> '';
end
$$;

-- Reading -------------------------------------------------------------------------------------------

create function pp_api.agency_label(t pp.agency_theme, lang text) returns text language sql immutable as
$$ select case when lang = 'en' then t.label_en else t.label_de end $$;

create function pp_api.agency_theme_list(lang text) returns pp.reply language sql stable as $$
	select pp.ok(json_build_object('items', (select json_agg(json_build_object('theme', t.id, 'label', pp_api.agency_label(t, $1),
		'touched_by', (select coalesce(json_agg(json_build_object('kinds', u.kinds, 'subject', nullif(u.subject, ''), 'source', u.source)
				order by u.subject, u.kinds), '[]') from pp.agency_touch u where u.theme = t.id)) order by t.id)
		from pp.agency_theme t)))
$$;

create function pp_api.agency_area_json(r pp.agency_area) returns jsonb language sql stable as $$
	select jsonb_build_object('kind', r.kind, 'key', r.key, 'name', case r.kind when 'BUND' then 'Deutschland'
		when 'POLYGON' then null else pp.body_name(r.key) end)
$$;

-- What a body has in the register, whatever the day; null where it has nothing.
create function pp_api.agency_json(body text) returns jsonb language sql stable as $$
	select jsonb_build_object(
		'themes', (select jsonb_agg(c.theme order by c.theme) from pp.agency_competence c where c.body = a.body),
		'areas', (select jsonb_agg(pp_api.agency_area_json(r) order by r.key nulls last) from pp.agency_area r where r.body = a.body),
		'kinds', a.kinds, 'channel', a.channel, 'valid_from', pp.iso(a.valid_from), 'valid_to', pp.iso(a.valid_to))
	  from pp.agency a where a.body = $1
$$;

-- The bodies that look after a theme, or that are competent in a municipality, on a day.
create function pp_api.agencies_of(theme text, area text, day date) returns setof text language sql stable as $$
	select a.body from pp.agency a
	 where $3 between a.valid_from and coalesce(a.valid_to, 'infinity')
	   and ($1 is null or exists (select from pp.agency_competence c where c.body = a.body and c.theme = $1))
	   and ($2 is null or exists (select from pp.agency_area r where r.body = a.body and r.key in ('00', left($2, 2), left($2, 5), $2))
		or exists (select from pp.agency_area r, pp.municipality m where r.body = a.body and ST_Intersects(r.geom, m.geom)
			and m.boundary_version = pp.current_boundaries() and m.ags = $2))
$$;

grant execute on function pp_api.kind_is_of(text, text[]), pp_api.agency_theme_list(text), pp_api.agency_label(pp.agency_theme, text),
	pp_api.agency_area_json(pp.agency_area), pp_api.agency_json(text), pp_api.agencies_of(text, text, date) to pp_server, pp_public;
