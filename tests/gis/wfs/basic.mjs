// SPDX-License-Identifier: EUPL-1.2
// Our own port of the official tests of Basic WFS (09-025r2, annex A.1.2; 09-026r2, annex A), in both bindings: class/method → what it asks.
// What has to be found is worked out here from all features, or by PostGIS.
import assert from 'node:assert/strict';
import { inside } from '../ogc/site.mjs';
import { follows, refusal } from './simple.mjs';
import { numbers, plainId, urn } from './site.mjs';

const spaces = 'xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:fes="http://www.opengis.net/fes/2.0" xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:pp="urn:planungsplattform:features:1"';
const filterOf = (inner) => `<fes:Filter ${spaces}>${inner}</fes:Filter>`;
const escape = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

/** The same question as parameters and as XML. */
export function bindings({ type, filter, srs, reference, property }) {
	const operation = reference === undefined ? 'GetFeature' : 'GetPropertyValue';
	return [{ REQUEST: operation, TYPENAMES: `pp:${type}`, ...(filter && { FILTER: filterOf(filter) }), ...(srs && { SRSNAME: srs }), ...(reference !== undefined && { VALUEREFERENCE: reference }),
		...(property && { PROPERTYNAME: `pp:${property}` }) },
		`<wfs:${operation} ${spaces} service="WFS" version="2.0.0"${reference === undefined ? '' : ` valueReference="${reference}"`}><wfs:Query typeNames="pp:${type}"${srs ? ` srsName="${srs}"` : ''}>`
		+ `${property ? `<wfs:PropertyName>pp:${property}</wfs:PropertyName>` : ''}${filter ? filterOf(filter) : ''}</wfs:Query></wfs:${operation}>`];
}
async function found(site, question) {
	const each = [];
	for (const request of bindings(question)) {
		const features = site.members(await site.good(request));
		assert.ok(features.every(({ type }) => type === question.type), 'of that type alone');
		each.push(features);
	}
	assert.deepEqual(each[1].map(({ id }) => id), each[0].map(({ id }) => id), 'both bindings find the same');
	return each[0];
}
/** Of what is found with one property that every feature has: geometries are looked at elsewhere. */
const foundIds = async (site, question) => (await found(site, { property: 'valid_from', ...question })).map(({ id }) => plainId(id));
const refuses = async (site, question, expected) => {
	for (const request of bindings(question))
		refusal(await site.refused(request), expected);
};
const everyType = (work) => async (site) => { for (const collection of site.collections) await work(site, collection.id); };

