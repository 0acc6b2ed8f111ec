// SPDX-License-Identifier: EUPL-1.2
// The broken plans of tests/gis/broken once more, on the release build: there the sandbox is closed
// around every file job, and the memory limited. What GDAL and PROJ need then must be open before,
// or the job dies where a build with sanitizers answers.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { cases, harmless } from '../gis/broken/cases.mjs';
import { openDesk } from '../gis/broken/desk.mjs';
import { program } from '../harness/server.mjs';
import { noLimits, release } from './support.mjs';

let desk;

before(async () => {
	if (noLimits)
		return;
	process.env.PP_FILES = program('planungsplattform-files', release);
	desk = await openDesk({ folder: release });
});
after(() => desk?.close());

test('behind the sandbox every broken plan is refused as before it', { skip: noLimits }, async () => {
	for (const [what, file, problem, sentence] of cases) {
		const reply = await desk.file(file.bytes(), file.type);
		assert.ok(reply.body.detail, `${what}: ${reply.text}`);
		desk.refuses(reply, problem, sentence);
	}
	assert.equal(await desk.stored(), 0);
});

test('and what is whole is read', { skip: noLimits }, async () => {
	for (const [what, file] of harmless) {
		const reply = await desk.file(file.bytes(), file.type, '?repair=true');
		assert.equal(reply.status, 200, `${what}: ${reply.text}`);
	}
});
