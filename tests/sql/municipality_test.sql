-- SPDX-License-Identifier: EUPL-1.2
-- Boundaries by version, municipalities, neighbours, who administers whom, rules.
set client_min_messages = warning;
select plan(85);

-- Reading, by the public
select is(t.body('anyone', $$pp_api.municipality_list(null, null, null, 3, null)$$) #>> '{municipalities,0}',
	'{"ags": "01998004", "land": "01", "name": "Damm", "kreis": "Bruchland", "kreis_key": "01998", "designation": "Gemeinde", "unincorporated": false}',
	'a municipality names its Kreis and Land');
select is(jsonb_path_query_array(t.body('anyone', $$pp_api.municipality_list(null, null, null, 3, null)$$),
	'$.municipalities[*].ags'), '["01998004", "01998005", "01998006"]', 'a list goes by AGS');
select is(t.walk('anyone', 'pp_api.municipality_list(null, null, null, 3, %L)', '$.municipalities[*].ags'),
	'["01998004", "01998005", "01998006", "01999001", "01999002", "01999003", "02000000"]', 'its next pages go on');
select is((t.reply('anyone', 'pp_api.municipality_list(null, null, null, 7, null)')).next, null, 'the last page has no next');
select is(jsonb_path_query_array(t.body('anyone', $$pp_api.municipality_list('rEm', null, null, null, null)$$), '$.municipalities[*].name'),
	'["Cremm"]', 'part of a name finds it, in any case');
select is(jsonb_path_query_array(t.body('anyone', $$pp_api.municipality_list('%', null, null, null, null)$$), '$.municipalities[*].name'),
	'[]', 'a percent sign is one');
select is(jsonb_path_query_array(t.body('anyone', $$pp_api.municipality_list('01999', null, null, null, null)$$), '$.municipalities[*].name'),
	'["Ahrens", "Birken", "Cremm"]', 'digits are the beginning of the AGS');
select is(jsonb_path_query_array(t.body('anyone', $$pp_api.municipality_list(null, '02', null, null, null)$$), '$.municipalities[*].name'),
	'["Elbstadt"]', 'or all of a Land');
create temporary table box as select format('%s,%s,%s,%s', st_xmin(b), st_ymin(b), st_xmax(b), st_ymax(b)) as bbox
	from st_transform(t.cell(20.4, 0.4, 20.6, 0.6), 4326) b;
select is(jsonb_path_query_array(t.body('anyone', format($$pp_api.municipality_list(null, null, %L, null, null)$$, bbox)), '$.municipalities[*].name'),
	'["Elm"]', 'or what meets a box') from box;
select is(t.body('anyone', $$pp_api.municipality_list(null, null, '100,0,110,10', null, null)$$) -> 'municipalities', '[]',
	'a box in China meets none');
select is(t.outcome('anyone', format('select pp_api.municipality_list(null, null, %L, null, null)', b)), 'invalid_parameter',
	'no box: ' || b) from unnest(array['1,2,3', '9,53,8,54', '9,54,10,53', 'a,b,c,d', '0,0,0,91', '1e9,0,1,1', '']) b;

select is(t.body('anyone', $$pp_api.municipality_show('01999001', '2026-02-01')$$) - 'bbox',
	'{"ags": "01999001", "ars": "019990000001", "land": "01", "name": "Ahrens", "kreis": "Auental", "kreis_key": "01999", "area_m2": 1000000.0, "designation": "Gemeinde", "unincorporated": false,
	"mailbox": {"body": "019995001", "kind": "AMT", "name": "Amt Auental"}, "dataset": {"name": "VG", "date": "2016-01-01"}}', 'one in full');
select is(t.body('anyone', $$pp_api.municipality_show('01999002', '2026-07-01T00:00+02')$$) #>> '{mailbox,body}', '01999002',
	'its mailbox is its own when the Amt''s time is over');
select is(t.body('anyone', $$pp_api.municipality_show('01999002', '2026-06-30T23:59:59+02')$$) #>> '{mailbox,body}', '019995001',
	'and not before');
select is(t.body('anyone', $$pp_api.municipality_show('01998005', '2026-02-01')$$) #>> '{mailbox,body}', '01998', 'an unincorporated area has the Kreis''s');
select is(t.outcome('anyone', $$select pp_api.municipality_show('01999009', '2026-02-01')$$), 'municipality_not_found', 'there is no other');
select is(t.outcome('anyone', $$select pp_api.municipality_neighbours('1', null)$$), 'municipality_not_found', 'nor neighbours of one');
select is(t.body('anyone', $$pp_api.municipality_neighbours('02000000', null)$$) -> 'neighbours',
	'[{"ags": "01998004", "land": "01", "name": "Damm", "kreis": "Bruchland", "contact": "point", "cross_border": true, "shared_border_m": 0.000},
	{"ags": "01999001", "land": "01", "name": "Ahrens", "kreis": "Auental", "contact": "line", "cross_border": true, "shared_border_m": 1000.000},
	{"ags": "01999002", "land": "01", "name": "Birken", "kreis": "Auental", "contact": "line", "cross_border": true, "shared_border_m": 1000.000},
	{"ags": "01999003", "land": "01", "name": "Cremm", "kreis": "Auental", "contact": "line", "cross_border": true, "shared_border_m": 1000.000}]',
	'neighbours by line and by point');
