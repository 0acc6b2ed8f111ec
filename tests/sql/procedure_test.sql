-- SPDX-License-Identifier: EUPL-1.2
-- Procedures: filed, seen, searched, changed, published, withdrawn; the state machine.
set client_min_messages = warning;
select plan(107);

create function t.create(who text, body jsonb) returns text language sql as $$
	select t.outcome(who, format('select pp_api.procedure_create(%L, ''2026-02-01'', null, null)', body))
$$;
select is(t.create('planner', '{"kind": "BP_REGEL", "title": "x", "planning_municipalities": ["02000000"]}'), 'done', 'a planner files');
select is(t.create('planner', '{"kind": "XX", "title": "x", "planning_municipalities": ["02000000"]}'), 'invalid_body /kind', 'not what is not known');
select is(t.create('planner', '{"kind": "FNP", "title": "x"}'), 'invalid_body /planning_municipalities', 'a land-use plan has a municipality');
select is(t.create('planner', '{"kind": "FNP", "title": "x", "applicant_body": "netz-gmbh"}'), 'invalid_body /planning_municipalities', 'an applicant is none');
select is(t.create('planner', '{"kind": "PFV_ENWG", "title": "x"}'), 'invalid_body /applicant_body', 'a power line has an applicant');
select is(t.create('planner', '{"kind": "PFV_ENWG", "title": "x", "applicant_body": "nobody-at-all"}'), 'body_not_found /applicant_body', 'who exists');
select is(t.create('planner', '{"kind": "FNP", "title": "x", "planning_municipalities": ["02000000", "01999009"]}'),
	'municipality_not_found /planning_municipalities/1', 'municipalities exist');
select is(t.create('planner', '{"kind": "FNP", "title": "x", "planning_municipalities": ["02000000", "02000000"]}'),
	'invalid_body /planning_municipalities', 'and are named once');
select is(t.create('root', '{"kind": "FNP", "title": "x", "planning_municipalities": ["02000000"]}'), 'forbidden', 'an operator plans for nobody');
select is(t.create('root', '{"kind": "FNP", "title": "x", "planning_municipalities": ["02000000"], "planner_body": "02000000-1"}'), 'forbidden', 'nor for a body');
select is(t.create('amt', '{"kind": "FNP", "title": "x", "planning_municipalities": ["01999001"]}'), 'forbidden', 'and whoever only answers conducts no procedure');
select is(t.create('citizen', '{"kind": "FNP", "title": "x", "planning_municipalities": ["02000000"]}'), 'forbidden', 'the public plans for nobody');
select is(t.create('nobody', '{"kind": "FNP", "title": "x", "planning_municipalities": ["02000000"]}'), 'forbidden', 'nor does nobody');
select is(t.outcome('anyone', $$select pp_api.procedure_create('{}', '2026-02-01', null, null)$$), '42501', 'the public''s login files nothing');

-- The register
select t.make_procedure('planner', 'Am Rand', '2026-02-01 10:00+00') as p \gset
select is((select number from pp.procedure), '2026-0001', 'the first number of a year');
select t.make_procedure('cremm', 'Ortskern 100 %', '2025-12-31 22:59:59+00') as c \gset
select is((select number from pp.procedure where id = :'c'), '2025-0001', 'a year begins in Berlin');
select is((select t.body('planner', format($$pp_api.procedure_create('{"kind": "PFV_ENWG", "title": "Leitung", "applicant_body": "netz-gmbh"}', '2026-01-02', 'key', '\x01')$$)) ->> 'number'),
	'2026-0002', 'numbers go up');
select is((select t.body('planner', format($$pp_api.procedure_create('{"kind": "PFV_ENWG", "title": "Leitung", "applicant_body": "netz-gmbh"}', '2026-01-02', 'key', '\x01')$$)) ->> 'number'),
	'2026-0002', 'the same key files once');
select is((select lands from pp.procedure where number = '2026-0002'), '{02}', 'an applicant has a Land');
select is(t.reply('planner', format('pp_api.procedure_create(%L, ''2026-01-03'', null, null)',
	'{"kind": "FNP", "title": " Zu zweit ", "planning_municipalities": ["02000000", "01999001"], "reference": "61/1", "subjects": [{"subject": "WIND", "total_height_m": 240}]}'))::text ~ '^\(201,/api/v1/procedures/[0-9a-f-]{36},1,,', true, 'a reply has place and tag');
