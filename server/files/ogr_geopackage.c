/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A GeoPackage (OGC 12-128) of features that come as FlatGeobuf. GDAL writes it by way of a file
 * system of ours whose only file is the descriptor that came with the job: so the sandbox lets no
 * file be opened for it, and memory holds no more of it than SQLite's cache does.
 */
#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ogr.h"

#define FOLDER "/vsiresult/"
#define NAME   "features.gpkg"

/* ---- The one file ---- */

struct result {
	int fd;
	uint64_t most;
	bool is_made, is_full;
};

struct handle {
	struct result *result;
	vsi_l_offset at;
	bool ended;
};

static int result_stat(void *user, const char *name, VSIStatBufL *about, int flags)
{
	const struct result *result = user;
	struct stat is;

	(void)flags;
	if (!result->is_made || strcmp(name, NAME) != 0 || fstat(result->fd, &is) != 0)
		return -1;
	memset(about, 0, sizeof(*about));
	about->st_mode = S_IFREG;
	about->st_size = is.st_size;
	return 0;
}

/* SQLite looks for journals, which there are none of. */
static void *result_open(void *user, const char *name, const char *access)
{
	struct result *result = user;
	struct handle *handle;

	if (strcmp(name, NAME) != 0 || (!result->is_made && *access != 'w'))
		return NULL;
	result->is_made = true;
	handle = CPLCalloc(1, sizeof(*handle));
	handle->result = result;
	return handle;
}

static vsi_l_offset result_tell(void *file)
{
	return ((struct handle *)file)->at;
}

static int result_seek(void *file, vsi_l_offset offset, int whence)
{
	struct handle *handle = file;
	struct stat is;

	if (whence == SEEK_CUR)
		offset += handle->at;
	if (whence == SEEK_END) {
		if (fstat(handle->result->fd, &is) != 0)
			return -1;
		offset += (vsi_l_offset)is.st_size;
	}
	handle->at = offset;
	handle->ended = false;
	return 0;
}

static bool go_there(const struct handle *handle)
{
	return lseek(handle->result->fd, (off_t)handle->at, SEEK_SET) == (off_t)handle->at;
}

static size_t result_read(void *file, void *bytes, size_t size, size_t count)
{
	struct handle *handle = file;
	size_t done = 0;

	if (!size || !go_there(handle))
		return 0;
	while (done < size * count) {
		ssize_t got = read(handle->result->fd, (char *)bytes + done, size * count - done);

		if (got <= 0)
			break;
		done += (size_t)got;
	}
	handle->at += done;
	handle->ended = done < size * count;
	return done / size;
}

static int result_eof(void *file)
{
	return ((struct handle *)file)->ended;
}

static size_t result_write(void *file, const void *bytes, size_t size, size_t count)
{
	struct handle *handle = file;
	struct result *result = handle->result;
	size_t done = 0;

	result->is_full = result->is_full || handle->at + size * count > result->most;
	if (!size || result->is_full || !go_there(handle))
		return 0;
	while (done < size * count) {
		ssize_t put = write(result->fd, (const char *)bytes + done, size * count - done);

		if (put <= 0)
			break;
		done += (size_t)put;
	}
	handle->at += done;
	return done / size;
}

static int result_close(void *file)
{
	CPLFree(file);
	return 0;
}

/* Once in the life of the process, as there is one job. */
static void mount_result(struct result *result)
{
	VSIFilesystemPluginCallbacksStruct *calls = VSIAllocFilesystemPluginCallbacksStruct();

	calls->pUserData = result;
	calls->stat = result_stat;
	calls->open = result_open;
	calls->tell = result_tell;
	calls->seek = result_seek;
	calls->read = result_read;
	calls->eof = result_eof;
	calls->write = result_write;
	calls->close = result_close;
	PP_MUST(VSIInstallPluginHandler(FOLDER, calls) == 0);
	VSIFreeFilesystemPluginCallbacksStruct(calls);
}

/* ---- What it has ---- */

static bool is_day(const struct pp_filejob_geopackage *ask, const char *name)
{
	for (size_t i = 0; i < ask->days.count; i++)
		if (pp_slice_is(ask->days.at[i], pp_slice_of(name)))
			return true;
	return false;
}

/* FlatGeobuf has no days, only instants; here they are days again. */
static bool add_field(OGRLayerH layer, OGRFieldDefnH from, const struct pp_filejob_geopackage *ask)
{
	const char *name = OGR_Fld_GetNameRef(from);
	OGRFieldDefnH field = OGR_Fld_Create(
		name, is_day(ask, name) ? OFTDate : OGR_Fld_GetType(from));
	bool made;

	OGR_Fld_SetSubType(field, OGR_Fld_GetSubType(from));
	OGR_Fld_SetNullable(field, OGR_Fld_IsNullable(from));
	OGR_Fld_SetUnique(field, OGR_Fld_IsUnique(from));
	OGR_Fld_SetAlternativeName(field, OGR_Fld_GetAlternativeNameRef(from));
	made = OGR_L_CreateField(layer, field, FALSE) == OGRERR_NONE;
	OGR_Fld_Destroy(field);
	return made;
}

