// SPDX-License-Identifier: EUPL-1.2
// Other people's clients read every collection, also what only members see: in pages, what is in a box, what has a property, each in every CRS that
// the client can name. What PostGIS finds and transforms is what they have to see.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { python, runner, same } from '../clients.mjs';
import { keepFew, openSite, positions } from '../ogc/site.mjs';
import { withoutOpenLayers } from '../ogc/tile_read.mjs';
import { plainId, urn } from '../wfs/site.mjs';
import { ask as askOpenLayers } from './ask_openlayers.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const metres = [555000, 5938000, 566000, 5947000];
/** urn's names of them: 84 is CRS84. */
const all = [84, 25832, 25833, 3857, 4326, 4258];
const isDegrees = (code) => [84, 4326, 4258].includes(code);
const northFirst = (code) => [4326, 4258].includes(code);

/** Collection → by which property some of it is asked for, and by which its features are told apart. */
const collections = {
	procedures: { property: 'number', key: ['number'] },
	plans: { property: 'number', key: ['number', 'plan_no'] },
	affected_municipalities: { property: 'name', key: ['number', 'ags'] },
	municipalities: { property: 'kreis', key: ['ags'] },
	adjacency: { property: 'name', key: ['ags', 'neighbour'] },
	statements: { property: 'text', key: ['number'] },
	drafts: { property: 'title', key: ['title'] },
};
/**
 * dropsPlaceless: with a box it leaves out what lies nowhere, by itself or because WFS does. raw: it gives the pairs as they came.
 * GDAL 3.6 and QGIS 3.22 know no CRS in OGC API but CRS84; and QGIS has GDAL guess what GeoJSON says, which takes numbers of statements for days.
 */
const clients = {
	'GDAL by WFS 2.0': { program: 'ask_gdal.py', service: 'wfs', codes: all, dropsPlaceless: true, id: plainId },
	'GDAL by OGC API': { program: 'ask_gdal.py', service: 'ogc', codes: [84], dropsPlaceless: true },
	'OWSLib by WFS 2.0': { program: 'ask_owslib.py', service: 'wfs', version: '2.0.0', codes: all, dropsPlaceless: true, package: 'owslib' },
	'OWSLib by WFS 1.1': { program: 'ask_owslib.py', service: 'wfs', version: '1.1.0', codes: all, dropsPlaceless: true, package: 'owslib' },
	'OWSLib by OGC API': { program: 'ask_owslib.py', service: 'ogc', codes: all, raw: true, package: 'owslib' },
	'QGIS by WFS 2.0': { program: 'ask_qgis.py', service: 'wfs', codes: all, dropsPlaceless: true, keyed: true, package: 'qgis' },
	'QGIS by WFS 1.1': { program: 'ask_qgis.py', service: 'wfs', version: '1.1.0', codes: [25832, 4326], dropsPlaceless: true, keyed: true, package: 'qgis' },
	'QGIS by OGC API': { program: 'ask_qgis.py', service: 'ogc', codes: [84], dropsPlaceless: true, key: ['id'], package: 'qgis' },
	'OpenLayers by WFS 2.0': { service: 'wfs', codes: all, dropsPlaceless: true, id: plainId },
	'OpenLayers by OGC API': { service: 'ogc', codes: all, raw: true },
};

/** Code → collection → what PostGIS has: {key, id, geometry, inBox, chosen}; code → the box; collection → the value that is asked for. */
async function whatPostgisHas({ server }) {
	const oracle = { features: {}, boxes: {}, values: {} };
	for (const [name, { property }] of Object.entries(collections))
		[{ value: oracle.values[name] }] = await server.sql(`select ${property} as value from pp.feature_${name} where died is null and ${property} is not null
			order by fid collate "C" offset (select count(*) / 2 from pp.feature_${name} where died is null) limit 1`);
	for (const code of all) {
		const srid = code === 84 ? 4326 : code;
		const [{ box }] = await server.sql(`select array[ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b)]::float[] as box from ST_Transform(ST_MakeEnvelope(${metres}, 25832), ${srid}) b`);
		oracle.boxes[code] = box;
		oracle.features[code] = {};
		for (const [name, { property, key }] of Object.entries(collections))
			oracle.features[code][name] = (await server.sql(`select fid as id, concat_ws('|', ${key}) as key, ST_AsGeoJSON(ST_Transform(geom, ${srid}), 12) as geometry, ${property} = :'value' as chosen,
				ST_Intersects(geom, ST_Transform(ST_Segmentize(ST_MakeEnvelope(${box}, ${srid}), ${(box[2] - box[0]) / 500}), 25832)) as "inBox" from pp.feature_${name} where died is null`,
			{ value: oracle.values[name] })).map((row) => ({ ...row, geometry: JSON.parse(row.geometry) }));
	}
	return oracle;
}

