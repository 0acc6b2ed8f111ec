// SPDX-License-Identifier: EUPL-1.2
// Notices by e-mail. With the secret of a mail: what one has subscribed to, to be confirmed, renewed and ended. Without: where one
// subscribes, to the procedure that the address names or to what is planned near a place.
import { ask, common, doing, el, field, lang, main, named, Refusal, secret } from './base.js';

/** Version of the text below that is agreed to; a change of it is a new version. */
const version = '2026-11';

const texts = {
	de: {
		title: 'Benachrichtigungen per E-Mail', yours: 'Ihre Benachrichtigungen',
		subscribe: 'Benachrichtigungen bestellen', to: 'Sie werden benachrichtigt, wenn es zu diesem Verfahren Neues gibt: eine Beteiligung der Öffentlichkeit oder das Inkrafttreten.',
		near: 'Sie werden benachrichtigt, wenn in Ihrer Nähe ein Verfahren veröffentlicht oder die Öffentlichkeit beteiligt wird.',
		how: 'Wo?', byMunicipality: 'In und bei einer Gemeinde', byPlace: 'Im Umkreis um meinen Standort', municipality: 'Gemeinde', municipalityHint: '(Name oder Schlüssel)',
		choose: 'Bitte wählen Sie eine Gemeinde:', none: 'Keine Gemeinde gefunden. Bitte prüfen Sie die Schreibweise.', find: 'Gemeinde suchen', radius: 'Umkreis', locate: 'Standort ermitteln',
		located: 'Ihr Standort ist ermittelt. Gespeichert wird davon nur das Quadrat von 1 km, in dem er liegt.', notLocated: 'Der Standort ließ sich nicht ermitteln. Wählen Sie stattdessen eine Gemeinde.',
		noPlace: 'Ermitteln Sie erst Ihren Standort.', noMunicipality: 'Suchen Sie erst eine Gemeinde.',
		email: 'E-Mail-Adresse', consent: 'Ich möchte diese Nachrichten erhalten und willige ein, dass meine E-Mail-Adresse und meine Auswahl dafür gespeichert werden.',
		consentHint: 'Die Einwilligung ist freiwillig. Sie können sie jederzeit widerrufen, mit einem Klick in jeder Nachricht; dann wird beides gelöscht. Was bis dahin geschah, bleibt rechtmäßig (Art. 7 Abs. 3 DSGVO).',
		send: 'Bestellen', requested: 'Bitte bestätigen Sie die Bestellung', requestedWhat: 'Es ist eine Nachricht an diese Adresse unterwegs. Erst wenn Sie auf der Seite, zu der sie führt, bestätigen, erhalten Sie Benachrichtigungen.',
		nothing: 'Kommt nach einigen Minuten nichts an, sehen Sie im Spam-Ordner nach.',
		kinds: { EIGENE: (i) => `Verfahren ${i.procedure_number}: ${i.procedure_title}`, VERFAHREN: (i) => `Verfahren ${i.procedure_number}: ${i.procedure_title}`,
			UMKREIS: (i) => i.ags ? `Planungen in und bei ${i.name}` : `Planungen im Umkreis von ${i.radius_km} km um Ihren Ort` },
		own: 'Zu Ihrer Stellungnahme: neue Beteiligungen, das Ergebnis und das Inkrafttreten.', square: (cell) => `Gespeichert ist das Quadrat ${cell} von 1 km (EPSG:25832), in dem er liegt.`, since: (day) => `Bestätigt am ${day}.`, until: (day) => `Endet am ${day}.`, waiting: (day) => `Noch nicht bestätigt; die Bestellung verfällt am ${day}.`,
		confirm: 'Bestätigen', renew: 'Um zwei Jahre verlängern', end: 'Beenden', endAll: 'Alle beenden', confirmed: 'Danke. Sie erhalten diese Benachrichtigung.', renewed: 'Verlängert.', ended: 'Beendet. Ihre Angaben dazu sind gelöscht.',
		empty: 'Sie erhalten keine Benachrichtigungen mehr. Ihre Adresse ist gelöscht.',
		unknown: 'Dieser Link gilt nicht oder nicht mehr. Haben Sie Ihre Benachrichtigungen beendet, ist nichts mehr zu tun.', over: 'Dieses Verfahren gibt es nicht, oder es ist noch nicht veröffentlicht.',
		labels: { '/email': 'E-Mail-Adresse', '/ags': 'Gemeinde', '/longitude': 'Standort' }, fields: {},
	},
	en: {
		title: 'Notices by e-mail', yours: 'What you have subscribed to',
		subscribe: 'Subscribe to notices', to: 'You are told when there is news of this procedure: public participation, or its coming into force.',
		near: 'You are told when a procedure near you is published, or the public is asked.',
		how: 'Where?', byMunicipality: 'In and near a municipality', byPlace: 'Around where I am', municipality: 'Municipality', municipalityHint: '(name or key)',
		choose: 'Please choose a municipality:', none: 'No municipality was found. Please check its spelling.', find: 'Search', radius: 'Within', locate: 'Find where I am',
		located: 'Your place is known. Of it only the square of 1 km that it lies in is kept.', notLocated: 'Your place could not be found. Choose a municipality instead.',
		noPlace: 'Find where you are first.', noMunicipality: 'Search for a municipality first.',
		email: 'E-mail address', consent: 'I want to get these messages, and consent to my e-mail address and my choice being kept for that.',
		consentHint: 'Consent is voluntary. You can withdraw it at any time, by one click in every message; then both are deleted. What was done until then stays lawful (Art. 7 (3) GDPR).',
		send: 'Subscribe', requested: 'Please confirm your subscription', requestedWhat: 'A message is on its way to this address. Only when you confirm on the page that it leads to, you get notices.',
		nothing: 'If nothing arrives after some minutes, look into your spam folder.',
		kinds: { EIGENE: (i) => `Procedure ${i.procedure_number}: ${i.procedure_title}`, VERFAHREN: (i) => `Procedure ${i.procedure_number}: ${i.procedure_title}`,
			UMKREIS: (i) => i.ags ? `What is planned in or near ${i.name}` : `What is planned within ${i.radius_km} km of your place` },
		own: 'About your statement: new rounds, the result, and the coming into force.', square: (cell) => `Kept is the square ${cell} of 1 km (EPSG:25832) that it lies in.`, since: (day) => `Confirmed on ${day}.`, until: (day) => `Ends on ${day}.`, waiting: (day) => `Not confirmed yet; the request lapses on ${day}.`,
		confirm: 'Confirm', renew: 'Renew for two years', end: 'End', endAll: 'End all', confirmed: 'Thank you. You get these notices.', renewed: 'Renewed.', ended: 'Ended. What was kept for it is deleted.',
		empty: 'You get no notices any more. Your address is deleted.',
		unknown: 'This link is not valid, or no longer. If you have ended your subscriptions, there is nothing more to do.', over: 'There is no such procedure, or it is not published yet.',
		labels: { '/email': 'E-mail address', '/ags': 'Municipality', '/longitude': 'Place' }, fields: {},
	},
}[lang];

