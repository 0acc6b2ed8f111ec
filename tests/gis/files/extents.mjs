// SPDX-License-Identifier: EUPL-1.2
// Real XPlanGML files read a second way, by patterns: what stands in them, and the rings of their
// extents with 500 positions on every arc.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { data } from './support.mjs';

export const folder = join(data, 'xplan');

// Every plan of every file: class, version, kind of procedure, EPSG code, planning municipalities.
export const expected = {
	'BP_4.1_LA67.gml': [['BP_Plan', '4.1', 'BP_REGEL', 31467]],
	'BP_5.1_BPlan001_HH_at_Schenefeld_border.gml': [['BP_Plan', '5.1', 'BP_REGEL', 25832, '02000000']],
	'BP_5.1_orientation_invalid_NEGATIVE.gml': [['BP_Plan', '5.1', 'BP_REGEL', 25832, '02000000']],
	'BP_5.2_Langenhorn51_3plans.gml': Array(3).fill(['BP_Plan', '5.2', 'BP_REGEL', 25832, '02000000']),
	'BP_5.4_HafenCity11_14_curves.gml': Array(2).fill(['BP_Plan', '5.4', 'BP_REGEL', 25832, '02000000']),
	'BP_6.0_BPlan001.gml': [['BP_Plan', '6.0', 'BP_REGEL', 25832, '02000000']],
	'BP_6.0_syntaxErrors_NEGATIVE.gml': [['BP_Plan', '6.0', 'BP_REGEL', 25832, '02000000']],
	'FP_5.1_HH_at_Tangstedt_border.gml': [['FP_Plan', '5.1', 'FNP', 25832]],
	'FP_6.0_FNP_Test.gml': [['FP_Plan', '6.0', 'FNP', 25832]],
	'LP_6.0_LP-Test.gml': [['LP_Plan', '6.0', '', 25832, '02000000']],
	'RP_5.1_RROP_Landkreis_Uelzen_like.gml.gz': [['RP_Plan', '5.1', 'ROP_REG', 25832]],
	'SO_6.0_StErhVO_Hamm.gml': [['SO_Plan', '6.0', '', 25832]],
};

/** The text of every extent of a file, in its order. */
export function extentsOf(name) {
	const bytes = readFileSync(join(folder, name));
	const text = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
	return [...text.matchAll(/<(?:xplan:)?raeumlicherGeltungsbereich>([^]*?)<\/(?:xplan:)?raeumlicherGeltungsbereich>/g)]
		.map((match) => match[1]);
}

export const hasArcs = (extent) => /<gml:(Arc|ArcString|Circle)[ >]/.test(extent);

/** All rings of an extent. */
export function denseRings(extent) {
	return [...extent.matchAll(/<gml:(exterior|interior)>([^]*?)<\/gml:\1>/g)].map(([, , boundary]) => {
		const ring = [];
		for (const [, kind, positions] of boundary.matchAll(
			/<gml:(LinearRing|LineStringSegment|LineString|ArcString|Arc)(?: [^>]*)?>([^]*?)<\/gml:\1>/g)) {
			const numbers = [...positions.matchAll(/<gml:pos(?:List)?(?: [^>]*)?>([^<]*)</g)]
				.flatMap((match) => match[1].trim().split(/\s+/)).map(Number);
			const points = numbers.flatMap((x, i) => (i % 2 ? [] : [[x, numbers[i + 1]]]));
			if (kind.startsWith('Arc'))
				for (let i = 0; i + 2 < points.length; i += 2)
					ring.push(...denseArc(points[i], points[i + 1], points[i + 2]));
			else
				ring.push(...points);
		}
		return ring;
	});
}

// In coordinates from the middle position: the centre m is as far from a and c as from there.
function denseArc(first, [ox, oy], last) {
	const [ax, ay, cx, cy] = [first[0] - ox, first[1] - oy, last[0] - ox, last[1] - oy];
	const d = 2 * (ax * cy - ay * cx), a = ax * ax + ay * ay, c = cx * cx + cy * cy;
	if (Math.abs(d) < 1e-9 * (a + c))
		return [first, [ox, oy], last];
	const mx = (cy * a - ay * c) / d, my = (ax * c - cx * a) / d, r = Math.hypot(mx, my);
	const middle = Math.atan2(-my, -mx);
	const turn = (x, y) => {
		const angle = Math.atan2(y - my, x - mx) - middle;
		return angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
	};
	const [from, to] = [turn(ax, ay), turn(cx, cy)];
	return Array.from({ length: 501 }, (_, i) => middle + from + ((to - from) * i) / 500)
		.map((angle) => [ox + mx + r * Math.cos(angle), oy + my + r * Math.sin(angle)]);
}

// GeoJSON's rings end where they began; those of drawings within a millimetre of it.
const closed = (ring) => (Math.hypot(ring[0][0] - ring.at(-1)[0], ring[0][1] - ring.at(-1)[1]) <= 0.001 ? [...ring.slice(0, -1), ring[0]] : ring);

/** An extent as GeoJSON in its own CRS, each polygon and each patch of a surface on its own. */
export const multiPolygon = (extent) => ({
	type: 'MultiPolygon',
	coordinates: [...extent.matchAll(/<gml:(Polygon|PolygonPatch)(?: [^>]*)?>([^]*?)<\/gml:\1>/g)].map(([, , polygon]) => denseRings(polygon).map(closed)),
});