select is(jsonb_path_query_array(t.body('anyone', $$pp_api.municipality_neighbours('01999001', true)$$), '$.neighbours[*].ags'), '["02000000"]', 'across the border');
select is(jsonb_path_query_array(t.body('anyone', $$pp_api.municipality_neighbours('01999001', false)$$), '$.neighbours[*].ags'),
	'["01998005", "01999002"]', 'or not');

-- Versions
select is(t.outcome('owner', $$select t.import('VG', '2024-01-01', '2026-03-01')$$), 'done', 'a newer version can be imported');
select t.value('owner', $$select t.import('VG', '2024-01-01', '2026-03-01')$$);
select is((select count(*) from pp.boundary_version), 2::bigint, 'then there are two');
select is((select valid_to::text || (successor = (select max(id) from pp.boundary_version)) from pp.boundary_version order by id limit 1),
	'2026-03-01 00:00:00+00true', 'the old one has an end and a successor');
select is(t.body('anyone', $$pp_api.municipality_list(null, null, null, 1, null)$$) -> 'dataset', '{"name": "VG", "date": "2024-01-01"}', 'the new one answers');
select is((select count(*) from pp.municipality), 14::bigint, 'the old one is kept');
select throws_ok($$insert into pp.boundary_version (level, dataset, dataset_date, accuracy_m, valid_from, source_sha256, report)
	values ('municipality', 'X', '2020-01-01', 1, '2026-04-01', sha256(''), '{}')$$, '23P01', null, 'two cannot be in force');
select is((select kind || public || (data ->> 'date') from pp.event order by id desc limit 1), 'boundaries.importedtrue2024-01-01', 'an event tells');
select is(t.outcome('owner', 'update pp.municipality set name = ''x''') || t.outcome('owner', 'delete from pp.municipality')
	|| t.outcome('owner', 'truncate pp.adjacency') || t.outcome('owner', 'delete from pp.boundary_version')
	|| t.outcome('owner', $$update pp.boundary_version set dataset = 'x'$$), '2300123001230012300123001', 'a version never changes');
create function t.import_bad(how text) returns bigint language plpgsql as $$
begin
	perform pp_api.import_begin();
	if how = 'ags' then
		insert into import_municipality select '0' || ags, null, name, null, null, false, st_asbinary(geom) from t.country;
	elsif how = 'twice' then
		insert into import_municipality select ags, null, name, null, null, false, st_asbinary(geom) from t.country, generate_series(1, 2);
	end if;
	return pp_api.boundaries_import('municipality', null, 'X', '2026-01-01', 1, sha256(''), '{}', '2026-05-01');
end
$$;
select is(t.outcome('owner', $$select t.import_bad('ags')$$), 'invalid_body', 'keys that are none are refused');
select is(t.outcome('owner', $$select t.import_bad('empty')$$), 'invalid_body', 'so is nothing');
select is(t.outcome('owner', $$select t.import_bad('twice')$$), '23505', 'and the same twice');
-- Imports a border of the state, says what became of it, and takes everything back.
create function t.import_border(state text, wkt text) returns text language plpgsql as $$
begin
	perform pp_api.import_begin();
	insert into import_municipality select ags, null, name, null, null, false, st_asbinary(geom) from t.country;
	insert into import_state_border values (state, 'Königreich Dänemark', st_asbinary(wkt::geometry));
	perform pp_api.boundaries_import('municipality', null, 'X', '2026-01-01', 1, sha256(''), '{}', '2026-05-01');
	raise exception using errcode = 'ZZ001', message = (select string_agg(concat_ws(' ', b.no, b.state, b.name, st_astext(b.geom)), ', ' order by b.no)
		from pp.state_border b where b.boundary_version = pp.current_boundaries());
exception when sqlstate 'ZZ001' then
	return sqlerrm;
end
$$;
select is(t.value('owner', $$select t.import_border('dk', 'LINESTRING(0 0,1 1)')$$), '1 dk Königreich Dänemark MULTILINESTRING((0 0,1 1))', 'a border of the state comes with a version');
select is(t.outcome('owner', $$select t.import_border('Dänemark!', 'LINESTRING(0 0,1 1)')$$) || t.outcome('owner', $$select t.import_border('dk', 'POINT(0 0)')$$), '2351422023', 'with a short name, as lines');
select is(t.outcome('owner', 'delete from pp.state_border') || t.outcome('geometry', 'select * from pp.state_border') || t.outcome('planner', 'insert into pp.state_border select * from pp.state_border'), '23001done42501', 'it stays, and geometry workers read it');
create function t.import_districts(parent text, at timestamptz) returns bigint language plpgsql as $$
begin
	perform pp_api.import_begin();
	insert into import_municipality select '02000000-' || n, null, 'Bezirk ' || n, null, null, false,
		st_asbinary(t.cell(n - 1, 0, n, 3)) from generate_series(1, 3) n;
	return pp_api.boundaries_import('district', parent, 'Bezirke', '2026-01-01', 1, sha256(''), '{}', at);
