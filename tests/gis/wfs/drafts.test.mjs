// SPDX-License-Identifier: EUPL-1.2
// Drafts as a feature type of WFS: there for the members of a body, by Basic and by bearer; for everybody else nothing of them is listed, and asked for by name
// they want a sign-in. What is published never does.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startServer } from '../../harness/server.mjs';
import { halstenbek, hamburg, schnelsen } from '../../api/support.mjs';
import { asWfs, byId, plainId, withoutSchemas } from './site.mjs';

const bearer = ({ token }) => ({ Authorization: `Bearer ${token}` });
const basic = ({ token }) => ({ Authorization: `Basic ${Buffer.from(`wer auch immer:${token}`).toString('base64')}` });

describe('drafts as a feature type', { concurrency: false }, () => {
	let site, planner, reader, stranger, citizen, drawn;
	before(async () => {
		const server = await startServer({ settings: { mail: 'hold', rate_public: 10000000, rate_account: 10000000 } });
		site = asWfs({ server, stop: () => server.stop() });
		[planner, reader, stranger, citizen] = await Promise.all([['manager', hamburg], ['reader', hamburg], ['manager', halstenbek], ['public']].map((words) => server.account(...words)));
		drawn = [];
		for (const title of ['Nordrand', 'Südrand', 'Westrand'])
			drawn.push(JSON.parse((await server.api('POST', '//ogc/collections/drafts/items', { token: planner.token, body: { type: 'Feature', geometry: schnelsen, properties: { title } } })).text).id);
		drawn.sort();
	});
	after(() => site.stop());

	const types = async (who) => {
		site.credentials = who;
		const listed = (await site.good({ REQUEST: 'GetCapabilities' })).xml.first('FeatureTypeList').all('Name').map(({ text }) => text);
		const described = (await site.good({ REQUEST: 'DescribeFeatureType' })).xml.children.filter(({ name }) => name === 'element').map((each) => `pp:${each.attribute('name')}`);
		const returned = (await site.good({ REQUEST: 'ListStoredQueries' })).xml.first('StoredQuery').all('ReturnFeatureType').map(({ text }) => text);
		assert.deepEqual(described, listed);
		assert.deepEqual(returned, listed);
		return listed;
	};
	/** Every way to ask for drafts by their name. */
	const questions = () => [{ REQUEST: 'DescribeFeatureType', TYPENAMES: 'pp:drafts' }, { REQUEST: 'GetFeature', TYPENAMES: 'pp:drafts' }, { REQUEST: 'GetFeature', TYPENAMES: 'pp:drafts', RESULTTYPE: 'hits' },
		{ REQUEST: 'GetFeature', TYPENAMES: '(pp:municipalities)(pp:drafts)' }, { REQUEST: 'GetPropertyValue', TYPENAMES: 'pp:drafts', VALUEREFERENCE: 'title' }, { REQUEST: 'GetFeature', RESOURCEID: `drafts.${drawn[0]}` },
		{ REQUEST: 'GetFeature', STOREDQUERY_ID: byId, ID: `drafts.${drawn[0]}` }, '<wfs:GetFeature xmlns:wfs="http://www.opengis.net/wfs/2.0" service="WFS" version="2.0.0"><wfs:Query typeNames="drafts"/></wfs:GetFeature>'];

	it('are listed for members alone', async () => {
		const all = await types({});
		assert.ok(!all.includes('pp:drafts') && all.length === 6);
		assert.deepEqual(await types(bearer(citizen)), all);
		for (const who of [bearer(planner), basic(planner), bearer(reader), bearer(stranger)])
			assert.deepEqual(await types(who), [...all, 'pp:drafts']);
	});

	it('are read by the members of their body: whole, in part, by id, by a condition and in pages', async () => {
		for (const who of [bearer(planner), basic(planner), basic(reader)]) {
			site.credentials = who;
			assert.deepEqual(await site.keys('drafts'), drawn);
			for (const question of questions())
				await site.good(question);
			assert.deepEqual((await site.good({ REQUEST: 'GetFeature', TYPENAMES: 'drafts', RESULTTYPE: 'hits' })).xml.attribute('numberMatched'), '3');
			assert.deepEqual((await site.features('drafts', { FILTER: '<Filter xmlns="http://www.opengis.net/fes/2.0"><PropertyIsEqualTo><ValueReference>title</ValueReference><Literal>Südrand</Literal></PropertyIsEqualTo></Filter>' }))
				.map(({ element }) => element.child('title').text), ['Südrand']);
			const first = await site.good({ REQUEST: 'GetFeature', TYPENAMES: 'drafts', COUNT: 2 });
			const second = await site.good(first.xml.attribute('next'));
			assert.deepEqual([...site.members(first), ...site.members(second)].map(({ id }) => plainId(id)), drawn);
			assert.equal(first.headers.get('cache-control'), 'no-store');
		}
		site.credentials = bearer(stranger);
		assert.deepEqual(await site.keys('drafts'), [], 'another body has its own');
		assert.equal((await site.refused({ REQUEST: 'GetFeature', STOREDQUERY_ID: byId, ID: `drafts.${drawn[0]}` })).status, 404);
	});

	it('want a sign-in of whoever names them, and a membership', async () => {
		for (const question of questions()) {
			site.credentials = {};
			const { status, code } = await site.refused(question);
			assert.deepEqual([status, code], [401, 'AuthenticationRequired'], JSON.stringify(question));
			site.credentials = bearer(citizen);
			assert.deepEqual((({ status: s, code: c }) => [s, c])(await site.refused(question)), [403, 'OperationNotAllowed'], JSON.stringify(question));
		}
		site.credentials = {};
		assert.match((await site.ask({ REQUEST: 'GetFeature', TYPENAMES: 'drafts' })).headers.get('www-authenticate'), /^Basic realm=.*Bearer$/);
		await site.good({ REQUEST: 'GetFeature', TYPENAMES: 'pp:municipalities', COUNT: 1 });
	});

	it('come as valid documents', { skip: withoutSchemas }, async () => {
		site.credentials = bearer(planner);
		const { status, count, errors } = await site.judge();
		assert.ok(count > 40);
		assert.equal(status, 0, errors.slice(0, 10).join('\n'));
	});
});
