// SPDX-License-Identifier: EUPL-1.2
// What the operator says of itself: read at the start, refused with its place, and the only hosts that images come from.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { command, startServer } from '../../harness/server.mjs';

const operator = { name: 'Stadt Probe', address: 'Weg 1\n20095 Hamburg', email: 'plattform@probe.example' };
const map = { id: 'grau', title: 'Graue Karte', type: 'wms', url: 'https://karten.example:8443/wms?map=1', layers: 'grau', attribution: '© Probe' };

describe('the site', () => {
	const folder = mkdtempSync(join(tmpdir(), 'pp-site-'));
	const file = join(folder, 'site.json');
	after(() => rmSync(folder, { recursive: true, force: true }));

	it('is refused at the start with its place where it is wrong', async () => {
		const cases = [
			['{\n"operator": {\n"name" "x"}}', /site\.json: .*line 3/],
			['[]', /site\.json: the file must be an object/],
			[{ kontakt: 'x' }, /site\.json: kontakt is not known here/],
			[{ operator: { ...operator, email: undefined } }, /site\.json: operator\.email is missing/],
			[{ operator: { ...operator, email: 'niemand' } }, /site\.json: operator\.email must/],
			[{ imprint: 5 }, /site\.json: imprint must be a string/],
			[{ accessibility: { email: 'b@probe.example', checked_on: '2026-13-01' } }, /site\.json: accessibility\.checked_on must be a date/],
			[{ base_maps: {} }, /site\.json: base_maps must be a list/],
			[{ base_maps: [map, { ...map, type: 'tms' }] }, /site\.json: base_maps\[1\]\.type must/],
			[{ base_maps: [{ ...map, layers: undefined }] }, /site\.json: base_maps\[0\]\.layers is missing/],
			[{ base_maps: [{ ...map, type: 'wmts' }] }, /site\.json: base_maps\[0\]\.url must have \{TileMatrix\}, \{TileRow\} and \{TileCol\} in it/],
			[{ base_maps: [{ ...map, type: 'xyz' }] }, /site\.json: base_maps\[0\]\.url must have \{z\}, \{x\} and \{y\} in it/],
			// What would change the policy it is written into.
			...['http://karten.example/wms', 'https://', "https://a.example;script-src'/", 'https://a.example *', 'https://*/x', 'javascript:alert(1)'].map((url) =>
				[{ base_maps: [{ ...map, url }] }, /site\.json: base_maps\[0\]\.url must begin with https:/]),
		];
		for (const [text, said] of cases) {
			writeFileSync(file, typeof text === 'string' ? text : JSON.stringify(text));
			const { status, stderr } = await command(['serve', '--site', file]);
			assert.equal(status, 2, JSON.stringify(text));
			assert.match(stderr, said);
		}
		const { status, stderr } = await command(['serve', '--site', `${file}.absent`]);
		assert.equal(status, 2);
		assert.match(stderr, /site\.json\.absent: site No such file/);
	});

	describe('of a server', () => {
		let server;
		const policy = async () => (await fetch(`${server.address}/impressum`, { headers: { Accept: 'text/html' } })).headers.get('content-security-policy');
		before(async () => {
			writeFileSync(file, JSON.stringify({ operator, base_maps: [map, { ...map, id: 'xyz', type: 'xyz', url: 'https://kacheln.example/{z}/{x}/{y}.png' }] }));
			server = await startServer({ settings: { site: file } });
		});
		after(() => server.stop());

		it('is there for anybody, as it was written', async () => {
			const site = await server.must(200, 'GET', '/site');
			assert.deepEqual(site.operator, operator);
			assert.deepEqual(site.base_maps[0], map);
			assert.equal(site.privacy, undefined);
		});
		it('names the only strange hosts that images come from', async () => {
			assert.match(await policy(), /; img-src 'self' data: blob: https:\/\/karten\.example:8443 https:\/\/kacheln\.example; base-uri/);
		});
	});

	it('is empty where none was configured, and then no image comes from elsewhere', async () => {
		const server = await startServer();
		try {
			assert.deepEqual(await server.must(200, 'GET', '/site'), {});
			const page = await fetch(`${server.address}/impressum`, { headers: { Accept: 'text/html' } });
			assert.match(page.headers.get('content-security-policy'), /; img-src 'self' data: blob:; base-uri/);
		} finally {
			await server.stop();
		}
	});
});
