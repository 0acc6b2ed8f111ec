// SPDX-License-Identifier: EUPL-1.2
// A reader of XML for tests, whose documents xmllint judges as well: elements as {name, space, attributes, children, text}.
import assert from 'node:assert/strict';

const entities = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const plain = (text) => text.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (_, name) =>
	name[0] !== '#' ? entities[name] : String.fromCodePoint(name[1] === 'x' ? parseInt(name.slice(2), 16) : Number(name.slice(1))));

class Element {
	constructor(tag, raw, parent) {
		this.spaces = { ...parent?.spaces };
		this.attributes = {};
		for (const [, name, , double, single] of raw.matchAll(/([\w:.-]+)\s*=\s*("([^"]*)"|'([^']*)')/g)) {
			const value = plain(double ?? single);
			this.attributes[name] = value;
			if (name === 'xmlns' || name.startsWith('xmlns:'))
				this.spaces[name.slice(6)] = value;
		}
		const [prefix, local] = tag.includes(':') ? tag.split(':') : ['', tag];
		this.name = local;
		this.space = this.spaces[prefix] ?? '';
		this.children = [];
		this.text = '';
	}
	/** Every element of that local name below, in order. */
	all(name) { return this.children.flatMap((child) => [...(child.name === name ? [child] : []), ...child.all(name)]); }
	first(name) { return this.all(name)[0]; }
	child(name) { return this.children.find((each) => each.name === name); }
	attribute(name) { return this.attributes[name]; }
}

export function parse(text) {
	let root;
	const open = [];
	for (const [whole, close, tag, raw, empty] of text.matchAll(/<\?[^>]*\?>|<!--[\s\S]*?-->|<(\/?)([\w:.-]+)((?:[^>"']|"[^"]*"|'[^']*')*?)(\/?)>|[^<]+/g)) {
		if (!whole.startsWith('<')) {
			if (open.length)
				open[open.length - 1].text += plain(whole);
		} else if (close) {
			assert.equal(open.pop()?.name, tag.split(':').pop(), 'elements end as they begin');
		} else if (tag) {
			const element = new Element(tag, raw, open[open.length - 1]);
			open.length ? open[open.length - 1].children.push(element) : (root = element);
			if (!empty)
				open.push(element);
		}
	}
	assert.equal(open.length, 0);
	return root;
}
