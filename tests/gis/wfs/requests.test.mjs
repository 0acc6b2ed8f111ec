// SPDX-License-Identifier: EUPL-1.2
// Requests of WFS as XML: what is understood of those that the schemas of 2.0 have, of those that QGIS and GDAL send in older dialects, and what is refused.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { data, program as find, temporary, withoutFile } from '../files/support.mjs';

const tool = find('wfs_tool');
const schemas = join(data, 'ogc-schemas');
const app = 'urn:planungsplattform:features:1';

const run = (input) => spawnSync(tool, { input, encoding: 'utf8' });
function understood(input) {
	const { status, stdout, stderr } = run(input);
	assert.equal(status, 0, `${stderr}${input}`);
	return JSON.parse(stdout);
}
const spaces = { 2: ['http://www.opengis.net/wfs/2.0', 'http://www.opengis.net/fes/2.0', 'http://www.opengis.net/gml/3.2'],
	1: ['http://www.opengis.net/wfs', 'http://www.opengis.net/ogc', 'http://www.opengis.net/gml'] };
/** An element of that name with what is inside; attributes as text. */
function document(name, attributes, inside, major = 2, version = '2.0.0') {
	const [wfs, fes, gml] = spaces[major];
	return `<?xml version="1.0" encoding="UTF-8"?>\n<wfs:${name} service="WFS" version="${version}" ${attributes} xmlns:wfs="${wfs}" xmlns:${major === 2 ? 'fes' : 'ogc'}="${fes}"`
		+ ` xmlns:gml="${gml}" xmlns:ows="http://www.opengis.net/ows/1.1" xmlns:p="${app}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">${inside}</wfs:${name}>`;
}
const byName = '<fes:Filter><fes:PropertyIsEqualTo><fes:ValueReference>p:title</fes:ValueReference><fes:Literal>x</fes:Literal></fes:PropertyIsEqualTo></fes:Filter>';
const byNameTree = { op: '=', args: [{ property: 'title' }, 'x'] };
const byId = (id) => ({ op: 'in', args: [{ property: 'id' }, [id]] });
const polygon = (srs, at = '565000 5934000 565100 5934000 565100 5934100 565000 5934000') =>
	`<gml:Polygon gml:id="g" srsName="${srs}"><gml:exterior><gml:LinearRing><gml:posList>${at}</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>`;
const area = { type: 'Polygon', coordinates: [[[565000, 5934000], [565100, 5934000], [565100, 5934100], [565000, 5934000]]] };
const urn = 'urn:ogc:def:crs:EPSG::25832';

