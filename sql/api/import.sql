-- SPDX-License-Identifier: EUPL-1.2
-- Imports: whole versions, staged by COPY, put in force in one transaction of pp_owner.
--
--   begin;
--   select pp_api.import_begin();
--   copy import_municipality from stdin; …          (docs/database.md lists the staging tables)
--   select pp_api.boundaries_import(…);
--   commit;

-- The staging tables; they end with the transaction. One import at a time: another one waits here.
create function pp_api.import_begin() returns void language plpgsql volatile as $$
begin
	perform pg_advisory_xact_lock(hashtext('pp import'));
	create temporary table import_municipality (ags text, ars text, name text, designation text,
		kreis_name text, unincorporated bool, wkb bytea) on commit drop;
	create temporary table import_adjacency (ags text, neighbour text, contact text,
		shared_border_m float8) on commit drop;
	create temporary table import_state_border (state text, name text, wkb bytea) on commit drop;
	create temporary table import_body (key text, name text, kind text, land text, parent text, mail text,
		themes text, areas text, kinds text, channel text, valid_from date, valid_to date, area_wkt text, line int)
		on commit drop;
	create temporary table import_administration (ags text, body text, kind text, valid_from date,
		valid_to date, source text) on commit drop;
	create temporary table import_account (body text, mail text, roles text, valid_from date,
		valid_to date, issuer text, subject text, line int) on commit drop;
	grant select on import_account to pp_sign_in;
end
$$;

-- Municipalities and Kreise are bodies, and districts are; an unincorporated area is one so that it
-- can be named, its letters go to the Kreis.
create function pp_api.import_bodies_of(version bigint, level text, parent text) returns void
language sql volatile as $$
	insert into pp.body (key, name, kind, land, source)
		select distinct on (m.kreis_key) m.kreis_key, coalesce(m.kreis_name, 'Kreis ' || m.kreis_key),
			'KREIS', m.land, 'boundaries'
		  from pp.municipality m
		 where level = 'municipality' and m.boundary_version = version
		 order by m.kreis_key, m.kreis_name nulls last
		on conflict (key) do update set name = excluded.name where body.source = 'boundaries';
	insert into pp.body (key, name, kind, land, parent, source)
		select m.ags, m.name, case when level = 'district' then 'BEZIRK'
				when m.unincorporated then 'GEMEINDEFREIES_GEBIET' else 'GEMEINDE' end,
			m.land, case when level = 'district' then parent else m.kreis_key end, 'boundaries'
		  from pp.municipality m
		 where m.boundary_version = version
		on conflict (key) do update set name = excluded.name where body.source = 'boundaries';
$$;

-- Closes the version in force and puts the staged one in its place. The report says what the
-- importer repaired. Adjacency is staged once per pair; both directions are stored.
create function pp_api.boundaries_import(level text, parent text, dataset text, dataset_date date,
	accuracy_m numeric, source_sha256 bytea, report json, at timestamptz)
returns bigint language plpgsql volatile as $$
declare
	version bigint;
	before bigint;
