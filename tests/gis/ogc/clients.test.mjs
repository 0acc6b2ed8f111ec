// SPDX-License-Identifier: EUPL-1.2
// Other people's clients read every collection, page by page and in a box: GDAL, OWSLib and QGIS see the same features in the same places as we send.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { python, runner, same } from '../clients.mjs';
import { inside, openSite } from './site.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const box = [9.85, 53.6, 9.95, 53.66];

describe('other clients', { concurrency: false }, () => {
	let site, home, run;
	before(async () => {
		site = await openSite();
		home = mkdtempSync(join(tmpdir(), 'pp-ogc-'));
		run = runner(home);
	});
	after(async () => {
		await site.stop();
		rmSync(home, { recursive: true });
	});

	const clients = {
		GDAL: { skip: false, drops: true, read: async (collection, page, bbox) => (await run('ogr2ogr', ['-f', 'GeoJSON', '/vsistdout/', `OAPIF:${site.root}`, collection, '-oo', `PAGE_SIZE=${page}`,
			'-lco', 'COORDINATE_PRECISION=12', ...(bbox ? ['-spat', ...bbox.map(String)] : [])])).features.map(({ id, properties, geometry }) => ({ id: id ?? properties.id, geometry })) },
		OWSLib: { skip: python('owslib'), read: (collection, page, bbox = []) => run(join(here, 'read_owslib.py'), [site.root, collection, page, ...bbox].map(String)) },
		QGIS: { skip: python('qgis'), drops: true, read: (collection, page, bbox = []) => run(join(here, 'read_qgis.py'), [site.root, collection, page, ...bbox].map(String)) },
	};
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
