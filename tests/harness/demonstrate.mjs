// SPDX-License-Identifier: EUPL-1.2
// Makes the demonstration in the database of that URL, by a server of its own that is gone when it ends: node demonstrate.mjs URL
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { program, root, startServer } from './server.mjs';

const [url] = process.argv.slice(2);
// Mail is kept, and nobody is slowed down who signs in often.
const server = await startServer({ database: { url, drop() {} }, settings: { mail: 'hold', mail_from: 'planung@vorfuehrung.example', rate_sign_in: '0' } });
try {
	const { status, stderr } = spawnSync(join(root, 'data/demonstration/load.py'),
		['--address', server.address, '--program', program(), '--database', url, '--fresh'], { encoding: 'utf8' });
	assert.equal(status, 0, stderr);
} finally {
	await server.stop();
}
