// SPDX-License-Identifier: EUPL-1.2
// The commands that need no server: neighbours, affected, import. PostGIS is the referee.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { data, program, quick, root, shared, temporary, withoutCommand, withoutFile } from './support.mjs';

const environment = { ...process.env, PP_FILES: program('planungsplattform-files', quick), PP_FIXTURES: join(root, 'data/fixtures'), TZ: 'Europe/Berlin' };
const run = (...words) => spawnSync(program('planungsplattform', quick), words, { env: environment, encoding: 'utf8', maxBuffer: 1 << 30 });
function json(...words) {
	const ran = run(...words, '--format', 'json');
	assert.equal(ran.status, 0, ran.stderr);
	return JSON.parse(ran.stdout);
}
const fixtures = join(root, 'data/fixtures/municipalities.fgb');
const germany = join(data, 'vg250_gem_de_2016.fgb');

// A cluster of our own with a database for the referee and one for imports.
let folder, url;
const cluster = (what) => spawnSync(join(root, 'tests/harness/cluster'), [what, folder], { encoding: 'utf8' });
const skipPostgis = withoutCommand('psql') || withoutCommand('ogr2ogr');
function psql(database, sql) {
	const ran = spawnSync('psql', [url.replace('/postgres?', `/${database}?`), '-XAtq', '-v', 'ON_ERROR_STOP=1', '-c', sql],
		{ encoding: 'utf8', maxBuffer: 1 << 30 });
	assert.equal(ran.status, 0, ran.stderr);
	return ran.stdout.trim();
}

before(() => {
	if (skipPostgis)
		return;
	folder = mkdtempSync(join(tmpdir(), 'pp-gis-'));
	const started = cluster('start');
	assert.equal(started.status, 0, started.stderr);
	url = started.stdout.trim();
	psql('postgres', 'create database referee');
	psql('referee', 'create extension postgis');
});
after(() => {
	if (!folder)
		return;
	cluster('stop');
	rmSync(folder, { recursive: true, force: true });
});

// The same file by ogr2ogr, rows of one AGS united.
function load(file) {
	const target = `PG:${url.replace('/postgres?', '/referee?')}`;
	const loaded = spawnSync('ogr2ogr', ['-f', 'PostgreSQL', target, file, '-nln', 'raw', '-overwrite', '-t_srs', 'EPSG:25832',
		'-nlt', 'PROMOTE_TO_MULTI', '-lco', 'GEOMETRY_NAME=geom', '-lco', 'SPATIAL_INDEX=NONE'], { encoding: 'utf8' });
	assert.equal(loaded.status, 0, loaded.stderr);
	psql('referee', `drop table if exists m;
		create table m as select ags, left(ags, 2) as land, ST_UnaryUnion(ST_Collect(ST_MakeValid(geom, 'method=structure'))) as geom
		  from raw group by ags;
		create index on m using gist (geom); analyze m;`);
}

// Neighbours as PostGIS finds them: at most 1 mm apart; the shared border by the formula of
// pp/geo/boundaries.h, from both sides. Lines of {a, b, length}.
function referee(where) {
	const rows = psql('referee', `
		select a.ags, b.ags, (ST_Length(ST_Intersection(ST_Boundary(a.geom), ST_Buffer(ST_Boundary(ST_ClipByBox2D(b.geom, ST_Expand(ST_Envelope(a.geom), 1))), 0.001)))
		  + ST_Length(ST_Intersection(ST_Boundary(b.geom), ST_Buffer(ST_Boundary(ST_ClipByBox2D(a.geom, ST_Expand(ST_Envelope(b.geom), 1))), 0.001)))) / 2
		  from m a join m b on a.ags < b.ags and a.geom && ST_Expand(b.geom, 0.01) and ST_Distance(a.geom, b.geom) <= 0.001
		 where ${where}`);
	return new Map(rows.split('\n').filter(Boolean).map((line) => {
		const [a, b, length] = line.split('|');
		return [`${a} ${b}`, Number(length)];
	}));
}

