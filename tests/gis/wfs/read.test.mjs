// SPDX-License-Identifier: EUPL-1.2
// WFS shows what OGC API shows: the same features in the same places, whatever the CRS and its spelling, page by page of one state.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { deflateSync } from 'node:zlib';
import { confirm, fileBoth } from '../../api/support.mjs';
import { codes, crs84, epsg, positions } from '../ogc/site.mjs';
import { numbers, openSite, plainId, urn, withoutSchemas } from './site.mjs';

const spellings = {
	84: [urn(84), crs84, 'CRS84', 'urn:ogc:def:crs:OGC::CRS84'],
	...Object.fromEntries([25832, 25833, 3857, 4326, 4258].map((code) => [code, [urn(code), epsg(code), `EPSG:${code}`, `http://www.opengis.net/gml/srs/epsg.xml#${code}`, `urn:ogc:def:crs:EPSG:9.8:${code}`]])),
};

describe('WFS', () => {
	let site;
	before(async () => { site = await openSite(); });
	after(() => site.stop());
	const ids = (reply) => site.members(reply).map(({ id }) => plainId(id));
	const publish = async () => {
		const { procedure, plan } = await fileBoth(site.server, site.token);
		await confirm(site.server, site.token, plan);
		await site.server.must(200, 'POST', `/procedures/${procedure}/publish`, { token: site.token, body: {} });
		return procedure;
	};

	it('has the features of OGC API in the same places, in every CRS', async () => {
		for (const { id } of site.collections)
			for (const code of Object.keys(spellings)) {
				const uri = Number(code) === 84 ? crs84 : epsg(code);
				const expected = await site.all(id, `crs=${uri}`);
				const found = await site.features(id, { SRSNAME: uri });
				assert.deepEqual(found.map((each) => plainId(each.id)), expected.map((each) => each.id));
				found.forEach(({ element }, i) => {
					const geometry = element.child('geometry');
					assert.deepEqual(geometry ? numbers(geometry) : [], positions(expected[i].geometry).flat(), `${id} ${code} ${expected[i].id}`);
					assert.ok(!geometry || geometry.children[0].attribute('srsName') === uri);
				});
			}
	});

	// Ellerbek lies at 9.87 degrees east, 53.66 north; so do the numbers of each CRS there, in the order of its axes.
	it('has the axes of each CRS in its own order in GML and CSV, east first in GeoJSON, however it is spelled', async () => {
		const near = { 84: [9.87, 53.66], 25832: [557500, 5946000], 25833: [161000, 5953000], 3857: [1098700, 7104000], 4326: [53.66, 9.87], 4258: [53.66, 9.87] };
		const read = {
			'application/gml+xml; version=3.2': ({ xml }) => numbers(xml).slice(0, 2),
			'text/csv': ({ text }) => /\(+(\S+) ([^,]+),/.exec(text).slice(1).map(Number),
			'application/geo+json': ({ text }) => JSON.parse(text).features[0].geometry.coordinates.flat(9).slice(0, 2),
		};
		for (const [code, names] of Object.entries(spellings))
			for (const name of names)
				for (const [format, first] of Object.entries(read)) {
					const found = first(await site.good({ REQUEST: 'GetFeature', TYPENAMES: 'pp:municipalities', RESOURCEID: 'municipalities.01056013', SRSNAME: name, OUTPUTFORMAT: format }));
					const [x, y] = /json/.test(format) && ['4326', '4258'].includes(code) ? [near[code][1], near[code][0]] : near[code];
					const reach = x < 100 ? 0.2 : 20000;
					assert.ok(Math.abs(found[0] - x) < reach && Math.abs(found[1] - y) < reach, `${format} ${name}: ${found}, not ${x} ${y}`);
				}
		assert.deepEqual(read['application/geo+json'](await site.good({ REQUEST: 'GetFeature', TYPENAMES: 'municipalities', RESOURCEID: 'municipalities.01056013', OUTPUTFORMAT: 'json' })).map(Math.round), [10, 54]);
	});

	it('takes a box in every spelling of every CRS, and finds what PostGIS finds', async () => {
		const [row] = await site.server.sql(`select ${Object.entries(codes).map(([, code]) => `ST_AsText(ST_Envelope(ST_Transform(ST_SetSRID(ST_MakeBox2D(ST_MakePoint(9.8, 53.6), ST_MakePoint(10, 53.7)), 4326), ${code})), 9) as c${code}`).join(', ')}`);
		for (const [code, names] of Object.entries(spellings)) {
			const corners = /\(\((.*)\)\)/.exec(row[`c${code === '84' ? 4326 : code}`])[1].split(',').map((pair) => pair.split(' ').map(Number));
			const xs = corners.map(([x]) => x), ys = corners.map(([, y]) => y);
			const box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
			const expected = (await site.server.sql(`select fid from pp.feature_municipalities where died is null and ST_Intersects(geom, ST_Transform(ST_Segmentize(ST_MakeEnvelope(${box}, ${code === '84' ? 4326 : code}),
				greatest(${box[2]} - ${box[0]}, 1e-6) / 500), 25832)) order by fid collate "C"`)).map(({ fid }) => fid);
			assert.ok(expected.length > 10);
			const ordered = ['4326', '4258'].includes(code) ? [box[1], box[0], box[3], box[2]] : box;
			for (const name of names)
				assert.deepEqual(await site.keys('municipalities', { BBOX: [...ordered, name] }), expected, name);
			if (code === '25832')
				assert.deepEqual(await site.keys('municipalities', { BBOX: String(box) }), expected, 'which is the CRS without one');
		}
		const placed = (await site.server.sql('select fid from pp.feature_statements where died is null and geom is not null order by fid collate "C"')).map(({ fid }) => fid);
		assert.deepEqual(await site.keys('statements', { BBOX: '0,5000000,1000000,7000000' }), placed, 'what lies nowhere is in no box');
	});

	it('cuts the same list by count and start, in order, of one type and of several', async () => {
		const whole = (await site.all('municipalities')).map(({ id }) => id), plans = (await site.all('plans')).map(({ id }) => id);
		const slices = [[0, 1], [3, 7], [600, 700], [1369, 5], [1370, 5], [5000, 2], [0, 2000], [499, 502]];
		for (const [start, count] of slices) {
			const { xml, ...reply } = await site.good({ REQUEST: 'GetFeature', TYPENAMES: 'municipalities', STARTINDEX: start, COUNT: count, PROPERTYNAME: 'ags' });
			assert.deepEqual(ids({ xml, ...reply }), whole.slice(start, start + count), `${start} ${count}`);
			assert.equal(xml.attribute('numberReturned'), String(whole.slice(start, start + count).length));
			assert.equal(xml.attribute('numberMatched'), String(whole.length));
		}
		for (const [start, count] of [[0, 5], [1368, 5], [1371, 3], [0, 5000], [2000, 1]]) {
			const { xml, ...reply } = await site.good({ REQUEST: 'GetFeature', TYPENAMES: '(municipalities)(plans)(statements)', STARTINDEX: start, COUNT: count, PROPERTYNAME: '(ags)(number)(number)' });
			const statements = (await site.all('statements')).map(({ id }) => id);
			const expected = [...whole, ...plans, ...statements].slice(start, start + count);
			assert.deepEqual(ids({ xml, ...reply }), expected, `${start} ${count}`);
			assert.equal(xml.attribute('numberReturned'), String(expected.length));
			const parts = xml.all('FeatureCollection');
			assert.equal(parts.length, 3, 'each query has a collection of its own');
			assert.equal(parts.reduce((sum, part) => sum + Number(part.attribute('numberReturned')), 0), expected.length);
		}
	});

	it('shows what several queries find once, and refers to it from the others', async () => {
		const filter = (condition) => `<fes:Filter xmlns:fes="http://www.opengis.net/fes/2.0">${condition}</fes:Filter>`;
		const compare = (kind, name, value) => `<fes:PropertyIs${kind}><fes:ValueReference>${name}</fes:ValueReference><fes:Literal>${value}</fes:Literal></fes:PropertyIs${kind}>`;
		const all = (await site.all('municipalities')).map(({ id, properties }) => ({ id, ...properties })), plans = (await site.all('plans')).map(({ id }) => id);
		const large = all.filter(({ area_m2: area }) => area > 3e7).sort((a, b) => b.area_m2 - a.area_m2);
		const queries = [['municipalities', compare('EqualTo', 'land', '02'), '', all.filter(({ land }) => land === '02')], ['municipalities', compare('GreaterThan', 'area_m2', '30000000'), 'area_m2 DESC', large], ['plans', '', '', plans.map((id) => ({ id }))],
			['municipalities', compare('EqualTo', 'land', '01'), '', all.filter(({ land }) => land === '01')], ['municipalities', '', '', all]];
		const question = { REQUEST: 'GetFeature', TYPENAMES: queries.map(([type]) => `(${type})`).join(''), FILTER: queries.map(([, condition]) => `(${condition ? filter(condition) : filter('<fes:Not><fes:PropertyIsNull><fes:ValueReference>modified</fes:ValueReference></fes:PropertyIsNull></fes:Not>')})`).join(''),
			SORTBY: queries.map(([, , order]) => `(${order})`).join(''), PROPERTYNAME: '(name)(name)(title)(name,geometry)(name)' };
		/** Of each collection in a document its members, as what is shown and what is referred to. */
		const collections = ({ xml }) => xml.children.filter(({ name }) => name === 'member').map(({ children: [collection] }) => collection.children.filter(({ name }) => name === 'member').map((member) => ({ shown: member.children[0]?.attribute('gml:id'), href: member.attribute('xlink:href') })));
		const seen = new Set(), expected = queries.map(([type, , , features]) => features.map(({ id }) => {
			const key = `${type}.${id}`, member = seen.has(key) ? { shown: undefined, href: `#${key}` } : { shown: key, href: undefined };
			seen.add(key);
			return member;
		}));
		assert.ok(expected[1].some(({ href }) => href) && expected[1].some(({ shown }) => shown) && expected[3].some(({ href }) => href) && expected[2].every(({ shown }) => shown));
		const reply = await site.good(question);
		assert.deepEqual(collections(reply), expected);
		assert.equal(Number(reply.xml.attribute('numberReturned')), expected.flat().length);
		const document = `<wfs:GetFeature xmlns:wfs="http://www.opengis.net/wfs/2.0" service="WFS" version="2.0.0">${queries.map(([type, condition]) => `<wfs:Query typeNames="pp:${type}" xmlns:pp="urn:planungsplattform:features:1">${condition && filter(condition)}</wfs:Query>`).join('')}</wfs:GetFeature>`;
		assert.deepEqual(collections(await site.good(document)).map((members) => members.filter(({ href }) => href).length), expected.map((members) => members.filter(({ href }) => href).length));
		// On later pages what is referred to may stand on another page: the reference is an address of its own.
		const paged = [];
		let page = await site.good({ ...question, COUNT: 500 }), referred;
		for (;;) {
			paged.push(...collections(page).flat().map(({ shown, href }) => ({ shown, href: href && `#${decodeURIComponent(href).split(/[#=]/).at(-1)}` })));
			referred ??= collections(page).flat().find(({ href }) => href && href[0] !== '#')?.href;
			if (!page.xml.attribute('next'))
				break;
			page = await site.good(page.xml.attribute('next'));
		}
		assert.deepEqual(paged, expected.flat());
		assert.deepEqual(site.members(await site.good(referred)).map(({ id }) => id), [referred.split('=').at(-1)]);
	});
	it('shows one state from the first page to the last and back, whatever changes meanwhile', async () => {
		for (const query of [{}, { SORTBY: 'title DESC,id' }, { FILTER: '<fes:Filter xmlns:fes="http://www.opengis.net/fes/2.0"><fes:PropertyIsLike wildCard="*" singleChar="." escapeChar="!"><fes:ValueReference>title</fes:ValueReference><fes:Literal>*</fes:Literal></fes:PropertyIsLike></fes:Filter>' }]) {
			const before = ids(await site.good({ REQUEST: 'GetFeature', TYPENAMES: 'procedures', ...query }));
			const pages = [];
			let reply = await site.good({ REQUEST: 'GetFeature', TYPENAMES: 'procedures', COUNT: 5, ...query });
			for (;;) {
				pages.push(ids(reply));
				const next = reply.xml.attribute('next');
				if (!next)
					break;
				await publish();
				reply = await site.good(next);
			}
			assert.deepEqual(pages.flat(), before);
			assert.ok(pages.length > 2);
			for (let i = pages.length - 2; i >= 0; i--) {
				reply = await site.good(reply.xml.attribute('previous'));
				assert.deepEqual(ids(reply), pages[i], 'and back');
			}
			assert.equal(reply.xml.attribute('previous'), undefined);
			assert.equal((await site.keys('procedures', query)).length, before.length + pages.length - 1);
		}
	});

	it('goes on with requests that are too long for an address as they are, as long as they fit compressed', async () => {
		const all = (await site.all('municipalities')).map(({ id }) => id).slice(0, 400);
		const request = (ids, attributes) => `<wfs:GetFeature xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:fes="http://www.opengis.net/fes/2.0" xmlns:pp="urn:planungsplattform:features:1" service="WFS" version="2.0.0" ${attributes}><wfs:Query typeNames="pp:municipalities"><wfs:PropertyName>pp:name</wfs:PropertyName><fes:Filter>${ids.map((id) => `<fes:ResourceId rid="municipalities.${id}"/>`).join('')}</fes:Filter></wfs:Query></wfs:GetFeature>`;
		assert.ok(request(all, '').length > 16000);
		const found = [];
		let reply = await site.good(request(all, 'count="150"')), next;
		for (;;) {
			found.push(...ids(reply));
			if (!reply.xml.attribute('next'))
				break;
			next = reply.xml.attribute('next');
			assert.ok(next.length < 8192 && new URL(next).searchParams.has('PACKED'));
			reply = await site.good(next);
		}
		assert.deepEqual(found, all);
		assert.deepEqual(ids(await site.good(reply.xml.attribute('previous'))), all.slice(150, 300));
		const hits = await site.good(request(all, 'resultType="hits"'));
		assert.deepEqual([hits.xml.attribute('numberMatched'), ids(await site.good(hits.xml.attribute('next')))], ['400', all]);
		const short = await site.good(request(all.slice(0, 3), 'count="1"'));
		assert.ok(new URL(short.xml.attribute('next')).searchParams.has('XML'), 'what fits stands there as it is');
		// What cannot be compressed.
		const corners = Array.from({ length: 3000 }, (_, i) => `${(555000 + 9000 * Math.cos(i / 477.46)).toFixed(3)} ${(5940000 + 9000 * Math.sin(i / 477.46)).toFixed(3)}`);
		const area = request([], 'count="1"').replace('<fes:Filter></fes:Filter>', `<fes:Filter><fes:Intersects><fes:ValueReference>geometry</fes:ValueReference><gml:Polygon xmlns:gml="http://www.opengis.net/gml/3.2" gml:id="g" srsName="urn:ogc:def:crs:EPSG::25832"><gml:exterior><gml:LinearRing><gml:posList>${[...corners, corners[0]].join(' ')}</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></fes:Intersects></fes:Filter>`);
		const large = await site.good(area);
		assert.deepEqual([ids(large).length, large.xml.attribute('next')], [1, undefined]);
		assert.equal(ids(await site.good(area.replace('count="1"', 'count="1" startIndex="1"'))).length, 1, 'it goes on by itself');
		for (const packed of ['', 'x', 'eJw', next.replace(/.*PACKED=([^&]*).*/, '$1').slice(0, -8), deflateSync(Buffer.alloc(1 << 20, ' ')).toString('base64url'), deflateSync('<a/>').toString('base64url')]) {
			const { status, code } = await site.refused({ REQUEST: 'GetFeature', PACKED: packed });
			assert.deepEqual([status, ['InvalidParameterValue', 'OperationParsingFailed'].includes(code)], [400, true], packed.slice(0, 40));
		}
	});
	it('says in every format what GML says', async () => {
		for (const { id } of site.collections) {
			const expected = (await site.all(id)).slice(0, 30);
			const json = JSON.parse((await site.good({ REQUEST: 'GetFeature', TYPENAMES: id, COUNT: 30, OUTPUTFORMAT: 'application/json' })).text);
			assert.deepEqual(json.features, expected, 'GeoJSON as OGC API has it');
			assert.equal(json.numberReturned, expected.length);
			const csv = (await site.good({ REQUEST: 'GetFeature', TYPENAMES: id, COUNT: 30, OUTPUTFORMAT: 'csv', SRSNAME: crs84 })).text;
			assert.equal(csv, await (await fetch(`${site.root}/collections/${id}/items?limit=30&f=csv`)).text(), 'CSV as well');
		}
		const several = JSON.parse((await site.good({ REQUEST: 'GetFeature', TYPENAMES: '(plans)(statements)', OUTPUTFORMAT: 'application/json' })).text);
		assert.deepEqual(several.features.map((each) => each.id), [...await site.all('plans'), ...await site.all('statements')].map((each) => each.id));
	});

	it('gives values of one property, and leaves out what has none', async () => {
		for (const { id } of site.collections) {
			const [feature] = await site.all(id);
			for (const name of Object.keys(feature.properties)) {
				const { xml } = await site.good({ REQUEST: 'GetPropertyValue', TYPENAMES: id, VALUEREFERENCE: `pp:${name}` });
				const values = (await site.all(id)).map(({ properties }) => properties[name]).filter((value) => value !== null);
				assert.deepEqual(xml.children.map(({ text }) => text), values.map(String), `${id}.${name}`);
				assert.equal(xml.attribute('numberReturned'), String(values.length));
			}
			const { xml } = await site.good({ REQUEST: 'GetPropertyValue', TYPENAMES: id, VALUEREFERENCE: 'geometry' });
			assert.deepEqual(xml.children.map((member) => numbers(member).length), (await site.all(id)).filter(({ geometry }) => geometry).map(({ geometry }) => positions(geometry).flat().length));
		}
	});

	it('answers in XML what it answers to parameters', async () => {
		const spaces = 'xmlns="http://www.opengis.net/wfs/2.0" xmlns:fes="http://www.opengis.net/fes/2.0" xmlns:pp="urn:planungsplattform:features:1" service="WFS" version="2.0.0"';
		const plain = ({ text }) => text.replace(/ (timeStamp|next|previous)="[^"]*"/g, '');
		const byIdOf = '<StoredQuery id="urn:ogc:def:query:OGC-WFS::GetFeatureById"><Parameter name="id">municipalities.02000000</Parameter></StoredQuery>';
		for (const [query, body] of [
			[{ REQUEST: 'GetCapabilities', ACCEPTVERSIONS: '2.0.0' }, '<GetCapabilities xmlns="http://www.opengis.net/wfs/2.0" xmlns:ows="http://www.opengis.net/ows/1.1" service="WFS"><ows:AcceptVersions><ows:Version>2.0.0</ows:Version></ows:AcceptVersions></GetCapabilities>'],
			[{ REQUEST: 'GetCapabilities', SECTIONS: 'FeatureTypeList' }, '<GetCapabilities xmlns="http://www.opengis.net/wfs/2.0" xmlns:ows="http://www.opengis.net/ows/1.1" service="WFS"><ows:Sections><ows:Section>FeatureTypeList</ows:Section></ows:Sections></GetCapabilities>'],
			[{ REQUEST: 'DescribeFeatureType', TYPENAMES: 'plans,statements' }, `<DescribeFeatureType ${spaces}><TypeName>pp:plans</TypeName><TypeName>pp:statements</TypeName></DescribeFeatureType>`],
			[{ REQUEST: 'ListStoredQueries' }, `<ListStoredQueries ${spaces}/>`],
			[{ REQUEST: 'DescribeStoredQueries' }, `<DescribeStoredQueries ${spaces}/>`],
			[{ REQUEST: 'GetFeature', TYPENAMES: 'procedures', COUNT: 5, STARTINDEX: 2, PROPERTYNAME: 'title,geometry', SORTBY: 'title DESC', SRSNAME: 'EPSG:4326' }, `<GetFeature ${spaces} count="5" startIndex="2"><Query typeNames="pp:procedures" srsName="EPSG:4326">
				<PropertyName>pp:title</PropertyName><PropertyName>pp:geometry</PropertyName><fes:SortBy><fes:SortProperty><fes:ValueReference>pp:title</fes:ValueReference><fes:SortOrder>DESC</fes:SortOrder></fes:SortProperty></fes:SortBy></Query></GetFeature>`],
			[{ REQUEST: 'GetFeature', TYPENAMES: '(plans)(statements)', OUTPUTFORMAT: 'application/geo+json', COUNT: 100 }, `<GetFeature ${spaces} count="100" outputFormat="application/geo+json"><Query typeNames="pp:plans"/><Query typeNames="pp:statements"/></GetFeature>`],
			[{ REQUEST: 'GetFeature', TYPENAMES: 'plans', RESULTTYPE: 'hits' }, `<GetFeature ${spaces} resultType="hits"><Query typeNames="pp:plans"/></GetFeature>`],
			[{ REQUEST: 'GetFeature', STOREDQUERY_ID: 'urn:ogc:def:query:OGC-WFS::GetFeatureById', ID: 'municipalities.02000000' }, `<GetFeature ${spaces}>${byIdOf}</GetFeature>`],
			[{ REQUEST: 'GetPropertyValue', TYPENAMES: 'plans', VALUEREFERENCE: 'number' }, `<GetPropertyValue ${spaces} valueReference="pp:number"><Query typeNames="pp:plans"/></GetPropertyValue>`],
		])
			for (const type of ['text/xml', 'application/xml; charset=UTF-8'])
				assert.equal(plain(await site.post(body, { 'content-type': type })), plain(await site.good(query)), body);
		const whole = (await site.all('procedures')).map(({ id }) => id), pages = [];
		for (let reply = await site.good(`<GetFeature ${spaces} count="5"><Query typeNames="pp:procedures"/></GetFeature>`); ; reply = await site.good(reply.xml.attribute('next'))) {
			pages.push(...ids(reply));
			assert.equal(reply.xml.attribute('numberMatched'), String(whole.length));
			if (!reply.xml.attribute('next'))
				break;
		}
		assert.deepEqual(pages, whole, 'pages of XML are addresses');
		const hits = await site.good(`<GetFeature ${spaces} count="3" resultType="hits"><Query typeNames="pp:procedures"/></GetFeature>`);
		assert.deepEqual(ids(await site.good(hits.xml.attribute('next'))), whole.slice(0, 3));
		for (const [body, status, code] of [['<a', 400, 'OperationParsingFailed'], ['<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 400, 'OperationParsingFailed'], [`<GetFeature ${spaces}/>`, 400], [`<GetFeature ${spaces} count="x"><Query typeNames="pp:plans"/></GetFeature>`, 400, 'InvalidParameterValue'],
			[`<LockFeature ${spaces}><Query typeNames="pp:plans"/></LockFeature>`, 403, 'OperationProcessingFailed'], [`<GetFeature ${spaces}><Query typeNames="pp:nothing"/></GetFeature>`, 400, 'InvalidParameterValue']]) {
			const refusal = await site.refused(body);
			assert.equal(refusal.status, status, body);
			assert.ok(!code || refusal.code === code, `${body}: ${refusal.code}`);
			assert.ok(refusal.code && refusal.text);
		}
		assert.equal((await site.post(`<GetCapabilities ${spaces}/>`, { 'content-type': 'text/plain' })).status, 415);
		const options = await fetch(site.wfs, { method: 'OPTIONS', headers: { origin: 'https://map.example', 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' } });
		assert.match(options.headers.get('allow'), /GET, HEAD, POST/);
		assert.match(options.headers.get('access-control-allow-methods'), /POST/);
		assert.match(options.headers.get('access-control-allow-headers'), /Content-Type/i);
		assert.equal((await site.post(`<ListStoredQueries ${spaces}/>`)).headers.get('access-control-allow-origin'), '*', 'asking changes nothing');
	});

	it('refuses what means nothing, and names it', async () => {
		const get = { REQUEST: 'GetFeature', TYPENAMES: 'plans' };
		for (const [query, status, code, locator] of [
			[{}, 400, 'MissingParameterValue', 'request'], [{ REQUEST: 'GetMap' }, 501, 'OperationNotSupported', 'request'], [{ REQUEST: 'GetFeature' }, 400, 'MissingParameterValue', 'typeNames'],
			[{ ...get, SERVICE: 'WMS' }, 400, 'InvalidParameterValue', 'service'], [{ ...get, VERSION: '3.0.0' }, 400, 'InvalidParameterValue', 'version'],
			[{ ...get, TYPENAMES: 'plans,statements' }, 501, 'OptionNotSupported', 'typeNames'], [{ ...get, TYPENAMES: 'x:plans', NAMESPACES: 'xmlns(x,urn:other)' }, 400, 'InvalidParameterValue', 'typeNames'],
			[{ ...get, COUNT: '-1' }, 400, 'InvalidParameterValue', 'count'], [{ ...get, STARTINDEX: 'x' }, 400, 'InvalidParameterValue', 'startIndex'],
			[{ ...get, RESULTTYPE: 'all' }, 400, 'InvalidParameterValue', 'resultType'], [{ ...get, OUTPUTFORMAT: 'application/x-shape' }, 400, 'InvalidParameterValue', 'outputFormat'],
			[{ ...get, SORTBY: 'lands' }, 400, 'InvalidParameterValue', 'sortBy'], [{ ...get, SORTBY: 'number UP' }, 400, 'InvalidParameterValue', 'sortBy'],
			[{ ...get, PROPERTYNAME: 'nothing' }, 400, 'InvalidParameterValue', 'propertyName'], [{ ...get, BBOX: '1,2,3' }, 400, 'InvalidParameterValue', 'bbox'],
			[{ ...get, BBOX: '1,2,3,4,EPSG:1' }, 400, 'InvalidParameterValue', 'bbox'], [{ ...get, BBOX: '3,4,1,2' }, 400, 'InvalidParameterValue', 'bbox'], [{ ...get, BBOX: '1,2,3,4', RESOURCEID: 'plans.x' }, 400, 'InvalidParameterValue', 'bbox'],
			[{ ...get, FILTER: '<a' }, 400, 'OperationParsingFailed', 'filter'], [{ ...get, FILTER: '<fes:Filter xmlns:fes="http://www.opengis.net/fes/2.0"/>' }, 400, 'InvalidParameterValue', 'filter'],
			[{ ...get, RESOLVE: 'all' }, 501, 'OptionNotSupported', 'resolve'], [{ ...get, SNAPSHOT: 'x' }, 400, 'InvalidParameterValue', 'snapshot'], [{ ...get, CURSOR: '~' }, 400, 'InvalidParameterValue', 'cursor'],
			[{ REQUEST: 'GetPropertyValue', TYPENAMES: 'plans' }, 400, 'MissingParameterValue', 'valueReference'], [{ REQUEST: 'GetCapabilities', SECTIONS: 'x' }, 400, 'InvalidParameterValue', 'sections'],
			[{ REQUEST: 'DescribeFeatureType', OUTPUTFORMAT: 'text/html' }, 400, 'InvalidParameterValue', 'outputFormat'], [{ REQUEST: 'DescribeStoredQueries', STOREDQUERY_ID: 'x' }, 400, 'InvalidParameterValue', 'STOREDQUERY_ID'],
			[{ REQUEST: 'LockFeature', TYPENAMES: 'plans' }, 403, 'OperationProcessingFailed', 'typeNames'], [{ REQUEST: 'Transaction', TYPENAMES: 'plans' }, 501, 'OperationNotSupported', undefined]]) {
			const refusal = await site.refused(query);
			assert.deepEqual([refusal.status, refusal.code, refusal.locator], [status, code, locator], JSON.stringify(query));
			assert.ok(refusal.text.length > 10);
		}
		const twice = await site.refused(`${site.wfs}?SERVICE=WFS&request=GetFeature&REQUEST=GetCapabilities`);
		assert.deepEqual([twice.status, twice.code, twice.locator], [400, 'InvalidParameterValue', 'REQUEST']);
		assert.match((await site.refused({ ...get, COUNT: 'x' }, { 'accept-language': 'en' })).text, /must be a number, 0 or more/);
		assert.match((await site.refused({ ...get, COUNT: 'x' })).text, /muss eine Zahl sein/);
	});

	it('answers again only what has changed, to pages of other sites as well', async () => {
		const pages = [{ REQUEST: 'GetCapabilities' }, { REQUEST: 'DescribeFeatureType' }, { REQUEST: 'ListStoredQueries' }, { REQUEST: 'GetFeature', TYPENAMES: 'procedures', COUNT: 3 },
			{ REQUEST: 'GetFeature', TYPENAMES: 'procedures', COUNT: 3, OUTPUTFORMAT: 'json' }, { REQUEST: 'GetFeature', STOREDQUERY_ID: 'urn:ogc:def:query:OGC-WFS::GetFeatureById', ID: 'municipalities.02000000' }];
		const tags = [];
		for (const query of pages) {
			const { url, headers } = await site.good(query);
			const tag = headers.get('etag');
			tags.push(tag);
			assert.equal(tag.startsWith('W/'), query.COUNT === 3 && !query.OUTPUTFORMAT, 'weak where the time of the answer is written');
			assert.equal((await site.ask(query, { 'if-none-match': `"x", ${tag}` })).status, 304, JSON.stringify(query));
			assert.equal((await site.ask(query, { 'if-none-match': '"x"' })).status, 200);
			const head = await fetch(url, { method: 'HEAD' });
			assert.deepEqual([head.status, head.headers.get('etag'), head.headers.get('content-type')], [200, tag, headers.get('content-type')]);
			assert.equal(await head.text(), '');
			assert.equal(headers.get('access-control-allow-origin'), '*');
			assert.match(headers.get('access-control-expose-headers'), /\bETag\b/);
		}
		await publish();
		for (const [i, query] of pages.entries())
			assert.equal((await site.good(query)).headers.get('etag') === tags[i], query.TYPENAMES !== 'procedures', JSON.stringify(query));
		const options = await fetch(site.wfs, { method: 'OPTIONS', headers: { origin: 'https://map.example', 'access-control-request-method': 'GET' } });
		assert.match(options.headers.get('allow'), /GET, HEAD/);
		assert.equal(options.headers.get('access-control-allow-origin'), '*');
	});

	it('has sent nothing but valid documents', { skip: withoutSchemas }, async () => {
		const { status, count, errors } = await site.judge();
		assert.ok(count > 100);
		assert.equal(status, 0, errors.slice(0, 10).join('\n'));
	});
});
