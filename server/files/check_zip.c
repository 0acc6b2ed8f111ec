/* SPDX-License-Identifier: EUPL-1.2 */
/* What is in a zip: all of it is unpacked once, because what its headers say may be a lie. */
#include <archive.h>
#include <archive_entry.h>

#include "check.h"

enum {
	ENTRIES_MAX = 10000,
	DEPTH_MAX = 2, /* zips in a zip, and no zips in those */
	RATIO_MAX = 20,
	RATIO_FREE = 4 << 20, /* so much may come out whatever the ratio */
	INNER_MAX = 64 << 20, /* of a zip in a zip */
	STEP = 1 << 16,
};

struct unzip {
	struct pp_arena *arena;
	struct pp_fault *fault;
	uint64_t packed, unpacked; /* of the outermost file */
	size_t entries;
};

static void end_archive(void *archive)
{
	archive_read_free(archive);
}

static bool is_bomb(struct unzip *zip)
{
	return zip->unpacked > RATIO_FREE && zip->unpacked / RATIO_MAX > zip->packed;
}

/* APPNOTE 4.4.17.1: relative, with slashes, without a drive. */
static bool leads_out(struct pp_slice name)
{
	struct pp_slice rest = name;

	if (!name.len || name.at[0] == '/' || memchr(name.at, '\\', name.len) ||
		memchr(name.at, ':', name.len) || !pp_slice_is_utf8(name))
		return true;
	for (size_t i = 0; i < name.len; i++)
		if ((unsigned char)name.at[i] < ' ' || name.at[i] == 0x7F)
			return true;
	while (rest.len)
		if (pp_slice_is(pp_slice_cut(rest, '/', &rest), PP_S("..")))
			return true;
	return false;
}

static bool check_entry(struct unzip *zip, struct archive_entry *entry, struct pp_slice *name)
{
	unsigned type = archive_entry_filetype(entry);

	*name = pp_slice_of(archive_entry_pathname_utf8(entry));
	if (++zip->entries > ENTRIES_MAX)
		return pp_check_refuse(
			zip->fault, "ZIP_EINTRAEGE", "It has more than %d entries.", ENTRIES_MAX);
	if (leads_out(*name))
		return pp_check_refuse(zip->fault, "ZIP_NAME",
			"An entry has a name that leads out of the zip, or is none.");
	if (archive_entry_hardlink(entry) || (type != AE_IFREG && type != AE_IFDIR))
		return pp_check_refuse(
			zip->fault, "ZIP_VERWEIS", "An entry is a link or a device.");
	if (archive_entry_is_encrypted(entry))
		return pp_check_refuse(zip->fault, "ZIP_VERSCHLUESSELT",
			"It is encrypted: nobody can look into it.");
	if (pp_slice_ends(*name, PP_S("vbaProject.bin")))
		return pp_check_refuse(zip->fault, "MAKRO", "It brings a program along.");
	return true;
}

static bool check_archive(
	struct unzip *zip, struct pp_slice bytes, const char *needed, unsigned depth);

static bool is_packed(struct pp_slice bytes)
{
	static const struct pp_slice magics[] = { { "\x1f\x8b", 2 }, { "BZh", 3 },
		{ "7z\xbc\xaf\x27\x1c", 6 },
		{ "\xfd"
		  "7zXZ",
			5 },
		{ "Rar!\x1a\x07", 6 }, { "\x28\xb5\x2f\xfd", 4 } };

	for (size_t i = 0; i < PP_LENGTH(magics); i++)
		if (pp_slice_starts(bytes, magics[i]))
			return true;
	return false;
}

/* One entry: counted, thrown away, and kept only where it is a zip itself. */
static bool check_data(struct unzip *zip, struct archive *archive, unsigned depth)
{
	struct pp_buf *inner = NULL;
	char piece[STEP];
	bool is_first = true;
	ssize_t got;

	while ((got = archive_read_data(archive, piece, sizeof(piece))) > 0) {
		struct pp_slice bytes = pp_slice(piece, (size_t)got);

		zip->unpacked += bytes.len;
		if (is_bomb(zip))
			return pp_check_refuse(zip->fault, "ZIP_VERHAELTNIS",
				"It grows to more than %d times its size.", RATIO_MAX);
		if (is_first && is_packed(bytes))
			return pp_check_refuse(
				zip->fault, "ZIP_TIEFE", "It has another archive in it.");
		if (is_first && pp_slice_starts(bytes, PP_S("PK\x03\x04"))) {
			if (depth >= DEPTH_MAX)
				return pp_check_refuse(
					zip->fault, "ZIP_TIEFE", "It has a zip in a zip in a zip.");
			inner = pp_buf_make(zip->arena);
		}
		is_first = false;
		if (!inner)
			continue;
		pp_buf_slice(inner, bytes);
		if (inner->len > INNER_MAX)
			return pp_check_refuse(zip->fault, "ZIP_TIEFE",
				"It has a zip of more than %d MB in it.", INNER_MAX >> 20);
	}
	if (got < 0)
		return pp_check_refuse(zip->fault, "UNLESBAR", "The zip is damaged: %.120s",
			archive_error_string(archive) ? archive_error_string(archive) : "");
	return !inner || check_archive(zip, pp_buf_all(inner), NULL, depth + 1);
}

static bool check_archive(
	struct unzip *zip, struct pp_slice bytes, const char *needed, unsigned depth)
{
	struct archive *archive = archive_read_new();
	struct archive_entry *entry;
	bool found = needed == NULL;
	struct pp_slice name;
	int result;

	PP_MUST(archive);
	pp_own(zip->arena, end_archive, archive);
	archive_read_support_format_zip_seekable(archive);
	result = archive_read_open_memory(archive, bytes.at, bytes.len);
	while (result == ARCHIVE_OK &&
		(result = archive_read_next_header(archive, &entry)) == ARCHIVE_OK) {
		if (!check_entry(zip, entry, &name))
			return false;
		found = found || pp_slice_is(name, pp_slice_of(needed));
		if (!check_data(zip, archive, depth))
			return false;
	}
	if (result != ARCHIVE_EOF)
		return pp_check_refuse(zip->fault, "UNLESBAR", "The zip is damaged: %.120s",
			archive_error_string(archive) ? archive_error_string(archive) : "");
	if (!found)
		return pp_check_refuse(zip->fault, "TYP", "It has no %s in it.", needed);
	return true;
}

bool pp_check_zip(
	struct pp_arena *arena, struct pp_slice bytes, const char *needed, struct pp_fault *fault)
{
	struct unzip zip = { .arena = arena, .fault = fault, .packed = bytes.len };

	return check_archive(&zip, bytes, needed, 1);
}
