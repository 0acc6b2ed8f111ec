/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Bytes out and bytes in. A pp_buf grows as it is written; a pp_scan walks over bytes and remembers
 * that it ran over the end instead of making every caller ask. Numbers are little-endian, as in WKB
 * and in the frames between our processes.
 */
#include <pp/base/arena.h>

struct pp_buf {
	char *at;
	size_t len, cap;
};

/* A buffer without arena is ended by its owner, one in an arena with the arena. */
void pp_buf_begin(struct pp_buf *buf);
void pp_buf_end(struct pp_buf *buf);
struct pp_buf *pp_buf_make(struct pp_arena *arena);

void pp_buf_clear(struct pp_buf *buf);
/* Room for more bytes; returns where they go. The caller then adds to len. */
char *pp_buf_room(struct pp_buf *buf, size_t more);
void pp_buf_add(struct pp_buf *buf, const void *bytes, size_t len);
void pp_buf_slice(struct pp_buf *buf, struct pp_slice s);
void pp_buf_text(struct pp_buf *buf, const char *text);
void pp_buf_format(struct pp_buf *buf, const char *format, ...) PP_PRINTF(2, 3);
static inline struct pp_slice pp_buf_all(const struct pp_buf *buf)
{
	return (struct pp_slice){ buf->at, buf->len };
}

void pp_buf_u8(struct pp_buf *buf, uint8_t value);
void pp_buf_u16(struct pp_buf *buf, uint16_t value);
void pp_buf_u32(struct pp_buf *buf, uint32_t value);
void pp_buf_u64(struct pp_buf *buf, uint64_t value);
void pp_buf_f64(struct pp_buf *buf, double value);
/* A length of 32 bits, then the bytes. */
void pp_buf_bytes(struct pp_buf *buf, struct pp_slice s);

/* A cell of a table: so many characters wide at least, filled up with blanks. */
void pp_buf_padded(struct pp_buf *buf, struct pp_slice s, size_t width);
/* A JSON string with its quotes (RFC 8259 §7); bytes that are no UTF-8 become U+FFFD. */
void pp_buf_json(struct pp_buf *buf, struct pp_slice s);
/* Text of an XML 1.0 document (§2.2, §2.4), in elements and in attributes: what cannot stand there,
 * or is no UTF-8, becomes U+FFFD. */
void pp_buf_xml(struct pp_buf *buf, struct pp_slice s);
/* A finite number with at most so many decimals, no exponent, no trailing zeros, never "-0". */
void pp_buf_fixed(struct pp_buf *buf, double value, unsigned decimals);
/* A CSV field (RFC 4180), quoted where needed; a leading = + - @ gets a quote mark against
 * formulas. */
void pp_buf_csv(struct pp_buf *buf, struct pp_slice s);
void pp_buf_hex(struct pp_buf *buf, struct pp_slice s);
/* Percent-encoded bytes: what is unreserved (RFC 3986 §2.3) stays, and what stands in also. */
void pp_buf_percent(struct pp_buf *buf, struct pp_slice s, const char *also);

struct pp_scan {
	const unsigned char *at, *end;
	bool failed; /* sticky: something was read beyond the end */
};

void pp_scan_begin(struct pp_scan *scan, struct pp_slice s);
uint8_t pp_scan_u8(struct pp_scan *scan);
uint16_t pp_scan_u16(struct pp_scan *scan);
uint32_t pp_scan_u32(struct pp_scan *scan);
uint64_t pp_scan_u64(struct pp_scan *scan);
double pp_scan_f64(struct pp_scan *scan);
/* The counterpart of pp_buf_bytes: points into what is scanned. */
struct pp_slice pp_scan_bytes(struct pp_scan *scan);