/** What it is, the document, and what is understood beside operation, dialect, service and version. */
const official = [
	['GetCapabilities', '<wfs:GetCapabilities service="WFS" xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:ows="http://www.opengis.net/ows/1.1"><ows:AcceptVersions><ows:Version>2.0.2</ows:Version><ows:Version>2.0.0</ows:Version></ows:AcceptVersions><ows:Sections><ows:Section>ServiceIdentification</ows:Section></ows:Sections><ows:AcceptFormats><ows:OutputFormat>text/xml</ows:OutputFormat></ows:AcceptFormats></wfs:GetCapabilities>',
		{ accept_versions: ['2.0.2', '2.0.0'], sections: ['ServiceIdentification'], accept_formats: ['text/xml'], version: undefined }],
	['DescribeFeatureType', document('DescribeFeatureType', 'outputFormat="application/gml+xml; version=3.2"', '<wfs:TypeName>p:plans</wfs:TypeName><wfs:TypeName>p:procedures</wfs:TypeName>'),
		{ types: ['plans', 'procedures'], output_format: 'application/gml+xml; version=3.2' }],
	['GetFeature', document('GetFeature', 'startIndex="10" count="5" resultType="results" handle="h"', `<wfs:Query typeNames="p:procedures" srsName="${urn}" handle="q"><wfs:PropertyName>p:title</wfs:PropertyName><wfs:PropertyName>p:kind</wfs:PropertyName>${byName}<fes:SortBy><fes:SortProperty><fes:ValueReference>p:title</fes:ValueReference><fes:SortOrder>DESC</fes:SortOrder></fes:SortProperty><fes:SortProperty><fes:ValueReference>p:number</fes:ValueReference></fes:SortProperty></fes:SortBy></wfs:Query><wfs:Query typeNames="schema-element(p:plans)"/>`),
		{ start_index: '10', count: '5', result_type: 'results', handle: 'h',
			queries: [{ handle: 'q', types: ['procedures'], properties: ['title', 'kind'], srs: urn, filter: byNameTree, down: 'title', up: 'number' }, { types: ['plans'] }] }],
	['GetFeature', document('GetFeature', '', '<wfs:Query typeNames="p:plans p:procedures" aliases="a b"/>'), { queries: [{ types: ['plans', 'procedures'], aliases: 1 }] }],
	['GetFeature', document('GetFeature', '', '<wfs:StoredQuery id="urn:ogc:def:query:OGC-WFS::GetFeatureById"><wfs:Parameter name="id">plans.1</wfs:Parameter></wfs:StoredQuery>'),
		{ queries: [{ stored: 'urn:ogc:def:query:OGC-WFS::GetFeatureById', parameters: { id: 'plans.1' } }] }],
	['GetPropertyValue', document('GetPropertyValue', 'valueReference="p:title"', `<wfs:Query typeNames="p:procedures">${byName}</wfs:Query>`),
		{ value_reference: 'p:title', queries: [{ types: ['procedures'], filter: byNameTree }] }],
	['GetFeatureWithLock', document('GetFeatureWithLock', 'expiry="60" lockAction="SOME"', '<wfs:Query typeNames="p:drafts"/>'), { expiry: '60', lock_action: 'SOME', queries: [{ types: ['drafts'] }] }],
	['LockFeature', document('LockFeature', 'expiry="300" lockAction="ALL"', '<wfs:Query typeNames="p:drafts"/>'), { expiry: '300', lock_action: 'ALL', queries: [{ types: ['drafts'] }] }],
	['LockFeature', document('LockFeature', 'lockId="l1" expiry="300"', ''), { lock_id: 'l1', expiry: '300' }],
	['ListStoredQueries', document('ListStoredQueries', '', ''), {}],
	['DescribeStoredQueries', document('DescribeStoredQueries', '', '<wfs:StoredQueryId>urn:a</wfs:StoredQueryId><wfs:StoredQueryId>urn:b</wfs:StoredQueryId>'), { stored_ids: ['urn:a', 'urn:b'] }],
	['DropStoredQuery', document('DropStoredQuery', 'id="urn:a"', ''), { stored_ids: ['urn:a'] }],
	['CreateStoredQuery', document('CreateStoredQuery', '', `<wfs:StoredQueryDefinition id="urn:a"><wfs:Title>T</wfs:Title><wfs:Abstract>A</wfs:Abstract><wfs:Parameter name="n" type="xsd:string"/><wfs:QueryExpressionText returnFeatureTypes="p:plans" language="urn:ogc:def:queryLanguage:OGC-WFS::WFS_QueryExpression" isPrivate="false"><wfs:Query typeNames="p:plans">${byName}</wfs:Query></wfs:QueryExpressionText></wfs:StoredQueryDefinition>`),
		{ definition: { id: 'urn:a', title: 'T', about: 'A', returns: ['plans'], language: 'urn:ogc:def:queryLanguage:OGC-WFS::WFS_QueryExpression', parameters: { n: 'xsd:string' }, queries: [{ types: ['plans'], filter: byNameTree }] } }],
	['Transaction', document('Transaction', 'lockId="l1" releaseAction="SOME"', `<wfs:Insert handle="i"><p:drafts gml:id="new"><p:title>Ä &amp; x</p:title><p:note xsi:nil="true"/><p:geometry>${polygon(urn)}</p:geometry></p:drafts><p:drafts gml:id="other"><p:title/></p:drafts></wfs:Insert>`
		+ `<wfs:Update handle="u" typeName="p:drafts"><wfs:Property><wfs:ValueReference>p:title</wfs:ValueReference><wfs:Value>y</wfs:Value></wfs:Property><wfs:Property><wfs:ValueReference action="remove">p:note</wfs:ValueReference></wfs:Property><wfs:Property><wfs:ValueReference>p:geometry</wfs:ValueReference><wfs:Value>${polygon(urn)}</wfs:Value></wfs:Property>${byName}</wfs:Update>`
		+ `<wfs:Replace><p:drafts gml:id="drafts.1"><p:title>z</p:title></p:drafts><fes:Filter><fes:ResourceId rid="drafts.1"/></fes:Filter></wfs:Replace><wfs:Delete typeName="p:drafts"><fes:Filter><fes:ResourceId rid="drafts.2"/></fes:Filter></wfs:Delete><wfs:Native vendorId="v" safeToIgnore="true"/>`),
		{ lock_id: 'l1', release_action: 'SOME', actions: [
			{ kind: 'insert', element: 0, handle: 'i', type: 'drafts', id: 'new', values: [{ name: 'title', text: 'Ä & x' }, { name: 'note' }, { name: 'geometry', geometry: area, srs: urn }] },
			{ kind: 'insert', element: 0, handle: 'i', type: 'drafts', id: 'other', values: [{ name: 'title', text: '' }] },
			{ kind: 'update', element: 1, handle: 'u', type: 'drafts', filter: byNameTree, values: [{ name: 'title', text: 'y' }, { name: 'note' }, { name: 'geometry', geometry: area, srs: urn }] },
			{ kind: 'replace', element: 2, type: 'drafts', id: 'drafts.1', filter: byId('drafts.1'), values: [{ name: 'title', text: 'z' }] },
			{ kind: 'delete', element: 3, type: 'drafts', filter: byId('drafts.2') },
			{ kind: 'native', element: 4 }] }],
];

