// SPDX-License-Identifier: EUPL-1.2
// Formats of WFS beside GML: the same features in the same places, of every type and in CRSs with either order of axes; each with a tag of its own, and
// compressed for whoever wants that.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { after, before, describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { epsg, positions } from '../ogc/site.mjs';
import { numbers, openSite, plainId, urn } from './site.mjs';

const types = { json: 'application/geo+json', csv: 'text/csv;charset=utf-8;header=present', fgb: 'application/flatgeobuf' };

describe('formats of WFS', () => {
	let site, folder;
	before(async () => {
		site = await openSite();
		folder = mkdtempSync(join(tmpdir(), 'pp-wfs-formats-'));
	});
	after(async () => {
		await site.stop();
		rmSync(folder, { recursive: true });
	});
	const address = (query) => `${site.wfs}?${new URLSearchParams({ SERVICE: 'WFS', VERSION: '2.0.0', REQUEST: 'GetFeature', ...query })}`;
	/** As it came, without what fetch would undo. */
	async function raw(query, headers = {}) {
		const [reply] = await once(http.get(address(query), { headers }), 'response');
		const parts = [];
		for await (const part of reply) parts.push(part);
		return { status: reply.statusCode, headers: reply.headers, bytes: Buffer.concat(parts) };
	}
	/** Id → all numbers of the geometry, by GDAL. */
	async function gdal(name, bytes) {
		const file = join(folder, `features.${name}`);
		writeFileSync(file, bytes);
		const { stdout } = await promisify(execFile)('ogr2ogr', ['-f', 'GeoJSON', '/vsistdout/', file, '-lco', 'COORDINATE_PRECISION=12', '-lco', 'RFC7946=NO', ...(name === 'csv' ? ['-oo', 'GEOM_POSSIBLE_NAMES=wkt', '-oo', 'KEEP_GEOM_COLUMNS=NO'] : [])], { maxBuffer: 1 << 28 });
		return JSON.parse(stdout).features.map(({ id, properties, geometry }) => [id ?? properties.id, positions(geometry).flat()]);
	}
	const turned = (list) => list.map(([id, all]) => [id, all.map((_, i) => all[i ^ 1])]);

	for (const code of [25832, 4326])
		it(`say in EPSG:${code} what GML says, of every type`, async () => {
			for (const { id: type } of site.collections) {
				const query = { TYPENAMES: `pp:${type}`, SRSNAME: urn(code) };
				const gml = (await site.features(type, query)).map(({ id, element }) => [plainId(id), element.child('geometry') ? numbers(element.child('geometry')) : []]);
				assert.ok(gml.length > 0, type);
				for (const [name, media] of Object.entries(types))
					for (const asked of [name, media]) {
						const { status, headers, bytes } = await raw({ ...query, OUTPUTFORMAT: asked });
						assert.deepEqual([status, headers['content-type']], [200, media]);
						// GeoJSON and FlatGeobuf have east first whatever the CRS says.
						assert.deepEqual(await gdal(name, bytes), code === 4326 && name !== 'csv' ? turned(gml) : gml, `${type} as ${asked}`);
					}
			}
		});
	it('have a tag of their own, answer it with 304, and come compressed with the same bytes in them', async () => {
		const query = { TYPENAMES: 'pp:municipalities', COUNT: 200 }, tags = new Set();
		for (const name of [...Object.keys(types), 'gml']) {
			const asked = { ...query, OUTPUTFORMAT: name };
			const plain = await raw(asked, { 'accept-encoding': 'identity' }), packed = await raw(asked, { 'accept-encoding': 'gzip' });
			tags.add(plain.headers.etag.replace(/^W\//, ''));
			assert.equal((await raw(asked, { 'if-none-match': plain.headers.etag })).status, 304, name);
			assert.equal((await raw({ ...asked, COUNT: 201 }, { 'if-none-match': plain.headers.etag })).status, 200);
			assert.match(plain.headers.vary, /Accept-Encoding/i, name);
			assert.equal(packed.headers['content-encoding'], 'gzip', name);
			assert.ok(packed.bytes.length < plain.bytes.length);
			const bare = (bytes) => bytes.toString('latin1').replace(/timeStamp="[^"]*"/, '');
			assert.equal(bare(gunzipSync(packed.bytes)), bare(plain.bytes), name);
		}
		assert.equal(tags.size, 4);
	});
	it('of services.json are those that a portal gets by WFS as by OGC API, in its box', async () => {
		const { body: layers } = await site.must('/services.json');
		const box = [550000, 5920000, 580000, 5960000];
		const found = layers.filter(({ typ }) => typ === 'WFS');
		assert.ok(found.length > 4);
		for (const { url, version, featureType, featureNS } of found) {
			// As OpenLayers asks in Masterportal: a box in the CRS of the map behind it.
			const reply = await site.good(`${url}?service=WFS&version=${version}&request=GetFeature&typeName=${featureType}&srsName=EPSG:25832&bbox=${box},EPSG:25832`);
			const { body } = await site.must(`/collections/${featureType}/items?limit=10000&bbox=${box}&bbox-crs=${epsg(25832)}`);
			assert.deepEqual(site.members(reply).map(({ id }) => plainId(id)), body.features.filter(({ geometry }) => geometry).map(({ id }) => id), featureType);
			assert.ok(site.members(reply).every(({ element }) => element.space === featureNS));
		}
	});
});
