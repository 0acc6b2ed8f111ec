// SPDX-License-Identifier: EUPL-1.2
// Locks of features: taken with a condition or with what is shown, all or some; kept, used again, given back; and what nobody else does meanwhile, by whatever way.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { startServer } from '../../harness/server.mjs';
import { halstenbek, hamburg } from '../../api/support.mjs';
import { editing, getWithLock, lock, lockOf, older, transaction } from './edit.mjs';
import { asWfs, plainId, withoutSchemas } from './site.mjs';

const by = ({ token }) => ({ Authorization: `Bearer ${token}` });
const these = (...ids) => `<fes:Filter>${ids.map((id) => `<fes:ResourceId rid="drafts.${id}"/>`).join('')}</fes:Filter>`;
const titled = (title) => `<fes:Filter><fes:PropertyIsEqualTo><fes:ValueReference>pp:title</fes:ValueReference><fes:Literal>${title}</fes:Literal></fes:PropertyIsEqualTo></fes:Filter>`;
const update = (filter, title) => `<wfs:Update typeName="pp:drafts"><wfs:Property><wfs:ValueReference>pp:title</wfs:ValueReference><wfs:Value>${title}</wfs:Value></wfs:Property>${filter}</wfs:Update>`;
const answer = ({ status, code, locator }) => [status, code, locator];

