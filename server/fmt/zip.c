/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/fmt/zip.h>

enum {
	LOCAL_HEADER = 0x04034b50,
	CENTRAL_HEADER = 0x02014b50,
	END = 0x06054b50,
	END_64 = 0x06064b50,
	LOCATOR_64 = 0x07064b50,
	EXTRA_64 = 0x0001,
	VERSION = 20,
	VERSION_64 = 45,
	UNIX = 3 << 8,
	UTF8 = 1 << 11,
	MODE = 0100644,
};

/* APPNOTE 4.4.1.4: a field that is full says that the number stands elsewhere. */
static bool is_large(uint64_t number)
{
	return number >= UINT32_MAX;
}

static uint32_t field(uint64_t number)
{
	return is_large(number) ? UINT32_MAX : (uint32_t)number;
}

/* What both headers of a file have alike, from the version on. */
static void add_common(
	struct pp_buf *out, const struct pp_zip_file *file, uint16_t version, size_t extra)
{
	PP_MUST(file->name.len && file->name.len <= UINT16_MAX);
	pp_buf_u16(out, version);
	pp_buf_u16(out, UTF8);
	pp_buf_u16(out, 0); /* stored */
	pp_buf_u16(out, 0); /* at midnight */
	pp_buf_u16(out, file->date);
	pp_buf_u32(out, file->crc32);
	pp_buf_u32(out, field(file->size));
	pp_buf_u32(out, field(file->size));
	pp_buf_u16(out, (uint16_t)file->name.len);
	pp_buf_u16(out, (uint16_t)extra);
}

/* APPNOTE 4.5.3: both sizes in a local header, and of the rest only what does not fit. */
void pp_zip_begin_file(struct pp_buf *out, const struct pp_zip_file *file)
{
	bool large = is_large(file->size);

	pp_buf_u32(out, LOCAL_HEADER);
	add_common(out, file, large ? VERSION_64 : VERSION, large ? 20 : 0);
	pp_buf_slice(out, file->name);
	if (!large)
		return;
	pp_buf_u16(out, EXTRA_64);
	pp_buf_u16(out, 16);
	pp_buf_u64(out, file->size);
	pp_buf_u64(out, file->size);
}

static void add_central(struct pp_buf *out, const struct pp_zip_file *file)
{
	bool large = is_large(file->size), far = is_large(file->at);
	uint16_t extra = (uint16_t)((large ? 16 : 0) + (far ? 8 : 0));

	pp_buf_u32(out, CENTRAL_HEADER);
	pp_buf_u16(out, UNIX | (extra ? VERSION_64 : VERSION));
	add_common(out, file, extra ? VERSION_64 : VERSION, extra ? extra + 4u : 0);
	pp_buf_u16(out, 0); /* no comment */
	pp_buf_u16(out, 0); /* on this disk */
	pp_buf_u16(out, 0);
	pp_buf_u32(out, (uint32_t)MODE << 16);
	pp_buf_u32(out, field(file->at));
	pp_buf_slice(out, file->name);
	if (!extra)
		return;
	pp_buf_u16(out, EXTRA_64);
	pp_buf_u16(out, extra);
	if (large) {
		pp_buf_u64(out, file->size);
		pp_buf_u64(out, file->size);
	}
	if (far)
		pp_buf_u64(out, file->at);
}

static void add_end_64(struct pp_buf *out, size_t count, uint64_t size, uint64_t at)
{
	pp_buf_u32(out, END_64);
	pp_buf_u64(out, 44); /* of what follows */
	pp_buf_u16(out, UNIX | VERSION_64);
	pp_buf_u16(out, VERSION_64);
	pp_buf_u32(out, 0);
	pp_buf_u32(out, 0);
	pp_buf_u64(out, count);
	pp_buf_u64(out, count);
	pp_buf_u64(out, size);
	pp_buf_u64(out, at);
	pp_buf_u32(out, LOCATOR_64);
	pp_buf_u32(out, 0);
	pp_buf_u64(out, at + size);
	pp_buf_u32(out, 1);
}

void pp_zip_end(struct pp_buf *out, const struct pp_zip_file *files, size_t count, uint64_t at)
{
	size_t before = out->len;
	uint64_t size;

	for (size_t i = 0; i < count; i++)
		add_central(out, &files[i]);
	size = out->len - before;
	if (count >= UINT16_MAX || is_large(size) || is_large(at))
		add_end_64(out, count, size, at);
	pp_buf_u32(out, END);
	pp_buf_u16(out, 0);
	pp_buf_u16(out, 0);
	pp_buf_u16(out, count < UINT16_MAX ? (uint16_t)count : UINT16_MAX);
	pp_buf_u16(out, count < UINT16_MAX ? (uint16_t)count : UINT16_MAX);
	pp_buf_u32(out, field(size));
	pp_buf_u32(out, field(at));
	pp_buf_u16(out, 0); /* no comment */
}
