// SPDX-License-Identifier: EUPL-1.2
// Words are planted in every private field (plants.mjs), which are those of the database itself (columns.mjs); then everything is called by everybody whom they do not concern, with
// every id there is, and none of the words may come back: no reply, no header, no error, no event, no line of the log, no metric.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { freePort, startServer, until } from '../../harness/server.mjs';
import { amtPinnau, halstenbek, hamburg } from '../support.mjs';
import { classes, keys, look } from './columns.mjs';
import { canary, pattern, plants, plot } from './plants.mjs';

const named = /"id"\s*:\s*"([0-9a-f]{8}-[0-9a-f-]{27})"/g;
const secrets = /"status_token":"[\w-]{43}"/g;

describe('canaries', () => {
	const folder = mkdtempSync(join(tmpdir(), 'pp-canary-'));
	let server, metrics, paths, requesters, insiders, stream, published;
	const ids = new Set();
	const heard = [];
	before(async () => {
		metrics = `127.0.0.1:${await freePort()}`;
		const rates = Object.fromEntries(['public', 'costly', 'sign_in', 'mail', 'account', 'procedure'].map((name) => [`rate_${name}`, 10000000]));
		writeFileSync(join(folder, 'site.json'), JSON.stringify({ accessibility: { email: 'barriere@probe.example' } }));
		server = await startServer({ settings: { metrics, mail: 'hold', site: join(folder, 'site.json'), ...rates } });
		const account = (roles, body) => server.account(roles, body, { email: `${canary('konto')}@kanarie.example`.toLowerCase() });
		const manager = await account('manager clerk', hamburg);
		const amt = await account('clerk releaser', amtPinnau);
		const citizen = await account('public');
		const [second, chief] = [await account('manager', hamburg), await account('body_administrator releaser', amtPinnau)];
		const operator = await account('operator');
		insiders = { manager, second, amt, chief, citizen, operator };
		requesters = {
			nobody: undefined,
			stranger: await server.account('public'),
			'another planning body': await server.account('manager', halstenbek),
			operator: await server.account('operator'),
		};
		stream = await server.events();
		(async () => {
			for (let event; (event = await stream.next().catch(() => undefined));) heard.push(JSON.stringify(event));
		})();
		const open = await plot({ server, manager });
		for (const id of Object.values(open)) ids.add(id);
		published = { procedures: open.procedure, plans: open.plan };
		for (const plant of plants) {
			const made = await plant({ server, open, ...insiders });
			if (made.published) published.statements = made.published;
			for (const id of Object.values(made)) ids.add(id);
		}
		({ paths } = await server.must(200, 'GET', '/openapi.json'));
	});
	after(async () => {
		stream.close();
		await server.stop();
		rmSync(folder, { recursive: true });
	});

	// Whoever runs the platform lets people in, by their addresses, reads what barriers they report to it, and sees nothing else of them.
	const known = [['operator', /^\/api\/v1\/(memberships|accounts|recomputations|boundary-imports)\b/, /^kanarie\d{3}konto$/], ['operator', /^\/api\/v1\/boundary-imports\b/, /^kanarie\d{3}Ebene$/i],
		['operator', /^\/api\/v1\/barrier-reports$/, /^kanarie\d{3}(Barriere\w*|melder)$/i]];
	const found = (text, where, who, address) => assert.deepEqual([...new Set(text.match(pattern) ?? [])].filter((word) =>
		!known.some(([whom, what, may]) => whom === who && what.test(address) && may.test(word))), [], where);
	const routes = (method) => Object.entries(paths).filter(([path, methods]) => methods[method] && path !== '/api/v1/events').map(([path]) => path);
	/** Every address of a route: with every id that is known where it wants one. */
	const addresses = (path) => {
		const fixed = path.replace('{ags}', hamburg).replace('{problem}', 'bug');
		return fixed.includes('{') ? [...ids].map((id) => fixed.replace(/\{\w+\}/g, id)) : [fixed];
	};
	const call = async (method, address, token, body) => {
		const reply = await fetch(server.address + address, { method, body, redirect: 'manual',
			headers: { ...(body ? { 'Content-Type': 'application/json' } : {}), ...(token ? { Authorization: `Bearer ${token.token}` } : {}) } });
		return { status: reply.status, text: JSON.stringify([...reply.headers]) + (await reply.text()) };
	};
	/** Eight at a time. */
	const each = async (list, work) => {
		const rest = list.values();
		await Promise.all(Array.from({ length: 8 }, async () => { for (const item of rest) await work(item); }));
	};

	it('are planted in every column that can hold words of people, and in no other', async () => {
		const seen = JSON.parse(await server.sql(look));
		const of = (place) => Object.keys(classes).filter((name) => classes[name][place.split('.')[0]]?.has(place.split('.')[1]));
		const known = new Set(seen.map(({ place }) => place));
		assert.deepEqual(seen.map(({ place }) => place).filter((place) => !keys.has(place.split('.')[1]) && of(place).length !== 1), [], 'each column is in one list of columns.mjs');
		assert.deepEqual(Object.values(classes).flatMap((tables) => Object.entries(tables).flatMap(([table, columns]) => [...columns].map((column) => `${table}.${column}`))).filter((place) => !known.has(place)), [], 'which has no others');
		assert.deepEqual(seen.filter(({ place, planted }) => planted !== (of(place)[0] === 'planted')).map(({ place, planted }) => `${place}: ${planted ? 'a word was found' : 'nothing is planted'}`), []);
	});

	it('are found where they belong: by their planning body and their authors', async () => {
		let seen = '';
		for (const token of Object.values(insiders))
			await each(routes('get').flatMap(addresses), async (address) => {
				const { text } = await call('GET', address, token);
				seen += text;
			});
		for (const id of ids) {
			const { text } = await call('GET', `/api/v1/persons/${id}?purpose=AKTE`, insiders.manager);
			seen += text;
		}
		for (const from of ['Vorname', 'Strasse', 'AnonymText', 'NachtragPunkt', 'KontoThema', 'BriefRecht', 'Nachweis', 'EntwurfText', 'StelleAusweg', 'AnonymAnlage', 'EntwurfAnlage', 'StelleAnlage', 'EntwurfInhalt', 'StelleInhalt', 'Fristgrund', 'Abwaegung', 'Gruppe', 'Sperrgrund', 'Titel', 'Aktenzeichen', 'Ruecknahmegrund', 'Auswahlgrund', 'Zusatzgrund', 'Weglassgrund', 'Unterlage', 'Vermerk', 'Verteiler', 'Zweck', 'VorlageText', 'Rueckgabe', 'Unterzeichner', 'Ratsbeschluss', 'Einlieferung', 'Nachladung', 'Hindernis', 'Verspaetung', 'Ergebnisgrund', 'Unterbrechung', 'Weitergabegrund', 'Weitergabevermerk', 'Weitergabetext'])
			assert.ok(new RegExp(`Kanarie\\d{3}${from}`).test(seen), `${from} is seen by whom it concerns`);
		assert.ok(/9\.90172/.test(seen), 'and the place');
		// Strangers try what was met on the way as well.
		for (const [, id] of seen.matchAll(named)) if (ids.size < 50) ids.add(id);
		assert.ok(ids.size > 30, `${ids.size} ids are known now`);
	});

	it('come back from no address to anybody else', async () => {
		let calls = 0;
		let good = 0;
		for (const [who, token] of Object.entries(requesters))
			await each(routes('get').flatMap(addresses), async (address) => {
				const { status, text } = await call('GET', address, token);
				assert.ok(status < 500, `${who} ${address}: ${status} ${text}`);
				found(text, `${who} GET ${address}`, who, address);
				calls++;
				good += status === 200;
			});
		assert.ok(calls > 1000 && good > 100, `${calls} calls, ${good} of them answered`);
	});

	it('come back from no collection, no feature and nothing else that GIS clients are shown', async () => {
		for (const [who, token] of [...Object.entries(requesters), ...Object.entries(insiders)]) {
			const look = async (address, wanted = 200) => {
				const { status, text } = await call('GET', address, token);
				assert.equal(status, wanted, `${who} ${address}: ${text}`);
				// Not even to those who may see it elsewhere: here everybody sees the same.
				assert.deepEqual([...new Set(text.match(pattern) ?? [])], [], `${who} ${address}`);
				return text;
			};
			const list = async (address, what) => JSON.parse(/^\[.*?\]\](\{.*)$/s.exec(await look(address))[1])[what];
			await each(['/ogc', '/ogc/', '/ogc/api', '/ogc/conformance', '/ogc/tiles', '/ogc/tiles/WebMercatorQuad', '/ogc/services.json'], (address) => look(address));
			// What a tile says stands in it as text: all of it, where it is coarse, and around Hamburg.
			await each(['WebMercatorQuad/5/10/16', 'WebMercatorQuad/8/82/135', 'DE_EPSG_25832_ADV/0/0/0', 'DE_EPSG_25832_ADV/5/9/15'], (tile) => look(`/ogc/tiles/${tile}`));
			// But their body's own, which is looked for from every other body.
			const own = ['manager', 'second'].includes(who) ? 'drafts' : undefined;
			const collections = (await list('/ogc/collections', 'collections')).filter(({ id }) => id !== own).map(({ id }) => `/ogc/collections/${id}`);
			await each(collections.flatMap((address) => [address, `${address}/schema`, `${address}/items?datetime=2020-01-01T00:00:00Z/..`]), (address) => look(address));
			const shown = new Set();
			for (const address of collections)
				for (const { id } of await list(`${address}/items?limit=1000000`, 'features')) shown.add(`${address}/items/${id}`);
			for (const [name, id] of Object.entries(published))
				assert.ok(shown.has(`/ogc/collections/${name}/items/${id}`), `${who} is shown what is published of ${name}`);
			await each([...shown].filter((address) => !/municipalities|adjacency/.test(address)), (address) => look(address));
			await each(collections.flatMap((address) => [...ids].map((id) => `${address}/items/${id}`)).filter((address) => !shown.has(address)), (address) => look(address, 404));
		}
	});

	it('come back in no refusal of a change, and from no search', async () => {
		for (const [who, token] of Object.entries(requesters)) {
			for (const method of ['post', 'patch', 'delete', 'put'])
				await each(routes(method).filter((path) => !/session|tokens|rounds\/\{round\}\/statements|procedures\/\{procedure\}\/statements|memberships|accounts/.test(path)).flatMap((path) => addresses(path).slice(0, 60)), async (address) => {
					const { status, text } = await call(method.toUpperCase(), address, token, method === 'delete' ? undefined : '{"stance":7,"reason":9}');
					assert.ok(status < 500, `${who} ${method} ${address}: ${status}`);
					found(text, `${who} ${method} ${address}`, who, address);
				});
			const { text } = await call('GET', '/api/v1/procedures?q=Kanarie', token);
			assert.match(text, /"items"\s*:\s*\[\]/, `${who} finds nothing`);
		}
	});

	it('are in no event, no line of the log and no metric', async () => {
		await until(() => heard.some((event) => event.includes('statement.published')));
		found(heard.join('\n'), 'events');
		found(JSON.stringify(server.log), 'log');
		assert.ok(!secrets.test(JSON.stringify(server.log)), 'nor a secret');
		found(await (await fetch(`http://${metrics}/metrics`)).text(), 'metrics');
	});
});