/** Properties of a type by the type that the schema gives them. */
async function columns(site, type, kinds) {
	const { xml } = await site.good({ REQUEST: 'DescribeFeatureType', TYPENAMES: `pp:${type}` });
	return xml.first('sequence').children.filter((each) => kinds.includes(each.attribute('type').replace('xsd:', ''))).map((each) => each.attribute('name'));
}
/** Values as they compare: numbers, and instants and days as milliseconds with microseconds. */
const time = (text) => Date.parse(text) + Number(`0.${/\.\d{3}(\d*)/.exec(text)?.[1] || 0}`);
const comparable = (text) => (/^-?[\d.]+$/.test(text) ? Number(text) : time(text));
const known = new Map();
async function all(site, type) {
	if (!known.has(type))
		known.set(type, (await site.all(type)).map(({ id, properties }) => ({ id, ...properties })));
	return known.get(type);
}
const compare = (operator, holds, action = 'Any') => everyType(async (site, type) => {
	const features = await all(site, type);
	for (const name of await columns(site, type, ['double', 'integer', 'date', 'dateTime'])) {
		const values = features.map((feature) => feature[name]).filter((value) => value !== null).sort((a, b) => comparable(String(a)) - comparable(String(b)));
		if (!values.length)
			continue;
		const value = values[values.length >> 1];
		const filter = `<fes:${operator} matchAction="${action}"><fes:ValueReference>pp:${name}</fes:ValueReference><fes:Literal>${value}</fes:Literal></fes:${operator}>`;
		const expected = features.filter((feature) => feature[name] !== null && holds(comparable(String(feature[name])), comparable(String(value)))).map(({ id }) => id);
		assert.deepEqual(await foundIds(site, { type, filter }), expected, `${type}.${name} ${operator} ${value}`);
	}
});
const equals = (operator, holds) => everyType(async (site, type) => {
	const features = await all(site, type);
	for (const name of (await columns(site, type, ['string', 'boolean'])).slice(0, 6)) {
		const value = features.map((feature) => feature[name]).find((each) => each !== null);
		for (const literal of new Set([String(value), String(value).toUpperCase(), String(value).toLowerCase()])) {
			if (value === undefined || (typeof value === 'boolean' && literal !== String(value)))
				continue;
			const filter = `<fes:${operator}><fes:ValueReference>pp:${name}</fes:ValueReference><fes:Literal>${escape(literal)}</fes:Literal></fes:${operator}>`;
			assert.deepEqual(await foundIds(site, { type, filter }), features.filter((feature) => feature[name] !== null && holds(String(feature[name]), literal)).map(({ id }) => id), `${type}.${name} ${literal}`);
		}
	}
});
const like = (negated) => everyType(async (site, type) => {
	const features = await all(site, type);
	for (const name of (await columns(site, type, ['string'])).slice(0, 4)) {
		const value = features.map((feature) => feature[name]).find((each) => each?.length > 2);
		if (!value)
			continue;
		const inner = `<fes:PropertyIsLike wildCard="*" singleChar="." escapeChar="!"><fes:ValueReference>pp:${name}</fes:ValueReference><fes:Literal>.${escape(value.slice(1, 3).replace(/[*.!]/g, '!$&'))}*</fes:Literal></fes:PropertyIsLike>`;
		const matches = (text) => text.slice(1, 3) === value.slice(1, 3);
		assert.deepEqual(await foundIds(site, { type, filter: negated ? `<fes:Not>${inner}</fes:Not>` : inner }),
			features.filter((feature) => feature[name] !== null && matches(feature[name]) !== negated).map(({ id }) => id), `${type}.${name}`);
	}
});
/** Temporal operators, on every property that is a time. */
const temporal = (operator, times, holds) => everyType(async (site, type) => {
	const features = await all(site, type);
	for (const name of await columns(site, type, ['dateTime'])) {
		const values = features.map((feature) => feature[name]).filter(Boolean).sort();
		if (!values.length)
			continue;
		const at = Date.parse(values[values.length >> 1]);
		const [xml, begin, end] = times(at);
		const filter = `<fes:${operator}><fes:ValueReference>pp:${name}</fes:ValueReference>${xml}</fes:${operator}>`;
		assert.deepEqual(await foundIds(site, { type, filter }), features.filter((feature) => feature[name] && holds(time(feature[name]), begin, end)).map(({ id }) => id), `${type}.${name} ${operator}`);
	}
});
const iso = (ms) => new Date(ms).toISOString();
const instant = (ms, text = iso(ms)) => [`<gml:TimeInstant gml:id="t1"><gml:timePosition>${text}</gml:timePosition></gml:TimeInstant>`, ms, ms];
const period = (begin, end) => [`<gml:TimePeriod gml:id="t1"><gml:beginPosition>${iso(begin)}</gml:beginPosition><gml:endPosition>${iso(end)}</gml:endPosition></gml:TimePeriod>`, begin, end];
const offset = (ms) => iso(ms + 7200000).replace('Z', '+02:00');

