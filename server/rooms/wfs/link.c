/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Links between pages (09-025r2 §7.7.4.4.1). `next` goes on behind the last feature, in the state
 * that the first page has seen, so no page costs more than the one before, and a traversal misses
 * nothing and has nothing twice, whatever changes meanwhile (PagingIsTransactionSafe). `previous`
 * counts from the beginning, in the same state.
 */
#include "wfs.h"

/* What a client's next request line has room for (PP_HTTP_LINE_BYTES): method, version and host
 * beside it. */
enum { ADDRESS_MOST = PP_HTTP_LINE_BYTES - 32 };

static bool is_replaced(struct pp_slice name)
{
	static const char *const replaced[] = { "CURSOR", "SNAPSHOT", "STARTINDEX", "RESULTTYPE" };

	for (size_t i = 0; i < PP_LENGTH(replaced); i++)
		if (pp_slice_is_nocase(name, pp_slice_of(replaced[i])))
			return true;
	return false;
}

/* The request without what the link says otherwise. */
static void add_request(
	struct pp_req *req, const struct pp_wfs *wfs, bool is_packed, struct pp_buf *out)
{
	struct pp_slice rest = req->exchange->query;
	struct pp_buf *form;

	while (rest.len) {
		struct pp_slice value, pair = pp_slice_cut(rest, '&', &rest);

		if (pair.len && !is_replaced(pp_slice_cut(pair, '=', &value)))
			pp_buf_format(out, "%.*s&", PP_SHOW(pair));
	}
	if (req->exchange->method != PP_POST)
		return;
	/* What came as XML goes into the address as it is, or compressed. */
	form = pp_buf_make(req->arena);
	pp_form_add(form, "SERVICE", PP_S("WFS"));
	pp_form_add(form, "REQUEST", pp_slice_of(pp_wfs_operation_name(wfs->request->operation)));
	if (is_packed)
		pp_form_add(form, "PACKED", pp_packed(req->arena, wfs->document));
	else
		pp_form_add(form, "XML", wfs->document);
	if (wfs->is_hits)
		pp_form_add(form, "RESULTTYPE", PP_S("results"));
	pp_buf_format(out, "%.*s&", PP_SHOW(pp_buf_all(form)));
}

static struct pp_slice write_address(struct pp_req *req, const struct pp_wfs *wfs, bool is_packed,
	uint64_t start, struct pp_slice matched, struct pp_slice after)
{
	struct pp_buf *out = pp_buf_make(req->arena);
	struct pp_slice seen = wfs->cursor.seen.at ? wfs->cursor.seen
						   : wfs->page.parts[0].reading.seen;

	pp_buf_text(out, "/wfs?");
	add_request(req, wfs, is_packed, out);
	pp_buf_format(out, "STARTINDEX=%llu&SNAPSHOT=%.*s~%.*s", (unsigned long long)start,
		PP_SHOW(seen), PP_SHOW(matched));
	if (after.len) {
		pp_buf_text(out, "&CURSOR=");
		pp_buf_percent(out, after, "");
	}
	return out->len > ADDRESS_MOST ? pp_slice(NULL, 0) : pp_url(req, pp_buf_all(out));
}

/* at == NULL where it would be too long even so. */
static struct pp_slice address(struct pp_req *req, const struct pp_wfs *wfs, uint64_t start,
	struct pp_slice matched, struct pp_slice after)
{
	struct pp_slice plain = write_address(req, wfs, false, start, matched, after);

	if (plain.at || req->exchange->method != PP_POST || wfs->document.len > PP_WFS_PACKED_MOST)
		return plain;
	return write_address(req, wfs, true, start, matched, after);
}

struct pp_slice pp_wfs_next(struct pp_req *req, const struct pp_wfs *wfs, struct pp_slice matched)
{
	const struct pp_page *page = &wfs->page;

	/* An address that is followed locks nothing. */
	if (wfs->lock.at)
		return pp_slice(NULL, 0);
	/* Of hits there were none yet. */
	if (wfs->is_hits)
		return pp_slice_is(matched, PP_S("0"))
			? pp_slice(NULL, 0)
			: address(req, wfs, wfs->start, matched, PP_S(""));
	if (!page->follows || !page->count)
		return pp_slice(NULL, 0);
	return address(req, wfs, wfs->start + page->count, matched,
		page->part_count == 1 ? pp_feature_cursor(req->arena, &page->parts[0].reading,
						page->parts[0].last)
				      : PP_S(""));
}

struct pp_slice pp_wfs_previous(
	struct pp_req *req, const struct pp_wfs *wfs, struct pp_slice matched)
{
	uint64_t back = wfs->page.limit < wfs->start ? wfs->page.limit : wfs->start;

	if (!back || wfs->is_hits || wfs->lock.at)
		return pp_slice(NULL, 0);
	return address(req, wfs, wfs->start - back, matched, PP_S(""));
}
