// SPDX-License-Identifier: EUPL-1.2
// WFS 1.1 for clients that read no other: the same features in the same places, valid by the schemas of 1.1.0, in both bindings; GDAL reads every
// type; OWSLib and QGIS do so in tests/gis/clients.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { shared } from '../../harness/server.mjs';
import { python, runner, same } from '../clients.mjs';
import { epsg, inside, positions } from '../ogc/site.mjs';
import { numbers, openSite, plainId, urn, withoutSchemas } from './site.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const spaces = 'xmlns:wfs="http://www.opengis.net/wfs" xmlns:ogc="http://www.opengis.net/ogc" xmlns:gml="http://www.opengis.net/gml" xmlns:pp="urn:planungsplattform:features:1"';
const gml = 'text/xml; subtype=gml/3.1.1';

describe('WFS 1.1', { concurrency: false }, () => {
	let site, folder, run;
	const documents = [];
	const keep = (reply) => {
		if (reply.xml?.space === 'http://www.opengis.net/wfs')
			documents.push(reply.text);
		return reply;
	};
	const get = async (query) => keep(await site.good(typeof query === 'string' ? query : { VERSION: '1.1.0', ...query }));
	const post = async (inner, attributes = '') => keep(await site.good(`<wfs:GetFeature service="WFS" version="1.1.0" ${attributes} ${spaces}>${inner}</wfs:GetFeature>`));
	const members = ({ xml }) => xml.all('featureMember').map(({ children: [element] }) => ({ type: element.name, id: plainId(element.attribute('gml:id')), element }));
	const keys = (reply) => members(reply).map(({ id }) => id);

	before(async () => {
		site = await openSite();
		folder = mkdtempSync(join(tmpdir(), 'pp-wfs-older-'));
		run = runner(folder);
	});
	after(async () => {
		await site.stop();
		rmSync(folder, { recursive: true });
	});

	it('is negotiated by whoever asks for it, in parameters and in XML', async () => {
		for (const query of [{ REQUEST: 'GetCapabilities' }, `${site.wfs}?SERVICE=WFS&REQUEST=GetCapabilities&ACCEPTVERSIONS=1.1.0,2.0.0`, `${site.wfs}?service=WFS&request=GetCapabilities&acceptversions=3.0.0,1.1.0`]) {
			const { xml } = await get(query);
			assert.deepEqual([xml.name, xml.space, xml.attribute('version')], ['WFS_Capabilities', 'http://www.opengis.net/wfs', '1.1.0']);
		}
		const bare = await site.good('<wfs:GetCapabilities service="WFS" xmlns:wfs="http://www.opengis.net/wfs"/>');
		assert.equal(bare.xml.attribute('version'), '1.1.0');
		const { xml } = await get({ REQUEST: 'GetCapabilities' });
		assert.deepEqual(xml.all('FeatureType').map((each) => each.child('Name').text), site.collections.map(({ id }) => `pp:${id}`));
		assert.deepEqual(xml.all('Operation').map((each) => each.attribute('name')).filter(Boolean), ['GetCapabilities', 'DescribeFeatureType', 'GetFeature', 'GetFeatureWithLock', 'LockFeature', 'Transaction']);
		assert.deepEqual((await get({ REQUEST: 'GetCapabilities', SECTIONS: 'FeatureTypeList' })).xml.children.map(({ name }) => name), ['FeatureTypeList', 'Filter_Capabilities']);
		const { status, code } = await site.refused({ VERSION: '1.1.0', REQUEST: 'GetPropertyValue', TYPENAME: 'pp:plans', VALUEREFERENCE: 'pp:title' });
		assert.deepEqual([status, code], [501, 'OperationNotSupported']);
		assert.equal((await site.refused({ VERSION: '1.0.0', REQUEST: 'GetFeature', TYPENAME: 'pp:plans' })).code, 'InvalidParameterValue');
	});
	it('has every feature in the place that OGC API has it, in GML 3.1.1', async () => {
		for (const { id: type } of site.collections) {
			const expected = await site.all(type, `crs=${epsg(25832)}`);
			const reply = await get({ REQUEST: 'GetFeature', TYPENAME: `pp:${type}` });
			assert.equal(reply.type, gml);
			assert.equal(reply.xml.attribute('numberOfFeatures'), String(expected.length));
			members(reply).forEach(({ element, id, type: name }, i) => {
				const geometry = element.child('geometry');
				assert.deepEqual([name, id, geometry ? numbers(geometry) : []], [type, expected[i].id, positions(expected[i].geometry).flat()]);
				assert.equal(element.first('posList')?.space ?? 'http://www.opengis.net/gml', 'http://www.opengis.net/gml');
			});
			assert.deepEqual(keys(await post(`<wfs:Query typeName="pp:${type}"/>`)), expected.map(({ id }) => id));
		}
	});
	it('counts, takes so many, some properties, in order, and several types at once', async () => {
		const all = await site.all('municipalities');
		const question = { REQUEST: 'GetFeature', TYPENAME: 'pp:municipalities' };
		const hits = await get({ ...question, RESULTTYPE: 'hits' });
		assert.deepEqual([hits.xml.attribute('numberOfFeatures'), members(hits)], [String(all.length), []]);
		const largest = [...all].sort((a, b) => b.properties.area_m2 - a.properties.area_m2).slice(0, 3).map(({ id }) => id);
		const few = await get({ ...question, MAXFEATURES: 3, SORTBY: 'area_m2 D', PROPERTYNAME: 'pp:name,pp:area_m2' });
		assert.deepEqual(keys(few), largest);
		assert.deepEqual(members(few)[0].element.children.map(({ name }) => name), ['name', 'area_m2']);
		assert.deepEqual(keys(await post('<wfs:Query typeName="pp:municipalities"><ogc:SortBy><ogc:SortProperty><ogc:PropertyName>pp:area_m2</ogc:PropertyName><ogc:SortOrder>DESC</ogc:SortOrder></ogc:SortProperty></ogc:SortBy></wfs:Query>', 'maxFeatures="3"')), largest);
		assert.deepEqual(keys(await get({ ...question, STARTINDEX: 3, MAXFEATURES: 4 })), all.slice(3, 7).map(({ id }) => id));
		const two = await post('<wfs:Query typeName="pp:plans"/><wfs:Query typeName="pp:procedures"/>');
		assert.deepEqual([...new Set(members(two).map(({ type }) => type))], ['plans', 'procedures']);
		assert.equal(two.xml.attribute('numberOfFeatures'), String(members(two).length));
		assert.deepEqual(keys(await get({ REQUEST: 'GetFeature', FEATUREID: 'municipalities.01056013' })), ['01056013']);
		const twice = await post('<wfs:Query typeName="pp:plans"/><wfs:Query typeName="pp:plans"/>'), shown = (await site.all('plans')).map(({ id }) => `plans.${id}`);
		assert.deepEqual(twice.xml.all('featureMember').map((member) => member.children[0]?.attribute('gml:id') ?? member.attribute('xlink:href')), [...shown, ...shown.map((id) => `#${id}`)], 'what two find is shown once');
	});
	it('finds with filters of 1.1 and boxes what PostGIS finds', async () => {
		const all = await site.all('municipalities');
		const filter = (inside) => `<ogc:Filter ${spaces}>${inside}</ogc:Filter>`;
		const large = filter('<ogc:And><ogc:PropertyIsGreaterThan><ogc:PropertyName>pp:area_m2</ogc:PropertyName><ogc:Literal>20000000</ogc:Literal></ogc:PropertyIsGreaterThan><ogc:PropertyIsLike wildCard="*" singleChar="?" escapeChar="!"><ogc:PropertyName>name</ogc:PropertyName><ogc:Literal>B*</ogc:Literal></ogc:PropertyIsLike></ogc:And>');
		const expected = all.filter(({ properties }) => properties.area_m2 > 2e7 && properties.name.startsWith('B')).map(({ id }) => id);
		assert.ok(expected.length > 0);
		for (const reply of [await get({ REQUEST: 'GetFeature', TYPENAME: 'pp:municipalities', FILTER: large }), await post(`<wfs:Query typeName="pp:municipalities">${large}</wfs:Query>`)])
			assert.deepEqual(keys(reply), expected);
		const [west, south, east, north] = [9.8, 53.6, 9.95, 53.7];
		const found = await site.server.sql(`select fid from pp.feature_municipalities where died is null and ST_Intersects(geom, ST_Transform(ST_Segmentize(ST_MakeEnvelope(${west}, ${south}, ${east}, ${north}, 4326), 0.0003), 25832)) order by fid collate "C"`);
		const envelope = (srs, [x, y, X, Y]) => filter(`<ogc:BBOX><ogc:PropertyName>pp:geometry</ogc:PropertyName><gml:Envelope srsName="${srs}"><gml:lowerCorner>${x} ${y}</gml:lowerCorner><gml:upperCorner>${X} ${Y}</gml:upperCorner></gml:Envelope></ogc:BBOX>`);
		const boxes = { [urn(4326)]: [south, west, north, east], 'EPSG:4326': [west, south, east, north], 'http://www.opengis.net/gml/srs/epsg.xml#4326': [west, south, east, north] };
		for (const [srs, box] of Object.entries(boxes))
			for (const reply of [await get({ REQUEST: 'GetFeature', TYPENAME: 'pp:municipalities', BBOX: `${box},${srs}` }), await get({ REQUEST: 'GetFeature', TYPENAME: 'pp:municipalities', FILTER: envelope(srs, box) }),
				await post(`<wfs:Query typeName="pp:municipalities">${envelope(srs, box)}</wfs:Query>`)])
				assert.deepEqual(keys(reply), found.map(({ fid }) => fid), srs);
		assert.deepEqual(keys(await get({ REQUEST: 'GetFeature', TYPENAME: 'pp:municipalities', BBOX: '555000,5935000,560000,5945000' })), await inside(site, 'municipalities', [555000, 5935000, 560000, 5945000], 25832));
	});
	it('has longitude first for names that say so by custom, and names it so', async () => {
		const first = (srs) => get({ REQUEST: 'GetFeature', TYPENAME: 'pp:municipalities', FEATUREID: 'municipalities.01056013', SRSNAME: srs });
		for (const [srs, east, said] of [[urn(4326), 1, urn(4326)], [epsg(4326), 1, epsg(4326)], ['EPSG:4326', 0, 'http://www.opengis.net/gml/srs/epsg.xml#4326'], ['http://www.opengis.net/gml/srs/epsg.xml#4326', 0, 'http://www.opengis.net/gml/srs/epsg.xml#4326'], [urn(84), 0, urn(84)]]) {
			const geometry = members(await first(srs))[0].element.first('geometry');
			assert.equal(Math.round(numbers(geometry)[east]), 10, srs);
			assert.equal(geometry.children[0].attribute('srsName'), said);
		}
	});
	it('has the other formats and schemas, and answers again with 304', async () => {
		const question = { REQUEST: 'GetFeature', TYPENAME: 'pp:plans', VERSION: '1.1.0' };
		const count = (await site.all('plans')).length;
		assert.equal(JSON.parse((await get({ ...question, OUTPUTFORMAT: 'application/geo+json' })).text).features.length, count);
		assert.equal((await get({ ...question, OUTPUTFORMAT: 'csv' })).text.trim().split(/\r\n/).length, count + 1);
		assert.equal((await site.refused({ ...question, OUTPUTFORMAT: 'application/gml+xml; version=3.2' })).locator, 'outputFormat');
		for (const query of [question, { REQUEST: 'DescribeFeatureType', VERSION: '1.1.0', TYPENAME: 'pp:plans' }, { REQUEST: 'GetCapabilities', VERSION: '1.1.0' }]) {
			const { headers } = await get(query);
			assert.equal((await site.ask(query, { 'if-none-match': headers.get('etag') })).status, 304);
		}
	});

	it('refuses in the words of the version in which it was asked', async () => {
		const feature = { REQUEST: 'GetFeature', TYPENAME: 'pp:nothing' };
		const reports = { '1.0.0': ['ServiceExceptionReport', 'http://www.opengis.net/ogc', '1.2.0', undefined], '1.1.0': ['ExceptionReport', 'http://www.opengis.net/ows', '1.1.0', 'de'], '2.0.0': ['ExceptionReport', 'http://www.opengis.net/ows/1.1', '2.0.0', undefined] };
		const document = (version, root, inner = '', space = 'http://www.opengis.net/wfs') => `<wfs:${root} service="WFS" version="${version}" xmlns:wfs="${space}" xmlns:ogc="http://www.opengis.net/ogc">${inner}</wfs:${root}>`;
		const questions = { '1.0.0': [[feature, 400, 'InvalidParameterValue', 'version'], [document('1.0.0', 'Transaction', '<wfs:Delete typeName="pp:drafts"/>'), 400, 'OperationParsingFailed', 'request']],
			'1.1.0': [[feature, 400, 'InvalidParameterValue', 'typeNames'], [{ REQUEST: 'GetMap' }, 501, 'OperationNotSupported', 'request'], [`${site.wfs}?service=WFS&version=1.1.0&request=GetFeature&typename=pp:plans&TYPENAME=pp:plans`, 400, 'InvalidParameterValue', 'TYPENAME'],
				[document('1.1.0', 'GetFeature', '<wfs:Query typeName="nothing"/>'), 400, 'InvalidParameterValue', 'typeNames'], [document('1.1.0', 'GetMap'), 400, 'OperationParsingFailed', 'request'], [document('2.0.0', 'GetFeature', '<wfs:Query/>'), 400, undefined, undefined]],
			'2.0.0': [[feature, 400, 'InvalidParameterValue', 'typeNames'], ['<wfs:GetFeature', 400, 'OperationParsingFailed', 'request'], [document('2.0.0', 'GetFeature', '<wfs:Query typeNames="nothing"/>', 'http://www.opengis.net/wfs/2.0'), 400, 'InvalidParameterValue', 'typeNames']] };
		for (const [version, [name, space, said, language]] of Object.entries(reports))
			for (const [question, status, code, locator] of [...questions[version], [{ REQUEST: 'GetCapabilities' }, 401, 'AuthenticationRequired', undefined]]) {
				const headers = status === 401 ? { Authorization: 'Bearer nobody' } : {};
				const refusal = await site.refused(typeof question === 'string' ? question : { VERSION: version, ...question }, headers);
				assert.deepEqual([refusal.status, refusal.report.name, refusal.report.space, refusal.report.attribute('version'), refusal.report.attribute('language')], [status, name, space, said, language], JSON.stringify(question));
				if (code)
					assert.deepEqual([refusal.code, refusal.locator], [code, locator], JSON.stringify(question));
			}
		assert.equal((await site.refused({ VERSION: '1.1.0', ...feature }, { 'accept-language': 'en' })).report.attribute('language'), 'en');
	});

	it('GDAL reads every type', async () => {
		for (const { id } of site.collections) {
			const features = (await run('ogr2ogr', ['-f', 'GeoJSON', '/vsistdout/', `WFS:${site.wfs}?version=1.1.0`, `pp:${id}`, '-lco', 'COORDINATE_PRECISION=12', '-lco', 'RFC7946=NO'])).features;
			same(features.map(({ properties, geometry }) => ({ id: plainId(properties.gml_id), geometry })), await site.all(id, `crs=${epsg(25832)}`), `GDAL ${id}`, 1e-6);
		}
	});
	it('OWSLib reads capabilities and the schema of every type', { skip: python('owslib') }, async () => {
		for (const { id } of site.collections)
			assert.ok((await run(join(here, 'schema_owslib.py'), [site.wfs, '1.1.0', id])).required.length > 0);
	});

	it('has sent nothing but valid documents', { skip: withoutSchemas }, async () => {
		assert.ok(documents.length > 20);
		// In a copy in which every file has one name: xmllint takes them twice by two.
		const schemas = join(folder, 'schemas'), location = (text) => text.replaceAll('"http://schemas.opengis.net/', `"file://${schemas}/`);
		cpSync(join(shared, 'data/ogc-schemas'), schemas, { recursive: true });
		for (const name of readdirSync(schemas, { recursive: true }).filter((each) => each.endsWith('.xsd')).map((each) => join(schemas, each)))
			writeFileSync(name, location(readFileSync(name, 'utf8')));
		writeFileSync(join(folder, 'pp.xsd'), location((await site.good({ VERSION: '1.1.0', REQUEST: 'DescribeFeatureType' })).text));
		writeFileSync(join(folder, 'all.xsd'), `<schema xmlns="http://www.w3.org/2001/XMLSchema"><import namespace="http://www.opengis.net/wfs" schemaLocation="file://${schemas}/wfs/1.1.0/wfs.xsd"/><import namespace="urn:planungsplattform:features:1" schemaLocation="file://${join(folder, 'pp.xsd')}"/></schema>`);
		const names = documents.map((text, i) => [join(folder, `${i}.xml`), text]);
		names.forEach(([name, text]) => writeFileSync(name, text));
		const { code = 0, stderr } = await promisify(execFile)('xmllint', ['--nonet', '--noout', '--huge', '--schema', join(folder, 'all.xsd'), ...names.map(([name]) => name)],
			{ maxBuffer: 1 << 28, env: { ...process.env, XML_CATALOG_FILES: join(shared, 'data/ogc-schemas/catalog.xml') } }).catch((error) => error);
		const refusals = await site.judge();
		assert.ok(refusals.count > 10 && refusals.status === 0, refusals.errors.slice(0, 10).join('\n'));
		assert.equal(code, 0, stderr.split('\n').filter((line) => !/ validates$|Skipping import of schema/.test(line)).slice(0, 10).join('\n'));
	});
});
