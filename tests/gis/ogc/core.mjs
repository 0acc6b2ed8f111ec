// SPDX-License-Identifier: EUPL-1.2
// Our own port of the official tests of Part 1 (OGC 17-069r4, annex A.2): class/method → what it asks of a site.
import assert from 'node:assert/strict';
import http from 'node:http';
import { once } from 'node:events';
import { follows, lint, withoutPackages } from './judge.mjs';
import { crs84, inside, positions } from './site.mjs';

const GEOJSON = 'application/geo+json', OPENAPI = 'application/vnd.oai.openapi+json;version=3.0';
const { assign, entries, fromEntries, keys } = Object;
const links = (body, rel) => body.links.filter((link) => link.rel === rel);
const itemsPath = (collection) => `/collections/${collection.id}/items`;
const each = (work) => async (site) => { for (const collection of site.collections) await work(site, collection); };

/** Itself, every other media type that the API says there is, and a rel and a type on each. */
function linked(site, path, reply) {
	const [self] = links(reply.body, 'self');
	assert.equal(self?.href, reply.url.replace(/\?$/, ''));
	assert.equal(self.type, reply.type);
	for (const type of keys(site.resolved(site.operation(path).responses[200]).content))
		assert.ok(type === reply.type || links(reply.body, 'alternate').some((link) => link.type === type), `${path} as ${type}`);
	for (const link of reply.body.links)
		assert.ok(link.rel && link.type, JSON.stringify(link));
}

// ---- The same eight questions about every list of features, however it was asked for ----

/** What is asked of each collection: plainly, in boxes, page by page, in time. A limit of 10 where none is named, as the official tests have it. */
const asked = {
	Features: () => [{}],
	FeaturesBBox: ({ extent: { spatial: { bbox: [extent] } } }) => [extent, [-1.5, 50, 1.5, 53], [-80, -5, -70, 5], [177, 65, -177, 70], [-180, 85, 180, 90], [-180, -90, 180, -85],
		[9.85, 53.6, 9.95, 53.66]].map((bbox) => ({ bbox })),
	FeaturesLimit: (_, { schema: { minimum, maximum } }) => [1, 5, 10, 1000, minimum, maximum].map((limit) => ({ limit })),
	FeaturesTime: () => ['2099-12-31T23:59:59Z', '2020-01-01T00:00:00Z', '2020-01-01T00:00:00Z/2099-12-31T23:59:59Z', '2020-01-01T00:00:00Z/..', '2020-01-01T00:00:00Z/',
		'../2099-12-31T23:59:59Z', '/2099-12-31T23:59:59Z', '2020-01-01'].map((datetime) => ({ datetime })),
};
const kept = new Map();
async function replies(site, kind) {
	if (!kept.has(kind)) {
		const all = [];
		for (const collection of site.collections)
			for (const query of asked[kind](collection, site.parameter(itemsPath(collection), 'limit')))
				all.push({ collection, query, ...(await site.get(`${itemsPath(collection)}?${new URLSearchParams({ ...query, limit: query.limit ?? 10 })}`)) });
		kept.set(kind, all);
	}
	return kept.get(kind);
}
const every = (kind, check) => async (site) => {
	const all = await replies(site, kind);
	assert.ok(all.length >= site.collections.length);
	for (const reply of all)
		await check(reply, site);
};

