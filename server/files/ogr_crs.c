/* SPDX-License-Identifier: EUPL-1.2 */
/* The CRS of a layer, and geometries on their way out of GDAL. */
#include <pp/geo/crs.h>
#include <cpl_conv.h>
#include <stdlib.h>

#include "ogr.h"

static void destroy_transformation(void *transformation)
{
	OCTDestroyCoordinateTransformation(transformation);
}

/* The EPSG code that the definition carries or that it is equal to; 0 without. */
static uint32_t find_code(OGRSpatialReferenceH srs)
{
	const char *authority = OSRGetAuthorityName(srs, NULL);
	const char *code = OSRGetAuthorityCode(srs, NULL);
	uint32_t found = 0;
	int count, *confidence = NULL;
	OGRSpatialReferenceH *matches;

	if (authority && code && strcmp(authority, "EPSG") == 0)
		return (uint32_t)strtoul(code, NULL, 10);
	if (authority && code && strcmp(authority, "OGC") == 0 && strcmp(code, "CRS84") == 0)
		return 4326;
	/* A .prj has names but no code; below 90 per cent it is a relative at best. */
	matches = OSRFindMatches(srs, NULL, &count, &confidence);
	if (matches && count > 0 && confidence[0] >= 90) {
		authority = OSRGetAuthorityName(matches[0], NULL);
		code = OSRGetAuthorityCode(matches[0], NULL);
		if (authority && code && strcmp(authority, "EPSG") == 0)
			found = (uint32_t)strtoul(code, NULL, 10);
	}
	OSRFreeSRSArray(matches);
	CPLFree(confidence);
	return found;
}

/* GeoPackage has two rows that say "not known"; engineering CRSs have no place on the Earth. */
static bool is_nowhere(OGRSpatialReferenceH srs)
{
	const char *name = OSRGetName(srs);

	return OSRIsLocal(srs) || !name || strncasecmp(name, "undefined", 9) == 0 ||
		strcasecmp(name, "unknown") == 0 || strcasecmp(name, "unnamed") == 0 ||
		(!OSRIsProjected(srs) && !OSRIsGeographic(srs) && !OSRIsCompound(srs));
}

static bool transform_here(const struct pp_files_job *job, OGRSpatialReferenceH srs,
	struct pp_ogr_crs *crs, struct pp_fault *fault)
{
	OGRSpatialReferenceH utm = OSRNewSpatialReference(NULL);

	PP_MUST(OSRImportFromEPSG(utm, PP_UTM32) == OGRERR_NONE);
	OSRSetAxisMappingStrategy(utm, OAMS_TRADITIONAL_GIS_ORDER);
	crs->to_utm = OCTNewCoordinateTransformation(srs, utm);
	OSRDestroySpatialReference(utm);
	if (!crs->to_utm)
		return pp_fault(fault, PP_crs_unknown,
			"The CRS \"%.*s\" of the file cannot be transformed to EPSG:25832.",
			(int)(crs->name.len < 80 ? crs->name.len : 80), crs->name.at);
	pp_own(job->arena, destroy_transformation, crs->to_utm);
	crs->epsg = PP_UTM32;
	return true;
}

bool pp_ogr_find_crs(const struct pp_files_job *job, struct pp_ogr_source *source,
	struct pp_ogr_crs *crs, struct pp_fault *fault)
{
	OGRSpatialReferenceH srs = OGR_L_GetSpatialRef(source->layer);
	uint32_t code;

	*crs = (struct pp_ogr_crs){ 0 };
	if (!srs || is_nowhere(srs))
		return pp_fault(fault, PP_crs_unknown,
			"The layer \"%.*s\" does not say its CRS; add it to the file (a .prj "
			"beside "
			"a .shp).",
			(int)(source->layer_name.len < 60 ? source->layer_name.len : 60),
			source->layer_name.at);
	OSRSetAxisMappingStrategy(srs, OAMS_TRADITIONAL_GIS_ORDER);
	crs->name = pp_copy(job->arena, pp_slice_of(OSRGetName(srs)));
	crs->units = OSRIsGeographic(srs) ? PP_SHAPE_DEGREES : PP_SHAPE_METRES;
	code = find_code(srs);
	if (code && pp_crs_row((int)code)) {
		crs->epsg = code;
		return true;
	}
	return transform_here(job, srs, crs, fault);
}

