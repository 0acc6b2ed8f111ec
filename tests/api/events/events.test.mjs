// SPDX-License-Identifier: EUPL-1.2
// Events: each listener is told what concerns it and what is public, and nothing else; whoever comes
// back is told what it has missed.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startServer } from '../../harness/server.mjs';
import { amtPinnau, ellerbek, halstenbek, hamburg, instant, invitationOf, openRound, procedureOf } from '../support.mjs';

describe('events', () => {
	let server, planner, amt, halstenbekers, citizen;
	before(async () => {
		server = await startServer();
		planner = await server.account('manager', hamburg);
		amt = await server.account('clerk releaser', amtPinnau);
		halstenbekers = await server.account('clerk releaser', halstenbek);
		citizen = await server.account('public');
	});
	after(() => server.stop());

	/** All that a listener is told up to the publication of a new procedure, which everybody is told. */
	async function toldUntilPublished(listeners) {
		const { id } = await server.must(201, 'POST', '/procedures', { token: planner, body: procedureOf({ title: 'Zeichen' }) });
		await server.must(200, 'POST', `/procedures/${id}/publish`, { token: planner });
		const told = {};
		for (const [name, listener] of Object.entries(listeners)) {
			told[name] = [];
			for (let event; !event || event.event !== 'procedure.published' || event.data.procedure !== id;)
				told[name].push((event = await listener.next()));
			told[name] = told[name].filter((event) => event.data.procedure !== id);
		}
		return told;
	}
	async function listen(tokens, headers = {}) {
		const listeners = {};
		for (const [name, token] of Object.entries(tokens)) listeners[name] = await server.events('/events', { token, headers });
		// Nobody is told of what happened before it listened: the first sign shows that it does.
		await toldUntilPublished(listeners);
		return listeners;
	}
	const end = (listeners) => Object.values(listeners).forEach((listener) => listener.close());
	const kinds = (events) => events.map((event) => event.event);

	it('are a stream that nobody keeps', async () => {
		const listener = await server.events();
		assert.match(listener.headers.get('content-type'), /^text\/event-stream/);
		assert.equal(listener.headers.get('cache-control'), 'no-store');
		assert.equal(listener.headers.get('x-accel-buffering'), 'no');
		listener.close();
	});

	it('tell each body what concerns it, and the public what is public', async () => {
		const listeners = await listen({ planner, amt, halstenbekers, citizen, anyone: undefined });
		const { procedure, round } = await openRound(server, planner);
		const { id } = await invitationOf(server, amt, round, ellerbek);
		await server.must(200, 'POST', `/invitations/${id}/acknowledge`, { token: amt });
		const statement = await server.must(201, 'POST', `/invitations/${id}/statements`, { token: amt, body: { stance: 'BEDENKEN', text: 'Die Zufahrt' } });
		const told = await toldUntilPublished(listeners);
		assert.deepEqual(told.anyone, []);
		assert.deepEqual(told.citizen, []);
		assert.deepEqual(new Set(kinds(told.planner)), new Set(['procedure.created', 'plan.created', 'affected.confirmed', 'procedure.moved', 'invitation.sent', 'round.announced',
			'invitation.acknowledged', 'invitation.answered', 'statement.submitted']));
		const own = told.amt.filter((event) => event.data.invitation === id);
		assert.deepEqual(kinds(own).sort(), ['invitation.acknowledged', 'invitation.answered', 'invitation.sent', 'statement.submitted']);
		assert.ok(!kinds(told.amt).some((kind) => kind.startsWith('plan.') || kind.startsWith('affected.')));
		assert.deepEqual([...new Set(kinds(told.halstenbekers))].sort(), ['invitation.sent', 'round.announced']);
		const submitted = own.find((event) => event.event === 'statement.submitted').data;
		assert.match(submitted.at, instant);
		assert.deepEqual({ ...submitted, at: '' }, { at: '', procedure, round, invitation: id, statement: statement.id,
			data: { number: statement.number, body: ellerbek, stance: 'BEDENKEN', on_time: true } });
		for (const events of Object.values(told))
			assert.deepEqual(events.map((event) => Number(event.id)), events.map((event) => Number(event.id)).sort((a, b) => a - b));
		end(listeners);
	});

	it('are made up for by Last-Event-ID, as far as one may see them', async () => {
		const first = await listen({ amt, citizen });
		const { round } = await openRound(server, planner);
		const before = await toldUntilPublished(first);
		const last = before.amt.at(-1).id;
		end(first);
		const { id } = await invitationOf(server, amt, round, ellerbek);
		await server.must(200, 'POST', `/invitations/${id}/acknowledge`, { token: amt });
		const back = {
			amt: await server.events('/events', { token: amt, headers: { 'Last-Event-ID': last } }),
			citizen: await server.events('/events', { token: citizen, headers: { 'Last-Event-ID': last } }),
		};
		const told = await toldUntilPublished(back);
		assert.ok(told.amt.some((event) => event.event === 'invitation.acknowledged' && event.data.invitation === id));
		assert.ok(told.citizen.every((event) => event.event === 'procedure.published'));
		end(back);
	});
});
