// SPDX-License-Identifier: EUPL-1.2
// The geometry of GML and the selection and kinds of XPlanGML, on documents of our own.
import assert from 'node:assert/strict';
import test from 'node:test';
import { ask } from './ask.mjs';
import { areaOf, readWkb, rings, temporary } from './support.mjs';

const E = 565000, N = 5940000;
const at = (...points) => points.map(([x, y]) => `${E + x} ${N + y}`).join(' ');
const square = (x, y, size) => at([x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]);
const ring = (list) => `<gml:LinearRing><gml:posList>${list}</gml:posList></gml:LinearRing>`;
const polygon = (shell, ...holes) => `<gml:Polygon><gml:exterior>${shell}</gml:exterior>${
	holes.map((hole) => `<gml:interior>${hole}</gml:interior>`).join('')}</gml:Polygon>`;
const segment = (kind, list) => `<gml:curveMember><gml:Curve><gml:segments><gml:${kind}><gml:posList>${list}</gml:posList></gml:${kind}></gml:segments></gml:Curve></gml:curveMember>`;
const curves = (...members) => `<gml:Ring>${members.join('')}</gml:Ring>`;

const plan = (extent, { object = 'BP_Plan', name = 'A', more = '', srs = 'EPSG:25832' } = {}) =>
	`<gml:featureMember><xplan:${object} gml:id="p-${name}"><xplan:name>${name}</xplan:name>${more}
	<xplan:raeumlicherGeltungsbereich>${srs ? extent.replace(/<gml:(\w+)/, `<gml:$1 srsName="${srs}"`) : extent}</xplan:raeumlicherGeltungsbereich>
	</xplan:${object}></gml:featureMember>`;
const document = (...members) => `<?xml version="1.0" encoding="UTF-8"?>
<xplan:XPlanAuszug xmlns:xplan="http://www.xplanung.de/xplangml/6/0" xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:xlink="http://www.w3.org/1999/xlink">
${members.join('\n')}</xplan:XPlanAuszug>`;

let number = 0;
const read = (text, ...more) => ask('plans', temporary(`gml-${++number}.gml`, text), ...more);
function one(extent, options) {
	const answer = read(document(plan(extent, options)));
	assert.equal(answer.status, 0, JSON.stringify(answer.fault));
	return { ...answer.plans[0], geometry: readWkb(answer.plans[0].wkb), warnings: answer.warnings.map((w) => w.text) };
}
function refused(extent, options) {
	const answer = read(document(plan(extent, options)));
	assert.equal(answer.status, 1);
	assert.equal(answer.plans.length, 0);
	return answer.fault;
}

test('a polygon with a hole', () => {
	const { geometry, epsg } = one(polygon(ring(square(0, 0, 100)), ring(square(10, 10, 10))));
	assert.equal(epsg, 25832);
	assert.equal(geometry.type, 3);
	assert.equal(areaOf(geometry), 9900);
});

test('pos, coordinates and points hold positions too', () => {
	const positions = [[0, 0], [50, 0], [50, 40], [0, 0]];
	const each = (text) => positions.map(([x, y]) => text(E + x, N + y)).join('');
	for (const inside of [
		each((x, y) => `<gml:pos>${x} ${y}</gml:pos>`),
		each((x, y) => `<gml:pointProperty><gml:Point><gml:pos>${x} ${y}</gml:pos></gml:Point></gml:pointProperty>`),
		`<gml:coordinates>${each((x, y) => ` ${x},${y}`)}</gml:coordinates>`,
	])
		assert.equal(areaOf(one(polygon(`<gml:LinearRing>${inside}</gml:LinearRing>`)).geometry), 1000);
});

test('numbers as XML Schema writes them', () => {
	assert.equal(areaOf(one(polygon(ring(`+5.65E5 594e4 565100. 5940000 565100 .59401e7 565000 5940000`))).geometry), 5000);
});