select is(b - '{id,changed_at,created_at,state_since}'::text[], '{"kind": "FNP", "plan": null, "state": "ANGELEGT", "title": "Zu zweit", "number": "2026-0003", "rounds": [],
	"xplanung": {"rechtsstand": null, "verfahren": {"list": "FP_Verfahren", "code": "1000", "label": "Normales Verfahren"}, "plan_art": {"list": "FP_PlanArt", "code": "1000", "label": "Flächennutzungsplan"}},
	"xbeteiligung": {"verfahrensschritt": {"list": "verfahrensschrittkommunal", "code": "1000", "label": "Einleitungsphase"}, "durchgang": 1, "verfahrensart": {"list": "verfahrensartkommunal", "code": "1000", "label": "Normales Verfahren"}},
	"places": [{"ags": "01999001", "land": "01", "name": "Ahrens", "kreis": "Auental"}, {"ags": "02000000", "land": "02", "name": "Elbstadt", "kreis": "Elbstadt"}],
	"subjects": [{"subject": "WIND", "total_height_m": 240}], "reference": "61/1", "law_on": "2026-01-03", "project": null, "section": null, "resolved_on": null, "planner_body": "02000000", "planner_name": "Elbstadt", "published_at": null,
	"withdrawn_at": null, "applicant_body": null, "applicant_name": null, "vorhabenbezogen": false, "withdraw_reason": null, "planning_municipalities": ["02000000", "01999001"]}'::jsonb,
	'it is shown as it was filed')
	from (select id from pp.procedure where number = '2026-0003') q, t.body('planner', format('pp_api.procedure_show(%L, now())', q.id)) b;
select is((select lands from pp.procedure where number = '2026-0003'), '{01,02}', 'a joint plan has two Länder');

-- Who sees it
create function t.sees(who text, procedure uuid) returns text language sql as
$$ select t.outcome(who, format('select pp_api.procedure_show(%L, now())', procedure)) $$;
select is(t.sees('planner2', :'p') || t.sees('root', :'p'), 'doneprocedure_not_found', 'its body sees it, operators do not');
select is(t.sees(who, :'p'), 'procedure_not_found', who || ' does not') from unnest(array['anyone', 'nobody', 'citizen', 'cremm', 'ahrens', 'amt']) who;
select is(t.outcome('anyone', 'select * from pp.procedure') || t.outcome('geometry', 'select * from pp_api.procedure_visible'), '4250142501', 'tables are closed');
select is(t.outcome('planner', format('delete from pp.procedure where id = %L', :'p')) || t.outcome('owner', 'delete from pp.procedure')
	|| t.outcome('owner', 'truncate pp.procedure cascade'), '425012300123001', 'nobody deletes one');
select is(t.walk('planner', 'pp_api.procedure_search(null, null, null, null, null, null, 1, %L)', '$.items[*].title'),
	'["Am Rand", "Zu zweit", "Leitung"]', 'a list shows one''s own, newest first');
select is(t.walk('anyone', 'pp_api.procedure_search(null, null, null, null, null, null, 1, %L)', '$.items[*].title'), '[]', 'to the public what is published');
select is(t.outcome('cremm', format('select pp_api.procedure_publish(%L, now(), null, null)', :'p')), 'procedure_not_found', 'another cannot publish it');
select is((t.reply('planner', format('pp_api.procedure_publish(%L, ''2026-02-02'', null, null)', :'p'))).status, 200, 'its body can');
select is((t.reply('planner', format('pp_api.procedure_publish(%L, ''2026-02-03'', null, null)', :'p'))).body ->> 'published_at', '2026-02-02T00:00:00.000000Z', 'once');
select is(t.sees(who, :'p'), 'done', 'then ' || who || ' sees it') from unnest(array['anyone', 'nobody', 'citizen', 'cremm']) who;
select is(t.outcome('cremm', format('select pp_api.procedure_change(%L, ''{}'', ''1'', now())', :'p')), 'forbidden', 'but does not change it');
select is((select public from pp.event where kind = 'procedure.published'), true, 'and everybody hears of it');

-- Search
create function t.find(who text, arguments text) returns jsonb language sql as $$
	select t.walk(who, 'pp_api.procedure_search(' || arguments || ', null, %L)', '$.items[*].title')
