// SPDX-License-Identifier: EUPL-1.2
// Libraries that tests compare with or speak to: installed beside the build as a folder's lock file says, once.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from './server.mjs';

// Tests run beside each other: who comes first puts it there for all, and what is in use by then is not taken away.
function settle(fresh, installed, name) {
	try {
		renameSync(fresh, installed);
	} catch (error) {
		if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
		if (!existsSync(join(installed, 'node_modules', name))) {
			rmSync(installed, { recursive: true, force: true });
			renameSync(fresh, installed);
		}
		rmSync(fresh, { recursive: true, force: true });
	}
}

/**
 * What package.json in that folder names, installed below the build under `place`: {reason, require}. reason is false,
 * or why it is not there (no network): then the test counts as skipped.
 */
export function packages(folder, place, name) {
	const installed = join(build, place);
	if (!existsSync(join(installed, 'node_modules', name))) {
		mkdirSync(build, { recursive: true });
		const fresh = mkdtempSync(join(build, `${place}-`));
		for (const file of ['package.json', 'package-lock.json', '.npmrc']) copyFileSync(join(folder, file), join(fresh, file));
		const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--fetch-retries=1'], { cwd: fresh, encoding: 'utf8' });
		if (npm.status !== 0) {
			rmSync(fresh, { recursive: true, force: true });
			return { reason: `${name} cannot be installed: ${(npm.error?.message ?? npm.stderr).split('\n')[0]}` };
		}
		settle(fresh, installed, name);
	}
	return { reason: false, require: createRequire(join(installed, 'package.json')) };
}
