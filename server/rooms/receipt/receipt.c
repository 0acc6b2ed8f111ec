/* SPDX-License-Identifier: EUPL-1.2 */
/* Receipts: shown to whom they are for, and looked at for whoever has been shown one. */
#include <pp/base/uuid.h>
#include <pp/core/receipts.h>

#include "../rooms.h"
#include "paper.h"

struct check {
	struct pp_slice document, value;
	unsigned char hash[PP_RECEIPT_HASH];
	struct pp_rows *rows;
	struct pp_paper paper;
	struct pp_sheet sheet;
};

static const struct pp_json *member(const struct pp_json *object, const char *name)
{
	return pp_json_member(object, pp_slice_of(name));
}

/* The document as it was signed: whoever sends it may have written its members in another order. */
static bool read_check(struct pp_req *req, struct check *check)
{
	const struct pp_json *receipt = member(req->body, "receipt");
	struct pp_buf *out = pp_buf_make(req->arena);

	if (!pp_json_canonical(req->arena, receipt, out)) {
		pp_wrong(req, PP_S("/receipt"), "no document of ours has fractions in it");
		return false;
	}
	check->document = pp_buf_all(out);
	check->value = pp_json_text(member(member(req->body, "signature"), "value"));
	pp_receipt_hash(check->document, check->hash);
	return true;
}

static enum pp_next ask_check(struct pp_req *req)
{
	struct check *check = pp_state(req, struct check);
	const struct pp_json *place = member(member(req->body, "receipt"), "chain");
	struct pp_slice chain = pp_json_text(member(place, "procedure"));

	if (!read_check(req, check))
		return pp_refuse_wrong(req, PP_invalid_body);
	pp_bind(req, "receipt_sha256", pp_slice((const char *)check->hash, PP_RECEIPT_HASH));
	pp_bind(req, "chain", pp_uuid_is(chain) ? chain : pp_slice(NULL, 0));
	pp_bind(req, "seq",
		pp_format(req->arena, "%lld", (long long)pp_json_integer(member(place, "seq"))));
	pp_bind(req, "hash", pp_json_text(member(place, "hash")));
	pp_bind(req, "key", pp_json_text(member(member(req->body, "signature"), "key")));
	pp_ask(req, "receipt_check", &check->rows);
	return PP_WAIT;
}

enum { RECORDED, CHAINED, SEALED, PUBLIC_KEY };

static const char *truth(bool is)
{
	return is ? "true" : "false";
}

static enum pp_next reply_check(struct pp_req *req)
{
	struct check *check = pp_state(req, struct check);
	bool is[3];

	for (size_t i = 0; i < PP_LENGTH(is); i++)
		is[i] = pp_slice_is(pp_cell(check->rows, 0, i), PP_S("t"));
	return pp_reply(req, 200, "application/json",
		pp_format(req->arena,
			"{\"signed\":%s,\"recorded\":%s,\"chained\":%s,\"sealed\":%s}",
			truth(pp_receipt_is_signed(check->document,
				pp_cell(check->rows, 0, PUBLIC_KEY), check->value)),
			truth(is[RECORDED]), truth(is[CHAINED]), truth(is[CHAINED] && is[SEALED])));
}

static pp_step *const check_steps[] = { ask_check, reply_check, NULL };

static enum pp_next ask_paper(struct pp_req *req, struct check *check)
{
	pp_paper_write(req, &check->paper, &check->sheet);
	pp_ask_sheet(req, &check->sheet);
	return PP_WAIT;
}

static enum pp_next reply_paper(struct pp_req *req)
{
	struct check *check = pp_state(req, struct check);

	return pp_reply_sheet(req, &check->sheet, pp_paper_name(req, check->paper.receipt));
}

/* Whoever shows a receipt of ours gets it as PDF: who has no account, too. */
static enum pp_next ask_shown_paper(struct pp_req *req)
{
	struct check *check = pp_state(req, struct check);
	const struct pp_json *receipt = member(req->body, "receipt");
	struct pp_slice key = pp_json_text(member(member(req->body, "signature"), "key"));

