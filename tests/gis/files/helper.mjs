// SPDX-License-Identifier: EUPL-1.2
// The helper as the master runs it, and a client of it: no process is started for a file but the
// helper's own child.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { program, quick, temporary } from './support.mjs';

let number = 0;
/** A helper that reads so many files at a time: {helper, path, log(), end()}. */
export async function serve(jobs) {
	const path = temporary(`serve-${++number}.sock`);
	const helper = spawn(program('files_tool', quick), ['serve', path, String(jobs)],
		{ stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, PP_FILES: program('planungsplattform-files') } });
	let log = '';
	helper.stderr.on('data', (text) => (log += text));
	const [byte] = await once(helper.stdout, 'data');
	assert.equal(String(byte), 'R');
	return { helper, path, log: () => log, end: async () => {
		helper.kill('SIGTERM');
		const [code] = await once(helper, 'exit');
		return code;
	} };
}

/** What it answers to a plan job: {frame} each, and {fault} behind that of a refusal; or {lost}. */
export async function ask(path, file) {
	const client = spawn(program('files_tool', quick), ['ask', path, file], { stdio: ['ignore', 'pipe', 'inherit'] });
	let out = '';
	client.stdout.on('data', (text) => (out += text));
	await once(client, 'close');
	return out.trim().split('\n').map((line) => JSON.parse(line));
}
