/* SPDX-License-Identifier: EUPL-1.2 */
#include "document.h"

#define UNIT PP_S("bytes=")

/* "-500": the last 500 bytes (RFC 9110 §14.1.2). */
static enum pp_range read_suffix(struct pp_slice text, uint64_t size, struct pp_bytes *out)
{
	uint64_t count;

	if (!pp_slice_u64(text, &count))
		return PP_RANGE_ALL;
	if (count == 0 || size == 0)
		return PP_RANGE_NONE;
	out->first = count < size ? size - count : 0;
	return PP_RANGE_PART;
}

enum pp_range pp_range_read(struct pp_slice field, uint64_t size, struct pp_bytes *out)
{
	struct pp_slice first, last, rest;
	uint64_t end;

	*out = (struct pp_bytes){ 0, size };
	if (!pp_slice_starts(field, UNIT) || memchr(field.at, ',', field.len))
		return PP_RANGE_ALL;
	rest = pp_slice(field.at + UNIT.len, field.len - UNIT.len);
	if (!memchr(rest.at, '-', rest.len))
		return PP_RANGE_ALL;
	first = pp_slice_trim(pp_slice_cut(rest, '-', &last));
	last = pp_slice_trim(last);
	if (first.len == 0)
		return read_suffix(last, size, out);
	if (!pp_slice_u64(first, &out->first))
		return *out = (struct pp_bytes){ 0, size }, PP_RANGE_ALL;
	if (last.len) {
		if (!pp_slice_u64(last, &end) || end < out->first)
			return *out = (struct pp_bytes){ 0, size }, PP_RANGE_ALL;
		if (end < size)
			out->end = end + 1;
	}
	return out->first < size ? PP_RANGE_PART : PP_RANGE_NONE;
}

/* RFC 6266 §4.3, appendix D: for whoever does not know filename*, no quotes, no percent signs. */
static void add_ascii(struct pp_buf *out, struct pp_slice name)
{
	for (size_t i = 0; i < name.len; i++) {
		unsigned char c = (unsigned char)name.at[i];

		if ((c & 0xC0) != 0x80)
			pp_buf_u8(out, c >= ' ' && c < 0x7F && !strchr("\"\\%", c) ? c : '_');
	}
}

struct pp_slice pp_disposition(struct pp_arena *arena, struct pp_slice name)
{
	struct pp_buf *out = pp_buf_make(arena);

	pp_buf_text(out, "attachment; filename=\"");
	add_ascii(out, name);
	pp_buf_text(out, "\"; filename*=UTF-8''");
	/* RFC 8187 §3.2.1 attr-char. */
	pp_buf_percent(out, name, "!#$&+^`|");
	return pp_buf_all(out);
}
