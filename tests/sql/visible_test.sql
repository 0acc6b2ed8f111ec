-- SPDX-License-Identifier: EUPL-1.2
-- What is published has no row-level security: views filter (sql/api/01_visible.sql), and they are all that the public's login has
-- of it. Every view × everybody who may ask × a procedure that was only drafted, one whose bodies were asked, one that was published,
-- and one of another body: one line per view says who sees it from when on, and a view without a line fails.
set client_min_messages = warning;
select plan(33);

insert into t.person select name, 'pp_server', ('00000000-0000-7000-8000-0000000000' || n)::uuid, body, roles
	from (values ('31', 'reader', 'reader', '02000000'), ('32', 'own oversight', 'reader oversight', 'landesplanung-el'), ('33', 'named oversight', 'reader oversight', 'landesplanung-au'),
		('34', 'oversight without its role', 'reader clerk releaser manager', 'landesplanung-el'), ('35', 'far oversight', 'reader oversight', 'landesplanung-fern'), ('36', 'auditor', 'auditor', null), ('37', 'along', 'reader', '01998004'), ('38', 'along elsewhere', 'reader', '01998004')) a (n, name, roles, body);
insert into pp.body (key, name, kind, land, source) values ('landesplanung-el', 'Landesplanung Elbstadt', 'LANDESPLANUNG', '02', 'table'), ('landesplanung-fern', 'Landesplanung Fern', 'LANDESPLANUNG', '03', 'table');

-- Four procedures with the same things: three of the planner's, in three states, one of a stranger's that nobody else here has to do with.
create function t.account(who text) returns uuid language sql as $$ select p.account from t.person p where p.name = who $$;
create temporary table stages (stage text primary key, who text, p uuid, l uuid, r uuid);
insert into stages values ('drafted', 'planner'), ('asked', 'planner'), ('published', 'planner'), ('another', 'cremm');
update stages set p = t.make_procedure(who, stage, '2026-02-01 10:00+00');
update stages set l = t.make_plan(who, p, t.result(), '2026-02-01 11:00+00') where who = 'planner';
update stages set l = t.make_plan(who, p, '{"municipalities": [{"ags": "01998006", "name": "Elm", "kreis": "Bruchland", "land": "01", "class": "SOLL", "cross_border": false, "distance_m": 0.0, "overlap_m2": 0.0, "shared_border_m": null, "rules": [
	{"rule": "R04", "class": "SOLL", "metric": "distance", "value": 0.0, "threshold": 500, "unit": "m", "borderline": false, "reason": "nahe", "source": "y"}]}],
	"authorities": [{"body": "landesplanung-fern", "name": "Landesplanung Fern", "land": "03", "class": "SOLL", "rules": [{"rule": "R80", "class": "SOLL", "metric": "land_border", "value": 0.0, "threshold": 1000, "unit": "m", "borderline": false, "reason": "Landesgrenze", "source": "z"}]}], "dataset": {"name": "VG", "date": "2016-01-01"}, "engine": "test 1"}', '2026-02-01 11:00+00') where who <> 'planner';
select count(t.reply(who, format('pp_api.affected_decide(%L, ''{"body": "%s", "action": "add", "reason": "nah"}'', ''2026-02-01 11:30+00'', null, null)', l, case who when 'planner' then '01998006' else '01998005' end))) from stages;
select count(t.reply(who, format('pp_api.affected_confirm(%L, ''2026-02-01 12:00+00'', null, null)', l))) from stages;
update stages set r = (t.body(who, t.round_call(p, 'FOERM_TOEB', 'TOEB', '2026-02-02', '2026-03-04', '2026-03-03', '2026-02-01 13:00+00')) ->> 'id')::uuid where stage <> 'drafted';
-- A file for each, whole and checked; shown to the bodies that were asked, or to everybody.
alter table stages add d uuid, add s uuid;
update stages set d = (t.body(who, format('pp_api.document_create(%L, %L, ''2026-02-01 12:00+00'', null, null)', p, jsonb_build_object('kind', 'PLAN', 'name', 'Plan.pdf',
	'media_type', 'application/pdf', 'size', 3, 'sha256', encode(sha256('abc'), 'hex')))) ->> 'id')::uuid;
