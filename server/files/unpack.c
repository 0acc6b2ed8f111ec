/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * gzip and zip, into memory and never into a file. Two bounds: the size that the job allows, and a
 * ratio beyond which nothing that a planner sends is compressed (a .dbf full of blanks reaches 60,
 * a bomb 1,000). Names inside a zip never become paths.
 */
#include <archive.h>
#include <archive_entry.h>
#include <zlib.h>

#include "files.h"

enum {
	RATIO_MAX = 200,
	RATIO_FREE = 1 << 20, /* so much may come out whatever the ratio */
	ENTRIES_MAX = 10000,
	PARTS_MAX = 1000,
	STEP = 1 << 18,
};

static bool check_size(size_t packed, size_t unpacked, size_t unpacked_max, struct pp_fault *fault)
{
	if (unpacked > unpacked_max)
		return pp_fault(fault, PP_body_too_large,
			"The file is larger than %zu MB when unpacked.", unpacked_max >> 20);
	if (unpacked > RATIO_FREE && unpacked / RATIO_MAX > packed)
		return pp_fault(fault, PP_body_too_large,
			"The file grows to more than %d times its size; no plan does.", RATIO_MAX);
	return true;
}

static void end_inflate(void *stream)
{
	inflateEnd(stream);
}

bool pp_files_gunzip(struct pp_arena *arena, struct pp_slice packed, size_t unpacked_max,
	struct pp_slice *bytes, struct pp_fault *fault)
{
	z_stream *stream = PP_NEW(arena, z_stream);
	struct pp_buf *out = pp_buf_make(arena);
	int result;

	stream->next_in = (Bytef *)(uintptr_t)packed.at;
	stream->avail_in = (uInt)packed.len;
	PP_MUST(packed.len <= UINT32_MAX && inflateInit2(stream, 15 + 16) == Z_OK);
	pp_own(arena, end_inflate, stream);
	do {
		stream->next_out = (Bytef *)pp_buf_room(out, STEP);
		stream->avail_out = STEP;
		result = inflate(stream, Z_NO_FLUSH);
		out->len += STEP - stream->avail_out;
		if (!check_size(packed.len, out->len, unpacked_max, fault))
			return false;
		/* RFC 1952 §2.2: several members may follow one another. */
		if (result == Z_STREAM_END && stream->avail_in > 0 &&
			pp_slice_starts(pp_slice((const char *)stream->next_in, stream->avail_in),
				PP_S("\x1f\x8b")))
			result = inflateReset(stream);
	} while (result == Z_OK);
	if (result != Z_STREAM_END)
		return pp_fault(fault, PP_file_unreadable, "The gzip file is damaged or cut off.");
	*bytes = pp_buf_all(out);
	return true;
}

static void end_archive(void *archive)
{
	archive_read_free(archive);
}

/* Endings of the files that are read here; whatever else a zip holds is passed over. */
static bool is_wanted(struct pp_slice name)
{
	static const char *const endings[] = { ".shp", ".shx", ".dbf", ".prj", ".cpg", ".gml",
		".xml", ".gpkg", ".geojson", ".json", ".fgb", ".csv" };

	if (!pp_slice_is_utf8(name) || name.len > 1000)
		return false;
	/* Apple's shadows of files. */
	if (pp_slice_starts(name, PP_S("__MACOSX/")))
		return false;
	for (size_t i = 0; i < PP_LENGTH(endings); i++) {
		struct pp_slice ending = pp_slice_of(endings[i]);

		if (name.len > ending.len &&
			pp_slice_is_nocase(
				pp_slice(name.at + name.len - ending.len, ending.len), ending))
			return true;
	}
	return false;
}

static bool refuse_zip(struct archive *archive, struct pp_fault *fault)
{
	const char *why = archive_error_string(archive);

	return pp_fault(fault, PP_file_unreadable, "The zip cannot be read: %.150s.",
		why ? why : "damaged");
}

static bool read_entry(struct archive *archive, struct pp_arena *arena, size_t packed,
	size_t unpacked_max, size_t *total, struct pp_slice *bytes, struct pp_fault *fault)
{
	struct pp_buf *out = pp_buf_make(arena);
	la_ssize_t got;

	while ((got = archive_read_data(archive, pp_buf_room(out, STEP), STEP)) > 0) {
		out->len += (size_t)got;
		*total += (size_t)got;
		if (!check_size(packed, *total, unpacked_max, fault))
			return false;
	}
	if (got < 0)
		return refuse_zip(archive, fault);
	*bytes = pp_buf_all(out);
	return true;
}

bool pp_files_unzip(struct pp_arena *arena, struct pp_slice packed, size_t unpacked_max,
	struct pp_files_part **parts, size_t *count, struct pp_fault *fault)
{
	struct archive *archive = archive_read_new();
	struct archive_entry *entry;
	size_t entries = 0, total = 0;
	int result;

	PP_MUST(archive);
	pp_own(arena, end_archive, archive);
	*parts = PP_NEW_ARRAY(arena, struct pp_files_part, PARTS_MAX);
	*count = 0;
	archive_read_support_format_zip_seekable(archive);
	if (archive_read_open_memory(archive, packed.at, packed.len) != ARCHIVE_OK)
		return refuse_zip(archive, fault);
	while ((result = archive_read_next_header(archive, &entry)) == ARCHIVE_OK) {
		struct pp_slice name = pp_slice_of(archive_entry_pathname_utf8(entry));
		struct pp_files_part *part = *parts + *count;

		if (++entries > ENTRIES_MAX)
			return pp_fault(fault, PP_body_too_large,
				"The zip has more than %d entries.", ENTRIES_MAX);
		if (!name.len || archive_entry_filetype(entry) != AE_IFREG || !is_wanted(name))
			continue;
		if (archive_entry_is_encrypted(entry))
			return pp_fault(fault, PP_file_unreadable, "The zip is encrypted.");
		if (*count == PARTS_MAX)
			return pp_fault(fault, PP_body_too_large,
				"The zip has more than %d files that are plans or parts of one.",
				PARTS_MAX);
		part->name = pp_copy(arena, name);
		if (!read_entry(
			    archive, arena, packed.len, unpacked_max, &total, &part->bytes, fault))
			return false;
		++*count;
	}
	return result == ARCHIVE_EOF ? true : refuse_zip(archive, fault);
}
