-- SPDX-License-Identifier: EUPL-1.2
-- The register of public agencies: imported by the line, found by theme and place.
set client_min_messages = warning;
select no_plan();

-- Rows of a table, each "key name kind themes areas kinds channel valid_from valid_to wkt", imported as the owner does.
create function t.stage(variadic lines text[]) returns void language plpgsql as $$
begin
	perform pp_api.import_begin();
	insert into import_body (key, name, kind, land, parent, mail, themes, areas, kinds, channel, valid_from, valid_to, area_wkt, line)
		select c[1], 'Stelle ' || c[1], 'FACHBEHOERDE', '', '', '', c[2], c[3], c[4], c[5], nullif(c[6], '')::date, nullif(c[7], '')::date, c[8], n + 1
		  from unnest(lines) with ordinality l (line, n), string_to_array(l.line || repeat(';', 8), ';') c;
end
$$;
create function t.register(at timestamptz, variadic lines text[]) returns void language plpgsql as $$
begin
	perform t.stage(variadic lines), pp_api.administration_import(at);
end
$$;
create function t.wrong(variadic lines text[]) returns text language plpgsql as $$
declare
	result text := 'done';
begin
	begin
		perform t.stage(variadic lines);
		perform pp_api.agency_check();
		raise exception using errcode = 'PPEND';
	exception when sqlstate 'PPEND' then
		null;
	when sqlstate 'PP001' then
		get stacked diagnostics result = pg_exception_detail;
	end;
	return result;
end
$$;
grant execute on all functions in schema t to pp_owner;

set session authorization pp_owner;
begin;
select t.register('2026-01-15', 'unb;NATURSCHUTZ|WASSER;01999', 'denkmal;DENKMAL;01;FNP*|BP_*;EMAIL;2026-02-01;2026-06-30',
	'netz;ENERGIE;;;;2026-01-01;;POLYGON((562500 5940000,563500 5940000,563500 5941000,562500 5941000,562500 5940000))',
	'bund;BUNDESWEHR;00', 'stadt;STRASSE;02000000|01999001');
commit;
reset session authorization;

select is(t.body('anyone', 'pp_api.body_show(''denkmal'', ''2026-02-01'')') -> 'agency',
	'{"kinds": ["BP_*", "FNP*"], "channel": "EMAIL", "valid_from": "2026-02-01", "valid_to": "2026-06-30", "themes": ["DENKMAL"], "areas": [{"kind": "LAND", "key": "01", "name": "Land Auen"}]}',
	'everybody sees the entry of a body');
select is(t.body('anyone', 'pp_api.body_show(''01999001'', ''2026-02-01'')') -> 'agency', 'null', 'most bodies have none');

-- Found by theme and place. The oracle knows the country: 01999 is Ahrens, Birken, Cremm; the polygon lies in Elbstadt and Ahrens.
create function t.listed(theme text, area text, day date) returns text language sql as $$
	select (select string_agg(i ->> 'body', ' ' order by i ->> 'body') from jsonb_array_elements(t.body('anyone', format('pp_api.body_list(null, null, null, %L, %L, %L, 500, null)', $1, $2, $3)) -> 'items') i)
$$;
select is(t.listed(theme, area, day::date), bodies, format('%s in %s on %s: %s', coalesce(theme, 'any'), coalesce(area, 'any'), day, coalesce(bodies, 'nobody')))
	from (values ('NATURSCHUTZ', null, '2026-02-01', 'unb'), ('WASSER', '01999002', '2026-02-01', 'unb'), ('WASSER', '01998004', '2026-02-01', null),
		(null, '01999001', '2026-02-01', 'bund denkmal netz stadt unb'), (null, '01999001', '2026-01-20', 'bund netz stadt unb'), (null, '01999001', '2026-07-01', 'bund netz stadt unb'),
		(null, '02000000', '2026-02-01', 'bund netz stadt'), (null, '01998006', '2026-06-30', 'bund denkmal'), ('ENERGIE', '01999003', '2026-02-01', null),
		('BERGBAU', null, '2026-02-01', null)) v (theme, area, day, bodies);
select ok((select count(*) from jsonb_array_elements(t.body('anyone', 'pp_api.agency_theme_list(''en'')') -> 'items') i where i ->> 'label' <> ''
	and jsonb_array_length(i -> 'touched_by') > 0) = (select count(*) from pp.agency_theme), 'every theme has a label, and plans that touch it');

