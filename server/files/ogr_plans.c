/* SPDX-License-Identifier: EUPL-1.2 */
/* Plans of a GIS file: a layer is one plan, or each of its features is one. */
#include <pp/fmt/geojson.h>
#include <pp/geo/crs.h>

#include "ogr.h"
#include "select.h"

/* Where a feature says its name; the first field that there is. */
#define NAME_FIELDS "plan_name|planname|name|titel|title|bezeichnung|nummer|plan_nr|nep_id"

struct reading {
	const struct pp_files_job *job;
	struct pp_ogr_source *source;
	struct pp_ogr_crs crs;
	int name_field;
	bool has_z;
	uint32_t empty; /* features without geometry */
};

static bool tell(struct reading *reading, uint32_t place, struct pp_slice name,
	const struct pp_shape *shape, struct pp_fault *fault)
{
	const struct pp_files_job *job = reading->job;
	struct pp_filejob_plan plan = { .place = place,
		.name = name,
		.object = reading->source->layer_name,
		.epsg = reading->crs.epsg,
		.vertices = shape->vertices };

	if (pp_shape_is_empty(shape))
		return pp_fault(fault, PP_geometry_empty, "\"%.*s\" has no geometry.",
			(int)(name.len < 80 ? name.len : 80), name.at);
	if (!pp_ogr_write(job->arena, &reading->crs, shape, &plan.wkb, fault))
		return false;
	if (reading->crs.to_utm)
		pp_files_warn(job, place, "The geometry was transformed from \"%.*s\".",
			PP_SHOW(reading->crs.name));
	if (shape->joints)
		pp_files_warn(job, place,
			"%u ends of curves or rings meet only within %.9f units of the CRS; they "
			"were joined.",
			shape->joints, shape->widest);
	job->sink->plan(job->sink->ctx, &plan);
	return true;
}

static bool add_feature(struct reading *reading, OGRFeatureH feature, struct pp_shape *shape,
	struct pp_fault *fault)
{
	OGRGeometryH geometry = OGR_F_GetGeometryRef(feature);

	if (!geometry || OGR_G_IsEmpty(geometry)) {
		reading->empty++;
		return true;
	}
	if (pp_ogr_add(reading->job->arena, geometry, shape, &reading->has_z, fault))
		return true;
	if (shape->has_place && !reading->crs.to_utm)
		pp_files_place(reading->job, fault, reading->crs.epsg, shape->x, shape->y);
	return false;
}

/* GDAL ends a layer at a damaged feature as if it were the last. */
static bool check_end(const struct reading *reading, struct pp_fault *fault)
{
	const char *message = reading->source->message;

	if (!reading->source->failures)
		return true;
	/* The GeoJSON driver looks the CRS up here, and would go on as if none were named. */
	if (strncmp(message, "PROJ:", 5) == 0)
		return pp_fault(fault, PP_crs_unknown,
			"The CRS that the file names is not known (%.150s).", message);
	return pp_fault(
		fault, PP_file_unreadable, "The layer cannot be read to its end: %.150s.", message);
}

static void begin(struct reading *reading, struct pp_shape *shape)
{
	pp_shape_begin(shape, reading->job->arena, PP_FILEJOB_VERTICES_MAX);
	pp_shape_measure(shape, reading->crs.units);
}

static bool read_whole(struct reading *reading, struct pp_fault *fault)
{
	struct pp_shape shape;
	OGRFeatureH feature;
	uint32_t count = 0;
	bool done = true;

	begin(reading, &shape);
	OGR_L_ResetReading(reading->source->layer);
	while (done && (feature = OGR_L_GetNextFeature(reading->source->layer))) {
		done = add_feature(reading, feature, &shape, fault);
		OGR_F_Destroy(feature);
		count++;
	}
	if (!done || !check_end(reading, fault))
		return false;
	if (count > 1)
		pp_files_warn(reading->job, 0,
			"%u features were taken together as one plan; plan N takes one of them.",
			count);
	return tell(reading, 0, reading->source->layer_name, &shape, fault);
}

