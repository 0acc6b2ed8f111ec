// SPDX-License-Identifier: EUPL-1.2
// CQL2 on the command line: the official examples in both languages, trees made at random, and what is refused, with its place.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { data, program as find, quick, withoutFile } from '../files/support.mjs';

// A thousand processes for what fuzzers try with sanitizers: those of the release build.
const program = find('planungsplattform', quick);
const examples = join(data, 'ogcapi/cql2/schema/examples');
const skip = withoutFile(examples);

function cql2(from, to, input) {
	const { status, stdout, stderr } = spawnSync(program, ['cql2', '--from', from, '--to', to, '-'], { input, encoding: 'utf8' });
	return { status, out: stdout.trimEnd(), said: stderr };
}
const made = (from, to, input) => {
	const { status, out, said } = cql2(from, to, input);
	assert.equal(status, 0, `${said}${input}`);
	return to === 'json' ? JSON.parse(out) : out;
};
/** What two spellings may differ in: zeros of a fraction of a second, and the sign of a zero. */
const same = (json) => JSON.parse(JSON.stringify(json), (key, value) =>
	typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) ? value.replace(/(?<=\.\d*?)0*Z$/, 'Z').replace('.Z', 'Z') : value === 0 ? 0 : value);

describe('the official examples', { skip }, () => {
	const names = (kind) => (skip ? [] : readdirSync(`${examples}/${kind}`).sort());
	const read = (kind, name) => readFileSync(`${examples}/${kind}/${name}`, 'utf8');

	for (const name of names('text'))
		it(`${name} is read as text, and says what its JSON says`, () => {
			const json = made('text', 'json', read('text', name));
			const twin = name.replace(/-alt\d+/, '').replace('.txt', '.json');
			assert.deepEqual(same(json), same(JSON.parse(read('json', twin))));
			assert.deepEqual(made('text', 'json', made('text', 'text', read('text', name))), json, 'and so after it was written as text');
		});
	for (const name of names('json'))
		it(`${name} is read as JSON, and is the same after it was written as either`, () => {
			const json = same(JSON.parse(read('json', name)));
			assert.deepEqual(same(made('json', 'json', read('json', name))), json);
			assert.deepEqual(same(made('text', 'json', made('json', 'text', read('json', name)))), json);
		});
	it('are all there are', () => {
		assert.deepEqual([names('text').length, names('json').length], [120, 109]);
	});
});

/** Reproducible numbers (mulberry32). */
function dice(seed) {
	return (sides) => {
		seed = (seed + 0x6d2b79f5) | 0;
		let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return Math.floor(((t ^ (t >>> 14)) >>> 0) / 4294967296 * sides);
	};
}