-- What is wrong is named by line and column, and then nothing is imported.
select is(t.wrong('ok;WASSER;01', line), 'Line 3, column ' || wrong, wrong) from (values
	('x;WASER;01', 'themes: "WASER" is no theme.'), ('x;WASSER;1', 'areas: "1" is no Land, Kreis or municipality.'),
	('x;WASSER;01999009', 'areas: "01999009" is no Land, Kreis or municipality.'), ('x;WASSER;17', 'areas: "17" is no Land, Kreis or municipality.'),
	('x;WASSER', 'areas: "" names no place, and there is no area_wkt.'), ('x;WASSER;01;BPX', 'kinds: "BPX" is no kind of procedure.'),
	('x;WASSER;01;;FAX', 'channel: "FAX" is neither PORTAL nor EMAIL nor POST.'), ('x;WASSER;01;;;2026-02-02;2026-02-01', 'valid_to: "2026-02-01" is before valid_from.'),
	('x;WASSER;;;;;;POLYGON((', 'area_wkt: "POLYGON((" is no WKT.'), ('x;WASSER;;;;;;POINT(560000 5940000)', 'area_wkt: "POINT(560000 5940000)" is no polygon.'),
	('x;WASSER;;;;;;POLYGON((9.9 53.6,9.9 53.7,10 53.7,9.9 53.6))', 'area_wkt: "POLYGON((9.9 53.6,9.9 53.7,10 53.7,9.9 53.6))" does not lie in Germany (EPSG:25832, metres).'),
	('x;;01', 'themes: "" names no theme, but the line goes on with an area or days.')) v (line, wrong);
select alike(t.wrong('x;WASSER;;;;;;POLYGON((560000 5940000,560100 5940100,560100 5940000,560000 5940100,560000 5940000))'), 'Line 2, column area_wkt: % is not valid: Self-intersection%', 'a bow tie');
select is(t.wrong('x;WASSER;03999999', 'y;WASSER;16|05|00'), 'done', 'a Land that the boundaries do not reach is not judged');
select is(t.outcome('nobody', what), '42501', 'the server may not ' || what) from unnest(array['insert into pp.agency values (''unb'', ''{}'', null, ''2026-01-01'')',
	'delete from pp.agency_area', 'update pp.agency_theme set label_de = ''x''', 'select pp_api.agency_import(''2026-01-01'')']) what;

-- What would change is shown before; an empty cell leaves an entry, "-" ends it.
create function t.diff(at timestamptz, variadic lines text[]) returns text language plpgsql as $$
declare
	result text;
begin
	begin
		perform t.stage(variadic lines);
		select string_agg(format('%s %s: %s -> %s', d.key, d.what, d.before, d.after), E'\n') into result from pp_api.bodies_diff(at) d;
		raise exception using errcode = 'PPEND';
	exception when sqlstate 'PPEND' then
		null;
	end;
	return result;
