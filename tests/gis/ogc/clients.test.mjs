// SPDX-License-Identifier: EUPL-1.2
// Other people's clients read every collection, page by page and in a box: GDAL, OWSLib and QGIS see the same features in the same places as we send.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { inside, openSite, positions } from './site.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const python = (name) => (existsSync(`/usr/lib/python3/dist-packages/${name}/__init__.py`) ? false : `python3-${name} is not installed`);
const box = [9.85, 53.6, 9.95, 53.66];

describe('other clients', { concurrency: false }, () => {
	let site, home;
	before(async () => {
		site = await openSite();
		home = mkdtempSync(join(tmpdir(), 'pp-ogc-'));
	});
	after(async () => {
		await site.stop();
		rmSync(home, { recursive: true });
	});

	const run = async (program, words) => {
		const { stdout } = await promisify(execFile)(program, words, { maxBuffer: 1 << 28, timeout: 200000,
			env: { ...process.env, HOME: home, XDG_RUNTIME_DIR: home, QT_QPA_PLATFORM: 'offscreen', QGIS_CUSTOM_CONFIG_PATH: home, LC_ALL: 'C.UTF-8' } });
		return JSON.parse(stdout);
	};
	const clients = {
		GDAL: { skip: false, drops: true, read: async (collection, page, bbox) => (await run('ogr2ogr', ['-f', 'GeoJSON', '/vsistdout/', `OAPIF:${site.root}`, collection, '-oo', `PAGE_SIZE=${page}`,
			'-lco', 'COORDINATE_PRECISION=12', ...(bbox ? ['-spat', ...bbox.map(String)] : [])])).features.map(({ id, properties, geometry }) => ({ id: id ?? properties.id, geometry })) },
		OWSLib: { skip: python('owslib'), read: (collection, page, bbox = []) => run(join(here, 'read_owslib.py'), [site.root, collection, page, ...bbox].map(String)) },
		QGIS: { skip: python('qgis'), drops: true, read: (collection, page, bbox = []) => run(join(here, 'read_qgis.py'), [site.root, collection, page, ...bbox].map(String)) },
	};
	/** Id → corners; their order is each client's own. */
	const places = (features) => new Map(features.map(({ id, geometry }) => [id, positions(geometry)]));
	function same(found, expected, what) {
		assert.equal(found.length, expected.length, `${what}: as many features`);
		const seen = places(found);
		for (const [id, corners] of places(expected)) {
			assert.equal(seen.get(id)?.length, corners.length, `${what} ${id}`);
			corners.forEach(([x, y], i) => {
				const [a, b] = seen.get(id)[i];
				assert.ok(Math.abs(a - x) < 1.1e-8 && Math.abs(b - y) < 1.1e-8, `${what} ${id}: ${a} ${b}, ${x} ${y}`);
			});
		}
	}

	for (const [name, { skip, drops, read }] of Object.entries(clients)) {
		it(`${name} reads every collection, in pages`, { skip }, async () => {
			for (const { id } of site.collections)
				same(await read(id, id === 'municipalities' ? 100 : 7), await site.all(id), `${name} ${id}`);
		});
		it(`${name} reads what is in a box${drops ? ', without what lies nowhere' : ''}`, { skip }, async () => {
			for (const { id } of site.collections) {
				const ids = new Set(await inside(site, id, box));
				const expected = (await site.all(id)).filter((feature) => ids.has(feature.id) && (feature.geometry || !drops));
				assert.ok(expected.length > 0, id);
				same(await read(id, 7, box), expected, `${name} ${id} in a box`);
			}
		});
	}
});
