// SPDX-License-Identifier: EUPL-1.2
// Every format holds the same features: what GeoJSON says, GML and CSV say, in every collection and CRS. Python's parsers read them,
// GDAL opens them, and GML is valid by the official schemas and its own.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { root, shared, startServer, withoutShared } from '../../harness/server.mjs';
import { confirm, ellerbek, fileBoth, hamburg } from '../../api/support.mjs';

const uri = (code) => code === 84 ? 'http://www.opengis.net/def/crs/OGC/1.3/CRS84' : `http://www.opengis.net/def/crs/EPSG/0/${code}`;
const types = {
	json: 'application/geo+json',
	gml: 'application/gml+xml;version=3.2;profile="http://www.opengis.net/def/profile/ogc/2.0/gml-sf0"',
	csv: 'text/csv;charset=utf-8;header=present',
	fgb: 'application/flatgeobuf',
	html: 'text/html;charset=utf-8',
};
const hostile = '=1+1 <b>&amp;"\u0001\r\n\uffff ä]]>\u{1f600}, \'; drop';
const collections = ['procedures', 'plans', 'affected_municipalities', 'municipalities', 'adjacency', 'statements'];

/** What GML cannot say, and what CSV must not. */
const said = {
	gml: (text) => text.replace(/[\u0001\uffff]/g, '\ufffd'),
	csv: (text) => /^[=+\-@\t\r]/.test(text) ? `'${text}` : text,
};

const ran = (input, command, ...args) => {
	const { status, stdout, stderr } = spawnSync(command, args, { input, encoding: 'utf8', maxBuffer: 1 << 28 });
	assert.equal(status, 0, `${command} ${args.join(' ')}: ${stderr}`);
	return stdout;
};
const read = (format, text) => JSON.parse(ran(text, 'python3', join(root, 'tests/gis/ogc/features.py'), format));

