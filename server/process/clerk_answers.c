/* SPDX-License-Identifier: EUPL-1.2 */
/* What web workers ask the clerk for, by the kind of the frame. */
#include "clerk.h"

#include <pp/core/clerk.h>
#include <pp/core/passwords.h>
#include <pp/io/password.h>

_Static_assert(PP_CHOSEN_LEAST == PP_PASSWORD_LEAST && PP_CHOSEN_MOST == PP_PASSWORD_MOST,
	"what is asked for is what is judged");

struct question {
	struct pp_clerk *clerk;
	struct pp_slice payload;
	struct pp_arena *arena;
	struct pp_buf *out;
};

static bool check_password(const struct question *q)
{
	struct pp_slice password, stored;
	struct pp_scan scan;

	pp_scan_begin(&scan, q->payload);
	password = pp_scan_bytes(&scan);
	stored = pp_scan_bytes(&scan);
	if (!scan.failed)
		pp_buf_u8(q->out, pp_password_is(password, pp_text(q->arena, stored)));
	return !scan.failed;
}

static bool choose_password(const struct question *q)
{
	char hash[PP_PASSWORD_SIZE];
	struct pp_slice password, email;
	enum pp_password_fault fault;
	struct pp_scan scan;

	pp_scan_begin(&scan, q->payload);
	password = pp_scan_bytes(&scan);
	email = pp_scan_bytes(&scan);
	if (scan.failed)
		return false;
	fault = pp_password_judge(password, email);
	if (fault == PP_PASSWORD_FITS && !pp_password_hash(password, hash))
		return false;
	pp_buf_u8(q->out, fault == PP_PASSWORD_FITS);
	pp_buf_bytes(q->out,
		pp_slice_of(fault == PP_PASSWORD_FITS ? hash : pp_password_fault_text(fault)));
	return true;
}

static bool sign_receipts(const struct question *q)
{
	return pp_signer_answer(&q->clerk->sealer, q->payload, q->out);
}

static bool wish_copy(const struct question *q)
{
	pp_copier_wish(&q->clerk->copier, q->payload);
	return true;
}

static bool (*const answers[PP_CLERK_FRAMES])(const struct question *q) = {
	[PP_PASSWORD_CHECK] = check_password,
	[PP_PASSWORD_CHOOSE] = choose_password,
	[PP_RECEIPT_SIGN] = sign_receipts,
	[PP_COPY_WANTED] = wish_copy,
};

bool pp_clerk_answer(struct pp_clerk *clerk, uint16_t kind, struct pp_slice payload,
	struct pp_arena *arena, struct pp_buf *out)
{
	const struct question q = { clerk, payload, arena, out };

	return kind < PP_CLERK_FRAMES && answers[kind] && answers[kind](&q);
}
