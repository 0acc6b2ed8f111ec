-- SPDX-License-Identifier: EUPL-1.2
-- Boundaries by version: municipalities, districts, who adjoins whom. Locks: new objects only.

create table pp.boundary_version (
	id bigint generated always as identity primary key,
	level text not null check (level in ('municipality', 'district')),
	parent text not null default '' collate "C",
	dataset text not null check (dataset <> ''),
	dataset_date date not null,
	accuracy_m numeric(9, 3) not null check (accuracy_m >= 0),
	valid_from timestamptz not null,
	valid_to timestamptz,
	successor bigint references pp.boundary_version deferrable initially deferred,
	source_sha256 bytea not null check (length(source_sha256) = 32),
	report json not null,
	imported_at timestamptz not null default now(),
	check ((level = 'district') = (parent <> '')),
	check (valid_to > valid_from),
	check ((valid_to is null) = (successor is null)),
	constraint boundary_version_one_at_a_time exclude using gist
		(level with =, parent with =, tstzrange(valid_from, valid_to) with &&)
);
create unique index boundary_version_current on pp.boundary_version (level, parent)
	where valid_to is null;
comment on table pp.boundary_version is
	'One imported set of boundaries; the one without an end is in force, one per level and parent.';
comment on column pp.boundary_version.parent is 'AGS of the municipality whose districts these are.';
comment on column pp.boundary_version.accuracy_m is
	'How far a border may be off, metres: the band around every threshold.';
comment on column pp.boundary_version.valid_from is
	'Since when this platform computes with it; dataset_date says what the data describe.';

create table pp.municipality (
	boundary_version bigint not null references pp.boundary_version,
	ags text not null collate "C",
	ars text collate "C" check (ars ~ '^(0[1-9]|1[0-6])[0-9]{10}$'),
	name text not null check (name <> ''),
	designation text,
	land text not null generated always as (left(ags, 2)) stored collate "C",
	kreis_key text not null generated always as (left(ags, 5)) stored,
	kreis_name text,
	unincorporated bool not null default false,
	area_m2 numeric(14, 1) not null,
	geom geometry(MultiPolygon, 25832) not null,
	primary key (boundary_version, ags)
);
create index municipality_geom on pp.municipality using gist (boundary_version, geom);
create index municipality_name on pp.municipality using gin (name gin_trgm_ops)
	with (fastupdate = off);
create index municipality_land on pp.municipality (boundary_version, land, ags);
comment on table pp.municipality is
	'Municipalities by AGS, or districts by their own key, all rows of one key united.';

create table pp.adjacency (
	boundary_version bigint not null,
	ags text not null collate "C",
	neighbour text not null collate "C",
	contact text not null check (contact in ('line', 'point')),
	shared_border_m numeric(12, 3) not null,
	cross_border bool not null generated always as (left(ags, 2) <> left(neighbour, 2)) stored,
	primary key (boundary_version, ags, neighbour),
	foreign key (boundary_version, ags) references pp.municipality,
	foreign key (boundary_version, neighbour) references pp.municipality (boundary_version, ags),
	check (ags <> neighbour),
	check ((contact = 'line') = (shared_border_m > 0))
);
create index adjacency_neighbour on pp.adjacency (boundary_version, neighbour);
comment on table pp.adjacency is 'Both directions of every pair at most 1 mm apart.';
comment on column pp.adjacency.shared_border_m is 'Grid length in EPSG:25832, metres; 0 for a point.';

create table pp.municipality_succession (
	predecessor text not null collate "C",
	successor text not null collate "C",
	on_date date not null,
	kind text not null check (kind in ('MERGE', 'SPLIT', 'RENAME', 'TRANSFER')),
	source text not null,
	primary key (predecessor, successor, on_date)
);
create index municipality_succession_successor on pp.municipality_succession (successor);
comment on table pp.municipality_succession is
	'What became of a municipality, because an AGS can outlive its territory and the other way round.';

create function pp.forbid_boundary_change() returns trigger language plpgsql as $$
begin
	if new.level <> old.level or new.dataset <> old.dataset or new.valid_from <> old.valid_from
		or new.source_sha256 <> old.source_sha256 or old.valid_to is not null then
		raise exception using errcode = 'restrict_violation',
			message = 'a boundary version is only ever closed';
	end if;
	return new;
end
$$;
create trigger boundary_version_stays before update on pp.boundary_version
	for each row execute function pp.forbid_boundary_change();
create trigger boundary_version_kept before delete or truncate on pp.boundary_version
	for each statement execute function pp.forbid_change();
create trigger municipality_stays before update or delete or truncate on pp.municipality
	for each statement execute function pp.forbid_change();
create trigger adjacency_stays before update or delete or truncate on pp.adjacency
	for each statement execute function pp.forbid_change();

-- The version in force, null before the first import.
create function pp.current_boundaries() returns bigint language sql stable parallel safe as $$
	select id from pp.boundary_version where level = 'municipality' and parent = '' and valid_to is null
$$;

-- The same for whoever cannot go on without one.
create function pp.need_boundaries() returns bigint language plpgsql stable as $$
declare
	version bigint := pp.current_boundaries();
begin
	if version is null then
		perform pp.refuse('dataset_missing',
			'Import boundaries first: planungsplattform import municipalities FILE.');
	end if;
	return version;
end
$$;

-- "west,south,east,north" in degrees (CRS84, RFC 7946 section 5) as an area in EPSG:25832, its edges cut into
-- pieces so that they stay where they are; the part outside of Europe is left out, because the grid
-- is not defined there.
create function pp.bbox_read(bbox text) returns geometry language plpgsql immutable as $$
declare
	edge numeric[];
begin
	if bbox is null then
		return null;
	end if;
	if bbox ~ '^-?[0-9]{1,3}(\.[0-9]{1,17})?(,-?[0-9]{1,3}(\.[0-9]{1,17})?){3}$' then
		edge := string_to_array(bbox, ',')::numeric[];
		if edge[1] <= edge[3] and edge[2] <= edge[4] and abs(edge[1]) <= 180 and abs(edge[3]) <= 180
			and abs(edge[2]) <= 90 and abs(edge[4]) <= 90 then
			if edge[1] > 30 or edge[3] < -10 or edge[2] > 70 or edge[4] < 35 then
				return 'SRID=25832;POLYGON EMPTY'::geometry;
			end if;
			return ST_Transform(ST_Segmentize(ST_MakeEnvelope(greatest(edge[1], -10)::float8,
				greatest(edge[2], 35)::float8, least(edge[3], 30)::float8,
				least(edge[4], 70)::float8, 4326), 0.5), 25832);
		end if;
	end if;
	perform pp.refuse('invalid_parameter', 'bbox: west,south,east,north in degrees, west <= east.');
end
$$;

-- A LIKE pattern that finds the text anywhere, whatever characters it has.
create function pp.anywhere(q text) returns text language sql immutable parallel safe as
$$ select '%' || regexp_replace(q, '([\\%_])', '\\\1', 'g') || '%' $$;

grant select on pp.boundary_version, pp.municipality, pp.adjacency, pp.municipality_succession
	to pp_server, pp_public, pp_geometry;
grant select on pp.boundary_version to pp_clerk;
grant execute on function pp.current_boundaries(), pp.need_boundaries(), pp.bbox_read(text),
	pp.anywhere(text) to pp_server, pp_public, pp_geometry;
