// SPDX-License-Identifier: EUPL-1.2
// What the helper says about a file. One helper serves the whole test file and forks for each
// question, as the master's does; starting one each time would take most of the time.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { program, quick, temporary } from './support.mjs';

const environment = { ...process.env, PP_FILES: program('planungsplattform-files') };
const socket = temporary('ask.sock'), logPath = temporary('ask.log', '');

const log = openSync(logPath, 'a');
// Whatever becomes of this test, the helper does not outlive it.
const helper = spawn('setpriv', ['--pdeathsig', 'TERM', '--', program('files_tool', quick), 'serve', socket, '2'],
	{ stdio: ['ignore', 'pipe', log], env: environment });
closeSync(log);
await once(helper.stdout, 'data');
helper.stdout.destroy();
helper.unref();
process.on('exit', () => helper.kill());

// Answers as the tool prints them, gathered: {status, plans, choices, warnings, rows…, fault}.
// stderr has what the helper has logged as well. A Shapefile by its path needs the companions beside
// it, and so a helper that is started for it.
export function ask(job, file, ...more) {
	const before = readFileSync(logPath, 'utf8').length;
	const ran = spawnSync(program('files_tool', quick), [job, file, ...more],
		{ env: { ...environment, ...(/\.shp$/i.test(file) ? {} : { PP_FILES_SOCKET: socket }) }, maxBuffer: 1 << 30, encoding: 'utf8' });
	const answer = { status: ran.status, signal: ran.signal, stderr: ran.stderr + readFileSync(logPath, 'utf8').slice(before), plans: [], choices: [],
		warnings: [], municipalities: [], rows: [], count: null, fault: null };
	const lists = { plan: 'plans', choice: 'choices', warning: 'warnings', municipality: 'municipalities', row: 'rows' };
	for (const line of ran.stdout.split('\n').filter(Boolean)) {
		const [[what, value]] = Object.entries(JSON.parse(line));
		if (what in lists)
			answer[lists[what]].push(value);
		else if (what !== 'end')
			answer[what] = value;
	}
	return answer;
}
