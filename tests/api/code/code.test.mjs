// SPDX-License-Identifier: EUPL-1.2
// Codes of XPlanung and XBeteiligung: the official lists are the oracle, and the reader of XPlanGML says the same.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { root, shared, startServer, withoutShared } from '../../harness/server.mjs';
import { fileBoth, hamburg } from '../support.mjs';

const codes = (items) => [...new Set(items.map((item) => item.code).filter(Boolean))].sort();
const summary = 'reference/xplan60-schema-summary.txt';
const lists = 'data/xbeteiligung/codelists_from_xsd.json';

describe('codes', () => {
	let server;
	const tables = {};
	before(async () => {
		server = await startServer();
		for (const name of ['xplanung', 'xbeteiligung']) tables[name] = (await server.must(200, 'GET', `/codes/${name}`)).items;
	});
	after(() => server.stop());
	const of = (name, list) => tables[name].filter((item) => item.list === list);

	it('of XPlanung 6.0 are those of its schema, all of them', { skip: withoutShared(summary) }, () => {
		const official = {};
		let list;
		for (const line of readFileSync(join(shared, summary), 'utf8').split('\n')) {
			list = /^## (\w+)$/.exec(line)?.[1] ?? (line.startsWith('##') ? undefined : list);
			const code = /^ {3}(\d+) \|/.exec(line)?.[1];
			if (list && code) (official[list] ??= []).push(code);
		}
		for (const name of ['BP_Rechtsstand', 'FP_Rechtsstand', 'RP_Rechtsstand', 'BP_Verfahren', 'FP_Verfahren', 'RP_Verfahren', 'BP_PlanArt', 'FP_PlanArt', 'RP_Art'])
			assert.deepEqual(codes(of('xplanung', name)), official[name].sort(), name);
		assert.equal(new Set(tables.xplanung.map((item) => item.list).filter(Boolean)).size, 9);
	});

	it('of XBeteiligung 1.2 are those of its lists, all of them', { skip: withoutShared(lists) }, () => {
		const { codelists } = JSON.parse(readFileSync(join(shared, lists), 'utf8'));
		for (const name of ['statusderstellungnahme', 'abwaegungsvorschlag', 'verfahrensartkommunal', 'verfahrensartraumordnung', 'verfahrensartplanfeststellung'])
			assert.deepEqual(codes(of('xbeteiligung', name)), codelists[name].values.map((value) => value.code).sort(), name);
	});

	it('read plans as the reader of XPlanGML does', () => {
		const source = readFileSync(join(root, 'server/files/xplan_kind.c'), 'utf8');
		const rows = [...source.matchAll(/\{ "(BP|FP|RP)_Plan", "(\d*)", "(\d*)", "(\w*)"/g)].filter(([, , art, verfahren]) => art || verfahren);
		assert.ok(rows.length > 10);
		for (const [, family, art, verfahren, kind] of rows) {
			const list = art ? { BP: 'BP_PlanArt', FP: 'FP_PlanArt', RP: 'RP_Art' }[family] : `${family}_Verfahren`;
			const [read] = of('xplanung', list).filter((item) => item.code === (art || verfahren) && item.direction !== 'SCHREIBEN');
			assert.equal(read.ours ?? '', kind, `${list} ${art || verfahren}`);
		}
	});

	it('say why where there are none, in both languages', async () => {
		const english = (await server.must(200, 'GET', '/codes/xbeteiligung', { headers: { 'Accept-Language': 'en' } })).items;
		for (const items of [tables.xplanung, tables.xbeteiligung, english]) for (const item of items) if (item.direction === 'KEINE') assert.ok(item.note);
		assert.notEqual(english.find((item) => item.ours === 'TEILWEISE_GEFOLGT').note, tables.xbeteiligung.find((item) => item.ours === 'TEILWEISE_GEFOLGT').note);
	});

	it('stand in a procedure', async () => {
		const planner = await server.account('manager', hamburg);
		const { procedure } = await fileBoth(server, planner);
		const shown = await server.must(200, 'GET', `/procedures/${procedure}`, { token: planner });
		assert.deepEqual(shown.xplanung, { rechtsstand: null, verfahren: { list: 'BP_Verfahren', code: '1000', label: 'Normales Verfahren' }, plan_art: { list: 'BP_PlanArt', code: '1000', label: 'Bebauungsplan' } });
		assert.deepEqual([shown.xbeteiligung.verfahrensschritt.code, shown.xbeteiligung.durchgang, shown.xbeteiligung.verfahrensart.code], ['1000', 1, '1000']);
	});
});
