/* SPDX-License-Identifier: EUPL-1.2 */
/* What a file is, whatever it is called. */
#include <stdio.h>

#include "files.h"

static const struct format_row {
	enum pp_files_format format;
	const char *name;
	struct {
		const char *at;
		size_t len;
	} magic; /* the first bytes */
	const char *media_types[4];
} formats[] = {
	{ PP_FILES_GEOPACKAGE, "GeoPackage", { "SQLite format 3\0", 16 },
		{ "application/geopackage+sqlite3", "application/vnd.sqlite3" } },
	{ PP_FILES_FLATGEOBUF, "FlatGeobuf", { "fgb\x03", 4 },
		{ "application/flatgeobuf", "application/vnd.flatgeobuf" } },
	{ PP_FILES_SHAPE, "Shapefile", { "\x00\x00\x27\x0a", 4 },
		{ "application/vnd.shp", "x-gis/x-shapefile" } },
	{ PP_FILES_ZIP, "zip", { "PK\x03\x04", 4 },
		{ "application/zip", "application/x-zip-compressed" } },
	{ PP_FILES_GZIP, "gzip", { "\x1f\x8b", 2 }, { "application/gzip", "application/x-gzip" } },
	{ PP_FILES_XML, "GML", { NULL, 0 },
		{ "application/gml+xml", "application/xml", "text/xml" } },
	{ PP_FILES_GEOJSON, "GeoJSON", { NULL, 0 },
		{ "application/geo+json", "application/json", "application/vnd.geo+json" } },
	{ PP_FILES_TEXT, "table", { NULL, 0 }, { "text/csv", "text/plain" } },
};

/* The first byte that is neither blank nor part of a byte order mark. */
static char first_letter(struct pp_slice bytes)
{
	size_t i = pp_slice_starts(bytes, PP_S("\xef\xbb\xbf")) ? 3 : 0;

	while (i < bytes.len && strchr(" \t\r\n", bytes.at[i]) && bytes.at[i])
		i++;
	return i < bytes.len ? bytes.at[i] : '\0';
}

enum pp_files_format pp_files_sniff(struct pp_slice bytes)
{
	char first = first_letter(bytes);

	for (size_t i = 0; i < PP_LENGTH(formats); i++) {
		struct pp_slice magic = { formats[i].magic.at, formats[i].magic.len };

		if (magic.len && pp_slice_starts(bytes, magic))
			return formats[i].format;
	}
	if (first == '{')
		return PP_FILES_GEOJSON;
	/* UTF-16 is XML too, and refused as such. */
	if (first == '<' || pp_slice_starts(bytes, PP_S("\xff\xfe")) ||
		pp_slice_starts(bytes, PP_S("\xfe\xff")))
		return PP_FILES_XML;
	return PP_FILES_UNKNOWN;
}

static const struct format_row *row_of(enum pp_files_format format)
{
	for (size_t i = 0; i < PP_LENGTH(formats); i++)
		if (formats[i].format == format)
			return &formats[i];
	return NULL;
}

const char *pp_files_format_name(enum pp_files_format format)
{
	const struct format_row *row = row_of(format);

	return row ? row->name : "file";
}

bool pp_files_media_type_fits(struct pp_slice media_type, enum pp_files_format format)
{
	struct pp_slice rest, plain = pp_slice_trim(pp_slice_cut(media_type, ';', &rest));

	for (size_t i = 0; i < PP_LENGTH(formats); i++)
		for (size_t j = 0; j < PP_LENGTH(formats[i].media_types); j++) {
			const char *known = formats[i].media_types[j];

			if (known && pp_slice_is_nocase(plain, pp_slice_of(known)))
				return formats[i].format == format;
		}
	return true;
}

struct pp_slice pp_files_stem(struct pp_slice name)
{
	for (size_t i = 0; i < name.len; i++)
		if (name.at[i] == '/' || name.at[i] == '\\')
			return pp_files_stem(pp_slice(name.at + i + 1, name.len - i - 1));
	if (pp_slice_ends(name, PP_S(".gz")) && name.len > 3)
		name.len -= 3;
	for (size_t i = name.len; i-- > 1;)
		if (name.at[i] == '.')
			return pp_slice(name.at, i);
	return name.len ? name : PP_S("file");
}

void pp_files_warn(const struct pp_files_job *job, uint32_t place, const char *format, ...)
{
	struct pp_filejob_warning warning = { .place = place };
	va_list list;

	va_start(list, format);
	warning.text = pp_format_list(job->arena, format, list);
	va_end(list);
	job->sink->warning(job->sink->ctx, &warning);
}
