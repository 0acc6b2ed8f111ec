// SPDX-License-Identifier: EUPL-1.2
/*
 * Whether rings can be shown to the server while they are still being drawn: a line that crosses
 * itself, or areas that meet, are no area yet, and to ask what they concern would only be refused.
 */
type Point = readonly number[];
type Ring = readonly Point[];

const turn = (a: Point, b: Point, c: Point): number => Math.sign((b[0]! - a[0]!) * (c[1]! - a[1]!) - (b[1]! - a[1]!) * (c[0]! - a[0]!));
const within = (a: Point, b: Point, p: Point): boolean =>
	Math.min(a[0]!, b[0]!) <= p[0]! && p[0]! <= Math.max(a[0]!, b[0]!) && Math.min(a[1]!, b[1]!) <= p[1]! && p[1]! <= Math.max(a[1]!, b[1]!);

/** Whether two segments have a point in common. */
function meet(a: Point, b: Point, c: Point, d: Point): boolean {
	const one = turn(a, b, c), two = turn(a, b, d), three = turn(c, d, a), four = turn(c, d, b);
	if (one !== two && three !== four && one * two <= 0 && three * four <= 0) return true;
	return (one === 0 && within(a, b, c)) || (two === 0 && within(a, b, d)) || (three === 0 && within(c, d, a)) || (four === 0 && within(c, d, b));
}

/** A closed ring that encloses something and neither crosses nor touches itself. */
export function isSimple(ring: Ring): boolean {
	const last = ring.length - 1;
	if (last < 3) return false;
	let double = 0;
	for (let i = 0; i < last; i++) double += ring[i]![0]! * ring[i + 1]![1]! - ring[i + 1]![0]! * ring[i]![1]!;
	if (double === 0) return false;
	for (let i = 0; i < last; i++)
		for (let k = i + 1; k < last; k++) {
			if (k === i + 1 || (i === 0 && k === last - 1)) {
				// Neighbours share a vertex; they must not run back on each other.
				const [from, at, to] = k === i + 1 ? [ring[i]!, ring[k]!, ring[k + 1]!] : [ring[k]!, ring[0]!, ring[1]!];
				if (turn(from, at, to) === 0 && (within(from, at, to) || within(at, to, from))) return false;
			} else if (meet(ring[i]!, ring[i + 1]!, ring[k]!, ring[k + 1]!)) return false;
		}
	return true;
}

function inside(point: Point, ring: Ring): boolean {
	let is = false;
	for (let i = 0, k = ring.length - 2; i < ring.length - 1; k = i++) {
		const [x, y] = ring[i] as [number, number], [u, v] = ring[k] as [number, number];
		if (y > point[1]! !== v > point[1]! && point[0]! < ((u - x) * (point[1]! - y)) / (v - y) + x) is = !is;
	}
	return is;
}

/** Whether two rings cross, touch, or lie in each other. */
export function ringsMeet(one: Ring, other: Ring): boolean {
	for (let i = 0; i + 1 < one.length; i++)
		for (let k = 0; k + 1 < other.length; k++) if (meet(one[i]!, one[i + 1]!, other[k]!, other[k + 1]!)) return true;
	return inside(one[0]!, other) || inside(other[0]!, one);
}
