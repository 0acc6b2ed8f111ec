// SPDX-License-Identifier: EUPL-1.2
// Libraries that tests compare with or speak to, as the lock file of a folder says: installed once, in PP_LIBRARIES or
// beside the build. `node tests/harness/npm.mjs` installs them all, before tests need them that run beside each other.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
/** Where they lie, each in a folder of its name. */
export const libraries = resolve(root, process.env.PP_LIBRARIES ?? process.env.PP_BUILD ?? 'build');

// By name: the folder whose lock file says what belongs to it, and what is among it for certain.
const known = {
	'law-oracle': ['tests/api/law', 'date-holidays'],
	'mail-server': ['tests/api/mail', 'smtp-server'],
	'oidc-provider': ['tests/api/account', 'oidc-provider'],
	'ogc-judges': ['tests/gis/ogc', 'ajv'],
	openlayers: ['tests/gis/ogc/openlayers', 'ol'],
	'web-tests': ['tests/web', 'playwright-core'],
};

// A registry that says nothing is asked once more; without an end npm waits for ever now and then.
function npm(folder) {
	const words = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--fetch-retries=1', '--fetch-timeout=60000'];
	let said;
	for (let attempt = 0; attempt < 2; attempt++) {
		said = spawnSync('npm', words, { cwd: folder, encoding: 'utf8', timeout: 240000, killSignal: 'SIGKILL' });
		if (said.status === 0) return false;
	}
	return (said.error?.message ?? said.stderr).split('\n')[0];
}

// Tests run beside each other: who comes first puts it there for all, and what is in use by then is not taken away.
function settle(fresh, installed, what) {
	try {
		renameSync(fresh, installed);
	} catch (error) {
		if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
		if (!existsSync(join(installed, 'node_modules', what))) {
			rmSync(installed, { recursive: true, force: true });
			renameSync(fresh, installed);
		}
		rmSync(fresh, { recursive: true, force: true });
	}
}

/** The library of that name: {reason, require}. reason is false, or why it is not there (no network): then the test counts as skipped. */
export function library(name) {
	const [folder, what] = known[name];
	const installed = join(libraries, name);
	if (!existsSync(join(installed, 'node_modules', what))) {
		mkdirSync(libraries, { recursive: true });
		const fresh = mkdtempSync(join(libraries, `${name}-`));
		for (const file of ['package.json', 'package-lock.json', '.npmrc']) copyFileSync(join(root, folder, file), join(fresh, file));
		const wrong = npm(fresh);
		if (wrong) {
			rmSync(fresh, { recursive: true, force: true });
			return { reason: `${name} cannot be installed: ${wrong}` };
		}
		settle(fresh, installed, what);
	}
	return { reason: false, require: createRequire(join(installed, 'package.json')) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	for (const name of Object.keys(known)) {
		const { reason } = library(name);
		if (reason) console.error(reason);
	}
}
