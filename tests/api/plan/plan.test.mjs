// SPDX-License-Identifier: EUPL-1.2
// Versions of a plan: filed as GeoJSON or as a file, with the hash of what was sent; repaired only
// when somebody has looked at the repair.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { isSanitized, startServer } from '../../harness/server.mjs';
import { bowtie, creates, filePlan, halstenbek, hamburg, instant, nowhere, pointers, procedureOf, refuses, schnelsen, uuid7 } from '../support.mjs';

const geojson = (geometry, properties = {}) => JSON.stringify({ type: 'FeatureCollection', features: [{ type: 'Feature', properties, geometry }] });
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const utm = { type: 'Polygon', coordinates: [[[559500, 5942600], [559900, 5942600], [559900, 5943000], [559500, 5943000], [559500, 5942600]]] };

describe('plans', () => {
	let server, planner, procedure;
	const upload = (text, { query = '', type = 'application/geo+json', headers = {} } = {}) =>
		server.api('POST', `/procedures/${procedure}/plans${query}`, { token: planner, body: text, headers: { 'Content-Type': type, ...headers } });

	before(async () => {
		server = await startServer();
		planner = await server.account('manager', hamburg);
		procedure = (await server.must(201, 'POST', '/procedures', { token: planner, body: procedureOf() })).id;
	});
	after(() => server.stop());

	it('are created with their geometry, version and dataset', async () => {
		const plan = await creates(server, `/procedures/${procedure}/plans`, { token: planner, body: { geometry: schnelsen, subjects: [{ subject: 'WIND', hub_height_m: 120.5 }] } });
		assert.match(plan.id, uuid7);
		assert.match(plan.created_at, instant);
		assert.match(plan.sha256, /^[0-9a-f]{64}$/);
		const { id, created_at: at, sha256: hash, geometry, engine, ...rest } = plan;
		assert.ok(id && at && hash && engine);
		assert.deepEqual(rest, { procedure, number: 1, geometry_kind: 'area', subjects: [{ subject: 'WIND', hub_height_m: 120.5 }],
			source: { name: null, type: 'application/json', sha256: null }, changes: null, xplanung: null, dataset: { name: 'VG250', date: '2016-01-01' },
			confirmed: false, announced_at: null, published_at: null });
		assert.equal(geometry.type, 'Polygon');
		for (const [i, corner] of geometry.coordinates[0].entries())
			for (const axis of [0, 1]) assert.ok(Math.abs(corner[axis] - schnelsen.coordinates[0][i][axis]) < 1e-7);
		assert.deepEqual(await server.must(200, 'GET', `/plans/${plan.id}`, { token: planner }), plan);
	});

	it('are made of a draft that was drawn before, and of no other body\'s', async () => {
		const draw = async (token, geometry) => JSON.parse((await server.api('POST', '//ogc/collections/drafts/items', { token, body: { type: 'Feature', geometry, properties: { title: 'Nordrand' } } })).text).id;
		const own = (await server.must(201, 'POST', '/procedures', { token: planner, body: procedureOf() })).id;
		const where = `/procedures/${own}/plans`, draft = await draw(planner, schnelsen);
		const drawn = await creates(server, where, { token: planner, body: { draft, subjects: [{ subject: 'STRASSE' }] } });
		const sent = await filePlan(server, planner, own, schnelsen);
		assert.deepEqual([drawn.sha256, drawn.subjects], [sent.sha256, [{ subject: 'STRASSE' }]], 'it is the same plan as if its geometry had been sent');
		await server.api('DELETE', `//ogc/collections/drafts/items/${draft}`, { token: planner });
		assert.equal((await server.must(200, 'GET', `/plans/${drawn.id}`, { token: planner })).sha256, drawn.sha256, 'and stays when the draft goes');
		for (const [id, problem, status] of [[draft, 'draft_not_found', 404], [await draw(await server.account('manager', halstenbek), schnelsen), 'draft_not_found', 404], [await draw(planner, null), 'geometry_empty', 422]])
			assert.deepEqual(pointers(await refuses(server, status, problem, 'POST', where, { token: planner, body: { draft: id } })), ['/draft']);
		assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', where, { token: planner, body: { draft, geometry: schnelsen } })), ['/draft']);
		assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', where, { token: planner, body: {} })), ['/geometry']);
	});

	it('reckon with the subjects of the procedure, or with their own, and show a catchment as it was sent', async () => {
		const catchment = { type: 'Polygon', coordinates: [[[9.95, 53.66], [10.1, 53.66], [10.1, 53.75], [9.95, 53.75], [9.95, 53.66]]] };
		const subjects = [{ subject: 'EINZELHANDEL', floor_area_m2: 6000, catchment, study: [{ ags: '01056013', percent: 10 }] }];
		const shop = await server.must(201, 'POST', '/procedures', { token: planner, body: procedureOf({ subjects }) });
		assert.deepEqual(shop.subjects, subjects);
		const rules = async (more) => {
			const plan = await filePlan(server, planner, shop.id, schnelsen, more);
			const { municipalities } = await server.must(200, 'GET', `/plans/${plan.id}/affected`, { token: planner });
			return { plan, fired: new Set(municipalities.flatMap((row) => row.rules.map(({ rule, metric }) => `${rule} ${metric}`))) };
		};
		const inherited = await rules({});
		assert.deepEqual(inherited.plan.subjects, subjects);
		assert.ok(inherited.fired.has('R21 catchment') && inherited.fired.has('R23 listed') && !inherited.fired.has('R21 distance'), [...inherited.fired].join());
		const own = await rules({ subjects: [{ subject: 'EINZELHANDEL', floor_area_m2: 6000 }] });
		assert.ok(own.fired.has('R21 distance') && !own.fired.has('R21 catchment') && !own.fired.has('R23 listed'), 'a plan\'s own subjects win');
		const problem = await refuses(server, 422, 'invalid_body', 'POST', '/procedures', { token: planner, body: procedureOf({ subjects: [{ subject: 'WIND', catchment }] }) });
		assert.deepEqual(pointers(problem), ['/subjects/0/catchment']);
	});

	it('take another CRS by name, and every version stays', async () => {
		const plan = await filePlan(server, planner, procedure, utm, { crs: 'EPSG:25832' });
		assert.equal(plan.number, 2);
		assert.ok(Math.abs(plan.geometry.coordinates[0][0][0] - 9.9) < 0.01 && Math.abs(plan.geometry.coordinates[0][0][1] - 53.63) < 0.01);
		const { items } = await server.must(200, 'GET', `/procedures/${procedure}/plans`, { token: planner });
		assert.deepEqual(items.map((item) => item.number), [2, 1]);
		assert.ok(items.every((item) => !('geometry' in item)));
	});

	it('may be points, and lines, and several', async () => {
		const line = { type: 'LineString', coordinates: [[9.9, 53.63], [9.85, 53.66]] };
		assert.equal((await filePlan(server, planner, procedure, line)).geometry_kind, 'line');
		assert.equal((await filePlan(server, planner, procedure, { type: 'MultiPoint', coordinates: [[9.9, 53.63]] })).geometry_kind, 'point');
	});

	it('come as a file whose SHA-256 is kept', async () => {
		const text = geojson(schnelsen);
		const reply = await upload(text);
		assert.equal(reply.status, 201, reply.text);
		assert.equal(reply.body.source.type, 'application/geo+json');
		assert.equal(reply.body.source.sha256, sha256(text));
		const shown = await server.must(200, 'GET', `/plans/${reply.body.id}`, { token: planner });
		assert.equal(shown.source.sha256, sha256(text));
		const packed = gzipSync(text);
		assert.equal((await upload(packed, { type: 'application/gzip' })).body.source.sha256, sha256(packed));
	});

	// Codes of BP_Rechtsstand; the namespace of every version that is read.
	const xplan = (version, rechtsstand, object = 'BP_Plan') => `<?xml version="1.0" encoding="UTF-8"?>
		<xplan:XPlanAuszug xmlns:xplan="http://www.xplanung.de/xplangml/${version.replace('.', '/')}" xmlns:gml="http://www.opengis.net/gml/3.2">
		<gml:featureMember><xplan:${object} gml:id="p"><xplan:name>Schnelsen</xplan:name>
		${rechtsstand === null ? '' : `<xplan:rechtsstand>${rechtsstand}</xplan:rechtsstand>`}
		<xplan:raeumlicherGeltungsbereich><gml:Polygon srsName="EPSG:25832"><gml:exterior><gml:LinearRing><gml:posList>${utm.coordinates[0].flat().join(' ')}</gml:posList>
		</gml:LinearRing></gml:exterior></gml:Polygon></xplan:raeumlicherGeltungsbereich></xplan:${object}></gml:featureMember></xplan:XPlanAuszug>`;

	for (const version of ['4.0', '4.1', '5.0', '5.1', '5.2', '5.3', '5.4', '6.0', '6.1'])
		it(`keep and read the Rechtsstand of XPlanGML ${version}, known, unknown or missing`, async () => {
			const before = await server.must(200, 'GET', `/procedures/${procedure}`, { token: planner });
			const said = async (code, object = 'BP_Plan') => {
				const reply = await upload(xplan(version, code, object), { type: 'application/gml+xml', headers: { 'Accept-Language': 'en' } });
				assert.equal(reply.status, 201, reply.text);
				assert.equal(reply.body.source.name, 'Schnelsen');
				assert.deepEqual((await server.must(200, 'GET', `/plans/${reply.body.id}`, { token: planner, headers: { 'Accept-Language': 'en' } })).xplanung, reply.body.xplanung);
				return reply.body.xplanung;
			};
			assert.deepEqual(await said('2400'), { object: 'BP_Plan', version, rechtsstand: { code: '2400', state: 'BETEILIGUNG' }, warnings: [] });
			const unknown = await said('im "Verfahren" &amp; mehr');
			assert.deepEqual(unknown.rechtsstand, { code: 'im "Verfahren" & mehr', state: null });
			assert.match(unknown.warnings.join(), /^The Rechtsstand "im "Verfahren" & mehr" is not in the list BP_Rechtsstand;/);
			assert.deepEqual(await said(null), { object: 'BP_Plan', version, rechtsstand: null, warnings: [] });
			const foreign = await said('4000', 'FP_Plan');
			assert.deepEqual(foreign.rechtsstand, { code: '4000', state: null });
			assert.match(foreign.warnings.join(), /^FP_Plan is no plan of a procedure of the kind BP_REGEL;/);
			const { state, state_since: since } = await server.must(200, 'GET', `/procedures/${procedure}`, { token: planner });
			assert.deepEqual([state, since], [before.state, before.state_since]);
		});

	it('hash a file that comes in many pieces as a whole', async () => {
		const text = geojson(schnelsen, { note: 'x'.repeat(isSanitized() ? 300000 : 3000000) });
		assert.equal((await upload(text)).body.source.sha256, sha256(text));
	});

	it('are not filed twice under one key, and not replaced by another file under it', async () => {
		const headers = { 'Idempotency-Key': 'plan-one' };
		const first = await upload(geojson(schnelsen), { headers });
		assert.equal(first.status, 201, first.text);
		assert.equal((await upload(geojson(schnelsen), { headers })).body.id, first.body.id);
		const other = await upload(geojson(schnelsen, { note: 'another file' }), { headers });
		assert.equal(other.status, 422, other.text);
		assert.equal(other.body.type, '/problems/idempotency_key_reused');
	});

	it('are refused with the fault and its place when they are not valid', async () => {
		const problem = await refuses(server, 422, 'geometry_invalid', 'POST', `/procedures/${procedure}/plans`, { token: planner, body: { geometry: bowtie } });
		assert.equal(problem.place.crs, 'EPSG:25832');
		assert.ok(Math.abs(problem.place.lon - 9.903) < 1e-4 && Math.abs(problem.place.lat - 53.6325) < 1e-4);
		assert.ok(pointers(problem)[0].startsWith('/geometry'));
	});

	it('are repaired as a proposal, which stores nothing', async () => {
		const { items: before } = await server.must(200, 'GET', `/procedures/${procedure}/plans`, { token: planner });
		const { proposal } = await server.must(200, 'POST', `/procedures/${procedure}/plans?repair=true`, { token: planner, body: { geometry: bowtie } });
		assert.deepEqual(Object.keys(proposal), ['crs', 'geometry', 'changes', 'sha256']);
		assert.equal(proposal.crs, 'EPSG:25832');
		assert.equal(proposal.geometry.type, 'MultiPolygon');
		assert.ok(proposal.changes.length > 0);
		const english = await server.must(200, 'POST', `/procedures/${procedure}/plans?repair=true`,
			{ token: planner, body: { geometry: bowtie }, headers: { 'Accept-Language': 'en' } });
		assert.notDeepEqual(english.proposal.changes, proposal.changes);
		const { items } = await server.must(200, 'GET', `/procedures/${procedure}/plans`, { token: planner });
		assert.equal(items.length, before.length);
	});

	it('are filed repaired when the proposal is accepted, with what that changed', async () => {
		const text = geojson(bowtie);
		const { proposal } = (await upload(text, { query: '?repair=true' })).body;
		const filed = await upload(text, { query: `?accept=${proposal.sha256}` });
		assert.equal(filed.status, 201, filed.text);
		assert.deepEqual(filed.body.changes, proposal.changes);
		assert.equal(filed.body.sha256, proposal.sha256);
		assert.equal(filed.body.source.sha256, sha256(text));
		const english = await server.must(200, 'GET', `/plans/${filed.body.id}`, { token: planner, headers: { 'Accept-Language': 'en' } });
		assert.equal(english.changes.length, proposal.changes.length);
		assert.notDeepEqual(english.changes, proposal.changes);
	});

	it('are not filed repaired in another way than was looked at', async () => {
		await refuses(server, 409, 'proposal_not_current', 'POST', `/procedures/${procedure}/plans?accept=${'0'.repeat(64)}`,
			{ token: planner, body: { geometry: bowtie } });
		await refuses(server, 400, 'invalid_parameter', 'POST', `/procedures/${procedure}/plans?accept=1`, { token: planner, body: { geometry: bowtie } });
	});

	it('say what is wrong with a body, all of it', async () => {
		const problem = await refuses(server, 422, 'invalid_body', 'POST', `/procedures/${procedure}/plans`,
			{ token: planner, body: { geometry: schnelsen, crs: 7, subjects: [{ subject: 'MOND', cable: 'yes' }], colour: 'red' } });
		assert.deepEqual(pointers(problem).sort(), ['/colour', '/crs', '/subjects/0/cable', '/subjects/0/subject']);
		await refuses(server, 422, 'crs_unknown', 'POST', `/procedures/${procedure}/plans`, { token: planner, body: { geometry: schnelsen, crs: 'EPSG:1' } });
		await refuses(server, 422, 'invalid_body', 'POST', `/procedures/${procedure}/plans`, { token: planner, body: {} });
	});

	it('refuse files that are none', async () => {
		const cases = [
			['not json', 'application/geo+json', 415, 'unsupported_media_type'],
			[geojson(schnelsen), 'application/pdf', 415, 'unsupported_media_type'],
			[geojson(schnelsen), 'application/zip', 415, 'unsupported_media_type'],
			['{"type":"FeatureCollection","features":[]}', 'application/geo+json', 422, 'geometry_empty'],
			['', 'application/geo+json', 422, 'file_unreadable'],
		];
		const unread = await upload('x', { type: 'application/pdf' });
		assert.match(unread.body.detail, /^senden Sie application\/json oder eines von application\/geo\+json [ -~]*octet-stream$/);
		for (const [text, type, status, problem] of cases) {
			const reply = await upload(text, { type });
			assert.deepEqual([reply.status, reply.body.type], [status, `/problems/${problem}`], `${text} as ${type}: ${reply.text}`);
		}
	});

	it('are refused by their length before they are read', async () => {
		const head = (type, size) => `POST /api/v1/procedures/${procedure}/plans HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${planner.token}\r\n`
			+ `Content-Type: ${type}\r\nContent-Length: ${size}\r\n\r\n`;
		for (const [type, most] of [['application/json', 16 << 20], ['application/geo+json', 200 << 20]]) {
			const socket = net.connect(server.port, '127.0.0.1');
			socket.write(head(type, most + 1));
			const [reply] = await once(socket.setEncoding('utf8'), 'data');
			socket.destroy();
			assert.match(reply, /^HTTP\/1\.1 413 /, type);
		}
	});

	it('are the planning body\'s own until they are published', async () => {
		const other = await server.account('manager', '01056013');
		const { id } = (await server.must(200, 'GET', `/procedures/${procedure}/plans`, { token: planner })).items[0];
		for (const token of [undefined, other]) {
			await refuses(server, 404, 'plan_not_found', 'GET', `/plans/${id}`, { token });
			await refuses(server, 404, 'procedure_not_found', 'GET', `/procedures/${procedure}/plans`, { token });
		}
		await refuses(server, 404, 'procedure_not_found', 'POST', `/procedures/${procedure}/plans`, { token: other, body: { geometry: schnelsen } });
		await refuses(server, 404, 'plan_not_found', 'GET', `/plans/${nowhere}`, { token: planner });
	});
});
