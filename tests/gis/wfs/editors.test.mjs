// SPDX-License-Identifier: EUPL-1.2
// Other people's editors over WFS: GDAL and QGIS sign in by Basic, insert, change and remove drafts, and see what they have done; what they say in their
// dialects is what the platform has.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startServer } from '../../harness/server.mjs';
import { hamburg, schnelsen } from '../../api/support.mjs';
import { python, runner } from '../clients.mjs';
import { positions } from '../ogc/site.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const small = [[565000, 5934000], [565100, 5934000], [565100, 5934100], [565000, 5934000]], large = [[565000, 5934000], [565200, 5934000], [565200, 5934100], [565000, 5934000]];

describe('other editors over WFS', { concurrency: false }, () => {
	let server, home, run, token;
	before(async () => {
		server = await startServer({ settings: { mail: 'hold', rate_public: 10000000, rate_account: 10000000 } });
		({ token } = await server.account('manager', hamburg));
		await server.api('POST', '//ogc/collections/drafts/items', { token, body: { type: 'Feature', geometry: schnelsen, properties: { title: 'Nordrand' } } });
		home = mkdtempSync(join(tmpdir(), 'pp-wfs-editors-'));
		run = runner(home);
	});
	after(async () => {
		await server.stop();
		rmSync(home, { recursive: true });
	});
	const titles = (step) => step.map(({ title }) => title).sort();
	const corners = (step, title) => positions(step.find((each) => each.title === title).geometry).map(([x, y]) => [Math.round(x * 1000) / 1000, Math.round(y * 1000) / 1000]);
	/** How often somebody has written that, and what is there in the end. */
	const written = async () => (await server.sql("select (select count(*)::int from pp.feature_drafts) as versions, (select string_agg(title, ' ') from pp.plan_draft) as titles"))[0];

	it('GDAL inserts, changes and removes drafts', { skip: python('osgeo') }, async () => {
		const { given, steps: [before_, inserted, changed, several, removed] } = await run('/usr/bin/python3', [join(here, 'edit_gdal.py'), `${server.address}/wfs`, token]);
		assert.deepEqual([before_, inserted, changed, several, removed].map(titles), [['Nordrand'], ['Nordrand', 'von GDAL'], ['Nordrand', 'Ränder & <Ecken>'], ['Nordrand', 'Ränder & <Ecken>', 'eins', 'zwei'], ['Nordrand']]);
		assert.equal(given, inserted.find(({ title }) => title === 'von GDAL').id, 'it was told the id');
		assert.deepEqual([corners(inserted, 'von GDAL'), corners(changed, 'Ränder & <Ecken>')], [small, large]);
		assert.equal(changed.find(({ title }) => title !== 'Nordrand').note, 'geändert');
		assert.deepEqual(await written(), { versions: 1 + 2 + 2, titles: 'Nordrand' }, 'each of them once');
	});

	it('QGIS inserts, changes and removes drafts', { skip: python('qgis') }, async () => {
		const { versions } = await written();
		const [before_, inserted, changed, removed] = await run('/usr/bin/python3', [join(here, 'edit_qgis.py'), `${server.address}/wfs`, token]);
		assert.deepEqual([before_, inserted, changed, removed].map(titles), [['Nordrand'], ['Nordrand', 'noch einer', 'von QGIS'], ['Nordrand', 'Ränder & <Ecken>', 'noch einer'], ['Nordrand']]);
		assert.deepEqual([corners(inserted, 'von QGIS'), corners(changed, 'Ränder & <Ecken>')], [small, large]);
		assert.equal(changed.find(({ title }) => title.startsWith('R')).note, 'geändert');
		assert.deepEqual(await written(), { versions: versions + 2 + 1 + 1, titles: 'Nordrand' });
	});
});
