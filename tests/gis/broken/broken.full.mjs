// SPDX-License-Identifier: EUPL-1.2
// Broken plans, through the command and through REST: refused with the problem, what is wrong and
// where, nothing stored; and where a repair is proposed, it is valid, says what it changes, and is
// stored by nobody. What files do to memory is tried in ../files.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { program, root, temporary, utm32, withoutCommand } from '../files/support.mjs';
import { cases, harmless } from './cases.mjs';
import { openDesk } from './desk.mjs';

const skip = withoutCommand('ogr2ogr') || withoutCommand('sqlite3');
const titles = new Map([...readFileSync(join(root, 'include/pp/base/problem.def'), 'utf8').matchAll(/^PP_PROBLEM\((\w+), .*, "(.*)"\)$/gm)].map(([, id, title]) => [id, title]));
const environment = { ...process.env, PP_FILES: program('planungsplattform-files') };
// One municipality is enough for plans that go nowhere, and quick to read.
const boundaries = temporary('hamburg.geojson', JSON.stringify({ type: 'Feature', properties: { AGS: '02000000', GEN: 'Hamburg' },
	geometry: { type: 'Polygon', coordinates: [[[9.7, 53.4], [10.3, 53.4], [10.3, 53.7], [9.7, 53.7], [9.7, 53.4]]] } }));
let desk;

before(async () => {
	if (!skip)
		desk = await openDesk();
});
after(() => desk?.close());

function affected(path) {
	return spawnSync(program('planungsplattform'), ['affected', path, '--boundaries', boundaries, '--kind', 'BP_REGEL', '--municipality', '02000000', '--format', 'json'],
		{ env: environment, encoding: 'utf8' });
}

const near = (a, b, by) => Math.abs(a - b) <= by;

function checkPlace(found, place, what) {
	assert.equal(Boolean(found), Boolean(place), what);
	if (!place)
		return;
	assert.ok(near(found.x, place[0], 0.001) && near(found.y, place[1], 0.001), `${what}: ${JSON.stringify(found)}`);
	const [x, y] = utm32(found.lon, found.lat);
	assert.ok(near(x, place[0], 0.01) && near(y, place[1], 0.01), `${what}: ${JSON.stringify(found)}`);
}

function checkCommand(path, problem, sentence, place) {
	const ran = affected(path);
	assert.equal(ran.status, 1, `${ran.signal} ${ran.stderr}`);
	assert.equal(ran.stdout, '');
	const said = ran.stderr.split('\n').find((line) => line.includes(` / ${titles.get(problem)}: `));
	assert.ok(said, ran.stderr);
	assert.match(said, sentence);
	const at = /EPSG:25832 ([\d.-]+) ([\d.-]+), lon lat ([\d.-]+) ([\d.-]+)/.exec(ran.stderr)?.slice(1).map(Number);
	checkPlace(at && { x: at[0], y: at[1], lon: at[2], lat: at[3] }, place, 'command');
}

for (const [what, file, problem, sentence, place = null, { area, json = problem } = {}] of cases)
	test(`refused: ${what}`, { skip }, async () => {
		const bytes = file.bytes();
		checkCommand(temporary(`broken.${file.ending}`, bytes), problem, sentence, place);

		desk.refuses(await desk.file(bytes, file.type), problem, sentence, (found) => checkPlace(found, place, 'file'));
		if (file.crs) {
			const body = `{"crs":${JSON.stringify(file.crs)},"geometry":${file.text ?? JSON.stringify(file.geometry)}}`;
			const placed = place ? (found) => checkPlace(found, place, 'JSON') : () => {};
			desk.refuses(await desk.file(body, 'application/json'), json, sentence, placed);
			desk.refuses(await desk.preview(body), json, sentence, placed);
		}

		const repair = await desk.file(bytes, file.type, '?repair=true');
		if (area === undefined)
			desk.refuses(repair, problem, /./);
		else
			await desk.proposes(repair, sentence, area);
		assert.equal(await desk.stored(), 0);
	});

for (const [what, file] of harmless)
	test(`not refused: ${what}`, { skip }, async () => {
		const ran = affected(temporary(`harmless.${file.ending}`, file.bytes()));
		assert.equal(ran.status, 0, ran.stderr);
		const repair = await desk.file(file.bytes(), file.type, '?repair=true');
		assert.equal(repair.status, 200, repair.text);
		assert.deepEqual(repair.body.proposal.changes, []);
		assert.equal(await desk.stored(), 0);
		assert.ok(!existsSync('/tmp/pp-escaped.gml'));
	});

test('what is whole is stored: the desk is no wall', { skip }, async () => {
	const [, file] = harmless[0];
	const reply = await desk.file(file.bytes(), file.type);
	assert.equal(reply.status, 201, reply.text);
	assert.equal(await desk.stored(), 1);
});