select count(t.value(who, format('select pp_api.upload_append(%L, 0, ''abc'', decode(repeat(''00'', 108), ''hex''), 0, null, ''2026-02-01 12:30+00'')', d))) from stages;
update pp.file set state = 'GEPRUEFT';
insert into pp.document_party select d, p, y.body, '2026-02-02' from stages join pp.procedure_party y on y.procedure = p where stage <> 'drafted';
-- Later ends, interruptions and what was decided about them, what probes saw, an answer.
select count(t.reply(who, format('pp_api.round_extend(%L, ''{"end": "2026-03-11", "reason": "Ferien"}'', ''2026-03-11 23:00+00'', ''2026-02-20'', null, null)', r))) from stages where r is not null;
select count(t.reply('root', format('pp_api.outage_create(%L, ''2026-04-01'', null, null)', jsonb_build_object('from', '2026-02-10T10:00:00Z', 'to', '2026-02-10T11:00:00Z', 'what', 'Netz', 'reason', 'Strom', 'source', 'BETRIEB', 'procedure', p)))) from stages;
update stages set s = (t.body('amt', format('pp_api.statement_submit(%L, ''{"stance": "BEDENKEN", "text": "nein"}'', ''2026-02-10'', %L, ''\x01'')', t.invitation(r, '01999001'), stage)) ->> 'id')::uuid where who = 'planner' and r is not null;
select (t.reply('planner', format('pp_api.procedure_publish(%L, ''2026-02-09'', null, null)', p))).status from stages where stage = 'published';
select t.body('planner', t.round_call(p, 'FOERM_OEFF', 'OEFF', '2026-02-16', '2026-03-18', null, '2026-02-05 13:00+00')) is not null from stages where stage = 'published';
-- A second plan, that nobody was asked about yet.
select count(t.make_plan(who, p, t.result(), '2026-02-17')) from stages where r is not null;
-- Each was forwarded for reading.
insert into pp.forwarding (id, body, kind, procedure, recipient, reason, forwarded_at, forwarded_by)
	select pp.uuid7('2026-02-18'), (select planner_body from pp.procedure where id = p), 'VERFAHREN', p, '01998004', 'x', '2026-02-18', t.account(who) from stages;
set session_replication_role = replica;
insert into pp.outage_decision select pp.uuid7('2026-03-06'), r, (select planner_body from pp.procedure where id = p), array[(select id from pp.outage o where o.procedure = p)], 60, 0.1, (select min(id) from pp.outage_rule), null, 'KEINE', 'kurz', '2026-03-06', t.account(who), who from stages where r is not null;
insert into pp.probe_result (id, procedure, probe, url, at, ended_at, every_s, entries, recorded_at, recorded_by) select pp.uuid7('2026-02-10'), p, 'A', 'https://a.example', '2026-02-10', '2026-02-10', 60, 3, '2026-02-10', t.account(who) from stages;
insert into pp.round_document (round, document, procedure, change) select r, d, p, 'NEU' from stages where r is not null;
update pp.document set published_at = '2026-02-09' from stages where stage = 'published' and id = d;
update pp.statement set published = true, published_text = 'anonym' from stages where stage = 'published' and pp.statement.id = stages.s;
update pp.file set metadata = 'KEINE';
insert into pp.attachment_release (attachment, procedure, statement, no, planner_body, name, media_type, released, waits, changed_at, changed_by)
	select d, p, s, 1, '02000000', 'Karte.pdf', 'application/pdf', true, false, '2026-02-12', t.account(who) from stages where s is not null;
reset session_replication_role;

