// SPDX-License-Identifier: EUPL-1.2
// Our own port of the official tests of Locking WFS (09-025r2, annex A.1.4): class/method → what it asks of a site. Time is let pass in the database.
import assert from 'node:assert/strict';
import { editing, getWithLock, lock, lockOf, transaction } from './edit.mjs';
import { follows, refusal } from './simple.mjs';
import { plainId } from './site.mjs';

const these = (...ids) => `<fes:Filter>${ids.map((id) => `<fes:ResourceId rid="drafts.${id}"/>`).join('')}</fes:Filter>`;

/** With three drafts that nobody has locked, of whoever conducts procedures for the body. */
const withDrafts = (work) => async (site) => {
	site.credentials = { Authorization: `Bearer ${site.token}` };
	try {
		await site.server.sql('delete from pp.feature_lock');
		const { inserted } = await editing(site)(`<wfs:Insert>${[1, 2, 3].map((n) => `<pp:drafts><pp:title>${n}</pp:title></pp:drafts>`).join('')}</wfs:Insert>`);
		await work(site, ...inserted.map(({ id }) => id));
		await site.server.sql('delete from pp.feature_lock');
	} finally {
		site.credentials = {};
	}
};

export const locking = {
	'locking/LockingCapabilitiesTests/capabilitiesDescribesLockingWFS': async (site) => follows(site, (await site.good({ REQUEST: 'GetCapabilities' })).text, 'LockingWFSPhase'),
	'locking/GetFeatureWithLockTests/lockQueryResults_hits': withDrafts(async (site) =>
		refusal(await site.refused(getWithLock('', 'resultType="hits"')), [400, 'InvalidParameterValue', 'resultType'])),
	'locking/GetFeatureWithLockTests/lockAllQueryResults_20Seconds': withDrafts(async (site) => {
		const { xml } = await site.good(getWithLock('', 'expiry="20"'));
		assert.equal(xml.name, 'FeatureCollection');
		const id = xml.attribute('lockId');
		const [{ seconds, left }] = await site.server.sql("select seconds, extract(epoch from expires_at - now())::int as left from pp.feature_lock where id = :'id'", { id });
		assert.ok(seconds === 20 && left <= 20, 'it lasts for twenty seconds');
		await site.server.sql("update pp.feature_lock set expires_at = now() - interval '1 second' where id = :'id'", { id });
		refusal(await site.refused(lock('', `lockId="${id}" expiry="60"`)), [403, 'LockHasExpired']);
	}),
	'locking/GetFeatureWithLockTests/lockSomeFeatures': withDrafts(async (site, a, b, c) => {
		const first = await site.good(getWithLock(these(a), 'expiry="60"'));
		assert.deepEqual(site.members(first).map(({ id }) => plainId(id)), [a]);
		const second = await site.good(getWithLock(these(a, b, c), 'expiry="60" lockAction="SOME"'));
		assert.deepEqual(site.members(second).map(({ id }) => plainId(id)).sort(), [b, c].sort());
		assert.notEqual(second.xml.attribute('lockId'), first.xml.attribute('lockId'));
	}),
	'locking/LockFeatureTests/lockFeatureAndAttemptDelete': withDrafts(async (site, a) => {
		const { id } = lockOf(await site.good(lock(these(a), 'expiry="60"')));
		refusal(await site.refused(transaction(`<wfs:Delete typeName="pp:drafts">${these(a)}</wfs:Delete>`)), [400, 'MissingParameterValue']);
		assert.equal((await editing(site)(`<wfs:Delete typeName="pp:drafts">${these(a)}</wfs:Delete>`, `lockId="${id}"`)).totalDeleted, 1);
	}),
	'locking/LockFeatureTests/lockFeatureAlreadyLocked': withDrafts(async (site, a, b) => {
		await site.good(lock(these(a), 'expiry="60"'));
		refusal(await site.refused(lock(these(a, b))), [400, 'CannotLockAllFeatures']);
	}),
	'locking/LockFeatureTests/lockAllFeaturesByType': withDrafts(async (site) => {
		const { id, locked, missed } = lockOf(await site.good(lock('')));
		assert.ok(id);
		assert.deepEqual(locked.sort(), (await site.keys('drafts')).sort());
		assert.deepEqual(missed, []);
	}),
	'locking/LockFeatureTests/lockFeatureWithLockIdAndQuery': withDrafts(async (site, a) => {
		const { id } = lockOf(await site.good(lock(these(a), 'expiry="60"')));
		refusal(await site.refused(lock(these(a), `lockId="${id}" expiry="10"`)), [400, 'OperationParsingFailed']);
	}),
};
