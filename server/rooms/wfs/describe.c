/* SPDX-License-Identifier: EUPL-1.2 */
/* What features have (09-025r2 §9), and the formats in which they come. */
#include "wfs.h"

/* ---- Formats ---- */

static void gml_feature(
	struct pp_buf *out, const struct pp_feature_view *view, const struct pp_feature_row *row)
{
	if (!view->alone)
		pp_buf_text(out, "\n<wfs:member>");
	pp_feature_gml(out, view, row);
	if (!view->alone)
		pp_buf_text(out, "</wfs:member>");
}

/* Its document is the room's, but for a feature that is alone. */
const struct pp_feature_format pp_wfs_gml = { "gml", PP_WFS_GML, "GML 3.2", "", false,
	pp_feature_gml_begin, gml_feature, pp_feature_gml_end };

static void gml_3_1_feature(
	struct pp_buf *out, const struct pp_feature_view *view, const struct pp_feature_row *row)
{
	pp_buf_text(out, "\n<gml:featureMember>");
	pp_feature_gml(out, view, row);
	pp_buf_text(out, "</gml:featureMember>");
}

const struct pp_feature_format pp_wfs_gml_3_1 = { "gml_3_1", PP_WFS_GML_3_1, "GML 3.1.1", "", false,
	pp_feature_gml_begin, gml_3_1_feature, pp_feature_gml_end };

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

/* Whether that is one of the names of GML and of its schemas, in the version that goes with WFS's.
 */
static bool is_gml(enum pp_wfs_version dialect, struct pp_slice name)
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

	if (is_gml(dialect, name))
		return dialect == PP_WFS_2_0 ? &pp_wfs_gml : &pp_wfs_gml_3_1;
	if (is_like(name, "application/json") || is_like(name, "geojson"))
		return &pp_feature_formats[PP_FORMAT_GEOJSON];
	for (size_t i = 0; i < PP_FEATURE_FORMATS; i++) {
		const struct pp_feature_format *format = &pp_feature_formats[i];
		struct pp_slice bare = pp_slice_cut(pp_slice_of(format->media_type), ';', &rest);

		if (i == PP_FORMAT_GML)
			continue;
		if (is_like(name, format->name) || is_like(name, format->media_type) ||
			pp_slice_is_nocase(pp_slice_trim(pp_slice_cut(name, ';', &rest)), bare))
			return format;
	}
	pp_wfs_fault(fault, PP_invalid_parameter, "outputFormat",
		"the capabilities do not name this format");
	return NULL;
}

/* ---- DescribeFeatureType ---- */

enum pp_next pp_wfs_describe(struct pp_req *req, struct pp_wfs *wfs)
{
	const struct pp_wfs_request *request = wfs->request;
	struct pp_buf *out = pp_buf_make(req->arena);
	enum pp_feature_gml gml = request->dialect == PP_WFS_2_0 ? PP_GML_3_2 : PP_GML_3_1;
	bool wanted[PP_COLLECTIONS] = { false };
	struct pp_fault fault;

	if (!is_gml(request->dialect, request->output_format) &&
		!pp_slice_is_nocase(request->output_format, PP_S("XMLSCHEMA"))) {
		pp_wfs_fault(&fault, PP_invalid_parameter, "outputFormat",
			"the capabilities do not name this format");
		return pp_refuse_fault(req, &fault);
	}
	for (size_t i = 0; i < request->type_count; i++) {
		const struct pp_collection *collection;

		if (!pp_wfs_type(request->types[i], &collection, &fault))
			return pp_refuse_fault(req, &fault);
		if (!pp_collection_opens(req, collection))
			return PP_DONE;
		wanted[collection - pp_collections] = true;
	}
	pp_feature_xsd_begin(out, gml);
	for (size_t i = 0; i < PP_COLLECTIONS; i++)
		if (wanted[i] ||
			(!request->type_count && pp_collection_shows(req, &pp_collections[i])))
			pp_feature_xsd(out, gml, &pp_collections[i].type, req->english);
	pp_feature_xsd_end(out);
	return pp_reply_tagged(
		req, gml == PP_GML_3_2 ? PP_WFS_XML : PP_WFS_GML_3_1, pp_buf_all(out));
}
