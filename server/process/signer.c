/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/base/clock.h>
#include <pp/core/receipts.h>

#include "queries.h"
#include "sealer.h"

#define RECEIPTS_AT_ONCE "500"
#define LOOKS_BACK_US    (300 * PP_SECOND) /* longer than any request may take */

/* What is signed for a receipt can be taken for nothing else, whoever asks. */
static bool is_receipt(struct pp_slice document)
{
	struct pp_slice end = PP_S(PP_RECEIPT_END);

	return document.len > end.len && pp_slice_starts(document, PP_S(PP_RECEIPT_BEGIN)) &&
		memcmp(document.at + document.len - end.len, end.at, end.len) == 0;
}

bool pp_signer_answer(const struct pp_sealer *sealer, struct pp_slice documents, struct pp_buf *out)
{
	unsigned char signature[PP_SIGNATURE_SIZE];
	struct pp_scan scan;

	if (!sealer->signs)
		return false;
	pp_buf_bytes(out, pp_slice_of(sealer->key.id));
	pp_scan_begin(&scan, documents);
	while (scan.at < scan.end) {
		struct pp_slice document = pp_scan_bytes(&scan);

		if (scan.failed || !is_receipt(document))
			return false;
		pp_sign(sealer->key.secret, document, signature);
		pp_buf_bytes(out, pp_slice((const char *)signature, sizeof(signature)));
	}
	return true;
}

bool pp_signer_round(struct pp_sealer *sealer, struct pp_admin *db, struct pp_arena *arena,
	struct pp_fault *fault)
{
	struct pp_slice params[] = { PP_S(""), PP_S(RECEIPTS_AT_ONCE) };
	struct pp_rows *rows, *none;
	char since[PP_RFC3339_SIZE];

	pp_clock_rfc3339(sealer->signed_all ? pp_clock_utc() - LOOKS_BACK_US : 0, since);
	params[0] = pp_slice_of(since);
	if (!sealer->signs)
		return true;
	if (!pp_admin_query(db, arena, &pp_queries[PP_Q_receipt_unsigned], params, &rows, fault))
		return false;
	for (size_t i = 0; i < rows->rows; i++) {
		struct pp_slice document = pp_cell(rows, i, PP_C_receipt_unsigned_document);
		unsigned char signature[PP_SIGNATURE_SIZE];
		struct pp_slice values[] = { pp_cell(rows, i, PP_C_receipt_unsigned_id),
			pp_slice_of(sealer->key.id),
			pp_slice((const char *)signature, sizeof(signature)) };

		pp_sign(sealer->key.secret, document, signature);
		if (!pp_admin_query(
			    db, arena, &pp_queries[PP_Q_receipt_sign], values, &none, fault))
			return false;
	}
	sealer->signed_all = sealer->signed_all || rows->rows == 0;
	return true;
}
