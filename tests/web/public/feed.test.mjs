// SPDX-License-Identifier: EUPL-1.2
// What is published, for whoever follows it without looking at pages: site map, robots.txt, Atom feed.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { reason, startApplication } from '../application.mjs';

describe('what is published', { skip: reason }, () => {
	let server, plan, line, overview;
	const get = (path, headers = {}) => fetch(`${server.address}${path}`, { headers });
	const wellFormed = (text) => {
		const { status, stderr } = spawnSync('xmllint', ['--noout', '--nonet', '-'], { input: text, encoding: 'utf8' });
		assert.equal(status, 0, stderr);
	};
	before(async () => {
		server = await startApplication();
		const { items } = await server.must(200, 'GET', '/procedures');
		plan = items.find(({ kind }) => kind === 'BP_REGEL');
		line = items.find(({ kind }) => kind === 'PFV_ENWG');
		overview = await server.must(200, 'GET', `/procedures/${plan.id}/overview`);
	});
	after(() => server?.stop());

	it('is listed in a site map, which robots.txt names', async () => {
		assert.match(await (await get('/robots.txt')).text(), new RegExp(`^Sitemap: ${server.address}/sitemap\\.xml$`, 'm'));
		const response = await get('/sitemap.xml');
		const text = await response.text();
		wellFormed(text);
		assert.match(text, /<urlset xmlns="http:\/\/www\.sitemaps\.org\/schemas\/sitemap\/0\.9">/);
		const listed = [...text.matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, loc]) => loc);
		for (const path of ['/', `/v/${plan.id}`, `/v/${line.id}`, `/v/${plan.id}/fassung/${overview.plans[0].id}`]) assert.ok(listed.includes(`${server.address}${path}`), path);
		assert.equal(new Set(listed).size, listed.length);
		for (const [, moment] of text.matchAll(/<lastmod>([^<]+)<\/lastmod>/g)) assert.ok(!Number.isNaN(Date.parse(moment)));
		assert.equal((await get('/sitemap.xml', { 'If-None-Match': response.headers.get('etag') })).status, 304);
	});

	it('has an Atom feed, of all and of an area', async () => {
		const response = await get('/feeds/procedures.atom');
		assert.equal(response.headers.get('content-type'), 'application/atom+xml; charset=utf-8');
		const text = await response.text();
		wellFormed(text);
		// RFC 4287 §4.1.1 and §4.1.2: what a feed and each entry must have, once.
		const [head, ...entries] = text.split('<entry>');
		for (const part of [head, ...entries]) for (const name of ['id', 'title', 'updated']) assert.equal(part.match(new RegExp(`<${name}>[^<]+</${name}>`, 'g'))?.length, 1, name);
		assert.match(head, new RegExp(`<link rel="self" type="application/atom\\+xml" href="${server.address}/feeds/procedures.atom"/>`));
		assert.deepEqual(entries.map((entry) => entry.match(/<id>urn:uuid:([^<]+)</)[1]).sort(), [plan.id, line.id].sort());
		for (const entry of entries) assert.match(entry, /<author><name>[^<]+<\/name><\/author>.*<summary>[^<]+<\/summary>/s);
		const moments = [head, ...entries].map((part) => part.match(/<updated>([^<]+)</)[1]);
		assert.deepEqual(moments.slice(1), moments.slice(1).sort().reverse());
		assert.equal(moments[0], moments[1]);
		assert.equal((await get('/feeds/procedures.atom', { 'If-None-Match': response.headers.get('etag') })).status, 304);
		const ids = async (query) => [...(await (await get(`/feeds/procedures.atom?${query}`)).text()).matchAll(/urn:uuid:([0-9a-f-]+)/g)].map(([, id]) => id);
		assert.deepEqual(await ids('near=8.0,54.5&km=5'), []);
		assert.deepEqual(await ids('near=9.8536,53.5960&km=1').then((found) => found.includes(plan.id)), true);
		assert.deepEqual(await ids('ags=01056044').then((found) => found.includes(plan.id)), true);
		assert.equal((await get('/feeds/procedures.atom?near=hier')).status, 400);
	});
});
