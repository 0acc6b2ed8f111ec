// SPDX-License-Identifier: EUPL-1.2
// The page on GIS programs (docs/gis/clients.md): its commands are run as they stand, and what they leave is what the collections have.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { root } from '../../harness/server.mjs';
import { openSite } from './site.mjs';
import { modules, withoutOpenLayers } from './tile_read.mjs';

const run = promisify(execFile);
const page = readFileSync(join(root, 'docs/gis/clients.md'), 'utf8');
/** The blocks of a language below a heading. */
const blocks = (heading, language) => [...page.split(/^## /m).find((part) => part.startsWith(heading)).matchAll(/^```([^\n]*)\n([\s\S]*?)^```$/gm)].filter(([, name]) => name === language).map(([, , text]) => text);

describe('the page on GIS programs', () => {
	let site, home, url;
	before(async () => {
		site = await openSite();
		url = site.server.address;
		home = mkdtempSync(join(tmpdir(), 'pp-manual-'));
	});
	after(async () => {
		await site.stop();
		rmSync(home, { recursive: true });
	});
	const shell = async (heading) => {
		const out = [];
		for (const block of blocks(heading, 'sh')) out.push((await run('bash', ['-euo', 'pipefail', '-c', block], { cwd: home, env: { ...process.env, URL: url, HOME: home }, maxBuffer: 1 << 26, timeout: 200000 })).stdout);
		assert.ok(out.length, heading);
		return out;
	};
	const counted = async (file, layer) => Number(/Feature Count: (\d+)/.exec((await run('ogrinfo', ['-so', join(home, file), layer])).stdout)[1]);

	it('GDAL: copies, cuts out and places what is there', async () => {
		const [first, , tile] = await shell('GDAL');
		const plans = (await site.all('plans')).length;
		assert.match(first, new RegExp(`Feature Count: ${plans}\\b`));
		assert.equal(await counted('planungen.gpkg', 'plans'), plans);
		assert.equal(await counted('planungen.gpkg', 'procedures'), (await site.all('procedures')).length);
		assert.equal(await counted('plaene.gpkg', 'plans'), plans);
		assert.ok(JSON.parse(readFileSync(join(home, 'hamburg.json'), 'utf8')).features.some(({ properties }) => properties.ags === '02000000'));
		assert.match(tile, /Feature Count: [1-9]/);
	});

	it('Masterportal: has layers under the ids that the example names', async () => {
		await shell('Masterportal');
		const ids = new Set(JSON.parse(readFileSync(join(home, 'services.json'), 'utf8')).map(({ id }) => id));
		const named = blocks('Masterportal', 'json').flatMap((block) => JSON.parse(block).layerConfig.subjectlayer.elements.map(({ id }) => id));
		assert.ok(named.length === 2 && named.every((id) => ids.has(id)), named.join());
	});

	it('Excel: gets a table of all procedures', async () => {
		const [count] = await shell('Excel');
		assert.equal(Number(count), (await site.all('procedures')).length);
		assert.match(readFileSync(join(home, 'verfahren.csv'), 'utf8'), /^id,number,title,/);
		assert.match(blocks('Excel', '')[0], /\/ogc\/collections\/procedures\/items", \[Query = \[f = "csv", limit = "100000"\]\]/);
	});

	it('LibreOffice: has umlauts, numbers and days as what they are', async () => {
		const [title] = (await site.all('plans')).map(({ id }) => id);
		await site.server.sql(`update pp.feature_plans set title = 'Straße – Größe, "Öko"', area_m2 = 1234.5 where fid = :'title'`, { title });
		await shell('LibreOffice');
		const sheet = readFileSync(join(home, 'planfassungen.fods'), 'utf8');
		const rows = [...sheet.matchAll(/<table:table-row[^>]*>(.*?)<\/table:table-row>/gs)].map(([, row]) => [...row.matchAll(/<table:table-cell([^>]*?)(?:\/>|>(.*?)<\/table:table-cell>)/gs)]
			.flatMap(([, about, text]) => Array(Math.min(99, Number(/columns-repeated="(\d+)"/.exec(about)?.[1] ?? 1))).fill({ type: /office:value-type="(\w+)"/.exec(about)?.[1], value: /office:(?:date-)?value="([^"]*)"/.exec(about)?.[1], text: text?.replace(/<[^>]*>/g, '').replaceAll('&quot;', '"').trim() })));
		const column = (name) => rows[0].findIndex(({ text }) => text === name);
		const plans = rows.filter((row) => row.length > 3).slice(1);
		assert.equal(plans.length, (await site.all('plans')).length);
		const row = plans.find((cells) => cells[0].text === title);
		assert.equal(row[column('title')].text, 'Straße – Größe, "Öko"');
		assert.deepEqual([row[column('area_m2')].type, Number(row[column('area_m2')].value)], ['float', 1234.5]);
	});

	it('OpenLayers: loads features and tiles', { skip: withoutOpenLayers }, async () => {
		const [features, tiles] = blocks('OpenLayers', 'js');
		const script = (block, rest) => run(process.execPath, ['--input-type=module', '-e', `const URL = '${url}';\n${block}\n${rest}`], { cwd: modules });
		const wanted = (await site.all('plans', 'bbox=9.5,53.4,10.5,53.9')).length;
		const { stdout } = await script(features, `const [w, s, e, n] = [9.5, 53.4, 10.5, 53.9].map((d, i) => i % 2 ? 6378137 * Math.asinh(Math.tan(d * Math.PI / 180)) : d * 6378137 * Math.PI / 180);
			source.loadFeatures([w, s, e, n], 1, null); source.on('featuresloadend', () => console.log(source.getFeatures().length));`);
		assert.equal(Number(stdout), wanted);
		const { stdout: address } = await script(tiles, 'console.log(tiles.getTileUrlFunction()([8, 135, 82], 1, tiles.getProjection()), tiles.getTileGrid().getMinZoom());');
		const [tile, least] = address.trim().split(' ');
		assert.equal(least, '5');
		assert.equal((await fetch(tile)).status, 200, tile);
	});

	it('QGIS: reads a collection', { skip: existsSync('/usr/lib/python3/dist-packages/qgis/__init__.py') ? false : 'python3-qgis is not installed' }, async () => {
		const [block] = blocks('QGIS', 'python qgis');
		const { stdout } = await run('/usr/bin/python3', ['-c', `from qgis.core import QgsApplication, QgsVectorLayer\napplication = QgsApplication([], False)\napplication.initQgis()\nURL = '${url}'\n${block}`],
			{ cwd: home, env: { ...process.env, HOME: home, XDG_RUNTIME_DIR: home, QT_QPA_PLATFORM: 'offscreen', QGIS_CUSTOM_CONFIG_PATH: home, LC_ALL: 'C.UTF-8' }, timeout: 200000 });
		assert.equal(stdout.trim().split('\n').pop(), `True ${(await site.all('plans')).length}`);
	});
});
