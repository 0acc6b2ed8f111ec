// SPDX-License-Identifier: EUPL-1.2
// Drill: new boundaries under load. In every other version Halstenbek is missing, so that an answer's dataset
// says exactly what must stand in it: whoever is affected, who adjoins, which municipalities there are.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { root, startServer, until } from '../harness/server.mjs';
import { Client, isExcused, openFolder, preview, release, schnelsen } from './support.mjs';

const HALSTENBEK = '01056018';
const IMPORTS = 4;
const fixtures = join(root, 'data/fixtures');
const noTool = spawnSync('ogr2ogr', ['--version']).status === 0 ? false : 'ogr2ogr is not installed';

/** What is asked; each answer is the text without its dataset, and which dataset that was. */
const questions = {
	preview: ['POST', '/affected-preview', preview],
	neighbours: ['GET', '/municipalities/02000000/neighbours'],
	municipality: ['GET', '/municipalities/01056013'],
	list: ['GET', '/municipalities?land=01&limit=500'],
};
const versionOf = ({ dataset }) => `${dataset.name} ${dataset.date}`;
const contentOf = ({ dataset, ...rest }) => JSON.stringify(rest);
/* As it was filed: what a preview says of the same place, before anybody decides. */
const filedContentOf = ({ municipalities, authorities }) =>
	[municipalities, authorities].map((list) => list.map(({ decision, ...rest }) => rest));

describe('new boundaries under load', { skip: noTool }, () => {
	let server, folder, planner, procedure, smaller;
	const faults = [];
	const answers = new Map(); // question -> version -> content -> how often
	const plans = [];
	let excused = 0;
	let over = false;

	const note = (question, version, content) => {
		const versions = answers.get(question) ?? answers.set(question, new Map()).get(question);
		const contents = versions.get(version) ?? versions.set(version, new Map()).get(version);
		contents.set(content, (contents.get(content) ?? 0) + 1);
	};
	/** Asks it once; the version that answered, or nothing. */
	const ask = async (client, question) => {
		const reply = await client.ask(...questions[question]);
		if (reply.status === 200) {
			note(question, versionOf(reply.body), contentOf(reply.body));
			return versionOf(reply.body);
		}
		if (isExcused(reply) && reply.broken === undefined) excused++;
		else faults.push([question, reply.broken ?? reply.status, reply.text]);
		return null;
	};
	const file = async (client) => {
		const reply = await client.ask('POST', `/procedures/${procedure}/plans`, { geometry: schnelsen });
		if (reply.status === 201) plans.push(reply.body.id);
		else if ((isExcused(reply) && reply.broken === undefined) || reply.body?.type === '/problems/dataset_not_current') excused++;
		else faults.push(['plan', reply.broken ?? reply.status, reply.text]);
	};
	const importVersion = async (n) => {
		const date = `20${20 + n}-01-01`;
		const done = await server.command(['import', 'municipalities', n % 2 ? smaller : join(fixtures, 'municipalities.fgb'),
			'--kreise', join(fixtures, 'kreise.csv'), '--dataset', `Fassung ${n}`, '--date', date, '--accuracy', '100']);
		assert.equal(done.status, 0, done.stderr);
		return `Fassung ${n} ${date}`;
	};

	before(async () => {
		folder = openFolder();
		smaller = join(folder, 'smaller.fgb');
		const made = spawnSync('ogr2ogr', ['-where', `AGS <> '${HALSTENBEK}'`, smaller, join(fixtures, 'municipalities.fgb')], { encoding: 'utf8' });
		assert.equal(made.status, 0, made.stderr);
		server = await startServer({ folder: release, settings: { socket: join(folder, 'http.sock'), rate_public: 0, rate_costly: 0, rate_account: 0 } });
		planner = await server.account('manager', '02000000');
		procedure = (await server.must(201, 'POST', '/procedures',
			{ token: planner, body: { kind: 'BP_REGEL', title: 'Zwischen zwei Fassungen', planning_municipalities: ['02000000'] } })).id;
	});
	after(async () => {
		await server.stop();
		rmSync(folder, { recursive: true, force: true });
	});

	it('are in force for all at last, and nobody is refused meanwhile', async (test) => {
		const clients = [];
		const work = [...Object.keys(questions).map((question) => (client) => ask(client, question)), file].map(async (each) => {
			const client = new Client(server, { token: planner.token });
			clients.push(client);
			while (!over) await each(client);
		});
		const asker = new Client(server);
		for (let n = 1; n <= IMPORTS; n++) {
			const version = await importVersion(n);
			for (const question of Object.keys(questions)) await until(async () => (await ask(asker, question)) === version);
			// From here on everybody says so, whichever worker is asked.
			for (let i = 0; i < 20; i++)
				for (const question of Object.keys(questions)) assert.equal(await ask(asker, question), version, question);
		}
		over = true;
		await Promise.all(work);
		for (const client of [...clients, asker]) client.close();
		const total = [...answers.values()].flatMap((versions) => [...versions.values()].flatMap((contents) => [...contents.values()]));
		test.diagnostic(`${total.reduce((sum, count) => sum + count)} answers and ${plans.length} plans over ${IMPORTS} imports, ${excused} told to try again`);
		assert.deepEqual(faults, []);
	});

	it('mix with the ones before in no answer', () => {
		for (const [question, versions] of answers) {
			assert.equal(versions.size, IMPORTS + 1, `${question} was asked of every version`);
			const bySide = [new Set(), new Set()];
			for (const [version, contents] of versions) {
				assert.equal(contents.size, 1, `${question} of ${version} had ${contents.size} answers`);
				const isSmaller = /^Fassung [13579] /.test(version);
				bySide[isSmaller ? 1 : 0].add([...contents.keys()][0]);
			}
			assert.deepEqual(bySide.map((side) => side.size), [1, 1], `${question} depends on the boundaries alone`);
			const [whole, without] = bySide.map((side) => [...side][0]);
			if (question === 'municipality') continue;
			assert.ok(whole.includes(HALSTENBEK) && !without.includes(HALSTENBEK), question);
		}
	});

	it('mix in no record either: it says what a preview of its version says', async () => {
		const recorded = new Set();
		for (const plan of plans) {
			const affected = await server.must(200, 'GET', `/plans/${plan}/affected`, { token: planner });
			const [content] = answers.get('preview').get(versionOf(affected)).keys();
			assert.deepEqual(filedContentOf(affected), filedContentOf(JSON.parse(content)), plan);
			recorded.add(versionOf(affected));
		}
		assert.ok(recorded.size > 1, `plans were filed in ${[...recorded]}`);
	});
});
