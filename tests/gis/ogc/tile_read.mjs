// SPDX-License-Identifier: EUPL-1.2
// Tiles as a client reads them: addresses by a grid's own description, features by OpenLayers, distances in units of the tile.
import { join } from 'node:path';
import { libraries, library } from '../../harness/npm.mjs';

const { reason, require } = library('openlayers');
export const withoutOpenLayers = reason;
/** Where a program finds it by its name alone. */
export const modules = join(libraries, 'openlayers');
/** A module of OpenLayers: what it is for, or all that it has. */
export async function openlayers(name, what = 'default') {
	const module = await import(require.resolve(`ol/${name}.js`));
	return what === '*' ? module : module[what];
}

/** Does something that asks as browsers do. */
export async function withBrowser(what) {
	globalThis.XMLHttpRequest = class {
		headers = {};
		on = {};
		addEventListener(name, hear) { this.on[name] = hear; }
		open(method, url) { Object.assign(this, { method, url }); }
		setRequestHeader(name, value) { this.headers[name] = value; }
		async send() {
			const reply = await fetch(this.url, { method: this.method, headers: this.headers });
			Object.assign(this, { status: reply.status, responseText: await reply.text() });
			this.on.load({ target: this });
		}
	};
	try {
		return await what();
	} finally {
		delete globalThis.XMLHttpRequest;
	}
}

/** Does something that reads and writes XML as browsers do. */
export async function withDocuments(what) {
	const { DOMImplementation, DOMParser, XMLSerializer } = require('@xmldom/xmldom');
	const document = new DOMImplementation().createDocument(null, 'x');
	// Elements alone, which the library leaves to its users.
	const only = (node, way) => {
		while (node && node.nodeType !== 1) node = node[way];
		return node;
	};
	for (let proto = Object.getPrototypeOf(document.documentElement); proto && proto !== Object.prototype; proto = Object.getPrototypeOf(proto))
		if (!('firstElementChild' in proto)) {
			Object.defineProperty(proto, 'firstElementChild', { get() { return only(this.firstChild, 'nextSibling'); } });
			Object.defineProperty(proto, 'nextElementSibling', { get() { return only(this.nextSibling, 'nextSibling'); } });
			break;
		}
	Object.assign(globalThis, { DOMParser, XMLSerializer, document: { implementation: new DOMImplementation() }, Node: { ELEMENT_NODE: 1, TEXT_NODE: 3, CDATA_SECTION_NODE: 4 } });
	try {
		return await what();
	} finally {
		for (const name of ['DOMParser', 'XMLSerializer', 'document', 'Node']) delete globalThis[name];
	}
}

export const extent = 4096;
/** Of a pixel of 256 on an edge. */
export const pixel = extent / 256;

/** Where a place in the grid's CRS lies: {row, col} and x, y in units of that tile, from its upper left corner. */
export function locate(grid, z, [east, north]) {
	const { cellSize, tileWidth, pointOfOrigin: [west, top] } = grid.tileMatrices.find(({ id }) => id === String(z));
	const size = cellSize * tileWidth, across = (east - west) / size, down = (top - north) / size;
	return { row: Math.floor(down), col: Math.floor(across), x: (across % 1) * extent, y: (down % 1) * extent };
}

/** Layer → features {id, properties, type, lines}: lines are lists of [x, y], a point is a line of one. */
export async function readTile(bytes) {
	const layers = new Map();
	const MVT = await openlayers('format/MVT');
	for (const feature of new MVT().readFeatures(bytes)) {
		const { layer, ...properties } = feature.getProperties();
		const flat = feature.getFlatCoordinates();
		const ends = /Point/.test(feature.getType()) ? Array.from({ length: flat.length / 2 }, (_, i) => 2 * i + 2) : (feature.getEndss?.() ?? [feature.getEnds() ?? [flat.length]]).flat();
		const lines = ends.map((end, i) => Array.from({ length: (end - (ends[i - 1] ?? 0)) / 2 }, (_, k) => flat.slice((ends[i - 1] ?? 0) + 2 * k, (ends[i - 1] ?? 0) + 2 * k + 2)));
		if (!layers.has(layer)) layers.set(layer, []);
		layers.get(layer).push({ number: feature.getId(), id: properties.id, properties, type: feature.getType(), lines });
	}
	return layers;
}

const span = ([ax, ay], [bx, by], [x, y]) => {
	const dx = bx - ax, dy = by - ay, along = dx || dy ? Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy))) : 0;
	return Math.hypot(ax + along * dx - x, ay + along * dy - y);
};
const crosses = ([ax, ay], [bx, by], [x, y]) => ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax);

/** How far a place is from what is drawn; 0 within an area. */
export function distance({ type, lines }, place) {
	const pairs = lines.flatMap((line) => line.length === 1 ? [[line[0], line[0]]] : line.slice(1).map((b, i) => [line[i], b]));
	if (/Polygon/.test(type) && pairs.filter(([a, b]) => crosses(a, b, place)).length % 2) return 0;
	return Math.min(...pairs.map(([a, b]) => span(a, b, place)));
}
