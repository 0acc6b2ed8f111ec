-- SPDX-License-Identifier: EUPL-1.2
-- Procedures, their parties, their plans. Locks: new objects only.

create table pp.procedure_kind (
	kind text primary key,
	family text not null check (family in ('BAULEITPLANUNG', 'RAUMORDNUNG', 'PLANFESTSTELLUNG')),
	name_de text not null,
	name_en text not null,
	law text not null
);
comment on table pp.procedure_kind is 'What can be filed; a special law more is a row more.';
insert into pp.procedure_kind values
	('FNP', 'BAULEITPLANUNG', 'Flächennutzungsplan', 'Land-use plan', '§§ 5 bis 6a BauGB'),
	('FNP_AENDERUNG', 'BAULEITPLANUNG', 'Änderung des Flächennutzungsplans', 'Change of a land-use plan', '§§ 5 bis 6a, § 1 (8) BauGB'),
	('BP_REGEL', 'BAULEITPLANUNG', 'Bebauungsplan', 'Development plan', '§§ 8 bis 10a BauGB'),
	('BP_13', 'BAULEITPLANUNG', 'Bebauungsplan im vereinfachten Verfahren', 'Development plan, simplified', '§ 13 BauGB'),
	('BP_13A', 'BAULEITPLANUNG', 'Bebauungsplan der Innenentwicklung', 'Development plan, accelerated', '§ 13a BauGB'),
	('ROP_LAND', 'RAUMORDNUNG', 'Landesweiter Raumordnungsplan', 'Spatial plan of a Land', '§§ 7 bis 13 ROG'),
	('ROP_REG', 'RAUMORDNUNG', 'Regionalplan', 'Regional plan', '§§ 7 bis 13 ROG'),
	('RVP', 'RAUMORDNUNG', 'Raumverträglichkeitsprüfung', 'Spatial impact assessment', '§ 15 ROG'),
	('ZAV', 'RAUMORDNUNG', 'Zielabweichungsverfahren', 'Deviation from goals', '§ 6 (2) ROG'),
	('PFV', 'PLANFESTSTELLUNG', 'Planfeststellung', 'Plan approval', '§§ 72 bis 78 VwVfG'),
	('PFV_ENWG', 'PLANFESTSTELLUNG', 'Planfeststellung einer Energieleitung', 'Plan approval of a power or gas line', '§§ 43 bis 43c EnWG'),
	('PFV_NABEG', 'PLANFESTSTELLUNG', 'Planfeststellung nach NABEG', 'Plan approval under NABEG', '§§ 18 bis 24 NABEG'),
	('BFP', 'PLANFESTSTELLUNG', 'Bundesfachplanung', 'Federal sectoral planning', '§§ 4 bis 15 NABEG'),
	('PFV_FSTR', 'PLANFESTSTELLUNG', 'Planfeststellung einer Bundesfernstraße', 'Plan approval of a federal road', '§§ 17 bis 17b FStrG');

create table pp.procedure (
	id uuid primary key,
	number text not null,
	kind text not null references pp.procedure_kind,
	title text not null check (length(title) between 1 and 500),
	reference text check (length(reference) <= 200),
	planning_municipalities text[] not null default '{}' collate "C",
	applicant_body text collate "C" references pp.body,
	planner_body text not null collate "C" references pp.body,
	lands text[] not null collate "C",
	vorhabenbezogen bool not null default false,
	subjects jsonb not null default '[]' check (jsonb_typeof(subjects) = 'array'),
	state text not null,
	state_since timestamptz not null,
	resolved_on date,
	published_at timestamptz,
	withdrawn_at timestamptz,
	withdraw_reason text,
	search_text text not null,
	created_at timestamptz not null,
	created_by uuid references pp.account,
	changed_at timestamptz not null,
	version int not null default 1,
	constraint procedure_number_once unique (number),
	check (cardinality(planning_municipalities) > 0 or applicant_body is not null),
	check ((state = 'EINGESTELLT') = (withdrawn_at is not null)),
	check ((withdrawn_at is null) = (withdraw_reason is null))
);
create index procedure_planner on pp.procedure (planner_body, id);
create index procedure_published on pp.procedure (id) where published_at is not null;
create index procedure_of_kind on pp.procedure (kind, id);
create index procedure_state on pp.procedure (state, id);
create index procedure_text on pp.procedure using gin (search_text gin_trgm_ops);
create index procedure_places on pp.procedure using gin (planning_municipalities);
create index procedure_lands on pp.procedure using gin (lands);
comment on column pp.procedure.number is
	'Of the register: year of filing and running number, 2026-0001. Given once, without gaps.';
comment on column pp.procedure.planning_municipalities is
	'AGS; several for a joint plan, none where an applicant body plans (regional plans, power lines).';
comment on column pp.procedure.lands is
	'Of the planning municipalities, else of the applicant body.';
comment on column pp.procedure.state is 'As recorded; rounds open and close by their instants.';

