/* SPDX-License-Identifier: EUPL-1.2 */
#include "clean.h"

enum {
	SOI = 0xD8,
	EOI = 0xD9,
	SOS = 0xDA,
	APP0 = 0xE0,
	APP1 = 0xE1,
	APP2 = 0xE2,
	APP14 = 0xEE,
	APP15 = 0xEF,
	COM = 0xFE,
	JFIF_SIZE = 18, /* with marker and without a thumbnail */
};

static uint32_t big(const char *at, unsigned bytes)
{
	uint32_t value = 0;

	while (bytes--)
		value = value << 8 | (unsigned char)*at++;
	return value;
}

static uint32_t number(const char *at, unsigned bytes, bool is_little)
{
	uint32_t value = 0;

	if (!is_little)
		return big(at, bytes);
	for (unsigned i = bytes; i > 0; i--)
		value = value << 8 | (unsigned char)at[i - 1];
	return value;
}

/* ---- JPEG ---- */

/* How the picture is turned (TIFF 6.0 Orientation, 0x0112), 1 where EXIF does not say. */
static unsigned turn_of(struct pp_slice tiff)
{
	bool is_little = pp_slice_starts(tiff, PP_S("II"));
	uint32_t at, count;

	if (tiff.len < 14)
		return 1;
	at = number(tiff.at + 4, 4, is_little);
	if (at > tiff.len - 2)
		return 1;
	count = number(tiff.at + at, 2, is_little);
	at += 2;
	for (uint32_t i = 0; i < count && (size_t)at + 12 <= tiff.len; i++, at += 12)
		if (number(tiff.at + at, 2, is_little) == 0x0112)
			return number(tiff.at + at + 8, 2, is_little);
	return 1;
}

/* An EXIF of our own that says the turn and nothing else. */
static void add_turn(struct pp_rope *out, unsigned turn)
{
	static const char exif[] = "\xff\xe1\x00\x22"
				   "Exif\0\0MM\0*\0\0\0\x08\0\x01"
				   "\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0";
	char *own;

	if (turn < 2 || turn > 8)
		return;
	own = pp_alloc(out->arena, sizeof(exif) - 1);
	memcpy(own, exif, sizeof(exif) - 1);
	own[29] = (char)turn;
	pp_rope_add(out, pp_slice(own, sizeof(exif) - 1));
}

/* JFIF (ISO/IEC 10918-5) without the small picture in it, which may show what was cut away. */
static void add_jfif(struct pp_rope *out, struct pp_slice segment)
{
	char *own;

	if (segment.len == JFIF_SIZE) {
		pp_rope_add(out, segment);
		return;
	}
	own = pp_alloc(out->arena, JFIF_SIZE);
	memcpy(own, segment.at, JFIF_SIZE);
	own[2] = 0;
	own[3] = JFIF_SIZE - 2;
	own[16] = own[17] = 0;
	pp_rope_add(out, pp_slice(own, JFIF_SIZE));
}

/* A segment with its marker and length: kept, replaced or dropped. */
static void add_segment(struct pp_rope *out, unsigned marker, struct pp_slice segment)
{
	struct pp_slice data = pp_slice(segment.at + 4, segment.len - 4);

	if (marker == APP0 && pp_slice_starts(data, PP_S("JFIF\0")) && segment.len >= JFIF_SIZE)
		add_jfif(out, segment);
	else if (marker == APP1 && pp_slice_starts(data, PP_S("Exif\0\0")))
		add_turn(out, turn_of(pp_slice(data.at + 6, data.len - 6)));
	else if ((marker == APP2 && pp_slice_starts(data, PP_S("ICC_PROFILE\0"))) ||
		(marker == APP14 && pp_slice_starts(data, PP_S("Adobe"))) ||
		((marker < APP0 || marker > APP15) && marker != COM))
		pp_rope_add(out, segment);
}

/* Coded data ends where a marker begins that is neither a stuffed byte nor a restart. */
static size_t scan_end(struct pp_slice bytes, size_t at)
{
	while (at + 1 < bytes.len) {
		const char *ff = memchr(bytes.at + at, 0xFF, bytes.len - at - 1);
		unsigned char next;

		if (!ff)
			break;
		next = (unsigned char)ff[1];
		at = (size_t)(ff - bytes.at);
		if (next != 0 && next != 0xFF && (next < 0xD0 || next > 0xD7))
			return at;
		at += next == 0xFF ? 1 : 2;
	}
	return bytes.len;
}

