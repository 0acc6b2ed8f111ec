// SPDX-License-Identifier: EUPL-1.2
// Our own port of the official tests of Transactional WFS (09-025r2, annex A.1.3): class/method → what it asks of a site, of every feature type that clients
// write. The others are refused, which is asked here as well.
import assert from 'node:assert/strict';
import { editing, polygon, summary, transaction } from './edit.mjs';
import { follows, refusal } from './simple.mjs';
import { byId } from './site.mjs';

const these = (...ids) => `<fes:Filter>${ids.map((id) => `<fes:ResourceId rid="drafts.${id}"/>`).join('')}</fes:Filter>`;
const draft = (title) => `<pp:drafts gml:id="neu"><pp:title>${title}</pp:title><pp:geometry>${polygon()}</pp:geometry></pp:drafts>`;
const feature = async (site, id) => (await site.good({ REQUEST: 'GetFeature', STOREDQUERY_ID: byId, ID: `drafts.${id}` })).xml;
const update = (id, name, value) => `<wfs:Update handle="u" typeName="pp:drafts"><wfs:Property><wfs:ValueReference>${name}</wfs:ValueReference><wfs:Value>${value}</wfs:Value></wfs:Property>${these(id)}</wfs:Update>`;

/** With a new draft of whoever conducts procedures for the body, as which the rest of the work is done. */
const with_draft = (work) => async (site) => {
	site.credentials = { Authorization: `Bearer ${site.token}` };
	try {
		const { inserted: [{ id }] } = await editing(site)(`<wfs:Insert>${draft('Rand')}</wfs:Insert>`);
		await work(site, id);
	} finally {
		site.credentials = {};
	}
};

export const transactional = {
	'transaction/TransactionCapabilitiesTests/capabilitiesDescribesTransactionalWFS': async (site) => {
		const { text, xml } = await site.good({ REQUEST: 'GetCapabilities' });
		follows(site, text, 'TransactionalWFSPhase');
		const operation = xml.all('Operation').find((each) => each.attribute('name') === 'Transaction');
		assert.deepEqual(operation.first('HTTP').children.map(({ name }) => name), ['Post'], 'what changes something has one binding');
	},
	'transaction/InsertTests/insertSupportedFeature': with_draft(async (site) => {
		const reply = await site.good(transaction(`<wfs:Insert handle="i">${draft('neu')}</wfs:Insert>`));
		assert.equal(reply.xml.name, 'TransactionResponse');
		const { totalInserted, inserted } = summary(reply);
		assert.equal(totalInserted, 1);
		assert.equal((await feature(site, inserted[0].id)).child('title').text, 'neu');
		for (const { id: type } of site.collections)
			assert.deepEqual((({ status, code }) => [status, code])(await site.refused(transaction(`<wfs:Insert><pp:${type}/></wfs:Insert>`))), [403, 'OperationProcessingFailed'], type);
	}),
	'transaction/InsertTests/insertInvalidFeature': with_draft(async (site) => {
		refusal(await site.refused(transaction('<wfs:Insert><Unknown1.Type xmlns="http://example.org/ns1" gml:id="id-1"/></wfs:Insert>')), [400, 'InvalidValue']);
	}),
	'transaction/ReplaceTests/replaceFeature': with_draft(async (site, id) => {
		const { totalReplaced, replaced } = summary(await site.good(transaction(`<wfs:Replace>${draft('ersetzt')}${these(id)}</wfs:Replace>`)));
		assert.equal(totalReplaced, 1);
		assert.deepEqual(replaced.map((each) => each.id), [id]);
		const now = await feature(site, id);
		assert.deepEqual([now.attribute('gml:id'), now.child('title').text], [`drafts.${id}`, 'ersetzt']);
	}),
	'transaction/DeleteTests/deleteFeature': with_draft(async (site, id) => {
		assert.equal(summary(await site.good(transaction(`<wfs:Delete typeName="pp:drafts">${these(id)}</wfs:Delete>`))).totalDeleted, 1);
		assert.ok(!(await site.keys('drafts')).includes(id));
		refusal(await site.refused({ REQUEST: 'GetFeature', STOREDQUERY_ID: byId, ID: `drafts.${id}` }), [404, 'NotFound']);
	}),
	'transaction/Update/updateGMLName': with_draft(async (site, id) => {
		const { totalUpdated, updated } = summary(await site.good(transaction(update(id, 'gml:name[1]', 'Pellentesque Arcu Lorem'))));
		assert.deepEqual([totalUpdated, updated], [1, [{ id, handle: 'u' }]]);
		assert.equal((await feature(site, id)).child('name').text, 'Pellentesque Arcu Lorem');
	}),
	'transaction/Update/updateBoundedByWithKMLPoint': with_draft(async (site, id) => {
		refusal(await site.refused(transaction(update(id, 'gml:boundedBy', '<kml:Point xmlns:kml="http://www.opengis.net/kml/2.2"><kml:coordinates>-123.1,49.25</kml:coordinates></kml:Point>'))), [400, 'InvalidValue']);
	}),
	// The official test takes the last property of simple content that the schema has, gives it a new value by its type, which it writes with a
	// prefix of its own, and reads it back.
	'transaction/Update/updateSimplePropertyValue': with_draft(async (site, id) => {
		const schema = (await site.good({ REQUEST: 'DescribeFeatureType', TYPENAMES: 'pp:drafts' })).xml;
		const simple = schema.all('sequence').flatMap((sequence) => sequence.children).filter((each) => each.space === 'http://www.w3.org/2001/XMLSchema' && each.name === 'element' && !each.attribute('type').startsWith('gml:'));
		assert.ok(simple.length > 5);
		const property = simple.at(-1), type = property.attribute('type').split(':').at(-1);
		const own = schema.all('simpleType').find((each) => each.attribute('name') === type);
		const before = (await feature(site, id)).child(property.attribute('name'))?.text;
		const values = { string: () => 'TEST_VALUE', dateTime: () => new Date().toISOString(), date: () => new Date().toISOString().slice(0, 10), integer: () => String(Number(before) + 1), double: () => String(Math.log(Number(before))),
			decimal: () => String(Number(before) / 10), boolean: () => String(before !== 'true') };
		const value = own?.all('enumeration').map((each) => each.attribute('value')).find((each) => each !== before) ?? values[type]();
		const reference = `<wfs:ValueReference xmlns:tns="urn:planungsplattform:features:1">tns:${property.attribute('name')}[1]</wfs:ValueReference>`;
		const changed = summary(await site.good(transaction(`<wfs:Update typeName="pp:drafts"><wfs:Property>${reference}<wfs:Value>${value}</wfs:Value></wfs:Property>${these(id)}</wfs:Update>`)));
		assert.deepEqual([changed.totalUpdated, changed.updated.map((each) => each.id)], [1, [id]]);
		assert.equal((await feature(site, id)).child(property.attribute('name')).text, value);
	}),
};