create table pp.procedure_number (year int primary key, last int not null);
create table pp.statement_number (procedure uuid primary key references pp.procedure, last int not null);

-- Who was invited to a procedure. Apart from the invitations, whose rows have an owner, so that
-- what a body may see needs no look at rows that it may not see.
create table pp.procedure_party (
	procedure uuid not null references pp.procedure,
	body text not null collate "C" references pp.body,
	primary key (procedure, body)
);
create index procedure_party_body on pp.procedure_party (body, procedure);

insert into pp.transition (machine, event, from_state, to_state)
	select 'procedure', event, from_state, to_state from (values
		('resolve', '{ANGELEGT}'::text[], 'AUFGESTELLT'),
		('open_early', '{ANGELEGT,AUFGESTELLT,FRUEH,ENTWURF}', 'FRUEH'),
		('open_formal', '{ANGELEGT,AUFGESTELLT,FRUEH,ENTWURF,BEKANNT,AUSWERTUNG}', 'BEKANNT'),
		('open_formal', '{BETEILIGUNG}', 'BETEILIGUNG'),
		('begin_formal', '{BEKANNT,BETEILIGUNG}', 'BETEILIGUNG'),
		('end_early', '{FRUEH}', 'ENTWURF'),
		('end_formal', '{BETEILIGUNG}', 'AUSWERTUNG'),
		('withdraw', '{ANGELEGT,AUFGESTELLT,FRUEH,ENTWURF,BEKANNT,BETEILIGUNG,AUSWERTUNG}', 'EINGESTELLT')
	) e (event, from_states, to_state), unnest(from_states) from_state;

create table pp.plan (
	id uuid primary key,
	procedure uuid not null references pp.procedure,
	planner_body text not null collate "C" references pp.body,
	no int not null check (no > 0),
	geom geometry(Geometry, 25832) not null,
	geometry_kind text not null generated always as (case ST_Dimension(geom)
		when 0 then 'point' when 1 then 'line' else 'area' end) stored,
	geom_sha256 bytea not null,
	subjects jsonb not null check (jsonb_typeof(subjects) = 'array'),
	source_name text,
	source_type text not null,
	source_sha256 bytea check (length(source_sha256) = 32),
	changes json,
	boundary_version bigint not null references pp.boundary_version,
	rule_version bigint not null references pp.rule_version,
	engine text not null,
	result jsonb not null,
	created_at timestamptz not null,
	created_by uuid references pp.account,
	announced_at timestamptz,
	published_at timestamptz,
	constraint plan_no_once unique (procedure, no),
	check (not ST_IsEmpty(geom))
);
create index plan_geom on pp.plan using gist (geom);
comment on table pp.plan is 'Versions of a procedure''s plan; each stays as it was filed.';
comment on column pp.plan.geom_sha256 is 'Of the WKB in EPSG:25832 as PostGIS writes it.';
comment on column pp.plan.changes is 'What a repair that the planner accepted has changed.';
comment on column pp.plan.result is
	'What the engine said beside its rows: dataset, engine and whatever else it names.';
comment on column pp.plan.announced_at is 'Since when the parties of its rounds may see it.';

create trigger plan_stays before update of id, procedure, no, geom, geom_sha256, subjects,
	source_name, source_type, source_sha256, changes, boundary_version, rule_version, engine, result,
	created_at or delete or truncate on pp.plan
	for each statement execute function pp.forbid_change();
create trigger procedure_kept before update of id, number, created_at or delete or truncate
	on pp.procedure for each statement execute function pp.forbid_change();

-- The next number of a year's register; whoever takes one keeps the others waiting until it is
-- certain, so that there are no gaps.
create function pp.take_procedure_number(at timestamptz) returns text language plpgsql volatile as $$
declare
	result int;
	filed int := extract(year from pp.day(at));
begin
	insert into pp.procedure_number as n (year, last) values (filed, 1)
		on conflict (year) do update set last = n.last + 1 returning n.last into result;
	return format('%s-%s', filed, lpad(result::text, greatest(4, length(result::text)), '0'));
end
$$;

grant select, insert on pp.procedure to pp_server;
grant update (kind, title, reference, planning_municipalities, applicant_body, lands, vorhabenbezogen,
	subjects, state, state_since, resolved_on, published_at, withdrawn_at, withdraw_reason, search_text,
	changed_at, version) on pp.procedure to pp_server;
grant select, update (state, state_since, version) on pp.procedure to pp_clerk;
grant select, insert, update on pp.procedure_number to pp_server;
grant select, insert, update on pp.statement_number to pp_server;
grant select, insert on pp.procedure_party to pp_server;
grant select on pp.procedure_party to pp_clerk;
grant select, insert, update (announced_at, published_at) on pp.plan to pp_server;
grant select on pp.procedure_kind to pp_server, pp_public, pp_clerk;
grant execute on function pp.take_procedure_number(timestamptz) to pp_server;
