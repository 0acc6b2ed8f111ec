// SPDX-License-Identifier: EUPL-1.2
// What the tests of the rooms share: places on Hamburg's border, days in Berlin, and the way from a
// procedure to an open round.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';

export const polygon = (...corners) => ({ type: 'Polygon', coordinates: [[...corners, corners[0]]] });
export const box = (west, south, east, north) => polygon([west, south], [east, south], [east, north], [west, north]);

/** In Schnelsen, some 100 m from Ellerbek, Rellingen and Bönningstedt. */
export const schnelsen = box(9.9, 53.63, 9.906, 53.635);
/** Crosses itself at 9.903, 53.6325. */
export const bowtie = polygon([9.9, 53.63], [9.906, 53.635], [9.906, 53.63], [9.9, 53.635]);
export const hamburg = '02000000';
export const ellerbek = '01056013';
export const halstenbek = '01056018';
export const amtPinnau = '010565687';
export const nowhere = '01890000-0000-7000-8000-000000000000';

/** The day in Berlin so many days from now. */
export const day = (days = 0) => new Date(Date.now() + days * 86400000).toLocaleDateString('sv-SE', { timeZone: 'Europe/Berlin' });

/** Everything that the server says of itself and the world at that instant: RFC 3339, UTC, µs. */
export const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
export const uuid7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** A refusal as RFC 9457 has it, with that status and problem; returns the document. */
export async function refuses(server, status, problem, method, path, options) {
	const reply = await server.api(method, path, options);
	assert.equal(reply.status, status, `${method} ${path}: ${reply.status} ${reply.text}`);
	assert.equal(reply.headers.get('content-type'), 'application/problem+json');
	assert.equal(reply.body.type, `/problems/${problem}`, reply.text);
	assert.equal(reply.body.status, status);
	assert.ok(reply.body.title);
	assert.match(reply.body.instance, /^urn:uuid:/);
	return reply.body;
}

/** The pointers of a refusal's errors, in their order. */
export const pointers = (problem) => problem.errors.map((error) => error.pointer);

