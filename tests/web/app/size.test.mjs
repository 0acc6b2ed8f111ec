// SPDX-License-Identifier: EUPL-1.2
// What a visitor loads: the first page at most 60 kB of script and 30 kB of style, the map at most 150 kB, compressed.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { application, reason } from '../application.mjs';

describe('the size of', { skip: reason }, () => {
	const manifest = reason ? {} : JSON.parse(readFileSync(join(application, '.vite/manifest.json'), 'utf8'));
	/** The chunk of that source with all that it needs at once: names of files. */
	const needs = (source, found = { js: new Set(), css: new Set() }) => {
		const chunk = manifest[source];
		assert.ok(chunk, `there is no chunk of ${source}`);
		if (found.js.has(chunk.file)) return found;
		found.js.add(chunk.file);
		for (const file of chunk.css ?? []) found.css.add(file);
		for (const other of chunk.imports ?? []) needs(other, found);
		return found;
	};
	const size = (files) => [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(application, file)), { level: 9 }).length, 0);
	const within = (t, what, bytes, most) => {
		t.diagnostic(`${what}: ${(bytes / 1000).toFixed(1)} of ${most} kB`);
		assert.ok(bytes <= most * 1000, `${what} is ${bytes} bytes, ${most} kB are allowed`);
	};
	const first = () => needs('src/pages/public/PortalPage.vue', needs('index.html'));

	it('the first page without its map', (t) => {
		within(t, 'script', size(first().js), 60);
		within(t, 'style', size(first().css), 30);
	});

	it('the map', (t) => {
		const before = first().js;
		within(t, 'script', size([...needs('src/map/PpMap.vue').js].filter((file) => !before.has(file))), 150);
	});
});