function answered(reply) {
	assert.equal(reply.status, 200, `${reply.url}: ${reply.text}`);
	assert.equal(reply.type, GEOJSON);
	follows('featureCollectionGeoJSON', reply.body);
}
function inCrs84(reply) {
	assert.equal(reply.headers.get('content-crs'), `<${crs84}>`);
	const [west, south, east, north] = reply.collection.extent.spatial.bbox[0];
	for (const { id, geometry } of reply.body.features)
		for (const [x, y] of positions(geometry))
			assert.ok(x >= west && x <= east && y >= south && y <= north, `${reply.collection.id} ${id}: ${x} ${y}`);
}
const isCollection = ({ body }) => assert.equal(body.type, 'FeatureCollection');
function hasFeatures({ body: { features } }) {
	assert.ok(Array.isArray(features));
	for (const feature of features)
		assert.ok(feature.type === 'Feature' && 'geometry' in feature && feature.properties);
}
async function pageLinks(reply, site) {
	linked(site, itemsPath(reply.collection), reply);
	for (const next of links(reply.body, 'next'))
		assert.equal((await site.get(next.href)).status, 200);
}
/** Optional; when it is there, it is when the reply was made. */
function timed({ body: { timeStamp }, before, after }) {
	assert.ok(timeStamp === undefined || (/Z$/.test(timeStamp) && Date.parse(timeStamp) >= before - 1000 && Date.parse(timeStamp) <= after), timeStamp);
}
/** As many as all pages have, whose limit becomes the most that the API allows. */
async function matched(reply, site) {
	const most = site.parameter(itemsPath(reply.collection), 'limit').schema.maximum;
	const all = await site.follow(reply, (url) => url.replace(/limit=\d+/, `limit=${most}`));
	assert.equal(new Set(all.map(({ id }) => id)).size, all.length, 'each once');
	assert.ok([undefined, all.length].includes(reply.body.numberMatched), `${reply.url}: ${reply.body.numberMatched} of ${all.length}`);
	assert.ok(reply.body.numberMatched !== undefined || reply.query.bbox || reply.query.datetime, 'which is said where nobody has to count');
}
const returned = ({ body }) => assert.equal(body.numberReturned, body.features.length);
const eight = { GeometryInCRS84: inCrs84, TypeProperty: isCollection, FeaturesProperty: hasFeatures, Links: pageLinks, TimeStamp: timed, NumberMatched: matched };
/** By the names that the official tests give them: two are named as the plain ones are. */
const listTests = (kind, name, alike = ['NumberReturned']) => fromEntries([...entries(eight), ['NumberReturned', returned]].map(([what, check]) =>
	[`core/collections/${kind}/validate${alike.includes(what) ? 'Features' : name}Response_${what}`, every(kind, check)]));

// ---- What differs: how they are asked for, and what has to come back ----

async function boxed({ collection, query: { bbox }, ...reply }, site) {
	const found = (await site.follow(reply)).map(({ id }) => id);
	const nowhere = (await site.server.sql(`select fid from pp.feature_${collection.id} where died is null and geom is null order by fid collate "C"`)).map(({ fid }) => fid);
	const [west, south, east] = bbox;
	const here = west < east && east > 5 && south > 0 && south < 60;
	assert.deepEqual(found, here ? await inside(site, collection.id, bbox) : nowhere, `${collection.id} ${bbox}`);
}
function limited({ query: { limit }, collection, body }, site) {
	const { maximum } = site.parameter(itemsPath(collection), 'limit').schema;
	assert.ok(body.features.length <= limit && body.features.length <= maximum);
	assert.ok(body.features.length === limit || !links(body, 'next').length, 'no page but the last is short');
}
async function inTime({ collection, query: { datetime }, ...reply }, site) {
	const found = await site.follow(reply);
	const [from, to] = datetime.includes('/') ? datetime.split('/') : [datetime, datetime];
	const instant = (text, other) => (text && text !== '..' ? Date.parse(text) : other);
	for (const { properties: { valid_from: begin, valid_to: end } } of found) {
		assert.ok(Date.parse(begin) <= instant(to, Infinity), `${collection.id} ${datetime}: ${begin}`);
		assert.ok(end === null || Date.parse(end) > instant(from, -Infinity), `${collection.id} ${datetime}: ${end}`);
	}
	const present = (await site.all(collection.id)).map(({ id }) => id);
	assert.deepEqual(found.map(({ id }) => id), /^2020[^/]*$/.test(datetime) ? [] : present, `${collection.id} ${datetime}`);
}
const defined = (name, schema) => each((site, collection) => {
	const parameter = site.parameter(itemsPath(collection), name);
	assert.ok(parameter, `${collection.id} ${name}`);
	assert.deepEqual({ in: parameter.in, required: parameter.required ?? false, style: parameter.style, explode: parameter.explode }, { in: 'query', required: false, style: 'form', explode: false });
	const { minimum, maximum, default: standard, ...rest } = parameter.schema;
	assert.deepEqual(rest, schema);
	if (name === 'limit')
		assert.ok(minimum >= 1 && standard >= minimum && maximum >= 2500, 'and whoever follows links with the most may do so in few pages');
});
const refused = (queries) => each(async (site, collection) => {
	for (const query of queries) {
		const { status, body } = await site.get(`${itemsPath(collection)}?${query}`);
		assert.equal(status, 400, `${collection.id} ${query}`);
		assert.equal(body.status, 400);
	}
});