describe('locks', { concurrency: false }, () => {
	let site, edit, planner, colleague, reader, stranger, a, b, c;
	before(async () => {
		const server = await startServer({ settings: { mail: 'hold', rate_public: 10000000, rate_account: 10000000 } });
		site = asWfs({ server, stop: () => server.stop() });
		edit = editing(site);
		[planner, colleague, reader, stranger] = await Promise.all([['manager', hamburg], ['manager', hamburg], ['reader', hamburg], ['manager', halstenbek]].map((words) => server.account(...words)));
	});
	after(() => site.stop());
	beforeEach(async () => {
		site.credentials = site.token = undefined;
		await site.server.sql('delete from pp.feature_lock');
		site.credentials = by(planner);
		await edit('<wfs:Delete typeName="pp:drafts"><fes:Filter><fes:Not><fes:PropertyIsNull><fes:ValueReference>body</fes:ValueReference></fes:PropertyIsNull></fes:Not></fes:Filter></wfs:Delete>');
		[a, b, c] = (await edit(`<wfs:Insert>${['a', 'b', 'c'].map((title) => `<pp:drafts><pp:title>${title}</pp:title></pp:drafts>`).join('')}</wfs:Insert>`)).inserted.map(({ id }) => id);
	});
	const as = (who) => { site.credentials = by(who); };
	const titles = async () => (await site.features('drafts')).map(({ element }) => element.child('title').text).sort().join('');

	it('keep everybody else from what they have, by WFS and by OGC API, until they are given back', async () => {
		const { id, locked, missed } = lockOf(await site.good(lock(titled('a'))));
		assert.deepEqual([locked, missed], [[a], []]);
		as(colleague);
		assert.deepEqual(answer(await site.refused(transaction(update(these(a), 'x')))), [400, 'MissingParameterValue', 'Update']);
		assert.deepEqual(answer(await site.refused(transaction(update('', 'x')))), [400, 'MissingParameterValue', 'Update'], 'nor among others');
		assert.deepEqual(answer(await site.refused(transaction(update(these(a), 'x'), `lockId="${id}"`))), [400, 'InvalidLockId', 'lockId'], 'another account\'s lock is none');
		const own = lockOf(await site.good(lock(these(b))));
		assert.deepEqual(answer(await site.refused(transaction(update(these(a), 'x'), `lockId="${own.id}"`))), [400, 'InvalidLockId', 'Update'], 'one of one\'s own is another');
		const reply = await site.server.api('PATCH', `//ogc/collections/drafts/items/${a}`, { token: colleague.token, headers: { 'Content-Type': 'application/merge-patch+json' }, body: { properties: { title: 'x' } } });
		assert.equal(reply.status, 409);
		assert.equal(await titles(), 'abc');
		as(planner);
		assert.equal((await edit(update(these(a), 'd'), `lockId="${id}" releaseAction="ALL"`)).totalUpdated, 1);
		as(colleague);
		assert.equal((await edit(update(these(a), 'e'))).totalUpdated, 1, 'what was given back is free');
		assert.equal(await titles(), 'bce');
	});

	it('are given back with what was changed, or altogether, or without any change', async () => {
		const { id } = lockOf(await site.good(lock('')));
		const held = async () => (await site.server.sql('select count(*)::int as n from pp.feature_lock_item'))[0].n;
		assert.equal(await held(), 3);
		// Several statements, because conditions are looked at one after the other: the lock goes through all of them.
		assert.equal((await edit(update(titled('a'), 'x') + update(titled('x'), 'y') + update(titled('b'), 'z'), `lockId="${id}" releaseAction="SOME"`)).totalUpdated, 3);
		assert.equal(await held(), 1, 'c is kept');
		await edit(update(titled('c'), 'v') + update(titled('v'), 'w'), `lockId="${id}" releaseAction="SOME"`);
		assert.equal(await held(), 0);
		assert.deepEqual(answer(await site.refused(transaction('', `lockId="${id}"`))), [400, 'InvalidLockId', 'lockId'], 'what has nothing is gone');
		const again = lockOf(await site.good(lock('')));
		await edit(update(titled('w'), 'u') + update(titled('u'), 't'), `lockId="${again.id}"`);
		assert.equal(await held(), 0, 'ALL is what is done where nothing is said');
		const third = lockOf(await site.good(lock('')));
		await edit('', `lockId="${third.id}"`);
		assert.equal(await held(), 0);
	});

	it('are taken of all that is found or of none, or of what is free', async () => {
		as(colleague);
		lockOf(await site.good(lock(these(b))));
		as(planner);
		assert.deepEqual(answer(await site.refused(lock(''))).slice(0, 2), [400, 'CannotLockAllFeatures']);
		const { locked, missed } = lockOf(await site.good(lock('', 'lockAction="SOME"')));
		assert.deepEqual([locked.sort(), missed], [[a, c].sort(), [b]]);
		const none = lockOf(await site.good(lock(these(b), 'lockAction="SOME"')));
		assert.deepEqual([none.locked, none.missed], [[], [b]]);
		const two = `<wfs:Query typeNames="pp:drafts">${titled('a')}</wfs:Query><wfs:Query typeNames="pp:drafts">${titled('c')}</wfs:Query>`;
		await site.server.sql('delete from pp.feature_lock');
		const both = lockOf(await site.good(lock('').replace(/<wfs:Query.*<\/wfs:Query>/, two)));
		assert.deepEqual(both.locked.sort(), [a, c].sort(), 'what any of several queries finds');
	});

	it('come with what they have', async () => {
		const { xml, ...reply } = await site.good(getWithLock(titled('b'), 'expiry="30"'));
		assert.deepEqual(site.members({ xml }).map(({ id }) => plainId(id)), [b]);
		assert.equal(reply.headers.get('content-type'), 'application/gml+xml; version=3.2');
		const id = xml.attribute('lockId');
		assert.deepEqual((await site.server.sql('select i.draft, l.seconds from pp.feature_lock_item i join pp.feature_lock l on l.id = i.lock')), [{ draft: b, seconds: 30 }]);
		const first = await site.good(getWithLock(these(a, c), 'count="1"'));
		assert.equal(site.members(first).length, 1);
		assert.equal(first.xml.attribute('next'), undefined, 'an address that is followed locks nothing');
		assert.deepEqual(site.members(await site.good(getWithLock('', 'lockAction="SOME"'))).map((each) => plainId(each.id)).sort(), [a, c].filter((each) => each !== plainId(site.members(first)[0].id)), 'what others have is not shown');
		assert.equal((await edit(update(these(b), 'x'), `lockId="${id}"`)).totalUpdated, 1);
		assert.deepEqual(answer(await site.refused(getWithLock('', 'outputFormat="application/geo+json"'))), [400, 'InvalidParameterValue', 'outputFormat']);
	});

	it('last as long as was said, and begin anew', async () => {
		const { id } = lockOf(await site.good(lock(these(a), 'expiry="10"')));
		const left = async () => (await site.server.sql('select seconds, extract(epoch from expires_at - now())::float as left from pp.feature_lock'))[0];
		assert.ok((await left()).left <= 10);
		assert.equal(lockOf(await site.good(lock('', `lockId="${id}" expiry="1000"`))).id, id);
		const now = await left();
		assert.ok(now.seconds === 1000 && now.left > 900);
		await site.server.sql("update pp.feature_lock set expires_at = now() - interval '1 second'");
		assert.deepEqual(answer(await site.refused(lock('', `lockId="${id}"`))), [403, 'LockHasExpired', 'lockId']);
		assert.deepEqual(answer(await site.refused(transaction(update(these(a), 'x'), `lockId="${id}"`))), [403, 'LockHasExpired', 'lockId']);
		as(colleague);
		assert.equal((await edit(update(these(a), 'frei'))).totalUpdated, 1, 'then it is free');
		for (const expiry of ['0', '86401', '-1', 'ewig', '99999999999999999999'])
			assert.deepEqual(answer(await site.refused(lock(these(b), `expiry="${expiry}"`))), [400, 'InvalidParameterValue', 'expiry'], expiry);
		assert.deepEqual(answer(await site.refused(lock(these(b), 'lockAction="ANY"'))), [400, 'InvalidParameterValue', 'lockAction']);
		for (const unknown of ['x', '01890000-0000-7000-8000-000000000000', id])
			assert.deepEqual(answer(await site.refused(lock('', `lockId="${unknown}"`))), [400, 'InvalidLockId', 'lockId'], unknown);
	});

	it('are for whoever may change, of what is changed', async () => {
		for (const request of [lock(''), getWithLock(''), lock('', 'lockId="x"')]) {
			site.credentials = {};
			assert.deepEqual(answer(await site.refused(request)).slice(0, 2), [401, 'AuthenticationRequired']);
			as(reader);
			assert.deepEqual(answer(await site.refused(request)).slice(0, 2), [403, 'OperationNotAllowed']);
		}
		as(planner);
		for (const request of [lock(''), getWithLock('')])
			assert.deepEqual(answer(await site.refused(request.replace('pp:drafts', 'pp:municipalities'))), [403, 'OperationProcessingFailed', 'typeNames']);
		as(stranger);
		assert.deepEqual(lockOf(await site.good(lock('', 'lockAction="SOME"'))).locked, [], 'another body finds nothing to lock');
	});

	it('are told to clients of WFS 1.1 in their words, and counted in minutes', async () => {
		const { xml } = await site.good(`<wfs:LockFeature ${older} service="WFS" version="1.1.0" expiry="2"><wfs:Lock typeName="pp:drafts"><ogc:Filter><ogc:FeatureId fid="drafts.${a}"/></ogc:Filter></wfs:Lock></wfs:LockFeature>`);
		assert.deepEqual([xml.name, xml.space, xml.all('FeatureId').map((each) => plainId(each.attribute('fid')))], ['LockFeatureResponse', 'http://www.opengis.net/wfs', [a]]);
		const [{ id, seconds }] = await site.server.sql('select id, seconds from pp.feature_lock');
		assert.deepEqual([xml.child('LockId').text, seconds], [id, 120]);
		const done = await site.good(`<wfs:Transaction ${older} service="WFS" version="1.1.0" releaseAction="ALL"><wfs:LockId>${id}</wfs:LockId><wfs:Delete typeName="pp:drafts"><ogc:Filter><ogc:FeatureId fid="drafts.${a}"/></ogc:Filter></wfs:Delete></wfs:Transaction>`);
		assert.equal(done.xml.first('totalDeleted').text, '1');
	});

	it('are taken by parameters as well, by whoever sends a token with them', async () => {
		const filter = (condition) => condition.replace('<fes:Filter>', '<fes:Filter xmlns:fes="http://www.opengis.net/fes/2.0" xmlns:pp="urn:planungsplattform:features:1">');
		const locks = async () => (await site.server.sql('select seconds from pp.feature_lock order by id')).map(({ seconds }) => seconds);
		const { id, locked } = lockOf(await site.good({ REQUEST: 'LockFeature', TYPENAMES: 'pp:drafts', FILTER: filter(titled('a')), EXPIRY: '60' }));
		assert.deepEqual([locked, await locks()], [[a], [60]]);
		assert.deepEqual(answer(await site.refused({ REQUEST: 'LockFeature', RESOURCEID: `drafts.${a},drafts.${b}` })).slice(0, 2), [400, 'CannotLockAllFeatures']);
		const some = lockOf(await site.good({ REQUEST: 'LockFeature', RESOURCEID: `drafts.${a},drafts.${b}`, LOCKACTION: 'SOME' }));
		assert.deepEqual([some.locked, some.missed], [[b], [a]]);
		assert.equal(lockOf(await site.good({ REQUEST: 'LockFeature', LOCKID: id, EXPIRY: '90' })).id, id);
		assert.deepEqual((await locks()).sort(), [300, 90]);
		assert.deepEqual(answer(await site.refused({ REQUEST: 'LockFeature', LOCKID: id, TYPENAMES: 'pp:drafts' })), [400, 'OperationParsingFailed', 'lockId']);
		const shown = await site.good({ REQUEST: 'GetFeatureWithLock', TYPENAMES: 'pp:drafts', LOCKACTION: 'SOME', COUNT: '3' });
		assert.deepEqual([site.members(shown).map((each) => plainId(each.id)), shown.xml.attribute('next'), shown.headers.get('etag'), shown.headers.get('cache-control')], [[c], undefined, null, 'no-store'], 'nobody is told again of the same lock');
		assert.equal((await edit(update(these(c), 'x'), `lockId="${shown.xml.attribute('lockId')}"`)).totalUpdated, 1);
		const before = await locks();
		for (const REQUEST of ['LockFeature', 'GetFeatureWithLock']) {
			const address = `${site.wfs}?${new URLSearchParams({ SERVICE: 'WFS', VERSION: '2.0.0', REQUEST, RESOURCEID: `drafts.${c}` })}`;
			assert.equal((await fetch(address, { method: 'HEAD', headers: by(planner) })).status, 501, 'HEAD changes nothing');
			assert.deepEqual(answer(await site.refused(address, { Authorization: '' })).slice(0, 2), [401, 'AuthenticationRequired']);
			const page = await site.server.account('manager', hamburg, { password: 'Alster und Bille 1' });
			const session = await site.server.api('POST', '/session', { body: { email: page.email, password: page.password }, headers: { Origin: site.server.address } });
			assert.equal(session.status, 201, session.text);
			const followed = await fetch(address, { headers: { Cookie: session.headers.get('set-cookie').split(';')[0], 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' } });
			assert.deepEqual([followed.status, /OperationNotAllowed/.test(await followed.text())], [403, true], 'nor does a link that somebody follows');
		}
		assert.deepEqual(await locks(), before);
		const old = await site.good({ VERSION: '1.1.0', REQUEST: 'LockFeature', TYPENAME: 'pp:drafts', FEATUREID: `drafts.${c}`, EXPIRY: '2' });
		assert.deepEqual([old.xml.space, old.xml.all('FeatureId').map((each) => plainId(each.attribute('fid'))), (await locks()).includes(120)], ['http://www.opengis.net/wfs', [c], true]);
		await site.server.sql('delete from pp.feature_lock');
		const featured = await site.good({ VERSION: '1.1.0', REQUEST: 'GetFeatureWithLock', TYPENAME: 'pp:drafts', FEATUREID: `drafts.${b}`, EXPIRY: '3' });
		assert.deepEqual([featured.xml.all('featureMember').length, await locks(), featured.xml.attribute('lockId')], [1, [180], (await site.server.sql('select id from pp.feature_lock'))[0].id]);
		for (const VERSION of ['1.1.0', '2.0.0'])
			assert.deepEqual(answer(await site.refused({ VERSION, REQUEST: 'Transaction', TYPENAME: 'pp:drafts' })).slice(0, 2), [501, 'OperationNotSupported']);
	});

	it('are wanted of whoever changes what is there, where the platform says so', async () => {
		const strict = await startServer({ settings: { mail: 'hold', edits_need_match: 1 } });
		const there = asWfs({ server: strict, stop: () => strict.stop() });
		try {
			there.credentials = by(await strict.account('manager', hamburg));
			const { inserted: [{ id }] } = await editing(there)('<wfs:Insert><pp:drafts><pp:title>a</pp:title></pp:drafts></wfs:Insert>');
			for (const actions of [update(these(id), 'b'), `<wfs:Delete typeName="pp:drafts">${these(id)}</wfs:Delete>`])
				assert.deepEqual(answer(await there.refused(transaction(actions))), [400, 'MissingParameterValue', 'lockId']);
			const held = lockOf(await there.good(lock(these(id))));
			assert.equal((await editing(there)(update(these(id), 'b'), `lockId="${held.id}"`)).totalUpdated, 1);
		} finally {
			await there.stop();
		}
	});

	it('go to one of those who race', { timeout: 240000 }, async () => {
		for (let round = 0; round < 6; round++) {
			const replies = await Promise.all(Array.from({ length: 8 }, (_, i) => site.post(lock(these(a)), by([planner, colleague][i % 2]))));
			const [winner, ...others] = replies.filter(({ status }) => status === 200);
			assert.ok(winner && !others.length, 'one has it');
			assert.ok(replies.filter((each) => each !== winner).every(({ xml }) => xml.child('Exception').attribute('exceptionCode') === 'CannotLockAllFeatures'));
			as([planner, colleague][replies.indexOf(winner) % 2]);
			// Everybody writes; what holds is what the one with the lock has written.
			const written = await Promise.all([edit(update(these(a), `Runde ${round}`), `lockId="${lockOf(winner).id}" releaseAction="ALL"`), site.post(transaction(update(these(a), 'ohne'))).then(({ status }) => status)]);
			assert.equal(written[0].totalUpdated, 1);
			as(planner);
			assert.equal((await site.features('drafts', { RESOURCEID: `drafts.${a}` }))[0].element.child('title').text, written[1] === 200 ? 'ohne' : `Runde ${round}`, 'nobody writes before it is given back');
		}
	});

	it('are answered by valid documents', { skip: withoutSchemas }, async () => {
		site.token = planner.token;
		const { status, count, errors } = await site.judge();
		assert.ok(count > 60);
		assert.equal(status, 0, errors.slice(0, 10).join('\n'));
	});
});
