// SPDX-License-Identifier: EUPL-1.2
// What every command has alike: help, wrong use, and a database that is not there, each with its exit code and the command's name in front.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { command, freePort } from '../../harness/server.mjs';

/** Commands that work with a database, with words that make sense. */
const connected = [['inspect'], ['export'], ['mail', 'list'], ['privacy', 'due'], ['audit', 'verify'], ['account', 'list'], ['issuer', 'list'],
	['recompute', '--all', '--verify'], ['copies']];
const others = ['serve', 'migrate', 'import', 'receipt', 'affected', 'neighbours', 'deadline', 'holidays', 'cql2'];

describe('a command', () => {
	const folder = mkdtempSync(join(tmpdir(), 'pp-commands-'));
	after(() => rmSync(folder, { recursive: true, force: true }));

	for (const name of new Set([...connected.map(([word]) => word), ...others]))
		it(`${name} helps on standard output, and says what is wrong behind its name`, async () => {
			const help = await command([name, '--help']);
			assert.deepEqual([help.status, help.stderr], [0, '']);
			assert.match(help.stdout, new RegExp(`^planungsplattform ${name}`));
			const wrong = await command([name, 'one', 'two', 'three', '--no-such-option']);
			assert.deepEqual([wrong.status, wrong.stdout], [2, '']);
			assert.match(wrong.stderr, new RegExp(`^(planungsplattform )?${name}: .`));
		});

	it('tells of a database that it cannot reach, with exit code 1 (of audit 3: nothing was checked)', async () => {
		const url = `postgresql://nobody@127.0.0.1:${await freePort()}/nothing?connect_timeout=2`;
		for (const words of connected) {
			const { status, stdout, stderr } = await command([...words, '--database', url]);
			assert.deepEqual([words, status, stdout], [words, words[0] === 'audit' ? 3 : 1, '']);
			assert.match(stderr, words[0] === 'copies' ? /copies_disconnected/ : new RegExp(`^planungsplattform ${words[0]}: .*failed`));
		}
	});

	it('tells where the embedded database cannot lie, with exit code 1 (of audit 3: nothing was checked)', async () => {
		const file = join(folder, 'file');
		writeFileSync(file, '');
		for (const words of connected) {
			const { status, stdout, stderr } = await command([...words, '--data', join(file, 'data')]);
			assert.deepEqual([words, status, stdout], [words, words[0] === 'audit' ? 3 : 1, '']);
			assert.match(stderr, new RegExp(`^planungsplattform ${words[0]}: .*cannot be made: Not a directory\\n$`));
		}
	});
});
