// SPDX-License-Identifier: EUPL-1.2
// Other people's clients as tests run them, and what they have to see: the same features in the same places as we send.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { positions } from './ogc/site.mjs';

/** The reason to skip what needs that package of Debian's Python, or false. */
export const python = (name) => (existsSync(`/usr/lib/python3/dist-packages/${name}/__init__.py`) ? false : `python3-${name} is not installed`);

/** Runs a program that prints JSON, with a home of its own and no screen. */
export const runner = (home) => async (program, words) => {
	const { stdout } = await promisify(execFile)(program, words, { maxBuffer: 1 << 28, timeout: 200000,
		env: { ...process.env, HOME: home, XDG_RUNTIME_DIR: home, QT_QPA_PLATFORM: 'offscreen', QGIS_CUSTOM_CONFIG_PATH: home, LC_ALL: 'C.UTF-8' } });
	return JSON.parse(stdout);
};

/** Id → corners; their order is each client's own. */
const places = (features) => new Map(features.map(({ id, geometry }) => [id, positions(geometry)]));
/** As many, each by its id, each corner as far off as a client's numbers allow. */
export function same(found, expected, what, reach = 1.1e-8) {
	assert.equal(found.length, expected.length, `${what}: as many features`);
	const seen = places(found);
	for (const [id, corners] of places(expected)) {
		assert.equal(seen.get(id)?.length, corners.length, `${what} ${id}`);
		corners.forEach(([x, y], i) => {
			const [a, b] = seen.get(id)[i];
			assert.ok(Math.abs(a - x) < reach && Math.abs(b - y) < reach, `${what} ${id}: ${a} ${b}, ${x} ${y}`);
		});
	}
}