function compare(found, expected) {
	assert.deepEqual([...found.keys()].sort(), [...expected.keys()].sort());
	for (const [pair, { contact, shared_border_m }] of found) {
		const length = expected.get(pair);
		assert.equal(contact, length > 0.01 ? 'line' : 'point', `${pair} ${length}`);
		assert.ok(Math.abs(shared_border_m - (contact === 'line' ? length : 0)) <= 0.02 + 1e-4 * length,
			`${pair}: ${shared_border_m} and ${length}`);
	}
}

// Each pair once; it must be told of both sides, and in the same words.
function pairs(groups) {
	const all = new Map(groups.flatMap(({ ags, neighbours }) => neighbours.map((n) => [`${ags} ${n.ags}`, n])));
	for (const [pair, { contact, shared_border_m, cross_border }] of all) {
		const other = all.get(pair.split(' ').reverse().join(' '));
		assert.deepEqual([other?.contact, other?.shared_border_m, other?.cross_border], [contact, shared_border_m, cross_border], pair);
	}
	return new Map([...all].filter(([pair]) => pair.slice(0, 8) < pair.slice(9)));
}

test('neighbours of Hamburg across the border are those that PostGIS finds', { skip: skipPostgis }, () => {
	load(fixtures);
	const { neighbours } = json('neighbours', '02000000', '--cross-border');
	const found = new Map(neighbours.map((n) => [[n.ags, '02000000'].sort().join(' '), n]));
	compare(found, referee("a.land <> b.land and '02000000' in (a.ags, b.ags)"));
	assert.equal(neighbours.filter((n) => n.land === '01').length + neighbours.filter((n) => n.land === '03').length, neighbours.length);
	assert.deepEqual(neighbours.filter((n) => n.contact === 'point').map((n) => n.name), ['Glinde']);
	assert.ok(neighbours.every((n) => n.cross_border && n.kreis));
});

test('all neighbours of the fixtures are those that PostGIS finds', { skip: skipPostgis }, () => {
	compare(pairs(json('neighbours', 'all').municipalities), referee('true'));
	compare(pairs(json('neighbours', 'all', '--cross-border').municipalities), referee('a.land <> b.land'));
});

test('all cross-border pairs of Germany agree with PostGIS', { skip: skipPostgis || withoutFile(germany) }, (t) => {
	load(germany);
	const { municipalities } = json('neighbours', 'all', '--cross-border', '--boundaries', germany);
	const found = pairs(municipalities), expected = referee('a.land <> b.land');
	compare(found, expected);
	t.diagnostic(`${found.size} pairs, ${[...found.values()].filter(({ contact }) => contact === 'point').length} of them meet in points only`);
	assert.ok(found.size > 1000, `${found.size}`);
});

test('neighbours in every format, and what is refused', () => {
	const { neighbours } = json('neighbours', '01062076');
	assert.ok(neighbours.length > 4);
	const csv = run('neighbours', '01062076', '--format', 'csv').stdout.trim().split('\r\n');
	assert.equal(csv[0], 'of,ags,name,kreis,land,contact,shared_border_m,cross_border');
	assert.equal(csv.length, neighbours.length + 1);
	const geojson = JSON.parse(run('neighbours', '01062076', '--format', 'geojson').stdout);
	assert.deepEqual(geojson.features.map((f) => f.properties.ags), neighbours.map((n) => n.ags));
	assert.ok(geojson.features.every((f) => f.geometry.type === 'MultiPolygon' && Math.abs(f.geometry.coordinates[0][0][0][1] - 53.7) < 0.3));
	assert.equal(run('neighbours', '01062076').stdout.trim().split('\n').length, neighbours.length + 1);
	const unknown = run('neighbours', '99999999');
	assert.equal(unknown.status, 1);
	assert.equal(unknown.stdout, '');
	assert.match(unknown.stderr, /No such municipality.*99999999/);
	assert.equal(run('neighbours').status, 2);
	assert.equal(run('neighbours', '02000000', '--format', 'xml').status, 2);
	assert.equal(run('neighbours', '02000000', '--nonsense').status, 2);
	assert.equal(run('neighbours', '02000000', '--boundaries', '/nowhere.gpkg').status, 1);
	const help = run('neighbours', '--help');
	assert.equal(help.status, 0);
	assert.match(help.stdout, /--cross-border/);
});

