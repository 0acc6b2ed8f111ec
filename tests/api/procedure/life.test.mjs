// SPDX-License-Identifier: EUPL-1.2
// One full life of each kind of procedure, over both clock changes of 2025: every step is taken over REST or comes
// by the clock at the instant of law, and the timeline tells it with legal basis.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startServer, until } from '../../harness/server.mjs';
import { box, confirm, creates, ellerbek, filePlan, hamburg, noticeOf, nowhere, pointers, refuses, schnelsen } from '../support.mjs';

const inEllerbek = box(9.86, 53.652, 9.864, 53.655);
/** Days in Berlin of 2025; 30 March has 23 hours, 26 October 25. */
const documents = { dokumente: ['BEGRUENDUNG', 'UMWELTBERICHT', 'PLAN'] };
const final = (on) => ({ event: 'SCHLUSSBEKANNTMACHUNG', on, data: { ausgefertigt_am: on, hinweis_fristen: true } });

/*
 * A life is a list of steps: [day, what, state afterwards]. what is an event to record, a round to open, or null where
 * only time passes (the clock does it).
 */
const round = (step, audience, start, end, more) => ({ round: { step, audience, start, end, ...(audience === 'OEFF' ? { notice: noticeOf(start) } : {}), ...more } });
const land = (kind, adopted) => [
	['2025-03-03', { event: 'AUFSTELLUNGSBESCHLUSS', on: '2025-02-27', data: {} }, 'AUFGESTELLT'],
	['2025-03-04', round('FRUEH_TOEB', 'TOEB', '2025-03-05', '2025-03-30'), 'FRUEH'],
	['2025-04-02', null, 'ENTWURF'],
	['2025-04-07', { event: 'ENTWURFSBESCHLUSS', on: '2025-04-07', data: documents }, 'ENTWURF_BESCHL'],
	['2025-04-10', round('FOERM_OEFF', 'OEFF', '2025-04-22', '2025-05-23'), 'BEKANNT'],
	['2025-04-10', round('FOERM_TOEB', 'TOEB', '2025-04-22', '2025-05-23'), 'BEKANNT'],
	['2025-04-22', null, 'BETEILIGUNG'],
	['2025-05-24', null, 'AUSWERTUNG'],
	['2025-09-01', { event: 'AENDERUNG_BEGRENZT', reason: 'Zufahrt verlegt', data: documents, plan: true }, 'ENTWURF_BESCHL'],
	['2025-09-29', round('ERNEUT', 'OEFF', '2025-10-10', '2025-10-26'), 'BEKANNT'],
	['2025-10-10', null, 'BETEILIGUNG'],
	['2025-10-28', null, 'AUSWERTUNG'],
	['2025-11-10', { event: 'ABWAEGUNGSBESCHLUSS', on: '2025-11-06' }, 'ABGEWOGEN'],
	...adopted,
];
const approval = (fiction) => [
	['2025-11-12', { event: 'GENEHMIGUNG_BEANTRAGEN', on: '2025-11-12', data: { nicht_beruecksichtigte: true } }, 'GENEHMIGUNG'],
	fiction ? ['2025-12-13', null, 'GENEHMIGT'] : ['2025-12-01', { event: 'GENEHMIGUNG_ERTEILT', on: '2025-11-28' }, 'GENEHMIGT'],
	['2025-12-16', final('2025-12-15'), 'IN_KRAFT'],
];
const bplan = (event, more) => [['2025-11-11', { event, on: '2025-11-11', data: { fnp: 'ENTWICKELT', ...more } }, 'BESCHLOSSEN'], ['2025-12-01', final('2025-12-01'), 'IN_KRAFT']];
const short = (adopted) => [
	['2025-03-03', { event: 'AUFSTELLUNGSBESCHLUSS', on: '2025-02-27' }, 'AUFGESTELLT'],
	['2025-03-03', { event: 'FRUEH_VERZICHT', reason: 'Innenentwicklung', data: { hinweis_vom: '2025-03-01' } }, 'ENTWURF'],
	['2025-03-04', { event: 'ENTWURFSBESCHLUSS', on: '2025-03-04', data: { dokumente: ['BEGRUENDUNG'] } }, 'ENTWURF_BESCHL'],
	['2025-03-05', round('FOERM_OEFF', 'OEFF', '2025-03-17', '2025-04-17'), 'BEKANNT'],
	['2025-03-17', null, 'BETEILIGUNG'],
	['2025-04-18', null, 'AUSWERTUNG'],
	['2025-10-26', { event: 'ABWAEGUNGSBESCHLUSS', on: '2025-10-25' }, 'ABGEWOGEN'],
	...adopted,
];
const regional = [
	['2025-02-03', round('ROP_UNTERR', 'OEFF', '2025-02-10', '2025-03-10'), 'UNTERRICHTET'],
	['2025-03-11', { event: 'ENTWURFSBESCHLUSS', on: '2025-03-11', data: documents }, 'ENTWURF'],
	['2025-03-12', round('ROP_BET', 'OEFF', '2025-03-30', '2025-05-30'), 'BEKANNT'],
	['2025-03-30', null, 'BETEILIGUNG'],
	['2025-05-31', null, 'AUSWERTUNG'],
	['2025-09-01', { event: 'PLAN_GEAENDERT', reason: 'Vorranggebiet verkleinert', plan: true }, 'ENTWURF'],
	['2025-09-15', round('ROP_ERNEUT', 'OEFF', '2025-10-01', '2025-10-26'), 'BEKANNT'],
	['2025-10-01', null, 'BETEILIGUNG'],
	['2025-10-28', null, 'AUSWERTUNG'],
	['2025-12-01', { event: 'PLANBESCHLUSS', on: '2025-12-01' }, 'BESCHLOSSEN'],
	['2025-12-15', final('2025-12-15'), 'IN_KRAFT'],
];
const approvalOf = (hearing) => [
	['2025-02-03', { event: 'EINREICHEN', on: '2025-02-03' }, 'EINGEREICHT'],
	['2025-02-10', { event: 'UNVOLLSTAENDIG', on: '2025-02-10', data: { fehlend: 'Lageplan' } }, 'UNVOLLSTAENDIG'],
	['2025-02-17', { event: 'NACHREICHEN', on: '2025-02-17' }, 'EINGEREICHT'],
	['2025-03-03', { event: 'VOLLSTAENDIG', on: '2025-03-03' }, 'VOLLSTAENDIG'],
	['2025-03-04', round('PFV_AUFF', 'TOEB', '2025-03-05', '2025-05-05'), 'VOLLSTAENDIG'],
	['2025-03-05', round('PFV_AUSL', 'OEFF', '2025-03-17', '2025-04-16'), 'BEKANNT'],
	['2025-03-17', null, 'AUSLEGUNG'],
	['2025-05-20', null, 'AUSWERTUNG'],
	...hearing,
	['2025-09-01', { event: 'BERICHT', on: '2025-09-01' }, 'BERICHT'],
	['2025-09-02', { event: 'PLAN_AENDERN', reason: 'Mast versetzt', plan: true }, 'PLANAENDERUNG'],
	['2025-10-01', round('PFV_AEND', 'TOEB', '2025-10-02', '2025-10-26'), 'PLANAENDERUNG'],
	['2025-10-28', null, 'AUSWERTUNG'],
	...hearing.map(([, what, state]) => [what.event === 'EROERTERUNG_ABSCHLIESSEN' ? '2025-11-20' : '2025-11-05', { ...what, on: undefined, data: what.data?.termin_am ? { termin_am: '2025-11-17' } : what.data }, state]),
	['2025-11-21', { event: 'BERICHT', on: '2025-11-21' }, 'BERICHT'],
	['2025-12-01', { event: 'PLANFESTSTELLUNGSBESCHLUSS', on: '2025-12-01' }, 'PFB'],
	['2025-12-08', { event: 'PFB_BEKANNTGEBEN', on: '2025-12-05' }, 'BEKANNT_PFB'],
	['2026-01-06', null, 'UNANFECHTBAR'],
	['2026-03-02', { event: 'DURCHFUEHRUNG', on: '2026-03-02' }, 'UNANFECHTBAR'],
];
const heard = [
	['2025-06-02', { event: 'EROERTERUNG_ANBERAUMEN', on: '2025-06-02', data: { termin_am: '2025-06-17' } }, 'EROERTERUNG'],
	['2025-06-18', { event: 'EROERTERUNG_ABSCHLIESSEN', data: { niederschrift: 'Anwesend waren …' } }, 'EROERTERUNG'],
];
const waived = [['2025-06-02', { event: 'EROERTERUNG_VERZICHT', reason: 'Keine Einwendungen' }, 'VERZICHT']];

