-- SPDX-License-Identifier: EUPL-1.2
-- Plans and whom they affect: stored together, given back as they were, decided on, confirmed.
set client_min_messages = warning;
select plan(110);

select t.make_procedure('planner', 'Am Rand', '2026-02-01 10:00+00') as p \gset
create function t.plan_call(procedure uuid, result jsonb, boundaries bigint, rules bigint) returns text language sql as $$
	select format('pp_api.plan_create(%L, %L, %L, ''{}'', %L, ''{}'', %L, %L, %L, %L, %L, %L, %L, null, %L, null, null)', procedure, t.geometry(), result,
		boundaries, rules, 'test 1', '[{"subject": "WIND"}]', 'plan.gpkg', 'application/geopackage+sqlite3', sha256('x'), '{"de": ["Ring geschlossen"], "en": ["closed a ring"]}', '2026-02-02')
$$;
select is(t.outcome('planner', 'select ' || t.plan_call(:'p', t.result(), pp.current_boundaries() + 1, pp.current_rules())), 'dataset_not_current', 'other boundaries: compute again');
select is(t.outcome('planner', 'select ' || t.plan_call(:'p', t.result(), pp.current_boundaries(), null)), 'dataset_not_current', 'other rules: compute again');
select is(t.outcome('cremm', 'select ' || t.plan_call(:'p', t.result(), pp.current_boundaries(), pp.current_rules())), 'procedure_not_found', 'not for what one does not see');
select is(t.outcome('planner', 'select ' || t.plan_call(pp.uuid7(now()), t.result(), pp.current_boundaries(), pp.current_rules())), 'procedure_not_found', 'nor for what does not exist');
select is(t.value('planner', format('select p.kind || p.planning_municipalities::text || coalesce(p.applicant_land, ''-'') || p.subjects from pp_api.plan_prepare(%L) p', :'p')),
	'BP_REGEL{02000000}-[]', 'what the engine has to know');
select is(t.outcome('cremm', format('select pp_api.plan_prepare(%L)', :'p')), 'procedure_not_found', 'is for whoever files');

select (t.body('planner', t.plan_call(:'p', t.result(), pp.current_boundaries(), pp.current_rules())) ->> 'id') as l \gset
select is(t.body('planner', format('pp_api.plan_show(%L)', :'l')) - '{id,procedure,geometry}'::text[], jsonb_build_object('number', 1, 'geometry_kind', 'area', 'subjects', '[{"subject": "WIND"}]'::jsonb,
	'sha256', encode(sha256(t.geometry()), 'hex'), 'source', jsonb_build_object('name', 'plan.gpkg', 'type', 'application/geopackage+sqlite3', 'sha256', encode(sha256('x'), 'hex')),
	'changes', '["Ring geschlossen"]'::jsonb, 'xplanung', null, 'dataset', '{"name": "VG", "date": "2016-01-01"}'::jsonb, 'engine', 'test 1', 'confirmed', false, 'created_at', '2026-02-02T00:00:00.000000Z',
	'announced_at', null, 'published_at', null), 'a plan names its source and version');
select is(t.body('planner', format('pp_api.plan_show(%L, ''en'')', :'l')) -> 'changes', '["closed a ring"]', 'what a repair changed, in English too');
select ok(st_equals(st_snaptogrid(st_transform(st_setsrid(st_geomfromgeojson(t.body('planner', format('pp_api.plan_show(%L)', :'l')) ->> 'geometry'), 4326), 25832), 0.01),
	st_snaptogrid(t.cell(2.5, 0.25, 3, 0.75), 0.01)), 'and its geometry in degrees');
select is(t.body('planner', format('pp_api.affected_show(%L)', :'l')) - '{plan,confirmed_at,sha256,diff}'::text[], t.result(), 'the engine''s words come back, field by field');
select is(t.body('planner', format('pp_api.affected_show(%L, ''en'')', :'l')) - '{plan,confirmed_at,sha256,diff}'::text[], t.result(), 'in German where a reason has no other words');
select is(pp_api.affected_worded('{"rule": "R05", "reason": "Rand", "reason_en": "edge"}', lang), format('{"rule": "R05", "reason": "%s"}', word)::jsonb, 'a reason in the language ' || lang)
	from (values ('de', 'Rand'), ('en', 'edge')) v (lang, word);
