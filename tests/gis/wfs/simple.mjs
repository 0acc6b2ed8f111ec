// SPDX-License-Identifier: EUPL-1.2
// Our own port of the official tests of Simple WFS and of paging (09-025r2, annex A.1.1 and A.1.6): class/method → what it asks of a site.
import assert from 'node:assert/strict';
import { byId, plainId, withoutSchemas } from './site.mjs';

const capabilities = (site, query = {}) => site.good({ REQUEST: 'GetCapabilities', ...query });
const refusal = ({ status, code, locator }, [expectedStatus, expectedCode, expectedLocator]) => {
	assert.deepEqual([status, code], [expectedStatus, expectedCode]);
	assert.ok(locator, 'it says what is wrong');
	if (expectedLocator)
		assert.equal(locator.toLowerCase(), expectedLocator.toLowerCase());
};
const isCapabilities = ({ xml }) => {
	assert.equal(xml.name, 'WFS_Capabilities');
	assert.equal(xml.space, 'http://www.opengis.net/wfs/2.0');
	assert.match(xml.attribute('version'), /^2\.0\.\d$/);
};
/** Nothing where the rules are absent. */
function follows(site, text, phase) {
	if (withoutSchemas)
		return;
	const lines = site.rules(text, phase);
	assert.match(lines[lines.length - 1], /^[1-9]\d* checks, 0 failed$/, lines.join('\n'));
}
const typesOf = (xml) => xml.first('FeatureTypeList').all('Name').map(({ text }) => text.replace(/^.*:/, ''));
const ids = (site, reply) => site.members(reply).map(({ id }) => id);