describe('other clients', { concurrency: false }, () => {
	let site, home, run, login, oracle;
	before(async () => {
		// What clients see is compared with PostGIS, not searched for errors of memory: hundreds of megabytes of it.
		site = await openSite();
		for (let i = 0; i < 9; i++)
			await site.server.must(201, 'POST', '//ogc/collections/drafts/items', { token: site.token, headers: { 'Content-Type': 'application/geo+json' }, body: { type: 'Feature', properties: { title: `Entwurf ${i}` },
				geometry: i ? { type: 'LineString', coordinates: [[9.85 + i / 50, 53.61], [9.86 + i / 50, 53.64]] } : null } });
		await keepFew(site.server);
		home = mkdtempSync(join(tmpdir(), 'pp-clients-'));
		run = runner(home);
		login = `qgis:${site.token}`;
		oracle = await whatPostgisHas(site);
	});
	after(async () => {
		await site.stop();
		rmSync(home, { recursive: true });
	});

	/** All that a client is asked, each with what it has to see. */
	const questionsOf = ({ service, version, codes, dropsPlaceless, keyed, key: own }) => codes.flatMap((code) => Object.entries(collections).flatMap(([collection, { property, key }]) => {
		const features = oracle.features[code][collection];
		const question = { service, collection, crs: urn(code), page: Math.ceil(features.length / 3), ...(version && { version }), ...(keyed && { key }), ...(own && { key: own }) };
		const whole = { what: `${collection} in ${code}`, code };
		return [
			{ ...whole, question, expected: features },
			{ ...whole, what: `${whole.what} in a box`, question: { ...question, box: oracle.boxes[code] }, expected: features.filter(({ inBox }) => inBox ?? !dropsPlaceless) },
			{ ...whole, what: `${whole.what} by ${property}`, question: { ...question, where: [property, oracle.values[collection]] }, expected: features.filter(({ chosen }) => chosen) },
		];
	}));
	/** East first. */
	const turned = (geometry) => geometry && { type: 'LineString', coordinates: positions(geometry).map(([a, b]) => [b, a]) };

	for (const [name, client] of Object.entries(clients))
		it(`${name} sees what PostGIS has`, { skip: client.package ? python(client.package) : client.program ? false : withoutOpenLayers }, async () => {
			const questions = questionsOf(client);
			const asked = { wfs: `${site.server.address}/wfs`, ogc: site.root, login, questions: questions.map(({ question }) => question) };
			let answers;
			if (client.program) {
				writeFileSync(join(home, 'questions.json'), JSON.stringify(asked));
				answers = await run(join(here, client.program), [join(home, 'questions.json')]);
			} else {
				answers = await askOpenLayers(asked);
			}
			assert.equal(answers.length, questions.length);
			questions.forEach(({ what, code, question, expected }, i) => {
				assert.ok(expected.length > 0 && (!question.where || expected.length < oracle.features[code][question.collection].length), `${what}: some of all`);
				const seen = answers[i].map(({ id, geometry }) => ({ id: client.id ? client.id(id) : id, geometry: client.raw && northFirst(code) ? turned(geometry) : geometry }));
				same(seen, client.keyed ? expected.map(({ key, geometry }) => ({ id: key, geometry })) : expected, `${name} ${what}`, isDegrees(code) ? 2.1e-8 : 0.0011);
			});
		});
});
