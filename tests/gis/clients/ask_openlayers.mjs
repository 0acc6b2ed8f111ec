// SPDX-License-Identifier: EUPL-1.2
// Asks as OpenLayers does: GeoJSON of OGC API Features, and GML of WFS by the requests that it writes itself. It knows no sf:FeatureCollection, the GML
// of OGC API Features. Tiles are read by it in tiles.test.mjs.
import assert from 'node:assert/strict';
import { openlayers, withDocuments } from '../ogc/tile_read.mjs';

const NAMESPACE = 'urn:planungsplattform:features:1';

/** Pairs, without the heights that it takes all GML to have. */
const corners = (geometry) => geometry.getGeometries?.().flatMap(corners) ?? geometry.getFlatCoordinates().reduce((pairs, n, i, all) => {
	if (i % geometry.getStride() === 0) pairs.push([n, all[i + 1]]);
	return pairs;
}, []);
const taken = (features, id) => features.map((feature) => ({ id: id(feature), geometry: feature.getGeometry() ? { type: 'LineString', coordinates: corners(feature.getGeometry()) } : null }));
const turned = ([west, south, east, north], crs) => (/:(4326|4258)$/.test(crs) ? [south, west, north, east] : [west, south, east, north]);

/** Answers of ask_gdal.py's questions in turn. */
export async function ask({ wfs, ogc, login, questions }) {
	const [GeoJSON, GML32, WFS] = await Promise.all(['format/GeoJSON', 'format/GML32', 'format/WFS'].map((name) => openlayers(name)));
	const filters = await openlayers('format/filter', '*');
	// What a page tells it of CRSs by proj4: their names and the order of their axes.
	const { addProjection } = await openlayers('proj', '*'), Projection = await openlayers('proj/Projection');
	for (const [code, axisOrientation] of [[25832, 'enu'], [25833, 'enu'], [4258, 'neu']])
		addProjection(new Projection({ code: `urn:ogc:def:crs:EPSG::${code}`, units: axisOrientation === 'neu' ? 'degrees' : 'm', axisOrientation }));
	const Authorization = `Basic ${Buffer.from(login).toString('base64')}`;
	const text = async (address, options = {}) => {
		// It reads for so long that a connection that was kept has ended before it is used again.
		const reply = await fetch(address, { ...options, headers: { ...options.headers, Authorization, Connection: 'close' } });
		const body = await reply.text();
		assert.equal(reply.status, 200, `${address} ${options.body}: ${body.slice(0, 300)}`);
		return body;
	};

	const ofOgc = async ({ collection, crs, page, box, where }) => {
		const uri = `http://www.opengis.net/def/crs/${crs.replace('urn:ogc:def:crs:', '').replace('::', '/0/').replaceAll(':', '/')}`, found = [];
		const words = new URLSearchParams({ crs: uri, limit: page, ...(box && { bbox: turned(box, crs), 'bbox-crs': uri }), ...(where && { [where[0]]: where[1] }) });
		for (let at = `${ogc}/collections/${collection}/items?${words}`; at;) {
			const reply = JSON.parse(await text(at));
			found.push(...new GeoJSON().readFeatures(reply));
			at = reply.links.find(({ rel }) => rel === 'next')?.href;
		}
		return taken(found, (feature) => feature.getId());
	};
	const ofWfs = async ({ collection, crs, page, box, where }) => {
		const format = new WFS({ featureNS: NAMESPACE, featureType: collection, version: '2.0.0', gmlFormat: new GML32({ featureNS: NAMESPACE, featureType: collection }) });
		const words = { featureNS: NAMESPACE, featurePrefix: 'pp', featureTypes: [collection], srsName: crs, maxFeatures: page,
			...(box && { geometryName: 'geometry', bbox: turned(box, crs) }), ...(where && { filter: filters.equalTo(...where) }) };
		const found = [];
		for (let reply; !reply || reply.length === page; found.push(...reply)) {
			const request = new globalThis.XMLSerializer().serializeToString(format.writeGetFeature({ ...words, startIndex: found.length }));
			reply = taken(format.readFeatures(await text(wfs, { method: 'POST', headers: { 'content-type': 'text/xml' }, body: request })), (feature) => feature.getId());
		}
		return found;
	};
	return withDocuments(async () => {
		const answers = [];
		for (const question of questions)
			answers.push(await (question.service === 'wfs' ? ofWfs : ofOgc)(question));
		return answers;
	});
}
