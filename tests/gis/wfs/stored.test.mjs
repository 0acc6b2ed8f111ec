// SPDX-License-Identifier: EUPL-1.2
// Stored queries: who keeps them, what they find with which values, that a value is never more than a value, and how they are described.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { halstenbek, hamburg } from '../../api/support.mjs';
import { inside } from '../ogc/site.mjs';
import { openSite, plainId, urn, withoutSchemas } from './site.mjs';

const spaces = 'xmlns:w="http://www.opengis.net/wfs/2.0" xmlns:f="http://www.opengis.net/fes/2.0" xmlns:g="http://www.opengis.net/gml/3.2" xmlns:x="http://www.w3.org/2001/XMLSchema" xmlns:q="urn:planungsplattform:features:1"';
const language = 'urn:ogc:def:queryLanguage:OGC-WFS::WFSQueryExpression';
const definition = (id, parameters, expression, { returns = 'q:municipalities', isPrivate = false, head = '' } = {}) => `<w:StoredQueryDefinition id="${id}">${head}${Object.entries(parameters).map(([name, type]) => `<w:Parameter name="${name}" type="${type}"><w:Title xml:lang="de">Wert von ${name}</w:Title></w:Parameter>`).join('')}`
	+ `<w:QueryExpressionText returnFeatureTypes="${returns}" language="${language}" isPrivate="${isPrivate}">${expression}</w:QueryExpressionText></w:StoredQueryDefinition>`;
const create = (...definitions) => `<w:CreateStoredQuery service="WFS" version="2.0.2" ${spaces}>${definitions.join('')}</w:CreateStoredQuery>`;
const drop = (id) => `<w:DropStoredQuery service="WFS" version="2.0.2" id="${id}" ${spaces}/>`;
const query = (filter, attributes = 'typeNames="q:municipalities"') => `<w:Query ${attributes}>${filter ? `<f:Filter>${filter}</f:Filter>` : ''}</w:Query>`;
const compare = (name, literal, operator = 'PropertyIsEqualTo') => `<f:${operator}><f:ValueReference>q:${name}</f:ValueReference><f:Literal>${literal}</f:Literal></f:${operator}>`;
const ask = (id, parameters, operation = 'GetFeature', attributes = '') => `<w:${operation} service="WFS" version="2.0.0" ${attributes} ${spaces}><w:StoredQuery id="${id}">${Object.entries(parameters).map(([name, value]) => `<w:Parameter name="${name}">${value}</w:Parameter>`).join('')}</w:StoredQuery></w:${operation}>`;
const envelope = ([west, south, east, north]) => `<g:Envelope srsName="${urn(25832)}"><g:lowerCorner>${west} ${south}</g:lowerCorner><g:upperCorner>${east} ${north}</g:upperCorner></g:Envelope>`;
const escape = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