enum pp_cleaned pp_clean_jpeg(struct pp_slice bytes, struct pp_rope *out)
{
	size_t at = 2;
	bool has_scan = false;

	if (!pp_slice_starts(bytes, PP_S("\xff\xd8")))
		return PP_CLEAN_LEFT;
	pp_rope_add(out, pp_slice(bytes.at, 2));
	while (at + 2 <= bytes.len) {
		unsigned marker = (unsigned char)bytes.at[at + 1];
		struct pp_slice segment;

		if ((unsigned char)bytes.at[at] != 0xFF)
			return PP_CLEAN_LEFT;
		if (marker == 0xFF) {
			at++;
			continue;
		}
		/* Whatever stands behind the end is no part of the picture. */
		if (marker == EOI) {
			pp_rope_add(out, pp_slice(bytes.at + at, 2));
			return has_scan ? PP_CLEAN_DONE : PP_CLEAN_LEFT;
		}
		if (at + 4 > bytes.len || big(bytes.at + at + 2, 2) < 2 ||
			at + 2 + big(bytes.at + at + 2, 2) > bytes.len)
			return PP_CLEAN_LEFT;
		segment = pp_slice(bytes.at + at, 2 + big(bytes.at + at + 2, 2));
		add_segment(out, marker, segment);
		at += segment.len;
		if (marker == SOS) {
			size_t end = scan_end(bytes, at);

			has_scan = true;
			pp_rope_add(out, pp_slice(bytes.at + at, end - at));
			at = end;
		}
	}
	return PP_CLEAN_LEFT;
}

/* ---- PNG ---- */

/* What a picture looks like; everything else that need not be understood is dropped. */
static bool is_shown(struct pp_slice type)
{
	static const char shown[] = "IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT bKGD hIST "
				    "pHYs sPLT cICP mDCV cLLI acTL fcTL fdAT";

	return memmem(shown, sizeof(shown) - 1, type.at, type.len) != NULL;
}

enum pp_cleaned pp_clean_png(struct pp_slice bytes, struct pp_rope *out)
{
	size_t at = 8;

	if (!pp_slice_starts(bytes, PP_S("\x89PNG\r\n\x1a\n")))
		return PP_CLEAN_LEFT;
	pp_rope_add(out, pp_slice(bytes.at, 8));
	while (at + 12 <= bytes.len) {
		size_t len = big(bytes.at + at, 4);
		struct pp_slice type = pp_slice(bytes.at + at + 4, 4);

		if (len > bytes.len - at - 12 || memchr(type.at, ' ', 4))
			return PP_CLEAN_LEFT;
		if (is_shown(type))
			pp_rope_add(out, pp_slice(bytes.at + at, len + 12));
		else if (!(type.at[0] & 0x20))
			return PP_CLEAN_LEFT;
		at += len + 12;
		if (pp_slice_is(type, PP_S("IEND")))
			return PP_CLEAN_DONE;
	}
	return PP_CLEAN_LEFT;
}

/* ---- TIFF ---- */

struct tiff {
	char *at; /* the file: mapped for us alone, and writable */
	size_t len;
	bool is_little, changed;
	unsigned directories, depth;
};

enum { DIRECTORIES_MAX = 10000, DEPTH_MAX = 8, HEADER_SIZE = 8 };
enum { SUB_IFDS = 330, EXIF_IFD = 34665, GPS_IFD = 34853, INTEROP_IFD = 40965 };

/* Who, when, with what, and packets of other formats. Georeferencing (33550, 34735 …) stays. */
static bool is_about_making(uint32_t tag)
{
	static const uint16_t tags[] = { 269, 270, 271, 272, 285, 305, 306, 315, 316, 700, 33432,
		33723, 34377, 37510, 37724, 40091, 40092, 40093, 40094, 40095, 42112, 50706, 50708,
		50735, 51125, EXIF_IFD, GPS_IFD, INTEROP_IFD };

	for (size_t i = 0; i < PP_LENGTH(tags); i++)
		if (tags[i] == tag)
			return true;
	return false;
}