begin
	if not exists (select from import_municipality) then
		perform pp.refuse('invalid_body', 'There is nothing to import.');
	end if;
	if level = 'municipality' and exists (select from import_municipality i
		where i.ags !~ '^(0[1-9]|1[0-6])[0-9]{6}$') then
		perform pp.refuse('invalid_body', 'Not every AGS has eight digits.');
	end if;
	if level = 'district' then
		perform pp_api.need_municipality(pp.need_boundaries(), parent);
	end if;
	select v.id into before from pp.boundary_version v
	 where v.level = $1 and v.parent = coalesce($2, '') and v.valid_to is null for update;
	version := nextval(pg_get_serial_sequence('pp.boundary_version', 'id'));
	update pp.boundary_version v set valid_to = at, successor = version where v.id = before;
	insert into pp.boundary_version (id, level, parent, dataset, dataset_date, accuracy_m, valid_from,
		source_sha256, report) overriding system value
		values (version, level, coalesce(parent, ''), dataset, dataset_date, accuracy_m, at,
			source_sha256, report);
	insert into pp.municipality (boundary_version, ags, ars, name, designation, kreis_name,
		unincorporated, area_m2, geom)
		select version, i.ags, nullif(i.ars, ''), i.name, nullif(i.designation, ''),
			nullif(i.kreis_name, ''), coalesce(i.unincorporated, false), round(ST_Area(g)::numeric, 1), g
		  from import_municipality i, ST_Multi(ST_GeomFromWKB(i.wkb, 25832)) g
		 order by i.ags;
	insert into pp.adjacency (boundary_version, ags, neighbour, contact, shared_border_m, border)
		select version, p.ags, p.neighbour, i.contact, round(i.shared_border_m::numeric, 3),
			case when p.ags < p.neighbour then pp.shared_border(i.contact, m.geom, n.geom) end
		  from import_adjacency i
		  join pp.municipality m on m.boundary_version = version and m.ags = i.ags
		  join pp.municipality n on n.boundary_version = version and n.ags = i.neighbour,
		lateral (values (i.ags, i.neighbour), (i.neighbour, i.ags)) p (ags, neighbour);
	insert into pp.state_border (boundary_version, no, state, name, geom)
		select version, row_number() over (order by i.ctid), i.state, i.name,
			ST_Multi(ST_GeomFromWKB(i.wkb, 25832))
		  from import_state_border i;
	analyze pp.municipality, pp.adjacency;
	perform pp_api.import_bodies_of(version, level, parent);
	perform pp.emit('boundaries.imported', at, public => true, data => json_build_object(
		'version', version, 'before', before, 'level', level, 'dataset', dataset,
		'date', pp.iso(dataset_date)));
	return version;
end
$$;

-- What the staged bodies would change, for whoever looks before it is done.
create function pp_api.bodies_diff(at timestamptz) returns table (key text, what text, before text, after text)
language plpgsql volatile as $$
begin
	perform pp_api.agency_check();
	return query select d.* from (select i.key, v.what, v.before, v.after
	  from import_body i left join pp.body b on b.key = i.key,
	  lateral (values (1, 'body', null, case when b.key is null then i.name end), (2, 'name', b.name, i.name), (3, 'kind', b.kind, i.kind),
		(4, 'land', b.land, nullif(i.land, '')), (5, 'parent', b.parent, nullif(i.parent, '')),
		(6, 'mail', pp.body_mail_on(i.key, pp.day($1)), nullif(i.mail, '-'))) v (no, what, before, after)
	 where case v.what when 'body' then b.key is null
		when 'mail' then i.mail <> '' and v.before is distinct from v.after
		else b.key is not null and v.before is distinct from v.after end
	 order by i.key, v.no) d
	union all select e.* from pp_api.agency_diff(pp.day(at)) e;
end
$$;

-- Bodies are added and renamed, never removed: procedures refer to them. The table of who
-- administers whom is replaced by what is staged: the file is the truth, history is in its dates.
create function pp_api.administration_import(at timestamptz, out bodies int, out rows int)
language plpgsql volatile as $$
begin
	insert into pp.body (key, name, kind, land, parent, source)
		select i.key, i.name, i.kind, nullif(i.land, ''), nullif(i.parent, ''), 'table' from import_body i
		on conflict (key) do update set name = excluded.name, kind = excluded.kind,
			land = excluded.land, parent = excluded.parent, source = 'table';
	get diagnostics bodies = row_count;
	-- An address that is staged counts from today on, "-" takes one away, an empty cell leaves it.
	perform pp_api.body_mail_set(i.key, nullif(i.mail, '-'), pp.day(at), 'import') from import_body i where i.mail <> '';
	perform pp_api.agency_check(), pp_api.agency_import(pp.day(at));
	set constraints all immediate;
	if exists (select from import_administration) then
		delete from pp.administration;
	end if;
	insert into pp.administration (ags, body, kind, valid_from, valid_to, source)
		select i.ags, i.body, i.kind, i.valid_from, i.valid_to, i.source from import_administration i;
	get diagnostics rows = row_count;
	set constraints all immediate;
	perform pp.emit('administration.imported', at, public => true,
		data => json_build_object('bodies', bodies, 'rows', rows));
end
$$;
