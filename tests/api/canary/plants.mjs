// SPDX-License-Identifier: EUPL-1.2
// What is planted in every private field, for canary.test.mjs to look for everywhere else. Each plant names what it sends and
// returns the ids that it got. A room that keeps something private adds a plant here; so does one that shows files, pages or maps.
import { until } from '../../harness/server.mjs';
import { confirm, creates, day, ellerbek, fileBoth, invitationOf, roundOf, schnelsen } from '../support.mjs';
import { pdf, send, sha256 } from '../document/support.mjs';

let count = 0;
/** A word that is nowhere else, and says where it comes from. */
export const canary = (from) => `Kanarie${String(++count).padStart(3, '0')}${from.replace(/\W/g, '')}`;

/** A place whose digits are nowhere else: [longitude, latitude]. */
export const place = [9.9017283, 53.6319264];
/** Everything by which a planted word or place is known; the seconds of an instant (12:00:39.901720) are no place. */
export const pattern = /kanarie\d{3}\w*|(?<!\d:\d?)(9\.90172|53\.63192)/gi;

const person = () => ({
	given_name: canary('Vorname'), family_name: canary('Nachname'), organisation: canary('Organisation'), street: `${canary('Strasse')} 7`,
	postcode: '22457', town: canary('Ort'), email: `${canary('mail')}@kanarie.example`.toLowerCase(), inform: 'EMAIL',
});
const words = (from) => ({
	stance: 'EINWENDUNG', text: canary(`${from}Text`), reservation: canary(`${from}Vorbehalt`),
	points: [{ kind: 'EINWAND', topic: canary(`${from}Thema`), text: `${canary(`${from}Punkt`)} und mehr als vierzig Zeichen, damit verglichen wird`, legal_basis: canary(`${from}Recht`), remedy: canary(`${from}Ausweg`),
		document: canary(`${from}Dokument`), page: canary('Seite'), geometry: { type: 'Point', coordinates: place } }],
});

/** A file whose name and bytes are planted, announced there and uploaded. */
async function attached(server, where, from, { token, upload, bytes = Buffer.concat([pdf(), Buffer.from(`% ${canary(`${from}Inhalt`)}\n`)]) } = {}) {
	const made = await creates(server, `${where}/attachments`, { token, headers: upload ? { 'Upload-Token': upload } : {}, body: { name: `${canary(`${from}Anlage`)}.pdf`, media_type: 'application/pdf', size: bytes.length, sha256: sha256(bytes) } });
	await send(server, 'PUT', `/attachments/${made.id}/upload`, { token, body: bytes, headers: { 'Content-Type': 'application/pdf', ...(made.upload_token ? { 'Upload-Token': made.upload_token } : {}) } });
	return made;
}

/** A row that nobody can make here in time (what a provider says, what is late, what was resolved on), as it would lie there. */
async function row(server, table, values) {
	const columns = Object.keys(values).join(', ');
	await server.sql(`set session_replication_role = replica; insert into pp.${table} (${columns}) select ${columns} from jsonb_populate_record(null::pp.${table}, :'values'::jsonb)`, { values: JSON.stringify(values) });
}
const hash = (word) => `\\x${sha256(word)}`;
const accountOf = async (server, { email }) => (await server.sql("select id from pp.account where email = :'email'", { email }))[0].id;