const square = (x, y, size = 0.002) => ({ type: 'Polygon', coordinates: [[[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]] });
const plan = (geometry, name = 'plan.geojson') => temporary(name, JSON.stringify(geometry));
const schnelsen = square(9.905, 53.6415); // Hamburg, near Ellerbek and Halstenbek

test('a plan at the border affects its neighbours, with every measure', () => {
	const result = json('affected', plan(schnelsen), '--kind', 'BP_REGEL', '--municipality', '02000000');
	assert.deepEqual(Object.keys(result), ['municipalities', 'authorities', 'missing', 'dataset', 'engine']);
	assert.equal(result.dataset.date, '2016-01-01');
	const own = result.municipalities.find((m) => m.ags === '02000000');
	assert.equal(own.class, 'EIGEN');
	assert.ok(result.municipalities.some((m) => m.ags === '01056013' && m.cross_border), JSON.stringify(result.municipalities.map((m) => m.name)));
	for (const m of result.municipalities)
		for (const key of ['ags', 'name', 'kreis', 'land', 'class', 'cross_border', 'distance_m', 'shared_border_m', 'rules'])
			assert.ok(key in m, key);
	const text = run('affected', plan(schnelsen), '--kind', 'BP_REGEL', '--municipality', '02000000', '--lang', 'en').stdout;
	assert.match(text, /EIGEN {4}02000000 Hamburg/);
	const csv = run('affected', plan(schnelsen), '--kind', 'BP_REGEL', '--municipality', '02000000', '--format', 'csv').stdout.trim().split('\r\n');
	assert.equal(csv.length, result.municipalities.length + 1);
	const geojson = JSON.parse(run('affected', plan(schnelsen), '--kind', 'BP_REGEL', '--municipality', '02000000', '--format', 'geojson').stdout);
	assert.deepEqual(geojson.features.map((f) => f.properties.role), ['plan', ...result.municipalities.map(() => 'municipality')]);
});

test('the Rechtsstand of an XPlanGML file is named as the file has it', () => {
	const file = (rechtsstand) => temporary('status.gml', `<x:XPlanAuszug xmlns:x="http://www.xplanung.de/xplangml/5/4" xmlns:gml="http://www.opengis.net/gml/3.2">
		<gml:featureMember><x:BP_Plan gml:id="p"><x:name>A</x:name>${rechtsstand}<x:raeumlicherGeltungsbereich><gml:Polygon srsName="EPSG:25832"><gml:exterior><gml:LinearRing>
		<gml:posList>559500 5942600 559900 5942600 559900 5943000 559500 5942600</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></x:raeumlicherGeltungsbereich>
		</x:BP_Plan></gml:featureMember></x:XPlanAuszug>`);
	const said = (rechtsstand) => {
		const ran = run('affected', file(rechtsstand), '--kind', 'BP_REGEL', '--municipality', '02000000', '--format', 'json');
		assert.equal(ran.status, 0, ran.stderr);
		return ran.stderr;
	};
	assert.match(said('<x:rechtsstand>2499</x:rechtsstand>'), /plan 1: the file says rechtsstand 2499 \(BP_Plan, XPlanGML 5\.4\)/);
	assert.doesNotMatch(said(''), /rechtsstand/);
});

test('without kind or municipality only the general rules apply, and a note says so', () => {
	const ran = run('affected', plan(schnelsen), '--format', 'json');
	assert.equal(ran.status, 0);
	assert.match(ran.stderr, /no kind of procedure/);
	assert.match(ran.stderr, /no planning municipality/);
	assert.equal(JSON.parse(ran.stdout).municipalities.find((m) => m.ags === '02000000').class, 'MUSS');
});

test('an invalid geometry is refused with its place in both systems', () => {
	const bowtie = { type: 'Polygon', coordinates: [[[9.9, 53.64], [9.91, 53.65], [9.91, 53.64], [9.9, 53.65], [9.9, 53.64]]] };
	const ran = run('affected', plan(bowtie, 'bowtie.geojson'), '--kind', 'BP_REGEL');
	assert.equal(ran.status, 1);
	assert.equal(ran.stdout, '');
	assert.match(ran.stderr, /Die Geometrie ist ungültig \/ The geometry is invalid/);
	const [, x, y, lon, lat] = ran.stderr.match(/EPSG:25832 ([\d.]+) ([\d.]+), lon lat ([\d.]+) ([\d.]+)/).map(Number);
	assert.ok(Math.abs(lon - 9.905) < 1e-4 && Math.abs(lat - 53.645) < 1e-4 && x > 559000 && y > 5944000, ran.stderr);
});

test('wrong axes, wrong words, wrong files', () => {
	const swapped = run('affected', plan(square(53.6415, 9.905), 'swapped.geojson'), '--kind', 'BP_REGEL');
	assert.equal(swapped.status, 1);
	assert.match(swapped.stderr, /swapped/);
	assert.equal(run('affected').status, 2);
	assert.equal(run('affected', plan(schnelsen), '--kind', 'BP_REGAL').status, 2);
	assert.equal(run('affected', plan(schnelsen), '--date', 'gestern').status, 2);
	assert.equal(run('affected', plan(schnelsen), '--format', 'pdf').status, 2);
	assert.equal(run('affected', plan(schnelsen), '--accuracy', 'x').status, 2);
	const stranger = run('affected', plan(schnelsen), '--kind', 'BP_REGEL', '--municipality', '09162000');
	assert.equal(stranger.status, 1);
	assert.match(stranger.stderr, /09162000/);
	const absent = run('affected', '/nowhere/plan.gml');
	assert.equal(absent.status, 1);
	assert.match(absent.stderr, /No such file/);
	assert.equal(run('affected', '--help').status, 0);
});

test('a rule that is not in force yet does not fire', () => {
	const rules = (date) => json('affected', plan(schnelsen), '--kind', 'BP_REGEL', '--municipality', '02000000', '--date', date)
		.municipalities.flatMap((m) => m.rules.map((r) => r.rule));
	assert.ok(rules('2026-01-01').length > 0);
	assert.deepEqual(rules('2000-01-01'), []);
});

const outlines = join(data, 'xplan_plan_outlines.geojson');
test('outlines of real plans overlap what others measured', { skip: withoutFile(outlines) || withoutFile(germany) }, (t) => {
	const { features } = JSON.parse(readFileSync(outlines));
	// Two demonstrations lie in Kazakhstan and in the Gulf of Guinea, by the coordinates that they have.
	const astray = features.filter(({ properties }) => ['bp_plan', 'xplan52_Flaechenschlussfehler_vollstaendige_Ueberlappung'].includes(properties.plan_name));
	assert.equal(astray.length, 2);
	const good = features.filter((feature) => !astray.includes(feature));
	for (const { geometry } of astray) {
		const ran = run('affected', plan(geometry, 'astray.geojson'));
		assert.equal(ran.status, 1);
		assert.match(ran.stderr, /The geometry does not lie in Germany: [\d. ]+ in WGS 84/);
	}
	// All others as one file, so that the boundaries are read once.
	const all = temporary('outlines.geojson', JSON.stringify({ type: 'FeatureCollection', features: good }));
	const { plans } = json('affected', all, '--plan', 'all', '--boundaries', germany);
	assert.equal(plans.length, good.length);
	let compared = 0;
	for (const [i, { properties }] of good.entries()) {
		const found = new Map(plans[i].result.municipalities.map((m) => [m.ags, m.overlap_m2]));
		for (const { ags, overlap_m2 } of properties.vg250_intersects) {
			assert.ok(Math.abs(found.get(ags) - overlap_m2) <= 0.2 + 1e-5 * overlap_m2, `${properties.plan_name} ${ags}: ${found.get(ags)} ${overlap_m2}`);
			compared++;
		}
	}
	t.diagnostic(`${plans.length} outlines answered, ${astray.length} refused: not in Germany; ${compared} overlaps compared`);
	assert.ok(compared >= 41, `${compared}`);
});

const xplan = join(data, 'xplan');
test('real XPlanGML files are answered or refused by name', { skip: withoutFile(xplan) }, () => {
	const result = json('affected', join(xplan, 'BP_5.1_BPlan001_HH_at_Schenefeld_border.gml'));
	assert.deepEqual(result.municipalities.map((m) => [m.ags, m.class]).slice(0, 1), [['01056044', 'MUSS']]);
	assert.equal(result.municipalities.find((m) => m.ags === '01056044').overlap_m2, 13271);
	const several = run('affected', join(xplan, 'BP_5.2_Langenhorn51_3plans.gml'));
	assert.equal(several.status, 1);
	assert.match(several.stderr, / 3 {2}Langenhorn51_SoapUI/);
	assert.equal(json('affected', join(xplan, 'BP_5.2_Langenhorn51_3plans.gml'), '--plan', 'all').plans.length, 3);
	assert.ok(json('affected', join(xplan, 'RP_5.1_RROP_Landkreis_Uelzen_like.gml.gz')).municipalities.length > 0);
});

// Imports: whole or not at all.
const owner = (database) => url.replace('///postgres?', `//pp_server@/${database}?`).replace(/&user=postgres/, '');
const imports = (...words) => run('import', ...words, '--database', owner('imports'));
const current = () => psql('imports', `select level || ' ' || dataset || ' ' || (select count(*) from pp.municipality m where m.boundary_version = v.id)
	from pp.boundary_version v where valid_to is null order by level`);

test('boundaries, bodies and administration are imported', { skip: skipPostgis }, () => {
	psql('postgres', 'create database imports');
	const migrated = run('migrate', '--database', owner('imports'), '--superuser', url.replace('/postgres?', '/imports?'));
	assert.equal(migrated.status, 0, migrated.stderr);
	const ran = imports('municipalities', fixtures, '--dataset', 'VG250', '--date', '2016-01-01', '--kreise', join(root, 'data/fixtures/kreise.csv'));
	assert.equal(ran.status, 0, ran.stderr);
	assert.match(ran.stdout, /repaired 01057069/);
	assert.match(ran.stdout, /1370 municipalities, 3978 pairs/);
	assert.equal(imports('bodies', join(root, 'data/fixtures/bodies.csv')).status, 0);
	assert.match(imports('administration', join(root, 'data/fixtures/administration.csv')).stdout, /1277 rows/);
	assert.equal(current(), 'municipality VG250 1370');
	assert.equal(psql('imports', "select kreis_name from pp.municipality where ags = '01062076'"), 'Stormarn');
	assert.equal(psql('imports', "select count(*) from pp.adjacency where ags = '02000000'"), '29');
	assert.equal(psql('imports', "select unincorporated from pp.municipality where ags = '01053105'"), 't');
	assert.equal(psql('imports', "select json_array_length(report->'notes') from pp.boundary_version"), '1');
});

const area = (ags, geometry, more = {}) => ({ type: 'Feature', properties: { AGS: ags, GEN: `Ort ${ags}`, ...more }, geometry });
const areas = (name, ...features) => temporary(name, JSON.stringify({ type: 'FeatureCollection', features }));

test('what cannot be is refused, and nothing of it is imported', { skip: skipPostgis }, () => {
	const before = current();
	const refused = (file, ...more) => {
		const ran = imports('municipalities', file, ...more);
		assert.equal(ran.status, 1, ran.stdout);
		assert.equal(current(), before);
		return ran.stderr;
	};
	assert.match(refused(areas('no-ags.geojson', { ...area('x', square(9, 54)), properties: { a: 1 } })), /no field AGS/);
	assert.match(refused(areas('points.geojson', area('01056043', { type: 'Point', coordinates: [9, 54] }))), /no area|no polygon/i);
	assert.match(refused(areas('overlap.geojson', area('01056043', square(9, 54, 0.1)), area('01056044', square(9.01, 54, 0.1)))), /overlap/);
	const bad = areas('crs.geojson', area('01056043', square(9, 54)));
	assert.match(refused(bad, '--layer', 'nix'), /nix/);
	assert.match(refused(bad, '--kreise', '/nowhere.csv'), /nowhere/);
	assert.match(refused(temporary('text.txt', 'no boundaries')), /none of the formats/);
	assert.equal(imports('municipalities').status, 2);
	assert.equal(imports('castles', bad).status, 2);
	assert.equal(imports('municipalities', bad, '--date', '2026-02-30').status, 2);
	assert.equal(imports('municipalities', bad, '--level', 'district').status, 2);
	const table = (text) => imports('administration', temporary('bad.csv', text)).stderr;
	assert.match(table('ags,body,kind\n0105604,010565616,AMT\n'), /Line 2, column ags: "0105604" is no AGS/);
	assert.match(table('ags,body,kind,valid_from\n01056043,010565616,AMT,1.1.2020\n'), /is no date/);
	assert.match(table('ags,body\n'), /no column "kind"/);
});

test('districts hang below their municipality, a second import closes the first', { skip: skipPostgis }, () => {
	const districts = areas('districts.geojson', { ...area('', square(9.9, 53.5, 0.1)), properties: { id: '01', name: 'West' } },
		{ ...area('', square(10, 53.5, 0.1)), properties: { id: '02', name: 'Ost' } });
	const ran = imports('municipalities', districts, '--level', 'district', '--parent', '02000000', '--key', 'id', '--name', 'name', '--dataset', 'Bezirke');
	assert.equal(ran.status, 0, ran.stderr);
	assert.match(ran.stdout, /2 districts, 1 pairs/);
	assert.equal(current(), 'district Bezirke 2\nmunicipality VG250 1370');
	assert.equal(imports('municipalities', fixtures, '--dataset', 'neu', '--date', '2017-01-01').status, 0);
	assert.equal(current(), 'district Bezirke 2\nmunicipality neu 1370');
	assert.equal(psql('imports', "select count(*) from pp.boundary_version where dataset = 'VG250' and valid_to is not null and successor is not null"), '1');
});

test('all of Germany is imported within a gigabyte', { skip: skipPostgis || withoutFile(germany) || (existsSync('/usr/bin/time') ? false : '/usr/bin/time is absent') }, (t) => {
	// What AddressSanitizer keeps of memory that was given back is not the program's.
	const ASAN_OPTIONS = `${process.env.ASAN_OPTIONS ?? ''}:quarantine_size_mb=8:thread_local_quarantine_size_kb=64`;
	const ran = spawnSync('/usr/bin/time', ['-f', 'peak %M kB, %e s', program('planungsplattform', quick), 'import', 'municipalities', germany,
		'--dataset', 'VG250', '--date', '2016-01-01', '--database', owner('imports')], { env: { ...environment, ASAN_OPTIONS }, encoding: 'utf8' });
	assert.equal(ran.status, 0, ran.stderr);
	const [line, peak] = ran.stderr.match(/peak (\d+) kB, [\d.]+ s/);
	t.diagnostic(line);
	assert.ok(Number(peak) < 1 << 20, line);
	assert.equal(current(), 'district Bezirke 2\nmunicipality VG250 11299');
});
