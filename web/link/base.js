// SPDX-License-Identifier: EUPL-1.2
// What the pages of links share. The secret behind # stays in this browser: it goes to the server in a field of the
// request or in its body, and into no address.
export const secret = location.hash.slice(1);
export const main = document.querySelector('main');
export const lang = document.documentElement.lang;
const base = new URL('../api/v1', import.meta.url).href;

/** What every page says; a page adds `labels` and `fields`, by the pointer of a member. */
export const common = {
	de: {
		wrong: 'Bitte prüfen Sie Ihre Angaben', failed: 'Das hat nicht geklappt',
		offline: 'Der Server ist nicht zu erreichen. Ihr Text bleibt hier stehen; versuchen Sie es gleich noch einmal.',
		noSecret: 'Dieser Link ist unvollständig. Öffnen Sie ihn bitte so, wie er in der Nachricht steht, bis zum letzten Zeichen.',
	},
	en: {
		wrong: 'Please check what you have entered', failed: 'That did not work',
		offline: 'The server cannot be reached. Your text stays here; please try again in a moment.',
		noSecret: 'This link is not complete. Please open it as it stands in the message, to its last character.',
	},
}[lang];

/** An element with attributes, listeners (onclick: …) and children; undefined and false are left out. */
export function el(name, attributes = {}, ...children) {
	const element = document.createElement(name);
	for (const [key, value] of Object.entries(attributes))
		if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
		else if (value !== false && value !== undefined) element.setAttribute(key, value === true ? '' : value);
	element.append(...children.filter((child) => child !== false && child !== undefined));
	return element;
}

export class Refusal extends Error {
	constructor(problem) {
		super(problem.title);
		this.problem = problem;
	}
}

export async function ask(method, path, { body, headers = {} } = {}) {
	const init = { method, headers: { 'Accept-Language': lang, ...headers }, cache: 'no-store', credentials: 'omit' };
	if (body) {
		init.headers['Content-Type'] = 'application/json';
		init.body = JSON.stringify(body);
	}
	const reply = await fetch(base + path, init);
	if (reply.ok) return reply;
	const isProblem = reply.headers.get('content-type') === 'application/problem+json';
	throw new Refusal(isProblem ? await reply.json() : { title: `${reply.status} ${reply.statusText}` });
}

export const named = (error, name) => error instanceof Refusal && error.problem.type === `/problems/${name}`;
/** Whatever a button does: it waits, and what goes wrong is said beside it. */
export function doing(button, said, work, texts) {
	return async (event) => {
		event.preventDefault();
		button.disabled = true;
		said.replaceChildren();
		for (const control of main.querySelectorAll('[aria-invalid]')) control.removeAttribute('aria-invalid');
		try {
			await work();
		} catch (error) {
			said.replaceChildren(refusal(error, texts));
			for (const { pointer } of error.problem?.errors ?? []) document.getElementById(pointer.slice(1))?.setAttribute('aria-invalid', 'true');
		} finally {
			button.disabled = false;
		}
	};
}

function refusal(error, texts) {
	if (!(error instanceof Refusal)) return el('div', { class: 'notice wrong' }, common.offline);
	const { title, errors = [], detail } = error.problem;
	return el('div', { class: 'notice wrong' }, el('h2', {}, errors.length ? common.wrong : common.failed), el('p', {}, title),
		errors.length > 0 && el('ul', {}, ...errors.map(({ pointer, detail: what }) => el('li', {}, `${texts.labels[pointer] ?? pointer}: `,
			texts.fields[pointer] ?? what))),
		errors.length === 0 && detail && el('p', {}, detail));
}

export function field(name, text, hint, control) {
	control.id = control.name = name;
	return el('div', {}, el('label', { for: name }, text, hint ? el('span', { class: 'hint' }, ` ${hint}`) : ''), control);
}

addEventListener('hashchange', () => location.reload());
