// SPDX-License-Identifier: EUPL-1.2
// Whether answers are what the OpenAPI document of that build says of them: each that a test receives is looked at.
// By Ajv, to the letter: what the document does not know is a fault, and so is a member that is missing.
import { spawnSync } from 'node:child_process';
import { library } from './npm.mjs';
import { program } from './server.mjs';

// As the house writes them: every instant in UTC with microseconds, every id in lower case.
const formats = {
	uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
	date: /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/,
	'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/,
	email: /^[^@\s]+@[^@\s]+$/,
	uri: /^[a-z][a-z0-9+.-]*:\S+$/,
	'uri-reference': /^\/\S*$/,
	binary: true,
};

class Document {
	constructor(Ajv, text) {
		const document = JSON.parse(text);
		this.ajv = new Ajv({ strict: true, allErrors: true, formats });
		// References lead to #/components/schemas/…: each schema is compiled when an answer needs it.
		this.ajv.addVocabulary(['components']);
		this.ajv.addSchema({ $id: 'openapi', components: document.components }, 'openapi', false, false);
		this.problem = this.#validator({ $ref: '#/components/schemas/problem' });
		this.paths = Object.entries(document.paths).map(([path, methods]) => ({
			pattern: new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`),
			methods,
			isOurs: path.startsWith('/api/v1/') || path.startsWith('/health') || path.startsWith('/problems/'),
			validators: new Map(),
		}));
	}

	#validator(schema) {
		return this.ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"openapi#/')));
	}

	/** What is wrong with the answer, or nothing. */
	faults(method, path, status, type, body) {
		if (type === 'application/problem+json') return this.#judge(this.problem, body);
		// Of two paths that fit the first is taken, as the server does.
		const found = this.paths.find((each) => each.pattern.test(path) && each.methods[method.toLowerCase()]);
		if (!found?.isOurs || status >= 300) return null;
		const { responses, operationId } = found.methods[method.toLowerCase()];
		const response = responses[status];
		if (!response) return `${operationId}: status ${status} is not known`;
		const content = Object.entries(response.content ?? {});
		if (!type) return content.length ? `${operationId}: has no content` : null;
		const said = content.find(([known]) => known === '*/*' || known.split(';')[0] === type);
		if (!said) return `${operationId}: ${type} is not known`;
		if (body === undefined) return null;
		const place = `${method} ${status}`;
		if (!found.validators.has(place)) found.validators.set(place, this.#validator(said[1].schema));
		return this.#judge(found.validators.get(place), body);
	}

	#judge(validator, body) {
		return validator(body) ? null : this.ajv.errorsText(validator.errors.slice(0, 20), { dataVar: '', separator: '\n' });
	}
}

const documents = new Map();

/** The document of that build, or why there is none to judge with. */
export function answersOf(folder) {
	if (!documents.has(folder)) {
		const { reason, require } = library('ogc-judges');
		const told = reason || spawnSync(program('planungsplattform', folder), ['document', 'openapi'], { encoding: 'utf8', maxBuffer: 1 << 26 });
		documents.set(folder, reason ? { reason } : { reason: false, document: new Document(require('ajv').default, told.stdout) });
	}
	return documents.get(folder);
}
