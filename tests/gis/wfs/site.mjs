// SPDX-License-Identifier: EUPL-1.2
// The site of tests/gis/ogc with a client of its WFS. Every document that comes is kept, and all of them are judged by the official
// schemas in the end.
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { shared, withoutShared } from '../../harness/server.mjs';
import { openSite as openOgc } from '../ogc/site.mjs';
import { parse } from './xml.mjs';

const schemas = join(shared, 'data/ogc-schemas');
export const withoutSchemas = withoutShared('data/ogc-schemas/validate.sh');
export const urn = (code) => code === 84 ? 'urn:ogc:def:crs:OGC:1.3:CRS84' : `urn:ogc:def:crs:EPSG::${code}`;
export const byId = 'http://www.opengis.net/def/query/OGC-WFS/0/GetFeatureById';

/** Schemas of answers to clients that speak older versions. */
const dialects = { '1.0.0': 'WFS-transaction', '1.1.0': 'wfs' };
/** Their schema in a copy in which every file has one name: xmllint takes them twice by two. What 1.0 takes from GML 2 stands in no answer of ours to a
 * transaction, and lies nowhere here: its names are enough. */
function older(folder, dialect) {
	const copy = join(folder, `schemas${dialect}`);
	cpSync(schemas, copy, { recursive: true });
	const names = readdirSync(copy, { recursive: true }).filter((name) => name.endsWith('.xsd')).map((name) => join(copy, name));
	for (const name of names)
		writeFileSync(name, readFileSync(name, 'utf8').replaceAll('schemaLocation="http://schemas.opengis.net/', `schemaLocation="file://${copy}/`));
	mkdirSync(join(copy, 'gml/2.1.2'), { recursive: true });
	for (const name of ['feature', 'geometry'])
		writeFileSync(join(copy, `gml/2.1.2/${name}.xsd`), `<schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.opengis.net/gml">${['_Geometry', 'Box', '_Feature', '_FeatureCollection'].map((each) => `<element name="${each}"/>`).join('')}
			<complexType name="AbstractFeatureCollectionType"/></schema>`);
	return `file://${join(copy, `wfs/${dialect}/${dialects[dialect]}.xsd`)}`;
}

export async function openSite() { return asWfs(await openOgc()); }

