/* SPDX-License-Identifier: EUPL-1.2 */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "kind.h"

/* Where a browser or a reader of PDF looks for what a file is. */
#define LOOKED_AT 4096u
/* APPNOTE 4.3.16: the end record with the longest comment. */
#define ZIP_END (UINT32_C(65535) + 22)

/* What a file of that type begins with, what libmagic may call it, and what a zip must hold. */
static const struct row {
	const char *media_type;
	struct pp_slice begins[2];
	const char *kinds[4];
	const char *member;
	bool is_zip, is_text, is_plain;
} rows[] = {
	{ "application/pdf", { { "%PDF-", 5 } }, { "application/pdf" } },
	{ "image/png", { { "\x89PNG\r\n\x1a\n", 8 } }, { "image/png" } },
	{ "image/jpeg", { { "\xff\xd8\xff", 3 } }, { "image/jpeg" } },
	{ "image/tiff", { { "II*\0", 4 }, { "MM\0*", 4 } }, { "image/tiff" } },
	{ "image/heic", { { NULL, 0 } }, { "image/heic", "image/heif" } },
	/* Whatever libmagic makes of its words, it is handed out as text. */
	{ "text/plain", { { NULL, 0 } }, { NULL }, .is_plain = true },
	{ "application/vnd.oasis.opendocument.text", { { "PK\x03\x04", 4 } },
		{ "application/vnd.oasis.opendocument.text", "application/zip" }, "content.xml",
		.is_zip = true },
	{ "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		{ { "PK\x03\x04", 4 } },
		{ "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
			"application/zip", "application/octet-stream" },
		"word/document.xml", .is_zip = true },
	{ "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		{ { "PK\x03\x04", 4 } },
		{ "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
			"application/zip", "application/octet-stream" },
		"xl/workbook.xml", .is_zip = true },
	{ "application/zip", { { "PK\x03\x04", 4 } }, { "application/zip" }, .is_zip = true },
	{ "application/gml+xml", { { NULL, 0 } },
		{ "text/xml", "application/xml", "text/plain", "application/gml+xml" },
		.is_text = true },
	{ "application/xml", { { NULL, 0 } }, { "text/xml", "application/xml", "text/plain" },
		.is_text = true },
	{ "application/geo+json", { { NULL, 0 } },
		{ "application/json", "text/plain", "application/geo+json" }, .is_text = true },
	{ "application/geopackage+sqlite3", { { "SQLite format 3\0", 16 } },
		{ "application/vnd.sqlite3", "application/x-sqlite3",
			"application/geopackage+sqlite3" } },
	{ "image/vnd.dxf", { { NULL, 0 } },
		{ "image/vnd.dxf", "text/plain", "application/octet-stream" } },
};

bool pp_check_refuse(struct pp_fault *fault, const char *reason, const char *format, ...)
{
	va_list list;

	*fault = (struct pp_fault){ .problem = PP_file_unreadable };
	snprintf(fault->pointer, sizeof(fault->pointer), "%s", reason);
	va_start(list, format);
	vsnprintf(fault->detail, sizeof(fault->detail), format, list);
	va_end(list);
	return false;
}

static struct pp_slice head_of(struct pp_slice bytes)
{
	return pp_slice(bytes.at, bytes.len < LOOKED_AT ? bytes.len : LOOKED_AT);
}

static bool has_nocase(struct pp_slice bytes, const char *word)
{
	size_t len = strlen(word);

	for (size_t i = 0; i + len <= bytes.len; i++)
		if (strncasecmp(bytes.at + i, word, len) == 0)
			return true;
	return false;
}

static bool begins_as(const struct row *row, struct pp_slice bytes)
{
	bool any = false;

	for (size_t i = 0; i < PP_LENGTH(row->begins); i++) {
		if (!row->begins[i].len)
			continue;
		any = true;
		if (pp_slice_starts(bytes, row->begins[i]))
			return true;
	}
	return !any;
}

static bool is_called(const struct row *row, const char *kind)
{
	if (row->is_plain)
		return true;
	for (size_t i = 0; i < PP_LENGTH(row->kinds) && kind; i++)
		if (row->kinds[i] && strcmp(row->kinds[i], kind) == 0)
			return true;
	return false;
}

