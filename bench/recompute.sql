-- SPDX-License-Identifier: EUPL-1.2
-- The plans that were filed over REST, over and over, until there are so many: each with a procedure,
-- its geometry, what the engine was asked and its words, which is all that a recomputation reads.
--   psql -v plans=N -f bench/recompute.sql
begin;
create temporary table filed as
	select l.*, row_number() over (order by l.id) - 1 as place from pp.plan l
	  join pp.procedure p on p.id = l.procedure where p.title like 'Nachrechnung %';
create temporary table copied as
	select f.id as plan, pp.uuid7('2026-01-01'::timestamptz + n * interval '1 ms') as copy, n
	  from filed f, generate_series(1, :plans - (select count(*) from filed)) n
	 where f.place = n % (select count(*) from filed);
insert into pp.procedure
	select (jsonb_populate_record(p, jsonb_build_object('id', c.copy, 'number', 'N-' || c.n))).*
	  from copied c join pp.plan l on l.id = c.plan join pp.procedure p on p.id = l.procedure;
insert into pp.plan (id, procedure, planner_body, no, geom, geom_sha256, subjects, source_type, boundary_version,
	rule_version, engine, result, created_at)
	select c.copy, c.copy, l.planner_body, 1, l.geom, l.geom_sha256, l.subjects, l.source_type, l.boundary_version,
		l.rule_version, l.engine, l.result, l.created_at
	  from copied c join pp.plan l on l.id = c.plan;
insert into pp.affected_answer (plan, districts, query, answer, sha256)
	select c.copy, a.districts, a.query, a.answer, a.sha256 from copied c join pp.affected_answer a on a.plan = c.plan;
commit;
analyze pp.procedure, pp.plan, pp.affected_answer;