const box = [559000, 5942000, 562000, 5945000];
const envelope = `<gml:Envelope srsName="${urn(25832)}"><gml:lowerCorner>${box[0]} ${box[1]}</gml:lowerCorner><gml:upperCorner>${box[2]} ${box[3]}</gml:upperCorner></gml:Envelope>`;
/** What lies there as PostGIS sees it; what lies nowhere does not. */
const meeting = async (site, type, wkt) => (await site.server.sql(`select fid from pp.feature_${type} where died is null and ST_Intersects(geom, ST_GeomFromText('${wkt}', 25832)) order by fid collate "C"`)).map(({ fid }) => fid);
const ring = [[559000, 5942000], [562000, 5942000], [561000, 5945000], [559000, 5942000]];
const boxed = (reference) => everyType(async (site, type) => {
	const wkt = `POLYGON((${[[0, 1], [2, 1], [2, 3], [0, 3], [0, 1]].map(([x, y]) => `${box[x]} ${box[y]}`)}))`;
	assert.deepEqual(await foundIds(site, { type, filter: `<fes:BBOX>${reference}${envelope}</fes:BBOX>` }), await meeting(site, type, wkt), type);
});
const resources = (ids) => ids.map((id) => `<fes:ResourceId rid="${id}"/>`).join('');