test('an arc stays within 1 cm and passes its middle position', () => {
	const extent = (list, back) => polygon(curves(segment('Arc', list), segment('LineStringSegment', back)));
	const there = one(extent(at([0, 0], [100, 100], [200, 0]), at([200, 0], [0, 0])));
	const path = rings(there.geometry)[0];
	assert.ok(path.some(([x, y]) => x === E + 100 && y === N + 100));
	for (const [x, y] of path.slice(0, -1))
		assert.ok(Math.abs(Math.hypot(x - E - 100, y - N) - 100) < 1e-6);
	assert.ok(Math.PI * 5000 - areaOf(there.geometry) < 0.01 * Math.PI * 100);
	assert.ok(path.length < 200);
	// The same positions from the other end.
	const back = rings(one(extent(at([200, 0], [100, 100], [0, 0]), at([0, 0], [200, 0]))).geometry)[0];
	assert.deepEqual(new Set(back.map(String)), new Set(path.map(String)));
});

test('a chain of arcs, a circle, a circle by its centre', () => {
	const chain = one(polygon(curves(segment('ArcString', at([0, 0], [50, 50], [100, 0], [50, -50], [0, 0])))));
	const circle = one(polygon(curves(segment('Circle', at([0, 0], [50, 50], [100, 0])))));
	const centre = one(polygon(curves(`<gml:curveMember><gml:Curve><gml:segments><gml:CircleByCenterPoint>
		<gml:pos>${E + 50} ${N}</gml:pos><gml:radius uom="m">50</gml:radius></gml:CircleByCenterPoint></gml:segments></gml:Curve></gml:curveMember>`)));
	for (const { geometry } of [chain, circle, centre])
		assert.ok(Math.abs(areaOf(geometry) - Math.PI * 2500) < Math.PI, areaOf(geometry));
	assert.match(refused(polygon(curves(segment('Circle', at([0, 0], [50, 0], [100, 0]))))).detail, /one line/);
	assert.match(refused(polygon(curves(segment('Arc', at([0, 0], [50, 0]))))).detail, /2 positions/);
	assert.match(refused(polygon(curves(segment('ArcByBulge', at([0, 0], [50, 0]))))).detail, /ArcByBulge/);
});

test('an orientable curve runs backwards', () => {
	const { geometry } = one(polygon(curves(
		segment('LineStringSegment', at([0, 0], [100, 0])),
		`<gml:curveMember><gml:OrientableCurve orientation="-"><gml:baseCurve><gml:LineString><gml:posList>${
			at([0, 0], [0, 100], [100, 0])}</gml:posList></gml:LineString></gml:baseCurve></gml:OrientableCurve></gml:curveMember>`)));
	assert.equal(areaOf(geometry), 5000);
});

test('surfaces of several kinds', () => {
	const members = [polygon(ring(square(0, 0, 10))), polygon(ring(square(100, 0, 10)))];
	const multi = one(`<gml:MultiSurface>${members.map((m) => `<gml:surfaceMember>${m}</gml:surfaceMember>`).join('')}</gml:MultiSurface>`);
	assert.equal(multi.geometry.type, 6);
	assert.equal(areaOf(multi.geometry), 200);
	const list = one(`<gml:MultiSurface><gml:surfaceMembers>${members.join('')}</gml:surfaceMembers></gml:MultiSurface>`);
	assert.equal(areaOf(list.geometry), 200);
	const nested = one(`<gml:MultiSurface><gml:surfaceMember><gml:CompositeSurface>${
		`<gml:surfaceMember>${members[0]}</gml:surfaceMember>`}</gml:CompositeSurface></gml:surfaceMember></gml:MultiSurface>`);
	assert.equal(areaOf(nested.geometry), 100);
});

test('patches of one surface are united with a warning, overlapping ones are left alone', () => {
	const surface = (...shells) => `<gml:Surface><gml:patches>${shells.map((shell) =>
		`<gml:PolygonPatch><gml:exterior>${ring(shell)}</gml:exterior></gml:PolygonPatch>`).join('')}</gml:patches></gml:Surface>`;
	const joined = one(surface(square(0, 0, 10), square(10, 0, 10)));
	assert.equal(joined.geometry.type, 3);
	assert.equal(areaOf(joined.geometry), 200);
	assert.match(joined.warnings.join(), /surface of 2 patches; they were united/);
	const overlapping = one(surface(square(0, 0, 10), square(5, 0, 10)));
	assert.equal(overlapping.geometry.type, 6);
	assert.doesNotMatch(overlapping.warnings.join(), /united/);
});

