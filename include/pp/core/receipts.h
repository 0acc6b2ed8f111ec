/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Receipts in replies: the database writes the document, the clerk alone has the key (decision 10).
 * A route whose reply holds receipts has these two steps between its question and its reply.
 * Without an answer of the clerk the reply goes out all the same, its signature null: what was
 * received was received, and GET /receipts/{receipt} has the signature later.
 */
#include <pp/core/req.h>

#define PP_RECEIPT_BEGIN "{\"attachments\":["
#define PP_RECEIPT_END   "\"type\":\"planungsplattform-receipt-1\"}"

pp_step pp_receipts_ask, pp_receipts_put;

enum pp_receipt_verdict {
	PP_RECEIPT_VALID,
	PP_RECEIPT_NONE,
	PP_RECEIPT_OTHER_KEY,
	PP_RECEIPT_FORGED
};
/*
 * A receipt as a file, byte for byte as GET /receipts/{receipt} gives it, but for a line's end
 * behind it. keys is any text with public keys in it, 64 hexadecimal digits each.
 */
enum pp_receipt_verdict pp_receipt_check(struct pp_slice file, struct pp_slice keys,
	struct pp_slice *document, struct pp_slice *key);

/* Of a document, raw. */
#define PP_RECEIPT_HASH 32
void pp_receipt_hash(struct pp_slice document, unsigned char hash[PP_RECEIPT_HASH]);
/* Whether that is its signature; public_key raw, value in hexadecimal, of any length. */
bool pp_receipt_is_signed(
	struct pp_slice document, struct pp_slice public_key, struct pp_slice value);