const strip = ({ operation, dialect, service, version, ...rest }) => rest;

describe('requests of 2.0', () => {
	for (const [operation, text, says] of official)
		it(`${operation}: ${Object.keys(says).join(', ')}`, () => {
			const read = understood(text);
			assert.deepEqual([read.operation, read.dialect, read.service], [operation, '2.0', 'WFS']);
			assert.deepEqual(strip(read), JSON.parse(JSON.stringify(strip(says))));
		});
	it('are written here as the official schemas have them', { skip: withoutFile(join(schemas, 'all.xsd')) }, () => {
		// The features of our own schema are not known to those of OGC, so nothing is said of what is inside Insert and Replace.
		const paths = official.map(([, text], i) => temporary(`request-${i}.xml`, text.replace(/<p:drafts.*?<\/p:drafts>/g, (_, at) => `<gml:Point gml:id="f${at}"><gml:pos>1 2</gml:pos></gml:Point>`)));
		const { status, stderr } = spawnSync('xmllint', ['--nonet', '--noout', '--schema', join(schemas, 'all.xsd'), ...paths],
			{ encoding: 'utf8', env: { ...process.env, XML_CATALOG_FILES: join(schemas, 'catalog.xml') } });
		assert.deepEqual(stderr.split('\n').filter((line) => line && !line.endsWith(' validates')), []);
		assert.equal(status, 0);
	});
});

const ring2 = '<gml:outerBoundaryIs><gml:LinearRing><gml:coordinates cs="," ts=" ">9,53 10,53 10,54 9,53</gml:coordinates></gml:LinearRing></gml:outerBoundaryIs>';
const degrees = { type: 'Polygon', coordinates: [[[9, 53], [10, 53], [10, 54], [9, 53]]] };

