// SPDX-License-Identifier: EUPL-1.2
// Transactions on the one feature type that clients write, drafts: each action, in every CRS and spelling, in their order, all or none; conditions; dialects;
// who may; every refusal, after which nothing has changed; the same request twice; and editors who race.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { startServer } from '../../harness/server.mjs';
import { halstenbek, hamburg } from '../../api/support.mjs';
import { editing, insisting, older, point, polygon, transaction } from './edit.mjs';
import { asWfs, numbers, plainId, urn, withoutSchemas } from './site.mjs';

const by = ({ token }) => ({ Authorization: `Bearer ${token}` });
const titled = (title, more = '') => `<pp:drafts><pp:title>${title}</pp:title>${more}</pp:drafts>`;
const where = (condition) => `<fes:Filter>${condition}</fes:Filter>`;
const is = (name, value) => where(`<fes:PropertyIsEqualTo><fes:ValueReference>pp:${name}</fes:ValueReference><fes:Literal>${value}</fes:Literal></fes:PropertyIsEqualTo>`);
const these = (...ids) => where(ids.map((id) => `<fes:ResourceId rid="drafts.${id}"/>`).join(''));
const set = (name, value) => `<wfs:Property><wfs:ValueReference>pp:${name}</wfs:ValueReference>${value === null ? '' : `<wfs:Value>${value}</wfs:Value>`}</wfs:Property>`;
const update = (filter, ...properties) => `<wfs:Update typeName="pp:drafts">${properties.join('')}${filter}</wfs:Update>`;
const insert = (...features) => `<wfs:Insert>${features.join('')}</wfs:Insert>`;
const remove = (filter) => `<wfs:Delete typeName="pp:drafts">${filter}</wfs:Delete>`;
const replace = (feature, filter) => `<wfs:Replace>${feature}${filter}</wfs:Replace>`;

