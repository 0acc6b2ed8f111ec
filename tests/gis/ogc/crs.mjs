// SPDX-License-Identifier: EUPL-1.2
// Our own port of the official tests of Part 2 (OGC 18-058r1, annex A): class/method → what it asks of a site.
import assert from 'node:assert/strict';
import { codes, crs84, epsg, inside, northFirst, positions } from './site.mjs';

/** http://www.opengis.net/def/crs/{authority}/{version}/{code}, of which PostGIS knows the code (§6.2.1). */
const isCrs = (uri) => assert.ok(/^http:\/\/www\.opengis\.net\/def\/crs\/(OGC|EPSG)\/[\d.]+\/\w+$/.test(uri) && codes[uri], uri);
const unknown = [epsg(0), epsg(31467), 'EPSG:31467', 'http://www.opengis.net/def/crs/OGC/0/unknown', ''];

/** The list of /collections that collections refer to with #/crs, when there is one. */
const global = async (site) => (await site.must('/collections')).body;
const crsOf = (collection, whole) => collection.crs.flatMap((uri) => (uri === '#/crs' ? whole.crs : [uri]));
/** Each collection as the list has it, or as its own page. */
const listed = (check) => async (site) => {
	const whole = await global(site);
	for (const collection of whole.collections)
		check(collection, whole);
};
const alone = (check) => async (site) => {
	const whole = await global(site);
	for (const { id } of site.collections)
		check((await site.must(`/collections/${id}`)).body, whole);
};
const crsAreGood = (collection, whole) => crsOf(collection, whole).forEach(isCrs);
const storageIsGood = ({ storageCrs }) => isCrs(storageCrs);
const hasDefault = (collection, whole) => assert.ok(crsOf(collection, whole).includes(crs84));
const offersStorage = (collection, whole) => assert.ok(crsOf(collection, whole).includes(collection.storageCrs));

/** The list of features, or each of them alone, below each collection. */
const lists = async (site, { id }) => [`/collections/${id}/items`];
const singles = async (site, { id }) => (await site.must(`/collections/${id}/items?limit=5`)).body.features.map((feature) => `/collections/${id}/items/${encodeURIComponent(feature.id)}`);
const each = (paths, check) => async (site) => {
	for (const collection of site.collections) {
		const found = await paths(site, collection);
		assert.ok(found.length > 0);
		for (const path of found)
			await check(site, path, collection);
	}
};
const withCrs = (path, uri) => `${path}?crs=${encodeURIComponent(uri)}`;

async function said(site, path, { crs }) {
	for (const uri of crs) {
		const { headers, type } = await site.must(withCrs(path, uri));
		assert.equal(headers.get('content-crs'), `<${uri}>`);
		assert.equal(type, 'application/geo+json');
	}
}
async function saidByDefault(site, path) {
	assert.equal((await site.must(path)).headers.get('content-crs'), `<${crs84}>`);
}
async function refused(site, path) {
	for (const uri of unknown)
		assert.equal((await site.get(withCrs(path, uri))).status, 400, `${path} in ${uri}`);
}
const featuresOf = (body) => body.features ?? [body];
/** As PostGIS transforms what it has in storage, with the axes as the CRS has them. */
async function isWhere(site, collection, body, uri) {
	const most = northFirst.has(uri) || uri === crs84 ? 2.1e-8 : 0.0011;
	const features = featuresOf(body).slice(0, 10);
	const texts = await site.server.sql(`select fid, ST_AsGeoJSON(ST_Transform(geom, ${codes[uri]}), 12) as text from pp.feature_${collection.id} where died is null and fid = any (:'ids')`,
		{ ids: `{${features.map(({ id }) => id)}}` });
	for (const { id, geometry } of features) {
		const there = JSON.parse(texts.find(({ fid }) => fid === id).text);
		const expected = positions(there), found = positions(geometry);
		assert.equal(geometry?.type, there?.type);
		assert.equal(found.length, expected.length);
		found.forEach((pair, i) => {
			const [x, y] = northFirst.has(uri) ? [pair[1], pair[0]] : pair;
			assert.ok(Math.abs(x - expected[i][0]) < most && Math.abs(y - expected[i][1]) < most, `${collection.id} ${id} in ${uri}: ${pair}, ${expected[i]}`);
		});
	}
}
async function transformed(site, path, collection) {
	for (const uri of collection.crs)
		await isWhere(site, collection, (await site.must(withCrs(path, uri))).body, uri);
}
async function untransformed(site, path, collection) {
	const { body } = await site.must(path);
	await isWhere(site, collection, body, crs84);
	const { body: named } = await site.must(withCrs(path, crs84));
	const without = ({ links, ...rest }) => rest;
	assert.deepEqual(featuresOf(body).map(without), featuresOf(named).map(without));
}

