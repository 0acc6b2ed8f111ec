-- SPDX-License-Identifier: EUPL-1.2

-- municipality_list(q text, land text, bbox text, row_limit int, cursor text) -> reply
-- lane: read public
select (r).* from pp_api.municipality_list($1, $2, $3, $4, $5) r;

-- municipality_show(ags text, at timestamptz) -> reply
-- lane: read public
select (r).* from pp_api.municipality_show($1, $2) r;

-- municipality_neighbours(ags text, cross_border bool) -> reply
-- lane: read public
select (r).* from pp_api.municipality_neighbours($1, $2) r;

-- boundary_version_list(row_limit int, cursor text) -> reply
-- lane: read public
select (r).* from pp_api.boundary_version_list($1, $2) r;

-- boundary_version_changes(version bigint, since_version bigint, row_limit int, cursor text) -> reply
-- lane: read
select (r).* from pp_api.boundary_version_changes($1, $2, $3, $4) r;

-- boundary_version_show(version bigint) -> reply
-- lane: read public
select (r).* from pp_api.boundary_version_show($1) r;

-- The boundaries in force: no row before the first import.

-- boundaries_current() -> id bigint, dataset text, dataset_date date, accuracy_m numeric,
--   imported_at timestamptz, municipalities bigint
-- lane: read public geometry owner
select v.id, v.dataset, v.dataset_date, v.accuracy_m, v.imported_at,
	(select count(*) from pp.municipality m where m.boundary_version = v.id) as municipalities
  from pp.boundary_version v
 where v.id = pp.current_boundaries();

-- What a geometry worker keeps in memory, and a recomputation: any version.

-- geometry_version(version bigint) -> id bigint, dataset text, dataset_date date, accuracy_m numeric
-- lane: geometry clerk owner
select v.id, v.dataset, v.dataset_date, v.accuracy_m
  from pp.boundary_version v
 where v.id = $1 and v.level = 'municipality';

-- geometry_municipalities(version bigint) -> ags text, ars text, name text, designation text,
--   kreis text, unincorporated bool, wkb bytea
-- lane: geometry clerk owner
select m.ags, m.ars, m.name, m.designation, m.kreis_name as kreis, m.unincorporated,
	ST_AsBinary(m.geom) as wkb
  from pp.municipality m
 where m.boundary_version = $1
 order by m.ags;

-- geometry_state_borders(version bigint) -> state text, name text, wkb bytea
-- lane: geometry clerk owner
select b.state, b.name, ST_AsBinary(b.geom) as wkb
  from pp.state_border b
 where b.boundary_version = $1
 order by b.no;

-- The districts that are named, else those that lay below municipalities when that version was last in
-- force.

-- geometry_districts(version bigint, districts text[]) -> id bigint, parent text, dataset text, dataset_date date,
--   accuracy_m numeric
-- lane: geometry clerk owner
select d.id, d.parent, d.dataset, d.dataset_date, d.accuracy_m
  from pp.boundary_version v
  join pp.boundary_version d on d.level = 'district' and case when $2::text[] is null
	then d.valid_from < coalesce(v.valid_to, 'infinity')
		and coalesce(d.valid_to, 'infinity') >= coalesce(v.valid_to, 'infinity')
	else d.id = any ($2::text[]::bigint[]) end
  join pp.municipality m on m.boundary_version = v.id and m.ags = d.parent
 where v.id = $1
 order by d.parent;

-- rules_current() -> id bigint, sha256 bytea
-- lane: read geometry owner
select v.id, v.sha256 from pp.rule_version v where v.valid_to is null;

-- geometry_rules(version bigint) -> id text, name text, kinds text, metric text, threshold text,
--   default_m numeric, class text, subject text, condition text, land text, reason_de text,
--   reason_en text, source text, valid_from date, valid_to date
-- lane: geometry clerk owner
select r.id, r.name, r.kinds, r.metric, r.threshold, r."default" as default_m, r.class,
	r.subject, r."when" as condition, r.land, r.reason_de, r.reason_en, r.source, r.valid_from, r.valid_to
  from pp.affected_rule r
 where r.rule_version = $1
 order by r.row_no;

-- Imports (sql/api/import.sql): one transaction of the owner, with COPY between begin and end.

-- import_begin() -> nothing
-- lane: owner
select pp_api.import_begin();

-- boundaries_import(level text, parent text, dataset text, dataset_date date, accuracy_m numeric,
--   source_sha256 bytea, report json, at timestamptz) -> version bigint
-- lane: owner
select pp_api.boundaries_import($1, $2, $3, $4, $5, $6, $7, $8) as version;

-- bodies_diff(at timestamptz) -> key text, what text, before text, after text
-- lane: owner
select d.key, d.what, d.before, d.after from pp_api.bodies_diff($1) d;

-- administration_import(at timestamptz) -> bodies int, rows int
-- lane: owner
select i.bodies, i.rows from pp_api.administration_import($1) i;

-- accounts_wrong() -> line int, name text, cell text, why text
-- lane: owner
select w.line, w.name, w.cell, w.why from pp_api.accounts_wrong() w;

-- accounts_diff() -> body text, mail text, what text, before text, after text
-- lane: owner
select d.body, d.mail, d.what, d.before, d.after from pp_api.accounts_diff() d;

-- accounts_import(at timestamptz) -> accounts int, memberships int, changed int
-- lane: owner
select i.accounts, i.memberships, i.changed from pp_api.accounts_import($1) i;