describe('transactions', { concurrency: false }, () => {
	let site, edit, planner, colleague, reader, stranger, citizen;
	before(async () => {
		const server = await startServer({ settings: { mail: 'hold', rate_public: 10000000, rate_account: 10000000 } });
		site = asWfs({ server, stop: () => server.stop() });
		edit = editing(site);
		[planner, colleague, reader, stranger, citizen] = await Promise.all([['manager', hamburg], ['manager', hamburg], ['reader', hamburg], ['manager', halstenbek], ['public']].map((words) => server.account(...words)));
		site.credentials = by(planner);
	});
	after(() => site.stop());
	beforeEach(() => { site.credentials = by(planner); return clear(); });

	/** Features as {id, title, note, geometry}, in the order of their ids. */
	const there = async () => (await site.features('drafts')).map(({ id, element }) => ({ id: plainId(id), title: element.child('title')?.text ?? null, note: element.child('note')?.text ?? null,
		geometry: element.child('geometry') ? numbers(element.child('geometry')) : null }));
	const titles = async () => (await there()).map(({ title }) => title).sort();
	const clear = () => edit(remove(where('<fes:Not><fes:PropertyIsNull><fes:ValueReference>pp:body</fes:ValueReference></fes:PropertyIsNull></fes:Not>')));

	it('insert, change, replace and remove features', async () => {
		const made = await edit(`<wfs:Insert handle="neu">${titled('Nord', `<pp:note>erste &amp; letzte</pp:note><pp:geometry>${polygon()}</pp:geometry>`)}${titled('Süd')}</wfs:Insert>`);
		assert.deepEqual([made.totalInserted, made.totalUpdated, made.totalReplaced, made.totalDeleted], [2, 0, 0, 0]);
		assert.deepEqual(made.inserted.map(({ handle }) => handle), ['neu', 'neu']);
		const [nord, sued] = made.inserted.map(({ id }) => id);
		const one = async (id) => (await there()).find((each) => each.id === id);
		assert.deepEqual(await one(nord), { id: nord, title: 'Nord', note: 'erste & letzte', geometry: [565000, 5934000, 565100, 5934000, 565100, 5934100, 565000, 5934000] });
		assert.deepEqual(await one(sued), { id: sued, title: 'Süd', note: null, geometry: null });
		const changed = await edit(update(these(nord), set('note', null), set('title', 'Norden')));
		assert.deepEqual([changed.totalUpdated, changed.updated.map(({ id }) => id)], [1, [nord]]);
		assert.deepEqual(await one(nord), { id: nord, title: 'Norden', note: null, geometry: [565000, 5934000, 565100, 5934000, 565100, 5934100, 565000, 5934000] });
		const replaced = await edit(replace(`<pp:drafts gml:id="drafts.${nord}"><pp:note>allein</pp:note></pp:drafts>`, these(nord)));
		assert.deepEqual([replaced.totalReplaced, replaced.replaced.map(({ id }) => id)], [1, [nord]]);
		assert.deepEqual(await one(nord), { id: nord, title: null, note: 'allein', geometry: null });
		assert.equal((await edit(remove(these(nord, sued)))).totalDeleted, 2);
		assert.deepEqual(await there(), []);
		const { totalUpdated, totalDeleted } = await edit(update(these(nord), set('title', 'x')) + remove(these(nord, 'x')));
		assert.deepEqual([totalUpdated, totalDeleted], [0, 0], 'what is not there is not found');
	});

	it('take coordinates in every CRS and spelling, in the order of its axes', async () => {
		for (const code of [25832, 25833, 3857, 4326, 4258, 84]) {
			const [{ x, y }] = await site.server.sql(`select ST_X(p) as x, ST_Y(p) as y from ST_Transform(ST_SetSRID(ST_MakePoint(565000, 5934000), 25832), ${code === 84 ? 4326 : code}) p`);
			const flipped = code === 4326 || code === 4258;
			const names = code === 84 ? [urn(84), 'http://www.opengis.net/def/crs/OGC/1.3/CRS84'] : [urn(code), `http://www.opengis.net/def/crs/EPSG/0/${code}`, `EPSG:${code}`];
			for (const name of names) {
				const at = flipped ? `${y} ${x}` : `${x} ${y}`;
				// Said by the geometry, by the action, or by the transaction.
				for (const request of [transaction(insert(titled('p', `<pp:geometry>${point(name, at)}</pp:geometry>`))),
					transaction(`<wfs:Insert srsName="${name}">${titled('p', `<pp:geometry>${point('', at)}</pp:geometry>`)}</wfs:Insert>`),
					transaction(insert(titled('p', `<pp:geometry>${point('', at)}</pp:geometry>`)), `srsName="${name}"`)])
					await site.good(request);
				for (const { geometry: [east, north] } of await there())
					assert.ok(Math.abs(east - 565000) < 0.002 && Math.abs(north - 5934000) < 0.002, `${name}: ${east} ${north}`);
				assert.equal((await clear()).totalDeleted, 3);
			}
		}
		const swapped = await site.refused(transaction(insert(titled('p', `<pp:geometry>${point(urn(4326), '9.98 53.55')}</pp:geometry>`))));
		assert.deepEqual([swapped.status, swapped.code, swapped.locator], [400, 'InvalidValue', 'Insert']);
	});

	it('do one action after the other, and each condition sees what those before it have done', async () => {
		const done = await edit(insert(titled('a'), titled('b', '<pp:note>bleibt</pp:note>')) + update(is('title', 'a'), set('title', 'c')) + update(is('title', 'c'), set('note', 'gefunden')) + insert(titled('d'))
			+ remove(is('title', 'b')) + update('', set('note', 'alle')) + insert(titled('e')));
		assert.deepEqual([done.totalInserted, done.totalUpdated, done.totalDeleted], [4, 4, 1]);
		assert.deepEqual((await there()).map(({ title, note }) => `${title} ${note}`).sort(), ['c alle', 'd alle', 'e null']);
		await edit(update(where(`<fes:BBOX><fes:ValueReference>pp:geometry</fes:ValueReference><gml:Envelope srsName="${urn(25832)}"><gml:lowerCorner>1 1</gml:lowerCorner><gml:upperCorner>2 2</gml:upperCorner></gml:Envelope></fes:BBOX>`), set('note', 'nirgends')));
		assert.ok((await there()).every(({ note }) => note !== 'nirgends'), 'what lies nowhere is in no box');
	});

	it('are done as a whole or not at all, and say where what is wrong stands', async () => {
		const { inserted: [{ id }] } = await edit(insert(titled('da', `<pp:geometry>${polygon()}</pp:geometry>`)));
		const before = JSON.stringify(await there());
		const bowtie = '565000 5934000 565100 5934100 565100 5934000 565000 5934100 565000 5934000';
		const refusals = [
			[`<wfs:Insert handle="h">${titled('x')}<pp:drafts>\n<pp:farbe>rot</pp:farbe></pp:drafts></wfs:Insert>`, 400, 'InvalidValue', 'h', /Zeile 2, Spalte 1: .*drafts.*farbe/],
			[insert(titled('x'), '<pp:Unknown1.Type/>'), 400, 'InvalidValue', 'Insert', /Unknown1\.Type/],
			[insert(titled('x'), '<pp:plans><pp:title>x</pp:title></pp:plans>'), 403, 'OperationProcessingFailed', 'Insert', /plans/],
			[`<wfs:Update typeName="pp:procedures" handle="u">${set('title', 'x')}</wfs:Update>`, 403, 'OperationProcessingFailed', 'u', /procedures/],
			[`<wfs:Delete typeName="pp:municipalities">${where('<fes:ResourceId rid="municipalities.02000000"/>')}</wfs:Delete>`, 403, 'OperationProcessingFailed', 'Delete', /municipalities/],
			[insert(titled('x'.repeat(501))), 400, 'InvalidValue', 'Insert', /Zeile 1, Spalte \d+: Eigenschaft title darf .*500/],
			[update(these(id), set('procedure', 'Verfahren')), 400, 'InvalidValue', 'Update', /Eigenschaft procedure muss/],
			[insert(titled('x', '<pp:title>y</pp:title>')), 400, 'InvalidValue', 'Insert', /./],
			[insert(titled('x', '<pp:geometry>hier</pp:geometry>')), 400, 'InvalidValue', 'Insert', /GML/],
			[insert(titled('x', `<pp:geometry>${polygon(urn(25832), bowtie)}</pp:geometry>`)), 400, 'InvalidValue', 'Insert', /Zeile 1, Spalte \d+: .* \(EPSG:25832: 565050\.000 5934050\.000\)$/],
			[insert(titled('x', `<pp:geometry>${polygon(urn(25832), '1 1 2 1 2 2 1 1')}</pp:geometry>`)), 400, 'InvalidValue', 'Insert', /./],
			[insert(titled('x', `<pp:geometry>${polygon('EPSG:31467')}</pp:geometry>`)), 400, 'InvalidParameterValue', 'srsName', /./],
			[insert(titled('x')).replace('<wfs:Insert', '<wfs:Insert inputFormat="application/json"'), 400, 'InvalidParameterValue', 'Insert', /inputFormat/],
			[insert(titled('x')).replace('<wfs:Insert', '<wfs:Insert idgen="UseExisting"'), 501, 'OptionNotSupported', 'Insert', /idgen/],
			[update(is('farbe', 'rot'), set('title', 'x')), 400, undefined, 'Update', /farbe/],
			[`<wfs:Update typeName="pp:drafts" handle="bounds"><wfs:Property><wfs:ValueReference>gml:boundedBy</wfs:ValueReference><wfs:Value><kml:Point xmlns:kml="http://www.opengis.net/kml/2.2"/></wfs:Value></wfs:Property>${these(id)}</wfs:Update>`, 400, 'InvalidValue', undefined, /./],
			['<wfs:Native vendorId="v" safeToIgnore="false" handle="n"/>', 501, 'OptionNotSupported', 'n', /./],
		];
		for (const [actions, status, code, locator, text] of refusals) {
			const refusal = await site.refused(transaction(insert(titled('vorher')) + actions + remove(these(id))));
			assert.equal(refusal.status, status, `${actions} ${refusal.text}`);
			if (code) assert.equal(refusal.code, code, actions);
			if (locator) assert.equal(refusal.locator, locator, actions);
			assert.match(refusal.text, text, actions);
		}
		const many = await site.refused(transaction(update(is('title', 'x'), set('title', 'y')).repeat(101)));
		assert.deepEqual([many.status, many.code], [400, 'InvalidParameterValue']);
		assert.deepEqual((({ status, code, locator }) => [status, code, locator])(await site.refused(transaction(remove(these(id)), 'releaseAction="x"'))), [400, 'InvalidParameterValue', 'releaseAction']);
		assert.deepEqual((({ status, code }) => [status, code])(await site.refused(transaction(remove(these(id)), 'lockId="x"'))), [400, 'InvalidLockId']);
		assert.equal(JSON.stringify(await there()), before, 'and nothing has changed');
		await edit('<wfs:Native vendorId="v" safeToIgnore="true"/>' + remove(these(id)));
		assert.deepEqual(await there(), [], 'what is safe to ignore is');
	});

	it('leave as it is what cannot be written, and know a name of GML', async () => {
		const { inserted: [{ id }] } = await edit(insert('<pp:drafts><gml:name>Rand</gml:name><pp:body>01056018</pp:body><pp:revision>77</pp:revision><pp:valid_from>2020-01-01T00:00:00Z</pp:valid_from></pp:drafts>'));
		const [{ element }] = await site.features('drafts');
		assert.deepEqual(['title', 'name', 'body', 'revision'].map((name) => element.child(name).text), ['Rand', 'Rand', hamburg, '1']);
		await edit(replace(`<pp:drafts gml:id="drafts.${id}"><gml:name>Rand</gml:name><pp:title>Mitte</pp:title></pp:drafts>`, these(id)));
		assert.deepEqual(await titles(), ['Mitte']);
		await edit(update(where('<fes:PropertyIsEqualTo><fes:ValueReference>gml:name</fes:ValueReference><fes:Literal>Mitte</fes:Literal></fes:PropertyIsEqualTo>'), set('note', 'x')).replace('pp:note', 'gml:name[1]'));
		assert.deepEqual(await titles(), ['x']);
	});

	it('are answered in the dialect that was asked in', async () => {
		const old = (version, actions) => `<wfs:Transaction ${older} service="WFS" version="${version}">${actions}</wfs:Transaction>`;
		const feature = (geometry) => `<wfs:Insert handle="i"><pp:drafts><pp:title>alt</pp:title><pp:geometry>${geometry}</pp:geometry></pp:drafts></wfs:Insert>`;
		const coordinates = (srs, at) => `<gml:Point srsName="${srs}"><gml:coordinates cs="," ts=" ">${at}</gml:coordinates></gml:Point>`;
		const ids = (reply) => [...reply.xml.all('FeatureId'), ...reply.xml.all('ResourceId')].map((each) => plainId(each.attribute('fid') ?? each.attribute('rid')));
		for (const [version, root, geometry] of [['1.0.0', 'WFS_TransactionResponse', coordinates('http://www.opengis.net/gml/srs/epsg.xml#25832', '565000,5934000')], ['1.0.0', 'WFS_TransactionResponse', coordinates('EPSG:4326', '9.98,53.55')],
			['1.1.0', 'TransactionResponse', '<gml:Point srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>53.55 9.98</gml:pos></gml:Point>'], ['2.0.0', 'TransactionResponse', '<gml:Point srsName="EPSG:4326"><gml:pos>9.98 53.55</gml:pos></gml:Point>']]) {
			const made = await site.good(old(version, feature(geometry)));
			assert.equal(made.xml.name, root);
			assert.deepEqual([made.xml.space, made.xml.attribute('version')], ['http://www.opengis.net/wfs', version], 'GDAL says 2.0.0 in the namespace of 1.1');
			assert.equal(made.xml.all('ResourceId').length, version === '2.0.0' ? 1 : 0);
			const [id] = ids(made);
			assert.deepEqual((await there()).map((each) => [each.id, each.title]), [[id, 'alt']]);
			assert.ok(Math.abs((await there())[0].geometry[1] - 5934000) < 3000);
			const changed = await site.good(old(version, `<wfs:Update typeName="pp:drafts"><wfs:Property><wfs:Name>pp:title</wfs:Name><wfs:Value>neu</wfs:Value></wfs:Property><ogc:Filter><ogc:FeatureId fid="drafts.${id}"/></ogc:Filter></wfs:Update>`));
			assert.deepEqual(version === '1.0.0' ? changed.xml.all('SUCCESS').length : changed.xml.first('totalUpdated').text, version === '1.0.0' ? 1 : '1');
			assert.deepEqual(await titles(), ['neu']);
			await site.good(old(version, `<wfs:Delete typeName="pp:drafts"><ogc:Filter><ogc:PropertyIsEqualTo><ogc:PropertyName>title</ogc:PropertyName><ogc:Literal>neu</ogc:Literal></ogc:PropertyIsEqualTo></ogc:Filter></wfs:Delete>`));
			assert.deepEqual(await there(), []);
		}
		assert.equal((await site.refused(transaction(insert(titled('x'))).replace('2.0.0', '3.0.0'))).code, 'InvalidParameterValue');
		assert.equal((await site.good(transaction(insert(titled('x'))).replace('version="2.0.0"', 'version="2.0.2"'))).xml.attribute('version'), '2.0.2');
	});

	it('are for whoever conducts procedures for the body, and by POST alone', async () => {
		const { inserted: [{ id }] } = await edit(insert(titled('eigen')));
		const actions = [insert(titled('fremd')), update(these(id), set('title', 'fremd')), replace(titled('fremd'), these(id)), remove(these(id)), ''];
		for (const [who, status, code] of [[null, 401, 'AuthenticationRequired'], [reader, 403, 'OperationNotAllowed'], [citizen, 403, 'OperationNotAllowed'], [{ token: 'pp_unknown' }, 401, undefined]]) {
			site.credentials = who ? by(who) : {};
			for (const action of actions) {
				const refusal = await site.refused(transaction(action));
				assert.equal(refusal.status, status, action);
				if (code) assert.equal(refusal.code, code);
			}
		}
		site.credentials = by(stranger);
		assert.deepEqual((({ totalUpdated, totalReplaced, totalDeleted }) => [totalUpdated, totalReplaced, totalDeleted])(await edit(actions.slice(1, 4).join(''))), [0, 0, 0], 'another body does not find it');
		assert.deepEqual((({ totalUpdated }) => totalUpdated)(await edit(update('', set('title', 'fremd')))), 0);
		site.credentials = by(colleague);
		assert.equal((await edit(update(these(id), set('note', 'von der Kollegin')))).totalUpdated, 1);
		assert.deepEqual((({ status, code }) => [status, code])(await site.refused({ REQUEST: 'Transaction', TYPENAMES: 'pp:drafts' })), [501, 'OperationNotSupported']);
		site.credentials = by(planner);
		assert.deepEqual(await titles(), ['eigen']);
	});

	it('are done once, however often they come with the same key', async () => {
		const request = insert(titled('einmal')) + update(is('title', 'einmal'), set('title', 'zweimal')) + insert(titled('einmal'));
		const first = await edit(request, '', { 'Idempotency-Key': 'wfs 1' });
		assert.deepEqual(await edit(request, '', { 'Idempotency-Key': 'wfs 1' }), first);
		assert.deepEqual(await titles(), ['einmal', 'zweimal']);
		assert.match((await site.refused(transaction(insert(titled('anders'))), { 'Idempotency-Key': 'wfs 1' })).text, /./);
		assert.deepEqual(await titles(), ['einmal', 'zweimal']);
	});

	it('of several who race lose nothing: a condition is true when it is acted upon', { timeout: 240000 }, async () => {
		const editors = [planner, colleague], insist = insisting(site);
		for (let round = 0; round < 6; round++) {
			const { inserted: [{ id }] } = await edit(insert(titled(`Runde ${round}`)));
			// Of those who want to be the first to put a name on it one is.
			const won = (await Promise.all(Array.from({ length: 8 }, (_, i) => insist(update(is('title', `Runde ${round}`), set('title', `gewonnen von ${i}`)), '', by(editors[i % 2]))))).map(({ totalUpdated }) => totalUpdated);
			assert.deepEqual(won.toSorted(), [0, 0, 0, 0, 0, 0, 0, 1]);
			assert.deepEqual(await titles(), [`gewonnen von ${won.indexOf(1)}`]);
			assert.equal((await edit(remove(these(id)))).totalDeleted, 1);
		}
		// What each has added is there, whoever changes all of it meanwhile.
		await Promise.all(Array.from({ length: 12 }, (_, i) => insist(insert(titled(`von ${i}`)) + update('', set('note', 'gesehen')), '', by(editors[i % 2]))));
		assert.deepEqual((await there()).map(({ title, note }) => `${title} ${note}`).sort(), Array.from({ length: 12 }, (_, i) => `von ${i} gesehen`).sort());
	});

	it('take as many features as a body may have', { timeout: 240000 }, async () => {
		const many = Array.from({ length: 1000 }, (_, i) => titled(i, i % 10 ? '' : `<pp:geometry>${polygon()}</pp:geometry>`));
		assert.equal((await edit(insert(...many))).totalInserted, 1000);
		const over = await site.refused(transaction(insert(titled('zu viel'))));
		assert.deepEqual([over.status, over.code], [400, 'InvalidValue']);
		const ids = (await there()).map(({ id }) => id);
		assert.equal((await edit(ids.map((id) => update(these(id), set('note', 'einzeln'))).join(''))).totalUpdated, 1000);
		assert.equal((await edit(remove(these(...ids)))).totalDeleted, 1000);
	});

	it('are answered by valid documents, of whatever dialect', { skip: withoutSchemas }, async () => {
		const { status, count, errors } = await site.judge();
		assert.ok(count > 150);
		assert.equal(status, 0, errors.slice(0, 10).join('\n'));
	});
});