/* UTF-8 (RFC 3629) without control characters but those that lay text out. */
static bool is_plain_text(struct pp_slice bytes)
{
	for (size_t i = 0; i < bytes.len; i++) {
		unsigned char c = (unsigned char)bytes.at[i];

		if (c == 0x7f || (c < ' ' && !memchr("\t\n\f\r", c, 4)))
			return false;
	}
	return pp_slice_is_utf8(bytes);
}

/* Text that begins as JSON or XML does; DXF begins with a group code, or as its binary form. */
static bool reads_as(const struct row *row, struct pp_slice bytes)
{
	enum pp_files_format format = pp_files_sniff(bytes);

	if (strcmp(row->media_type, "application/geo+json") == 0)
		return format == PP_FILES_GEOJSON;
	if (row->is_text)
		return format == PP_FILES_XML;
	if (row->is_plain)
		return is_plain_text(bytes);
	/* ISO/IEC 14496-12 section 4.3: the first box says what it is. */
	if (strcmp(row->media_type, "image/heic") == 0)
		return bytes.len > 12 && memcmp(bytes.at + 4, "ftyp", 4) == 0;
	if (strcmp(row->media_type, "image/vnd.dxf") == 0)
		return pp_slice_starts(bytes, PP_S("AutoCAD Binary DXF\r\n\x1a")) ||
			has_nocase(
				pp_slice(bytes.at, bytes.len < 64 ? bytes.len : 64), "SECTION") ||
			has_nocase(pp_slice(bytes.at, bytes.len < 64 ? bytes.len : 64), "999\n") ||
			has_nocase(pp_slice(bytes.at, bytes.len < 64 ? bytes.len : 64), "999\r\n");
	return true;
}

/* A zip may stand behind anything: readers look for its end at the end of the file. */
static bool ends_as_zip(struct pp_slice bytes)
{
	size_t from = bytes.len > ZIP_END ? bytes.len - ZIP_END : 0;

	return memmem(bytes.at + from, bytes.len - from, "PK\x05\x06", 4) != NULL;
}

/* What another program would take it for. */
static bool is_something_else(const struct row *row, struct pp_slice bytes, struct pp_fault *fault)
{
	static const char *const pages[] = { "<html", "<!doctype html", "<script", "<iframe",
		"<svg" };
	struct pp_slice head = head_of(bytes);

	for (size_t i = 0; i < PP_LENGTH(pages); i++)
		if (has_nocase(head, pages[i]))
			return !pp_check_refuse(fault, "MEHRDEUTIG",
				"The file could be read as a web page as well.");
	if (!row->is_zip && ends_as_zip(bytes))
		return !pp_check_refuse(
			fault, "MEHRDEUTIG", "The file could be read as a zip as well.");
	if (strcmp(row->media_type, "application/pdf") != 0 &&
		memmem(head.at, head.len < 1024 ? head.len : 1024, "%PDF-", 5))
		return !pp_check_refuse(
			fault, "MEHRDEUTIG", "The file could be read as a PDF as well.");
	return false;
}

bool pp_check_document(
	const struct pp_files_job *job, const struct pp_filejob_check *ask, struct pp_fault *fault)
{
	struct pp_slice bytes = job->parts[0].bytes;
	const struct row *row = NULL;
	const char *kind;

	for (size_t i = 0; i < PP_LENGTH(rows); i++)
		if (pp_slice_is(ask->media_type, pp_slice_of(rows[i].media_type)))
			row = &rows[i];
	if (!row)
		return pp_check_refuse(fault, "TYP", "Such a type is not taken.");
	kind = pp_kind_of(job->kind, bytes);
	if (!begins_as(row, bytes) || !reads_as(row, bytes) || !is_called(row, kind))
		return pp_check_refuse(fault, "TYP", "It was announced as %s and looks like %.80s.",
			row->media_type, kind ? kind : "nothing known");
	if (is_something_else(row, bytes, fault))
		return false;
	return !row->is_zip || pp_check_zip(job->arena, bytes, row->member, fault);
}