/* Names of all features, then the chosen ones in a second walk. */
static bool list_features(struct reading *reading, struct pp_files_candidate **out, size_t *count,
	struct pp_fault *fault)
{
	struct pp_files_candidate *all = PP_NEW_ARRAY(
		reading->job->arena, struct pp_files_candidate, PP_FILEJOB_PLANS_MAX);
	OGRFeatureH feature;
	uint32_t n = 0;

	OGR_L_ResetReading(reading->source->layer);
	while ((feature = OGR_L_GetNextFeature(reading->source->layer))) {
		if (n < PP_FILEJOB_PLANS_MAX)
			all[n].choice = (struct pp_filejob_choice){ .place = n + 1,
				.name = pp_ogr_text(
					reading->job->arena, feature, reading->name_field),
				.object = reading->source->layer_name };
		OGR_F_Destroy(feature);
		if (++n > PP_FILEJOB_PLANS_MAX)
			return pp_fault(fault, PP_plan_ambiguous,
				"The layer has more than %u features; name no plan to take them "
				"together.",
				PP_FILEJOB_PLANS_MAX);
	}
	*out = all;
	*count = n;
	return check_end(reading, fault);
}

static bool read_features(struct reading *reading, struct pp_slice wanted, struct pp_fault *fault)
{
	struct pp_files_candidate *all = NULL;
	OGRFeatureH feature;
	size_t count = 0, i = 0;
	bool done = true;

	if (!list_features(reading, &all, &count, fault) ||
		!pp_files_select(reading->job, wanted, all, count, fault))
		return false;
	OGR_L_ResetReading(reading->source->layer);
	for (; done && i < count && (feature = OGR_L_GetNextFeature(reading->source->layer)); i++) {
		const struct pp_filejob_choice *choice = &all[i].choice;
		struct pp_shape shape;

		if (all[i].is_chosen) {
			begin(reading, &shape);
			done = add_feature(reading, feature, &shape, fault) &&
				tell(reading, choice->place,
					choice->name.len ? choice->name
							 : reading->source->layer_name,
					&shape, fault);
		}
		OGR_F_Destroy(feature);
	}
	return done;
}

/* Of GeoJSON that is none GDAL says only that it cannot be read; our own reader says why, and
 * where. */
static bool tell_why(
	const struct pp_files_job *job, enum pp_files_format format, struct pp_fault *fault)
{
	struct pp_geojson read = { 0 };
	struct pp_fault why;

	if (format != PP_FILES_GEOJSON ||
		pp_geojson_read(
			job->arena, job->parts[0].bytes, PP_FILEJOB_VERTICES_MAX, &read, &why) ||
		why.problem == PP_malformed_json || why.problem == PP_plan_ambiguous)
		return false;
	if (read.has_position)
		pp_files_place(job, &why,
			(uint32_t)(read.crs.len ? pp_crs_named(read.crs) : PP_CRS84), read.x,
			read.y);
	*fault = why;
	return false;
}

bool pp_ogr_read_plans(const struct pp_files_job *job, enum pp_files_format format,
	const struct pp_filejob_plans *ask, struct pp_fault *fault)
{
	struct reading reading = { .job = job };
	bool done;

	if (!pp_ogr_open_source(job, format, &reading.source, fault))
		return tell_why(job, format, fault);
	if (!pp_ogr_choose_layer(job, reading.source, ask->layer, NULL, PP_OGR_GEOMETRY, fault) ||
		!pp_ogr_find_crs(job, reading.source, &reading.crs, fault))
		return false;
	reading.name_field = pp_ogr_field(reading.source->layer, PP_S(NAME_FIELDS));
	done = ask->plan.len ? read_features(&reading, ask->plan, fault)
			     : read_whole(&reading, fault);
	if (done && reading.has_z)
		pp_files_warn(job, 0, "Heights were left out.");
	if (done && reading.empty)
		pp_files_warn(job, 0, "%u features have no geometry.", reading.empty);
	return done;
}