/** A create: 201, a Location that leads to the same thing. Returns its body. */
export async function creates(server, path, options) {
	const reply = await server.api('POST', path, options);
	assert.equal(reply.status, 201, `POST ${path}: ${reply.status} ${reply.text}`);
	assert.match(reply.headers.get('location'), /^http:\/\/127\.0\.0\.1:\d+\/api\/v1\//);
	return reply.body;
}

export const procedureOf = (more = {}) => ({ kind: 'BP_REGEL', title: 'Bebauungsplan Schnelsen 99', planning_municipalities: [hamburg], ...more });

export async function filePlan(server, token, procedure, geometry = schnelsen, more = {}) {
	return server.must(201, 'POST', `/procedures/${procedure}/plans`, { token, body: { geometry, ...more } });
}

/** A procedure with a plan: {procedure, plan}, both ids. */
export async function fileBoth(server, token, { geometry, ...more } = {}) {
	const { id } = await server.must(201, 'POST', '/procedures', { token, body: procedureOf(more) });
	return { procedure: id, plan: (await filePlan(server, token, id, geometry)).id };
}

export const confirm = (server, token, plan) => server.must(200, 'POST', `/plans/${plan}/affected/confirm`, { token, body: {} });

/** A notice that says everything that any law wants of one, nine days before that day. */
export const noticeOf = (start) => ({
	published_on: new Date(Date.parse(start) - 9 * 86400000).toISOString().slice(0, 10),
	organ: 'Amtlicher Anzeiger',
	contains: ['ADRESSE', 'ORT', 'DAUER', 'UMWELTINFORMATIONEN', 'STELLUNGNAHMEN', 'ELEKTRONISCH', 'VERSPAETUNG', 'ANDERER_ZUGANG', 'VEREINIGUNGEN',
		'NUR_AENDERUNGEN', 'GRENZUEBERSCHREITEND', 'KEINE_UMWELTPRUEFUNG', 'ZEITRAUM', 'STELLEN', 'AUSBLEIBEN', 'MEHR_ALS_50', 'VERLAUF', 'LEICHTER_ZUGANG'],
});

/** One that asks the public comes with its notice. */
export const roundOf = (more = {}) => {
	const round = { step: 'FOERM_TOEB', audience: 'TOEB', start: day(1), end: day(50), ...more };
	return round.audience === 'OEFF' ? { notice: noticeOf(round.start), ...round } : round;
};

/** And with a round for its confirmed set: {procedure, plan, round}. */
export async function openRound(server, token, { round, ...more } = {}) {
	const both = await fileBoth(server, token, more);
	await confirm(server, token, both.plan);
	const opened = await server.must(201, 'POST', `/procedures/${both.procedure}/rounds`, { token, body: roundOf(round) });
	return { ...both, round: opened.id, opened };
}

/** The invitation of that municipality in that round, as its own inbox or its office's shows it. */
export async function invitationOf(server, token, round, ags) {
	const { invitations } = await server.must(200, 'GET', '/inbox?limit=500', { token });
	const found = invitations.filter((each) => each.round === round && each.ags === ags);
	assert.equal(found.length, 1, `${ags} has one invitation in this round`);
	return found[0];
}

/** All pages of a list: the items under that name, following next and Link alike. */
export async function walk(server, path, options, name = 'items') {
	const items = [];
	for (let url = path; url;) {
		const reply = await server.api('GET', url, options);
		assert.equal(reply.status, 200, reply.text);
		items.push(...reply.body[name]);
		const link = /^<([^>]+)>; rel="next"$/.exec(reply.headers.get('link') ?? '')?.[1] ?? null;
		assert.equal(link, reply.body.next);
		url = link && link.replace(`${server.address}/api/v1`, '');
	}
	return items;
}

/** The code of RFC 6238, from the base32 that an app is given; independent of the server's. */
export function codeOf(secret, at = Date.now()) {
	const bits = [...secret].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
	const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
	const counter = Buffer.alloc(8);
	counter.writeBigUInt64BE(BigInt(Math.floor(at / 30000)));
	const hash = createHmac('sha1', key).update(counter).digest();
	return String((hash.readUInt32BE(hash[19] & 15) & 0x7fffffff) % 1000000).padStart(6, '0');
}

/** Boundaries that were never in force, with one area added, removed, renamed and moved against those that are; their number. */
export async function otherBoundaries(server) {
	await server.sql(`do $do$ declare now_id bigint; new_id bigint; begin
		select id into now_id from pp.boundary_version where level = 'municipality' and valid_to is null;
		insert into pp.boundary_version (level, parent, dataset, dataset_date, accuracy_m, valid_from, valid_to, successor, source_sha256, report)
			select level, parent, 'Probe', '2017-01-01', accuracy_m, valid_from - interval '2 days', valid_from - interval '1 day', id, source_sha256, report
			  from pp.boundary_version where id = now_id returning id into new_id;
		insert into pp.municipality (boundary_version, ags, ars, name, designation, kreis_name, unincorporated, area_m2, geom)
			select new_id, o.ags, o.ars, case o.ags when '${halstenbek}' then 'Neu-Halstenbek' else o.name end, o.designation, o.kreis_name, o.unincorporated, o.area_m2,
				case o.ags when '${ellerbek}' then st_translate(o.geom, 100, 0) else o.geom end
			  from pp.municipality o where o.boundary_version = now_id and o.ags <> '01056039'
			union all select new_id, '01056999', null, 'Insel', o.designation, o.kreis_name, false, o.area_m2, o.geom
			  from pp.municipality o where o.boundary_version = now_id and o.ags = '01056039';
		end $do$`);
	return (await server.sql("select id from pp.boundary_version where dataset = 'Probe'"))[0].id;
}