static OGRLayerH make_layer(const struct pp_files_job *job, GDALDatasetH dataset, OGRLayerH from,
	const struct pp_filejob_geopackage *ask)
{
	const char *options[] = {
		pp_text(job->arena, pp_format(job->arena, "IDENTIFIER=%.*s", PP_SHOW(ask->title))),
		pp_text(job->arena, pp_format(job->arena, "DESCRIPTION=%.*s", PP_SHOW(ask->about))),
		"GEOMETRY_NAME=geometry",
		NULL,
	};
	OGRFeatureDefnH has = OGR_L_GetLayerDefn(from);
	OGRLayerH layer = GDALDatasetCreateLayer(dataset, pp_text(job->arena, ask->layer),
		OGR_L_GetSpatialRef(from), ask->has_geometry ? OGR_L_GetGeomType(from) : wkbNone,
		(char **)(uintptr_t)options);

	for (int i = 0; layer && i < OGR_FD_GetFieldCount(has); i++)
		if (!add_field(layer, OGR_FD_GetFieldDefn(has, i), ask))
			return NULL;
	return layer;
}

/* One feature at a time; how many, to whoever has counted them before. */
static bool copy_features(const struct pp_files_job *job, OGRLayerH from, OGRLayerH to)
{
	int fields = OGR_FD_GetFieldCount(OGR_L_GetLayerDefn(from));
	int *map = PP_NEW_ARRAY(job->arena, int, (size_t)fields + 1);
	uint32_t count = 0;
	OGRFeatureH feature;

	for (int i = 0; i < fields; i++)
		map[i] = i;
	while ((feature = OGR_L_GetNextFeature(from))) {
		OGRFeatureH copy = OGR_F_Create(OGR_L_GetLayerDefn(to));
		bool done = OGR_F_SetFromWithMap(copy, feature, TRUE, map) == OGRERR_NONE &&
			OGR_L_CreateFeature(to, copy) == OGRERR_NONE;

		OGR_F_Destroy(copy);
		OGR_F_Destroy(feature);
		if (!done)
			return false;
		count++;
	}
	job->sink->count(job->sink->ctx, count);
	return true;
}

static bool refuse(
	const struct result *result, const struct pp_ogr_source *source, struct pp_fault *fault)
{
	if (result->is_full)
		return pp_fault(fault, PP_body_too_large,
			"The GeoPackage would have more than %llu MB.",
			(unsigned long long)(result->most >> 20));
	return pp_fault(fault, PP_file_unreadable, "The GeoPackage cannot be written%s%.150s.",
		source->failures ? ": " : "", source->message);
}

bool pp_ogr_write_geopackage(const struct pp_files_job *job,
	const struct pp_filejob_geopackage *ask, struct pp_fault *fault)
{
	struct result *result = PP_NEW(job->arena, struct result);
	struct pp_ogr_source *source;
	GDALDatasetH dataset;
	OGRLayerH layer;
	bool done;

	*result = (struct result){ .fd = job->result, .most = (uint64_t)ask->most_mb << 20 };
	if (!pp_ogr_open_source(job, PP_FILES_FLATGEOBUF, &source, fault) ||
		!pp_ogr_choose_layer(job, source, PP_S(""), NULL, PP_OGR_ANY_LAYER, fault))
		return false;
	mount_result(result);
	/* A file that is not complete is nobody's, so there is nothing to roll back to. */
	CPLSetConfigOption("OGR_SQLITE_JOURNAL", "OFF");
	CPLSetConfigOption("OGR_SQLITE_SYNCHRONOUS", "OFF");
	/* The same features at the same time are the same bytes. */
	CPLSetConfigOption("OGR_CURRENT_DATE", pp_text(job->arena, ask->made_at));
	dataset = GDALCreate(GDALGetDriverByName("GPKG"), FOLDER NAME, 0, 0, 0, GDT_Unknown, NULL);
	if (!dataset)
		return refuse(result, source, fault);
	layer = make_layer(job, dataset, source->layer, ask);
	done = layer && GDALDatasetStartTransaction(dataset, FALSE) == OGRERR_NONE &&
		copy_features(job, source->layer, layer) &&
		GDALDatasetCommitTransaction(dataset) == OGRERR_NONE;
	/* What is written at the end, the index of places, may fail as well. */
	GDALClose(dataset);
	return (done && !source->failures && !result->is_full) || refuse(result, source, fault);
}