bool pp_ogr_write(struct pp_arena *arena, const struct pp_ogr_crs *crs,
	const struct pp_shape *shape, struct pp_slice *wkb, struct pp_fault *fault)
{
	struct pp_buf *buf = pp_buf_make(arena);
	OGRGeometryH geometry = NULL;
	char *out;
	bool done;
	int size;

	pp_shape_write(shape, buf);
	*wkb = pp_buf_all(buf);
	if (!crs->to_utm)
		return true;
	done = OGR_G_CreateFromWkb(buf->at, NULL, &geometry, (int)buf->len) == OGRERR_NONE &&
		OGR_G_Transform(geometry, crs->to_utm) == OGRERR_NONE;
	if (!done) {
		OGR_G_DestroyGeometry(geometry);
		return pp_fault(fault, PP_geometry_out_of_area,
			"The geometry lies outside of where its CRS \"%.*s\" is defined.",
			(int)(crs->name.len < 80 ? crs->name.len : 80), crs->name.at);
	}
	size = OGR_G_WkbSize(geometry);
	out = pp_alloc(arena, (size_t)size);
	OGR_G_ExportToIsoWkb(geometry, wkbNDR, (unsigned char *)out);
	OGR_G_DestroyGeometry(geometry);
	*wkb = pp_slice(out, (size_t)size);
	return true;
}

bool pp_ogr_add(struct pp_arena *arena, OGRGeometryH geometry, struct pp_shape *shape, bool *has_z,
	struct pp_fault *fault)
{
	char *bytes;
	int size;

	if (OGR_G_Is3D(geometry) || OGR_G_IsMeasured(geometry)) {
		*has_z |= OGR_G_Is3D(geometry);
		OGR_G_FlattenTo2D(geometry);
	}
	size = OGR_G_WkbSize(geometry);
	bytes = malloc((size_t)size + 1);
	PP_MUST(bytes);
	pp_own(arena, free, bytes);
	if (OGR_G_ExportToIsoWkb(geometry, wkbNDR, (unsigned char *)bytes) != OGRERR_NONE)
		return pp_fault(fault, PP_geometry_malformed, "A geometry of the file is damaged.");
	return pp_shape_wkb(shape, arena, pp_slice(bytes, (size_t)size), fault);
}

/* Borders that two patches share may differ by rounding; so much area counts as none. */
#define SAME_AREA 1e-6

static bool is_one_surface(OGRGeometryH patches, OGRGeometryH united)
{
	double sum = OGR_G_Area(patches);

	for (int i = 0; i < OGR_G_GetGeometryCount(patches); i++)
		if (!OGR_G_IsValid(OGR_G_GetGeometryRef(patches, i)))
			return false;
	return united && !OGR_G_IsEmpty(united) &&
		sum - OGR_G_Area(united) <= SAME_AREA * sum + SAME_AREA;
}

void pp_ogr_unite(const struct pp_files_job *job, uint32_t place, struct pp_shape *shape)
{
	struct pp_buf *wkb = pp_buf_make(job->arena);
	OGRGeometryH patches = NULL, united = NULL;
	struct pp_shape whole;
	struct pp_fault ignored;
	bool has_z = false;

	pp_shape_write(shape, wkb);
	CPLPushErrorHandler(CPLQuietErrorHandler);
	if (OGR_G_CreateFromWkb(wkb->at, NULL, &patches, (int)wkb->len) == OGRERR_NONE)
		united = OGR_G_UnionCascaded(patches);
	pp_shape_begin(&whole, job->arena, shape->vertices_max);
	if (patches && is_one_surface(patches, united) &&
		pp_ogr_add(job->arena, united, &whole, &has_z, &ignored)) {
		pp_files_warn(job, place,
			"The extent is a surface of %u patches; they were united.",
			shape->polygons);
		whole.joints = shape->joints;
		whole.widest = shape->widest;
		*shape = whole;
	}
	CPLPopErrorHandler();
	OGR_G_DestroyGeometry(united);
	OGR_G_DestroyGeometry(patches);
}
