/* SPDX-License-Identifier: EUPL-1.2 */
#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <iconv.h>
#include <stdio.h>

#include "ogr.h"

/* Nothing is fetched, nothing is written, nothing beside the file is looked for. */
static const char *const options[][2] = {
	{ "CPL_VSIL_CURL_ALLOWED_EXTENSIONS", "{none}" },
	{ "GDAL_HTTP_TIMEOUT", "1" },
	{ "GDAL_HTTP_MAX_RETRY", "0" },
	{ "PROJ_NETWORK", "OFF" },
	{ "OSR_DEFAULT_AXIS_MAPPING_STRATEGY", "TRADITIONAL_GIS_ORDER" },
	{ "GDAL_DISABLE_READDIR_ON_OPEN", "FALSE" },
	{ "GDAL_PAM_ENABLED", "NO" },
	{ "OGR_SQLITE_PRAGMA", "temp_store=MEMORY,trusted_schema=OFF" },
	{ "OGR_SQLITE_LOAD_EXTENSIONS", "" },
	{ "SQLITE_USE_OGR_VFS", "YES" },
	{ "GML_SKIP_RESOLVE_ELEMS", "ALL" },
	{ "GML_DOWNLOAD_SCHEMA", "NO" },
	{ "GML_SAVE_RESOLVED_TO", "" },
	{ "GML_PARSER", "EXPAT" },
	{ "GML_FIELDTYPES", "ALWAYS_STRING" },
	{ "SHAPE_RESTORE_SHX", "YES" },
	{ "OGR_GEOJSON_MAX_OBJ_SIZE", "200" },
	{ "OGR_ARC_STEPSIZE", "1" },
	{ "CPL_DEBUG", "OFF" },
};

/* Exported by GDAL and declared in a C++ header only. */
void RegisterOGRGeoPackage(void);
void RegisterOGRFlatGeobuf(void);
void RegisterOGRShape(void);
void RegisterOGRGeoJSON(void);
void RegisterOGRGML(void);

static const struct driver {
	enum pp_files_format format;
	const char *name;
	const char *open_options[4];
	void (*enlist)(void);
} drivers[] = {
	{ PP_FILES_GEOPACKAGE, "GPKG", { "LIST_ALL_TABLES=NO" }, RegisterOGRGeoPackage },
	{ PP_FILES_FLATGEOBUF, "FlatGeobuf", { "VERIFY_BUFFERS=YES" }, RegisterOGRFlatGeobuf },
	{ PP_FILES_SHAPE, "ESRI Shapefile", { NULL }, RegisterOGRShape },
	{ PP_FILES_GEOJSON, "GeoJSON", { NULL }, RegisterOGRGeoJSON },
	{ PP_FILES_XML, "GML", { "DOWNLOAD_SCHEMA=NO", "WRITE_GFS=NO", "EXPOSE_GML_ID=NO" },
		RegisterOGRGML },
};

static void keep_quiet(CPLErr class, CPLErrorNum number, const char *message)
{
	(void)class, (void)number, (void)message;
}

/* glibc loads a module per encoding: the sandbox would not let it later. */
static const char *const encodings[] = { "CP1252", "ISO-8859-15", "CP850", "CP437" };
static iconv_t held[PP_LENGTH(encodings)];

static void warm(void)
{
	OGRSpatialReferenceH from = OSRNewSpatialReference(NULL);
	OGRSpatialReferenceH to = OSRNewSpatialReference(NULL);
	OGRCoordinateTransformationH transformation;
	double x = 10, y = 53.5;

	PP_MUST(OSRImportFromEPSG(from, 4326) == OGRERR_NONE);
	PP_MUST(OSRImportFromEPSG(to, 25832) == OGRERR_NONE);
	transformation = OCTNewCoordinateTransformation(from, to);
	PP_MUST(transformation && OCTTransform(transformation, 1, &x, &y, NULL));
	OCTDestroyCoordinateTransformation(transformation);
	OSRDestroySpatialReference(from);
	OSRDestroySpatialReference(to);
}

