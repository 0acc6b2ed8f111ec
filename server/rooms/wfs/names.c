/* SPDX-License-Identifier: EUPL-1.2 */
/* How clients name feature types, CRSs and formats, in every spelling that is around. */
#include "wfs.h"

/* What means by custom that east or longitude comes first (04-094 has nothing on it). */
#define EAST_FIRST "http://www.opengis.net/gml/srs/epsg.xml#"

enum pp_wfs_version pp_wfs_dialect(struct pp_slice version)
{
	return pp_slice_starts(version, PP_S("1.1"))    ? PP_WFS_1_1
		: pp_slice_starts(version, PP_S("1.0")) ? PP_WFS_1_0
							: PP_WFS_2_0;
}

/* ---- Feature types and CRSs ---- */

bool pp_wfs_type(
	struct pp_slice name, const struct pp_collection **collection, struct pp_fault *fault)
{
	*collection = pp_collection_named(name);
	return *collection ||
		pp_wfs_fault(fault, PP_invalid_parameter, "typeNames",
			"there is no feature type %.*s", (int)(name.len < 60 ? name.len : 60),
			name.at);
}

bool pp_wfs_crs(enum pp_wfs_version dialect, struct pp_slice name, int *crs, enum pp_axes *axes,
	struct pp_fault *fault)
{
	bool is_short = (name.len > 5 && pp_slice_is_nocase(pp_slice(name.at, 5), PP_S("EPSG:"))) ||
		pp_slice_starts(name, PP_S(EAST_FIRST));

	*crs = name.len ? pp_crs_offered(name) : PP_UTM32;
	*axes = dialect != PP_WFS_2_0 && is_short ? PP_AXES_EAST_NORTH : PP_AXES_AUTHORITY;
	return *crs ||
		pp_wfs_fault(fault, PP_invalid_parameter, "srsName",
			"the capabilities do not name this CRS");
}

struct pp_slice pp_wfs_srs(struct pp_arena *arena, enum pp_wfs_version dialect, int crs,
	enum pp_axes axes, struct pp_slice asked)
{
	if (dialect != PP_WFS_2_0 && axes == PP_AXES_EAST_NORTH && crs != PP_CRS84)
		return pp_format(arena, EAST_FIRST "%d", crs);
	if (pp_slice_starts(asked, PP_S("http://www.opengis.net/def/crs/")))
		return pp_crs_uri(arena, crs);
	return pp_crs_urn(arena, crs);
}

/* ---- Formats ---- */

/* Equal but for case and blanks; a plus sign that was not escaped has become one. */
static bool is_like(struct pp_slice said, const char *name)
{
	size_t i = 0;

	for (; *name; name++) {
		if (*name == ' ' || *name == '+')
			continue;
		while (i < said.len && (said.at[i] == ' ' || said.at[i] == '+'))
			i++;
		if (i == said.len ||
			!pp_slice_is_nocase(pp_slice(said.at + i, 1), pp_slice(name, 1)))
			return false;
		i++;
	}
	return i == said.len;
}

bool pp_wfs_is_gml_named(enum pp_wfs_version dialect, struct pp_slice name)
{
	static const char *const names[] = { PP_WFS_GML, "application/gml+xml",
		"text/xml; subtype=gml/3.2", "text/xml; subtype=gml/3.2.1",
		"text/xml; subtype=\"gml/3.2\"", "text/xml; subtype=\"gml/3.2.1\"", "text/xml",
		PP_WFS_XML, "gml32", "gml", NULL };
	static const char *const older[] = { PP_WFS_GML_3_1, "text/xml; subtype=\"gml/3.1.1\"",
		"text/xml; subtype=gml/3.1.1/profiles/gmlsf/1.0.0/0",
		"application/gml+xml; version=3.1", "text/xml", PP_WFS_XML, "gml3", "gml", NULL };
	const char *const *all = dialect == PP_WFS_2_0 ? names : older;

	for (size_t i = 0; all[i]; i++)
		if (is_like(name, all[i]))
			return true;
	return !name.len;
}

const struct pp_feature_format *pp_wfs_format(
	enum pp_wfs_version dialect, struct pp_slice name, struct pp_fault *fault)
{
	struct pp_slice rest;

	if (pp_wfs_is_gml_named(dialect, name))
		return dialect == PP_WFS_2_0 ? &pp_wfs_gml : &pp_wfs_gml_3_1;
	if (is_like(name, "application/json") || is_like(name, "geojson"))
		return &pp_feature_formats[PP_FORMAT_GEOJSON];
	for (size_t i = 0; i < PP_FEATURE_FORMATS; i++) {
		const struct pp_feature_format *format = &pp_feature_formats[i];
		struct pp_slice bare = pp_slice_cut(pp_slice_of(format->media_type), ';', &rest);

		if (i == PP_FORMAT_GML || format->is_page)
			continue;
		if (is_like(name, format->name) || is_like(name, format->media_type) ||
			pp_slice_is_nocase(pp_slice_trim(pp_slice_cut(name, ';', &rest)), bare))
			return format;
	}
	pp_wfs_fault(fault, PP_invalid_parameter, "outputFormat",
		"the capabilities do not name this format");
	return NULL;
}
