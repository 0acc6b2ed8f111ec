// SPDX-License-Identifier: EUPL-1.2
// Plans that nobody drew: the same ones for the same seed, as WKB in EPSG:25832.

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function random(seed) {
	return () => {
		seed = (seed + 0x6d2b79f5) | 0;
		let t = Math.imul(seed ^ (seed >>> 15), seed | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
}

class Writer {
	bytes = [];
	head(type, count) {
		this.bytes.push(1);
		this.u32(type);
		if (count !== undefined)
			this.u32(count);
	}
	u32(value) {
		const b = Buffer.alloc(4);
		b.writeUInt32LE(value);
		this.bytes.push(...b);
	}
	xy(list) {
		const b = Buffer.alloc(16);
		for (const [x, y] of list) {
			b.writeDoubleLE(x, 0);
			b.writeDoubleLE(y, 8);
			this.bytes.push(...b);
		}
	}
	// [type, …]: 1 a point, 2 a line, 3 rings, above that geometries.
	geometry([type, content]) {
		if (type === 1) {
			this.head(1);
			this.xy([content]);
		} else if (type === 2) {
			this.head(2, content.length);
			this.xy(content);
		} else if (type === 3) {
			this.head(3, content.length);
			for (const ring of content) {
				this.u32(ring.length);
				this.xy(ring);
			}
		} else {
			this.head(type, content.length);
			for (const part of content)
				this.geometry(part);
		}
	}
}

export function wkb(geometry) {
	const writer = new Writer();
	writer.geometry(geometry);
	return Buffer.from(writer.bytes).toString('hex');
}

// A ring that sees all of itself from its middle, so that it never crosses itself.
function star(next, x, y, radius, count) {
	const ring = [];
	for (let i = 0; i < count; i++) {
		const angle = ((i + 0.8 * next()) / count) * 2 * Math.PI;
		const far = radius * (0.25 + 0.75 * next());
		ring.push([x + far * Math.cos(angle), y + far * Math.sin(angle)]);
	}
	return [...ring, ring[0]];
}

const corners = (next) => 3 + Math.floor(next() ** 2 * 60);
const size = (next) => 15 * 80 ** next();

function path(next, x, y) {
	const line = [[x, y]];
	let angle = next() * 2 * Math.PI;
	for (let i = 1 + Math.floor(next() * 20); i > 0; i--) {
		angle += (next() - 0.5) * 1.5;
		const far = size(next);
		[x, y] = [x + far * Math.cos(angle), y + far * Math.sin(angle)];
		line.push([x, y]);
	}
	return line;
}

const makers = [
	(next, x, y) => [3, [star(next, x, y, size(next), corners(next))]],
	(next, x, y) => [3, [star(next, x, y, size(next), corners(next))]],
	(next, x, y) => { // with a hole well within the least radius
		const radius = size(next);
		return [3, [star(next, x, y, radius, 12 + corners(next)), star(next, x, y, radius * 0.2, corners(next)).reverse()]];
	},
	(next, x, y) => { // parts that cannot reach each other
		const radius = size(next);
		return [6, [[3, [star(next, x - radius * 1.2, y, radius, corners(next))]], [3, [star(next, x + radius * 1.2, y, radius, corners(next))]]]];
	},
	(next, x, y) => [2, path(next, x, y)],
	(next, x, y) => [5, [[2, path(next, x, y)], [2, path(next, x + 500, y)]]],
	(next, x, y) => [1, [x, y]],
	(next, x, y) => [4, [[1, [x, y]], [1, [x + size(next), y]], [1, [x, y - size(next)]]]],
	(next, x, y) => [7, [[3, [star(next, x, y, size(next), corners(next))]], [2, path(next, x, y)], [1, [x + 100, y]]]],
	(next, x, y) => { // millimetres, as drawings have them
		const side = Math.ceil(size(next));
		const [west, south] = [Math.round(x * 1000) / 1000, Math.round(y * 1000) / 1000];
		return [3, [[[west, south], [west + side, south], [west + side, south + side], [west, south + side], [west, south]]]];
	},
];

function makeGeometry(next, [px, py]) {
	const angle = next() * 2 * Math.PI;
	const far = 3000 * next() ** 2;
	return makers[Math.floor(next() * makers.length)](next, px + far * Math.cos(angle), py + far * Math.sin(angle));
}

const kinds = ['FNP', 'FNP_AENDERUNG', 'BP_REGEL', 'BP_REGEL', 'BP_13', 'BP_13A', 'ROP_REG', 'PFV_ENWG'];
export const pick = (next) => ({ kind: kinds[Math.floor(next() * kinds.length)] });

/** Who plans where a and b meet: one of them, both, or nobody, then perhaps an applicant of b's Land. */
export function planners(next, a, b) {
	const planning = [[a], [b], [a, b], []][Math.min(3, Math.floor(next() * 3.5))];
	return { planning, applicant_land: planning.length || next() < 0.5 ? '' : b.slice(0, 2) };
}

/** Vertices where municipalities of two Länder meet, each with the two: [x, y, a, b]. */
export function borderPlaces(referee, ground) {
	const places = referee.ask(ground.name, `select ST_X(v.geom), ST_Y(v.geom), a.ags, b.ags from m a join m b on a.geom && b.geom and left(a.ags, 2) < left(b.ags, 2)
		cross join lateral (select (ST_DumpPoints(ST_Intersection(ST_Boundary(a.geom), ST_Boundary(b.geom)))).geom) v
		where left(a.ags, 2) in ('01', '02') order by 3, 4, 1, 2`).split('\n').map((line) => {
		const [x, y, a, b] = line.split('|');
		return [Number(x), Number(y), a, b];
	});
	// A few hundred sets of planning municipalities are enough, and PostGIS takes long to unite more.
	return places.filter((_, i) => i % 40 === 0);
}

/** So many plans near those places: {kind, planning[], applicant_land, geometry, hex}. */
export const makePlans = (next, places, count) => Array.from({ length: count }, () => {
	const place = places[Math.floor(next() * places.length)];
	const geometry = makeGeometry(next, place);
	return { ...pick(next), ...planners(next, place[2], place[3]), geometry, hex: wkb(geometry) };
});

/** The same as GeoJSON, in metres of EPSG:25832. */
export function geojson([type, content]) {
	const names = ['', 'Point', 'LineString', 'Polygon', 'MultiPoint', 'MultiLineString', 'MultiPolygon'];
	if (type === 7)
		return { type: 'GeometryCollection', geometries: content.map(geojson) };
	return { type: names[type], coordinates: type > 3 ? content.map(([, part]) => part) : content };
}