test('xlinks within the file are followed, forwards and in chains', () => {
	const shared = (id, list) => `<gml:featureMember><xplan:XP_Linie gml:id="f-${id}"><xplan:position><gml:LineString gml:id="${id}" srsName="EPSG:25832"><gml:posList>${list}</gml:posList></gml:LineString></xplan:position></xplan:XP_Linie></gml:featureMember>`;
	const link = (id) => `<gml:curveMember xlink:href="#${id}"/>`;
	const composite = `<gml:featureMember><xplan:X gml:id="x"><xplan:position><gml:CompositeCurve gml:id="both">${link('a')}${link('b')}</gml:CompositeCurve></xplan:position></xplan:X></gml:featureMember>`;
	const extent = plan(polygon(curves(link('both'), segment('LineStringSegment', at([100, 100], [0, 0])))));
	const answer = read(document(extent, composite, shared('a', at([0, 0], [100, 0])), shared('b', at([100, 0], [100, 100]))));
	assert.equal(answer.status, 0, JSON.stringify(answer.fault));
	assert.equal(areaOf(readWkb(answer.plans[0].wkb)), 5000);
	const surface = read(document(plan('<gml:MultiSurface><gml:surfaceMember xlink:href="#s"/></gml:MultiSurface>'),
		`<gml:featureMember><xplan:X gml:id="y"><xplan:position>${polygon(ring(square(0, 0, 10))).replace('<gml:Polygon', '<gml:Polygon gml:id="s" srsName="EPSG:25832"')}</xplan:position></xplan:X></gml:featureMember>`));
	assert.equal(surface.status, 0, JSON.stringify(surface.fault));
	assert.equal(areaOf(readWkb(surface.plans[0].wkb)), 100);
	assert.match(refused(polygon(curves(link('nowhere')))).detail, /#nowhere, which is not in the file/);
	assert.match(refused('<gml:MultiSurface gml:id="me"><gml:surfaceMember xlink:href="#me"/></gml:MultiSurface>').detail, /#me/);
	assert.match(refused(polygon('<gml:Ring><gml:curveMember xlink:href="http://example.org/c.xml#a"/></gml:Ring>')).detail, /outside of the file/);
	assert.match(refused(polygon('<gml:Ring><gml:curveMember xlink:href="file:///etc/passwd"/></gml:Ring>')).detail, /outside of the file/);
});

test('the CRS is found on any level, and names mean what they say', () => {
	const shape = polygon(ring(square(0, 0, 10)));
	const spellings = { 'EPSG:25832': 25832, 'urn:ogc:def:crs:EPSG::25832': 25832, 'urn:adv:crs:ETRS89_UTM32': 25832,
		'http://www.opengis.net/def/crs/EPSG/0/25832': 25832, 'http://www.opengis.net/gml/srs/epsg.xml#25833': 25833, 'urn:ogc:def:crs:EPSG:6.9:25833': 25833 };
	for (const [srs, epsg] of Object.entries(spellings))
		assert.equal(one(shape, { srs }).epsg, epsg, srs);
	const deep = shape.replace('<gml:posList>', '<gml:posList srsName="EPSG:25832">');
	assert.equal(one(deep, { srs: null }).epsg, 25832);
	const envelope = '<gml:boundedBy><gml:Envelope srsName="EPSG:25832"><gml:lowerCorner>1 1</gml:lowerCorner></gml:Envelope></gml:boundedBy>';
	assert.equal(one(shape, { srs: null, more: envelope }).epsg, 25832);
	assert.equal(read(document(envelope, plan(shape, { srs: null }))).plans[0].epsg, 25832);
	assert.equal(refused(shape, { srs: null }).problem, 'crs_unknown');
	assert.match(refused(shape, { srs: 'EPSG:99999' }).detail, /EPSG:99999/);
	assert.equal(one(deep.replace('25832', '25833')).epsg, 25833);
	const mixed = polygon(ring(square(0, 0, 10)), ring(square(1, 1, 1)).replace('<gml:posList>', '<gml:posList srsName="EPSG:25833">'));
	assert.match(refused(mixed).detail, /mixes EPSG:25832 and EPSG:25833/);
});

test('axes come out as east and north', () => {
	const degrees = polygon(ring('53.5 9.9 53.5 9.91 53.51 9.91 53.5 9.9'));
	const lonlat = polygon(ring('9.9 53.5 9.91 53.5 9.91 53.51 9.9 53.5'));
	const first = (extent, srs) => rings(one(extent, { srs }).geometry)[0][0];
	assert.deepEqual(first(degrees, 'EPSG:4326'), [9.9, 53.5]);
	assert.deepEqual(first(degrees, 'urn:ogc:def:crs:EPSG::4258'), [9.9, 53.5]);
	assert.deepEqual(first(lonlat, 'urn:ogc:def:crs:OGC:1.3:CRS84'), [9.9, 53.5]);
	assert.deepEqual(first(polygon(ring('3565768 5950055 3565868 5950055 3565868 5950155 3565768 5950055')), 'EPSG:31467'), [3565768, 5950055]);
	assert.deepEqual(first(polygon(ring('5950055 3565768 5950055 3565868 5950155 3565868 5950055 3565768')),
		'urn:ogc:def:crs:EPSG::31467'), [3565768, 5950055]);
});

test('heights are left out with a warning', () => {
	const flat = at([0, 0], [10, 0], [10, 10], [0, 0]).split(' ');
	const high = flat.map((v, i) => (i % 2 ? `${v} 12.5` : v)).join(' ');
	const { geometry, warnings } = one(polygon(`<gml:LinearRing srsDimension="3"><gml:posList>${high}</gml:posList></gml:LinearRing>`));
	assert.equal(areaOf(geometry), 50);
	assert.match(warnings.join(), /Heights/);
	assert.match(refused(polygon(`<gml:LinearRing srsDimension="4"><gml:posList>${high}</gml:posList></gml:LinearRing>`)).detail, /srsDimension/);
});

test('structural faults name the line and the place', () => {
	const open = refused(polygon(ring(at([0, 0], [10, 0], [10, 10], [0, 10]))));
	assert.equal(open.problem, 'geometry_malformed');
	assert.match(open.detail, /does not end where it began/);
	assert.deepEqual([open.x, open.y], [E, N + 10]);
	assert.ok(Math.abs(open.lon - 9.98) < 0.05 && Math.abs(open.lat - 53.6) < 0.1, JSON.stringify(open));
	assert.match(refused(polygon(ring(at([0, 0], [10, 0], [0, 0])))).detail, /fewer than four/);
	for (const bad of ['NaN', 'INF', '-INF', '0x10', 'abc', '1e999', '1,2,', '']) {
		const fault = refused(polygon(ring(`${bad} 1 2 3 4 5 ${bad} 1`)));
		assert.match(fault.problem, /^geometry_(malformed|empty)$/, bad);
	}
	assert.match(refused(polygon(ring('1 2 3'))).detail, /incomplete/);
	assert.equal(refused(polygon(ring(''))).problem, 'geometry_empty');
	assert.equal(refused('<gml:MultiSurface/>').problem, 'geometry_empty');
	assert.match(refused('<gml:Point><gml:pos>1 2</gml:pos></gml:Point>').detail, /area was expected.*Point/);
	assert.match(refused(`<gml:Polygon><gml:interior>${ring(square(0, 0, 1))}</gml:interior></gml:Polygon>`).detail, /exterior/);
	const gap = refused(polygon(curves(segment('LineStringSegment', at([0, 0], [10, 0])), segment('LineStringSegment', at([10, 1], [10, 10], [0, 0])))));
	assert.match(gap.detail, /does not begin where/);
	assert.deepEqual([gap.x, gap.y], [E + 10, N + 1]);
});

test('ends within a millimetre meet, with a warning', () => {
	const { geometry, warnings } = one(polygon(ring(at([0, 0], [10, 0], [10, 10], [0.0005, 0]))));
	assert.deepEqual(rings(geometry)[0].at(-1), [E, N]);
	assert.match(warnings.join(), /were joined/);
});

test('a plan without extent is refused, other plans are not its fault', () => {
	const bare = '<gml:featureMember><xplan:BP_Plan gml:id="b"><xplan:name>B</xplan:name></xplan:BP_Plan></gml:featureMember>';
	assert.match(read(document(bare)).fault.detail, /no extent/);
	const both = document(plan(polygon(ring(square(0, 0, 10)))), bare);
	assert.equal(read(both).fault.problem, 'plan_ambiguous');
	assert.equal(read(both, 'A').plans.length, 1);
	assert.equal(read(both, 'B').fault.problem, 'geometry_empty');
	assert.equal(read(document()).fault.problem, 'file_without_plan');
});

test('kinds of procedure follow from class, planArt and verfahren', () => {
	const shape = polygon(ring(square(0, 0, 10)));
	const kind = (object, more) => one(shape, { object, more }).kind;
	const art = (code, verfahren = '') => `<xplan:planArt>${code}</xplan:planArt>${verfahren && `<xplan:verfahren>${verfahren}</xplan:verfahren>`}`;
	assert.equal(kind('BP_Plan', art(1000, 1000)), 'BP_REGEL');
	assert.equal(kind('BP_Plan', art(10001, 2000)), 'BP_13');
	assert.equal(kind('BP_Plan', art(3000, 3000)), 'BP_13A');
	assert.equal(kind('BP_Plan', art(1000, 4000)), 'BP_13A');
	assert.equal(kind('BP_Plan', art(4000, 1000)), '');
	assert.equal(kind('BP_Plan', art(7000)), '');
	assert.equal(kind('FP_Plan', art(1000)), 'FNP');
	assert.equal(kind('FP_Plan', `${art(1000)}<xplan:aendertPlan><xplan:XP_VerbundenerPlan/></xplan:aendertPlan>`), 'FNP_AENDERUNG');
	assert.equal(kind('RP_Plan', art(4000)), 'ROP_LAND');
	assert.equal(kind('RP_Plan', art(1000)), 'ROP_REG');
	assert.equal(kind('RP_Plan', art(3000)), '');
	assert.equal(kind('SO_Plan', art(1000)), '');
	assert.equal(one(shape, { more: art(3000, 1000) }).vorhabenbezogen, 1);
	const assumed = one(shape, { more: art(1000) });
	assert.equal(assumed.kind, 'BP_REGEL');
	assert.match(assumed.warnings.join(), /regular procedure is assumed/);
	// XPlanGML 6.0 keeps the verfahren on the Bereich.
	const area = '<gml:featureMember><xplan:BP_Bereich gml:id="r"><xplan:verfahren>3000</xplan:verfahren><xplan:gehoertZuPlan xlink:href="#p-A"/></xplan:BP_Bereich></gml:featureMember>';
	assert.equal(read(document(area, plan(shape, { more: art(1000) }))).plans[0].kind, 'BP_13A');
});

test('planning municipalities are valid keys only', () => {
	const shape = polygon(ring(square(0, 0, 10)));
	const list = (name, ...keys) => keys.map(([ags, rs]) =>
		`<xplan:${name}><xplan:XP_Gemeinde><xplan:ags>${ags}</xplan:ags>${rs ? `<xplan:rs>${rs}</xplan:rs>` : ''}</xplan:XP_Gemeinde></xplan:${name}>`).join('');
	assert.deepEqual(one(shape, { more: list('gemeinde', ['02000000'], ['01056043'], ['02000000']) }).ags, ['02000000', '01056043']);
	assert.deepEqual(one(shape, { more: list('gemeinde', ['02000000']) + list('planaufstellendeGemeinde', ['01056043']) }).ags, ['01056043']);
	assert.deepEqual(one(shape, { more: list('gemeinde', ['', '010565616043']) }).ags, ['01056043']);
	const odd = one(shape, { more: list('gemeinde', ['00000000'], ['020000000'], ['17000000']) });
	assert.deepEqual(odd.ags, []);
	assert.equal(odd.warnings.filter((text) => /is not the key/.test(text)).length, 3);
});

test('200,000 vertices are read, one more is too many', () => {
	const circle = (count) => ring(Array.from({ length: count }, (_, i) => {
		const angle = (i % (count - 1)) / (count - 1) * 2 * Math.PI;
		return `${(E + 1000 * Math.cos(angle)).toFixed(6)} ${(N + 1000 * Math.sin(angle)).toFixed(6)}`;
	}).join(' '));
	assert.equal(one(polygon(circle(200000))).vertices, 200000);
	assert.equal(refused(polygon(circle(200001))).problem, 'geometry_too_large');
	// A bow so flat and long that its chords would be too many is no way around.
	assert.equal(refused(polygon(curves(segment('Circle', '-1e8 0 0 1e8 1e8 0'))), { srs: 'EPSG:25832' }).problem, 'geometry_too_large');
});
