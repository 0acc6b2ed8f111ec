/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/core/sheet.h>

void pp_sheet_add(
	struct pp_sheet *sheet, const char *style, struct pp_slice label, struct pp_slice text)
{
	struct pp_filejob_texts *blocks = &sheet->ask.blocks;

	PP_MUST(blocks->count + 3 <= PP_SHEET_TEXTS);
	blocks->at = sheet->texts;
	blocks->at[blocks->count++] = pp_slice_of(style);
	blocks->at[blocks->count++] = label;
	blocks->at[blocks->count++] = text;
}

static void take(struct pp_req *req, void *ctx, const struct pp_frame *frame)
{
	struct pp_sheet *sheet = ctx;

	if (frame->kind == PP_FILEJOB_A_BYTES) {
		sheet->pdf = pp_copy(req->arena, frame->payload);
	} else if (frame->kind == PP_FILEJOB_FAULT) {
		sheet->refused = true;
		if (!pp_filejob_read_fault(frame->payload, &sheet->fault))
			pp_fault(&sheet->fault, PP_worker_unavailable, "it was not made");
	}
}

void pp_ask_sheet(struct pp_req *req, struct pp_sheet *sheet)
{
	struct pp_buf *payload = pp_buf_make(req->arena);

	pp_filejob_write_sheet(payload, &sheet->ask);
	pp_ask_file(req, PP_FILEJOB_SHEET, pp_buf_all(payload), take, sheet);
}

enum pp_next pp_reply_sheet(struct pp_req *req, struct pp_sheet *sheet, struct pp_slice name)
{
	if (sheet->refused)
		return pp_refuse_fault(req, &sheet->fault);
	if (!sheet->pdf.len)
		return pp_refuse(req, PP_worker_unavailable, "the document was not made");
	pp_reply_field(req, "Content-Disposition",
		pp_format(req->arena, "inline; filename=\"%.*s.pdf\"", PP_SHOW(name)));
	return pp_reply_tagged(req, PP_PDF, sheet->pdf);
}
