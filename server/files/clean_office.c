/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Office documents are zips. Parts go over as they lie there, packed; those about the making are
 * replaced, pictures and names of authors are cleaned, and no entry has a time.
 */
#include <strings.h>
#include <zlib.h>

#include "clean.h"

enum {
	LOCAL_SIZE = 30,
	CENTRAL_SIZE = 46,
	END_SIZE = 22,
	COMMENT_MAX = 65535,
	STORED = 0,
	DEFLATED = 8,
	ENCRYPTED = 1,       /* general purpose flags, APPNOTE 4.4.4 */
	UTF8 = 1 << 11,      /* the only one that is kept */
	NO_DAY = 0x21,       /* 1980-01-01 */
	PART_MAX = 64 << 20, /* unpacked */
};

struct entry {
	struct pp_slice name, packed;
	uint16_t flags, method;
	uint32_t crc, size, attributes;
};

struct office {
	struct pp_slice bytes;
	struct pp_rope *out;
	struct pp_buf *central;
	size_t count;
};

static struct pp_scan scan_at(struct pp_slice bytes, size_t at, size_t len)
{
	struct pp_scan scan;

	pp_scan_begin(&scan,
		at <= bytes.len && len <= bytes.len - at ? pp_slice(bytes.at + at, len)
							 : pp_slice(NULL, 0));
	return scan;
}

/* APPNOTE 4.3.16; the last one that there is. */
static bool find_end(struct pp_slice bytes, size_t *count, size_t *central)
{
	size_t least = bytes.len > END_SIZE + COMMENT_MAX ? bytes.len - END_SIZE - COMMENT_MAX : 0;

	for (size_t at = bytes.len >= END_SIZE ? bytes.len - END_SIZE + 1 : 0; at-- > least;) {
		struct pp_scan scan;

		if (memcmp(bytes.at + at, "PK\5\6", 4) != 0)
			continue;
		scan = scan_at(bytes, at + 10, 12);
		*count = pp_scan_u16(&scan);
		pp_scan_u32(&scan);
		*central = pp_scan_u32(&scan);
		/* 65535 and 2^32 - 1 stand for zip64, which no office document needs. */
		return *count < 65535 && *central < UINT32_MAX;
	}
	return false;
}

/* One entry of the central directory (APPNOTE 4.3.12) and its data; *at moves behind it. */
static bool read_entry(struct pp_slice bytes, size_t *at, struct entry *entry)
{
	struct pp_scan scan = scan_at(bytes, *at, CENTRAL_SIZE), local;
	uint32_t packed, from;
	size_t name, extra, comment, data;

	if (scan.at == scan.end || memcmp(scan.at, "PK\1\2", 4) != 0)
		return false;
	scan.at += 8;
	entry->flags = pp_scan_u16(&scan);
	entry->method = pp_scan_u16(&scan);
	pp_scan_u32(&scan);
	entry->crc = pp_scan_u32(&scan);
	packed = pp_scan_u32(&scan);
	entry->size = pp_scan_u32(&scan);
	name = pp_scan_u16(&scan);
	extra = pp_scan_u16(&scan);
	comment = pp_scan_u16(&scan);
	pp_scan_u32(&scan);
	entry->attributes = pp_scan_u32(&scan);
	from = pp_scan_u32(&scan);
	*at += CENTRAL_SIZE;
	if (name + extra + comment > bytes.len - *at || packed == UINT32_MAX || from == UINT32_MAX)
		return false;
	entry->name = pp_slice(bytes.at + *at, name);
	*at += name + extra + comment;
	local = scan_at(bytes, from, LOCAL_SIZE);
	if (local.at == local.end || memcmp(local.at, "PK\3\4", 4) != 0)
		return false;
	local.at += 26;
	name = pp_scan_u16(&local);
	data = (size_t)from + LOCAL_SIZE + name + pp_scan_u16(&local);
	if (data > bytes.len || packed > bytes.len - data)
		return false;
	entry->packed = pp_slice(bytes.at + data, packed);
	return !(entry->flags & ENCRYPTED) &&
		(entry->method == STORED || entry->method == DEFLATED);
}