-- Who sees a row of a procedure: own is its planning body, asked are the bodies that were, over the planning authority of its Land, named the
-- one that a rule about the border has named; along reads by what was forwarded, which has the newest plan; all are everybody.
create temporary table rules (view text, only_ text, procedure text, drafted text, asked text, published text);
insert into rules values
	('affected_answer_visible', 'true', 'of_plan', 'own over named along', 'own asked over named along', 'all'),
	('affected_authority_visible', 'true', 'of_plan', 'own over named along', 'own asked over named along', 'all'),
	('affected_decision_visible', 'true', 'of_plan', 'own over named along', 'own asked over named', 'all'),
	('affected_decision_visible', 'decided_by is not null or reason is not null', 'of_plan', 'own', 'own', 'own'),
	('affected_decision_visible', 'data::text ~ ''nah"''', 'of_plan', 'own', 'own', 'own'),
	('affected_evidence_visible', 'true', 'of_plan', 'own over named along', 'own asked over named along', 'all'),
	('affected_municipality_visible', 'true', 'of_plan', 'own over named along', 'own asked over named along', 'all'),
	('affected_set_visible', 'true', 'of_plan', 'own over named along', 'own asked over named', 'all'),
	('attachment_published', 'true', 'of_statement', '', '', 'all'),
	('attachment_published_content', 'true', 'of_attachment', '', '', 'all'),
	('content_visible', 'true', 'of_file', 'own along', 'own asked along', 'all'),
	('document_visible', 'true', 'procedure', 'own along', 'own asked along', 'all'),
	('event_place', 'true', 'of_event', 'all', 'all', 'all'),
	('event_visible', 'true', 'procedure', 'own', 'own asked', 'all'),
	('event_visible', 'not public', 'procedure', 'own', 'own asked', 'own asked'),
	('outage_decision_visible', 'true', 'of_round', '', 'own', 'own'),
	('outage_visible', 'true', 'procedure', 'own over named operator along', 'own asked over named operator along', 'all'),
	('plan_newest', 'true', 'procedure', 'own over named along', 'own asked over named along', 'all'),
	('plan_visible', 'true', 'procedure', 'own over named along', 'own asked over named along', 'all'),
	('plan_visible', 'no = 2', 'procedure', '', 'own over named along', 'own over named along'),
	('probe_result_visible', 'true', 'procedure', 'own over named along', 'own asked over named along', 'all'),
	('procedure_event_visible', 'true', 'procedure', '', 'own asked over named along', 'all'),
	('procedure_event_visible', 'recorded_by is not null', 'procedure', '', 'own', 'own'),
	('procedure_visible', 'true', 'id', 'own over named along', 'own asked over named along', 'all'),
	('round_document_visible', 'true', 'of_round', '', 'own asked', 'all'),
	('round_document_visible', 't.asks_bodies(round)', 'of_round', '', 'own asked', 'own asked over named'),
	('round_extension_visible', 'true', 'procedure', '', 'own asked over named', 'own asked over named'),
	('round_visible', 'true', 'procedure', '', 'own asked over named', 'all'),
	('round_visible', 'audience = ''TOEB''', 'procedure', '', 'own asked over named', 'own asked over named'),
	('statement_published', 'true', 'procedure', '', '', 'all');
select is((select array_agg(distinct view order by view) from rules), (select array_agg(c.relname::text order by c.relname) from pg_class c
	where c.relnamespace = 'pp_api'::regnamespace and c.relkind = 'v' and has_table_privilege('pp_public', c.oid, 'select')), 'every view of the public''s has its line');
select is((select string_agg(c.relname || ':' || r.rolname, ' ' order by c.relname, r.rolname) from pg_class c, pg_roles r where c.relnamespace = 'pp_api'::regnamespace and c.relkind = 'v'
	and r.rolname ~ '^pp_' and r.rolname <> 'pp_owner' and has_any_column_privilege(r.oid, c.oid, 'select') and not has_table_privilege('pp_public', c.oid, 'select')),
	'attachment_content:pp_server audit_entry_visible:pp_server feature_source_adjacency:pp_features feature_source_affected_municipalities:pp_features feature_source_drafts:pp_features feature_source_municipalities:pp_features feature_source_plans:pp_features feature_source_procedures:pp_features feature_source_statements:pp_features notified:pp_server planning_authority:pp_geometry planning_authority:pp_server shown_content:pp_clerk shown_file:pp_clerk unchecked_content:pp_clerk', 'what else is read, is for these logins');

