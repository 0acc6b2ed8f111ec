/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* Little-endian numbers at any address. */
#include <stdint.h>
#include <string.h>

static inline uint32_t pp_u32_at(const void *bytes)
{
	const unsigned char *at = bytes;

	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
		(uint32_t)at[3] << 24;
}

static inline double pp_f64_at(const void *bytes)
{
	const unsigned char *at = bytes;
	uint64_t bits = (uint64_t)pp_u32_at(at) | (uint64_t)pp_u32_at(at + 4) << 32;
	double value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}
