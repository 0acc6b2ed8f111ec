// SPDX-License-Identifier: EUPL-1.2
// Landing page, conformance and collections as XML (OGC 17-069r4 §8.4, GML Simple Features level 0): who gets it, that it is valid by the official
// schema, and that it says what JSON says.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { shared, startServer, withoutShared } from '../../harness/server.mjs';
import { parse } from '../wfs/xml.mjs';
import { lint, withoutPackages } from './judge.mjs';

const space = 'http://www.opengis.net/ogcapi-features-1/1.0';
const paths = { '': 'LandingPage', '/conformance': 'ConformsTo', '/collections': 'Collections', '/collections/plans': 'Collections' };

describe('OGC API as XML', () => {
	let server, folder;
	before(async () => {
		server = await startServer({ settings: { rate_public: 10000000 } });
		folder = mkdtempSync(join(tmpdir(), 'pp-core-xml-'));
	});
	after(async () => {
		await server.stop();
		rmSync(folder, { recursive: true });
	});
	const get = async (path, headers = {}) => {
		const reply = await fetch(`${server.address}/ogc${path}`, { headers });
		return { status: reply.status, type: reply.headers.get('content-type'), headers: reply.headers, text: await reply.text() };
	};
	const read = async (path, headers) => {
		const reply = await get(path, headers);
		assert.deepEqual([reply.status, reply.type], [200, 'application/xml'], reply.text);
		return parse(reply.text);
	};
	const linksOf = (element) => element.children.filter(({ name }) => name === 'link').map(({ attributes: { rel, type, title, href } }) => ({ href, rel, type, title }));

	it('is there for whoever asks for it, by f or by Accept; everybody else gets JSON', async () => {
		for (const [path, root] of Object.entries(paths)) {
			for (const words of [[`${path}?f=xml`], [path, { accept: 'application/xml' }], [path, { accept: 'application/gml+xml, application/xml;q=0.5' }], [`${path}?f=xml`, { accept: 'application/json' }]]) {
				const xml = await read(...words);
				assert.deepEqual([xml.name, xml.space, xml.attribute('version')], [root, space, '1.0.0']);
			}
			for (const words of [[path], [`${path}?f=json`, { accept: 'application/xml' }], [path, { accept: 'application/json, application/xml' }], [path, { accept: '*/*' }]])
				assert.equal((await get(...words)).type, 'application/json', JSON.stringify(words));
			assert.match((await get(path)).headers.get('vary'), /Accept(,|$)/);
			assert.equal((await get(`${path}?f=gml`)).status, 400);
			const { headers } = await get(`${path}?f=xml`);
			assert.equal((await get(`${path}?f=xml`, { 'if-none-match': headers.get('etag') })).status, 304);
			assert.equal((await get(path, { 'if-none-match': headers.get('etag') })).status, 200, 'JSON has another tag');
		}
	});
	it('says what JSON says, in German and English', async () => {
		for (const language of ['de', 'en']) {
			const headers = { 'accept-language': language };
			const json = async (path) => JSON.parse((await get(path, headers)).text);
			const landing = await json(''), xml = await read('?f=xml', headers);
			assert.deepEqual([xml.child('Title').text, xml.child('Description').text, xml.child('Description').attribute('xml:lang')], [landing.title, landing.description, language]);
			for (const { rel, href } of landing.links.filter((link) => !['self', 'alternate'].includes(link.rel)))
				assert.ok(linksOf(xml).some((link) => link.rel === rel && link.href === href), rel);
			assert.deepEqual((await read('/conformance?f=xml', headers)).children.map((each) => each.attribute('href')), (await json('/conformance')).conformsTo);
			const { collections } = await json('/collections'), list = (await read('/collections?f=xml', headers)).all('Collection');
			assert.deepEqual(list.map((each) => each.child('Id').text), collections.map(({ id }) => id));
			for (const [i, each] of list.entries()) {
				const collection = collections[i];
				assert.deepEqual([each.child('ItemType').text, each.child('Title').text, each.child('Description').text, each.children.filter(({ name }) => name === 'Crs').map(({ text }) => text), each.child('StorageCrs').text],
					[collection.itemType, collection.title, collection.description, collection.crs, collection.storageCrs]);
				assert.deepEqual([...each.first('LowerCorner').text.split(' '), ...each.first('UpperCorner').text.split(' ')].map(Number), collection.extent.spatial.bbox[0]);
				const others = (links) => links.filter(({ rel }) => !['self', 'alternate'].includes(rel));
				assert.deepEqual(others(linksOf(each)), others(collection.links));
				assert.deepEqual((await read(`/collections/${collection.id}?f=xml`, headers)).all('Collection').map((one) => one.child('Id').text), [collection.id]);
			}
		}
	});
	it('has links to itself and to the other media type that lead there, from both', async () => {
		for (const path of Object.keys(paths)) {
			const collection = (body) => (path === '/collections/plans' ? body.all('Collection')[0] : body);
			if (path === '/conformance')
				continue;
			for (const [links, type] of [[linksOf(collection(await read(`${path}?f=xml`))), 'application/xml'], [JSON.parse((await get(path)).text).links, 'application/json']]) {
				const [self, alternate] = ['self', 'alternate'].map((rel) => links.filter((link) => link.rel === rel));
				assert.deepEqual([self.length, alternate.length, self[0].type], [1, 2, type]);
				for (const link of [self[0], ...alternate])
					assert.equal((await fetch(link.href)).headers.get('content-type'), link.type, link.href);
			}
		}
	});
	it('is valid by the official schema', { skip: withoutShared('data/ogcapi/part1/xml/core.xsd') }, async () => {
		// Of Atom the one element that is used, as RFC 4287 §4.2.7 has it: its schema lies elsewhere.
		writeFileSync(join(folder, 'atom.xsd'), `<schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.w3.org/2005/Atom"><element name="link"><complexType><attribute name="href" type="anyURI" use="required"/>
			${['rel', 'type', 'hreflang', 'title', 'length'].map((name) => `<attribute name="${name}" type="string"/>`).join('')}</complexType></element></schema>`);
		writeFileSync(join(folder, 'core.xsd'), readFileSync(join(shared, 'data/ogcapi/part1/xml/core.xsd'), 'utf8').replace('http://schemas.opengis.net/kml/2.3/atom-author-link.xsd', 'atom.xsd')
			.replace('http://www.w3.org/2001/xml.xsd', `file://${join(shared, 'data/ogc-schemas/w3c/xml.xsd')}`).replace('http://www.w3.org/1999/xlink.xsd', `file://${join(shared, 'data/ogc-schemas/w3c/xlink.xsd')}`));
		const judge = (text) => {
			writeFileSync(join(folder, 'it.xml'), text);
			return spawnSync('xmllint', ['--nonet', '--noout', '--schema', join(folder, 'core.xsd'), join(folder, 'it.xml')], { encoding: 'utf8', env: { ...process.env, XML_CATALOG_FILES: join(shared, 'data/ogc-schemas/catalog.xml') } });
		};
		for (const path of Object.keys(paths)) {
			const { text } = await get(`${path}?f=xml`);
			const { status, stderr } = judge(text);
			assert.equal(status, 0, `${path}: ${stderr}`);
			assert.notEqual(judge(text.replace('atom:link', 'atom:lonk')).status, 0, 'it can be invalid');
		}
	});
	it('is declared, with GML and with OpenAPI 3.0, whose document is valid and there under its media type', { skip: withoutPackages }, async () => {
		const { conformsTo } = JSON.parse((await get('/conformance')).text);
		for (const name of ['oas30', 'gmlsf0'])
			assert.ok(conformsTo.includes(`http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/${name}`), name);
		const { href, type } = JSON.parse((await get('')).text).links.find(({ rel }) => rel === 'service-desc');
		const reply = await fetch(href, { headers: { accept: type } });
		assert.equal(reply.headers.get('content-type'), type);
		const text = await reply.text(), api = JSON.parse(text);
		assert.deepEqual(await lint(text), []);
		// 17-069r4 /req/oas30/completeness and exceptions-codes: what is there answers as the document says.
		const resolved = (node) => (node?.$ref ? node.$ref.slice(2).split('/').reduce((at, name) => at[name], api) : node);
		for (const path of Object.keys(paths)) {
			const { responses, parameters } = api.paths[path || '/'].get;
			for (const format of ['json', 'xml']) {
				assert.ok(resolved(responses[200]).content[(await get(`${path}?f=${format}`)).type]);
				assert.ok(resolved(parameters[0]).schema.enum.includes(format));
			}
			assert.ok('400' in responses && (await get(`${path}?unknown=1`)).status === 400);
		}
		assert.ok('404' in api.paths['/collections/plans'].get.responses && (await get('/collections/rivers')).status === 404);
	});
});
