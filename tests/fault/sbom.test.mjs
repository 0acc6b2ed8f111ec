// SPDX-License-Identifier: EUPL-1.2
// The software bill of materials: by the rules of CycloneDX 1.5 (ECMA-424), and against what the loader really takes
// and what docs/dependencies.md says.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { program, root } from '../harness/server.mjs';
import { release } from './support.mjs';

const make = () => execFileSync(join(root, 'deploy/sbom'), [release], { encoding: 'utf8', maxBuffer: 1 << 26 });

describe('the bill of materials', { skip: spawnSync('dpkg-query', ['--version']).status === 0 ? false : 'there is no dpkg' }, () => {
	let text, bom, byRef;
	before(() => {
		text = make();
		bom = JSON.parse(text);
		byRef = new Map(bom.components.map((each) => [each['bom-ref'], each]));
	});

	it('is CycloneDX', () => {
		assert.deepEqual([bom.bomFormat, bom.specVersion, bom.version], ['CycloneDX', '1.5', 1]);
		assert.match(bom.serialNumber, /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
		assert.ok(!Number.isNaN(Date.parse(bom.metadata.timestamp)));
		const members = new Set(['type', 'bom-ref', 'name', 'version', 'scope', 'licenses', 'purl', 'properties', 'hashes', 'evidence']);
		for (const each of bom.components) {
			assert.ok(['application', 'library'].includes(each.type) && each.name, JSON.stringify(each));
			assert.deepEqual(Object.keys(each).filter((name) => !members.has(name)), []);
			if (each.scope) assert.match(each.scope, /^(required|optional|excluded)$/);
			if (each.purl) assert.match(each.purl, /^pkg:deb\/[a-z0-9.-]+\/[a-z0-9+.-]+@[^@?]+\?arch=[a-z0-9]+&distro=[a-z0-9.-]+$/);
			for (const { alg, content } of each.hashes ?? []) assert.match(`${alg} ${content}`, /^SHA-256 [0-9a-f]{64}$/);
			for (const { license } of each.licenses ?? []) assert.ok(license.id ?? license.name);
		}
	});

	it('names each thing once, and whatever depends on something names it', () => {
		assert.equal(byRef.size, bom.components.length);
		const known = new Set([...byRef.keys(), bom.metadata.component['bom-ref']]);
		assert.deepEqual(new Set(bom.dependencies.map(({ ref }) => ref)), known);
		for (const { ref, dependsOn } of bom.dependencies) for (const other of dependsOn) assert.ok(known.has(other), `${ref} needs ${other}`);
		// Everything is reached from the top.
		const seen = new Set();
		const walk = (ref) => {
			if (seen.has(ref)) return;
			seen.add(ref);
			bom.dependencies.find((each) => each.ref === ref).dependsOn.forEach(walk);
		};
		walk(bom.metadata.component['bom-ref']);
		assert.deepEqual([...known].filter((ref) => !seen.has(ref)), []);
	});

	it('has every file that the loader takes, with its package and its SHA-256', () => {
		for (const name of ['planungsplattform', 'planungsplattform-files']) {
			const files = [...execFileSync('ldd', [program(name, release)], { encoding: 'utf8' }).matchAll(/ => (\/\S+)/g)].map(([, path]) => realpathSync(path));
			assert.ok(files.length > 10);
			for (const path of files) {
				const found = byRef.get(path);
				assert.ok(found?.purl, path);
				assert.equal(found.hashes[0].content, createHash('sha256').update(readFileSync(path)).digest('hex'));
				const [installed] = execFileSync('dpkg-query', ['--show', '--showformat=${Version}\n', found.name], { encoding: 'utf8' }).split('\n');
				assert.equal(found.version, installed);
			}
		}
	});

	it('has what is compiled in and what is started beside it', () => {
		const names = bom.components.map(({ name }) => name);
		for (const pattern of [/^(node-llhttp|libllhttp-dev)$/, /^postgresql-\d+$/, /^postgresql-\d+-postgis-3$/]) assert.ok(names.some((name) => pattern.test(name)), String(pattern));
	});

	it('is the same again', () => assert.equal(make(), text));
});
