-- SPDX-License-Identifier: EUPL-1.2
-- What the collections of the GIS endpoints show: one view each, with the columns of its table pp.feature_… of which
-- pp.feature_sync keeps the versions. What is not published is not in them; private persons are never named.

create function pp_api.feature_word(field text, code text) returns text language sql immutable parallel safe as $$
	select w.de from (values
		('class', 'MUSS', 'ist zu beteiligen'), ('class', 'SOLL', 'soll beteiligt werden'),
		('class', 'PRUEFEN', 'Beteiligung ist zu prüfen'), ('class', 'EIGEN', 'plant selbst'),
		('stance', 'KEINE_BETROFFENHEIT', 'Keine Betroffenheit'), ('stance', 'KEINE_BEDENKEN', 'Keine Bedenken'),
		('stance', 'HINWEISE', 'Hinweise'), ('stance', 'ANREGUNGEN', 'Anregungen'), ('stance', 'BEDENKEN', 'Bedenken'),
		('stance', 'EINWENDUNG', 'Einwendung'), ('stance', 'ABLEHNUNG', 'Ablehnung'),
		('author', 'OEFF', 'Öffentlichkeit'), ('author', 'TOEB', 'Träger öffentlicher Belange'),
		('author', 'NACHB', 'Nachbargemeinde'), ('author', 'VERB', 'Anerkannte Vereinigung'),
		('author', 'LAND', 'Landesbehörde'), ('author', 'STAAT', 'Nachbarstaat')) w (field, code, de)
	 where w.field = $1 and w.code = $2
$$;

-- The newest published plan of a procedure.
create view pp_api.feature_newest_plan as
	select l.id, l.procedure, l.no, l.geom, l.boundary_version from pp.plan l
	 where l.published_at is not null
	   and not exists (select from pp.plan m where m.procedure = l.procedure and m.published_at is not null and m.no > l.no);

-- dates: those of the round of the public that is open, else of the next, else of the last one.
create view pp_api.feature_source_procedures as
	select p.id::text as fid, p.id::text as key, l.geom, p.number, p.title, p.kind, k.name_de as kind_text, p.state,
		s.name_de as state_text, p.state_since, p.planner_body as planner, pp.body_name(p.planner_body) as planner_name,
		array_to_string(p.lands, ',') as lands, array_to_string(p.planning_municipalities, ',') as municipalities,
		exists (select from pp.affected_municipality a where a.plan = l.id and a.cross_border and a.class <> 'EIGEN') as cross_border,
		x.code ->> 'code' as rechtsstand, x.code ->> 'label' as rechtsstand_text,
		y.code ->> 'code' as plan_art, y.code ->> 'label' as plan_art_text, l.id as plan, l.no as plan_no,
		d.start_on as participation_from, d.end_on as participation_to, p.resolved_on, p.published_at
	  from pp.procedure p
	  join pp.procedure_kind k on k.kind = p.kind
	  left join pp.machine_state s on s.machine = k.machine and s.state = p.state
	  left join pp_api.feature_newest_plan l on l.procedure = p.id
	  left join lateral (select d.start_on, d.end_on from pp.round d
		 where d.procedure = p.id and d.audience = 'OEFF' and d.cancelled_at is null
		 order by d.closed_at is not null, case when d.closed_at is null then d.no else -d.no end limit 1) d on true
	 cross join lateral (select pp_api.xplanung_code('rechtsstand', p.kind, p.state, case when exists (select from pp.round o
		 where o.procedure = p.id and o.audience = 'OEFF' and o.cancelled_at is null and o.closes_at > p.state_since)
		then array['OEFF'] else '{}' end) as code) x
	 cross join lateral (select pp_api.xplanung_code('plan_art', p.kind, p.kind,
		case when p.vorhabenbezogen then array['VORHABENBEZOGEN'] else '{}' end) as code) y
	 where p.published_at is not null;

create view pp_api.feature_source_plans as
	select l.id::text as fid, l.procedure::text as key, l.geom, l.procedure, p.number, p.title, p.kind, k.name_de as kind_text,
		l.no as plan_no, n.id is not null as is_newest, p.planner_body as planner, pp.body_name(p.planner_body) as planner_name,
		array_to_string(p.lands, ',') as lands, l.geometry_kind, round(ST_Area(l.geom)::numeric, 1)::float8 as area_m2,
		l.xplanung ->> 'object' as xplan_object, l.xplanung -> 'rechtsstand' ->> 'code' as xplan_rechtsstand, l.published_at
	  from pp.plan l join pp.procedure p on p.id = l.procedure join pp.procedure_kind k on k.kind = p.kind
	  left join pp_api.feature_newest_plan n on n.id = l.id
	 where l.published_at is not null and p.published_at is not null;

