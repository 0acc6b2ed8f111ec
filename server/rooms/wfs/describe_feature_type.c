/* SPDX-License-Identifier: EUPL-1.2 */
/* DescribeFeatureType (09-025r2 §9): what features have. */
#include "wfs.h"

enum pp_next pp_wfs_describe_feature_type(struct pp_req *req, struct pp_wfs *wfs)
{
	const struct pp_wfs_request *request = wfs->request;
	struct pp_buf *out = pp_buf_make(req->arena);
	enum pp_feature_gml gml = request->dialect == PP_WFS_2_0 ? PP_GML_3_2 : PP_GML_3_1;
	bool wanted[PP_COLLECTIONS] = { false };
	struct pp_fault fault;

	if (!pp_wfs_is_gml_named(request->dialect, request->output_format) &&
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