const day = (instant) => new Intl.DateTimeFormat(lang, { dateStyle: 'long', timeZone: 'Europe/Berlin' }).format(new Date(instant));
const warning = (text) => el('div', { class: 'notice wrong', role: 'alert' }, text);

// By the secret of a mail ------------------------------------------------------------------------

const bySecret = async (what, body = {}) => (await ask('POST', `/subscriptions/${what}`, { body: { secret, ...body } })).json();

function item(i) {
	const said = el('div', { role: 'alert' });
	const act = (text, plain, what, told) => {
		const button = el('button', { class: plain && 'plain', 'aria-label': `${text}: ${texts.kinds[i.kind](i)}` }, text);
		button.addEventListener('click', doing(button, said, async () => list(await bySecret(what, { subscription: i.id }), told), texts));
		return button;
	};
	return el('section', { class: 'subscription' }, el('h2', {}, texts.kinds[i.kind](i)), i.kind === 'EIGENE' && el('p', {}, texts.own), Boolean(i.cell) && el('p', {}, texts.square(i.cell)),
		el('p', {}, i.confirmed_at ? `${texts.since(day(i.confirmed_at))}${i.ends_at ? ` ${texts.until(day(i.ends_at))}` : ''}` : texts.waiting(day(i.ends_at))), said,
		el('div', { class: 'actions' }, !i.confirmed_at && act(texts.confirm, false, 'confirm', texts.confirmed), Boolean(i.confirmed_at) && i.kind === 'UMKREIS' && act(texts.renew, true, 'confirm', texts.renewed),
			act(texts.end, true, 'end', texts.ended)));
}

function list({ items }, told) {
	const said = el('div', { role: 'alert' });
	const all = el('button', { class: 'plain' }, texts.endAll);
	all.addEventListener('click', doing(all, said, async () => list(await bySecret('end', { all: true }), texts.ended), texts));
	const status = told && el('p', { class: 'notice', role: 'status', tabindex: -1 }, items.length ? told : texts.empty);
	main.replaceChildren(el('h1', {}, texts.yours), status || '', ...items.map(item), items.length > 1 ? el('div', { class: 'actions' }, all) : '', said);
	if (status) status.focus();
}

// To subscribe --------------------------------------------------------------------------------------

