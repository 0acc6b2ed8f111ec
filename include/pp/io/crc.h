/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
#include <pp/base/slice.h>

/* CRC-32 as ZIP and gzip have it (zlib), of bytes behind those whose CRC is `before`; 0: the first.
 */
uint32_t pp_crc32(uint32_t before, struct pp_slice bytes);
