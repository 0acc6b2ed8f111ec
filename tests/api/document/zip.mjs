// SPDX-License-Identifier: EUPL-1.2
// A writer of zips that says whatever a test wants it to say (APPNOTE 4.3).
import { deflateRawSync } from 'node:zlib';

export function crc32(bytes) {
	let crc = ~0;
	for (const byte of bytes) {
		crc ^= byte;
		for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc >>> 0;
}

const numbers = (...pairs) => Buffer.concat(pairs.map(([size, value]) => {
	const bytes = Buffer.alloc(size);
	bytes.writeUIntLE(value, 0, size);
	return bytes;
}));

/** entries: {name, bytes, deflate, mode (as in st_mode), encrypted}. */
export function zip(entries, { before = Buffer.alloc(0), comment = '' } = {}) {
	const parts = [before];
	const directory = [];
	let at = before.length;
	for (const { name, bytes = Buffer.alloc(0), deflate = false, mode = 0o100644, encrypted = false } of entries) {
		const data = deflate ? deflateRawSync(bytes, { level: 9 }) : bytes;
		const title = Buffer.from(name);
		const common = numbers([2, encrypted ? 0x801 : 0x800], [2, deflate ? 8 : 0], [2, 0], [2, 0x5a21], [4, crc32(bytes)], [4, data.length], [4, bytes.length], [2, title.length], [2, 0]);
		const local = Buffer.concat([Buffer.from('PK\x03\x04'), numbers([2, 20]), common, title, data]);
		directory.push(Buffer.concat([Buffer.from('PK\x01\x02'), numbers([2, 0x31e], [2, 20]), common, numbers([2, 0], [2, 0], [2, 0], [4, mode * 65536], [4, at]), title]));
		parts.push(local);
		at += local.length;
	}
	const listing = Buffer.concat(directory);
	return Buffer.concat([...parts, listing, Buffer.from('PK\x05\x06'), numbers([2, 0], [2, 0], [2, entries.length], [2, entries.length], [4, listing.length], [4, at], [2, comment.length]), Buffer.from(comment)]);
}