end
$$;
select is(t.diff('2026-03-01', 'unb;WASSER|BODEN;01999|02;;POST', 'denkmal;-', 'bund', 'stadt;STRASSE;01999001|02000000'), E'denkmal valid_to: 2026-06-30 -> 2026-02-28
unb themes: NATURSCHUTZ|WASSER -> BODEN|WASSER\nunb areas: 01999 -> 01999|02\nunb channel:  -> POST', 'the changes, and only they');
select alike(t.diff('2026-03-01', 'netz;ENERGIE;;;;2026-01-01;;POLYGON((562500 5940000,563500 5940000,563500 5941500,562500 5941000,562500 5940000))'),
	'netz area_wkt: 1.000 km² (%) -> 1.250 km² (%)', 'areas of their own by size and sum');
select is(t.diff('2026-03-01', 'netz;ENERGIE;;;;2026-01-01;;POLYGON((563500 5940000,563500 5941000,562500 5941000,562500 5940000,563500 5940000))'), null, 'the same area in other words is the same');
set session authorization pp_owner;
begin;
select t.register('2026-03-01', 'denkmal;-', 'bund', 'unb;WASSER;02');
commit;
reset session authorization;
select is((select valid_to from pp.agency where body = 'denkmal'), '2026-02-28'::date, 'it has ended');
select is(t.listed('WASSER', '01999002', '2026-03-01') is null and t.listed('WASSER', '02000000', '2026-03-01') = 'unb', true, 'a line is the whole entry');
select is(t.listed('BUNDESWEHR', null, '2026-03-01'), 'bund', 'and an empty one leaves it');
select is((select count(*) from pp.audit_entry e where e.relation = 'body' and e.key = 'netz'), 1::bigint, 'the bodies are recorded');

-- Proposals. The oracle takes the country apart by itself: for any plan, whoever holds an area that it lies in or near.
create function t.areas() returns table (key text, geom geometry) language sql as $$
	select k, ST_Union(c.geom) from t.country c, unnest(array['00', left(c.ags, 2), left(c.ags, 5), c.ags]) k group by k
$$;
create function t.expected(plan geometry) returns table (body text, key text, area numeric) language sql as $$
	select r.body, coalesce(r.key, 'own'), ST_Area(ST_Intersection(coalesce(r.geom, k.geom), plan))::numeric
	  from pp.agency_area r left join t.areas() k on k.key = r.key where ST_Distance(coalesce(r.geom, k.geom), plan) <= 100
$$;
create function t.differs(plan geometry) returns bool language sql as $$
	select exists (select from t.expected(plan) e
		full join (select g.body, coalesce(r.key, 'own') as key, g.area_m2 from pp_api.agency_areas_at(plan, pp.current_boundaries()) g
			join pp.agency_area r on r.body = g.body and r.no = g.no) a using (body, key)
		where (abs(e.area - a.area_m2) <= 0.01) is not true)
$$;
set session authorization pp_owner;
begin;
select t.register('2026-03-02', 'damm;FEUERWEHR|WASSER;01998004', 'kreise;FORST;01998|01999', 'luft;LUFTFAHRT;02', 'nur-fnp;BODEN;01|02;FNP*', 'spaeter;BODEN;02;;;2027-01-01');
commit;
reset session authorization;
select setseed(0.25);
create temporary table random_plan as select n, ST_Buffer(ST_SetSRID(ST_Point(559500 + 6000 * random(), 5939500 + 5000 * random()), 25832), 20 + 1200 * random() ^ 2, case when n % 2 = 0 then 1 else 8 end) as geom
	from generate_series(1, 200) n;
select is((select count(*) from random_plan where t.differs(geom)), 0::bigint, 'two hundred plans anywhere: the same areas, the same overlap');
select ok((select count(distinct (select string_agg(e::text, ' ' order by e) from t.expected(geom) e)) from random_plan) > 100, 'which are not all alike');
select is(t.uses_index('anyone', format('select pp_api.agency_areas_at(%L, pp.current_boundaries())', t.cell(0.5, 0.5, 1, 1)), 'pp.' || index), true, 'found by ' || index)
	from unnest('{municipality_geom,agency_area_geom,agency_area_key}'::text[]) index;
create function t.proposed(plan geometry, kind text, subjects jsonb, planners text[], day date) returns text language sql as $$
	select string_agg(a ->> 'body', ' ' order by n) from jsonb_array_elements(pp_api.agencies_proposed(plan, pp.current_boundaries(), kind, subjects, planners, day, 'de')) with ordinality e (a, n)
$$;
select is(t.proposed(t.cell(2.5, 0.25, 3, 0.75), kind, subjects::jsonb, planners::text[], day::date), bodies, format('%s %s %s: %s', kind, subjects, day, bodies)) from (values
	('BP_REGEL', null, '{}', '2026-03-02', 'bund netz stadt unb kreise'), ('FNP', null, '{}', '2026-03-02', 'bund netz nur-fnp stadt unb kreise'),
	('BP_REGEL', '[{"subject": "WIND"}]', '{}', '2026-03-02', 'bund luft netz stadt unb kreise'), ('BP_REGEL', null, '{netz,stadt}', '2026-03-02', 'bund unb kreise'),
	('BP_REGEL', null, '{}', '2027-01-01', 'bund netz spaeter stadt unb kreise')) v (kind, subjects, planners, day, bodies);
select is(pp_api.agencies_proposed(t.cell(2.5, 0.25, 3, 0.75), pp.current_boundaries(), 'BP_REGEL', null, '{}', '2026-03-02', 'en') -> 1 -> 'rules' -> 0,
	'{"theme": "ENERGIE", "label": "Energy and its lines", "area": {"kind": "POLYGON", "key": null, "name": null}, "distance_m": 0.000, "overlap_m2": 250000.000, "borderline": false,
	  "share_percent": 100.0, "source": "§ 1 Abs. 6 Nr. 8 Buchst. e BauGB", "reason": "Energy and its lines: competent for an area of its own, where the plan lies."}', 'with evidence');
select is((select string_agg(concat_ws(' ', r ->> 'overlap_m', r ->> 'share_percent', r ->> 'inside', r ->> 'borderline'), '; ' order by r #>> '{area,key}') from jsonb_array_elements(pp_api.agencies_proposed(
	plan::geometry, pp.current_boundaries(), 'PFV', null, '{}', '2026-03-02', 'de')) a, jsonb_array_elements(a -> 'rules') r where a ->> 'body' = 'stadt'), evidence, evidence) from (values
	('SRID=25832;LINESTRING(562000 5940500,563400 5940500)', '400.000 28.6 false; 1000.000 71.4 false'), ('SRID=25832;POINT(561000 5941000)', 'true false'),
	('SRID=25832;POINT(563040 5940500)', 'true false; true')) v (plan, evidence);