async function features(site, collection, check) {
	const some = (await site.must(`${itemsPath(collection)}?limit=100`)).body.features;
	assert.ok(some.length > 0, `${collection.id} has features`);
	for (const feature of some)
		check(await site.get(`${itemsPath(collection)}/${encodeURIComponent(feature.id)}`), feature);
}

async function conformance(site) {
	const { body } = await site.must('');
	assert.ok(links(body, 'conformance').length);
	for (const { href } of [...links(body, 'conformance'), { href: '/conformance' }]) {
		const reply = await site.must(href);
		follows('confClasses', reply.body);
		for (const name of ['core', 'oas30', 'geojson', 'gmlsf0'])
			assert.ok(reply.body.conformsTo.includes(`http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/${name}`), name);
	}
}
async function version(site) {
	const request = http.get(site.root);
	const [reply] = await once(request, 'response');
	reply.resume();
	assert.equal(reply.httpVersion, '1.1');
}

const tests = {
	'core/general/GeneralHttp/http': version,
	'core/landingpage/LandingPage/landingPageRetrieval': async (site) => {
		assert.equal((await site.must('')).type, 'application/json');
		await site.must('/');
	},
	'core/landingpage/LandingPage/landingPageValidation': async (site) => {
		const reply = await site.must('');
		follows('landingPage', reply.body);
		linked(site, '/', reply);
		for (const rel of ['service-desc', 'conformance', 'data'])
			assert.ok(links(reply.body, rel).length, rel);
	},
	'core/apidefinition/ApiDefinition/openapiDocumentRetrieval': async (site) => {
		const described = links((await site.must('')).body, 'service-desc').filter(({ type }) => type === OPENAPI);
		assert.ok(described.length);
		for (const { href } of described)
			assert.equal((await site.must(href)).type, OPENAPI);
	},
	'core/apidefinition/ApiDefinition/apiDefinitionValidation': async (site) => {
		const { body, text } = await site.must('/api');
		assert.match(body.openapi, /^3\.0\.\d+$/);
		assert.deepEqual(withoutPackages ? [] : await lint(text), []);
	},
	'core/conformance/Conformance/validateConformanceOperationAndResponse': conformance,
	'core/collections/FeatureCollections/validateFeatureCollectionsMetadataOperation': async (site) => assert.equal((await site.must('/collections')).type, 'application/json'),
	'core/collections/FeatureCollections/validateFeatureCollectionsMetadataOperationResponse_Links': async (site) => linked(site, '/collections', await site.must('/collections')),
	'core/collections/FeatureCollections/validateFeatureCollectionsMetadataOperationResponse_Items': each((site, collection) => {
		const items = links(collection, 'items');
		const address = `${site.root}${itemsPath(collection)}`;
		assert.deepEqual(items.filter(({ type }) => type === GEOJSON).map(({ href }) => href), [address]);
		assert.ok(items.every(({ type, href }) => type === GEOJSON || href.startsWith(`${address}?f=`)), 'each other format has an address of its own');
		for (const link of collection.links)
			assert.ok(link.rel && link.type);
	}),
	'core/collections/FeatureCollections/validateFeatureCollectionsMetadataOperationResponse_CrsProperty': each((_, { crs }) => assert.equal(crs[0], crs84)),
	'core/collections/FeatureCollections/validateFeatureCollectionsMetadataOperationResponse_Content': async (site) => {
		follows('collections', (await site.must('/collections')).body);
		assert.deepEqual(site.collections.map(({ id }) => id), ['procedures', 'plans', 'affected_municipalities', 'municipalities', 'adjacency', 'statements']);
	},
	'core/collections/FeatureCollection/validateFeatureCollectionMetadataOperation': each(async (site, { id }) => assert.equal((await site.must(`/collections/${id}`)).type, 'application/json')),
	'core/collections/FeatureCollection/validateFeatureCollectionMetadataResponse': each(async (site, collection) => {
		const { body } = await site.must(`/collections/${collection.id}`);
		follows('collection', body);
		assert.deepEqual(body, collection);
	}),
	'core/collections/Feature/featureOperation': each((site, collection) => features(site, collection, (reply, feature) => {
		assert.equal(reply.status, 200, `${reply.url}: ${reply.text}`);
		assert.equal(reply.type, GEOJSON);
		const { links: _, ...alone } = reply.body;
		assert.deepEqual(alone, feature, 'as in the list');
	})),
	'core/collections/Feature/validateFeatureResponse': each((site, collection) => features(site, collection, (reply) => {
		follows('featureGeoJSON', reply.body);
		linked(site, `${itemsPath(collection)}/{featureId}`, reply);
		assert.ok(links(reply.body, 'collection').some(({ href }) => href === `${site.root}/collections/${collection.id}`));
	})),
	'core/collections/Features/validateFeaturesOperation': every('Features', answered),
	'core/collections/FeaturesBBox/boundingBoxParameterDefinition': defined('bbox', { type: 'array', minItems: 4, maxItems: 6, items: { type: 'number' } }),
	'core/collections/FeaturesBBox/validateFeaturesWithBoundingBoxOperation': every('FeaturesBBox', answered),
	'core/collections/FeaturesBBox/validateFeaturesWithBoundingBoxResponse': every('FeaturesBBox', boxed),
	'core/collections/FeaturesLimit/limitParameterDefinition': defined('limit', { type: 'integer' }),
	'core/collections/FeaturesLimit/validateFeaturesWithLimitOperation': every('FeaturesLimit', answered),
	'core/collections/FeaturesLimit/validateFeaturesWithLimitResponse': every('FeaturesLimit', limited),
	'core/collections/FeaturesTime/timeParameterDefinition': defined('datetime', { type: 'string' }),
	'core/collections/FeaturesTime/validateFeaturesWithDateTimeOperation': every('FeaturesTime', answered),
	'core/collections/FeaturesTime/validateFeaturesWithDateTimeResponse': every('FeaturesTime', inTime),
	'core/collections/FeaturesErrorConditions/validateFeaturesOperation_QueryParamInvalid': refused(['limit=x', 'limit=0', 'limit=-1', 'bbox=1,2,3', 'bbox=a,b,c,d', 'datetime=x', 'datetime=2020-13-01']),
	'core/collections/FeaturesErrorConditions/validateFeaturesOperation_QueryParamUnknown': refused(['unknownQueryParameter=1', 'Limit=10', 'Titel=x']),
};
export const core = assign(tests, listTests('Features', 'Features'), listTests('FeaturesBBox', 'FeaturesWithBoundingBox', ['GeometryInCRS84', 'NumberReturned']),
	listTests('FeaturesLimit', 'FeaturesWithLimit'), listTests('FeaturesTime', 'FeaturesWithDateTime'));
