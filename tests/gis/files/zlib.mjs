// SPDX-License-Identifier: EUPL-1.2
// node's zlib, and the CRC-32 that Node 18 does not export.
export { deflateRawSync, gzipSync } from 'node:zlib';

const table = Uint32Array.from({ length: 256 }, (_, n) => {
	for (let k = 0; k < 8; k++)
		n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
	return n >>> 0;
});

export function crc32(bytes) {
	let crc = 0xffffffff;
	for (const byte of bytes)
		crc = table[(crc ^ byte) & 255] ^ (crc >>> 8);
	return (crc ^ 0xffffffff) >>> 0;
}
