// SPDX-License-Identifier: EUPL-1.2
// What is in a file: every type that is taken, and what is none of them, is two at once, or bursts.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { after, before, describe, it } from 'node:test';
import { psql, startServer, until } from '../../harness/server.mjs';
import { creates, hamburg, procedureOf } from '../support.mjs';
import { noise, pdf, upload } from './support.mjs';
import { crc32, zip } from './zip.mjs';

const text = (string) => Buffer.from(string);
const chunk = (type, data) => {
	const length = Buffer.alloc(4), sum = Buffer.alloc(4), body = Buffer.concat([text(type), data]);
	length.writeUInt32BE(data.length);
	sum.writeUInt32BE(crc32(body));
	return Buffer.concat([length, body, sum]);
};
const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', Buffer.from('00000001000000010800000000', 'hex')), chunk('IDAT', deflateSync(Buffer.from([0, 0]))), chunk('IEND', Buffer.alloc(0))]);
const jpeg = Buffer.concat([Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'), Buffer.from('ffdb004300', 'hex'), Buffer.alloc(64, 1), Buffer.from('ffd9', 'hex')]);
const tiff = Buffer.from('49492a0008000000010000010300010000000100000000000000', 'hex');
const ooxml = (main, content) => zip([{ name: '[Content_Types].xml', bytes: text(`<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/${main}" ContentType="${content}"/></Types>`), deflate: true },
	{ name: '_rels/.rels', bytes: text('<Relationships/>') }, { name: main, bytes: text('<?xml version="1.0"?><x/>'), deflate: true }]);
const odt = (more = []) => zip([{ name: 'mimetype', bytes: text('application/vnd.oasis.opendocument.text') }, { name: 'content.xml', bytes: text('<?xml version="1.0"?><x/>'), deflate: true }, ...more]);
const gml = text('<?xml version="1.0" encoding="UTF-8"?>\n<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml/3.2" gml:id="a"/>\n');
const dxf = text('0\r\nSECTION\r\n2\r\nHEADER\r\n0\r\nENDSEC\r\n0\r\nEOF\r\n');
const json = text('{"type":"FeatureCollection","features":[]}');
function geopackage() {
	const folder = mkdtempSync(join(tmpdir(), 'pp-check-'));
	execFileSync('sqlite3', [join(folder, 'a.gpkg'), 'pragma application_id = 1196444487; pragma user_version = 10300; create table gpkg_contents (a)']);
	const bytes = readFileSync(join(folder, 'a.gpkg'));
	rmSync(folder, { recursive: true });
	return bytes;
}
const types = { heif: 'image/heic', pdf: 'application/pdf', png: 'image/png', jpg: 'image/jpeg', tif: 'image/tiff', odt: 'application/vnd.oasis.opendocument.text',
	docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
	zip: 'application/zip', gml: 'application/gml+xml', xml: 'application/xml', geojson: 'application/geo+json', gpkg: 'application/geopackage+sqlite3', dxf: 'image/vnd.dxf', heic: 'image/heic', txt: 'text/plain' };
// ISO/IEC 14496-12: a box of its length, name, brand, version and compatible brands.
const heic = (brand, more = 'mif1') => Buffer.concat([Buffer.from('00000018', 'hex'), text(`ftyp${brand}\0\0\0\0${brand}${more}`), noise(64)]);
const docx = ooxml('word/document.xml', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml');
const xlsx = ooxml('xl/workbook.xml', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml');
const plain = [{ name: 'Pläne/Plan 1.pdf', bytes: pdf(), deflate: true }, { name: 'leer/', mode: 0o040755 }];

describe('a file is looked into', () => {
	let server, planner, procedure;
	before(async () => {
		server = await startServer();
		planner = await server.account('manager', hamburg);
		procedure = (await creates(server, '/procedures', { token: planner, body: procedureOf() })).id;
	});
	after(() => server.stop());

	async function all(rows) {
		const ids = [];
		for (const [, bytes, ending] of rows) ids.push(await upload(server, planner, procedure, bytes, { name: `x.${ending}`, media_type: types[ending], kind: 'SONSTIGES' }));
		const left = async () => (await psql(server.database.superuser, `select f.reason from pp.file f where f.state = 'UNGEPRUEFT'`));
		await until(async () => {
			const waiting = await left();
			assert.deepEqual(waiting.filter((file) => file.reason), [], 'nothing is missing for looking into it');
			return waiting.length === 0;
		}, 200);
		const found = [];
		for (const id of ids) found.push(await server.must(200, 'GET', `/documents/${id}`, { token: planner }));
		assert.deepEqual(found.map((shown, i) => [rows[i][0], shown.state, shown.reason, Boolean(shown.found)]),
			rows.map(([name, , , reason = null]) => [name, reason ? 'ABGELEHNT' : 'GEPRUEFT', reason, reason !== null]), JSON.stringify(found.map((shown) => shown.found)));
		for (const shown of found) assert.match(shown.checked_at, /Z$/);
	}

	it('and is each of the types that are taken', () => all([
		['pdf', pdf(100_000), 'pdf'], ['png', png, 'png'], ['jpeg', jpeg, 'jpg'], ['tiff', tiff, 'tif'], ['odt', odt(), 'odt'], ['docx', docx, 'docx'], ['xlsx', xlsx, 'xlsx'],
		['zip', zip(plain), 'zip'], ['gml', gml, 'gml'], ['xml', gml, 'xml'], ['geojson', json, 'geojson'], ['geopackage', geopackage(), 'gpkg'], ['dxf', dxf, 'dxf'],
		['heic', heic('heic'), 'heic'], ['heif', heic('mif1', 'heic'), 'heif'], ['text', text('Einwand: zu laut, „größer“ als nötig.\r\n\tSeite 2\n\f'), 'txt'], ['text with a mark', text('\ufeffEinwand'), 'txt'], ['program as text', text('#!/bin/sh\nls\n'), 'txt'],
		['zip in zip', zip([...plain, { name: 'mehr.zip', bytes: zip(plain) }, { name: 'text.docx', bytes: docx }]), 'zip'],
	]));

	it('and refused where it is something else than it was announced as', () => all([
		['png as pdf', png, 'pdf', 'TYP'], ['pdf as png', pdf(), 'png', 'TYP'], ['noise as pdf', noise(5000), 'pdf', 'TYP'], ['pdf behind a blank', Buffer.concat([text(' '), pdf()]), 'pdf', 'TYP'],
		['zip as docx', zip(plain), 'docx', 'TYP'], ['docx as xlsx', docx, 'xlsx', 'TYP'], ['docx as odt', docx, 'odt', 'TYP'], ['json as gml', json, 'gml', 'TYP'], ['xml as geojson', gml, 'geojson', 'TYP'],
		['program as zip', readFileSync('/bin/true'), 'zip', 'TYP'], ['text as dxf', text('Guten Tag, dies ist kein Plan.'), 'dxf', 'TYP'], ['film as heic', heic('isom', 'mp42'), 'heic', 'TYP'], ['jpeg as heic', jpeg, 'heic', 'TYP'], ['latin text', Buffer.from('größer', 'latin1'), 'txt', 'TYP'], ['text with a zero', text('a\0b'), 'txt', 'TYP'], ['text with an escape', text('a\u001b[31mb'), 'txt', 'TYP'], ['wide text', Buffer.from('Einwand', 'utf16le'), 'txt', 'TYP'],
		['cut zip', zip(plain).subarray(0, 200), 'zip', 'UNLESBAR'],
	]));

	it('and refused where it is two things at once', () => all([
		['pdf and zip', Buffer.concat([pdf(), zip(plain, { before: pdf() }).subarray(pdf().length)]), 'pdf', 'MEHRDEUTIG'], ['png and zip', Buffer.concat([png, zip(plain)]), 'png', 'MEHRDEUTIG'],
		['zip and pdf', zip([{ name: 'a', bytes: pdf() }]), 'zip', 'MEHRDEUTIG'],
		['page as text', text('Siehe <script>alert(1)</script>'), 'txt', 'MEHRDEUTIG'], ['text and pdf', text('Text\n%PDF-1.4'), 'txt', 'MEHRDEUTIG'], ['heic and zip', Buffer.concat([heic('heic'), zip(plain)]), 'heic', 'MEHRDEUTIG'],
		['pdf and page', text('%PDF-1.4\n<HtMl><script>alert(1)</script>\n%%EOF'), 'pdf', 'MEHRDEUTIG'], ['page as xml', text('<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>'), 'xml', 'MEHRDEUTIG'],
		['drawing with a script', text('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'), 'xml', 'TYP'], ['json with a page', text('{"a":"<script>alert(1)</script>"}'), 'geojson', 'MEHRDEUTIG'],
	]));

	it('and refused where a zip leads out, hides, or bursts', () => all([
		...['../a.pdf', 'a/../../b', '/etc/passwd', 'C:/a', 'a\\..\\b', 'a\u0001'].map((name) => [name, zip([{ name, bytes: text('x') }]), 'zip', 'ZIP_NAME']),
		['link', zip([{ name: 'a', bytes: text('/etc/passwd'), mode: 0o120777 }]), 'zip', 'ZIP_VERWEIS'],
		['secret', zip([{ name: 'a', bytes: noise(40), encrypted: true }]), 'zip', 'ZIP_VERSCHLUESSELT'],
		['bomb', zip([{ name: 'a', bytes: Buffer.alloc(8_000_000), deflate: true }]), 'zip', 'ZIP_VERHAELTNIS'],
		['bomb in a zip', zip([{ name: 'b.zip', bytes: zip([{ name: 'a', bytes: Buffer.alloc(8_000_000), deflate: true }]) }]), 'zip', 'ZIP_VERHAELTNIS'],
		['many', zip(Array.from({ length: 10_001 }, (_, i) => ({ name: `${i}` }))), 'zip', 'ZIP_EINTRAEGE'],
		['deep', zip([{ name: 'a.zip', bytes: zip([{ name: 'b.zip', bytes: zip(plain) }]) }]), 'zip', 'ZIP_TIEFE'],
		['another archive', zip([{ name: 'a.7z', bytes: Buffer.from('377abcaf271c0004', 'hex') }]), 'zip', 'ZIP_TIEFE'],
		['program in a text', odt([{ name: 'word/vbaProject.bin', bytes: noise(10) }]), 'odt', 'MAKRO'],
	]));
});
