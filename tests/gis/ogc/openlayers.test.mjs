// SPDX-License-Identifier: EUPL-1.2
// OpenLayers reads every collection: as GeoJSON of OGC API Features, page by page, in a box, by a property, in every CRS; and as GML of WFS by the requests
// that it writes itself. It knows no sf:FeatureCollection, the GML of OGC API Features. Tiles are read by it in tiles.test.mjs.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { codes, crs84, epsg, inside, northFirst, openSite, positions } from './site.mjs';
import { openlayers, withDocuments, withoutOpenLayers } from './tile_read.mjs';

const NAMESPACE = 'urn:planungsplattform:features:1';
const box = [9.85, 53.6, 9.95, 53.66];

describe('OpenLayers', { concurrency: false, skip: withoutOpenLayers }, () => {
	let site, GeoJSON, GML32, WFS, filters;
	before(async () => {
		site = await openSite();
		[GeoJSON, GML32, WFS] = await Promise.all(['format/GeoJSON', 'format/GML32', 'format/WFS'].map((name) => openlayers(name)));
		filters = await openlayers('format/filter', '*');
		// What a page tells it of CRSs by proj4: their names and the order of their axes.
		const { addProjection } = await openlayers('proj', '*'), Projection = await openlayers('proj/Projection');
		for (const [code, axisOrientation] of [[25832, 'enu'], [25833, 'enu'], [4258, 'neu']])
			for (const name of [`EPSG:${code}`, epsg(code), `urn:ogc:def:crs:EPSG::${code}`])
				addProjection(new Projection({ code: name, units: axisOrientation === 'neu' ? 'degrees' : 'm', axisOrientation }));
	});
	after(() => site.stop());

	const plain = new Map();
	/** Pairs, without the heights that it takes all GML to have. */
	const corners = (geometry) => geometry.getGeometries?.().flatMap(corners) ?? geometry.getFlatCoordinates().reduce((pairs, n, i, all) => {
		if (i % geometry.getStride() === 0) pairs.push([n, all[i + 1]]);
		return pairs;
	}, []);
	/** As it reads them. */
	const taken = (features, id = (feature) => feature.getId()) => features.map((feature) => ({ id: id(feature), corners: feature.getGeometry() ? corners(feature.getGeometry()) : [] }));
	/** As we say them, east or longitude first. */
	const said = (features, swap) => features.map(({ id, geometry }) => ({ id, corners: positions(geometry).map(([a, b]) => (swap ? [b, a] : [a, b])) }));
	const byId = (features) => features.toSorted((a, b) => (a.id < b.id ? -1 : 1));
	const everything = async (collection, uri) => {
		const key = `${collection} ${uri}`;
		if (!plain.has(key))
			plain.set(key, await site.all(collection, `crs=${uri}`));
		return plain.get(key);
	};
	const text = async (path, options) => {
		const reply = await fetch(path.startsWith('http') ? path : site.root + path, options);
		const body = await reply.text();
		assert.equal(reply.status, 200, `${path}: ${body.slice(0, 300)}`);
		return { body, next: /<([^>]*)>; rel="next"/.exec(reply.headers.get('link') ?? '')?.[1] };
	};

	it('reads the pages of every collection as GeoJSON, in every CRS', async () => {
		for (const { id } of site.collections)
			for (const uri of Object.keys(codes)) {
				const found = [];
				for (let at = `/collections/${id}/items?crs=${uri}&limit=${id === 'municipalities' || id === 'adjacency' ? 900 : 7}`; at;) {
					const page = JSON.parse((await text(at)).body);
					found.push(...new GeoJSON().readFeatures(page));
					at = page.links.find(({ rel }) => rel === 'next')?.href;
				}
				assert.deepEqual(taken(found), said(await everything(id, uri)), `${id} ${uri}`);
			}
	});

	it('reads what is in a box, and what has a property', async () => {
		for (const { id } of site.collections) {
			const ids = new Set(await inside(site, id, box));
			const found = new GeoJSON().readFeatures((await text(`/collections/${id}/items?limit=1000&bbox=${box}`)).body);
			assert.ok(found.length, id);
			assert.deepEqual(taken(found), said((await everything(id, crs84)).filter((feature) => ids.has(feature.id))), id);
		}
		const [hamburg] = new GeoJSON().readFeatures((await text(`/collections/municipalities/items?name=Hamburg`)).body);
		assert.equal(hamburg.get('ags'), '02000000');
	});

	it('reads GML of every collection, asked for of WFS in its own words: pages, every CRS, a box, a property', async () => {
		await withDocuments(async () => {
			const ask = async (id, more) => {
				const format = new WFS({ featureNS: NAMESPACE, featureType: id, version: '2.0.0', gmlFormat: new GML32({ featureNS: NAMESPACE, featureType: id }) });
				const request = format.writeGetFeature({ featureNS: NAMESPACE, featurePrefix: 'pp', featureTypes: [id], ...more });
				const { body } = await text(`${site.server.address}/wfs`, { method: 'POST', headers: { 'content-type': 'text/xml' }, body: new globalThis.XMLSerializer().serializeToString(request) });
				return taken(format.readFeatures(body), (feature) => feature.getId().slice(id.length + 1));
			};
			for (const { id } of site.collections) {
				for (const uri of Object.keys(codes)) {
					const name = uri === crs84 ? 'urn:ogc:def:crs:OGC:1.3:CRS84' : `urn:ogc:def:crs:EPSG::${codes[uri]}`;
					const expected = said(await everything(id, uri), northFirst.has(uri)), found = [], size = Math.ceil(expected.length / 3);
					for (let page; !page || page.length === size; found.push(...page))
						page = await ask(id, { srsName: name, maxFeatures: size, startIndex: found.length });
					assert.deepEqual(found, expected, `${id} ${name}`);
				}
				const metres = [558000, 5940000, 570000, 5950000];
				const ids = new Set(await inside(site, id, metres, 25832));
				const expected = (await everything(id, epsg(25832))).filter((feature) => feature.geometry && ids.has(feature.id));
				assert.ok(expected.length, id);
				assert.deepEqual(byId(await ask(id, { srsName: 'urn:ogc:def:crs:EPSG::25832', geometryName: 'geometry', bbox: metres })), byId(said(expected)), `${id} in a box`);
			}
			const [{ id }] = await ask('municipalities', { srsName: 'urn:ogc:def:crs:EPSG::25832', filter: filters.equalTo('name', 'Hamburg') });
			assert.equal(id, '02000000');
		});
	});
});
