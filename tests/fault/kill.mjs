// SPDX-License-Identifier: EUPL-1.2
// The kill drill: clients submit statements with idempotency keys and retry each until it is acknowledged,
// while at random points a process is killed. Whatever they see that a client must not see, and whatever
// the database holds that it must not hold, becomes a fault; an empty list of faults is a passed drill.
import { randomUUID } from 'node:crypto';
import { until } from '../harness/server.mjs';
import { childrenOf, Client, isAlive, isExcused, postmasterOf, preview, random } from './support.mjs';

/** Who can be killed: answers the process ids to choose from. */
const victims = {
	web: (server) => server.pids('web'),
	geometry: (server) => server.pids('geometry'),
	postmaster: (server) => [postmasterOf(server.data)],
	/* One backend that dies takes all connections along: PostgreSQL starts over in its own way. */
	backend: (server) => childrenOf(postmasterOf(server.data)).filter(([, title]) => title.includes('pp_server')).map(([pid]) => pid),
	files: (server) => server.pids('files'),
	clerk: (server) => server.pids('clerk'),
};

export class KillDrill {
	constructor(server, round, seed) {
		this.server = server;
		this.round = round;
		this.seed = seed;
		this.chance = random(seed);
		this.acknowledged = new Map();
		this.faults = [];
		this.seen = { acknowledged: 0, retried: 0, refused: 0, broken: 0, previews: 0, reads: 0, killed: {} };
		this.progress = [];
		this.over = false;
		server.expectsDeaths = true;
	}

	#rows() {
		return this.server.superuserSql('select id, number, text from pp.statement');
	}

	#fault(...words) {
		this.faults.push(words.join(' '));
	}

	/** Whether a reply is the wanted one; what excuses none is a fault. */
	#take(reply, status, about) {
		if (reply.status === status) return true;
		if (reply.broken !== undefined) this.seen.broken++;
		else if (isExcused(reply)) this.seen.refused++;
		else this.#fault(about, 'was answered', reply.status, reply.text);
		return false;
	}

	#acknowledge(key, reply) {
		const { id, number } = reply.body;
		const first = this.acknowledged.get(key);
		if (!first) this.acknowledged.set(key, { id, number });
		else if (first.id !== id || first.number !== number) this.#fault(key, 'was answered as', first.number, first.id, 'and as', number, id);
		else this.seen.retried++;
	}

	/* One key after the other; some are sent twice at once, some again after they were acknowledged. */
	async #submit(at, client, invitation) {
		const chance = random(this.seed + at + 1);
		while (!this.over) {
			const key = randomUUID();
			const copies = chance() < 0.25 ? 2 : 1;
			let wanted = chance() < 0.3 ? 2 : 1;
			await until(async () => {
				const replies = await Promise.all(Array.from({ length: copies }, () => client.ask('POST', `/invitations/${invitation}/statements`,
					{ stance: 'HINWEISE', text: key }, { 'Idempotency-Key': key })));
				const good = replies.filter((reply) => this.#take(reply, 201, key));
				for (const reply of good) this.#acknowledge(key, reply);
				if (good.length) wanted--;
				return wanted === 0;
			}, 5);
			this.seen.acknowledged++;
			this.progress[at]++;
		}
	}

	/* What was acknowledged a moment ago is there, also right after everything has started over. */
	async #read(at, client) {
		const chance = random(this.seed - 1);
		await until(async () => {
			const all = [...this.acknowledged.values()];
			const one = all[Math.floor(chance() * all.length)];
			const reply = await client.ask('GET', one ? `/statements/${one.id}` : '/municipalities/02000000');
			if (this.#take(reply, 200, `reading ${one?.id}`)) {
				if (one && reply.body.number !== one.number) this.#fault(one.id, 'has become', reply.body.number);
				this.seen.reads++;
				this.progress[at]++;
			}
			return this.over;
		}, 5);
	}

	/* At a moderate pace: the others shall get on as well. */
	async #preview(at, client) {
		await until(async () => {
			if (this.#take(await client.ask('POST', '/affected-preview', preview), 200, 'a preview')) {
				this.seen.previews++;
				this.progress[at]++;
			}
			return this.over;
		}, 10);
	}

	/** Six that submit, one that reads and one that asks who is affected, until finish(). */
	async start(clients = 6) {
		this.before = new Set((await this.#rows()).map((row) => row.id));
		const { invitations, planner } = this.round;
		this.clients = [];
		const client = (token) => (this.clients.push(new Client(this.server, { token })), this.clients.at(-1));
		this.work = Array.from({ length: clients }, (_, at) => {
			const { token, id } = invitations[at % invitations.length];
			return this.#submit(at, client(token), id);
		});
		this.work.push(this.#read(clients, client(planner.token)), this.#preview(clients + 1, client()));
		this.progress = this.work.map(() => 0);
	}

	/** Everybody gets on from here. */
	async everybodyGetsOn() {
		const before = [...this.progress];
		await until(() => this.progress.every((count, at) => count > before[at]), 5);
	}

	/** Kills one of these kinds after some acknowledgements more, and waits until all is well again. */
	async cycle(kinds) {
		const kind = kinds[Math.floor(this.chance() * kinds.length)];
		const goal = this.acknowledged.size + Math.floor(this.chance() * 30);
		await until(() => this.acknowledged.size >= goal, 1);
		const candidates = await victims[kind](this.server);
		const pid = candidates[Math.floor(this.chance() * candidates.length)];
		process.kill(pid, 'SIGKILL');
		this.seen.killed[kind] = (this.seen.killed[kind] ?? 0) + 1;
		await until(() => !isAlive(pid), 5);
		const wanted = kind === 'backend' ? 1 : candidates.length;
		await until(async () => (await victims[kind](this.server)).length >= wanted, 5);
		await this.everybodyGetsOn();
	}

	/** Lets each retry its last key until it is acknowledged; then counts what the database holds. Answers the faults. */
	async finish() {
		this.over = true;
		await Promise.all(this.work);
		for (const client of this.clients) client.close();
		const rows = await this.#rows();
		const keys = await this.server.superuserSql('select key, count(*)::int from pp.idempotency_key group by key');
		const times = new Map(keys.map((each) => [each.key, each.count]));
		const stored = groupBy(rows.filter((row) => !this.before.has(row.id)), (row) => row.text);
		for (const [key, { id, number }] of this.acknowledged) {
			const found = stored.get(key) ?? [];
			if (found.length !== 1) this.#fault(key, 'is stored', found.length, 'times');
			else if (found[0].id !== id || found[0].number !== number) this.#fault(key, 'is stored as another');
			if (times.get(key) !== 1) this.#fault(key, 'has', times.get(key) ?? 0, 'rows as a key');
		}
		if (new Set(rows.map((row) => row.number)).size !== rows.length) this.#fault('numbers were given twice');
		if (stored.size !== this.acknowledged.size) this.#fault(stored.size, 'texts are stored,', this.acknowledged.size, 'were acknowledged');
		return this.faults;
	}
}

function groupBy(rows, keyOf) {
	const groups = new Map();
	for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
	return groups;
}

/** The whole drill: that many cycles, one after the other. Answers {faults, seen, seconds}. */
export async function drill(server, round, { seed, cycles, kinds }) {
	const begun = performance.now();
	const run = new KillDrill(server, round, seed);
	await run.start();
	for (let i = 0; i < cycles; i++) await run.cycle(kinds);
	const faults = await run.finish();
	return { faults, seen: run.seen, seconds: Math.round((performance.now() - begun) / 1000) };
}