describe('requests of older dialects', () => {
	it('QGIS: a transaction of 1.0 with GML 2, where EPSG:4326 means longitude first', () => {
		const text = '<Transaction xmlns="http://www.opengis.net/wfs" version="1.0.0" service="WFS" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:gml="http://www.opengis.net/gml" xmlns:p="urn:planungsplattform:features:1">'
			+ `<Insert xmlns="http://www.opengis.net/wfs"><drafts xmlns="${app}"><title xmlns="${app}">x</title><geometry xmlns="${app}"><gml:Polygon srsName="EPSG:4326">${ring2}</gml:Polygon></geometry></drafts></Insert>`
			+ `<Update xmlns="http://www.opengis.net/wfs" typeName="p:drafts"><Property xmlns="http://www.opengis.net/wfs"><Name xmlns="http://www.opengis.net/wfs">p:title</Name><Value xmlns="http://www.opengis.net/wfs">y</Value></Property><Filter xmlns="http://www.opengis.net/ogc"><FeatureId xmlns="http://www.opengis.net/ogc" fid="drafts.1"/></Filter></Update>`
			+ '<Delete xmlns="http://www.opengis.net/wfs" typeName="p:drafts"><Filter xmlns="http://www.opengis.net/ogc"><FeatureId xmlns="http://www.opengis.net/ogc" fid="drafts.1"/><FeatureId xmlns="http://www.opengis.net/ogc" fid="drafts.2"/></Filter></Delete></Transaction>';
		const read = understood(text);
		assert.equal(read.dialect, '1.0');
		assert.deepEqual(read.actions, [
			{ kind: 'insert', element: 0, type: 'drafts', values: [{ name: 'title', text: 'x' }, { name: 'geometry', geometry: degrees, srs: 'EPSG:4326', east_first: 1 }] },
			{ kind: 'update', element: 1, type: 'drafts', filter: byId('drafts.1'), values: [{ name: 'title', text: 'y' }] },
			{ kind: 'delete', element: 2, type: 'drafts', filter: { op: 'in', args: [{ property: 'id' }, ['drafts.1', 'drafts.2']] } }]);
		assert.equal(understood(text.replace('version="1.0.0"', 'version="1.1.0"')).actions[0].values[1].east_first, undefined, 'and from 1.1 on what the CRS says');
		assert.equal(understood(text.replace('EPSG:4326', 'http://www.opengis.net/gml/srs/epsg.xml#4326').replace('1.0.0', '1.1.0')).actions[0].values[1].east_first, 1);
	});
	it('GDAL: version 2.0.0 in the namespace of 1.1 is 1.1', () => {
		const read = understood(document('Transaction', '', '<wfs:Update typeName="p:drafts"><wfs:Property><wfs:Name>day</wfs:Name><wfs:Value>2024/01/01</wfs:Value></wfs:Property><wfs:Property><wfs:Name>note</wfs:Name></wfs:Property>'
			+ '<ogc:Filter><ogc:GmlObjectId gml:id="drafts.1"/></ogc:Filter></wfs:Update>', 1));
		assert.deepEqual([read.dialect, read.version], ['1.1', '2.0.0']);
		assert.deepEqual(read.actions[0].values, [{ name: 'day', text: '2024/01/01' }, { name: 'note' }]);
		assert.deepEqual(read.actions[0].filter, byId('drafts.1'));
	});
	it('1.1 and 1.0 ask for features with typeName, maxFeatures and ogc:PropertyName', () => {
		const text = (version) => document('GetFeature', 'maxFeatures="7"', '<wfs:Query typeName="p:plans"><ogc:PropertyName>p:title</ogc:PropertyName><ogc:SortBy><ogc:SortProperty><ogc:PropertyName>title</ogc:PropertyName><ogc:SortOrder>asc</ogc:SortOrder></ogc:SortProperty></ogc:SortBy></wfs:Query>', 1, version);
		for (const version of ['1.0.0', '1.1.0']) {
			const read = understood(text(version));
			assert.deepEqual([read.dialect, read.count, read.queries], [version.slice(0, 3), '7', [{ types: ['plans'], properties: ['title'], up: 'title' }]]);
		}
	});
	it('collections around features, and what GML says of them by itself', () => {
		const feature = (id) => `<p:drafts gml:id="${id}"><gml:boundedBy><gml:Envelope><gml:lowerCorner>0 0</gml:lowerCorner><gml:upperCorner>1 1</gml:upperCorner></gml:Envelope></gml:boundedBy><p:title>${id}</p:title></p:drafts>`;
		for (const [major, around] of [[2, (inside) => `<wfs:FeatureCollection><wfs:member>${inside}</wfs:member></wfs:FeatureCollection>`], [1, (inside) => `<gml:featureMembers>${inside}</gml:featureMembers>`], [1, (inside) => `<wfs:FeatureCollection><gml:boundedBy/><gml:featureMember>${inside}</gml:featureMember></wfs:FeatureCollection>`]]) {
			const { actions } = understood(document('Transaction', '', `<wfs:Insert>${around(feature('a') + feature('b'))}</wfs:Insert>`, major));
			assert.deepEqual(actions.map(({ id, values }) => [id, values]), [['a', [{ name: 'title', text: 'a' }]], ['b', [{ name: 'title', text: 'b' }]]]);
		}
	});
	it('the CRS of a geometry that names none is that of the Insert, else of the transaction', () => {
		const plain = polygon(urn).replace(/ srsName="[^"]*"/, '');
		const { actions } = understood(document('Transaction', 'srsName="EPSG:3857"', `<wfs:Insert srsName="EPSG:25833"><p:drafts><p:geometry>${plain}</p:geometry></p:drafts></wfs:Insert><wfs:Insert><p:drafts><p:geometry>${plain}</p:geometry></p:drafts></wfs:Insert>`));
		assert.deepEqual(actions.map(({ values }) => values[0].srs), ['EPSG:25833', 'EPSG:3857']);
	});
});

