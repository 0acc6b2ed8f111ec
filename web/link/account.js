// SPDX-License-Identifier: EUPL-1.2
// One's account: a link of a mail sets its password, once; without a link one asks for another. Nobody is signed in by it.
import { ask, common, doing, el, field, lang, main, named, Refusal, secret } from './base.js';

const texts = {
	de: {
		title: 'Kennwort festlegen', first: 'Sie legen das erste Kennwort Ihres Kontos fest.', again: 'Sie legen ein neues Kennwort fest. Alle Sitzungen Ihres Kontos enden damit; ein zweiter Faktor bleibt.',
		account: 'Konto', bodies: 'Sie arbeiten für', until: 'Link gültig bis', password: 'Neues Kennwort', reveal: 'Kennwort anzeigen', set: 'Kennwort festlegen',
		rules: ['Mindestens 12 Zeichen, höchstens 200; alle Zeichen sind erlaubt, auch Leerzeichen.',
			'Nicht leicht zu erraten: keine bekannten Kennwörter, keine Namen, Daten oder Tastenfolgen, nicht Ihre E-Mail-Adresse.',
			'Gut sind mehrere Wörter, die nichts miteinander zu tun haben. Ein Kennwort-Manager darf es erzeugen und einfügen.'],
		done: 'Ihr Kennwort ist gesetzt', doneWhat: 'Sie sind damit noch nicht angemeldet.', signIn: 'Zur Anmeldung',
		over: { account_link_used: 'Mit diesem Link oder einem anderen dieses Kontos wurde schon ein Kennwort gesetzt. Waren Sie das, melden Sie sich damit an. Sonst fordern Sie hier einen neuen Link an.',
			account_link_expired: 'Dieser Link ist abgelaufen. Fordern Sie hier einen neuen an.',
			account_link_unknown: 'Dieser Link gilt nicht. Öffnen Sie ihn bitte so, wie er in der Nachricht steht, bis zum letzten Zeichen, oder fordern Sie hier einen neuen an.' },
		request: 'Link anfordern', requestWhat: 'Sie haben Ihr Kennwort vergessen oder noch keines? Geben Sie die E-Mail-Adresse Ihres Kontos an.', email: 'E-Mail-Adresse',
		requested: 'Wenn es ein Konto mit dieser Adresse gibt, ist eine Nachricht dorthin unterwegs. Darin steht ein Link, mit dem Sie ein Kennwort festlegen.',
		nothing: 'Kommt nach einigen Minuten nichts an, sehen Sie im Spam-Ordner nach oder fragen Sie, wer bei Ihrer Stelle die Zugänge verwaltet.',
		labels: { '/password': 'Neues Kennwort', '/email': 'E-Mail-Adresse' },
		fields: {},
	},
	en: {
		title: 'Set your password', first: 'You set the first password of your account.', again: 'You set a new password. All sessions of your account end with it; a second factor stays.',
		account: 'Account', bodies: 'You work for', until: 'Link valid until', password: 'New password', reveal: 'Show password', set: 'Set password',
		rules: ['12 characters at least, 200 at most; any characters, spaces too.',
			'Not easy to guess: no well-known passwords, no names, dates or rows of keys, not your e-mail address.',
			'Several words that do not belong together are good. A password manager may make and paste it.'],
		done: 'Your password is set', doneWhat: 'You are not signed in by that.', signIn: 'Sign in',
		over: { account_link_used: 'A password has been set already by this link or by another one of this account. If that was you, sign in with it. Otherwise ask for a new link here.',
			account_link_expired: 'This link has expired. Ask for a new one here.',
			account_link_unknown: 'This link is not valid. Please open it as it stands in the message, to its last character, or ask for a new one here.' },
		request: 'Ask for a link', requestWhat: 'You have forgotten your password, or have none yet? Give the e-mail address of your account.', email: 'E-mail address',
		requested: 'If there is an account with this address, a message is on its way there. It has a link by which you set a password.',
		nothing: 'If nothing arrives after some minutes, look into your spam folder, or ask whoever looks after the accounts of your office.',
		labels: { '/password': 'New password', '/email': 'E-mail address' },
		fields: {},
	},
}[lang];