void pp_ogr_open(void)
{
	for (size_t i = 0; i < PP_LENGTH(options); i++)
		CPLSetConfigOption(options[i][0], options[i][1]);
	CPLSetErrorHandler(keep_quiet);
	/* Not GDALAllRegister: two hundred drivers and every plugin of the system would be asked.
	 */
	for (size_t i = 0; i < PP_LENGTH(drivers); i++)
		drivers[i].enlist();
	for (size_t i = 0; i < PP_LENGTH(encodings); i++)
		held[i] = iconv_open("UTF-8", encodings[i]);
	warm();
}

void pp_ogr_close(void)
{
	for (size_t i = 0; i < PP_LENGTH(held); i++)
		if (held[i] != (iconv_t)-1)
			iconv_close(held[i]);
	GDALDestroy();
}

void pp_ogr_wake(void)
{
	OGRSpatialReferenceH unasked = OSRNewSpatialReference(NULL);

	PP_MUST(OSRImportFromEPSG(unasked, 25833) == OGRERR_NONE);
	OSRDestroySpatialReference(unasked);
}

/* GDAL's messages name our invented paths and its functions; the first failure says most. */
static void keep_message(CPLErr class, CPLErrorNum number, const char *message)
{
	struct pp_ogr_source *source = CPLGetErrorHandlerUserData();

	(void)number;
	if (class < CE_Failure || source->failures++ > 0)
		return;
	snprintf(source->message, sizeof(source->message), "%s", message);
	source->message[strcspn(source->message, "\r\n")] = '\0';
}

static void close_source(void *ctx)
{
	struct pp_ogr_source *source = ctx;

	if (source->dataset)
		GDALClose(source->dataset);
	CPLPopErrorHandler();
}

/* Names become paths of GDAL's memory, so only harmless letters stay; the ending keeps its own. */
static const char *memory_path(const struct pp_files_job *job, const struct pp_files_part *part)
{
	struct pp_slice stem = pp_files_stem(job->parts[0].name), ending = part->name;
	char *path;

	for (size_t i = 0; i < part->name.len; i++)
		if (part->name.at[i] == '.')
			ending = pp_slice(part->name.at + i, part->name.len - i);
	if (ending.at == part->name.at && ending.len == part->name.len)
		ending = PP_S(".dat");
	if (stem.len > 60)
		stem.len = 60;
	if (ending.len > 10)
		ending.len = 10;
	path = pp_text(job->arena,
		pp_format(job->arena, "/vsimem/job/%.*s%.*s", PP_SHOW(stem), PP_SHOW(ending)));
	for (char *c = path + strlen("/vsimem/job/"); *c; c++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.",
			    *c))
			*c = '_';
	return path;
}

static bool put_parts(const struct pp_files_job *job, const char **first)
{
	for (size_t i = 0; i < job->part_count; i++) {
		const struct pp_files_part *part = &job->parts[i];
		const char *path = memory_path(job, part);
		VSILFILE *file = VSIFileFromMemBuffer(
			path, (GByte *)(uintptr_t)part->bytes.at, part->bytes.len, FALSE);

		if (!file)
			return false;
		VSIFCloseL(file);
		if (i == 0)
			*first = path;
	}
	return true;
}

bool pp_ogr_open_source(const struct pp_files_job *job, enum pp_files_format format,
	struct pp_ogr_source **out, struct pp_fault *fault)
{
	struct pp_ogr_source *source = PP_NEW(job->arena, struct pp_ogr_source);
	const struct driver *driver = drivers;
	const char *allowed[2] = { NULL, NULL }, *path = NULL;

	while (driver < drivers + PP_LENGTH(drivers) && driver->format != format)
		driver++;
	PP_MUST(driver < drivers + PP_LENGTH(drivers));
	allowed[0] = driver->name;
	CPLPushErrorHandlerEx(keep_message, source);
	pp_own(job->arena, close_source, source);
	if (!put_parts(job, &path))
		return pp_fault(fault, PP_file_unreadable, "The file cannot be held in memory.");
	source->dataset = GDALOpenEx(
		path, GDAL_OF_VECTOR | GDAL_OF_READONLY, allowed, driver->open_options, NULL);
	if (!source->dataset)
		return pp_fault(fault, PP_file_unreadable, "The %s cannot be read%s%.150s.",
			pp_files_format_name(format), source->failures ? ": " : "",
			source->message);
	*out = source;
	return true;
}

