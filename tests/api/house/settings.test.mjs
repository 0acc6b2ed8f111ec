// SPDX-License-Identifier: EUPL-1.2
// Settings come from file, environment and command line; SIGHUP takes new ones, and refuses wrong ones without a
// word to clients. Prometheus' figures have an address of their own.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { command, freePort, makeDatabase, startServer, until } from '../../harness/server.mjs';

describe('settings', () => {
	const folder = mkdtempSync(join(tmpdir(), 'pp-settings-'));
	const file = join(folder, 'settings.conf');
	after(() => rmSync(folder, { recursive: true, force: true }));

	it('are refused with their place when they are wrong', async () => {
		const cases = [
			[['serve', '--config', file], 'web_workers = 3\nweb_worker = 2\n', /settings\.conf, line 2: there is no setting 'web_worker'/],
			[['serve', '--config', file], 'idle_seconds = 0\n', /settings\.conf, line 1: idle_seconds takes a number from 1 to 600, not '0'/],
			[['serve', '--config', file], 'idle_seconds\n', /settings\.conf, line 1/],
			[['serve', '--config', file], '[server]\nidle_seconds = 5\n', /settings\.conf, line 1: sections such as \[server\] have no meaning here/],
			[['serve', '--config', file], '\ufeff# Anmerkung\r\n\r\nbase_url = https://a\0b\r\n', /settings\.conf, line 3: base_url takes one line/],
			[['serve', '--config', `${file}.absent`], '', /cannot read .*absent/],
			[['serve', '--no-such-setting', '5'], '', /'--no-such-setting' has no meaning here; --help names the options/],
			[['serve', '--idle_seconds'], '', /--idle_seconds needs a value/],
		];
		for (const [words, text, said] of cases) {
			writeFileSync(file, text);
			const { status, stderr } = await command(words);
			assert.equal(status, 2, words.join(' '));
			assert.match(stderr, said);
		}
		const { status, stderr } = await command(['serve'], { env: { PP_DRAIN_SECONDS: 'long' } });
		assert.equal(status, 2);
		assert.match(stderr, /PP_DRAIN_SECONDS: drain_seconds takes a number from 1 to 300, not 'long'/);
	});

	it('count from the command line before the environment, and from there before the file', async () => {
		const database = await makeDatabase({ bare: true });
		// Nobody listens at these; whose word counts is in what the server says about it.
		const says = async (words, env) => (await command(['serve', '--config', file, ...words],
			{ env: { PP_DATABASE_URL: database.url, ...env } })).stderr;
		writeFileSync(file, 'listen = from-file:1\n');
		assert.match(await says([], {}), /from-file/);
		assert.match(await says([], { PP_LISTEN: 'from-environment:1' }), /from-environment/);
		assert.match(await says(['--listen', 'from-command:1'], { PP_LISTEN: 'from-environment:1' }), /from-command/);
		await database.drop();
	});

	describe('of a server', () => {
		let server, metrics;
		before(async () => {
			metrics = `127.0.0.1:${await freePort()}`;
			// Longer than what some readers of such files take for a line; several hosts of a database are.
			const networks = Array.from({ length: 15 }, (_, i) => `2001:db8:${i + 1000}::/48`);
			writeFileSync(file, `base_url = https://alt.example\ntrusted_proxies = unix,${networks.join()}\n`);
			server = await startServer({ settings: { metrics }, words: ['--config', file] });
		});
		after(() => server.stop());
		const location = async () => (await server.api('POST', '/procedures', { token, body: { kind: 'BP_REGEL', title: 'Adresse', planning_municipalities: ['02000000'] } })).headers.get('location');
		let token;

		it('are read anew at SIGHUP, whole or not at all', async () => {
			({ token } = await server.account('manager', '02000000'));
			assert.match(await location(), /^https:\/\/alt\.example\/api\/v1\/procedures\//);
			writeFileSync(file, 'base_url = https://neu.example\nidle_seconds = 0\n');
			process.kill(server.pid, 'SIGHUP');
			await until(() => server.has('not_reloaded'));
			assert.match(await location(), /^https:\/\/alt\.example\//, 'the old ones stay in force');
			writeFileSync(file, 'base_url = https://neu.example\n');
			process.kill(server.pid, 'SIGHUP');
			await until(async () => /^https:\/\/neu\.example\//.test(await location()));
		});

		it('may name an address for Prometheus, which others do not answer', async () => {
			const figures = async () => {
				const reply = await fetch(`http://${metrics}/metrics`);
				assert.equal(reply.status, 200);
				assert.match(reply.headers.get('content-type'), /^text\/plain; version=0\.0\.4/);
				return reply.text();
			};
			const text = await figures();
			const typed = new Set([...text.matchAll(/^# TYPE (\w+) (?:counter|gauge)$/gm)].map(([, name]) => name));
			const samples = text.split('\n').filter((line) => line && !line.startsWith('#'));
			assert.ok(samples.length > 5);
			for (const sample of samples) {
				const [, name] = /^(\w+)(?:\{\w+="[^"]*"(?:,\w+="[^"]*")*\})? -?[\d.e+]+$/.exec(sample) ?? assert.fail(sample);
				assert.ok(typed.has(name), `${name} has no type`);
			}
			const requests = (of) => [...of.matchAll(/^planungsplattform_http_requests_total(?:\{[^}]*\})? (\d+)$/gm)].reduce((sum, [, n]) => sum + Number(n), 0);
			const earlier = requests(text);
			assert.ok(earlier > 0);
			for (let i = 0; i < 5; i++) await server.api('GET', '//health/live');
			await until(async () => requests(await figures()) >= earlier + 5);
			const gauge = async (name) => Number(new RegExp(`^planungsplattform_${name} (\\d+)$`, 'm').exec(await figures())[1]);
			const listeners = await Promise.all([server.events(), server.events()]);
			await until(async () => (await gauge('event_listeners')) === 2 && (await gauge('http_requests_open')) === 2);
			listeners.forEach((stream) => stream.close());
			await until(async () => (await gauge('event_listeners')) === 0 && (await gauge('http_requests_open')) === 0);
			assert.equal((await server.api('GET', '//metrics')).status, 404);
			assert.equal((await fetch(`http://${metrics}/health`)).status, 404);
		});
	});
});