const over = (error) => Object.keys(texts.over).find((name) => named(error, name));
const moment = (instant) => new Intl.DateTimeFormat(lang, { dateStyle: 'long', timeStyle: 'short', timeZone: 'Europe/Berlin' }).format(new Date(instant));

/** Heading and what stands below it; the focus goes to what has happened. */
function tell(title, ...children) {
	const heading = el('h1', { tabindex: -1 }, title);
	document.title = `${title} – Planungsplattform`;
	main.replaceChildren(heading, ...children);
	heading.focus();
}

function request(notice) {
	const said = el('div', { role: 'alert' });
	const button = el('button', {}, texts.request);
	const email = el('input', { type: 'email', autocomplete: 'username', required: true, maxlength: 254 });
	const sending = doing(button, said, async () => {
		await ask('POST', '/session/reset', { body: { email: email.value.trim() } });
		tell(texts.request, el('p', { role: 'status' }, texts.requested), el('p', {}, texts.nothing), signIn());
	}, texts);
	return [notice ?? '', el('form', { onsubmit: sending, 'aria-label': texts.request }, notice ? el('h2', {}, texts.request) : '', el('p', {}, texts.requestWhat),
		field('email', texts.email, '', email), said, el('div', { class: 'actions' }, button))];
}

const signIn = () => el('p', {}, el('a', { href: new URL('../sign-in', import.meta.url).href }, texts.signIn));
const notice = (text) => el('div', { class: 'notice wrong', role: 'alert' }, text);

function password(link) {
	const said = el('div', { role: 'alert' });
	const button = el('button', {}, texts.set);
	const chosen = el('input', { type: 'password', autocomplete: 'new-password', required: true, minlength: 12, maxlength: 200, 'aria-describedby': 'rules' });
	const reveal = el('input', { type: 'checkbox', id: 'reveal', onchange: () => (chosen.type = reveal.checked ? 'text' : 'password') });
	const setting = doing(button, said, async () => {
		try {
			await ask('POST', '/password', { body: { secret, password: chosen.value } });
		} catch (error) {
			if (over(error)) return tell(texts.title, ...request(notice(texts.over[over(error)])), signIn());
			throw error;
		}
		tell(texts.done, el('p', { role: 'status' }, texts.doneWhat), signIn());
	}, texts);
	main.replaceChildren(el('h1', {}, texts.title), el('p', {}, link.is_first ? texts.first : texts.again),
		el('dl', {}, el('dt', {}, texts.account), el('dd', {}, link.email),
			...(link.bodies.length ? [el('dt', {}, texts.bodies), el('dd', {}, link.bodies.join(', '))] : []),
			el('dt', {}, texts.until), el('dd', {}, moment(link.expires_at))),
		el('form', { onsubmit: setting, novalidate: true }, el('input', { type: 'email', autocomplete: 'username', value: link.email, readonly: true, hidden: true, 'aria-hidden': 'true', tabindex: -1 }),
			field('password', texts.password, '', chosen), el('div', { class: 'check' }, reveal, el('label', { for: 'reveal' }, texts.reveal)),
			el('ul', { id: 'rules' }, ...texts.rules.map((rule) => el('li', {}, rule))), said, el('div', { class: 'actions' }, button)));
}

async function begin() {
	try {
		if (secret) password(await (await ask('POST', '/password/link', { body: { secret } })).json());
		else main.replaceChildren(el('h1', {}, texts.request), ...request(), signIn());
	} catch (error) {
		const why = over(error);
		if (why) main.replaceChildren(el('h1', {}, texts.title), ...request(notice(texts.over[why])), signIn());
		else main.replaceChildren(main.querySelector('h1'), notice(error instanceof Refusal ? error.message : common.offline));
	}
	main.removeAttribute('aria-busy');
}

await begin();
