// SPDX-License-Identifier: EUPL-1.2
// What is planted in every private field, for canary.test.mjs to look for everywhere else. Each plant names what it sends and
// returns the ids that it got. A room that keeps something private adds a plant here; so does one that shows files, pages or maps.
import { until } from '../../harness/server.mjs';
import { creates, day, ellerbek, invitationOf, openRound, schnelsen } from '../support.mjs';
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

/** {server, manager, amt, citizen, operator} → the ids of everything that was made, by kind. */
export const plants = [
	async function unpublishedProcedure({ server, manager }) {
		const { id } = await creates(server, '/procedures', { token: manager, body: { kind: 'BP_REGEL', title: canary('Titel'), reference: canary('Aktenzeichen'), project: canary('Projekt'), planning_municipalities: ['02000000'] } });
		const plan = await creates(server, `/procedures/${id}/plans`, { token: manager, body: { geometry: schnelsen } });
		const decision = await server.must(201, 'POST', `/plans/${plan.id}/affected/decisions`, { token: manager, body: { action: 'add', ags: '01061113', reason: canary('Auswahlgrund') } });
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
		const made = await creates(server, `/invitations/${invitation}/statements`, { token: amt, body: { ...words('Stelle'), attachments: [file.id] } });
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
	async function hold({ server, open, manager }) {
		const made = await server.must(201, 'POST', `/procedures/${open.procedure}/legal-holds`, { token: manager, body: { reason: canary('Sperrgrund') } });
		return { hold: made.id };
	},
];

/** A published procedure with a round of the public and one of bodies: what the plants are planted in. */
export async function plot({ server, manager }) {
	const { procedure, plan, round } = await openRound(server, manager, { round: { step: 'FOERM_OEFF', audience: 'OEFF', start: day(0), end: day(50) } });
	const bodies = await server.must(201, 'POST', `/procedures/${procedure}/rounds`, { token: manager, body: { step: 'FOERM_TOEB', audience: 'NACHB', start: day(1), end: day(50) } });
	return { procedure, plan, round, bodies: bodies.id };
}