const box = [9.85, 53.6, 9.95, 53.66];
const ids = async (site, { id }, query) => (await site.all(id, new URLSearchParams(query))).map((feature) => feature.id);
async function boxIn(site, collection, uri) {
	const [{ w: west, s: south, e: east, n: north }] = await site.server.sql(`select ST_XMin(b) as w, ST_YMin(b) as s, ST_XMax(b) as e, ST_YMax(b) as n
		from ST_Transform(ST_MakeEnvelope(${box}, 4326), ${codes[uri]}) b`);
	const bbox = northFirst.has(uri) ? [south, west, north, east] : [west, south, east, north];
	assert.deepEqual(await ids(site, collection, { bbox, 'bbox-crs': uri }), await inside(site, collection.id, [west, south, east, north], codes[uri]), `${collection.id} in ${uri}`);
}

const { entries, fromEntries } = Object;
const below = (folder, tests) => fromEntries(entries(tests).map(([name, test]) => [`crs/${folder}${name}`, test]));
export const crs = {
	'crs/CrsRequirementClassPrecondition/verifyConformanceClass': async (site) =>
		assert.ok((await site.must('/conformance')).body.conformsTo.includes('http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs')),
	...below('discovery/collection/DiscoveryCollection', {
		'CrsUri/verifyCollectionCrsIdentifierOfCrsProperty': alone(crsAreGood),
		'CrsUri/verifyCollectionCrsIdentifierOfStorageCrsProperty': alone(storageIsGood),
		'DefaultCrs/verifyCollectionCrsIdentifierOfCrsProperty': alone(hasDefault),
		'StorageCrs/verifyCollectionCrsIdentifierOfCrsProperty': alone(offersStorage),
	}),
	...below('discovery/collections/DiscoveryCollections', {
		// Both are optional there: collections may refer to them.
		'CrsUri/verifyCollectionsCrsIdentifierOfCrsProperty': async (site) => ((await global(site)).crs ?? []).forEach(isCrs),
		'CrsUri/verifyCollectionsCrsIdentifierOfStorageCrs': async (site) => [(await global(site)).storageCrs ?? crs84].forEach(isCrs),
		'CrsUri/verifyCollectionsCollectionCrsIdentifierOfCrsProperty': listed(crsAreGood),
		'CrsUri/verifyCollectionsCollectionCrsIdentifierOfStorageCrs': listed(storageIsGood),
		'DefaultCrs/verifyCollectionsPathCollectionCrsPropertyContainsDefaultCrs': listed(hasDefault),
		'StorageCrs/verifyCollectionsPathCollectionCrsPropertyContainsStorageCrs': listed(offersStorage),
	}),
	...below('query/bboxcrs/BBoxCrsParameter', {
		'/verifyBboxCrsParameterWithDefaultCrs': each(lists, async (site, _, collection) =>
			assert.deepEqual(await ids(site, collection, { bbox: box, 'bbox-crs': crs84 }), await inside(site, collection.id, box))),
		'/verifyBboxCrsParameter': each(lists, async (site, _, collection) => { for (const uri of collection.crs) await boxIn(site, collection, uri); }),
		'Default/verifyBboxCrsParameterDefault': each(lists, async (site, _, collection) =>
			assert.deepEqual(await ids(site, collection, { bbox: box }), await ids(site, collection, { bbox: box, 'bbox-crs': crs84 }))),
		'Invalid/verifyBboxCrsParameterInvalid': each(lists, async (site, path) => {
			for (const uri of unknown)
				assert.equal((await site.get(`${path}?bbox=${box}&bbox-crs=${encodeURIComponent(uri)}`)).status, 400, uri);
		}),
	}),
	...below('query/crs/feature/FeatureCrsParameter', {
		'/verifyFeatureCrsParameter': each(singles, said),
		'Default/verifyFeatureCrsParameterDefault': each(singles, saidByDefault),
		'Invalid/verifyFeatureCrsParameterInvalid': each(singles, refused),
		'Transform/verifyFeatureCrsParameterTransformWithCrsParameter': each(singles, transformed),
		'Transform/verifyFeatureCrsParameterTransformWithoutCrsParameter': each(singles, untransformed),
	}),
	...below('query/crs/features/FeaturesCrsParameter', {
		'/verifyFeaturesCrsParameter': each(lists, said),
		'Default/verifyFeaturesCrsParameterDefault': each(lists, saidByDefault),
		'Invalid/verifyFeaturesCrsParameterInvalid': each(lists, refused),
		'Transform/verifyFeaturesCrsParameterTransformWithCrsParameter': each(lists, transformed),
		'Transform/verifyFeaturesCrsParameterTransformWithoutCrsParameter': each(lists, untransformed),
	}),
};
