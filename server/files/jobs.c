/* SPDX-License-Identifier: EUPL-1.2 */
/* The three jobs: from a file to whoever reads its format. */
#include <pp/geo/crs.h>

#include "ogr.h"
#include "xplan.h"

/* Whether GDAL reads it here; the rest is refused by name. */
static bool is_gis(enum pp_files_format format)
{
	return format == PP_FILES_GEOPACKAGE || format == PP_FILES_FLATGEOBUF ||
		format == PP_FILES_SHAPE || format == PP_FILES_GEOJSON || format == PP_FILES_XML;
}

static bool check_format(struct pp_slice media_type, enum pp_files_format sent,
	enum pp_files_format format, struct pp_fault *fault)
{
	if (!is_gis(format))
		return pp_fault(fault, PP_unsupported_media_type,
			"This is none of the formats that are read: XPlanGML, GML, GeoJSON, "
			"GeoPackage, FlatGeobuf, Shapefile (zipped), each also as .gz.");
	if (!pp_files_media_type_fits(media_type, sent) &&
		!pp_files_media_type_fits(media_type, format))
		return pp_fault(fault, PP_unsupported_media_type,
			"The file was sent as %.*s but is a %s.",
			(int)(media_type.len < 80 ? media_type.len : 80), media_type.at,
			pp_files_format_name(sent));
	return true;
}

bool pp_files_read_plans(const struct pp_files_job *given, const struct pp_filejob_plans *plans,
	struct pp_fault *fault)
{
	struct pp_files_job job = *given;
	struct pp_filejob_plans ask = *plans;
	enum pp_files_format sent = pp_files_sniff(job.parts[0].bytes), format;
	bool is_xplan;

	if (!pp_files_unpack(&job, &ask.layer, &format, fault) ||
		!check_format(ask.media_type, sent, format, fault))
		return false;
	if (format == PP_FILES_XML) {
		/* Plain GML passes the same checks on its way to GDAL. */
		if (!pp_xplan_read(&job, job.parts[0].bytes, &ask, &is_xplan, fault))
			return false;
		if (is_xplan)
			return true;
	}
	return pp_ogr_read_plans(&job, format, &ask, fault);
}

bool pp_files_screen_xml(const struct pp_files_job *job, struct pp_fault *fault)
{
	struct pp_xml xml;

	if (!pp_xml_open(&xml, job->arena, job->parts[0].bytes, fault))
		return false;
	while (pp_xml_next(&xml))
		continue;
	return !xml.failed;
}

/* A place in the CRS of a file, as far as it can be told. */
void pp_files_place(
	const struct pp_files_job *job, struct pp_fault *fault, uint32_t epsg, double x, double y)
{
	struct pp_fault ignored;
	struct pp_slice out;
	struct pp_buf *wkb;
	double *xy[2] = { &fault->x, &fault->y };
	struct pp_scan scan;

	if (!epsg)
		return;
	pp_crs_place(fault, (int)epsg, PP_AXES_EAST_NORTH, x, y);
	if (fault->has_place || !job->geo)
		return;
	wkb = pp_buf_make(job->arena);
	pp_buf_u8(wkb, 1);
	pp_buf_u32(wkb, 1);
	pp_buf_f64(wkb, x);
	pp_buf_f64(wkb, y);
	if (!pp_crs_read(job->geo, job->arena, (int)epsg, PP_AXES_EAST_NORTH, pp_buf_all(wkb), &out,
		    &ignored))
		return;
	pp_scan_begin(&scan, pp_slice(out.at + 5, out.len - 5));
	for (size_t i = 0; i < 2; i++)
		*xy[i] = pp_scan_f64(&scan);
	fault->has_place = !scan.failed;
	pp_utm32_write(fault->x, fault->y, &fault->lon, &fault->lat);
}