static size_t size_of(uint32_t type)
{
	static const unsigned char sizes[] = { 0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4 };

	return type < PP_LENGTH(sizes) ? sizes[type] : 0;
}

static bool clean_directory(struct tiff *tiff, size_t at, bool all, size_t *next);

/* All directories that follow each other from there. */
static bool clean_chain(struct tiff *tiff, size_t at, bool all)
{
	bool well = ++tiff->depth <= DEPTH_MAX;

	while (well && at)
		well = clean_directory(tiff, at, all, &at);
	tiff->depth--;
	return well;
}

/* What a field names elsewhere in the file: directories are cleaned in turn, values are zeroed. */
static bool clean_value(struct tiff *tiff, const char *entry, bool all)
{
	uint32_t tag = number(entry, 2, tiff->is_little);
	uint64_t count = number(entry + 4, 4, tiff->is_little);
	uint64_t len = count * size_of(number(entry + 2, 2, tiff->is_little));
	uint32_t at = number(entry + 8, 4, tiff->is_little);
	bool is_directory = tag == EXIF_IFD || tag == GPS_IFD || tag == INTEROP_IFD;

	if (!len)
		return false;
	if (len > 4 && (at < HEADER_SIZE || at > tiff->len || len > tiff->len - at))
		return false;
	if (is_directory)
		return clean_chain(tiff, at, true);
	if (tag == SUB_IFDS) {
		for (uint64_t i = 0; i < count; i++)
			if (!clean_chain(tiff,
				    number(len > 4 ? tiff->at + at + 4 * i : entry + 8, 4,
					    tiff->is_little),
				    all))
				return false;
		return true;
	}
	if (len > 4 && (all || is_about_making(tag)))
		memset(tiff->at + at, 0, (size_t)len);
	return true;
}

static void write_number(char *at, uint32_t value, unsigned bytes, bool is_little)
{
	for (unsigned i = 0; i < bytes; i++)
		at[is_little ? i : bytes - 1 - i] = (char)(value >> (8 * i));
}

/* all: it is about the making as a whole, and nothing of it stays. */
static bool clean_directory(struct tiff *tiff, size_t at, bool all, size_t *next)
{
	char *first, *kept;
	uint32_t count, left = 0;

	if (++tiff->directories > DIRECTORIES_MAX || at < HEADER_SIZE || at > tiff->len - 2)
		return false;
	count = number(tiff->at + at, 2, tiff->is_little);
	if (count * UINT64_C(12) + 6 > tiff->len - at)
		return false;
	first = kept = tiff->at + at + 2;
	*next = number(first + 12 * (size_t)count, 4, tiff->is_little);
	for (uint32_t i = 0; i < count; i++) {
		char *entry = first + 12 * (size_t)i;

		if (!clean_value(tiff, entry, all))
			return false;
		if (all || is_about_making(number(entry, 2, tiff->is_little)))
			continue;
		memmove(kept, entry, 12);
		kept += 12;
		left++;
	}
	write_number(tiff->at + at, left, 2, tiff->is_little);
	tiff->changed = tiff->changed || left < count;
	memset(kept, 0, (size_t)(first + 12 * (size_t)count + 4 - kept));
	write_number(kept, (uint32_t)*next, 4, tiff->is_little);
	return true;
}

enum pp_cleaned pp_clean_tiff(struct pp_slice bytes, struct pp_rope *out)
{
	struct tiff tiff = { .at = (char *)(uintptr_t)bytes.at,
		.len = bytes.len,
		.is_little = pp_slice_starts(bytes, PP_S("II*\0")) },
		    again;

	if (bytes.len < 16 || (!tiff.is_little && !pp_slice_starts(bytes, PP_S("MM\0*"))))
		return PP_CLEAN_LEFT;
	again = tiff;
	if (!clean_chain(&tiff, number(tiff.at + 4, 4, tiff.is_little), false))
		return PP_CLEAN_LEFT;
	/* Where directories lie over each other, cleaning one has made another of the next. */
	if (!clean_chain(&again, number(tiff.at + 4, 4, tiff.is_little), false) || again.changed)
		return PP_CLEAN_LEFT;
	pp_rope_add(out, bytes);
	return tiff.changed ? PP_CLEAN_DONE : PP_CLEAN_NOTHING;
}