const lives = [
	['FNP', ellerbek, land('FNP', [['2025-11-11', { event: 'FESTSTELLUNGSBESCHLUSS', on: '2025-11-11' }, 'BESCHLOSSEN'], ...approval(true)])],
	['FNP_AENDERUNG', ellerbek, land('FNP_AENDERUNG', [['2025-11-11', { event: 'FESTSTELLUNGSBESCHLUSS', on: '2025-11-11' }, 'BESCHLOSSEN'], ...approval(false)])],
	['FNP', hamburg, land('FNP', [['2025-11-11', { event: 'FESTSTELLUNGSBESCHLUSS', on: '2025-11-11' }, 'BESCHLOSSEN'], ['2025-12-01', final('2025-12-01'), 'IN_KRAFT']])],
	['BP_REGEL', hamburg, land('BP_REGEL', bplan('RECHTSVERORDNUNG', { erlassen_von: 'BEZIRKSAMT', zustimmung_vom: '2025-11-03' }))],
	['BP_REGEL', ellerbek, land('BP_REGEL', [['2025-11-11', { event: 'SATZUNGSBESCHLUSS', on: '2025-11-11', data: { fnp: 'VORZEITIG' } }, 'BESCHLOSSEN'], ...approval(true)])],
	['BP_REGEL', ellerbek, land('BP_REGEL', bplan('SATZUNGSBESCHLUSS')).map(([on, what, state]) => [on, what?.event === 'AUFSTELLUNGSBESCHLUSS' ? { ...what, data: { antrag_vom: '2025-01-15' } }
		: what?.event === 'SATZUNGSBESCHLUSS' ? { ...what, data: { ...what.data, vertrag_vom: '2025-11-10' } } : what, state]), { vorhabenbezogen: true }],
	['BP_13', ellerbek, short(bplan('SATZUNGSBESCHLUSS')).map(([on, what, state]) => [on, what?.event === 'FRUEH_VERZICHT' ? { ...what, data: {} } : what, state])],
	['BP_13A', hamburg, short(bplan('RECHTSVERORDNUNG', { fnp: 'BERICHTIGUNG', erlassen_von: 'SENAT' }))],
	['ROP_LAND', hamburg, regional],
	['ROP_REG', hamburg, regional],
	['RVP', hamburg, [
		['2025-02-03', { event: 'EINREICHEN', on: '2025-02-03' }, 'EINGEREICHT'],
		// Nobody asked for more within a month (§ 15 (2) sentence 3 ROG), so that six months run from then.
		['2025-03-04', null, 'VOLLSTAENDIG'],
		['2025-03-10', round('RVP_BET', 'OEFF', '2025-03-30', '2025-04-30'), 'BEKANNT'],
		['2025-03-30', null, 'BETEILIGUNG'],
		['2025-05-05', null, 'AUSWERTUNG'],
		['2025-10-26', null, 'ABGESCHLOSSEN'],
	]],
	['ZAV', hamburg, [
		['2025-03-03', { event: 'EINREICHEN', on: '2025-03-03' }, 'EINGEREICHT'],
		['2025-03-04', round('ZAV_BET', 'TOEB', '2025-03-30', '2025-10-26'), 'BEKANNT'],
		['2025-03-30', null, 'BETEILIGUNG'],
		['2025-10-28', null, 'AUSWERTUNG'],
		['2025-11-03', { event: 'ZULASSEN', on: '2025-11-03', reason: 'Raumordnerisch vertretbar' }, 'ZUGELASSEN'],
	]],
	...['PFV', 'PFV_AEG', 'PFV_PBEFG', 'PFV_WASTRG', 'PFV_LSTR'].map((kind) => [kind, hamburg, approvalOf(heard)]),
	...['PFV_ENWG', 'PFV_NABEG', 'PFV_FSTR'].map((kind) => [kind, hamburg, approvalOf(waived)]),
	['BFP', hamburg, [
		['2025-01-13', { event: 'EINREICHEN', on: '2025-01-13' }, 'EINGEREICHT'],
		['2025-02-03', { event: 'ANTRAGSKONFERENZ', on: '2025-02-03' }, 'EINGEREICHT'],
		['2025-02-10', { event: 'UNTERSUCHUNGSRAHMEN', on: '2025-02-10' }, 'UNTERSUCHUNGSRAHMEN'],
		['2025-03-03', { event: 'VOLLSTAENDIG', on: '2025-03-03' }, 'VOLLSTAENDIG'],
		['2025-03-05', round('PFV_AUSL', 'OEFF', '2025-03-17', '2025-04-16'), 'BEKANNT'],
		['2025-03-17', null, 'AUSLEGUNG'],
		['2025-05-20', null, 'AUSWERTUNG'],
		['2025-06-02', { event: 'EROERTERUNG_ANBERAUMEN', on: '2025-06-02', data: { termin_am: '2025-06-17' } }, 'EROERTERUNG'],
		['2025-10-27', { event: 'ENTSCHEIDUNG_BFP', on: '2025-10-27' }, 'ENTSCHIEDEN'],
		['2025-11-03', { event: 'BEKANNTGABE_BFP', on: '2025-11-03' }, 'BEKANNTGEGEBEN'],
	]],
];