function requested() {
	const heading = el('h1', { tabindex: -1 }, texts.requested);
	main.replaceChildren(heading, el('p', { role: 'status' }, texts.requestedWhat), el('p', {}, texts.nothing));
	heading.focus();
}

const said = el('div', { role: 'alert' });

function form(path, more, controls) {
	const button = el('button', {}, texts.send);
	const email = el('input', { type: 'email', autocomplete: 'email', required: true, maxlength: 254 });
	const consent = el('input', { type: 'checkbox', id: 'consent', required: true, 'aria-describedby': 'consent-hint' });
	const sending = doing(button, said, async () => {
		await ask('POST', path, { body: { email: email.value.trim(), text_version: version, ...more() } });
		requested();
	}, texts);
	return el('form', { onsubmit: sending, 'aria-label': texts.subscribe }, ...controls, field('email', texts.email, '', email),
		el('div', { class: 'check' }, consent, el('label', { for: 'consent' }, texts.consent)), el('p', { id: 'consent-hint' }, texts.consentHint), said, el('div', { class: 'actions' }, button));
}

async function procedure(id) {
	const seen = await (await ask('GET', `/procedures/${encodeURIComponent(id)}`)).json();
	main.replaceChildren(el('h1', {}, texts.title), el('p', {}, el('strong', {}, `${seen.number}: ${seen.title}`)), el('p', {}, texts.to),
		form(`/procedures/${encodeURIComponent(id)}/subscriptions`, () => ({}), []));
}

function radio(value, text, checked, onchange) {
	return el('div', { class: 'check' }, el('input', { type: 'radio', name: 'how', id: value, value, checked, onchange }), el('label', { for: value }, text));
}

function place() {
	let where;
	const q = el('input', { autocomplete: 'address-level2', maxlength: 100 });
	const found = el('div', { 'aria-live': 'polite' });
	const finding = el('button', { type: 'button', class: 'plain' }, texts.find);
	finding.addEventListener('click', doing(finding, found, async () => {
		const { municipalities } = await (await ask('GET', `/municipalities?limit=20&q=${encodeURIComponent(q.value.trim())}`)).json();
		const select = el('select', {}, ...municipalities.map((m) => el('option', { value: m.ags }, `${m.name} (${m.kreis ?? m.land})`)));
		said.replaceChildren();
		found.replaceChildren(municipalities.length ? field('ags', texts.choose, '', select) : el('p', {}, texts.none));
	}, texts));
	const told = el('p', { role: 'status' });
	const locating = el('button', { type: 'button', class: 'plain', onclick: () => navigator.geolocation.getCurrentPosition(({ coords }) => {
		where = { longitude: coords.longitude, latitude: coords.latitude };
		told.textContent = texts.located;
	}, () => (told.textContent = texts.notLocated)) }, texts.locate);
	const radius = el('select', {}, ...[1, 2, 5, 10].map((km) => el('option', { value: km, selected: km === 5 }, `${km} km`)));
	const byMunicipality = el('div', {}, field('q', texts.municipality, texts.municipalityHint, q), el('div', { class: 'actions' }, finding), found);
	const byPlace = el('div', { hidden: true }, field('radius', texts.radius, '', radius), el('div', { class: 'actions' }, locating), told);
	const choose = (isPlace) => () => {
		byPlace.hidden = !isPlace;
		byMunicipality.hidden = isPlace;
	};
	const chosen = () => {
		if (byPlace.hidden) {
			const ags = document.getElementById('ags')?.value;
			if (!ags) throw new Refusal({ title: texts.noMunicipality });
			return { ags };
		}
		if (!where) throw new Refusal({ title: texts.noPlace });
		return { ...where, radius_km: Number(radius.value) };
	};
	main.replaceChildren(el('h1', {}, texts.title), el('p', {}, texts.near), form('/subscriptions', chosen, [el('fieldset', {}, el('legend', {}, texts.how),
		radio('municipality', texts.byMunicipality, true, choose(false)), radio('place', texts.byPlace, false, choose(true))), byMunicipality, byPlace]));
}

async function begin() {
	const wanted = new URLSearchParams(location.search).get('procedure');
	try {
		if (secret) list(await bySecret('open'));
		else if (wanted) await procedure(wanted);
		else place();
	} catch (error) {
		const why = named(error, 'subscription_unknown') ? texts.unknown : named(error, 'procedure_not_found') ? texts.over
			: error instanceof Refusal ? error.message : common.offline;
		main.replaceChildren(el('h1', {}, texts.title), warning(why));
	}
	document.title = `${main.querySelector('h1').textContent} – Planungsplattform`;
	main.removeAttribute('aria-busy');
}

await begin();