static bool unpack(struct pp_arena *arena, const struct entry *entry, struct pp_slice *out)
{
	z_stream stream = { .next_in = (Bytef *)(uintptr_t)entry->packed.at,
		.avail_in = (uInt)entry->packed.len };
	char *at;
	int result;

	if (entry->size > PART_MAX)
		return false;
	/* In memory of its own: a cleaner may write into it. */
	at = pp_alloc(arena, (size_t)entry->size + 1);
	*out = pp_slice(at, entry->size);
	if (entry->method == STORED) {
		if (entry->packed.len != entry->size)
			return false;
		if (entry->size)
			memcpy(at, entry->packed.at, entry->size);
		return true;
	}
	stream.next_out = (Bytef *)at;
	stream.avail_out = entry->size;
	if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
		return false;
	result = inflate(&stream, Z_FINISH);
	inflateEnd(&stream);
	return result == Z_STREAM_END && stream.total_out == entry->size;
}

static void pack(struct pp_arena *arena, struct entry *entry, struct pp_slice bytes)
{
	z_stream stream = { .next_in = (Bytef *)(uintptr_t)bytes.at, .avail_in = (uInt)bytes.len };
	uLong most = compressBound((uLong)bytes.len) + 16;
	char *at = pp_alloc(arena, most);

	stream.next_out = (Bytef *)at;
	stream.avail_out = (uInt)most;
	PP_MUST(deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8,
			Z_DEFAULT_STRATEGY) == Z_OK);
	PP_MUST(deflate(&stream, Z_FINISH) == Z_STREAM_END);
	entry->method = DEFLATED;
	entry->packed = pp_slice(at, stream.total_out);
	deflateEnd(&stream);
	entry->size = (uint32_t)bytes.len;
	entry->crc = (uint32_t)crc32(0, (const Bytef *)bytes.at, (uInt)bytes.len);
}

/* ---- what is in it ---- */

/* Parts that say nothing else than who has made it, and what stands in their place. */
static const struct {
	const char *name, *bytes;
} replaced[] = {
	{ "docProps/core.xml",
		"<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
		"<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/"
		"metadata/core-properties\"/>" },
	{ "docProps/app.xml",
		"<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
		"<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/"
		"extended-properties\"/>" },
	{ "docProps/custom.xml",
		"<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
		"<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/"
		"custom-properties\"/>" },
	{ "meta.xml",
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<office:document-meta xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:"
		"office:1.0\" office:version=\"1.3\"><office:meta/></office:document-meta>" },
};

/* Who has written a comment or changed a word, in whichever part: from the mark to the end. */
static const struct mark {
	const char *begin;
	char end;
} marks[] = {
	{ " w:author=\"", '"' },
	{ " w:initials=\"", '"' },
	{ " w15:author=\"", '"' },
	{ " w15:userId=\"", '"' },
	{ " displayName=\"", '"' },
	{ " userId=\"", '"' },
	{ " userName=\"", '"' },
	{ "<author>", '<' },
	{ "<dc:creator>", '<' },
	{ "<dc:date>", '<' },
	{ "<meta:creator-initials>", '<' },
	{ "<loext:sender-initials>", '<' },
};

/* Where in the rest the next of them is, and what there is to take out. */
static const char *find_mark(struct pp_slice rest, const char **end)
{
	const char *found = NULL;

	for (size_t i = 0; i < PP_LENGTH(marks); i++) {
		size_t len = strlen(marks[i].begin);
		const char *at = memmem(
			rest.at, found ? (size_t)(found - rest.at) : rest.len, marks[i].begin, len);
		const char *last = at
			? memchr(at + len, marks[i].end, (size_t)(rest.at + rest.len - at) - len)
			: NULL;

		if (last) {
			found = at + len;
			*end = last;
		}
	}
	return found;
}

static bool clean_text(struct pp_arena *arena, struct pp_slice *bytes)
{
	struct pp_buf *out = pp_buf_make(arena);
	struct pp_slice rest = *bytes;
	const char *found, *end;
	bool any = false;

	while ((found = find_mark(rest, &end))) {
		pp_buf_slice(out, pp_slice(rest.at, (size_t)(found - rest.at)));
		any = any || end > found;
		rest = pp_slice(end, (size_t)(rest.at + rest.len - end));
	}
	if (!any)
		return false;
	pp_buf_slice(out, rest);
	*bytes = pp_buf_all(out);
	return true;
}

