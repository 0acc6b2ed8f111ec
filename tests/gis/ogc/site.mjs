// SPDX-License-Identifier: EUPL-1.2
// A server whose collections all have something in them, more than one page of ten, and a client of OGC API Features.
import assert from 'node:assert/strict';
import { startServer } from '../../harness/server.mjs';
import { confirm, day, fileBoth, hamburg, openRound } from '../../api/support.mjs';

export const epsg = (code) => `http://www.opengis.net/def/crs/EPSG/0/${code}`;
export const crs84 = 'http://www.opengis.net/def/crs/OGC/1.3/CRS84';
/** The codes that PostGIS knows them by. */
export const codes = { [crs84]: 4326, ...Object.fromEntries([25832, 25833, 3857, 4326, 4258].map((code) => [epsg(code), code])) };
export const northFirst = new Set([epsg(4326), epsg(4258)]);

/** Statements of private persons: with a place, which is shown as a square, and without, which lies nowhere. */
async function publishStatement(server, token, round, number) {
	const { id } = await server.must(201, 'POST', `/rounds/${round}/statements`, { body: {
		stance: 'EINWENDUNG', text: `Einwendung ${number}`, person: { given_name: 'Erika', family_name: 'Muster', street: 'Weg 1', postcode: '22457', town: 'Hamburg', inform: 'POST' },
		...(number % 2 ? { points: [{ kind: 'EINWAND', topic: 'Lärm', text: 'Hier wird es zu laut.', geometry: { type: 'Point', coordinates: [9.90 + number / 1000, 53.632] } }] } : {}),
	} });
	await server.must(200, 'PATCH', `/statements/${id}/publication`, { token, headers: { 'If-Match': '*' }, body: { published: true, text: `Es wird zu laut, sagt ${number}.` } });
}

/** Hamburg and the three Kreise beside it, 200 of 1,370: enough for pages, boxes and names where others read everything many times. */
export async function keepFew(server) {
	for (const collection of ['municipalities', 'adjacency'])
		await server.sql(`delete from pp.feature_${collection} where left(ags, 5) not in ('02000', '01056', '01060', '01062')`);
}

export async function openSite(settings = {}) {
	const server = await startServer({ settings: { rate_public: 10000000, rate_costly: 10000000, ...settings } });
	const { token } = await server.account('manager', hamburg);
	const { round } = await openRound(server, token, { round: { step: 'FOERM_OEFF', audience: 'OEFF', start: day(0), end: day(50) } });
	for (let i = 0; i < 12; i++) {
		await publishStatement(server, token, round, i);
		const { procedure, plan } = await fileBoth(server, token);
		await confirm(server, token, plan);
		await server.must(200, 'POST', `/procedures/${procedure}/publish`, { token, body: {} });
	}
	const root = `${server.address}/ogc`;
	const get = async (path, headers = {}) => {
		const url = path.startsWith('http') ? path : root + path;
		const before = Date.now();
		const reply = await fetch(url, { headers });
		const text = await reply.text();
		return { url, status: reply.status, headers: reply.headers, type: reply.headers.get('content-type'), text, body: text && JSON.parse(text), before, after: Date.now() };
	};
	const must = async (path) => {
		const reply = await get(path);
		assert.equal(reply.status, 200, `${path}: ${reply.text}`);
		return reply;
	};
	const { body: { collections } } = await must('/collections');
	const { body: api } = await must('/api');
	const site = { server, token, root, get, must, collections, api, stop: () => server.stop() };
	/** Every feature of a reply and of the pages after it, as many as follow. */
	site.follow = async ({ body }, change = (url) => url) => {
		const all = [...body.features];
		for (let next; (next = body.links.find(({ rel }) => rel === 'next')); ) {
			({ body } = await must(change(next.href)));
			all.push(...body.features);
		}
		return all;
	};
	site.all = async (collection, query = '') => site.follow(await must(`/collections/${collection}/items?limit=1000&${query}`));
	/** A description with what it refers to in place of the reference. */
	site.resolved = (node) => (node?.$ref ? site.resolved(node.$ref.slice(2).split('/').reduce((at, name) => at[name], api)) : node);
	site.operation = (path) => site.resolved(api.paths[path]?.get);
	site.parameter = (path, name) => site.operation(path).parameters.map(site.resolved).find((each) => each.name === name);
	return site;
}

/** All pairs of numbers of a geometry. */
export const positions = (geometry) => geometry === null ? [] : geometry.type === 'GeometryCollection' ? geometry.geometries.flatMap(positions)
	: geometry.coordinates.flat(Infinity).reduce((pairs, n, i) => (i % 2 ? pairs[pairs.length - 1].push(n) : pairs.push([n]), pairs), []);

/** What lies in a box, as PostGIS sees it; what lies nowhere is in every box (17-069r4 /req/core/fc-bbox-response C). */
export async function inside(site, collection, [west, south, east, north], code = 4326) {
	const envelope = `ST_MakeEnvelope(${west}, ${south}, ${east}, ${north}, ${code})`;
	const rows = await site.server.sql(`select fid from pp.feature_${collection} where died is null and (geom is null or ST_Intersects(geom, ST_Transform(ST_Segmentize(${envelope},
		greatest(ST_XMax(${envelope}) - ST_XMin(${envelope}), 1e-6) / 500), 25832))) order by fid collate "C"`);
	return rows.map(({ fid }) => fid);
}
