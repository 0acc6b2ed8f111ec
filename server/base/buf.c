/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/base/buf.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

void pp_buf_begin(struct pp_buf *buf)
{
	*buf = (struct pp_buf){ 0 };
}

void pp_buf_end(struct pp_buf *buf)
{
	free(buf->at);
	*buf = (struct pp_buf){ 0 };
}

static void end_owned(void *buf)
{
	pp_buf_end(buf);
}

struct pp_buf *pp_buf_make(struct pp_arena *arena)
{
	struct pp_buf *buf = PP_NEW(arena, struct pp_buf);

	pp_own(arena, end_owned, buf);
	return buf;
}

void pp_buf_clear(struct pp_buf *buf)
{
	buf->len = 0;
}

static __attribute__((noinline)) void grow(struct pp_buf *buf, size_t need)
{
	size_t cap = buf->cap ? buf->cap : 256;

	while (cap < need)
		cap = pp_add_size(cap, cap / 2 + 1);
	buf->at = realloc(buf->at, cap);
	PP_MUST(buf->at);
	buf->cap = cap;
}

static inline char *room(struct pp_buf *buf, size_t more)
{
	if (more > buf->cap - buf->len || !buf->at)
		grow(buf, pp_add_size(buf->len, more));
	return buf->at + buf->len;
}

char *pp_buf_room(struct pp_buf *buf, size_t more)
{
	return room(buf, more);
}

static inline void add(struct pp_buf *buf, const char *bytes, size_t len)
{
	memcpy(room(buf, len), bytes, len);
	buf->len += len;
}

void pp_buf_add(struct pp_buf *buf, const void *bytes, size_t len)
{
	if (len)
		add(buf, bytes, len);
}

void pp_buf_slice(struct pp_buf *buf, struct pp_slice s)
{
	if (s.len)
		add(buf, s.at, s.len);
}

void pp_buf_text(struct pp_buf *buf, const char *text)
{
	add(buf, text, strlen(text));
}

void pp_buf_format(struct pp_buf *buf, const char *format, ...)
{
	va_list list;
	int length;

	va_start(list, format);
	length = vsnprintf(NULL, 0, format, list);
	va_end(list);
	PP_MUST(length >= 0);
	va_start(list, format);
	vsnprintf(pp_buf_room(buf, (size_t)length + 1), (size_t)length + 1, format, list);
	va_end(list);
	buf->len += (size_t)length;
}

static void add_little_endian(struct pp_buf *buf, uint64_t value, size_t bytes)
{
	unsigned char *at = (unsigned char *)pp_buf_room(buf, bytes);

	for (size_t i = 0; i < bytes; i++)
		at[i] = (unsigned char)(value >> (8 * i));
	buf->len += bytes;
}

void pp_buf_u8(struct pp_buf *buf, uint8_t value)
{
	*room(buf, 1) = (char)value;
	buf->len++;
}

void pp_buf_u16(struct pp_buf *buf, uint16_t value)
{
	add_little_endian(buf, value, 2);
}

void pp_buf_u32(struct pp_buf *buf, uint32_t value)
{
	add_little_endian(buf, value, 4);
}

void pp_buf_u64(struct pp_buf *buf, uint64_t value)
{
	add_little_endian(buf, value, 8);
}

void pp_buf_f64(struct pp_buf *buf, double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	add_little_endian(buf, bits, 8);
}

void pp_buf_bytes(struct pp_buf *buf, struct pp_slice s)
{
	PP_MUST(s.len <= UINT32_MAX);
	pp_buf_u32(buf, (uint32_t)s.len);
	pp_buf_slice(buf, s);
}

/* The length of the well-formed UTF-8 sequence that starts here, 0 where there is none. */
static size_t sequence(struct pp_slice s, size_t at)
{
	for (size_t length = 1; length <= 4 && at + length <= s.len; length++)
		if (pp_slice_is_utf8(pp_slice(s.at + at, length)))
			return length;
	return 0;
}

/* How many bytes from there on stand for themselves, in JSON as in XML: ASCII without controls,
 * quotes, backslash and what begins markup. */
static inline size_t plain_run(struct pp_slice s, size_t at)
{
	static const bool is_special[0x80] = {
		['"'] = true, ['\\'] = true, ['<'] = true, ['>'] = true, ['&'] = true, [0x7f] = true
	};
	size_t from = at;

	while (at < s.len && (unsigned char)s.at[at] - 0x20u < 0x60 &&
		!is_special[(unsigned char)s.at[at]])
		at++;
	return at - from;
}

static void add_escaped(struct pp_buf *buf, char c)
{
	static const char names[] = "btn\0fr"; /* U+0008 to U+000D, without U+000B */

	if (c == '"' || c == '\\')
		pp_buf_format(buf, "\\%c", c);
	else if (c >= 8 && c <= 13 && c != 11)
		pp_buf_format(buf, "\\%c", names[c - 8]);
	else
		pp_buf_format(buf, "\\u%04x", (unsigned char)c);
}

void pp_buf_json(struct pp_buf *buf, struct pp_slice s)
{
	pp_buf_u8(buf, '"');
	for (size_t at = 0, run; at < s.len; at += run) {
		char c = s.at[at];

		run = plain_run(s, at);
		if (!run && (c == '<' || c == '>' || c == '&'))
			run = 1;
		else if (!run && (unsigned char)c >= 0x80)
			run = sequence(s, at);
		if (run) {
			add(buf, s.at + at, run);
			continue;
		}
		run = 1;
		if ((unsigned char)c < 0x80)
			add_escaped(buf, c);
		else
			pp_buf_text(buf, REPLACEMENT);
	}
	pp_buf_u8(buf, '"');
}