select is((t.body('planner', format('pp_api.affected_show(%L)', :'l')))::text like '%"distance_m": 0.0,%', true, 'digit by digit');
select is(t.body('planner', format('pp_api.affected_show(%L)', :'l')) -> 'diff', 'null', 'a first plan has no difference');
select is((select string_agg(body || rule || class, ' ' order by body, no) from pp.affected_evidence), '01998005R04PRUEFEN 01999001R05MUSS 01999001R04SOLL 01999002R04SOLL landesplanung-auR80SOLL',
	'one row of evidence per rule that fired');
select is(t.body('planner', t.plan_call(:'p', jsonb_set(t.result(), '{authorities}', '[{"body": "landesplanung-zz", "name": "Landesplanung ZZ", "land": "03", "class": "SOLL", "rules": []}, {"body": "nachbarstaat-dk", "name": "Königreich Dänemark", "land": null, "class": "PRUEFEN", "rules": []}]'),
	pp.current_boundaries(), pp.current_rules())) ->> 'number', '2', 'another version');
select is((select kind || source from pp.body where key = 'landesplanung-zz'), 'LANDESPLANUNGengine', 'an authority that nobody knew is known now');
select is((select kind || coalesce(land, '-') from pp.body where key = 'nachbarstaat-dk'), 'STAAT-', 'and so is another state');
select is(pp_api.subjects_json('[{"subject": "HAFEN"}, {"subject": "EINZELHANDEL", "catchment": "01030000000100000004000000000000000000000000000000000000000000000000000040000000000000000000000000000000400000000000000040000000000000000000000000000000000000"}]'),
	'[{"subject": "HAFEN"}, {"subject": "EINZELHANDEL", "catchment": {"type": "Polygon", "coordinates": [[[0, 0], [2, 0], [2, 2], [0, 0]]]}}]', 'a catchment is shown as GeoJSON');
