// SPDX-License-Identifier: EUPL-1.2
// What the compiler and the linker were told to build in against the exploitation of mistakes, as the release build's
// programs have it; and that the systemd unit is valid and leaves the service little.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { program, root } from '../harness/server.mjs';
import { noLimits, release } from './support.mjs';

const readelf = (option, path) => execFileSync('readelf', ['-W', option, path], { encoding: 'utf8', maxBuffer: 1 << 26 });

for (const name of ['planungsplattform', 'planungsplattform-files'])
	describe(`the program ${name}`, { skip: noLimits }, () => {
		const path = () => program(name, release);

		it('can lie anywhere in memory, and nothing of it can be written and executed', () => {
			assert.match(readelf('-h', path()), /Type:\s+DYN \(Position-Independent Executable file\)/);
			const segments = readelf('-l', path());
			assert.match(segments, /GNU_STACK .* RW +0x/);
			assert.doesNotMatch(segments, /(LOAD|GNU_STACK) .* RWE /);
		});

		it('has its jump tables bound at the start and read-only', () => {
			assert.match(readelf('-l', path()), /GNU_RELRO/);
			const dynamic = readelf('-d', path());
			assert.match(dynamic, /\(FLAGS\).*BIND_NOW/);
			assert.match(dynamic, /\(FLAGS_1\).*NOW.*PIE/);
			assert.doesNotMatch(dynamic, /\((TEXTREL|RPATH|RUNPATH)\)/);
		});

		it('guards its stack and its copies', () => {
			const symbols = readelf('--dyn-syms', path());
			assert.match(symbols, /__stack_chk_fail/);
			const guarded = new Set([...symbols.matchAll(/ (__\w+_chk)@/g)].map(([, symbol]) => symbol));
			assert.ok(guarded.size >= 4, [...guarded].join(' '));
		});
	});

// The linker marks a program only if everything in it is marked, and Debian 12's start files are not: so this
// looks at what is ours.
describe('every object of the release build', { skip: noLimits || (process.arch === 'x64' ? false : `not on ${process.arch}`) }, () => {
	it('marks where jumps may land, on processors that look', () => {
		const objects = execFileSync('find', [join(release, 'server'), '-name', '*.c.o'], { encoding: 'utf8' }).trim().split('\n');
		assert.ok(objects.length > 150, `${objects.length} objects`);
		const text = execFileSync('readelf', ['-n', ...objects], { encoding: 'utf8', maxBuffer: 1 << 26 });
		for (const part of text.split(/^File: /m).slice(1)) assert.match(part, /x86 feature:.*IBT.*SHSTK/, part.split('\n')[0]);
	});
});

const analyze = spawnSync('systemd-analyze', ['--version']).status === 0 ? false : 'systemd-analyze is not installed';

describe('the systemd unit', { skip: analyze }, () => {
	it('is valid', () => {
		const folder = mkdtempSync(join(tmpdir(), 'pp-unit-'));
		try {
			// verify looks for the program, which is not installed here.
			const unit = readFileSync(join(root, 'deploy/planungsplattform.service'), 'utf8').replace('/usr/bin/planungsplattform', '/bin/true');
			mkdirSync(join(folder, 'units'));
			writeFileSync(join(folder, 'units/planungsplattform.service'), unit);
			const ran = spawnSync('systemd-analyze', ['verify', '--man=no', join(folder, 'units/planungsplattform.service')], { encoding: 'utf8' });
			assert.equal(ran.status, 0, ran.stderr);
			assert.doesNotMatch(ran.stderr, /planungsplattform\.service/);
		} finally {
			rmSync(folder, { recursive: true, force: true });
		}
	});

	it('leaves the service little', () => {
		const ran = spawnSync('systemd-analyze', ['security', '--offline=true', '--no-pager', join(root, 'deploy/planungsplattform.service')], { encoding: 'utf8' });
		const level = Number(/Overall exposure level for planungsplattform\.service: ([\d.]+)/.exec(ran.stdout)?.[1]);
		assert.ok(level <= 2, `${level}: ${ran.stdout}${ran.stderr}`);
	});
});