export const basic = {
	'basic/BasicCapabilitiesTests/describesBasicWFS': async (site) => follows(site, (await site.good({ REQUEST: 'GetCapabilities' })).text, 'BasicWFSPhase'),
	'basic/BasicGetFeatureTests/getFeaturesByType': everyType(async (site, type) => assert.deepEqual((await found(site, { type })).map(({ id }) => plainId(id)), (await all(site, type)).map(({ id }) => id))),
	'basic/BasicGetFeatureTests/getFeatureInOtherCRS': async (site) => {
		const { xml } = await site.good({ REQUEST: 'GetCapabilities' });
		for (const feature of xml.all('FeatureType')) {
			const others = feature.all('OtherCRS').map(({ text }) => text);
			assert.equal(others.length, 5);
			for (const srs of others) {
				const features = await found(site, { type: feature.child('Name').text.replace('pp:', ''), srs });
				assert.deepEqual([...new Set(features.flatMap(({ element }) => element.child('geometry')?.children.map((each) => each.attribute('srsName')) ?? []))], [srs]);
			}
		}
	},
	'basic/BasicGetFeatureTests/getFeatureInUnsupportedCRS': (site) => refuses(site, { type: 'plans', srs: 'urn:ogc:def:crs:EPSG::32690' }, [400, 'InvalidParameterValue', 'srsName']),
	'basic/GetPropertyValueTests/getProperty_gmlId': everyType(async (site, type) => {
		for (const request of bindings({ type, reference: '@gml:id' })) {
			const { xml } = await site.good(request);
			assert.equal(xml.name, 'ValueCollection');
			assert.deepEqual(xml.children.map(({ text }) => plainId(text)), (await all(site, type)).map(({ id }) => id));
		}
	}),
	'basic/GetPropertyValueTests/getProperty_emptyValueRef': (site) => refuses(site, { type: 'plans', reference: '' }, [400, 'InvalidParameterValue', 'valueReference']),
	'basic/filter/ComparisonOperatorTests/propertyIsLessThan_matchAny': compare('PropertyIsLessThan', (a, b) => a < b),
	'basic/filter/ComparisonOperatorTests/propertyIsLessThan_matchAll': compare('PropertyIsLessThan', (a, b) => a < b, 'All'),
	'basic/filter/ComparisonOperatorTests/propertyIsGreaterThan_matchAny': compare('PropertyIsGreaterThan', (a, b) => a > b),
	'basic/filter/ComparisonOperatorTests/propertyIsGreaterThanEqualTo_matchAny': compare('PropertyIsGreaterThanOrEqualTo', (a, b) => a >= b),
	'basic/filter/ComparisonOperatorTests/propertyIsLessThanEqualTo_matchAny': compare('PropertyIsLessThanOrEqualTo', (a, b) => a <= b),
	'basic/filter/ComparisonOperatorTests/invalidPropertyReference': (site) =>
		refuses(site, { type: 'plans', filter: '<fes:PropertyIsEqualTo><fes:ValueReference>undefined.Ref</fes:ValueReference><fes:Literal>1355941270</fes:Literal></fes:PropertyIsEqualTo>' }, [400, 'InvalidParameterValue']),
	'basic/filter/ComparisonOperatorTests/invalidOperand_boundedBy': async (site) => {
		const filter = `<fes:PropertyIsLessThanOrEqualTo><fes:ValueReference>gml:boundedBy</fes:ValueReference><fes:Literal>${envelope}</fes:Literal></fes:PropertyIsLessThanOrEqualTo>`;
		for (const request of bindings({ type: 'plans', filter })) {
			const { status, code } = await site.refused(request);
			assert.ok([400, 403].includes(status) && code === 'OperationProcessingFailed', `${status} ${code}`);
		}
	},
	'basic/filter/PropertyIsEqualToOperatorTests/propertyIsEqualTo_caseSensitive': equals('PropertyIsEqualTo', (a, b) => a === b),
	'basic/filter/PropertyIsEqualToOperatorTests/propertyIsNotEqualTo_caseSensitive': equals('PropertyIsNotEqualTo', (a, b) => a !== b),
	'basic/filter/PropertyIsLikeOperatorTests/propertyIsNotLike': like(true),
	'basic/filter/PropertyIsLikeOperatorTests/propertyIsLike': like(false),
	// No property is nillable: what is not there is left out.
	'basic/filter/PropertyIsNilOperatorTests/propertyIsNil': everyType(async (site, type) => {
		const { text, xml } = await site.good({ REQUEST: 'DescribeFeatureType', TYPENAMES: type });
		assert.doesNotMatch(text, /nillable/);
		const name = xml.first('sequence').children[0].attribute('name');
		assert.deepEqual(await foundIds(site, { type, filter: `<fes:PropertyIsNil><fes:ValueReference>pp:${name}</fes:ValueReference></fes:PropertyIsNil>` }), []);
	}),
	'basic/filter/PropertyIsNullOperatorTests/gmlNameIsNull': everyType(async (site, type) =>
		assert.deepEqual(await foundIds(site, { type, filter: '<fes:PropertyIsNull><fes:ValueReference>gml:name</fes:ValueReference></fes:PropertyIsNull>' }), (await all(site, type)).map(({ id }) => id))),
	'basic/filter/PropertyIsNullOperatorTests/propertyIsNotNull': everyType(async (site, type) => {
		for (const name of await columns(site, type, ['string', 'double', 'integer', 'date', 'dateTime', 'boolean']))
			assert.deepEqual(await foundIds(site, { type, filter: `<fes:Not><fes:PropertyIsNull><fes:ValueReference>pp:${name}</fes:ValueReference></fes:PropertyIsNull></fes:Not>` }),
				(await all(site, type)).filter((feature) => feature[name] !== null).map(({ id }) => id), `${type}.${name}`);
	}),
	'basic/filter/ResourceIdFilterTests/twoValidFeatureIdentifiers': everyType(async (site, type) => {
		const ids = (await site.features(type, { COUNT: 5 })).map(({ id }) => id).filter((_, i) => i % 2 === 0).slice(0, 2);
		assert.deepEqual((await found(site, { type, filter: resources(ids) })).map(({ id }) => id), ids);
		assert.deepEqual((await site.features(type, { RESOURCEID: String(ids) })).map(({ id }) => id), ids);
		assert.deepEqual(site.members(await site.good({ REQUEST: 'GetFeature', RESOURCEID: String(ids) })).map(({ id }) => id), ids, 'also where no type is named');
	}),
	'basic/filter/ResourceIdFilterTests/unknownFeatureIdentifier': everyType(async (site, type) => {
		assert.deepEqual(await found(site, { type, filter: resources(['test-3e0ba8a2']) }), []);
		assert.deepEqual(await site.features(type, { RESOURCEID: 'test-3e0ba8a2' }), []);
	}),
	'basic/filter/ResourceIdFilterTests/inconsistentFeatureIdentifierAndType': async (site) => {
		const [{ id }] = await site.features('plans', { COUNT: 1 });
		refusal(await site.refused({ REQUEST: 'GetFeature', TYPENAMES: 'pp:municipalities', RESOURCEID: id }), [400, 'InvalidParameterValue', 'RESOURCEID']);
	},
	'basic/filter/spatial/BBOXTests/nonSpecificBBOX': boxed(''),
	'basic/filter/spatial/BBOXTests/bboxWithDefaultExtent': everyType(async (site, type) => {
		assert.deepEqual(await foundIds(site, { type, filter: '<fes:BBOX><fes:ValueReference>pp:geometry</fes:ValueReference><gml:Envelope srsName="urn:ogc:def:crs:EPSG::4326"><gml:lowerCorner>53 7.5</gml:lowerCorner><gml:upperCorner>55.5 12</gml:upperCorner></gml:Envelope></fes:BBOX>' }),
			await meeting(site, type, 'POLYGON((0 5500000, 1200000 5500000, 1200000 6500000, 0 6500000, 0 5500000))'), type);
		await boxed('<fes:ValueReference>pp:geometry</fes:ValueReference>')(site);
	}),
	'basic/filter/spatial/BBOXTests/invalidGeometryOperand': (site) => refuses(site, { type: 'plans', filter: `<fes:BBOX><fes:ValueReference>gml:description</fes:ValueReference>${envelope}</fes:BBOX>` }, [400, 'InvalidParameterValue']),
	'basic/filter/spatial/IntersectsTests/intersectsPolygon': everyType(async (site, type) => assert.deepEqual(
		await foundIds(site, { type, filter: `<fes:Intersects><fes:ValueReference>pp:geometry</fes:ValueReference><gml:Polygon gml:id="p" srsName="${urn(25832)}"><gml:exterior><gml:LinearRing><gml:posList>${ring.flat().join(' ')}</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></fes:Intersects>` }),
		await meeting(site, type, `POLYGON((${ring.map((at) => at.join(' '))}))`), type)),
	'basic/filter/spatial/IntersectsTests/intersectsCurve': everyType(async (site, type) => {
		const line = ring.slice(0, 3), positions = `<gml:posList>${line.flat().join(' ')}</gml:posList>`;
		for (const curve of [`<gml:LineString gml:id="c" srsName="${urn(25832)}">${positions}</gml:LineString>`,
			`<gml:Curve gml:id="c" srsName="${urn(25832)}"><gml:segments><gml:LineStringSegment>${positions}</gml:LineStringSegment></gml:segments></gml:Curve>`])
			assert.deepEqual(await foundIds(site, { type, filter: `<fes:Intersects><fes:ValueReference>pp:geometry</fes:ValueReference>${curve}</fes:Intersects>` }),
				await meeting(site, type, `LINESTRING(${line.map((at) => at.join(' '))})`), type);
	}),
	'basic/filter/temporal/AfterTests/afterPeriod': temporal('After', (at) => period(at - 60000, at - 1), (t, begin, end) => t > end),
	'basic/filter/temporal/AfterTests/afterInstant': temporal('After', (at) => instant(at + 1), (t, begin) => t > begin),
	'basic/filter/temporal/AfterTests/afterInstantWithOffset': temporal('After', (at) => instant(at + 1, offset(at + 1)), (t, begin) => t > begin),
	'basic/filter/temporal/BeforeTests/beforePeriod': temporal('Before', (at) => period(at + 1, at + 60000), (t, begin) => t < begin),
	'basic/filter/temporal/DuringTests/duringPeriod': temporal('During', (at) => period(at - 100, at + 100), (t, begin, end) => t > begin && t < end),
};
export { all, found, inside, meeting, numbers };