-- A record and its preview agree.
select t.make_procedure('planner', 'Am Rand', '2026-03-03') as p \gset
select t.make_plan('planner', :'p', t.result(), '2026-03-03') as l \gset
select is(t.body('planner', format('pp_api.affected_show(%L, ''de'', ''toeb'', ''2026-03-03'')', :'l')) -> 'agencies',
	t.body('anyone', format('pp_api.agency_preview(''{"a": 1}'', %L, pp.current_boundaries(), ''{"kind": "BP_REGEL", "planning_municipalities": ["02000000"]}'', ''2026-03-03'', ''de'')', t.geometry())) -> 'agencies', 'a record and its preview agree');
select is(t.body('planner', format('pp_api.affected_show(%L)', :'l')) ? 'agencies', false, 'only whoever asks for them gets them');

-- Lists: kept by one body, used by whoever may see them.
create function t.list(who text, body jsonb) returns text language sql as $$
	select t.body(who, format('pp_api.distribution_list_create(%L, ''2026-03-03'', null, null)', body)) ->> 'id'
$$;
select t.list('planner', '{"name": "Umwelt", "bodies": ["unb", "denkmal", "01999001", "02000000"], "shared": true}') as umwelt \gset
select t.list('cremm', '{"name": "Umwelt", "bodies": ["bund"]}') as fremd \gset
select is(t.outcome('planner2', 'select pp_api.distribution_list_create(''' || body || ''', ''2026-03-03'', null, null)'), outcome, outcome) from (values
	('{"name": "umwelt ", "bodies": []}', 'distribution_list_exists /name'), ('{"name": "x", "bodies": ["unb", "niemand"]}', 'body_not_found /bodies/1')) v (body, outcome);
select is(t.value(who, 'select string_agg(name || body, '' '' order by body) from pp.distribution_list'), names, who || ' sees ' || coalesce(names, 'none')) from (values
	('planner2', 'Umwelt02000000'), ('cremm', 'Umwelt01999003 Umwelt02000000'), ('damm', 'Umwelt02000000')) v (who, names);
select is(t.outcome('anyone', 'select * from pp.distribution_list'), '42501', 'the public none');
select is(t.outcome(who, format('select pp_api.distribution_list_change(%L, ''{"name": "y"}'', %L, ''2026-03-03'')', :'umwelt', match)), outcome, who || ' changes it: ' || outcome) from (values
	('cremm', '1', 'forbidden'), ('planner2', null, 'precondition_required'), ('planner2', '2', 'precondition_failed'), ('planner2', '1', 'done')) v (who, match, outcome);
select is(t.outcome('cremm', format('update pp.distribution_list set name = ''z'' where id = %L', :'umwelt')) || t.value('owner', 'select count(*) from pp.distribution_list where name = ''z'''), 'done0', 'nor past the functions');
select is(t.outcome('planner', format('select pp_api.distribution_list_show(%L)', :'fremd')), 'distribution_list_not_found', 'what is not shared is not there');

-- Rounds ask them beside the set, in the same transaction, each once.
select (t.reply('planner', format('pp_api.affected_confirm(%L, ''2026-03-03'', null, null)', :'l'))).status as confirmed \gset
insert into pp.body_mail values ('unb', 'unb@auen.example', '2026-01-01', null, 'test');
update pp.agency set channel = 'POST' where body = 'bund';
create function t.round_with(p uuid, audience text, more jsonb, at timestamptz default '2026-03-03 10:00+00') returns text language sql as $$
	select replace(t.round_call(p, 'FOERM_TOEB', audience, '2026-03-04', '2026-04-20', '2026-04-03', at), '{"', ltrim(left(more::text, -1) || ', "', ' '))
