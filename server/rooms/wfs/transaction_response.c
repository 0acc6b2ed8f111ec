/* SPDX-License-Identifier: EUPL-1.2 */
/* What a transaction has done (09-025r2 §15.3), and the same for clients of WFS 1.1 (04-094 §11.3)
 * and 1.0 (02-058 §11.3). */
#include "transaction.h"

static const char *const totals[] = { [PP_WFS_INSERT] = "totalInserted",
	[PP_WFS_UPDATE] = "totalUpdated",
	[PP_WFS_REPLACE] = "totalReplaced",
	[PP_WFS_DELETE] = "totalDeleted" };

typedef void teller(struct pp_buf *out, const struct pp_wfs_change *change, struct pp_slice id);

/* Every feature that actions of this kind were done to, in their order. */
static size_t each(
	const struct pp_wfs *wfs, enum pp_wfs_action_kind kind, struct pp_buf *out, teller *tell)
{
	const struct pp_wfs_transaction *t = wfs->transaction;
	size_t count = 0;

	for (size_t r = 0; r < t->run_count; r++)
		for (size_t row = 0; row < t->runs[r].rows->rows; row++) {
			const struct pp_rows *rows = t->runs[r].rows;
			const struct pp_wfs_change *change;
			uint64_t number;

			PP_MUST(pp_slice_u64(pp_cell(rows, row, PP_EDIT_NO), &number) &&
				number < wfs->request->action_count);
			change = &t->changes[number];
			if (change->action->kind != kind)
				continue;
			count++;
			if (tell)
				tell(out, change, pp_cell(rows, row, PP_EDIT_ID));
		}
	return count;
}

static void begin_feature(struct pp_buf *out, const char *name, struct pp_slice handle)
{
	pp_buf_format(out, "<wfs:%s", name);
	if (handle.len) {
		pp_buf_text(out, " handle=\"");
		pp_buf_xml(out, handle);
		pp_buf_text(out, "\"");
	}
}

static void tell_resource(
	struct pp_buf *out, const struct pp_wfs_change *change, struct pp_slice id)
{
	begin_feature(out, "Feature", change->action->handle);
	pp_buf_text(out, "><fes:ResourceId rid=\"");
	pp_feature_gml_id(out, &change->collection->type, id);
	pp_buf_text(out, "\"/></wfs:Feature>\n");
}

static void tell_1_1(struct pp_buf *out, const struct pp_wfs_change *change, struct pp_slice id)
{
	begin_feature(out, "Feature", change->action->handle);
	pp_buf_text(out, "><ogc:FeatureId fid=\"");
	pp_feature_gml_id(out, &change->collection->type, id);
	pp_buf_text(out, "\"/></wfs:Feature>\n");
}

/* GDAL 3.6 writes in the namespace of 1.1, says 2.0.0, and reads the id in the words of 2.0 where
 * it inserts one feature and in those of 1.1 where it inserts several: it gets both. */
static void tell_gdal(struct pp_buf *out, const struct pp_wfs_change *change, struct pp_slice id)
{
	begin_feature(out, "Feature", change->action->handle);
	pp_buf_text(out, "><ogc:FeatureId fid=\"");
	pp_feature_gml_id(out, &change->collection->type, id);
	pp_buf_text(out, "\"/><fes:ResourceId rid=\"");
	pp_feature_gml_id(out, &change->collection->type, id);
	pp_buf_text(out, "\"/></wfs:Feature>\n");
}

static void tell_1_0(struct pp_buf *out, const struct pp_wfs_change *change, struct pp_slice id)
{
	begin_feature(out, "InsertResult", change->action->handle);
	pp_buf_text(out, "><ogc:FeatureId fid=\"");
	pp_feature_gml_id(out, &change->collection->type, id);
	pp_buf_text(out, "\"/></wfs:InsertResult>\n");
}

static void add_results(struct pp_buf *out, const struct pp_wfs *wfs, enum pp_wfs_action_kind kind,
	const char *name, teller *tell)
{
	if (!each(wfs, kind, NULL, NULL))
		return;
	pp_buf_format(out, "<wfs:%s>\n", name);
	each(wfs, kind, out, tell);
	pp_buf_format(out, "</wfs:%s>\n", name);
}

static void add_total(struct pp_buf *out, enum pp_wfs_action_kind kind, size_t count)
{
	pp_buf_format(out, "<wfs:%s>%zu</wfs:%s>", totals[kind], count, totals[kind]);
}

