// SPDX-License-Identifier: EUPL-1.2
// Judges that are not ours: OGC's own JSON Schemas, by Ajv, and the rules of OpenAPI, by Redocly.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { shared, withoutShared } from '../../harness/server.mjs';
import { library } from '../../harness/npm.mjs';

const { reason, require } = library('ogc-judges');
const schemas = 'data/ogcapi/part1/openapi/schemas';

export const withoutPackages = reason;
export const withoutSchemas = reason || withoutShared(schemas);

/** YAML has no quotes around the type null there, nor does every reference end as the name of its file. */
const plain = (node) => Array.isArray(node) ? node.map(plain) : node === null || typeof node !== 'object' ? node
	: Object.fromEntries(Object.entries(node).filter(([name]) => !['example', 'examples'].includes(name)).map(([name, value]) =>
		[name, name !== 'type' ? plain(value) : value === null ? 'null' : Array.isArray(value) ? value.map((each) => each ?? 'null') : plain(value)]));

let judge;
function begin() {
	const Ajv = require('ajv/dist/2020').default;
	judge = new Ajv({ strict: false, allErrors: true, validateFormats: false });
	for (const name of readdirSync(join(shared, schemas)))
		judge.addSchema({ ...plain(require('js-yaml').load(readFileSync(join(shared, schemas, name), 'utf8'))), $id: `http://oaf/${name}` });
}

/** That document is as the schema of that name says; nothing where the schemas are absent. */
export function follows(name, document) {
	if (withoutSchemas)
		return;
	if (!judge)
		begin();
	const check = judge.getSchema(`http://oaf/${name}.yaml`);
	assert.ok(check(document), `${name}: ${JSON.stringify(check.errors?.slice(0, 5))}`);
}

/** What is wrong with an OpenAPI document, rule by rule. */
export async function lint(text) {
	const { createConfig, lintFromString } = require('@redocly/openapi-core');
	const found = await lintFromString({ source: text, absoluteRef: 'openapi.json', config: await createConfig({ extends: ['recommended'] }) });
	return found.filter(({ severity }) => severity === 'error').map(({ ruleId, message, location: [{ pointer }] }) => `${ruleId} ${pointer}: ${message}`);
}