	if (!pp_slice_ends(check->document, PP_S(PP_RECEIPT_END)) ||
		!pp_receipt_is_signed(
			check->document, pp_cell(check->rows, 0, PUBLIC_KEY), check->value)) {
		pp_wrong(req, PP_S("/signature"), "is none of this platform's for this receipt");
		return pp_refuse_wrong(req, PP_invalid_body);
	}
	check->paper = (struct pp_paper){ receipt,
		pp_format(req->arena,
			"{\"receipt\":%.*s,\"signature\":{\"algorithm\":\"Ed25519\",\"key\":\"%.*"
			"s\","
			"\"value\":\"%.*s\"}}",
			PP_SHOW(check->document), PP_SHOW(key), PP_SHOW(check->value)),
		key, check->value };
	return ask_paper(req, check);
}

static pp_step *const shown_paper_steps[] = { ask_check, ask_shown_paper, reply_paper, NULL };

static enum pp_next ask_receipt(struct pp_req *req)
{
	pp_ask(req, "receipt_show", &req->rows);
	return PP_WAIT;
}

#define BODY 4 /* among the columns of pp.reply */

static enum pp_next ask_own_paper(struct pp_req *req)
{
	struct check *check = pp_state(req, struct check);
	struct pp_slice file = pp_cell(req->rows, 0, BODY);
	const struct pp_json *signature, *all;
	struct pp_fault fault;

	if (!pp_accepts(req, PP_S(PP_PDF)) && !pp_slice_ends(req->exchange->path, PP_S("/pdf")))
		return PP_NEXT;
	all = pp_json_read(req->arena, file, &fault);
	signature = member(all, "signature");
	if (!all || !pp_json_text(member(signature, "value")).len)
		return pp_refuse(req, PP_worker_unavailable, "it is not signed yet");
	check->paper = (struct pp_paper){ member(all, "receipt"), file,
		pp_json_text(member(signature, "key")), pp_json_text(member(signature, "value")) };
	return ask_paper(req, check);
}

static enum pp_next reply_receipt(struct pp_req *req)
{
	pp_reply_field(req, "Vary", PP_S("Accept"));
	return pp_state(req, struct check)->paper.receipt ? reply_paper(req)
							  : pp_reply_rows(req, req->rows);
}

static pp_step *const receipt_steps[] = { ask_receipt, pp_receipts_ask, pp_receipts_put,
	ask_own_paper, reply_receipt, NULL };

static const struct pp_field signature_fields[] = {
	{ "algorithm", PP_CHOICE, .required = true, .choices = "Ed25519" },
	{ "key", PP_TEXT, .required = true, .min = 16, .max = 16 },
	{ "value", PP_TEXT, .required = true, .min = 128, .max = 128 },
	{ 0 },
};
static const struct pp_field check_body[] = {
	{ "receipt", PP_OBJECT, .required = true },
	{ "signature", PP_OBJECT, .required = true, .fields = signature_fields },
	{ 0 },
};

static const struct pp_field list_params[] = {
	{ "object", PP_ID, .required = true,
		.about = "The statement, the invitation, the request for a later deadline or the "
			 "round" },
	{ 0 },
};

const struct pp_route receipt_routes[] = {
	{ PP_GET, "/receipts/{receipt}", PP_SIGNED_IN, receipt_steps, .rate = PP_RATE_COSTLY,
		.has_no_etag = true,
		.summary = "A receipt as the file that can be checked, or as PDF (Accept)" },
	{ PP_GET, "/receipts/{receipt}/pdf", PP_SIGNED_IN, receipt_steps, .rate = PP_RATE_COSTLY,
		.has_no_etag = true, .summary = "The same as PDF: for links" },
	{ PP_POST, "/receipts/pdf", PP_ANYONE, shown_paper_steps, .body = check_body,
		.rate = PP_RATE_COSTLY,
		.summary = "A receipt of this platform that somebody shows, as PDF" },
	{ PP_GET, "/receipts", PP_SIGNED_IN, .query = "receipt_list", .params = list_params,
		.has_no_etag = true, .summary = "The receipts about one thing, oldest first" },
	{ PP_POST, "/receipts/verify", PP_ANYONE, check_steps, .body = check_body,
		.rate = PP_RATE_PUBLIC,
		.summary = "Whether a receipt is signed by this platform and recorded here" },
	{ PP_GET, "/receipt-keys", PP_ANYONE, .query = "receipt_key_list", .rate = PP_RATE_PUBLIC,
		.has_no_etag = true, .summary = "The public keys that receipts are checked with" },
	{ 0 },
};
