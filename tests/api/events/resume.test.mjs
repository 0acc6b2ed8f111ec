// SPDX-License-Identifier: EUPL-1.2
// A listener that comes back hears what it has missed first, then what happens, each once and in order, and nothing
// that happened before it came first.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startServer } from '../../harness/server.mjs';

describe('events after a return', () => {
	let server, token;
	before(async () => {
		server = await startServer({ settings: { web_workers: 1 } });
		({ token } = await server.account('manager', '02000000'));
	});
	after(() => server.stop());

	const make = async (title) => (await server.must(201, 'POST', '/procedures',
		{ token, body: { kind: 'BP_REGEL', title, planning_municipalities: ['02000000'] } })).id;
	const listen = (last) => server.events('/events', { token, headers: last ? { 'Last-Event-ID': last } : {} });
	/** The procedures that the next events are about, up to this one. */
	async function upTo(stream, procedure) {
		const heard = [];
		while (heard.at(-1) !== procedure)
			heard.push((await stream.next()).data.procedure);
		return heard;
	}

	it('catches up, then goes on', async () => {
		const first = await listen();
		const seen = await make('Gesehen');
		const { id, data } = await first.next();
		assert.equal(data.procedure, seen);
		first.close();
		const missed = [await make('Versäumt'), await make('Auch versäumt')];
		const second = await listen(id);
		// More happens while it is told what it has missed.
		const live = await Promise.all(['Eins', 'Zwei', 'Drei', 'Vier', 'Fünf', 'Sechs'].map(make));
		const last = await make('Zuletzt');
		const heard = await upTo(second, last);
		assert.deepEqual(heard.slice(0, 2), missed);
		assert.deepEqual([...new Set(heard.slice(2, -1))].sort(), [...live].sort());
		second.close();
	});

	it('begins with what happens then, when nobody has listened', async () => {
		const before = await make('Vorher');
		const heard = await server.events('/events', { token });
		const told = await make('Nachher');
		const procedures = await upTo(heard, told);
		assert.equal(new Set(procedures).size, procedures.length);
		assert.ok(procedures.every((procedure) => [before, told].includes(procedure)), 'nothing older');
		heard.close();
	});
});