$$;
select is(t.find('planner', $$'am r', null, null, null, null, null$$), '["Am Rand"]', 'by part of the title');
select is(t.find('planner', $$'2026-0003', null, null, null, null, null$$), '["Zu zweit"]', 'by number');
select is(t.find('planner', $$'ahrens', null, null, null, null, null$$), '["Zu zweit"]', 'by the name of a place');
select is(t.find('planner', $$' ', null, null, null, null, null$$), '["Am Rand", "Zu zweit", "Leitung"]', 'by nothing');
select is(t.find('cremm', $$'100 %%', null, null, null, null, null$$), '["Ortskern 100 %"]', 'a percent sign is one');
select is(t.find('planner', $$'100 %%', null, null, null, null, null$$), '[]', 'of what is not one''s own nothing');
select is(t.find('planner', $$null, '01999001', null, null, null, null$$), '["Zu zweit"]', 'by planning municipality');
select is(t.find('planner', $$null, null, '01', null, null, null$$), '["Zu zweit"]', 'by Land');
select is(t.find('planner', $$null, null, null, 'PFV_ENWG', null, null$$), '["Leitung"]', 'by kind');
select is(t.find('planner', $$null, null, null, null, 'AUSWERTUNG', null$$), '[]', 'by state');
select t.make_plan('planner', :'p', t.result(), '2026-02-03') as l \gset
select is(t.find('planner', $$null, '01998005', null, null, null, null$$), '["Am Rand"]', 'by affected municipality');
select is(t.find('anyone', $$null, '01998005', null, null, null, null$$), '[]', 'not of a plan that is not public');
create temporary table box as select format('%s,%s,%s,%s', st_xmin(b), st_ymin(b), st_xmax(b), st_ymax(b)) as bbox
	from st_transform(t.cell(2.6, 0.4, 2.7, 0.5), 4326) b;
select is(t.find('planner', format('null, null, null, null, null, %L', bbox)), '["Am Rand"]', 'by place on the map') from box;
select is(t.find('anyone', format('null, null, null, null, null, %L', bbox)), '[]', 'not of a plan that is not public') from box;
select is(t.outcome('planner', $$select pp_api.procedure_search(null, null, null, null, null, '1,2', null, null)$$), 'invalid_parameter', 'a box is a box');
select is(t.outcome('planner', $$select pp_api.procedure_search(null, null, null, null, null, null, 999, null)$$), 'invalid_parameter', 'a page is a page');
select is(t.outcome('planner', $$select pp_api.procedure_search(null, null, null, null, null, null, null, 'xyz')$$), 'invalid_parameter', 'a cursor is a cursor');

-- Change
create function t.change(who text, procedure uuid, body jsonb, tag text) returns text language sql as $$
	select t.outcome(who, format('select pp_api.procedure_change(%L, %L, %L, ''2026-03-01'')', procedure, body, tag))
$$;
select version as v from pp.procedure where id = :'p' \gset
select is(t.change('planner', :'p', '{"title": "Neu"}', null), 'precondition_required', 'a change needs the tag');
select is(t.change('planner', :'p', '{"title": "Neu"}', '1'), 'precondition_failed', 'the present one');
select is((t.reply('planner', format('pp_api.procedure_change(%L, ''{"title": "Neuer Rand"}'', %L, ''2026-03-01'')', :'p', :'v'))).etag, (:v + 1)::text, 'then it is changed');
select is(t.find('planner', $$'neuer', null, null, null, null, null$$), '["Neuer Rand"]', 'and found by its new title');
select is(t.change('planner', :'p', '{"planning_municipalities": ["01999001"]}', '*'), 'conflict', 'who plans stays once a plan was filed');
select is(t.change('cremm', :'c', '{"kind": "XX"}', '1'), 'invalid_body /kind', 'before, it may change to what is known');
select is(t.change('cremm', :'c', '{"kind": "PFV", "planning_municipalities": [], "applicant_body": "netz-gmbh"}', '1'), 'done', 'within the rules');

-- Resolution and withdrawal
select is(t.outcome('planner', format($$select pp_api.procedure_resolve(%L, '{"resolved_on": "2026-03-02"}', '2026-03-01 12:00+00', null, null)$$, :'p')),
	'invalid_body /resolved_on', 'a resolution lies behind');
select is(t.body('planner', format($$pp_api.procedure_resolve(%L, '{"resolved_on": "2026-03-01"}', '2026-03-01 12:00+00', null, null)$$, :'p')) ->> 'state',
	'AUFGESTELLT', 'and moves the state');
