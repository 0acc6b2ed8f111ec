// SPDX-License-Identifier: EUPL-1.2
// Municipalities of the boundaries in force: found by name, key, Land and place; their neighbours and mailboxes.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startServer } from '../../harness/server.mjs';
import { ellerbek, halstenbek, hamburg, otherBoundaries, pointers, refuses, walk } from '../support.mjs';

describe('municipalities', () => {
	let server;
	const list = (query) => server.must(200, 'GET', `/municipalities?${query}`);
	const keys = async (query) => (await list(query)).municipalities.map(({ ags }) => ags);

	before(async () => {
		server = await startServer();
	});
	after(() => server.stop());

	it('are found by a part of their name, and told apart by their Kreis', async () => {
		const { municipalities, dataset, next } = await list('q=tangstedt');
		assert.deepEqual(municipalities.map(({ ags, name, kreis, land }) => ({ ags, name, kreis, land })),
			[{ ags: '01056047', name: 'Tangstedt', kreis: 'Pinneberg', land: '01' }, { ags: '01062076', name: 'Tangstedt', kreis: 'Stormarn', land: '01' }]);
		assert.deepEqual(Object.keys(municipalities[0]), ['ags', 'name', 'designation', 'kreis', 'kreis_key', 'land', 'unincorporated']);
		assert.deepEqual(dataset, { name: 'VG250', date: '2016-01-01' });
		assert.equal(next, null);
	});

	it('are found by the beginning of their key, by Land and by place', async () => {
		assert.deepEqual(await keys('q=01056013'), [ellerbek]);
		assert.deepEqual(await keys('land=02'), [hamburg]);
		assert.ok((await keys('q=01056&limit=500')).every((ags) => ags.startsWith('01056')));
		const near = await keys('bbox=9.85,53.63,9.91,53.66');
		assert.ok(near.includes(ellerbek) && near.includes(hamburg) && !near.includes('01062076'));
		assert.deepEqual(await keys('q=%25'), [], 'a percent sign is no joker');
		assert.deepEqual(await keys('q=nirgends'), []);
	});

	it('come in pages that leave out none and repeat none', async () => {
		const paged = await walk(server, '/municipalities?land=01&limit=400', {}, 'municipalities');
		const all = paged.map(({ ags }) => ags);
		assert.equal(all.length, (await server.sql('select count(*) from pp.municipality where land = \'01\''))[0].count);
		assert.deepEqual(all, [...new Set(all)].sort());
		const { next } = await list('land=01&limit=7');
		assert.match(next, /^http:.*\/api\/v1\/municipalities\?land=01&limit=7&cursor=[\w-]+$/);
	});

	it('refuse parameters that mean nothing', async () => {
		const problem = await refuses(server, 400, 'invalid_parameter', 'GET', '/municipalities?limit=501&bbox=10,53,9,54&land=1&x=1');
		assert.deepEqual(pointers(problem), ['limit', 'bbox', 'land', 'x']);
		await refuses(server, 400, 'invalid_parameter', 'GET', '/municipalities?cursor=abc');
		await refuses(server, 400, 'invalid_parameter', 'GET', '/municipalities/02000000/neighbours?cross_border=maybe');
	});

	it('show their box, area and mailbox', async () => {
		const one = await server.must(200, 'GET', `/municipalities/${ellerbek}`);
		assert.deepEqual(Object.keys(one), ['ags', 'ars', 'name', 'designation', 'kreis', 'kreis_key', 'land', 'unincorporated', 'area_m2', 'bbox', 'mailbox', 'dataset']);
		assert.deepEqual(one.mailbox, { body: '010565687', name: 'Amt Pinnau', kind: 'AMT' });
		const [west, south, east, north] = one.bbox;
		assert.ok(west > 9.8 && west < east && east < 9.95 && south > 53.6 && south < north && north < 53.7);
		assert.ok(one.area_m2 > 3e6 && one.area_m2 < 2e7);
		assert.equal((await server.must(200, 'GET', '/municipalities/01062076')).mailbox.body, '010605034', 'Amt Itzstedt, in another Kreis');
		assert.equal((await server.must(200, 'GET', `/municipalities/${halstenbek}`)).mailbox.body, halstenbek, 'a mailbox of its own');
		const forest = await server.must(200, 'GET', '/municipalities/01053105');
		assert.deepEqual([forest.unincorporated, forest.mailbox.kind], [true, 'KREIS']);
	});

	it('are refused where there is none', async () => {
		await refuses(server, 404, 'municipality_not_found', 'GET', '/municipalities/01056999');
		await refuses(server, 404, 'municipality_not_found', 'GET', '/municipalities/01056999/neighbours');
		await refuses(server, 404, 'not_found', 'GET', '/municipalities/17000000');
	});

	it('know their neighbours, with line and point apart', async () => {
		const { ags, neighbours, dataset } = await server.must(200, 'GET', `/municipalities/${hamburg}/neighbours`);
		assert.deepEqual([ags, dataset.name], [hamburg, 'VG250']);
		assert.deepEqual(neighbours.map((each) => each.ags), neighbours.map((each) => each.ags).sort());
		assert.ok(neighbours.every((each) => each.cross_border && each.land !== '02'));
		const glinde = neighbours.find((each) => each.name === 'Glinde');
		assert.deepEqual([glinde.contact, glinde.shared_border_m], ['point', 0]);
		assert.ok(neighbours.filter((each) => each.contact === 'line').every((each) => each.shared_border_m > 0.01));
		assert.deepEqual(Object.keys(glinde), ['ags', 'name', 'kreis', 'land', 'contact', 'shared_border_m', 'cross_border']);
	});

	it('tell operators what another version of the boundaries has changed', async () => {
		const operator = await server.account('operator');
		const [{ id: first }] = (await server.must(200, 'GET', '/boundary-versions')).items;
		const alone = await server.must(200, 'GET', `/boundary-versions/${first}/changes`, { token: operator });
		assert.deepEqual([alone.since, alone.counts.removed], [null, 0], 'nothing was there before');
		const id = await otherBoundaries(server);
		const path = `/boundary-versions/${id}/changes`;
		const { version, since, counts, items, next } = await server.must(200, 'GET', path, { token: operator });
		assert.deepEqual([version, since, next], [id, first, null]);
		assert.deepEqual({ ...counts, same: undefined }, { added: 1, removed: 1, renamed: 1, moved: 1, same: undefined });
		assert.deepEqual(items.map(({ ags, name, name_before }) => [ags, name, name_before]),
			[[ellerbek, 'Ellerbek', 'Ellerbek'], [halstenbek, 'Neu-Halstenbek', 'Halstenbek'], ['01056039', null, 'Pinneberg'], ['01056999', 'Insel', null]]);
		const [moved, renamed, , added] = items;
		assert.ok(moved.moved_m2 > 1e5 && Math.abs(moved.share - moved.moved_m2 / moved.area_before_m2) < 1e-6, JSON.stringify(moved));
		assert.deepEqual([renamed.moved_m2, added.moved_m2, added.area_before_m2], [0, null, null]);
		const back = await server.must(200, 'GET', `/boundary-versions/${first}/changes?since_version=${id}`, { token: operator });
		assert.deepEqual([back.counts.added, back.items.find(({ ags }) => ags === '01056039').name], [1, 'Pinneberg']);
		assert.deepEqual((await walk(server, `${path}?limit=1`, { token: operator })).map(({ ags }) => ags), items.map(({ ags }) => ags));
		await refuses(server, 404, 'not_found', 'GET', `${path}?since_version=99`, { token: operator });
		await refuses(server, 404, 'not_found', 'GET', '/boundary-versions/99/changes', { token: operator });
		await refuses(server, 401, 'unauthenticated', 'GET', path);
	});

	it('filter their neighbours by the border of the Land', async () => {
		const of = async (query) => (await server.must(200, 'GET', `/municipalities/${ellerbek}/neighbours${query}`)).neighbours.map((each) => each.ags);
		const all = await of('');
		const across = await of('?cross_border=true');
		assert.deepEqual(across, [hamburg]);
		assert.deepEqual([...across, ...await of('?cross_border=false')].sort(), all);
	});
});

describe('a platform without boundaries', () => {
	let server;
	before(async () => {
		server = await startServer({ bare: true });
	});
	after(() => server.stop());

	it('says what is missing, with a status that passes', async () => {
		for (const path of ['/municipalities', `/municipalities/${hamburg}`, `/municipalities/${hamburg}/neighbours`])
			await refuses(server, 503, 'dataset_missing', 'GET', path);
		const preview = await refuses(server, 503, 'dataset_missing', 'POST', '/affected-preview',
			{ body: { kind: 'BP_REGEL', geometry: { type: 'Point', coordinates: [10, 53.6] } } });
		assert.ok(preview.detail);
	});
});
