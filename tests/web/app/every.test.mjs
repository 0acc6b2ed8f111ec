// SPDX-License-Identifier: EUPL-1.2
// Every page of the router, with the demonstration behind it, in every appearance: large, small, narrow, dark, forced colours, text twice as large.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { root } from '../../harness/server.mjs';
import { reason, settled, startApplication, visit } from '../application.mjs';
import { accessible, launch, picture } from '../browser.mjs';

/** Name and address of each page, as the rows of the router have them. */
const pages = ['app/pages.ts', 'pages/planning/pages.ts', 'pages/administration/pages.ts', 'pages/ogc/pages.ts'].flatMap((file) =>
	[...readFileSync(join(root, 'web/src', file), 'utf8').matchAll(/^\tpage\('([^']+)', '([^']+)'/gm)].map(([, name, path]) => ({ name, path })));

/** Who of the demonstration looks at a page, by its name or the beginning of its address: what stands first counts. Nobody where nothing fits. */
const viewers = [
	[/^inbox-releases?$/, 'pinneberg'],
	[/^inbox-forward/, 'halstenbek'],
	[/^audit/, 'pruefung'],
	[/^\/planung/, 'altona'],
	[/^\/gemeinde/, 'schenefeld'],
	[/^\/landesplanung/, 'landesplanung-sh-aufsicht'],
	[/^\/verwaltung/, 'verwaltung'],
	[/^\/mein-konto/, 'schenefeld'],
];

const schenefeld = '01056044', halstenbek = '01056018', pinneberg = '01056039';
const planned = "select d.procedure as id from pp.round d join pp.membership m on m.body = d.planner_body join pp.account a on a.id = m.account where a.email = 'altona@vorfuehrung.example'";
const invited = (body) => `select i.id from pp.invitation i join pp.round d on d.id = i.round where i.participant = '${body}' order by i.id limit 1`;
/** What a parameter of an address stands for, on the page of that name or on all that somebody looks at; :other is one that was found before. */
const things = {
	'plan.plan': 'select p.id from pp.plan p where p.procedure = :procedure order by p.no limit 1',
	'round.round': "select d.id from pp.round d where d.procedure = :procedure and d.audience <> 'OEFF' limit 1",
	'altona.invitation': 'select i.id from pp.invitation i where i.procedure = :procedure order by i.id limit 1',
	'altona.statement': 'select s.id from pp.statement s where s.procedure = :procedure order by s.id limit 1',
	'altona.procedure': `${planned} order by d.id limit 1`,
	'inbox-answer.invitation': `select i.id from pp.invitation i where i.participant = '${schenefeld}' and not exists (select from pp.statement s where s.invitation = i.id) order by i.id limit 1`,
	'schenefeld.invitation': invited(schenefeld),
	'schenefeld.statement': `select s.id from pp.statement s where s.participant = '${schenefeld}' order by s.id limit 1`,
	'pinneberg.release': 'select r.id from pp.release r order by r.id limit 1',
	'halstenbek.forwarding': 'select f.id from pp.forwarding f order by f.id limit 1',
	'landesplanung-sh-aufsicht.procedure': "select i.procedure as id from pp.invitation i where i.participant = 'landesplanung-sh' order by i.id limit 1",
	'verwaltung.body_key': "select '010565687' as id",
	'verwaltung.recomputation': 'select r.id from pp.recomputation r order by r.id limit 1',
	'pruefung.chain': 'select e.chain as id from pp.audit_entry e order by e.chain limit 1',
	'pruefung.seq': 'select 1 as id',
	'.collection': "select 'plans' as id",
	'.feature': 'select fid as id from pp.feature_plans where died is null order by fid limit 1',
	'.procedure': "select d.procedure as id from pp.round d where d.audience = 'OEFF' order by d.id limit 1",
};

/** Elements whose text does not fit into them, and cannot be scrolled to. */
const cut = () => [...document.querySelectorAll('main *, header *, footer *')].filter((element) => {
	const { overflowX, overflowY, clipPath, position } = getComputedStyle(element);
	const hides = [overflowX, overflowY].some((how) => how === 'hidden' || how === 'clip');
	const text = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
	// What is there for screen readers alone is a pixel on purpose.
	const unseen = element.closest('.kern-sr-only, .ol-viewport') || clipPath !== 'none' || (position === 'absolute' && element.clientWidth <= 1);
	return hides && text && !unseen && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1);
}).map((element) => element.outerHTML.slice(0, 120));

/** Nothing can be scrolled to the side. */
const fits = (page) => page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);

/** What somebody has set as size of text in their browser. */
async function enlarge(page, times) {
	const client = await page.context().newCDPSession(page);
	await client.send('Page.setFontSizes', { fontSizes: { standard: 16 * times, fixed: 13 * times } });
	await client.detach();
}