/** An expression of every operator and literal that there is, as JSON. */
function grow(roll) {
	const one = (...makers) => makers[roll(makers.length)]();
	const pick = (list) => list[roll(list.length)];
	const list = (least, maker) => Array.from({ length: least + roll(3) }, maker);
	const op = (name, ...args) => ({ op: name, args });
	const property = () => ({ property: pick(['name', 'eo:cloud_cover', 'a.b', 'and', 'Straße', 'two words', 'Ende', 'point', '_x9']) });
	const text = () => pick(['', 'x', "it's", 'a\\b', '%100\\%', '„Ü“\n', "''", 'POINT(1 2)']);
	const number = () => pick([0, -1, 1.5, -0.1, 1e300, 5e-324, 123456789012345, 0.1 + 0.2, -7e-7, 1e21]);
	const date = () => ({ date: pick(['2024-02-29', '1969-07-20']) });
	const stamp = () => ({ timestamp: pick(['2012-08-10T05:30:00Z', '1851-04-29T00:00:00.123456Z']) });
	const end = () => one(() => '..', () => '2005-01-10', () => '2005-01-10T01:01:01.5Z', property, () => call(0));
	const interval = () => ({ interval: [end(), end()] });
	const position = (dims) => Array.from({ length: dims }, number);
	const ring = (dims) => { const [a, b, c] = [position(dims), position(dims), position(dims)]; return [a, b, c, a]; };
	const shape = (dims = 2 + roll(2), deep = 1) => one(
		() => ({ type: 'Point', coordinates: position(dims) }),
		() => ({ type: 'LineString', coordinates: list(2, () => position(dims)) }),
		() => ({ type: 'Polygon', coordinates: list(1, () => ring(dims)) }),
		() => ({ type: 'MultiPoint', coordinates: list(1, () => position(dims)) }),
		() => ({ type: 'MultiLineString', coordinates: list(1, () => list(2, () => position(dims))) }),
		() => ({ type: 'MultiPolygon', coordinates: list(1, () => list(1, () => ring(dims))) }),
		() => (deep ? { type: 'GeometryCollection', geometries: list(1, () => shape(dims, deep - 1)) } : { type: 'Point', coordinates: position(dims) }));
	const box = () => ({ bbox: position(pick([4, 6])) });
	const call = (depth) => op(pick(['Buffer', 'avg', 'f.g', 'Größe']), ...Array.from({ length: roll(3) }, () => anything(depth - 1)));
	const sum = (depth) => (depth <= 0 ? one(number, property) : one(number, property, () => call(depth), () => op(pick(['+', '-', '*', '/', '%', 'div', '^']), sum(depth - 1), sum(depth - 1))));
	const characters = (depth) => (depth <= 0 ? one(text, property) : one(text, property, () => op(pick(['casei', 'accenti']), characters(depth - 1))));
	const pattern = (depth) => (depth <= 0 ? text() : one(text, () => op(pick(['casei', 'accenti']), pattern(depth - 1))));
	const truth = () => pick([true, false]);
	const scalar = (depth) => one(truth, date, stamp, () => sum(depth), () => characters(depth), property);
	const time = () => one(date, stamp, interval, property, () => call(1));
	const place = () => one(shape, box, property, () => call(1));
	const array = (depth) => one(property, () => call(depth), () => list(0, () => element(depth)));
	const element = (depth) => one(() => scalar(depth), shape, interval, () => condition(depth - 1), () => list(2, () => scalar(0)));
	const anything = (depth) => one(() => scalar(depth), shape, box, interval, () => condition(depth - 1), () => [], () => list(2, () => scalar(0)));
	const condition = (depth) => {
		if (depth <= 0) return op('=', property(), text());
		return one(
			() => op(pick(['and', 'or']), ...list(2, () => condition(depth - 1))),
			() => op('not', condition(depth - 1)),
			() => op(pick(['=', '<>', '<', '>', '<=', '>=']), scalar(depth - 1), scalar(depth - 1)),
			() => op('like', characters(depth - 1), pattern(depth - 1)),
			() => op('between', sum(depth - 1), sum(depth - 1), one(date, () => sum(depth - 1))),
			() => op('in', scalar(depth - 1), list(1, () => scalar(depth - 1))),
			() => op('isNull', one(() => scalar(depth - 1), shape, interval, () => condition(depth - 1))),
			() => op(pick(['s_intersects', 's_equals', 's_disjoint', 's_touches', 's_within', 's_overlaps', 's_crosses', 's_contains']), place(), place()),
			() => op(pick(['t_after', 't_before', 't_contains', 't_disjoint', 't_during', 't_equals', 't_finishedBy', 't_finishes', 't_intersects', 't_meets', 't_metBy', 't_overlappedBy', 't_overlaps', 't_startedBy', 't_starts']), time(), time()),
			() => op(pick(['a_equals', 'a_contains', 'a_containedBy', 'a_overlaps']), array(depth - 1), array(depth - 1)),
			() => call(depth), truth);
	};
	return condition(4);
}