describe('what is refused, with its place', () => {
	const transaction = (inside) => document('Transaction', '', inside);
	for (const [text, says] of [
		['', /^malformed_xml line 1, column 1/],
		['<wfs:GetFeature/>', /^malformed_xml line 1, column 1: .*unbound prefix/],
		['<GetMap/>', /^malformed_request line 1, column 1: this is no request/],
		['<fes:GetFeature xmlns:fes="http://www.opengis.net/fes/2.0"/>', /this is no request/],
		[document('GetFeature', '', ''), /a Query or a StoredQuery is missing/],
		[document('GetFeature', '', '\n<wfs:Lock/>'), /line 3, column 1: a Query or a StoredQuery is missing/],
		[document('GetFeature', '', '<wfs:Query/>'), /typeNames are missing/],
		[document('GetFeature', '', '<wfs:Query typeNames="a"><wfs:Colour/></wfs:Query>'), /a Query has PropertyName/],
		[document('GetFeature', '', `<wfs:Query typeNames="a">${byName}${byName}</wfs:Query>`), /there is a Filter here already/],
		[document('GetFeature', '', '<wfs:Query typeNames="a"><fes:Filter><fes:Colour/></fes:Filter></wfs:Query>'), /^filter_invalid .*Colour is no operator/],
		[document('GetFeature', '', '<wfs:StoredQuery/>'), /the id of the stored query is missing/],
		[document('GetFeature', '', '<wfs:StoredQuery id="a"><wfs:Parameter>1</wfs:Parameter></wfs:StoredQuery>'), /a Parameter with its name/],
		[document('GetFeature', '', '<wfs:Query typeNames="a"/>'.repeat(17)), /more than 16 of these/],
		[document('DescribeFeatureType', '', `<wfs:TypeName>${'a '.repeat(300)}</wfs:TypeName>`), /more than 256 of these/],
		[document('ListStoredQueries', '', '<wfs:Query/>'), /nothing in it/],
		[transaction('<wfs:Inset/>'), /a transaction has Insert/],
		[transaction('<wfs:Insert/>'), /a feature is missing/],
		[transaction('<wfs:Insert><wfs:Query/></wfs:Insert>'), /a feature is missing/],
		[transaction('<wfs:Insert><p:drafts>\n<p:title><p:deep/></p:title></p:drafts></wfs:Insert>'), /line 3, column 10: the value of a property/],
		[transaction('<wfs:Insert><p:drafts><p:geometry><gml:Point><gml:pos>1 NaN</gml:pos></gml:Point></p:geometry></p:drafts></wfs:Insert>'), /^geometry_malformed line 2, column \d+: NaN is no coordinate/],
		[transaction(`<wfs:Insert><p:drafts>${'<p:a/>'.repeat(65)}</p:drafts></wfs:Insert>`), /more than 64 of these/],
		[transaction(`<wfs:Insert>${'<p:a/>'.repeat(5001)}</wfs:Insert>`), /more than 5000 of these/],
		[transaction(`<wfs:Update>${byName}</wfs:Update>`), /a typeName is missing/],
		[transaction(`<wfs:Update typeName="a">${byName}</wfs:Update>`), /a Property is missing/],
		[transaction('<wfs:Update typeName="a"><wfs:Property/></wfs:Update>'), /the name of a property is missing/],
		[transaction('<wfs:Update typeName="a"><wfs:Property><wfs:ValueReference action="insertBefore">b</wfs:ValueReference></wfs:Property></wfs:Update>'), /^not_implemented .*one value/],
		[transaction('<wfs:Delete typeName="a"/>'), /a Filter is missing/],
		[transaction('<wfs:Replace><p:a/></wfs:Replace>'), /a Filter is missing/],
		[transaction('<wfs:Replace/>'), /a feature is missing/],
		[transaction('<wfs:Native/>'), /safeToIgnore is true or false/],
		[document('CreateStoredQuery', '', ''), /a StoredQueryDefinition with its id/],
		[document('CreateStoredQuery', '', '<wfs:StoredQueryDefinition id="a"/>'), /a QueryExpressionText is missing/],
	])
		it(says.source, () => {
			const { status, stdout, stderr } = run(text);
			assert.deepEqual([status, stdout], [1, '']);
			assert.match(stderr, says);
			assert.match(stderr, /line \d+, column \d+/);
		});
});