/** Goes by Tab through the page, at most so many steps: whatever has the focus shows it. */
async function unseenFocus(page, steps = 40) {
	await page.evaluate(() => (document.activeElement instanceof HTMLElement && document.activeElement.blur(), window.scrollTo(0, 0)));
	const found = [];
	for (let step = 0; step < steps; step++) {
		await page.keyboard.press('Tab');
		const seen = await page.evaluate(() => {
			const element = document.activeElement;
			if (!element || element === document.body) return null;
			/* A field for a day has several stops: what the browser paints within it is its own. */
			if (element === window.lastFocus) return true;
			window.lastFocus = element;
			/* Radio buttons and checkboxes of KERN paint the ring on what follows them. */
			const painted = [element, element.nextElementSibling, element.parentElement, ...['::before', '::after'].map((pseudo) => [element, pseudo])].filter(Boolean)
				.map((one) => (Array.isArray(one) ? getComputedStyle(...one) : getComputedStyle(one)));
			return painted.some(({ outlineStyle, outlineWidth, boxShadow }) => (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none') || element.outerHTML.slice(0, 120);
		});
		if (seen === null) break;
		if (seen !== true) found.push(seen);
	}
	return found;
}

describe('every page', { skip: reason }, () => {
	let server, browser;
	const opened = new Map();
	const viewer = ({ name, path }) => viewers.find(([pattern]) => pattern.test(name) || pattern.test(path))?.[1] ?? '';
	/** One browser for each who looks. */
	async function seen(as) {
		if (!opened.has(as)) opened.set(as, await visit(browser, server, as ? null : '/', { as: as || undefined, expects: [/status of 404/] }));
		return opened.get(as);
	}
	async function addressOf({ name, path }) {
		const as = viewer({ name, path });
		const known = {};
		for (const [, parameter] of path.matchAll(/:(\w+)/g)) {
			const question = things[`${name}.${parameter}`] ?? things[`${as}.${parameter}`];
			assert.ok(question, `of ${name} nothing is said that could stand for ${parameter}`);
			const [row] = await server.sql(question.replace(/:(\w+)/g, (_, other) => `'${known[other]}'`));
			assert.ok(row, `the demonstration has no ${parameter} for ${name}`);
			known[parameter] = row.id;
		}
		return path.replace(/:(\w+)/g, (_, parameter) => known[parameter]);
	}
	/** What the demonstration has none of: something to be released, something forwarded, and a recomputation. */
	async function prepare() {
		const id = async (question) => (await server.sql(question))[0].id;
		const [clerk, chief, writer] = [await server.account('clerk', schenefeld), await server.account('body_administrator', pinneberg), await server.account('clerk', pinneberg)];
		await server.must(201, 'POST', `/invitations/${await id(invited(schenefeld))}/forwardings`, { token: clerk, body: { recipient: halstenbek, reason: 'Bitte um Ihre Einschätzung' } });
		await server.must(200, 'PATCH', `/bodies/${pinneberg}`, { token: chief, headers: { 'If-Match': '*' }, body: { release_by_second: true } });
		const draft = await server.must(201, 'POST', `/invitations/${await id(invited(pinneberg))}/drafts`, { token: writer, body: { stance: 'BEDENKEN', text: 'Die Leitung quert das Neubaugebiet am Rehmen.' } });
		await server.must(201, 'POST', `/drafts/${draft.id}/hand-in`, { token: writer, body: {} });
		await server.must(201, 'POST', '/recomputations', { token: await server.account('operator'), body: { verify: true } });
	}
	before(async () => {
		server = await startApplication();
		await prepare();
		browser = await launch();
	});
	after(async () => {
		for (const { close } of opened.values()) await close();
		await browser?.close();
		await server?.stop();
	});

	for (const one of pages) {
		it(`${one.name} (${one.path}) is for everybody`, async () => {
			const { page, faults } = await seen(viewer(one));
			const address = await addressOf(one);
			await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none' });
			await page.setViewportSize({ width: 1280, height: 900 });
			await page.goto(`${server.address}${address}`);
			await settled(page);
			assert.equal(await page.locator('h1').count(), 1);
			assert.match(await page.title(), /.+ – Planungsplattform$/);
			assert.deepEqual(await unseenFocus(page), [], 'whatever has the focus shows it');
			await picture(page, `seite-${one.name}`);
			await accessible(page);
			for (const width of [360, 320]) {
				await page.setViewportSize({ width, height: 800 });
				assert.ok(await fits(page), `nothing scrolls sideways at ${width}`);
				await accessible(page);
			}
			await page.setViewportSize({ width: 1280, height: 900 });
			for (const media of [{ colorScheme: 'dark' }, { colorScheme: 'light', forcedColors: 'active' }]) {
				await page.emulateMedia(media);
				await accessible(page, ['color-contrast', 'link-in-text-block']);
			}
			await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none' });
			await enlarge(page, 2);
			assert.ok(await fits(page), 'nothing scrolls sideways with text twice as large');
			assert.deepEqual(await page.evaluate(cut), [], 'no text is cut when it is twice as large');
			await enlarge(page, 1);
			assert.deepEqual(faults, []);
		});
	}
});