/* A carriage return would come back as a line feed, the two others as blanks in an attribute. */
static const char *xml_reference(char c)
{
	switch (c) {
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '&':
		return "&amp;";
	case '"':
		return "&quot;";
	case '\t':
		return "&#9;";
	case '\n':
		return "&#10;";
	case '\r':
		return "&#13;";
	default:
		return (unsigned char)c < 0x20 ? REPLACEMENT : NULL;
	}
}

/* U+FFFE and U+FFFF are no characters of XML. */
static bool is_no_character(const char *at, size_t length)
{
	return length == 3 && memcmp(at, "\xef\xbf", 2) == 0 && (unsigned char)at[2] >= 0xbe;
}

void pp_buf_xml(struct pp_buf *buf, struct pp_slice s)
{
	for (size_t at = 0, run; at < s.len; at += run) {
		const char *reference;

		run = plain_run(s, at);
		if (run) {
			add(buf, s.at + at, run);
			continue;
		}
		reference = xml_reference(s.at[at]);
		run = (unsigned char)s.at[at] < 0x80 ? 1 : sequence(s, at);
		if (!run || is_no_character(s.at + at, run))
			reference = REPLACEMENT;
		if (!run)
			run = 1;
		if (reference)
			pp_buf_text(buf, reference);
		else
			add(buf, s.at + at, run);
	}
}

void pp_buf_padded(struct pp_buf *buf, struct pp_slice s, size_t width)
{
	pp_buf_slice(buf, s);
	for (size_t characters = pp_slice_characters(s); characters < width; characters++)
		pp_buf_text(buf, " ");
}

void pp_buf_fixed(struct pp_buf *buf, double value, unsigned decimals)
{
	size_t from = buf->len;

	PP_MUST(isfinite(value) && decimals <= 17);
	pp_buf_format(buf, "%.*f", (int)decimals, value);
	if (decimals) {
		while (buf->at[buf->len - 1] == '0')
			buf->len--;
		if (buf->at[buf->len - 1] == '.')
			buf->len--;
	}
	if (buf->len - from == 2 && buf->at[from] == '-' && buf->at[from + 1] == '0') {
		buf->at[from] = '0';
		buf->len--;
	}
}

void pp_buf_csv(struct pp_buf *buf, struct pp_slice s)
{
	bool formula = s.len && memchr("=+-@\t\r", s.at[0], 6);
	bool quote = formula;

	for (size_t i = 0; i < s.len && !quote; i++)
		quote = s.at[i] == '"' || s.at[i] == ',' || s.at[i] == '\n' || s.at[i] == '\r';
	if (!quote) {
		pp_buf_slice(buf, s);
		return;
	}
	pp_buf_u8(buf, '"');
	if (formula)
		pp_buf_u8(buf, '\'');
	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] == '"')
			pp_buf_u8(buf, '"');
		pp_buf_u8(buf, (uint8_t)s.at[i]);
	}
	pp_buf_u8(buf, '"');
}

void pp_buf_hex(struct pp_buf *buf, struct pp_slice s)
{
	static const char hex[] = "0123456789abcdef";
	char *at = pp_buf_room(buf, s.len * 2);

	for (size_t i = 0; i < s.len; i++) {
		at[2 * i] = hex[(unsigned char)s.at[i] >> 4];
		at[2 * i + 1] = hex[(unsigned char)s.at[i] & 15];
	}
	buf->len += s.len * 2;
}

void pp_buf_percent(struct pp_buf *buf, struct pp_slice s, const char *also)
{
	static const char hex[] = "0123456789ABCDEF";

	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];

		if ((c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') ||
			(c && (strchr("-._~", c) || strchr(also, c))))
			pp_buf_u8(buf, c);
		else
			pp_buf_add(buf, (char[]){ '%', hex[c >> 4], hex[c & 15] }, 3);
	}
}

void pp_scan_begin(struct pp_scan *scan, struct pp_slice s)
{
	*scan = (struct pp_scan){ .at = (const unsigned char *)s.at };
	scan->end = s.len ? scan->at + s.len : scan->at;
}

static uint64_t take_little_endian(struct pp_scan *scan, size_t bytes)
{
	uint64_t value = 0;

	if (scan->failed || (size_t)(scan->end - scan->at) < bytes) {
		scan->failed = true;
		return 0;
	}
	for (size_t i = 0; i < bytes; i++)
		value |= (uint64_t)scan->at[i] << (8 * i);
	scan->at += bytes;
	return value;
}

uint8_t pp_scan_u8(struct pp_scan *scan)
{
	return (uint8_t)take_little_endian(scan, 1);
}

uint16_t pp_scan_u16(struct pp_scan *scan)
{
	return (uint16_t)take_little_endian(scan, 2);
}

uint32_t pp_scan_u32(struct pp_scan *scan)
{
	return (uint32_t)take_little_endian(scan, 4);
}

uint64_t pp_scan_u64(struct pp_scan *scan)
{
	return take_little_endian(scan, 8);
}

double pp_scan_f64(struct pp_scan *scan)
{
	uint64_t bits = take_little_endian(scan, 8);
	double value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

struct pp_slice pp_scan_bytes(struct pp_scan *scan)
{
	size_t length = pp_scan_u32(scan);
	struct pp_slice s;

	if (scan->failed || (size_t)(scan->end - scan->at) < length) {
		scan->failed = true;
		return pp_slice("", 0);
	}
	s = pp_slice((const char *)scan->at, length);
	scan->at += length;
	return s;
}