select is(t.outcome('planner', format($$select pp_api.procedure_resolve(%L, '{"resolved_on": "2026-03-01"}', '2026-03-01 12:00+00', null, null)$$, :'p')), 'event_not_allowed /event', 'once');
select is(t.outcome('planner', format($$select pp_api.procedure_withdraw(%L, '{"reason": " "}', '2026-04-01', null, null)$$, :'p')), 'invalid_body /reason', 'it ends with a reason');
select is(t.body('planner', format($$pp_api.procedure_withdraw(%L, '{"reason": "Kein Bedarf"}', '2026-04-01', null, null)$$, :'p')) - array(select jsonb_object_keys(t.body('planner', format('pp_api.procedure_show(%L, now())', :'p'))) except select unnest(array['state', 'withdraw_reason', 'withdrawn_at'])),
	'{"state": "EINGESTELLT", "withdrawn_at": "2026-04-01T00:00:00.000000Z", "withdraw_reason": "Kein Bedarf"}', 'and is kept');
select is(t.outcome('planner', format('select %s', call)), 'procedure_withdrawn', 'then nothing more') from unnest(array[
	format($$pp_api.procedure_withdraw(%L, '{"reason": "x"}', '2026-04-01', null, null)$$, :'p'),
	format($$pp_api.procedure_change(%L, '{}', '*', '2026-04-01')$$, :'p')]) call;
select is(t.sees('anyone', :'p'), 'done', 'who could see it still can');

-- The machines of invitations and statements; those of procedures have a test of their own
select ok(bool_and(pp.next_state(m.machine, e.event, s.state) is not distinct from (select x.to_state from pp.transition x
		where (x.machine, x.event, x.from_state) = (m.machine, e.event, s.state))
	and t.outcome('planner', format('select pp.step_state(%L, %L, %L)', m.machine, e.event, s.state)) =
		case when pp.next_state(m.machine, e.event, s.state) is null then 'conflict' else 'done' end), 'every event in every state of ' || m.machine)
	from (values ('invitation'), ('statement')) m (machine),
	lateral (select distinct event from pp.transition x where x.machine = m.machine) e,
	lateral (select from_state as state from pp.transition x where x.machine = m.machine union select to_state from pp.transition x where x.machine = m.machine) s
	group by m.machine;
select is(t.outcome('owner', $$delete from pp.transition$$) = 'done' and t.outcome('planner', $$delete from pp.transition$$) = '42501', true, 'which the server cannot change');

-- Indexes, among ten thousand
insert into pp.procedure (id, number, kind, title, planning_municipalities, planner_body, lands, state, state_since, search_text, created_at, changed_at, law_on)
	select pp.uuid7('2020-01-01'::timestamptz + n * interval '1 minute'), 'T' || n, 'FNP', 'Plan ' || md5(n::text), array['0199900' || 1 + n % 3], '01999003', '{01}',
		'ANGELEGT', '2020-01-01', 'T' || n || ' Plan ' || md5(n::text), '2020-01-01', '2020-01-01', '2020-01-01' from generate_series(1, 10000) n;
insert into pp.plan (id, procedure, planner_body, no, geom, geom_sha256, subjects, source_type, boundary_version, rule_version, engine, result, created_at)
	select p.id, p.id, p.planner_body, 1, t.cell(100 + substr(p.number, 2)::int % 100, 100 + substr(p.number, 2)::int / 100,
			100.5 + substr(p.number, 2)::int % 100, 100.5 + substr(p.number, 2)::int / 100), '', '[]', 'x', pp.current_boundaries(), pp.current_rules(), 'x', '{}', '2020-01-01'
	  from pp.procedure p where p.number like 'T%';
vacuum analyze pp.procedure, pp.plan;
-- By every login, and whatever somebody is: what may be seen is asked of each row that an index has found, not instead.
insert into t.person select v.name, 'pp_server', p.account, v.body, v.roles from t.person p, (values ('reads', '02000000', 'reader'), ('oversees', 'landesplanung-au', 'reader oversight'),
	('audits', null, 'auditor')) v (name, body, roles) where p.name = 'planner';
create temporary table asking as select unnest('{anyone,nobody,citizen,reads,planner,ahrens,amt,oversees,root,audits}'::text[]) as who;
select ok(t.uses_index(who, $$select pp_api.procedure_search('neuer ran', null, null, null, null, null, null, null)$$, 'pp.procedure_text'), 'words have an index for ' || who)
	from asking;
select ok(t.uses_index(who, format('select pp_api.procedure_search(null, null, null, null, null, %L, null, null)', bbox), 'pp.plan_geom'), 'boxes have one for ' || who)
	from box, asking;
select ok(t.uses_index(who, format('select pp_api.procedure_search(null, null, null, null, null, null, 10, %L)', pp.cursor_make((select id::text from pp.procedure where number = 'T5000'))), 'pp.procedure_pkey'), 'pages have one for ' || who)
	from asking;
select * from finish();