end
$$;
select is(t.outcome('owner', $$select t.import_districts('01999009', '2026-05-01')$$), 'municipality_not_found', 'districts need their municipality');
select t.value('owner', $$select t.import_districts('02000000', '2026-05-01')$$);
select is((select string_agg(key || ' ' || name || ' ' || parent, ', ' order by key) from pp.body where kind = 'BEZIRK'),
	'02000000-1 Bezirk Elbstadt-Ost 02000000, 02000000-2 Bezirk 2 02000000, 02000000-3 Bezirk 3 02000000', 'districts are bodies; a maintained name stays');
select is(t.outcome('anyone', $$select pp_api.municipality_show('02000000-1', '2026-05-02')$$), 'municipality_not_found', 'a district is no municipality');

-- Bodies and rules
select is((select string_agg(key || ' ' || kind, ', ' order by key) from pp.body where key like '01998%'),
	'01998 KREIS, 01998004 GEMEINDE, 01998005 GEMEINDEFREIES_GEBIET, 01998006 GEMEINDE', 'boundaries bring their bodies');
select throws_ok($$insert into pp.administration values ('01999001', '01998', 'AMT', '2020-01-01', null, 'x')$$, '23P01', null, 'one Amt at a time');
select is(t.outcome('owner', $$select t.import_rules('500', '2026-06-01')$$), 'rules_in_force', 'the same rules again are refused');
select is((select count(*) from pp.rule_version), 1::bigint, 'truly');
select ok(t.value('owner', $$select t.import_rules('600', '2026-06-02')$$)::bigint > 1, 'others are a new version');
select is((select count(*) from pp.rule_version where valid_to is null), 1::bigint, 'one is in force');
select is((select string_agg(id || coalesce(threshold::text, '-'), ' ' order by row_no) from pp.affected_rule where rule_version = pp.current_rules()),
	'R01- R04600 R90-', 'with its rows in their order');
select is(t.outcome('owner', 'delete from pp.affected_rule') || t.outcome('owner', 'truncate pp.rule_version cascade'), '2300123001', 'which stay');

-- Who reads
select is(t.value('geometry', 'select (select count(*) from pp.municipality) > 0 and (select count(*) from pp.adjacency) > 0
	and (select count(*) from pp.affected_rule) > 0 and (select count(*) from pp_api.planning_authority) > 0'), 'true', 'geometry workers read boundaries and rules');
select is(t.outcome('geometry', 'select * from pp.body') || t.outcome('geometry', 'select * from pp.event')
	|| t.outcome('geometry', 'select * from pp.idempotency_key'), '425014250142501', 'and nothing else');
select is(t.outcome(who, $$insert into pp.municipality_succession values ('1', '2', '2026-01-01', 'MERGE', 'x')$$), '42501', who || ' writes no boundaries')
	from unnest(array['nobody', 'anyone', 'geometry', 'clerk']) who;

-- Indexes, in a country of ten thousand
insert into pp.municipality (boundary_version, ags, name, kreis_name, area_m2, geom)
	select pp.current_boundaries(), '03' || lpad(n::text, 6, '0'), 'Ort ' || md5(n::text), 'Sand', 1,
		st_multi(t.cell(100 + n % 100, 100 + n / 100, 101 + n % 100, 101 + n / 100))
	  from generate_series(1, 10000) n;
insert into pp.adjacency (boundary_version, ags, neighbour, contact, shared_border_m, border)
	select pp.current_boundaries(), '03' || lpad(n::text, 6, '0'), '03' || lpad((n + 1)::text, 6, '0'), 'line', 1000, 'srid=25832;linestring(0 0, 1000 0)'
	  from generate_series(1, 9999) n;
analyze pp.municipality, pp.adjacency;
create temporary table asking as select unnest('{anyone,nobody,citizen,planner,amt,land,root}'::text[]) as who;
select ok(t.uses_index(who, $$select pp_api.municipality_list('rem', null, null, null, null)$$, 'pp.municipality_name'), 'names have an index for ' || who) from asking;
select ok(t.uses_index(who, format('select pp_api.municipality_list(null, null, %L, null, null)', bbox), 'pp.municipality_geom'), 'boxes have one for ' || who) from box, asking;
select ok(t.uses_index(who, $$select pp_api.municipality_list('01999', null, null, null, null)$$, 'pp.municipality_pkey'), 'keys have one for ' || who) from asking;
select ok(t.uses_index(who, $$select pp_api.municipality_neighbours('02000000', null)$$, 'pp.adjacency_pkey'), 'neighbours have one for ' || who) from asking;
select * from finish();