/** The links of a field (RFC 8288). */
const linksOf = (field) => [...(field ?? '').matchAll(/<([^>]*)>; rel="([^"]*)"; type="((?:[^"\\]|\\.)*)"/g)]
	.map(([, href, rel, type]) => ({ href, rel, type: type.replace(/\\(.)/g, '$1') }));

describe('formats of features', () => {
	let server, folder;
	const get = async (path, headers = {}) => {
		const reply = await fetch(path.startsWith('http') ? path : `${server.address}/ogc${path}`, { headers });
		return { status: reply.status, headers: reply.headers, text: await reply.text() };
	};
	const must = async (path, headers) => {
		const reply = await get(path, headers);
		assert.equal(reply.status, 200, `${path}: ${reply.text.slice(0, 300)}`);
		return reply;
	};
	const same = (format, found, expected, where) => {
		assert.equal(found.features.length, expected.length, where);
		expected.forEach((feature, i) => {
			const other = found.features[i];
			assert.equal(other.id, feature.id, where);
			assert.deepEqual(other.coordinates, feature.geometry?.geometries?.flatMap((part) => part.coordinates.flat(9)) ?? feature.geometry?.coordinates.flat(9) ?? [], `${where} ${feature.id}`);
			for (const [name, value] of Object.entries(feature.properties)) {
				const text = other.properties[name] ?? null;
				if (value === null)
					assert.ok(format === 'gml' ? text === null : text === '', `${where} ${name}`);
				else if (typeof value === 'number')
					assert.equal(Number(text), value, `${where} ${name}`);
				else
					assert.equal(text, said[format](String(value)), `${where} ${name}`);
			}
			const names = Object.keys(feature.properties).filter((name) => format === 'csv' || feature.properties[name] !== null);
			assert.deepEqual(Object.keys(other.properties), names, where);
		});
	};

	before(async () => {
		folder = mkdtempSync(join(tmpdir(), 'formats-'));
		server = await startServer({ settings: { rate_public: 0 } });
		const { token } = await server.account('manager', hamburg);
		for (let i = 0; i < 3; i++) {
			const { procedure, plan } = await fileBoth(server, token);
			await confirm(server, token, plan);
			await server.must(200, 'POST', `/procedures/${procedure}/publish`, { token, body: {} });
		}
		// No door lets such a title in; whatever lies in the table must be written all the same.
		await server.sql(`update pp.feature_procedures set title = :'title' where fid = (select min(fid) from pp.feature_procedures)`, { title: hostile });
		await server.sql(`insert into pp.feature_statements (fid, key, born, valid_from, digest, geom, number, procedure, procedure_number, round, author_role,
				author_role_text, stance, stance_text, state, received_on, on_time, text)
			select gen_random_uuid(), '', born, valid_from, sha256(n::text::bytea), case when n > 1 then ST_MakeEnvelope(565000, 5943000, 566000, 5944000, 25832) end, 'S-' || n, fid::uuid, number,
				gen_random_uuid(), 'OEFF', 'Öffentlichkeit', 'BEDENKEN', 'Bedenken', 'X', '2026-01-01', true, case when n > 1 then :'title' end
			from generate_series(1, 3) n, (select * from pp.feature_procedures limit 1) p`, { title: hostile });
	});
	after(async () => {
		await server.stop();
		rmSync(folder, { recursive: true });
	});

	it('say the same of every collection in every CRS', async () => {
		for (const collection of collections)
			for (const code of [84, 25832, 25833, 3857, 4326, 4258]) {
				const path = `/collections/${collection}/items?limit=${code === 25832 ? 2000 : 30}&crs=${uri(code)}`;
				const { features } = JSON.parse((await must(path)).text);
				assert.ok(features.length > 2, collection);
				for (const format of ['gml', 'csv']) {
					const { headers, text } = await must(`${path}&f=${format}`);
					const where = `${collection} ${code} ${format}`, found = read(format, text);
					assert.equal(headers.get('content-type'), types[format]);
					assert.equal(headers.get('content-crs'), `<${uri(code)}>`);
					assert.equal(headers.get('ogc-numberreturned'), String(features.length));
					same(format, found, features, where);
					if (format === 'gml')
						assert.deepEqual(found.srs, [uri(code)], where);
				}
			}
	});

	it('say what stands in the columns, however long it is', async () => {
		// Where a cell's length takes more than a byte (pp.feature_cells), and beyond what two bytes can say.
		const plain = (name, value) => value && /_at$|^valid_|modified|_since$/.test(name) ? Date.parse(value) : value;
		const lengths = [0, 1, 127, 128, 252, 253, 254, 255, 256, 70_000];
		await server.sql(`insert into pp.feature_statements (fid, key, born, valid_from, digest, number, procedure, procedure_number, round, author_role,
				author_role_text, stance, stance_text, state, received_on, on_time, text)
			select 'long-' || n, '', born, valid_from, digest, number, procedure, procedure_number, round, author_role, author_role_text, stance, stance_text, state, received_on, on_time, repeat('x', n)
			from unnest('{${lengths}}'::int[]) n, (select * from pp.feature_statements limit 1) s`);
		for (const collection of collections) {
			const { features } = JSON.parse((await must(`/collections/${collection}/items?limit=10000`)).text);
			const rows = await server.sql(`select f.fid, to_jsonb(f) - 'geom' - 'cells' as columns from pp.feature_${collection} f where died is null order by fid`);
			assert.deepEqual(features.map(({ id }) => id), rows.map(({ fid }) => fid));
			features.forEach(({ id, properties }, i) => {
				const { columns } = rows[i];
				for (const [name, value] of Object.entries(properties)) {
					const expected = columns[name === 'modified' ? 'valid_from' : name];
					if (name !== 'days_left')
						assert.equal(plain(name, value), plain(name, expected), `${collection} ${id} ${name}`);
				}
			});
		}
		await server.sql("delete from pp.feature_statements where fid like 'long-%'");
	});

	it('say the same of one feature', async () => {
		for (const collection of collections) {
			const [{ id }] = JSON.parse((await must(`/collections/${collection}/items?limit=1`)).text).features;
			const path = `/collections/${collection}/items/${id}`;
			const feature = JSON.parse((await must(path)).text);
			for (const format of ['gml', 'csv']) {
				const { headers, text } = await must(`${path}?f=${format}`);
				same(format, read(format, text), [feature], path);
				const links = linksOf(headers.get('link'));
				assert.deepEqual(links.map(({ rel }) => rel).sort(), ['alternate', 'alternate', 'alternate', 'alternate', 'collection', 'self']);
			}
		}
	});

	it('are valid by the official schemas', { skip: withoutShared('data/ogc-schemas/validate.sh') }, async () => {
		const core = join(shared, 'data/ogcapi/part1/xml/core-sf.xsd'), catalog = join(shared, 'data/ogc-schemas/catalog.xml');
		const valid = (name, path) => {
			const all = join(folder, 'all.xsd');
			writeFileSync(all, `<schema xmlns="http://www.w3.org/2001/XMLSchema"><import namespace="http://www.opengis.net/ogcapi-features-1/1.0/sf" schemaLocation="file://${core}"/>
				<import namespace="urn:planungsplattform:features:1" schemaLocation="file://${join(folder, name)}.xsd"/></schema>`);
			return spawnSync('xmllint', ['--nonet', '--noout', '--huge', '--schema', all, path], { encoding: 'utf8', env: { ...process.env, XML_CATALOG_FILES: catalog } });
		};
		for (const collection of collections) {
			const { headers, text } = await must(`/collections/${collection}/schema?f=xsd`);
			assert.equal(headers.get('content-type'), 'application/xml');
			writeFileSync(join(folder, `${collection}.xsd`), text);
			const [{ id }] = JSON.parse((await must(`/collections/${collection}/items?limit=1`)).text).features;
			for (const path of ['?limit=2000', `/${id}`, '?limit=3&crs=' + uri(25832), '?bbox=0,0,1,1']) {
				const { text: gml } = await must(`/collections/${collection}/items${path}`, { accept: 'application/gml+xml' });
				const file = join(folder, `${collection}.gml`);
				assert.ok(gml.includes(`urn:planungsplattform:features:1 ${server.address}/ogc/collections/${collection}/schema?f=xsd`), 'the schema is where it says');
				writeFileSync(file, gml);
				const { status, stderr } = valid(collection, file);
				assert.equal(status, 0, stderr.slice(0, 2000));
				writeFileSync(file, gml.replaceAll(/<pp:(valid_from|name)>[^<]*</g, '<pp:$1><x/><'));
				if (gml.includes('<pp:valid_from>'))
					assert.notEqual(valid(collection, file).status, 0, 'it can be invalid');
			}
		}
	});

	it('are opened by GDAL, with geometries where they are', async () => {
		for (const collection of collections) {
			const path = `/collections/${collection}/items?limit=2000&crs=${uri(4326)}`;
			const { features } = JSON.parse((await must(path)).text);
			for (const format of ['gml', 'csv']) {
				const file = join(folder, `gdal_${collection}.${format}`);
				writeFileSync(file, (await must(`${path}&f=${format}`)).text);
				writeFileSync(join(folder, `gdal_${collection}.xsd`), (await must(`/collections/${collection}/schema?f=xsd`)).text);
				const lines = JSON.parse(ran('', 'ogr2ogr', '-f', 'GeoJSON', '/vsistdout/', file)).features;
				assert.equal(lines.length, features.length, `${collection} ${format}`);
				lines.forEach(({ geometry }, i) => {
					const coordinates = (g) => (g?.geometries ?? [g]).flatMap((part) => part?.coordinates.flat(9) ?? []);
					// GDAL turns GML of EPSG:4326 into longitude and latitude, CSV it takes as it stands.
					const expected = coordinates(features[i].geometry), found = coordinates(geometry);
					assert.equal(found.length, expected.length);
					found.forEach((n, at) => assert.ok(Math.abs(n - expected[format === 'gml' ? at ^ 1 : at]) < 1e-6, `${collection} ${format} ${n}`));
				});
			}
		}
	});

	it('are whole in pages, by links in the field Link', async () => {
		for (const [collection, limit] of [['municipalities', 700], ['adjacency', 1500], ['procedures', 2]]) {
			const whole = JSON.parse((await must(`/collections/${collection}/items?limit=100000`)).text);
			for (const [format, accept] of [['gml'], ['csv'], ...(limit < 700 ? [['csv', 'text/csv']] : [])]) {
				const all = [];
				for (let next = `/collections/${collection}/items?limit=${limit}${accept ? '' : `&f=${format}`}`; next;) {
					const first = all.length === 0, { headers, text } = await must(next, first && accept ? { accept } : {});
					const { features } = read(format, text), links = linksOf(headers.get('link'));
					all.push(...features.map(({ id }) => id));
					assert.equal(headers.get('content-type'), types[format], 'also of a page that only its link names');
					assert.equal(headers.get('ogc-numberreturned'), String(features.length));
					assert.equal(headers.get('ogc-numbermatched'), first ? String(whole.features.length) : null);
					assert.deepEqual(links.filter(({ rel }) => rel === 'alternate').map(({ type }) => type), Object.entries(types).filter(([name]) => name !== format).map(([, type]) => type));
					next = links.find(({ rel }) => rel === 'next')?.href;
					assert.ok(!next || features.length === limit);
				}
				assert.deepEqual(all, whole.features.map(({ id }) => id), `${format} ${collection} ${limit}`);
			}
		}
		const one = await must('/collections/municipalities/items?limit=1100&f=csv');
		const head = await fetch(`${server.address}/ogc/collections/municipalities/items?limit=1100&f=csv`, { method: 'HEAD' });
		for (const name of ['link', 'etag', 'ogc-numberreturned', 'content-type'])
			assert.equal(head.headers.get(name), one.headers.get(name), name);
	});

	it('are chosen by Accept with its weights, and by f before it', async () => {
		const path = `/collections/municipalities/items/${ellerbek}`;
		for (const [accept, format] of [['text/csv', 'csv'], ['application/gml+xml', 'gml'], ['application/gml+xml;version=3.2', 'gml'], ['*/*', 'json'], ['application/json', 'json'],
			['application/geo+json, application/json', 'json'], ['text/*', 'csv'], ['text/csv;q=0.5, application/gml+xml;q=0.6', 'gml'], ['text/csv;q=0.5, */*;q=0.1', 'csv'],
			['application/geo+json;q=0, */*', 'gml'], ['application/flatgeobuf', 'fgb'], ['application/flatgeobuf, */*;q=0.9', 'fgb'], ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'html'], ['text/html', 'html'], ['text/html;q=0.4, application/json', 'json'], ['TEXT/CSV', 'csv'], ['', 'json'],
			['text/csv;q=0.4, application/*;q=0.3, application/gml+xml;q=0.5', 'gml']])
			for (const address of [path, '/collections/municipalities/items?limit=1']) {
				const { headers } = await must(address, { accept });
				assert.equal(headers.get('content-type'), types[format], accept);
				assert.match(headers.get('vary'), /\bAccept\b(?!-)/);
				assert.equal((await must(`${address}${address.includes('?') ? '&' : '?'}f=csv`, { accept })).headers.get('content-type'), types.csv);
			}
		for (const accept of ['image/png, text/csv;q=0', '*/*;q=0', 'text/csv;q=2'])
			for (const address of [path, '/collections/municipalities/items']) {
				const { status, text } = await get(address, { accept });
				assert.equal(status, 406, accept);
				assert.equal(JSON.parse(text).type, '/problems/not_acceptable');
				assert.match(JSON.parse(text).detail, /^Objekte gibt es als .*f=csv/);
			}
		for (const address of [`${path}?f=x`, '/collections/municipalities/items?f=xml', '/collections/municipalities/schema?f=gml'])
			assert.equal((await get(address)).status, 400, address);
	});

	it('have tags of their own, and 304 for whoever has that one', async () => {
		for (const path of ['/collections/municipalities/items?limit=3', `/collections/municipalities/items/${ellerbek}`]) {
			const tags = [];
			for (const accept of Object.values(types).filter((type) => type !== types.html)) {
				const tag = (await must(path, { accept })).headers.get('etag');
				assert.equal((await get(path, { accept, 'if-none-match': tag })).status, 304);
				assert.equal((await get(path, { accept, 'if-none-match': tags.join(', ') || '"x"' })).status, 200);
				tags.push(tag);
			}
			assert.equal(new Set(tags).size, Object.keys(types).length - 1, path);
			assert.equal((await must(path, { accept: types.html })).headers.get('etag'), null, 'a page changes with more than its features');
		}
	});

	it('are named by each other, by their collection and by the description', async () => {
		for (const path of ['/collections/plans/items?limit=1', `/collections/municipalities/items/${ellerbek}`]) {
			const { links } = JSON.parse((await must(path)).text);
			for (const format of ['gml', 'csv', 'html']) {
				const link = links.find(({ rel, type }) => rel === 'alternate' && type === types[format]);
				assert.equal((await must(link.href)).headers.get('content-type'), types[format]);
			}
		}
		const { links } = JSON.parse((await must('/collections/plans')).text);
		for (const { href, type } of links.filter(({ rel }) => rel === 'items' || rel === 'describedby'))
			assert.equal((await must(href)).headers.get('content-type'), type);
		assert.deepEqual(links.filter(({ rel }) => rel === 'items').map(({ type }) => type), Object.values(types));
		const { components } = JSON.parse((await must('/api')).text);
		for (const name of ['features', 'feature'])
			assert.deepEqual(Object.keys(components.responses[name].content), Object.values(types));
	});
});
