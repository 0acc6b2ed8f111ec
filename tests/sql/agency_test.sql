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
select * from finish();
