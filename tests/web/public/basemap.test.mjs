// SPDX-License-Identifier: EUPL-1.2
// Base maps of somebody else under ours: not before somebody chooses one, and then by tiles, by WMS and by WMTS.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { day, hamburg, openRound } from '../../api/support.mjs';
import { reason, startApplication, visit } from '../application.mjs';
import { accessible, launch, picture } from '../browser.mjs';

/* A picture of one grey point. */
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGPYAAAAsgCxVQroKgAAAABJRU5ErkJggg==', 'base64');

describe('a base map', { skip: reason }, () => {
	const folder = mkdtempSync(join(tmpdir(), 'pp-basemap-'));
	const asked = [];
	let server, browser, maps, procedure;
	before(async () => {
		maps = createServer((request, response) => {
			asked.push(request.url);
			response.writeHead(200, { 'Content-Type': 'image/png', 'Cross-Origin-Resource-Policy': 'cross-origin' }).end(png);
		}).listen(0, '127.0.0.1');
		await once(maps, 'listening');
		const host = `http://127.0.0.1:${maps.address().port}`;
		const file = join(folder, 'site.json');
		writeFileSync(file, JSON.stringify({ base_maps: [
			{ id: 'kacheln', title: 'Kachelkarte', type: 'xyz', url: `${host}/{z}/{x}/{y}.png`, attribution: '© Kacheln der Probe' },
			{ id: 'bilder', title: 'Bilderkarte', type: 'wms', url: `${host}/wms`, layers: 'grau', attribution: '© Bilder der Probe' },
			{ id: 'adv', title: 'Karte der AdV', type: 'wmts', url: `${host}/adv/{TileMatrix}/{TileRow}/{TileCol}.png`, attribution: '© AdV der Probe' }] }));
		server = await startApplication({ demonstration: false, settings: { site: file } });
		browser = await launch();
		const planner = await server.account('manager', hamburg);
		({ procedure } = await openRound(server, planner, { round: { step: 'FRUEH_OEFF', audience: 'OEFF', start: day(), end: day(60) } }));
	});
	after(async () => {
		await browser?.close();
		await server?.stop();
		maps.close();
		rmSync(folder, { recursive: true, force: true });
	});

	it('is shown once it is chosen, with whose it is, and taken away again', async () => {
		const { page, faults, close } = await visit(browser, server, `/v/${procedure}`);
		const choice = page.getByLabel('Hintergrundkarte');
		await page.locator('.pp-map-place').scrollIntoViewIfNeeded();
		await page.locator('.pp-map canvas').first().waitFor();
		assert.deepEqual(await choice.locator('option').allTextContents(), ['keine', 'Kachelkarte', 'Bilderkarte', 'Karte der AdV']);
		assert.deepEqual([asked, faults], [[], []], 'nobody else is asked before');
		await choice.selectOption({ label: 'Kachelkarte' });
		await page.getByText('© Kacheln der Probe').waitFor();
		await page.waitForResponse((response) => /\/\d+\/\d+\/\d+\.png$/.test(response.url()) && response.ok());
		await accessible(page);
		await picture(page, 'hintergrundkarte');
		const [wms] = await Promise.all([page.waitForRequest(/REQUEST=GetMap/), choice.selectOption({ label: 'Bilderkarte' })]);
		const query = new URL(wms.url()).searchParams;
		assert.deepEqual(['LAYERS', 'VERSION', 'CRS'].map((name) => query.get(name)), ['grau', '1.3.0', 'EPSG:25832']);
		await page.getByText('© Bilder der Probe').waitFor();
		const [tile] = await Promise.all([page.waitForRequest(/\/adv\//), choice.selectOption({ label: 'Karte der AdV' })]);
		const [matrix, row, column] = new URL(tile.url()).pathname.match(/^\/adv\/(\d\d)\/(\d+)\/(\d+)\.png$/).slice(1).map(Number);
		// Where our own tiles of that grid lie: the map shows Hamburg.
		const size = (4891.9698102506645 * 256) / 2 ** matrix, west = -46133.17 + column * size, north = 6301219.54 - row * size;
		const [{ inside }] = await server.sql(`select ST_Intersects(geom, ST_Buffer(ST_MakeEnvelope(${west}, ${north - size}, ${west + size}, ${north}, 25832), ${2 * size})) as inside
			from pp.municipality where ags = '${hamburg}' and boundary_version = pp.current_boundaries()`);
		assert.ok(inside, tile.url());
		await page.getByText('© AdV der Probe').waitFor();
		await choice.selectOption({ label: 'keine' });
		await page.getByText('© AdV der Probe').waitFor({ state: 'detached' });
		assert.ok(faults.length && faults.every((fault) => fault.startsWith(`request: http://127.0.0.1:${maps.address().port}/`)), faults.join('\n'));
		faults.length = 0;
		await close();
	});
});
