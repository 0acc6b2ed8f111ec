/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Forms in parts: what is read lies within the body, as it stands there, and written again it reads
 * as the same. The first line is the Content-Type.
 */
#include <pp/base/buf.h>
#include <pp/fmt/multipart.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_and_read(const struct pp_multipart *parts)
{
	struct pp_multipart again;
	struct pp_arena arena;
	struct pp_buf *out;

	pp_arena_begin(&arena);
	out = pp_buf_make(&arena);
	/* A boundary that is in no part, as long as no input guesses it. */
	for (size_t i = 0; i < parts->count; i++) {
		pp_buf_format(out,
			"--0b1d5ee8c2\r\nContent-Disposition: form-data; name=\"%.*s\"\r\n\r\n",
			PP_SHOW(parts->list[i].name));
		pp_buf_slice(out, parts->list[i].value);
		pp_buf_text(out, "\r\n");
	}
	pp_buf_text(out, "--0b1d5ee8c2--\r\n");
	PP_MUST(pp_multipart_read(
		PP_S("multipart/form-data; boundary=0b1d5ee8c2"), pp_buf_all(out), &again));
	PP_MUST(again.count == parts->count);
	for (size_t i = 0; i < parts->count; i++)
		PP_MUST(pp_slice_is(again.list[i].name, parts->list[i].name) &&
			pp_slice_is(again.list[i].value, parts->list[i].value));
	pp_arena_end(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pp_slice body, type = pp_slice_cut(pp_slice((const char *)data, size), '\n', &body);
	struct pp_multipart parts;

	if (!pp_multipart_read(type, body, &parts))
		return 0;
	for (size_t i = 0; i < parts.count; i++) {
		PP_MUST(parts.list[i].name.len && pp_slice_is_utf8(parts.list[i].value));
		PP_MUST(parts.list[i].value.at >= body.at &&
			parts.list[i].value.at + parts.list[i].value.len <= body.at + body.len);
	}
	if (!memmem(data, size, "0b1d5ee8c2", 10))
		write_and_read(&parts);
	return 0;
}
