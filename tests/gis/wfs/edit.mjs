// SPDX-License-Identifier: EUPL-1.2
// Transactions and locks as tests write and read them.
import assert from 'node:assert/strict';
import { plainId } from './site.mjs';

export const spaces = 'xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:fes="http://www.opengis.net/fes/2.0" xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:pp="urn:planungsplattform:features:1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
export const older = 'xmlns:wfs="http://www.opengis.net/wfs" xmlns:ogc="http://www.opengis.net/ogc" xmlns:gml="http://www.opengis.net/gml" xmlns:pp="urn:planungsplattform:features:1"';

export const transaction = (actions, attributes = '') => `<wfs:Transaction ${spaces} service="WFS" version="2.0.0" ${attributes}>${actions}</wfs:Transaction>`;
export const polygon = (srs = 'urn:ogc:def:crs:EPSG::25832', at = '565000 5934000 565100 5934000 565100 5934100 565000 5934000') =>
	`<gml:Polygon gml:id="g" srsName="${srs}"><gml:exterior><gml:LinearRing><gml:posList>${at}</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>`;
export const point = (srs, at) => `<gml:Point gml:id="p"${srs ? ` srsName="${srs}"` : ''}><gml:pos>${at}</gml:pos></gml:Point>`;

/** What a TransactionResponse says: the totals, and ids with the handles of their actions. */
export function summary({ xml }) {
	const of = (name) => (xml.first(`${name}Results`)?.all('Feature') ?? []).flatMap((feature) => feature.all('ResourceId').map((each) => ({ id: plainId(each.attribute('rid')), handle: feature.attribute('handle') })));
	const totals = Object.fromEntries(['totalInserted', 'totalUpdated', 'totalReplaced', 'totalDeleted'].map((name) => [name, Number(xml.first(name)?.text)]));
	return { ...totals, inserted: of('Insert'), updated: of('Update'), replaced: of('Replace') };
}

/** A transaction that has to be done. */
export const editing = (site) => async (actions, attributes, headers) => summary(await site.good(transaction(actions, attributes), headers));

/** The same, sent once more as long as the server asks for that: too many want the same at once. */
export const insisting = (site) => async (actions, attributes, headers) => {
	for (;;) {
		const reply = await site.post(transaction(actions, attributes), headers);
		if (reply.status === 503) continue;
		assert.equal(reply.status, 200, reply.text);
		return summary(reply);
	}
};

const query = (filter) => `<wfs:Query typeNames="pp:drafts">${filter}</wfs:Query>`;
/** Of the features that a filter finds; without one, or an attribute lockId alone, of all, or of none. */
export const lock = (filter, attributes = '') => `<wfs:LockFeature ${spaces} service="WFS" version="2.0.0" ${attributes}>${filter || !attributes.includes('lockId') ? query(filter) : ''}</wfs:LockFeature>`;
export const getWithLock = (filter, attributes = '') => `<wfs:GetFeatureWithLock ${spaces} service="WFS" version="2.0.0" ${attributes}>${query(filter)}</wfs:GetFeatureWithLock>`;
/** What a LockFeatureResponse says. */
export const lockOf = ({ xml }) => ({ id: xml.attribute('lockId'), locked: (xml.first('FeaturesLocked')?.all('ResourceId') ?? []).map((each) => plainId(each.attribute('rid'))),
	missed: (xml.first('FeaturesNotLocked')?.all('ResourceId') ?? []).map((each) => plainId(each.attribute('rid'))) });