describe('stored queries', { concurrency: false }, () => {
	let site, colleague, reader, stranger, citizen;
	const bearer = (who) => (who ? { authorization: `Bearer ${who.token}` } : {});
	const may = (body, who = site) => site.good(body, bearer(who));
	const mayNot = async (body, who, ...expected) => {
		const { status, code, locator } = await site.refused(body, bearer(who));
		assert.deepEqual([status, code, locator].slice(0, expected.length), expected);
	};
	const found = async (request) => site.members(await site.good(request)).map(({ id }) => plainId(id));
	/** By parameters and by XML; both are to find the same. */
	const asked = async (id, values, xml = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, escape(value)]))) => {
		const keys = await found({ REQUEST: 'GetFeature', STOREDQUERY_ID: id, ...values });
		assert.deepEqual(await found(ask(id, xml)), keys);
		return keys;
	};
	const listed = async () => (await site.good({ REQUEST: 'ListStoredQueries' })).xml.all('StoredQuery').map((each) => each.attribute('id')).slice(2);

	before(async () => {
		site = await openSite();
		[colleague, reader, stranger, citizen] = await Promise.all([['manager', hamburg], ['reader', hamburg], ['manager', halstenbek], ['public']].map((words) => site.server.account(...words)));
	});
	after(() => site.stop());

	it('are kept by who conducts procedures for a body, and asked by everybody', async () => {
		const text = create(definition('urn:land', { land: 'x:string' }, query(compare('land', '${land}'))));
		await mayNot(text, null, 401, 'AuthenticationRequired');
		await mayNot(text, reader, 403, 'OperationNotAllowed');
		await mayNot(text, citizen, 403, 'OperationNotAllowed');
		assert.deepEqual(await listed(), []);
		await may(text);
		await mayNot(text, stranger, 400, 'DuplicateStoredQueryIdValue', 'urn:land');
		const expected = (await site.all('municipalities')).filter(({ properties }) => properties.land === '02').map(({ id }) => id);
		assert.ok(expected.length > 0);
		assert.deepEqual(await asked('urn:land', { land: '02' }), expected);
		await mayNot(drop('urn:land'), null, 401, 'AuthenticationRequired');
		await mayNot(drop('urn:land'), reader, 403, 'OperationNotAllowed');
		await mayNot(drop('urn:land'), stranger, 403, 'OperationNotAllowed');
		assert.deepEqual(await listed(), ['urn:land']);
		await may(drop('urn:land'), colleague);
		assert.deepEqual(await listed(), []);
		await mayNot(drop('urn:land'), site, 400, 'InvalidParameterValue', 'id');
		await mayNot(drop('urn:ogc:def:query:OGC-WFS::GetFeatureById'), site, 400, 'InvalidParameterValue', 'id');
	});
	it('change by POST alone, and not by the page of another site', async () => {
		for (const REQUEST of ['CreateStoredQuery', 'DropStoredQuery'])
			assert.deepEqual(await site.refused({ REQUEST, STOREDQUERY_ID: 'urn:a' }, bearer(site)).then(({ status, code }) => [status, code]), [501, 'OperationNotSupported']);
		const operations = (await site.good({ REQUEST: 'GetCapabilities' })).xml.all('Operation').filter((each) => /^(Create|Drop)/.test(each.attribute('name')));
		assert.deepEqual(operations.map((each) => [each.attribute('name'), each.first('HTTP').children.map(({ name }) => name)]), [['CreateStoredQuery', ['Post']], ['DropStoredQuery', ['Post']]]);
	});
	it('are several in one request, all or none', async () => {
		const [a, b] = ['urn:a', 'urn:b'].map((id) => definition(id, {}, query('')));
		await mayNot(create(a, definition('urn:c', { n: 'x:integer' }, query(compare('name', '${m}')))), site, 400, 'InvalidParameterValue', 'QueryExpressionText');
		await mayNot(create(a, a), site, 400, 'DuplicateStoredQueryIdValue', 'urn:a');
		assert.deepEqual(await listed(), []);
		await may(create(a, b));
		assert.deepEqual(await listed(), ['urn:a', 'urn:b']);
		for (const id of ['urn:a', 'urn:b'])
			await may(drop(id));
	});
	it('are refused where they name what is not there, or more than a body may have', async () => {
		const id = 'urn:refused';
		await mayNot(create(definition(id, {}, query('', 'typeNames="q:rivers"'), { returns: '' })), site, 400, 'InvalidParameterValue', 'typeNames');
		await mayNot(create(definition(id, {}, query(''), { returns: 'q:rivers' })), site, 400, 'InvalidParameterValue', 'returnFeatureTypes');
		await mayNot(create(definition(id, {}, query(''), { returns: 'q:plans' })), site, 400, 'InvalidParameterValue', 'returnFeatureTypes');
		await mayNot(create(definition(id, { a: 'x:int', A: 'x:int' }, query(''))), site, 400, 'DuplicateStoredQueryParameterName', 'A');
		await mayNot(create(definition(id, {}, query(compare('name', 'x', 'Colour')))), site, 400, 'InvalidParameterValue', 'QueryExpressionText');
		await mayNot(create(definition(id, {}, `<!-- ${'x'.repeat(65536)} -->${query('')}`)), site, 400, 'OperationProcessingFailed', id);
		await mayNot(create(definition('http://www.opengis.net/def/query/OGC-WFS/0/GetFeatureById', {}, query(''))), site, 400, 'DuplicateStoredQueryIdValue');
		for (let done = 0; done < 100; done += 10)
			await may(create(...Array.from({ length: 10 }, (_, i) => definition(`urn:many:${done + i}`, {}, query('')))));
		await mayNot(create(definition(id, {}, query(''))), colleague, 400, 'OperationProcessingFailed');
		await may(create(definition(id, {}, query(''))), stranger);
		await may(drop(id), stranger);
		await site.server.sql("delete from pp.stored_query where name like 'urn:many:%'");
	});

	it('find with values of every type what a filter of one’s own finds', async () => {
		const all = await site.all('municipalities');
		const area = all.map(({ properties }) => properties.area_m2).sort((a, b) => a - b)[all.length >> 1];
		await may(create(
			definition('urn:large', { least: 'x:double', name: 'x:string' }, query(`<f:And>${compare('area_m2', '${least}', 'PropertyIsGreaterThan')}<f:PropertyIsLike wildCard="*" singleChar="?" escapeChar="!"><f:ValueReference>q:name</f:ValueReference><f:Literal>\${name}*</f:Literal></f:PropertyIsLike></f:And>`)),
			definition('urn:in', { area: 'g:AbstractGeometryType' }, query('<f:Intersects><f:ValueReference>q:geometry</f:ValueReference>${area}</f:Intersects>')),
			definition('urn:corners', { corners: 'g:doubleList' }, query(`<f:Intersects><f:ValueReference>q:geometry</f:ValueReference><g:LineString srsName="${urn(25832)}"><g:posList>\${corners}</g:posList></g:LineString></f:Intersects>`)),
			definition('urn:since', { day: 'x:date', instant: 'x:dateTime' }, query(`<f:Or>${compare('valid_from', '${day}T00:00:00Z', 'PropertyIsLessThan')}${compare('valid_from', '${instant}', 'PropertyIsGreaterThan')}</f:Or>`)),
			definition('urn:sorted', { by: 'x:NCName', crs: 'x:anyURI', type: 'x:QName' }, '<w:Query typeNames="${type}" srsName="${crs}"><f:SortBy><f:SortProperty><f:ValueReference>${by}</f:ValueReference><f:SortOrder>DESC</f:SortOrder></f:SortProperty></f:SortBy></w:Query>', { returns: '' })));
		assert.deepEqual(await asked('urn:large', { least: String(area), name: 'B' }), all.filter(({ properties }) => properties.area_m2 > area && properties.name.startsWith('B')).map(({ id }) => id));
		assert.deepEqual(await asked('urn:large', { least: '-1E0', name: '' }), all.map(({ id }) => id));
		const box = [555000, 5935000, 560000, 5945000];
		const expected = await inside(site, 'municipalities', box, 25832);
		assert.ok(expected.length > 1 && expected.length < all.length);
		assert.deepEqual(await asked('urn:in', { area: envelope(box).replace('<g:Envelope', `<g:Envelope ${spaces}`) }, { area: envelope(box) }), expected);
		const [west, south, east, north] = box;
		assert.deepEqual(await asked('urn:corners', { corners: `${west} ${south} ${east} ${north}` }),
			(await site.server.sql(`select fid from pp.feature_municipalities where died is null and ST_Intersects(geom, ST_SetSRID(ST_MakeLine(ST_MakePoint(${west}, ${south}), ST_MakePoint(${east}, ${north})), 25832)) order by fid collate "C"`)).map(({ fid }) => fid));
		assert.deepEqual(await asked('urn:since', { day: '2000-01-01', instant: '2000-01-01T00:00:00+01:00' }), all.map(({ id }) => id));
		assert.deepEqual(await asked('urn:since', { day: '2000-01-01', instant: '2999-01-01T00:00:00Z' }), []);
		const { xml } = await site.good({ REQUEST: 'GetFeature', STOREDQUERY_ID: 'urn:sorted', by: 'area_m2', crs: urn(4326), TYPE: 'q:municipalities', COUNT: 2 });
		assert.deepEqual(site.members({ xml }).map(({ id }) => plainId(id)), [...all].sort((a, b) => b.properties.area_m2 - a.properties.area_m2).slice(0, 2).map(({ id }) => id));
		assert.equal(xml.first('geometry').children[0].attribute('srsName'), urn(4326));
	});
	it('are asked for values, hits, other formats, and page by page', async () => {
		const all = await site.all('municipalities');
		const request = { STOREDQUERY_ID: 'urn:large', least: '-1', name: '' };
		assert.deepEqual((await site.good({ REQUEST: 'GetPropertyValue', VALUEREFERENCE: 'q:name', ...request })).xml.all('member').map(({ text }) => text), all.map(({ properties }) => properties.name));
		assert.equal((await site.good({ REQUEST: 'GetFeature', RESULTTYPE: 'hits', ...request })).xml.attribute('numberMatched'), String(all.length));
		assert.deepEqual(JSON.parse((await site.good({ REQUEST: 'GetFeature', OUTPUTFORMAT: 'json', ...request })).text).features.map(({ id }) => id), all.map(({ id }) => id));
		for (const first of [{ REQUEST: 'GetFeature', COUNT: 100, ...request }, ask('urn:large', { least: '-1', name: '' }, 'GetFeature', 'count="100"')]) {
			const keys = [];
			for (let next = first, reply; next; next = reply.xml.attribute('next')) {
				reply = await site.good(next);
				keys.push(...site.members(reply).map(({ id }) => plainId(id)));
			}
			assert.deepEqual(keys, all.map(({ id }) => id));
		}
	});
	it('stand beside others in one request, and have several queries themselves', async () => {
		await may(create(definition('urn:two', { n: 'x:string' }, query(compare('name', '${n}')) + query('', 'typeNames="q:plans"'), { returns: '' })));
		const { xml } = await site.good(`<w:GetFeature service="WFS" version="2.0.0" ${spaces}><w:StoredQuery id="urn:two"><w:Parameter name="n">Halstenbek</w:Parameter></w:StoredQuery>${query(compare('name', 'Ellerbek'))}`
			+ '<w:StoredQuery id="urn:ogc:def:query:OGC-WFS::GetFeatureById"><w:Parameter name="id">municipalities.02000000</w:Parameter></w:StoredQuery></w:GetFeature>');
		assert.deepEqual(xml.all('FeatureCollection').map((each) => each.all('member').length), [1, (await site.all('plans')).length, 1, 1]);
	});
	it('want every value, of its type, and nothing else', async () => {
		const refused = async (id, values, ...expected) => {
			for (const request of [{ REQUEST: 'GetFeature', STOREDQUERY_ID: id, ...values }, ask(id, Object.fromEntries(Object.entries(values).map(([name, value]) => [name, escape(value)])))])
				await mayNot(request, null, ...expected);
		};
		await refused('urn:large', { least: '1' }, 400, 'MissingParameterValue', 'name');
		for (const least of ['', 'x', 'NaN', 'INF', '1,5', '0x10', '1 or 1=1'])
			await refused('urn:large', { least, name: '' }, 400, 'InvalidParameterValue', 'least');
		for (const area of ['', '1 2', '<f:Not/>', '<Point/><Point/>', `<q:Point ${spaces}/>`, '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'])
			await mayNot({ REQUEST: 'GetFeature', STOREDQUERY_ID: 'urn:in', area }, null, 400, 'InvalidParameterValue', 'area');
		await mayNot(ask('urn:in', { area: '<g:Point><g:pos>1</g:pos></g:Point>' }), null, 400, 'InvalidParameterValue', 'QueryExpressionText');
		await mayNot(ask('urn:large', { least: '<g:Point><g:pos>1 2</g:pos></g:Point>', name: '' }), null, 400, 'InvalidParameterValue', 'least');
		for (const corners of ['', 'a b', '1 NaN'])
			await refused('urn:corners', { corners }, 400, 'InvalidParameterValue', 'corners');
		for (const [day, instant, locator] of [['gestern', '2000-01-01T00:00:00Z', 'day'], ['2000-01-01T00:00:00Z', '2000-01-01T00:00:00Z', 'day'], ['2000-01-01', '2000-01-01', 'instant'], ['2000-02-30', '2000-01-01T00:00:00Z', 'day']])
			await refused('urn:since', { day, instant }, 400, 'InvalidParameterValue', locator);
		await refused('urn:sorted', { by: 'a b', crs: urn(4326), type: 'q:plans' }, 400, 'InvalidParameterValue', 'by');
		await refused('urn:sorted', { by: 'land', crs: 'EPSG:1', type: 'q:plans' }, 400, 'InvalidParameterValue', 'srsName');
		await refused('urn:sorted', { by: 'area_m2', crs: urn(4326), type: 'q:rivers' }, 400, 'InvalidParameterValue', 'typeNames');
		await mayNot(ask('urn:large', { least: '1', name: '', colour: 'red' }), null, 400, 'InvalidParameterValue', 'colour');
		await refused('urn:nobody', {}, 400, 'InvalidParameterValue');
	});
	it('take a value as it is, whatever it looks like', async () => {
		await may(create(definition('urn:named', { name: 'x:string' }, query(compare('name', '${name}')))));
		for (const name of ['</f:Literal><f:Literal>Ellerbek', '"><', "' or '1'='1", '${name}', ']]>', '<g:Point/>', '&amp;', 'Ellerbek; drop table pp.stored_query', '%', '*'])
			assert.deepEqual(await asked('urn:named', { name }), [], name);
		assert.deepEqual(await asked('urn:named', { name: 'Ellerbek' }), ['01056013']);
	});
	it('show of drafts what whoever asks may see', async () => {
		await may(create(definition('urn:drafts', {}, query('', 'typeNames="q:drafts"'), { returns: 'q:drafts' })));
		const request = { REQUEST: 'GetFeature', STOREDQUERY_ID: 'urn:drafts' };
		await mayNot(request, null, 401, 'AuthenticationRequired');
		const drawn = await fetch(`${site.root}/collections/drafts/items`, { method: 'POST', headers: { ...bearer(site), 'content-type': 'application/geo+json' }, body: JSON.stringify({ type: 'Feature', geometry: null, properties: { title: 'neu' } }) });
		assert.equal(drawn.status, 201, await drawn.text());
		assert.deepEqual((await site.good(request, bearer(reader))).xml.all('title').map(({ text }) => text), ['neu']);
		assert.deepEqual(site.members(await site.good(request, bearer(stranger))), []);
		const returns = async (who) => (await site.good({ REQUEST: 'ListStoredQueries' }, bearer(who))).xml.all('StoredQuery').map((each) => each.all('ReturnFeatureType').filter(({ text }) => text === 'pp:drafts').length);
		assert.ok((await returns(null)).every((count) => count === 0));
		assert.deepEqual((await returns(reader)).slice(0, 2), [1, 1]);
	});
	it('are bounded, also where a large value stands in many holes', async () => {
		await may(create(definition('urn:often', { v: 'x:string', g: 'g:PointType' }, query(`<f:Or>${compare('name', '${v}'.repeat(4000))}${'<f:Intersects><f:ValueReference>q:geometry</f:ValueReference>${g}</f:Intersects>'.repeat(300)}</f:Or>`))));
		const point = '<g:Point><g:pos>1 2</g:pos></g:Point>', many = `<g:MultiPoint>${`<g:pointMember>${point}</g:pointMember>`.repeat(2000)}</g:MultiPoint>`;
		await mayNot(ask('urn:often', { v: 'x'.repeat(100000), g: point }), null, 400, 'InvalidParameterValue', 'QueryExpressionText');
		await mayNot(ask('urn:often', { v: 'x', g: many }), null, 400, 'InvalidParameterValue', 'QueryExpressionText');
	});
	it('are described as they were written, with all prefixes, but for the text of private ones', async () => {
		await may(create(
			definition('urn:shown', { name: 'x:string', area: 'g:EnvelopeType' }, `<!-- why --><v:Query xmlns:v="http://www.opengis.net/wfs/2.0" typeNames="q:municipalities"><f:Filter>${compare('name', '${name}')}</f:Filter></v:Query>`, { head: '<w:Title xml:lang="de">Nach Namen &amp; mehr</w:Title><w:Title xml:lang="en">By name</w:Title><w:Abstract xml:lang="de">Eine</w:Abstract>' }),
			definition('urn:hidden', { name: 'x:string' }, query(compare('name', '${name}')), { isPrivate: true })));
		const { xml, headers } = await site.good({ REQUEST: 'DescribeStoredQueries', STOREDQUERY_ID: 'urn:shown,urn:hidden' });
		const [shown, hidden] = xml.all('StoredQueryDescription');
		assert.deepEqual(shown.children.filter(({ name }) => name === 'Title').map((each) => [each.attribute('xml:lang'), each.text]), [['de', 'Nach Namen & mehr'], ['en', 'By name']]);
		assert.equal(shown.child('Abstract').text, 'Eine');
		assert.deepEqual(shown.all('Parameter').map((each) => [each.attribute('name'), each.attribute('type'), each.child('Title').text]), [['name', 'xs:string', 'Wert von name'], ['area', 'gml:EnvelopeType', 'Wert von area']]);
		const expression = shown.child('QueryExpressionText');
		assert.equal(expression.attribute('returnFeatureTypes'), 'q:municipalities');
		assert.equal(expression.spaces.q, 'urn:planungsplattform:features:1');
		assert.deepEqual([expression.first('Query').space, expression.first('PropertyIsEqualTo').space, expression.first('Literal').text], ['http://www.opengis.net/wfs/2.0', 'http://www.opengis.net/fes/2.0', '${name}']);
		assert.deepEqual([hidden.child('QueryExpressionText').children, hidden.child('QueryExpressionText').attribute('isPrivate')], [[], 'true']);
		assert.equal(hidden.child('QueryExpressionText').attribute('returnFeatureTypes').trim(), 'pp:municipalities');
		assert.deepEqual(await asked('urn:hidden', { name: 'Ellerbek' }), ['01056013']);
		const again = await site.ask({ REQUEST: 'DescribeStoredQueries', STOREDQUERY_ID: 'urn:shown,urn:hidden' }, { 'if-none-match': headers.get('etag') });
		assert.equal(again.status, 304);
		const list = (await site.good({ REQUEST: 'ListStoredQueries' })).xml.all('StoredQuery').find((each) => each.attribute('id') === 'urn:shown');
		assert.deepEqual([list.all('Title').map(({ text }) => text), list.all('ReturnFeatureType').map(({ text }) => text)], [['Nach Namen & mehr', 'By name'], ['pp:municipalities']]);
		await mayNot({ REQUEST: 'DescribeStoredQueries', STOREDQUERY_ID: 'urn:shown,urn:nobody' }, null, 400, 'InvalidParameterValue', 'STOREDQUERY_ID');
		// What this version of the server cannot read any more is as if it were not there.
		await site.server.sql("insert into pp.stored_query select 'urn:old', body, '<old/>', created_at, created_by from pp.stored_query where name = 'urn:shown'");
		assert.ok(!(await listed()).includes('urn:old'));
		await mayNot({ REQUEST: 'GetFeature', STOREDQUERY_ID: 'urn:old' }, null, 400, 'InvalidParameterValue', 'STOREDQUERY_ID');
		assert.ok((await site.good({ REQUEST: 'DescribeStoredQueries' })).xml.all('StoredQueryDescription').length > 4);
	});
	it('have come as valid documents', { skip: withoutSchemas }, async () => {
		const { status, count, errors } = await site.judge();
		assert.ok(count > 100);
		assert.equal(status, 0, errors.slice(0, 10).join('\n'));
	});
});
