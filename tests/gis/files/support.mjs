// SPDX-License-Identifier: EUPL-1.2
// What the tests of file jobs share: the programs, temporary files, WKB, distances, zips.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32, deflateRawSync } from './zlib.mjs';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
export const build = resolve(process.env.PP_BUILD ?? join(root, 'build'));
/** What an oracle judges, not a sanitizer, comes from the release build where there is one: it is five times as quick. */
export const quick = resolve(process.env.PP_BUILD_RELEASE ?? build);
export const shared = resolve(root, process.env.PP_SHARED ?? '../shared');
export const data = join(shared, 'data');

export function program(name, from = build) {
	const found = ['', 'server', 'tests/gis'].map((folder) => join(from, folder, name)).find(existsSync);
	if (!found)
		throw new Error(`${name} is not in ${from}; set PP_BUILD`);
	return found;
}

// The reason to skip when a file of the shared data or a command is absent, else false.
export const withoutFile = (path) => (existsSync(path) ? false : `${path} is absent (PP_SHARED)`);
export const withoutCommand = (name) =>
	spawnSync('sh', ['-c', `command -v ${name}`]).status === 0 ? false : `${name} is not installed`;

let folder;
// A file of that content; all of them go when the tests end.
export function temporary(name, content) {
	if (!folder) {
		folder = mkdtempSync(join(tmpdir(), 'pp-files-'));
		process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
	}
	const path = join(folder, name);
	if (content !== undefined)
		writeFileSync(path, content);
	return path;
}

// A geometry as {type, parts: [[ring…]…]}: polygons have rings, lines one path, points one position.
export function readWkb(hex) {
	const bytes = Buffer.from(hex, 'hex');
	let at = 0;
	const u32 = () => bytes.readUInt32LE((at += 4) - 4);
	const f64 = () => bytes.readDoubleLE((at += 8) - 8);
	const path = () => Array.from({ length: u32() }, () => [f64(), f64()]);
	const geometry = (parts) => {
		if (bytes[at++] !== 1)
			throw new Error('not little-endian');
		const type = u32();
		if (type === 1)
			parts.push([[[f64(), f64()]]]);
		else if (type === 2)
			parts.push([path()]);
		else if (type === 3)
			parts.push(Array.from({ length: u32() }, path));
		else if (type <= 7)
			for (let n = u32(); n > 0; n--)
				geometry(parts);
		else
			throw new Error(`type ${type}`);
		return type;
	};
	const parts = [];
	const type = geometry(parts);
	if (at !== bytes.length)
		throw new Error('bytes behind the geometry');
	return { type, parts };
}

export const rings = (geometry) => geometry.parts.flat();
export const area = (geometry) => rings(geometry).reduce((sum, ring) => sum + signedArea(ring), 0);
// Shells count positive and holes negative, whatever their orientation.
export const areaOf = (geometry) => geometry.parts.reduce((sum, polygon) =>
	sum + polygon.reduce((inner, ring, i) => inner + (i ? -1 : 1) * Math.abs(signedArea(ring)), 0), 0);

export function signedArea(ring) {
	const [ox, oy] = ring[0];
	let sum = 0;
	for (let i = 0; i + 1 < ring.length; i++)
		sum += (ring[i][0] - ox) * (ring[i + 1][1] - oy) - (ring[i + 1][0] - ox) * (ring[i][1] - oy);
	return sum / 2;
}

function toSegment([x, y], [ax, ay], [bx, by]) {
	const dx = bx - ax, dy = by - ay, length = dx * dx + dy * dy;
	const t = length ? Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length)) : 0;
	return Math.hypot(x - ax - t * dx, y - ay - t * dy);
}

// The greatest distance of a vertex of some rings from the lines of others.
export const oneWay = (from, to) => Math.max(...from.flat().map((p) => Math.min(...to.map((ring) => {
	let least = Infinity;
	for (let i = 0; i + 1 < ring.length; i++)
		least = Math.min(least, toSegment(p, ring[i], ring[i + 1]));
	return least;
}))));

// How far the borders of two geometries are apart at most (vertices against lines, both ways).
export const apart = (a, b) => Math.max(oneWay(rings(a), rings(b)), oneWay(rings(b), rings(a)));

// GeoJSON coordinates in degrees as the same structure in EPSG:25832 (Krüger's series, GRS 80).
export function fromGeojson({ type, coordinates }) {
	const polygons = type === 'Polygon' ? [coordinates] : coordinates;
	return { parts: polygons.map((rings) => rings.map((ring) => ring.map(([lon, lat]) => utm32(lon, lat)))) };
}

export function utm32(lon, lat) {
	const f = 1 / 298.257222101, n = f / (2 - f), e = Math.sqrt(f * (2 - f)), r = Math.PI / 180;
	const A = (6378137 / (1 + n)) * (1 + n ** 2 / 4 + n ** 4 / 64);
	const alpha = [n / 2 - (2 / 3) * n ** 2 + (5 / 16) * n ** 3 + (41 / 180) * n ** 4,
		(13 / 48) * n ** 2 - (3 / 5) * n ** 3 + (557 / 1440) * n ** 4,
		(61 / 240) * n ** 3 - (103 / 140) * n ** 4, (49561 / 161280) * n ** 4];
	const s = Math.sin(lat * r), l = (lon - 9) * r;
	const t = Math.sinh(Math.atanh(s) - e * Math.atanh(e * s));
	const xi = Math.atan2(t, Math.cos(l)), eta = Math.atanh(Math.sin(l) / Math.hypot(1, t));
	let x = eta, y = xi;
	alpha.forEach((a, j) => {
		x += a * Math.cos(2 * (j + 1) * xi) * Math.sinh(2 * (j + 1) * eta);
		y += a * Math.sin(2 * (j + 1) * xi) * Math.cosh(2 * (j + 1) * eta);
	});
	return [500000 + 0.9996 * A * x, 0.9996 * A * y];
}

// A zip of {name: content}; claim replaces the sizes that the directory names.
export function zip(files, { claim } = {}) {
	const parts = [], directory = [];
	let offset = 0;
	for (const [name, content] of Object.entries(files)) {
		const raw = Buffer.from(content), packed = deflateRawSync(raw), title = Buffer.from(name);
		const local = Buffer.alloc(30), central = Buffer.alloc(46);
		local.writeUInt32LE(0x04034b50, 0);
		central.writeUInt32LE(0x02014b50, 0);
		for (const [head, at] of [[local, 4], [central, 6]]) {
			head.writeUInt16LE(20, at);
			head.writeUInt16LE(8, at + 4);
			head.writeUInt32LE(crc32(raw), at + 10);
			head.writeUInt32LE(packed.length, at + 14);
			head.writeUInt32LE(claim ?? raw.length, at + 18);
			head.writeUInt16LE(title.length, at + 22);
		}
		central.writeUInt16LE(20, 4);
		central.writeUInt32LE(offset, 42);
		parts.push(local, title, packed);
		directory.push(central, title);
		offset += local.length + title.length + packed.length;
	}
	const central = Buffer.concat(directory), end = Buffer.alloc(22);
	end.writeUInt32LE(0x06054b50, 0);
	end.writeUInt16LE(directory.length / 2, 8);
	end.writeUInt16LE(directory.length / 2, 10);
	end.writeUInt32LE(central.length, 12);
	end.writeUInt32LE(offset, 16);
	return Buffer.concat([...parts, central, end]);
}

// A generator of numbers in [0, 1) that says the same on every run (mulberry32).
export function seeded(seed) {
	return () => {
		seed = (seed + 0x6d2b79f5) | 0;
		let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
}
