// SPDX-License-Identifier: EUPL-1.2
// How the web application is handed out: its one document at the address of every page, its files for ever.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { root } from '../../harness/server.mjs';
import { application, reason, startApplication } from '../application.mjs';

const ID = '01a2134a-c540-7697-b6a9-51e14eb8d481';

describe('the web application is served', { skip: reason }, () => {
	let server;
	const get = (path, headers = {}) => fetch(`${server.address}${path}`, { headers: { Accept: 'text/html', ...headers }, redirect: 'manual' });
	/** As it comes: fetch would decode it. */
	const plainly = async (path, headers) => {
		const [response] = await once(http.get(`${server.address}${path}`, { headers, agent: false }), 'response');
		return { status: response.statusCode, headers: new Map(Object.entries(response.headers)), bytes: Buffer.concat(await response.toArray()) };
	};
	before(async () => (server = await startApplication({ demonstration: false })));
	after(() => server?.stop());

	it('at the address of each page of the router, and of no other', async () => {
		const source = ['app', 'pages/planning', 'pages/administration'].map((folder) => readFileSync(join(root, 'web/src', folder, 'pages.ts'), 'utf8')).join('');
		const routed = [...source.matchAll(/^\tpage\('[^']+', '([^']+)'/gm)].map(([, path]) => path.replace(/:(\w+)/g, '{$1}')).sort();
		const { paths } = await server.must(200, 'GET', '/openapi.json');
		const served = Object.entries(paths).filter(([, { get: asked }]) => /^Page /.test(asked?.summary ?? '')).map(([path]) => path).sort();
		assert.ok(routed.length > 1);
		assert.deepEqual(served, routed);
		for (const path of routed) {
			const response = await get(path.replace(/\{\w+\}/g, ID));
			assert.equal(response.status, path.includes('{') && response.status === 404 ? 404 : 200, path);
			assert.match(await response.text(), /<div id="app">/, path);
		}
	});

	it('as a page of its own where there is none, but not to programs', async () => {
		const page = await get('/gibt/es/nicht');
		assert.equal(page.status, 404);
		assert.match(page.headers.get('content-security-policy'), /script-src 'self'/);
		assert.match(await page.text(), /<title>[^<]+ – Planungsplattform<\/title>.*<meta name="robots" content="noindex">/);
		for (const path of ['/api/v1/gibt-es-nicht', '/ogc/gibt-es-nicht', '/assets/gibt-es-nicht.js'])
			assert.equal((await get(path)).headers.get('content-type'), 'application/problem+json', path);
		assert.equal((await get('/gibt/es/nicht', { Accept: '*/*' })).headers.get('content-type'), 'application/problem+json');
	});

	it('with files that are kept for ever, in the coding that the client takes', async () => {
		const names = readdirSync(join(application, 'assets'));
		for (const name of names.filter((one) => !/\.(gz|br)$/.test(one))) {
			const plain = readFileSync(join(application, 'assets', name));
			for (const [coding, decode] of [['identity', (bytes) => bytes], ['gzip', gunzipSync], ['br', brotliDecompressSync]]) {
				const response = await plainly(`/assets/${name}`, { 'Accept-Encoding': coding });
				const { bytes } = response;
				const coded = names.includes(`${name}.${{ gzip: 'gz', br: 'br' }[coding]}`);
				assert.equal(response.status, 200);
				assert.equal(response.headers.get('content-encoding'), coded ? coding : undefined, `${name} ${coding}`);
				assert.ok((coded ? decode(bytes) : bytes).equals(plain), `${name} ${coding}`);
				assert.equal(response.headers.get('cache-control'), 'public, max-age=31536000, immutable');
				assert.match(response.headers.get('vary'), /Accept-Encoding/);
				const again = await plainly(`/assets/${name}`, { 'Accept-Encoding': coding, 'If-None-Match': response.headers.get('etag') });
				assert.equal(again.status, 304);
			}
		}
	});

	it('without anything inline, and nothing from another host', async () => {
		const html = await (await get('/anmelden')).text();
		assert.doesNotMatch(html, /<style|style=|<script(?![^>]*src=)[^>]*>(?!\{)/);
		assert.doesNotMatch(html, /(src|href)="(https?:)?\/\//);
		assert.match((await get('/anmelden')).headers.get('content-security-policy'), /^default-src 'none'; script-src 'self'; style-src 'self'; /);
	});

	it('to a browser whose session has ended, and takes its cookie back', async () => {
		const response = await get('/', { Cookie: '__Host-pp_session=nichts', 'Sec-Fetch-Site': 'none' });
		assert.equal(response.status, 200);
		assert.match(response.headers.get('set-cookie'), /^__Host-pp_session=; .*Max-Age=0/);
		assert.match(await response.text(), /data-session="none"/);
	});
});