-- Whom the newest published plan affects, as the engine found it and the planning body decided; the municipality's own
-- area in the boundaries by which it was found.
create view pp_api.feature_source_affected_municipalities as
	select l.procedure || '.' || f.ags as fid, l.procedure::text as key, m.geom::geometry(Geometry, 25832) as geom, l.procedure, p.number, p.title,
		l.id as plan, l.no as plan_no, f.ags, f.data ->> 'name' as name, f.data ->> 'kreis' as kreis, f.data ->> 'land' as land,
		f.data ->> 'class' as class, pp_api.feature_word('class', f.data ->> 'class') as class_text,
		coalesce((f.data ->> 'cross_border')::bool, false) as cross_border, r.rule, r.rules, r.reason,
		round((f.data ->> 'distance_m')::numeric, 3)::float8 as distance_m, round((f.data -> 'inside' ->> 'area_m2')::numeric, 1)::float8 as inside_m2,
		round((f.data ->> 'shared_border_m')::numeric, 3)::float8 as shared_border_m, f.decision, l.boundary_version
	  from pp_api.feature_newest_plan l join pp.procedure p on p.id = l.procedure and p.published_at is not null
	 cross join lateral (
		select a.ags, a.data, d.action as decision from pp.affected_municipality a
		  left join pp.affected_decision d on d.plan = a.plan and d.body = a.ags and d.state = 'effective'
		 where a.plan = l.id
		union all
		select d.body, d.data, d.action from pp.affected_decision d
		 where d.plan = l.id and d.state = 'effective' and d.action = 'add' and d.data ? 'ags') f
	  left join lateral (select (array_agg(e.data ->> 'rule' order by e.no))[1] as rule,
			string_agg(e.data ->> 'rule', ',' order by e.no) as rules, (array_agg(e.data ->> 'reason' order by e.no))[1] as reason
		  from pp.affected_evidence e where e.plan = l.id and e.body = f.ags) r on true
	  left join pp.municipality m on m.boundary_version = l.boundary_version and m.ags = f.ags;

create view pp_api.feature_source_municipalities as
	select m.ags as fid, '' as key, m.geom::geometry(Geometry, 25832) as geom, m.ags, m.name, m.designation, m.kreis_name as kreis, m.kreis_key, m.land, m.ars,
		m.unincorporated, round(m.area_m2::numeric, 1)::float8 as area_m2, v.dataset, v.dataset_date
	  from pp.municipality m join pp.boundary_version v on v.id = m.boundary_version
	 where v.id = pp.current_boundaries();

-- Each pair once. The border is what both boundaries have in common: a line, or the point where they touch.
create view pp_api.feature_source_adjacency as
	select a.ags || '-' || a.neighbour as fid, '' as key, a.border as geom,
		a.ags, m.name, a.neighbour, n.name as neighbour_name, a.contact, a.cross_border, round(a.shared_border_m::numeric, 3)::float8 as shared_border_m,
		v.dataset, v.dataset_date
	  from pp.adjacency a join pp.boundary_version v on v.id = a.boundary_version
	  join pp.municipality m on m.boundary_version = v.id and m.ags = a.ags
	  join pp.municipality n on n.boundary_version = v.id and n.ags = a.neighbour
	 where v.id = pp.current_boundaries() and a.ags < a.neighbour;

-- What the planning body has published. Of a private person's places only squares of a kilometre are shown (pp.cell).
create view pp_api.feature_source_statements as
	select s.id::text as fid, s.id::text as key,
		(select ST_Union(ST_MakeEnvelope(x * 1000, y * 1000, x * 1000 + 1000, y * 1000 + 1000, 25832))
		   from unnest(s.cells) c, lateral (select substr(c, 10)::float8 as x, substr(c, 5, 4)::float8 as y) u) as geom,
		s.number, s.procedure, p.number as procedure_number, s.round, s.author_role, pp_api.feature_word('author', s.author_role) as author_role_text,
		s.participant as body, pp.body_name(s.participant) as body_name, s.stance, pp_api.feature_word('stance', s.stance) as stance_text,
		s.state, pp.day(s.received_at) as received_on, s.on_time, s.published_text as text
	  from pp_api.statement_published s join pp.procedure p on p.id = s.procedure
	 where p.published_at is not null;

-- The drafts of all bodies, for whoever may read those: it is asked with the rights of the one who asks.
create view pp_api.feature_source_drafts with (security_invoker = true) as
	select d.id::text as fid, d.id::text as key, d.geom, d.body, d.title, d.note, d.procedure, p.number as procedure_number,
		round(ST_Area(d.geom)::numeric, 1)::float8 as area_m2, d.revision, d.created_at
	  from pp.plan_draft d left join pp.procedure p on p.id = d.procedure;

grant usage on schema pp_api to pp_features;
grant select on pp_api.feature_source_procedures, pp_api.feature_source_plans, pp_api.feature_source_affected_municipalities,
	pp_api.feature_source_municipalities, pp_api.feature_source_adjacency, pp_api.feature_source_statements, pp_api.feature_source_drafts,
	pp_api.statement_published to pp_features;
grant execute on function pp_api.feature_word(text, text), pp_api.xplanung_code(text, text, text, text[]) to pp_features;

-- What these views say may have changed with this file: every collection is brought up to them.
set local role pp_features;
do $$
declare
	name text;
	keys text[];
begin
	foreach name in array array['procedures', 'plans', 'affected_municipalities', 'municipalities', 'adjacency', 'statements', 'drafts'] loop
		execute format('select array(select key from pp_api.feature_source_%1$s union select key from pp.feature_%1$s where died is null)', name) into keys;
		perform pp.feature_sync(name, keys);
	end loop;
end
$$;
reset role;