describe('expressions', () => {
	it('are the same after they were text, whatever they are made of', () => {
		for (let seed = 1; seed <= 80; seed++) {
			const json = JSON.stringify(grow(dice(seed)));
			const text = made('json', 'text', json);
			assert.deepEqual(made('text', 'json', text), JSON.parse(json), `seed ${seed}: ${text}`);
			assert.equal(made('text', 'text', text), text, `seed ${seed}: and text is its own`);
		}
	});

	const pairs = [
		['a=1 AND b=2 OR c=3', '(a=1 AND b=2) OR c=3'],
		['NOT a=1 AND b=2', '(NOT (a=1)) AND b=2'],
		['a + 2 * b ^ 2 > 1', '(a + (2 * (b ^ 2))) > 1'],
		['a - b - c = 0', '((a - b) - c) = 0'],
		['a BETWEEN 1 AND 2 AND b = 3', '(a BETWEEN 1 AND 2) AND (b = 3)'],
		['a is not null', 'NOT (a IS NULL)'],
		['-a ^ 2 = 4', '((-1 * a) ^ 2) = 4'],
		['a = +1.', 'a=1.0'],
		['a = .5e1', 'a = 5'],
		['a = 007', 'a = 7'],
		["s_within(g,multipoint(1 2,3 4))", "S_WITHIN(g, MULTIPOINT((1 2), (3 4)))"],
		["a = 'it''s'", "a = 'it\\'s'"],
		['a\u00a0=\u30001', 'a = 1'],
	];
	for (const [left, right] of pairs)
		it(`${left} is ${right}`, () => assert.deepEqual(made('text', 'json', left), made('text', 'json', right)));

	const wrong = [
		['', /line 1, column 1: the expression ends too early/],
		['name =', /line 1, column 7: the expression ends too early/],
		['name = \n \n', /line 1, column 7: the expression ends too early/],
		['name = \n\tand', /line 2, column 2: .*double quotes/],
		['größe = 1 x', /line 1, column 11: .*something follows/],
		['(a = 1', /line 1, column 7: a parenthesis \) is missing/],
		['a = 1 AND 3', /line 1, column 11: AND takes conditions/],
		['a = 1 AND b', /line 1, column 11: AND takes conditions/],
		['a', /line 1, column 1: a filter is a condition/],
		["a LIKE b", /line 1, column 8: the pattern of LIKE/],
		["'x' + 1 = 2", /line 1, column 1: \+ takes numbers/],
		["S_WITHIN(a, 'x')", /line 1, column 13: S_WITHIN takes geometries/],
		['S_WITHIN(a)', /line 1, column 1: S_WITHIN takes 2 operands, not 1/],
		["a = DATE('2023-02-29')", /line 1, column 10: a day is missing/],
		["a = TIMESTAMP('2023-02-28T25:00:00Z')", /line 1, column 15: an instant in UTC/],
		["T_AFTER(a, INTERVAL('..', 'soon'))", /line 1, column 27: an interval ends/],
		['S_WITHIN(g, POLYGON((0 0, 1 0, 1 1)))', /column 35: a ring has four positions/],
		['S_WITHIN(g, POLYGON((0 0, 1 0, 1 1, 0 1)))', /a ring has four positions/],
		['S_WITHIN(g, LINESTRING(0 0))', /a line has two positions/],
		['S_WITHIN(g, LINESTRING(0 0, 1 1 1))', /a position has two numbers/],
		['S_WITHIN(g, POINT(NaN 0))', /line 1, column 19: a number is missing/],
		['S_WITHIN(g, BBOX(1,2,3))', /BBOX takes four/],
		['a = 1e999', /line 1, column 5: this number is too large/],
		['a = #', /line 1, column 5: this character has no meaning/],
		["a = 'x", /line 1, column 5: a text has no end/],
		['"a = 1', /line 1, column 1: a quoted name has no end/],
		['a NOT 1', /after NOT comes/],
		['a IS 1', /after IS comes/],
		['a IN ()', /IN takes a list/],
		[`${'('.repeat(60)}a = 1${')'.repeat(60)}`, /line 1, column 50: .*nested too deep/],
		[`${'NOT ('.repeat(60)}a = 1${')'.repeat(60)}`, /nested too deep/],
		[`a = ${'a + '.repeat(30)}1`, /nested too deep/],
		[`${'a = 1 AND '.repeat(4000)}a = 1`, /too many parts/],
		['true(a)', /line 1, column 1: this is the name of no function/],
		[`S_WITHIN(g, ${'GEOMETRYCOLLECTION('.repeat(5)}POINT(1 2)${')'.repeat(5)})`, /nested too deep/],
		['a'.repeat(70000), /65536 bytes at most/],
		[Buffer.from([0x61, 0x3d, 0xff]), /UTF-8/],
	];
	for (const [input, sentence] of wrong)
		it(`${String(input).slice(0, 40)} is refused with its place`, () => {
			const { status, out, said } = cql2('text', 'json', input);
			assert.deepEqual([status, out], [1, '']);
			assert.match(said, sentence);
		});

	const wrongJson = [
		['{"op":', /line 1, column \d+/],
		['{"op":"=","args":[{"property":"a"},NaN]}', /line 1/],
		['{"op":"=","args":[{"property":"a"}]}', /^planungsplattform cql2: \/args: = takes 2 operands/],
		['{"op":"and","args":[{"op":"=","args":[{"property":"a"},[1]]},true]}', /\/args\/0\/args\/1: = takes a text/],
		['{"op":"f","args":[null]}', /\/args\/0: null is no value/],
		['{"op":"f","args":[{"date":"2023-02-29"}]}', /\/args\/0\/date: a day is missing/],
		['{"op":"f","args":[{"type":"Point","coordinates":[1]}]}', /\/args\/0\/coordinates: a position/],
		['{"op":"f","args":[{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1]]]}]}', /\/coordinates\/0: a ring/],
		['{"op":"two words","args":[]}', /\/op: this is the name of no function/],
		['{"op":"f","args":[{"colour":1}]}', /\/args\/0: this is none of op, property/],
		['{"property":"a"}', /a filter is a condition/],
		[`${'{"op":"not","args":['.repeat(60)}true${']}'.repeat(60)}`, /nested/],
	];
	for (const [input, sentence] of wrongJson)
		it(`${input.slice(0, 60)} is refused with its place`, () => {
			const { status, out, said } = cql2('json', 'text', input);
			assert.deepEqual([status, out], [1, '']);
			assert.match(said, sentence);
		});

	it('that text has no way to say are refused, not changed', () => {
		for (const value of ['"a\\\\"', "\"a\\\\'b\""])
			assert.match(cql2('json', 'text', `{"op":"=","args":[{"property":"a"},${value}]}`).said, /no way to say/);
		assert.match(cql2('json', 'text', '{"op":"f","args":[["a"]]}').said, /no way to say a list of one/);
	});

	it('need a file or -, and languages that there are', () => {
		for (const words of [[], ['-', '-'], ['--from', 'sql', '-'], ['--to'], ['--color', '-']])
			assert.equal(spawnSync(program, ['cql2', ...words], { input: 'a=1' }).status, 2, words.join(' '));
		assert.equal(spawnSync(program, ['cql2', '/nowhere/at/all']).status, 1);
		assert.match(spawnSync(program, ['cql2', '--help'], { encoding: 'utf8' }).stdout, /--from/);
	});
});
