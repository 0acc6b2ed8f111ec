// SPDX-License-Identifier: EUPL-1.2
// Pages of many batches: what stands at the beginning of a document is what its end will be, and what is in a box is the same by
// the plan for all boxes as PostGIS sees it.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startServer } from '../../harness/server.mjs';
import { epsg, inside } from './site.mjs';

describe('pages of many batches', () => {
	let server;
	const get = async (path) => {
		const reply = await fetch(path.startsWith('http') ? path : `${server.address}${path}`);
		const text = await reply.text();
		assert.equal(reply.status, 200, `${path}: ${text.slice(0, 400)}`);
		return { headers: reply.headers, text };
	};
	const json = async (path) => JSON.parse((await get(path)).text);
	const ids = (text, collection) => [...text.matchAll(new RegExp(`<pp:${collection} gml:id="${collection}\\.([^"]*)"`, 'g'))].map(([, id]) => id.replace(/_(..)/g, (_, hex) => String.fromCharCode(parseInt(hex, 16))));
	const next = (headers) => /<([^>]*)>; ?rel="next"/.exec(headers.get('link'))?.[1];

	before(async () => {
		server = await startServer({ settings: { mail: 'hold', rate_public: 1000000, rate_costly: 1000000 } });
	});
	after(() => server.stop());

	for (const [what, query] of [['as they come', ''], ['in an order', '&sortby=-name'], ['by a filter', '&filter=cross_border%20=%20false']])
		it(`tell beforehand how many there are and what follows, ${what}`, async () => {
			const items = '/ogc/collections/adjacency/items';
			const all = (await json(`${items}?limit=1000000${query}`)).features.map(({ id }) => id);
			assert.ok(all.length > 2300, `${all.length} pairs of neighbours are several answers about how far they reach`);
			for (const limit of [249, 250, 251, 1250, 2251, all.length - 1, all.length, all.length + 1]) {
				const page = await get(`${items}?limit=${limit}&f=gml${query}`);
				const expected = all.slice(0, limit);
				assert.deepEqual(ids(page.text, 'adjacency'), expected, `${limit}`);
				assert.equal(page.headers.get('ogc-numberreturned'), `${expected.length}`);
				assert.equal(next(page.headers) !== undefined, limit < all.length, `${limit}: ${page.headers.get('link')}`);
				if (limit < all.length && limit > 1000)
					assert.deepEqual(ids((await get(next(page.headers))).text, 'adjacency'), all.slice(limit, 2 * limit));
			}
		});

	it('say the same of two questions, from wherever they begin', async () => {
		const each = await Promise.all(['municipalities', 'adjacency'].map(async (type) =>
			ids((await get(`/wfs?service=WFS&version=2.0.0&request=GetFeature&typenames=pp:${type}`)).text, type).map((id) => `${type}.${id}`)));
		const all = each.flat();
		for (const [start, count] of [[0, 1400], [1, all.length], [each[0].length - 1, 2], [each[0].length, 1], [1300, 1100], [each[0].length + 1100, 20]]) {
			const { text } = await get(`/wfs?service=WFS&version=2.0.0&request=GetFeature&typenames=(pp:municipalities)(pp:adjacency)&startindex=${start}&count=${count}`);
			const found = [...text.matchAll(/<pp:(?:municipalities|adjacency) gml:id="([^"]*)"/g)].map(([, id]) => id.replace(/_(..)/g, (_, hex) => String.fromCharCode(parseInt(hex, 16))));
			assert.deepEqual(found, all.slice(start, start + count), `${start} ${count}`);
			assert.match(text, new RegExp(`^[^]{0,1500}numberReturned="${found.length}"`));
		}
	});

	it('find in a small box what PostGIS finds there, whichever it is, page by page as well', async () => {
		const crs = `bbox-crs=${epsg(25832)}`;
		let seen = 0;
		for (let i = 0; i < 60; i++) {
			const x = 530000 + 53 * i * i % 60000, y = 5930000 + 97 * i * i % 60000, side = 2000 + 390 * i;
			const box = [x, y, x + side, y + side];
			const expected = await inside({ server }, 'municipalities', box, 25832);
			const found = (await json(`/ogc/collections/municipalities/items?limit=10000&bbox=${box}&${crs}`)).features.map(({ id }) => id);
			assert.deepEqual(found, expected, `${box}`);
			seen += found.length;
			if (i % 20)
				continue;
			const walked = [];
			for (let page = `/ogc/collections/municipalities/items?limit=2&bbox=${box}&${crs}`; page;) {
				const { features, links } = await json(page);
				walked.push(...features.map(({ id }) => id));
				page = links.find(({ rel }) => rel === 'next')?.href;
			}
			assert.deepEqual(walked, expected, `${box} in pages`);
		}
		assert.ok(seen > 500);
	});
});