static bool is_offered(OGRLayerH layer, enum pp_ogr_need need)
{
	return need == PP_OGR_ANY_LAYER || OGR_L_GetGeomType(layer) != wkbNone;
}

/* Whether the name holds the hint, in any case. */
static bool has_hint(OGRLayerH layer, const char *hint)
{
	return strcasestr(OGR_L_GetName(layer), hint) != NULL;
}

static bool refuse_layers(const struct pp_files_job *job, struct pp_ogr_source *source,
	struct pp_slice wanted, enum pp_ogr_need need, struct pp_fault *fault)
{
	uint32_t offered = 0;

	for (int i = 0; i < GDALDatasetGetLayerCount(source->dataset); i++) {
		OGRLayerH layer = GDALDatasetGetLayer(source->dataset, i);

		if (!is_offered(layer, need))
			continue;
		job->sink->choice(job->sink->ctx,
			&(struct pp_filejob_choice){
				.place = ++offered, .name = pp_slice_of(OGR_L_GetName(layer)) });
	}
	if (offered == 0)
		return pp_fault(
			fault, PP_file_without_plan, "The file has no layer with geometry.");
	if (wanted.len)
		return pp_fault(fault, PP_layer_ambiguous,
			"The file has no layer \"%.*s\"; it has %u others.",
			(int)(wanted.len < 80 ? wanted.len : 80), wanted.at, offered);
	return pp_fault(fault, PP_layer_ambiguous,
		"The file has %u layers; choose one by its name.", offered);
}

bool pp_ogr_choose_layer(const struct pp_files_job *job, struct pp_ogr_source *source,
	struct pp_slice wanted, const char *hint, enum pp_ogr_need need, struct pp_fault *fault)
{
	OGRLayerH only = NULL, hinted = NULL;
	unsigned offered = 0, hints = 0;

	for (int i = 0; i < GDALDatasetGetLayerCount(source->dataset); i++) {
		OGRLayerH layer = GDALDatasetGetLayer(source->dataset, i);

		if (!is_offered(layer, need))
			continue;
		if (wanted.len && !pp_slice_is_nocase(wanted, pp_slice_of(OGR_L_GetName(layer))))
			continue;
		only = layer;
		offered++;
		if (hint && has_hint(layer, hint)) {
			hinted = layer;
			hints++;
		}
	}
	source->layer = offered == 1 ? only : hints == 1 ? hinted : NULL;
	if (!source->layer)
		return refuse_layers(job, source, wanted, need, fault);
	source->layer_name = pp_slice_of(OGR_L_GetName(source->layer));
	return true;
}

int pp_ogr_field(OGRLayerH layer, struct pp_slice names)
{
	OGRFeatureDefnH definition = OGR_L_GetLayerDefn(layer);

	while (names.len) {
		struct pp_slice name = pp_slice_cut(names, '|', &names);

		for (int i = 0; i < OGR_FD_GetFieldCount(definition); i++) {
			OGRFieldDefnH field = OGR_FD_GetFieldDefn(definition, i);

			if (pp_slice_is_nocase(name, pp_slice_of(OGR_Fld_GetNameRef(field))))
				return i;
		}
	}
	return -1;
}

struct pp_slice pp_ogr_text(struct pp_arena *arena, OGRFeatureH feature, int field)
{
	struct pp_slice text;

	if (field < 0 || !OGR_F_IsFieldSetAndNotNull(feature, field))
		return PP_S("");
	text = pp_slice_trim(pp_slice_of(OGR_F_GetFieldAsString(feature, field)));
	/* A wrong code page must not become wrong JSON further on. */
	if (!pp_slice_is_utf8(text)) {
		char *latin = CPLRecode(pp_text(arena, text), "ISO-8859-1", "UTF-8");

		text = pp_copy(arena, pp_slice_of(latin));
		CPLFree(latin);
		return text;
	}
	return pp_copy(arena, text);
}
