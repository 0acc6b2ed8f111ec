// SPDX-License-Identifier: EUPL-1.2
// The logic of the web application without a browser: what vitest finds in web/tests, told as tests of this run.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, it } from 'node:test';
import { build } from '../../harness/server.mjs';

const stage = join(build, 'web/stage');
const vitest = join(stage, 'node_modules/vitest/vitest.mjs');

describe('the logic of the web application', { skip: existsSync(vitest) ? false : 'the web application is not built (-Dweb=disabled)' }, () => {
	const { stdout, stderr } = existsSync(vitest)
		? spawnSync(process.execPath, [vitest, 'run', '--reporter=json'], { cwd: stage, encoding: 'utf8', maxBuffer: 1 << 26 }) : { stdout: '{"testResults":[]}' };
	const { testResults } = JSON.parse(stdout.slice(stdout.indexOf('{')) || '{"testResults":[]}');
	it('is tested', () => assert.ok(testResults.length > 0, stderr));
	for (const file of testResults)
		describe(relative(stage, file.name), () => {
			if (file.assertionResults.length === 0) it('runs', () => assert.fail(file.message));
			for (const { fullName, status, failureMessages } of file.assertionResults)
				it(fullName, { skip: status === 'skipped' || status === 'pending' }, () => assert.equal(status, 'passed', failureMessages.join('\n')));
		});
});