static const char *replacement_of(struct pp_slice name)
{
	for (size_t i = 0; i < PP_LENGTH(replaced); i++)
		if (pp_slice_is(name, pp_slice_of(replaced[i].name)))
			return replaced[i].bytes;
	return NULL;
}

/* Pictures by their first bytes, whatever they are called. */
static bool clean_part(struct pp_arena *arena, struct entry *entry)
{
	const char *bytes = replacement_of(entry->name);
	struct pp_slice part;
	struct pp_rope rope = { .arena = arena };
	pp_cleaner *picture;

	if (bytes) {
		pack(arena, entry, pp_slice_of(bytes));
		return true;
	}
	if (!unpack(arena, entry, &part))
		return false;
	picture = pp_clean_picture(part);
	if (picture) {
		switch (pp_clean(picture, part, &rope)) {
		case PP_CLEAN_LEFT:
			return false;
		case PP_CLEAN_NOTHING:
			return true;
		case PP_CLEAN_DONE:
			pack(arena, entry, pp_rope_whole(&rope));
			return true;
		}
	}
	/* A document in a document has properties of its own. */
	if (pp_slice_starts(part, PP_S("PK\3\4")) ||
		pp_slice_starts(part, PP_S("\xd0\xcf\x11\xe0")))
		return false;
	if ((pp_slice_ends(entry->name, PP_S(".xml")) && clean_text(arena, &part)))
		pack(arena, entry, part);
	return true;
}

/* ---- what comes out ---- */

static void write_shared(struct pp_buf *out, const struct entry *entry)
{
	pp_buf_u16(out, 20);
	pp_buf_u16(out, entry->flags & UTF8);
	pp_buf_u16(out, entry->method);
	pp_buf_u16(out, 0);
	pp_buf_u16(out, NO_DAY);
	pp_buf_u32(out, entry->crc);
	pp_buf_u32(out, (uint32_t)entry->packed.len);
	pp_buf_u32(out, entry->size);
	pp_buf_u16(out, (uint16_t)entry->name.len);
	pp_buf_u16(out, 0);
}

static bool add_entry(struct office *office, const struct entry *entry)
{
	struct pp_buf *local = pp_buf_make(office->out->arena);

	if (office->out->len > UINT32_MAX - LOCAL_SIZE - 65536 - entry->packed.len)
		return false;
	pp_buf_text(office->central, "PK\1\2");
	pp_buf_u16(office->central, 20);
	write_shared(office->central, entry);
	pp_buf_u16(office->central, 0);
	pp_buf_u16(office->central, 0);
	pp_buf_u16(office->central, 0);
	pp_buf_u32(office->central, entry->attributes);
	pp_buf_u32(office->central, (uint32_t)office->out->len);
	pp_buf_slice(office->central, entry->name);
	pp_buf_text(local, "PK\3\4");
	write_shared(local, entry);
	pp_buf_slice(local, entry->name);
	pp_rope_add(office->out, pp_buf_all(local));
	pp_rope_add(office->out, entry->packed);
	office->count++;
	return true;
}

static void add_end(struct office *office)
{
	struct pp_buf *end = pp_buf_make(office->out->arena);
	uint32_t at = (uint32_t)office->out->len;

	pp_rope_add(office->out, pp_buf_all(office->central));
	pp_buf_text(end, "PK\5\6");
	pp_buf_u32(end, 0);
	pp_buf_u16(end, (uint16_t)office->count);
	pp_buf_u16(end, (uint16_t)office->count);
	pp_buf_u32(end, (uint32_t)office->central->len);
	pp_buf_u32(end, at);
	pp_buf_u16(end, 0);
	pp_rope_add(office->out, pp_buf_all(end));
}

enum pp_cleaned pp_clean_office(struct pp_slice bytes, struct pp_rope *out)
{
	struct office office = { .bytes = bytes, .out = out, .central = pp_buf_make(out->arena) };
	size_t count, at;

	if (!find_end(bytes, &count, &at))
		return PP_CLEAN_LEFT;
	for (size_t i = 0; i < count; i++) {
		struct entry entry;

		if (!read_entry(bytes, &at, &entry) || !clean_part(out->arena, &entry) ||
			!add_entry(&office, &entry))
			return PP_CLEAN_LEFT;
	}
	add_end(&office);
	return PP_CLEAN_DONE;
}