// Filled here with a value that only its type has; what clients send goes in in stored.test.mjs.
describe('the definition of a stored query', () => {
	const language = 'urn:ogc:def:queryLanguage:OGC-WFS::WFSQueryExpression';
	const where = (condition) => `<wfs:Query typeNames="p:plans"><fes:Filter>${condition}</fes:Filter></wfs:Query>`;
	const compare = (literal, operator = 'PropertyIsEqualTo') => where(`<fes:${operator}><fes:ValueReference>p:title</fes:ValueReference><fes:Literal>${literal}</fes:Literal></fes:${operator}>`);
	const define = (parameters, expression, { id = 'urn:a', attributes = `returnFeatureTypes="p:plans" language="${language}"`, more = '', title = '' } = {}) => document('CreateStoredQuery', '',
		`<!-- before --><wfs:StoredQueryDefinition id="${id}"><wfs:Title>${title}</wfs:Title>${parameters.map(([name, type]) => `<wfs:Parameter name="${name}" type="${type}"/>`).join('')}<wfs:QueryExpressionText ${attributes}>${expression}</wfs:QueryExpressionText></wfs:StoredQueryDefinition>${more}<!-- behind -->`);
	const defined = (...words) => understood(define(...words)).definition;

	it('has a value of its type in every hole, of a text and of an attribute', () => {
		for (const [type, value] of [['xsd:string', '0'], ['xsd:QName', 'a'], ['xsd:int', '0'], ['xsd:double', '0'], ['xsd:boolean', 'true'], ['xsd:date', '2000-01-01'], ['xsd:dateTime', '2000-01-01T00:00:00Z'], ['gml:doubleList', '0 0 1 0 1 1 0 0'], ['gml:DirectPositionType', '0 0']])
			assert.deepEqual(defined([['x', type]], compare('a${x}b${x}')).queries[0].filter.args[1], `a${value}b${value}`, type);
		assert.deepEqual(defined([['crs', 'xsd:anyURI'], ['type', 'xsd:QName']], '<wfs:Query typeNames="p:${type}" srsName="urn:${crs}"/>').queries, [{ types: ['a'], srs: 'urn:0' }]);
	});
	it('has an element where the type is one of GML', () => {
		const spatial = (type, operator = 'Intersects') => defined([['at', type]], where(`<fes:${operator}><fes:ValueReference>geometry</fes:ValueReference>\n\${at}\n</fes:${operator}>`));
		assert.equal(spatial('gml:PolygonPropertyType').queries[0].filter.args[1].type, 'Polygon');
		assert.equal(spatial('gml:EnvelopeType', 'BBOX').queries[0].filter.op, 's_intersects');
		assert.equal(defined([['when', 'gml:TimePeriod']], where('<fes:During><fes:ValueReference>valid_from</fes:ValueReference>${when}</fes:During>')).queries[0].filter.op, 't_during');
	});
	it('stands alone with what is bound around it', () => {
		const text = define([['x', 'xsd:string']], compare('${x}'), { title: 'alone', more: '<wfs:StoredQueryDefinition id="urn:b"><wfs:QueryExpressionText returnFeatureTypes="" language="l"/></wfs:StoredQueryDefinition>' });
		const { status, stdout } = run(text);
		assert.equal(status, 0);
		const alone = /"alone":("(?:[^"\\]|\\.)*")/.exec(stdout)[1];
		const again = understood(JSON.parse(alone)).definition;
		assert.deepEqual([again.id, again.parameters, again.queries], ['urn:a', { x: 'xsd:string' }, [{ types: ['plans'], filter: { op: '=', args: [{ property: 'title' }, '0'] } }]]);
		assert.ok(!JSON.parse(alone).includes('urn:b'));
	});
	for (const [says, locator, ...words] of [
		[/the capabilities do not name this language/, 'language', [], compare('x'), { attributes: 'returnFeatureTypes="" language="http://qry.example.org"' }],
		[/is a URI of 200 characters/, 'id', [], compare('x'), { id: 'a b' }],
		[/is a URI of 200 characters/, 'id', [], compare('x'), { id: 'x'.repeat(201) }],
		[/a hole is written/, 'QueryExpressionText', [['x', 'xsd:string']], compare('${y}')],
		[/a hole is written/, 'QueryExpressionText', [['x', 'xsd:string']], compare('${x')],
		[/a parameter is called by letters/, 'name', [['ä', 'xsd:string']], compare('x')],
		[/a parameter of every request is called so/, 'Count', [['Count', 'xsd:int']], compare('x')],
		[/names of parameters count without case/, 'X', [['x', 'xsd:int'], ['X', 'xsd:int']], compare('x')],
		[/simple ones, or of GML/, 'x', [['x', 'p:string']], compare('x')],
		[/simple ones, or of GML/, 'x', [['x', 'xsd:NOTATION']], compare('x')],
		[/simple ones, or of GML/, 'x', [['x', 'string']], compare('x')],
		[/stands by itself/, 'QueryExpressionText', [['g', 'gml:PointType']], '<wfs:Query typeNames="${g}"/>'],
		[/stands by itself/, 'QueryExpressionText', [['g', 'gml:PointType']], where('<fes:Intersects><fes:ValueReference>g</fes:ValueReference>${g}${g}</fes:Intersects>')],
		[/asks by itself/, 'QueryExpressionText', [], '<wfs:StoredQuery id="urn:a"/>'],
		[/^line \d+, column \d+: .*Colour is no operator/, undefined, [], where('<fes:Colour/>')],
		[/^line \d+, column \d+: /, undefined, [['x', 'xsd:string']], where('<fes:Intersects><fes:ValueReference>g</fes:ValueReference><gml:Point><gml:pos>${x}</gml:pos></gml:Point></fes:Intersects>')],
		[/a Query or a StoredQuery is missing/, undefined, [['x', 'xsd:string']], '${x}'],
	])
		it(`is refused: ${says.source} ${locator ?? ''}`, () => {
			const { fault, locator: at, queries } = defined(...words);
			assert.match(fault, says);
			assert.equal(at, locator);
			assert.equal(queries, undefined);
		});
});
