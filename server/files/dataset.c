/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * From what was sent to one data set: a zip can hold a Shapefile of five files, an XPlanArchive
 * (xplan.gml and documents), or all levels of VG250 in a folder each.
 */
#include "files.h"

static struct pp_slice without_ending(struct pp_slice name)
{
	for (size_t i = name.len; i-- > 0;) {
		if (name.at[i] == '/')
			break;
		if (name.at[i] == '.')
			return pp_slice(name.at, i);
	}
	return name;
}

static bool has_ending(struct pp_slice name, const char *ending)
{
	struct pp_slice last = pp_slice_of(ending);

	return name.len > last.len &&
		pp_slice_is_nocase(pp_slice(name.at + name.len - last.len, last.len), last);
}

/* Files that only belong to another one of their name. */
static bool is_companion(struct pp_slice name)
{
	return has_ending(name, ".shx") || has_ending(name, ".dbf") || has_ending(name, ".prj") ||
		has_ending(name, ".cpg");
}

/* Metadata: the .shp.xml of ESRI's programs. */
static bool is_metadata(struct pp_slice name)
{
	return has_ending(name, ".shp.xml") || has_ending(name, ".gml.xml");
}

static bool is_dataset(struct pp_slice name)
{
	return !is_companion(name) && !is_metadata(name);
}

/* The one with the wanted name, or the only one; a data set named xplan is the plan of an archive.
 */
static struct pp_files_part *choose(
	const struct pp_files_part *parts, size_t count, struct pp_slice wanted)
{
	const struct pp_files_part *only = NULL, *xplan = NULL;
	size_t found = 0;

	for (size_t i = 0; i < count; i++) {
		struct pp_slice stem = pp_files_stem(parts[i].name);

		if (!is_dataset(parts[i].name) || (wanted.len && !pp_slice_is_nocase(stem, wanted)))
			continue;
		found++;
		only = &parts[i];
		if (pp_slice_is_nocase(stem, PP_S("xplan")) && has_ending(parts[i].name, ".gml"))
			xplan = &parts[i];
	}
	return (struct pp_files_part *)(uintptr_t)(found == 1 ? only : xplan);
}

static bool refuse(const struct pp_files_job *job, const struct pp_files_part *parts, size_t count,
	struct pp_slice wanted, struct pp_fault *fault)
{
	uint32_t found = 0;

	for (size_t i = 0; i < count; i++)
		if (is_dataset(parts[i].name))
			job->sink->choice(job->sink->ctx,
				&(struct pp_filejob_choice){
					.place = ++found, .name = pp_files_stem(parts[i].name) });
	if (found == 0)
		return pp_fault(fault, PP_file_without_plan,
			"The zip holds no file of a kind that is read here (shp, gml, gpkg, "
			"geojson, fgb).");
	if (wanted.len)
		return pp_fault(fault, PP_layer_ambiguous,
			"The zip holds no layer \"%.*s\"; it holds %u others.",
			(int)(wanted.len < 80 ? wanted.len : 80), wanted.at, found);
	return pp_fault(fault, PP_layer_ambiguous,
		"The zip holds %u data sets; choose one as layer by its name.", found);
}

/* The data set first, then its companions: all files of the same folder and name. */
static void take(struct pp_files_job *job, const struct pp_files_part *chosen,
	const struct pp_files_part *parts, size_t count)
{
	struct pp_slice stem = without_ending(chosen->name);

	job->parts = PP_NEW_ARRAY(job->arena, struct pp_files_part, count);
	job->parts[0] = *chosen;
	job->part_count = 1;
	for (size_t i = 0; i < count; i++)
		if (&parts[i] != chosen && is_companion(parts[i].name) &&
			pp_slice_is_nocase(without_ending(parts[i].name), stem))
			job->parts[job->part_count++] = parts[i];
}

static bool open_zip(struct pp_files_job *job, struct pp_slice *layer, struct pp_fault *fault)
{
	struct pp_files_part *parts, *chosen;
	size_t count;

	if (!pp_files_unzip(
		    job->arena, job->parts[0].bytes, job->unpacked_max, &parts, &count, fault))
		return false;
	/* A layer can be a file of the zip, or a layer of the only file in it. */
	chosen = choose(parts, count, *layer);
	if (chosen)
		*layer = PP_S("");
	else
		chosen = choose(parts, count, PP_S(""));
	if (!chosen)
		return refuse(job, parts, count, *layer, fault);
	take(job, chosen, parts, count);
	return true;
}

bool pp_files_unpack(struct pp_files_job *job, struct pp_slice *layer, enum pp_files_format *format,
	struct pp_fault *fault)
{
	struct pp_files_part *file = &job->parts[0];

	*format = pp_files_sniff(file->bytes);
	if (*format == PP_FILES_GZIP) {
		if (!pp_files_gunzip(
			    job->arena, file->bytes, job->unpacked_max, &file->bytes, fault))
			return false;
		*format = pp_files_sniff(file->bytes);
		if (*format == PP_FILES_GZIP || *format == PP_FILES_ZIP)
			return pp_fault(fault, PP_file_unreadable,
				"The file is compressed twice; compress it once.");
	}
	if (*format == PP_FILES_ZIP) {
		if (!open_zip(job, layer, fault))
			return false;
		*format = pp_files_sniff(job->parts[0].bytes);
		if (*format == PP_FILES_GZIP || *format == PP_FILES_ZIP)
			return pp_fault(fault, PP_file_unreadable,
				"The zip holds a compressed file; compress once.");
	}
	return true;
}
