// SPDX-License-Identifier: EUPL-1.2
// Filter Encoding on the command line: what each operator is in CQL2, in all three dialects, as clients write it, and what is refused.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { data, program as find, quick, root, temporary, withoutFile } from '../files/support.mjs';

// A thousand processes for what fuzzers try with sanitizers: those of the release build.
const program = find('planungsplattform', quick);
const schemas = join(data, 'ogc-schemas');
const spaces = { '2.0': ['http://www.opengis.net/fes/2.0', 'http://www.opengis.net/gml/3.2'], '1.1': ['http://www.opengis.net/ogc', 'http://www.opengis.net/gml'] };
spaces['1.0'] = spaces['1.1'];

function run(from, to, input, collection = 'procedures') {
	const { status, stdout, stderr } = spawnSync(program, ['cql2', '--from', from, '--to', to, ...(collection ? ['--collection', collection] : []), '-'], { input, encoding: 'utf8' });
	return { status, out: stdout.trimEnd(), said: stderr };
}
function tree(from, input, collection) {
	const { status, out, said } = run(from, 'json', input, collection);
	assert.equal(status, 0, `${said}${input}`);
	return JSON.parse(out);
}
/** A document of that dialect around a condition that is written as 2.0 has it. */
function filter(body, version = '2.0') {
	const [fes, gml] = spaces[version];
	const text = `<fes:Filter xmlns:fes="${fes}" xmlns:gml="${gml}" xmlns:p="urn:planungsplattform:features:1">${body}</fes:Filter>`;
	return version === '2.0' ? text : text.replace(/ValueReference/g, 'PropertyName').replace(/escapeChar/g, version === '1.0' ? 'escape' : 'escapeChar').replace(/ gml:id="[^"]*"/g, '')
		.replace(/ResourceId rid/g, 'FeatureId fid').replace(/fes:/g, 'ogc:').replace('xmlns:fes', 'xmlns:ogc').replace(/ uom="/g, ' units="');
}
const name = (text) => `<fes:ValueReference>${text}</fes:ValueReference>`;
const literal = (text) => `<fes:Literal>${text}</fes:Literal>`;
const compare = (op, property, value, more = '') => `<fes:PropertyIs${op}${more}>${name(property)}${literal(value)}</fes:PropertyIs${op}>`;
const like = (pattern, more = '') => `<fes:PropertyIsLike wildCard="*" singleChar="." escapeChar="!"${more}>${name('title')}${literal(pattern)}</fes:PropertyIsLike>`;
const point = '<gml:Point gml:id="p" srsName="urn:ogc:def:crs:EPSG::25832"><gml:pos>565000 5934000</gml:pos></gml:Point>';
const envelope = '<gml:Envelope srsName="http://www.opengis.net/def/crs/EPSG/0/4326"><gml:lowerCorner>53.5 9.7</gml:lowerCorner><gml:upperCorner>53.7 10.1</gml:upperCorner></gml:Envelope>';
const instant = (at) => `<gml:TimeInstant gml:id="t"><gml:timePosition>${at}</gml:timePosition></gml:TimeInstant>`;
const period = (from, to) => `<gml:TimePeriod gml:id="t"><gml:beginPosition>${from}</gml:beginPosition><gml:endPosition>${to}</gml:endPosition></gml:TimePeriod>`;
const both = (op, a, b) => `<fes:${op}>${a}${b}</fes:${op}>`;

/** A condition, what it is in CQL2, and whether the schemas of 2.0 know it; without: both do. */
const cases = [
	[compare('EqualTo', 'number', 'B 12'), "number = 'B 12'"],
	[compare('EqualTo', 'number', '12'), "number = '12'"],
	[compare('NotEqualTo', 'plan_no', '2'), 'plan_no <> 2'],
	[compare('LessThan', 'plan_no', ' +2.50 '), 'plan_no < 2.5'],
	[compare('GreaterThan', 'participation_to', '2027-01-31'), "participation_to > DATE('2027-01-31')"],
	[compare('LessThanOrEqualTo', 'participation_to', '2027/01/31'), "participation_to <= DATE('2027-01-31')"],
	[compare('GreaterThanOrEqualTo', 'published_at', '2027-01-31T10:00:00+01:00'), "published_at >= TIMESTAMP('2027-01-31T09:00:00.000000Z')"],
	[compare('EqualTo', 'published_at', '2027-01-31T10:00:00'), "published_at = TIMESTAMP('2027-01-31T10:00:00Z')"],
	[compare('EqualTo', 'cross_border', 'true'), 'cross_border = TRUE'],
	[compare('EqualTo', 'cross_border', '0'), 'cross_border = FALSE'],
	[`<fes:PropertyIsEqualTo>${literal('3')}${name('plan_no')}</fes:PropertyIsEqualTo>`, '3 = plan_no'],
	[`<fes:PropertyIsEqualTo>${name('number')}${name('title')}</fes:PropertyIsEqualTo>`, 'number = title'],
	[compare('EqualTo', 'title', 'Straße', ' matchCase="false"'), "CASEI(title) = CASEI('Straße')"],
	[compare('EqualTo', 'plan_no', '2', ' matchCase="0"'), 'plan_no = 2'],
	[compare('EqualTo', 'title', 'x', ' matchCase="true" matchAction="Any"'), "title = 'x'", '2.0'],
	...['p:title', 'p:procedures/p:title', 'procedures/title', '/p:procedures/p:title', 'title[1]', 'p:title/text()', './p:title'].map((path) =>
		[compare('EqualTo', path, 'x'), "title = 'x'"]),
	[compare('EqualTo', '@gml:id', 'x'), "id = 'x'"],
	[compare('EqualTo', 'p:procedures/@gml:id', 'x'), "id = 'x'"],
	[like('a*b.c'), "title LIKE 'a%b_c'"],
	[like('100%!*_!!\\x'), "title LIKE '100\\%*\\_!\\\\x'"],
	[like('Ü*', ' matchCase="false"'), "CASEI(title) LIKE CASEI('Ü%')", '2.0'],
	[`<fes:PropertyIsLike wildCard="%" singleChar="_" escapeChar="\\">${name('title')}${literal('a%\\%_')}</fes:PropertyIsLike>`, "title LIKE 'a%\\%_'"],
	[`<fes:PropertyIsNull>${name('plan')}</fes:PropertyIsNull>`, 'plan IS NULL'],
	[`<fes:PropertyIsNil>${name('plan')}</fes:PropertyIsNil>`, 'plan IS NULL', '2.0'],
	[`<fes:PropertyIsBetween>${name('plan_no')}<fes:LowerBoundary>${literal('1')}</fes:LowerBoundary><fes:UpperBoundary>${literal('3e0')}</fes:UpperBoundary></fes:PropertyIsBetween>`,
		'plan_no BETWEEN 1 AND 3'],
	[`<fes:PropertyIsBetween>${name('participation_to')}<fes:LowerBoundary>${literal('2027-01-01Z')}</fes:LowerBoundary><fes:UpperBoundary>${literal('2027-12-31')}</fes:UpperBoundary></fes:PropertyIsBetween>`,
		"participation_to BETWEEN DATE('2027-01-01') AND DATE('2027-12-31')"],
	[`<fes:And>${compare('EqualTo', 'kind', 'a')}<fes:Or>${compare('EqualTo', 'kind', 'b')}${compare('EqualTo', 'kind', 'c')}${compare('EqualTo', 'kind', 'd')}</fes:Or></fes:And>`,
		"kind = 'a' AND (kind = 'b' OR kind = 'c' OR kind = 'd')"],
	[`<fes:Not>${compare('EqualTo', 'kind', 'a')}</fes:Not>`, "NOT (kind = 'a')"],
	[`<fes:And>${compare('EqualTo', 'kind', 'a')}</fes:And>`, "kind = 'a'", 'not valid'],
	['<fes:ResourceId rid="procedures.01"/>', "id IN ('01')"],
	['<fes:ResourceId rid="procedures.a_2fb"/><fes:ResourceId rid="plans.01"/><fes:ResourceId rid="02"/>', "id IN ('a/b', 'plans.01', '02')"],
	[`<fes:Or><fes:ResourceId rid="procedures.1"/>${compare('EqualTo', 'kind', 'a')}</fes:Or>`, "id IN ('1') OR kind = 'a'", '2.0'],
	[`<fes:BBOX>${name('geometry')}${envelope}</fes:BBOX>`, 'S_INTERSECTS(geometry, BBOX(53.5, 9.7, 53.7, 10.1))'],
	[`<fes:BBOX>${envelope}</fes:BBOX>`, 'S_INTERSECTS(geometry, BBOX(53.5, 9.7, 53.7, 10.1))', '2.0'],
	...['Equals', 'Disjoint', 'Intersects', 'Touches', 'Crosses', 'Within', 'Contains', 'Overlaps'].map((op) =>
		[both(op, name('p:geometry'), point), `S_${op.toUpperCase()}(geometry, POINT(565000 5934000))`]),
	[`<fes:DWithin>${name('geometry')}${point}<fes:Distance uom="m">500</fes:Distance></fes:DWithin>`, 'S_DWITHIN(geometry, POINT(565000 5934000), 500)'],
	[`<fes:Beyond>${name('geometry')}${point}<fes:Distance uom="km">1.5</fes:Distance></fes:Beyond>`, 'NOT S_DWITHIN(geometry, POINT(565000 5934000), 1500)'],
	...Object.entries({ After: 'AFTER', Before: 'BEFORE', Begins: 'STARTS', BegunBy: 'STARTEDBY', TContains: 'CONTAINS', During: 'DURING', EndedBy: 'FINISHEDBY', Ends: 'FINISHES',
		TEquals: 'EQUALS', Meets: 'MEETS', MetBy: 'METBY', TOverlaps: 'OVERLAPS', OverlappedBy: 'OVERLAPPEDBY', AnyInteracts: 'INTERSECTS' }).map(([op, twin]) =>
		[both(op, name('published_at'), period('2027-01-01', '2027-01-31T10:00:00Z')), `T_${twin}(published_at, INTERVAL('2027-01-01', '2027-01-31T10:00:00Z'))`, '2.0']),
	[both('After', name('published_at'), instant('2027-01-31')), "T_AFTER(published_at, DATE('2027-01-31'))", '2.0'],
	[both('Before', name('participation_to'), literal('2027-01-31')), "T_BEFORE(participation_to, DATE('2027-01-31'))", '2.0'],
	[both('During', name('published_at'), '<gml:TimePeriod gml:id="t"><gml:beginPosition>2027-01-01</gml:beginPosition><gml:endPosition indeterminatePosition="unknown"/></gml:TimePeriod>'),
		"T_DURING(published_at, INTERVAL('2027-01-01', '..'))", '2.0'],
	[both('During', name('published_at'), `<gml:TimePeriod gml:id="t"><gml:begin>${instant('2027-01-01').replace('"t"', '"b"')}</gml:begin><gml:end>${instant('2027-02-01').replace('"t"', '"e"')}</gml:end></gml:TimePeriod>`),
		"T_DURING(published_at, INTERVAL('2027-01-01', '2027-02-01'))", '2.0'],
	[`<fes:PropertyIsGreaterThan><fes:Add>${name('plan_no')}${literal('1')}</fes:Add><fes:Div>${literal('6')}${name('days_left')}</fes:Div></fes:PropertyIsGreaterThan>`,
		'plan_no + 1 > 6 / days_left', '1.1'],
];

describe('every operator', () => {
	for (const [body, says, only] of cases)
		it(says, () => {
			const expected = tree('text', says);
			for (const version of Object.keys(spaces))
				if (!only || only === version || only === 'not valid' || (only === '1.1' && version === '1.0'))
					assert.deepEqual(tree('fes', filter(body, version)), expected, version);
		});
	it('without namespaces it is the same', () => {
		for (const [body, says, only] of cases.filter((row) => row[2] !== '1.1')) {
			const plain = filter(body).replace(/<(\/?)(fes|gml):/g, '<$1');
			assert.deepEqual(tree('fes', plain), tree('text', says), only);
		}
	});
	it('is written here as the official schemas of 2.0 have it', { skip: withoutFile(join(schemas, 'all.xsd')) }, () => {
		const paths = cases.flatMap(([body, , only], i) => (only && only !== '2.0' ? [] : [temporary(`fes-${i}.xml`, filter(body))]));
		const { status, stderr } = spawnSync('xmllint', ['--nonet', '--noout', '--schema', join(schemas, 'all.xsd'), ...paths],
			{ encoding: 'utf8', env: { ...process.env, XML_CATALOG_FILES: join(schemas, 'catalog.xml') } });
		assert.deepEqual(stderr.split('\n').filter((line) => line && !line.endsWith(' validates')), []);
		assert.equal(status, 0);
	});
});

/** Reproducible numbers (mulberry32). */
function dice(seed) {
	return (sides) => {
		seed = (seed + 0x6d2b79f5) | 0;
		let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return Math.floor(((t ^ (t >>> 14)) >>> 0) / 4294967296 * sides);
	};
}

describe('conditions made of these', () => {
	it('are the same tree as in CQL2, however they are joined', () => {
		const plain = cases.filter(([body, , only]) => (!only || only === '2.0') && !body.includes('ResourceId'));
		for (let seed = 1; seed <= 25; seed++) {
			const roll = dice(seed);
			const grow = (depth) => {
				const [body, says] = plain[roll(plain.length)];
				const kind = depth > 0 ? roll(4) : 0;
				if (kind < 2)
					return kind === 1 ? { fes: `<fes:Not>${body}</fes:Not>`, says: `NOT (${says})` } : { fes: body, says: `(${says})` };
				const parts = Array.from({ length: 2 + roll(3) }, () => grow(depth - 1));
				const word = ['And', 'Or'][kind - 2];
				return { fes: `<fes:${word}>${parts.map((part) => part.fes).join('\n')}</fes:${word}>`, says: `(${parts.map((part) => part.says).join(` ${word} `)})` };
			};
			const made = grow(3);
			assert.deepEqual(tree('fes', filter(made.fes)), tree('text', made.says), `seed ${seed}`);
		}
	});
});

const python = '/usr/bin/python3';
const clients = ['osgeo', 'owslib', 'qgis'].find((each) => !existsSync(`/usr/lib/python3/dist-packages/${each}/__init__.py`));

describe('as clients write them', { skip: clients ? `python3 has no ${clients}` : false }, () => {
	const geometries = ['POINT (1.5 -2.25)', 'LINESTRING (0 0,1.125 1,7 -3)', 'POLYGON ((0 0,4 0,4 4,0 4,0 0),(1 1,2 1,2 2,1 1))', 'MULTIPOINT ((1 2),(3 4))',
		'MULTILINESTRING ((0 0,1 1),(2 2,3 3,4 5))', 'MULTIPOLYGON (((0 0,4 0,4 4,0 0),(1 0.5,2 0.5,2 1,1 0.5)),((9 9,8 9,9 8,9 9)))',
		'GEOMETRYCOLLECTION (POINT (1 2),LINESTRING (3 4,5 6))'];
	const expressions = {
		'"title" LIKE \'a%\' AND "plan_no" > 5': "title LIKE 'a%' AND plan_no > 5",
		'"title" ILIKE \'_b%\'': "CASEI(title) LIKE CASEI('_b%')",
		'"plan_no" IN (1, 2) OR "plan" IS NULL': '(plan_no = 1 OR plan_no = 2) OR plan IS NULL',
		'NOT "number" = \'x\'': "NOT (number = 'x')",
		'"plan_no" + 1 >= 2 * "days_left"': 'plan_no + 1 >= 2 * days_left',
		'"title" IS NOT NULL': 'title IS NOT NULL',
		"intersects($geometry, geomFromWKT('POLYGON((0 0,4 0,4 4,0 0))'))": 'S_INTERSECTS(geometry, POLYGON((0 0,4 0,4 4,0 0)))',
	};
	let written;

	before(() => {
		const { status, stdout, stderr } = spawnSync(python, [join(root, 'tests/gis/filter/write_filters.py')],
			{ input: JSON.stringify({ geometries, expressions: Object.keys(expressions) }), encoding: 'utf8', env: { ...process.env, LD_PRELOAD: '', ASAN_OPTIONS: '' } });
		assert.equal(status, 0, stderr);
		written = JSON.parse(stdout);
	});
	for (const [i, wkt] of geometries.entries())
		it(`${wkt} in the GML of GDAL and QGIS`, () => {
			const expected = tree('text', `S_INTERSECTS(geometry, ${wkt})`);
			assert.ok(written.gml[i].length >= 4);
			for (const gml of written.gml[i])
				assert.deepEqual(tree('fes', filter(both('Intersects', name('geometry'), gml))), expected, gml);
		});
	for (const [i, [expression, says]] of Object.entries(expressions).entries())
		it(`QGIS: ${expression}`, () => assert.deepEqual(tree('fes', written.qgis[i]), tree('text', says), written.qgis[i]));
	it('OWSLib, in 1.1 and 2.0', () => {
		assert.equal(written.owslib.length, 2);
		for (const [text, says] of written.owslib)
			assert.deepEqual(tree('fes', text, 'municipalities'), tree('text', says, 'municipalities'));
	});
});

describe('geometries that no client above writes', () => {
	const lines = (xml) => tree('fes', filter(both('Intersects', name('geometry'), xml))).args[1];
	const ring = '<gml:posList>0 0 4 0 4 4 0 0</gml:posList>';
	const wkt = (text) => tree('text', `S_INTERSECTS(geometry, ${text})`).args[1];
	for (const [xml, says] of [
		['<gml:LineString srsDimension="3"><gml:posList>0 0 7 1 1 7</gml:posList></gml:LineString>', 'LINESTRING(0 0,1 1)'],
		['<gml:LineString><gml:pos>0 0 7</gml:pos><gml:pos>1 1 7</gml:pos></gml:LineString>', 'LINESTRING(0 0,1 1)'],
		['<gml:LineString><gml:coordinates decimal="," cs=";" ts="|">0,5;0|1;1,5</gml:coordinates></gml:LineString>', 'LINESTRING(0.5 0,1 1.5)'],
		['<gml:LineString><gml:coord><gml:X>0</gml:X><gml:Y>1</gml:Y></gml:coord><gml:coord><gml:X>2</gml:X><gml:Y>3</gml:Y><gml:Z>9</gml:Z></gml:coord></gml:LineString>', 'LINESTRING(0 1,2 3)'],
		['<gml:Curve><gml:segments><gml:LineStringSegment><gml:posList>0 0 1 1</gml:posList></gml:LineStringSegment><gml:LineStringSegment><gml:posList>1 1 2 5</gml:posList></gml:LineStringSegment></gml:segments></gml:Curve>', 'LINESTRING(0 0,1 1,2 5)'],
		['<gml:OrientableCurve orientation="-"><gml:baseCurve><gml:LineString><gml:posList>0 0 1 1 2 5</gml:posList></gml:LineString></gml:baseCurve></gml:OrientableCurve>', 'LINESTRING(2 5,1 1,0 0)'],
		[`<gml:Surface><gml:patches><gml:PolygonPatch><gml:exterior><gml:LinearRing>${ring}</gml:LinearRing></gml:exterior></gml:PolygonPatch></gml:patches></gml:Surface>`, 'POLYGON((0 0,4 0,4 4,0 0))'],
		[`<gml:MultiSurface><gml:surfaceMembers>${`<gml:Polygon><gml:exterior><gml:LinearRing>${ring}</gml:LinearRing></gml:exterior></gml:Polygon>`.repeat(2)}</gml:surfaceMembers></gml:MultiSurface>`,
			'MULTIPOLYGON(((0 0,4 0,4 4,0 0)),((0 0,4 0,4 4,0 0)))'],
		['<gml:Polygon><gml:exterior><gml:Ring><gml:curveMember><gml:LineString><gml:posList>0 0 4 0 4 4</gml:posList></gml:LineString></gml:curveMember><gml:curveMember><gml:LineString><gml:posList>4 4 0 0</gml:posList></gml:LineString></gml:curveMember></gml:Ring></gml:exterior></gml:Polygon>', 'POLYGON((0 0,4 0,4 4,0 0))'],
		['<gml:Box><gml:coordinates>1,2 3,4</gml:coordinates></gml:Box>', 'BBOX(1,2,3,4)'],
		['<gml:Box><gml:coord><gml:X>1</gml:X><gml:Y>2</gml:Y></gml:coord><gml:coord><gml:X>3</gml:X><gml:Y>4</gml:Y></gml:coord></gml:Box>', 'BBOX(1,2,3,4)'],
	])
		it(says, () => assert.deepEqual(lines(xml), wkt(says)));
});

const square = (list) => both('Within', name('geometry'), `<gml:Polygon gml:id="p"><gml:exterior><gml:LinearRing><gml:posList>${list}</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>`);
const line = (inside, more = '') => both('Within', name('geometry'), `<gml:LineString${more}>${inside}</gml:LineString>`);

describe('what is refused, with its place', () => {
	for (const [body, sentence] of [
		['', /line 1, column 1: the Filter has no condition/],
		['\n <fes:PropertyIsFine/>', /line 2, column 2: PropertyIsFine is no operator/],
		[`${compare('EqualTo', 'a', 'b')}\n${compare('EqualTo', 'a', 'b')}`, /line 2, column 1: a Filter has one condition/],
		[`<fes:ResourceId rid="a"/>\n${compare('EqualTo', 'a', 'b')}`, /line 2, column 1: a Filter has ids alone/],
		['<fes:ResourceId/>', /the id of a feature is missing/],
		['<fes:ResourceId rid="a" version="LAST"/>', /versions of features are not asked for with version/],
		['<fes:ResourceId rid="a" previousRid="b"/>', /previousRid/],
		['<fes:And/>', /an operand is missing/],
		[`<fes:PropertyIsEqualTo>${name('a')}</fes:PropertyIsEqualTo>`, /an operand is missing/],
		[`<fes:PropertyIsNull>${name('a')}${name('b')}</fes:PropertyIsNull>`, /no further operands/],
		[`<fes:PropertyIsNil nilReason="unknown">${name('a')}</fes:PropertyIsNil>`, /a reason for being nil/],
		[compare('EqualTo', 'a', 'b', ' matchCase="maybe"'), /matchCase is true or false/],
		[compare('EqualTo', 'a', 'b', ' matchAction="Few"'), /matchAction is Any, All or One/],
		[compare('EqualTo', "a[b='c']", 'b'), /the name of a property is missing/],
		[compare('EqualTo', '@lang', 'b'), /the name of a property is missing/],
		['<fes:PropertyIsLike wildCard="**" singleChar="." escapeChar="!"/>', /wildCard is one character|an operand is missing/],
		[like('x').replace('"*"', '"**"'), /wildCard is one character/],
		[compare('EqualTo', 'plan_no', 'two'), /line 1, column \d+: two is no number/],
		[compare('EqualTo', 'plan_no', 'NaN'), /NaN is no number/],
		[compare('EqualTo', 'plan_no', '0x10'), /0x10 is no number/],
		[compare('EqualTo', 'plan_no', '1e999'), /1e999 is no number/],
		[compare('EqualTo', 'cross_border', 'yes'), /yes is neither true nor false/],
		[compare('EqualTo', 'participation_to', '31.01.2027'), /31\.01\.2027 is no day/],
		[compare('EqualTo', 'participation_to', '2027-02-29'), /2027-02-29 is no day/],
		[both('After', name('published_at'), instant('soon')), /a day or an instant is missing/],
		[both('After', name('published_at'), '<gml:TimePeriod gml:id="t"/>'), /a TimePeriod has/],
		[both('After', name('published_at'), point), /a ValueReference or a Literal is missing/],
		[both('Within', name('geometry'), literal('x')), /S_WITHIN takes geometries/],
		[both('Within', name('geometry'), '<gml:Arc/>'), /a property or a geometry is missing/],
		[both('Within', name('geometry'), '<gml:Curve><gml:segments>\n<gml:Arc/></gml:segments></gml:Curve>'), /line 2, column 1: Arc cannot be read/],
		[line(''), /positions are missing/],
		[line('<gml:posList>0 0</gml:posList>'), /a line has two positions/],
		[line('<gml:posList>0 0 1</gml:posList>'), /the last position lacks a coordinate/],
		[line('\n<gml:posList>0 0 1 NaN</gml:posList>'), /line 2, column 1: NaN is no coordinate/],
		[line('<gml:posList>0 0 1 1e10</gml:posList>'), /1e10 is no coordinate/],
		[line('<gml:pos>1 2 3 4</gml:pos>'), /a position has two numbers/],
		[line('<gml:coordinates>1 2</gml:coordinates>'), /a position has two numbers/],
		[line('<gml:coordinates>1,,2</gml:coordinates>'), /is no coordinate/],
		[square('0 0 1 0 1 1'), /a ring has four positions/],
		[square('0 0 1 0 1 1 0 1'), /a ring has four positions/],
		[both('Within', name('geometry'), '<gml:Polygon/>'), /no outer ring/],
		[both('Within', name('geometry'), '<gml:MultiPoint/>'), /the geometry has no parts/],
		[both('Within', name('geometry'), '<gml:Point><gml:posList>1 2 3 4</gml:posList></gml:Point>'), /a point has one position/],
		[both('Within', name('geometry'), '<gml:MultiPoint srsName="EPSG:25832"><gml:pointMember><gml:Point srsName="EPSG:4326"><gml:pos>1 2</gml:pos></gml:Point></gml:pointMember></gml:MultiPoint>'), /another CRS than the whole/],
		[`<fes:BBOX>${envelope.replace(/<gml:upper.*Corner>/, '')}</fes:BBOX>`, /a lower and an upper corner/],
		[`<fes:DWithin>${name('geometry')}${point}<fes:Distance uom="deg">5</fes:Distance></fes:DWithin>`, /metres or kilometres/],
		[`<fes:DWithin>${name('geometry')}${point}<fes:Distance uom="m">-5</fes:Distance></fes:DWithin>`, /a Distance is missing/],
		[`${'<fes:Not>'.repeat(30)}${compare('EqualTo', 'a', 'b')}${'</fes:Not>'.repeat(30)}`, /nested too deep/],
		[`${'<fes:Not>'.repeat(80)}${compare('EqualTo', 'a', 'b')}${'</fes:Not>'.repeat(80)}`, /elements are nested too deep/],
		[compare('EqualTo', 'a', '&b;'), /undefined entity/],
	])
		it(`${body.slice(0, 60)}: ${sentence.source.slice(0, 40)}`, () => {
			const { status, out, said } = run('fes', 'json', filter(body));
			assert.deepEqual([status, out], [1, ''], out);
			assert.match(said, sentence);
			assert.match(said, /line \d+, column \d+/);
		});
	it('a document type with entities that double', () => {
		const { status, said } = run('fes', 'json', `<!DOCTYPE a [<!ENTITY b "${'x'.repeat(1000)}"><!ENTITY c "${'&b;'.repeat(1000)}">]><Filter>&c;</Filter>`);
		assert.equal(status, 1);
		assert.match(said, /document type declaration/);
	});
	it('more vertices than a filter may have', () => {
		const { status, said } = run('fes', 'json', filter(line(`<gml:posList>${'1 2 '.repeat(14000)}</gml:posList>`)));
		assert.deepEqual([status, said], [0, ''], 'as many as go into 64 KiB');
		assert.match(run('sneeze', 'json', '').said, /--from is text, json or fes/);
	});
});
