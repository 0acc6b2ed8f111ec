// SPDX-License-Identifier: EUPL-1.2
/*
 * Builds the web application: installs what package-lock.json names, makes the types of the
 * interface from the program's own description, checks all types, bundles, and lays beside each
 * file the same bytes as .gz and .br.
 *
 *   node build.mjs [--stage FOLDER] [--out FOLDER] [--openapi FILE] [--depfile FILE] [--types]
 *
 * meson builds in a stage, a copy of this folder beside the other things that were built, so that
 * nothing is written among the sources. Without --stage it is built here (npm run build).
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({ options: {
	stage: { type: 'string' }, out: { type: 'string' }, openapi: { type: 'string' }, depfile: { type: 'string' },
	types: { type: 'boolean' },
} });
const stage = resolve(options.stage ?? here);
const out = resolve(options.out ?? join(here, 'dist'));
const sources = ['.npmrc', 'build.mjs', 'index.html', 'package.json', 'package-lock.json', 'tsconfig.json', 'vite.config.ts', 'public', 'src', 'tests'];

function files(path) {
	if (!statSync(path).isDirectory()) return [path];
	return readdirSync(path).sort().flatMap((name) => files(join(path, name)));
}

/** Ends with what the command says, if it fails. */
function run(what, command, words) {
	const { status, error, stdout, stderr } = spawnSync(command, words, { cwd: stage, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } });
	if (status === 0) return stdout;
	console.error(`web: ${what}\n${error?.message ?? ''}${stdout ?? ''}${stderr ?? ''}`);
	process.exit(1);
}

/** Makes the copy what the sources are; what did not change keeps its time. */
function copy() {
	const wanted = new Set();
	for (const source of sources.flatMap((name) => files(join(here, name)))) {
		const target = join(stage, relative(here, source));
		wanted.add(target);
		if (existsSync(target) && readFileSync(target).equals(readFileSync(source))) continue;
		mkdirSync(dirname(target), { recursive: true });
		cpSync(source, target);
	}
	for (const folder of ['src', 'tests', 'public'])
		for (const old of existsSync(join(stage, folder)) ? files(join(stage, folder)) : [])
			if (!wanted.has(old) && !old.endsWith('schema.d.ts')) rmSync(old);
}

/** Installs once for each state of the lock file. */
function install() {
	const lock = readFileSync(join(stage, 'package-lock.json'));
	const mark = join(stage, 'node_modules/.installed');
	if (existsSync(mark) && readFileSync(mark).equals(lock)) return;
	run('npm ci', 'npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts']);
	writeFileSync(mark, lock);
}

/** The types of the interface are made, never written. */
function types() {
	if (!options.openapi) return;
	const target = join(stage, 'src/api/schema.d.ts');
	const made = run('openapi-typescript', 'node', ['node_modules/openapi-typescript/bin/cli.js', resolve(options.openapi),
		'--default-non-nullable', 'false']);
	if (!existsSync(target) || readFileSync(target, 'utf8') !== made) writeFileSync(target, made);
}

/** Lays the coded forms beside what is worth it (fonts are compressed already). */
function code(folder) {
	for (const file of files(folder)) {
		if (!/\.(js|css|svg|json|html)$/.test(file)) continue;
		const bytes = readFileSync(file);
		if (bytes.length < 1024) continue;
		writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
		writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }));
	}
}

if (stage !== here) copy();
install();
types();
if (!options.types) {
	run('vue-tsc', 'node', ['node_modules/vue-tsc/bin/vue-tsc.js', '--noEmit', '-p', '.']);
	const fresh = `${out}.new`;
	rmSync(fresh, { recursive: true, force: true });
	run('vite', 'node', ['node_modules/vite/bin/vite.js', 'build', '--outDir', fresh, '--emptyOutDir', '--logLevel', 'warn']);
	code(fresh);
	rmSync(out, { recursive: true, force: true });
	renameSync(fresh, out);
	if (options.depfile)
		writeFileSync(options.depfile, `${options.out}: ${sources.flatMap((name) => files(join(here, name))).join(' ')}\n`);
}