/** {server, open, manager, second, amt, chief, citizen, operator} → the ids of everything that was made, by kind. */
export const plants = [
	async function unpublishedProcedure({ server, manager }) {
		const { id } = await creates(server, '/procedures', { token: manager, body: { kind: 'BP_REGEL', title: canary('Titel'), reference: canary('Aktenzeichen'), project: canary('Projekt'), planning_municipalities: ['02000000'] } });
		const plan = await creates(server, `/procedures/${id}/plans`, { token: manager, body: { geometry: schnelsen } });
		const decision = await server.must(201, 'POST', `/plans/${plan.id}/affected/decisions`, { token: manager, body: { action: 'add', ags: '01061113', reason: canary('Auswahlgrund') } });
		const file = pdf(10, 9);
		const document = await creates(server, `/procedures/${id}/documents`, { token: manager, body: { kind: 'SONSTIGES', title: canary('Unterlage'), name: `${canary('Datei')}.pdf`, media_type: 'application/pdf', size: file.length, sha256: sha256(file) } });
		await server.must(200, 'POST', `/documents/${document.id}/withdraw`, { token: manager, body: { reason: canary('Zurueckgezogen') } });
		await server.must(200, 'POST', `/procedures/${id}/resolve`, { token: manager, body: { resolved_on: day(0) } });
		await server.must(200, 'POST', `/procedures/${id}/withdraw`, { token: manager, body: { reason: canary('Einstellung') } });
		await server.sql("set session_replication_role = replica; update pp.procedure_event set data = :'data' where procedure = :'id'", { data: JSON.stringify({ text: canary('Ereignis') }), id });
		return { procedure: id, plan: plan.id, decision: decision.id, document: document.id };
	},
	async function draftOfAPlan({ server, manager }) {
		const properties = { title: canary('Zeichnung'), note: canary('Zeichnungsvermerk') };
		const { id } = await server.must(201, 'POST', '//ogc/collections/drafts/items', { token: manager, body: { type: 'Feature', geometry: schnelsen, properties } });
		return { drawing: id };
	},
	async function decisionsOfTwo({ server, manager, second }) {
		const { id } = await creates(server, '/procedures', { token: manager, body: { kind: 'FNP', title: canary('Zweiter'), planning_municipalities: ['02000000'] } });
		const plan = await server.must(201, 'POST', `/procedures/${id}/plans`, { token: manager, headers: { 'Content-Type': 'application/geo+json' },
			body: JSON.stringify({ type: 'FeatureCollection', name: canary('Ebene'), features: [{ type: 'Feature', properties: {}, geometry: schnelsen }] }) });
		const { municipalities } = await server.must(200, 'GET', `/plans/${plan.id}/affected`, { token: manager });
		const decision = await server.must(201, 'POST', `/plans/${plan.id}/affected/decisions`, { token: manager, body: { action: 'drop', ags: municipalities.find((each) => each.class === 'MUSS' && each.cross_border).ags, reason: canary('Weglassgrund') } });
		await server.must(200, 'POST', `/plans/${plan.id}/affected/decisions/${decision.id}/confirm`, { token: second, body: {} });
		return { procedure: id, plan: plan.id, decision: decision.id };
	},
	async function statementWithoutAccount({ server, open }) {
		const file = await attached(server, `/rounds/${open.round}`, 'Anonym');
		const made = await creates(server, `/rounds/${open.round}/statements`, { headers: { 'Idempotency-Key': 'kanarie' }, body: { ...words('Anonym'), attachments: [file.id], upload_token: file.upload_token, person: person(), consents: { publish_name: false, notices: true, text_version: canary('Fassung') } } });
		const more = await server.must(201, 'POST', '/statements/by-token/supplements', { headers: { 'Status-Token': made.status_token }, body: words('Nachtrag') });
		return { statement: made.id, supplement: more.id, person: made.person.id, attachment: file.id };
	},
	async function withdrawnStatement({ server, open }) {
		const made = await creates(server, `/rounds/${open.round}/statements`, { body: { ...words('Rueckzug'), person: person() } });
		await server.must(200, 'POST', '/statements/by-token/withdraw', { headers: { 'Status-Token': made.status_token }, body: { reason: canary('Ruecknahmegrund') } });
		return { statement: made.id, person: made.person.id };
	},
	async function statementOfAnAccount({ server, open, citizen }) {
		const made = await creates(server, `/procedures/${open.procedure}/statements`, { token: citizen, body: { ...words('Konto'), person: person() } });
		return { statement: made.id, person: made.person.id };
	},
	async function enteredLetter({ server, open, manager }) {
		const made = await creates(server, `/rounds/${open.round}/entries`, { token: manager, body: { ...words('Brief'), channel: 'POST', received_on: day(0), evidence: canary('Nachweis'), person: person() } });
		return { statement: made.id, person: made.person.id };
	},
	async function publishedStatement({ server, open, manager }) {
		// One that everybody is shown, without who has made it; and one that nobody else is.
		const shown = await attached(server, `/rounds/${open.round}`, 'Freigegeben', { bytes: Buffer.from(pdf(40).toString('latin1').replace('/Size 5', `/Size 5/Info<</Author(${canary('Urheber')})>>`), 'latin1') });
		const kept = await attached(server, `/rounds/${open.round}`, 'Behalten', { upload: shown.upload_token });
		const made = await creates(server, `/rounds/${open.round}/statements`, { body: { ...words('Veroeffentlicht'), attachments: [shown.id, kept.id], upload_token: shown.upload_token, person: person() } });
		await server.must(200, 'PATCH', `/statements/${made.id}/publication`, { token: manager, headers: { 'If-Match': '*' }, body: { published: true, text: 'Es wird zu laut.' } });
		const state = async () => (await server.must(200, 'GET', `/attachments/${shown.id}`, { token: manager }));
		await until(async () => (await state()).state === 'GEPRUEFT', 100);
		await server.must(200, 'POST', `/attachments/${shown.id}/release`, { token: manager, body: { name: 'Anlage.pdf' } });
		await until(async () => (await state()).release.public, 100);
		return { statement: made.id, person: made.person.id, published: made.id, released: shown.id, attachment: kept.id };
	},
	async function answerAndDraftOfABody({ server, open, amt, manager }) {
		const { id: invitation } = await invitationOf(server, amt, open.bodies, ellerbek);
		const draft = await creates(server, `/invitations/${invitation}/drafts`, { token: amt, body: words('Entwurf') });
		const hung = await attached(server, `/drafts/${draft.id}`, 'Entwurf', { token: amt });
		const file = await attached(server, `/invitations/${invitation}`, 'Stelle', { token: amt });
		const alone = await attached(server, `/rounds/${open.round}`, 'Unterwegs');
		const asked = await creates(server, `/invitations/${invitation}/extension-requests`, { token: amt, body: { until: day(80), reason: canary('Fristgrund') } });
		const made = await creates(server, `/invitations/${invitation}/statements`, { token: amt, headers: { 'Idempotency-Key': canary('Schluessel') }, body: { ...words('Stelle'), attachments: [file.id] } });
		await server.must(200, 'POST', `/extension-requests/${asked.id}/decision`, { token: manager, body: { decision: 'ABGELEHNT', reason: canary('Ablehnungsgrund') } });
		return { invitation, draft: draft.id, request: asked.id, statement: made.id, attachment: file.id, hung: hung.id, alone: alone.id };
	},
	async function forwarded({ server, open, amt, manager }) {
		await server.account('clerk', '01056', { email: `${canary('konto')}@kanarie.example`.toLowerCase() });
		const { id: invitation } = await invitationOf(server, amt, open.bodies, ellerbek);
		const words = { recipient: '01056', reason: canary('Weitergabegrund'), note: canary('Weitergabevermerk') };
		const shown = await creates(server, `/invitations/${invitation}/forwardings`, { token: amt, body: words });
		const { items } = await server.must(200, 'GET', `/procedures/${open.procedure}/statements?limit=500`, { token: manager });
		const statement = items.find(({ author_role: role, state }) => role === 'OEFF' && state === 'EINGEGANGEN').id;
		const told = await creates(server, `/statements/${statement}/forwardings`, { token: manager, body: { ...words, text: canary('Weitergabetext') } });
		return { shown: shown.id, told: told.id };
	},
	async function weighing({ server, open, manager }) {
		await server.must(200, 'POST', `/procedures/${open.procedure}/weighing/accept`, { token: manager, body: {} });
		const { items } = await server.must(200, 'GET', `/procedures/${open.procedure}/weighing?limit=500`, { token: manager });
		const { concerns: [concern] } = await server.must(200, 'GET', `/statements/${items.find((item) => item.author_role === 'OEFF' && item.state !== 'ZURUECKGENOMMEN').statement}/weighing`, { token: manager });
		await server.must(200, 'PATCH', `/concerns/${concern.id}`, { token: manager, headers: { 'If-Match': '*' }, body: { decision: 'GEFOLGT', reason: canary('Abwaegung') } });
		const { concerns } = await server.must(200, 'GET', `/statements/${items[0].statement}/weighing`, { token: manager });
		await server.must(200, 'PUT', `/statements/${items[0].statement}/concerns`, { token: manager, headers: { 'If-Match': '*' }, body: { concerns: [...concerns.map(({ id }) => ({ id })), { topic: canary('Belang') }] } });
		const group = await creates(server, `/procedures/${open.procedure}/weighing/groups`, { token: manager, body: { title: canary('Gruppe'), statements: [items[0].statement] } });
		return { concern: concern.id, group: group.id };
	},
	async function subscriptions({ server, open }) {
		const asked = () => ({ email: `${canary('leser')}@kanarie.example`.toLowerCase(), text_version: canary('Textfassung') });
		await server.must(202, 'POST', `/procedures/${open.procedure}/subscriptions`, { body: asked() });
		await server.must(202, 'POST', '/subscriptions', { body: { ...asked(), longitude: place[0], latitude: place[1], radius_km: 5 } });
		const [{ id }] = await server.sql('select id from pp.subscription where procedure is not null and person is null');
		return { subscription: id };
	},
	async function barrier({ server }) {
		await server.must(201, 'POST', '/barrier-reports', { body: { page: `/${canary('BarriereSeite')}`, text: canary('Barriere'), tools: canary('BarriereHilfsmittel'), email: `${canary('melder')}@kanarie.example`.toLowerCase() } });
		return {};
	},
	async function draftOnItsWay({ server, open }) {
		const { id } = await creates(server, `/rounds/${open.round}/handovers`, { body: { sealed: Buffer.alloc(64, 7).toString('base64') } });
		return { handover: id };
	},
	async function erasedPerson({ server, open, manager }) {
		const made = await creates(server, `/rounds/${open.round}/statements`, { body: { ...words('Geloescht'), person: person() } });
		await server.must(200, 'POST', `/persons/${made.person.id}/erase`, { token: manager, body: { ground: 'WIDERSPRUCH', note: canary('Loeschgrund') } });
		return { statement: made.id, person: made.person.id };
	},
	async function hold({ server, open, manager }) {
		const made = await server.must(201, 'POST', `/procedures/${open.procedure}/legal-holds`, { token: manager, body: { reason: canary('Sperrgrund') } });
		const lifted = await server.must(201, 'POST', `/procedures/${open.procedure}/legal-holds`, { token: manager, body: { reason: canary('Aufgehoben') } });
		await server.must(200, 'POST', `/legal-holds/${lifted.id}/lift`, { token: manager, body: {} });
		const { items: [rule] } = await server.must(200, 'GET', '/retention-rules', { token: manager });
		await server.must(201, 'POST', '/retention-choices', { token: manager, body: { rule: rule.id, act: 'PROPOSE' } });
		return { hold: made.id, lifted: lifted.id };
	},
	async function notesAssignmentsAndDeputies({ server, open, amt, chief }) {
		const { id: invitation } = await invitationOf(server, amt, open.bodies, ellerbek);
		const note = await server.must(201, 'POST', `/procedures/${open.procedure}/notes`, { token: amt, body: { text: canary('Vermerk') } });
		const account = await accountOf(server, amt);
		await server.must(200, 'PUT', `/invitations/${invitation}/assignment`, { token: chief, headers: { 'If-Match': '*' }, body: { account } });
		const deputy = await server.must(201, 'POST', '/deputies', { token: amt, body: { deputy: await accountOf(server, chief), first_on: day(1), last_on: day(2) } });
		return { note: note.id, deputy: deputy.id };
	},
	async function releaseGivenBackAndAnswerByLink({ server, open, amt, chief, manager }) {
		const { id: invitation } = await invitationOf(server, amt, open.bodies, ellerbek);
		const draft = await creates(server, `/invitations/${invitation}/drafts`, { token: amt, body: words('Vorlage') });
		const release = await creates(server, `/drafts/${draft.id}/hand-in`, { token: amt, body: {} });
		await server.must(200, 'POST', `/releases/${release.id}/give-back`, { token: chief, body: { reason: canary('Rueckgabe') } });
		const waiting = await creates(server, `/drafts/${draft.id}/hand-in`, { token: amt, body: {} });
		const link = await server.must(201, 'POST', `/invitations/${invitation}/links`, { token: manager, body: {} });
		const made = await server.must(201, 'POST', '/invitations/by-link/statements', { headers: { 'Invitation-Link': link.secret }, body: { ...words('Link'), name: canary('Unterzeichner') } });
		await server.must(200, 'POST', `/statements/${made.id}/resolution`, { token: amt, body: { decided_on: day(0), outcome: 'BESTAETIGT', reference: canary('Ratsbeschluss'), text: canary('Ratstext') } });
		const gone = await creates(server, `/invitations/${invitation}/statements`, { token: amt, body: words('Weg') });
		await server.must(200, 'POST', `/statements/${gone.id}/withdraw`, { token: amt, body: { reason: canary('Stellenruecknahme') } });
		const stray = await creates(server, `/invitations/${invitation}/statements`, { token: amt, body: words('Irrlaeufer') });
		await server.must(200, 'POST', `/statements/${stray.id}/accept`, { token: manager, body: {} });
		await server.must(200, 'POST', `/statements/${stray.id}/discard`, { token: manager, body: { kind: 'IRRLAEUFER', reason: canary('Aussonderung') } });
		return { draft: draft.id, release: release.id, waiting: waiting.id, statement: made.id, gone: gone.id, stray: stray.id };
	},
	async function aboutBodies({ server, open, amt, manager, operator }) {
		const { id: invitation } = await invitationOf(server, amt, open.bodies, ellerbek);
		const list = await creates(server, '/distribution-lists', { token: manager, body: { name: canary('Verteiler'), about: canary('Zweck'), bodies: [ellerbek] } });
		const late = await server.must(201, 'POST', `/rounds/${open.bodies}/invitations`, { token: manager, body: { body: '01002000', reason: canary('Nachladung') } });
		await server.must(200, 'POST', `/invitations/${invitation}/extension`, { token: manager, body: { deadline: day(90), reason: canary('Verlaengerung') } });
		await server.must(201, 'POST', `/invitations/${late.id}/reminders`, { token: manager, body: { channel: 'POST', recipient: canary('Empfaenger'), proof: canary('Einlieferung') } });
		await server.must(200, 'POST', `/rounds/${open.bodies}/extension`, { token: manager, body: { end: day(70), reason: 'Die Unterlagen waren spät da.' } });
		const from = Date.now() - 60000;
		const outage = await creates(server, '/outages', { token: operator, body: { from: new Date(from).toISOString(), to: new Date(from + 30000).toISOString(), what: 'Auslegung', procedure: open.procedure, reason: 'Netz', source: 'BETRIEB' } });
		await server.must(201, 'POST', `/rounds/${open.round}/outage-decisions`, { token: manager, body: { decision: 'KEINE', reason: canary('Unterbrechung') } });
		await server.must(201, 'POST', '/recomputations', { token: operator, body: { verify: true, procedures: [open.procedure] } });
		await server.must(201, 'POST', '/boundary-imports', { token: operator, body: { file: 'grenzen.fgb', size: 1, dataset: 'VG250', date: '2026-01-01', accuracy_m: 100, layer: canary('Ebene') } });
		return { list: list.id, late: late.id, outage: outage.id };
	},
	async function whatAnAccountHas({ server, amt }) {
		await server.command(['account', 'create', '--email', `${canary('etikett')}@kanarie.example`.toLowerCase(), '--role', 'public', '--token', '--label', canary('Etikett')]);
		const made = await server.command(['issuer', 'add', '--key', 'sh', '--url', 'https://sh.example', '--title', 'Servicekonto', '--client-id', 'pp']);
		if (made.status !== 0) throw new Error(made.stderr);
		const account = await accountOf(server, amt), now = new Date().toISOString();
		await row(server, 'account_identity', { issuer: 'sh', subject: canary('Subjekt'), account, name: canary('Klarname'), email: `${canary('dienst')}@kanarie.example`.toLowerCase(), organisation: canary('Behoerde'), created_at: now, last_seen_at: now });
		await row(server, 'session', { id: account, sha256: hash('a'), account, opened_at: now, last_seen_at: now, idle: '1 hour', expires_at: new Date(Date.now() + 3600000).toISOString(), issuer: 'sh', level: 'NORMAL', subject: canary('Sitzungssubjekt'), provider_session: canary('Anbietersitzung') });
		await row(server, 'sign_in', { state_sha256: hash('b'), browser_sha256: hash('c'), nonce_sha256: hash('d'), issuer: 'sh', return_to: `/${canary('Rueckweg')}`, expires_at: new Date(Date.now() + 3600000).toISOString() });
		return {};
	},
	async function whatComesLater({ server, open, amt, manager }) {
		const { id: invitation } = await invitationOf(server, amt, open.bodies, ellerbek);
		const made = await creates(server, `/invitations/${invitation}/statements`, { token: amt, body: words('Spaeter') });
		const parties = { planner_body: '02000000', participant: ellerbek, mailbox_body: '010565687', author_account: await accountOf(server, amt) };
		const manages = await accountOf(server, manager), at = new Date().toISOString(), statement = made.id;
		await row(server, 'reinstatement_request', { id: made.id, statement, ...parties, obstacle: canary('Hindernis'), obstacle_ended_on: day(0), until_at: at, in_time: true, requested_at: at, requested_by: parties.author_account });
		await row(server, 'lateness_decision', { id: made.id, statement, ...parties, regime: (await server.sql('select id from pp.lateness_regime limit 1'))[0].id, hint: true, outcome: 'BERUECKSICHTIGT', reason: canary('Verspaetung'), decided_at: at, decided_by: manages, decided_by_label: canary('Entscheider') });
		await server.must(200, 'POST', `/statements/${statement}/accept`, { token: manager, body: {} });
		await row(server, 'weighing_result', { statement, no: 1, ...parties, topic: canary('Ergebnisthema'), text: canary('Ergebnistext'), decision: 'GEFOLGT', reason: canary('Ergebnisgrund'), resolved_on: day(0), reference: canary('Ergebnisnummer'), council: canary('Ergebnisrat'),
			communicated_on: day(0), channel: 'EINSICHT', inspection: { place: canary('Einsicht') }, recorded_at: at });
		await row(server, 'weighing_resolution', { id: made.id, procedure: open.procedure, planner_body: '02000000', resolved_on: day(0), reference: canary('Abwaegungsnummer'), council: canary('Abwaegungsrat'), recorded_at: at, recorded_by: manages });
		const mail = await server.sql("select id from pp.mail order by id limit 1");
		await server.sql("set session_replication_role = replica; update pp.mail set reply = :'reply' where id = :'id'", { reply: canary('Antwort'), id: mail[0].id });
		return { later: made.id };
	},
];

/** A published procedure with a round of the public and one of bodies: what the plants are planted in. */
export async function plot({ server, manager }) {
	const { procedure, plan } = await fileBoth(server, manager);
	await server.must(201, 'POST', `/plans/${plan}/affected/decisions`, { token: manager, body: { action: 'add', ags: '01061113', reason: canary('Zusatzgrund') } });
	await confirm(server, manager, plan);
	const { id: round } = await creates(server, `/procedures/${procedure}/rounds`, { token: manager, body: roundOf({ step: 'FOERM_OEFF', audience: 'OEFF', start: day(0), end: day(50) }) });
	const bodies = await server.must(201, 'POST', `/procedures/${procedure}/rounds`, { token: manager, body: { step: 'FOERM_TOEB', audience: 'NACHB', start: day(1), end: day(50) } });
	return { procedure, plan, round, bodies: bodies.id };
}