static void add_2_0(struct pp_buf *out, const struct pp_wfs *wfs)
{
	bool is_2_0_2 = pp_slice_is(wfs->request->version, PP_S("2.0.2"));

	pp_buf_format(out,
		"<wfs:TransactionResponse version=\"2.0.%c\" xmlns:wfs=\"" PP_WFS_NAMESPACE
		"\" xmlns:fes=\"http://www.opengis.net/fes/2.0\" "
		"xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation="
		"\"" PP_WFS_NAMESPACE " http://schemas.opengis.net/wfs/2.0/wfs.xsd\">\n"
		"<wfs:TransactionSummary>",
		is_2_0_2 ? '2' : '0');
	for (enum pp_wfs_action_kind kind = PP_WFS_INSERT; kind <= PP_WFS_DELETE; kind++)
		add_total(out, kind, each(wfs, kind, NULL, NULL));
	pp_buf_text(out, "</wfs:TransactionSummary>\n");
	add_results(out, wfs, PP_WFS_INSERT, "InsertResults", tell_resource);
	add_results(out, wfs, PP_WFS_UPDATE, "UpdateResults", tell_resource);
	add_results(out, wfs, PP_WFS_REPLACE, "ReplaceResults", tell_resource);
	pp_buf_text(out, "</wfs:TransactionResponse>\n");
}

/* 1.1 knows no Replace: what was replaced was changed. */
static void add_1_1(struct pp_buf *out, const struct pp_wfs *wfs)
{
	bool is_gdal = pp_slice_starts(wfs->request->version, PP_S("2.0"));

	pp_buf_format(out,
		"<wfs:TransactionResponse version=\"%s\" "
		"xmlns:wfs=\"http://www.opengis.net/wfs\" xmlns:ogc=\"http://www.opengis.net/ogc\" "
		"xmlns:fes=\"http://www.opengis.net/fes/2.0\" "
		"xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation="
		"\"http://www.opengis.net/wfs http://schemas.opengis.net/wfs/1.1.0/wfs.xsd\">\n"
		"<wfs:TransactionSummary>",
		is_gdal ? "2.0.0" : "1.1.0");
	add_total(out, PP_WFS_INSERT, each(wfs, PP_WFS_INSERT, NULL, NULL));
	add_total(out, PP_WFS_UPDATE,
		each(wfs, PP_WFS_UPDATE, NULL, NULL) + each(wfs, PP_WFS_REPLACE, NULL, NULL));
	add_total(out, PP_WFS_DELETE, each(wfs, PP_WFS_DELETE, NULL, NULL));
	pp_buf_text(out, "</wfs:TransactionSummary>\n");
	add_results(out, wfs, PP_WFS_INSERT, "InsertResults", is_gdal ? tell_gdal : tell_1_1);
	pp_buf_text(out, "</wfs:TransactionResponse>\n");
}

static void add_1_0(struct pp_buf *out, const struct pp_wfs *wfs)
{
	pp_buf_text(out,
		"<wfs:WFS_TransactionResponse version=\"1.0.0\" "
		"xmlns:wfs=\"http://www.opengis.net/wfs\" xmlns:ogc=\"http://www.opengis.net/ogc\" "
		"xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation="
		"\"http://www.opengis.net/wfs "
		"http://schemas.opengis.net/wfs/1.0.0/WFS-transaction.xsd\">\n");
	each(wfs, PP_WFS_INSERT, out, tell_1_0);
	pp_buf_text(out,
		"<wfs:TransactionResult><wfs:Status><wfs:SUCCESS/></wfs:Status>"
		"</wfs:TransactionResult>\n</wfs:WFS_TransactionResponse>\n");
}

enum pp_next pp_wfs_transaction_tell(struct pp_req *req, const struct pp_wfs *wfs)
{
	static void (*const dialects[])(struct pp_buf *, const struct pp_wfs *) = {
		[PP_WFS_1_0] = add_1_0, [PP_WFS_1_1] = add_1_1, [PP_WFS_2_0] = add_2_0
	};
	struct pp_buf *out = pp_buf_make(req->arena);

	pp_buf_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	dialects[wfs->request->dialect](out, wfs);
	return pp_reply(req, 200, PP_WFS_XML, pp_buf_all(out));
}
