// SPDX-License-Identifier: EUPL-1.2
// The examples of docs/api, run to the letter: what comes has the fields and kinds of values that stand there.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { root, startServer, until } from '../../harness/server.mjs';
import { amtPinnau, day, ellerbek, hamburg, invitationOf, openRound } from '../support.mjs';

const folder = join(root, 'docs/api');
const rooms = ['account', 'affected', 'agency', 'attachment', 'audit', 'barrier', 'body', 'calendar', 'deadline', 'document', 'events', 'holiday', 'house', 'invitation', 'lateness', 'link', 'mail', 'municipality', 'outage', 'oversight', 'person', 'plan', 'privacy', 'problems', 'procedure', 'publication', 'receipt', 'recomputation', 'reminder', 'round', 'rule', 'statement', 'extension', 'weighing', 'code', 'assignment', 'deputy', 'release', 'forwarding', 'subscription', 'handover'];
const noCurl = spawnSync('curl', ['--version']).status === 0 ? false : 'curl is not installed';

/** Fields and kinds of values; of a list its first element stands for all. */
function shape(value) {
	if (Array.isArray(value)) return value.slice(0, 1).map(shape);
	if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shape(inner)]));
	return value === null ? 'null' : typeof value;
}

/** The same of a calendar: the names of its lines (RFC 5545 §3.1), of its first event and no other. */
const lines = (text) => text.replaceAll('\r\n', '\n').replaceAll('\n ', '').replace(/(END:VEVENT\n)[^]*(?=END:VCALENDAR)/, '$1')
	.split('\n').map((line) => /^(BEGIN|END):/.test(line) ? line : line.split(':')[0]);
const shapes = { json: (text) => shape(JSON.parse(text)), ics: lines };

describe('the documents of the API', () => {
	let server, env;
	before(async () => {
		server = await startServer({ settings: { mail: 'hold' } });
		const planner = await server.account('manager', hamburg);
		const operator = await server.account('operator');
		const auditor = await server.account('auditor');
		const amt = await server.account('clerk releaser', amtPinnau);
		await server.account('reader', '01056');
		const oversight = await server.account('oversight', 'landesplanung-sh');
		const { procedure, plan, round } = await openRound(server, planner);
		const { round: publicRound } = await openRound(server, planner, { round: { step: 'FOERM_OEFF', audience: 'OEFF', start: day(0), end: day(50) } });
		const office = await server.account('manager', amtPinnau);
		const { id: notified } = await server.must(201, 'POST', '/procedures', { token: office, body: { kind: 'BP_REGEL', title: 'Bebauungsplan 7 „Ortsmitte“', planning_municipalities: [ellerbek] } });
		for (const body of [{ event: 'ANZEIGE_ABSENDEN', data: { empfaenger: ['LANDESPLANUNG', 'REFERAT_BAULEITPLANUNG', 'KREIS'] } }, { event: 'ANZEIGE_PRUEFFAEHIG' }])
			await server.must(201, 'POST', `/procedures/${notified}/events`, { token: office, body });
		const invitation = await invitationOf(server, amt, round, ellerbek);
		await until(async () => (await server.must(200, 'GET', `/audit/entries?procedure=${procedure}&limit=1`, { token: auditor })).items[0].seal);
		env = { ...process.env, URL: `${server.address}/api/v1`, HH: planner.token, AMT: amt.token, ADMIN: operator.token, AUDITOR: auditor.token, OVERSIGHT: oversight.token, PROCEDURE: procedure, PLAN: plan, ROUND: round, PUBLIC_ROUND: publicRound, INVITATION: invitation.id };
	});
	after(() => server.stop());

	it('are one page a room', () => {
		const pages = readdirSync(folder).map((name) => name.replace('.md', ''));
		assert.deepEqual(pages.sort(), [...rooms, 'README', 'http', 'rights'].sort());
	});

	for (const room of rooms) {
		it(`show for ${room} what comes`, { skip: noCurl }, async () => {
			const text = readFileSync(join(folder, `${room}.md`), 'utf8');
			const [, command, form, answer] = /<!-- example -->\n```sh\n([\s\S]*?)```\n\n```(json|ics)\n([\s\S]*?)```/.exec(text);
			const child = spawn('bash', ['-c', command], { env, stdio: ['ignore', 'pipe', 'pipe'] });
			let out = '';
			let errors = '';
			child.stdout.setEncoding('utf8').on('data', (chunk) => (out += chunk));
			child.stderr.setEncoding('utf8').on('data', (chunk) => (errors += chunk));
			await once(child, 'close');
			assert.ok(out, errors);
			assert.deepEqual(shapes[form](out), shapes[form](answer));
		});
	}
});