describe('the life of a procedure', () => {
	let server;
	const planners = {};
	before(async () => {
		server = await startServer({ clock: true });
		for (const body of [hamburg, ellerbek]) planners[body] = await server.account('manager', body);
	});
	after(() => server.stop());

	const show = (id, token) => server.must(200, 'GET', `/procedures/${id}`, { token });
	const timeline = async (id, token) => (await server.must(200, 'GET', `/procedures/${id}/timeline`, { token })).items;
	const steps = (id, token) => server.must(200, 'GET', `/procedures/${id}/next-steps`, { token });
	const record = (id, token, body, status = 201) => server.must(status, 'POST', `/procedures/${id}/events`, { token, body });

	/** The clerk has recorded whatever was due by now. */
	const caughtUp = () => until(async () => {
		assert.ok(!server.has('clerk_disconnected'), server.tail());
		const [{ due }] = await server.sql("select (pp_api.clock_due() <= :'now') is true as due", { now: new Date(server.clock.now()).toISOString() });
		return !due;
	});

	/** A procedure at that instant, with a plan whose set is confirmed. */
	async function begin(kind, body, at, more = {}) {
		server.clock.set(at);
		const token = planners[body];
		const { id } = await server.must(201, 'POST', '/procedures', { token, body: { kind, title: `Ein Leben ${kind}`, planning_municipalities: [body], ...more } });
		await file(id, body);
		return { id, token };
	}
	async function file(id, body, shift = 0) {
		const geometry = body === hamburg ? schnelsen : inEllerbek;
		const moved = { ...geometry, coordinates: [geometry.coordinates[0].map(([x, y]) => [x + shift, y])] };
		const { id: plan } = await filePlan(server, planners[body], id, moved);
		await confirm(server, planners[body], plan);
	}

	async function take({ id, token, body }, what) {
		if (what?.plan) await file(id, body, 0.0005);
		if (what?.round) {
			await server.must(201, 'POST', `/procedures/${id}/rounds`, { token, body: what.round });
		} else if (what) {
			const { plan: _, ...said } = what;
			await creates(server, `/procedures/${id}/events`, { token, body: said });
		}
	}

	for (const [kind, body, life, more] of lives)
		it(`of the kind ${kind} in ${body === hamburg ? 'Hamburg' : 'Schleswig-Holstein'}${more ? ', for a project' : ''} goes from filing to its end`, async () => {
			const procedure = { ...(await begin(kind, body, `${life[0][0]}T08:00:00Z`, more)), body };
			assert.equal((await show(procedure.id, procedure.token)).state, 'ANGELEGT');
			for (const [on, what, state] of life) {
				const was = (await show(procedure.id, procedure.token)).state;
				// A thing that is to happen now is offered now.
				if (what?.event) {
					const offered = (await steps(procedure.id, procedure.token)).steps.map((step) => step.event);
					assert.ok(offered.includes(what.event), `${what.event} in ${was}: ${offered}`);
				}
				server.clock.set(`${on}T11:00:00Z`);
				await take(procedure, what);
				if (!what) await caughtUp();
				assert.equal((await show(procedure.id, procedure.token)).state, state, `${on} ${JSON.stringify(what)} from ${was}`);
			}
			const items = await timeline(procedure.id, procedure.token);
			assert.deepEqual(items.map((item) => item.no), items.map((_, n) => n + 1));
			for (const [n, item] of items.entries()) {
				if (item.machine !== 'PLANUNGSANZEIGE' && n > 0) assert.equal(item.from, items[n - 1].to, `${item.event} goes on where ${items[n - 1].event} ended`);
				assert.ok(item.legal_basis && item.name, item.event);
				assert.equal(item.by === null, item.who === 'UHR');
			}
			// What came by the clock came at an instant of law: a day's begin or end in Berlin.
			for (const item of items.filter(({ who }) => who === 'UHR'))
				assert.equal(new Date(item.at).toLocaleTimeString('de-DE', { timeZone: 'Europe/Berlin' }), '00:00:00', `${item.event} at ${item.at}`);
		});

	it('refuses what the state does not know, what only the clock or a round does, and what is not known at all', async () => {
		const { id, token } = await begin('BP_REGEL', ellerbek, '2025-06-02T08:00:00Z');
		const refused = (status, problem, body) => refuses(server, status, problem, 'POST', `/procedures/${id}/events`, { token, body });
		assert.match((await refused(409, 'event_not_allowed', { event: 'SATZUNGSBESCHLUSS', data: { fnp: 'ENTWICKELT' } })).detail, /ANGELEGT.*AUFSTELLUNGSBESCHLUSS/);
		await refused(409, 'event_not_allowed', { event: 'FRUEH_BEGINNEN' });
		await refused(409, 'event_not_allowed', { event: 'BETEILIGUNG_ENDE' });
		await refused(409, 'event_not_allowed', { event: 'PLANFESTSTELLUNGSBESCHLUSS' });
		assert.deepEqual(pointers(await refused(422, 'invalid_body', { event: 'GIBT_ES_NICHT' })), ['/event']);
		assert.deepEqual(pointers(await refused(422, 'invalid_body', { event: 'AUFSTELLUNGSBESCHLUSS', data: { antrag_vom: '2025-02-30' } })), ['/data/antrag_vom']);
		assert.deepEqual(pointers(await refused(422, 'invalid_body', { event: 'AUFSTELLUNGSBESCHLUSS', data: { wetter: 'schön' } })), ['/data/wetter']);
		assert.deepEqual(pointers(await refused(422, 'invalid_body', { event: 'EINSTELLEN' })), ['/reason']);
		assert.deepEqual(pointers(await refused(409, 'requirement_missing', { event: 'AUFSTELLUNGSBESCHLUSS', on: '2025-06-03' })), ['/on']);
		await refuses(server, 404, 'procedure_not_found', 'POST', `/procedures/${nowhere}/events`, { token, body: { event: 'EINSTELLEN', reason: 'nichts' } });
		await refuses(server, 404, 'procedure_not_found', 'POST', `/procedures/${id}/events`, { token: planners[hamburg], body: { event: 'EINSTELLEN', reason: 'fremd' } });
		assert.deepEqual(await timeline(id, token), [], 'nothing of it is kept');
	});

	it('resolves on no weighing before every statement has been decided on', async () => {
		const { id, token } = await begin('BP_REGEL', ellerbek, '2025-06-02T08:00:00Z');
		await server.must(201, 'POST', `/procedures/${id}/rounds`, { token, body: round('FOERM_OEFF', 'OEFF', '2025-06-16', '2025-07-16').round });
		server.clock.set('2025-07-01T08:00:00Z');
		const citizen = await server.account('public');
		await creates(server, `/procedures/${id}/statements`, { token: citizen, body: { stance: 'ANREGUNGEN', text: 'Bitte mehr Bäume.' } });
		server.clock.set('2025-07-18T08:00:00Z');
		await caughtUp();
		const body = { event: 'ABWAEGUNGSBESCHLUSS', on: '2025-07-18' };
		const missing = async () => (await steps(id, token)).steps.find(({ event }) => event === body.event).missing.map(({ code }) => code);
		const duties = async () => (await steps(id, token)).duties.map(({ duty, waiting }) => [duty, waiting]);
		assert.deepEqual(await duties(), [['ABWAEGUNG', 1]]);
		assert.deepEqual(await missing(), ['WEIGHING']);
		assert.match((await refuses(server, 409, 'requirement_missing', 'POST', `/procedures/${id}/events`, { token, body })).detail, /1 offen/);
		const act = (path, more = {}) => server.must(200, 'POST', `/procedures/${id}/weighing/${path}`, { token, body: more });
		await act('accept');
		const { items: [{ id: statement }] } = await server.must(200, 'GET', `/procedures/${id}/statements`, { token });
		await act('proposals', { decision: 'GEFOLGT', reason: 'Es werden zwölf Linden gepflanzt.', statements: [statement] });
		assert.deepEqual(await missing(), ['WEIGHING']);
		await act('decide', { resolved_on: '2025-07-18', reference: 'GV 2025/7', council: 'Gemeindevertretung Ellerbek' });
		assert.deepEqual(await missing(), []);
		assert.deepEqual(await duties(), [['MITTEILUNG', 1]]);
		assert.equal((await record(id, token, body)).to, 'ABGEWOGEN');
	});

	it('tells of an extended round and of what waits beside its steps', async () => {
		const { id, token } = await begin('BP_REGEL', ellerbek, '2025-06-02T08:00:00Z');
		await filePlan(server, token, id, box(9.861, 53.652, 9.865, 53.655));
		const [{ duty, href }] = (await steps(id, token)).duties;
		assert.equal(duty, 'BETROFFENE');
		assert.equal((await server.must(200, 'GET', href.replace('/api/v1', ''), { token })).confirmed_at, null);
		await confirm(server, token, href.split('/')[4]);
		assert.deepEqual((await steps(id, token)).duties, []);
		const { id: opened } = await server.must(201, 'POST', `/procedures/${id}/rounds`, { token, body: round('FOERM_TOEB', 'TOEB', '2025-06-16', '2025-07-21').round });
		await server.must(200, 'POST', `/rounds/${opened}/extension`, { token, body: { end: '2025-08-04', reason: 'Gutachten nachgereicht' } });
		const last = (await timeline(id, token)).at(-1);
		assert.deepEqual([last.event, last.from, last.to, last.round, last.reason, last.data.to], ['FRIST_VERLAENGERT', 'BEKANNT', 'BEKANNT', opened, 'Gutachten nachgereicht', '2025-08-04']);
	});

	it('asks again only whom a limited change touches', async () => {
		const { id, token } = await begin('BP_REGEL', ellerbek, '2025-06-02T08:00:00Z');
		const { id: first } = await server.must(201, 'POST', `/procedures/${id}/rounds`, { token, body: round('FOERM_TOEB', 'TOEB', '2025-06-16', '2025-07-21').round });
		const { municipalities } = await server.must(200, 'GET', `/rounds/${first}/board`, { token });
		const [{ body: touched }] = municipalities;
		assert.ok(municipalities.length > 1);
		server.clock.set('2025-07-23T08:00:00Z');
		await caughtUp();
		const again = (only, more = {}) => ['POST', `/procedures/${id}/rounds`, { token, body: { ...round('ERNEUT', 'TOEB', '2025-07-28', '2025-08-18').round, only, ...more } }];
		const limited = { event: 'AENDERUNG_BEGRENZT', reason: 'Zufahrt verlegt', data: documents };
		await filePlan(server, token, id, box(9.861, 53.652, 9.865, 53.655));
		await confirm(server, token, (await show(id, token)).plan.id);
		await record(id, token, { ...limited, event: 'AENDERUNG_GRUNDZUEGE' });
		assert.deepEqual(pointers(await refuses(server, 409, 'requirement_missing', ...again([touched]))), ['/only']);
		await server.must(201, ...again(undefined));
		server.clock.set('2025-08-20T08:00:00Z');
		await caughtUp();
		await filePlan(server, token, id, box(9.861, 53.652, 9.866, 53.655));
		await confirm(server, token, (await show(id, token)).plan.id);
		await record(id, token, limited);
		const later = { start: '2025-08-25', end: '2025-09-15' };
		assert.deepEqual(pointers(await refuses(server, 422, 'body_not_found', ...again([touched, '01062076'], later))), ['/only/1']);
		const { id: opened } = await server.must(201, ...again([touched], later));
		const board = await server.must(200, 'GET', `/rounds/${opened}/board`, { token });
		assert.deepEqual([...board.municipalities, ...board.authorities].map(({ body }) => body), [touched]);
	});

	it('says what is missing for a step, in German and in English', async () => {
		const { id, token } = await begin('BP_REGEL', ellerbek, '2025-06-02T08:00:00Z', { vorhabenbezogen: true });
		const of = (list, event) => list.steps.find((step) => step.event === event);
		const missing = of(await steps(id, token), 'AUFSTELLUNGSBESCHLUSS').missing;
		assert.deepEqual(missing.map(({ code, pointer }) => [code, pointer]), [['ANTRAG', '/data/antrag_vom']]);
		assert.match(missing[0].text, /Antrag des Vorhabenträgers/);
		// A repeat is none of the rounds that may begin: nothing was changed after a participation yet.
		assert.deepEqual(of(await steps(id, token), 'BEKANNTMACHEN').rounds.map(({ step, audiences }) => [step, audiences]),
			[['FOERM_OEFF', ['OEFF']], ['FOERM_TOEB', ['TOEB', 'NACHB', 'STAAT']]]);
		const english = await server.must(200, 'GET', `/procedures/${id}/next-steps`, { token, headers: { 'Accept-Language': 'en' } });
		assert.match(of(english, 'AUFSTELLUNGSBESCHLUSS').missing[0].text, /applicant/);
		assert.equal(english.state_name, 'Filed');
		await refuses(server, 403, 'forbidden', 'GET', `/procedures/${id}/next-steps`, { token: await server.account('public') });
	});

	it('rests and goes on where it was, and keeps the law that it began under', async () => {
		const { id, token } = await begin('BP_REGEL', ellerbek, '2025-06-02T08:00:00Z', { law_on: '2023-05-02' });
		await record(id, token, { event: 'AUFSTELLUNGSBESCHLUSS', on: '2025-06-02' });
		await record(id, token, { event: 'RUHEN', reason: 'Gutachten fehlt' });
		await refuses(server, 409, 'event_not_allowed', 'POST', `/procedures/${id}/rounds`, { token, body: round('FOERM_TOEB', 'TOEB', '2025-06-10', '2025-07-15').round });
		assert.equal((await record(id, token, { event: 'WIEDERAUFNEHMEN' })).to, 'AUFGESTELLT');
		// Before 7 July 2023 the notice came a week before, and named the place of the display (§ 3 (2) BauGB as it was then).
		const items = async () => (await server.must(200, 'GET', `/procedures/${id}/notice?step=FOERM_OEFF`, { token })).items.map(({ item }) => item);
		assert.ok((await items()).includes('ORT') && (await items()).includes('VOR_BEGINN') && !(await items()).includes('ANDERER_ZUGANG'));
		await record(id, token, { event: 'RECHTSWECHSEL', reason: '§ 233 Abs. 1 Satz 2 BauGB', data: { recht_vom: '2025-06-02' } });
		assert.ok(!(await items()).includes('ORT') && !(await items()).includes('VOR_BEGINN') && (await items()).includes('ANDERER_ZUGANG'));
		assert.equal((await show(id, token)).law_on, '2025-06-02');
		assert.deepEqual(pointers(await refuses(server, 409, 'requirement_missing', 'POST', `/procedures/${id}/events`,
			{ token, body: { event: 'RECHTSWECHSEL', reason: 'zurück', data: { recht_vom: '2023-01-01' } } })), ['/data/recht_vom']);
		const last = (await timeline(id, token)).at(-1);
		assert.deepEqual(last.said, [{ name: 'recht_vom', about: 'Rechtsstand, der künftig gilt', value: '2025-06-02' }]);
		assert.equal(last.to_name, 'Aufstellung beschlossen');
	});

	it('opens no round that asks the public without a notice that says what law demands, in time', async () => {
		const { id, token } = await begin('BP_REGEL', ellerbek, '2025-06-02T08:00:00Z');
		const open = { step: 'FOERM_OEFF', audience: 'OEFF', start: '2025-06-16', end: '2025-07-16' };
		const notice = noticeOf('2025-06-16');
		const refused = async (status, problem, more) => pointers(await refuses(server, status, problem, 'POST', `/procedures/${id}/rounds`, { token, body: { ...open, ...more } }));
		const without = (item) => ({ notice: { ...notice, contains: notice.contains.filter((each) => each !== item) } });
		assert.deepEqual(await refused(422, 'notice_incomplete', {}), ['/notice/contains']);
		const told = async (lang) => (await refuses(server, 422, 'notice_incomplete', 'POST', `/procedures/${id}/rounds`, { token, body: open, headers: { 'Accept-Language': lang } })).detail;
		assert.match(await told('de'), /^Die Bekanntmachung muss enthalten: [^\x1f]*; und \d weitere Angaben\.$/);
		assert.match(await told('en'), /^The notice must contain: [^\x1f]*; and \d more\.$/);
		const { items } = await server.must(200, 'GET', `/procedures/${id}/notice?step=FOERM_OEFF`, { token });
		assert.ok(items.length > 5);
		for (const { item, effect, legal_basis: basis } of items) {
			assert.match(basis, /BauGB/);
			if (effect === 'PFLICHT') assert.deepEqual(await refused(422, 'notice_incomplete', without(item)), ['/notice/contains'], item);
		}
		assert.deepEqual(await refused(422, 'notice_too_late', { notice: { ...notice, published_on: '2025-06-16' } }), ['/notice/published_on']);
		assert.deepEqual(await refused(422, 'invalid_body', { notice: { ...notice, contains: [...notice.contains, 'WETTER'] } }), [`/notice/contains/${notice.contains.length}`]);
		// Without the hint at lateness the round opens, but lateness has no effect on the public (§ 4a (5) sentence 2 BauGB).
		const made = await server.must(201, 'POST', `/procedures/${id}/rounds`, { token, body: { ...open, ...without('VERSPAETUNG') } });
		assert.equal(made.late_effect_enabled, false);
		assert.deepEqual(made.warnings.map(({ item }) => item), ['VERSPAETUNG']);
		assert.deepEqual((await timeline(id, token)).at(-1).skipped, ['AUFSTELLUNGSBESCHLUSS', 'FRUEH_BEGINNEN', 'ENTWURFSBESCHLUSS']);
	});

	it('takes a notice back before the round begins, and not afterwards', async () => {
		const { id, token } = await begin('BP_REGEL', ellerbek, '2025-06-02T08:00:00Z');
		const body = { event: 'BEKANNTMACHUNG_ZURUECK', reason: 'Falsches Datum in der Zeitung' };
		const { id: first } = await server.must(201, 'POST', `/procedures/${id}/rounds`, { token, body: round('FOERM_TOEB', 'TOEB', '2025-06-16', '2025-07-21').round });
		await record(id, token, body);
		assert.ok((await server.must(200, 'GET', `/rounds/${first}`, { token })).cancelled_at);
		assert.equal((await show(id, token)).state, 'ENTWURF_BESCHL');
		const { items } = await server.must(200, 'GET', `/procedures/${id}/rounds`, { token });
		assert.equal(items.length, 1);
		await server.must(201, 'POST', `/procedures/${id}/rounds`, { token, body: round('FOERM_TOEB', 'TOEB', '2025-06-17', '2025-07-22').round });
		server.clock.set('2025-06-17T08:00:00Z');
		await caughtUp();
		assert.equal((await show(id, token)).state, 'BETEILIGUNG');
		await refuses(server, 409, 'event_not_allowed', 'POST', `/procedures/${id}/events`, { token, body });
	});

	it('shows the Planungsanzeige of Schleswig-Holstein beside the procedure, with its own clock, stop and end', async () => {
		const { id, token } = await begin('BP_REGEL', ellerbek, '2024-12-30T08:00:00Z');
		const track = async () => (await steps(id, token)).tracks[0].state;
		const due = async () => (await steps(id, token)).dues.map(({ due_on: on, state }) => [on, state]);
		assert.deepEqual(pointers(await refuses(server, 409, 'requirement_missing', 'POST', `/procedures/${id}/events`,
			{ token, body: { event: 'ANZEIGE_ABSENDEN', data: { empfaenger: ['LANDESPLANUNG', 'KREIS'] } } })), ['/data/empfaenger']);
		await record(id, token, { event: 'ANZEIGE_ABSENDEN', data: { empfaenger: ['LANDESPLANUNG', 'REFERAT_BAULEITPLANUNG', 'KREIS'] } });
		server.clock.set('2024-12-31T08:00:00Z');
		await record(id, token, { event: 'ANZEIGE_PRUEFFAEHIG', on: '2024-12-31' });
		assert.deepEqual(await due(), [['2025-02-28', 'OFFEN']], 'two months from 31 December (domain, V49)');
		server.clock.set('2025-01-13T08:00:00Z');
		await record(id, token, { event: 'ANZEIGE_HEMMUNG', on: '2025-01-13', reason: 'Unterlagen nachgefordert' });
		assert.deepEqual(await due(), [['2025-02-28', 'GEHEMMT']]);
		server.clock.set('2025-03-05T08:00:00Z');
		assert.equal(await track(), 'GEHEMMT', 'nothing ends while the period is stopped');
		await record(id, token, { event: 'ANZEIGE_FORTSETZUNG', on: '2025-03-05' });
		// 51 days later is Sunday, 20 April 2025, Easter; Monday is a holiday too.
		assert.deepEqual(await due(), [['2025-04-22', 'OFFEN']]);
		server.clock.set('2025-04-22T21:59:59.500Z');
		assert.equal(await track(), 'PRUEFFAEHIG');
		server.clock.set('2025-04-22T22:00:00.001Z');
		await caughtUp();
		assert.equal(await track(), 'FRIST_ABGELAUFEN');
		assert.equal((await show(id, token)).state, 'ANGELEGT', 'the procedure itself stays where it is');
		const seen = (await server.must(200, 'POST', `/procedures/${id}/publish`, { token, body: {} })) && (await timeline(id));
		assert.deepEqual(seen, [], 'the public does not read of it');
		await server.must(201, 'POST', `/procedures/${id}/events`, { token, body: { event: 'ANZEIGE_ANTWORT', data: { ergebnis: 'KEINE_ZIELE' } } });
		const [{ told }] = await server.sql("select count(*) as told from pp.event where procedure = :'id' and public and data ->> 'machine' = 'PLANUNGSANZEIGE'", { id });
		assert.equal(told, 0, 'nor does it hear of it');
	});

	it('answers the repetition of an event as it answered the event, even of the one that ends the procedure', async () => {
		const { id, token } = await begin('BP_REGEL', ellerbek, '2025-04-07T08:00:00Z');
		const send = () => server.must(201, 'POST', `/procedures/${id}/events`,
			{ token, body: { event: 'EINSTELLEN', reason: 'Kein Bedarf' }, headers: { 'Idempotency-Key': 'end-once' } });
		assert.deepEqual(await send(), await send());
		await refuses(server, 409, 'procedure_withdrawn', 'POST', `/procedures/${id}/events`, { token, body: { event: 'EINSTELLEN', reason: 'Kein Bedarf' } });
	});

	it('refuses days that no period can be computed from, which the clock would wait for', async () => {
		const { id, token } = await begin('BP_REGEL', ellerbek, '2025-05-05T08:00:00Z');
		const wrong = async (body) => pointers(await refuses(server, 422, 'invalid_body', 'POST', `/procedures/${id}/events`, { token, body }));
		await record(id, token, { event: 'ANZEIGE_ABSENDEN', data: { empfaenger: ['LANDESPLANUNG', 'REFERAT_BAULEITPLANUNG', 'KREIS'] } });
		assert.deepEqual(await wrong({ event: 'ANZEIGE_PRUEFFAEHIG', on: '1900-01-01' }), ['/on']);
		assert.deepEqual(await wrong({ event: 'ANZEIGE_PRUEFFAEHIG', on: '3000-01-01' }), ['/on']);
		await record(id, token, { event: 'ANZEIGE_PRUEFFAEHIG', on: '2025-05-05' });
		assert.deepEqual(await wrong({ event: 'ANZEIGE_VERLAENGERUNG', reason: 'Abstimmung', data: { bis: '3000-01-01' } }), ['/data/bis']);
		server.clock.set('2025-07-08T08:00:00Z');
		await caughtUp();
		assert.equal((await steps(id, token)).tracks[0].state, 'FRIST_ABGELAUFEN');
	});

	it('links a development plan with the land-use plan that is changed beside it', async () => {
		const plan = await begin('BP_REGEL', ellerbek, '2025-06-02T08:00:00Z');
		const use = await begin('FNP_AENDERUNG', ellerbek, '2025-06-02T08:00:00Z');
		const body = { kind: 'PARALLEL', procedure: use.id };
		await server.must(200, 'POST', `/procedures/${plan.id}/links`, { token: plan.token, body });
		await server.must(200, 'POST', `/procedures/${plan.id}/links`, { token: plan.token, body });
		const { items } = await server.must(200, 'GET', `/procedures/${use.id}/links`, { token: use.token });
		assert.deepEqual(items.map((item) => [item.kind, item.direction, item.procedure]), [['PARALLEL', 'in', plan.id]]);
		assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', `/procedures/${plan.id}/links`, { token: plan.token, body: { ...body, procedure: plan.id } })), ['/procedure']);
		await refuses(server, 404, 'procedure_not_found', 'POST', `/procedures/${plan.id}/links`, { token: plan.token, body: { ...body, procedure: nowhere } });
	});

	it('keeps the sections of one project together', async () => {
		const sections = [];
		for (const section of ['A', 'B']) sections.push((await begin('PFV_NABEG', hamburg, '2025-06-02T08:00:00Z', { project: 'Leitung 77', section })).id);
		const { items } = await server.must(200, 'GET', '/procedures?project=Leitung%2077', { token: planners[hamburg] });
		assert.deepEqual(items.map((item) => item.id).sort(), sections.sort());
		const body = { kind: 'PFV_NABEG', title: 'Ohne Vorhaben', planning_municipalities: [hamburg], section: 'A' };
		assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', '/procedures', { token: planners[hamburg], body })), ['/project']);
	});

	it('is drawn from tables that everybody may read', async () => {
		const { items, machines } = await server.must(200, 'GET', '/procedure-kinds');
		for (const { kind, machine, tracks } of items) for (const name of [machine, ...tracks]) assert.ok(machines[name], `${kind}: ${name}`);
		for (const [name, { states, transitions }] of Object.entries(machines)) {
			const known = new Set(states.map(({ state }) => state));
			const reached = new Set(states.filter(({ initial }) => initial).map(({ state }) => state));
			for (let size = 0; size !== reached.size;) {
				size = reached.size;
				for (const { from, to } of transitions) if (reached.has(from) && known.has(to)) reached.add(to);
			}
			assert.deepEqual([...known].filter((state) => !reached.has(state)), [], `${name}: every state can be reached`);
			for (const { state, final: ends } of states) {
				assert.equal(transitions.some(({ from, to }) => from === state && to !== '=' && to !== state), !ends, `${name}: ${state} is left unless it is final`);
			}
		}
	});
});