create temporary table askers (name text primary key, groups text);
insert into askers values ('anyone', ''), ('nobody', ''), ('citizen', ''), ('auditor', ''), ('root', 'operator'), ('planner', 'own'), ('reader', 'own'), ('ahrens', 'asked'), ('amt', 'asked'), ('damm', ''),
	('own oversight', 'over'), ('named oversight', 'named asked'), ('oversight without its role', ''), ('far oversight', 'far'), ('cremm', 'another'), ('along', 'along'), ('along elsewhere', '');
-- In another's procedure the authority that ours name is that of its Land, and the far one is named and asked.
create function t.belongs(groups text, stage text, line text) returns bool language sql as $$
	select line = 'all' or string_to_array(case when stage <> 'another' then $1 else coalesce('{"another": "own", "named asked": "over", "far": "named asked", "operator": "operator", "along": "along"}'::jsonb ->> $1, '') end, ' ')
		&& string_to_array(line, ' ')
$$;
create function t.finds(who text, view text, only_ text, procedure text, p uuid) returns bool language sql as $$
	select set_config('pp.instant', '2026-03-01', true), set_config('pp.forwarding', coalesce((select f.id from pp.forwarding f where case who when 'along' then f.procedure = p when 'along elsewhere' then f.procedure <> p end limit 1)::text, ''), true);
	select t.value(who, format('select exists (select from pp_api.%I v where (%s) and t.of(%L, %L, to_jsonb(v)) = %L)', view, only_, view, procedure, p))::bool
$$;
create function t.asks_bodies(round uuid) returns bool language sql stable security definer as $$ select audience = 'TOEB' from pp.round where id = $1 $$;
-- Which procedure a row is of, whoever asks.
create function t.of(view text, procedure text, line jsonb) returns uuid language plpgsql stable security definer as $$
begin
	return case procedure when 'of_plan' then (select l.procedure from pp.plan l where l.id = (line ->> 'plan')::uuid)
		when 'of_file' then (select d.procedure from pp.document d where d.id = (line ->> 'file')::uuid)
		when 'of_statement' then (select x.procedure from pp.statement x where x.id = (line ->> 'statement')::uuid)
		when 'of_attachment' then (select d.procedure from pp.document d where d.id = (line ->> 'attachment')::uuid)
		when 'of_round' then (select d.procedure from pp.round d where d.id = (line ->> 'round')::uuid)
		when 'of_event' then (select e.procedure from pp.event e where e.id = (line ->> 'id')::bigint)
		else (line ->> procedure)::uuid end;
end
$$;
select is((select string_agg(stage || ': ' || a.name, ', ' order by stage, a.name) from stages s, askers a where t.finds(a.name, r.view, r.only_, r.procedure, s.p)),
	(select string_agg(stage || ': ' || a.name, ', ' order by stage, a.name) from stages s, askers a
		where t.belongs(a.groups, s.stage, case s.stage when 'drafted' then r.drafted when 'published' then r.published else r.asked end)),
	r.view || ' where ' || r.only_) from rules r order by view, only_;
-- Features are what everybody sees: of the one that was published, its first plan.
select is(concat_ws(' ', (select string_agg(s.stage, ',') from pp.feature_procedures f join stages s on s.p::text = f.fid where f.died is null), (select string_agg(s.stage || case when s.l::text = f.fid then '' else ' another plan' end, ',') from pp.feature_plans f join stages s on s.p = f.procedure where f.died is null),
	(select string_agg(distinct s.stage || case when s.l = f.plan then '' else ' another plan' end, ',') from pp.feature_affected_municipalities f join stages s on s.p = f.procedure where f.died is null)), 'published published published', 'features are of what was published');
select * from finish();
