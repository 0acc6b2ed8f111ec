// SPDX-License-Identifier: EUPL-1.2
// What others than the planning body are handed says nothing about its making: exiftool, GDAL, poppler and Python's zipfile look at
// what comes, and none of them is what has cleaned it.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startServer, until } from '../../harness/server.mjs';
import { confirm, day, fileBoth, hamburg, roundOf } from '../support.mjs';
import { pdf, send, sha256, upload } from './support.mjs';
import { zip } from './zip.mjs';

const missing = [['exiftool', '-ver'], ['pdftotext', '-v'], ['gdalinfo', '--version']].filter(([name, option]) => spawnSync(name, [option]).status !== 0).map(([name]) => name);
const skip = missing.length ? `${missing} not installed` : false;

const docxType = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const xlsxType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const odtType = 'application/vnd.oasis.opendocument.text';

describe('what a document says about its making', { skip }, () => {
	let folder, server, planner, procedure, plan, files;
	const at = (name) => join(folder, name);
	const run = (command, ...words) => execFileSync(command, words, { encoding: 'utf8', env: { ...process.env, GDAL_PAM_ENABLED: 'NO' }, stdio: ['ignore', 'pipe', 'ignore'] });
	const about = ['-overwrite_original', '-Artist=Erika Muster', '-XMP:Creator=Erika Muster', '-Copyright=Muster GmbH', '-Software=Zeichner 3'];
	/** A picture of 64 × 48, as that format, with everything that a camera says. */
	function picture(name, format, more = [], options = []) {
		const body = Buffer.alloc(64 * 48 * 3);
		for (let i = 0; i < body.length; i++) body[i] = (i * 7 + (i >> 6) * 13) & 255;
		writeFileSync(at('plain.ppm'), Buffer.concat([Buffer.from('P6\n64 48\n255\n'), body]));
		run('gdal_translate', '-q', '-of', format, ...options, at('plain.ppm'), at(name));
		run('exiftool', ...about, '-GPSLatitude=53.63', '-GPSLatitudeRef=N', '-GPSLongitude=9.9', '-GPSLongitudeRef=E', '-Make=Kamera', '-DateTimeOriginal=2026:01:02 03:04:05', ...more, at(name));
		return readFileSync(at(name));
	}
	const written = (name, bytes) => (writeFileSync(at(name), bytes), at(name));
	/** What exiftool finds beside the file, the picture and its turn. */
	const found = (name, bytes) => Object.entries(JSON.parse(run('exiftool', '-j', '-G1', '-a', '-u', '-ee', written(name, bytes)))[0])
		.filter(([tag]) => !/^(SourceFile|ExifTool|System|File|JFIF|Composite|ZIP|PNG:(ImageWidth|ImageHeight|BitDepth|ColorType|Compression|Filter|Interlace)|PDF:(PDFVersion|Linearized|PageCount)|IFD0:(ImageWidth|ImageHeight|ImageSize|BitsPerSample|Compression|PhotometricInterpretation|StripOffsets|SamplesPerPixel|RowsPerStrip|StripByteCounts|PlanarConfiguration|SampleFormat|PixelScale|ModelTiePoint|GeoTiff\w+|Orientation)|GeoTiff)/.test(tag));
	const pixels = (name, bytes) => [...run('gdalinfo', '-checksum', written(name, bytes)).matchAll(/Checksum=(\d+)/g)].map(([, sum]) => sum);

	before(async () => {
		folder = mkdtempSync(join(tmpdir(), 'pp-metadata-'));
		server = await startServer();
		planner = await server.account('manager', hamburg);
		({ procedure, plan } = await fileBoth(server, planner));
		await confirm(server, planner, plan);
		const photo = picture('photo.jpg', 'JPEG', ['-IPTC:By-line=Erika Muster', '-Comment=Erika Muster', '-Orientation#=6']);
		const page = Buffer.concat([Buffer.from('q 100 0 0 100 20 20 cm /I Do Q BT /F 12 Tf 20 150 Td (Der Plan) Tj ET')]);
		const objects = ['<</Type/Catalog/Pages 2 0 R/Metadata 7 0 R>>', '<</Type/Pages/Kids[3 0 R]/Count 1>>',
			'<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>/XObject<</I 6 0 R>>>>/Annots[<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/T(Erika Muster)/M(D:20260102)/Contents(Bitte beachten)>>]>>',
			[`<</Length ${page.length}>>`, page], '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
			[`<</Type/XObject/Subtype/Image/Width 64/Height 48/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode/Length ${photo.length}>>`, photo],
			['<</Type/Metadata/Subtype/XML/Length 59>>', Buffer.from('<x:xmpmeta xmlns:x="adobe:ns:meta/">Erika Muster</x:xmpmeta>'.slice(0, 59))], '<</Author(Erika Muster)/Creator(Zeichner 3)>>'];
		const parts = [Buffer.from('%PDF-1.4\n')];
		const places = [];
		for (const [i, object] of objects.entries()) {
			places.push(parts.reduce((sum, part) => sum + part.length, 0));
			const [head, stream] = Array.isArray(object) ? object : [object];
			parts.push(Buffer.from(`${i + 1} 0 obj${head}`), ...(stream ? [Buffer.from('stream\n'), stream, Buffer.from('\nendstream')] : []), Buffer.from(' endobj\n'));
		}
		const start = parts.reduce((sum, part) => sum + part.length, 0);
		parts.push(Buffer.from(`xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('')}trailer<</Size ${objects.length + 1}/Root 1 0 R/Info 8 0 R>>\nstartxref\n${start}\n%%EOF\n`));
		// Changed once: exiftool appends a version, and the first one stays in the file.
		writeFileSync(at('report.pdf'), Buffer.concat(parts));
		run('exiftool', '-overwrite_original', '-Author=Muster GmbH', at('report.pdf'));
		const xml = (text) => Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>${text}`);
		const word = zip([{ name: '[Content_Types].xml', bytes: xml('<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="jpeg" ContentType="image/jpeg"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'), deflate: true },
			{ name: '_rels/.rels', bytes: xml('<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>') },
			{ name: 'word/document.xml', bytes: xml('<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:ins w:id="1" w:author="Erika Muster"><w:r><w:t>Der Plan</w:t></w:r></w:ins></w:p></w:body></w:document>'), deflate: true },
			{ name: 'word/comments.xml', bytes: xml('<w:comments xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:comment w:id="0" w:author="Erika Muster" w:initials="EM"/></w:comments>'), deflate: true },
			{ name: 'word/media/image1.jpeg', bytes: photo, deflate: true },
			{ name: 'docProps/core.xml', bytes: xml('<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>Erika Muster</dc:creator><cp:lastModifiedBy>Erika Muster</cp:lastModifiedBy></cp:coreProperties>'), deflate: true },
			{ name: 'docProps/app.xml', bytes: xml('<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Company>Muster GmbH</Company></Properties>') }]);
		const text = zip([{ name: 'mimetype', bytes: Buffer.from(odtType) }, { name: 'content.xml', bytes: xml('<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><office:annotation><dc:creator>Erika Muster</dc:creator><dc:date>2026-01-02</dc:date></office:annotation>Der Plan</office:document-content>'), deflate: true },
			{ name: 'meta.xml', bytes: xml('<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"><office:meta><meta:initial-creator>Erika Muster</meta:initial-creator></office:meta></office:document-meta>'), deflate: true },
			{ name: 'Pictures/1.png', bytes: picture('inner.png', 'PNG') }]);
		const table = zip([{ name: '[Content_Types].xml', bytes: xml('<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>') }, { name: '_rels/.rels', bytes: xml('<Relationships/>') },
			{ name: 'xl/workbook.xml', bytes: xml('<workbook/>'), deflate: true }, { name: 'xl/comments1.xml', bytes: xml('<comments><authors><author>Erika Muster</author></authors></comments>'), deflate: true }]);
		files = {
			jpg: [photo, 'image/jpeg'], png: [picture('map.png', 'PNG'), 'image/png'],
			tif: [picture('map.tif', 'GTiff', [], ['-a_srs', 'EPSG:25832', '-a_ullr', '560000', '5945000', '560064', '5944952']), 'image/tiff'],
			pdf: [readFileSync(at('report.pdf')), 'application/pdf'], docx: [word, docxType], odt: [text, odtType], xlsx: [table, xlsxType],
		};
	});
	after(async () => {
		await server.stop();
		rmSync(folder, { recursive: true });
	});

	const own = (id) => server.must(200, 'GET', `/documents/${id}`, { token: planner });
	const put = (ending, [bytes, media_type], more = {}) => upload(server, planner, procedure, bytes, { name: `Unterlage.${ending}`, media_type, kind: 'SONSTIGES', ...more });
	const checked = (id) => until(async () => {
		const shown = await own(id);
		assert.equal(shown.reason, null, JSON.stringify(shown));
		return shown.state === 'GEPRUEFT' && shown;
	}, 100);
	const content = async (id, token) => (await send(server, 'GET', `/documents/${id}/content`, { token })).bytes;
	const round = (step, more) => server.api('POST', `/procedures/${procedure}/rounds`, { token: planner, body: roundOf({ plan, step, audience: 'OEFF', start: day(1), end: day(50), ...more }) });
	/** Every part of a zip, unpacked, by Python's own reader, which checks every sum. */
	const parts = (name, bytes) => JSON.parse(run('python3', '-c', `import base64, json, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
print(json.dumps([[i.filename, list(i.date_time), base64.b64encode(z.read(i)).decode()] for i in z.infolist()]))`, written(name, bytes))).map(([part, time, data]) => [part, time, Buffer.from(data, 'base64')]);

	it('is taken out of what is published; the planning body keeps what it has uploaded', async () => {
		const made = {};
		for (const [ending, file] of Object.entries(files)) made[ending] = await put(ending, file);
		const plainId = await put('pdf', [pdf(100), 'application/pdf']);
		for (const [ending, file] of Object.entries(files)) {
			made[ending] = await checked(made[ending]);
			const { metadata, sha256: hash, public: other } = made[ending];
			assert.deepEqual([ending, metadata, hash], [ending, 'ENTFERNT', sha256(file[0])]);
			assert.notEqual(other.sha256, hash);
		}
		const plain = await checked(plainId);
		assert.deepEqual([plain.metadata, plain.public], ['KEINE', null]);
		const announced = await round('FRUEH_OEFF');
		assert.equal(announced.status, 201, announced.text);
		for (const [ending, [original]] of Object.entries(files)) {
			const { id, public: other } = made[ending];
			const kept = await send(server, 'GET', `/documents/${id}/content`, { token: planner });
			assert.ok(original.equals(kept.bytes), `${ending}: the original stays: ${kept.status} ${kept.bytes.length} of ${original.length}: ${kept.bytes.subarray(0, 300).toString('latin1')}`);
			const seen = await server.must(200, 'GET', `/documents/${id}`);
			const bytes = await content(id);
			assert.deepEqual([ending, seen.sha256, seen.size, seen.metadata], [ending, sha256(bytes), bytes.length, undefined]);
			assert.deepEqual(other, { sha256: sha256(bytes), size: bytes.length });
			assert.ok(/Muster|Zeichner|Kamera/.test(original.toString('latin1') + (['docx', 'odt', 'xlsx'].includes(ending) ? parts(`a.${ending}`, original).map(([, , data]) => data.toString('latin1')).join() : '')), `${ending} had something to hide`);
			assert.doesNotMatch(bytes.toString('latin1'), /Muster|Zeichner|Kamera/, ending);
			assert.deepEqual(found(`out.${ending}`, bytes), [], ending);
		}
		assert.ok(files.pdf[0].toString('latin1').match(/%%EOF/g).length > 1, 'the PDF had an earlier version in it');
		// Nothing that is to be seen has changed.
		for (const ending of ['jpg', 'png', 'tif']) {
			const bytes = await content(made[ending].id);
			assert.deepEqual(pixels(`out.${ending}`, bytes), pixels(`in.${ending}`, files[ending][0]), ending);
			assert.equal(pixels(`out.${ending}`, bytes).length, 3);
		}
		assert.equal(run('exiftool', '-s3', '-n', '-Orientation', written('out.jpg', await content(made.jpg.id))).trim(), '6', 'the picture stays turned');
		assert.match(run('gdalinfo', written('out.tif', await content(made.tif.id))), /ETRS89 \/ UTM zone 32N[^]*Origin = \(560000/);
		const report = written('out.pdf', await content(made.pdf.id));
		assert.match(run('pdftotext', report, '-'), /Der Plan/);
		assert.match(run('pdfinfo', report), /Pages: +1\n/);
		assert.match(readFileSync(report, 'latin1'), /Bitte beachten/, 'comments stay, without who has written them');
		for (const ending of ['docx', 'odt', 'xlsx']) {
			const inside = parts(`out.${ending}`, await content(made[ending].id));
			assert.deepEqual(inside.map(([part]) => part), parts(`in.${ending}`, files[ending][0]).map(([part]) => part));
			assert.ok(inside.every(([, time]) => time[0] === 1980));
			for (const [part, , data] of inside) {
				assert.doesNotMatch(data.toString('latin1'), /Muster|Zeichner|Kamera|"EM"|2026-01-02/, `${ending}: ${part}`);
				if (part.endsWith('.xml')) run('xmllint', '--noout', written('part.xml', data));
			}
			if (ending !== 'xlsx') assert.match(inside.find(([part]) => /document|content/.test(part))[2].toString(), /Der Plan/);
		}
		assert.equal((await content(made.odt.id)).subarray(30, 38).toString(), 'mimetype', 'OpenDocument begins with what it is');
		const media = parts('out.docx', await content(made.docx.id)).find(([part]) => part.endsWith('.jpeg'))[2];
		assert.deepEqual(pixels('media.jpg', media), pixels('in.jpg', files.jpg[0]));
		// The manifest of what is published, and the zip of the round, are of the copies.
		const { entries } = await server.must(200, 'GET', `/procedures/${procedure}/publication-manifest`);
		assert.equal(entries.find((entry) => entry.address.includes(made.jpg.id)).sha256, made.jpg.public.sha256);
		const archive = (await send(server, 'GET', `/rounds/${announced.body.id}/documents.zip`)).bytes;
		for (const [part, , data] of parts('round.zip', archive)) assert.equal(sha256(data), (await server.must(200, 'GET', `/documents/${Object.values({ ...made, plain }).find(({ number }) => Number(part.slice(0, 3)) === number).id}`)).sha256);
		const range = await send(server, 'GET', `/documents/${made.pdf.id}/content`, { headers: { Range: 'bytes=100-199' } });
		assert.ok(range.bytes.equals(readFileSync(report).subarray(100, 200)));
	});

	it('is published where it cannot be taken out only when the planning body says so', async () => {
		const signed = Buffer.from(pdf(10).toString('latin1').replace('/MediaBox', '/Annots[<</Subtype/Widget/FT/Sig/T(x)/V<</Type/Sig/ByteRange[0 1 2 3]>>>>]/MediaBox'), 'latin1');
		for (const [ending, bytes, media_type] of [['zip', zip([{ name: 'a.pdf', bytes: pdf(5), deflate: true }]), 'application/zip'], ['pdf', signed, 'application/pdf'], ['jpg', files.jpg[0].subarray(0, files.jpg[0].length - 2), 'image/jpeg']]) {
			const made = await checked(await put(ending, [bytes, media_type]));
			assert.deepEqual([ending, made.metadata, made.public, made.metadata_accepted_at], [ending, 'VERBLEIBT', null, null]);
			const refused = await round('FRUEH_OEFF', { start: day(60), end: day(110) });
			assert.deepEqual([refused.status, refused.body.type, refused.body.detail], [409, '/problems/document_metadata', `Unterlage.${ending}: setzen Sie metadata_accepted, oder ersetzen Sie es.`]);
			const change = (metadata_accepted) => server.must(200, 'PATCH', `/documents/${made.id}`, { token: planner, headers: { 'If-Match': '*' }, body: { metadata_accepted } });
			assert.match((await change(true)).metadata_accepted_at, /Z$/);
			assert.equal((await change(false)).metadata_accepted_at, null);
			if (ending !== 'jpg') await server.must(200, 'POST', `/documents/${made.id}/withdraw`, { token: planner, body: { reason: 'nicht mehr' } });
			else {
				await change(true);
				const announced = await round('FRUEH_OEFF', { start: day(60), end: day(110) });
				assert.equal(announced.status, 201, announced.text);
				assert.ok(bytes.equals(await content(made.id)), 'as it is');
			}
		}
	});
});
