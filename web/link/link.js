// SPDX-License-Identifier: EUPL-1.2
// What the links open that mails of invitations and of statements bring.
import { ask, common, doing as doingWith, el, field, lang, main, named, Refusal, secret } from './base.js';

const texts = {
	de: {
		number: 'Verfahren', planner: 'Planende Stelle', body: 'Sie antworten für', deadline: 'Frist', why: 'Warum Sie beteiligt werden',
		until: (day, left) => left < 0 ? `${day} – abgelaufen; auch eine verspätete Stellungnahme wird angenommen`
			: left === 0 ? `${day} – heute` : left === 1 ? `${day} – noch 1 Tag` : `${day} – noch ${left} Tage`,
		documents: 'Unterlagen', noDocuments: 'Zu diesem Verfahren ist keine Unterlage hinterlegt.', download: 'Herunterladen',
		acknowledge: 'Kenntnisnahme bestätigen', acknowledged: (at) => `Kenntnisnahme bestätigt am ${at}.`,
		given: 'Bisher abgegeben', statement: (number, at, stance) => `Nr. ${number}, eingegangen am ${at}: ${stance}`, late: 'verspätet',
		answer: 'Stellungnahme abgeben', again: 'Weitere Stellungnahme abgeben', name: 'Ihr Name', function: 'Funktion oder Dienststelle', optional: '(freiwillig)',
		stance: 'Ergebnis', text: 'Stellungnahme', textHint: '(bei „Keine Bedenken“ und „Keine Betroffenheit“ nicht nötig)',
		submit: 'Verbindlich abgeben', received: 'Ihre Stellungnahme ist eingegangen', receipt: 'Empfangsbestätigung herunterladen', signed: 'Signierte Datei herunterladen',
		keep: 'Bewahren Sie die Bestätigung auf: Mit ihr lässt sich der Eingang jederzeit nachweisen, auch ohne diese Plattform.',
		unknownInvitation: 'Dieser Link gilt nicht oder nicht mehr. Bitten Sie die planende Stelle um einen neuen; bis dahin können Sie schriftlich Stellung nehmen.',
		choose: 'Bitte wählen',
		fields: { '/name': 'Bitte nennen Sie Ihren Namen, mit mindestens drei Zeichen.', '/text': 'Bitte schreiben Sie, worum es geht.', '/stance': 'Bitte wählen Sie ein Ergebnis.' },
		unknownAddress: 'Dieser Link gilt nicht oder nicht mehr. Ihre Stellungnahme ist davon unabhängig eingegangen.',
		address: 'E-Mail-Adresse bestätigen', confirm: 'Adresse bestätigen',
		addressWhat: 'Damit bestätigen Sie nur, dass Nachrichten Sie unter dieser Adresse erreichen. Ihre Stellungnahme ist schon eingegangen und gilt auch ohne Bestätigung.',
		addressDone: 'Danke. Ihre Adresse ist bestätigt.', addressNext: 'Sie können diese Seite schließen.',
		stances: { KEINE_BETROFFENHEIT: 'Keine Betroffenheit', KEINE_BEDENKEN: 'Keine Bedenken', HINWEISE: 'Hinweise', ANREGUNGEN: 'Anregungen', BEDENKEN: 'Bedenken', EINWENDUNG: 'Einwendung', ABLEHNUNG: 'Ablehnung' },
	},
	en: {
		number: 'Procedure', planner: 'Planning body', body: 'You answer for', deadline: 'Deadline', why: 'Why you are asked',
		until: (day, left) => left < 0 ? `${day} – over; a late statement is accepted as well`
			: left === 0 ? `${day} – today` : left === 1 ? `${day} – 1 day left` : `${day} – ${left} days left`,
		documents: 'Documents', noDocuments: 'There are no documents of this procedure.', download: 'Download',
		acknowledge: 'Acknowledge receipt', acknowledged: (at) => `Acknowledged on ${at}.`,
		given: 'Submitted so far', statement: (number, at, stance) => `No. ${number}, received on ${at}: ${stance}`, late: 'late',
		answer: 'Submit a statement', again: 'Submit another statement', name: 'Your name', function: 'Function or office', optional: '(optional)',
		stance: 'Result', text: 'Statement', textHint: '(not needed for “No objections” and “Not affected”)',
		submit: 'Submit', received: 'Your statement has been received', receipt: 'Download the receipt', signed: 'Download the signed file',
		keep: 'Keep the receipt: it proves at any time that your statement was received, even without this platform.',
		unknownInvitation: 'This link is not valid, or no longer. Ask the planning body for a new one; until then you can answer in writing.',
		choose: 'Please choose',
		fields: { '/name': 'Please give your name, with at least three characters.', '/text': 'Please write what it is about.', '/stance': 'Please choose a result.' },
		unknownAddress: 'This link is not valid, or no longer. Your statement has been received all the same.',
		address: 'Confirm your e-mail address', confirm: 'Confirm address',
		addressWhat: 'You only confirm that messages reach you at this address. Your statement has been received already and counts without it.',
		addressDone: 'Thank you. Your address is confirmed.', addressNext: 'You may close this page.',
		stances: { KEINE_BETROFFENHEIT: 'Not affected', KEINE_BEDENKEN: 'No objections', HINWEISE: 'Remarks', ANREGUNGEN: 'Suggestions', BEDENKEN: 'Concerns', EINWENDUNG: 'Objection', ABLEHNUNG: 'Rejection' },
	},
}[lang];