export const simple = {
	'SuitePreconditions/verifyServiceDescription': async (site) => isCapabilities(await capabilities(site)),
	'SuitePreconditions/serviceIsAvailable': async (site) => isCapabilities(await site.good(`${site.wfs}?service=WFS&request=GetCapabilities`)),
	'SuitePreconditions/dataAreAvailable': async (site) => {
		for (const { id } of site.collections)
			assert.ok((await site.features(id, { COUNT: 1 })).length === 1, id);
	},
	'simple/DescribeFeatureTypeTests/describeAllFeatureTypes': async (site) => {
		const { xml } = await site.good({ REQUEST: 'DescribeFeatureType' });
		assert.equal(xml.space, 'http://www.w3.org/2001/XMLSchema');
		assert.equal(xml.attribute('targetNamespace'), 'urn:planungsplattform:features:1');
		assert.deepEqual(xml.children.filter(({ name }) => name === 'element').map((each) => each.attribute('name')), typesOf((await capabilities(site)).xml));
	},
	'simple/DescribeFeatureTypeTests/describeUnknownFeatureType': async (site) =>
		refusal(await site.refused({ REQUEST: 'DescribeFeatureType', TYPENAMES: 'pp:Unknown1.Type' }), [400, 'InvalidParameterValue', 'typeNames']),
	'simple/DescribeStoredQueriesTests/describeAllStoredQueries': async (site) => {
		const { xml } = await site.good({ REQUEST: 'DescribeStoredQueries' });
		assert.equal(xml.name, 'DescribeStoredQueriesResponse');
		assert.deepEqual(xml.all('StoredQueryDescription').map((each) => each.attribute('id')), (await site.good({ REQUEST: 'ListStoredQueries' })).xml.all('StoredQuery').map((each) => each.attribute('id')));
	},
	'simple/DescribeStoredQueriesTests/describeStoredQuery_GetFeatureById': async (site) => {
		for (const id of [byId, 'urn:ogc:def:query:OGC-WFS::GetFeatureById']) {
			const { xml } = await site.good({ REQUEST: 'DescribeStoredQueries', STOREDQUERY_ID: id });
			assert.deepEqual(xml.all('StoredQueryDescription').map((each) => each.attribute('id')), [id]);
			assert.deepEqual(xml.all('Parameter').map((each) => each.attribute('name')), ['id']);
		}
	},
	'simple/ListStoredQueriesTests/listStoredQueries': async (site) => {
		const { xml } = await site.good({ REQUEST: 'ListStoredQueries' });
		assert.equal(xml.name, 'ListStoredQueriesResponse');
		assert.ok(xml.all('StoredQuery').some((each) => each.attribute('id') === byId));
	},
	'simple/ServiceMetadataTests/capabilitiesDocIsXmlSchemaValid': async (site) => {
		await capabilities(site);
		if (!withoutSchemas)
			assert.deepEqual((await site.judge()).errors, []);
	},
	'simple/ServiceMetadataTests/capabilitiesDocCorrespondsToWfsSimple': async (site) => follows(site, (await capabilities(site)).text, 'SimpleWFSPhase'),
	'simple/SimpleCapabilitiesTests/getCapabilities_missingServiceParam': async (site) =>
		refusal(await site.refused(`${site.wfs}?REQUEST=GetCapabilities`), [400, 'MissingParameterValue', 'service']),
	'simple/SimpleCapabilitiesTests/getFullCapabilities': async (site) => {
		const reply = await capabilities(site);
		isCapabilities(reply);
		assert.deepEqual(reply.xml.children.map(({ name }) => name), ['ServiceIdentification', 'ServiceProvider', 'OperationsMetadata', 'FeatureTypeList', 'Filter_Capabilities']);
		assert.deepEqual(typesOf(reply.xml), site.collections.map(({ id }) => id));
	},
	'simple/SimpleCapabilitiesTests/getCapabilities_acceptVersions': async (site) => {
		for (const [accepted, version] of [['10.0.0,2.0.0,1.1.0', '2.0.0'], ['2.0.2,2.0.0', '2.0.2'], ['1.1.0,2.0.0,2.0.2', '1.1.0']])
			assert.equal((await site.good(`${site.wfs}?SERVICE=WFS&REQUEST=GetCapabilities&ACCEPTVERSIONS=${accepted}`)).xml.attribute('version'), version);
		refusal(await site.refused({ REQUEST: 'GetCapabilities', ACCEPTVERSIONS: '10.0.0' }), [400, 'VersionNegotiationFailed', 'acceptVersions']);
	},
	'simple/StoredQueryTests/unknownStoredQuery': async (site) =>
		refusal(await site.refused({ REQUEST: 'GetFeature', STOREDQUERY_ID: 'http://docbook.org/ns/docbook', ID: 'x' }), [400, 'InvalidParameterValue']),
	'simple/StoredQueryTests/invokeGetFeatureByIdWithUnknownID': async (site) => {
		for (const id of ['test-id', 'municipalities.99999999', 'municipalities'])
			refusal(await site.refused({ REQUEST: 'GetFeature', STOREDQUERY_ID: byId, ID: id }), [404, 'NotFound', 'id']);
	},
	'simple/StoredQueryTests/invokeGetFeatureById': async (site) => {
		for (const { id: type } of site.collections) {
			const [{ id }] = await site.features(type, { COUNT: 1 });
			for (const query of [byId, 'urn:ogc:def:query:OGC-WFS::GetFeatureById']) {
				const { xml } = await site.good({ REQUEST: 'GetFeature', STOREDQUERY_ID: query, ID: id });
				assert.deepEqual([xml.name, xml.attribute('gml:id')], [type, id]);
			}
		}
	},
	'paging/PagingTests/getFeatureWithHitsOnly': async (site) => {
		for (const { id } of site.collections) {
			const { xml } = await site.good({ REQUEST: 'GetFeature', TYPENAMES: id, COUNT: 1, RESULTTYPE: 'hits' });
			assert.equal(xml.attribute('numberReturned'), '0');
			assert.equal(xml.attribute('numberMatched'), String((await site.all(id)).length));
			assert.equal(xml.attribute('previous'), undefined);
			assert.deepEqual(ids(site, await site.good(xml.attribute('next'))).map(plainId), [(await site.all(id))[0].id]);
		}
	},
	'paging/PagingTests/traverseResultSetInBothDirections': async (site) => {
		for (const { id } of site.collections) {
			const first = await site.good({ REQUEST: 'GetFeature', TYPENAMES: id, COUNT: 4 });
			assert.equal(first.xml.attribute('previous'), undefined);
			const second = await site.good(first.xml.attribute('next'));
			assert.deepEqual([...ids(site, first), ...ids(site, second)].map(plainId), (await site.all(id)).slice(0, 8).map((feature) => feature.id));
			assert.deepEqual(ids(site, await site.good(second.xml.attribute('previous'))), ids(site, first));
		}
	},
};
export { follows, refusal };
