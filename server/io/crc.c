/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/io/crc.h>

#include <zlib.h>

uint32_t pp_crc32(uint32_t before, struct pp_slice bytes)
{
	return (uint32_t)crc32_z(before, (const unsigned char *)bytes.at, bytes.len);
}