texts.labels = { '/name': texts.name, '/function': texts.function, '/stance': texts.stance, '/text': texts.text };
const doing = (button, said, work) => doingWith(button, said, work, texts);

const day = (date) => new Intl.DateTimeFormat(lang, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(date));
const moment = (instant) => new Intl.DateTimeFormat(lang, { dateStyle: 'long', timeStyle: 'short', timeZone: 'Europe/Berlin' }).format(new Date(instant));
const size = (bytes) => bytes < 1e6 ? `${Math.ceil(bytes / 1000)} kB` : `${new Intl.NumberFormat(lang, { maximumFractionDigits: 1 }).format(bytes / 1e6)} MB`;

const byLink = (method, path = '', { headers = {}, ...more } = {}) =>
	ask(method, `/invitations/by-link${path}`, { headers: { 'Invitation-Link': secret, ...headers }, ...more });

function save(blob, name) {
	const link = el('a', { href: URL.createObjectURL(blob), download: name });
	link.click();
	setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

function documents(items) {
	if (items.length === 0) return el('p', {}, texts.noDocuments);
	return el('ul', { class: 'documents' }, ...items.map((item) => {
		const said = el('div', { role: 'alert' });
		const button = el('button', { class: 'plain', 'aria-label': `${texts.download}: ${item.title}` }, texts.download);
		button.addEventListener('click', doing(button, said, async () => save(await (await byLink('GET', `/documents/${item.id}/content`)).blob(), item.name)));
		return el('li', {}, el('span', {}, `${item.title} (${item.name}, ${size(item.size)})`), button, said);
	}));
}

function given(statements) {
	if (statements.length === 0) return [];
	return [el('h2', {}, texts.given), el('ul', {}, ...statements.map((s) => el('li', {},
		texts.statement(s.number, moment(s.received_at), texts.stances[s.stance]), s.on_time ? '' : ` (${texts.late})`)))];
}

const form = (seen) => {
	// One key for one answer: whoever sends it again after a broken line gets the same receipt.
	const key = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
	const said = el('div', { role: 'alert' });
	const button = el('button', {}, texts.submit);
	const stance = el('select', { required: true }, el('option', { value: '' }, texts.choose),
		...Object.entries(texts.stances).map(([value, text]) => el('option', { value }, text)));
	const name = el('input', { autocomplete: 'name', required: true, minlength: 3, maxlength: 200 });
	const office = el('input', { autocomplete: 'organization-title', maxlength: 90 });
	const text = el('textarea', { maxlength: 200000 });
	const sending = doing(button, said, async () => {
		const body = { stance: stance.value, name: name.value.trim() };
		if (office.value.trim()) body.function = office.value.trim();
		if (text.value.trim()) body.text = text.value;
		const reply = await byLink('POST', '/statements', { body, headers: { 'Idempotency-Key': key } });
		await received(await reply.json());
	});
	return el('form', { onsubmit: sending }, el('h2', {}, seen.statements.length ? texts.again : texts.answer),
		field('name', texts.name, '', name), field('function', texts.function, texts.optional, office),
		field('stance', texts.stance, '', stance), field('text', texts.text, texts.textHint, text), said, el('div', { class: 'actions' }, button));
};

async function received(statement) {
	const { receipt } = statement;
	const said = el('div', { role: 'alert' });
	// The bytes that were signed: as they came, and not laid out anew.
	const file = el('button', { class: 'plain', onclick: () => save(new Blob([JSON.stringify(receipt)], { type: 'application/json' }), `${statement.number}.json`) }, texts.signed);
	const paper = el('button', {}, texts.receipt);
	paper.addEventListener('click', doing(paper, said, async () => save(await (await ask('POST', '/receipts/pdf', { body: receipt })).blob(), `${statement.number}.pdf`)));
	const notice = el('section', { class: 'notice', tabindex: -1, 'aria-labelledby': 'received' }, el('h2', { id: 'received' }, texts.received),
		el('p', {}, receipt.receipt.text), el('p', {}, texts.keep), said, el('div', { class: 'actions' }, paper, file));
	show(await (await byLink('GET')).json(), notice);
	notice.focus();
}

function acknowledging(invitation) {
	if (invitation.acknowledged_at) return el('p', {}, texts.acknowledged(moment(invitation.acknowledged_at)));
	const said = el('div', { role: 'alert' });
	const button = el('button', { class: 'plain' }, texts.acknowledge);
	const place = el('div', {}, el('div', { class: 'actions' }, button), said);
	button.addEventListener('click', doing(button, said, async () => {
		const seen = await (await byLink('POST', '/acknowledge', { body: {} })).json();
		place.replaceChildren(el('p', { role: 'status' }, texts.acknowledged(moment(seen.invitation.acknowledged_at))));
	}));
	return place;
}

function show(seen, notice) {
	const { invitation: i } = seen;
	const reasons = i.evidence.map((rule) => rule.reason).filter(Boolean);
	document.title = `${i.procedure_title} – Planungsplattform`;
	main.replaceChildren(el('h1', {}, i.procedure_title), notice ?? '',
		el('dl', {}, el('dt', {}, texts.body), el('dd', {}, i.name), el('dt', {}, texts.planner), el('dd', {}, i.planner_name),
			el('dt', {}, texts.number), el('dd', {}, i.procedure_number), el('dt', {}, texts.deadline), el('dd', {}, texts.until(day(i.deadline), i.days_left))),
		...(reasons.length ? [el('h2', {}, texts.why), el('ul', {}, ...reasons.map((reason) => el('li', {}, reason)))] : []),
		el('h2', {}, texts.documents), documents(seen.documents), acknowledging(i), ...given(seen.statements), form(seen));
}

async function invitation() {
	show(await (await byLink('GET')).json());
}

async function address() {
	const said = el('div', { role: 'alert' });
	const button = el('button', {}, texts.confirm);
	button.addEventListener('click', doing(button, said, async () => {
		try {
			await ask('POST', '/address-confirmations', { body: { secret } });
		} catch (error) {
			throw named(error, 'confirmation_unknown') ? new Refusal({ title: texts.unknownAddress }) : error;
		}
		const done = el('p', { role: 'status', tabindex: -1 }, `${texts.addressDone} ${texts.addressNext}`);
		main.replaceChildren(el('h1', {}, texts.address), done);
		done.focus();
	}));
	main.replaceChildren(el('h1', {}, texts.address), el('p', {}, texts.addressWhat), el('div', { class: 'actions' }, button), said);
}

async function begin() {
	const isInvitation = main.dataset.page === 'einladung';
	const fail = (text) => main.replaceChildren(main.querySelector('h1'), el('div', { class: 'notice wrong', role: 'alert' }, text));
	if (!secret) {
		fail(common.noSecret);
	} else {
		await (isInvitation ? invitation() : address()).catch((error) =>
			fail(named(error, 'invitation_link_unknown') ? texts.unknownInvitation : error instanceof Refusal ? error.message : common.offline));
	}
	main.removeAttribute('aria-busy');
}

await begin();
