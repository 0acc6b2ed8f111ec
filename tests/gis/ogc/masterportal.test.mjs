// SPDX-License-Identifier: EUPL-1.2
// services.json: nothing but what Masterportal's documentation names, all that it demands, and every address answers.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { codes, openSite } from './site.mjs';

/** Of each typ what it must have and what it may have, with its kind (Masterportal 3, docs/User/Global-Config/services.json.md). */
const every = { id: 'string', name: 'string', typ: 'string', url: 'string', gfiAttributes: 'object', gfiTheme: 'string' };
const known = {
	OAF: { must: { ...every, collection: 'string' }, may: { datasets: 'boolean', legend: 'boolean', crs: 'string', bboxCrs: 'string', limit: 'number' } },
	WFS: { must: { ...every, datasets: 'boolean', featureNS: 'string', featureType: 'string', legendURL: 'string' }, may: { legend: 'boolean', version: 'string' } },
	VectorTile: { must: { ...every, minScale: 'string', maxScale: 'string' }, may: { datasets: 'boolean', legend: 'boolean', epsg: 'string', extent: 'object', origin: 'object', resolutions: 'object', tileSize: 'number', visibility: 'boolean' } },
};

describe('services.json of Masterportal', () => {
	let site, layers;
	before(async () => {
		site = await openSite();
		layers = (await site.must('/services.json')).body;
	});
	after(() => site.stop());

	it('has every collection in every way that it can be had, as the documentation of Masterportal writes them', async () => {
		const { status } = await fetch(`${site.server.address}/wfs?SERVICE=WFS&REQUEST=GetCapabilities`);
		const ways = status === 200 ? ['oaf', 'wfs', 'tiles'] : ['oaf', 'tiles'];
		assert.deepEqual(layers.map(({ id }) => id), site.collections.filter(({ links }) => links.some(({ rel }) => rel.endsWith('/tilesets-vector'))).flatMap(({ id }) => ways.map((way) => `planungsplattform-${way}-${id}`)));
		for (const { typ, ...layer } of layers) {
			const { must, may } = known[typ];
			for (const [key, value] of Object.entries(layer)) assert.equal(typeof value, { ...must, ...may }[key], `${layer.id}.${key}`);
			assert.deepEqual(Object.keys(must).filter((key) => key !== 'typ' && !(key in layer)), [], layer.id);
		}
	});

	it('says of each feature what its collection has, under its German titles', async () => {
		for (const { id, typ, collection, gfiAttributes, url } of layers) {
			const name = collection ?? id.split('-').pop(), { body: schema } = await site.must(`/collections/${name}/schema`);
			assert.ok(url && Object.keys(gfiAttributes).length > 3, id);
			for (const [key, title] of Object.entries(gfiAttributes)) assert.equal(schema.properties[key]?.title, title, `${id} ${typ} ${key}`);
		}
	});

	it('leads to layers that answer', async () => {
		for (const layer of layers.filter(({ typ }) => typ === 'OAF')) {
			// As masterportalAPI asks: collection, limit, CRS, and a box in it.
			const { status, body, headers } = await site.get(`${layer.url}/collections/${layer.collection}/items?limit=${layer.limit}&crs=${layer.crs}&bbox=550000,5920000,580000,5960000&bbox-crs=${layer.bboxCrs}`);
			assert.equal(status, 200);
			assert.equal(headers.get('content-crs'), `<${layer.crs}>`);
			assert.equal(codes[layer.crs], 25832);
			assert.ok(body.features.length, layer.id);
		}
		for (const { id, url, origin, resolutions, tileSize, epsg } of layers.filter(({ typ }) => typ === 'VectorTile')) {
			assert.equal(epsg, 'EPSG:25832');
			// Hamburg, a few matrices down: the number of a resolution is the z of its tiles.
			const z = 5, size = resolutions[z] * tileSize;
			const at = url.replace('{z}', z).replace('{y}', Math.floor((origin[1] - 5945000) / size)).replace('{x}', Math.floor((562000 - origin[0]) / size));
			const reply = await fetch(at);
			assert.deepEqual([reply.status, reply.headers.get('content-type')], [200, 'application/vnd.mapbox-vector-tile'], `${id} ${at}`);
		}
		for (const { id, url, version, featureType, featureNS } of layers.filter(({ typ }) => typ === 'WFS')) {
			const reply = await fetch(`${url}?SERVICE=WFS&VERSION=${version}&REQUEST=GetFeature&TYPENAMES=${featureType}&COUNT=1`);
			const text = await reply.text();
			assert.ok(reply.status === 200 && text.includes(featureNS) && text.includes(`${featureType}.`), `${id}: ${text.slice(0, 500)}`);
		}
	});
});