select is(jsonb_path_query_array(t.body('planner', format('pp_api.plan_list(%L)', :'p')), '$.items[*].number'), '[2, 1]', 'all versions stay');
select is(t.body('planner', format('pp_api.procedure_show(%L, now())', :'p')) #>> '{plan,number}', '2', 'the newest is the procedure''s');
select is(t.outcome(who, format('select pp_api.plan_show(%L)', :'l')), 'plan_not_found', who || ' sees no plan') from unnest(array['anyone', 'nobody', 'cremm', 'ahrens', 'citizen']) who;
select is(t.outcome(who, format('select pp_api.affected_show(%L)', :'l')), 'plan_not_found', who || ' nor whom it affects') from unnest(array['anyone', 'cremm']) who;
select is(t.outcome('cremm', format('select pp_api.plan_list(%L)', :'p')), 'procedure_not_found', 'nor a list');
select is(t.outcome('anyone', 'select * from pp.' || what) || t.outcome('geometry', 'select * from pp.' || what), '4250142501', what || ' is closed')
	from unnest(array['plan', 'affected_municipality', 'affected_authority', 'affected_evidence', 'affected_decision', 'affected_set', 'affected_answer']) what;
select is(t.outcome('clerk', 'select * from pp.affected_decision'), '42501', 'decisions and their reasons are closed to the clerk, too');
select is((select query::text || answer || encode(sha256, 'hex') from pp.affected_answer where plan = :'l'), '{}' || t.result()::text || encode(sha256(convert_to(t.result()::text, 'UTF8')), 'hex'), 'the engine''s words are kept as they came');
select is(t.reply('planner', format('pp_api.affected_answer(%L)', :'l'))::text like format('(200,,%s,,%%', encode(sha256(convert_to(t.result()::text, 'UTF8')), 'hex')), true, 'under their hash');
select is(t.outcome('anyone', format('select pp_api.affected_answer(%L)', :'l')), 'plan_not_found', 'for whoever sees the plan');
select is(t.outcome('owner', 'update pp.affected_answer set answer = ''x''') || t.outcome('owner', 'delete from pp.affected_answer'), '2300123001', 'and stay');
select is(t.outcome(who, change), '23001', who || ': ' || change) from unnest(array['owner']) who, unnest(array['update pp.plan set engine = ''x''', 'update pp.plan set geom = null', 'delete from pp.plan',
	'update pp.affected_municipality set data = ''{}''', 'delete from pp.affected_evidence', 'truncate pp.affected_authority', 'delete from pp.affected_decision', 'delete from pp.affected_set']) change;
select is(t.outcome('planner', 'update pp.plan set engine = ''x''') || t.outcome('planner', 'delete from pp.plan') || t.outcome('planner', 'update pp.affected_municipality set data = ''{}'''), '425014250142501', 'the server changes none either');

-- Differences
select (t.body('planner', t.plan_call(:'p', jsonb_set(jsonb_set(t.result() #- '{municipalities,1}', '{municipalities,0,class}', '"SOLL"'), '{municipalities,1,ags}', '"01998004"'), pp.current_boundaries(), pp.current_rules())) ->> 'id') as m \gset
select is((t.body('planner', format('pp_api.affected_show(%L)', :'m')) -> 'diff') - 'plan', '{"added": [{"ags": "01998004", "name": "Forst", "class": "PRUEFEN"}],
	"removed": [{"ags": "01998005", "name": "Forst", "class": "PRUEFEN"}, {"ags": "01999002", "name": "Birken", "class": "SOLL"}],
	"changed": [{"ags": "01999001", "name": "Ahrens", "was": "MUSS", "class": "SOLL"}]}', 'a changed plan tells what changed');

-- Decisions, on a fresh version
select t.make_plan('planner', :'p', t.result(), '2026-02-05') as d \gset
create function t.decide(who text, plan uuid, action text, body text) returns text language sql as $$
	select t.outcome(who, format('select pp_api.affected_decide(%L, %L, ''2026-02-06'', null, null)', plan, jsonb_build_object('action', action, 'ags', body, 'reason', 'weil')))
$$;
create function t.do_decide(who text, plan uuid, action text, body text) returns jsonb language sql as $$
	select t.body(who, format('pp_api.affected_decide(%L, %L, ''2026-02-06'', null, null)', plan, jsonb_build_object('action', action, 'ags', body, 'reason', 'weil')))
$$;
create function t.members(plan uuid) returns text language sql as
$$ select t.value('planner', format('select string_agg(body || coalesce(class, ''-''), '' '' order by body) from pp_api.affected_members(%L)', plan)) $$;
select is(t.members(:'d'), '01998005PRUEFEN 01999001MUSS 01999002SOLL landesplanung-auSOLL', 'who is asked: not oneself');
select is(t.decide('planner', :'d', 'add', '01999001'), 'conflict', 'nobody is added twice');
select is(t.decide('planner', :'d', 'drop', '01998006'), 'conflict', 'nor dropped who is not there');
select is(t.decide('planner', :'d', 'drop', '02000000'), 'conflict', 'nor the planning municipality');
select is(t.decide('planner', :'d', 'add', '01990000'), 'body_not_found /ags', 'nor added who does not exist');
select is(t.decide('cremm', :'d', 'add', '01998006'), 'plan_not_found', 'another body decides nothing');
select is(t.do_decide('planner', :'d', 'add', '01998006') - '{id,plan}'::text[], '{"action": "add", "state": "effective", "reason": "weil", "by": "planner@example.org", "at": "2026-02-06T00:00:00.000000Z",
	"confirmed_by": null, "confirmed_at": null, "body": "01998006"}', 'a planner adds with a reason');
select is(jsonb_path_query_first(t.body('planner', format('pp_api.affected_show(%L)', :'d')), '$.municipalities[*] ? (@.ags == "01998006")') #- '{decision,id}',
	'{"ags": "01998006", "land": "01", "name": "Elm", "class": "SOLL", "kreis": "Bruchland", "distance_m": 17000.000, "cross_border": true,
	"rules": [{"rule": "R90", "unit": null, "class": "SOLL", "value": null, "metric": "manual", "reason": "weil", "source": "source", "threshold": null}],
	"decision": {"action": "add", "state": "effective", "reason": "weil", "by": "planner@example.org", "at": "2026-02-06T00:00:00.000000Z", "confirmed_by": null, "confirmed_at": null}}', 'it stands among the others');
select is(t.members(:'d'), '01998005PRUEFEN 01998006SOLL 01999001MUSS 01999002SOLL landesplanung-auSOLL', 'and is asked');
select is(t.do_decide('planner', :'d', 'drop', '01998006') ->> 'state', 'takes_back', 'what was added is taken back');
select is(t.members(:'d'), '01998005PRUEFEN 01999001MUSS 01999002SOLL landesplanung-auSOLL', 'then it is not');
select is(t.do_decide('planner', :'d', 'add', 'netz-gmbh') ->> 'state', 'effective', 'a body that is no municipality can be added');
select is(t.members(:'d'), '01998005PRUEFEN 01999001MUSS 01999002SOLL landesplanung-auSOLL netz-gmbhSOLL', 'beside the municipalities');
select is(t.do_decide('planner', :'d', 'drop', '01998005') ->> 'state', 'effective', 'what has to be looked at is dropped by one');
select is(t.decide('planner', :'d', 'drop', '01998005'), 'conflict', 'once');
select is(t.do_decide('planner', :'d', 'add', '01998005') ->> 'state', 'takes_back', 'and taken back');
select is(t.do_decide('planner', :'d', 'drop', '01998005') ->> 'state', 'effective', 'and dropped again');
select is(t.members(:'d'), '01999001MUSS 01999002SOLL landesplanung-auSOLL netz-gmbhSOLL', 'then it is not asked');
select t.do_decide('planner', :'d', 'drop', '01999001') as proposal \gset
select is(:'proposal'::jsonb ->> 'state', 'proposed', 'a MUSS takes two');
select is(t.members(:'d'), '01999001MUSS 01999002SOLL landesplanung-auSOLL netz-gmbhSOLL', 'so far it is asked');
create function t.second(who text, plan uuid, decision text) returns text language sql as
$$ select t.outcome(who, format('select pp_api.affected_decision_confirm(%L, %L, ''2026-02-07'', null, null)', plan, decision)) $$;
select is(t.outcome('planner', format('select pp_api.affected_confirm(%L, ''2026-02-07'', null, null)', :'d')), 'decision_pending', 'while it is open the set cannot be confirmed');
select is(t.second('planner', :'d', :'proposal'::jsonb ->> 'id'), 'second_person_required', 'not the same person');
select is(t.second('cremm', :'d', :'proposal'::jsonb ->> 'id'), 'plan_not_found', 'nor another body');
select is(t.second('planner2', :'l', :'proposal'::jsonb ->> 'id'), 'decision_not_found', 'nor on another plan');
select is(t.second('planner2', :'d', pp.uuid7(now())::text), 'decision_not_found', 'nor what does not exist');
select throws_ok(format('update pp.affected_decision set confirmed_by = decided_by, confirmed_at = now() where id = %L', :'proposal'::jsonb ->> 'id'), '23514', null, 'the table knows it too');
select is(t.body('planner2', format('pp_api.affected_decision_confirm(%L, %L, ''2026-02-07'', null, null)', :'d', :'proposal'::jsonb ->> 'id')) - '{id,plan,at,action,body,reason}'::text[],
	'{"by": "planner@example.org", "state": "effective", "confirmed_by": "planner2@example.org", "confirmed_at": "2026-02-07T00:00:00.000000Z"}', 'but a colleague');
select is(t.second('planner2', :'d', :'proposal'::jsonb ->> 'id'), 'conflict', 'once');
select is(t.members(:'d'), '01999002SOLL landesplanung-auSOLL netz-gmbhSOLL', 'then the MUSS is not asked');

-- Confirmation
select is(t.outcome('cremm', format('select pp_api.affected_confirm(%L, ''2026-02-08'', null, null)', :'d')), 'plan_not_found', 'another body confirms nothing');
select t.body('planner', format('pp_api.affected_confirm(%L, ''2026-02-08'', null, null)', :'d')) as confirmed \gset
select is(:'confirmed'::jsonb ->> 'confirmed_at', '2026-02-08T00:00:00.000000Z', 'the set is confirmed');
select is(:'confirmed'::jsonb ->> 'sha256', t.value('planner', format($$select encode(sha256(convert_to(pp_api.affected_content(%L), 'UTF8')), 'hex')$$, :'d')), 'its hash can be computed again');
select is(t.outcome('planner', format('select pp_api.affected_confirm(%L, ''2026-02-08'', null, null)', :'d')), 'affected_confirmed', 'once');
select is(t.decide('planner', :'d', 'add', '01998006'), 'affected_confirmed', 'then nobody is added');
select is(t.outcome('planner', format($$insert into pp.affected_municipality (plan, ags, data) values (%L, '01998006', '{"ags": "01998006", "class": "MUSS", "distance_m": 1, "cross_border": true}')$$, :'d')), '23001', 'not past the functions either');
select is(t.outcome('planner', format($$update pp.affected_decision set state = 'taken_back' where plan = %L$$, :'d')), '23001', 'decisions are frozen with it');

-- Published, without reasons and persons
select t.reply('planner', format('pp_api.procedure_publish(%L, ''2026-02-09'', null, null)', :'p')) is not null;
select is((t.reply('anyone', format('pp_api.plan_show(%L)', :'d'))).status, 200, 'the public sees the newest plan when the procedure is published');
select is(t.outcome('anyone', format('select pp_api.plan_show(%L)', :'l')), 'plan_not_found', 'not the ones before');
select is(jsonb_path_query_array(t.body('anyone', format('pp_api.affected_show(%L)', :'d')), '$.municipalities[*].decision.reason')
	|| jsonb_path_query_array(t.body('anyone', format('pp_api.affected_show(%L)', :'d')), '$.*[*].decision.by'), '[null, null, null, null, null]', 'who decided and why is the planners'' matter');
select is(t.body('anyone', format('pp_api.affected_show(%L)', :'d')) -> 'diff', 'null', 'nor is there a difference to what is not public');

-- What an XPlanGML file says of its plan: kept as it came, read where it can be
select is(pp_api.plan_xplanung(jsonb_build_object('object', object, 'version', version, 'rechtsstand', code), kind, 'en'),
	jsonb_build_object('object', object, 'version', version, 'rechtsstand', case when code is not null then jsonb_build_object('code', code, 'state', state) end, 'warnings', warnings::jsonb), concat_ws(' ', object, version, code, kind))
	from (values ('BP_Plan', '6.0', '2400', 'BP_13', 'BETEILIGUNG', '[]'), ('BP_Plan', '4.1', '4000', 'BP_REGEL', 'IN_KRAFT', '[]'), ('BP_Plan', '5.4', null, 'BP_REGEL', null, '[]'),
	('FP_Plan', '5.2', '4000', 'FNP', 'IN_KRAFT', '[]'), ('RP_Plan', '6.0', '2004', 'ROP_REG', 'RUHT', '[]'), ('RP_Plan', '6.0', '5500', 'ROP_LAND', 'IN_KRAFT', '[]'),
	('FP_Plan', '6.0', '4500', 'FNP', null, '["The Rechtsstand \"4500\" is not in the list FP_Rechtsstand; it is kept, and no state is read from it."]'),
	('BP_Plan', '6.0', ' 2400', 'BP_13', null, '["The Rechtsstand \" 2400\" is not in the list BP_Rechtsstand; it is kept, and no state is read from it."]'),
	('FP_Plan', '6.0', '4000', 'BP_13', null, '["FP_Plan is no plan of a procedure of the kind BP_13; its Rechtsstand \"4000\" says nothing about this one."]'),
	('LP_Plan', '6.0', '1000', 'FNP', null, '["LP_Plan is no plan of a procedure of the kind FNP; its Rechtsstand \"1000\" says nothing about this one."]')) v (object, version, code, kind, state, warnings);
select is(pp_api.plan_xplanung(null, 'BP_REGEL', 'de'), null, 'of another file nothing');
select is(pp_api.plan_xplanung(jsonb_build_object('object', 'BP_Plan', 'version', '6.0', 'rechtsstand', code), kind, 'de') -> 'warnings' ->> 0, warning, 'in German: ' || code)
	from (values ('7', 'BP_13', 'Der Rechtsstand „7“ steht nicht in der Liste BP_Rechtsstand; er bleibt vermerkt, ein Stand folgt daraus nicht.'),
	('1000', 'FNP', 'BP_Plan ist kein Plan eines Verfahrens der Art FNP; sein Rechtsstand „1000“ sagt über dieses nichts.')) v (code, kind, warning);
select is((select string_agg(concat_ws(' ', c.list, c.code), ', ') from pp.xplanung_code c, unnest(c.kinds) k where c.field = 'rechtsstand' and c.direction in ('BEIDE', 'LESEN')
	and pp_api.xplanung_state(c.list, k, c.code) is distinct from c.ours), null, 'every code that can be read is read as its row says');
select t.make_procedure('planner', 'Aus einer Datei', '2026-02-01 10:00+00') as x \gset
select (t.body('planner', replace(t.plan_call(:'x', t.result(), pp.current_boundaries(), pp.current_rules()), 'null, ''2026-02-02',
	format('%L, ''2026-02-02', jsonb_build_object('object', 'BP_Plan', 'version', '6.0', 'rechtsstand', repeat('9', 200))))) ->> 'id') as y \gset
select is((select xplanung ->> 'rechtsstand' from pp.plan where id = :'y'), repeat('9', 100), 'a text that is no code is kept in part');
select is(t.body('planner', format('pp_api.plan_list(%L)', :'x')) #> '{items,0,xplanung,rechtsstand}', jsonb_build_object('code', repeat('9', 100), 'state', null), 'and shown in the list');
select is(t.body('planner', format('pp_api.procedure_show(%L, now())', :'x')) ->> 'state', 'ANGELEGT', 'no code moves a procedure');
select is(t.outcome('owner', 'update pp.plan set xplanung = null'), '23001', 'what the file says stays');
select * from finish();
