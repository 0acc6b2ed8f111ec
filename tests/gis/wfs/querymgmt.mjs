// SPDX-License-Identifier: EUPL-1.2
// Our own port of the official tests of the management of stored queries (09-025r2, annex A.1.15): class/method → what it asks of a site. Whoever
// keeps one signs in for a body; whoever asks does not.
import assert from 'node:assert/strict';
import { refusal } from './simple.mjs';

const language = 'urn:ogc:def:queryLanguage:OGC-WFS::WFSQueryExpression';
const byType = 'urn:example:wfs2-query:GetFeatureByTypeName', byName = 'urn:example:wfs2-query:GetFeatureByName';
const define = (id, parameter, type, returns, query, spoken = language) => `<?xml version="1.0" encoding="UTF-8"?>
<CreateStoredQuery version="2.0.0" service="WFS" xmlns="http://www.opengis.net/wfs/2.0">
	<StoredQueryDefinition id="${id}" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
		<Title>${id}</Title>
		<Abstract>Features</Abstract>
		<Parameter name="${parameter}" type="${type}"><Abstract>Required</Abstract></Parameter>
		<QueryExpressionText xmlns:fes="http://www.opengis.net/fes/2.0" xmlns:pp="urn:planungsplattform:features:1" returnFeatureTypes="${returns}" language="${spoken}" isPrivate="false">${query}</QueryExpressionText>
	</StoredQueryDefinition>
</CreateStoredQuery>`;
const getByType = (spoken) => define(byType, 'typeName', 'xsd:QName', '', '<Query typeNames="${typeName}"/>', spoken);
const getByName = define(byName, 'name', 'xsd:string', 'pp:municipalities',
	'<Query typeNames="pp:municipalities"><fes:Filter><fes:PropertyIsLike wildCard="*" singleChar="?" escapeChar="\\"><fes:ValueReference>pp:name</fes:ValueReference><fes:Literal>*${name}*</fes:Literal></fes:PropertyIsLike></fes:Filter></Query>');
const dropOf = (id) => `<DropStoredQuery version="2.0.0" service="WFS" id="${id}" xmlns="http://www.opengis.net/wfs/2.0"/>`;
const signedIn = (site) => ({ authorization: `Bearer ${site.token}` });
async function done(site, body, name) {
	const { xml } = await site.good(body, signedIn(site));
	assert.deepEqual([xml.name, xml.space, xml.attribute('status')], [name, 'http://www.opengis.net/wfs/2.0', 'OK']);
}
const creates = (site, body) => done(site, body, 'CreateStoredQueryResponse');
const drops = (site, id) => done(site, dropOf(id), 'DropStoredQueryResponse');

export const querymgmt = {
	'querymgmt/CreateStoredQueryTests/createGetFeatureByTypeName': async (site) => {
		await creates(site, getByType());
		for (const { id: type } of site.collections)
			for (const request of [{ REQUEST: 'GetFeature', STOREDQUERY_ID: byType, typeName: `pp:${type}`, COUNT: 10 },
				`<GetFeature service="WFS" version="2.0.0" count="10" xmlns="http://www.opengis.net/wfs/2.0"><StoredQuery id="${byType}"><Parameter name="typeName" xmlns:tns="urn:planungsplattform:features:1">tns:${type}</Parameter></StoredQuery></GetFeature>`]) {
				const features = site.members(await site.good(request));
				assert.ok(features.length > 0 && features.every((each) => each.type === type), type);
			}
		await drops(site, byType);
	},
	'querymgmt/CreateStoredQueryTests/createStoredQueryWithUnsupportedQueryLanguage': async (site) =>
		refusal(await site.refused(getByType('http://qry.example.org'), signedIn(site)), [400, 'InvalidParameterValue', 'language']),
	'querymgmt/CreateStoredQueryTests/duplicateQuery': async (site) => {
		await creates(site, getByName);
		refusal(await site.refused(getByName, signedIn(site)), [400, 'DuplicateStoredQueryIdValue', byName]);
		await drops(site, byName);
	},
	'querymgmt/DropStoredQueryTests/dropStoredQuery': async (site) => {
		await creates(site, getByName);
		await drops(site, byName);
		refusal(await site.refused(`<GetFeature service="WFS" version="2.0.0" xmlns="http://www.opengis.net/wfs/2.0"><StoredQuery id="${byName}"><Parameter name="name">Irrelevant</Parameter></StoredQuery></GetFeature>`), [400, 'InvalidParameterValue', 'id']);
	},
	'querymgmt/DropStoredQueryTests/dropNonexistentQuery': async (site) =>
		refusal(await site.refused(dropOf('urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6'), signedIn(site)), [400, 'InvalidParameterValue', 'id']),
	'querymgmt/StoredQueryManagement/supportedStoredQueryLanguages': async (site) => {
		const { xml } = await site.good({ REQUEST: 'GetCapabilities' });
		const operation = xml.all('Operation').find((each) => each.attribute('name') === 'CreateStoredQuery');
		assert.ok(operation.all('Parameter').find((each) => each.attribute('name') === 'language').all('Value').some(({ text }) => text === language));
	},
};