$$;
select is(t.outcome('planner', 'select ' || t.round_with(:'p', 'TOEB', more::jsonb)), outcome, outcome) from (values
	('{"bodies": ["bund", "niemand"]}', 'body_not_found /bodies/1'), ('{"bodies": ["02000000"]}', 'conflict /bodies/0'),
	(format('{"lists": ["%s", "%s"]}', :'umwelt', :'fremd'), 'distribution_list_not_found /lists/1'), ('{"bodies": ["bund"]}', 'done')) v (more, outcome);
select is(t.outcome('planner', 'select ' || t.round_call(:'p', 'FOERM_OEFF', 'OEFF', '2026-03-12', '2026-04-20', null, '2026-03-03 10:00+00')), 'done', 'the public is asked without');
select is(t.outcome('planner', 'select ' || replace(t.round_call(:'p', 'FOERM_OEFF', 'OEFF', '2026-03-12', '2026-04-20', null, '2026-03-03 10:00+00'), '{"', '{"bodies": ["bund"], "')), 'invalid_body /bodies', 'and not with agencies');
select t.round_with(:'p', 'TOEB', jsonb_build_object('bodies', '["bund", "unb"]'::jsonb, 'lists', jsonb_build_array(:'umwelt'))) as call \gset
select t.body('planner', replace(:'call', 'round_open', 'round_preview')) as preview \gset
select is((select count(*) from pp.round) + (select count(*) from pp.invitation) + (select count(*) from pp.mail), 0::bigint, 'a preview keeps nothing');
select t.body('planner', :'call') ->> 'id' as r \gset
select is((select string_agg(concat_ws(' ', participant, channel, state, deadline, invite_reason), E'\n' order by participant) from pp.invitation where round = :'r' and class is null),
	E'bund POST VERSANDT 2026-04-20 Träger öffentlicher Belange\ndenkmal POST VERSANDT 2026-04-20 Verteiler „Umwelt“ (Elbstadt)\nunb EMAIL VERSANDT 2026-04-20 Träger öffentlicher Belange', 'whoever was named or is on the list, once');
select is((select count(*) from pp.invitation where round = :'r' and participant = '01999001'), 1::bigint, 'who is of the set is asked once');
select is((select count(*) from pp.invitation where round = :'r' and participant = '02000000'), 0::bigint, 'who plans is left out of a list');
select is((select string_agg(m.kind, ' ') from pp.mail m join pp.invitation i on i.id = m.invitation where i.participant = 'unb'), 'invitation', 'with the mail of every invitation');
select is((select jsonb_agg(jsonb_build_array(i ->> 'body', i ->> 'channel', i ->> 'deadline', i ->> 'reason') order by i ->> 'body') from jsonb_array_elements(:'preview'::jsonb -> 'invitations') i),
	(select jsonb_agg(jsonb_build_array(participant, channel, deadline, invite_reason) order by participant) from pp.invitation where round = :'r'), 'as the preview has said');
select is((select jsonb_object_agg(i ->> 'body', i -> 'address') from jsonb_array_elements(:'preview'::jsonb -> 'invitations') i where i ->> 'body' in ('bund', 'unb', 'denkmal')),
	'{"bund": null, "unb": "unb@auen.example", "denkmal": null}', 'and to which addresses');
select is((select jsonb_object_agg(i ->> 'body', i -> 'address') from jsonb_array_elements(:'preview'::jsonb -> 'invitations') i where i ->> 'address' is not null),
	(select jsonb_object_agg(i.participant, m.recipient) from pp.mail m join pp.invitation i on i.id = m.invitation where i.round = :'r'), 'to which mail then goes');
select is((t.reply('planner2', format('pp_api.distribution_list_end(%L, ''1'', ''2026-03-04'')', :'umwelt'))).status, 204, 'a list ends');
select is(t.outcome('planner', format('select pp_api.distribution_list_show(%L)', :'umwelt')), 'distribution_list_not_found', 'and is gone');
select is((select string_agg(e.action, ' ' order by e.seq) from pp.audit_entry e where e.relation = 'distribution_list' and e.key = :'umwelt'), 'insert update', 'but on record');
select * from finish();