/** A client of WFS on a server that has something in it: {server, stop}. What site.credentials has is a field of every request. */
export function asWfs(site) {
	const folder = mkdtempSync(join(tmpdir(), 'pp-wfs-'));
	const stop = site.stop;
	const documents = join(folder, 'documents');
	let count = 0;
	for (const dialect of ['', ...Object.keys(dialects)])
		mkdirSync(documents + dialect);
	site.wfs = `${site.server.address}/wfs`;
	const take = async (url, options) => {
		const reply = await fetch(url, { ...options, headers: { ...site.credentials, ...options.headers } });
		const text = await reply.text(), type = reply.headers.get('content-type') ?? '';
		const result = { url, status: reply.status, headers: reply.headers, type, text };
		if (/xml/.test(type)) {
			result.xml = parse(text);
			const old = result.xml.space === 'http://www.opengis.net/wfs' ? result.xml.attribute('version') ?? '1.1.0' : '';
			// What GDAL is told in its own mixture of versions is of no schema; features of 1.1 are judged where they are asked for.
			if (result.xml.name !== 'schema' && old !== '2.0.0' && !(old && result.xml.name === 'FeatureCollection'))
				writeFileSync(join(documents + old, `${String(++count).padStart(5, '0')}.xml`), text);
		}
		return result;
	};
	/** A request by its parameters, or by an address. */
	site.ask = (query, headers = {}) => take(typeof query === 'string' ? query : `${site.wfs}?${new URLSearchParams({ SERVICE: 'WFS', VERSION: '2.0.0', ...query })}`, { headers });
	site.post = (body, headers = {}) => take(site.wfs, { method: 'POST', body, headers: { 'content-type': 'text/xml', ...headers } });
	site.good = async (...words) => {
		const reply = await (typeof words[0] === 'string' && words[0].startsWith('<') ? site.post(...words) : site.ask(...words));
		assert.equal(reply.status, 200, `${JSON.stringify(words)}: ${reply.text.slice(0, 600)}`);
		return reply;
	};
	/** What a report of exceptions says, in whatever version: {status, code, locator, text}, and the report. */
	site.refused = async (query, headers) => {
		const reply = await (typeof query === 'string' && query.startsWith('<') ? site.post(query, headers) : site.ask(query, headers));
		if (reply.xml?.name === 'ServiceExceptionReport') {
			const exception = reply.xml.child('ServiceException');
			return { status: reply.status, code: exception.attribute('code'), locator: exception.attribute('locator'), text: exception.text, report: reply.xml };
		}
		assert.equal(reply.xml?.name, 'ExceptionReport', reply.text.slice(0, 600));
		const exception = reply.xml.child('Exception');
		return { report: reply.xml, status: reply.status, code: exception.attribute('exceptionCode'), locator: exception.attribute('locator'), text: exception.child('ExceptionText').text };
	};
	/** Features of a document, each as {type, id, element}. */
	site.members = (reply) => reply.xml.all('member').filter((member) => member.children[0] && member.children[0].name !== 'FeatureCollection')
		.map(({ children: [element] }) => ({ type: element.name, id: element.attribute('gml:id'), element }));
	site.features = async (type, query = {}) => site.members(await site.good({ REQUEST: 'GetFeature', TYPENAMES: `pp:${type}`, ...query }));
	/** Keys of the features of a question, in the order in which they came. */
	site.keys = async (type, query) => (await site.features(type, query)).map(({ id }) => plainId(id));
	/** What xmllint has against the documents that came since it was last asked; it wants the schema of our own types as well. */
	site.judge = async () => {
		const all = join(folder, 'all.xsd');
		writeFileSync(join(folder, 'pp.xsd'), (await site.good({ REQUEST: 'DescribeFeatureType' }, site.token ? { Authorization: `Bearer ${site.token}` } : {})).text);
		writeFileSync(all, `<schema xmlns="http://www.w3.org/2001/XMLSchema">${Object.entries({ 'http://www.opengis.net/wfs/2.0': 'http://schemas.opengis.net/wfs/2.0/wfs.xsd',
			'http://www.opengis.net/ows/1.1': 'http://schemas.opengis.net/ows/1.1.0/owsAll.xsd', 'http://www.opengis.net/fes/2.0': 'http://schemas.opengis.net/filter/2.0/filterAll.xsd',
			'http://www.opengis.net/ows': 'http://schemas.opengis.net/ows/1.0.0/owsAll.xsd', 'http://www.opengis.net/ogc': 'http://schemas.opengis.net/wfs/1.0.0/OGC-exception.xsd',
			'urn:planungsplattform:features:1': `file://${join(folder, 'pp.xsd')}` }).map(([space, place]) => `<import namespace="${space}" schemaLocation="${place}"/>`).join('')}</schema>`);
		const found = { status: 0, count, errors: [] };
		for (const dialect of ['', ...Object.keys(dialects)]) {
			const names = readdirSync(documents + dialect).map((name) => join(documents + dialect, name));
			if (!names.length)
				continue;
			const schema = dialect ? older(folder, dialect) : all;
			// Not in one go: connections end meanwhile, and fetch has to notice.
			const { code: status = 0, stderr } = await promisify(execFile)('xmllint', ['--nonet', '--noout', '--huge', '--schema', schema, ...names], { maxBuffer: 1 << 28, env: { ...process.env, XML_CATALOG_FILES: join(schemas, 'catalog.xml') } }).catch((error) => error);
			found.status ||= status;
			names.forEach((name) => rmSync(name));
			found.errors.push(...stderr.split('\n').filter((line) => line && !/ validates$|Skipping import of schema/.test(line)));
		}
		return found;
	};
	/** What a phase of the Schematron rules for capabilities has against them. */
	site.rules = (text, phase) => {
		const file = join(folder, 'capabilities.xml');
		writeFileSync(file, text);
		const { stdout, stderr } = spawnSync('/usr/bin/python3', [join(schemas, 'schcheck.py'), join(schemas, 'sch/wfs-capabilities-2.0.sch'), file, phase], { encoding: 'utf8' });
		assert.equal(stderr, '');
		return stdout.trim().split('\n');
	};
	site.stop = async () => {
		await stop();
		rmSync(folder, { recursive: true });
	};
	return site;
}

/** The id that a gml:id has behind the type. */
export const plainId = (id) => id.slice(id.indexOf('.') + 1).replace(/_([0-9a-f]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
/** All numbers of the positions below an element. */
export const numbers = (element) => [...element.all('pos'), ...element.all('posList')].flatMap(({ text }) => text.trim().split(/\s+/).map(Number));
